//! Events as files for other programs, each with what it rests on.
//!
//! ```text
//! Store + events ─ layout (columns, rows of cells) ─┬─ csv, geojson, kml, html: text, part by part
//!                                                   └─ xlsx, parquet, geopackage: typed cells
//! ```
//!
//! Invariants: all formats are made of the same rows (`layout`), whose columns have the names of
//! [`columns`], so that the program reads back what it wrote. Nothing of a row of a dataset is lost: what
//! the model has no field for, or could not read, stands beside it under its own name. What a format
//! cannot hold is told (`losses`). Last days are inclusive. Offsets count Unicode scalar values in the
//! text that `text_form` names. No cell is a formula. Parts are made on all cores and written in order;
//! whoever watches may stop the work, and then there is no file.

pub mod cell;
mod claims;
pub mod columns;
mod csv;
mod geojson;
mod geopackage;
mod html;
mod kml;
mod layout;
mod losses;
mod parquet;
mod source;
pub mod work;
mod xlsx;
mod xml;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub use work::Watch;

use crate::model::{Document, EventId, EventType, ExportFormat};
use crate::store::Store;

use super::save::{SaveError, save_atomically, save_file};
use layout::Layout;
use work::Work;

/// What a row of a table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// One event, without the columns of claims.
    #[default]
    Event,
    /// One claim, with its event's columns repeated; an event without claims has one row.
    Claim,
}

/// What some formats show beside the events.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Of the whole, for people.
    pub title: String,
    /// The filter that the events passed, a line per condition.
    pub filter: Vec<String>,
    /// Red, green and blue of each event type, in the order of [`EventType::ALL`].
    pub colors: Vec<[u8; 3]>,
    /// A PNG picture of the map.
    pub picture: Option<Vec<u8>>,
}

impl Look {
    fn color(&self, event_type: EventType) -> [u8; 3] {
        self.colors.get(event_type.index()).copied().unwrap_or([128; 3])
    }
}

/// What came of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub events: usize,
    /// Size of the file.
    pub bytes: u64,
    /// What the file does not hold, a sentence each.
    pub losses: Vec<String>,
}

/// Writes events to a file, whole or not at all. An error of the kind `Interrupted` means that whoever
/// watched wanted no more.
pub fn write_file(
    store: &Store,
    events: &[EventId],
    format: ExportFormat,
    look: &Look,
    path: &Path,
    watch: Watch<'_>,
) -> Result<Written, SaveError> {
    let per = if format == ExportFormat::CsvClaims { Per::Claim } else { Per::Event };
    let layout = Layout::new(store, events, per);
    let what = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let work = Work { events, watch, what };
    let mut losses = losses::losses(&layout, events, format, per);
    match format {
        ExportFormat::Csv | ExportFormat::CsvClaims => save_atomically(path, |out| {
            losses.extend(csv::write(&layout, &work, out)?);
            Ok(())
        }),
        ExportFormat::GeoJson => save_atomically(path, |out| geojson::write(&layout, &work, out)),
        ExportFormat::Kml => save_atomically(path, |out| kml::write(&layout, &work, look, out)),
        ExportFormat::Html => save_atomically(path, |out| html::write(&layout, &work, look, out)),
        ExportFormat::Xlsx => save_file(path, |file, _| {
            losses.extend(xlsx::write(&layout, &work, file)?);
            Ok(())
        }),
        ExportFormat::GeoParquet => save_file(path, |file, _| parquet::write(&layout, &work, file)),
        ExportFormat::GeoPackage => save_file(path, |_, path| {
            losses.extend(geopackage::write(&layout, &work, look, path)?);
            Ok(())
        }),
        ExportFormat::Png => Err(SaveError {
            path: path.to_owned(),
            source: io::Error::other("a picture is drawn, not written from events"),
        }),
    }?;
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    Ok(Written { events: events.len(), bytes, losses })
}

/// Writes events as CSV.
pub fn write_csv(store: &Store, events: &[EventId], per: Per, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    csv::write(&Layout::new(store, events, per), &unwatched(events), &mut out)?;
    out.flush()
}

/// Writes events as GeoJSON.
pub fn write_geojson(store: &Store, events: &[EventId], out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    geojson::write(&Layout::new(store, events, Per::Event), &unwatched(events), &mut out)?;
    out.flush()
}

fn unwatched(events: &[EventId]) -> Work<'_> {
    Work { events, watch: &super::unwatched, what: String::new() }
}

/// Documents that the written events are told by, in order of the case; without those that only stand for
/// a dataset.
fn documents<'a>(layout: &Layout<'a>) -> Vec<&'a Document> {
    let store = layout.store;
    let rows = 0..store.details.len();
    let of_rows: BTreeSet<u32> =
        rows.flat_map(|row| store.columns.documents.of(row).iter().copied()).collect();
    let documents = store.documents.iter().enumerate();
    documents.filter(|(at, _)| of_rows.contains(&(*at as u32))).map(|(_, document)| document).collect()
}
