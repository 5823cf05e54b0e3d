//! Dates as people and programs write them.
//!
//! The calendar day that is written is the day of the event: an offset from UTC says where the clock
//! hung that was read, not that the event was on another day. A time of day makes the date more precise,
//! except midnight, which programs write where there is none.
//!
//! A year of two digits is the latest one that is not after [`LATEST_SHORT_YEAR`].

use super::plain::plain;
use super::words::{self, Word};
use super::{Forms, Reading, is_blank, numbers};
use crate::model::import::{DateOrder, Issue, Numbers};
use crate::model::time::{SECONDS_PER_DAY, civil_from_days, days_from_civil};
use crate::model::{DatePrecision, Interval};

/// Years of two digits are taken for this one or one of the 99 before it, so that no old record lands
/// in the future. A constant, because the same file must be read alike on every day.
pub const LATEST_SHORT_YEAR: i64 = 2030;

/// 1800-01-01 and 2100-12-31; see [`Issue::FarDate`].
const FAR: std::ops::RangeInclusive<i64> = -62_091..=47_846;
/// No written date is longer.
const MAX_BYTES: usize = 120;

/// A date as a field gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Date {
    /// Days since 1970-01-01.
    Day(i32),
    /// Another interval than one day, or a day that is not known as such.
    Other(Interval, DatePrecision),
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Seconds since midnight, 0 to 86,400 (`24:00`).
    pub start: u32,
    /// Seconds that the way of writing leaves open: 1, 60 or 3600.
    pub length: u32,
}

impl Date {
    pub fn interval(self) -> Interval {
        match self {
            Date::Day(day) => {
                let start = i64::from(day) * SECONDS_PER_DAY;
                Interval { start, end: start + SECONDS_PER_DAY }
            }
            Date::Other(interval, _) => interval,
        }
    }

    pub fn precision(self) -> DatePrecision {
        match self {
            Date::Day(_) => DatePrecision::Day,
            Date::Other(_, precision) => precision,
        }
    }

    /// The date on whose day it was this time. Anything but a day stays as it is, and so does a day at
    /// midnight.
    pub fn at(self, clock: Clock) -> Self {
        let Date::Day(day) = self else { return self };
        if clock.start == 0 {
            return self;
        }
        let start = i64::from(day) * SECONDS_PER_DAY + i64::from(clock.start);
        if i64::from(clock.start) >= SECONDS_PER_DAY {
            return Date::Day(day.saturating_add(1));
        }
        Date::Other(Interval { start, end: start + i64::from(clock.length) }, DatePrecision::Time)
    }

    /// From the begin of one date to the end of another, which is [`Issue::EndBeforeBegin`] if it lies
    /// before. `None` is an open end, which not both can be.
    pub fn between(begin: Option<Date>, end: Option<Date>) -> Result<Date, Issue> {
        if let (Some(Date::Day(a)), Some(Date::Day(b))) = (begin, end)
            && a == b
        {
            return Ok(Date::Day(a));
        }
        let precision = [begin, end].into_iter().flatten().map(Date::precision).max().ok_or(Issue::NoDate)?;
        let start = begin.map_or(Interval::OPEN_START, |date| date.interval().start);
        let last = end.map_or(Interval::OPEN_END, |date| date.interval().end);
        if last <= start {
            return Err(Issue::EndBeforeBegin);
        }
        let precision = precision.max(DatePrecision::Days);
        Ok(Date::Other(Interval { start, end: last }, precision))
    }
}

/// Whether a field stands for the open end of an interval.
pub fn is_open(field: &[u8]) -> bool {
    field == b".." || field == "…".as_bytes()
}

impl Forms {
    /// Reads a date in any form: ISO 8601 with or without a time, EDTF, day, month and year in either
    /// order, names of months in several languages, digits of Arabic and Persian, intervals.
    ///
    /// Errors: [`Issue::NoDate`] for a blank, [`Issue::NoSuchDate`] for a day that there is not,
    /// [`Issue::DateForm`] for all else that is not read.
    #[inline]
    pub fn date(&self, field: &[u8]) -> Reading<Date> {
        if let Some((day, [])) = iso_day(field) {
            let note = if FAR.contains(&i64::from(day)) { None } else { Some(Issue::FarDate) };
            return Ok((Date::Day(day), note));
        }
        self.rarer_date(field)
    }

    /// Reads a date whose parts stand in columns of their own. A month or a day that is blank, zero or
    /// negative is unknown; a month may be a name.
    pub fn ymd(&self, year: &[u8], month: &[u8], day: &[u8]) -> Reading<Date> {
        let [year, day] = [year, day].map(part);
        let year = match year.map_err(|_| Issue::DateForm)? {
            Some(year) => year,
            None => return Err(Issue::NoDate),
        };
        let month = match part(month) {
            Ok(month) => month,
            Err(()) => {
                let name = std::str::from_utf8(month).ok().map(plain).ok_or(Issue::DateForm)?;
                Some(i64::from(words::month(&name).ok_or(Issue::DateForm)?))
            }
        };
        let day = day.map_err(|()| Issue::DateForm)?;
        let (year, short) = if (0..100).contains(&year) { (full_year(year), true) } else { (year, false) };
        let mut point = match (month, day) {
            (None, _) => Point::year(year),
            (Some(month), None) => Point::month(year, month),
            (Some(month), Some(day)) => Point::day(year, month, day),
        }?;
        point.tell_if(short, Issue::TwoDigitYear);
        Ok(point.finish())
    }

