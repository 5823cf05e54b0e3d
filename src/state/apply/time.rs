//! The time window: typed, stepped, preset, played.
//!
//! Nothing here walks over all events: what comes next in time is found by binary search in
//! [`Derived::candidates`], which are in order of time, and the limits of the case are looked up in
//! the store's index. Only a step of the player into an empty stretch asks the events that last
//! other than a day one by one, and of those large datasets have few.

use crate::model::{EventId, Interval, time};
use crate::store::Store;
use crate::store::bins::{Unit, unit_window};
use crate::store::filter::Dim;

use super::super::command::*;
use super::super::playback::{PlayMode, shifted};
use super::super::view::NoticeKind;
use super::super::{AppState, Derived};

impl AppState {
    pub(super) fn apply_time(&mut self, command: TimeCommand, derived: &Derived) -> Vec<Effect> {
        match command {
            TimeCommand::Window(window) => self.set_window(window.filter(|w| !w.is_unknown())),
            TimeCommand::Typed(text) => match time::parse_edtf(&text) {
                Ok(when) => self.set_window(Some(when.interval)),
                Err(err) => self.notify(NoticeKind::Warning, "bad-date".to_owned(), err.to_string(), None),
            },
            TimeCommand::Mode(mode) => self.view.filter.window_mode = mode,
            TimeCommand::PresetYear => self.preset(Unit::Year),
            TimeCommand::PresetMonth => self.preset(Unit::Month),
            TimeCommand::PresetSelection => {
                let store = self.store();
                let chosen = self.view.selection.events.iter();
                let dated = chosen.filter_map(|e| Some(store?.interval(*e))).filter(|i| !i.is_unknown());
                let window = dated.reduce(Interval::union);
                if window.is_some() {
                    self.set_window(window);
                }
            }
            TimeCommand::TogglePlay => self.play(!self.view.playback.playing, derived),
            TimeCommand::Play(playing) => self.play(playing, derived),
            TimeCommand::Step(direction) => match self.view.playback.step.unit() {
                Some(unit) => self.move_window(unit, direction),
                None => {
                    self.step_to_event(direction, derived);
                }
            },
            TimeCommand::BigStep(direction) => {
                let unit = self.view.playback.step.bigger();
                self.move_window(unit, direction);
            }
            TimeCommand::ToFirst => self.jump(Direction::Backward),
            TimeCommand::ToLast => self.jump(Direction::Forward),
            TimeCommand::SetStep(step) => self.view.playback.step = step,
            TimeCommand::SetMode(mode) => self.view.playback.mode = mode,
            TimeCommand::SetSpeed(speed) => self.view.playback.speed = speed.clamp(0.1, 32.0),
            TimeCommand::ToggleRepeat => self.view.playback.repeat ^= true,
            TimeCommand::Lanes(lanes) => self.view.lanes = lanes,
            TimeCommand::ToggleGaps => self.view.collapse_gaps ^= true,
            TimeCommand::Show(interval) => {
                self.view.time_target.0 += 1;
                self.view.time_target.1 = interval;
            }
            TimeCommand::Zoom(factor) => {
                self.view.time_zoom.0 += 1;
                self.view.time_zoom.1 = factor;
            }
        }
        Vec::new()
    }

    /// A window that the user chose: playing stops, and a stretch played before is forgotten.
    fn set_window(&mut self, window: Option<Interval>) {
        self.view.filter.window = window;
        self.view.playback.playing = false;
        self.view.playback.range = Interval::UNKNOWN;
    }

    fn extent(&self) -> Option<Interval> {
        self.store().and_then(|store| store.time_extent())
    }

    /// The window if both its limits are known.
    fn bounded_window(&self) -> Option<Interval> {
        self.view.filter.window.filter(|w| !w.open_start() && !w.open_end())
    }

    /// One calendar unit about the selected event, the middle of the window, or the last event.
    fn preset(&mut self, unit: Unit) {
        let selected =
            self.primary().and_then(|e| self.store().map(|s| s.interval(e))).filter(|i| !i.is_unknown());
        let day = match (selected, self.view.filter.window) {
            (Some(event), _) => event.first_day().or_else(|| event.last_day()),
            (None, Some(window)) => match self.bounded_window() {
                Some(window) => time::date_of(window.start + window.duration_secs() / 2),
                None => window.first_day().or_else(|| window.last_day()),
            },
            (None, None) => self.extent().and_then(|extent| extent.last_day()),
        };
        if let Some(day) = day {
            self.set_window(Some(unit_window(unit, day)));
        }
    }

