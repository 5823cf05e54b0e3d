//! Workbooks (XLSX, XLS, ODS) → [`Grid`] of one sheet.
//!
//! A sheet has no header: columns are called `A`, `B`, … and every row with a value is a row, under its
//! number in the sheet. Which row is the header is decided later, as for delimited text.
//!
//! A cell is the text that says what it holds, not what it looks like: numbers in their shortest digits
//! whatever their format, days and moments in ISO form (the time only where there is one), truth values
//! as `true` and `false`, of a formula the value that was saved with it, errors by their name. Text stays
//! as it is. A merged cell has its value in its first cell.

mod ods;
mod xls;
mod xlsx;

use std::fmt::Write as _;

use super::grid::Rows;
use super::limits::{MAX_COLUMNS, MAX_GRID_BYTES};
use super::plain::{write_date, write_float};
use super::{Allowance, Grid, ImportError, archive};
use crate::io::{Continue, Progress};
use crate::model::import::Issue;

/// Text of one row.
const MAX_ROW_BYTES: usize = 64 << 20;
/// Rows that are looked at to choose a sheet.
const HEAD_ROWS: usize = 10;
/// Parts of names that columns of events have, in small letters.
const USUAL_WORDS: [&str; 22] = [
    "date",
    "year",
    "lat",
    "lon",
    "event",
    "country",
    "location",
    "place",
    "admin",
    "actor",
    "fatal",
    "death",
    "killed",
    "source",
    "notes",
    "descri",
    "type",
    "region",
    "تاريخ",
    "خط",
    "موقع",
    "قتل",
];

/// The kinds of workbooks.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Xlsx,
    Xls,
    Ods,
}

/// By the first bytes, and in archives by the parts in it. Endings of names do not matter.
fn kind_of(name: &str, bytes: &[u8], allow: Allowance) -> Result<Kind, ImportError> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Ok(Kind::Xls);
    }
    let archive = archive::open(name, bytes, allow)?;
    let entries = archive::names(&archive);
    let has = |what: &str| entries.iter().any(|entry| entry.eq_ignore_ascii_case(what));
    match () {
        () if has("content.xml") => Ok(Kind::Ods),
        () if has("xl/workbook.bin") => {
            Err(cannot(name, "it is a binary workbook (XLSB); save it as XLSX to read it"))
        }
        () => Ok(Kind::Xlsx),
    }
}

/// A sheet by name; the number of its rows if the file says it.
struct Sheet {
    name: String,
    rows: Option<u64>,
    is_hidden: bool,
}

/// Names of all sheets in order, hidden ones among them, with their number of rows where the file says it.
pub fn sheets(name: &str, bytes: &[u8], allow: Allowance) -> Result<Vec<(String, Option<u64>)>, ImportError> {
    let all = list(name, bytes, kind_of(name, bytes, allow)?, allow)?;
    Ok(all.into_iter().map(|sheet| (sheet.name, sheet.rows)).collect())
}

fn list(name: &str, bytes: &[u8], kind: Kind, allow: Allowance) -> Result<Vec<Sheet>, ImportError> {
    match kind {
        Kind::Xlsx => xlsx::sheets(name, bytes, allow),
        Kind::Xls => xls::sheets(name, bytes),
        Kind::Ods => ods::sheets(name, bytes, allow),
    }
}

/// The sheet that is read when none is asked for: that which in one of its first rows has the most cells
/// that sound like columns of events; of equal ones one that is not hidden, then that with most rows,
/// then the first.
pub fn best_sheet(name: &str, bytes: &[u8], allow: Allowance) -> Result<String, ImportError> {
    let kind = kind_of(name, bytes, allow)?;
    let all = list(name, bytes, kind, allow)?;
    let first = all.first().ok_or_else(|| cannot(name, "there is no sheet in it"))?;
    if all.len() == 1 {
        return Ok(first.name.clone());
    }
    let mut best = (first, None);
    for sheet in &all {
        let head = read_kind(name, bytes, kind, &sheet.name, allow, HEAD_ROWS, &crate::io::unwatched);
        let likeness = head.map_or(0, |grid| likeness(&grid));
        let rank = Some((likeness, !sheet.is_hidden, sheet.rows.unwrap_or(0)));
        if rank > best.1 {
            best = (sheet, rank);
        }
    }
    Ok(best.0.name.clone())
}

