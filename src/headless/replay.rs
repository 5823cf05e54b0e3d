//! Scripted sessions: the same window, driven by a script, with expectations and times of frames.

use std::path::{Path, PathBuf};
use std::time::Duration;

use egui::{Modifiers, Pos2, Vec2};

use super::shot::{dialog_command, dialog_name};
use super::times::summed_up;
use super::{FRAME_SECS, Offscreen, choose, filter_commands, load};
use crate::app::Start;
use crate::io::report::{FrameTimes, ReplayFailure, ReplayReport, StepReport};
use crate::io::script::{
    self, Expect, ExpectFile, FilterSpec, Script, ScriptStep, Step, StepDirection, Target,
};
use crate::io::write_png;
use crate::model::document::TextForm;
use crate::model::{DocumentId, Lang, LatLon, Problem, time};
use crate::state::{
    self, Command, Direction, ExportFormat, ExportScope, MapCommand, OpenTarget, SelectCommand, TextCommand,
    ThemeChoice, TimeCommand, ViewCommand,
};
use crate::store::Store;

/// Longest that a script may wait, in frames.
const MAX_FRAMES: u32 = 100_000;

/// Where a script's files are.
#[derive(Clone, Debug)]
pub struct Folders {
    /// What the script reads is relative to this folder.
    pub script: PathBuf,
    /// What it writes is relative to this one.
    pub out: PathBuf,
}

/// Runs a script from beginning to end, or to the first step that fails. With the report comes what
/// could not be read of the case that is open at the end.
pub fn run(name: &str, script: &Script, folders: &Folders) -> (ReplayReport, Vec<Problem>) {
    let mut report = ReplayReport { script: name.to_owned(), ..ReplayReport::default() };
    let failure = |number, step: &str, message| ReplayFailure { number, step: step.to_owned(), message };
    let start = Start { ephemeral: true, empty: true, ..Start::default() };
    let mut screen = match Offscreen::open(start, script.size, script.scale) {
        Ok(screen) => screen,
        Err(err) => {
            report.failure = Some(failure(0, "", err));
            return (report, Vec::new());
        }
    };
    screen.settle();
    screen.draw_frames();
    let mut all = Kept::default();
    for (number, ScriptStep { words, step }) in (1..).zip(&script.steps) {
        let done = do_step(&mut screen, step, folders);
        let kept = Kept::of(&mut screen);
        let [times, whole, waits] = kept.summed_up();
        report.steps.push(StepReport { number, step: words.clone(), times, whole, waits });
        all.add(kept);
        if let Err(err) = done {
            report.failure = Some(failure(number, words, err));
            break;
        }
    }
    [report.total, report.total_whole, report.total_waits] = all.summed_up();
    report.passed = report.failure.is_none();
    (report, screen.problems())
}

/// Times that one step took, or all.
#[derive(Default)]
struct Kept {
    ui: Vec<Duration>,
    whole: Vec<Duration>,
    waits: Vec<Duration>,
}

impl Kept {
    /// What the window has kept since it was last asked.
    fn of(screen: &mut Offscreen) -> Self {
        let times = screen.take_times();
        Self {
            ui: times.iter().map(|time| time.ui).collect(),
            whole: times.iter().filter_map(|time| time.whole).collect(),
            waits: screen.take_waits(),
        }
    }

    fn add(&mut self, more: Self) {
        self.ui.extend(more.ui);
        self.whole.extend(more.whole);
        self.waits.extend(more.waits);
    }

    fn summed_up(&self) -> [Option<FrameTimes>; 3] {
        [&self.ui, &self.whole, &self.waits].map(|times| summed_up(times))
    }
}

