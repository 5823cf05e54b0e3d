//! Time to x and back. Pure; knows nothing of windows.
//!
//! A [`Scale`] is linear but for its [`Fold`]s, stretches without events that take a fixed width.
//! It is strictly monotone, so every x has one time. Distances are in points from the edge of the
//! plot at which time begins; whoever paints mirrors them for right-to-left interfaces.
//!
//! Which stretches fold depends on the zoom: a gap folds if it would take more than a quarter of the
//! width. Every change of zoom keeps one point of time where it was.

use std::sync::Arc;

use crate::model::Interval;
use crate::model::time::{SECONDS_PER_DAY, days_from_civil};
use crate::store::Store;
use crate::store::bins::Unit;

/// Width of a folded gap.
pub const GAP_PX: f64 = 24.0;
/// Width of the column that stands for the far past.
pub const PAST_PX: f64 = 54.0;
/// Share of the width from which on a gap folds.
const FOLD_SHARE: f64 = 0.25;
/// Share of the case's time below which a gap never folds.
const FOLD_LEAST: f64 = 0.04;
/// A shorter stretch is no gap: the inside of a day in which something happened is not empty.
const LEAST_GAP_SECS: f64 = 3.0 * DAY;
/// Points left free on both sides of what is fitted.
pub const MARGIN_PX: f64 = 18.0;
/// Shortest time that the whole width can show.
const LEAST_VISIBLE_SECS: f64 = 6.0 * 3600.0;

/// Cases with more events look for gaps by days instead of seconds.
const EXACT_UP_TO: usize = 20_000;

const DAY: f64 = SECONDS_PER_DAY as f64;

/// Start of year 1 and end of year 9999.
pub fn limits() -> (f64, f64) {
    (days_from_civil(1, 1, 1) as f64 * DAY, days_from_civil(10_000, 1, 1) as f64 * DAY)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// A few old events long before all others.
    Past,
    /// A stretch in which nothing begins or ends.
    Gap,
}

/// A stretch of time drawn in a fixed width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold {
    pub start: f64,
    pub end: f64,
    pub px: f64,
    pub kind: FoldKind,
    /// Events that lie wholly inside.
    pub events: u32,
}

impl Fold {
    fn secs(&self) -> f64 {
        self.end - self.start
    }
}

/// What could fold in a case: found once per case, then asked per zoom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gaps {
    /// First and last known moment.
    extent: Option<(f64, f64)>,
    past: Option<Fold>,
    /// Start and end of each gap, in order.
    gaps: Vec<(f64, f64)>,
}

impl Gaps {
    /// Finds the stretches of a case in which nothing begins or ends. To be called when its events
    /// changed.
    pub fn of_store(store: &Store) -> Self {
        if store.num_events() > EXACT_UP_TO {
            Self::by_days(store)
        } else {
            Self::of(store.events().map(|event| store.interval(event)))
        }
    }

