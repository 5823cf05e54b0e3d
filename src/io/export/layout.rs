//! Events as rows of one table: which columns there are, and what stands in them.
//!
//! All formats are written from here, so that they say the same. Columns of the model come first, in the
//! order of [`Column`], those of them that something can be known for; then what else the rows of flat
//! datasets have, under their own names, so that nothing of a row is lost.

use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Per;
use super::cell::{Cell, edtf, first_day, last_day};
use super::claims::{Texts, actor_name, actors_in_words, claim_cells};
use super::columns::{CLAIM_COLUMNS, CellType, Column, ORIGINAL};
use super::source::Source;
use crate::model::import::{Dialect, Field};
use crate::model::{ActorId, EventId, EventType, Lang, Place};
use crate::store::columns::{Times, TollColumn};
use crate::store::{EventDetail, Store, Table};

/// A column of the written table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub name: String,
    pub cells: CellType,
    pub kind: HeadingKind,
}

/// Where a column's cells come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingKind {
    Model(Column),
    /// A column of flat datasets that the model has no field for, or that it could not read whole.
    Attribute,
    /// One of [`CLAIM_COLUMNS`].
    Claim,
}

/// The table that events are written as.
pub struct Layout<'a> {
    pub store: &'a Store,
    pub texts: Texts<'a>,
    pub headings: Vec<Heading>,
    /// Whether events that were read whole are among those written, and rows of which tables.
    pub has_case: bool,
    pub tables: Vec<bool>,
    /// For each table of the store, what stands in each column.
    plans: Vec<Plan>,
    /// Where longitude and latitude are.
    point_at: Option<[usize; 2]>,
    per: Per,
}

/// Where the cells of a table's rows come from, by column.
#[derive(Clone, Debug, Default)]
struct Plan {
    takes: Vec<Take>,
    latitude: Option<usize>,
    longitude: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Take {
    Nothing,
    Model(Column),
    /// A field of the record, as it is.
    Field(usize),
}

/// Names that formats need for themselves.
pub(super) const RESERVED: [&str; 6] = ["fid", "geom", "geometry", "ogc_fid", "rowid", "styleurl"];

impl<'a> Layout<'a> {
    pub fn new(store: &'a Store, events: &[EventId], per: Per) -> Self {
        let sources: Vec<Source> = store.tables.iter().map(Source::of).collect();
        let seen = Seen::of(store, &sources, events);
        let mut headings: Vec<Heading> = Column::ALL
            .iter()
            .filter(|column| is_wanted(**column, store, &sources, &seen))
            .map(|column| Heading {
                name: column.name().to_owned(),
                cells: column.cells(),
                kind: HeadingKind::Model(*column),
            })
            .collect();
        let with_claims = per == Per::Claim && seen.has_case;
        let mut attributes: FxHashMap<String, usize> = FxHashMap::default();
        let mut plans = Vec::with_capacity(sources.len());
        for (number, source) in sources.iter().enumerate() {
            if !seen.tables.get(number).copied().unwrap_or(false) {
                plans.push(Plan::default());
                continue;
            }
            let mut takes: Vec<Take> = headings
                .iter()
                .map(|heading| match heading.kind {
                    HeadingKind::Model(column) => take_of(column, source),
                    HeadingKind::Attribute | HeadingKind::Claim => Take::Nothing,
                })
                .collect();
            let unread = seen.unread.get(number).cloned().unwrap_or_default();
            let mut mine: Vec<usize> = Vec::new();
            for (at, (name, field)) in source.columns.iter().enumerate() {
                let is_taken = takes.contains(&Take::Field(at));
                let is_kept = match field {
                    None => !source.is_repeated(name),
                    Some(field) => stays_beside(*field, source) || unread.get(at) == Some(&true),
                };
                if is_taken || !is_kept {
                    continue;
                }
                let place = attribute_place(name, at, &mut attributes, &mut headings, &mine);
                mine.push(place);
                takes.resize(headings.len(), Take::Nothing);
                if let Some(take) = takes.get_mut(place) {
                    *take = Take::Field(at);
                }
            }
            let plan = Plan {
                takes,
                latitude: source.column_of(Field::Latitude),
                longitude: source.column_of(Field::Longitude),
            };
            plans.push(plan);
        }
        if with_claims {
            headings.extend(CLAIM_COLUMNS.iter().map(|name| Heading {
                name: (*name).to_owned(),
                cells: if name.starts_with("char_") { CellType::Integer } else { CellType::Text },
                kind: HeadingKind::Claim,
            }));
        }
        let at = |column| headings.iter().position(|heading| heading.kind == HeadingKind::Model(column));
        let point_at = at(Column::Longitude).zip(at(Column::Latitude)).map(|(lon, lat)| [lon, lat]);
        Self {
            store,
            texts: Texts::new(store),
            point_at,
            headings,
            has_case: seen.has_case,
            tables: seen.tables,
            plans,
            per: if with_claims { Per::Claim } else { Per::Event },
        }
    }

