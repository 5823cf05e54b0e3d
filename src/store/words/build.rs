//! Building of the index: stretches of rows on all cores at once, each with words numbered for
//! itself, which are then given their common numbers in the order of the rows.
//!
//! What is built depends on the texts only as far as answers go; where segments begin depends on the
//! rows that were there at each call.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::lexicon::{Interner, Lexicon};
use super::segment::{MAX_ROWS, Segment, Writer};
use super::{MAX_TEXT, MAX_WORD, Texts, WordIndex};
use crate::store::fold::{FoldOptions, fold_words};

/// A stretch of rows ends early when it has so many words, so that its lists fit the memory at hand.
const MAX_POSTINGS: usize = 1 << 23;
/// Rows between two looks at whether to go on.
const ROWS_PER_TICK: usize = 1_024;
/// The common number of a word for which there is no room.
const NO_NUMBER: u32 = u32::MAX;

impl WordIndex {
    /// Indexes the rows that are not indexed yet, on all cores of the pool that this is called in.
    ///
    /// `tick` is called from any core with the number of rows done in this call; when it returns
    /// false, the call ends soon, and returns false. The index then has fewer rows than there are
    /// texts, and may be extended again.
    ///
    /// Calls with a few tens of thousands of new rows or more keep the index small. Each core works for
    /// a tenth of a second without a break, and needs some 20 MB while it does: a search that shall not
    /// wait belongs to another pool.
    pub fn extend<T: Texts + ?Sized>(&mut self, texts: &T, tick: &(dyn Fn(usize) -> bool + Sync)) -> bool {
        // Only the last segment may end between two words of a row set. It is made again.
        self.segments.pop_if(|last| !last.rows.is_multiple_of(64));
        let rows = self.rows()..texts.len();
        let mut open: Vec<Range<usize>> =
            rows.clone().step_by(MAX_ROWS).map(|at| at..rows.end.min(at + MAX_ROWS)).rev().collect();
        if open.is_empty() {
            return true;
        }
        let mut words = Interner::new(std::mem::take(&mut self.lexicon));
        let mut desks: Vec<Desk> = Vec::new();
        desks.resize_with(rayon::current_num_threads().min(open.len()), Desk::default);
        let done = AtomicUsize::new(0);
        let goes_on = |more: usize| tick(done.fetch_add(more, Ordering::Relaxed) + more);
        let mut cancelled = false;
        while !open.is_empty() && !cancelled {
            for desk in &mut desks {
                desk.rows = open.pop().unwrap_or_default();
            }
            let whole = desks.par_iter_mut().map(|desk| desk.gather(texts, &goes_on)).min();
            cancelled = whole == Some(false);
            desks.iter_mut().for_each(|desk| desk.number(&mut words));
            let segments: Vec<Segment> = desks.par_iter_mut().map(Desk::write).collect();
            self.segments.extend(segments.into_iter().filter(|segment| segment.rows > 0));
            // What a desk has left is to be done before what comes after it.
            open.extend(desks.iter().rev().map(|desk| desk.rows.clone()).filter(|rows| !rows.is_empty()));
        }
        self.lexicon = words.lexicon;
        self.lexicon.shrink();
        self.put_in_order();
        !cancelled
    }

    /// Sorts the segments and drops those after a gap.
    fn put_in_order(&mut self) {
        self.segments.sort_unstable_by_key(|segment| segment.first);
        let mut end = 0;
        self.segments.retain(|segment| {
            let follows = segment.first == end && end.is_multiple_of(64);
            end = if follows { segment.end() } else { end };
            follows
        });
        self.segments.shrink_to_fit();
    }
}

/// What one core works with; its memory is used from one stretch to the next.
#[derive(Debug)]
struct Desk {
    /// Rows to do.
    rows: Range<usize>,
    /// First row of the stretch that was done.
    first: usize,
    /// The words of this stretch.
    words: Interner,
    /// For each of them.
    counts: Vec<Count>,
    /// The words of the rows, row by row, none twice in a row.
    found: Vec<u32>,
    /// For each row, where its words end in `found`.
    ends: Vec<u32>,
    loose: Vec<u16>,
    folded: Vec<u8>,
    /// The common number of each word, sorted, with its number here.
    numbers: Vec<(u32, u32)>,
    /// The rows of all words, word by word.
    lists: Vec<u16>,
    writer: Writer,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Rows with the word, later the place of the next one in the lists.
    rows: u32,
    /// One more than the last row with it.
    last: u32,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            rows: 0..0,
            first: 0,
            words: Interner::new(Lexicon::default()),
            counts: Vec::new(),
            found: Vec::new(),
            ends: Vec::new(),
            loose: Vec::new(),
            folded: Vec::new(),
            numbers: Vec::new(),
            lists: Vec::new(),
            writer: Writer::default(),
        }
    }
}

