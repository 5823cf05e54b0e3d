//! Painting and picking of events: areas, symbols, clusters, fans, labels.

use egui::{Align2, Color32, Painter, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::gather::{Marker, Stack};
use super::labels::{
    BasemapLabel, LabelCandidate, LabelKind, LabelPlacer, LabelShape, PRIORITY_CASE_PLACE, PRIORITY_SELECTED,
    label_shape,
};
use super::overlay::soft_disc;
use crate::lang::thousands;
use crate::model::time::DateStyle;
use crate::model::{EventId, EventType, GeoPrecision, Lang, LatLon};
use crate::state::{Commands, MapCommand, SelectCommand};
use crate::ui::shapes::{self, Fill};
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::words::{self, Style};
use crate::ui::{FrameCtx, format};

/// Length of the legs of a fanned-out stack, in points.
const LEG: f32 = 42.0;
/// How near the pointer must be to a small symbol, in points.
const REACH: f32 = 11.0;
/// Strength of events that are outside of the filter.
const HIDDEN_OPACITY: f32 = 0.42;
/// Smallest drawn radius of an area, in points.
const MIN_AREA: f32 = 16.0;
/// A place's name is not repeated within this distance, in points.
const NAMED_AROUND: f32 = 240.0;
/// So many markers get a node of their own for assistive technology.
const MAX_NODES: usize = 200;

/// All that painting and picking need.
pub struct Scene<'a> {
    pub cx: &'a FrameCtx<'a>,
    pub view: Rect,
    pub project: &'a dyn Fn(LatLon) -> Pos2,
    pub points_per_metre: &'a dyn Fn(LatLon) -> f32,
    pub stacks: &'a [Stack],
    pub markers: &'a [Marker],
    /// Per stack: whether one of its events is selected.
    pub selected: &'a [bool],
    /// Legend and tools: they lie above all this.
    pub covered: &'a [Rect],
}

/// What lies under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Picked {
    /// Another place of a selected event.
    Event(EventId),
    Stack(usize),
    Cluster(usize),
    /// An event of a fanned-out stack, by its number there.
    FanLeg(usize, usize),
}

impl<'a> Scene<'a> {
    fn theme(&self) -> &'a Theme {
        self.cx.theme
    }

    /// The only stack of a marker, `None` for clusters of several coordinates.
    fn single(&self, marker: &Marker) -> Option<(usize, &'a Stack)> {
        match marker.stacks.as_slice() {
            [one] => self.stacks.get(*one).map(|stack| (*one, stack)),
            _ => None,
        }
    }

    fn is_fanned(&self, stack: &Stack) -> bool {
        stack.events.len() > 1 && self.cx.state.view.fan.is_some_and(|event| stack.events.contains(&event))
    }

    /// Whether a stack, by its number, holds a selected event.
    fn holds_selected(&self, stack: usize) -> bool {
        self.selected.get(stack).copied().unwrap_or(false)
    }

    /// Whether a marker holds a selected event.
    fn marks_selected(&self, marker: &Marker) -> bool {
        marker.stacks.iter().any(|stack| self.holds_selected(*stack))
    }

    fn radius_of(&self, event: EventId) -> f32 {
        self.cx.store().map_or(6.0, |store| shapes::radius(store.fatalities(event).best))
    }

    /// Ends of the legs of a fanned-out stack: below it, as wide as needed.
    fn legs(&self, stack: &Stack) -> Vec<(EventId, Pos2)> {
        let hub = (self.project)(stack.position);
        let n = stack.events.len();
        // A full circle once half of one would crowd the symbols.
        let crowded = n > 7;
        let length = LEG.max(n as f32 * if crowded { 3.6 } else { 0.0 });
        let spread =
            if crowded { std::f32::consts::TAU * (1.0 - 1.0 / n as f32) } else { 0.62 * (n - 1) as f32 };
        let leg = |i: usize| {
            let share = if n > 1 { i as f32 / (n - 1) as f32 - 0.5 } else { 0.0 };
            let angle = std::f32::consts::FRAC_PI_2 - share * spread;
            hub + vec2(angle.cos(), angle.sin()) * length
        };
        stack.events.iter().enumerate().map(|(i, event)| (*event, leg(i))).collect()
    }

    /// Other places of the selected events: event, position, precision radius.
    fn other_places(&self) -> Vec<(EventId, LatLon, f64, GeoPrecision, String)> {
        let Some(store) = self.cx.store() else { return Vec::new() };
        let mut others = Vec::new();
        for event in &self.cx.state.view.selection.events {
            // Rows of a dataset have one place; only they are ever selected by the thousand.
            if store.table_of(*event).is_some() {
                continue;
            }
            let Some(detail) = store.detail(*event) else { continue };
            for place in detail.places.iter().filter_map(|p| store.place(p.place)).skip(1) {
                let Some(position) = place.position else { continue };
                // A second place under the same symbol says nothing new at this scale.
                let first = store.position(*event).map(self.project);
                if first.is_some_and(|first| first.distance((self.project)(position)) < 18.0) {
                    continue;
                }
                let precision = match place.kind.as_str() {
                    "country" => GeoPrecision::Country,
                    "region" | "border" | "area" => GeoPrecision::Region,
                    _ if place.radius_m > 40_000.0 => GeoPrecision::Region,
                    _ => GeoPrecision::Near,
                };
                let name = place.names.get(self.cx.state.settings.label_lang).to_owned();
                others.push((*event, position, place.radius_m, precision, name));
            }
        }
        others
    }
}

