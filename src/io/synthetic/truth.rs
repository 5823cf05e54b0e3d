//! What is true of a generated file, counted from the values that its rows were written from.
//!
//! Invariant: nothing here is read back from the file, so a reader of the file can be checked against
//! it. Boxes, windows and ranges include both ends.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Options;
use super::event::Event;
use super::words::{COUNTRIES, NEEDLES, SUB_TYPES, TYPES};
use super::world::{DAYS, MAX_KILLED, World};

/// The answers that a program that has read the file must give.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    pub rows: u64,
    pub seed: u64,
    pub options: Value,
    /// Size of the file.
    pub bytes: u64,
    pub fatalities: u64,
    /// Notes whose language is Arabic.
    pub arabic_notes: u64,
    /// Unicode scalar values in all notes.
    pub notes_chars: u64,
    pub notes_with_newline: u64,
    /// Pairs of latitude and longitude.
    pub distinct_coordinates: usize,
    pub distinct_actor1: usize,
    /// Towns of the world, whether something happened there or not.
    pub towns: usize,
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    pub per_type: Map<String, Value>,
    pub per_sub_type: Map<String, Value>,
    pub per_year: Map<String, Value>,
    pub fatalities_per_type: Map<String, Value>,
    pub fatalities_per_year: Map<String, Value>,
    pub per_country: Map<String, Value>,
    pub per_geo_precision: Map<String, Value>,
    pub per_time_precision: Map<String, Value>,
    /// Per month, as 2012-01, the events of each type in the order of `per_type`.
    pub per_month_and_type: Map<String, Value>,
    /// Cross-filters with their conditions; what is not named does not matter.
    pub windows: Map<String, Value>,
    /// A window of time that moves over the years while the other conditions of `cross_all` stay.
    pub brush: Value,
    /// Planted phrases: rows that have one in any of its spellings, and in each of them.
    pub needles: Map<String, Value>,
}

/// Conditions that must all hold.
#[derive(Clone, Debug, Default)]
struct Filter {
    name: &'static str,
    date: Option<[&'static str; 2]>,
    /// West, south, east, north in hundred-thousandths of a degree.
    bbox: Option<[i32; 4]>,
    types: &'static [usize],
    sub_type: Option<&'static str>,
    country: Option<&'static str>,
    fatalities: Option<[u64; 2]>,
    geo_precision: Option<usize>,
    time_precision: Option<usize>,
    /// Actors of either side.
    actors: Vec<usize>,
    needle: Option<&'static str>,
}

/// West of Senegal to the east of Chad.
const SAHEL: [i32; 4] = [-1_750_000, 1_000_000, 2_500_000, 2_000_000];
const UKRAINE: [i32; 4] = [2_200_000, 4_400_000, 4_050_000, 5_250_000];
const VIOLENCE: &[usize] = &[0, 1, 2];
const BRUSH: (usize, usize, usize) = (731, 60, 60);

fn filters(world: &World) -> Vec<Filter> {
    let none = Filter::default;
    // The smallest box around a town, half a step of the coordinates wide on all sides.
    let town = world
        .towns
        .first()
        .map_or([0; 4], |town| [town.lon * 10 - 5, town.lat * 10 - 5, town.lon * 10 + 5, town.lat * 10 + 5]);
    let cross = Filter {
        name: "cross_all",
        date: Some(["2018-01-01", "2024-06-30"]),
        bbox: Some(SAHEL),
        types: VIOLENCE,
        fatalities: Some([1, 50]),
        ..none()
    };
    vec![
        Filter { name: "time_2020_2022", date: Some(["2020-01-01", "2022-12-31"]), ..none() },
        Filter { name: "time_one_day", date: Some(["2023-06-15", "2023-06-15"]), ..none() },
        Filter { name: "time_first_day", date: Some(["2012-01-01", "2012-01-01"]), ..none() },
        Filter { name: "box_sahel", bbox: Some(SAHEL), ..none() },
        Filter { name: "box_ukraine", bbox: Some(UKRAINE), ..none() },
        Filter { name: "box_one_town", bbox: Some(town), ..none() },
        Filter {
            name: "type_battles_sahel_2021",
            date: Some(["2021-01-01", "2021-12-31"]),
            bbox: Some(SAHEL),
            types: &[0],
            ..none()
        },
        Filter {
            name: "sub_type_yemen",
            sub_type: Some("Air/drone strike"),
            country: Some("Yemen"),
            ..none()
        },
        Filter { name: "country_mali_protests_and_riots", country: Some("Mali"), types: &[3, 4], ..none() },
        Filter {
            name: "precise_and_deadly",
            geo_precision: Some(1),
            time_precision: Some(1),
            fatalities: Some([10, MAX_KILLED]),
            ..none()
        },
        Filter { name: "actors_either_side", actors: vec![0, 1, 2, 3, 4], ..none() },
        Filter {
            name: "needle_in_cross",
            needle: Some("arabic_attached"),
            date: Some(["2016-01-01", "2025-12-31"]),
            types: VIOLENCE,
            ..none()
        },
        cross,
    ]
}

/// A filter, what it asks for in numbers of the world, and what passed.
struct Counted {
    filter: Filter,
    days: [usize; 2],
    needle: Option<usize>,
    count: u64,
    fatalities: u64,
}

impl Counted {
    fn new(world: &World, filter: Filter) -> Self {
        let day = |iso: &str| world.day_number(iso).unwrap_or(0);
        let days = filter.date.map_or([0, usize::MAX], |date| date.map(day));
        let needle = filter.needle.and_then(|key| NEEDLES.iter().position(|needle| needle.key == key));
        Self { filter, days, needle, count: 0, fatalities: 0 }
    }

