//! A table as text: what readers of containers make, and the table reader takes.

use std::collections::HashMap;

use super::limits::{MAX_COLUMNS, MAX_GRID_BYTES};
use crate::model::import::{Finding, Issue};

/// Names of columns that a reader adds to those of the file. Where a file has a column for the same
/// thing, these come from its geometry or its markup and are preferred.
pub mod added {
    /// Degrees of the point that stands for the geometry.
    pub const LATITUDE: &str = "@latitude";
    pub const LONGITUDE: &str = "@longitude";
    /// The geometry as WKT.
    pub const GEOMETRY: &str = "@geometry";
    /// Dates in ISO 8601; `..` for an open end where the other one is given.
    pub const BEGIN: &str = "@begin";
    pub const END: &str = "@end";
    pub const ID: &str = "@id";
    pub const NAME: &str = "@name";
    pub const DESCRIPTION: &str = "@description";
    /// Folders, layers and tracks that it lies in, joined by ` / `.
    pub const PATH: &str = "@path";
}

/// A table as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// In order of first appearance; names are not repeated.
    pub columns: Vec<String>,
    /// The rows in RFC 4180 form, without a header: a comma between fields, quotation marks where they
    /// are needed, a line feed at the end. Each row has all columns.
    pub text: Vec<u8>,
    /// Where each row begins in `text`, and which one it is in the file, counted from 1.
    pub rows: Vec<(u64, u32)>,
    /// How a row is called: `row {} of “Events”`, `feature {}`; `{}` stands for its number.
    pub row_name: String,
    /// Parts of the file that are no rows, and oddities of rows that only the reader sees. Those of
    /// rows have the row's begin as offset, others `u64::MAX`.
    pub findings: Vec<(Issue, Finding)>,
    /// Why the file was not read to its end, as a sentence.
    pub cut_short: Option<String>,
}

impl Grid {
    /// How the row is called whose record begins at an offset.
    pub fn name_of(&self, offset: u64) -> String {
        match self.rows.binary_search_by_key(&offset, |(start, _)| *start) {
            Ok(at) => self.rows.get(at).map_or_else(String::new, |(_, number)| self.name_of_number(*number)),
            Err(_) => String::new(),
        }
    }

    pub fn name_of_number(&self, number: u32) -> String {
        self.row_name.replacen("{}", &number.to_string(), 1)
    }
}

/// Makes a [`Grid`], row by row. Columns may come up at any time.
#[derive(Debug)]
pub struct Rows {
    grid: Grid,
    numbers: HashMap<String, usize>,
    /// The row that is being made: its fields in `fields`, by column.
    row: Vec<Option<std::ops::Range<usize>>>,
    fields: String,
    /// How many columns each finished row has, where that changes: (first row, columns).
    widths: Vec<(usize, usize)>,
    refused_columns: usize,
}

