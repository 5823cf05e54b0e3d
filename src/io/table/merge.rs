//! Stretches of a table, in order of the file → one store.
//!
//! Numbers of actors, places and kinds are given out in the order in which the file first names
//! them, and only ever added to: they are the same for any number of cores, and in every store of a
//! part of the file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::category::EventType;
use crate::model::time::DatePrecision;
use crate::model::{Actor, Document, GeoPrecision, LatLon, Names as Texts, Place, Problem, Severity};
use crate::store::flat::in_its_script;
use crate::store::table::{FieldRoles, Offsets, Records};
use crate::store::{Columns, Kind, Lists, Store, Strings, Table};

use super::segment::{Dictionaries, NewNames, Part, Problems, RawProblem, Reader, RowLists, UNIT};

/// Most sub types. Only a column of something else has more; they all become one.
const MAX_SUB_TYPES: usize = 4000;
const UNRESOLVED: u32 = u32::MAX;

/// What a table is, besides its rows.
#[derive(Clone, Debug)]
pub struct About {
    /// The file's name, and the path as the user gave it.
    pub name: String,
    pub path: String,
    pub roles: FieldRoles,
    pub records: Arc<dyn Records>,
}

/// The names that one core has numbered, and their numbers here.
#[derive(Debug, Default)]
struct Known {
    names: Vec<Box<[u8]>>,
    /// [`UNRESOLVED`] until a row that counts has the name.
    ids: Vec<u32>,
}

impl Known {
    fn learn(&mut self, new: &mut NewNames) {
        self.names.append(&mut new.0);
        self.ids.resize(self.names.len(), UNRESOLVED);
    }

    fn id(&mut self, number: u32, resolve: impl FnOnce(&[u8]) -> u32) -> u32 {
        let Some(id) = self.ids.get_mut(number as usize) else { return 0 };
        if *id == UNRESOLVED {
            *id = self.names.get(number as usize).map_or(0, |name| resolve(name));
        }
        *id
    }
}

#[derive(Debug, Default)]
struct Core {
    kinds: Known,
    actors: Known,
    sources: Known,
    places: Known,
}

/// The store while it grows.
#[derive(Clone, Debug, Default)]
struct Draft {
    columns: Columns,
    offsets: Offsets,
    actors: Vec<Actor>,
    places: Vec<Place>,
    sub_types: Strings,
}

/// Puts stretches together.
#[derive(Debug)]
pub struct Builder {
    draft: Draft,
    actor_ids: FxHashMap<Box<[u8]>, u32>,
    place_ids: FxHashMap<Box<[u8]>, u32>,
    /// Whether a place's position is that of an event that is placed exactly.
    exact: Vec<bool>,
    cores: Vec<Core>,
    /// For stretches that are read again, with the number behind those of the cores.
    own: Dictionaries,
    problems: Problems,
    /// Where the next record begins.
    pub next: usize,
}

impl Builder {
    pub fn new(start: usize, cores: usize) -> Self {
        let columns = Columns {
            places: Lists::One(Vec::new()),
            documents: Lists::Same { id: 0, len: 0 },
            ..Columns::default()
        };
        Self {
            draft: Draft { columns, ..Draft::default() },
            actor_ids: FxHashMap::default(),
            place_ids: FxHashMap::default(),
            exact: Vec::new(),
            cores: (0..=cores).map(|_| Core::default()).collect(),
            own: Dictionaries::default(),
            problems: Problems::default(),
            next: start,
        }
    }

    pub fn num_rows(&self) -> usize {
        self.draft.columns.len()
    }

    /// Makes room for the rows of `left` further bytes, by those that are there.
    pub fn reserve(&mut self, seen: usize, left: usize) {
        // A little more than expected: pages that are never written cost nothing.
        let rows = self.num_rows() as f64 / seen.max(1) as f64 * left as f64 * 1.05;
        self.draft.columns.reserve(rows as usize);
        self.draft.offsets.reserve(rows as usize);
    }

