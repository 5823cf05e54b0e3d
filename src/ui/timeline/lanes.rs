//! Lanes: which events, in which rows, how dense. Painting is in [`super::bars`].
//!
//! Gathering sorts, once per filter, the events that pass everything but the time window into lanes
//! by start. Packing puts overlapping events of a lane into rows, once per zoom. Neither runs in
//! frames in which nothing changed, nor while the window plays.
//!
//! Where there are more than [`MAX_DRAWN`] events to draw, or a lane needs more than [`MAX_ROWS`]
//! rows, a lane becomes a strip of heat: how many events touch each column of pixels.

use crate::model::{ActorId, DatePrecision, DocumentId, EventId, EventType, Interval, PlaceId};
use crate::state::{Derived, LaneMode};
use crate::store::Store;
use crate::store::filter::{Dim, Filter, each_code};

use super::scale::{FoldKind, Scale};

/// More events than this are drawn as heat.
pub const MAX_DRAWN: usize = 5000;
/// More rows than this are drawn as heat.
const MAX_ROWS: usize = 40;
/// Least height of a row.
pub const ROW: f32 = 12.0;
/// Greatest height of a row.
const ROW_MAX: f32 = 18.0;
/// Room above and below the rows of a lane, together.
const LANE_PAD: f32 = 3.0;
/// Room above the first lane.
pub const TOP_PAD: f32 = 4.0;
/// Height of a strip of heat.
const HEAT: f32 = 16.0;
/// Width of a column of heat.
pub const HEAT_PX: f64 = 2.0;
/// Radius of an event's symbol in a lane.
pub const SYMBOL: f32 = 4.2;
/// Least width of a bar.
pub const BAR_LEAST: f64 = 8.0;
/// Length of a bar whose other end nobody gives.
pub const OPEN_PX: f64 = 72.0;

/// How the date of an event is drawn: doubt is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarStyle {
    /// One day: the symbol of the type.
    Symbol,
    /// Known days: a solid bar.
    Solid,
    /// Somewhere in a week or month: an outlined bar with hatching.
    Hatched,
    /// Somewhere in a season or year: hatching with dashed edges and no ends.
    Vague,
}

impl BarStyle {
    /// Whether the drawing says that the day is known.
    pub fn is_exact(self) -> bool {
        matches!(self, BarStyle::Symbol | BarStyle::Solid)
    }
}

/// How a date of a precision is drawn.
pub fn style_of(precision: DatePrecision) -> BarStyle {
    match precision {
        DatePrecision::Time | DatePrecision::Day => BarStyle::Symbol,
        DatePrecision::Days => BarStyle::Solid,
        DatePrecision::Week | DatePrecision::Month => BarStyle::Hatched,
        DatePrecision::Season | DatePrecision::Year | DatePrecision::Unknown => BarStyle::Vague,
    }
}

/// The start of an interval, or its end if nobody gives a start.
fn known_start(interval: Interval) -> i64 {
    if interval.open_start() { interval.end } else { interval.start }
}

/// By start, longer ones first.
fn order_key(interval: Interval, event: EventId) -> (i64, std::cmp::Reverse<i64>, EventId) {
    (known_start(interval), std::cmp::Reverse(interval.end), event)
}

/// Where an event lies in a scale, in positions; at least as wide as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub from: f64,
    pub to: f64,
    pub style: BarStyle,
}

/// Extent of an interval. An exact one that is narrower than a symbol becomes a symbol.
pub fn extent(scale: &Scale, interval: Interval, precision: DatePrecision) -> Extent {
    let style = style_of(precision);
    let open = interval.open_start() || interval.open_end();
    let (from, to) = match (interval.open_start(), interval.open_end()) {
        (false, false) => (scale.position(interval.start as f64), scale.position(interval.end as f64)),
        (false, true) => {
            let from = scale.position(interval.start as f64);
            (from, from + OPEN_PX)
        }
        (true, false) => {
            let to = scale.position(interval.end as f64);
            (to - OPEN_PX, to)
        }
        (true, true) => (scale.origin(), scale.origin() + OPEN_PX),
    };
    let symbol = f64::from(SYMBOL) * 2.4;
    let style = match style {
        BarStyle::Symbol if open || to - from > 2.5 * symbol => BarStyle::Solid,
        BarStyle::Solid if !open && to - from < symbol => BarStyle::Symbol,
        other => other,
    };
    let least = if style == BarStyle::Symbol { symbol } else { BAR_LEAST };
    let middle = (from + to) / 2.0;
    if to - from < least {
        return Extent { from: middle - least / 2.0, to: middle + least / 2.0, style };
    }
    Extent { from, to, style }
}

