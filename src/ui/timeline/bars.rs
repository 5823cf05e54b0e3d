//! Paints the lanes and takes their clicks.
//!
//! Doubt is drawn: only known days are solid. Only rows and bars in view are visited.

use std::collections::HashMap;

use egui::{
    Align2, Color32, CornerRadius, Painter, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::geo::Geo;
use super::heat;
use super::lanes::{self, BarStyle, Extent, Lane, Lanes, NO_ROW};
use super::scale::{Fold, FoldKind};
use super::tally::LaneKey;
use crate::model::time::DateStyle;
use crate::model::{EventId, Interval, Lang};
use crate::state::{Commands, SelectCommand, TimeCommand};
use crate::store::Store;
use crate::store::bins::Unit;
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format, shapes};

/// Height of a bar.
const BAR: f32 = 9.0;
/// Radius of the corners of bars.
const ROUND: u8 = 3;
/// Opacity of what lies outside of the window.
pub const OUTSIDE: f32 = 0.42;
/// Up to how many bars in view each can take the keyboard focus and has a label where there is room.
const MAX_FOCUSABLE: usize = 400;
/// Most words of events that are kept.
const MAX_KEPT: usize = 4096;

/// The few words for each event that was in view, so that rows of datasets are not read in every
/// frame. Forgotten when the case or the language changes.
#[derive(Debug, Default)]
pub struct Labels {
    of: Option<(u64, Lang)>,
    texts: HashMap<EventId, String>,
}

impl Labels {
    fn refresh(&mut self, store: &Store, lang: Lang) {
        let of = Some((store.generation, lang));
        if self.of != of || self.texts.len() > MAX_KEPT {
            self.texts.clear();
            self.of = of;
        }
    }

    fn of(&mut self, store: &Store, event: EventId, lang: Lang) -> &str {
        self.texts.entry(event).or_insert_with(|| format::event_short(store, event, lang))
    }
}

/// A bar of this frame.
struct Drawn {
    event: EventId,
    row: u32,
    rect: Rect,
    extent: Extent,
    interval: Interval,
    inside: bool,
}

/// What the lanes tell the rest of the timeline.
#[derive(Default)]
pub struct LanesOutput {
    /// Where the primary event is drawn.
    pub primary: Option<Rect>,
    /// By how much empty lanes were dragged.
    pub dragged: egui::Vec2,
    /// A fold that was clicked.
    pub opened: Option<Fold>,
}

/// The name of a lane.
pub fn lane_name(cx: &FrameCtx<'_>, store: &Store, key: LaneKey) -> String {
    let lang = cx.lang();
    match key {
        LaneKey::Type(kind) => format::event_type(cx.catalog, kind),
        LaneKey::Actor(actor) => {
            store.actor(actor).map_or_else(String::new, |actor| actor.names.get(lang).to_owned())
        }
        LaneKey::Place(place) => format::place_name(store, place, lang).to_owned(),
        LaneKey::Document(document) => store.document(document).map_or_else(String::new, |document| {
            let title = document.titles.get(lang);
            if title.is_empty() { document.key.clone() } else { format!("{} · {title}", document.key) }
        }),
        LaneKey::Others(n) => cx.catalog.f("timeline-lane-others", &[("n", n.into())]),
        LaneKey::Without => cx.t("timeline-lane-without"),
    }
}

