//! Events per calendar unit under the lanes, stacked by type, all events beneath.
//!
//! Bars are placed in points of the scale, so that they line up with lanes and axis whatever folds.
//! An interval counts in every bin that it touches. Counts are looked up in `Derived`, not made here.

use egui::{Align2, Color32, Mesh, Painter, Rect, Sense, Stroke, Ui, UiBuilder, pos2};
use egui_plot::{Bar, BarChart, Plot, PlotBounds};

use super::bars::OUTSIDE;
use super::geo::Geo;
use super::scale::{FoldKind, Scale};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{DatePrecision, EventType, Interval};
use crate::state::Derived;
use crate::store::Store;
use crate::store::bins::{Bins, Unit};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::words::{self, Style};

/// Least width of a bin.
const BIN_PX: f64 = 9.0;
/// The same where there are many events, whose bins are drawn without gaps.
const CROWDED_BIN_PX: f64 = 2.5;
/// Bins are never so narrow that there would be more.
const MAX_BINS: f64 = 4000.0;
/// Room above the highest bar.
const ABOVE: f32 = 6.0;

/// Counts of the part of time about the visible one.
#[derive(Debug, Default)]
pub struct Histogram {
    /// Generation of what passes the filter, unit, and whether there are many events.
    key: Option<(u64, Unit, bool)>,
    /// What the counts cover.
    covered: (f64, f64),
    bins: Bins,
    /// The same by day, if `bins` are finer.
    days: Option<Bins>,
    /// Grows whenever something was counted.
    stamp: u64,
}

impl Histogram {
    /// Brings the counts up to date; asks for them once per change of the filter, the unit or the
    /// part of time.
    pub fn refresh(&mut self, store: &Store, derived: &Derived, crowded: bool, scale: &Scale) {
        // A width on either side, so that panning rarely counts anew.
        let covered_px = 3.0 * scale.width();
        let least = if crowded { CROWDED_BIN_PX.max(covered_px / MAX_BINS) } else { BIN_PX };
        let unit = Unit::at_least(least * scale.secs_per_px());
        let (from, to) = scale.visible();
        let key = Some((derived.base_generation, unit, crowded));
        if self.key == key && self.covered.0 <= from && self.covered.1 >= to {
            return;
        }
        let (first, last) = super::scale::limits();
        let from = scale.time(-scale.width()).max(first);
        let to = scale.time(2.0 * scale.width()).min(last);
        let stretch = |unit: Unit| Interval { start: unit.floor(from as i64), end: to as i64 };
        self.bins = derived.bins(store, unit, stretch(unit));
        self.days = (unit < Unit::Day).then(|| derived.bins(store, Unit::Day, stretch(Unit::Day)));
        self.covered = (from, to);
        self.key = key;
        self.stamp += 1;
    }

    /// Bins of a day or longer, and a number that grows when they change.
    pub fn days_or_longer(&self) -> (&Bins, u64) {
        (self.days.as_ref().unwrap_or(&self.bins), self.stamp)
    }

    /// What [`Histogram::days_or_longer`] counts by.
    pub fn heat_unit(&self) -> Unit {
        self.unit().map_or(Unit::Day, |unit| unit.max(Unit::Day))
    }

    fn is_crowded(&self) -> bool {
        self.key.is_some_and(|(.., crowded)| crowded)
    }

    pub fn unit(&self) -> Option<Unit> {
        self.key.map(|(_, unit, _)| unit)
    }

    /// Index and limits of the bins in view, folded ones left out.
    fn visible<'a>(&'a self, scale: &'a Scale) -> impl Iterator<Item = (usize, i64, i64)> + 'a {
        let (from, to) = scale.visible();
        let first = self.bins.edges.partition_point(|edge| (*edge as f64) <= from).saturating_sub(1);
        let pairs = self.bins.edges.iter().zip(self.bins.edges.iter().skip(1)).enumerate().skip(first);
        pairs
            .map(|(i, (start, end))| (i, *start, *end))
            .take_while(move |(_, start, _)| (*start as f64) < to)
            .filter(|(_, start, end)| {
                !scale.folds().iter().any(|fold| *start as f64 >= fold.start && *end as f64 <= fold.end)
            })
    }

    fn highest(&self, scale: &Scale) -> u32 {
        self.visible(scale).filter_map(|(i, ..)| self.bins.all.get(i)).copied().max().unwrap_or(0)
    }
}