/// Whether an interval lies wholly in the folded far past.
pub fn is_past(scale: &Scale, interval: Interval) -> bool {
    scale.folds().iter().any(|fold| {
        fold.kind == FoldKind::Past && interval.start as f64 >= fold.start && interval.end as f64 <= fold.end
    })
}

/// Puts intervals, sorted by their starts, into the first row that has room. Returns the row of each
/// and the number of rows.
pub fn pack(extents: impl Iterator<Item = (f64, f64)>, gap: f64) -> (Vec<u32>, usize) {
    let mut ends: Vec<f64> = Vec::new();
    let rows = extents
        .map(|(from, to)| {
            let free = ends.iter().position(|end| *end + gap <= from);
            let row = free.unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = to,
                None => ends.push(to),
            }
            row as u32
        })
        .collect();
    (rows, ends.len())
}

/// What the events of a lane share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneKey {
    Type(EventType),
    Actor(ActorId),
    Place(PlaceId),
    Document(DocumentId),
    /// Events without any actor, place or document.
    Without,
}

/// The events of one lane.
#[derive(Clone, Debug)]
pub struct Lane {
    pub key: LaneKey,
    /// By start.
    pub events: Vec<EventId>,
    /// Longest bounded event, for finding the first that reaches into view.
    longest_secs: i64,
    /// Events that pass the whole filter.
    pub shown: u32,
    pub layout: LaneLayout,
}

/// How a lane is drawn at the present zoom.
#[derive(Clone, Debug, Default)]
pub struct LaneLayout {
    /// Row of each event from `first` on; empty for heat.
    pub rows: Vec<u32>,
    /// Index of the first event that has a row.
    pub first: usize,
    pub num_rows: usize,
    /// Events per column of [`HEAT_PX`], from position `heat_from` on.
    pub heat: Vec<u32>,
    pub heat_from: f64,
    pub is_heat: bool,
    /// Events inside the column of the far past, which have no row.
    pub past: u32,
}

/// Row of events that are not drawn by themselves.
pub const NO_ROW: u32 = u32::MAX;

/// All lanes of a case under a filter.
#[derive(Debug, Default)]
pub struct Lanes {
    pub lanes: Vec<Lane>,
    gathered: Option<(u64, LaneMode, Filter, bool)>,
    counted: Option<u64>,
    packed: Option<Packed>,
    /// Grows whenever lanes were gathered anew.
    serial: u64,
    num_events: usize,
}

/// For what the layout holds.
#[derive(Clone, Debug, PartialEq)]
struct Packed {
    serial: u64,
    secs_per_px: f64,
    folds: Vec<super::scale::Fold>,
    /// Positions between which everything is laid out.
    from: f64,
    to: f64,
}

impl Lanes {
    /// Brings everything up to date; cheap where nothing changed.
    pub fn refresh(&mut self, store: &Store, derived: &Derived, filter: &Filter, mode: LaneMode, fold: bool) {
        // What the window holds changes while playing; which events are in which lane does not.
        let key = {
            let mut filter = filter.clone();
            filter.window = None;
            filter.window_mode = Default::default();
            (store.generation, mode, filter, fold)
        };
        if self.gathered.as_ref() != Some(&key) {
            self.gather(store, derived, mode);
            self.gathered = Some(key);
            self.serial += 1;
            self.counted = None;
        }
        if self.counted != Some(derived.generation) {
            for lane in &mut self.lanes {
                lane.shown = lane.events.iter().filter(|e| derived.passes(**e)).count() as u32;
            }
            if mode == LaneMode::Type {
                // Undated events are shown too while all of time is.
                let counts = derived.shown_per_type();
                for lane in &mut self.lanes {
                    if let LaneKey::Type(kind) = lane.key {
                        lane.shown = counts.get(kind.index()).copied().unwrap_or(0);
                    }
                }
            }
            self.counted = Some(derived.generation);
        }
    }

