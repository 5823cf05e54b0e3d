//! The timeline as a user works with it: handles, bars, wheel, typed dates, playing.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use waqai::app::{App, Start};
use waqai::model::time::parse_edtf;
use waqai::model::{DatePrecision, EventType, Interval};
use waqai::state::{Command, FilterCommand, Incoming, LaneMode, Origin, PlayMode, Step, TimeCommand};
use waqai::store::filter::{Dim, WindowMode};
use waqai::store::{Kind, Store};
use waqai::ui::FrameCtx;
use waqai::ui::map::playing_caption;

const SIZE: Vec2 = Vec2::new(1440.0, 900.0);
/// Start of the plot.
const GUTTER: f32 = 196.0;
/// The same in cases with very many events.
const GUTTER_CROWDED: f32 = 232.0;

fn open_sized(size: Vec2) -> Harness<'static, App> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(64)
        .with_step_dt(1.0 / 60.0)
        .allow_missing_glyphs()
        .wgpu()
        .build_eframe(|cc| {
            let start = Start { ephemeral: true, offscreen: true, ..Start::default() };
            App::new(start, &cc.egui_ctx, cc.wgpu_render_state.as_ref())
        });
    settle(&mut harness);
    harness
}

fn open() -> Harness<'static, App> {
    open_sized(SIZE)
}

fn settle(harness: &mut Harness<'static, App>) {
    let mut calm = 0;
    for _ in 0..4000 {
        harness.step();
        let busy = harness.state().is_busy() || !harness.state().commands.is_empty();
        calm = if busy { 0 } else { calm + 1 };
        if calm > 3 && harness.state().state.store().is_some() {
            return;
        }
        if busy {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }
    panic!("the case did not open");
}

fn send(harness: &mut Harness<'static, App>, command: impl Into<Command>) {
    harness.state_mut().commands.push(command);
    settle(harness);
}

fn interval(text: &str) -> Interval {
    parse_edtf(text).expect("dates").interval
}

fn window(harness: &Harness<'static, App>) -> Option<Interval> {
    harness.state().state.view.filter.window
}

fn pointer(harness: &Harness<'static, App>, pos: Pos2, pressed: Option<bool>) {
    harness.event(Event::PointerMoved(pos));
    if let Some(pressed) = pressed {
        let button = PointerButton::Primary;
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::default() });
    }
}

fn drag(harness: &mut Harness<'static, App>, from: Pos2, to: Pos2) {
    pointer(harness, from, None);
    harness.step();
    pointer(harness, from, Some(true));
    harness.step();
    for i in 1..=8 {
        pointer(harness, from + (to - from) * (i as f32 / 8.0), None);
        harness.step();
    }
    pointer(harness, to, Some(false));
    settle(harness);
}

/// The time under a point of the plot.
fn time_at(harness: &Harness<'static, App>, x: f32) -> f64 {
    harness.state().ui.timeline.time_at(f64::from(x - GUTTER)).expect("a scale")
}

#[test]
fn dragging_a_handle_moves_that_limit_to_whole_days() {
    let mut harness = open();
    send(&mut harness, TimeCommand::Window(Some(interval("2022-08-01/2024-12-31"))));
    let handle = harness.get_by_label("Window ends 31 December 2024").rect();
    let to = handle.center() - egui::vec2(200.0, 0.0);
    let expected = time_at(&harness, to.x);
    drag(&mut harness, handle.center(), to);
    let moved = window(&harness).expect("window");
    assert_eq!(moved.start, interval("2022-08-01").start);
    assert_eq!(moved.end % 86_400, 0, "whole days");
    assert!((moved.end as f64 - expected).abs() <= 86_400.0, "{moved:?}");
    assert!(harness.query_by_label("Window ends 31 December 2024").is_none());
}

#[test]
fn dragging_the_bar_keeps_the_length() {
    let mut harness = open();
    let before = interval("2023-03-01/2023-12-31");
    send(&mut harness, TimeCommand::Window(Some(before)));
    let bar = harness.get_by_label_contains("Window 1 Mar").rect();
    drag(&mut harness, bar.center(), bar.center() + egui::vec2(90.0, 3.0));
    let after = window(&harness).expect("window");
    assert!(after.start > before.start);
    assert_eq!(after.duration_secs(), before.duration_secs());
}

#[test]
fn dragging_over_the_histogram_makes_a_window_and_two_clicks_show_all() {
    let mut harness = open();
    let ground = harness.get_by_label("Events over time").rect();
    let (a, b) = (pos2(600.0, ground.center().y), pos2(760.0, ground.center().y));
    let (from, to) = (time_at(&harness, a.x), time_at(&harness, b.x));
    drag(&mut harness, a, b);
    let made = window(&harness).expect("window");
    assert!((made.start as f64 - from).abs() <= 86_400.0 && (made.end as f64 - to).abs() <= 86_400.0);
    let at = pos2(1000.0, ground.center().y);
    for _ in 0..2 {
        pointer(&harness, at, Some(true));
        pointer(&harness, at, Some(false));
        harness.step();
    }
    settle(&mut harness);
    assert_eq!(window(&harness), None);
}

