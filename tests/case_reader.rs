//! The case reader against the built-in case, sound and broken in every way that files break.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use waqai::io::{CaseFiles, Continue, Folder, ReadError, builtin, read_case, unwatched};
use waqai::model::report::About;
use waqai::model::time::parse_edtf;
use waqai::model::{ActorId, Claim, DocumentId, EventId, EventRecord, EventType, Interval, PlaceId, Span};
use waqai::store::cross::{Base, Cross};
use waqai::store::filter::{Filter, WindowMode};
use waqai::store::search::Found;
use waqai::store::{CaseBatch, Store};

/// The built-in case with some files changed.
#[derive(Clone)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn mali() -> Self {
        Self(builtin::MALI.files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect())
    }

    fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.to_owned(), bytes.into());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.0[name]).expect("JSON")
    }

    /// One value of a file replaced, by JSON pointer; fields that are new are added.
    fn set(self, name: &str, pointer: &str, value: Value) -> Self {
        let mut json = self.json(name);
        let (parent, key) = pointer.rsplit_once('/').expect("pointer");
        match json.pointer_mut(parent).expect("parent") {
            Value::Object(fields) => drop(fields.insert(key.to_owned(), value)),
            Value::Array(items) => items[key.parse::<usize>().expect("index")] = value,
            _ => panic!("no container at {parent}"),
        }
        let bytes = serde_json::to_vec_pretty(&json).expect("JSON");
        self.with(name, bytes)
    }

    fn read(&self) -> CaseBatch {
        read_case(self, &unwatched)
    }
}

impl CaseFiles for Memory {
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        if !waqai::io::files::is_inside(name) {
            return Err(ReadError::Outside);
        }
        self.0.get(name).map(|bytes| Cow::Borrowed(bytes.as_slice())).ok_or(ReadError::Missing)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = |name: &&String| name.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/'));
        self.0.keys().filter(inside).cloned().collect()
    }
}

/// Sound and whole, read once per thread.
fn mali() -> CaseBatch {
    thread_local!(static MALI: RefCell<Option<CaseBatch>> = const { RefCell::new(None) });
    MALI.with(|mali| mali.borrow_mut().get_or_insert_with(|| read_case(&builtin::MALI, &unwatched)).clone())
}

#[test]
fn the_built_in_case_is_read_whole() {
    let batch = mali();
    let problems: Vec<String> = batch.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    check_sound(&batch);
    let store = Store::from_batch(batch);
    assert_eq!((store.documents.len(), store.num_events(), store.num_claims()), (5, 55, 105));
    let claims = || store.details.iter().flat_map(|event| &event.claims);
    assert_eq!(claims().map(|claim| claim.spans.original.len()).sum::<usize>(), 514);
    assert_eq!(claims().map(|claim| claim.spans.brief.len()).sum::<usize>(), 522);
    assert_eq!((store.places.len(), store.actors.len(), store.mentions.len()), (41, 72, 9));
    let head = waqai::io::read_head(&builtin::MALI);
    assert_eq!((head.id.as_str(), head.titles.en.as_deref()), ("mali", Some("Mali 2012–2025")));
}

#[test]
fn the_folder_is_read_as_the_embedded_case_is() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/mali");
    assert_eq!(tables(&read_case(&Folder::new(folder), &unwatched)), tables(&mali()));
}

#[test]
fn windows_of_the_built_in_case_hold_what_its_dates_say() {
    let store = Store::from_batch(mali());
    let count = |window: &str, window_mode| {
        let window = Some(parse_edtf(window).expect("window").interval);
        let filter = Filter { window, window_mode, ..Filter::default() };
        let base = Base::new(&store, &filter, &Found::default(), None);
        Cross::new(&store, Arc::new(base), window, window_mode).trays().shown
    };
    assert_eq!(count("2024-07-01/2024-07-31", WindowMode::Possibly), 2);
    assert_eq!(count("2023-08-01/2023-09-30", WindowMode::Possibly), 13);
    assert_eq!(count("2023-08-01/2023-09-30", WindowMode::Certainly), 11);
    assert_eq!(count("2025-06-01/2025-06-30", WindowMode::Possibly), 10);
    assert_eq!(count("2025-06-01/2025-06-30", WindowMode::Certainly), 5);
    assert_eq!(count("2024-07-27", WindowMode::Possibly), 1);
}

