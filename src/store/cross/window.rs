//! What the time window shows of a base: counts that are kept up to date while the window moves.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{EventId, EventType, Interval};
use crate::store::Store;
use crate::store::filter::{Dim, WindowMode};

use super::base::Base;
use super::tally::Tally;
use super::{Rows, SiteCount, TollCounts, TrayCounts, days::days_in, days::in_window};

/// What of a base is counted: for each of its lists of events of one day a stretch, some of the odd
/// events, and all undated ones or none.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counted {
    /// In the order of the base's lists.
    uniform: Vec<Range<u32>>,
    /// By place in the index's list of odd events.
    odd: Vec<bool>,
    undated: bool,
    /// Places of the window's events of one day among all of them.
    places: Range<u32>,
}

impl Counted {
    fn nothing(base: &Base) -> Self {
        Self {
            uniform: base.uniform.lists().map(|_| 0..0).collect(),
            odd: vec![false; base.index.time.odd.len()],
            undated: false,
            places: 0..0,
        }
    }

    fn all(base: &Base) -> Self {
        Self {
            uniform: base.uniform.lists().map(|(_, rows)| 0..rows.len() as u32).collect(),
            odd: vec![true; base.index.time.odd.len()],
            undated: true,
            places: 0..base.index.time.uniform.len() as u32,
        }
    }

    /// What a window shows.
    fn of(base: &Base, window: Interval, mode: WindowMode) -> Self {
        let days = days_in(window, mode);
        let places = base.index.days.places(&days);
        // From places among all events of one day to those in a list.
        let time = &base.index.time;
        let among = |rows: &Rows| {
            let before = |place: u32| {
                rows.partition_point(|event| time.place(event).is_some_and(|at| at < place)) as u32
            };
            before(places.start)..before(places.end)
        };
        let uniform = base.uniform.lists().map(|(fails, rows)| match fails {
            None => base.days.places(&days),
            Some(_) => among(rows),
        });
        Self {
            uniform: uniform.collect(),
            odd: time.odd.iter().map(|odd| in_window(odd.interval, window, mode)).collect(),
            undated: false,
            places,
        }
    }

    /// How many events have to be counted to get from here to there.
    fn distance(&self, other: &Self, base: &Base) -> usize {
        let apart = |a: &Range<u32>, b: &Range<u32>| {
            let common = a.end.min(b.end).saturating_sub(a.start.max(b.start)) as usize;
            a.len() + b.len() - 2 * common
        };
        let uniform: usize = self.uniform.iter().zip(&other.uniform).map(|(a, b)| apart(a, b)).sum();
        let odd = self.odd.iter().zip(&other.odd).filter(|(a, b)| a != b).count();
        let undated = if self.undated == other.undated { 0 } else { base.undated.pass.len() };
        uniform + odd + undated
    }
}

/// A base and a window over it, with all counts.
#[derive(Clone, Debug, Default)]
pub struct Cross {
    base: Arc<Base>,
    window: Option<(Interval, WindowMode)>,
    counted: Counted,
    tally: Tally,
    by_time: Rows,
    /// Dated events at the beginning of `by_time`.
    num_dated: usize,
}

impl Cross {
    /// `window` may be `None`: all of time, and undated events too.
    pub fn new(store: &Store, base: Arc<Base>, window: Option<Interval>, mode: WindowMode) -> Self {
        let mut cross =
            Self { counted: Counted::all(&base), tally: base.all.clone(), base, ..Self::default() };
        cross.list();
        cross.move_to(store, window, mode);
        cross
    }

    pub fn base(&self) -> &Arc<Base> {
        &self.base
    }

    /// Moves the window; returns whether it has moved. `store` is the one that the base was made from:
    /// the same rows.
    pub fn move_to(&mut self, store: &Store, window: Option<Interval>, mode: WindowMode) -> bool {
        let window = window.map(|window| (window, mode));
        if self.window == window {
            return false;
        }
        let base = self.base.clone();
        let to = match window {
            None => Counted::all(&base),
            Some((window, mode)) => Counted::of(&base, window, mode),
        };
        self.window = window;
        if to == self.counted {
            return true;
        }
        // Counting starts from what is nearest: the counts as they are, none, or those of all.
        let (nothing, all) = (Counted::nothing(&base), Counted::all(&base));
        let clear_cost = self.tally.clear_cost();
        let from_here = self.counted.distance(&to, &base);
        let from_nothing = nothing.distance(&to, &base) + clear_cost;
        let from_all = all.distance(&to, &base) + 2 * clear_cost;
        if from_all < from_here.min(from_nothing) {
            self.tally.copy(&base.all);
            self.counted = all;
        } else if from_nothing < from_here {
            self.tally.clear();
            self.counted = nothing;
        }
        self.count_to(store, to);
        self.tally.fold(&base.kinds);
        self.list();
        true
    }

