//! Tables of events: a delimited file with a header row, read on all cores straight into columns.
//!
//! The file is mapped and cut into stretches by its length alone. Every core takes the next stretch,
//! guesses where its first record begins and reads it; whoever finishes puts all stretches together
//! whose turn it is. A stretch whose guess was wrong (the one before ends elsewhere) is read again from
//! the right place. So the bytes are gone through once, and the result is the same for any number of
//! cores.
//!
//! What the columns do not hold stays in the file ([`records::FileRecords`]).
//!
//! Bad input costs what is bad and nothing else: a field that cannot be read is a warning with its
//! line and leaves the rest of the row; a row that is no event is an error. A file that becomes shorter
//! while it is read gives the rows that are left, and an error.

mod mapping;
mod merge;
mod names;
mod records;
mod segment;
mod split;
mod values;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::model::Problem;
use crate::model::report::shorten;
use crate::store::Store;

use super::files::MAX_FILE_BYTES;
use super::mapped::Mapped;
use super::{Continue, Progress, text};
use mapping::{Mapping, Missing};
pub use merge::as_written;
use merge::{About, Builder};
use records::FileRecords;
use segment::{Dictionaries, Part, Reader};
use split::{Dialect, Fields, MAX_FIELDS, unquoted};

/// Rows of the first store that is handed out while reading goes on; each further one has this many
/// times more.
const FIRST_ROWS: usize = 50_000;
const GROWTH: usize = 4;

/// How a table is read, and who is told.
pub struct Reading<'a> {
    /// Rows are put in order of time. Who only counts them need not wait for it.
    pub in_time_order: bool,
    /// Told from any core, one call at a time. The numbers are rows; their total is an estimate.
    pub progress: &'a (dyn Fn(Progress) -> Continue + Sync),
    /// Takes whole stores of the rows so far, without problems, while reading goes on.
    pub grown: Option<&'a (dyn Fn(Store) + Sync)>,
}

/// Reads a table. An error is one sentence that names the file.
///
/// Stopped early, it returns the rows so far with a problem that says so.
pub fn read_table(path: &Path, reading: &Reading<'_>) -> Result<Store, String> {
    let name =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let mut file = Mapped::open(path).map_err(|err| format!("“{name}” cannot be opened: {err}."))?;
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = file.bytes() {
        if file.bytes().len() as u64 > MAX_FILE_BYTES {
            return Err(format!(
                "“{name}” is UTF-16 and too large for it; save it as UTF-8 and open it again."
            ));
        }
        let (decoded, _) = text::decode(file.bytes())
            .map_err(|err| format!("“{name}” cannot be read: {} (byte {}).", err.reason, err.offset))?;
        file = Mapped::from_bytes(decoded.into_bytes());
    }
    let file = Arc::new(file);
    let mut len = file.bytes().len();
    // Each turn but the last finds the file shorter than the one before.
    loop {
        let head = Head::of(file.bytes().get(..len).unwrap_or_default(), &name)?;
        let records = FileRecords {
            file: file.clone(),
            dialect: head.dialect,
            header: head.header.clone(),
            notes: head.mapping.fields.notes,
            len,
        };
        let about = About {
            name: name.clone(),
            path: path.display().to_string(),
            roles: head.mapping.fields.clone(),
            records: Arc::new(records),
        };
        let rows = read_rows(&file, len, &head, &about, reading);
        let present = file.present_len();
        if present < len {
            len = present;
            continue;
        }
        let (done, rows_seen, is_stopped) = (rows.next, rows.num_rows(), rows.stopped);
        let (mut store, problems) = rows.builder.finish(about, reading.in_time_order);
        let bytes = file.bytes().get(..len).unwrap_or_default();
        store.problems = merge::told(&problems, bytes, head.dialect.terminator, &head.header, &name);
        if is_stopped {
            let total = estimate(rows_seen, done.saturating_sub(head.start), len.saturating_sub(head.start));
            let message = format!(
                "reading was stopped after {rows_seen} of about {total} rows; the others are left out"
            );
            store.problems.push(Problem::error(&name, "", "", message));
        }
        if file.damaged() || len < file.bytes().len() {
            let message = "the file became shorter while it was read; only the rows that are left were read";
            store.problems.push(Problem::error(&name, format!("byte {len}"), "", message));
        }
        return Ok(store);
    }
}