// One kind of damage after another: exactly this is reported, and exactly this is lost.

/// Reads a damaged case and compares the problems, one line each.
#[track_caller]
fn check(files: &Memory, expected: &[&str]) -> CaseBatch {
    let batch = files.read();
    check_sound(&batch);
    let problems: Vec<String> = batch.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected);
    batch
}

/// As [`check`] for one value of one file.
#[track_caller]
fn check_set(name: &str, pointer: &str, value: Value, expected: &[&str]) -> CaseBatch {
    check(&Memory::mali().set(name, pointer, value), expected)
}

#[test]
fn a_missing_file_is_named_and_the_rest_is_read() {
    let batch =
        check(&Memory::mali().without("undated.json"), &["error: there is no such file (undated.json)"]);
    assert_eq!((batch.events, batch.mentions.len()), (mali().events, 0));
    let batch = check(
        &Memory::mali().without("documents/003.brief.txt"),
        &[
            "error: there is no such file: 003.brief.txt at brief.file (documents/003.json)",
            "error: the brief could not be read, so the spans in it are left out: 96 spans at brief (documents/003.json)",
        ],
    );
    assert_eq!(batch.problems[1].about, Some(About::Document(DocumentId(3))));
    assert_eq!(batch.documents.len(), 5);
}

#[test]
fn without_case_json_the_files_are_found_under_their_usual_names() {
    let batch = check(&Memory::mali().without("case.json"), &["error: there is no such file (case.json)"]);
    assert_eq!(tables(&batch), tables(&mali()));
}

#[test]
fn a_truncated_file_keeps_its_complete_records() {
    let events = String::from_utf8(Memory::mali().0["events.json"].clone()).expect("UTF-8");
    let cut = events.find("\"e3.c1\"").expect("claim");
    let batch = check(
        &Memory::mali().with("events.json", &events.as_bytes()[..cut]),
        &[
            "error: not valid JSON: the file breaks off; record [2] and what follows are left out at line 217, column 11 (events.json)",
            "error: no event has this id: e5 at [1].candidate_event (undated.json)",
        ],
    );
    assert_eq!(batch.events, mali().events[..2]);
    assert_eq!(batch.mentions.len(), 9);
    check(&Memory::mali().with("undated.json", ""), &["error: the file is empty (undated.json)"]);
    check(
        &Memory::mali().with("undated.json", "["),
        &[
            "error: not valid JSON: the file breaks off; what stands before is read at line 1, column 2 (undated.json)",
        ],
    );
}

#[test]
fn a_broken_record_in_the_middle_does_not_lose_those_behind_it() {
    let events = String::from_utf8(Memory::mali().0["events.json"].clone()).expect("UTF-8");
    let broken = events.replacen("\"slug\": \"tuareg_rebellion_2012\"", "\"slug\": tuareg", 1);
    let batch = check(
        &Memory::mali().with("events.json", broken),
        &[
            "error: not valid JSON: expected ident; record [1] is left out: uareg, at line 62, column 12 (events.json)",
        ],
    );
    assert_eq!(batch.events[0], mali().events[0]);
    assert_eq!(batch.events[1..], mali().events[2..]);
}

