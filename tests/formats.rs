//! Files of events in all formats: small ones of our own beside this file, and two collections that
//! only some machines have: real files with figures computed by others, and hostile ones.

use std::path::{Path, PathBuf};

use waqai::io::import::{Allowance, ImportError, Opened, open};
use waqai::io::{Imported, Reading, unwatched};
use waqai::model::import::{
    DateOrder, DecimalMark, Dialect, Encoding, Field, Format, Header, Issue, Outcome, Remedy, Setting,
    Settings,
};
use waqai::model::{EventId, EventType};
use waqai::store::{Lists, Store};

fn opened(path: &Path) -> Opened {
    open(path, Allowance::default(), &unwatched).unwrap_or_else(|err| panic!("{}: {err:?}", path.display()))
}

fn all(opened: &Opened) -> Imported {
    let imported = opened.read(&Reading { in_time_order: true, progress: &unwatched, grown: None });
    let Imported { store, report } = &imported;
    assert_eq!(report.rows, report.events + report.left_out);
    assert_eq!(report.events, store.num_events() as u64);
    let left_out = report.findings.iter().filter(|found| found.issue.outcome() == Outcome::LeftOut);
    assert_eq!(left_out.map(|found| found.count).sum::<u64>(), report.left_out);
    imported
}

fn changed(opened: &Opened, change: impl FnOnce(&mut Settings)) -> Opened {
    let mut settings = opened.settings().clone();
    change(&mut settings);
    opened.with(&settings, &unwatched).expect("settings")
}

/// A folder that only some machines have, named by a variable or found beside the project.
fn folder(variable: &str, beside: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(beside);
    let folder = std::env::var_os(variable).map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no folder at {}; name it in {variable}", folder.display());
    None
}

fn nasty(name: &str) -> Option<(Opened, Imported)> {
    let opened = opened(&folder("WAQAI_NASTY", "nasty")?.join(name));
    let imported = all(&opened);
    Some((opened, imported))
}

fn event(store: &Store, key: &str) -> EventId {
    store.event_by_key(key).unwrap_or_else(|| panic!("no event {key}"))
}

fn day(store: &Store, key: &str) -> String {
    store.interval(event(store, key)).to_edtf()
}

fn place(store: &Store, key: &str) -> Option<(f64, f64)> {
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    store.position(event(store, key)).map(|at| (round(at.lat), round(at.lon)))
}

fn note(store: &Store, key: &str) -> String {
    let row = event(store, key).index();
    String::from_utf8_lossy(&store.tables[0].text(row)).into_owned()
}

fn killed(store: &Store) -> u64 {
    store.events().filter_map(|event| store.fatalities(event).best).map(u64::from).sum()
}

fn count(imported: &Imported, issue: Issue) -> u64 {
    imported.report.count_of(issue)
}

mod hostile {
    use super::*;

    #[test]
    fn a_header_alone() {
        let Some((opened, imported)) = nasty("02_header_only.csv") else { return };
        assert_eq!((imported.report.rows, opened.detected().columns.len()), (0, 8));
    }

    #[test]
    fn byte_order_marks() {
        for (name, encoding) in
            [("03_utf16le_bom.csv", Encoding::Utf16Le), ("03d_utf8_bom_crlf.csv", Encoding::Utf8)]
        {
            let Some((opened, imported)) = nasty(name) else { return };
            assert_eq!(opened.settings().encoding, encoding);
            assert_eq!(opened.detected().columns[0], "id");
            assert_eq!((imported.report.events, killed(&imported.store)), (3, 91));
            let notes: String = (0..3).map(|row| imported.store.tables[0].fields(row).join(" ")).collect();
            assert!(notes.contains("à Tinzaouaten") || notes.contains("à Tin"), "{notes}");
            assert!(notes.contains('—'), "{notes}");
        }
    }

    #[test]
    fn arabic_of_windows() {
        let Some((opened, imported)) = nasty("04_windows1256_arabic_semicolon.csv") else { return };
        let settings = opened.settings();
        assert_eq!((settings.encoding, settings.delimiter), (Encoding::Windows1256, b';'));
        assert_eq!(settings.date_order, DateOrder::DayFirst);
        let columns = &opened.detected().columns;
        let named = |field: Field| settings.column_of(field).map(|at| columns[at].as_str());
        assert_eq!(named(Field::Latitude), Some("خط العرض"));
        assert_eq!(named(Field::Longitude), Some("خط الطول"));
        assert_eq!((imported.report.events, killed(&imported.store)), (3, 91));
        assert_eq!(day(&imported.store, "1"), "2024-07-27");
    }

    #[test]
    fn decimal_commas() {
        let Some((opened, imported)) = nasty("05_semicolon_decimal_comma.csv") else { return };
        assert_eq!(opened.settings().decimal, DecimalMark::Comma);
        let store = &imported.store;
        assert_eq!(place(store, "1"), Some((20.9, 2.95)));
        assert_eq!(day(store, "3"), "2024-07-25");
        assert_eq!(store.fatalities(event(store, "3")).best, Some(1234));
        assert_eq!(count(&imported, Issue::AmbiguousNumber), 1);
        assert_eq!(note(store, "2"), "1.234,5 kg");
    }

