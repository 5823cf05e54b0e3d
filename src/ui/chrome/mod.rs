//! The frame around the views: bar with menus and search, palette, dialogs, welcome, notices, status.

mod bar;
mod dialogs;
mod find;
mod help;
mod keys;
mod menu;
mod notices;
mod palette;
pub(super) mod parts;
mod problems;
mod progress;
mod search;
mod status;
mod twins;
mod welcome;

pub use bar::bar_ui;
pub use dialogs::dialogs_ui;
pub(super) use dialogs::{foot_ui, foot_with_ui, paragraph_ui, room_for_body, shell_ui};
pub use keys::keys;
pub use notices::notices_ui;
pub(super) use search::{FieldLook, text_field};
pub use status::status_ui;
pub use twins::paint_sign as paint_twin_sign;

use egui::Ui;

use super::FrameCtx;
use crate::state::Commands;

/// State of the frame's widgets.
#[derive(Default)]
pub struct ChromeUi {
    search: search::SearchField,
    /// Popups of the bar's menus, so that pointing at a neighbour opens it.
    menus: Vec<egui::Id>,
    palette: palette::PaletteUi,
    dialogs: dialogs::DialogsUi,
}

impl ChromeUi {
    /// Whether a dialog drew a map of its own in the last frame.
    pub fn draws_map(&self) -> bool {
        self.dialogs.import.draws_map()
    }
}

pub fn welcome_ui(ui: &mut Ui, cx: &FrameCtx<'_>, _state: &mut ChromeUi, commands: &mut Commands) {
    welcome::welcome_ui(ui, cx, commands);
}