#[test]
fn a_wrong_type_loses_only_its_field_or_record() {
    let batch = check_set(
        "events.json",
        "/3/title",
        json!(["a"]),
        &["error: expected an object: [\"a\"] at [3].title (events.json)"],
    );
    assert_eq!(batch.events.len(), 55);
    assert_eq!(batch.problems[0].about, Some(About::Event(EventId(3))));
    let batch =
        check_set("events.json", "/3", json!("e4"), &["error: expected an object: e4 at [3] (events.json)"]);
    assert_eq!(batch.events.len(), 54);
    let batch = check_set(
        "events.json",
        "/3/claims/0",
        json!(7),
        &["error: expected an object: 7 at [3].claims[0] (events.json)"],
    );
    assert!(batch.events[3].claims.is_empty());
    check_set(
        "events.json",
        "/3/claims",
        json!("x"),
        &["error: expected a list: x at [3].claims (events.json)"],
    );
    check_set(
        "events.json",
        "/3/optional",
        json!("no"),
        &["error: expected true or false: no at [3].optional (events.json)"],
    );
    check_set(
        "events.json",
        "/2/claims/0/counts/0/min",
        json!(-9),
        &["error: expected a whole number from 0: -9 at [2].claims[0].counts[0].min (events.json)"],
    );
    check_set(
        "events.json",
        "/2/claims/0/counts/0/min",
        json!(5_000_000_000_u64),
        &["error: is too large a number: 5000000000 at [2].claims[0].counts[0].min (events.json)"],
    );
    check_set(
        "events.json",
        "/2/claims/0/counts/0/max",
        json!(3),
        &[
            "error: is less than min, which is 9; it is left out: 3 at [2].claims[0].counts[0].max (events.json)",
        ],
    );
    check_set(
        "places.json",
        "/0/forms/1",
        json!(1),
        &["error: expected a text: 1 at [0].forms[1] (places.json)"],
    );
    check_set(
        "places.json",
        "/0/lat",
        json!("17"),
        &["error: expected a number: 17 at [0].lat (places.json)"],
    );
    let batch = check_set(
        "places.json",
        "/0/lat",
        json!(91),
        &[
            "error: lat and lon: there is no such position; the place is kept without one: 91, -3.99 at [0] (places.json)",
        ],
    );
    assert_eq!((batch.places.len(), batch.places[0].position), (41, None));
    check_set(
        "places.json",
        "/0/radius_m",
        json!(-1),
        &["error: must not be negative: -1 at [0].radius_m (places.json)"],
    );
    check(
        &Memory::mali().with("undated.json", "{}"),
        &["error: expected a list of records: {} (undated.json)"],
    );
    check_set("events.json", "/3/id", json!(""), &["error: must not be empty at [3].id (events.json)"]);
}

#[test]
fn spans_that_leave_their_text_are_left_out() {
    let brief = "/3/claims/0/spans/brief/0";
    let length = mali().documents[mali().events[3].claims[0].document.index()].brief.chars().count();
    let leaves = format!(
        "error: leaves the text: the brief has {length} characters: 3..999999 at [3].claims[0].spans.brief[0] (events.json)"
    );
    let batch =
        check_set("events.json", brief, json!({"role": "sentence", "start": 3, "end": 999_999}), &[&leaves]);
    assert_eq!(batch.events[3].claims[0].spans.brief, mali().events[3].claims[0].spans.brief[1..]);
    let just_inside = json!({"role": "sentence", "start": 0, "end": length});
    check_set("events.json", brief, just_inside, &[]);
    check_set(
        "events.json",
        brief,
        json!({"role": "sentence", "start": 5, "end": 5}),
        &["error: is empty: 5..5 at [3].claims[0].spans.brief[0] (events.json)"],
    );
    check_set(
        "events.json",
        brief,
        json!({"role": "sentence", "start": 9, "end": 5}),
        &["error: ends before it begins: 9..5 at [3].claims[0].spans.brief[0] (events.json)"],
    );
    check_set(
        "events.json",
        brief,
        json!({"role": "sentence", "start": -1, "end": 5}),
        &["error: expected a whole number from 0: -1 at [3].claims[0].spans.brief[0].start (events.json)"],
    );
    check_set(
        "events.json",
        brief,
        json!({"role": "word", "start": 1, "end": 5}),
        &[
            "error: is not one of: sentence, trigger, place, date, actor, count: word at [3].claims[0].spans.brief[0].role (events.json)",
        ],
    );
    let original = json!({"role": "date", "start": 3000, "end": 7172});
    check_set(
        "events.json",
        "/0/claims/0/spans/original/2",
        original,
        &[
            "error: leaves the text: the original has 7171 characters: 3000..7172 at [0].claims[0].spans.original[2] (events.json)",
        ],
    );
    check_set(
        "undated.json",
        "/0/spans/brief/0/end",
        json!(1231),
        &["error: is empty: 1231..1231 at [0].spans.brief[0] (undated.json)"],
    );
    check_set(
        "documents/000.json",
        "/original/segments/1/end",
        json!(4000),
        &[
            "error: leaves the text: the original has 3050 characters: 652..4000 at original.segments[1] (documents/000.json)",
        ],
    );
}

#[test]
fn a_problem_is_about_the_record_it_stands_in() {
    let files = Memory::mali().set("events.json", "/53/id", json!("")).set("events.json", "/54", json!("x"));
    let batch = check(
        &files,
        &[
            "error: must not be empty at [53].id (events.json)",
            "error: expected an object: x at [54] (events.json)",
        ],
    );
    assert!(batch.problems.iter().all(|problem| problem.about.is_none()));
}

