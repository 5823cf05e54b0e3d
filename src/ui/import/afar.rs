//! The file from afar: where and when its events would be.

use egui::{Align2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::trial::{count, plural};
use crate::model::time::{civil_from_days, days_from_civil};
use crate::state::Counted;
use crate::store::sketch::Sketch;
use crate::ui::FrameCtx;
use crate::ui::map::small::{SmallMap, small_map_ui};
use crate::ui::theme::TextKind;
use crate::ui::widgets::rows::{start_align, tip};
use crate::ui::widgets::words::{self, Style};

/// Room for the years below the bars.
const AXIS: f32 = 24.0;
/// Least room between two years.
const YEAR_GAP: f32 = 44.0;

/// The map of the events that have a place, and how many have none.
pub fn map_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut SmallMap, rect: Rect, counted: &Counted) {
    let (note, rect) = split_note(rect);
    let placed = counted.report.events.saturating_sub(counted.report.unplaced);
    note_ui(ui, cx, note, "import-map-note", placed, counted.report.unplaced);
    let key = std::sync::Arc::as_ptr(&counted.sketch) as usize;
    small_map_ui(ui, cx, state, rect, (&counted.sketch.cells, key));
}

/// Bars of the events that have a date, and how many have none.
pub fn timeline_ui(ui: &mut Ui, cx: &FrameCtx<'_>, rect: Rect, counted: &Counted) {
    let theme = cx.theme;
    let (note, rect) = split_note(rect);
    let dated = counted.report.events.saturating_sub(counted.report.undated);
    note_ui(ui, cx, note, "import-timeline-note", dated, counted.report.undated);
    ui.painter().rect(rect, 4.0, theme.raised, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let sketch = &*counted.sketch;
    let Some((first, last)) = sketch.days else { return };
    let plot = Rect::from_min_max(rect.min + vec2(16.0, 24.0), rect.max - vec2(16.0, AXIS));
    let most = sketch.bins.iter().max().copied().unwrap_or(0).max(1);
    let span = f64::from(last - first + 1);
    let x = |day: i64| {
        let share = ((day - i64::from(first)) as f64 / span) as f32;
        if cx.rtl() { plot.right() - share * plot.width() } else { plot.left() + share * plot.width() }
    };
    years_ui(ui, cx, plot, (first, last), &x);
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|pos| plot.contains(*pos));
    let mut hovered = None;
    for (at, n) in sketch.bins.iter().enumerate().filter(|(_, n)| **n > 0) {
        let day = i64::from(first) + at as i64 * i64::from(sketch.bin_days);
        let (a, b) = (x(day), x(day + i64::from(sketch.bin_days)));
        let (left, right) = (a.min(b), a.max(b));
        let height = (*n as f32 / most as f32 * plot.height()).max(1.0);
        // Bars stand apart where there is room.
        let gap = if right - left > 3.0 { 1.0 } else { 0.0 };
        let bar = Rect::from_min_max(pos2(left, plot.bottom() - height), pos2(right - gap, plot.bottom()));
        let lit = pointer.is_some_and(|pos| (left..right).contains(&pos.x));
        if lit {
            hovered = Some((day, *n));
        }
        ui.painter().rect_filled(bar, 0.0, if lit { theme.text_strong } else { theme.accent });
    }
    ui.painter().hline(plot.x_range(), plot.bottom() + 0.5, Stroke::new(1.0, theme.line));
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let top = count(u64::from(most));
    words::paint(ui.painter(), plot.left_top() - vec2(0.0, 3.0), Align2::LEFT_BOTTOM, &top, style);
    let response = ui.interact(plot, ui.scope_id().with("bars"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, cx.t("import-timeline")));
    if let Some((day, n)) = hovered {
        tip(response, theme, &bin_text(cx, sketch, day, n));
    }
}

/// What a bar stands for.
fn bin_text(cx: &FrameCtx<'_>, sketch: &Sketch, day: i64, n: u32) -> String {
    let date = |day: i64| {
        let (year, month, day) = civil_from_days(day);
        format!("{year:04}-{month:02}-{day:02}")
    };
    let events = cx.catalog.f("events", &[("n", n.into())]);
    let end = day + i64::from(sketch.bin_days) - 1;
    let days = if end == day {
        date(day)
    } else {
        cx.catalog.f("import-days", &[("from", date(day).into()), ("to", date(end).into())])
    };
    format!("{days}: {events}")
}

/// Years at their first days, as many as there is room for.
fn years_ui(ui: &Ui, cx: &FrameCtx<'_>, plot: Rect, (first, last): (i32, i32), x: &dyn Fn(i64) -> f32) {
    let theme = cx.theme;
    let (from, to) = (civil_from_days(i64::from(first)).0, civil_from_days(i64::from(last)).0);
    let year_width = plot.width() / (to - from + 1).max(1) as f32;
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
        .into_iter()
        .find(|step| year_width * *step as f32 >= YEAR_GAP)
        .unwrap_or(5000);
    let style = Style::new(TextKind::Caption, theme.text_muted);
    let mut year = from.div_euclid(step) * step;
    while year <= to {
        let day = days_from_civil(year, 1, 1);
        if day >= i64::from(first) || from == to {
            let at = if day < i64::from(first) { plot.left() } else { x(day) };
            let at = at.round() + 0.5;
            ui.painter().vline(at, plot.y_range(), theme.hairline());
            let pos = pos2(at + 3.0, plot.bottom() + 4.0);
            words::paint(ui.painter(), pos, Align2::LEFT_TOP, &year.to_string(), style);
        }
        year += step;
    }
}

fn split_note(rect: Rect) -> (Rect, Rect) {
    rect.split_top_bottom_at_y(rect.top() + 22.0)
}

fn note_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect, key: &str, with: u64, without: u64) {
    let style = Style::new(TextKind::List, cx.theme.text_muted);
    let args = [("n", plural(with).into()), ("without", count(without).into())];
    let text = cx.catalog.f(key, &args);
    words::paint_in(ui.painter(), rect, &text, style, start_align(cx.rtl()), Some(1));
}
