//! TimeMap datasheets → rows: one for each event, with its sources and associations in words.
//!
//! A datasheet is a JSON file (a list of events, or events beside lists of sources, associations, sites,
//! …) or a workbook of sheets named alike. Events refer to sources and associations by id; what they
//! refer to is put into columns:
//!
//! | column | of |
//! |---|---|
//! | `sources` | titles of the sources, or their ids |
//! | `source_urls`, `source_paths`, `source_dates`, `source_descriptions` | the sources |
//! | `filters`, `category`, `narratives` | associations, by their mode; a filter with its path |
//! | `associations` | ids of the associations |
//!
//! Other values stay as they are: dates are month, day and year, as the dialect says.

use std::collections::HashMap;

use crate::io::{Continue, Progress};
use crate::model::import::Issue;

use super::grid::Full;
use super::json::{Field, Form, Records, Watch, fields_of, set, set_fields};
use super::jsontext::{Cursor, Value};
use super::{Allowance, Grid, ImportError, Rows};

/// A sheet of a workbook: its name, and its rows with the header first.
pub type Sheet = (String, Vec<Vec<String>>);

/// Kinds of sheets, by the words in their names.
const SHEETS: [(&str, &str); 7] = [
    ("event", "events"),
    ("source", "sources"),
    ("association", "associations"),
    ("categor", "associations"),
    ("filter", "associations"),
    ("narrative", "associations"),
    ("site", "sites"),
];

/// Reads a datasheet in JSON.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    let mut cursor = Cursor::new(bytes);
    let mut rows = Rows::new("event {}");
    let mut links = Links::default();
    let at = if cursor.take(b'[') {
        cursor.offset()
    } else {
        let fields = fields_of(&mut cursor);
        let kind_of = |field: &Field<'_>| kind_of_sheet(&field.key);
        let Some(events) =
            fields.iter().find(|field| kind_of(field) == Some("events") && field.first == b'[')
        else {
            return Err(ImportError::Cannot(format!("“{name}” holds no list of events.")));
        };
        for field in fields.iter().filter(|field| field.whole && field.at != events.at) {
            let Ok(value) = Cursor::at(bytes, field.at).value() else { continue };
            match kind_of(field) {
                Some("sources") => {
                    records(&value, |key, record| links.add_source(key, &Record::Json(record)))
                }
                Some("associations") => {
                    records(&value, |key, record| links.add_association(key, &Record::Json(record)));
                }
                // Sites, regions, shapes and the like are no events.
                _ => {
                    let count = value.items().len().max(value.fields().len());
                    if count > 0 {
                        rows.tell_part(Issue::OtherPart, field.key.as_ref(), &format!("{count} entries"));
                    }
                }
            }
        }
        Cursor::at(bytes, events.at + 1).offset()
    };
    let mut reader = Records { name, bytes, watch, rows, what: "event" };
    reader.read(at, Form::List, |rows, number, _, event, bytes| {
        if !matches!(event, Value::Object(..)) {
            rows.tell_part(Issue::BrokenPart, format!("event {number}"), event.scalar().unwrap_or_default());
            return Ok(());
        }
        for (key, value) in event.fields() {
            if !is_reference(key) {
                set_fields(rows, &mut key.to_string(), value, bytes, 1);
            }
        }
        let record = Record::Json(&event);
        set_links(rows, number, &record, &links)
    })?;
    reader.finish()
}

/// Whether sheets of these names are a datasheet.
pub fn is_workbook(sheets: &[String]) -> bool {
    let has = |kind: &str| sheets.iter().any(|sheet| kind_of_sheet(sheet) == Some(kind));
    has("events") && (has("sources") || has("associations"))
}

