//! Distinct words in one buffer.
//!
//! Invariant: the buffer is `\0word\0word\0…word\0`. No word holds a zero byte (it is no letter), so
//! a pattern that begins or ends with one finds beginnings, ends or whole words, and one plain
//! substring search walks over all words at the speed of memory.

use std::hash::Hasher as _;

use memchr::memmem::Finder;
use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::store::fold::read_eight;

/// Words between two entries of [`Lexicon::marks`]: as many as one core searches at a time.
const WORDS_PER_MARK: usize = 4_096;
/// No buffer grows beyond this, so that places in it fit 32 bits.
const MAX_BYTES: usize = u32::MAX as usize - 256;

/// Words by number, in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Lexicon {
    bytes: Vec<u8>,
    /// Where each [`WORDS_PER_MARK`]th word begins.
    marks: Vec<u32>,
    len: u32,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self { bytes: vec![0], marks: Vec::new(), len: 0 }
    }
}

impl Lexicon {
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    pub fn memory_bytes(&self) -> usize {
        self.bytes.capacity() + self.marks.capacity() * 4
    }

    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.marks.shrink_to_fit();
    }

    fn clear(&mut self) {
        self.bytes.truncate(1);
        self.marks.clear();
        self.len = 0;
    }

    /// Adds a word and says where it begins; `None` if there is no more room.
    fn push(&mut self, word: &[u8]) -> Option<u32> {
        let begin = self.bytes.len();
        if begin + word.len() >= MAX_BYTES {
            return None;
        }
        if self.len().is_multiple_of(WORDS_PER_MARK) {
            self.marks.push(begin as u32);
        }
        self.bytes.extend_from_slice(word);
        self.bytes.push(0);
        self.len += 1;
        Some(begin as u32)
    }

    /// Numbers of the words that a pattern occurs in, ascending. A zero byte at the beginning or end
    /// of the pattern stands for that of the word.
    pub fn find(&self, pattern: &[u8]) -> Vec<u32> {
        let finder = Finder::new(pattern);
        let lead = usize::from(pattern.first() == Some(&0));
        let found: Vec<Vec<u32>> =
            (0..self.marks.len()).into_par_iter().map(|mark| self.find_from(mark, &finder, lead)).collect();
        found.concat()
    }

    /// Those of one mark. `lead` bytes of a hit lie before the word.
    fn find_from(&self, mark: usize, finder: &Finder<'_>, lead: usize) -> Vec<u32> {
        let begin = self.marks.get(mark).map_or(0, |begin| *begin as usize);
        let end = self.marks.get(mark + 1).map_or(self.bytes.len(), |end| *end as usize);
        // From the zero before the first word to the one after the last.
        let mut rest = self.bytes.get(begin.saturating_sub(1)..end).unwrap_or_default();
        // Zeros passed, so the number of the word after the next zero.
        let mut number = (mark * WORDS_PER_MARK) as u32;
        let mut found = Vec::new();
        while let Some(hit) = finder.find(rest) {
            let inside = hit + lead;
            number += zeros(rest.get(..inside).unwrap_or_default());
            found.push(number - 1);
            // The zero after this word: each word is found once.
            let Some(length) = rest.get(inside..).and_then(|word| memchr::memchr(0, word)) else { break };
            rest = rest.get(inside + length..).unwrap_or_default();
        }
        found
    }
}

fn zeros(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(0, bytes).count() as u32
}

/// A lexicon that knows its words again: a table of hashes beside it, needed only for adding.
#[derive(Debug)]
pub struct Interner {
    pub lexicon: Lexicon,
    /// Where each word begins.
    begins: Vec<u32>,
    /// A power of two of places, at most half of them taken. A word is in the first place, counted
    /// from where its hash points, that no other word took.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The first bytes of the word, see [`read_head`]: all there is to compare for most words.
    head: u64,
    hash: u32,
    /// [`FREE`] if not taken.
    word: u32,
}

const FREE: u32 = u32::MAX;
const FEWEST_SLOTS: usize = 1 << 12;

impl Interner {
    /// Takes up a lexicon again.
    pub fn new(lexicon: Lexicon) -> Self {
        let mut interner = Self { lexicon, begins: Vec::new(), slots: Vec::new() };
        interner.begins.reserve(interner.lexicon.len());
        let mut begin = 1;
        while let Some(length) = interner.lexicon.bytes.get(begin..).and_then(|b| memchr::memchr(0, b)) {
            interner.begins.push(begin as u32);
            begin += length + 1;
        }
        interner.spread((interner.begins.len() * 2).next_power_of_two().max(FEWEST_SLOTS));
        interner
    }

