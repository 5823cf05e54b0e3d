//! The map in the whole window: clicks, keys and counts. Draws nothing, so it needs no graphics.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use waqai::app::{App, Start};
use waqai::state::{FilterCommand, MapCommand, SelectCommand, Settings};
use waqai::store::filter::Dim;

fn window() -> Harness<'static, App> {
    let start = Start { ephemeral: true, offscreen: true, ..Start::default() };
    let mut harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .with_max_steps(200)
        .allow_missing_glyphs()
        .build_eframe(|cc| App::new(start, &cc.egui_ctx, None));
    for _ in 0..400 {
        harness.step();
        if harness.state().state.case.is_some() && !harness.state().is_busy() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    harness.run_steps(4);
    harness
}

fn push(harness: &mut Harness<'static, App>, command: impl Into<waqai::state::Command>) {
    harness.state_mut().commands.push(command);
    // Flights take up to 0.3 s.
    harness.run_steps(40);
}

#[test]
fn pressing_a_symbol_selects_its_event_everywhere() {
    let mut harness = window();
    harness.get_by_label("Event: Battle and ambush of Tinzaouaten").click_accesskit();
    harness.run_steps(4);
    let app = harness.state();
    let store = app.state.store().expect("a case");
    assert_eq!(app.state.primary(), store.event_by_key("e38"));
    let document = app.state.view.document.and_then(|d| store.document(d)).expect("a document");
    assert_eq!(document.key, "001", "the text of the first document that tells it is shown");
    assert!(app.state.view.text_target.serial > 0, "the text goes to its spans");
}

#[test]
fn a_click_with_the_pointer_selects_and_ctrl_adds() {
    let mut harness = window();
    let rect = harness.get_by_label("Event: Battle and ambush of Tinzaouaten").rect();
    harness.hover_at(rect.center());
    harness.run_steps(2);
    let hovered = harness.state().state.view.hover;
    assert_eq!(hovered, harness.state().state.store().expect("case").event_by_key("e38"));
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: rect.center(),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
    }
    harness.run_steps(3);
    assert_eq!(harness.state().state.primary(), hovered);
}

#[test]
fn a_stack_fans_out_and_its_events_can_be_picked() {
    let mut harness = window();
    let event = harness.state().state.store().expect("case").event_by_key("e36").expect("event");
    push(
        &mut harness,
        MapCommand::FlyTo { center: waqai::model::LatLon { lat: 16.77, lon: -3.0 }, zoom: 12.0 },
    );
    push(&mut harness, MapCommand::Fan(Some(event)));
    harness.get_by_label_contains("Event: JNIM attacks a Malian army base").click_accesskit();
    harness.run_steps(4);
    assert_eq!(harness.state().state.primary(), Some(event));
}

#[test]
fn selecting_elsewhere_moves_the_map_only_if_needed() {
    let mut harness = window();
    let (near, far) = {
        let store = harness.state().state.store().expect("case");
        (store.event_by_key("e38").expect("event"), store.event_by_key("e55").expect("event"))
    };
    let zoom_and_pointer = |harness: &Harness<'static, App>| harness.state().ui.map.camera().center;
    let before = zoom_and_pointer(&harness);
    push(&mut harness, SelectCommand::Event(near));
    assert_eq!(zoom_and_pointer(&harness), before, "Tinzaouaten is in view already");
    push(&mut harness, SelectCommand::Event(far));
    assert!(zoom_and_pointer(&harness).lat > before.lat + 10.0, "Ukraine is not");
}

#[test]
fn counts_on_the_map_follow_the_filter() {
    let mut harness = window();
    push(&mut harness, FilterCommand::Set(Dim::Type, vec![3]));
    assert_eq!(harness.state().derived.trays.shown, 1, "one protest");
    assert!(harness.query_by_label("Event: Battle and ambush of Tinzaouaten").is_none());
    push(&mut harness, FilterCommand::Reset);
    assert_eq!(harness.state().derived.trays.shown, 55);
}

