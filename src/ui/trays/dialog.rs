//! The list of one tray: each entry with the reason why it is not shown, in words.

use egui::{
    EventFilter, Frame, Id, Key, Margin, Modal, Modifiers, Rect, Sense, Stroke, Ui, UiBuilder, pos2, vec2,
};

use super::{count, icon};
use crate::model::time::DateStyle;
use crate::model::{EventId, Mention};
use crate::state::{
    Command, Commands, Dialog, FilterCommand, MapCommand, SelectCommand, TextCommand, TimeCommand, Tray,
    ViewCommand,
};
use crate::store::Store;
use crate::store::cross::Rows;
use crate::store::filter::Dim;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{Strip, end_align, list_style, name_label, paint_row_focus, start_align, tip};
use crate::ui::widgets::words::{self, Style};
use crate::ui::widgets::{LongList, LongListLayout};
use crate::ui::{FrameCtx, format, shapes};

const WIDTH: f32 = 720.0;
/// A mention takes three lines.
const MENTION_ROW: f32 = 66.0;

/// State of the dialog's widgets.
#[derive(Default)]
pub struct DialogUi {
    open: Option<Tray>,
    /// The row that the keys are on.
    row: usize,
    /// The keys moved, so the row is to be seen.
    moved: bool,
    /// Just opened. What was below gives up the keyboard first, then the list takes it.
    wants_focus: bool,
    /// Events that each dimension hides, and the generation that they were counted in.
    hides: Option<(u64, Vec<(Dim, usize)>)>,
    scroll: LongList,
    /// The events of a tray, and the generation that they were gathered in.
    events: Option<(u64, Tray, Rows)>,
}

/// One line of the list.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Event(EventId),
    Mention(&'a Mention),
}

/// The entries of a tray: its events, then the mentions without a date.
#[derive(Clone)]
struct Entries<'a> {
    events: Rows,
    mentions: &'a [Mention],
}

impl<'a> Entries<'a> {
    fn of(cx: &FrameCtx<'a>, store: &'a Store, tray: Tray, state: &mut DialogUi) -> Self {
        let generation = cx.derived.generation;
        let events = match &state.events {
            Some((made, of, events)) if (*made, *of) == (generation, tray) => events.clone(),
            _ => {
                let events = cx.derived.tray_rows(store, tray);
                state.events = Some((generation, tray, events.clone()));
                events
            }
        };
        let mentions: &'a [Mention] = if tray == Tray::Undated { &store.mentions } else { &[] };
        Self { events, mentions }
    }

    fn len(&self) -> usize {
        self.events.len() + self.mentions.len()
    }

    fn get(&self, row: usize) -> Option<Entry<'a>> {
        let event = self.events.get(row).map(Entry::Event);
        event.or_else(|| self.mentions.get(row.checked_sub(self.events.len())?).map(Entry::Mention))
    }
}

pub fn tray_dialog_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut super::TraysUi, commands: &mut Commands) {
    let state = &mut state.dialog;
    let (Some(Dialog::Tray(tray)), Some(store)) = (&cx.state.view.dialog, cx.store()) else {
        state.open = None;
        return;
    };
    let tray = *tray;
    let theme = cx.theme;
    let fresh = state.open != Some(tray);
    if fresh {
        *state = DialogUi { open: Some(tray), wants_focus: true, ..DialogUi::default() };
        ui.ctx().request_repaint();
    }
    let frame = Frame::new()
        .fill(theme.overlay)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(8)
        .shadow(theme.popup_shadow())
        .inner_margin(Margin::ZERO);
    let screen = ui.ctx().content_rect();
    let width = WIDTH.min(screen.width() - 32.0).max(200.0).round();
    let modal = Modal::new(Id::unique("tray-dialog")).backdrop_color(theme.scrim).frame(frame);
    let shown = modal.show(ui.ctx(), |ui| {
        ui.set_width(width);
        list_style(ui, theme);
        let entries = Entries::of(cx, store, tray, state);
        head_ui(ui, cx, store, tray, commands);
        if tray == Tray::FilteredOut {
            hides_ui(ui, cx, state, commands);
        }
        let chrome = 48.0 + 56.0 + 64.0;
        let room = (screen.height() - 96.0 - chrome).clamp(MENTION_ROW, 480.0);
        list_ui(ui, cx, store, tray, &entries, state, room, fresh, commands);
        foot_ui(ui, cx, tray, &entries, state, commands);
    });
    if shown.should_close() {
        commands.push(ViewCommand::Dialog(None));
    }
}

