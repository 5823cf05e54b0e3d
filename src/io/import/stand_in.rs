//! Stands in for recognition while it is built.

pub mod recognise {
    use crate::model::import::{Dialect, Field};

    fn plain(name: &str) -> String {
        let name = name.trim().to_lowercase();
        name.chars().map(|c| if matches!(c, ' ' | '-' | '.') { '_' } else { c }).collect()
    }

    pub fn is_header(row: &[String]) -> (bool, crate::model::import::Sureness) {
        let numbers = row.iter().filter(|field| field.trim().parse::<f64>().is_ok()).count();
        let dates = row.iter().filter(|field| field.starts_with("20")).count();
        (numbers + dates == 0, crate::model::import::Sureness::Share(0.8))
    }

    pub fn headerless(_: &[Vec<String>]) -> Option<(Dialect, Vec<String>)> {
        None
    }

    pub fn dialect(columns: &[String]) -> Option<(Dialect, usize, usize)> {
        let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        (has("event_id_cnty") && has("event_date")).then_some((Dialect::Acled, columns.len(), 31))
    }

    pub fn mapping(
        columns: &[String],
        _: Option<Dialect>,
        _: &[crate::io::import::values::Look],
    ) -> Vec<Option<Field>> {
        let known: [(&[&str], Field); 21] = [
            (&["event_id_cnty", "event_id", "id", "data_id"], Field::Id),
            (&["sub_event_type", "sub_type"], Field::SubType),
            (&["actor1"], Field::Actor1),
            (&["assoc_actor_1", "ally_actor_1"], Field::AssocActor1),
            (&["actor2"], Field::Actor2),
            (&["assoc_actor_2", "ally_actor_2"], Field::AssocActor2),
            (&["location", "place"], Field::Place),
            (&["source", "sources"], Field::Source),
            (&["notes", "description"], Field::Notes),
            (&["fatalities", "deaths", "killed"], Field::Fatalities),
            (&["event_date", "date"], Field::Date),
            (&["time_precision", "date_precision"], Field::DatePrecision),
            (&["event_type", "type"], Field::EventType),
            (&["latitude", "lat"], Field::Latitude),
            (&["longitude", "lon", "lng", "long"], Field::Longitude),
            (&["geo_precision"], Field::GeoPrecision),
            (&["country"], Field::Country),
            (&["admin1"], Field::Admin1),
            (&["year"], Field::Year),
            (&["month"], Field::Month),
            (&["day"], Field::Day),
        ];
        let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
        let mut mapping = vec![None; columns.len()];
        for (aliases, field) in known {
            let at = aliases.iter().find_map(|alias| names.iter().position(|name| name == alias));
            if let Some(slot) = at.and_then(|at| mapping.get_mut(at)) {
                *slot = Some(field);
            }
        }
        mapping
    }
}
