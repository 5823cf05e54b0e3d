//! Controls, lanes, window brush, histogram and axis: the strip at the lower edge of the window.
//!
//! What is shown of time (`scale::Scale`) belongs to this panel; the window, the lanes' grouping
//! and playing belong to the state. Nothing is gathered, packed or counted in frames in which neither
//! the filter nor the zoom changed. Nothing here walks over all events but `tally`, which
//! spreads its work over frames.

mod bars;
mod brush;
mod controls;
mod geo;
mod heat;
mod histogram;
mod lanes;
mod scale;
mod tally;
mod ticks;

use std::sync::Arc;

use egui::{Align2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::FrameCtx;
use crate::model::time::{DateStyle, date_of, format_day};
use crate::model::{EventType, Interval};
use crate::state::{Commands, Derived, PlayMode, TimeCommand};
use crate::store::Store;
use crate::store::bins::Unit;
use crate::ui::theme::{TextKind, Theme, size};
use crate::ui::widgets::words::{self, Style};
use geo::Geo;
use scale::{Fold, FoldKind, Gaps, Rules, Scale};

/// Without the point above it that the panel's edge takes.
const CONTROLS: f32 = 37.0;
const HISTOGRAM: f32 = 38.0;
/// What the histogram may grow to where strips of heat leave room.
const HISTOGRAM_MOST: f32 = 72.0;
const AXIS: f32 = 20.0;
/// From the end of the lanes to the top of the histogram; the bar that moves the window lies in it.
const BAR_ROOM: f32 = 8.0;
/// Width of the column of names in cases with many events.
const GUTTER_CROWDED: f32 = 232.0;
/// Width of the column of the far past, without its zigzag.
const PAST_COLUMN: f32 = 46.0;

/// State of the timeline's widgets.
#[derive(Default)]
pub struct TimelineUi {
    controls: controls::ControlsUi,
    scale: Option<Scale>,
    gaps: Arc<Gaps>,
    /// Generation of the store that `gaps` was found for.
    gaps_of: Option<u64>,
    /// A stretch that is never folded.
    opened: Option<(f64, f64)>,
    lanes: lanes::Lanes,
    labels: bars::Labels,
    histogram: histogram::Histogram,
    scroll: f32,
    counting: bool,
    /// Whether the case was still being read in the last frame.
    growing: bool,
    /// Whether the user moved or zoomed the view since the whole case was shown.
    moved: bool,
    drag: Option<brush::Drag>,
    /// Serials of the wishes that were obeyed.
    shown_target: u64,
    shown_zoom: u64,
    /// Window and primary event of the last frame, to follow them when they leave the view.
    followed: (Option<Interval>, Option<crate::model::EventId>),
}

impl TimelineUi {
    /// The first and last visible moment.
    pub fn visible(&self) -> Option<(f64, f64)> {
        self.scale.as_ref().map(Scale::visible)
    }

    /// The time at a distance in points from the start of the plot.
    pub fn time_at(&self, x: f64) -> Option<f64> {
        self.scale.as_ref().map(|scale| scale.time(x))
    }

    /// Whether counting goes on when the timeline is painted next.
    pub fn is_counting(&self) -> bool {
        self.counting
    }

    /// Finds the gaps of a case once per change of its events.
    fn refresh_gaps(&mut self, store: &Store, growing: bool) {
        // While a case is still being read, what the user looks at stays in view.
        let keeps = std::mem::replace(&mut self.growing, growing) && self.moved;
        if self.gaps_of != Some(store.generation) {
            let gaps = Gaps::of_store(store);
            if gaps != *self.gaps {
                self.gaps = Arc::new(gaps);
                if !keeps {
                    self.scale = None;
                    self.moved = false;
                }
            }
            self.gaps_of = Some(store.generation);
        }
    }

    /// Brings the scale to the width of the plot and to what was asked for.
    fn refresh_scale(&mut self, cx: &FrameCtx<'_>, store: &Store, width: f64) {
        let view = &cx.state.view;
        let (serial, target) = view.time_target;
        if serial != self.shown_target || self.scale.is_none() {
            self.shown_target = serial;
            let known = target.filter(|t| !t.is_unknown() && !t.open_start() && !t.open_end());
            self.opened = known.map(|target| (target.start as f64, target.end as f64));
            let rules = self.rules(view.collapse_gaps);
            self.scale = Some(match known {
                Some(target) => around(rules, width, target),
                None => scale::whole(rules, width),
            });
            self.shown_zoom = view.time_zoom.0;
            self.followed = (view.filter.window, cx.state.primary());
        }
        let rules = self.rules(view.collapse_gaps);
        let Some(scale) = &mut self.scale else { return };
        if *scale.rules() != rules {
            *scale = if scale.rules().collapse == rules.collapse {
                scale.with_rules(rules, width / 2.0)
            } else {
                scale::whole(rules, width)
            };
        }
        if (scale.width() - width).abs() > 0.5 {
            *scale = scale.resized(width);
        }
        if view.time_zoom.0 != self.shown_zoom {
            self.shown_zoom = view.time_zoom.0;
            *scale = scale.zoomed(width / 2.0, view.time_zoom.1);
        }
        self.follow(cx, store);
    }

    fn rules(&self, collapse: bool) -> Rules {
        Rules { gaps: self.gaps.clone(), collapse, opened: self.opened }
    }

    /// Brings the window or the primary event back into view after they changed.
    fn follow(&mut self, cx: &FrameCtx<'_>, store: &Store) {
        let window = cx.state.view.filter.window;
        let primary = cx.state.primary();
        let before = std::mem::replace(&mut self.followed, (window, primary));
        let Some(scale) = &mut self.scale else { return };
        let width = scale.width();
        if before.0 != window
            && self.drag.is_none()
            && let Some(window) = window.filter(|w| !w.open_start() && !w.open_end())
        {
            let cumulative =
                cx.state.view.playback.playing && cx.state.view.playback.mode == PlayMode::Cumulative;
            let (a, b) = (scale.x(window.start as f64), scale.x(window.end as f64));
            let start_seen = a >= 0.0 || cumulative;
            // In a fold a window has no width of its own at any zoom.
            let folded = scale
                .folds()
                .iter()
                .any(|fold| (window.start as f64) < fold.end && (window.end as f64) > fold.start);
            if b - a < 4.0 && !folded {
                // With enough around it to see what it is part of and where it goes.
                let more = window.duration_secs().saturating_mul(6);
                let wide = Interval {
                    start: window.start.saturating_sub(more),
                    end: window.end.saturating_add(more),
                };
                *scale = around(scale.rules().clone(), width, wide);
            } else if b - a > width && !cumulative {
                *scale = around(scale.rules().clone(), width, window);
            } else if b > width || !start_seen {
                // A short window stops before the edge that it moves to, a long one in the middle.
                let room = ((width - (b - a)) / 2.0).clamp(0.0, width * 0.3);
                let (first, last) = self.gaps.extent().unwrap_or_default();
                // There is nothing to be seen before the first date and after the last one.
                *scale = scale.panned(if b > width {
                    (width - room - b).max(width * 0.92 - scale.x(last)).min(width - b)
                } else {
                    (room - a).min(width * 0.08 - scale.x(first)).max(-a)
                });
            }
        }
        if before.1 != primary
            && let Some(interval) = primary.map(|event| store.interval(event)).filter(|i| !i.is_unknown())
        {
            let start = if interval.open_start() { interval.end } else { interval.start };
            let end = if interval.open_end() { interval.start } else { interval.end };
            let (a, b) = (scale.x(start as f64), scale.x(end as f64));
            if b < 8.0 || a > width - 8.0 {
                *scale = scale.panned(width / 2.0 - (a + b) / 2.0);
            }
        }
    }
}

/// The types of which anything passes the filter but the window.
fn types(store: &Store, derived: &Derived, extent: Option<Interval>) -> Vec<EventType> {
    let Some(extent) = extent else { return Vec::new() };
    let about = Interval { start: extent.start.saturating_sub(1), end: extent.end.saturating_add(1) };
    let bins = derived.bins(store, Unit::Century, about);
    let is_there = |kind: &EventType| {
        bins.counts.iter().any(|counts| counts.get(kind.index()).is_some_and(|count| *count > 0))
    };
    EventType::ALL.iter().copied().filter(is_there).collect()
}

/// A scale that shows an interval with room on both sides.
fn around(rules: Rules, width: f64, interval: Interval) -> Scale {
    let margin = width * 0.08;
    Scale::fitted(rules, width, (interval.start as f64, interval.end as f64), margin, margin)
}

/// The whole timeline.
pub fn timeline_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut TimelineUi, commands: &mut Commands) {
    state.counting = false;
    let Some(store) = cx.store() else { return };
    let rect = ui.max_rect();
    ui.advance_cursor_after_rect(rect);
    let theme = cx.theme;
    let under_controls = rect.top() + CONTROLS + 0.5;
    ui.painter().hline(rect.x_range(), under_controls, Stroke::new(1.0, theme.line_subtle));

    let strip = Rect::from_min_size(rect.min, vec2(rect.width(), CONTROLS));
    let growing = cx.state.case.as_ref().is_some_and(|case| case.growing().is_some());
    state.refresh_gaps(store, growing);
    let extent = state.gaps.extent().map(|(start, end)| Interval { start: start as i64, end: end as i64 });
    controls::controls_ui(ui, cx, strip, extent, &mut state.controls, commands);

    // Large counts need room beside the names.
    let gutter = if store.num_events() > tally::CROWDED { GUTTER_CROWDED } else { size::TIMELINE_GUTTER };
    let gutter_width = gutter.min(rect.width() * 0.4);
    let below = Rect::from_min_max(pos2(rect.left(), rect.top() + CONTROLS), rect.max);
    let (gutter, plot) = if cx.rtl() {
        let (plot, gutter) = below.split_left_right_at_x(below.right() - gutter_width);
        (gutter, plot)
    } else {
        below.split_left_right_at_x(below.left() + gutter_width)
    };
    if plot.width() < 40.0 || plot.height() < 90.0 {
        return;
    }
    let axis_top = (rect.bottom() - AXIS).floor();

    state.refresh_scale(cx, store, f64::from(plot.width()));
    state.lanes.refresh(store, cx.derived, &cx.state.view, || types(store, cx.derived, extent));
    state.counting = state.lanes.is_counting();
    if state.counting {
        ui.ctx().request_repaint();
    }
    let Some(scale) = state.scale.take() else { return };
    state.histogram.refresh(store, cx.derived, state.lanes.is_crowded(), &scale);
    state.lanes.lay_out(store, cx.derived, &scale, state.histogram.days_or_longer());

    let lanes_top = plot.top() + 1.0;
    let histogram_height = if state.lanes.is_crowded() {
        let rest = axis_top - BAR_ROOM - lanes_top - state.lanes.least_height();
        rest.clamp(HISTOGRAM, HISTOGRAM_MOST).floor()
    } else {
        HISTOGRAM
    };
    let histogram_top = axis_top - histogram_height;
    let lanes_area = Rect::from_x_y_ranges(plot.x_range(), lanes_top..=histogram_top - BAR_ROOM);
    let areas = brush::Areas {
        lanes: lanes_area,
        histogram: Rect::from_x_y_ranges(plot.x_range(), histogram_top..=axis_top),
        bar_y: histogram_top - 2.0,
    };

    let geo = Geo::new(ui, &scale, plot, cx.rtl());
    ground(ui, cx, &geo, areas);
    brush::paint_fill(ui, cx, &geo, areas);

    let heights = state.lanes.heights(lanes_area.height());
    let total = heights.0.iter().sum::<f32>() + lanes::TOP_PAD;
    let overflow = (total - lanes_area.height()).max(0.0);
    let gutter_lanes = Rect::from_x_y_ranges(gutter.x_range(), lanes_area.y_range());
    if overflow > 0.0 && ui.rect_contains_pointer(gutter_lanes) {
        state.scroll -= ui.input(|input| input.smooth_scroll_delta().y);
    }
    state.scroll = state.scroll.clamp(0.0, overflow);
    gutter_ui(ui, cx, gutter_lanes, state, store, &heights.0);
    let bars = (heights.0.as_slice(), heights.1);
    let lanes = (&state.lanes, state.histogram.heat_unit(), &mut state.labels);
    let out = bars::lanes_ui(ui, cx, &geo, lanes, bars, (lanes_area, state.scroll), commands);
    if state.lanes.lanes.is_empty() {
        let style = Style::new(TextKind::List, theme.text_muted);
        let text = cx.t(match store.num_events() {
            _ if state.lanes.is_counting() || cx.derived.is_pending(cx.state) => "timeline-counting",
            0 => "list-empty-case",
            _ => "timeline-empty",
        });
        words::paint(ui.painter(), lanes_area.center(), Align2::CENTER_CENTER, &text, style);
    }
    histogram::histogram_ui(ui, cx, &geo, &state.histogram, areas.histogram, gutter);
    zigzags(ui, &geo, theme, areas);
    marks(ui, cx, &geo, areas, out.primary);
    axis_ui(ui, cx, &geo, axis_top);
    ui.painter().vline(
        geo.snap(if geo.rtl { plot.right() } else { plot.left() }) + 0.5 * geo.sign(),
        plot.top()..=rect.bottom(),
        Stroke::new(1.0, theme.line_subtle),
    );
    state.drag = brush::brush_ui(ui, cx, &geo, areas, state.drag, commands);
    let scrolled = scroll_bar_ui(ui, cx, lanes_area, (state.scroll, overflow));
    let next = moved(ui, &geo, axis_top, out.dragged.x);
    bin_tooltip(ui, cx, &geo, areas, state);

    state.scroll = (state.scroll - out.dragged.y + scrolled).clamp(0.0, overflow);
    match out.opened {
        // What is folded away is decades long: unfolding it in place would show a small part.
        Some(fold) if fold.kind == FoldKind::Past => {
            let past = Interval { start: fold.start as i64, end: fold.end as i64 };
            commands.push(TimeCommand::Show(Some(past)));
        }
        Some(fold) => state.opened = Some((fold.start, fold.end)),
        None => {}
    }
    state.moved |= next.is_some();
    state.scale = Some(next.unwrap_or(scale));
}