    /// Takes the next stretch, which ends at `end`. One that was taken to begin where no record begins
    /// is read again.
    pub fn take(&mut self, mut part: Part, end: usize, reader: &Reader<'_>) {
        self.learn(&mut part);
        if self.next >= end {
            // A record that began before reaches over the whole stretch.
            return;
        }
        if part.start != self.next {
            let own = self.cores.len() - 1;
            part = reader.part(self.next, end, own, &mut self.own);
            self.learn(&mut part);
        }
        self.append(part);
    }

    fn learn(&mut self, part: &mut Part) {
        if let Some(core) = self.cores.get_mut(part.core) {
            core.kinds.learn(&mut part.new_kinds);
            core.actors.learn(&mut part.new_actors);
            core.sources.learn(&mut part.new_sources);
            core.places.learn(&mut part.new_places);
        }
    }

    fn append(&mut self, mut part: Part) {
        self.next = part.next;
        let Self { draft, actor_ids, place_ids, exact, cores, problems, .. } = self;
        let Some(core) = cores.get_mut(part.core) else { return };
        let Draft { columns, offsets, actors, places, sub_types } = draft;
        let offset_of = |row: usize| part.offsets.get(row).copied().unwrap_or(part.start);
        let mut unclean = Problems::default();

        for (row, number) in part.kinds.iter().enumerate() {
            let id = core.kinds.id(*number, |name| {
                u32::from(columns.kinds.intern(kind(name, sub_types, offset_of(row), &mut unclean)))
            });
            columns.kind.push(id as u16);
        }

        let mut from = 0;
        for (row, interval) in part.odd.drain(..) {
            columns.times.extend_days(part.days.get(from..row).unwrap_or_default());
            columns.times.push(interval);
            from = row + 1;
        }
        columns.times.extend_days(part.days.get(from..).unwrap_or_default());
        columns.lat.extend_from_slice(&part.lat);
        columns.lon.extend_from_slice(&part.lon);
        columns.fatalities.extend_best(&part.best);

        let mut actor = |name: &[u8], offset: usize, is_source: bool, unclean: &mut Problems| {
            let id = actor_ids.get(name).copied().unwrap_or_else(|| {
                let id = actors.len() as u32;
                actors.push(new_actor(&text_of(name, offset, unclean)));
                actor_ids.insert(name.into(), id);
                id
            });
            // Who acts and is also named as a source is one of those who act.
            if let Some(actor) = actors.get_mut(id as usize)
                && (actor.kind.is_empty() || !is_source)
            {
                actor.kind = if is_source { "media" } else { "group" }.to_owned();
            }
            id
        };
        append_lists(&mut columns.actors, &part.actors, |row, number| {
            core.actors.id(number, |name| actor(name, offset_of(row), false, &mut unclean))
        });
        append_lists(&mut columns.claimants, &part.sources, |row, number| {
            core.sources.id(number, |name| actor(name, offset_of(row), true, &mut unclean))
        });

        if let Lists::One(ids) = &mut columns.places {
            let positions = part.lat.iter().zip(&part.lon).zip(&part.kinds);
            for (row, (number, ((lat, lon), kind))) in part.places.iter().zip(positions).enumerate() {
                if *number == Lists::NONE {
                    ids.push(Lists::NONE);
                    continue;
                }
                let id = core.places.id(*number, |name| {
                    *place_ids.entry(name.into()).or_insert_with(|| {
                        let id = places.len() as u32;
                        places.push(new_place(name, offset_of(row), &mut unclean));
                        exact.push(false);
                        id
                    })
                });
                ids.push(id);
                let (Some(place), Some(exact)) = (places.get_mut(id as usize), exact.get_mut(id as usize))
                else {
                    continue;
                };
                if !*exact && !lat.is_nan() {
                    let kind = core.kinds.ids.get(*kind as usize).map(|id| columns.kinds.get(*id as u16));
                    *exact = kind.is_some_and(|kind| kind.geo_precision == GeoPrecision::Exact);
                    if *exact || place.position.is_none() {
                        place.position = Some(LatLon { lat: as_written(*lat), lon: as_written(*lon) });
                    }
                }
            }
        }
        if let Lists::Same { len, .. } = &mut columns.documents {
            *len += part.offsets.len();
        }
        part.offsets.iter().for_each(|offset| offsets.push(*offset as u64));
        if unclean.list.is_empty() {
            problems.append(&mut part.problems);
        } else {
            unclean.append(&mut part.problems);
            unclean.list.sort_by_key(|problem| problem.offset);
            problems.append(&mut unclean);
        }
    }

