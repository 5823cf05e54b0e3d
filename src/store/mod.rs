//! Where things live: events in columns, claims and spans in side tables keyed by event, the
//! filter and the counts that views need.
//!
//! Deterministic; knows nothing of files, serialisation, clocks, threads or windows.

pub mod batch;
pub mod bins;
pub mod filter;
pub mod fold;
pub mod insert;
pub mod intern;
pub mod rowset;
pub mod search;
pub mod words;

use crate::model::{
    Actor, ActorId, ActorRole, BBox, Certainty, Claim, ClaimedRange, DatePrecision, Document, DocumentId,
    EventId, EventType, Fatalities, GeoPrecision, Interval, LatLon, Mention, Names, Place, PlaceId,
    PlaceRole, Problem, Prominence, Toll, When, fatalities,
};

pub use batch::CaseBatch;
pub use intern::Strings;

/// Lists of ids per event in one allocation: the values of event `i` are
/// `values[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lists {
    offsets: Vec<u32>,
    values: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { offsets: vec![0], values: Vec::new() }
    }
}

impl Lists {
    pub fn push(&mut self, values: impl IntoIterator<Item = u32>) {
        self.values.extend(values);
        self.offsets.push(self.values.len() as u32);
    }

    /// The values of a row; empty for a row that is not there.
    pub fn of(&self, row: usize) -> &[u32] {
        let limits = self.offsets.get(row).zip(self.offsets.get(row + 1));
        limits.and_then(|(a, b)| self.values.get(*a as usize..*b as usize)).unwrap_or_default()
    }
}

/// Columns of the events: one vector per field, all of one length.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Seconds since 1970; see [`Interval`]. Unknown dates are [`Interval::UNKNOWN`].
    pub start: Vec<i64>,
    pub end: Vec<i64>,
    pub date_precision: Vec<DatePrecision>,
    pub event_type: Vec<EventType>,
    /// Code in [`Store::sub_types`].
    pub sub_type: Vec<u16>,
    pub prominence: Vec<Prominence>,
    pub certainty: Vec<Certainty>,
    pub geo_precision: Vec<GeoPrecision>,
    /// Degrees of the first place; NaN for unplaced events.
    pub lat: Vec<f32>,
    pub lon: Vec<f32>,
    pub fatalities: Vec<Fatalities>,
    /// Each a list of ids per event, without repetition, in order of first mention.
    pub places: Lists,
    pub actors: Lists,
    pub documents: Lists,
    pub claimants: Lists,
}

impl Columns {
    pub fn len(&self) -> usize {
        self.start.len()
    }

    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    pub fn interval(&self, row: usize) -> Interval {
        let limits = self.start.get(row).zip(self.end.get(row));
        limits.map_or(Interval::UNKNOWN, |(start, end)| Interval { start: *start, end: *end })
    }
}

/// What the details of an event need and no filter scans.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDetail {
    pub key: String,
    pub slug: Option<String>,
    pub titles: Names,
    pub short: Names,
    pub descriptions: Names,
    pub optional: bool,
    pub when: Option<When>,
    pub ongoing: bool,
    pub known: Option<When>,
    pub text_date: Option<When>,
    pub places: Vec<PlaceRole>,
    pub actors: Vec<ActorRole>,
    pub claimed_ranges: Vec<ClaimedRange>,
    pub note: Option<String>,
    pub claims: Vec<Claim>,
}

/// One case: everything open at once.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Grows with every change; derived values compare it.
    pub generation: u64,
    pub titles: Names,
    pub columns: Columns,
    pub details: Vec<EventDetail>,
    pub documents: Vec<Document>,
    pub places: Vec<Place>,
    pub actors: Vec<Actor>,
    pub mentions: Vec<Mention>,
    pub sub_types: Strings,
    pub problems: Vec<Problem>,
}

impl Store {
    pub fn num_events(&self) -> usize {
        self.columns.len()
    }

    pub fn num_claims(&self) -> usize {
        self.details.iter().map(|d| d.claims.len()).sum()
    }

    pub fn events(&self) -> impl Iterator<Item = EventId> + use<> {
        (0..self.columns.len()).map(EventId::from_index)
    }

    pub fn detail(&self, event: EventId) -> Option<&EventDetail> {
        self.details.get(event.index())
    }

