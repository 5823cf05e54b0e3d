//! What lies under the pointer on the crowded map: a count, a cell or a dot; what it is in words, and
//! what a click on it does.

use egui::{Painter, Pos2, Rect, Stroke, StrokeKind, Ui, vec2};

use super::chips::Chip;
use super::frame::{Frame, UNITS};
use super::{Crowd, Drawn, MAX_EVENTS, places};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{BBox, DatePrecision, EventId, EventType, Interval};
use crate::state::{Commands, MapCommand, SelectCommand};
use crate::store::Store;
use crate::ui::map::camera::{Camera, MAX_ZOOM, from_mercator};
use crate::ui::map::tooltip::{self, Counted};
use crate::ui::{FrameCtx, format};

/// How far from a dot or a cell the pointer may be, in points.
const REACH: f64 = 5.0;
/// The extent in time is told of no more sites than this: it is found site by site.
const MAX_TIMED: usize = 200;
/// Room around what a click zooms to, in points.
const MARGIN: f32 = 90.0;

/// Something of the crowded map.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// By its place in the list of chips.
    Chip(usize),
    /// Column and row of a density cell.
    Cell(usize, usize),
    /// A dot.
    Site(u32),
}

/// What a target stands for.
struct Under {
    total: u32,
    counts: [u32; EventType::ALL.len()],
    /// In units of the sites' points.
    bounds: [u32; 4],
    /// The only site, if it is one.
    site: Option<u32>,
    time: Option<Interval>,
}

impl Crowd {
    /// What lies under a position of the window.
    pub fn pick(&self, cx: &FrameCtx<'_>, view: Rect, pos: Pos2) -> Option<Target> {
        let at = pos - view.min;
        if let Some(index) = self.chips.iter().position(|chip| chip.contains(at.x, at.y)) {
            return Some(Target::Chip(index));
        }
        match self.drawn {
            Drawn::Density => self.cell_near(f64::from(at.x), f64::from(at.y)),
            Drawn::Dots => {
                let frame = self.key.as_ref()?.frame;
                let world = |at: f32, edge: f64| (f64::from(at) + edge) / frame.scale;
                let point = [world(at.x, frame.left), world(at.y, frame.top)];
                let counts = cx.derived.per_site();
                let shown = |site: u32| counts.get(site as usize).is_some_and(|count| count.total > 0);
                let sites = &cx.store()?.index.sites;
                sites.nearest(point, REACH / frame.scale, shown).map(|(site, _)| Target::Site(site))
            }
            _ => None,
        }
    }

    /// The cell under a point of the view, or the nearest with events within reach.
    fn cell_near(&self, x: f64, y: f64) -> Option<Target> {
        let (column, row) = self.grid.cell_at(x, y)?;
        let steps = (REACH / self.grid.cell).floor() as usize;
        let mut best: Option<(usize, Target)> = None;
        for row_near in row.saturating_sub(steps)..=row + steps {
            for column_near in column.saturating_sub(steps)..=column + steps {
                let (dx, dy) = (column_near.abs_diff(column), row_near.abs_diff(row));
                let distance = dx * dx + dy * dy;
                let nearer = best.as_ref().is_none_or(|(least, _)| distance < *least);
                if nearer && self.grid.count(column_near, row_near) > 0 {
                    best = Some((distance, Target::Cell(column_near, row_near)));
                }
            }
        }
        best.map(|(_, target)| target)
    }

    fn under(&self, cx: &FrameCtx<'_>, target: &Target) -> Option<Under> {
        let store = cx.store()?;
        let frame = self.key.as_ref()?.frame;
        match target {
            Target::Chip(index) => {
                let Chip { total, counts, bounds, .. } = self.chips.get(*index)?.clone();
                let [left, top, right, bottom] = bounds;
                let site = (left == right && top == bottom).then(|| site_at(store, [left, top])).flatten();
                let time = site.and_then(|site| extent(cx, store, &[site]));
                Some(Under { total, counts, bounds, site, time })
            }
            Target::Cell(column, row) => {
                let cell = self.grid.cell;
                let from = |first: f64, at: usize, edge: f64| first + at as f64 * cell + edge;
                let left = from(self.grid.offset.0, *column, frame.left);
                let top = from(self.grid.offset.1, *row, frame.top);
                let inside = Frame { left, top, width: cell, height: cell, ..frame };
                let [a, b, c, d] = inside.world();
                sum(cx, store, &store.index.sites.in_box([a, b], [c, d]), |point| inside.shows(point))
            }
            Target::Site(site) => {
                sum(cx, store, std::slice::from_ref(&store.index.sites.together(*site)), |_| true)
            }
        }
    }

    /// The cell or the dot under the pointer, framed.
    pub fn paint_target(&self, painter: &Painter, cx: &FrameCtx<'_>, view: Rect, target: &Target) {
        let rect = match target {
            Target::Chip(_) => return,
            Target::Cell(column, row) => {
                let side = self.grid.cell as f32;
                let offset = vec2(self.grid.offset.0 as f32, self.grid.offset.1 as f32);
                let min = view.min + offset + vec2(*column as f32, *row as f32) * side;
                Rect::from_min_size(min.round(), vec2(side, side))
            }
            Target::Site(site) => {
                let point = cx.store().and_then(|store| store.index.sites.points().get(*site as usize));
                let (Some(point), Some(key)) = (point, &self.key) else { return };
                let (x, y) = key.frame.place_of(*point);
                Rect::from_center_size(view.min + vec2(x as f32, y as f32), vec2(6.0, 6.0))
            }
        };
        let stroke = Stroke::new(1.4, cx.theme.text_strong);
        painter.rect_stroke(rect.expand(2.0), 2.0, stroke, StrokeKind::Outside);
    }
}

