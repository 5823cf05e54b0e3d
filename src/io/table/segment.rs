//! One stretch of a table → columns of that stretch.
//!
//! Stretches are read on several cores at once. Names have numbers of the core's own; those that came
//! up in a stretch for the first time go along with it, in order, so that whoever puts the stretches
//! together knows all that came before.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::model::report::shorten;
use crate::model::time::DatePrecision;
use crate::model::{GeoPrecision, Interval, LatLon, Severity};
use crate::store::columns::{Times, TollColumn};

use super::mapping::Mapping;
use super::names::Names;
use super::split::{Dialect, Fields, Flaw, align, unquoted};
use super::values::{self, Date};

/// Most problems that a table keeps one by one; the others are counted.
pub const MAX_PROBLEMS: usize = 1000;
/// How far behind the begin of a stretch a record is looked for.
const MAX_GUESS_BYTES: usize = 256 << 10;
const MAX_GUESSES: usize = 64;
/// Between the parts of a composed name; in no sound table.
pub const UNIT: u8 = 0x1F;
const NONE: usize = usize::MAX;

/// Something that cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawProblem {
    /// Begin of the record.
    pub offset: usize,
    pub severity: Severity,
    pub column: Option<usize>,
    pub value: String,
    pub message: Cow<'static, str>,
}

/// Problems in order of the file, not all of them one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub list: Vec<RawProblem>,
    pub warnings: usize,
    pub errors: usize,
}

impl Problems {
    pub fn push(&mut self, problem: RawProblem) {
        match problem.severity {
            Severity::Warning => self.warnings += 1,
            Severity::Error => self.errors += 1,
        }
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(problem);
        }
    }

    pub fn append(&mut self, other: &mut Self) {
        self.warnings += other.warnings;
        self.errors += other.errors;
        let room = MAX_PROBLEMS - self.list.len().min(MAX_PROBLEMS);
        self.list.extend(other.list.drain(..).take(room));
    }
}

/// The numbers of names that one core has given out so far.
#[derive(Clone, Debug, Default)]
pub struct Dictionaries {
    pub kinds: Names,
    pub actors: Names,
    pub sources: Names,
    pub places: Names,
    scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    ends: Vec<usize>,
    key: Vec<u8>,
}

/// Names that came up for the first time, in order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewNames(pub Vec<Box<[u8]>>);

impl NewNames {
    fn since(names: &Names, known: usize) -> Self {
        Self((known..names.len()).map(|number| names.get(number).into()).collect())
    }
}

/// Lists of numbers, those of row `i` up to `ends[i]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowLists {
    pub values: Vec<u32>,
    pub ends: Vec<u32>,
}

/// The columns of one stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Which core's numbers the names have.
    pub core: usize,
    /// Where the first record of the stretch was taken to begin, and the first one behind it begins.
    pub start: usize,
    pub next: usize,
    pub offsets: Vec<usize>,
    pub days: Vec<i32>,
    /// Dates that are no single day, by row.
    pub odd: Vec<(usize, Interval)>,
    pub kinds: Vec<u32>,
    pub lat: Vec<f32>,
    pub lon: Vec<f32>,
    pub best: Vec<u32>,
    /// [`crate::store::Lists::NONE`] for none.
    pub places: Vec<u32>,
    pub actors: RowLists,
    pub sources: RowLists,
    pub new_kinds: NewNames,
    pub new_actors: NewNames,
    pub new_sources: NewNames,
    pub new_places: NewNames,
    pub problems: Problems,
}

/// Columns as plain numbers, [`NONE`] for those that are not there.
#[derive(Clone, Debug)]
struct Plan {
    date: usize,
    date_precision: usize,
    event_type: usize,
    sub_type: usize,
    latitude: usize,
    longitude: usize,
    geo_precision: usize,
    country: usize,
    admin1: usize,
    place: usize,
    source: usize,
    fatalities: usize,
    actors: Vec<usize>,
    notes: Option<usize>,
}

