//! Whole files: events in the format of an ending, and pictures.

use std::io;
use std::path::Path;

use crate::model::EventId;
use crate::store::Store;

use super::{Per, SaveError, save_atomically, write_csv, write_geojson};

/// Writes events to a file: GeoJSON for the ending `geojson` or `json`, else CSV with one row per
/// claim. Returns how many events were written.
pub fn write_events(store: &Store, events: &[EventId], path: &Path) -> Result<usize, SaveError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let geojson = matches!(ending.as_deref(), Some("geojson" | "json"));
    save_atomically(path, |out| {
        if geojson { write_geojson(store, events, out) } else { write_csv(store, events, Per::Claim, out) }
    })?;
    Ok(events.len())
}

/// Writes a picture of 8-bit red, green, blue and alpha, row by row.
pub fn write_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), SaveError> {
    use image::ImageEncoder as _;
    save_atomically(path, |out| {
        let encoder = image::codecs::png::PngEncoder::new(out);
        encoder.write_image(rgba, width, height, image::ExtendedColorType::Rgba8).map_err(io::Error::other)
    })
}
