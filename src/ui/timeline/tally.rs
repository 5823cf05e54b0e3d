//! How many events each lane has on which days: counted once per filter and grouping, a little in
//! each frame, then looked up at any zoom.
//!
//! A [`Tally`] passes over [`Derived::candidates`] twice: first it counts the events of each actor,
//! place or document and so finds the lanes, then it counts the events of each lane by day. Each
//! call of [`Tally::work`] does at most [`PER_CALL`] steps, so that no frame waits for it; small
//! cases are done at once. It starts anew when `Derived::base_generation` or the grouping changed,
//! not when the window moves.
//!
//! Days are held only where something begins or ends, with running sums: a lane takes no more room
//! than it has events, and no more than there are days.

use std::collections::BTreeMap;

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{ActorId, DocumentId, EventId, EventType, Interval, PlaceId};
use crate::state::{Derived, LaneMode};
use crate::store::Store;
use crate::store::cross::Rows;
use crate::store::filter::{Dim, WindowMode, each_code, num_codes};

/// Steps per call: an event with its codes is about two.
const PER_CALL: usize = 250_000;
/// Cases with more events than this have at most [`MAX_LANES`] lanes of their own.
pub const CROWDED: usize = 2_000;
/// Lanes of crowded cases; what is beyond is counted in one lane of others.
const MAX_LANES: usize = 40;
/// Events of any length are grouped by this many.
const BLOCK: usize = 64;

/// Number of the day that holds a moment; open begins are before all days.
pub fn day_of(secs: i64) -> i32 {
    secs.div_euclid(SECONDS_PER_DAY).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// Number of the first day that begins at a moment or later; open begins stay before all days.
pub fn day_after(secs: i64) -> i32 {
    if secs == i64::MIN { i32::MIN } else { day_of(secs.saturating_sub(1)).saturating_add(1) }
}

/// Whether a moment lies between two days, or at no end of time.
fn is_midnight(secs: i64) -> bool {
    secs == i64::MIN || secs == i64::MAX || secs.rem_euclid(SECONDS_PER_DAY) == 0
}

/// Whether an interval is exactly one day of the calendar.
pub fn is_one_day(interval: Interval) -> bool {
    is_midnight(interval.start) && interval.start.checked_add(SECONDS_PER_DAY) == Some(interval.end)
}

/// Days with running sums.
#[derive(Clone, Debug, Default, PartialEq)]
struct Days {
    /// In order, each once.
    days: Vec<i32>,
    /// How much lies on this day and before.
    sums: Vec<u32>,
}

impl Days {
    /// Adds to a day that is not before the last one.
    fn push(&mut self, day: i32, n: u32) {
        let sum = self.total() + n;
        match self.sums.last_mut().filter(|_| self.days.last() == Some(&day)) {
            Some(last) => *last = sum,
            None => {
                self.days.push(day);
                self.sums.push(sum);
            }
        }
    }

    fn total(&self) -> u32 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// How much lies before a day.
    fn before(&self, day: i32) -> u32 {
        self.sum_of(self.days.partition_point(|d| *d < day))
    }

    /// How much lies on a day or before.
    fn until(&self, day: i32) -> u32 {
        self.sum_of(self.days.partition_point(|d| *d <= day))
    }

    fn sum_of(&self, place: usize) -> u32 {
        place.checked_sub(1).and_then(|at| self.sums.get(at)).copied().unwrap_or(0)
    }

    /// [`Days::before`] for days in order.
    fn walk(&self) -> impl FnMut(i32) -> u32 + '_ {
        let mut at = None;
        move |day| {
            let mut place = at.unwrap_or_else(|| self.days.partition_point(|d| *d < day));
            while self.days.get(place).is_some_and(|d| *d < day) {
                place += 1;
            }
            at = Some(place);
            self.sum_of(place)
        }
    }
}

/// The events of one lane by day.
#[derive(Clone, Debug, Default)]
pub struct LaneDays {
    /// Events of exactly one day.
    ones: Days,
    /// First days of all others.
    begins: Days,
    /// Days after the last ones of all others; the greatest number for those without an end.
    ends: Days,
    /// What `ends` is made of.
    ended: BTreeMap<i32, u32>,
}

