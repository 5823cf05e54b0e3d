//! Search over titles, claims, places, actors and texts: folded, and across scripts.
//!
//! A query that names a place or actor in any language also finds every other name and form of it,
//! so that `Gao` finds غاو. Places are those of the case and of the gazetteer.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::document::TextForm;
use crate::model::gazetteer;
use crate::model::{ActorId, DocumentId, EventId, PlaceId};

use super::fold::{FoldOptions, Folded, fold};
use super::rowset::RowSet;
use super::table::Offsets;
use super::words::{Texts, WordIndex};
use super::{Kind, Lists, Store, Table};

/// A compiled query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Folded strings, any of which is a hit; the typed one first.
    pub needles: Vec<String>,
    /// What was typed, as it was typed.
    pub typed: String,
    pub places: BTreeSet<u32>,
    pub actors: BTreeSet<u32>,
    pub options: FoldOptions,
}

impl Query {
    /// Compiles typed text. An empty text gives a query that is empty and matches nothing.
    pub fn new(store: &Store, text: &str, options: FoldOptions) -> Self {
        let needle = fold(text.trim(), options);
        let mut query = Self { typed: text.to_owned(), options, ..Self::default() };
        if needle.is_empty() {
            return query;
        }
        query.add_needle(needle.clone());
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
            if form.chars().count() >= 3 {
                self.add_needle(form);
            }
        }
    }

    /// Adds a folded string, and the form that an Arabic article takes after the particle ل: it loses
    /// its alef (ل + ال = لل).
    fn add_needle(&mut self, needle: String) {
        let after_lam = needle.strip_prefix("ال").filter(|rest| rest.chars().count() >= 3);
        let after_lam = after_lam.map(|rest| format!("لل{rest}"));
        for needle in std::iter::once(needle).chain(after_lam) {
            if !self.needles.contains(&needle) {
                self.needles.push(needle);
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
    /// The events that are found; of no rows without a search.
    pub events: RowSet,
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
        self.events.contains(event.index())
    }

    pub fn num_events(&self) -> usize {
        self.events.count()
    }
}

/// Runs a query over the whole case.
///
/// An event is found by its titles, description, type, places, actors, claims, or by a hit inside a
/// span of one of its claims. A row of a flat dataset is found by its notes, by its type, and by names
/// of its place, actors and sources that hold what was typed; `words` makes that quick, and may still
/// lack rows. `None` if `stop` said so.
pub fn search(
    store: &Store,
    words: &TableWords,
    query: Query,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Found> {
    if query.is_empty() {
        return Some(Found::default());
    }
    let hits = |form: TextForm| -> Vec<Vec<(u32, u32)>> {
        store.documents.iter().map(|d| d.text(form).map_or_else(Vec::new, |text| query.hits(text))).collect()
    };
    let (brief_hits, original_hits) = (hits(TextForm::Brief), hits(TextForm::Original));
    let mut found = Found { query, events: RowSet::new(store.num_events()), brief_hits, original_hits };
    for row in 0..store.details.len() {
        if event_found(store, &found, EventId::from_index(row)) {
            found.events.insert(row);
        }
    }
    if !store.tables.is_empty() {
        flat_rows_found(store, &found.query, &mut found.events);
        for needle in &found.query.needles {
            for table in &store.tables {
                let rows = words.of(table).find(&Notes(table), needle, found.query.options, stop)?;
                found.events.union_from(&rows, table.rows.start);
            }
        }
        if found.events.is_empty() {
            row_of_key(store, &found.query, &mut found.events);
        }
    }
    Some(found)
}

/// The notes of a flat dataset; row 0 is its first one.
#[derive(Clone, Copy, Debug)]
pub struct Notes<'a>(pub &'a Table);

impl Texts for Notes<'_> {
    fn len(&self) -> usize {
        self.0.rows.len()
    }

    fn text(&self, row: usize) -> Cow<'_, [u8]> {
        self.0.text(self.0.rows.start + row)
    }
}

/// The words of flat datasets' notes, as far as they are indexed: each dataset for itself, so that
/// others can come and go.
#[derive(Clone, Debug, Default)]
pub struct TableWords {
    /// By what says which records a dataset's rows are.
    of: Vec<(Arc<Offsets>, Arc<WordIndex>)>,
    none: WordIndex,
}

impl TableWords {
    /// The index of a dataset, one of no rows if there is none yet.
    pub fn of(&self, table: &Table) -> &WordIndex {
        let own = self.of.iter().find(|(offsets, _)| Arc::ptr_eq(offsets, table.offsets()));
        own.map_or(&self.none, |(_, words)| words)
    }

    /// Takes in the index of a dataset.
    pub fn set(&mut self, table: &Table, words: Arc<WordIndex>) {
        self.of.retain(|(offsets, _)| !Arc::ptr_eq(offsets, table.offsets()));
        self.of.push((table.offsets().clone(), words));
    }

    /// Forgets datasets that a store does not have.
    pub fn keep(&mut self, store: &Store) {
        self.of.retain(|(offsets, _)| store.tables.iter().any(|table| Arc::ptr_eq(offsets, table.offsets())));
    }

    /// The first dataset of a store of which not all notes are indexed.
    pub fn first_without<'a>(&self, store: &'a Store) -> Option<&'a Table> {
        store.tables.iter().find(|table| self.of(table).rows() < table.rows.len())
    }
}

/// Adds the rows of flat datasets that are found by what their columns hold.
fn flat_rows_found(store: &Store, query: &Query, rows: &mut RowSet) {
    let first = store.details.len();
    let columns = &store.columns;
    let kinds: Vec<bool> = columns
        .kinds
        .all()
        .iter()
        .map(|Kind { event_type, sub_type, .. }| {
            query.matches(event_type.code()) || query.matches(store.sub_types.get(u32::from(*sub_type)))
        })
        .collect();
    if kinds.contains(&true) {
        for (row, kind) in columns.kind.iter().enumerate().skip(first) {
            if kinds.get(usize::from(*kind)).copied().unwrap_or(false) {
                rows.insert(row);
            }
        }
    }
    let mut listed = |codes: Vec<bool>, lists: [&Lists; 2]| {
        if !codes.contains(&true) {
            return;
        }
        for row in first..columns.len() {
            let mut ids = lists.iter().flat_map(|list| list.of(row));
            if ids.any(|id| codes.get(*id as usize).copied().unwrap_or(false)) {
                rows.insert(row);
            }
        }
    };
    let places = store.places.iter().zip(0..);
    listed(
        places
            .map(|(place, id)| {
                query.places.contains(&id) || place.names.all().any(|name| query.matches(name))
            })
            .collect(),
        [&columns.places, &Lists::default()],
    );
    let actors = store.actors.iter().zip(0..);
    listed(
        actors
            .map(|(actor, id)| {
                query.actors.contains(&id) || actor.names.all().any(|name| query.matches(name))
            })
            .collect(),
        [&columns.actors, &columns.claimants],
    );
}

/// Adds the row of a flat dataset whose key was typed, if it can be one. Reads every record, so it is
/// for texts that find nothing else.
fn row_of_key(store: &Store, query: &Query, rows: &mut RowSet) {
    let typed = query.typed.trim();
    if typed.contains(char::is_whitespace) || !typed.contains(|c: char| c.is_ascii_digit()) {
        return;
    }
    let by_key = store.tables.iter().filter_map(|table| table.row_by_key(typed));
    by_key.for_each(|row| rows.insert(row));
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
