//! Which events pass everything but the time window.
//!
//! A base is made from the store and a filter without its window, once per change of either, and
//! never changes: it may be made elsewhere than it is used. It holds the dimensions that each event
//! fails, and the events that fail none, or exactly one, in order of time: what the window shows, and
//! what each facet counts, are stretches of these lists.

use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{EventId, EventType, Interval, LatLon};
use crate::store::Store;
use crate::store::columns::{Columns, Lists, TollColumn};
use crate::store::filter::{Codes, Dim, Filter, WindowMode};
use crate::store::order::{Index, Odd};
use crate::store::search::Found;

use super::days::days_in;
use super::tally::{Kinds, Tally};
use super::{Days, Raw, Rows, is_shared};

/// Rows that one task looks at.
const CHUNK: usize = 1 << 16;

/// Events of one part of the order of time (those of one day, odd ones, undated ones) that the
/// filter lets through, or nearly.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Pass everything but the window.
    pub pass: Rows,
    /// Fail exactly one dimension other than the window; dimensions that narrow something.
    pub fail_one: Vec<(Dim, Rows)>,
}

impl Part {
    /// The lists and the dimension that each of them fails.
    pub fn lists(&self) -> impl Iterator<Item = (Option<Dim>, &Rows)> {
        std::iter::once((None, &self.pass)).chain(self.fail_one.iter().map(|(dim, rows)| (Some(*dim), rows)))
    }
}

/// Everything that does not depend on the time window.
#[derive(Clone, Debug, Default)]
pub struct Base {
    pub(super) index: Arc<Index>,
    pub(super) kinds: Arc<Kinds>,
    /// Without a window.
    filter: Filter,
    /// By row, the bits of the dimensions that the event fails; never that of the window. Empty if no
    /// dimension narrows anything.
    fails: Vec<u16>,
    pub(super) uniform: Part,
    /// Rows are places in the index's list of odd events.
    pub(super) odd: Part,
    /// By place in that list, for those that pass: how many passing events of one day come before.
    odd_before: Vec<u32>,
    pub(super) undated: Part,
    /// Days of the passing events of one day.
    pub(super) days: Arc<Days>,
    /// Dated events that pass, in order of time.
    candidates: Rows,
    /// Counts without a window.
    pub(super) all: Tally,
    hidden: [usize; Dim::ALL.len()],
}

impl Base {
    /// Evaluates a filter, whose window is ignored. `before` may be a base of the same rows of the
    /// store: what has not changed since is taken over.
    pub fn new(store: &Store, filter: &Filter, found: &Found, before: Option<&Base>) -> Self {
        let index = store.index();
        let columns = &store.columns;
        let mut filter = filter.clone();
        filter.clear(Dim::Window);
        filter.window_mode = Default::default();
        let active: Vec<Dim> = Dim::ALL.into_iter().filter(|dim| filter.is_active(*dim)).collect();
        let before = before.filter(|before| Arc::ptr_eq(&before.index, &index));
        let fails = evaluate(columns, &filter, &active, found, before);
        let uniform = part(&index.time.uniform, &fails, &active);
        let undated = part(&index.time.undated, &fails, &active);
        let odd = odd_part(&index, &fails, &active);
        let days =
            if active.is_empty() { index.days.clone() } else { Arc::new(Days::new(columns, &uniform.pass)) };
        let kinds = match before {
            Some(before) => before.kinds.clone(),
            None => Arc::new(Kinds::new(&columns.kinds)),
        };
        let mut hidden = [0; Dim::ALL.len()];
        let counted: Vec<(Dim, usize)> = active.iter().map(|dim| (*dim, hidden_by(&fails, *dim))).collect();
        for (dim, count) in counted {
            if let Some(slot) = hidden.get_mut(dim as usize) {
                *slot = count;
            }
        }
        let mut base = Self {
            index,
            kinds,
            filter,
            fails,
            uniform,
            odd,
            odd_before: Vec::new(),
            undated,
            days,
            candidates: Rows::default(),
            all: Tally::default(),
            hidden,
        };
        base.odd_before = base.places_of_odd();
        base.candidates = base.merged(&base.uniform.pass, 0, |_| true);
        base.all = base.tally_of_all(store);
        base
    }

    /// Whether a store has the rows that this is the evaluation of.
    pub fn is_of(&self, store: &Store) -> bool {
        Arc::ptr_eq(&self.index, &store.index)
    }

    pub fn num_rows(&self) -> usize {
        self.index.num_rows()
    }

