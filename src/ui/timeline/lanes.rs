//! Lanes: which events, in which rows, how dense. Painting is in [`super::bars`] and
//! [`super::heat`].
//!
//! Which lanes there are and how many events each has on which days is counted by
//! [`super::tally`], once per filter. Where the events in view can be told apart they are bars, put
//! into rows once per zoom: those in view are found by binary search in order of time, and those that
//! began earlier and last until now among the few that last other than a day. Where there are more
//! than [`MAX_DRAWN`] in view, or a lane needs too many rows, a lane becomes a strip of heat: how many
//! events touch each bin of the histogram. Nothing is laid out in frames in which nothing changed,
//! nor while the window plays.

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{DatePrecision, EventId, EventType, Interval};
use crate::state::{Derived, LaneMode, ViewState};
use crate::store::Store;
use crate::store::bins::Bins;
use crate::store::filter::Dim;

use super::scale::{FoldKind, Scale};
use super::tally::{CROWDED, LaneKey, Tally, day_of};

/// Most events that crowded cases draw one by one in view.
const MAX_DRAWN: usize = 2000;
/// Most events that are looked at for being drawn.
const MAX_LOOKED_AT: usize = 50_000;
/// More rows than this are drawn as heat.
const MAX_ROWS: usize = 40;
/// The same where there are many events: a few lanes must not push all others out of sight.
const MAX_ROWS_CROWDED: usize = 16;
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
/// and the number of rows; `None` if there would be more than `most` rows.
pub fn pack(extents: impl Iterator<Item = (f64, f64)>, gap: f64, most: usize) -> Option<(Vec<u32>, usize)> {
    let mut ends: Vec<f64> = Vec::new();
    let rows = extents.map(|(from, to)| {
        let free = ends.iter().position(|end| *end + gap <= from);
        let row = free.unwrap_or(ends.len());
        match ends.get_mut(row) {
            Some(end) => *end = to,
            None if row < most => ends.push(to),
            None => return None,
        }
        Some(row as u32)
    });
    let rows: Option<Vec<u32>> = rows.collect();
    Some((rows?, ends.len()))
}

/// How a lane is drawn at the present zoom.
#[derive(Clone, Debug, Default)]
pub struct LaneLayout {
    /// Events drawn one by one, by start.
    pub bars: Vec<Placed>,
    pub num_rows: usize,
    /// Whether the lane is a strip of heat, and `bars` empty.
    pub is_heat: bool,
    /// Events per bin of [`Lanes::edges`], and the greatest of them.
    pub heat: Vec<u32>,
    pub most: u32,
    /// Events inside the column of the far past, which have no row.
    pub past: u32,
}

/// A bar's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    pub event: EventId,
    pub row: u32,
    pub extent: Extent,
}

/// Row of events that are not drawn by themselves.
pub const NO_ROW: u32 = u32::MAX;

/// A lane as it is drawn.
#[derive(Clone, Debug)]
pub struct Lane {
    pub key: LaneKey,
    /// Events that pass everything but the window, `None` while they are being counted.
    pub total: Option<u32>,
    /// Events that pass the whole filter, `None` while they are being counted.
    pub shown: Option<u32>,
    pub layout: LaneLayout,
}

/// All lanes of a case under a filter.
#[derive(Debug, Default)]
pub struct Lanes {
    pub lanes: Vec<Lane>,
    /// Limits of the bins of heat.
    pub edges: Vec<i64>,
    tally: Tally,
    /// For what the lanes were counted: generation and stamp of the tally.
    counted: Option<(u64, u64)>,
    /// For what the heat was counted: stamp of the tally and of the bins.
    heated: Option<(u64, u64)>,
    packed: Option<Packed>,
    /// Events that pass everything but the window.
    num_events: usize,
}

/// For what the layout holds.
#[derive(Clone, Debug, PartialEq)]
struct Packed {
    stamp: u64,
    secs_per_px: f64,
    folds: Vec<super::scale::Fold>,
    /// Positions between which everything is laid out.
    from: f64,
    to: f64,
}

