//! What the program says of large datasets is what their generator knows of them: counts and sums
//! under filters, bins by month and type, positions of a brush, and searched phrases.
//!
//! The datasets of another generator are compared as well where `WAQAI_EVENTS` names their folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use waqai::io::synthetic::{Options, generate};
use waqai::io::{Continue, Reading, read_table, unwatched};
use waqai::model::time::{SECONDS_PER_DAY, parse_edtf};
use waqai::model::{BBox, EventId, EventType, GeoPrecision, Interval};
use waqai::state::{AppState, Derived, OpenCase, Origin};
use waqai::store::Store;
use waqai::store::bins::Unit;
use waqai::store::filter::{Codes, Filter};
use waqai::store::search::{Notes, TableWords};
use waqai::store::words::WordIndex;

/// A dataset as the window has it open, its notes indexed.
struct Open {
    state: AppState,
    derived: Derived,
}

impl Open {
    fn table(path: &Path) -> Self {
        let reading = Reading { in_time_order: true, progress: &|_| Continue::Yes, grown: None };
        let mut store = read_table(path, &reading).expect("a table").store;
        store.generation = 1;
        store.reindex();
        let mut words = TableWords::default();
        for table in &store.tables {
            let mut index = WordIndex::default();
            assert!(index.extend(&Notes(table), &|_| true));
            words.set(table, Arc::new(index));
        }
        let mut case = OpenCase::whole(store, Origin::File(path.display().to_string()));
        case.words = Arc::new(words);
        let state = AppState { case: Some(case), ..AppState::default() };
        let mut open = Self { state, derived: Derived::default() };
        open.derived.refresh_all(&open.state);
        open
    }

    fn store(&self) -> &Store {
        self.state.store().expect("a store")
    }

    fn filter(&mut self, filter: Filter) {
        self.state.view.filter = filter;
        self.derived.refresh_all(&self.state);
    }

    /// Shown events that fulfil what no filter says, and their best tolls.
    fn shown(&self, also: impl Fn(EventId) -> bool) -> (u64, u64) {
        let tolls = self.derived.by_time.iter().filter(|event| also(*event));
        tolls.fold((0, 0), |(count, sum), event| {
            (count + 1, sum + u64::from(self.store().fatalities(event).best.unwrap_or(0)))
        })
    }
}

fn interval(first: &str, last: &str) -> Interval {
    let day = |text: &str| parse_edtf(text).expect("a date").interval;
    Interval { start: day(first).start, end: day(last).end }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().filter_map(Value::as_f64).collect()
}

fn types(value: &Value) -> Codes {
    texts(value).iter().map(|code| EventType::from_code(code).expect("a type") as u32).collect()
}

/// The filter of a window of the truth.
fn filter(store: &Store, truth: &Value, window: &Value) -> Filter {
    let mut filter = Filter::default();
    for (name, value) in window.as_object().expect("an object") {
        match name.as_str() {
            "date" => {
                let days = texts(value);
                filter.window = Some(interval(days[0], days[1]));
            }
            "box" => {
                let [min_lon, min_lat, max_lon, max_lat] = numbers(value)[..] else { panic!("a box") };
                filter.area = Some(BBox { min_lat, min_lon, max_lat, max_lon });
            }
            "event_type" => filter.types = types(value),
            "sub_event_type" => {
                filter.sub_types =
                    texts(value).iter().map(|name| store.sub_types.code(name).unwrap_or(u32::MAX)).collect();
            }
            "country" => {
                let named: BTreeSet<&str> = texts(value).into_iter().collect();
                let places = store.places.iter().zip(0u32..);
                let of = |country: &Option<String>| country.as_deref().is_some_and(|c| named.contains(c));
                filter.places = places.filter(|(place, _)| of(&place.country)).map(|(_, id)| id).collect();
            }
            "fatalities_range" => {
                let limits = numbers(value);
                filter.min_fatalities = Some(limits[0] as u32);
                filter.max_fatalities = limits.get(1).map(|max| *max as u32);
            }
            "geo_precision" => {
                let code = numbers(&Value::Array(vec![value.clone()]))[0] as usize;
                let precisions = [GeoPrecision::Exact, GeoPrecision::Near, GeoPrecision::Region];
                filter.geo_precisions = [precisions[code - 1] as u32].into();
            }
            "needle" => {
                let needle = &truth["needles"][texts(value)[0]];
                filter.text = needle["query"].as_str().expect("a phrase").to_owned();
            }
            // Looked at event by event, below.
            "actor1" | "actor" | "time_precision" | "count" | "fatalities" => {}
            other => panic!("the truth has a condition that is not known here: {other}"),
        }
    }
    filter
}