/// The colour that most events of a stack have.
fn stack_color(scene: &Scene<'_>, stack: &Stack) -> Color32 {
    let Some(store) = scene.cx.store() else { return scene.theme().text_muted };
    let mut counts = [0u32; EventType::ALL.len()];
    for event in &stack.events {
        if let Some(count) = counts.get_mut(store.event_type(*event).index()) {
            *count += 1;
        }
    }
    let shares = scene.cx.shares(store, stack.events.iter().copied(), &counts);
    let most = shares.iter().enumerate().max_by_key(|(i, (_, n))| (*n, std::cmp::Reverse(*i)));
    most.map_or(scene.theme().text_muted, |(_, (color, _))| *color)
}

/// Soft areas of places known as regions or countries, small discs of places known nearly, and the
/// dotted rims and links of what is selected.
pub fn paint_areas(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.theme();
    let mut areas: Vec<(f32, Pos2, &Stack, bool)> = Vec::new();
    for (index, stack) in scene.stacks.iter().enumerate() {
        if matches!(stack.precision, GeoPrecision::Region | GeoPrecision::Country) {
            let radius = (stack.radius_m as f32 * (scene.points_per_metre)(stack.position)).max(MIN_AREA);
            let center = (scene.project)(stack.position);
            if scene.view.expand(radius).contains(center) {
                areas.push((radius, center, stack, scene.holds_selected(index)));
            }
        }
    }
    areas.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (radius, center, stack, selected) in &areas {
        let color = if *selected { theme.accent } else { stack_color(scene, stack) };
        let half = if stack.precision == GeoPrecision::Country { 0.5 } else { 1.0 };
        soft_disc(painter, *center, *radius, color, 0.17 * half);
        if *selected {
            rim(painter, *center, *radius, theme.accent, scene.view);
        }
    }
    for (_, position, radius_m, precision, _) in scene.other_places() {
        let radius = (radius_m as f32 * (scene.points_per_metre)(position)).max(MIN_AREA);
        if matches!(precision, GeoPrecision::Region | GeoPrecision::Country) {
            let center = (scene.project)(position);
            soft_disc(painter, center, radius, theme.accent, 0.17);
            rim(painter, center, radius, theme.accent, scene.view);
        }
    }
}

/// A dotted circle, only where it can be seen.
fn rim(painter: &Painter, center: Pos2, radius: f32, color: Color32, view: Rect) {
    let around = Rect::from_center_size(center, vec2(radius * 2.0, radius * 2.0));
    if !around.intersects(view) || radius > 4000.0 {
        return;
    }
    let steps = ((radius * 0.6) as usize).clamp(48, 720);
    let circle: Vec<Pos2> = (0..=steps)
        .map(|i| {
            let angle = std::f32::consts::TAU * i as f32 / steps as f32;
            center + vec2(angle.cos(), angle.sin()) * radius
        })
        .collect();
    painter.extend(Shape::dashed_line(&circle, Stroke::new(1.4, color), 2.0, 5.0));
}

