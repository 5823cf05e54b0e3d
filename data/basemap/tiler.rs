//! Cuts line-delimited GeoJSON into an archive of vector tiles (PMTiles 3, MVT, gzip).
//!
//! `cargo run --release --example tiler -- OUT.pmtiles WORLD_ZOOM MAX_ZOOM LAYER:FILE…`
//!
//! The whole world is cut down to `WORLD_ZOOM`, and from there to `MAX_ZOOM` only the [`DETAIL_BOX`].
//! Each line of a file is one feature. `tippecanoe.minzoom` in a feature is the lowest zoom it is in.
//!
//! Every vertex is given its importance once (Douglas–Peucker), so that a zoom only has to compare it
//! with that zoom's tolerance; then features are clipped recursively, quarter by quarter.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ExitCode;
use std::rc::Rc;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use walkers::TileId;
use waqai::ui::map::archive::tile_number;

const USAGE: &str = "usage: tiler OUT.pmtiles WORLD_ZOOM MAX_ZOOM LAYER:FILE...

  OUT.pmtiles  the archive to write
  WORLD_ZOOM   the whole world is cut down to this zoom, 0 to 14
  MAX_ZOOM     the Sahel is cut down to this zoom, WORLD_ZOOM to 14
  LAYER:FILE   a layer's name and its features, GeoJSON, one feature a line

example: tiler world.pmtiles 6 10 earth:L_earth.geojsonl places:L_places.geojsonl";

/// West, south, east, north.
const DETAIL_BOX: [f64; 4] = [-13.0, 9.0, 16.0, 27.0];
/// Units of a tile's side. walkers reads no other extent.
const EXTENT: f64 = 4096.0;
/// How far a tile reaches over its edge, as a part of its side.
const BUFFER: f64 = 64.0 / EXTENT;
/// In units of a tile: 4096 of them are drawn on 512 points, so 8 are one point.
const TOLERANCE: f64 = 4.0;
/// A ring smaller than this, in square units, is left out: about 1.5 square points.
const LEAST_AREA: i64 = 96;
const DEEPEST_ZOOM: u8 = 14;
const ATTRIBUTION: &str = "Made with Natural Earth. Place names: GeoNames (CC BY 4.0)";

/// A vertex, on the Mercator square from 0 to 1, with its squared importance.
#[derive(Clone, Copy)]
struct Vertex {
    x: f64,
    y: f64,
    weight: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Point,
    Line,
    /// The first ring goes round, holes follow it, told apart by their turning.
    Polygon,
}

struct Meta {
    layer: usize,
    min_zoom: u8,
    properties: Vec<(String, Value)>,
}

#[derive(Clone)]
struct Feature {
    meta: Rc<Meta>,
    kind: Kind,
    parts: Vec<Vec<Vertex>>,
}

fn mercator(lon: f64, lat: f64) -> (f64, f64) {
    let sine = lat.to_radians().sin().clamp(-0.9999, 0.9999);
    let y = 0.5 - 0.25 * ((1.0 + sine) / (1.0 - sine)).ln() / std::f64::consts::PI;
    (lon / 360.0 + 0.5, y.clamp(0.0, 1.0))
}

fn squared_distance(point: Vertex, from: Vertex, to: Vertex) -> f64 {
    let (mut x, mut y) = (from.x, from.y);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    if dx != 0.0 || dy != 0.0 {
        let along = ((point.x - x) * dx + (point.y - y) * dy) / (dx * dx + dy * dy);
        let along = along.clamp(0.0, 1.0);
        x += dx * along;
        y += dy * along;
    }
    (point.x - x).powi(2) + (point.y - y).powi(2)
}

