//! Tables of events: what is read equals what a plain reader of the file says, whatever the number of
//! cores, the order of rows, and what is broken in between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use waqai::io::import::{Allowance, open};
use waqai::io::{Continue, Imported, Reading, read_table, synthetic, unwatched};
use waqai::model::import::{Finding, Issue, Outcome, Report};
use waqai::model::time::{DatePrecision, parse_edtf};
use waqai::model::{EventId, EventType, GeoPrecision};
use waqai::state::{AppState, Derived, Incoming, Origin, Selection};
use waqai::store::merge::moved;
use waqai::store::{Lists, Store};

#[path = "common/jobs.rs"]
mod jobs;

/// A file that goes away.
struct TempFile(PathBuf);

impl TempFile {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("waqai-table-{}-{number}.csv", std::process::id()));
        std::fs::write(&path, bytes).expect("temporary file");
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

fn read(path: &Path) -> Result<Store, String> {
    let reading = Reading { in_time_order: true, progress: &unwatched, grown: None };
    let Imported { store, report } = read_table(path, &reading)?;
    adds_up(&report);
    assert_eq!(report.events, store.num_events() as u64);
    assert_eq!(*store.tables[0].report, *report);
    Ok(store)
}

/// What is true of every report.
#[track_caller]
fn adds_up(report: &Report) {
    assert_eq!(report.rows, report.events + report.left_out);
    let left_out = report.findings.iter().filter(|f| f.issue.outcome() == Outcome::LeftOut);
    assert_eq!(left_out.map(|found| found.count).sum::<u64>(), report.left_out);
    assert!(report.undated <= report.events && report.unplaced <= report.events);
    assert!(report.with_gaps <= report.events);
    for found in &report.findings {
        assert!(found.count >= found.list.len() as u64);
        assert!(found.list.len() <= Report::MAX_LEFT_OUT && !found.list.is_empty());
        assert!(found.list.is_sorted_by_key(|finding| finding.offset), "{:?}", found.issue);
    }
}

fn report(store: &Store) -> &Report {
    &store.tables[0].report
}

/// All findings, by kind and place.
fn told(store: &Store) -> Vec<(Issue, &str, &str)> {
    let findings = report(store).findings.iter();
    let each = findings.flat_map(|found| found.list.iter().map(|one| (found.issue, one)));
    let mut told: Vec<(Issue, &Finding)> = each.collect();
    told.sort_by_key(|(issue, finding)| (finding.offset, *issue));
    told.into_iter().map(|(issue, finding)| (issue, finding.at.as_str(), finding.column.as_str())).collect()
}

fn store_of(bytes: impl AsRef<[u8]>) -> Store {
    let store = read(&TempFile::new(bytes).0).expect("a table");
    sound(&store);
    store
}

const HEADER: &str = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp";

/// A stream of numbers without a pattern that matters here.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// A table in the shape of ACLED's, newest first, with quoted line ends and both scripts.
fn table(rows: usize, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = format!("{HEADER}\n");
    let types = [
        ("Battles", "Armed clash"),
        ("Explosions/Remote violence", "Air/drone strike"),
        ("Protests", "Peaceful protest"),
        ("Strategic developments", "Other"),
    ];
    for row in 0..rows {
        let day = 28 - row * 28 / rows.max(1);
        let (event_type, sub_type) = types[dice.roll(4) as usize];
        let town = dice.roll(200);
        let (admin1, lat) = (town % 9, town as f64 / 10.0 - 5.0);
        let sources = ["Radio A", "Radio A; وكالة الأنباء", "B News; Radio A; B News", ""];
        let words = ["clash", "\"\"quoted\"\"", "line\nend", "اشتباكات، بين", "a, comma", "market"];
        let notes: Vec<&str> = (0..dice.roll(40)).map(|_| dice.one(&words)).collect();
        let fatalities = dice.roll(5);
        text.push_str(&format!(
            "E{row},2024-02-{day:02},2024,{},Political violence,{event_type},{sub_type},Group {},{},1,{},,7,17,,466,\
             Western Africa,Mali,Region {admin1},,,Town {town},{lat:.4},{:.4},{},{},National,\"{}\",{fatalities},,17000000{row}\n",
            1 + dice.roll(3),
            dice.roll(60),
            dice.one(&["", "Ally", "Ally; Group 1"]),
            dice.one(&["", "\"Civilians, (Mali)\"", "Group 5"]),
            dice.roll(100) as f64 / 7.0,
            1 + dice.roll(3),
            dice.one(&sources),
            notes.join(" "),
        ));
    }
    text
}

