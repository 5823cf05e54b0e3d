//! One record → one event, or the reason why it is none.
//!
//! Common rows take a short path: an ISO date, plain degrees, a plain number. Whatever else comes up is
//! noted in [`Said`] while the row is read and told when it is known what became of the row.

use memchr::memchr;

use crate::io::import::stand_in::codes;
use crate::io::import::stand_in::values::{Axis, Date};
use crate::model::import::{Issue, Outcome};
use crate::model::time::{DatePrecision, SECONDS_PER_DAY};
use crate::model::{Fatalities, GeoPrecision, Interval, LatLon};
use crate::store::Lists;
use crate::store::columns::{Times, TollColumn};

use super::found::Said;
use super::names::hash_folded;
use super::segment::{Dictionaries, Part, Reader, Scratch, UNIT};
use super::split::{Fields, Flaw, align};
use super::{NONE, odd};

/// When a row says that its event was.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Time {
    /// [`Times::UNDATED`] where the interval is given, or nothing.
    day: i32,
    interval: Option<Interval>,
    precision: DatePrecision,
}

impl Time {
    const NONE: Self = Self { day: Times::UNDATED, interval: None, precision: DatePrecision::Unknown };

    fn is_none(&self) -> bool {
        self.day == Times::UNDATED && self.interval.is_none()
    }

    fn whole(&self) -> Interval {
        self.interval.unwrap_or_else(|| {
            let start = i64::from(self.day) * SECONDS_PER_DAY;
            Interval { start, end: start + SECONDS_PER_DAY }
        })
    }
}

impl From<Date> for Time {
    fn from(date: Date) -> Self {
        match date {
            Date::Day(day) => Self { day, interval: None, precision: DatePrecision::Day },
            Date::Other(interval, precision) => {
                Self { day: Times::UNDATED, interval: Some(interval), precision }
            }
        }
    }
}

