//! Bidi text: strings become positioned glyphs, line boxes, hit tests and glyph bitmaps.
//!
//! ```text
//! &str ──split_paragraphs──► paragraph ──TextEngine (parley)──► TextLayout ──► ui::widgets, golden images
//!                                            │
//!                                            └─ rasterize (vello_cpu) ──► GlyphBitmap (8-bit coverage)
//! ```
//!
//! Invariants
//! * Knows nothing of egui, files, clocks or the event model. Same input, same output: only the bundled fonts
//!   are used unless [`TextEngine::allow_system_fonts`] was called and a character is missing from them.
//! * parley and vello_cpu are named here and nowhere else; everything that leaves this module is a plain value.
//! * The base direction is decided per paragraph by its first strong character, never per document.
//! * All offsets are byte offsets on character boundaries; [`CharIndex`] converts to Unicode scalar offsets.
//! * Lengths are in points; glyphs are rasterised for pixels when they are painted.
//! * No string makes it panic.

mod char_index;
mod direction;
mod document;
mod editor;
mod engine;
mod fonts;
mod geometry;
mod layout;
mod raster;
mod shape;
mod style;

pub use char_index::CharIndex;
pub use direction::{Direction, Paragraph, first_strong, is_mostly_rtl, is_rtl, split_paragraphs};
pub use document::DocumentLayout;
pub use editor::{Editor, Granularity, Motion};
pub use engine::TextEngine;
pub use fonts::FontId;
pub use geometry::{Point, Rect};
pub use layout::{Affinity, Caret, Cluster, Glyph, GlyphRun, Line, ParagraphSpan, TextLayout};
pub use raster::{GlyphBitmap, GlyphKey, Highlight, MAX_SIZE_PX, RgbaImage, SUBPIXEL_STEPS, render_to_rgba};
pub use style::{Align, BaseDirection, FontSpec, TextSpec, Weight};

#[cfg(test)]
mod tests;
