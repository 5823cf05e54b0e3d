//! The list of shown events.
//!
//! Virtual: only visible rows are laid out, and only their events are read. The list as a whole takes
//! the keyboard focus (see [`focus_id`]); its rows take clicks only. It scrolls to the primary event
//! when that changed elsewhere, not when a row was clicked. When rows come, go or change their order,
//! what was in view stays where it was, unless the list was at its top.

mod keys;
mod row;

use egui::{Id, Rect, Sense, Ui, vec2};

use super::FrameCtx;
use crate::model::EventId;
use crate::state::{
    Command, Commands, FilterCommand, MapCommand, SelectCommand, SortColumn, TimeCommand, ViewCommand,
};
use crate::store::Store;
use crate::store::filter::Dim;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::rows::{
    self, MenuRow, Strip, end_align, list_style, paint_row_focus, row_focus, start_align,
};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{LongList, LongListLayout};

/// Height of the list's head.
const HEAD: f32 = 28.0;
/// Columns with a head of their own; the others are in the sort menu.
const HEADS: [SortColumn; 2] = [SortColumn::Date, SortColumn::Killed];

/// State of the list's widgets.
#[derive(Default)]
pub struct ListUi {
    /// Primary event and order at the last frame.
    seen: Option<(Option<EventId>, (SortColumn, bool))>,
    /// Selected by a click on its row, so it is in view already.
    clicked: Option<EventId>,
    /// Where a range begins.
    anchor: Option<EventId>,
    /// Rows that fit, for the keys that move by pages.
    page: usize,
    scroll: LongList,
    /// What was in view at the last frame and should stay where it was.
    held: Option<Held>,
}

/// Events in view and where they were.
struct Held {
    /// The event that stays, its place in the list, and how far below the top of the view it was.
    event: EventId,
    row: usize,
    offset: f64,
    /// The others in view, each of which may stand in for it, with their distances.
    others: Vec<(EventId, f64)>,
}

/// What has the keyboard focus while the keys of the list hold.
pub fn focus_id() -> Id {
    Id::unique("event-list-focus")
}

pub fn list_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut ListUi, commands: &mut Commands) {
    let Some(store) = cx.store() else { return };
    ui.scope(|ui| {
        list_style(ui, cx.theme);
        head_ui(ui, cx, commands);
        let body = ui.available_rect_before_wrap();
        if cx.derived.list.is_empty() {
            row::empty_ui(ui, cx, store, commands);
            return;
        }
        rows_ui(ui, cx, store, state, body, commands);
    });
}

fn sort_key(column: SortColumn) -> String {
    format!("sort-{}", column.name())
}

/// Title, sort menu, and the heads of the two columns.
fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.header);
    let line = egui::Stroke::new(1.0, theme.line);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::INSET);
    strip.end(size::INSET);
    let title = cx.t("list-title");
    let style = Style::strong(TextKind::List, theme.text_strong);
    let width = words::measure(ui.painter(), &title, style).x.ceil();
    words::paint_in(ui.painter(), strip.start(width), &title, style, start_align(cx.rtl()), Some(1));
    strip.start(6.0);
    for column in HEADS.into_iter().rev() {
        column_ui(ui, cx, &mut strip, column, commands);
        strip.end(if column == SortColumn::Killed { 26.0 } else { 4.0 });
    }
    menu_ui(ui, cx, &mut strip, commands);
    if cx.derived.is_pending(cx.state) {
        busy_ui(ui, cx, strip.start(20.0));
    }
}

/// A sign that the rows are still those of before: what was asked for is being made.
fn busy_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect) {
    let response = ui.interact(rect, ui.scope_id().with("busy"), Sense::hover());
    let text = cx.t("list-busy");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &text));
    let font = theme::icon_font(14.0);
    let center = rect.center();
    ui.painter().text(center, egui::Align2::CENTER_CENTER, icons::CIRCLE_NOTCH, font, cx.theme.accent);
    rows::tip(response, cx.theme, &text);
}

