//! Files on their way into the window: the import dialog, the report of what came of a file, and saved
//! ways to read. Draws nothing, so it needs no graphics.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use waqai::app::{App, Start};
use waqai::model::import::{Field, Header, Issue, Remedy};
use waqai::state::{
    DatasetCommand, Dialog, ImportChange, ImportCommand, ImportDraft, ImportIncoming, Incoming, NoticeAction,
    OpenTarget, ReportForm, ViewCommand,
};
use waqai::store::DatasetId;

struct Screen {
    window: Harness<'static, App>,
    folder: PathBuf,
}

impl Screen {
    fn open(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("waqai-import-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let start = Start { ephemeral: true, offscreen: true, empty: true, ..Start::default() };
        let window = Harness::builder()
            .with_size([1440.0, 900.0])
            .with_max_steps(200)
            .allow_missing_glyphs()
            .build_eframe(|cc| App::new(start, &cc.egui_ctx, None));
        let mut screen = Self { window, folder };
        screen.settle();
        screen
    }

    fn app(&mut self) -> &mut App {
        self.window.state_mut()
    }

    /// Steps until nothing is under way.
    fn settle(&mut self) {
        let mut calm = 0;
        for _ in 0..4000 {
            self.window.step();
            let busy = self.window.state().is_busy() || !self.window.state().commands.is_empty();
            calm = if busy { 0 } else { calm + 1 };
            if calm == 4 {
                return;
            }
            if busy {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
        panic!("the window does not come to rest");
    }

    fn send(&mut self, command: impl Into<waqai::state::Command>) {
        self.app().commands.push(command);
        self.settle();
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    fn open_files(&mut self, paths: &[&str]) {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        self.send(waqai::state::Command::Open(OpenTarget::Paths(paths)));
    }

    fn click(&mut self, label: &str) {
        self.window.get_by_label(label).click();
        self.settle();
    }

    fn key(&mut self, key: Key) {
        self.window.key_press_modifiers(Modifiers::NONE, key);
        self.settle();
    }

    fn draft(&self) -> &ImportDraft {
        self.window.state().state.imports.draft.as_deref().expect("a file waits")
    }

    fn dialog(&self) -> Option<&Dialog> {
        self.window.state().state.view.dialog.as_ref()
    }

    fn num_events(&self) -> usize {
        self.window.state().state.store().map_or(0, waqai::store::Store::num_events)
    }

    fn says(&self, text: &str) -> bool {
        let holds = |said: Option<String>| said.is_some_and(|said| said.contains(text));
        self.window.root().children_recursive().any(|node| {
            let node = node.accesskit_node();
            holds(node.label()) || holds(node.value())
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A table whose columns have names that say nothing, with a row of each kind of trouble.
const ODD: &str = "\
k1,k2,k3,k4,k5
r1,17 September 2024,Bamako,12.64,-8.0
r2,31 June 2025,Aguelhok,19.47,0.86
r3,13 June 2025,Menaka,159.2,2.4
r4,18 August 2022,Timbuktu,16.77,-3.01
,,,,
";

/// Rows of a known family.
const ACLED: &str = "\
event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,\
inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,\
location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp
AAA1,2024-07-27,2024,1,Political violence,Battles,Armed clash,Group A,,Rebel group,Group B,,State forces,\
State forces-Rebel group,,466,Western Africa,Aland,North,,,Town,1.41,18.44,1,Wire,National,First note,12,,1
AAA2,2024-07-28,2024,1,Political violence,Battles,Armed clash,Group A,,Rebel group,Group B,,State forces,\
State forces-Rebel group,,466,Western Africa,Aland,North,,,Town,101.5,18.44,1,Wire,National,Second,3,,1
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
";

fn map(screen: &mut Screen, column: usize, field: Option<Field>) {
    screen.send(ImportCommand::Change(ImportChange::Column(column, field)));
}

#[test]
fn an_unknown_file_is_mapped_and_read() {
    let mut screen = Screen::open("map");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    assert_eq!(screen.dialog(), Some(&Dialog::Import));
    assert_eq!(screen.num_events(), 0, "nothing is read before it is asked for");
    assert!(screen.says("k2 is "), "every column has a list");
    for (column, field) in
        [Field::Id, Field::Date, Field::Place, Field::Latitude, Field::Longitude].into_iter().enumerate()
    {
        map(&mut screen, column, Some(field));
    }
    let draft = screen.draft();
    assert!(draft.is_counted());
    let report = &draft.counted.as_ref().expect("counted").report;
    assert_eq!((report.rows, report.events, report.left_out), (5, 4, 1));
    assert_eq!(report.rows, report.events + report.left_out);
    assert_eq!(report.undated, 1, "31 June is no date");
    assert!(screen.says("rows read: 5"));
    assert!(screen.says("left out: 1"));
    assert!(screen.says("31 June 2025"));
    screen.click("Import 4 rows");
    assert_eq!(screen.num_events(), 4);
    assert_eq!(screen.dialog(), None);
    assert!(screen.window.state().state.imports.draft.is_none());
    let notices = &screen.window.state().state.notices;
    assert!(notices.iter().any(|notice| notice.action == Some(NoticeAction::Dataset(DatasetId(0)))));
}

#[test]
fn the_list_of_a_column_is_used_by_hand() {
    let mut screen = Screen::open("hand");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    map(&mut screen, 1, None);
    screen.click("k2 is Attribute");
    screen.click("Date");
    assert_eq!(screen.draft().field_of(1), Some(Field::Date));
    // A field stands in one column: taken by another one, the first is an attribute.
    map(&mut screen, 2, Some(Field::Date));
    assert_eq!((screen.draft().field_of(1), screen.draft().field_of(2)), (None, Some(Field::Date)));
}

#[test]
fn tabs_show_rows_map_and_time() {
    let mut screen = Screen::open("tabs");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    for (column, field) in [(1, Field::Date), (3, Field::Latitude), (4, Field::Longitude)] {
        map(&mut screen, column, Some(field));
    }
    screen.click("Timeline");
    assert!(screen.says("When the events would begin") || screen.says("Timeline"));
    screen.click("Codes");
    screen.click("Preview");
    let show = "Show rows: k2: There is no such date, as in “31 June 2025”";
    screen.click(show);
    assert!(screen.says("line 3: r2 | 31 June 2025"), "the rows of the group are shown");
}

#[test]
fn esc_gives_a_file_up_and_the_next_one_comes() {
    let mut screen = Screen::open("queue");
    let (a, b) = (screen.file("a.csv", ODD), screen.file("b.csv", ODD));
    screen.open_files(&[&a, &b]);
    assert_eq!(screen.draft().name, "a.csv");
    assert!(screen.says("1 more file waits"));
    screen.key(Key::Escape);
    assert_eq!(screen.dialog(), Some(&Dialog::Import));
    assert_eq!(screen.draft().name, "b.csv");
    // Another dialog over it does not give it up.
    screen.send(ViewCommand::Dialog(Some(Dialog::Keys)));
    screen.key(Key::Escape);
    assert_eq!(screen.dialog(), Some(&Dialog::Import));
    screen.click("Cancel");
    assert_eq!(screen.dialog(), None);
    assert_eq!(screen.num_events(), 0);
}

#[test]
fn enter_reads_the_file() {
    let mut screen = Screen::open("enter");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    map(&mut screen, 1, Some(Field::Date));
    screen.key(Key::Enter);
    assert!(screen.num_events() > 0);
    assert_eq!(screen.dialog(), None);
}

#[test]
fn settings_that_make_nothing_of_a_file_are_told_and_can_be_taken_back() {
    let mut screen = Screen::open("settings");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    let columns = screen.draft().detected.columns.len();
    screen.send(ImportCommand::Change(ImportChange::Delimiter(b';')));
    assert_eq!(screen.draft().detected.columns.len(), 1);
    screen.send(ImportCommand::Change(ImportChange::Detected));
    assert_eq!(screen.draft().detected.columns.len(), columns);
    screen.send(ImportCommand::Change(ImportChange::Header(Header::None)));
    assert_eq!(screen.draft().settings.header, Header::None);
    let rows = screen.draft().counted.as_ref().map(|counted| counted.report.rows);
    assert_eq!(rows, Some(6), "the line of names is a row now");
}

#[test]
fn a_known_file_opens_at_once_with_the_way_to_its_report() {
    let mut screen = Screen::open("known");
    let path = screen.file("acled.csv", ACLED);
    screen.open_files(&[&path]);
    assert_eq!(screen.dialog(), None);
    assert_eq!(screen.num_events(), 2);
    assert!(screen.says("Read as ACLED export"), "the notice says how it was read");
    screen.click("Report");
    assert_eq!(screen.dialog(), Some(&Dialog::Report(DatasetId(0))));
    assert!(screen.says("3 rows = 2 events + 1 left out"));
    screen.key(Key::Escape);
    assert_eq!(screen.dialog(), None);
}

#[test]
fn a_remedy_reads_the_file_again_and_is_undone_the_same_way() {
    let mut screen = Screen::open("remedy");
    let path = screen.file("acled.csv", ACLED);
    screen.open_files(&[&path]);
    let report =
        |screen: &Screen| screen.window.state().state.store().expect("open").tables[0].report.clone();
    assert_eq!(report(&screen).unplaced, 1, "a latitude of 101.5 places nothing");
    let found = report(&screen).count_of(Issue::SwappedCoordinates);
    let issue = if found > 0 { Remedy::SwapWhereNeeded } else { Remedy::OrderTolls };
    screen.send(ImportCommand::Remedy { dataset: DatasetId(0), remedy: issue, on: true });
    assert!(report(&screen).detected.settings.has(issue));
    assert_eq!(screen.num_events(), 2);
    screen.send(ViewCommand::Dialog(Some(Dialog::Report(DatasetId(0)))));
    screen.click("Undo");
    assert!(!report(&screen).detected.settings.has(issue));
    assert_eq!(report(&screen).unplaced, 1);
}

#[test]
fn a_row_that_is_left_out_shows_its_record() {
    let mut screen = Screen::open("record");
    let path = screen.file("acled.csv", ACLED);
    screen.open_files(&[&path]);
    screen.send(ViewCommand::Dialog(Some(Dialog::Report(DatasetId(0)))));
    let label = {
        let nodes: Vec<String> = screen
            .window
            .root()
            .children_recursive()
            .filter_map(|node| node.accesskit_node().label())
            .filter(|label| label.starts_with("Show rows: ") && label.contains("single value"))
            .collect();
        nodes.first().cloned().expect("the row of blanks is told")
    };
    screen.click(&label);
    let row = {
        let nodes: Vec<String> = screen
            .window
            .root()
            .children_recursive()
            .filter_map(|node| node.accesskit_node().label())
            .filter(|label| label.starts_with("line 4"))
            .collect();
        nodes.first().cloned().expect("the row is listed")
    };
    screen.click(&row);
    assert!(screen.says("Copy the record"));
    assert!(screen.says("event_id_cnty"));
}

#[test]
fn a_dataset_is_read_again_with_other_settings() {
    let mut screen = Screen::open("again");
    let path = screen.file("acled.csv", ACLED);
    screen.open_files(&[&path]);
    screen.click("Settings…");
    assert_eq!(screen.dialog(), Some(&Dialog::Import));
    assert_eq!(screen.draft().replaces, Some(DatasetId(0)));
    let at = screen.draft().detected.columns.iter().position(|name| name == "fatalities").expect("column");
    assert_eq!(screen.draft().field_of(at), Some(Field::Fatalities));
    map(&mut screen, at, None);
    screen.click("Read 2 rows again");
    assert_eq!(screen.num_events(), 2);
    let store = screen.window.state().state.store().expect("open");
    assert!(store.events().all(|event| store.fatalities(event).best.is_none()));
    assert_eq!(store.tables.len(), 1);
}

#[test]
fn a_saved_mapping_is_used_for_files_of_the_same_shape() {
    let mut screen = Screen::open("saved");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    map(&mut screen, 2, Some(Field::Title));
    map(&mut screen, 1, Some(Field::Date));
    screen.send(ImportCommand::Read { remember: Some("  weekly\nlist ".to_owned()) });
    let saved: Vec<String> =
        screen.window.state().state.imports.saved.iter().map(|saved| saved.name.clone()).collect();
    assert_eq!(saved, ["weekly list"]);
    let other = screen.file("other.csv", &ODD.replace("k2", "K 2"));
    screen.open_files(&[&other]);
    assert_eq!(screen.draft().saved.as_deref(), Some("weekly list"));
    assert_eq!(screen.draft().field_of(2), Some(Field::Title));
    let rename = ImportCommand::RenameSaved { from: "weekly list".to_owned(), to: "weekly".to_owned() };
    screen.send(rename);
    assert_eq!(screen.draft().saved.as_deref(), Some("weekly"));
    screen.send(ImportCommand::ForgetSaved("weekly".to_owned()));
    assert!(screen.window.state().state.imports.saved.is_empty());
    assert_eq!(screen.draft().saved, None);
}

#[test]
fn a_large_file_is_asked_about() {
    let mut screen = Screen::open("large");
    let sentence = "“a.xlsx” unpacks to 200 MiB, 200 times its size.".to_owned();
    let incoming = ImportIncoming::Large { path: "a.xlsx".to_owned(), sentence };
    screen.app().state.receive(Incoming::Import(incoming));
    screen.settle();
    assert!(screen.says("200 times its size"));
    screen.click("Leave it");
    assert_eq!(screen.dialog(), None);
}

#[test]
fn reports_are_written() {
    let mut screen = Screen::open("export");
    let path = screen.file("acled.csv", ACLED);
    screen.open_files(&[&path]);
    for form in [ReportForm::Csv, ReportForm::Json] {
        let out = screen.folder.join(format!("report.{}", form.extension())).display().to_string();
        screen.send(ImportCommand::ExportReport {
            dataset: Some(DatasetId(0)),
            form,
            path: Some(out.clone()),
        });
        let text = std::fs::read_to_string(Path::new(&out)).expect("a report");
        assert!(text.contains("blank_fields"), "{text}");
    }
}

#[test]
fn what_was_done_to_datasets_is_taken_back_and_done_again() {
    let mut screen = Screen::open("undo");
    let (known, odd) = (screen.file("acled.csv", ACLED), screen.file("odd.csv", ODD));
    let keys = |screen: &mut Screen, more: Modifiers| {
        screen.window.key_press_modifiers(Modifiers::COMMAND | Modifiers::CTRL | more, Key::Z);
        screen.settle();
    };
    let (undo, redo) = (Modifiers::NONE, Modifiers::SHIFT);
    screen.open_files(&[&known]);
    screen.open_files(&[&odd]);
    let fields = [Field::Id, Field::Date, Field::Place, Field::Latitude, Field::Longitude];
    fields.into_iter().enumerate().for_each(|(column, field)| map(&mut screen, column, Some(field)));
    screen.send(ImportCommand::Read { remember: None });
    let all = screen.num_events();
    assert!(all > 2);
    let first = screen.window.state().state.store().expect("open").tables[0].id;
    screen.send(ImportCommand::Remedy { dataset: first, remedy: Remedy::SwapCoordinates, on: true });
    let remedied = |screen: &Screen| {
        let store = screen.window.state().state.store().expect("open");
        let table = store.tables.iter().find(|table| table.name.contains("acled")).expect("there");
        table.report.detected.settings.has(Remedy::SwapCoordinates)
    };
    assert!(remedied(&screen));
    keys(&mut screen, undo);
    assert!(!remedied(&screen));
    keys(&mut screen, undo);
    assert_eq!(screen.num_events(), 2);
    keys(&mut screen, undo);
    assert!(screen.window.state().state.case.is_none());
    keys(&mut screen, undo);
    keys(&mut screen, redo);
    assert_eq!(screen.num_events(), 2);
    keys(&mut screen, redo);
    assert_eq!((screen.num_events(), remedied(&screen)), (all, false), "mapped as it was");
    keys(&mut screen, redo);
    assert!(remedied(&screen), "the step follows the dataset to its new number");
    let first = screen.window.state().state.store().expect("open").tables[0].id;
    screen.send(DatasetCommand::Remove(first));
    assert!(screen.num_events() < all);
    keys(&mut screen, undo);
    assert_eq!(screen.num_events(), all);
}

#[test]
fn a_row_of_the_preview_is_shown_as_a_whole() {
    let mut screen = Screen::open("row");
    let path = screen.file("odd.csv", ODD);
    screen.open_files(&[&path]);
    let row = {
        let nodes = screen.window.root().children_recursive();
        let labels: Vec<String> = nodes.filter_map(|node| node.accesskit_node().label()).collect();
        labels.into_iter().find(|label| label.contains("| Aguelhok |")).expect("a row")
    };
    screen.click(&row);
    assert!(screen.says("k3: Aguelhok") && screen.says("k2: 31 June 2025"));
    screen.click("Back to the rows");
    assert!(!screen.says("k3: Aguelhok"));
}