fn do_step(screen: &mut Offscreen, step: &Step, folders: &Folders) -> Result<(), String> {
    let read = |path: &String| -> String {
        if path == load::BUILT_IN { path.clone() } else { folders.script.join(path).display().to_string() }
    };
    match step {
        Step::Open(files) => open(screen, &files.0.iter().map(read).collect::<Vec<_>>()),
        Step::Attach(paths) => {
            let paths = paths.0.iter().map(read).collect();
            apply(screen, [Command::Attach(Some(paths))])
        }
        Step::Close(_) => apply(screen, [Command::CloseCase]),
        Step::Select(keys) => {
            let store = store(screen)?;
            let events: Result<Vec<_>, _> = keys.0.iter().map(|key| choose::event(store, key)).collect();
            let command = match events?.as_slice() {
                [] => SelectCommand::None,
                [one] => SelectCommand::Event(*one),
                several => SelectCommand::Many(several.to_vec()),
            };
            apply(screen, [command])
        }
        Step::Claim(choice) => {
            let primary = screen.app().state.primary();
            let event = primary.ok_or("a claim is chosen, but no event is selected")?;
            let claim = choose::claim(store(screen)?, event, choice)?;
            apply(screen, [SelectCommand::Claim(event, claim)])
        }
        Step::Filter(spec) => filter(screen, spec),
        Step::Window(None) => apply(screen, [TimeCommand::Window(None)]),
        Step::Window(Some(window)) => {
            time::parse_edtf(window).map_err(|err| err.to_string())?;
            apply(screen, [TimeCommand::Typed(window.clone())])
        }
        Step::Certainly(certainly) => {
            use crate::store::filter::WindowMode::{Certainly, Possibly};
            apply(screen, [TimeCommand::Mode(if *certainly { Certainly } else { Possibly })])
        }
        Step::FlyTo([lat, lon, zoom]) => {
            let center =
                LatLon::new(*lat, *lon).ok_or_else(|| format!("{lat}, {lon} is nowhere on Earth"))?;
            apply(screen, [MapCommand::FlyTo { center, zoom: *zoom }])
        }
        Step::Key(key) => {
            let (key, modifiers) = parse_key(key)?;
            screen.key(key, modifiers);
            settled(screen)
        }
        Step::Type(text) => {
            screen.type_text(text);
            settled(screen)
        }
        Step::Click(target) => {
            let pos = place(screen, target)?;
            screen.click(pos);
            settled(screen)
        }
        Step::Hover(target) => {
            let pos = place(screen, target)?;
            screen.event(egui::Event::PointerMoved(pos));
            screen.frame();
            settled(screen)
        }
        Step::Drag(drag) => {
            screen.drag(drag.from.into(), drag.to.into(), drag.frames.clamp(1, MAX_FRAMES));
            settled(screen)
        }
        Step::Scroll(scroll) => {
            screen.scroll(scroll.at.into(), Vec2::from(scroll.by), scroll.frames.min(MAX_FRAMES));
            settled(screen)
        }
        Step::Play(play) => {
            screen.push(TimeCommand::Play(*play));
            screen.frame();
            Ok(())
        }
        Step::Step(direction) => {
            let direction = match direction {
                StepDirection::Forward => Direction::Forward,
                StepDirection::Back => Direction::Backward,
            };
            apply(screen, [TimeCommand::Step(direction)])
        }
        Step::StepBy(name) => {
            let all = state::Step::ALL.map(state::Step::name);
            let step = state::Step::from_name(name).ok_or_else(|| unknown("step", name, &all))?;
            apply(screen, [TimeCommand::SetStep(step)])
        }
        Step::Action(name) => {
            let action = state::actions::action(name).ok_or_else(|| {
                let all: Vec<&str> = state::actions().iter().map(|action| action.name).collect();
                unknown("action", name, &all)
            })?;
            if !action.enabled(&screen.app().state) {
                return Err(format!("the action “{name}” cannot be done now"));
            }
            apply(screen, [action.command.clone()])
        }
        Step::Frames(frames) => {
            (0..(*frames).min(MAX_FRAMES)).for_each(|_| screen.frame());
            Ok(())
        }
        Step::WaitSecs(secs) => {
            let frames = (secs.clamp(0.0, 1e6) / FRAME_SECS).ceil() as u32;
            (0..frames.min(MAX_FRAMES)).for_each(|_| screen.frame());
            Ok(())
        }
        Step::Shot(path) => {
            let image = screen.picture()?;
            let (width, height) = image.dimensions();
            let path = out_path(folders, path)?;
            write_png(&path, width, height, image.as_raw()).map_err(|err| err.to_string())
        }
        Step::Export(spec) => {
            let format = [ExportFormat::Csv, ExportFormat::GeoJson, ExportFormat::Png]
                .into_iter()
                .find(|format| format.extension() == spec.format)
                .ok_or_else(|| unknown("format", &spec.format, &["csv", "geojson", "png"]))?;
            let scope = match spec.scope.as_str() {
                "visible" => ExportScope::Visible,
                "selected" => ExportScope::Selected,
                "all" => ExportScope::All,
                other => return Err(unknown("scope", other, &["visible", "selected", "all"])),
            };
            let path = Some(out_path(folders, &spec.path)?.display().to_string());
            apply(screen, [Command::Export { format, scope, path }])
        }
        Step::Theme(name) => {
            let theme = match name.as_str() {
                "dark" => ThemeChoice::Dark,
                "light" => ThemeChoice::Light,
                other => return Err(unknown("theme", other, &["dark", "light"])),
            };
            apply(screen, [ViewCommand::Theme(theme)])
        }
        Step::Lang(code) => apply(screen, [ViewCommand::Lang(lang(code)?)]),
        Step::LabelLang(code) => apply(screen, [ViewCommand::LabelLang(lang(code)?)]),
        Step::Document(key) => {
            let document = choose::document(store(screen)?, key)?;
            apply(screen, [TextCommand::Show(document)])
        }
        Step::Form(name) => {
            let form = match name.as_str() {
                "original" => TextForm::Original,
                "brief" => TextForm::Brief,
                other => return Err(unknown("form", other, &["original", "brief"])),
            };
            apply(screen, [TextCommand::Form(form)])
        }
        Step::Dialog(name) => {
            let command = name.as_deref().map(dialog_command).transpose()?;
            apply(screen, [command.unwrap_or(ViewCommand::Dialog(None).into())])
        }
        Step::Size(size) => {
            if !size.iter().all(|side| (100.0..=8192.0).contains(side)) {
                return Err("the size must lie in 100–8192 points".to_owned());
            }
            screen.harness().set_size(Vec2::from(*size));
            screen.frame();
            settled(screen)
        }
        Step::Expect(expect) => check(screen, expect, folders),
    }
}