impl Desk {
    /// Cuts the texts of the rows to do into words, and takes these rows from `self.rows`: all of
    /// them, or as many as there is room for. Ends early, too, when `goes_on` returns false for the
    /// number of rows done since it was last asked, and then returns false.
    fn gather<T: Texts + ?Sized>(&mut self, texts: &T, goes_on: &(dyn Fn(usize) -> bool + Sync)) -> bool {
        let Self { rows, first, words, counts, found, ends, loose, folded, .. } = self;
        *first = rows.start;
        words.clear();
        counts.clear();
        found.clear();
        ends.clear();
        loose.clear();
        let mut asked = 0;
        while rows.start < rows.end {
            let done = ends.len();
            if done.is_multiple_of(64) && found.len() > MAX_POSTINGS {
                break;
            }
            if done.is_multiple_of(ROWS_PER_TICK) && !goes_on(done - asked) {
                // The rows so far are a multiple of 64: they are as good as any.
                return false;
            } else if done.is_multiple_of(ROWS_PER_TICK) {
                asked = done;
            }
            let text = texts.text(rows.start);
            rows.start += 1;
            let mut is_loose = text.len() > MAX_TEXT;
            if !is_loose {
                fold_words(&text, FoldOptions { ta_marbuta: true }, folded, |word, len| {
                    let number = if len <= MAX_WORD { words.intern(word, len) } else { None };
                    let Some(number) = number else {
                        is_loose = true;
                        return;
                    };
                    if number as usize == counts.len() {
                        counts.push(Count::default());
                    }
                    if let Some(count) = counts.get_mut(number as usize)
                        && count.last != done as u32 + 1
                    {
                        *count = Count { rows: count.rows + 1, last: done as u32 + 1 };
                        found.push(number);
                    }
                });
            }
            if is_loose {
                loose.push(done as u16);
            }
            ends.push(found.len() as u32);
        }
        goes_on(ends.len() - asked)
    }

    /// Gives the words their common numbers.
    fn number(&mut self, words: &mut Interner) {
        self.numbers.clear();
        let here = 0..self.words.lexicon.len() as u32;
        self.numbers.extend(here.map(|number| {
            let word = self.words.word(number);
            (words.intern(word, word.len()).unwrap_or(NO_NUMBER), number)
        }));
    }

    /// Turns the words of each row into the rows of each word.
    fn write(&mut self) -> Segment {
        self.numbers.sort_unstable();
        let mut place = 0;
        for (_, word) in &self.numbers {
            if let Some(count) = self.counts.get_mut(*word as usize) {
                (count.rows, place) = (place, place + count.rows);
            }
        }
        self.lists.clear();
        self.lists.resize(self.found.len(), 0);
        let mut begin = 0;
        for (row, end) in self.ends.iter().enumerate() {
            let words = self.found.get(begin as usize..*end as usize).unwrap_or_default();
            begin = *end;
            for word in words {
                if let Some(count) = self.counts.get_mut(*word as usize)
                    && let Some(entry) = self.lists.get_mut(count.rows as usize)
                {
                    *entry = row as u16;
                    count.rows += 1;
                }
            }
        }
        self.writer.begin(self.ends.len());
        let mut begin = 0;
        for (number, word) in &self.numbers {
            let end = self.counts.get(*word as usize).map_or(begin, |count| count.rows as usize);
            let rows = self.lists.get(begin..end).unwrap_or_default();
            begin = end;
            if *number == NO_NUMBER {
                self.loose.extend_from_slice(rows);
            } else {
                self.writer.push(*number, rows);
            }
        }
        self.loose.sort_unstable();
        self.loose.dedup();
        self.writer.finish(self.first, &self.loose)
    }
}
