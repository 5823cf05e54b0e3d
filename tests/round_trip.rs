//! What is written and read again is what it was, and other programs' checks of the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use waqai::io::export::cell::harmless;
use waqai::io::import::{self, Allowance, Grid};
use waqai::io::{self, Continue, Look, Progress, Reading, builtin, read_case, write_file};
use waqai::model::import::Dialect;
use waqai::model::{EventId, EventType, ExportFormat};
use waqai::store::Store;

/// A folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("waqai-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn reading() -> Reading<'static> {
    Reading { in_time_order: true, progress: &io::unwatched, grown: None }
}

/// Reads a file that this program wrote.
fn read_own(path: &Path) -> Store {
    let store = read(path);
    let dialect = store.tables.first().and_then(|table| table.report.detected.settings.dialect);
    assert_eq!(dialect, Some(Dialect::Waqai), "{}", path.display());
    store
}

fn read(path: &Path) -> Store {
    match io::read_table(path, &reading()) {
        Ok(imported) => imported.store,
        Err(err) => panic!("{err}"),
    }
}

fn mali() -> Store {
    Store::from_batch(read_case(&builtin::MALI, &io::unwatched))
}

fn look() -> Look {
    Look {
        title: "Niger & <b>".to_owned(),
        filter: vec!["2024".to_owned(), "text “غاو” & <i>".to_owned()],
        colors: EventType::ALL.iter().map(|t| [t.index() as u8 * 30, 80, 160]).collect(),
        picture: None,
    }
}

fn write(store: &Store, format: ExportFormat, path: &Path) -> io::Written {
    let events: Vec<EventId> = store.events().collect();
    write_file(store, &events, format, &look(), path, &io::unwatched).expect("written")
}

/// The exported rows as a CSV file has them: by column, as text, without apostrophes before formulas.
fn rows(store: &Store) -> Vec<BTreeMap<String, String>> {
    let events: Vec<EventId> = store.events().collect();
    let mut bytes = Vec::new();
    io::write_csv(store, &events, io::Per::Event, &mut bytes).expect("CSV");
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).expect("byte order mark");
    let mut reader = csv::Reader::from_reader(bytes);
    let plain = |cell: &str| match cell.strip_prefix('\'') {
        Some(rest) if harmless(rest) == cell => rest.to_owned(),
        _ => cell.to_owned(),
    };
    let header: Vec<String> = reader.headers().expect("header").iter().map(plain).collect();
    let rows = reader.records().map(|row| {
        let row = row.expect("row");
        let cells = row.iter().map(plain);
        header.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect()
    });
    rows.collect()
}

fn grid_rows(grid: &Grid) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
    let rows = reader.records().map(|row| {
        let row = row.expect("row");
        let cells = grid.columns.iter().cloned().zip(row.iter().map(str::to_owned));
        cells.filter(|(_, cell)| !cell.is_empty()).collect()
    });
    rows.collect()
}

/// A dataset of invented rows, in columns of the form that datasets of events often have.
const HEADER: &str = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,\
    assoc_actor_1,inter1,actor2,assoc_actor_2,country,admin1,location,latitude,longitude,geo_precision,\
    source,notes,fatalities,tags,\"odd, name\",Tags,geom";

fn table(folder: &Folder, rows: &[Vec<String>]) -> Store {
    let mut text = format!("{HEADER}\n").into_bytes();
    {
        let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(&mut text);
        rows.iter().for_each(|row| csv.write_record(row).expect("row"));
        csv.flush().expect("text");
    }
    let path = folder.file("source.csv");
    std::fs::write(&path, text).expect("file");
    read(&path)
}

