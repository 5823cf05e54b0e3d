//! Asking for what a store and a filter imply, and making it: plain values both ways, so that it can
//! be done on any thread.

use std::sync::Arc;

use crate::model::{Interval, Lang};
use crate::store::Store;
use crate::store::filter::{Filter, WindowMode};
use crate::store::fold::FoldOptions;
use crate::store::search::{Found, Query, search};

use super::{Base, Cross, Ranks, Rows, SortColumn};

/// What is to be known: of which store and under which filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// [`Store::generation`].
    pub generation: u64,
    /// The window counts only for the list.
    pub filter: Filter,
    pub options: FoldOptions,
    /// The order of the list, and whether it is turned round.
    pub sort: (SortColumn, bool),
    pub lang: Lang,
}

impl Wanted {
    /// Whether the same is found by the search.
    fn same_search(&self, other: &Self) -> bool {
        self.generation == other.generation
            && self.filter.text == other.filter.text
            && (self.options == other.options || self.filter.text.trim().is_empty())
    }

    /// Whether the same events pass everything but the window.
    pub fn same_base(&self, other: &Self) -> bool {
        let without_window =
            |filter: &Filter| Filter { window: None, window_mode: WindowMode::default(), ..filter.clone() };
        self.same_search(other) && without_window(&self.filter) == without_window(&other.filter)
    }

    /// Whether the list needs sorting: events are in order of time anyway.
    pub fn sorts(&self) -> bool {
        self.sort.0 != SortColumn::Date
    }

    /// Whether ranks of the sorted column are the same.
    fn same_ranks(&self, other: &Self) -> bool {
        (self.generation, self.sort.0, self.lang) == (other.generation, other.sort.0, other.lang)
    }

    /// Whether the list is the same.
    pub fn same_list(&self, other: &Self) -> bool {
        self.same_base(other)
            && self.same_ranks(other)
            && self.sort == other.sort
            && self.window() == other.window()
    }

    fn window(&self) -> (Option<Interval>, WindowMode) {
        (self.filter.window, self.filter.window_mode)
    }
}

/// What was made for an earlier request, so that only what changed is made anew.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub wanted: Wanted,
    pub found: Arc<Found>,
    pub base: Option<Arc<Base>>,
    pub ranks: Option<Arc<Ranks>>,
}

/// Work to do, as plain values.
#[derive(Clone, Debug)]
pub struct Request {
    pub store: Arc<Store>,
    pub wanted: Wanted,
    pub made: Made,
    /// Shown events in order of time, if the base is still the wanted one.
    pub by_time: Option<Rows>,
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Answer {
    pub made: Made,
    /// Counts under the window that was wanted; `None` if the base is the one that there was.
    pub cross: Option<Cross>,
    /// Shown events in the order of the list; `None` if that is the order of time.
    pub list: Option<Rows>,
}

/// Makes what is asked for. Pure; looks at every row, and uses all cores.
pub fn run(request: Request) -> Answer {
    let Request { store, wanted, made, by_time } = request;
    let found = if wanted.same_search(&made.wanted) && made.base.is_some() {
        made.found
    } else {
        Arc::new(search(&store, Query::new(&store, &wanted.filter.text, wanted.options)))
    };
    let same = made.base.clone().filter(|_| wanted.same_base(&made.wanted));
    let (base, cross) = match same {
        Some(base) => (base, None),
        None => {
            let base = Arc::new(Base::new(&store, &wanted.filter, &found, made.base.as_deref()));
            let (window, mode) = wanted.window();
            let cross = Cross::new(&store, base.clone(), window, mode);
            (base, Some(cross))
        }
    };
    let mut ranks = made.ranks.filter(|_| wanted.same_ranks(&made.wanted));
    let mut list = None;
    if wanted.sorts() {
        let ranks = ranks.get_or_insert_with(|| Arc::new(Ranks::new(&store, wanted.sort.0, wanted.lang)));
        let shown = cross.as_ref().map(|cross| cross.by_time().clone()).or(by_time);
        list = shown.map(|rows| ranks.sort(&store, &rows, wanted.sort.1));
    }
    Answer { made: Made { wanted, found, base: Some(base), ranks }, cross, list }
}
