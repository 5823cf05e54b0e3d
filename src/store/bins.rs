//! Events counted per span of time, by calendar units from hours to centuries.

use jiff::civil::Date;

use crate::model::time::{self, SECONDS_PER_DAY};
use crate::model::{EventId, EventType, Interval};

use super::Store;
use super::cross::Base;

/// A calendar unit of bins, ticks and steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    pub const ALL: [Unit; 8] = [
        Unit::Hour,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
        Unit::Decade,
        Unit::Century,
    ];

    /// Mean length in seconds.
    pub fn mean_secs(self) -> f64 {
        let days = match self {
            Unit::Hour => 1.0 / 24.0,
            Unit::Day => 1.0,
            Unit::Week => 7.0,
            Unit::Month => 30.436_875,
            Unit::Quarter => 91.310_625,
            Unit::Year => 365.2425,
            Unit::Decade => 3652.425,
            Unit::Century => 36_524.25,
        };
        days * SECONDS_PER_DAY as f64
    }

    /// The finest unit that is at least `min_secs` long.
    pub fn at_least(min_secs: f64) -> Self {
        Self::ALL.into_iter().find(|unit| unit.mean_secs() >= min_secs).unwrap_or(Unit::Century)
    }

    /// Start of the unit that holds a second. Weeks start on Monday (ISO 8601).
    pub fn floor(self, seconds: i64) -> i64 {
        let days = seconds.div_euclid(SECONDS_PER_DAY);
        let (year, month, _) = time::civil_from_days(days);
        let first = |year: i64, month: i64| time::days_from_civil(year, month, 1) * SECONDS_PER_DAY;
        match self {
            Unit::Hour => seconds.div_euclid(3600) * 3600,
            Unit::Day => days * SECONDS_PER_DAY,
            // 1970-01-01 was a Thursday.
            Unit::Week => (days - (days + 3).rem_euclid(7)) * SECONDS_PER_DAY,
            Unit::Month => first(year, month),
            Unit::Quarter => first(year, (month - 1) / 3 * 3 + 1),
            Unit::Year => first(year, 1),
            Unit::Decade => first(year.div_euclid(10) * 10, 1),
            Unit::Century => first(year.div_euclid(100) * 100, 1),
        }
    }

    /// A moment moved by `n` units; day of month is clamped to the month's length.
    pub fn add(self, seconds: i64, n: i64) -> i64 {
        let months = |n: i64| {
            let days = seconds.div_euclid(SECONDS_PER_DAY);
            let clock = seconds.rem_euclid(SECONDS_PER_DAY);
            let (year, month, day) = time::civil_from_days(days);
            let total = year * 12 + month - 1 + n;
            let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
            let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            let length = time::days_from_civil(next.0, next.1, 1) - time::days_from_civil(year, month, 1);
            time::days_from_civil(year, month, day.min(length)) * SECONDS_PER_DAY + clock
        };
        match self {
            Unit::Hour => seconds.saturating_add(n * 3600),
            Unit::Day => seconds.saturating_add(n * SECONDS_PER_DAY),
            Unit::Week => seconds.saturating_add(n * 7 * SECONDS_PER_DAY),
            Unit::Month => months(n),
            Unit::Quarter => months(3 * n),
            Unit::Year => months(12 * n),
            Unit::Decade => months(120 * n),
            Unit::Century => months(1200 * n),
        }
    }
}

/// Counts per bin. An interval counts in every bin that it touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bins {
    /// Limits of the bins: one more than there are bins.
    pub edges: Vec<i64>,
    /// Per bin and event type: events that pass everything but the time window.
    pub counts: Vec<[u32; EventType::ALL.len()]>,
    /// Per bin: all events.
    pub all: Vec<u32>,
}

/// Largest number of bins that are made; a coarser unit is taken if there would be more.
const MAX_BINS: usize = 4096;

/// The limits of bins of a stretch of time: a coarser unit is taken if there would be too many. None
/// for a stretch without limits.
fn edges(mut unit: Unit, extent: Interval) -> Vec<i64> {
    let wanted = |unit: Unit| extent.duration_secs() as f64 / unit.mean_secs();
    while wanted(unit) > MAX_BINS as f64 && unit != Unit::Century {
        unit = Unit::ALL.get(unit as usize + 1).copied().unwrap_or(Unit::Century);
    }
    if extent.is_unknown() || extent.open_start() || extent.open_end() {
        return Vec::new();
    }
    let mut edge = unit.floor(extent.start);
    let mut edges = vec![edge];
    while edge < extent.end && edges.len() <= MAX_BINS {
        edge = unit.add(edge, 1);
        edges.push(edge);
    }
    edges
}