/// Head of a column: a click sorts by it, a second one turns the order.
fn column_ui(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip, column: SortColumn, commands: &mut Commands) {
    let theme = cx.theme;
    let (present, descending) = cx.state.view.sort;
    let on = present == column;
    let text = cx.t(&sort_key(column));
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let arrow_width = if on { 17.0 } else { 0.0 };
    let width = words::measure(ui.painter(), &text, style).x.ceil() + arrow_width;
    let rect = strip.end(width);
    let hit = Rect::from_center_size(rect.center(), vec2(rect.width() + 8.0, size::TINY)).round();
    let response = ui.interact(hit, ui.scope_id().with(("column", column.name())), Sense::click());
    let hint =
        cx.catalog.f("list-sort-by", &[("column", cx.t(&format!("{}.inline", sort_key(column))).into())]);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ColumnHeader, true, on, &hint));
    if response.hovered() {
        ui.painter().rect_filled(hit, 4.0, theme.hover);
    }
    let color = if on || response.hovered() { theme.text } else { theme.text_muted };
    let mut parts = Strip::new(rect, cx.rtl());
    if on {
        let glyph = if descending { icons::ARROW_DOWN } else { icons::ARROW_UP };
        let center = parts.end(13.0).center();
        ui.painter().text(center, egui::Align2::CENTER_CENTER, glyph, theme::icon_font(13.0), color);
        parts.end(4.0);
    }
    let align = end_align(cx.rtl());
    words::paint_in(ui.painter(), parts.rest(), &text, Style { color, ..style }, align, Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() {
        commands.push(ViewCommand::Sort(column));
    }
    rows::tip(response, theme, &hint);
}

/// All columns in a menu; names the one sorted by if it has no head.
fn menu_ui(ui: &Ui, cx: &FrameCtx<'_>, strip: &mut Strip, commands: &mut Commands) {
    let theme = cx.theme;
    let (present, descending) = cx.state.view.sort;
    let named = !HEADS.contains(&present);
    let column_name = |column| cx.t(&format!("{}.inline", sort_key(column)));
    let style = Style::new(TextKind::Caption, theme.text);
    let text = if named {
        cx.catalog.f("list-sorted", &[("column", column_name(present).into())])
    } else {
        String::new()
    };
    let text_width = if named { words::measure(ui.painter(), &text, style).x.ceil() + 6.0 } else { 0.0 };
    let rect = strip.start((size::TINY + text_width).min(strip.rest().width()));
    let rect = Rect::from_center_size(rect.center(), vec2(rect.width(), size::TINY)).round();
    let response = ui.interact(rect, ui.scope_id().with("sort-menu"), Sense::click());
    let name = cx.t("list-sort");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if response.hovered() {
        ui.painter().rect_filled(rect, 4.0, theme.hover);
    }
    let mut parts = Strip::new(rect, cx.rtl());
    let glyph = if descending { icons::SORT_DESCENDING } else { icons::SORT_ASCENDING };
    let color = if response.hovered() || named { theme.text } else { theme.text_muted };
    let center = parts.start(size::TINY).center();
    ui.painter().text(center, egui::Align2::CENTER_CENTER, glyph, theme::icon_font(14.0), color);
    words::paint_in(ui.painter(), parts.rest(), &text, style, start_align(cx.rtl()), Some(1));
    row_focus(ui, &response, theme);
    egui::Popup::menu(&response).show(|ui| {
        let rows = SortColumn::ALL.map(|column| {
            let on = column == present;
            let mut text = cx.t(&sort_key(column));
            if on {
                let order = if descending { "list-descending" } else { "list-ascending" };
                text = format!("{text}{}{}", cx.t("join-comma"), cx.t(order));
            }
            MenuRow { icon: "", text, on }
        });
        let chosen = rows::menu_ui(ui, theme, cx.rtl(), &rows);
        if let Some(column) = chosen.and_then(|chosen| SortColumn::ALL.get(chosen)) {
            commands.push(ViewCommand::Sort(*column));
        }
    });
    rows::tip(response, theme, &name);
}