/// Reads stretches of one table.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    num_fields: usize,
    plan: Plan,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], dialect: Dialect, num_fields: usize, mapping: &Mapping) -> Self {
        let at = |column: Option<usize>| column.unwrap_or(NONE);
        let fields = &mapping.fields;
        let plan = Plan {
            date: at(mapping.date),
            date_precision: at(mapping.date_precision),
            event_type: at(mapping.event_type),
            sub_type: at(fields.sub_type),
            latitude: at(mapping.latitude),
            longitude: at(mapping.longitude),
            geo_precision: at(mapping.geo_precision),
            country: at(mapping.country),
            admin1: at(mapping.admin1),
            place: at(fields.place),
            source: at(fields.source),
            fatalities: at(fields.fatalities),
            actors: fields.actors.iter().map(|(at, _)| *at).collect(),
            notes: fields.notes,
        };
        Self { bytes, dialect, num_fields, plan }
    }

    /// Where the first record at or behind an offset seems to begin; `None` if nothing looks like it.
    pub fn guess(&self, offset: usize) -> Option<usize> {
        let from = offset.saturating_sub(1);
        let near = self.bytes.get(from..self.bytes.len().min(from + MAX_GUESS_BYTES))?;
        let mut ends = Vec::with_capacity(self.num_fields);
        let mut first = None;
        for at in memchr::memchr_iter(self.dialect.terminator, near).take(MAX_GUESSES) {
            let start = from + at + 1;
            if self.dialect.is_sound(self.bytes, start, self.num_fields, &mut ends) {
                return Some(start);
            }
            first.get_or_insert(start);
        }
        first
    }

    /// Reads the records that begin in `start..end`.
    pub fn part(&self, start: usize, end: usize, core: usize, dictionaries: &mut Dictionaries) -> Part {
        let known = [&dictionaries.kinds, &dictionaries.actors, &dictionaries.sources, &dictionaries.places]
            .map(Names::len);
        let mut part = Part { core, start, ..Part::default() };
        let mut scratch = std::mem::take(&mut dictionaries.scratch);
        let mut at = start;
        while at < end {
            if part.offsets.len() == 100 {
                part.reserve(end - start, at - start);
            }
            let cut = self.dialect.record(self.bytes, at, self.num_fields, &mut scratch.ends);
            self.row(at, cut.next, cut.flaw, &mut scratch, dictionaries, &mut part);
            at = cut.next;
        }
        part.next = at;
        let [kinds, actors, sources, places] = known;
        part.new_kinds = NewNames::since(&dictionaries.kinds, kinds);
        part.new_actors = NewNames::since(&dictionaries.actors, actors);
        part.new_sources = NewNames::since(&dictionaries.sources, sources);
        part.new_places = NewNames::since(&dictionaries.places, places);
        dictionaries.scratch = scratch;
        part
    }

    fn row(
        &self,
        start: usize,
        next: usize,
        flaw: Flaw,
        scratch: &mut Scratch,
        dictionaries: &mut Dictionaries,
        part: &mut Part,
    ) {
        let Scratch { ends, key } = scratch;
        let plan = &self.plan;
        let mut found = ends.len();
        if found != self.num_fields || flaw != Flaw::None {
            if found == 1 && ends.first() == Some(&start) {
                // Programs like to leave empty lines at the end.
                if next < self.bytes.len() {
                    let message = "an empty line".into();
                    part.problem(start, Severity::Warning, None, &[], message);
                }
                return;
            }
            found = align((self.bytes, start), ends, self.num_fields, plan.notes);
        }
        let fields = Fields { bytes: self.bytes, start, ends };
        let said = part.problems.clone_mark();

        let (day, odd) = match clean(fields.raw(plan.date)) {
            field if field.is_empty() => (Times::UNDATED, None),
            field => match values::date(&field) {
                Some(Date::Day(day)) => (day, None),
                Some(Date::Other(interval, precision)) => (Times::UNDATED, Some((interval, precision))),
                None => {
                    let message =
                        "there is no such date, or it is in a form that is not read; the event is undated";
                    part.problem(start, Severity::Warning, Some(plan.date), &field, message.into());
                    (Times::UNDATED, None)
                }
            },
        };
        let position = self.position(start, &fields, part);
        key.clear();
        for (at, column) in [plan.country, plan.admin1, plan.place].into_iter().enumerate() {
            if at > 0 {
                key.push(UNIT);
            }
            key.extend_from_slice(&clean(fields.raw(column)));
        }
        let is_placed = position.is_some() || key.len() > 2;
        let is_dated = day != Times::UNDATED || odd.is_some();
        if !(is_dated || is_placed && self.has_words(&fields)) {
            part.problems.back_to(said);
            let row = self.bytes.get(start..next).unwrap_or_default();
            let message = "the row is left out: it has neither a date nor anything else of an event";
            return part.problem(start, Severity::Error, None, row.trim_ascii(), message.into());
        }
        let place = if key.len() > 2 { dictionaries.places.intern(key) } else { crate::store::Lists::NONE };
        let row = part.offsets.len();
        if let Some((interval, _)) = odd {
            part.odd.push((row, interval));
        }

        let date_precision = match odd {
            Some((_, precision)) => precision,
            None if !is_dated => DatePrecision::Unknown,
            None => match clean(fields.raw(plan.date_precision)).as_ref() {
                b"" | b"1" => DatePrecision::Day,
                b"2" => DatePrecision::Week,
                b"3" => DatePrecision::Month,
                _ => DatePrecision::Unknown,
            },
        };
        let geo_precision = match clean(fields.raw(plan.geo_precision)).as_ref() {
            _ if position.is_none() => GeoPrecision::Unknown,
            b"" | b"1" => GeoPrecision::Exact,
            b"2" => GeoPrecision::Near,
            b"3" => GeoPrecision::Region,
            _ => GeoPrecision::Unknown,
        };
        key.clear();
        key.extend([date_precision.index() as u8, geo_precision.index() as u8]);
        key.extend_from_slice(&clean(fields.raw(plan.event_type)));
        key.push(UNIT);
        key.extend_from_slice(&clean(fields.raw(plan.sub_type)));
        part.kinds.push(dictionaries.kinds.intern(key));

        let toll = clean(fields.raw(plan.fatalities));
        let best = if toll.is_empty() { None } else { values::count(&toll) };
        if best.is_none() && !toll.is_empty() {
            let message = "this is not a number of people; the event has no figure";
            part.problem(start, Severity::Warning, Some(plan.fatalities), &toll, message.into());
        }

        for column in &plan.actors {
            each_name(fields.raw(*column), |name| part.actors.add(dictionaries.actors.intern(name)));
        }
        part.actors.end_row();
        each_name(fields.raw(plan.source), |name| part.sources.add(dictionaries.sources.intern(name)));
        part.sources.end_row();

        part.offsets.push(start);
        part.days.push(day);
        part.best.push(best.unwrap_or(TollColumn::NONE));
        part.places.push(place);
        let (lat, lon) = position.map_or((f32::NAN, f32::NAN), |p| (p.lat as f32, p.lon as f32));
        part.lat.push(lat);
        part.lon.push(lon);

        if flaw == Flaw::Unclosed {
            let value = self.bytes.get(start..next).unwrap_or_default().trim_ascii();
            let message = "a quotation mark is opened and not closed; the fields behind it are lost";
            part.problem(start, Severity::Warning, None, value, message.into());
        } else if found != self.num_fields {
            let message = format!("the row has {found} fields, {} are expected", self.num_fields);
            part.problem(start, Severity::Warning, None, fields.raw(0), message.into());
        }
    }

    fn position(&self, start: usize, fields: &Fields<'_, '_>, part: &mut Part) -> Option<LatLon> {
        let plan = &self.plan;
        let (lat, lon) = (clean(fields.raw(plan.latitude)), clean(fields.raw(plan.longitude)));
        if lat.is_empty() && lon.is_empty() {
            return None;
        }
        let (y, x) = (values::decimal(&lat), values::decimal(&lon));
        let position = y.zip(x).and_then(|(y, x)| LatLon::new(y, x));
        if position.is_none() {
            let bad_lat = y.is_none_or(|y| !(-90.0..=90.0).contains(&y));
            let (column, value) = if bad_lat { (plan.latitude, &lat) } else { (plan.longitude, &lon) };
            let message = "there is no such coordinate; the event is not placed on the map";
            part.problem(start, Severity::Warning, Some(column), value, message.into());
        }
        position
    }

    /// Whether a row without a date says what happened.
    fn has_words(&self, fields: &Fields<'_, '_>) -> bool {
        let plan = &self.plan;
        let columns = [plan.event_type, plan.sub_type, plan.notes.unwrap_or(NONE), plan.fatalities];
        columns.iter().chain(&plan.actors).any(|column| !clean(fields.raw(*column)).is_empty())
    }
}