/// Symbols from small to large, selected ones last.
pub fn paint_markers(painter: &Painter, scene: &Scene<'_>, picked: Option<Picked>) {
    let theme = scene.theme();
    paint_links(painter, scene);
    // Layers further up lie over those below.
    let layer = |marker: &Marker| {
        let stacks = marker.stacks.iter().filter_map(|stack| scene.stacks.get(*stack));
        let first = stacks.filter_map(|stack| stack.events.first()).next();
        first.zip(scene.cx.store()).map(|(event, store)| scene.cx.layer_of(store.dataset_of(*event)))
    };
    let order = |marker: &Marker| {
        (scene.marks_selected(marker), std::cmp::Reverse(layer(marker)), std::cmp::Reverse(marker.total))
    };
    let mut visible: Vec<(usize, &Marker)> = scene
        .markers
        .iter()
        .enumerate()
        .filter(|(_, marker)| scene.view.expand(60.0).contains((scene.project)(marker.position)))
        .collect();
    visible.sort_by_key(|(_, marker)| order(marker));
    for (index, marker) in visible {
        let center = (scene.project)(marker.position);
        match scene.single(marker) {
            Some((_, stack)) if scene.is_fanned(stack) => paint_fan(painter, scene, stack),
            Some((_, stack)) => match stack.events.as_slice() {
                [event] => paint_event(painter, scene, *event, center, stack.precision),
                _ => paint_count(painter, scene, marker, center, picked == Some(Picked::Cluster(index))),
            },
            None => paint_count(painter, scene, marker, center, picked == Some(Picked::Cluster(index))),
        }
    }
    for (event, position, _, _, _) in scene.other_places() {
        let center = (scene.project)(position);
        painter.circle(center, 4.0, theme.map.land, Stroke::new(1.8, theme.accent));
        if scene.cx.is_hovered(event) {
            painter.circle_stroke(center, 8.0, Stroke::new(1.4, theme.text_strong));
        }
    }
    paint_hidden_selection(painter, scene);
    // The tooltip of the primary event says all that its card says.
    let told = |event| scene.cx.is_primary(event);
    let tooltip = match picked {
        Some(Picked::Event(event)) => told(event),
        Some(Picked::Stack(stack) | Picked::FanLeg(stack, _)) => scene
            .stacks
            .get(stack)
            .is_some_and(|s| s.events.iter().any(|e| told(*e) && scene.cx.is_hovered(*e))),
        _ => false,
    };
    if !tooltip {
        paint_selected_card(painter, scene);
    }
}

/// Selected events that the filter hides are drawn faintly, so that the selection is never without a
/// place on the map.
fn paint_hidden_selection(painter: &Painter, scene: &Scene<'_>) {
    let Some(store) = scene.cx.store() else { return };
    let theme = scene.theme();
    for event in &scene.cx.state.view.selection.events {
        if scene.cx.derived.passes(*event) {
            continue;
        }
        let Some(center) = store.position(*event).map(scene.project) else { continue };
        let (event_type, radius) = (store.event_type(*event), scene.radius_of(*event));
        let color = Theme::faded(scene.cx.event_color(store, *event), HIDDEN_OPACITY);
        painter.circle(center, radius * 1.22 + 6.0, theme.map.land, Stroke::new(2.5, theme.accent));
        shapes::paint(painter, event_type, center, radius, Fill::Solid, color, theme.map.land);
    }
}

/// Lines from the first place of a selected event to its others.
fn paint_links(painter: &Painter, scene: &Scene<'_>) {
    let Some(store) = scene.cx.store() else { return };
    for (event, position, ..) in scene.other_places() {
        if let Some(first) = store.position(event) {
            let line = [(scene.project)(first), (scene.project)(position)];
            painter.line_segment(line, Stroke::new(1.6, scene.theme().accent));
        }
    }
}

fn paint_event(painter: &Painter, scene: &Scene<'_>, event: EventId, center: Pos2, precision: GeoPrecision) {
    let Some(store) = scene.cx.store() else { return };
    let event_type = store.event_type(event);
    let radius = scene.radius_of(event);
    let color = scene.cx.map_color(store, event);
    let fill = match precision {
        GeoPrecision::Exact | GeoPrecision::Unknown => Fill::Solid,
        GeoPrecision::Near => {
            let place = store.first_place(event).and_then(|place| store.place(place));
            let metres = place.map_or(0.0, |place| place.radius_m);
            let drawn = metres as f32 * store.position(event).map_or(0.0, scene.points_per_metre);
            painter.circle_filled(
                center,
                drawn.clamp(radius + 5.0, 60.0).max(10.0),
                color.gamma_multiply(0.22),
            );
            Fill::Solid
        }
        GeoPrecision::Region => Fill::Hollow,
        GeoPrecision::Country => Fill::Dashed,
    };
    symbol(painter, scene, event, event_type, center, radius, fill);
}

fn symbol(
    painter: &Painter,
    scene: &Scene<'_>,
    event: EventId,
    event_type: EventType,
    center: Pos2,
    radius: f32,
    fill: Fill,
) {
    let Some(store) = scene.cx.store() else { return };
    let theme = scene.theme();
    let color = scene.cx.map_color(store, event);
    let selected = scene.cx.is_selected(event);
    let edge = if selected { theme.selected_edge } else { theme.symbol_edge };
    let bold = if selected { 1.15 } else { 1.0 };
    if selected {
        painter.circle_filled(center, radius * 1.22 + 6.0, theme.accent_soft);
        painter.circle_stroke(center, radius * 1.22 + 6.0, Stroke::new(2.5, theme.accent));
    }
    shapes::paint(painter, event_type, center, radius * bold, fill, color, edge);
    if scene.cx.is_hovered(event) {
        painter.circle_stroke(
            center,
            radius * 1.22 + if selected { 10.0 } else { 6.0 },
            Stroke::new(1.4, theme.text_strong),
        );
    }
}