    /// Finds gaps between whole days. They are never longer than those between the events, so that
    /// nothing is hidden in a fold. Events of one day are not looked at one by one.
    fn by_days(store: &Store) -> Self {
        let (first, last) = limits();
        let (first, last) = ((first / DAY) as i64, (last / DAY) as i64);
        let index = store.index();
        let days = || index.days.per_day().filter(|(day, _)| (first..last).contains(day));
        let odd = || store.columns.times.odd().iter().map(|(_, interval)| *interval);
        let floor = |secs: i64| secs.div_euclid(SECONDS_PER_DAY).clamp(first, last - 1);
        let ceil = |secs: i64| secs.saturating_sub(1).div_euclid(SECONDS_PER_DAY).clamp(first, last - 1) + 1;
        let begins = || odd().filter(|i| !i.open_start()).map(|i| i.start);
        let ends = || odd().filter(|i| !i.open_end()).map(|i| i.end);
        // Limits of what is known, to the second.
        let mut extent: Option<(i64, i64)> = None;
        let mut mark = |a: i64, b: i64| {
            extent = Some(extent.map_or((a, b), |(first, last)| (first.min(a), last.max(b))));
        };
        days().for_each(|(day, _)| mark(day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY));
        begins().chain(ends()).for_each(|secs| mark(secs, secs));
        let Some((start, end)) = extent else { return Self::default() };
        let base = floor(start);
        let num = (ceil(end) - base + 1).max(0) as usize;
        let at = |day: i64| (day - base).max(0) as usize;
        let (mut begun, mut ended) = (vec![0u32; num], vec![0u32; num]);
        let count = |counts: &mut Vec<u32>, day: i64, n: u32| {
            if let Some(count) = counts.get_mut(at(day)) {
                *count += n;
            }
        };
        days().for_each(|(day, n)| count(&mut begun, day, n));
        for (ended, begun) in ended.iter_mut().skip(1).zip(&begun) {
            *ended = *begun;
        }
        begins().for_each(|secs| count(&mut begun, floor(secs), 1));
        ends().for_each(|secs| count(&mut ended, ceil(secs), 1));
        let marked: Vec<bool> = begun.iter().zip(&ended).map(|(begun, ended)| begun + ended > 0).collect();
        let time = |at: usize| (base + at as i64) * SECONDS_PER_DAY;
        let mut sum = 0;
        for ended in &mut ended {
            sum += *ended;
            *ended = sum;
        }
        let old = Ends {
            len: sum as usize,
            nth: &|n| Some(time(ended.partition_point(|sum| *sum as usize <= n))),
            until: &|secs| {
                let day = at(secs.div_euclid(SECONDS_PER_DAY));
                ended.get(day.min(ended.len().saturating_sub(1))).map_or(0, |sum| *sum as usize)
            },
        };
        let past = past_of(&old, start, end);
        let marks = marked.iter().enumerate().filter(|(_, marked)| **marked).map(|(at, _)| time(at));
        Self::between(marks, (start as f64, end as f64), past)
    }

    /// The gaps between marks in order of time.
    fn between(marks: impl Iterator<Item = i64>, extent: (f64, f64), past: Option<Fold>) -> Self {
        let main = extent.1 - past.map_or(extent.0, |past| past.end);
        let mut before: Option<f64> = None;
        let pairs = marks.filter_map(|mark| Some((before.replace(mark as f64)?, mark as f64)));
        let gaps = pairs
            .filter(|(a, b)| {
                b - a > (main * FOLD_LEAST).max(LEAST_GAP_SECS) && past.is_none_or(|past| *a >= past.end)
            })
            .collect();
        Self { extent: Some(extent), past, gaps }
    }

    /// Finds the stretches in which nothing begins or ends.
    pub fn of(intervals: impl Iterator<Item = Interval>) -> Self {
        let mut marks: Vec<i64> = Vec::new();
        let mut ends: Vec<i64> = Vec::new();
        for interval in intervals.filter(|interval| !interval.is_unknown()) {
            if !interval.open_start() {
                marks.push(interval.start);
            }
            if !interval.open_end() {
                marks.push(interval.end);
                ends.push(interval.end);
            }
        }
        marks.sort_unstable();
        ends.sort_unstable();
        let (Some(first), Some(last)) = (marks.first().copied(), marks.last().copied()) else {
            return Self::default();
        };
        let old = Ends {
            len: ends.len(),
            nth: &|n| ends.get(n).copied(),
            until: &|secs| ends.partition_point(|end| *end <= secs),
        };
        let past = past_of(&old, first, last);
        Self::between(marks.into_iter(), (first as f64, last as f64), past)
    }

    /// First and last known moment; `None` without dates.
    pub fn extent(&self) -> Option<(f64, f64)> {
        self.extent
    }

    pub fn past(&self) -> Option<Fold> {
        self.past
    }