    /// Where a column of the model is; `None` if the table has none.
    pub fn place_of(&self, column: Column) -> Option<usize> {
        self.headings.iter().position(|heading| heading.kind == HeadingKind::Model(column))
    }

    /// Hands out the rows of an event: one, or one per claim.
    pub fn rows(
        &self,
        event: EventId,
        take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        let store = self.store;
        if let Some(detail) = store.details.get(event.index()) {
            let mut row: Vec<Cell<'_>> = Vec::with_capacity(self.headings.len());
            for heading in &self.headings {
                row.push(match heading.kind {
                    HeadingKind::Model(column) => case_cell(store, event, detail, column),
                    HeadingKind::Attribute | HeadingKind::Claim => Cell::Empty,
                });
            }
            if self.per == Per::Event || detail.claims.is_empty() {
                return take(&row);
            }
            let shared = self.headings.len().saturating_sub(CLAIM_COLUMNS.len());
            for claim in &detail.claims {
                row.truncate(shared);
                row.extend(claim_cells(store, &self.texts, claim));
                take(&row)?;
            }
            return Ok(());
        }
        let table = store.tables.iter().zip(&self.plans).find(|(t, _)| t.rows.contains(&event.index()));
        let Some((table, plan)) = table else { return Ok(()) };
        let fields = table.fields(event.index());
        let field = |at: usize| fields.get(at).map_or("", String::as_str);
        let row: Vec<Cell<'_>> = (0..self.headings.len())
            .map(|at| match plan.takes.get(at).copied().unwrap_or(Take::Nothing) {
                Take::Nothing => Cell::Empty,
                Take::Field(from) => typed(field(from), self.headings.get(at).map(|heading| heading.cells)),
                Take::Model(Column::Dataset) => Cell::text(table.name.as_str()),
                Take::Model(Column::Latitude) => {
                    degrees(store.columns.lat.get(event.index()), plan.latitude.map(field))
                }
                Take::Model(Column::Longitude) => {
                    degrees(store.columns.lon.get(event.index()), plan.longitude.map(field))
                }
                Take::Model(column) => any_cell(store, event, column),
            })
            .collect();
        take(&row)
    }

