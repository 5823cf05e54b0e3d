//! KML and KMZ → rows: one for each placemark, or one for each point of its tracks.
//!
//! * Elements are known by their names without prefix, so namespaces of any version, and none, are read.
//! * A placemark without a time has that of the innermost folder or document around it that has one.
//! * Nothing is followed or fetched: links, overlays and pictures are told and left alone.
//! * `ExtendedData` becomes columns under its names. A description in HTML is kept as it is in the column
//!   `description`; `@description` holds its words.
//! * Vertices that cannot be read are told; those that can are used.

use std::collections::HashSet;

use quick_xml::events::BytesStart;

use crate::io::{Continue, Progress};
use crate::model::import::Issue;

use super::geojson::set_shape;
use super::grid::added;
use super::json::{Watch, set};
use super::shape::{Position, Shape, close};
use super::xml::{Stop, Token, Xml, attribute, decode, finished, html_to_text, is_html};
use super::{Allowance, Grid, ImportError, Rows, archive};

/// A KML file in an archive is not read beyond this.
const MAX_PACKED_BYTES: u64 = 512 << 20;

/// Elements of a placemark that are plain text, and become columns.
const PLAIN: [&str; 6] = ["address", "phoneNumber", "Snippet", "snippet", "styleUrl", "visibility"];
/// Features that are no placemarks.
const OTHERS: [&str; 6] =
    ["GroundOverlay", "PhotoOverlay", "ScreenOverlay", "Tour", "NetworkLinkControl", "NetworkLink"];

/// Reads the placemarks of a KML file. A file that breaks off gives those before.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    read_kml(name, bytes, watch, Vec::new())
}

/// Reads the placemarks of a KMZ file: of `doc.kml`, or else of the first KML file in it.
pub fn read_kmz(name: &str, bytes: &[u8], allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    let mut archive = archive::open(name, bytes, allow)?;
    let names = archive::names(&archive);
    let is_kml = |name: &&String| name.to_ascii_lowercase().ends_with(".kml");
    let main = names
        .iter()
        .find(|name| name.eq_ignore_ascii_case("doc.kml"))
        .or_else(|| names.iter().find(is_kml))
        .ok_or_else(|| ImportError::Cannot(format!("There is no KML file in “{name}”.")))?;
    let others: Vec<String> = names.iter().filter(is_kml).filter(|other| *other != main).cloned().collect();
    let size = archive.by_name(main).map_or(0, |entry| entry.size());
    if size > MAX_PACKED_BYTES {
        let (size, most) = (size >> 20, MAX_PACKED_BYTES >> 20);
        return Err(ImportError::Cannot(format!(
            "“{main}” in “{name}” unpacks to {size} MiB; more than {most} MiB are not read. Unpack it first."
        )));
    }
    let text = archive::read(name, &mut archive, main)?;
    read_kml(name, &text, watch, others)
}

fn read_kml(name: &str, bytes: &[u8], watch: Watch<'_>, others: Vec<String>) -> Result<Grid, ImportError> {
    let (text, is_bad) = decode(bytes);
    let mut rows = Rows::new("placemark {}");
    for other in others {
        rows.tell_part(Issue::OtherPart, other, "another KML file in the archive");
    }
    if is_bad {
        rows.tell_part(Issue::BadText, "", "");
    }
    let mut kml = Kml {
        xml: Xml::new(&text),
        rows,
        name,
        watch,
        total: text.len() as u64,
        number: 0,
        levels: vec![Level::default()],
        custom: HashSet::new(),
        has_root: false,
    };
    let stop = kml.root().err().unwrap_or(Stop::Whole);
    if !kml.has_root {
        return Err(ImportError::Cannot(format!("“{name}” is no KML.")));
    }
    if kml.xml.has_entities {
        kml.rows.tell_part(Issue::BrokenPart, "DOCTYPE", "entities are not expanded");
    }
    finished(stop, name, "placemarks", kml.rows)
}