/// The visible part of the gutter's row of a lane: shape, name, count; nothing where they would be
/// cut.
pub fn gutter_row_ui(ui: &Ui, cx: &FrameCtx<'_>, rect: Rect, lane: &Lane, name: &str) {
    let theme = cx.theme;
    let rtl = cx.rtl();
    if rect.height() < 13.0 {
        return;
    }
    let dim = if lane.shown == Some(0) { theme.text_muted } else { theme.text };
    let y = rect.center().y;
    let along = |x: f32| if rtl { rect.right() - x } else { rect.left() + x };
    let mut start = 20.0;
    if let LaneKey::Type(kind) = lane.key {
        let center = pos2(along(20.0), y);
        shapes::paint(
            ui.painter(),
            kind,
            center,
            5.0,
            shapes::Fill::Solid,
            theme.event_type(kind),
            theme.symbol_edge,
        );
        start = 34.0;
    }
    let (count, strong) = match lane.shown {
        Some(shown) => {
            (crate::lang::thousands(i64::from(shown)), Style::strong(TextKind::List, theme.text_strong))
        }
        None => (cx.t("timeline-counting"), Style::new(TextKind::Caption, theme.text_muted)),
    };
    let end = if rtl { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
    let painted = words::paint(ui.painter(), pos2(along(rect.width() - 12.0), y), end, &count, strong);
    let room = rect.width() - 12.0 - painted.width() - 8.0;
    let (a, b) = (along(start), along(room));
    let name_rect = Rect::from_x_y_ranges(a.min(b)..=a.max(b), rect.y_range());
    let align = if rtl { egui::Align::Max } else { egui::Align::Min };
    words::paint_in(ui.painter(), name_rect, name, Style::new(TextKind::List, dim), align, Some(1));
}

/// Lanes in `area`, scrolled by `scroll` points.
pub fn lanes_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    geo: &Geo<'_>,
    (lanes, unit, labels): (&Lanes, Unit, &mut Labels),
    (heights, pitch): (&[f32], f32),
    (area, scroll): (Rect, f32),
    commands: &mut Commands,
) -> LanesOutput {
    let Some(store) = cx.store() else { return LanesOutput::default() };
    let mut out = LanesOutput::default();
    labels.refresh(store, cx.lang());
    let id = ui.scope_id().with("lanes");
    let back = ui.interact(area, id, Sense::click_and_drag());
    let hint = cx.t("timeline-lanes");
    back.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ScrollView, true, &hint));
    let painter = ui.painter_at(area);
    let pointer = ui.input(|input| input.pointer.latest_pos()).filter(|pos| {
        ui.rect_contains_pointer(area)
            && area.contains(*pos)
            && !ui.input(|i| i.pointer.is_decidedly_dragging())
    });

    let mut drawn: Vec<Drawn> = Vec::new();
    let mut hit: Option<(f32, EventId)> = None;
    let mut clicked: Option<EventId> = None;
    let mut doubled: Option<EventId> = None;
    let mut y = area.top() + lanes::TOP_PAD - scroll;
    let (from, to) = (geo.scale.origin(), geo.scale.origin() + geo.scale.width());
    let in_view = |extent: &Extent| extent.to >= from && extent.from <= to;
    let bars_of = |lane: &Lane| lane.layout.bars.iter().filter(|bar| in_view(&bar.extent)).count();
    let focusable = lanes.lanes.iter().map(bars_of).sum::<usize>() <= MAX_FOCUSABLE;
    for (at, (lane, height)) in lanes.lanes.iter().zip(heights).enumerate() {
        let lane_rect = Rect::from_x_y_ranges(area.x_range(), y..=y + height);
        y += height;
        if lane_rect.bottom() < area.top() || lane_rect.top() > area.bottom() {
            continue;
        }
        let line_y = geo.snap(lane_rect.bottom());
        painter.hline(area.x_range(), line_y, Stroke::new(1.0, cx.theme.line_subtle));
        if lane.layout.is_heat {
            heat::paint(&painter, cx, geo, lanes, lane, lane_rect);
            past_count(&painter, cx, geo, lane, lane_rect);
            if let Some(pos) = pointer.filter(|pos| lane_rect.contains(*pos))
                && geo.scale.fold_at(geo.x(pos)).is_none()
            {
                heat::bin_ui(&back, &painter, cx, geo, (lanes, lane, unit), (lane_rect, pos), commands);
            }
            // What is selected or pointed at is seen on the heat too.
            let chosen = cx.state.primary().into_iter().chain(cx.state.view.hover);
            for event in chosen.filter(|event| lanes.holds(store, cx.derived, at, *event)) {
                let interval = store.interval(event);
                let extent = lanes::extent(geo.scale, interval, store.date_precision(event));
                if extent.to < from || extent.from > to {
                    continue;
                }
                let (a, b) = (geo.at_position(extent.from), geo.at_position(extent.to));
                let upper = geo.snap(lane_rect.center().y - BAR / 2.0);
                let rect = geo.span(a, b, egui::Rangef::new(upper, upper + BAR));
                let inside = cx.derived.passes(event);
                let bar = Drawn { event, row: 0, rect, extent, interval, inside };
                if cx.is_primary(event) {
                    out.primary = Some(rect);
                }
                paint_bar(&painter, cx, geo, store, &bar);
            }
            continue;
        }
        drawn.clear();
        let mut past_drawn = false;
        for bar in &lane.layout.bars {
            let selected = bar.row == NO_ROW && cx.is_selected(bar.event);
            if (bar.row == NO_ROW && !selected) || (bar.row != NO_ROW && !in_view(&bar.extent)) {
                continue;
            }
            let event = &bar.event;
            let interval = store.interval(*event);
            let mut extent = bar.extent;
            let mut row = bar.row;
            if row == NO_ROW {
                // A selected event of the far past is seen in the middle of its column.
                let middle = geo.scale.folds().iter().find(|fold| fold.kind == FoldKind::Past);
                let middle = middle.map_or(extent.from, |f| geo.scale.position((f.start + f.end) / 2.0));
                extent = Extent { from: middle - 8.0, to: middle + 8.0, ..extent };
                row = 0;
                past_drawn = true;
            }
            if extent.to < from || extent.from > to {
                continue;
            }
            let top = lane_rect.top() + 1.5 + row as f32 * pitch;
            if top > area.bottom() || top + pitch < area.top() {
                continue;
            }
            let upper = geo.snap(top + (pitch - BAR) / 2.0);
            let (a, b) = (geo.at_position(extent.from), geo.at_position(extent.to));
            let (a, b) = if extent.style == BarStyle::Symbol { (a, b) } else { (geo.snap(a), geo.snap(b)) };
            let rect = geo.span(a, b, egui::Rangef::new(upper, upper + BAR));
            let inside = cx.derived.passes(*event);
            drawn.push(Drawn { event: *event, row, rect, extent, interval, inside });
        }
        if !past_drawn {
            past_count(&painter, cx, geo, lane, lane_rect);
        }
        let num_rows = if focusable { lane.layout.num_rows } else { 0 };
        let labels = place_labels(cx, (store, &mut *labels), &painter, geo, &drawn, area, num_rows);
        for (bar, label) in drawn.iter().zip(&labels) {
            let reach = label.as_ref().map_or(bar.rect, |label| label.rect.union(bar.rect));
            let target = Rect::from_x_y_ranges(
                reach.left() - 3.0..=reach.right() + 3.0,
                bar.rect.center().y - pitch / 2.0..=bar.rect.center().y + pitch / 2.0,
            )
            .intersect(area);
            if let Some(pos) = pointer.filter(|pos| target.contains(*pos)) {
                let distance = (bar.rect.distance_to_pos(pos), bar.event);
                if hit.is_none_or(|(best, _)| distance.0 <= best) {
                    hit = Some(distance);
                }
            }
            if focusable && target.is_positive() {
                let bar_id = id.with((lane.key, bar.event));
                let response = ui.interact(target, bar_id, Sense::click());
                let on = cx.is_selected(bar.event);
                response.widget_info(|| {
                    let title = format::event_title(cx.catalog, store, bar.event, cx.lang());
                    egui::WidgetInfo::selected(egui::Role::ListItem, true, on, title)
                });
                if response.clicked() {
                    clicked = Some(bar.event);
                }
                if response.double_clicked() {
                    doubled = Some(bar.event);
                }
                if response.has_focus() {
                    let ring = Rect::from_center_size(bar.rect.center(), bar.rect.size() + vec2(8.0, 8.0));
                    painter.rect_stroke(ring, 4.0, Stroke::new(2.0, cx.theme.focus), StrokeKind::Inside);
                }
                let event = bar.event;
                response.on_hover_ui_at_pointer(|ui| event_tooltip_ui(ui, cx, store, event));
            }
        }
        if !focusable && let Some((_, event)) = hit {
            if back.clicked() {
                clicked = Some(event);
            }
            if back.double_clicked() {
                doubled = Some(event);
            }
            back.clone().on_hover_ui_at_pointer(|ui| event_tooltip_ui(ui, cx, store, event));
        }
        for (bar, label) in drawn.iter().zip(&labels) {
            let primary = cx.is_primary(bar.event);
            if primary {
                out.primary = Some(bar.rect);
                whiskers(&painter, cx, geo, store, bar);
            }
            paint_bar(&painter, cx, geo, store, bar);
            if let Some(label) = label {
                words::paint(&painter, label.pos, label.anchor, &label.text, label.style);
            }
        }
    }
    if let Some((_, event)) = hit {
        commands.hover(event);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    let toggles = ui.input(|input| input.modifiers.command);
    if let Some(event) = clicked {
        commands.push(if toggles { SelectCommand::Toggle(event) } else { SelectCommand::Event(event) });
    }
    if let Some(event) = doubled {
        let interval = store.interval(event);
        let known = Interval {
            start: if interval.open_start() { interval.end - 30 * 86_400 } else { interval.start },
            end: if interval.open_end() { interval.start + 30 * 86_400 } else { interval.end },
        };
        commands.push(TimeCommand::Show(Some(known)));
    }
    if hit.is_none()
        && let Some(fold) = pointer.and_then(|pos| geo.scale.fold_at(geo.x(pos)))
    {
        if back.clicked() {
            out.opened = Some(*fold);
        }
        let text = super::fold_words(cx, fold);
        back.clone().on_hover_text_at_pointer(text);
    } else if back.dragged_by(egui::PointerButton::Primary) {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    }
    if back.dragged_by(egui::PointerButton::Primary) || back.dragged_by(egui::PointerButton::Middle) {
        out.dragged = back.drag_delta();
    }
    out
}