#[test]
fn tab_steps_through_an_open_fan_and_leaves_the_focus() {
    let mut harness = window();
    let event = harness.state().state.store().expect("case").event_by_key("e36").expect("event");
    let center = waqai::model::LatLon { lat: 16.77, lon: -3.0 };
    push(&mut harness, MapCommand::FlyTo { center, zoom: 12.0 });
    push(&mut harness, MapCommand::Fan(Some(event)));
    let leg = harness.get_by_label_contains("Event: JNIM attacks a Malian army base").rect().center();
    harness.hover_at(leg);
    harness.run_steps(2);
    let mut seen = Vec::new();
    for _ in 0..3 {
        harness.key_press(egui::Key::Tab);
        harness.run_steps(3);
        seen.push(harness.state().state.primary().expect("a selected event"));
    }
    seen.push(event);
    let steps = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), steps, "each press goes to another event");
    assert_eq!(harness.ctx.memory(|memory| memory.focused()), None);
}

#[test]
fn the_wheel_zooms_by_what_it_is_turned() {
    let mut harness = window();
    let zoom = |harness: &Harness<'static, App>| harness.state().ui.map.camera().zoom;
    let before = zoom(&harness);
    harness.hover_at(egui::pos2(700.0, 420.0));
    harness.run_steps(2);
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 100.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run_steps(40);
    let turned = zoom(&harness) - before;
    assert!((turned - 1.0).abs() < 0.15, "{turned}");
}

#[test]
fn the_edges_of_panels_can_be_dragged_and_are_remembered() {
    let mut harness = window();
    for (name, by, size_of) in [
        ("Edge of the filters", egui::vec2(40.0, 0.0), (|s| s.start_width) as fn(&Settings) -> Option<f32>),
        ("Edge of the details", egui::vec2(-30.0, 0.0), |s| s.end_width),
        ("Edge of the timeline", egui::vec2(0.0, -25.0), |s| s.timeline_height),
    ] {
        let from = harness.get_by_label(name).rect().center();
        let press = |pos, pressed| egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        let map_before = harness.state().ui.map.camera().center;
        harness.hover_at(from);
        harness.step();
        harness.event(press(from, true));
        harness.step();
        for share in [0.3, 0.7, 1.0] {
            harness.hover_at(from + by * share);
            harness.run_steps(2);
        }
        harness.event(press(from + by, false));
        harness.run_steps(3);
        let moved = harness.get_by_label(name).rect().center() - from;
        assert!((moved - by).length() <= 2.0, "{name}: {moved:?} for {by:?}");
        assert!(size_of(&harness.state().state.settings).is_some(), "{name} is remembered");
        assert_eq!(harness.state().ui.map.camera().center, map_before, "{name}: the map stays");
    }
}

/// A dataset of so many generated events in a window; the folder goes away with it.
struct Dataset {
    harness: Harness<'static, App>,
    path: std::path::PathBuf,
}

impl Drop for Dataset {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
    }
}