impl Reader<'_> {
    /// Reads the record at `start`, whose fields end at `scratch.ends`, into a row of `part`.
    pub fn row(
        &self,
        start: usize,
        next: usize,
        flaw: Flaw,
        scratch: &mut Scratch,
        dictionaries: &mut Dictionaries,
        part: &mut Part,
    ) {
        let Scratch { ends, key, said } = scratch;
        said.marks.clear();
        let plan = &self.plan;
        let mut found = ends.len();
        if found != self.num_fields || flaw != Flaw::None {
            if found == 1 && ends.first() == Some(&start) && self.num_fields > 1 {
                // Programs like to leave empty lines at the end.
                if next < self.bytes.len() {
                    self.leave_out(Issue::EmptyRow, start, next, part);
                }
                return;
            }
            found = align((self.bytes, start), ends, self.num_fields, plan.notes, self.marks.quotes);
            match flaw {
                Flaw::Unclosed => said.row(Issue::UnclosedQuote),
                Flaw::Torn => said.row(Issue::OddQuotes),
                Flaw::None => {}
            }
            if flaw != Flaw::Unclosed && found < self.num_fields {
                said.row(Issue::TooFewFields);
            } else if found > self.num_fields && ends.len() == self.num_fields {
                said.row(Issue::TooManyFields);
            }
        }
        let fields = Fields { bytes: self.bytes, start, ends, quotes: self.marks.quotes };
        if !self.dropped.is_empty() && self.dropped.binary_search(&(start as u64)).is_ok() {
            return self.leave_out(Issue::DroppedCopy, start, next, part);
        }

        let time = self.time(&fields, said);
        let position = self.position(&fields, said);
        key.clear();
        for (at, column) in [plan.country, plan.admin1, plan.place].into_iter().enumerate() {
            if at > 0 {
                key.push(UNIT);
            }
            key.extend_from_slice(&fields.clean(column));
        }
        let is_placed = position.is_some() || key.len() > 2;
        let is_dated = !time.is_none();
        if !is_dated || found != self.num_fields {
            let is_event = is_dated || is_placed || self.has_words(&fields);
            if let Some(issue) = odd::no_event(self, &fields, is_dated, is_event) {
                return self.leave_out(issue, start, next, part);
            }
        }
        if (!is_dated && !plan.keep.undated) || (position.is_none() && !plan.keep.unplaced) {
            return self.leave_out(Issue::NotKept, start, next, part);
        }
        let place = if key.len() > 2 { dictionaries.places.intern(key) } else { Lists::NONE };
        let row = part.offsets.len();
        if let Some(interval) = time.interval {
            part.odd.push((row, interval));
        }

        let date_precision = match fields.clean(plan.date_precision) {
            _ if !is_dated => DatePrecision::Unknown,
            code if code.is_empty() => time.precision,
            code => code_of(&code, |code| codes::date_precision(plan.dialect, code))
                .unwrap_or(DatePrecision::Unknown),
        };
        let geo_precision = match fields.clean(plan.geo_precision) {
            _ if position.is_none() => GeoPrecision::Unknown,
            code if code.is_empty() => GeoPrecision::Exact,
            code => code_of(&code, |code| codes::geo_precision(plan.dialect, code))
                .unwrap_or(GeoPrecision::Unknown),
        };
        key.clear();
        key.extend([date_precision.index() as u8, geo_precision.index() as u8]);
        key.extend_from_slice(&fields.clean(plan.event_type));
        key.push(UNIT);
        key.extend_from_slice(&fields.clean(plan.sub_type));
        part.kinds.push(dictionaries.kinds.intern(key));

        self.toll(&fields, row, said, part);

        for column in &plan.actors {
            each_name(&fields, *column, |name| part.actors.add(dictionaries.actors.intern(name)));
        }
        part.actors.end_row();
        each_name(&fields, plan.source, |name| part.sources.add(dictionaries.sources.intern(name)));
        part.sources.end_row();

        if plan.id == NONE {
            let record = self.bytes.get(start..next).unwrap_or_default();
            part.hashes.push(hash_folded(record.trim_ascii_end()));
        } else {
            let id = fields.clean(plan.id);
            if id.is_empty() {
                said.tell(Issue::NoId, plan.id);
                part.hashes.push(super::repeats::NO_ID);
            } else {
                part.hashes.push(hash_folded(&id));
            }
        }
        part.offsets.push(start);
        part.days.push(time.day);
        part.places.push(place);
        let (lat, lon) = position.map_or((f32::NAN, f32::NAN), |p| (p.lat as f32, p.lon as f32));
        part.lat.push(lat);
        part.lon.push(lon);

        if self.is_thorough {
            odd::texts(self, &fields, start..next, said);
        } else if next - start > odd::HUGE_CHARS {
            odd::huge(&fields, said);
        }
        if !said.marks.is_empty() {
            self.tell(said, &fields, start, part);
        }
    }

    #[cold]
    fn leave_out(&self, issue: Issue, start: usize, next: usize, part: &mut Part) {
        let row = self.bytes.get(start..next).unwrap_or_default();
        part.found.tell(issue, NONE, start, row.trim_ascii());
        part.left_out += 1;
    }

    #[cold]
    fn tell(&self, said: &Said, fields: &Fields<'_, '_>, start: usize, part: &mut Part) {
        let mut has_gap = false;
        for (issue, column) in &said.marks {
            has_gap |= issue.outcome() == Outcome::KeptWithGap;
            if *column == NONE {
                part.found.tell(*issue, NONE, start, fields.raw(0));
            } else {
                part.found.tell(*issue, *column, start, &fields.clean(*column));
            }
        }
        part.with_gaps += u64::from(has_gap);
    }

    fn time(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Time {
        let plan = &self.plan;
        let mut read = |column: usize| {
            let field = fields.clean(column);
            if field.is_empty() {
                return None;
            }
            match plan.forms.date(&field) {
                Ok((date, None)) => Some(Time::from(date)),
                Ok((date, Some(note))) => {
                    said.tell(note, column);
                    Some(Time::from(date))
                }
                Err(issue) => {
                    said.tell(issue, column);
                    None
                }
            }
        };
        let (first, last) = (read(plan.date), read(plan.date_end));
        match (first, last) {
            (Some(first), None) if plan.time == NONE => first,
            (None, None) if plan.year == NONE => {
                let columns = [plan.date, plan.date_end];
                let told = said.marks.iter().any(|(_, column)| columns.contains(column));
                let column = if plan.date != NONE { plan.date } else { plan.date_end };
                if column != NONE && !told {
                    said.tell(Issue::NoDate, column);
                }
                Time::NONE
            }
            (first, last) => self.rarer_time(fields, first, last, said),
        }
    }

    /// Dates in several columns.
    fn rarer_time(
        &self,
        fields: &Fields<'_, '_>,
        first: Option<Time>,
        last: Option<Time>,
        said: &mut Said,
    ) -> Time {
        let plan = &self.plan;
        let first = first.or_else(|| {
            let [year, month, day] = [plan.year, plan.month, plan.day].map(|column| fields.clean(column));
            if year.is_empty() {
                return None;
            }
            match plan.forms.ymd(&year, &month, &day) {
                Ok((date, note)) => {
                    if let Some(note) = note {
                        said.tell(note, plan.year);
                    }
                    Some(Time::from(date))
                }
                Err(issue) => {
                    // Told of the part that is most likely wrong.
                    let at = [plan.day, plan.month].into_iter().find(|column| *column != NONE);
                    said.tell(issue, at.unwrap_or(plan.year));
                    None
                }
            }
        });
        let (first, last) = match (first, last) {
            (None, None) => {
                if !said.marks.iter().any(|(issue, _)| is_about_dates(*issue)) {
                    let column = [plan.date, plan.year].into_iter().find(|column| *column != NONE);
                    said.tell(Issue::NoDate, column.unwrap_or(NONE));
                }
                return Time::NONE;
            }
            (Some(only), None) => return self.timed(fields, only, said),
            (None, Some(only)) => return only,
            (Some(first), Some(last)) => (first, last),
        };
        if first.day == last.day && first.interval == last.interval {
            return self.timed(fields, first, said);
        }
        let (begin, end) = (first.whole(), last.whole());
        let precision = match (first.precision, last.precision) {
            (DatePrecision::Day, DatePrecision::Day) => DatePrecision::Days,
            (a, b) if a.index() >= b.index() => a,
            (_, b) => b,
        };
        if end.end > begin.start && end.start >= begin.start {
            return Time::over(Interval { start: begin.start, end: end.end }, precision);
        }
        said.tell(Issue::EndBeforeBegin, plan.date_end);
        if plan.remedies.swap_interval {
            return Time::over(Interval { start: end.start, end: begin.end.max(end.end) }, precision);
        }
        first
    }

    /// A day with the time of day that stands in a column of its own.
    fn timed(&self, fields: &Fields<'_, '_>, time: Time, said: &mut Said) -> Time {
        let field = fields.clean(self.plan.time);
        if field.is_empty() || time.interval.is_some() {
            return time;
        }
        match odd::clock(&field) {
            Some((second, lasts)) => {
                let start = time.whole().start + second;
                Time::over(Interval { start, end: start + lasts }, DatePrecision::Time)
            }
            None => {
                said.tell(Issue::CoarseDate, self.plan.time);
                time
            }
        }
    }

    fn position(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<LatLon> {
        let plan = &self.plan;
        let (mut lat, mut lon) = (fields.clean(plan.latitude), fields.clean(plan.longitude));
        if plan.remedies.swap_coordinates {
            std::mem::swap(&mut lat, &mut lon);
        }
        let (y, x) = match (lat.is_empty(), lon.is_empty()) {
            (false, false) => {
                match (plan.forms.degrees(&lat, Axis::Latitude), plan.forms.degrees(&lon, Axis::Longitude)) {
                    (Ok((y, None)), Ok((x, None))) => (y, x),
                    (Ok((y, a)), Ok((x, b))) => {
                        a.into_iter().for_each(|note| said.tell(note, plan.latitude));
                        b.into_iter().for_each(|note| said.tell(note, plan.longitude));
                        (y, x)
                    }
                    (a, b) => odd::degrees(self, [a, b], [&lat, &lon], said)?,
                }
            }
            (true, true) => {
                let field = fields.clean(plan.coordinates);
                if field.is_empty() {
                    let told = [plan.latitude, plan.coordinates].into_iter().find(|at| *at != NONE);
                    if let Some(column) = told {
                        said.tell(Issue::NoPlace, column);
                    }
                    return None;
                }
                match plan.forms.pair(&field) {
                    Ok(((y, x), note)) => {
                        note.into_iter().for_each(|note| said.tell(note, plan.coordinates));
                        if plan.remedies.swap_coordinates { (x, y) } else { (y, x) }
                    }
                    Err(issue) => {
                        said.tell(issue, plan.coordinates);
                        return None;
                    }
                }
            }
            (true, false) => {
                said.tell(Issue::HalfCoordinate, plan.latitude);
                return None;
            }
            (false, true) => {
                said.tell(Issue::HalfCoordinate, plan.longitude);
                return None;
            }
        };
        if y == 0.0 && x == 0.0 {
            let column = if lat.is_empty() { plan.coordinates } else { plan.latitude };
            said.tell(Issue::NullIsland, column);
            if plan.remedies.unplace_null_island {
                return None;
            }
        }
        LatLon::new(y, x)
    }

    fn toll(&self, fields: &Fields<'_, '_>, row: usize, said: &mut Said, part: &mut Part) {
        let plan = &self.plan;
        let mut read = |column: usize| {
            let field = fields.clean(column);
            if field.is_empty() {
                return Default::default();
            }
            match plan.forms.count(&field) {
                Ok((figure, note)) => {
                    note.into_iter().for_each(|note| said.tell(note, column));
                    figure
                }
                Err(Issue::UnknownCode) if plan.remedies.negative_is_unknown => Default::default(),
                Err(issue) => {
                    said.tell(issue, column);
                    Default::default()
                }
            }
        };
        let figure = read(plan.best);
        let best = figure.best.unwrap_or(TollColumn::NONE);
        part.best.push(best);
        if plan.low == NONE && plan.high == NONE && figure.low.is_none() && figure.high.is_none() {
            return;
        }
        let (low, high) = (read(plan.low), read(plan.high));
        let or_first = |other: Option<u32>, own: Option<u32>| other.or(own).or(figure.best);
        let mut low = or_first(low.best.or(low.low), figure.low);
        let mut high = or_first(high.best.or(high.high), figure.high);
        let mut best = figure.best;
        let given: Vec<u32> = [low, best, high].into_iter().flatten().collect();
        if !given.is_sorted() {
            said.tell(Issue::LowAboveBest, if plan.best == NONE { plan.low } else { plan.best });
            if plan.remedies.order_tolls {
                let mut sorted = given;
                sorted.sort_unstable();
                let mut sorted = sorted.into_iter();
                for slot in [&mut low, &mut best, &mut high].into_iter().filter(|slot| slot.is_some()) {
                    *slot = sorted.next();
                }
            }
        }
        let claimants = u32::from(low.or(best).or(high).is_some());
        let toll = Fatalities { low, best, high, best_open: false, high_open: false, claimants };
        let plain = best.unwrap_or(TollColumn::NONE);
        if let Some(last) = part.best.last_mut() {
            *last = plain;
        }
        if toll != TollColumn::plain(plain) {
            part.spreads.push((row, toll));
        }
    }

    /// Whether a row says what happened.
    fn has_words(&self, fields: &Fields<'_, '_>) -> bool {
        self.plan.words.iter().any(|column| !fields.clean(*column).is_empty())
    }
}

impl Time {
    /// One day if that is what the interval is.
    fn over(interval: Interval, precision: DatePrecision) -> Self {
        let day = interval.start.div_euclid(SECONDS_PER_DAY);
        let is_day = interval.start.rem_euclid(SECONDS_PER_DAY) == 0
            && interval.end.checked_sub(interval.start) == Some(SECONDS_PER_DAY);
        match i32::try_from(day) {
            Ok(day) if is_day => Self { day, interval: None, precision },
            _ => Self { day: Times::UNDATED, interval: Some(interval), precision },
        }
    }
}

fn is_about_dates(issue: Issue) -> bool {
    matches!(issue, Issue::DateForm | Issue::NoSuchDate | Issue::FarDate | Issue::UnknownCode)
}

/// The value of a code, if it is text at all.
fn code_of<T>(code: &[u8], value: impl Fn(&str) -> Option<T>) -> Option<T> {
    std::str::from_utf8(code).ok().and_then(value)
}

/// Tells the names of a field, which stand between semicolons.
fn each_name(fields: &Fields<'_, '_>, column: usize, mut tell: impl FnMut(&[u8])) {
    let field = fields.clean(column);
    let mut rest: &[u8] = &field;
    while !rest.is_empty() {
        let (name, after) = match memchr(b';', rest) {
            Some(at) => (rest.get(..at), rest.get(at + 1..)),
            None => (Some(rest), None),
        };
        let name = name.unwrap_or_default().trim_ascii();
        if !name.is_empty() {
            tell(name);
        }
        rest = after.unwrap_or_default();
    }
}
