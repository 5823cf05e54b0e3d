//! Painting of tolls and dates on the scales that all claims share.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

use super::line::Line;
use super::model::{Bar, BarKind, DateAxis, DateRow, Side, TollAxis, TollRow};
use crate::model::Interval;
use crate::ui::theme::Theme;

const BAR: f32 = 10.0;
const DATE_BAR: f32 = 5.0;
/// Share of the room for tolls that the scale takes; the rest is for what stands behind the bars.
const SCALE: f32 = 0.72;
/// Length of the arrow of an open figure.
pub const ARROW: f32 = 18.0;

/// A stretch of a row, counted from its reading start.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub start: f32,
    pub end: f32,
}

impl Stretch {
    pub fn width(&self) -> f32 {
        self.end - self.start
    }
}

/// Place of a figure.
pub fn toll_x(axis: &TollAxis, stretch: Stretch, figure: u32) -> f32 {
    stretch.start + (f64::from(figure) / f64::from(axis.end.max(1))) as f32 * stretch.width() * SCALE
}

pub fn date_x(axis: &DateAxis, stretch: Stretch, moment: i64) -> f32 {
    stretch.start + axis.at(moment) * stretch.width()
}

/// Colour of a side; both together have two.
fn side_colors(theme: &Theme, side: Side) -> (Color32, Color32) {
    match side {
        Side::A => (theme.toll_a, theme.toll_a),
        Side::B => (theme.toll_b, theme.toll_b),
        Side::Both => (theme.toll_a, theme.toll_b),
        Side::Other => (theme.active, theme.active),
    }
}

/// Paints the bars of a toll about a height. Returns where text may begin.
pub fn paint_toll(
    painter: &Painter,
    theme: &Theme,
    line: Line,
    stretch: Stretch,
    axis: &TollAxis,
    toll: &TollRow,
    y: f32,
) -> f32 {
    let mut end = stretch.start;
    for bar in &toll.bars {
        let mut rect = bar_rect(line, stretch, axis, bar, y);
        match bar.kind {
            BarKind::Killed => {
                if bar.from > 0 {
                    // A hairline between what is added up.
                    let cut = line.x(toll_x(axis, stretch, bar.from)).round();
                    if line.rtl { rect.set_right(cut - 1.0) } else { rect.set_left(cut + 1.0) }
                }
                paint_solid(painter, theme, rect, bar.side);
            }
            BarKind::Mixed => paint_hatched(painter, theme, rect),
            BarKind::UpTo => {
                let tick = line.x(toll_x(axis, stretch, bar.to)).round();
                dots(painter, rect.left(), rect.right(), y, theme.toll_b);
                let tick =
                    Rect::from_min_max(pos2(tick - 1.0, y - BAR / 2.0), pos2(tick + 1.0, y + BAR / 2.0));
                painter.rect_filled(tick, 0.0, side_colors(theme, bar.side).0);
            }
        }
        end = end.max(toll_x(axis, stretch, bar.to)).max(stretch.start + 2.0);
    }
    if toll.is_open() && !toll.bars.is_empty() {
        arrow(painter, line, end + 2.0, end + 2.0 + ARROW, y, theme.toll_b);
        end += ARROW + 2.0;
    }
    if toll.bars.is_empty() { stretch.start + 3.0 } else { end + 6.0 }
}

fn bar_rect(line: Line, stretch: Stretch, axis: &TollAxis, bar: &Bar, y: f32) -> Rect {
    let start = toll_x(axis, stretch, bar.from);
    // A figure of one is still seen.
    let end = toll_x(axis, stretch, bar.to).max(start + 2.0);
    let part = line.part(start, end);
    Rect::from_min_max(
        pos2(part.left(), (y - BAR / 2.0).round()),
        pos2(part.right(), (y + BAR / 2.0).round()),
    )
}

fn paint_solid(painter: &Painter, theme: &Theme, rect: Rect, side: Side) {
    let (upper, lower) = side_colors(theme, side);
    painter.rect_filled(rect, 1.5, upper);
    if upper != lower {
        painter.rect_filled(Rect::from_min_max(pos2(rect.left(), rect.center().y), rect.max), 1.5, lower);
    }
    if side == Side::Other {
        painter.rect_stroke(rect, 1.5, Stroke::new(1.0, theme.toll_b), StrokeKind::Inside);
    }
}