fn weigh(vertices: &mut [Vertex]) {
    let Some(last) = vertices.len().checked_sub(1).filter(|last| *last > 0) else {
        return;
    };
    vertices[0].weight = 1.0;
    vertices[last].weight = 1.0;
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        let farthest = (from + 1..to)
            .map(|at| (at, squared_distance(vertices[at], vertices[from], vertices[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, distance)) = farthest
            && distance > 0.0
        {
            vertices[at].weight = distance;
            spans.push((from, at));
            spans.push((at, to));
        }
    }
}

fn doubled_area(ring: &[Vertex]) -> f64 {
    ring.windows(2).map(|pair| pair[0].x * pair[1].y - pair[1].x * pair[0].y).sum()
}

// ---- GeoJSON

fn parse_point(value: &Value) -> Option<Vertex> {
    let (lon, lat) = (value.get(0)?.as_f64()?, value.get(1)?.as_f64()?);
    let (x, y) = mercator(lon, lat);
    (x.is_finite() && y.is_finite()).then_some(Vertex { x, y, weight: 0.0 })
}

fn parse_line(value: &Value) -> Option<Vec<Vertex>> {
    let mut line: Vec<Vertex> = value.as_array()?.iter().map(parse_point).collect::<Option<_>>()?;
    weigh(&mut line);
    Some(line)
}

fn parse_polygon(value: &Value) -> Option<Vec<Vec<Vertex>>> {
    value
        .as_array()?
        .iter()
        .enumerate()
        .map(|(index, ring)| {
            let mut ring = parse_line(ring)?;
            // Outside: positive area with y downwards. Holes: negative.
            if (doubled_area(&ring) > 0.0) != (index == 0) {
                ring.reverse();
            }
            Some(ring)
        })
        .collect()
}

fn parse_geometry(geometry: &Value) -> Option<(Kind, Vec<Vec<Vertex>>)> {
    let coordinates = geometry.get("coordinates")?;
    let many = |parse: fn(&Value) -> Option<Vec<Vertex>>| {
        coordinates.as_array()?.iter().map(parse).collect::<Option<Vec<_>>>()
    };
    Some(match geometry.get("type")?.as_str()? {
        "Point" => (Kind::Point, vec![vec![parse_point(coordinates)?]]),
        "LineString" => (Kind::Line, vec![parse_line(coordinates)?]),
        "MultiLineString" => (Kind::Line, many(parse_line)?),
        "Polygon" => (Kind::Polygon, parse_polygon(coordinates)?),
        "MultiPolygon" => {
            let polygons: Option<Vec<_>> = coordinates.as_array()?.iter().map(parse_polygon).collect();
            (Kind::Polygon, polygons?.into_iter().flatten().collect())
        }
        _ => return None,
    })
}

fn parse_feature(line: &str, layer: usize) -> Result<Option<Feature>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let geometry = &value["geometry"];
    if geometry.is_null() {
        return Ok(None);
    }
    let (kind, parts) =
        parse_geometry(geometry).ok_or("its geometry is damaged or of a kind that is not cut")?;
    let properties = value["properties"].as_object().cloned().unwrap_or_default();
    let min_zoom = value["tippecanoe"]["minzoom"].as_u64().unwrap_or(0);
    let meta = Meta {
        layer,
        min_zoom: u8::try_from(min_zoom).unwrap_or(u8::MAX),
        properties: properties.into_iter().collect(),
    };
    Ok(Some(Feature { meta: Rc::new(meta), kind, parts }))
}

fn read_layer(path: &str, layer: usize, features: &mut Vec<Feature>) -> Result<(), String> {
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let at = |error: String| format!("{path}, line {}: {error}", index + 1);
        let line = line.map_err(|error| at(error.to_string()))?;
        if !line.trim().is_empty() {
            features.extend(parse_feature(&line, layer).map_err(at)?);
        }
    }
    Ok(())
}

// ---- clipping

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

impl Axis {
    fn of(self, vertex: &Vertex) -> f64 {
        match self {
            Self::X => vertex.x,
            Self::Y => vertex.y,
        }
    }

    /// Where the way from `a` to `b` crosses `at`.
    fn crossing(self, a: &Vertex, b: &Vertex, at: f64) -> Vertex {
        let along = (at - self.of(a)) / (self.of(b) - self.of(a));
        let (x, y) = (a.x + (b.x - a.x) * along, a.y + (b.y - a.y) * along);
        match self {
            Self::X => Vertex { x: at, y, weight: 1.0 },
            Self::Y => Vertex { x, y: at, weight: 1.0 },
        }
    }
}

