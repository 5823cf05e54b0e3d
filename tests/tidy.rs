//! The wall between layers, and other rules that the compiler does not know.
//!
//! One crate has no compiler wall between modules; the tables here say what each layer may use, and
//! the text of the sources is searched for anything else. Comments, texts in quotation marks and test
//! modules are left out of the search.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A layer, and the layers that it may use. Its own modules it always may.
const LAYERS: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("store", &["model"]),
    ("text", &[]),
    ("lang", &["model"]),
    ("state", &["store", "model"]),
    ("io", &["store", "model"]),
    ("jobs", &["io", "store", "model"]),
    ("raster", &[]),
    ("ui", &["state", "store", "model", "lang", "text"]),
    ("app", &["ui", "raster", "jobs", "io", "state", "store", "model", "lang"]),
    ("headless", &["app", "ui", "io", "state", "store", "model", "lang"]),
    ("cli", &["headless", "app", "ui", "io", "state", "store", "model", "lang"]),
    ("main", &["cli"]),
];

/// Single files that may use one layer more, and why.
const LAYER_EXCEPTIONS: [(&str, &str); 1] = [
    // The one place that knows both the settings and their saved form.
    ("src/io/settings.rs", "state"),
];

/// A crate, and the layers (or folders) that may use it. Every dependency in `Cargo.toml` is listed.
const CRATES: [(&str, &[&str]); 44] = [
    ("brotli", &["io"]),
    ("bytes", &["io"]),
    ("calamine", &["io"]),
    ("chardetng", &["io"]),
    ("clap", &["cli"]),
    ("csv", &["io"]),
    ("directories", &["io"]),
    // Points on the map are a callback of the window's painter.
    ("eframe", &["raster", "app", "headless", "cli", "src/ui/map/points/"]),
    ("egui", &["raster", "ui", "app", "headless", "cli"]),
    ("egui_kittest", &["headless"]),
    ("egui_plot", &["ui"]),
    ("flate2", &["ui", "io"]),
    ("encoding_rs", &["io"]),
    ("fluent_bundle", &["lang"]),
    ("fontique", &["text"]),
    ("image", &["io", "app", "headless"]),
    ("jiff", &["model", "store", "state", "io", "ui"]),
    ("libc", &["io"]),
    ("log", &["lang", "text", "io", "jobs", "raster", "ui", "app", "headless", "cli"]),
    ("lru", &["text", "ui"]),
    ("memchr", &["store", "io"]),
    ("memmap2", &["io"]),
    ("mvt_reader", &["ui"]),
    ("parquet", &["io"]),
    ("parley", &["text"]),
    ("pollster", &["headless"]),
    // Work that is shared among cores and ended before the call returns.
    ("rayon", &["store", "io", "jobs"]),
    ("quick_xml", &["io"]),
    ("rfd", &["jobs"]),
    ("rusqlite", &["io"]),
    ("rust_xlsxwriter", &["io"]),
    ("rustc_hash", &["store", "io", "raster"]),
    ("serde", &["io"]),
    ("serde_json", &["io"]),
    ("sha2", &["io"]),
    ("thiserror", &["io", "ui"]),
    ("unic_langid", &["lang"]),
    ("unicode_normalization", &["store", "ui", "cli"]),
    ("vello_cpu", &["text"]),
    ("walkers", &["ui", "app"]),
    // The program's own library and the standard one, which everybody may use.
    ("waqai", &["main"]),
    (
        "std",
        &[
            "model", "store", "text", "lang", "state", "io", "jobs", "raster", "ui", "app", "headless",
            "cli", "main",
        ],
    ),
    ("core", &[]),
    ("zip", &["io"]),
];

