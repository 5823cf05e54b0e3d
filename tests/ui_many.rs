//! The panels with a flat dataset of very many rows.

use std::borrow::Cow;
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, TouchPhase, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _, by};
use waqai::app::App;
use waqai::model::{
    Actor, BBox, Certainty, DatePrecision, EventId, EventType, GeoPrecision, Interval, LatLon, Names, Place,
    Prominence,
};
use waqai::state::{
    Dialog, FilterCommand, Incoming, MapCommand, Origin, SelectCommand, SortColumn, TimeCommand, Tray,
    ViewCommand,
};
use waqai::store::filter::Dim;
use waqai::store::table::{FieldRoles, Offsets, Records, Table};
use waqai::store::{Kind, Lists, Store};

mod common;
use common::{click, click_with, open, send, settle};

const ROWS: u32 = 60_000;
const TOWNS: u32 = 1500;
const ACTORS: u32 = 800;
const SOURCES: u32 = 120;
const COUNTRIES: [&str; 9] =
    ["Mali", "Niger", "Chad", "Ghana", "Togo", "Benin", "Nigeria", "Guinea", "Gambia"];

fn town(row: u32) -> u32 {
    // Few towns have most of the events.
    (row.wrapping_mul(2_654_435_761) >> 8) % (1 + row % TOWNS)
}

fn actor(row: u32) -> u32 {
    (row.wrapping_mul(40_503) >> 4) % (1 + row % ACTORS)
}

fn note(row: u32) -> String {
    if row.is_multiple_of(3) {
        format!("وقع هجوم رقم {row} في البلدة.")
    } else {
        format!("Attack no. {row}, said a witness.")
    }
}

/// Rows that are written when they are read.
#[derive(Debug)]
struct Invented(Vec<String>);

impl Records for Invented {
    fn header(&self) -> &[String] {
        &self.0
    }

    fn fields(&self, offset: u64) -> Vec<String> {
        let row = offset as u32;
        vec![
            format!("ROW{row}"),
            format!("Actor {}", actor(row)),
            format!("Source {}", row % SOURCES),
            note(row),
        ]
    }

    fn field(&self, offset: u64, at: usize) -> Cow<'_, [u8]> {
        Cow::Owned(self.fields(offset).swap_remove(at).into_bytes())
    }

    fn text(&self, offset: u64) -> Cow<'_, [u8]> {
        Cow::Owned(note(offset as u32).into_bytes())
    }

    fn is_damaged(&self) -> bool {
        false
    }
}

fn named(name: String) -> Actor {
    Actor {
        key: name.clone(),
        names: Names::en(name),
        short: Names::default(),
        kind: "group".to_owned(),
        entity: None,
        forms: Vec::new(),
        note: None,
    }
}

