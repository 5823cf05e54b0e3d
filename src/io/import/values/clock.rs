//! Times of day, and how they are cut out of dates.

use crate::model::import::Issue;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Seconds since midnight, 0 to 86,400 (`24:00`).
    pub start: u32,
    /// Seconds that the way of writing leaves open: 1, 60 or 3600.
    pub length: u32,
}

/// A text cut into what is a date and what is a time of day.
pub struct Split {
    pub date: String,
    pub clock: Option<Clock>,
}

/// Cuts out the time of day and its zone. The text is plain and in small letters.
pub fn split_clock(text: &str) -> Result<Split, Issue> {
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