    /// Forgets all words and keeps the memory.
    pub fn clear(&mut self) {
        self.lexicon.clear();
        self.begins.clear();
        self.slots.fill(Slot::NONE);
    }

    /// The word of a number; empty for one that is not there.
    #[inline]
    pub fn word(&self, number: u32) -> &[u8] {
        let begin = self.begins.get(number as usize).map_or(0, |begin| *begin as usize);
        let next =
            self.begins.get(number as usize + 1).map_or(self.lexicon.bytes.len(), |next| *next as usize);
        self.lexicon.bytes.get(begin..next - 1).unwrap_or_default()
    }

    /// The number of the word that the first `len` bytes are, a new one if the word is. `None` if
    /// there is no more room. Words are not empty.
    #[inline]
    pub fn intern(&mut self, bytes: &[u8], len: usize) -> Option<u32> {
        let (head, hash) = (read_head(bytes, len), hash_of(bytes, len));
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while let Some(slot) = self.slots.get(place)
            && slot.word != FREE
        {
            if slot.head == head
                && (len <= 8 || slot.hash == hash && self.word(slot.word) == bytes.get(..len)?)
            {
                return Some(slot.word);
            }
            place = (place + 1) & mask;
        }
        let number = self.lexicon.len;
        let begin = self.lexicon.push(bytes.get(..len)?)?;
        self.begins.push(begin);
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Slot { head, hash, word: number };
        }
        if self.lexicon.len() * 2 > self.slots.len() {
            self.spread(self.slots.len() * 2);
        }
        Some(number)
    }

    /// Lays out the table anew in so many places, a power of two.
    fn spread(&mut self, places: usize) {
        let mut slots = vec![Slot::NONE; places];
        let old = std::mem::take(&mut self.slots);
        let mut put = |taken: Slot| {
            let mut place = taken.hash as usize & (places - 1);
            while slots.get(place).is_some_and(|slot| slot.word != FREE) {
                place = (place + 1) & (places - 1);
            }
            if let Some(slot) = slots.get_mut(place) {
                *slot = taken;
            }
        };
        if old.is_empty() {
            for number in 0..self.lexicon.len {
                let word = self.word(number);
                let (head, hash) = (read_head(word, word.len()), hash_of(word, word.len()));
                put(Slot { head, hash, word: number });
            }
        } else {
            old.into_iter().filter(|slot| slot.word != FREE).for_each(&mut put);
        }
        self.slots = slots;
    }
}

impl Slot {
    const NONE: Self = Self { head: 0, hash: 0, word: FREE };
}

/// The first `len` bytes, at most eight, as a number; zero above. No two words of up to eight bytes
/// have the same, for no word holds a zero byte.
#[inline]
fn read_head(bytes: &[u8], len: usize) -> u64 {
    let unused = 8_usize.saturating_sub(len) as u32 * 8;
    read_eight(bytes) & u64::MAX.checked_shr(unused).unwrap_or(0)
}

#[inline]
fn hash_of(bytes: &[u8], len: usize) -> u32 {
    let mut hasher = FxHasher::default();
    for at in (0..len).step_by(8) {
        hasher.write_u64(read_head(bytes.get(at..).unwrap_or_default(), len - at));
    }
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_again_and_found_by_their_parts() {
        let mut interner = Interner::new(Lexicon::default());
        let words: Vec<String> =
            (0..10_000).map(|n| format!("w{}x{n}{}", n % 7, "longer".repeat(n % 3))).collect();
        for (number, word) in words.iter().enumerate() {
            assert_eq!(interner.intern(word.as_bytes(), word.len()), Some(number as u32));
        }
        let mut again = Interner::new(interner.lexicon);
        for (number, word) in words.iter().enumerate() {
            assert_eq!(again.intern(format!("{word} and more").as_bytes(), word.len()), Some(number as u32));
            assert_eq!(again.word(number as u32), word.as_bytes());
        }
        let check = |pattern: &str, holds: &dyn Fn(&str) -> bool| {
            let wanted: Vec<u32> = (0..).zip(&words).filter(|(_, w)| holds(w)).map(|(n, _)| n).collect();
            assert_eq!(again.lexicon.find(pattern.as_bytes()), wanted, "{pattern:?}");
        };
        check("9", &|w| w.contains('9'));
        check("x12", &|w| w.contains("x12"));
        check("\0w3x1", &|w| w.starts_with("w3x1"));
        check("99\0", &|w| w.ends_with("99"));
        check("er\0", &|w| w.ends_with("er"));
        check("\0w3x3\0", &|w| w == "w3x3");
        check("w0x21\0", &|w| w == "w0x21");
        check("y", &|_| false);
        again.clear();
        assert_eq!(again.intern(b"new", 3), Some(0));
        assert!(Lexicon::default().find(b"a").is_empty());
    }
}
