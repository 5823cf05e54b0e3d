//! Tables of events: delimited text, read on all cores straight into columns.
//!
//! The text is a file (mapped, [`crate::io::mapped`]) or what a container was turned into
//! ([`crate::io::import::Grid`]). It is cut into stretches by its length alone. Every core takes the next
//! stretch, guesses where its first record begins and reads it; whoever finishes puts all stretches
//! together whose turn it is. A stretch whose guess was wrong (the one before ends elsewhere) is read
//! again from the right place. So the bytes are gone through once, and the result is the same for any
//! number of cores.
//!
//! What columns and values mean is said by [`Settings`]; nothing here knows names of columns.
//! What the columns of the store do not hold stays in the text (`records::FileRecords`).
//!
//! Bad input costs what is bad and nothing else. Every record is an event, or is told with the reason
//! why it is none; every field that is not taken as it stands is told too (`found::Found`). A file that
//! becomes shorter while it is read gives the rows that are left, and says so.

mod found;
mod merge;
mod names;
mod observe;
mod odd;
mod plan;
mod preview;
mod records;
mod repeats;
mod row;
mod segment;
mod split;
mod told;
mod twice;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::model::import::{Detected, Finding, Issue, Outcome, Remedy, Report, Setting, Settings, Sureness};
use crate::store::Store;

use super::import::Grid;
use super::mapped::Mapped;
use super::{Continue, Progress};
pub use merge::as_written;
use merge::{About, Builder};
pub use observe::{Observed, observe};
use plan::Plan;
pub use preview::{row_at, rows as preview_rows};
use records::FileRecords;
use segment::{Dictionaries, Part, Reader};
pub use split::{Fields, MAX_FIELDS, Marks};
pub use twice::{is_double, undone};

/// Rows of the first store that is handed out while reading goes on; each further one has this many
/// times more.
const FIRST_ROWS: usize = 50_000;
const GROWTH: usize = 4;
/// Texts up to this length are looked at whole: bytes that are no text and control characters are told
/// in every field. In longer ones it would take a good part of the time that reading takes, and only
/// those in names are told.
const THOROUGH_BYTES: usize = 32 << 20;
/// Stands for a column that there is not.
const NONE: usize = usize::MAX;

/// How a table is read, and who is told.
pub struct Reading<'a> {
    /// Rows are put in order of time. Who only counts them need not wait for it.
    pub in_time_order: bool,
    /// Told from any core, one call at a time. The numbers are rows; their total is an estimate.
    pub progress: &'a (dyn Fn(Progress) -> Continue + Sync),
    /// Takes whole stores of the rows so far, without findings, while reading goes on.
    pub grown: Option<&'a (dyn Fn(Store) + Sync)>,
}

/// A text that can be read as a table.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the user would name it, and the path as the user gave it.
    pub name: String,
    pub path: String,
    pub text: Arc<Mapped>,
    pub marks: Marks,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Where the first record begins.
    pub start: usize,
    pub places: Places,
    /// Rows before the first record that are no events and no header, and what the reader of a
    /// container found.
    pub findings: Vec<(Issue, Finding)>,
    /// Why a container was not read to its end, as a sentence.
    pub cut_short: Option<String>,
    /// Bytes of the file itself.
    pub file_bytes: u64,
}

/// How records are called.
#[derive(Clone, Debug)]
pub enum Places {
    /// By their line.
    Lines,
    /// By what a container calls its rows; the grid's own text is empty, as [`Source::text`] holds it.
    Rows(Arc<Grid>),
}

/// A table that was read.
#[derive(Clone, Debug)]
pub struct Imported {
    pub store: Store,
    pub report: Arc<Report>,
}

