//! The words of some consecutive rows: which occur, and in which rows.
//!
//! Rows are counted from the segment's first one, so that they fit 16 bits. Per word there is a list
//! of rows, in the shortest of four forms, which follows from its length alone:
//! * all rows: nothing is written;
//! * a quarter of the rows or more: one bit per row;
//! * fewer than [`FEW`]: 16 bits each;
//! * else the numbers are cut in two (Elias and Fano): the low bits, so many that the high parts are
//!   about as many as the rows of the list, lie side by side; the high parts are counted in ones and
//!   zeros, row `i` of the list with high part `h` being the one at bit `h + i`. That is 2 bits more
//!   per row than the low bits.

use std::ops::Range;

/// Most rows of a segment.
pub const MAX_ROWS: usize = 1 << 16;
/// The bits of the rows of a segment, 64 to a word.
pub type Bits = [u64; MAX_ROWS / 64];

/// Lists shorter than this are written plainly.
const FEW: usize = 8;
/// Words between two entries of [`Segment::groups`].
const GROUP: usize = 64;
/// Bytes after the last list, so that eight may be read from any place of it.
const PADDING: usize = 8;

/// Invariants: `first` is a multiple of 64; words ascend; the rows of a list ascend and are below
/// `rows`; no list is empty.
#[derive(Clone, Debug)]
pub struct Segment {
    pub first: usize,
    pub rows: usize,
    /// Rows that the lists do not speak of, ascending; see [`super::WordIndex`].
    pub loose: Box<[u16]>,
    /// Per word the distance from the word before and the length of its list: `distance * 2` and
    /// `length - 2`, or `distance * 2 + 1` for a list of one, as numbers of 7 bits a byte.
    directory: Box<[u8]>,
    /// Every [`GROUP`]th word.
    groups: Box<[Group]>,
    /// How many words there are.
    words: usize,
    /// The lists, in the order of the words.
    lists: Box<[u8]>,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    /// The last word before it, or 0.
    before: u32,
    /// Where its entry begins in `directory`.
    entry: u32,
    /// Where its list begins in `lists`.
    list: usize,
}

/// A list of rows, by its length and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    pub length: usize,
    at: usize,
}

impl Segment {
    pub fn end(&self) -> usize {
        self.first + self.rows
    }

    /// Sum of the lengths of all lists.
    pub fn postings(&self) -> usize {
        self.entries(0..self.groups.len()).map(|(_, list)| list.length).sum()
    }

    pub fn memory_bytes(&self) -> usize {
        size_of_val(&*self.loose)
            + size_of_val(&*self.directory)
            + size_of_val(&*self.groups)
            + size_of_val(&*self.lists)
    }

    /// The lists of those of the words, ascending, that occur here.
    pub fn lists_of(&self, words: &[u32]) -> Vec<List> {
        let mut lists = Vec::new();
        if words.len() < self.groups.len() / 2 {
            for word in words {
                let group = self.groups.partition_point(|group| group.before < *word).saturating_sub(1);
                let entry = self.entries(group..group + 1).find(|(other, _)| other >= word);
                lists.extend(entry.filter(|(other, _)| other == word).map(|(_, list)| list));
            }
            return lists;
        }
        let mut words = words.iter();
        let mut wanted = words.next();
        for (word, list) in self.entries(0..self.groups.len()) {
            while wanted.is_some_and(|wanted| *wanted < word) {
                wanted = words.next();
            }
            match wanted {
                None => break,
                Some(wanted) if *wanted == word => lists.push(list),
                Some(_) => {}
            }
        }
        lists
    }