    /// The filter that this is the evaluation of, without a window.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The bits of the dimensions that an event fails, the window left out.
    pub fn fails(&self, event: EventId) -> u16 {
        if self.fails.is_empty() && event.index() < self.num_rows() {
            return 0;
        }
        self.fails.get(event.index()).copied().unwrap_or(!Dim::Window.bit())
    }

    /// [`Base::fails`] of all rows; empty if no dimension narrows anything.
    pub fn fails_of_rows(&self) -> &[u16] {
        &self.fails
    }

    /// How many events a dimension hides, alone or with others.
    pub fn hidden_by(&self, dim: Dim) -> usize {
        self.hidden.get(dim as usize).copied().unwrap_or(0)
    }

    /// Dated events of any length but one day, in order of time.
    pub fn odd_events(&self) -> &[Odd] {
        &self.index.time.odd
    }

    /// How many events of one day an interval touches: all, and passing ones by type.
    pub fn of_one_day(&self, interval: Interval) -> (u32, [u32; EventType::ALL.len()]) {
        let days = days_in(interval, WindowMode::Possibly);
        (self.index.days.places(&days).len() as u32, self.days.count(&days))
    }

    /// Whether an event that passes everything but the window shares some moment with an interval.
    pub fn any_in(&self, interval: Interval) -> bool {
        let days = days_in(interval, WindowMode::Possibly);
        let odd = self.odd.pass.iter().filter_map(|at| self.index.time.odd.get(at.index()));
        !self.days.places(&days).is_empty() || { odd }.any(|odd| odd.interval.overlaps(interval))
    }

    /// Dated events that pass, in order of time.
    pub fn candidates(&self) -> &Rows {
        &self.candidates
    }

    /// How many events pass.
    pub fn num_passing(&self) -> usize {
        self.uniform.pass.len() + self.odd.pass.len() + self.undated.pass.len()
    }

    /// Passing events of one day, and the accepted ones of the other dated events among them in order
    /// of time. `first` is the place of the first of the rows in [`Part::pass`].
    pub(super) fn merged(&self, rows: &Rows, first: u32, accept: impl Fn(usize) -> bool) -> Rows {
        let mut accepted = self.odd.pass.iter().map(|at| at.index()).filter(|at| accept(*at)).peekable();
        if accepted.peek().is_none() {
            return rows.clone();
        }
        let mut merged: Vec<u32> = Vec::with_capacity(rows.len());
        let mut done = 0;
        let copy = |merged: &mut Vec<u32>, range: std::ops::Range<usize>| match rows.slice(range).raw() {
            Raw::Range(range) => merged.extend(range),
            Raw::List(list) => merged.extend_from_slice(list),
        };
        for at in accepted {
            let Some((odd, before)) = self.index.time.odd.get(at).zip(self.odd_before.get(at)) else {
                continue;
            };
            let before = before.saturating_sub(first) as usize;
            let until = before.clamp(done, rows.len());
            copy(&mut merged, done..until);
            done = until;
            merged.push(odd.row);
        }
        copy(&mut merged, done..rows.len());
        Rows::from_vec(merged)
    }

    /// Places among all events of one day become places among those that pass; see the field.
    fn places_of_odd(&self) -> Vec<u32> {
        let time = &self.index.time;
        let pass = &self.uniform.pass;
        let mut places = vec![0; time.odd.len()];
        // Both are in order of time.
        let mut reached = 0;
        for at in self.odd.pass.iter().map(|at| at.index()) {
            let Some((odd, place)) = time.odd.get(at).zip(places.get_mut(at)) else { continue };
            let earlier = |row: u32| time.place(EventId(row)).is_some_and(|at| at < odd.before);
            reached = match pass.raw() {
                Raw::Range(range) => odd.before.clamp(range.start, range.end) - range.start,
                Raw::List(list) => {
                    let rest = list.get(reached as usize..).unwrap_or_default();
                    reached + rest.partition_point(|row| earlier(*row)) as u32
                }
            };
            *place = reached;
        }
        places
    }

    fn tally_of_all(&self, store: &Store) -> Tally {
        let mut tally = Tally::new(store, self);
        for part in [&self.uniform, &self.undated] {
            for (fails, rows) in part.lists() {
                tally.add(store, &self.index, &self.kinds, rows, fails);
            }
        }
        for (fails, places) in self.odd.lists() {
            let rows = places.iter().filter_map(|at| self.index.time.odd.get(at.index()));
            let rows = Rows::from_vec(rows.map(|odd| odd.row).collect());
            tally.add(store, &self.index, &self.kinds, &rows, fails);
        }
        tally.fold(&self.kinds);
        tally
    }
}