fn rows_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    state: &mut ListUi,
    body: Rect,
    commands: &mut Commands,
) {
    let list = &cx.derived.list;
    state.page = ((body.height() / size::LIST_ROW).floor() as usize).max(1);
    let focus = ui.interact(body, focus_id(), Sense::focusable_noninteractive());
    focus.widget_info(|| {
        let name = cx.catalog.f("list-rows", &[("n", list.len().into())]);
        egui::WidgetInfo::labeled(egui::Role::ListBox, true, name)
    });
    if focus.has_focus() {
        keys::keys(ui, cx, state, commands);
    }
    let reveal = revealed(cx, state);
    hold(cx, state);
    let mut scroll = std::mem::take(&mut state.scroll);
    let layout = LongListLayout { rect: body, row_height: size::LIST_ROW, num_rows: list.len(), reveal };
    scroll.show(ui, "events", layout, |ui, row| {
        let Some(event) = list.get(row) else { return };
        let response = row::row_ui(ui, cx, store, event, ui.max_rect(), focus.has_focus());
        if response.hovered() {
            commands.hover(event);
        }
        if response.clicked() {
            ui.memory_mut(|memory| memory.request_focus(focus_id()));
            clicked(ui, cx, state, event, commands);
        }
        if response.double_clicked() {
            commands.push(MapCommand::FitSelection);
        }
        response.context_menu(|ui| menu(ui, cx, store, event, commands));
    });
    state.held = held(cx, &scroll);
    state.scroll = scroll;
    if focus.has_focus() && cx.state.primary().is_none() {
        paint_row_focus(ui, body, cx.theme);
    }
}

/// What is to stay in view: the primary event, or else the first row of which all is seen. Nothing at
/// the top of the list, where what comes first is what one wants to see.
fn held(cx: &FrameCtx<'_>, scroll: &LongList) -> Option<Held> {
    let list = &cx.derived.list;
    let rows = scroll.in_view(list.len());
    let seen = || rows.clone().filter_map(|row| Some((list.get(row)?, row)));
    let primary = seen().find(|(event, _)| cx.is_primary(*event));
    if scroll.is_at_top() && primary.is_none() {
        return None;
    }
    let (event, row) = primary.or_else(|| seen().find(|(_, row)| scroll.offset_of(*row) >= 0.0))?;
    let others = seen().map(|(event, row)| (event, scroll.offset_of(row))).collect();
    Some(Held { event, row, offset: scroll.offset_of(row), others })
}

/// Scrolls so that what was in view is where it was, if rows came, went or changed places.
fn hold(cx: &FrameCtx<'_>, state: &mut ListUi) {
    let Some(held) = &state.held else { return };
    let derived = cx.derived;
    if derived.list.get(held.row) == Some(held.event) {
        return;
    }
    let first = (held.event, held.offset);
    let mut candidates = std::iter::once(first).chain(held.others.iter().copied());
    let stays = candidates.find(|(event, _)| derived.passes(*event));
    if let Some((event, offset)) = stays
        && let Some(row) = derived.place_in_list(event)
    {
        state.scroll.put(row, offset);
    }
}

/// The row that is to be scrolled to, if the primary event or the order changed elsewhere.
fn revealed(cx: &FrameCtx<'_>, state: &mut ListUi) -> Option<usize> {
    let primary = cx.state.primary();
    let now = (primary, cx.state.view.sort);
    if state.seen == Some(now) {
        return None;
    }
    let turned = state.seen.is_some_and(|(_, sort)| sort != now.1);
    state.seen = Some(now);
    let event = primary?;
    if state.clicked.take() == Some(event) && !turned {
        return None;
    }
    cx.derived.place_in_list(event)
}

