//! The real window on a real (if virtual) display: opened, clicked, resized, closed, opened again.
//!
//! Needs Xvfb, xdotool and ImageMagick's `import`; without them it says so and checks nothing.
//! Nothing is timed: each wait ends with what is waited for, or fails after a long while.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(50);

#[test]
fn the_window_opens_takes_a_click_and_remembers_its_size() {
    let missing: Vec<&str> = ["Xvfb", "xdotool", "import"].into_iter().filter(|tool| !exists(tool)).collect();
    if !missing.is_empty() {
        eprintln!(
            "SKIPPED: the window is not tested, because {} is missing; see tests/run",
            missing.join(", ")
        );
        return;
    }
    let display = Display::start();
    let folder = Folder::new();

    // First session: click an event, change the theme, resize, quit.
    let mut program = Program::start(&display, &folder);
    let started = program.wait_for_line("waqai: start:");
    assert!(started.contains("55 events on the map") && started.contains("VmRSS"), "{started}");
    let window = display.window();
    assert_eq!(display.size_of(&window), (1440, 900), "the size of a first start");
    let before = display.settled_picture(&folder);
    assert!(number_of_colors(&before) > 100, "the window is drawn");
    // The details panel, where there is nothing yet to tell of an event.
    let details = (1030, 60, 400, 340);
    display.act(&["windowfocus", &window]);
    // The second event of the list.
    display.act(&["mousemove", "140", "495"]);
    display.act(&["click", "1"]);
    let after = display.picture_that(&folder, |picture| share_that_differs(&before, picture, details) > 0.02);
    let list = (0, 440, 280, 200);
    assert!(share_that_differs(&before, &after, list) > 0.01, "the row of the list is marked");
    display.act(&["key", "ctrl+shift+l"]);
    let light = display.picture_that(&folder, |picture| share_that_differs(&after, picture, details) > 0.5);
    assert!(brightness(&light) > brightness(&after) + 60.0, "the light theme is light");
    display.act(&["windowsize", &window, "1200", "760"]);
    wait("the new size", || display.size_of(&window) == (1200, 760));
    display.settled_picture(&folder);
    display.act(&["windowfocus", &window]);
    display.act(&["key", "ctrl+q"]);
    assert!(program.ended().success(), "the program ends well");
    let settings = folder.settings();
    assert_eq!(settings["window"]["size"], serde_json::json!([1200.0, 760.0]), "{settings}");
    assert_eq!(settings["theme"], "light", "{settings}");

    // Second session: as it was left.
    let mut program = Program::start(&display, &folder);
    program.wait_for_line("waqai: start:");
    let window = display.window();
    assert_eq!(display.size_of(&window), (1200, 760), "the size is remembered");
    let again = display.settled_picture(&folder);
    assert!(brightness(&again) > 150.0, "the theme is remembered");
    display.act(&["windowfocus", &window]);
    display.act(&["key", "ctrl+q"]);
    assert!(program.ended().success());
}

#[test]
fn a_broken_settings_file_is_set_aside_and_the_window_opens() {
    if ["Xvfb", "xdotool"].into_iter().any(|tool| !exists(tool)) {
        eprintln!("SKIPPED: the window is not tested, because Xvfb or xdotool is missing; see tests/run");
        return;
    }
    let display = Display::start();
    let folder = Folder::new();
    std::fs::write(folder.0.join("settings.json"), "{\"theme\": ").expect("settings");
    let mut program = Program::start(&display, &folder);
    let said = program.wait_for_line("settings.json");
    assert!(said.contains("broken"), "{said}");
    program.wait_for_line("waqai: start:");
    let window = display.window();
    display.act(&["windowfocus", &window]);
    display.act(&["key", "ctrl+q"]);
    assert!(program.ended().success());
    let aside = std::fs::read_to_string(folder.0.join("settings.broken-1.json"));
    assert_eq!(aside.expect("the broken file"), "{\"theme\": ");
}

fn exists(tool: &str) -> bool {
    let found = Command::new("which").arg(tool).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// Waits until something is so.
#[track_caller]
fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what} does not come");
        std::thread::sleep(PAUSE);
    }
}

