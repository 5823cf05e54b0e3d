//! Stretches of a table, in order of the file → one store.
//!
//! Numbers of actors, places and kinds are given out in the order in which the file first names
//! them, and only ever added to: they are the same for any number of cores, and in every store of a
//! part of the file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::io::import::codes;
use crate::model::import::{Dialect, Issue, Remedy, Report, Settings};
use crate::model::time::DatePrecision;
use crate::model::{Actor, Document, GeoPrecision, LatLon, Names as Texts, Place};
use crate::store::columns::Times;
use crate::store::flat::in_its_script;
use crate::store::table::{FieldRoles, Offsets, Records};
use crate::store::{Columns, Kind, Lists, Store, Strings, Table};

use super::NONE;
use super::found::Found;
use super::plan::Plan;
use super::segment::{Dictionaries, NewNames, Part, Reader, RowLists, UNIT};

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
    pub report: Arc<Report>,
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
    /// What names mean.
    dialect: Option<Dialect>,
    drops_placeholders: bool,
    /// Whether an actor's name is a placeholder, by id.
    placeholders: Vec<bool>,
    /// Whether a kind's type is in no table, by code.
    unknown_kinds: Vec<bool>,
    type_column: usize,
    actor_column: usize,
    pub hashes: Vec<u64>,
    pub found: Found,
    pub left_out: u64,
    pub with_gaps: u64,
    /// Where the next record begins.
    pub next: usize,
}

