//! Rows of panels, lists and menus that follow the reading direction of the interface.
//!
//! A row is cut into parts from its reading start and end ([`Strip`]), so that no panel needs to know
//! which side of the screen that is.

use egui::{Align, Rect, Response, Sense, Stroke, StrokeKind, Ui, vec2};

use super::words::{self, Style};
use crate::ui::theme::{self, TextKind, Theme, icons};

/// What is left of a row after parts were cut from its ends. Never of negative width.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    rest: Rect,
    rtl: bool,
}

impl Strip {
    pub fn new(rect: Rect, rtl: bool) -> Self {
        Self { rest: rect, rtl }
    }

    /// Cuts a part from the reading start.
    pub fn start(&mut self, width: f32) -> Rect {
        self.cut(width, !self.rtl)
    }

    /// Cuts a part from the reading end.
    pub fn end(&mut self, width: f32) -> Rect {
        self.cut(width, self.rtl)
    }

    pub fn rest(&self) -> Rect {
        self.rest
    }

    fn cut(&mut self, width: f32, left: bool) -> Rect {
        let width = width.clamp(0.0, self.rest.width().max(0.0));
        let mut part = self.rest;
        if left {
            part.max.x = part.min.x + width;
            self.rest.min.x = part.max.x;
        } else {
            part.min.x = part.max.x - width;
            self.rest.max.x = part.min.x;
        }
        part
    }
}

/// Alignment at the reading start.
pub fn start_align(rtl: bool) -> Align {
    if rtl { Align::Max } else { Align::Min }
}

/// Alignment at the reading end.
pub fn end_align(rtl: bool) -> Align {
    if rtl { Align::Min } else { Align::Max }
}

/// Ring inside a row that has the keyboard focus; rows touch, so there is no room around them.
pub fn row_focus(ui: &Ui, response: &Response, theme: &Theme) {
    if response.has_focus() {
        paint_row_focus(ui, response.rect, theme);
    }
}

/// The ring of [`row_focus`].
pub fn paint_row_focus(ui: &Ui, rect: Rect, theme: &Theme) {
    ui.painter().rect_stroke(rect, 2.0, Stroke::new(2.0, theme.focus), StrokeKind::Inside);
}

/// Scroll bars of lists: a thin handle over the rows' end inset, which takes no room from the rows.
/// Also sets rows close together.
pub fn list_style(ui: &mut Ui, theme: &Theme) {
    let spacing = ui.spacing_mut();
    spacing.item_spacing = egui::Vec2::ZERO;
    let scroll = &mut spacing.scroll;
    scroll.floating_allocated_width = 0.0;
    scroll.floating_width = 4.0;
    scroll.bar_width = 8.0;
    scroll.bar_outer_margin = 2.0;
    scroll.dormant_background_opacity = 0.0;
    scroll.active_background_opacity = 0.0;
    scroll.fade.strength = 0.0;
    let widgets = &mut ui.visuals_mut().widgets;
    widgets.inactive.bg_fill = theme.line_strong;
    widgets.hovered.bg_fill = theme.control_edge;
    widgets.active.bg_fill = theme.control_edge;
}

/// Caret of something that can be folded; shut ones point to the reading end.
pub fn fold_caret(open: bool, rtl: bool) -> &'static str {
    match (open, rtl) {
        (true, _) => icons::CARET_DOWN,
        (false, false) => icons::CARET_RIGHT,
        (false, true) => icons::CARET_LEFT,
    }
}

/// A line of a popup menu.
pub struct MenuRow<'a> {
    pub icon: &'a str,
    pub text: String,
    /// Has a tick instead of its icon.
    pub on: bool,
}

/// The lines of a popup menu, as wide as the widest. Returns the chosen one and closes the menu.
pub fn menu_ui(ui: &mut Ui, theme: &Theme, rtl: bool, rows: &[MenuRow<'_>]) -> Option<usize> {
    let style = Style::new(TextKind::Body, theme.text);
    let widest = rows.iter().map(|row| words::measure(ui.painter(), &row.text, style).x).fold(0.0, f32::max);
    let width = (widest.ceil() + 46.0).max(140.0);
    ui.set_width(width);
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    let mut chosen = None;
    for (index, row) in rows.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::MenuItem, true, row.on, row.text.as_str())
        });
        let lit = response.hovered() || response.has_focus();
        if lit {
            ui.painter().rect_filled(rect, 4.0, theme.hover);
        }
        let mut strip = Strip::new(rect, rtl);
        strip.start(8.0);
        let mark = strip.start(16.0).center();
        strip.start(8.0);
        let (glyph, color) = if row.on { (icons::CHECK, theme.accent) } else { (row.icon, theme.text_muted) };
        ui.painter().text(mark, egui::Align2::CENTER_CENTER, glyph, theme::icon_font(15.0), color);
        let color = if lit { theme.text_strong } else { theme.text };
        words::paint_in(
            ui.painter(),
            strip.rest(),
            &row.text,
            Style { color, ..style },
            start_align(rtl),
            Some(1),
        );
        row_focus(ui, &response, theme);
        if response.clicked() {
            chosen = Some(index);
            ui.close();
        }
    }
    chosen
}

/// A tooltip in any script.
pub fn tip(response: Response, theme: &Theme, text: &str) -> Response {
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        ui.add(words::Words::new(text, Style::new(TextKind::List, theme.text)).wrap());
    })
}

/// A sum or a fixed caption in a row, for assistive technology as for the eye.
pub fn name_label(response: &Response, text: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn strips_mirror_and_never_run_out() {
        let rect = Rect::from_min_size(pos2(10.0, 0.0), vec2(100.0, 20.0));
        let mut ltr = Strip::new(rect, false);
        assert_eq!((ltr.start(30.0).left(), ltr.end(20.0).right()), (10.0, 110.0));
        assert_eq!(ltr.rest().x_range(), egui::Rangef::new(40.0, 90.0));
        let mut rtl = Strip::new(rect, true);
        assert_eq!((rtl.start(30.0).right(), rtl.end(20.0).left()), (110.0, 10.0));
        assert_eq!(rtl.start(500.0).width(), 50.0);
        assert_eq!(rtl.end(5.0).width(), 0.0);
    }
}
