//! What views need and the state implies: kept while its key holds, made anew when it changed.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::{EventId, EventType, Interval, Lang};
use crate::store::bins::{Bins, Unit, bins};
use crate::store::cross::{Rows, SiteCount, TollCounts, TrayCounts, toll_bin};
use crate::store::filter::{self, Dim, Failures, Filter};
use crate::store::fold::FoldOptions;
use crate::store::search::{Found, Query, search};
use crate::store::{Index, Store};

use super::AppState;
use super::view::{SortColumn, Tray};

/// Derived values of the present state.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    search_key: Option<(u64, String, FoldOptions)>,
    base_key: Option<(u64, Filter)>,
    filter_key: Option<(u64, Filter)>,
    list_key: Option<(u64, Filter, SortColumn, bool, Lang)>,
    index: Arc<Index>,
    failures: Failures,
    /// Grows whenever anything shown changed; caches of views compare it.
    pub generation: u64,
    /// Grows whenever anything but the time window changed: the case, the other filters, the search.
    pub base_generation: u64,
    pub found: Arc<Found>,
    pub trays: TrayCounts,
    /// Counts per code for each of [`Dim::FACETS`], each under all other filters.
    facets: Vec<Vec<u32>>,
    tolls: TollCounts,
    hidden: [usize; Dim::ALL.len()],
    sites: Vec<SiteCount>,
    /// Shown events in the order of the list.
    pub list: Rows,
    /// Shown events in order of time, undated ones last.
    pub by_time: Rows,
    /// Dated events that pass everything but possibly the time window, in order of time.
    pub candidates: Rows,
}

impl Derived {
    /// Brings everything up to date; cheap where nothing changed.
    pub fn refresh(&mut self, state: &AppState) {
        let Some(store) = state.store() else {
            if self.base_key.is_some() {
                let (generation, base_generation) = (self.generation + 1, self.base_generation + 1);
                *self = Self { generation, base_generation, ..Self::default() };
            }
            return;
        };
        let view = &state.view;
        let options = FoldOptions { ta_marbuta: state.settings.fold_ta_marbuta };
        let search_key = (store.generation, view.filter.text.clone(), options);
        let searched = self.search_key.as_ref() != Some(&search_key);
        if searched {
            self.found = Arc::new(search(store, Query::new(store, &view.filter.text, options)));
            self.search_key = Some(search_key);
        }
        let mut base = view.filter.clone();
        base.clear(Dim::Window);
        base.window_mode = Default::default();
        let base_key = (store.generation, base);
        if searched || self.base_key.as_ref() != Some(&base_key) {
            self.index = store.index();
            self.base_key = Some(base_key);
            self.base_generation += 1;
            self.filter_key = None;
        }
        let filter_key = (store.generation, view.filter.clone());
        if self.filter_key.as_ref() != Some(&filter_key) {
            self.failures = filter::evaluate(store, &view.filter, &self.found.events);
            self.facets =
                Dim::FACETS.iter().map(|dim| filter::facet_counts(store, &self.failures, *dim)).collect();
            self.count(store);
            self.filter_key = Some(filter_key);
            self.list_key = None;
            self.generation += 1;
        }
        let (column, descending) = view.sort;
        let list_key = (store.generation, view.filter.clone(), column, descending, state.settings.lang);
        if self.list_key.as_ref() != Some(&list_key) {
            let mut list = self.by_time.to_vec();
            sort(store, &mut list, column, descending, state.settings.lang);
            self.list = list.into_iter().collect();
            self.list_key = Some(list_key);
        }
    }

    fn count(&mut self, store: &Store) {
        let trays = filter::trays(store, &self.failures);
        let mut by_time = trays.shown.clone();
        by_time.sort_by_key(|event| (time_key(store, *event), *event));
        self.by_time = by_time.into_iter().collect();
        let mut candidates: Vec<EventId> = store
            .events()
            .filter(|event| self.passes_except(*event, Dim::Window) && !store.interval(*event).is_unknown())
            .collect();
        candidates.sort_by_key(|event| (time_key(store, *event), *event));
        self.candidates = candidates.into_iter().collect();
        self.trays = TrayCounts {
            shown: trays.shown.len(),
            outside_window: trays.outside_window.len(),
            undated: trays.undated.len(),
            unplaced: trays.unplaced.len(),
            filtered_out: trays.filtered_out.len(),
        };
        let mut tolls = TollCounts::default();
        for event in store.events().filter(|event| self.passes_except(*event, Dim::Fatalities)) {
            match store.fatalities(event).best {
                Some(best) => tolls.per_bin[toll_bin(best)] += 1,
                None => tolls.without += 1,
            }
        }
        self.tolls = tolls;
        self.hidden = Dim::ALL.map(|dim| {
            trays.filtered_out.iter().filter(|event| self.dims(**event).any(|failed| failed == dim)).count()
        });
        self.sites = vec![SiteCount::default(); self.index.sites.len()];
        for event in &trays.shown {
            let site = self.index.sites.of(*event).and_then(|site| self.sites.get_mut(site as usize));
            if let Some(site) = site {
                site.total += 1;
                if let Some(count) = site.per_type.get_mut(store.event_type(*event).index()) {
                    *count += 1;
                }
            }
        }
    }