/// How many events of a lane the column of the far past holds.
fn past_count(painter: &Painter, cx: &FrameCtx<'_>, geo: &Geo<'_>, lane: &Lane, lane_rect: Rect) {
    let Some(fold) = geo.scale.folds().iter().find(|fold| fold.kind == FoldKind::Past) else { return };
    if lane.layout.past == 0 {
        return;
    }
    let x = geo.screen(geo.scale.x(fold.start) + f64::from(super::PAST_COLUMN) / 2.0);
    let text = crate::lang::thousands(i64::from(lane.layout.past));
    let style = Style::new(TextKind::Caption, cx.theme.text_muted);
    words::paint(painter, pos2(x, lane_rect.center().y), Align2::CENTER_CENTER, &text, style);
}

/// A label beside a bar.
struct Label {
    text: String,
    pos: Pos2,
    anchor: Align2,
    rect: Rect,
    style: Style,
}

/// Puts labels where they touch nothing: after the bar, else before it, else nowhere. Without rows
/// there are no labels.
fn place_labels(
    cx: &FrameCtx<'_>,
    (store, kept): (&Store, &mut Labels),
    painter: &Painter,
    geo: &Geo<'_>,
    drawn: &[Drawn],
    area: Rect,
    num_rows: usize,
) -> Vec<Option<Label>> {
    let mut labels: Vec<Option<Label>> = Vec::with_capacity(drawn.len());
    labels.resize_with(drawn.len(), || None);
    if num_rows == 0 {
        return labels;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); num_rows.max(1)];
    for (i, bar) in drawn.iter().enumerate() {
        if let Some(row) = rows.get_mut(bar.row as usize) {
            row.push(i);
        }
    }
    // All in distances along time, so that both directions are one case.
    let along = |x: f32| if geo.rtl { area.right() - x } else { x - area.left() };
    let ends = |rect: Rect| {
        let (a, b) = (along(rect.left()), along(rect.right()));
        (a.min(b), a.max(b))
    };
    let past_end = geo.scale.folds().iter().find(|fold| fold.kind == FoldKind::Past);
    let first_free = past_end.map_or(0.0, |fold| geo.scale.x(fold.end) as f32).max(0.0);
    for row in &rows {
        let mut taken = first_free;
        for (n, i) in row.iter().enumerate() {
            let Some(bar) = drawn.get(*i) else { continue };
            let (from, to) = ends(bar.rect);
            let next =
                row.get(n + 1).and_then(|next| drawn.get(*next)).map_or(area.width(), |b| ends(b.rect).0);
            let selected = cx.is_selected(bar.event);
            let color = if selected {
                cx.theme.text_strong
            } else if bar.inside {
                cx.theme.text_muted
            } else {
                Theme::faded(cx.theme.text_muted, 0.75)
            };
            let style = Style { strong: selected, ..Style::new(TextKind::Caption, color) };
            let text = kept.of(store, bar.event, cx.lang());
            let width = words::measure(painter, text, style).x;
            let gap = match (bar.extent.style == BarStyle::Symbol, selected) {
                (true, _) => 7.0,
                (false, true) => 8.0,
                (false, false) => 5.0,
            };
            let after = to + gap + width + 4.0 <= next;
            let before = from - gap - width >= taken + 4.0;
            taken = taken.max(to);
            // A row at the edge of a scrolled lane keeps its bar but loses its words: nothing is cut.
            let y = bar.rect.center().y;
            let whole = y - 7.0 >= area.top() - 1.0 && y + 6.0 <= area.bottom() + 2.0;
            if whole && width > 0.0 && (after || before) && to > 0.0 && from < area.width() {
                let edge = if after { to + gap } else { from - gap };
                let x = if geo.rtl { area.right() - edge } else { area.left() + edge };
                let anchor = if after != geo.rtl { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
                let pos = pos2(geo.snap(x), bar.rect.center().y - 0.5);
                let rect = anchor.anchor_size(pos, vec2(width, BAR));
                if after {
                    taken = to + gap + width;
                }
                if let Some(slot) = labels.get_mut(*i) {
                    *slot = Some(Label { text: text.to_owned(), pos, anchor, rect, style });
                }
            }
        }
    }
    labels
}

