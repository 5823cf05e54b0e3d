//! Labels of the basemap: what could be named in a view, and where there is room for it.
//!
//! walkers can draw labels, but not Arabic ones, so the names are read from the tiles here and set
//! by our own text layer. Two steps, both without painting anything:
//! * [`select_labels`]: from what the tiles and our gazetteer know, what this zoom names, in which
//!   words, and how important each is;
//! * [`LabelPlacer`]: of those, which have room and where.
//!
//! Invariants:
//! * A place is named once, though the data has it twice and several tiles carry it. Our own
//!   gazetteer wins over the tiles.
//! * No two placed labels overlap, nor does one overlap an obstacle; one without room is dropped.
//! * What is placed stays where it is while the map moves, as long as it fits there.
//! * The order of the input makes no difference to what is placed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use walkers::geo_types::Geometry;
use walkers::{Position, TileId, lon_lat};

use crate::model::gazetteer::{GazetteerKind, GazetteerPlace};

/// The language labels are wanted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelLanguage {
    English,
    French,
    Arabic,
    Russian,
}

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LabelKind {
    Country,
    Region,
    Capital,
    Town,
    River,
}

impl LabelKind {
    /// Whether it stands beside a point, and not on the middle of an area or line.
    pub fn is_point(self) -> bool {
        matches!(self, Self::Capital | Self::Town)
    }
}

/// The names of one place. All but `name` may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub name: Box<str>,
    pub en: Option<Box<str>>,
    pub fr: Option<Box<str>>,
    pub ar: Option<Box<str>>,
    pub ru: Option<Box<str>>,
}

impl Names {
    /// In the language, else in English, else as the data calls it.
    pub fn in_language(&self, language: LabelLanguage) -> &str {
        let wanted = match language {
            LabelLanguage::English => &self.en,
            LabelLanguage::French => &self.fr,
            LabelLanguage::Arabic => &self.ar,
            LabelLanguage::Russian => &self.ru,
        };
        wanted.as_ref().or(self.en.as_ref()).unwrap_or(&self.name)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        [&self.en, &self.fr, &self.ar, &self.ru].into_iter().flatten().chain([&self.name]).map(|name| &**name)
    }
}

/// A named place, from a tile or from our gazetteer.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceLabel {
    pub lon: f64,
    pub lat: f64,
    pub kind: LabelKind,
    /// 1 for a capital to 8 for a small place; 0 to 8 for a river, the greatest first.
    pub rank: u8,
    pub names: Names,
    /// All names, folded, to recognise the same place by.
    folded: Box<[Box<str>]>,
}

impl PlaceLabel {
    fn new((lon, lat): (f64, f64), kind: LabelKind, rank: u8, names: Names, more: &[String]) -> Self {
        let mut folded: Vec<Box<str>> = names
            .all()
            .chain(more.iter().map(String::as_str))
            .map(|name| folded(name).into_boxed_str())
            .filter(|name| !name.is_empty())
            .collect();
        folded.sort_unstable();
        folded.dedup();
        Self { lon, lat, kind, rank, names, folded: folded.into_boxed_slice() }
    }

    fn shares_a_name_with(&self, other: &Self) -> bool {
        self.folded.iter().any(|name| other.folded.binary_search(name).is_ok())
    }
}

/// A name without accents, case, hyphens and spaces: spellings of one name become equal.
pub fn folded(name: &str) -> String {
    name.nfd()
        .filter(|letter| letter.is_alphanumeric() && !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ٱ' => 'ا',
            'ى' => 'ي',
            'ة' => 'ه',
            other => other,
        })
        .collect()
}

/// A box of longitudes and latitudes, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeoBox {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

/// The latitude at which the square of the Mercator map ends.
const MERCATOR_LIMIT_DEG: f64 = 85.051_128;

impl GeoBox {
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }

    /// The tiles that cover the box, row by row, at most `limit` of them.
    pub fn tiles(&self, zoom: u8, limit: usize) -> Vec<TileId> {
        let side = 2f64.powi(i32::from(zoom.min(30)));
        let column = |lon: f64| ((lon / 360.0 + 0.5) * side).floor().clamp(0.0, side - 1.0) as u32;
        let row = |lat: f64| {
            let lat = lat.clamp(-MERCATOR_LIMIT_DEG, MERCATOR_LIMIT_DEG).to_radians();
            let y = 0.5 - lat.tan().asinh() / std::f64::consts::TAU;
            (y * side).floor().clamp(0.0, side - 1.0) as u32
        };
        let (left, right) = (column(self.west), column(self.east));
        let (top, bottom) = (row(self.north), row(self.south));
        (top..=bottom)
            .flat_map(|y| (left..=right).map(move |x| TileId { x, y, zoom: zoom.min(30) }))
            .take(limit)
            .collect()
    }
}

