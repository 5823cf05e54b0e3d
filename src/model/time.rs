//! Intervals with precision. Resolution one second, years 1 to 9999, the end day inclusive.
//!
//! Typed dates follow ISO 8601 and level 0–1 of EDTF (Extended Date/Time Format, ISO 8601-2:2019):
//! `2024`, `2024-07`, `2024-07-27`, `2024-07-27T14:30`, `2024-05~`, `2024-05?`,
//! `2024-05-01/2024-05-09`, `2024-05/..`, `../2024`, and EDTF seasons `2024-21` to `2024-24`.

use jiff::civil::{Date, Weekday};

use super::Lang;
use super::category::codes;

pub const SECONDS_PER_DAY: i64 = 86_400;

codes! {
    /// How finely a date is known.
    DatePrecision {
        Time = "time",
        Day = "day",
        Days = "days",
        Week = "week",
        Month = "month",
        Season = "season",
        Year = "year",
        Unknown = "unknown",
    }
}

/// A half-open interval of seconds since 1970-01-01T00:00:00Z: `start <= t < end`.
/// An inclusive end day is the second after its last one. [`Interval::OPEN_START`] and
/// [`Interval::OPEN_END`] stand for limits that nobody gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    pub start: i64,
    pub end: i64,
}

impl Interval {
    pub const OPEN_START: i64 = i64::MIN;
    pub const OPEN_END: i64 = i64::MAX;
    /// No date at all: overlaps nothing and is contained in nothing.
    pub const UNKNOWN: Self = Self { start: i64::MAX, end: i64::MIN };
    /// All of time.
    pub const ALL: Self = Self { start: i64::MIN, end: i64::MAX };

    /// Whole days from the start of `first` to the end of `last`, both inclusive. `None` if `last`
    /// is before `first`.
    pub fn days(first: Date, last: Date) -> Option<Self> {
        (first <= last).then(|| Self { start: start_of(first), end: start_of(last) + SECONDS_PER_DAY })
    }

    pub fn is_unknown(&self) -> bool {
        self.end <= self.start
    }

    pub fn open_start(&self) -> bool {
        self.start == Self::OPEN_START
    }

    pub fn open_end(&self) -> bool {
        self.end == Self::OPEN_END
    }

    /// *Possibly in window*: some moment of the two is shared.
    pub fn overlaps(&self, window: Self) -> bool {
        self.start < window.end && self.end > window.start
    }

    /// *Certainly in window*: no moment lies outside the window. Unknown intervals do not.
    pub fn within(&self, window: Self) -> bool {
        !self.is_unknown() && self.start >= window.start && self.end <= window.end
    }

    pub fn union(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Length in seconds; very large for open intervals.
    pub fn duration_secs(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }

    /// First day, `None` if open or unknown.
    pub fn first_day(&self) -> Option<Date> {
        (!self.is_unknown() && !self.open_start()).then(|| date_of(self.start)).flatten()
    }

    /// Last day, inclusive; `None` if open or unknown.
    pub fn last_day(&self) -> Option<Date> {
        (!self.is_unknown() && !self.open_end()).then(|| date_of(self.end - 1)).flatten()
    }

    /// `2024-07-25/2024-07-27`, one day as `2024-07-25`, open limits as `..`.
    pub fn to_edtf(self) -> String {
        if self.is_unknown() {
            return String::new();
        }
        let (first, last) = (self.first_day(), self.last_day());
        match (first, last) {
            (Some(a), Some(b)) if a == b => a.to_string(),
            (a, b) => {
                let text = |d: Option<Date>| d.map_or("..".to_owned(), |d| d.to_string());
                format!("{}/{}", text(a), text(b))
            }
        }
    }
}

/// A date as somebody gives it: an interval and how finely it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    pub interval: Interval,
    pub precision: DatePrecision,
    /// Why it is so, in words.
    pub basis: Option<String>,
    /// "About" (`~` in EDTF).
    pub approx: bool,
    /// "Perhaps" (`?` in EDTF).
    pub uncertain: bool,
}

impl When {
    pub fn new(interval: Interval, precision: DatePrecision) -> Self {
        Self { interval, precision, basis: None, approx: false, uncertain: false }
    }
}

/// Seconds of the start of a day, UTC.
pub fn start_of(date: Date) -> i64 {
    days_from_civil(i64::from(date.year()), i64::from(date.month()), i64::from(date.day())) * SECONDS_PER_DAY
}

