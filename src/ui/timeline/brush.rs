//! The time window over lanes and histogram: edges, handles, the bar that moves it.
//!
//! Limits snap to days, with Shift to the unit of the axis. The window is half-open; what is written
//! about it names its last day.

use egui::{Align2, CursorIcon, EventFilter, Key, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::geo::Geo;
use super::scale::limits;
use super::ticks::snap_unit;
use crate::model::Interval;
use crate::model::time::{DateStyle, SECONDS_PER_DAY, format_day};
use crate::state::{Commands, TimeCommand};
use crate::store::bins::Unit;
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::words::{self, Style};

const HANDLE: egui::Vec2 = vec2(10.0, 26.0);
const GRIP: egui::Vec2 = vec2(36.0, 10.0);
/// Strength of the fill.
const FILL: f32 = 0.055;
/// Strength of the bar.
const BAR: f32 = 0.78;

/// What is being dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drag {
    Start,
    End,
    /// The whole window: seconds from its start to the pointer, and its length.
    Move {
        grab: f64,
        length: i64,
    },
    /// A new window from here.
    New {
        from: i64,
    },
}

/// Where the parts of the brush lie.
#[derive(Clone, Copy)]
pub struct Areas {
    pub lanes: Rect,
    pub histogram: Rect,
    /// Centre of the bar that moves the window.
    pub bar_y: f32,
}

/// A moment on the nearest limit of a unit.
pub fn snapped(time: f64, unit: Unit) -> i64 {
    let (first, last) = limits();
    let time = time.clamp(first, last - SECONDS_PER_DAY as f64) as i64;
    let before = unit.floor(time);
    let after = unit.add(before, 1);
    if time - before < after - time { before } else { after }
}

/// The window while an edge or the whole is dragged to a time.
pub fn dragged(drag: Drag, window: Interval, time: f64, unit: Unit) -> Interval {
    let least = unit.mean_secs().min(SECONDS_PER_DAY as f64) as i64;
    match drag {
        Drag::Start => {
            let start = snapped(time, unit);
            let limit = if window.open_end() { i64::MAX } else { window.end - least };
            Interval { start: start.min(limit), end: window.end }
        }
        Drag::End => {
            let end = snapped(time, unit);
            let limit = if window.open_start() { i64::MIN } else { window.start + least };
            Interval { start: window.start, end: end.max(limit) }
        }
        Drag::Move { grab, length } => {
            let start = snapped(time - grab, unit);
            Interval { start, end: start.saturating_add(length) }
        }
        Drag::New { from } => {
            let to = snapped(time, unit);
            let (start, end) = (from.min(to), from.max(to));
            Interval { start, end: end.max(start + least) }
        }
    }
}

/// Fill of the window beneath lanes and bars.
pub fn paint_fill(ui: &Ui, cx: &FrameCtx<'_>, geo: &Geo<'_>, areas: Areas) {
    if let Some(window) = cx.state.view.filter.window {
        let (a, b) = limits_on_screen(geo, window);
        let y = egui::Rangef::new(areas.lanes.top(), areas.histogram.bottom());
        let rect = geo.span(a, b, y).intersect(geo.plot);
        if rect.is_positive() {
            ui.painter().rect_filled(rect, 0.0, Theme::faded(cx.theme.accent, FILL));
        }
    }
}

fn limits_on_screen(geo: &Geo<'_>, window: Interval) -> (f32, f32) {
    let start = if window.open_start() { geo.screen(-10.0) } else { geo.at(window.start as f64) };
    let end =
        if window.open_end() { geo.screen(geo.scale.width() + 10.0) } else { geo.at(window.end as f64) };
    (start, end)
}