/// A way to say something, and the layers (or files) that may.
const WORDS: [(&str, &[&str]); 27] = [
    // Files.
    ("std::fs", &["io"]),
    ("File::open", &["io"]),
    ("File::create", &["io"]),
    ("OpenOptions::new", &["io"]),
    ("read_to_string(", &["io"]),
    // Threads and channels.
    ("thread::spawn", &[]),
    ("thread::Builder", &["jobs"]),
    ("thread::scope", &["jobs"]),
    ("mpsc", &["jobs"]),
    ("thread::sleep", &["app", "headless"]),
    // Clocks. The basemap gives up a frame's share of tiles when its time is spent.
    ("Instant::now", &["app", "headless", "cli", "jobs", "src/ui/map/basemap.rs"]),
    ("SystemTime::now", &["app", "headless", "cli", "jobs"]),
    // The process and what it was started with.
    ("std::env", &["io", "cli", "main"]),
    ("std::process", &["cli", "main", "src/io/save.rs"]),
    ("println!", &[]),
    ("print!", &[]),
    ("eprintln!", &["cli"]),
    ("eprint!", &[]),
    ("std::net", &[]),
    // Colours have one home. The atlas holds coverage, not colour.
    ("Color32::from_", &["src/ui/theme/", "src/ui/widgets/text_atlas.rs"]),
    ("Rgba::from_", &["src/ui/theme/"]),
    ("Hsva::", &["src/ui/theme/"]),
    // What is not finished or not looked after.
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("dbg!", &[]),
    (".unwrap()", &[]),
    (".expect(", &[]),
];

/// Colours by name that say how something is painted rather than in which colour.
const PLAIN_COLORS: [&str; 2] = ["TRANSPARENT", "WHITE"];
/// The only files that may name white: it stands for "as the texture is".
const WHITE_FILES: [&str; 4] =
    ["src/ui/theme/", "src/ui/widgets/text_atlas.rs", "src/ui/widgets/text_paint.rs", "src/ui/map/"];

/// Most lines of a file, its tests not counted.
const MAX_LINES: usize = 900;

/// Beginnings of paths that only exist on somebody's machine, cut so that they are not found here.
const MACHINE_PATHS: [&str; 5] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/Use", "rs/"),
    concat!(":\\Use", "rs"),
];

#[test]
fn layers_use_only_what_they_may() {
    let mut found = Vec::new();
    let skipped = test_files();
    for (path, text) in sources().iter().filter(|(path, _)| !skipped.contains(path)) {
        found.extend(check_source(path, text));
    }
    report(&found);
}

#[test]
fn every_dependency_has_its_layers() {
    let manifest = read(&root().join("Cargo.toml"));
    let section = manifest.split("\n[dependencies]\n").nth(1).and_then(|rest| rest.split("\n[").next());
    let mut found = Vec::new();
    for line in section.expect("dependencies").lines() {
        let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let name = name.trim().replace('-', "_");
        if !CRATES.iter().any(|(known, _)| *known == name) {
            found.push(format!("Cargo.toml: the dependency {name} has no layers in tests/tidy.rs"));
        }
    }
    report(&found);
}

#[test]
fn every_file_says_what_it_is_and_is_not_too_long() {
    let mut found = Vec::new();
    for (path, text) in sources() {
        found.extend(check_shape(&path, &text));
    }
    report(&found);
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                if ![".git", "target"].contains(&name.as_str()) {
                    folders.push(path);
                }
                continue;
            }
            if name == ".git" || name == "Cargo.lock" {
                continue;
            }
            // Only texts can be read so.
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            found.extend(check_paths(&shown(&path), &text));
        }
    }
    report(&found);
}

