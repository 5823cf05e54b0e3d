//! What a dataset looks like from afar: how many events lie where, and when.

use rustc_hash::FxHashMap;

use super::Store;
use crate::model::time::SECONDS_PER_DAY;
use crate::model::{Interval, LatLon};

/// Places by cells of the world, and days by bins of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    /// Middle of the events of a cell, and how many there are. Cells with many events come last.
    pub cells: Vec<(LatLon, u32)>,
    /// First and last day of all dated events, in days since 1970.
    pub days: Option<(i32, i32)>,
    /// Length of a bin in days.
    pub bin_days: i32,
    /// Number of events that begin in each bin, from the first day on.
    pub bins: Vec<u32>,
}

/// Cells per degree. Where a whole country is shown, a cell is no larger than a dot.
const PER_DEGREE: f64 = 4.0;
/// At most so many bins.
const MAX_BINS: i32 = 240;

impl Sketch {
    pub fn of(store: &Store) -> Self {
        Self::of_rows(store.events().map(|event| (store.position(event), store.interval(event))))
    }

    fn of_rows(rows: impl Iterator<Item = (Option<LatLon>, Interval)>) -> Self {
        let mut sums: FxHashMap<(i32, i32), (f64, f64, u32)> = FxHashMap::default();
        let (mut begins, mut span) = (Vec::new(), None::<(i32, i32)>);
        for (position, interval) in rows {
            if let Some(at) = position {
                let cell = |degrees: f64| (degrees * PER_DEGREE).floor() as i32;
                let sum = sums.entry((cell(at.lat), cell(at.lon))).or_default();
                *sum = (sum.0 + at.lat, sum.1 + at.lon, sum.2.saturating_add(1));
            }
            if let Some((begin, end)) = days_of(interval) {
                begins.push(begin);
                span = Some(span.map_or((begin, end), |(first, last)| (first.min(begin), last.max(end))));
            }
        }
        let middle = |(lat, lon, n): (f64, f64, u32)| {
            let many = f64::from(n.max(1));
            (LatLon { lat: lat / many, lon: lon / many }, n)
        };
        let mut cells: Vec<(LatLon, u32)> = sums.into_values().map(middle).collect();
        cells.sort_by(|(a, n), (b, m)| n.cmp(m).then(a.lat.total_cmp(&b.lat)).then(a.lon.total_cmp(&b.lon)));
        let Some((first, last)) = span else { return Self { cells, ..Self::default() } };
        let bin_days = last.saturating_sub(first) / MAX_BINS + 1;
        let mut bins = vec![0u32; (last.saturating_sub(first) / bin_days + 1) as usize];
        for day in begins {
            if let Some(bin) = bins.get_mut(((day - first) / bin_days) as usize) {
                *bin = bin.saturating_add(1);
            }
        }
        Self { cells, days: span, bin_days, bins }
    }
}

/// First and last day of an interval; of one with an open limit the other one counts.
fn days_of(interval: Interval) -> Option<(i32, i32)> {
    if interval.is_unknown() {
        return None;
    }
    let begin = if interval.open_start() { interval.end - 1 } else { interval.start };
    let end = if interval.open_end() { begin } else { interval.end - 1 };
    let day = |seconds: i64| i32::try_from(seconds.div_euclid(SECONDS_PER_DAY)).ok();
    day(begin).zip(day(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(first: i64, last: i64) -> Interval {
        Interval { start: first * SECONDS_PER_DAY, end: (last + 1) * SECONDS_PER_DAY }
    }

    #[test]
    fn events_are_counted_where_and_when_they_are() {
        let at = |lat, lon| Some(LatLon { lat, lon });
        let rows = [
            (at(16.0, -3.0), days(10, 12)),
            (at(16.1, -2.9), Interval::UNKNOWN),
            (at(12.6, -8.0), days(4, 4)),
            (None, Interval { start: Interval::OPEN_START, end: 6 * SECONDS_PER_DAY }),
            (None, Interval { start: 11 * SECONDS_PER_DAY, end: Interval::OPEN_END }),
            (None, Interval::ALL),
        ];
        let sketch = Sketch::of_rows(rows.into_iter());
        let counts: Vec<u32> = sketch.cells.iter().map(|(_, n)| *n).collect();
        // The two in the north are neighbours.
        assert_eq!(counts, [1, 2]);
        assert_eq!((sketch.days, sketch.bin_days), (Some((4, 12)), 1));
        assert_eq!(sketch.bins, [1, 1, 0, 0, 0, 0, 1, 1, 0]);
        assert_eq!(Sketch::of_rows(std::iter::empty()), Sketch::default());
    }

    #[test]
    fn many_years_have_few_bins() {
        let rows = (0..20_000).map(|day| (Some(LatLon { lat: 1.0, lon: 1.0 }), days(day, day)));
        let sketch = Sketch::of_rows(rows);
        assert!(sketch.bins.len() <= 240 && sketch.bins.iter().sum::<u32>() == 20_000);
        assert_eq!(sketch.cells, [(LatLon { lat: 1.0, lon: 1.0 }, 20_000)]);
    }
}