/// Reads a datasheet whose sheets are read already.
pub fn read_sheets(name: &str, sheets: &[Sheet], watch: Watch<'_>) -> Result<Grid, ImportError> {
    let of_kind =
        |kind: &'static str| sheets.iter().filter(move |(sheet, _)| kind_of_sheet(sheet) == Some(kind));
    let Some((title, events)) = of_kind("events").max_by_key(|(_, rows)| rows.len()) else {
        return Err(ImportError::Cannot(format!("There is no sheet of events in “{name}”.")));
    };
    let mut links = Links::default();
    for (_, table) in of_kind("sources") {
        each_row(table, |_, record| links.add_source(None, &record));
    }
    for (_, table) in of_kind("associations") {
        each_row(table, |_, record| links.add_association(None, &record));
    }
    let mut rows = Rows::new(format!("row {{}} of “{title}”"));
    for (sheet, table) in sheets {
        let is_used = matches!(kind_of_sheet(sheet), Some("sources" | "associations"));
        if !is_used && sheet != title && table.len() > 1 {
            rows.tell_part(
                Issue::OtherPart,
                format!("sheet “{sheet}”"),
                &format!("{} rows", table.len() - 1),
            );
        }
    }
    let total = events.len() as u64;
    let mut end = None;
    each_row(events, |number, record| {
        if end.is_some() {
            return;
        }
        let progress = Progress { done: u64::from(number), total, what: name.to_owned() };
        if number.is_multiple_of(1024) && watch(progress) == Continue::No {
            end = Some("Reading was stopped; what was read until then is kept.");
            return;
        }
        if let Record::Row(header, row) = record {
            for (column, value) in header.iter().zip(row) {
                if !column.trim().is_empty() && !is_reference(column) {
                    set(&mut rows, column.trim(), value);
                }
            }
        }
        if set_links(&mut rows, number, &record, &links).is_err() {
            end = Some("More text than fits into memory; what was read until then is kept.");
        }
    });
    if let Some(why) = end {
        rows.cut_short(why);
    }
    Ok(rows.finish())
}

/// What a list or sheet of this name holds.
fn kind_of_sheet(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let name = name.trim().trim_start_matches("export_").trim_start_matches("export ");
    SHEETS.iter().find(|(word, _)| name.starts_with(word)).map(|(_, kind)| *kind)
}

/// Whether a field of an event refers to sources or associations: `sources`, `source1`, `association12`.
fn is_reference(column: &str) -> bool {
    reference_kind(column).is_some()
}

fn reference_kind(column: &str) -> Option<&'static str> {
    let column = column.trim().to_lowercase();
    let stem = column.trim_end_matches(|c: char| c.is_ascii_digit());
    match stem {
        "sources" | "source" => Some("sources"),
        "associations" | "association" => Some("associations"),
        _ => None,
    }
}

/// An object or a row, which are read alike.
enum Record<'v, 'a> {
    Json(&'v Value<'a>),
    /// Header and fields.
    Row(&'v [String], &'v [String]),
}

impl Record<'_, '_> {
    fn text(&self, key: &str) -> String {
        let found = match self {
            Record::Json(value) => value.get(key).and_then(Value::scalar),
            Record::Row(header, row) => {
                let at = header.iter().position(|column| column.trim().eq_ignore_ascii_case(key));
                at.and_then(|at| row.get(at)).map(String::as_str)
            }
        };
        found.unwrap_or_default().trim().to_owned()
    }

    /// The values of a list, or of columns that are numbered.
    fn list(&self, belongs: impl Fn(&str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut add = |text: &str| {
            let text = text.trim();
            if !text.is_empty() && !found.iter().any(|known| known == text) {
                found.push(text.to_owned());
            }
        };
        match self {
            Record::Json(value) => {
                for (_, value) in value.fields().iter().filter(|(key, _)| belongs(key)) {
                    match value {
                        Value::List(items, _) => {
                            // A reference may be the thing itself.
                            let id =
                                |item: &Value<'_>| item.get("id").and_then(Value::scalar).map(str::to_owned);
                            for item in items {
                                let text = item.scalar().map(str::to_owned).or_else(|| id(item));
                                add(&text.unwrap_or_default());
                            }
                        }
                        scalar => scalar.scalar().unwrap_or_default().split([',', ';']).for_each(&mut add),
                    }
                }
            }
            Record::Row(header, row) => {
                for (_, value) in header.iter().zip(*row).filter(|(column, _)| belongs(column)) {
                    add(value);
                }
            }
        }
        found
    }
}

/// Calls with each record of a list, or of an object by id.
fn records<'a>(value: &Value<'a>, mut see: impl FnMut(Option<&str>, &Value<'a>)) {
    match value {
        Value::List(items, _) => items.iter().for_each(|item| see(None, item)),
        Value::Object(fields, _) => fields.iter().for_each(|(key, item)| see(Some(key), item)),
        _ => {}
    }
}

/// Calls with each row below the header that holds anything, and its number in the sheet.
fn each_row(table: &[Vec<String>], mut see: impl FnMut(u32, Record<'_, '_>)) {
    let Some((header, rows)) = table.split_first() else { return };
    for (number, row) in (2u32..).zip(rows) {
        if row.iter().any(|field| !field.trim().is_empty()) {
            see(number, Record::Row(header, row));
        }
    }
}

/// What events refer to, by id.
#[derive(Default)]
struct Links {
    sources: HashMap<String, Source>,
    associations: HashMap<String, Association>,
}

struct Source {
    title: String,
    url: String,
    paths: Vec<String>,
    date: String,
    description: String,
}

struct Association {
    title: String,
    /// `FILTER`, `CATEGORY` or `NARRATIVE`, in any case.
    mode: String,
    path: Vec<String>,
}

impl Links {
    fn add_source(&mut self, key: Option<&str>, record: &Record<'_, '_>) {
        let id = Some(record.text("id")).filter(|id| !id.is_empty()).or_else(|| key.map(str::to_owned));
        let Some(id) = id else { return };
        let source = Source {
            title: record.text("title"),
            url: record.text("url"),
            paths: record.list(|column| stem(column) == "path"),
            date: record.text("date"),
            description: record.text("description"),
        };
        self.sources.entry(id).or_insert(source);
    }

