//! Shown events → what is drawn where: stacks at one coordinate, merged to clusters where symbols
//! would overlap. Pure; every shown and placed event is in exactly one marker, so counts add up.

use std::collections::HashMap;

use crate::model::{BBox, EventId, EventType, GeoPrecision, LatLon, PlaceId};
use crate::state::Derived;
use crate::store::Store;

use super::camera::mercator;
use super::crowd::frame::Frame;
use super::crowd::places;

/// Symbols nearer than this, in points, are merged.
const MERGE_DISTANCE: f64 = 24.0;
/// Merged places no farther apart than this count as one: a town and its airport. They fan out instead
/// of asking for a closer look.
const ONE_PLACE_M: f64 = 20_000.0;

/// Events that share one coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    pub position: LatLon,
    pub place: Option<PlaceId>,
    /// In order of time.
    pub events: Vec<EventId>,
    /// The least precise of the events, and the radius that it stands for.
    pub precision: GeoPrecision,
    pub radius_m: f64,
}

/// What is drawn as one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    pub position: LatLon,
    /// Places in the list of stacks; one unless it is a cluster of several coordinates.
    pub stacks: Vec<usize>,
    /// Events per type.
    pub counts: [u32; EventType::ALL.len()],
    pub total: u32,
    pub bbox: BBox,
}

impl Stack {
    /// A stack of its first event; `None` if that has no position.
    fn new(store: &Store, first: EventId) -> Option<Self> {
        let place = store.first_place(first);
        Some(Self {
            position: store.position(first)?,
            place,
            events: Vec::new(),
            precision: GeoPrecision::Exact,
            radius_m: place.and_then(|p| store.place(p)).map_or(0.0, |p| p.radius_m),
        })
    }

    fn push(&mut self, store: &Store, event: EventId) {
        self.events.push(event);
        self.precision = self.precision.max(store.geo_precision(event));
    }
}

/// Groups events, given in order of time, by coordinate.
pub fn stacks(store: &Store, events: impl IntoIterator<Item = EventId>) -> Vec<Stack> {
    let mut at: HashMap<u32, usize> = HashMap::new();
    let mut stacks: Vec<Stack> = Vec::new();
    for event in events {
        let Some(site) = store.index.sites.of(event) else { continue };
        // Datasets have sites of their own at one coordinate.
        let site = store.index.sites.together(site).start;
        let Some(index) = at.get(&site).copied().or_else(|| {
            stacks.push(Stack::new(store, event)?);
            at.insert(site, stacks.len() - 1);
            Some(stacks.len() - 1)
        }) else {
            continue;
        };
        if let Some(stack) = stacks.get_mut(index) {
            stack.push(store, event);
        }
    }
    stacks
}

/// The stacks of all shown events in a view.
pub fn stacks_in(store: &Store, derived: &Derived, frame: &Frame) -> Vec<Stack> {
    let sites = &store.index.sites;
    let [left, top, right, bottom] = frame.world();
    let mut stacks: Vec<Stack> = Vec::new();
    // Where the last stack is, and those of events of several datasets.
    let mut last: Option<[u32; 2]> = None;
    let mut mixed: Vec<usize> = Vec::new();
    let ranges = sites.in_box([left, top], [right, bottom]);
    places(sites, derived).each(&ranges, |site, point, count| {
        if count.total == 0 || !frame.shows(point) {
            return;
        }
        let mut shown = sites.events(site).filter(|event| derived.passes(*event));
        if last.replace(point) == Some(point)
            && let Some(stack) = stacks.last_mut()
        {
            for event in shown.take(count.total as usize) {
                stack.push(store, event);
            }
            mixed.push(stacks.len() - 1);
            return;
        }
        let Some((first, mut stack)) = shown.next().and_then(|e| Some((e, Stack::new(store, e)?))) else {
            return;
        };
        stack.events.reserve_exact(count.total as usize);
        stack.push(store, first);
        for event in shown.take(count.total.saturating_sub(1) as usize) {
            stack.push(store, event);
        }
        stacks.push(stack);
    });
    mixed.dedup();
    for index in mixed {
        if let Some(stack) = stacks.get_mut(index) {
            stack.events.sort_by_key(|event| store.index.time.rank(*event));
        }
    }
    stacks
}

/// Merges stacks whose symbols would overlap at a zoom level. Stacks with more events stay where
/// they are and take in their neighbours. Merged stacks that are one place for all that can be seen are
/// appended to `stacks` as one.
pub fn markers(store: &Store, stacks: &mut Vec<Stack>, zoom: f64) -> Vec<Marker> {
    let mut markers = merged(store, stacks, zoom);
    for marker in &mut markers {
        if let Some(stack) = one_place(store, stacks, marker) {
            marker.stacks = vec![stacks.len()];
            stacks.push(stack);
        }
    }
    markers
}

