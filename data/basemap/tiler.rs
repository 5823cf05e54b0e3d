//! GeoJSONSeq layers -> vector PMTiles, pure Rust (geojson-vt style: importance per vertex, recursive clip).

use serde_json::{Map, Value};
use std::{collections::{BTreeMap, HashMap}, io::BufRead, rc::Rc};

const EXTENT: f64 = 4096.0;
const BUFFER: f64 = 64.0 / EXTENT;
/// Tolerance in tile units: 4096 units are drawn on 512 px, so 8 units are one pixel.
const TOLERANCE: f64 = 4.0;

#[derive(Clone, Copy)]
struct V { x: f64, y: f64, w: f64 } // w: squared importance (mercator 0..1)
#[derive(Clone, Copy, PartialEq)]
enum Kind { Point, Line, Polygon }
struct Meta { layer: usize, minz: u8, maxz: u8, props: Vec<(String, Value)> }
#[derive(Clone)]
struct Feature { meta: Rc<Meta>, kind: Kind, parts: Vec<Vec<V>> } // polygon: rings, exterior flagged by orientation

fn merc(lon: f64, lat: f64) -> (f64, f64) {
    let s = lat.to_radians().sin().clamp(-0.9999, 0.9999);
    (lon / 360.0 + 0.5, (0.5 - 0.25 * ((1.0 + s) / (1.0 - s)).ln() / std::f64::consts::PI).clamp(0.0, 1.0))
}
fn seg_d2(p: V, a: V, b: V) -> f64 {
    let (mut x, mut y, dx, dy) = (a.x, a.y, b.x - a.x, b.y - a.y);
    if dx != 0.0 || dy != 0.0 {
        let t = ((p.x - x) * dx + (p.y - y) * dy) / (dx * dx + dy * dy);
        if t > 1.0 { x = b.x; y = b.y } else if t > 0.0 { x += dx * t; y += dy * t }
    }
    (p.x - x).powi(2) + (p.y - y).powi(2)
}
fn importance(v: &mut [V]) {
    let n = v.len();
    if n < 2 { return }
    v[0].w = 1.0; v[n - 1].w = 1.0;
    let mut stack = vec![(0, n - 1)];
    while let Some((a, b)) = stack.pop() {
        let (mut best, mut at) = (0.0, 0);
        for i in a + 1..b { let d = seg_d2(v[i], v[a], v[b]); if d > best { best = d; at = i } }
        if at > 0 { v[at].w = best; stack.push((a, at)); stack.push((at, b)) }
    }
}
fn area(r: &[V]) -> f64 { r.windows(2).map(|p| p[0].x * p[1].y - p[1].x * p[0].y).sum::<f64>() / 2.0 }

