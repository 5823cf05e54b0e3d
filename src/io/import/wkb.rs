//! Geometries as bytes (WKB: the plain, the extended and the ISO form) → a point that stands for them,
//! and text (WKT).
//!
//! The point: a point is itself; of several things the first; of a line the middle of its length; of an
//! area the centre of mass, or where that lies outside, the first corner. It lies on the shape or inside
//! of it, so a map never shows an event where its source does not.

use std::fmt::Write as _;

use super::limits::MAX_DEPTH;

/// Corners of one geometry; the finest borders of countries have fewer.
const MAX_POSITIONS: usize = 1 << 20;
/// Corners that are written as text.
const MAX_TEXT_POSITIONS: usize = 20_000;

/// A corner: along, up, and the further ordinates that it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    pub x: f64,
    pub y: f64,
    pub z: Option<f64>,
    pub m: Option<f64>,
}

/// What is in a geometry.
#[derive(Clone, Debug, PartialEq)]
pub enum Parts {
    /// A point, a line, a curve: corners in order. A point that is empty has none.
    Positions(Vec<Position>),
    /// An area and its holes.
    Rings(Vec<Vec<Position>>),
    /// Geometries within a geometry.
    Geometries(Vec<Geometry>),
}

/// A geometry in the units of its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    /// As in WKT: `POINT`.
    pub kind: &'static str,
    pub parts: Parts,
    /// Number of the reference system, if the bytes have it.
    pub srid: Option<u32>,
}

/// Why bytes are no geometry, as an English phrase.
pub type WkbError = &'static str;

/// Kinds by their number.
const KINDS: [(u32, &str); 15] = [
    (1, "POINT"),
    (2, "LINESTRING"),
    (3, "POLYGON"),
    (4, "MULTIPOINT"),
    (5, "MULTILINESTRING"),
    (6, "MULTIPOLYGON"),
    (7, "GEOMETRYCOLLECTION"),
    (8, "CIRCULARSTRING"),
    (9, "COMPOUNDCURVE"),
    (10, "CURVEPOLYGON"),
    (11, "MULTICURVE"),
    (12, "MULTISURFACE"),
    (15, "POLYHEDRALSURFACE"),
    (16, "TIN"),
    (17, "TRIANGLE"),
];

/// Reads a geometry. Bytes behind it are left alone.
pub fn read(bytes: &[u8]) -> Result<Geometry, WkbError> {
    let mut reader = Reader { bytes, num_positions: 0 };
    reader.geometry(0)
}