fn head_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, tray: Tray, commands: &mut Commands) {
    let theme = cx.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::DIALOG_INSET);
    let at = strip.start(18.0).center().round();
    ui.painter().text(at, egui::Align2::CENTER_CENTER, icon(tray), theme::icon_font(18.0), theme.text_muted);
    strip.start(10.0);
    strip.end(10.0);
    let close = strip.end(28.0);
    let close = Rect::from_center_size(close.center(), vec2(28.0, 28.0)).round();
    let mut child = ui.new_child(UiBuilder::new().max_rect(close));
    if controls::icon_button(&mut child, theme, icons::X, &cx.t("tray-close"), 28.0).clicked() {
        commands.push(ViewCommand::Dialog(None));
    }
    let title = cx.t(&format!("tray-{}.title", tray.name()));
    let style = Style::strong(TextKind::Heading, theme.text_strong);
    let title_width = words::measure(ui.painter(), &title, style).x.ceil();
    words::paint_in(ui.painter(), strip.start(title_width), &title, style, start_align(cx.rtl()), Some(1));
    strip.start(10.0);
    let entries = crate::lang::thousands(count(cx, store, tray) as i64);
    let style = Style::new(TextKind::Heading, theme.text_muted);
    words::paint_in(ui.painter(), strip.rest(), &entries, style, start_align(cx.rtl()), Some(1));
    name_label(&response, &format!("{title} {entries}"));
    // What the tray is, in a sentence.
    let tip = super::tip(cx, store, tray);
    let style = Style::new(TextKind::List, theme.text_muted);
    let width = (ui.available_width() - 2.0 * size::DIALOG_INSET).max(40.0);
    let height = words::measure_in(ui.painter(), &tip, style, width, None).y;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height + 10.0), Sense::hover());
    name_label(&response, &tip);
    let room = Rect::from_min_size(rect.min + vec2(size::DIALOG_INSET, 0.0), vec2(width, height));
    words::paint_in(ui.painter(), room, &tip, style, start_align(cx.rtl()), None);
}

/// Counts how many of the filtered-out events each dimension hides, most first.
fn count_hides(cx: &FrameCtx<'_>, state: &mut DialogUi) {
    let generation = cx.derived.generation;
    if state.hides.as_ref().is_some_and(|(counted, _)| *counted == generation) {
        return;
    }
    let mut hides: Vec<(Dim, usize)> = Dim::ALL.map(|dim| (dim, cx.derived.hidden_by(dim))).into();
    hides.retain(|(_, n)| *n > 0);
    hides.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    state.hides = Some((generation, hides));
}

/// How many of the filtered-out events each dimension hides; a click takes that filter back.
fn hides_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut DialogUi, commands: &mut Commands) {
    count_hides(cx, state);
    let Some((_, hides)) = &state.hides else { return };
    let theme = cx.theme;
    let style = Style::new(TextKind::List, theme.text_strong);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TINY + 12.0), Sense::hover());
    let mut strip = Strip::new(
        Rect::from_min_size(rect.min, vec2(rect.width(), size::TINY)).shrink2(vec2(size::DIALOG_INSET, 0.0)),
        cx.rtl(),
    );
    // The window has a tray of its own.
    for (dim, n) in hides.iter().filter(|(dim, _)| *dim != Dim::Window) {
        let name = cx.t(&format!("dim-{}", dim.name()));
        let args = [("dim", name.as_str().into()), ("n", (*n).into())];
        let text = cx.catalog.f("tray-hides", &args);
        let width = words::measure(ui.painter(), &text, style).x.ceil() + 31.0;
        if width > strip.rest().width() {
            break;
        }
        let at = strip.start(width);
        strip.start(6.0);
        let response = ui.interact(at, ui.scope_id().with(("hides", *dim)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text));
        let fill = if response.hovered() { theme.selection } else { theme.accent_soft };
        let edge = Stroke::new(1.0, theme.accent_line);
        ui.painter().rect(at, 11.0, fill, edge, egui::StrokeKind::Inside);
        let mut parts = Strip::new(at, cx.rtl());
        parts.start(10.0);
        let cross = parts.end(21.0).center();
        words::paint_in(ui.painter(), parts.rest(), &text, style, start_align(cx.rtl()), Some(1));
        let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
        ui.painter().text(cross, egui::Align2::CENTER_CENTER, icons::X, theme::icon_font(12.0), color);
        controls::focus_ring(ui, &response, theme);
        if response.clicked() {
            commands.push(FilterCommand::Clear(*dim));
        }
        tip(response, theme, &cx.catalog.f("tray-hides.tip", &args));
    }
}