/// Edges, bar and handles; returns what is dragged.
pub fn brush_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    geo: &Geo<'_>,
    areas: Areas,
    mut drag: Option<Drag>,
    commands: &mut Commands,
) -> Option<Drag> {
    let extent = geo.scale.rules().gaps.extent().map(|(a, b)| Interval { start: a as i64, end: b as i64 });
    let shown = cx.state.view.filter.window;
    let window = shown.or(extent)?;
    let (a, b) = limits_on_screen(geo, window);
    let theme = cx.theme;
    let id = ui.scope_id().with("brush");
    let unit = if ui.input(|input| input.modifiers.shift) { snap_unit(geo.scale) } else { Unit::Day };
    let pointer = ui.input(|input| input.pointer.interact_pos());
    let time = pointer.map(|pos| geo.time(pos));

    // The empty histogram: a drag makes a new window, two clicks show all.
    let ground = ui.interact(areas.histogram, id.with("ground"), Sense::click_and_drag());
    let name = cx.t("timeline-histogram");
    ground.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Group, true, &name));
    let origin = ui.input(|input| input.pointer.press_origin());
    if ground.drag_started_by(egui::PointerButton::Primary)
        && let Some(pos) = origin.or(pointer)
    {
        drag = Some(Drag::New { from: snapped(geo.time(pos), unit) });
    }
    if ground.double_clicked() {
        commands.push(TimeCommand::Window(None));
    }
    if ground.hovered() && drag.is_none() {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }

    // The bar keeps the length of the window.
    let y = areas.bar_y;
    let visible = geo.span(a, b, egui::Rangef::new(y - 5.0, y + 5.0)).intersect(geo.plot);
    let painter = ui.painter_at(geo.plot.expand2(vec2(HANDLE.x / 2.0, 0.0)));
    if visible.is_positive() {
        let bar = ui.interact(visible, id.with("bar"), Sense::click_and_drag());
        let name = cx.catalog.f("timeline-window-bar", &[("window", words_of(cx, window).into())]);
        bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, &name));
        if bar.drag_started()
            && let Some(pos) = origin.or(pointer)
            && !window.open_start()
            && !window.open_end()
        {
            let grab = geo.time(pos) - window.start as f64;
            drag = Some(Drag::Move { grab, length: window.end - window.start });
        }
        let moving = matches!(drag, Some(Drag::Move { .. }));
        if moving {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        } else if bar.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        let strength = if bar.hovered() || moving { 1.0 } else { BAR };
        let line = Rect::from_x_y_ranges(visible.x_range(), y - 2.0..=y + 2.0);
        painter.rect_filled(line, 0.0, Theme::faded(theme.accent, strength));
        if visible.width() > GRIP.x + 24.0 {
            let center = pos2(geo.snap(visible.center().x), y);
            let grip = Rect::from_center_size(center, GRIP);
            painter.rect_filled(grip, GRIP.y / 2.0, theme.accent);
            for dx in [-5.0, 0.0, 5.0] {
                painter.circle_filled(center + vec2(dx, 0.0), 1.2, theme.on_accent);
            }
        }
        focus_ring(ui, cx, &bar, visible);
        if let Some((days, unit)) = arrow_steps(ui, geo, &bar) {
            let moved = crate::state::playback::shifted(window, unit, days);
            commands.push(TimeCommand::Window(Some(moved)));
        }
        bar.on_hover_text(name);
    }

    let edges = Rect::from_x_y_ranges(geo.plot.x_range(), areas.lanes.top()..=areas.histogram.bottom());
    for (is_start, x, open) in [(true, a, window.open_start()), (false, b, window.open_end())] {
        if open || x < geo.plot.left() - 1.0 || x > geo.plot.right() + 1.0 {
            continue;
        }
        if shown.is_some() {
            painter.vline(x, edges.y_range(), Stroke::new(1.5, Theme::faded(theme.accent, 0.9)));
        }
        let this = if is_start { Drag::Start } else { Drag::End };
        let center = pos2(x, geo.snap(areas.histogram.center().y));
        let rect = Rect::from_center_size(center, HANDLE);
        let target = Rect::from_center_size(center, vec2(22.0, areas.histogram.height()));
        let handle = ui.interact(target, id.with(("handle", is_start)), Sense::click_and_drag());
        let key = if is_start { "timeline-window-start" } else { "timeline-window-end" };
        let day = if is_start { window.first_day() } else { window.last_day() };
        let day = day.map_or_else(String::new, |day| format_day(day, cx.lang(), DateStyle::Long));
        let name = cx.catalog.f(key, &[("day", day.as_str().into())]);
        handle.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, &name));
        if handle.drag_started_by(egui::PointerButton::Primary) {
            drag = Some(this);
        }
        let active = drag == Some(this);
        let hot = handle.hovered() || active;
        if hot {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let fill = if shown.is_some() || hot { theme.accent } else { Theme::faded(theme.accent, BAR) };
        painter.rect_filled(rect, 3.0, fill);
        if hot {
            painter.rect_stroke(rect, 3.0, Stroke::new(1.0, theme.text_strong), StrokeKind::Outside);
        }
        for dx in [-1.5, 1.5] {
            let line = Stroke::new(1.2, theme.on_accent);
            painter.vline(center.x + dx, center.y - 5.0..=center.y + 5.0, line);
        }
        focus_ring(ui, cx, &handle, rect);
        if let Some((n, unit)) = arrow_steps(ui, geo, &handle) {
            let limit = if is_start { window.start } else { window.end };
            let moved = dragged(this, window, unit.add(limit, n) as f64, Unit::Day);
            commands.push(TimeCommand::Window(Some(moved)));
        }
        if active || handle.has_focus() {
            flag(ui, cx, pos2(x, rect.top() - 4.0), &day);
        } else {
            handle.on_hover_text(name);
        }
    }

    if let Some((current, time)) = drag.zip(time) {
        let moved = dragged(current, window, time, unit);
        if shown != Some(moved) {
            commands.push(TimeCommand::Window(Some(moved)));
        }
    }
    if ui.input(|input| !input.pointer.any_down()) { None } else { drag }
}

