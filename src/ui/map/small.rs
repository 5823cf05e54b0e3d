//! A small map of counted places: the offline basemap with a dot per cell, for looks at data that are
//! not open. It is dragged and zoomed like the large one, and nothing on it can be selected.

use egui::{Rect, Ui};
use walkers::{Map, MapMemory, MercatorProjection, Projector, lon_lat};

use super::basemap::BasemapTiles;
use super::basemap_colors;
use super::basemap_style::BasemapColors;
use super::camera::{Camera, MAX_ZOOM, MIN_ZOOM};
use crate::model::{BBox, LatLon};
use crate::ui::FrameCtx;
use crate::ui::theme::{TextKind, Theme};
use crate::ui::widgets::words::{self, Style};

const MARGIN: f32 = 24.0;
/// Radius of a dot of one event, and how it grows with the number of events.
const DOT: f32 = 2.8;
const GROWTH: f32 = 0.6;
const MAX_DOT: f32 = 9.0;

/// State of a small map.
#[derive(Default)]
pub struct SmallMap {
    tiles: Option<(BasemapTiles, BasemapColors)>,
    memory: MapMemory,
    /// The data and the room that the view was fitted to.
    fitted: Option<(usize, [i32; 2])>,
}

/// Draws places with their numbers of events. `key` changes with the places, which are then shown
/// whole.
pub fn small_map_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    state: &mut SmallMap,
    rect: Rect,
    (cells, key): (&[(LatLon, u32)], usize),
) {
    let theme = cx.theme;
    ui.painter().rect_filled(rect, 4.0, theme.map.water);
    let colors = basemap_colors(theme);
    let (tiles, drawn_in) = state.tiles.get_or_insert_with(|| (BasemapTiles::new(colors), colors));
    if *drawn_in != colors {
        tiles.set_colors(colors, ui.ctx());
        *drawn_in = colors;
    }
    tiles.begin_frame(ui.ctx());
    let room = [rect.width() as i32, rect.height() as i32];
    if state.fitted != Some((key, room)) {
        state.fitted = Some((key, room));
        let all = BBox { min_lon: -170.0, min_lat: -55.0, max_lon: 180.0, max_lat: 75.0 };
        let bbox = BBox::of_points(cells.iter().map(|(at, _)| *at)).unwrap_or(all);
        let camera = Camera::fitting(bbox, rect.size(), MARGIN);
        state.memory.center_at(lon_lat(camera.center.lon, camera.center.lat));
        let _ = state.memory.set_zoom(camera.zoom.clamp(MIN_ZOOM, MAX_ZOOM));
    }
    let center = lon_lat(2.0, 18.0);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).id_salt("small-map"));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    Map::new(None, &mut state.memory, center)
        .zoom_with_ctrl(false)
        .with_layer(tiles.layer(), 1.0)
        .show(&mut child, |_, _, _, _| ());
    if tiles.is_pending() {
        ui.ctx().request_repaint();
    }
    let projector = Projector::new(rect, &MercatorProjection, &state.memory, center);
    let painter = child.painter().clone();
    let view = rect.expand(MAX_DOT);
    let fill = Theme::faded(theme.accent, 0.75);
    for (at, n) in cells {
        let pos = projector.project(lon_lat(at.lon, at.lat)).to_pos2();
        if view.contains(pos) {
            let radius = (DOT + GROWTH * (*n as f32).ln()).min(MAX_DOT);
            painter.circle(pos, radius, fill, egui::Stroke::new(0.6, theme.symbol_edge));
        }
    }
    let credits = tiles.credits();
    if let Some(credit) = credits.first() {
        let style = Style::new(TextKind::Caption, theme.text_muted);
        let corner = rect.right_bottom() - egui::vec2(8.0, 6.0);
        words::paint_halo(&painter, corner, egui::Align2::RIGHT_BOTTOM, &credit.text, style, theme.map.land);
    }
    painter.rect_stroke(rect, 4.0, egui::Stroke::new(1.0, theme.line), egui::StrokeKind::Inside);
}