    fn add_association(&mut self, key: Option<&str>, record: &Record<'_, '_>) {
        let id = Some(record.text("id")).filter(|id| !id.is_empty()).or_else(|| key.map(str::to_owned));
        let Some(id) = id else { return };
        let association = Association {
            title: record.text("title"),
            mode: record.text("mode").to_uppercase(),
            path: record.list(|column| stem(column) == "filter_path"),
        };
        self.associations.entry(id).or_insert(association);
    }
}

/// The name of a column without its number or plural: `path` of `path1` and `paths`.
fn stem(column: &str) -> String {
    let column = column.trim().to_lowercase();
    let column = column.trim_end_matches(|c: char| c.is_ascii_digit());
    column.strip_suffix('s').unwrap_or(column).to_owned()
}

/// Sets the columns of what an event refers to, and ends its row.
fn set_links(rows: &mut Rows, number: u32, event: &Record<'_, '_>, links: &Links) -> Result<(), Full> {
    let mut columns: Vec<(&str, Vec<String>)> = Vec::new();
    let mut add = |column: &'static str, text: String| {
        if text.is_empty() {
            return;
        }
        match columns.iter_mut().find(|(name, _)| *name == column) {
            Some((_, texts)) => texts.push(text),
            None => columns.push((column, vec![text])),
        }
    };
    let mut unknown = Vec::new();
    for id in event.list(|column| reference_kind(column) == Some("sources")) {
        match links.sources.get(&id) {
            Some(source) => {
                add("sources", if source.title.is_empty() { id } else { source.title.clone() });
                add("source_urls", source.url.clone());
                add("source_paths", source.paths.join("; "));
                add("source_dates", source.date.clone());
                add("source_descriptions", source.description.clone());
            }
            None => {
                if !links.sources.is_empty() {
                    unknown.push(("sources", id.clone()));
                }
                add("sources", id);
            }
        }
    }
    for id in event.list(|column| reference_kind(column) == Some("associations")) {
        add("associations", id.clone());
        match links.associations.get(&id) {
            Some(association) => {
                let title = if association.title.is_empty() { id } else { association.title.clone() };
                match association.mode.as_str() {
                    "CATEGORY" => add("category", title),
                    "NARRATIVE" => add("narratives", title),
                    _ if association.path.is_empty() => add("filters", title),
                    _ => add("filters", association.path.join(" / ")),
                }
            }
            None => {
                if !links.associations.is_empty() {
                    unknown.push(("associations", id.clone()));
                }
                add("filters", id);
            }
        }
    }
    for (column, id) in unknown {
        rows.tell(Issue::BadReference, number, column, &id);
    }
    for (column, texts) in columns {
        set(rows, column, &texts.join("; "));
    }
    rows.end_row(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, cells, column, mutated, unwatched};
    use proptest::prelude::*;