/// By how many of which unit the arrow keys move what has the focus.
fn arrow_steps(ui: &Ui, geo: &Geo<'_>, response: &Response) -> Option<(i64, Unit)> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let (n, shift) = ui.input_mut(|input| {
        let shift = input.modifiers.shift;
        let mut n = 0;
        for (key, step) in [(Key::ArrowRight, 1), (Key::ArrowLeft, -1)] {
            n += step * input.count_and_consume_key(egui::Modifiers::NONE, key) as i64;
            n += step * input.count_and_consume_key(egui::Modifiers::SHIFT, key) as i64;
        }
        (n, shift)
    });
    let unit = if shift { snap_unit(geo.scale) } else { Unit::Day };
    (n != 0).then_some((n * geo.sign() as i64, unit))
}

fn focus_ring(ui: &Ui, cx: &FrameCtx<'_>, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = Stroke::new(2.0, cx.theme.focus);
        ui.painter().rect_stroke(rect.expand(2.0), 4.0, stroke, StrokeKind::Outside);
    }
}

/// A small sign with a date above a handle.
fn flag(ui: &Ui, cx: &FrameCtx<'_>, bottom: egui::Pos2, text: &str) {
    let style = Style::strong(TextKind::Caption, cx.theme.text_strong);
    let size = words::measure(ui.painter(), text, style) + vec2(12.0, 4.0);
    let screen = ui.ctx().content_rect();
    let x = bottom.x.clamp(screen.left() + size.x / 2.0 + 2.0, screen.right() - size.x / 2.0 - 2.0);
    let rect = Align2::CENTER_BOTTOM.anchor_size(pos2(x, bottom.y), size);
    let edge = Stroke::new(1.0, cx.theme.line);
    ui.painter().rect(rect, 3.0, cx.theme.overlay, edge, StrokeKind::Inside);
    words::paint_in(ui.painter(), rect, text, style, egui::Align::Center, Some(1));
}

/// A window in words; its end day is inclusive.
pub fn words_of(cx: &FrameCtx<'_>, window: Interval) -> String {
    let precision = crate::model::DatePrecision::Days;
    crate::model::time::format_interval(window, precision, cx.lang(), DateStyle::Short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::parse_edtf;

    fn interval(text: &str) -> Interval {
        parse_edtf(text).expect("date").interval
    }

    fn noon(text: &str) -> f64 {
        interval(text).start as f64 + 43_000.0
    }

    #[test]
    fn edges_snap_to_days_and_never_cross() {
        let window = interval("2024-05-01/2024-05-09");
        let start = dragged(Drag::Start, window, noon("2024-05-03"), Unit::Day);
        assert_eq!(start, interval("2024-05-03/2024-05-09"));
        let crossed = dragged(Drag::Start, window, noon("2024-06-01"), Unit::Day);
        assert_eq!(crossed, interval("2024-05-09"));
        let end = dragged(Drag::End, window, noon("2024-01-01"), Unit::Day);
        assert_eq!(end, interval("2024-05-01"));
        let month = dragged(Drag::End, window, noon("2024-07-10"), Unit::Month);
        assert_eq!(month, interval("2024-05-01/2024-06-30"));
    }

    #[test]
    fn moving_keeps_the_length() {
        let window = interval("2024-05-01/2024-05-09");
        let drag = Drag::Move { grab: 86_400.0 * 2.0, length: window.end - window.start };
        let moved = dragged(drag, window, interval("2025-01-12").start as f64, Unit::Day);
        assert_eq!(moved, interval("2025-01-10/2025-01-18"));
    }

    #[test]
    fn open_windows_keep_their_open_end() {
        let moved = dragged(Drag::Start, interval("2024-05/.."), noon("2024-06-01"), Unit::Day);
        assert_eq!(moved, interval("2024-06-01/.."));
    }

    #[test]
    fn a_new_window_runs_from_the_press_to_the_pointer() {
        let from = interval("2024-05-10").start;
        let back = dragged(Drag::New { from }, Interval::ALL, noon("2024-05-01") - 30_000.0, Unit::Day);
        assert_eq!(back, interval("2024-05-01/2024-05-09"));
        let still = dragged(Drag::New { from }, Interval::ALL, from as f64, Unit::Day);
        assert_eq!(still, interval("2024-05-10"));
    }
}
