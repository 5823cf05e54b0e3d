//! Paints and asks. Reads `&AppState` and `&Derived`, pushes commands; owns nothing but the state of
//! widgets ([`UiState`]). Panels do not use each other.

pub mod chrome;
pub mod details;
pub mod filters;
pub mod format;
pub mod import;
pub mod in_view;
pub mod layers;
pub mod list;
pub mod map;
pub mod paint;
pub mod shapes;
pub mod source;
pub mod theme;
pub mod timeline;
pub mod trays;
pub mod widgets;

use egui::{Panel, Rangef, Rect, Sense, Ui};

use crate::lang::Catalog;
use crate::model::{EventId, Lang};
use crate::state::{AppState, Commands, Derived, StartTab, ViewCommand};
use crate::store::Store;
use theme::{Theme, size};

/// What every panel may read.
#[derive(Clone, Copy)]
pub struct FrameCtx<'a> {
    pub state: &'a AppState,
    pub derived: &'a Derived,
    pub theme: &'a Theme,
    pub catalog: &'a Catalog,
}

impl<'a> FrameCtx<'a> {
    pub fn store(&self) -> Option<&'a Store> {
        self.state.store()
    }

    /// Language of the interface.
    pub fn lang(&self) -> Lang {
        self.catalog.lang()
    }

    /// A message of the catalogue.
    pub fn t(&self, key: &str) -> String {
        self.catalog.t(key)
    }

    pub fn is_selected(&self, event: EventId) -> bool {
        self.state.view.selection.contains(event)
    }

    pub fn is_primary(&self, event: EventId) -> bool {
        self.state.primary() == Some(event)
    }

    pub fn is_hovered(&self, event: EventId) -> bool {
        self.state.view.hover == Some(event)
    }

    /// Whether the interface runs from right to left.
    pub fn rtl(&self) -> bool {
        self.lang().is_rtl()
    }
}

/// State of widgets. Nothing in it is a second copy of a value of [`AppState`].
#[derive(Default)]
pub struct UiState {
    pub chrome: chrome::ChromeUi,
    pub filters: filters::FiltersUi,
    pub list: list::ListUi,
    pub details: details::DetailsUi,
    pub source: source::SourceUi,
    pub in_view: in_view::InViewUi,
    pub layers: layers::LayersUi,
    pub map: map::MapUi,
    pub timeline: timeline::TimelineUi,
    pub trays: trays::TraysUi,
}

impl UiState {
    /// Changes with what callbacks draw, if there is a number for it; see [`map::MapUi::callback_content`].
    pub fn callback_content(&self) -> Option<u64> {
        // A second map draws tiles that the number of the first one says nothing of.
        if self.chrome.draws_map() { None } else { self.map.callback_content() }
    }
}

/// The whole window.
pub fn window_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut UiState, commands: &mut Commands) {
    chrome::keys(ui, cx, commands);
    let wide = ui.max_rect().width() >= size::WIDE_FROM;
    let theme = cx.theme;
    let frame = |fill| egui::Frame::new().fill(fill);
    Panel::top("bar").exact_size(size::BAR).frame(frame(theme.header)).show(ui, |ui| {
        chrome::bar_ui(ui, cx, &mut state.chrome, commands);
    });
    Panel::bottom("status").exact_size(size::STATUS).frame(frame(theme.header)).show(ui, |ui| {
        chrome::status_ui(ui, cx, &state.map, commands);
    });
    let view = &cx.state.view;
    let mut edges: Vec<Edge> = Vec::new();
    if cx.store().is_some() {
        let settings = &cx.state.settings;
        if view.show_timeline {
            let most = (ui.available_height() - size::MAP_MIN_HEIGHT).max(size::TIMELINE_MIN);
            let height = settings
                .timeline_height
                .unwrap_or(if wide { size::TIMELINE_WIDE } else { size::TIMELINE })
                .clamp(size::TIMELINE_MIN, most);
            let panel = Panel::bottom("timeline")
                .exact_size(height)
                .frame(frame(theme.panel))
                .show(ui, |ui| timeline::timeline_ui(ui, cx, &mut state.timeline, commands));
            let normal = if wide { size::TIMELINE_WIDE } else { size::TIMELINE };
            let range = Rangef::new(size::TIMELINE_MIN, most);
            edges.push(Edge {
                line: Side::Top.of(panel.response.rect),
                side: Side::Top,
                size: height,
                normal,
                range,
                command: ViewCommand::TimelineHeight,
                name: "edge-timeline",
            });
        }
        let side = |start: bool, id: &'static str| {
            if start != cx.rtl() { Panel::left(id) } else { Panel::right(id) }
        };
        if view.show_start {
            let others = size::MAP_MIN_WIDTH + if view.show_end { size::END_MIN } else { 0.0 };
            let most = (ui.available_width() - others).max(size::START_MIN);
            let width = settings
                .start_width
                .unwrap_or(if wide { size::START_WIDE } else { size::START_WIDTH })
                .clamp(size::START_MIN, most);
            let panel = side(true, "start").exact_size(width).frame(frame(theme.panel)).show(ui, |ui| {
                start_ui(ui, cx, state, commands);
            });
            let edge = if cx.rtl() { Side::Left } else { Side::Right };
            edges.push(Edge {
                line: edge.of(panel.response.rect),
                side: edge,
                size: width,
                normal: if wide { size::START_WIDE } else { size::START_WIDTH },
                range: Rangef::new(size::START_MIN, most),
                command: ViewCommand::StartWidth,
                name: "edge-start",
            });
        }
        if view.show_end {
            let most = (ui.available_width() - size::MAP_MIN_WIDTH).max(size::END_MIN);
            // Rows of a flat dataset tell less than events of a case, and the map more.
            let normal = match cx.store() {
                Some(store) if !store.tables.is_empty() => size::END_MIN,
                _ if wide => size::END_WIDE,
                _ => size::END_WIDTH,
            };
            let width = settings.end_width.unwrap_or(normal).clamp(size::END_MIN, most);
            let panel = side(false, "end").exact_size(width).frame(frame(theme.panel)).show(ui, |ui| {
                if in_view::is_wanted(cx) {
                    in_view::in_view_ui(ui, cx, &mut state.in_view, state.map.status(), commands);
                    return;
                }
                source::source_panel(ui, cx, &mut state.source, commands);
                details::details_ui(ui, cx, &mut state.details, commands);
            });
            let edge = if cx.rtl() { Side::Right } else { Side::Left };
            edges.push(Edge {
                line: edge.of(panel.response.rect),
                side: edge,
                size: width,
                normal,
                range: Rangef::new(size::END_MIN, most),
                command: ViewCommand::EndWidth,
                name: "edge-end",
            });
        }
        Panel::bottom("trays").exact_size(size::TRAY).frame(frame(theme.header)).show(ui, |ui| {
            trays::trays_ui(ui, cx, &mut state.trays, state.map.status(), commands);
        });
    }
    egui::CentralPanel::default().frame(frame(theme.map.water)).show(ui, |ui| {
        map::map_ui(ui, cx, &mut state.map, commands);
        chrome::notices_ui(ui, cx, commands);
    });
    // After the map, which would take the pointer otherwise.
    for edge in edges {
        edge_ui(ui, cx, edge, commands);
    }
    if cx.store().is_none() {
        chrome::welcome_ui(ui, cx, &mut state.chrome, commands);
    }
    trays::tray_dialog_ui(ui, cx, &mut state.trays, commands);
    chrome::dialogs_ui(ui, cx, &mut state.chrome, commands);
}