/// What a plain reader says of the rows, by key.
fn truth(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("record").iter().map(str::to_owned).collect());
    records.map(|record: Vec<String>| (record[0].clone(), record)).collect()
}

/// What every store of a table is, whatever the file.
#[track_caller]
fn sound(store: &Store) {
    let columns = &store.columns;
    let rows = columns.len();
    assert_eq!([columns.times.len(), columns.lat.len(), columns.lon.len()], [rows; 3]);
    assert_eq!(columns.fatalities.best().len(), rows);
    for (lists, known) in [
        (&columns.places, store.places.len()),
        (&columns.actors, store.actors.len()),
        (&columns.claimants, store.actors.len()),
        (&columns.documents, store.documents.len()),
    ] {
        assert_eq!(lists.len(), rows);
        assert!((0..rows).flat_map(|row| lists.of(row)).all(|id| (*id as usize) < known));
    }
    assert!(columns.kind.iter().all(|code| usize::from(*code) < columns.kinds.len()));
    assert!(columns.kinds.all().iter().all(|kind| usize::from(kind.sub_type) < store.sub_types.len()));
    assert_eq!(columns.time_order(), None, "rows are in order of time");
    for event in store.events().take(50) {
        assert!(store.detail(event).is_some());
    }
    assert_eq!(store.problems, []);
}

fn names(store: &Store, lists: &Lists, row: usize) -> Vec<String> {
    lists.of(row).iter().map(|id| store.actors[*id as usize].key.clone()).collect()
}

