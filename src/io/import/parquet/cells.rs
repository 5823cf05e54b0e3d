//! Values of Parquet's types as text.

use std::fmt::Write as _;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

use crate::io::import::plain::{write_blob, write_date, write_short_float, write_whole};

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Number,
    /// Whole numbers without a sign, of so many bits.
    Unsigned(u8),
    /// Days since 1970.
    Date,
    /// So many units a second, since midnight.
    Time(i64),
    /// So many units a second, since 1970; whether they are in UTC.
    Timestamp(i64, bool),
    /// Digits behind the point.
    Decimal(u32),
    Text,
    Uuid,
    Float16,
    /// Months, days and milliseconds.
    Interval,
    /// A geometry.
    Wkb,
    /// Text if it is, else hexadecimal digits.
    Bytes,
}

impl Meaning {
    /// What a column's values mean, by what its type says; old files say it in another way than new ones.
    pub fn of(column: &ColumnDescriptor) -> Self {
        let physical = column.physical_type();
        let scale = || u32::try_from(column.type_scale()).unwrap_or(0);
        let units = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let told = match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Some(Meaning::Text),
            Some(LogicalType::Decimal(_)) => Some(Meaning::Decimal(scale())),
            Some(LogicalType::Date) => Some(Meaning::Date),
            Some(LogicalType::Time(time)) => Some(Meaning::Time(units(&time.unit))),
            Some(LogicalType::Timestamp(time)) => {
                Some(Meaning::Timestamp(units(&time.unit), time.is_adjusted_to_u_t_c))
            }
            Some(LogicalType::Integer(int)) if !int.is_signed => {
                Some(Meaning::Unsigned(int.bit_width.unsigned_abs()))
            }
            Some(LogicalType::Uuid) => Some(Meaning::Uuid),
            Some(LogicalType::Float16) => Some(Meaning::Float16),
            Some(LogicalType::Geometry(_) | LogicalType::Geography(_)) => Some(Meaning::Wkb),
            _ => match column.converted_type() {
                ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Some(Meaning::Text),
                ConvertedType::DATE => Some(Meaning::Date),
                ConvertedType::TIME_MILLIS => Some(Meaning::Time(1000)),
                ConvertedType::TIME_MICROS => Some(Meaning::Time(1_000_000)),
                ConvertedType::TIMESTAMP_MILLIS => Some(Meaning::Timestamp(1000, true)),
                ConvertedType::TIMESTAMP_MICROS => Some(Meaning::Timestamp(1_000_000, true)),
                ConvertedType::DECIMAL => Some(Meaning::Decimal(scale())),
                ConvertedType::UINT_8 => Some(Meaning::Unsigned(8)),
                ConvertedType::UINT_16 => Some(Meaning::Unsigned(16)),
                ConvertedType::UINT_32 => Some(Meaning::Unsigned(32)),
                ConvertedType::UINT_64 => Some(Meaning::Unsigned(64)),
                ConvertedType::INTERVAL => Some(Meaning::Interval),
                _ => None,
            },
        };
        let fits = |meaning: &Meaning| match meaning {
            Meaning::Date => physical == Physical::INT32,
            Meaning::Time(1000) => physical == Physical::INT32,
            Meaning::Time(_) | Meaning::Timestamp(..) => physical == Physical::INT64,
            Meaning::Unsigned(_) => matches!(physical, Physical::INT32 | Physical::INT64),
            Meaning::Decimal(scale) => {
                *scale <= 64
                    && !matches!(
                        physical,
                        Physical::BOOLEAN | Physical::INT96 | Physical::FLOAT | Physical::DOUBLE
                    )
            }
            Meaning::Text | Meaning::Wkb => {
                matches!(physical, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY)
            }
            Meaning::Uuid | Meaning::Float16 | Meaning::Interval => {
                physical == Physical::FIXED_LEN_BYTE_ARRAY
            }
            Meaning::Number | Meaning::Bytes => true,
        };
        told.filter(fits).unwrap_or(match physical {
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Meaning::Bytes,
            _ => Meaning::Number,
        })
    }
}

/// Writes a whole number.
pub fn write_int(text: &mut String, value: i64, meaning: Meaning) {
    // Writing to a string cannot fail.
    let _ = match meaning {
        Meaning::Date => return write_date(text, value),
        Meaning::Time(units) => return write_time(text, value, units),
        Meaning::Timestamp(units, is_utc) => return write_timestamp(text, value, units, is_utc),
        Meaning::Decimal(scale) => return write_decimal(text, i128::from(value), scale),
        Meaning::Unsigned(64) => write!(text, "{}", value as u64),
        // Shorter ones are held in 32 bits.
        Meaning::Unsigned(_) => write!(text, "{}", value as u32),
        _ => return write_whole(text, value),
    };
}

