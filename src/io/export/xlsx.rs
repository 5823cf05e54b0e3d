//! An Excel workbook: the events, their claims, the documents that they are from. Days are true dates,
//! numbers are numbers, everything else is text and never a formula.

use std::fs::File;
use std::io;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::cell::{Cell, day_text};
use super::claims::claim_cells;
use super::columns::{CLAIM_COLUMNS, CellType};
use super::layout::{Layout, case_name};
use super::work::Work;
use crate::model::time::civil_from_days;
use crate::model::{EventId, Lang};

/// Rows of a sheet, the header among them.
const MAX_ROWS: u32 = 1 << 20;
/// Longest text of a cell, in units of UTF-16.
const MAX_TEXT: usize = 32_767;
/// Columns of a sheet.
const MAX_COLUMNS: usize = 1 << 14;

/// Writes the workbook; returns what did not fit.
pub fn write(layout: &Layout<'_>, work: &Work<'_>, file: &mut File) -> io::Result<Vec<String>> {
    let mut workbook = Workbook::new();
    let mut sheets =
        Sheets { head: Format::new().set_bold(), day: Format::new().set_num_format("yyyy-mm-dd"), cut: 0 };
    let columns: Vec<(String, CellType)> =
        layout.headings.iter().map(|heading| (heading.name.clone(), heading.cells)).collect();
    let mut done = 0;
    let room = MAX_ROWS as usize - 1;
    for (number, events) in work.events.chunks(room).enumerate() {
        let name = if number == 0 { "Events".to_owned() } else { format!("Events {}", number + 1) };
        let sheet = sheets.begin(&mut workbook, &name, &columns, events.len())?;
        let mut at = 1;
        let make = |events: &[EventId]| {
            let mut rows = Vec::with_capacity(events.len());
            for event in events {
                layout.rows(*event, &mut |row| {
                    rows.push(row.iter().map(owned).collect::<Vec<_>>());
                    Ok(())
                })?;
            }
            Ok(rows)
        };
        work.parts_of(events, done, make, |rows: Vec<Vec<Cell<'static>>>| {
            for row in rows {
                sheets.row(sheet, at, &row)?;
                at += 1;
            }
            Ok(())
        })?;
        done += events.len();
    }
    if work.events.is_empty() {
        sheets.begin(&mut workbook, "Events", &columns, 0)?;
    }
    if layout.has_case {
        sheets.claims(&mut workbook, layout, work)?;
    }
    sheets.documents(&mut workbook, layout)?;
    workbook.save_to_writer(file).map_err(failed)?;
    let mut notes = Vec::new();
    if sheets.cut > 0 {
        notes.push(format!("{} texts are longer than a cell of Excel can be and were cut", sheets.cut));
    }
    if work.events.len() > room {
        notes.push("the events fill several sheets, as one has no more than 1,048,576 rows".to_owned());
    }
    if columns.len() > MAX_COLUMNS {
        notes.push(format!("{} columns are too many for a sheet; the last are missing", columns.len()));
    }
    Ok(notes)
}

fn failed(err: XlsxError) -> io::Error {
    match err {
        XlsxError::IoError(err) => err,
        err => io::Error::other(err),
    }
}

/// A cell that owns its text.
fn owned(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Empty => Cell::Empty,
        Cell::Text(_) | Cell::Source(_) => Cell::Text(cell.plain().into_owned().into()),
        Cell::Day(day) => Cell::Day(*day),
        Cell::Integer(number) => Cell::Integer(*number),
        Cell::Real(number) => Cell::Real(*number),
        Cell::Flag(flag) => Cell::Flag(*flag),
    }
}

struct Sheets {
    head: Format,
    day: Format,
    /// Texts that were cut.
    cut: usize,
}