/// The scale after wheel and drags of this frame, if they changed it.
fn moved(ui: &mut Ui, geo: &Geo<'_>, axis_top: f32, dragged: f32) -> Option<Scale> {
    let axis = Rect::from_x_y_ranges(geo.plot.x_range(), axis_top..=geo.plot.bottom());
    let id = ui.scope_id().with("axis");
    let response = ui.interact(axis, id, Sense::drag());
    let mut scale = None;
    let mut dx = dragged + response.drag_delta().x;
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
    }
    if ui.rect_contains_pointer(geo.plot)
        && let Some(pos) = ui.input(|input| input.pointer.hover_pos())
    {
        let (scroll, pinch, middle, delta) = ui.input(|input| {
            let middle = input.pointer.button_down(egui::PointerButton::Middle);
            (input.smooth_scroll_delta(), input.zoom_delta(), middle, input.pointer.delta())
        });
        let lanes_or_histogram = pos.y < axis_top;
        if middle && dragged == 0.0 && lanes_or_histogram {
            dx += delta.x;
        }
        dx += scroll.x;
        let factor = (f64::from(scroll.y) / 200.0).exp() * f64::from(pinch);
        if (factor - 1.0).abs() > 1e-6 {
            scale = Some(geo.scale.zoomed(geo.x(pos), factor));
        }
    }
    if dx != 0.0 {
        scale = Some(scale.as_ref().unwrap_or(geo.scale).panned(f64::from(dx * geo.sign())));
    }
    if scale.is_some() {
        ui.ctx().request_repaint();
    }
    scale
}

