//! The events' columns: one compact vector per field, all of one length.
//!
//! Invariants: every column has [`Columns::len`] values; rows are only appended, or put in a new
//! order all together ([`Columns::reorder`]), or stretches of them are put one behind the other
//! ([`super::merge`]). A million flat rows take some 45 bytes each; what only
//! few events have (an interval other than one day, a spread of tolls) is kept beside the columns,
//! by row.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{
    Certainty, DatePrecision, EventType, Fatalities, GeoPrecision, Interval, LatLon, Prominence,
};

use super::DatasetId;

/// When events happened. Nearly all events of a dataset last one day, so that is what the column
/// holds; other intervals are listed by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Day on which the event begins, counted from 1970-01-01; [`Times::UNDATED`] for none. For
    /// intervals in [`Times::odd`] only a help for sorting.
    days: Vec<i32>,
    /// Dated events that do not last exactly one day of the calendar, in order of row.
    odd: Vec<(u32, Interval)>,
}

impl Times {
    /// Stands for an unknown date; no event is that early.
    pub const UNDATED: i32 = i32::MIN;
    /// Begins at no day that a number can name: open, or beyond all calendars.
    const FAR: i32 = i32::MIN + 1;

    pub fn len(&self) -> usize {
        self.days.len()
    }

    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    pub fn push(&mut self, interval: Interval) {
        let row = self.days.len() as u32;
        if interval.is_unknown() {
            self.days.push(Self::UNDATED);
            return;
        }
        let day = interval.start.div_euclid(SECONDS_PER_DAY);
        let fits = i32::try_from(day).ok().filter(|day| *day > Self::FAR);
        self.days.push(fits.unwrap_or(Self::FAR));
        let one_day = fits.is_some() && Self::one_day(day) == interval;
        if !one_day {
            self.odd.push((row, interval));
        }
    }

    pub(super) fn reserve_exact(&mut self, rows: usize) {
        self.days.reserve_exact(rows);
    }

    /// Appends events that last one day each, given as days since 1970-01-01 or [`Times::UNDATED`].
    pub fn extend_days(&mut self, days: &[i32]) {
        self.days.extend_from_slice(days);
    }

    /// Begin of each event in days since 1970-01-01; see the field.
    pub fn days(&self) -> &[i32] {
        &self.days
    }

    /// Dated events that do not last exactly one day of the calendar, in order of row.
    pub fn odd(&self) -> &[(u32, Interval)] {
        &self.odd
    }

    /// Appends a stretch of other rows.
    pub(super) fn extend_from(&mut self, other: &Self, rows: &Range<usize>) {
        let first = self.days.len();
        self.days.extend_from_slice(other.days.get(rows.clone()).unwrap_or_default());
        self.odd.extend(of_rows(&other.odd, rows).map(|(row, interval)| (moved(row, rows, first), interval)));
    }

    /// The interval of a row; unknown for a row that is not there.
    pub fn get(&self, row: usize) -> Interval {
        let Some(day) = self.days.get(row).copied() else { return Interval::UNKNOWN };
        if day == Self::UNDATED {
            return Interval::UNKNOWN;
        }
        match self.odd.binary_search_by_key(&(row as u32), |(odd, _)| *odd) {
            Ok(at) => self.odd.get(at).map_or(Interval::UNKNOWN, |(_, interval)| *interval),
            Err(_) => Self::one_day(i64::from(day)),
        }
    }

    fn one_day(day: i64) -> Interval {
        let start = day.saturating_mul(SECONDS_PER_DAY);
        Interval { start, end: start.saturating_add(SECONDS_PER_DAY) }
    }
}

/// What kind of event: the fields of few values, of which a dataset has only some hundred
/// combinations. Rows hold the number of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    pub event_type: EventType,
    /// Code in [`super::Store::sub_types`].
    pub sub_type: u16,
    pub date_precision: DatePrecision,
    pub geo_precision: GeoPrecision,
    pub prominence: Prominence,
    pub certainty: Certainty,
    /// The dataset that the event is of; as part of the kind it costs a row nothing.
    pub dataset: DatasetId,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            event_type: EventType::Other,
            sub_type: 0,
            date_precision: DatePrecision::Unknown,
            geo_precision: GeoPrecision::Unknown,
            prominence: Prominence::Main,
            certainty: Certainty::High,
            dataset: DatasetId::default(),
        }
    }
}