    /// Degrees of the first place of a row, longitude first.
    pub fn point(&self, row: &[Cell<'_>]) -> Option<[f64; 2]> {
        let real = |at: usize| match row.get(at)? {
            Cell::Real(number) => Some(*number),
            _ => None,
        };
        let [lon, lat] = self.point_at?;
        Some([real(lon)?, real(lat)?])
    }
}

/// A column of its own for a column of a table; that of another table if it has the same name.
fn attribute_place(
    name: &str,
    at: usize,
    attributes: &mut FxHashMap<String, usize>,
    headings: &mut Vec<Heading>,
    mine: &[usize],
) -> usize {
    // Readers put a sign before the names of what they take from geometry and markup.
    let name = name.trim().trim_start_matches('@');
    let base = if name.is_empty() { format!("column {}", at + 1) } else { name.to_owned() };
    let ours = |name: &str| {
        let lower = name.to_lowercase();
        let is_ours = Column::of_name(&lower).is_some();
        is_ours || CLAIM_COLUMNS.contains(&lower.as_str()) || RESERVED.contains(&lower.as_str())
    };
    let base = if ours(&base) { format!("{ORIGINAL}{base}") } else { base };
    let mut wanted = base.clone();
    for number in 2.. {
        // Names differ in more than case: there are formats where such names are one.
        match attributes.get(&wanted.to_lowercase()) {
            Some(place) if mine.contains(place) => wanted = format!("{base} {number}"),
            Some(place) => return *place,
            None => break,
        }
    }
    let place = headings.len();
    attributes.insert(wanted.to_lowercase(), place);
    headings.push(Heading { name: wanted, cells: CellType::Text, kind: HeadingKind::Attribute });
    place
}

/// Whether the cells of a field say more than the model's columns: codes of a dialect, parts of a date.
fn stays_beside(field: Field, source: &Source) -> bool {
    match field {
        Field::EventType => !has_our_types(source),
        Field::DatePrecision | Field::GeoPrecision => source.dialect != Some(Dialect::Waqai),
        Field::Year | Field::Month | Field::Day | Field::Time | Field::Coordinates => true,
        _ => false,
    }
}

/// Whether event types are written in the file as they are here, unless a row has one of its own.
fn has_our_types(source: &Source) -> bool {
    matches!(source.dialect, Some(Dialect::Acled | Dialect::Waqai))
}

/// Where a column of the model comes from for a table's rows.
fn take_of(column: Column, source: &Source) -> Take {
    use Column as C;
    let is_made = matches!(
        column,
        C::EventType
            | C::Date
            | C::DateBegin
            | C::DateEnd
            | C::DatePrecision
            | C::Latitude
            | C::Longitude
            | C::GeoPrecision
            | C::FatalitiesLow
            | C::FatalitiesBest
            | C::FatalitiesBestOpen
            | C::FatalitiesHigh
            | C::FatalitiesHighOpen
    );
    if is_made {
        return Take::Model(column);
    }
    // Of our own files also what readers do not know comes back as it was.
    let by_name = || {
        source.is_own().then(|| source.columns.iter().position(|(name, _)| name == column.name())).flatten()
    };
    match column.field().and_then(|field| source.column_of(field)).or_else(by_name) {
        Some(at) => Take::Field(at),
        None if matches!(column, C::Dataset | C::SubType) => Take::Model(column),
        None => Take::Nothing,
    }
}

/// Whether anything is known for a column.
fn is_wanted(column: Column, store: &Store, sources: &[Source], seen: &Seen) -> bool {
    use Column as C;
    let any_source = |test: &dyn Fn(&Source) -> bool| {
        sources.iter().zip(&seen.tables).any(|(source, is_used)| *is_used && test(source))
    };
    match column {
        C::Id
        | C::Dataset
        | C::EventType
        | C::SubType
        | C::Date
        | C::DateBegin
        | C::DateEnd
        | C::DatePrecision
        | C::Place
        | C::Latitude
        | C::Longitude
        | C::GeoPrecision
        | C::FatalitiesBest => true,
        C::FatalitiesLow | C::FatalitiesHigh => {
            seen.has_case
                || any_source(&|source| column.field().is_some_and(|field| source.column_of(field).is_some()))
                || !store.columns.fatalities.spreads().is_empty()
        }
        C::FatalitiesBestOpen => {
            seen.has_case || store.columns.fatalities.spreads().iter().any(|(_, toll)| toll.best_open)
        }
        C::FatalitiesHighOpen => {
            seen.has_case || store.columns.fatalities.spreads().iter().any(|(_, toll)| toll.high_open)
        }
        _ => {
            seen.has_case && in_cases(column)
                || any_source(&|source| matches!(take_of(column, source), Take::Field(_)))
        }
    }
}

/// Columns that events which were read whole may have.
fn in_cases(column: Column) -> bool {
    use Column as C;
    !matches!(
        column,
        C::Admin2
            | C::Admin3
            | C::Actor1
            | C::AssocActor1
            | C::Actor2
            | C::AssocActor2
            | C::Wounded
            | C::Source
            | C::SourceUrl
    )
}

/// What is among the events, found by going through them once.
#[derive(Clone, Debug, Default)]
struct Seen {
    has_case: bool,
    /// By table.
    tables: Vec<bool>,
    /// By table and column: there is a value that the model has nothing for.
    unread: Vec<Vec<bool>>,
}

impl Seen {
    fn of(store: &Store, sources: &[Source], events: &[EventId]) -> Self {
        let empty = || Self {
            has_case: false,
            tables: vec![false; sources.len()],
            unread: sources.iter().map(|source| vec![false; source.columns.len()]).collect(),
        };
        let fields: Vec<[Vec<usize>; 4]> = sources.iter().map(read_fields).collect();
        let seen = events.par_chunks(1 << 14).fold(empty, |mut seen, events| {
            for event in events {
                seen.take(store, &fields, *event);
            }
            seen
        });
        seen.reduce(empty, Self::joined)
    }

