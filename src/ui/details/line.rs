//! Strips laid out from the reading start, so that rows mirror in right-to-left interfaces.

use egui::{Align, Painter, Rect, Ui, UiBuilder, pos2};

use crate::ui::widgets::words::{self, Style};

/// A strip whose parts are counted from the reading start.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub rect: Rect,
    pub rtl: bool,
}

impl Line {
    pub fn new(rect: Rect, rtl: bool) -> Self {
        Self { rect, rtl }
    }

    /// Takes a strip of a height over the whole width of a panel.
    pub fn allocate(ui: &mut Ui, height: f32, sense: egui::Sense, rtl: bool) -> (Self, egui::Response) {
        let width = ui.available_width();
        let (rect, response) = ui.allocate_exact_size(egui::vec2(width, height), sense);
        (Self::new(rect, rtl), response)
    }

    pub fn width(&self) -> f32 {
        self.rect.width()
    }

    /// The place on the screen that lies `start` points from the reading start.
    pub fn x(&self, start: f32) -> f32 {
        let start = start.round();
        if self.rtl { self.rect.right() - start } else { self.rect.left() + start }
    }

    /// The part from `start` to `end` points from the reading start, over the whole height.
    pub fn part(&self, start: f32, end: f32) -> Rect {
        let (a, b) = (self.x(start), self.x(end.max(start)));
        Rect::from_min_max(pos2(a.min(b), self.rect.top()), pos2(a.max(b), self.rect.bottom()))
    }

    /// The same strip between two heights, counted from its top.
    pub fn rows(&self, top: f32, bottom: f32) -> Self {
        let y = |y: f32| self.rect.top() + y;
        let min = pos2(self.rect.left(), y(top));
        Self { rect: Rect::from_min_max(min, pos2(self.rect.right(), y(bottom))), ..*self }
    }

    pub fn start(&self) -> Align {
        if self.rtl { Align::Max } else { Align::Min }
    }

    pub fn end(&self) -> Align {
        if self.rtl { Align::Min } else { Align::Max }
    }

    /// Paints one line of text from the reading start of a part; returns its end, from the reading
    /// start of the strip.
    pub fn text(&self, painter: &Painter, start: f32, end: f32, text: &str, style: Style) -> f32 {
        let room = self.part(start, end);
        let set = words::paint_in(painter, room, text, style, self.start(), Some(1));
        start + set.width()
    }

    /// Paints one line of text at the reading end of a part.
    pub fn text_end(&self, painter: &Painter, start: f32, end: f32, text: &str, style: Style) {
        words::paint_in(painter, self.part(start, end), text, style, self.end(), Some(1));
    }
}

/// Runs widgets inside a given rectangle without moving the cursor of the surrounding ui.
pub fn inside<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let salt = (rect.min.x as i32, rect.min.y as i32, rect.width() as i32);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(salt));
    add(&mut child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_mirror() {
        let rect = Rect::from_min_max(pos2(100.0, 0.0), pos2(300.0, 20.0));
        let ltr = Line::new(rect, false).part(10.0, 30.0);
        let rtl = Line::new(rect, true).part(10.0, 30.0);
        assert_eq!((ltr.left(), ltr.right()), (110.0, 130.0));
        assert_eq!((rtl.left(), rtl.right()), (270.0, 290.0));
    }
}
