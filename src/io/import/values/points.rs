//! Both coordinates in one field, and points that stand for geometries.

use super::degrees::{Axis, Degrees};
use super::plain::plain;
use super::{Forms, Reading, is_blank};
use crate::model::LatLon;
use crate::model::import::Issue;

/// No pair of coordinates is longer; geometries are.
const MAX_PAIR_BYTES: usize = 160;
/// Most positions of a geometry that are looked at, and how deep its brackets may nest.
const MAX_POSITIONS: usize = 1 << 20;
const MAX_DEPTH: usize = 16;

impl Forms {
    /// Reads `18.44, 1.41`, `18,44; 1,41`, `18°26'28"N 1°24'28"E`, `geo:18.44,1.41`, WKT, and a point of
    /// GeoJSON. Without letters of hemispheres latitude comes first; only WKT and GeoJSON begin with
    /// longitude.
    ///
    /// Errors as of [`Forms::degrees`]; [`Issue::SwappedCoordinates`] if only the other order makes a
    /// point; for geometries as of [`wkt_point`].
    pub fn pair(&self, field: &[u8]) -> Reading<LatLon> {
        self.pair_as(field, false)
    }

    /// As [`Forms::pair`], for fields where the other one of the two comes first.
    pub fn pair_turned(&self, field: &[u8]) -> Reading<LatLon> {
        self.pair_as(field, true)
    }

    fn pair_as(&self, field: &[u8], is_turned: bool) -> Reading<LatLon> {
        let turned = |point: LatLon| match is_turned {
            true => LatLon::new(point.lon, point.lat).ok_or(Issue::NoSuchCoordinate),
            false => Ok(point),
        };
        if is_blank(field) {
            return Err(Issue::NoPlace);
        }
        let text = std::str::from_utf8(field).map_err(|_| Issue::NoSuchCoordinate)?;
        if is_wkt(text) {
            return wkt_point(text).and_then(turned).map(|point| (point, null_island(point)));
        }
        if text.len() > MAX_PAIR_BYTES {
            return Err(Issue::NoSuchCoordinate);
        }
        let text = plain(text);
        if let Some((_, rest)) = text.split_once("\"coordinates\"") {
            let rest = rest.trim_start_matches([':', ' ', '[']).split(']').next().unwrap_or_default();
            let mut numbers = rest.split(',').map(|part| part.trim().parse::<f64>().ok());
            let (lon, lat) = (numbers.next().flatten(), numbers.next().flatten());
            let point =
                lat.zip(lon).and_then(|(lat, lon)| LatLon::new(lat, lon)).ok_or(Issue::NoSuchCoordinate);
            let point = point.and_then(turned)?;
            return Ok((point, null_island(point)));
        }
        let text = text.trim();
        let text = match text.split_at_checked(4) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("geo:") => {
                rest.split([';', '?']).next().unwrap_or(rest)
            }
            _ => text,
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() || "()[]{}@".contains(c));
        let (a, b) = self.halves(text).ok_or(Issue::NoSuchCoordinate)?;
        // Letters say themselves which is which.
        let by_letters = a.axis == Some(Axis::Longitude) || b.axis == Some(Axis::Latitude);
        let is_swapped = by_letters || (is_turned && a.axis.is_none() && b.axis.is_none());
        let (lat, lon) = if is_swapped { (b, a) } else { (a, b) };
        match (self.within(lat, Axis::Latitude), self.within(lon, Axis::Longitude)) {
            (Ok(lat), Ok(lon)) => {
                let point = LatLon { lat, lon };
                let is_coerced = a.is_coerced || b.is_coerced;
                let note = null_island(point).or(is_coerced.then_some(Issue::CoercedCoordinate));
                Ok((point, note))
            }
            (Err(_), Ok(_)) if LatLon::new(lon.value, lat.value).is_some() => Err(Issue::SwappedCoordinates),
            (Err(issue), _) | (_, Err(issue)) => Err(issue),
        }
    }

    /// Cuts a text where both halves are degrees.
    fn halves(&self, text: &str) -> Option<(Degrees, Degrees)> {
        let read = |left: &str, right: &str| {
            let a = self.any_degrees(left.trim_end_matches([',', ';']), Some(Axis::Latitude))?;
            let b = self.any_degrees(right, Some(Axis::Longitude))?;
            // Letters on both or on none, and of two axes.
            (a.axis.is_some() == b.axis.is_some() && (a.axis.is_none() || a.axis != b.axis)).then_some((a, b))
        };
        // Degrees, minutes and seconds twice, with signs and blanks between, have fewer.
        const MAX_MARKS: usize = 20;
        if text.matches([' ', ',', ';', '/', '|']).count() > MAX_MARKS {
            return None;
        }
        // Of a position with a height the first two numbers count: `18.44,1.41,320`.
        let parts: Vec<&str> = text.split(',').collect();
        if let [left, right, height] = parts.as_slice()
            && left.contains('.')
            && right.contains('.')
            && height.trim().parse::<f64>().is_ok()
        {
            return read(left, right);
        }
        // The surest separators first.
        for mark in [";", "|", ", ", "/", ",", " "] {
            for (at, _) in text.match_indices(mark) {
                let (left, right) = (text.get(..at)?, text.get(at + mark.len()..)?);
                if let Some(found) = read(left.trim(), right.trim()) {
                    return Some(found);
                }
            }
        }
        // Letters alone: `18N1E`.
        let after = text.char_indices().find(|(_, c)| c.is_alphabetic()).map(|(at, c)| at + c.len_utf8())?;
        read(text.get(..after)?, text.get(after..)?)
    }
}

