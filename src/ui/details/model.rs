//! What the list of claims shows: claims grouped by claimant, and their tolls and dates on scales
//! that all rows share. Pure: knows nothing of windows.
//!
//! Invariants
//! * A group's bars are those parts of its toll that count, by the rule of [`crate::model::fatalities`];
//!   only where none counts do counts of killed or wounded stand in, hatched.
//! * A single claim's bars are all its own figures for the attacked side, also those that a larger
//!   figure of the same claimant replaces.
//! * Losses without a figure are never a bar.

use crate::model::fatalities::TollPart;
use crate::model::time::{DateStyle, month_name};
use crate::model::{ActorId, CountKind, EventId, Interval, Lang, time};
use crate::store::Store;
use crate::store::bins::Unit;

/// Whose losses a bar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The victims with the greatest figure.
    A,
    /// Both of them in one figure.
    Both,
    B,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarKind {
    Killed,
    /// Killed and wounded are not told apart.
    Mixed,
    /// Not a figure but its upper limit.
    UpTo,
}

/// A stretch on the scale of tolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub side: Side,
    pub kind: BarKind,
    pub from: u32,
    pub to: u32,
}

/// A count, by the place of its claim and its place in the claim.
pub type CountAt = (usize, usize);

/// The toll of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TollRow {
    pub bars: Vec<Bar>,
    pub least: Option<u32>,
    /// `None` beside a least figure is "or more".
    pub most: Option<u32>,
    pub approx: bool,
    /// The count whose own words say the figure.
    pub words: Option<CountAt>,
    /// A loss without a figure.
    pub losses: Option<CountAt>,
    /// The loss without a figure is told in the same claim as the figure.
    pub together: bool,
    /// Killed on the other side, and wounded told apart.
    pub aside: Vec<CountAt>,
}

impl TollRow {
    pub fn has_figure(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }

    pub fn is_open(&self) -> bool {
        self.least.is_some() && self.most.is_none()
    }

    pub fn is_empty(&self) -> bool {
        !self.has_figure() && self.losses.is_none()
    }

    fn is_mixed(&self) -> bool {
        self.bars.iter().any(|bar| bar.kind == BarKind::Mixed)
    }
}

/// Dates of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateRow {
    /// When the claimant says it happened.
    pub claimed: Vec<Interval>,
    /// When the claimant said so.
    pub stated: Vec<Interval>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub toll: TollRow,
    pub dates: DateRow,
}

/// All claims of one claimant.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub claimant: ActorId,
    pub claims: Vec<usize>,
    /// The claim that stands for the group: the one that gives its figure, else the first.
    pub lead: usize,
    pub row: Row,
}

/// The shared scale of tolls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TollAxis {
    pub ticks: Vec<u32>,
    /// The greatest figure on the scale.
    pub end: u32,
}

/// The shared scale of dates.
#[derive(Clone, Debug, PartialEq)]
pub struct DateAxis {
    pub start: i64,
    pub end: i64,
    pub ticks: Vec<(i64, String)>,
    /// What all ticks have in common: `July`, `2024`.
    pub prefix: String,
}

impl DateAxis {
    /// Place of a moment on the scale, 0 to 1.
    pub fn at(&self, moment: i64) -> f32 {
        let (start, end) = (self.start as f64, self.end as f64);
        (((moment as f64) - start) / (end - start).max(1.0)).clamp(0.0, 1.0) as f32
    }
}

/// The list of claims of one event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimsModel {
    pub groups: Vec<Group>,
    /// One row for each claim, in the order of the event's list.
    pub singles: Vec<Row>,
    /// The victims of sides a and b.
    pub sides: [Option<ActorId>; 2],
    pub tolls: Option<TollAxis>,
    pub dates: Option<DateAxis>,
    pub any_open: bool,
    pub any_mixed: bool,
    pub any_up_to: bool,
}