    const SOUND: &str = r#"{"events": [
        {"id": "1", "description": "An attack", "date": "7/27/2024", "time": "9:05", "latitude": "18.44",
         "longitude": "1.41", "associations": ["f1", "c1", "n1"], "sources": ["s1", "s2", "nope"]},
        {"id": "2", "description": "Undated", "sources": "s2", "associations": []}],
      "sources": {"s1": {"id": "s1", "title": "A video", "url": "http://example.org/v", "paths": ["a.mp4", "b.mp4"]},
                  "s2": {"title": ""}},
      "associations": [{"id": "f1", "title": "Armed", "mode": "FILTER", "filter_paths": ["Actors", "Armed"]},
                       {"id": "c1", "title": "Battles", "mode": "CATEGORY"},
                       {"id": "n1", "title": "The road north", "mode": "narrative"}],
      "sites": [{"id": "x"}], "regions": []}"#;

    fn grid(text: &str) -> Grid {
        read("api.json", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    fn check(grid: &Grid) {
        assert_eq!(column(grid, "date")[0], "7/27/2024");
        assert_eq!(column(grid, "sources"), ["A video; s2; nope", "s2"]);
        assert_eq!(column(grid, "source_urls"), ["http://example.org/v", ""]);
        assert_eq!(column(grid, "source_paths"), ["a.mp4; b.mp4", ""]);
        assert_eq!(column(grid, "filters"), ["Actors / Armed", ""]);
        assert_eq!(column(grid, "category"), ["Battles", ""]);
        assert_eq!(column(grid, "narratives"), ["The road north", ""]);
        let told: Vec<_> =
            grid.findings.iter().map(|(issue, found)| (*issue, found.value.as_str())).collect();
        assert!(told.contains(&(Issue::BadReference, "nope")), "{told:?}");
    }

    #[test]
    fn references_become_words() {
        let grid = grid(SOUND);
        check(&grid);
        assert_eq!(grid.findings[0].0, Issue::OtherPart);
        assert_eq!(grid.name_of(grid.rows[1].0), "event 2");
        let list = super::tests::grid(
            r#"[{"id": "1", "description": "x", "sources": ["s1"], "associations": ["a"]}]"#,
        );
        assert_eq!(cells(&list), [["1", "x", "s1", "a", "a"]]);
        assert_eq!(list.findings, []);
    }

    #[test]
    fn workbooks_number_their_lists() {
        let table = |rows: &[&[&str]]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
        };
        let sheets = vec![
            (
                "EXPORT_EVENTS".to_owned(),
                table(&[
                    &[
                        "id",
                        "description",
                        "date",
                        "association1",
                        "association2",
                        "association3",
                        "source1",
                        "source2",
                        "source3",
                    ],
                    &["1", "An attack", "7/27/2024", "f1", "c1", "n1", "s1", "s2", "nope"],
                    &["", "", "", "", "", "", "", "", ""],
                    &["2", "Undated", "", "", "", "", "s2"],
                ]),
            ),
            (
                "export_sources".to_owned(),
                table(&[
                    &["id", "title", "url", "path1", "path2"],
                    &["s1", "A video", "http://example.org/v", "a.mp4", "b.mp4"],
                    &["s2", "", "", "", ""],
                ]),
            ),
            (
                "export_associations".to_owned(),
                table(&[
                    &["id", "title", "mode", "filter_path0", "filter_path1"],
                    &["f1", "Armed", "FILTER", "Actors", "Armed"],
                    &["c1", "Battles", "CATEGORY"],
                    &["n1", "The road north", "NARRATIVE"],
                ]),
            ),
            ("notes".to_owned(), table(&[&["a"], &["b"]])),
        ];
        assert!(is_workbook(&sheets.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()));
        assert!(!is_workbook(&["Events".to_owned(), "Notes".to_owned()]));
        let grid = read_sheets("a.xlsx", &sheets, &unwatched).expect("readable");
        check(&grid);
        assert_eq!(grid.name_of(grid.rows[1].0), "row 4 of “EXPORT_EVENTS”");
    }

    #[test]
    fn what_has_no_events_is_refused() {
        for text in ["", "{}", r#"{"sources": []}"#, "[", "x"] {
            assert!(read("a", text.as_bytes(), Allowance::default(), &unwatched).is_err(), "{text}");
        }
        assert!(read_sheets("a", &[], &unwatched).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"{}[]\":,\\ \n1events")) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_are_read_or_refused(bytes in mutated(SOUND.as_bytes())) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }
    }
}