fn null_island(point: LatLon) -> Option<Issue> {
    (point.lat == 0.0 && point.lon == 0.0).then_some(Issue::NullIsland)
}

const TAGS: [&str; 7] =
    ["POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

/// Whether a text begins like WKT.
pub(super) fn is_wkt(text: &str) -> bool {
    let text = without_srid(text.trim_start());
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let tag = text.get(..end).unwrap_or_default();
    TAGS.iter().any(|known| tag.eq_ignore_ascii_case(known))
}

fn without_srid(text: &str) -> &str {
    match text.get(..5) {
        Some(head) if head.eq_ignore_ascii_case("SRID=") => {
            text.split_once(';').map_or(text, |(_, rest)| rest.trim_start())
        }
        _ => text,
    }
}

/// The point that stands for a geometry in WKT (longitude first): of several points their mean, of a
/// line the middle of its way, of an area the centre of its largest outer ring, of a collection that of
/// its areas or else of its lines or points.
///
/// Errors: [`Issue::NoGeometry`] for an empty one, [`Issue::BadGeometry`] for what is no WKT,
/// [`Issue::NoSuchCoordinate`] for a point that there is not.
pub fn wkt_point(text: &str) -> Result<LatLon, Issue> {
    let mut reader = Wkt { rest: without_srid(text.trim()), left: MAX_POSITIONS };
    let mut shapes = Shapes::default();
    reader.geometry(&mut shapes, 0)?;
    if !reader.rest.trim().is_empty() {
        return Err(Issue::BadGeometry);
    }
    let (x, y) = shapes.middle().ok_or(Issue::NoGeometry)?;
    // A middle may lie beyond the date line where the geometry crosses it.
    let x = if shapes.crosses && x > 180.0 { x - 360.0 } else { x };
    LatLon::new(y, x).ok_or(Issue::NoSuchCoordinate)
}

type Xy = (f64, f64);

#[derive(Default)]
struct Shapes {
    points: Vec<Xy>,
    lines: Vec<Vec<Xy>>,
    rings: Vec<Vec<Xy>>,
    /// Whether something reaches over the date line.
    crosses: bool,
}

impl Shapes {
    /// Puts positions east of the date line beside those west of it where they belong together.
    fn unrolled(&mut self, mut line: Vec<Xy>) -> Vec<Xy> {
        let is_far = line.windows(2).any(|pair| matches!(pair, [a, b] if (a.0 - b.0).abs() > 180.0));
        if is_far {
            self.crosses = true;
            for (x, _) in &mut line {
                if *x < 0.0 {
                    *x += 360.0;
                }
            }
        }
        line
    }

    fn middle(&self) -> Option<Xy> {
        let largest = self.rings.iter().max_by(|a, b| area(a).abs().total_cmp(&area(b).abs()));
        if let Some(ring) = largest {
            return centre(ring);
        }
        let longest = self.lines.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
        if let Some(line) = longest {
            return halfway(line);
        }
        mean(&self.points)
    }
}

fn mean(points: &[Xy]) -> Option<Xy> {
    let number = points.len() as f64;
    let sum = points.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x, sum.1 + y));
    (!points.is_empty()).then(|| (sum.0 / number, sum.1 / number))
}

fn edges(line: &[Xy]) -> impl Iterator<Item = (Xy, Xy)> {
    line.iter().copied().zip(line.iter().copied().skip(1))
}

fn length(line: &[Xy]) -> f64 {
    edges(line).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).sum()
}

/// Twice the area, as seen from the first position so that digits are not lost.
fn area(ring: &[Xy]) -> f64 {
    let Some((x, y)) = ring.first().copied() else { return 0.0 };
    edges(ring).map(|(a, b)| (a.0 - x) * (b.1 - y) - (b.0 - x) * (a.1 - y)).sum()
}

fn centre(ring: &[Xy]) -> Option<Xy> {
    let area = area(ring);
    let (x, y) = ring.first().copied()?;
    if area.abs() < 1e-12 {
        return mean(ring);
    }
    let sum = edges(ring).fold((0.0, 0.0), |sum, (a, b)| {
        let (ax, ay, bx, by) = (a.0 - x, a.1 - y, b.0 - x, b.1 - y);
        let part = ax * by - bx * ay;
        (sum.0 + (ax + bx) * part, sum.1 + (ay + by) * part)
    });
    Some((x + sum.0 / (3.0 * area), y + sum.1 / (3.0 * area)))
}

