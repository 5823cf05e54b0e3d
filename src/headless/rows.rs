//! Events of a list by what their rows say: values of any column, country, distance, first day.

use crate::io::figures::{column_at, exact_position};
use crate::model::time::SECONDS_PER_DAY;
use crate::model::{EventId, Interval, LatLon};
use crate::store::Store;
use crate::store::cross::{Rows, TrayCounts};

/// Mean radius of the earth in kilometres (IUGG).
const EARTH_KM: f64 = 6371.0088;

/// What passes; all must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowFilter {
    /// Columns of the file with the value that they have.
    pub columns: Vec<(String, String)>,
    /// As the file names it.
    pub country: Option<String>,
    pub near: Option<Near>,
    /// In which the first day lies.
    pub starts_in: Option<Interval>,
}

/// A circle on the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub center: LatLon,
    pub km: f64,
}

impl RowFilter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The events of a list that pass. An error names a column that there is not.
    pub fn apply(&self, store: &Store, rows: &Rows) -> Result<Rows, String> {
        let Self { columns, country, near, starts_in } = self;
        for (name, _) in columns {
            if !store.tables.iter().any(|table| column_at(table, name).is_some()) {
                return Err(format!("there is no column “{name}”"));
            }
        }
        let places: Option<Vec<bool>> = country.as_ref().map(|country| {
            store.places.iter().map(|place| place.country.as_deref() == Some(country.as_str())).collect()
        });
        let passes = |event: &EventId| {
            let row = event.index();
            let table = store.table_of(*event);
            let in_country = places.as_ref().is_none_or(|places| {
                let of = store.columns.places.of(row);
                of.iter().any(|place| places.get(*place as usize).copied().unwrap_or(false))
            });
            let starts = || {
                starts_in.is_none_or(|window| {
                    let interval = store.interval(*event);
                    let day = interval.start.div_euclid(SECONDS_PER_DAY).saturating_mul(SECONDS_PER_DAY);
                    let first = Interval { start: day, end: day.saturating_add(SECONDS_PER_DAY) };
                    !interval.is_unknown() && !interval.open_start() && first.overlaps(window)
                })
            };
            let is_near = || {
                near.is_none_or(|Near { center, km }| {
                    let exact = table.and_then(|table| exact_position(store, table, row));
                    let at = exact.or_else(|| store.position(*event));
                    at.is_some_and(|at| distance_km(center, at) <= km)
                })
            };
            let has_values = || {
                columns.iter().all(|(name, value)| {
                    let found = table.and_then(|table| Some((table, column_at(table, name)?)));
                    found.is_some_and(|(table, at)| table.field(row, at).trim_ascii() == value.as_bytes())
                })
            };
            in_country && starts() && is_near() && has_values()
        };
        Ok(rows.iter().filter(passes).collect())
    }
}

/// How many events each list of leftovers holds if of all that were shown only `shown` still are.
pub fn narrowed(trays: &TrayCounts, store: &Store, shown: &Rows) -> TrayCounts {
    let gone = trays.shown.saturating_sub(shown.len());
    let unplaced = shown.iter().filter(|event| store.position(*event).is_none()).count();
    TrayCounts { shown: shown.len(), filtered_out: trays.filtered_out + gone, unplaced, ..*trays }
}

/// Length of the great circle between two positions.
fn distance_km(a: LatLon, b: LatLon) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.lon - a.lon).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_great_circles() {
        let at = |lat, lon| LatLon { lat, lon };
        assert_eq!(distance_km(at(10.0, 20.0), at(10.0, 20.0)), 0.0);
        // A quarter of the equator, and half a meridian.
        let quarter = EARTH_KM * std::f64::consts::FRAC_PI_2;
        assert!((distance_km(at(0.0, 0.0), at(0.0, 90.0)) - quarter).abs() < 1e-6);
        assert!((distance_km(at(90.0, 0.0), at(-90.0, 120.0)) - 2.0 * quarter).abs() < 1e-6);
        assert!((distance_km(at(0.0, 179.5), at(0.0, -179.5)) - EARTH_KM.to_radians()).abs() < 1e-6);
    }
}