    /// Whether all but the date holds.
    fn holds_at_any_time(&self, event: &Event) -> bool {
        let Filter {
            bbox, types, sub_type, country, fatalities, geo_precision, time_precision, actors, ..
        } = &self.filter;
        let has_actor = |actor: &usize| *actor == event.actor1 || Some(*actor) == event.actor2;
        bbox.is_none_or(|[west, south, east, north]| {
            let (lon, lat) = (event.lon * 10, event.lat * 10);
            west <= lon && lon <= east && south <= lat && lat <= north
        }) && (types.is_empty() || types.contains(&event.event_type()))
            && sub_type.is_none_or(|name| name == event.sub_type().name)
            && country.is_none_or(|name| name == COUNTRIES[event.country].name)
            && fatalities.is_none_or(|[low, high]| (low..=high).contains(&event.fatalities))
            && geo_precision.is_none_or(|precision| precision == event.geo_precision)
            && time_precision.is_none_or(|precision| precision == event.time_precision)
            && (actors.is_empty() || actors.iter().any(has_actor))
            && self.needle.is_none_or(|needle| event.needle.is_some_and(|(number, _)| number == needle))
    }

    fn passes(&self, event: &Event) -> bool {
        let [first, last] = self.days;
        (first..=last).contains(&event.day) && self.holds_at_any_time(event)
    }

    fn to_json(&self, world: &World) -> Value {
        let mut json = self.filter.to_json(world);
        json.insert("count".to_owned(), self.count.into());
        json.insert("fatalities".to_owned(), self.fatalities.into());
        Value::Object(json)
    }
}

impl Filter {
    fn to_json(&self, world: &World) -> Map<String, Value> {
        let mut map = Map::new();
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        if let Some(date) = self.date {
            put("date", json!(date));
        }
        if let Some(bbox) = self.bbox {
            put("box", json!(bbox.map(|side| f64::from(side) / 1e5)));
        }
        let types: Vec<&str> = self.types.iter().map(|number| TYPES[*number].0.code()).collect();
        match types.as_slice() {
            [] => {}
            [only] => put("event_type", json!(only)),
            _ => put("event_type", json!(types)),
        }
        if let Some(name) = self.sub_type {
            put("sub_event_type", json!(name));
        }
        if let Some(name) = self.country {
            put("country", json!(name));
        }
        if let Some([low, high]) = self.fatalities {
            put("fatalities_range", json!([low, high]));
        }
        if let Some(precision) = self.geo_precision {
            put("geo_precision", json!(precision));
        }
        if let Some(precision) = self.time_precision {
            put("time_precision", json!(precision));
        }
        if !self.actors.is_empty() {
            let names: Vec<&str> =
                self.actors.iter().map(|actor| world.actors[*actor].name.as_str()).collect();
            put("actor", json!(names));
        }
        if let Some(key) = self.needle {
            put("needle", json!(key));
        }
        map
    }
}

/// Counts while rows are written.
pub struct Tally<'a> {
    world: &'a World,
    rows: u64,
    fatalities: u64,
    arabic_notes: u64,
    notes_chars: u64,
    notes_with_newline: u64,
    coordinates: FxHashSet<(i32, i32)>,
    /// Events and people killed.
    per_type: [(u64, u64); TYPES.len()],
    per_sub_type: [u64; SUB_TYPES.len()],
    per_country: Vec<u64>,
    per_geo_precision: [u64; 4],
    per_time_precision: [u64; 4],
    per_day: Vec<u64>,
    per_month: Vec<[u64; TYPES.len()]>,
    fatalities_per_year: BTreeMap<i16, u64>,
    /// Per first actor: events and people killed, in all and under `cross_all_actor`.
    per_actor1: Vec<[u64; 4]>,
    counted: Vec<Counted>,
    /// Under `cross_all` at any time.
    cross_per_day: Vec<u64>,
    needles: Vec<Vec<u64>>,
}

