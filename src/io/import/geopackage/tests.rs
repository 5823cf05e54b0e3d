//! Files are made by the tests themselves.

use proptest::prelude::*;

use super::*;
use crate::io::import::archive::tests::{changes, mutate};
use crate::io::import::wkb::tests::point;
use crate::io::testing::TempFolder;

/// A file of its own for a test.
fn file(name: &str, bytes: &[u8]) -> (TempFolder, std::path::PathBuf) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = TempFolder::new(&format!("geopackage-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    (folder, path)
}

fn made(statements: &str) -> Vec<u8> {
    let (_folder, path) = file("made.gpkg", b"");
    let database = Connection::open(&path).expect("a database");
    database.execute_batch(statements).expect("sound statements");
    drop(database);
    std::fs::read(&path).expect("read")
}

fn blob(x: f64, y: f64, box_kind: u8) -> String {
    let mut bytes = b"GP\0".to_vec();
    bytes.push(1 | box_kind << 1);
    bytes.extend(4326_i32.to_le_bytes());
    bytes.extend(vec![0; if box_kind == 1 { 32 } else { 0 }]);
    bytes.extend(point(x, y));
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}

fn package() -> Vec<u8> {
    made(&format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[]'), ('Web', 3857, 'EPSG', 3857, 'PROJCS[]'), ('LV95', 2056, 'EPSG', 2056, 'PROJCS[]');
         CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, srs_id INTEGER);
         INSERT INTO gpkg_contents VALUES ('events', 'features', 'Events', 4326), ('web', 'features', '', 3857), ('swiss', 'features', '', 2056), ('codes', 'attributes', '', 0), ('tiles', 'tiles', '', 0);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT);
         INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', 4326, 0, 0), ('web', 'geom', 'GEOMETRY', 3857, 0, 0), ('swiss', 'geom', 'POINT', 2056, 0, 0);
         CREATE TABLE events (fid INTEGER PRIMARY KEY, geom POINT, code TEXT, day DATE, seen DATETIME, best REAL, known BOOLEAN);
         INSERT INTO events VALUES (1, {}, '012', '2024-07-27', '2024-07-27T00:00:00.000Z', 12.0, 1),
            (2, {}, 'a, \"b\"', NULL, '2024-07-27T10:00:00Z', 1e-7, 0), (3, NULL, NULL, NULL, NULL, NULL, NULL), (4, x'4750', '', '', '', '', 7);
         CREATE TABLE web (geom BLOB); INSERT INTO web VALUES ({});
         CREATE TABLE swiss (geom BLOB); INSERT INTO swiss VALUES ({});
         CREATE TABLE codes (code TEXT, raw BLOB); INSERT INTO codes VALUES ('x', x'00ff');
         CREATE TABLE tiles (a);
         CREATE TABLE log (n);
         CREATE TRIGGER noise AFTER INSERT ON events BEGIN INSERT INTO log VALUES (1); END;",
        blob(1.41, 18.44, 0),
        blob(-2.5, 17.0, 1),
        blob(156_543.0, 2_000_000.0, 0),
        blob(2_600_000.0, 1_200_000.0, 0),
    ))
}

fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Grid, ImportError> {
    let (_folder, path) = file("a #1? %.gpkg", bytes);
    read("a.gpkg", &path, sheet, &crate::io::unwatched)
}

fn text(grid: &Grid) -> String {
    String::from_utf8_lossy(&grid.text).into_owned()
}