fn dataset(name: &str, rows: u64) -> Dataset {
    let path = std::env::temp_dir().join(format!("waqai-map-{name}-{}.csv", std::process::id()));
    let options = waqai::io::synthetic::Options { rows, ..Default::default() };
    waqai::io::synthetic::save(&options, &path, None, &waqai::io::unwatched).expect("a dataset");
    let mut harness = window();
    let open = waqai::state::OpenTarget::Instead(vec![path.display().to_string()]);
    harness.state_mut().commands.push(waqai::state::Command::Open(open));
    for _ in 0..4000 {
        harness.step();
        let app = harness.state();
        let opened = app.state.store().is_some_and(|store| store.num_events() as u64 == rows);
        if opened && !app.is_busy() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(harness.state().state.store().map(|store| store.num_events() as u64), Some(rows));
    harness.run_steps(30);
    Dataset { harness, path }
}

/// The numbers of all counts on the map.
fn counts(harness: &Harness<'static, App>) -> Vec<u64> {
    let chips = harness.query_all_by_label_contains("events here");
    let numbers = chips.filter_map(|node| {
        let label = egui_kittest::kittest::NodeT::accesskit_node(&node).label()?;
        label.split(' ').next()?.replace(',', "").parse().ok()
    });
    numbers.collect()
}

fn look_at(harness: &mut Harness<'static, App>, lat: f64, lon: f64, zoom: f64) {
    push(harness, MapCommand::FlyTo { center: waqai::model::LatLon { lat, lon }, zoom });
}

#[test]
fn crowded_views_show_exact_counts_and_near_ones_every_event() {
    use waqai::state::{MapLayers, MapMode, ViewCommand};
    use waqai::ui::map::crowd::Drawn;
    let mut dataset = dataset("crowd", 30_000);
    let harness = &mut dataset.harness;
    look_at(harness, 22.0, 18.0, 2.0);
    let status = |harness: &Harness<'static, App>| harness.state().ui.map.status().clone();
    assert_eq!(status(harness).drawn, Drawn::Density);
    let in_view = status(harness).in_view;
    assert!(in_view > 20_000, "{in_view}");
    // Chips of one event are named otherwise; a world has none.
    assert_eq!(counts(harness).iter().sum::<u64>(), u64::from(in_view));
    assert!(harness.query_by_label_contains("in clusters").is_some());

    push(harness, waqai::state::TimeCommand::Typed("2020/2023".to_owned()));
    let narrowed = status(harness).in_view;
    assert!(narrowed < in_view && narrowed > 0);
    push(harness, waqai::state::TimeCommand::Window(None));
    assert_eq!(status(harness).in_view, in_view);

    let layers = harness.state().state.settings.layers;
    for (mode, drawn) in
        [(MapMode::Points, Drawn::Dots), (MapMode::Clusters, Drawn::Chips), (MapMode::Auto, Drawn::Density)]
    {
        push(harness, ViewCommand::Layers(MapLayers { mode, ..layers }));
        assert_eq!((status(harness).drawn, status(harness).in_view), (drawn, in_view), "{mode:?}");
    }

    look_at(harness, 13.5, 14.5, 9.0);
    assert_eq!(status(harness).drawn, Drawn::Symbols);
    assert!(harness.query_by_label_contains("on the map").is_some());
    assert!(harness.query_by_label_contains("in clusters").is_none());
}

#[test]
fn a_click_on_a_count_zooms_to_its_events() {
    let mut dataset = dataset("click", 25_000);
    let harness = &mut dataset.harness;
    look_at(harness, 22.0, 18.0, 2.0);
    let zoom = harness.state().ui.map.camera().zoom;
    let rect = harness.query_all_by_label_contains("events here").next().expect("a count").rect();
    harness.hover_at(rect.center());
    harness.run_steps(2);
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: rect.center(),
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
    }
    harness.run_steps(40);
    assert!(harness.state().ui.map.camera().zoom >= zoom + 1.0);
}

#[test]
fn the_selection_is_drawn_over_density_too() {
    let mut dataset = dataset("selected", 25_000);
    let harness = &mut dataset.harness;
    let event = harness.state().derived.by_time.first().expect("an event");
    push(harness, SelectCommand::Event(event));
    let position = harness.state().state.store().and_then(|store| store.position(event)).expect("a place");
    look_at(harness, position.lat, position.lon, 3.0);
    assert!(harness.query_by_label_contains("Event: ").is_some(), "it has its symbol");
}

#[test]
fn the_layers_tab_changes_what_is_drawn() {
    use waqai::ui::map::crowd::Drawn;
    let mut dataset = dataset("layers", 25_000);
    let harness = &mut dataset.harness;
    look_at(harness, 22.0, 18.0, 2.0);
    harness.get_by_label("Layers").click();
    harness.run_steps(4);
    harness.get_by_label("Points").click();
    harness.run_steps(4);
    assert_eq!(harness.state().ui.map.status().drawn, Drawn::Dots);
    harness.get_by_label("Auto").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Hide waqai-map-layers").click();
    harness.run_steps(4);
    assert_eq!(harness.state().ui.map.status().drawn, Drawn::Hidden);
    assert!(harness.query_by_label_contains("hidden on the map").is_some());
    harness.get_by_label("Hide Country borders").click();
    harness.run_steps(4);
    assert!(!harness.state().state.settings.layers.borders);
    harness.get_by_label("Filters").click();
    harness.run_steps(4);
    assert!(harness.query_by_label("Hide Country borders").is_none());
}
