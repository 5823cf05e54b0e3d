//! Substring search over the folded texts of many rows, without a folded copy of them.
//!
//! The index holds which words of the folded texts (see [`fold_words`]) occur in which rows. A needle
//! is cut into words as the texts are. Where it occurs in a text, its inner words are words of the
//! text, its first one is the end of a word, its last one the beginning of a word, and a needle of
//! one word lies inside a word. So the rows that hold such words are candidates; they are folded and
//! searched, which makes the answer exactly that of searching all folded texts. A needle that is one
//! word and nothing else needs no such look: its characters are letters and digits, which stand
//! together in one word of any text in which the needle occurs; and a text with a word that holds the
//! needle holds the needle. Attached particles are found by this as well: «بالقوات» holds «قوات».
//!
//! Rows with a word beyond [`MAX_WORD`] or a text beyond [`MAX_TEXT`] are kept apart as loose rows,
//! which are candidates always, so that texts that are not written in words cannot swell the index.
//! Rows that are not indexed yet are candidates as well: an answer is complete at any time, and the
//! index only makes it quick.
//!
//! The index is folded with ta marbuta as ha. Where they shall differ, candidates are found as if
//! they did not, and looked at.
//!
//! Invariant: segments follow each other from row 0 without a gap, and each but the last ends at a
//! multiple of 64.
//!
//! [`fold_words`]: super::fold::fold_words

mod build;
mod lexicon;
mod query;
mod segment;

use std::borrow::Cow;

use lexicon::Lexicon;
use segment::Segment;

/// Most bytes of a folded word in the index.
pub const MAX_WORD: usize = 64;
/// Most bytes of a text in the index.
pub const MAX_TEXT: usize = 1 << 20;

/// The texts that are searched, one per row, wherever they are kept.
pub trait Texts: Sync {
    /// How many rows there are.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a row, below [`Texts::len`]. What is not UTF-8 is searched as if it were replaced
    /// by [`String::from_utf8_lossy`].
    fn text(&self, row: usize) -> Cow<'_, [u8]>;
}

/// Which words occur in which rows.
#[derive(Clone, Debug, Default)]
pub struct WordIndex {
    lexicon: Lexicon,
    segments: Vec<Segment>,
}

/// Sizes of an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub rows: usize,
    /// Distinct words.
    pub words: usize,
    /// Pairs of a row and a word of it.
    pub postings: usize,
    /// Rows that every search has to look at.
    pub loose: usize,
    /// Bytes of the distinct words.
    pub lexicon_bytes: usize,
    /// Bytes of everything.
    pub bytes: usize,
}

impl WordIndex {
    /// How many rows are indexed: those below this.
    pub fn rows(&self) -> usize {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Bytes of private memory.
    pub fn memory_bytes(&self) -> usize {
        let segments: usize = self.segments.iter().map(Segment::memory_bytes).sum();
        self.lexicon.memory_bytes() + segments + self.segments.capacity() * size_of::<Segment>()
    }

    /// Sizes; takes a walk over the index.
    pub fn stats(&self) -> Stats {
        Stats {
            rows: self.rows(),
            words: self.lexicon.len(),
            postings: self.segments.iter().map(Segment::postings).sum(),
            loose: self.segments.iter().map(|segment| segment.loose.len()).sum(),
            lexicon_bytes: self.lexicon.memory_bytes(),
            bytes: self.memory_bytes(),
        }
    }
}

#[cfg(test)]
mod tests;