/// Bands of years and the darker column of the far past.
fn ground(ui: &Ui, cx: &FrameCtx<'_>, geo: &Geo<'_>, areas: brush::Areas) {
    let theme = cx.theme;
    let y = egui::Rangef::new(areas.lanes.top(), areas.histogram.bottom());
    let (from, to) = geo.scale.visible();
    let year_px = Unit::Year.mean_secs() / geo.scale.secs_per_px();
    if year_px > 24.0 {
        let mut start = Unit::Year.floor(from as i64);
        while (start as f64) < to {
            let end = Unit::Year.add(start, 1);
            let year = crate::model::time::civil_from_days(start.div_euclid(86_400)).0;
            let folded = geo.scale.folds().iter().any(|f| f.kind == FoldKind::Past && end as f64 <= f.end);
            if year % 2 == 1 && !folded {
                let band = geo.span(geo.at(start as f64), geo.at(end as f64), y).intersect(geo.plot);
                ui.painter().rect_filled(band, 0.0, Theme::faded(theme.text, 0.022));
            }
            if !folded && start as f64 >= from {
                let x = geo.at(start as f64) + 0.5;
                ui.painter().vline(x, y, Stroke::new(1.0, theme.line_subtle));
            }
            start = end;
        }
    }
    let track = geo.snap(areas.bar_y) - 0.5;
    ui.painter().hline(geo.plot.x_range(), track, Stroke::new(1.0, theme.line_subtle));
    for fold in geo.scale.folds().iter().filter(|fold| fold.kind == FoldKind::Past) {
        let x = geo.scale.x(fold.start);
        let (a, b) = (geo.screen(x), geo.screen(x + f64::from(PAST_COLUMN)));
        let rect = geo.span(geo.snap(a), geo.snap(b), y).intersect(geo.plot);
        if rect.is_positive() {
            ui.painter().rect_filled(rect, 0.0, Theme::faded(theme.base, 0.55));
        }
    }
}