/// The kinds of events, each held once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinds {
    kinds: Vec<Kind>,
    codes: FxHashMap<Kind, u16>,
}

impl Kinds {
    /// The number of a kind, new or known. Beyond 65,536 kinds the last one stands for the rest;
    /// readers keep the number of sub types far below.
    pub fn intern(&mut self, kind: Kind) -> u16 {
        if let Some(code) = self.codes.get(&kind) {
            return *code;
        }
        let Ok(code) = u16::try_from(self.kinds.len()) else { return u16::MAX };
        self.kinds.push(kind);
        self.codes.insert(kind, code);
        code
    }

    pub fn get(&self, code: u16) -> Kind {
        self.kinds.get(usize::from(code)).copied().unwrap_or_default()
    }

    pub fn all(&self) -> &[Kind] {
        &self.kinds
    }

    /// The same kinds, of another dataset: they keep their numbers.
    pub(super) fn of_dataset(&self, dataset: DatasetId) -> Self {
        let kinds: Vec<Kind> = self.kinds.iter().map(|kind| Kind { dataset, ..*kind }).collect();
        let codes = kinds.iter().zip(0u16..).map(|(kind, code)| (*kind, code)).collect();
        Self { kinds, codes }
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// Fatalities of events. Most have one figure or none; the others are listed by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TollColumn {
    /// Best figure, [`TollColumn::NONE`] for none.
    best: Vec<u32>,
    /// Figures that say more than one number, in order of row.
    spreads: Vec<(u32, Fatalities)>,
}

impl TollColumn {
    pub const NONE: u32 = u32::MAX;

    pub fn push(&mut self, fatalities: Fatalities) {
        let best = fatalities.best.unwrap_or(Self::NONE);
        if Self::plain(best) != fatalities {
            self.spreads.push((self.best.len() as u32, fatalities));
        }
        self.best.push(best);
    }

    pub(super) fn reserve_exact(&mut self, rows: usize) {
        self.best.reserve_exact(rows);
    }

    /// Appends plain figures, [`TollColumn::NONE`] for none.
    pub fn extend_best(&mut self, best: &[u32]) {
        self.best.extend_from_slice(best);
    }

    /// Appends a stretch of other rows.
    pub(super) fn extend_from(&mut self, other: &Self, rows: &Range<usize>) {
        let first = self.best.len();
        self.best.extend_from_slice(other.best.get(rows.clone()).unwrap_or_default());
        let spreads = of_rows(&other.spreads, rows);
        self.spreads.extend(spreads.map(|(row, toll)| (moved(row, rows, first), toll)));
    }

    pub fn get(&self, row: usize) -> Fatalities {
        let Some(best) = self.best.get(row).copied() else { return Fatalities::default() };
        match self.spreads.binary_search_by_key(&(row as u32), |(at, _)| *at) {
            Ok(at) => self.spreads.get(at).map(|(_, fatalities)| *fatalities).unwrap_or_default(),
            Err(_) => Self::plain(best),
        }
    }

    /// Best figures, [`TollColumn::NONE`] for none.
    pub fn best(&self) -> &[u32] {
        &self.best
    }

    /// Figures that say more than one number, in order of row.
    pub fn spreads(&self) -> &[(u32, Fatalities)] {
        &self.spreads
    }

    /// What one figure says; [`TollColumn::NONE`] says nothing.
    pub fn plain(best: u32) -> Fatalities {
        if best == Self::NONE {
            return Fatalities::default();
        }
        let toll = Some(best);
        Fatalities { low: toll, best: toll, high: toll, best_open: false, high_open: false, claimants: 1 }
    }
}

/// A stretch of lists, and what its ids become where they change.
pub(super) type ListPart<'a> = (&'a Lists, Range<usize>, Option<&'a [u32]>);

/// Lists of ids per event.
#[derive(Clone, Debug, PartialEq)]
pub enum Lists {
    /// Every row has this one id.
    Same { id: u32, len: usize },
    /// Every row has one id, or none ([`Lists::NONE`]).
    One(Vec<u32>),
    /// The ids of row `i` are `values[offsets[i]..offsets[i + 1]]`.
    Many { offsets: Vec<u32>, values: Vec<u32> },
}

impl Default for Lists {
    fn default() -> Self {
        Self::many()
    }
}

impl Lists {
    pub const NONE: u32 = u32::MAX;

