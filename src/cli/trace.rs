//! How long the program takes to start, for those who set `WAQAI_TRACE_START`.
//!
//! `WAQAI_TRACE_START=1` prints, once the first frame with events on the map is painted, the
//! milliseconds since the process was started, the number of events on the map, and the memory of
//! the process (`VmRSS` now, `VmHWM` at most); `WAQAI_TRACE_START=exit` then also closes the window.

use std::time::Instant;

use crate::app::App;
use crate::io::process;

const VARIABLE: &str = "WAQAI_TRACE_START";

/// Whether and how the start is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Closes the window after the first frame with events.
    pub exit: bool,
}

/// What the environment asks for.
pub fn wish() -> Option<Wish> {
    let value = std::env::var(VARIABLE).ok().filter(|value| !value.is_empty() && value != "0")?;
    Some(Wish { exit: value == "exit" })
}

/// The program, watched until its first frame with events is painted.
pub struct Traced {
    app: App,
    wish: Wish,
    main_begun: Instant,
    painted: Painted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Painted {
    Nothing,
    /// Handed to the graphics driver with this many events, and perhaps not shown yet.
    Events(usize),
    Told,
}

impl Traced {
    pub fn new(app: App, wish: Wish, main_begun: Instant) -> Self {
        Self { app, wish, main_begun, painted: Painted::Nothing }
    }

    fn tell(&self, events: usize) {
        let main = self.main_begun.elapsed().as_millis();
        let age = process::age().map_or_else(|| "?".to_owned(), |age| age.as_millis().to_string());
        let mib = |kib: u64| format!("{:.1}", kib as f64 / 1024.0);
        let memory = process::memory().map_or_else(
            || "memory unknown".to_owned(),
            |memory| format!("VmRSS {} MiB, VmHWM {} MiB", mib(memory.resident_kib), mib(memory.peak_kib)),
        );
        eprintln!(
            "waqai: start: {age} ms since the process began ({main} ms since main) to the first frame \
             with {events} events on the map; {memory}"
        );
    }
}

impl eframe::App for Traced {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        // The next frame begins when the one before has been handed over to be shown.
        if let Painted::Events(events) = self.painted {
            self.tell(events);
            self.painted = Painted::Told;
            if self.wish.exit {
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        let trays = &self.app.derived.trays;
        if self.painted == Painted::Nothing && trays.shown > 0 {
            self.painted = Painted::Events(trays.shown.saturating_sub(trays.unplaced));
            ui.ctx().request_repaint();
        }
    }

    fn on_exit(&mut self) {
        self.app.on_exit();
    }
}