struct Reader<'a> {
    bytes: &'a [u8],
    num_positions: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let (head, tail) = self.bytes.split_first_chunk::<N>().ok_or("it ends too early")?;
        self.bytes = tail;
        Ok(*head)
    }

    fn number(&mut self, is_little: bool) -> Result<u32, WkbError> {
        let bytes = self.take::<4>()?;
        Ok(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn ordinate(&mut self, is_little: bool) -> Result<f64, WkbError> {
        let bytes = self.take::<8>()?;
        Ok(if is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// How many things follow that take at least `min_bytes` each.
    fn count(&mut self, is_little: bool, min_bytes: usize) -> Result<usize, WkbError> {
        let count = self.number(is_little)? as usize;
        // A count that does not fit is refused before room is made for it.
        if count > self.bytes.len() / min_bytes {
            Err("it says that it is longer than it is")
        } else {
            Ok(count)
        }
    }

    fn positions(&mut self, count: usize, form: Form) -> Result<Vec<Position>, WkbError> {
        self.num_positions = self.num_positions.saturating_add(count);
        if self.num_positions > MAX_POSITIONS {
            return Err("it has more than a million corners");
        }
        let mut positions = Vec::with_capacity(count);
        for _ in 0..count {
            let (x, y) = (self.ordinate(form.is_little)?, self.ordinate(form.is_little)?);
            let z = form.has_z.then(|| self.ordinate(form.is_little)).transpose()?;
            let m = form.has_m.then(|| self.ordinate(form.is_little)).transpose()?;
            positions.push(Position { x, y, z, m });
        }
        Ok(positions)
    }

    fn geometry(&mut self, depth: usize) -> Result<Geometry, WkbError> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        let is_little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err("it does not begin as a geometry does"),
        };
        let code = self.number(is_little)?;
        // The extended form sets flags; the ISO form adds thousands.
        let (flags, code) = (code >> 29, code & 0x1fff_ffff);
        let (thousands, code) = (code / 1000, code % 1000);
        let form = Form {
            is_little,
            has_z: flags & 4 != 0 || thousands == 1 || thousands == 3,
            has_m: flags & 2 != 0 || thousands == 2 || thousands == 3,
        };
        let (_, kind) = KINDS
            .iter()
            .find(|(known, _)| *known == code && thousands <= 3)
            .ok_or("its kind is not known")?;
        let srid = (flags & 1 != 0).then(|| self.number(is_little)).transpose()?;
        let parts = match code {
            1 => {
                let mut point = self.positions(1, form)?;
                // Not-a-number is how an empty point is written.
                point.retain(|position| !(position.x.is_nan() && position.y.is_nan()));
                Parts::Positions(point)
            }
            2 | 8 => {
                let count = self.count(is_little, form.position_bytes())?;
                Parts::Positions(self.positions(count, form)?)
            }
            3 | 17 => {
                let num_rings = self.count(is_little, 4)?;
                let mut rings = Vec::new();
                for _ in 0..num_rings {
                    let count = self.count(is_little, form.position_bytes())?;
                    rings.push(self.positions(count, form)?);
                }
                Parts::Rings(rings)
            }
            _ => {
                let count = self.count(is_little, 9)?;
                let mut geometries = Vec::new();
                for _ in 0..count {
                    geometries.push(self.geometry(depth + 1)?);
                }
                Parts::Geometries(geometries)
            }
        };
        Ok(Geometry { kind, parts, srid })
    }
}

#[derive(Clone, Copy)]
struct Form {
    is_little: bool,
    has_z: bool,
    has_m: bool,
}

impl Form {
    fn position_bytes(self) -> usize {
        16 + 8 * (usize::from(self.has_z) + usize::from(self.has_m))
    }
}

impl Geometry {
    /// A point of the shape that stands for it: `(x, y)`. `None` if it is empty or not finite.
    pub fn point(&self) -> Option<(f64, f64)> {
        let point = match &self.parts {
            Parts::Positions(positions) if self.kind == "POINT" => positions.first().map(|at| (at.x, at.y)),
            Parts::Positions(positions) => middle(positions),
            Parts::Rings(rings) => rings.first().and_then(|ring| inside(ring, rings)),
            Parts::Geometries(parts) if self.kind == "CURVEPOLYGON" => parts.first().and_then(|outer| {
                let Parts::Positions(ring) = &outer.parts else { return outer.point() };
                inside(ring, std::slice::from_ref(ring))
            }),
            Parts::Geometries(parts) => parts.iter().find_map(Geometry::point),
        };
        point.filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    /// Moves every corner.
    pub fn map(&mut self, change: &dyn Fn(f64, f64) -> (f64, f64)) {
        let all = |positions: &mut Vec<Position>| {
            for position in positions {
                (position.x, position.y) = change(position.x, position.y);
            }
        };
        match &mut self.parts {
            Parts::Positions(positions) => all(positions),
            Parts::Rings(rings) => rings.iter_mut().for_each(all),
            Parts::Geometries(parts) => parts.iter_mut().for_each(|part| part.map(change)),
        }
    }

    pub fn num_positions(&self) -> usize {
        match &self.parts {
            Parts::Positions(positions) => positions.len(),
            Parts::Rings(rings) => rings.iter().map(Vec::len).sum(),
            Parts::Geometries(parts) => parts.iter().map(Geometry::num_positions).sum(),
        }
    }

    /// The geometry as WKT; `None` if it has so many corners that nobody would read them.
    pub fn wkt(&self) -> Option<String> {
        let mut text = String::new();
        if self.num_positions() > MAX_TEXT_POSITIONS {
            return None;
        }
        self.write_wkt(&mut text, true);
        Some(text)
    }

    fn first(&self) -> Option<&Position> {
        match &self.parts {
            Parts::Positions(positions) => positions.first(),
            Parts::Rings(rings) => rings.iter().find_map(|ring| ring.first()),
            Parts::Geometries(parts) => parts.iter().find_map(Geometry::first),
        }
    }

    fn write_wkt(&self, text: &mut String, with_kind: bool) {
        if with_kind {
            text.push_str(self.kind);
            text.push_str(match self.first() {
                Some(Position { z: Some(_), m: Some(_), .. }) => " ZM ",
                Some(Position { z: Some(_), .. }) => " Z ",
                Some(Position { m: Some(_), .. }) => " M ",
                _ => " ",
            });
        }
        match &self.parts {
            Parts::Positions(positions) => write_positions(text, positions),
            Parts::Rings(rings) => write_list(text, rings, |text, ring| write_positions(text, ring)),
            Parts::Geometries(parts) => {
                // Where all parts are of one kind the kind is not repeated.
                let with_kind = |part: &Geometry| match self.kind {
                    "GEOMETRYCOLLECTION" => true,
                    "COMPOUNDCURVE" | "CURVEPOLYGON" | "MULTICURVE" => part.kind != "LINESTRING",
                    "MULTISURFACE" => part.kind != "POLYGON",
                    _ => false,
                };
                write_list(text, parts, |text, part| part.write_wkt(text, with_kind(part)));
            }
        }
    }
}

fn write_list<T>(text: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        text.push_str("EMPTY");
        return;
    }
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "(" } else { ", " });
        write(text, item);
    }
    text.push(')');
}