    pub fn document(&self, document: DocumentId) -> Option<&Document> {
        self.documents.get(document.index())
    }

    pub fn place(&self, place: PlaceId) -> Option<&Place> {
        self.places.get(place.index())
    }

    pub fn actor(&self, actor: ActorId) -> Option<&Actor> {
        self.actors.get(actor.index())
    }

    pub fn event_by_key(&self, key: &str) -> Option<EventId> {
        self.details
            .iter()
            .position(|d| d.key == key || d.slug.as_deref() == Some(key))
            .map(EventId::from_index)
    }

    pub fn document_by_key(&self, key: &str) -> Option<DocumentId> {
        self.documents.iter().position(|d| d.key == key).map(DocumentId::from_index)
    }

    pub fn actor_by_key(&self, key: &str) -> Option<ActorId> {
        self.actors.iter().position(|a| a.key == key).map(ActorId::from_index)
    }

    pub fn interval(&self, event: EventId) -> Interval {
        self.columns.interval(event.index())
    }

    pub fn event_type(&self, event: EventId) -> EventType {
        self.columns.event_type.get(event.index()).copied().unwrap_or(EventType::Other)
    }

    pub fn sub_type(&self, event: EventId) -> &str {
        self.columns.sub_type.get(event.index()).map_or("", |code| self.sub_types.get(u32::from(*code)))
    }

    pub fn date_precision(&self, event: EventId) -> DatePrecision {
        self.columns.date_precision.get(event.index()).copied().unwrap_or(DatePrecision::Unknown)
    }

    pub fn geo_precision(&self, event: EventId) -> GeoPrecision {
        self.columns.geo_precision.get(event.index()).copied().unwrap_or(GeoPrecision::Unknown)
    }

    pub fn prominence(&self, event: EventId) -> Prominence {
        self.columns.prominence.get(event.index()).copied().unwrap_or(Prominence::Main)
    }

    pub fn fatalities(&self, event: EventId) -> Fatalities {
        self.columns.fatalities.get(event.index()).copied().unwrap_or_default()
    }

    /// Position of the first place that has one.
    pub fn position(&self, event: EventId) -> Option<LatLon> {
        let (lat, lon) = self.columns.lat.get(event.index()).zip(self.columns.lon.get(event.index()))?;
        (!lat.is_nan()).then(|| LatLon { lat: f64::from(*lat), lon: f64::from(*lon) })
    }

    pub fn documents_of(&self, event: EventId) -> impl Iterator<Item = DocumentId> + '_ {
        self.columns.documents.of(event.index()).iter().map(|id| DocumentId(*id))
    }

    /// Reported losses of an event, one entry per claimant.
    pub fn tolls(&self, event: EventId) -> Vec<Toll> {
        let Some(detail) = self.detail(event) else { return Vec::new() };
        fatalities::tolls(&detail.claims, |actor| insert::is_victim(&self.actors, &detail.actors, actor))
    }

    /// Box of all placed events, `None` if there is none.
    pub fn bbox_of(&self, events: impl IntoIterator<Item = EventId>) -> Option<BBox> {
        BBox::of_points(events.into_iter().filter_map(|event| self.position(event)))
    }

    /// Shortest interval that holds the known limits of all dated events.
    pub fn time_extent(&self) -> Option<Interval> {
        let mut extent: Option<Interval> = None;
        for row in 0..self.columns.len() {
            let interval = self.columns.interval(row);
            if interval.is_unknown() {
                continue;
            }
            let start = if interval.open_start() { interval.end - 1 } else { interval.start };
            let end = if interval.open_end() { start + 1 } else { interval.end };
            let known = Interval { start, end };
            extent = Some(extent.map_or(known, |e| e.union(known)));
        }
        extent
    }

    /// Claims that a document makes, with their events.
    pub fn claims_in(&self, document: DocumentId) -> impl Iterator<Item = (EventId, usize, &Claim)> + '_ {
        self.details.iter().enumerate().flat_map(move |(row, detail)| {
            let claims =
                detail.claims.iter().enumerate().filter(move |(_, claim)| claim.document == document);
            claims.map(move |(index, claim)| (EventId::from_index(row), index, claim))
        })
    }
}
