//! XLSX, cell by cell: no more of a sheet is in memory than a cell, and the texts that cells share.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use quick_xml::events::Event;

use super::{Flow, Sheet, Table, cannot, no_sheet, write_serial};
use crate::io::import::guard::{caught, guarded};
use crate::io::import::limits::{ASK_RATIO, SMALL_UNPACKED_BYTES};
use crate::io::import::plain::{midnight_off, write_float};
use crate::io::import::{Allowance, ImportError, archive};

/// Unpacked bytes of the texts that cells share; in memory they take thrice as much.
const MAX_SHARED_BYTES: u64 = 192 << 20;
/// Unpacked bytes of each part that only describes: styles, names, relations.
const MAX_PART_BYTES: u64 = 8 << 20;
/// Cells that cannot be read, until the sheet is given up.
const MAX_BROKEN: usize = 1000;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

fn open<'a>(name: &str, bytes: &'a [u8], allow: Allowance) -> Result<Workbook<'a>, ImportError> {
    check(name, bytes, allow)?;
    guarded(name, || Xlsx::new(Cursor::new(bytes)).map_err(|err| cannot(name, &said(&err))))
}

fn said(err: &XlsxError) -> String {
    match err {
        XlsxError::Password => "it is protected by a password".to_owned(),
        err => format!("it is damaged ({err})"),
    }
}

/// Checks the sizes that the crate believes.
fn check(name: &str, bytes: &[u8], allow: Allowance) -> Result<(), ImportError> {
    let mut archive = archive::open(name, bytes, allow)?;
    for entry in archive::names(&archive) {
        let lower = entry.to_ascii_lowercase();
        let is_shared = lower.ends_with("sharedstrings.xml");
        let describes = ["styles.xml", "workbook.xml", ".rels", "theme1.xml", "[content_types].xml"];
        let limit = match () {
            () if is_shared => MAX_SHARED_BYTES,
            () if describes.iter().any(|end| lower.ends_with(end)) => MAX_PART_BYTES,
            () => continue,
        };
        let mut file = archive::reader(name, &mut archive, &entry)?;
        let size = file.limit();
        if size > limit {
            let why = format!("“{entry}” in it unpacks to more than {} MiB", limit >> 20);
            return Err(cannot(name, &why));
        }
        if is_shared {
            // The crate makes room for as many texts as are announced. Each takes five bytes or more.
            let announced = guarded(name, || Ok(announced(&mut file)))?;
            if announced.is_some_and(|count| count > size / 5 + 1) {
                return Err(cannot(name, "it says that it has more texts than fit into it"));
            }
        }
    }
    Ok(())
}

/// How many texts the list of shared texts says that it has.
fn announced(file: &mut impl std::io::Read) -> Option<u64> {
    let mut reader = quick_xml::Reader::from_reader(std::io::BufReader::new(file));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) if start.local_name().as_ref() == b"sst" => {
                let mut attributes = start.attributes();
                let counts = attributes
                    .with_checks(false)
                    .flatten()
                    .filter(|it| it.key.local_name().as_ref() == b"uniqueCount");
                // One that is no number is not believed either.
                return counts
                    .map(|it| std::str::from_utf8(&it.value).ok()?.trim().parse().ok())
                    .map(|count: Option<u64>| count.unwrap_or(0))
                    .max();
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Sheets of cells; charts are none.
pub fn sheets(name: &str, bytes: &[u8], allow: Allowance) -> Result<Vec<Sheet>, ImportError> {
    let mut book = open(name, bytes, allow)?;
    let all: Vec<_> = book.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for sheet in all.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let rows = guarded(name, || {
            let cells = book.worksheet_cells_reader(&sheet.name).map_err(|err| cannot(name, &said(&err)))?;
            let dimensions = cells.dimensions();
            let (start, end) = (dimensions.start, dimensions.end);
            Ok((end > (0, 0)).then(|| u64::from(end.0.saturating_sub(start.0)) + 1))
        });
        let is_hidden = sheet.visible != SheetVisible::Visible;
        sheets.push(Sheet { name: sheet.name, rows: rows.unwrap_or(None), is_hidden });
    }
    Ok(sheets)
}

pub fn read(
    name: &str,
    bytes: &[u8],
    sheet: &str,
    allow: Allowance,
    table: &mut Table,
) -> Result<(), ImportError> {
    let mut book = open(name, bytes, allow)?;
    if !book.sheets_metadata().iter().any(|known| known.name == sheet) {
        return Err(no_sheet(name, sheet));
    }
    let is_1904 = book.has_1904_epoch();
    // A long text that many cells share is small in the file only.
    let most = SMALL_UNPACKED_BYTES.max(ASK_RATIO * bytes.len() as u64);
    let room = if allow.large { u64::MAX } else { most };
    let done = guarded(name, || read_cells(&mut book, name, sheet, is_1904, room, table));
    match done {
        Err(err @ ImportError::Large(_)) => return Err(err),
        // What was read before the damage is kept.
        Err(_) if table.rows.num_rows() > 0 => table.damaged("what it says does not fit together"),
        done => done?,
    }
    Ok(())
}

fn read_cells(
    book: &mut Workbook,
    name: &str,
    sheet: &str,
    is_1904: bool,
    mut room: u64,
    table: &mut Table,
) -> Result<(), ImportError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|err| cannot(name, &said(&err)))?;
    let dimensions = cells.dimensions();
    table.total = u64::from(dimensions.end.0.saturating_sub(dimensions.start.0)) + 1;
    let (mut broken, mut last) = (0, None);
    let mut text = String::new();
    loop {
        // The crate counts with what a cell's reference says, and gives up where that is too large.
        let Some(next) = caught(|| cells.next_cell()) else {
            broken += 1;
            table.tell_broken(last, "a cell's reference is none of a sheet");
            if broken > MAX_BROKEN {
                table.damaged("too many of its cells cannot be read");
                return Ok(());
            }
            continue;
        };
        match next {
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                last = Some((row, column));
                text.clear();
                write_value(&mut text, cell.get_value(), is_1904);
                if let DataRef::SharedString(shared) = cell.get_value() {
                    room = room.checked_sub(shared.len() as u64).ok_or_else(|| {
                        let mib = SMALL_UNPACKED_BYTES >> 20;
                        ImportError::Large(format!("“{name}” repeats its texts to more than {mib} MiB."))
                    })?;
                }
                if table.put(row, column, &text) == Flow::Done {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(err @ (XlsxError::Xml(_) | XlsxError::XmlEof(_) | XlsxError::Io(_) | XlsxError::Zip(_))) => {
                table.damaged(&err.to_string());
                return Ok(());
            }
            // A single cell that is odd does not spoil the others.
            Err(err) => {
                broken += 1;
                table.tell_broken(last, &err.to_string());
                if broken > MAX_BROKEN {
                    table.damaged("too many of its cells cannot be read");
                    return Ok(());
                }
            }
        }
    }
}

fn write_value(text: &mut String, value: &DataRef, is_1904: bool) {
    match value {
        DataRef::Empty => {}
        DataRef::String(value) => text.push_str(value),
        DataRef::SharedString(value) => text.push_str(value),
        DataRef::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        DataRef::Int(value) => text.push_str(&value.to_string()),
        DataRef::Float(value) => write_float(text, *value),
        DataRef::DateTime(value) => write_serial(text, value.as_f64(), is_1904, value.is_duration()),
        DataRef::DateTimeIso(value) => text.push_str(midnight_off(value)),
        DataRef::DurationIso(value) => text.push_str(value),
        DataRef::Error(value) => text.push_str(&value.to_string()),
    }
}
