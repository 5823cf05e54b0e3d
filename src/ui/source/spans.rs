//! Evidence in one text: which stretch is whose, ready to be drawn and clicked. Pure.
//!
//! Invariants
//! * Marks are sorted by where they begin; two marks never have the same stretch and role: claims that
//!   share one are its owners.
//! * Stretches are bytes on character boundaries inside the text; spans that lie outside it are left out.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::document::TextForm;
use crate::model::{DocumentId, EventId, SpanRole};
use crate::store::Store;
use crate::text::CharIndex;

/// A stretch of the text with one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub bytes: Range<usize>,
    pub role: SpanRole,
    /// Events, and the places of the claims in their lists.
    pub owners: Vec<(EventId, usize)>,
}

impl Mark {
    /// Events in order, each once.
    pub fn events(&self) -> Vec<EventId> {
        let mut events: Vec<EventId> = self.owners.iter().map(|(event, _)| *event).collect();
        events.dedup();
        events
    }
}

/// The marks of a document's text.
pub fn marks(store: &Store, document: DocumentId, form: TextForm, index: &CharIndex) -> Vec<Mark> {
    let mut found: BTreeMap<(usize, usize, SpanRole), Vec<(EventId, usize)>> = BTreeMap::new();
    for (event, at, claim) in store.claims_in(document) {
        for span in claim.spans.of(form) {
            let bytes = index.byte_range(span.start as usize..span.end as usize);
            if bytes.is_empty() {
                continue;
            }
            let owners = found.entry((bytes.start, bytes.end, span.role)).or_default();
            if owners.last() != Some(&(event, at)) {
                owners.push((event, at));
            }
        }
    }
    found.into_iter().map(|((start, end, role), owners)| Mark { bytes: start..end, role, owners }).collect()
}

/// Stretches of an original that are not the article's own text.
pub fn boilerplate(
    store: &Store,
    document: DocumentId,
    form: TextForm,
    index: &CharIndex,
) -> Vec<Range<usize>> {
    let original = store.document(document).and_then(|document| document.original.as_ref());
    let segments = original.filter(|_| form == TextForm::Original).map(|original| &original.segments);
    segments
        .into_iter()
        .flatten()
        .filter(|segment| segment.boilerplate)
        .map(|segment| index.byte_range(segment.start as usize..segment.end as usize))
        .filter(|bytes| !bytes.is_empty())
        .collect()
}

/// The mark that is meant where several lie over each other: the shortest; of equal ones the first.
pub fn innermost<'a>(marks: &'a [Mark], ids: &[u64]) -> Option<&'a Mark> {
    let hit = ids.iter().filter_map(|id| marks.get(usize::try_from(*id).ok()?));
    hit.min_by_key(|mark| mark.bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{builtin, read_case, unwatched};

    fn mali() -> Store {
        Store::from_batch(read_case(&builtin::MALI, &unwatched))
    }

    #[test]
    fn every_span_of_a_text_is_in_one_mark() {
        let store = mali();
        for row in 0..store.documents.len() {
            let document = DocumentId::from_index(row);
            let text = store.document(document).and_then(|d| d.text(TextForm::Brief)).expect("brief");
            let index = CharIndex::new(text);
            let marks = marks(&store, document, TextForm::Brief, &index);
            let owners: usize = marks.iter().map(|mark| mark.owners.len()).sum();
            let spans: usize =
                store.claims_in(document).map(|(_, _, claim)| claim.spans.of(TextForm::Brief).len()).sum();
            assert_eq!(owners, spans);
            assert!(marks.iter().all(|mark| text.get(mark.bytes.clone()).is_some()));
            assert!(marks.is_sorted_by_key(|mark| mark.bytes.start));
        }
    }

    #[test]
    fn a_span_says_what_it_is() {
        let store = mali();
        let document = store.document_by_key("001").expect("document");
        let text = store.document(document).and_then(|d| d.text(TextForm::Brief)).expect("brief");
        let marks = marks(&store, document, TextForm::Brief, &CharIndex::new(text));
        let event = store.event_by_key("e38").expect("event");
        let counts: Vec<&str> = marks
            .iter()
            .filter(|mark| mark.role == SpanRole::Count && mark.owners.contains(&(event, 0)))
            .filter_map(|mark| text.get(mark.bytes.clone()))
            .collect();
        assert_eq!(counts.len(), 2);
        assert!(counts[0].contains("50") && counts[1].contains("10"), "{counts:?}");
        let ids: Vec<u64> = (0..marks.len() as u64).collect();
        let shortest = innermost(&marks, &ids).expect("mark");
        assert!(marks.iter().all(|mark| mark.bytes.len() >= shortest.bytes.len()));
        assert!(innermost(&marks, &[u64::MAX]).is_none());
    }

    #[test]
    fn boilerplate_is_a_matter_of_originals() {
        let store = mali();
        let document = store.document_by_key("001").expect("document");
        let index = CharIndex::new(&"x".repeat(8000));
        assert!(boilerplate(&store, document, TextForm::Brief, &index).is_empty());
        assert!(!boilerplate(&store, document, TextForm::Original, &index).is_empty());
    }
}
