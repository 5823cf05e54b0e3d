//! CSV: UTF-8 with a byte order mark, so that spreadsheets read Arabic, and CRLF (RFC 4180).

use std::io::{self, Write};

use crate::io::import::grid::write_quoted;

use super::cell::{Cell, harmless};
use super::layout::Layout;
use super::work::Work;

/// Writes the table; returns what was changed in it.
pub fn write(layout: &Layout<'_>, work: &Work<'_>, out: &mut dyn Write) -> io::Result<Option<String>> {
    let mut head = Vec::from("\u{FEFF}".as_bytes());
    for (at, heading) in layout.headings.iter().enumerate() {
        if at > 0 {
            head.push(b',');
        }
        push_field(&mut head, &harmless(&heading.name));
    }
    head.extend_from_slice(b"\r\n");
    out.write_all(&head)?;
    let make = |events: &[crate::model::EventId]| {
        let mut text = Vec::with_capacity(events.len() * 512);
        let mut changed = 0;
        for event in events {
            layout.rows(*event, &mut |row| {
                changed += push_row(&mut text, row);
                Ok(())
            })?;
        }
        Ok((text, changed))
    };
    let mut changed = 0;
    work.parts(make, |(text, more): (Vec<u8>, usize)| {
        changed += more;
        out.write_all(&text)
    })?;
    out.flush()?;
    Ok((changed > 0).then(|| {
        format!("{changed} cells begin with an apostrophe, or else a spreadsheet would run them as formulas")
    }))
}

/// Returns how many cells were made harmless.
fn push_row(text: &mut Vec<u8>, row: &[Cell<'_>]) -> usize {
    let mut changed = 0;
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        let written = cell.harmless();
        if let Cell::Text(_) | Cell::Source(_) = cell {
            changed += usize::from(written.len() != cell.plain().len());
        }
        push_field(text, &written);
    }
    // A row of one empty cell would be an empty line.
    if let [Cell::Empty] = row {
        text.extend_from_slice(b"\"\"");
    }
    text.extend_from_slice(b"\r\n");
    changed
}

/// A field, between quotation marks where it has to be.
fn push_field(text: &mut Vec<u8>, field: &str) {
    if memchr::memchr3(b',', b'"', b'\n', field.as_bytes()).is_none() && !field.contains('\r') {
        text.extend_from_slice(field.as_bytes());
        return;
    }
    write_quoted(text, field);
}