/// Counts events of a stretch of time by a unit. Events of one day are looked up in sums by day, so
/// that the number of events matters little.
pub fn bins(store: &Store, base: &Base, unit: Unit, extent: Interval) -> Bins {
    let edges = edges(unit, extent);
    let (Some(first), Some(last)) = (edges.first().copied(), edges.last().copied()) else {
        return Bins::default();
    };
    let num = edges.len() - 1;
    // Where counts of other events rise and fall, summed up at the end, so that long intervals cost no
    // more than short ones.
    let mut all = vec![0i32; num + 1];
    let mut counts = vec![[0i32; EventType::ALL.len()]; num + 1];
    for odd in base.odd_events() {
        let interval = odd.interval;
        if interval.end <= first || interval.start >= last {
            continue;
        }
        let event = EventId(odd.row);
        let from = edges.partition_point(|edge| *edge <= interval.start).saturating_sub(1);
        let to = edges.partition_point(|edge| *edge < interval.end).min(num);
        let passes = base.fails(event) == 0;
        let kind = store.event_type(event).index();
        for (at, change) in [(from, 1), (to, -1)] {
            if let Some(all) = all.get_mut(at) {
                *all += change;
            }
            if passes && let Some(count) = counts.get_mut(at).and_then(|counts| counts.get_mut(kind)) {
                *count += change;
            }
        }
    }
    let mut bins = Bins { edges, counts: Vec::with_capacity(num), all: Vec::with_capacity(num) };
    let mut sum = 0;
    let mut sums = [0; EventType::ALL.len()];
    let limits = bins.edges.iter().zip(bins.edges.iter().skip(1));
    for ((start, end), (all, counts)) in limits.zip(all.iter().zip(&counts)) {
        let bin = Interval { start: *start, end: *end };
        let (all_of_one_day, mut per_type) = base.of_one_day(bin);
        sum += all;
        bins.all.push(all_of_one_day + sum as u32);
        for ((sum, count), total) in sums.iter_mut().zip(counts).zip(&mut per_type) {
            *sum += count;
            *total += *sum as u32;
        }
        bins.counts.push(per_type);
    }
    bins
}

/// The window of one calendar unit that holds a day.
pub fn unit_window(unit: Unit, day: Date) -> Interval {
    let start = unit.floor(time::start_of(day));
    Interval { start, end: unit.add(start, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;
    use crate::store::filter::Filter;
    use crate::store::search::Found;

    #[test]
    fn units_floor_and_step_on_the_calendar() {
        let at = |text: &str| time::parse_edtf(text).expect("date").interval.start;
        assert_eq!(Unit::Week.floor(at("2024-07-27")), at("2024-07-22"));
        assert_eq!(Unit::Quarter.floor(at("2024-08-15")), at("2024-07-01"));
        assert_eq!(Unit::Decade.floor(at("2024-08-15")), at("2020-01-01"));
        assert_eq!(Unit::Month.add(at("2024-01-31"), 1), at("2024-02-29"));
        assert_eq!(Unit::Month.add(at("2024-01-01"), -1), at("2023-12-01"));
        assert_eq!(Unit::Year.add(at("2024-02-29"), 1), at("2025-02-28"));
    }

    #[test]
    fn an_interval_counts_in_every_bin_that_it_touches() {
        let interval = |text: &str| time::parse_edtf(text).expect("date").interval;
        let mut store = Store::default();
        let battle = Kind { event_type: EventType::Battles, ..Kind::default() };
        let protest = Kind { event_type: EventType::Protests, ..Kind::default() };
        let dates = ["2024-02-10/2024-04-01", "2024-03", "2024-03-31", "2024-04/..", "../2024-01", "2030"];
        for date in dates {
            // The third event fails the filter.
            let kind = if date == "2024-03-31" { protest } else { battle };
            store.columns.push_bare(interval(date), kind);
        }
        store.columns.push_bare(Interval::UNKNOWN, battle);
        let types = [EventType::Battles as u32].into();
        // A window does not matter.
        let filter = Filter { types, window: Some(interval("2024-02")), ..Filter::default() };
        let base = Base::new(&store, &filter, &Found::default(), None);
        let bins = bins(&store, &base, Unit::Month, interval("2024-01/2024-06"));
        assert_eq!(bins.all, [1, 1, 3, 2, 1, 1]);
        let passing: Vec<u32> = bins.counts.iter().map(|counts| counts[EventType::Battles.index()]).collect();
        assert_eq!(passing, [1, 1, 2, 2, 1, 1]);
        assert_eq!(bins.edges.len(), 7);
    }

    #[test]
    fn too_many_bins_become_coarser_ones() {
        let interval = |text: &str| time::parse_edtf(text).expect("date").interval;
        let bins = |unit, extent| bins(&Store::default(), &Base::default(), unit, extent);
        let hours = bins(Unit::Hour, interval("0001/9999"));
        assert!(!hours.edges.is_empty() && hours.edges.len() <= MAX_BINS + 1);
        assert!(bins(Unit::Day, Interval::ALL).edges.is_empty());
    }
}
