//! Exact counts over a crowded map: places grouped so that their numbers do not overlap. Pure.
//!
//! Which sites belong together depends on all their events, shown or not, and on cells of the world at
//! whole levels of zoom. So groups hold still while the map is dragged and while time runs; only
//! their counts change. Every shown event in the view is in exactly one chip: the counts of the chips
//! add up to the events in view.

use std::collections::HashMap;
use std::ops::Range;

use super::frame::{Census, Frame, Places, UNITS};
use crate::model::EventType;
use crate::store::cross::SiteCount;

/// Cells are halved so many times below the tiles of 256 points of their level of zoom: they are 32
/// points wide there, and cells of the quadtree by which sites are sorted.
const HALVINGS: i64 = 3;
/// A group takes in the cells about its greatest one within this distance, in cells.
const REACH: f64 = 2.1;
/// Groups are made for whole tiles of this many cells, so that they are the same wherever in them
/// the view lies.
const TILE: i64 = 16;
/// Height of a chip in points.
pub const HEIGHT: f32 = 24.0;
/// Room between two chips, in points.
const GAP: f32 = 3.0;

/// Per type.
pub type Counts = [u32; EventType::ALL.len()];

/// A count on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Chip {
    /// Centre in the view, in points: that of its events, as far as there is room.
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub total: u32,
    pub counts: Counts,
    /// Box of its events in units of the sites' points: least x, least y, greatest x, greatest y.
    pub bounds: [u32; 4],
    /// Sum of points, weighted by events.
    sum: [u64; 2],
    /// The greatest cell of the group that gave it its first events: holds still while counts change.
    pub group: (i64, i64),
}

/// A cell with sites.
#[derive(Clone, Debug)]
struct Cell {
    /// All its sites: they lie side by side on the curve.
    sites: Range<u32>,
    /// Column and row at the level of the cells.
    at: (i64, i64),
    /// Sum of weights, and centre in units of the sites' points.
    weight: u64,
    center: (f64, f64),
    /// Place in [`Groups::roots`].
    group: u32,
}

/// Groups of cells for a stretch of the world at a level of zoom.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// What they were made for: generation of the sites, level of zoom, tiles.
    key: Option<(u64, i64, [i64; 4])>,
    cells: Vec<Cell>,
    /// The greatest cell of each group.
    roots: Vec<(i64, i64)>,
    /// Bits of a site's point below those that name its cell.
    shift: u32,
}

/// A cell that is in no group yet.
const FREE: u32 = u32::MAX;

impl Groups {
    /// Makes the groups that a view needs, unless they are there. `weight` is the number of all events
    /// of a site; `ranges` gives the sites of a box of the world, from its least to its greatest x and
    /// y in [0, 1], sorted along the curve.
    pub fn refresh(
        &mut self,
        generation: u64,
        frame: &Frame,
        points: &[[u32; 2]],
        weight: impl Fn(u32) -> u32,
        ranges: impl FnOnce([f64; 2], [f64; 2]) -> Vec<Range<u32>>,
    ) {
        let level = (frame.zoom().round() as i64 + HALVINGS).clamp(1, 31);
        let cells = (level as f64).exp2();
        let margin = REACH * 2.0 / cells;
        let [left, top, right, bottom] = frame.world();
        let tile = |at: f64| ((at.clamp(0.0, 1.0) * cells).min(cells - 1.0) as i64).div_euclid(TILE);
        let tiles = [tile(left - margin), tile(top - margin), tile(right + margin), tile(bottom + margin)];
        let key = Some((generation, level, tiles));
        if self.key == key {
            return;
        }
        self.key = key;
        self.shift = (32 - level) as u32;
        let inside = |(x, y): (i64, i64)| {
            (tiles[0]..=tiles[2]).contains(&x.div_euclid(TILE))
                && (tiles[1]..=tiles[3]).contains(&y.div_euclid(TILE))
        };
        let edge = |tile: i64| (tile * TILE) as f64 / cells;
        let found = ranges([edge(tiles[0]), edge(tiles[1])], [edge(tiles[2] + 1), edge(tiles[3] + 1)]);
        self.cells.clear();
        for range in found {
            let points = points.get(range.start as usize..range.end as usize).unwrap_or_default();
            for (site, point) in range.zip(points) {
                let at = (i64::from(point[0] >> self.shift), i64::from(point[1] >> self.shift));
                if self.cells.last().is_none_or(|cell| cell.at != at || cell.sites.end != site) {
                    if !inside(at) {
                        continue;
                    }
                    let (weight, center) = (0, (0.0, 0.0));
                    self.cells.push(Cell { sites: site..site, at, weight, center, group: FREE });
                }
                if let Some(cell) = self.cells.last_mut() {
                    let weight = weight(site);
                    cell.sites.end = site + 1;
                    cell.weight += u64::from(weight);
                    cell.center.0 += f64::from(point[0]) * f64::from(weight);
                    cell.center.1 += f64::from(point[1]) * f64::from(weight);
                }
            }
        }
        for cell in &mut self.cells {
            let weight = cell.weight.max(1) as f64;
            cell.center = (cell.center.0 / weight, cell.center.1 / weight);
        }
        self.group();
    }

