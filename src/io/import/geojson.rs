//! GeoJSON → rows: one for each feature.
//!
//! Read are feature collections, single features and bare geometries (RFC 7946), text sequences and
//! features one after another (RFC 8142 and its relatives without separators), and feature sets of
//! services that keep `attributes` beside x and y. Features are read one by one, so that a file takes the
//! memory of its rows.
//!
//! What does not follow the rules is taken as far as its meaning is plain: numbers as text, numbers
//! behind the height, open rings, nested collections. A feature without a geometry that can be read is a
//! row without a place. The legacy member `crs` is heeded: degrees are taken as they are, Web Mercator is
//! converted, and points of other systems are not placed.

use crate::model::import::Issue;
use crate::model::report::shorten;

use super::grid::{Full, added};
use super::json::{Form, Records, Watch, fields_of, set_fields};
use super::jsontext::{Cursor, Value};
use super::shape::{self, Position, Shape};
use super::{Allowance, Grid, ImportError, Rows};

/// Names of geometries.
const GEOMETRIES: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
/// Members of a feature that are not attributes.
const MEMBERS: [&str; 5] = ["type", "geometry", "properties", "id", "bbox"];
/// Names that only a reader gives to columns.
const RESERVED: [&str; 9] = [
    added::LATITUDE,
    added::LONGITUDE,
    added::GEOMETRY,
    added::BEGIN,
    added::END,
    added::ID,
    added::NAME,
    added::DESCRIPTION,
    added::PATH,
];

/// Whether this is the type of a geometry.
pub fn is_geometry(kind: &str) -> bool {
    GEOMETRIES.contains(&kind)
}

/// Reads features. A file that breaks off gives those that are whole.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    let layout = find(name, bytes)?;
    let crs = layout.crs;
    let mut rows = Rows::new("feature {}");
    if let Crs::Other(name) = &crs {
        let value = format!("coordinates in the system {name}; only degrees and Web Mercator are placed");
        rows.tell_part(Issue::BadGeometry, "crs", &value);
    }
    let mut reader = Records { name, bytes, watch, rows, what: "feature" };
    let mut number = 0u32;
    reader.read(layout.at, layout.form, |rows, _, key, value, bytes| {
        if let Some(key) = key {
            rows.set_named(added::ID, key);
        }
        // In a sequence, whole collections may stand one after another.
        if layout.form == Form::Lines
            && value.get("type").and_then(Value::as_text) == Some("FeatureCollection")
        {
            for feature in value.get("features").map(Value::items).unwrap_or_default() {
                number = number.saturating_add(1);
                set_feature(rows, number, feature, &crs, bytes)?;
            }
            return Ok(());
        }
        number = number.saturating_add(1);
        set_feature(rows, number, &value, &crs, bytes)
    })?;
    reader.finish()
}

struct Layout {
    at: usize,
    form: Form,
    crs: Crs,
}

/// What the coordinates count.
#[derive(Clone, Debug, PartialEq)]
enum Crs {
    Degrees,
    WebMercator,
    /// By its name in the file.
    Other(String),
}

