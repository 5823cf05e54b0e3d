//! Filters, event list and trays: what the user clicks and what it changes.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _, by};
use waqai::app::App;
use waqai::model::EventId;
use waqai::state::{Command, Dialog, FilterCommand, SelectCommand, TimeCommand, Tray, ViewCommand};
use waqai::store::filter::Dim;

mod common;
use common::{click, click_with, open, send, settle};

/// The window with the built-in case, as large as a small laptop's.
fn window() -> Harness<'static, App> {
    open([1440.0, 900.0])
}

fn shown(window: &Harness<'static, App>) -> usize {
    window.state().derived.list.len()
}

/// Titles of the first rows of the list, as they are named.
fn names_of_rows(window: &Harness<'static, App>) -> Vec<String> {
    let rows = window.query_all(by().role(Role::ListBoxOption));
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

fn event(window: &Harness<'static, App>, row: usize) -> EventId {
    window.state().derived.list.get(row).expect("row")
}

fn row_name(window: &Harness<'static, App>, row: usize) -> String {
    let store = window.state().state.store().expect("case");
    let detail = store.detail(event(window, row)).expect("event");
    detail.titles.en.clone().expect("title")
}

#[test]
fn counts_add_up_under_any_filter() {
    let mut window = window();
    // A small generator of its own: the same commands in every run.
    let mut seed = 7u32;
    let mut random = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    for _ in 0..60 {
        let command: Command = match random(6) {
            0 => FilterCommand::Toggle(Dim::Type, random(7)).into(),
            1 => FilterCommand::Toggle(Dim::Prominence, random(2)).into(),
            2 => FilterCommand::Only(Dim::FACETS[random(9) as usize], random(5)).into(),
            3 => TimeCommand::Typed(format!("{}/{}", 2012 + random(8), 2020 + random(6))).into(),
            4 => FilterCommand::Fatalities { min: Some(random(30)), max: None }.into(),
            _ => FilterCommand::Clear(Dim::ALL[random(13) as usize]).into(),
        };
        window.state_mut().commands.push(command);
        window.step();
        window.step();
        let app = window.state();
        let trays = &app.derived.trays;
        let parts = [trays.shown, trays.outside_window, trays.undated, trays.filtered_out];
        assert_eq!(parts.iter().sum::<usize>(), 55);
        // What stands in the bar is that sum, and the head names the same number.
        let mut numbers = vec![trays.shown, trays.outside_window];
        numbers.extend(Some(trays.undated).filter(|n| *n > 0));
        numbers.push(trays.filtered_out);
        let sum = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
        assert!(window.query(by().value(&format!("{sum} = 55"))).is_some(), "{sum}");
        let head = format!("{} of 55 events", trays.shown);
        assert!(window.query(by().value(&head)).is_some(), "{head}");
    }
}

#[test]
fn a_facet_row_narrows_the_list_and_alt_takes_it_alone() {
    let mut window = window();
    click(&mut window, Role::CheckBox, "Type: Battles");
    assert_eq!(shown(&window), 12);
    assert!(window.query(by().value("12 of 55 events")).is_some());
    click(&mut window, Role::CheckBox, "Type: Protests");
    assert_eq!(shown(&window), 13);
    let store_has = |name: &str| window.query(by().role(Role::Button).label_contains(name)).is_some();
    assert!(store_has("Remove filter: Battles or Protests"));
    click_with(&mut window, Role::CheckBox, "Type: Protests", Modifiers::ALT);
    assert_eq!(shown(&window), 1);
    // The count of each type is the one under all other filters.
    assert!(window.query(by().label_contains("Type: Battles, 12 events")).is_some());
    click_with(&mut window, Role::CheckBox, "Type: Protests", Modifiers::ALT);
    assert_eq!(shown(&window), 55);
}

#[test]
fn the_cross_of_a_chip_restores_its_dimension_only() {
    let mut window = window();
    send(&mut window, FilterCommand::Only(Dim::Prominence, 0));
    let main = shown(&window);
    send(&mut window, TimeCommand::Typed("2022-08-01/2024-12-31".to_owned()));
    assert!(shown(&window) < main);
    click(&mut window, Role::Button, "Remove filter: 1 Aug 2022 – 31 Dec 2024");
    assert_eq!(shown(&window), main);
    click(&mut window, Role::Button, "Remove filter: Main events");
    assert_eq!(shown(&window), 55);
    assert!(window.query(by().role(Role::Button).label_contains("Remove filter")).is_none());
    assert!(window.query(by().role(Role::Button).label("Reset")).is_none());
}

#[test]
fn sections_unfold_find_values_and_filter() {
    let mut window = window();
    click(&mut window, Role::DisclosureTriangle, "Filter by type");
    click(&mut window, Role::DisclosureTriangle, "Filter by actor");
    let find = by().role(Role::TextInput).label_contains("Find actor");
    window.get(find).click();
    settle(&mut window);
    let find = by().role(Role::TextInput).label_contains("Find actor");
    window.get(find).type_text("فاغنر");
    settle(&mut window);
    let rows = window.query_all(by().role(Role::CheckBox).label_contains("Actor: "));
    let names: Vec<String> = rows.filter_map(|row| row.accesskit_node().label()).collect();
    assert!(!names.is_empty() && names.iter().any(|name| name.starts_with("Actor: Wagner,")), "{names:?}");
    click(&mut window, Role::CheckBox, "Actor: Wagner,");
    assert_eq!(window.state().state.view.filter.actors.len(), 1);
    assert!(shown(&window) > 0 && shown(&window) < 55);
}

#[test]
fn fatalities_are_typed_or_picked() {
    let mut window = window();
    click(&mut window, Role::DisclosureTriangle, "Filter by type");
    click(&mut window, Role::DisclosureTriangle, "Filter by fatalities");
    window.get(by().role(Role::TextInput).label("Least number killed")).click();
    settle(&mut window);
    window.get(by().role(Role::TextInput).label("Least number killed")).type_text("٢٠");
    settle(&mut window);
    assert_eq!(window.state().state.view.filter.min_fatalities, Some(20));
    let typed = shown(&window);
    assert!(typed > 0 && typed < 55);
    assert!(window.query(by().role(Role::Button).label("Remove filter: ≥ 20 killed")).is_some());
    // A bar stands for its range; clicked again it lets go.
    click(&mut window, Role::Button, "20–49 killed: ");
    let filter = &window.state().state.view.filter;
    assert_eq!((filter.min_fatalities, filter.max_fatalities), (Some(20), Some(49)));
    click(&mut window, Role::Button, "20–49 killed: ");
    assert_eq!(shown(&window), 55);
}

#[test]
fn selecting_all_moves_no_view_and_keeps_the_primary_event() {
    let mut window = window();
    let second = event(&window, 1);
    send(&mut window, SelectCommand::Event(second));
    let wishes = |window: &Harness<'static, App>| {
        let view = &window.state().state.view;
        (view.camera.serial, view.text_target.serial)
    };
    let before = wishes(&window);
    send(&mut window, SelectCommand::All);
    assert_eq!(window.state().state.view.selection.events.len(), 55);
    assert_eq!(window.state().state.primary(), Some(second));
    assert_eq!(wishes(&window), before);
}

