//! Events of one day, counted per day and type, as sums from the first day on: how many lie in any
//! stretch of days is told by two of them.

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{EventType, Interval};
use crate::store::columns::Columns;
use crate::store::filter::WindowMode;

use super::Rows;

type PerType = [u32; EventType::ALL.len()];

/// Distinct days of a list of events that is in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Days {
    days: Vec<i32>,
    /// Per day and once more at the end: how many events, and of which types, come before.
    before: Vec<u32>,
    types_before: Vec<PerType>,
}

impl Days {
    /// `rows` are events of one day each, in order of time.
    pub fn new(columns: &Columns, rows: &Rows) -> Self {
        let all_days = columns.times.days();
        let types: Vec<u8> = columns.kinds.all().iter().map(|kind| kind.event_type as u8).collect();
        let (mut days, mut before, mut types_before) = (Vec::new(), Vec::new(), Vec::new());
        let mut counts = PerType::default();
        let mut last = None;
        for (event, place) in rows.iter().zip(0u32..) {
            let Some((day, kind)) = all_days.get(event.index()).zip(columns.kind.get(event.index())) else {
                continue;
            };
            if last != Some(*day) {
                days.push(*day);
                before.push(place);
                types_before.push(counts);
                last = Some(*day);
            }
            let event_type = types.get(usize::from(*kind)).copied().unwrap_or(EventType::Other as u8);
            if let Some(count) = counts.get_mut(usize::from(event_type)) {
                *count += 1;
            }
        }
        before.push(rows.len() as u32);
        types_before.push(counts);
        Self { days, before, types_before }
    }

    /// Place of the first event of a stretch of days in the list, and the place after its last one.
    pub fn places(&self, days: &std::ops::Range<i64>) -> std::ops::Range<u32> {
        let [start, end] = self.limits(days).map(|at| self.before.get(at).copied().unwrap_or(0));
        start..end.max(start)
    }

    /// How many events of each type are in a stretch of days.
    pub fn count(&self, days: &std::ops::Range<i64>) -> PerType {
        let [start, end] = self.limits(days).map(|at| self.types_before.get(at).copied().unwrap_or_default());
        std::array::from_fn(|kind| {
            let of = |counts: PerType| counts.get(kind).copied().unwrap_or(0);
            of(end).saturating_sub(of(start))
        })
    }

    /// From the begin of the first day to the end of the last one.
    pub fn extent(&self) -> Option<Interval> {
        let (first, last) = self.days.first().zip(self.days.last())?;
        let start_of = |day: i64| day * SECONDS_PER_DAY;
        Some(Interval { start: start_of(i64::from(*first)), end: start_of(i64::from(*last) + 1) })
    }

    fn limits(&self, days: &std::ops::Range<i64>) -> [usize; 2] {
        [days.start, days.end].map(|limit| self.days.partition_point(|day| i64::from(*day) < limit))
    }
}

/// The days of which the events lie in a window.
pub fn days_in(window: Interval, mode: WindowMode) -> std::ops::Range<i64> {
    let floor = |secs: i64| secs.div_euclid(SECONDS_PER_DAY);
    let ceil = |secs: i64| floor(secs) + i64::from(secs.rem_euclid(SECONDS_PER_DAY) != 0);
    match mode {
        WindowMode::Possibly => floor(window.start)..ceil(window.end),
        WindowMode::Certainly => ceil(window.start)..floor(window.end),
    }
}

/// Whether an interval lies in a window.
pub fn in_window(interval: Interval, window: Interval, mode: WindowMode) -> bool {
    match mode {
        WindowMode::Possibly => interval.overlaps(window),
        WindowMode::Certainly => interval.within(window),
    }
}