struct Kml<'a, 'w> {
    xml: Xml<'a>,
    rows: Rows,
    name: &'w str,
    watch: Watch<'w>,
    total: u64,
    number: u32,
    /// The file, and the documents and folders that are open in it.
    levels: Vec<Level>,
    /// Names that schemas of KML 2.0 give to placemarks of their own kind.
    custom: HashSet<String>,
    has_root: bool,
}

#[derive(Default)]
struct Level {
    name: String,
    time: Option<Time>,
}

/// In the forms of KML, which are those of ISO 8601.
#[derive(Clone, Default)]
struct Time {
    begin: String,
    /// Empty for a moment.
    end: String,
}

#[derive(Default)]
struct Placemark {
    id: Option<String>,
    name: String,
    description: String,
    fields: Vec<(String, String)>,
    time: Option<Time>,
    shapes: Vec<Shape>,
    tracks: Vec<Track>,
    /// Geometries that could not be read, or not in whole.
    bad: Vec<String>,
}

#[derive(Default)]
struct Track {
    times: Vec<String>,
    /// As written: longitude, latitude and height with blanks between.
    points: Vec<String>,
    /// Values by point, with the name of their column.
    values: Vec<(String, Vec<String>)>,
}

impl Kml<'_, '_> {
    fn root(&mut self) -> Result<(), Stop> {
        loop {
            if let Token::Open(element) = self.xml.next()? {
                match self.xml.name() {
                    "kml" => {
                        self.has_root = true;
                        self.container()?;
                    }
                    "Document" | "Folder" | "Placemark" => {
                        self.has_root = true;
                        self.member(&element)?;
                    }
                    _ => self.xml.skip()?,
                }
            }
        }
    }

