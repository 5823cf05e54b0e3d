//! The filter as a value.
//!
//! Each dimension is one bit. Evaluation ([`super::cross`]) tells, per event, the bits of the
//! dimensions that the event *fails*: an event passes if no bit is set, and it counts for the facet of
//! dimension `d` if no bit but `d`'s own is set.

use std::collections::BTreeSet;
use std::sync::Arc;

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
    Dataset,
    /// Datasets whose layer is hidden.
    Layer,
    /// The second of two events that are marked as the same one, if such are counted once.
    Twin,
}

impl Dim {
    pub const ALL: [Dim; 16] = [
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
        Dim::Dataset,
        Dim::Layer,
        Dim::Twin,
    ];

    /// Dimensions that are sets of codes with a counted list each.
    pub const FACETS: [Dim; 10] = [
        Dim::Dataset,
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
            Dim::Dataset => "dataset",
            Dim::Layer => "layer",
            Dim::Twin => "twin",
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
    /// Numbers of datasets.
    pub datasets: Codes,
    /// Numbers of the datasets whose layer is hidden.
    pub hidden: Codes,
    /// Rows that are not counted, because they are marked as the same event as another one; ascending.
    pub twins: Arc<Vec<u32>>,
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
            Dim::Dataset => Some(&self.datasets),
            Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => None,
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
            Dim::Dataset => Some(&mut self.datasets),
            Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => None,
        }
    }

    /// Whether a dimension narrows anything.
    pub fn is_active(&self, dim: Dim) -> bool {
        match dim {
            Dim::Window => self.window.is_some(),
            Dim::Fatalities => self.min_fatalities.is_some() || self.max_fatalities.is_some(),
            Dim::Text => !self.text.trim().is_empty(),
            Dim::Area => self.area.is_some(),
            Dim::Layer => !self.hidden.is_empty(),
            Dim::Twin => !self.twins.is_empty(),
            facet => self.codes(facet).is_some_and(|codes| !codes.is_empty()),
        }
    }

    /// Whether another filter has the same part for a dimension.
    pub fn is_same(&self, other: &Self, dim: Dim) -> bool {
        match dim {
            Dim::Window => (self.window, self.window_mode) == (other.window, other.window_mode),
            Dim::Fatalities => {
                (self.min_fatalities, self.max_fatalities) == (other.min_fatalities, other.max_fatalities)
            }
            Dim::Text => self.text == other.text,
            Dim::Area => self.area == other.area,
            Dim::Layer => self.hidden == other.hidden,
            Dim::Twin => self.twins == other.twins,
            facet => self.codes(facet) == other.codes(facet),
        }
    }

    /// Takes one dimension back to "any".
    pub fn clear(&mut self, dim: Dim) {
        match dim {
            Dim::Window => self.window = None,
            Dim::Fatalities => (self.min_fatalities, self.max_fatalities) = (None, None),
            Dim::Text => self.text.clear(),
            Dim::Area => self.area = None,
            Dim::Layer => self.hidden.clear(),
            Dim::Twin => self.twins = Arc::default(),
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
        Dim::Dataset => each(u32::from(columns.kind_of(row).dataset.0)),
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => {}
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
        Dim::Dataset => {
            let kinds = store.columns.kinds.all().iter();
            kinds.map(|kind| usize::from(kind.dataset.0) + 1).max().unwrap_or(0)
        }
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => 0,
    }
}
