//! Marks and words of the time axis, from hours to millennia. Pure.
//!
//! The finest step is taken whose labels have room; the next finer step becomes the small marks.
//! Years stand out. Where no visible label tells the year, the first one does.

use crate::model::Lang;
use crate::model::time::{DateStyle, SECONDS_PER_DAY, civil_from_days, month_name};
use crate::store::bins::Unit;

use super::scale::Scale;

/// How much a mark stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Small,
    Labelled,
    /// Start of a year.
    Year,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub time: i64,
    pub x: f64,
    pub rank: Rank,
    pub label: String,
}

/// Every how many units there is a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    unit: Unit,
    n: i64,
}

const STEPS: [Step; 20] = [
    Step { unit: Unit::Hour, n: 1 },
    Step { unit: Unit::Hour, n: 3 },
    Step { unit: Unit::Hour, n: 6 },
    Step { unit: Unit::Hour, n: 12 },
    Step { unit: Unit::Day, n: 1 },
    Step { unit: Unit::Day, n: 2 },
    Step { unit: Unit::Day, n: 5 },
    Step { unit: Unit::Day, n: 15 },
    Step { unit: Unit::Month, n: 1 },
    Step { unit: Unit::Month, n: 3 },
    Step { unit: Unit::Year, n: 1 },
    Step { unit: Unit::Year, n: 2 },
    Step { unit: Unit::Year, n: 5 },
    Step { unit: Unit::Year, n: 10 },
    Step { unit: Unit::Year, n: 20 },
    Step { unit: Unit::Year, n: 50 },
    Step { unit: Unit::Year, n: 100 },
    Step { unit: Unit::Year, n: 200 },
    Step { unit: Unit::Year, n: 500 },
    Step { unit: Unit::Year, n: 1000 },
];

/// Room that a label needs.
const LABEL_PX: f64 = 52.0;
/// Least distance of small marks.
const SMALL_PX: f64 = 7.0;
/// More marks than this are never made.
const MAX_TICKS: usize = 2000;

impl Step {
    fn secs(self) -> f64 {
        self.unit.mean_secs() * self.n as f64
    }

    /// The mark at or before a moment.
    fn floor(self, time: i64) -> i64 {
        let (year, month, day) = civil_from_days(time.div_euclid(SECONDS_PER_DAY));
        match self.unit {
            Unit::Hour => {
                let length = 3600 * self.n;
                time.div_euclid(length) * length
            }
            Unit::Day => {
                // Counted from the first of the month; a mark just before the next first is left out.
                let mut back = (day - 1) % self.n;
                if self.n > 1 && day - back > 31 - self.n / 2 {
                    back += self.n;
                }
                Unit::Day.add(Unit::Day.floor(time), -back)
            }
            Unit::Month => Unit::Month.add(Unit::Month.floor(time), -((month - 1) % self.n)),
            _ => Unit::Year.add(Unit::Year.floor(time), -year.rem_euclid(self.n)),
        }
    }

    /// The mark after a mark.
    fn next(self, time: i64) -> i64 {
        if self.unit == Unit::Day && self.n > 1 {
            let month = Unit::Month.add(Unit::Month.floor(time), 1);
            let next = Unit::Day.add(time, self.n);
            return if self.floor(next.min(month - 1)) == next { next } else { month };
        }
        self.unit.add(time, self.n)
    }
}

/// The unit of the labelled marks, for snapping.
pub fn snap_unit(scale: &Scale) -> Unit {
    let at = labelled(scale);
    STEPS.get(at.saturating_sub(1)).map_or(Unit::Day, |step| step.unit)
}

fn labelled(scale: &Scale) -> usize {
    let fits = |step: &Step| step.secs() / scale.secs_per_px() >= LABEL_PX;
    STEPS.iter().position(fits).unwrap_or(STEPS.len() - 1)
}

/// The marks of the visible part of a scale, in order.
pub fn ticks(scale: &Scale, lang: Lang) -> Vec<Tick> {
    let at = labelled(scale);
    let Some(step) = STEPS.get(at).copied() else { return Vec::new() };
    let fits = |step: &&Step| step.secs() / scale.secs_per_px() >= SMALL_PX;
    let small = at.checked_sub(1).and_then(|at| STEPS.get(at)).filter(fits).copied();
    let (from, to) = scale.visible();
    let mut times = marks(scale, step, from, to);
    let labelled = times.clone();
    if let Some(small) = small {
        times.extend(marks(scale, small, from, to));
        times.sort_unstable();
        times.dedup();
    }
    let tells_year = |time: i64| Unit::Year.floor(time) == time;
    let year_seen = labelled.iter().any(|time| tells_year(*time) && scale.x(*time as f64) >= 0.0);
    let mut first = true;
    times
        .into_iter()
        .map(|time| {
            let x = scale.x(time as f64);
            let is_labelled = labelled.binary_search(&time).is_ok();
            let rank = match (is_labelled, tells_year(time)) {
                (true, true) => Rank::Year,
                (true, false) => Rank::Labelled,
                (false, _) => Rank::Small,
            };
            let label = if is_labelled && x >= 0.0 {
                let full = std::mem::take(&mut first) && !year_seen;
                label(step, time, full, lang)
            } else {
                String::new()
            };
            Tick { time, x, rank, label }
        })
        .collect()
}