    /// What folds at a zoom. `opened` is a stretch that the user wants to see.
    fn folds(&self, secs_per_px: f64, width: f64, opened: Option<(f64, f64)>) -> Vec<Fold> {
        let free = |start: f64, end: f64| {
            opened.is_none_or(|(a, b)| {
                let shared = b.min(end) - a.max(start);
                shared < 0.5 * (b - a).min(end - start)
            })
        };
        let mut folds = Vec::new();
        if let Some(past) = self.past
            && free(past.start, past.end)
        {
            folds.push(past);
        }
        for (start, end) in &self.gaps {
            let px = (end - start) / secs_per_px;
            if px > FOLD_SHARE * width && px > 3.0 * GAP_PX && free(*start, *end) {
                // What borders on the gap keeps some room.
                let margin = 12.0 * secs_per_px;
                let (start, end) = (start + margin, end - margin);
                folds.push(Fold { start, end, px: GAP_PX, kind: FoldKind::Gap, events: 0 });
            }
        }
        folds
    }
}

/// When events end, in order, however that is known.
struct Ends<'a> {
    len: usize,
    nth: &'a dyn Fn(usize) -> Option<i64>,
    /// How many end at a moment or before.
    until: &'a dyn Fn(i64) -> usize,
}

/// The far past: at most a fifth of the events, over at least two fifths of the time, ten times
/// thinner than the rest.
fn past_of(ends: &Ends<'_>, first: i64, last: i64) -> Option<Fold> {
    let next = (ends.nth)(ends.len / 5)?;
    let rest = last - next;
    let unit = [Unit::Year, Unit::Month, Unit::Day]
        .into_iter()
        .find(|unit| rest as f64 >= unit.mean_secs())
        .unwrap_or(Unit::Day);
    let cut = unit.floor(next - 1);
    let events = (ends.until)(cut);
    let (old, new) = ((cut - first) as f64, (last - cut) as f64);
    if events == 0 || old <= 0.0 || new <= 0.0 || old < 0.4 * (old + new) {
        return None;
    }
    let density = (events as f64 / old) / ((ends.len - events) as f64 / new);
    (density < 0.1).then_some(Fold {
        start: unit.floor(first) as f64,
        end: cut as f64,
        px: PAST_PX,
        kind: FoldKind::Past,
        events: events as u32,
    })
}

/// What may fold, and what the user opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub gaps: Arc<Gaps>,
    pub collapse: bool,
    pub opened: Option<(f64, f64)>,
}

impl Rules {
    fn folds(&self, secs_per_px: f64, width: f64) -> Vec<Fold> {
        if self.collapse { self.gaps.folds(secs_per_px, width, self.opened) } else { Vec::new() }
    }
}

/// The part of time that is shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    rules: Rules,
    width: f64,
    secs_per_px: f64,
    /// Time at x = 0.
    left: f64,
    folds: Vec<Fold>,
    /// Position of the start of each fold; see [`Scale::position`].
    starts: Vec<f64>,
    /// Position of x = 0.
    origin: f64,
}

impl Scale {
    /// Shows a stretch with its ends at `before` and `after` points from the edges.
    pub fn fitted(rules: Rules, width: f64, (start, end): (f64, f64), before: f64, after: f64) -> Self {
        let width = width.max(1.0);
        let room = (width - before - after).max(1.0);
        let mut secs_per_px = ((end - start) / room).max(1e-3);
        // What folds depends on the zoom and the zoom on what folds.
        for round in 0..48 {
            let folds = rules.folds(secs_per_px, width);
            let (mut secs, mut px) = (end - start, 0.0);
            for fold in folds.iter().filter(|fold| fold.end > start && fold.start < end) {
                let shared = (fold.end.min(end) - fold.start.max(start)) / fold.secs();
                secs -= shared * fold.secs();
                px += shared * fold.px;
            }
            let next = (secs.max(1.0) / (room - px).max(1.0)).max(1e-3);
            if (next / secs_per_px - 1.0).abs() < 1e-9 {
                break;
            }
            // Half-way steps end where whole ones would go to and fro over a limit.
            secs_per_px = if round < 16 { next } else { (secs_per_px + next) / 2.0 };
        }
        Self::placed(rules, width, secs_per_px, start, before)
    }