    /// Reads a time of day: `14:30`, `14:30:05.25`, `2:30 PM`, `14h30`.
    pub fn time(&self, field: &[u8]) -> Result<Clock, Issue> {
        if is_blank(field) {
            return Err(Issue::NoDate);
        }
        let text = std::str::from_utf8(field).map_err(|_| Issue::DateForm)?;
        let text = plain(text).to_lowercase();
        let split = split_clock(&text)?;
        let is_alone = split.date.trim().trim_start_matches('t').is_empty();
        split.clock.filter(|_| is_alone).ok_or(Issue::DateForm)
    }

    #[cold]
    fn rarer_date(&self, field: &[u8]) -> Reading<Date> {
        if is_blank(field) {
            return Err(Issue::NoDate);
        }
        // The most common of the rarer forms: midnight behind the day.
        if let Some((day, rest)) = iso_day(field)
            && is_midnight(rest)
            && FAR.contains(&i64::from(day))
        {
            return Ok((Date::Day(day), None));
        }
        if field.len() > MAX_BYTES {
            return Err(Issue::DateForm);
        }
        if let Some(read) = self.counted(field) {
            return read;
        }
        let text = std::str::from_utf8(field).map_err(|_| Issue::DateForm)?;
        let text = plain(text).to_lowercase();
        let text = text.trim_matches(|c: char| c.is_whitespace() || "'\"()[],;".contains(c));
        let (text, is_about) = without_about(text);
        match self.point(text) {
            Ok(point) => Ok(about(point.finish(), is_about)),
            Err(Issue::NoSuchDate) if !looks_like_two(text) => Err(Issue::NoSuchDate),
            Err(refused) => self.range(text).map(|read| about(read, is_about)).map_err(|issue| match issue {
                Issue::NoSuchDate => issue,
                _ => refused,
            }),
        }
    }

    /// Days of a spreadsheet or seconds since 1970, if the column counts these.
    fn counted(&self, field: &[u8]) -> Option<Reading<Date>> {
        if self.numbers == Numbers::Digits {
            return None;
        }
        let value = numbers::plain_decimal(field).or_else(|| {
            let text = plain(std::str::from_utf8(field).ok()?);
            numbers::plain_decimal(text.replace(',', ".").as_bytes())
        })?;
        let seconds = match self.numbers {
            Numbers::Digits => return None,
            Numbers::Excel1900 | Numbers::Excel1904 => {
                if !(0.0..=2_958_466.0).contains(&value) {
                    return None;
                }
                let serial = value.floor() as i64;
                let day = match (self.numbers, serial) {
                    (Numbers::Excel1904, _) => serial - 24_107,
                    // Spreadsheets count a day that there was not.
                    (_, 60) => return Some(Err(Issue::NoSuchDate)),
                    (_, ..60) => serial - 25_568,
                    _ => serial - 25_569,
                };
                day * SECONDS_PER_DAY + ((value - value.floor()) * SECONDS_PER_DAY as f64).round() as i64
            }
            Numbers::Seconds => value.floor() as i64,
            Numbers::Milliseconds => (value / 1000.0).floor() as i64,
        };
        let (day, clock) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
        let (year, month, day) = civil_from_days(day);
        let point = Point::day(year, month, day).map(|mut point| {
            let length = if clock % 60 == 0 { 60 } else { 1 };
            point.clock = Some(Clock { start: clock as u32, length });
            point
        });
        Some(point.map(Point::finish))
    }

    /// One moment, day, week, month, season or year.
    fn point(&self, text: &str) -> Result<Point, Issue> {
        let split = split_clock(text)?;
        let tokens = Tokens::of(&split.date).ok_or(Issue::DateForm)?;
        let mut point = self.day_of(&tokens)?;
        if let Some(clock) = split.clock {
            if point.precision != DatePrecision::Day {
                return Err(Issue::DateForm);
            }
            point.clock = Some(clock);
        }
        point.tell_if(tokens.is_about, Issue::CoarseDate);
        point.is_about |= tokens.is_about;
        Ok(point)
    }

