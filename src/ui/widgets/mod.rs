//! Widgets shared by every panel.
//!
//! Text: egui's own labels do not reorder right-to-left text, so everything that may hold Arabic is drawn by the
//! `text_*` widgets, which lay out with [`crate::text`] and paint from one glyph atlas per context.
//! They take colours as arguments and name none.

pub mod controls;
mod long_list;
pub mod raw;
pub mod rows;
mod text_atlas;
mod text_document;
mod text_field;
mod text_highlight;
mod text_label;
mod text_paint;
pub mod words;

pub use long_list::{LongList, LongListLayout};
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

/// What the focused widget does with keys, so that shortcuts leave it what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFocus {
    /// Text is typed: plain keys and those of editing are its own.
    Typing,
    /// Text is read: keys that scroll and select are its own.
    Reading,
}

/// Tells that a focused widget takes keys; called by the widget in every frame with focus.
pub fn mark_text_focus(ctx: &egui::Context, id: egui::Id, focus: TextFocus) {
    ctx.data_mut(|data| data.insert_temp(egui::Id::unique("text-focus"), (id, focus)));
}

/// Whether the widget with the keyboard is one for text.
pub fn text_focus(ctx: &egui::Context) -> Option<TextFocus> {
    let focused = ctx.memory(|memory| memory.focused())?;
    let marked = ctx.data(|data| data.get_temp::<(egui::Id, TextFocus)>(egui::Id::unique("text-focus")));
    match marked {
        Some((id, focus)) if id == focused => Some(focus),
        _ => ctx.text_edit_focused().then_some(TextFocus::Typing),
    }
}

#[cfg(test)]
mod text_tests;
