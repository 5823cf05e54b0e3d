//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{App, Start};
use crate::headless::Offscreen;

/// Map-and-timeline explorer for analysts who work from text.
#[derive(Parser, Debug)]
#[command(name = "waqai", version)]
struct Args {
    #[command(subcommand)]
    command: Option<Verb>,
    /// Files and folders to open; the built-in Mali case if there is none.
    files: Vec<String>,
    /// Folder or file with original texts to attach.
    #[arg(long)]
    documents: Vec<String>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Draws the window off-screen into a PNG file.
    Shot {
        out: String,
        #[arg(long, default_value = "1440x900")]
        size: String,
        #[arg(long)]
        light: bool,
        #[arg(long)]
        select: Option<String>,
        #[arg(long)]
        window: Option<String>,
    },
}

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    match args.command {
        Some(Verb::Shot { out, size, light, select, window }) => {
            let (w, h) = size
                .split_once('x')
                .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)))
                .unwrap_or((1440.0, 900.0));
            let mut start =
                Start { paths: args.files, documents: args.documents, ephemeral: true, ..Start::default() };
            if light {
                start.settings.theme = crate::state::ThemeChoice::Light;
            }
            let mut screen = Offscreen::open(start, [w, h], 1.0);
            screen.settle(20.0);
            if let Some(key) = select {
                let event = screen.app().state.store().and_then(|s| s.event_by_key(&key));
                if let Some(event) = event {
                    screen.app().commands.push(crate::state::SelectCommand::Event(event));
                }
            }
            if let Some(window) = window {
                screen.app().commands.push(crate::state::TimeCommand::Typed(window));
            }
            screen.settle(20.0);
            match screen.picture().and_then(|image| image.save(&out).map_err(|e| e.to_string())) {
                Ok(()) => ExitCode::SUCCESS,
                Err(err) => {
                    eprintln!("waqai: {err} ({out})");
                    ExitCode::FAILURE
                }
            }
        }
        None => {
            let start = Start { paths: args.files, documents: args.documents, ..Start::default() };
            let options = eframe::NativeOptions {
                viewport: egui::ViewportBuilder::default()
                    .with_inner_size(start.settings.window_size)
                    .with_app_id("waqai"),
                ..eframe::NativeOptions::default()
            };
            match eframe::run_native(
                "Waqai",
                options,
                Box::new(|cc| Ok(Box::new(App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref())))),
            ) {
                Ok(()) => ExitCode::SUCCESS,
                Err(err) => {
                    eprintln!(
                        "waqai: no window could be opened ({err}); `waqai shot` draws without a display"
                    );
                    ExitCode::FAILURE
                }
            }
        }
    }
}