/// What of a window of the truth no filter says: on which side an actor is.
fn on_side(store: &Store, window: &Value, event: EventId) -> bool {
    let actor_of = |field: &str, roles: &[&str]| {
        let Some(names) = window.get(field).map(texts) else { return true };
        let detail = store.detail(event).expect("a row");
        detail.actors.iter().any(|part| {
            roles.contains(&part.role.as_str())
                && store.actor(part.actor).is_some_and(|actor| names.contains(&actor.key.as_str()))
        })
    };
    actor_of("actor1", &["actor 1"]) && actor_of("actor", &["actor 1", "actor 2"])
}

fn compare(open: &mut Open, truth: &Value) {
    let number = |value: &Value| value.as_u64().expect("a number");
    let (count, sum) = open.shown(|_| true);
    assert_eq!((count, sum), (number(&truth["rows"]), number(&truth["fatalities"])));
    assert_eq!(open.store().index().sites.len() as u64, number(&truth["distinct_coordinates"]));

    for (name, window) in truth["windows"].as_object().expect("windows") {
        if window.get("time_precision").is_some() {
            continue;
        }
        let filter = filter(open.store(), truth, window);
        open.filter(filter);
        let store = open.store();
        let found = open.shown(|event| on_side(store, window, event));
        assert_eq!(found, (number(&window["count"]), number(&window["fatalities"])), "{name}: {window}");
    }

    for (name, needle) in truth["needles"].as_object().expect("needles") {
        for phrase in texts(&needle["spellings"]) {
            open.filter(Filter { text: phrase.to_owned(), ..Filter::default() });
            let found = open.derived.trays.shown as u64;
            // A spelling with a particle is found by itself, without one also where one is attached.
            let query = needle.get("query").and_then(Value::as_str).unwrap_or(phrase);
            if query == phrase {
                assert_eq!(found, number(&needle["count"]), "{name}: {phrase}");
            }
        }
    }

    if let Some(months) = truth.get("per_month_and_type").and_then(Value::as_object) {
        open.filter(Filter::default());
        let extent = open.store().time_extent().expect("dated events");
        let bins = open.derived.bins(open.store(), Unit::Month, extent);
        let starts = bins.edges.iter().zip(&bins.counts);
        for (start, counts) in starts {
            let month = waqai::model::time::date_of(*start).expect("a date");
            let month = format!("{:04}-{:02}", month.year(), month.month());
            let told: Vec<u32> = numbers(&months[&month]).iter().map(|n| *n as u32).collect();
            assert_eq!(counts[..told.len()], told[..], "{month}");
        }
    }

    if let Some(brush) = truth.get("brush") {
        let mut filter = filter(open.store(), truth, &truth["windows"]["cross_all"]);
        let first = parse_edtf(brush["first_day"].as_str().expect("a day")).expect("a date").interval.start;
        for (at, count) in (0..).zip(numbers(&brush["counts"])) {
            let start = first + at * number(&brush["step_days"]) as i64 * SECONDS_PER_DAY;
            let end = start + number(&brush["days"]) as i64 * SECONDS_PER_DAY;
            filter.window = Some(Interval { start, end });
            open.filter(filter.clone());
            assert_eq!(open.derived.trays.shown as f64, count, "position {at} of the brush");
        }
    }
}

#[test]
fn an_invented_dataset_is_what_its_generator_says() {
    let folder = std::env::temp_dir().join(format!("waqai-truths-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("events.csv");
    let mut out = Vec::new();
    let options = Options { rows: 30_000, ..Options::default() };
    let truth = generate(&options, &mut out, &unwatched).expect("memory takes everything");
    std::fs::write(&path, out).expect("a file");
    compare(&mut Open::table(&path), &serde_json::to_value(truth).expect("JSON"));
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn datasets_of_another_generator_are_what_it_says() {
    let Some(folder) = std::env::var_os("WAQAI_EVENTS").map(PathBuf::from) else {
        eprintln!("SKIPPED: WAQAI_EVENTS names no folder with ev100k.csv and ev100k.json");
        return;
    };
    for name in ["ev100k", "ev1m", "ev3m"] {
        let (table, truth) = (folder.join(format!("{name}.csv")), folder.join(format!("{name}.json")));
        let Ok(truth) = std::fs::read(truth) else {
            eprintln!("SKIPPED: {name} is not there");
            continue;
        };
        compare(&mut Open::table(&table), &serde_json::from_slice(&truth).expect("JSON"));
    }
}
