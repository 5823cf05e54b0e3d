//! Short texts in any script: labels, cells, tooltips, map labels. Sizes come from the theme's
//! [`TextKind`]; right-to-left texts read right to left and take the Arabic size.

use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Sense, Ui, Vec2, Widget, pos2};

use super::text_paint::{PaintText, TextAnchor, with_text_ui};
use crate::text::{Align, BaseDirection, FontSpec, TextSpec, Weight};
use crate::ui::theme::TextKind;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub kind: TextKind,
    pub strong: bool,
    pub color: Color32,
    pub direction: BaseDirection,
}

impl Style {
    pub fn new(kind: TextKind, color: Color32) -> Self {
        Self { kind, strong: false, color, direction: BaseDirection::Auto }
    }

    pub fn strong(kind: TextKind, color: Color32) -> Self {
        Self { strong: true, ..Self::new(kind, color) }
    }

    /// For prose: it reads as most of its letters do, not as the quotation that it may begin with.
    pub fn prose(self, text: &str) -> Self {
        let direction =
            if crate::text::is_mostly_rtl(text) { BaseDirection::Rtl } else { BaseDirection::Ltr };
        Self { direction, ..self }
    }

    /// Sizes for the text layer.
    pub fn font(self) -> FontSpec {
        let weight = if self.strong { Weight::SemiBold } else { Weight::Regular };
        self.kind.font_spec().with_weight(weight)
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
        let room = Vec2::new(self.width.unwrap_or((size.x.ceil() + 1.0).min(width)), size.y);
        let (rect, response) = ui.allocate_exact_size(room, self.sense);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, self.text));
        paint_in(ui.painter(), rect, self.text, self.style, self.halign, self.max_lines);
        response
    }
}

/// Size of one unbroken line.
pub fn measure(painter: &Painter, text: &str, style: Style) -> Vec2 {
    PaintText::new(text, style.font(), style.color).measure(painter.ctx())
}

/// Size of a text set in a width.
pub fn measure_in(painter: &Painter, text: &str, style: Style, width: f32, max_lines: Option<usize>) -> Vec2 {
    set(text, style, width, max_lines).measure(painter.ctx())
}

/// Paints one line anchored at a point; returns its rectangle.
pub fn paint(painter: &Painter, pos: Pos2, anchor: Align2, text: &str, style: Style) -> Rect {
    PaintText::new(text, style.font(), style.color).paint(painter, pos, anchor.into())
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
    PaintText::new(text, style.font(), style.color).halo(halo, 1.5).paint(painter, pos, anchor.into())
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
    if rect.width() <= 0.0 {
        return Rect::from_min_size(rect.min, Vec2::ZERO);
    }
    let align = match halign {
        egui::Align::Min => Align::Left,
        egui::Align::Center => Align::Center,
        egui::Align::Max => Align::Right,
    };
    let words = set(text, style, rect.width(), max_lines).align(align);
    let size = words.measure(painter.ctx());
    let x = match halign {
        egui::Align::Min => rect.left(),
        egui::Align::Center => rect.center().x - size.x / 2.0,
        egui::Align::Max => rect.right() - size.x,
    };
    let y = if max_lines == Some(1) { rect.center().y - size.y / 2.0 } else { rect.top() };
    // Text starts on a whole point so that neighbouring rows look alike.
    words.paint(painter, pos2(x.round(), y.round()), TextAnchor::from(Align2::LEFT_TOP))
}

/// As [`paint_in`] for one line, with stretches (in Unicode scalar values) tinted behind the letters.
pub fn paint_marked_in(
    painter: &Painter,
    rect: Rect,
    text: &str,
    style: Style,
    halign: egui::Align,
    marks: &[(u32, u32)],
    tint: Color32,
) -> Rect {
    if marks.is_empty() || rect.width() <= 0.0 {
        return paint_in(painter, rect, text, style, halign, Some(1));
    }
    let spec = TextSpec::new(text, style.font()).truncate(rect.width());
    let layout = with_text_ui(painter.ctx(), |ui| ui.engine.layout(&spec));
    let ink = layout.ink_rect();
    let width = ink.right - ink.left;
    let x = match halign {
        egui::Align::Min => rect.left(),
        egui::Align::Center => rect.center().x - width / 2.0,
        egui::Align::Max => rect.right() - width,
    };
    let origin = pos2((x - ink.left).round(), (rect.center().y - layout.height() / 2.0).round());
    let byte = |scalar: u32| text.char_indices().nth(scalar as usize).map_or(text.len(), |(at, _)| at);
    for (start, end) in marks {
        for mark in layout.highlight_rects(byte(*start)..byte(*end)) {
            let area = Rect::from_min_max(
                pos2(origin.x + mark.left, origin.y + mark.top),
                pos2(origin.x + mark.right, origin.y + mark.bottom),
            );
            painter.rect_filled(area, 2.0, tint);
        }
    }
    paint_in(painter, rect, text, style, halign, Some(1))
}

fn set(text: &str, style: Style, width: f32, max_lines: Option<usize>) -> PaintText<'_> {
    let words = PaintText::new(text, style.font(), style.color).direction(style.direction);
    match max_lines {
        Some(1) if width.is_finite() => words.truncate(width),
        Some(1) => words,
        Some(lines) => words.wrap(width).max_lines(lines),
        None => words.wrap(width),
    }
}
