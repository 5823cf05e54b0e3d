//! Scripted sessions: those in `tests/replays`, and scripts that must fail.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("waqai-replay-{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&path).ok();
    std::fs::create_dir_all(&path).expect("temporary folder");
    path
}

/// Status, JSON report and messages of a run.
fn replay(script: &Path, out: &Path) -> (Option<i32>, Value, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_waqai"))
        .args(["replay", "--json", "--out"])
        .args([out, script])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAQAI_LOG")
        .output()
        .expect("the program starts");
    let report = serde_json::from_slice(&ran.stdout).unwrap_or(Value::Null);
    (ran.status.code(), report, String::from_utf8_lossy(&ran.stderr).into_owned())
}

/// Runs a script of the repository and returns the folder that it wrote to, and its report.
#[track_caller]
fn passes(name: &str) -> (PathBuf, Value) {
    let out = folder(name);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/replays/{name}.json"));
    let (status, report, err) = replay(&script, &out);
    assert_eq!((status, err.as_str()), (Some(0), ""), "{name}");
    assert_eq!(report["passed"], true);
    assert_eq!(report["failure"], Value::Null);
    (out, report)
}

#[test]
fn tinzaouaten() {
    let (out, _) = passes("tinzaouaten");
    assert!(out.join("tinzaouaten.png").is_file());
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn play_july_2024() {
    let (out, report) = passes("play-july-2024");
    let steps = report["steps"].as_array().expect("steps");
    let waited = steps.iter().find(|step| step["step"] == json!({"wait_secs": 0.5})).expect("the step");
    assert_eq!(waited["times"]["frames"], 30, "half a second is thirty frames on any machine");
    for number in ["min_ms", "median_ms", "p95_ms", "max_ms"] {
        let ms = |times: &str| waited[times][number].as_f64().unwrap_or_default();
        assert!(0.0 < ms("times") && ms("times") <= ms("whole"), "{number}");
    }
    assert_eq!(report["total_whole"]["frames"], report["total"]["frames"], "each frame is drawn");
    assert!(report["total_waits"]["max_ms"].as_f64().is_some_and(|ms| ms > 0.0), "opening is waited for");
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn a_session_that_is_too_slow_fails() {
    let out = folder("slow");
    let script = out.join("script.json");
    std::fs::write(&script, json!({"size": [900, 600], "steps": [{"frames": 3}]}).to_string())
        .expect("script");
    let run = |limit: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_waqai")).arg("replay").arg(&script).args(limit).output();
        let ran = ran.expect("the program starts");
        (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    for limit in ["--max-p95-ms", "--max-frame-p95-ms", "--max-frame-median-ms"] {
        assert_eq!(run(&[limit, "1e9"]).0, Some(0), "{limit}");
        let (status, said) = run(&[limit, "0.0001"]);
        assert!(status == Some(1) && said.contains("too slow") && said.contains("0.0001 ms"), "{said}");
    }
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn search_timbuktu() {
    std::fs::remove_dir_all(passes("search-timbuktu").0).ok();
}

#[test]
fn export() {
    std::fs::remove_dir_all(passes("export").0).ok();
}

#[test]
fn ui_frame() {
    let (out, report) = passes("ui-frame");
    let frames = report["total"]["frames"].as_u64();
    assert!(frames.is_some_and(|frames| frames >= 400), "{frames:?} frames are too few to tell anything");
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn the_pictures_of_the_readme_are_made() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README");
    let shown: Vec<&str> =
        readme.split("](assets/screenshots/").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let (out, _) = passes("screenshots");
    // A picture of a dataset needs the dataset, which is not part of the project.
    for picture in shown.into_iter().filter(|picture| !picture.starts_with("datasets/")) {
        assert!(out.join(picture).is_file(), "tests/replays/screenshots.json does not make {picture}");
    }
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn a_failed_step_is_named_with_what_was_wanted_and_found() {
    let out = folder("failing");
    let script = out.join("script.json");
    let check = |steps: Value, number: u64, said: &[&str]| {
        std::fs::write(&script, json!({"size": [900, 600], "steps": steps}).to_string()).expect("script");
        let (status, report, err) = replay(&script, &out);
        assert_eq!(status, Some(1), "{steps}");
        assert_eq!(report["passed"], false);
        assert_eq!(report["failure"]["number"], number, "{report}");
        assert_eq!(report["steps"].as_array().map(|steps| steps.len() as u64), Some(number));
        let message = report["failure"]["message"].as_str().unwrap_or_default();
        for said in said {
            assert!(message.contains(said) && err.contains(said), "wanted: {said}\nfound: {message}\n{err}");
        }
    };
    check(
        json!([
            {"open": "mali"},
            {"expect": {"shown": 12, "selected": ["e38"], "window": "2024", "dialog": "keys"}},
            {"select": "e38"}
        ]),
        2,
        &[
            "shown: wanted 12, found 55",
            "selected: wanted [\"e38\"], found []",
            "window: wanted 2024-01-01/2024-12-31, found no window",
            "dialog: wanted Some(\"keys\"), found None",
        ],
    );
    check(json!([{"select": "e38"}]), 1, &["no case is open"]);
    check(json!([{"open": "mali"}, {"select": "e99"}]), 2, &["no event is named “e99”"]);
    check(json!([{"open": "no-such-case"}]), 1, &["no-such-case"]);
    check(json!([{"open": "mali"}, {"click": {"label": "No such button"}}]), 2, &["No such button"]);
    check(json!([{"open": "mali"}, {"window": "2025-06-31"}]), 2, &["2025-06-31"]);
    check(json!([{"open": "mali"}, {"filter": {"type": "Battels"}}]), 2, &["Battles"]);
    check(json!([{"key": "Ctrl+Nope"}]), 1, &["Nope"]);
    check(
        json!([{"open": "mali"}, {"expect": {"text_contains": "no widget says this"}}]),
        2,
        &["no widget says this"],
    );
    check(
        json!([{"open": "mali"}, {"expect": {"file": {"path": "never-written.csv", "lines": 3}}}]),
        2,
        &["never-written.csv"],
    );

    // A script that cannot be read is not begun.
    std::fs::write(&script, r#"{"steps": [{"open": "mali"}, {"selekt": "e38"}]}"#).expect("script");
    let (status, report, err) = replay(&script, &out);
    assert_eq!((status, report), (Some(1), Value::Null));
    assert!(err.contains("step 2") && err.contains("selekt") && err.contains("script.json"), "{err}");
    std::fs::remove_dir_all(out).ok();
}

#[test]
fn what_a_script_reads_lies_beside_it_and_what_it_writes_in_the_output_folder() {
    let (beside, out) = (folder("beside"), folder("written"));
    std::fs::create_dir_all(beside.join("texts")).expect("folder");
    std::fs::write(beside.join("texts/a.txt"), "نص").expect("text");
    let script = beside.join("script.json");
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mali");
    let steps = json!({"size": [900, 600], "steps": [
        {"open": case.display().to_string()},
        {"click": {"label": "Battle and ambush of Tinzaouaten"}},
        {"expect": {"selected": ["e38"], "text_contains": "Battle and ambush of Tinzaouaten"}},
        {"attach": "texts"},
        {"expect": {"attached": 0, "dialog": "new-documents"}},
        {"key": "Escape"},
        {"expect": {"dialog": null}},
        {"theme": "light"},
        {"label_lang": "ar"},
        {"fly_to": [16.77, -3.01, 8]},
        {"shot": "pictures/timbuktu.png"},
        {"expect": {"file": {"path": "pictures/timbuktu.png", "pixels": [900, 600]}}}
    ]});
    std::fs::write(&script, steps.to_string()).expect("script");
    let (status, _, err) = replay(&script, &out);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(out.join("pictures/timbuktu.png").is_file());
    std::fs::remove_dir_all(beside).ok();
    std::fs::remove_dir_all(out).ok();
}
