//! What lies in the frame of the map: how many of the shown events, and in which countries.
//!
//! Stands at the reading end while nothing is selected in a dataset of many rows, where a list of
//! documents would say nothing.

mod counts;

use std::sync::Arc;

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::FrameCtx;
use super::map::MapStatus;
use super::map::camera::mercator;
use super::theme::{TextKind, icons, size};
use super::widgets::controls;
use super::widgets::rows::{Strip, end_align, list_style, name_label, row_focus, start_align, tip};
use super::widgets::words::{self, Style};
use super::widgets::{LongList, LongListLayout};
use crate::lang::thousands;
use crate::model::{BBox, LatLon, SpanRole};
use crate::state::{Commands, FilterCommand, MapCommand, ViewCommand};
use crate::store::Store;
use crate::store::filter::Dim;
use crate::store::order::Index;
use counts::{Counts, Regions, Row};

const ROW: f32 = 23.0;
const HEAD: f32 = 24.0;
/// Room of a row's bar.
const BAR: f32 = 72.0;
/// Room of the two lines that say what clicks do.
const HINTS: f32 = 58.0;

/// By what the table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Count,
    Name,
}

/// What the counts are of.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    generation: u64,
    frame: BBox,
    order: Order,
    descending: bool,
}

/// Countries with the index and the number of places that they were found for.
type Of = (Arc<Index>, usize, Regions);

/// State of the panel's widgets.
#[derive(Default)]
pub struct InViewUi {
    /// The store's countries.
    regions: Option<Of>,
    /// Those of a store that has changed, until all of its sites are known.
    next: Option<Of>,
    counted: Option<(Key, Counts)>,
    /// For how many frames the counts have been behind.
    waited: u32,
    order: Order,
    /// The opposite of how one wants to see it first: most events first, names from A to Z.
    turned: bool,
    /// All rows are listed, not just those that fit.
    all: bool,
    scroll: LongList,
}

/// Whether this panel stands at the reading end.
pub fn is_wanted(cx: &FrameCtx<'_>) -> bool {
    cx.state.view.selection.events.is_empty() && cx.store().is_some_and(|store| !store.tables.is_empty())
}

/// With more sites than these, counting takes a millisecond or more of a frame in which the map has the
/// same to do: it may then wait for a frame or two.
const MANY_SITES: usize = 20_000;
const MOST_WAITED: u32 = 2;

impl InViewUi {
    /// Brings the counts up to date.
    fn refresh(&mut self, ui: &Ui, cx: &FrameCtx<'_>, store: &Store, frame: BBox) {
        let index = &store.index;
        let places = store.places.len();
        let is_of = |of: &Of| Arc::ptr_eq(&of.0, index) && of.1 == places;
        if !self.regions.as_ref().is_some_and(is_of) {
            let mut next = match self.next.take().filter(is_of) {
                Some(next) => next,
                None => (index.clone(), places, Regions::new(store)),
            };
            if next.2.go_on(store, index) {
                (self.regions, self.counted) = (Some(next), None);
            } else {
                self.next = Some(next);
                ui.ctx().request_repaint();
            }
        }
        let Some((index, _, regions)) = &self.regions else { return };
        let key =
            Key { generation: cx.derived.generation, frame, order: self.order, descending: self.turned };
        if self.counted.as_ref().is_some_and(|(of, _)| *of == key) {
            return;
        }
        if self.counted.is_some() && index.sites.len() > MANY_SITES && self.waited < MOST_WAITED {
            self.waited += 1;
            ui.ctx().request_repaint();
            return;
        }
        self.waited = 0;
        let corner = |lat, lon| {
            let (x, y) = mercator(LatLon { lat, lon });
            [x, y]
        };
        let frame = (corner(frame.max_lat, frame.min_lon), corner(frame.min_lat, frame.max_lon));
        let mut counts = counts::count(regions, index, cx.derived.per_site(), frame);
        if self.order == Order::Name {
            let name = |row: &Row| regions.names.get(row.group as usize).cloned().unwrap_or_default();
            counts.rows.sort_by_cached_key(|row| (row.group == 0, name(row).to_lowercase()));
        }
        if self.turned {
            counts.rows.reverse();
        }
        self.counted = Some((key, counts));
    }
}

pub fn in_view_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut InViewUi,
    map: &MapStatus,
    commands: &mut Commands,
) {
    let (Some(store), Some(frame)) = (cx.store(), map.frame) else { return };
    state.refresh(ui, cx, store, frame);
    list_style(ui, cx.theme);
    title_ui(ui, cx, commands);
    let Some((_, counts)) = &state.counted else { return };
    sum_ui(ui, cx, counts.in_frame);
    let largest = counts.rows.iter().map(|row| row.events).max().unwrap_or(0);
    let rows = counts.rows.clone();
    head_ui(ui, cx, state);
    let room = ui.available_rect_before_wrap();
    let hints = if room.height() > 2.0 * HINTS { HINTS } else { 0.0 };
    let body = Rect::from_min_max(room.min, pos2(room.right(), room.bottom() - hints));
    rows_ui(ui, cx, store, state, &rows, largest, body, commands);
    if hints > 0.0 {
        hints_ui(ui, cx, Rect::from_min_max(pos2(room.left(), body.bottom()), room.max));
    }
}