/// Paints one event.
fn paint_bar(painter: &Painter, cx: &FrameCtx<'_>, geo: &Geo<'_>, store: &Store, bar: &Drawn) {
    let theme = cx.theme;
    let kind = store.event_type(bar.event);
    let opacity = if bar.inside { 1.0 } else { OUTSIDE };
    let color = Theme::faded(theme.event_type(kind), opacity);
    let (selected, hovered) = (cx.is_selected(bar.event), cx.is_hovered(bar.event));
    if bar.extent.style == BarStyle::Symbol {
        let center = bar.rect.center();
        if selected {
            let radius = lanes::SYMBOL * 1.4;
            let edge = theme.selected_edge;
            shapes::paint(painter, kind, center, radius + 1.6, shapes::Fill::Solid, edge, edge);
            // Beneath, so that a colour at part of its strength does not show the edge.
            let under = theme.panel;
            shapes::paint(painter, kind, center, radius, shapes::Fill::Solid, under, under);
            shapes::paint(painter, kind, center, radius, shapes::Fill::Solid, color, color);
        } else {
            shapes::paint(
                painter,
                kind,
                center,
                lanes::SYMBOL,
                shapes::Fill::Solid,
                color,
                Color32::TRANSPARENT,
            );
        }
        if hovered {
            painter.circle_stroke(center, lanes::SYMBOL + 4.4, Stroke::new(1.4, theme.text_strong));
        }
        return;
    }
    paint_interval(painter, geo, bar.rect, bar.extent.style, bar.interval, color);
    if selected {
        let ring = bar.rect.expand(2.0);
        painter.rect_stroke(ring, 4.0, Stroke::new(1.5, theme.accent), StrokeKind::Outside);
    }
    if hovered {
        let ring = bar.rect.expand(if selected { 4.0 } else { 2.0 });
        painter.rect_stroke(ring, 4.0, Stroke::new(1.4, theme.text_strong), StrokeKind::Outside);
    }
}