/// Writes bytes by their meaning. Returns whether they are what they should be.
pub fn write_bytes(text: &mut String, bytes: &[u8], meaning: Meaning) -> bool {
    match (meaning, bytes) {
        (Meaning::Text, _) => match std::str::from_utf8(bytes) {
            Ok(value) => text.push_str(value),
            Err(_) => {
                text.push_str(&String::from_utf8_lossy(bytes));
                return false;
            }
        },
        (Meaning::Decimal(scale), _) if bytes.len() <= 16 => {
            let is_negative = bytes.first().is_some_and(|first| *first >= 0x80);
            let start = if is_negative { -1_i128 } else { 0 };
            let value = bytes.iter().fold(start, |value, byte| value << 8 | i128::from(*byte));
            write_decimal(text, value, scale);
        }
        (Meaning::Float16, [low, high]) => write_short_float(text, half(u16::from_le_bytes([*low, *high]))),
        (Meaning::Uuid, _) if bytes.len() == 16 => {
            for (at, byte) in bytes.iter().enumerate() {
                if matches!(at, 4 | 6 | 8 | 10) {
                    text.push('-');
                }
                let _ = write!(text, "{byte:02x}");
            }
        }
        (Meaning::Interval, _) => match bytes.as_chunks::<4>().0 {
            [months, days, millis] => {
                let millis = u32::from_le_bytes(*millis);
                let _ = write!(text, "P{}M{}D", u32::from_le_bytes(*months), u32::from_le_bytes(*days));
                if millis > 0 {
                    let _ = write!(text, "T{}S", f64::from(millis) / 1000.0);
                }
            }
            _ => write_blob(text, bytes),
        },
        _ => write_blob(text, bytes),
    }
    true
}

fn write_decimal(text: &mut String, value: i128, scale: u32) {
    if scale == 0 {
        let _ = write!(text, "{value}");
        return;
    }
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    let sign = if value < 0 { "-" } else { "" };
    let _ = write!(text, "{sign}{whole}.{fraction}");
}

/// A number of 16 bits: one of sign, five of exponent, ten of fraction.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3ff) / 1024.0);
    sign * match exponent {
        0 => fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}

fn write_time(text: &mut String, value: i64, units: i64) {
    let (seconds, fraction) = (value.div_euclid(units), value.rem_euclid(units));
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let _ = write!(text, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
    if fraction > 0 {
        let width = units.ilog10() as usize;
        let digits = format!("{fraction:0width$}");
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
}

/// A moment as ISO text. Midnight is not written: columns of days are often held as moments.
pub fn write_timestamp(text: &mut String, value: i64, units: i64, is_utc: bool) {
    let day_units = units.saturating_mul(86_400);
    let (days, rest) = (value.div_euclid(day_units), value.rem_euclid(day_units));
    write_date(text, days);
    if rest != 0 {
        text.push('T');
        write_time(text, rest, units);
        if is_utc {
            text.push('Z');
        }
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
    fn whole_numbers_by_meaning() {
        let int = |value, meaning| made(|text| write_int(text, value, meaning));
        assert_eq!(int(19_931, Meaning::Date), "2024-07-27");
        assert_eq!(int(-1, Meaning::Date), "1969-12-31");
        assert_eq!(int(i64::from(i32::MAX), Meaning::Date), "+5881580-07-11");
        assert_eq!(int(45_296_789, Meaning::Time(1000)), "12:34:56.789");
        assert_eq!(int(1_722_038_400_000, Meaning::Timestamp(1000, true)), "2024-07-27");
        assert_eq!(int(1_722_081_696_500_000, Meaning::Timestamp(1_000_000, true)), "2024-07-27T12:01:36.5Z");
        assert_eq!(int(-1_000_000_000, Meaning::Timestamp(1_000_000_000, false)), "1969-12-31T23:59:59");
        assert_eq!(int(-1, Meaning::Unsigned(32)), "4294967295");
        assert_eq!(int(-5, Meaning::Decimal(2)), "-0.05");
        assert_eq!(int(-5, Meaning::Number), "-5");
    }

    #[test]
    fn bytes_by_meaning() {
        let bytes = |bytes: &[u8], meaning| {
            made(|text| {
                write_bytes(text, bytes, meaning);
            })
        };
        assert_eq!(bytes(&[0xff, 0x38], Meaning::Decimal(2)), "-2.00");
        assert_eq!(bytes(&[0x00, 0x3e], Meaning::Float16), "1.5");
        assert_eq!(bytes(&[0xab; 16], Meaning::Uuid), "abababab-abab-abab-abab-abababababab");
        assert_eq!(bytes(&[1, 0, 0, 0, 2, 0, 0, 0, 220, 5, 0, 0], Meaning::Interval), "P1M2DT1.5S");
        assert_eq!(bytes(b"plain", Meaning::Bytes), "plain");
        assert_eq!(bytes(&[0, 255], Meaning::Bytes), "0x00ff");
        assert!(!write_bytes(&mut String::new(), &[0xff], Meaning::Text));
    }

    proptest! {
        #[test]
        fn any_value_is_written(value: i64, bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
            for meaning in [
                Meaning::Number, Meaning::Unsigned(8), Meaning::Date, Meaning::Time(1000),
                Meaning::Timestamp(1_000_000_000, true), Meaning::Decimal(64), Meaning::Decimal(0),
                Meaning::Text, Meaning::Uuid, Meaning::Float16, Meaning::Interval, Meaning::Bytes,
            ] {
                write_int(&mut String::new(), value, meaning);
                write_bytes(&mut String::new(), &bytes, meaning);
            }
        }
    }
}
