//! Frames of the whole window with the built-in case: at rest, while the map is dragged, and while
//! the player runs. Counts all but the graphics driver; needs one that can draw off-screen.

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Event, pos2};
use waqai::app::Start;
use waqai::headless::Offscreen;
use waqai::state::TimeCommand;

fn window() -> Offscreen {
    let start = Start { ephemeral: true, ..Start::default() };
    let mut screen = Offscreen::open(start, [1440.0, 900.0], 1.0).expect("a graphics driver");
    assert!(screen.settle(), "the window does not come to rest");
    screen
}

fn benches(c: &mut Criterion) {
    let mut group = c.benchmark_group("frame");
    let mut screen = window();
    group.bench_function("at rest", |b| b.iter(|| screen.frame()));

    let mut screen = window();
    screen.press(pos2(650.0, 330.0));
    let mut turn = 0.0_f32;
    group.bench_function("dragging the map", |b| {
        b.iter(|| {
            turn += 0.05;
            let away = egui::Vec2::angled(turn) * 120.0;
            screen.event(Event::PointerMoved(pos2(650.0, 330.0) + away));
            screen.frame();
        });
    });

    let mut screen = window();
    screen.push(TimeCommand::Typed("2023-01/2023-03".to_owned()));
    screen.push(TimeCommand::ToggleRepeat);
    screen.push(TimeCommand::Play(true));
    group.bench_function("playing", |b| b.iter(|| screen.frame()));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