fn many() -> Store {
    let mut store = Store { generation: 1, titles: Names::en("many.csv"), ..Store::default() };
    let columns = &mut store.columns;
    let sub_types: Vec<u16> =
        ["Armed clash", "Attack", "Protest"].iter().map(|name| store.sub_types.intern(name) as u16).collect();
    let mut offsets = Offsets::default();
    let (mut days, mut best) = (Vec::new(), Vec::new());
    let (mut places, mut actors, mut claimants) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..ROWS {
        let event_type = EventType::ALL[(row % 5) as usize];
        columns.kind.push(columns.kinds.intern(Kind {
            dataset: Default::default(),
            event_type,
            sub_type: sub_types[(row % 3) as usize],
            date_precision: DatePrecision::Day,
            geo_precision: GeoPrecision::Exact,
            prominence: Prominence::Main,
            certainty: Certainty::High,
        }));
        days.push(15_000 + (row / 12) as i32);
        best.push(row.wrapping_mul(97) % 13);
        let town = town(row);
        places.push(town);
        actors.push(actor(row));
        claimants.push(ACTORS + row % SOURCES);
        columns.lat.push(-20.0 + (town % 50) as f32 + 0.25);
        columns.lon.push(-15.0 + (town / 50) as f32 + 0.25);
        offsets.push(u64::from(row));
    }
    columns.times.extend_days(&days);
    columns.fatalities.extend_best(&best);
    columns.places = Lists::One(places);
    columns.actors = Lists::One(actors);
    columns.claimants = Lists::One(claimants);
    columns.documents = Lists::One(vec![Lists::NONE; ROWS as usize]);
    store.places = (0..TOWNS)
        .map(|town| Place {
            key: format!("town{town}"),
            names: Names::en(format!("Town {town}")),
            kind: "town".to_owned(),
            position: None,
            radius_m: 0.0,
            country: Some(COUNTRIES[(town % 9) as usize].to_owned()),
            admin1: Some(format!("Province {}", town % 40)),
            forms: Vec::new(),
            demonyms: Vec::new(),
            note: None,
        })
        .collect();
    let actors = (0..ACTORS).map(|actor| named(format!("Actor {actor}")));
    store.actors = actors.chain((0..SOURCES).map(|source| named(format!("Source {source}")))).collect();
    let header = ["event_id_cnty", "actor1", "source", "notes"].map(str::to_owned).to_vec();
    let roles = FieldRoles {
        key: Some(0),
        actors: vec![(1, "actor 1")],
        source: Some(2),
        notes: Some(3),
        ..FieldRoles::default()
    };
    let records = Arc::new(Invented(header));
    let rows = 0..ROWS as usize;
    store.tables.push(Table::new(
        "many.csv".to_owned(),
        "many.csv".to_owned(),
        rows,
        roles,
        records,
        Default::default(),
        offsets,
    ));
    store.reindex();
    store
}

fn window() -> Harness<'static, App> {
    let mut window = open([1440.0, 900.0]);
    let (store, origin) = (Box::new(many()), Origin::File("many.csv".to_owned()));
    let state = &mut window.state_mut().state;
    // In the place of the built-in case, not beside it.
    state.open_instead = true;
    state.receive(Incoming::CaseOpened { store, origin, opened_at: 0 });
    settle(&mut window);
    window
}

fn store<'a>(window: &'a Harness<'static, App>) -> &'a Store {
    window.state().state.store().expect("case")
}

fn rows(window: &Harness<'static, App>) -> Vec<String> {
    let rows = window.query_all(by().role(Role::ListBoxOption));
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

fn title(window: &Harness<'static, App>, event: EventId) -> String {
    store(window).detail(event).expect("row").titles.en.clone().expect("title")
}

fn listed(window: &Harness<'static, App>, at: usize) -> EventId {
    window.state().derived.list.get(at).expect("row")
}

#[test]
fn the_head_tells_numbers_and_days() {
    let window = window();
    assert!(window.query(by().value("60,000 of 60,000 events")).is_some());
    let first_day = window.query(by().value("No filter active. 26 Jan 2011 – 3 Oct 2024"));
    assert!(first_day.is_some());
}

#[test]
fn keys_reach_both_ends_of_the_list_and_rows_stay_few() {
    let mut window = window();
    let first = listed(&window, 0);
    let name = title(&window, first);
    window.query_all(by().role(Role::ListBoxOption).label_contains(&name)).next().expect("first row").click();
    settle(&mut window);
    window.key_press(Key::End);
    settle(&mut window);
    let last = listed(&window, ROWS as usize - 1);
    assert_eq!(window.state().state.primary(), Some(last));
    let names = rows(&window);
    assert!(names.len() < 20, "{}", names.len());
    assert!(names.last().is_some_and(|row| row.starts_with(&title(&window, last))));
    window.key_press(Key::ArrowUp);
    settle(&mut window);
    assert_eq!(window.state().state.primary(), Some(listed(&window, ROWS as usize - 2)));
    window.key_press(Key::Home);
    settle(&mut window);
    assert_eq!(window.state().state.primary(), Some(first));
}

#[test]
fn what_is_in_view_stays_when_rows_go_and_when_they_are_sorted() {
    let mut window = window();
    let event = listed(&window, 30_000);
    send(&mut window, SelectCommand::Event(event));
    let name = title(&window, event);
    let at = |window: &Harness<'static, App>| {
        let nodes = window.query_all(by().role(Role::ListBoxOption).label_contains(&name));
        let selected =
            nodes.filter(|node| node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True));
        let top = selected.map(|node| node.rect().top()).next().expect("in view");
        // Chips of filters move the list as a whole.
        top - window.get(by().role(Role::ListBox)).rect().top()
    };
    let before = at(&window);
    let own = store(&window).event_type(event) as u32;
    send(&mut window, FilterCommand::Only(Dim::Type, own));
    assert_ne!(window.state().derived.list.get(30_000), Some(event));
    assert_eq!(at(&window), before);
    send(&mut window, FilterCommand::Reset);
    assert_eq!(at(&window), before);
    send(&mut window, ViewCommand::Sort(SortColumn::Killed));
    assert_eq!(window.state().state.primary(), Some(event));
    at(&window);
}

