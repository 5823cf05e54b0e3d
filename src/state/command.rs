//! Everything that the user can ask for, as plain values; what work brings back; and what is to be
//! done outside.

use std::sync::Arc;

pub use crate::model::ExportFormat;
use crate::model::document::TextForm;
use crate::model::{ActorId, BBox, Document, DocumentId, EventId, Interval, Lang, LatLon, PlaceId, Problem};
use crate::store::filter::{Dim, WindowMode};
use crate::store::twins::{Candidates, TwinQuery};
use crate::store::words::WordIndex;
use crate::store::{DatasetId, Store, Table};

use super::Origin;
use super::datasets::Paint;
use super::import::{ImportCommand, ImportEffect, ImportIncoming};
use super::playback::{PlayMode, Step};
use super::settings::{BasemapChoice, MapLayers, ThemeChoice};
use super::view::{Dialog, LaneMode, SortColumn, StartTab};

/// What the user asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Open(OpenTarget),
    /// Files or folders to match with the documents of the case; `None` asks with a dialog.
    Attach(Option<Vec<String>>),
    AddDocuments(Vec<Document>),
    CloseCase,
    Export {
        format: ExportFormat,
        scope: ExportScope,
        path: Option<String>,
    },
    Filter(FilterCommand),
    Select(SelectCommand),
    Time(TimeCommand),
    Map(MapCommand),
    Text(TextCommand),
    View(ViewCommand),
    Import(ImportCommand),
    Dataset(DatasetCommand),
    CancelTask(u64),
    Copy(String),
    ForgetRecent(Option<String>),
    /// Takes back what was done last to the open datasets.
    Undo,
    /// Does again what was taken back.
    Redo,
    Quit,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OpenTarget {
    /// Ask with a dialog.
    Ask,
    BuiltIn,
    Paths(Vec<String>),
    /// These take the place of all that is open.
    Instead(Vec<String>),
    /// Ask with a dialog for what takes the place of all that is open.
    AskInstead,
}

