//! Finding rows: candidates from the index, then a look at the texts where that is needed.

use memchr::memmem::Finder;
use rayon::prelude::*;

use super::segment::{Bits, List, MAX_ROWS, Segment, set_first};
use super::{Texts, WordIndex};
use crate::store::fold::{Class, FoldOptions, class_of, fold, fold_bytes};
use crate::store::rowset::{RowSet, ones};

/// To fold and search one text costs about as much as to read so many rows from lists.
const ROWS_PER_LOOK: usize = 256;
/// Rows that are read from lists between two looks at what is left.
const POSTINGS_PER_ASK: usize = 1 << 14;
/// Words of 64 rows that are looked at by one core at a time.
const WORDS_PER_LOOK: usize = 8;

/// What the index is asked.
struct Plan {
    /// Patterns for [`Lexicon::find`], each of which some word of the row must match.
    ///
    /// [`Lexicon::find`]: super::lexicon::Lexicon::find
    patterns: Vec<Vec<u8>>,
    /// Whether a row that satisfies the patterns holds the needle for certain.
    is_exact: bool,
}

impl Plan {
    /// The plan for a folded needle that is not empty.
    fn new(needle: &str, options: FoldOptions) -> Self {
        // The index knows ta marbuta as ha only.
        let merged = |c: char| !options.ta_marbuta && matches!(c, 'ة' | 'ه');
        let known = |c: char| if merged(c) { 'ه' } else { c };
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut add = |begin: usize, end: usize| {
            let word = needle.get(begin..end).unwrap_or_default();
            // A word that does not reach an end of the needle ends where the text's word does.
            let mut pattern = String::with_capacity(word.len() + 2);
            pattern.extend((begin > 0).then_some('\0'));
            pattern.extend(word.chars().map(known));
            pattern.extend((end < needle.len()).then_some('\0'));
            let pattern = pattern.into_bytes();
            if !word.is_empty() && !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        };
        let mut begin = 0;
        for (at, c) in needle.char_indices() {
            let after = at + c.len_utf8();
            match class_of(c) {
                Class::Joined => continue,
                Class::Gap => add(begin, at),
                Class::Alone => {
                    add(begin, at);
                    add(at, after);
                }
            }
            begin = after;
        }
        add(begin, needle.len());
        let is_one_word = begin == 0 || matches!(class_of_only(needle), Some(Class::Alone));
        Self { patterns, is_exact: is_one_word && !needle.chars().any(merged) }
    }
}

/// The class of the only character of a text.
fn class_of_only(text: &str) -> Option<Class> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none()).map(class_of)
}