    fn take(&mut self, store: &Store, fields: &[[Vec<usize>; 4]], event: EventId) {
        let row = event.index();
        if row < store.details.len() {
            self.has_case = true;
            return;
        }
        let Some(number) = store.tables.iter().position(|table| table.rows.contains(&row)) else { return };
        let (Some(table), Some([dates, places, tolls, types])) =
            (store.tables.get(number), fields.get(number))
        else {
            return;
        };
        if let Some(used) = self.tables.get_mut(number) {
            *used = true;
        }
        let mut look = |fields: &[usize]| {
            for at in fields {
                if let Some(unread) = self.unread.get_mut(number).and_then(|unread| unread.get_mut(*at))
                    && !*unread
                {
                    *unread = has_value(table, row, *at);
                }
            }
        };
        if store.columns.times.days().get(row) == Some(&Times::UNDATED) {
            look(dates);
        }
        if store.columns.lat.get(row).is_none_or(|lat| lat.is_nan()) {
            look(places);
        }
        if store.columns.fatalities.best().get(row) == Some(&TollColumn::NONE) {
            look(tolls);
        }
        let is_ours =
            |at: &usize| table.field(row, *at).trim_ascii() == store.event_type(event).code().as_bytes();
        if !types.iter().all(is_ours) {
            look(types);
        }
    }

    fn joined(mut self, other: Self) -> Self {
        self.has_case |= other.has_case;
        self.tables.iter_mut().zip(&other.tables).for_each(|(a, b)| *a |= b);
        for (mine, others) in self.unread.iter_mut().zip(&other.unread) {
            mine.iter_mut().zip(others).for_each(|(a, b)| *a |= b);
        }
        self
    }
}

/// Columns of dates, of coordinates, of tolls, and of types where these are usually our own.
fn read_fields(source: &Source) -> [Vec<usize>; 4] {
    let all = |wanted: &[Field]| {
        let is_wanted = |field: &Option<Field>| field.is_some_and(|field| wanted.contains(&field));
        (0..source.columns.len())
            .filter(|at| source.columns.get(*at).is_some_and(|c| is_wanted(&c.1)))
            .collect()
    };
    [
        all(&[Field::Date, Field::DateEnd]),
        all(&[Field::Latitude, Field::Longitude]),
        all(&[Field::Fatalities, Field::FatalitiesLow, Field::FatalitiesHigh]),
        if has_our_types(source) { all(&[Field::EventType]) } else { Vec::new() },
    ]
}

fn has_value(table: &Table, row: usize, at: usize) -> bool {
    !table.field(row, at).trim_ascii().is_empty()
}

/// A coordinate with all the digits that the source has, if it is the one that the column holds.
fn degrees(value: Option<&f32>, source: Option<&str>) -> Cell<'static> {
    let Some(value) = value.copied().filter(|value| value.is_finite()) else { return Cell::Empty };
    let exact = source.and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(exact) = exact.filter(|exact| *exact as f32 == value) {
        return Cell::Real(exact);
    }
    // The shortest decimal number that means the same: 1.41, not 1.4099999666214.
    value.to_string().parse().map_or(Cell::Empty, Cell::Real)
}

/// A field of a source as its column's type, or else as it is.
fn typed(text: &str, cells: Option<CellType>) -> Cell<'_> {
    let parsed = match cells {
        Some(CellType::Integer) => text.parse().ok().map(Cell::Integer),
        Some(CellType::Real) => text.parse().ok().filter(|n: &f64| n.is_finite()).map(Cell::Real),
        Some(CellType::Flag) => text.parse().ok().map(Cell::Flag),
        Some(CellType::Text | CellType::Day) | None => None,
    };
    parsed.unwrap_or_else(|| Cell::source(text))
}