fn one(day: u32, id: &str, notes: &str, lat: &str, lon: &str, toll: &str) -> Vec<String> {
    let date = format!("2024-07-{day:02}");
    let precision = if day > 20 { "3" } else { "1" };
    [
        id,
        &date,
        precision,
        "Battles",
        "Armed clash",
        "Group A",
        "",
        "2",
        "جماعة ب",
        "Ally 1; Ally 2",
        "Niger",
        "Agadez",
        "Arlit",
        lat,
        lon,
        "1",
        "Radio X; Paper Y",
        notes,
        toll,
        "crowd size=no report",
        "-99",
        "t",
        "g",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn some_rows() -> Vec<Vec<String>> {
    vec![
        one(3, "NIG1", "A clash, \"heavy\"\nwith two lines", "18.7369", "7.3853", "4"),
        one(9, "NIG2", "=HYPERLINK(\"x\")", "-3.5", "-0.25", "0"),
        one(27, "NIG3", "اشتباك في أرليت & <b>", "", "", ""),
        one(28, "NIG4", "+1", "99.5", "7.0", "a few"),
    ]
}

fn facts(store: &Store) -> Vec<String> {
    let mut facts: Vec<String> = store
        .events()
        .map(|event| {
            let detail = store.detail(event).expect("event");
            let claim = detail.claims.first();
            format!(
                "{} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?}",
                detail.key,
                store.interval(event),
                store.event_type(event),
                store.sub_type(event),
                store.date_precision(event),
                store.geo_precision(event),
                store.position(event),
                store.fatalities(event),
                detail.actors.iter().map(|a| store.actor(a.actor).map(|a| &a.key)).collect::<Vec<_>>(),
                claim.map(|claim| (&claim.attribution, &claim.statement)),
            )
        })
        .collect();
    facts.sort();
    facts
}

#[test]
fn a_dataset_comes_back_from_csv_with_all_its_columns() {
    let folder = Folder::new("round-csv");
    let store = table(&folder, &some_rows());
    let out = folder.file("out.csv");
    let written = write(&store, ExportFormat::Csv, &out);
    assert_eq!((written.events, written.bytes), (4, std::fs::metadata(&out).expect("file").len()));
    assert!(written.losses.iter().any(|loss| loss.contains("apostrophe")), "{:?}", written.losses);
    let first = rows(&store);
    let row = first.iter().find(|row| row["id"] == "NIG4").expect("row");
    // What could not be read stands beside what could.
    assert_eq!(row["original_latitude"], "99.5");
    assert_eq!(row["fatalities"], "a few");
    assert_eq!((row["odd, name"].as_str(), row["tags"].as_str()), ("-99", "crowd size=no report"));
    assert_eq!((row["Tags 2"].as_str(), row["original_geom"].as_str()), ("t", "g"));
    assert_eq!(row["dataset"], "source.csv");
    // Written again from what was read, it is the same: nothing grows.
    let again = folder.file("again.csv");
    write(&read_own(&out), ExportFormat::Csv, &again);
    let (out, again) = (std::fs::read(&out).expect("file"), std::fs::read(&again).expect("file"));
    assert_eq!(String::from_utf8_lossy(&again).replace("''", "'"), String::from_utf8_lossy(&out));
}

#[test]
fn types_of_a_file_keep_their_own_text() {
    let folder = Folder::new("round-types");
    let mut odd = one(2, "NIG2", "", "1", "2", "3");
    odd[3] = "Weird type".to_owned();
    let found = rows(&table(&folder, &[one(1, "NIG1", "", "1", "2", "3"), odd]));
    let row = found.iter().find(|row| row["id"] == "NIG2").expect("row");
    assert_eq!(row["original_event_type"], "Weird type");
    // Where all are the program's own, there is nothing to be said twice.
    let found = rows(&table(&folder, &[one(1, "NIG1", "", "1", "2", "3")]));
    assert!(found.iter().all(|row| !row.contains_key("original_event_type")));
}

#[test]
fn a_dataset_comes_back_from_every_format() {
    let folder = Folder::new("round-flat");
    let store = table(&folder, &some_rows());
    for format in READ {
        let out = folder.file(&format!("out.{}", format.extension()));
        write(&store, format, &out);
        let plain = |store: &Store| facts(store).join("\n").replace("\"'", "\"");
        let back = read_own(&out);
        assert_eq!(plain(&back), plain(&store), "{format:?}");
        // What a format needs for itself is no column of the rows.
        let columns = |store: &Store| -> std::collections::BTreeSet<String> {
            rows(store).into_iter().flat_map(|row| row.into_keys()).collect()
        };
        assert_eq!(columns(&back), columns(&store), "{format:?}");
    }
}

/// Formats that the program also reads.
const READ: [ExportFormat; 6] = [
    ExportFormat::Csv,
    ExportFormat::Xlsx,
    ExportFormat::GeoJson,
    ExportFormat::Kml,
    ExportFormat::GeoParquet,
    ExportFormat::GeoPackage,
];

#[test]
fn the_built_in_case_comes_back_from_every_format() {
    let folder = Folder::new("round-mali");
    let store = mali();
    for format in READ {
        let out = folder.file(&format!("mali.{}", format.extension()));
        let written = write(&store, format, &out);
        let has_claims =
            matches!(format, ExportFormat::Xlsx | ExportFormat::GeoJson | ExportFormat::GeoPackage);
        let lost = written.losses.iter().any(|loss| loss.starts_with("105 claims"));
        assert_eq!(lost, !has_claims, "{format:?}: {:?}", written.losses);
        same_events(&store, &read_own(&out), format);
    }
}

fn same_events(store: &Store, back: &Store, format: ExportFormat) {
    assert_eq!(back.num_events(), store.num_events());
    for event in back.events() {
        let key = back.detail(event).expect("event").key.clone();
        let old = store.event_by_key(&key).expect("the same key");
        assert_eq!(back.interval(event), store.interval(old), "{format:?} {key}");
        assert_eq!(back.date_precision(event), store.date_precision(old), "{format:?} {key}");
        assert_eq!(back.event_type(event), store.event_type(old), "{format:?} {key}");
        assert_eq!(back.sub_type(event), store.sub_type(old), "{format:?} {key}");
        assert_eq!(back.geo_precision(event), store.geo_precision(old), "{format:?} {key}");
        assert_eq!(back.position(event), store.position(old), "{format:?} {key}");
        let tolls = |toll: waqai::model::Fatalities| (toll.low, toll.best, toll.high);
        assert_eq!(tolls(back.fatalities(event)), tolls(store.fatalities(old)), "{format:?} {key}");
    }
}

const CONTAINERS: [ExportFormat; 4] =
    [ExportFormat::GeoJson, ExportFormat::Kml, ExportFormat::GeoParquet, ExportFormat::GeoPackage];

/// Formats whose readers give rows of text: the same rows, cell by cell, by column.
fn same_rows(store: &Store, folder: &Folder, format: ExportFormat) {
    let path = folder.file(&format!("out.{}", format.extension()));
    write(store, format, &path);
    let bytes = std::fs::read(&path).expect("file");
    let grid = match format {
        ExportFormat::GeoJson => import::geojson::read("x", &bytes, Allowance::default(), &io::unwatched),
        ExportFormat::Kml => import::kml::read("x", &bytes, Allowance::default(), &io::unwatched),
        ExportFormat::GeoParquet => import::parquet::read("x", &bytes, Allowance::default(), &io::unwatched),
        ExportFormat::GeoPackage => import::geopackage::read("x", &path, Some("events"), &io::unwatched),
        other => panic!("{other:?}"),
    };
    let found = grid_rows(&grid.expect("read"));
    let wanted = rows(store);
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        for (name, cell) in wanted {
            let number = |text: &str| text.parse::<f64>().ok();
            // Readers write numbers in their own way, and blanks around the text of an element are none.
            let is_same = |found: &str| {
                found == cell
                    || number(found).is_some() && number(found) == number(cell)
                    || format == ExportFormat::Kml && found.trim() == cell.trim()
            };
            let same = is_same(found.get(name).map_or("", String::as_str));
            assert!(same, "{format:?} {name}: wanted {cell:?}, found {:?}", found.get(name));
        }
        assert_eq!(found.get("@latitude").is_some(), wanted.contains_key("latitude"));
    }
}

#[test]
fn rows_are_the_same_in_every_container() {
    let folder = Folder::new("round-grid");
    for store in [table(&folder, &some_rows()), mali()] {
        for format in CONTAINERS {
            same_rows(&store, &folder, format);
        }
    }
}

#[test]
fn a_workbook_has_true_dates_numbers_and_no_formula() {
    use calamine::{Data, Reader as _};
    let folder = Folder::new("xlsx");
    let path = folder.file("out.xlsx");
    write(&table(&folder, &some_rows()), ExportFormat::Xlsx, &path);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).expect("workbook");
    assert_eq!(book.sheet_names(), ["Events"]);
    let formulas = book.worksheet_formula("Events").expect("sheet");
    assert!(formulas.used_cells().next().is_none());
    let sheet = book.worksheet_range("Events").expect("sheet");
    let header: Vec<String> = sheet.rows().next().expect("header").iter().map(ToString::to_string).collect();
    let cell = |row: usize, name: &str| {
        let at = header.iter().position(|head| head == name).expect("column");
        sheet.get((row, at)).cloned().unwrap_or_default()
    };
    let Data::DateTime(date) = cell(1, "date_begin") else { panic!("{:?}", cell(1, "date_begin")) };
    assert_eq!(date.as_f64(), 45_476.0);
    assert_eq!(cell(1, "fatalities_best"), Data::Float(4.0));
    assert_eq!(cell(2, "latitude"), Data::Float(-3.5));
    assert_eq!(cell(2, "notes"), Data::String("=HYPERLINK(\"x\")".to_owned()));
    assert_eq!(cell(2, "odd, name"), Data::String("-99".to_owned()));
    assert_eq!(cell(4, "latitude"), Data::Empty);

    write(&mali(), ExportFormat::Xlsx, &path);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).expect("workbook");
    assert_eq!(book.sheet_names(), ["Events", "Claims", "Documents"]);
    let rows = |book: &mut calamine::Xlsx<_>, name: &str| book.worksheet_range(name).expect("sheet").height();
    assert_eq!(rows(&mut book, "Events"), 56);
    assert_eq!(rows(&mut book, "Claims"), 106);
}