#[test]
fn the_list_selects_adds_and_ranges() {
    let mut window = window();
    let (first, second, fourth) = (event(&window, 0), event(&window, 1), event(&window, 3));
    let names: Vec<String> = (0..4).map(|row| row_name(&window, row)).collect();
    click(&mut window, Role::ListBoxOption, &names[0]);
    assert_eq!(window.state().state.view.selection.events, [first]);
    click_with(&mut window, Role::ListBoxOption, &names[1], Modifiers::COMMAND);
    assert_eq!(window.state().state.view.selection.events, [first, second]);
    click_with(&mut window, Role::ListBoxOption, &names[1], Modifiers::COMMAND);
    assert_eq!(window.state().state.view.selection.events, [first]);
    click(&mut window, Role::ListBoxOption, &names[0]);
    click_with(&mut window, Role::ListBoxOption, &names[3], Modifiers::SHIFT);
    assert_eq!(window.state().state.view.selection.events.len(), 4);
    assert_eq!(window.state().state.primary(), Some(fourth));
}

#[test]
fn keys_move_in_the_list_and_it_follows_the_selection() {
    let mut window = window();
    let name = row_name(&window, 0);
    click(&mut window, Role::ListBoxOption, &name);
    for _ in 0..20 {
        window.key_press(Key::ArrowDown);
        settle(&mut window);
    }
    let at = window.state().derived.list.iter().position(|e| Some(e) == window.state().state.primary());
    assert_eq!(at, Some(20));
    // The row that the keys moved to is laid out, so it is in view.
    let name = row_name(&window, 20);
    assert!(names_of_rows(&window).iter().any(|row| row.starts_with(&name)));
    window.key_press(Key::Home);
    settle(&mut window);
    assert_eq!(window.state().state.primary(), Some(event(&window, 0)));
    window.key_press_modifiers(Modifiers::SHIFT, Key::PageDown);
    settle(&mut window);
    assert!(window.state().state.view.selection.events.len() > 2);
    // A selection made elsewhere is followed as well.
    let last = event(&window, 54);
    send(&mut window, SelectCommand::Event(last));
    let name = row_name(&window, 54);
    assert!(names_of_rows(&window).iter().any(|row| row.starts_with(&name)));
    assert!(names_of_rows(&window).len() < 20, "rows out of view are laid out");
}

