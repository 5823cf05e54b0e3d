//! The events in order of time, and all that filters and views look up by row.

use super::columns::{Columns, Times, TollColumn};
use super::cross::Rows;
use super::sites::Sites;
use crate::model::Interval;

/// What is looked up by row, made from the columns once per change of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// Rows that the index is of.
    num_rows: usize,
    pub time: TimeOrder,
    pub sites: Sites,
    /// Shortest interval that holds the known limits of all dated events.
    pub extent: Option<Interval>,
    /// Greatest best toll of any event.
    pub max_toll: Option<u32>,
}

impl Index {
    pub fn new(columns: &Columns) -> Self {
        let time = TimeOrder::new(&columns.times);
        let in_time: Vec<u32> = time.all(&columns.times);
        let sites = Sites::new(columns, in_time.into_iter());
        let tolls = columns.fatalities.best().iter().copied();
        let max_toll = tolls.filter(|toll| *toll != TollColumn::NONE).max();
        let extent = time.extent(&columns.times);
        Self { num_rows: columns.len(), time, sites, extent, max_toll }
    }

    pub fn num_rows(&self) -> usize {
        self.num_rows
    }
}

/// All events in order of time, in three parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeOrder {
    /// Events of exactly one day, by day and then by row.
    pub uniform: Rows,
    /// Dated events of any other length, by begin, end and then row; few.
    pub odd: Vec<u32>,
    /// Events without a date, by row.
    pub undated: Rows,
}

impl TimeOrder {
    fn new(times: &Times) -> Self {
        let days = times.days();
        let mut odd: Vec<u32> = times.odd().iter().map(|(row, _)| *row).collect();
        odd.sort_by_key(|row| {
            let interval = times.get(*row as usize);
            (interval.start, interval.end, *row)
        });
        let num_undated = days.iter().filter(|day| **day == Times::UNDATED).count();
        let sorted = days.is_sorted();
        if sorted && odd.is_empty() {
            // The smallest number stands for undated.
            let (first, end) = (num_undated as u32, days.len() as u32);
            return Self { uniform: Rows::range(first..end), odd, undated: Rows::range(0..first) };
        }
        let mut is_odd = vec![false; days.len()];
        for (row, _) in times.odd() {
            if let Some(slot) = is_odd.get_mut(*row as usize) {
                *slot = true;
            }
        }
        let rows = |undated: bool| -> Vec<u32> {
            let rows = days.iter().zip(&is_odd).enumerate();
            let rows = rows.filter(|(_, (day, odd))| (**day == Times::UNDATED) == undated && !**odd);
            rows.map(|(row, _)| row as u32).collect()
        };
        let mut uniform = rows(false);
        if !sorted {
            uniform.sort_by_key(|row| days.get(*row as usize));
        }
        Self { uniform: Rows::from_vec(uniform), odd, undated: Rows::from_vec(rows(true)) }
    }

    /// Shortest interval that holds the known limits of all dated events.
    fn extent(&self, times: &Times) -> Option<Interval> {
        let ends = self.uniform.first().into_iter().chain(self.uniform.last()).map(|event| event.0);
        extent_of(ends.chain(self.odd.iter().copied()).map(|row| times.get(row as usize)))
    }

    /// All rows in order of begin, end and row, undated ones last.
    fn all(&self, times: &Times) -> Vec<u32> {
        let key = |row: u32| {
            let interval = times.get(row as usize);
            (interval.start, interval.end, row)
        };
        let mut all = Vec::with_capacity(times.len());
        let mut odd = self.odd.iter().copied().peekable();
        for event in &self.uniform {
            while let Some(next) = odd.next_if(|odd| key(*odd) < key(event.0)) {
                all.push(next);
            }
            all.push(event.0);
        }
        all.extend(odd);
        all.extend(self.undated.iter().map(|event| event.0));
        all
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
    use super::*;
    use crate::model::time::parse_edtf;
    use crate::store::{Kind, Store};

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
