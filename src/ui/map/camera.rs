//! Camera arithmetic: where to look so that something is in view, and how to fly there. Pure.

use egui::{Rect, Vec2};

use crate::model::{BBox, LatLon};

/// Side of the world at zoom 0, in points.
const WORLD: f64 = 256.0;
/// Longest flight, in seconds.
pub const FLIGHT_SECS: f64 = 0.3;
pub const MIN_ZOOM: f64 = 2.0;
pub const MAX_ZOOM: f64 = 18.0;
/// A box without extent is not looked at from closer than this.
const POINT_ZOOM: f64 = 7.5;

/// Centre and zoom level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    pub center: LatLon,
    pub zoom: f64,
}

/// Web Mercator in units of the world's side: x and y in [0, 1], y downwards.
pub fn mercator(p: LatLon) -> (f64, f64) {
    let lat = p.lat.clamp(-85.051_128, 85.051_128).to_radians();
    let y = (1.0 - ((lat.tan() + 1.0 / lat.cos()).ln()) / std::f64::consts::PI) / 2.0;
    (p.lon / 360.0 + 0.5, y)
}

/// The inverse of [`mercator`].
pub fn from_mercator(x: f64, y: f64) -> LatLon {
    let lat = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    LatLon { lat, lon: (x - 0.5) * 360.0 }
}

impl Camera {
    /// The camera that shows a whole box in a view of a size in points, with a margin on each side.
    pub fn fitting(bbox: BBox, size: Vec2, margin: f32) -> Self {
        let (x0, y0) = mercator(LatLon { lat: bbox.max_lat, lon: bbox.min_lon });
        let (x1, y1) = mercator(LatLon { lat: bbox.min_lat, lon: bbox.max_lon });
        let room = |side: f32| f64::from((side - 2.0 * margin).max(40.0));
        let zoom = |room: f64, extent: f64| (room / (WORLD * extent.max(1e-9))).log2();
        let zoom = zoom(room(size.x), x1 - x0).min(zoom(room(size.y), y1 - y0));
        let zoom = if x1 - x0 < 1e-6 && y1 - y0 < 1e-6 { POINT_ZOOM } else { zoom };
        Self {
            center: from_mercator((x0 + x1) / 2.0, (y0 + y1) / 2.0),
            zoom: zoom.clamp(MIN_ZOOM, MAX_ZOOM - 4.0),
        }
    }

    /// Position in the view of a point of the earth, in points from the view's centre.
    pub fn offset(&self, p: LatLon) -> (f64, f64) {
        let scale = WORLD * 2f64.powf(self.zoom);
        let (cx, cy) = mercator(self.center);
        let (x, y) = mercator(p);
        ((x - cx) * scale, (y - cy) * scale)
    }

    /// Whether a point lies in a view with a margin.
    pub fn shows(&self, p: LatLon, view: Rect, margin: f32) -> bool {
        let (x, y) = self.offset(p);
        x.abs() <= f64::from(view.width() / 2.0 - margin)
            && y.abs() <= f64::from(view.height() / 2.0 - margin)
    }

    /// Part of the way to another camera; `t` in [0, 1], slow at both ends.
    pub fn toward(&self, to: &Self, t: f64) -> Self {
        let t = t.clamp(0.0, 1.0);
        let t = t * t * (3.0 - 2.0 * t);
        let ((x0, y0), (x1, y1)) = (mercator(self.center), mercator(to.center));
        Self {
            center: from_mercator(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t),
            zoom: self.zoom + (to.zoom - self.zoom) * t,
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    #[test]
    fn a_fitted_box_is_in_view_and_fills_it() {
        let bbox = BBox { min_lon: -8.0, min_lat: 12.0, max_lon: 4.0, max_lat: 20.0 };
        let camera = Camera::fitting(bbox, vec2(700.0, 600.0), 50.0);
        let view = Rect::from_min_size(pos2(0.0, 0.0), vec2(700.0, 600.0));
        for (lat, lon) in [(12.0, -8.0), (20.0, 4.0)] {
            assert!(camera.shows(LatLon { lat, lon }, view, 49.0));
        }
        let (x, y) = camera.offset(LatLon { lat: 20.0, lon: 4.0 });
        assert!((x - 300.0).abs() < 1.0 || (y + 250.0).abs() < 1.0, "{x} {y}");
    }

    #[test]
    fn mercator_goes_there_and_back() {
        let p = LatLon { lat: 19.96, lon: 2.97 };
        let (x, y) = mercator(p);
        let q = from_mercator(x, y);
        assert!((p.lat - q.lat).abs() < 1e-9 && (p.lon - q.lon).abs() < 1e-9);
    }

    #[test]
    fn a_flight_ends_where_it_should() {
        let a = Camera { center: LatLon { lat: 10.0, lon: 0.0 }, zoom: 4.0 };
        let b = Camera { center: LatLon { lat: 20.0, lon: 3.0 }, zoom: 8.0 };
        let end = a.toward(&b, 1.0);
        assert!((end.center.lat - 20.0).abs() < 1e-9 && end.zoom == 8.0);
    }
}