#[test]
fn arrow_keys_move_a_focused_handle_by_a_day() {
    let mut harness = open();
    send(&mut harness, TimeCommand::Window(Some(interval("2022-08-01/2024-12-31"))));
    harness.get_by_label("Window starts 1 August 2022").focus();
    harness.step();
    harness.key_press(Key::ArrowRight);
    settle(&mut harness);
    let moved = window(&harness).expect("window");
    assert_eq!(moved, interval("2022-08-02/2024-12-31"));
}

#[test]
fn a_click_on_a_bar_selects_and_with_ctrl_toggles() {
    let mut harness = open();
    send(&mut harness, FilterCommand::Set(Dim::Prominence, vec![0]));
    let store = harness.state().state.store().expect("case");
    let ambush = store.event_by_key("e38").expect("event");
    let bamako = store.event_by_key("e39").expect("event");
    let title = |event| store.detail(event).expect("detail").titles.get(waqai::model::Lang::En).to_owned();
    let (ambush_title, bamako_title) = (title(ambush), title(bamako));
    let role = egui::accesskit::Role::ListItem;
    harness.get_by_role_and_label(role, &ambush_title).click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.selection.events, [ambush]);
    harness.get_by_role_and_label(role, &bamako_title).click_modifiers(Modifiers::COMMAND);
    settle(&mut harness);
    assert_eq!(harness.state().state.view.selection.events, [ambush, bamako]);
    let node = harness.get_by_role_and_label(role, &bamako_title);
    assert_eq!(node.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
}

#[test]
fn hovering_a_bar_is_told_to_all_views() {
    let mut harness = open();
    send(&mut harness, FilterCommand::Set(Dim::Prominence, vec![0]));
    let store = harness.state().state.store().expect("case");
    let event = store.event_by_key("e39").expect("event");
    let title = store.detail(event).expect("detail").titles.get(waqai::model::Lang::En).to_owned();
    let at = harness.get_by_role_and_label(egui::accesskit::Role::ListItem, &title).rect();
    pointer(&harness, at.left_center() + egui::vec2(8.0, 0.0), None);
    settle(&mut harness);
    assert_eq!(harness.state().state.view.hover, Some(event));
    pointer(&harness, pos2(700.0, 300.0), None);
    settle(&mut harness);
    assert_eq!(harness.state().state.view.hover, None);
}

#[test]
fn stepping_keeps_the_window_among_what_is_around_it() {
    let mut harness = open();
    const YEAR: f64 = 365.0 * 86400.0;
    for command in
        [TimeCommand::ToFirst, TimeCommand::ToLast, TimeCommand::Window(Some(interval("2024-07-27")))]
    {
        send(&mut harness, command);
        let (from, to) = harness.state().ui.timeline.visible().expect("scale");
        let window = window(&harness).expect("a window");
        assert!(from <= window.start as f64 && window.end as f64 <= to, "{window:?} is in view");
        assert!(to - from > 10.0 * window.duration_secs() as f64, "{window:?} is not all that is seen");
        if window.duration_secs() > 86400 {
            assert!(to - from > 2.0 * YEAR, "a week is seen at the scale of the case");
        }
    }
}

#[test]
fn the_wheel_zooms_about_the_pointer() {
    let mut harness = open();
    let at = pos2(900.0, 740.0);
    pointer(&harness, at, None);
    harness.step();
    let before = time_at(&harness, at.x);
    let visible = harness.state().ui.timeline.visible().expect("scale");
    for _ in 0..3 {
        harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            source: egui::MouseWheelSource::Wheel,
            delta: egui::vec2(0.0, 60.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::default(),
        });
        for _ in 0..12 {
            harness.step();
        }
    }
    let zoomed = harness.state().ui.timeline.visible().expect("scale");
    assert!(zoomed.1 - zoomed.0 < 0.8 * (visible.1 - visible.0), "zoomed in");
    let after = time_at(&harness, at.x);
    let second_per_px = (zoomed.1 - zoomed.0) / 1244.0;
    assert!((after - before).abs() < 0.01 * second_per_px, "{}", (after - before) / second_per_px);
    assert_eq!(window(&harness), None, "zoom is no filter");
}

