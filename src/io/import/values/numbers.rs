//! Numbers and tolls, with the decimal and thousands marks of different countries.
//!
//! A mark is told by its place wherever that is possible: `1.234,5` and `1,234.5` are the same number,
//! `18,44` has two decimals, `1,234,567` none. Only a single mark before three digits can be both; then
//! [`Forms::decimal`] decides, and the value says that it was decided.

use super::plain::plain;
use super::{Forms, Reading, is_blank};
use crate::model::import::{DecimalMark, Issue};

/// Sums over more people than this are doubted.
const HUGE: u32 = 1_000_000;
/// No written number is longer.
const MAX_BYTES: usize = 60;

/// A number of people as a field gives it. `84` sets `best` alone. `10-12` sets all three, `10+` low and
/// best, `up to 10` only high: what is at least so is the best figure, as in tolls of claims
/// ([`crate::model::fatalities`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    pub low: Option<u32>,
    pub best: Option<u32>,
    pub high: Option<u32>,
}

impl Figure {
    pub fn of(best: u32) -> Self {
        Self { best: Some(best), ..Self::default() }
    }
}

/// Whether a mark before three digits may set thousands apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Groups {
    /// By the file's decimal mark.
    Allowed,
    /// No: degrees are below a thousand.
    Unlikely,
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Written {
    pub value: f64,
    /// A mark in it could be the other one.
    pub is_ambiguous: bool,
    /// Digits, and a point or the file's own decimal mark.
    pub is_common: bool,
}

impl Forms {
    /// Reads a decimal number. Errors: [`Issue::NotANumber`].
    pub fn number(&self, field: &[u8]) -> Reading<f64> {
        // Where the comma is the decimal mark, a point may set thousands apart.
        if self.decimal == DecimalMark::Point
            && let Some(value) = plain_decimal(field)
        {
            return Ok((value, None));
        }
        let text = std::str::from_utf8(field).map_err(|_| Issue::NotANumber)?;
        let written = written(&plain(text), self.decimal, Groups::Allowed).ok_or(Issue::NotANumber)?;
        Ok((written.value, written.is_ambiguous.then_some(Issue::AmbiguousNumber)))
    }

    /// Reads a number of people. A blank is an empty figure.
    ///
    /// Errors: [`Issue::UnknownCode`] for a negative number, [`Issue::NotANumber`] for all else that is
    /// none, and for what does not fit into 32 bits.
    #[inline]
    pub fn count(&self, field: &[u8]) -> Reading<Figure> {
        if field.len() > 9 || field.is_empty() {
            return self.rarer_count(field);
        }
        let mut value = 0u32;
        for byte in field {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return self.rarer_count(field);
            }
            value = value * 10 + u32::from(digit);
        }
        Ok((Figure::of(value), if value > HUGE { Some(Issue::HugeToll) } else { None }))
    }

    #[cold]
    fn rarer_count(&self, field: &[u8]) -> Reading<Figure> {
        if is_blank(field) {
            return Ok((Figure::default(), None));
        }
        if field.len() > MAX_BYTES {
            return Err(Issue::NotANumber);
        }
        let text = plain(std::str::from_utf8(field).map_err(|_| Issue::NotANumber)?).to_lowercase();
        let text = text.trim().trim_start_matches('\'').trim();
        match self.people(text) {
            Ok((count, note)) => return Ok((Figure::of(count), note)),
            Err(Issue::UnknownCode) => return Err(Issue::UnknownCode),
            Err(_) => {}
        }
        self.worded_count(text).map(|figure| (figure, Some(Issue::WordedToll)))
    }

    /// One number of people.
    fn people(&self, text: &str) -> Reading<u32> {
        let written = written(text, self.decimal, Groups::Allowed).ok_or(Issue::NotANumber)?;
        if written.value < 0.0 {
            return Err(Issue::UnknownCode);
        }
        let count = written.value.round();
        // The greatest number stands for none in the store's column.
        if count >= f64::from(u32::MAX) {
            return Err(Issue::NotANumber);
        }
        let note = if written.is_ambiguous {
            Some(Issue::AmbiguousNumber)
        } else if written.value.fract() != 0.0 {
            Some(Issue::FractionalToll)
        } else if count > f64::from(HUGE) {
            Some(Issue::HugeToll)
        } else {
            None
        };
        Ok((count as u32, note))
    }

    /// `10-12`, `>10`, `at least 10`, `about 10`.
    fn worded_count(&self, text: &str) -> Result<Figure, Issue> {
        const AT_LEAST: [&str; 14] = [
            ">=",
            "≥",
            "at least",
            "no fewer than",
            "no less than",
            "not less than",
            "min.",
            "au moins",
            "al menos",
            "mindestens",
            "pelo menos",
            "ما لا يقل عن",
            "على الأقل",
            "لا يقل عن",
        ];
        const MORE: [&str; 10] = [
            ">",
            "more than",
            "over",
            "above",
            "plus de",
            "más de",
            "mas de",
            "mehr als",
            "أكثر من",
            "اكثر من",
        ];
        const LESS: [&str; 7] = ["<", "less than", "fewer than", "under", "moins de", "menos de", "أقل من"];
        const UP_TO: [&str; 9] =
            ["<=", "≤", "up to", "at most", "jusqu'à", "hasta", "bis zu", "max.", "ما يصل إلى"];
        const ABOUT: [&str; 14] = [
            "~",
            "≈",
            "±",
            "about",
            "around",
            "approximately",
            "approx.",
            "approx",
            "circa",
            "ca.",
            "environ",
            "vers",
            "حوالي",
            "نحو",
        ];
        const JOINS: [&str; 11] =
            ["..", " - ", "-", " to ", " à ", " a ", " bis ", " or ", " ou ", " إلى ", " الى "];
        let number = |text: &str| self.people(text.trim()).map(|(count, _)| count).ok();
        let behind = |words: &[&str]| {
            words.iter().find_map(|word| {
                number(text.strip_prefix(word)?).or_else(|| number(text.strip_suffix(word)?))
            })
        };
        // Two-sign marks are looked for before their first signs.
        if let Some(low) = behind(&AT_LEAST).or_else(|| number(text.strip_suffix('+')?)) {
            return Ok(Figure { low: Some(low), best: Some(low), high: None });
        }
        if let Some(high) = behind(&UP_TO) {
            return Ok(Figure { low: None, best: None, high: Some(high) });
        }
        if let Some(below) = behind(&MORE) {
            let low = below.saturating_add(1).min(u32::MAX - 1);
            return Ok(Figure { low: Some(low), best: Some(low), high: None });
        }
        if let Some(above) = behind(&LESS) {
            return Ok(Figure { low: None, best: None, high: Some(above.saturating_sub(1)) });
        }
        if let Some(best) = behind(&ABOUT) {
            return Ok(Figure::of(best));
        }
        let between = ["between ", "entre ", "from ", "de ", "بين ", "من "];
        let bare = between.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
        let joins =
            JOINS.iter().chain([&" and ", &" et ", &" و"].into_iter().filter(|_| bare.len() < text.len()));
        for join in joins {
            if let Some((low, high)) = bare.split_once(join)
                && let Some((low, high)) = number(low).zip(number(high))
                && low <= high
            {
                return Ok(Figure { low: Some(low), best: Some(low), high: Some(high) });
            }
        }
        Err(Issue::NotANumber)
    }
}

