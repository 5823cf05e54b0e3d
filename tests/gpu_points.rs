//! Points that the graphics device draws, looked at in pictures of the map alone.
//!
//! Any driver will do, also one that is only software; where there is none, the tests say that they
//! are skipped.

use std::sync::Arc;

use eframe::egui_wgpu::{RendererOptions, WgpuSetup};
use eframe::wgpu;
use egui::{Color32, Rect};
use egui_kittest::Harness;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use waqai::app::{App, Start};
use waqai::headless::Offscreen;
use waqai::model::time::parse_edtf;
use waqai::model::{EventId, EventType, Interval, LatLon};
use waqai::state::{
    BasemapChoice, Command, FilterCommand, Incoming, MapCommand, MapLayers, MapMode, Origin, Settings,
    ThemeChoice, TimeCommand, ViewCommand,
};
use waqai::store::filter::{Dim, WindowMode};
use waqai::store::{Kind, Store};
use waqai::ui::FrameCtx;
use waqai::ui::map::crowd::Drawn;
use waqai::ui::map::map_ui;

const SIZE: egui::Vec2 = egui::vec2(640.0, 480.0);

/// The program with nothing but its map in the window.
struct MapAlone {
    app: App,
    view: Rect,
}

impl MapAlone {
    /// Does something with the map and the state that it is drawn from.
    fn with_map<T>(
        &mut self,
        work: impl FnOnce(&mut waqai::ui::map::MapUi, &FrameCtx<'_>, &mut waqai::state::Commands) -> T,
    ) -> T {
        let mut map = std::mem::take(&mut self.app.ui.map);
        let mut commands = std::mem::take(&mut self.app.commands);
        let cx = FrameCtx {
            state: &self.app.state,
            derived: &self.app.derived,
            theme: self.app.theme(),
            catalog: self.app.catalog(),
        };
        let done = work(&mut map, &cx, &mut commands);
        (self.app.ui.map, self.app.commands) = (map, commands);
        done
    }
}

impl eframe::App for MapAlone {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.view = ui.max_rect();
        self.with_map(|map, cx, commands| map_ui(ui, cx, map, commands));
    }
}

struct Window {
    harness: Harness<'static, MapAlone>,
    device: wgpu::Device,
}

/// Opens a store, with buffers of at most so many bytes. `None` where there is no graphics driver.
fn window_of(store: Store, most_bytes: Option<u64>) -> Option<Window> {
    if let Err(reason) =
        Offscreen::open(Start { empty: true, ephemeral: true, ..Start::default() }, [99.0; 2], 1.0)
    {
        eprintln!("skipped: {reason}");
        return None;
    }
    let WgpuSetup::CreateNew(mut setup) = default_wgpu_setup() else { panic!("a setup to change") };
    if let Some(bytes) = most_bytes {
        let usual = setup.device_descriptor.clone();
        setup.device_descriptor = Arc::new(move |adapter| {
            let mut descriptor = usual(adapter);
            descriptor.required_limits.max_buffer_size = bytes;
            descriptor
        });
    }
    let state = create_render_state(WgpuSetup::CreateNew(setup), RendererOptions::PREDICTABLE);
    let device = state.device.clone();
    let settings = Settings {
        theme: ThemeChoice::Dark,
        basemap: BasemapChoice::None,
        layers: MapLayers {
            mode: MapMode::Points,
            opacity: 100,
            place_names: false,
            borders: false,
            ..MapLayers::default()
        },
        ..Settings::default()
    };
    let harness = Harness::builder()
        .with_size(SIZE)
        .with_max_steps(64)
        .with_step_dt(1.0 / 60.0)
        .allow_missing_glyphs()
        .renderer(WgpuTestRenderer::from_render_state(state))
        .build_eframe(|cc| {
            let start = Start { ephemeral: true, offscreen: true, empty: true, settings, ..Start::default() };
            let start = Start { gpu_points: Some(true), ..start };
            let mut app = App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref());
            app.ui.map.set_unhurried();
            MapAlone { app, view: Rect::NOTHING }
        });
    let mut window = Window { harness, device };
    let opened = Incoming::CaseOpened { store: Box::new(store), origin: Origin::BuiltIn, opened_at: 0 };
    window.app().state.receive(opened);
    window.settle();
    Some(window)
}