/// Sums up the sites of some ranges that are accepted by their points.
fn sum(
    cx: &FrameCtx<'_>,
    store: &Store,
    ranges: &[std::ops::Range<u32>],
    accept: impl Fn([u32; 2]) -> bool,
) -> Option<Under> {
    let mut under = Under {
        total: 0,
        counts: [0; EventType::ALL.len()],
        bounds: [u32::MAX, u32::MAX, 0, 0],
        site: None,
        time: None,
    };
    let mut found: Vec<u32> = Vec::new();
    places(&store.index.sites, cx.derived).each(ranges, |site, [x, y], count| {
        if count.total == 0 || !accept([x, y]) {
            return;
        }
        under.total += count.total;
        for (sum, count) in under.counts.iter_mut().zip(count.per_type) {
            *sum += count;
        }
        let [left, top, right, bottom] = under.bounds;
        under.bounds = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
        found.push(site);
    });
    if let [site] = found.as_slice() {
        under.site = Some(*site);
    }
    under.time = extent(cx, store, &found);
    (under.total > 0).then_some(under)
}

fn site_at(store: &Store, point: [u32; 2]) -> Option<u32> {
    let at = point.map(|v| f64::from(v) / UNITS);
    store.index.sites.nearest(at, 0.5 / UNITS, |_| true).map(|(site, _)| site)
}

/// Shown events of a site in order of time.
fn events_of<'a>(
    cx: &'a FrameCtx<'_>,
    store: &'a Store,
    site: u32,
) -> impl DoubleEndedIterator<Item = EventId> + 'a {
    store.index.sites.events(site).filter(|event| cx.derived.passes(*event))
}

/// From the first to the last dated event that is shown at some sites.
fn extent(cx: &FrameCtx<'_>, store: &Store, sites: &[u32]) -> Option<Interval> {
    if sites.len() > MAX_TIMED {
        return None;
    }
    let mut extent: Option<Interval> = None;
    for site in sites {
        let dated = |event: &EventId| !store.interval(*event).is_unknown();
        let ends = [events_of(cx, store, *site).find(dated), events_of(cx, store, *site).rev().find(dated)];
        for interval in ends.into_iter().flatten().map(|event| store.interval(event)) {
            extent = Some(extent.map_or(interval, |extent| extent.union(interval)));
        }
    }
    extent
}

/// The event under a target, if it is one.
fn only_event(cx: &FrameCtx<'_>, store: &Store, under: &Under) -> Option<EventId> {
    let site = under.site.filter(|_| under.total == 1)?;
    events_of(cx, store, site).next()
}

/// What lies under the pointer, beside it; a single event is hovered in all views.
pub fn tooltip_ui(
    ui: &Ui,
    cx: &FrameCtx<'_>,
    crowd: &Crowd,
    target: &Target,
    pointer: Option<Pos2>,
    view: Rect,
    commands: &mut Commands,
) {
    let Some((store, under)) = cx.store().zip(crowd.under(cx, target)) else { return };
    if let Some(event) = only_event(cx, store, &under) {
        commands.hover(event);
        tooltip::event_ui(ui, cx, event, None, pointer, view);
        return;
    }
    let n = [("n", under.total.into())];
    let name = under.site.and_then(|site| events_of(cx, store, site).next());
    let name = name.map(|event| format::first_place(store, event, cx.state.settings.label_lang).to_owned());
    let name = name.filter(|name| !name.is_empty());
    let (title, mut lines) = match (name, target) {
        (Some(name), _) => (name, vec![cx.catalog.f("map-cluster", &n)]),
        (None, Target::Cell(..)) => (cx.catalog.f("map-in-cell", &n), Vec::new()),
        (None, _) => (cx.catalog.f("map-cluster", &n), Vec::new()),
    };
    lines.extend(
        under.time.map(|time| format_interval(time, DatePrecision::Days, cx.lang(), DateStyle::Short)),
    );
    let hint = match under.site {
        Some(_) if under.total <= MAX_EVENTS => "map-select-hint",
        _ => "map-cluster-hint",
    };
    let counted = Counted { title: &title, lines: &lines, counts: under.counts, hint: &cx.t(hint) };
    tooltip::counts_ui(ui, cx, &counted, pointer, view);
}

/// Selects what cannot be parted any more, and zooms to everything else.
pub fn click(cx: &FrameCtx<'_>, crowd: &Crowd, target: &Target, view: Rect, commands: &mut Commands) {
    let Some((store, under)) = cx.store().zip(crowd.under(cx, target)) else { return };
    match under.site {
        Some(site) if under.total <= MAX_EVENTS => {
            let mut events: Vec<EventId> = events_of(cx, store, site).collect();
            match (events.pop(), events.is_empty()) {
                (Some(event), true) => commands.push(SelectCommand::Event(event)),
                (Some(last), false) => {
                    events.push(last);
                    commands.push(SelectCommand::Many(events));
                }
                (None, _) => {}
            }
        }
        _ => {
            let [left, top, right, bottom] = under.bounds.map(|v| f64::from(v) / UNITS);
            let (north_west, south_east) = (from_mercator(left, top), from_mercator(right, bottom));
            let bbox = BBox {
                min_lon: north_west.lon,
                min_lat: south_east.lat,
                max_lon: south_east.lon,
                max_lat: north_west.lat,
            };
            let to = Camera::fitting(bbox, view.size(), MARGIN);
            let present = crowd.key.as_ref().map_or(0.0, |key| key.frame.zoom());
            let zoom = to.zoom.max(present + 1.0).min(MAX_ZOOM);
            commands.push(MapCommand::FlyTo { center: to.center, zoom });
        }
    }
}
