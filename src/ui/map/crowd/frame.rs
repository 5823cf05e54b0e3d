//! Where a view lies on the world, and the one form in which the crowded map reads places. Pure.

use std::ops::Range;

use crate::store::cross::SiteCount;

/// Side of the world at zoom 0, in points.
const WORLD: f64 = 256.0;

/// Units of a site's point in the side of the world.
pub const UNITS: f64 = 4_294_967_296.0;

/// A view on the world: a point of the world in Web Mercator units, times `scale`, less `left` and
/// `top`, is its place in the view in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Side of the world in points.
    pub scale: f64,
    /// Left edge of the view in points of the world, and so on.
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// The view of a size in points that looks at a point of the world from a zoom level.
    pub fn new(center: (f64, f64), zoom: f64, width: f64, height: f64) -> Self {
        let scale = WORLD * zoom.exp2();
        Self {
            scale,
            left: center.0 * scale - width / 2.0,
            top: center.1 * scale - height / 2.0,
            width,
            height,
        }
    }

    /// Level of zoom.
    pub fn zoom(&self) -> f64 {
        (self.scale / WORLD).log2()
    }

    /// Mercator box: least x, least y, greatest x, greatest y.
    pub fn world(&self) -> [f64; 4] {
        let right = self.left + self.width;
        let bottom = self.top + self.height;
        [self.left / self.scale, self.top / self.scale, right / self.scale, bottom / self.scale]
    }

    /// Where a site's point lies in the view, in points.
    pub fn place_of(&self, point: [u32; 2]) -> (f64, f64) {
        let per_unit = self.scale / UNITS;
        (f64::from(point[0]) * per_unit - self.left, f64::from(point[1]) * per_unit - self.top)
    }

    /// Whether a site's point lies in the view.
    pub fn shows(&self, point: [u32; 2]) -> bool {
        let (x, y) = self.place_of(point);
        x >= 0.0 && y >= 0.0 && x < self.width && y < self.height
    }

    /// A view that reaches so many points farther on every side.
    pub fn expanded(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
            ..*self
        }
    }

    /// Whether all of another view at the same zoom is in this one.
    pub fn holds(&self, other: &Self) -> bool {
        let inside = |from: f64, length: f64, other_from: f64, other_length: f64| {
            other_from >= from && other_from + other_length <= from + length
        };
        self.scale == other.scale
            && inside(self.left, self.width, other.left, other.width)
            && inside(self.top, self.height, other.top, other.height)
    }
}

/// Sites and how many events are shown at each. Both slices have one length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places<'a> {
    /// In units of 2⁻³² of the world's side.
    pub points: &'a [[u32; 2]],
    pub counts: &'a [SiteCount],
}

impl<'a> Places<'a> {
    /// Calls with every site of some ranges, its point and its count.
    #[inline]
    pub fn each(&self, ranges: &[Range<u32>], mut with: impl FnMut(u32, [u32; 2], &'a SiteCount)) {
        for range in ranges {
            let places = range.start as usize..range.end as usize;
            let points = self.points.get(places.clone()).unwrap_or_default();
            let counts = self.counts.get(places).unwrap_or_default();
            for ((site, point), count) in range.clone().zip(points).zip(counts) {
                with(site, *point, count);
            }
        }
    }
}

/// How much is shown in a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Sites with shown events.
    pub sites: u32,
    pub events: u32,
}

impl Places<'_> {
    /// Counts the sites of some ranges that lie in a view.
    pub fn census(&self, frame: &Frame, ranges: &[Range<u32>]) -> Census {
        let mut census = Census::default();
        self.each(ranges, |_, point, count| {
            if count.total > 0 && frame.shows(point) {
                census.sites += 1;
                census.events += count.total;
            }
        });
        census
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_shows_what_lies_in_it() {
        let frame = Frame::new((0.5, 0.25), 3.0, 800.0, 600.0);
        let at = |x: f64, y: f64| [x, y].map(|v| (v * UNITS) as u32);
        assert!(frame.shows(at(0.5, 0.25)));
        assert_eq!(frame.place_of(at(0.5, 0.25)), (400.0, 300.0));
        assert!(!frame.shows(at(0.5 + 401.0 / 2048.0, 0.25)));
        assert!(frame.expanded(2.0).shows(at(0.5 + 401.0 / 2048.0, 0.25)));
        assert!(frame.expanded(2.0).holds(&frame) && !frame.holds(&frame.expanded(2.0)));
    }
}
