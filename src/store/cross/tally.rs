//! Counts of events per code, site and toll, changed by the events that enter and leave.

use crate::model::EventType;
use crate::store::Store;
use crate::store::columns::{self, Lists, TollColumn};
use crate::store::filter::{Dim, num_codes};
use crate::store::order::Index;
use crate::store::sites::Sites;

use super::base::Base;
use super::{Raw, Rows, TollCounts, is_shared, toll_bin};

/// Shown events at one site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(32))]
pub struct SiteCount {
    pub per_type: [u32; EventType::ALL.len()],
    pub total: u32,
}

/// The facets that an event's kind tells.
const OF_KIND: [Dim; 6] =
    [Dim::Type, Dim::SubType, Dim::DatePrecision, Dim::GeoPrecision, Dim::Prominence, Dim::Dataset];
/// The facets that are lists of codes.
const OF_LISTS: [Dim; 4] = [Dim::Actor, Dim::Place, Dim::Document, Dim::Claimant];

/// Below this many rows, sharing the work among cores costs more than it saves.
const MIN_SHARED: usize = 16_384;

/// For each kind its code in each facet of [`OF_KIND`].
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    codes: Vec<[u16; OF_KIND.len()]>,
    types: Vec<u8>,
}

impl Kinds {
    pub fn new(kinds: &columns::Kinds) -> Self {
        let codes = |kind: &columns::Kind| {
            [
                kind.event_type as u16,
                kind.sub_type,
                kind.date_precision as u16,
                kind.geo_precision as u16,
                kind.prominence as u16,
                kind.dataset.0,
            ]
        };
        Self {
            codes: kinds.all().iter().map(codes).collect(),
            types: kinds.all().iter().map(|kind| kind.event_type as u8).collect(),
        }
    }
}

/// Counts of a set of events: those that pass everything, and for each facet those that fail nothing
/// but that facet's own dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Passing events per kind.
    kinds: Vec<u32>,
    /// For each of [`OF_KIND`], events per kind that fail this dimension alone. Empty while it narrows
    /// nothing.
    kinds_failing: [Vec<u32>; OF_KIND.len()],
    of_kind: [Vec<u32>; OF_KIND.len()],
    of_lists: [Vec<u32>; OF_LISTS.len()],
    tolls: TollCounts,
    sites: Vec<SiteCount>,
    unplaced: u32,
    /// Passing events.
    total: u32,
}

impl Tally {
    /// Counts nothing yet.
    pub(super) fn new(store: &Store, base: &Base) -> Self {
        let num_kinds = store.columns.kinds.len();
        let zeros = |dim: Dim| vec![0; num_codes(store, dim)];
        Self {
            kinds: vec![0; num_kinds],
            kinds_failing: OF_KIND.map(|dim| match base.filter().is_active(dim) {
                true => vec![0; num_kinds],
                false => Vec::new(),
            }),
            of_kind: OF_KIND.map(zeros),
            of_lists: OF_LISTS.map(zeros),
            tolls: TollCounts::default(),
            sites: vec![SiteCount::default(); base.index.sites.len()],
            unplaced: 0,
            total: 0,
        }
    }

    /// Sets all counts to none.
    pub(super) fn clear(&mut self) {
        self.kinds.fill(0);
        self.kinds_failing.iter_mut().for_each(|counts| counts.fill(0));
        self.of_lists.iter_mut().for_each(|counts| counts.fill(0));
        self.sites.fill(SiteCount::default());
        (self.tolls, self.unplaced, self.total) = (TollCounts::default(), 0, 0);
    }

    /// Takes over counts of the same base.
    pub(super) fn copy(&mut self, other: &Self) {
        self.clone_from(other);
    }

    /// Cost of [`Tally::clear`], in rows to count.
    pub(super) fn clear_cost(&self) -> usize {
        self.sites.len() / 4
    }

