//! Conversion between byte offsets and Unicode scalar offsets of one string.
//!
//! Case files address text by scalar offsets; layout and Rust strings use byte offsets.

use std::ops::Range;

/// Table of where each character of a string starts.
///
/// Scalar to byte is O(1), byte to scalar O(log n); a string of ASCII alone needs no table.
#[derive(Clone, Debug, Default)]
pub struct CharIndex {
    /// Byte offset of every character; empty if the text is ASCII.
    starts: Vec<u32>,
    len_bytes: usize,
}

impl CharIndex {
    pub fn new(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| u32::try_from(byte).unwrap_or(u32::MAX)).collect()
        };
        Self { starts, len_bytes: text.len() }
    }

    /// Number of Unicode scalar values.
    pub fn len_scalars(&self) -> usize {
        if self.starts.is_empty() { self.len_bytes } else { self.starts.len() }
    }

    pub fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// The byte offset where character number `scalar` starts; the length of the text if there is none.
    pub fn byte(&self, scalar: usize) -> usize {
        if self.starts.is_empty() {
            scalar.min(self.len_bytes)
        } else {
            self.starts.get(scalar).map_or(self.len_bytes, |byte| *byte as usize)
        }
    }

    /// The number of the character that holds byte `byte`; the character count if it is past the end.
    pub fn scalar(&self, byte: usize) -> usize {
        if byte >= self.len_bytes {
            self.len_scalars()
        } else if self.starts.is_empty() {
            byte
        } else {
            let byte = u32::try_from(byte).unwrap_or(u32::MAX);
            self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
        }
    }

    pub fn byte_range(&self, scalars: Range<usize>) -> Range<usize> {
        let start = self.byte(scalars.start);
        start..self.byte(scalars.end).max(start)
    }

    pub fn scalar_range(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.scalar(bytes.start);
        start..self.scalar(bytes.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_a_walk_over_the_characters() {
        for text in ["", "abc", "قتل 50", "aب\u{301}😀c"] {
            let index = CharIndex::new(text);
            assert_eq!(index.len_scalars(), text.chars().count());
            for (scalar, (byte, c)) in text.char_indices().enumerate() {
                assert_eq!(index.byte(scalar), byte);
                for inner in byte..byte + c.len_utf8() {
                    assert_eq!(index.scalar(inner), scalar);
                }
            }
            assert_eq!(index.byte(index.len_scalars()), text.len());
            assert_eq!(index.byte(usize::MAX), text.len());
            assert_eq!(index.scalar(usize::MAX), index.len_scalars());
        }
    }
}
