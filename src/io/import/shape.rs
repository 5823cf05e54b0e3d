//! Geometries of any format: the point that stands for one on the map, and its text (WKT).
//!
//! Which point stands for a geometry:
//! * of a point itself, of several points the first one;
//! * of a line the middle of its way, of several lines that of the longest;
//! * of an area its centroid if that lies inside, else the vertex nearest to it; of several areas that of
//!   the largest;
//! * of a collection that of its first member.
//!
//! Longitudes may run across the antimeridian: neighbouring vertices are taken to be joined on the short
//! way, and the point comes back within ±180. Coordinates beyond the world are not corrected here; they
//! are told where all coordinates are looked at.

use std::fmt::Write as _;

/// A vertex: longitude, latitude, and what stands behind them in the file, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    pub lon: f64,
    pub lat: f64,
    /// Height, and a measure or time.
    pub more: [Option<f64>; 2],
}

impl Position {
    pub fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat, more: [None, None] }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Point(Position),
    MultiPoint(Vec<Position>),
    Line(Vec<Position>),
    MultiLine(Vec<Vec<Position>>),
    /// Rings, the outer one first, each closed.
    Polygon(Vec<Vec<Position>>),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
    Collection(Vec<Shape>),
}

impl Shape {
    /// The point that stands for it (module page); `None` if it has no vertex.
    pub fn representative(&self) -> Option<(f64, f64)> {
        match self {
            Shape::Point(point) => Some((point.lon, point.lat)),
            Shape::MultiPoint(points) => points.first().map(|point| (point.lon, point.lat)),
            Shape::Line(line) => middle_of(line),
            Shape::MultiLine(lines) => {
                let longest = lines.iter().max_by(|a, b| length_of(a).total_cmp(&length_of(b)));
                longest.and_then(|line| middle_of(line))
            }
            Shape::Polygon(rings) => inside(rings),
            Shape::MultiPolygon(polygons) => {
                let size = |rings: &[Vec<Position>]| rings.first().map_or(0.0, |ring| area_of(ring).abs());
                let largest = polygons.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
                largest.and_then(|rings| inside(rings))
            }
            Shape::Collection(members) => members.iter().find_map(Shape::representative),
        }
    }

    /// Whether latitude and longitude say all of it.
    pub fn is_plain_point(&self) -> bool {
        matches!(self, Shape::Point(Position { more: [None, None], .. }))
    }

    /// As well-known text (ISO 19125), with `Z` and `M` where vertices have them.
    pub fn wkt(&self) -> String {
        let mut text = String::new();
        self.write_wkt(&mut text);
        text
    }

    fn write_wkt(&self, out: &mut String) {
        let name = match self {
            Shape::Point(_) => "POINT",
            Shape::MultiPoint(_) => "MULTIPOINT",
            Shape::Line(_) => "LINESTRING",
            Shape::MultiLine(_) => "MULTILINESTRING",
            Shape::Polygon(_) => "POLYGON",
            Shape::MultiPolygon(_) => "MULTIPOLYGON",
            Shape::Collection(_) => "GEOMETRYCOLLECTION",
        };
        out.push_str(name);
        let more = self.num_more();
        out.push_str(match more {
            0 => " ",
            1 => " Z ",
            _ => " ZM ",
        });
        let position = |out: &mut String, point: &Position| write_position(out, point, more);
        let line = |out: &mut String, line: &Vec<Position>| write_list(out, line, position);
        let polygon = |out: &mut String, rings: &Vec<Vec<Position>>| write_list(out, rings, line);
        match self {
            Shape::Point(point) => write_list(out, std::slice::from_ref(point), position),
            Shape::MultiPoint(points) => write_list(out, points, |out, point| {
                write_list(out, std::slice::from_ref(point), position);
            }),
            Shape::Line(points) => line(out, points),
            Shape::MultiLine(lines) => write_list(out, lines, line),
            Shape::Polygon(rings) => polygon(out, rings),
            Shape::MultiPolygon(polygons) => write_list(out, polygons, polygon),
            Shape::Collection(members) => write_list(out, members, |out, member| member.write_wkt(out)),
        }
    }

