//! The numbers and words of a written date.

use super::words::{self, Word};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Num {
    pub value: i64,
    /// Number of digits.
    pub len: usize,
}

/// The parts of a written date.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    pub nums: Vec<Num>,
    pub month: Option<u8>,
    /// A season, a quarter or a week.
    pub mark: Option<Word>,
    /// What stands between numbers, if it is always the same.
    pub separator: Option<char>,
    /// Whether month and number are joined by something else than blanks.
    pub is_tight: bool,
    pub is_about: bool,
}

impl Tokens {
    /// `None` if there is something that is in no date.
    pub fn of(text: &str) -> Option<Self> {
        const MAX_NUMBERS: usize = 4;
        let mut tokens = Tokens::default();
        let mut rest = text.trim();
        if rest.starts_with(['-', '+', '.', '/', ',', '_']) {
            return None;
        }
        let mut between = String::new();
        let mut is_march_sure = true;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_digit() {
                let len = rest.bytes().take_while(u8::is_ascii_digit).count();
                let value = rest.get(..len)?.parse().ok().filter(|_| len <= 14)?;
                if !tokens.nums.is_empty() {
                    tokens.separate(&between);
                } else if tokens.month.is_some() {
                    tokens.is_tight = !between.contains(' ') && !between.is_empty();
                }
                tokens.nums.push(Num { value, len });
                between.clear();
                rest = without_ordinal(rest.get(len..)?);
                if tokens.nums.len() > MAX_NUMBERS {
                    return None;
                }
            } else if c.is_alphabetic() {
                let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                let mut word = rest.get(..len)?.to_owned();
                rest = rest.get(len..)?;
                if words::has_second_part(&word) {
                    let second = rest.trim_start();
                    let len = second.find(|c: char| !c.is_alphabetic()).unwrap_or(second.len());
                    word = format!("{word}_{}", second.get(..len)?);
                    rest = second.get(len..)?;
                }
                match words::word(&word)? {
                    Word::Month(month) => match tokens.month {
                        Some(known) if known != month && is_march_sure => return None,
                        _ => {
                            tokens.month = Some(month);
                            is_march_sure = true;
                        }
                    },
                    Word::MarchOrTuesday => {
                        if tokens.month.is_none() {
                            tokens.month = Some(3);
                            is_march_sure = false;
                        }
                    }
                    Word::Weekday | Word::Filler => {}
                    Word::About => tokens.is_about = true,
                    mark if tokens.mark.is_none() => tokens.mark = Some(mark),
                    _ => return None,
                }
                // A word between numbers joins them as a blank does.
                between.clear();
                between.push(' ');
                if tokens.month.is_some() && tokens.nums.is_empty() {
                    between.clear();
                }
            } else if " .,/-'_".contains(c) {
                between.push(c);
                rest = rest.get(c.len_utf8()..)?;
            } else {
                return None;
            }
        }
        let is_ended = between.trim().is_empty() || between.trim() == "." || between.trim() == ",";
        (is_ended && !(tokens.nums.is_empty() && tokens.month.is_none())).then_some(tokens)
    }

    fn separate(&mut self, between: &str) {
        let mut signs = between.chars().filter(|c| *c != ' ');
        let sign = match (signs.next(), signs.next()) {
            (None, _) => ' ',
            (Some(sign), None) => sign,
            // More than one sign is none that dates have.
            _ => '!',
        };
        self.separator = match self.separator {
            None if self.nums.len() == 1 => Some(sign),
            Some(known) if known == sign => Some(sign),
            _ => Some('!'),
        };
    }
}

/// Without the ending of an ordinal number: `1st`, `1er`, `3º`.
fn without_ordinal(text: &str) -> &str {
    const ENDINGS: [&str; 9] = ["st", "nd", "rd", "th", "er", "ère", "re", "ème", "e"];
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if ENDINGS.contains(&word) { rest } else { text.strip_prefix(['°', 'ª']).unwrap_or(text) }
}
