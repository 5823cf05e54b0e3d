//! What a reader hands over: records whose ids are rows of the batch's own tables.

use crate::model::{Actor, Document, EventRecord, Mention, Names, Place, Problem};

/// A case as read from files. Ids in events and mentions are rows of this batch's tables; readers
/// resolve keys and report those that name nothing.
#[derive(Clone, Debug, Default)]
pub struct CaseBatch {
    pub titles: Names,
    pub documents: Vec<Document>,
    pub places: Vec<Place>,
    pub actors: Vec<Actor>,
    pub events: Vec<EventRecord>,
    pub mentions: Vec<Mention>,
    pub problems: Vec<Problem>,
}
