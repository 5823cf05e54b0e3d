//! Exported files: golden files of three events, and what a hostile case may put into a spreadsheet.
//! `UPDATE_SNAPSHOTS=1` writes the golden files anew.

use std::path::PathBuf;

use waqai::io::{Per, builtin, read_case, unwatched, write_csv, write_geojson};
use waqai::model::{EventId, Names};
use waqai::store::{CaseBatch, Store};

const EVENTS: [&str; 3] = ["soviet_afghan_war", "jnim_kills_4_wagner_2022_08", "tinzaouaten_2024_07"];

fn mali() -> CaseBatch {
    read_case(&builtin::MALI, &unwatched)
}

fn three_events(store: &Store) -> Vec<EventId> {
    EVENTS.iter().map(|slug| store.event_by_key(slug).expect("event")).collect()
}

fn csv(store: &Store, events: &[EventId], per: Per) -> Vec<u8> {
    let mut out = Vec::new();
    write_csv(store, events, per, &mut out).expect("CSV");
    out
}

fn geojson(store: &Store, events: &[EventId]) -> Vec<u8> {
    let mut out = Vec::new();
    write_geojson(store, events, &mut out).expect("GeoJSON");
    out
}

/// Rows of a table by column name.
fn rows(bytes: &[u8]) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).expect("byte order mark");
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|row| row.expect("row")).collect()
}

#[track_caller]
fn check_golden(name: &str, found: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/export").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).expect("golden file");
        return;
    }
    let golden = std::fs::read(&path).expect("golden file");
    let (golden, found) = (String::from_utf8_lossy(&golden), String::from_utf8_lossy(found));
    for (line, (golden, found)) in golden.lines().zip(found.lines()).enumerate() {
        assert_eq!(golden, found, "{name}, line {}", line + 1);
    }
    assert_eq!(golden, found, "{name}");
}

#[test]
fn three_events_are_written_as_before() {
    let store = Store::from_batch(mali());
    let events = three_events(&store);
    check_golden("claims.csv", &csv(&store, &events, Per::Claim));
    check_golden("events.csv", &csv(&store, &events, Per::Event));
    check_golden("events.geojson", &geojson(&store, &events));
}

#[test]
fn the_table_has_a_row_per_claim_that_carries_its_evidence() {
    let store = Store::from_batch(mali());
    let all: Vec<EventId> = store.events().collect();
    let claims = rows(&csv(&store, &all, Per::Claim));
    assert_eq!(claims.len(), 105);
    assert_eq!(rows(&csv(&store, &all, Per::Event)).len(), 55);
    for row in &claims {
        let document =
            store.document(store.document_by_key(&row["document"]).expect("document")).expect("document");
        let (start, end): (usize, usize) =
            (row["char_start"].parse().expect("start"), row["char_end"].parse().expect("end"));
        let words: String = document.brief.chars().skip(start).take(end - start).collect();
        assert_eq!(row["quote"], words);
        assert_eq!(row["text_form"], "brief");
        row["latitude"].parse::<f64>().expect("a number");
        let evidence: serde_json::Value = serde_json::from_str(&row["evidence"]).expect("JSON");
        assert!(evidence[0]["text"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[test]
fn an_attached_original_is_quoted_instead_of_the_brief() {
    let mut store = Store::from_batch(mali());
    let event = store.event_by_key("soviet_afghan_war").expect("event");
    let claim = &store.detail(event).expect("event").claims[0];
    let (document, span) = (claim.document, claim.spans.original[0]);
    let text: String = ('ء'..='ي').cycle().take(7171).collect();
    store.attach(document, text.clone());
    let row = &rows(&csv(&store, &[event], Per::Claim))[0];
    assert_eq!(row["text_form"], "original");
    assert_eq!((row["char_start"].as_str(), row["char_end"].as_str()), ("6409", "6616"));
    let words: String =
        text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect();
    assert_eq!(row["quote"], words);
}

#[test]
fn geojson_reads_back_with_the_precision_of_places() {
    let store = Store::from_batch(mali());
    let all: Vec<EventId> = store.events().collect();
    let json: serde_json::Value = serde_json::from_slice(&geojson(&store, &all)).expect("JSON");
    let features = json["features"].as_array().expect("features");
    assert_eq!(features.len(), 55);
    for feature in features {
        assert!(["Point", "MultiPoint"].contains(&feature["geometry"]["type"].as_str().expect("type")));
        assert!(feature["properties"]["radius_m"].as_f64().is_some_and(|radius_m| radius_m > 0.0));
        assert!(feature["properties"]["claims"][0]["evidence"][0]["text"].is_string());
    }
}

#[test]
fn a_hostile_case_runs_nothing_in_a_spreadsheet() {
    let formulas = [
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
        "\u{200F}=cmd|' /C calc'!A0",
    ];
    let mut batch = mali();
    batch.documents.iter_mut().for_each(|document| document.brief = "=1+1,\"x\"\r\n".repeat(1000));
    for (event, formula) in batch.events.iter_mut().zip(formulas.iter().cycle()) {
        event.titles = Names { en: Some((*formula).to_owned()), fr: None, ar: Some((*formula).to_owned()) };
        event.sub_type = (*formula).to_owned();
        for claim in &mut event.claims {
            claim.attribution = (*formula).to_owned();
            claim.statement = Names::en(*formula);
        }
    }
    batch.actors.iter_mut().for_each(|actor| actor.names = Names::en("@x"));
    let store = Store::from_batch(batch);
    let all: Vec<EventId> = store.events().collect();
    let numeric = ["latitude", "longitude", "radius_m"];
    let mut negative = 0;
    for row in rows(&csv(&store, &all, Per::Claim)) {
        for (column, cell) in &row {
            if numeric.contains(&column.as_str()) {
                cell.parse::<f64>().expect("a number");
                negative += usize::from(cell.starts_with('-'));
                continue;
            }
            let first = cell.chars().find(|c| !c.is_whitespace() && *c != '\u{200F}');
            let runs = matches!(first, Some('=' | '+' | '-' | '@' | '＝'));
            assert!(!runs && !cell.starts_with(['\t', '\r']), "{column}: {cell:?}");
        }
        assert!(row["title"].starts_with('\'') && formulas.contains(&&row["title"][1..]));
    }
    assert!(negative > 0, "-3.99 stays a number");
}

#[test]
fn an_event_without_date_place_or_claims_has_empty_cells() {
    let mut batch = mali();
    let event = &mut batch.events[0];
    event.when = None;
    event.places.clear();
    event.claims.clear();
    let store = Store::from_batch(batch);
    let row = &rows(&csv(&store, &[EventId(0)], Per::Claim))[0];
    for column in [
        "date",
        "date_begin",
        "date_end",
        "latitude",
        "longitude",
        "radius_m",
        "fatalities_low",
        "claim_id",
        "quote",
        "char_start",
    ] {
        assert_eq!(row[column], "", "{column}");
    }
    let json: serde_json::Value = serde_json::from_slice(&geojson(&store, &[EventId(0)])).expect("JSON");
    assert!(json["features"][0]["geometry"].is_null());
    assert!(json["features"][0]["properties"]["date_begin"].is_null());
}