fn title_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEAD), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.header);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::INSET);
    strip.end(6.0);
    let close = Rect::from_center_size(strip.end(size::TINY).center(), vec2(size::TINY, size::TINY)).round();
    let title = cx.t("in-view");
    name_label(&response, &title);
    let style = Style::strong(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), &title, style, start_align(cx.rtl()), Some(1));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(close));
    let hint = cx.t("in-view-close");
    if controls::icon_button(&mut child, theme, icons::X, &hint, size::TINY).clicked() {
        commands.push(ViewCommand::ToggleEnd);
    }
}

/// How many of the shown events are in the frame, and how many are not.
fn sum_ui(ui: &mut Ui, cx: &FrameCtx<'_>, in_frame: u64) {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 62.0), Sense::hover());
    let trays = &cx.derived.trays;
    let placed = trays.shown.saturating_sub(trays.unplaced);
    let outside = placed.saturating_sub(usize::try_from(in_frame).unwrap_or(usize::MAX));
    let number = thousands(i64::try_from(in_frame).unwrap_or(i64::MAX));
    let mut lines = vec![cx.catalog.f("in-view-outside", &[("n", outside.into())])];
    if trays.unplaced > 0 {
        lines.push(cx.catalog.f("in-view-unplaced", &[("n", trays.unplaced.into())]));
    }
    let below = lines.join(&cx.t("join-comma"));
    let words = cx.t("in-view-inside");
    name_label(&response, &format!("{number} {words}{}{below}", cx.t("join-comma")));
    let upper =
        Rect::from_min_max(pos2(rect.left(), rect.top() + 12.0), pos2(rect.right(), rect.top() + 36.0));
    let mut strip = Strip::new(upper.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    let style = Style::strong(TextKind::KeyNumber, theme.text_strong);
    let width = words::measure(ui.painter(), &number, style).x.ceil();
    let align = start_align(cx.rtl());
    words::paint_in(ui.painter(), strip.start(width), &number, style, align, Some(1));
    strip.start(8.0);
    // On the baseline of the number.
    let rest = strip.rest().translate(vec2(0.0, 2.0));
    let muted = Style::new(TextKind::Body, theme.text_muted);
    words::paint_in(ui.painter(), rest, &words, muted, align, Some(1));
    let lower =
        Rect::from_min_max(pos2(rect.left(), rect.top() + 36.0), pos2(rect.right(), rect.top() + 52.0));
    let muted = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), lower.shrink2(vec2(size::INSET, 0.0)), &below, muted, align, Some(1));
}

/// Heads of the two columns; a click sorts, a second one turns the order.
fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut InViewUi) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.header);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    let columns = [(Order::Count, "in-view-events", true), (Order::Name, "in-view-name", false)];
    for (order, key, at_end) in columns {
        let on = state.order == order;
        let text = cx.t(key);
        let strong = order == Order::Name;
        let style = Style { strong, ..Style::new(TextKind::List, theme.text) };
        let arrow = if on { 17.0 } else { 0.0 };
        let width = words::measure(ui.painter(), &text, style).x.ceil() + arrow;
        let part = if at_end { strip.end(width) } else { strip.start(width) };
        let hit = part.expand2(vec2(4.0, 0.0));
        let response = ui.interact(hit, ui.scope_id().with(("in-view", key)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ColumnHeader, true, on, &text));
        let color = match (on || strong, response.hovered()) {
            (true, _) | (_, true) => theme.text_strong,
            _ => theme.text_muted,
        };
        let mut parts = Strip::new(part, cx.rtl());
        if on {
            let descending = (order == Order::Count) != state.turned;
            let glyph = if descending { icons::ARROW_DOWN } else { icons::ARROW_UP };
            let at = parts.end(13.0).center();
            let font = super::theme::icon_font(13.0);
            ui.painter().text(at, egui::Align2::CENTER_CENTER, glyph, font, color);
            parts.end(4.0);
        }
        let align = if at_end { end_align(cx.rtl()) } else { start_align(cx.rtl()) };
        words::paint_in(ui.painter(), parts.rest(), &text, Style { color, ..style }, align, Some(1));
        row_focus(ui, &response, theme);
        if response.clicked() {
            state.turned = on && !state.turned;
            state.order = order;
        }
        tip(response, theme, &cx.t("in-view-sort"));
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one table")]
fn rows_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &mut InViewUi,
    rows: &[Row],
    largest: u32,
    body: Rect,
    commands: &mut Commands,
) {
    let fitting = (body.height() / ROW).floor().max(1.0) as usize;
    let cut = !state.all && rows.len() > fitting;
    let listed = if cut { fitting.saturating_sub(1) } else { rows.len() };
    let num_rows = listed + usize::from(cut || (state.all && rows.len() > fitting));
    let mut scroll = std::mem::take(&mut state.scroll);
    let layout = LongListLayout { rect: body, row_height: ROW, num_rows, reveal: None };
    scroll.show(ui, "in-view", layout, |ui, at| {
        match rows.get(at).filter(|_| at < listed) {
            Some(row) => row_ui(ui, cx, store, state, *row, largest, commands),
            None => more_ui(ui, cx, state, rows.get(listed..).unwrap_or_default()),
        };
    });
    state.scroll = scroll;
}