#[test]
fn ids_that_name_nothing_are_named() {
    check_set(
        "events.json",
        "/0/places/0/place",
        json!("atlantis"),
        &["error: no place has this id: atlantis at [0].places[0].place (events.json)"],
    );
    check_set(
        "events.json",
        "/0/actors/0/actor",
        json!("nobody"),
        &["error: no actor has this id: nobody at [0].actors[0].actor (events.json)"],
    );
    let batch = check_set(
        "events.json",
        "/0/claims/0/document",
        json!("009"),
        &["error: no document has this id: 009 at [0].claims[0].document (events.json)"],
    );
    assert!(batch.events[0].claims.is_empty());
    check_set(
        "events.json",
        "/0/claims/0/claimant",
        json!("nobody"),
        &["error: no actor has this id: nobody at [0].claims[0].claimant (events.json)"],
    );
    check_set(
        "events.json",
        "/2/claims/0/counts/0/victims/0",
        json!("nobody"),
        &["error: no actor has this id: nobody at [2].claims[0].counts[0].victims[0] (events.json)"],
    );
    check_set(
        "events.json",
        "/0/claims/0/segment",
        json!("Z"),
        &["error: the document has no segment with this id: Z at [0].claims[0].segment (events.json)"],
    );
    let batch = check_set(
        "undated.json",
        "/1/candidate_event",
        json!("e99"),
        &["error: no event has this id: e99 at [1].candidate_event (undated.json)"],
    );
    assert_eq!((batch.mentions.len(), batch.mentions[1].candidate_event), (9, None));
}

#[test]
fn an_event_with_a_bad_date_stays_without_one() {
    let check_date = |date: Value, problem: &str| {
        let batch = check_set("events.json", "/3/date", date, &[problem]);
        assert_eq!(batch.events[3].when, None);
        assert_eq!(batch.events.len(), 55);
        assert!(Store::from_batch(batch).interval(EventId(3)).is_unknown());
    };
    check_date(
        json!({"start": "2024-05-09", "end": "2024-05-01"}),
        "error: ends before it begins: 2024-05-09/2024-05-01 at [3].date (events.json)",
    );
    check_date(
        json!({"start": "2025-06-31", "end": "2025-07-01"}),
        "error: there is no such day: 2025-06-31 at [3].date.start (events.json)",
    );
    check_date(
        json!({"start": "2025-06-01", "end": "2025-02-29"}),
        "error: there is no such day: 2025-02-29 at [3].date.end (events.json)",
    );
    check_date(
        json!({"start": "June", "end": null}),
        "error: is not a date; expected 2024, 2024-07 or 2024-07-27: June at [3].date.start (events.json)",
    );
    check_date(
        json!({"start": null, "end": null}),
        "error: neither start nor end is given: {\"start\":null,\"end\":null} at [3].date (events.json)",
    );
    check_date(json!(2024), "error: expected a date with start and end: 2024 at [3].date (events.json)");
    check_date(json!("2024-13"), "error: there is no such day: 2024-13 at [3].date (events.json)");
    check_date(
        json!({"start": "2024/2025", "end": null}),
        "error: expected one date, not an interval: 2024/2025 at [3].date.start (events.json)",
    );
}

#[test]
fn open_and_typed_dates_are_read() {
    let read =
        |date: Value| check_set("events.json", "/3/date", date, &[]).events[3].when.clone().expect("date");
    let open = read(json!({"start": "2024-05-01", "end": null, "precision": "day"})).interval;
    assert!(open.open_end() && !open.open_start());
    assert!(read(json!({"start": null, "end": "2024-05-01"})).interval.open_start());
    assert_eq!(read(json!("2024-07~")).interval, parse_edtf("2024-07").expect("date").interval);
    assert!(read(json!("2024-07~")).approx);
    assert_eq!(read(json!({"start": "2024-05", "end": "2024-05"})).precision.code(), "month");
}

