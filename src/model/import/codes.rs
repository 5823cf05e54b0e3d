//! How codes of files are read, as tables that a user can look up.

use crate::model::{DatePrecision, EventType, GeoPrecision};

/// Codes of one kind and what they become, as a user can look them up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeGroup {
    pub kind: CodeKind,
    /// Code, its text in the codebook, and what it becomes.
    pub rows: Vec<(String, String, CodeMeaning)>,
}

/// What codes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    EventType,
    DatePrecision,
    GeoPrecision,
}

/// What a code becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMeaning {
    EventType(EventType),
    DatePrecision(DatePrecision),
    GeoPrecision(GeoPrecision),
}