/// A count with a ring by type up to 999, a pill with a strip by type from 1,000.
fn paint_count(painter: &Painter, scene: &Scene<'_>, marker: &Marker, center: Pos2, hot: bool) {
    let theme = scene.theme();
    let text = thousands(i64::from(marker.total));
    let style = Style::strong(TextKind::List, theme.text_strong);
    let events = || marker.stacks.iter().filter_map(|s| scene.stacks.get(*s)).flat_map(|s| &s.events);
    let Some(store) = scene.cx.store() else { return };
    let shares = scene.cx.shares(store, events().copied(), &marker.counts);
    let selected = scene.marks_selected(marker);
    let hovered = hot || scene.cx.state.view.hover.is_some_and(|hover| events().any(|event| *event == hover));
    if marker.total < 1000 {
        let radius = ring_radius(marker.total);
        painter.circle_filled(center, radius + 1.5, theme.overlay);
        let mut from = -std::f32::consts::FRAC_PI_2;
        for (color, count) in shares {
            let share = count as f32 / marker.total.max(1) as f32;
            let to = from + std::f32::consts::TAU * share;
            let gap = if share < 1.0 { 0.06 } else { 0.0 };
            arc(painter, center, radius, from + gap, to - gap, Stroke::new(3.0, color));
            from = to;
        }
        words::paint(painter, center, Align2::CENTER_CENTER, &text, style);
        if selected {
            painter.circle_stroke(center, radius + 4.5, Stroke::new(2.5, theme.accent));
        }
        if hovered {
            painter.circle_stroke(
                center,
                radius + if selected { 8.0 } else { 4.0 },
                Stroke::new(1.4, theme.text_strong),
            );
        }
    } else {
        let width = words::measure(painter, &text, style).x + 20.0;
        let rect = Rect::from_center_size(center, vec2(width, 24.0));
        painter.rect(rect, 6.0, theme.overlay, Stroke::new(1.0, theme.line), StrokeKind::Inside);
        words::paint(painter, center - vec2(0.0, 2.0), Align2::CENTER_CENTER, &text, style);
        let strip = Rect::from_min_max(
            pos2(rect.left() + 6.0, rect.bottom() - 5.0),
            pos2(rect.right() - 6.0, rect.bottom() - 3.0),
        );
        let mut x = strip.left();
        for (color, count) in shares {
            let part = strip.width() * count as f32 / marker.total as f32;
            painter.rect_filled(
                Rect::from_min_max(pos2(x, strip.top()), pos2(x + part, strip.bottom())),
                0.0,
                color,
            );
            x += part;
        }
        if selected || hovered {
            let stroke =
                if selected { Stroke::new(2.5, theme.accent) } else { Stroke::new(1.4, theme.text_strong) };
            painter.rect_stroke(rect.expand(3.0), 8.0, stroke, StrokeKind::Outside);
        }
    }
}

/// The name of an area with its radius, if that is known.
fn with_radius(name: &str, radius_m: f64, lang: Lang) -> String {
    if radius_m < 1.0 {
        return name.to_owned();
    }
    format!("{} {}", format::isolated(name, lang), format::radius(radius_m, lang))
}

/// Radius of a cluster's ring: room for its digits.
fn ring_radius(total: u32) -> f32 {
    match total {
        0..=9 => 11.0,
        10..=99 => 13.0,
        _ => 16.0,
    }
}

fn arc(painter: &Painter, center: Pos2, radius: f32, from: f32, to: f32, stroke: Stroke) {
    let steps = (((to - from).abs() * radius / 2.0).ceil() as usize).max(2);
    let points = (0..=steps)
        .map(|i| {
            let angle = from + (to - from) * i as f32 / steps as f32;
            center + vec2(angle.cos(), angle.sin()) * radius
        })
        .collect();
    painter.add(Shape::line(points, stroke));
}

/// A grey hub with the count, and a leg to each event.
fn paint_fan(painter: &Painter, scene: &Scene<'_>, stack: &Stack) {
    let theme = scene.theme();
    let hub = (scene.project)(stack.position);
    let legs = scene.legs(stack);
    for (_, end) in &legs {
        painter.line_segment([hub, *end], Stroke::new(1.2, theme.text_muted));
    }
    painter.circle(hub, 9.0, theme.overlay, Stroke::new(1.6, theme.text_muted));
    let style = Style::strong(TextKind::Caption, theme.text_strong);
    words::paint(painter, hub, Align2::CENTER_CENTER, &stack.events.len().to_string(), style);
    for (event, end) in legs {
        let Some(store) = scene.cx.store() else { return };
        let fill = match store.geo_precision(event) {
            GeoPrecision::Region => Fill::Hollow,
            GeoPrecision::Country => Fill::Dashed,
            _ => Fill::Solid,
        };
        symbol(painter, scene, event, store.event_type(event), end, scene.radius_of(event), fill);
    }
}