/// Paints the histogram into `area` and its caption into the gutter.
pub fn histogram_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    geo: &Geo<'_>,
    histogram: &Histogram,
    area: Rect,
    gutter: Rect,
) {
    let theme = cx.theme;
    let highest = histogram.highest(geo.scale);
    gutter_ui(ui, cx, geo, histogram, (area, gutter), highest);
    let window = cx.state.view.filter.window;
    let crowded = histogram.is_crowded();
    let mut ghosts: Vec<Column> = Vec::new();
    let mut stacks: Vec<Vec<Column>> = vec![Vec::new(); EventType::ALL.len()];
    let column = |a: f32, b: f32, base: f64, height: f64, color: Color32| Column {
        left: a.min(b),
        right: a.max(b),
        base,
        height,
        color,
    };
    for (i, start, end) in histogram.visible(geo.scale) {
        let (a, b) = (geo.at(start as f64), geo.at(end as f64));
        // Narrow bars have no room for gaps.
        let gap = if crowded && (b - a).abs() < 6.0 { 0.0 } else { geo.sign() };
        let a = a + gap;
        let all = histogram.bins.all.get(i).copied().unwrap_or(0);
        if all == 0 {
            continue;
        }
        ghosts.push(column(a, b, 0.0, f64::from(all), theme.ghost_bar));
        let limits = window.map(|w| (geo.at(w.start as f64), geo.at(w.end as f64)));
        let parts = parts(a, b, limits);
        let mut base = 0.0;
        let counts = histogram.bins.counts.get(i).copied().unwrap_or_default();
        for (kind, count) in EventType::ALL.iter().zip(counts).filter(|(_, count)| *count > 0) {
            let color = theme.event_type(*kind);
            for (from, to, inside) in parts.into_iter().flatten() {
                let color = if inside { color } else { Theme::faded(color, OUTSIDE) };
                if let Some(stack) = stacks.get_mut(kind.index()) {
                    stack.push(column(from, to, base, f64::from(count), color));
                }
            }
            base += f64::from(count);
        }
    }
    let painter = ui.painter_at(geo.plot);
    let mut numbers = Vec::new();
    for fold in geo.scale.folds().iter().filter(|fold| fold.kind == FoldKind::Past) {
        let x = geo.scale.x(fold.start);
        let (a, b) = (geo.screen(x + 12.0), geo.screen(x + f64::from(super::PAST_COLUMN) - 12.0));
        let height = f64::from(fold.events.min(highest.max(1)));
        ghosts.push(column(a, b, 0.0, height, Theme::faded(theme.line_strong, 0.65)));
        let center = (a + b) / 2.0;
        let top = area.bottom() - (area.height() - ABOVE) * (height / f64::from(highest.max(1))) as f32;
        let text = crate::lang::thousands(i64::from(fold.events));
        let mut style = Style::new(TextKind::Caption, theme.text_muted);
        // Above the column, or in it where the bar of the window leaves no room above.
        let mut bottom = top - 1.0;
        let tall = words::measure(&painter, &text, style).y;
        let barred = window.is_none_or(|w| {
            let (from, to) = (geo.at(w.start as f64), geo.at(w.end as f64));
            from.min(to) <= center && center <= from.max(to)
        });
        if barred && bottom - tall < area.top() + 1.0 {
            style = Style::new(TextKind::Caption, theme.text);
            bottom = (top + tall + 1.0).min(area.bottom());
        }
        numbers.push((pos2(center, bottom), text, style));
    }
    if crowded {
        columns(&painter, area, ghosts.iter().chain(stacks.iter().flatten()), highest);
    } else {
        plot_ui(ui, area, (ghosts, stacks), highest);
    }
    for (at, text, style) in numbers {
        words::paint(&painter, at, Align2::CENTER_BOTTOM, &text, style);
    }
}

/// A part of a bar: from side to side in points of the screen, from `base` on in events.
#[derive(Clone, Copy, Debug)]
struct Column {
    left: f32,
    right: f32,
    base: f64,
    height: f64,
    color: Color32,
}

/// Paints very many columns: one mesh, on whole pixels from side to side.
fn columns<'a>(painter: &Painter, area: Rect, columns: impl Iterator<Item = &'a Column>, highest: u32) {
    let mut mesh = Mesh::default();
    let per_event = f64::from(area.height() - ABOVE) / f64::from(highest.max(1));
    let y = |events: f64| area.bottom() - (events * per_event) as f32;
    for column in columns {
        let y = y(column.base + column.height)..=y(column.base);
        mesh.add_colored_rect(Rect::from_x_y_ranges(column.left..=column.right, y), column.color);
    }
    painter.add(mesh);
}