impl Window {
    fn app(&mut self) -> &mut App {
        &mut self.harness.state_mut().app
    }

    fn settle(&mut self) {
        let mut calm = 0;
        for _ in 0..4000 {
            self.harness.step();
            let app = self.app();
            let busy = app.is_busy() || !app.commands.is_empty();
            calm = if busy { 0 } else { calm + 1 };
            if calm > 12 {
                return;
            }
            if busy {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        panic!("the window does not come to rest");
    }

    fn send(&mut self, command: impl Into<Command>) {
        self.app().commands.push(command);
        self.settle();
    }

    fn look_at(&mut self, lat: f64, lon: f64, zoom: f64) {
        self.send(MapCommand::FlyTo { center: LatLon { lat, lon }, zoom });
    }

    fn drawn(&mut self) -> Drawn {
        self.app().ui.map.status().drawn
    }

    fn position(&mut self, event: EventId) -> Option<LatLon> {
        self.app().state.store().and_then(|store| store.position(event))
    }

    fn color(&mut self, event_type: EventType) -> Color32 {
        self.app().theme().event_type(event_type)
    }

    /// Middles of all dots in the picture, with their types.
    fn dots(&mut self) -> Vec<([f32; 2], EventType)> {
        let colors: Vec<_> = EventType::ALL.iter().map(|kind| (*kind, self.color(*kind))).collect();
        let picture = self.harness.render().expect("a picture");
        let (width, height) = picture.dimensions();
        let kind_at = |x: u32, y: u32| {
            let [r, g, b, _] = picture.get_pixel(x, y).0;
            colors
                .iter()
                .find(|(_, color)| [color.r(), color.g(), color.b()] == [r, g, b])
                .map(|(kind, _)| *kind)
        };
        let mut seen = vec![false; (width * height) as usize];
        let mut dots = Vec::new();
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let Some(kind) = kind_at(x, y).filter(|_| !seen[(y * width + x) as usize]) else { continue };
            let (mut open, mut sum, mut count) = (vec![(x, y)], [0.0; 2], 0.0);
            seen[(y * width + x) as usize] = true;
            while let Some((x, y)) = open.pop() {
                (sum, count) = ([sum[0] + x as f32 + 0.5, sum[1] + y as f32 + 0.5], count + 1.0);
                let near = [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))];
                for (x, y) in near.into_iter().filter(|(x, y)| *x < width && *y < height) {
                    let slot = &mut seen[(y * width + x) as usize];
                    if !*slot && kind_at(x, y) == Some(kind) {
                        *slot = true;
                        open.push((x, y));
                    }
                }
            }
            dots.push((sum.map(|sum| sum / count), kind));
        }
        dots
    }

    /// Where an event is to be drawn in the picture.
    fn place(&mut self, event: EventId) -> Option<[f32; 2]> {
        let (x, y) = { self.position(event) }.map(|p| self.app().ui.map.camera().offset(p))?;
        let center = self.harness.state().view.center();
        Some([center.x + x as f32, center.y + y as f32])
    }

    /// Compares the picture with what is shown: all of it lies in the picture, and far enough apart.
    fn check(&mut self, what: &str) -> usize {
        let mut dots = self.dots();
        let events: Vec<EventId> = self.app().state.store().expect("a store").events().collect();
        let mut expected = 0;
        for event in events {
            let Some([x, y]) = self.place(event) else { continue };
            let near = |(dot, _): &([f32; 2], EventType)| (dot[0] - x).hypot(dot[1] - y) < 0.8;
            let found = dots.iter().position(near).map(|at| dots.swap_remove(at).1);
            let app = self.app();
            let passes = app.derived.passes(event);
            let kind = app.state.store().map(|store| store.event_type(event));
            assert_eq!(found, kind.filter(|_| passes), "{what}: {event:?} at {x} {y}");
            expected += usize::from(passes);
        }
        assert_eq!(dots, [], "{what}: nothing else is drawn");
        let trays = self.app().derived.trays;
        assert_eq!(expected, trays.shown - trays.unplaced, "{what}");
        expected
    }
}