impl Builder {
    pub fn new(start: usize, cores: usize, settings: &Settings, plan: &Plan) -> Self {
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
            dialect: settings.dialect,
            drops_placeholders: settings.has(Remedy::DropPlaceholderActors),
            placeholders: Vec::new(),
            unknown_kinds: Vec::new(),
            type_column: plan.event_type,
            actor_column: plan.actors.first().copied().unwrap_or(NONE),
            hashes: Vec::new(),
            found: Found::default(),
            left_out: 0,
            with_gaps: 0,
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
        self.hashes.reserve(rows as usize);
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
        let Self { draft, actor_ids, place_ids, exact, cores, placeholders, unknown_kinds, .. } = self;
        let (dialect, drops_placeholders) = (self.dialect, self.drops_placeholders);
        let Some(core) = cores.get_mut(part.core) else { return };
        let Draft { columns, offsets, actors, places, sub_types } = draft;
        let offset_of = |row: usize| part.offsets.get(row).copied().unwrap_or(part.start);
        let (type_column, actor_column) = (self.type_column, self.actor_column);
        let mut unclean = Found::default();

        let mut has_unknown = false;
        for (row, number) in part.kinds.iter().enumerate() {
            let id = core.kinds.id(*number, |name| {
                let (kind, is_known) = kind(name, dialect, sub_types, offset_of(row), &mut unclean);
                let code = columns.kinds.intern(kind);
                if unknown_kinds.len() <= usize::from(code) {
                    unknown_kinds.resize(usize::from(code) + 1, false);
                }
                if let Some(unknown) = unknown_kinds.get_mut(usize::from(code)) {
                    *unknown = !is_known;
                }
                u32::from(code)
            });
            has_unknown |= unknown_kinds.get(id as usize).copied().unwrap_or(false);
            columns.kind.push(id as u16);
        }
        if has_unknown {
            for (row, number) in part.kinds.iter().enumerate() {
                let id = core.kinds.ids.get(*number as usize).copied().unwrap_or(0);
                if unknown_kinds.get(id as usize).copied().unwrap_or(false) {
                    let name = core.kinds.names.get(*number as usize);
                    let typed = name.and_then(|name| name.get(2..)).unwrap_or_default();
                    let typed = typed.split(|byte| *byte == UNIT).next().unwrap_or_default();
                    self.found.tell(Issue::UnknownType, type_column, offset_of(row), typed);
                }
            }
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
        from = 0;
        for (row, toll) in part.spreads.drain(..) {
            columns.fatalities.extend_best(part.best.get(from..row).unwrap_or_default());
            columns.fatalities.push(toll);
            from = row + 1;
        }
        columns.fatalities.extend_best(part.best.get(from..).unwrap_or_default());

        let mut actor = |name: &[u8], offset: usize, is_source: bool, unclean: &mut Found| {
            let id = actor_ids.get(name).copied().unwrap_or_else(|| {
                let id = actors.len() as u32;
                let name_text = text_of(name, offset, unclean);
                placeholders.push(codes::is_placeholder_actor(&name_text));
                actors.push(new_actor(&name_text));
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
        if placeholders.contains(&true) {
            let first = columns.actors.len().saturating_sub(part.actors.ends.len());
            for row in 0..part.actors.ends.len() {
                for id in columns.actors.of(first + row) {
                    if placeholders.get(*id as usize).copied().unwrap_or(false) {
                        let name = actors.get(*id as usize).map_or("", |actor| actor.key.as_str());
                        let offset = offset_of(row);
                        self.found.tell(Issue::PlaceholderActor, actor_column, offset, name.as_bytes());
                    }
                }
            }
            if drops_placeholders {
                let drops = |id: u32| placeholders.get(id as usize).copied().unwrap_or(false);
                drop_values(&mut columns.actors, first, drops);
            }
        }

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
        self.hashes.append(&mut part.hashes);
        self.left_out += part.left_out;
        self.with_gaps += part.with_gaps;
        // Rows that are looked at whole have told of their bytes themselves.
        let is_told = |issue: Issue| part.found.of(issue).next().is_some();
        unclean.groups.retain(|group| !is_told(group.issue));
        self.found.append(unclean);
        self.found.append(part.found);
    }

    /// A store of the rows so far, in order of time.
    pub fn store_so_far(&self, about: &About) -> Store {
        self.draft.clone().into_store(about.clone(), true)
    }

    /// The store of all rows.
    pub fn finish(self, about: About, in_time_order: bool) -> Store {
        self.draft.into_store(about, in_time_order)
    }

    /// Where the record of a row begins, rows being counted in order of the file.
    pub fn offset_of(&self, row: usize) -> u64 {
        self.draft.offsets.get(row).unwrap_or(u64::MAX)
    }

    /// Events without a date, and without a position.
    pub fn num_missing(&self) -> (u64, u64) {
        let columns = &self.draft.columns;
        let undated = columns.times.days().iter().filter(|day| **day == Times::UNDATED).count();
        let unplaced = columns.lat.iter().filter(|lat| lat.is_nan()).count();
        (undated as u64, unplaced as u64)
    }
}

impl Draft {
    fn into_store(mut self, about: About, in_time_order: bool) -> Store {
        if in_time_order && let Some(order) = self.columns.time_order() {
            self.columns.reorder(&order);
            self.offsets.reorder(&order);
        }
        let About { name, path, roles, records, report } = about;
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
            tables: vec![Table::new(name, path, rows, roles, records, report, self.offsets)],
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

/// Takes values out of the lists from a row on.
fn drop_values(lists: &mut Lists, first: usize, drops: impl Fn(u32) -> bool) {
    let Lists::Many { offsets, values } = lists else { return };
    let Some(mut from) = offsets.get(first).copied() else { return };
    let mut to = from;
    for end in offsets.iter_mut().skip(first + 1) {
        for at in from..*end {
            let Some(value) = values.get(at as usize).copied() else { continue };
            if !drops(value)
                && let Some(slot) = values.get_mut(to as usize)
            {
                *slot = value;
                to += 1;
            }
        }
        from = *end;
        *end = to;
    }
    values.truncate(to as usize);
}

/// The kind that a composed name stands for (see [`super::row`]), and whether its type is known.
fn kind(
    name: &[u8],
    dialect: Option<Dialect>,
    sub_types: &mut Strings,
    offset: usize,
    unclean: &mut Found,
) -> (Kind, bool) {
    let (codes, texts) = name.split_at_checked(2).unwrap_or((&[], name));
    let mut texts = texts.splitn(2, |byte| *byte == UNIT).map(|text| text_of(text, offset, unclean));
    let (typed, sub) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    let known = codes::event_type(dialect, &typed, &sub);
    let is_known = known.is_known || (typed.is_empty() && sub.is_empty());
    // What is no known type is told in full beside "other".
    let (typed, sub) = (known.label_type, known.label_sub);
    let sub = match () {
        () if is_known && !sub.is_empty() => sub.into_owned(),
        () if typed.eq_ignore_ascii_case(known.event_type.code()) => sub.into_owned(),
        () if sub.is_empty() => typed.into_owned(),
        () if typed.is_empty() => sub.into_owned(),
        () => format!("{typed}: {sub}"),
    };
    let sub_type = match sub_types.code(&sub) {
        Some(code) => code,
        None if sub_types.len() < MAX_SUB_TYPES => sub_types.intern(&sub),
        None => {
            if sub_types.len() == MAX_SUB_TYPES {
                unclean.tell(Issue::TooManyTypes, NONE, offset, sub.as_bytes());
            }
            sub_types.intern("…")
        }
    };
    let code = |at: usize| usize::from(codes.get(at).copied().unwrap_or(u8::MAX));
    let kind = Kind {
        event_type: known.event_type,
        sub_type: u16::try_from(sub_type).unwrap_or(u16::MAX),
        date_precision: DatePrecision::from_index(code(0)).unwrap_or(DatePrecision::Unknown),
        geo_precision: GeoPrecision::from_index(code(1)).unwrap_or(GeoPrecision::Unknown),
        ..Kind::default()
    };
    (kind, is_known)
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
fn new_place(name: &[u8], offset: usize, unclean: &mut Found) -> Place {
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
fn text_of(bytes: &[u8], offset: usize, unclean: &mut Found) -> String {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Borrowed(_)) && !text.contains('\0') {
        return text.into_owned();
    }
    let issue = match text {
        std::borrow::Cow::Borrowed(_) => Issue::ControlCharacters,
        std::borrow::Cow::Owned(_) => Issue::BadText,
    };
    unclean.tell(issue, NONE, offset, bytes);
    text.replace('\0', "\u{FFFD}")
}

/// A number in single precision as the shortest text that gives it, in double precision: what was
/// most likely written.
pub fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}
