//! Shown events in a frame of the map, by country or region. Pure.
//!
//! Invariant: the counts of all groups add up to the number of shown and placed events in the frame,
//! because every site is of exactly one group and lies either in the frame or not.

use std::collections::HashMap;

use crate::model::{BBox, PlaceId};
use crate::store::Store;
use crate::store::cross::SiteCount;
use crate::store::order::Index;

/// Sites whose group is found in one frame of the window, so that a large dataset holds up nobody.
const SITES_AT_ONCE: usize = 60_000;

/// Which country or region each site of a store is in. Found bit by bit, see [`Regions::go_on`].
#[derive(Debug, Default)]
pub struct Regions {
    /// As the dataset writes them; the first one is empty and stands for none.
    pub names: Vec<String>,
    /// Group of each place.
    of_place: Vec<u32>,
    /// Group of each site, as far as found.
    of_site: Vec<u32>,
}

impl Regions {
    /// Groups by country; where there is but one, by its regions.
    pub fn new(store: &Store) -> Self {
        let group = |name: &dyn Fn(&crate::model::Place) -> Option<String>| -> Self {
            let mut codes: HashMap<String, u32> = HashMap::new();
            let mut regions = Self { names: vec![String::new()], ..Self::default() };
            for place in &store.places {
                let name = name(place).filter(|name| !name.is_empty());
                let code = name.map_or(0, |name| {
                    let next = regions.names.len() as u32;
                    *codes.entry(name).or_insert_with_key(|name| {
                        regions.names.push(name.clone());
                        next
                    })
                });
                regions.of_place.push(code);
            }
            regions
        };
        let countries = group(&|place| {
            let own = (place.kind == "country").then(|| place.names.get(crate::model::Lang::En).to_owned());
            place.country.clone().or(own)
        });
        // One name, beside the empty one.
        if countries.names.len() > 2 {
            return countries;
        }
        let regions = group(&|place| place.admin1.clone());
        if regions.names.len() > 2 { regions } else { countries }
    }

    /// Finds the groups of some more sites. Returns whether all are found.
    pub fn go_on(&mut self, store: &Store, index: &Index) -> bool {
        let from = self.of_site.len();
        let to = (from + SITES_AT_ONCE).min(index.sites.len());
        let of_place = &self.of_place;
        self.of_site.extend((from..to).map(|site| {
            let event = index.sites.events(site as u32).next();
            let place = event.and_then(|event| store.first_place(event)).map(PlaceId::index);
            place.and_then(|place| of_place.get(place)).copied().unwrap_or(0)
        }));
        self.of_site.len() == index.sites.len()
    }

    /// The sites of a group.
    fn sites_of(&self, group: u32) -> impl Iterator<Item = u32> + '_ {
        self.of_site.iter().enumerate().filter(move |(_, of)| **of == group).map(|(site, _)| site as u32)
    }

    /// The box of a group's shown events.
    pub fn bbox(&self, group: u32, index: &Index, shown: &[SiteCount]) -> Option<BBox> {
        let shown = |site: &u32| shown.get(*site as usize).is_some_and(|count| count.total > 0);
        let positions = self.sites_of(group).filter(shown).filter_map(|site| index.sites.position(site));
        BBox::of_points(positions.map(|[x, y]| crate::ui::map::camera::from_mercator(x, y)))
    }

    /// The places of a group.
    pub fn places_of(&self, group: u32) -> Vec<u32> {
        (0u32..).zip(&self.of_place).filter(|(_, of)| **of == group).map(|(place, _)| place).collect()
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub group: u32,
    pub events: u32,
}

/// Counts of the groups that have events in the frame, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub rows: Vec<Row>,
    pub in_frame: u64,
}