impl Lanes {
    /// Brings the lanes and their counts up to date or a little nearer to it.
    pub fn refresh(
        &mut self,
        store: &Store,
        derived: &Derived,
        view: &ViewState,
        types: impl FnOnce() -> Vec<EventType>,
    ) {
        self.num_events = derived.candidates.len();
        let serial = self.tally.serial();
        self.tally.work(store, derived, view.lanes, types);
        if self.tally.serial() != serial {
            let lane = |key: LaneKey| Lane { key, total: None, shown: None, layout: LaneLayout::default() };
            self.lanes = self.tally.lanes().iter().map(|counted| lane(counted.key)).collect();
        }
        let counted = Some((derived.generation, self.tally.stamp()));
        if self.tally.is_counting() {
            self.lanes.iter_mut().for_each(|lane| (lane.total, lane.shown) = (None, None));
        } else if self.counted != counted {
            let filter = &view.filter;
            let shown = self.tally.shown(store, derived, filter.window, filter.window_mode);
            for ((lane, counted), shown) in self.lanes.iter_mut().zip(self.tally.lanes()).zip(shown) {
                (lane.total, lane.shown) = (Some(counted.days.total()), Some(shown));
            }
            self.counted = counted;
        }
        if view.lanes == LaneMode::Type && !self.tally.is_stale() {
            // Known at once. Undated events are shown too while all of time is.
            let counts = derived.shown_per_type();
            for lane in &mut self.lanes {
                if let LaneKey::Type(kind) = lane.key {
                    lane.shown = counts.get(kind.index()).copied();
                }
            }
        }
    }

    /// Whether counting goes on in the next frame.
    pub fn is_counting(&self) -> bool {
        self.tally.is_counting()
    }

    /// Whether the lanes are those of another filter or grouping, until there are new ones.
    pub fn is_stale(&self) -> bool {
        self.tally.is_stale()
    }

    /// Whether there are more events than can be told apart when all of time is seen.
    pub fn is_crowded(&self) -> bool {
        self.num_events > CROWDED
    }

    /// Whether an event is drawn in a lane.
    pub fn holds(&self, store: &Store, derived: &Derived, lane: usize, event: EventId) -> bool {
        if self.tally.is_stale() || store.interval(event).is_unknown() {
            return false;
        }
        let mut holds = false;
        self.tally.each_lane(store, event, |at| holds |= at == lane);
        holds && derived.passes_except(event, Dim::Window)
    }

    /// Lays the lanes out for a scale. `heat` are bins of days or more, and their stamp.
    pub fn lay_out(&mut self, store: &Store, derived: &Derived, scale: &Scale, heat: (&Bins, u64)) {
        if self.tally.is_stale() {
            // Bars of another zoom would be in wrong places.
            if self.packed.as_ref().is_some_and(|packed| packed.secs_per_px != scale.secs_per_px()) {
                self.lanes.iter_mut().for_each(|lane| lane.layout.bars.clear());
            }
            return;
        }
        let (bins, bins_stamp) = heat;
        let stamp = self.tally.stamp();
        if self.heated != Some((stamp, bins_stamp)) {
            self.heat(bins);
            self.heated = Some((stamp, bins_stamp));
        }
        let (from, to) = (scale.origin(), scale.origin() + scale.width());
        let holds = |packed: &Packed| {
            packed.stamp == stamp
                && packed.secs_per_px == scale.secs_per_px()
                && packed.from <= from
                && packed.to >= to
                && packed.folds == scale.folds()
        };
        if self.packed.as_ref().is_some_and(holds) {
            return;
        }
        // Few events are all laid out, so that panning never moves them; of many, those near.
        let few = !self.is_crowded();
        let (from, to) =
            if few { (f64::NEG_INFINITY, f64::INFINITY) } else { (from - scale.width(), to + scale.width()) };
        match self.gather(store, derived, scale, (from, to)) {
            Some(mut events) => {
                let too_many = if few { vec![false; events.len()] } else { too_many(&events, scale) };
                let most_rows = if few { MAX_ROWS } else { MAX_ROWS_CROWDED };
                for ((lane, events), too_many) in self.lanes.iter_mut().zip(&mut events).zip(too_many) {
                    lane.lay_out(events, if too_many { 0 } else { most_rows });
                }
            }
            None => self.lanes.iter_mut().for_each(|lane| lane.lay_out(&mut [], 0)),
        }
        if let Some(fold) = scale.folds().iter().find(|fold| fold.kind == FoldKind::Past) {
            for (lane, counted) in self.lanes.iter_mut().zip(self.tally.lanes()) {
                if lane.layout.is_heat {
                    lane.layout.past = counted.days.over_by(day_of(fold.end as i64));
                }
            }
        }
        let (secs_per_px, folds) = (scale.secs_per_px(), scale.folds().to_vec());
        self.packed = Some(Packed { stamp, secs_per_px, folds, from, to });
    }

    /// Counts the heat of all lanes.
    fn heat(&mut self, bins: &Bins) {
        self.edges.clone_from(&bins.edges);
        for (lane, counted) in self.lanes.iter_mut().zip(self.tally.lanes()) {
            lane.layout.heat = match lane.key {
                // Known at once, and the same as in the histogram.
                LaneKey::Type(kind) => {
                    let of_kind = |counts: &[u32; EventType::ALL.len()]| counts.get(kind.index()).copied();
                    bins.counts.iter().map(|counts| of_kind(counts).unwrap_or(0)).collect()
                }
                _ => counted.days.per_bin(&bins.edges),
            };
            lane.layout.most = lane.layout.heat.iter().copied().max().unwrap_or(0);
        }
    }

