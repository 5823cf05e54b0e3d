//! Degrees of latitude and longitude.
//!
//! A decimal number in the file's own form is taken as it is. Anything else that can be read (degrees
//! with minutes, a hemisphere's letter, digits of another script, the other decimal mark) is told as
//! [`Issue::CoercedCoordinate`].

use super::numbers::{Groups, plain_decimal, written};
use super::plain::plain;
use super::{Forms, Reading, is_blank};
use crate::model::LatLon;
use crate::model::import::{DecimalMark, Issue};

/// No written coordinate is longer.
const MAX_BYTES: usize = 60;
/// Longitudes up to here are one turn or a half too far and can be taken back.
const FAR_LONGITUDE: f64 = 540.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    Latitude,
    Longitude,
}

impl Axis {
    /// The largest value, in degrees.
    pub fn limit(self) -> f64 {
        match self {
            Axis::Latitude => 90.0,
            Axis::Longitude => 180.0,
        }
    }
}

/// Degrees as they are written, wherever they lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Degrees {
    pub value: f64,
    /// What the hemisphere's letter says.
    pub axis: Option<Axis>,
    pub is_coerced: bool,
}

impl Forms {
    /// Reads degrees, positive north and east.
    ///
    /// Errors: [`Issue::NoPlace`] for a blank; [`Issue::BeyondDateLine`] for a longitude that can be
    /// taken back to ±180, which [`Forms::wrap`] does; [`Issue::SwappedCoordinates`] for a hemisphere
    /// of the other axis; [`Issue::NoSuchCoordinate`] for all else that is none.
    #[inline]
    pub fn degrees(&self, field: &[u8], axis: Axis) -> Reading<f64> {
        if let Some(value) = plain_decimal(field)
            && value.abs() <= axis.limit()
        {
            return Ok((value, None));
        }
        self.rarer_degrees(field, axis)
    }

    /// Reads a position from its two fields, with what only both together tell.
    ///
    /// Errors as of [`Forms::degrees`], with the axis that it is about; [`Issue::HalfCoordinate`] if one
    /// is blank and the other is not, [`Issue::SwappedCoordinates`] if only the other way round there is
    /// such a point.
    #[inline]
    pub fn position(&self, lat: &[u8], lon: &[u8]) -> Result<(LatLon, Option<Issue>), (Issue, Axis)> {
        let (y, x) = (self.degrees(lat, Axis::Latitude), self.degrees(lon, Axis::Longitude));
        match (y, x) {
            (Ok((lat, a)), Ok((lon, b))) => {
                let note = if lat == 0.0 && lon == 0.0 { Some(Issue::NullIsland) } else { a.or(b) };
                Ok((LatLon { lat, lon }, note))
            }
            (Err(Issue::NoPlace), Err(Issue::NoPlace)) => Err((Issue::NoPlace, Axis::Latitude)),
            (Err(Issue::NoPlace), Ok(_)) => Err((Issue::HalfCoordinate, Axis::Latitude)),
            (Ok(_), Err(Issue::NoPlace)) => Err((Issue::HalfCoordinate, Axis::Longitude)),
            (Err(issue), other) => {
                let is_swapped = other.is_ok()
                    && self.degrees(lat, Axis::Longitude).is_ok()
                    && self.degrees(lon, Axis::Latitude).is_ok();
                let issue = if is_swapped { Issue::SwappedCoordinates } else { issue };
                Err((issue, Axis::Latitude))
            }
            (Ok(_), Err(issue)) => Err((issue, Axis::Longitude)),
        }
    }

    #[cold]
    fn rarer_degrees(&self, field: &[u8], axis: Axis) -> Reading<f64> {
        if is_blank(field) {
            return Err(Issue::NoPlace);
        }
        let text = std::str::from_utf8(field).map_err(|_| Issue::NoSuchCoordinate)?;
        let plain = plain(text);
        let read = self.any_degrees(&plain, Some(axis)).ok_or(Issue::NoSuchCoordinate)?;
        let value = self.within(read, axis)?;
        let is_coerced = read.is_coerced || plain != text;
        Ok((value, is_coerced.then_some(Issue::CoercedCoordinate)))
    }

    /// The value, if there is such a one on the axis.
    pub(super) fn within(&self, read: Degrees, axis: Axis) -> Result<f64, Issue> {
        if read.axis.is_some_and(|found| found != axis) {
            return Err(Issue::SwappedCoordinates);
        }
        let value = read.value;
        if value.abs() <= axis.limit() {
            return Ok(value);
        }
        if axis == Axis::Latitude || value.abs() > FAR_LONGITUDE {
            return Err(Issue::NoSuchCoordinate);
        }
        if !self.wrap {
            return Err(Issue::BeyondDateLine);
        }
        Ok(if value > 0.0 { value - 360.0 } else { value + 360.0 })
    }