    /// Lists of any length, still without rows.
    pub fn many() -> Self {
        Self::Many { offsets: vec![0], values: Vec::new() }
    }

    pub fn len(&self) -> usize {
        match self {
            Lists::Same { len, .. } => *len,
            Lists::One(ids) => ids.len(),
            Lists::Many { offsets, .. } => offsets.len().saturating_sub(1),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a row. Narrower layouts become [`Lists::Many`] where the ids do not fit.
    pub fn push(&mut self, ids: impl IntoIterator<Item = u32>) {
        if !matches!(self, Lists::Many { .. }) {
            *self = self.widened();
        }
        if let Lists::Many { offsets, values } = self {
            values.extend(ids);
            offsets.push(values.len() as u32);
        }
    }

    fn widened(&self) -> Self {
        let mut many = Self::many();
        for row in 0..self.len() {
            many.push(self.of(row).iter().copied());
        }
        many
    }

    /// The ids of a row; empty for a row that is not there.
    pub fn of(&self, row: usize) -> &[u32] {
        match self {
            Lists::Same { id, len } if row < *len => std::slice::from_ref(id),
            Lists::Same { .. } => &[],
            Lists::One(ids) => match ids.get(row) {
                Some(id) if *id != Self::NONE => std::slice::from_ref(id),
                _ => &[],
            },
            Lists::Many { offsets, values } => {
                let limits = offsets.get(row).zip(offsets.get(row + 1));
                limits.and_then(|(a, b)| values.get(*a as usize..*b as usize)).unwrap_or_default()
            }
        }
    }

    /// Stretches of lists one behind the other, in the narrowest layout that fits them. Ids are changed by
    /// a table where there is one; an id beyond it is left out.
    pub(super) fn joined(parts: &[ListPart<'_>]) -> Self {
        let len = parts.iter().map(|(_, rows, _)| rows.len()).sum();
        let id_of = |id: u32, table: Option<&[u32]>| match table {
            Some(table) => table.get(id as usize).copied().unwrap_or(Self::NONE),
            None => id,
        };
        let parts = || parts.iter().filter(|(_, rows, _)| !rows.is_empty());
        let same = |(lists, _, table): &ListPart<'_>| match lists {
            Lists::Same { id, .. } => Some(id_of(*id, *table)).filter(|id| *id != Self::NONE),
            _ => None,
        };
        if let Some(id) = parts().next().and_then(same)
            && parts().all(|part| same(part) == Some(id))
        {
            return Lists::Same { id, len };
        }
        if len > 0 && parts().all(|(lists, ..)| !matches!(lists, Lists::Many { .. })) {
            let mut ids = Vec::with_capacity(len);
            for (lists, rows, table) in parts() {
                match lists {
                    Lists::One(list) => {
                        let list = list.get(rows.clone()).unwrap_or_default();
                        match table {
                            Some(_) => ids.extend(list.iter().map(|id| id_of(*id, *table))),
                            None => ids.extend_from_slice(list),
                        }
                    }
                    Lists::Same { id, .. } => ids.resize(ids.len() + rows.len(), id_of(*id, *table)),
                    Lists::Many { .. } => {}
                }
            }
            return Lists::One(ids);
        }
        let num_values = parts().map(|(lists, rows, _)| match lists {
            Lists::Many { offsets, .. } => {
                let limit = |row: usize| offsets.get(row).map_or(0, |offset| *offset as usize);
                limit(rows.end).saturating_sub(limit(rows.start))
            }
            _ => rows.len(),
        });
        let mut values: Vec<u32> = Vec::with_capacity(num_values.sum());
        let mut ends = Vec::with_capacity(len + 1);
        ends.push(0);
        for (lists, rows, table) in parts() {
            match lists {
                Lists::Many { offsets, values: all } => {
                    let limits = offsets.get(rows.start..=rows.end).unwrap_or_default();
                    let (first, last) = limits.first().zip(limits.last()).map_or((0, 0), |(a, b)| (*a, *b));
                    let base = values.len() as u32;
                    let ids = all.get(first as usize..last as usize).unwrap_or_default();
                    match table {
                        Some(_) => values.extend(ids.iter().map(|id| id_of(*id, *table))),
                        None => values.extend_from_slice(ids),
                    }
                    ends.extend(limits.iter().skip(1).map(|end| base + (end - first)));
                }
                _ => {
                    for row in rows.clone() {
                        let ids = lists.of(row).iter().map(|id| id_of(*id, *table));
                        values.extend(ids.filter(|id| *id != Self::NONE));
                        ends.push(values.len() as u32);
                    }
                }
            }
        }
        Lists::Many { offsets: ends, values }
    }

    /// The ids that a stretch of rows has are marked in a table.
    pub(super) fn mark(&self, rows: &Range<usize>, marks: &mut [bool]) {
        let mut mark = |ids: &[u32]| {
            for id in ids {
                if let Some(slot) = marks.get_mut(*id as usize) {
                    *slot = true;
                }
            }
        };
        match self {
            Lists::Same { id, .. } if !rows.is_empty() => mark(std::slice::from_ref(id)),
            Lists::Same { .. } => {}
            Lists::One(ids) => mark(ids.get(rows.clone()).unwrap_or_default()),
            Lists::Many { offsets, values } => {
                let limits = offsets.get(rows.start).zip(offsets.get(rows.end));
                let ids = limits.and_then(|(a, b)| values.get(*a as usize..*b as usize));
                mark(ids.unwrap_or_default());
            }
        }
    }

    fn reordered(&self, order: &[u32]) -> Self {
        match self {
            Lists::Same { id, .. } => Lists::Same { id: *id, len: order.len() },
            Lists::One(ids) => Lists::One(gather(ids, order)),
            Lists::Many { values, .. } => {
                let mut offsets = Vec::with_capacity(order.len() + 1);
                let mut new_values = Vec::with_capacity(values.len());
                offsets.push(0);
                for row in order {
                    new_values.extend_from_slice(self.of(*row as usize));
                    offsets.push(new_values.len() as u32);
                }
                Lists::Many { offsets, values: new_values }
            }
        }
    }
}

/// Columns of the events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    pub times: Times,
    pub kinds: Kinds,
    /// Number in [`Columns::kinds`].
    pub kind: Vec<u16>,
    /// Degrees of the first place; NaN for unplaced events.
    pub lat: Vec<f32>,
    pub lon: Vec<f32>,
    pub fatalities: TollColumn,
    /// Each a list of ids per event, without repetition, in order of first mention.
    pub places: Lists,
    pub actors: Lists,
    pub documents: Lists,
    pub claimants: Lists,
}

impl Columns {
    pub fn len(&self) -> usize {
        self.kind.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kind.is_empty()
    }