fn write_positions(text: &mut String, positions: &[Position]) {
    write_list(text, positions, |text, position| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{} {}", position.x, position.y);
        for ordinate in [position.z, position.m].into_iter().flatten() {
            let _ = write!(text, " {ordinate}");
        }
    });
}

/// The point halfway along a line.
fn middle(positions: &[Position]) -> Option<(f64, f64)> {
    let length = |(a, b): (&Position, &Position)| (b.x - a.x).hypot(b.y - a.y);
    let pairs = || positions.iter().zip(positions.iter().skip(1));
    let mut left = pairs().map(length).sum::<f64>() / 2.0;
    for (a, b) in pairs() {
        let step = length((a, b));
        if step >= left && step > 0.0 {
            let share = left / step;
            return Some((a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share));
        }
        left -= step;
    }
    positions.first().map(|at| (at.x, at.y))
}

/// The centre of mass of a ring if it lies in the area, else its first corner.
fn inside(ring: &[Position], rings: &[Vec<Position>]) -> Option<(f64, f64)> {
    let first = ring.first()?;
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        // Relative to the first corner, so that small areas far from 0,0 keep their digits.
        let (ax, ay, bx, by) = (a.x - first.x, a.y - first.y, b.x - first.x, b.y - first.y);
        let cross = ax * by - bx * ay;
        area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    let center = (first.x + x / (3.0 * area), first.y + y / (3.0 * area));
    let is_inside = center.0.is_finite()
        && center.1.is_finite()
        && rings.iter().filter(|ring| contains(ring, center)).count() % 2 == 1;
    Some(if is_inside { center } else { (first.x, first.y) })
}

/// Whether a point is inside of a ring: a ray to the right crosses it an odd number of times.
fn contains(ring: &[Position], (x, y): (f64, f64)) -> bool {
    let crossings = ring
        .iter()
        .zip(ring.iter().cycle().skip(1))
        .filter(|(a, b)| (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x);
    crossings.count() % 2 == 1
}

/// What the ordinates of a geometry mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    /// x is the longitude and y the latitude, in degrees.
    Degrees,
    /// Metres of the map of the web.
    WebMercator,
    /// Metres of a zone of Universal Transverse Mercator, 1 to 60.
    Utm { zone: u8, is_south: bool },
    /// Another one, by its name.
    Other(String),
}

/// Half the equator's diameter in metres (WGS 84).
const RADIUS_M: f64 = 6_378_137.0;

impl Crs {
    /// By the number that EPSG gave it.
    pub fn of_epsg(code: i64) -> Self {
        match code {
            // WGS 84 and such as differ from it by less than a few metres.
            4326 | 4979 | 4258 | 4269 | 4937 | 4283 | 7844 | 4674 | 6318 | 9057 | 4148 | 4167 => Crs::Degrees,
            3857 | 3785 | 900_913 | 102_100 | 102_113 => Crs::WebMercator,
            32_601..=32_660 => Crs::Utm { zone: (code - 32_600) as u8, is_south: false },
            32_701..=32_760 => Crs::Utm { zone: (code - 32_700) as u8, is_south: true },
            _ => Crs::Other(format!("EPSG:{code}")),
        }
    }

    /// `(longitude, latitude)` of a place; `None` where that cannot be told.
    pub fn to_degrees(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        match self {
            Crs::Degrees => Some((x, y)),
            Crs::WebMercator => {
                let latitude = (y / RADIUS_M).sinh().atan().to_degrees();
                Some((tidy((x / RADIUS_M).to_degrees()), tidy(latitude)))
            }
            Crs::Utm { zone, is_south } => {
                let (lon, lat) = from_utm(*zone, *is_south, x, y);
                Some((tidy(lon), tidy(lat)))
            }
            Crs::Other(_) => None,
        }
    }
}

