//! Repeated byte strings as small numbers, in the order in which they first come.

/// Byte strings by number, each held once, one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Names {
    bytes: Vec<u8>,
    /// Where each string ends.
    ends: Vec<usize>,
    /// Open addressing; a power of two of slots, at most half of them taken. A slot holds the upper
    /// half of a string's hash and one more than its number, 0 where it is free.
    slots: Vec<(u32, u32)>,
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
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        // Half of the slots are free, so that the search comes to an end.
        while let Some((known, number)) = self.slots.get(at).copied() {
            if number == 0 {
                break;
            }
            if known == tag && self.get(number as usize - 1) == name {
                return number - 1;
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(name);
        self.ends.push(self.bytes.len());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (tag, number + 1);
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(256);
        let mut slots = vec![(0, 0); len];
        for number in 0..self.len() {
            let hash = hash(self.get(number));
            let mut at = hash as usize & (len - 1);
            while slots.get(at).is_some_and(|slot| slot.1 != 0) {
                at = (at + 1) & (len - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = ((hash >> 32) as u32, number as u32 + 1);
            }
        }
        self.slots = slots;
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
        assert_eq!(names.get(usize::MAX), b"");
    }
}
