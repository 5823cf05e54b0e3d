//! What the user is doing: the open case, the view on it, and the one place that changes both.
//!
//! [`AppState::apply`] (commands: what the user asks for) and [`AppState::receive`] (what work on
//! other threads brings back) are the only writers. Both return [`Effect`]s: what is to be done
//! outside. Deterministic; knows nothing of files, threads, clocks or windows: time is passed in.

pub mod actions;
pub mod apply;
pub mod command;
pub mod derived;
pub mod playback;
pub mod settings;
pub mod view;

pub use actions::{Action, Menu, Needs, Shortcut, actions};
pub use command::{
    Command, Commands, Direction, Effect, ExportFormat, ExportScope, FilterCommand, Incoming, MapCommand,
    OpenTarget, SelectCommand, TextCommand, TimeCommand, ViewCommand,
};
pub use derived::Derived;
pub use playback::{PlayMode, Playback, Step};
pub use settings::{BasemapChoice, RecentFile, Settings, ThemeChoice};
pub use view::{
    CameraMove, CameraTarget, Dialog, LaneMode, Notice, NoticeAction, NoticeKind, Selection, SortColumn,
    TextTarget, Tray, ViewState,
};

use crate::store::Store;

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
}

/// Everything that the window shows, but for the state of widgets.
#[derive(Clone, Debug, Default)]
pub struct AppState {
    pub case: Option<OpenCase>,
    pub view: ViewState,
    pub settings: Settings,
    pub tasks: Vec<Task>,
    pub notices: Vec<Notice>,
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