#[test]
fn ids_that_stand_twice_are_named() {
    let mali_json = Memory::mali().json("events.json");
    let batch = check_set(
        "events.json",
        "/3/id",
        json!("e1"),
        &["warning: another event has this id; this one is kept as e1#2: e1 at [3].id (events.json)"],
    );
    assert_eq!(batch.events[3].key, "e1#2");
    let batch = check_set(
        "events.json",
        "/3",
        mali_json[0].clone(),
        &["error: this event stands twice; the second is left out: e1 at [3].id (events.json)"],
    );
    assert_eq!(batch.events.len(), 54);
    assert_eq!(batch.problems[0].about, None);
    let claims = &mali_json[1]["claims"];
    let batch = check_set(
        "events.json",
        "/1/claims",
        json!([claims[0], claims[0], claims[1]]),
        &["error: this claim stands twice; the second is left out: e2.c1 at [1].claims[1].id (events.json)"],
    );
    assert_eq!(batch.events[1].claims.len(), 2);
    let batch = check_set(
        "events.json",
        "/1/claims/0/id",
        json!("e1.c1"),
        &[
            "warning: another claim has this id; this one is kept as e1.c1#2: e1.c1 at [1].claims[0].id (events.json)",
        ],
    );
    assert_eq!(batch.events[1].claims[0].key, "e1.c1#2");
    let batch = check_set(
        "places.json",
        "/40/id",
        json!("mali"),
        &[
            "error: another place has this id; the first one stays, this one is left out: mali at [40].id (places.json)",
        ],
    );
    assert_eq!(batch.places.len(), 40);
    let batch = check(
        &Memory::mali().set(
            "case.json",
            "/documents",
            json!([
                "documents/000.json",
                "documents/000.json",
                "documents/001.json",
                "documents/002.json",
                "documents/003.json",
                "documents/004.json"
            ]),
        ),
        &[
            "error: another document has this id; the first one stays, this one is left out: 000 at id (documents/000.json)",
        ],
    );
    assert_eq!(batch.documents.len(), 5);
}

#[test]
fn unknown_codes_are_named_with_the_known_ones() {
    let batch = check_set(
        "events.json",
        "/3/type",
        json!("War"),
        &[
            "error: is not one of: Battles, Explosions/Remote violence, Violence against civilians, Protests, Riots, Strategic developments, Other: War at [3].type (events.json)",
        ],
    );
    assert_eq!(batch.events[3].event_type, EventType::Other);
    check_set(
        "events.json",
        "/3/certainty",
        json!("sure"),
        &["error: is not one of: high, medium, low: sure at [3].certainty (events.json)"],
    );
    check_set(
        "events.json",
        "/3/prominence",
        json!("x"),
        &["error: is not one of: main, background: x at [3].prominence (events.json)"],
    );
    check_set(
        "events.json",
        "/3/date/precision",
        json!("decade"),
        &[
            "error: is not one of: time, day, days, week, month, season, year, unknown: decade at [3].date.precision (events.json)",
        ],
    );
    check_set(
        "events.json",
        "/3/geo_precision",
        json!("x"),
        &[
            "error: is not one of: exact, near, region, country, unknown: x at [3].geo_precision (events.json)",
        ],
    );
    check_set(
        "documents/000.json",
        "/original/segments/0/kind",
        json!("x"),
        &[
            "error: is not one of: article, headline, headline_repeat, caption, related_block, pull_quote, byline, junk, other: x at original.segments[0].kind (documents/000.json)",
        ],
    );
}

#[test]
fn fields_that_are_not_known_are_ignored() {
    let files =
        Memory::mali().set("events.json", "/3/mood", json!({"a": [1]})).set("case.json", "/mood", json!(1));
    let batch = check(&files, &[]);
    assert_eq!(tables(&batch), tables(&mali()));
}

#[test]
fn a_document_without_a_sound_original_loses_the_spans_in_it() {
    check_set(
        "documents/004.json",
        "/original/sha256",
        json!("abc"),
        &[
            "error: expected 64 hexadecimal digits: abc at original.sha256 (documents/004.json)",
            "error: the original could not be read, so the spans in it are left out: 75 spans at original (documents/004.json)",
        ],
    );
}

#[test]
fn names_that_lead_out_of_the_case_are_refused() {
    for name in ["../../etc/passwd", "/etc/passwd", "..\\secret.json", "C:/secret.json"] {
        let refused = format!("error: the name leads out of the case's folder, so it is not opened ({name})");
        let batch = check(&Memory::mali().set("case.json", "/undated", json!(name)), &[&refused]);
        assert_eq!(batch.events.len(), 55);
        let refused = format!(
            "error: the name leads out of the case's folder, so it is not opened: ../{name} at brief.file (documents/004.json)"
        );
        let batch =
            Memory::mali().set("documents/004.json", "/brief/file", json!(format!("../{name}"))).read();
        assert_eq!(batch.problems[0].to_string(), refused);
    }
}