/// Degrees of a point in a tile, given as fractions of the tile's side.
fn lon_lat_in_tile(id: TileId, x: f64, y: f64) -> (f64, f64) {
    let side = 2f64.powi(i32::from(id.zoom));
    let lon = (f64::from(id.x) + x) / side * 360.0 - 180.0;
    let northing = std::f64::consts::PI * (1.0 - 2.0 * (f64::from(id.y) + y) / side);
    (lon, northing.sinh().atan().to_degrees())
}

// ---- what the tiles know

fn text(feature: &Feature, key: &str) -> Option<Box<str>> {
    match feature.properties.as_ref()?.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().into()),
        _ => None,
    }
}

fn number(feature: &Feature, key: &str) -> Option<f64> {
    match feature.properties.as_ref()?.get(key)? {
        Value::Int(number) | Value::SInt(number) => Some(*number as f64),
        Value::UInt(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        Value::Float(number) => Some(f64::from(*number)),
        _ => None,
    }
}

/// Whether a property is set to something other than no.
fn flag(feature: &Feature, key: &str) -> bool {
    match feature.properties.as_ref().and_then(|properties| properties.get(key)) {
        Some(Value::Bool(set)) => *set,
        Some(Value::String(text)) => text == "yes" || text == "2",
        _ => false,
    }
}

fn names(feature: &Feature) -> Option<Names> {
    let (en, fr) = (text(feature, "name:en"), text(feature, "name:fr"));
    Some(Names {
        name: text(feature, "name").or_else(|| en.clone()).or_else(|| fr.clone())?,
        en,
        fr,
        ar: text(feature, "name:ar"),
        ru: text(feature, "name:ru"),
    })
}

/// Our rank, 2 to 8, for a town of the data: from Natural Earth's rank where there is one, else
/// from the population.
fn town_rank(feature: &Feature) -> u8 {
    if let Some(rank) = number(feature, "rank") {
        return match rank {
            ..=2.5 => 2,
            ..=4.5 => 3,
            ..=6.5 => 4,
            ..=8.5 => 5,
            ..=9.5 => 6,
            _ => 7,
        };
    }
    match number(feature, "population_rank").unwrap_or_default() {
        12.0.. => 2,
        11.0.. => 3,
        10.0.. => 4,
        9.0.. => 5,
        8.0.. => 6,
        7.0.. => 7,
        _ => 8,
    }
}

/// What a feature names, of which rank, and where in the units of the tile.
type Found = (LabelKind, u8, (f64, f64));

/// The named places and rivers of one vector tile. Nothing from a tile that cannot be read.
pub fn decode_labels(tile: Vec<u8>, id: TileId) -> Vec<PlaceLabel> {
    let Ok(reader) = Reader::new(tile) else {
        return Vec::new();
    };
    let mut labels = Vec::new();
    for layer in reader.get_layer_metadata().unwrap_or_default() {
        let of_feature: fn(&Feature) -> Option<Found> = match layer.name.as_str() {
            "places" => place_of,
            "water" => river_of,
            _ => continue,
        };
        let extent = f64::from(layer.extent.max(1));
        for feature in reader.get_features(layer.layer_index).unwrap_or_default() {
            if let Some((kind, rank, (x, y))) = of_feature(&feature)
                && let Some(names) = names(&feature)
            {
                let at = lon_lat_in_tile(id, x / extent, y / extent);
                labels.push(PlaceLabel::new(at, kind, rank, names, &[]));
            }
        }
    }
    labels
}

fn place_of(feature: &Feature) -> Option<Found> {
    let point = match &feature.geometry {
        Geometry::Point(point) => *point,
        Geometry::MultiPoint(points) => *points.0.first()?,
        _ => return None,
    };
    let (kind, rank) = match &*text(feature, "kind")? {
        "country" => {
            // 0 to about 10, the logarithm of the area.
            let area = number(feature, "area_rank").unwrap_or(5.0).clamp(0.0, 10.0);
            (LabelKind::Country, 10 - area as u8)
        }
        "region" => (LabelKind::Region, 4),
        "locality" if flag(feature, "capital") => (LabelKind::Capital, 1),
        "locality" => (LabelKind::Town, town_rank(feature)),
        _ => return None,
    };
    Some((kind, rank, (f64::from(point.x()), f64::from(point.y()))))
}

/// A river is named at the middle of its longest reach in the tile, if that is worth a name.
fn river_of(feature: &Feature) -> Option<Found> {
    if &*text(feature, "kind")? != "river" {
        return None;
    }
    let longest = match &feature.geometry {
        Geometry::LineString(line) => line,
        Geometry::MultiLineString(lines) => lines.0.iter().max_by_key(|line| line.0.len())?,
        _ => return None,
    };
    if longest.0.len() < 8 {
        return None;
    }
    let middle = longest.0.get(longest.0.len() / 2)?;
    let rank = number(feature, "rank").unwrap_or(8.0).clamp(0.0, 8.0) as u8;
    Some((LabelKind::River, rank, (f64::from(middle.x), f64::from(middle.y))))
}

// ---- what our gazetteer knows

/// Our own places, ready to be merged with those of the tiles.
#[derive(Debug, Default)]
pub struct OwnPlaces(Vec<PlaceLabel>);

impl OwnPlaces {
    pub fn new(places: &[GazetteerPlace]) -> Self {
        let some = |name: &str| (!name.is_empty()).then(|| Box::from(name));
        Self(
            places
                .iter()
                .map(|place| {
                    let kind = match place.kind {
                        GazetteerKind::Capital => LabelKind::Capital,
                        GazetteerKind::Region => LabelKind::Region,
                        GazetteerKind::Town | GazetteerKind::Village | GazetteerKind::Post => LabelKind::Town,
                    };
                    let names = Names {
                        name: place.name_en.as_str().into(),
                        en: some(&place.name_en),
                        fr: some(&place.name_fr),
                        ar: some(&place.name_ar),
                        ru: some(&place.name_ru),
                    };
                    let at = (place.lon, place.lat);
                    PlaceLabel::new(at, kind, place.rank, names, &place.variants)
                })
                .collect(),
        )
    }
}

// ---- what this zoom names

/// Importance of what the case itself shows; smaller is more important. Labels of the basemap come
/// after these.
pub const PRIORITY_SELECTED: u16 = 0;
pub const PRIORITY_CASE_PLACE: u16 = 100;
const PRIORITY_CAPITAL: u16 = 200;
const PRIORITY_COUNTRY: u16 = 300;
const PRIORITY_TOWN: u16 = 400;
const PRIORITY_REGION: u16 = 435;
const PRIORITY_RIVER: u16 = 500;

/// A label that this zoom may show.
#[derive(Debug, Clone, PartialEq)]
pub struct BasemapLabel {
    pub position: Position,
    pub text: String,
    pub kind: LabelKind,
    pub rank: u8,
    /// Smaller is more important.
    pub priority: u16,
    /// The same for the same place in every frame and at every zoom.
    pub key: u64,
}

/// Whether the map names it at this (rounded) zoom.
fn is_named_at(kind: LabelKind, rank: u8, zoom: i32) -> bool {
    match kind {
        LabelKind::Country => (2..=7).contains(&zoom),
        LabelKind::Region => zoom >= 7,
        LabelKind::Capital => zoom >= 4,
        LabelKind::Town => {
            zoom >= match rank {
                0..=3 => 6,
                4 => 7,
                5 | 6 => 8,
                7 => 9,
                _ => 10,
            }
        }
        LabelKind::River => zoom >= if rank <= 4 { 7 } else { 8 },
    }
}

fn priority(kind: LabelKind, rank: u8) -> u16 {
    let within = u16::from(rank.min(9));
    match kind {
        LabelKind::Capital => PRIORITY_CAPITAL + within,
        LabelKind::Country => PRIORITY_COUNTRY + within,
        LabelKind::Town => PRIORITY_TOWN + 10 * within,
        LabelKind::Region => PRIORITY_REGION,
        LabelKind::River => PRIORITY_RIVER + within,
    }
}

/// Two labels of one name this near to each other are one place.
const SAME_PLACE_DEG: f64 = 0.12;
/// Regions are this large: the middle of one is a matter of opinion.
const SAME_REGION_DEG: f64 = 4.0;
/// A river is named again only this far on, in screen points.
const RIVER_REPEAT_PTS: f64 = 700.0;

/// Kinds of which one may stand for the other.
fn group(kind: LabelKind) -> u8 {
    match kind {
        LabelKind::Country => 0,
        LabelKind::Region => 1,
        LabelKind::Capital | LabelKind::Town => 2,
        LabelKind::River => 3,
    }
}

/// Places seen so far, by the square of a grid they are in.
#[derive(Default)]
struct Seen<'a>(HashMap<(u8, i32, i32), Vec<&'a PlaceLabel>>);

