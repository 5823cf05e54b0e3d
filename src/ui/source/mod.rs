//! The source text with its spans.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct SourceUi {}

pub fn source_panel(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut SourceUi, _commands: &mut Commands) {}