#[test]
fn a_typed_window_is_taken_over_and_wrong_text_is_kept() {
    let mut harness = open();
    let field = |harness: &Harness<'static, App>| {
        let node = harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Time window");
        node.value().unwrap_or_default()
    };
    let type_in = |harness: &mut Harness<'static, App>, text: &str| {
        harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Time window").focus();
        harness.step();
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.step();
        harness.event(Event::Text(text.to_owned()));
        harness.step();
        harness.key_press(Key::Enter);
        settle(harness);
    };
    type_in(&mut harness, "2024-05/2024-07");
    assert_eq!(window(&harness), Some(interval("2024-05-01/2024-07-31")));
    assert_eq!(field(&harness), "2024-05-01 / 2024-07-31");
    type_in(&mut harness, "2025-06-31");
    assert_eq!(window(&harness), Some(interval("2024-05-01/2024-07-31")), "unchanged");
    assert_eq!(field(&harness), "2025-06-31", "kept");
    assert!(harness.query_by_label_contains("There is no such date").is_some());
    harness.key_press(Key::Escape);
    settle(&mut harness);
    assert_eq!(field(&harness), "2024-05-01 / 2024-07-31");
}

#[test]
fn controls_change_how_it_plays_and_what_counts() {
    use egui::accesskit::Role;
    let mut harness = open();
    harness.get_by_role_and_label(Role::RadioButton, "Cumulative").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.playback.mode, PlayMode::Cumulative);
    harness.get_by_role_and_label(Role::RadioButton, "Certainly").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.filter.window_mode, WindowMode::Certainly);
    harness.get_by_role_and_label(Role::ComboBox, "Step 1 week").click();
    settle(&mut harness);
    harness.get_by_role_and_label(Role::MenuItemRadio, "1 day").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.playback.step, Step::Day);
    harness.get_by_role_and_label(Role::ComboBox, "Lanes Type").click();
    settle(&mut harness);
    harness.get_by_role_and_label(Role::MenuItemRadio, "Place").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.lanes, LaneMode::Place);
    harness.get_by_role_and_label(Role::Button, "Play").click();
    settle(&mut harness);
    assert!(harness.state().state.view.playback.playing);
    harness.get_by_role_and_label(Role::Button, "Pause").click();
    settle(&mut harness);
    assert!(!harness.state().state.view.playback.playing);
}

#[test]
fn a_narrow_window_keeps_every_control_in_reach() {
    let mut harness = open_sized(egui::vec2(900.0, 700.0));
    assert!(harness.query_by_label("Cumulative").is_none());
    harness.get_by_label("More controls").click();
    settle(&mut harness);
    harness.get_by_label("Cumulative").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.view.playback.mode, PlayMode::Cumulative);
}

#[test]
fn wishes_of_the_state_move_the_view() {
    let mut harness = open();
    let whole = harness.state().ui.timeline.visible().expect("scale");
    let month = interval("2024-07");
    send(&mut harness, TimeCommand::Show(Some(month)));
    let (from, to) = harness.state().ui.timeline.visible().expect("scale");
    assert!(from < month.start as f64 && to > month.end as f64);
    assert!(to - from < 2.0 * month.duration_secs() as f64);
    send(&mut harness, TimeCommand::Zoom(2.0));
    let zoomed = harness.state().ui.timeline.visible().expect("scale");
    assert!(((to - from) / (zoomed.1 - zoomed.0) - 2.0).abs() < 0.01);
    send(&mut harness, TimeCommand::Show(None));
    assert_eq!(harness.state().ui.timeline.visible(), Some(whole));
}

#[test]
fn a_window_out_of_view_comes_into_view() {
    let mut harness = open();
    send(&mut harness, TimeCommand::Show(Some(interval("2024-07"))));
    send(&mut harness, TimeCommand::Window(Some(interval("2022-03"))));
    let (from, to) = harness.state().ui.timeline.visible().expect("scale");
    assert!(from <= interval("2022-03").start as f64 && to >= interval("2022-03").end as f64);
}

/// A case of `n` battles on days of ten years.
fn many(n: i64) -> Store {
    let mut store = Store { generation: 1, ..Store::default() };
    let first = interval("2010").start;
    for i in 0..n {
        let start = first + (i * 7919 % 3650) * 86_400;
        let day = Interval { start, end: start + 86_400 };
        let kind =
            Kind { event_type: EventType::Battles, date_precision: DatePrecision::Day, ..Kind::default() };
        store.columns.push_bare(day, kind);
    }
    store
}

fn open_store(harness: &mut Harness<'static, App>, store: Store) {
    let opened = Incoming::CaseOpened { store: Box::new(store), origin: Origin::BuiltIn, opened_at: 0 };
    harness.state_mut().state.receive(opened);
    settle(harness);
}

#[test]
fn very_many_events_are_heat_and_every_one_is_counted() {
    let mut harness = open();
    open_store(&mut harness, many(20_000));
    assert!(harness.query_by_label("Battles: 20,000 shown of 20,000").is_some());
    assert!(harness.query_all_by_role(egui::accesskit::Role::ListItem).next().is_none());
    // Of few days few events are left, which are bars again.
    send(&mut harness, TimeCommand::Show(Some(interval("2015-03-01/2015-03-10"))));
    assert!(harness.query_all_by_role(egui::accesskit::Role::ListItem).next().is_some());
    assert!(harness.query_by_label("Battles: 20,000 shown of 20,000").is_some());
}