impl<'a> Seen<'a> {
    /// Whether the place is new; remembered if so.
    fn insert(&mut self, place: &'a PlaceLabel, within_deg: f64) -> bool {
        let cell = |degrees: f64| (degrees / within_deg).floor() as i32;
        let (column, row) = (cell(place.lon), cell(place.lat));
        let group = group(place.kind);
        let known = (column - 1..=column + 1)
            .flat_map(|column| (row - 1..=row + 1).map(move |row| (group, column, row)))
            .filter_map(|cell| self.0.get(&cell))
            .flatten()
            .any(|other| {
                (other.lon - place.lon).abs() <= within_deg
                    && (other.lat - place.lat).abs() <= within_deg
                    && other.shares_a_name_with(place)
            });
        if !known {
            self.0.entry((group, column, row)).or_default().push(place);
        }
        !known
    }
}

fn key_of(place: &PlaceLabel) -> u64 {
    let mut hasher = DefaultHasher::new();
    group(place.kind).hash(&mut hasher);
    folded(&place.names.name).hash(&mut hasher);
    // Coarse: the coordinates differ a little from one zoom of the tiles to the next.
    let coarse = if place.kind == LabelKind::River { 2.0 } else { 0.5 };
    ((place.lon * coarse).round() as i32, (place.lat * coarse).round() as i32).hash(&mut hasher);
    hasher.finish()
}

