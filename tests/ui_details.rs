//! Details, claims and source text: what is shown of an event, and what clicks lead to.

use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _, by};
use waqai::app::App;
use waqai::model::document::TextForm;
use waqai::model::{DocumentId, EventId, SpanRole};
use waqai::state::{Dialog, FilterCommand, Incoming, SelectCommand, TextCommand};
use waqai::ui::details::model::{Bar, BarKind, ClaimsModel, Group, Side};

mod common;
use common::{click, click_with, open, send, settle};

/// The window with the built-in case.
fn window() -> Harness<'static, App> {
    open([1440.0, 1000.0])
}

fn event(window: &Harness<'static, App>, key: &str) -> EventId {
    let store = window.state().state.store().expect("case");
    store.event_by_key(key).unwrap_or_else(|| panic!("no event {key}"))
}

fn select(window: &mut Harness<'static, App>, key: &str) -> EventId {
    let event = event(window, key);
    send(window, SelectCommand::Event(event));
    event
}

fn model<'a>(window: &'a Harness<'static, App>) -> &'a ClaimsModel {
    window.state().ui.details.claims().expect("claims")
}

fn group<'a>(window: &'a Harness<'static, App>, claimant: &str) -> &'a Group {
    let store = window.state().state.store().expect("case");
    let actor = store.actor_by_key(claimant).unwrap_or_else(|| panic!("no actor {claimant}"));
    model(window).groups.iter().find(|group| group.claimant == actor).expect("group")
}

/// Where the text of the document lies on the screen.
fn text_rect(window: &Harness<'static, App>) -> Rect {
    window.get(by().role(Role::Document)).rect()
}

/// Goes over the text until the pointer is where `found` holds.
fn scan(window: &mut Harness<'static, App>, found: impl Fn(&Harness<'static, App>) -> bool) -> Option<Pos2> {
    let rect = text_rect(window).shrink(14.0);
    let mut y = rect.top();
    while y < rect.bottom() {
        let mut x = rect.right();
        while x > rect.left() {
            window.hover_at(egui::pos2(x, y));
            window.run_steps(2);
            if found(window) {
                return Some(egui::pos2(x, y));
            }
            x -= 24.0;
        }
        y += 13.0;
    }
    None
}

fn click_at(window: &mut Harness<'static, App>, pos: Pos2) {
    let press = |pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    window.hover_at(pos);
    window.step();
    window.event(press(true));
    window.step();
    window.event(press(false));
    settle(window);
}

#[test]
fn the_tolls_of_an_ambush_stand_side_by_side() {
    let mut window = window();
    select(&mut window, "e38");
    assert!(window.query_by_label("16 claims").is_some());
    for label in ["Low: 2, Malian army", "Best: ≥ 20, 4 claimants", "High: 60, JNIM, 50 + 10"] {
        assert!(window.query_by_label_contains(label).is_some(), "no {label}");
    }
    let bar = |side, kind, from, to| Bar { side, kind, from, to };
    let jnim = group(&window, "jnim");
    assert_eq!(
        jnim.row.toll.bars,
        [bar(Side::A, BarKind::Killed, 0, 50), bar(Side::B, BarKind::Killed, 50, 60)]
    );
    assert_eq!((jnim.row.toll.least, jnim.row.toll.most, jnim.claims.len()), (Some(60), Some(60), 3));
    let bloggers = &group(&window, "russian_bloggers").row.toll;
    assert_eq!(bloggers.bars, [bar(Side::A, BarKind::Killed, 0, 20)]);
    assert!(bloggers.is_open());
    let army = &group(&window, "mali_army").row.toll;
    assert_eq!(army.bars, [bar(Side::B, BarKind::Killed, 0, 2)]);
    assert!(army.losses.is_some() && !army.together);
    let csp = &group(&window, "csp").row.toll;
    assert_eq!(csp.bars, [bar(Side::Both, BarKind::Mixed, 0, 20)]);
    let wagner = &group(&window, "wagner").row.toll;
    assert!(wagner.together && wagner.least == Some(1));
    let government = &group(&window, "mali_gov").row.toll;
    assert!(government.bars.is_empty() && government.losses.is_some());
    assert_eq!(model(&window).tolls.as_ref().map(|axis| axis.ticks.clone()), Some(vec![0, 20, 40, 60]));
    let order: Vec<bool> = model(&window).groups.iter().map(|group| group.row.toll.has_figure()).collect();
    assert!(order.is_sorted_by_key(|has_figure| !has_figure), "rows without a figure come last");
}

#[test]
fn a_claim_of_up_to_fifty_has_a_limit_and_no_bar() {
    let mut window = window();
    select(&mut window, "e38");
    let single = &model(&window).singles[11].toll;
    assert_eq!((single.least, single.most), (Some(10), Some(60)));
    assert!(single.bars.iter().any(|bar| bar.kind == BarKind::UpTo && bar.to == 50));
}