/// The card of the primary event: where it lies and what it says.
struct SelectedCard {
    rect: Rect,
    line: [Pos2; 2],
    title: String,
    second: String,
}

/// Place, date, toll and claims of the primary event beside its symbol.
fn selected_card(painter: &Painter, scene: &Scene<'_>) -> Option<SelectedCard> {
    let cx = scene.cx;
    let (store, event) = cx.store().zip(cx.state.primary())?;
    let marker = marker_pos(scene, event).or_else(|| store.position(event).map(scene.project))?;
    if !scene.view.contains(marker) {
        return None;
    }
    let lang = cx.lang();
    let title = format::first_place(store, event, lang).to_owned();
    let date = format::event_date(store, event, lang, DateStyle::Short);
    let claims = cx.catalog.f("claims", &[("n", store.num_claims_of(event).into())]);
    let toll = format::toll(store.fatalities(event), lang);
    let second = [Some(date), toll, Some(claims)].into_iter().flatten().filter(|s| !s.is_empty());
    let second = second.collect::<Vec<_>>().join(" · ");
    let (title_style, line_style) = card_styles(cx.theme);
    let size = words::measure(painter, &title, title_style).max(words::measure(painter, &second, line_style));
    let size = vec2(size.x + 20.0, 44.0);
    let radius = scene.radius_of(event);
    let rect = card_rect(size, marker, radius, scene);
    let to = rect.clamp(marker);
    let from = marker + (to - marker).normalized() * (radius + 8.0);
    Some(SelectedCard { rect, line: [from, to], title, second })
}

/// Near the symbol, in view, and off the other places of the selection where there is room.
fn card_rect(size: egui::Vec2, marker: Pos2, radius: f32, scene: &Scene<'_>) -> Rect {
    // The tools take a strip at the end of the view, scale and credits one at its bottom.
    let room = Rect::from_min_max(scene.view.min + vec2(8.0, 8.0), scene.view.max - vec2(50.0, 30.0));
    let mut kept: Vec<Rect> = scene.covered.to_vec();
    kept.push(Rect::from_center_size(marker, vec2(radius, radius) * 2.0 + vec2(16.0, 16.0)));
    kept.extend(
        scene
            .other_places()
            .into_iter()
            .map(|(_, position, ..)| Rect::from_center_size((scene.project)(position), vec2(24.0, 24.0))),
    );
    let gap = radius + 26.0;
    let start = marker.x - size.x / 2.0 + 40.0;
    let middle = marker.y - size.y / 2.0;
    let corners = [
        pos2(marker.x - 36.0, marker.y + gap),
        pos2(start, marker.y + gap),
        pos2(start, marker.y - gap - size.y),
        pos2(marker.x + gap, middle),
        pos2(marker.x - gap - size.x, middle),
        pos2(start, marker.y + gap + 40.0),
        pos2(start, marker.y + gap + 80.0),
        pos2(start, marker.y + gap + 120.0),
        pos2(marker.x - size.x - 8.0, marker.y + gap + 16.0),
    ];
    let places = corners.map(|corner| {
        let rect = Rect::from_min_size(corner.round(), size);
        let push = vec2(
            (room.left() - rect.left()).max(0.0) - (rect.right() - room.right()).max(0.0),
            (room.top() - rect.top()).max(0.0) - (rect.bottom() - room.bottom()).max(0.0),
        );
        rect.translate(push)
    });
    let around = scene.view.center();
    let others = scene.markers.iter().map(|marker| (scene.project)(marker.position));
    let others = others.filter(|pos| pos.distance(around) < scene.view.width()).take(400);
    let others: Vec<Rect> = others.map(|pos| Rect::from_center_size(pos, vec2(16.0, 16.0))).collect();
    let common =
        |a: Rect, b: Rect| Some(a.intersect(b)).filter(|r| r.is_positive()).map_or(0.0, |r| r.area());
    let hidden = |rect: &Rect| {
        let of_selection: f32 = kept.iter().map(|other| common(*other, *rect)).sum();
        of_selection + others.iter().map(|other| common(*other, *rect) * 0.5).sum::<f32>()
    };
    let best = places.iter().min_by(|a, b| hidden(a).total_cmp(&hidden(b)));
    best.copied().unwrap_or(Rect::from_min_size(marker, size))
}

fn card_styles(theme: &Theme) -> (Style, Style) {
    (Style::strong(TextKind::Body, theme.text_strong), Style::new(TextKind::List, theme.text))
}

