//! Text within XML and HTML.

use std::borrow::Cow;

/// Escapes text for elements and attributes of XML 1.0. Characters that XML has no way to write become
/// replacement characters.
pub fn escape(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\'' | '\r') && is_xml(c);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Readers make line feeds of bare carriage returns.
            '\r' => out.push_str("&#13;"),
            c if is_xml(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
    Cow::Owned(out)
}

/// Whether XML 1.0 has the character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_element() {
        assert_eq!(escape("غاو & <b>"), "غاو &amp; &lt;b&gt;");
        assert_eq!(escape("\"'\r\n\t"), "&quot;&#39;&#13;\n\t");
        assert_eq!(escape("a\0b\u{1b}\u{FFFE}"), "a\u{FFFD}b\u{FFFD}\u{FFFD}");
        assert!(matches!(escape("plain"), Cow::Borrowed(_)));
    }
}
