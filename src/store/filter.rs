//! The filter as a value.
//!
//! Each dimension is one bit. Evaluation ([`super::cross`]) tells, per event, the bits of the
//! dimensions that the event *fails*: an event passes if no bit is set, and it counts for the facet of
//! dimension `d` if no bit but `d`'s own is set.

use std::collections::BTreeSet;

use crate::model::{BBox, DatePrecision, EventType, GeoPrecision, Interval, Prominence};

use super::{Lists, Store};

/// A set of codes of one facet; empty means any.
pub type Codes = BTreeSet<u32>;

/// A dimension of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Dim {
    Window,
    Type,
    SubType,
    Actor,
    Place,
    Document,
    Claimant,
    Fatalities,
    DatePrecision,
    GeoPrecision,
    Prominence,
    Text,
    Area,
}

impl Dim {
    pub const ALL: [Dim; 13] = [
        Dim::Window,
        Dim::Type,
        Dim::SubType,
        Dim::Actor,
        Dim::Place,
        Dim::Document,
        Dim::Claimant,
        Dim::Fatalities,
        Dim::DatePrecision,
        Dim::GeoPrecision,
        Dim::Prominence,
        Dim::Text,
        Dim::Area,
    ];

    /// Dimensions that are sets of codes with a counted list each.
    pub const FACETS: [Dim; 9] = [
        Dim::Type,
        Dim::GeoPrecision,
        Dim::Prominence,
        Dim::Actor,
        Dim::Place,
        Dim::Claimant,
        Dim::Document,
        Dim::SubType,
        Dim::DatePrecision,
    ];

    pub fn bit(self) -> u16 {
        1 << self as u8
    }

    /// Stable name, used for interface keys and replay scripts.
    pub fn name(self) -> &'static str {
        match self {
            Dim::Window => "window",
            Dim::Type => "type",
            Dim::SubType => "sub-type",
            Dim::Actor => "actor",
            Dim::Place => "place",
            Dim::Document => "document",
            Dim::Claimant => "claimant",
            Dim::Fatalities => "fatalities",
            Dim::DatePrecision => "date-precision",
            Dim::GeoPrecision => "geo-precision",
            Dim::Prominence => "prominence",
            Dim::Text => "text",
            Dim::Area => "area",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dim| dim.name() == name)
    }
}

/// How an interval must lie in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WindowMode {
    /// Some moment is shared.
    #[default]
    Possibly,
    /// No moment lies outside.
    Certainly,
}

/// What is shown. All parts must hold; an empty part holds for every event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// `None` shows all of time, and undated events too.
    pub window: Option<Interval>,
    pub window_mode: WindowMode,
    pub types: Codes,
    pub sub_types: Codes,
    pub actors: Codes,
    pub places: Codes,
    pub documents: Codes,
    pub claimants: Codes,
    /// Least and greatest best fatalities, inclusive. An event without a toll fails a minimum.
    pub min_fatalities: Option<u32>,
    pub max_fatalities: Option<u32>,
    pub date_precisions: Codes,
    pub geo_precisions: Codes,
    pub prominences: Codes,
    /// Searched text; see [`super::search`].
    pub text: String,
    pub area: Option<BBox>,
}

impl Filter {
    /// The chosen codes of a facet; `None` for dimensions that are no facets.
    pub fn codes(&self, dim: Dim) -> Option<&Codes> {
        match dim {
            Dim::Type => Some(&self.types),
            Dim::SubType => Some(&self.sub_types),
            Dim::Actor => Some(&self.actors),
            Dim::Place => Some(&self.places),
            Dim::Document => Some(&self.documents),
            Dim::Claimant => Some(&self.claimants),
            Dim::DatePrecision => Some(&self.date_precisions),
            Dim::GeoPrecision => Some(&self.geo_precisions),
            Dim::Prominence => Some(&self.prominences),
            Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area => None,
        }
    }

    pub fn codes_mut(&mut self, dim: Dim) -> Option<&mut Codes> {
        match dim {
            Dim::Type => Some(&mut self.types),
            Dim::SubType => Some(&mut self.sub_types),
            Dim::Actor => Some(&mut self.actors),
            Dim::Place => Some(&mut self.places),
            Dim::Document => Some(&mut self.documents),
            Dim::Claimant => Some(&mut self.claimants),
            Dim::DatePrecision => Some(&mut self.date_precisions),
            Dim::GeoPrecision => Some(&mut self.geo_precisions),
            Dim::Prominence => Some(&mut self.prominences),
            Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area => None,
        }
    }

    /// Whether a dimension narrows anything.
    pub fn is_active(&self, dim: Dim) -> bool {
        match dim {
            Dim::Window => self.window.is_some(),
            Dim::Fatalities => self.min_fatalities.is_some() || self.max_fatalities.is_some(),
            Dim::Text => !self.text.trim().is_empty(),
            Dim::Area => self.area.is_some(),
            facet => self.codes(facet).is_some_and(|codes| !codes.is_empty()),
        }
    }

    /// Takes one dimension back to "any".
    pub fn clear(&mut self, dim: Dim) {
        match dim {
            Dim::Window => self.window = None,
            Dim::Fatalities => (self.min_fatalities, self.max_fatalities) = (None, None),
            Dim::Text => self.text.clear(),
            Dim::Area => self.area = None,
            facet => {
                if let Some(codes) = self.codes_mut(facet) {
                    codes.clear();
                }
            }
        }
    }
}

/// Codes of an event in a facet, passed to `each`.
pub fn each_code(store: &Store, dim: Dim, row: usize, mut each: impl FnMut(u32)) {
    let columns = &store.columns;
    let list = |lists: &Lists, each: &mut dyn FnMut(u32)| lists.of(row).iter().for_each(|code| each(*code));
    match dim {
        Dim::Type => each(columns.kind_of(row).event_type as u32),
        Dim::SubType => each(u32::from(columns.kind_of(row).sub_type)),
        Dim::DatePrecision => each(columns.kind_of(row).date_precision as u32),
        Dim::GeoPrecision => each(columns.kind_of(row).geo_precision as u32),
        Dim::Prominence => each(columns.kind_of(row).prominence as u32),
        Dim::Actor => list(&columns.actors, &mut each),
        Dim::Place => list(&columns.places, &mut each),
        Dim::Document => list(&columns.documents, &mut each),
        Dim::Claimant => list(&columns.claimants, &mut each),
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area => {}
    }
}

/// How many codes a facet can have.
pub fn num_codes(store: &Store, dim: Dim) -> usize {
    match dim {
        Dim::Type => EventType::ALL.len(),
        Dim::SubType => store.sub_types.len(),
        Dim::DatePrecision => DatePrecision::ALL.len(),
        Dim::GeoPrecision => GeoPrecision::ALL.len(),
        Dim::Prominence => Prominence::ALL.len(),
        Dim::Actor | Dim::Claimant => store.actors.len(),
        Dim::Place => store.places.len(),
        Dim::Document => store.documents.len(),
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area => 0,
    }
}