/// The stacks of a marker as one, if they are several, near to each other and known exactly or nearly.
fn one_place(store: &Store, stacks: &[Stack], marker: &Marker) -> Option<Stack> {
    let corner = |lat, lon| LatLon { lat, lon };
    let bbox = marker.bbox;
    let extent_m = corner(bbox.min_lat, bbox.min_lon).distance_m(corner(bbox.max_lat, bbox.max_lon));
    let parts: Vec<&Stack> = marker.stacks.iter().filter_map(|index| stacks.get(*index)).collect();
    if parts.len() < 2 || extent_m > ONE_PLACE_M || parts.iter().any(|s| s.precision > GeoPrecision::Near) {
        return None;
    }
    let mut events: Vec<EventId> = parts.iter().flat_map(|stack| stack.events.iter().copied()).collect();
    events.sort_by_key(|event| (store.interval(*event).start, *event));
    // The first one has the most events: it names the place.
    let first = parts.first()?;
    let precision = parts.iter().map(|stack| stack.precision).max()?;
    Some(Stack { position: first.position, place: first.place, events, precision, radius_m: first.radius_m })
}

fn merged(store: &Store, stacks: &[Stack], zoom: f64) -> Vec<Marker> {
    let scale = 256.0 * 2f64.powf(zoom);
    let points: Vec<(f64, f64)> = stacks
        .iter()
        .map(|stack| {
            let (x, y) = mercator(stack.position);
            (x * scale, y * scale)
        })
        .collect();
    let cell = |p: (f64, f64)| ((p.0 / MERGE_DISTANCE).floor() as i64, (p.1 / MERGE_DISTANCE).floor() as i64);
    let mut order: Vec<usize> = (0..stacks.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(stacks.get(*i).map_or(0, |s| s.events.len())), *i));
    let mut grid: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut markers: Vec<(Marker, (f64, f64))> = Vec::new();
    for index in order {
        let (Some(stack), Some(point)) = (stacks.get(index), points.get(index).copied()) else { continue };
        let (cx, cy) = cell(point);
        let near = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (cx + dx, cy + dy)))
            .filter_map(|cell| grid.get(&cell))
            .flatten()
            .copied()
            .filter_map(|at| {
                let (_, other) = markers.get(at)?;
                let distance = (other.0 - point.0).hypot(other.1 - point.1);
                (distance < MERGE_DISTANCE).then_some((distance, at))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let at = match near {
            Some((_, at)) => at,
            None => {
                markers.push((
                    Marker {
                        position: stack.position,
                        stacks: Vec::new(),
                        counts: [0; EventType::ALL.len()],
                        total: 0,
                        bbox: BBox::of_point(stack.position),
                    },
                    point,
                ));
                grid.entry((cx, cy)).or_default().push(markers.len() - 1);
                markers.len() - 1
            }
        };
        if let Some((marker, _)) = markers.get_mut(at) {
            marker.stacks.push(index);
            marker.bbox = marker.bbox.union(BBox::of_point(stack.position));
            for event in &stack.events {
                marker.total += 1;
                if let Some(count) = marker.counts.get_mut(store.event_type(*event).index()) {
                    *count += 1;
                }
            }
        }
    }
    markers.into_iter().map(|(marker, _)| marker).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io;

    fn mali() -> Store {
        Store::from_batch(io::read_case(&io::builtin::MALI, &io::unwatched))
    }

    #[test]
    fn every_placed_event_is_in_exactly_one_marker_at_every_zoom() {
        let store = mali();
        let events: Vec<EventId> = store.events().collect();
        let base = stacks(&store, events.iter().copied());
        let placed = events.iter().filter(|e| store.position(**e).is_some()).count();
        assert_eq!(base.iter().map(|s| s.events.len()).sum::<usize>(), placed);
        for zoom in 0..16 {
            let mut all = base.clone();
            let markers = markers(&store, &mut all, f64::from(zoom));
            assert_eq!(markers.iter().map(|m| m.total as usize).sum::<usize>(), placed, "zoom {zoom}");
            let in_stacks = markers.iter().flat_map(|m| &m.stacks).filter_map(|stack| all.get(*stack));
            let mut drawn: Vec<EventId> = in_stacks.flat_map(|stack| stack.events.iter().copied()).collect();
            drawn.sort_unstable();
            let mut expected: Vec<EventId> =
                events.iter().copied().filter(|e| store.position(*e).is_some()).collect();
            expected.sort_unstable();
            assert_eq!(drawn, expected, "zoom {zoom}");
        }
        assert_eq!(
            markers(&store, &mut base.clone(), 16.0).len(),
            base.len(),
            "zoomed in, nothing is merged"
        );
    }
}