fn parts(g: &Value) -> Option<(Kind, Vec<Vec<V>>)> {
    let pt = |c: &Value| { let (x, y) = merc(c[0].as_f64().unwrap(), c[1].as_f64().unwrap()); V { x, y, w: 0.0 } };
    let line = |c: &Value| { let mut l: Vec<V> = c.as_array().unwrap().iter().map(pt).collect(); importance(&mut l); l };
    // exterior: positive area in y-down; holes negative
    let poly = |c: &Value| -> Vec<Vec<V>> { c.as_array().unwrap().iter().enumerate().map(|(i, r)| {
        let mut r = line(r); if (area(&r) > 0.0) != (i == 0) { r.reverse() } r }).collect() };
    let c = g.get("coordinates")?;
    Some(match g["type"].as_str()? {
        "Point" => (Kind::Point, vec![vec![pt(c)]]),
        "LineString" => (Kind::Line, vec![line(c)]),
        "MultiLineString" => (Kind::Line, c.as_array()?.iter().map(line).collect()),
        "Polygon" => (Kind::Polygon, poly(c)),
        "MultiPolygon" => (Kind::Polygon, c.as_array()?.iter().flat_map(poly).collect()),
        _ => return None,
    })
}
/// Clip along one axis to lo..hi.
fn clip(f: &Feature, axis: bool, lo: f64, hi: f64) -> Option<Feature> {
    let get = |v: &V| if axis { v.y } else { v.x };
    let cross = |a: &V, b: &V, at: f64| {
        let t = (at - get(a)) / (get(b) - get(a));
        V { x: if axis { a.x + (b.x - a.x) * t } else { at }, y: if axis { at } else { a.y + (b.y - a.y) * t }, w: 1.0 }
    };
    let (mut min, mut max) = (f64::MAX, f64::MIN);
    for v in f.parts.iter().flatten() { let k = get(v); min = min.min(k); max = max.max(k) }
    if max < lo || min > hi { return None }
    if min >= lo && max <= hi { return Some(f.clone()) }
    let mut out = Vec::new();
    for p in &f.parts {
        match f.kind {
            Kind::Point => { if get(&p[0]) >= lo && get(&p[0]) <= hi { out.push(p.clone()) } }
            Kind::Line => {
                let mut cur: Vec<V> = Vec::new();
                for w in p.windows(2) {
                    let (a, b) = (&w[0], &w[1]);
                    let (ka, kb) = (get(a), get(b));
                    if (ka < lo && kb < lo) || (ka > hi && kb > hi) { continue }
                    let start = if ka < lo { cross(a, b, lo) } else if ka > hi { cross(a, b, hi) } else { *a };
                    if cur.is_empty() { cur.push(start) }
                    if kb < lo { cur.push(cross(a, b, lo)); out.push(std::mem::take(&mut cur)) }
                    else if kb > hi { cur.push(cross(a, b, hi)); out.push(std::mem::take(&mut cur)) }
                    else { cur.push(*b) }
                }
                if cur.len() > 1 { out.push(cur) }
            }
            Kind::Polygon => {
                let mut ring = p.clone();
                for (at, above) in [(lo, true), (hi, false)] {
                    let inside = |v: &V| if above { get(v) >= at } else { get(v) <= at };
                    let mut r = Vec::with_capacity(ring.len());
                    for w in ring.windows(2) {
                        match (inside(&w[0]), inside(&w[1])) {
                            (true, true) => r.push(w[0]),
                            (true, false) => { r.push(w[0]); r.push(cross(&w[0], &w[1], at)) }
                            (false, true) => r.push(cross(&w[0], &w[1], at)),
                            (false, false) => {}
                        }
                    }
                    if r.len() < 3 { ring.clear(); break }
                    r.push(r[0]);
                    ring = r;
                }
                if ring.len() > 3 { out.push(ring) }
            }
        }
    }
    (!out.is_empty()).then(|| Feature { meta: f.meta.clone(), kind: f.kind, parts: out })
}
// ---- MVT
fn varint(b: &mut Vec<u8>, mut v: u64) { while v >= 128 { b.push(v as u8 | 128); v >>= 7 } b.push(v as u8) }
fn field(b: &mut Vec<u8>, n: u64, d: &[u8]) { varint(b, n << 3 | 2); varint(b, d.len() as u64); b.extend_from_slice(d) }
fn zz(v: i64) -> u64 { ((v << 1) ^ (v >> 63)) as u64 }
fn encode(z: u8, x: u32, y: u32, fs: &[Feature], layers: &[String]) -> Vec<u8> {
    let n = 2f64.powi(z as i32);
    let tol2 = (TOLERANCE / EXTENT / n).powi(2);
    let px = |v: &V| (((v.x * n - x as f64) * EXTENT).round() as i64, ((v.y * n - y as f64) * EXTENT).round() as i64);
    let mut tile = Vec::new();
    for (li, name) in layers.iter().enumerate() {
        let (mut keys, mut vals, mut body) = (Vec::<String>::new(), Vec::<Vec<u8>>::new(), Vec::new());
        let (mut ki, mut vi) = (HashMap::new(), HashMap::new());
        for f in fs.iter().filter(|f| f.meta.layer == li && f.meta.minz <= z && f.meta.maxz >= z) {
            let mut geom = Vec::new();
            let (mut cx, mut cy) = (0i64, 0i64);
            let mut kept_exterior = false;
            for p in &f.parts {
                let mut q: Vec<(i64, i64)> = Vec::new();
                for v in p.iter().filter(|v| f.kind == Kind::Point || v.w > tol2) {
                    let c = px(v);
                    if q.last() != Some(&c) { q.push(c) }
                }
                match f.kind {
                    Kind::Point => {}
                    Kind::Line => if q.len() < 2 { continue },
                    Kind::Polygon => {
                        if q.first() == q.last() { q.pop(); }
                        if q.len() < 3 { continue }
                        let a: i64 = (0..q.len()).map(|i| { let (p, r) = (q[i], q[(i + 1) % q.len()]); p.0 * r.1 - r.0 * p.1 }).sum::<i64>() / 2;
                        if a.abs() < 96 { continue }                 // below ~1.5 px^2
                        if a > 0 { kept_exterior = true } else if !kept_exterior { continue }
                    }
                }
                let cmd = |c: u64, k: usize, g: &mut Vec<u8>| varint(g, (k as u64) << 3 | c);
                cmd(1, 1, &mut geom);
                for (i, c) in q.iter().enumerate() {
                    if i == 1 { cmd(2, q.len() - 1, &mut geom) }
                    varint(&mut geom, zz(c.0 - cx)); varint(&mut geom, zz(c.1 - cy));
                    (cx, cy) = *c;
                }
                if f.kind == Kind::Polygon { cmd(7, 1, &mut geom) }
            }
            if geom.is_empty() { continue }
            let mut tags = Vec::new();
            for (k, v) in &f.meta.props {
                let k = *ki.entry(k.clone()).or_insert_with(|| { keys.push(k.clone()); keys.len() - 1 });
                let mut e = Vec::new(); // walkers reads string, int, sint, double and bool only (no float, no uint)
                match v {
                    Value::String(s) => field(&mut e, 1, s.as_bytes()),
                    Value::Bool(b) => { varint(&mut e, 7 << 3); varint(&mut e, *b as u64) }
                    Value::Number(m) if m.is_i64() => { varint(&mut e, 4 << 3); varint(&mut e, m.as_i64().unwrap() as u64) }
                    Value::Number(m) => { varint(&mut e, 3 << 3 | 1); e.extend_from_slice(&m.as_f64().unwrap().to_le_bytes()) }
                    _ => continue,
                }
                let v = *vi.entry(e.clone()).or_insert_with(|| { vals.push(e); vals.len() - 1 });
                varint(&mut tags, k as u64); varint(&mut tags, v as u64);
            }
            let mut fb = Vec::new();
            field(&mut fb, 2, &tags);
            varint(&mut fb, 3 << 3); varint(&mut fb, match f.kind { Kind::Point => 1, Kind::Line => 2, Kind::Polygon => 3 });
            field(&mut fb, 4, &geom);
            field(&mut body, 2, &fb);
        }
        if body.is_empty() { continue }
        let mut l = Vec::new();
        varint(&mut l, 15 << 3); varint(&mut l, 2);
        field(&mut l, 1, name.as_bytes());
        l.extend(body);
        for k in &keys { field(&mut l, 3, k.as_bytes()) }
        for v in &vals { field(&mut l, 4, v) }
        varint(&mut l, 5 << 3); varint(&mut l, EXTENT as u64);
        field(&mut tile, 3, &l);
    }
    tile
}
struct Job<'a> { layers: &'a [String], world_z: u8, max_z: u8, bbox: [f64; 4], out: BTreeMap<u64, (TileCoord, Vec<u8>)> }
impl Job<'_> {
    fn split(&mut self, z: u8, x: u32, y: u32, fs: Vec<Feature>) {
        if fs.is_empty() { return }
        let n = 2f64.powi(z as i32);
        if z > self.world_z {
            let (x0, y0, x1, y1) = (x as f64 / n, y as f64 / n, (x + 1) as f64 / n, (y + 1) as f64 / n);
            if x1 < self.bbox[0] || x0 > self.bbox[2] || y1 < self.bbox[1] || y0 > self.bbox[3] { return }
        }
        let t = encode(z, x, y, &fs, self.layers);
        if !t.is_empty() {
            let c = TileCoord::new(z, x, y).unwrap();
            self.out.insert(TileId::from(c).value(), (c, t));
        }
        if z == self.max_z { return }
        let m = n * 2.0;
        for dx in 0..2 {
            let cx = x * 2 + dx;
            let col: Vec<Feature> = fs.iter().filter_map(|f| clip(f, false, (cx as f64 - BUFFER) / m, (cx as f64 + 1.0 + BUFFER) / m)).collect();
            for dy in 0..2 {
                let cy = y * 2 + dy;
                let cell = col.iter().filter_map(|f| clip(f, true, (cy as f64 - BUFFER) / m, (cy as f64 + 1.0 + BUFFER) / m)).collect();
                self.split(z + 1, cx, cy, cell);
            }
        }
    }
}
fn main() {
    let t0 = std::time::Instant::now();
    let mut args = std::env::args().skip(1);
    let out = args.next().expect("usage: mkmap OUT WORLD_Z MAX_Z layer:file ...");
    let world_z: u8 = args.next().unwrap().parse().unwrap();
    let max_z: u8 = args.next().unwrap().parse().unwrap();
    let (mut layers, mut fs) = (Vec::new(), Vec::new());
    for a in args {
        let (l, f) = a.split_once(':').unwrap();
        layers.push(l.to_string());
        for line in std::io::BufReader::new(std::fs::File::open(f).unwrap()).lines() {
            let v: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let Some((kind, parts)) = parts(&v["geometry"]) else { continue };
            let props: Map<String, Value> = v["properties"].as_object().cloned().unwrap_or_default();
            let minz = v["tippecanoe"]["minzoom"].as_u64().unwrap_or(0) as u8;
            fs.push(Feature { meta: Rc::new(Meta { layer: layers.len() - 1, minz, maxz: 30, props: props.into_iter().collect() }), kind, parts });
        }
    }
    eprintln!("{} features read in {:.1?}", fs.len(), t0.elapsed());
    let (w, s) = merc(-13.0, 9.0); let (e, n) = merc(16.0, 27.0);
    let mut job = Job { layers: &layers, world_z, max_z, bbox: [w, n, e, s], out: BTreeMap::new() };
    job.split(0, 0, 0, fs);
    eprintln!("{} tiles cut at {:.1?}", job.out.len(), t0.elapsed());
    let meta = serde_json::json!({"name":"Sahel basemap","attribution":"Made with Natural Earth. Place names: GeoNames (CC BY 4.0)",
        "vector_layers": layers.iter().map(|l| serde_json::json!({"id": l, "fields": {}, "minzoom": 0, "maxzoom": max_z})).collect::<Vec<_>>()});
    let mut wr = PmTilesWriter::new(TileType::Mvt).min_zoom(0).max_zoom(max_z)
        .bounds(-180.0, -85.0, 180.0, 85.0).center(0.0, 17.0).center_zoom(5).metadata(&meta.to_string())
        .create(std::fs::File::create(&out).unwrap()).unwrap();
    for (c, d) in job.out.values() { wr.add_tile(*c, d).unwrap() }
    wr.finalize().unwrap();
    eprintln!("{out}: {} bytes, {:.1?}", std::fs::metadata(&out).unwrap().len(), t0.elapsed());
}