/// Does commands in a frame whose time counts, then lets the window come to rest.
fn apply<C: Into<Command>>(
    screen: &mut Offscreen,
    commands: impl IntoIterator<Item = C>,
) -> Result<(), String> {
    commands.into_iter().for_each(|command| screen.push(command));
    screen.frame();
    settled(screen)
}

fn settled(screen: &mut Offscreen) -> Result<(), String> {
    if !screen.settle() {
        return Err(format!("work is still going on after {} s", super::WORK_LIMIT.as_secs()));
    }
    screen.error().map_or(Ok(()), Err)
}

fn open(screen: &mut Offscreen, files: &[String]) -> Result<(), String> {
    let named = load::sort(files)?;
    if let Some((_, reason)) = named.refused.first() {
        return Err(reason.clone());
    }
    match named.case {
        Some(load::CasePath::BuiltIn) => {
            apply(screen, [Command::CloseCase, Command::Open(OpenTarget::BuiltIn)])?;
        }
        Some(load::CasePath::Folder { named, .. } | load::CasePath::Table(named)) => {
            apply(screen, [Command::Open(OpenTarget::Instead(vec![named]))])?;
        }
        None => {}
    }
    for more in named.more {
        settled(screen)?;
        match more {
            load::CasePath::BuiltIn => apply(screen, [Command::Open(OpenTarget::BuiltIn)])?,
            load::CasePath::Folder { named, .. } | load::CasePath::Table(named) => {
                apply(screen, [Command::Open(OpenTarget::Paths(vec![named]))])?;
            }
        }
    }
    if !named.maps.is_empty() {
        apply(screen, [Command::Open(OpenTarget::Paths(named.maps))])?;
    }
    if !named.texts.is_empty() {
        apply(screen, [Command::Attach(Some(named.texts))])?;
    }
    Ok(())
}