#[test]
fn planted_violations_are_caught() {
    let caught = |path: &str, text: &str, wanted: &str| {
        let found = check_source(path, text).join("\n");
        assert!(found.contains(wanted), "{path}: {text}\nwanted: {wanted}\nfound: {found}");
    };
    caught("src/store/x.rs", "use crate::io::Kind;", "store may not use the layer io");
    caught("src/model/x.rs", "use crate::{store::Store};", "model may not use the layer store");
    caught("src/ui/map/x.rs", "use crate::{model::Lang, jobs::{Jobs}};", "ui may not use the layer jobs");
    caught("src/ui/x.rs", "fn f() { super::super::app::exists(\"\"); }", "ui may not use the layer app");
    caught("src/state/x.rs", "use egui::Ui;", "state may not use the crate egui");
    caught("src/store/x.rs", "#[derive(serde::Serialize)] struct A;", "store may not use the crate serde");
    caught("src/ui/x.rs", "use parley::Layout;", "ui may not use the crate parley");
    caught("src/app.rs", "use rfd;", "app may not use the crate rfd");
    caught("src/ui/x.rs", "use std::fs;", "`std::fs`");
    caught("src/ui/x.rs", "use std::{fs, io};", "`std::fs`");
    caught("src/ui/x.rs", "std::thread::spawn(f);", "`thread::spawn`");
    caught("src/state/x.rs", "let now = Instant::now();", "`Instant::now`");
    caught("src/ui/list/x.rs", "let red = Color32::from_rgb(255, 0, 0);", "`Color32::from_`");
    caught("src/ui/list/x.rs", "let red = egui::Color32::RED;", "Color32::RED");
    caught("src/ui/list/x.rs", "let white = Color32::WHITE;", "Color32::WHITE");
    caught("src/io/x.rs", "let a = b.unwrap();", "`.unwrap()`");
    caught("src/io/x.rs", "let a = b\n    .expect(\"b\");", "`.expect(`");
    caught("src/io/x.rs", "todo!()", "`todo!`");
    caught("src/ui/x.rs", "println!(\"a\");", "`println!`");

    let silent = |path: &str, text: &str| {
        assert_eq!(check_source(path, text), Vec::<String>::new(), "{path}: {text}");
    };
    silent("src/store/x.rs", "// use crate::io;\n/* egui::Ui */ let a = \"std::fs .unwrap()\";");
    silent(
        "src/store/x.rs",
        "let a = r#\"use egui::Ui; \"todo!\" \"#; let b = '\"'; fn f<'a>(a: &'a str) {}",
    );
    silent("src/store/x.rs", "#[cfg(test)]\nmod tests { fn f() { egui::a().unwrap(); } }");
    silent("src/ui/list/x.rs", "let none = Color32::TRANSPARENT; a.unwrap_or(b); c.expect_one();");
    silent("src/io/x.rs", "const SIDE: NonZeroUsize = NonZeroUsize::new(8).unwrap();");
    silent("src/io/settings.rs", "use crate::state::Settings;");
    silent("src/ui/theme/x.rs", "Color32::from_rgb(1, 2, 3)");
    silent("src/ui/x.rs", "let crates = my_egui_plot::x; self.log.std_fs();");

    assert_eq!(check_shape("src/a.rs", "use std;\n").len(), 1);
    let long = format!("//! A page.\n{}", "fn f() {}\n".repeat(MAX_LINES));
    assert_eq!(check_shape("src/a.rs", &long).len(), 1);
    let mostly_tests =
        format!("//! A page.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(MAX_LINES));
    assert_eq!(check_shape("src/a.rs", &mostly_tests), Vec::<String>::new());
    assert_eq!(check_paths("a.md", concat!("see /ro", "ot/.cargo")).len(), 1);
    assert_eq!(check_paths("a.md", "see the folder work/"), Vec::<String>::new());
}

/// What a source file uses and may not.
fn check_source(path: &str, text: &str) -> Vec<String> {
    let code = without_tests(&code_only(text));
    let Some((layer, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == layer_of(path)) else {
        return if path == "src/lib.rs" {
            Vec::new()
        } else {
            vec![format!("{path}: its layer is not in the table of tests/tidy.rs")]
        };
    };
    let mut found = Vec::new();
    let is_layer = |name: &str| LAYERS.iter().any(|(layer, _)| *layer == name);
    for used in layers_used(path, &code) {
        let is_exception = LAYER_EXCEPTIONS.contains(&(path, used.as_str()));
        if is_layer(&used) && used != *layer && !allowed.contains(&used.as_str()) && !is_exception {
            found.push(format!("{path}: {layer} may not use the layer {used}"));
        }
    }
    let may = |places: &[&str]| {
        places.iter().any(|place| place == layer || (place.contains('/') && path.starts_with(place)))
    };
    for (name, places) in CRATES {
        if uses_crate(&code, name) && !may(places) {
            found.push(format!("{path}: {layer} may not use the crate {name}"));
        }
    }
    let flat = flattened(&without_constants(&code));
    for (word, places) in WORDS {
        if has_word(&flat, word) && !may(places) {
            found.push(format!("{path}: {layer} may not say `{word}`"));
        }
    }
    for name in named_colors(&flat) {
        let is_plain = PLAIN_COLORS.contains(&name.as_str());
        let is_home = path.starts_with("src/ui/theme/");
        if !is_home && (!is_plain || (name == "WHITE" && !may(&WHITE_FILES))) {
            found.push(format!("{path}: Color32::{name} is for src/ui/theme"));
        }
    }
    found
}

/// Pages without their first line, and pages that are too long.
fn check_shape(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push(format!("{path}: does not begin by saying what it is (//!)"));
    }
    let code = without_tests(&code_only(text));
    let lines = code.lines().count();
    if lines > MAX_LINES {
        found.push(format!("{path}: {lines} lines without its tests, at most {MAX_LINES} are readable"));
    }
    found
}

fn check_paths(path: &str, text: &str) -> Vec<String> {
    let machine = MACHINE_PATHS.iter().filter(|place| {
        text.match_indices(**place).any(|(at, _)| {
            // A relative path or an address may have a part of the same name.
            let before = text[..at].chars().next_back();
            // An example has a name of one letter.
            let name = text[at + place.len()..].chars().take_while(|c| c.is_alphanumeric()).count();
            name != 1 && before.is_none_or(|c| !c.is_alphanumeric() && !"/._-".contains(c))
        })
    });
    machine.map(|place| format!("{path}: names {place}, a place on somebody's machine")).collect()
}

/// The layer of a source file: the first part of its path below `src`.
fn layer_of(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

/// First parts of paths that begin with the crate: `crate::a`, `crate::{a, b::{c}}`, and `super::`
/// often enough to leave the layer.
fn layers_used(path: &str, code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let parts = path.strip_prefix("src/").unwrap_or(path).split('/').count();
    let is_page = path.ends_with("/mod.rs");
    let depth = if is_page { parts - 1 } else { parts };
    let out = "super::".repeat(depth.max(1));
    for start in ["crate::".to_owned(), out] {
        for (at, _) in code.match_indices(&start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            used.extend(first_names(&code[at + start.len()..]));
        }
    }
    used
}

/// The first names of what follows `a::`: one, or those of a group in braces.
fn first_names(rest: &str) -> Vec<String> {
    let rest = rest.trim_start();
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut begin = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                names.push(name(&group[begin..at]));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

/// Whether code has a path that begins with a crate's name, or `use`s it as a whole.
fn uses_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].trim_end_matches(' ').chars().next_back();
        let after = &code[at + name.len()..];
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && !"_.:".contains(c)) || {
            // A keyword or a type argument before a path: `use egui::…`, `&mut egui::Ui`.
            code[..at].ends_with(' ') && before.is_some_and(char::is_alphanumeric)
        };
        let alone = after.starts_with(';') && code[..at].trim_end().ends_with("use");
        begins && (after.starts_with("::") || alone)
    })
}

