//! Attaching originals in the whole window: matched by hash, shown with their spans, remembered.

use std::path::{Path, PathBuf};

use egui_kittest::Harness;
use waqai::app::{App, Start};
use waqai::io::attach::sha256_hex;
use waqai::model::document::TextForm;
use waqai::state::{Command, Dialog, Settings};

/// A folder of this test's own, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("waqai-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const ORIGINAL: &str = "قال شاهد إن 3 جنود قُتلوا قرب البئر.\n";

/// A case of one document, one event and one claim whose span is the number.
fn case(folder: &Folder) -> String {
    let hash = sha256_hex(ORIGINAL.as_bytes());
    folder.write(
        "case/case.json",
        r#"{"format":"waqai-case","version":1,"id":"t","title":{"en":"Test"},"documents":["d.json"],
            "places":"places.json","actors":"actors.json","events":"events.json"}"#,
    );
    let chars = ORIGINAL.chars().count();
    let bytes = ORIGINAL.len();
    folder.write(
        "case/d.json",
        &format!(
            r#"{{"id":"d","title":{{"en":"D"}},"language":"ar","original":{{"sha256":"{hash}","bytes":{bytes},"chars":{chars},"segments":[]}},"brief":{{"file":"d.txt"}}}}"#
        ),
    );
    folder.write("case/d.txt", "مقتل 3 قرب البئر.\n");
    folder.write(
        "case/places.json",
        r#"[{"id":"w","name":{"en":"Well"},"kind":"town","lat":18,"lon":1,"radius_m":500}]"#,
    );
    folder.write("case/actors.json", r#"[{"id":"a","name":{"en":"Witness"},"kind":"civilian"}]"#);
    folder.write(
        "case/events.json",
        r#"[{"id":"e1","title":{"en":"Clash"},"type":"Battles","sub_type":"Armed clash","prominence":"main",
            "certainty":"high","date":{"start":"2024-01-02","end":"2024-01-02","precision":"day"},
            "places":[{"place":"w"}],"geo_precision":"exact","actors":[],
            "claims":[{"id":"c1","document":"d","claimant":"a","attribution":"","statement":{"en":"Three killed"},
              "counts":[],"spans":{"original":[{"role":"count","start":12,"end":13}],"brief":[{"role":"count","start":5,"end":6}]}}]}]"#,
    );
    folder.0.join("case").display().to_string()
}

fn open(paths: Vec<String>, settings: Settings) -> Harness<'static, App> {
    let start = Start { paths, settings, ephemeral: true, offscreen: true, ..Start::default() };
    let mut harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .with_max_steps(400)
        .allow_missing_glyphs()
        .build_eframe(|cc| App::new(start, &cc.egui_ctx, None));
    settle(&mut harness);
    harness
}

fn settle(harness: &mut Harness<'static, App>) {
    let mut calm = 0;
    for _ in 0..2000 {
        harness.step();
        let busy = harness.state().is_busy() || !harness.state().commands.is_empty();
        calm = if busy { 0 } else { calm + 1 };
        if calm > 5 && harness.state().state.case.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn an_original_is_found_by_its_hash_and_remembered() {
    let folder = Folder::new("attach");
    let case = case(&folder);
    // Neither name nor place matter.
    folder.write("texts/deep/whatever.txt", ORIGINAL);
    let other = folder.write("texts/other.txt", "نص آخر لا يخص أي وثيقة.\n");

    let mut harness = open(vec![case.clone()], Settings::default());
    assert_eq!(harness.state().state.store().map(|s| s.problems.clone()), Some(Vec::new()));
    let texts = folder.0.join("texts").display().to_string();
    harness.state_mut().commands.push(Command::Attach(Some(vec![texts])));
    settle(&mut harness);
    let state = &harness.state().state;
    let document = &state.store().expect("a case").documents[0];
    assert_eq!(document.attached.as_deref(), Some(ORIGINAL));
    assert_eq!(state.view.form, TextForm::Original);
    let span = state.store().expect("a case").details[0].claims[0].spans.original[0];
    let marked: String =
        ORIGINAL.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect();
    assert_eq!(marked, "3");
    // What matches nothing is offered as a new document.
    let Some(Dialog::NewDocuments(offered)) = &state.view.dialog else { panic!("{:?}", state.view.dialog) };
    assert_eq!(offered.len(), 1, "{other}");
    let offered = offered.clone();
    harness.state_mut().commands.push(Command::AddDocuments(offered));
    settle(&mut harness);
    assert_eq!(harness.state().state.store().map(|s| s.documents.len()), Some(2));

    // The next session finds the original again by itself, and says nothing of it.
    let settings = harness.state().state.settings.clone();
    assert_eq!(settings.attached.len(), 1);
    let harness = open(vec![case], settings);
    let state = &harness.state().state;
    assert!(state.store().expect("a case").documents[0].attached.is_some());
    assert!(state.view.dialog.is_none() && state.notices.is_empty());
}

/// A file as the window system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|err| err.to_string())
    }
}

#[test]
fn what_is_dropped_on_the_window_is_opened_or_attached() {
    let folder = Folder::new("drop");
    let case = case(&folder);
    let text = folder.write("somewhere/text.txt", ORIGINAL);
    let mut harness = open(Vec::new(), Settings::default());
    assert_eq!(harness.state().state.store().map(|s| s.num_events()), Some(55), "the built-in case");

    let drop = |harness: &mut Harness<'static, App>, path: &str| {
        harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(PathBuf::from(path))));
        harness.step();
        settle(harness);
    };
    drop(&mut harness, &case);
    assert_eq!(harness.state().state.store().map(|s| s.num_events()), Some(1), "the dropped case");
    assert_eq!(harness.state().state.settings.recent.first().map(|r| r.path.clone()), Some(case));
    drop(&mut harness, &text);
    let store = harness.state().state.store().expect("a case");
    assert_eq!(store.documents[0].attached.as_deref(), Some(ORIGINAL), "the dropped text");
}

#[test]
fn a_file_that_cannot_be_opened_is_named_with_the_reason() {
    let folder = Folder::new("cannot");
    let case = case(&folder);
    let path = folder.write("photo.bin", "\u{0}\u{1}\u{2}");
    let mut harness = open(vec![case], Settings::default());
    harness.state_mut().commands.push(Command::Open(waqai::state::OpenTarget::Paths(vec![path.clone()])));
    settle(&mut harness);
    let Some(Dialog::CannotOpen(files)) = &harness.state().state.view.dialog else { panic!("no dialog") };
    assert_eq!(files[0].0, path);
    assert!(!files[0].1.is_empty());
}