impl ClaimsModel {
    /// `date_width` is the room for the dates in points.
    pub fn new(store: &Store, event: EventId, lang: Lang, date_width: f32) -> Self {
        let Some(detail) = store.detail(event) else { return Self::default() };
        let tolls = store.tolls(event);
        let all_parts = || tolls.iter().flat_map(|toll| &toll.parts);
        let attacked: Vec<ActorId> =
            all_parts().filter(|part| part.counted).flat_map(|part| part.victims.iter().copied()).collect();
        let sides = sides(all_parts());
        let is_own = |part: &TollPart| {
            part.kind == CountKind::Killed
                && (part.min.is_some() || part.max.is_some())
                && part.victims.iter().any(|victim| attacked.contains(victim))
        };
        let singles: Vec<Row> = detail
            .claims
            .iter()
            .enumerate()
            .map(|(at, claim)| {
                let parts: Vec<&TollPart> = all_parts().filter(|part| part.claim == at).collect();
                Row {
                    toll: toll_row(&parts, sides, is_own),
                    dates: DateRow {
                        claimed: claim.date.iter().map(|when| when.interval).collect(),
                        stated: claim.stated.iter().map(|when| when.interval).collect(),
                    },
                }
            })
            .collect();
        let mut groups: Vec<Group> = tolls
            .iter()
            .map(|toll| {
                let parts: Vec<&TollPart> = toll.parts.iter().collect();
                let own = |part: &&&TollPart| part.counted;
                let lead = parts
                    .iter()
                    .find(own)
                    .or_else(|| parts.iter().find(|part| part.kind == CountKind::KilledOrWounded))
                    .or_else(|| parts.first())
                    .map(|part| part.claim);
                let mut dates = DateRow::default();
                for range in detail.claimed_ranges.iter().filter(|range| range.claimant == toll.claimant) {
                    push_new(&mut dates.claimed, range.interval);
                }
                for row in toll.claims.iter().filter_map(|at| singles.get(*at)) {
                    row.dates.claimed.iter().for_each(|date| push_new(&mut dates.claimed, *date));
                    row.dates.stated.iter().for_each(|date| push_new(&mut dates.stated, *date));
                }
                Group {
                    claimant: toll.claimant,
                    lead: lead.or_else(|| toll.claims.first().copied()).unwrap_or(0),
                    claims: toll.claims.clone(),
                    row: Row { toll: toll_row(&parts, sides, |part| part.counted), dates },
                }
            })
            .collect();
        // Plain figures first, the greatest first; then vague ones, partial ones, and no toll at all.
        // Claimants of one class stay in the order in which they first speak.
        let class = |group: &Group| {
            let toll = &group.row.toll;
            let whole = toll.has_figure() && !toll.together;
            match (whole, toll.approx || toll.is_mixed(), toll.is_empty()) {
                (true, false, _) => (0, u32::MAX - toll.least.or(toll.most).unwrap_or(0)),
                (true, true, _) => (1, 0),
                (false, _, false) => (2, 0),
                (false, _, true) => (3, 0),
            }
        };
        groups.sort_by_key(class);
        let rows = || groups.iter().map(|group| &group.row).chain(&singles);
        let bars = || rows().flat_map(|row| &row.toll.bars);
        Self {
            tolls: toll_axis(bars().map(|bar| bar.to).max().unwrap_or(0)),
            dates: date_axis(store.interval(event), rows().map(|row| &row.dates), lang, date_width),
            any_open: rows().any(|row| row.toll.is_open()),
            any_mixed: bars().any(|bar| bar.kind == BarKind::Mixed),
            any_up_to: bars().any(|bar| bar.kind == BarKind::UpTo),
            sides,
            singles,
            groups,
        }
    }
}

fn push_new(list: &mut Vec<Interval>, interval: Interval) {
    if !interval.is_unknown() && !list.contains(&interval) {
        list.push(interval);
    }
}

/// The two victims with the greatest figures of their own, or else in joint figures.
fn sides<'a>(parts: impl Iterator<Item = &'a TollPart>) -> [Option<ActorId>; 2] {
    let mut victims: Vec<(ActorId, (u32, u32))> = Vec::new();
    for part in parts.filter(|part| part.counted || part.kind == CountKind::KilledOrWounded) {
        let figure = part.max.or(part.min).unwrap_or(0);
        let alone = part.victims.len() == 1 && part.counted;
        for victim in &part.victims {
            let at = victims.iter().position(|(known, _)| known == victim).unwrap_or_else(|| {
                victims.push((*victim, (0, 0)));
                victims.len() - 1
            });
            if let Some((_, (own, joint))) = victims.get_mut(at) {
                let best = if alone { own } else { joint };
                *best = (*best).max(figure);
            }
        }
    }
    // Stable: those named first stay first.
    victims.sort_by_key(|(_, figures)| std::cmp::Reverse(*figures));
    let mut found = victims.into_iter().map(|(victim, _)| victim);
    [found.next(), found.next()]
}

fn side_of(victims: &[ActorId], [a, b]: [Option<ActorId>; 2]) -> Side {
    let has = |side: Option<ActorId>| side.is_some_and(|side| victims.contains(&side));
    match (has(a), has(b)) {
        (true, true) => Side::Both,
        (true, false) => Side::A,
        (false, true) => Side::B,
        (false, false) => Side::Other,
    }
}

