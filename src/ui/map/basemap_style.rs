//! How the basemap is drawn: colours come in, a walkers style goes out.
//!
//! Invariants:
//! * No colour is decided here; all of them are in [`BasemapColors`], which the theme fills in.
//! * No style has symbol layers: labels are ours (see [`super::labels`]), because those of walkers
//!   cannot set Arabic.
//! * Widths are screen points, and are decided by the zoom of the *map*, not by that of the tile. A
//!   512 px tile of zoom `z` is drawn at map zoom `z + 1`, and an overzoomed tile at more than
//!   that, so a tile is decoded for a [`WidthBand`] and not for its own zoom.

use egui::Color32;
use walkers::{Color, Dasharray, Filter, Float, Paint, Style, StyleLayer, Value, json};

/// The colours of the basemap. All of them opaque.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasemapColors {
    pub water: Color32,
    pub land: Color32,
    pub country: Color32,
    pub region: Color32,
    pub river: Color32,
    pub lake: Color32,
}

/// Map zooms that share one set of line widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WidthBand {
    /// Below map zoom 4.
    World,
    /// Map zoom 4: countries wider, still no regions.
    Continent,
    /// Map zoom 5 to 7: regions too.
    Country,
    /// Map zoom 8 and more.
    Region,
}

impl WidthBand {
    pub const ALL: [Self; 4] = [Self::World, Self::Continent, Self::Country, Self::Region];

    /// The band in which a 512 px tile of this zoom is drawn.
    pub fn of_tile_zoom(tile_zoom: u8) -> Self {
        match tile_zoom.saturating_add(1) {
            0..=3 => Self::World,
            4 => Self::Continent,
            5..=7 => Self::Country,
            _ => Self::Region,
        }
    }

    /// What the style's `zoom` is when a tile is decoded for this band.
    pub fn style_zoom(self) -> u8 {
        match self {
            Self::World => 0,
            Self::Continent => 1,
            Self::Country => 2,
            Self::Region => 3,
        }
    }
}

/// `#rrggbb`.
fn hex(color: Color32) -> Value {
    let [red, green, blue, _] = color.to_array();
    Value::String(format!("#{red:02x}{green:02x}{blue:02x}"))
}

/// One value per band, as an expression.
fn by_band(world: f64, continent: f64, country: f64, region: f64) -> Value {
    json!([
        "match",
        ["zoom"],
        WidthBand::World.style_zoom(),
        world,
        WidthBand::Continent.style_zoom(),
        continent,
        WidthBand::Country.style_zoom(),
        country,
        region
    ])
}

fn background(color: Color32) -> StyleLayer {
    StyleLayer::Background { paint: Paint { background_color: Some(Color(hex(color))), ..Paint::default() } }
}

fn fill(source: &str, color: Value) -> StyleLayer {
    StyleLayer::Fill {
        source_layer: source.into(),
        filter: None,
        paint: Paint { fill_color: Some(Color(color)), ..Paint::default() },
    }
}

fn line(source: &str, filter: Option<Value>, color: Color32, width: Value) -> StyleLayer {
    StyleLayer::Line {
        source_layer: source.into(),
        filter: filter.map(Filter),
        paint: Paint {
            line_color: Some(Color(hex(color))),
            line_width: Some(Float(width)),
            ..Paint::default()
        },
    }
}

/// The line with dashes of 4 and gaps of 3 times its width.
fn dashed(mut layer: StyleLayer) -> StyleLayer {
    if let StyleLayer::Line { paint, .. } = &mut layer {
        paint.line_dasharray = Some(Dasharray(json!([4, 3])));
    }
    layer
}

