//! The list of shown events.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct ListUi {}

pub fn list_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ListUi, _commands: &mut Commands) {}