fn clip_line(line: &[Vertex], axis: Axis, low: f64, high: f64, out: &mut Vec<Vec<Vertex>>) {
    let mut current: Vec<Vertex> = Vec::new();
    for pair in line.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let (from, to) = (axis.of(a), axis.of(b));
        if (from < low && to < low) || (from > high && to > high) {
            continue;
        }
        if current.is_empty() {
            current.push(if from < low {
                axis.crossing(a, b, low)
            } else if from > high {
                axis.crossing(a, b, high)
            } else {
                *a
            });
        }
        let leaves_at = if to < low {
            Some(low)
        } else if to > high {
            Some(high)
        } else {
            None
        };
        match leaves_at {
            Some(edge) => {
                current.push(axis.crossing(a, b, edge));
                out.push(std::mem::take(&mut current));
            }
            None => current.push(*b),
        }
    }
    if current.len() > 1 {
        out.push(current);
    }
}

fn clip_ring(ring: &[Vertex], axis: Axis, low: f64, high: f64) -> Option<Vec<Vertex>> {
    let mut ring = ring.to_vec();
    for (edge, keeps_above) in [(low, true), (high, false)] {
        let inside = |vertex: &Vertex| {
            if keeps_above { axis.of(vertex) >= edge } else { axis.of(vertex) <= edge }
        };
        let mut clipped = Vec::with_capacity(ring.len());
        for pair in ring.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            match (inside(a), inside(b)) {
                (true, true) => clipped.push(*a),
                (true, false) => {
                    clipped.push(*a);
                    clipped.push(axis.crossing(a, b, edge));
                }
                (false, true) => clipped.push(axis.crossing(a, b, edge)),
                (false, false) => {}
            }
        }
        if clipped.len() < 3 {
            return None;
        }
        clipped.extend(clipped.first().copied());
        ring = clipped;
    }
    Some(ring)
}

fn clip(feature: &Feature, axis: Axis, low: f64, high: f64) -> Option<Feature> {
    let (mut min, mut max) = (f64::MAX, f64::MIN);
    for vertex in feature.parts.iter().flatten() {
        min = min.min(axis.of(vertex));
        max = max.max(axis.of(vertex));
    }
    if max < low || min > high {
        return None;
    }
    if min >= low && max <= high {
        return Some(feature.clone());
    }
    let mut parts = Vec::new();
    for part in &feature.parts {
        match feature.kind {
            Kind::Point => {
                if part.iter().all(|vertex| (low..=high).contains(&axis.of(vertex))) {
                    parts.push(part.clone());
                }
            }
            Kind::Line => clip_line(part, axis, low, high, &mut parts),
            Kind::Polygon => parts.extend(clip_ring(part, axis, low, high)),
        }
    }
    (!parts.is_empty()).then(|| Feature { meta: feature.meta.clone(), kind: feature.kind, parts })
}