    /// A store of the rows so far, in order of time.
    pub fn store_so_far(&self, about: &About) -> Store {
        self.draft.clone().into_store(about.clone(), true)
    }

    /// The store of all rows, and what was found odd.
    pub fn finish(self, about: About, in_time_order: bool) -> (Store, Problems) {
        (self.draft.into_store(about, in_time_order), self.problems)
    }
}

impl Draft {
    fn into_store(mut self, about: About, in_time_order: bool) -> Store {
        if in_time_order && let Some(order) = self.columns.time_order() {
            self.columns.reorder(&order);
            self.offsets.reorder(&order);
        }
        let About { name, path, roles, records } = about;
        let title = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
        let rows = 0..self.columns.len();
        Store {
            generation: 1,
            titles: in_its_script(&title),
            documents: vec![Document {
                key: name.clone(),
                titles: in_its_script(&title),
                language: "und".to_owned(),
                ..Document::default()
            }],
            tables: vec![Table::new(name, path, rows, roles, records, self.offsets)],
            columns: self.columns,
            places: self.places,
            actors: self.actors,
            sub_types: self.sub_types,
            ..Store::default()
        }
    }
}

fn append_lists(lists: &mut Lists, part: &RowLists, mut id: impl FnMut(usize, u32) -> u32) {
    let Lists::Many { offsets, values } = lists else { return };
    let base = values.len() as u32;
    let mut from = 0;
    for (row, end) in part.ends.iter().enumerate() {
        let numbers = part.values.get(from..*end as usize).unwrap_or_default();
        values.extend(numbers.iter().map(|number| id(row, *number)));
        offsets.push(base + *end);
        from = *end as usize;
    }
}

/// The kind that a composed name stands for; see [`super::segment`].
fn kind(name: &[u8], sub_types: &mut Strings, offset: usize, unclean: &mut Problems) -> Kind {
    let (codes, texts) = name.split_at_checked(2).unwrap_or((&[], name));
    let mut texts = texts.splitn(2, |byte| *byte == UNIT).map(|text| text_of(text, offset, unclean));
    let (typed, sub) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    let known = EventType::ALL.iter().copied().find(|known| known.code().eq_ignore_ascii_case(&typed));
    // What is no known type is told in full beside "other".
    let sub = match known {
        Some(_) => sub,
        None if sub.is_empty() => typed,
        None if typed.is_empty() => sub,
        None => format!("{typed}: {sub}"),
    };
    let sub_type = match sub_types.code(&sub) {
        Some(code) => code,
        None if sub_types.len() < MAX_SUB_TYPES => sub_types.intern(&sub),
        None => {
            if sub_types.len() == MAX_SUB_TYPES {
                let message = format!("there are more than {MAX_SUB_TYPES} sub types; the others become one");
                unclean.push(RawProblem {
                    offset,
                    severity: Severity::Warning,
                    column: None,
                    value: sub,
                    message: message.into(),
                });
            }
            sub_types.intern("…")
        }
    };
    let code = |at: usize| usize::from(codes.get(at).copied().unwrap_or(u8::MAX));
    Kind {
        event_type: known.unwrap_or(EventType::Other),
        sub_type: u16::try_from(sub_type).unwrap_or(u16::MAX),
        date_precision: DatePrecision::from_index(code(0)).unwrap_or(DatePrecision::Unknown),
        geo_precision: GeoPrecision::from_index(code(1)).unwrap_or(GeoPrecision::Unknown),
        ..Kind::default()
    }
}