    fn count_to(&mut self, store: &Store, to: Counted) {
        let base = self.base.clone();
        let tally = &mut self.tally;
        let mut change = |rows: &Rows, range: Range<u32>, fails: Option<Dim>, enter: bool| {
            if range.is_empty() {
                return;
            }
            let rows = rows.slice(range.start as usize..range.end as usize);
            match enter {
                true => tally.add(store, &base.index, &base.kinds, &rows, fails),
                false => tally.remove(store, &base.index, &base.kinds, &rows, fails),
            }
        };
        for ((fails, rows), (a, b)) in base.uniform.lists().zip(self.counted.uniform.iter().zip(&to.uniform))
        {
            if a.end <= b.start || b.end <= a.start {
                change(rows, a.clone(), fails, false);
                change(rows, b.clone(), fails, true);
                continue;
            }
            change(rows, a.start..b.start.max(a.start), fails, false);
            change(rows, b.end.min(a.end)..a.end, fails, false);
            change(rows, b.start..a.start.max(b.start), fails, true);
            change(rows, a.end.min(b.end)..b.end, fails, true);
        }
        for (fails, places) in base.odd.lists() {
            for enter in [false, true] {
                let moved = |at: &usize| {
                    let (was, is) = (self.counted.odd.get(*at), to.odd.get(*at));
                    was != is && is == Some(&enter)
                };
                let places = places.iter().map(|at| at.index()).filter(moved);
                let rows = places.filter_map(|at| base.index.time.odd.get(at)).map(|odd| odd.row);
                let rows = Rows::from_vec(rows.collect());
                change(&rows, 0..rows.len() as u32, fails, enter);
            }
        }
        if self.counted.undated != to.undated {
            for (fails, rows) in base.undated.lists() {
                change(rows, 0..rows.len() as u32, fails, to.undated);
            }
        }
        self.counted = to;
    }

    /// Lists the shown events.
    fn list(&mut self) {
        let base = &self.base;
        let range = self.counted.uniform.first().cloned().unwrap_or(0..0);
        let rows = base.uniform.pass.slice(range.start as usize..range.end as usize);
        let counted = &self.counted.odd;
        let dated = base.merged(&rows, range.start, |at| counted.get(at) == Some(&true));
        self.num_dated = dated.len();
        self.by_time = if self.counted.undated { dated.followed_by(&base.undated.pass) } else { dated };
    }

    /// Shown events in order of time, undated ones last.
    pub fn by_time(&self) -> &Rows {
        &self.by_time
    }

    /// Shown events from the latest to the earliest, undated ones last.
    pub fn latest_first(&self) -> Rows {
        let dated = self.by_time.slice(0..self.num_dated).reversed();
        dated.followed_by(&self.by_time.slice(self.num_dated..self.by_time.len()))
    }

    /// Place of a shown event in [`Cross::by_time`].
    pub fn place_in_time(&self, event: EventId) -> Option<usize> {
        let time = &self.base.index.time;
        let rank = time.rank(event);
        let at = self.by_time.partition_point(|listed| time.rank(listed) < rank);
        (self.by_time.get(at) == Some(event)).then_some(at)
    }

    /// Place of a shown event in [`Cross::latest_first`].
    pub fn place_from_latest(&self, event: EventId) -> Option<usize> {
        let at = self.place_in_time(event)?;
        Some(if at < self.num_dated { self.num_dated - 1 - at } else { at })
    }

    /// The bits of the dimensions that an event fails.
    pub fn fails(&self, event: EventId) -> u16 {
        let window = if self.is_in_window(event) { 0 } else { Dim::Window.bit() };
        self.base.fails(event) | window
    }

    fn is_in_window(&self, event: EventId) -> bool {
        let time = &self.base.index.time;
        if let Some(place) = time.place(event) {
            return self.counted.places.contains(&place);
        }
        match time.odd_place(event) {
            Some(at) => self.counted.odd.get(at) == Some(&true),
            None => self.counted.undated && event.index() < self.base.num_rows(),
        }
    }

    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub fn tolls(&self) -> &TollCounts {
        self.tally.tolls()
    }

    pub fn sites(&self) -> &[SiteCount] {
        self.tally.sites()
    }

    /// Shown events per type.
    pub fn per_type(&self) -> [u32; EventType::ALL.len()] {
        self.tally.per_type(&self.base.kinds)
    }

    pub fn trays(&self) -> TrayCounts {
        let base = &self.base;
        let shown = self.tally.total();
        let undated = if self.counted.undated { 0 } else { base.undated.pass.len() };
        TrayCounts {
            shown,
            outside_window: base.num_passing().saturating_sub(shown + undated),
            undated,
            unplaced: self.tally.unplaced(),
            filtered_out: base.num_rows().saturating_sub(base.num_passing()),
        }
    }

    /// The accepted events in order of time, undated ones last, by the bits of the dimensions that they
    /// fail: looks at every event.
    pub fn where_fails(&self, accept: impl Fn(EventId, u16) -> bool) -> Rows {
        let mut rows = Vec::new();
        self.base.index.time.each(|row| {
            let event = EventId(row);
            if accept(event, self.fails(event)) {
                rows.push(row);
            }
        });
        Rows::from_vec(rows)
    }
}
