//! Fields of a table → days, degrees and numbers. Common forms on a short path, others on a long one.

use crate::model::time::{self, days_from_civil};
use crate::model::{DatePrecision, Interval};

/// A date as a field gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Date {
    /// Days since 1970-01-01.
    Day(i32),
    /// Another interval than one day.
    Other(Interval, DatePrecision),
}

/// Reads a date: `2024-07-27`, also before a time of day; `27 July 2024`; `2024-07` and other forms of
/// EDTF. `None` for anything else and for days that there are not.
pub fn date(field: &[u8]) -> Option<Date> {
    if let Some((day, [])) = iso_day(field) {
        return Some(Date::Day(day));
    }
    rarer_date(field)
}

#[cold]
fn rarer_date(field: &[u8]) -> Option<Date> {
    if let Some((day, [b'T' | b' ', ..])) = iso_day(field) {
        // Events are coded by day; what time of day programs write beside it means nothing.
        return Some(Date::Day(day));
    }
    let text = std::str::from_utf8(field).ok()?;
    if let Some(day) = worded_day(text) {
        return Some(Date::Day(day));
    }
    let when = time::parse_edtf(text).ok()?;
    Some(Date::Other(when.interval, when.precision))
}

/// The day that a field begins with, as `YYYY-MM-DD`, and what follows.
fn iso_day(field: &[u8]) -> Option<(i32, &[u8])> {
    let (&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2], rest) = field.split_first_chunk::<10>()? else {
        return None;
    };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2].map(|byte| byte.wrapping_sub(b'0'));
    if digits.iter().any(|digit| *digit > 9) {
        return None;
    }
    let [y1, y2, y3, y4, m1, m2, d1, d2] = digits.map(i64::from);
    let year = y1 * 1000 + y2 * 100 + y3 * 10 + y4;
    Some((day_of(year, m1 * 10 + m2, d1 * 10 + d2)?, rest))
}

/// `27 July 2024`, with the month in full or in three letters.
fn worded_day(text: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let mut words = text.split_ascii_whitespace();
    let (day, month, year) = (words.next()?, words.next()?.to_ascii_lowercase(), words.next()?);
    if words.next().is_some() || year.len() != 4 || day.len() > 2 {
        return None;
    }
    let at =
        MONTHS.iter().position(|name| *name == month || (month.len() == 3 && name.starts_with(&month)))?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?;
    day_of(number(year)?, at as i64 + 1, number(day)?)
}

fn day_of(year: i64, month: i64, day: i64) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year < 1 || !(1..=last).contains(&day) {
        return None;
    }
    i32::try_from(days_from_civil(year, month, day)).ok()
}

/// Reads a decimal number.
pub fn decimal(field: &[u8]) -> Option<f64> {
    plain_decimal(field).or_else(|| rarer_decimal(field))
}

/// `-12.3456`: digits and at most one point.
fn plain_decimal(field: &[u8]) -> Option<f64> {
    /// Powers of ten that double precision holds exactly; so is a mantissa of up to 15 digits, and
    /// their quotient is the number nearest to the one written.
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, field),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut mantissa, mut decimals, mut point) = (0u64, 0usize, false);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa * 10 + u64::from(digit);
            decimals += usize::from(point);
        } else if *byte == b'.' && !point {
            point = true;
        } else {
            return None;
        }
    }
    if digits.len() == usize::from(point) || (digits.len() == 16 && !point) {
        return None;
    }
    let value = mantissa as f64 / POWERS.get(decimals)?;
    Some(if negative { -value } else { value })
}

#[cold]
fn rarer_decimal(field: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?;
    // A comma is a decimal one where it is the only sign of its kind.
    let text = if text.matches(',').count() == 1 && !text.contains('.') {
        std::borrow::Cow::Owned(text.replace(',', "."))
    } else {
        std::borrow::Cow::Borrowed(text)
    };
    // Words like "inf" are numbers to the standard library.
    if text.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E')) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Reads a number of people: `12`, `12.0`, `1,234`. `None` for anything else, negative numbers among
/// it, and for what does not fit.
pub fn count(field: &[u8]) -> Option<u32> {
    if field.is_empty() || field.len() > 9 {
        return rarer_count(field);
    }
    let mut value = 0u32;
    for byte in field {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return rarer_count(field);
        }
        value = value * 10 + u32::from(digit);
    }
    Some(value)
}

#[cold]
fn rarer_count(field: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(field).ok()?;
    let whole = match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let groups: Vec<&str> = whole.split(',').collect();
    let (first, rest) = groups.split_first()?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = rest.is_empty() || first.len() <= 3;
    if !grouped || !digits(first) || rest.iter().any(|group| group.len() != 3 || !digits(group)) {
        return None;
    }
    // The greatest number stands for none in the column.
    groups.concat().parse().ok().filter(|count| *count < u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_or_refused() {
        let day = |text: &str| date(text.as_bytes());
        assert_eq!(day("1970-01-01"), Some(Date::Day(0)));
        assert_eq!(day("2024-02-29"), Some(Date::Day(19_782)));
        assert_eq!(day("29 February 2024"), Some(Date::Day(19_782)));
        assert_eq!(day("29 feb 2024"), Some(Date::Day(19_782)));
        assert_eq!(day("2024-02-29T00:00:00"), Some(Date::Day(19_782)));
        assert_eq!(day("2024-02-29 00:00:00.000"), Some(Date::Day(19_782)));
        assert!(matches!(day("2024-07"), Some(Date::Other(_, DatePrecision::Month))));
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-15",
            "2024-07-32",
            "0000-00-00",
            "31/02/2024",
            "2024-07-2x",
            "29 Febr 2024",
            "31 June 2024",
            "-1 May 2024",
            "soon",
            "10000-01-01",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(date(b"2024-\xFF7-01"), None);
    }

    #[test]
    fn numbers_are_read_or_refused() {
        let number = |text: &str| decimal(text.as_bytes());
        assert_eq!(number("-10.1394"), Some(-10.1394));
        assert_eq!(number("18,4411"), Some(18.4411));
        assert_eq!(number("4.2e1"), Some(42.0));
        assert_eq!(number("+5"), Some(5.0));
        assert_eq!(number("123456789012345678"), Some(123456789012345678.0));
        for text in ["", "-", ".", "1.2.3", "nan", "inf", "18°26'28\"N", "18.44N", "1e999", "1,2,3"] {
            assert_eq!(number(text), None, "{text}");
        }
        let people = |text: &str| count(text.as_bytes());
        assert_eq!(people("0"), Some(0));
        assert_eq!(people("1000000000"), Some(1_000_000_000));
        assert_eq!(people("1,234"), Some(1234));
        assert_eq!(people("3.0"), Some(3));
        for text in
            ["", "-99", "1e9", "9223372036854775808", "4294967295", "3.5", "1,23", "1234,567", ",", "."]
        {
            assert_eq!(people(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_short_path_reads_what_the_standard_library_reads(text in "-?[0-9]{0,9}\\.?[0-9]{0,7}") {
            prop_assert_eq!(plain_decimal(text.as_bytes()).or_else(|| text.parse().ok()), text.parse().ok());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
            let _ = (date(&bytes), decimal(&bytes), count(&bytes));
        }
    }
}