/// A plain click selects, with Ctrl it adds or takes away, with Shift it selects a range.
fn clicked(ui: &Ui, cx: &FrameCtx<'_>, state: &mut ListUi, event: EventId, commands: &mut Commands) {
    let modifiers = ui.input(|input| input.modifiers);
    state.clicked = Some(event);
    if modifiers.shift {
        commands.push(SelectCommand::Many(range_to(cx, state, event)));
    } else if modifiers.command {
        state.anchor = Some(event);
        commands.push(SelectCommand::Toggle(event));
    } else {
        state.anchor = Some(event);
        commands.push(SelectCommand::Event(event));
    }
}

/// The events from the anchor of the range to this one, which comes last and so is the primary one.
fn range_to(cx: &FrameCtx<'_>, state: &mut ListUi, event: EventId) -> Vec<EventId> {
    let list = &cx.derived.list;
    let at = |event: EventId| cx.derived.place_in_list(event);
    let anchor = state.anchor.filter(|anchor| cx.derived.passes(*anchor)).or(cx.state.primary());
    state.anchor = anchor.or(Some(event));
    let Some(to) = at(event) else { return vec![event] };
    let from = anchor.and_then(at).unwrap_or(to);
    let range = list.slice(from.min(to)..from.max(to) + 1);
    let mut events = Vec::with_capacity(range.len());
    events.extend(range.iter().filter(|listed| *listed != event));
    events.push(event);
    events
}

/// The context menu of a row.
fn menu(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, commands: &mut Commands) {
    let mut rows: Vec<MenuRow<'_>> = Vec::new();
    let mut does: Vec<Vec<Command>> = Vec::new();
    let mut add = |icon, text, commands| {
        rows.push(MenuRow { icon, text, on: false });
        does.push(commands);
    };
    let select = || Command::from(SelectCommand::Event(event));
    add(icons::CURSOR_CLICK, cx.t("list-menu-select"), vec![select()]);
    let (icon, key) = if cx.is_selected(event) {
        (icons::MINUS_CIRCLE, "list-menu-remove")
    } else {
        (icons::PLUS_CIRCLE, "list-menu-add")
    };
    add(icon, cx.t(key), vec![SelectCommand::Toggle(event).into()]);
    let event_type = store.event_type(event);
    let name = super::format::event_type(cx.catalog, event_type);
    let only = cx.catalog.f("list-menu-type", &[("name", name.into())]);
    add(icons::FUNNEL, only, vec![FilterCommand::Only(Dim::Type, event_type as u32).into()]);
    let place = store.first_place(event);
    if let Some(place) = place {
        let name = super::format::place_name(store, place, cx.state.settings.label_lang);
        let only = cx.catalog.f("list-menu-place", &[("name", name.into())]);
        add(icons::MAP_PIN, only, vec![FilterCommand::Place(place).into()]);
    }
    let title = super::format::event_title(cx.catalog, store, event, cx.lang());
    add(icons::COPY, cx.t("list-menu-copy"), vec![Command::Copy(title.to_owned())]);
    add(icons::CROSSHAIR, cx.t("list-menu-fit"), vec![select(), MapCommand::FitSelection.into()]);
    if let Some(chosen) = rows::menu_ui(ui, cx.theme, cx.rtl(), &rows) {
        for command in does.into_iter().nth(chosen).unwrap_or_default() {
            commands.push(command);
        }
    }
}

/// The way out of an empty list: the window if nothing else hides events, else all filters.
fn empty_action(cx: &FrameCtx<'_>) -> (&'static str, Command) {
    let trays = &cx.derived.trays;
    if trays.filtered_out == 0 {
        ("list-all-time", TimeCommand::Window(None).into())
    } else {
        ("list-reset", FilterCommand::Reset.into())
    }
}