/// Whether a cell sounds like the name of a column of events.
pub(super) fn sounds_like(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    cell.chars().count() <= 40 && USUAL_WORDS.iter().any(|word| cell.contains(word))
}

/// How many cells of one row sound like columns of events.
fn likeness(grid: &Grid) -> usize {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(grid.text.as_slice());
    let rows = reader.records().take(HEAD_ROWS).flatten();
    rows.map(|row| row.iter().filter(|cell| sounds_like(cell)).count()).max().unwrap_or(0)
}

/// Reads one sheet, the best one ([`best_sheet`]) if none is given. `watch` is told of rows, and may stop
/// the reading; what was read by then is the result.
pub fn read(
    name: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    allow: Allowance,
    watch: &(dyn Fn(Progress) -> Continue + Sync),
) -> Result<Grid, ImportError> {
    let sheet = match sheet {
        Some(sheet) => sheet.to_owned(),
        None => best_sheet(name, bytes, allow)?,
    };
    read_kind(name, bytes, kind_of(name, bytes, allow)?, &sheet, allow, usize::MAX, watch)
}

fn read_kind(
    name: &str,
    bytes: &[u8],
    kind: Kind,
    sheet: &str,
    allow: Allowance,
    max_rows: usize,
    watch: &(dyn Fn(Progress) -> Continue + Sync),
) -> Result<Grid, ImportError> {
    let mut table = Table::new(name, sheet, max_rows, watch);
    match kind {
        Kind::Xlsx => xlsx::read(name, bytes, sheet, allow, &mut table)?,
        Kind::Xls => xls::read(name, bytes, sheet, &mut table)?,
        Kind::Ods => ods::read(name, bytes, sheet, allow, &mut table)?,
    }
    Ok(table.finish())
}

fn cannot(name: &str, why: &str) -> ImportError {
    ImportError::Cannot(format!("“{name}” cannot be read: {why}."))
}

fn no_sheet(name: &str, sheet: &str) -> ImportError {
    cannot(name, &format!("there is no sheet “{sheet}” in it"))
}

/// Whether a reader is to go on with its sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Flow {
    More,
    Done,
}

/// The sheet as far as it was read.
struct Table<'a> {
    name: &'a str,
    sheet: &'a str,
    rows: Rows,
    /// Number of columns so far.
    width: usize,
    /// The row that is being made, counted from 0, and the bytes in it.
    row: Option<(u32, usize)>,
    max_rows: usize,
    /// Number of rows, if the file says it.
    total: u64,
    was_odd: bool,
    watch: &'a (dyn Fn(Progress) -> Continue + Sync),
}

impl<'a> Table<'a> {
    fn new(
        name: &'a str,
        sheet: &'a str,
        max_rows: usize,
        watch: &'a (dyn Fn(Progress) -> Continue + Sync),
    ) -> Self {
        let rows = Rows::new(format!("row {{}} of “{}”", sheet.replace("{}", "{ }")));
        Self { name, sheet, rows, width: 0, row: None, max_rows, total: 0, was_odd: false, watch }
    }

    /// Sets the text of a cell, counted from 0. Cells come row by row; empty ones need not come.
    fn put(&mut self, row: u32, column: u32, text: &str) -> Flow {
        if text.is_empty() {
            return Flow::More;
        }
        let bytes = match self.row {
            Some((open, bytes)) if open == row => bytes,
            Some((open, _)) if open > row => {
                self.tell_odd("rows that are not in order");
                return Flow::More;
            }
            _ => {
                if self.end_row() == Flow::Done {
                    return Flow::Done;
                }
                0
            }
        };
        self.row = Some((row, bytes + text.len()));
        let column = column as usize;
        if column >= MAX_COLUMNS {
            self.tell_odd(&format!("columns beyond {}", letters(MAX_COLUMNS - 1)));
            return Flow::More;
        }
        if bytes + text.len() > MAX_ROW_BYTES {
            self.rows.tell(Issue::HugeField, row.saturating_add(1), &letters(column), text);
            self.rows.cut_short(format!("Row {} of “{}” is too large.", row.saturating_add(1), self.sheet));
            return Flow::Done;
        }
        while self.width <= column {
            self.rows.column(&letters(self.width));
            self.width += 1;
        }
        self.rows.set(column, text);
        Flow::More
    }

