//! Waqai: a map-and-timeline explorer for analysts who work from text.
pub mod app;
pub mod cli;
pub mod headless;
pub mod io;
pub mod jobs;
pub mod lang;
pub mod model;
pub mod state;
pub mod store;
pub mod text;
pub mod ui;