    fn day_of(&self, tokens: &Tokens) -> Result<Point, Issue> {
        if let Some(month) = tokens.month {
            return self.worded(tokens, i64::from(month));
        }
        let year_first = |a: Num, b: Num| if a.len == 4 { (a.value, b) } else { (b.value, a) };
        match (tokens.mark, tokens.nums.as_slice()) {
            (Some(Word::Season(season)), [year]) if year.len == 4 => Point::season(year.value, season.into()),
            (Some(Word::Quarter), [a, b]) if (a.len == 4) != (b.len == 4) => {
                let (year, quarter) = year_first(*a, *b);
                if quarter.len > 1 || !(1..=4).contains(&quarter.value) {
                    return Err(Issue::NoSuchDate);
                }
                Point::months(year, quarter.value * 3 - 2, 3, DatePrecision::Season)
            }
            (Some(Word::Week), [year, week]) if year.len == 4 && week.len == 3 => {
                Point::week(year.value, week.value / 10, Some(week.value % 10))
            }
            (Some(Word::Week), [a, b]) if (a.len == 4) != (b.len == 4) => {
                let (year, week) = year_first(*a, *b);
                Point::week(year, week.value, None)
            }
            (Some(Word::Week), [year, week, day]) if year.len == 4 => {
                Point::week(year.value, week.value, Some(day.value))
            }
            (Some(_), _) => Err(Issue::DateForm),
            (None, [number]) => self.digits(*number),
            (None, [a, b]) => self.two(tokens, *a, *b),
            (None, [a, b, c]) => self.three(tokens, [*a, *b, *c]),
            _ => Err(Issue::DateForm),
        }
    }

    /// A month's name, and numbers.
    fn worded(&self, tokens: &Tokens, month: i64) -> Result<Point, Issue> {
        if tokens.mark.is_some() {
            return Err(Issue::DateForm);
        }
        let short = |year: Num, day: Num| {
            let mut point = Point::day(full_year(year.value), month, day.value)?;
            point.tell_if(true, Issue::TwoDigitYear);
            Ok(point)
        };
        match tokens.nums.as_slice() {
            [year] if year.len == 4 => Point::month(year.value, month),
            // `Dec-20` is a month as spreadsheets show it; `Dec 20` may be a day.
            [year] if year.len == 2 && tokens.is_tight => {
                let mut point = Point::month(full_year(year.value), month)?;
                point.tell_if(true, Issue::TwoDigitYear);
                Ok(point)
            }
            [a, b] => match (a.len, b.len) {
                (4, 1 | 2) => Point::day(a.value, month, b.value),
                (1 | 2, 4) => Point::day(b.value, month, a.value),
                (2, 1 | 2) if a.value > 31 => short(*a, *b),
                (1 | 2, 2) => short(*b, *a),
                _ => Err(Issue::DateForm),
            },
            _ => Err(Issue::DateForm),
        }
    }

    /// A date of digits alone.
    fn digits(&self, number: Num) -> Result<Point, Issue> {
        let value = number.value;
        match number.len {
            4 => Point::year(value),
            6 if (1000..=2999).contains(&(value / 100)) => Point::month(value / 100, value % 100),
            8 => {
                let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
                let read = match (month, day) {
                    (0, 0) => Point::year(year),
                    (1..=12, 0) => Point::month(year, month),
                    _ => Point::day(year, month, day),
                };
                if read.is_ok() && (1000..=2999).contains(&year) {
                    return read;
                }
                // `27072024`
                let (a, b, year) = (value / 1_000_000, value / 10_000 % 100, value % 10_000);
                if (1900..=2099).contains(&year) {
                    return self.either(a, b, year, false);
                }
                Err(Issue::NoSuchDate)
            }
            _ => Err(Issue::DateForm),
        }
    }

    fn two(&self, tokens: &Tokens, a: Num, b: Num) -> Result<Point, Issue> {
        match (a.len, b.len, tokens.separator) {
            (4, 4, Some('-' | '/')) if a.value < b.value => {
                let (first, last) = (Point::year(a.value)?, Point::year(b.value)?);
                Ok(Point { last: last.last, note: first.note.or(last.note), ..first })
            }
            (4, 3, Some('-')) => {
                let start = Point::year(a.value)?;
                let day = start.first + b.value - 1;
                if b.value < 1 || day > start.last {
                    Err(Issue::NoSuchDate)
                } else {
                    Point::span(day, day, DatePrecision::Day)
                }
            }
            (4, 2, Some('-')) if (21..=24).contains(&b.value) => Point::season(a.value, b.value - 21),
            (4, 1 | 2, Some('-' | '/' | '.')) => Point::month(a.value, b.value),
            (1 | 2, 4, Some('-' | '/' | '.' | ' ')) => Point::month(b.value, a.value),
            _ => Err(Issue::DateForm),
        }
    }