fn find(name: &str, bytes: &[u8]) -> Result<Layout, ImportError> {
    let mut cursor = Cursor::new(bytes);
    let start = cursor.offset();
    let whole = |form| Layout { at: start, form, crs: Crs::Degrees };
    if cursor.take(b'[') {
        return Ok(Layout { at: cursor.offset(), ..whole(Form::List) });
    }
    if cursor.peek() != Some(b'{') {
        return Err(ImportError::Cannot(match cursor.peek() {
            None => format!("“{name}” is empty."),
            Some(_) => format!("“{name}” is no GeoJSON: it begins neither with {{ nor with [."),
        }));
    }
    let fields = fields_of(&mut cursor);
    let value = |key: &str| {
        let field = fields.iter().find(|field| field.key == key)?;
        Cursor::at(bytes, field.at).value().ok()
    };
    let kind = value("type");
    let kind = kind.as_ref().and_then(Value::as_text).unwrap_or_default();
    let is_cut = fields.last().is_some_and(|field| !field.whole);
    let next_line = || {
        let mut cursor = Cursor::at(bytes, start);
        cursor.skip_line();
        cursor.peek() == Some(b'{')
    };
    if matches!(cursor.peek(), Some(b'{' | b'[')) || (is_cut && kind != "FeatureCollection" && next_line()) {
        return Ok(whole(Form::Lines));
    }
    if kind == "Topology" {
        return Err(ImportError::Cannot(format!("“{name}” is TopoJSON; save it as GeoJSON to open it.")));
    }
    let features = fields.iter().find(|field| field.key == "features" && field.first == b'[');
    if let Some(features) = features {
        let crs = value("crs")
            .map(|crs| crs_of(&crs))
            .or_else(|| value("spatialReference").map(|reference| spatial_reference(&reference)));
        let at = Cursor::at(bytes, features.at + 1).offset();
        return Ok(Layout { at, form: Form::List, crs: crs.unwrap_or(Crs::Degrees) });
    }
    if kind == "FeatureCollection" {
        return Err(ImportError::Cannot(format!("“{name}” is a collection without a list of features.")));
    }
    if kind == "Feature" || is_geometry(kind) || fields.iter().any(|field| field.key == "geometry") {
        let crs = value("crs").map_or(Crs::Degrees, |crs| crs_of(&crs));
        return Ok(Layout { crs, ..whole(Form::One) });
    }
    Err(ImportError::Cannot(format!("“{name}” is no GeoJSON: it holds no features.")))
}

/// The legacy member: `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}`.
fn crs_of(crs: &Value<'_>) -> Crs {
    let properties = crs.get("properties").unwrap_or(crs);
    let found = ["name", "code", "href"].iter().find_map(|key| properties.get(key)?.scalar());
    match found.or_else(|| crs.scalar()) {
        Some(name) => named_crs(name),
        None => Crs::Degrees,
    }
}

fn spatial_reference(reference: &Value<'_>) -> Crs {
    let code = ["latestWkid", "wkid"].iter().find_map(|key| reference.get(key)?.scalar());
    code.map_or(Crs::Degrees, named_crs)
}

fn named_crs(name: &str) -> Crs {
    let code = name.trim_end_matches('/').rsplit([':', '/', '#']).next().unwrap_or(name);
    let code = code.trim_start_matches(|c: char| !c.is_ascii_digit() && !code.starts_with("CRS"));
    match code.trim_end_matches(".prj") {
        // ETRS89, NAD83 and their like differ from WGS 84 by a few metres at most.
        "4326" | "CRS84" | "CRS84h" | "4258" | "4269" | "4979" | "84" => Crs::Degrees,
        "3857" | "900913" | "3785" | "102100" | "102113" => Crs::WebMercator,
        _ => Crs::Other(shorten(name, 60)),
    }
}

fn set_feature(
    rows: &mut Rows,
    number: u32,
    feature: &Value<'_>,
    crs: &Crs,
    bytes: &[u8],
) -> Result<(), Full> {
    let kind = feature.get("type").and_then(Value::as_text).unwrap_or_default();
    let is_feature = kind == "Feature"
        || ["geometry", "properties", "attributes"].iter().any(|key| feature.get(key).is_some());
    let is_bare = is_geometry(kind) && !is_feature;
    if !matches!(feature, Value::Object(..)) || (!is_feature && !is_bare) {
        let shown = shown(feature, bytes);
        rows.forget_row();
        rows.tell_part(Issue::BrokenPart, format!("feature {number}"), &shown);
        return Ok(());
    }
    if is_bare {
        set_geometry(rows, number, Some(feature), crs, bytes);
        return rows.end_row(number);
    }
    let properties = feature.get("properties").or_else(|| feature.get("attributes"));
    for (key, value) in properties.map(Value::fields).unwrap_or_default() {
        let mut name =
            if RESERVED.contains(&key.as_ref()) { format!("properties.{key}") } else { key.to_string() };
        set_fields(rows, &mut name, value, bytes, 1);
    }
    if let Some(value) = properties.filter(|value| !matches!(value, Value::Object(..))) {
        set_fields(rows, &mut "properties".to_owned(), value, bytes, 1);
    }
    for (key, value) in feature.fields() {
        let is_attributes = key == "attributes" && feature.get("properties").is_none();
        if !MEMBERS.contains(&key.as_ref()) && !is_attributes {
            set_fields(rows, &mut key.to_string(), value, bytes, 1);
        }
    }
    if let Some(id) = feature.get("id").and_then(Value::scalar) {
        rows.set_named(added::ID, id);
    }
    set_geometry(rows, number, feature.get("geometry"), crs, bytes);
    rows.end_row(number)
}