fn paint_selected_card(painter: &Painter, scene: &Scene<'_>) {
    let Some(SelectedCard { rect, line, title, second }) = selected_card(painter, scene) else { return };
    let theme = scene.theme();
    let (title_style, line_style) = card_styles(theme);
    painter.line_segment(line, Stroke::new(1.6, theme.accent));
    super::overlay::card(painter, theme, rect);
    words::paint(painter, rect.min + vec2(10.0, 5.0), Align2::LEFT_TOP, &title, title_style);
    words::paint(painter, rect.min + vec2(10.0, 24.0), Align2::LEFT_TOP, &second, line_style);
}

/// Where an event's symbol, or the one that holds it, is drawn.
fn marker_pos(scene: &Scene<'_>, event: EventId) -> Option<Pos2> {
    scene.markers.iter().find_map(|marker| {
        let mut stacks = marker.stacks.iter().filter_map(|s| scene.stacks.get(*s));
        let stack = stacks.find(|stack| stack.events.contains(&event))?;
        if marker.stacks.len() == 1 && scene.is_fanned(stack) {
            return scene.legs(stack).into_iter().find(|(e, _)| *e == event).map(|(_, pos)| pos);
        }
        Some((scene.project)(marker.position))
    })
}

/// Names of the case's places and of the basemap, placed together so that none overlaps.
pub fn paint_labels(
    painter: &Painter,
    scene: &Scene<'_>,
    placer: &mut LabelPlacer,
    basemap: &[BasemapLabel],
    taken: &[Rect],
) {
    let theme = scene.theme();
    let lang = scene.cx.state.settings.label_lang;
    let store = scene.cx.store();
    let mut candidates: Vec<LabelCandidate> = Vec::new();
    let mut texts: Vec<(String, Style)> = Vec::new();
    // What stands below a label if there is room, by the number of the candidate.
    let mut seconds: Vec<(usize, String)> = Vec::new();
    let mut named: Vec<(String, Pos2)> = Vec::new();
    let mut obstacles = taken.to_vec();
    obstacles.extend(selected_card(painter, scene).map(|card| card.rect));
    let others = scene.other_places();
    let visible = scene.markers.iter().filter(|m| scene.view.contains((scene.project)(m.position)));
    for marker in visible.take(400) {
        let center = (scene.project)(marker.position);
        let single = scene.single(marker);
        let first = marker.stacks.first().and_then(|s| scene.stacks.get(*s));
        let radius = match single {
            Some((_, stack)) if stack.events.len() == 1 => {
                stack.events.first().map_or(8.0, |e| scene.radius_of(*e) * 1.25)
            }
            _ => ring_radius(marker.total) + 3.0,
        };
        obstacles.push(Rect::from_center_size(center, vec2(radius * 2.0, radius * 2.0)));
        if let Some((_, stack)) = single
            && scene.is_fanned(stack)
        {
            obstacles.extend(
                scene.legs(stack).iter().map(|(_, end)| Rect::from_center_size(*end, vec2(18.0, 18.0))),
            );
        }
        let Some((stack, store)) = first.zip(store) else { continue };
        let Some(place) = stack.place.and_then(|p| store.place(p)) else { continue };
        if others.iter().any(|(_, position, ..)| *position == place.position.unwrap_or_default()) {
            continue;
        }
        let selected = marker.stacks.first().is_some_and(|stack| scene.holds_selected(*stack));
        if selected && single.is_some() && stack.events.iter().any(|event| scene.cx.is_primary(*event)) {
            named.push((place.names.get(lang).to_owned(), center));
            continue;
        }
        let area = matches!(stack.precision, GeoPrecision::Region | GeoPrecision::Country);
        let mut text = place.names.get(lang).to_owned();
        // Two places that share a ring are both named.
        if let [_, second] = marker.stacks.as_slice()
            && let Some(other) = scene.stacks.get(*second).and_then(|s| store.place(s.place?))
            && other.names.get(lang) != text
        {
            text = format!("{text}{}{}", scene.cx.t("join-comma"), other.names.get(lang));
        }
        if area && single.is_some() {
            text = with_radius(&text, stack.radius_m, lang);
        }
        let style = if area {
            Style::new(TextKind::Caption, theme.text_muted)
        } else {
            Style::strong(TextKind::List, theme.text_strong)
        };
        named.push((place.names.get(lang).to_owned(), center));
        if let ([event], false) = (stack.events.as_slice(), area)
            && let Some(text) = second_line(scene, *event)
        {
            seconds.push((candidates.len(), text));
        }
        // The legs of a fan go downwards, its name stands a little higher.
        let up = if single.is_some_and(|(_, stack)| scene.is_fanned(stack)) { 7.0 } else { 0.0 };
        candidates.push(LabelCandidate {
            key: u64::from(stack.place.map_or(0, |p| p.0)) | 1 << 60,
            at: center - vec2(0.0, up),
            size: words::measure(painter, &text, style),
            // What is known exactly is named before what is known as an area.
            priority: if selected { PRIORITY_SELECTED } else { PRIORITY_CASE_PLACE + u16::from(area) },
            shape: LabelShape::Beside { mark_radius: radius + 1.0 },
        });
        texts.push((text, style));
    }
    for (_, position, radius_m, precision, name) in others {
        let center = (scene.project)(position);
        let text = match precision {
            GeoPrecision::Region | GeoPrecision::Country => with_radius(&name, radius_m, lang),
            _ => name.clone(),
        };
        let style = Style::new(TextKind::List, theme.text);
        obstacles.push(Rect::from_center_size(center, vec2(10.0, 10.0)));
        named.push((name, center));
        candidates.push(LabelCandidate {
            key: (f64::to_bits(position.lat) ^ f64::to_bits(position.lon).rotate_left(17)) | 1 << 61,
            at: center,
            size: words::measure(painter, &text, style),
            priority: PRIORITY_SELECTED,
            shape: LabelShape::Beside { mark_radius: 6.0 },
        });
        texts.push((text, style));
    }
    let own = candidates.len();
    for label in basemap {
        let at = (scene.project)(LatLon { lat: label.position.y(), lon: label.position.x() });
        // A place of the case has its own label already; a region's name is also part of ours.
        let twin = |(name, pos): &(String, Pos2)| match label.kind {
            LabelKind::Region => pos.distance(at) < 160.0 && name.contains(label.text.as_str()),
            _ => pos.distance(at) < 8.0 || (pos.distance(at) < 30.0 && *name == label.text),
        };
        if named.iter().any(twin) {
            continue;
        }
        let (text, style) = basemap_style(theme, label);
        candidates.push(LabelCandidate {
            key: label.key,
            at,
            size: words::measure(painter, &text, style),
            priority: label.priority.max(PRIORITY_CASE_PLACE + 2),
            shape: label_shape(label.kind),
        });
        texts.push((text, style));
    }
    let mut placed = placer.place(&candidates, &obstacles, scene.view);
    // A town whose events lie at many coordinates is named once.
    let mut once: Vec<(&str, Pos2)> = Vec::new();
    placed.retain(|label| {
        let Some((text, _)) = texts.get(label.index).filter(|_| label.index < own) else { return true };
        let at = label.rect.center();
        let again = once.iter().any(|(name, pos)| name == text && pos.distance(at) < NAMED_AROUND);
        once.push((text, at));
        !again
    });
    for (index, text) in seconds {
        let Some((label, candidate)) = placed.iter().find(|l| l.index == index).zip(candidates.get(index))
        else {
            continue;
        };
        let style = Style::new(TextKind::Caption, theme.text_muted);
        let size = words::measure(painter, &text, style);
        let (align, corner) = if label.rect.center().x < candidate.at.x {
            (Align2::RIGHT_TOP, label.rect.right_bottom())
        } else {
            (Align2::LEFT_TOP, label.rect.left_bottom())
        };
        let corner = (corner - vec2(0.0, 1.0)).round();
        let rect = align.anchor_size(corner, size);
        let free = scene.view.contains_rect(rect)
            && !obstacles.iter().any(|other| other.intersects(rect))
            && !placed.iter().any(|other| other.index != index && other.rect.intersects(rect));
        if free {
            words::paint_halo(painter, corner, align, &text, style, theme.map.land);
        }
    }
    for label in placed {
        let (Some((text, style)), Some(candidate)) = (texts.get(label.index), candidates.get(label.index))
        else {
            continue;
        };
        if label.index >= own
            && let LabelShape::Point { mark_radius } = candidate.shape
        {
            painter.circle_filled(candidate.at, mark_radius, style.color);
        }
        words::paint_halo(painter, label.rect.min.round(), Align2::LEFT_TOP, text, *style, theme.map.land);
    }
}