fn toll_row(parts: &[&TollPart], sides: [Option<ActorId>; 2], counts: impl Fn(&TollPart) -> bool) -> TollRow {
    let has_figure = |part: &TollPart| part.min.is_some() || part.max.is_some();
    let mut shown: Vec<(BarKind, &TollPart)> =
        parts.iter().filter(|part| counts(part)).map(|part| (BarKind::Killed, *part)).collect();
    if shown.is_empty() {
        let mixed = parts.iter().filter(|p| p.kind == CountKind::KilledOrWounded && has_figure(p));
        let greatest = mixed.max_by_key(|part| part.max.or(part.min));
        shown.extend(greatest.map(|part| (BarKind::Mixed, *part)));
    }
    shown.sort_by_key(|(_, part)| side_of(&part.victims, sides));
    let mut row = TollRow::default();
    let mut offset = 0u32;
    for (at, (kind, part)) in shown.iter().enumerate() {
        let side = side_of(&part.victims, sides);
        let low = part.min.unwrap_or(0);
        let after_low = offset.saturating_add(low);
        if part.min.is_some() {
            row.bars.push(Bar { side, kind: *kind, from: offset, to: after_low });
        }
        if let Some(high) = part.max.filter(|high| *high > low) {
            let to = offset.saturating_add(high);
            row.bars.push(Bar { side, kind: BarKind::UpTo, from: after_low, to });
        }
        offset = offset.saturating_add(part.max.unwrap_or(low).max(low));
        row.approx |= part.approx;
        let sum = |total: Option<u32>, new: Option<u32>| {
            if at == 0 { new } else { total.zip(new).map(|(a, b)| a.saturating_add(b)) }
        };
        row.least = match (row.least, part.min) {
            (None, min) => min,
            (Some(total), min) => Some(total.saturating_add(min.unwrap_or(0))),
        };
        row.most = sum(row.most, part.max);
    }
    if let [(_, only)] = shown.as_slice() {
        row.words = Some((only.claim, only.count));
    }
    let losses = parts.iter().find(|part| part.kind == CountKind::Losses && !has_figure(part));
    row.losses = losses.map(|part| (part.claim, part.count));
    row.together = losses.is_some_and(|loss| shown.iter().any(|(_, part)| part.claim == loss.claim));
    let is_shown = |part: &TollPart| shown.iter().any(|(_, other)| std::ptr::eq(*other, part));
    let aside = parts.iter().filter(|part| {
        let other_side = part.kind == CountKind::Killed
            && !part.counted
            && side_of(&part.victims, sides) == Side::Other
            && has_figure(part);
        (other_side || (part.kind == CountKind::Wounded && has_figure(part))) && !is_shown(part)
    });
    row.aside = aside.map(|part| (part.claim, part.count)).collect();
    row
}

/// Round ticks up to and over the greatest figure.
fn toll_axis(greatest: u32) -> Option<TollAxis> {
    if greatest == 0 {
        return None;
    }
    let decades = (0..9).map(|power| 10u32.pow(power));
    let mut steps = decades.flat_map(|decade| [1, 2, 5].map(|n| decade.saturating_mul(n)));
    let step = steps.find(|step| greatest.div_ceil(*step) <= 4)?;
    let count = greatest.div_ceil(step).max(1);
    let ticks: Vec<u32> = (0..=count).map(|n| n.saturating_mul(step)).collect();
    Some(TollAxis { end: ticks.last().copied()?, ticks })
}

