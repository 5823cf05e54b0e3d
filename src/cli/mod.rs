//! The command line: the window, and what needs none.
//!
//! Invariants: exit status 0 (done), 1 (the work failed) or 2 (the command line makes no sense);
//! with `--json`, standard output holds one JSON document and nothing else; messages go to standard
//! error. Texts are printed in logical order; putting Arabic in visual order is the terminal's.

mod args;
mod convert;
mod generate;
mod icon;
mod log;
mod print;
mod trace;
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use crate::app::Start;
use crate::headless::choose;
use crate::headless::load::{self, Choices, LoadError, Loaded};
use crate::headless::replay::{self, Folders};
use crate::headless::rows::narrowed;
use crate::headless::shot::{Drawn, Shot, ShotError, shoot};
use crate::io::script::{ClaimChoice, read_script};
use crate::io::{figures, process, report, write_png};
use crate::model::Problem;
use crate::model::document::TextForm;
use crate::model::report::one_line;
use crate::state::{Settings, ThemeChoice};
use args::{CommandLine, Files, InfoArgs, QueryArgs, ReplayArgs, ShotArgs, Verb};

/// Most problems that are told one by one on standard error; `info --json` has them all.
const MAX_TOLD: usize = 50;

/// Most findings of a file of events that are told one by one.
const MAX_TOLD_ROWS: usize = 20;
/// Rows up to which figures of datasets are told without being asked for.
const MAX_FIGURED: usize = 250_000;

/// Runs the program.
pub fn main() -> ExitCode {
    let begun = Instant::now();
    let line = CommandLine::parse();
    log::start();
    let done = match line.verb {
        None => window::open(&line.files),
        Some(Verb::Info(args)) => info(*args, begun),
        Some(Verb::Query(args)) => query(*args, begun),
        Some(Verb::Convert(args)) => convert::convert(*args, begun),
        Some(Verb::Shot(args)) => shot(*args),
        Some(Verb::Replay(args)) => replay(args),
        Some(Verb::Generate(args)) => generate::generate(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Work(message)) => {
            tell(&message);
            ExitCode::FAILURE
        }
        Err(Failure::Usage(message)) => {
            tell(&message);
            ExitCode::from(2)
        }
        Err(Failure::Told) => ExitCode::FAILURE,
    }
}

/// Why the program ends with another status than 0.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Failure {
    Work(String),
    Usage(String),
    /// The work failed, and all that is to say about it was said.
    Told,
}

/// Says something on standard error.
fn tell(message: &str) {
    eprintln!("waqai: {}", one_line(message));
}

fn info(args: InfoArgs, begun: Instant) -> Result<(), Failure> {
    let InfoArgs { files, import, column, figures, json } = args;
    let Loaded { store, from, .. } = load(&files, &import.into_choices(), false)?;
    let mut info = report::info(&store, from.name());
    let rows: usize = store.tables.iter().map(|table| table.rows.len()).sum();
    if figures || rows <= MAX_FIGURED {
        info.figures = figures::figures(&store);
    }
    for name in column {
        let told = figures::column(&store, &name).map_err(Failure::Usage)?;
        info.columns.insert(name, told);
    }
    info.effort = effort(begun);
    if json {
        print_json(report::to_json(&info))?
    } else {
        print::out(&print::info(&info))?
    }
    // The process ends here: taking down a million rows one by one would only take time.
    std::mem::forget(store);
    Ok(())
}

/// What the work took so far.
fn effort(begun: Instant) -> report::Effort {
    let elapsed_ms = (begun.elapsed().as_secs_f64() * 1e4).round() / 10.0;
    report::Effort { elapsed_ms, peak_memory_kib: process::memory().map(|memory| memory.peak_kib) }
}

fn query(args: QueryArgs, begun: Instant) -> Result<(), Failure> {
    let QueryArgs { files, import, filter, rows, document, limit, json } = args;
    let Loaded { store, from, .. } = load(&files, &import.into_choices(), true)?;
    let filter = choose::filter(&store, &filter.into_spec(document)).map_err(Failure::Usage)?;
    let (state, derived) = load::view(store, &from, filter);
    let Some(store) = state.store() else { return Err(Failure::Told) };
    let (mut trays, mut events) = (derived.trays, derived.by_time.clone());
    let rows = rows.into_filter();
    if !rows.is_empty() {
        events = rows.apply(store, &events).map_err(Failure::Usage)?;
        trays = narrowed(&trays, store, &events);
    }
    let mut result = report::query(store, &trays, &events, limit.unwrap_or(usize::MAX));
    result.effort = effort(begun);
    if json { print_json(report::to_json(&result)) } else { print::out(&print::query(&result)) }
}

fn print_json(json: Result<String, String>) -> Result<(), Failure> {
    print::out(&json.map_err(Failure::Work)?)
}