    /// How many further numbers its vertices have at most. Members of a collection say so themselves, but
    /// all must have as many.
    fn num_more(&self) -> usize {
        let mut most = 0;
        self.each(&mut |point| {
            most = most.max(match point.more {
                [_, Some(_)] => 2,
                [Some(_), None] => 1,
                [None, None] => 0,
            });
        });
        most
    }

    /// Passes all vertices, in order.
    pub fn each(&self, see: &mut dyn FnMut(&Position)) {
        match self {
            Shape::Point(point) => see(point),
            Shape::MultiPoint(points) | Shape::Line(points) => points.iter().for_each(see),
            Shape::MultiLine(lines) | Shape::Polygon(lines) => lines.iter().flatten().for_each(see),
            Shape::MultiPolygon(polygons) => polygons.iter().flatten().flatten().for_each(see),
            Shape::Collection(members) => {
                for member in members {
                    member.each(see);
                }
            }
        }
    }

    /// Changes all vertices.
    pub fn map(&mut self, change: &dyn Fn(&mut Position)) {
        match self {
            Shape::Point(point) => change(point),
            Shape::MultiPoint(points) | Shape::Line(points) => points.iter_mut().for_each(change),
            Shape::MultiLine(lines) | Shape::Polygon(lines) => lines.iter_mut().flatten().for_each(change),
            Shape::MultiPolygon(polygons) => polygons.iter_mut().flatten().flatten().for_each(change),
            Shape::Collection(members) => members.iter_mut().for_each(|member| member.map(change)),
        }
    }
}

/// Web Mercator metres (EPSG:3857, on a sphere of the equatorial radius of WGS 84) to degrees.
pub fn from_web_mercator(x: f64, y: f64) -> (f64, f64) {
    const RADIUS: f64 = 6_378_137.0;
    let lat = 2.0 * (y / RADIUS).exp().atan() - std::f64::consts::FRAC_PI_2;
    ((x / RADIUS).to_degrees(), lat.to_degrees())
}

/// Closes a ring if it is open; whether it was.
pub fn close(ring: &mut Vec<Position>) -> bool {
    match (ring.first().copied(), ring.last()) {
        (Some(first), Some(last)) if (first.lon, first.lat) != (last.lon, last.lat) => {
            ring.push(first);
            true
        }
        _ => false,
    }
}

fn write_list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        out.push_str("EMPTY");
        return;
    }
    out.push('(');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(out, item);
    }
    out.push(')');
}

fn write_position(out: &mut String, point: &Position, more: usize) {
    // Writing to a text cannot fail.
    let _ = write!(out, "{} {}", point.lon, point.lat);
    for number in point.more.iter().take(more) {
        let _ = match number {
            Some(number) => write!(out, " {number}"),
            None => write!(out, " NaN"),
        };
    }
}

/// Vertices with longitudes that run on across the antimeridian.
fn unrolled(line: &[Position]) -> Vec<(f64, f64)> {
    let mut last: Option<f64> = None;
    line.iter()
        .map(|point| {
            let mut lon = point.lon;
            if let Some(last) = last {
                let step = lon - last;
                // The edges of a map of the whole world, of 360 degrees, are meant as they are.
                if step.abs() > 180.0 && (point.lon.abs(), last.abs()) != (180.0, 180.0) {
                    lon -= 360.0 * (step / 360.0).round();
                }
            }
            last = Some(lon);
            (lon, point.lat)
        })
        .collect()
}

fn rolled((lon, lat): (f64, f64)) -> (f64, f64) {
    let lon = if (-180.0..=180.0).contains(&lon) { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 };
    (lon, lat)
}

/// Length in degrees, with a degree of longitude as short as it is at that latitude.
fn step_length(a: (f64, f64), b: (f64, f64)) -> f64 {
    let shrink = f64::midpoint(a.1, b.1).to_radians().cos();
    ((b.0 - a.0) * shrink).hypot(b.1 - a.1)
}

fn length_of(line: &[Position]) -> f64 {
    unrolled(line).windows(2).map(pair_length).sum()
}