    /// Whether an event is shown.
    pub fn passes(&self, event: EventId) -> bool {
        self.failures.passes(event)
    }

    /// Whether an event passes everything but possibly `dim`.
    pub fn passes_except(&self, event: EventId, dim: Dim) -> bool {
        self.failures.passes_except(event, dim)
    }

    /// The dimensions that an event fails.
    pub fn dims(&self, event: EventId) -> impl Iterator<Item = Dim> + use<> {
        self.failures.dims(event)
    }

    /// Counts of a facet under all other filters, one per code; empty for dimensions that are no
    /// facets.
    pub fn facet(&self, dim: Dim) -> &[u32] {
        let at = Dim::FACETS.iter().position(|facet| *facet == dim);
        at.and_then(|at| self.facets.get(at)).map_or(&[], Vec::as_slice)
    }

    /// Events by best toll, under all filters but that of fatalities.
    pub fn tolls(&self) -> &TollCounts {
        &self.tolls
    }

    /// How many events a dimension other than the window hides, alone or with others.
    pub fn hidden_by(&self, dim: Dim) -> usize {
        self.hidden.get(dim as usize).copied().unwrap_or(0)
    }

    /// Shown events per type.
    pub fn shown_per_type(&self, store: &Store) -> [u32; EventType::ALL.len()] {
        let mut counts = [0; EventType::ALL.len()];
        for event in &self.by_time {
            if let Some(count) = counts.get_mut(store.event_type(event).index()) {
                *count += 1;
            }
        }
        counts
    }

    /// Shown events of each of the store's sites.
    pub fn per_site(&self) -> &[SiteCount] {
        &self.sites
    }

    /// Events per bin of time: those that pass everything but the window by type, and all.
    pub fn bins(&self, store: &Store, unit: Unit, extent: Interval) -> Bins {
        bins(store, &self.failures, unit, extent)
    }

    /// The events of a tray in order of time, undated ones last. Made when asked for.
    pub fn tray_rows(&self, store: &Store, tray: Tray) -> Rows {
        let trays = filter::trays(store, &self.failures);
        let mut events = match tray {
            Tray::Undated => trays.undated,
            Tray::Unplaced => trays.unplaced,
            Tray::OutsideWindow => trays.outside_window,
            Tray::FilteredOut => trays.filtered_out,
        };
        events.sort_by_key(|event| (time_key(store, *event), *event));
        events.into_iter().collect()
    }

    /// Place of a shown event in [`Derived::by_time`].
    pub fn place_in_time(&self, event: EventId) -> Option<usize> {
        self.by_time.iter().position(|listed| listed == event)
    }

    /// Place of a shown event in [`Derived::list`].
    pub fn place_in_list(&self, event: EventId) -> Option<usize> {
        self.list.iter().position(|listed| listed == event)
    }
}

fn time_key(store: &Store, event: EventId) -> (bool, i64, i64) {
    let interval = store.interval(event);
    (interval.is_unknown(), interval.start, interval.end)
}

/// Sorts events, given in order of time, by a column; ties keep that order. Events without a value
/// come last in either direction.
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
            let key = |event: EventId| (time_key(store, event), event);
            let (a_key, b_key) = (key(*a), key(*b));
            a_key
                .0
                .0
                .cmp(&b_key.0.0)
                .then_with(|| if a_key.0.0 { a.cmp(b) } else { directed(a_key.cmp(&b_key)) })
        }),
        SortColumn::Title | SortColumn::Place => {
            let mut keyed: Vec<(String, EventId)> = events.iter().map(|e| (text(*e), *e)).collect();
            keyed.sort_by(|a, b| a.0.is_empty().cmp(&b.0.is_empty()).then_with(|| directed(a.0.cmp(&b.0))));
            for (slot, (_, event)) in events.iter_mut().zip(keyed) {
                *slot = event;
            }
        }
        SortColumn::Type => events.sort_by(|a, b| {
            let key = |e: EventId| (store.event_type(e), store.sub_type(e));
            directed(key(*a).cmp(&key(*b)))
        }),
        SortColumn::Killed => events.sort_by(|a, b| {
            let key = |e: EventId| store.fatalities(e).best;
            let (a_key, b_key) = (key(*a), key(*b));
            a_key.is_none().cmp(&b_key.is_none()).then_with(|| directed(a_key.cmp(&b_key)))
        }),
        SortColumn::Claims => events.sort_by(|a, b| {
            let key = |e: EventId| store.num_claims_of(e);
            directed(key(*a).cmp(&key(*b)))
        }),
    }
}