    /// What is in the element that was just opened, up to its end.
    fn container(&mut self) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Token::Open(element) => self.member(&element)?,
                Token::Close => return Ok(()),
                Token::Text(_) => {}
            }
        }
    }

    fn member(&mut self, element: &BytesStart<'_>) -> Result<(), Stop> {
        match self.xml.name() {
            "Document" | "Folder" => {
                self.levels.push(Level::default());
                let result = self.container();
                self.levels.pop();
                result
            }
            "Placemark" => self.placemark(element),
            name if self.custom.contains(name) => self.placemark(element),
            "name" => {
                let name = self.xml.text()?;
                if let Some(level) = self.levels.last_mut() {
                    level.name = name;
                }
                Ok(())
            }
            "TimeStamp" | "TimeSpan" => {
                let time = self.time()?;
                if let Some(level) = self.levels.last_mut() {
                    level.time = time.or(level.time.take());
                }
                Ok(())
            }
            "Schema" => {
                if attribute(element, "parent").is_some_and(|parent| parent == "Placemark")
                    && let Some(name) = attribute(element, "name")
                {
                    self.custom.insert(name);
                }
                self.xml.skip()
            }
            // Parts of an update hold placemarks as documents do.
            "Create" | "Update" | "Change" => self.container(),
            name if OTHERS.contains(&name) => self.other(),
            _ => self.xml.skip(),
        }
    }

    /// A link, an overlay or a tour: told by its name and what it refers to.
    fn other(&mut self) -> Result<(), Stop> {
        let (kind, depth) = (self.xml.name().to_owned(), self.xml.depth());
        let (mut name, mut address) = (String::new(), String::new());
        loop {
            match self.xml.next()? {
                Token::Open(_) => match self.xml.name() {
                    "name" if self.xml.depth() == depth + 1 => name = self.xml.text()?,
                    "href" => address = self.xml.text()?,
                    _ => {}
                },
                Token::Close if self.xml.depth() < depth => break,
                _ => {}
            }
        }
        let at = if name.is_empty() { kind } else { format!("{kind} “{name}”") };
        self.rows.tell_part(Issue::OtherPart, at, &address);
        Ok(())
    }

    /// The time in a `TimeStamp` or `TimeSpan`, `None` if there is none in it.
    fn time(&mut self) -> Result<Option<Time>, Stop> {
        let (mut when, mut begin, mut end) = (String::new(), String::new(), String::new());
        loop {
            match self.xml.next()? {
                Token::Open(_) => match self.xml.name() {
                    "when" | "timePosition" => when = self.xml.text()?,
                    "begin" | "beginPosition" => begin = self.xml.text()?,
                    "end" | "endPosition" => end = self.xml.text()?,
                    _ => self.xml.skip()?,
                },
                Token::Close => break,
                Token::Text(_) => {}
            }
        }
        let or_open = |text: String| if text.is_empty() { "..".to_owned() } else { text };
        Ok(if !when.is_empty() {
            Some(Time { begin: when, end: String::new() })
        } else if begin.is_empty() && end.is_empty() {
            None
        } else {
            Some(Time { begin: or_open(begin), end: or_open(end) })
        })
    }

    fn placemark(&mut self, element: &BytesStart<'_>) -> Result<(), Stop> {
        self.number = self.number.saturating_add(1);
        if self.number.is_multiple_of(1024) {
            let progress =
                Progress { done: self.xml.position(), total: self.total, what: self.name.to_owned() };
            if (self.watch)(progress) == Continue::No {
                return Err(Stop::Stopped);
            }
        }
        let mut mark = Placemark { id: attribute(element, "id"), ..Placemark::default() };
        loop {
            match self.xml.next()? {
                Token::Open(element) => match self.xml.name() {
                    "name" => mark.name = self.xml.text()?,
                    "description" => mark.description = self.xml.text()?,
                    "TimeStamp" | "TimeSpan" => mark.time = self.time()?.or(mark.time),
                    "ExtendedData" | "Metadata" => self.extended_data(&mut mark.fields)?,
                    "Track" => {
                        let track = self.track()?;
                        mark.tracks.push(track);
                    }
                    "MultiTrack" => self.multi_track(&mut mark.tracks)?,
                    "link" => {
                        let address = attribute(&element, "href").unwrap_or_default();
                        mark.fields.push(("link".to_owned(), address));
                        self.xml.skip()?;
                    }
                    name if PLAIN.contains(&name) => {
                        let name = name.to_owned();
                        let text = self.xml.text()?;
                        mark.fields.push((name, text));
                    }
                    name if is_geometry(name) => {
                        if let Some(shape) = self.geometry(&mut mark)? {
                            mark.shapes.push(shape);
                        }
                    }
                    _ => self.xml.skip()?,
                },
                Token::Close => break,
                Token::Text(_) => {}
            }
        }
        self.set_rows(mark)
    }

    /// `Data` with a `value`, `SchemaData` with `SimpleData`, and elements of other namespaces.
    fn extended_data(&mut self, fields: &mut Vec<(String, String)>) -> Result<(), Stop> {
        let depth = self.xml.depth();
        let mut name = String::new();
        loop {
            match self.xml.next()? {
                Token::Open(element) => match self.xml.name() {
                    "SchemaData" => {}
                    "Data" => name = attribute(&element, "name").unwrap_or_default(),
                    "value" => fields.push((name.clone(), self.xml.text()?)),
                    "SimpleData" => {
                        let name = attribute(&element, "name").unwrap_or_default();
                        fields.push((name, self.xml.text()?));
                    }
                    "displayName" | "SimpleArrayData" => self.xml.skip()?,
                    other => {
                        let other = other.to_owned();
                        fields.push((other, self.xml.text()?));
                    }
                },
                Token::Close if self.xml.depth() < depth => return Ok(()),
                _ => {}
            }
        }
    }

    fn multi_track(&mut self, tracks: &mut Vec<Track>) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Token::Open(_) if self.xml.name() == "Track" => {
                    let track = self.track()?;
                    tracks.push(track);
                }
                Token::Open(_) => self.xml.skip()?,
                Token::Close => return Ok(()),
                Token::Text(_) => {}
            }
        }
    }

    fn track(&mut self) -> Result<Track, Stop> {
        let depth = self.xml.depth();
        let mut track = Track::default();
        loop {
            match self.xml.next()? {
                Token::Open(element) => match self.xml.name() {
                    "when" => track.times.push(self.xml.text()?),
                    "coord" => track.points.push(self.xml.text()?),
                    // In an older form, all points stand in one element.
                    "coordinates" => {
                        let text = self.xml.text()?;
                        track.points.extend(text.split_whitespace().map(|point| point.replace(',', " ")));
                    }
                    "SimpleArrayData" => {
                        let name = attribute(&element, "name").unwrap_or_default();
                        track.values.push((name, Vec::new()));
                    }
                    "value" => {
                        let value = self.xml.text()?;
                        if let Some((_, values)) = track.values.last_mut() {
                            values.push(value);
                        }
                    }
                    "ExtendedData" | "SchemaData" => {}
                    _ => self.xml.skip()?,
                },
                Token::Close if self.xml.depth() < depth => return Ok(track),
                _ => {}
            }
        }
    }

    /// The geometry whose element was just opened. What cannot be read is noted.
    fn geometry(&mut self, mark: &mut Placemark) -> Result<Option<Shape>, Stop> {
        let (kind, depth) = (self.xml.name().to_owned(), self.xml.depth());
        let mut members = Vec::new();
        let mut rings: Vec<Vec<Position>> = Vec::new();
        let mut inner: Vec<Vec<Position>> = Vec::new();
        let mut points = Vec::new();
        let (mut lon, mut lat) = (String::new(), String::new());
        loop {
            match self.xml.next()? {
                Token::Open(_) => match self.xml.name() {
                    "coordinates" => points = self.coordinates(mark)?,
                    "outerBoundaryIs" => rings.extend(self.ring(mark)?),
                    "innerBoundaryIs" => inner.extend(self.ring(mark)?),
                    "Location" => {}
                    "longitude" => lon = self.xml.text()?,
                    "latitude" => lat = self.xml.text()?,
                    "Track" => {
                        let track = self.track()?;
                        mark.tracks.push(track);
                    }
                    "MultiTrack" => self.multi_track(&mut mark.tracks)?,
                    // A ring that stands in an area without saying which one it is is the outer one.
                    "LinearRing" if kind == "Polygon" => {
                        if let Some(Shape::Line(ring)) = self.geometry(mark)? {
                            rings.push(ring);
                        }
                    }
                    name if is_geometry(name) => members.extend(self.geometry(mark)?),
                    _ => self.xml.skip()?,
                },
                Token::Close if self.xml.depth() < depth => break,
                _ => {}
            }
        }
        if kind == "Model" {
            points.extend(number(&lon).zip(number(&lat)).map(|(lon, lat)| Position::new(lon, lat)));
        }
        Ok(match kind.as_str() {
            "Point" | "Model" => points.first().copied().map(Shape::Point),
            "LineString" | "LinearRing" => line(points, mark),
            "Polygon" => {
                if rings.is_empty() && !inner.is_empty() {
                    mark.bad.push("an area without an outer ring".to_owned());
                }
                match rings.first().map(Vec::len) {
                    None => None,
                    Some(1 | 2) => line(rings.swap_remove(0), mark),
                    Some(_) => {
                        rings.extend(inner);
                        for ring in &mut rings {
                            if close(ring) {
                                mark.bad.push("a ring is not closed; it is taken as closed".to_owned());
                            }
                        }
                        Some(Shape::Polygon(rings))
                    }
                }
            }
            _ if members.is_empty() => None,
            _ => Some(Shape::Collection(members)),
        })
    }

    /// The rings in a boundary: one, by the rules.
    fn ring(&mut self, mark: &mut Placemark) -> Result<Option<Vec<Position>>, Stop> {
        let depth = self.xml.depth();
        let mut ring = None;
        loop {
            match self.xml.next()? {
                Token::Open(_) if self.xml.name() == "coordinates" => {
                    let points = self.coordinates(mark)?;
                    ring = ring.or((!points.is_empty()).then_some(points));
                }
                Token::Close if self.xml.depth() < depth => return Ok(ring),
                _ => {}
            }
        }
    }

    fn coordinates(&mut self, mark: &mut Placemark) -> Result<Vec<Position>, Stop> {
        let text = self.xml.text()?;
        let (points, is_sound) = positions(&text);
        if !is_sound {
            mark.bad.push(text);
        }
        Ok(points)
    }

    fn set_rows(&mut self, mut mark: Placemark) -> Result<(), Stop> {
        let tracks = std::mem::take(&mut mark.tracks);
        let num_points: usize = tracks.iter().map(|track| track.times.len().max(track.points.len())).sum();
        if num_points == 0 || !mark.shapes.is_empty() || !mark.bad.is_empty() {
            self.set_placemark(&mark);
            self.set_shapes(&mark);
            self.set_time(mark.time.as_ref());
            self.rows.end_row(self.number)?;
        }
        for track in &tracks {
            for at in 0..track.times.len().max(track.points.len()) {
                self.set_placemark(&mark);
                self.set_track_point(track, at);
                for (name, values) in &track.values {
                    self.rows.set_named(name, values.get(at).map_or("", String::as_str));
                }
                match track.times.get(at) {
                    Some(when) => self.set_time(Some(&Time { begin: when.clone(), end: String::new() })),
                    None => self.set_time(mark.time.as_ref()),
                }
                self.rows.end_row(self.number)?;
            }
        }
        Ok(())
    }

    /// All that rows of the placemark have in common.
    fn set_placemark(&mut self, mark: &Placemark) {
        for (name, value) in &mark.fields {
            let name = if name.trim().is_empty() { "data" } else { name.trim() };
            set(&mut self.rows, name, value);
        }
        if let Some(id) = &mark.id {
            self.rows.set_named(added::ID, id);
        }
        if !mark.name.is_empty() {
            self.rows.set_named(added::NAME, &mark.name);
        }
        if is_html(&mark.description) {
            self.rows.set_named(added::DESCRIPTION, &html_to_text(&mark.description));
            self.rows.set_named("description", &mark.description);
        } else if !mark.description.is_empty() {
            self.rows.set_named(added::DESCRIPTION, &mark.description);
        }
        // The first level is the file, the second one its document, whose name is that of the file.
        let folders: Vec<&str> = self
            .levels
            .iter()
            .skip(2)
            .map(|level| level.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        if !folders.is_empty() {
            self.rows.set_named(added::PATH, &folders.join(" / "));
        }
    }

    fn set_time(&mut self, own: Option<&Time>) {
        let inherited = self.levels.iter().rev().find_map(|level| level.time.as_ref());
        if let Some(time) = own.or(inherited).cloned() {
            self.rows.set_named(added::BEGIN, &time.begin);
            if !time.end.is_empty() {
                self.rows.set_named(added::END, &time.end);
            }
        }
    }

    fn set_shapes(&mut self, mark: &Placemark) {
        let bad = mark.bad.first().map(|bad| bad.trim());
        let issue = match (mark.shapes.is_empty(), bad) {
            (true, None) => Some((Issue::NoGeometry, "")),
            (true, Some(bad)) => Some((Issue::BadGeometry, bad)),
            (false, Some(bad)) => Some((Issue::OddGeometry, bad)),
            (false, None) => None,
        };
        if let Some((issue, value)) = issue {
            self.rows.tell(issue, self.number, "coordinates", value);
        }
        match mark.shapes.as_slice() {
            [] => {}
            [shape] => set_shape(&mut self.rows, shape),
            shapes => set_shape(&mut self.rows, &Shape::Collection(shapes.to_vec())),
        }
    }

    fn set_track_point(&mut self, track: &Track, at: usize) {
        let point = track.points.get(at).map_or("", |point| point.trim());
        let mut numbers = point.split_whitespace();
        let (lon, lat) = (numbers.next(), numbers.next());
        match (point.is_empty(), lon.and_then(number).zip(lat.and_then(number))) {
            (true, _) => self.rows.tell(Issue::NoGeometry, self.number, "coord", ""),
            (false, None) => self.rows.tell(Issue::BadGeometry, self.number, "coord", point),
            (false, Some((lon, lat))) => {
                let height = above_ground(numbers.next().and_then(number));
                set_shape(
                    &mut self.rows,
                    &Shape::Point(Position { more: [height, None], ..Position::new(lon, lat) }),
                );
            }
        }
    }
}