#[test]
fn files_without_a_name_are_named_by_their_place() {
    check_set("case.json", "/undated", json!(""), &["error: must not be empty at undated (case.json)"]);
    let documents = json!(["", 4, "documents/000.json"]);
    let batch = Memory::mali().set("case.json", "/documents", documents).read();
    let problems: Vec<String> = batch.problems.iter().take(2).map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "error: expected the name of a file at documents[0] (case.json)",
            "error: expected the name of a file: 4 at documents[1] (case.json)",
        ]
    );
    assert_eq!(batch.documents.len(), 1);
}

#[test]
fn a_newer_version_and_a_foreign_format_are_named() {
    check_set(
        "case.json",
        "/version",
        json!(2),
        &["warning: the case was made by a newer program; version 1 is read: 2 at version (case.json)"],
    );
    check_set(
        "case.json",
        "/format",
        json!("x"),
        &["error: is not a case; expected waqai-case: x at format (case.json)"],
    );
}

#[test]
fn reading_stops_when_asked() {
    let batch =
        read_case(&builtin::MALI, &|progress| if progress.done >= 2 { Continue::No } else { Continue::Yes });
    assert_eq!((batch.documents.len(), batch.events.len()), (2, 0));
    assert_eq!(batch.problems.len(), 1);
}