    pub(super) fn add(
        &mut self,
        store: &Store,
        index: &Index,
        kinds: &Kinds,
        rows: &Rows,
        fails: Option<Dim>,
    ) {
        self.change(store, index, kinds, rows, fails, 1);
    }

    pub(super) fn remove(
        &mut self,
        store: &Store,
        index: &Index,
        kinds: &Kinds,
        rows: &Rows,
        fails: Option<Dim>,
    ) {
        // One less, by wrapping.
        self.change(store, index, kinds, rows, fails, u32::MAX);
    }

    /// Counts `by` for each of the rows: wherever a passing event counts, or in the one facet of the
    /// dimension that they fail.
    fn change(
        &mut self,
        store: &Store,
        index: &Index,
        kinds: &Kinds,
        rows: &Rows,
        fails: Option<Dim>,
        by: u32,
    ) {
        let columns = &store.columns;
        let list = |dim: Dim| match dim {
            Dim::Actor => &columns.actors,
            Dim::Place => &columns.places,
            Dim::Document => &columns.documents,
            _ => &columns.claimants,
        };
        let rows = rows.raw();
        if let Some(dim) = fails {
            if let Some(at) = OF_KIND.iter().position(|facet| *facet == dim) {
                if let Some(counts) = self.kinds_failing.get_mut(at) {
                    count_kinds(counts, &columns.kind, &rows, by);
                }
            } else if let Some(at) = OF_LISTS.iter().position(|facet| *facet == dim) {
                if let Some(counts) = self.of_lists.get_mut(at) {
                    count_list(counts, list(dim), &rows, by);
                }
            } else if dim == Dim::Fatalities {
                count_tolls(&mut self.tolls, columns.fatalities.best(), &rows, by);
            }
            return;
        }
        self.total = self.total.wrapping_add(by.wrapping_mul(rows.len() as u32));
        let Self { kinds: of_kinds, of_lists, tolls, sites, unplaced, .. } = self;
        let [actors, places, documents, claimants] = of_lists;
        let mut count_places = || {
            count_list(places, list(Dim::Place), &rows, by);
            count_list(documents, list(Dim::Document), &rows, by);
        };
        let mut count_actors = || {
            count_list(actors, list(Dim::Actor), &rows, by);
            count_list(claimants, list(Dim::Claimant), &rows, by);
        };
        let mut count_plain = || {
            count_kinds(of_kinds, &columns.kind, &rows, by);
            count_tolls(tolls, columns.fatalities.best(), &rows, by);
        };
        let mut count_at = || {
            let types = |row: usize| {
                let kind = columns.kind.get(row).copied().unwrap_or(0);
                kinds.types.get(usize::from(kind)).copied().unwrap_or(EventType::Other as u8)
            };
            count_sites(sites, unplaced, &index.sites, types, &rows, by);
        };
        if rows.len() < MIN_SHARED || !is_shared() {
            count_places();
            count_actors();
            count_plain();
            count_at();
        } else {
            rayon::scope(|scope| {
                scope.spawn(|_| count_at());
                scope.spawn(|_| count_actors());
                scope.spawn(|_| count_places());
                count_plain();
            });
        }
    }

    /// Brings the facets that kinds tell up to date with the counts of kinds.
    pub(super) fn fold(&mut self, kinds: &Kinds) {
        for (at, (counts, failing)) in self.of_kind.iter_mut().zip(&self.kinds_failing).enumerate() {
            counts.fill(0);
            for (kind, codes) in kinds.codes.iter().enumerate() {
                let own = self.kinds.get(kind).copied().unwrap_or(0);
                let more = failing.get(kind).copied().unwrap_or(0);
                let code = codes.get(at).copied().unwrap_or(0);
                if let Some(count) = counts.get_mut(usize::from(code)) {
                    *count = count.wrapping_add(own).wrapping_add(more);
                }
            }
        }
    }