/// The scale that holds all claimed dates and the event's own, and statements made soon after;
/// `None` if no claim has a date.
fn date_axis<'a>(
    own: Interval,
    rows: impl Iterator<Item = &'a DateRow>,
    lang: Lang,
    width: f32,
) -> Option<DateAxis> {
    const DAY: i64 = time::SECONDS_PER_DAY;
    let limits =
        |interval: &Interval| match (interval.is_unknown(), interval.open_start(), interval.open_end()) {
            (true, ..) | (_, true, true) => None,
            (_, false, false) => Some((interval.start, interval.end)),
            (_, false, true) => Some((interval.start, interval.start + DAY)),
            (_, true, false) => Some((interval.end - DAY, interval.end)),
        };
    let mut stated: Vec<Interval> = Vec::new();
    let mut extent = limits(&own);
    let mut any = false;
    for row in rows {
        any |= !row.claimed.is_empty() || !row.stated.is_empty();
        stated.extend(&row.stated);
        for (start, end) in row.claimed.iter().filter_map(limits) {
            extent = Some(extent.map_or((start, end), |(a, b)| (a.min(start), b.max(end))));
        }
    }
    let (start, end) = extent.filter(|_| any)?;
    let near = (end - start).max(7 * DAY);
    let (mut from, mut to) = (start, end);
    for (said, until) in stated.iter().filter_map(limits) {
        if said >= start - near && until <= end + near {
            (from, to) = (from.min(said), to.max(until));
        }
    }
    let pad = ((to - from) / 16).max(DAY / 4);
    let (start, end) = (from - pad, to + pad);
    let points_per_second = f64::from(width) / ((end - start).max(1)) as f64;
    let steps = [
        (Unit::Day, 1, DAY, 19.0),
        (Unit::Day, 2, DAY, 19.0),
        (Unit::Day, 5, DAY, 19.0),
        (Unit::Day, 7, DAY, 19.0),
        (Unit::Day, 14, DAY, 19.0),
        (Unit::Month, 1, 30 * DAY, 28.0),
        (Unit::Month, 3, 30 * DAY, 28.0),
        (Unit::Month, 6, 30 * DAY, 28.0),
        (Unit::Year, 1, 365 * DAY, 32.0),
        (Unit::Year, 2, 365 * DAY, 32.0),
        (Unit::Year, 5, 365 * DAY, 32.0),
        (Unit::Decade, 1, 3652 * DAY, 32.0),
        (Unit::Decade, 2, 3652 * DAY, 32.0),
        (Unit::Decade, 5, 3652 * DAY, 32.0),
    ];
    let (unit, by, ..) = steps
        .into_iter()
        .find(|(_, by, secs, least)| (*by * *secs) as f64 * points_per_second >= *least)
        .unwrap_or((Unit::Decade, 10, 3652 * DAY, 32.0));
    let mut moments: Vec<i64> = Vec::new();
    let mut moment = unit.floor(from);
    while moment < to && moments.len() < 16 {
        if moment >= start {
            moments.push(moment);
        }
        let next = unit.add(moment, by);
        if next <= moment {
            break;
        }
        moment = next;
    }
    let first = moments.first().and_then(|moment| time::date_of(*moment));
    let prefix = match (unit, first) {
        (Unit::Day, Some(date)) => month_name(date.month(), lang, DateStyle::Long).to_owned(),
        (Unit::Month, Some(date)) if date.month() != 1 => date.year().to_string(),
        _ => String::new(),
    };
    let label = |moment: &i64| -> Option<(i64, String)> {
        let date = time::date_of(*moment)?;
        let text = match unit {
            Unit::Day => date.day().to_string(),
            Unit::Month if date.month() != 1 => month_name(date.month(), lang, DateStyle::Short).to_owned(),
            _ => date.year().to_string(),
        };
        Some((*moment, text))
    };
    Some(DateAxis { start, end, ticks: moments.iter().filter_map(label).collect(), prefix })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::parse_edtf;

    #[test]
    fn ticks_are_round_and_reach_over_the_greatest_figure() {
        assert_eq!(toll_axis(60).map(|axis| axis.ticks), Some(vec![0, 20, 40, 60]));
        assert_eq!(toll_axis(77).map(|axis| axis.ticks), Some(vec![0, 20, 40, 60, 80]));
        assert_eq!(toll_axis(4).map(|axis| axis.ticks), Some(vec![0, 1, 2, 3, 4]));
        assert_eq!(toll_axis(200).map(|axis| axis.end), Some(200));
        assert_eq!(toll_axis(0), None);
        assert!(toll_axis(u32::MAX).is_none_or(|axis| axis.end >= 1));
    }

    #[test]
    fn dates_of_days_take_ticks_of_days() {
        let own = parse_edtf("2024-07-25/2024-07-27").expect("date").interval;
        let row = DateRow {
            claimed: vec![
                parse_edtf("2024-07-22/2024-07-27").expect("date").interval,
                parse_edtf("2024-07-25/..").expect("date").interval,
            ],
            stated: vec![parse_edtf("2024-07-29").expect("date").interval],
        };
        let axis = date_axis(own, [&row].into_iter(), Lang::En, 88.0).expect("axis");
        assert_eq!(axis.prefix, "July");
        let labels: Vec<&str> = axis.ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["22", "24", "26", "28"]);
        assert!(date_axis(Interval::UNKNOWN, [].into_iter(), Lang::En, 88.0).is_none());
    }

    #[test]
    fn years_take_ticks_of_years() {
        let own = parse_edtf("2012/2020").expect("date").interval;
        let row = DateRow { claimed: vec![own], stated: Vec::new() };
        let axis = date_axis(own, [&row].into_iter(), Lang::En, 88.0).expect("axis");
        assert!(axis.ticks.len() >= 2 && axis.prefix.is_empty());
        let endless = DateRow { claimed: vec![Interval::ALL, Interval::UNKNOWN], stated: Vec::new() };
        assert!(date_axis(Interval::ALL, [&endless].into_iter(), Lang::En, 88.0).is_none());
        assert!(date_axis(own, [].into_iter(), Lang::En, 88.0).is_none());
    }
}
