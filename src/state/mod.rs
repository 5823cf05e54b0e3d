//! What the user is doing: the open case, the view on it, and the one place that changes both.
//!
//! [`AppState::apply`] (commands: what the user asks for) and [`AppState::receive`] (what work on
//! other threads brings back) are the only writers. Both return [`Effect`]s: what is to be done
//! outside. Deterministic; knows nothing of files, threads, clocks or windows: time is passed in.

pub mod actions;
pub mod apply;
pub mod command;
pub mod derived;
pub mod import;
pub mod playback;
pub mod selection;
pub mod settings;
pub mod view;

pub use actions::{Action, Menu, Needs, Shortcut, actions};
pub use command::{
    Command, Commands, Direction, Effect, ExportFormat, ExportScope, FilterCommand, Incoming, MapCommand,
    OpenTarget, SelectCommand, TextCommand, TimeCommand, ViewCommand,
};
pub use derived::Derived;
pub use import::{
    Change, Counted, ImportCommand, ImportDraft, ImportEffect, ImportIncoming, Imports, ReportForm,
};
pub use playback::{PlayMode, Playback, Step};
pub use selection::{EventSet, Selection};
pub use settings::{BasemapChoice, DensityScale, MapLayers, MapMode, RecentFile, Settings, ThemeChoice};
pub use view::{
    CameraMove, CameraTarget, Dialog, LaneMode, Notice, NoticeAction, NoticeKind, SortColumn, StartTab,
    TextTarget, Tray, ViewState,
};

use crate::store::Store;
use crate::store::words::WordIndex;

/// Where the open case comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    BuiltIn,
    /// A folder or file of the user's, as the user would name it.
    File(String),
}

/// The open case.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// Shared with work on other threads; edits copy it only while such work holds it.
    pub store: std::sync::Arc<Store>,
    pub origin: Origin,
    /// The job that is still reading the rest of the case.
    pub growing: Option<u64>,
    /// More of the case, shown as soon as what views need of it is made.
    pub coming: Option<Coming>,
    /// Whether the user knows that a file became shorter after it was opened.
    pub lost_rows_told: bool,
    /// The words of flat rows' notes. Made once the case is read to its end; searching works without,
    /// and takes longer.
    pub words: std::sync::Arc<WordIndex>,
}

impl OpenCase {
    /// A case that was read to its end.
    pub fn whole(store: Store, origin: Origin) -> Self {
        let store = std::sync::Arc::new(store);
        Self { store, origin, growing: None, lost_rows_told: false, coming: None, words: Default::default() }
    }
}

/// A larger part of a case that is being read.
#[derive(Clone, Debug)]
pub struct Coming {
    pub store: std::sync::Arc<Store>,
    /// There is no more.
    pub complete: bool,
}

/// Work that runs on another thread, as shown to the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: u64,
    /// What is done, as a message key of the catalogue, and its subject (a file name).
    pub message: &'static str,
    pub subject: String,
    /// Done so far, and of how many if known.
    pub done: u64,
    pub total: Option<u64>,
    /// Rows read so far and problems met in them, for work that reads a dataset's rows.
    pub rows: Option<TaskRows>,
    /// [`AppState::now_secs`] when it began.
    pub begun_secs: f64,
}

/// How far the reading of a dataset's rows has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskRows {
    pub done: u64,
    /// Rows that were kept, but not as they stand: without a date, without a place.
    pub problems: u64,
}

impl Task {
    /// Work that makes the search ready; the search field shows how far it is.
    pub const PREPARING_SEARCH: &str = "preparing-search";

    /// Share of the work that is done, 0 to 1; `None` while it is not known how much there is.
    pub fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.done as f64 / total as f64).clamp(0.0, 1.0))
    }

    /// About how many rows there are, from the share of the file that those read take.
    pub fn rows_about(&self) -> Option<u64> {
        let (rows, share) = (self.rows?, self.share()?);
        (share > 0.0).then(|| (rows.done as f64 / share).round() as u64)
    }

    /// Rows read in a second, on average so far.
    pub fn rows_per_sec(&self, now_secs: f64) -> Option<f64> {
        let passed_secs = now_secs - self.begun_secs;
        (passed_secs > 0.0).then_some(self.rows?.done as f64 / passed_secs)
    }

    /// Seconds until it is done, if it goes on as it went so far.
    pub fn secs_left(&self, now_secs: f64) -> Option<f64> {
        let share = self.share().filter(|share| *share > 0.0)?;
        Some(((now_secs - self.begun_secs).max(0.0) * (1.0 - share) / share).max(0.0))
    }
}

/// Everything that the window shows, but for the state of widgets.
#[derive(Clone, Debug, Default)]
pub struct AppState {
    pub case: Option<OpenCase>,
    pub view: ViewState,
    pub settings: Settings,
    pub tasks: Vec<Task>,
    pub notices: Vec<Notice>,
    pub imports: Imports,
    /// Greatest generation of any store so far: no two cases have the same one, so that nothing that
    /// was derived from one is taken for the other.
    pub last_generation: u64,
    /// Seconds since the program started, as last told by [`AppState::tick`].
    pub now_secs: f64,
}

impl AppState {
    pub fn store(&self) -> Option<&Store> {
        self.case.as_ref().map(|case| &*case.store)
    }

    /// The event whose details are shown: the last one selected.
    pub fn primary(&self) -> Option<crate::model::EventId> {
        self.view.selection.primary()
    }
}
