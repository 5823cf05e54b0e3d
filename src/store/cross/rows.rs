//! Lists of rows that cost nothing to hand around.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::model::EventId;

/// An immutable list of events in some order: a stretch of a shared list, read forward or backward.
/// Cloning and slicing copy no rows.
#[derive(Clone, Default)]
pub struct Rows {
    /// `None` stands for the list of all rows in their own order: row `i` is at place `i`.
    list: Option<Arc<Vec<u32>>>,
    start: u32,
    end: u32,
    reversed: bool,
}

impl Rows {
    /// A list of its own.
    pub fn from_vec(rows: Vec<u32>) -> Self {
        Self::from(Arc::new(rows))
    }

    /// Consecutive rows in their own order.
    pub fn range(rows: Range<u32>) -> Self {
        Self { list: None, start: rows.start, end: rows.end.max(rows.start), reversed: false }
    }

    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The event at a place of the list.
    pub fn get(&self, at: usize) -> Option<EventId> {
        if at >= self.len() {
            return None;
        }
        let at = if self.reversed { self.end as usize - 1 - at } else { self.start as usize + at };
        match &self.list {
            None => Some(EventId(at as u32)),
            Some(list) => list.get(at).map(|row| EventId(*row)),
        }
    }

    pub fn first(&self) -> Option<EventId> {
        self.get(0)
    }

    pub fn last(&self) -> Option<EventId> {
        self.get(self.len().checked_sub(1)?)
    }

    pub fn iter(&self) -> RowsIter<'_> {
        RowsIter { rows: self, range: 0..self.len() }
    }

    /// How many events at the front of the list fulfil a predicate, in a list in which all that do come
    /// first. Binary search.
    pub fn partition_point(&self, mut holds: impl FnMut(EventId) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&mut holds) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The part of the list at some places; places beyond the end are left out.
    pub fn slice(&self, places: Range<usize>) -> Self {
        let end = places.end.min(self.len()) as u32;
        let start = (places.start.min(self.len()) as u32).min(end);
        let (start, end) = if self.reversed {
            (self.end - end, self.end - start)
        } else {
            (self.start + start, self.start + end)
        };
        Self { list: self.list.clone(), start, end, reversed: self.reversed }
    }

    /// The same events in the opposite order.
    pub fn reversed(&self) -> Self {
        Self { reversed: !self.reversed, ..self.clone() }
    }

    /// These events and then others.
    pub fn followed_by(&self, others: &Self) -> Self {
        match (self.raw(), others.raw()) {
            _ if others.is_empty() => self.clone(),
            _ if self.is_empty() => others.clone(),
            (Raw::Range(a), Raw::Range(b)) if a.end == b.start && !self.reversed && !others.reversed => {
                Self::range(a.start..b.end)
            }
            _ => self.iter().chain(others).collect(),
        }
    }

    pub fn to_vec(&self) -> Vec<EventId> {
        self.iter().collect()
    }

    /// The rows as they lie in memory, not reversed: a stretch of a list, or consecutive rows.
    pub fn raw(&self) -> Raw<'_> {
        match &self.list {
            None => Raw::Range(self.start..self.end),
            Some(list) => Raw::List(list.get(self.start as usize..self.end as usize).unwrap_or_default()),
        }
    }
}

/// Rows as they lie in memory.
#[derive(Clone, Debug)]
pub enum Raw<'a> {
    Range(Range<u32>),
    List(&'a [u32]),
}

impl Raw<'_> {
    pub fn len(&self) -> usize {
        match self {
            Raw::Range(range) => range.len(),
            Raw::List(list) => list.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Arc<Vec<u32>>> for Rows {
    fn from(list: Arc<Vec<u32>>) -> Self {
        let end = list.len() as u32;
        Self { list: Some(list), start: 0, end, reversed: false }
    }
}

impl FromIterator<EventId> for Rows {
    fn from_iter<I: IntoIterator<Item = EventId>>(events: I) -> Self {
        Self::from_vec(events.into_iter().map(|event| event.0).collect())
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|event| event.0)).finish()
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = EventId;
    type IntoIter = RowsIter<'a>;

    fn into_iter(self) -> RowsIter<'a> {
        self.iter()
    }
}

/// Walks over [`Rows`] from either end.
#[derive(Clone, Debug)]
pub struct RowsIter<'a> {
    rows: &'a Rows,
    range: Range<usize>,
}

impl Iterator for RowsIter<'_> {
    type Item = EventId;

    fn next(&mut self) -> Option<EventId> {
        self.rows.get(self.range.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<EventId> {
        self.rows.get(self.range.nth(n)?)
    }
}

impl DoubleEndedIterator for RowsIter<'_> {
    fn next_back(&mut self) -> Option<EventId> {
        self.rows.get(self.range.next_back()?)
    }
}

impl ExactSizeIterator for RowsIter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(rows: &Rows) -> Vec<u32> {
        rows.iter().map(|event| event.0).collect()
    }

    #[test]
    fn the_partition_point_is_that_of_a_slice() {
        for limit in 0..12 {
            let rows = Rows::from_vec(vec![5, 6, 7, 8]);
            let expected = [5, 6, 7, 8].partition_point(|row| *row < limit);
            assert_eq!(rows.partition_point(|event| event.0 < limit), expected);
            let backward = rows.reversed().partition_point(|event| event.0 >= limit);
            assert_eq!(backward, 4 - expected);
        }
        assert_eq!(Rows::default().partition_point(|_| true), 0);
    }

    #[test]
    fn slices_and_reversals_are_those_of_a_vector() {
        for rows in [Rows::from_vec(vec![5, 6, 7, 8]), Rows::range(5..9)] {
            assert_eq!(ids(&rows), [5, 6, 7, 8]);
            assert_eq!(ids(&rows.slice(1..3)), [6, 7]);
            assert_eq!(ids(&rows.reversed()), [8, 7, 6, 5]);
            assert_eq!(ids(&rows.reversed().slice(1..3)), [7, 6]);
            assert_eq!(ids(&rows.slice(1..4).reversed().slice(0..1)), [8]);
            assert_eq!(ids(&rows.slice(3..99)), [8]);
            assert!(rows.slice(7..9).is_empty());
            assert_eq!(ids(&rows.followed_by(&Rows::range(9..11))), [5, 6, 7, 8, 9, 10]);
            assert_eq!(ids(&rows.reversed().followed_by(&Rows::range(9..10))), [8, 7, 6, 5, 9]);
            assert_eq!(rows.followed_by(&Rows::default()), rows);
            assert_eq!(rows.iter().rev().map(|event| event.0).collect::<Vec<u32>>(), [8, 7, 6, 5]);
            assert_eq!((rows.first(), rows.last(), rows.get(4)), (Some(EventId(5)), Some(EventId(8)), None));
        }
        assert_eq!(Rows::default().last(), None);
    }
}
