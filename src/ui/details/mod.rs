//! Details of the selected event: its fields and its claims.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct DetailsUi {}

pub fn details_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut DetailsUi, _commands: &mut Commands) {}
