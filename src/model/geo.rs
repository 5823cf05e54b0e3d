//! Positions, boxes and place precision.

use super::category::codes;

/// Mean Earth radius in metres (IUGG mean radius R₁).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A WGS 84 position in degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LatLon {
    pub lat: f64,
    pub lon: f64,
}

impl LatLon {
    /// A position with latitude in [-90, 90] and longitude in [-180, 180], else `None`.
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Self { lat, lon })
    }

    /// Great-circle distance in metres (haversine).
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let d_lat = lat2 - lat1;
        let d_lon = (other.lon - self.lon).to_radians();
        let h = (d_lat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (d_lon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

/// A box in degrees; `min_lon <= max_lon` (no box crosses the antimeridian).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BBox {
    pub min_lon: f64,
    pub min_lat: f64,
    pub max_lon: f64,
    pub max_lat: f64,
}

impl BBox {
    pub fn of_point(p: LatLon) -> Self {
        Self { min_lon: p.lon, min_lat: p.lat, max_lon: p.lon, max_lat: p.lat }
    }

    /// The smallest box around points, `None` without points.
    pub fn of_points(points: impl IntoIterator<Item = LatLon>) -> Option<Self> {
        points.into_iter().fold(None, |bbox: Option<Self>, p| {
            Some(bbox.map_or(Self::of_point(p), |b| b.union(Self::of_point(p))))
        })
    }

    pub fn union(self, other: Self) -> Self {
        Self {
            min_lon: self.min_lon.min(other.min_lon),
            min_lat: self.min_lat.min(other.min_lat),
            max_lon: self.max_lon.max(other.max_lon),
            max_lat: self.max_lat.max(other.max_lat),
        }
    }

    pub fn contains(&self, p: LatLon) -> bool {
        (self.min_lon..=self.max_lon).contains(&p.lon) && (self.min_lat..=self.max_lat).contains(&p.lat)
    }

    pub fn center(&self) -> LatLon {
        LatLon { lat: (self.min_lat + self.max_lat) / 2.0, lon: (self.min_lon + self.max_lon) / 2.0 }
    }

    /// Parses `minlon,minlat,maxlon,maxlat`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<f64> =
            text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().ok()?;
        let &[min_lon, min_lat, max_lon, max_lat] = parts.as_slice() else { return None };
        LatLon::new(min_lat, min_lon)?;
        LatLon::new(max_lat, max_lon)?;
        (min_lon <= max_lon && min_lat <= max_lat).then_some(Self { min_lon, min_lat, max_lon, max_lat })
    }
}

codes! {
    /// How well an event's place is known.
    GeoPrecision {
        /// The named place itself.
        Exact = "exact",
        /// Close to the named place.
        Near = "near",
        /// Only the region.
        Region = "region",
        /// Only the country.
        Country = "country",
        /// No place at all.
        Unknown = "unknown",
    }
}
