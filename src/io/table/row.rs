//! One record → one event, or the reason why it is none.
//!
//! Common rows take a short path: an ISO date, plain degrees, a plain number. Whatever else comes up is
//! noted in [`Said`] while the row is read and told when it is known what became of the row.

use memchr::memchr;

use crate::io::import::values::{Axis, Date, Figure, is_open};
use crate::model::import::{Issue, Outcome};
use crate::model::time::DatePrecision;
use crate::model::{Fatalities, GeoPrecision, LatLon};
use crate::store::Lists;
use crate::store::columns::{Times, TollColumn};

use super::found::Said;
use super::names::hash_folded;
use super::segment::{Dictionaries, Part, Reader, Scratch, UNIT};
use super::split::{Fields, Flaw, align};
use super::{NONE, odd};

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

        let date = self.date(&fields, said);
        let position = self.position(&fields, said);
        key.clear();
        for (at, column) in [plan.country, plan.admin1, plan.place].into_iter().enumerate() {
            if at > 0 {
                key.push(UNIT);
            }
            key.extend_from_slice(&fields.clean(column));
        }
        let is_placed = position.is_some() || key.len() > 2;
        let is_dated = date.is_some();
        if !is_dated || found != self.num_fields {
            let is_event = is_dated || is_placed || plan.has_features || self.has_words(&fields);
            if let Some(issue) = odd::no_event(self, &fields, is_dated, is_event) {
                return self.leave_out(issue, start, next, part);
            }
        }
        if (!is_dated && !plan.keep.undated) || (position.is_none() && !plan.keep.unplaced) {
            return self.leave_out(Issue::NotKept, start, next, part);
        }
        let place = if key.len() > 2 { dictionaries.places.intern(key) } else { Lists::NONE };
        let row = part.offsets.len();
        let (day, own_precision) = match date {
            Some(Date::Day(day)) => (day, DatePrecision::Day),
            Some(Date::Other(interval, precision)) => {
                part.odd.push((row, interval));
                (Times::UNDATED, precision)
            }
            None => (Times::UNDATED, DatePrecision::Unknown),
        };

        let date_precision = match fields.clean(plan.date_precision) {
            _ if !is_dated => DatePrecision::Unknown,
            code if code.is_empty() => own_precision,
            code => plan.date_code(&code, own_precision),
        };
        let geo_precision = match fields.clean(plan.geo_precision) {
            _ if position.is_none() => GeoPrecision::Unknown,
            code if code.is_empty() => GeoPrecision::Exact,
            code => plan.geo_code(&code),
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
        part.days.push(day);
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

    fn date(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<Date> {
        let plan = &self.plan;
        let field = fields.clean(plan.date);
        if plan.date_end == NONE && plan.time == NONE && !field.is_empty() {
            match plan.forms.date(&field) {
                Ok((date, None)) => return Some(date),
                Ok((date, Some(note))) => {
                    said.tell(note, plan.date);
                    return Some(date);
                }
                // Words for no date; other columns may have it.
                Err(Issue::NoDate) => {}
                Err(issue) => {
                    said.tell(issue, plan.date);
                    return None;
                }
            }
        }
        self.rarer_date(fields, said)
    }

    /// A date in several columns, or none.
    fn rarer_date(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<Date> {
        let plan = &self.plan;
        let (mut is_bad, mut begin_open, mut end_open) = (false, false, false);
        let mut read = |column: usize, open: &mut bool| {
            let field = fields.clean(column);
            if field.is_empty() {
                return None;
            }
            if is_open(&field) {
                *open = true;
                return None;
            }
            match plan.forms.date(&field) {
                Ok((date, note)) => {
                    note.into_iter().for_each(|note| said.tell(note, column));
                    Some(date)
                }
                Err(Issue::NoDate) => None,
                Err(issue) => {
                    is_bad = true;
                    said.tell(issue, column);
                    None
                }
            }
        };
        let (begin, end) = (read(plan.date, &mut begin_open), read(plan.date_end, &mut end_open));
        // A date that is there and cannot be read is not made up from its parts.
        let begin = if begin.is_none() && !is_bad && !begin_open { self.parts(fields, said) } else { begin };
        let date = match (begin, end) {
            (Some(begin), None) if end_open => Date::between(Some(begin), None),
            (Some(begin), None) => Ok(begin),
            (None, Some(end)) if begin_open => Date::between(None, Some(end)),
            (None, Some(end)) => Ok(end),
            (None, None) => Err(Issue::NoDate),
            (Some(begin), Some(end)) if begin == end => Ok(begin),
            (Some(begin), Some(end)) => Date::between(Some(begin), Some(end)).or_else(|issue| {
                said.tell(issue, plan.date_end);
                let swaps = plan.remedies.swap_interval;
                if swaps { Date::between(Some(end), Some(begin)) } else { Ok(begin) }
            }),
        };
        let Ok(date) = date else {
            let columns = [plan.date, plan.date_end, plan.year, plan.month, plan.day];
            let is_told = said.marks.iter().any(|(_, column)| columns.contains(column));
            if let Some(column) = columns.into_iter().find(|column| *column != NONE && !is_told) {
                said.tell(Issue::NoDate, column);
            }
            return None;
        };
        let clock = fields.clean(plan.time);
        if clock.is_empty() {
            return Some(date);
        }
        match plan.forms.time(&clock) {
            Ok(clock) => Some(date.at(clock)),
            Err(Issue::NoDate) => Some(date),
            Err(_) => {
                said.tell(Issue::CoarseDate, plan.time);
                Some(date)
            }
        }
    }

    /// A date whose parts stand in columns of their own.
    fn parts(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<Date> {
        let plan = &self.plan;
        let [year, month, day] = [plan.year, plan.month, plan.day].map(|column| fields.clean(column));
        if year.is_empty() {
            return None;
        }
        // Told of the part that is most likely odd.
        let at = [plan.day, plan.month].into_iter().find(|column| *column != NONE).unwrap_or(plan.year);
        match plan.forms.ymd(&year, &month, &day) {
            Ok((date, note)) => {
                note.into_iter().for_each(|note| said.tell(note, at));
                Some(date)
            }
            Err(Issue::NoDate) => None,
            Err(issue) => {
                said.tell(issue, at);
                None
            }
        }
    }

    fn position(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<LatLon> {
        let plan = &self.plan;
        let (mut lat, mut lon) = (fields.clean(plan.latitude), fields.clean(plan.longitude));
        if plan.remedies.swap_coordinates {
            std::mem::swap(&mut lat, &mut lon);
        }
        let (position, column) = if lat.is_empty() && lon.is_empty() {
            (self.pair(fields, said)?, plan.coordinates)
        } else {
            let read = match plan.forms.position(&lat, &lon) {
                Err((Issue::SwappedCoordinates, _)) if plan.remedies.swap_where_needed => {
                    plan.forms.position(&lon, &lat)
                }
                read => read,
            };
            match read {
                Ok((position, None)) => return Some(position),
                Ok((position, Some(note))) => {
                    said.tell(note, plan.latitude);
                    (position, plan.latitude)
                }
                Err((issue, axis)) => {
                    let column = if axis == Axis::Latitude { plan.latitude } else { plan.longitude };
                    said.tell(issue, column);
                    return None;
                }
            }
        };
        let is_null = position.lat == 0.0 && position.lon == 0.0;
        if is_null {
            said.tell(Issue::NullIsland, column);
        }
        (!is_null || !plan.remedies.unplace_null_island).then_some(position)
    }

    /// Both coordinates in one column, where those of their own are blank.
    fn pair(&self, fields: &Fields<'_, '_>, said: &mut Said) -> Option<LatLon> {
        let plan = &self.plan;
        let field = fields.clean(plan.coordinates);
        if field.is_empty() {
            if let Some(column) = [plan.latitude, plan.coordinates].into_iter().find(|at| *at != NONE) {
                said.tell(Issue::NoPlace, column);
            }
            return None;
        }
        let turned = plan.remedies.swap_coordinates;
        let read = |turned: bool| {
            if turned { plan.forms.pair_turned(&field) } else { plan.forms.pair(&field) }
        };
        let read = match read(turned) {
            Err(Issue::SwappedCoordinates) if plan.remedies.swap_where_needed => read(!turned),
            read => read,
        };
        match read {
            Ok((position, note)) => {
                note.into_iter().for_each(|note| said.tell(note, plan.coordinates));
                Some(position)
            }
            Err(issue) => {
                said.tell(issue, plan.coordinates);
                None
            }
        }
    }

    fn toll(&self, fields: &Fields<'_, '_>, row: usize, said: &mut Said, part: &mut Part) {
        let plan = &self.plan;
        let mut read = |column: usize| {
            let field = fields.clean(column);
            if field.is_empty() {
                return Figure::default();
            }
            match plan.forms.count(&field) {
                Ok((figure, None)) => figure,
                Ok((figure, Some(note))) => {
                    said.tell(note, column);
                    figure
                }
                Err(Issue::UnknownCode) if plan.remedies.negative_is_unknown => Figure::default(),
                Err(issue) => {
                    said.tell(issue, column);
                    Figure::default()
                }
            }
        };
        // The wounded are shown as they are written, but a code is no number of them.
        if fields.clean(plan.wounded).first() == Some(&b'-') {
            read(plan.wounded);
        }
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