fn new_actor(name: &str) -> Actor {
    Actor {
        key: name.to_owned(),
        names: in_its_script(name),
        short: Texts::default(),
        kind: String::new(),
        entity: None,
        forms: Vec::new(),
        note: None,
    }
}

/// The place that a composed name stands for: country, region and name.
fn new_place(name: &[u8], offset: usize, unclean: &mut Problems) -> Place {
    let mut parts = name.splitn(3, |byte| *byte == UNIT).map(|text| text_of(text, offset, unclean));
    let (country, admin1, place) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let parts = [&country, &admin1, &place].map(String::as_str);
    let present: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let kind = match parts {
        [.., place] if !place.is_empty() => "place",
        [_, admin1, _] if !admin1.is_empty() => "region",
        _ => "country",
    };
    Place {
        key: present.join("/"),
        names: in_its_script(present.last().copied().unwrap_or_default()),
        kind: kind.to_owned(),
        position: None,
        radius_m: 0.0,
        country: (!country.is_empty()).then_some(country),
        admin1: (!admin1.is_empty()).then_some(admin1),
        forms: Vec::new(),
        demonyms: Vec::new(),
        note: None,
    }
}

/// A name as text. Bytes that are no text are told and replaced.
fn text_of(bytes: &[u8], offset: usize, unclean: &mut Problems) -> String {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Borrowed(_)) && !text.contains('\0') {
        return text.into_owned();
    }
    let text = text.replace('\0', "\u{FFFD}");
    unclean.push(RawProblem {
        offset,
        severity: Severity::Warning,
        column: None,
        value: text.clone(),
        message: "the name holds bytes that are no text (UTF-8); they are replaced".into(),
    });
    text
}

/// A number in single precision as the shortest text that gives it, in double precision: what was
/// most likely written.
pub fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

/// Problems as they are told, with lines: line ends are only counted where there is something to tell.
pub fn told(
    problems: &Problems,
    bytes: &[u8],
    terminator: u8,
    header: &[String],
    name: &str,
) -> Vec<Problem> {
    use rayon::prelude::*;
    const STEP_BYTES: usize = 8 << 20;
    let Some(last) = problems.list.last() else { return Vec::new() };
    let until = bytes.get(..last.offset).unwrap_or(bytes);
    let counted = |bytes: &[u8]| memchr::memchr_iter(terminator, bytes).count();
    let steps: Vec<usize> = until.par_chunks(STEP_BYTES).map(counted).collect();
    let mut told = Vec::with_capacity(problems.list.len() + 1);
    let (mut step, mut line, mut at) = (0, 1, 0);
    for problem in &problems.list {
        while (step + 1) * STEP_BYTES <= problem.offset {
            if at <= step * STEP_BYTES {
                line += steps.get(step).copied().unwrap_or(0);
            } else {
                line += counted(bytes.get(at..(step + 1) * STEP_BYTES).unwrap_or_default());
            }
            step += 1;
            at = step * STEP_BYTES;
        }
        line += counted(bytes.get(at..problem.offset).unwrap_or_default());
        at = at.max(problem.offset);
        let column = problem.column.and_then(|column| header.get(column));
        let place = match column {
            Some(column) => format!("line {line}, {column}"),
            None => format!("line {line}"),
        };
        let new = match problem.severity {
            Severity::Warning => Problem::warning,
            Severity::Error => Problem::error,
        };
        told.push(new(name, place, &problem.value, problem.message.clone()));
    }
    let rest = (problems.warnings + problems.errors).saturating_sub(problems.list.len());
    if rest > 0 {
        let errors = problems.list.iter().filter(|p| p.severity == Severity::Error).count();
        let lost = problems.errors.saturating_sub(errors);
        let message =
            format!("{rest} more problems are not told one by one, {lost} of them with something left out");
        let new = if lost > 0 { Problem::error } else { Problem::warning };
        told.push(new(name, "", "", message));
    }
    told
}