fn listed(fields: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in
        fields.iter().flat_map(|field| field.split(';')).map(str::trim).filter(|name| !name.is_empty())
    {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

/// Compares every row of a store with the record of a plain reader.
fn compare(store: &Store, truth: &BTreeMap<String, Vec<String>>) {
    let table = &store.tables[0];
    assert_eq!(store.num_events(), truth.len());
    for row in 0..store.num_events() {
        let fields = table.fields(row);
        let record = &truth[&fields[0]];
        assert_eq!(&fields, record);
        assert_eq!(table.text(row).as_ref(), record[27].as_bytes());
        let event = EventId::from_index(row);
        assert_eq!(store.interval(event), parse_edtf(&record[1]).expect("date").interval);
        assert_eq!(store.event_type(event), EventType::from_code(&record[5]).expect("type"));
        assert_eq!(store.sub_type(event), record[6]);
        assert_eq!(store.columns.lat[row], record[22].parse::<f32>().expect("latitude"));
        assert_eq!(store.columns.lon[row], record[23].parse::<f32>().expect("longitude"));
        assert_eq!(store.fatalities(event).best, record[28].parse().ok());
        let precision = ["", "day", "week", "month"][record[3].parse::<usize>().expect("precision")];
        assert_eq!(store.date_precision(event).code(), precision);
        let precision = ["", "exact", "near", "region"][record[24].parse::<usize>().expect("precision")];
        assert_eq!(store.geo_precision(event).code(), precision);
        let actors = listed(&[&record[7], &record[8], &record[10], &record[11]]);
        assert_eq!(names(store, &store.columns.actors, row), actors);
        assert_eq!(names(store, &store.columns.claimants, row), listed(&[&record[25]]));
        let place = store.first_place(event).and_then(|place| store.place(place)).expect("place");
        assert_eq!(place.key, format!("{}/{}/{}", record[17], record[18], record[21]));
        assert_eq!(store.columns.documents.of(row), [0]);
        if row % 100 == 0 {
            assert_eq!(store.event_by_key(&record[0]), Some(event));
        }
    }
}

#[test]
fn every_row_is_what_a_plain_reader_says() {
    let text = table(3000, 1);
    let file = TempFile::new(&text);
    let store = read(&file.0).expect("a table");
    sound(&store);
    assert!(report(&store).findings.iter().all(|found| found.issue == Issue::NullIsland));
    compare(&store, &truth(&text));
    // Rows of one day are in order of the file.
    let offsets: Vec<(i32, u64)> = (0..store.num_events())
        .map(|row| (store.columns.times.days()[row], store.tables[0].offset_of(row).expect("offset")))
        .collect();
    assert!(offsets.is_sorted());
    let detail = store.detail(EventId(7)).expect("detail").into_owned();
    let fields = store.tables[0].fields(7);
    assert_eq!((detail.key.as_str(), detail.claims.len()), (fields[0].as_str(), 1));
    assert_eq!(detail.claims[0].statement.all().next(), Some(fields[27].as_str()));
    // A place is where an exactly placed event first puts it.
    for place in &store.places {
        let at = place.position.expect("position");
        assert!(place.names.all().next().is_some_and(|name| name.starts_with("Town ")), "{place:?}");
        assert!((at.lat * 1e4).round() / 1e4 == at.lat, "as written: {}", at.lat);
    }
}

#[test]
fn the_number_of_cores_changes_nothing() {
    let text = table(6000, 2);
    let file = TempFile::new(&text);
    let read_on = |cores: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().expect("threads");
        pool.install(|| read(&file.0)).expect("a table")
    };
    let one = read_on(1);
    for cores in [2, 3, 8] {
        let many = read_on(cores);
        assert!(one.columns == many.columns, "columns differ on {cores} cores");
        assert!(one.actors == many.actors && one.places == many.places && one.sub_types == many.sub_types);
        assert_eq!(report(&one), report(&many));
        let offsets =
            |store: &Store| -> Vec<_> { (0..6000).map(|row| store.tables[0].offset_of(row)).collect() };
        assert_eq!(offsets(&one), offsets(&many));
    }
}

#[test]
fn other_orders_marks_and_line_ends_are_read_alike() {
    let text = table(500, 3);
    let plain = store_of(&text);
    compare(&plain, &truth(&text));
    // Semicolons or tabs, a byte order mark, Windows line ends, upper case, other columns first.
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("header").iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("record")).collect();
    for delimiter in [b';', b'\t'] {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(csv::Terminator::CRLF)
            .from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(header.iter().rev().map(|name| name.to_uppercase())).expect("header");
        records.iter().for_each(|record| {
            writer.write_record(record.iter().collect::<Vec<_>>().iter().rev()).expect("record");
        });
        let store = store_of(writer.into_inner().expect("bytes"));
        assert_eq!(told(&store), []);
        assert!(store.columns == plain.columns);
        assert_eq!(
            store.detail(EventId(3)),
            plain.detail(EventId(3)).map(|detail| {
                let mut detail = detail.into_owned();
                detail.claims[0].document = waqai::model::DocumentId(0);
                std::borrow::Cow::<waqai::store::EventDetail>::Owned(detail)
            })
        );
    }
    // UTF-16 is read whole.
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(store_of(utf16).columns == plain.columns);
    // Only what is needed.
    let few = store_of("date,place\n1 May 2024,Gao\n2024-06,\n,\n");
    assert_eq!(few.num_events(), 2);
    assert_eq!(report(&few).count_of(Issue::BlankFields), 1);
    assert_eq!(few.date_precision(EventId(0)), DatePrecision::Day);
    assert_eq!((few.geo_precision(EventId(0)), few.position(EventId(0))), (GeoPrecision::Unknown, None));
    assert_eq!(few.interval(EventId(1)), parse_edtf("2024-06").expect("date").interval);
}