    /// From the cell with the most events to the one with the fewest, each takes in the free cells
    /// within reach of it.
    fn group(&mut self) {
        self.roots.clear();
        let at: HashMap<(i64, i64), usize> =
            self.cells.iter().enumerate().map(|(index, cell)| (cell.at, index)).collect();
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order
            .sort_by_key(|index| (std::cmp::Reverse(self.cells.get(*index).map_or(0, |c| c.weight)), *index));
        let steps = REACH.ceil() as i64;
        let side = f64::from(1u32 << self.shift.min(31));
        for index in order {
            let Some(root) = self.cells.get_mut(index).filter(|cell| cell.group == FREE) else { continue };
            let group = self.roots.len() as u32;
            let (x, y) = root.at;
            let center = root.center;
            self.roots.push(root.at);
            root.group = group;
            let around = (x - steps..=x + steps).flat_map(|x| (y - steps..=y + steps).map(move |y| (x, y)));
            for other in around.filter_map(|at_cell| at.get(&at_cell)) {
                let Some(cell) = self.cells.get_mut(*other).filter(|cell| cell.group == FREE) else {
                    continue;
                };
                let distance = (cell.center.0 - center.0).hypot(cell.center.1 - center.1);
                if distance <= REACH * side {
                    cell.group = group;
                }
            }
        }
    }

    /// The cells in a view and within some points of it, with how much of each the view shows.
    fn about(&self, frame: &Frame, margin: f64) -> impl Iterator<Item = (&Cell, Shown)> {
        let per_cell = f64::from(1u32 << self.shift.min(31)) / UNITS * frame.scale;
        let frame = *frame;
        self.cells.iter().filter_map(move |cell| {
            let left = cell.at.0 as f64 * per_cell - frame.left;
            let top = cell.at.1 as f64 * per_cell - frame.top;
            let (right, bottom) = (left + per_cell, top + per_cell);
            let touches =
                |by: f64| right >= -by && bottom >= -by && left < frame.width + by && top < frame.height + by;
            if left >= 0.0 && top >= 0.0 && right < frame.width && bottom < frame.height {
                Some((cell, Shown::Whole))
            } else if touches(0.0) {
                Some((cell, Shown::Partly))
            } else {
                touches(margin).then_some((cell, Shown::Not))
            }
        })
    }
}

/// How much of something is in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Whole,
    Partly,
    Not,
}

/// What is shown in a view, by groups that do not yet know each other.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub census: Census,
    by_group: Vec<Chip>,
}

/// Counts what is shown in a view. `each` is called with every site in it and within some points
/// of it, and some others, with its point and with the number of events shown there, which may be 0: for large
/// datasets, a look at all sites is most of the work, and nobody should take a second one.
pub fn count(
    groups: &Groups,
    frame: &Frame,
    places: &Places<'_>,
    margin: f64,
    mut each: impl FnMut(u32, [u32; 2], u32),
) -> Counted {
    let mut census = Census::default();
    let mut by_group: Vec<Chip> = groups.roots.iter().map(|root| Chip::new(*root)).collect();
    for (cell, shown) in groups.about(frame, margin) {
        let Some(chip) = by_group.get_mut(cell.group as usize) else { continue };
        let mut part = Part::default();
        let sites = std::slice::from_ref(&cell.sites);
        match shown {
            Shown::Whole => places.each(sites, |site, point, count| {
                each(site, point, count.total);
                part.add(point, count);
            }),
            Shown::Partly => places.each(sites, |site, point, count| {
                each(site, point, count.total);
                if frame.shows(point) {
                    part.add(point, count);
                }
            }),
            Shown::Not => places.each(sites, |site, point, count| each(site, point, count.total)),
        }
        census.sites += part.sites;
        census.events += part.count.total;
        chip.add(&part);
    }
    Counted { census, by_group }
}

/// Chips for what was counted. `width` is the width of a chip for a number; `place` moves a chip, given
/// by its centre and width, to where there is room for it.
pub fn chips(
    counted: Counted,
    frame: &Frame,
    width: impl Fn(u32) -> f32,
    place: impl Fn(f32, f32, f32) -> (f32, f32),
) -> Vec<Chip> {
    let mut chips: Vec<Chip> = counted.by_group.into_iter().filter(|chip| chip.total > 0).collect();
    for chip in &mut chips {
        chip.settle(frame, &width, &place);
    }
    apart(chips, frame, &width, &place)
}