fn set_geometry(rows: &mut Rows, number: u32, geometry: Option<&Value<'_>>, crs: &Crs, bytes: &[u8]) {
    let Some(geometry) = geometry else {
        return rows.tell(Issue::NoGeometry, number, "geometry", "");
    };
    let mut notes = Notes::default();
    let mut shape = match shape_of(geometry, &mut notes) {
        Ok(shape) => shape,
        Err(Unread::Empty) => {
            return rows.tell(Issue::NoGeometry, number, "geometry", &shown(geometry, bytes));
        }
        Err(Unread::Bad) => {
            return rows.tell(Issue::BadGeometry, number, "geometry", &shown(geometry, bytes));
        }
    };
    if notes.is_text {
        rows.tell(Issue::CoercedCoordinate, number, "geometry", &shown(geometry, bytes));
    }
    if let Some(odd) = notes.odd {
        rows.tell(Issue::OddGeometry, number, "geometry", odd);
    }
    match crs {
        Crs::Degrees => {}
        Crs::WebMercator => shape.map(&|point: &mut Position| {
            (point.lon, point.lat) = shape::from_web_mercator(point.lon, point.lat);
        }),
        Crs::Other(name) => {
            rows.tell(Issue::BadGeometry, number, "geometry", name);
            return rows.set_named(&format!("geometry ({name})"), &shape.wkt());
        }
    }
    set_shape(rows, &shape);
}

/// Sets the columns of a geometry: the point that stands for it, and its text where there is more to it.
pub(super) fn set_shape(rows: &mut Rows, shape: &Shape) {
    if let Some((lon, lat)) = shape.representative() {
        rows.set_named(added::LATITUDE, &lat.to_string());
        rows.set_named(added::LONGITUDE, &lon.to_string());
    }
    if !shape.is_plain_point() {
        rows.set_named(added::GEOMETRY, &shape.wkt());
    }
}

fn shown(value: &Value<'_>, bytes: &[u8]) -> String {
    match value {
        Value::List(_, range) | Value::Object(_, range) => {
            let text = bytes.get(range.clone()).unwrap_or_default();
            String::from_utf8_lossy(text.get(..400).unwrap_or(text)).into_owned()
        }
        scalar => scalar.scalar().unwrap_or("null").to_owned(),
    }
}

/// What is not as it should be in a geometry that was read.
#[derive(Default)]
struct Notes {
    /// A number was given as text.
    is_text: bool,
    odd: Option<&'static str>,
}

/// Why a geometry was not read.
enum Unread {
    /// It holds no vertex.
    Empty,
    Bad,
}

fn shape_of(geometry: &Value<'_>, notes: &mut Notes) -> Result<Shape, Unread> {
    let Some(kind) = geometry.get("type").and_then(Value::as_text) else {
        return plain_shape(geometry, notes);
    };
    if kind == "GeometryCollection" {
        let members = geometry.get("geometries").map(Value::items).unwrap_or_default();
        let read: Vec<Shape> = members.iter().filter_map(|member| shape_of(member, notes).ok()).collect();
        if read.len() < members.len() {
            notes.odd = Some("some members of the collection cannot be read and are left out");
        }
        return match (read.is_empty(), members.is_empty()) {
            (false, _) => Ok(Shape::Collection(read)),
            (true, true) => Err(Unread::Empty),
            (true, false) => Err(Unread::Bad),
        };
    }
    let coordinates = geometry.get("coordinates").ok_or(Unread::Bad)?;
    if !is_geometry(kind) || !matches!(coordinates, Value::List(..)) {
        return Err(Unread::Bad);
    }
    if coordinates.items().is_empty() {
        return Err(Unread::Empty);
    }
    match kind {
        "Point" => position(coordinates, notes).map(Shape::Point).ok_or(Unread::Bad),
        "MultiPoint" => positions(coordinates, notes).map(Shape::MultiPoint),
        "LineString" => positions(coordinates, notes).map(Shape::Line),
        "MultiLineString" => each(coordinates, notes, positions).map(Shape::MultiLine),
        "Polygon" => rings(coordinates, notes).map(Shape::Polygon),
        _ => each(coordinates, notes, rings).map(Shape::MultiPolygon),
    }
}