    fn gather(&mut self, store: &Store, derived: &Derived, mode: LaneMode) {
        self.num_events = derived.candidates.len();
        let dim = match mode {
            LaneMode::Type => Dim::Type,
            LaneMode::Actor => Dim::Actor,
            LaneMode::Place => Dim::Place,
            LaneMode::Document => Dim::Document,
        };
        let mut by_code: Vec<Vec<EventId>> = vec![Vec::new(); crate::store::filter::num_codes(store, dim)];
        let mut without = Vec::new();
        for event in &derived.candidates {
            let mut any = false;
            each_code(store, dim, event.index(), |code| {
                if let Some(events) = by_code.get_mut(code as usize) {
                    events.push(event);
                    any = true;
                }
            });
            if !any {
                without.push(event);
            }
        }
        let key = |code: usize| match mode {
            LaneMode::Type => EventType::from_index(code).map(LaneKey::Type),
            LaneMode::Actor => Some(LaneKey::Actor(ActorId(code as u32))),
            LaneMode::Place => Some(LaneKey::Place(PlaceId(code as u32))),
            LaneMode::Document => Some(LaneKey::Document(DocumentId(code as u32))),
        };
        let lanes = by_code.into_iter().enumerate().filter_map(|(code, events)| Some((key(code)?, events)));
        let mut lanes: Vec<(LaneKey, Vec<EventId>)> =
            lanes.filter(|(_, events)| !events.is_empty()).collect();
        if matches!(mode, LaneMode::Actor | LaneMode::Place) {
            lanes.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
        }
        if !without.is_empty() {
            lanes.push((LaneKey::Without, without));
        }
        self.lanes = lanes
            .into_iter()
            .map(|(key, events)| {
                let bounded = events.iter().map(|e| store.interval(*e));
                let longest = bounded.filter(|i| !i.open_end() && !i.open_start()).map(|i| i.duration_secs());
                let longest_secs = longest.max().unwrap_or(0);
                Lane { key, events, longest_secs, shown: 0, layout: LaneLayout::default() }
            })
            .collect();
    }

    /// Grows whenever what passes everything but the window changed.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Lays the lanes out for a scale.
    pub fn lay_out(&mut self, store: &Store, scale: &Scale) {
        let (from, to) = (scale.origin(), scale.origin() + scale.width());
        let holds = |packed: &Packed, serial: u64| {
            packed.serial == serial
                && packed.secs_per_px == scale.secs_per_px()
                && packed.from <= from
                && packed.to >= to
                && packed.folds == scale.folds()
        };
        if self.packed.as_ref().is_some_and(|packed| holds(packed, self.serial)) {
            return;
        }
        // Few events are all laid out, so that panning never moves them; of many, those near.
        let few = self.num_events <= MAX_DRAWN;
        let (from, to) =
            if few { (f64::NEG_INFINITY, f64::INFINITY) } else { (from - scale.width(), to + scale.width()) };
        let ranges: Vec<std::ops::Range<usize>> = self
            .lanes
            .iter()
            .map(|lane| if few { 0..lane.events.len() } else { lane.reaching(store, scale, from, to) })
            .collect();
        let total: usize = ranges.iter().map(ExactSizeIterator::len).sum();
        for (lane, range) in self.lanes.iter_mut().zip(ranges) {
            lane.lay_out(store, scale, range, total > 3 * MAX_DRAWN, (from, to));
        }
        self.packed = Some(Packed {
            serial: self.serial,
            secs_per_px: scale.secs_per_px(),
            folds: scale.folds().to_vec(),
            from,
            to,
        });
    }

    /// Heights of the lanes where there is room for `available` points; rows grow to fill it.
    pub fn heights(&self, available: f32) -> (Vec<f32>, f32) {
        let rows: usize =
            self.lanes.iter().filter(|l| !l.layout.is_heat).map(|l| l.layout.num_rows.max(1)).sum();
        let heats = self.lanes.iter().filter(|lane| lane.layout.is_heat).count();
        let pads = TOP_PAD + LANE_PAD * (self.lanes.len() - heats) as f32 + HEAT * heats as f32;
        let pitch = ((available - pads) / rows.max(1) as f32).clamp(ROW, ROW_MAX);
        // Whole quarters keep the rows of a lane equally far apart.
        let pitch = (pitch * 4.0).floor() / 4.0;
        let heights = self.lanes.iter().map(|lane| {
            if lane.layout.is_heat { HEAT } else { lane.layout.num_rows.max(1) as f32 * pitch + LANE_PAD }
        });
        (heights.collect(), pitch)
    }
}

impl Lane {
    /// Whether an event is in the lane.
    pub fn holds(&self, store: &Store, event: EventId) -> bool {
        let key = order_key(store.interval(event), event);
        self.events.binary_search_by_key(&key, |event| order_key(store.interval(*event), *event)).is_ok()
    }

    /// The events that may reach between two positions.
    pub fn reaching(&self, store: &Store, scale: &Scale, from: f64, to: f64) -> std::ops::Range<usize> {
        let at = |position: f64| scale.time(position - scale.origin());
        // A bar can be drawn wider than its time.
        let slack = OPEN_PX;
        let (from, to) = (at(from - slack), at(to + slack));
        let start = |event: &EventId| known_start(store.interval(*event)) as f64;
        let first = self.events.partition_point(|e| start(e) < from - self.longest_secs as f64);
        let last = self.events.partition_point(|e| start(e) <= to);
        first..last.max(first)
    }

