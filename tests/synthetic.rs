//! Invented events: the same everywhere, and the truth about them is that of the file.
//!
//! The file is read here with the `csv` crate and counted in the plainest way, so that the truth is
//! not the generator's word alone.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::rc::Rc;

use csv::StringRecord;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use waqai::io::synthetic::{Options, Order, Truth, generate};
use waqai::io::unwatched;
use waqai::store::fold::{FoldOptions, fold};

#[path = "common/folder.rs"]
mod folder;

use folder::Folder;

fn written(options: &Options) -> (Vec<u8>, Value) {
    let mut out = Vec::new();
    let truth: Truth = generate(options, &mut out, &unwatched).expect("memory takes everything");
    (out, serde_json::to_value(truth).expect("JSON"))
}

/// A row as a reader sees it.
struct Row {
    header: Rc<StringRecord>,
    fields: StringRecord,
}

impl Row {
    fn text(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.fields.get(at)).unwrap_or_else(|| panic!("no column {column}"))
    }

    fn number(&self, column: &str) -> u64 {
        self.text(column).parse().unwrap_or_else(|err| panic!("{column}: {err}"))
    }

    fn degrees(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap_or_else(|err| panic!("{column}: {err}"))
    }
}

fn read(csv: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv);
    let header = Rc::new(reader.headers().expect("a header").clone());
    reader
        .records()
        .map(|row| Row { header: Rc::clone(&header), fields: row.expect("a row of text") })
        .collect()
}

fn count_by(rows: &[Row], key: impl Fn(&Row) -> String) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(key(row)).or_default() += 1;
    }
    counts
}

