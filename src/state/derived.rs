//! What views need and the state implies: kept while its key holds, made anew when it changed.
//!
//! What looks at every event (the search, the filter but for its window, the order of the list) is
//! asked for with [`Derived::request`], made by [`run`] on whatever thread, and taken in with
//! [`Derived::accept`]; until then the last answer stands. Moving the window is cheap and done at once.
//! For small stores [`Derived::refresh`] does all of it.

use std::sync::Arc;

use crate::model::{EventId, EventType, Interval};
use crate::store::Store;
use crate::store::bins::{self, Bins, Unit};
use crate::store::cross::{
    Answer, Base, Cross, Made, Request, Rows, SiteCount, SortColumn, TollCounts, TrayCounts, Wanted, run,
};
use crate::store::filter::Dim;
use crate::store::fold::FoldOptions;
use crate::store::search::Found;

use super::AppState;
use super::view::Tray;

/// Stores of up to so many events are evaluated in a few milliseconds, on the spot.
const SMALL: usize = 100_000;

/// Derived values of the present state.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    made: Made,
    cross: Cross,
    /// Grows whenever anything shown changed; caches of views compare it.
    pub generation: u64,
    /// Grows whenever anything but the time window changed: the case, the other filters, the search.
    pub base_generation: u64,
    pub found: Arc<Found>,
    pub trays: TrayCounts,
    /// Shown events in the order of the list.
    pub list: Rows,
    /// Shown events in order of time, undated ones last.
    pub by_time: Rows,
    /// Dated events that pass everything but possibly the time window, in order of time.
    pub candidates: Rows,
    /// The generation and the direction in which the list is in order of time.
    listed: Option<(u64, bool)>,
}

impl Derived {
    /// Brings everything up to date that is cheap: all of it for small stores, for others what the
    /// window shows of what was last accepted.
    pub fn refresh(&mut self, state: &AppState) {
        self.refresh_up_to(state, SMALL);
    }

    /// Brings everything up to date, however long it takes.
    pub fn refresh_all(&mut self, state: &AppState) {
        self.refresh_up_to(state, usize::MAX);
    }

    /// Brings everything up to date for stores of at most so many events, and what is cheap for others.
    pub fn refresh_up_to(&mut self, state: &AppState, most: usize) {
        let Some(store) = state.store() else {
            self.forget();
            return;
        };
        if self.made.base.is_some() && self.made.wanted.generation != store.generation {
            // Rows of another store mean something else.
            self.forget();
        }
        let small = store.num_events() <= most;
        if small
            && self.made.base.as_ref().is_none_or(|_| !wanted(state, store).same_base(&self.made.wanted))
            && let Some(request) = self.request(state)
        {
            self.accept(run(request));
        }
        self.move_window(state, store);
        if small && let Some(request) = self.request(state) {
            self.accept(run(request));
        }
        self.order_list(state);
    }

    fn forget(&mut self) {
        if self.made.base.is_some() {
            let (generation, base_generation) = (self.generation + 1, self.base_generation + 1);
            *self = Self { generation, base_generation, ..Self::default() };
        }
    }

    /// Whether something is still to be made for the present state, so that the last answer stands in
    /// for it. After [`Derived::refresh`].
    pub fn is_pending(&self, state: &AppState) -> bool {
        state.store().is_some_and(|store| !self.is_made(&wanted(state, store)))
    }

    fn is_made(&self, wanted: &Wanted) -> bool {
        let has_base = self.made.base.is_some() && wanted.same_base(&self.made.wanted);
        has_base && (!wanted.sorts() || wanted.same_list(&self.made.wanted))
    }

    /// What has to be made for the present state and is not there yet. After [`Derived::refresh`].
    pub fn request(&self, state: &AppState) -> Option<Request> {
        let case = state.case.as_ref()?;
        let wanted = wanted(state, &case.store);
        if self.is_made(&wanted) {
            return None;
        }
        let has_base = self.made.base.is_some() && wanted.same_base(&self.made.wanted);
        let by_time = has_base.then(|| self.by_time.clone());
        Some(Request { store: case.store.clone(), wanted, made: self.made.clone(), by_time })
    }

