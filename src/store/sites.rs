//! The distinct coordinates of events.
//!
//! Events of a dataset share coordinates: what is drawn, clicked and counted on a map are sites, not
//! events. Sites are sorted along a Morton curve over the Web Mercator square, so that all sites of a
//! quadtree cell are one range, and those of any box are few.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::{EventId, LatLon};

use super::DatasetId;
use super::columns::Columns;

/// The distinct coordinates of a store's events.
///
/// Every event with a position is at exactly one site; two events are at one site if and only if
/// their degrees are equal and they are of one dataset: each dataset may be drawn in its own way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sites {
    /// Place of each site in the Mercator square, both from 0 to 2³²: x to the east, y to the south.
    points: Vec<[u32; 2]>,
    /// The dataset of each site; empty if all are of the first one.
    datasets: Vec<DatasetId>,
    of_row: Vec<u32>,
    /// The rows of site `i` are `rows[starts[i]..starts[i + 1]]`, in order of time.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// Units of [`Sites`]' points in the width of the world.
const WORLD: f64 = 4_294_967_296.0;
/// Finest cells of the quadtree: each bit of a coordinate halves them.
const MAX_ZOOM: u32 = 32;
/// Cells of a box with fewer sites than this are not split further.
const SMALL: usize = 24;
/// Cells are split no finer than this many times below the cell that is as large as the box.
const MAX_SPLITS: u32 = 5;

impl Sites {
    /// No site: the event has no position.
    pub const NONE: u32 = u32::MAX;