#[test]
fn a_column_of_heat_tells_its_count_and_becomes_the_window() {
    let mut harness = open();
    open_store(&mut harness, many(20_000));
    let lane = harness.get_by_label("Battles: 20,000 shown of 20,000").rect();
    let at = pos2(800.0, lane.center().y);
    let time = harness.state().ui.timeline.time_at(f64::from(at.x - GUTTER_CROWDED)).expect("a scale");
    pointer(&harness, at, None);
    for _ in 0..40 {
        harness.step();
    }
    assert!(harness.query_by_label_contains("events. Click to make this the window").is_some());
    pointer(&harness, at, Some(true));
    harness.step();
    pointer(&harness, at, Some(false));
    settle(&mut harness);
    let bin = window(&harness).expect("a window");
    assert!(bin.start as f64 <= time && time < bin.end as f64);
    let days = bin.duration_secs() / 86_400;
    assert!((28..=31).contains(&days), "a month: {days}");
    let shown = harness.state().derived.trays.shown;
    let label = format!("Battles: {} shown of 20,000", waqai::lang::thousands(shown as i64));
    assert!(harness.query_by_label(&label).is_some(), "{label}");
}

#[test]
fn events_that_began_long_ago_are_not_lost_among_many() {
    let mut harness = open();
    let mut store = many(20_000);
    let siege = Interval { start: interval("2011-02").start, end: interval("2018-05").end };
    let kind =
        Kind { event_type: EventType::Battles, date_precision: DatePrecision::Days, ..Kind::default() };
    store.columns.push_bare(siege, kind);
    open_store(&mut harness, store);
    send(&mut harness, TimeCommand::Show(Some(interval("2015-03-01/2015-03-10"))));
    assert!(harness.query_by_label("Battles: 20,001 shown of 20,001").is_some());
    let plot = 1440.0 - GUTTER_CROWDED;
    let bars = harness.query_all_by_role(egui::accesskit::Role::ListItem);
    assert!(bars.into_iter().any(|bar| bar.rect().width() >= plot - 1.0), "it spans the view");
}

#[test]
fn another_case_replaces_what_was_shown() {
    let mut harness = open();
    let store = many(30);
    assert_eq!(harness.state().state.store().map(|s| s.generation), Some(store.generation), "alike");
    open_store(&mut harness, store);
    assert!(harness.query_by_label("Battles: 30 shown of 30").is_some());
    open_store(&mut harness, many(40));
    assert!(harness.query_by_label("Battles: 40 shown of 40").is_some());
}

#[test]
fn a_click_on_the_far_past_shows_it() {
    let mut harness = open();
    pointer(&harness, pos2(GUTTER + 20.0, 700.0), Some(true));
    harness.step();
    pointer(&harness, pos2(GUTTER + 20.0, 700.0), Some(false));
    settle(&mut harness);
    let (from, to) = harness.state().ui.timeline.visible().expect("scale");
    assert!(from < interval("1970").start as f64 && to > interval("2022").start as f64);
    let soviets = "Soviet war in Afghanistan (text: 1970s)";
    let bar = harness.get_by_role_and_label(egui::accesskit::Role::ListItem, soviets).rect();
    assert!(bar.width() > 100.0, "ten years of fifty-two");
}

#[test]
fn lanes_by_anything_keep_every_event() {
    let mut harness = open();
    for mode in LaneMode::ALL {
        send(&mut harness, TimeCommand::Lanes(mode));
    }
    send(&mut harness, TimeCommand::Lanes(LaneMode::Document));
    assert!(harness.query_all_by_label_contains("shown of").next().is_some());
    send(&mut harness, FilterCommand::Text("nothing has these words".to_owned()));
    assert!(harness.query_all_by_label_contains("shown of").next().is_none());
}

#[test]
fn playing_tells_the_date() {
    let mut harness = open();
    let caption = |harness: &Harness<'static, App>| {
        let app = harness.state();
        playing_caption(&FrameCtx {
            state: &app.state,
            derived: &app.derived,
            theme: app.theme(),
            catalog: app.catalog(),
        })
    };
    assert_eq!(caption(&harness), None);
    let view = &mut harness.state_mut().state.view;
    view.playback.playing = true;
    view.playback.mode = PlayMode::Cumulative;
    view.filter.window = Some(interval("2022-08-01/2024-07-27"));
    let words = ("27 July 2024".to_owned(), "Saturday · cumulative from 1 Aug 2022".to_owned());
    assert_eq!(caption(&harness), Some(words));
}