/// A centimetre is as fine as a projection is turned back; more digits would only pretend.
fn tidy(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Krüger's series, third order: right to a millimetre within a zone.
fn from_utm(zone: u8, is_south: bool, x: f64, y: f64) -> (f64, f64) {
    const FLATTENING: f64 = 1.0 / 298.257_223_563;
    let n = FLATTENING / (2.0 - FLATTENING);
    let a = RADIUS_M / (1.0 + n) * (1.0 + n.powi(2) / 4.0 + n.powi(4) / 64.0);
    let beta = [
        n / 2.0 - 2.0 / 3.0 * n.powi(2) + 37.0 / 96.0 * n.powi(3),
        n.powi(2) / 48.0 + n.powi(3) / 15.0,
        17.0 / 480.0 * n.powi(3),
    ];
    let delta = [
        2.0 * n - 2.0 / 3.0 * n.powi(2) - 2.0 * n.powi(3),
        7.0 / 3.0 * n.powi(2) - 8.0 / 5.0 * n.powi(3),
        56.0 / 15.0 * n.powi(3),
    ];
    let xi = (y - if is_south { 10_000_000.0 } else { 0.0 }) / (0.9996 * a);
    let eta = (x - 500_000.0) / (0.9996 * a);
    let (mut xi_0, mut eta_0) = (xi, eta);
    for (at, beta) in beta.iter().enumerate() {
        let twice = 2.0 * (at + 1) as f64;
        xi_0 -= beta * (twice * xi).sin() * (twice * eta).cosh();
        eta_0 -= beta * (twice * xi).cos() * (twice * eta).sinh();
    }
    let chi = (xi_0.sin() / eta_0.cosh()).clamp(-1.0, 1.0).asin();
    let mut latitude = chi;
    for (at, delta) in delta.iter().enumerate() {
        latitude += delta * (2.0 * (at + 1) as f64 * chi).sin();
    }
    let meridian = f64::from(zone) * 6.0 - 183.0;
    (meridian + eta_0.sinh().atan2(xi_0.cos()).to_degrees(), latitude.to_degrees())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A point in the plain form, little-endian.
    pub fn point(x: f64, y: f64) -> Vec<u8> {
        let mut bytes = vec![1, 1, 0, 0, 0];
        bytes.extend(x.to_le_bytes());
        bytes.extend(y.to_le_bytes());
        bytes
    }

    fn line(code: u32, ordinates: &[&[f64]]) -> Vec<u8> {
        let mut bytes = vec![0];
        bytes.extend(code.to_be_bytes());
        bytes.extend((ordinates.len() as u32).to_be_bytes());
        bytes.extend(ordinates.iter().flat_map(|at| at.iter().flat_map(|value| value.to_be_bytes())));
        bytes
    }

    fn area(rings: &[&[(f64, f64)]]) -> Vec<u8> {
        let mut bytes = vec![1, 3, 0, 0, 0];
        bytes.extend((rings.len() as u32).to_le_bytes());
        for ring in rings {
            bytes.extend((ring.len() as u32).to_le_bytes());
            bytes.extend(ring.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
        }
        bytes
    }

    fn both(bytes: &[u8]) -> (Option<(f64, f64)>, String) {
        let shape = read(bytes).expect("a geometry");
        (shape.point(), shape.wkt().expect("short"))
    }

    #[test]
    fn points_are_themselves() {
        assert_eq!(both(&point(1.41, 18.44)), (Some((1.41, 18.44)), "POINT (1.41 18.44)".to_owned()));
        assert_eq!(both(&point(f64::NAN, f64::NAN)), (None, "POINT EMPTY".to_owned()));
        // The extended form with a reference system and a height.
        let mut bytes = vec![1];
        bytes.extend((1_u32 | 0x2000_0000 | 0x8000_0000).to_le_bytes());
        bytes.extend(4326_u32.to_le_bytes());
        for value in [1.5, 2.5, 300.0] {
            bytes.extend(f64::to_le_bytes(value));
        }
        let shape = read(&bytes).expect("a geometry");
        assert_eq!((shape.srid, shape.wkt().as_deref()), (Some(4326), Some("POINT Z (1.5 2.5 300)")));
    }

    #[test]
    fn lines_stand_for_themselves_by_their_middle() {
        let bytes = line(2, &[&[0.0, 0.0], &[2.0, 0.0], &[2.0, 2.0], &[2.0, 4.0]]);
        assert_eq!(both(&bytes), (Some((2.0, 1.0)), "LINESTRING (0 0, 2 0, 2 2, 2 4)".to_owned()));
        let bytes = line(2002, &[&[0.0, 0.0, 7.0], &[1.0, 0.0, 8.0]]);
        assert_eq!(both(&bytes), (Some((0.5, 0.0)), "LINESTRING M (0 0 7, 1 0 8)".to_owned()));
        assert_eq!(both(&line(2, &[])), (None, "LINESTRING EMPTY".to_owned()));
    }

    #[test]
    fn areas_stand_for_themselves_by_their_centre_or_a_corner() {
        let square: &[(f64, f64)] = &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)];
        assert_eq!(both(&area(&[square])).0, Some((2.0, 2.0)));
        let hole: &[(f64, f64)] = &[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0)];
        assert_eq!(both(&area(&[square, hole])).0, Some((0.0, 0.0)));
        let bow: &[(f64, f64)] = &[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (8.0, 9.0), (8.0, 1.0), (0.0, 1.0)];
        assert_eq!(both(&area(&[bow])).0, Some((0.0, 0.0)));
        assert_eq!(both(&area(&[&[(5.0, 6.0), (5.0, 6.0)]])).0, Some((5.0, 6.0)));
    }

    #[test]
    fn collections_have_the_point_of_their_first_part() {
        let mut bytes = vec![1, 7, 0, 0, 0, 2, 0, 0, 0];
        bytes.extend(point(f64::NAN, f64::NAN));
        bytes.extend(line(1002, &[&[3.0, 4.0, 5.0]]).drain(..));
        assert_eq!(
            both(&bytes),
            (Some((3.0, 4.0)), "GEOMETRYCOLLECTION Z (POINT EMPTY, LINESTRING Z (3 4 5))".to_owned())
        );
        let mut bytes = vec![1, 4, 0, 0, 0, 2, 0, 0, 0];
        bytes.extend(point(1.0, 2.0));
        bytes.extend(point(3.0, 4.0));
        assert_eq!(both(&bytes), (Some((1.0, 2.0)), "MULTIPOINT ((1 2), (3 4))".to_owned()));
    }

    #[test]
    fn lies_are_found_out() {
        assert_eq!(read(&[]), Err("it ends too early"));
        assert_eq!(read(&[1, 1, 0, 0, 0, 9]), Err("it ends too early"));
        assert_eq!(read(&[1, 2, 0, 0, 0, 255, 255, 255, 255]), Err("it says that it is longer than it is"));
        assert_eq!(read(&[7]), Err("it does not begin as a geometry does"));
        assert_eq!(read(&[1, 99, 0, 0, 0]), Err("its kind is not known"));
        let deep: Vec<u8> = std::iter::repeat_n([1, 7, 0, 0, 0, 1, 0, 0, 0], 500).flatten().collect();
        assert_eq!(read(&deep), Err("it is nested too deeply"));
    }

    #[test]
    fn projections_are_turned_back() {
        let near = |found: Option<(f64, f64)>, lon: f64, lat: f64| {
            let (x, y) = found.expect("known");
            assert!((x - lon).abs() < 1e-5 && (y - lat).abs() < 1e-5, "{x} {y}");
        };
        near(Crs::of_epsg(3857).to_degrees(156_960.482, 2_089_114.638), 1.41, 18.44);
        // Known pairs: the CN Tower in Toronto, and Cape Town's harbour mirrored from the north.
        near(Crs::of_epsg(32617).to_degrees(630_084.0, 4_833_439.0), -79.387_138, 43.642_567);
        let north = Crs::of_epsg(32634).to_degrees(262_000.0, 3_753_000.0).expect("known");
        near(Crs::of_epsg(32734).to_degrees(262_000.0, 6_247_000.0), north.0, -north.1);
        assert_eq!(Crs::of_epsg(2056).to_degrees(1.0, 2.0), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0..18_u8) {
            for head in [vec![], vec![1, start, 0, 0, 0], vec![0, 0, 0, 0, start, 0, 0, 0, 1]] {
                if let Ok(shape) = read(&[head, bytes.clone()].concat()) {
                    let _ = (shape.point(), shape.wkt());
                }
            }
        }

        #[test]
        fn the_point_of_an_area_is_in_its_box(
            ring in proptest::collection::vec((-10.0..10.0_f64, -10.0..10.0_f64), 3..12)
        ) {
            let (x, y) = read(&area(&[&ring])).expect("sound").point().expect("not empty");
            let (xs, ys): (Vec<f64>, Vec<f64>) = ring.into_iter().unzip();
            let within = |value: f64, all: &[f64]| {
                all.iter().any(|other| *other <= value) && all.iter().any(|other| *other >= value)
            };
            prop_assert!(within(x, &xs) && within(y, &ys));
        }
    }
}