impl WordIndex {
    /// The rows whose folded text holds the needle, which is folded already: those for which
    /// `fold(text, options).contains(needle)`, no others, of all texts, indexed or not.
    ///
    /// Works on all cores of the pool that this is called in. `stop` is asked now and then from any
    /// of them; when it returns true, the call ends soon with `None`.
    pub fn find<T: Texts + ?Sized>(
        &self,
        texts: &T,
        needle: &str,
        options: FoldOptions,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<RowSet> {
        let rows = texts.len();
        if needle.is_empty() {
            return Some(RowSet::full(rows));
        }
        let plan = Plan::new(needle, options);
        if plan.patterns.is_empty() {
            return look(texts, RowSet::new(rows), &RowSet::full(rows), needle, options, stop);
        }
        // Rows that hold the needle for certain, and rows that may.
        let words = rows.max(self.rows()).div_ceil(64);
        let (mut sure, mut maybe) = (vec![0; words], vec![0; words]);
        let matches: Vec<Vec<u32>> = plan.patterns.iter().map(|pattern| self.lexicon.find(pattern)).collect();
        let mut work = Vec::with_capacity(self.segments.len());
        let (mut sure_rest, mut maybe_rest) = (sure.as_mut_slice(), maybe.as_mut_slice());
        for segment in &self.segments {
            let words = segment.rows.div_ceil(64);
            let Some((sure, sure_after)) = sure_rest.split_at_mut_checked(words) else { break };
            let Some((maybe, maybe_after)) = maybe_rest.split_at_mut_checked(words) else { break };
            work.push((segment, sure, maybe));
            (sure_rest, maybe_rest) = (sure_after, maybe_after);
        }
        work.into_par_iter().try_for_each(|(segment, sure, maybe)| {
            let Candidates { rows, named } = candidates(segment, &matches);
            for (((sure, maybe), rows), named) in
                sure.iter_mut().zip(maybe.iter_mut()).zip(&*rows).zip(&*named)
            {
                *sure = if plan.is_exact { *named } else { 0 };
                *maybe = rows & !*sure;
            }
            for row in &segment.loose {
                if let Some(word) = maybe.get_mut(usize::from(*row) / 64) {
                    *word |= 1 << (row % 64);
                }
            }
            (!stop()).then_some(())
        })?;
        let sure = RowSet::from_words(sure, rows);
        let mut maybe = RowSet::from_words(maybe, rows);
        (self.rows()..rows).for_each(|row| maybe.insert(row));
        look(texts, sure, &maybe, needle, options, stop)
    }
}

/// Rows of a segment that may hold the needle, loose ones aside.
struct Candidates {
    /// All others do not.
    rows: Box<Bits>,
    /// Rows with a word of the last set that was read: with one set, those that do hold it.
    named: Box<Bits>,
}

/// The candidates among the rows of a segment: for each set of words, some word of it occurs, or it
/// would have been dearer to find out than to look at the text.
fn candidates(segment: &Segment, matches: &[Vec<u32>]) -> Candidates {
    let mut sets: Vec<(usize, Vec<List>)> = matches
        .iter()
        .map(|words| {
            let lists = segment.lists_of(words);
            (lists.iter().map(|list| list.length).sum(), lists)
        })
        .collect();
    // The rarest first: what comes after may not be worth its reading.
    sets.sort_by_key(|(length, _)| *length);
    let (mut rows, mut named) = (no_bits(), no_bits());
    set_first(&mut rows, segment.rows);
    for (length, lists) in sets {
        named.fill(0);
        if read(segment, &lists, length, &rows, &mut named) {
            rows.iter_mut().zip(&*named).for_each(|(row, named)| *row &= named);
        }
    }
    Candidates { rows, named }
}

fn no_bits() -> Box<Bits> {
    Box::new([0; MAX_ROWS / 64])
}

/// Sets the bits of the rows of lists, `length` in all. Returns false if it stopped because it is
/// cheaper to look at the texts of those of `rows` that are not found yet; bits of other rows may be
/// missing in any case.
fn read(segment: &Segment, lists: &[List], length: usize, rows: &Bits, bits: &mut Bits) -> bool {
    let (mut left, mut unasked) = (length, usize::MAX);
    // The longest first, roughly: they leave the fewest rows open for the least reading.
    let mut limit = usize::MAX;
    for least in [4_096, 512, 64, 0] {
        for list in lists.iter().filter(|list| (least..limit).contains(&list.length)) {
            if unasked >= POSTINGS_PER_ASK {
                let open = rows.iter().zip(&*bits).map(|(row, found)| (row & !found).count_ones() as usize);
                let open: usize = open.sum();
                if open * ROWS_PER_LOOK < left {
                    return open == 0;
                }
                unasked = 0;
            }
            segment.union(*list, bits);
            left -= list.length;
            unasked += list.length;
        }
        limit = least;
    }
    true
}

/// Adds to `sure` those rows of `maybe` whose text holds the needle.
fn look<T: Texts + ?Sized>(
    texts: &T,
    sure: RowSet,
    maybe: &RowSet,
    needle: &str,
    options: FoldOptions,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<RowSet> {
    if maybe.is_empty() {
        return Some(sure);
    }
    let look = Look::new(needle, options);
    let (rows, mut found) = (sure.rows(), sure.into_words());
    found
        .par_chunks_mut(WORDS_PER_LOOK)
        .zip(maybe.words().par_chunks(WORDS_PER_LOOK))
        .enumerate()
        .try_for_each_init(Scratch::default, |scratch, (chunk, (found, maybe))| {
            let base = chunk * WORDS_PER_LOOK * 64;
            for (at, (found, maybe)) in found.iter_mut().zip(maybe).enumerate() {
                for bit in ones(*maybe & !*found) {
                    if look.holds(&texts.text(base + at * 64 + bit), scratch) {
                        *found |= 1 << bit;
                    }
                }
            }
            (!stop()).then_some(())
        })?;
    Some(RowSet::from_words(found, rows))
}

/// A needle that texts are searched for.
struct Look<'a> {
    finder: Finder<'a>,
    options: FoldOptions,
    /// Whether folding leaves the needle as it is, so that a text in which it stands, folded or not,
    /// holds it: each character folds by itself.
    stays: bool,
}

impl<'a> Look<'a> {
    fn new(needle: &'a str, options: FoldOptions) -> Self {
        Self { finder: Finder::new(needle), options, stays: fold(needle, options) == needle }
    }

    /// Whether the folded text holds the needle.
    fn holds(&self, text: &[u8], scratch: &mut Scratch) -> bool {
        // Worth it only where it succeeds: then the next text is likely to be one of its kind.
        if scratch.was_found && self.stays && self.finder.find(text).is_some() {
            return true;
        }
        fold_bytes(text, self.options, &mut scratch.folded);
        scratch.was_found = self.finder.find(&scratch.folded).is_some();
        scratch.was_found
    }
}

/// What is kept from one text to the next.
#[derive(Default)]
struct Scratch {
    folded: Vec<u8>,
    /// Whether the last text held the needle.
    was_found: bool,
}