    fn three(&self, tokens: &Tokens, [a, b, c]: [Num; 3]) -> Result<Point, Issue> {
        if !matches!(tokens.separator, Some('-' | '/' | '.' | ' ')) {
            return Err(Issue::DateForm);
        }
        match (a.len, b.len, c.len) {
            (4, 1 | 2, 1 | 2) => Point::day(a.value, b.value, c.value),
            (1 | 2, 1 | 2, 4) => self.either(a.value, b.value, c.value, false),
            // Only a year can be so large.
            (2, 1 | 2, 1 | 2) if a.value > 31 => {
                let mut point = Point::day(full_year(a.value), b.value, c.value)?;
                point.tell_if(true, Issue::TwoDigitYear);
                Ok(point)
            }
            (1 | 2, 1 | 2, 2) => self.either(a.value, b.value, full_year(c.value), true),
            _ => Err(Issue::DateForm),
        }
    }

    /// Day and month, or month and day.
    fn either(&self, a: i64, b: i64, year: i64, short: bool) -> Result<Point, Issue> {
        let day_first = match (a > 12, b > 12) {
            (true, false) => true,
            (false, true) => false,
            _ => self.order == DateOrder::DayFirst,
        };
        let (day, month) = if day_first { (a, b) } else { (b, a) };
        let mut point = Point::day(year, month, day)?;
        point.tell_if(short, Issue::TwoDigitYear);
        point.tell_if(!self.is_order_known && a != b && a <= 12 && b <= 12, Issue::AmbiguousDate);
        Ok(point)
    }

    /// Two dates, or one and an open end.
    fn range(&self, text: &str) -> Reading<Date> {
        if let Some(read) = self.open_range(text) {
            return read;
        }
        const FROM: [&str; 13] = [
            "from ", "between ", "entre ", "von ", "desde ", "del ", "du ", "de ", "بين ", "من ", "since ",
            "depuis ", "le ",
        ];
        const JOINS: [&str; 22] = [
            "..",
            "--",
            " - ",
            " to ",
            " until ",
            " till ",
            " through ",
            " thru ",
            " jusqu'au ",
            " jusqu'à ",
            " au ",
            " à ",
            " al ",
            " a ",
            " bis ",
            " and ",
            " et ",
            " & ",
            " إلى ",
            " الى ",
            " حتى ",
            " و",
        ];
        let text = FROM.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
        let mut refused = Issue::DateForm;
        let joins = JOINS.iter().filter_map(|join| text.split_once(join));
        let marks = ['/', '-'].into_iter().flat_map(|mark| {
            let parts = move |(at, _): (usize, &str)| Some((text.get(..at)?, text.get(at + 1..)?));
            text.match_indices(mark).filter_map(parts).collect::<Vec<_>>()
        });
        for (left, right) in joins.chain(marks) {
            match self.pair_of(left.trim(), right.trim()) {
                Ok(read) => return Ok(read),
                Err(Issue::NoSuchDate) => refused = Issue::NoSuchDate,
                Err(_) => {}
            }
        }
        Err(refused)
    }

    fn open_range(&self, text: &str) -> Option<Reading<Date>> {
        const SINCE: [&str; 12] = [
            "since ",
            "depuis ",
            "from ",
            "à partir de ",
            "à partir du ",
            "starting ",
            "seit ",
            "ab ",
            "desde ",
            "منذ ",
            "ابتداء من ",
            "..",
        ];
        const UNTIL: [&str; 11] = [
            "until ",
            "till ",
            "up to ",
            "jusqu'au ",
            "jusqu'à ",
            "jusqu'en ",
            "bis ",
            "hasta ",
            "حتى ",
            "إلى ",
            "..",
        ];
        let until = |word: &str| text.strip_prefix(word).map(|rest| (rest, false));
        let since = |word: &str| text.strip_prefix(word).filter(|_| word != "..").map(|rest| (rest, true));
        let found = UNTIL
            .iter()
            .find_map(|word| until(word))
            .or_else(|| SINCE.iter().find_map(|word| since(word)))
            .or_else(|| Some((text.strip_suffix("..")?, true)))
            .or_else(|| Some((text.strip_suffix('/')?, true)))
            .or_else(|| Some((text.strip_prefix('/')?, false)))?;
        let (rest, is_begin) = found;
        let rest = rest.trim().trim_matches('/').trim();
        let (rest, is_about) = without_about(rest);
        let (date, note) = match self.point(rest) {
            Ok(point) => point.finish(),
            // A range may begin with such a word too: `from 3 to 5 May 2024`.
            Err(Issue::DateForm) => return None,
            Err(issue) => return Some(Err(issue)),
        };
        let read = if is_begin { Date::between(Some(date), None) } else { Date::between(None, Some(date)) };
        Some(read.map(|date| about((date, note), is_about)))
    }