#[test]
fn a_geopackage_has_what_the_format_asks_for() {
    let folder = Folder::new("gpkg");
    let path = folder.file("out.gpkg");
    let store = mali();
    write(&store, ExportFormat::GeoPackage, &path);
    let connection = rusqlite::Connection::open(&path).expect("database");
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("row");
    assert_eq!(one("PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(one("SELECT count(*) FROM events"), 55);
    assert_eq!(one("SELECT count(*) FROM claims"), 105);
    assert_eq!(one("SELECT count(*) FROM claims c JOIN events e ON e.id = c.event_id"), 105);
    assert_eq!(one("SELECT count(*) FROM layer_styles WHERE useAsDefault"), 1);
    let integrity = "SELECT count(*) FROM pragma_foreign_key_check";
    assert_eq!(one(integrity), 0);
    let mut statement = connection
        .prepare("SELECT id, geom, longitude, latitude FROM events WHERE geom IS NOT NULL")
        .expect("statement");
    let mut rows = statement.query([]).expect("rows");
    while let Some(row) = rows.next().expect("row") {
        let blob: Vec<u8> = row.get(1).expect("geometry");
        let real = |at: usize| f64::from_le_bytes(blob[at..at + 8].try_into().expect("8 bytes"));
        assert_eq!(&blob[..8], b"GP\x00\x01\xE6\x10\x00\x00");
        assert_eq!((real(13), real(21)), (row.get(2).expect("longitude"), row.get(3).expect("latitude")));
    }
    drop(rows);
    drop(statement);
    let flat = table(&folder, &some_rows());
    let path = folder.file("flat.gpkg");
    write(&flat, ExportFormat::GeoPackage, &path);
    let connection = rusqlite::Connection::open(&path).expect("database");
    let notes: String = connection
        .query_row("SELECT notes FROM events WHERE id = 'NIG2'", [], |row| row.get(0))
        .expect("notes");
    assert_eq!(notes, "=HYPERLINK(\"x\")");
}

/// Elements of a placemark and of a style, in the order of KML 2.2's schema.
const ORDER: [&str; 9] =
    ["name", "open", "description", "TimeStamp", "TimeSpan", "styleUrl", "Style", "ExtendedData", "Point"];

#[test]
fn kml_keeps_the_order_of_the_schema_and_its_references() {
    use quick_xml::events::Event;
    let folder = Folder::new("kml");
    for store in [table(&folder, &some_rows()), mali()] {
        let path = folder.file("out.kml");
        write(&store, ExportFormat::Kml, &path);
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        assert!(!text.contains("http://www.opengis.net/kml/2.2\" ") && text.matches("http").count() <= 60);
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut path: Vec<(String, usize)> = Vec::new();
        let (mut placemarks, mut styles, mut uses) = (0, Vec::new(), Vec::new());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => {
                    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                    if let Some((parent, last)) = path.last_mut()
                        && parent == "Placemark"
                    {
                        let rank = ORDER.iter().position(|known| *known == name).expect("a known element");
                        assert!(rank >= *last, "{name} is too late");
                        *last = rank;
                    }
                    placemarks += usize::from(name == "Placemark");
                    if name == "Style" {
                        let id = start.try_get_attribute("id").expect("attribute").expect("id");
                        styles.push(String::from_utf8_lossy(&id.value).into_owned());
                    }
                    path.push((name, 0));
                }
                Event::End(_) => {
                    path.pop();
                }
                Event::Text(text) if path.last().is_some_and(|(name, _)| name == "styleUrl") => {
                    uses.push(String::from_utf8_lossy(&text).into_owned());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(placemarks, store.num_events());
        assert!(uses.iter().all(|url| styles.iter().any(|id| url.strip_prefix('#') == Some(id))));
    }
}

#[test]
fn a_report_loads_nothing_and_runs_nothing() {
    let folder = Folder::new("html");
    let path = folder.file("out.html");
    let mut batch = read_case(&builtin::MALI, &io::unwatched);
    batch.events[0].titles = waqai::model::Names::en("<script>alert(1)</script>");
    batch.documents[0].titles = waqai::model::Names { ar: Some("غاو".to_owned()), ..Default::default() };
    let store = Store::from_batch(batch);
    let events: Vec<EventId> = store.events().collect();
    let look = Look { picture: Some(b"PNG".to_vec()), ..look() };
    write_file(&store, &events, ExportFormat::Html, &look, &path, &io::unwatched).expect("written");
    let text = std::fs::read_to_string(&path).expect("UTF-8");
    let lower = text.to_lowercase();
    for forbidden in ["<script", "<link", "<iframe", "src=\"http", "url(", "@import", "onerror"] {
        assert!(!lower.contains(forbidden), "{forbidden}");
    }
    assert!(text.contains("data:image/png;base64,UE5H") && text.contains("<svg"));
    assert!(text.contains("dir=\"rtl\" lang=\"ar\">غاو") && text.contains("<blockquote"));
    assert!(text.contains("Niger &amp; &lt;b&gt;") && text.contains("text “غاو” &amp; &lt;i&gt;"));
}

#[test]
fn stopped_work_leaves_no_file() {
    let folder = Folder::new("stopped");
    let store = table(&folder, &some_rows());
    let events: Vec<EventId> = store.events().collect();
    let stop = |_: Progress| Continue::No;
    for format in ExportFormat::ALL {
        let path = folder.file(&format!("stopped-{}.{}", format.code(), format.extension()));
        let err = write_file(&store, &events, *format, &look(), &path, &stop).expect_err("stopped");
        let wanted = if *format == ExportFormat::Png {
            std::io::ErrorKind::Other
        } else {
            std::io::ErrorKind::Interrupted
        };
        assert_eq!(err.source.kind(), wanted, "{format:?}: {err}");
    }
    let left: Vec<_> =
        std::fs::read_dir(&folder.0).expect("folder").flatten().map(|f| f.file_name()).collect();
    assert_eq!(left, ["source.csv"]);
}

#[test]
fn no_events_are_a_file_too() {
    let folder = Folder::new("none");
    for format in ExportFormat::ALL.iter().filter(|format| **format != ExportFormat::Png) {
        let path = folder.file(&format!("none-{}.{}", format.code(), format.extension()));
        write_file(&mali(), &[], *format, &look(), &path, &io::unwatched).expect("written");
        assert!(path.is_file());
    }
}

/// Runs a program on a file; `None`, said aloud, if it is not installed.
fn checked(program: &str, arguments: &[&str], file: &Path) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).arg(file).output() else {
        eprintln!("SKIPPED: {} is not checked, because {program} is missing; see tests/run", file.display());
        return None;
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {err}");
    assert!(!err.contains("ERROR") && !err.contains("Warning"), "{program}: {err}");
    Some(out.into_owned())
}

#[test]
fn other_programs_read_the_files() {
    let folder = Folder::new("others");
    for (name, store) in [("mali", mali()), ("flat", table(&folder, &some_rows()))] {
        let num_events = store.num_events();
        let file = |format: ExportFormat| {
            let path = folder.file(&format!("{name}.{}", format.extension()));
            write(&store, format, &path);
            path
        };
        let counted = |out: Option<String>| {
            let Some(out) = out else { return };
            assert!(out.contains(&format!("Feature Count: {num_events}\n")), "{out}");
        };
        let kml = file(ExportFormat::Kml);
        checked("xmllint", &["--noout"], &kml);
        checked("ogrinfo", &["-al", "-so"], &kml);
        let gpkg = file(ExportFormat::GeoPackage);
        counted(checked("ogrinfo", &["-al", "-so"], &gpkg));
        if let Some(out) = checked("ogrinfo", &["-al", "-so"], &gpkg) {
            assert!(out.contains("Geometry: Point") && out.contains("date_begin: Date"), "{out}");
            assert!(out.contains("WGS 84"), "{out}");
        }
        counted(checked("ogrinfo", &["-al", "-so"], &file(ExportFormat::GeoJson)));
        let html = file(ExportFormat::Html);
        checked("xmllint", &["--html", "--noout", "--nowarning", "--recover"], &html);
        let parquet = file(ExportFormat::GeoParquet);
        match Command::new("ogrinfo").arg("--formats").output() {
            Ok(output) if String::from_utf8_lossy(&output.stdout).contains("Parquet") => {
                counted(checked("ogrinfo", &["-al", "-so"], &parquet));
            }
            _ => eprintln!("SKIPPED: {} is not checked, because GDAL has no Parquet", parquet.display()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_dataset_comes_back(rows in proptest::collection::vec(
        (1u32..31, "[A-Z]{1,3}[0-9]{1,3}", "[ -~غاو\u{200F}\n]{0,16}", -90i32..=90, -180i32..=180,
         "[0-9]{0,3}|-99|x", "[ -~é؟]{0,8}"), 1..12))
    {
        let folder = Folder::new("any");
        let source: Vec<Vec<String>> = rows.iter().map(|(day, id, notes, lat, lon, toll, tags)| {
            // An apostrophe cannot be told from one that makes a cell harmless.
            let notes = notes.replace('\'', "’");
            let mut row = one(*day, id, &notes, &(f64::from(*lat) / 1.0).to_string(), &lon.to_string(), toll);
            row[19] = tags.replace('\'', "’");
            row
        }).collect();
        let store = table(&folder, &source);
        let out = folder.file("out.csv");
        write(&store, ExportFormat::Csv, &out);
        let back = read_own(&out);
        let plain = |facts: Vec<String>| facts.join("\n").replace("\"'", "\"").replace('\'', "");
        prop_assert_eq!(plain(facts(&back)), plain(facts(&store)));
        let book = folder.file("out.xlsx");
        write(&store, ExportFormat::Xlsx, &book);
        prop_assert_eq!(facts(&read_own(&book)), facts(&store));
        for format in CONTAINERS {
            same_rows(&store, &folder, format);
        }
    }
}
