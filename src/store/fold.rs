//! Folding of text for search: spelling differences that do not change what is meant.
//!
//! Latin and Cyrillic lose case and diacritics; Arabic loses vowel marks and tatweel, and unifies
//! alef forms, hamza carriers, ya with alef maqsura, and digits. Ta marbuta folds to ha only on
//! request, because it merges different words.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Choices of the folding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FoldOptions {
    /// Ta marbuta matches ha.
    pub ta_marbuta: bool,
}

impl Default for FoldOptions {
    fn default() -> Self {
        Self { ta_marbuta: true }
    }
}

/// A folded text that knows where each of its characters comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folded {
    pub text: String,
    /// For each byte of `text`, the Unicode scalar offset in the unfolded text.
    origins: Vec<u32>,
    /// Length of the unfolded text in Unicode scalar values.
    len: u32,
}

impl Folded {
    pub fn new(text: &str, options: FoldOptions) -> Self {
        let mut folded = Self::default();
        for (offset, c) in text.chars().enumerate() {
            fold_char(c, options, |f| {
                folded.text.push(f);
                folded.origins.resize(folded.text.len(), offset as u32);
            });
            folded.len = offset as u32 + 1;
        }
        folded
    }

    /// Ranges of the unfolded text, in scalar values, where a folded needle occurs. Marks that
    /// follow the last letter are included. Overlapping occurrences are not repeated.
    pub fn find_all(&self, needle: &str) -> Vec<(u32, u32)> {
        if needle.is_empty() {
            return Vec::new();
        }
        self.text
            .match_indices(needle)
            .map(|(at, found)| {
                let start = self.origins.get(at).copied().unwrap_or(0);
                let end = self.origins.get(at + found.len()).copied().unwrap_or(self.len);
                (start, end.max(start + 1))
            })
            .collect()
    }
}

/// The folded form of a text.
pub fn fold(text: &str, options: FoldOptions) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, options, |f| folded.push(f));
    }
    folded
}

/// Writes the folded form of a text of bytes to `folded`, in place of what it held.
///
/// The same as [`fold`] of the text with what is not UTF-8 replaced as [`String::from_utf8_lossy`]
/// does it, and several times faster for texts of ASCII, Latin, Cyrillic and Arabic letters.
pub fn fold_bytes(text: &[u8], options: FoldOptions, folded: &mut Vec<u8>) {
    fold_into::<false>(text, options, folded);
}

/// Calls `on_word` for each word of the folded form of a text, in order. `scratch` is memory that is
/// used from one text to the next.
///
/// A word is a longest run of letters and digits; of Han, kana and their like, which
/// write whole sentences without a space, each character is a word. Whether two characters belong to one word
/// depends on nothing but these two, so that every part of a text is cut where the text is.
///
/// `on_word` is given the word with what follows it in memory, and its length. At least
/// [`WORD_PADDING`] bytes follow it, so that it can be read eight bytes at a time.
pub fn fold_words(
    text: &[u8],
    options: FoldOptions,
    scratch: &mut Vec<u8>,
    mut on_word: impl FnMut(&[u8], usize),
) {
    fold_into::<true>(text, options, scratch);
    let length = scratch.len();
    // A gap at the end ends the last word.
    scratch.resize(length.next_multiple_of(CUT) + CUT, 0);
    let mut start = None;
    for at in (0..=length).step_by(CUT) {
        let Some(chunk) = scratch.get(at..).and_then(|rest| rest.first_chunk()) else { break };
        let joined = joined_bytes(chunk);
        // Bytes after which a word begins or ends.
        let mut edges = joined ^ (joined << 1 | u64::from(start.is_some()));
        while edges != 0 {
            let edge = at + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            match start.take() {
                None => start = Some(edge),
                Some(start) => on_word(scratch.get(start..).unwrap_or_default(), edge - start),
            }
        }
    }
}

/// Bytes that are cut into words at a time, one bit each.
const CUT: usize = 64;
/// See [`fold_words`].
pub const WORD_PADDING: usize = 8;

