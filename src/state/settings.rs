//! What is remembered between sessions. The saved form is `io`'s.

use crate::model::Lang;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    System,
}

/// Which basemap is drawn. Online ones are only ever chosen by the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BasemapChoice {
    #[default]
    Offline,
    OsmRaster,
    OpenFreeMap,
    /// A `.pmtiles` file of the user's.
    PmTiles(String),
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentFile {
    pub path: String,
    /// What was in it, in words: "55 events".
    pub note: String,
    /// Seconds since 1970 when it was last opened.
    pub opened_at: i64,
}

/// How the events of a case are drawn on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MapMode {
    /// Symbols while they are few, density with counts beyond.
    #[default]
    Auto,
    /// Cells by number of events, with counts.
    Density,
    /// A symbol or a dot per place.
    Points,
    /// Counts only.
    Clusters,
}

impl MapMode {
    pub const ALL: [MapMode; 4] = [MapMode::Auto, MapMode::Density, MapMode::Points, MapMode::Clusters];

    pub fn name(self) -> &'static str {
        match self {
            MapMode::Auto => "auto",
            MapMode::Density => "density",
            MapMode::Points => "points",
            MapMode::Clusters => "clusters",
        }
    }
}

/// How numbers of events become colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DensityScale {
    #[default]
    Logarithmic,
    SquareRoot,
    Linear,
}

impl DensityScale {
    pub const ALL: [DensityScale; 3] =
        [DensityScale::Logarithmic, DensityScale::SquareRoot, DensityScale::Linear];

    pub fn name(self) -> &'static str {
        match self {
            DensityScale::Logarithmic => "log",
            DensityScale::SquareRoot => "sqrt",
            DensityScale::Linear => "linear",
        }
    }
}

/// What lies on the map, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MapLayers {
    pub events: bool,
    pub mode: MapMode,
    /// Side of a density cell in points, in [`MapLayers::CELLS`].
    pub cell: u8,
    /// Strength of density and dots in percent, in [`MapLayers::OPACITIES`].
    pub opacity: u8,
    pub scale: DensityScale,
    pub place_names: bool,
    pub borders: bool,
}

impl MapLayers {
    pub const CELLS: std::ops::RangeInclusive<u8> = 1..=8;
    pub const OPACITIES: std::ops::RangeInclusive<u8> = 10..=100;
}

impl Default for MapLayers {
    fn default() -> Self {
        Self {
            events: true,
            mode: MapMode::Auto,
            cell: 2,
            opacity: 90,
            scale: DensityScale::Logarithmic,
            place_names: true,
            borders: true,
        }
    }
}

/// Remembered choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Inner size of the window in points.
    pub window_size: [f32; 2],
    pub window_pos: Option<[f32; 2]>,
    pub maximized: bool,
    /// Width of the panel at the reading start (filters and list), in points.
    pub start_width: Option<f32>,
    /// Width of the panel at the reading end (details and source), in points.
    pub end_width: Option<f32>,
    pub timeline_height: Option<f32>,
    /// Share of the end panel that the source text takes.
    pub source_share: Option<f32>,
    pub theme: ThemeChoice,
    pub basemap: BasemapChoice,
    /// Language of the interface.
    pub lang: Lang,
    /// Language of labels on the map, and of names of places and actors.
    pub label_lang: Lang,
    pub text_zoom: f32,
    pub recent: Vec<RecentFile>,
    /// Paths of attached originals by SHA-256.
    pub attached: Vec<(String, String)>,
    pub reduced_motion: bool,
    /// Ta marbuta matches ha in search.
    pub fold_ta_marbuta: bool,
    pub layers: MapLayers,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window_size: [1440.0, 900.0],
            window_pos: None,
            maximized: false,
            start_width: None,
            end_width: None,
            timeline_height: None,
            source_share: None,
            theme: ThemeChoice::default(),
            basemap: BasemapChoice::default(),
            lang: Lang::En,
            label_lang: Lang::En,
            text_zoom: 1.0,
            recent: Vec::new(),
            attached: Vec::new(),
            reduced_motion: false,
            fold_ta_marbuta: true,
            layers: MapLayers::default(),
        }
    }
}