/// A zigzag at every fold.
fn zigzags(ui: &Ui, geo: &Geo<'_>, theme: &Theme, areas: brush::Areas) {
    let painter = ui.painter_at(geo.plot);
    let stroke = Stroke::new(1.0, theme.line_strong);
    let (top, bottom) = (areas.lanes.top(), areas.histogram.bottom());
    let line = |x: f32| {
        let mut points = Vec::new();
        let mut y = top;
        let mut out = true;
        while y < bottom {
            points.push(pos2(x + if out { 2.5 } else { -2.5 }, y));
            out = !out;
            y += 21.0;
        }
        painter.add(Shape::line(points, stroke));
    };
    for fold in geo.scale.folds() {
        let start = geo.scale.x(fold.start);
        match fold.kind {
            FoldKind::Past => line(geo.screen(start + f64::from(PAST_COLUMN) + 3.0)),
            FoldKind::Gap => {
                let (a, b) = (start + fold.px / 2.0 - 4.0, start + fold.px / 2.0 + 4.0);
                let band = geo.span(geo.screen(a), geo.screen(b), egui::Rangef::new(top, bottom));
                painter.rect_filled(band.intersect(geo.plot), 0.0, Theme::faded(theme.base, 0.55));
                line(geo.screen(a));
                line(geo.screen(b));
            }
        }
    }
}