/// For the bundled archive, and for any other archive in the Protomaps schema.
pub fn protomaps_style(colors: &BasemapColors) -> Style {
    let country_width = by_band(0.7, 1.2, 1.2, 1.6);
    let river_width = json!([
        "case",
        ["<=", ["get", "rank"], 4],
        by_band(0.8, 1.2, 1.8, 1.8),
        ["<=", ["get", "rank"], 7],
        by_band(0.8, 0.8, 1.2, 1.2),
        0.8
    ]);
    let water_color = json!([
        "match",
        ["get", "kind"],
        ["ocean", "bay", "strait", "fjord"],
        hex(colors.water),
        hex(colors.lake)
    ]);
    let rivers = json!(["in", ["get", "kind"], "river", "canal", "stream"]);
    let roads = json!(["in", ["get", "kind"], "highway", "major_road"]);
    let regions = json!(["all", ["==", "kind", "region"], [">=", ["zoom"], WidthBand::Country.style_zoom()]]);
    let settled = json!(["all", ["==", "kind", "country"], ["!=", ["get", "disputed"], true]]);
    let disputed = json!(["all", ["==", "kind", "country"], ["==", ["get", "disputed"], true]]);
    Style {
        layers: vec![
            background(colors.water),
            fill("earth", hex(colors.land)),
            fill("water", water_color),
            line("water", Some(rivers), colors.river, river_width),
            // Only archives that the user brings have roads.
            line("roads", Some(roads), colors.region, by_band(0.5, 0.5, 0.7, 1.4)),
            dashed(line("boundaries", Some(regions), colors.region, json!(1.0))),
            line("boundaries", Some(settled), colors.country, country_width.clone()),
            // Nobody's claim is drawn as settled.
            dashed(line("boundaries", Some(disputed), colors.country, country_width)),
        ],
    }
}

/// For OpenFreeMap, whose tiles are in the OpenMapTiles schema. walkers decodes those itself, with
/// the zoom of the tile, so the bands are told apart by that.
pub fn openmaptiles_style(colors: &BasemapColors) -> Style {
    let country_width = json!(["case", ["<", ["zoom"], 3], 0.7, ["<", ["zoom"], 7], 1.2, 1.6]);
    let water_color = json!(["match", ["get", "class"], ["ocean"], hex(colors.water), hex(colors.lake)]);
    let main_roads = json!(["in", ["get", "class"], "motorway", "trunk", "primary", "secondary"]);
    let small_roads = json!([
        "all",
        [">=", ["zoom"], 11],
        ["in", ["get", "class"], "tertiary", "minor", "track", "path", "service"]
    ]);
    let regions = json!(["all", ["in", ["get", "admin_level"], 3, 4], [">=", ["zoom"], 4]]);
    let countries = json!(["all", ["==", "admin_level", 2], ["!=", ["get", "maritime"], 1]]);
    let river_width = json!(["match", ["get", "class"], "river", 1.2, 0.8]);
    let road_width = json!(["case", ["<", ["zoom"], 7], 0.7, 1.4]);
    Style {
        layers: vec![
            background(colors.land),
            fill("water", water_color),
            line("waterway", None, colors.river, river_width),
            line("transportation", Some(main_roads), colors.region, road_width),
            line("transportation", Some(small_roads), colors.region, json!(0.8)),
            dashed(line("boundary", Some(regions), colors.region, json!(1.0))),
            line("boundary", Some(countries), colors.country, country_width),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors() -> BasemapColors {
        BasemapColors {
            water: Color32::from_rgb(1, 2, 3),
            land: Color32::from_rgb(4, 5, 6),
            country: Color32::from_rgb(7, 8, 9),
            region: Color32::from_rgb(10, 11, 12),
            river: Color32::from_rgb(13, 14, 15),
            lake: Color32::from_rgb(16, 17, 18),
        }
    }

    #[test]
    fn no_style_has_labels() {
        for style in [protomaps_style(&colors()), openmaptiles_style(&colors())] {
            assert!(style.layers.len() >= 6);
            assert!(!style.layers.iter().any(|layer| matches!(layer, StyleLayer::Symbol { .. })));
        }
    }

    #[test]
    fn bands_follow_the_zoom_of_the_map() {
        // Map zoom 4 shows tiles of zoom 3.
        assert_eq!(WidthBand::of_tile_zoom(2), WidthBand::World);
        assert_eq!(WidthBand::of_tile_zoom(3), WidthBand::Continent);
        assert_eq!(WidthBand::of_tile_zoom(4), WidthBand::Country);
        assert_eq!(WidthBand::of_tile_zoom(6), WidthBand::Country);
        assert_eq!(WidthBand::of_tile_zoom(7), WidthBand::Region);
        assert_eq!(WidthBand::of_tile_zoom(255), WidthBand::Region);
    }

    #[test]
    fn bands_are_ordered_as_the_style_sees_them() {
        let zooms = WidthBand::ALL.map(WidthBand::style_zoom);
        assert!(zooms.is_sorted());
    }

    #[test]
    fn colors_are_written_as_the_style_reads_them() {
        assert_eq!(hex(Color32::from_rgb(15, 24, 33)), json!("#0f1821"));
    }
}