/// The number of events at the reading end of a row. Returns what is left of the strip.
fn paint_number(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip, events: u64, color: egui::Color32) {
    let number = thousands(i64::try_from(events).unwrap_or(i64::MAX));
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.end(58.0), &number, style, end_align(cx.rtl()), Some(1));
}

fn row_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &InViewUi,
    row: Row,
    largest: u32,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let Some((index, _, regions)) = &state.regions else { return };
    let rect = ui.max_rect();
    let name = regions.names.get(row.group as usize).filter(|name| !name.is_empty());
    let name = name.cloned().unwrap_or_else(|| cx.t("in-view-nowhere"));
    let response = ui.interact(rect, ui.scope_id().with(("group", row.group)), Sense::click());
    response.widget_info(|| {
        let args = [("name", name.as_str().into()), ("n", row.events.into())];
        egui::WidgetInfo::labeled(egui::Role::Button, true, cx.catalog.f("in-view-row", &args))
    });
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(rect, 0.0, theme.active);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    paint_number(ui, cx, &mut strip, u64::from(row.events), theme.text_strong);
    strip.end(8.0);
    let track = Rect::from_center_size(strip.end(BAR).center().round(), vec2(BAR, 4.0));
    ui.painter().rect_filled(track, 2.0, theme.ghost_bar);
    let share = row.events as f32 / largest.max(1) as f32;
    let part = Strip::new(track, cx.rtl()).start((share * BAR).round().max(3.0));
    ui.painter().rect_filled(part, 2.0, theme.role(SpanRole::Place).line);
    strip.end(10.0);
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest(), &name, style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        if ui.input(|input| input.modifiers.alt) {
            commands.push(FilterCommand::Set(Dim::Place, regions.places_of(row.group)));
        } else if let Some(bbox) = regions.bbox(row.group, index, cx.derived.per_site()) {
            commands.push(MapCommand::FitBox(bbox));
        }
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        let all = u64::try_from(store.num_events()).unwrap_or(u64::MAX).max(1);
        let share = format!("{:.1}", 100.0 * f64::from(row.events) / all as f64);
        let args = [("n", row.events.into()), ("share", share.into())];
        let lines = [(name.clone(), true), (cx.catalog.f("in-view-tip", &args), false)];
        for (line, strong) in lines {
            let style = Style { strong, ..Style::new(TextKind::List, theme.text) };
            ui.add(words::Words::new(&line, style).wrap());
        }
    });
}

/// The rows that do not fit, in sum; a click lists them, and takes them back.
fn more_ui(ui: &Ui, cx: &FrameCtx<'_>, state: &mut InViewUi, rest: &[Row]) {
    let theme = cx.theme;
    let rect = ui.max_rect();
    let text = if state.all {
        cx.t("in-view-fewer")
    } else {
        cx.catalog.f("in-view-more", &[("n", rest.len().into())])
    };
    let response = ui.interact(rect, ui.scope_id().with("more"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text));
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    if !state.all {
        let sum = rest.iter().map(|row| u64::from(row.events)).sum();
        paint_number(ui, cx, &mut strip, sum, color);
    }
    let style = Style::new(TextKind::List, color);
    words::paint_in(ui.painter(), strip.rest(), &text, style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        state.all ^= true;
    }
}

/// What clicks do, under a line.
fn hints_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect) {
    let theme = cx.theme;
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let hints = [("in-view-click", "in-view-click.does"), ("in-view-alt", "in-view-alt.does")];
    let mut y = rect.top() + 8.0;
    for (key, does) in hints {
        let line = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), 20.0));
        y += 20.0;
        let line = line.shrink2(vec2(size::INSET, 0.0));
        let muted = Style::new(TextKind::List, theme.text_muted);
        words::paint_in(ui.painter(), line, &cx.t(key), muted, start_align(cx.rtl()), Some(1));
        let style = Style::new(TextKind::List, theme.text_strong);
        words::paint_in(ui.painter(), line, &cx.t(does), style, end_align(cx.rtl()), Some(1));
    }
}