/// Reads a table as `detected.settings` say.
///
/// Stopped early, it returns the rows so far with a report that says so.
pub fn read(source: &Source, detected: &Detected, reading: &Reading<'_>) -> Imported {
    let settings = &detected.settings;
    let mut len = source.text.bytes().len();
    let mut dropped: Vec<u64> = Vec::new();
    let mut is_searched = !settings.has(Remedy::DropRepeatedRows) && !settings.has(Remedy::KeepLastOfId);
    // Each turn but the last finds the text shorter than the one before, or first what to leave out.
    loop {
        let start = source.start.min(len);
        let bytes = source.text.bytes().get(..len).unwrap_or_default();
        let records = FileRecords {
            file: source.text.clone(),
            marks: source.marks,
            header: source.columns.clone(),
            notes: settings.column_of(crate::model::import::Field::Notes),
            len,
        };
        let mut report = report(source, detected);
        let mut about = About {
            name: source.name.clone(),
            path: source.path.clone(),
            roles: plan::roles(settings),
            records: Arc::new(records),
            report: Arc::new(report.clone()),
        };
        let reader = Reader {
            bytes,
            marks: source.marks,
            columns: &source.columns,
            num_fields: source.columns.len(),
            plan: Plan::of(settings, is_order_known(detected)),
            is_thorough: len <= THOROUGH_BYTES,
            dropped: &dropped,
        };
        let quiet = Reading { grown: None, ..*reading };
        let rows =
            read_rows(source, start, &reader, &about, settings, if is_searched { reading } else { &quiet });
        let present = source.text.present_len();
        if present < len {
            len = present;
            continue;
        }
        let Rows { mut builder, stopped } = rows;
        let (done, num_rows) = (builder.next, builder.num_rows());
        let mut found = std::mem::take(&mut builder.found);
        let hashes = std::mem::take(&mut builder.hashes);
        let copies = repeats::find(&reader, &hashes, |row| builder.offset_of(row), &mut found);
        if !is_searched && !stopped {
            is_searched = true;
            if settings.has(Remedy::DropRepeatedRows) {
                dropped.extend(copies.repeated);
            }
            if settings.has(Remedy::KeepLastOfId) {
                dropped.extend(copies.earlier);
            }
            dropped.sort_unstable();
            dropped.dedup();
            if !dropped.is_empty() {
                continue;
            }
        }
        let of_source =
            source.findings.iter().filter(|(issue, _)| issue.outcome() == Outcome::LeftOut).count();
        report.events = num_rows as u64;
        report.left_out = builder.left_out + of_source as u64;
        report.rows = report.events + report.left_out;
        report.with_gaps = builder.with_gaps;
        (report.undated, report.unplaced) = builder.num_missing();
        report.findings = told::findings(source, bytes, &found);
        report.sort();
        if stopped {
            let total = estimate(num_rows, done.saturating_sub(start), len.saturating_sub(start));
            report.cut_short = Some(format!(
                "Reading was stopped after {num_rows} of about {total} rows; the others are left out."
            ));
        }
        if source.text.damaged() || len < source.text.bytes().len() {
            report.cut_short = Some(
                "The file became shorter while it was read; only the rows that are left were read."
                    .to_owned(),
            );
        }
        let report = Arc::new(report);
        about.report = report.clone();
        let store = builder.finish(about, reading.in_time_order);
        return Imported { store, report };
    }
}

/// A report in which nothing is counted yet.
pub fn report(source: &Source, detected: &Detected) -> Report {
    Report {
        file: source.name.clone(),
        bytes: source.file_bytes,
        detected: detected.clone(),
        rows: 0,
        events: 0,
        undated: 0,
        unplaced: 0,
        with_gaps: 0,
        left_out: 0,
        findings: Vec::new(),
        cut_short: source.cut_short.clone(),
    }
}

/// Whether dates tell day from month, or a user did.
pub fn is_order_known(detected: &Detected) -> bool {
    detected.evidence_of(Setting::Dates).is_none_or(|evidence| evidence.sureness != Sureness::Guess)
}