/// What a view may name, most important first, each place once.
pub fn select_labels<'a>(
    of_tiles: impl IntoIterator<Item = &'a PlaceLabel>,
    own: &'a OwnPlaces,
    view: GeoBox,
    zoom: f64,
    language: LabelLanguage,
) -> Vec<BasemapLabel> {
    let zoom = zoom.clamp(0.0, 30.0).round() as i32;
    let river_repeat_deg = RIVER_REPEAT_PTS * 360.0 / (256.0 * f64::from(zoom).exp2());

    // Our own first, so that they win; then by importance and place, not by the order of tiles.
    let mut of_tiles: Vec<&PlaceLabel> = of_tiles.into_iter().collect();
    of_tiles.sort_by(|a, b| {
        (priority(a.kind, a.rank), &a.names.name)
            .cmp(&(priority(b.kind, b.rank), &b.names.name))
            .then(a.lon.total_cmp(&b.lon))
            .then(a.lat.total_cmp(&b.lat))
    });

    let mut seen = Seen::default();
    let mut regions = Seen::default();
    let mut rivers = Seen::default();
    // Own places well outside the view can be no duplicate of anything in it.
    let margin_deg = (view.east - view.west).abs().max(2.0 * SAME_REGION_DEG);
    let near = GeoBox {
        west: view.west - margin_deg,
        south: view.south - margin_deg,
        east: view.east + margin_deg,
        north: view.north + margin_deg,
    };
    let own = own.0.iter().filter(|place| near.contains(place.lon, place.lat));

    let mut labels: Vec<BasemapLabel> = own
        .chain(of_tiles)
        .filter(|place| {
            let named = is_named_at(place.kind, place.rank, zoom);
            if place.kind == LabelKind::River {
                named && rivers.insert(place, river_repeat_deg)
            } else {
                // A place of ours that this zoom does not name still stands for the one of the tiles.
                let is_new = match place.kind {
                    LabelKind::Region => regions.insert(place, SAME_REGION_DEG),
                    _ => seen.insert(place, SAME_PLACE_DEG),
                };
                is_new && named
            }
        })
        .map(|place| BasemapLabel {
            position: lon_lat(place.lon, place.lat),
            text: place.names.in_language(language).to_owned(),
            kind: place.kind,
            rank: place.rank,
            priority: priority(place.kind, place.rank),
            key: key_of(place),
        })
        .collect();
    labels.sort_by_key(|label| (label.priority, label.key));
    labels.dedup_by_key(|label| label.key);
    labels
}

// ---- where there is room

/// On which side of its point a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Right,
    Left,
    Above,
    Below,
    AboveRight,
    BelowRight,
    AboveLeft,
    BelowLeft,
    /// On the point itself, as names of areas do.
    Centre,
    /// As `Centre`, by its height further up or down.
    CentreAbove,
    CentreBelow,
}

const SIDES_OF_POINT: [Side; 8] = [
    Side::Right,
    Side::Left,
    Side::Above,
    Side::Below,
    Side::AboveRight,
    Side::BelowRight,
    Side::AboveLeft,
    Side::BelowLeft,
];
const SIDES_OF_AREA: [Side; 3] = [Side::Centre, Side::CentreAbove, Side::CentreBelow];

/// What a label names, as far as its position goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LabelShape {
    /// A mark of that radius, in points, with the label beside it. The mark wants room too.
    Point { mark_radius: f32 },
    /// A mark of that radius which is drawn in any case and is among the obstacles.
    Beside { mark_radius: f32 },
    /// No mark; the label stands in the middle.
    Area,
}

/// A label that wants a place on the screen. All lengths in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelCandidate {
    /// The same in every frame.
    pub key: u64,
    pub at: Pos2,
    pub size: Vec2,
    /// Smaller is more important.
    pub priority: u16,
    pub shape: LabelShape,
}

/// A label that has room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedLabel {
    /// Of the candidate.
    pub index: usize,
    pub key: u64,
    pub rect: Rect,
    pub side: Side,
}

/// Between a mark and its label.
const MARK_GAP: f32 = 4.0;
/// Around every label.
const CLEARANCE: Vec2 = vec2(4.0, 1.0);

/// Gives labels their places, and remembers them for the next frame.
#[derive(Debug, Default, Clone)]
pub struct LabelPlacer {
    previous: HashMap<u64, Side>,
}

impl LabelPlacer {
    /// Forgets earlier places, for when all labels change, as with the language.
    pub fn reset(&mut self) {
        self.previous.clear();
    }

