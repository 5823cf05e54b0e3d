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

/// Coordinates of which one at least is not as it should be.
#[cold]
pub fn degrees(
    reader: &Reader<'_>,
    read: [Result<(f64, Option<Issue>), Issue>; 2],
    fields: [&[u8]; 2],
    said: &mut Said,
) -> Option<(f64, f64)> {
    let plan = &reader.plan;
    let [lat, lon] = fields.map(|field| plan.forms.number(field));
    if let (Some(lat), Some(lon)) = (lat, lon) {
        if (90.0..=180.0).contains(&lat.abs()) && lon.abs() <= 90.0 {
            said.tell(Issue::SwappedCoordinates, plan.latitude);
            return None;
        }
        if lat.abs() <= 90.0 && lon.abs() > 180.0 && lon.abs() <= 540.0 {
            said.tell(Issue::BeyondDateLine, plan.longitude);
            let wrapped = (lon + 180.0).rem_euclid(360.0) - 180.0;
            return plan.remedies.wrap_longitude.then_some((lat, wrapped));
        }
    }
    let [lat, lon] = read;
    let (issue, column) = match (lat, lon) {
        (Err(issue), _) => (issue, plan.latitude),
        (_, Err(issue)) => (issue, plan.longitude),
        _ => return None,
    };
    said.tell(issue, column);
    None
}

/// Reads `14:30`, `14:30:15`, `1430`: seconds since midnight, and how long that lasts.
pub fn clock(field: &[u8]) -> Option<(i64, i64)> {
    let text = std::str::from_utf8(field).ok()?.trim();
    let (text, afternoon) = match text.to_ascii_lowercase() {
        lower if lower.ends_with("am") || lower.ends_with("pm") => {
            (text.get(..text.len() - 2)?.trim(), Some(lower.ends_with("pm")))
        }
        _ => (text.trim_end_matches(['Z', 'z']), None),
    };
    let mut parts = text.split(':').map(|part| {
        let whole = part.split('.').next().unwrap_or_default();
        (whole.len() <= 2 && !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| whole.parse::<i64>().ok())
            .flatten()
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let hour = match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        None => hour,
    };
    let lasts = if second.is_some() { 1 } else { 60 };
    let second = second.unwrap_or(Some(0))?;
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    fits.then_some((hour * 3600 + minute * 60 + second, lasts))
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
    fn times_of_day_are_read_or_refused() {
        assert_eq!(clock(b"14:30"), Some((52_200, 60)));
        assert_eq!(clock(b" 0:05:07.5"), Some((307, 1)));
        assert_eq!(clock(b"12:15 AM"), Some((900, 60)));
        assert_eq!(clock(b"2:00pm"), Some((50_400, 60)));
        for text in ["", "24:00", "12:60", "noon", "1:2:3:4", "13:00 pm", "-1:00", "12"] {
            assert_eq!(clock(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn sums_are_told_by_their_word() {
        assert!(["Total", "TOTAL:", "المجموع"].iter().all(|word| is_total(word.as_bytes())));
        assert!(!is_total(b"Total Energy") && !is_total(b""));
    }
}