#[test]
fn a_table_of_something_else_is_refused_by_name() {
    let refused = |text: &str| read(&TempFile::new(text).0).expect_err("refused");
    let reason = refused("id,when,latitude,longitude\n1,soon,3,4\n");
    assert!(reason.contains("no column for a date. Its columns are: id, when"), "{reason}");
    assert!(refused("a;b\n1;2\n").contains("a date or for a place"));
    assert!(refused("\u{FEFF}").contains("is empty"));
    assert!(read(Path::new("/no/such.csv")).expect_err("missing").contains("no such file"));
    let store = store_of(format!("{HEADER}\n"));
    assert_eq!((store.num_events(), report(&store).rows, store.documents.len()), (0, 0, 1));
}

#[test]
fn what_is_broken_in_the_middle_costs_nothing_else() {
    let text = table(9000, 4);
    let good = store_of(&text);
    let truth = truth(&text);
    // Physical lines of rows, for some keys.
    let starts = |text: &str, key: &str| text.find(&format!("\n{key},")).expect("row") + 1;
    let line = |text: &str, at: usize| text[..at].matches('\n').count() + 1;
    let mut broken = text.clone();
    let mut expected: Vec<(Issue, String, &str)> = Vec::new();
    let row_of = |text: &str, key: &str| {
        let from = starts(text, key);
        let next: usize = key[1..].parse::<usize>().expect("number") + 1;
        (from, starts(text, &format!("E{next}")))
    };
    let mut edit = |key: &str, change: &dyn Fn(&str) -> String| {
        let (from, to) = row_of(&broken, key);
        let new = change(&broken[from..to]);
        broken.replace_range(from..to, &new);
    };
    edit("E1000", &|row| row.replacen("2024-02-", "2024-02-9", 1));
    edit("E2000", &|row| {
        let (head, tail) = row.split_once(",Town ").expect("town");
        let mut fields: Vec<&str> = tail.splitn(3, ',').collect();
        fields[1] = "191.5";
        format!("{head},Town {}", fields.join(","))
    });
    edit("E3000", &|row| row.replacen(",466,", ",466\0,", 1).replacen("Group ", "Gr\0up ", 1));
    edit("E4000", &|row| {
        // The note's closing mark is lost.
        let (head, tail) = row.rsplit_once("\",").expect("note");
        format!("{head} open,{tail}")
    });
    edit("E5000", &|row| {
        let (head, tail) = row.rsplit_once("\",").expect("note");
        let rest = tail.split_once(',').expect("fatalities").1;
        format!("{head}\",-99,{rest}")
    });
    edit("E6000", &|row| row.splitn(10, ',').take(9).collect::<Vec<_>>().join(",") + "\n");
    edit("E7000", &|row| format!("garbage\n\n{row}"));
    for (key, column, issue) in [
        ("E1000", "event_date", Issue::DateForm),
        ("E2000", "latitude", Issue::NoSuchCoordinate),
        ("E3000", "actor1", Issue::ControlCharacters),
        ("E3000", "iso", Issue::ControlCharacters),
        ("E4000", "", Issue::UnclosedQuote),
        ("E5000", "fatalities", Issue::UnknownCode),
        ("E6000", "", Issue::TooFewFields),
        ("E6000", "latitude", Issue::NoPlace),
    ] {
        let line = line(&broken, starts(&broken, key));
        expected.push((issue, format!("line {line}"), column));
    }
    let garbage = line(&broken, starts(&broken, "E7000"));
    expected.push((Issue::NoEvent, format!("line {}", garbage - 2), ""));
    expected.push((Issue::EmptyRow, format!("line {}", garbage - 1), ""));

    let store = store_of(&broken);
    let mut told: Vec<(Issue, String, &str)> =
        told(&store).into_iter().map(|(issue, at, column)| (issue, at.to_owned(), column)).collect();
    // A town lies at 0,0 by chance.
    told.retain(|(issue, ..)| *issue != Issue::NullIsland);
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!(store.num_events(), good.num_events());
    let edited = ["E1000", "E2000", "E3000", "E4000", "E5000", "E6000", "E7000"];
    let table = &store.tables[0];
    for row in 0..store.num_events() {
        let fields = table.fields(row);
        if !edited.contains(&fields[0].as_str()) {
            assert_eq!(&fields, &truth[&fields[0]]);
        }
    }
    let event = |key: &str| store.event_by_key(key).expect("event");
    assert!(store.interval(event("E1000")).is_unknown());
    assert!(store.position(event("E1000")).is_some());
    assert!(store.position(event("E2000")).is_none() && !store.interval(event("E2000")).is_unknown());
    assert!(names(&store, &store.columns.actors, event("E3000").index())[0].starts_with("Gr\u{FFFD}up"));
    assert_eq!(store.fatalities(event("E5000")).best, None);
    for key in ["E4000", "E6000"] {
        let plain = good.event_by_key(key).expect("event");
        assert_eq!(store.interval(event(key)), good.interval(plain), "{key}");
    }
    assert!(store.position(event("E4000")).is_some());
    assert!(String::from_utf8_lossy(&table.text(event("E4000").index())).contains(" open,"));
}