fn row_height(tray: Tray, entries: &Entries<'_>) -> f32 {
    if tray == Tray::Undated && !entries.mentions.is_empty() { MENTION_ROW } else { size::LIST_ROW + 4.0 }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one dialog")]
fn list_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    tray: Tray,
    entries: &Entries<'_>,
    state: &mut DialogUi,
    room: f32,
    fresh: bool,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let top = ui.cursor().top() + 0.5;
    let left_right = ui.max_rect().x_range();
    ui.painter().hline(left_right, top, theme.hairline());
    ui.add_space(1.0);
    if entries.len() == 0 {
        let text = cx.t(&format!("tray-empty-{}", tray.name()));
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
        name_label(&response, &text);
        let style = Style::new(TextKind::Body, theme.text_muted);
        words::paint_in(ui.painter(), rect, &text, style, egui::Align::Center, Some(1));
        return;
    }
    state.row = state.row.min(entries.len() - 1);
    let height = row_height(tray, entries);
    let shown = (entries.len() as f32 * height).min(room);
    let body = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), shown));
    let focus_id = Id::unique("tray-list-focus");
    let focus = ui.interact(body, focus_id, Sense::focusable_noninteractive());
    let title = cx.t(&format!("tray-{}.title", tray.name()));
    focus.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ListBox, true, &title));
    if state.wants_focus && !fresh {
        state.wants_focus = false;
        ui.memory_mut(|memory| memory.request_focus(focus_id));
    }
    if focus.has_focus() {
        keys(ui, cx, focus_id, entries, state, (room / height) as usize, commands);
    }
    let reveal = std::mem::take(&mut state.moved).then_some(state.row);
    let mut scroll = std::mem::take(&mut state.scroll);
    let layout = LongListLayout { rect: body, row_height: height, num_rows: entries.len(), reveal };
    scroll.show(ui, tray.name(), layout, |ui, row| {
        let Some(entry) = entries.get(row) else { return };
        let rect = ui.max_rect();
        let response = entry_ui(ui, cx, store, tray, entry, row, rect, commands);
        if focus.has_focus() && row == state.row {
            paint_row_focus(ui, rect, theme);
        }
        if response.clicked() {
            state.row = row;
            ui.memory_mut(|memory| memory.request_focus(focus_id));
            choose(entry, commands);
        }
        if response.double_clicked() {
            go(cx, entry, commands);
        }
    });
    state.scroll = scroll;
}

fn keys(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    focus_id: Id,
    entries: &Entries<'_>,
    state: &mut DialogUi,
    page: usize,
    commands: &mut Commands,
) {
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(focus_id, filter));
    let last = entries.len().saturating_sub(1);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let before = state.row;
    for (key, to) in [
        (Key::ArrowDown, (before + 1).min(last)),
        (Key::ArrowUp, before.saturating_sub(1)),
        (Key::PageDown, (before + page.max(1)).min(last)),
        (Key::PageUp, before.saturating_sub(page.max(1))),
        (Key::Home, 0),
        (Key::End, last),
    ] {
        if pressed(key) {
            (state.row, state.moved) = (to, true);
        }
    }
    let Some(entry) = entries.get(state.row) else { return };
    if state.row != before || pressed(Key::Space) {
        choose(entry, commands);
    }
    if pressed(Key::Enter) {
        go(cx, entry, commands);
    }
}

/// Selects an event; a mention has nothing to select.
fn choose(entry: Entry<'_>, commands: &mut Commands) {
    if let Entry::Event(event) = entry {
        commands.push(SelectCommand::Event(event));
    }
}

/// Shows an entry in the window and closes the dialog.
fn go(cx: &FrameCtx<'_>, entry: Entry<'_>, commands: &mut Commands) {
    match entry {
        Entry::Event(event) => {
            commands.push(SelectCommand::Event(event));
            commands.push(MapCommand::FitSelection);
        }
        Entry::Mention(mention) => reveal(cx, mention, commands),
    }
    commands.push(ViewCommand::Dialog(None));
}

/// Brings the span of a mention into view, in whichever text of its document is shown.
fn reveal(cx: &FrameCtx<'_>, mention: &Mention, commands: &mut Commands) {
    commands.push(TextCommand::Show(mention.document));
    let spans = cx.state.shown_form(mention.document).map(|form| mention.spans.of(form));
    if let Some(start) = spans.and_then(|spans| spans.iter().map(|span| span.start).min()) {
        commands.push(TextCommand::Reveal(mention.document, start));
    }
}

