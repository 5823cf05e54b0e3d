//! Paints and asks. Reads `&AppState` and `&Derived`, pushes commands; owns nothing but the state of
//! widgets ([`UiState`]). Panels do not use each other.

pub mod chrome;
pub mod details;
pub mod filters;
pub mod format;
pub mod list;
pub mod map;
pub mod shapes;
pub mod source;
pub mod theme;
pub mod timeline;
pub mod trays;
pub mod widgets;

use egui::{Panel, Ui};

use crate::lang::Catalog;
use crate::model::{EventId, Lang};
use crate::state::{AppState, Commands, Derived, ViewCommand};
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
    pub map: map::MapUi,
    pub timeline: timeline::TimelineUi,
    pub trays: trays::TraysUi,
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
    if cx.store().is_some() {
        let settings = &cx.state.settings;
        if view.show_timeline {
            let most = (ui.available_height() - size::MAP_MIN_HEIGHT).max(size::TIMELINE_MIN);
            let height = settings
                .timeline_height
                .unwrap_or(if wide { size::TIMELINE_WIDE } else { size::TIMELINE })
                .clamp(size::TIMELINE_MIN, most);
            let panel = Panel::bottom("timeline")
                .resizable(true)
                .default_size(height)
                .size_range(size::TIMELINE_MIN..=most)
                .frame(frame(theme.panel))
                .show(ui, |ui| timeline::timeline_ui(ui, cx, &mut state.timeline, commands));
            resized(ui, panel.response.rect.height(), height, commands, ViewCommand::TimelineHeight);
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
            let panel = side(true, "start")
                .resizable(true)
                .default_size(width)
                .size_range(size::START_MIN..=most)
                .frame(frame(theme.panel))
                .show(ui, |ui| {
                    filters::filters_ui(ui, cx, &mut state.filters, commands);
                    list::list_ui(ui, cx, &mut state.list, commands);
                });
            resized(ui, panel.response.rect.width(), width, commands, ViewCommand::StartWidth);
        }
        if view.show_end {
            let most = (ui.available_width() - size::MAP_MIN_WIDTH).max(size::END_MIN);
            let width = settings
                .end_width
                .unwrap_or(if wide { size::END_WIDE } else { size::END_WIDTH })
                .clamp(size::END_MIN, most);
            let panel = side(false, "end")
                .resizable(true)
                .default_size(width)
                .size_range(size::END_MIN..=most)
                .frame(frame(theme.panel))
                .show(ui, |ui| {
                    source::source_panel(ui, cx, &mut state.source, commands);
                    details::details_ui(ui, cx, &mut state.details, commands);
                });
            resized(ui, panel.response.rect.width(), width, commands, ViewCommand::EndWidth);
        }
        Panel::bottom("trays").exact_size(size::TRAY).frame(frame(theme.header)).show(ui, |ui| {
            trays::trays_ui(ui, cx, &mut state.trays, commands);
        });
    }
    egui::CentralPanel::default().frame(frame(theme.map.water)).show(ui, |ui| {
        map::map_ui(ui, cx, &mut state.map, commands);
        chrome::notices_ui(ui, cx, commands);
    });
    if cx.store().is_none() {
        chrome::welcome_ui(ui, cx, &mut state.chrome, commands);
    }
    trays::tray_dialog_ui(ui, cx, &mut state.trays, commands);
    chrome::dialogs_ui(ui, cx, &mut state.chrome, commands);
}

/// Remembers the size of a panel once the user has let go of its edge.
fn resized(ui: &Ui, now: f32, before: f32, commands: &mut Commands, command: fn(f32) -> ViewCommand) {
    if (now - before).abs() > 0.5 && ui.input(|input| input.pointer.any_released()) {
        commands.push(command(now));
    }
}