/// A virtual display of its own.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let out = server.stdout.take().expect("output");
        BufReader::new(out).read_line(&mut number).expect("the number of the display");
        assert!(!number.trim().is_empty(), "Xvfb has no display");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// What xdotool says; empty if it fails.
    fn ask(&self, args: &[&str]) -> String {
        let ran = Command::new("xdotool").args(args).env("DISPLAY", &self.name).output().expect("xdotool");
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    #[track_caller]
    fn act(&self, args: &[&str]) {
        let ran = Command::new("xdotool").args(args).env("DISPLAY", &self.name).output().expect("xdotool");
        assert!(ran.status.success(), "xdotool {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    /// The id of the program's window.
    fn window(&self) -> String {
        let mut window = String::new();
        wait("the window", || {
            window = self.ask(&["search", "--onlyvisible", "--name", "Waqai"]);
            !window.trim().is_empty()
        });
        window.lines().next_back().unwrap_or_default().trim().to_owned()
    }

    fn size_of(&self, window: &str) -> (u32, u32) {
        let said = self.ask(&["getwindowgeometry", "--shell", window]);
        let number =
            |name: &str| said.lines().find_map(|line| line.strip_prefix(name)?.parse().ok()).unwrap_or(0);
        (number("WIDTH="), number("HEIGHT="))
    }

    fn picture(&self, folder: &Folder) -> image::RgbaImage {
        let path = folder.0.join("screen.png");
        let taken = Command::new("import")
            .args(["-window", "root"])
            .arg(&path)
            .env("DISPLAY", &self.name)
            .status()
            .expect("import");
        assert!(taken.success(), "a picture of the display");
        image::open(path).expect("a picture").into_rgba8()
    }

    /// A picture for which something holds.
    #[track_caller]
    fn picture_that(
        &self,
        folder: &Folder,
        mut holds: impl FnMut(&image::RgbaImage) -> bool,
    ) -> image::RgbaImage {
        let begun = Instant::now();
        loop {
            let picture = self.picture(folder);
            if holds(&picture) {
                return picture;
            }
            assert!(begun.elapsed() < PATIENCE, "the display does not change as it should");
        }
    }

    /// The picture once it no longer changes.
    fn settled_picture(&self, folder: &Folder) -> image::RgbaImage {
        let mut last = self.picture(folder);
        self.picture_that(folder, |picture| {
            let same = *picture == last;
            last = picture.clone();
            same
        })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The running program.
struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    fn start(display: &Display, folder: &Folder) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_waqai"))
            .env("DISPLAY", &display.name)
            .env("WAQAI_CONFIG_DIR", &folder.0)
            .env("WAQAI_TRACE_START", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let messages = child.stderr.take().expect("messages");
        let (sender, lines) = channel();
        // Reads all there is, so that the program never waits for its messages to be read.
        let reader = std::thread::Builder::new().name("messages".to_owned()).spawn(move || {
            for line in BufReader::new(messages).lines().map_while(Result::ok) {
                eprintln!("{line}");
                sender.send(line).ok();
            }
        });
        reader.expect("a thread");
        Self { child, lines }
    }

    /// The next message that holds a text.
    #[track_caller]
    fn wait_for_line(&mut self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let rest = PATIENCE.saturating_sub(begun.elapsed());
            match self.lines.recv_timeout(rest) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(err) => panic!("the program does not say “{text}”: {err}"),
            }
        }
    }

    /// How the program ended.
    fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        wait("the end of the program", || {
            status = self.child.try_wait().expect("status");
            status.is_some()
        });
        status.expect("status")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Settings and pictures of one test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("waqai-window-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    fn settings(&self) -> Value {
        let text = std::fs::read_to_string(Path::new(&self.0).join("settings.json")).expect("settings");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The share of pixels in `(x, y, width, height)` that are not the same in two pictures.
fn share_that_differs(a: &image::RgbaImage, b: &image::RgbaImage, area: (u32, u32, u32, u32)) -> f64 {
    let (x, y, width, height) = area;
    let differ = (y..y + height)
        .flat_map(|y| (x..x + width).map(move |x| (x, y)))
        .filter(|(x, y)| a.get_pixel_checked(*x, *y) != b.get_pixel_checked(*x, *y))
        .count();
    differ as f64 / f64::from(width * height)
}

fn number_of_colors(picture: &image::RgbaImage) -> usize {
    picture.pixels().collect::<std::collections::HashSet<_>>().len()
}

/// Mean green of the part of the display that the window covers, 0 to 255.
fn brightness(picture: &image::RgbaImage) -> f64 {
    let covered = |x: u32, y: u32| x < 1200 && y < 760;
    let greens: Vec<f64> = picture
        .enumerate_pixels()
        .filter(|(x, y, _)| covered(*x, *y))
        .map(|(_, _, pixel)| f64::from(pixel.0[1]))
        .collect();
    greens.iter().sum::<f64>() / greens.len().max(1) as f64
}
