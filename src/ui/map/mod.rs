//! The map with events on it.

pub mod archive;
pub mod basemap;
pub mod basemap_style;
pub mod labels;

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct MapUi {}

pub fn map_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut MapUi, _commands: &mut Commands) {}
