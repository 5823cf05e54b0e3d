//! The events in order of time, and all else that filters and views look up by row.

use std::ops::Range;
use std::sync::Arc;

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{EventId, Interval};

use super::columns::{Columns, Times, TollColumn};
use super::cross::{Days, Rows};
use super::sites::Sites;

/// What is looked up by row, made from the columns once per change of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// Rows that the index is of.
    num_rows: usize,
    pub time: TimeOrder,
    /// The days of the events of one day, whatever the filter.
    pub days: Arc<Days>,
    pub sites: Sites,
    /// Shortest interval that holds the known limits of all dated events.
    pub extent: Option<Interval>,
    /// Greatest best toll of any event.
    pub max_toll: Option<u32>,
}

impl Index {
    pub fn new(columns: &Columns) -> Self {
        Self::with_sites(columns, || Sites::new(columns))
    }

    /// The index of columns that are stretches of the rows that this is the index of, one behind the other.
    pub(super) fn of_stretches(&self, columns: &Columns, stretches: &[Range<usize>]) -> Self {
        Self::with_sites(columns, || self.sites.of_stretches(stretches))
    }

    fn with_sites(columns: &Columns, sites: impl FnOnce() -> Sites + Send) -> Self {
        let by_time = || {
            let time = TimeOrder::new(&columns.times);
            let days = Days::new(columns, &time.uniform);
            let tolls = columns.fatalities.best().iter().copied();
            let max_toll = tolls.filter(|toll| *toll != TollColumn::NONE).max();
            (time, Arc::new(days), max_toll)
        };
        let (mut sites, (time, days, max_toll)) = rayon::join(sites, by_time);
        sites.list_rows(|each| time.each(each));
        let extent = time.extent(&columns.times);
        Self { num_rows: columns.len(), time, days, sites, extent, max_toll }
    }

    pub fn num_rows(&self) -> usize {
        self.num_rows
    }
}

/// All events in order of time, in three parts. Events of one day are nearly all events of a dataset
/// and are found by day; the others are few and looked at one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeOrder {
    /// Events of exactly one day, by day and then by row.
    pub uniform: Rows,
    /// Dated events of any other length, by begin, end and then row.
    pub odd: Vec<Odd>,
    /// Events without a date, by row.
    pub undated: Rows,
    /// Place in `uniform` by row, [`TimeOrder::NONE`] for other events. Empty if rows are in order of
    /// time.
    places: Vec<u32>,
    /// Rows of `odd` with their places there, in order of row.
    odd_places: Vec<(u32, u32)>,
}

/// A dated event that does not last exactly one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Odd {
    pub row: u32,
    pub interval: Interval,
    /// How many events of one day come before it.
    pub before: u32,
}

impl TimeOrder {
    const NONE: u32 = u32::MAX;

    fn new(times: &Times) -> Self {
        let days = times.days();
        let mut odd: Vec<Odd> = times
            .odd()
            .iter()
            .map(|(row, interval)| Odd { row: *row, interval: *interval, before: 0 })
            .collect();
        odd.sort_by_key(|odd| (odd.interval.start, odd.interval.end, odd.row));
        let num_undated = days.iter().filter(|day| **day == Times::UNDATED).count();
        let key = |day: &i32| (*day == Times::UNDATED, *day);
        if odd.is_empty() && days.is_sorted_by_key(key) {
            let (end, len) = ((days.len() - num_undated) as u32, days.len() as u32);
            let (uniform, undated) = (Rows::range(0..end), Rows::range(end..len));
            return Self { uniform, undated, ..Self::default() };
        }
        let mut is_odd = vec![false; days.len()];
        for odd in &odd {
            if let Some(slot) = is_odd.get_mut(odd.row as usize) {
                *slot = true;
            }
        }
        let mut uniform: Vec<(i32, u32)> = Vec::with_capacity(days.len());
        let mut undated: Vec<u32> = Vec::with_capacity(num_undated);
        for ((day, odd), row) in days.iter().zip(&is_odd).zip(0u32..) {
            match (*odd, *day) {
                (true, _) => {}
                (false, Times::UNDATED) => undated.push(row),
                (false, day) => uniform.push((day, row)),
            }
        }
        if !uniform.is_sorted() {
            // The rows of each dataset are in order of time: this sort finds such runs and merges them.
            uniform.sort();
        }
        for odd in &mut odd {
            let key = (odd.interval.start, odd.interval.end, odd.row);
            odd.before = uniform.partition_point(|(day, row)| {
                let start = i64::from(*day) * SECONDS_PER_DAY;
                (start, start + SECONDS_PER_DAY, *row) < key
            }) as u32;
        }
        let mut places = vec![Self::NONE; days.len()];
        for ((_, row), place) in uniform.iter().zip(0u32..) {
            if let Some(slot) = places.get_mut(*row as usize) {
                *slot = place;
            }
        }
        let mut odd_places: Vec<(u32, u32)> = odd.iter().map(|odd| odd.row).zip(0u32..).collect();
        odd_places.sort_unstable();
        let uniform = Rows::from_vec(uniform.into_iter().map(|(_, row)| row).collect());
        Self { uniform, odd, undated: Rows::from_vec(undated), places, odd_places }
    }