    /// Appends an event of which nothing is known but its interval and its kind.
    pub fn push_bare(&mut self, interval: Interval, kind: Kind) {
        self.times.push(interval);
        self.kind.push(self.kinds.intern(kind));
        self.lat.push(f32::NAN);
        self.lon.push(f32::NAN);
        self.fatalities.push(Fatalities::default());
        for list in [&mut self.places, &mut self.actors, &mut self.documents, &mut self.claimants] {
            list.push([]);
        }
    }

    /// The interval of a row; unknown for a row that is not there.
    pub fn interval(&self, row: usize) -> Interval {
        self.times.get(row)
    }

    /// The kind of a row; the default one for a row that is not there.
    pub fn kind_of(&self, row: usize) -> Kind {
        self.kind.get(row).map(|code| self.kinds.get(*code)).unwrap_or_default()
    }

    /// Degrees of a row's first place.
    pub fn position(&self, row: usize) -> Option<LatLon> {
        let (lat, lon) = self.lat.get(row).zip(self.lon.get(row))?;
        (!lat.is_nan()).then(|| LatLon { lat: f64::from(*lat), lon: f64::from(*lon) })
    }

    /// Puts all rows in a new order: row `i` becomes what row `order[i]` was. `order` holds every row
    /// once.
    pub fn reorder(&mut self, order: &[u32]) {
        fn renumber<T>(by_row: &mut [(u32, T)], new_row: &[u32]) {
            for (row, _) in by_row.iter_mut() {
                *row = new_row.get(*row as usize).copied().unwrap_or(*row);
            }
            by_row.sort_unstable_by_key(|(row, _)| *row);
        }
        if !self.times.odd.is_empty() || !self.fatalities.spreads.is_empty() {
            let mut new_row = vec![0u32; order.len()];
            for (new, old) in order.iter().enumerate() {
                if let Some(slot) = new_row.get_mut(*old as usize) {
                    *slot = new as u32;
                }
            }
            renumber(&mut self.times.odd, &new_row);
            renumber(&mut self.fatalities.spreads, &new_row);
        }
        let Self { times, kind, lat, lon, fatalities, places, actors, documents, claimants, .. } = self;
        rayon::scope(|scope| {
            scope.spawn(|_| *actors = actors.reordered(order));
            scope.spawn(|_| *claimants = claimants.reordered(order));
            scope.spawn(|_| *places = places.reordered(order));
            scope.spawn(|_| *documents = documents.reordered(order));
            scope.spawn(|_| times.days = gather(&times.days, order));
            scope.spawn(|_| fatalities.best = gather(&fatalities.best, order));
            scope.spawn(|_| *kind = gather(kind, order));
            scope.spawn(|_| *lat = gather(lat, order));
            scope.spawn(|_| *lon = gather(lon, order));
        });
    }