fn halfway(line: &[Xy]) -> Option<Xy> {
    let mut left = length(line) / 2.0;
    for (a, b) in edges(line) {
        let step = (a.0 - b.0).hypot(a.1 - b.1);
        if step >= left && step > 0.0 {
            let share = left / step;
            return Some((a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share));
        }
        left -= step;
    }
    line.first().copied()
}

struct Wkt<'a> {
    rest: &'a str,
    /// Positions that may still come.
    left: usize,
}

impl Wkt<'_> {
    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word.to_ascii_uppercase()
    }

    fn eat(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn geometry(&mut self, shapes: &mut Shapes, depth: usize) -> Result<(), Issue> {
        if depth > MAX_DEPTH {
            return Err(Issue::BadGeometry);
        }
        let mut tag = self.word();
        for suffix in ["ZM", "Z", "M"] {
            if let Some(bare) = tag.strip_suffix(suffix)
                && TAGS.contains(&bare)
            {
                tag = bare.to_owned();
                break;
            }
        }
        if !TAGS.contains(&tag.as_str()) {
            return Err(Issue::BadGeometry);
        }
        if !self.rest.starts_with('(') {
            match self.word().as_str() {
                "EMPTY" => return Ok(()),
                "Z" | "M" | "ZM" => {}
                _ => return Err(Issue::BadGeometry),
            }
            if !self.rest.starts_with('(') {
                return if self.word() == "EMPTY" { Ok(()) } else { Err(Issue::BadGeometry) };
            }
        }
        match tag.as_str() {
            "GEOMETRYCOLLECTION" => {
                self.eat('(');
                loop {
                    self.geometry(shapes, depth + 1)?;
                    if self.eat(')') {
                        return Ok(());
                    }
                    if !self.eat(',') {
                        return Err(Issue::BadGeometry);
                    }
                }
            }
            "POINT" | "MULTIPOINT" => {
                let points = self.flat(0)?;
                shapes.points.extend(points);
            }
            "LINESTRING" => {
                let line = self.flat(0)?;
                let line = shapes.unrolled(line);
                shapes.lines.push(line);
            }
            "MULTILINESTRING" => {
                for line in self.nested()? {
                    let line = shapes.unrolled(line);
                    shapes.lines.push(line);
                }
            }
            "POLYGON" => {
                // The first ring is the outer one.
                if let Some(ring) = self.nested()?.into_iter().next() {
                    let ring = shapes.unrolled(ring);
                    shapes.rings.push(ring);
                }
            }
            _ => {
                self.eat('(');
                loop {
                    if let Some(ring) = self.nested()?.into_iter().next() {
                        let ring = shapes.unrolled(ring);
                        shapes.rings.push(ring);
                    }
                    if self.eat(')') {
                        return Ok(());
                    }
                    if !self.eat(',') {
                        return Err(Issue::BadGeometry);
                    }
                }
            }
        }
        Ok(())
    }

    /// `((…), (…))`
    fn nested(&mut self) -> Result<Vec<Vec<Xy>>, Issue> {
        if !self.eat('(') {
            return Err(Issue::BadGeometry);
        }
        let mut all = Vec::new();
        loop {
            all.push(self.flat(0)?);
            if self.eat(')') {
                return Ok(all);
            }
            if !self.eat(',') {
                return Err(Issue::BadGeometry);
            }
        }
    }

    /// `(1 2, 3 4)`; positions may have brackets of their own, as those of a MULTIPOINT.
    fn flat(&mut self, depth: usize) -> Result<Vec<Xy>, Issue> {
        if depth > 1 || !self.eat('(') {
            return Err(Issue::BadGeometry);
        }
        let mut all = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with('(') {
                all.extend(self.flat(depth + 1)?);
            } else {
                all.push(self.position()?);
            }
            if self.eat(')') {
                return Ok(all);
            }
            if !self.eat(',') {
                return Err(Issue::BadGeometry);
            }
        }
    }

    fn position(&mut self) -> Result<Xy, Issue> {
        self.left = self.left.checked_sub(1).ok_or(Issue::BadGeometry)?;
        let end = self.rest.find([',', '(', ')']).ok_or(Issue::BadGeometry)?;
        let (numbers, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut numbers = numbers.split_ascii_whitespace().map(|number| number.parse::<f64>().ok());
        let (x, y) = (numbers.next().flatten(), numbers.next().flatten());
        let rest_is_sound = numbers.clone().count() <= 2 && numbers.all(|number| number.is_some());
        x.zip(y).filter(|(x, y)| rest_is_sound && x.is_finite() && y.is_finite()).ok_or(Issue::BadGeometry)
    }
}