/// The bytes of letters and digits, one bit each; those beyond ASCII all count as such.
fn joined_bytes(bytes: &[u8; CUT]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().enumerate().fold(0, |bits, (at, eight)| {
        let eight = u64::from_le_bytes(*eight);
        // Letters of folded text are small; this only makes large ones the same.
        let letters = between(eight | (EACH * 0x20), b'a', b'z');
        let joined = (letters | between(eight, b'0', b'9') | eight) & HIGH;
        // One bit of each byte, gathered in the top byte.
        bits | ((joined >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (at * 8)
    })
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The top bits of those bytes that lie between two ASCII characters, these included. Bytes beyond
/// ASCII make nothing of themselves nor of the ones below them.
fn between(eight: u64, first: u8, last: u8) -> u64 {
    let low = eight & !HIGH;
    let from = low + EACH * u64::from(0x80 - first);
    let beyond = low + EACH * u64::from(0x7F - last);
    from & !beyond & !eight & HIGH
}

/// How a folded character takes part in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Between words.
    Gap,
    /// Letter or digit, in one word with its neighbours of this class.
    Joined,
    /// A word of its own.
    Alone,
}

/// The class of a folded character.
pub fn class_of(c: char) -> Class {
    match c {
        'a'..='z' | '0'..='9' => Class::Joined,
        c if !c.is_alphanumeric() => Class::Gap,
        c if stands_alone(c) => Class::Alone,
        _ => Class::Joined,
    }
}

/// Han, kana and their like: without spaces between words, a run of them is a sentence, and a list
/// of all sentences would be a copy of the text.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Characters below this are two bytes or fewer of UTF-8.
const TWO_BYTES: u32 = 0x800;

/// What a character below [`TWO_BYTES`] folds to, worked out once by [`fold_char`].
#[derive(Clone, Copy, Default)]
struct Short {
    bytes: [u8; 8],
    len: u8,
    kind: Kind,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    /// All of the folded form belongs to a word; also a folded form of nothing.
    Joined,
    /// None of it does.
    Gap,
    /// Anything else: ask [`fold_char`].
    #[default]
    Odd,
}

impl Short {
    fn new(c: char, options: FoldOptions) -> Self {
        let mut text = String::new();
        fold_char(c, options, |f| text.push(f));
        let mut short = Self::default();
        let Some(bytes) = short.bytes.get_mut(..text.len()) else { return short };
        bytes.copy_from_slice(text.as_bytes());
        short.len = text.len() as u8;
        let all = |class| text.chars().all(|f| class_of(f) == class);
        short.kind = match () {
            () if all(Class::Joined) => Kind::Joined,
            () if all(Class::Gap) => Kind::Gap,
            () => Kind::Odd,
        };
        short
    }

    /// One for each character below [`TWO_BYTES`].
    fn table(options: FoldOptions) -> &'static [Self] {
        let new = |ta_marbuta| {
            let short = |c| Self::new(c, FoldOptions { ta_marbuta });
            (0..TWO_BYTES).filter_map(char::from_u32).map(short).collect::<Vec<_>>()
        };
        static WEAK: OnceLock<Vec<Short>> = OnceLock::new();
        static STRICT: OnceLock<Vec<Short>> = OnceLock::new();
        let table = if options.ta_marbuta { &WEAK } else { &STRICT };
        table.get_or_init(|| new(options.ta_marbuta))
    }
}

/// Characters of three bytes that fold to themselves and belong to a word, one bit each: all but
/// [`fold_char`] of them is wasted work. Both ways of folding agree on them.
struct Plain {
    joined: Vec<u64>,
    alone: Vec<u64>,
}

impl Plain {
    fn get() -> &'static Self {
        static PLAIN: OnceLock<Plain> = OnceLock::new();
        PLAIN.get_or_init(|| {
            let mut plain = Self { joined: vec![0; 1024], alone: vec![0; 1024] };
            for c in (TWO_BYTES..=0xFFFF).filter_map(char::from_u32) {
                let (mut count, mut same) = (0, true);
                fold_char(c, FoldOptions::default(), |f| (count, same) = (count + 1, same && f == c));
                let bits = match class_of(c) {
                    Class::Joined => &mut plain.joined,
                    Class::Alone => &mut plain.alone,
                    Class::Gap => continue,
                };
                if same
                    && count == 1
                    && let Some(word) = bits.get_mut(c as usize / 64)
                {
                    *word |= 1 << (c as u32 % 64);
                }
            }
            plain
        })
    }

    fn has(bits: &[u64], c: char) -> bool {
        bits.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}

/// Bytes that are folded at once where all are plain ASCII.
const PLAIN: usize = 32;

/// Folded text that is being written. What `bytes` holds from `at` on is not part of it.
struct Out<'a> {
    bytes: &'a mut Vec<u8>,
    at: usize,
}