    /// Takes in what was made. Shown once [`Derived::refresh`] has laid the window over it.
    pub fn accept(&mut self, answer: Answer) {
        let Answer { made, cross, list } = answer;
        if let Some(cross) = cross {
            self.cross = cross;
            self.found = made.found.clone();
            self.candidates = self.cross.base().candidates().clone();
            self.base_generation += 1;
            self.take_window();
        } else if !made.wanted.same_base(&self.made.wanted) {
            // Made from what has been forgotten since.
            return;
        }
        if let Some(list) = list {
            self.list = list;
            self.listed = None;
        }
        self.made = made;
    }

    fn move_window(&mut self, state: &AppState, store: &Store) {
        let filter = &state.view.filter;
        if self.made.base.is_some() && self.cross.move_to(store, filter.window, filter.window_mode) {
            self.take_window();
        }
    }

    fn take_window(&mut self) {
        self.trays = self.cross.trays();
        self.by_time = self.cross.by_time().clone();
        self.generation += 1;
    }

    /// Puts the list in order of time, if that is its order.
    fn order_list(&mut self, state: &AppState) {
        let (column, descending) = state.view.sort;
        let key = (self.generation, descending);
        if column != SortColumn::Date || self.listed == Some(key) {
            return;
        }
        self.list = if descending { self.cross.latest_first() } else { self.by_time.clone() };
        self.listed = Some(key);
    }

    fn base(&self) -> &Base {
        self.cross.base()
    }

    /// Whether an event is shown.
    pub fn passes(&self, event: EventId) -> bool {
        self.cross.fails(event) == 0
    }

    /// Whether an event passes everything but possibly `dim`.
    pub fn passes_except(&self, event: EventId, dim: Dim) -> bool {
        self.cross.fails(event) & !dim.bit() == 0
    }

    /// The dimensions that an event fails.
    pub fn dims(&self, event: EventId) -> impl Iterator<Item = Dim> + use<> {
        let bits = self.cross.fails(event);
        Dim::ALL.into_iter().filter(move |dim| bits & dim.bit() != 0)
    }

    /// Counts of a facet under all other filters, one per code; empty for dimensions that are no
    /// facets.
    pub fn facet(&self, dim: Dim) -> &[u32] {
        self.cross.tally().facet(dim)
    }

    /// Events by best toll, under all filters but that of fatalities.
    pub fn tolls(&self) -> &TollCounts {
        self.cross.tolls()
    }

    /// How many events a dimension other than the window hides, alone or with others.
    pub fn hidden_by(&self, dim: Dim) -> usize {
        self.base().hidden_by(dim)
    }

    /// Shown events per type.
    pub fn shown_per_type(&self) -> [u32; EventType::ALL.len()] {
        self.cross.per_type()
    }

    /// Shown events of each of the store's sites.
    pub fn per_site(&self) -> &[SiteCount] {
        self.cross.sites()
    }

    /// Events per bin of time: those that pass everything but the window by type, and all.
    pub fn bins(&self, store: &Store, unit: Unit, extent: Interval) -> Bins {
        bins::bins(store, self.base(), unit, extent)
    }

    /// Whether an event that passes everything but the window shares some moment with an interval.
    pub fn any_in(&self, interval: Interval) -> bool {
        self.base().any_in(interval)
    }

    /// The events of a tray in order of time, undated ones last. Looks at every event.
    pub fn tray_rows(&self, store: &Store, tray: Tray) -> Rows {
        let window = Dim::Window.bit();
        self.cross.where_fails(|event, fails| match tray {
            Tray::Undated => fails == window && store.interval(event).is_unknown(),
            Tray::OutsideWindow => fails == window && !store.interval(event).is_unknown(),
            Tray::Unplaced => fails == 0 && store.position(event).is_none(),
            Tray::FilteredOut => fails & !window != 0,
        })
    }

    /// Place of a shown event in [`Derived::by_time`].
    pub fn place_in_time(&self, event: EventId) -> Option<usize> {
        self.cross.place_in_time(event)
    }

    /// Place of a shown event in [`Derived::list`].
    pub fn place_in_list(&self, event: EventId) -> Option<usize> {
        match self.listed {
            Some((_, false)) => self.cross.place_in_time(event),
            Some((_, true)) => self.cross.place_from_latest(event),
            None => self.list.iter().position(|listed| listed == event),
        }
    }
}

fn wanted(state: &AppState, store: &Store) -> Wanted {
    Wanted {
        generation: store.generation,
        filter: state.view.filter.clone(),
        options: FoldOptions { ta_marbuta: state.settings.fold_ta_marbuta },
        sort: state.view.sort,
        lang: state.settings.lang,
    }
}