impl Sheets {
    /// A sheet with a header that stays in view and filters for its columns.
    fn begin<'b>(
        &self,
        workbook: &'b mut Workbook,
        name: &str,
        columns: &[(String, CellType)],
        rows: usize,
    ) -> io::Result<&'b mut Worksheet> {
        // Rows go to the disk one by one: a million of them would not fit into memory.
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        self.head(sheet, name, columns, rows).map_err(failed)?;
        Ok(sheet)
    }

    fn head(
        &self,
        sheet: &mut Worksheet,
        name: &str,
        columns: &[(String, CellType)],
        rows: usize,
    ) -> Result<(), XlsxError> {
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        let columns = columns.get(..columns.len().min(MAX_COLUMNS)).unwrap_or_default();
        for (at, (_, cells)) in columns.iter().enumerate() {
            let width = if *cells == CellType::Text { 20.0 } else { 12.0 };
            sheet.set_column_width(at as u16, width)?;
        }
        if let Some(last) = columns.len().checked_sub(1) {
            sheet.autofilter(0, 0, rows.min(MAX_ROWS as usize - 1) as u32, last as u16)?;
        }
        for (at, (name, _)) in columns.iter().enumerate() {
            sheet.write_string_with_format(
                0,
                at as u16,
                shortened(name).unwrap_or(name.clone()),
                &self.head,
            )?;
        }
        Ok(())
    }

    fn row(&mut self, sheet: &mut Worksheet, row: u32, cells: &[Cell<'_>]) -> io::Result<()> {
        for (at, cell) in cells.iter().enumerate().take(MAX_COLUMNS) {
            self.cell(sheet, row, at as u16, cell).map_err(failed)?;
        }
        Ok(())
    }

    fn cell(&mut self, sheet: &mut Worksheet, row: u32, at: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => {}
            Cell::Integer(number) => {
                sheet.write_number(row, at, *number as f64)?;
            }
            Cell::Real(number) => {
                sheet.write_number(row, at, *number)?;
            }
            Cell::Flag(flag) => {
                sheet.write_boolean(row, at, *flag)?;
            }
            Cell::Day(day) => match excel_day(*day) {
                Some(date) => {
                    sheet.write_datetime_with_format(row, at, &date, &self.day)?;
                }
                None => {
                    sheet.write_string(row, at, day_text(i64::from(*day)))?;
                }
            },
            Cell::Text(_) | Cell::Source(_) => {
                let text = cell.plain();
                let short = shortened(&text);
                self.cut += usize::from(short.is_some());
                sheet.write_string(row, at, short.unwrap_or_else(|| text.into_owned()))?;
            }
        }
        Ok(())
    }

    fn claims(&mut self, workbook: &mut Workbook, layout: &Layout<'_>, work: &Work<'_>) -> io::Result<()> {
        let store = layout.store;
        let mut columns = vec![("event_id".to_owned(), CellType::Text)];
        columns.extend(CLAIM_COLUMNS.iter().map(|name| ((*name).to_owned(), CellType::Text)));
        let details = || work.events.iter().filter_map(|event| store.details.get(event.index()));
        let num_claims = details().map(|detail| detail.claims.len()).sum();
        let sheet = self.begin(workbook, "Claims", &columns, num_claims)?;
        let claims = details().flat_map(|detail| detail.claims.iter().map(move |claim| (detail, claim)));
        for (row, (detail, claim)) in (1..MAX_ROWS).zip(claims) {
            let mut cells = vec![Cell::text(detail.key.as_str())];
            cells.extend(claim_cells(store, &layout.texts, claim));
            self.row(sheet, row, &cells)?;
        }
        Ok(())
    }

    fn documents(&mut self, workbook: &mut Workbook, layout: &Layout<'_>) -> io::Result<()> {
        let store = layout.store;
        let names = ["document", "title", "title_ar", "outlet", "language", "published", "sha256", "dataset"];
        let columns = names.map(|name| (name.to_owned(), CellType::Text));
        let documents = super::documents(layout);
        if documents.is_empty() {
            return Ok(());
        }
        let sheet = self.begin(workbook, "Documents", &columns, documents.len())?;
        for (row, document) in (1..MAX_ROWS).zip(documents) {
            let outlet = document.outlet.as_ref().map(|outlet| outlet.names.get(Lang::En));
            let cells = [
                Cell::text(document.key.as_str()),
                Cell::text(document.titles.get(Lang::En)),
                Cell::optional(document.titles.exactly(Lang::Ar)),
                Cell::optional(outlet),
                Cell::text(document.language.as_str()),
                Cell::optional(document.published.as_ref().map(|when| super::cell::edtf(when.interval))),
                Cell::optional(document.original.as_ref().map(|original| original.sha256.as_str())),
                Cell::text(case_name(store)),
            ];
            self.row(sheet, row, &cells)?;
        }
        Ok(())
    }
}

/// The date, if spreadsheets know it: 1900 to 9999, but for the first two months, where they count a day
/// that never was.
fn excel_day(day: i32) -> Option<ExcelDateTime> {
    let (year, month, date) = civil_from_days(i64::from(day));
    let known = (1900..=9999).contains(&year) && (year > 1900 || month > 2);
    known.then(|| ExcelDateTime::from_ymd(year as u16, month as u8, date as u8).ok()).flatten()
}

/// A text that is too long for a cell, cut.
fn shortened(text: &str) -> Option<String> {
    if text.len() <= MAX_TEXT || text.encode_utf16().count() <= MAX_TEXT {
        return None;
    }
    let mut units = 0;
    let is_within = |c: &char| {
        units += c.len_utf16();
        units < MAX_TEXT
    };
    Some(text.chars().take_while(is_within).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_cells() {
        assert_eq!(shortened(&"م".repeat(MAX_TEXT)), None);
        let cut = shortened(&"😀".repeat(MAX_TEXT)).expect("cut");
        assert!(cut.encode_utf16().count() <= MAX_TEXT && cut.ends_with("😀…"));
    }

    #[test]
    fn days_before_march_1900_stay_text() {
        let day = |year, month, day| crate::model::time::days_from_civil(year, month, day) as i32;
        assert!(excel_day(day(1900, 2, 28)).is_none() && excel_day(day(1900, 3, 1)).is_some());
        assert!(excel_day(day(9999, 12, 31)).is_some() && excel_day(day(-44, 3, 15)).is_none());
    }
}