    /// Counts of a facet, one per code.
    pub fn facet(&self, dim: Dim) -> &[u32] {
        let of_kind = OF_KIND.iter().position(|facet| *facet == dim).and_then(|at| self.of_kind.get(at));
        let of_lists =
            || OF_LISTS.iter().position(|facet| *facet == dim).and_then(|at| self.of_lists.get(at));
        of_kind.or_else(of_lists).map_or(&[], Vec::as_slice)
    }

    pub fn tolls(&self) -> &TollCounts {
        &self.tolls
    }

    pub fn sites(&self) -> &[SiteCount] {
        &self.sites
    }

    /// Passing events.
    pub fn total(&self) -> usize {
        self.total as usize
    }

    /// Passing events without a position.
    pub fn unplaced(&self) -> usize {
        self.unplaced as usize
    }

    /// Passing events per type.
    pub(super) fn per_type(&self, kinds: &Kinds) -> [u32; EventType::ALL.len()] {
        let mut counts = [0u32; EventType::ALL.len()];
        for (count, event_type) in self.kinds.iter().zip(&kinds.types) {
            if let Some(sum) = counts.get_mut(usize::from(*event_type)) {
                *sum = sum.wrapping_add(*count);
            }
        }
        counts
    }
}

fn each_row(rows: &Raw<'_>, mut each: impl FnMut(usize)) {
    match rows {
        Raw::Range(range) => range.clone().for_each(|row| each(row as usize)),
        Raw::List(list) => list.iter().for_each(|row| each(*row as usize)),
    }
}

fn count(counts: &mut [u32], code: usize, by: u32) {
    if let Some(count) = counts.get_mut(code) {
        *count = count.wrapping_add(by);
    }
}

fn count_kinds(counts: &mut [u32], column: &[u16], rows: &Raw<'_>, by: u32) {
    each_row(rows, |row| {
        if let Some(kind) = column.get(row) {
            count(counts, usize::from(*kind), by);
        }
    });
}

fn count_list(counts: &mut [u32], lists: &Lists, rows: &Raw<'_>, by: u32) {
    match lists {
        Lists::Same { id, .. } => count(counts, *id as usize, by.wrapping_mul(rows.len() as u32)),
        // The number for "none" is beyond all counts.
        Lists::One(ids) => each_row(rows, |row| {
            if let Some(id) = ids.get(row) {
                count(counts, *id as usize, by);
            }
        }),
        Lists::Many { offsets, values } => {
            let mut count_all = |ids: &[u32]| ids.iter().for_each(|id| count(counts, *id as usize, by));
            match rows {
                // The lists of consecutive rows lie one after the other.
                Raw::Range(range) => {
                    let limits = offsets.get(range.start as usize).zip(offsets.get(range.end as usize));
                    let ids = limits.and_then(|(a, b)| values.get(*a as usize..*b as usize));
                    count_all(ids.unwrap_or_default());
                }
                Raw::List(list) => list.iter().for_each(|row| count_all(lists.of(*row as usize))),
            }
        }
    }
}

fn count_tolls(counts: &mut TollCounts, best: &[u32], rows: &Raw<'_>, by: u32) {
    each_row(rows, |row| match best.get(row) {
        Some(&TollColumn::NONE) | None => counts.without = counts.without.wrapping_add(by),
        Some(best) => count(&mut counts.per_bin, toll_bin(*best), by),
    });
}

fn count_sites(
    counts: &mut [SiteCount],
    unplaced: &mut u32,
    sites: &Sites,
    event_type: impl Fn(usize) -> u8,
    rows: &Raw<'_>,
    by: u32,
) {
    let of_rows = sites.of_rows();
    each_row(rows, |row| match of_rows.get(row).and_then(|site| counts.get_mut(*site as usize)) {
        Some(site) => {
            site.total = site.total.wrapping_add(by);
            count(&mut site.per_type, usize::from(event_type(row)), by);
        }
        None => *unplaced = unplaced.wrapping_add(by),
    });
}
