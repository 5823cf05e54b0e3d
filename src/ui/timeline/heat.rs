//! Lanes with too many events for bars: shade tells how many touch each bin of the histogram.
//!
//! The shade grows with the logarithm of the count, from a floor that shows a single event to the
//! full colour at the lane's greatest bin. One mesh per lane.

use egui::{Painter, Pos2, Rect, Response, Stroke, StrokeKind, vec2};

use super::bars::OUTSIDE;
use super::geo::Geo;
use super::histogram::{bin_date, parts};
use super::lanes::{Lane, Lanes};
use super::tally::LaneKey;
use crate::model::Interval;
use crate::state::{Commands, TimeCommand};
use crate::store::bins::Unit;
use crate::ui::FrameCtx;
use crate::ui::theme::Theme;

/// Opacity of a bin with one event in a lane with many.
const FLOOR: f32 = 0.2;

/// Opacity of a bin with `count` events where the greatest has `most`.
fn opacity(count: u32, most: u32) -> f32 {
    if count == 0 {
        return 0.0;
    }
    // One event is the floor, however many the others have.
    let share = if most > 1 { f64::from(count).ln() / f64::from(most).ln() } else { 1.0 };
    FLOOR + (1.0 - FLOOR) * share as f32
}

/// Paints a strip.
pub fn paint(painter: &Painter, cx: &FrameCtx<'_>, geo: &Geo<'_>, lanes: &Lanes, lane: &Lane, rect: Rect) {
    let base = match lane.key {
        LaneKey::Type(kind) => cx.theme.event_type(kind),
        _ => cx.theme.text_muted,
    };
    // What is counted anew is not told as if it were known.
    let strength = if lanes.is_stale() { OUTSIDE } else { 1.0 };
    let window = cx.state.view.filter.window;
    let window = window.map(|w| (geo.at(w.start as f64), geo.at(w.end as f64)));
    let strip = rect.shrink2(vec2(0.0, 2.0)).y_range();
    let (from, to) = geo.scale.visible();
    let first = lanes.edges.partition_point(|edge| (*edge as f64) <= from).saturating_sub(1);
    let mut mesh = egui::Mesh::default();
    let limits = lanes.edges.iter().zip(lanes.edges.iter().skip(1)).skip(first);
    let mut end_x = None;
    for ((start, end), count) in limits.zip(lane.layout.heat.iter().skip(first)) {
        if *start as f64 > to {
            break;
        }
        let a = end_x.unwrap_or_else(|| geo.at(*start as f64));
        let b = geo.at(*end as f64);
        end_x = Some(b);
        if *count == 0 {
            continue;
        }
        let opacity = opacity(*count, lane.layout.most) * strength;
        for (a, b, inside) in parts(a, b, window).into_iter().flatten() {
            let color = Theme::faded(base, if inside { opacity } else { opacity * OUTSIDE });
            mesh.add_colored_rect(geo.span(a, b, strip), color);
        }
    }
    painter.add(mesh);
}

/// Tells the count of the bin under the pointer, and makes it the window on a click.
pub fn bin_ui(
    back: &Response,
    painter: &Painter,
    cx: &FrameCtx<'_>,
    geo: &Geo<'_>,
    (lanes, lane, unit): (&Lanes, &Lane, Unit),
    (rect, pos): (Rect, Pos2),
    commands: &mut Commands,
) {
    if lanes.is_stale() {
        back.clone().on_hover_text_at_pointer(cx.t("timeline-counting"));
        return;
    }
    let time = geo.time(pos) as i64;
    let Some(i) = lanes.edges.partition_point(|edge| *edge <= time).checked_sub(1) else { return };
    let Some((start, end)) = lanes.edges.get(i).zip(lanes.edges.get(i + 1)) else { return };
    let Some(count) = lane.layout.heat.get(i) else { return };
    let bin = Interval { start: *start, end: *end };
    let column = geo.span(geo.at(*start as f64), geo.at(*end as f64), rect.shrink2(vec2(0.0, 1.0)).y_range());
    let ring = Stroke::new(1.0, cx.theme.text_strong);
    painter.rect_stroke(column.expand2(vec2(1.0, 0.0)), 1.0, ring, StrokeKind::Outside);
    if back.clicked() {
        commands.push(TimeCommand::Window(Some(bin)));
    }
    let date = bin_date(cx, unit, bin);
    let text = cx.catalog.f("timeline-heat", &[("n", (*count).into()), ("date", date.into())]);
    back.clone().on_hover_text_at_pointer(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shade_grows_with_the_count_and_one_event_is_seen() {
        assert_eq!(opacity(0, 1000), 0.0);
        assert_eq!(opacity(1, 1000), FLOOR);
        assert_eq!((opacity(1, 1), opacity(1000, 1000)), (1.0, 1.0));
        assert!(opacity(10, 1000) < opacity(100, 1000));
    }
}
