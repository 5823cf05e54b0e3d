//! Asking for what a store and a filter imply, and making it: plain values both ways, so that it can
//! be done on any thread.

use std::sync::Arc;

use crate::model::Lang;
use crate::store::Store;
use crate::store::filter::{Dim, Filter};
use crate::store::fold::FoldOptions;
use crate::store::search::{Found, Query, TableWords, search};

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
    pub fn same_search(&self, other: &Self) -> bool {
        self.generation == other.generation
            && self.filter.text == other.filter.text
            && (self.options == other.options || self.filter.text.trim().is_empty())
    }

    /// Whether the same events pass everything but the window.
    pub fn same_base(&self, other: &Self) -> bool {
        let mut dims = Dim::ALL.into_iter().filter(|dim| *dim != Dim::Window);
        self.same_search(other) && dims.all(|dim| self.filter.is_same(&other.filter, dim))
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
            && self.filter.is_same(&other.filter, Dim::Window)
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
    /// The words of flat rows' notes, as far as they are indexed.
    pub words: Arc<TableWords>,
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

/// As [`run`], but shared among the cores of the machine.
pub fn run_shared(request: Request, stop: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    rayon::join(|| run(request, stop), || ()).0
}

/// Makes what is asked for; `None` if `stop` said so. Looks at every row. Called by a thread of a pool,
/// the work is shared among its threads.
pub fn run(request: Request, stop: &(dyn Fn() -> bool + Sync)) -> Option<Answer> {
    let Request { store, wanted, made, by_time, words } = request;
    let found = if wanted.same_search(&made.wanted) && made.base.is_some() {
        made.found
    } else {
        let query = Query::new(&store, &wanted.filter.text, wanted.options);
        Arc::new(search(&store, &words, query, stop)?)
    };
    let same = made.base.clone().filter(|_| wanted.same_base(&made.wanted));
    let (base, cross) = match same {
        Some(base) => (base, None),
        None => {
            let base = Arc::new(Base::new(&store, &wanted.filter, &found, made.base.as_deref()));
            let Filter { window, window_mode, .. } = wanted.filter;
            let cross = Cross::new(&store, base.clone(), window, window_mode);
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
    Some(Answer { made: Made { wanted, found, base: Some(base), ranks }, cross, list })
}