#[test]
fn a_broken_column_is_told_up_to_a_limit_and_counted() {
    let text = table(3000, 5).replace("2024-02-", "2024-99-");
    let store = store_of(&text);
    assert_eq!(store.num_events(), 3000);
    let findings = &report(&store).findings;
    assert_eq!((findings.len(), findings[0].count, findings[0].list.len()), (1, 3000, Report::MAX_EXAMPLES));
    assert_eq!((report(&store).undated, report(&store).with_gaps), (3000, 3000));
}

#[test]
fn first_rows_come_before_the_last_ones_and_keep_their_numbers() {
    let text = table(90_000, 6);
    let file = TempFile::new(&text);
    let grown = Mutex::new(Vec::new());
    let progress = Mutex::new(Vec::new());
    let whole = read_table(
        &file.0,
        &Reading {
            in_time_order: true,
            progress: &|p| {
                progress.lock().expect("lock").push((p.done, p.total));
                Continue::Yes
            },
            grown: Some(&|store| grown.lock().expect("lock").push(store)),
        },
    )
    .expect("a table")
    .store;
    sound(&whole);
    let grown = grown.into_inner().expect("lock");
    assert_eq!(grown.len(), 1);
    let part = &grown[0];
    assert!((50_000..60_000).contains(&part.num_events()), "{}", part.num_events());
    sound(part);
    for (row, step) in (0..part.num_events()).map(EventId::from_index).zip((0..97).cycle()) {
        if step != 0 {
            continue;
        }
        let there = moved(part, &whole, row).expect("the row is still there");
        assert_eq!(part.tables[0].fields(row.index()), whole.tables[0].fields(there.index()));
        assert_eq!(part.columns.actors.of(row.index()), whole.columns.actors.of(there.index()));
        assert_eq!(part.columns.kind[row.index()], whole.columns.kind[there.index()]);
        assert_eq!(moved(&whole, part, there), Some(row));
    }
    assert!(part.actors.iter().zip(&whole.actors).all(|(a, b)| a.key == b.key));
    let progress = progress.into_inner().expect("lock");
    assert!(progress.is_sorted() || progress.iter().map(|(done, _)| done).is_sorted());
    assert_eq!(progress.last(), Some(&(90_000, 90_000)));
    assert!(progress.iter().all(|(_, total)| (80_000..100_000).contains(total)), "{progress:?}");

    // In the window: the selection stays on its event, and what came too late changes nothing.
    let (mut state, mut derived) = (AppState::default(), Derived::default());
    let mut receive = |state: &mut AppState, incoming: Incoming| {
        let effects = state.receive(incoming);
        jobs::settle(state, &mut derived, effects);
    };
    let origin = Origin::File("a.csv".to_owned());
    receive(&mut state, Incoming::CaseOpened { store: Box::new(part.clone()), origin, opened_at: 0 });
    receive(&mut state, Incoming::CaseGrows { id: 7 });
    let event = EventId(1234);
    state.view.selection = Selection { events: vec![event].into(), claim: None };
    let camera = state.view.camera.clone();
    let key = part.tables[0].fields(event.index())[0].clone();
    receive(&mut state, Incoming::CaseGrown { id: 8, store: Box::new(whole.clone()), complete: true });
    assert_eq!(state.store().map(Store::num_events), Some(part.num_events()));
    receive(&mut state, Incoming::CaseGrown { id: 7, store: Box::new(whole.clone()), complete: true });
    assert_eq!(state.store().map(Store::num_events), Some(90_000));
    let selected = state.primary().expect("selected");
    assert_eq!(whole.tables[0].fields(selected.index())[0], key);
    assert_ne!(selected, event);
    assert_eq!(state.view.camera, camera);
    receive(&mut state, Incoming::CaseGrown { id: 7, store: Box::new(part.clone()), complete: true });
    assert_eq!(state.store().map(Store::num_events), Some(90_000));
}

