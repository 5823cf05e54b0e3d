//! Values of files as they are safe to show. What would act instead of being seen (controls, marks that
//! steer the direction of text) is replaced by a symbol, so that nobody is misled about what a file
//! says.

use std::borrow::Cow;

/// A value on one line.
pub fn shown(value: &str) -> Cow<'_, str> {
    replaced(value, |c| is_hidden(c) || is_break(c))
}

/// A value on as many lines as it has.
pub fn shown_lines(value: &str) -> Cow<'_, str> {
    replaced(value, |c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

/// A value inside a sentence: what reads in another direction stays apart from what is around it.
pub fn quoted(value: &str) -> Cow<'_, str> {
    let text = shown(value);
    if text.is_ascii() { text } else { Cow::Owned(format!("\u{2068}{text}\u{2069}")) }
}

fn replaced(value: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !value.chars().any(&hides) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.chars().map(|c| if hides(c) { symbol(c) } else { c }).collect())
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Whether a character does something instead of being seen. Joiners shape the letters about them and
/// cannot mislead.
fn is_hidden(c: char) -> bool {
    let joins = matches!(c, '\u{200C}' | '\u{200D}');
    let steers = matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    c.is_control() || (steers && !joins)
}

/// What stands for a hidden character. Controls have pictures of their own.
fn symbol(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => '↵',
        '\t' => '→',
        _ => '¤',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(shown("Bamako"), "Bamako");
        assert_eq!(shown("a\nb\tc"), "a↵b→c");
        assert_eq!(shown_lines("a\nb\u{0}"), "a\nb¤");
        assert_eq!(shown("\u{202E}txt.exe\u{0}"), "¤txt.exe¤");
        assert_eq!(shown("می\u{200C}خواهم"), "می\u{200C}خواهم");
        assert_eq!(quoted("31/06"), "31/06");
        assert_eq!(quoted("مالي"), "\u{2068}مالي\u{2069}");
        assert!(matches!(shown("مالي"), Cow::Borrowed(_)));
    }
}