impl LaneDays {
    fn add(&mut self, interval: Interval) {
        if is_one_day(interval) {
            self.ones.push(day_of(interval.start), 1);
            return;
        }
        self.begins.push(day_of(interval.start), 1);
        *self.ended.entry(day_after(interval.end)).or_default() += 1;
    }

    fn seal(&mut self) {
        self.ends = Days::default();
        self.ended.iter().for_each(|(day, n)| self.ends.push(*day, *n));
    }

    pub fn total(&self) -> u32 {
        self.ones.total() + self.begins.total()
    }

    /// Events that end before a day begins.
    pub fn over_by(&self, day: i32) -> u32 {
        self.ones.before(day) + self.ends.until(day)
    }

    /// Events that touch the time between each pair of neighbours of `edges`, given in order.
    pub fn per_bin(&self, edges: &[i64]) -> Vec<u32> {
        let (mut ones, mut begins) = (self.ones.walk(), self.begins.walk());
        let (mut over, mut ends) = (self.ones.walk(), self.ends.walk());
        let pairs = edges.iter().zip(edges.iter().skip(1));
        pairs
            .map(|(from, to)| {
                let (from, to) = (day_of(*from), day_after(*to));
                (ones(to) + begins(to)).saturating_sub(over(from) + ends(from.saturating_add(1)))
            })
            .collect()
    }
}

/// Events that last other than one day, by begin.
#[derive(Clone, Debug, Default)]
pub struct Lasting {
    events: Vec<EventId>,
    /// Latest end of each block.
    latest: Vec<i64>,
}

impl Lasting {
    fn push(&mut self, event: EventId, end: i64) {
        if self.events.len().is_multiple_of(BLOCK) {
            self.latest.push(end);
        } else if let Some(latest) = self.latest.last_mut() {
            *latest = (*latest).max(end);
        }
        self.events.push(event);
    }

    /// The events that begin before a moment and end after another one. Blocks in which all end
    /// earlier are not looked into.
    pub fn spanning<'a>(
        &'a self,
        store: &'a Store,
        begin_before: i64,
        end_after: i64,
    ) -> impl Iterator<Item = EventId> + 'a {
        let blocks = self.events.chunks(BLOCK).zip(&self.latest);
        blocks
            .filter(move |(_, latest)| **latest > end_after)
            .flat_map(|(events, _)| events)
            .copied()
            .take_while(move |event| store.interval(*event).start < begin_before)
            .filter(move |event| store.interval(*event).end > end_after)
    }
}

/// What the events of a lane share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneKey {
    Type(EventType),
    Actor(ActorId),
    Place(PlaceId),
    Document(DocumentId),
    /// Events of so many actors, places or documents that have no lane of their own.
    Others(u32),
    /// Events without any actor, place or document.
    Without,
}

/// A lane and its events by day.
#[derive(Clone, Debug)]
pub struct Counted {
    pub key: LaneKey,
    pub days: LaneDays,
}

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Events per code.
    Codes,
    /// Events per lane and day.
    Days,
    #[default]
    Done,
}

/// The lanes and their counts; see the module's page.
#[derive(Debug, Default)]
pub struct Tally {
    key: Option<(u64, LaneMode)>,
    dim: Option<Dim>,
    rows: Rows,
    phase: Phase,
    /// Place in `rows` that comes next.
    at: usize,
    per_code: Vec<u32>,
    without: u32,
    /// Lane of each code, `None` for the others.
    lane_of: Vec<Option<u16>>,
    others: Option<usize>,
    no_code: Option<usize>,
    lanes: Vec<Counted>,
    lasting: Lasting,
    /// Grows whenever the lanes are other ones.
    serial: u64,
    /// Grows whenever there is more to be shown.
    stamp: u64,
}

