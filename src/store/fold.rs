//! Folding of text for search: spelling differences that do not change what is meant.
//!
//! Latin and Cyrillic lose case and diacritics; Arabic loses vowel marks and tatweel, and unifies
//! alef forms, hamza carriers, ya with alef maqsura, and digits. Ta marbuta folds to ha only on
//! request, because it merges different words.

use std::sync::LazyLock;

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

/// Appends the folded form of a text of bytes to `folded`, which stays UTF-8.
///
/// The same as [`fold`] of the text with what is not UTF-8 replaced as [`String::from_utf8_lossy`]
/// does it, an order of magnitude faster for texts of ASCII, Latin, Cyrillic and Arabic letters.
pub fn fold_bytes(text: &[u8], options: FoldOptions, folded: &mut Vec<u8>) {
    fold_and_cut(text, options, folded, |_| {});
}

/// Like [`fold_bytes`], and calls `on_word` for each word of the folded form, in order.
///
/// A word is a longest run of letters and digits; of scripts that write whole sentences without a
/// space (see [`stands_alone`]) each character is a word. Whether two characters belong to one word
/// depends on nothing but these two, so that every part of a text is cut where the text is.
pub fn fold_words(text: &[u8], options: FoldOptions, folded: &mut Vec<u8>, on_word: impl FnMut(&[u8])) {
    fold_and_cut(text, options, folded, on_word);
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
/// The top bit of an entry of [`Table::ascii`].
const JOINED: u8 = 0x80;

/// What characters fold to, worked out once by [`fold_char`].
struct Table {
    /// For each ASCII character the one that it folds to, with [`JOINED`] if that is of a word.
    ascii: [u8; 128],
    /// For each character below [`TWO_BYTES`].
    short: Vec<Short>,
}

#[derive(Clone, Copy, Default)]
struct Short {
    bytes: [u8; 6],
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

impl Table {
    fn new(options: FoldOptions) -> Self {
        let mut table = Self { ascii: [0; 128], short: vec![Short::default(); TWO_BYTES as usize] };
        for (c, short) in (0..TWO_BYTES).filter_map(char::from_u32).zip(&mut table.short) {
            *short = Short::new(c, options);
        }
        for (entry, short) in table.ascii.iter_mut().zip(&table.short) {
            let [byte, ..] = short.bytes;
            *entry = if short.kind == Kind::Joined { byte | JOINED } else { byte };
        }
        table
    }

    fn of(options: FoldOptions) -> &'static Self {
        static WEAK: LazyLock<Table> = LazyLock::new(|| Table::new(FoldOptions { ta_marbuta: true }));
        static STRICT: LazyLock<Table> = LazyLock::new(|| Table::new(FoldOptions { ta_marbuta: false }));
        if options.ta_marbuta { &WEAK } else { &STRICT }
    }
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
}

/// Characters of three bytes that fold to themselves and belong to a word, one bit each: all but
/// [`fold_char`] of them is wasted work. Both ways of folding agree on them.
struct Plain {
    joined: Vec<u64>,
    alone: Vec<u64>,
}

impl Plain {
    fn get() -> &'static Self {
        static PLAIN: LazyLock<Plain> = LazyLock::new(|| {
            let mut plain = Plain { joined: vec![0; 1024], alone: vec![0; 1024] };
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
        });
        &PLAIN
    }

    fn has(bits: &[u64], c: char) -> bool {
        bits.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}

/// The word that is being written at the end of a folded text.
struct Cutter<'a, F> {
    folded: &'a mut Vec<u8>,
    /// Where the word begins.
    start: usize,
    on_word: F,
}

impl<F: FnMut(&[u8])> Cutter<'_, F> {
    /// Ends the word.
    #[inline]
    fn cut(&mut self) {
        if let Some(word) = self.folded.get(self.start..).filter(|word| !word.is_empty()) {
            (self.on_word)(word);
        }
        self.start = self.folded.len();
    }

    fn push(&mut self, c: char, class: Class) {
        let bytes = &mut [0; 4];
        let bytes = c.encode_utf8(bytes).as_bytes();
        if class == Class::Joined {
            self.folded.extend_from_slice(bytes);
            return;
        }
        self.cut();
        self.folded.extend_from_slice(bytes);
        if class == Class::Alone {
            self.cut();
        }
        self.start = self.folded.len();
    }
}

/// The common part of [`fold_bytes`] and [`fold_words`].
#[inline]
fn fold_and_cut(text: &[u8], options: FoldOptions, folded: &mut Vec<u8>, on_word: impl FnMut(&[u8])) {
    let table = Table::of(options);
    folded.reserve(text.len());
    let start = folded.len();
    let mut out = Cutter { folded, start, on_word };
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(lead) = rest.first().copied()
    {
        if let Some(entry) = table.ascii.get(lead as usize) {
            at += 1;
            if entry & JOINED != 0 {
                out.folded.push(entry & !JOINED);
            } else {
                out.cut();
                out.folded.push(*entry);
                out.start = out.folded.len();
            }
            continue;
        }
        if let (0xC2..=0xDF, Some(next @ 0x80..=0xBF)) = (lead, rest.get(1)) {
            at += 2;
            let code = u32::from(lead & 0x1F) << 6 | u32::from(next & 0x3F);
            let short = table.short.get(code as usize).copied().unwrap_or_default();
            let bytes = short.bytes.get(..short.len as usize).unwrap_or_default();
            match short.kind {
                Kind::Joined => out.folded.extend_from_slice(bytes),
                Kind::Gap => {
                    out.cut();
                    out.folded.extend_from_slice(bytes);
                    out.start = out.folded.len();
                }
                Kind::Odd => {
                    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    fold_char(c, options, |f| out.push(f, class_of(f)));
                }
            }
            continue;
        }
        let (c, len) = decode(rest);
        at += len;
        let plain = Plain::get();
        if Plain::has(&plain.joined, c) {
            out.push(c, Class::Joined);
        } else if Plain::has(&plain.alone, c) {
            out.push(c, Class::Alone);
        } else {
            fold_char(c, options, |f| out.push(f, class_of(f)));
        }
    }
    out.cut();
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
        let part = prop_oneof!["[a-zA-Z0-9]{0,8}", marks, forms, gaps, ".{0,4}"];
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
            let (mut folded, mut found) = (Vec::new(), Vec::new());
            fold_words(&text, options, &mut folded, |word| {
                found.push(String::from_utf8_lossy(word).into_owned());
            });
            prop_assert_eq!(String::from_utf8_lossy(&folded), truth.as_str());
            prop_assert_eq!(found, words(&truth));
        }
    }

    #[test]
    fn every_character_folds_by_bytes_as_by_itself() {
        for options in [FoldOptions { ta_marbuta: true }, FoldOptions { ta_marbuta: false }] {
            for c in '\0'..=char::MAX {
                // A letter on each side shows whether the character parts words.
                let text = format!("a{c}a");
                let (mut folded, mut found) = (Vec::new(), Vec::new());
                fold_words(text.as_bytes(), options, &mut folded, |word| {
                    found.push(String::from_utf8_lossy(word).into_owned());
                });
                let truth = fold(&text, options);
                assert_eq!(folded, truth.as_bytes(), "{c:?}");
                assert_eq!(found, words(&truth), "{c:?}");
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
