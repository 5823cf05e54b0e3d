//! ODS: the sheets in `content.xml`, read as a stream.
//!
//! Rows and cells say how often they are repeated, up to a million times each. Empty ones are counted, not
//! made; others are repeated up to a limit, and beyond it the user is asked.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Flow, Sheet, Table, cannot, no_sheet};
use crate::io::import::guard::guarded;
use crate::io::import::limits::{MAX_COLUMNS, MAX_DEPTH, SMALL_UNPACKED_BYTES};
use crate::io::import::plain::{midnight_off, write_float};
use crate::io::import::{Allowance, ImportError, archive};

/// Rows of a sheet.
const MAX_ROWS: u32 = 1 << 20;

/// Elements within a cell or a sheet that hold no part of its text.
const SKIPPED: [&[u8]; 8] = [
    b"annotation",
    b"tracked-changes",
    b"shapes",
    b"forms",
    b"named-expressions",
    b"dde-links",
    b"detective",
    b"event-listeners",
];

/// Comments, deleted cells and drawings are no part of a cell's text.
fn is_skipped(start: &BytesStart) -> bool {
    SKIPPED.contains(&start.local_name().as_ref())
        || start.name().prefix().is_some_and(|prefix| prefix.as_ref() == b"draw")
}

type Xml<'a> = Reader<BufReader<&'a mut dyn Read>>;

/// Goes over the sheets until `see` says that it has seen enough.
fn with_content<T>(
    name: &str,
    bytes: &[u8],
    allow: Allowance,
    see: impl FnOnce(&mut Xml) -> Result<T, ImportError>,
) -> Result<T, ImportError> {
    let mut archive = archive::open(name, bytes, allow)?;
    let entries = archive::names(&archive);
    if entries.iter().any(|entry| entry == "META-INF/manifest.xml") {
        let manifest = archive::read(name, &mut archive, "META-INF/manifest.xml")?;
        if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(cannot(name, "it is protected by a password"));
        }
    }
    guarded(name, || {
        let mut file = archive::reader(name, &mut archive, "content.xml")?;
        let file: &mut dyn Read = &mut file;
        let mut xml = Reader::from_reader(BufReader::with_capacity(1 << 16, file));
        xml.config_mut().check_end_names = false;
        xml.config_mut().expand_empty_elements = true;
        see(&mut xml)
    })
}

fn attribute(start: &BytesStart, name: &[u8]) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|it| it.key.as_ref() == name)?;
    let raw = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    Some(raw.map_or_else(|_| String::from_utf8_lossy(&found.value).into_owned(), |text| text.into_owned()))
}

/// How often something is repeated.
fn repeats(start: &BytesStart, name: &[u8]) -> u32 {
    let text = attribute(start, name);
    text.map_or(1, |text| text.trim().parse::<u64>().map_or(1, |count| count.clamp(1, 1 << 20) as u32))
}

/// Why a stream of XML is not read further.
enum Stop {
    /// Enough was read.
    Enough,
    /// It is damaged, as an English phrase.
    Damaged(String),
    Refused(ImportError),
}

fn next<'b>(xml: &mut Xml, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Stop> {
    buffer.clear();
    match xml.read_event_into(buffer) {
        Ok(Event::Eof) => Err(Stop::Damaged("it ends too early".to_owned())),
        Ok(event) => Ok(event),
        Err(err) => Err(Stop::Damaged(err.to_string())),
    }
}

