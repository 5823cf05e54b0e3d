//! Stands in for values, codes and recognition while they are built.

pub mod values {
    use crate::model::import::{DateOrder, DecimalMark, Issue, Numbers};
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
    fn date(field: &[u8]) -> Option<Date> {
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
        let at = MONTHS
            .iter()
            .position(|name| *name == month || (month.len() == 3 && name.starts_with(&month)))?;
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
    fn decimal(field: &[u8]) -> Option<f64> {
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
    fn count(field: &[u8]) -> Option<u32> {
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

    #[derive(Clone, Copy, Debug)]
    pub struct Forms {
        pub order: DateOrder,
        pub numbers: Numbers,
        pub decimal: DecimalMark,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Axis {
        Latitude,
        Longitude,
    }

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Figure {
        pub low: Option<u32>,
        pub best: Option<u32>,
        pub high: Option<u32>,
    }

    impl Forms {
        pub fn date(&self, field: &[u8]) -> Result<(Date, Option<Issue>), Issue> {
            date(field).map(|date| (date, None)).ok_or(Issue::DateForm)
        }

        pub fn ymd(&self, year: &[u8], month: &[u8], day: &[u8]) -> Result<(Date, Option<Issue>), Issue> {
            let number = |field: &[u8]| decimal(field).map(|value| value as i64).ok_or(Issue::DateForm);
            let (year, month, day) = (number(year)?, number(month).unwrap_or(0), number(day).unwrap_or(0));
            day_of(year, month, day).map(|day| (Date::Day(day), None)).ok_or(Issue::NoSuchDate)
        }

        pub fn number(&self, field: &[u8]) -> Option<f64> {
            decimal(field)
        }

        pub fn degrees(&self, field: &[u8], axis: Axis) -> Result<(f64, Option<Issue>), Issue> {
            let limit = if axis == Axis::Latitude { 90.0 } else { 180.0 };
            let value = decimal(field).filter(|value| value.abs() <= limit);
            value.map(|value| (value, None)).ok_or(Issue::NoSuchCoordinate)
        }

        pub fn pair(&self, field: &[u8]) -> Result<((f64, f64), Option<Issue>), Issue> {
            let (lat, lon) =
                memchr::memchr(b',', field).map(|at| field.split_at(at)).ok_or(Issue::NoSuchCoordinate)?;
            let lat = self.degrees(lat.trim_ascii(), Axis::Latitude)?.0;
            let lon = self.degrees(lon.get(1..).unwrap_or_default().trim_ascii(), Axis::Longitude)?.0;
            Ok(((lat, lon), None))
        }

        pub fn count(&self, field: &[u8]) -> Result<(Figure, Option<Issue>), Issue> {
            if field.starts_with(b"-") {
                return Err(Issue::UnknownCode);
            }
            let best = count(field).ok_or(Issue::NotANumber)?;
            Ok((Figure { best: Some(best), ..Figure::default() }, None))
        }
    }
}

pub mod codes {
    use crate::model::import::Dialect;
    use crate::model::{DatePrecision, EventType, GeoPrecision};
    use std::borrow::Cow;

    pub struct Typed<'a> {
        pub event_type: EventType,
        pub is_known: bool,
        pub label_type: Cow<'a, str>,
        pub label_sub: Cow<'a, str>,
    }

    pub fn event_type<'a>(_: Option<Dialect>, typed: &'a str, sub: &'a str) -> Typed<'a> {
        let known = EventType::ALL.iter().copied().find(|known| known.code().eq_ignore_ascii_case(typed));
        Typed {
            event_type: known.unwrap_or(EventType::Other),
            is_known: known.is_some(),
            label_type: Cow::Borrowed(typed),
            label_sub: Cow::Borrowed(sub),
        }
    }

    pub fn date_precision(_: Option<Dialect>, code: &str) -> Option<DatePrecision> {
        match code {
            "1" => Some(DatePrecision::Day),
            "2" => Some(DatePrecision::Week),
            "3" => Some(DatePrecision::Month),
            _ => None,
        }
    }

    pub fn geo_precision(_: Option<Dialect>, code: &str) -> Option<GeoPrecision> {
        match code {
            "1" => Some(GeoPrecision::Exact),
            "2" => Some(GeoPrecision::Near),
            "3" => Some(GeoPrecision::Region),
            _ => None,
        }
    }

    pub fn is_placeholder_actor(name: &str) -> bool {
        name.starts_with("XXX") || name == "-99"
    }
}

pub mod recognise {
    use crate::model::import::{Dialect, Field};

    fn plain(name: &str) -> String {
        let name = name.trim().to_lowercase();
        name.chars().map(|c| if matches!(c, ' ' | '-' | '.') { '_' } else { c }).collect()
    }

    pub fn is_header(row: &[String]) -> (bool, crate::model::import::Sureness) {
        let numbers = row.iter().filter(|field| field.trim().parse::<f64>().is_ok()).count();
        let dates = row.iter().filter(|field| field.starts_with("20")).count();
        (numbers + dates == 0, crate::model::import::Sureness::Share(0.8))
    }

    pub fn headerless(_: &[Vec<String>]) -> Option<(Dialect, Vec<String>)> {
        None
    }

    pub fn dialect(columns: &[String]) -> Option<(Dialect, usize, usize)> {
        let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        (has("event_id_cnty") && has("event_date")).then_some((Dialect::Acled, columns.len(), 31))
    }

    pub fn mapping(columns: &[String], _: Option<Dialect>) -> Vec<Option<Field>> {
        let known: [(&[&str], Field); 21] = [
            (&["event_id_cnty", "event_id", "id", "data_id"], Field::Id),
            (&["sub_event_type", "sub_type"], Field::SubType),
            (&["actor1"], Field::Actor1),
            (&["assoc_actor_1", "ally_actor_1"], Field::AssocActor1),
            (&["actor2"], Field::Actor2),
            (&["assoc_actor_2", "ally_actor_2"], Field::AssocActor2),
            (&["location", "place"], Field::Place),
            (&["source", "sources"], Field::Source),
            (&["notes", "description"], Field::Notes),
            (&["fatalities", "deaths", "killed"], Field::Fatalities),
            (&["event_date", "date"], Field::Date),
            (&["time_precision", "date_precision"], Field::DatePrecision),
            (&["event_type", "type"], Field::EventType),
            (&["latitude", "lat"], Field::Latitude),
            (&["longitude", "lon", "lng", "long"], Field::Longitude),
            (&["geo_precision"], Field::GeoPrecision),
            (&["country"], Field::Country),
            (&["admin1"], Field::Admin1),
            (&["year"], Field::Year),
            (&["month"], Field::Month),
            (&["day"], Field::Day),
        ];
        let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
        let mut mapping = vec![None; columns.len()];
        for (aliases, field) in known {
            let at = aliases.iter().find_map(|alias| names.iter().position(|name| name == alias));
            if let Some(slot) = at.and_then(|at| mapping.get_mut(at)) {
                *slot = Some(field);
            }
        }
        mapping
    }
}