    fn pair_of(&self, left: &str, right: &str) -> Reading<Date> {
        let ((left, about_left), (right, about_right)) = (without_about(left), without_about(right));
        let (begin, end) = match (self.point(left), self.point(right)) {
            (Ok(begin), Ok(end)) => (begin, end),
            (Err(_), Ok(end)) => (self.completed(left, &end)?, end),
            (Err(_), Err(_)) => {
                // `May 3` and `5, 2024`
                let (a, b) =
                    (Tokens::of(left).ok_or(Issue::DateForm)?, Tokens::of(right).ok_or(Issue::DateForm)?);
                match (a.month, a.nums.as_slice(), b.month, b.nums.as_slice()) {
                    (Some(month), [from], None, [to, year])
                        if from.len <= 2 && to.len <= 2 && year.len == 4 =>
                    {
                        let day = |day: &Num| Point::day(year.value, i64::from(month), day.value);
                        (day(from)?, day(to)?)
                    }
                    _ => return Err(Issue::DateForm),
                }
            }
            (Ok(_), Err(issue)) => return Err(issue),
        };
        let note = begin.note.max(end.note);
        let is_about = about_left || about_right || begin.is_about || end.is_about;
        let (begin, end) = (begin.finish().0, end.finish().0);
        match Date::between(Some(begin), Some(end)) {
            Ok(date) => {
                let is_coarse = date.precision() > DatePrecision::Days;
                Ok(about((date, note.or(is_coarse.then_some(Issue::CoarseDate))), is_about))
            }
            Err(issue) => Ok((begin, Some(issue))),
        }
    }

    /// The begin of an interval that says only what differs from its end: `3`–`5 May 2024`,
    /// `28 April`–`2 May 2024`.
    fn completed(&self, text: &str, end: &Point) -> Result<Point, Issue> {
        let tokens = Tokens::of(text).ok_or(Issue::DateForm)?;
        if tokens.mark.is_some() {
            return Err(Issue::DateForm);
        }
        let (year, month, _) = civil_from_days(end.first);
        let in_year = |year: i64| match (tokens.month.map(i64::from), tokens.nums.as_slice()) {
            (None, [number]) if number.len <= 2 => match end.precision {
                DatePrecision::Day => Point::day(year, month, number.value),
                DatePrecision::Month => Point::month(year, number.value),
                _ => Err(Issue::DateForm),
            },
            (Some(month), []) => Point::month(year, month),
            (Some(month), [day]) if day.len <= 2 => Point::day(year, month, day.value),
            (None, [a, b]) if a.len <= 2 && b.len <= 2 && end.precision == DatePrecision::Day => {
                self.either(a.value, b.value, year, false)
            }
            _ => Err(Issue::DateForm),
        };
        let begin = in_year(year)?;
        // `28 December – 3 January 2025`
        if begin.first > end.first && tokens.month.is_some() { in_year(year - 1) } else { Ok(begin) }
    }
}

/// A written date that is one piece of the calendar.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Days since 1970-01-01, both inclusive.
    first: i64,
    last: i64,
    precision: DatePrecision,
    clock: Option<Clock>,
    note: Option<Issue>,
    is_about: bool,
}

impl Point {
    fn span(first: i64, last: i64, precision: DatePrecision) -> Result<Self, Issue> {
        Ok(Self { first, last, precision, clock: None, note: None, is_about: false })
    }

    fn day(year: i64, month: i64, day: i64) -> Result<Self, Issue> {
        let day = day_of(year, month, day).ok_or(Issue::NoSuchDate)?.into();
        Self::span(day, day, DatePrecision::Day)
    }

    fn month(year: i64, month: i64) -> Result<Self, Issue> {
        Self::months(year, month, 1, DatePrecision::Month)
    }

    fn year(year: i64) -> Result<Self, Issue> {
        Self::months(year, 1, 12, DatePrecision::Year)
    }

    /// 0 spring to 3 winter, as EDTF counts: winter begins in December.
    fn season(year: i64, season: i64) -> Result<Self, Issue> {
        Self::months(year, season * 3 + 3, 3, DatePrecision::Season)
    }

    fn months(year: i64, month: i64, number: i64, precision: DatePrecision) -> Result<Self, Issue> {
        let first = day_of(year, month, 1).ok_or(Issue::NoSuchDate)?.into();
        let behind = month - 1 + number;
        let last = days_from_civil(year + behind / 12, behind % 12 + 1, 1) - 1;
        if !(1..=9999).contains(&civil_from_days(last).0) {
            return Err(Issue::NoSuchDate);
        }
        Self::span(first, last, precision)
    }

    /// A week of ISO 8601, or a day of it (1 Monday to 7).
    fn week(year: i64, week: i64, day: Option<i64>) -> Result<Self, Issue> {
        let monday = |year: i64| {
            let fourth = days_from_civil(year, 1, 4);
            // 1970-01-01 was a Thursday.
            fourth - (fourth + 3).rem_euclid(7)
        };
        let weeks = (monday(year.saturating_add(1)) - monday(year)) / 7;
        let is_day = day.is_none_or(|day| (1..=7).contains(&day));
        if !(1..=9998).contains(&year) || !(1..=weeks).contains(&week) || !is_day {
            return Err(Issue::NoSuchDate);
        }
        let first = monday(year) + (week - 1) * 7;
        match day {
            Some(day) => Self::span(first + day - 1, first + day - 1, DatePrecision::Day),
            None => Self::span(first, first + 6, DatePrecision::Week),
        }
    }

