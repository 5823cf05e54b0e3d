//! A set of rows, one bit each.
//!
//! Invariant: bits at and above the number of rows are never set, so that counts and unions need no
//! care for the last word.

/// Rows that are in the set, of `rows` rows in all. One bit per row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    rows: usize,
}

impl RowSet {
    /// The empty set of so many rows.
    pub fn new(rows: usize) -> Self {
        Self { words: vec![0; rows.div_ceil(64)], rows }
    }

    /// The set of all rows.
    pub fn full(rows: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; rows.div_ceil(64)], rows };
        set.cut();
        set
    }

    /// Takes bits as they are: bit `r % 64` of word `r / 64` is row `r`. Missing words are zero, and
    /// what lies above the last row is dropped.
    pub fn from_words(mut words: Vec<u64>, rows: usize) -> Self {
        words.resize(rows.div_ceil(64), 0);
        let mut set = Self { words, rows };
        set.cut();
        set
    }

    /// How many rows there are to choose from, in the set or not.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether a row is in the set; a row that does not exist is not.
    pub fn contains(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Adds a row. One that does not exist is left out.
    pub fn insert(&mut self, row: usize) {
        if row < self.rows
            && let Some(word) = self.words.get_mut(row / 64)
        {
            *word |= 1 << (row % 64);
        }
    }

    /// Adds the rows of another set, as far as they exist here.
    pub fn union(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
        self.cut();
    }

    /// Adds the rows of a set of which row 0 is row `first` here, as far as they exist here.
    pub fn union_from(&mut self, other: &Self, first: usize) {
        let (skip, shift) = (first / 64, first % 64);
        let mut carried = 0;
        let more = other.words.iter().copied().chain(std::iter::once(0));
        for (word, more) in self.words.iter_mut().skip(skip).zip(more) {
            *word |= more << shift | carried;
            carried = if shift == 0 { 0 } else { more >> (64 - shift) };
        }
        self.cut();
    }

    /// Leaves only the rows that are in the other set as well.
    pub fn intersect(&mut self, other: &Self) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(at).copied().unwrap_or(0);
        }
    }

    /// The rows of the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| ones(*word).map(move |bit| at * 64 + bit))
    }

    /// The bits: bit `r % 64` of word `r / 64` is row `r`.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Gives up the bits, see [`RowSet::words`].
    pub fn into_words(self) -> Vec<u64> {
        self.words
    }

    /// Bytes of private memory.
    pub fn memory_bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    /// Clears what lies above the last row.
    fn cut(&mut self) {
        let over = self.rows % 64;
        if over > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << over) - 1;
        }
    }
}

/// The numbers of the bits that are set, ascending.
pub fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros() as usize;
        (word != 0).then(|| {
            word &= word - 1;
            bit
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(rows: usize, members: &BTreeSet<usize>) -> RowSet {
        let mut set = RowSet::new(rows);
        members.iter().for_each(|row| set.insert(*row));
        set
    }

    #[test]
    fn rows_that_do_not_exist_are_never_in() {
        let mut rows = RowSet::new(70);
        rows.insert(70);
        rows.insert(1_000);
        assert!(rows.is_empty() && !rows.contains(70) && !rows.contains(1_000));
        assert_eq!(RowSet::full(70).count(), 70);
        assert_eq!(RowSet::from_words(vec![u64::MAX; 9], 70), RowSet::full(70));
        rows.union(&RowSet::full(128));
        assert_eq!(rows, RowSet::full(70));
        assert_eq!(RowSet::full(0), RowSet::default());
    }

    proptest! {
        #[test]
        fn behaves_as_a_set(
            rows in 0_usize..300,
            a in proptest::collection::btree_set(0_usize..320, 0..80),
            b in proptest::collection::btree_set(0_usize..320, 0..80),
        ) {
            let there = |set: &BTreeSet<usize>| -> BTreeSet<usize> {
                set.iter().copied().filter(|row| *row < rows).collect()
            };
            let (a, b) = (there(&a), there(&b));
            let one = set(rows, &a);
            prop_assert_eq!(one.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(one.count(), a.len());
            prop_assert_eq!(one.is_empty(), a.is_empty());
            prop_assert!((0..400).all(|row| one.contains(row) == a.contains(&row)));
            let mut both = one.clone();
            both.union(&set(rows, &b));
            prop_assert_eq!(both, set(rows, &(&a | &b)));
            let mut shared = one;
            shared.intersect(&set(rows, &b));
            prop_assert_eq!(shared, set(rows, &(&a & &b)));
        }
    }
}
