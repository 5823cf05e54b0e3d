//! `waqai convert`: files, exit statuses, and what is told.

use std::process::{Command, Output};

#[path = "common/folder.rs"]
mod folder;

use folder::Folder;

fn convert(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waqai"));
    command.arg("convert").args(arguments).output().expect("the program runs")
}

#[test]
fn the_filter_chooses_and_the_ending_tells_the_format() {
    let folder = Folder::new("convert-formats");
    for ending in ["csv", "xlsx", "geojson", "kml", "parquet", "gpkg"] {
        let out = folder.file(&format!("a.{ending}"));
        let output = convert(&["mali", &out, "--min-fatalities", "20", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(json["format"], "waqai-convert");
        assert_eq!(json["written_as"], ending);
        let events = json["events"].as_u64().expect("a number");
        assert!((1..55).contains(&events));
        assert_eq!(json["bytes"].as_u64(), std::fs::metadata(&out).ok().map(|file| file.len()));
        if ending == "csv" {
            let rows = csv::Reader::from_path(&out).expect("file").records().count();
            assert_eq!(rows as u64, events);
            let losses = json["losses"].as_array().expect("list");
            assert!(losses.iter().any(|loss| loss.as_str().is_some_and(|loss| loss.contains("claims"))));
        }
    }
    let out = folder.file("claims.csv");
    let output = convert(&["mali", &out, "--per", "claim"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("55 events"));
    assert_eq!(csv::Reader::from_path(&out).expect("file").records().count(), 105);
}

#[test]
fn what_makes_no_sense_writes_nothing() {
    let folder = Folder::new("convert-usage");
    let (odd, none) = (folder.file("a.txt"), folder.file("a"));
    let (kml, csv) = (folder.file("a.kml"), folder.file("a.csv"));
    for (arguments, status) in [
        (vec!["mali", odd.as_str()], 2),
        (vec!["mali", none.as_str()], 2),
        (vec![csv.as_str()], 2),
        (vec!["mali", kml.as_str(), "--per", "claim"], 2),
        (vec!["mali", csv.as_str(), "--type", "no such type"], 2),
        (vec!["no-such-file.csv", csv.as_str()], 1),
        (vec!["mali", "/no/such/folder/a.csv"], 1),
    ] {
        let output = convert(&arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(std::fs::read_dir(&folder.0).expect("folder").count(), 0);
    // A file is never read and written at once.
    std::fs::write(&csv, "id,date,latitude,longitude\na,2024-01-01,1,2\n").expect("file");
    assert_eq!(convert(&[&csv, &csv]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&csv).expect("file").lines().count(), 2);
}