/// The day that holds a second, `None` outside years 1–9999.
pub fn date_of(seconds: i64) -> Option<Date> {
    let days = seconds.div_euclid(SECONDS_PER_DAY);
    let (year, month, day) = civil_from_days(days);
    if !(1..=9999).contains(&year) {
        return None;
    }
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Days since 1970-01-01 of a proleptic Gregorian date.
/// Formula: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// Year, month, day of days since 1970-01-01. Formula: as [`days_from_civil`], `civil_from_days`.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days.saturating_add(719_468);
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// A typed date that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateError {
    Empty,
    /// Not of any known form.
    Form(String),
    /// The form is right but there is no such day or month, as in `2025-06-31`.
    NoSuchDay(String),
    /// The end lies before the beginning.
    Backwards(String),
}

impl std::fmt::Display for DateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "no date"),
            Self::Form(text) => {
                write!(f, "“{text}” is not a date; write 2024, 2024-07, 2024-07-27 or 2024-05-01/2024-05-09")
            }
            Self::NoSuchDay(text) => write!(f, "there is no such date: “{text}”"),
            Self::Backwards(text) => write!(f, "ends before it begins: “{text}”"),
        }
    }
}

impl std::error::Error for DateError {}

/// Reads a typed date or interval (forms: module page).
pub fn parse_edtf(text: &str) -> Result<When, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let western: String = text.chars().map(western_digit).collect();
    let Some((from, to)) = western.split_once('/') else {
        return parse_point(&western, text);
    };
    let (from, to) = (from.trim(), to.trim());
    let limit = |part: &str| -> Result<Option<When>, DateError> {
        if part.is_empty() || part == ".." { Ok(None) } else { parse_point(part, text).map(Some) }
    };
    let (a, b) = (limit(from)?, limit(to)?);
    let start = a.as_ref().map_or(Interval::OPEN_START, |w| w.interval.start);
    let end = b.as_ref().map_or(Interval::OPEN_END, |w| w.interval.end);
    if a.is_none() && b.is_none() {
        return Err(DateError::Form(text.to_owned()));
    }
    if end <= start {
        return Err(DateError::Backwards(text.to_owned()));
    }
    let precision =
        [&a, &b].into_iter().flatten().map(|w| w.precision).max().map_or(DatePrecision::Unknown, |p| {
            if p == DatePrecision::Day { DatePrecision::Days } else { p }
        });
    let any = |get: fn(&When) -> bool| [&a, &b].into_iter().flatten().any(get);
    Ok(When {
        approx: any(|w| w.approx),
        uncertain: any(|w| w.uncertain),
        ..When::new(Interval { start, end }, precision)
    })
}

fn western_digit(c: char) -> char {
    match c {
        '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
        '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
        '–' | '−' | '‐' => '-',
        other => other,
    }
}

