//! Numbers, days and bytes as the plainest text, for readers of files that hold them in binary.

use std::fmt::Write as _;

/// Writes a number as its shortest digits, without an exponent. What is not a number stands for a missing
/// one in tables of numbers, and is left empty.
pub fn write_float(text: &mut String, value: f64) {
    // Nearly all numbers have few digits: those are the quotient of two whole numbers, and its digits are
    // the shortest ones because no two numbers of up to 15 digits are alike. Ten times as fast as the rest.
    let millionths = (value * 1e6).round();
    if millionths.abs() < 1e15 && millionths / 1e6 == value && !(value == 0.0 && value.is_sign_negative()) {
        if value < 0.0 {
            text.push('-');
        }
        let millionths = millionths.abs() as i64;
        write_whole(text, millionths / 1_000_000);
        let mut fraction = millionths % 1_000_000;
        if fraction > 0 {
            text.push('.');
            let mut unit = 100_000;
            while fraction > 0 {
                text.push(char::from(b'0' + (fraction / unit) as u8));
                fraction %= unit;
                unit /= 10;
            }
        }
    } else if !value.is_nan() {
        let _ = write!(text, "{value}");
    }
}

/// Writes a whole number.
pub fn write_whole(text: &mut String, value: i64) {
    let mut digits = [0_u8; 20];
    let mut left = value.unsigned_abs();
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        count += 1;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        text.push('-');
    }
    text.extend(digits.iter().skip(digits.len() - count).map(|digit| char::from(*digit)));
}

/// As [`write_float`] with the digits of a short number.
pub fn write_short_float(text: &mut String, value: f32) {
    if value.is_nan() {
        return;
    }
    let _ = write!(text, "{value}");
}

/// A day by its number since 1970, as ISO text; years beyond 9999 get a sign.
pub fn write_date(text: &mut String, days: i64) {
    // Days of eras of 400 years, counted from the 1st of March 0000, so that leap days are last.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    if (0..=9999).contains(&year) {
        // Formatting with widths takes several times as long, and there are millions of dates.
        let two = |value: i64| [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        let parts = [two(year / 100), two(year % 100), two(month), two(day)];
        for (at, pair) in parts.iter().enumerate() {
            if at >= 2 {
                text.push('-');
            }
            text.extend(pair.iter().map(|byte| char::from(*byte)));
        }
    } else {
        let _ = write!(text, "{year:+05}-{month:02}-{day:02}");
    }
}

/// Writes bytes as the text that they are, else as hexadecimal digits.
pub fn write_blob(text: &mut String, bytes: &[u8]) {
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match std::str::from_utf8(bytes) {
        Ok(value) if !value.contains(is_binary) => text.push_str(value),
        _ => {
            text.push_str("0x");
            for byte in bytes {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
        }
    }
}

/// A moment in ISO form without its time, if that is midnight.
pub fn midnight_off(moment: &str) -> &str {
    match moment.split_once('T') {
        Some((date, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z')) => date,
        _ => moment,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(write: impl Fn(&mut String)) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn numbers_have_no_exponent_and_no_idle_digits() {
        assert_eq!(made(|text| write_float(text, 12.0)), "12");
        assert_eq!(made(|text| write_float(text, 1e21)), "1000000000000000000000");
        assert_eq!(made(|text| write_float(text, f64::NAN)), "");
        assert_eq!(made(|text| write_short_float(text, 18.44)), "18.44");
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_the_library_does(value: f64, whole: i64, few in -1e9..1e9_f64, digits in 0..9) {
            let unit = 10_f64.powi(digits);
            for value in [value, few, (few * unit).round() / unit, whole as f64, -0.0, 0.1 + 0.2, few / 1e9] {
                if !value.is_nan() {
                    prop_assert_eq!(made(|text| write_float(text, value)), value.to_string());
                }
            }
            for whole in [whole, 0, i64::MIN, i64::MAX, whole >> 40] {
                prop_assert_eq!(made(|text| write_whole(text, whole)), whole.to_string());
            }
        }

        #[test]
        fn dates_are_those_of_the_calendar(days in -600_000..600_000_i32) {
            let date = jiff::civil::date(1970, 1, 1)
                .checked_add(jiff::Span::new().days(days)).expect("in range");
            let text = made(|text| write_date(text, i64::from(days)));
            prop_assert_eq!(text, date.to_string());
        }
    }
}
