//! How a flat dataset was read: what its columns are to the program.

use crate::model::import::{Dialect, Field};
use crate::store::Table;

/// Columns of a dataset's file, and what they are.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub dialect: Option<Dialect>,
    /// Names and fields, in order of the file.
    pub columns: Vec<(String, Option<Field>)>,
}

impl Source {
    pub fn of(table: &Table) -> Self {
        let header = table.records.header();
        let mut columns: Vec<(String, Option<Field>)> =
            header.iter().map(|name| (name.clone(), None)).collect();
        let mut set = |at: Option<usize>, field: Field| {
            if let Some((_, known)) = at.and_then(|at| columns.get_mut(at)) {
                *known = Some(field);
            }
        };
        let find = |names: &[&str]| {
            let is =
                |name: &String| names.iter().any(|known| name.to_lowercase().replace(' ', "_") == *known);
            header.iter().position(is)
        };
        let roles = &table.roles;
        set(find(&["event_date", "date"]), Field::Date);
        set(find(&["time_precision", "date_precision"]), Field::DatePrecision);
        set(find(&["event_type", "type"]), Field::EventType);
        set(find(&["latitude", "lat"]), Field::Latitude);
        set(find(&["longitude", "lon"]), Field::Longitude);
        set(find(&["geo_precision"]), Field::GeoPrecision);
        set(find(&["country"]), Field::Country);
        set(find(&["admin1"]), Field::Admin1);
        set(roles.key, Field::Id);
        set(roles.sub_type, Field::SubType);
        set(roles.place, Field::Place);
        set(roles.source, Field::Source);
        set(roles.notes, Field::Notes);
        set(roles.fatalities, Field::Fatalities);
        for (at, role) in &roles.actors {
            let field = match *role {
                "actor 1" => Field::Actor1,
                "actor 2" => Field::Actor2,
                "assoc. actor 1" => Field::AssocActor1,
                _ => Field::AssocActor2,
            };
            set(Some(*at), field);
        }
        let dialect = find(&["event_id_cnty"]).map(|_| Dialect::Acled);
        Self { dialect, columns }
    }

    /// The first column that is a field.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|(_, known)| *known == Some(field))
    }
}