impl<'a> Tally<'a> {
    pub fn new(world: &'a World) -> Self {
        let months = world.days.last().map_or(0, |day| day.month + 1);
        Self {
            world,
            rows: 0,
            fatalities: 0,
            arabic_notes: 0,
            notes_chars: 0,
            notes_with_newline: 0,
            coordinates: FxHashSet::default(),
            per_type: Default::default(),
            per_sub_type: [0; SUB_TYPES.len()],
            per_country: vec![0; COUNTRIES.len()],
            per_geo_precision: [0; 4],
            per_time_precision: [0; 4],
            per_day: vec![0; world.days.len()],
            per_month: vec![[0; TYPES.len()]; months],
            fatalities_per_year: BTreeMap::new(),
            per_actor1: vec![[0; 4]; world.actors.len()],
            counted: filters(world).into_iter().map(|filter| Counted::new(world, filter)).collect(),
            cross_per_day: vec![0; world.days.len()],
            needles: NEEDLES.iter().map(|needle| vec![0; needle.spellings.len()]).collect(),
        }
    }

    /// Counts an event whose notes have so many characters.
    pub fn add(&mut self, event: &Event, notes_chars: usize) {
        let killed = event.fatalities;
        let event_type = event.event_type();
        self.rows += 1;
        self.fatalities += killed;
        self.arabic_notes += u64::from(event.arabic);
        self.notes_chars += notes_chars as u64;
        self.notes_with_newline += u64::from(event.newline);
        self.coordinates.insert((event.lon, event.lat));
        let (count, sum) = &mut self.per_type[event_type];
        (*count, *sum) = (*count + 1, *sum + killed);
        self.per_sub_type[event.sub_type] += 1;
        self.per_country[event.country] += 1;
        self.per_geo_precision[event.geo_precision] += 1;
        self.per_time_precision[event.time_precision] += 1;
        self.per_day[event.day] += 1;
        let day = &self.world.days[event.day];
        self.per_month[day.month][event_type] += 1;
        *self.fatalities_per_year.entry(day.year).or_default() += killed;
        let [all, all_killed, cross, cross_killed] = &mut self.per_actor1[event.actor1];
        (*all, *all_killed) = (*all + 1, *all_killed + killed);
        if let Some((needle, spelling)) = event.needle {
            self.needles[needle][spelling] += 1;
        }
        for counted in &mut self.counted {
            if counted.passes(event) {
                (counted.count, counted.fatalities) = (counted.count + 1, counted.fatalities + killed);
            }
        }
        if let Some(cross_all) = self.counted.last() {
            self.cross_per_day[event.day] += u64::from(cross_all.holds_at_any_time(event));
            let [first, last] = cross_all.days;
            let [west, south, east, north] = SAHEL.map(|side| side / 10);
            let is_in = (west..=east).contains(&event.lon) && (south..=north).contains(&event.lat);
            if is_in && killed <= 50 && (first..=last).contains(&event.day) {
                (*cross, *cross_killed) = (*cross + 1, *cross_killed + killed);
            }
        }
    }

