//! JSON files of records → rows.
//!
//! Read are an array of objects, objects one after another (JSON Lines), an object that holds the array
//! (`data`, `results`, `events`, …, as services answer), a column of names with rows of values, and
//! objects under their keys. Nested objects become columns `a.b`, lists of plain values are joined by
//! `; `, and what is nested deeper is kept as JSON. Values stay as written.

use std::borrow::Cow;

use crate::io::{Continue, Progress};
use crate::model::import::{Format, Issue};
use crate::model::report::shorten;

use super::grid::{Full, added};
use super::jsontext::{Cursor, Fault, Value};
use super::{Allowance, Grid, ImportError, Rows};

/// How progress is told; the answer says whether to go on.
pub type Watch<'a> = &'a (dyn Fn(Progress) -> Continue + Sync);

/// Names of the field that holds the records, the likeliest first.
const RECORD_LISTS: [&str; 20] = [
    "features",
    "data",
    "results",
    "result",
    "events",
    "records",
    "items",
    "rows",
    "value",
    "values",
    "response",
    "docs",
    "hits",
    "entries",
    "list",
    "content",
    "objects",
    "incidents",
    "body",
    "payload",
];
/// Fields of a record; an object that has one of them is a record, whatever lists it holds.
const RECORD_FIELDS: [&str; 8] =
    ["latitude", "lat", "date", "event_date", "geometry", "coordinates", "event_id_cnty", "location"];
/// Objects within each other that are looked through for the records.
const MAX_ENVELOPES: usize = 4;
/// Objects within each other that become columns; deeper ones are kept as JSON.
const MAX_FLAT: usize = 8;
/// Records between two times that progress is told.
const PER_TELLING: u32 = 1024;

/// Reads records. A file that ends early gives those that are whole.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    let cursor = Cursor::new(bytes);
    let layout = find(name, bytes, cursor.clone(), 0)?;
    let row_name = if matches!(layout.form, Form::Lines) { "line {}" } else { "record {}" };
    let mut reader = Records { name, bytes, watch, rows: Rows::new(row_name), what: "record" };
    let header = layout.header;
    reader.read(layout.at, layout.form, |rows, number, key, value, bytes| {
        set_record(rows, key, &header, &value, bytes);
        rows.end_row(number)
    })?;
    reader.finish()
}

/// What kind of JSON file it is, by its first bytes (some thousands are enough); `None` if it is no JSON.
pub fn kind(head: &[u8]) -> Option<Format> {
    let mut cursor = Cursor::new(head);
    let is_sequence = head.first() == Some(&0x1E);
    let mut fields = if cursor.take(b'[') {
        if cursor.peek().is_some_and(|byte| !matches!(byte, b'{' | b'[' | b']')) {
            return None;
        }
        fields_of(&mut cursor)
    } else if cursor.peek() == Some(b'{') {
        fields_of(&mut cursor)
    } else {
        return None;
    };
    fields.retain(|field| !field.key.is_empty());
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let first_byte = |key: &str| fields.iter().find(|field| field.key == key).map(|field| field.first);
    let value = |key: &str| {
        let field = fields.iter().find(|field| field.key == key)?;
        Cursor::at(head, field.at).value().ok()
    };
    let geojson_type = value("type").is_some_and(|kind| {
        kind.as_text().is_some_and(|kind| kind == "FeatureCollection" || kind == "Feature")
            || (kind.as_text().is_some_and(super::geojson::is_geometry)
                && (has("coordinates") || has("geometries")))
    });
    let features = first_byte("features") == Some(b'[') && !has("error");
    if geojson_type || features || is_sequence {
        return Some(Format::GeoJson);
    }
    let has_labels =
        ["label", "labels", "annotations", "entities", "cats", "spans"].iter().any(|key| has(key));
    if first_byte("text") == Some(b'"') && has_labels {
        return Some(Format::Doccano);
    }
    let is_timemap_file = first_byte("events") == Some(b'[')
        && ["sources", "associations", "sites", "regions", "shapes", "narratives"].iter().any(|key| has(key));
    let is_timemap_event = has("description")
        && (has("associations") || has("sources"))
        && [
            "time_display",
            "time_precision",
            "category_full",
            "narrative___stepStyles",
            "narratives",
            "time",
        ]
        .iter()
        .any(|key| has(key))
        && first_byte("sources").is_none_or(|byte| byte == b'[');
    if is_timemap_file || is_timemap_event {
        return Some(Format::TimeMap);
    }
    Some(Format::Json)
}