#[test]
fn utf16_and_byte_order_marks_are_read() {
    let undated = String::from_utf8(Memory::mali().0["undated.json"].clone()).expect("UTF-8");
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(undated.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(tables(&check(&Memory::mali().with("undated.json", utf16), &[])), tables(&mali()));
    let marked = format!("\u{FEFF}{undated}");
    assert_eq!(tables(&check(&Memory::mali().with("undated.json", marked), &[])), tables(&mali()));
}

/// A copy of the built-in case on disk, removed when dropped.
struct OnDisk(PathBuf);

impl OnDisk {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("waqai-case-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&root).ok();
        std::fs::create_dir_all(root.join("documents")).expect("folder");
        for (name, bytes) in builtin::MALI.files {
            std::fs::write(root.join(name), bytes).expect("file");
        }
        Self(root)
    }

    #[track_caller]
    fn check(&self, expected: &[&str]) {
        let batch = read_case(&Folder::new(&self.0), &unwatched);
        let problems: Vec<String> = batch.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
        assert_eq!(batch.events.len(), 55);
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn a_folder_in_a_files_place_is_named() {
    let disk = OnDisk::new("folder");
    std::fs::remove_file(disk.0.join("undated.json")).expect("removed");
    std::fs::create_dir(disk.0.join("undated.json")).expect("folder");
    disk.check(&["error: this is not a file but a folder or a device (undated.json)"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_case_is_refused() {
    let disk = OnDisk::new("link");
    std::fs::remove_file(disk.0.join("undated.json")).expect("removed");
    std::os::unix::fs::symlink("/etc/hostname", disk.0.join("undated.json")).expect("link");
    disk.check(&["error: the name leads out of the case's folder, so it is not opened (undated.json)"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let batch = read_case(&Folder::new("/no/such/folder"), &unwatched);
    assert_eq!(
        batch.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["error: there is no such file (case.json)"]
    );
}

// Random damage: never a panic, always a sound batch, and what is not damaged stays.

/// What holds of every batch that a reader returns.
#[track_caller]
fn check_sound(batch: &CaseBatch) {
    let CaseBatch { titles: _, documents, places, actors, events, mentions, problems } = batch;
    let document = |id: DocumentId| documents.get(id.index()).expect("document of the batch");
    let actor = |id: ActorId| assert!(id.index() < actors.len());
    let place = |id: PlaceId| assert!(id.index() < places.len());
    let spans = |spans: &[Span], length: Option<usize>| {
        for span in spans {
            assert!(span.start < span.end && span.end as usize <= length.expect("a text"), "{span:?}");
        }
    };
    let claim_spans = |id: DocumentId, both: &waqai::model::document::Spans| {
        let document = document(id);
        spans(&both.brief, Some(document.brief.chars().count()));
        spans(&both.original, document.original.as_ref().map(|original| original.chars as usize));
    };
    let interval = |interval: Interval| assert!(interval.start < interval.end);
    let when = |when: &Option<waqai::model::When>| when.iter().for_each(|when| interval(when.interval));
    unique("document", documents.iter().map(|d| d.key.as_str()));
    unique("place", places.iter().map(|p| p.key.as_str()));
    unique("actor", actors.iter().map(|a| a.key.as_str()));
    unique("event", events.iter().map(|e| e.key.as_str()));
    unique("claim", events.iter().flat_map(|e| &e.claims).map(|c| c.key.as_str()));
    unique("mention", mentions.iter().map(|m| m.key.as_str()));
    for event in events {
        [&event.when, &event.known, &event.text_date].into_iter().for_each(when);
        event.claimed_ranges.iter().for_each(|range| interval(range.interval));
        event.places.iter().for_each(|role| place(role.place));
        event.actors.iter().for_each(|role| actor(role.actor));
        for claim in &event.claims {
            actor(claim.claimant);
            claim.chain.iter().copied().for_each(actor);
            claim.counts.iter().flat_map(|count| &count.victims).copied().for_each(actor);
            claim_spans(claim.document, &claim.spans);
        }
    }
    for mention in mentions {
        claim_spans(mention.document, &mention.spans);
        assert!(mention.candidate_event.is_none_or(|event| event.index() < events.len()));
    }
    for problem in problems {
        assert!(!problem.file.is_empty() && !problem.message.is_empty(), "{problem:?}");
        match problem.about {
            Some(About::Event(event)) => assert!(event.index() < events.len(), "{problem}"),
            Some(About::Document(id)) => drop(document(id)),
            None => {}
        }
    }
    // What views do with it must not panic either.
    let store = Store::from_batch(batch.clone());
    let all: Vec<EventId> = store.events().collect();
    waqai::io::write_csv(&store, &all, waqai::io::Per::Claim, &mut Vec::new()).expect("CSV");
    waqai::io::write_geojson(&store, &all, &mut Vec::new()).expect("GeoJSON");
}

#[track_caller]
fn unique<'a>(kind: &str, keys: impl Iterator<Item = &'a str>) {
    let mut seen = HashSet::new();
    for key in keys {
        assert!(seen.insert(key), "two {kind}s have the key {key}");
    }
}

/// Everything but titles and problems, to compare.
fn tables(batch: &CaseBatch) -> impl PartialEq + Debug + use<> {
    let CaseBatch { titles: _, documents, places, actors, events, mentions, problems: _ } = batch.clone();
    (documents, places, actors, events, mentions)
}

/// Byte ranges of the records of a file with one list, each with its line break and comma.
fn records(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let mut records = Vec::new();
    let mut start = text.find("\n {").expect("first record");
    while let Some(end) = text[start..].find("\n }") {
        let end = start + end + 3;
        records.push(start..end);
        start = end;
    }
    records
}

/// An event without what may change when the key of another one changes.
fn comparable(event: &EventRecord) -> EventRecord {
    let plain = |key: &str| key.split('#').next().unwrap_or_default().to_owned();
    let claims = event.claims.iter().map(|claim| Claim { key: plain(&claim.key), ..claim.clone() });
    EventRecord { key: plain(&event.key), claims: claims.collect(), ..event.clone() }
}

fn file_names() -> Vec<&'static str> {
    builtin::MALI.files.iter().map(|(name, _)| *name).collect()
}

fn pointers(value: &Value, prefix: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            let pointer = format!("{prefix}/{key}");
            pointers(value, &pointer, into);
            into.push(pointer);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| {
            let pointer = format!("{prefix}/{index}");
            pointers(value, &pointer, into);
            into.push(pointer);
        }),
        _ => {}
    }
}

fn odd_values() -> impl Strategy<Value = Value> {
    let nested = (0..40).fold(json!(1), |inner, _| json!([{"id": inner}]));
    let values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(4_294_967_296_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(0.5),
        json!(""),
        json!("jnim"),
        json!("e1"),
        json!("000"),
        json!("\u{0}\u{202E}=1"),
        json!("9999-12-31"),
        json!("2024-02-30"),
        json!("../../etc/passwd"),
        json!([]),
        json!([null, 1, "x", {}]),
        json!({}),
        json!({"start": 0, "end": 0}),
        json!({"start": "9999-12-31", "end": null}),
        json!({"file": "events.json"}),
        nested,
    ];
    proptest::sample::select(values)
}

/// Few cases, so that the test takes seconds; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { asked } else { ProptestConfig { cases: 48, ..asked } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_file_cut_anywhere_keeps_every_complete_record(file in proptest::sample::select(file_names()), at in any::<prop::sample::Index>()) {
        let whole = Memory::mali().0[file].clone();
        let cut = at.index(whole.len() + 1);
        let batch = Memory::mali().with(file, &whole[..cut]).read();
        check_sound(&batch);
        if batch.problems.is_empty() {
            if !file.ends_with(".txt") {
                prop_assert_eq!(tables(&batch), tables(&mali()));
            }
            return Ok(());
        }
        let complete = || records(&whole).iter().filter(|record| record.end <= cut).count();
        match file {
            "events.json" => prop_assert_eq!(&batch.events, &mali().events[..complete()]),
            "places.json" => {
                prop_assert_eq!(&batch.places, &mali().places[..complete()]);
                prop_assert_eq!(batch.events.len(), 55);
            }
            "actors.json" => {
                prop_assert_eq!(&batch.actors, &mali().actors[..complete()]);
                prop_assert_eq!(batch.events.len(), 55);
            }
            "undated.json" => {
                prop_assert_eq!(&batch.mentions, &mali().mentions[..complete()]);
                prop_assert_eq!(&batch.events, &mali().events);
            }
            "case.json" => prop_assert_eq!(tables(&batch), tables(&mali())),
            _ => {
                prop_assert_eq!(batch.events.len(), 55);
                prop_assert_eq!(&batch.places, &mali().places);
            }
        }
    }

    #[test]
    fn one_flipped_byte_loses_at_most_the_record_and_its_neighbour(at in any::<prop::sample::Index>(), flip in 1u8..=255) {
        let mut bytes = Memory::mali().0["events.json"].clone();
        let records = records(&bytes);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let batch = Memory::mali().with("events.json", bytes).read();
        check_sound(&batch);
        let hit = records.iter().take_while(|record| record.end <= at).count();
        for (row, event) in mali().events.iter().enumerate() {
            if row.abs_diff(hit) > 1 {
                let event = comparable(event);
                prop_assert!(batch.events.iter().any(|read| comparable(read) == event), "event {row} is lost; byte {at} in event {hit}: {:#?}", batch.problems);
            }
        }
    }

    #[test]
    fn any_bytes_flipped_anywhere_are_survived(flips in prop::collection::vec((proptest::sample::select(file_names()), any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
        let mut files = Memory::mali();
        for (file, at, byte) in flips {
            let bytes = files.0.get_mut(file).expect("file");
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check_sound(&files.read());
    }

    #[test]
    fn any_value_anywhere_loses_only_its_own_event(at in any::<prop::sample::Index>(), value in odd_values()) {
        let json = Memory::mali().json("events.json");
        let mut all = Vec::new();
        pointers(&json, "", &mut all);
        let pointer = &all[at.index(all.len())];
        let batch = Memory::mali().set("events.json", pointer, value).read();
        check_sound(&batch);
        let hit: usize = pointer.split('/').nth(1).and_then(|row| row.parse().ok()).expect("row");
        for (row, event) in mali().events.iter().enumerate().filter(|(row, _)| *row != hit) {
            let event = comparable(event);
            prop_assert!(batch.events.iter().any(|read| comparable(read) == event), "event {row} is lost by {pointer}");
        }
    }

    #[test]
    fn any_value_in_any_file_is_survived(
        file in proptest::sample::select(file_names().into_iter().filter(|name| name.ends_with(".json")).collect::<Vec<_>>()),
        at in any::<prop::sample::Index>(),
        value in odd_values(),
    ) {
        let json = Memory::mali().json(file);
        let mut all = Vec::new();
        pointers(&json, "", &mut all);
        check_sound(&Memory::mali().set(file, &all[at.index(all.len())], value).read());
    }

    #[test]
    fn any_bytes_at_all_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), file in proptest::sample::select(file_names())) {
        check_sound(&Memory::mali().with(file, bytes.clone()).read());
        drop(waqai::io::read_text_document("a.txt", &bytes));
        drop(waqai::io::sniff::sniff_bytes("a.txt", &bytes));
    }
}
