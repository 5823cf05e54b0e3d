//! Short texts in any script: labels, cells, tooltips, map labels. Sizes come from the theme's
//! [`TextKind`]; right-to-left texts read right to left and take the Arabic size.

use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Sense, Ui, Vec2, Widget};

use crate::ui::theme::{TextKind, font, font_strong};

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub kind: TextKind,
    pub strong: bool,
    pub color: Color32,
}

impl Style {
    pub fn new(kind: TextKind, color: Color32) -> Self {
        Self { kind, strong: false, color }
    }

    pub fn strong(kind: TextKind, color: Color32) -> Self {
        Self { kind, strong: true, color }
    }
}

/// A label of one or several lines.
#[must_use]
pub struct Words<'a> {
    text: &'a str,
    style: Style,
    max_lines: Option<usize>,
    sense: Sense,
    width: Option<f32>,
    halign: egui::Align,
}

impl<'a> Words<'a> {
    /// One line, cut with an ellipsis at the reading end where the room ends.
    pub fn new(text: &'a str, style: Style) -> Self {
        Self { text, style, max_lines: Some(1), sense: Sense::hover(), width: None, halign: egui::Align::Min }
    }

    /// As many lines as it takes.
    pub fn wrap(mut self) -> Self {
        self.max_lines = None;
        self
    }

    pub fn max_lines(mut self, lines: usize) -> Self {
        self.max_lines = Some(lines);
        self
    }

    /// Width in points instead of what is available.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    pub fn sense(mut self, sense: Sense) -> Self {
        self.sense = sense;
        self
    }

    /// Where the label sits in its width; without it, at the reading start of the interface and no
    /// wider than needed.
    pub fn halign(mut self, halign: egui::Align) -> Self {
        self.halign = halign;
        self
    }
}

impl Widget for Words<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let size = measure_in(ui.painter(), self.text, self.style, width, self.max_lines);
        let (rect, response) = ui.allocate_exact_size(size, self.sense);
        let text = self.text.to_owned();
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
        paint_in(ui.painter(), rect, self.text, self.style, self.halign, self.max_lines);
        response
    }
}

/// Size of one unbroken line.
pub fn measure(painter: &Painter, text: &str, style: Style) -> Vec2 {
    measure_in(painter, text, style, f32::INFINITY, Some(1))
}

/// Size of a text set in a width.
pub fn measure_in(painter: &Painter, text: &str, style: Style, width: f32, max_lines: Option<usize>) -> Vec2 {
    galley(painter, text, style, width, max_lines).size()
}

/// Paints one line anchored at a point; returns its rectangle.
pub fn paint(painter: &Painter, pos: Pos2, anchor: Align2, text: &str, style: Style) -> Rect {
    let galley = galley(painter, text, style, f32::INFINITY, Some(1));
    let rect = anchor.anchor_size(pos, galley.size());
    painter.galley(rect.min, galley, style.color);
    rect
}

/// The same with a halo that lifts it off a map.
pub fn paint_halo(
    painter: &Painter,
    pos: Pos2,
    anchor: Align2,
    text: &str,
    style: Style,
    halo: Color32,
) -> Rect {
    for (x, y) in
        [(-1.5, 0.0), (1.5, 0.0), (0.0, -1.5), (0.0, 1.5), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)]
    {
        paint(painter, pos + egui::vec2(x, y), anchor, text, Style { color: halo, ..style });
    }
    paint(painter, pos, anchor, text, style)
}

/// Paints a text into a rectangle, vertically centred if it is one line; cut with an ellipsis at the
/// reading end. Returns the rectangle that the text takes.
pub fn paint_in(
    painter: &Painter,
    rect: Rect,
    text: &str,
    style: Style,
    halign: egui::Align,
    max_lines: Option<usize>,
) -> Rect {
    let galley = galley(painter, text, style, rect.width(), max_lines);
    let valign = if max_lines == Some(1) { egui::Align::Center } else { egui::Align::Min };
    let placed = Align2([halign, valign]).align_size_within_rect(galley.size(), rect);
    painter.galley(placed.min, galley, style.color);
    placed
}

fn galley(
    painter: &Painter,
    text: &str,
    style: Style,
    width: f32,
    max_lines: Option<usize>,
) -> std::sync::Arc<egui::Galley> {
    let font = if style.strong { font_strong(style.kind) } else { font(style.kind) };
    let mut job = egui::text::LayoutJob::simple(text.to_owned(), font, style.color, width);
    job.wrap.max_rows = max_lines.unwrap_or(usize::MAX);
    job.wrap.break_anywhere = max_lines == Some(1);
    painter.layout_job(job)
}