impl Out<'_> {
    /// Writes the first `len` of eight bytes.
    #[inline]
    fn put(&mut self, eight: u64, len: usize) {
        let end = self.at + 8;
        if self.bytes.len() < end {
            self.bytes.resize(end * 2, 0);
        }
        if let Some(bytes) = self.bytes.get_mut(self.at..end) {
            bytes.copy_from_slice(&eight.to_le_bytes());
        }
        self.at += len;
    }

    /// Writes many characters if all of them are ASCII and none is below the space; else none.
    #[inline]
    fn put_plain(&mut self, chunk: &[u8; PLAIN]) -> bool {
        // No early end: this is done to all bytes at once.
        let is_plain = chunk.iter().fold(true, |plain, byte| plain & (*byte as i8 >= b' ' as i8));
        if is_plain {
            let end = self.at + PLAIN;
            if self.bytes.len() < end {
                self.bytes.resize(end * 2, 0);
            }
            if let Some(bytes) = self.bytes.get_mut(self.at..end) {
                bytes.copy_from_slice(&chunk.map(|byte| byte.to_ascii_lowercase()));
            }
            self.at += PLAIN;
        }
        is_plain
    }

    /// Writes a character. With `WORDS`, gaps of all kinds become ones of ASCII, and a character that
    /// stands alone gets gaps around it.
    fn push<const WORDS: bool>(&mut self, c: char, class: Class) {
        let mut bytes = [0; 8];
        let len = c.encode_utf8(&mut bytes).len();
        let eight = u64::from_le_bytes(bytes);
        match class {
            Class::Gap if WORDS => self.put(u64::from(b' '), 1),
            Class::Alone if WORDS => {
                self.put(eight << 8 | u64::from(b' '), len + 1);
                self.put(u64::from(b' '), 1);
            }
            _ => self.put(eight, len),
        }
    }
}