/// Paints columns with smooth edges.
fn plot_ui(ui: &mut Ui, area: Rect, (ghosts, stacks): (Vec<Column>, Vec<Vec<Column>>), highest: u32) {
    // Plot x grows to the right; screen points from the left edge of the plot.
    let bar = |column: Column| {
        let (a, b) = (f64::from(column.left - area.left()), f64::from(column.right - area.left()));
        let bar = Bar::new((a + b) / 2.0, column.height).width((b - a).max(0.5)).stroke(Stroke::NONE);
        bar.base_offset(column.base).fill(column.color)
    };
    let chart = |name: &str, columns: Vec<Column>| {
        BarChart::new(name, columns.into_iter().map(bar).collect()).allow_hover(false)
    };
    let height = f64::from(highest.max(1)) * f64::from(area.height() / (area.height() - ABOVE));
    let bounds = PlotBounds::from_min_max([0.0, 0.0], [f64::from(area.width()), height]);
    let plot = Plot::new("histogram")
        .width(area.width())
        .height(area.height())
        .min_size(egui::Vec2::ZERO)
        .sense(Sense::hover())
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO);
    ui.scope_builder(UiBuilder::new().max_rect(area).id_salt("histogram"), |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        plot.show(ui, |plot| {
            plot.set_plot_bounds(bounds);
            plot.bar_chart(chart("all", ghosts));
            for (kind, columns) in EventType::ALL.iter().zip(stacks) {
                plot.bar_chart(chart(kind.code(), columns));
            }
        });
    });
}

/// The parts of a bar before, in and after the window.
pub fn parts(a: f32, b: f32, window: Option<(f32, f32)>) -> [Option<(f32, f32, bool)>; 3] {
    let (a, b) = (a.min(b), a.max(b));
    let Some((x, y)) = window else { return [Some((a, b, true)), None, None] };
    let (x, y) = (x.min(y), x.max(y));
    let part = |from: f32, to: f32, inside: bool| (to - from > 0.2).then_some((from, to, inside));
    [part(a, b.min(x), false), part(a.max(x), b.min(y), true), part(a.max(y), b, false)]
}

fn gutter_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    geo: &Geo<'_>,
    histogram: &Histogram,
    (area, gutter): (Rect, Rect),
    highest: u32,
) {
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    let along = |x: f32| if geo.rtl { gutter.right() - x } else { gutter.left() + x };
    let (start, end) = if geo.rtl {
        (Align2::RIGHT_CENTER, Align2::LEFT_CENTER)
    } else {
        (Align2::LEFT_CENTER, Align2::RIGHT_CENTER)
    };
    let caption = histogram.unit().map_or_else(String::new, |unit| cx.t(unit_key(unit)));
    words::paint(ui.painter(), pos2(along(20.0), area.center().y + 2.0), start, &caption, style);
    words::paint(ui.painter(), pos2(along(188.0), area.bottom() - 4.0), end, "0", style);
    if highest > 0 {
        let y = geo.snap(area.top() + ABOVE) + 0.5;
        let text = crate::lang::thousands(i64::from(highest));
        words::paint(ui.painter(), pos2(along(188.0), y), end, &text, style);
        let (a, b) = (along(gutter.width()), along(gutter.width() + 5.0));
        ui.painter().hline(a.min(b)..=a.max(b), y, Stroke::new(1.0, cx.theme.line));
    }
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Hour => "timeline-per-hour",
        Unit::Day => "timeline-per-day",
        Unit::Week => "timeline-per-week",
        Unit::Month => "timeline-per-month",
        Unit::Quarter => "timeline-per-quarter",
        Unit::Year => "timeline-per-year",
        Unit::Decade => "timeline-per-decade",
        Unit::Century => "timeline-per-century",
    }
}

/// What the bin at an x of the plot holds, in words.
pub fn bin_words(cx: &FrameCtx<'_>, scale: &Scale, histogram: &Histogram, x: f64) -> Option<String> {
    let time = scale.time(x) as i64;
    let i = histogram.bins.edges.partition_point(|edge| *edge <= time).checked_sub(1)?;
    let (start, end) = histogram.bins.edges.get(i).zip(histogram.bins.edges.get(i + 1))?;
    let all = histogram.bins.all.get(i).copied()?;
    let passing: u32 = histogram.bins.counts.get(i)?.iter().sum();
    let date = bin_date(cx, histogram.unit()?, Interval { start: *start, end: *end });
    Some(cx.catalog.f("timeline-bin", &[("date", date.into()), ("n", passing.into()), ("all", all.into())]))
}

/// A bin of a unit in words.
pub fn bin_date(cx: &FrameCtx<'_>, unit: Unit, bin: Interval) -> String {
    let precision = match unit {
        Unit::Hour => DatePrecision::Time,
        Unit::Day | Unit::Week => DatePrecision::Days,
        Unit::Month | Unit::Quarter => DatePrecision::Month,
        Unit::Year | Unit::Decade | Unit::Century => DatePrecision::Year,
    };
    format_interval(bin, precision, cx.lang(), DateStyle::Long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_cut_at_the_window() {
        let flat = |window| parts(10.0, 20.0, window).into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(flat(None), [(10.0, 20.0, true)]);
        assert_eq!(flat(Some((0.0, 30.0))), [(10.0, 20.0, true)]);
        assert_eq!(flat(Some((12.0, 15.0))), [(10.0, 12.0, false), (12.0, 15.0, true), (15.0, 20.0, false)]);
        assert_eq!(flat(Some((30.0, 40.0))), [(10.0, 20.0, false)]);
    }
}
