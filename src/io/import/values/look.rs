//! What the values of a column tell about how they are written.
//!
//! A [`Look`] sees every field of a column, because one date among a million can be the only one that
//! tells day from month. Common forms are told by their shape, in some nanoseconds; of all others the
//! first ones are read in full, and then a part of them.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::dates::day_of;
use super::plain::plain;
use super::{Axis, Forms, is_blank};
use crate::model::import::{DateOrder, DecimalMark, Numbers, Sureness};

/// Rarer forms that are all read, and of further ones each how-manieth.
const READ_ALL: u64 = 256;
const READ_EACH: u64 = 256;
/// Bits by which different values are counted; estimates are good up to some ten times as many.
const BITS: usize = 4096;
const WORDS: usize = BITS / 64;

/// A value that decides something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub value: String,
    /// Which of the fields it was, counted from 0.
    pub row: u64,
}

/// Something that was seen how many times, and first where.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    times: u64,
    first: Option<Example>,
}

impl Seen {
    #[inline]
    fn add(&mut self, field: &[u8], row: u64) {
        self.times += 1;
        if self.first.is_none() {
            let value = String::from_utf8_lossy(field.get(..40).unwrap_or(field)).into_owned();
            self.first = Some(Example { value, row });
        }
    }

    fn merge(&mut self, other: &Self, rows: u64) {
        self.times += other.times;
        if self.first.is_none() {
            self.first = other.first.clone().map(|first| Example { row: first.row + rows, ..first });
        }
    }
}

/// What the fields of one column look like. [`Look::observe`] each of them, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    rows: u64,
    blanks: u64,
    /// Whole and decimal numbers.
    numbers: u64,
    fractions: u64,
    latitudes: u64,
    longitudes: u64,
    /// Dates that are told by their shape, those of digits alone apart.
    dates: u64,
    /// Of numbers: `20240727` and such, `2024` and `202407`.
    digit_days: u64,
    digit_years: u64,
    /// Of numbers: those that days of a spreadsheet, seconds and milliseconds since 1970 can be.
    serials: Seen,
    seconds: Seen,
    milliseconds: Seen,
    day_first: Seen,
    month_first: Seen,
    /// Dates that could be read either way.
    either: Seen,
    points: Seen,
    commas: Seen,
    /// Fields of rarer forms, how many of them were read, and as what.
    rare: u64,
    rare_read: u64,
    rare_dates: u64,
    rare_numbers: u64,
    rare_latitudes: u64,
    rare_longitudes: u64,
    rare_pairs: u64,
    values: Box<[u64; WORDS]>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            rows: 0,
            blanks: 0,
            numbers: 0,
            fractions: 0,
            latitudes: 0,
            longitudes: 0,
            dates: 0,
            digit_days: 0,
            digit_years: 0,
            serials: Seen::default(),
            seconds: Seen::default(),
            milliseconds: Seen::default(),
            day_first: Seen::default(),
            month_first: Seen::default(),
            either: Seen::default(),
            points: Seen::default(),
            commas: Seen::default(),
            rare: 0,
            rare_read: 0,
            rare_dates: 0,
            rare_numbers: 0,
            rare_latitudes: 0,
            rare_longitudes: 0,
            rare_pairs: 0,
            values: Box::new([0; WORDS]),
        }
    }
}

/// Up to three numbers with what stands between them, at the begin of a field.
struct Shape {
    parts: [u64; 3],
    lens: [u8; 3],
    num: usize,
    marks: [u8; 2],
    is_negative: bool,
    /// A time of day follows.
    has_time: bool,
}

impl Shape {
    /// `None` for all fields that are not digits and marks.
    #[inline]
    fn of(field: &[u8]) -> Option<Self> {
        let (is_negative, digits) = match field {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, field),
        };
        let mut shape =
            Self { parts: [0; 3], lens: [0; 3], num: 0, marks: [0; 2], is_negative, has_time: false };
        if digits.len() > 40 {
            return None;
        }
        let (mut value, mut len) = (0u64, 0u8);
        let mut at = 0;
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                if len >= 18 {
                    return None;
                }
                value = value * 10 + u64::from(digit);
                len += 1;
                continue;
            }
            if matches!(byte, b' ' | b'T') && at == 2 && len > 0 {
                shape.has_time = true;
                break;
            }
            if !matches!(byte, b'.' | b',' | b'/' | b'-') || at >= 2 || (len == 0 && *byte != b'.') {
                return None;
            }
            *shape.parts.get_mut(at)? = value;
            *shape.lens.get_mut(at)? = len;
            *shape.marks.get_mut(at)? = *byte;
            at += 1;
            (value, len) = (0, 0);
        }
        *shape.parts.get_mut(at)? = value;
        *shape.lens.get_mut(at)? = len;
        shape.num = at + 1;
        (len > 0).then_some(shape)
    }
}

