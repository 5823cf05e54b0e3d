//! Some rows as they are shown before a table is read whole.

use crate::model::import::{Outcome, PreviewRow, Settings};
use crate::model::report::shorten;

use super::plan::Plan;
use super::segment::{Dictionaries, Part, Reader};
use super::split::Fields;
use super::{NONE, Source, told};

/// Most bytes that are looked at for rows with something odd.
const MAX_BYTES: usize = 4 << 20;
const MAX_CELL_CHARS: usize = 80;

/// The first `n` rows, and of those behind them the first `n` that have something odd and lose by it.
pub fn rows(source: &Source, settings: &Settings, is_order_known: bool, n: usize) -> Vec<PreviewRow> {
    let reader = reader(source, settings, is_order_known);
    let mut dictionaries = Dictionaries::default();
    let (mut rows, mut extra) = (Vec::new(), 0);
    let mut at = source.start;
    let end = reader.bytes.len().min(source.start.saturating_add(MAX_BYTES));
    while at < end && (rows.len() < n || extra < n) {
        let (row, next) = reader.one(at, &mut dictionaries);
        let issues = row.marks.iter().map(|(_, issue)| issue).chain(&row.row_marks);
        let loses = issues.map(|issue| issue.outcome()).any(|outcome| outcome != Outcome::Kept);
        if rows.len() < n {
            rows.push((at, row));
        } else if loses {
            rows.push((at, row));
            extra += 1;
        }
        at = next;
    }
    let offsets: Vec<usize> = rows.iter().map(|(offset, _)| *offset).collect();
    let places = told::places(source, reader.bytes, &offsets);
    let named = |(offset, mut row): (usize, PreviewRow)| {
        row.at = places.get(&offset).cloned().unwrap_or_default();
        row
    };
    rows.into_iter().map(named).collect()
}

/// The row whose record begins at an offset; `None` behind the end.
pub fn row_at(source: &Source, settings: &Settings, offset: u64) -> Option<PreviewRow> {
    let offset = usize::try_from(offset).ok()?;
    let reader = reader(source, settings, true);
    if offset >= reader.bytes.len() {
        return None;
    }
    let (mut row, _) = reader.one(offset, &mut Dictionaries::default());
    row.at = told::places(source, reader.bytes, &[offset]).remove(&offset).unwrap_or_default();
    Some(row)
}

fn reader<'a>(source: &'a Source, settings: &Settings, is_order_known: bool) -> Reader<'a> {
    Reader {
        bytes: source.text.bytes(),
        marks: source.marks,
        columns: &source.columns,
        num_fields: source.columns.len(),
        plan: Plan::of(settings, is_order_known),
        is_thorough: true,
        dropped: &[],
    }
}

impl Reader<'_> {
    /// The row at an offset, still without its place, and where the next one begins.
    fn one(&self, at: usize, dictionaries: &mut Dictionaries) -> (PreviewRow, usize) {
        let mut scratch = std::mem::take(&mut dictionaries.scratch);
        let cut = self.marks.record(self.bytes, at, self.num_fields, &mut scratch.ends);
        let mut part = Part::default();
        self.row(at, cut.next, cut.flaw, &mut scratch, dictionaries, &mut part);
        let fields = Fields { bytes: self.bytes, start: at, ends: &scratch.ends, quotes: self.marks.quotes };
        let cell = |at: usize| {
            let text = fields.text(at);
            let head = text.get(..text.len().min(4 * MAX_CELL_CHARS + 4)).unwrap_or_default();
            shorten(&String::from_utf8_lossy(head), MAX_CELL_CHARS)
        };
        let mut row = PreviewRow {
            at: String::new(),
            cells: (0..self.num_fields.max(fields.ends.len())).map(cell).collect(),
            marks: Vec::new(),
            row_marks: Vec::new(),
        };
        for group in part.found.groups {
            if group.column == NONE {
                row.row_marks.push(group.issue);
            } else {
                row.marks.push((group.column, group.issue));
            }
        }
        dictionaries.scratch = scratch;
        (row, cut.next)
    }
}