    /// The words of some groups with their lists.
    fn entries(&self, groups: Range<usize>) -> impl Iterator<Item = (u32, List)> + '_ {
        let first = self.groups.get(groups.start).copied();
        let Group { before: mut word, entry, mut list } =
            first.unwrap_or(Group { before: 0, entry: 0, list: 0 });
        let mut rest = self.directory.get(entry as usize..).unwrap_or_default();
        let end = (groups.end * GROUP).min(self.words);
        let count = if first.is_some() { end.saturating_sub(groups.start * GROUP) } else { 0 };
        (0..count).map(move |_| {
            let head = read_number(&mut rest);
            word = word.wrapping_add(head >> 1);
            let length = if head & 1 == 1 { 1 } else { read_number(&mut rest) as usize + 2 };
            let here = List { length, at: list };
            list += Form::of(length, self.rows).size();
            (word, here)
        })
    }

    /// Sets the bits of the rows of a list.
    pub fn union(&self, list: List, bits: &mut Bits) {
        let bytes = self.lists.get(list.at..).unwrap_or_default();
        match Form::of(list.length, self.rows) {
            Form::All => set_first(bits, self.rows),
            Form::Bits { bytes: size } => {
                let (words, _) = bytes.get(..size).unwrap_or_default().as_chunks::<8>();
                bits.iter_mut().zip(words).for_each(|(word, more)| *word |= u64::from_le_bytes(*more));
            }
            Form::Plain { .. } => {
                let (rows, _) = bytes.as_chunks::<2>();
                rows.iter().take(list.length).for_each(|row| set(bits, u16::from_le_bytes(*row).into()));
            }
            Form::Cut { low, lows, .. } => {
                let mask = (1_u64 << low) - 1;
                let highs = bytes.get(lows..).unwrap_or_default();
                let (mut done, mut low_at) = (0, 0);
                for base in (0..).step_by(64) {
                    let mut ones = read_word(highs, base / 8);
                    while ones != 0 {
                        let high = base + ones.trailing_zeros() as usize - done;
                        let low_bits = read_word(bytes, low_at / 8) >> (low_at % 8) & mask;
                        set(bits, high << low | low_bits as usize);
                        ones &= ones - 1;
                        low_at += low;
                        done += 1;
                        if done == list.length {
                            return;
                        }
                    }
                }
            }
        }
    }
}

#[inline]
fn set(bits: &mut Bits, row: usize) {
    // The remainder changes nothing for rows of a segment, and saves a test.
    bits[row / 64 % (MAX_ROWS / 64)] |= 1 << (row % 64);
}

/// Sets the bits of the first so many rows.
pub fn set_first(bits: &mut Bits, rows: usize) {
    for (at, word) in bits.iter_mut().enumerate() {
        match rows.saturating_sub(at * 64) {
            0 => break,
            left @ 1..64 => *word |= (1 << left) - 1,
            _ => *word = u64::MAX,
        }
    }
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    All,
    Bits { bytes: usize },
    Plain { bytes: usize },
    Cut { low: usize, lows: usize, bytes: usize },
}

impl Form {
    /// The form of a list of `length` rows out of `rows`; `length` is at least 1.
    #[inline]
    fn of(length: usize, rows: usize) -> Self {
        if length < FEW {
            Self::Plain { bytes: length * 2 }
        } else if length >= rows {
            Self::All
        } else if length * 4 >= rows {
            Self::Bits { bytes: rows.div_ceil(64) * 8 }
        } else {
            let low = (rows / length).ilog2() as usize;
            let lows = (length * low).div_ceil(8);
            // The last row's one is at most at this bit.
            let highs = length + (rows >> low) + 1;
            Self::Cut { low, lows, bytes: lows + highs.div_ceil(8) }
        }
    }

    #[inline]
    fn size(self) -> usize {
        match self {
            Self::All => 0,
            Self::Bits { bytes } | Self::Plain { bytes } | Self::Cut { bytes, .. } => bytes,
        }
    }
}

/// Eight bytes from a place, zero where there are none.
#[inline]
fn read_word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word))
}

#[inline]
fn read_number(rest: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, more)) = rest.split_first() {
        *rest = more;
        number |= u32::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 || shift > 28 {
            break;
        }
    }
    number
}

fn write_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Writes a segment, word by word. Its memory is used again for the next one.
#[derive(Debug, Default)]
pub struct Writer {
    rows: usize,
    directory: Vec<u8>,
    groups: Vec<Group>,
    words: usize,
    last: u32,
    lists: Vec<u8>,
}

impl Writer {
    /// Begins a segment of so many rows.
    pub fn begin(&mut self, rows: usize) {
        self.rows = rows;
        self.directory.clear();
        self.groups.clear();
        self.lists.clear();
        self.words = 0;
        self.last = 0;
    }

    /// Adds a word, greater than the last, with its rows, ascending and not empty.
    pub fn push(&mut self, word: u32, rows: &[u16]) {
        if self.words.is_multiple_of(GROUP) {
            let (entry, list) = (self.directory.len() as u32, self.lists.len());
            self.groups.push(Group { before: self.last, entry, list });
        }
        let distance = word - self.last;
        if rows.len() == 1 {
            write_number(distance << 1 | 1, &mut self.directory);
        } else {
            write_number(distance << 1, &mut self.directory);
            write_number((rows.len() as u32).saturating_sub(2), &mut self.directory);
        }
        self.last = word;
        self.words += 1;
        self.push_list(rows);
    }