impl Tally {
    /// Starts anew if what passes the filter or the grouping changed; otherwise goes on. `types` are
    /// those of which there are events.
    pub fn work(
        &mut self,
        store: &Store,
        derived: &Derived,
        mode: LaneMode,
        types: impl FnOnce() -> Vec<EventType>,
    ) {
        let key = Some((derived.base_generation, mode));
        if self.key != key {
            self.key = key;
            self.start(store, derived, mode);
            if mode == LaneMode::Type {
                let codes: Vec<u32> = types().iter().map(|kind| kind.index() as u32).collect();
                self.make_lanes(mode, &codes, 0);
            }
        }
        let mut left = PER_CALL;
        if self.phase == Phase::Codes {
            self.count_codes(store, &mut left);
            if self.at >= self.rows.len() {
                let (codes, num_others) = self.choose(mode);
                self.make_lanes(mode, &codes, num_others);
            }
        }
        if self.phase == Phase::Days {
            let num = self.rows.len();
            let tenth = |at: usize| at * 10 / num.max(1);
            let before = tenth(self.at);
            self.count_days(store, &mut left);
            if self.at >= num {
                self.phase = Phase::Done;
                (self.per_code, self.rows) = (Vec::new(), Rows::default());
            }
            if self.phase == Phase::Done || tenth(self.at) != before {
                self.lanes.iter_mut().for_each(|lane| lane.days.seal());
                self.stamp += 1;
            }
        }
    }

    /// Whether lanes are known but not yet their counts, or not even they.
    pub fn is_counting(&self) -> bool {
        self.phase != Phase::Done
    }

    /// Whether the lanes are still those of what was counted before.
    pub fn is_stale(&self) -> bool {
        self.phase == Phase::Codes
    }

    pub fn serial(&self) -> u64 {
        self.serial
    }

    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    pub fn lanes(&self) -> &[Counted] {
        &self.lanes
    }

    pub fn lasting(&self) -> &Lasting {
        &self.lasting
    }

    fn start(&mut self, store: &Store, derived: &Derived, mode: LaneMode) {
        let dim = match mode {
            LaneMode::Type => Dim::Type,
            LaneMode::Actor => Dim::Actor,
            LaneMode::Place => Dim::Place,
            LaneMode::Document => Dim::Document,
        };
        self.dim = Some(dim);
        self.rows = derived.candidates.clone();
        self.phase = Phase::Codes;
        self.at = 0;
        self.per_code = vec![0; num_codes(store, dim)];
        self.without = 0;
        self.lasting = Lasting::default();
    }

    fn count_codes(&mut self, store: &Store, left: &mut usize) {
        let Some(dim) = self.dim else { return };
        while *left > 0
            && let Some(event) = self.rows.get(self.at)
        {
            self.at += 1;
            let mut num = 0;
            each_code(store, dim, event.index(), |code| {
                if let Some(count) = self.per_code.get_mut(code as usize) {
                    *count += 1;
                    num += 1;
                }
            });
            self.without += u32::from(num == 0);
            *left = left.saturating_sub(1 + num);
        }
    }

    /// The codes that get lanes, in the order of these, and how many get none.
    fn choose(&self, mode: LaneMode) -> (Vec<u32>, u32) {
        let count = |code: &u32| self.per_code.get(*code as usize).copied().unwrap_or(0);
        let mut codes: Vec<u32> = (0..self.per_code.len() as u32).filter(|code| count(code) > 0).collect();
        let too_many = self.rows.len() > CROWDED && codes.len() > MAX_LANES;
        if too_many || matches!(mode, LaneMode::Actor | LaneMode::Place) {
            codes.sort_by_key(|code| std::cmp::Reverse(count(code)));
        }
        let num_others = if too_many { codes.len() - MAX_LANES } else { 0 };
        codes.truncate(codes.len() - num_others);
        (codes, num_others as u32)
    }

