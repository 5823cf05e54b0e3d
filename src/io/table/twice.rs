//! Text that was encoded twice: UTF-8 taken for Windows-1252 and written as UTF-8 again.
//!
//! A character of several bytes then stands as that many characters: `é` as `Ã©`, `م` as `Ù…`. Such a
//! run is recognised by its form, which hardly any language writes: a character of Windows-1252 whose
//! byte begins a character of UTF-8, and as many as it announces whose bytes go on with it.

/// The byte that a character is in Windows-1252, with the unassigned ones as control characters.
fn byte_of(c: char) -> Option<u8> {
    /// The characters of 0x80 to 0x9F; 0 for the five that are not assigned.
    const UPPER: [u16; 32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
        0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0, 0x017E, 0x0178,
    ];
    match u32::from(c) {
        code @ (0..=0xFF) => Some(code as u8),
        code => {
            let at = UPPER.iter().position(|upper| u32::from(*upper) == code)?;
            Some(0x80 + at as u8)
        }
    }
}

/// The character that was meant at the begin of a text, and how many bytes of the text stand for it.
fn meant(text: &str) -> Option<(char, usize)> {
    let mut chars = text.char_indices();
    let lead = byte_of(chars.next()?.1)?;
    let more = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF4 => 3,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut len = 0;
    for slot in bytes.iter_mut().skip(1).take(more) {
        let (at, c) = chars.next()?;
        *slot = byte_of(c).filter(|byte| (0x80..=0xBF).contains(byte))?;
        len = at + c.len_utf8();
    }
    let c = std::str::from_utf8(bytes.get(..=more)?).ok()?.chars().next()?;
    Some((c, len))
}

/// Whether a text seems to be encoded twice somewhere.
pub fn is_double(text: &str) -> bool {
    !text.is_ascii() && text.char_indices().any(|(at, _)| text.get(at..).and_then(meant).is_some())
}

/// The text as it was meant; what was encoded once stays as it is.
pub fn undone(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (c, len) = meant(rest).unwrap_or((c, c.len_utf8()));
        plain.push(c);
        rest = rest.get(len..).unwrap_or_default();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a program makes of a text that takes UTF-8 for Windows-1252.
    fn doubled(text: &str) -> String {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_doubled_is_found_and_undone() {
        for text in ["Ségou", "مالي – “Kidal”", "Żółć €", "🙂"] {
            assert!(!is_double(text), "{text}");
            assert!(is_double(&doubled(text)), "{text}");
            assert_eq!(undone(&doubled(text)), text);
        }
        assert_eq!(undone("SÃ©gou, Ségou"), "Ségou, Ségou");
        assert!(!is_double("São Tomé, Ña, Århus, 5 °C") && !is_double(""));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC{0,40}") {
            prop_assume!(!is_double(&text));
            prop_assert_eq!(undone(&doubled(&text)), text);
        }

        #[test]
        fn what_is_not_doubled_stays(text in "[ -~\u{600}-\u{6ff}]{0,40}") {
            prop_assert_eq!(undone(&text), text);
        }
    }
}
