//! Settings as the reader of rows needs them: fields as plain numbers of columns.

use crate::io::import::codes;
use crate::io::import::values::Forms;
use crate::model::import::{Dialect, Field, Format, Part, Remedy, Settings};
use crate::model::{DatePrecision, GeoPrecision};
use crate::store::table::FieldRoles;

use super::NONE;

/// How a row becomes an event.
#[derive(Clone, Debug)]
pub struct Plan {
    pub forms: Forms,
    pub dialect: Option<Dialect>,
    pub keep: Part,
    /// Every row that is not blank is an event: it is a feature, not a line of a table.
    pub has_features: bool,
    pub remedies: Remedies,
    pub date: usize,
    pub date_end: usize,
    pub time: usize,
    pub year: usize,
    pub month: usize,
    pub day: usize,
    pub date_precision: usize,
    pub event_type: usize,
    pub sub_type: usize,
    pub latitude: usize,
    pub longitude: usize,
    pub coordinates: usize,
    pub geo_precision: usize,
    pub country: usize,
    pub admin1: usize,
    pub place: usize,
    pub source: usize,
    pub best: usize,
    pub low: usize,
    pub high: usize,
    pub wounded: usize,
    pub id: usize,
    pub actors: Vec<usize>,
    pub notes: Option<usize>,
    /// Columns that say what happened, for rows without a date.
    pub words: Vec<usize>,
    /// What the codes of one digit mean: nearly all rows have one.
    date_codes: [Option<DatePrecision>; 10],
    geo_codes: [Option<GeoPrecision>; 10],
}

/// Remedies that concern single rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remedies {
    pub swap_coordinates: bool,
    pub swap_where_needed: bool,
    pub unplace_null_island: bool,
    pub negative_is_unknown: bool,
    pub order_tolls: bool,
    pub swap_interval: bool,
}

impl Plan {
    /// `is_order_known` says whether dates tell day from month; see [`Forms::is_order_known`].
    pub fn of(settings: &Settings, is_order_known: bool) -> Self {
        let at = |field: Field| settings.column_of(field).unwrap_or(NONE);
        let has = |remedy: Remedy| settings.has(remedy);
        let is_words = |field: Field| {
            use Field::*;
            matches!(
                field,
                EventType
                    | SubType
                    | Title
                    | Notes
                    | Actor1
                    | AssocActor1
                    | Actor2
                    | AssocActor2
                    | Actors
                    | Fatalities
                    | FatalitiesLow
                    | FatalitiesHigh
                    | Wounded
            )
        };
        let columns = || settings.columns.iter().enumerate();
        Self {
            forms: Forms { is_order_known, ..Forms::of(settings) },
            dialect: settings.dialect,
            keep: settings.keep,
            has_features: matches!(
                settings.format,
                Format::GeoJson | Format::Kml | Format::Kmz | Format::Gpx
            ),
            remedies: Remedies {
                swap_coordinates: has(Remedy::SwapCoordinates),
                swap_where_needed: has(Remedy::SwapWhereNeeded),
                unplace_null_island: has(Remedy::UnplaceNullIsland),
                negative_is_unknown: has(Remedy::NegativeIsUnknown),
                order_tolls: has(Remedy::OrderTolls),
                swap_interval: has(Remedy::SwapInterval),
            },
            date: at(Field::Date),
            date_end: at(Field::DateEnd),
            time: at(Field::Time),
            year: at(Field::Year),
            month: at(Field::Month),
            day: at(Field::Day),
            date_precision: at(Field::DatePrecision),
            event_type: at(Field::EventType),
            sub_type: at(Field::SubType),
            latitude: at(Field::Latitude),
            longitude: at(Field::Longitude),
            coordinates: at(Field::Coordinates),
            geo_precision: at(Field::GeoPrecision),
            country: at(Field::Country),
            admin1: at(Field::Admin1),
            place: at(Field::Place),
            source: at(Field::Source),
            best: at(Field::Fatalities),
            low: at(Field::FatalitiesLow),
            high: at(Field::FatalitiesHigh),
            wounded: at(Field::Wounded),
            id: at(Field::Id),
            actors: actors(settings).into_iter().map(|(at, _)| at).collect(),
            notes: settings.column_of(Field::Notes),
            words: columns().filter(|(_, field)| field.is_some_and(is_words)).map(|(at, _)| at).collect(),
            date_codes: DIGITS.map(|digit| codes::date_precision(settings.dialect, digit)),
            geo_codes: DIGITS.map(|digit| codes::geo_precision(settings.dialect, digit)),
        }
    }

    /// How finely a date is known by a code; by the date itself where the code is none.
    pub fn date_code(&self, code: &[u8], own: DatePrecision) -> DatePrecision {
        let known = match code {
            [digit @ b'0'..=b'9'] => self.date_codes.get(usize::from(digit - b'0')).copied().flatten(),
            _ => std::str::from_utf8(code).ok().and_then(|code| codes::date_precision(self.dialect, code)),
        };
        known.unwrap_or(own)
    }

    /// How well a place is known by a code.
    pub fn geo_code(&self, code: &[u8]) -> GeoPrecision {
        let known = match code {
            [digit @ b'0'..=b'9'] => self.geo_codes.get(usize::from(digit - b'0')).copied().flatten(),
            _ => std::str::from_utf8(code).ok().and_then(|code| codes::geo_precision(self.dialect, code)),
        };
        known.unwrap_or(GeoPrecision::Unknown)
    }
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Columns of actors with the role that each gives, in the order of roles.
fn actors(settings: &Settings) -> Vec<(usize, &'static str)> {
    let roles = [
        (Field::Actor1, "actor 1"),
        (Field::AssocActor1, "assoc. actor 1"),
        (Field::Actor2, "actor 2"),
        (Field::AssocActor2, "assoc. actor 2"),
        (Field::Actors, "actor"),
    ];
    let columns_of =
        |field: Field| settings.columns.iter().enumerate().filter(move |(_, column)| **column == Some(field));
    roles.into_iter().flat_map(|(field, role)| columns_of(field).map(move |(at, _)| (at, role))).collect()
}

/// For those who look at single rows.
pub fn roles(settings: &Settings) -> FieldRoles {
    let at = |field: Field| settings.column_of(field);
    FieldRoles {
        key: at(Field::Id),
        title: at(Field::Title),
        sub_type: at(Field::SubType),
        actors: actors(settings),
        place: at(Field::Place),
        source: at(Field::Source),
        source_url: at(Field::SourceUrl),
        notes: at(Field::Notes),
        fatalities: at(Field::Fatalities),
        wounded: at(Field::Wounded),
    }
}