/// Rows as far as they were read.
struct Rows {
    builder: Builder,
    stopped: bool,
}

/// Stretches that were read and wait for those before them.
#[derive(Default)]
struct Waiting {
    parts: BTreeMap<usize, Part>,
    /// How many stretches were put together.
    taken: usize,
    /// Whether somebody is putting stretches together.
    busy: bool,
}

fn read_rows(
    source: &Source,
    start: usize,
    reader: &Reader<'_>,
    about: &About,
    settings: &Settings,
    reading: &Reading<'_>,
) -> Rows {
    let (file, len) = (&source.text, reader.bytes.len());
    let stretches = segment::stretches(start, len);
    let cores = rayon::current_num_threads().min(stretches.len());
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let waiting = Mutex::new(Waiting::default());
    let growing = Mutex::new((Builder::new(start, cores, settings, &reader.plan), FIRST_ROWS));

    // Puts stretches together as long as it is the turn of one that was read.
    let take_turns = || loop {
        let (at, part) = {
            let Ok(mut waiting) = waiting.lock() else { return };
            let at = waiting.taken;
            match waiting.parts.remove(&at) {
                Some(part) if !stopped.load(Ordering::Relaxed) => {
                    waiting.taken += 1;
                    (at, part)
                }
                _ => {
                    waiting.busy = false;
                    return;
                }
            }
        };
        let (Ok(mut growing), Some(stretch)) = (growing.lock(), stretches.get(at)) else { return };
        let (builder, wanted) = &mut *growing;
        builder.take(part, stretch.end, reader);
        let (seen, all) = (builder.next.saturating_sub(start), len.saturating_sub(start));
        if at == 0 {
            builder.reserve(seen, all.saturating_sub(seen));
        }
        let rows = builder.num_rows();
        let is_last = at + 1 == stretches.len();
        // What is nearly complete is worth waiting for.
        let is_early = seen < all - all / 3;
        if is_early
            && let Some(grown) = reading.grown
            && rows >= *wanted
        {
            *wanted = rows.saturating_mul(GROWTH);
            grown(builder.store_so_far(about));
        }
        let total = if is_last { rows } else { estimate(rows, seen, all) };
        let progress = Progress { done: rows as u64, total: total as u64, what: about.name.clone() };
        if (reading.progress)(progress) == Continue::No && !is_last {
            stopped.store(true, Ordering::Relaxed);
        }
    };
    rayon::scope(|scope| {
        for core in 0..cores {
            let (next, stopped, waiting, stretches) = (&next, &stopped, &waiting, &stretches);
            let take_turns = &take_turns;
            scope.spawn(move |_| {
                let mut dictionaries = Dictionaries::default();
                while !stopped.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(stretch) = stretches.get(at) else { return };
                    file.will_read(stretch.clone());
                    let start = if at == 0 { Some(start) } else { reader.guess(stretch.start) };
                    let part = match start {
                        Some(start) => reader.part(start, stretch.end, core, &mut dictionaries),
                        // Read when it is known where the stretch before ends.
                        None => Part { core, start: usize::MAX, ..Part::default() },
                    };
                    if !reading.in_time_order {
                        file.was_read(stretch.clone());
                    }
                    let is_free = waiting.lock().is_ok_and(|mut waiting| {
                        waiting.parts.insert(at, part);
                        !std::mem::replace(&mut waiting.busy, true)
                    });
                    if is_free {
                        take_turns();
                    }
                }
            });
        }
    });
    let (builder, _) = growing.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Rows { builder, stopped: stopped.into_inner() }
}

/// About how many rows a table has, by those of its beginning; a round number.
fn estimate(rows: usize, seen: usize, all: usize) -> usize {
    let rows = rows as f64 * (all as f64 / seen.max(1) as f64);
    let unit = 10f64.powf((rows.max(1.0).log10() - 2.0).floor().max(0.0));
    ((rows / unit).round() * unit) as usize
}