/// Counts of the truth without those that are zero.
fn counts(truth: &Value, name: &str) -> BTreeMap<String, u64> {
    let counts = truth[name].as_object().unwrap_or_else(|| panic!("no {name}")).iter();
    counts
        .map(|(name, count)| (name.clone(), count.as_u64().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn one_or_many(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// Whether a row passes a filter as the truth states it.
fn passes(row: &Row, filter: &Map<String, Value>, truth: &Value) -> bool {
    filter.iter().all(|(name, wanted)| match name.as_str() {
        "count" | "fatalities" => true,
        "date" => {
            let date = row.text("event_date");
            wanted[0].as_str().is_some_and(|first| first <= date)
                && wanted[1].as_str().is_some_and(|last| date <= last)
        }
        "box" => {
            let side = |at: usize| wanted[at].as_f64().expect("degrees");
            let (lon, lat) = (row.degrees("longitude"), row.degrees("latitude"));
            side(0) <= lon && lon <= side(2) && side(1) <= lat && lat <= side(3)
        }
        "event_type" | "sub_event_type" | "country" | "actor1" => {
            one_or_many(wanted).contains(&row.text(name))
        }
        "actor" => {
            let actors = one_or_many(wanted);
            actors.contains(&row.text("actor1")) || actors.contains(&row.text("actor2"))
        }
        "fatalities_range" => {
            let killed = row.number("fatalities");
            wanted[0].as_u64() <= Some(killed) && Some(killed) <= wanted[1].as_u64()
        }
        "geo_precision" | "time_precision" => Some(row.number(name)) == wanted.as_u64(),
        "needle" => {
            let spellings = &truth["needles"][wanted.as_str().expect("a key")]["spellings"];
            one_or_many(spellings).iter().any(|spelling| row.text("notes").contains(spelling))
        }
        other => panic!("unknown condition {other}"),
    })
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let options = Options { rows: 1000, ..Options::default() };
    let (csv, _) = written(&options);
    let hash: String = Sha256::digest(&csv).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        (csv.len(), hash.as_str()),
        (663_623, "628762aa47776a629f1e5adbf1a3f42421f2d45197314b34933e6d4ee5cff154"),
        "if the generator was changed on purpose, its figures elsewhere are old too"
    );
    assert_ne!(csv, written(&Options { seed: 8, ..options }).0);
}

#[test]
fn the_truth_is_that_of_the_file() {
    // Many line breaks, so that counting lines would be far off.
    let options = Options { rows: 20_000, newlines: 0.05, ..Options::default() };
    let (csv, truth) = written(&options);
    let rows = read(&csv);
    assert_eq!(rows.len(), 20_000);
    assert_eq!(truth["rows"], 20_000);
    assert_eq!(truth["bytes"], csv.len());
    let lines = csv.iter().filter(|byte| **byte == b'\n').count();
    assert!(lines > 20_001 + 900, "{lines}");
    let with_newline = rows.iter().filter(|row| row.text("notes").contains('\n')).count();
    assert_eq!(truth["notes_with_newline"], with_newline);

    let killed = |row: &&Row| row.number("fatalities");
    assert_eq!(truth["fatalities"], rows.iter().map(|row| killed(&row)).sum::<u64>());
    let is_arabic = |row: &&Row| row.text("notes").starts_with("في");
    assert_eq!(truth["arabic_notes"], rows.iter().filter(is_arabic).count());
    let chars: usize = rows.iter().map(|row| row.text("notes").chars().count()).sum();
    assert_eq!(truth["notes_chars"], chars);
    let place = |row: &Row| (row.text("longitude").to_owned(), row.text("latitude").to_owned());
    assert_eq!(truth["distinct_coordinates"], rows.iter().map(place).collect::<BTreeSet<_>>().len());
    let actors: BTreeSet<&str> = rows.iter().map(|row| row.text("actor1")).collect();
    assert_eq!(truth["distinct_actor1"], actors.len());
    let days: BTreeSet<&str> = rows.iter().map(|row| row.text("event_date")).collect();
    assert_eq!(truth["first_day"], json!(days.first()));
    assert_eq!(truth["last_day"], json!(days.last()));

    for (name, column) in [
        ("per_type", "event_type"),
        ("per_sub_type", "sub_event_type"),
        ("per_year", "year"),
        ("per_country", "country"),
        ("per_geo_precision", "geo_precision"),
        ("per_time_precision", "time_precision"),
    ] {
        assert_eq!(counts(&truth, name), count_by(&rows, |row| row.text(column).to_owned()), "{name}");
    }
    for (name, column) in [("fatalities_per_type", "event_type"), ("fatalities_per_year", "year")] {
        let mut sums = BTreeMap::<String, u64>::new();
        for row in rows.iter().filter(|row| killed(row) > 0) {
            *sums.entry(row.text(column).to_owned()).or_default() += killed(&row);
        }
        assert_eq!(counts(&truth, name), sums, "{name}");
    }

    let types: Vec<&String> = truth["per_type"].as_object().expect("types").keys().collect();
    let months = truth["per_month_and_type"].as_object().expect("months");
    assert_eq!(months.len(), 14 * 12);
    let by_month = count_by(&rows, |row| {
        format!("{} {}", row.text("event_date").get(..7).unwrap_or_default(), row.text("event_type"))
    });
    for (month, stacked) in months {
        for (number, name) in types.iter().enumerate() {
            let wanted = by_month.get(&format!("{month} {name}")).copied().unwrap_or(0);
            assert_eq!(stacked[number].as_u64(), Some(wanted), "{month} {name}");
        }
    }

    let windows = truth["windows"].as_object().expect("windows");
    assert_eq!(windows.len(), 15);
    for (name, filter) in windows {
        let filter = filter.as_object().expect("a filter");
        let passing: Vec<&Row> = rows.iter().filter(|row| passes(row, filter, &truth)).collect();
        assert_eq!(filter["count"], passing.len(), "{name}");
        assert_eq!(filter["fatalities"], passing.iter().map(killed).sum::<u64>(), "{name}");
        assert!(!passing.is_empty() && passing.len() < rows.len(), "{name} asks for nothing");
    }
    check_brush(&truth, &rows);
}

/// The window of `cross_all` at all positions of the brush.
fn check_brush(truth: &Value, rows: &[Row]) {
    let brush = &truth["brush"];
    let mut filter = truth["windows"]["cross_all"].as_object().expect("a filter").clone();
    filter.remove("date");
    let at_any_time: Vec<&Row> = rows.iter().filter(|row| passes(row, &filter, truth)).collect();
    let positions = brush["counts"].as_array().expect("counts");
    assert_eq!(positions.len(), 60);
    let day: jiff::civil::Date = "2012-01-01".parse().expect("a date");
    for (number, count) in positions.iter().enumerate() {
        let days = |count: usize| jiff::Span::new().days(count as i64);
        let first = day.checked_add(days(number * 60)).expect("a date");
        let last = first.checked_add(days(730)).expect("a date");
        let (first, last) = (first.to_string(), last.to_string());
        let days = first.as_str()..=last.as_str();
        let is_in = |row: &&&Row| days.contains(&row.text("event_date"));
        let passing = at_any_time.iter().filter(is_in).count();
        assert_eq!(*count, passing, "{first}");
    }
    assert_eq!(brush["sum"], positions.iter().filter_map(Value::as_u64).sum::<u64>());
}

#[test]
fn planted_phrases_are_found_in_all_their_spellings_and_nowhere_else() {
    let options = Options { rows: 40_000, arabic: 0.5, order: Order::Random, ..Options::default() };
    let (csv, truth) = written(&options);
    let rows = read(&csv);
    let folded: Vec<String> =
        rows.iter().map(|row| fold(row.text("notes"), FoldOptions::default())).collect();
    for (key, needle) in truth["needles"].as_object().expect("needles") {
        let spellings = one_or_many(&needle["spellings"]);
        let has_any = |row: &&Row| spellings.iter().any(|spelling| row.text("notes").contains(spelling));
        let count = rows.iter().filter(has_any).count();
        assert_eq!(needle["count"], count, "{key}");
        let each = needle["per_spelling"].as_object().expect("counts").values().filter_map(Value::as_u64);
        assert_eq!(needle["count"], each.sum::<u64>(), "{key}");
        // A search that folds spelling finds them all, if the letters are there at all: after ل the
        // article has lost its alef.
        let query = fold(needle["query"].as_str().expect("a query"), FoldOptions::default());
        let found = folded.iter().filter(|notes| notes.contains(&query)).count();
        let without_alef = needle["per_spelling"].as_object().expect("counts").iter();
        let lost: u64 = without_alef
            .filter(|(spelling, _)| !fold(spelling, FoldOptions::default()).contains(&query))
            .filter_map(|(_, count)| count.as_u64())
            .sum();
        assert_eq!(found as u64 + lost, count as u64, "{key}");
        assert_eq!(lost > 0, key == "arabic_article", "{key}");
        // A search for the letters as typed misses most of those with several spellings.
        let query = needle["query"].as_str().expect("a query");
        let raw = rows.iter().filter(|row| row.text("notes").contains(query)).count();
        assert!(raw < count || spellings.len() == 1 || count < 5, "{key}");
    }
}

#[test]
fn rows_are_as_acled_has_them() {
    let (csv, _) = written(&Options { rows: 5000, ..Options::default() });
    let header = csv.split(|byte| *byte == b'\n').next().expect("a header");
    assert_eq!(header.split(|byte| *byte == b',').count(), 31);
    let rows = read(&csv);
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.text("event_id_cnty")).collect();
    assert_eq!(ids.len(), rows.len());
    assert!(rows.is_sorted_by(|a, b| a.text("event_date") >= b.text("event_date")));
    let some = |test: &dyn Fn(&Row) -> bool, at_least: usize, what: &str| {
        let count = rows.iter().filter(|row| test(row)).count();
        assert!(count >= at_least && count < rows.len(), "{what}: {count}");
    };
    some(&|row| row.text("source").contains("; "), 500, "several sources");
    some(&|row| row.text("assoc_actor_1").contains("; "), 50, "several allies");
    some(&|row| row.text("admin3").is_empty(), 3000, "no third region");
    some(&|row| row.text("actor2").is_empty(), 500, "nobody else");
    some(&|row| row.text("location").contains(','), 5, "a comma in a name");
    some(&|row| row.text("actor1").contains('"'), 50, "a quotation mark in a name");
    some(&|row| row.text("notes").contains('"'), 50, "a quotation");
    some(&|row| row.text("notes").contains("قري") && row.text("notes").contains('ـ'), 1, "tatweel");
    some(&|row| row.text("notes").contains(" وبال"), 50, "particles in a chain");
    some(&|row| row.text("tags").starts_with("crowd size="), 500, "crowds");
    for row in &rows {
        assert_eq!(row.text("event_date").get(..4), Some(row.text("year")));
        let notes = row.text("notes").chars().count();
        assert!((60..1000).contains(&notes), "{notes}: {}", row.text("notes"));
        assert!(row.degrees("latitude").abs() < 86.0 && row.degrees("longitude").abs() < 180.0);
    }
    let places = rows.iter().map(|row| (row.text("longitude"), row.text("latitude")));
    let places = count_by_key(places);
    let shared: u64 = places.values().filter(|count| **count > 1).sum();
    assert!(shared > 3000, "events share places: {shared}");
}

fn count_by_key<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

fn waqai(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_waqai")).args(args).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn the_command_writes_events_and_truth() {
    let folder = Folder::new("synthetic-command");
    let (events, truth) = (folder.file("events.csv"), folder.file("truth.json"));
    let args = ["generate", "--rows", "500", "--seed", "9", "--order", "random", "--arabic", "0.5"];
    let ran = waqai(&[&args[..], &["--newlines", "0.1", "--truth", &truth, &events]].concat());
    assert_eq!(ran, (Some(0), String::new(), String::new()));
    let options = Options { rows: 500, seed: 9, order: Order::Random, arabic: 0.5, newlines: 0.1 };
    let (csv, wanted) = written(&options);
    assert_eq!(std::fs::read(&events).expect("events"), csv);
    let truth = std::fs::read_to_string(&truth).expect("truth");
    assert_eq!(serde_json::from_str::<Value>(&truth).expect("JSON"), wanted);
    assert_eq!(std::fs::read_dir(&folder.0).expect("folder").count(), 2);
}

#[test]
fn what_cannot_be_written_is_named_and_nothing_is_left() {
    let folder = Folder::new("synthetic-failures");
    let missing = folder.file("no-such-folder/events.csv");
    let (status, out, err) = waqai(&["generate", "--rows", "10", &missing]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(err.contains("cannot be written") && err.contains("no-such-folder"), "{err}");
    let is_folder = folder.file("");
    let (status, _, err) = waqai(&["generate", "--rows", "10", &is_folder]);
    assert!(status == Some(1) && err.contains("cannot be written"), "{err}");
    let file = folder.file("events.csv");
    for args in [
        &["generate", &file][..],
        &["generate", "--rows", "-1", &file],
        &["generate", "--rows", "5", "--arabic", "2", &file],
        &["generate", "--rows", "5", "--order", "up", &file],
        &["generate", "--rows", "5", "--truth", &file, &file],
    ] {
        let (status, out, err) = waqai(args);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{args:?} {err}");
    }
    assert_eq!(std::fs::read_dir(&folder.0).expect("folder").count(), 0);
}
