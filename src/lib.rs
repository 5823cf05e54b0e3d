//! Waqai: a map-and-timeline explorer for analysts who work from text.
pub mod model;
pub mod text;
pub mod ui;