/// Chosen codes as a table: whether each code is chosen.
fn chosen(codes: &Codes) -> Vec<bool> {
    let mut table = vec![false; codes.last().map_or(0, |last| *last as usize + 1)];
    for code in codes {
        if let Some(slot) = table.get_mut(*code as usize) {
            *slot = true;
        }
    }
    table
}

fn evaluate(
    columns: &Columns,
    filter: &Filter,
    active: &[Dim],
    found: &Found,
    before: Option<&Base>,
) -> Vec<u16> {
    if active.is_empty() {
        return Vec::new();
    }
    let before = before.filter(|before| !before.fails.is_empty());
    let changed = |dim: Dim| {
        // What the same text finds depends on how it is folded.
        let searched = dim == Dim::Text && filter.is_active(dim);
        searched || before.is_none_or(|before| !before.filter.is_same(filter, dim))
    };
    let mut fails = match before {
        Some(before) => before.fails.clone(),
        None => vec![0u16; columns.len()],
    };
    let anew = Dim::ALL.into_iter().filter(|dim| changed(*dim)).fold(0u16, |bits, dim| bits | dim.bit());
    let dims: Vec<Dim> = active.iter().copied().filter(|dim| changed(*dim)).collect();
    let by_kind: Vec<u16> = columns
        .kinds
        .all()
        .iter()
        .map(|kind| {
            let mut bits = 0;
            for dim in &dims {
                let code = match dim {
                    Dim::Type => kind.event_type as u32,
                    Dim::SubType => u32::from(kind.sub_type),
                    Dim::DatePrecision => kind.date_precision as u32,
                    Dim::GeoPrecision => kind.geo_precision as u32,
                    Dim::Prominence => kind.prominence as u32,
                    Dim::Dataset => u32::from(kind.dataset.0),
                    Dim::Layer => {
                        if filter.hidden.contains(&u32::from(kind.dataset.0)) {
                            bits |= dim.bit();
                        }
                        continue;
                    }
                    _ => continue,
                };
                if filter.codes(*dim).is_some_and(|codes| !codes.contains(&code)) {
                    bits |= dim.bit();
                }
            }
            bits
        })
        .collect();
    let tests: Vec<(u16, Test<'_>)> =
        dims.iter().filter_map(|dim| Some((dim.bit(), Test::new(columns, filter, found, *dim)?))).collect();
    let evaluate = |(chunk, fails): (usize, &mut [u16])| {
        let first = chunk * CHUNK;
        let kinds = columns.kind.get(first..first + fails.len()).unwrap_or_default();
        for (bits, kind) in fails.iter_mut().zip(kinds) {
            *bits = (*bits & !anew) | by_kind.get(usize::from(*kind)).copied().unwrap_or(0);
        }
        for (bit, test) in &tests {
            test.mark(first, fails, *bit);
        }
    };
    match is_shared() {
        true => fails.par_chunks_mut(CHUNK).enumerate().for_each(evaluate),
        false => fails.chunks_mut(CHUNK).enumerate().for_each(evaluate),
    }
    fails
}

/// One dimension's question to each row, for those that kinds do not answer.
enum Test<'a> {
    Tolls { best: &'a [u32], least: u32, most: u32, none_passes: bool },
    Area { lat: &'a [f32], lon: &'a [f32], area: crate::model::BBox },
    Codes { lists: &'a Lists, chosen: Vec<bool> },
    Found(&'a Found),
    Twins(&'a [u32]),
}

impl<'a> Test<'a> {
    fn new(columns: &'a Columns, filter: &'a Filter, found: &'a Found, dim: Dim) -> Option<Self> {
        let codes = |lists: &'a Lists, codes: &Codes| Some(Test::Codes { lists, chosen: chosen(codes) });
        match dim {
            Dim::Fatalities => Some(Test::Tolls {
                best: columns.fatalities.best(),
                least: filter.min_fatalities.unwrap_or(0),
                most: filter.max_fatalities.unwrap_or(u32::MAX),
                none_passes: filter.min_fatalities.is_none(),
            }),
            Dim::Area => Some(Test::Area { lat: &columns.lat, lon: &columns.lon, area: filter.area? }),
            Dim::Actor => codes(&columns.actors, &filter.actors),
            Dim::Place => codes(&columns.places, &filter.places),
            Dim::Document => codes(&columns.documents, &filter.documents),
            Dim::Claimant => codes(&columns.claimants, &filter.claimants),
            Dim::Text => Some(Test::Found(found)),
            Dim::Twin => Some(Test::Twins(&filter.twins)),
            _ => None,
        }
    }

    /// Sets a bit for every row that fails; `fails` are those of consecutive rows.
    fn mark(&self, first: usize, fails: &mut [u16], bit: u16) {
        let range = first..first + fails.len();
        match self {
            Test::Tolls { best, least, most, none_passes } => {
                for (fails, best) in fails.iter_mut().zip(best.get(range).unwrap_or_default()) {
                    let none = *best == TollColumn::NONE;
                    let holds = if none { *none_passes } else { best >= least && best <= most };
                    *fails |= bit * u16::from(!holds);
                }
            }
            Test::Area { lat, lon, area } => {
                let degrees = lat.get(range.clone()).unwrap_or_default().iter();
                let degrees = degrees.zip(lon.get(range).unwrap_or_default());
                for (fails, (lat, lon)) in fails.iter_mut().zip(degrees) {
                    let holds = area.contains(LatLon { lat: f64::from(*lat), lon: f64::from(*lon) });
                    *fails |= bit * u16::from(!holds);
                }
            }
            Test::Codes { lists, chosen } => {
                let is_chosen = |code: &u32| chosen.get(*code as usize).copied().unwrap_or(false);
                for (fails, row) in fails.iter_mut().zip(range) {
                    let holds = lists.of(row).iter().any(is_chosen);
                    *fails |= bit * u16::from(!holds);
                }
            }
            Test::Twins(rows) => {
                let from = rows.partition_point(|row| (*row as usize) < range.start);
                let twins = rows.get(from..).unwrap_or_default().iter();
                for row in twins.take_while(|row| range.contains(&(**row as usize))) {
                    if let Some(fails) = fails.get_mut(*row as usize - range.start) {
                        *fails |= bit;
                    }
                }
            }
            Test::Found(found) => {
                for (fails, row) in fails.iter_mut().zip(range) {
                    *fails |= bit * u16::from(!found.has(EventId::from_index(row)));
                }
            }
        }
    }
}

/// Sorts rows by what they fail; each list keeps their order.
fn part(rows: &Rows, fails: &[u16], active: &[Dim]) -> Part {
    if active.is_empty() {
        return Part { pass: rows.clone(), fail_one: Vec::new() };
    }
    let of = |row: u32| fails.get(row as usize).copied().unwrap_or(u16::MAX);
    let chunks = rows.len().div_ceil(CHUNK);
    let sort_chunk = |chunk: usize| {
        let rows = rows.slice(chunk * CHUNK..(chunk + 1) * CHUNK);
        let mut pass = Vec::new();
        let mut fail_one = vec![Vec::new(); active.len()];
        let mut sort = |row: u32| {
            let bits = of(row);
            if bits == 0 {
                pass.push(row);
            } else if bits & (bits - 1) == 0 {
                let at = active.iter().position(|dim| dim.bit() == bits);
                if let Some(rows) = at.and_then(|at| fail_one.get_mut(at)) {
                    rows.push(row);
                }
            }
        };
        match rows.raw() {
            Raw::Range(range) => range.for_each(&mut sort),
            Raw::List(list) => list.iter().copied().for_each(&mut sort),
        }
        (pass, fail_one)
    };
    let sorted: Vec<(Vec<u32>, Vec<Vec<u32>>)> = match is_shared() {
        true => (0..chunks).into_par_iter().map(sort_chunk).collect(),
        false => (0..chunks).map(sort_chunk).collect(),
    };
    let pass: Vec<&[u32]> = sorted.iter().map(|(pass, _)| pass.as_slice()).collect();
    let pass = Rows::from_vec(pass.concat());
    let fail_one = active.iter().enumerate().map(|(at, dim)| {
        let lists: Vec<&[u32]> =
            sorted.iter().filter_map(|(_, lists)| lists.get(at)).map(Vec::as_slice).collect();
        (*dim, Rows::from_vec(lists.concat()))
    });
    Part { pass, fail_one: fail_one.collect() }
}

/// The part of the odd events, as places in the index's list of them.
fn odd_part(index: &Index, fails: &[u16], active: &[Dim]) -> Part {
    let odd = &index.time.odd;
    let failed: Vec<u16> = odd.iter().map(|odd| fails.get(odd.row as usize).copied().unwrap_or(0)).collect();
    part(&Rows::range(0..odd.len() as u32), &failed, active)
}

fn hidden_by(fails: &[u16], dim: Dim) -> usize {
    let bit = dim.bit();
    let count = |fails: &[u16]| fails.iter().filter(|bits| *bits & bit != 0).count();
    match is_shared() {
        true => fails.par_chunks(CHUNK).map(count).sum(),
        false => count(fails),
    }
}