/// Why an event is in the tray.
fn reason(cx: &FrameCtx<'_>, store: &Store, tray: Tray, event: EventId) -> String {
    let interval = store.interval(event);
    match tray {
        Tray::Undated => cx.t("tray-no-date"),
        Tray::Unplaced => cx.t("tray-no-place"),
        Tray::FilteredOut => {
            let names: Vec<String> =
                cx.derived.dims(event).map(|dim| cx.t(&format!("dim-{}", dim.name()))).collect();
            cx.catalog.f("tray-fails", &[("dims", names.join(&cx.t("join-comma")).into())])
        }
        Tray::OutsideWindow => {
            let date = format::event_date(store, event, cx.lang(), DateStyle::Long);
            let window = cx.state.view.filter.window.unwrap_or(crate::model::Interval::ALL);
            let key = if interval.end <= window.start {
                "tray-before"
            } else if interval.start >= window.end {
                "tray-after"
            } else {
                "tray-partly"
            };
            cx.catalog.f(key, &[("date", date.into())])
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row")]
fn entry_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    tray: Tray,
    entry: Entry<'_>,
    row: usize,
    rect: Rect,
    commands: &mut Commands,
) -> egui::Response {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with(("entry", row)), Sense::CLICK);
    let selected = matches!(entry, Entry::Event(event) if cx.is_selected(event));
    let hovered = matches!(entry, Entry::Event(event) if cx.is_hovered(event));
    if selected {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
        let edge = Strip::new(rect, cx.rtl()).start(3.0);
        ui.painter().rect_filled(edge, 0.0, theme.accent);
    } else if response.hovered() || hovered {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::DIALOG_INSET);
    strip.end(size::DIALOG_INSET);
    let mark = strip.start(18.0);
    strip.start(8.0);
    match entry {
        Entry::Event(event) => {
            if response.hovered() {
                commands.hover(event);
            }
            event_ui(ui, cx, store, tray, event, selected, mark, strip, &response);
        }
        Entry::Mention(mention) => mention_ui(ui, cx, store, mention, row, mark, strip, &response, commands),
    }
    response
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row")]
fn event_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    tray: Tray,
    event: EventId,
    selected: bool,
    mark: Rect,
    mut strip: Strip,
    response: &egui::Response,
) {
    let theme = cx.theme;
    let title = format::event_title(cx.catalog, store, event, cx.lang());
    let reason = reason(cx, store, tray, event);
    response.widget_info(|| {
        let name =
            cx.catalog.f("list-row", &[("title", title.as_str().into()), ("date", reason.as_str().into())]);
        egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, selected, name)
    });
    let event_type = store.event_type(event);
    let (color, edge) = (cx.event_color(store, event), theme.symbol_edge);
    shapes::paint(ui.painter(), event_type, mark.center(), 6.0, shapes::Fill::Solid, color, edge);
    // The reason names the date of events outside the window.
    if tray != Tray::OutsideWindow {
        let date = format::event_date(store, event, cx.lang(), DateStyle::Short);
        let style = Style::new(TextKind::List, theme.text_muted);
        let width = words::measure(ui.painter(), &date, style).x.ceil();
        words::paint_in(ui.painter(), strip.end(width), &date, style, end_align(cx.rtl()), Some(1));
        strip.end(12.0);
    }
    let room = strip.rest();
    let top =
        Rect::from_min_max(pos2(room.left(), room.center().y - 18.0), pos2(room.right(), room.center().y));
    let below =
        Rect::from_min_max(pos2(room.left(), room.center().y), pos2(room.right(), room.center().y + 16.0));
    let style = Style { strong: selected, ..Style::new(TextKind::Body, theme.text_strong) };
    words::paint_in(ui.painter(), top, &title, style, start_align(cx.rtl()), Some(1));
    let style = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), below, &reason, style, start_align(cx.rtl()), Some(1));
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row")]
fn mention_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    mention: &Mention,
    row: usize,
    mark: Rect,
    mut strip: Strip,
    response: &egui::Response,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let what = mention.what.get(cx.lang());
    let document = store.document(mention.document).map(|d| d.key.as_str()).unwrap_or_default();
    let candidate = mention.candidate_event.filter(|event| store.detail(*event).is_some());
    let place = match candidate {
        Some(event) => {
            let title = format::event_title(cx.catalog, store, event, cx.lang());
            let args = [("document", document.into()), ("event", title.into())];
            cx.catalog.f("tray-mention-perhaps", &args)
        }
        None => cx.catalog.f("tray-mention", &[("document", document.into())]),
    };
    response.widget_info(|| {
        let name = cx.catalog.f("list-row", &[("title", what.into()), ("date", place.as_str().into())]);
        egui::WidgetInfo::labeled(egui::Role::ListBoxOption, true, name)
    });
    let font = theme::icon_font(16.0);
    ui.painter().text(mark.center(), egui::Align2::CENTER_CENTER, icons::QUOTES, font, theme.text_muted);
    // Buttons at the end: to the text, and to the event that is perhaps meant.
    let mut button = |strip: &mut Strip, key: &str, salt: &str| {
        let label = cx.t(key);
        let style = Style::new(TextKind::List, theme.text);
        let width = words::measure(ui.painter(), &label, style).x.ceil() + 24.0;
        let at = strip.end(width);
        strip.end(6.0);
        let at = Rect::from_center_size(at.center(), vec2(width, size::CONTROL)).round();
        let mut child = ui.new_child(UiBuilder::new().max_rect(at).id_salt((salt, row)));
        controls::button(&mut child, theme, &label, false, true).clicked()
    };
    if button(&mut strip, "tray-mention-show", "show") {
        reveal(cx, mention, commands);
        commands.push(ViewCommand::Dialog(None));
    }
    if let Some(event) = candidate
        && button(&mut strip, "tray-mention-event", "event")
    {
        commands.push(SelectCommand::Event(event));
        commands.push(ViewCommand::Dialog(None));
    }
    strip.end(6.0);
    let room = strip.rest();
    let lines = [
        (what, Style::new(TextKind::Body, theme.text_strong)),
        (mention.what.beside(cx.lang()).unwrap_or_default(), Style::new(TextKind::List, theme.text)),
        (place.as_str(), Style::new(TextKind::Caption, theme.text_muted)),
    ];
    let mut y = room.top() + 4.0;
    for ((text, style), height) in lines.into_iter().zip([20.0, 21.0, 17.0]) {
        let line = Rect::from_min_size(pos2(room.left(), y), vec2(room.width(), height));
        words::paint_in(ui.painter(), line, text, style, start_align(cx.rtl()), Some(1));
        y += height;
    }
}