    #[test]
    fn coordinates_out_of_range() {
        let Some((opened, imported)) = nasty("07_out_of_range_coords.csv") else { return };
        let store = &imported.store;
        assert_eq!(imported.report.events, 12);
        for key in ["R1", "R2", "R3", "R4", "R5", "R6"] {
            assert_eq!(place(store, key), None, "{key}");
        }
        assert_eq!(place(store, "R7"), Some((90.0, 180.0)));
        assert_eq!(place(store, "R8"), Some((0.0, 0.0)));
        assert_eq!(count(&imported, Issue::NullIsland), 1);
        assert_eq!(place(store, "R9"), Some((18.4411, 1.4078)));
        assert_eq!(place(store, "R10"), Some((18.44, 1.41)));
        assert_eq!(place(store, "R11"), Some((42.0, 1.0)));
        assert_eq!(place(store, "R12"), Some((18.4411, 1.4078)));
        let wrapped = changed(&opened, |settings| {
            settings.remedies.insert(Remedy::WrapLongitude);
        });
        let wrapped = all(&wrapped).store;
        assert_eq!(place(&wrapped, "R5"), Some((10.0, -0.5)));
        assert_eq!(place(&wrapped, "R4").map(|(_, lon)| lon.abs()), Some(180.0));
        let unplaced = changed(&opened, |settings| {
            settings.remedies.insert(Remedy::UnplaceNullIsland);
        });
        assert_eq!(place(&all(&unplaced).store, "R8"), None);
    }

    #[test]
    fn impossible_dates() {
        let Some((_, imported)) = nasty("09_impossible_dates.csv") else { return };
        let store = &imported.store;
        assert_eq!(imported.report.events, 35);
        for key in ["D0", "D1", "D2", "D4", "D5", "D6", "D7", "D8", "D9", "D33", "D34"] {
            assert!(store.interval(event(store, key)).is_unknown(), "{key}: {}", day(store, key));
        }
        for (key, expected) in [
            ("D3", "2024-02-29"),
            ("D15", "2024-07-28"),
            ("D20", "2024-07-27"),
            ("D21", "2024-07-01/2024-07-31"),
            ("D22", "2024-01-01/2024-12-31"),
            ("D23", "2024-07-27"),
            ("D24", "2024-07-27"),
            ("D25", "2024-07-27"),
            ("D26", "2024-07-27"),
            ("D27", "1968-07-27"),
            ("D28", "2024-07-27"),
            ("D29", "2024-07-27"),
            ("D32", "2024-07-27/2024-07-29"),
        ] {
            assert_eq!(day(store, key), expected, "{key}");
        }
        assert!(count(&imported, Issue::NoSuchDate) >= 8);
        assert_eq!(count(&imported, Issue::NoDate), 1);
    }

    #[test]
    fn great_tolls() {
        let Some((_, imported)) = nasty("11_fatalities_1e9.csv") else { return };
        let store = &imported.store;
        let best = |key: &str| store.fatalities(event(store, key)).best;
        assert_eq!(["F1", "F3", "F4", "F5"].map(best), [Some(1_000_000_000), None, Some(1234), Some(3)]);
        assert!(count(&imported, Issue::HugeToll) >= 1 && count(&imported, Issue::NotANumber) == 1);
    }

    #[test]
    fn ragged_rows() {
        let Some((_, imported)) = nasty("13_ragged_rows.csv") else { return };
        let report = &imported.report;
        assert_eq!((report.rows, report.events, report.left_out), (9, 5, 4));
        for issue in [Issue::EmptyRow, Issue::BlankFields, Issue::Comment, Issue::TotalRow] {
            assert_eq!(count(&imported, issue), 1, "{issue:?}");
        }
        assert_eq!(count(&imported, Issue::TooFewFields), 1);
        assert_eq!(note(&imported.store, "R3"), "note, with, unquoted, commas");
        assert_eq!(note(&imported.store, "R5"), "ok");
        assert_eq!(place(&imported.store, "R2"), Some((18.44, 1.41)));
    }

    #[test]
    fn quotation_marks_within_fields() {
        let Some((_, imported)) = nasty("14b_quotes_inside_field.csv") else { return };
        assert_eq!(imported.report.events, 4);
        assert_eq!(note(&imported.store, "Q1"), "he said \"fire\" loudly");
        assert_eq!(note(&imported.store, "Q2"), "embedded\nnewline and \"quotes\", comma");
        assert_eq!(note(&imported.store, "Q3"), "'single, quoted'");
        assert_eq!(count(&imported, Issue::OddQuotes), 1);
    }

    #[test]
    fn zero_bytes() {
        let Some((_, imported)) = nasty("15_nul_bytes.csv") else { return };
        assert_eq!((imported.report.events, imported.report.left_out), (3, 1));
        assert_eq!(count(&imported, Issue::ControlCharacters), 1);
    }

