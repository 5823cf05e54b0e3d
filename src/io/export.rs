//! Writers.
use crate::{model::EventId, store::Store};
use std::path::Path;
pub fn export(_store: &Store, _events: &[EventId], _ext: &str, _path: &Path) -> Result<usize, String> {
    Err("not yet".into())
}
pub fn write_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), String> {
    image::save_buffer(path, rgba, width, height, image::ColorType::Rgba8).map_err(|e| e.to_string())
}