/// No more fits into memory; see [`MAX_GRID_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Rows {
    /// `row_name` as in [`Grid::row_name`].
    pub fn new(row_name: impl Into<String>) -> Self {
        Self {
            grid: Grid { row_name: row_name.into(), ..Grid::default() },
            numbers: HashMap::new(),
            row: Vec::new(),
            fields: String::new(),
            widths: Vec::new(),
            refused_columns: 0,
        }
    }

    /// The number of a column, new or known; `None` if there are too many.
    pub fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(at) = self.numbers.get(name) {
            return Some(*at);
        }
        // Every row gets every column, which costs a byte each.
        let cells = (self.grid.columns.len() + 1).saturating_mul(self.grid.rows.len());
        if self.grid.columns.len() >= MAX_COLUMNS || cells > MAX_GRID_BYTES / 2 {
            self.refused_columns += 1;
            return None;
        }
        let at = self.grid.columns.len();
        self.grid.columns.push(name.to_owned());
        self.numbers.insert(name.to_owned(), at);
        Some(at)
    }

    /// A column of its own even if another one has the name: `name`, `name 2`, ….
    pub fn new_column(&mut self, name: &str) -> Option<usize> {
        let name = if name.trim().is_empty() {
            format!("column {}", self.grid.columns.len() + 1)
        } else {
            name.to_owned()
        };
        if !self.numbers.contains_key(&name) {
            return self.column(&name);
        }
        (2..)
            .map(|n| format!("{name} {n}"))
            .find(|name| !self.numbers.contains_key(name))
            .and_then(|name| self.column(&name))
    }

    /// Sets a field of the row that is being made.
    pub fn set(&mut self, column: usize, value: &str) {
        if column >= self.grid.columns.len() {
            return;
        }
        if self.row.len() <= column {
            self.row.resize(column + 1, None);
        }
        let start = self.fields.len();
        self.fields.push_str(value);
        if let Some(field) = self.row.get_mut(column) {
            *field = Some(start..self.fields.len());
        }
    }

    /// Sets a field by its column's name.
    pub fn set_named(&mut self, name: &str, value: &str) {
        if let Some(column) = self.column(name) {
            self.set(column, value);
        }
    }

    /// What the row that is being made has in a column so far.
    pub fn value(&self, column: usize) -> Option<&str> {
        let range = self.row.get(column)?.clone()?;
        self.fields.get(range)
    }

    pub fn num_rows(&self) -> usize {
        self.grid.rows.len()
    }

    /// Where the row that is being made will begin: the offset for its findings.
    pub fn offset(&self) -> u64 {
        self.grid.text.len() as u64
    }

    /// Tells something odd about the row that is being made, which is the `number`th.
    pub fn tell(&mut self, issue: Issue, number: u32, column: &str, value: &str) {
        let at = self.grid.name_of_number(number);
        let finding = Finding::new(at, self.offset(), column, value, 80);
        self.grid.findings.push((issue, finding));
    }

    /// Tells of a part of the file that is no row.
    pub fn tell_part(&mut self, issue: Issue, at: impl Into<String>, value: &str) {
        self.grid.findings.push((issue, Finding::new(at.into(), u64::MAX, "", value, 200)));
    }

    /// Ends the row that is being made, the `number`th of the file. A row without a field is a row too.
    pub fn end_row(&mut self, number: u32) -> Result<(), Full> {
        let width = self.grid.columns.len();
        if self.widths.last().is_none_or(|(_, last)| *last != width) {
            self.widths.push((self.grid.rows.len(), width));
        }
        let text = &mut self.grid.text;
        self.grid.rows.push((text.len() as u64, number));
        for column in 0..width {
            if column > 0 {
                text.push(b',');
            }
            let field = self.row.get(column).cloned().flatten();
            let field = field.and_then(|range| self.fields.get(range)).unwrap_or_default();
            // A row that is empty as a whole must not look like an empty line.
            write_field(text, field, width == 1);
        }
        if width == 0 {
            text.extend_from_slice(b"\"\"");
        }
        text.push(b'\n');
        self.row.clear();
        self.fields.clear();
        if text.len() > MAX_GRID_BYTES { Err(Full) } else { Ok(()) }
    }

    /// Leaves out what was set of the row that is being made.
    pub fn forget_row(&mut self) {
        self.row.clear();
        self.fields.clear();
    }

    /// Why the file is not read to its end, as a sentence.
    pub fn cut_short(&mut self, why: impl Into<String>) {
        self.grid.cut_short = Some(why.into());
    }

    /// The grid. Rows that ended before the last column came up get their missing fields.
    pub fn finish(mut self) -> Grid {
        let width = self.grid.columns.len();
        if self.refused_columns > 0 {
            let value = format!("more than {width} columns");
            self.tell_part(Issue::BrokenPart, "", &value);
        }
        if self.widths.iter().any(|(_, other)| *other != width) {
            self.pad(width);
        }
        self.grid
    }

    fn pad(&mut self, width: usize) {
        let old = std::mem::take(&mut self.grid.text);
        let mut text = Vec::with_capacity(old.len() + old.len() / 8);
        let mut widths = self.widths.iter().peekable();
        let mut have = 0;
        let num_rows = self.grid.rows.len();
        let mut moved = HashMap::new();
        for row in 0..num_rows {
            if let Some((_, width)) = widths.next_if(|(first, _)| *first == row) {
                have = *width;
            }
            let end = self.grid.rows.get(row + 1).map_or(old.len(), |(start, _)| *start as usize);
            let Some((start, _)) = self.grid.rows.get_mut(row) else { continue };
            let record = old.get(*start as usize..end.saturating_sub(1)).unwrap_or_default();
            moved.insert(*start, text.len() as u64);
            *start = text.len() as u64;
            text.extend_from_slice(record);
            // A row of no column holds a pair of quotation marks: its first field.
            text.extend(std::iter::repeat_n(b',', width - have.max(1).min(width)));
            text.push(b'\n');
        }
        for (_, finding) in &mut self.grid.findings {
            finding.offset = moved.get(&finding.offset).copied().unwrap_or(finding.offset);
        }
        self.grid.text = text;
    }
}