#[test]
fn stopped_reading_keeps_what_was_read() {
    let file = TempFile::new(table(20_000, 7));
    let calls = AtomicUsize::new(0);
    let progress = |_| if calls.fetch_add(1, Ordering::Relaxed) < 2 { Continue::Yes } else { Continue::No };
    let store = read_table(&file.0, &Reading { in_time_order: true, progress: &progress, grown: None })
        .expect("a table")
        .store;
    sound(&store);
    assert!(store.num_events() > 0 && store.num_events() < 20_000, "{}", store.num_events());
    let why = report(&store).cut_short.as_deref().expect("a reason");
    assert!(why.contains("stopped after") && why.contains("of about"), "{why}");
}

#[test]
fn a_file_that_shrinks_is_an_error() {
    let text = table(30_000, 8);
    // While it is read.
    let file = TempFile::new(&text);
    let cut = text.len() / 3;
    let is_cut = AtomicUsize::new(0);
    let progress = |_| {
        if is_cut.fetch_add(1, Ordering::Relaxed) == 0 {
            let file = std::fs::OpenOptions::new().write(true).open(&file.0).expect("file");
            file.set_len(cut as u64).expect("cut");
        }
        Continue::Yes
    };
    let store = read_table(&file.0, &Reading { in_time_order: true, progress: &progress, grown: None })
        .expect("a table")
        .store;
    sound(&store);
    let rows = store.num_events();
    assert!((9_000..11_000).contains(&rows), "{rows}");
    let why = report(&store).cut_short.as_deref().expect("a reason");
    assert!(why.contains("became shorter"), "{why}");

    // After it was read.
    let file = TempFile::new(&text);
    let store = read(&file.0).expect("a table");
    assert!(!store.tables[0].records.is_damaged());
    let cut = std::fs::OpenOptions::new().write(true).open(&file.0).expect("file");
    cut.set_len(10_000).expect("cut");
    let table = &store.tables[0];
    let all =
        (0..store.num_events()).map(|row| table.text(row).len() + table.fields(row).len()).sum::<usize>();
    assert!(all > 0 && table.records.is_damaged());
    assert!((0..store.num_events()).filter(|row| table.fields(*row).is_empty()).count() > 29_000);
    // The window says so, once.
    let mut state = AppState::default();
    let origin = Origin::File("a.csv".to_owned());
    state.receive(Incoming::CaseOpened { store: Box::new(store), origin, opened_at: 0 });
    state.tick(1.0, &Derived::default());
    state.tick(2.0, &Derived::default());
    assert_eq!(state.notices.iter().filter(|notice| notice.title == "rows-lost").count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(
        prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'2'), Just(b'-'), any::<u8>()], 0..2000))
    {
        let head = b"date,lat,lon,event_type,actor1,source,notes,fatalities\n".to_vec();
        for bytes in [[head, bytes.clone()].concat(), bytes] {
            let file = TempFile::new(bytes);
            let Ok(opened) = open(&file.0, Allowance::default(), &unwatched) else { continue };
            let reading = Reading { in_time_order: true, progress: &unwatched, grown: None };
            let Imported { store, report } = opened.read(&reading);
            sound(&store);
            adds_up(&report);
            opened.preview(opened.settings(), 20);
        }
    }

    #[test]
    fn changed_bytes_of_a_good_table_do_no_harm(
        seed: u64,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        marks in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        cut: prop::sample::Index)
    {
        let mut bytes = table(700, seed).into_bytes();
        let head = HEADER.len() + 1;
        for (at, byte) in changes {
            let at = head + at.index(bytes.len() - head);
            bytes[at] = byte;
        }
        for at in marks {
            bytes.insert(head + at.index(bytes.len() - head), b'"');
        }
        bytes.truncate(head + cut.index(bytes.len() - head));
        store_of(&bytes);
    }

    #[test]
    fn one_changed_byte_costs_a_row_or_two(seed: u64, at: prop::sample::Index, byte: u8) {
        let mut bytes = table(300, seed).into_bytes();
        let head = HEADER.len() + 1;
        let at = head + at.index(bytes.len() - head);
        bytes[at] = byte;
        let store = store_of(&bytes);
        let difference = store.num_events().abs_diff(300);
        prop_assert!(difference <= 2, "{} rows", store.num_events());
    }
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