/// Paints a bar in the style of its precision; ends that nobody gives fade to an arrow.
fn paint_interval(
    painter: &Painter,
    geo: &Geo<'_>,
    rect: Rect,
    style: BarStyle,
    interval: Interval,
    color: Color32,
) {
    let (open_start, open_end) = (interval.open_start(), interval.open_end());
    if open_start || open_end {
        // The known end is at the start of time's direction unless the start is open.
        let fades_right = open_end != geo.rtl;
        let core = rect.width() * 0.35;
        let (solid, soft) = if fades_right {
            rect.split_left_right_at_x(rect.left() + core)
        } else {
            let (soft, solid) = rect.split_left_right_at_x(rect.right() - core);
            (solid, soft)
        };
        body(painter, solid, style, color, true);
        let strong = if style.is_exact() { color } else { Theme::faded(color, 0.5) };
        fade(painter, soft, strong, fades_right);
        let tip = if fades_right { rect.right() } else { rect.left() };
        let back = if fades_right { -4.0 } else { 4.0 };
        let y = rect.center().y;
        let arrow = vec![pos2(tip + back, y - 3.5), pos2(tip, y), pos2(tip + back, y + 3.5)];
        painter.add(Shape::line(arrow, Stroke::new(1.6, color)));
        return;
    }
    body(painter, rect, style, color, false);
}