fn filter(screen: &mut Offscreen, spec: &FilterSpec) -> Result<(), String> {
    let present = screen.app().state.view.filter.clone();
    let store = store(screen)?;
    let has_window = spec.window.is_some() || spec.from.is_some() || spec.to.is_some();
    let wanted = if has_window {
        choose::filter(store, spec)?
    } else {
        // “Certainly” is then about the window that stays.
        let mut wanted = choose::filter(store, &FilterSpec { certainly: false, ..spec.clone() })?;
        wanted.window = present.window;
        if spec.certainly {
            wanted.window_mode = crate::store::filter::WindowMode::Certainly;
        }
        wanted
    };
    apply(screen, filter_commands(&wanted))
}

fn store(screen: &mut Offscreen) -> Result<&Store, String> {
    screen.app().state.store().ok_or_else(|| "no case is open".to_owned())
}

fn place(screen: &mut Offscreen, target: &Target) -> Result<Pos2, String> {
    match target {
        Target::At(pos) => Ok((*pos).into()),
        Target::Label(label) => {
            let rect = screen.find(label)?;
            let window = screen.harness().ctx.content_rect();
            // Of a widget that is partly scrolled away, the part that is seen.
            let seen = rect.intersect(window);
            if seen.is_positive() {
                Ok(seen.center())
            } else {
                Err(format!("“{label}” is out of the window"))
            }
        }
    }
}

fn out_path(folders: &Folders, path: &str) -> Result<PathBuf, String> {
    let path = folders.out.join(path);
    script::make_folder(path.parent().unwrap_or(Path::new("")))?;
    Ok(path)
}

fn lang(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| unknown("language", code, &Lang::ALL.map(Lang::code)))
}

fn unknown(what: &str, value: &str, known: &[&str]) -> String {
    format!("no {what} is named “{value}”; there are {}", known.join(", "))
}

/// A key with modifiers: `Ctrl+Shift+ArrowRight`.
fn parse_key(text: &str) -> Result<(egui::Key, Modifiers), String> {
    let mut modifiers = Modifiers::NONE;
    let mut parts: Vec<&str> = text.split('+').collect();
    let name = parts.pop().unwrap_or_default();
    for part in parts {
        modifiers |= match part.to_ascii_lowercase().as_str() {
            "ctrl" => Modifiers::CTRL | Modifiers::COMMAND,
            "shift" => Modifiers::SHIFT,
            "alt" => Modifiers::ALT,
            other => return Err(unknown("modifier", other, &["Ctrl", "Shift", "Alt"])),
        };
    }
    let key = egui::Key::from_name(name).ok_or_else(|| format!("no key is named “{name}”"))?;
    Ok((key, modifiers))
}