    #[test]
    fn a_cell_of_two_megabytes() {
        let Some((_, imported)) = nasty("16_2mb_cell.csv") else { return };
        assert_eq!((imported.report.events, count(&imported, Issue::HugeField)), (2, 1));
    }

    #[test]
    fn repeated_ids() {
        let Some((opened, imported)) = nasty("17_duplicate_ids.csv") else { return };
        assert_eq!(imported.report.events, 7);
        for (issue, expected) in
            [(Issue::RepeatedRow, 1), (Issue::RepeatedId, 1), (Issue::NoId, 2), (Issue::SimilarId, 2)]
        {
            assert_eq!(count(&imported, issue), expected, "{issue:?}");
        }
        let kept = |remedy: Remedy| {
            all(&changed(&opened, |settings| {
                settings.remedies.insert(remedy);
            }))
            .report
        };
        let report = kept(Remedy::DropRepeatedRows);
        assert_eq!((report.events, report.count_of(Issue::DroppedCopy)), (6, 1));
        let report = kept(Remedy::KeepLastOfId);
        assert_eq!((report.events, report.count_of(Issue::DroppedCopy)), (5, 2));
    }

    #[test]
    fn formulas_are_text() {
        let Some((_, imported)) = nasty("23_formula_injection.csv") else { return };
        assert_eq!(imported.report.events, 10);
    }

    #[test]
    fn broken_utf8() {
        let Some((opened, imported)) = nasty("25_invalid_utf8.csv") else { return };
        assert_eq!(imported.report.events, 6);
        let as_1252 = all(&changed(&opened, |settings| settings.encoding = Encoding::Windows1252)).store;
        assert_eq!(note(&as_1252, "U4"), "latin1 café Ségou");
        let utf8 = changed(&opened, |settings| settings.encoding = Encoding::Utf8);
        let imported = all(&utf8);
        assert!(count(&imported, Issue::BadText) >= 4);
        assert_eq!(note(&imported.store, "U5"), "utf8 Ségou");
        assert_eq!(count(&imported, Issue::DoubleEncoded), 1);
        let undone = changed(&utf8, |settings| {
            settings.remedies.insert(Remedy::UndoDoubleEncoding);
        });
        assert!(note(&all(&undone).store, "U6").starts_with("mojibake Ségou"));
    }

    #[test]
    fn odd_features() {
        let Some((_, imported)) = nasty("19_geojson_weird.geojson") else { return };
        assert_eq!(imported.report.events, 15);
        let unplaced: Vec<&str> = imported
            .report
            .findings
            .iter()
            .filter(|found| found.issue == Issue::NoPlace)
            .flat_map(|found| found.list.iter().map(|one| one.at.as_str()))
            .collect();
        let expected = [1, 4, 5, 6, 8, 12, 15].map(|number| format!("feature {number}"));
        assert_eq!(unplaced, expected);
        assert_eq!((imported.report.undated, imported.report.unplaced), (11, 7));
        let Some((_, lines)) = nasty("19d_geojsonl_newline_delimited.geojsonl") else { return };
        assert_eq!(lines.report.events, 5);
    }

    #[test]
    fn files_that_break_off_or_are_errors() {
        let Some((_, imported)) = nasty("20_truncated.geojson") else { return };
        assert!(imported.report.events >= 10);
        assert!(imported.report.cut_short.as_deref().is_some_and(|why| why.contains("byte")));
        let Some(folder) = folder("WAQAI_NASTY", "nasty") else { return };
        let err = open(&folder.join("20c_acled_api_error.json"), Allowance::default(), &unwatched);
        let err = err.expect_err("an error");
        assert!(err.sentence().is_some_and(|said| said.contains("401")), "{err:?}");
    }

    #[test]
    fn bombs() {
        let Some(folder) = folder("WAQAI_NASTY", "nasty") else { return };
        let err = open(&folder.join("21_zip_bomb_like_200mb.xlsx"), Allowance::default(), &unwatched);
        assert!(matches!(err, Err(ImportError::Large(_))), "{err:?}");
        let Some((_, kml)) = nasty("22_kml_billion_laughs.kml") else { return };
        assert!(kml.report.events <= 1);
        let Some((_, kmz)) = nasty("24b_kmz_without_doc_kml.kmz") else { return };
        assert_eq!(kmz.report.events, 1);
    }
}

mod samples {
    use super::*;

    fn sample(name: &str) -> Option<(Opened, Imported)> {
        let path = folder("WAQAI_SAMPLES", "samples")?.join(name);
        let opened = opened(&path);
        let imported = all(&opened);
        Some((opened, imported))
    }