    fn play(&mut self, playing: bool, derived: &Derived) {
        let Some(extent) = self.extent() else { return };
        self.view.playback.playing = playing;
        self.view.playback.since_step_secs = 0.0;
        if !playing {
            return;
        }
        let bounded = self.bounded_window();
        let range = self.view.playback.range;
        match self.view.playback.mode {
            PlayMode::Cumulative => {
                let resumes = bounded.is_some_and(|w| w.start == range.start && w.end < range.end);
                if !resumes {
                    self.view.playback.range = bounded.unwrap_or(extent);
                    self.rewind(None, derived);
                }
            }
            PlayMode::Moving => {
                self.view.playback.range = extent;
                // A window over most of time has nowhere to move to.
                let short = bounded.filter(|w| w.duration_secs() < extent.duration_secs() / 2);
                if short.is_none_or(|w| w.end >= extent.end) {
                    self.rewind(short, derived);
                }
            }
        }
    }

    /// The first window of the played stretch; moving, of the length of `like` if there is one.
    fn rewind(&mut self, like: Option<Interval>, derived: &Derived) {
        let playback = &self.view.playback;
        let (range, mode) = (playback.range, playback.mode);
        let Some(unit) = playback.step.unit() else {
            // By event: as if the step to the first event were taken from just before it.
            self.view.filter.window = match mode {
                PlayMode::Moving => None,
                PlayMode::Cumulative => Some(Interval { start: range.start, end: range.start }),
            };
            if !self.step_to_event(Direction::Forward, derived) {
                self.view.filter.window = Some(range);
                self.view.playback.playing = false;
            }
            return;
        };
        let window = match (mode, like) {
            (PlayMode::Cumulative, _) => {
                Interval { start: range.start, end: unit.add(range.start, 1).min(range.end) }
            }
            (PlayMode::Moving, Some(like)) if !is_whole(like, unit) => {
                Interval { start: range.start, end: range.start + like.duration_secs() }
            }
            (PlayMode::Moving, _) => {
                let start = unit.floor(range.start);
                Interval { start, end: unit.add(start, 1) }
            }
        };
        self.view.filter.window = Some(window);
    }

    /// One step of the player; stops or starts again at the end of its range.
    pub(super) fn play_step(&mut self, derived: &Derived) {
        let range = self.view.playback.range;
        let Some(window) = self.bounded_window() else {
            self.view.playback.playing = false;
            return;
        };
        let moved = match self.view.playback.step.unit() {
            Some(_) if window.end >= range.end => false,
            Some(unit) => {
                let next = self.advanced(window, unit, 1, Some(range));
                self.view.filter.window = Some(self.over_empty(next, unit, derived));
                true
            }
            None => self.step_to_event(Direction::Forward, derived),
        };
        if moved {
            return;
        }
        if self.view.playback.repeat {
            self.rewind(Some(window), derived);
        } else {
            self.view.playback.playing = false;
        }
    }

    /// Where gaps are collapsed, playing does not dwell on them: if the window has reached a stretch
    /// of many steps in which nothing begins and that no event spans, it goes on to the step in which
    /// the next event begins.
    fn over_empty(&self, window: Interval, unit: Unit, derived: &Derived) -> Interval {
        /// More empty steps than this are left out.
        const MOST_EMPTY: f64 = 8.0;
        let Some(store) = self.store().filter(|_| self.view.collapse_gaps) else { return window };
        // Cumulative, only what is new counts; moving, all that is in the window.
        let from = match self.view.playback.mode {
            PlayMode::Moving => window.start,
            PlayMode::Cumulative => unit.add(window.end, -1),
        };
        let rows = &derived.candidates;
        let interval = |at: usize| rows.get(at).map(|event| store.interval(event));
        let begun = rows.partition_point(|event| store.interval(event).start < window.end);
        // In order of time the last one begins latest; of events of one length it ends latest too.
        let last = begun.checked_sub(1).and_then(interval);
        let new = last.is_some_and(|last| last.start >= from);
        let spans = || {
            last.is_some_and(|last| last.end > from)
                || (0..begun).rev().map_while(interval).find(|i| is_one_day(*i)).is_some_and(|i| i.end > from)
                || lasting(store, derived).any(|i| i.start < window.end && i.end > from)
        };
        if new || (self.view.playback.mode == PlayMode::Moving && spans()) {
            return window;
        }
        let Some(next) = interval(begun).map(|next| next.start) else { return window };
        let steps = (next - window.end) as f64 / unit.mean_secs();
        if steps <= MOST_EMPTY {
            return window;
        }
        // The first step whose end lies after the beginning of the event.
        let mut n = steps.floor() as i64 + 1;
        while n > 0 && unit.add(window.end, n - 1) > next {
            n -= 1;
        }
        self.advanced(window, unit, n, Some(self.view.playback.range))
    }

    fn advanced(&self, window: Interval, unit: Unit, n: i64, limit: Option<Interval>) -> Interval {
        match self.view.playback.mode {
            PlayMode::Moving => shifted(window, unit, n),
            PlayMode::Cumulative => {
                let end = unit.add(window.end, n).max(unit.add(window.start, 1));
                Interval { end: limit.map_or(end, |limit| end.min(limit.end)), ..window }
            }
        }
    }

