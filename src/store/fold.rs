//! Folding of text for search: spelling differences that do not change what is meant.
//!
//! Latin and Cyrillic lose case and diacritics; Arabic loses vowel marks and tatweel, and unifies
//! alef forms, hamza carriers, ya with alef maqsura, and digits. Ta marbuta folds to ha only on
//! request, because it merges different words.

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

    #[test]
    fn found_ranges_are_those_of_the_unfolded_text() {
        let folded = Folded::new("قالت إنّها في تُمبُكتو.", FoldOptions::default());
        let hits = folded.find_all(&fold("تمبكتو", FoldOptions::default()));
        assert_eq!(hits, [(14, 22)]);
        let folded = Folded::new("Ménaka", FoldOptions::default());
        assert_eq!(folded.find_all("menaka"), [(0, 6)]);
    }
}
