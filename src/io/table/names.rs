//! Repeated byte strings as small numbers, in the order in which they first come.

/// Byte strings by number, each held once, one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Names {
    bytes: Vec<u8>,
    /// Where each string ends.
    ends: Vec<usize>,
    /// Open addressing; a power of two of slots, at most half of them taken.
    slots: Vec<Slot>,
}

/// All that most look-ups need beside the string itself.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    start: usize,
    /// One more than the number of the string, 0 where the slot is free.
    number: u32,
    mark: u32,
}

/// Lengths from here on look alike in marks.
const LONG: usize = 0xFFF;

/// Upper bits of a string's hash, and its length.
fn mark(hash: u64, len: usize) -> u32 {
    (hash >> 32) as u32 & !(LONG as u32) | len.min(LONG) as u32
}

impl Names {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, number: usize) -> &[u8] {
        let start = match number.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(number).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The number of a string, new or known.
    pub fn intern(&mut self, name: &[u8]) -> u32 {
        if self.slots.len() <= self.ends.len() * 2 {
            self.grow();
        }
        let hash = hash(name);
        let mark = mark(hash, name.len());
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        // Half of the slots are free, so that the search comes to an end.
        while let Some(slot) = self.slots.get(at).copied() {
            if slot.number == 0 {
                break;
            }
            let number = slot.number - 1;
            if slot.mark == mark
                && self.bytes.get(slot.start..slot.start + name.len()).is_some_and(|known| same(known, name))
                && (name.len() < LONG || self.get(number as usize) == name)
            {
                return number;
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(name);
        self.ends.push(self.bytes.len());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot { start, number: number + 1, mark };
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(256);
        let mut slots = vec![Slot::default(); len];
        let mut start = 0;
        for (number, end) in self.ends.iter().copied().enumerate() {
            let name = self.bytes.get(start..end).unwrap_or_default();
            let hash = hash(name);
            let mut at = hash as usize & (len - 1);
            while slots.get(at).is_some_and(|slot| slot.number != 0) {
                at = (at + 1) & (len - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = Slot { start, number: number as u32 + 1, mark: mark(hash, name.len()) };
            }
            start = end;
        }
        self.slots = slots;
    }
}

/// Whether two strings of one length are equal. Names are short: to call a function that compares any
/// length takes longer than to compare them.
fn same(a: &[u8], b: &[u8]) -> bool {
    match (a.last_chunk::<16>(), b.last_chunk::<16>()) {
        (Some(last_a), Some(last_b)) => {
            let (whole_a, whole_b) = (a.as_chunks::<16>().0, b.as_chunks::<16>().0);
            last_a == last_b && whole_a.iter().zip(whole_b).all(|(a, b)| a == b)
        }
        _ => a == b,
    }
}

/// A hash of a byte string: the same on every machine, good enough for tables, no protection against
/// those who look for collisions.
fn hash(bytes: &[u8]) -> u64 {
    /// An odd number without pattern: the golden ratio's fraction.
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let folded = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        (product as u64) ^ (product >> 64) as u64
    };
    let word = |eight: &[u8]| eight.first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight));
    let mut hash = ODD ^ bytes.len() as u64;
    let mix = |hash: u64, sixteen: &[u8; 16]| {
        folded(word(sixteen) ^ hash, word(sixteen.get(8..).unwrap_or_default()) ^ ODD)
    };
    if let Some(last) = bytes.last_chunk::<16>() {
        let whole = bytes.get(..bytes.len() - 1).unwrap_or_default().as_chunks::<16>().0;
        for sixteen in whole {
            hash = mix(hash, sixteen);
        }
        hash = mix(hash, last);
    } else {
        let mut padded = [0; 16];
        padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        hash = mix(hash, &padded);
    }
    folded(hash, ODD)
}

/// A hash of a byte string in which case does not count (nor some signs beside it), never 0. Strings
/// that differ in other ways may have one hash.
pub fn hash_folded(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    /// The bit by which small letters differ from capital ones.
    const CASE: u64 = 0x2020_2020_2020_2020;
    let mix = |hash: u64, word: u64| {
        let product = u128::from((word | CASE) ^ hash) * u128::from(ODD);
        (product as u64) ^ (product >> 64) as u64
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    mix(mix(hash, u64::from_le_bytes(last)), 0) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_numbers_of_their_first_coming() {
        let mut names = Names::default();
        let all: Vec<String> = (0..5000).map(|n| "x".repeat(n % 40) + &(n / 3).to_string()).collect();
        let mut expected: Vec<&str> = Vec::new();
        for name in &all {
            let number = names.intern(name.as_bytes()) as usize;
            let known = expected.iter().position(|known| known == name);
            if known.is_none() {
                expected.push(name);
            }
            assert_eq!(number, known.unwrap_or(expected.len() - 1));
        }
        assert_eq!(names.len(), expected.len());
        assert!(expected.iter().enumerate().all(|(at, name)| names.get(at) == name.as_bytes()));
        assert_eq!(names.intern(b""), names.len() as u32 - 1);
        let long = [vec![b'x'; LONG], vec![b'x'; LONG + 1], vec![b'x'; 3 * LONG]];
        let numbers: Vec<u32> = long.iter().chain(&long).map(|name| names.intern(name)).collect();
        assert!(numbers[0] < numbers[1] && numbers[1] < numbers[2] && numbers[..3] == numbers[3..]);
        assert_eq!(names.get(usize::MAX), b"");
    }
}