/// Whether a word occurs and is not the end of another.
fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !word.starts_with(char::is_alphanumeric) || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// Names of colours after `Color32::`.
fn named_colors(code: &str) -> Vec<String> {
    let constant = |c: &char| c.is_ascii_uppercase() || *c == '_' || c.is_ascii_digit();
    code.match_indices("Color32::")
        .map(|(at, found)| code[at + found.len()..].chars().take_while(constant).collect::<String>())
        .filter(|name| name.len() > 1)
        .collect()
}

/// Code in which `std::{fs, io}` reads `std::fs std::io`, and no line breaks before a method.
fn flattened(code: &str) -> String {
    let mut flat = String::with_capacity(code.len());
    for line in code.lines() {
        let line = line.trim();
        if !line.starts_with('.') {
            flat.push(' ');
        }
        flat.push_str(line);
    }
    let mut groups = String::new();
    for (at, _) in flat.match_indices("std::{") {
        for name in first_names(&flat[at + "std::".len()..]) {
            let _ = write!(groups, " std::{name} ");
        }
    }
    flat + &groups
}

/// Takes out constants of one line: what fails in them fails when the program is built.
fn without_constants(code: &str) -> String {
    let is_constant = |line: &&str| {
        let line = line.trim_start().trim_start_matches("pub ");
        line.starts_with("const ") && line.ends_with(';')
    };
    code.lines().map(|line| if is_constant(&line) { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// Blanks comments and what stands in quotation marks; lines stay.
fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let blank = |code: &mut String, from: usize, to: usize| {
        code.extend(chars[from..to.min(chars.len())].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    };
    while at < chars.len() {
        let begin = at;
        let is_word = code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        match (peek(at), peek(at + 1)) {
            ('/', '/') => {
                while at < chars.len() && peek(at) != '\n' {
                    at += 1;
                }
                blank(&mut code, begin, at);
            }
            ('/', '*') => {
                let mut depth = 0;
                while at < chars.len() {
                    match (peek(at), peek(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
                blank(&mut code, begin, at);
            }
            ('r', '"' | '#') if !is_word && raw_hashes(&chars, at).is_some() => {
                let hashes = raw_hashes(&chars, at).unwrap_or(0);
                at += 2 + hashes;
                let ends = |at: usize| peek(at) == '"' && (1..=hashes).all(|n| peek(at + n) == '#');
                while at < chars.len() && !ends(at) {
                    at += 1;
                }
                at += 1 + hashes;
                blank(&mut code, begin, at);
            }
            ('"', _) => {
                at += 1;
                while at < chars.len() && peek(at) != '"' {
                    at += if peek(at) == '\\' { 2 } else { 1 };
                }
                at += 1;
                blank(&mut code, begin, at);
            }
            // A character, not a lifetime.
            ('\'', '\\') => {
                at += 3;
                while at < chars.len() && peek(at) != '\'' {
                    at += 1;
                }
                at += 1;
                blank(&mut code, begin, at);
            }
            ('\'', _) if peek(at + 2) == '\'' => {
                at += 3;
                blank(&mut code, begin, at);
            }
            (c, _) => {
                code.push(c);
                at += 1;
            }
        }
    }
    code
}

/// The number of `#` of a raw text that begins here.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// Takes out items that are only compiled for tests.
fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        // The item ends with its block, or with a semicolon before any block.
        let open = item.find('{').unwrap_or(item.len());
        let end = match item.find(';') {
            Some(semicolon) if semicolon < open => semicolon + 1,
            _ => {
                let mut depth = 0;
                let closed = item.char_indices().skip_while(|(at, _)| *at < open).find(|(_, c)| {
                    depth += i32::from(*c == '{') - i32::from(*c == '}');
                    depth == 0
                });
                closed.map_or(item.len(), |(at, _)| at + 1)
            }
        };
        rest = &item[end..];
    }
    kept + rest
}

/// Source files that are modules for tests only: `#[cfg(test)] mod a;`.
fn test_files() -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for (path, text) in sources() {
        let code = code_only(&text);
        for part in code.split("#[cfg(test)]").skip(1) {
            let part = part.trim_start().trim_start_matches("pub(crate) ");
            let Some(name) = part.strip_prefix("mod ").and_then(|rest| rest.split([';', '{', ' ']).next())
            else {
                continue;
            };
            let folder = match path.rsplit_once('/') {
                Some((folder, "mod.rs" | "lib.rs")) => folder.to_owned(),
                _ => path.trim_end_matches(".rs").to_owned(),
            };
            files.extend([format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")]);
        }
    }
    files
}

/// All source files with their texts.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push((shown(&path), read(&path)));
            }
        }
    }
    files.sort();
    assert!(files.len() > 50, "the sources are not where they were");
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()))
}

#[track_caller]
fn report(found: &[String]) {
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
}
