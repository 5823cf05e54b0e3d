//! The frame around the views: bar with menus and search, palette, dialogs, welcome, notices, status.

use egui::Ui;

use super::FrameCtx;
use super::map::MapUi;
use crate::state::Commands;

/// State of the frame's widgets.
#[derive(Default)]
pub struct ChromeUi {}

/// Keys of the action table, unless a text field has the focus.
pub fn keys(_ui: &mut Ui, _cx: &FrameCtx<'_>, _commands: &mut Commands) {}

pub fn bar_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ChromeUi, _commands: &mut Commands) {}

pub fn status_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _map: &MapUi, _commands: &mut Commands) {}

pub fn notices_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _commands: &mut Commands) {}

pub fn welcome_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ChromeUi, _commands: &mut Commands) {}

pub fn dialogs_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ChromeUi, _commands: &mut Commands) {}