/// Where the records of a file are.
struct Layout<'a> {
    /// Behind the bracket that opens the records, or at the first one.
    at: usize,
    form: Form,
    /// Names of columns where the records are lists of values.
    header: Vec<Cow<'a, str>>,
}

/// How records follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In a list, up to its bracket.
    List,
    /// As the fields of an object, up to its bracket.
    Keyed,
    /// To the end of the file.
    Lines,
    /// There is only one.
    One,
}

/// A field of an object that was passed over.
pub(super) struct Field<'a> {
    pub key: Cow<'a, str>,
    /// Where the value begins, and with which byte.
    pub at: usize,
    pub first: u8,
    /// Bytes of the value, as far as there are any.
    pub length: usize,
    /// Whether the value ends before the bytes do.
    pub whole: bool,
}

/// Passes over an object, or as much of it as there is, and lists its fields.
pub(super) fn fields_of<'a>(cursor: &mut Cursor<'a>) -> Vec<Field<'a>> {
    let mut fields = Vec::new();
    if !cursor.take(b'{') {
        return fields;
    }
    while let Ok(Some(key)) = cursor.key() {
        let (at, first) = (cursor.offset(), cursor.peek().unwrap_or_default());
        let passed = cursor.skip();
        let length = passed.as_ref().map_or(cursor.offset() - at, |range| range.len());
        let whole = passed.is_ok();
        fields.push(Field { key, at, first, length, whole });
        if !whole {
            break;
        }
    }
    fields
}