    /// Adds a remark; of several the one counts that is worse.
    fn tell_if(&mut self, is_so: bool, issue: Issue) {
        if is_so && self.note.is_none_or(|note| rank(note) < rank(issue)) {
            self.note = Some(issue);
        }
    }

    fn finish(mut self) -> (Date, Option<Issue>) {
        self.tell_if(!FAR.contains(&self.first) || !FAR.contains(&self.last), Issue::FarDate);
        self.tell_if(self.precision > DatePrecision::Days, Issue::CoarseDate);
        let day = i32::try_from(self.first).ok().filter(|_| self.first == self.last);
        let date = match day.filter(|_| self.precision == DatePrecision::Day) {
            Some(day) if self.is_about => Date::Other(Date::Day(day).interval(), DatePrecision::Days),
            Some(day) => Date::Day(day).at(self.clock.unwrap_or(Clock { start: 0, length: 1 })),
            None => {
                let (start, end) = (self.first * SECONDS_PER_DAY, (self.last + 1) * SECONDS_PER_DAY);
                Date::Other(Interval { start, end }, self.precision)
            }
        };
        (date, self.note)
    }
}

fn rank(issue: Issue) -> u8 {
    match issue {
        Issue::AmbiguousDate => 3,
        Issue::FarDate => 2,
        Issue::TwoDigitYear => 1,
        _ => 0,
    }
}

/// A date of which somebody says “about” is never a day.
fn about((date, note): (Date, Option<Issue>), is_about: bool) -> (Date, Option<Issue>) {
    if !is_about {
        return (date, note);
    }
    let precision = date.precision().max(DatePrecision::Days);
    (Date::Other(date.interval(), precision), note.or(Some(Issue::CoarseDate)))
}

/// A text without marks that say “about”, and whether there were some: `~2012`, `2012?`, `2024-07-xx`.
fn without_about(text: &str) -> (&str, bool) {
    let bare = text.trim_start_matches(['~', '≈', '±']).trim_end_matches(['~', '?', '%']).trim();
    let digits = bare.strip_suffix("-xx-xx").or_else(|| bare.strip_suffix("-xx")).unwrap_or(bare);
    (digits, digits.len() != text.len())
}

/// Whether a text that is no date may be two of them.
fn looks_like_two(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    numbers > 3
        || text.contains("..")
        || text.contains(" - ")
        || text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The latest year with these two digits that is not after [`LATEST_SHORT_YEAR`].
fn full_year(short: i64) -> i64 {
    let year = LATEST_SHORT_YEAR - LATEST_SHORT_YEAR % 100 + short;
    if year > LATEST_SHORT_YEAR { year - 100 } else { year }
}

/// A part of a date in a column of its own: `None` if it is unknown, an error if it is no number.
fn part(field: &[u8]) -> Result<Option<i64>, ()> {
    if let [digit @ b'1'..=b'9'] = field {
        return Ok(Some(i64::from(digit - b'0')));
    }
    if is_blank(field) {
        return Ok(None);
    }
    let value = numbers::plain_decimal(field)
        .or_else(|| numbers::plain_decimal(plain(std::str::from_utf8(field).ok()?).as_bytes()));
    match value {
        Some(value) if value.fract() != 0.0 || value.abs() > 99_999.0 => Err(()),
        Some(value) if value < 1.0 => Ok(None),
        Some(value) => Ok(Some(value as i64)),
        None => Err(()),
    }
}

/// The day that a field begins with, as `YYYY-MM-DD`, and what follows.
#[inline]
pub(super) fn iso_day(field: &[u8]) -> Option<(i32, &[u8])> {
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

/// `T00:00:00`, ` 00:00:00.000`, `T00:00:00Z`
fn is_midnight(rest: &[u8]) -> bool {
    let Some((b'T' | b't' | b' ', clock)) = rest.split_first() else { return false };
    let clock = clock.strip_suffix(b"Z").unwrap_or(clock);
    clock.starts_with(b"00:00")
        && clock.iter().all(|byte| matches!(byte, b'0' | b':' | b'.'))
        && matches!(clock.len(), 5 | 8 | 10..=18)
}

pub(super) fn day_of(year: i64, month: i64, day: i64) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=last).contains(&day) {
        return None;
    }
    i32::try_from(days_from_civil(year, month, day)).ok()
}

/// A text cut into what is a date and what is a time of day.
struct Split {
    date: String,
    clock: Option<Clock>,
}