    /// Degrees in any form. The text is [`plain`]; the axis tells letters apart that both have.
    pub(super) fn any_degrees(&self, text: &str, axis: Option<Axis>) -> Option<Degrees> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_BYTES {
            return None;
        }
        if let Some(number) = written(text, self.decimal, Groups::Unlikely) {
            let is_own = number.is_common && (self.decimal == DecimalMark::Comma || !text.contains(','));
            return Some(Degrees { value: number.value, axis: None, is_coerced: !is_own });
        }
        let text = text.to_lowercase().replace("deg", "°").replace("درجة", "°");
        let (text, side) = without_side(text.trim(), axis)?;
        let (is_negative, text) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        if is_negative && side.is_some() {
            return None;
        }
        let value = self.with_minutes(text.trim(), side.is_some())?;
        let is_south_or_west = side.is_some_and(|side| side.is_negative);
        Some(Degrees {
            value: if is_negative || is_south_or_west { -value } else { value },
            axis: side.map(|side| side.axis),
            is_coerced: true,
        })
    }

    /// `18°26'28"`, `18 26 28`, `18°26.466'`, `18:26:28`. Numbers set apart by blanks alone count only
    /// beside a hemisphere.
    fn with_minutes(&self, text: &str, has_side: bool) -> Option<f64> {
        const SIGNS: &str = "°'\":";
        if !has_side && !text.contains(|c| SIGNS.contains(c)) {
            return None;
        }
        let is_part = |c: char| c.is_ascii_digit() || ".,٫".contains(c);
        if text.chars().any(|c| !is_part(c) && !SIGNS.contains(c) && c != ' ') {
            return None;
        }
        let mut value = 0.0;
        let mut unit = 1.0;
        let mut parts = text.split(|c: char| !is_part(c)).filter(|part| !part.is_empty()).peekable();
        parts.peek()?;
        let mut has_fraction = false;
        for (at, part) in parts.enumerate() {
            let number = written(part, self.decimal, Groups::Unlikely)?.value;
            // Only the last part can have decimals.
            if at > 2 || has_fraction || (at > 0 && number >= 60.0) {
                return None;
            }
            has_fraction = number.fract() != 0.0;
            value += number / unit;
            unit *= 60.0;
        }
        Some(value)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Side {
    axis: Axis,
    is_negative: bool,
}

/// Cuts the hemisphere off at the begin or the end of a text in small letters. `None` if there is a
/// word that is none.
fn without_side(text: &str, axis: Option<Axis>) -> Option<(&str, Option<Side>)> {
    let is_letter = |c: char| c.is_alphabetic();
    let head = text.find(|c: char| !is_letter(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(head);
    if !word.is_empty() {
        let rest = rest.trim_start_matches(['.', ':', ' ']);
        return Some((rest, Some(side(word, axis)?)));
    }
    let bare = text.trim_end_matches(['.', ' ']);
    let tail =
        bare.char_indices().rev().take_while(|(_, c)| is_letter(*c)).last().map_or(bare.len(), |(at, _)| at);
    let (rest, word) = bare.split_at(tail);
    if word.is_empty() {
        return Some((text, None));
    }
    Some((rest.trim_end(), Some(side(word, axis)?)))
}

/// What a hemisphere's letter or word says. The `o` is that of ouest and oeste; the Arabic letter that
/// north and east begin with is told by the axis.
fn side(word: &str, axis: Option<Axis>) -> Option<Side> {
    let north = matches!(word, "n" | "north" | "nord" | "norte" | "شمال" | "شمالا");
    let south = matches!(word, "s" | "south" | "sud" | "sur" | "sul" | "süd" | "جنوب" | "جنوبا" | "ج");
    let east = matches!(word, "e" | "east" | "est" | "este" | "leste" | "ost" | "شرق" | "شرقا" | "ق");
    let west = matches!(word, "w" | "o" | "west" | "ouest" | "oeste" | "غرب" | "غربا" | "غ");
    let axis = match word {
        "ش" => axis?,
        _ if north || south => Axis::Latitude,
        _ if east || west => Axis::Longitude,
        _ => return None,
    };
    Some(Side { axis, is_negative: south || west })
}
