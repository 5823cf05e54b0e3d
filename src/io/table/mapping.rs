//! Which column of a table means what: the header's names against those of ACLED's files.
//!
//! A [`Mapping`] is a value, made here from the names alone; nothing else in the reader knows names.

use crate::store::table::FieldRoles;

/// What the columns of a table mean; places in the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// For those who look at single rows.
    pub fields: FieldRoles,
    pub date: Option<usize>,
    /// 1 a day, 2 a week, 3 a month.
    pub date_precision: Option<usize>,
    pub event_type: Option<usize>,
    pub latitude: Option<usize>,
    pub longitude: Option<usize>,
    /// 1 the place, 2 near it, 3 its region.
    pub geo_precision: Option<usize>,
    pub country: Option<usize>,
    pub admin1: Option<usize>,
}

/// What a table must have to be one of events, and has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Vec<&'static str>);

impl Mapping {
    /// Finds the columns by their names, whatever their case and order. Of columns with one name the
    /// first counts.
    pub fn of(header: &[String]) -> Result<Self, Missing> {
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let find =
            |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        let actors = [
            (find(&["actor1"]), "actor 1"),
            (find(&["assoc_actor_1", "ally_actor_1"]), "assoc. actor 1"),
            (find(&["actor2"]), "actor 2"),
            (find(&["assoc_actor_2", "ally_actor_2"]), "assoc. actor 2"),
        ];
        let mapping = Self {
            fields: FieldRoles {
                key: find(&["event_id_cnty", "event_id", "id", "data_id"]),
                sub_type: find(&["sub_event_type", "sub_type"]),
                actors: actors.into_iter().filter_map(|(at, role)| Some((at?, role))).collect(),
                place: find(&["location", "place"]),
                source: find(&["source", "sources"]),
                notes: find(&["notes", "description"]),
                fatalities: find(&["fatalities", "deaths", "killed"]),
            },
            date: find(&["event_date", "date"]),
            date_precision: find(&["time_precision", "date_precision"]),
            event_type: find(&["event_type", "type"]),
            latitude: find(&["latitude", "lat"]),
            longitude: find(&["longitude", "lon", "lng", "long"]),
            geo_precision: find(&["geo_precision"]),
            country: find(&["country"]),
            admin1: find(&["admin1"]),
        };
        let mut missing = Vec::new();
        if mapping.date.is_none() {
            missing.push("a date (event_date or date)");
        }
        let placed = mapping.latitude.is_some() && mapping.longitude.is_some();
        if !placed && mapping.fields.place.is_none() {
            missing.push("a place (latitude and longitude, or location)");
        }
        if missing.is_empty() { Ok(mapping) } else { Err(Missing(missing)) }
    }
}

/// A name without what differs between programs.
fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.chars().map(|c| if matches!(c, ' ' | '-' | '.') { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Result<Mapping, Missing> {
        Mapping::of(&header.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_found_in_any_case_and_order() {
        let mapping = of("LONGITUDE, Event Date ,latitude,ACTOR1,ALLY_ACTOR_1,notes,date").expect("mapping");
        assert_eq!((mapping.date, mapping.latitude, mapping.longitude), (Some(1), Some(2), Some(0)));
        assert_eq!(mapping.fields.actors, [(3, "actor 1"), (4, "assoc. actor 1")]);
        assert_eq!(mapping.fields.notes, Some(5));
        assert!(of("date,location").is_ok());
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(of("id,year,month,day,latitude,longitude").expect_err("no date").0.len(), 1);
        assert_eq!(of("a,b").expect_err("nothing").0.len(), 2);
        assert_eq!(of("date,latitude").expect_err("half a place").0.len(), 1);
    }
}