// ---- vector tiles

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A length-delimited field of a protocol buffer.
fn field(out: &mut Vec<u8>, number: u64, content: &[u8]) {
    varint(out, number << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// A property's value as a protocol buffer. walkers reads strings, ints, doubles and bools only.
fn encode_value(value: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match value {
        Value::String(text) => field(&mut out, 1, text.as_bytes()),
        Value::Bool(set) => {
            varint(&mut out, 7 << 3);
            varint(&mut out, u64::from(*set));
        }
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => {
                varint(&mut out, 4 << 3);
                varint(&mut out, whole as u64);
            }
            (None, Some(real)) => {
                varint(&mut out, 3 << 3 | 1);
                out.extend_from_slice(&real.to_le_bytes());
            }
            (None, None) => return None,
        },
        _ => return None,
    }
    Some(out)
}

/// Keys or values of a layer, each once.
#[derive(Default)]
struct Table {
    numbers: HashMap<Vec<u8>, u64>,
    entries: Vec<Vec<u8>>,
}

impl Table {
    fn number_of(&mut self, entry: Vec<u8>) -> u64 {
        let entries = &mut self.entries;
        *self.numbers.entry(entry).or_insert_with_key(|entry| {
            entries.push(entry.clone());
            entries.len() as u64 - 1
        })
    }
}

fn encode_geometry(feature: &Feature, id: TileId) -> Vec<u8> {
    let side = 2f64.powi(i32::from(id.zoom));
    let tolerance = (TOLERANCE / EXTENT / side).powi(2);
    let units = |vertex: &Vertex| {
        (
            ((vertex.x * side - f64::from(id.x)) * EXTENT).round() as i64,
            ((vertex.y * side - f64::from(id.y)) * EXTENT).round() as i64,
        )
    };
    let mut out = Vec::new();
    let (mut pen_x, mut pen_y) = (0, 0);
    let mut has_exterior = false;
    for part in &feature.parts {
        let mut points: Vec<(i64, i64)> = part
            .iter()
            .filter(|vertex| feature.kind == Kind::Point || vertex.weight > tolerance)
            .map(units)
            .collect();
        points.dedup();
        match feature.kind {
            Kind::Point => {}
            Kind::Line if points.len() < 2 => continue,
            Kind::Line => {}
            Kind::Polygon => {
                if points.first() == points.last() {
                    points.pop();
                }
                if points.len() < 3 {
                    continue;
                }
                let next = points.iter().cycle().skip(1);
                let area: i64 = points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<i64>() / 2;
                let is_exterior = area > 0;
                has_exterior |= is_exterior && area >= LEAST_AREA;
                if area.abs() < LEAST_AREA || !has_exterior {
                    continue;
                }
            }
        }
        let command = |out: &mut Vec<u8>, code: u64, count: usize| {
            varint(out, (count as u64) << 3 | code);
        };
        command(&mut out, 1, 1);
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 1 {
                command(&mut out, 2, points.len() - 1);
            }
            varint(&mut out, zigzag(x - pen_x));
            varint(&mut out, zigzag(y - pen_y));
            (pen_x, pen_y) = (*x, *y);
        }
        if feature.kind == Kind::Polygon {
            command(&mut out, 7, 1);
        }
    }
    out
}

fn encode_layer(name: &str, index: usize, id: TileId, features: &[Feature]) -> Option<Vec<u8>> {
    let (mut keys, mut values) = (Table::default(), Table::default());
    let mut body = Vec::new();
    let wanted = |feature: &&Feature| feature.meta.layer == index && feature.meta.min_zoom <= id.zoom;
    for feature in features.iter().filter(wanted) {
        let geometry = encode_geometry(feature, id);
        if geometry.is_empty() {
            continue;
        }
        let mut tags = Vec::new();
        for (key, value) in &feature.meta.properties {
            if let Some(value) = encode_value(value) {
                varint(&mut tags, keys.number_of(key.clone().into_bytes()));
                varint(&mut tags, values.number_of(value));
            }
        }
        let mut encoded = Vec::new();
        field(&mut encoded, 2, &tags);
        varint(&mut encoded, 3 << 3);
        varint(
            &mut encoded,
            match feature.kind {
                Kind::Point => 1,
                Kind::Line => 2,
                Kind::Polygon => 3,
            },
        );
        field(&mut encoded, 4, &geometry);
        field(&mut body, 2, &encoded);
    }
    if body.is_empty() {
        return None;
    }
    let mut layer = Vec::new();
    varint(&mut layer, 15 << 3);
    varint(&mut layer, 2);
    field(&mut layer, 1, name.as_bytes());
    layer.extend(body);
    for key in &keys.entries {
        field(&mut layer, 3, key);
    }
    for value in &values.entries {
        field(&mut layer, 4, value);
    }
    varint(&mut layer, 5 << 3);
    varint(&mut layer, EXTENT as u64);
    Some(layer)
}

struct Cutter<'a> {
    layers: &'a [String],
    world_zoom: u8,
    max_zoom: u8,
    /// West, north, east, south on the Mercator square.
    detail: [f64; 4],
    tiles: BTreeMap<u64, Vec<u8>>,
}