/// Cuts out the time of day and its zone. The text is plain and in small letters.
fn split_clock(text: &str) -> Result<Split, Issue> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let none = |date: &str| Ok(Split { date: date.to_owned(), clock: None });
    // `20240727t143000z`
    let compact =
        (1..bytes.len()).find(|at| bytes.get(*at) == Some(&b't') && is_digit(at - 1) && is_digit(at + 1));
    if let Some(at) = compact
        && let digits =
            bytes.get(at + 1..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
        && matches!(digits, 4 | 6)
    {
        let clock = text.get(at + 1..at + 1 + digits).unwrap_or_default();
        let rest = text.get(at + 1 + digits..).unwrap_or_default();
        let (rest, half) = without_zone(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()));
        let numbers = [clock.get(..2), clock.get(2..4), clock.get(4..6)];
        let clock = clock_of(numbers.map(|part| part.and_then(|part| part.parse().ok())), half)?;
        let date = format!("{} {rest}", text.get(..at).unwrap_or_default());
        return Ok(Split { date, clock: Some(clock) });
    }
    // Digits alone: `20240727143000`.
    if matches!(bytes.len(), 12 | 14) && bytes.iter().all(u8::is_ascii_digit) {
        let numbers = [text.get(8..10), text.get(10..12), text.get(12..14)];
        let clock = clock_of(numbers.map(|part| part.and_then(|part| part.parse().ok())), None)?;
        return Ok(Split { date: text.get(..8).unwrap_or_default().to_owned(), clock: Some(clock) });
    }
    // The sign between hours and minutes, with one or two digits before and two behind it.
    let is_sign = |at: usize| match bytes.get(at) {
        Some(b':') => true,
        // `14h30`
        Some(b'h') => !is_digit(at + 3),
        _ => false,
    };
    let sign =
        (1..bytes.len()).find(|at| is_sign(*at) && is_digit(at - 1) && is_digit(at + 1) && is_digit(at + 2));
    let Some(sign) = sign else {
        // An hour alone: `2024-07-27t14`, and a zone behind a day: `2024-07-27z`.
        if let Some(at) = compact
            && let Some(hour) =
                text.get(at + 1..).map(|rest| rest.trim_end_matches('z')).filter(|rest| rest.len() == 2)
        {
            let clock = clock_of([hour.parse().ok(), None, None], None)?;
            return Ok(Split { date: text.get(..at).unwrap_or_default().to_owned(), clock: Some(clock) });
        }
        let day = text.strip_suffix('z').filter(|day| day.ends_with(|c: char| c.is_ascii_digit()));
        return none(day.unwrap_or(text));
    };
    let start = if sign >= 2 && is_digit(sign - 2) { sign - 2 } else { sign - 1 };
    if start > 0 && is_digit(start - 1) {
        return Err(Issue::DateForm);
    }
    let date = text.get(..start).unwrap_or_default();
    if date.ends_with(['+', '-']) && date.len() > 8 {
        // Only the zone of a day: `2024-07-27+02:00`.
        return none(date.trim_end_matches(['+', '-']));
    }
    let mut end = sign + 3;
    let second = (matches!(bytes.get(end), Some(b':' | b'm')) && is_digit(end + 1) && is_digit(end + 2))
        .then(|| text.get(end + 1..end + 3))
        .flatten();
    if second.is_some() {
        end += 3;
        if matches!(bytes.get(end), Some(b'.' | b',')) && is_digit(end + 1) {
            end += 1;
            while is_digit(end) {
                end += 1;
            }
        }
    }
    if is_digit(end) {
        return Err(Issue::DateForm);
    }
    let (rest, half) = without_zone(text.get(end..).unwrap_or_default());
    let numbers = [text.get(start..sign), text.get(sign + 1..sign + 3), second];
    let clock = clock_of(numbers.map(|part| part.and_then(|part| part.parse().ok())), half)?;
    let date = date.trim_end().trim_end_matches(',');
    let date = date.strip_suffix('t').unwrap_or(date);
    Ok(Split { date: format!("{date} {rest}"), clock: Some(clock) })
}

/// What follows a time without its zone, and which half of the day it names.
fn without_zone(text: &str) -> (&str, Option<Half>) {
    const HALVES: [(&str, Half); 8] = [
        ("a.m.", Half::Morning),
        ("am", Half::Morning),
        ("ص", Half::Morning),
        ("صباحا", Half::Morning),
        ("p.m.", Half::Evening),
        ("pm", Half::Evening),
        ("مساء", Half::Evening),
        ("م", Half::Evening),
    ];
    const ZONES: [&str; 14] =
        ["utc", "gmt", "cest", "cet", "est", "edt", "cst", "cdt", "pst", "pdt", "eet", "eest", "wat", "z"];
    let word = |text: &str| text.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(text.len());
    let mut rest = text.trim();
    let mut half = None;
    if let Some(found) = rest.get(..word(rest))
        && let Some((_, which)) = HALVES.iter().find(|(name, _)| *name == found)
    {
        half = Some(*which);
        rest = rest.get(found.len()..).unwrap_or_default().trim();
    }
    if let Some(found) = rest.get(..word(rest))
        && ZONES.contains(&found)
    {
        rest = rest.get(found.len()..).unwrap_or_default();
    }
    if rest.starts_with(['+', '-']) {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !"+-:".contains(c)).unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default();
    }
    let rest = rest.trim();
    // The zone's name in brackets.
    if rest.starts_with(['(', '[']) { ("", half) } else { (rest, half) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Morning,
    Evening,
}

