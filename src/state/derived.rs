//! What views need and the state implies: kept while its key holds, made anew when it changed.
//!
//! What looks at every event (the search, the filter but for its window, the order of the list) is
//! asked for with [`Derived::request`], made by [`run`] on whatever thread, and taken in with
//! [`Derived::accept`]; until then the last answer stands. Moving the window is cheap and done at once.
//! For small stores [`Derived::refresh`] does all of it.

use std::sync::Arc;

use crate::model::{EventId, EventType, Interval};
use crate::store::bins::{self, Bins, Unit};
use crate::store::cross::{
    Answer, Base, Cross, Made, Request, Rows, SiteCount, SortColumn, TollCounts, TrayCounts, Wanted, run,
    run_shared,
};
use crate::store::filter::Dim;
use crate::store::fold::FoldOptions;
use crate::store::search::Found;
use crate::store::{Store, merge};

use super::view::Tray;
use super::{AppState, OpenCase};

/// Stores of up to so many events are evaluated in a few milliseconds, on the spot.
pub const SMALL: usize = 100_000;

/// Notes of up to so many rows of flat datasets, which lie in a file, are searched on the spot.
const SMALL_SEARCH: usize = 2000;

/// One of the ways to make what is asked for.
type Make = fn(Request, &(dyn Fn() -> bool + Sync)) -> Option<Answer>;

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
        self.refresh_with(state, SMALL, run);
    }

    /// Brings everything up to date between two commands of a frame, for small stores only: of a large
    /// one the window would be moved once for each of them.
    pub fn refresh_between(&mut self, state: &AppState) {
        if state.store().is_none_or(|store| store.num_events() <= SMALL) {
            self.refresh(state);
        }
    }

    /// Brings everything up to date, however long it takes.
    pub fn refresh_all(&mut self, state: &AppState) {
        self.refresh_with(state, usize::MAX, run_shared);
    }

    /// Brings everything up to date for stores of at most so many events, and what is cheap for others.
    pub fn refresh_up_to(&mut self, state: &AppState, most: usize) {
        self.refresh_with(state, most, run);
    }

    fn refresh_with(&mut self, state: &AppState, most: usize, make: Make) {
        let Some(store) = state.store() else {
            self.forget();
            return;
        };
        let same_rows = |base: &Arc<Base>| base.is_of(store);
        if self.made.wanted.generation != store.generation && !self.made.base.as_ref().is_some_and(same_rows)
        {
            // Rows of another store mean something else.
            self.forget();
        }
        let small = store.num_events() <= most && (most == usize::MAX || !self.searches_long(state, store));
        if small && !self.has_base(&wanted(state, store)) {
            self.make_now(state, make);
        }
        self.move_window(state, store);
        if small {
            self.make_now(state, make);
        }
        self.order_list(state);
    }

    /// Whether a search is wanted that takes too long to wait for it.
    fn searches_long(&self, state: &AppState, store: &Store) -> bool {
        let num_flat = store.num_events().saturating_sub(store.details.len());
        num_flat > SMALL_SEARCH
            && state.view.filter.is_active(Dim::Text)
            && !wanted(state, store).same_search(&self.made.wanted)
    }

    fn make_now(&mut self, state: &AppState, make: Make) {
        let request = state.case.as_ref().and_then(|case| self.request_of(state, &case.store));
        if let Some(answer) = request.and_then(|request| make(request, &|| false)) {
            self.accept(state, answer);
        }
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
        state.case.as_ref().is_some_and(|case| !self.is_made(&wanted(state, wanted_store(case))))
    }

    fn has_base(&self, wanted: &Wanted) -> bool {
        self.made.base.is_some() && wanted.same_base(&self.made.wanted)
    }

    fn is_made(&self, wanted: &Wanted) -> bool {
        self.has_base(wanted) && (!wanted.sorts() || wanted.same_list(&self.made.wanted))
    }

    /// What has to be made for the present state, or for the larger part of the case that is on its
    /// way, and is not there yet. After [`Derived::refresh`].
    pub fn request(&self, state: &AppState) -> Option<Request> {
        let case = state.case.as_ref()?;
        self.request_of(state, wanted_store(case))
    }

    fn request_of(&self, state: &AppState, store: &Arc<Store>) -> Option<Request> {
        let wanted = wanted(state, store);
        if self.is_made(&wanted) {
            return None;
        }
        let by_time = self.has_base(&wanted).then(|| self.by_time.clone());
        let words = state.case.as_ref().map(|case| case.words.clone()).unwrap_or_default();
        Some(Request { store: store.clone(), wanted, made: self.made.clone(), by_time, words })
    }

    /// Takes in what was made, if it is of the open store. Shown once [`Derived::refresh`] has laid the
    /// window over it.
    pub fn accept(&mut self, state: &AppState, answer: Answer) {
        let Answer { made, cross, list } = answer;
        if state.store().is_none_or(|store| store.generation != made.wanted.generation) {
            return;
        }
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

    /// By row, the bits of the dimensions other than the window that an event fails; empty if no event
    /// fails any. `None` if that is not known of a store's rows yet. Changes are told by
    /// [`Derived::base_generation`].
    pub fn fails_but_window(&self, store: &Store) -> Option<&[u16]> {
        self.base().is_of(store).then(|| self.base().fails_of_rows())
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

/// The store that is to be shown next.
fn wanted_store(case: &OpenCase) -> &Arc<Store> {
    case.coming.as_ref().map_or(&case.store, |coming| &coming.store)
}

fn wanted(state: &AppState, store: &Store) -> Wanted {
    // The codes of another store may mean something else.
    let shown = state.store().filter(|shown| shown.generation != store.generation);
    let filter = match shown {
        Some(shown) => merge::moved_filter(shown, store, &state.view.filter),
        None => state.view.filter.clone(),
    };
    Wanted {
        generation: store.generation,
        filter,
        options: FoldOptions { ta_marbuta: state.settings.fold_ta_marbuta },
        sort: state.view.sort,
        lang: state.settings.lang,
    }
}