#[test]
fn a_claim_leads_to_its_words() {
    let mut window = window();
    let event = select(&mut window, "e38");
    let before = window.state().state.view.text_target.serial;
    click(&mut window, Role::Button, "Russian bloggers: At least 20");
    let state = &window.state().state;
    assert_eq!(state.view.selection.claim, Some(4));
    assert!(state.view.text_target.serial > before);
    let store = state.store().expect("case");
    let claim = &store.detail(event).expect("event").claims[4];
    let sentence = claim.spans.brief.iter().find(|span| span.role == SpanRole::Sentence).expect("sentence");
    assert_eq!(state.view.text_target.offset, sentence.start);
    assert_eq!(state.view.document, Some(claim.document));
    // The button at the end of a row goes to the document of its claim.
    click(&mut window, Role::Button, "Malian army: The army lost two soldiers");
    let shown = window.state().state.view.document;
    assert_eq!(shown, window.state().state.store().and_then(|store| store.document_by_key("003")));
}

#[test]
fn claims_of_one_claimant_unfold_and_keys_go_through_them() {
    let mut window = window();
    let event = select(&mut window, "e38");
    let rows =
        |window: &Harness<'static, App>| window.get_all(by().role(Role::Button).label_contains(": ")).count();
    let folded = rows(&window);
    click(&mut window, Role::DisclosureTriangle, "Show the 3 claims of JNIM");
    assert_eq!(rows(&window), folded + 3);
    send(&mut window, SelectCommand::Claim(event, 0));
    window.get(by().role(Role::Button).label_contains("SITE on Sunday")).focus();
    settle(&mut window);
    window.key_press(Key::ArrowDown);
    settle(&mut window);
    assert_eq!(window.state().state.view.selection.claim, Some(11));
    window.key_press(Key::ArrowUp);
    settle(&mut window);
    assert_eq!(window.state().state.view.selection.claim, Some(5));
    click(&mut window, Role::DisclosureTriangle, "Fold the 3 claims of JNIM");
    assert_eq!(rows(&window), folded);
}

#[test]
fn a_span_is_hovered_everywhere_and_selects_its_event() {
    let mut window = window();
    let document = window.state().state.store().and_then(|store| store.document_by_key("001"));
    send(&mut window, TextCommand::Show(document.expect("document")));
    let ambush = event(&window, "e38");
    let at = scan(&mut window, |window| window.state().state.view.hover == Some(ambush)).expect("a span");
    click_at(&mut window, at);
    let view = &window.state().state.view;
    assert_eq!(view.selection.primary(), Some(ambush));
    assert!(view.selection.claim.is_some());
}

#[test]
fn a_click_in_the_text_leaves_it_in_place() {
    let mut window = window();
    let store = window.state().state.store().expect("case").clone();
    let document = store.document_by_key("002").expect("document");
    let arrival = event(&window, "e11");
    // The claim has two sentences, the first of them far above.
    let spans = |claim: &&waqai::model::Claim| claim.document == document;
    let detail = store.detail(arrival).expect("event");
    let claim = detail.claims.iter().find(spans).expect("claim");
    let last = claim.spans.brief.iter().map(|span| span.start).max().expect("a span");
    let first = claim.spans.brief.iter().map(|span| span.start).min().expect("a span");
    assert!(last - first > 500);
    send(&mut window, TextCommand::Show(document));
    send(&mut window, TextCommand::Reveal(document, last));
    let hovers = |window: &Harness<'static, App>| window.state().state.view.hover == Some(arrival);
    let at = scan(&mut window, hovers).expect("a span");
    click_at(&mut window, at);
    assert_eq!(window.state().state.primary(), Some(arrival));
    window.hover_at(text_rect(&window).left_top() - egui::vec2(200.0, 0.0));
    settle(&mut window);
    assert!(!hovers(&window));
    window.hover_at(at);
    settle(&mut window);
    assert!(hovers(&window), "what was clicked on has moved");
}

#[test]
fn where_events_share_a_span_the_user_chooses() {
    let mut window = window();
    let store = window.state().state.store().expect("case").clone();
    let shared = (0..store.documents.len()).map(DocumentId::from_index).find_map(|document| {
        let text = store.document(document)?.text(TextForm::Brief)?;
        let index = waqai::text::CharIndex::new(text);
        let marks = waqai::ui::source::spans::marks(&store, document, TextForm::Brief, &index);
        // One that no shorter mark of a single event covers.
        let mark =
            marks.into_iter().find(|mark| mark.events().len() > 1 && mark.role != SpanRole::Sentence)?;
        Some((document, index.scalar(mark.bytes.start), mark))
    });
    let (document, offset, mark) = shared.expect("a span that events share");
    send(&mut window, TextCommand::Show(document));
    send(&mut window, TextCommand::Reveal(document, offset as u32));
    let first = mark.events()[0];
    // The chooser names at least the events that share the span under the pointer.
    let rect = text_rect(&window).shrink(14.0);
    let mut y = rect.top();
    'rows: while y < rect.bottom() {
        let mut x = rect.right();
        while x > rect.left() {
            window.hover_at(egui::pos2(x, y));
            window.run_steps(2);
            if window.state().state.view.hover == Some(first) {
                click_at(&mut window, egui::pos2(x, y));
                if matches!(window.state().state.view.dialog, Some(Dialog::Chooser(_))) {
                    break 'rows;
                }
            }
            x -= 16.0;
        }
        y += 13.0;
    }
    match &window.state().state.view.dialog {
        Some(Dialog::Chooser(events)) => assert!(events.len() > 1),
        other => panic!("no chooser but {other:?}"),
    }
}

