//! Density: shown events counted in the cells of a grid, and the cells as colours. Pure.
//!
//! The grid is anchored to the world at the present zoom, so that cells keep their events while the
//! map is dragged. Filled in one look at the places in view; nothing is done per event.

use egui::Color32;

use super::frame::{Frame, UNITS};
use crate::state::DensityScale;

/// Most cells of a grid: a screen of 8K in cells of two points.
const MAX_CELLS: usize = 1 << 23;
/// Not the place of a cell: there are fewer.
const NO_CELL: u32 = u32::MAX;
/// Counts below this have their colour in a table.
const TABLE: u32 = 2048;
/// The scale ends here at least: one event is never at its top.
pub const LEAST_TOP: u32 = 10;

/// Shown events per cell.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub columns: usize,
    pub rows: usize,
    /// Where the first cell begins in the view, in points: 0 or less.
    pub offset: (f64, f64),
    /// Side of a cell in points.
    pub cell: f64,
    counts: Vec<u32>,
    /// The first cell in cells of the world, and cells in a unit of the sites' points.
    first: (f64, f64),
    per_unit: f64,
    /// For each site its place in `counts`, or [`NO_CELL`]. Empty until it is wanted.
    of_sites: Vec<u32>,
}

impl Grid {
    /// Lies over a view from now on, in cells of a side in points, still without events.
    pub fn cover(&mut self, frame: &Frame, cell: f64) {
        let first = ((frame.left / cell).floor(), (frame.top / cell).floor());
        let span = |from: f64, length: f64, first: f64| {
            (((from + length) / cell).floor() - first + 1.0).clamp(0.0, 65_536.0) as usize
        };
        self.columns = span(frame.left, frame.width, first.0);
        self.rows = span(frame.top, frame.height, first.1).min(MAX_CELLS / self.columns.max(1));
        self.offset = (first.0 * cell - frame.left, first.1 * cell - frame.top);
        self.cell = cell;
        self.first = first;
        self.per_unit = frame.scale / cell / UNITS;
        self.of_sites.clear();
        self.clear();
    }

    /// Forgets the events.
    pub fn clear(&mut self) {
        self.counts.clear();
        self.counts.resize(self.columns * self.rows, 0);
    }

    /// Finds the cells of all sites, unless they are known already, so that [`Grid::add_at`] does not have
    /// to. Worth it where the view stays as it is.
    pub fn know(&mut self, points: &[[u32; 2]]) {
        if self.of_sites.len() != points.len() {
            let cell = |point: &[u32; 2]| self.cell_of(*point).map_or(NO_CELL, |at| at as u32);
            self.of_sites = points.iter().map(cell).collect();
        }
    }

    /// Place among the cells, row by row.
    #[inline]
    fn cell_of(&self, [x, y]: [u32; 2]) -> Option<usize> {
        let x = f64::from(x) * self.per_unit - self.first.0;
        let y = f64::from(y) * self.per_unit - self.first.1;
        let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f64 && y < self.rows as f64;
        // In [0, 2¹⁶]: a signed number is the faster one to come by.
        inside.then(|| y as i32 as usize * self.columns + x as i32 as usize)
    }

    /// Counts events at a point; not those out of the grid.
    #[inline]
    pub fn add(&mut self, point: [u32; 2], events: u32) {
        // Whether there are events is as good as random from site to site: it is not asked.
        if let Some(count) = self.cell_of(point).and_then(|at| self.counts.get_mut(at)) {
            *count = count.saturating_add(events);
        }
    }

    /// Counts events at a site whose cell is known; not those out of the grid.
    #[inline]
    pub fn add_at(&mut self, site: u32, events: u32) {
        let cell = self.of_sites.get(site as usize).copied().unwrap_or(NO_CELL);
        if let Some(count) = self.counts.get_mut(cell as usize) {
            *count = count.wrapping_add(events);
        }
    }

    /// Greatest count of a cell.
    pub fn max(&self) -> u32 {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// Where the colour scale ends.
    pub fn top(&self) -> u32 {
        self.max().max(LEAST_TOP)
    }

    /// Column and row of the cell under a point of the view.
    pub fn cell_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let column = ((x - self.offset.0) / self.cell).floor();
        let row = ((y - self.offset.1) / self.cell).floor();
        let inside = column >= 0.0 && row >= 0.0 && column < self.columns as f64 && row < self.rows as f64;
        inside.then_some((column as usize, row as usize))
    }

    /// Events in a cell.
    pub fn count(&self, column: usize, row: usize) -> u32 {
        if column >= self.columns {
            return 0;
        }
        self.counts.get(row * self.columns + column).copied().unwrap_or(0)
    }

    /// The grid as colours, row by row, in an image of a width of at least its columns; empty cells are
    /// transparent.
    pub fn shade(&self, ramp: &Ramp, scale: DensityScale, width: usize, pixels: &mut [Color32]) {
        let top = self.top();
        let table: Vec<Color32> = (0..TABLE).map(|count| ramp.of(share(scale, count, top))).collect();
        if self.columns == 0 || width < self.columns {
            return;
        }
        for (counts, pixels) in self.counts.chunks_exact(self.columns).zip(pixels.chunks_exact_mut(width)) {
            for (count, pixel) in counts.iter().zip(pixels) {
                *pixel = match (*count, table.get(*count as usize)) {
                    (0, _) => Color32::TRANSPARENT,
                    (_, Some(color)) => *color,
                    (count, None) => ramp.of(share(scale, count, top)),
                };
            }
        }
    }
}