    /// The truth of a file of so many bytes.
    pub fn finish(self, options: &Options, bytes: u64) -> Truth {
        let world = self.world;
        let map = |entries: Vec<(String, u64)>| -> Map<String, Value> {
            entries.into_iter().map(|(name, count)| (name, count.into())).collect()
        };
        let type_name = |number: usize| TYPES[number].0.code().to_owned();
        let mut per_year = BTreeMap::<i16, u64>::new();
        for (day, count) in world.days.iter().zip(&self.per_day) {
            *per_year.entry(day.year).or_default() += count;
        }
        let years = |counts: &BTreeMap<i16, u64>| {
            let (first, last) = DAYS;
            let count = |year| (year_name(year), counts.get(&year).copied().unwrap_or(0));
            map((first.year()..=last.year()).map(count).collect())
        };
        let levels = |counts: [u64; 4]| {
            map(counts.iter().enumerate().skip(1).map(|(level, count)| (level.to_string(), *count)).collect())
        };
        let mut months = Map::new();
        for (number, counts) in self.per_month.iter().enumerate() {
            let year = DAYS.0.year().unsigned_abs() as usize + number / 12;
            months.insert(format!("{year}-{:02}", number % 12 + 1), json!(counts));
        }
        let happened = |day: Option<usize>| day.map(|day| world.days[day].iso.clone());
        Truth {
            rows: self.rows,
            seed: options.seed,
            options: json!({
                "order": options.order.name(),
                "date_style": "iso",
                "newlines": options.newlines,
                "arabic": options.arabic,
            }),
            bytes,
            fatalities: self.fatalities,
            arabic_notes: self.arabic_notes,
            notes_chars: self.notes_chars,
            notes_with_newline: self.notes_with_newline,
            distinct_coordinates: self.coordinates.len(),
            distinct_actor1: self.per_actor1.iter().filter(|[all, ..]| *all > 0).count(),
            towns: world.towns.len(),
            first_day: happened(self.per_day.iter().position(|count| *count > 0)),
            last_day: happened(self.per_day.iter().rposition(|count| *count > 0)),
            per_type: map(self
                .per_type
                .iter()
                .enumerate()
                .map(|(n, (count, _))| (type_name(n), *count))
                .collect()),
            per_sub_type: map(SUB_TYPES
                .iter()
                .zip(self.per_sub_type)
                .map(|(sub, n)| (sub.name.to_owned(), n))
                .collect()),
            per_year: years(&per_year),
            fatalities_per_type: map(self
                .per_type
                .iter()
                .enumerate()
                .map(|(n, (_, killed))| (type_name(n), *killed))
                .collect()),
            fatalities_per_year: years(&self.fatalities_per_year),
            per_country: map(COUNTRIES
                .iter()
                .zip(&self.per_country)
                .map(|(c, n)| (c.name.to_owned(), *n))
                .collect()),
            per_geo_precision: levels(self.per_geo_precision),
            per_time_precision: levels(self.per_time_precision),
            per_month_and_type: months,
            windows: self.windows(),
            brush: self.brush(),
            needles: self.planted(),
        }
    }

    fn windows(&self) -> Map<String, Value> {
        let mut windows = Map::new();
        for counted in &self.counted {
            windows.insert(counted.filter.name.to_owned(), counted.to_json(self.world));
        }
        // Of actors that are equally frequent, the first.
        let top =
            |by: usize| (0..self.per_actor1.len()).rev().max_by_key(|actor| self.per_actor1[*actor][by]);
        if let Some(top) = top(0) {
            let name = &self.world.actors[top].name;
            let [count, fatalities, ..] = self.per_actor1[top];
            let all = json!({"actor1": name, "count": count, "fatalities": fatalities});
            windows.insert("top_actor1".to_owned(), all);
        }
        if let Some(top) = top(2) {
            let name = &self.world.actors[top].name;
            let [.., cross, cross_killed] = self.per_actor1[top];
            let crossed = Filter {
                date: Some(["2018-01-01", "2024-06-30"]),
                bbox: Some(SAHEL),
                fatalities: Some([0, 50]),
                ..Filter::default()
            };
            let mut crossed = crossed.to_json(self.world);
            crossed.insert("actor1".to_owned(), json!(name));
            crossed.insert("count".to_owned(), cross.into());
            crossed.insert("fatalities".to_owned(), cross_killed.into());
            windows.insert("cross_all_actor".to_owned(), Value::Object(crossed));
        }
        windows
    }

    fn brush(&self) -> Value {
        let (days, step, positions) = BRUSH;
        let count =
            |position: usize| -> u64 { self.cross_per_day.iter().skip(position * step).take(days).sum() };
        let counts: Vec<u64> = (0..positions).map(count).collect();
        json!({
            "first_day": DAYS.0.to_string(),
            "days": days,
            "step_days": step,
            "sum": counts.iter().sum::<u64>(),
            "counts": counts,
        })
    }

    fn planted(&self) -> Map<String, Value> {
        let mut needles = Map::new();
        for (needle, counts) in NEEDLES.iter().zip(&self.needles) {
            let per_spelling: Map<String, Value> = needle
                .spellings
                .iter()
                .zip(counts)
                .map(|(text, n)| ((*text).to_owned(), (*n).into()))
                .collect();
            let value = json!({
                "count": counts.iter().sum::<u64>(),
                "spellings": needle.spellings,
                "query": needle.query,
                "per_spelling": per_spelling,
            });
            needles.insert(needle.key.to_owned(), value);
        }
        needles
    }
}

fn year_name(year: i16) -> String {
    year.to_string()
}