    fn make_lanes(&mut self, mode: LaneMode, codes: &[u32], num_others: u32) {
        let key = |code: u32| match mode {
            LaneMode::Type => EventType::from_index(code as usize).map(LaneKey::Type),
            LaneMode::Actor => Some(LaneKey::Actor(ActorId(code))),
            LaneMode::Place => Some(LaneKey::Place(PlaceId(code))),
            LaneMode::Document => Some(LaneKey::Document(DocumentId(code))),
        };
        let lane = |key: LaneKey| Counted { key, days: LaneDays::default() };
        self.lanes = codes.iter().filter_map(|code| key(*code)).map(lane).collect();
        self.lane_of = vec![None; self.per_code.len()];
        for (at, code) in codes.iter().enumerate() {
            if let Some(slot) = self.lane_of.get_mut(*code as usize) {
                *slot = u16::try_from(at).ok();
            }
        }
        let mut add = |wanted: bool, key: LaneKey| {
            wanted.then(|| {
                self.lanes.push(lane(key));
                self.lanes.len() - 1
            })
        };
        self.others = add(num_others > 0, LaneKey::Others(num_others));
        self.no_code = add(self.without > 0, LaneKey::Without);
        self.phase = Phase::Days;
        self.at = 0;
        self.serial += 1;
        self.stamp += 1;
    }

    fn count_days(&mut self, store: &Store, left: &mut usize) {
        let mut lanes = std::mem::take(&mut self.lanes);
        while *left > 0
            && let Some(event) = self.rows.get(self.at)
        {
            self.at += 1;
            let interval = store.interval(event);
            if !is_one_day(interval) {
                self.lasting.push(event, interval.end);
            }
            let mut num = 0;
            self.each_lane(store, event, |at| {
                if let Some(lane) = lanes.get_mut(at) {
                    lane.days.add(interval);
                }
                num += 1;
            });
            *left = left.saturating_sub(1 + num);
        }
        self.lanes = lanes;
    }

    /// The lanes of an event, each once.
    pub fn each_lane(&self, store: &Store, event: EventId, mut each: impl FnMut(usize)) {
        let Some(dim) = self.dim else { return };
        let (mut any, mut other) = (false, false);
        each_code(store, dim, event.index(), |code| {
            any = true;
            match self.lane_of.get(code as usize).copied().flatten() {
                Some(at) => each(usize::from(at)),
                None => other = true,
            }
        });
        if let Some(at) = self.others.filter(|_| other) {
            each(at);
        }
        if let Some(at) = self.no_code.filter(|_| !any) {
            each(at);
        }
    }

    /// How many events of each lane lie in the window; to be asked when counting is done. Only
    /// windows that cut days, and events that are longer than the window, are looked at one by one.
    pub fn shown(
        &self,
        store: &Store,
        derived: &Derived,
        window: Option<Interval>,
        mode: WindowMode,
    ) -> Vec<u32> {
        let Some(window) = window else { return self.lanes.iter().map(|lane| lane.days.total()).collect() };
        let mut more = vec![0u32; self.lanes.len()];
        let mut count = |event: EventId| {
            self.each_lane(store, event, |at| {
                if let Some(count) = more.get_mut(at) {
                    *count += 1;
                }
            });
        };
        let whole = is_midnight(window.start) && is_midnight(window.end);
        if !whole {
            let lasting = self.lasting.events.iter().copied();
            lasting.filter(|event| derived.passes(*event)).for_each(&mut count);
        } else if mode == WindowMode::Certainly {
            self.lasting.spanning(store, window.start, window.end).for_each(&mut count);
        }
        let lanes = self.lanes.iter().zip(more);
        lanes
            .map(|(lane, more)| {
                let days = &lane.days;
                // The days that must be on or after `from` and before `to`.
                let (from, to) = match mode {
                    WindowMode::Possibly => (day_of(window.start), day_after(window.end)),
                    WindowMode::Certainly => (day_after(window.start), day_of(window.end)),
                };
                let to = to.max(from);
                let ones = days.ones.before(to).saturating_sub(days.ones.before(from));
                let lasting = match (whole, mode) {
                    (false, _) => more,
                    (true, WindowMode::Possibly) => {
                        days.begins.before(to).saturating_sub(days.ends.until(from))
                    }
                    (true, WindowMode::Certainly) => {
                        let early = days.begins.before(from);
                        // Those that end by the end of the window, or never begin in it.
                        let over = days.ends.until(to);
                        (over + more).saturating_sub(early)
                    }
                };
                ones + lasting
            })
            .collect()
    }
}