    /// The events of each lane that may reach between two positions, with their extents, by start;
    /// `None` if there are too many to look at.
    fn gather(
        &self,
        store: &Store,
        derived: &Derived,
        scale: &Scale,
        (from, to): (f64, f64),
    ) -> Option<Vec<Vec<Placed>>> {
        let mut lanes: Vec<Vec<Placed>> = vec![Vec::new(); self.lanes.len()];
        let mut add = |event: EventId| {
            let extent = extent(scale, store.interval(event), store.date_precision(event));
            if extent.to >= from && extent.from <= to {
                let row = if is_past(scale, store.interval(event)) { NO_ROW } else { 0 };
                self.tally.each_lane(store, event, |at| {
                    if let Some(lane) = lanes.get_mut(at) {
                        lane.push(Placed { event, row, extent });
                    }
                });
            }
        };
        let rows = &derived.candidates;
        if !self.is_crowded() {
            rows.iter().for_each(&mut add);
            return Some(lanes);
        }
        // A bar can be drawn wider than its time.
        let at = |position: f64| scale.time(position - scale.origin()) as i64;
        let begin = at(from - OPEN_PX).saturating_sub(SECONDS_PER_DAY);
        let end = at(to + OPEN_PX);
        let first = rows.partition_point(|event| store.interval(event).start < begin);
        let last = rows.partition_point(|event| store.interval(event).start <= end);
        if last.saturating_sub(first) > MAX_LOOKED_AT {
            return None;
        }
        // Those that began earlier and last until now.
        let mut num = 0;
        for event in self.tally.lasting().spanning(store, begin, begin).take(MAX_LOOKED_AT) {
            add(event);
            num += 1;
        }
        rows.slice(first..last).iter().for_each(&mut add);
        (num < MAX_LOOKED_AT).then_some(lanes)
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

    /// Height of the lanes if all are strips of heat.
    pub fn least_height(&self) -> f32 {
        TOP_PAD + HEAT * self.lanes.len() as f32
    }
}

/// Which lanes have more events in view than can be told apart. Lanes with few events come first, so
/// that they are not lost among those with many.
fn too_many(lanes: &[Vec<Placed>], scale: &Scale) -> Vec<bool> {
    let (from, to) = (scale.origin(), scale.origin() + scale.width());
    let in_view = |events: &Vec<Placed>| {
        events.iter().filter(|bar| bar.extent.to >= from && bar.extent.from <= to).count()
    };
    let counts: Vec<usize> = lanes.iter().map(in_view).collect();
    let mut order: Vec<usize> = (0..lanes.len()).collect();
    order.sort_by_key(|at| counts.get(*at).copied());
    let mut too_many = vec![true; lanes.len()];
    let mut sum = 0;
    for at in order {
        sum += counts.get(at).copied().unwrap_or(0);
        if let Some(slot) = too_many.get_mut(at) {
            *slot = sum > MAX_DRAWN;
        }
    }
    too_many
}

impl Lane {
    /// Puts events, given by start, into rows. A lane that needs more than `most_rows` becomes heat.
    fn lay_out(&mut self, events: &mut [Placed], most_rows: usize) {
        let layout = &mut self.layout;
        layout.bars.clear();
        layout.past = 0;
        layout.is_heat = true;
        layout.num_rows = 0;
        if most_rows == 0 {
            return;
        }
        let drawn = |bar: &&mut Placed| bar.row != NO_ROW;
        let own = events.iter().filter(|bar| bar.row != NO_ROW).map(|bar| (bar.extent.from, bar.extent.to));
        let Some((rows, num_rows)) = pack(own, 2.0, most_rows) else { return };
        for (bar, row) in events.iter_mut().filter(drawn).zip(rows) {
            bar.row = row;
        }
        (layout.is_heat, layout.num_rows) = (false, num_rows);
        layout.past = (events.len() - events.iter().filter(|bar| bar.row != NO_ROW).count()) as u32;
        layout.bars.extend_from_slice(events);
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
            let (rows, num_rows) = pack(extents.iter().copied(), 2.0, usize::MAX).expect("rows");
            prop_assert!(pack(extents.iter().copied(), 2.0, num_rows).is_some());
            prop_assert!(num_rows == 0 || pack(extents.iter().copied(), 2.0, num_rows - 1).is_none());
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