/// Geometries without a type, as some services write them: x and y, points, paths or rings.
fn plain_shape(geometry: &Value<'_>, notes: &mut Notes) -> Result<Shape, Unread> {
    if let (Some(x), Some(y)) = (geometry.get("x"), geometry.get("y")) {
        let (lon, lat) = x.number().zip(y.number()).ok_or(Unread::Bad)?;
        return Ok(Shape::Point(Position::new(lon, lat)));
    }
    if let Some(points) = geometry.get("points") {
        return positions(points, notes).map(Shape::MultiPoint);
    }
    if let Some(paths) = geometry.get("paths") {
        return each(paths, notes, positions).map(Shape::MultiLine);
    }
    match geometry.get("rings") {
        Some(list) => rings(list, notes).map(Shape::Polygon),
        None => Err(Unread::Bad),
    }
}

fn position(value: &Value<'_>, notes: &mut Notes) -> Option<Position> {
    let items = value.items();
    let mut number = |at: usize| {
        let item = items.get(at)?;
        notes.is_text |= matches!(item, Value::Text(_));
        item.number()
    };
    let (lon, lat) = number(0).zip(number(1))?;
    let more = [number(2), number(3)];
    if items.len() > 4 {
        notes.odd = Some("a position has more than four numbers; the others are left out");
    }
    Some(Position { lon, lat, more })
}

/// Positions that can be read; others are noted.
fn positions(value: &Value<'_>, notes: &mut Notes) -> Result<Vec<Position>, Unread> {
    let items = value.items();
    let read: Vec<Position> = items.iter().filter_map(|item| position(item, notes)).collect();
    if read.len() < items.len() {
        notes.odd = Some("some positions cannot be read and are left out");
    }
    match (read.is_empty(), items.is_empty()) {
        (false, _) => Ok(read),
        (true, true) => Err(Unread::Empty),
        (true, false) => Err(Unread::Bad),
    }
}

fn rings(value: &Value<'_>, notes: &mut Notes) -> Result<Vec<Vec<Position>>, Unread> {
    let mut rings = each(value, notes, positions)?;
    for ring in &mut rings {
        if shape::close(ring) {
            notes.odd = Some("a ring is not closed; it is taken as closed");
        }
    }
    Ok(rings)
}