    fn lay_out(
        &mut self,
        store: &Store,
        scale: &Scale,
        range: std::ops::Range<usize>,
        heat: bool,
        (from, to): (f64, f64),
    ) {
        let events = self.events.get(range.clone()).unwrap_or_default();
        if !heat {
            let in_past = |event: EventId| is_past(scale, store.interval(event));
            let own = events.iter().copied().filter(|event| !in_past(*event));
            let extents = own.map(|event| {
                let e = extent(scale, store.interval(event), store.date_precision(event));
                (e.from, e.to)
            });
            let (packed, num_rows) = pack(extents, 2.0);
            if num_rows <= MAX_ROWS {
                let past = (events.len() - packed.len()) as u32;
                let mut packed = packed.into_iter();
                let mut row = |event: &EventId| {
                    if in_past(*event) { NO_ROW } else { packed.next().unwrap_or(NO_ROW) }
                };
                let rows = events.iter().map(&mut row).collect();
                self.layout =
                    LaneLayout { rows, first: range.start, num_rows, past, ..LaneLayout::default() };
                return;
            }
        }
        let (low, high) =
            (from.max(scale.origin() - scale.width()), to.min(scale.origin() + 2.0 * scale.width()));
        let columns = ((high - low) / HEAT_PX).ceil().max(0.0) as usize;
        let mut steps = vec![0i64; columns + 1];
        for event in events {
            let interval = store.interval(*event);
            let e = extent(scale, interval, store.date_precision(*event));
            let column = |position: f64| ((position - low) / HEAT_PX).clamp(0.0, columns as f64) as usize;
            if e.to < low || e.from > high {
                continue;
            }
            let (a, b) = (column(e.from), column(e.to).max(column(e.from) + 1).min(columns));
            if let Some(step) = steps.get_mut(a) {
                *step += 1;
            }
            if let Some(step) = steps.get_mut(b) {
                *step -= 1;
            }
        }
        let mut sum = 0;
        let heat = steps.into_iter().take(columns).map(|step| {
            sum += step;
            sum as u32
        });
        self.layout =
            LaneLayout { heat: heat.collect(), heat_from: low, is_heat: true, ..LaneLayout::default() };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::scale::{Gaps, Rules, whole};
    use super::*;
    use crate::model::time::parse_edtf;

    #[test]
    fn only_days_are_drawn_as_exact() {
        for precision in DatePrecision::ALL {
            let exact = matches!(precision, DatePrecision::Time | DatePrecision::Day | DatePrecision::Days);
            assert_eq!(style_of(*precision).is_exact(), exact, "{precision:?}");
        }
    }

    #[test]
    fn no_width_makes_a_vague_date_exact() {
        let interval = |text: &str| parse_edtf(text).expect("date").interval;
        let gaps = Gaps::of(["2020", "2024"].map(interval).into_iter());
        let scale = whole(Rules { gaps: gaps.into(), collapse: true, opened: None }, 1000.0);
        for zoom in [0.001, 0.1, 1.0, 30.0, 1000.0] {
            let scale = scale.zoomed(500.0, zoom);
            for text in ["2024-07", "2024-07-01/2024-07-05", "2024", "2024-07/..", "../2024"] {
                let month = extent(&scale, interval(text), DatePrecision::Month);
                assert!(!month.style.is_exact());
                let year = extent(&scale, interval(text), DatePrecision::Year);
                assert_eq!(year.style, BarStyle::Vague);
                assert!(month.to - month.from >= BAR_LEAST);
            }
            let days = extent(&scale, interval("2024-07-25/2024-07-27"), DatePrecision::Days);
            assert!(days.style.is_exact());
        }
    }

    proptest! {
        #[test]
        fn no_two_in_a_row_overlap(mut items in prop::collection::vec((0.0..1000.0f64, 0.0..200.0f64), 0..200)) {
            items.sort_by(|a, b| a.0.total_cmp(&b.0));
            let extents: Vec<(f64, f64)> = items.iter().map(|(a, length)| (*a, a + length)).collect();
            let (rows, num_rows) = pack(extents.iter().copied(), 2.0);
            prop_assert_eq!(rows.len(), extents.len());
            for (i, a) in extents.iter().enumerate() {
                prop_assert!((rows[i] as usize) < num_rows);
                for (j, b) in extents.iter().enumerate().skip(i + 1) {
                    if rows[i] == rows[j] {
                        prop_assert!(a.1 + 2.0 <= b.0);
                    }
                }
            }
            // No more rows than events at one moment, with the gap.
            let deepest = extents
                .iter()
                .map(|(at, _)| extents.iter().filter(|(a, b)| a <= at && b + 2.0 > *at).count())
                .max()
                .unwrap_or(0);
            prop_assert!(num_rows <= deepest);
        }
    }
}