/// Marks of one step outside of folds.
fn marks(scale: &Scale, step: Step, from: f64, to: f64) -> Vec<i64> {
    let mut times = Vec::new();
    let mut time = step.floor(from as i64);
    // A mark on the very edge would have its label beyond it.
    let to = to - scale.secs_per_px();
    while (time as f64) < to && times.len() < MAX_TICKS {
        let inside = scale.folds().iter().find(|f| f.start < time as f64 && (time as f64) < f.end);
        if let Some(fold) = inside {
            let after = step.floor(fold.end as i64);
            time = if (after as f64) < fold.end { step.next(after) } else { after };
            continue;
        }
        times.push(time);
        let next = step.next(time);
        if next <= time {
            break;
        }
        time = next;
    }
    times
}

fn label(step: Step, time: i64, full: bool, lang: Lang) -> String {
    let (year, month, day) = civil_from_days(time.div_euclid(SECONDS_PER_DAY));
    let clock = time.rem_euclid(SECONDS_PER_DAY);
    let name = month_name(month as i8, lang, DateStyle::Short);
    if clock == 0 && (month, day) == (1, 1) {
        return year.to_string();
    }
    match (step.unit, full) {
        (Unit::Hour, false) if clock != 0 => format!("{:02}:{:02}", clock / 3600, clock % 3600 / 60),
        (Unit::Hour, false) => format!("{day} {name}"),
        (Unit::Hour | Unit::Day, true) => format!("{day} {name} {year}"),
        (Unit::Day, false) if day == 1 => name.to_owned(),
        (Unit::Day, false) => day.to_string(),
        (_, true) => format!("{name} {year}"),
        (_, false) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scale::{Rules, Scale};
    use super::*;
    use crate::model::time::parse_edtf;

    fn labels(from_to: &str, width: f64) -> Vec<String> {
        let interval = parse_edtf(from_to).expect("dates").interval;
        let scale =
            Scale::fitted(Rules::default(), width, (interval.start as f64, interval.end as f64), 0.0, 0.0);
        let ticks = ticks(&scale, Lang::En);
        assert!(ticks.is_sorted_by(|a, b| a.time < b.time));
        ticks.into_iter().map(|tick| tick.label).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn labels_from_hours_to_centuries() {
        assert_eq!(
            labels("2024-07-27", 700.0),
            ["27 Jul 2024", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]
        );
        assert_eq!(labels("2024-07-25/2024-07-28", 300.0), ["25 Jul 2024", "26", "27", "28"]);
        assert_eq!(
            labels("2024-06-28/2024-07-20", 260.0),
            ["1 Jul 2024", "6", "11", "16"],
            "days count from the first of a month"
        );
        assert_eq!(labels("2023-11/2024-02", 300.0), ["Nov", "Dec", "2024", "Feb"]);
        assert_eq!(labels("2022/2023", 586.0), ["2022", "Apr", "Jul", "Oct", "2023", "Apr", "Jul", "Oct"]);
        assert_eq!(labels("1990/2009", 250.0), ["1990", "1995", "2000", "2005"]);
        assert_eq!(labels("1000/1999", 300.0), ["1000", "1200", "1400", "1600", "1800"]);
    }

    #[test]
    fn the_first_label_tells_the_year_where_no_other_does() {
        assert_eq!(labels("2024-03/2024-06", 300.0), ["Mar 2024", "Apr", "May", "Jun"]);
    }

    #[test]
    fn no_mark_lies_in_a_fold() {
        use super::super::scale::Gaps;
        let interval = |text: &str| parse_edtf(text).expect("date").interval;
        let gaps = Gaps::of(["2000-01", "2000-03", "2010-05", "2010-08"].map(interval).into_iter());
        let rules = Rules { gaps: gaps.into(), collapse: true, opened: None };
        let scale = super::super::scale::whole(rules, 900.0);
        assert_eq!(scale.folds().len(), 1);
        let marks = ticks(&scale, Lang::En);
        assert!(marks.len() > 4);
        for tick in marks {
            assert!(scale.folds().iter().all(|f| tick.time as f64 <= f.start || tick.time as f64 >= f.end));
        }
    }
}