    #[test]
    fn ucdp_with_dates_in_three_columns() {
        let Some((opened, imported)) = sample("ucdp_ged_211_prec12_176k.csv") else { return };
        let (store, report) = (&imported.store, &imported.report);
        assert_eq!(opened.settings().dialect, Some(Dialect::Ucdp));
        assert!(opened.detected().is_known);
        assert_eq!((report.events, report.left_out, report.undated, report.unplaced), (176_579, 0, 0, 0));
        assert_eq!(killed(store), 1_797_771);
        let tolls = || store.events().map(|event| store.fatalities(event));
        assert_eq!(tolls().filter_map(|toll| toll.low).map(u64::from).sum::<u64>(), 1_461_366);
        assert_eq!(tolls().filter_map(|toll| toll.high).map(u64::from).sum::<u64>(), 2_818_326);
        assert_eq!(tolls().filter_map(|toll| toll.best).max(), Some(40_000));
        assert_eq!(tolls().filter(|toll| toll.best > Some(0)).count(), 162_207);
        assert_eq!(count(&imported, Issue::LowAboveBest), 1462);
        let extent = store.time_extent().expect("dates").to_edtf();
        assert_eq!(extent, "1989-01-01/2020-12-31");
        assert_eq!(count(&imported, Issue::RepeatedId), 0);
    }

    #[test]
    fn ucdp_without_a_header() {
        let Some((opened, imported)) = sample("ucdp_ged_candidate_v26_0_2_noheader.csv") else { return };
        let (store, report) = (&imported.store, &imported.report);
        assert_eq!(
            (opened.settings().dialect, opened.settings().header),
            (Some(Dialect::Ucdp), Header::None)
        );
        assert_eq!((report.events, report.left_out, report.undated, report.unplaced), (1298, 0, 0, 0));
        assert_eq!(killed(store), 12_521);
        assert_eq!(store.columns.times.odd().len(), 145);
        let placeholders = report.findings.iter().filter(|found| found.issue == Issue::PlaceholderActor);
        let named = placeholders.flat_map(|found| &found.list).filter(|one| one.value == "XXX475");
        // In 45 of these rows both sides are.
        assert_eq!(named.count(), 74);
        let low: u64 = store.events().filter_map(|event| store.fatalities(event).low).map(u64::from).sum();
        assert_eq!(low, 12_149);
    }

    #[test]
    fn gdelt_without_header_and_quotes() {
        let Some((opened, imported)) = sample("gdelt2_20151027_export.tsv") else { return };
        let report = &imported.report;
        let settings = opened.settings();
        assert_eq!(
            (settings.dialect, settings.quotes, settings.delimiter),
            (Some(Dialect::Gdelt2), false, b'\t')
        );
        assert_eq!((report.events, report.left_out, report.undated, report.unplaced), (2116, 0, 0, 65));
        assert_eq!(count(&imported, Issue::NullIsland), 20);
        let extent = imported.store.time_extent().expect("dates").to_edtf();
        assert_eq!(extent, "2014-10-27/2015-10-27");
        let unknown = imported.store.events().filter(|e| imported.store.event_type(*e) == EventType::Other);
        assert!(unknown.count() < 2116);
    }

    #[test]
    fn one_subset_in_four_containers() {
        for name in ["ucdp_mali_891.xlsx", "ucdp_mali_891.ods", "ucdp_mali_891.kml", "ucdp_mali_891.kmz"] {
            let Some((_, imported)) = sample(name) else { return };
            let (store, report) = (&imported.store, &imported.report);
            let counts = (report.events, report.left_out, report.undated, report.unplaced);
            assert_eq!(counts, (891, 0, 0, 0), "{name}: {:?}", report.findings);
            assert_eq!(killed(store), 6705, "{name}");
            let extent = store.time_extent().expect("dates").to_edtf();
            assert_eq!(extent, "1990-06-28/2020-12-29", "{name}");
            let types = |wanted: EventType| store.events().filter(|e| store.event_type(*e) == wanted).count();
            assert_eq!(types(EventType::ViolenceAgainstCivilians), 243, "{name}");
        }
    }

    #[test]
    fn the_same_rows_as_text_and_parquet() {
        let Some((_, text)) = sample("ucdp_ged_211_prec12_176k.csv") else { return };
        let Some((_, parquet)) = sample("ucdp_ged_211_prec12_176k.geoparquet") else { return };
        assert_eq!(parquet.report.events, 176_579);
        let (a, b) = (&text.store, &parquet.store);
        assert!(a.columns.times == b.columns.times);
        assert!(a.columns.lat == b.columns.lat && a.columns.lon == b.columns.lon);
        assert!(a.columns.fatalities == b.columns.fatalities);
        assert!(a.columns.kinds == b.columns.kinds && a.columns.kind == b.columns.kind);
        assert!(a.columns.actors == b.columns.actors && a.columns.places == b.columns.places);
        assert!(a.actors == b.actors);
    }

