//! What is on screen.
pub mod widgets;