#[test]
fn the_wheel_scrolls_and_the_list_keeps_its_place() {
    let mut window = window();
    let list = window.get(by().role(Role::ListBox)).rect();
    window.event(Event::PointerMoved(list.center()));
    for _ in 0..20 {
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, -300.0),
            source: egui::MouseWheelSource::Wheel,
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        window.step();
    }
    for _ in 0..60 {
        window.step();
    }
    let top = rows(&window).get(1).cloned().expect("row");
    assert!(!top.starts_with(&title(&window, listed(&window, 1))));
    // What is hidden comes after what is seen in the list's order, so the rows seen stay.
    send(&mut window, TimeCommand::Typed("2012-01-01/2024-12-31".to_owned()));
    assert_eq!(rows(&window).get(1), Some(&top));
}

#[test]
fn all_are_selected_and_summed_up() {
    let mut window = window();
    send(&mut window, SelectCommand::All);
    assert_eq!(window.state().state.view.selection.events.len(), ROWS as usize);
    assert!(window.query(by().role(Role::Heading).label("60,000 events selected")).is_some());
    let killed: u64 = (0..ROWS).map(|row| u64::from(row.wrapping_mul(97) % 13)).sum();
    let text = waqai::lang::thousands(killed as i64);
    assert!(window.query(by().value(&text)).is_some(), "{text}");
    send(&mut window, SelectCommand::None);
    send(&mut window, SelectCommand::Back);
    assert_eq!(window.state().state.view.selection.events.len(), ROWS as usize);
}

#[test]
fn a_range_of_the_list_is_selected_from_the_primary_event() {
    let mut window = window();
    let (from, to) = (listed(&window, 100), listed(&window, 50_100));
    send(&mut window, SelectCommand::Event(from));
    send(&mut window, SelectCommand::RangeTo(to));
    let selection = &window.state().state.view.selection;
    assert_eq!(selection.events.len(), 50_001);
    assert_eq!(selection.primary(), Some(to));
    assert!(selection.contains(from) && !selection.contains(listed(&window, 99)));
}