fn body(painter: &Painter, rect: Rect, style: BarStyle, color: Color32, bare: bool) {
    match style {
        BarStyle::Symbol | BarStyle::Solid => {
            painter.rect_filled(rect, CornerRadius::same(if bare { 1 } else { ROUND }), color);
        }
        BarStyle::Hatched => {
            painter.rect_filled(rect, ROUND, Theme::faded(color, 0.16));
            hatch(painter, rect.shrink(0.8), Theme::faded(color, 0.75));
            if !bare {
                painter.rect_stroke(rect, ROUND, Stroke::new(1.0, color), StrokeKind::Inside);
            }
        }
        BarStyle::Vague => {
            painter.rect_filled(rect, 0.0, Theme::faded(color, 0.16));
            hatch(painter, rect, Theme::faded(color, 0.75));
            for y in [rect.top() + 0.5, rect.bottom() - 0.5] {
                let visible = rect.x_range().intersection(painter.clip_rect().expand(8.0).x_range());
                // Dashes stay in place while the view moves over a long bar.
                let skipped = ((visible.min - rect.left()) / 5.0).floor().max(0.0) * 5.0;
                let line = [pos2(rect.left() + skipped, y), pos2(visible.max, y)];
                painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, color), 3.0, 2.0));
            }
        }
    }
}

/// Hatching at 45°, stripes of 1.8 every 5 points, cut exactly at the rectangle: one shape per
/// stripe and no clip rectangles, which would cost a draw call each.
fn hatch(painter: &Painter, rect: Rect, color: Color32) {
    const ALONG: f32 = 5.0 * std::f32::consts::SQRT_2;
    const WIDE: f32 = 1.8 * std::f32::consts::SQRT_2;
    let visible = rect.intersect(painter.clip_rect());
    if !visible.is_positive() {
        return;
    }
    let height = rect.height();
    // Stripes keep their place in a bar that the view cuts.
    let first = ((visible.left() - height - WIDE - rect.left()) / ALONG).floor();
    let mut x = rect.left() + first * ALONG;
    while x < visible.right() {
        let corners = [(x, 0.0), (x + WIDE, 0.0), (x + WIDE + height, height), (x + height, height)];
        let left = cut(&corners, |x| x - rect.left());
        let points = cut(&left, |x| rect.right() - x);
        if points.len() > 2 {
            let points = points.into_iter().map(|(x, up)| pos2(x, rect.bottom() - up)).collect();
            painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
        }
        x += ALONG;
    }
}