/// Compares what is expected with what is so; the error names all differences.
fn check(screen: &mut Offscreen, expect: &Expect, folders: &Folders) -> Result<(), String> {
    let Expect {
        total,
        shown,
        undated,
        outside_window,
        filtered_out,
        unplaced,
        selected,
        claim,
        document,
        window,
        hits,
        text_contains,
        problems,
        attached,
        playing,
        dialog,
        file,
    } = expect;
    let mut differences = Differences::default();
    for text in text_contains.iter().flat_map(|texts| &texts.0) {
        if !screen.says(text) {
            differences.add("text_contains", format!("“{text}”"), "no widget that says so");
        }
    }
    let app = screen.app();
    let view = &app.state.view;
    let trays = &app.derived.trays;
    let store = app.state.store();
    let key_of = |id: &_| store.and_then(|s| s.detail(*id)).map_or_else(String::new, |d| d.key.clone());
    differences.compare("total", total, &store.map_or(0, Store::num_events));
    differences.compare("shown", shown, &trays.shown);
    differences.compare("undated", undated, &trays.undated);
    differences.compare("outside_window", outside_window, &trays.outside_window);
    differences.compare("filtered_out", filtered_out, &trays.filtered_out);
    differences.compare("unplaced", unplaced, &trays.unplaced);
    differences.compare("selected", selected, &view.selection.events.iter().map(key_of).collect());
    differences.compare("claim", claim, &view.selection.claim.map(|claim| claim + 1));
    let shown_document = view.document.and_then(|id| Some(store?.document(id)?.key.clone()));
    differences.compare("document", document, &shown_document.unwrap_or_default());
    if let Some(window) = window {
        let parse = |text: &String| time::parse_edtf(text).map(|when| when.interval);
        let wanted = window.as_ref().map(parse).transpose().map_err(|err| err.to_string())?;
        if wanted != view.filter.window {
            let words = |w: Option<crate::model::Interval>| {
                w.map_or_else(|| "no window".to_owned(), crate::model::Interval::to_edtf)
            };
            differences.add("window", words(wanted), words(view.filter.window));
        }
    }
    let num_documents = store.map_or(0, |store| store.documents.len());
    let found = (0..num_documents).map(DocumentId::from_index).filter_map(|document| {
        app.state.shown_form(document).map(|form| app.derived.found.hits(document, form).len())
    });
    differences.compare("hits", hits, &found.sum());
    differences.compare("problems", problems, &store.map_or(0, |store| store.problems.len()));
    let have = store.map_or(0, |store| store.documents.iter().filter(|d| d.attached.is_some()).count());
    differences.compare("attached", attached, &have);
    differences.compare("playing", playing, &view.playback.playing);
    differences.compare("dialog", dialog, &view.dialog.as_ref().map(dialog_name));
    if let Some(file) = file {
        check_file(file, folders, &mut differences);
    }
    differences.into_result()
}

fn check_file(expect: &ExpectFile, folders: &Folders, differences: &mut Differences) {
    let ExpectFile { path, lines, contains, pixels } = expect;
    let at = folders.out.join(path);
    if let Some(pixels) = pixels {
        match script::read_png_size(&at) {
            Ok(found) => differences.compare("pixels", &Some(*pixels), &found),
            Err(err) => differences.add("file", format!("a picture {path}"), err),
        }
        return;
    }
    match script::read_text(&at) {
        Ok(text) => {
            differences.compare("lines", lines, &text.lines().count());
            for wanted in contains.0.iter().filter(|wanted| !text.contains(wanted.as_str())) {
                differences.add("contains", format!("“{wanted}”"), format!("no such text in {path}"));
            }
        }
        Err(err) => differences.add("file", path.clone(), err),
    }
}

/// What was expected and is not so.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn add(&mut self, name: &str, wanted: impl std::fmt::Display, found: impl std::fmt::Display) {
        self.0.push(format!("{name}: wanted {wanted}, found {found}"));
    }

    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, wanted: &Option<T>, found: &T) {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| *wanted != found) {
            self.add(name, format!("{wanted:?}"), format!("{found:?}"));
        }
    }

    fn into_result(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.join("; ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_their_modifiers() {
        assert_eq!(parse_key("F3"), Ok((egui::Key::F3, Modifiers::NONE)));
        assert_eq!(parse_key("Ctrl+F"), Ok((egui::Key::F, Modifiers::CTRL | Modifiers::COMMAND)));
        assert_eq!(parse_key("shift+ArrowRight"), Ok((egui::Key::ArrowRight, Modifiers::SHIFT)));
        assert!(parse_key("Ctrl+Nope").is_err());
        assert!(parse_key("Hyper+F").is_err());
    }

    #[test]
    fn differences_name_what_was_wanted_and_found() {
        let mut differences = Differences::default();
        differences.compare("shown", &Some(12), &55);
        differences.compare("problems", &None, &3);
        differences.compare("playing", &Some(true), &true);
        assert_eq!(differences.into_result(), Err("shown: wanted 12, found 55".to_owned()));
    }
}
