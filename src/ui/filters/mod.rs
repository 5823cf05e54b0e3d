//! Count, chips and facets.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct FiltersUi {}

pub fn filters_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut FiltersUi, _commands: &mut Commands) {}