/// Counts of a cell.
struct Part {
    count: SiteCount,
    /// Sites with shown events.
    sites: u32,
    bounds: [u32; 4],
    sum: [u64; 2],
}

impl Default for Part {
    fn default() -> Self {
        Self { count: SiteCount::default(), sites: 0, bounds: [u32::MAX, u32::MAX, 0, 0], sum: [0; 2] }
    }
}

impl Part {
    #[inline]
    fn add(&mut self, [x, y]: [u32; 2], count: &SiteCount) {
        for (sum, count) in self.count.per_type.iter_mut().zip(count.per_type) {
            *sum += count;
        }
        self.count.total += count.total;
        self.sites += u32::from(count.total > 0);
        self.sum[0] += u64::from(x) * u64::from(count.total);
        self.sum[1] += u64::from(y) * u64::from(count.total);
        // A site without shown events is nowhere.
        let [left, top, right, bottom] = self.bounds;
        let hidden = if count.total == 0 { u32::MAX } else { 0 };
        self.bounds =
            [left.min(x | hidden), top.min(y | hidden), right.max(x & !hidden), bottom.max(y & !hidden)];
    }
}

/// Joins chips that would overlap, until none do.
fn apart(
    mut chips: Vec<Chip>,
    frame: &Frame,
    width: &impl Fn(u32) -> f32,
    place: &impl Fn(f32, f32, f32) -> (f32, f32),
) -> Vec<Chip> {
    loop {
        chips.sort_by_key(|chip| (std::cmp::Reverse(chip.total), chip.group));
        let before = chips.len();
        let mut kept: Vec<Chip> = Vec::with_capacity(before);
        for chip in chips {
            // The nearest of those in the way takes it in.
            let near = |other: &&mut Chip| {
                let (dx, dy) = (other.x - chip.x, (other.y - chip.y) * 2.0);
                ((dx * dx + dy * dy) * 16.0) as u64
            };
            match kept.iter_mut().filter(|other| other.overlaps(&chip)).min_by_key(near) {
                Some(other) => other.join(&chip),
                None => kept.push(chip),
            }
        }
        let joined = kept.len() < before;
        chips = kept;
        if !joined {
            return chips;
        }
        for chip in &mut chips {
            chip.settle(frame, width, place);
        }
    }
}

impl Chip {
    fn new(group: (i64, i64)) -> Self {
        let Part { bounds, sum, .. } = Part::default();
        let counts = Counts::default();
        Self { x: 0.0, y: 0.0, width: 0.0, total: 0, counts, bounds, sum, group }
    }

    fn add(&mut self, part: &Part) {
        self.total += part.count.total;
        for (sum, count) in self.counts.iter_mut().zip(part.count.per_type) {
            *sum += count;
        }
        self.sum = [self.sum[0] + part.sum[0], self.sum[1] + part.sum[1]];
        let ([a, b, c, d], [e, f, g, h]) = (self.bounds, part.bounds);
        self.bounds = [a.min(e), b.min(f), c.max(g), d.max(h)];
    }

    /// Takes in another one.
    fn join(&mut self, other: &Chip) {
        let count = SiteCount { per_type: other.counts, total: other.total };
        self.add(&Part { count, bounds: other.bounds, sum: other.sum, ..Part::default() });
    }

    /// Width and place for its present events.
    fn settle(
        &mut self,
        frame: &Frame,
        width: &impl Fn(u32) -> f32,
        place: &impl Fn(f32, f32, f32) -> (f32, f32),
    ) {
        let per_unit = frame.scale / UNITS / f64::from(self.total.max(1));
        let x = (self.sum[0] as f64 * per_unit - frame.left) as f32;
        let y = (self.sum[1] as f64 * per_unit - frame.top) as f32;
        self.width = width(self.total);
        (self.x, self.y) = place(x, y, self.width);
    }

    fn overlaps(&self, other: &Self) -> bool {
        (self.x - other.x).abs() < (self.width + other.width) / 2.0 + GAP
            && (self.y - other.y).abs() < HEIGHT + GAP
    }

