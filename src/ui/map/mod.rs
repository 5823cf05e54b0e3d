//! The map: basemap tiles, their style, and their labels.
pub mod archive;
pub mod basemap;
pub mod basemap_style;
pub mod labels;
