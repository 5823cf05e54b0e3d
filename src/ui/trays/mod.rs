//! What the views do not show, counted.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct TraysUi {}

pub fn trays_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut TraysUi, _commands: &mut Commands) {}
pub fn tray_dialog_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut TraysUi, _commands: &mut Commands) {}