/// A box of slanted lines.
pub fn paint_hatched(painter: &Painter, theme: &Theme, rect: Rect) {
    let color = theme.toll_b;
    let inner = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        let line = [pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())];
        inner.line_segment(line, Stroke::new(1.6, color));
        x += 5.0;
    }
    painter.rect_stroke(rect, 1.5, Stroke::new(1.0, color), StrokeKind::Inside);
}

/// Square dots of two points.
fn dots(painter: &Painter, left: f32, right: f32, y: f32, color: Color32) {
    let mut x = left.round();
    let y = y.round();
    while x + 2.0 <= right + 0.5 {
        painter.rect_filled(Rect::from_min_max(pos2(x, y - 1.0), pos2(x + 2.0, y + 1.0)), 0.0, color);
        x += 4.0;
    }
}

/// A dotted arrow towards the reading end.
pub fn arrow(painter: &Painter, line: Line, start: f32, end: f32, y: f32, color: Color32) {
    let (from, to) = (line.x(start), line.x(end));
    let ahead = if line.rtl { -1.0 } else { 1.0 };
    dots(painter, from.min(to - ahead * 5.0), from.max(to - ahead * 5.0), y, color);
    let tip = pos2(to, y);
    let wing = |dy: f32| pos2(to - ahead * 4.0, y + dy);
    let points: Vec<Pos2> = vec![wing(-4.0), tip, wing(4.0)];
    painter.add(Shape::line(points, Stroke::new(1.6, color)));
}

/// Faint dots: nothing is said.
fn blank(painter: &Painter, line: Line, stretch: Stretch, y: f32, color: Color32) {
    let mut x = stretch.start;
    while x < stretch.end {
        let at = pos2(line.x(x).round(), y.round());
        painter.rect_filled(Rect::from_min_max(at, at + egui::vec2(1.0, 2.0)), 0.0, color);
        x += 5.0;
    }
}

/// Paints the dates of a row about a height.
pub fn paint_dates(
    painter: &Painter,
    theme: &Theme,
    line: Line,
    stretch: Stretch,
    axis: &DateAxis,
    dates: &DateRow,
    y: f32,
) {
    if dates.claimed.is_empty() {
        blank(painter, line, stretch, y, theme.line_strong);
    }
    for interval in &dates.claimed {
        paint_interval(painter, theme, line, stretch, axis, *interval, y);
    }
    for stated in &dates.stated {
        let middle = if stated.open_end() || stated.open_start() {
            stated.start.max(axis.start)
        } else {
            stated.start + stated.duration_secs() / 2
        };
        let center = pos2(line.x(date_x(axis, stretch, middle)), y);
        painter.circle(center, 2.5, theme.panel, Stroke::new(1.2, theme.text_muted));
    }
}

fn paint_interval(
    painter: &Painter,
    theme: &Theme,
    line: Line,
    stretch: Stretch,
    axis: &DateAxis,
    interval: Interval,
    y: f32,
) {
    let color = theme.text_muted;
    const DAY: i64 = crate::model::time::SECONDS_PER_DAY;
    // Of an open interval only the day that is known is solid.
    let solid = match (interval.open_start(), interval.open_end()) {
        (true, true) => return,
        (false, true) => (interval.start, interval.start + DAY),
        (true, false) => (interval.end - DAY, interval.end),
        (false, false) => (interval.start, interval.end),
    };
    let start = date_x(axis, stretch, solid.0);
    let end = date_x(axis, stretch, solid.1).max(start + 3.0);
    let part = line.part(start, end);
    let rect = Rect::from_min_max(
        pos2(part.left(), (y - DATE_BAR / 2.0).round()),
        pos2(part.right(), (y + DATE_BAR / 2.0).round()),
    );
    painter.rect_filled(rect, 2.0, color);
    if interval.open_end() {
        arrow(painter, line, end + 2.0, stretch.end, y, color);
    }
    if interval.open_start() {
        let mirrored = Line { rtl: !line.rtl, ..line };
        let width = line.width();
        arrow(painter, mirrored, width - start + 2.0, width - stretch.start, y, color);
    }
}