/// The common part of [`fold_bytes`] and [`fold_words`]. With `WORDS` the result is only good for
/// being cut into words: all its gaps are ASCII.
fn fold_into<const WORDS: bool>(text: &[u8], options: FoldOptions, folded: &mut Vec<u8>) {
    let table = Short::table(options);
    folded.resize(text.len() + 8, 0);
    let mut out = Out { bytes: folded, at: 0 };
    let mut rest = text;
    // Whether what was written last was all plain.
    let mut runs = true;
    while !rest.is_empty() {
        if runs
            && let Some(chunk) = rest.first_chunk()
            && out.put_plain(chunk)
        {
            rest = rest.get(PLAIN..).unwrap_or_default();
            continue;
        }
        // Up to eight characters of ASCII at once.
        let eight = read_eight(rest);
        // Bytes beyond ASCII, and those below the space, some of which are spaces.
        let odd = (eight | !((eight & !HIGH) + EACH * 0x60)) & HIGH;
        let len = (odd.trailing_zeros() as usize / 8).min(rest.len());
        if len > 0 {
            out.put(eight | between(eight, b'A', b'Z') >> 2, len);
            rest = rest.get(len..).unwrap_or_default();
        }
        runs = len == 8;
        if runs {
            continue;
        }
        // Then as many others as follow.
        while let Some(&lead) = rest.first() {
            let (code, len) = match (lead, rest.get(1)) {
                (0xC2..=0xDF, Some(next @ 0x80..=0xBF)) => {
                    (usize::from(lead & 0x1F) << 6 | usize::from(next & 0x3F), 2)
                }
                (0..0x20, _) => (usize::from(lead), 1),
                (0x20..0x80, _) => break,
                _ => (usize::MAX, 0),
            };
            match table.get(code) {
                Some(short) if short.kind == Kind::Joined || !WORDS && short.kind == Kind::Gap => {
                    out.put(u64::from_le_bytes(short.bytes), short.len.into());
                    rest = rest.get(len..).unwrap_or_default();
                }
                Some(short) if short.kind == Kind::Gap => {
                    out.put(u64::from(b' '), 1);
                    rest = rest.get(len..).unwrap_or_default();
                }
                _ => {
                    let (c, len) = decode(rest);
                    rest = rest.get(len..).unwrap_or_default();
                    let plain = Plain::get();
                    if Plain::has(&plain.joined, c) {
                        out.push::<WORDS>(c, Class::Joined);
                    } else if Plain::has(&plain.alone, c) {
                        out.push::<WORDS>(c, Class::Alone);
                    } else {
                        fold_char(c, options, |f| out.push::<WORDS>(f, class_of(f)));
                    }
                }
            }
        }
    }
    let at = out.at;
    folded.truncate(at);
}

/// The first eight bytes, zero where there are none, the first one lowest.
#[inline]
pub fn read_eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
    }
}

/// The first character and its bytes. What is no character is replaced as
/// [`String::from_utf8_lossy`] does it. The bytes are one or more.
fn decode(bytes: &[u8]) -> (char, usize) {
    // No character is longer, and so much says where one that is broken off ends.
    let window = bytes.get(..4).unwrap_or(bytes);
    let Some(chunk) = window.utf8_chunks().next() else { return (char::REPLACEMENT_CHARACTER, 1) };
    match chunk.valid().chars().next() {
        Some(c) => (c, c.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, chunk.invalid().len().max(1)),
    }
}

