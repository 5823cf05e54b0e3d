//! Waqai: a map-and-timeline explorer for analysts who work from text.
pub mod io;
pub mod model;
pub mod store;
pub mod text;