fn clock_of([hour, minute, second]: [Option<u32>; 3], half: Option<Half>) -> Result<Clock, Issue> {
    let hour = hour.ok_or(Issue::DateForm)?;
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return Err(Issue::NoSuchDate),
        Some(Half::Morning) => hour % 12,
        Some(Half::Evening) => hour % 12 + 12,
        None => hour,
    };
    let length = match (minute, second) {
        (_, Some(_)) => 1,
        (Some(_), None) => 60,
        _ => 3600,
    };
    let (minute, second) = (minute.unwrap_or(0), second.unwrap_or(0));
    // A leap second counts as the one before it.
    let clock = hour * 3600 + minute * 60 + second.min(59);
    if hour > 24 || minute > 59 || second > 60 || clock > 86_400 {
        return Err(Issue::NoSuchDate);
    }
    Ok(Clock { start: clock, length })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Num {
    value: i64,
    /// Number of digits.
    len: usize,
}

/// The parts of a written date.
#[derive(Clone, Debug, Default)]
struct Tokens {
    nums: Vec<Num>,
    month: Option<u8>,
    /// A season, a quarter or a week.
    mark: Option<Word>,
    /// What stands between numbers, if it is always the same.
    separator: Option<char>,
    /// Whether month and number are joined by something else than blanks.
    is_tight: bool,
    is_about: bool,
}

impl Tokens {
    /// `None` if there is something that is in no date.
    fn of(text: &str) -> Option<Self> {
        const MAX_NUMBERS: usize = 4;
        let mut tokens = Tokens::default();
        let mut rest = text.trim();
        if rest.starts_with(['-', '+', '.', '/', ',', '_']) {
            return None;
        }
        let mut between = String::new();
        let mut is_march_sure = true;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_digit() {
                let len = rest.bytes().take_while(u8::is_ascii_digit).count();
                let value = rest.get(..len)?.parse().ok().filter(|_| len <= 14)?;
                if !tokens.nums.is_empty() {
                    tokens.separate(&between);
                } else if tokens.month.is_some() {
                    tokens.is_tight = !between.contains(' ') && !between.is_empty();
                }
                tokens.nums.push(Num { value, len });
                between.clear();
                rest = without_ordinal(rest.get(len..)?);
                if tokens.nums.len() > MAX_NUMBERS {
                    return None;
                }
            } else if c.is_alphabetic() {
                let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                let mut word = rest.get(..len)?.to_owned();
                rest = rest.get(len..)?;
                if words::has_second_part(&word) {
                    let second = rest.trim_start();
                    let len = second.find(|c: char| !c.is_alphabetic()).unwrap_or(second.len());
                    word = format!("{word}_{}", second.get(..len)?);
                    rest = second.get(len..)?;
                }
                match words::word(&word)? {
                    Word::Month(month) => match tokens.month {
                        Some(known) if known != month && is_march_sure => return None,
                        _ => {
                            tokens.month = Some(month);
                            is_march_sure = true;
                        }
                    },
                    Word::MarchOrTuesday => {
                        if tokens.month.is_none() {
                            tokens.month = Some(3);
                            is_march_sure = false;
                        }
                    }
                    Word::Weekday | Word::Filler => {}
                    Word::About => tokens.is_about = true,
                    mark if tokens.mark.is_none() => tokens.mark = Some(mark),
                    _ => return None,
                }
                // A word between numbers joins them as a blank does.
                between.clear();
                between.push(' ');
                if tokens.month.is_some() && tokens.nums.is_empty() {
                    between.clear();
                }
            } else if " .,/-'_".contains(c) {
                between.push(c);
                rest = rest.get(c.len_utf8()..)?;
            } else {
                return None;
            }
        }
        let is_ended = between.trim().is_empty() || between.trim() == "." || between.trim() == ",";
        (is_ended && !(tokens.nums.is_empty() && tokens.month.is_none())).then_some(tokens)
    }

    fn separate(&mut self, between: &str) {
        let mut signs = between.chars().filter(|c| *c != ' ');
        let sign = match (signs.next(), signs.next()) {
            (None, _) => ' ',
            (Some(sign), None) => sign,
            // More than one sign is none that dates have.
            _ => '!',
        };
        self.separator = match self.separator {
            None if self.nums.len() == 1 => Some(sign),
            Some(known) if known == sign => Some(sign),
            _ => Some('!'),
        };
    }
}

/// Without the ending of an ordinal number: `1st`, `1er`, `3º`.
fn without_ordinal(text: &str) -> &str {
    const ENDINGS: [&str; 9] = ["st", "nd", "rd", "th", "er", "ère", "re", "ème", "e"];
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if ENDINGS.contains(&word) { rest } else { text.strip_prefix(['°', 'ª']).unwrap_or(text) }
}