    #[test]
    fn ucdp_as_published_in_a_workbook() {
        let Some((opened, imported)) = sample("ucdp_ged_candidate_v26_0_2.xlsx") else { return };
        let report = &imported.report;
        assert_eq!(opened.settings().dialect, Some(Dialect::Ucdp));
        assert_eq!(
            (report.events, report.left_out, report.undated, report.unplaced),
            (1298, 0, 0, 0),
            "{:?}",
            report.findings
        );
        assert_eq!(killed(&imported.store), 12_521);
        assert_eq!(imported.store.columns.times.odd().len(), 145);
        let Some((_, text)) = sample("ucdp_ged_candidate_v26_0_2_noheader.csv") else { return };
        // Actors are numbered stretch by stretch, and stretches are cut by length: names are compared.
        let names = |store: &Store, lists: &Lists, row| -> Vec<String> {
            let name = |id: &u32| store.actors[*id as usize].key.clone();
            lists.of(row).iter().map(name).collect()
        };
        let (one, other) = (&imported.store, &text.store);
        let (a, b) = (&one.columns, &other.columns);
        assert!(a.times == b.times && a.kinds == b.kinds && a.kind == b.kind && a.places == b.places);
        assert!(a.fatalities == b.fatalities);
        assert_eq!((&a.lat, &a.lon), (&b.lat, &b.lon));
        for row in 0..a.len() {
            assert_eq!(names(one, &a.actors, row), names(other, &b.actors, row));
            assert_eq!(names(one, &a.claimants, row), names(other, &b.claimants, row));
        }
    }

    #[test]
    fn ucdp_in_geojson() {
        let Some((opened, imported)) = sample("ucdp_ged_v23_1_CAR.geojson") else { return };
        let report = &imported.report;
        assert_eq!(opened.settings().dialect, Some(Dialect::Ucdp));
        assert_eq!((report.events, report.left_out, report.undated, report.unplaced), (1848, 0, 0, 0));
        assert_eq!(killed(&imported.store), 14_948);
        assert_eq!(imported.store.columns.times.odd().len(), 481);
    }

    #[test]
    fn placemarks() {
        for (name, events, undated) in [
            ("timestamps.kml", 11, 0),
            ("TimeTest.kml", 6, 1),
            ("YearDates.kml", 3, 0),
            ("YearMonthDates.kml", 4, 0),
            ("nestedInherits.kml", 6, 0),
            ("time-stamp-point.kmz", 361, 0),
            ("sloppy_badCoord.kml", 32, 32),
        ] {
            let Some((_, imported)) = sample(&format!("kml/{name}")) else { return };
            let found: Vec<_> =
                imported.report.findings.iter().map(|f| (f.issue, f.count, f.list.first())).collect();
            let counts = (imported.report.events, imported.report.undated);
            assert_eq!(counts, (events, undated), "{name}: {found:?}");
        }
    }

    #[test]
    fn tracks() {
        for (name, events) in [("wikipedia_example.gpx", 3), ("gpsies_example.gpx", 41)] {
            let Some((_, imported)) = sample(&format!("gpx/{name}")) else { return };
            let report = &imported.report;
            assert_eq!((report.events, report.undated, report.unplaced), (events, 0, 0), "{name}");
        }
    }
}

mod own {
    use super::*;
    use EventType::{Battles, Explosions, Other, Protests, ViolenceAgainstCivilians};