fn parse_point(part: &str, whole: &str) -> Result<When, DateError> {
    let form = || DateError::Form(whole.to_owned());
    let missing = || DateError::NoSuchDay(whole.to_owned());
    let trimmed = part.trim_end_matches(['~', '?', '%']);
    let marks = part.get(trimmed.len()..).unwrap_or_default();
    let approx = marks.contains(['~', '%']);
    let uncertain = marks.contains(['?', '%']);
    let done = |interval: Interval, precision| When { approx, uncertain, ..When::new(interval, precision) };

    if let Some((day, clock)) = trimmed.split_once(['T', ' ']) {
        let day = parse_day(day).ok_or_else(form)?.ok_or_else(missing)?;
        let clock = clock.trim_end_matches('Z');
        let mut parts = clock.split(':').map(|p| p.parse::<i64>().ok().filter(|_| p.len() == 2));
        let hour = parts.next().flatten().filter(|h| *h < 24).ok_or_else(form)?;
        let minute = parts.next().map_or(Some(None), |m| m.map(Some)).ok_or_else(form)?;
        let second = parts.next().map_or(Some(None), |s| s.map(Some)).ok_or_else(form)?;
        if parts.next().is_some() || minute.is_some_and(|m| m > 59) || second.is_some_and(|s| s > 59) {
            return Err(form());
        }
        let start = start_of(day) + hour * 3600 + minute.unwrap_or(0) * 60 + second.unwrap_or(0);
        let length = if second.is_some() {
            1
        } else if minute.is_some() {
            60
        } else {
            3600
        };
        return Ok(done(Interval { start, end: start + length }, DatePrecision::Time));
    }

    let fields: Vec<&str> = trimmed.split('-').collect();
    let number = |text: &str, digits: usize| -> Option<i16> {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    match fields.as_slice() {
        [year] => {
            let year = number(year, 4).ok_or_else(form)?;
            let first = Date::new(year, 1, 1).ok().filter(|_| year >= 1).ok_or_else(missing)?;
            let last = Date::new(year, 12, 31).map_err(|_| missing())?;
            Ok(done(Interval::days(first, last).ok_or_else(missing)?, DatePrecision::Year))
        }
        [year, month] => {
            let year = number(year, 4).filter(|y| *y >= 1).ok_or_else(form)?;
            let month = number(month, 2).ok_or_else(form)?;
            let (from, months, precision) = match month {
                1..=12 => (month, 1, DatePrecision::Month),
                // EDTF 21–24: spring, summer, autumn, winter of the northern hemisphere.
                21..=24 => ((month - 21) * 3 + 3, 3, DatePrecision::Season),
                _ => return Err(missing()),
            };
            let first = Date::new(year, from as i8, 1).map_err(|_| missing())?;
            let end = days_from_civil(i64::from(year), i64::from(from), 1);
            let last_month = i64::from(from) + months - 1;
            let (last_year, last_month) =
                (i64::from(year) + (last_month - 1) / 12, (last_month - 1) % 12 + 1);
            let last = date_of(end * SECONDS_PER_DAY)
                .and_then(|_| Date::new(last_year as i16, last_month as i8, 1).ok())
                .map(|d| d.last_of_month())
                .ok_or_else(missing)?;
            Ok(done(Interval::days(first, last).ok_or_else(missing)?, precision))
        }
        [_, _, _] => {
            let day = parse_day(trimmed).ok_or_else(form)?.ok_or_else(missing)?;
            Ok(done(Interval::days(day, day).ok_or_else(missing)?, DatePrecision::Day))
        }
        _ => Err(form()),
    }
}

/// `None` if not of the form `YYYY-MM-DD`, `Some(None)` if there is no such day.
fn parse_day(text: &str) -> Option<Option<Date>> {
    let mut fields = text.trim().split('-');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let digits = |field: &str, n: usize| field.len() == n && field.bytes().all(|b| b.is_ascii_digit());
    if fields.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(Date::new(year, month, day).ok().filter(|_| year >= 1))
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_AR: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const MONTHS_EN_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_FR_SHORT: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

/// How much room a formatted date may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateStyle {
    /// `27 July 2024`
    Long,
    /// `27 Jul 2024`
    Short,
}

/// Name of a month, 1 to 12.
pub fn month_name(month: i8, lang: Lang, style: DateStyle) -> &'static str {
    let names = match (lang, style) {
        (Lang::En, DateStyle::Long) => &MONTHS_EN,
        (Lang::En, DateStyle::Short) => &MONTHS_EN_SHORT,
        (Lang::Fr, DateStyle::Long) => &MONTHS_FR,
        (Lang::Fr, DateStyle::Short) => &MONTHS_FR_SHORT,
        (Lang::Ar, _) => &MONTHS_AR,
    };
    names.get((month - 1).clamp(0, 11) as usize).copied().unwrap_or_default()
}

/// Name of the weekday of a date.
pub fn weekday_name(date: Date, lang: Lang) -> &'static str {
    let names: [&str; 7] = match lang {
        Lang::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        Lang::Fr => ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        Lang::Ar => ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    };
    let index = match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    };
    names.get(index).copied().unwrap_or_default()
}

/// `27 July 2024`.
pub fn format_day(date: Date, lang: Lang, style: DateStyle) -> String {
    format!("{} {} {}", date.day(), month_name(date.month(), lang, style), date.year())
}