impl Part {
    /// Makes room for all rows of a stretch by the length of the first ones.
    fn reserve(&mut self, bytes: usize, seen: usize) {
        let rows = (bytes / seen.max(1)).saturating_mul(100 + 100 / 8);
        self.offsets.reserve(rows);
        self.days.reserve(rows);
        self.kinds.reserve(rows);
        self.lat.reserve(rows);
        self.lon.reserve(rows);
        self.best.reserve(rows);
        self.places.reserve(rows);
        for lists in [&mut self.actors, &mut self.sources] {
            lists.values.reserve(rows * 2);
            lists.ends.reserve(rows);
        }
    }

    #[cold]
    fn problem(
        &mut self,
        offset: usize,
        severity: Severity,
        column: Option<usize>,
        value: &[u8],
        message: Cow<'static, str>,
    ) {
        let head = value.get(..value.len().min(400)).unwrap_or_default();
        let value = shorten(&String::from_utf8_lossy(head), 80);
        self.problems.push(RawProblem { offset, severity, column, value, message });
    }
}

impl Problems {
    /// How much was said so far, to take back what follows.
    fn clone_mark(&self) -> (usize, usize, usize) {
        (self.list.len(), self.warnings, self.errors)
    }

    fn back_to(&mut self, (len, warnings, errors): (usize, usize, usize)) {
        self.list.truncate(len);
        (self.warnings, self.errors) = (warnings, errors);
    }
}