/// What brings the tray's events back: the dimensions that hide them are taken back.
fn show_these(tray: Tray, state: &DialogUi) -> Vec<Command> {
    let cleared = |dim: Dim| match dim {
        Dim::Window => TimeCommand::Window(None).into(),
        dim => FilterCommand::Clear(dim).into(),
    };
    match tray {
        Tray::Unplaced => Vec::new(),
        Tray::Undated | Tray::OutsideWindow => vec![cleared(Dim::Window)],
        Tray::FilteredOut => {
            let hides = state.hides.iter().flat_map(|(_, hides)| hides);
            hides.map(|(dim, _)| cleared(*dim)).collect()
        }
    }
}

fn foot_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    tray: Tray,
    entries: &Entries<'_>,
    state: &DialogUi,
    commands: &mut Commands,
) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, theme.hairline());
    let mut strip = Strip::new(rect.shrink2(vec2(size::DIALOG_INSET, 0.0)), cx.rtl());
    let mut button = |strip: &mut Strip, label: &str, primary: bool| {
        let style = Style::strong(TextKind::List, theme.text);
        let width = words::measure(ui.painter(), label, style).x.ceil() + 24.0;
        let at = strip.end(width);
        strip.end(8.0);
        let at = Rect::from_center_size(at.center(), vec2(width, size::CONTROL)).round();
        let mut child = ui.new_child(UiBuilder::new().max_rect(at).id_salt(("foot", primary)));
        controls::button(&mut child, theme, label, primary, true).clicked()
    };
    let these = if entries.events.is_empty() { Vec::new() } else { show_these(tray, state) };
    if !these.is_empty() && button(&mut strip, &cx.t(&format!("tray-show-{}", tray.name())), true) {
        for command in these {
            commands.push(command);
        }
        commands.push(ViewCommand::Dialog(None));
    }
    if button(&mut strip, &cx.t("tray-close"), false) {
        commands.push(ViewCommand::Dialog(None));
    }
    if !entries.events.is_empty() {
        let style = Style::new(TextKind::Caption, theme.text_muted);
        let hint = cx.t("tray-hint");
        words::paint_in(ui.painter(), strip.rest(), &hint, style, start_align(cx.rtl()), Some(1));
    }
}
