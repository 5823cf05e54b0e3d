//! Waqai: a map-and-timeline explorer for analysts who work from text.
pub mod io;
pub mod lang;
pub mod model;
pub mod state;
pub mod store;
pub mod text;
pub mod ui;