/// The panel at the reading start. Datasets have tabs; a case shows its filters and events at once.
fn start_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut UiState, commands: &mut Commands) {
    let Some(store) = cx.store() else { return };
    let panel = ui.available_rect_before_wrap();
    filters::head_ui(ui, cx, &mut state.filters, commands);
    let tab = cx.state.view.start_tab;
    let several = cx.state.case.as_ref().is_some_and(|case| case.datasets.len() > 1);
    if !store.tables.is_empty() || several || tab != StartTab::Filters {
        layers::tabs_ui(ui, cx, commands);
    }
    match tab {
        StartTab::Filters => {
            filters::filters_ui(ui, cx, panel, &mut state.filters, commands);
            list::list_ui(ui, cx, &mut state.list, commands);
        }
        StartTab::Events => list::list_ui(ui, cx, &mut state.list, commands),
        StartTab::Layers => {
            let UiState { layers, map, .. } = state;
            layers::layers_ui(ui, cx, layers, map.status(), commands);
        }
    }
}

/// The side of a panel that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Top,
}

impl Side {
    /// The strip about this side of a panel that takes the pointer, in points.
    fn of(self, panel: Rect) -> Rect {
        let grab = size::SPLITTER / 2.0;
        match self {
            Side::Left => Rect::from_x_y_ranges(panel.left() - grab..=panel.left() + grab, panel.y_range()),
            Side::Right => {
                Rect::from_x_y_ranges(panel.right() - grab..=panel.right() + grab, panel.y_range())
            }
            Side::Top => Rect::from_x_y_ranges(panel.x_range(), panel.top() - grab..=panel.top() + grab),
        }
    }
}

/// The edge of a panel: where it is, how large the panel is and may be.
struct Edge {
    line: Rect,
    side: Side,
    size: f32,
    /// What a double click brings back.
    normal: f32,
    range: Rangef,
    command: fn(f32) -> ViewCommand,
    /// Message key of its accessible name.
    name: &'static str,
}

/// Drags the edge of a panel; a double click brings back its normal size.
fn edge_ui(ui: &mut Ui, cx: &FrameCtx<'_>, edge: Edge, commands: &mut Commands) {
    let Edge { line, side, size, normal, range, command, name } = edge;
    let response = ui.interact(line, ui.scope_id().with(name), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Splitter, true, cx.t(name)));
    let wanted = match (response.interact_pointer_pos(), side) {
        _ if response.double_clicked() => Some(normal),
        (Some(pos), Side::Right) if response.dragged() => Some(size + pos.x - line.center().x),
        (Some(pos), Side::Left) if response.dragged() => Some(size - (pos.x - line.center().x)),
        (Some(pos), Side::Top) if response.dragged() => Some(size - (pos.y - line.center().y)),
        _ => None,
    };
    if let Some(wanted) = wanted.map(|wanted| range.clamp(wanted).round()).filter(|w| (w - size).abs() >= 1.0)
    {
        commands.push(command(wanted));
    }
    if response.hovered() || response.dragged() {
        let horizontal = side == Side::Top;
        ui.ctx().set_cursor_icon(if horizontal {
            egui::CursorIcon::ResizeVertical
        } else {
            egui::CursorIcon::ResizeHorizontal
        });
        let stroke = egui::Stroke::new(2.0, cx.theme.accent);
        let center = line.center();
        if horizontal {
            ui.painter().hline(line.x_range(), center.y, stroke);
        } else {
            ui.painter().vline(center.x, line.y_range(), stroke);
        }
    }
}