fn interval(date: &str) -> Interval {
    parse_edtf(date).expect("a date").interval
}

/// Events of all types and kinds of dates on a grid of four degrees, one of seven without a place.
/// They are not in order of time.
fn grid() -> Store {
    let mut store = Store { generation: 7, ..Store::default() };
    for row in 0..42 {
        let day = interval("2020-01-01").start + (row * 17 % 42) * 10 * 86_400;
        let when = match row % 6 {
            // Half a day, a fortnight, and without an end.
            1 => Interval { start: day + 6 * 3600, end: day + 18 * 3600 },
            2 => Interval { start: day, end: day + 14 * 86_400 },
            3 if row == 15 => Interval { start: day, end: Interval::OPEN_END },
            4 => Interval::UNKNOWN,
            _ => Interval { start: day, end: day + 86_400 },
        };
        let event_type = EventType::ALL[row as usize * 3 % EventType::ALL.len()];
        store.columns.push_bare(when, Kind { event_type, ..Kind::default() });
        if row % 7 != 6 {
            store.columns.lat[row as usize] = (row / 7 * 4 - 10) as f32;
            store.columns.lon[row as usize] = (row % 7 * 4 - 10) as f32;
        }
    }
    store.reindex();
    store
}

#[test]
fn every_shown_event_is_a_dot_of_its_color() {
    let Some(mut window) = window_of(grid(), None) else { return };
    window.look_at(1.0, 0.5, 4.0);
    assert_eq!(window.drawn(), Drawn::Dots);
    let all = window.check("no filter");
    assert_eq!(all, 36);
    let mut counts = vec![all];
    for typed in ["2020-02/2020-05", "2020-03-01", "2021/2022", "2020-01-01/2020-12-31"] {
        window.send(TimeCommand::Typed(typed.to_owned()));
        for mode in [WindowMode::Certainly, WindowMode::Possibly] {
            window.send(TimeCommand::Mode(mode));
            counts.push(window.check(&format!("{typed} {mode:?}")));
        }
    }
    let noon = interval("2020-02-10").start + 12 * 3600;
    for hours in [1, 7, 24, 600] {
        window.send(TimeCommand::Window(Some(Interval { start: noon, end: noon + hours * 3600 })));
        counts.push(window.check(&format!("{hours} hours")));
    }
    window.send(FilterCommand::Set(Dim::Type, vec![0, 3, 5]));
    counts.push(window.check("some types, 600 hours"));
    window.send(TimeCommand::Window(None));
    counts.push(window.check("some types"));
    window.send(ViewCommand::Theme(ThemeChoice::Light));
    window.check("some types in a light window");
    window.send(FilterCommand::Reset);
    assert_eq!(window.check("nothing is filtered any more"), all);
    counts.sort_unstable();
    counts.dedup();
    assert!(counts.len() > 6, "windows and filters differ in what they show: {counts:?}");
}

