//! Draws the built-in basemap off-screen, dark and light, to look at after the data or the style has
//! changed. Labels are in English and in egui's own font; the program sets them itself.
//!
//! `cargo run --example preview -- FOLDER [LON LAT ZOOM [WIDTH HEIGHT]]`

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use egui::{Align2, Color32, FontId, Frame, Stroke, Vec2, vec2};
use egui_kittest::Harness;
use walkers::{Map, MapMemory, MercatorProjection, Projector, lon_lat};
use waqai::ui::map::basemap::BasemapTiles;
use waqai::ui::map::basemap_style::BasemapColors;
use waqai::ui::map::labels::{GeoBox, LabelKind, LabelLanguage, LabelPlacer};

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const DARK: BasemapColors = BasemapColors {
    water: rgb(0x0f1821),
    land: rgb(0x1a1f26),
    country: rgb(0x647083),
    region: rgb(0x2e3743),
    river: rgb(0x2c5570),
    lake: rgb(0x153043),
};
const LIGHT: BasemapColors = BasemapColors {
    water: rgb(0xc9dbe4),
    land: rgb(0xf3f0e9),
    country: rgb(0x857f8e),
    region: rgb(0xd5cec0),
    river: rgb(0x86b0c9),
    lake: rgb(0xbbd4e2),
};

struct View {
    lon: f64,
    lat: f64,
    zoom: f64,
    size: Vec2,
}

struct Preview {
    tiles: BasemapTiles,
    colors: BasemapColors,
    label_color: Color32,
    placer: LabelPlacer,
    memory: MapMemory,
    center: walkers::Position,
}

impl eframe::App for Preview {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let started = Instant::now();
        self.tiles.begin_frame(ui.ctx());
        let zoom = self.memory.zoom();
        egui::CentralPanel::default().frame(Frame::new().fill(self.colors.water)).show(ui, |ui| {
            let shown = Map::new(None, &mut self.memory, self.center)
                .with_layer(self.tiles.layer(), 1.0)
                .show(ui, |ui, response, _, _| (ui.painter().clone(), response.rect));
            let (painter, rect) = shown.inner;
            let projector = Projector::new(rect, &MercatorProjection, &self.memory, self.center);
            let decoded = started.elapsed();

            let (north_west, south_east) =
                (projector.unproject(rect.min.to_vec2()), projector.unproject(rect.max.to_vec2()));
            let view = GeoBox {
                west: north_west.x(),
                north: north_west.y(),
                east: south_east.x(),
                south: south_east.y(),
            };
            let labels = self.tiles.labels_in_view(view, zoom, LabelLanguage::English);
            let font = FontId::proportional(11.0);
            let galley = |text: &str, color| painter.layout_no_wrap(text.to_owned(), font.clone(), color);
            let placed = self.placer.place_basemap(
                &labels,
                &[],
                rect,
                |position| projector.project(position).to_pos2(),
                |label| galley(&label.text, self.label_color).size(),
            );
            for label in &placed {
                let Some(what) = labels.get(label.index) else {
                    continue;
                };
                let text = match what.kind {
                    LabelKind::Country => what.text.to_uppercase(),
                    _ => what.text.clone(),
                };
                if what.kind.is_point() {
                    let at = projector.project(what.position).to_pos2();
                    painter.circle(at, 2.0, self.label_color, Stroke::new(1.0, self.colors.land));
                }
                for offset in [vec2(-1.0, 0.0), vec2(1.0, 0.0), vec2(0.0, -1.0), vec2(0.0, 1.0)] {
                    painter.galley(
                        label.rect.min + offset,
                        galley(&text, self.colors.land),
                        self.colors.land,
                    );
                }
                painter.galley(label.rect.min, galley(&text, self.label_color), self.label_color);
            }
            let credits: Vec<_> = self.tiles.credits().into_iter().map(|credit| credit.text).collect();
            painter.text(
                rect.right_bottom() - vec2(8.0, 8.0),
                Align2::RIGHT_BOTTOM,
                credits.join(" · "),
                font.clone(),
                self.label_color,
            );
            println!(
                "tiles {:.1} ms, labels {:.1} ms: {} candidates, {} placed{}",
                decoded.as_secs_f64() * 1e3,
                (started.elapsed() - decoded).as_secs_f64() * 1e3,
                labels.len(),
                placed.len(),
                if self.tiles.is_pending() { ", more to come" } else { "" },
            );
        });
    }
}

fn draw(view: &View, colors: BasemapColors, label_color: Color32, path: &Path) -> Result<(), String> {
    let started = Instant::now();
    let mut harness = Harness::builder().with_size(view.size).wgpu().build_eframe(|cc| {
        walkers::install_renderer(cc.wgpu_render_state.as_ref());
        let mut memory = MapMemory::default();
        if memory.set_zoom(view.zoom).is_err() {
            eprintln!("Zoom {} is out of range.", view.zoom);
        }
        let tiles_started = Instant::now();
        let tiles = BasemapTiles::new(colors);
        println!("opened in {:.1} ms", tiles_started.elapsed().as_secs_f64() * 1e3);
        Preview {
            tiles,
            colors,
            label_color,
            placer: LabelPlacer::default(),
            memory,
            center: lon_lat(view.lon, view.lat),
        }
    });
    println!("first frame at {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    for _ in 0..6 {
        harness.step();
    }
    let image = harness.render()?;
    image.save(path).map_err(|error| error.to_string())?;
    println!("{} after {:.0} ms", path.display(), started.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: preview FOLDER [LON LAT ZOOM [WIDTH HEIGHT]]");
        return ExitCode::from(2);
    };
    let numbers: Vec<f64> = arguments.filter_map(|argument| argument.parse().ok()).collect();
    let number = |at: usize, otherwise: f64| numbers.get(at).copied().unwrap_or(otherwise);
    let view = View {
        lon: number(0, -1.0),
        lat: number(1, 17.5),
        zoom: number(2, 6.0),
        size: vec2(number(3, 1100.0) as f32, number(4, 720.0) as f32),
    };
    for (name, colors, label_color) in [("dark", DARK, rgb(0xb4bdc9)), ("light", LIGHT, rgb(0x363d47))] {
        let path = Path::new(&folder).join(format!("basemap-{name}.png"));
        if let Err(error) = draw(&view, colors, label_color, &path) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