/// Appends a field in RFC 4180 form.
pub fn write_field(text: &mut Vec<u8>, field: &str, quote_empty: bool) {
    let needs = field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
        || field.starts_with(|c: char| c.is_whitespace())
        || (field.is_empty() && quote_empty);
    if !needs {
        text.extend_from_slice(field.as_bytes());
        return;
    }
    write_quoted(text, field);
}

/// Appends a field between quotation marks, those in it doubled.
pub fn write_quoted(text: &mut Vec<u8>, field: &str) {
    text.push(b'"');
    for (at, part) in field.split('"').enumerate() {
        if at > 0 {
            text.extend_from_slice(b"\"\"");
        }
        text.extend_from_slice(part.as_bytes());
    }
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_back(grid: &Grid) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
        reader.records().map(|row| row.expect("sound").iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn late_columns_reach_earlier_rows() {
        let mut rows = Rows::new("feature {}");
        rows.end_row(1).expect("room");
        rows.set_named("a", "x,\"y\"");
        rows.end_row(2).expect("room");
        rows.set_named("b", "line\nbreak");
        rows.tell(Issue::NoDate, 4, "b", "?");
        rows.end_row(4).expect("room");
        let grid = rows.finish();
        assert_eq!(grid.columns, ["a", "b"]);
        assert_eq!(read_back(&grid), [["", ""], ["x,\"y\"", ""], ["", "line\nbreak"]]);
        let last = grid.rows[2].0;
        assert_eq!(grid.name_of(last), "feature 4");
        assert_eq!(grid.findings[0].1.offset, last);
        assert_eq!(grid.findings[0].1.at, "feature 4");
    }

    #[test]
    fn equal_names_become_different() {
        let mut rows = Rows::new("{}");
        let columns = ["a", "a", "", "a"].map(|name| rows.new_column(name));
        assert_eq!(columns, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(rows.finish().columns, ["a", "a 2", "column 3", "a 3"]);
    }

    proptest! {
        #[test]
        fn any_rows_come_back(rows in proptest::collection::vec(
            proptest::collection::vec(proptest::option::of("[ ,\"\n\ra-cç\u{0645}]{0,5}"), 1..6), 1..8)
        ) {
            let mut made = Rows::new("{}");
            for (number, row) in rows.iter().enumerate() {
                for (at, value) in row.iter().enumerate() {
                    if let Some(value) = value {
                        made.set_named(&at.to_string(), value);
                    }
                }
                made.end_row(number as u32).expect("room");
            }
            let grid = made.finish();
            let back = read_back(&grid);
            prop_assert_eq!(back.len(), rows.len());
            for (row, back) in rows.iter().zip(back) {
                for (name, back) in grid.columns.iter().zip(back) {
                    let at: usize = name.parse().expect("a number");
                    prop_assert_eq!(row.get(at).cloned().flatten().unwrap_or_default(), back);
                }
            }
        }
    }
}