#[test]
fn brief_and_original_take_turns() {
    let mut window = window();
    select(&mut window, "e38");
    let document = window.state().state.view.document.expect("document");
    let form = |window: &Harness<'static, App>| {
        window.state().ui.source.shown().map(|shown| (shown.key.document, shown.key.form))
    };
    assert_eq!(form(&window), Some((document, TextForm::Brief)));
    assert!(window.query_by_label_contains("Original, not attached").is_some());
    // As long as the original, so that its spans lie inside.
    let text = "قتل خمسون ".repeat(800);
    window.state_mut().state.receive(Incoming::Attached {
        matched: vec![(document, text.clone(), "001.txt".to_owned())],
        unmatched: Vec::new(),
        problems: Vec::new(),
        quiet: true,
    });
    settle(&mut window);
    assert_eq!(form(&window), Some((document, TextForm::Original)));
    let value = window.get(by().role(Role::Document)).accesskit_node().value();
    assert_eq!(value, Some(text));
    let shown = window.state().ui.source.shown().expect("text");
    assert!(!shown.marks.is_empty() && !shown.dimmed.is_empty());
    click(&mut window, Role::RadioButton, "Brief");
    assert_eq!(form(&window), Some((document, TextForm::Brief)));
    click(&mut window, Role::RadioButton, "Original");
    assert_eq!(form(&window), Some((document, TextForm::Original)));
}

#[test]
fn names_are_ways_to_filters_and_to_the_map() {
    let mut window = window();
    select(&mut window, "e38");
    let camera = window.state().state.view.camera.serial;
    click(&mut window, Role::Link, "Kidal region");
    assert!(window.state().state.view.camera.serial > camera);
    click(&mut window, Role::Link, "CSP");
    let state = &window.state().state;
    let csp = state.store().and_then(|store| store.actor_by_key("csp")).expect("actor");
    assert!(state.view.filter.actors.contains(&csp.0));
    click_with(&mut window, Role::Link, "Kidal region", Modifiers::ALT);
    assert_eq!(window.state().state.view.filter.places.len(), 1);
}

#[test]
fn neighbours_close_and_emptiness() {
    let mut window = window();
    let first = select(&mut window, "e38");
    click(&mut window, Role::Button, "Next event");
    let next = window.state().state.primary().expect("event");
    assert_ne!(next, first);
    click(&mut window, Role::Button, "Previous event");
    assert_eq!(window.state().state.primary(), Some(first));
    click(&mut window, Role::Button, "Close: select nothing");
    assert_eq!(window.state().state.primary(), None);
    assert!(window.query_by_label_contains("Select an event on the map").is_some());
    click(&mut window, Role::Button, "003 The Bamako attack");
    let state = &window.state().state;
    assert_eq!(state.view.document, state.store().and_then(|store| store.document_by_key("003")));
    click(&mut window, Role::Button, "Select the first event");
    assert!(window.state().state.primary().is_some());
}

#[test]
fn several_events_are_summed_with_a_warning() {
    let mut window = window();
    let events = vec![event(&window, "e38"), event(&window, "e39")];
    send(&mut window, SelectCommand::Many(events));
    assert!(window.query_by_label("2 events selected").is_some());
    assert!(window.query_by_label_contains("Claims may overlap").is_some());
}

#[test]
fn hits_are_counted_and_lead_on() {
    let mut window = window();
    send(&mut window, FilterCommand::Text("Wagner".to_owned()));
    assert!(window.query_by_label_contains(" hits").is_some());
    let before = window.state().state.view.text_target.serial;
    window.get(by().role(Role::Button).label("Next hit")).click();
    settle(&mut window);
    assert!(window.state().state.view.text_target.serial > before);
    let said = window.get(by().role(Role::Label).label_contains(" hits")).accesskit_node().value();
    assert!(said.is_some_and(|said| said.contains(" of ")));
}

#[test]
fn every_event_can_be_shown() {
    let mut window = window();
    let keys: Vec<String> = {
        let store = window.state().state.store().expect("case");
        store.details.iter().map(|detail| detail.key.clone()).collect()
    };
    for key in keys {
        let event = event(&window, &key);
        let claims =
            window.state().state.store().and_then(|store| store.detail(event)).map(|d| d.claims.len());
        window.state_mut().commands.push(SelectCommand::Event(event));
        window.run_steps(2);
        let listed: usize = model(&window).groups.iter().map(|group| group.claims.len()).sum();
        assert_eq!(Some(listed), claims, "{key}");
    }
}