/// Where on the colour scale a count lies, in [0, 1]: one event at its beginning, `top` at its end.
pub fn share(scale: DensityScale, count: u32, top: u32) -> f32 {
    let (count, top) = (count.max(1) as f32, top.max(2) as f32);
    let share = match scale {
        DensityScale::Logarithmic => count.ln() / top.ln(),
        DensityScale::SquareRoot => (count.sqrt() - 1.0) / (top.sqrt() - 1.0),
        DensityScale::Linear => (count - 1.0) / (top - 1.0),
    };
    share.clamp(0.0, 1.0)
}

/// A run of colours in 256 steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Ramp(Vec<Color32>);

impl Ramp {
    const STEPS: usize = 256;

    /// Colours at equal distances, drawn at an opacity in [0, 1].
    pub fn new(stops: &[Color32], opacity: f32) -> Self {
        let last = stops.len().saturating_sub(1);
        let step = |i: usize| {
            let at = i as f32 / (Self::STEPS - 1) as f32 * last as f32;
            let from = (at.floor() as usize).min(last.saturating_sub(1));
            let (Some(a), Some(b)) = (stops.get(from), stops.get((from + 1).min(last))) else {
                return Color32::TRANSPARENT;
            };
            a.lerp_to_gamma(*b, at - from as f32).gamma_multiply(opacity)
        };
        Self((0..Self::STEPS).map(step).collect())
    }

    /// The colour of a share in [0, 1].
    pub fn of(&self, share: f32) -> Color32 {
        let at = (share.clamp(0.0, 1.0) * (Self::STEPS - 1) as f32).round() as usize;
        self.0.get(at).copied().unwrap_or(Color32::TRANSPARENT)
    }
}

/// Numbers to write at a colour scale: 1, 10, 100, … and its top.
pub fn marks(top: u32) -> Vec<u32> {
    let powers = std::iter::successors(Some(1u32), |n| n.checked_mul(10)).take_while(|n| *n < top);
    powers.chain([top]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scales_begin_at_one_event_and_end_at_the_top() {
        for scale in DensityScale::ALL {
            for top in [10, 11, 1000, u32::MAX] {
                assert_eq!(share(scale, 1, top), 0.0);
                assert_eq!(share(scale, top, top), 1.0);
                let mid = share(scale, top / 2, top);
                assert!(mid > 0.0 && mid < 1.0, "{scale:?} {top} {mid}");
            }
        }
        assert_eq!(marks(13_574), [1, 10, 100, 1000, 10_000, 13_574]);
        assert_eq!(marks(10), [1, 10]);
    }

    #[test]
    fn empty_cells_are_clear_and_full_ones_have_the_last_color() {
        let ramp = Ramp::new(&[Color32::BLACK, Color32::WHITE], 1.0);
        let points = [[1 << 31, 1 << 31], [(1 << 31) + (1 << 24), 1 << 31]];
        let frame = Frame::new((0.5, 0.5), 2.0, 40.0, 20.0);
        let mut grid = Grid::default();
        grid.cover(&frame, 2.0);
        points.into_iter().zip([5000, 1]).for_each(|(point, events)| grid.add(point, events));
        assert_eq!((grid.columns, grid.rows, grid.max()), (21, 11, 5000));
        let mut pixels = vec![Color32::RED; 32 * 11];
        grid.shade(&ramp, DensityScale::Logarithmic, 32, &mut pixels);
        let (column, row) = grid.cell_at(20.0, 10.0).expect("a cell");
        assert_eq!((grid.count(column, row), pixels[row * 32 + column]), (5000, Color32::WHITE));
        assert_eq!(pixels[row * 32 + column + 2], Color32::BLACK, "one event, four points to the right");
        assert_eq!(pixels[0], Color32::TRANSPARENT);
    }

    proptest! {
        #[test]
        fn cells_hold_what_lies_in_them(
            sites in prop::collection::vec((0u32.., 0u32.., 0u32..100), 0..60),
            center in (0.0f64..1.0, 0.0f64..1.0),
            zoom in 0.0f64..6.0,
            cell in 1.0f64..8.0,
        ) {
            let frame = Frame::new(center, zoom, 300.0, 200.0);
            let mut grid = Grid::default();
            grid.cover(&frame, cell);
            sites.iter().for_each(|(x, y, events)| grid.add([*x, *y], *events));
            let counts = grid.counts.clone();
            grid.clear();
            let points: Vec<[u32; 2]> = sites.iter().map(|(x, y, _)| [*x, *y]).collect();
            grid.know(&points);
            (0..).zip(&sites).for_each(|(site, (_, _, events))| grid.add_at(site, *events));
            prop_assert_eq!(&counts, &grid.counts);
            let mut naive = std::collections::HashMap::new();
            for (x, y, events) in sites.into_iter().filter(|(x, y, _)| frame.shows([*x, *y])) {
                let (x, y) = frame.place_of([x, y]);
                *naive.entry(grid.cell_at(x, y).expect("a cell in the grid")).or_insert(0) += events;
            }
            for ((column, row), count) in naive {
                // Cells at the edges also hold what lies beyond the view.
                prop_assert!(grid.count(column, row) >= count);
                let inner = column > 0 && row > 0 && column + 1 < grid.columns && row + 1 < grid.rows;
                prop_assert!(!inner || grid.count(column, row) == count);
            }
        }
    }
}
