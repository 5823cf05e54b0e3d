//! Bytes → text, and a plain text file as a new document.
//!
//! A text is kept as stored: no newline conversion, no trimming, so that offsets into it hold.

use crate::model::{Document, Names, Problem};

/// How a text was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText {
    /// Where in the file, in bytes.
    pub offset: usize,
    pub reason: &'static str,
}

/// Decodes UTF-8, and UTF-16 with a byte order mark. A UTF-8 byte order mark stays in the text as
/// U+FEFF.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), NotText> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Ok((utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le)),
        [0xFE, 0xFF, rest @ ..] => Ok((utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be)),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
            Err(err) => Err(NotText {
                offset: err.valid_up_to(),
                reason: "the text is neither UTF-8 nor UTF-16 (perhaps Windows-1256?); save it as UTF-8 and open it again",
            }),
        },
    }
}

/// A plain text file as a document of the user's own: its name is its key and title, its text is
/// its original. Only the last part of `name` is used.
pub fn read_text_document(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    let (text, _) = decode(bytes).map_err(|NotText { offset, reason }| {
        let found = bytes.get(offset).map_or(String::new(), |byte| format!("0x{byte:02X}"));
        Problem::error(name, format!("byte {offset}"), found, reason)
    })?;
    let text = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if let Some(at) = text.find('\0') {
        return Err(Problem::error(
            name,
            format!("byte {at}"),
            "",
            "this is not a text: it holds a zero byte",
        ));
    }
    if text.trim().is_empty() {
        return Err(Problem::error(name, "", "", "the text is empty"));
    }
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let title = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| if stem.is_empty() { file_name } else { stem });
    let language = language_of(&text);
    let titles = if language == "ar" {
        Names { ar: Some(title.to_owned()), ..Names::default() }
    } else {
        Names::en(title)
    };
    Ok(Document {
        key: file_name.to_owned(),
        titles,
        language: language.to_owned(),
        attached: Some(text),
        ..Document::default()
    })
}

/// `ar` if most letters are Arabic, else `und` (not determined, BCP 47).
fn language_of(text: &str) -> &'static str {
    let (mut arabic, mut letters) = (0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(20_000) {
        letters += 1;
        arabic += usize::from(('\u{0600}'..='\u{06FF}').contains(&c));
    }
    if letters > 0 && arabic * 2 > letters { "ar" } else { "und" }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        let reason = "the text is UTF-16 by its first bytes, but ends in half a character";
        return Err(NotText { offset: bytes.len() + 1, reason });
    }
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let c = c.map_err(|_| NotText {
            offset,
            reason: "the text is UTF-16 by its first bytes, but a character is broken",
        })?;
        text.push(c);
        offset += 2 * c.len_utf16();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_as_stored() {
        let text = "أول\r\n\u{A0}ثان\n";
        assert_eq!(decode(text.as_bytes()), Ok((text.to_owned(), Encoding::Utf8)));
        let document = read_text_document("folder/مقال.txt", text.as_bytes()).expect("document");
        assert_eq!(document.attached.as_deref(), Some(text));
        assert_eq!((document.key.as_str(), document.language.as_str()), ("مقال.txt", "ar"));
        assert_eq!(document.titles.ar.as_deref(), Some("مقال"));
    }

    #[test]
    fn byte_order_marks_choose_the_encoding() {
        let le: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("غاو".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let be: Vec<u8> =
            [0xFE, 0xFF].into_iter().chain("غاو".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(decode(&le), Ok(("غاو".to_owned(), Encoding::Utf16Le)));
        assert_eq!(decode(&be), Ok(("غاو".to_owned(), Encoding::Utf16Be)));
        assert_eq!(decode(&le[..5]).map_err(|e| e.offset), Err(4));
        assert_eq!(decode(&[0xFF, 0xFE, b'a', 0, 0x00, 0xD8]).map_err(|e| e.offset), Err(4));
        let document = read_text_document("a.txt", "\u{FEFF}Gao".as_bytes()).expect("document");
        assert_eq!(document.attached.as_deref(), Some("Gao"));
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let problem = read_text_document("a.txt", b"ab\xC7\xE1").expect_err("Windows-1256");
        assert_eq!((problem.at.as_str(), problem.value.as_str()), ("byte 2", "0xC7"));
        assert!(problem.message.contains("UTF-8"));
        assert!(read_text_document("a.txt", b"a\0b").expect_err("binary").message.contains("zero byte"));
        assert!(read_text_document("a.txt", b" \n").is_err());
    }
}