fn is_geometry(name: &str) -> bool {
    matches!(
        name,
        "Point"
            | "LineString"
            | "LinearRing"
            | "Polygon"
            | "MultiGeometry"
            | "MultiPoint"
            | "MultiLineString"
            | "MultiPolygon"
            | "GeometryCollection"
            | "Model"
    )
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// Programs write a height of 0 for points on the ground, which is none.
fn above_ground(height: Option<f64>) -> Option<f64> {
    height.filter(|height| *height != 0.0)
}

/// A line of one vertex is a point, which is noted.
fn line(points: Vec<Position>, mark: &mut Placemark) -> Option<Shape> {
    match points.as_slice() {
        [] => None,
        [point] => {
            mark.bad.push("a line of one point".to_owned());
            Some(Shape::Point(*point))
        }
        _ => Some(Shape::Line(points)),
    }
}

/// The vertices of `lon,lat[,height]` between blanks, and whether all of it was sound. Blanks around
/// commas are passed over, as hand-written files have them.
fn positions(text: &str) -> (Vec<Position>, bool) {
    let mut points = Vec::new();
    let mut is_sound = true;
    let mut tuple: Vec<&str> = Vec::new();
    let mut take = |tuple: &mut Vec<&str>| {
        if tuple.is_empty() {
            return;
        }
        // `1, 2, 3, 4, 5, 6` are two vertices that lost the blank between them.
        let size = if tuple.len() > 3 && tuple.len().is_multiple_of(3) { 3 } else { tuple.len() };
        is_sound &= tuple.len() <= 3;
        for part in tuple.chunks(size) {
            let at = |at: usize| part.get(at).copied();
            let height = at(2).filter(|height| !height.is_empty());
            let read = height.and_then(number);
            is_sound &= height.is_some() == read.is_some();
            let more = above_ground(read);
            match at(0).and_then(number).zip(at(1).and_then(number)) {
                Some((lon, lat)) => points.push(Position { more: [more, None], ..Position::new(lon, lat) }),
                None => is_sound = false,
            }
        }
        tuple.clear();
    };
    let mut awaits = false;
    for token in text.split_whitespace() {
        let goes_on = awaits || token.starts_with(',');
        if !goes_on {
            take(&mut tuple);
        }
        let (ends_open, starts_open) = (token.ends_with(','), token.starts_with(','));
        let inner = token.strip_prefix(',').filter(|_| !tuple.is_empty()).unwrap_or(token);
        let inner = inner.strip_suffix(',').unwrap_or(inner);
        if !inner.is_empty() || (!ends_open && !starts_open) {
            tuple.extend(inner.split(','));
        }
        awaits = ends_open;
    }
    take(&mut tuple);
    (points, is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::archive::tests::pack;
    use crate::io::import::testing::{any_bytes, cells, column, mutated, unwatched};
    use proptest::prelude::*;

    const SOUND: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<kml:kml xmlns:kml="http://www.opengis.net/kml/2.2" xmlns:gx="g" xmlns:atom="a">
<kml:Document><kml:name>File</kml:name>
 <kml:Folder><kml:name>North</kml:name>
  <kml:TimeSpan><kml:begin>2024-07</kml:begin></kml:TimeSpan>
  <kml:Folder><kml:name>Kidal</kml:name>
   <kml:Placemark id="p1"><kml:name>Tom & "J" &amp; co</kml:name>
    <atom:author><atom:name>not this</atom:name></atom:author>
    <kml:description><![CDATA[<b>Attack</b><br>at dawn]]></kml:description>
    <kml:ExtendedData><kml:Data name="best"><kml:displayName>Dead</kml:displayName><kml:value>4</kml:value></kml:Data>
     <kml:SchemaData schemaUrl="#s"><kml:SimpleData name="code">007</kml:SimpleData></kml:SchemaData>
     <x:camp xmlns:x="x">12</x:camp></kml:ExtendedData>
    <kml:Point><kml:coordinates> 1.41 , 18.44, 0 </kml:coordinates></kml:Point>
   </kml:Placemark>
  </kml:Folder>
 </kml:Folder>
 <kml:Placemark><kml:TimeSpan><kml:end>2008</kml:end></kml:TimeSpan>
  <kml:MultiGeometry><kml:Point><kml:coordinates>1,2</kml:coordinates></kml:Point>
   <kml:Polygon><kml:outerBoundaryIs><kml:LinearRing><kml:coordinates>0,0 4,0 4,4 0,4</kml:coordinates></kml:LinearRing></kml:outerBoundaryIs>
    <kml:innerBoundaryIs><kml:LinearRing><kml:coordinates>1,1 2,1 2,2 1,1</kml:coordinates></kml:LinearRing></kml:innerBoundaryIs></kml:Polygon>
  </kml:MultiGeometry></kml:Placemark>
 <kml:NetworkLink><kml:name>L</kml:name><kml:Link><kml:href>http://example.org/x.kml</kml:href></kml:Link></kml:NetworkLink>
 <kml:Placemark><kml:name>T</kml:name><gx:MultiTrack><gx:Track>
   <kml:when>2024-07-27T10:00:00Z</kml:when><kml:when>2024-07-27T11:00:00Z</kml:when>
   <gx:coord>1.5 18.5 300</gx:coord><gx:coord/>
   <kml:ExtendedData><kml:SchemaData><gx:SimpleArrayData name="speed"><gx:value>5</gx:value><gx:value>6</gx:value></gx:SimpleArrayData></kml:SchemaData></kml:ExtendedData>
  </gx:Track></gx:MultiTrack></kml:Placemark>
 <kml:Placemark><kml:name>None</kml:name></kml:Placemark>
</kml:Document></kml:kml>"##;

    fn grid(text: &str) -> Grid {
        read("a.kml", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    #[test]
    fn placemarks_become_rows() {
        let grid = grid(SOUND);
        assert_eq!(grid.rows.len(), 5);
        assert_eq!(column(&grid, "@name"), [r#"Tom & "J" & co"#, "", "T", "T", "None"]);
        assert_eq!(column(&grid, "@path"), ["North / Kidal", "", "", "", ""]);
        assert_eq!(
            column(&grid, "@begin"),
            ["2024-07", "..", "2024-07-27T10:00:00Z", "2024-07-27T11:00:00Z", ""]
        );
        assert_eq!(column(&grid, "@end"), ["..", "2008", "", "", ""]);
        assert_eq!(column(&grid, "@latitude"), ["18.44", "2", "18.5", "", ""]);
        assert_eq!(column(&grid, "@longitude"), ["1.41", "1", "1.5", "", ""]);
        assert_eq!(column(&grid, "@description")[0], "Attack\nat dawn");
        assert_eq!(column(&grid, "description")[0], "<b>Attack</b><br>at dawn");
        assert_eq!(
            (&column(&grid, "best")[0], &column(&grid, "code")[0], &column(&grid, "camp")[0]),
            (&"4".into(), &"007".into(), &"12".into())
        );
        assert_eq!(column(&grid, "speed")[2..4], ["5", "6"]);
        let shapes = column(&grid, "@geometry");
        assert_eq!(
            shapes[1],
            "GEOMETRYCOLLECTION (POINT (1 2), POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 1)))"
        );
        assert_eq!((shapes[0].as_str(), shapes[2].as_str()), ("", "POINT Z (1.5 18.5 300)"));
        let told: Vec<_> = grid.findings.iter().map(|(issue, found)| (*issue, found.at.as_str())).collect();
        assert_eq!(
            told,
            [
                (Issue::OddGeometry, "placemark 2"),
                (Issue::OtherPart, "NetworkLink “L”"),
                (Issue::NoGeometry, "placemark 3"),
                (Issue::NoGeometry, "placemark 4"),
            ]
        );
        assert_eq!(grid.name_of(grid.rows[3].0), "placemark 3");
        assert_eq!(grid.cut_short, None);
    }

    #[test]
    fn namespaces_do_not_matter() {
        let plain = SOUND.replace("kml:", "").replace(" xmlns:kml=\"http://www.opengis.net/kml/2.2\"", "");
        assert_eq!(cells(&grid(&plain)), cells(&grid(SOUND)));
        let bare = r#"<Placemark><name>x</name><Point><coordinates>1,2</coordinates></Point></Placemark>"#;
        assert_eq!(cells(&grid(bare)), [["x", "2", "1"]]);
        let old = r##"<kml><Document><Schema name="Raid" parent="Placemark"/><Raid><name>x</name></Raid></Document></kml>"##;
        assert_eq!(grid(old).rows.len(), 1);
    }

    #[test]
    fn vertices_are_read_as_far_as_they_are_plain() {
        let read = |text: &str| {
            let (points, is_sound) = positions(text);
            (points.iter().map(|p| (p.lon, p.lat)).collect::<Vec<_>>(), is_sound)
        };
        assert_eq!(read("1,2,3 4,5,6\n7,8"), (vec![(1.0, 2.0), (4.0, 5.0), (7.0, 8.0)], true));
        assert_eq!(read(" 1.41, 18.44, 0 "), (vec![(1.41, 18.44)], true));
        assert_eq!(read("1 ,2 , 3  4,5"), (vec![(1.0, 2.0), (4.0, 5.0)], true));
        assert_eq!(read("1,2,3,4,5,6"), (vec![(1.0, 2.0), (4.0, 5.0)], false));
        assert_eq!(read("1 2 3"), (vec![], false));
        assert_eq!(read("1,2,x 3,y 5,6"), (vec![(1.0, 2.0), (5.0, 6.0)], false));
        assert_eq!(read("+3,-4e0,5"), (vec![(3.0, -4.0)], true));
        assert_eq!(read("nan,1 inf,2 ,"), (vec![], false));
        assert_eq!(read(""), (vec![], true));
    }

    #[test]
    fn a_broken_file_gives_the_placemarks_before() {
        for cut in [SOUND.find("<kml:MultiGeometry>").expect("there") + 9, SOUND.len() - 4] {
            let grid = grid(&SOUND[..cut]);
            assert!(!grid.rows.is_empty());
            assert!(grid.cut_short.expect("cut").contains("byte"));
        }
        for text in ["", "x", "<html><body/></html>"] {
            assert!(read("a", text.as_bytes(), Allowance::default(), &unwatched).is_err(), "{text}");
        }
        let deep = format!("<kml>{}<Placemark/>", "<Folder>".repeat(500));
        assert!(read("a", deep.as_bytes(), Allowance::default(), &unwatched).is_err());
    }

    #[test]
    fn archives_are_searched_for_a_file() {
        let kml = b"<kml><Placemark><name>main</name></Placemark></kml>".as_slice();
        let read =
            |entries: &[(&str, &[u8])]| read_kmz("a.kmz", &pack(entries), Allowance::default(), &unwatched);
        let grid =
            read(&[("files/x.png", b"x"), ("a/b/Other.KML", b"<kml/>"), ("doc.kml", kml)]).expect("readable");
        assert_eq!(cells(&grid), [["main"]]);
        assert_eq!((grid.findings[0].0, grid.findings[0].1.at.as_str()), (Issue::OtherPart, "a/b/Other.KML"));
        assert_eq!(read(&[("sub/other.kml", kml)]).expect("readable").rows.len(), 1);
        assert!(read(&[("x.png", b"x")]).is_err());
        let bomb = vec![b' '; 64 << 20];
        assert!(matches!(read(&[("doc.kml", &bomb)]), Err(ImportError::Large(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"<>/=\"kmlPoint &;\n!-[],01")) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
            let _ = read_kmz("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_are_read_or_refused(bytes in mutated(SOUND.as_bytes())) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn any_coordinates_are_read(text in "[0-9,. x\n+-]{0,40}") {
            let _ = positions(&text);
        }
    }
}