#[test]
fn dots_hold_still_at_the_closest_zoom_and_end_at_the_edge_of_the_world() {
    let mut store = Store { generation: 8, ..Store::default() };
    for (row, (lat, lon)) in [(-33.45, 151.2), (-33.45, 151.2003), (10.0, 170.0)].into_iter().enumerate() {
        let kind = Kind { event_type: EventType::Battles, ..Kind::default() };
        store.columns.push_bare(interval("2020-01-01"), kind);
        (store.columns.lat[row], store.columns.lon[row]) = (lat, lon);
    }
    store.reindex();
    let Some(mut window) = window_of(store, None) else { return };
    for step in 0..5 {
        // A fifth of a pixel each.
        window.look_at(-33.45, 151.2 + f64::from(step) * 0.2 * 360.0 / 67_108_864.0, 18.0);
        let mut dots: Vec<[f32; 2]> = window.dots().into_iter().map(|(dot, _)| dot).collect();
        dots.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_eq!(dots.len(), 2, "step {step}");
        for (dot, event) in dots.into_iter().zip([EventId(0), EventId(1)]) {
            let [x, y] = window.place(event).expect("a place");
            assert!((dot[0] - x).hypot(dot[1] - y) < 0.8, "step {step}: {dot:?} for {x} {y}");
        }
    }
    // There, the farther east lies beyond the western edge of the world, and is not repeated.
    window.look_at(10.0, -150.0, 2.0);
    assert_eq!(window.dots(), []);
}

/// So many events of one day each, on two places.
fn many(rows: usize) -> Store {
    let mut store = Store { generation: 9, ..Store::default() };
    for row in 0..rows {
        let day = interval("2010-01-01").start + (row % 3650) as i64 * 86_400;
        let kind = Kind { event_type: EventType::Battles, ..Kind::default() };
        store.columns.push_bare(Interval { start: day, end: day + 86_400 }, kind);
        store.columns.lat[row] = 10.0;
        store.columns.lon[row] = (row % 2) as f32 * 5.0;
    }
    store.reindex();
    store
}

#[test]
fn crowded_maps_are_points_by_themselves_and_few_are_symbols() {
    let Some(mut window) = window_of(many(30_000), None) else { return };
    let layers = MapLayers { mode: MapMode::Auto, ..window.app().state.settings.layers };
    window.send(ViewCommand::Layers(layers));
    window.look_at(10.0, 2.5, 5.0);
    assert_eq!(window.drawn(), Drawn::Dots);
    assert_eq!(window.dots().len(), 2);
    window.send(ViewCommand::Layers(MapLayers { mode: MapMode::Density, ..layers }));
    assert_eq!(window.drawn(), Drawn::Density);
    window.send(ViewCommand::Layers(layers));
    window.send(TimeCommand::Window(Some(interval("2010-01"))));
    assert_eq!(window.drawn(), Drawn::Symbols);
    window.send(TimeCommand::Window(None));
    assert_eq!(window.drawn(), Drawn::Dots);
}

#[test]
fn what_the_device_has_no_room_for_is_drawn_in_another_way() {
    // An event takes 16 bytes; the picture itself just fits.
    let Some(mut window) = window_of(many(90_000), Some(1_300_000)) else { return };
    window.look_at(10.0, 2.5, 5.0);
    let layers = MapLayers { mode: MapMode::Auto, ..window.app().state.settings.layers };
    window.send(ViewCommand::Layers(layers));
    assert_eq!(window.drawn(), Drawn::Density);
    window.harness.render().expect("a picture");
}

#[test]
fn a_lost_device_is_no_end() {
    let Some(mut window) = window_of(grid(), None) else { return };
    window.look_at(1.0, 0.5, 4.0);
    window.check("at first");
    window.device.destroy();
    let ctx = window.harness.ctx.clone();
    for store in [None, Some(many(10))] {
        let app = window.app();
        if let Some(store) = store {
            let opened =
                Incoming::CaseOpened { store: Box::new(store), origin: Origin::BuiltIn, opened_at: 0 };
            app.state.receive(opened);
        }
        app.commands.push(FilterCommand::Set(Dim::Type, vec![0]));
        app.update(&ctx, 100.0);
        let map = window.harness.state_mut();
        // Whatever it says, it comes back.
        map.with_map(|map, cx, _| map.points_mut().refresh(&ctx, cx));
    }
}
