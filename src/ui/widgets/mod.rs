//! Widgets shared by every panel.