/// Toll and number of places of an event that has either.
fn second_line(scene: &Scene<'_>, event: EventId) -> Option<String> {
    let store = scene.cx.store()?;
    let toll = format::toll(store.fatalities(event), scene.cx.lang());
    let places = store.columns.places.of(event.index()).len();
    let places = (places > 1).then(|| scene.cx.catalog.f("map-more-places", &[("n", places.into())]));
    let parts: Vec<String> = [toll, places].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn basemap_style(theme: &Theme, label: &BasemapLabel) -> (String, Style) {
    let colors = &theme.map;
    match label.kind {
        LabelKind::Country => {
            // Letters are spaced by thin spaces where the script allows it.
            let spaced = label.text.is_ascii();
            let text = label.text.to_uppercase();
            let text = if spaced {
                text.chars().map(String::from).collect::<Vec<_>>().join("\u{200A}")
            } else {
                text
            };
            (text, Style::strong(TextKind::List, colors.country_label))
        }
        LabelKind::Region => (label.text.clone(), Style::new(TextKind::Caption, colors.region_label)),
        _ => (label.text.clone(), Style::new(TextKind::Caption, colors.town_label)),
    }
}

/// What is nearest to the pointer, within reach.
pub fn pick(scene: &Scene<'_>, pointer: Pos2) -> Option<Picked> {
    let mut best: Option<(f32, Picked)> = None;
    let mut offer = |distance: f32, reach: f32, picked: Picked| {
        if distance <= reach && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, picked));
        }
    };
    for (index, marker) in scene.markers.iter().enumerate() {
        let center = (scene.project)(marker.position);
        if center.distance(pointer) > 300.0 {
            continue;
        }
        match scene.single(marker) {
            Some((index, stack)) if scene.is_fanned(stack) => {
                for (at, (event, end)) in scene.legs(stack).iter().enumerate() {
                    let reach = (scene.radius_of(*event) + 4.0).max(REACH);
                    offer(end.distance(pointer), reach, Picked::FanLeg(index, at));
                }
                offer(center.distance(pointer), REACH, Picked::Stack(index));
            }
            Some((at, stack)) => {
                let radius = match stack.events.as_slice() {
                    [event] => scene.radius_of(*event) * 1.2,
                    _ => ring_radius(marker.total),
                };
                offer(center.distance(pointer), (radius + 3.0).max(REACH), Picked::Stack(at));
            }
            None => offer(center.distance(pointer), ring_radius(marker.total) + 3.0, Picked::Cluster(index)),
        }
    }
    for (event, position, ..) in scene.other_places() {
        offer((scene.project)(position).distance(pointer), REACH, Picked::Event(event));
    }
    best.map(|(_, picked)| picked)
}