#[test]
fn layers_and_their_values() {
    let bytes = package();
    let (folder, path) = file("a.gpkg", &bytes);
    let names = sheets("a.gpkg", &path).expect("layers");
    let known = [("events", 4), ("web", 1), ("swiss", 1), ("codes", 1)];
    assert_eq!(names, known.map(|(name, rows)| (name.to_owned(), Some(rows))));
    let grid = open(&bytes, None).expect("a grid");
    assert_eq!(grid.columns, ["fid", "@latitude", "@longitude", "code", "day", "seen", "best", "known"]);
    assert_eq!(
        text(&grid),
        "1,18.44,1.41,012,2024-07-27,2024-07-27,12,true\n\
         2,17,-2.5,\"a, \"\"b\"\"\",,2024-07-27T10:00:00Z,0.0000001,false\n3,,,,,,,\n4,,,,,,,7\n"
    );
    assert_eq!(grid.row_name, "feature {} of “events”");
    assert_eq!((grid.findings.len(), grid.findings[0].0), (1, Issue::BadGeometry));
    assert_eq!(grid.findings[0].1.at, "feature 4 of “events”");
    assert_eq!(open(&bytes, Some("codes")).map(|grid| text(&grid)), Ok("x,0x00ff\n".to_owned()));
    // Nothing is made beside the file, and the file stays as it is.
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert_eq!(std::fs::read(&path).expect("a file"), bytes);
}

#[test]
fn projections_are_turned_back_or_told() {
    let bytes = package();
    let web = open(&bytes, Some("web")).expect("a grid");
    assert_eq!(text(&web), "17.6789142,1.4062497,POINT (1.4062497 17.6789142)\n");
    let swiss = open(&bytes, Some("swiss")).expect("a grid");
    assert_eq!(text(&swiss), ",\n");
    assert!(swiss.findings[0].1.value.contains("EPSG:2056 (LV95)"));
}

#[test]
fn plain_databases_have_tables() {
    let bytes = made(
        "CREATE TABLE people (id, name, mail, x1, x2); INSERT INTO people VALUES (1, 2, 3, 4, 5), (2, 2, 3, 4, 5);
         CREATE TABLE \"my \"\"events\" (event_date, latitude, longitude); INSERT INTO \"my \"\"events\" VALUES ('2024', 1.5, 2);",
    );
    let grid = open(&bytes, None).expect("a grid");
    assert_eq!((grid.row_name.as_str(), text(&grid).as_str()), ("row {} of “my \"events”", "2024,1.5,2\n"));
}

#[test]
fn views_are_read_and_endless_ones_are_not() {
    let bytes = made(
        "CREATE TABLE t (a); INSERT INTO t VALUES (1);
         CREATE VIEW v AS SELECT a + 1 AS b FROM t;
         CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0;
         CREATE VIEW more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
         CREATE VIEW large AS SELECT zeroblob(900000000) AS a;",
    );
    assert_eq!(open(&bytes, Some("v")).map(|grid| text(&grid)), Ok("2\n".to_owned()));
    let err = open(&bytes, Some("endless")).expect_err("endless");
    assert!(err.sentence().is_some_and(|it| it.contains("takes too long")));
    let more = open(&bytes, Some("more")).expect("its first rows");
    assert_eq!(more.rows.len(), MAX_VIEW_ROWS as usize);
    assert!(more.cut_short.is_some_and(|it| it.contains("a view")));
    assert!(open(&bytes, Some("large")).is_err());
}

#[test]
fn what_is_no_database_is_refused() {
    assert!(open(b"no database, but of some length", None).is_err());
    assert!(read("a.gpkg", Path::new("there/is/none.gpkg"), None, &crate::io::unwatched).is_err());
    assert!(open(&made("CREATE TABLE gpkg_contents (table_name, data_type)"), None).is_err());
}

#[test]
fn geometries_behind_every_head() {
    assert!(geometry(b"GP\0\x02").is_err());
    assert!(geometry(b"GP\0\x0f\0\0\0\0").is_err());
    assert!(geometry(&point(1.0, 2.0)).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_survived(changes in changes()) {
        let _ = open(&mutate(package(), &changes), None);
    }

    #[test]
    fn any_geometry_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = geometry(&bytes);
        let _ = geometry(&[b"GP\0\x01".as_slice(), &bytes].concat());
    }
}