    /// The sites, still without lists of their rows.
    pub(super) fn new(columns: &Columns) -> Self {
        // Found in order of row, then sorted along the curve.
        let mut codes: FxHashMap<(u32, u32, DatasetId), u32> = FxHashMap::default();
        let mut found: Vec<(u64, u32, u32, DatasetId, u32)> = Vec::new();
        let mut of_row: Vec<u32> = Vec::with_capacity(columns.len());
        let mut last = ((f32::NAN.to_bits(), 0, DatasetId::default()), Self::NONE);
        let of_kind: Vec<DatasetId> = columns.kinds.all().iter().map(|kind| kind.dataset).collect();
        for ((lat, lon), kind) in columns.lat.iter().zip(&columns.lon).zip(&columns.kind) {
            if lat.is_nan() {
                of_row.push(Self::NONE);
                continue;
            }
            // Zero has two signs.
            let dataset = of_kind.get(usize::from(*kind)).copied().unwrap_or_default();
            let key = ((lat + 0.0).to_bits(), (lon + 0.0).to_bits(), dataset);
            if last.0 != key {
                let code = *codes.entry(key).or_insert_with(|| {
                    let [x, y] = point(LatLon { lat: f64::from(*lat), lon: f64::from(*lon) });
                    found.push((morton(x, y), key.0, key.1, dataset, found.len() as u32));
                    found.len() as u32 - 1
                });
                last = (key, code);
            }
            of_row.push(last.1);
        }
        of_row.resize(columns.len(), Self::NONE);
        drop(codes);
        found.sort_unstable();
        let mut place = vec![0u32; found.len()];
        for (at, (.., code)) in found.iter().enumerate() {
            if let Some(slot) = place.get_mut(*code as usize) {
                *slot = at as u32;
            }
        }
        let points = found.iter().map(|(code, ..)| unmorton(*code)).collect();
        let is_plain = found.iter().all(|site| site.3 == DatasetId::default());
        let datasets = if is_plain { Vec::new() } else { found.iter().map(|site| site.3).collect() };
        let mut starts = vec![0u32; found.len() + 1];
        for site in &mut of_row {
            if let Some(at) = place.get(*site as usize) {
                *site = *at;
                if let Some(count) = starts.get_mut(*at as usize + 1) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { points, datasets, of_row, starts, rows: Vec::new() }
    }

    /// The sites of what is left of the rows: stretches of them, one behind the other. Still without lists
    /// of their rows. What is on the curve stays in its order.
    pub(super) fn of_stretches(&self, stretches: &[Range<usize>]) -> Self {
        let left = || stretches.iter().filter_map(|rows| self.of_row.get(rows.clone()));
        let mut counts = vec![0u32; self.points.len()];
        for site in left().flatten() {
            if let Some(count) = counts.get_mut(*site as usize) {
                *count += 1;
            }
        }
        let mut place = vec![Self::NONE; self.points.len()];
        let (mut points, mut datasets, mut starts) = (Vec::new(), Vec::new(), vec![0u32]);
        let mut sum = 0;
        for (site, (count, place)) in
            (0u32..).zip(counts.iter().zip(&mut place)).filter(|(_, (n, _))| **n > 0)
        {
            *place = points.len() as u32;
            points.extend(self.points.get(site as usize));
            datasets.push(self.dataset(site));
            sum += count;
            starts.push(sum);
        }
        let new = |site: &u32| place.get(*site as usize).copied().unwrap_or(Self::NONE);
        let of_row = left().flatten().map(new).collect();
        if datasets.iter().all(|dataset| *dataset == DatasetId::default()) {
            datasets.clear();
        }
        Self { points, datasets, of_row, starts, rows: Vec::new() }
    }

    /// Lists the rows of each site. `each_row` hands over all rows in order of time.
    pub(super) fn list_rows(&mut self, each_row: impl FnOnce(&mut dyn FnMut(u32))) {
        let mut next = self.starts.clone();
        let mut rows = vec![0u32; self.starts.last().copied().unwrap_or(0) as usize];
        each_row(&mut |row| {
            let site = self.of_row.get(row as usize);
            let Some(at) = site.and_then(|site| next.get_mut(*site as usize)) else { return };
            if let Some(slot) = rows.get_mut(*at as usize) {
                *slot = row;
            }
            *at += 1;
        });
        self.rows = rows;
    }

    pub fn len(&self) -> usize {
        self.points.len()
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Says that all sites are of one dataset, as all their events are.
    pub(super) fn set_dataset(&mut self, dataset: DatasetId) {
        self.datasets.clear();
        if dataset != DatasetId::default() {
            self.datasets.resize(self.points.len(), dataset);
        }
    }

    /// The dataset of a site's events.
    pub fn dataset(&self, site: u32) -> DatasetId {
        self.datasets.get(site as usize).copied().unwrap_or_default()
    }

    /// The sites at the same place as one, of whichever dataset.
    pub fn together(&self, site: u32) -> Range<u32> {
        let at = |site: u32| self.points.get(site as usize);
        let (mut start, mut end) = (site, site.saturating_add(1));
        while start > 0 && at(start - 1) == at(site) {
            start -= 1;
        }
        while at(end).is_some_and(|point| Some(point) == at(site)) {
            end += 1;
        }
        start..end
    }

    /// The site of each row; [`Sites::NONE`] for events without a position.
    pub fn of_rows(&self) -> &[u32] {
        &self.of_row
    }

    /// The site of an event.
    pub fn of(&self, event: EventId) -> Option<u32> {
        self.of_row.get(event.index()).copied().filter(|site| *site != Self::NONE)
    }

    /// The events of a site in order of time, whatever the filter; undated ones last.
    pub fn events(&self, site: u32) -> impl DoubleEndedIterator<Item = EventId> + ExactSizeIterator + '_ {
        let limits = self.starts.get(site as usize).zip(self.starts.get(site as usize + 1));
        let rows = limits.and_then(|(a, b)| self.rows.get(*a as usize..*b as usize)).unwrap_or_default();
        rows.iter().map(|row| EventId(*row))
    }

    /// Places of all sites in the Mercator square in units of 2⁻³² of the world's width, sorted along
    /// the curve.
    pub fn points(&self) -> &[[u32; 2]] {
        &self.points
    }

    /// Place in the Mercator square, both from 0 to 1: x to the east, y to the south.
    pub fn position(&self, site: u32) -> Option<[f64; 2]> {
        self.points.get(site as usize).map(|[x, y]| [f64::from(*x) / WORLD, f64::from(*y) / WORLD])
    }

    /// The sites of a quadtree cell: column and row from the north-west, of 2^`zoom` each.
    pub fn in_cell(&self, zoom: u32, x: u32, y: u32) -> Range<u32> {
        self.in_cell_of(&(0..self.points.len() as u32), zoom, x, y)
    }

    fn in_cell_of(&self, among: &Range<u32>, zoom: u32, x: u32, y: u32) -> Range<u32> {
        let zoom = zoom.min(MAX_ZOOM);
        if zoom == 0 {
            return among.clone();
        }
        let shift = MAX_ZOOM - zoom;
        let first = morton(x << shift, y << shift);
        let last = first | ((1u64 << (2 * shift)) - 1);
        let points = self.points.get(among.start as usize..among.end as usize).unwrap_or_default();
        let start = points.partition_point(|[x, y]| morton(*x, *y) < first) as u32;
        let rest = points.get(start as usize..).unwrap_or_default();
        let len = rest.partition_point(|[x, y]| morton(*x, *y) <= last) as u32;
        among.start + start..among.start + start + len
    }

    /// Ranges that hold every site of a box, given by its corners in the Mercator square from 0 to 1.
    /// Few sites near the edges may lie outside. Ranges are in order and do not touch.
    pub fn in_box(&self, min: [f64; 2], max: [f64; 2]) -> Vec<Range<u32>> {
        let to_units = |v: f64| (v.clamp(0.0, 1.0) * WORLD).min(WORLD - 1.0) as u32;
        let (min, max) = (min.map(to_units), max.map(to_units));
        if min[0] > max[0] || min[1] > max[1] {
            return Vec::new();
        }
        let size = (max[0] - min[0]).max(max[1] - min[1]);
        let finest = (size.leading_zeros() + MAX_SPLITS).min(MAX_ZOOM);
        let mut ranges = Vec::new();
        let all = 0..self.points.len() as u32;
        self.split(all, 0, [0, 0], (min, max), finest, &mut ranges);
        ranges
    }

    /// Appends the ranges of a cell that touch a box; `sites` are those of the cell.
    fn split(
        &self,
        sites: Range<u32>,
        zoom: u32,
        [x, y]: [u32; 2],
        limits: ([u32; 2], [u32; 2]),
        finest: u32,
        ranges: &mut Vec<Range<u32>>,
    ) {
        let (min, max) = limits;
        if sites.is_empty() {
            return;
        }
        let last = if zoom == 0 { u32::MAX } else { ((1u64 << (MAX_ZOOM - zoom)) - 1) as u32 };
        let (west, north) = if zoom == 0 { (0, 0) } else { (x << (MAX_ZOOM - zoom), y << (MAX_ZOOM - zoom)) };
        let (east, south) = (west | last, north | last);
        if west > max[0] || east < min[0] || north > max[1] || south < min[1] {
            return;
        }
        let inside = west >= min[0] && east <= max[0] && north >= min[1] && south <= max[1];
        if inside || sites.len() <= SMALL || zoom >= finest {
            match ranges.last_mut() {
                Some(range) if range.end == sites.start => range.end = sites.end,
                _ => ranges.push(sites),
            }
            return;
        }
        for quarter in 0..4 {
            let (x, y) = (2 * x + (quarter & 1), 2 * y + (quarter >> 1));
            let part = self.in_cell_of(&sites, zoom + 1, x, y);
            self.split(part, zoom + 1, [x, y], limits, finest, ranges);
        }
    }

    /// The nearest accepted site within a distance of a point of the Mercator square, all from 0 to 1,
    /// with its distance.
    pub fn nearest(
        &self,
        [x, y]: [f64; 2],
        radius: f64,
        mut accept: impl FnMut(u32) -> bool,
    ) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        for range in self.in_box([x - radius, y - radius], [x + radius, y + radius]) {
            for site in range {
                let Some([site_x, site_y]) = self.position(site) else { continue };
                let distance = (site_x - x).hypot(site_y - y);
                let nearer = distance <= radius && best.is_none_or(|(_, best)| distance < best);
                if nearer && accept(site) {
                    best = Some((site, distance));
                }
            }
        }
        best
    }
}

/// Where a position is in the Mercator square, in units of 2⁻³² of its side.
fn point(p: LatLon) -> [u32; 2] {
    let lat = p.lat.clamp(-85.051_128, 85.051_128).to_radians();
    let y = (1.0 - ((lat.tan() + 1.0 / lat.cos()).ln()) / std::f64::consts::PI) / 2.0;
    let x = p.lon / 360.0 + 0.5;
    [x, y].map(|v| (v * WORLD).round() as u32)
}

/// The bits of two numbers, alternating: place on the Morton curve.
fn morton(x: u32, y: u32) -> u64 {
    spread(x) | spread(y) << 1
}

fn unmorton(code: u64) -> [u32; 2] {
    [gathered(code), gathered(code >> 1)]
}

fn spread(v: u32) -> u64 {
    let mut v = u64::from(v);
    v = (v | v << 16) & 0x0000_ffff_0000_ffff;
    v = (v | v << 8) & 0x00ff_00ff_00ff_00ff;
    v = (v | v << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    v = (v | v << 2) & 0x3333_3333_3333_3333;
    (v | v << 1) & 0x5555_5555_5555_5555
}

fn gathered(v: u64) -> u32 {
    let mut v = v & 0x5555_5555_5555_5555;
    v = (v | v >> 1) & 0x3333_3333_3333_3333;
    v = (v | v >> 2) & 0x0f0f_0f0f_0f0f_0f0f;
    v = (v | v >> 4) & 0x00ff_00ff_00ff_00ff;
    v = (v | v >> 8) & 0x0000_ffff_0000_ffff;
    (v | v >> 16) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Interval;
    use crate::store::Kind;

    fn columns(positions: &[Option<(f32, f32)>]) -> Columns {
        let mut columns = Columns::default();
        for (row, position) in positions.iter().enumerate() {
            columns.push_bare(Interval::UNKNOWN, Kind::default());
            let (lat, lon) = position.unwrap_or((f32::NAN, f32::NAN));
            (columns.lat[row], columns.lon[row]) = (lat, lon);
        }
        columns
    }

    fn sites(positions: &[Option<(f32, f32)>]) -> Sites {
        let mut sites = Sites::new(&columns(positions));
        sites.list_rows(|each| (0..positions.len() as u32).for_each(each));
        sites
    }

    #[test]
    fn curve_codes_go_there_and_back() {
        for (x, y) in [(0, 0), (1, 0), (0, 1), (u32::MAX, 7), (0x1234_5678, 0x9abc_def0)] {
            assert_eq!(unmorton(morton(x, y)), [x, y]);
        }
        assert_eq!(morton(1, 0), 1);
        assert_eq!(morton(0, 1), 2);
    }

    #[test]
    fn equal_coordinates_are_one_site() {
        let sites = sites(&[Some((1.0, 2.0)), None, Some((0.0, 0.0)), Some((1.0, 2.0)), Some((-0.0, 0.0))]);
        assert_eq!(sites.len(), 2);
        assert_eq!(sites.of(EventId(1)), None);
        assert_eq!(sites.of(EventId(9)), None);
        let site = sites.of(EventId(3)).expect("site");
        assert_eq!(sites.events(site).collect::<Vec<_>>(), [EventId(0), EventId(3)]);
        assert_eq!(sites.of(EventId(2)), sites.of(EventId(4)));
        assert_eq!(sites.events(77).count(), 0);
    }

    fn positions() -> impl Strategy<Value = Vec<Option<(f32, f32)>>> {
        let coarse = (-80i32..80, -170i32..170).prop_map(|(lat, lon)| (lat as f32, lon as f32));
        let fine = (-900.0f32..900.0, -1800.0f32..1800.0).prop_map(|(lat, lon)| (lat / 10.0, lon / 10.0));
        let near = (0.0f32..0.01, 0.0f32..0.01).prop_map(|(lat, lon)| (12.0 + lat, 3.0 + lon));
        let extreme = prop::sample::select(vec![(90.0, 180.0), (-90.0, -180.0), (0.0, 180.0)]);
        prop::collection::vec(prop::option::of(prop_oneof![coarse, fine, near, extreme]), 0..300)
    }

    proptest! {
        #[test]
        fn boxes_hold_their_sites(all in positions(), corner in (0.0f64..1.0, 0.0f64..1.0), size in 0.0f64..0.5) {
            let sites = sites(&all);
            let (min, max) = ([corner.0, corner.1], [corner.0 + size, corner.1 + size]);
            let ranges = sites.in_box(min, max);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
            for site in 0..sites.len() as u32 {
                let [x, y] = sites.position(site).expect("site");
                let inside = x >= min[0] && x <= max[0] && y >= min[1] && y <= max[1];
                if inside {
                    prop_assert!(ranges.iter().any(|range| range.contains(&site)));
                }
            }
            let radius = size / 4.0;
            let nearest = sites.nearest(min, radius, |site| site % 2 == 0);
            let slow = (0..sites.len() as u32)
                .filter(|site| site % 2 == 0)
                .filter_map(|site| sites.position(site))
                .map(|[x, y]| (x - min[0]).hypot(y - min[1]))
                .filter(|distance| *distance <= radius)
                .reduce(f64::min);
            prop_assert_eq!(nearest.map(|(_, distance)| distance), slow);
        }

        #[test]
        fn cells_part_the_sites(all in positions(), zoom in 0u32..4) {
            let sites = sites(&all);
            let side = 1u32 << zoom;
            let total: usize = (0..side * side).map(|cell| sites.in_cell(zoom, cell % side, cell / side).len()).sum();
            prop_assert_eq!(total, sites.len());
            for site in sites.in_cell(zoom, 0, 0) {
                let [x, y] = sites.position(site).expect("site");
                prop_assert!(x < 1.0 / f64::from(side) && y < 1.0 / f64::from(side));
            }
        }

        #[test]
        fn every_placed_event_is_at_one_site(all in positions()) {
            let sites = sites(&all);
            let mut seen: Vec<EventId> = (0..sites.len() as u32).flat_map(|site| sites.events(site)).collect();
            seen.sort_unstable();
            let placed: Vec<EventId> =
                all.iter().enumerate().filter(|(_, p)| p.is_some()).map(|(row, _)| EventId(row as u32)).collect();
            prop_assert_eq!(seen, placed);
            for (row, position) in all.iter().enumerate() {
                let same = all.iter().position(|other| other == position).expect("itself");
                if position.is_some() {
                    prop_assert_eq!(sites.of(EventId(row as u32)), sites.of(EventId(same as u32)));
                }
            }
        }
    }
}