impl Look {
    /// Looks at one field without its quoting and the blanks around it.
    #[inline]
    pub fn observe(&mut self, field: &[u8]) {
        let row = self.rows;
        self.rows += 1;
        if field.is_empty() {
            self.blanks += 1;
            return;
        }
        self.note_value(field);
        match Shape::of(field) {
            Some(shape) if self.take(&shape, field, row) => {}
            _ => self.observe_rare(field, row),
        }
    }

    /// Adds what was seen of the rows behind this one's.
    pub fn merge(&mut self, other: &Self) {
        let rows = self.rows;
        let seen = [
            (&mut self.serials, &other.serials),
            (&mut self.seconds, &other.seconds),
            (&mut self.milliseconds, &other.milliseconds),
            (&mut self.day_first, &other.day_first),
            (&mut self.month_first, &other.month_first),
            (&mut self.either, &other.either),
            (&mut self.points, &other.points),
            (&mut self.commas, &other.commas),
        ];
        for (mine, others) in seen {
            mine.merge(others, rows);
        }
        let counts = [
            (&mut self.rows, other.rows),
            (&mut self.blanks, other.blanks),
            (&mut self.numbers, other.numbers),
            (&mut self.fractions, other.fractions),
            (&mut self.latitudes, other.latitudes),
            (&mut self.longitudes, other.longitudes),
            (&mut self.dates, other.dates),
            (&mut self.digit_days, other.digit_days),
            (&mut self.digit_years, other.digit_years),
            (&mut self.rare, other.rare),
            (&mut self.rare_read, other.rare_read),
            (&mut self.rare_dates, other.rare_dates),
            (&mut self.rare_numbers, other.rare_numbers),
            (&mut self.rare_latitudes, other.rare_latitudes),
            (&mut self.rare_longitudes, other.rare_longitudes),
            (&mut self.rare_pairs, other.rare_pairs),
        ];
        for (mine, others) in counts {
            *mine += others;
        }
        for (mine, others) in self.values.iter_mut().zip(other.values.iter()) {
            *mine |= others;
        }
    }

