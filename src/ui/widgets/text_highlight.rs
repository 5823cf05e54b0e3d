//! Text with marked stretches: tint, underline, and a bar at the reading start.

use std::ops::Range;

use egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Widget, WidgetInfo, pos2, vec2,
};

use super::text_paint::with_text_ui;
use crate::text::{self, FontSpec, Line, Point, TextLayout, TextSpec};

/// How a marked stretch is underlined. Lengths in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Underline {
    #[default]
    None,
    Solid(f32),
    Dotted(f32),
    Dashed(f32),
    /// Two lines of one point.
    Double,
    /// A bar beside the lines, where reading them starts; the tint then fills whole lines.
    StartEdge(f32),
}

/// Colours and underline of a marked stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpanStyle {
    pub tint: Color32,
    pub line: Color32,
    pub underline: Underline,
    /// Colour of the text itself, if not that of the text around it.
    pub text: Option<Color32>,
}

/// A marked stretch. Stretches may overlap; the shorter one is drawn on top.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Comes back when the stretch is hovered or clicked.
    pub id: u64,
    pub bytes: Range<usize>,
    pub style: SpanStyle,
}

/// A label with marked stretches; wraps in the available width.
#[must_use = "a label does nothing until it is shown"]
pub struct HighlightedText<'a> {
    text: &'a str,
    spans: &'a [Span],
    font: FontSpec,
    color: Color32,
    max_lines: Option<usize>,
}

/// What [`HighlightedText::show`] found. Ids in the order of the spans.
pub struct HighlightedTextOutput {
    pub response: Response,
    pub hovered: Vec<u64>,
    pub clicked: Vec<u64>,
}

impl<'a> HighlightedText<'a> {
    pub fn new(text: &'a str, spans: &'a [Span], font: impl Into<FontSpec>, color: Color32) -> Self {
        Self { text, spans, font: font.into(), color, max_lines: None }
    }

    pub fn max_lines(mut self, lines: usize) -> Self {
        self.max_lines = Some(lines);
        self
    }

    pub fn show(self, ui: &mut Ui) -> HighlightedTextOutput {
        let width = ui.available_width().max(0.0);
        let mut spec = TextSpec::new(self.text, self.font).wrap(width);
        spec.max_lines = self.max_lines;
        let layout = with_text_ui(ui.ctx(), |text| text.engine.layout(&spec));
        let (rect, response) = ui.allocate_exact_size(vec2(width, layout.height()), Sense::click());
        if ui.is_rect_visible(rect) {
            paint_spans(ui.painter(), &layout, rect.min, 0, self.spans);
            with_text_ui(ui.ctx(), |text| {
                text.paint_layout(ui.painter(), &layout, rect.min, None, |byte| {
                    text_color(self.spans, byte).unwrap_or(self.color)
                });
            });
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), self.text));
        let ids_at = |pos: Option<Pos2>| {
            pos.and_then(|pos| layout.hit_inside(Point::new(pos.x - rect.left(), pos.y - rect.top())))
                .map_or_else(Vec::new, |cluster| spans_at(self.spans, cluster.start))
        };
        let clicked = if response.clicked() { ids_at(response.interact_pointer_pos()) } else { Vec::new() };
        HighlightedTextOutput { hovered: ids_at(response.hover_pos()), clicked, response }
    }
}

impl Widget for HighlightedText<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui).response
    }
}

/// The ids of the spans over a byte.
pub(super) fn spans_at(spans: &[Span], byte: usize) -> Vec<u64> {
    spans.iter().filter(|span| span.bytes.contains(&byte)).map(|span| span.id).collect()
}

/// The text colour asked for by the shortest span over a byte that asks for one.
pub(super) fn text_color<'a>(spans: impl IntoIterator<Item = &'a Span>, byte: usize) -> Option<Color32> {
    spans
        .into_iter()
        .filter(|span| span.bytes.contains(&byte))
        .filter_map(|span| Some((span.bytes.len(), span.style.text?)))
        .min_by_key(|(len, _)| *len)
        .map(|(_, color)| color)
}