#[test]
fn columns_sort_and_turn() {
    let mut window = window();
    let newest = event(&window, 0);
    click(&mut window, Role::ColumnHeader, "Sort by date");
    assert_ne!(event(&window, 0), newest);
    click(&mut window, Role::ColumnHeader, "Sort by killed");
    let store = window.state().state.store().expect("case");
    let best: Vec<Option<u32>> =
        window.state().derived.list.iter().map(|e| store.fatalities(e).best).collect();
    assert!(best[0].is_some() && best[0] >= best[1]);
    window.get(by().role(Role::Button).label("Sort events")).click();
    settle(&mut window);
    click(&mut window, Role::MenuItem, "Title");
    assert_eq!(window.state().state.view.sort.0.name(), "title");
}

#[test]
fn an_empty_list_says_why_and_offers_the_way_out() {
    let mut window = window();
    send(&mut window, FilterCommand::Only(Dim::Type, 4));
    assert_eq!(shown(&window), 0);
    let words = "No event passes these filters. 55 are in the case, 55 filtered out";
    assert!(window.query(by().value(words)).is_some());
    // One in the head, one in the list.
    let resets: Vec<_> =
        window.query_all_by_label("Reset").chain(window.query_all_by_value("Reset")).collect();
    assert!(!resets.is_empty());
    resets[0].click();
    settle(&mut window);
    assert_eq!(shown(&window), 55);
}

#[test]
fn trays_open_list_reasons_and_bring_events_back() {
    let mut window = window();
    send(&mut window, FilterCommand::Only(Dim::Prominence, 0));
    send(&mut window, TimeCommand::Typed("2022-08-01/2024-12-31".to_owned()));
    let filtered = window.state().derived.trays.filtered_out;
    let outside = window.state().derived.trays.outside_window;
    assert!(filtered > 0 && outside > 0);
    click(&mut window, Role::Button, &format!("{filtered} filtered out"));
    assert_eq!(window.state().state.view.dialog, Some(Dialog::Tray(Tray::FilteredOut)));
    let failing = window.query_all(by().role(Role::ListBoxOption).label_contains("fails: ")).count();
    assert!(failing > 0);
    assert!(window.query_all(by().role(Role::ListBoxOption).label_contains("Prominence")).count() > 0);
    // Keys walk through the entries and select.
    window.key_press(Key::ArrowDown);
    settle(&mut window);
    let app = window.state();
    let rows = app.derived.tray_rows(app.state.store().expect("case"), Tray::FilteredOut);
    let second = rows.get(1).expect("two");
    assert_eq!(window.state().state.primary(), Some(second));
    window.key_press(Key::Escape);
    settle(&mut window);
    assert_eq!(window.state().state.view.dialog, None);

    click(&mut window, Role::Button, &format!("{outside} outside window"));
    let reasons = window.query_all(by().role(Role::ListBoxOption).label_contains(" the window")).count();
    assert!(reasons > 0);
    click(&mut window, Role::Button, "Show all of time");
    assert_eq!(window.state().state.view.filter.window, None);
    assert_eq!(window.state().state.view.dialog, None);

    send(&mut window, ViewCommand::Dialog(Some(Dialog::Tray(Tray::FilteredOut))));
    click(&mut window, Role::Button, "Show these");
    assert_eq!(shown(&window), 55);
}

#[test]
fn undated_mentions_lead_to_their_text() {
    let mut window = window();
    click(&mut window, Role::Button, "9 undated");
    let serial = window.state().state.view.text_target.serial;
    let buttons: Vec<_> = window.query_all(by().role(Role::Button).label("Show in text")).collect();
    assert!(buttons.len() >= 2);
    buttons[0].click();
    settle(&mut window);
    let view = &window.state().state.view;
    assert_eq!(view.dialog, None);
    assert!(view.text_target.serial > serial);
    let store = window.state().state.store().expect("case");
    let mention = &store.mentions[0];
    assert_eq!(view.document, Some(mention.document));
    assert!(mention.spans.brief.iter().any(|span| span.start == view.text_target.offset));
}