    /// A scale with a time at an x; zoom and place are kept within years 1 to 9999.
    fn placed(rules: Rules, width: f64, secs_per_px: f64, time: f64, x: f64) -> Self {
        let (first, last) = limits();
        let secs_per_px = secs_per_px.clamp(LEAST_VISIBLE_SECS / width, (last - first) / width);
        let folds = rules.folds(secs_per_px, width);
        let mut starts = Vec::with_capacity(folds.len());
        let mut saved = 0.0;
        for fold in &folds {
            starts.push(fold.start / secs_per_px - saved);
            saved += fold.secs() / secs_per_px - fold.px;
        }
        let mut scale = Self { rules, width, secs_per_px, left: 0.0, folds, starts, origin: 0.0 };
        let (lowest, highest) = (scale.position(first), scale.position(last) - width);
        let origin = scale.position(time) - x;
        scale.origin = if highest < lowest { lowest } else { origin.clamp(lowest, highest) };
        scale.left = scale.time_of(scale.origin);
        scale
    }

    pub fn width(&self) -> f64 {
        self.width
    }

    pub fn secs_per_px(&self) -> f64 {
        self.secs_per_px
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// Points from a fixed origin, the same for all scales of one zoom and one set of rules: panning
    /// does not change it.
    pub fn position(&self, time: f64) -> f64 {
        let at = self.folds.partition_point(|fold| fold.start < time);
        let Some((fold, start)) = at.checked_sub(1).and_then(|i| self.folds.get(i).zip(self.starts.get(i)))
        else {
            return time / self.secs_per_px;
        };
        if time < fold.end {
            start + (time - fold.start) / fold.secs() * fold.px
        } else {
            start + fold.px + (time - fold.end) / self.secs_per_px
        }
    }

    fn time_of(&self, position: f64) -> f64 {
        let at = self.starts.partition_point(|start| *start < position);
        let Some((fold, start)) = at.checked_sub(1).and_then(|i| self.folds.get(i).zip(self.starts.get(i)))
        else {
            return position * self.secs_per_px;
        };
        let past = position - start;
        if past < fold.px {
            fold.start + past / fold.px * fold.secs()
        } else {
            fold.end + (past - fold.px) * self.secs_per_px
        }
    }

    /// Position of the edge at which time begins.
    pub fn origin(&self) -> f64 {
        self.origin
    }

    pub fn x(&self, time: f64) -> f64 {
        self.position(time) - self.origin
    }

    pub fn time(&self, x: f64) -> f64 {
        self.time_of(self.origin + x)
    }

    /// First and last visible moment.
    pub fn visible(&self) -> (f64, f64) {
        (self.left, self.time(self.width))
    }

    /// The fold at an x, if any.
    pub fn fold_at(&self, x: f64) -> Option<&Fold> {
        let time = self.time(x);
        self.folds.iter().find(|fold| fold.start <= time && time < fold.end)
    }

    /// Zooms by a factor (over 1 shows less time) and keeps the time at an x where it is.
    pub fn zoomed(&self, x: f64, factor: f64) -> Self {
        let factor = if factor.is_finite() && factor > 0.0 { factor } else { 1.0 };
        let time = self.time(x);
        Self::placed(self.rules.clone(), self.width, self.secs_per_px / factor, time, x)
    }

    /// Moves the content by points towards later x.
    pub fn panned(&self, dx: f64) -> Self {
        // From the middle of the origin's pixel, so that moves to and fro cancel out.
        let time = self.time_of(self.origin - dx);
        Self::placed(self.rules.clone(), self.width, self.secs_per_px, time, 0.0)
    }

    /// The same stretch in another width.
    pub fn resized(&self, width: f64) -> Self {
        Self::fitted(self.rules.clone(), width, self.visible(), 0.0, 0.0)
    }

    /// The same zoom under other rules, with the time at an x where it is.
    pub fn with_rules(&self, rules: Rules, x: f64) -> Self {
        let time = self.time(x);
        Self::placed(rules, self.width, self.secs_per_px, time, x)
    }
}

/// What a view of the whole case shows: whole units of the calendar, the far past as a column.
pub fn whole(rules: Rules, width: f64) -> Scale {
    let extent = rules.gaps.extent().unwrap_or_else(|| {
        let year = days_from_civil(2000, 1, 1) as f64 * DAY;
        (year, year + 366.0 * DAY)
    });
    let past = rules.gaps.past().filter(|_| rules.collapse && rules.opened.is_none());
    let main = past.map_or(extent.0, |past| past.end);
    let span = extent.1 - main;
    let unit = [Unit::Century, Unit::Decade, Unit::Year, Unit::Month, Unit::Day]
        .into_iter()
        .find(|unit| span > 1.5 * unit.mean_secs())
        .unwrap_or(Unit::Hour);
    let unit = if unit > Unit::Year { Unit::Year } else { unit };
    let start = past.map_or_else(|| unit.floor(main as i64) as f64, |past| past.start);
    let end = unit.add(unit.floor(extent.1 as i64 - 1), 1) as f64;
    let before = if past.is_some() { 0.0 } else { MARGIN_PX };
    Scale::fitted(rules, width, (start, end), before, MARGIN_PX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::time::parse_edtf;
    use crate::store::Kind;

    fn interval(text: &str) -> Interval {
        parse_edtf(text).expect("date").interval
    }

    fn rules(dates: &[&str], collapse: bool) -> Rules {
        let gaps = Arc::new(Gaps::of(dates.iter().map(|text| interval(text))));
        Rules { gaps, collapse, opened: None }
    }

    /// Nine events of long ago and many of four years, with a gap of 14 months.
    fn case() -> Vec<String> {
        let mut dates: Vec<String> =
            ["1970/1979", "2012", "2013", "2014", "2015", "2015", "2020", "2021", "2021"]
                .map(str::to_owned)
                .to_vec();
        for year in [2022, 2023, 2025] {
            for month in 1..=12 {
                dates.push(format!("{year}-{month:02}"));
                dates.push(format!("{year}-{month:02}-11"));
            }
        }
        dates.retain(|date| !(date.starts_with("2023-1") || date.starts_with("2025-01")));
        dates
    }

    fn case_rules(collapse: bool) -> Rules {
        let dates = case();
        rules(&dates.iter().map(String::as_str).collect::<Vec<_>>(), collapse)
    }

    #[test]
    fn a_few_old_events_become_one_column() {
        let past = case_rules(true).gaps.past().expect("past");
        assert_eq!(past.start, interval("1970").start as f64);
        assert_eq!(past.end, interval("2022").start as f64);
        assert_eq!(past.events, 9);
        let even: Vec<String> = (1990..2020).map(|year| year.to_string()).collect();
        let even = rules(&even.iter().map(String::as_str).collect::<Vec<_>>(), true);
        assert_eq!(even.gaps.past(), None);
    }

    #[test]
    fn days_tell_the_same_gaps_as_seconds() {
        let mut dates = case();
        dates.extend(["2023-03-04T14:30", "../2012-03", "2025-06/.."].map(str::to_owned));
        let mut store = Store::default();
        let intervals = dates.iter().map(|text| interval(text)).chain([Interval::UNKNOWN]);
        intervals.for_each(|interval| store.columns.push_bare(interval, Kind::default()));
        let (exact, by_days) = (Gaps::of_store(&store), Gaps::by_days(&store));
        assert!(exact.past.is_some() && !exact.gaps.is_empty());
        assert_eq!(exact, by_days);
        assert_eq!(Gaps::by_days(&Store::default()), Gaps::default());
    }

    #[test]
    fn the_whole_case_begins_with_the_column_and_ends_with_a_year() {
        let scale = whole(case_rules(true), 1244.0);
        assert!(scale.x(interval("1970").start as f64).abs() < 1e-6);
        assert!((scale.x(interval("2022").start as f64) - PAST_PX).abs() < 1e-6);
        assert!((scale.x(interval("2026").start as f64) - (1244.0 - MARGIN_PX)).abs() < 1e-6);
    }

    #[test]
    fn gaps_fold_when_they_take_much_room_and_open_on_wish() {
        let gap = |scale: &Scale| scale.folds().iter().filter(|f| f.kind == FoldKind::Gap).count();
        let scale = whole(case_rules(true), 1244.0);
        assert_eq!(gap(&scale), 1, "16 months of 48");
        assert_eq!(gap(&whole(case_rules(false), 1244.0)), 0);
        let middle = interval("2024-05");
        let opened = Rules { opened: Some((middle.start as f64, middle.end as f64)), ..case_rules(true) };
        assert_eq!(gap(&whole(opened, 1244.0)), 0);
    }

    #[test]
    fn nothing_leaves_the_years_1_to_9999() {
        let (first, last) = limits();
        let mut scale = whole(case_rules(true), 1000.0);
        for _ in 0..60 {
            scale = scale.zoomed(3.0, 0.5).panned(1e6);
        }
        assert!(scale.visible().0 >= first - 1.0 && scale.visible().1 <= last + 1.0);
        for _ in 0..90 {
            scale = scale.zoomed(700.0, 2.0);
        }
        let (a, b) = scale.visible();
        assert!(b - a >= LEAST_VISIBLE_SECS - 1.0, "{}", b - a);
    }

    #[test]
    fn a_case_without_dates_has_a_scale() {
        let scale = whole(Rules { collapse: true, ..Rules::default() }, 800.0);
        assert!(scale.visible().0 < scale.visible().1);
    }

    fn secs() -> impl Strategy<Value = f64> {
        let (first, last) = limits();
        first..last
    }

    proptest! {
        #[test]
        fn time_to_x_and_back(
            collapse: bool, x in 0.0..1244.0, time in secs(), zoom in -8.0..12.0f64, pan in -3000.0..3000.0
        ) {
            let scale = whole(case_rules(collapse), 1244.0).zoomed(x, zoom.exp2()).panned(pan);
            let tolerance = 1e-6 * scale.secs_per_px().max(1.0) * 100.0;
            // In a fold a pixel is years.
            let tolerance = if scale.fold_at(scale.x(time)).is_some() { 3600.0 } else { tolerance.max(1.0) };
            prop_assert!((scale.time(scale.x(time)) - time).abs() <= tolerance);
            prop_assert!((scale.x(scale.time(x)) - x).abs() < 1e-3);
        }

        #[test]
        fn later_is_further(collapse: bool, a in secs(), b in secs(), zoom in -8.0..12.0f64) {
            let scale = whole(case_rules(collapse), 1244.0).zoomed(600.0, zoom.exp2());
            let (a, b) = (a.min(b), a.max(b));
            prop_assume!(b - a > 1.0);
            prop_assert!(scale.x(a) < scale.x(b));
        }

        #[test]
        fn zoom_keeps_the_time_under_the_pointer(collapse: bool, x in 0.0..1244.0, zoom in -2.0..9.0f64) {
            let scale = whole(case_rules(collapse), 1244.0);
            let time = scale.time(x);
            let zoomed = scale.zoomed(x, zoom.exp2());
            let (first, last) = limits();
            prop_assume!(zoomed.visible().0 > first && zoomed.visible().1 < last);
            prop_assert!((zoomed.x(time) - x).abs() < 1e-3);
        }
    }
}