/// The part of a convex polygon where a linear function of x is not negative.
fn cut(points: &[(f32, f32)], inside: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
    let mut out = Vec::with_capacity(points.len() + 1);
    let next = points.iter().cycle().skip(1);
    for (a, b) in points.iter().zip(next) {
        let (da, db) = (inside(a.0), inside(b.0));
        if da >= 0.0 {
            out.push(*a);
        }
        if (da >= 0.0) != (db >= 0.0) {
            let t = da / (da - db);
            out.push((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t));
        }
    }
    out
}

/// From a colour to nothing.
fn fade(painter: &Painter, rect: Rect, color: Color32, to_right: bool) {
    let mut mesh = egui::Mesh::default();
    let (left, right) = if to_right { (color, Color32::TRANSPARENT) } else { (Color32::TRANSPARENT, color) };
    mesh.colored_vertex(rect.left_top(), left);
    mesh.colored_vertex(rect.right_top(), right);
    mesh.colored_vertex(rect.right_bottom(), right);
    mesh.colored_vertex(rect.left_bottom(), left);
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(0, 2, 3);
    painter.add(mesh);
}

/// The ranges that claimants give to the primary event: one line with a stroke at every limit.
fn whiskers(painter: &Painter, cx: &FrameCtx<'_>, geo: &Geo<'_>, store: &Store, bar: &Drawn) {
    let Some(detail) = store.detail(bar.event) else { return };
    let ranges = detail.claimed_ranges.as_slice();
    let stroke = Stroke::new(1.5, cx.theme.accent);
    let y = bar.rect.center().y;
    let cap = |x: f32| painter.vline(x, y - 4.0..=y + 4.0, stroke);
    for range in ranges.iter().map(|range| range.interval).filter(|interval| !interval.is_unknown()) {
        let limit = |time: i64| geo.screen(geo.scale.x(time as f64));
        let start = (!range.open_start()).then(|| limit(range.start));
        let end = (!range.open_end()).then(|| limit(range.end));
        let beyond = 28.0 * geo.sign();
        let (a, b) = match (start, end) {
            (Some(a), Some(b)) => (a, b),
            (Some(a), None) => (a, a + beyond),
            (None, Some(b)) => (b - beyond, b),
            (None, None) => continue,
        };
        painter.hline(a.min(b)..=a.max(b), y, stroke);
        for (known, x, outwards) in [(start.is_some(), a, -geo.sign()), (end.is_some(), b, geo.sign())] {
            if known {
                cap(x);
            } else {
                let arrow =
                    vec![pos2(x - 4.0 * outwards, y - 3.5), pos2(x, y), pos2(x - 4.0 * outwards, y + 3.5)];
                painter.add(Shape::line(arrow, stroke));
            }
        }
    }
}

/// Title, date with its precision, type, toll and claims of an event.
fn event_tooltip_ui(ui: &mut Ui, cx: &FrameCtx<'_>, store: &Store, event: EventId) {
    let theme = cx.theme;
    ui.set_max_width(300.0);
    let title = format::event_title(cx.catalog, store, event, cx.lang());
    ui.add(words::Words::new(&title, Style::strong(TextKind::List, theme.text_strong)).max_lines(3));
    let date = format::event_date(store, event, cx.lang(), DateStyle::Long);
    let precision = format::date_precision(cx.catalog, store.date_precision(event));
    let text = Style::new(TextKind::List, theme.text);
    let when = cx.catalog.f("timeline-tip-date", &[("date", date.into()), ("precision", precision.into())]);
    ui.add(words::Words::new(&when, text).max_lines(2));
    let claims = store.detail(event).map_or(0, |detail| detail.claims.len());
    let toll = format::toll(store.fatalities(event), cx.lang()).unwrap_or_else(|| cx.t("timeline-no-toll"));
    let kind = format::event_type(cx.catalog, store.event_type(event));
    let line = cx
        .catalog
        .f("timeline-tip-line", &[("type", kind.into()), ("toll", toll.into()), ("claims", claims.into())]);
    ui.add(words::Words::new(&line, Style::new(TextKind::Caption, theme.text_muted)).max_lines(2));
}