#[test]
fn long_facets_list_the_most_frequent_values_and_find_the_others() {
    let mut window = window();
    click(&mut window, Role::DisclosureTriangle, "Filter by type");
    click(&mut window, Role::DisclosureTriangle, "Filter by actor");
    let names = |window: &Harness<'static, App>| -> Vec<String> {
        let rows = window.query_all(by().role(Role::CheckBox).label_contains("Actor: "));
        rows.filter_map(|row| row.accesskit_node().label()).collect()
    };
    let counts = window.state().derived.facet(Dim::Actor).to_vec();
    let mut order: Vec<u32> = (0..ACTORS).collect();
    order.sort_by_key(|code| (std::cmp::Reverse(counts[*code as usize]), *code));
    let expected: Vec<String> = order
        .iter()
        .take(8)
        .map(|code| {
            let count = waqai::lang::thousands(i64::from(counts[*code as usize]));
            format!("Actor: Actor {code}, {count} events")
        })
        .collect();
    assert_eq!(names(&window), expected);
    // What is chosen goes to the top and stays there.
    let rare = order[500];
    send(&mut window, FilterCommand::Toggle(Dim::Actor, rare));
    assert!(names(&window)[0].starts_with(&format!("Actor: Actor {rare},")));
    send(&mut window, FilterCommand::Clear(Dim::Actor));
    let live = counts.iter().filter(|count| **count > 0).count();
    click(&mut window, Role::Button, &format!("{} more", live - 8));
    assert!(names(&window).len() > 8 && names(&window).len() < 20);
    click(&mut window, Role::Button, "Show fewer");
    assert_eq!(names(&window).len(), 8);
    let find = || by().role(Role::TextInput).label_contains("Find actor");
    window.get(find()).click();
    settle(&mut window);
    window.get(find()).type_text(&format!("ACTOR {rare}"));
    settle(&mut window);
    assert!(names(&window).iter().all(|name| name.contains(&format!("Actor {rare}"))));
    click(&mut window, Role::CheckBox, &format!("Actor: Actor {rare},"));
    assert_eq!(window.state().derived.trays.shown, counts[rare as usize] as usize);
}

#[test]
fn facets_without_a_choice_are_left_out() {
    let mut window = window();
    click(&mut window, Role::DisclosureTriangle, "Filter by type");
    let heads: Vec<String> = window
        .query_all(by().role(Role::DisclosureTriangle).label_contains("Filter by"))
        .filter_map(|head| head.accesskit_node().label())
        .collect();
    let has = |name: &str| heads.iter().any(|head| head.starts_with(&format!("Filter by {name}")));
    assert!(
        has("actor") && has("place") && has("source") && has("sub-type") && has("fatalities"),
        "{heads:?}"
    );
    assert!(!has("document") && !has("prominence") && !has("location precision"), "{heads:?}");
}

#[test]
fn the_frame_of_the_map_is_counted_by_country() {
    let mut window = window();
    let bbox = BBox { min_lon: -40.0, min_lat: -40.0, max_lon: 40.0, max_lat: 40.0 };
    send(&mut window, MapCommand::FitBox(bbox));
    for _ in 0..60 {
        window.step();
    }
    assert!(window.query(by().value("60,000 in this frame, 0 outside the frame")).is_some());
    let per_country = |country: &str, store: &Store| {
        let own = store.events().filter(|event| {
            let place = store.first_place(*event).and_then(|place| store.place(place));
            place.and_then(|place| place.country.as_deref()) == Some(country)
        });
        own.count()
    };
    for country in COUNTRIES {
        let count = waqai::lang::thousands(per_country(country, store(&window)) as i64);
        let name = format!("{country}, {count} events in view");
        assert!(window.query(by().role(Role::Button).label(&name)).is_some(), "{name}");
    }
    // Closer, fewer are in the frame, and the others are counted too.
    send(&mut window, MapCommand::FlyTo { center: LatLon { lat: 0.0, lon: 0.0 }, zoom: 6.0 });
    for _ in 0..60 {
        window.step();
    }
    let frame = window.state().ui.map.status().frame.expect("frame");
    let store = store(&window);
    let inside = store.events().filter(|event| store.position(*event).is_some_and(|at| frame.contains(at)));
    let inside = inside.count();
    assert!(inside > 0 && inside < ROWS as usize);
    let text = format!(
        "{} in this frame, {} outside the frame",
        waqai::lang::thousands(inside as i64),
        waqai::lang::thousands((ROWS as usize - inside) as i64)
    );
    assert!(window.query(by().value(&text)).is_some(), "{text}");
}

#[test]
fn a_country_is_gone_to_and_taken_alone() {
    let mut window = window();
    let serial = window.state().state.view.camera.serial;
    click(&mut window, Role::Button, "Mali, ");
    assert!(window.state().state.view.camera.serial > serial);
    click_with(&mut window, Role::Button, "Mali, ", Modifiers::ALT);
    let own = store(&window).places.iter().filter(|place| place.country.as_deref() == Some("Mali")).count();
    assert_eq!(window.state().state.view.filter.places.len(), own);
    let shown = window.state().derived.trays.shown;
    assert!(shown > 0 && shown < ROWS as usize);
    click(&mut window, Role::ColumnHeader, "Country or region");
    click(&mut window, Role::ColumnHeader, "Events");
}