fn find<'a>(
    name: &str,
    bytes: &'a [u8],
    mut cursor: Cursor<'a>,
    depth: usize,
) -> Result<Layout<'a>, ImportError> {
    let start = cursor.offset();
    let at_start = |form| Layout { at: start, form, header: Vec::new() };
    if cursor.take(b'[') {
        // Lists one after another are records one after another.
        let mut second = Cursor::at(bytes, start);
        let has_second = depth == 0 && second.skip().is_ok() && second.peek() == Some(b'[');
        if has_second {
            return Ok(at_start(Form::Lines));
        }
        let header = header_row(&mut cursor);
        return Ok(Layout { at: cursor.offset(), form: Form::List, header });
    }
    if cursor.peek() != Some(b'{') {
        return Err(ImportError::Cannot(match cursor.peek() {
            None => format!("“{name}” is empty."),
            Some(_) => format!("“{name}” holds no records: it begins neither with [ nor with {{."),
        }));
    }
    let fields = fields_of(&mut cursor);
    let is_followed = matches!(cursor.peek(), Some(b'{' | b'['));
    let is_cut = fields.last().is_some_and(|field| !field.whole);
    let next_line = |at: usize| {
        let mut cursor = Cursor::at(bytes, at);
        cursor.skip_line();
        cursor.peek() == Some(b'{')
    };
    if depth == 0 && (is_followed || (is_cut && next_line(start))) {
        return Ok(at_start(Form::Lines));
    }
    if let Some(error) = service_error(bytes, &fields) {
        return Err(ImportError::Cannot(format!("“{name}” holds no events: the service returned {error}.")));
    }
    let is_record = fields.iter().any(|field| RECORD_FIELDS.contains(&field.key.as_ref()));
    let inner = |field: &Field<'_>| Cursor::at(bytes, field.at + 1).peek();
    // A list of records, or of rows of values; an empty one only where its name says what it is.
    let is_list = |field: &&Field<'_>| field.first == b'[' && matches!(inner(field), Some(b'{' | b'['));
    let named = |may: &dyn Fn(&&Field<'_>) -> bool| {
        RECORD_LISTS.iter().find_map(|name| fields.iter().filter(may).find(|field| field.key == *name))
    };
    let by_size = || {
        let longest = fields.iter().filter(is_list).max_by_key(|field| field.length)?;
        (longest.length * 3 > cursor.offset() - start).then_some(longest)
    };
    let is_empty_list = |field: &&Field<'_>| field.first == b'[' && inner(field) == Some(b']');
    let list =
        if is_record { None } else { named(&is_list).or_else(by_size).or_else(|| named(&is_empty_list)) };
    if let Some(list) = list {
        let header = header_of(bytes, &fields);
        let at = Cursor::at(bytes, list.at + 1).offset();
        return Ok(Layout { at, form: Form::List, header });
    }
    let is_object = |field: &&Field<'_>| field.first == b'{';
    if !is_record
        && depth < MAX_ENVELOPES
        && let Some(inner) = named(&is_object)
    {
        return find(name, bytes, Cursor::at(bytes, inner.at), depth + 1);
    }
    if fields.len() > 1 && fields.iter().all(|field| is_object(&field)) {
        return Ok(Layout { at: Cursor::at(bytes, start + 1).offset(), ..at_start(Form::Keyed) });
    }
    Ok(at_start(Form::One))
}

/// Names of columns beside a list of rows.
fn header_of<'a>(bytes: &'a [u8], fields: &[Field<'a>]) -> Vec<Cow<'a, str>> {
    let found = fields.iter().find(|field| {
        field.first == b'['
            && ["columns", "header", "headers", "fields", "cols"].contains(&field.key.as_ref())
    });
    let Some(Ok(Value::List(names, _))) = found.map(|field| Cursor::at(bytes, field.at).value()) else {
        return Vec::new();
    };
    let name_of = |name: &Value<'a>| match name {
        Value::Text(text) => text.clone(),
        object => ["name", "id", "label"]
            .iter()
            .find_map(|key| object.get(key)?.scalar().map(str::to_owned))
            .unwrap_or_default()
            .into(),
    };
    names.iter().map(name_of).collect()
}

/// The first row of a list of rows, if it holds names; it is passed over then.
fn header_row<'a>(cursor: &mut Cursor<'a>) -> Vec<Cow<'a, str>> {
    let mut behind = cursor.clone();
    if cursor.peek() != Some(b'[') {
        return Vec::new();
    }
    let Ok(Value::List(items, _)) = behind.value() else { return Vec::new() };
    let is_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let names: Vec<Cow<'a, str>> = items
        .iter()
        .filter_map(|item| match item {
            Value::Text(text) if is_name(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    let mut distinct: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 2 || distinct.len() < items.len() {
        return Vec::new();
    }
    *cursor = behind;
    names
}

/// What a service says instead of records, as the end of a sentence.
fn service_error(bytes: &[u8], fields: &[Field<'_>]) -> Option<String> {
    let value = |key: &str| {
        let field = fields.iter().find(|field| field.key == key && field.length < 100_000)?;
        Cursor::at(bytes, field.at).value().ok().filter(|value| *value != Value::Null)
    };
    let has_records = fields.iter().any(|field| {
        field.first == b'[' && Cursor::at(bytes, field.at + 1).peek() == Some(b'{') && field.key != "errors"
    });
    let status = ["status", "code", "status_code", "statusCode"]
        .iter()
        .find_map(|key| value(key)?.number())
        .filter(|status| (400.0..600.0).contains(status));
    let has_failed = value("success").is_some_and(|success| success.scalar() == Some("false"));
    let error = value("error").or_else(|| value("errors")).filter(|error| match error {
        Value::Bool(is_error) => *is_error,
        Value::Text(text) => !text.is_empty(),
        Value::List(items, _) => !items.is_empty(),
        Value::Object(fields, _) => !fields.is_empty(),
        _ => true,
    });
    if has_records || (status.is_none() && !has_failed && error.is_none()) {
        return None;
    }
    // An object may well have a field “error” and be a record.
    if status.is_none() && !has_failed && fields.len() > 4 {
        return None;
    }
    let words = |value: &Value<'_>| -> Option<String> {
        let inner = |value: &Value<'_>| {
            ["message", "detail", "title", "description", "error_description"]
                .iter()
                .find_map(|key| value.get(key)?.scalar().map(str::to_owned))
        };
        match value {
            Value::List(items, _) => {
                items.first().and_then(|item| item.scalar().map(str::to_owned).or_else(|| inner(item)))
            }
            Value::Object(..) => inner(value),
            scalar => scalar.as_text().map(str::to_owned),
        }
    };
    let message = error
        .as_ref()
        .and_then(words)
        .or_else(|| {
            ["message", "messages", "detail", "title", "error_description"]
                .iter()
                .find_map(|key| words(&value(key)?))
        })
        .unwrap_or_default();
    let message = shorten(message.trim().trim_end_matches('.'), 200);
    let code = error.as_ref().and_then(|error| error.get("code")?.number()).or(status);
    Some(match (code, message.as_str()) {
        (Some(code), "") => format!("the error {code}"),
        (Some(code), message) => format!("{code} {message}"),
        (None, "") => "an error".to_owned(),
        (None, message) => format!("an error: {message}"),
    })
}

/// Walks over records and makes rows of them. Records that are broken are told, and those behind them
/// read on.
pub(super) struct Records<'a, 'w> {
    pub name: &'w str,
    pub bytes: &'a [u8],
    pub watch: Watch<'w>,
    pub rows: Rows,
    /// What a record is called.
    pub what: &'static str,
}

/// Why no further records are read.
enum End {
    Whole,
    Stopped,
    Full,
    /// At this byte, within the record that begins at the other one.
    Cut {
        at: usize,
        record: usize,
    },
}

impl<'a> Records<'a, '_> {
    /// Passes each record to `take`, with its number, its key if it has one, and the bytes of the file.
    pub fn read(
        &mut self,
        at: usize,
        form: Form,
        mut take: impl FnMut(&mut Rows, u32, Option<&str>, Value<'a>, &'a [u8]) -> Result<(), Full>,
    ) -> Result<(), ImportError> {
        let mut cursor = Cursor::at(self.bytes, at);
        let mut number = 0u32;
        let mut lines = Lines { bytes: self.bytes, at: 0, line: 1 };
        let end = loop {
            if number.is_multiple_of(PER_TELLING) && !self.goes_on(&cursor) {
                break End::Stopped;
            }
            let mut key = None;
            match form {
                Form::List => {
                    while cursor.take(b',') {}
                    if cursor.take(b']') {
                        break End::Whole;
                    }
                }
                Form::Keyed => match cursor.key() {
                    Ok(Some(found)) => key = Some(found),
                    Ok(None) => break End::Whole,
                    Err(_) => break End::Cut { at: cursor.offset(), record: cursor.offset() },
                },
                Form::Lines => while cursor.take(b',') {},
                Form::One if number > 0 => break End::Whole,
                Form::One => {}
            }
            let start = cursor.offset();
            if cursor.peek().is_none() {
                break if form == Form::Lines { End::Whole } else { End::Cut { at: start, record: start } };
            }
            number = match form {
                Form::Lines => lines.line_of(start),
                _ => number.saturating_add(1),
            };
            match cursor.value() {
                Ok(value) => {
                    if cursor.take_bad_text() {
                        self.rows.tell(Issue::BadText, number, "", "");
                    }
                    if take(&mut self.rows, number, key.as_deref(), value, self.bytes).is_err() {
                        break End::Full;
                    }
                }
                Err(fault) => {
                    let broken_at = match fault {
                        Fault::Syntax(at) => at,
                        Fault::Depth | Fault::End => start,
                    };
                    cursor = Cursor::at(self.bytes, start);
                    let passed = match form {
                        // A line may lack its end without harm to the next one.
                        Form::Lines => {
                            cursor.skip_line();
                            cursor.peek().is_some() || fault != Fault::End
                        }
                        _ => fault != Fault::End && cursor.skip().is_ok(),
                    };
                    if !passed {
                        break End::Cut { at: self.bytes.len(), record: start };
                    }
                    self.tell_broken(number, form, fault, start, broken_at);
                }
            }
        };
        // What stands behind the last record belongs to the envelope, unless there is none.
        let is_outermost =
            form == Form::One || (form == Form::List && Cursor::new(self.bytes).peek() == Some(b'['));
        if matches!(end, End::Whole) && is_outermost && cursor.peek().is_some() {
            let at = cursor.offset();
            let excerpt = self.excerpt(at);
            self.rows.tell_part(Issue::BrokenPart, format!("byte {at}"), &excerpt);
        }
        match end {
            End::Whole => Ok(()),
            End::Stopped if self.rows.num_rows() == 0 => Err(ImportError::Stopped),
            End::Stopped => {
                self.rows.cut_short("Reading was stopped; what was read until then is kept.");
                Ok(())
            }
            End::Full => {
                self.rows.cut_short("More text than fits into memory; what was read until then is kept.");
                Ok(())
            }
            End::Cut { at, record } if self.rows.num_rows() == 0 => Err(ImportError::Cannot(format!(
                "“{}” cannot be read: it ends at byte {at}, before the first {} is complete (begun at byte {record}).",
                self.name, self.what
            ))),
            End::Cut { at, record } => {
                let (what, count) = (self.what, self.rows.num_rows());
                self.rows.cut_short(format!(
                    "The file breaks off at byte {at}, within the {what} that begins at byte {record}; \
                     {count} before it are whole and kept."
                ));
                Ok(())
            }
        }
    }

    fn goes_on(&self, cursor: &Cursor<'_>) -> bool {
        let progress = Progress {
            done: cursor.offset() as u64,
            total: self.bytes.len() as u64,
            what: self.name.to_owned(),
        };
        (self.watch)(progress) == Continue::Yes
    }

    /// The first bytes of what is told of.
    fn excerpt(&self, start: usize) -> String {
        let rest = self.bytes.get(start..).unwrap_or_default();
        String::from_utf8_lossy(rest.get(..200).unwrap_or(rest)).into_owned()
    }

    fn tell_broken(&mut self, number: u32, form: Form, fault: Fault, start: usize, at: usize) {
        let what = if form == Form::Lines { "line" } else { self.what };
        let excerpt = self.excerpt(start);
        let place = match fault {
            Fault::Depth => format!("{what} {number} (nested too deep)"),
            _ => format!("{what} {number} (byte {at})"),
        };
        self.rows.tell_part(Issue::BrokenPart, place, &excerpt);
    }

    pub fn finish(self) -> Result<Grid, ImportError> {
        Ok(self.rows.finish())
    }
}

/// Counts lines on the way.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn line_of(&mut self, at: usize) -> u32 {
        let passed = self.bytes.get(self.at..at).unwrap_or_default();
        let breaks = memchr::memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        self.line
    }
}

