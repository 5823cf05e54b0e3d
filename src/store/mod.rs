//! Where things live: events in columns, claims and spans in side tables keyed by event, the
//! filter and the counts that views need.
//!
//! Deterministic; knows nothing of files, serialisation, clocks, threads or windows.

pub mod batch;
pub mod bins;
pub mod columns;
pub mod cross;
pub mod filter;
pub mod flat;
pub mod fold;
pub mod insert;
pub mod intern;
pub mod merge;
pub mod order;
pub mod rowset;
pub mod search;
pub mod sites;
pub mod sketch;
pub mod table;
pub mod twins;
pub mod words;

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{
    Actor, ActorId, ActorRole, BBox, Certainty, Claim, ClaimedRange, DatePrecision, Document, DocumentId,
    EventId, EventType, Fatalities, GeoPrecision, Interval, LatLon, Mention, Names, Place, PlaceId,
    PlaceRole, Problem, Prominence, Toll, When, fatalities,
};

pub use batch::CaseBatch;
pub use columns::{Columns, Kind, Lists};
pub use intern::Strings;
pub use order::Index;
pub use table::Table;

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

/// A dataset that is open. Numbers are given out in the order in which datasets are opened and are not
/// used again; in a store of one dataset it is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetId(pub u16);

/// How many of a store's names, from the first on, are those that a case brought with it: they stay
/// though no event may have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseNames {
    pub places: usize,
    pub actors: usize,
    pub sub_types: usize,
}

impl CaseNames {
    /// All names of a store.
    pub fn all_of(store: &Store) -> Self {
        let (places, actors, sub_types) = (store.places.len(), store.actors.len(), store.sub_types.len());
        Self { places, actors, sub_types }
    }
}

/// One case: everything open at once.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Grows with every change; derived values compare it.
    pub generation: u64,
    pub titles: Names,
    pub columns: Columns,
    /// Made from the columns; see [`Store::reindex`].
    pub index: Arc<Index>,
    /// Details of the events that were read whole: those of the first rows.
    pub details: Vec<EventDetail>,
    /// The dataset of the rows before those of all flat datasets; `None` if no case is open.
    pub case: Option<DatasetId>,
    pub case_names: CaseNames,
    /// Flat datasets, whose rows follow those with details.
    pub tables: Vec<Table>,
    pub documents: Vec<Document>,
    pub places: Vec<Place>,
    pub actors: Vec<Actor>,
    pub mentions: Vec<Mention>,
    pub sub_types: Strings,
    pub problems: Vec<Problem>,
}

impl Store {
    /// Makes the index anew. To be called after any change of the columns' rows.
    pub fn reindex(&mut self) {
        self.index = Arc::new(Index::new(&self.columns));
    }

    /// The index, made now if rows were added since it was made.
    pub fn index(&self) -> Arc<Index> {
        if self.index.num_rows() == self.columns.len() {
            self.index.clone()
        } else {
            Arc::new(Index::new(&self.columns))
        }
    }

    pub fn num_events(&self) -> usize {
        self.columns.len()
    }

    pub fn num_claims(&self) -> usize {
        let flat: usize = self.tables.iter().map(|table| table.rows.len()).sum();
        self.details.iter().map(|d| d.claims.len()).sum::<usize>() + flat
    }

    pub fn events(&self) -> impl Iterator<Item = EventId> + use<> {
        (0..self.columns.len()).map(EventId::from_index)
    }

    /// What is told about an event beyond its columns. For a row of a flat dataset it is read from the
    /// dataset's file: for what is looked at, not for what is counted.
    pub fn detail(&self, event: EventId) -> Option<Cow<'_, EventDetail>> {
        match self.details.get(event.index()) {
            Some(detail) => Some(Cow::Borrowed(detail)),
            None => self.table_of(event).map(|table| Cow::Owned(flat::detail(self, table, event))),
        }
    }

    /// The flat dataset that an event is a row of; `None` for events that were read whole.
    pub fn table_of(&self, event: EventId) -> Option<&Table> {
        self.tables.iter().find(|table| table.rows.contains(&event.index()))
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
            .or_else(|| self.tables.iter().find_map(|table| table.row_by_key(key)))
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
        self.columns.kind_of(event.index()).event_type
    }

    pub fn sub_type(&self, event: EventId) -> &str {
        match self.columns.kind.get(event.index()) {
            Some(code) => self.sub_types.get(u32::from(self.columns.kinds.get(*code).sub_type)),
            None => "",
        }
    }

    pub fn date_precision(&self, event: EventId) -> DatePrecision {
        self.columns.kind_of(event.index()).date_precision
    }

    pub fn geo_precision(&self, event: EventId) -> GeoPrecision {
        self.columns.kind_of(event.index()).geo_precision
    }

    pub fn prominence(&self, event: EventId) -> Prominence {
        self.columns.kind_of(event.index()).prominence
    }

    pub fn certainty(&self, event: EventId) -> Certainty {
        self.columns.kind_of(event.index()).certainty
    }

    pub fn fatalities(&self, event: EventId) -> Fatalities {
        self.columns.fatalities.get(event.index())
    }

    /// Position of the first place that has one.
    pub fn position(&self, event: EventId) -> Option<LatLon> {
        self.columns.position(event.index())
    }

    /// The first place of an event.
    pub fn first_place(&self, event: EventId) -> Option<PlaceId> {
        self.columns.places.of(event.index()).first().map(|id| PlaceId(*id))
    }

    /// How many claims are made about an event.
    pub fn num_claims_of(&self, event: EventId) -> usize {
        match self.details.get(event.index()) {
            Some(detail) => detail.claims.len(),
            // A row of a flat dataset is one statement.
            None => usize::from(event.index() < self.columns.len()),
        }
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

    /// Shortest interval that holds the known limits of all dated events. Looked up, but for rows that
    /// the index does not know yet.
    pub fn time_extent(&self) -> Option<Interval> {
        if self.index.num_rows() == self.columns.len() {
            return self.index.extent;
        }
        order::extent_of((0..self.columns.len()).map(|row| self.columns.interval(row)))
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