/// Nodes for assistive technology and tests; a press on one does what a click does.
pub fn accessible_ui(ui: &Ui, scene: &Scene<'_>, commands: &mut Commands) {
    let Some(store) = scene.cx.store() else { return };
    let node = |id: egui::Id, center: Pos2, name: &dyn Fn() -> String, selected: bool| {
        let rect = Rect::from_center_size(center, vec2(22.0, 22.0)).intersect(scene.view);
        let response = ui.interact(rect, id, Sense::FOCUSABLE);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, selected, name()));
        crate::ui::widgets::controls::focus_ring(ui, &response, scene.theme());
        let pressed = response.has_focus()
            && ui.input(|i| i.key_pressed(egui::Key::Enter) || i.key_pressed(egui::Key::Space));
        let asked =
            ui.input(|input| input.has_accesskit_action_request(response.id, egui::accesskit::Action::Click));
        pressed || asked
    };
    let base = ui.scope_id().with("marker");
    let visible = scene.markers.iter().filter(|m| scene.view.contains((scene.project)(m.position)));
    for marker in visible.take(MAX_NODES) {
        let center = (scene.project)(marker.position);
        let single = scene.single(marker);
        match single.map(|(_, stack)| stack) {
            Some(stack) if stack.events.len() == 1 || scene.is_fanned(stack) => {
                let legs = if stack.events.len() == 1 {
                    stack.events.iter().map(|event| (*event, center)).collect()
                } else {
                    scene.legs(stack)
                };
                for (event, pos) in legs {
                    let name = || {
                        let title = format::event_title(scene.cx.catalog, store, event, scene.cx.lang());
                        format!("{}: {title}", scene.cx.t("map-event"))
                    };
                    if node(base.with(event), pos, &name, scene.cx.is_selected(event)) {
                        commands.push(SelectCommand::Event(event));
                    }
                }
            }
            Some(stack) => {
                let name = || {
                    let place = stack.place.map_or("", |p| format::place_name(store, p, scene.cx.lang()));
                    let count = scene.cx.catalog.f("map-cluster", &[("n", stack.events.len().into())]);
                    format!("{place}: {count}")
                };
                if let Some(first) = stack.events.first().copied()
                    && node(base.with(("stack", first)), center, &name, false)
                {
                    commands.push(MapCommand::Fan(Some(first)));
                }
            }
            None => {
                let count = || scene.cx.catalog.f("map-cluster", &[("n", marker.total.into())]);
                let id = base.with(("cluster", marker.stacks.first()));
                if node(id, center, &count, false) {
                    commands.push(MapCommand::FlyTo { center: marker.bbox.center(), zoom: 8.0 });
                }
            }
        }
    }
}
