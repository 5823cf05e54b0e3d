//! The frame of the window as a user meets it: keys, menus, search, palette, dialogs, notices. Draws
//! nothing, so it needs no graphics.

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use waqai::app::{App, Start};
use waqai::model::document::Document;
use waqai::model::{EventId, Problem};
use waqai::state::{
    BasemapChoice, Dialog, LaneMode, NoticeAction, NoticeKind, RecentFile, SelectCommand, ThemeChoice,
    ViewCommand,
};

struct Screen(Harness<'static, App>);

impl Screen {
    fn harness(&mut self) -> &mut Harness<'static, App> {
        &mut self.0
    }

    fn app(&mut self) -> &mut App {
        self.0.state_mut()
    }

    /// Steps until nothing is under way.
    fn settle(&mut self) {
        let mut calm = 0;
        for _ in 0..4000 {
            self.0.step();
            let busy = self.0.state().is_busy() || !self.0.state().commands.is_empty();
            calm = if busy { 0 } else { calm + 1 };
            if calm == 4 {
                return;
            }
            if busy {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
    }
}

fn open(start: Start) -> Screen {
    let start = Start { ephemeral: true, offscreen: true, ..start };
    let harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .with_max_steps(200)
        .allow_missing_glyphs()
        .build_eframe(|cc| App::new(start, &cc.egui_ctx, None));
    let mut screen = Screen(harness);
    screen.settle();
    screen
}

fn with_case() -> Screen {
    open(Start::default())
}

fn press(screen: &mut Screen, modifiers: Modifiers, key: Key) {
    screen.harness().key_press_modifiers(modifiers, key);
    screen.settle();
}

fn type_text(screen: &mut Screen, text: &str) {
    screen.harness().event(Event::Text(text.to_owned()));
    screen.settle();
}

/// Clicks what is called so, wherever it is.
fn click(screen: &mut Screen, label: &str) {
    screen.harness().get_by_label(label).click();
    screen.settle();
}

fn show(screen: &mut Screen, dialog: Dialog) {
    screen.app().commands.push(ViewCommand::Dialog(Some(dialog)));
    screen.settle();
}

#[test]
fn plain_keys_act_unless_somebody_types() {
    let mut screen = with_case();
    press(&mut screen, Modifiers::NONE, Key::Space);
    assert!(screen.app().state.view.playback.playing);
    press(&mut screen, Modifiers::NONE, Key::Space);
    assert!(!screen.app().state.view.playback.playing);
    press(&mut screen, Modifiers::NONE, Key::L);
    assert!(!screen.app().state.view.show_legend);

    press(&mut screen, Modifiers::COMMAND, Key::F);
    press(&mut screen, Modifiers::NONE, Key::Space);
    press(&mut screen, Modifiers::NONE, Key::L);
    assert!(!screen.app().state.view.playback.playing, "the space went to the field");
    assert!(!screen.app().state.view.show_legend, "the letter went to the field");
    press(&mut screen, Modifiers::COMMAND, Key::B);
    assert!(!screen.app().state.view.show_start, "Ctrl keys that edit nothing act");
    press(&mut screen, Modifiers::NONE, Key::Escape);
    press(&mut screen, Modifiers::NONE, Key::L);
    assert!(screen.app().state.view.show_legend, "Esc gave up the field");
}

#[test]
fn typing_searches_and_escape_clears() {
    let mut screen = with_case();
    press(&mut screen, Modifiers::COMMAND, Key::F);
    type_text(&mut screen, "Timbuk");
    type_text(&mut screen, "tu");
    assert_eq!(screen.app().state.view.filter.text, "Timbuktu");
    let found = screen.app().derived.found.num_events();
    assert!(found > 0 && found < 55);
    let before = screen.app().state.view.text_target.serial;
    press(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(screen.app().state.view.text_target.serial, before + 1, "Enter goes to the next hit");
    press(&mut screen, Modifiers::NONE, Key::F3);
    assert_eq!(screen.app().state.view.text_target.serial, before + 2);
    type_text(&mut screen, " ");
    assert_eq!(screen.app().state.view.filter.text, "Timbuktu ", "the field still has the keyboard");
    press(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(screen.app().state.view.filter.text, "");
    press(&mut screen, Modifiers::COMMAND, Key::F);
    type_text(&mut screen, "غزالي");
    click(&mut screen, "Clear the search");
    assert_eq!(screen.app().state.view.filter.text, "");
}

#[test]
fn menus_run_actions_and_show_what_is_on() {
    let mut screen = with_case();
    click(&mut screen, "Time");
    click(&mut screen, "Lanes by place");
    assert_eq!(screen.app().state.view.lanes, LaneMode::Place);
    click(&mut screen, "Map");
    click(&mut screen, "No basemap");
    assert_eq!(screen.app().state.settings.basemap, BasemapChoice::None);
    click(&mut screen, "View");
    click(&mut screen, "Light");
    assert_eq!(screen.app().state.settings.theme, ThemeChoice::Light);
    // Esc closes the menu and nothing else.
    screen.app().commands.push(SelectCommand::Event(EventId(1)));
    screen.settle();
    click(&mut screen, "Edit");
    press(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(screen.app().state.primary(), Some(EventId(1)));
    assert!(screen.harness().query_by_label("Select nothing").is_none());
    press(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(screen.app().state.primary(), None);
}

#[test]
fn the_palette_runs_actions_and_finds_things_in_the_case() {
    let mut screen = with_case();
    press(&mut screen, Modifiers::COMMAND, Key::K);
    assert_eq!(screen.app().state.view.dialog, Some(Dialog::Palette));
    type_text(&mut screen, "lanes");
    press(&mut screen, Modifiers::NONE, Key::ArrowDown);
    press(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(screen.app().state.view.dialog, None);
    assert_eq!(screen.app().state.view.lanes, LaneMode::Actor);

    press(&mut screen, Modifiers::COMMAND, Key::K);
    type_text(&mut screen, "تمبكتو");
    click(&mut screen, "Timbuktu");
    let view = &screen.app().state.view;
    assert_eq!(view.filter.places.len(), 1);
    assert!(view.camera.target.is_some());

    let store = screen.app().state.store().map(|store| store.details.clone()).unwrap_or_default();
    let title = store.first().and_then(|detail| detail.titles.en.clone()).unwrap_or_default();
    press(&mut screen, Modifiers::COMMAND, Key::K);
    type_text(&mut screen, &title);
    press(&mut screen, Modifiers::NONE, Key::Enter);
    assert_eq!(screen.app().state.primary(), Some(EventId(0)));

    press(&mut screen, Modifiers::COMMAND, Key::K);
    press(&mut screen, Modifiers::NONE, Key::Space);
    press(&mut screen, Modifiers::NONE, Key::Escape);
    assert_eq!(screen.app().state.view.dialog, None);
    assert!(!screen.app().state.view.playback.playing);
    press(&mut screen, Modifiers::COMMAND, Key::K);
    press(&mut screen, Modifiers::COMMAND, Key::K);
    assert_eq!(screen.app().state.view.dialog, None, "the same key closes it");
}

#[test]
fn nothing_below_a_dialog_takes_keys() {
    let mut screen = with_case();
    press(&mut screen, Modifiers::COMMAND, Key::F);
    press(&mut screen, Modifiers::NONE, Key::F1);
    assert_eq!(screen.app().state.view.dialog, Some(Dialog::Keys));
    type_text(&mut screen, "x");
    press(&mut screen, Modifiers::NONE, Key::Space);
    assert_eq!(screen.app().state.view.filter.text, "");
    assert!(!screen.app().state.view.playback.playing);
    click(&mut screen, "Close");
    assert_eq!(screen.app().state.view.dialog, None);
}

#[test]
fn the_welcome_card_opens_the_case_and_forgets_files() {
    let mut start = Start { empty: true, ..Start::default() };
    let recent = |path: &str| RecentFile { path: path.to_owned(), note: "7".to_owned(), opened_at: 0 };
    start.settings.recent = vec![recent("/cases/gone.json"), recent("/cases/siege")];
    let mut screen = open(start);
    click(&mut screen, "siege");
    let refused =
        matches!(&screen.app().state.view.dialog, Some(Dialog::CannotOpen(files)) if files.len() == 1);
    assert!(refused, "a file that is gone is named");
    click(&mut screen, "Forget this file");
    let left: Vec<String> = screen.app().state.settings.recent.iter().map(|r| r.path.clone()).collect();
    assert_eq!(left, ["/cases/gone.json"]);
    press(&mut screen, Modifiers::NONE, Key::Escape);
    click(&mut screen, "Clear list");
    assert!(screen.app().state.settings.recent.is_empty());
    click(&mut screen, "Mali 2012–2025");
    screen.settle();
    let store = screen.app().state.store();
    let counts = store.map(|s| (s.documents.len(), s.num_events(), s.num_claims()));
    // The card says so before the case is read.
    let said = screen.app().catalog().t("welcome-mali-note");
    let counts = counts.map(|(d, e, c)| format!("{d} documents, {e} events, {c} claims"));
    assert_eq!(counts, Some(said));
}

#[test]
fn problems_lead_to_what_they_are_about() {
    let mut screen = with_case();
    if let Some(case) = screen.app().state.case.as_mut() {
        let mut problem =
            Problem::error("events.json", "events[4].date", "31 June 2025", "day does not exist");
        problem.about = Some(waqai::model::report::About::Event(EventId(4)));
        let store = std::sync::Arc::make_mut(&mut case.store);
        store.problems.push(problem);
        store.problems.push(Problem::warning("actors.json", "", "", "no name"));
    }
    screen.settle();
    screen.app().state.notify(
        NoticeKind::Warning,
        "problems".to_owned(),
        "2".to_owned(),
        Some(NoticeAction::ShowProblems),
    );
    screen.settle();
    click(&mut screen, "Show");
    assert_eq!(screen.app().state.view.dialog, Some(Dialog::Problems));
    assert!(screen.app().state.notices.is_empty());
    click(&mut screen, "Warnings 1");
    assert!(screen.harness().query_by_label("day does not exist").is_none());
    click(&mut screen, "Errors 1");
    click(&mut screen, "day does not exist");
    assert_eq!(screen.app().state.primary(), Some(EventId(4)));
    assert_eq!(screen.app().state.view.dialog, None);
}

#[test]
fn unmatched_files_are_added_or_not() {
    let mut screen = with_case();
    let document =
        |key: &str| Document {
            key: key.to_owned(), attached: Some("نص".to_owned()), ..Document::default()
        };
    show(&mut screen, Dialog::NewDocuments(vec![document("a.txt"), document("b.txt")]));
    click(&mut screen, "a.txt");
    click(&mut screen, "Add 1 document");
    let keys: Vec<String> = screen
        .app()
        .state
        .store()
        .map(|store| store.documents.iter().map(|d| d.key.clone()).collect())
        .unwrap_or_default();
    assert!(keys.contains(&"b.txt".to_owned()) && !keys.contains(&"a.txt".to_owned()));
}

#[test]
fn the_chooser_selects_and_notices_go_away() {
    let mut screen = with_case();
    show(&mut screen, Dialog::Chooser(vec![EventId(3), EventId(8)]));
    let title = screen
        .app()
        .state
        .store()
        .and_then(|store| store.detail(EventId(8)))
        .and_then(|detail| detail.titles.en.clone())
        .unwrap_or_default();
    // The list behind the dialog names the event too; the dialog is drawn last.
    let nodes: Vec<_> = screen.harness().get_all_by_label(&title).collect();
    if let Some(node) = nodes.last() {
        node.click();
    }
    drop(nodes);
    screen.settle();
    assert_eq!(screen.app().state.primary(), Some(EventId(8)));
    assert_eq!(screen.app().state.view.dialog, None);

    let state = &mut screen.app().state;
    state.notify(NoticeKind::Error, "export-failed".to_owned(), "the disk is full".to_owned(), None);
    screen.settle();
    click(&mut screen, "Dismiss");
    assert!(screen.app().state.notices.is_empty());
}

#[test]
fn back_and_forward_are_in_the_bar() {
    let mut screen = with_case();
    for event in [EventId(1), EventId(2)] {
        screen.app().commands.push(SelectCommand::Event(event));
        screen.settle();
    }
    click(&mut screen, "Back (Ctrl [)");
    assert_eq!(screen.app().state.primary(), Some(EventId(1)));
    click(&mut screen, "Forward (Ctrl ])");
    assert_eq!(screen.app().state.primary(), Some(EventId(2)));
}

#[test]
fn panels_of_any_remembered_size_leave_room_for_the_map() {
    let mut start = Start::default();
    start.settings.start_width = Some(5000.0);
    start.settings.end_width = Some(3000.0);
    start.settings.timeline_height = Some(99_999.0);
    let mut screen = open(start);
    // Tools of the map lie inside the window, above the timeline.
    let inside = screen.harness().get_by_label("Zoom in").rect();
    assert!(
        inside.left() > 200.0 && inside.right() < 1440.0 - 300.0 && inside.bottom() < 500.0,
        "{inside:?}"
    );
}

#[test]
fn a_basemap_that_is_gone_is_told_in_words() {
    let mut start = Start::default();
    start.settings.basemap = BasemapChoice::PmTiles("/gone.pmtiles".to_owned());
    let mut screen = open(start);
    assert_eq!(screen.app().state.settings.basemap, BasemapChoice::Offline);
    assert!(screen.harness().query_by_label_contains("The basemap cannot be shown").is_some());
}
