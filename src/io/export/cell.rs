//! One value of a table that is written, and its forms as text.

use std::borrow::Cow;

use crate::model::Interval;
use crate::model::time::{SECONDS_PER_DAY, civil_from_days};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// As the source has it: a number, or words.
    Source(&'a str),
    /// Counted from 1970-01-01.
    Day(i32),
    Integer(u64),
    Real(f64),
    Flag(bool),
}

impl<'a> Cell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    pub fn source(text: &'a str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Source(text) }
    }

    pub fn optional(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    pub fn count(count: Option<u32>) -> Self {
        count.map_or(Cell::Empty, |count| Cell::Integer(u64::from(count)))
    }

    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// As text, without any regard to programs that run cells.
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Source(text) => Cow::Borrowed(text),
            Cell::Day(day) => Cow::Owned(day_text(i64::from(*day))),
            Cell::Integer(number) => Cow::Owned(number.to_string()),
            Cell::Real(number) => Cow::Owned(number.to_string()),
            Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        }
    }

    /// As text that no spreadsheet runs; numbers stay numbers.
    pub fn harmless(&self) -> Cow<'_, str> {
        match self {
            Cell::Text(text) => harmless(text),
            Cell::Source(text) if !is_number(text) => harmless(text),
            _ => self.plain(),
        }
    }
}

/// Digits with at most a sign, a point and an exponent.
pub fn is_number(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes().all(plain) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A text that no spreadsheet runs as a formula: an apostrophe is put before `=`, `+`, `-`, `@`,
/// their full-width forms, tabs and line breaks at the start, also behind spaces and invisible
/// marks.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let first = text.chars().find(|c| !invisible(*c));
    let runs = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if runs || text.starts_with(['\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `2024-07-27`; years before 1 and after 9999 as ISO 8601 has them for those who agree.
pub fn day_text(day: i64) -> String {
    let (year, month, date) = civil_from_days(day);
    if (0..=9999).contains(&year) {
        format!("{year:04}-{month:02}-{date:02}")
    } else {
        let sign = if year < 0 { '-' } else { '+' };
        format!("{sign}{:04}-{month:02}-{date:02}", year.unsigned_abs())
    }
}

/// The first day of an interval that has one.
pub fn first_day(interval: Interval) -> Option<i32> {
    let known = !interval.is_unknown() && !interval.open_start();
    known.then(|| i32::try_from(interval.start.div_euclid(SECONDS_PER_DAY)).ok()).flatten()
}

/// The last day of an interval that has one, inclusive.
pub fn last_day(interval: Interval) -> Option<i32> {
    let known = !interval.is_unknown() && !interval.open_end();
    known.then(|| i32::try_from((interval.end - 1).div_euclid(SECONDS_PER_DAY)).ok()).flatten()
}

/// An interval in EDTF with all that it says: days where its limits are those of days, else the time.
/// Empty for an unknown one.
pub fn edtf(interval: Interval) -> String {
    if interval.is_unknown() {
        return String::new();
    }
    let whole = |limit: i64, open: bool| open || limit.rem_euclid(SECONDS_PER_DAY) == 0;
    if whole(interval.start, interval.open_start()) && whole(interval.end, interval.open_end()) {
        let text = |day: Option<i32>| day.map_or_else(|| "..".to_owned(), |day| day_text(i64::from(day)));
        return match (first_day(interval), last_day(interval)) {
            (Some(first), Some(last)) if first == last => day_text(i64::from(first)),
            (first, last) => format!("{}/{}", text(first), text(last)),
        };
    }
    // `T14` is the whole hour, `T14:30` the whole minute.
    for (length, clock) in [(1, 3), (60, 2), (3600, 1)] {
        if interval.start.checked_add(length) == Some(interval.end) && interval.start.rem_euclid(length) == 0
        {
            return moment(interval.start, clock);
        }
    }
    let start = if interval.open_start() { "..".to_owned() } else { moment(interval.start, 3) };
    let end = if interval.open_end() { "..".to_owned() } else { moment(interval.end - 1, 3) };
    format!("{start}/{end}")
}

/// `2024-07-27T14:30:00` with so many parts of the clock.
fn moment(seconds: i64, parts: usize) -> String {
    let clock = seconds.rem_euclid(SECONDS_PER_DAY);
    let clock = format!("{:02}:{:02}:{:02}", clock / 3600, clock % 3600 / 60, clock % 60);
    let clock = clock.get(..parts * 3 - 1).unwrap_or_default();
    format!("{}T{clock}", day_text(seconds.div_euclid(SECONDS_PER_DAY)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::parse_edtf;

    #[test]
    fn cells_that_would_run_are_made_harmless() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "  =1",
            "\u{A0}=1",
            "＝1",
            "\u{200F}=1",
            "\u{FEFF}@x",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "Gao", "a=1", "«قال»", "3-4", "'=1"] {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(Cell::Real(-3.99).harmless(), "-3.99");
        assert_eq!(Cell::Source("-99").harmless(), "-99");
        assert_eq!(Cell::Source("-1+2").harmless(), "'-1+2");
        assert_eq!(Cell::Source("-inf").harmless(), "'-inf");
    }

    #[test]
    fn dates_say_what_is_read_from_them() {
        for text in [
            "2024-07-27",
            "2024-05-01/2024-05-09",
            "2024-07-25/..",
            "../2008-12-31",
            "2024-07-27T14:30",
            "2024-07-27T14",
            "2024-07-27T14:30:05",
            "2024-07-27T14:30:00/2024-07-27T15:04:59",
            "2024-07-27T14:30:00/..",
        ] {
            assert_eq!(edtf(parse_edtf(text).expect("date").interval), text);
        }
        assert_eq!(edtf(parse_edtf("2024-07").expect("date").interval), "2024-07-01/2024-07-31");
        assert_eq!(edtf(Interval::UNKNOWN), "");
        assert_eq!(day_text(-735_000), "-0043-08-22");
    }

    #[test]
    fn limits_are_inclusive_and_open_ones_missing() {
        let limits = |text: &str| {
            let interval = parse_edtf(text).expect("date").interval;
            let text = |day: Option<i32>| day.map(|day| day_text(i64::from(day)));
            (text(first_day(interval)), text(last_day(interval)))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(limits("2024-07"), (some("2024-07-01"), some("2024-07-31")));
        assert_eq!(limits("2024-07-25/.."), (some("2024-07-25"), None));
        assert_eq!(limits("2024-07-27T14:30"), (some("2024-07-27"), some("2024-07-27")));
        assert_eq!((first_day(Interval::UNKNOWN), last_day(Interval::UNKNOWN)), (None, None));
    }
}
