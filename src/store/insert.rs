//! Batch → columns.

use crate::model::{
    Actor, ActorId, ActorRole, DatePrecision, DocumentId, EventRecord, Interval, LatLon, PlaceId, fatalities,
};

use super::{CaseBatch, CaseNames, DatasetId, EventDetail, Kind, Store};

/// Whose deaths count in an event: those who take part in another role than an attacker's, and
/// civilians and people at large.
pub fn is_victim(actors: &[Actor], roles: &[ActorRole], actor: ActorId) -> bool {
    roles.iter().any(|role| role.actor == actor && !role.role.contains("attacker"))
        || actors.get(actor.index()).is_some_and(|actor| actor.kind == "civilian")
}

impl Store {
    /// A store of one batch.
    pub fn from_batch(batch: CaseBatch) -> Self {
        let CaseBatch { titles, documents, places, actors, events, mentions, problems } = batch;
        let mut store =
            Self { generation: 1, titles, documents, places, actors, mentions, problems, ..Self::default() };
        for event in events {
            store.push_event(event);
        }
        store.case = Some(DatasetId::default());
        store.case_names = CaseNames::all_of(&store);
        store.reindex();
        store
    }

    /// Appends a document of the user's own.
    pub fn push_document(&mut self, document: crate::model::Document) -> DocumentId {
        self.documents.push(document);
        self.generation += 1;
        DocumentId::from_index(self.documents.len() - 1)
    }

    /// Sets the original text of a document. The caller has compared its hash.
    pub fn attach(&mut self, document: DocumentId, text: String) {
        if let Some(document) = self.documents.get_mut(document.index()) {
            document.attached = Some(text);
            self.generation += 1;
        }
    }

    fn push_event(&mut self, event: EventRecord) {
        let EventRecord {
            key,
            slug,
            titles,
            short,
            descriptions,
            event_type,
            sub_type,
            prominence,
            optional,
            certainty,
            when,
            ongoing,
            known,
            text_date,
            places,
            geo_precision,
            actors,
            claimed_ranges,
            note,
            claims,
        } = event;
        let position = first_position(self, places.iter().map(|p| p.place));
        let tolls = fatalities::tolls(&claims, |actor| is_victim(&self.actors, &actors, actor));
        let interval = when.as_ref().map_or(Interval::UNKNOWN, |w| w.interval);
        let columns = &mut self.columns;
        columns.times.push(interval);
        let sub_type = self.sub_types.intern(&sub_type) as u16;
        let date_precision = when.as_ref().map_or(DatePrecision::Unknown, |w| w.precision);
        let dataset = DatasetId::default();
        let kind =
            Kind { event_type, sub_type, date_precision, geo_precision, prominence, certainty, dataset };
        columns.kind.push(columns.kinds.intern(kind));
        columns.lat.push(position.map_or(f32::NAN, |p| p.lat as f32));
        columns.lon.push(position.map_or(f32::NAN, |p| p.lon as f32));
        columns.fatalities.push(fatalities::derive(&tolls));
        columns.places.push(distinct(places.iter().map(|p| p.place.0)));
        columns.actors.push(distinct(actors.iter().map(|a| a.actor.0)));
        columns.documents.push(distinct(claims.iter().map(|c| c.document.0)));
        columns.claimants.push(distinct(claims.iter().map(|c| c.claimant.0)));
        self.details.push(EventDetail {
            key,
            slug,
            titles,
            short,
            descriptions,
            optional,
            when,
            ongoing,
            known,
            text_date,
            places,
            actors,
            claimed_ranges,
            note,
            claims,
        });
    }
}

fn first_position(store: &Store, mut places: impl Iterator<Item = PlaceId>) -> Option<LatLon> {
    places.find_map(|place| store.place(place).and_then(|p| p.position))
}

fn distinct(values: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut seen = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}