impl Cutter<'_> {
    fn cut(&mut self, id: TileId, features: &[Feature]) {
        if features.is_empty() || (id.zoom > self.world_zoom && !self.is_in_detail(id)) {
            return;
        }
        let mut tile = Vec::new();
        for (index, name) in self.layers.iter().enumerate() {
            if let Some(layer) = encode_layer(name, index, id, features) {
                field(&mut tile, 3, &layer);
            }
        }
        if let Some(number) = tile_number(id)
            && !tile.is_empty()
        {
            self.tiles.insert(number, tile);
        }
        if id.zoom == self.max_zoom {
            return;
        }
        let side = 2f64.powi(i32::from(id.zoom) + 1);
        let part = |features: &[Feature], axis: Axis, at: u32| -> Vec<Feature> {
            let at = f64::from(at);
            let (low, high) = ((at - BUFFER) / side, (at + 1.0 + BUFFER) / side);
            features.iter().filter_map(|feature| clip(feature, axis, low, high)).collect()
        };
        for x in [id.x * 2, id.x * 2 + 1] {
            let column = part(features, Axis::X, x);
            for y in [id.y * 2, id.y * 2 + 1] {
                self.cut(TileId { x, y, zoom: id.zoom + 1 }, &part(&column, Axis::Y, y));
            }
        }
    }

    fn is_in_detail(&self, id: TileId) -> bool {
        let side = 2f64.powi(i32::from(id.zoom));
        let (x, y) = (f64::from(id.x), f64::from(id.y));
        let [west, north, east, south] = self.detail.map(|edge| edge * side);
        x + 1.0 >= west && x <= east && y + 1.0 >= north && y <= south
    }
}

// ---- PMTiles

#[derive(Clone, Copy)]
struct Entry {
    number: u64,
    offset: u64,
    length: u64,
    /// 0 for a leaf directory.
    run: u64,
}

fn gzip(content: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
}

fn directory(entries: &[Entry]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    varint(&mut out, entries.len() as u64);
    let mut before = 0;
    for entry in entries {
        varint(&mut out, entry.number - before);
        before = entry.number;
    }
    for entry in entries {
        varint(&mut out, entry.run);
    }
    for entry in entries {
        varint(&mut out, entry.length);
    }
    let mut following = None;
    for entry in entries {
        varint(&mut out, if following == Some(entry.offset) { 0 } else { entry.offset + 1 });
        following = Some(entry.offset + entry.length);
    }
    gzip(&out)
}

/// The header and the root directory have to fit into the first 16 KiB.
const ROOT_LIMIT_BYTES: usize = 16_384 - HEADER_BYTES;
const HEADER_BYTES: usize = 127;

/// The root directory and, where one does not suffice, the leaves under it.
fn directories(entries: &[Entry]) -> Result<(Vec<u8>, Vec<u8>), String> {
    let root = directory(entries)?;
    if root.len() <= ROOT_LIMIT_BYTES {
        return Ok((root, Vec::new()));
    }
    let mut leaf_entries = 2048;
    loop {
        let (mut leaves, mut pointers) = (Vec::new(), Vec::new());
        for chunk in entries.chunks(leaf_entries) {
            let leaf = directory(chunk)?;
            pointers.extend(chunk.first().map(|first| Entry {
                number: first.number,
                offset: leaves.len() as u64,
                length: leaf.len() as u64,
                run: 0,
            }));
            leaves.extend(leaf);
        }
        let root = directory(&pointers)?;
        if root.len() <= ROOT_LIMIT_BYTES {
            return Ok((root, leaves));
        }
        leaf_entries *= 2;
    }
}

