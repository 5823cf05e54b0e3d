//! Flat datasets: rows of a file that stay in the file.
//!
//! The columns hold what is filtered and drawn; everything else of a row (its notes, the codes that
//! no view uses, the record as it was) is read from the file when it is looked at. The store knows no
//! files: a [`Records`] hands out the bytes.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::model::DocumentId;
use crate::model::import::Report;

use super::DatasetId;

/// The bytes of a dataset's records. Reading must not fail loudly: where a file was cut short behind
/// our back, records come back empty.
pub trait Records: Send + Sync + fmt::Debug {
    /// Names of the fields, as the file's header has them.
    fn header(&self) -> &[String];
    /// The fields of the record that begins at an offset, in order of the header, as text.
    fn fields(&self, offset: u64) -> Vec<String>;
    /// One field of the record that begins at an offset, without the file's quoting; not necessarily
    /// UTF-8.
    fn field(&self, offset: u64, at: usize) -> Cow<'_, [u8]>;
    /// The long text of the record that begins at an offset (an event's notes), without the file's
    /// quoting; not necessarily UTF-8.
    fn text(&self, offset: u64) -> Cow<'_, [u8]>;
    /// Whether records were lost because the file became shorter after it was opened.
    fn is_damaged(&self) -> bool;
}

/// Which fields of a record mean what; places in [`Records::header`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRoles {
    pub key: Option<usize>,
    pub title: Option<usize>,
    pub sub_type: Option<usize>,
    /// Actors with the role that each field gives them, in the order of the actors column.
    pub actors: Vec<(usize, &'static str)>,
    pub place: Option<usize>,
    pub source: Option<usize>,
    /// Web address of a source.
    pub source_url: Option<usize>,
    pub notes: Option<usize>,
    pub fatalities: Option<usize>,
    pub wounded: Option<usize>,
}

/// One flat dataset of the store.
#[derive(Clone, Debug)]
pub struct Table {
    /// What the kinds of its rows call it.
    pub id: DatasetId,
    /// The document that stands for the file.
    pub document: DocumentId,
    /// As the user would name it: the file's name.
    pub name: String,
    pub path: String,
    /// The rows of the store that are this table's, in one stretch.
    pub rows: Range<usize>,
    pub roles: FieldRoles,
    pub records: Arc<dyn Records>,
    /// How the file was read, and what was odd in it. While rows are still being read, what is known
    /// so far: the settings, but no counts.
    pub report: Arc<Report>,
    offsets: Arc<Offsets>,
}

/// Where records begin, five bytes each: files of up to a terabyte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offsets {
    low: Vec<u32>,
    /// Left empty while all offsets are below 4 GiB.
    high: Vec<u8>,
}

impl Offsets {
    pub fn len(&self) -> usize {
        self.low.len()
    }

    pub fn is_empty(&self) -> bool {
        self.low.is_empty()
    }

    pub fn push(&mut self, offset: u64) {
        let high = (offset >> 32).min(u64::from(u8::MAX)) as u8;
        if high != 0 || !self.high.is_empty() {
            self.high.resize(self.low.len(), 0);
            self.high.push(high);
        }
        self.low.push(offset as u32);
    }

    pub fn get(&self, row: usize) -> Option<u64> {
        let high = self.high.get(row).copied().unwrap_or(0);
        self.low.get(row).map(|low| u64::from(high) << 32 | u64::from(*low))
    }

    /// Makes room for further offsets.
    pub fn reserve(&mut self, rows: usize) {
        self.low.reserve(rows);
    }

    /// Puts all rows in a new order; see [`super::columns::Columns::reorder`].
    pub fn reorder(&mut self, order: &[u32]) {
        self.low = super::columns::gather(&self.low, order);
        if !self.high.is_empty() {
            self.high = super::columns::gather(&self.high, order);
        }
    }
}

impl Table {
    /// `offsets` says where the record of each row of `rows` begins.
    pub fn new(
        name: String,
        path: String,
        rows: Range<usize>,
        roles: FieldRoles,
        records: Arc<dyn Records>,
        report: Arc<Report>,
        offsets: Offsets,
    ) -> Self {
        let (id, document) = (DatasetId::default(), DocumentId(0));
        Self { id, document, name, path, rows, roles, records, report, offsets: Arc::new(offsets) }
    }

    /// The same rows as another dataset, or elsewhere in a store.
    pub(super) fn moved(&self, id: DatasetId, document: DocumentId, start: usize) -> Self {
        Self { id, document, rows: start..start + self.rows.len(), ..self.clone() }
    }

    /// Where the records of its rows begin. The same object stands for the same rows of the same records,
    /// wherever in whichever store they are.
    pub fn offsets(&self) -> &Arc<Offsets> {
        &self.offsets
    }

    /// The fields of a row of the store, in order of the header; empty for a row of another table.
    pub fn fields(&self, row: usize) -> Vec<String> {
        self.offset_of(row).map_or_else(Vec::new, |offset| self.records.fields(offset))
    }

    /// One field of a row of the store; empty for a row of another table.
    pub fn field(&self, row: usize, at: usize) -> Cow<'_, [u8]> {
        self.offset_of(row).map_or(Cow::Borrowed(&[]), |offset| self.records.field(offset, at))
    }

    /// The first row with a key. Looks at the rows one by one.
    pub fn row_by_key(&self, key: &str) -> Option<usize> {
        let at = self.roles.key?;
        self.rows.clone().find(|row| self.field(*row, at).as_ref() == key.as_bytes())
    }

    /// Where the record of a row of the store begins in the file.
    pub fn offset_of(&self, row: usize) -> Option<u64> {
        self.offsets.get(row.checked_sub(self.rows.start)?)
    }

    /// The notes of a row of the store; empty for a row of another table.
    pub fn text(&self, row: usize) -> Cow<'_, [u8]> {
        self.offset_of(row).map_or(Cow::Borrowed(&[]), |offset| self.records.text(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_beyond_four_gigabytes_are_kept() {
        let mut offsets = Offsets::default();
        let all = [0, 77, u64::from(u32::MAX), 1 << 32, (9 << 32) + 5, 3];
        all.iter().for_each(|offset| offsets.push(*offset));
        let back: Vec<u64> = (0..all.len()).filter_map(|row| offsets.get(row)).collect();
        assert_eq!(back, all);
        offsets.reorder(&[4, 0, 1, 2, 3, 5]);
        assert_eq!(offsets.get(0), Some((9 << 32) + 5));
        assert_eq!(offsets.get(1), Some(0));
    }
}
