//! The same event as other datasets tell it, side by side with its own figures.

use egui::{Sense, Ui, vec2};

use crate::model::EventId;
use crate::model::time::DateStyle;
use crate::state::{Commands, DatasetCommand, OpenCase, SelectCommand};
use crate::ui::theme::{TextKind, icons, size};
use crate::ui::widgets::controls;
use crate::ui::widgets::rows::{Strip, end_align, name_label, row_focus, start_align};
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format};

const ROW: f32 = 40.0;

/// A line for the event and for each of its twins; nothing if it has none.
pub fn twins_ui(ui: &mut Ui, cx: &FrameCtx<'_>, case: &OpenCase, event: EventId, commands: &mut Commands) {
    if case.twins.is_empty() {
        return;
    }
    let others = case.twins.of(event);
    if others.is_empty() {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let title = cx.catalog.f("twins-of-event", &[("n", (others.len() + 1).into())]);
    name_label(&response, &title);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, cx.theme.hairline());
    let style = Style::strong(TextKind::List, cx.theme.text_strong);
    let at = rect.shrink2(vec2(size::INSET, 0.0));
    words::paint_in(ui.painter(), at, &title, style, start_align(cx.rtl()), Some(1));
    for twin in std::iter::once(event).chain(others) {
        row_ui(ui, cx, case, event, twin, commands);
    }
    ui.add_space(6.0);
}

/// Dataset and date; the toll at the end.
fn row_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    event: EventId,
    twin: EventId,
    commands: &mut Commands,
) {
    let (theme, store) = (cx.theme, &*case.store);
    let own = twin == event;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let dataset = case.dataset(store.dataset_of(twin));
    let name = dataset.map_or("", |dataset| dataset.name(store, cx.lang()));
    let date = format::event_date(store, twin, cx.lang(), DateStyle::Short);
    let place = format::first_place(store, twin, cx.lang());
    let toll = format::toll(store.fatalities(twin), cx.lang()).unwrap_or_else(|| "–".to_owned());
    let said = [name, &date, &toll].join(", ");
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, own, &said));
    if own {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
        commands.hover(twin);
    }
    let mut strip = Strip::new(rect.shrink2(vec2(size::INSET, 0.0)), cx.rtl());
    let button = strip.end(24.0);
    strip.end(6.0);
    let style = Style::strong(TextKind::List, theme.text_strong);
    let width = words::measure(ui.painter(), &toll, style).x.ceil();
    words::paint_in(ui.painter(), strip.end(width), &toll, style, end_align(cx.rtl()), Some(1));
    strip.end(10.0);
    let align = start_align(cx.rtl());
    let style = Style::new(TextKind::List, theme.text_strong);
    words::paint_in(ui.painter(), strip.rest().translate(vec2(0.0, -8.0)), name, style, align, Some(1));
    let claims = cx.catalog.f("claims", &[("n", store.num_claims_of(twin).into())]);
    let second = [date.as_str(), place, claims.as_str()];
    let second: Vec<&str> = second.into_iter().filter(|part| !part.is_empty()).collect();
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let lower = strip.rest().translate(vec2(0.0, 8.0));
    words::paint_in(ui.painter(), lower, &second.join(" · "), style, align, Some(1));
    row_focus(ui, &response, theme);
    if response.clicked() && !own {
        commands.push(SelectCommand::Event(twin));
    }
    if !own && case.twins.has(event, twin) {
        let at = egui::Rect::from_center_size(button.center().round(), vec2(24.0, 24.0));
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at).id_salt(("unmark", twin)));
        let text = cx.t("twins-unmark");
        if controls::icon_button(&mut child, theme, icons::X, &text, 24.0).clicked() {
            commands.push(DatasetCommand::Twin { a: event, b: twin, same: false });
        }
    }
}

/// Two selected events of different datasets can be marked as one.
pub fn mark_ui(ui: &mut Ui, cx: &FrameCtx<'_>, case: &OpenCase, events: &[EventId], commands: &mut Commands) {
    let [a, b] = *events else { return };
    if case.store.dataset_of(a) == case.store.dataset_of(b) {
        return;
    }
    let same = case.twins.has(a, b);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let at = rect.shrink2(vec2(size::INSET, 4.0));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at).id_salt("mark-twins"));
    let text = cx.t(if same { "twins-unmark" } else { "twins-mark" });
    if controls::link(&mut child, cx.theme, &text, TextKind::List).clicked() {
        commands.push(DatasetCommand::Twin { a, b, same: !same });
    }
}