/// What the store's columns know of any event.
fn any_cell(store: &Store, event: EventId, column: Column) -> Cell<'_> {
    let toll = || store.fatalities(event);
    let open = |count: Option<u32>, open: bool| count.map_or(Cell::Empty, |_| Cell::Flag(open));
    match column {
        Column::EventType => Cell::text(store.event_type(event).code()),
        Column::SubType => Cell::text(store.sub_type(event)),
        Column::Date => Cell::text(edtf(store.interval(event))),
        Column::DateBegin => first_day(store.interval(event)).map_or(Cell::Empty, Cell::Day),
        Column::DateEnd => last_day(store.interval(event)).map_or(Cell::Empty, Cell::Day),
        Column::DatePrecision => Cell::text(store.date_precision(event).code()),
        Column::GeoPrecision => Cell::text(store.geo_precision(event).code()),
        Column::FatalitiesLow => Cell::count(toll().low),
        Column::FatalitiesBest => Cell::count(toll().best),
        Column::FatalitiesBestOpen => open(toll().best, toll().best_open),
        Column::FatalitiesHigh => Cell::count(toll().high),
        Column::FatalitiesHighOpen => open(toll().high, toll().high_open),
        _ => Cell::Empty,
    }
}

fn case_cell<'a>(store: &'a Store, event: EventId, detail: &'a EventDetail, column: Column) -> Cell<'a> {
    use Column as C;
    let places = || detail.places.iter().filter_map(|role| store.place(role.place));
    let listed = |names: &mut dyn Iterator<Item = &'a str>| {
        let mut all: Vec<&str> = Vec::new();
        names.filter(|name| !name.is_empty()).for_each(|name| {
            if !all.contains(&name) {
                all.push(name);
            }
        });
        Cell::text(all.join("; "))
    };
    let of_place = |get: fn(&Place) -> Option<&str>| Cell::optional(places().find_map(get));
    let placed = || places().find_map(|place| Some((place.position?, place.radius_m)));
    match column {
        C::Id => Cell::text(detail.key.as_str()),
        C::Dataset => Cell::text(case_name(store)),
        C::Title => Cell::text(detail.titles.get(Lang::En)),
        C::TitleAr => Cell::optional(detail.titles.exactly(Lang::Ar)),
        C::Ongoing => Cell::Flag(detail.ongoing),
        C::Place => listed(&mut places().map(|place| place.names.get(Lang::En))),
        C::PlaceAr => listed(&mut places().filter_map(|place| place.names.exactly(Lang::Ar))),
        C::Admin1 => of_place(|place| place.admin1.as_deref()),
        C::Country => of_place(|place| place.country.as_deref()),
        C::Latitude => placed().map_or(Cell::Empty, |(position, _)| Cell::Real(position.lat)),
        C::Longitude => placed().map_or(Cell::Empty, |(position, _)| Cell::Real(position.lon)),
        C::RadiusM => placed().map_or(Cell::Empty, |(_, radius_m)| Cell::Real(radius_m)),
        C::Actors => listed(&mut detail.actors.iter().map(|role| actor_name(store, role.actor))),
        C::ActorRoles => Cell::text(actors_in_words(store, detail)),
        C::Prominence => Cell::text(store.prominence(event).code()),
        C::Certainty => Cell::text(store.certainty(event).code()),
        C::Optional => Cell::Flag(detail.optional),
        C::NumClaims => Cell::Integer(detail.claims.len() as u64),
        C::Claimants => {
            let ids = store.columns.claimants.of(event.index()).iter();
            listed(&mut ids.map(|id| actor_name(store, ActorId(*id))))
        }
        C::Documents => {
            let documents = store.documents_of(event).filter_map(|id| store.document(id));
            listed(&mut documents.map(|document| document.key.as_str()))
        }
        C::Notes => Cell::text(detail.descriptions.get(Lang::En)),
        _ => any_cell(store, event, column),
    }
}

/// What the events that were read whole are called together.
pub fn case_name(store: &Store) -> &str {
    let name = store.titles.get(Lang::En);
    if name.is_empty() { "case" } else { name }
}

/// A few words for an event: its title, or else what stands for one.
pub fn label(store: &Store, event: EventId) -> String {
    let Some(detail) = store.detail(event) else { return String::new() };
    let title = detail.titles.get(Lang::En);
    if !title.is_empty() {
        return title.to_owned();
    }
    match (store.sub_type(event), store.event_type(event)) {
        ("", EventType::Other) => detail.key.clone(),
        ("", event_type) => event_type.code().to_owned(),
        (sub_type, _) => sub_type.to_owned(),
    }
}
