//! The frame around the views: bar with menus and search, palette, dialogs, welcome, notices, status.

mod bar;
mod keys;
mod menu;
mod notices;
mod parts;
mod search;
mod status;

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

pub use bar::bar_ui;
pub use keys::keys;
pub use notices::notices_ui;
pub use status::status_ui;

/// State of the frame's widgets.
#[derive(Default)]
pub struct ChromeUi {
    search: search::SearchField,
    /// Popups of the bar's menus, so that pointing at a neighbour opens it.
    menus: Vec<egui::Id>,
}

pub fn welcome_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ChromeUi, _commands: &mut Commands) {}

pub fn dialogs_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut ChromeUi, _commands: &mut Commands) {}