    fn tell_odd(&mut self, what: &str) {
        if !self.was_odd {
            self.was_odd = true;
            self.rows.tell_part(Issue::BrokenPart, format!("sheet “{}”", self.sheet), what);
        }
    }

    /// Tells of a cell or a stretch that cannot be read.
    fn tell_broken(&mut self, after: Option<(u32, u32)>, why: &str) {
        let at = after.map_or_else(
            || format!("sheet “{}”", self.sheet),
            |(row, column)| {
                format!(
                    "after cell {}{} of “{}”",
                    letters(column as usize),
                    row.saturating_add(1),
                    self.sheet
                )
            },
        );
        self.rows.tell_part(Issue::BrokenPart, at, why);
    }

    /// Ends the row that is being made, if there is one.
    fn end_row(&mut self) -> Flow {
        let Some((row, _)) = self.row.take() else { return Flow::More };
        let number = row.saturating_add(1);
        if self.rows.end_row(number).is_err() {
            let why = format!("Memory is full after row {number}: {} MiB of text.", MAX_GRID_BYTES >> 20);
            self.rows.cut_short(why);
            return Flow::Done;
        }
        let done = self.rows.num_rows();
        if done >= self.max_rows {
            return Flow::Done;
        }
        if done.is_multiple_of(1024) {
            let progress = Progress { done: done as u64, total: self.total, what: self.name.to_owned() };
            if (self.watch)(progress) == Continue::No {
                self.rows.cut_short("Reading was stopped.");
                return Flow::Done;
            }
        }
        Flow::More
    }

    /// The sheet is damaged behind what was read.
    fn damaged(&mut self, why: &str) {
        let row = self.row.map_or(0, |(row, _)| row.saturating_add(1));
        self.tell_broken(None, why);
        self.rows
            .cut_short(format!("“{}” is damaged after row {row} of “{}”: {why}.", self.name, self.sheet));
    }

    fn finish(mut self) -> Grid {
        // Whether more would follow does not matter any more.
        let _ = self.end_row();
        self.rows.finish()
    }
}

/// A column's letters: `A` to `Z`, then `AA`.
fn letters(column: usize) -> String {
    let mut text = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        text.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    text.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// What a workbook's number with the format of a date or a time says.
///
/// Days are counted from 1900-01-01 as 1 with a 29 February 1900 that never was, or from 1904-01-01 as 0.
/// Less than a day is a time; what is no date of the calendar stays a number.
fn write_serial(text: &mut String, value: f64, is_1904: bool, is_duration: bool) {
    const MILLIS: f64 = 86_400_000.0;
    let last = if is_1904 { 2_957_003.0 } else { 2_958_466.0 };
    let whole = (value * MILLIS).round();
    let (mut days, millis) = (whole.div_euclid(MILLIS) as i64, whole.rem_euclid(MILLIS) as u64);
    if is_duration && value.abs() < last {
        let whole = whole.abs() as u64;
        if value < 0.0 {
            text.push('-');
        }
        write_clock(text, whole);
        return;
    }
    if !(0.0..last).contains(&value) || (!is_1904 && days == 60) {
        write_float(text, value);
        return;
    }
    if days == 0 && (!is_1904 || millis > 0) {
        write_clock(text, millis);
        return;
    }
    // Days from 1970 on.
    days += match (is_1904, days) {
        (true, _) => -24_107,
        (false, ..60) => -25_568,
        (false, _) => -25_569,
    };
    write_date(text, days);
    if millis > 0 {
        text.push('T');
        write_clock(text, millis);
    }
}

fn write_clock(text: &mut String, millis: u64) {
    let seconds = millis / 1000;
    // Writing to a string cannot fail.
    let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if millis % 1000 > 0 {
        let _ = write!(text, ".{:03}", millis % 1000);
    }
}

#[cfg(test)]
mod tests;
