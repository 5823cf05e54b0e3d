//! What the user is doing: the open case, the view on it, and the one place that changes both.
//!
//! [`AppState::apply`] (commands: what the user asks for) and [`AppState::receive`] (what work on
//! other threads brings back) are the only writers. Both return [`Effect`]s: what is to be done
//! outside. Deterministic; knows nothing of files, threads, clocks or windows: time is passed in.

pub mod actions;
pub mod apply;
pub mod command;
pub mod datasets;
pub mod derived;
pub mod history;
pub mod import;
pub mod playback;
pub mod selection;
pub mod settings;
pub mod view;

pub use actions::{Action, Menu, Needs, Shortcut, action, actions};
pub use command::{
    Command, Commands, DatasetCommand, Direction, Effect, ExportFormat, ExportScope, FilterCommand, Incoming,
    MapCommand, OpenTarget, SelectCommand, TextCommand, TimeCommand, ViewCommand,
};
pub use datasets::{Change, Changes, Dataset, Paint, Twins};
pub use derived::Derived;
pub use import::{
    Counted, ImportChange, ImportCommand, ImportDraft, ImportEffect, ImportIncoming, Imports, ReportForm,
};
pub use playback::{PlayMode, Playback, Step};
pub use selection::{EventSet, Selection};
pub use settings::{BasemapChoice, DensityScale, MapLayers, MapMode, RecentFile, Settings, ThemeChoice};
pub use view::{
    CameraMove, CameraTarget, Dialog, LaneMode, Notice, NoticeAction, NoticeKind, SortColumn, StartTab,
    TextTarget, Tray, ViewState,
};

use crate::store::search::TableWords;
use crate::store::twins::Candidates;
use crate::store::{DatasetId, Store};

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
    /// Where the first dataset comes from.
    pub origin: Origin,
    /// The layer on top first.
    pub datasets: Vec<Dataset>,
    /// The dataset whose settings are shown; the one on top unless another one was chosen.
    pub chosen: Option<DatasetId>,
    pub changes: Changes,
    /// Other rows, shown as soon as what views need of them is made.
    pub coming: Option<Coming>,
    pub twins: Twins,
    /// Events of two datasets that may be the same ones, once they were looked for.
    pub candidates: Option<std::sync::Arc<Candidates>>,
    /// Whether the user knows that a file became shorter after it was opened.
    pub lost_rows_told: bool,
    /// The words of flat rows' notes. Made once the case is read to its end; searching works without,
    /// and takes longer.
    pub words: std::sync::Arc<TableWords>,
}

impl OpenCase {
    /// A case that was read to its end.
    pub fn whole(store: Store, origin: Origin) -> Self {
        let mut datasets: Vec<Dataset> = store
            .datasets()
            .map(|(id, _)| {
                let path = store.table(id).map(|table| Origin::File(table.path.clone()));
                Dataset::new(id, path.unwrap_or_else(|| origin.clone()))
            })
            .collect();
        datasets.reverse();
        Self {
            store: std::sync::Arc::new(store),
            origin,
            datasets,
            chosen: None,
            changes: Changes::default(),
            lost_rows_told: false,
            coming: None,
            words: Default::default(),
            twins: Twins::default(),
            candidates: None,
        }
    }
}

/// Rows that take the place of those that are shown.
#[derive(Clone, Debug)]
pub struct Coming {
    pub store: std::sync::Arc<Store>,
    /// There is no more to come of the dataset that changed.
    pub complete: bool,
    /// The dataset that changed.
    pub change: DatasetId,
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
    /// What can be taken back.
    pub history: history::History,
    /// Greatest generation of any store so far: no two cases have the same one, so that nothing that
    /// was derived from one is taken for the other.
    pub last_generation: u64,
    /// The number of the next dataset that is opened.
    pub next_dataset: u16,
    /// What is opened next takes the place of all that is open.
    pub open_instead: bool,
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