    /// Whether a point of the view lies on it.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        (self.x - x).abs() <= self.width / 2.0 && (self.y - y).abs() <= HEIGHT / 2.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct World {
        points: Vec<[u32; 2]>,
        counts: Vec<SiteCount>,
    }

    impl World {
        fn new(mut sites: Vec<(f64, f64, Counts)>) -> Self {
            sites.sort_by_key(|(x, y, _)| along_curve(*x, *y));
            let point = |x: f64, y: f64| [x, y].map(|v| (v * UNITS) as u32);
            let count = |per_type: Counts| SiteCount { per_type, total: per_type.iter().sum() };
            Self {
                points: sites.iter().map(|s| point(s.0, s.1)).collect(),
                counts: sites.iter().map(|s| count(s.2)).collect(),
            }
        }

        fn all(&self) -> [Range<u32>; 1] {
            [0..self.points.len() as u32]
        }

        fn groups(&self, frame: &Frame) -> Groups {
            let mut groups = Groups::default();
            groups.refresh(1, frame, &self.points, |site| site % 5 + 1, |_, _| self.all().to_vec());
            groups
        }

        fn chips(&self, frame: &Frame) -> Vec<Chip> {
            let width = |n: u32| 20.0 + 7.0 * n.to_string().len() as f32;
            let inside = |x: f32, y: f32, width: f32| {
                (x.clamp(width / 2.0, 800.0 - width / 2.0), y.clamp(HEIGHT / 2.0, 600.0 - HEIGHT / 2.0))
            };
            let places = Places { points: &self.points, counts: &self.counts };
            chips(count(&self.groups(frame), frame, &places, 0.0, |_, _, _| ()), frame, width, inside)
        }

        fn in_view(&self, frame: &Frame) -> u32 {
            let sites = self.points.iter().zip(&self.counts);
            sites.filter(|(point, _)| frame.shows(**point)).map(|(_, count)| count.total).sum()
        }
    }

    /// Place on the Morton curve.
    fn along_curve(x: f64, y: f64) -> u64 {
        let [x, y] = [x, y].map(|v| (v * UNITS) as u64);
        (0..32).fold(0, |code, bit| code | (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1))
    }

    fn sites() -> impl Strategy<Value = Vec<(f64, f64, Counts)>> {
        let counts = prop::array::uniform7(0u32..40);
        let near = (0.48f64..0.52, 0.48f64..0.52, counts.clone());
        let anywhere = (0.0f64..1.0, 0.0f64..1.0, counts);
        prop::collection::vec(prop_oneof![near, anywhere], 0..120)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn chips_add_up_to_the_events_in_view_and_none_overlap(
            sites in sites(),
            center in (0.1f64..0.9, 0.1f64..0.9),
            zoom in 1.0f64..14.0,
        ) {
            let world = World::new(sites);
            let frame = Frame::new(center, zoom, 800.0, 600.0);
            let chips = world.chips(&frame);
            prop_assert_eq!(chips.iter().map(|chip| chip.total).sum::<u32>(), world.in_view(&frame));
            for (i, chip) in chips.iter().enumerate() {
                prop_assert_eq!(chip.counts.iter().sum::<u32>(), chip.total);
                prop_assert!(chip.total > 0);
                for other in &chips[i + 1..] {
                    prop_assert!(!chip.overlaps(other), "{:?} {:?}", chip, other);
                }
            }
        }

        #[test]
        fn one_look_finds_what_a_view_shows_and_what_lies_about_it(
            sites in sites(),
            center in (0.1f64..0.9, 0.1f64..0.9),
            zoom in 1.0f64..14.0,
            margin in 0.0f64..8.0,
        ) {
            let world = World::new(sites);
            let frame = Frame::new(center, zoom, 800.0, 600.0);
            let places = Places { points: &world.points, counts: &world.counts };
            let mut seen = Vec::new();
            let each = |_, point: [u32; 2], total: u32| seen.push((point, total));
            let counted = count(&world.groups(&frame), &frame, &places, margin, each);
            prop_assert_eq!(counted.census, places.census(&frame, &world.all()));
            seen.sort_unstable();
            for (point, count) in world.points.iter().zip(&world.counts) {
                if frame.expanded(margin).shows(*point) {
                    prop_assert!(seen.binary_search(&(*point, count.total)).is_ok());
                }
            }
            prop_assert!(seen.len() <= world.points.len());
        }

        #[test]
        fn chips_away_from_the_edges_hold_still_while_the_map_is_dragged(
            sites in sites(),
            by in (0.0f64..40.0, 0.0f64..40.0),
        ) {
            // Both views lie in the same tiles.
            let world = World::new(sites);
            let before = Frame::new((0.5, 0.5), 4.0, 800.0, 600.0);
            let after = Frame { left: before.left + by.0, top: before.top + by.1, ..before };
            prop_assume!(world.groups(&before).key == world.groups(&after).key);
            let inner = |chip: &&Chip| {
                let [left, top, right, bottom] = chip.bounds.map(|at| f64::from(at) * before.scale / UNITS);
                left > before.left + 200.0
                    && right < before.left + 600.0
                    && top > before.top + 200.0
                    && bottom < before.top + 400.0
            };
            let after = world.chips(&after);
            for chip in world.chips(&before).iter().filter(inner) {
                let same = after.iter().find(|other| other.group == chip.group);
                prop_assert_eq!(same.map(|other| other.total), Some(chip.total));
            }
        }
    }
}