    /// Whether rows are in order of time, and no event lasts other than one day.
    pub fn is_order_of_rows(&self) -> bool {
        self.places.is_empty() && self.odd.is_empty()
    }

    /// Place of an event of one day in [`TimeOrder::uniform`]; `None` for other events.
    pub fn place(&self, event: EventId) -> Option<u32> {
        if self.places.is_empty() {
            return (event.index() < self.uniform.len()).then_some(event.0);
        }
        self.places.get(event.index()).copied().filter(|place| *place != Self::NONE)
    }

    /// Place of an event in [`TimeOrder::odd`]; `None` for other events.
    pub fn odd_place(&self, event: EventId) -> Option<usize> {
        let at = self.odd_places.binary_search_by_key(&event.0, |(row, _)| *row).ok()?;
        self.odd_places.get(at).map(|(_, place)| *place as usize)
    }

    /// A number that grows in order of time: by begin, end and row, undated events last.
    pub fn rank(&self, event: EventId) -> u64 {
        // An event of one day comes after the others that have as many of them before.
        if let Some(place) = self.place(event) {
            return u64::from(place) << 32 | u64::from(u32::MAX);
        }
        if let Some((at, odd)) = self.odd_place(event).and_then(|at| Some((at, self.odd.get(at)?))) {
            return u64::from(odd.before) << 32 | at as u64;
        }
        (self.uniform.len() as u64 + 1) << 32 | u64::from(event.0)
    }

    /// Shortest interval that holds the known limits of all dated events.
    fn extent(&self, times: &Times) -> Option<Interval> {
        let ends = self.uniform.first().into_iter().chain(self.uniform.last()).map(|event| event.0);
        extent_of(ends.chain(self.odd.iter().map(|odd| odd.row)).map(|row| times.get(row as usize)))
    }

    /// All rows in order of begin, end and row, undated ones last.
    pub fn each(&self, mut each: impl FnMut(u32)) {
        let mut odd = self.odd.iter().peekable();
        for (event, place) in self.uniform.iter().zip(0u32..) {
            while let Some(next) = odd.next_if(|odd| odd.before <= place) {
                each(next.row);
            }
            each(event.0);
        }
        odd.for_each(|odd| each(odd.row));
        self.undated.iter().for_each(|event| each(event.0));
    }
}

/// Shortest interval that holds the known limits of all known intervals.
pub fn extent_of(intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
    let known = intervals.filter(|interval| !interval.is_unknown()).map(|interval| {
        let start = if interval.open_start() { interval.end - 1 } else { interval.start };
        let end = if interval.open_end() { start + 1 } else { interval.end };
        Interval { start, end }
    });
    known.reduce(Interval::union)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::time::parse_edtf;
    use crate::store::{Kind, Store};

    fn interval() -> impl Strategy<Value = Interval> {
        let day = |day: i64| Interval { start: day * SECONDS_PER_DAY, end: (day + 1) * SECONDS_PER_DAY };
        prop_oneof![
            (-5i64..5).prop_map(day),
            (-5i64..5, 0i64..200_000)
                .prop_map(move |(d, more)| Interval { end: day(d).end + more, ..day(d) }),
            (-5i64..5).prop_map(move |d| Interval { start: Interval::OPEN_START, ..day(d) }),
            Just(Interval::UNKNOWN),
        ]
    }

    proptest! {
        #[test]
        fn order_is_that_of_a_plain_sort(
            intervals in prop::collection::vec(interval(), 0..40),
            plain in any::<bool>(),
        ) {
            let mut columns = Columns::default();
            let mut intervals = intervals;
            if plain {
                intervals.retain(|i| i.is_unknown() || i.duration_secs() == SECONDS_PER_DAY);
                intervals.sort_by_key(|i| (i.is_unknown(), i.start));
            }
            intervals.iter().for_each(|interval| columns.push_bare(*interval, Kind::default()));
            let time = TimeOrder::new(&columns.times);
            let mut slow: Vec<u32> = (0..intervals.len() as u32).collect();
            slow.sort_by_key(|row| {
                let interval = intervals[*row as usize];
                (interval.is_unknown(), interval.start, interval.end, *row)
            });
            let mut all = Vec::new();
            time.each(|row| all.push(row));
            prop_assert_eq!(&all, &slow);
            prop_assert!(all.is_sorted_by_key(|row| time.rank(EventId(*row))));
            for (event, place) in time.uniform.iter().zip(0u32..) {
                prop_assert_eq!(time.place(event), Some(place));
            }
        }
    }

    #[test]
    fn the_extent_is_that_of_all_events() {
        let mut store = Store::default();
        assert_eq!(store.time_extent(), None);
        for date in ["2024-03-05", "2024-01-09/2024-01-20", "2024-02/..", "../2023-12-24", "2024-02-02"] {
            let interval = parse_edtf(date).expect("date").interval;
            store.columns.push_bare(interval, Kind::default());
            let walked = store.time_extent();
            store.reindex();
            assert_eq!(store.time_extent(), walked, "with and without an index");
        }
        store.columns.push_bare(Interval::UNKNOWN, Kind::default());
        store.reindex();
        let extent = store.time_extent().map(Interval::to_edtf);
        assert_eq!(extent.as_deref(), Some("2023-12-24/2024-03-05"));
    }
}
