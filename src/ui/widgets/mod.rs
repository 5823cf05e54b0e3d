//! Widgets that several panels share.

pub mod controls;
pub mod words;