#[test]
fn invented_tables_have_their_true_sums() {
    for order in synthetic::Order::ALL {
        let options = synthetic::Options { rows: 5000, newlines: 0.05, order, ..Default::default() };
        let file = TempFile::new("");
        let truth = synthetic::save(&options, &file.0, None, &unwatched).expect("events");
        let truth = serde_json::to_value(&truth).expect("JSON");
        true_sums(&read(&file.0).expect("a table"), &truth);
    }
}

#[test]
fn tables_of_another_generator_have_their_true_sums() {
    let Some(folder) = folder("WAQAI_EVENTS", "events") else { return };
    let truth = std::fs::read(folder.join("ev100k.json")).expect("truth");
    let store = read(&folder.join("ev100k.csv")).expect("a table");
    true_sums(&store, &serde_json::from_slice(&truth).expect("JSON"));
    assert_eq!(store.places.len(), 3001);
}

fn true_sums(store: &Store, truth: &serde_json::Value) {
    sound(store);
    assert_eq!(told(store), []);
    assert_eq!(store.num_events() as u64, truth["rows"].as_u64().expect("rows"));
    let sum: u64 = store.columns.fatalities.best().iter().map(|best| u64::from(*best)).sum();
    assert_eq!(sum, truth["fatalities"].as_u64().expect("fatalities"));
    let mut types = BTreeMap::<String, u64>::new();
    let mut sub_types = BTreeMap::<String, u64>::new();
    for event in store.events() {
        *types.entry(store.event_type(event).code().to_owned()).or_default() += 1;
        *sub_types.entry(store.sub_type(event).to_owned()).or_default() += 1;
    }
    let told = |key: &str| -> BTreeMap<String, u64> {
        serde_json::from_value(truth[key].clone()).expect("numbers by name")
    };
    assert_eq!(types, told("per_type"));
    assert_eq!(sub_types, told("per_sub_type"));
}

#[test]
fn a_code_is_no_number_of_wounded() {
    let file = TempFile::new(
        "id,date,latitude,longitude,killed,wounded\n1,2024-01-01,1,2,3,-99\n2,2024-01-02,1,2,3,7\n3,2024-01-03,1,2,3,-\n",
    );
    let store = read(&file.0).expect("readable");
    let found = store.tables[0].report.findings.iter().map(|it| (it.issue, it.column.as_str(), it.count));
    assert_eq!(found.collect::<Vec<_>>(), [(Issue::UnknownCode, "wounded", 1)]);
}