/// The parts that can be read; others are noted.
fn each<T>(
    value: &Value<'_>,
    notes: &mut Notes,
    read: fn(&Value<'_>, &mut Notes) -> Result<T, Unread>,
) -> Result<Vec<T>, Unread> {
    let items = value.items();
    let parts: Vec<T> = items.iter().filter_map(|item| read(item, notes).ok()).collect();
    if parts.len() < items.len() {
        notes.odd = Some("some parts cannot be read and are left out");
    }
    match (parts.is_empty(), items.is_empty()) {
        (false, _) => Ok(parts),
        (true, true) => Err(Unread::Empty),
        (true, false) => Err(Unread::Bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, cells, column, mutated, unwatched};
    use proptest::prelude::*;

    fn grid(text: &str) -> Grid {
        read("a.geojson", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    fn point(properties: &str) -> String {
        format!(
            "{{\"type\": \"Feature\", \"properties\": {properties}, \
             \"geometry\": {{\"type\": \"Point\", \"coordinates\": [1.41, 18.44]}}}}"
        )
    }

    fn feature(geometry: &str) -> String {
        format!("{{\"type\": \"Feature\", \"properties\": {{\"n\": 1}}, \"geometry\": {geometry}}}")
    }

    /// Latitude, longitude and text of one geometry, and what is told of it.
    fn placed(geometry: &str) -> (String, String, String, Vec<Issue>) {
        let grid = grid(&feature(geometry));
        assert_eq!(grid.rows.len(), 1);
        let value = |name: &str| {
            if grid.columns.iter().any(|column| column == name) {
                column(&grid, name)[0].clone()
            } else {
                String::new()
            }
        };
        let issues = grid.findings.iter().map(|(issue, _)| *issue).collect();
        (value("@latitude"), value("@longitude"), value("@geometry"), issues)
    }

    const COLLECTION: &str = r#"{"type": "FeatureCollection", "name": "x", "features": [
        {"type": "Feature", "id": 7, "properties": {"id": "A1", "when": {"start": "2024-07-01"}, "@id": "n/1"},
         "geometry": {"type": "Point", "coordinates": [1.41, 18.440]}, "extra": "y"},
        {"type": "Feature", "properties": null, "geometry": null}]}"#;

    #[test]
    fn features_become_rows() {
        let grid = grid(COLLECTION);
        assert_eq!(
            grid.columns,
            ["id", "when.start", "properties.@id", "extra", "@id", "@latitude", "@longitude"]
        );
        assert_eq!(cells(&grid)[0], ["A1", "2024-07-01", "n/1", "y", "7", "18.44", "1.41"]);
        assert_eq!(grid.findings[0].0, Issue::NoGeometry);
        assert_eq!(grid.findings[0].1.at, "feature 2");
    }

    #[test]
    fn all_forms_of_files_are_read() {
        let (a, b) = (point(r#"{"n": 1}"#), point(r#"{"n": 2}"#));
        let collection = format!("{{\"type\": \"FeatureCollection\", \"features\": [{a}, {b}]}}");
        for text in [
            format!("{a}\n{b}\n"),
            format!("\u{1E}{a}\n\u{1E}{b}\n"),
            format!("[{a}, {b}]"),
            collection.clone(),
            format!("{{\"features\": [{a}, {b}], \"type\": \"FeatureCollection\"}}"),
            format!(
                "{{\"type\": \"FeatureCollection\", \"features\": [{a}]}}\n{{\"type\": \"FeatureCollection\", \"features\": [{b}]}}"
            ),
            format!("\u{FEFF}{collection}"),
        ] {
            let grid = grid(&text);
            assert_eq!(cells(&grid), [["1", "18.44", "1.41"], ["2", "18.44", "1.41"]], "{text}");
        }
        let bare = grid(r#"{"type": "LineString", "coordinates": [[0, 0], [2, 0]]}"#);
        assert_eq!(cells(&bare), [["0", "1", "LINESTRING (0 0, 2 0)"]]);
        let service = r#"{"spatialReference": {"wkid": 102100, "latestWkid": 3857}, "features": [
            {"attributes": {"n": 5}, "geometry": {"x": 0, "y": 0}}]}"#;
        assert_eq!(cells(&super::tests::grid(service))[0][0], "5");
    }

    #[test]
    fn odd_geometries_are_placed_as_far_as_they_are_plain() {
        let (lat, lon, _, issues) = placed(r#"{"type": "Point", "coordinates": ["1.41", "18.44"]}"#);
        assert_eq!((lat.as_str(), lon.as_str(), issues), ("18.44", "1.41", vec![Issue::CoercedCoordinate]));
        let (lat, _, text, issues) =
            placed(r#"{"type": "Point", "coordinates": [1.41, 18.44, 250.5, 17220]}"#);
        assert_eq!((lat.as_str(), text.as_str()), ("18.44", "POINT ZM (1.41 18.44 250.5 17220)"));
        assert_eq!(issues, []);
        let (_, _, text, issues) =
            placed(r#"{"type": "Polygon", "coordinates": [[[0, 0], [3, 0], [0, 3]]]}"#);
        assert_eq!((text.as_str(), issues), ("POLYGON ((0 0, 3 0, 0 3, 0 0))", vec![Issue::OddGeometry]));
        let (lat, lon, _, _) = placed(r#"{"type": "MultiPoint", "coordinates": [[179.9, 0], [-179.9, 0]]}"#);
        assert_eq!((lat.as_str(), lon.as_str()), ("0", "179.9"));
        let nested = format!(
            "{}{{\"type\": \"Point\", \"coordinates\": [1.41, 18.44]}}{}",
            "{\"type\": \"GeometryCollection\", \"geometries\": [".repeat(60),
            "]}".repeat(60)
        );
        assert_eq!(placed(&nested).0, "18.44");
        let (lat, lon, ..) = placed(r#"{"type": "Point", "coordinates": [200.5, 95]}"#);
        assert_eq!((lat.as_str(), lon.as_str()), ("95", "200.5"), "told where all coordinates are looked at");
    }

    #[test]
    fn geometries_that_cannot_be_read_are_told() {
        for (geometry, issue) in [
            ("null", Issue::NoGeometry),
            (r#"{"type": "Point", "coordinates": []}"#, Issue::NoGeometry),
            (r#"{"type": "Polygon", "coordinates": []}"#, Issue::NoGeometry),
            (r#"{"type": "Point", "coordinates": [1.41]}"#, Issue::BadGeometry),
            (r#"{"type": "Point", "coordinates": [null, null]}"#, Issue::BadGeometry),
            (r#"{"type": "Point", "coordinates": [1e999, 2]}"#, Issue::BadGeometry),
            (r#"{"type": "Circle", "coordinates": [1, 2], "radius": 3}"#, Issue::BadGeometry),
            (r#""POINT (1 2)""#, Issue::BadGeometry),
        ] {
            let (lat, _, _, issues) = placed(geometry);
            assert_eq!((lat.as_str(), issues), ("", vec![issue]), "{geometry}");
        }
    }

    #[test]
    fn other_systems_of_coordinates_are_heeded() {
        let with = |crs: &str, coordinates: &str| {
            grid(&format!(
                "{{\"type\": \"FeatureCollection\", \"crs\": {{\"type\": \"name\", \"properties\": \
                 {{\"name\": \"{crs}\"}}}}, \"features\": [{{\"type\": \"Feature\", \"properties\": null, \
                 \"geometry\": {{\"type\": \"Point\", \"coordinates\": {coordinates}}}}}]}}"
            ))
        };
        for crs in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
            assert_eq!(cells(&with(crs, "[1.41, 18.44]")), [["18.44", "1.41"]], "{crs}");
        }
        let mercator = with("urn:ogc:def:crs:EPSG::3857", "[156960.482, 2089264.06]");
        assert!(cells(&mercator)[0][0].starts_with("18.44"), "{:?}", cells(&mercator));
        let utm = with("EPSG:32631", "[300000, 2000000]");
        assert_eq!(utm.columns, ["geometry (EPSG:32631)"]);
        assert_eq!(utm.findings.len(), 2);
    }

    #[test]
    fn a_file_that_breaks_off_gives_the_features_before() {
        let collection = format!(
            "{{\"type\": \"FeatureCollection\", \"features\": [{}, {}]}}",
            point("null"),
            point("null")
        );
        let grid = grid(&collection[..collection.len() - 20]);
        assert_eq!(grid.rows.len(), 1);
        assert!(grid.cut_short.expect("cut").contains(&format!("byte {}", collection.len() - 20)));
    }

    #[test]
    fn what_is_no_geojson_is_refused() {
        for text in
            ["", "x", "{}", r#"{"type": "FeatureCollection"}"#, r#"{"type": "Topology", "objects": {}}"#]
        {
            assert!(read("a", text.as_bytes(), Allowance::default(), &unwatched).is_err(), "{text}");
        }
        let mixed = grid(&format!("[{}, 5, {{\"a\": 1}}]", point("null")));
        assert_eq!((mixed.rows.len(), mixed.findings.len()), (1, 2));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"{}[]\":,\\ \n1aen")) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_are_read_or_refused(bytes in mutated(COLLECTION.as_bytes())) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }
    }
}