fn pair_length(pair: &[(f64, f64)]) -> f64 {
    match pair {
        [a, b] => step_length(*a, *b),
        _ => 0.0,
    }
}

fn middle_of(line: &[Position]) -> Option<(f64, f64)> {
    let first = line.first()?;
    // What is out of bounds is shown as it is, so that it is told.
    if line.iter().any(|point| point.lon.abs() > 180.0 || point.lat.abs() > 90.0) {
        return Some((first.lon, first.lat));
    }
    let points = unrolled(line);
    let mut rest = points.windows(2).map(pair_length).sum::<f64>() / 2.0;
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let length = pair_length(pair);
        if length >= rest && length > 0.0 {
            let share = rest / length;
            return Some(rolled((a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)));
        }
        rest -= length;
    }
    Some((first.lon, first.lat))
}

/// Signed area in square degrees.
fn area_of(ring: &[Position]) -> f64 {
    let points = unrolled(ring);
    let Some(origin) = points.first().copied() else { return 0.0 };
    moments(&points, origin).0
}

/// Twice the area and the moments of a ring about a point, halved later by those who use them.
fn moments(points: &[(f64, f64)], origin: (f64, f64)) -> (f64, f64, f64) {
    let mut sums = (0.0, 0.0, 0.0);
    let next = points.iter().cycle().skip(1);
    for (a, b) in points.iter().zip(next) {
        let (ax, ay) = (a.0 - origin.0, a.1 - origin.1);
        let (bx, by) = (b.0 - origin.0, b.1 - origin.1);
        let cross = ax * by - bx * ay;
        sums.0 += cross;
        sums.1 += (ax + bx) * cross;
        sums.2 += (ay + by) * cross;
    }
    (sums.0 / 2.0, sums.1 / 6.0, sums.2 / 6.0)
}

fn inside(rings: &[Vec<Position>]) -> Option<(f64, f64)> {
    let outer = rings.first()?;
    let first = outer.first()?;
    if outer.iter().any(|point| point.lon.abs() > 180.0 || point.lat.abs() > 90.0) {
        return Some((first.lon, first.lat));
    }
    let points = unrolled(outer);
    let origin = *points.first()?;
    let (area, x, y) = moments(&points, origin);
    if area.abs() < 1e-12 {
        return middle_of(outer);
    }
    let centroid = (origin.0 + x / area, origin.1 + y / area);
    let in_hole = |centroid: (f64, f64)| {
        rings.iter().skip(1).any(|hole| {
            let hole = unrolled(hole);
            // A hole may be written on the other side of the antimeridian.
            [-360.0, 0.0, 360.0].iter().any(|shift| is_within((centroid.0 + shift, centroid.1), &hole))
        })
    };
    if is_within(centroid, &points) && !in_hole(centroid) {
        return Some(rolled(centroid));
    }
    let nearest =
        points.iter().min_by(|a, b| step_length(**a, centroid).total_cmp(&step_length(**b, centroid)))?;
    Some(rolled(*nearest))
}