/// Counts the shown events in a box given by its corners in the Mercator square.
pub fn count(
    regions: &Regions,
    index: &Index,
    shown: &[SiteCount],
    (min, max): ([f64; 2], [f64; 2]),
) -> Counts {
    let mut per_group = vec![0u32; regions.names.len()];
    let units = |at: f64| at.clamp(0.0, 1.0) * 4_294_967_296.0;
    let (min_units, max_units) = (min.map(units), max.map(units));
    for range in index.sites.in_box(min, max) {
        let range = range.start as usize..range.end as usize;
        let points = index.sites.points().get(range.clone()).unwrap_or_default();
        let groups = regions.of_site.get(range.clone()).unwrap_or_default();
        let counts = shown.get(range).unwrap_or_default();
        for ((point, group), count) in points.iter().zip(groups).zip(counts) {
            let [x, y] = point.map(f64::from);
            let inside = x >= min_units[0] && x <= max_units[0] && y >= min_units[1] && y <= max_units[1];
            if inside && let Some(sum) = per_group.get_mut(*group as usize) {
                *sum += count.total;
            }
        }
    }
    let in_frame = per_group.iter().map(|sum| u64::from(*sum)).sum();
    let rows = (0u32..).zip(per_group).filter(|(_, events)| *events > 0);
    let mut rows: Vec<Row> = rows.map(|(group, events)| Row { group, events }).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.events));
    Counts { rows, in_frame }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventId, Interval, LatLon, Names, Place};
    use crate::store::{Kind, Lists};
    use crate::ui::map::camera::mercator;

    fn place(key: &str, country: Option<&str>, admin1: &str) -> Place {
        Place {
            key: key.to_owned(),
            names: Names::en(key),
            kind: "town".to_owned(),
            position: None,
            radius_m: 0.0,
            country: country.map(str::to_owned),
            admin1: Some(admin1.to_owned()),
            forms: Vec::new(),
            demonyms: Vec::new(),
            note: None,
        }
    }

    /// Events on a grid of degrees, in places that take turns.
    fn store(places: Vec<Place>) -> Store {
        let mut store = Store { generation: 1, ..Store::default() };
        let mut codes = Vec::new();
        for row in 0..2000u32 {
            store.columns.push_bare(Interval { start: 0, end: 86_400 }, Kind::default());
            // A tenth of a degree off the whole ones, so that no event lies on the edge of a box.
            store.columns.lat[row as usize] = (row % 37) as f32 - 17.9;
            store.columns.lon[row as usize] = (row % 53) as f32 * 2.0 - 50.1;
            codes.push((row % 37) % places.len() as u32);
        }
        store.columns.places = Lists::One(codes);
        store.places = places;
        store.reindex();
        store
    }

    #[test]
    fn groups_are_countries_or_else_regions() {
        let names = |places: Vec<Place>| Regions::new(&store(places)).names;
        let two = vec![place("a", Some("Mali"), "Gao"), place("b", Some("Niger"), "Tillabéri")];
        assert_eq!(names(two), ["", "Mali", "Niger"]);
        let one = vec![place("a", Some("Mali"), "Gao"), place("b", Some("Mali"), "Kidal")];
        assert_eq!(names(one), ["", "Gao", "Kidal"]);
        assert_eq!(names(vec![place("a", None, "")]), [""]);
    }

    #[test]
    fn counts_are_those_of_looking_at_every_event() {
        let places = ["Mali", "Niger", "Chad", "Ghana", "Togo"].map(|name| place(name, Some(name), ""));
        let store = store(places.to_vec());
        let index = store.index();
        let mut regions = Regions::new(&store);
        assert!(regions.go_on(&store, &index));
        let shown: Vec<SiteCount> = (0..index.sites.len() as u32)
            .map(|site| SiteCount { total: index.sites.events(site).len() as u32, ..SiteCount::default() })
            .collect();
        for (south, west, north, east) in
            [(-90, -180, 90, 180), (-3, -20, 9, 31), (0, 0, 1, 1), (60, 0, 70, 9)]
        {
            let corner = |lat: i32, lon: i32| {
                let (x, y) = mercator(LatLon { lat: f64::from(lat), lon: f64::from(lon) });
                [x, y]
            };
            let frame = (corner(north, west), corner(south, east));
            let found = count(&regions, &index, &shown, frame);
            let bbox = BBox {
                min_lat: f64::from(south),
                min_lon: f64::from(west),
                max_lat: f64::from(north),
                max_lon: f64::from(east),
            };
            let inside =
                |event: &EventId| store.position(*event).is_some_and(|position| bbox.contains(position));
            assert_eq!(found.in_frame as usize, store.events().filter(inside).count());
            for row in &found.rows {
                let name = &regions.names[row.group as usize];
                let own = store.events().filter(inside).filter(|event| {
                    let place = store.first_place(*event).and_then(|place| store.place(place));
                    place.and_then(|place| place.country.as_ref()) == Some(name)
                });
                assert_eq!(row.events as usize, own.count(), "{name}");
            }
            assert!(found.rows.is_sorted_by_key(|row| std::cmp::Reverse(row.events)));
        }
    }
}