/// What the user asks of one of the open datasets.
#[derive(Clone, Debug, PartialEq)]
pub enum DatasetCommand {
    Show(DatasetId, bool),
    Paint(DatasetId, Paint),
    /// In percent.
    Opacity(DatasetId, u8),
    /// To a place among the layers, from the top.
    Move(DatasetId, usize),
    /// Shows its settings.
    Choose(DatasetId),
    Remove(DatasetId),
    /// Reads its file again.
    Reread(DatasetId),
    /// Shows all of it on the map.
    Fit(DatasetId),
    /// Marks two events as the same one, or takes the mark back.
    Twin {
        a: EventId,
        b: EventId,
        same: bool,
    },
    Twins {
        pairs: Vec<(EventId, EventId)>,
        same: bool,
    },
    /// Whether events that are marked as the same one count once.
    TwinsOnce(bool),
    /// Looks for events that two datasets may have in common.
    FindTwins(TwinQuery),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportScope {
    #[default]
    Visible,
    Selected,
    All,
}

impl ExportScope {
    pub const ALL: [ExportScope; 3] = [ExportScope::Visible, ExportScope::Selected, ExportScope::All];
}

#[derive(Clone, Debug, PartialEq)]
pub enum FilterCommand {
    /// Adds or removes one code of a facet.
    Toggle(Dim, u32),
    /// Only this code.
    Only(Dim, u32),
    Set(Dim, Vec<u32>),
    Clear(Dim),
    Reset,
    Text(String),
    Fatalities {
        min: Option<u32>,
        max: Option<u32>,
    },
    Area(Option<BBox>),
    Place(PlaceId),
    Actor(ActorId),
}

#[derive(Clone, Debug, PartialEq)]
pub enum SelectCommand {
    /// One event; the map goes there if it is out of view.
    Event(EventId),
    /// One claim of an event; the text goes to its spans.
    Claim(EventId, usize),
    /// Adds or removes.
    Toggle(EventId),
    Many(Vec<EventId>),
    /// From the primary event to this one in the order of the list.
    RangeTo(EventId),
    All,
    None,
    Next,
    Previous,
    Back,
    Forward,
    Hover(Option<EventId>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forward,
    Backward,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TimeCommand {
    /// `None` shows all of time.
    Window(Option<Interval>),
    /// A typed window (ISO 8601 or EDTF).
    Typed(String),
    Mode(WindowMode),
    /// The whole year or month about the window or the selection.
    PresetYear,
    PresetMonth,
    PresetSelection,
    TogglePlay,
    Play(bool),
    Step(Direction),
    BigStep(Direction),
    ToFirst,
    ToLast,
    SetStep(Step),
    SetMode(PlayMode),
    SetSpeed(f32),
    ToggleRepeat,
    Lanes(LaneMode),
    ToggleGaps,
    /// Shows a stretch in the timeline; `None` fits all.
    Show(Option<Interval>),
    /// Zooms the timeline by a factor: over 1 shows less time.
    Zoom(f64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum MapCommand {
    FitAll,
    FitSelection,
    /// Shows a box with a margin.
    FitBox(BBox),
    FlyTo {
        center: LatLon,
        zoom: f64,
    },
    ZoomBy(f64),
    /// Fans out the stack that holds an event, or folds all.
    Fan(Option<EventId>),
    Basemap(BasemapChoice),
    /// Picks a `.pmtiles` file with a dialog.
    OpenPmTiles,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TextCommand {
    Show(DocumentId),
    Form(TextForm),
    Zoom(f32),
    ZoomIn,
    ZoomOut,
    ZoomReset,
    /// Brings the next or previous hit of the search into view.
    NextHit,
    PreviousHit,
    /// Brings a scalar offset of the shown document into view.
    Reveal(DocumentId, u32),
}

#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    Theme(ThemeChoice),
    ToggleTheme,
    Lang(Lang),
    LabelLang(Lang),
    Dialog(Option<Dialog>),
    ToggleStart,
    StartTab(StartTab),
    /// What lies on the map, and how it looks.
    Layers(MapLayers),
    ToggleEnd,
    ToggleTimeline,
    ToggleLegend,
    FullScreen,
    FocusSearch,
    Sort(SortColumn),
    Fold(String, bool),
    StartWidth(f32),
    EndWidth(f32),
    TimelineHeight(f32),
    SourceShare(f32),
    Window {
        size: [f32; 2],
        pos: Option<[f32; 2]>,
        maximized: bool,
    },
    DismissNotice(u64),
    ToggleTaMarbuta,
    ToggleReducedMotion,
    /// Esc: closes the topmost thing, or clears the selection, or stops playing.
    Escape,
}

/// What work on other threads brings back.
#[derive(Clone, Debug)]
pub enum Incoming {
    TaskStarted {
        id: u64,
        message: &'static str,
        subject: String,
    },
    TaskProgress {
        id: u64,
        done: u64,
        total: Option<u64>,
    },
    /// Rows of a dataset read so far, and those kept with a problem.
    TaskRows {
        id: u64,
        rows: u64,
        problems: u64,
    },
    TaskEnded {
        id: u64,
    },
    CaseOpened {
        store: Box<Store>,
        origin: Origin,
        opened_at: i64,
    },
    /// The case that was just opened is the first part of one; the job goes on reading.
    CaseGrows {
        id: u64,
    },
    /// More of the case that a job is reading; all of it if `complete`.
    CaseGrown {
        id: u64,
        store: Box<Store>,
        complete: bool,
    },
    /// A dataset was read anew, in another way: all rows of a file.
    DatasetRead {
        dataset: DatasetId,
        store: Box<Store>,
    },
    /// The change of datasets that was asked for, made of the store of a generation.
    Changed {
        generation: u64,
        store: Box<Store>,
    },
    /// Events that two datasets may have in common.
    TwinsFound(Candidates),
    /// What views need of the store of this generation is made.
    Derived {
        generation: u64,
    },
    /// The words of the notes of a flat dataset.
    WordsIndexed {
        table: Arc<Table>,
        words: Arc<WordIndex>,
    },
    /// Texts that matched documents by hash, files that matched nothing, and what went wrong.
    Attached {
        matched: Vec<(DocumentId, String, String)>,
        unmatched: Vec<Document>,
        problems: Vec<Problem>,
        quiet: bool,
    },
    Exported {
        path: String,
        /// Events in the file; 0 for a picture.
        events: usize,
        /// What the file could not hold, a sentence each.
        losses: Vec<String>,
    },
    Failed {
        title: String,
        detail: String,
    },
    CannotOpen(Vec<(String, String)>),
    /// Something worth saying that is no failure.
    Note {
        title: String,
        detail: String,
    },
    PmTilesPicked(String),
    /// About files on their way into the case.
    Import(ImportIncoming),
}

/// What is to be done outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    AskOpen {
        /// What is picked takes the place of all that is open.
        instead: bool,
    },
    AskAttach,
    AskPmTiles,
    /// `events` are those to write.
    AskExport {
        format: ExportFormat,
        events: Vec<EventId>,
    },
    Open(Vec<String>),
    OpenBuiltIn,
    /// Makes [`super::Changes::making`] of the open store.
    Change,
    FindTwins(TwinQuery),
    Attach {
        paths: Vec<String>,
        quiet: bool,
    },
    Export {
        format: ExportFormat,
        events: Vec<EventId>,
        path: String,
    },
    SaveSettings,
    Import(ImportEffect),
    Cancel(u64),
    Copy(String),
    FullScreen(bool),
    Quit,
}

/// The queue that panels push into; passing it shows who can change things.
#[derive(Debug, Default)]
pub struct Commands {
    queue: Vec<Command>,
    /// The event under the pointer in any view this frame.
    pub hover: Option<EventId>,
}

impl Commands {
    pub fn push(&mut self, command: impl Into<Command>) {
        self.queue.push(command.into());
    }

    /// Tells that an event is under the pointer in this frame.
    pub fn hover(&mut self, event: EventId) {
        self.hover = Some(event);
    }

    pub fn drain(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.queue)
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

macro_rules! nest {
    ($($inner:ident => $outer:ident),*) => {$(
        impl From<$inner> for Command {
            fn from(command: $inner) -> Self {
                Command::$outer(command)
            }
        }
    )*};
}

nest! {
    FilterCommand => Filter,
    SelectCommand => Select,
    TimeCommand => Time,
    MapCommand => Map,
    TextCommand => Text,
    ViewCommand => View,
    ImportCommand => Import,
    DatasetCommand => Dataset
}
