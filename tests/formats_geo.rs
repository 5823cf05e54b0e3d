//! Files of places, of services and of annotated texts: small ones of our own, and, where the folders are
//! there, the samples and the hostile files (`WAQAI_SAMPLES`, `WAQAI_NASTY`).

use std::path::{Path, PathBuf};
use std::time::Instant;

use waqai::io::annotated::{brat, doccano, webanno};
use waqai::io::import::{Allowance, Grid, ImportError, geojson, gpx, json, kml, timemap};
use waqai::io::unwatched;
use waqai::model::import::{Format, Issue};

fn own(name: &str) -> (String, Vec<u8>) {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name))
}

fn read(path: &Path) -> (String, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    (path.file_name().expect("a name").to_string_lossy().into_owned(), bytes)
}

/// A folder of files that are not part of the program.
fn folder(variable: &str, usual: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(usual), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: there is no folder {}", folder.display());
        return None;
    }
    Some(folder)
}

fn grid((name, bytes): &(String, Vec<u8>)) -> Result<Grid, ImportError> {
    let allow = Allowance::default();
    match name.rsplit('.').next().expect("an ending") {
        "geojson" | "geojsonl" => geojson::read(name, bytes, allow, &unwatched),
        "json" if json::kind(bytes) == Some(Format::TimeMap) => timemap::read(name, bytes, allow, &unwatched),
        "json" | "jsonl" => json::read(name, bytes, allow, &unwatched),
        "kml" => kml::read(name, bytes, allow, &unwatched),
        "kmz" => kml::read_kmz(name, bytes, allow, &unwatched),
        "gpx" => gpx::read(name, bytes, allow, &unwatched),
        ending => panic!("no reader for {ending}"),
    }
}

fn column(grid: &Grid, name: &str) -> Vec<String> {
    let at = grid.columns.iter().position(|column| column == name);
    let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", grid.columns));
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
    rows.records().map(|row| row.expect("sound")[at].to_owned()).collect()
}

fn placed(grid: &Grid) -> usize {
    column(grid, "@latitude").iter().filter(|cell| !cell.is_empty()).count()
}

#[test]
fn own_files_become_rows() {
    let geo = grid(&own("events.geojson")).expect("readable");
    assert_eq!(column(&geo, "@latitude"), ["18.44", "20.2", ""]);
    assert_eq!(column(&geo, "fatalities"), ["12", "", "3"]);
    assert_eq!(geo.findings.iter().map(|(issue, _)| *issue).collect::<Vec<_>>(), [Issue::NoGeometry]);
    assert_eq!(grid(&own("events.geojsonl")).expect("readable").rows.len(), 2);
    let service = grid(&own("service.json")).expect("readable");
    assert_eq!(column(&service, "latitude"), ["18.4400", "19.9900"]);
    let lines = grid(&own("events.jsonl")).expect("readable");
    assert_eq!(column(&lines, "place.name"), ["Kidal", "Tinzaouaten"]);
    assert_eq!(column(&lines, "id"), ["0001", "0002"]);
    let marks = grid(&own("events.kml")).expect("readable");
    assert_eq!(
        column(&marks, "@begin"),
        ["2024-07-25", "2024-07", "..", "2024-07-27T10:00:00Z", "2024-07-27T11:00:00Z"]
    );
    assert_eq!(column(&marks, "@end"), ["", "2024-07", "2008", "", ""]);
    assert_eq!(placed(&marks), 4);
    let points = grid(&own("track.gpx")).expect("readable");
    assert_eq!(column(&points, "@begin"), ["", "2024-07-27T10:00:00Z", "2024-07-27T11:00:00Z"]);
    let sheet = grid(&own("timemap.json")).expect("readable");
    assert_eq!(column(&sheet, "sources"), ["An invented video", "An invented video; s9"]);
    assert_eq!(column(&sheet, "date"), ["7/27/2024", ""]);
}

#[test]
fn own_annotated_texts_become_events() {
    let allow = Allowance::default();
    let (name, bytes) = own("doccano.jsonl");
    let marked = doccano::read(&name, &bytes, allow, &unwatched).expect("readable");
    let (ann, text) = (own("brat.ann"), own("brat.txt"));
    let files = [brat::Standoff { name: &ann.0, annotations: &ann.1, text: &text.1 }];
    let standoff = brat::read(&ann.0, &files, allow, &unwatched).expect("readable");
    assert_eq!(standoff.problems.iter().map(|p| p.at.as_str()).collect::<Vec<_>>(), ["line 5", "line 6"]);
    let (name, bytes) = own("webanno.tsv");
    let tokens = webanno::read(&name, &bytes, allow, &unwatched).expect("readable");
    for (batch, day, place) in
        [(marked, "2024-07-27", "Kidal"), (standoff, "2024-05-05", "Bourem"), (tokens, "2024-05-09", "Gao")]
    {
        let [event] = batch.events.as_slice() else { panic!("{:?}", batch.events) };
        assert_eq!(event.when.as_ref().map(|when| when.interval.to_edtf()).as_deref(), Some(day));
        assert_eq!(batch.places[event.places[0].place.index()].names.en.as_deref(), Some(place));
    }
}