/// What the beginning of a table says.
#[derive(Clone, Debug)]
struct Head {
    dialect: Dialect,
    header: Vec<String>,
    mapping: Mapping,
    /// Where the first record begins.
    start: usize,
}

impl Head {
    fn of(bytes: &[u8], name: &str) -> Result<Self, String> {
        const HEAD_BYTES: usize = 1 << 20;
        let begin = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        if bytes.len() <= begin {
            return Err(format!("“{name}” is empty."));
        }
        let near = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
        let lines = memchr::memchr(b'\n', near).is_some() || memchr::memchr(b'\r', near).is_none();
        let terminator = if lines { b'\n' } else { b'\r' };
        let mut ends = Vec::new();
        let mut best: Option<(Dialect, Vec<usize>, usize)> = None;
        for delimiter in [b',', b';', b'\t'] {
            let dialect = Dialect { delimiter, terminator };
            let cut = dialect.split(bytes, begin, &mut ends);
            if best.as_ref().is_none_or(|(_, best, _)| ends.len() > best.len()) {
                best = Some((dialect, std::mem::take(&mut ends), cut.next));
            }
        }
        let Some((dialect, ends, start)) = best else { return Err(format!("“{name}” is empty.")) };
        if ends.len() > MAX_FIELDS {
            return Err(format!("“{name}” has more than {MAX_FIELDS} columns."));
        }
        let fields = Fields { bytes, start: begin, ends: &ends };
        let text = |raw: &[u8]| String::from_utf8_lossy(&unquoted(raw)).trim().to_owned();
        let header: Vec<String> = (0..ends.len()).map(|at| text(fields.raw(at))).collect();
        let mapping = Mapping::of(&header).map_err(|Missing(missing)| {
            let columns = shorten(&header.join(", "), 300);
            let missing = missing.join(" or for ");
            format!(
                "“{name}” is no table of events: it has no column for {missing}. Its columns are: {columns}."
            )
        })?;
        Ok(Self { dialect, header, mapping, start })
    }
}

/// Rows as far as they were read.
struct Rows {
    builder: Builder,
    next: usize,
    stopped: bool,
}

impl Rows {
    fn num_rows(&self) -> usize {
        self.builder.num_rows()
    }
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

fn read_rows(file: &Mapped, len: usize, head: &Head, about: &About, reading: &Reading<'_>) -> Rows {
    let bytes = file.bytes().get(..len).unwrap_or_default();
    let reader = Reader::new(bytes, head.dialect, head.header.len(), &head.mapping);
    let stretches = segment::stretches(head.start, len);
    let cores = rayon::current_num_threads().min(stretches.len());
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let waiting = Mutex::new(Waiting::default());
    let growing = Mutex::new((Builder::new(head.start, cores), FIRST_ROWS));

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
        builder.take(part, stretch.end, &reader);
        let (seen, all) = (builder.next.saturating_sub(head.start), len.saturating_sub(head.start));
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
            let (reader, take_turns) = (&reader, &take_turns);
            scope.spawn(move |_| {
                let mut dictionaries = Dictionaries::default();
                while !stopped.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(stretch) = stretches.get(at) else { return };
                    file.will_read(stretch.clone());
                    let start = if at == 0 { Some(head.start) } else { reader.guess(stretch.start) };
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
    Rows { next: builder.next, builder, stopped: stopped.into_inner() }
}

/// About how many rows a table has, by those of its beginning; a round number.
fn estimate(rows: usize, seen: usize, all: usize) -> usize {
    let rows = rows as f64 * (all as f64 / seen.max(1) as f64);
    let unit = 10f64.powf((rows.max(1.0).log10() - 2.0).floor().max(0.0));
    ((rows / unit).round() * unit) as usize
}
