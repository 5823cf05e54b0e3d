//! Named places.

use super::{LatLon, Names};

/// A named place with its coordinate, how wide it is, and the forms it takes in text.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Stable key, unique in the case.
    pub key: String,
    pub names: Names,
    /// `country`, `region`, `town`, `airport`, …
    pub kind: String,
    pub position: Option<LatLon>,
    /// Radius of the area that the coordinate stands for, in metres.
    pub radius_m: f64,
    pub country: Option<String>,
    /// First-level region.
    pub admin1: Option<String>,
    /// Surface forms as they occur in texts.
    pub forms: Vec<String>,
    /// Adjectives of the place (for countries mostly).
    pub demonyms: Vec<String>,
    pub note: Option<String>,
}
