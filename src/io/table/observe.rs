//! How the values of columns are written, over all rows of a table.

use rayon::prelude::*;

use crate::io::import::values::Look;

use super::split::{Fields, align};
use super::{Source, segment, told};

/// What was seen of some columns.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// One for each column that was looked at.
    pub looks: Vec<Look>,
    /// Where the records begin that each core looked at, and how many they were.
    pieces: Vec<(usize, u64)>,
}

/// Looks at some columns of the rows that begin in the first `bytes` bytes behind the header, on all
/// cores. Where a piece of the text begins within a quoted field, a row may be missed.
pub fn observe(source: &Source, columns: &[usize], bytes: usize) -> Observed {
    let text = source.text.bytes();
    let end = source.start.saturating_add(bytes).min(text.len());
    let pieces: Vec<(Vec<Look>, (usize, u64))> = segment::stretches(source.start, end)
        .into_par_iter()
        .enumerate()
        .map(|(at, stretch)| {
            let mut looks = vec![Look::default(); columns.len()];
            let start = if at == 0 { Some(source.start) } else { begin(source, stretch.start) };
            let (mut next, mut ends, mut rows) = (start.unwrap_or(stretch.end), Vec::new(), 0);
            let start = next;
            while next < stretch.end {
                let from = next;
                let num_fields = source.columns.len();
                next = source.marks.record(text, from, num_fields, &mut ends).next;
                align((text, from), &mut ends, num_fields, None, source.marks.quotes);
                let fields = Fields { bytes: text, start: from, ends: &ends, quotes: source.marks.quotes };
                for (look, column) in looks.iter_mut().zip(columns) {
                    look.observe(&fields.clean(*column));
                }
                rows += 1;
            }
            (looks, (start, rows))
        })
        .collect();
    let mut observed = Observed { looks: vec![Look::default(); columns.len()], pieces: Vec::new() };
    for (looks, piece) in pieces {
        observed.looks.iter_mut().zip(&looks).for_each(|(all, look)| all.merge(look));
        observed.pieces.push(piece);
    }
    observed
}

fn begin(source: &Source, offset: usize) -> Option<usize> {
    segment::guess(source.text.bytes(), source.marks, source.columns.len(), offset)
}

impl Observed {
    /// The same with one look for each column of the table, of those that were not looked at an empty one.
    pub fn spread(self, columns: &[usize], num_columns: usize) -> Self {
        let mut looks = vec![Look::default(); num_columns];
        for (at, look) in columns.iter().zip(self.looks) {
            if let Some(slot) = looks.get_mut(*at) {
                *slot = look;
            }
        }
        Self { looks, pieces: self.pieces }
    }

    pub fn num_rows(&self) -> u64 {
        self.pieces.iter().map(|(_, rows)| rows).sum()
    }

    /// How the row is called that was the `row`th to be looked at.
    pub fn place(&self, source: &Source, row: u64) -> String {
        let text = source.text.bytes();
        let mut left = row;
        for (start, rows) in &self.pieces {
            if left >= *rows {
                left -= rows;
                continue;
            }
            let (mut at, mut ends) = (*start, Vec::new());
            for _ in 0..left {
                at = source.marks.record(text, at, source.columns.len(), &mut ends).next;
            }
            return told::places(source, text, &[at]).remove(&at).unwrap_or_default();
        }
        String::new()
    }
}