    /// The order of rows by the day on which they begin, those of one day in the order in which they
    /// are, undated ones last; `None` if that is the order in which they are.
    pub fn time_order(&self) -> Option<Vec<u32>> {
        /// Most days that are counted one by one: some ten thousand years.
        const MAX_DAYS: usize = 4_000_000;
        let days = self.times.days();
        // Undated rows have the least number, and are to come last.
        let key = |day: &i32| day.wrapping_sub(Times::UNDATED + 1) as u32;
        if days.is_sorted_by_key(key) {
            return None;
        }
        let dated = || days.iter().filter(|day| **day != Times::UNDATED);
        let first = dated().min().copied().unwrap_or(0);
        let last = dated().max().copied().unwrap_or(0);
        let span = (i64::from(last) - i64::from(first)) as usize + 1;
        if span > MAX_DAYS {
            let mut order: Vec<u32> = (0..days.len() as u32).collect();
            order.sort_by_key(|row| days.get(*row as usize).map(key));
            return Some(order);
        }
        // Where the rows of each day begin; the place behind the last day is for undated ones.
        let at = |day: &i32| {
            if *day == Times::UNDATED { span } else { (i64::from(*day) - i64::from(first)) as usize }
        };
        let mut begins = vec![0u32; span + 2];
        for day in days {
            if let Some(count) = begins.get_mut(at(day) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let mut order = vec![0u32; days.len()];
        for (row, day) in days.iter().enumerate() {
            if let Some(begin) = begins.get_mut(at(day)) {
                if let Some(slot) = order.get_mut(*begin as usize) {
                    *slot = row as u32;
                }
                *begin += 1;
            }
        }
        Some(order)
    }

    /// Makes room for further rows; a row of lists is taken to have two values.
    pub fn reserve(&mut self, rows: usize) {
        self.times.days.reserve(rows);
        self.kind.reserve(rows);
        self.lat.reserve(rows);
        self.lon.reserve(rows);
        self.fatalities.best.reserve(rows);
        for list in [&mut self.places, &mut self.actors, &mut self.documents, &mut self.claimants] {
            match list {
                Lists::Same { .. } => {}
                Lists::One(ids) => ids.reserve(rows),
                Lists::Many { offsets, values } => {
                    offsets.reserve(rows);
                    values.reserve(rows * 2);
                }
            }
        }
    }
}

/// What a list by row says of a stretch of rows.
fn of_rows<'a, T: Copy>(list: &'a [(u32, T)], rows: &Range<usize>) -> impl Iterator<Item = (u32, T)> + 'a {
    let from = list.partition_point(|(row, _)| (*row as usize) < rows.start);
    let to = list.partition_point(|(row, _)| (*row as usize) < rows.end);
    list.get(from..to.max(from)).unwrap_or_default().iter().copied()
}

/// The new number of a row of a stretch of which the first one gets the number `first`.
fn moved(row: u32, rows: &Range<usize>, first: usize) -> u32 {
    (first + (row as usize).saturating_sub(rows.start)) as u32
}

/// The values of rows in a new order.
pub(super) fn gather<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    // Every row of an order is there; the value for one that is not never shows.
    let Some(first) = values.first().copied() else { return Vec::new() };
    order.iter().map(|row| values.get(*row as usize).copied().unwrap_or(first)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time;

    fn interval(text: &str) -> Interval {
        time::parse_edtf(text).expect("date").interval
    }

    #[test]
    fn intervals_come_back_as_they_were() {
        let mut times = Times::default();
        let all = [
            interval("2024-02-10"),
            interval("2024-02"),
            Interval::UNKNOWN,
            interval("2024-04/.."),
            interval("../2024-01"),
            Interval { start: 5, end: 5 + SECONDS_PER_DAY },
            Interval::ALL,
            interval("0044-03-15"),
        ];
        all.iter().for_each(|interval| times.push(*interval));
        let back: Vec<Interval> = (0..times.len()).map(|row| times.get(row)).collect();
        assert_eq!(back, all);
        assert_eq!(times.odd().len(), 5);
        assert_eq!(times.get(all.len()), Interval::UNKNOWN);
    }

    #[test]
    fn tolls_come_back_as_they_were() {
        let one =
            Fatalities { low: Some(3), best: Some(3), high: Some(3), claimants: 1, ..Fatalities::default() };
        let spread = Fatalities { low: Some(2), high: Some(9), high_open: true, ..one };
        let mut column = TollColumn::default();
        [one, Fatalities::default(), spread].into_iter().for_each(|toll| column.push(toll));
        assert_eq!(
            [0, 1, 2, 3].map(|row| column.get(row)),
            [one, Fatalities::default(), spread, Fatalities::default()]
        );
        assert_eq!(column.spreads.len(), 1);
    }

    #[test]
    fn rows_are_ordered_by_day_and_then_as_they_are() {
        let order = |days: &[i32]| {
            let mut columns = Columns::default();
            columns.times.extend_days(days);
            columns.time_order()
        };
        const NO: i32 = Times::UNDATED;
        assert_eq!(order(&[]), None);
        assert_eq!(order(&[1, 1, 5, NO, NO]), None);
        assert_eq!(order(&[5, 5, 3, NO, 3, 1]), Some(vec![5, 2, 4, 0, 1, 3]));
        assert_eq!(order(&[NO, NO, 3]), Some(vec![2, 0, 1]));
        assert_eq!(order(&[i32::MAX, NO, Times::FAR, 7, 7]), Some(vec![2, 3, 4, 0, 1]));
    }

    #[test]
    fn rows_move_together() {
        let mut columns = Columns::default();
        for row in 0..4u32 {
            let kind = columns.kinds.intern(Kind { sub_type: row as u16, ..Kind::default() });
            columns.kind.push(kind);
            columns.times.push(if row == 1 { interval("2024") } else { interval("2024-05-01") });
            columns.lat.push(row as f32);
            columns.lon.push(-(row as f32));
            let spread = Fatalities { low: Some(row), best: Some(row + 1), ..Fatalities::default() };
            columns.fatalities.push(spread);
            columns.places.push(0..row);
            columns.actors.push([row]);
            columns.documents.push([]);
            columns.claimants.push([]);
        }
        columns.actors = Lists::One(vec![0, 1, Lists::NONE, 3]);
        columns.documents = Lists::Same { id: 7, len: 4 };
        let before = columns.clone();
        columns.reorder(&[2, 0, 3, 1]);
        for (new, old) in [2, 0, 3, 1].into_iter().enumerate() {
            assert_eq!(columns.interval(new), before.interval(old));
            assert_eq!(columns.kind_of(new), before.kind_of(old));
            assert_eq!(columns.position(new), before.position(old));
            assert_eq!(columns.fatalities.get(new), before.fatalities.get(old));
            assert_eq!(columns.places.of(new), before.places.of(old));
            assert_eq!(columns.actors.of(new), before.actors.of(old));
            assert_eq!(columns.documents.of(new), [7]);
        }
    }
}