    fn move_window(&mut self, unit: Unit, direction: Direction) {
        let n = if direction == Direction::Forward { 1 } else { -1 };
        let Some(extent) = self.extent() else { return };
        let window = match self.bounded_window() {
            Some(window) => self.advanced(window, unit, n, None),
            None => {
                let start = match direction {
                    Direction::Forward => unit.floor(extent.start),
                    Direction::Backward => unit.floor(extent.end - 1),
                };
                Interval { start, end: unit.add(start, 1) }
            }
        };
        // Dates end with the years 1 and 9999.
        if window.first_day().is_some() && window.last_day().is_some() {
            self.view.filter.window = Some(window);
        }
    }

    /// Moves the window to the next event in time that passes all other filters: moving, it becomes
    /// the event's interval, so that every date is visited; cumulative, it ends with the day on which
    /// the event begins. Returns whether there is such an event.
    fn step_to_event(&mut self, direction: Direction, derived: &Derived) -> bool {
        let Some(store) = self.store() else { return false };
        let window = self.bounded_window();
        let mode = self.view.playback.mode;
        let rows = &derived.candidates;
        let interval = |at: usize| rows.get(at).map(|event| store.interval(event));
        let place =
            |holds: &dyn Fn(Interval) -> bool| rows.partition_point(|event| holds(store.interval(event)));
        // Events without a begin come first in order of time; those without an end are left out on
        // the way.
        let bounded = |i: &Interval| !i.open_start() && !i.open_end();
        let from = |at: usize| (at..rows.len()).map_while(interval).find(bounded);
        let before = |at: usize| (0..at).rev().map_while(interval).find(bounded);
        let key = |i: Interval| (i.start, i.end);
        let first_day = |i: &Interval| i.start.saturating_add(time::SECONDS_PER_DAY);
        let next = match (direction, mode, window) {
            (Direction::Forward, PlayMode::Moving, Some(w)) => from(place(&|i| key(i) <= key(w))),
            (Direction::Backward, PlayMode::Moving, Some(w)) => before(place(&|i| key(i) < key(w))),
            (Direction::Forward, PlayMode::Cumulative, Some(w)) => from(place(&|i| i.start < w.end)),
            (Direction::Backward, PlayMode::Cumulative, Some(w)) => {
                before(place(&|i| first_day(&i) < w.end)).filter(|i| i.start >= w.start)
            }
            (Direction::Forward, _, None) => from(0),
            (Direction::Backward, _, None) => before(rows.len()),
        };
        // What is played ends where its stretch ends.
        let range = self.view.playback.range;
        let limit = self.view.playback.playing && mode == PlayMode::Cumulative;
        let Some(next) = next.filter(|next| !limit || next.start < range.end) else { return false };
        self.view.filter.window = Some(match (mode, window) {
            (PlayMode::Cumulative, Some(window)) => Interval { start: window.start, end: first_day(&next) },
            _ => next,
        });
        true
    }

    /// Moves the window to one end of the case's time; cumulative, its end only.
    fn jump(&mut self, direction: Direction) {
        let Some(extent) = self.extent() else { return };
        let unit = self.view.playback.step.unit().unwrap_or(Unit::Month);
        let at = match direction {
            Direction::Backward => unit.floor(extent.start),
            Direction::Forward => unit.floor(extent.end - 1),
        };
        let Some(window) = self.bounded_window() else {
            self.view.filter.window = Some(Interval { start: at, end: unit.add(at, 1) });
            return;
        };
        let length = window.duration_secs();
        let window = match (self.view.playback.mode, direction) {
            (PlayMode::Cumulative, Direction::Backward) => {
                Interval { start: window.start, end: unit.add(window.start, 1) }
            }
            (PlayMode::Cumulative, Direction::Forward) => {
                Interval { start: window.start.min(extent.end - 1), end: extent.end }
            }
            (PlayMode::Moving, _) if is_whole(window, unit) => Interval { start: at, end: unit.add(at, 1) },
            (PlayMode::Moving, Direction::Backward) => {
                Interval { start: extent.start, end: extent.start + length }
            }
            (PlayMode::Moving, Direction::Forward) => {
                Interval { start: extent.end - length, end: extent.end }
            }
        };
        self.view.filter.window = Some(window);
    }
}

/// Whether a window is exactly one unit of the calendar.
fn is_whole(window: Interval, unit: Unit) -> bool {
    unit.floor(window.start) == window.start && unit.add(window.start, 1) == window.end
}

/// Whether an interval is a day of the calendar, as nearly all are in large datasets.
fn is_one_day(interval: Interval) -> bool {
    interval.start.rem_euclid(time::SECONDS_PER_DAY) == 0
        && interval.start.checked_add(time::SECONDS_PER_DAY) == Some(interval.end)
}

/// Intervals other than one day of the events that pass everything but possibly the window.
fn lasting<'a>(store: &'a Store, derived: &'a Derived) -> impl Iterator<Item = Interval> + 'a {
    let odd = store.columns.times.odd().iter();
    let passes = |row: u32| derived.passes_except(EventId(row), Dim::Window);
    odd.filter(move |(row, _)| passes(*row)).map(|(_, interval)| *interval)
}
