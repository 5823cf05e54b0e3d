//! The crowded map over generated datasets: what one change of the time window or of the camera costs
//! it (density cells and their colours, exact counts, dots), and finding what is under the pointer.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use egui::Color32;
use waqai::io::synthetic::{Options, save};
use waqai::io::table::{Reading, read_table};
use waqai::io::unwatched;
use waqai::model::LatLon;
use waqai::state::{AppState, DensityScale, Derived, OpenCase, Origin};
use waqai::store::Store;
use waqai::ui::map::camera::mercator;
use waqai::ui::map::crowd::chips::{Groups, HEIGHT, chips};
use waqai::ui::map::crowd::density::{Grid, Ramp};
use waqai::ui::map::crowd::frame::Frame;
use waqai::ui::map::crowd::{dots, places};
use waqai::ui::map::gather;

/// The map's part of a window of 1440 × 900.
const VIEW: (f64, f64) = (858.0, 560.0);

fn dataset(rows: u64) -> Store {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("map-{rows}.csv"));
    if !path.exists() {
        save(&Options { rows, ..Options::default() }, &path, None, &unwatched).expect("a dataset");
    }
    let reading = Reading { in_time_order: true, progress: &unwatched, grown: None };
    let mut store = read_table(&path, &reading).expect("rows");
    store.reindex();
    store
}

fn look_at(lat: f64, lon: f64, zoom: f64) -> Frame {
    Frame::new(mercator(LatLon { lat, lon }), zoom, VIEW.0, VIEW.1)
}

fn benches(c: &mut Criterion) {
    for rows in [100_000, 1_000_000, 3_000_000] {
        let case = Some(OpenCase::whole(dataset(rows), Origin::BuiltIn));
        let state = AppState { case, ..AppState::default() };
        let mut derived = Derived::default();
        derived.refresh_all(&state);
        let Some(store) = state.store() else { return };
        measure(c, rows, store, &derived);
    }
}

fn measure(c: &mut Criterion, rows: u64, store: &Store, derived: &Derived) {
    let sites = &store.index.sites;
    let places = places(sites, derived);
    let world = look_at(22.0, 18.0, 2.0);
    let ranges = |frame: &Frame| {
        let [left, top, right, bottom] = frame.world();
        sites.in_box([left, top], [right, bottom])
    };
    let all = ranges(&world);
    let mut group = c.benchmark_group("map");
    let id = |name: &str| BenchmarkId::new(name, rows);

    let mut grid = Grid::default();
    let ramp = Ramp::new(&[Color32::BLACK, Color32::GRAY, Color32::WHITE], 0.9);
    let mut pixels = vec![Color32::TRANSPARENT; 448 * 320];
    group.bench_function(id("density"), |b| {
        b.iter(|| {
            grid.fill(&world, 2.0, &places, &all);
            grid.shade(&ramp, DensityScale::Logarithmic, 448, &mut pixels);
            black_box(grid.max())
        });
    });

    let mut groups = Groups::default();
    let weight = |site| sites.events(site).len() as u32;
    let make = |groups: &mut Groups, generation| {
        groups.refresh(generation, &world, sites.points(), weight, |min, max| sites.in_box(min, max));
    };
    let mut generation = 0;
    group.bench_function(id("groups"), |b| {
        b.iter(|| {
            generation += 1;
            make(&mut groups, generation);
        });
    });
    let width = |n: u32| 14.0 + 8.0 * (n.max(1).ilog10() + 1) as f32;
    let inside = |x: f32, y: f32, width: f32| {
        let (right, bottom) = (VIEW.0 as f32 - width / 2.0, VIEW.1 as f32 - HEIGHT / 2.0);
        (x.clamp(width / 2.0, right), y.clamp(HEIGHT / 2.0, bottom))
    };
    group.bench_function(id("counts"), |b| {
        b.iter(|| black_box(chips(&groups, &world, &places, width, inside).len()));
    });

    let colors = [Color32::WHITE; 7];
    let color = |_, count: &SiteCount| colors.get(dots::main_type(count)).copied();
    let size = VIEW.0.ceil() as usize;
    let mut pixels = vec![Color32::TRANSPARENT; size * VIEW.1 as usize];
    group.bench_function(id("dots"), |b| {
        let size = [size, VIEW.1 as usize];
        b.iter(|| dots::paint(&mut pixels, size, 1.0, &world, &places, &all, color, Color32::BLACK));
    });

    // As many symbols as are ever drawn.
    let mut near = look_at(13.5, 14.5, 7.0);
    while {
        let census = places.census(&near, &ranges(&near));
        census.sites > 2_000 || census.events > 20_000
    } {
        near = look_at(13.5, 14.5, near.zoom() + 0.25);
    }
    group.bench_function(id("symbols"), |b| {
        b.iter(|| {
            let mut stacks = gather::stacks_in(store, derived, &near);
            black_box(gather::markers(store, &mut stacks, near.zoom()).len())
        });
    });

    let shown = |site: u32| derived.per_site().get(site as usize).is_some_and(|count| count.total > 0);
    let (x, y) = mercator(LatLon { lat: 13.5, lon: 14.5 });
    group.bench_function(id("pick"), |b| {
        b.iter(|| black_box(sites.nearest([x, y], 5.0 / world.scale, shown)));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