#[test]
fn samples_have_their_rows() {
    let Some(samples) = folder("WAQAI_SAMPLES", "samples") else { return };
    for (file, rows, timed, located) in [
        ("ucdp_ged_v23_1_CAR.geojson", 1848, None, 1848),
        ("ucdp_mali_891.kml", 891, Some(891), 891),
        ("ucdp_mali_891.kmz", 891, Some(891), 891),
        ("kml/timestamps.kml", 11, Some(11), 11),
        ("kml/TimeTest.kml", 6, Some(5), 6),
        ("kml/YearDates.kml", 3, Some(3), 3),
        ("kml/YearMonthDates.kml", 4, Some(4), 4),
        ("kml/nestedInherits.kml", 6, Some(6), 6),
        ("gpx/wikipedia_example.gpx", 3, Some(3), 3),
        ("gpx/gpsies_example.gpx", 41, Some(41), 41),
    ] {
        let grid = grid(&read(&samples.join(file))).expect(file);
        assert_eq!((grid.rows.len(), placed(&grid)), (rows, located), "{file}");
        if let Some(timed) = timed {
            assert_eq!(
                column(&grid, "@begin").iter().filter(|cell| !cell.is_empty()).count(),
                timed,
                "{file}"
            );
        }
        assert_eq!(grid.cut_short, None, "{file}");
    }
    let sloppy = grid(&read(&samples.join("kml/sloppy_badCoord.kml"))).expect("readable");
    let bad = sloppy.findings.iter().filter(|(issue, _)| *issue == Issue::BadGeometry).count();
    assert_eq!((sloppy.rows.len(), bad), (32, 10));
}

#[test]
fn hostile_files_do_no_harm() {
    let Some(nasty) = folder("WAQAI_NASTY", "nasty") else { return };
    let weird = grid(&read(&nasty.join("19_geojson_weird.geojson"))).expect("readable");
    let located: Vec<usize> = (1..)
        .zip(column(&weird, "@latitude"))
        .filter_map(|(number, cell)| (!cell.is_empty()).then_some(number))
        .collect();
    assert_eq!(located, [2, 3, 7, 9, 10, 11, 13, 14]);
    assert_eq!(
        grid(&read(&nasty.join("19d_geojsonl_newline_delimited.geojsonl"))).expect("lines").rows.len(),
        5
    );
    let cut = grid(&read(&nasty.join("20_truncated.geojson"))).expect("some");
    assert!(cut.rows.len() >= 10 && cut.cut_short.is_some_and(|why| why.contains("byte 2600")));
    let refused = grid(&read(&nasty.join("20c_acled_api_error.json"))).expect_err("an error");
    assert!(refused.sentence().is_some_and(|why| why.contains("the service returned 401 Access denied")));
    let start = Instant::now();
    let laughs = grid(&read(&nasty.join("22_kml_billion_laughs.kml"))).expect("readable");
    assert!(start.elapsed().as_millis() < 50 && column(&laughs, "@name") == ["&a9;"]);
    assert_eq!(grid(&read(&nasty.join("24b_kmz_without_doc_kml.kmz"))).expect("readable").rows.len(), 1);
    let (ann, text) = (read(&nasty.join("28_brat_offsets.ann")), read(&nasty.join("28_brat_offsets.txt")));
    let files = [brat::Standoff { name: &ann.0, annotations: &ann.1, text: &text.1 }];
    let batch = brat::read(&ann.0, &files, Allowance::default(), &unwatched).expect("readable");
    assert_eq!(batch.events.len(), 1);
    assert_eq!(batch.places[batch.events[0].places[0].place.index()].forms, ["Tinzaouaten"]);
    let told: Vec<_> = batch.problems.iter().map(|problem| problem.value.as_str()).collect();
    assert!(
        told.len() == 3 && told[0].starts_with("T4") && told[1].starts_with("T5") && told[2] == "Target:T99",
        "{told:?}"
    );
}
