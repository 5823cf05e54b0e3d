//! What views need and the state implies: kept while its key holds, made anew when it changed.

use std::cmp::Ordering;

use crate::model::{EventId, EventType, Lang};
use crate::store::Store;
use crate::store::filter::{self, Dim, Failures, Filter, Trays};
use crate::store::fold::FoldOptions;
use crate::store::search::{Found, Query, search};

use super::AppState;
use super::view::SortColumn;

/// Derived values of the present state.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    search_key: Option<(u64, String, FoldOptions)>,
    filter_key: Option<(u64, Filter)>,
    list_key: Option<(u64, Filter, SortColumn, bool, Lang)>,
    /// Grows whenever what is shown changed; caches of views compare it.
    pub generation: u64,
    pub found: Found,
    pub failures: Failures,
    pub trays: Trays,
    /// Counts per code for each of [`Dim::FACETS`], each under all other filters.
    facets: Vec<Vec<u32>>,
    /// Shown events in the order of the list.
    pub list: Vec<EventId>,
    /// Shown events in order of time, undated ones last.
    pub by_time: Vec<EventId>,
}

impl Derived {
    /// Brings everything up to date; cheap where nothing changed.
    pub fn refresh(&mut self, state: &AppState) {
        let Some(store) = state.store() else {
            *self = Self { generation: self.generation + 1, ..Self::default() };
            return;
        };
        let view = &state.view;
        let options = FoldOptions { ta_marbuta: state.settings.fold_ta_marbuta };
        let search_key = (store.generation, view.filter.text.clone(), options);
        let searched = self.search_key.as_ref() != Some(&search_key);
        if searched {
            self.found = search(store, Query::new(store, &view.filter.text, options));
            self.search_key = Some(search_key);
        }
        let filter_key = (store.generation, view.filter.clone());
        if searched || self.filter_key.as_ref() != Some(&filter_key) {
            self.failures = filter::evaluate(store, &view.filter, &self.found.events);
            self.trays = filter::trays(store, &self.failures);
            self.facets =
                Dim::FACETS.iter().map(|dim| filter::facet_counts(store, &self.failures, *dim)).collect();
            self.by_time = self.trays.shown.clone();
            self.by_time.sort_by_key(|event| (time_key(store, *event), *event));
            self.filter_key = Some(filter_key);
            self.list_key = None;
            self.generation += 1;
        }
        let (column, descending) = view.sort;
        let list_key = (store.generation, view.filter.clone(), column, descending, state.settings.lang);
        if self.list_key.as_ref() != Some(&list_key) {
            self.list = self.trays.shown.clone();
            sort(store, &mut self.list, column, descending, state.settings.lang);
            self.list_key = Some(list_key);
        }
    }

    /// Counts of a facet; empty for dimensions that are no facets.
    pub fn facet(&self, dim: Dim) -> &[u32] {
        let at = Dim::FACETS.iter().position(|facet| *facet == dim);
        at.and_then(|at| self.facets.get(at)).map_or(&[], Vec::as_slice)
    }

    /// Shown events per type under the present filter.
    pub fn shown_per_type(&self, store: &Store) -> [u32; EventType::ALL.len()] {
        let mut counts = [0; EventType::ALL.len()];
        for event in &self.trays.shown {
            if let Some(count) = counts.get_mut(store.event_type(*event).index()) {
                *count += 1;
            }
        }
        counts
    }
}

fn time_key(store: &Store, event: EventId) -> (bool, i64, i64) {
    let interval = store.interval(event);
    (interval.is_unknown(), interval.start, interval.end)
}

/// Sorts events by a column, ties by time and then by row. Events without a value come last in
/// either direction.
fn sort(store: &Store, events: &mut [EventId], column: SortColumn, descending: bool, lang: Lang) {
    let directed = |order: Ordering| if descending { order.reverse() } else { order };
    let text = |event: EventId| -> String {
        let Some(detail) = store.detail(event) else { return String::new() };
        match column {
            SortColumn::Place => detail
                .places
                .first()
                .and_then(|p| store.place(p.place))
                .map_or_else(String::new, |place| place.names.get(lang).to_lowercase()),
            _ => detail.titles.get(lang).to_lowercase(),
        }
    };
    match column {
        SortColumn::Date => events.sort_by(|a, b| {
            let (a_key, b_key) = (time_key(store, *a), time_key(store, *b));
            a_key
                .0
                .cmp(&b_key.0)
                .then_with(|| directed((a_key.1, a_key.2).cmp(&(b_key.1, b_key.2))))
                .then(a.cmp(b))
        }),
        SortColumn::Title | SortColumn::Place => {
            let mut keyed: Vec<(String, EventId)> = events.iter().map(|e| (text(*e), *e)).collect();
            keyed.sort_by(|a, b| {
                a.0.is_empty().cmp(&b.0.is_empty()).then_with(|| directed(a.0.cmp(&b.0))).then(a.1.cmp(&b.1))
            });
            for (slot, (_, event)) in events.iter_mut().zip(keyed) {
                *slot = event;
            }
        }
        SortColumn::Type => events.sort_by(|a, b| {
            let key = |e: EventId| (store.event_type(e), store.sub_type(e));
            directed(key(*a).cmp(&key(*b))).then_with(|| time_key(store, *a).cmp(&time_key(store, *b)))
        }),
        SortColumn::Killed => events.sort_by(|a, b| {
            let key = |e: EventId| store.fatalities(e).best;
            let (a_key, b_key) = (key(*a), key(*b));
            a_key.is_none().cmp(&b_key.is_none()).then_with(|| directed(a_key.cmp(&b_key))).then(a.cmp(b))
        }),
        SortColumn::Claims => events.sort_by(|a, b| {
            let key = |e: EventId| store.detail(e).map_or(0, |d| d.claims.len());
            directed(key(*a).cmp(&key(*b))).then(a.cmp(b))
        }),
    }
}