    /// Places what has room in `view` beside `obstacles`, the more important first. Among equals,
    /// those placed before come first, and every one prefers the side it was on.
    pub fn place(
        &mut self,
        candidates: &[LabelCandidate],
        obstacles: &[Rect],
        view: Rect,
    ) -> Vec<PlacedLabel> {
        let mut order: Vec<(usize, &LabelCandidate)> = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| {
                candidate.at.is_finite() && candidate.size.is_finite() && view.contains(candidate.at)
            })
            .collect();
        order.sort_by_key(|(_, candidate)| {
            (candidate.priority, !self.previous.contains_key(&candidate.key), candidate.key)
        });

        let mut taken = Taken::new(view);
        for obstacle in obstacles {
            taken.insert(*obstacle);
        }
        let mut placed = Vec::new();
        let mut now = HashMap::new();
        for (index, candidate) in order {
            let mark = match candidate.shape {
                LabelShape::Point { mark_radius } => {
                    Some(Rect::from_center_size(candidate.at, Vec2::splat(2.0 * mark_radius)))
                }
                LabelShape::Area | LabelShape::Beside { .. } => None,
            };
            if mark.is_some_and(|mark| !taken.is_free(mark)) {
                continue;
            }
            let sides: &[Side] =
                if candidate.shape == LabelShape::Area { &SIDES_OF_AREA } else { &SIDES_OF_POINT };
            let found = self
                .previous
                .get(&candidate.key)
                .into_iter()
                .chain(sides)
                .map(|side| (*side, rect_at(candidate, *side)))
                .find(|(_, rect)| view.contains_rect(*rect) && taken.is_free(rect.expand2(CLEARANCE)));
            let Some((side, rect)) = found else {
                continue;
            };
            taken.insert(rect);
            if let Some(mark) = mark {
                taken.insert(mark);
            }
            now.insert(candidate.key, side);
            placed.push(PlacedLabel { index, key: candidate.key, rect, side });
        }
        self.previous = now;
        placed
    }
}

/// The shape a label of this kind has on the map.
pub fn label_shape(kind: LabelKind) -> LabelShape {
    match kind {
        LabelKind::Capital => LabelShape::Point { mark_radius: 2.5 },
        LabelKind::Town => LabelShape::Point { mark_radius: 2.0 },
        LabelKind::Country | LabelKind::Region | LabelKind::River => LabelShape::Area,
    }
}

fn rect_at(candidate: &LabelCandidate, side: Side) -> Rect {
    let (at, size) = (candidate.at, candidate.size);
    let away = match candidate.shape {
        LabelShape::Point { mark_radius } | LabelShape::Beside { mark_radius } => mark_radius + MARK_GAP,
        LabelShape::Area => 0.0,
    };
    let (left, middle, right) = (at.x - away - size.x, at.x - size.x / 2.0, at.x + away);
    let (above, level, below) = (at.y - away - size.y, at.y - size.y / 2.0, at.y + away);
    // The corners may come nearer than the straight sides.
    let (corner_above, corner_below) = (at.y - size.y - 1.0, at.y + 1.0);
    let min = match side {
        Side::Right => pos2(right, level),
        Side::Left => pos2(left, level),
        Side::Above => pos2(middle, above),
        Side::Below => pos2(middle, below),
        Side::AboveRight => pos2(right - 2.0, corner_above),
        Side::BelowRight => pos2(right - 2.0, corner_below),
        Side::AboveLeft => pos2(left + 2.0, corner_above),
        Side::BelowLeft => pos2(left + 2.0, corner_below),
        Side::Centre => pos2(middle, level),
        Side::CentreAbove => pos2(middle, level - size.y),
        Side::CentreBelow => pos2(middle, level + size.y),
    };
    // On whole points, so that text does not shimmer while the map moves.
    Rect::from_min_size(min.round(), size)
}

/// Rectangles that are taken, by the squares of a grid over the view they touch.
struct Taken {
    view: Rect,
    columns: usize,
    cells: Vec<Vec<Rect>>,
}

const CELL_PTS: f32 = 96.0;

impl Taken {
    fn new(view: Rect) -> Self {
        let count = |length: f32| (length.clamp(0.0, 20_000.0) / CELL_PTS) as usize + 1;
        let columns = count(view.width());
        Self { view, columns, cells: vec![Vec::new(); columns * count(view.height())] }
    }

    /// The squares a rectangle touches.
    fn cells_of(&self, rect: Rect) -> impl Iterator<Item = usize> + use<> {
        let (columns, count) = (self.columns, self.cells.len());
        let rows = count / columns.max(1);
        let cell =
            |offset: f32, limit: usize| ((offset / CELL_PTS).max(0.0) as usize).min(limit.saturating_sub(1));
        let min = rect.min - self.view.min;
        let max = rect.max - self.view.min;
        let across = cell(min.x, columns)..=cell(max.x, columns);
        (cell(min.y, rows)..=cell(max.y, rows))
            .flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }

    fn insert(&mut self, rect: Rect) {
        for cell in self.cells_of(rect) {
            if let Some(cell) = self.cells.get_mut(cell) {
                cell.push(rect);
            }
        }
    }

    fn is_free(&self, rect: Rect) -> bool {
        self.cells_of(rect)
            .filter_map(|cell| self.cells.get(cell))
            .flatten()
            .all(|taken| !taken.intersects(rect))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::gazetteer::BUILT_IN as GAZETTEER;
    use crate::model::gazetteer::parse_gazetteer;
    use crate::ui::map::archive::Archive;
    use crate::ui::map::basemap::WORLD_ARCHIVE;
    use std::sync::Arc;

    const WORLD: GeoBox = GeoBox { west: -180.0, south: -85.0, east: 180.0, north: 85.0 };
    const MALI: GeoBox = GeoBox { west: -12.5, south: 10.0, east: 5.0, north: 25.2 };

    fn names(name: &str) -> Names {
        Names { name: name.into(), ..Names::default() }
    }

    fn place(name: &str, lon: f64, lat: f64, kind: LabelKind, rank: u8) -> PlaceLabel {
        PlaceLabel::new((lon, lat), kind, rank, names(name), &[])
    }

    fn texts(labels: &[BasemapLabel]) -> Vec<&str> {
        labels.iter().map(|label| label.text.as_str()).collect()
    }

    fn of_world(view: GeoBox, tile_zoom: u8) -> Vec<PlaceLabel> {
        let mut archive = Archive::open(Arc::new(WORLD_ARCHIVE)).expect("the built-in archive");
        view.tiles(tile_zoom, 500)
            .into_iter()
            .filter_map(|id| Some(decode_labels(archive.tile(id).expect("readable")?, id)))
            .flatten()
            .collect()
    }

    #[test]
    fn spellings_of_one_name_are_folded_together() {
        assert_eq!(folded("Ti-n-Essako"), folded("tin essako"));
        assert_eq!(folded("Ménaka"), folded("MENAKA"));
        assert_eq!(folded("أنسونغو"), folded("انسونغو"));
        assert_ne!(folded("Gao"), folded("Goa"));
    }

    #[test]
    fn a_name_falls_back_to_english_and_then_to_what_the_data_has() {
        let mut names = names("Tombouctou");
        assert_eq!(names.in_language(LabelLanguage::Arabic), "Tombouctou");
        names.en = Some("Timbuktu".into());
        assert_eq!(names.in_language(LabelLanguage::Arabic), "Timbuktu");
        names.ar = Some("تمبكتو".into());
        assert_eq!(names.in_language(LabelLanguage::Arabic), "تمبكتو");
    }

    #[test]
    fn tiles_of_a_box_cover_it_and_are_bounded() {
        let tiles = MALI.tiles(5, 100);
        assert_eq!(tiles.first(), Some(&TileId { x: 14, y: 13, zoom: 5 }));
        assert_eq!(tiles.last(), Some(&TileId { x: 16, y: 15, zoom: 5 }));
        assert_eq!(WORLD.tiles(0, 10).len(), 1);
        assert_eq!(WORLD.tiles(10, 50).len(), 50);
        // Beyond the map on every side, and not a number.
        let beyond = GeoBox { west: -500.0, south: -95.0, east: 500.0, north: f64::NAN };
        assert!(beyond.tiles(2, 100).len() <= 16);
    }

    #[test]
    fn what_is_named_depends_on_the_zoom() {
        let places = [
            place("Mali", -3.0, 18.0, LabelKind::Country, 2),
            place("Bamako", -8.0, 12.6, LabelKind::Capital, 1),
            place("Gao", 0.0, 16.3, LabelKind::Town, 2),
            place("Gossi", -1.3, 15.8, LabelKind::Town, 5),
            place("Kidal", 1.4, 18.9, LabelKind::Region, 4),
        ];
        let own = OwnPlaces::default();
        let at = |zoom| {
            let labels = select_labels(&places, &own, MALI, zoom, LabelLanguage::English);
            labels.iter().map(|label| label.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(at(1.0), [""; 0]);
        assert_eq!(at(3.0), ["Mali"]);
        assert_eq!(at(4.0), ["Bamako", "Mali"]);
        assert_eq!(at(6.0), ["Bamako", "Mali", "Gao"]);
        assert_eq!(at(7.0), ["Bamako", "Mali", "Gao", "Kidal"]);
        assert_eq!(at(8.0), ["Bamako", "Gao", "Kidal", "Gossi"]);
    }

    #[test]
    fn a_place_is_named_once_and_ours_wins() {
        let (own, problems) = parse_gazetteer(GAZETTEER);
        assert_eq!(problems, []);
        let own = OwnPlaces::new(&own);
        let tiles = of_world(MALI, 9);
        assert!(tiles.iter().filter(|place| &*place.names.name == "Tessalit").count() > 1);
        let labels = select_labels(&tiles, &own, MALI, 10.0, LabelLanguage::English);
        for name in ["Tessalit", "Timbuktu", "Gao", "Kidal", "Bamako"] {
            let towns = labels
                .iter()
                .filter(|label| label.kind.is_point() && label.position.x() > -4.0 || name == "Bamako")
                .filter(|label| label.text == name && label.position.y() > 12.0)
                .count();
            assert_eq!(towns, 1, "{name}");
        }
        // The tiles spell it "Menaka".
        assert!(texts(&labels).contains(&"Ménaka"));
        assert!(!texts(&labels).contains(&"Menaka"));
        let regions = |name| {
            labels.iter().filter(|label| label.kind == LabelKind::Region && label.text == name).count()
        };
        assert_eq!((regions("Timbuktu"), regions("Taoudénit")), (1, 1));
        let arabic = select_labels(&tiles, &own, MALI, 10.0, LabelLanguage::Arabic);
        assert!(texts(&arabic).contains(&"تين زاوتين"));
    }

    #[test]
    fn the_order_of_the_tiles_makes_no_difference() {
        let own = OwnPlaces::default();
        let mut tiles = of_world(MALI, 6);
        let forth = select_labels(&tiles, &own, MALI, 7.0, LabelLanguage::French);
        tiles.reverse();
        assert_eq!(select_labels(&tiles, &own, MALI, 7.0, LabelLanguage::French), forth);
    }

    #[test]
    fn keys_survive_a_change_of_zoom() {
        let own = OwnPlaces::default();
        let key_at = |tile_zoom| {
            let tiles = of_world(MALI, tile_zoom);
            let zoom = f64::from(tile_zoom) + 1.0;
            let labels = select_labels(&tiles, &own, MALI, zoom, LabelLanguage::English);
            labels.iter().find(|label| label.text == "Bamako").map(|label| label.key)
        };
        assert!(key_at(5).is_some());
        assert_eq!(key_at(5), key_at(8));
    }

    #[test]
    fn bytes_that_are_no_tile_have_no_labels() {
        let id = TileId { x: 0, y: 0, zoom: 0 };
        assert_eq!(decode_labels(Vec::new(), id), []);
        assert_eq!(decode_labels(vec![0xff; 100], id), []);
    }

    /// What the built-in gazetteer promises in its README.
    #[test]
    fn the_gazetteer_is_plausible() {
        let (places, problems) = parse_gazetteer(GAZETTEER);
        assert_eq!(problems, []);
        assert!(places.len() >= 120);
        for wanted in [
            "tinzaouaten",
            "kidal",
            "ansongo",
            "douentza",
            "in-guezzam",
            "timiaouine",
            "inekar",
            "abeibara",
            "ti-n-essako",
            "anefis",
            "hombori",
            "gossi",
            "ber",
            "sevare",
            "lere-ml",
            "labbezanga",
            "bordj-badji-mokhtar",
            "konna",
            "almoustarat",
            "talataye",
            "nampala",
            "assamakka",
            "menaka",
            "aguelhok",
            "tessalit",
            "bourem",
        ] {
            assert!(places.iter().any(|place| place.id == wanted), "{wanted} is missing");
        }
        let arabic = |text: &str| {
            text.chars().all(|letter| ('\u{621}'..='\u{652}').contains(&letter) || letter == ' ')
        };
        let russian = |text: &str| {
            text.chars().all(|letter| ('\u{410}'..='\u{451}').contains(&letter) || "- ".contains(letter))
        };
        for place in &places {
            let country = match place.country.as_str() {
                "ML" => (-12.3..4.3, 10.1..25.1),
                "NE" => (0.1..16.0, 11.6..23.6),
                "BF" => (-5.6..2.5, 9.3..15.1),
                "DZ" => (-8.7..12.0, 18.9..37.2),
                "MR" => (-17.1..-4.8, 14.7..27.4),
                "ML/DZ" => (-5.0..3.5, 18.9..25.1),
                other => panic!("{}: country {other}", place.id),
            };
            assert!(country.0.contains(&place.lon) && country.1.contains(&place.lat), "{}", place.id);
            assert!(!place.name_ar.is_empty() && arabic(&place.name_ar), "{}", place.id);
            assert!(!place.name_ru.is_empty() && russian(&place.name_ru), "{}", place.id);
            assert!(!place.source.is_empty(), "{}", place.id);
        }
    }

    #[test]
    fn the_gazetteer_agrees_with_the_basemap_to_15_km() {
        let (places, _) = parse_gazetteer(GAZETTEER);
        let sahel = GeoBox { west: -12.9, south: 9.1, east: 15.9, north: 26.9 };
        let tiles: Vec<PlaceLabel> =
            of_world(GeoBox { ..sahel }, 7).into_iter().chain(of_world(sahel, 8)).collect();
        let mut compared = 0;
        let towns = OwnPlaces::new(&places).0.into_iter().filter(|place| place.kind.is_point());
        for own in towns {
            let nearest_km = tiles
                .iter()
                .filter(|place| place.kind.is_point() && place.shares_a_name_with(&own))
                .map(|place| {
                    let across = (place.lon - own.lon) * own.lat.to_radians().cos();
                    across.hypot(place.lat - own.lat) * 111.2
                })
                // A namesake elsewhere is another place.
                .filter(|distance_km| *distance_km < 60.0)
                .min_by(f64::total_cmp);
            if let Some(nearest_km) = nearest_km {
                compared += 1;
                assert!(nearest_km < 15.0, "{}: {nearest_km:.1} km", own.names.name);
            }
        }
        assert!(compared > 60, "only {compared} places compared");
    }

    // ---- placing

    const VIEW: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(400.0, 300.0) };

    fn town(key: u64, x: f32, y: f32, priority: u16) -> LabelCandidate {
        LabelCandidate {
            key,
            at: pos2(x, y),
            size: vec2(60.0, 14.0),
            priority,
            shape: LabelShape::Point { mark_radius: 2.0 },
        }
    }

    fn keys(placed: &[PlacedLabel]) -> Vec<u64> {
        let mut keys: Vec<u64> = placed.iter().map(|label| label.key).collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn a_label_stands_to_the_right_if_there_is_room() {
        let placed = LabelPlacer::default().place(&[town(1, 200.0, 150.0, 9)], &[], VIEW);
        assert_eq!(placed.first().map(|label| label.side), Some(Side::Right));
        let placed = LabelPlacer::default().place(&[town(1, 390.0, 150.0, 9)], &[], VIEW);
        assert_eq!(placed.first().map(|label| label.side), Some(Side::Left));
    }

    #[test]
    fn labels_never_overlap_each_other_or_an_obstacle() {
        let mut candidates = Vec::new();
        let mut seed = 7u64;
        for key in 0..400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (x, y) = ((seed >> 33) % 400, (seed >> 45) % 300);
            candidates.push(town(key, x as f32, y as f32, (seed >> 60) as u16));
        }
        let obstacle = Rect::from_min_size(pos2(100.0, 100.0), vec2(150.0, 80.0));
        let placed = LabelPlacer::default().place(&candidates, &[obstacle], VIEW);
        assert!(placed.len() > 20);
        for (index, label) in placed.iter().enumerate() {
            assert!(VIEW.contains_rect(label.rect));
            assert!(!label.rect.intersects(obstacle));
            assert!(!placed[..index].iter().any(|other| other.rect.intersects(label.rect)));
        }
    }

    #[test]
    fn the_more_important_wins_whatever_the_order() {
        // So close that only one has room: marks want room too.
        let (low, high) = (town(1, 200.0, 150.0, 400), town(2, 201.0, 150.0, PRIORITY_SELECTED));
        for candidates in [[low, high], [high, low]] {
            let placed = LabelPlacer::default().place(&candidates, &[], VIEW);
            assert_eq!(keys(&placed), [2]);
        }
    }

    #[test]
    fn what_was_placed_stays_when_an_equal_comes_into_view() {
        let mut placer = LabelPlacer::default();
        let old = town(9, 200.0, 150.0, 400);
        assert_eq!(keys(&placer.place(&[old], &[], VIEW)), [9]);
        // Key 1 would go first among equals, had 9 not been there before.
        let new = town(1, 201.0, 150.0, 400);
        assert_eq!(keys(&placer.place(&[new, old], &[], VIEW)), [9]);
        placer.reset();
        assert_eq!(keys(&placer.place(&[new, old], &[], VIEW)), [1]);
    }

    #[test]
    fn a_label_keeps_its_side_while_the_map_moves() {
        let mut placer = LabelPlacer::default();
        let obstacle = Rect::from_min_size(pos2(210.0, 140.0), vec2(30.0, 20.0));
        let placed = placer.place(&[town(1, 200.0, 150.0, 9)], &[obstacle], VIEW);
        let side = placed.first().map(|label| label.side);
        assert_eq!(side, Some(Side::Left));
        for step in 1..60 {
            let at = town(1, 200.0 - step as f32, 150.0, 9);
            let placed = placer.place(&[at], &[], VIEW);
            assert_eq!(placed.first().map(|label| label.side), side);
        }
    }

    #[test]
    fn odd_input_is_left_out() {
        let mut candidates = vec![town(1, f32::NAN, 0.0, 0), town(2, 1e9, 0.0, 0), town(3, 200.0, 100.0, 0)];
        candidates[2].size = vec2(f32::INFINITY, 1.0);
        assert_eq!(LabelPlacer::default().place(&candidates, &[], VIEW), []);
        let nothing = Rect::NOTHING;
        assert_eq!(LabelPlacer::default().place(&[town(4, 0.0, 0.0, 0)], &[nothing], nothing), []);
    }
}
