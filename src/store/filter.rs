//! The filter as a value, and its evaluation over the columns.
//!
//! Each dimension is one bit. Evaluation writes, per event, the bits of the dimensions that the
//! event *fails*: an event passes if no bit is set, and it counts for the facet of dimension `d` if
//! no bit but `d`'s own is set. So every facet is counted under all other filters in one pass.

use std::collections::BTreeSet;

use crate::model::{BBox, DatePrecision, EventId, EventType, GeoPrecision, Interval, LatLon, Prominence};

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

/// Bits of the failed dimensions, one entry per event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failures(pub Vec<u16>);

impl Failures {
    pub fn of(&self, event: EventId) -> u16 {
        self.0.get(event.index()).copied().unwrap_or(u16::MAX)
    }

    pub fn passes(&self, event: EventId) -> bool {
        self.of(event) == 0
    }

    /// Whether an event passes everything but possibly `dim`.
    pub fn passes_except(&self, event: EventId, dim: Dim) -> bool {
        self.of(event) & !dim.bit() == 0
    }

    /// The dimensions that an event fails.
    pub fn dims(&self, event: EventId) -> impl Iterator<Item = Dim> + use<> {
        let bits = self.of(event);
        Dim::ALL.into_iter().filter(move |dim| bits & dim.bit() != 0)
    }

    pub fn passing(&self) -> impl Iterator<Item = EventId> + '_ {
        self.0.iter().enumerate().filter(|(_, bits)| **bits == 0).map(|(row, _)| EventId::from_index(row))
    }
}

/// Evaluates a filter. `text_matches` holds the rows that the searched text matches, ignored if no
/// text is searched.
pub fn evaluate(store: &Store, filter: &Filter, text_matches: &[bool]) -> Failures {
    let columns = &store.columns;
    let mut bits = vec![0u16; columns.len()];
    for dim in Dim::ALL.into_iter().filter(|dim| filter.is_active(*dim)) {
        for (row, bits) in bits.iter_mut().enumerate() {
            let holds = match dim {
                Dim::Window => filter.window.is_none_or(|window| {
                    let interval = columns.interval(row);
                    match filter.window_mode {
                        WindowMode::Possibly => interval.overlaps(window),
                        WindowMode::Certainly => interval.within(window),
                    }
                }),
                Dim::Fatalities => {
                    let best = columns.fatalities.get(row).best;
                    filter.min_fatalities.is_none_or(|min| best.is_some_and(|best| best >= min))
                        && filter.max_fatalities.is_none_or(|max| best.unwrap_or(0) <= max)
                }
                Dim::Text => text_matches.get(row).copied().unwrap_or(false),
                Dim::Area => filter.area.is_none_or(|area| {
                    let p = columns.lat.get(row).zip(columns.lon.get(row));
                    p.is_some_and(|(lat, lon)| {
                        area.contains(LatLon { lat: f64::from(*lat), lon: f64::from(*lon) })
                    })
                }),
                facet => filter.codes(facet).is_none_or(|codes| {
                    let mut any = false;
                    each_code(store, facet, row, |code| any |= codes.contains(&code));
                    any
                }),
            };
            if !holds {
                *bits |= dim.bit();
            }
        }
    }
    Failures(bits)
}

/// Counts per code of one facet under all other filters.
pub fn facet_counts(store: &Store, failures: &Failures, dim: Dim) -> Vec<u32> {
    let mut counts = vec![0u32; num_codes(store, dim)];
    for event in store.events().filter(|event| failures.passes_except(*event, dim)) {
        each_code(store, dim, event.index(), |code| {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        });
    }
    counts
}

/// What a view does not show, and why. `shown + outside_window + undated + filtered_out` is the
/// number of all events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trays {
    pub shown: Vec<EventId>,
    /// Pass everything but the time window.
    pub outside_window: Vec<EventId>,
    /// Have no date and so cannot be in the window, but pass everything else.
    pub undated: Vec<EventId>,
    /// Shown, but without a place to draw.
    pub unplaced: Vec<EventId>,
    /// Fail something other than the window.
    pub filtered_out: Vec<EventId>,
}

/// Sorts all events into trays.
pub fn trays(store: &Store, failures: &Failures) -> Trays {
    let mut trays = Trays::default();
    for event in store.events() {
        if !failures.passes_except(event, Dim::Window) {
            trays.filtered_out.push(event);
        } else if failures.passes(event) {
            trays.shown.push(event);
            if store.position(event).is_none() {
                trays.unplaced.push(event);
            }
        } else if store.interval(event).is_unknown() {
            trays.undated.push(event);
        } else {
            trays.outside_window.push(event);
        }
    }
    trays
}