/// Paints tints and underlines behind a layout whose first byte is byte `first_byte` of the spans' text.
pub(super) fn paint_spans(
    painter: &Painter,
    layout: &TextLayout,
    origin: Pos2,
    first_byte: usize,
    spans: &[Span],
) {
    let end_byte = first_byte + layout.text().len();
    let mut touching: Vec<&Span> =
        spans.iter().filter(|span| span.bytes.start < end_byte && span.bytes.end > first_byte).collect();
    touching.sort_by_key(|span| {
        let is_edge = matches!(span.style.underline, Underline::StartEdge(_));
        (!is_edge, std::cmp::Reverse(span.bytes.len()))
    });
    let local =
        |span: &Span| span.bytes.start.saturating_sub(first_byte)..span.bytes.end.saturating_sub(first_byte);
    let mut shapes = Vec::new();
    for span in &touching {
        for (line, rect) in layout.highlight_pieces(local(span)) {
            let area = match span.style.underline {
                Underline::StartEdge(thickness) => {
                    edge_bar(layout, line, origin, thickness, span.style.line, &mut shapes)
                }
                _ => to_egui(tint_rect(layout, line, rect), origin),
            };
            shapes.insert(
                shapes.len() - usize::from(matches!(span.style.underline, Underline::StartEdge(_))),
                Shape::rect_filled(area, 2.0, span.style.tint),
            );
        }
    }
    for span in &touching {
        for (line, rect) in layout.highlight_pieces(local(span)) {
            let area = to_egui(tint_rect(layout, line, rect), origin);
            underline(painter, area, span.style, &mut shapes);
        }
    }
    painter.extend(shapes);
}

pub(super) fn to_egui(rect: text::Rect, origin: Pos2) -> Rect {
    Rect::from_min_max(
        pos2(origin.x + rect.left, origin.y + rect.top),
        pos2(origin.x + rect.right, origin.y + rect.bottom),
    )
}

/// The part of a line box that letters fill, so that tints of neighbouring lines keep apart.
fn tint_rect(layout: &TextLayout, line: &Line, rect: text::Rect) -> text::Rect {
    let size = layout.line_font_size(line).unwrap_or(0.0);
    text::Rect {
        top: (line.baseline - size * 1.05).max(rect.top),
        bottom: (line.baseline + size * 0.5).min(rect.bottom),
        ..rect
    }
}

/// Adds the bar beside a line and returns the whole line's rectangle.
fn edge_bar(
    layout: &TextLayout,
    line: &Line,
    origin: Pos2,
    thickness: f32,
    color: Color32,
    shapes: &mut Vec<Shape>,
) -> Rect {
    const DISTANCE: f32 = 4.0;
    let area = Rect::from_min_max(
        pos2(origin.x - DISTANCE, origin.y + line.top),
        pos2(origin.x + layout.width() + DISTANCE, origin.y + line.bottom),
    );
    let bar_x = if line.rtl {
        area.right() - thickness..=area.right()
    } else {
        area.left()..=area.left() + thickness
    };
    let bar = Rect::from_x_y_ranges(bar_x, area.y_range());
    shapes.push(Shape::rect_filled(bar, 0.0, color));
    area
}

fn underline(painter: &Painter, area: Rect, style: SpanStyle, shapes: &mut Vec<Shape>) {
    let snap = |y: f32| {
        let scale = painter.pixels_per_point();
        (y * scale).round() / scale
    };
    let bottom = snap(area.bottom());
    let bar = |bottom: f32, thickness: f32| {
        Shape::rect_filled(
            Rect::from_min_max(pos2(area.left(), bottom - thickness), pos2(area.right(), bottom)),
            0.0,
            style.line,
        )
    };
    let path = |thickness: f32| {
        let y = bottom - thickness * 0.5;
        [pos2(area.left() + thickness * 0.5, y), pos2(area.right() - thickness * 0.5, y)]
    };
    match style.underline {
        Underline::None | Underline::StartEdge(_) => {}
        Underline::Solid(thickness) => shapes.push(bar(bottom, thickness)),
        Underline::Double => {
            shapes.push(bar(bottom, 1.0));
            shapes.push(bar(bottom - 2.0, 1.0));
        }
        Underline::Dotted(thickness) => {
            shapes.extend(Shape::dotted_line(&path(thickness), style.line, thickness * 2.0, thickness * 0.5))
        }
        Underline::Dashed(thickness) => shapes.extend(Shape::dashed_line(
            &path(thickness),
            Stroke::new(thickness, style.line),
            thickness * 3.0,
            thickness * 1.5,
        )),
    }
}