impl RowLists {
    /// Adds a number to the row that is being read, once.
    fn add(&mut self, value: u32) {
        let start = self.ends.last().copied().unwrap_or(0) as usize;
        if !self.values.get(start..).unwrap_or_default().contains(&value) {
            self.values.push(value);
        }
    }

    fn end_row(&mut self) {
        self.ends.push(self.values.len() as u32);
    }
}

/// A field without its quoting and the blanks around it.
fn clean(raw: &[u8]) -> Cow<'_, [u8]> {
    match raw.first() {
        None => Cow::Borrowed(&[]),
        Some(b'"') => match unquoted(raw) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
            Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_vec()),
        },
        Some(_) => Cow::Borrowed(raw.trim_ascii()),
    }
}

/// Tells the names of a field, which stand between semicolons.
fn each_name(raw: &[u8], mut tell: impl FnMut(&[u8])) {
    let field = clean(raw);
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

/// The stretches of a table, by its length alone, so that the same table is always cut alike.
pub fn stretches(start: usize, len: usize) -> Vec<Range<usize>> {
    const MIN_BYTES: usize = 256 << 10;
    const MAX_BYTES: usize = 8 << 20;
    let bytes = (len / 64).clamp(MIN_BYTES, MAX_BYTES);
    (start..len).step_by(bytes).map(|at| at..len.min(at + bytes)).collect()
}