/// Passes over an element whose beginning was read.
fn skip(xml: &mut Xml, buffer: &mut Vec<u8>) -> Result<(), Stop> {
    let mut depth = 1;
    while depth > 0 {
        match next(xml, buffer)? {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

/// A sheet's beginning, looked for from where the stream is.
fn next_sheet(
    xml: &mut Xml,
    buffer: &mut Vec<u8>,
    hidden_styles: &mut Vec<String>,
) -> Result<Option<(String, bool)>, Stop> {
    let mut style = None;
    loop {
        buffer.clear();
        let event = match xml.read_event_into(buffer) {
            Ok(event) => event,
            Err(err) => return Err(Stop::Damaged(err.to_string())),
        };
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                b"style" => style = attribute(&start, b"style:name"),
                b"table-properties" if attribute(&start, b"table:display").as_deref() == Some("false") => {
                    hidden_styles.extend(style.take());
                }
                b"table" => {
                    let name = attribute(&start, b"table:name").unwrap_or_default();
                    let style = attribute(&start, b"table:style-name").unwrap_or_default();
                    return Ok(Some((name, hidden_styles.contains(&style))));
                }
                _ if is_skipped(&start) => skip(xml, buffer)?,
                _ => {}
            },
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Names of the sheets. Their rows are counted as far as they have values.
pub fn sheets(name: &str, bytes: &[u8], allow: Allowance) -> Result<Vec<Sheet>, ImportError> {
    let sheets = with_content(name, bytes, allow, |xml| {
        let (mut buffer, mut hidden, mut sheets) = (Vec::new(), Vec::new(), Vec::new());
        // Of a damaged file those that were found.
        while let Ok(Some((name, is_hidden))) = next_sheet(xml, &mut buffer, &mut hidden) {
            sheets.push(Sheet { name, rows: None, is_hidden });
        }
        Ok(sheets)
    })?;
    if sheets.is_empty() { Err(cannot(name, "there is no sheet in it")) } else { Ok(sheets) }
}

pub fn read(
    name: &str,
    bytes: &[u8],
    sheet: &str,
    allow: Allowance,
    table: &mut Table,
) -> Result<(), ImportError> {
    with_content(name, bytes, allow, |xml| {
        let (mut buffer, mut hidden) = (Vec::new(), Vec::new());
        loop {
            match next_sheet(xml, &mut buffer, &mut hidden) {
                Ok(Some((known, _))) if known == sheet => break,
                Ok(Some(_)) => {}
                Ok(None) | Err(Stop::Enough) => return Err(no_sheet(name, sheet)),
                Err(Stop::Damaged(why)) => return Err(cannot(name, &format!("it is damaged ({why})"))),
                Err(Stop::Refused(err)) => return Err(err),
            }
        }
        let mut cells = Cells { row: 0, repeated_bytes: 0, allow, table };
        match cells.read(xml, &mut buffer) {
            Ok(()) | Err(Stop::Enough) => Ok(()),
            Err(Stop::Damaged(why)) => {
                table.damaged(&why);
                Ok(())
            }
            Err(Stop::Refused(err)) => Err(err),
        }
    })
}

/// The cells of a sheet.
struct Cells<'a, 'b> {
    /// The row that is read, counted from 0.
    row: u32,
    /// Text that was made by repeating.
    repeated_bytes: u64,
    allow: Allowance,
    table: &'a mut Table<'b>,
}

/// A cell that is not empty: its first column, how many it fills, its text.
type Filled = (u32, u32, String);

impl Cells<'_, '_> {
    fn read(&mut self, xml: &mut Xml, buffer: &mut Vec<u8>) -> Result<(), Stop> {
        // Rows may lie within groups and headers, so elements are counted.
        let mut depth = 1;
        while depth > 0 {
            match next(xml, buffer)? {
                Event::Start(start) => match start.local_name().as_ref() {
                    b"table-row" => {
                        let count = repeats(&start, b"table:number-rows-repeated");
                        let cells = read_row(xml, buffer)?;
                        self.put_row(&cells, count)?;
                    }
                    _ if is_skipped(&start) => skip(xml, buffer)?,
                    _ if depth > MAX_DEPTH => {
                        return Err(Stop::Damaged("it is nested too deeply".to_owned()));
                    }
                    _ => depth += 1,
                },
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    fn put_row(&mut self, cells: &[Filled], count: u32) -> Result<(), Stop> {
        let first = self.row;
        self.row = first.saturating_add(count).min(MAX_ROWS);
        if cells.is_empty() {
            return Ok(());
        }
        let bytes = |(_, columns, text): &Filled| u64::from(*columns) * (text.len() as u64 + 1);
        let bytes: u64 = cells.iter().map(bytes).sum();
        for row in first..self.row {
            if row > first {
                self.note_repeated(bytes)?;
            }
            for (column, columns, text) in cells {
                for at in 0..*columns {
                    if at > 0 {
                        self.note_repeated(text.len() as u64 + 1)?;
                    }
                    if self.table.put(row, column.saturating_add(at), text) == Flow::Done {
                        return Err(Stop::Enough);
                    }
                }
            }
        }
        Ok(())
    }

    /// A few repeated cells are how equal neighbours are saved; many are no data.
    fn note_repeated(&mut self, bytes: u64) -> Result<(), Stop> {
        self.repeated_bytes = self.repeated_bytes.saturating_add(bytes);
        if self.repeated_bytes > SMALL_UNPACKED_BYTES && !self.allow.large {
            return Err(Stop::Refused(ImportError::Large(format!(
                "“{}” repeats its cells to more than {} MiB of text.",
                self.table.name,
                SMALL_UNPACKED_BYTES >> 20
            ))));
        }
        Ok(())
    }
}

/// The cells of a row whose beginning was read.
fn read_row(xml: &mut Xml, buffer: &mut Vec<u8>) -> Result<Vec<Filled>, Stop> {
    let mut cells = Vec::new();
    let mut column = 0_u32;
    let mut depth = 1;
    while depth > 0 {
        match next(xml, buffer)? {
            Event::Start(start) => match start.local_name().as_ref() {
                b"table-cell" | b"covered-table-cell" => {
                    let count = repeats(&start, b"table:number-columns-repeated");
                    let value = Value::of(&start);
                    let shown = read_text(xml, buffer)?;
                    let text = value.text(shown);
                    if !text.is_empty() {
                        // What is beyond is told once.
                        let count = count.min((MAX_COLUMNS as u32 + 1).saturating_sub(column)).max(1);
                        cells.push((column, count, text));
                    }
                    column = column.saturating_add(count);
                }
                _ if is_skipped(&start) => skip(xml, buffer)?,
                _ if depth > MAX_DEPTH => return Err(Stop::Damaged("it is nested too deeply".to_owned())),
                _ => depth += 1,
            },
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    Ok(cells)
}

/// The text that a cell shows; its paragraphs are lines.
fn read_text(xml: &mut Xml, buffer: &mut Vec<u8>) -> Result<String, Stop> {
    let mut text = String::new();
    let (mut depth, mut paragraphs, mut paragraph_depth) = (1_usize, 0, 0);
    while depth > 0 {
        match next(xml, buffer)? {
            Event::Start(start) => {
                let name = start.local_name();
                if is_skipped(&start) {
                    skip(xml, buffer)?;
                    continue;
                }
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Stop::Damaged("it is nested too deeply".to_owned()));
                }
                match name.as_ref() {
                    b"p" | b"h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        paragraph_depth += 1;
                    }
                    b"s" => {
                        let count =
                            attribute(&start, b"text:c").and_then(|count| count.parse::<usize>().ok());
                        text.extend(std::iter::repeat_n(' ', count.unwrap_or(1).min(1000)));
                    }
                    b"tab" => text.push('\t'),
                    b"line-break" => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(end) => {
                depth -= 1;
                if matches!(end.local_name().as_ref(), b"p" | b"h") {
                    paragraph_depth -= 1;
                }
            }
            // Blanks between elements are no text.
            Event::Text(part) if paragraph_depth > 0 => match part.decode() {
                Ok(part) => text.push_str(&part),
                Err(_) => text.push_str(&String::from_utf8_lossy(&part)),
            },
            Event::CData(part) if paragraph_depth > 0 => text.push_str(&String::from_utf8_lossy(&part)),
            Event::GeneralRef(name) if paragraph_depth > 0 => {
                let raw: &[u8] = &name;
                let known = match raw {
                    b"lt" => Some('<'),
                    b"gt" => Some('>'),
                    b"amp" => Some('&'),
                    b"quot" => Some('"'),
                    b"apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                match known {
                    Some(c) => text.push(c),
                    // Entities of the file's own are left as they stand.
                    None => {
                        text.push('&');
                        text.push_str(&String::from_utf8_lossy(raw));
                        text.push(';');
                    }
                }
            }
            _ => {}
        }
    }
    Ok(text)
}

/// What a cell says about its value, apart from what it shows.
enum Value {
    Shown,
    Number(String),
    Moment(String),
    Time(String),
    Exactly(String),
}

impl Value {
    fn of(start: &BytesStart) -> Self {
        let get = |name: &[u8]| attribute(start, name);
        let kind =
            get(b"calcext:value-type").filter(|kind| kind == "error").or_else(|| get(b"office:value-type"));
        let value = match kind.as_deref() {
            Some("float" | "percentage" | "currency") => get(b"office:value").map(Value::Number),
            Some("date") => get(b"office:date-value").map(Value::Moment),
            Some("time") => get(b"office:time-value").map(Value::Time),
            Some("boolean") => get(b"office:boolean-value").map(Value::Exactly),
            Some("string") => get(b"office:string-value").map(Value::Exactly),
            _ => None,
        };
        value.unwrap_or(Value::Shown)
    }

    fn text(self, shown: String) -> String {
        match self {
            Value::Shown => shown,
            Value::Exactly(text) => text,
            Value::Number(text) => match text.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => {
                    let mut text = String::new();
                    write_float(&mut text, value);
                    text
                }
                _ => text,
            },
            Value::Moment(text) => midnight_off(text.trim()).to_owned(),
            Value::Time(text) => clock(&text).unwrap_or(text),
        }
    }
}

/// A time as hours, minutes and seconds: `PT12H30M00S` → `12:30:00`.
fn clock(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.replace(',', ".");
    let (hours, minutes, seconds): (u32, u32, f64) =
        (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    let millis = (seconds * 1000.0).round();
    let is_clock = minutes < 60 && (0.0..60_000.0).contains(&millis);
    let mut text = String::new();
    super::write_clock(&mut text, u64::from(hours) * 3_600_000 + u64::from(minutes) * 60_000 + millis as u64);
    is_clock.then_some(text)
}