fn archive(cutter: &Cutter) -> Result<Vec<u8>, String> {
    let mut data = Vec::new();
    let mut contents: HashMap<&[u8], (u64, u64)> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    for (number, tile) in &cutter.tiles {
        let (offset, length) = match contents.get(tile.as_slice()) {
            Some(known) => *known,
            None => {
                let packed = gzip(tile)?;
                let place = (data.len() as u64, packed.len() as u64);
                data.extend(packed);
                contents.insert(tile, place);
                place
            }
        };
        match entries.last_mut() {
            Some(last) if last.offset == offset && last.number + last.run == *number => {
                last.run += 1;
            }
            _ => entries.push(Entry { number: *number, offset, length, run: 1 }),
        }
    }

    let layers: Vec<Value> = cutter
        .layers
        .iter()
        .map(|id| json!({ "id": id, "fields": {}, "minzoom": 0, "maxzoom": cutter.max_zoom }))
        .collect();
    let metadata = json!({
        "name": "Basemap", "attribution": ATTRIBUTION, "vector_layers": layers
    });
    let metadata = gzip(metadata.to_string().as_bytes())?;
    let (root, leaves) = directories(&entries)?;

    let mut out = b"PMTiles\x03".to_vec();
    let mut offset = HEADER_BYTES as u64;
    for length in [root.len(), metadata.len(), leaves.len(), data.len()] {
        out.extend(offset.to_le_bytes());
        out.extend((length as u64).to_le_bytes());
        offset += length as u64;
    }
    for count in [cutter.tiles.len(), entries.len(), contents.len()] {
        out.extend((count as u64).to_le_bytes());
    }
    // Clustered; directories and tiles gzipped; MVT.
    out.extend([1, 2, 2, 1, 0, cutter.max_zoom]);
    let e7 = |degrees: f64| ((degrees * 1e7) as i32).to_le_bytes();
    for degrees in [-180.0, -85.0, 180.0, 85.0] {
        out.extend(e7(degrees));
    }
    out.push(5);
    out.extend(e7(0.0));
    out.extend(e7(17.0));
    for section in [root, metadata, leaves, data] {
        out.extend(section);
    }
    Ok(out)
}

fn parse_zoom(text: &str, least: u8) -> Result<u8, String> {
    text.parse()
        .ok()
        .filter(|zoom| (least..=DEEPEST_ZOOM).contains(zoom))
        .ok_or_else(|| format!("zoom “{text}” is not a number from {least} to {DEEPEST_ZOOM}"))
}

/// Set apart from failure of the work itself, which is 1.
enum Failure {
    Usage(String),
    Work(String),
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let [out, world_zoom, max_zoom, inputs @ ..] = arguments else {
        return Err(Failure::Usage("arguments are missing".to_owned()));
    };
    if inputs.is_empty() {
        return Err(Failure::Usage("no layer is given".to_owned()));
    }
    let world_zoom = parse_zoom(world_zoom, 0).map_err(Failure::Usage)?;
    let max_zoom = parse_zoom(max_zoom, world_zoom).map_err(Failure::Usage)?;

    let started = std::time::Instant::now();
    let (mut layers, mut features) = (Vec::new(), Vec::new());
    for input in inputs {
        let Some((layer, path)) = input.split_once(':') else {
            return Err(Failure::Usage(format!("“{input}” is not LAYER:FILE")));
        };
        read_layer(path, layers.len(), &mut features).map_err(Failure::Work)?;
        layers.push(layer.to_owned());
    }
    eprintln!("{} features read in {:.1?}", features.len(), started.elapsed());

    let [west, south, east, north] = DETAIL_BOX;
    let ((west, south), (east, north)) = (mercator(west, south), mercator(east, north));
    let mut cutter = Cutter {
        layers: &layers,
        world_zoom,
        max_zoom,
        detail: [west, north, east, south],
        tiles: BTreeMap::new(),
    };
    cutter.cut(TileId { x: 0, y: 0, zoom: 0 }, &features);
    eprintln!("{} tiles cut at {:.1?}", cutter.tiles.len(), started.elapsed());

    let bytes = archive(&cutter).map_err(Failure::Work)?;
    std::fs::write(out, &bytes).map_err(|error| Failure::Work(format!("{out}: {error}")))?;
    eprintln!("{out}: {} bytes at {:.1?}", bytes.len(), started.elapsed());
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Work(message)) => {
            eprintln!("tiler: {message}");
            ExitCode::FAILURE
        }
        Err(Failure::Usage(message)) => {
            eprintln!("tiler: {message}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}
