//! One row of the list, and what stands there when no event is shown.

use egui::{Rect, Response, Sense, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use crate::lang::thousands;
use crate::model::EventId;
use crate::model::time::DateStyle;
use crate::state::Commands;
use crate::store::Store;
use crate::ui::theme::{self, TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{Strip, end_align, name_label, paint_row_focus, start_align};
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

/// Room of the killed at the reading end.
const KILLED: f32 = 52.0;

/// Date and places of an event in one line.
pub fn second_line(cx: &FrameCtx<'_>, store: &Store, event: EventId) -> String {
    let mut date = format::event_date(store, event, cx.lang(), DateStyle::Short);
    if date.is_empty() {
        date = cx.t("list-undated");
    }
    let places = store.columns.places.of(event.index()).len();
    let first = format::isolated(format::first_place(store, event, cx.state.settings.label_lang), cx.lang());
    let place = match places {
        // A point may have no name.
        0 => match store.position(event) {
            Some(position) => format!("\u{2066}{}\u{2069}", format::coordinates(position)),
            None => cx.t("list-unplaced"),
        },
        1 => first,
        n => cx.catalog.f("list-places", &[("place", first.into()), ("n", n.into())]),
    };
    format!("{date} · {place}")
}

/// A row in a rectangle; `focused` if the list has the keyboard.
pub fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    store: &Store,
    event: EventId,
    rect: Rect,
    focused: bool,
) -> Response {
    let theme = cx.theme;
    // The list as a whole takes the focus.
    let response = ui.interact(rect, super::focus_id().with(event), Sense::CLICK);
    let (selected, primary) = (cx.is_selected(event), cx.is_primary(event));
    let title = format::event_title(cx.catalog, store, event, cx.lang());
    response.widget_info(|| {
        let date = format::event_date(store, event, cx.lang(), DateStyle::Long);
        let date = if date.is_empty() { cx.t("list-undated") } else { date };
        let name = cx.catalog.f("list-row", &[("title", title.as_str().into()), ("date", date.into())]);
        egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, selected, name)
    });
    if selected {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
    } else if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(rect, 0.0, theme.active);
    } else if response.hovered() || cx.is_hovered(event) {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    if primary {
        let edge = Strip::new(rect, cx.rtl()).start(3.0);
        ui.painter().rect_filled(edge, 0.0, theme.accent);
    }
    let mut strip = Strip::new(rect, cx.rtl());
    strip.start(size::INSET);
    strip.end(size::INSET);
    let event_type = store.event_type(event);
    let color = cx.event_color(store, event);
    let center = strip.start(14.0).center();
    shapes::paint(ui.painter(), event_type, center, 5.5, shapes::Fill::Solid, color, theme.symbol_edge);
    strip.start(8.0);
    if cx.state.case.as_ref().is_some_and(|case| case.twins.is_marked(event)) {
        crate::ui::chrome::paint_twin_sign(ui.painter(), strip.start(13.0).center(), theme);
        strip.start(5.0);
    }
    let killed_width = paint_killed(ui, cx, store, event, strip);
    // Titles end where the column of the killed begins, the line below only where its number does.
    let line = |end: f32, top: f32, bottom: f32| {
        let mut strip = strip;
        strip.end(end);
        let x = strip.rest().x_range();
        Rect::from_x_y_ranges(x, rect.top() + top..=rect.top() + bottom)
    };
    let style = if selected {
        Style::strong(TextKind::List, theme.text_strong)
    } else {
        Style::new(TextKind::List, theme.text_strong)
    };
    let query = &cx.derived.found.query;
    let hits = if query.is_empty() { Vec::new() } else { query.hits(&title) };
    let align = start_align(cx.rtl());
    words::paint_marked_in(
        ui.painter(),
        line(killed_width.max(KILLED) + 10.0, 3.0, 21.0),
        &title,
        style,
        align,
        &hits,
        theme.accent_line,
    );
    let second = second_line(cx, store, event);
    let style = Style::new(TextKind::Caption, theme.text_muted);
    words::paint_in(ui.painter(), line(killed_width + 10.0, 20.0, 36.0), &second, style, align, Some(1));
    if primary && focused {
        paint_row_focus(ui, rect, theme);
    }
    response.on_hover_ui(|ui| tip_ui(ui, cx, store, event))
}