    fn own(name: &str) -> (Opened, Imported) {
        let opened = opened(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name));
        let imported = all(&opened);
        (opened, imported)
    }

    type Expected<'a> = (&'a str, EventType, Option<u32>, Option<(f32, f32)>);

    /// First days, event types, best figures and positions of all events in order of the file.
    #[track_caller]
    fn are(imported: &Imported, expected: &[Expected<'_>]) {
        let store = &imported.store;
        let table = &store.tables[0];
        let mut events: Vec<EventId> = store.events().collect();
        events.sort_by_key(|event| table.offset_of(event.index()));
        let found: Vec<_> = events
            .into_iter()
            .map(|event| {
                let at = store.position(event).map(|at| (at.lat as f32, at.lon as f32));
                let best = store.fatalities(event).best;
                (store.interval(event).to_edtf(), store.event_type(event), best, at)
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(day, event_type, best, at)| ((*day).to_owned(), *event_type, *best, *at))
            .collect();
        assert_eq!(found, expected, "{:#?}", imported.report.findings);
    }

    const A: Option<(f32, f32)> = Some((10.5, -3.25));
    const B: Option<(f32, f32)> = Some((9.25, -4.75));
    const C: Option<(f32, f32)> = Some((8.125, -5.5));

    #[test]
    fn all_generations_of_acled() {
        for (name, dialect, year) in [
            ("acled_2025.csv", Dialect::Acled, 2031),
            ("acled_2023.csv", Dialect::Acled, 2031),
            ("acled_2019.csv", Dialect::Acled, 2031),
            ("acled_resaved.csv", Dialect::Acled, 2029),
            ("acled_2012.csv", Dialect::AcledOld, 2011),
        ] {
            let (opened, imported) = own(name);
            assert_eq!(opened.settings().dialect, Some(dialect), "{name}");
            assert!(opened.detected().is_known, "{name}");
            let day = |day: u32| format!("{year}-04-{day:02}");
            let days = [3, 4, 15].map(day);
            are(
                &imported,
                &[
                    (&days[0], Battles, Some(12), A),
                    (&days[1], ViolenceAgainstCivilians, Some(0), B),
                    (&days[2], Protests, Some(3), C),
                ],
            );
            let store = &imported.store;
            let precisions: Vec<&str> = store.events().map(|e| store.date_precision(e).code()).collect();
            assert_eq!(precisions, ["day", "week", "month"], "{name}");
            let precisions: Vec<&str> = store.events().map(|e| store.geo_precision(e).code()).collect();
            assert_eq!(precisions, ["exact", "near", "region"], "{name}");
            assert_eq!(count(&imported, Issue::UnknownType), 0, "{name}");
        }
    }

    #[test]
    fn ucdp_by_name_in_any_order_and_without_a_header() {
        for name in ["ucdp.csv", "ucdp_short.csv", "ucdp_noheader.csv"] {
            let (opened, imported) = own(name);
            assert_eq!(opened.settings().dialect, Some(Dialect::Ucdp), "{name}");
            assert!(opened.detected().is_known, "{name}");
            are(
                &imported,
                &[
                    ("2029-04-03", Battles, Some(12), A),
                    ("2029-04-01/2029-04-30", ViolenceAgainstCivilians, Some(7), B),
                    ("2029-04-05/2029-04-07", Battles, Some(0), C),
                ],
            );
            let store = &imported.store;
            let toll = store.fatalities(event(store, "9000"));
            assert_eq!((toll.low, toll.high), (Some(10), Some(20)), "{name}");
            assert_eq!(store.geo_precision(event(store, "9002")).code(), "country", "{name}");
            assert_eq!(store.date_precision(event(store, "9001")).code(), "month", "{name}");
            assert_eq!(count(&imported, Issue::LowAboveBest), 1, "{name}");
            assert_eq!(count(&imported, Issue::PlaceholderActor), 1, "{name}");
        }
        let (opened, _) = own("ucdp.csv");
        let ordered = changed(&opened, |settings| {
            settings.remedies.insert(Remedy::OrderTolls);
        });
        let store = all(&ordered).store;
        let toll = store.fatalities(event(&store, "9002"));
        assert_eq!((toll.low, toll.best, toll.high), (Some(0), Some(2), Some(4)));
        let without = changed(&opened, |settings| {
            settings.remedies.insert(Remedy::DropPlaceholderActors);
        });
        let store = all(&without).store;
        assert_eq!(store.columns.actors.of(event(&store, "9002").index()).len(), 1);
    }

    /// Only the rows that need it change, whether the coordinates are two columns or one.
    #[test]
    fn swapped_coordinates_are_exchanged_where_that_is_needed() {
        let folder = std::env::temp_dir().join(format!("waqai-swapped-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        for (header, rows) in [
            ("id,date,lat,lon", ["a,2029-04-03,16.5,-0.5", "b,2029-04-04,-103.25,16.5"]),
            ("id,date,coordinates", ["a,2029-04-03,\"16.5, -0.5\"", "b,2029-04-04,\"-103.25, 16.5\""]),
        ] {
            let path = folder.join("swapped.csv");
            std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).expect("file");
            let opened = opened(&path);
            let found = all(&opened);
            assert_eq!(count(&found, Issue::SwappedCoordinates), 1, "{header}");
            let remedy = Issue::SwappedCoordinates.remedy().expect("remedy");
            let found = all(&changed(&opened, |settings| {
                settings.remedies.insert(remedy);
            }));
            let at = |key: &str| place(&found.store, key);
            assert_eq!((at("a"), at("b")), (Some((16.5, -0.5)), Some((16.5, -103.25))), "{header}");
            assert_eq!(count(&found, Issue::SwappedCoordinates), 0);
        }
        std::fs::remove_dir_all(&folder).ok();
    }

    #[test]
    fn gdelt_of_both_versions() {
        for (name, dialect) in [("gdelt2.tsv", Dialect::Gdelt2), ("gdelt1.tsv", Dialect::Gdelt1)] {
            let (opened, imported) = own(name);
            let settings = opened.settings();
            assert_eq!(
                (settings.dialect, settings.quotes, settings.header),
                (Some(dialect), false, Header::None)
            );
            are(
                &imported,
                &[
                    ("2029-04-03", Battles, None, A),
                    ("2029-04-03", Protests, None, Some((0.0, 0.0))),
                    (
                        "2029-04-01",
                        imported.store.event_type(event(&imported.store, "400000003")),
                        None,
                        None,
                    ),
                ],
            );
            assert_eq!(count(&imported, Issue::NullIsland), 1);
            let fields = imported.store.tables[0].fields(event(&imported.store, "400000001").index());
            assert_eq!(fields[16], "RED \"BAND");
        }
    }

    #[test]
    fn gtd_in_windows_1252() {
        let (opened, imported) = own("gtd.csv");
        let settings = opened.settings();
        assert_eq!((settings.dialect, settings.encoding), (Some(Dialect::Gtd), Encoding::Windows1252));
        // Two and a half people are rounded away from zero.
        are(
            &imported,
            &[("2029-04-03", Explosions, Some(3), A), ("2029-04-01/2029-04-30", Other, None, None)],
        );
        for issue in [Issue::FractionalToll, Issue::NoSuchCoordinate, Issue::PlaceholderActor] {
            assert_eq!(count(&imported, issue), 1, "{issue:?}");
        }
        assert!(count(&imported, Issue::UnknownCode) >= 1);
        let quiet = changed(&opened, |settings| {
            settings.remedies.insert(Remedy::NegativeIsUnknown);
        });
        assert_eq!(count(&all(&quiet), Issue::UnknownCode), 0);
        let place = imported.store.places.iter().any(|place| place.key.contains("Àville"));
        assert!(place, "{:?}", imported.store.places);
    }

    /// Where no date tells, the family does.
    #[test]
    fn the_month_comes_first_in_gtd() {
        let folder = std::env::temp_dir().join(format!("waqai-gtd-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let path = folder.join("gtd.csv");
        let header = "eventid,iyear,imonth,iday,latitude,longitude,specificity,attacktype1,nkill,resolution";
        std::fs::write(&path, format!("{header}\n203105030001,2031,5,3,16.2,0.1,1,6,0,5/9/2031\n"))
            .expect("file");
        let opened = opened(&path);
        assert_eq!(opened.settings().date_order, DateOrder::MonthFirst);
        assert_eq!(day(&all(&opened).store, "203105030001"), "2031-05-03/2031-05-09");
        std::fs::remove_dir_all(&folder).ok();
    }

    #[test]
    fn tables_of_no_family() {
        let (opened, imported) = own("hdx.csv");
        assert_eq!(opened.settings().dialect, None);
        are(&imported, &[("2029-04-03", Other, Some(12), A), ("2029-04-04", Other, Some(0), B)]);
        assert_eq!(count(&imported, Issue::Comment), 1);

        let (opened, imported) = own("arabic_1256.csv");
        assert_eq!(opened.settings().encoding, Encoding::Windows1256);
        are(&imported, &[("2029-04-03", Other, Some(12), A), ("2029-04-25", Other, Some(3), B)]);

        let (opened, imported) = own("utf16.tsv");
        let settings = opened.settings();
        assert_eq!((settings.encoding, settings.decimal), (Encoding::Utf16Le, DecimalMark::Comma));
        assert_eq!(settings.date_order, DateOrder::MonthFirst);
        are(&imported, &[("2029-04-13", Other, Some(1234), A), ("2029-04-03", Other, Some(2), B)]);

        let (opened, imported) = own("titled.csv");
        assert_eq!(opened.settings().header, Header::Line(3));
        assert_eq!((imported.report.rows, imported.report.events, imported.report.left_out), (6, 2, 4));
        are(
            &imported,
            &[("2029-04-03", Battles, Some(12), A), ("2029-01-01/2029-12-31", Protests, Some(3), B)],
        );
    }

    #[test]
    fn containers_and_annotated_documents() {
        for (name, format) in [
            ("events.geojson", Format::GeoJson),
            ("events.geojsonl", Format::GeoJson),
            ("events.jsonl", Format::Json),
            ("events.kml", Format::Kml),
            ("service.json", Format::Json),
            ("timemap.json", Format::TimeMap),
            ("track.gpx", Format::Gpx),
            ("doccano.jsonl", Format::Doccano),
            ("brat.ann", Format::Brat),
            ("webanno.tsv", Format::WebAnno),
        ] {
            let (opened, imported) = own(name);
            assert_eq!(opened.settings().format, format, "{name}");
            assert!(imported.report.events > 0 && opened.missing().is_empty(), "{name}");
        }
    }
}

#[test]
fn settings_that_were_chosen_stay_chosen() {
    let path = std::env::temp_dir().join(format!("waqai-formats-{}.csv", std::process::id()));
    std::fs::write(&path, "id;when;lat;lon\n1;03/04/2024;1,5;2,5\n2;05/06/2024;1,5;2,5\n").expect("file");
    let first = opened(&path);
    assert_eq!(first.settings().format, Format::Delimited);
    let dates = |opened: &Opened| opened.detected().evidence_of(Setting::Dates).map(|e| e.sureness);
    assert_eq!(dates(&first), Some(waqai::model::import::Sureness::Guess));
    let imported = all(&first);
    assert_eq!(count(&imported, Issue::AmbiguousDate), 2);
    assert_eq!(day(&imported.store, "1"), "2024-04-03");
    let second = changed(&first, |settings| settings.date_order = DateOrder::MonthFirst);
    assert_eq!(dates(&second), Some(waqai::model::import::Sureness::Chosen));
    let third = changed(&second, |settings| settings.columns[0] = None);
    assert_eq!(third.settings().date_order, DateOrder::MonthFirst);
    let imported = all(&third);
    assert_eq!(count(&imported, Issue::AmbiguousDate), 0);
    assert_eq!(imported.store.interval(EventId(0)).to_edtf(), "2024-03-04");
    let without = changed(&third, |settings| settings.header = Header::None);
    assert_eq!(without.detected().columns, ["A", "B", "C", "D"]);
    std::fs::remove_file(path).ok();
}

mod shell {
    use super::*;
    use serde_json::Value;
    use std::process::Command;

    fn json(args: &[&str]) -> Value {
        let ran = Command::new(env!("CARGO_BIN_EXE_waqai")).args(args).arg("--json").output().expect("waqai");
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice(&ran.stdout).expect("JSON")
    }

    fn own(name: &str) -> String {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name).display().to_string()
    }

    #[test]
    fn info_tells_settings_mapping_and_report() {
        let info = json(&["info", &own("ucdp.csv"), "--column", "best", "--column", "country"]);
        let file = &info["files"][0];
        assert_eq!((file["dialect"].as_str(), file["header"].as_u64()), (Some("ucdp"), Some(1)));
        assert_eq!(file["columns"][0], serde_json::json!({"name": "id", "field": "id"}));
        assert_eq!((&file["report"]["rows"], &file["report"]["events"]), (&Value::from(3), &Value::from(3)));
        let issues: Vec<&str> = file["report"]["findings"]
            .as_array()
            .expect("list")
            .iter()
            .filter_map(|f| f["issue"].as_str())
            .collect();
        assert_eq!(issues, ["placeholder_actor", "low_above_best"]);
        assert_eq!(info["columns"]["best"]["numbers"]["sum"], 19.0);
        assert_eq!(info["columns"]["country"]["counts"], serde_json::json!({"Lalaland": 3}));
        let figures = &info["figures"];
        assert_eq!(figures["coordinates"]["latitude"], serde_json::json!([8.125, 10.5]));
        assert_eq!(figures["dates"]["multi_day"], 2);
        assert_eq!(figures["fatalities"]["out_of_order"], 1);
    }

    #[test]
    fn settings_can_be_chosen() {
        let path = own("arabic_1256.csv");
        let info = json(&[
            "info",
            &path,
            "--encoding",
            "windows-1252",
            "--delimiter",
            ",",
            "--header",
            "none",
            "--map",
            "A=notes",
            "--map",
            "A=place",
        ]);
        let file = &info["files"][0];
        assert_eq!(file["encoding"], "windows-1252");
        assert_eq!((&file["header"], &file["delimiter"]), (&Value::Null, &Value::from(",")));
        assert_eq!(file["columns"][0]["field"], "place");
        let query = json(&["query", &own("ucdp.csv"), "--remedy", "order_tolls", "--where", "id=9002"]);
        assert_eq!(query["events"][0]["fatalities"]["best"], 2);
    }

    #[test]
    fn events_are_found_by_rows() {
        let path = own("acled_2023.csv");
        let matching = |args: &[&str]| {
            let query = json(&[&["query", &path], args].concat());
            let sum: u64 = ["matching", "outside_window", "undated", "filtered_out"]
                .iter()
                .filter_map(|key| query[key].as_u64())
                .sum();
            assert_eq!(Some(sum), query["total"].as_u64());
            query["matching"].as_u64().expect("number")
        };
        assert_eq!(matching(&["--where", "inter1=Rebel group"]), 1);
        assert_eq!(matching(&["--where", "inter1=Rebel group", "--where", "fatalities=12"]), 0);
        assert_eq!(matching(&["--country", "Lalaland"]), 3);
        assert_eq!(matching(&["--near", "10.5,-3.25,1"]), 1);
        assert_eq!(matching(&["--near", "10.5,-3.25,250"]), 2);
        assert_eq!(matching(&["--starts-in", "2031-04-04/2031-04-30"]), 2);
    }

    #[test]
    fn figures_of_others() {
        let Some(folder) = folder("WAQAI_SAMPLES", "samples") else { return };
        let path = folder.join("ucdp_ged_211_prec12_176k.csv").display().to_string();
        for (args, events, killed) in [
            (&["--near", "18.44,1.41,50"][..], 24, None),
            (&["--near", "18.44,1.41,100"], 37, None),
            (&["--starts-in", "2020-07"], 775, Some(3079)),
            (&["--starts-in", "2012/2013"], 31_120, Some(122_157)),
            (&["--country", "Mali"], 891, Some(6705)),
            (&["--country", "Mali", "--near", "18.44,1.41,50"], 24, None),
        ] {
            let query = json(&[&["query", &path, "--limit", "0"], args].concat());
            assert_eq!(query["matching"], events, "{args:?}");
            assert!(killed.is_none_or(|killed: u64| query["fatalities"]["best"] == killed), "{args:?}");
        }
        let path = folder.join("gdelt2_20151027_export.tsv").display().to_string();
        let info = json(&["info", &path, "--column", "NumMentions", "--column", "AvgTone"]);
        assert_eq!(info["columns"]["NumMentions"]["numbers"]["sum"], 11_628.0);
        let mean = info["columns"]["AvgTone"]["numbers"]["mean"].as_f64().expect("number");
        assert!((mean + 2.645149).abs() < 1e-6);
        assert_eq!(info["figures"]["coordinates"]["distinct"], 434);
    }
}