/// Sets the fields of a record.
fn set_record(rows: &mut Rows, key: Option<&str>, header: &[Cow<'_, str>], record: &Value<'_>, bytes: &[u8]) {
    if let Some(key) = key {
        rows.set_named(added::ID, key);
    }
    match record {
        Value::List(values, _) => {
            for (at, value) in values.iter().enumerate() {
                let mut name = match header.get(at) {
                    Some(name) if !name.is_empty() => name.to_string(),
                    _ => format!("column {}", at + 1),
                };
                set_fields(rows, &mut name, value, bytes, 1);
            }
        }
        Value::Object(..) => set_fields(rows, &mut String::new(), record, bytes, 0),
        scalar => set_fields(rows, &mut "value".to_owned(), scalar, bytes, 1),
    }
}

/// Sets a value under its name, an object as one column for each of its fields.
pub(super) fn set_fields(rows: &mut Rows, name: &mut String, value: &Value<'_>, bytes: &[u8], depth: usize) {
    match value {
        Value::Object(fields, range) => {
            // `{"$date": …}`, as document databases write values of a type.
            if let [(key, inner)] = fields.as_slice()
                && depth > 0
                && key.starts_with('$')
            {
                return set_fields(rows, name, inner, bytes, depth + 1);
            }
            if depth >= MAX_FLAT {
                return set_json(rows, name, bytes.get(range.clone()));
            }
            if fields.is_empty() && depth > 0 {
                return set(rows, name, "");
            }
            for (key, inner) in fields {
                let length = name.len();
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                set_fields(rows, name, inner, bytes, depth + 1);
                name.truncate(length);
            }
        }
        Value::List(items, range) => {
            if items.iter().any(|item| matches!(item, Value::List(..) | Value::Object(..))) {
                return set_json(rows, name, bytes.get(range.clone()));
            }
            let mut joined = String::new();
            for item in items.iter().filter_map(Value::scalar) {
                if !joined.is_empty() {
                    joined.push_str("; ");
                }
                joined.push_str(item);
            }
            set(rows, name, &joined);
        }
        scalar => set(rows, name, scalar.scalar().unwrap_or_default()),
    }
}

fn set_json(rows: &mut Rows, name: &str, json: Option<&[u8]>) {
    set(rows, name, &String::from_utf8_lossy(json.unwrap_or_default()));
}

/// Sets a field. Where the row already has another value under this name, as with a key that is repeated,
/// the second one gets a column of its own.
pub(super) fn set(rows: &mut Rows, name: &str, value: &str) {
    let name = if name.is_empty() { "column" } else { name };
    let Some(column) = rows.column(name) else { return };
    match rows.value(column) {
        Some(old) if !old.is_empty() && !value.is_empty() && old != value => {
            for n in 2..=9 {
                let Some(column) = rows.column(&format!("{name} {n}")) else { return };
                if rows.value(column).is_none_or(|old| old == value) {
                    return rows.set(column, value);
                }
            }
        }
        Some(old) if !old.is_empty() => {}
        _ => rows.set(column, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, cells, mutated, unwatched};
    use proptest::prelude::*;

    fn grid(text: &str) -> Grid {
        read("a.json", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    fn refusal(text: &str) -> String {
        match read("a.json", text.as_bytes(), Allowance::default(), &unwatched) {
            Err(err) => err.sentence().unwrap_or_default().to_owned(),
            Ok(grid) => panic!("was read: {grid:?}"),
        }
    }

    const ROWS: &str = r#"[{"id": "0012", "deaths": 3.50, "tags": ["a", 1, null], "at": {"lat": 18.440, "x": [{"y": 1}]}},
        {"id": "13", "sure": true, "none": null}]"#;

    #[test]
    fn objects_become_rows_with_values_as_written() {
        let grid = grid(ROWS);
        assert_eq!(grid.columns, ["id", "deaths", "tags", "at.lat", "at.x", "sure", "none"]);
        assert_eq!(
            cells(&grid),
            [["0012", "3.50", "a; 1", "18.440", r#"[{"y": 1}]"#, "", ""], ["13", "", "", "", "", "true", ""]]
        );
        assert_eq!(grid.name_of(grid.rows[1].0), "record 2");
        assert_eq!((grid.findings.len(), grid.cut_short), (0, None));
    }

    #[test]
    fn records_are_found_wherever_they_are() {
        let expected = [["1", "x"], ["2", "y"]];
        for text in [
            r#"{"status": 200, "success": true, "count": 2, "messages": [], "data": [{"id": 1, "n": "x"}, {"id": 2, "n": "y"}]}"#,
            r#"{"response": {"total": 2, "docs": [{"id": 1, "n": "x"}, {"id": 2, "n": "y"}]}}"#,
            "{\"id\": 1, \"n\": \"x\"}\n{\"id\": 2, \"n\": \"y\"}\n",
            "{\n \"id\": 1,\n \"n\": \"x\"\n}\n{\n \"id\": 2,\n \"n\": \"y\"\n}",
            "\u{1E}{\"id\": 1, \"n\": \"x\"}\n\u{1E}{\"id\": 2, \"n\": \"y\"}\n",
            r#"{"meta": {"a": [1, 2]}, "attacks_in_may": [{"id": 1, "n": "x"}, {"id": 2, "n": "y"}]}"#,
            r#"{"columns": ["id", "n"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}"#,
            r#"[["id", "n"], ["1", "x"], ["2", "y"]]"#,
        ] {
            let grid = grid(text);
            assert_eq!(grid.columns, ["id", "n"], "{text}");
            assert_eq!(cells(&grid), expected, "{text}");
        }
        let keyed = grid(r#"{"e1": {"n": "x"}, "e2": {"n": "y"}}"#);
        assert_eq!(keyed.columns, ["@id", "n"]);
        assert_eq!(cells(&keyed), [["e1", "x"], ["e2", "y"]]);
        let one = grid(r#"{"event_date": "2024-07-27", "sources": [{"a": 1}, {"a": 2}]}"#);
        assert_eq!(one.rows.len(), 1);
        assert_eq!(grid(r#"{"success": true, "count": 0, "data": []}"#).rows.len(), 0);
    }

    #[test]
    fn what_a_service_says_is_told() {
        let text =
            r#"{"status":403,"success":false,"error":{"message":"Quota used up."},"count":0,"data":[]}"#;
        assert_eq!(refusal(text), "“a.json” holds no events: the service returned 403 Quota used up.");
        assert!(refusal(r#"{"error": "invalid_grant"}"#).ends_with("an error: invalid_grant."));
        assert!(refusal(r#"{"success": false}"#).contains("an error"));
        assert!(refusal("12").contains("begins neither"));
        assert!(refusal("").contains("is empty"));
    }

    #[test]
    fn broken_records_are_told_and_the_others_kept() {
        let grid = grid("[{\"a\": 1}, {\"a\" 2}, 5, {\"a\": 3}]");
        assert_eq!(cells(&grid), [["1", ""], ["", "5"], ["3", ""]]);
        assert_eq!(grid.findings[0].0, Issue::BrokenPart);
        assert_eq!(grid.findings[0].1.at, "record 2 (byte 16)");
        let lines = super::tests::grid("{\"a\": 1}\n{\"a\": [2\n\n{\"a\": 3}\n");
        assert_eq!(cells(&lines), [["1"], ["3"]]);
        assert_eq!(lines.findings[0].1.at, "line 2 (byte 19)");
        assert_eq!(lines.name_of(lines.rows[1].0), "line 4");
        for text in ["[{\"a\": 1}] x", "{\"a\": 1} x"] {
            assert_eq!(super::tests::grid(text).findings[0].0, Issue::BrokenPart, "{text}");
        }
        let deep = format!("[{{\"a\": 1}}, {}{}, {{\"a\": 2}}]", "[".repeat(9000), "]".repeat(9000));
        assert_eq!(super::tests::grid(&deep).rows.len(), 2);
    }

    #[test]
    fn a_file_that_breaks_off_gives_what_is_whole() {
        let whole = r#"{"count": 2, "data": [{"a": "x"}, {"a": "y"}]}"#;
        let grid = grid(&whole[..whole.len() - 6]);
        assert_eq!(cells(&grid), [["x"]]);
        let why = grid.cut_short.expect("cut");
        assert!(why.contains("byte 40") && why.contains("begins at byte 34"), "{why}");
        assert!(refusal("[{\"a\": ").contains("byte 7"));
    }

    #[test]
    fn keys_that_are_repeated_lose_nothing() {
        let grid = grid(r#"[{"a": 1, "a": 2, "b": {"c": 3}, "b.c": 4}]"#);
        assert_eq!(grid.columns, ["a", "a 2", "b.c", "b.c 2"]);
        assert_eq!(cells(&grid), [["1", "2", "3", "4"]]);
    }

    #[test]
    fn reading_can_be_stopped() {
        let text = format!("[{}]", vec!["{\"a\": 1}"; 3000].join(","));
        let stop = |progress: Progress| if progress.done > 1000 { Continue::No } else { Continue::Yes };
        let grid = read("a.json", text.as_bytes(), Allowance::default(), &stop).expect("some");
        assert_eq!(grid.rows.len(), 1024);
        assert!(grid.cut_short.is_some());
        let at_once = read("a.json", text.as_bytes(), Allowance::default(), &|_| Continue::No);
        assert_eq!(at_once, Err(ImportError::Stopped));
    }

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        for (text, expected) in [
            (ROWS, Some(Format::Json)),
            (r#"{"type": "FeatureCollection", "features": [{"typ"#, Some(Format::GeoJson)),
            (r#"{"features": [{"type": "Feature"#, Some(Format::GeoJson)),
            ("{\"type\": \"Feature\", \"geometry\": null}\n", Some(Format::GeoJson)),
            ("\u{1E}{\"a\": 1}", Some(Format::GeoJson)),
            (r#"{"type": "Point", "coordinates": [1, 2]}"#, Some(Format::GeoJson)),
            (r#"{"type": "battle", "date": "2024"}"#, Some(Format::Json)),
            (r#"{"id": 3, "text": "Gao.", "label": [[0, 3, "LOC"]]}"#, Some(Format::Doccano)),
            (r#"{"text": "Gao.", "entities": [{"id": 1"#, Some(Format::Doccano)),
            (r#"{"events": [{"id": "1"}], "sources": {"#, Some(Format::TimeMap)),
            (
                r#"[{"id": "1", "description": "x", "time_precision": "", "sources": ["s1"]}]"#,
                Some(Format::TimeMap),
            ),
            ("id,date\n", None),
            ("[1, 2]", None),
            ("[Notes]", None),
            ("", None),
        ] {
            assert_eq!(kind(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"{}[]\":,\\ \n1aen")) {
            let _ = kind(&bytes);
            let _ = read("a.json", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_are_read_or_refused(bytes in mutated(ROWS.as_bytes())) {
            let _ = read("a.json", &bytes, Allowance::default(), &unwatched);
        }
    }
}
