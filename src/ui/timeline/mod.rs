//! Controls, lanes, window bar and histogram.

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

#[derive(Default)]
pub struct TimelineUi {}

pub fn timeline_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut TimelineUi, _commands: &mut Commands) {}