/// Whether a point lies in a ring, by counting how often a line from it crosses the ring.
fn is_within((x, y): (f64, f64), ring: &[(f64, f64)]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crosses = |(a, b): &(&(f64, f64), &(f64, f64))| {
        (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
    };
    ring.iter().zip(next).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(points: &[(f64, f64)]) -> Vec<Position> {
        points.iter().map(|(lon, lat)| Position::new(*lon, *lat)).collect()
    }

    fn near(found: Option<(f64, f64)>, expected: (f64, f64)) {
        let found = found.expect("a point");
        let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
        assert!(off < 1e-6, "{found:?} instead of {expected:?}");
    }

    #[test]
    fn a_line_has_its_middle() {
        near(Shape::Line(line(&[(0.0, 0.0), (1.0, 0.0), (1.0, 3.0)])).representative(), (1.0, 1.0));
        near(Shape::Line(line(&[(5.0, 5.0)])).representative(), (5.0, 5.0));
        near(Shape::Line(line(&[(179.0, 0.0), (-179.0, 0.0)])).representative(), (180.0, 0.0));
        assert_eq!(Shape::Line(Vec::new()).representative(), None);
        let lines = vec![line(&[(0.0, 0.0), (1.0, 0.0)]), line(&[(0.0, 10.0), (0.0, 14.0)])];
        near(Shape::MultiLine(lines).representative(), (0.0, 12.0));
    }

    #[test]
    fn an_area_has_a_point_inside() {
        let square = line(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0), (0.0, 0.0)]);
        near(Shape::Polygon(vec![square.clone()]).representative(), (2.0, 1.0));
        // The centroid lies in the hole or in the gap: a vertex stands for it.
        let hole = line(&[(1.0, 0.5), (3.0, 0.5), (3.0, 1.5), (1.0, 1.5), (1.0, 0.5)]);
        let ring = Shape::Polygon(vec![square.clone(), hole]).representative().expect("a point");
        assert!(square.iter().any(|p| (p.lon, p.lat) == ring));
        let bow = line(&[(0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (5.0, 6.0), (5.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
        let vertex = Shape::Polygon(vec![bow.clone()]).representative().expect("a point");
        assert!(bow.iter().any(|p| (p.lon, p.lat) == vertex));
        let flat = line(&[(0.0, 0.0), (2.0, 0.0), (0.0, 0.0)]);
        assert!(Shape::Polygon(vec![flat]).representative().is_some());
    }

    #[test]
    fn areas_across_the_antimeridian_and_around_the_world() {
        let fiji = line(&[(179.0, -17.0), (-179.0, -17.0), (-179.0, -15.0), (179.0, -15.0), (179.0, -17.0)]);
        near(Shape::Polygon(vec![fiji]).representative(), (180.0, -16.0));
        let world = line(&[(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)]);
        near(Shape::Polygon(vec![world]).representative(), (0.0, 0.0));
    }

    #[test]
    fn text_holds_all_numbers() {
        let point = Position { more: [Some(250.5), None], ..Position::new(1.41, 18.44) };
        assert_eq!(Shape::Point(point).wkt(), "POINT Z (1.41 18.44 250.5)");
        assert_eq!(
            Shape::MultiPoint(vec![point, Position::new(2.0, 3.0)]).wkt(),
            "MULTIPOINT Z ((1.41 18.44 250.5), (2 3 NaN))"
        );
        let members =
            vec![Shape::Point(Position::new(1.0, 2.0)), Shape::Line(line(&[(0.0, 0.0), (1.0, 1.5)]))];
        assert_eq!(
            Shape::Collection(members).wkt(),
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1.5))"
        );
        assert_eq!(Shape::Polygon(Vec::new()).wkt(), "POLYGON EMPTY");
    }

    #[test]
    fn metres_become_degrees() {
        let (lon, lat) = from_web_mercator(156_958.48, 2_089_264.0);
        assert!((lon - 1.41).abs() < 1e-3 && (lat - 18.44).abs() < 0.01, "{lon} {lat}");
    }

    proptest! {
        #[test]
        fn the_middle_lies_in_the_bounds(points in proptest::collection::vec((-80.0..80.0, -80.0..80.0), 1..12)) {
            let points = line(&points);
            let bound = |of: fn(&Position) -> f64| {
                let all = points.iter().map(of);
                (all.clone().fold(f64::MAX, f64::min) - 1e-9, all.fold(f64::MIN, f64::max) + 1e-9)
            };
            let (west, east) = bound(|p| p.lon);
            let (south, north) = bound(|p| p.lat);
            for shape in [Shape::Line(points.clone()), Shape::Polygon(vec![points.clone()])] {
                let (lon, lat) = shape.representative().expect("a point");
                prop_assert!((west..=east).contains(&lon) && (south..=north).contains(&lat), "{} {}", lon, lat);
            }
        }

        #[test]
        fn any_numbers_are_taken(points in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..8)) {
            let points = line(&points);
            for shape in [Shape::Line(points.clone()), Shape::Polygon(vec![points.clone()]),
                Shape::MultiPolygon(vec![vec![points.clone()]]), Shape::MultiLine(vec![points.clone()])] {
                shape.representative();
                shape.wkt();
            }
        }
    }
}
