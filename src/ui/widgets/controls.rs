//! Buttons, segments, checkboxes, chips, keys: the shapes of the design, with states and focus.

use egui::{Color32, CornerRadius, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use super::words::{self, Style};
use crate::ui::theme::{self, TextKind, Theme, icons, size};

/// Ring around what has the keyboard focus.
pub fn focus_ring(ui: &Ui, response: &Response, theme: &Theme) {
    if response.has_focus() {
        let rect = response.rect.expand(2.0);
        ui.painter().rect_stroke(rect, 5.0, Stroke::new(2.0, theme.focus), StrokeKind::Outside);
    }
}

/// A square button with an icon, a tooltip and an accessible name.
pub fn icon_button(ui: &mut Ui, theme: &Theme, icon: &str, name: &str, side: f32) -> Response {
    icon_button_with(ui, theme, icon, name, side, false, true)
}

/// The same, which can be on or disabled.
pub fn icon_button_with(
    ui: &mut Ui,
    theme: &Theme,
    icon: &str,
    name: &str,
    side: f32,
    on: bool,
    enabled: bool,
) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), sense);
    let named = name.to_owned();
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, enabled, on, &named));
    let (fill, color) = match (enabled, on, response.is_pointer_button_down_on(), response.hovered()) {
        (false, ..) => (Color32::TRANSPARENT, theme.disabled),
        (_, _, true, _) => (theme.active, theme.text_strong),
        (_, true, _, _) => (theme.active, theme.text_strong),
        (_, _, _, true) => (theme.hover, theme.text_strong),
        _ => (Color32::TRANSPARENT, theme.text_muted),
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    let font = theme::icon_font(16.0);
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, font, color);
    focus_ring(ui, &response, theme);
    response.on_hover_text(name)
}

/// A button with a text. At most one primary button is seen at a time.
pub fn button(ui: &mut Ui, theme: &Theme, text: &str, primary: bool, enabled: bool) -> Response {
    let style = |color| {
        if primary { Style::strong(TextKind::List, color) } else { Style::new(TextKind::List, color) }
    };
    let width = words::measure(ui.painter(), text, style(theme.text)).x + 24.0;
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), sense);
    let named = text.to_owned();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, &named));
    let (fill, color, edge) = match (primary, enabled) {
        (_, false) => (theme.raised, theme.disabled, theme.line_subtle),
        (true, _) => (theme.accent, theme.on_accent, theme.accent),
        (false, _) if response.is_pointer_button_down_on() => {
            (theme.active, theme.text_strong, theme.line_strong)
        }
        (false, _) if response.hovered() => (theme.hover, theme.text_strong, theme.line_strong),
        _ => (theme.raised, theme.text_strong, theme.line),
    };
    ui.painter().rect(rect, 4.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    words::paint_in(ui.painter(), rect, text, style(color), egui::Align::Center, Some(1));
    focus_ring(ui, &response, theme);
    response
}

/// A text that acts like a link: accent colour, no frame.
pub fn link(ui: &mut Ui, theme: &Theme, text: &str, kind: TextKind) -> Response {
    let response = ui.add(words::Words::new(text, Style::new(kind, theme.accent)).sense(Sense::click()));
    if response.hovered() {
        let y = response.rect.bottom() - 1.0;
        ui.painter().hline(response.rect.x_range(), y, Stroke::new(1.0, theme.accent));
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    focus_ring(ui, &response, theme);
    response
}

/// One of a few choices, side by side. Returns the clicked one.
pub fn segments(ui: &mut Ui, theme: &Theme, choices: &[&str], chosen: usize) -> Option<usize> {
    let height = size::COMPACT;
    let pad = 10.0;
    let style = Style::new(TextKind::List, theme.text_muted);
    let widths: Vec<f32> =
        choices.iter().map(|c| words::measure(ui.painter(), c, style).x + 2.0 * pad).collect();
    let (rect, _) = ui.allocate_exact_size(vec2(widths.iter().sum(), height), Sense::hover());
    ui.painter().rect(rect, 4.0, theme.field, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut clicked = None;
    let mut x = rect.left();
    for (i, (choice, width)) in choices.iter().zip(&widths).enumerate() {
        let part = Rect::from_min_size(egui::pos2(x, rect.top()), vec2(*width, height));
        x += width;
        let id = ui.scope_id().with(("segment", rect.min.x.to_bits(), i));
        let response = ui.interact(part, id, Sense::click());
        let on = i == chosen;
        let named = (*choice).to_owned();
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, &named));
        if on {
            ui.painter().rect_filled(part.shrink(1.0), 3.0, theme.active);
        } else if response.hovered() {
            ui.painter().rect_filled(part.shrink(1.0), 3.0, theme.hover);
        }
        let color = if on { theme.text_strong } else { theme.text_muted };
        words::paint_in(ui.painter(), part, choice, Style { color, ..style }, egui::Align::Center, Some(1));
        focus_ring(ui, &response, theme);
        if response.clicked() {
            clicked = Some(i);
        }
    }
    clicked
}

/// Paints a checkbox of 14 points.
pub fn paint_checkbox(ui: &Ui, theme: &Theme, center: egui::Pos2, checked: bool, enabled: bool) {
    let rect = Rect::from_center_size(center, Vec2::splat(14.0));
    let edge = if enabled { theme.control_edge } else { theme.line };
    if checked {
        ui.painter().rect_filled(rect, 3.0, theme.accent);
        let font = theme::icon_bold_font(11.0);
        ui.painter().text(center, egui::Align2::CENTER_CENTER, icons::CHECK, font, theme.on_accent);
    } else {
        ui.painter().rect(rect, 3.0, theme.field, Stroke::new(1.0, edge), StrokeKind::Inside);
    }
}

/// An active filter; a click on the cross takes it back. Returns whether it was removed.
pub fn chip(ui: &mut Ui, theme: &Theme, text: &str, remove: &str) -> bool {
    let style = Style::new(TextKind::List, theme.text_strong);
    let max = (ui.max_rect().width() - 36.0).max(40.0);
    let width = words::measure(ui.painter(), text, style).x.min(max);
    let (rect, response) = ui.allocate_exact_size(vec2(width + 34.0, size::TINY), Sense::click());
    let named = format!("{remove} {text}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &named));
    let fill = if response.hovered() { theme.selection } else { theme.accent_soft };
    ui.painter().rect(
        rect,
        CornerRadius::same(11),
        fill,
        Stroke::new(1.0, theme.accent_line),
        StrokeKind::Inside,
    );
    let room = Rect::from_min_max(rect.min + vec2(10.0, 0.0), rect.max - vec2(22.0, 0.0));
    words::paint_in(ui.painter(), room, text, style, egui::Align::Min, Some(1));
    let cross = egui::pos2(rect.right() - 13.0, rect.center().y);
    let color = if response.hovered() { theme.text_strong } else { theme.text_muted };
    ui.painter().text(cross, egui::Align2::CENTER_CENTER, icons::X, theme::icon_font(11.0), color);
    focus_ring(ui, &response, theme);
    response.on_hover_text(named).clicked()
}

/// A small tag beside a text, as for the precision of a date.
pub fn tag(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let style = Style::new(TextKind::Caption, theme.text);
    let width = words::measure(ui.painter(), text, style).x + 12.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 18.0), Sense::hover());
    ui.painter().rect_filled(rect, 3.0, theme.active);
    words::paint_in(ui.painter(), rect, text, style, egui::Align::Center, Some(1));
    let named = text.to_owned();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &named));
    response
}