/// The case among the files; what could not be read is told.
fn load(files: &Files, choices: &Choices, in_time_order: bool) -> Result<Loaded, Failure> {
    match load::load(&files.files, &files.documents, choices, in_time_order) {
        Ok(loaded) => {
            loaded.notes.iter().for_each(|note| tell(note));
            tell_problems(&loaded.store.problems);
            for table in &loaded.store.tables {
                // A few of each kind are enough here; the report has them all.
                table.report.problems(MAX_TOLD_ROWS).iter().for_each(|problem| tell(&problem.to_string()));
            }
            Ok(loaded)
        }
        Err(LoadError::Usage(message)) => Err(Failure::Usage(message)),
        Err(LoadError::Nothing(reasons)) => {
            reasons.iter().take(MAX_TOLD).for_each(|reason| tell(reason));
            Err(Failure::Told)
        }
    }
}

/// Says what could not be read.
fn tell_problems(problems: &[Problem]) {
    problems.iter().take(MAX_TOLD).for_each(|problem| tell(&problem.to_string()));
    if problems.len() > MAX_TOLD {
        tell(&format!("{} more problems; `waqai info --json` has them all", problems.len() - MAX_TOLD));
    }
}

fn shot(args: ShotArgs) -> Result<(), Failure> {
    let ShotArgs {
        mut files,
        out,
        documents,
        size,
        scale,
        light,
        dark: _,
        lang,
        label_lang,
        welcome,
        select,
        claim,
        play_at,
        document,
        original,
        brief,
        center,
        zoom,
        dialog,
        filter,
        only_document,
    } = args;
    let out = out.or_else(|| files.pop()).ok_or_else(|| {
        Failure::Usage("no picture is named; `waqai shot` needs the PNG file to write".to_owned())
    })?;
    if !Path::new(&out).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
        return Err(Failure::Usage(format!("the picture must be a .png file, not “{out}”")));
    }
    let named = load::sort(&files).map_err(Failure::Usage)?;
    if let Some((_, reason)) = named.refused.first() {
        return Err(Failure::Work(reason.clone()));
    }
    let default = Settings::default();
    let settings = Settings {
        theme: if light { ThemeChoice::Light } else { ThemeChoice::Dark },
        lang: lang.unwrap_or(default.lang),
        label_lang: label_lang.or(lang).unwrap_or(default.label_lang),
        ..default
    };
    let mut start = Start { settings, ephemeral: true, empty: welcome, ..Start::default() };
    window::take_files(&mut start, named);
    start.documents.extend(documents);
    let shot = Shot {
        start,
        case: None,
        size,
        scale,
        filter: filter.into_spec(only_document),
        select,
        claim: claim.map(ClaimChoice::Key),
        play_at,
        document,
        form: if brief { Some(TextForm::Brief) } else { original.then_some(TextForm::Original) },
        camera: center.zip(zoom),
        dialog,
    };
    let Drawn { image, problems, .. } = shoot(shot).map_err(|err| match err {
        ShotError::Usage(message) => Failure::Usage(message),
        ShotError::Failed(message) => Failure::Work(message),
    })?;
    tell_problems(&problems);
    let (width, height) = image.dimensions();
    write_png(Path::new(&out), width, height, image.as_raw()).map_err(|err| Failure::Work(err.to_string()))
}

fn replay(args: ReplayArgs) -> Result<(), Failure> {
    let ReplayArgs { script: name, json, out, max_p95_ms, max_frame_p95_ms, max_frame_median_ms } = args;
    let path = Path::new(&name);
    let script = read_script(path).map_err(Failure::Work)?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let (report, problems) =
        replay::run(&name, &script, &Folders { script: folder, out: PathBuf::from(out) });
    tell_problems(&problems);
    if json {
        print_json(report::to_json(&report))?
    } else {
        print::out(&print::replay(&report))?
    }
    if let Some(failure) = &report.failure {
        let report::ReplayFailure { number, step, message } = failure;
        return Err(Failure::Work(if *number == 0 {
            message.clone()
        } else {
            format!("step {number} failed: {step}: {message}")
        }));
    }
    let limits = [
        (
            "frames are too slow without their drawing",
            "95 of 100",
            max_p95_ms,
            report.total.map(|t| t.p95_ms),
        ),
        ("frames are too slow", "95 of 100", max_frame_p95_ms, report.total_whole.map(|t| t.p95_ms)),
        ("frames are too slow", "half of them", max_frame_median_ms, report.total_whole.map(|t| t.median_ms)),
    ];
    for (what, share, limit, found) in limits {
        let Some(limit) = limit else { continue };
        let Some(found) = found else {
            return Err(Failure::Work("no frame was timed as it would have to be for a limit".to_owned()));
        };
        if found > limit {
            return Err(Failure::Work(format!(
                "{what}: {share} take up to {found} ms, and {limit} ms are allowed"
            )));
        }
    }
    Ok(())
}
