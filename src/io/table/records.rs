//! Rows of a table that stay in its file, read when they are looked at.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use crate::io::mapped::Mapped;
use crate::store::table::Records;

use super::split::{Fields, Marks, align, unquoted};

/// The records of a file.
#[derive(Debug)]
pub struct FileRecords {
    pub file: Arc<Mapped>,
    pub marks: Marks,
    pub header: Vec<String>,
    /// The column of the long text.
    pub notes: Option<usize>,
    /// How many bytes hold records; less than the file where it became shorter while it was read.
    pub len: usize,
}

thread_local! {
    /// Ends of fields, kept because this is called for a million rows in a row.
    static ENDS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

impl FileRecords {
    /// Reads the record at an offset; `None` for one that is not there, or no more.
    fn with<T>(&self, offset: u64, read: impl FnOnce(&Fields<'_, '_>) -> T) -> Option<T> {
        let bytes = self.file.bytes().get(..self.len)?;
        let start = usize::try_from(offset).ok().filter(|start| *start < bytes.len())?;
        // No record begins with a zero but those of zeroes, as of a lost page. To look for their end
        // would take as long as the rest of the file is.
        if bytes.get(start) == Some(&0) && self.file.damaged() {
            return None;
        }
        ENDS.with(|ends| {
            let mut ends = ends.try_borrow_mut().ok()?;
            self.marks.record(bytes, start, self.header.len(), &mut ends);
            align((bytes, start), &mut ends, self.header.len(), self.notes, self.marks.quotes);
            Some(read(&Fields { bytes, start, ends: &ends, quotes: self.marks.quotes }))
        })
    }
}

impl Records for FileRecords {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn fields(&self, offset: u64) -> Vec<String> {
        let text = |fields: &Fields<'_, '_>, at| String::from_utf8_lossy(&fields.text(at)).into_owned();
        self.with(offset, |fields| (0..fields.ends.len()).map(|at| text(fields, at)).collect())
            .unwrap_or_default()
    }

    fn field(&self, offset: u64, at: usize) -> Cow<'_, [u8]> {
        let bytes = self.file.bytes();
        let range = self.with(offset, |fields| fields.range(at)).flatten();
        let raw = range.and_then(|range| bytes.get(range)).unwrap_or_default();
        if self.marks.quotes { unquoted(raw) } else { Cow::Borrowed(raw) }
    }

    fn text(&self, offset: u64) -> Cow<'_, [u8]> {
        self.notes.map_or(Cow::Borrowed(&[]), |at| self.field(offset, at))
    }

    fn is_damaged(&self) -> bool {
        self.file.damaged()
    }
}