/// The whole title in both languages, the whole date and all places.
fn tip_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId) {
    let Some(detail) = store.detail(event) else { return };
    ui.set_max_width(320.0);
    let (theme, lang) = (cx.theme, cx.lang());
    let mut line = |text: &str, style: Style| {
        ui.add(words::Words::new(text, style).wrap());
    };
    line(detail.titles.get(lang), Style::strong(TextKind::List, theme.text_strong));
    if let Some(second) = detail.titles.beside(lang).filter(|second| *second != detail.titles.get(lang)) {
        line(second, Style::new(TextKind::List, theme.text));
    }
    let date = format::event_date(store, event, lang, DateStyle::Long);
    let labels = cx.state.settings.label_lang;
    let places = detail.places.iter().map(|place| format::place_name(store, place.place, labels));
    let places = places.collect::<Vec<_>>().join(&cx.t("join-comma"));
    for text in [date, places].iter().filter(|text| !text.is_empty()) {
        line(text, Style::new(TextKind::Caption, theme.text_muted));
    }
}

/// Paints the killed at the reading end; returns the width of the number.
fn paint_killed(ui: &Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId, mut strip: Strip) -> f32 {
    let toll = format::toll(store.fatalities(event), cx.lang());
    let color = if toll.is_some() { cx.theme.text_strong } else { cx.theme.disabled };
    let text = toll.as_deref().unwrap_or("–");
    let style = Style::new(TextKind::List, color);
    let needs = words::measure(ui.painter(), text, style).x.ceil();
    let rect = strip.end(needs);
    words::paint_in(ui.painter(), rect, text, style, end_align(cx.rtl()), Some(1));
    needs
}

/// What happened, then numbers, then one action.
fn empty_words(cx: &FrameCtx<'_>, store: &Store) -> (String, String) {
    let trays = &cx.derived.trays;
    let (total, filtered) = (store.num_events(), trays.filtered_out);
    let outside = trays.outside_window;
    let args = [
        ("total", thousands(total as i64).into()),
        ("filtered", thousands(filtered as i64).into()),
        ("outside", thousands(outside as i64).into()),
    ];
    let (title, numbers) = match (filtered, outside) {
        (0, _) => ("list-empty-window", "list-empty-outside"),
        (_, 0) => ("list-empty", "list-empty-filtered"),
        _ => ("list-empty", "list-empty-both"),
    };
    let mut numbers = cx.catalog.f(numbers, &args);
    if trays.undated > 0 {
        let undated = cx.catalog.f("list-empty-undated", &[("n", trays.undated.into())]);
        numbers = format!("{numbers}{}{undated}", cx.t("join-comma"));
    }
    (cx.t(title), numbers)
}

/// The card of an empty list.
pub fn empty_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, commands: &mut Commands) {
    let theme = cx.theme;
    let body = ui.available_rect_before_wrap();
    let in_case = store.num_events() > 0;
    let (title, numbers) =
        if in_case { empty_words(cx, store) } else { (cx.t("list-empty-case"), String::new()) };
    let title_style = Style::strong(TextKind::List, theme.text_strong);
    let numbers_style = Style::new(TextKind::Caption, theme.text_muted);
    let text_width = (body.width() - 2.0 * size::INSET - 52.0).max(40.0);
    let title_height = words::measure_in(ui.painter(), &title, title_style, text_width, None).y;
    let numbers_height = words::measure_in(ui.painter(), &numbers, numbers_style, text_width, None).y;
    let action_height = if in_case { 24.0 } else { 0.0 };
    let height = title_height + numbers_height + action_height + 24.0;
    let card = Rect::from_min_size(
        body.min + vec2(size::INSET, size::INSET),
        vec2(body.width() - 2.0 * size::INSET, height.round()),
    );
    let response = ui.allocate_rect(card, Sense::hover());
    name_label(&response, &format!("{title}. {numbers}"));
    ui.painter().rect(card, 6.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut strip = Strip::new(card, cx.rtl());
    let icon = strip.start(40.0);
    let at = pos2(icon.center().x, card.top() + 12.0 + title_height / 2.0);
    let glyph = icons::TRAY;
    ui.painter().text(at, egui::Align2::CENTER_CENTER, glyph, theme::icon_font(16.0), theme.text_muted);
    strip.end(size::INSET);
    let mut text = strip.rest();
    text.min.y += 12.0;
    let align = start_align(cx.rtl());
    words::paint_in(ui.painter(), text, &title, title_style, align, None);
    text.min.y += title_height;
    words::paint_in(ui.painter(), text, &numbers, numbers_style, align, None);
    if !in_case {
        return;
    }
    text.min.y += numbers_height + 6.0;
    let (label, command) = super::empty_action(cx);
    let direction = if cx.rtl() {
        egui::Layout::right_to_left(egui::Align::Min)
    } else {
        egui::Layout::left_to_right(egui::Align::Min)
    };
    let mut child = ui.new_child(UiBuilder::new().max_rect(text).layout(direction));
    if controls::link(&mut child, theme, &cx.t(label), TextKind::List).clicked() {
        commands.push(command);
    }
}
