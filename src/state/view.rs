//! The view on the case: filter, selection, hover, window, what is open.

use std::collections::HashMap;

use crate::model::document::TextForm;
use crate::model::{BBox, DocumentId, EventId, LatLon};
use crate::store::DatasetId;
pub use crate::store::cross::SortColumn;
use crate::store::filter::Filter;

use super::playback::Playback;
use super::selection::Selection;

/// By what the lanes of the timeline are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LaneMode {
    #[default]
    Type,
    Actor,
    Place,
    Document,
}

impl LaneMode {
    pub const ALL: [LaneMode; 4] = [LaneMode::Type, LaneMode::Actor, LaneMode::Place, LaneMode::Document];

    pub fn name(self) -> &'static str {
        match self {
            LaneMode::Type => "type",
            LaneMode::Actor => "actor",
            LaneMode::Place => "place",
            LaneMode::Document => "document",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What the panel at the reading start shows of a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StartTab {
    #[default]
    Filters,
    Events,
    Layers,
}

impl StartTab {
    pub const ALL: [StartTab; 3] = [StartTab::Filters, StartTab::Events, StartTab::Layers];

    pub fn name(self) -> &'static str {
        match self {
            StartTab::Filters => "filters",
            StartTab::Events => "events",
            StartTab::Layers => "layers",
        }
    }
}

/// Lists of what a view does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tray {
    Undated,
    Unplaced,
    OutsideWindow,
    FilteredOut,
}

impl Tray {
    pub const ALL: [Tray; 4] = [Tray::Undated, Tray::Unplaced, Tray::OutsideWindow, Tray::FilteredOut];

    pub fn name(self) -> &'static str {
        match self {
            Tray::Undated => "undated",
            Tray::Unplaced => "unplaced",
            Tray::OutsideWindow => "outside",
            Tray::FilteredOut => "filtered",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tray| tray.name() == name)
    }
}

/// Something that lies over the window until it is closed.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Palette,
    Keys,
    About,
    Problems,
    Tray(Tray),
    /// Events that two datasets have in common.
    Twins,
    /// Several events share the clicked text; the user picks one.
    Chooser(Vec<EventId>),
    /// Files that match no document of the case, offered as new documents.
    NewDocuments(Vec<crate::model::Document>),
    /// Files that were dropped or picked but cannot be opened, with the reasons.
    CannotOpen(Vec<(String, String)>),
    /// How the file of [`super::Imports::draft`] is to be read.
    Import,
    /// What came of reading a dataset.
    Report(DatasetId),
    /// A file that takes much memory: whether to open it, and a sentence that says how much.
    LargeFile {
        path: String,
        sentence: String,
    },
}

/// Where the map is asked to go. The map widget owns the camera; a new serial number is a new wish.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CameraMove {
    pub serial: u64,
    pub target: Option<CameraTarget>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CameraTarget {
    /// Show the whole box with a margin.
    Fit(BBox),
    /// Move only if the point is out of view.
    Reveal(LatLon),
    /// Centre and zoom, as scripts ask for.
    At { center: LatLon, zoom: f64 },
    /// Zoom by levels about the centre.
    ZoomBy(f64),
}

/// Which part of which text is asked to come into view. A new serial number is a new wish.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextTarget {
    pub serial: u64,
    /// Scalar offset in the shown text of the shown document.
    pub offset: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Success,
    Warning,
    Error,
}

/// The one action that a notice offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeAction {
    ShowProblems,
    ResetFilters,
    AttachTexts,
    /// Leads to the report of a dataset, and to how it was read.
    Dataset(DatasetId),
}

/// A message at the lower end of the map: what happened, then numbers, then one action.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub kind: NoticeKind,
    pub title: String,
    pub detail: String,
    pub action: Option<NoticeAction>,
    /// [`super::AppState::now_secs`] when it goes away by itself; errors stay.
    pub until_secs: Option<f64>,
}

/// What is looked at, and how.
#[derive(Clone, Debug)]
pub struct ViewState {
    pub filter: Filter,
    pub selection: Selection,
    pub hover: Option<EventId>,
    pub playback: Playback,
    pub lanes: LaneMode,
    pub collapse_gaps: bool,
    pub sort: (SortColumn, bool),
    /// The document shown in the source panel.
    pub document: Option<DocumentId>,
    /// Which text is preferred where a document has both.
    pub form: TextForm,
    pub camera: CameraMove,
    pub text_target: TextTarget,
    /// What the timeline is asked to show. A new serial number is a new wish; `None` fits all.
    pub time_target: (u64, Option<crate::model::Interval>),
    /// By what factor the timeline is asked to zoom; a new serial number is a new wish.
    pub time_zoom: (u64, f64),
    /// The stack at one coordinate that is fanned out, by one of its events.
    pub fan: Option<EventId>,
    pub dialog: Option<Dialog>,
    pub show_start: bool,
    pub start_tab: StartTab,
    pub show_end: bool,
    pub show_timeline: bool,
    pub show_legend: bool,
    /// Focus of the search field is asked for; a new number is a new wish.
    pub focus_search: u64,
    pub full_screen: bool,
    /// Selections before and after the present one.
    pub back: Vec<Selection>,
    pub forward: Vec<Selection>,
    /// Interface sections folded or unfolded by the user.
    pub folded: HashMap<String, bool>,
}

impl Default for ViewState {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            selection: Selection::default(),
            hover: None,
            playback: Playback::default(),
            lanes: LaneMode::default(),
            collapse_gaps: true,
            // Newest first.
            sort: (SortColumn::Date, true),
            document: None,
            form: TextForm::Original,
            camera: CameraMove::default(),
            text_target: TextTarget::default(),
            time_target: (0, None),
            time_zoom: (0, 1.0),
            fan: None,
            dialog: None,
            show_start: true,
            start_tab: StartTab::default(),
            show_end: true,
            show_timeline: true,
            show_legend: true,
            focus_search: 0,
            full_screen: false,
            back: Vec::new(),
            forward: Vec::new(),
            folded: HashMap::new(),
        }
    }
}
