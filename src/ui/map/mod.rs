//! The map with events on it.

pub mod archive;
pub mod basemap;
pub mod basemap_style;
pub mod labels;

use egui::Ui;

use super::FrameCtx;
use crate::model::LatLon;
use crate::state::Commands;

/// What the status line tells of the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapStatus {
    /// Where the pointer is, if it is over the map.
    pub pointer: Option<LatLon>,
    pub zoom: f64,
    /// The basemap and whether it needs a network, in words.
    pub basemap: String,
}

#[derive(Default)]
pub struct MapUi {}

impl MapUi {
    pub fn status(&self) -> MapStatus {
        MapStatus::default()
    }
}

pub fn map_ui(_ui: &mut Ui, _cx: &FrameCtx<'_>, _state: &mut MapUi, _commands: &mut Commands) {}