    #[inline]
    fn note_value(&mut self, field: &[u8]) {
        let mut hasher = FxHasher::default();
        hasher.write(field.get(..48).unwrap_or(field));
        hasher.write_usize(field.len());
        let bit = (hasher.finish() >> 40) as usize % BITS;
        if let Some(word) = self.values.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Counts a field of a common shape; false if it is none.
    #[inline]
    fn take(&mut self, shape: &Shape, field: &[u8], row: u64) -> bool {
        let [a, b, c] = shape.parts;
        let [la, lb, lc] = shape.lens;
        match (shape.num, shape.marks) {
            (1, _) => {
                self.whole(shape, field, row);
                true
            }
            (2, [mark @ (b'.' | b','), _]) => {
                let scale = 10f64.powi(i32::from(lb));
                let value = a as f64 + b as f64 / scale;
                self.numbers += 1;
                self.fractions += 1;
                self.latitudes += u64::from(value <= 90.0);
                self.longitudes += u64::from(value <= 180.0);
                if (10_000.0..80_000.0).contains(&value) && !shape.is_negative {
                    self.serials.add(field, row);
                }
                let could_group = lb == 3 && (1..=3).contains(&la) && field.first() != Some(&b'0');
                if !could_group {
                    let seen = if mark == b'.' { &mut self.points } else { &mut self.commas };
                    seen.add(field, row);
                }
                true
            }
            (3, [first, second]) if first == second && first != b',' && !shape.is_negative => {
                if la == 4 && lb <= 2 && lc <= 2 && (1..=12).contains(&b) && (1..=31).contains(&c) {
                    self.dates += 1;
                    return true;
                }
                let is_short = (la, lb) <= (2, 2) && lb <= 2 && matches!(lc, 2 | 4);
                if is_short && (1..=31).contains(&a) && (1..=31).contains(&b) && !(a > 12 && b > 12) {
                    self.dates += 1;
                    match (a > 12, b > 12) {
                        (true, _) => self.day_first.add(field, row),
                        (_, true) => self.month_first.add(field, row),
                        _ if a != b => self.either.add(field, row),
                        _ => {}
                    }
                    return true;
                }
                // Two marks of thousands.
                false
            }
            (3, [first @ (b'.' | b','), second @ (b'.' | b',')]) if lb == 3 => {
                self.numbers += 1;
                if first != second {
                    self.fractions += 1;
                    let seen = if second == b'.' { &mut self.points } else { &mut self.commas };
                    seen.add(field, row);
                }
                true
            }
            _ => false,
        }
    }

    #[inline]
    fn whole(&mut self, shape: &Shape, field: &[u8], row: u64) {
        let ([value, _, _], [len, _, _]) = (shape.parts, shape.lens);
        self.numbers += 1;
        self.latitudes += u64::from(value <= 90);
        self.longitudes += u64::from(value <= 180);
        if shape.is_negative {
            return;
        }
        match len {
            4 if (1500..=2200).contains(&value) => self.digit_years += 1,
            5 if (10_000..80_000).contains(&value) => self.serials.add(field, row),
            6 if (1500..=2200).contains(&(value / 100)) && (1..=12).contains(&(value % 100)) => {
                self.digit_years += 1
            }
            8 if is_digit_day(value) => self.digit_days += 1,
            12 if is_digit_day(value / 10_000) && value / 100 % 100 < 24 => self.digit_days += 1,
            14 if is_digit_day(value / 1_000_000) => self.digit_days += 1,
            9 | 10 if (100_000_000..4_200_000_000).contains(&value) => self.seconds.add(field, row),
            _ => {}
        }
        if matches!(len, 12 | 13) && (100_000_000_000..4_200_000_000_000).contains(&value) {
            self.milliseconds.add(field, row);
        }
    }

    #[cold]
    fn observe_rare(&mut self, field: &[u8], row: u64) {
        if let Ok(text) = std::str::from_utf8(field.get(..60).unwrap_or(field))
            && !text.is_ascii()
            && let plain = plain(text)
            && let Some(shape) = Shape::of(plain.as_bytes())
            && self.take(&shape, plain.as_bytes(), row)
        {
            return;
        }
        self.rare += 1;
        if self.rare > READ_ALL && !self.rare.is_multiple_of(READ_EACH) {
            return;
        }
        if is_blank(field) {
            // As if it were not there, for all those that it stands for.
            self.rare -= 1;
            self.blanks += 1;
            return;
        }
        self.rare_read += 1;
        let forms = Forms::default();
        if forms.date(field).is_ok() {
            self.rare_dates += 1;
        } else if forms.number(field).is_ok() {
            self.rare_numbers += 1;
            self.rare_latitudes += u64::from(forms.degrees(field, Axis::Latitude).is_ok());
            self.rare_longitudes += u64::from(forms.degrees(field, Axis::Longitude).is_ok());
        } else {
            self.rare_latitudes += u64::from(forms.degrees(field, Axis::Latitude).is_ok());
            self.rare_longitudes += u64::from(forms.degrees(field, Axis::Longitude).is_ok());
            self.rare_pairs += u64::from(forms.pair(field).is_ok());
        }
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn blanks(&self) -> u64 {
        self.blanks
    }

    /// A share of the fields that are not blank, 0 to 1: some by shape and so many of the rarer ones as
    /// there were among those that were read.
    fn share(&self, common: u64, rare: u64) -> f32 {
        let filled = (self.rows - self.blanks) as f64;
        if filled == 0.0 {
            return 0.0;
        }
        let rare =
            if self.rare_read == 0 { 0.0 } else { self.rare as f64 * rare as f64 / self.rare_read as f64 };
        ((common as f64 + rare) / filled).min(1.0) as f32
    }

    /// Share of dates. Numbers are none, except `20240727` and the like.
    pub fn date_share(&self) -> f32 {
        self.share(self.dates + self.digit_days, self.rare_dates)
    }

    /// Share of numbers that can be seconds or milliseconds since 1970.
    pub fn moment_share(&self) -> f32 {
        self.share(self.seconds.times + self.milliseconds.times, 0)
    }

    /// Share of `2024` and `202407`.
    pub fn year_share(&self) -> f32 {
        self.share(self.digit_years, 0)
    }

    pub fn number_share(&self) -> f32 {
        self.share(self.numbers, self.rare_numbers)
    }

    /// Share of numbers with decimals.
    pub fn fraction_share(&self) -> f32 {
        self.share(self.fractions, self.rare_numbers)
    }

    /// Share of what can be a latitude; whole numbers can too.
    pub fn latitude_share(&self) -> f32 {
        self.share(self.latitudes, self.rare_latitudes)
    }

    pub fn longitude_share(&self) -> f32 {
        self.share(self.longitudes, self.rare_longitudes)
    }

    /// Share of both coordinates in one field.
    pub fn pair_share(&self) -> f32 {
        self.share(0, self.rare_pairs)
    }

    /// About how many different values there are; [`u64::MAX`] if more than can be estimated.
    pub fn distinct(&self) -> u64 {
        let set: u32 = self.values.iter().map(|word| word.count_ones()).sum();
        let free = BITS as f64 - f64::from(set);
        // Linear counting: of m places n values leave m·e^(−n/m) free.
        if free < 4.0 { u64::MAX } else { (-(BITS as f64) * (free / BITS as f64).ln()).round() as u64 }
    }

    /// Whether day or month comes first in dates like 03/04/2024, over all that were seen, with a value
    /// that shows it. A guess where dates could be read either way; certain where there are none.
    pub fn date_order(&self) -> (DateOrder, Sureness, Option<&Example>) {
        let (days, months) = (self.day_first.times, self.month_first.times);
        let order = if months > days { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        let (most, seen) = if months > days { (months, &self.month_first) } else { (days, &self.day_first) };
        match (most, days.min(months)) {
            (0, _) if self.either.times == 0 => (order, Sureness::Certain, None),
            (0, _) => (order, Sureness::Guess, self.either.first.as_ref()),
            (_, 0) => (order, Sureness::Certain, seen.first.as_ref()),
            _ => {
                let share = most as f64 / (days + months) as f64;
                (order, Sureness::Share(share as f32), seen.first.as_ref())
            }
        }
    }

    /// A value of the other order than [`Look::date_order`], if there is one.
    pub fn against_order(&self) -> Option<&Example> {
        if self.month_first.times > self.day_first.times {
            self.day_first.first.as_ref()
        } else {
            self.month_first.first.as_ref()
        }
    }

    /// What numbers count if the column is one of dates: something else than digits only if all of them
    /// can be it. Whether a spreadsheet counts from 1900 or 1904 the values do not tell.
    pub fn numbers(&self) -> (Numbers, Sureness, Option<&Example>) {
        let filled = self.rows - self.blanks;
        let counted = [
            (&self.serials, Numbers::Excel1900),
            (&self.seconds, Numbers::Seconds),
            (&self.milliseconds, Numbers::Milliseconds),
        ];
        if filled > 0 && self.digit_days + self.digit_years < filled {
            for (seen, numbers) in counted {
                if seen.times == filled {
                    return (numbers, Sureness::Share(1.0), seen.first.as_ref());
                }
            }
        }
        (Numbers::Digits, Sureness::Certain, None)
    }

    /// The decimal mark, over all numbers that tell it. A guess without one.
    pub fn decimal(&self) -> (DecimalMark, Sureness, Option<&Example>) {
        let (points, commas) = (self.points.times, self.commas.times);
        let (mark, seen) = if commas > points {
            (DecimalMark::Comma, &self.commas)
        } else {
            (DecimalMark::Point, &self.points)
        };
        let sureness = match (seen.times, points.min(commas)) {
            (0, _) => Sureness::Guess,
            (_, 0) => Sureness::Certain,
            _ => Sureness::Share((seen.times as f64 / (points + commas) as f64) as f32),
        };
        (mark, sureness, seen.first.as_ref())
    }
}

/// `20240727`
fn is_digit_day(value: u64) -> bool {
    let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
    (1500..=2200).contains(&year)
        && (month == 0 || day == 0 || day_of(year as i64, month as i64, day as i64).is_some())
}