/// An interval in words at its own precision: `27 July 2024`, `25–27 July 2024`, `September 2023`,
/// `2012`, `May–November 2025`, `from 1 May 2024`; empty if unknown. In Arabic ranges are joined by
/// a word, because a dash between numbers reverses.
pub fn format_interval(interval: Interval, precision: DatePrecision, lang: Lang, style: DateStyle) -> String {
    if interval.is_unknown() {
        return String::new();
    }
    let (from_word, until_word) = match lang {
        Lang::En => ("from", "until"),
        Lang::Fr => ("depuis", "jusqu’au"),
        Lang::Ar => ("منذ", "حتى"),
    };
    let dash = if lang == Lang::Ar { " إلى " } else { "–" };
    let spaced_dash = if lang == Lang::Ar { " إلى " } else { " – " };
    let (first, last) = match (interval.first_day(), interval.last_day()) {
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) => return format!("{from_word} {}", format_day(first, lang, style)),
        (None, Some(last)) => return format!("{until_word} {}", format_day(last, lang, style)),
        (None, None) => return String::new(),
    };
    let month = |d: Date| month_name(d.month(), lang, style);
    let whole_years = (first.month(), first.day()) == (1, 1) && (last.month(), last.day()) == (12, 31);
    let whole_months = first.day() == 1 && last == last.last_of_month();
    if whole_years && precision >= DatePrecision::Season {
        return if first.year() == last.year() {
            first.year().to_string()
        } else {
            format!("{}{dash}{}", first.year(), last.year())
        };
    }
    if whole_months && precision >= DatePrecision::Month {
        return if (first.year(), first.month()) == (last.year(), last.month()) {
            format!("{} {}", month(first), first.year())
        } else if first.year() == last.year() {
            format!("{}{dash}{} {}", month(first), month(last), last.year())
        } else {
            format!("{} {}{spaced_dash}{} {}", month(first), first.year(), month(last), last.year())
        };
    }
    if first == last {
        if precision == DatePrecision::Time {
            let clock = |t: i64| {
                let s = t.rem_euclid(SECONDS_PER_DAY);
                format!("{:02}:{:02}", s / 3600, s % 3600 / 60)
            };
            return format!("{} {}", format_day(first, lang, style), clock(interval.start));
        }
        return format_day(first, lang, style);
    }
    if (first.year(), first.month()) == (last.year(), last.month()) {
        return format!("{}{dash}{} {} {}", first.day(), last.day(), month(first), first.year());
    }
    if first.year() == last.year() {
        return format!(
            "{} {}{spaced_dash}{} {} {}",
            first.day(),
            month(first),
            last.day(),
            month(last),
            last.year()
        );
    }
    format!("{}{spaced_dash}{}", format_day(first, lang, style), format_day(last, lang, style))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edtf(text: &str) -> (String, DatePrecision) {
        let when = parse_edtf(text).unwrap_or_else(|err| panic!("{err}"));
        (when.interval.to_edtf(), when.precision)
    }

    #[test]
    fn typed_dates_become_intervals_with_inclusive_end_days() {
        let check = |text: &str, interval: &str, precision| {
            assert_eq!(edtf(text), (interval.to_owned(), precision), "{text}");
        };
        check("2024", "2024-01-01/2024-12-31", DatePrecision::Year);
        check("2024-02", "2024-02-01/2024-02-29", DatePrecision::Month);
        check("2024-07-27", "2024-07-27", DatePrecision::Day);
        check("٢٠٢٤-٠٧-٢٧", "2024-07-27", DatePrecision::Day);
        check("2024-07-27T14:30", "2024-07-27", DatePrecision::Time);
        check("2024-05-01/2024-05-09", "2024-05-01/2024-05-09", DatePrecision::Days);
        check("2024-05/..", "2024-05-01/..", DatePrecision::Month);
        check("../2024", "../2024-12-31", DatePrecision::Year);
        check("2024-24", "2024-12-01/2025-02-28", DatePrecision::Season);
        let about = parse_edtf("2024-05~").expect("EDTF");
        assert!(about.approx && !about.uncertain);
    }

    #[test]
    fn bad_dates_say_what_is_wrong() {
        assert!(matches!(parse_edtf("2025-06-31"), Err(DateError::NoSuchDay(_))));
        assert!(matches!(parse_edtf("2024-13"), Err(DateError::NoSuchDay(_))));
        assert!(matches!(parse_edtf("2024-05/2024-01"), Err(DateError::Backwards(_))));
        assert!(matches!(parse_edtf("July 2024"), Err(DateError::Form(_))));
        assert!(matches!(parse_edtf("../.."), Err(DateError::Form(_))));
        assert!(matches!(parse_edtf(" "), Err(DateError::Empty)));
    }

    #[test]
    fn civil_days_agree_with_the_date_type() {
        for year in [1i16, 1600, 1900, 1970, 2000, 2024, 9999] {
            for month in 1..=12i8 {
                let date = Date::new(year, month, 17).expect("date");
                assert_eq!(date_of(start_of(date)), Some(date));
                assert_eq!(date_of(start_of(date) + SECONDS_PER_DAY - 1), Some(date));
            }
        }
    }

    #[test]
    fn intervals_read_as_people_write_them() {
        let check = |text: &str, precision, lang, expect: &str| {
            let when = parse_edtf(text).expect("date");
            assert_eq!(format_interval(when.interval, precision, lang, DateStyle::Long), expect);
        };
        check("2024-07-25/2024-07-27", DatePrecision::Days, Lang::En, "25–27 July 2024");
        check("2024-07-25/2024-07-27", DatePrecision::Days, Lang::Ar, "25 إلى 27 يوليو 2024");
        check("2023-09", DatePrecision::Month, Lang::Fr, "septembre 2023");
        check("2023-09", DatePrecision::Days, Lang::En, "1–30 September 2023");
        check("2012", DatePrecision::Year, Lang::En, "2012");
        check("2025-07/2025-11", DatePrecision::Season, Lang::En, "July–November 2025");
        check("2022-08-15/..", DatePrecision::Day, Lang::En, "from 15 August 2022");
    }

    #[test]
    fn unknown_intervals_are_in_no_window() {
        assert!(!Interval::UNKNOWN.overlaps(Interval::ALL));
        assert!(!Interval::UNKNOWN.within(Interval::ALL));
    }
}