#[test]
fn a_row_tells_all_that_its_file_has() {
    let mut window = window();
    let event = EventId(30);
    send(&mut window, SelectCommand::Event(event));
    // The note, in the details and in the source panel.
    let text = note(30);
    let reader = window.get(by().role(Role::Document));
    assert_eq!(reader.accesskit_node().value().as_deref(), Some(text.as_str()));
    assert!(window.query(by().role(Role::Paragraph).label(&text)).is_some());
    assert!(window.query(by().value("many.csv · record ROW30")).is_some());
    assert!(window.query(by().role(Role::Link).label("Source 30")).is_some());
    assert!(window.query(by().value("event_id_cnty: ROW30")).is_none());
    click(&mut window, Role::DisclosureTriangle, "Raw record");
    for name in ["event_id_cnty: ROW30", "source: Source 30"] {
        assert!(window.query(by().role(Role::Button).label(name)).is_some(), "{name}");
    }
    click(&mut window, Role::Link, "Source 30");
    assert_eq!(window.state().state.view.filter.claimants.len(), 1);
    // Next and previous go on by time.
    send(&mut window, FilterCommand::Reset);
    send(&mut window, SelectCommand::Next);
    assert_eq!(window.state().state.primary(), Some(EventId(31)));
    let text = note(31);
    let reader = window.get(by().role(Role::Document));
    assert_eq!(reader.accesskit_node().value().as_deref(), Some(text.as_str()));
}

#[test]
fn the_dialog_of_a_tray_lists_tens_of_thousands() {
    let mut window = window();
    send(&mut window, TimeCommand::Typed("2020-01-01/2020-12-31".to_owned()));
    send(&mut window, ViewCommand::Dialog(Some(Dialog::Tray(Tray::OutsideWindow))));
    let outside = window.state().derived.trays.outside_window;
    assert!(outside > 50_000);
    let in_dialog = |window: &Harness<'static, App>| {
        window.query_all(by().role(Role::ListBoxOption).label_contains(" the window")).count()
    };
    assert!(in_dialog(&window) > 0 && in_dialog(&window) < 20);
    window.key_press(Key::End);
    settle(&mut window);
    let app = window.state();
    let rows = app.derived.tray_rows(store(&window), Tray::OutsideWindow);
    assert_eq!(rows.len(), outside);
    assert_eq!(app.state.primary(), rows.last());
}

#[test]
fn an_import_shows_how_far_it_is() {
    let mut window = window();
    let receive = |window: &mut Harness<'static, App>, incoming| {
        window.state_mut().state.receive(incoming);
    };
    let subject = "more.csv".to_owned();
    receive(&mut window, Incoming::TaskStarted { id: 77, message: "reading-file", subject });
    receive(&mut window, Incoming::TaskProgress { id: 77, done: 38, total: Some(100) });
    receive(&mut window, Incoming::TaskRows { id: 77, rows: 132_480, problems: 41 });
    for _ in 0..60 {
        window.step();
    }
    let card = window.get(by().role(Role::Status));
    let said = card.accesskit_node().label().expect("name");
    assert!(said.starts_with("Importing more.csv 38 %. 132,480 of about 348,000 rows."), "{said}");
    assert!(said.ends_with("41 rows kept with problems") && said.contains("rows/s"), "{said}");
    receive(&mut window, Incoming::TaskEnded { id: 77 });
    settle(&mut window);
    assert!(window.query(by().role(Role::Status)).is_none());
}

#[test]
fn intervals_of_rows_are_days() {
    let store = many();
    let day = 86_400 * 15_000;
    assert_eq!(store.interval(EventId(0)), Interval { start: day, end: day + 86_400 });
}
