//! Pictures.

use std::io;
use std::path::Path;

use super::{SaveError, save_atomically};

/// Writes a picture of 8-bit red, green, blue and alpha, row by row.
pub fn write_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), SaveError> {
    use image::ImageEncoder as _;
    save_atomically(path, |out| {
        let encoder = image::codecs::png::PngEncoder::new(out);
        encoder.write_image(rgba, width, height, image::ExtendedColorType::Rgba8).map_err(io::Error::other)
    })
}

/// A picture as the bytes of a PNG file.
pub fn png(width: u32, height: u32, rgba: &[u8]) -> io::Result<Vec<u8>> {
    use image::ImageEncoder as _;
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(rgba, width, height, image::ExtendedColorType::Rgba8).map_err(io::Error::other)?;
    Ok(bytes)
}
