//! How long the program takes to start, for those who set `WAQAI_TRACE_START`.
//!
//! `WAQAI_TRACE_START=1` prints, once the first frame with events on the map is painted, the
//! milliseconds since the process was started, the number of events on the map, and the memory of
//! the process (`VmRSS` now, `VmHWM` at most, `RssAnon` backed by no file). A dataset that is shown
//! while it is read is told of twice more: when all of it is on the map, and when its notes can be
//! searched by their index. `WAQAI_TRACE_START=exit` closes the window after the last of these.

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
    /// The stage that was told last.
    told: Stage,
    /// A stage that was handed to the graphics driver with so many events, and is perhaps not shown yet.
    painted: Option<(Stage, usize)>,
}

/// How far the start has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Nothing,
    FirstEvents,
    AllEvents,
    Searchable,
}

impl Traced {
    pub fn new(app: App, wish: Wish, main_begun: Instant) -> Self {
        Self { app, wish, main_begun, told: Stage::Nothing, painted: None }
    }

    /// The stage that the window shows, as far as it is to be told.
    fn stage(&self) -> Stage {
        let state = &self.app.state;
        let Some(case) = state.case.as_ref().filter(|_| self.app.derived.trays.shown > 0) else {
            return Stage::Nothing;
        };
        if case.is_changing() || self.app.derived.is_pending(state) {
            return Stage::FirstEvents;
        }
        // What was read whole is searched without an index.
        let unindexed = case.words.first_without(&case.store).is_some();
        if unindexed { Stage::AllEvents } else { Stage::Searchable }
    }

    fn tell(&self, stage: Stage, events: usize) {
        let main = self.main_begun.elapsed().as_millis();
        let age = process::age().map_or_else(|| "?".to_owned(), |age| age.as_millis().to_string());
        let mib = |kib: u64| format!("{:.1}", kib as f64 / 1024.0);
        let memory = process::memory().map_or_else(
            || "memory unknown".to_owned(),
            |memory| {
                let [resident, peak, private] =
                    [memory.resident_kib, memory.peak_kib, memory.private_kib].map(mib);
                format!("VmRSS {resident} MiB, VmHWM {peak} MiB, RssAnon {private} MiB")
            },
        );
        let what = match (self.told, stage) {
            (Stage::Nothing, _) | (_, Stage::Nothing | Stage::FirstEvents) => "to the first frame with",
            (_, Stage::AllEvents) => "to all",
            (_, Stage::Searchable) => "until everything can be searched, with",
        };
        eprintln!(
            "waqai: start: {age} ms since the process began ({main} ms since main) {what} {events} events \
             on the map; {memory}"
        );
    }
}

impl eframe::App for Traced {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        // The next frame begins when the one before has been handed over to be shown.
        if let Some((stage, events)) = self.painted.take() {
            self.tell(stage, events);
            self.told = stage;
            if self.wish.exit && stage == Stage::Searchable {
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        let stage = self.stage();
        if stage > self.told {
            let trays = &self.app.derived.trays;
            self.painted = Some((stage, trays.shown.saturating_sub(trays.unplaced)));
            ui.ctx().request_repaint();
        }
    }

    fn on_exit(&mut self) {
        self.app.on_exit();
    }
}