/// The line from the primary event to the axis, and the playhead.
fn marks(ui: &Ui, cx: &FrameCtx<'_>, geo: &Geo<'_>, areas: brush::Areas, primary: Option<Rect>) {
    let painter = ui.painter_at(geo.plot);
    let stroke = Stroke::new(1.5, cx.theme.accent);
    let dotted = |x: f32, top: f32| {
        let line = [pos2(x, top), pos2(x, areas.histogram.bottom())];
        painter.extend(Shape::dashed_line(&line, stroke, 2.0, 3.0));
    };
    if let Some(rect) = primary.filter(|rect| areas.lanes.expand(4.0).contains(rect.center())) {
        dotted(geo.snap(rect.center().x), rect.bottom() + 5.0);
    }
    let playback = &cx.state.view.playback;
    if playback.playing
        && let Some(window) = cx.state.view.filter.window.filter(|window| !window.open_end())
    {
        let x = geo.at(window.end as f64);
        let line = [pos2(x, areas.lanes.top()), pos2(x, areas.histogram.bottom())];
        let strong = Stroke::new(2.0, cx.theme.text_strong);
        painter.extend(Shape::dashed_line(&line, strong, 1.5, 4.0));
    }
}

/// The axis: years stand out; labels never touch.
fn axis_ui(ui: &Ui, cx: &FrameCtx<'_>, geo: &Geo<'_>, top: f32) {
    let theme = cx.theme;
    let painter = ui.painter_at(geo.plot);
    let y = geo.snap(top) + 0.5;
    painter.hline(geo.plot.x_range(), y, Stroke::new(1.0, theme.line));
    let anchor = if geo.rtl { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
    let text_y = top + AXIS / 2.0;
    let mut taken: Vec<(f32, f32)> = Vec::new();
    let free = |rect: Rect, taken: &mut Vec<(f32, f32)>| {
        let clear = taken.iter().all(|(a, b)| rect.right() + 4.0 <= *a || rect.left() >= *b + 4.0);
        if clear {
            taken.push((rect.left(), rect.right()));
        }
        clear
    };
    for fold in geo.scale.folds().iter().filter(|fold| fold.kind == FoldKind::Past) {
        let x = geo.screen(geo.scale.x(fold.start) + f64::from(PAST_COLUMN) / 2.0);
        let style = Style::new(TextKind::Caption, theme.text_muted);
        let text = past_words(fold);
        // As in a table's head, the column's name may reach over its edges a little.
        let wide = ui.painter_at(geo.plot.expand2(vec2(6.0, 0.0)));
        let rect = words::paint(&wide, pos2(x, text_y), Align2::CENTER_CENTER, &text, style);
        taken.push((rect.left(), rect.right() - 8.0));
    }
    let ticks = ticks::ticks(geo.scale, cx.lang());
    for rank in [ticks::Rank::Year, ticks::Rank::Labelled, ticks::Rank::Small] {
        for tick in ticks.iter().filter(|tick| tick.rank == rank) {
            let x = geo.snap(geo.screen(tick.x)) + 0.5;
            let (length, color) = match rank {
                ticks::Rank::Year => (8.0, theme.line_strong),
                ticks::Rank::Labelled => (5.0, theme.line_strong),
                ticks::Rank::Small => (3.0, theme.line),
            };
            painter.vline(x, y..=y + length, Stroke::new(1.0, color));
            if tick.label.is_empty() {
                continue;
            }
            let style = if rank == ticks::Rank::Year {
                Style::strong(TextKind::Caption, theme.text_strong)
            } else {
                Style::new(TextKind::Caption, theme.text_muted)
            };
            let pos = pos2(x + 4.0 * geo.sign(), text_y);
            let rect = anchor.anchor_size(pos, words::measure(&painter, &tick.label, style));
            let whole = rect.left() >= geo.plot.left() && rect.right() <= geo.plot.right();
            if whole && free(rect, &mut taken) {
                words::paint(&painter, pos, anchor, &tick.label, style);
            }
        }
    }
}

/// `1970–2021`.
fn past_words(fold: &Fold) -> String {
    let year = |time: f64| date_of(time as i64).map_or_else(String::new, |day| day.year().to_string());
    let (first, last) = (year(fold.start), year(fold.end - 1.0));
    if first == last { first } else { format!("{first}–{last}") }
}

/// What a fold leaves out.
fn fold_words(cx: &FrameCtx<'_>, fold: &Fold) -> String {
    let day = |time: f64| {
        date_of(time as i64).map_or_else(String::new, |day| format_day(day, cx.lang(), DateStyle::Short))
    };
    match fold.kind {
        FoldKind::Past => {
            cx.catalog.f("timeline-past", &[("years", past_words(fold).into()), ("n", fold.events.into())])
        }
        FoldKind::Gap => cx
            .catalog
            .f("timeline-gap", &[("from", day(fold.start).into()), ("to", day(fold.end - 1.0).into())]),
    }
}

/// Names and counts of the lanes.
fn gutter_ui(ui: &mut Ui, cx: &FrameCtx<'_>, area: Rect, state: &TimelineUi, store: &Store, heights: &[f32]) {
    let id = ui.scope_id().with("gutter");
    let mut y = area.top() + lanes::TOP_PAD - state.scroll;
    let clip = ui.clip_rect();
    ui.set_clip_rect(clip.intersect(area));
    for (lane, height) in state.lanes.lanes.iter().zip(heights) {
        let row = Rect::from_x_y_ranges(area.x_range(), y..=y + height);
        y += height;
        if row.bottom() < area.top() || row.top() > area.bottom() {
            continue;
        }
        let line = row.bottom().round() + 0.5;
        ui.painter().hline(area.x_range(), line - 0.5, Stroke::new(1.0, cx.theme.line_subtle));
        let name = bars::lane_name(cx, store, lane.key);
        let visible = row.intersect(area);
        bars::gutter_row_ui(ui, cx, visible, lane, &name);
        if visible.is_positive() {
            let response = ui.interact(visible, id.with(lane.key), Sense::hover());
            let text = match lane.shown.zip(lane.total) {
                Some((shown, total)) => cx.catalog.f(
                    "timeline-lane-tip",
                    &[("name", name.into()), ("shown", shown.into()), ("n", total.into())],
                ),
                None => cx.catalog.f("timeline-lane-tip-counting", &[("name", name.into())]),
            };
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
            response.on_hover_text(text);
        }
    }
    ui.set_clip_rect(clip);
}

/// A thin bar where the lanes do not fit; returns by how much to scroll.
fn scroll_bar_ui(ui: &mut Ui, cx: &FrameCtx<'_>, area: Rect, (scroll, overflow): (f32, f32)) -> f32 {
    if overflow <= 0.0 {
        return 0.0;
    }
    let x = if cx.rtl() { area.left() + 1.0 } else { area.right() - 7.0 };
    let track = Rect::from_min_size(pos2(x, area.top() + 2.0), vec2(6.0, area.height() - 4.0));
    let length = (track.height() * area.height() / (area.height() + overflow)).max(16.0);
    let room = (track.height() - length).max(1.0);
    let thumb = Rect::from_min_size(
        pos2(track.left(), track.top() + room * scroll / overflow),
        vec2(track.width(), length),
    );
    let response = ui.interact(track.expand2(vec2(3.0, 0.0)), ui.scope_id().with("scroll"), Sense::drag());
    let name = cx.t("timeline-scroll");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ScrollBar, true, &name));
    let hot = response.hovered() || response.dragged();
    let color = if hot { cx.theme.control_edge } else { cx.theme.line_strong };
    ui.painter().rect_filled(thumb, 3.0, color);
    response.drag_delta().y * overflow / room
}

/// What the bin of the histogram under the pointer holds.
fn bin_tooltip(ui: &mut Ui, cx: &FrameCtx<'_>, geo: &Geo<'_>, areas: brush::Areas, state: &TimelineUi) {
    if state.drag.is_some() || !ui.rect_contains_pointer(areas.histogram) {
        return;
    }
    let Some(pos) = ui.input(|input| input.pointer.hover_pos()) else { return };
    let x = geo.x(pos);
    let text = match geo.scale.fold_at(x) {
        Some(fold) => Some(fold_words(cx, fold)),
        None => histogram::bin_words(cx, geo.scale, &state.histogram, x),
    };
    let response = ui.interact(areas.histogram, ui.scope_id().with("bins"), Sense::hover());
    if let Some(text) = text {
        response.on_hover_text_at_pointer(text);
    }
}
