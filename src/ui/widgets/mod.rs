//! Widgets shared by every panel.
//!
//! Text: egui's own labels do not reorder right-to-left text, so everything that may hold Arabic is drawn by the
//! `text_*` widgets, which lay out with [`crate::text`] and paint from one glyph atlas per context.
//! They take colours as arguments and name none.

pub mod controls;
pub mod rows;
mod text_atlas;
mod text_document;
mod text_field;
mod text_highlight;
mod text_label;
mod text_paint;
pub mod words;

pub use text_document::{
    TextDocumentColors, TextDocumentOutput, TextDocumentState, TextDocumentView, TextSelection,
};
pub use text_field::{TextField, TextFieldColors, TextFieldOutput};
pub use text_highlight::{HighlightedText, HighlightedTextOutput, Span, SpanStyle, Underline};
pub use text_label::{TextLabel, text_label};
pub use text_paint::{
    AnchorX, AnchorY, PaintText, TextAnchor, TextUi, allow_system_fonts, measure_text, paint_text,
    paint_text_clipped, set_ui_rtl, ui_rtl, with_text_ui,
};

#[cfg(test)]
mod text_tests;
