//! Paragraphs and their base direction.

use std::ops::Range;

/// Reading direction of a paragraph, a run or the whole interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    #[default]
    Ltr,
    Rtl,
}

impl Direction {
    pub fn is_rtl(self) -> bool {
        self == Self::Rtl
    }
}

/// A paragraph of a text: everything up to a line or paragraph separator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Without the separator.
    pub bytes: Range<usize>,
    /// With the separator: consecutive paragraphs touch and cover the whole text.
    pub full_bytes: Range<usize>,
    pub direction: Direction,
}

/// The direction of the first strong character that is not inside an isolate (rules P2 and P3 of UAX #9).
pub fn first_strong(text: &str) -> Option<Direction> {
    let mut isolate_depth = 0_usize;
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => isolate_depth += 1,
            '\u{2069}' => isolate_depth = isolate_depth.saturating_sub(1),
            _ if isolate_depth == 0 => {
                if let Some(direction) = strong_direction(c) {
                    return Some(direction);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether the text reads right to left by its first strong character.
pub fn is_rtl(text: &str) -> bool {
    first_strong(text) == Some(Direction::Rtl)
}

/// Whether most letters of the text are of scripts that read right to left.
pub fn is_mostly_rtl(text: &str) -> bool {
    let (rtl, all) = text
        .chars()
        .filter_map(strong_direction)
        .fold((0_usize, 0_usize), |(rtl, all), of| (rtl + usize::from(of.is_rtl()), all + 1));
    rtl * 2 > all
}

/// Splits at every line or paragraph separator; `"a\n"` is two paragraphs, `""` is one.
///
/// A paragraph without a strong character (a number, a rule of dashes) reads like the one before it,
/// else like the first one that has one, else left to right.
pub fn split_paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    let mut directions = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut push = |start: usize, end: usize, full_end: usize| {
        paragraphs.push(Paragraph {
            bytes: start..end,
            full_bytes: start..full_end,
            direction: Direction::Ltr,
        });
        directions.push(text.get(start..end).and_then(first_strong));
    };
    while let Some((byte, c)) = chars.next() {
        if !is_separator(c) {
            continue;
        }
        let mut full_end = byte + c.len_utf8();
        if c == '\r'
            && let Some((next_byte, '\n')) = chars.peek().copied()
        {
            chars.next();
            full_end = next_byte + 1;
        }
        push(start, byte, full_end);
        start = full_end;
    }
    push(start, text.len(), text.len());

    let mut current = directions.iter().flatten().next().copied().unwrap_or_default();
    for (paragraph, direction) in paragraphs.iter_mut().zip(directions) {
        current = direction.unwrap_or(current);
        paragraph.direction = current;
    }
    paragraphs
}

/// Characters that end a paragraph or force a new line (bidi class B, line breaking classes BK, CR, LF, NL).
fn is_separator(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Strong direction of one character: letters and marks of direction, not digits, marks or punctuation.
fn strong_direction(c: char) -> Option<Direction> {
    match c {
        '\u{200e}' => Some(Direction::Ltr),
        '\u{200f}' | '\u{61c}' => Some(Direction::Rtl),
        // Hebrew, Arabic, Syriac, Thaana, N'Ko, Samaritan, Mandaic and their presentation forms.
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}' => (!is_rtl_block_weak(c)).then_some(Direction::Rtl),
        _ if c.is_alphabetic() => Some(Direction::Ltr),
        _ => None,
    }
}

/// Characters of the right-to-left blocks that are marks, digits or neutral, hence not strong.
fn is_rtl_block_weak(c: char) -> bool {
    matches!(c,
        '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}' | '\u{5c7}'
        | '\u{600}'..='\u{607}' | '\u{609}'..='\u{60a}' | '\u{60c}' | '\u{60e}'..='\u{61a}'
        | '\u{64b}'..='\u{66c}' | '\u{670}' | '\u{6d6}'..='\u{6e4}' | '\u{6e7}'..='\u{6ed}'
        | '\u{6f0}'..='\u{6f9}' | '\u{711}' | '\u{730}'..='\u{74a}' | '\u{7a6}'..='\u{7b0}'
        | '\u{7eb}'..='\u{7f3}' | '\u{7f6}'..='\u{7f9}' | '\u{816}'..='\u{819}'
        | '\u{81b}'..='\u{823}' | '\u{825}'..='\u{827}' | '\u{829}'..='\u{82d}'
        | '\u{859}'..='\u{85b}' | '\u{890}'..='\u{891}' | '\u{898}'..='\u{89f}'
        | '\u{8ca}'..='\u{8ff}' | '\u{fb1e}' | '\u{fb29}' | '\u{fd3e}'..='\u{fd4f}'
        | '\u{fdcf}' | '\u{fdfd}'..='\u{fdff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_direction_comes_from_the_first_strong_character() {
        assert_eq!(first_strong("27 يوليو"), Some(Direction::Rtl));
        assert_eq!(first_strong("«JNIM» تعلن"), Some(Direction::Ltr));
        assert_eq!(first_strong("\u{a0}\u{64e} (50) قتل"), Some(Direction::Rtl));
        assert_eq!(first_strong("\u{200f}JNIM"), Some(Direction::Rtl));
        assert_eq!(first_strong("\u{2068}JNIM\u{2069} تعلن"), Some(Direction::Rtl));
        assert_eq!(first_strong("٢٠١٢ – 50 %"), None);
        assert_eq!(first_strong("Москва"), Some(Direction::Ltr));
    }

    #[test]
    fn prose_reads_as_most_of_its_letters() {
        assert!(!is_mostly_rtl("«وفي أبريل» without a year: the April before publication"));
        assert!(is_mostly_rtl("JNIM تعلن مسؤوليتها عن الهجوم"));
        assert!(!is_mostly_rtl("2012"));
    }

    #[test]
    fn paragraphs_cover_the_text_and_decide_for_themselves() {
        let text = "خبر أول\r\nSecond one\n2012\n\nرابع";
        let paragraphs = split_paragraphs(text);
        let found: Vec<_> = paragraphs.iter().map(|p| (&text[p.bytes.clone()], p.direction)).collect();
        assert_eq!(
            found,
            [
                ("خبر أول", Direction::Rtl),
                ("Second one", Direction::Ltr),
                ("2012", Direction::Ltr),
                ("", Direction::Ltr),
                ("رابع", Direction::Rtl),
            ]
        );
        let mut end = 0;
        for paragraph in &paragraphs {
            assert_eq!(paragraph.full_bytes.start, end);
            end = paragraph.full_bytes.end;
        }
        assert_eq!(end, text.len());
    }

    #[test]
    fn an_empty_text_is_one_paragraph_and_a_final_separator_opens_another() {
        assert_eq!(split_paragraphs("").len(), 1);
        assert_eq!(split_paragraphs("a\n").len(), 2);
    }
}
