//! Search over titles, claims, places, actors and texts: folded, and across scripts.
//!
//! A query that names a place or actor in any language also finds every other name and form of it,
//! so that `Gao` finds غاو. Places are those of the case and of the gazetteer.

use std::collections::BTreeSet;

use crate::model::document::TextForm;
use crate::model::gazetteer;
use crate::model::{ActorId, DocumentId, EventId, PlaceId};

use super::Store;
use super::fold::{FoldOptions, Folded, fold};

/// A compiled query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Folded strings, any of which is a hit; the typed one first.
    pub needles: Vec<String>,
    pub places: BTreeSet<u32>,
    pub actors: BTreeSet<u32>,
    pub options: FoldOptions,
}

impl Query {
    /// Compiles typed text. An empty text gives a query that is empty and matches nothing.
    pub fn new(store: &Store, text: &str, options: FoldOptions) -> Self {
        let needle = fold(text.trim(), options);
        let mut query = Self { options, ..Self::default() };
        if needle.is_empty() {
            return query;
        }
        query.needles.push(needle.clone());
        let named = |names: &mut dyn Iterator<Item = &str>| -> Option<Vec<String>> {
            let folded: Vec<String> = names.map(|name| fold(name, options)).collect();
            folded.iter().any(|name| names_it(name, &needle)).then_some(folded)
        };
        for (row, place) in store.places.iter().enumerate() {
            if let Some(forms) = named(&mut place.names.all().chain(place.forms.iter().map(String::as_str))) {
                query.places.insert(row as u32);
                query.add_needles(forms);
            }
        }
        for (row, actor) in store.actors.iter().enumerate() {
            let names =
                actor.names.all().chain(actor.short.all()).chain(actor.forms.iter().map(String::as_str));
            if let Some(forms) = named(&mut { names }) {
                query.actors.insert(row as u32);
                query.add_needles(forms);
            }
        }
        for place in gazetteer::built_in() {
            if let Some(forms) = named(&mut place.names()) {
                query.add_needles(forms);
            }
        }
        query
    }

    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    fn add_needles(&mut self, forms: Vec<String>) {
        for form in forms {
            // A form of one or two letters would be found inside half of all words.
            if form.chars().count() >= 3 && !self.needles.contains(&form) {
                self.needles.push(form);
            }
        }
    }

    /// Whether any needle occurs.
    pub fn matches(&self, text: &str) -> bool {
        let folded = fold(text, self.options);
        self.needles.iter().any(|needle| folded.contains(needle.as_str()))
    }

    /// Scalar ranges of hits in a text, sorted, overlapping ones merged.
    pub fn hits(&self, text: &str) -> Vec<(u32, u32)> {
        let folded = Folded::new(text, self.options);
        let mut hits: Vec<(u32, u32)> =
            self.needles.iter().flat_map(|needle| folded.find_all(needle)).collect();
        hits.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(hits.len());
        for (start, end) in hits {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        merged
    }
}

/// Whether a name is meant by a needle: the whole name, or whole words of it. The needle must have
/// three letters, so that typing the first two does not light up everything.
fn names_it(name: &str, needle: &str) -> bool {
    if needle.chars().count() < 3 {
        return name == needle;
    }
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    name.match_indices(needle).any(|(at, found)| {
        let before = name.get(..at).and_then(|s| s.chars().next_back());
        let after = name.get(at + found.len()..).and_then(|s| s.chars().next());
        boundary(before) && boundary(after)
    })
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub query: Query,
    /// One entry per event.
    pub events: Vec<bool>,
    /// Hits per document and form of text, one entry per document.
    pub brief_hits: Vec<Vec<(u32, u32)>>,
    pub original_hits: Vec<Vec<(u32, u32)>>,
}

impl Found {
    pub fn hits(&self, document: DocumentId, form: TextForm) -> &[(u32, u32)] {
        let lists = match form {
            TextForm::Brief => &self.brief_hits,
            TextForm::Original => &self.original_hits,
        };
        lists.get(document.index()).map_or(&[], Vec::as_slice)
    }

    /// Whether an event is found; without a search none is.
    pub fn has(&self, event: EventId) -> bool {
        self.events.get(event.index()).copied().unwrap_or(false)
    }

    pub fn num_events(&self) -> usize {
        self.events.iter().filter(|found| **found).count()
    }
}

/// Runs a query over the whole case.
///
/// An event is found by its titles, description, type, places, actors, claims, or by a hit inside a
/// span of one of its claims.
pub fn search(store: &Store, query: Query) -> Found {
    if query.is_empty() {
        return Found::default();
    }
    let hits = |form: TextForm| -> Vec<Vec<(u32, u32)>> {
        store.documents.iter().map(|d| d.text(form).map_or_else(Vec::new, |text| query.hits(text))).collect()
    };
    let (brief_hits, original_hits) = (hits(TextForm::Brief), hits(TextForm::Original));
    let mut found = Found { query, events: Vec::new(), brief_hits, original_hits };
    found.events = store.events().map(|event| event_found(store, &found, event)).collect();
    found
}

fn event_found(store: &Store, found: &Found, event: EventId) -> bool {
    let query = &found.query;
    let columns = &store.columns;
    let row = event.index();
    if columns.places.of(row).iter().any(|p| query.places.contains(p))
        || columns.actors.of(row).iter().any(|a| query.actors.contains(a))
        || columns.claimants.of(row).iter().any(|a| query.actors.contains(a))
    {
        return true;
    }
    let Some(detail) = store.detail(event) else { return false };
    let own = detail.titles.all().chain(detail.short.all()).chain(detail.descriptions.all());
    let coded = [detail.key.as_str(), store.event_type(event).code(), store.sub_type(event)];
    if own.chain(coded).any(|text| query.matches(text)) {
        return true;
    }
    detail.claims.iter().any(|claim| {
        let words = claim.counts.iter().flat_map(|count| count.in_words.all());
        if claim
            .statement
            .all()
            .chain([claim.attribution.as_str()])
            .chain(words)
            .any(|text| query.matches(text))
        {
            return true;
        }
        [TextForm::Brief, TextForm::Original].into_iter().any(|form| {
            let hits = found.hits(claim.document, form);
            let spans = claim.spans.of(form);
            spans.iter().any(|span| hits.iter().any(|(start, end)| *start < span.end && *end > span.start))
        })
    })
}

/// Ids of places and actors whose names begin with or contain a typed text, for the palette.
pub fn named(store: &Store, text: &str, options: FoldOptions) -> (Vec<PlaceId>, Vec<ActorId>) {
    let needle = fold(text.trim(), options);
    if needle.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let hit = |name: &str| fold(name, options).contains(&needle);
    let places = store.places.iter().enumerate();
    let places =
        places.filter(|(_, place)| place.names.all().chain(place.forms.iter().map(String::as_str)).any(hit));
    let actors = store.actors.iter().enumerate();
    let actors = actors.filter(|(_, actor)| actor.names.all().chain(actor.short.all()).any(hit));
    (
        places.map(|(row, _)| PlaceId::from_index(row)).collect(),
        actors.map(|(row, _)| ActorId::from_index(row)).collect(),
    )
}