/// `-12.3456`: digits and at most one point.
#[inline]
pub(super) fn plain_decimal(field: &[u8]) -> Option<f64> {
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

/// Reads a number of any common form from a text of [`plain`] signs.
pub(super) fn written(text: &str, decimal: DecimalMark, groups: Groups) -> Option<Written> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let (negative, body) = match text.strip_prefix(['-', '+']) {
        Some(body) => (text.starts_with('-'), body),
        None => (false, text),
    };
    let (body, exponent) = match body.split_once(['e', 'E']) {
        Some((body, exponent)) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let is_sound =
                (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            (body, Some(exponent).filter(|_| is_sound)?)
        }
        None => (body, ""),
    };
    let mark = decimal_mark(body, decimal, groups)?;
    let (whole, decimals) = match mark.at {
        Some(at) => {
            (body.get(..at)?, body.get(at..)?.chars().next().and_then(|c| body.get(at + c.len_utf8()..))?)
        }
        None => (body, ""),
    };
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = without_groups(whole)?;
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let mut number = format!("{}{}.{}", if whole.is_empty() { "0" } else { "" }, whole, decimals);
    if !exponent.is_empty() {
        number.push('e');
        number.push_str(exponent);
    }
    let value: f64 = number.parse().ok().filter(|value: &f64| value.is_finite())?;
    let sign = match decimal {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    let is_plain = |c: char| c.is_ascii_digit() || c == '.' || c == sign || "-+eE".contains(c);
    Some(Written {
        value: if negative { -value } else { value },
        is_ambiguous: mark.is_ambiguous,
        is_common: text.chars().all(is_plain),
    })
}

struct Mark {
    /// Where the decimal mark is.
    at: Option<usize>,
    is_ambiguous: bool,
}

/// Finds the decimal mark among the marks of a number.
fn decimal_mark(body: &str, decimal: DecimalMark, groups: Groups) -> Option<Mark> {
    let sure = |at: Option<usize>| Some(Mark { at, is_ambiguous: false });
    if let Some(at) = body.find('٫') {
        return sure(Some(at));
    }
    let (points, commas) = (body.matches('.').count(), body.matches(',').count());
    let (point, comma) = (body.rfind('.'), body.rfind(','));
    match (points, commas) {
        (0, 0) => sure(None),
        // The last of two kinds is the decimal mark.
        (1.., 1..) => {
            let (last, times) = if point > comma { (point, points) } else { (comma, commas) };
            if times == 1 { sure(last) } else { None }
        }
        (2.., 0) | (0, 2..) => sure(None),
        (_, _) => {
            let (at, is_point) = if points == 1 { (point, true) } else { (comma, false) };
            let at = at?;
            let (whole, rest) = (body.get(..at)?, body.get(at + 1..)?);
            let could_group = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if !could_group || groups == Groups::Unlikely {
                return sure(Some(at));
            }
            let is_own = is_point == (decimal == DecimalMark::Point);
            // `1,234` in a file with decimal points is what most of the world writes; a single mark that
            // is a point, or a comma where commas are decimal, is doubtful.
            let is_ambiguous = is_own || is_point;
            Some(Mark { at: is_own.then_some(at), is_ambiguous })
        }
    }
}

/// The digits of a whole number whose groups of three are set apart by one kind of mark.
fn without_groups(whole: &str) -> Option<String> {
    let mark = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(mark) = mark else { return Some(whole.to_owned()) };
    if !matches!(mark, '.' | ',' | ' ' | '\'' | '_' | '٬') {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = whole.split(mark);
    let first = parts.next().filter(|part| (1..=3).contains(&part.len()) && digits(part))?;
    let mut all = first.to_owned();
    for part in parts {
        if part.len() != 3 || !digits(part) {
            return None;
        }
        all.push_str(part);
    }
    Some(all)
}