/// Folds one character to none, one or several.
fn fold_char(c: char, options: FoldOptions, mut push: impl FnMut(char)) {
    match c {
        'a'..='z' | '0'..='9' | ' ' => push(c),
        // Tatweel, vowel marks, Koranic marks, superscript alef, direction marks, soft hyphen.
        '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' => {}
        '\u{00AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => {}
        'آ' | 'أ' | 'إ' | 'ٱ' => push('ا'),
        'ى' | 'ئ' | 'ی' => push('ي'),
        'ؤ' => push('و'),
        'ک' => push('ك'),
        'ء' => {}
        'ة' if options.ta_marbuta => push('ه'),
        '٠'..='٩' => push(char::from(b'0' + (c as u32 - '٠' as u32) as u8)),
        '۰'..='۹' => push(char::from(b'0' + (c as u32 - '۰' as u32) as u8)),
        '\u{0600}'..='\u{06FF}' => push(c),
        '’' | '‘' | 'ʼ' => push('\''),
        '“' | '”' | '«' | '»' => push('"'),
        '–' | '—' | '‑' | '−' => push('-'),
        c if c.is_whitespace() => push(' '),
        c => {
            for d in std::iter::once(c).nfkd() {
                if is_combining_mark(d) {
                    continue;
                }
                if d == c {
                    d.to_lowercase().filter(|l| !is_combining_mark(*l)).for_each(&mut push);
                } else {
                    fold_char(d, options, &mut push as &mut dyn FnMut(char));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_word_fold_to_one_form() {
        let check = |a: &str, b: &str| {
            assert_eq!(fold(a, FoldOptions::default()), fold(b, FoldOptions::default()), "{a} {b}");
        };
        check("إفريقيا", "أفريقيا");
        check("لـ«القاعدة»", "ل\"القاعده\"");
        check("صدّ", "صد");
        check("٢٠١٢", "2012");
        check("Ménaka", "menaka");
        check("Ségou", "SEGOU");
        check("ﻻ", "لا");
    }

    #[test]
    fn ta_marbuta_is_a_choice() {
        let strict = FoldOptions { ta_marbuta: false };
        assert_ne!(fold("جماعة", strict), fold("جماعه", strict));
    }

    /// Text that folding is known to have trouble with, and any other.
    fn hostile() -> impl Strategy<Value = String> {
        let marks = "[ا-يءآأإؤئىةپچژکی\u{640}\u{64B}-\u{65F}\u{670}٠-٩۰-۹،؟]{0,12}";
        let forms = "[\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}ßİıŉĲǄ½²ŁøÅéñΰΑЙё]{0,6}";
        let gaps = "[ \\t\\n\"'’“»«–—.,;:()\u{AD}\u{200B}-\u{200F}\u{300}-\u{308}😀𝔄𠀀中国カガ한]{0,6}";
        let part = prop_oneof!["[a-zA-Z0-9]{0,8}", "[ -~]{20,70}", marks, forms, gaps, ".{0,4}"];
        proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    /// A text with bytes cut out, put in and broken.
    fn broken() -> impl Strategy<Value = Vec<u8>> {
        (hostile(), proptest::collection::vec((any::<usize>(), any::<u8>(), any::<bool>()), 0..4)).prop_map(
            |(text, changes)| {
                let mut bytes = text.into_bytes();
                for (at, byte, cut) in changes {
                    let at = at % (bytes.len() + 1);
                    if cut { bytes.truncate(at) } else { bytes.insert(at, byte) }
                }
                bytes
            },
        )
    }

    fn found_words(text: &[u8], options: FoldOptions) -> Vec<String> {
        let mut found = Vec::new();
        fold_words(text, options, &mut Vec::new(), |word, len| {
            assert!(word.len() >= len + WORD_PADDING);
            found.push(String::from_utf8_lossy(&word[..len]).into_owned());
        });
        found
    }

    /// Words by the definition: of two neighbours both letters or digits, neither standing alone.
    fn words(folded: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut last = Class::Gap;
        for c in folded.chars() {
            let class = class_of(c);
            match (words.last_mut(), class) {
                (_, Class::Gap) => {}
                (Some(word), Class::Joined) if last == Class::Joined => word.push(c),
                _ => words.push(c.into()),
            }
            last = class;
        }
        words
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn bytes_fold_as_characters_do(text in broken(), ta_marbuta in any::<bool>()) {
            let options = FoldOptions { ta_marbuta };
            let truth = fold(&String::from_utf8_lossy(&text), options);
            let mut folded = b"what was there before".to_vec();
            fold_bytes(&text, options, &mut folded);
            prop_assert_eq!(String::from_utf8_lossy(&folded), truth.as_str());
            prop_assert_eq!(found_words(&text, options), words(&truth));
        }
    }

    #[test]
    fn every_character_folds_by_bytes_as_by_itself() {
        for options in [FoldOptions { ta_marbuta: true }, FoldOptions { ta_marbuta: false }] {
            for c in '\0'..=char::MAX {
                // A letter on each side shows whether the character parts words.
                let text = format!("a{c}a");
                let mut folded = Vec::new();
                fold_bytes(text.as_bytes(), options, &mut folded);
                let truth = fold(&text, options);
                assert_eq!(folded, truth.as_bytes(), "{c:?}");
                assert_eq!(found_words(text.as_bytes(), options), words(&truth), "{c:?}");
            }
        }
    }

    #[test]
    fn found_ranges_are_those_of_the_unfolded_text() {
        let folded = Folded::new("قالت إنّها في تُمبُكتو.", FoldOptions::default());
        let hits = folded.find_all(&fold("تمبكتو", FoldOptions::default()));
        assert_eq!(hits, [(14, 22)]);
        let folded = Folded::new("Ménaka", FoldOptions::default());
        assert_eq!(folded.find_all("menaka"), [(0, 6)]);
    }
}
