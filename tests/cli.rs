//! The program as it is started from a shell: what it prints where, and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// How a run ended.
struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program without a display.
fn waqai(args: &[&str]) -> Ran {
    run(args, &[])
}

fn run(args: &[&str], environment: &[(&str, &str)]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_waqai"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("WAQAI_CONFIG_DIR", Folder::new("config").path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env_remove("WAQAI_LOG")
        .env_remove("WAQAI_TRACE_START")
        .envs(environment.iter().copied())
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { status: status.code(), out: text(stdout), err: text(stderr) }
}

/// A run that succeeds, and the one JSON document that it prints.
#[track_caller]
fn json(args: &[&str]) -> Value {
    let ran = waqai(args);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{args:?}");
    serde_json::from_str(&ran.out).expect("one JSON document")
}

/// A run that fails with a message and prints nothing else.
#[track_caller]
fn fails(args: &[&str], status: i32, said: &[&str]) {
    let ran = waqai(args);
    assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{args:?}: {}", ran.err);
    for said in said {
        assert!(ran.err.contains(said), "{args:?}\nwanted: {said}\nfound: {}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

/// An empty folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("waqai-cli-{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A copy of the case's folder.
fn copied_case(name: &str) -> Folder {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("folder");
        for entry in std::fs::read_dir(from).expect("folder").flatten() {
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if from.is_dir() {
                copy(&from, &to);
            } else {
                std::fs::copy(&from, &to).expect("file");
            }
        }
    }
    let folder = Folder::new(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mali"), folder.path());
    folder
}

fn picture(path: &str) -> image::RgbaImage {
    image::open(path).expect("a picture").into_rgba8()
}

#[test]
fn info_tells_the_numbers_of_a_case() {
    let info = json(&["info", "data/mali", "--json"]);
    let numbers = ["documents", "events", "claims", "places", "actors", "mentions_undated"];
    assert_eq!(numbers.map(|name| info[name].as_u64()), [5, 55, 105, 41, 72, 9].map(Some));
    assert_eq!(info["format"], "waqai-case");
    assert_eq!(info["path"], "data/mali");
    assert_eq!(info["spans"], serde_json::json!({"brief": 522, "original": 514}));
    assert_eq!(info["originals_attached"], 0);
    assert_eq!(info["date_range"], serde_json::json!({"start": "1970-01-01", "end": "2025-11-30"}));
    assert_eq!(info["problems"], serde_json::json!([]));
    assert_eq!(info["rejected"], 0);
    assert_eq!(info["bbox"].as_array().map(Vec::len), Some(4));
    assert_eq!(info["title"]["ar"].as_str().map(|title| title.contains("مالي")), Some(true));
    let counted = info["counts_by_type"].as_object().expect("counts").values().filter_map(Value::as_u64);
    assert_eq!(counted.sum::<u64>(), 55);
}

#[test]
fn the_built_in_case_the_folder_and_its_case_json_are_the_same() {
    let mut folder = json(&["info", "data/mali", "--json"]);
    for args in [
        ["info", "mali", "--json"].as_slice(),
        &["info", "--json"],
        &["info", "data/mali/case.json", "--json"],
    ] {
        let mut other = json(args);
        for info in [&mut folder, &mut other] {
            // What differs between runs.
            for field in ["path", "elapsed_ms", "peak_memory_kib"] {
                info[field] = Value::Null;
            }
        }
        assert_eq!(folder, other, "{args:?}");
    }
    let inside = Command::new(env!("CARGO_BIN_EXE_waqai"))
        .args(["info", "case.json"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mali"))
        .output()
        .expect("the program starts");
    assert!(inside.status.success());
}

#[test]
fn info_for_people_has_the_same_numbers_and_arabic_in_logical_order() {
    let ran = waqai(&["info"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    for said in [
        "Events            55\n",
        "514 in originals, 522 in briefs",
        "مالي من 2012 إلى 2025\n",
        "12  Battles",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
}

#[test]
fn windows_show_what_the_dates_say() {
    let check = |args: &[&str], matching: u64| {
        let mut all = vec!["query", "data/mali"];
        all.extend(args);
        all.push("--json");
        let result = json(&all);
        assert_eq!(result["matching"].as_u64(), Some(matching), "{args:?}");
        assert_eq!(result["events"].as_array().map(Vec::len), Some(matching as usize), "{args:?}");
        let sum = ["matching", "outside_window", "undated", "filtered_out"].map(|name| result[name].as_u64());
        assert_eq!(sum.iter().flatten().sum::<u64>(), 55, "{args:?}");
        assert_eq!(result["total"], 55);
    };
    check(&[], 55);
    check(&["--from", "2024-07-01", "--to", "2024-07-31"], 2);
    check(&["--window", "2024-07"], 2);
    check(&["--from", "2023-08-01", "--to", "2023-09-30"], 13);
    check(&["--from", "2023-08-01", "--to", "2023-09-30", "--certainly"], 11);
    check(&["--from", "2025-06-01", "--to", "2025-06-30"], 10);
    check(&["--from", "2025-06-01", "--to", "2025-06-30", "--certainly"], 5);
    check(&["--from", "2024-07-27", "--to", "2024-07-27"], 1);
    check(&["--from", "2025-10"], 3);
    check(&["--to", "1990"], 1);
}

#[test]
fn values_are_named_in_any_language() {
    let matching = |args: &[&str]| {
        let mut all = vec!["query", "mali", "--json"];
        all.extend(args);
        json(&all)["matching"].as_u64()
    };
    assert_eq!(matching(&["--type", "Battles"]), Some(12));
    assert_eq!(matching(&["--type", "battles", "--type", "protests"]), Some(13));
    assert_eq!(matching(&["--place", "timbuktu"]), matching(&["--place", "تمبكتو"]));
    assert_eq!(matching(&["--actor", "wagner"]), matching(&["--actor", "فاغنر"]));
    assert_eq!(matching(&["--claimant", "jnim"]), matching(&["--claimant", "JNIM"]));
    assert_eq!(matching(&["--document", "001"]), Some(21));
    assert_eq!(matching(&["--text", "تمبكتو"]), Some(7));
    assert_eq!(matching(&["--text", "Tombouctou"]), Some(7));
    assert_eq!(matching(&["--date-precision", "month", "--geo-precision", "exact"]), Some(3));
    assert_eq!(matching(&["--prominence", "main"]), Some(22));
    assert_eq!(matching(&["--min-fatalities", "20"]), Some(3));
    assert_eq!(matching(&["--bbox", "-12.5,10,4.5,25", "--type", "battles"]), Some(8));
}

#[test]
fn an_event_is_told_with_all_that_its_claims_rest_on() {
    let result = json(&["query", "mali", "--from", "2024-07-27", "--to", "2024-07-27", "--json"]);
    let event = &result["events"][0];
    assert_eq!(event["id"], "e38");
    assert_eq!(event["type"], "Battles");
    assert_eq!(event["sub_type"], "Armed clash");
    assert_eq!(event["date"]["start"], "2024-07-25");
    assert_eq!(event["date"]["precision"], "days");
    assert_eq!(event["fatalities"]["low"], 2);
    assert_eq!(event["fatalities"]["high"], 60);
    assert_eq!(event["fatalities"]["best_open"], true);
    assert_eq!(event["geo_precision"], "near");
    assert!(event["latitude"].as_f64().is_some_and(|lat| (19.0..20.5).contains(&lat)));
    assert_eq!(event["places"][0]["id"], "tinzaouaten");
    assert_eq!(
        event["actors"][0],
        serde_json::json!({
            "id": "jnim", "name": event["actors"][0]["name"], "role": "attacker"
        })
    );
    assert_eq!(event["claims"].as_array().map(Vec::len), Some(16));
    assert_eq!(event["claims"][0]["id"], "e38.c1");
    assert_eq!(event["claims"][0]["document"], "001");
    assert_eq!(event["claims"][0]["statement"]["en"], "50 Wagner men and 10 soldiers killed in an ambush");
    let table = waqai(&["query", "mali", "--window", "2024-07"]);
    assert!(table.out.contains("e38  2024-07-25/2024-07-27    2–60  Battles"), "{}", table.out);
    assert!(table.out.contains("معركة وكمين تين زاوتين\n"), "{}", table.out);
    assert!(table.out.contains("2 of 55 events shown; 53 outside the window"), "{}", table.out);
}

#[test]
fn a_command_line_that_makes_no_sense_ends_with_2() {
    fails(&["query", "mali", "--actor", "wagnr"], 2, &["no actor is named “wagnr”", "wagner (Wagner Group)"]);
    fails(&["query", "mali", "--type", "Battels"], 2, &["Battles"]);
    fails(&["query", "mali", "--document", "00"], 2, &["more than one document", "004"]);
    fails(&["query", "mali", "--from", "2025-06-31"], 2, &["there is no such date", "2025-06-31"]);
    fails(&["query", "mali", "--from", "2025", "--to", "2024"], 2, &["ends before it begins"]);
    fails(&["query", "mali", "--certainly"], 2, &["window"]);
    fails(&["query", "mali", "--bbox", "1,2,3"], 2, &["west,south,east,north"]);
    fails(&["query", "mali", "--min-fatalities", "many"], 2, &["--min-fatalities"]);
    fails(&["query", "mali", "--window", "2024", "--from", "2023"], 2, &["--from"]);
    fails(&["info", "mali", "data/mali"], 2, &["one can be open at a time"]);
    fails(&["info", "--nope"], 2, &["--nope"]);
    fails(&["shot", "mali"], 2, &[".png"]);
    fails(&["shot"], 2, &["PNG"]);
    fails(&["shot", "--size", "12", "out.png"], 2, &["1440x900"]);
    fails(&["replay"], 2, &["SCRIPT.json"]);
    let help = waqai(&["--help"]);
    assert_eq!((help.status, help.err.as_str()), (Some(0), ""));
    assert!(help.out.contains("Exit status"), "{}", help.out);
    assert_eq!(waqai(&["--version"]).out, format!("waqai {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_cannot_be_read_ends_with_1() {
    fails(&["info", "no-such-case"], 1, &["There is no file “no-such-case”."]);
    fails(&["info", "Cargo.toml"], 1, &["holds no case"]);
    fails(&["query", "src", "--json"], 1, &["holds no case"]);
    fails(&["replay", "no-such-script.json"], 1, &["no-such-script.json"]);
    let folder = Folder::new("broken");
    std::fs::write(folder.path().join("case.json"), "{\"format\": ").expect("file");
    fails(&["info", &folder.file("case.json"), "--json"], 1, &["case.json"]);
}

#[test]
fn a_broken_event_is_named_and_the_rest_is_loaded() {
    let folder = copied_case("one-bad-event");
    let path = folder.path().join("events.json");
    let events = std::fs::read_to_string(&path).expect("events");
    std::fs::write(&path, events.replacen("\"2024-07-27\"", "\"2024-07-37\"", 1)).expect("events");
    let ran = waqai(&["info", &folder.path().display().to_string(), "--json"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.err.contains("events.json") && ran.err.contains("2024-07-37"), "{}", ran.err);
    let info: Value = serde_json::from_str(&ran.out).expect("JSON");
    let problem = &info["problems"][0];
    assert_eq!(problem["file"].as_str().map(|file| file.contains("events.json")), Some(true));
    assert!(problem["value"].as_str().is_some_and(|value| value.contains("2024-07-37")), "{problem}");
    assert!(info["events"].as_u64().is_some_and(|events| events >= 54));
    // A picture of it is drawn all the same.
    let path = folder.file("picture.png");
    let ran = waqai(&["shot", &folder.path().display().to_string(), "--size", "900x600", &path]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.err.contains("2024-07-37"), "{}", ran.err);
    assert!(Path::new(&path).is_file());
}

#[test]
fn texts_that_are_no_originals_are_told() {
    let folder = Folder::new("texts");
    std::fs::write(folder.path().join("a.txt"), "نص").expect("file");
    let ran = waqai(&["info", "mali", &folder.file("a.txt"), "--json"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.err.contains("a.txt” is not the original of any document"), "{}", ran.err);
    let ran = waqai(&["info", "--documents", &folder.path().display().to_string(), "--json"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.err.contains("No text is the original"), "{}", ran.err);
    let info: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(info["originals_attached"], 0);
}

#[test]
fn without_a_display_one_sentence_says_so() {
    for environment in [[].as_slice(), &[("DISPLAY", "")], &[("DISPLAY", ":49777")]] {
        let ran = run(&["mali"], environment);
        assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""), "{environment:?}");
        assert_eq!(ran.err.lines().count(), 1, "{environment:?}: {}", ran.err);
        assert!(ran.err.contains("display") && ran.err.contains("`waqai shot`"), "{}", ran.err);
        assert!(!ran.err.contains(".rs"), "{}", ran.err);
    }
    fails(&["no-such-file"], 1, &["There is no file “no-such-file”."]);
}

#[test]
fn shot_draws_the_window_that_is_described() {
    let folder = Folder::new("shots");
    let draw = |name: &str, args: &[&str]| -> image::RgbaImage {
        let path = folder.file(name);
        let mut all = vec!["shot"];
        all.extend(args);
        all.push(&path);
        let ran = waqai(&all);
        assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{args:?}");
        picture(&path)
    };
    let small = ["--size", "1000x640"];
    let with = |args: &[&'static str]| small.iter().copied().chain(args.iter().copied()).collect::<Vec<_>>();
    let plain = draw("plain.png", &small);
    assert_eq!(plain.dimensions(), (1000, 640));
    assert_eq!(plain, draw("again.png", &with(&["mali"])), "the same window is the same picture");
    let twice = draw("twice.png", &with(&["--scale", "2"]));
    assert_eq!(twice.dimensions(), (2000, 1280));
    let differs = [
        draw("light.png", &with(&["--light"])),
        draw("selected.png", &with(&["--select", "e38", "--claim", "2", "data/mali"])),
        draw("window.png", &with(&["--window", "2023-08/2023-09", "--certainly"])),
        draw("filter.png", &with(&["--type", "Battles", "--actor", "wagner"])),
        draw("search.png", &with(&["--text", "تمبكتو"])),
        draw("playing.png", &with(&["--play-at", "2024-07"])),
        draw("camera.png", &with(&["--center", "-3.5,20.25", "--zoom", "7"])),
        draw("document.png", &with(&["--document", "004", "--brief"])),
        draw("dialog.png", &with(&["--dialog", "keys"])),
        draw("tray.png", &with(&["--dialog", "tray-undated"])),
        draw("welcome.png", &with(&["--welcome"])),
        draw("arabic.png", &with(&["--label-lang", "ar"])),
        plain,
    ];
    for (number, picture) in differs.iter().enumerate() {
        assert!(
            !differs.iter().skip(number + 1).any(|other| other == picture),
            "picture {number} is twice there"
        );
    }
}

#[test]
fn shot_writes_where_it_is_told_and_nothing_if_it_cannot() {
    let folder = Folder::new("out");
    let path = folder.file("with-option.png");
    let ran = waqai(&["shot", "-o", &path, "mali", "--size", "900x600"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_eq!(picture(&path).dimensions(), (900, 600));
    let path = folder.file("none.png");
    fails(&["shot", "--select", "e99", &path], 2, &["no event is named “e99”"]);
    fails(&["shot", "--select", "e38", "--claim", "99", &path], 2, &["no claim “99”", "e38.c16"]);
    fails(&["shot", "--dialog", "nope", &path], 2, &["tray-undated"]);
    fails(&["shot", "--place", "Atlantis", &path], 2, &["no place is named “Atlantis”"]);
    fails(&["shot", "no-such-case", &path], 1, &["no-such-case"]);
    assert!(!Path::new(&path).exists());
    fails(&["shot", &folder.file("no/such/folder.png")], 1, &["folder.png"]);
}

#[test]
fn a_table_is_told_with_what_it_took() {
    let folder = Folder::new("table");
    let path = folder.path().join("ereignisse.csv");
    let text = "event_id_cnty,event_date,event_type,sub_event_type,actor1,location,latitude,longitude,source,notes,fatalities\n\
        A1,2024-05-02,Battles,Armed clash,Army,Gao,16.2717,-0.0447,Radio; Wire,\"Two lines\nof notes\",3\n\
        A2,2024-05-01,Protests,Peaceful protest,Crowd,Kidal,18.4411,1.4078,Radio,Marched,0\n\
        A3,2024-13-01,Protests,Peaceful protest,Crowd,Kidal,18.4411,1.4078,Radio,When?,\n";
    std::fs::write(&path, text).expect("file");
    let name = path.display().to_string();
    let ran = waqai(&["info", &name, "--json"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.err.contains("line 5, event_date"), "{}", ran.err);
    let info: Value = serde_json::from_str(&ran.out).expect("one JSON document");
    assert_eq!((info["events"].as_u64(), info["fatalities"]["best"].as_u64()), (Some(3), Some(3)));
    assert_eq!(info["counts_by_type"], serde_json::json!({"Battles": 1, "Protests": 2}));
    assert_eq!(info["counts_by_document"], serde_json::json!({"ereignisse.csv": 3}));
    assert!(info["elapsed_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    if cfg!(target_os = "linux") {
        assert!(info["peak_memory_kib"].as_u64().is_some_and(|kib| kib > 1000));
    }
    let ran = waqai(&["query", &name, "--type", "Battles", "--json"]);
    let found: Value = serde_json::from_str(&ran.out).expect("one JSON document");
    assert_eq!((found["total"].as_u64(), found["matching"].as_u64()), (Some(3), Some(1)));
    let event = &found["events"][0];
    assert_eq!(event["id"], "A1");
    assert_eq!((event["latitude"].as_f64(), event["longitude"].as_f64()), (Some(16.2717), Some(-0.0447)));
    assert_eq!(event["claims"][0]["statement"]["en"], "Two lines\nof notes");
    assert!(found["elapsed_ms"].as_f64().is_some());

    std::fs::write(&path, "a,b\n1,2\n").expect("file");
    let ran = waqai(&["info", &name]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("no column for a date"), "{}", ran.err);
}
