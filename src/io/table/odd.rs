//! Rows and fields that are not as they should be: the slow paths of [`super::row`].

use std::ops::Range;

use crate::model::import::Issue;

use super::NONE;
use super::found::Said;
use super::segment::Reader;
use super::split::Fields;

/// Longer fields are told.
pub const HUGE_CHARS: usize = 100_000;

/// Why a row is no event, if it is none. Looked at for rows without a date, and with fields too few or
/// too many.
#[cold]
pub fn no_event(
    reader: &Reader<'_>,
    fields: &Fields<'_, '_>,
    is_dated: bool,
    is_event: bool,
) -> Option<Issue> {
    let found = fields.ends.len();
    let mut filled = (0..found).map(|at| fields.clean(at)).filter(|field| !field.is_empty());
    let Some(first) = filled.next() else { return Some(Issue::BlankFields) };
    let is_alone = filled.next().is_none();
    if is_dated {
        return None;
    }
    let is_short = is_alone || found < reader.num_fields;
    if first.starts_with(b"#") && (is_short || is_tags(fields)) {
        return Some(Issue::Comment);
    }
    if is_total(&first) {
        return Some(Issue::TotalRow);
    }
    let is_header = reader.columns.iter().enumerate().all(|(at, name)| {
        let field = fields.clean(at);
        field.as_ref() == name.as_bytes() || field.is_empty() && at >= found
    });
    if is_header && !reader.columns.is_empty() {
        return Some(Issue::RepeatedHeader);
    }
    (!is_event).then_some(Issue::NoEvent)
}

/// Whether most fields are hashtags, as the second line of files of the humanitarian exchange language.
fn is_tags(fields: &Fields<'_, '_>) -> bool {
    let filled = (0..fields.ends.len()).map(|at| fields.clean(at)).filter(|field| !field.is_empty());
    let (tags, all) = filled.fold((0, 0), |(tags, all), field| {
        let is_tag = matches!(field.as_ref(), [b'#', b'a'..=b'z' | b'A'..=b'Z', ..]);
        (tags + usize::from(is_tag), all + 1)
    });
    tags * 2 > all
}

/// Words for a sum below the data.
fn is_total(field: &[u8]) -> bool {
    const WORDS: [&str; 12] = [
        "total",
        "totals",
        "totaux",
        "grand total",
        "sum",
        "summe",
        "gesamt",
        "somme",
        "suma",
        "итого",
        "المجموع",
        "الإجمالي",
    ];
    if field.len() > 40 {
        return false;
    }
    let text = String::from_utf8_lossy(field).to_lowercase();
    let text = text.trim_end_matches([':', ' ', '.']);
    WORDS.contains(&text)
}

/// What is odd about the texts of a row.
pub fn texts(reader: &Reader<'_>, fields: &Fields<'_, '_>, range: Range<usize>, said: &mut Said) {
    let Some(record) = reader.bytes.get(range) else { return };
    if record.len() > HUGE_CHARS {
        huge(fields, said);
    }
    let is_text = std::str::from_utf8(record).is_ok();
    let has_controls = record.iter().any(|byte| is_control(*byte));
    let looks_twice = !is_text || has_controls || memchr::memchr2(0xC3, 0xC5, record).is_some();
    let has_backslash = reader.marks.quotes && memchr::memmem::find(record, b"\\\"").is_some();
    if !looks_twice && !has_backslash {
        return;
    }
    for at in 0..fields.ends.len() {
        let raw = fields.raw(at);
        match std::str::from_utf8(raw) {
            Ok(text) if super::twice::is_double(text) => said.tell(Issue::DoubleEncoded, at),
            Ok(_) => {}
            Err(_) => said.tell(Issue::BadText, at),
        }
        if raw.iter().any(|byte| is_control(*byte)) {
            said.tell(Issue::ControlCharacters, at);
        }
        if has_backslash && raw.first() == Some(&b'"') && memchr::memmem::find(raw, b"\\\"").is_some() {
            // It says better than the row as a whole what is odd.
            said.marks.retain(|mark| *mark != (Issue::OddQuotes, NONE));
            said.tell(Issue::OddQuotes, at);
        }
    }
    if has_controls && said.marks.iter().all(|(issue, _)| *issue != Issue::ControlCharacters) {
        said.tell(Issue::ControlCharacters, NONE);
    }
}

/// Tells fields that are too long for lists.
#[cold]
pub fn huge(fields: &Fields<'_, '_>, said: &mut Said) {
    for at in 0..fields.ends.len() {
        let raw = fields.raw(at);
        if raw.len() > HUGE_CHARS && String::from_utf8_lossy(raw).chars().count() > HUGE_CHARS {
            said.tell(Issue::HugeField, at);
        }
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7F
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_by_their_word() {
        assert!(["Total", "TOTAL:", "المجموع"].iter().all(|word| is_total(word.as_bytes())));
        assert!(!is_total(b"Total Energy") && !is_total(b""));
    }
}
