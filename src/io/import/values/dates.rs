//! Dates as people and programs write them.
//!
//! The calendar day that is written is the day of the event: an offset from UTC says where the clock
//! hung that was read, not that the event was on another day. A time of day makes the date more precise,
//! except midnight, which programs write where there is none.
//!
//! A year of two digits is the latest one that is not after [`LATEST_SHORT_YEAR`].

use super::clock::{Clock, split_clock};
use super::plain::plain;
use super::tokens::{Num, Tokens};
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
        if let Some(point) = self.day_month_year(field) {
            return Ok(point.finish());
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

    /// `27/07/2024`, `27 July 2024`, `27-Jul-2024`: forms that whole files have, without the detours of
    /// the rarer ones. What is none of them, or no day, is left to these.
    fn day_month_year(&self, field: &[u8]) -> Option<Point> {
        let number =
            |digits: &[u8]| digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        let cut = |field: &'_ [u8], longest: usize| {
            let len = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (1..=longest).contains(&len).then_some(len)
        };
        let (first, rest) = field.split_at_checked(cut(field, 2)?)?;
        let (&mark, rest) = rest.split_first()?;
        if let Some(len) = cut(rest, 2) {
            let (second, rest) = rest.split_at_checked(len)?;
            let year =
                rest.strip_prefix(&[mark]).filter(|year| year.len() == 4 && cut(year, 4) == Some(4))?;
            return matches!(mark, b'/' | b'.' | b'-')
                .then(|| self.either(number(first), number(second), number(year), false).ok())
                .flatten();
        }
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = rest.split_at_checked(letters)?;
        let year = rest.strip_prefix(&[mark]).filter(|year| year.len() == 4 && cut(year, 4) == Some(4))?;
        let month = words::english_month(name).filter(|_| matches!(mark, b' ' | b'-'))?;
        Point::day(number(year), i64::from(month), number(first)).ok()
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
        // Two days with times and zones have seven; more would only cost time.
        const MAX_MARKS: usize = 8;
        if text.matches(['-', '/']).count() > MAX_MARKS {
            return Err(Issue::DateForm);
        }
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