    fn push_list(&mut self, rows: &[u16]) {
        let form = Form::of(rows.len(), self.rows);
        let begin = self.lists.len();
        if let Form::Plain { .. } = form {
            self.lists.extend(rows.iter().flat_map(|row| row.to_le_bytes()));
            return;
        }
        self.lists.resize(begin + form.size(), 0);
        let bytes = self.lists.get_mut(begin..).unwrap_or_default();
        match form {
            Form::All | Form::Plain { .. } => {}
            Form::Bits { .. } => rows.iter().for_each(|row| set_bit(bytes, usize::from(*row))),
            Form::Cut { low, lows, .. } => {
                let (lows, highs) = bytes.split_at_mut(lows);
                for (number, row) in rows.iter().map(|row| usize::from(*row)).enumerate() {
                    set_bit(highs, (row >> low) + number);
                    // At most 13 bits, so three bytes hold them.
                    let at = number * low;
                    let mut bits = (row & ((1 << low) - 1)) << (at % 8);
                    for byte in lows.iter_mut().skip(at / 8).take(3) {
                        *byte |= bits as u8;
                        bits >>= 8;
                    }
                }
            }
        }
    }

    /// The segment, in as much memory as it needs.
    pub fn finish(&mut self, first: usize, loose: &[u16]) -> Segment {
        self.lists.resize(self.lists.len() + PADDING, 0);
        Segment {
            first,
            rows: self.rows,
            loose: loose.into(),
            directory: self.directory.as_slice().into(),
            groups: self.groups.as_slice().into(),
            words: self.words,
            lists: self.lists.as_slice().into(),
        }
    }
}

fn set_bit(bytes: &mut [u8], bit: usize) {
    if let Some(byte) = bytes.get_mut(bit / 8) {
        *byte |= 1 << (bit % 8);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::store::rowset::ones;

    fn rows_of(segment: &Segment, list: List) -> Vec<u16> {
        let mut bits = [0; MAX_ROWS / 64];
        segment.union(list, &mut bits);
        let rows = bits.iter().enumerate().flat_map(|(at, word)| ones(*word).map(move |b| at * 64 + b));
        rows.map(|row| row as u16).collect()
    }

    fn check(rows: usize, words: &BTreeMap<u32, Vec<u16>>, asked: &[u32]) {
        let mut writer = Writer::default();
        writer.begin(rows);
        words.iter().for_each(|(word, rows)| writer.push(*word, rows));
        let segment = writer.finish(0, &[]);
        let lists: Vec<Vec<u16>> =
            segment.lists_of(asked).into_iter().map(|list| rows_of(&segment, list)).collect();
        let wanted: Vec<Vec<u16>> = asked.iter().filter_map(|word| words.get(word)).cloned().collect();
        assert!(lists == wanted, "{rows} rows, {} words, {} asked for", words.len(), asked.len());
        assert_eq!(segment.postings(), words.values().map(Vec::len).sum::<usize>());
    }

    #[test]
    fn lists_of_every_length_are_read_as_written() {
        for rows in [1, 7, 64, 100, 1_000, 65_535, 65_536] {
            let mut words = BTreeMap::new();
            for length in (1..40).chain([rows / 5, rows / 4, rows / 4 + 1, rows / 2, rows - 1, rows]) {
                if (1..=rows).contains(&length) {
                    // Spread over all, at the beginning, and at the end.
                    let number = words.len() as u32 * 3;
                    words.insert(number, (0..length).map(|n| (n * rows / length) as u16).collect());
                    words.insert(number + 1, (0..length).map(|n| n as u16).collect());
                    words.insert(number + 9, (rows - length..rows).map(|n| n as u16).collect());
                }
            }
            let all: Vec<u32> = words.keys().copied().collect();
            check(rows, &words, &all);
        }
    }

    proptest! {
        #[test]
        fn words_are_found_where_they_were_put(
            rows in 1_usize..3_000,
            words in proptest::collection::btree_map(
                0_u32..500,
                proptest::collection::btree_set(any::<u16>(), 1..200),
                0..300,
            ),
            asked in proptest::collection::btree_set(0_u32..520, 0..300),
        ) {
            let words: BTreeMap<u32, Vec<u16>> = words
                .into_iter()
                .map(|(word, list)| {
                    let list: BTreeSet<u16> = list.iter().map(|row| (*row as usize % rows) as u16).collect();
                    (word, list.into_iter().collect())
                })
                .collect();
            check(rows, &words, &asked.iter().copied().collect::<Vec<_>>());
            check(rows, &words, &asked.into_iter().take(1).collect::<Vec<_>>());
        }
    }
}
