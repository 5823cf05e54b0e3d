//! Files that were looked at and wait to be told how to be read.
//!
//! They are kept here, under numbers: the one who decides knows values only. Of each file the last count
//! that was asked for goes on; a new one stops it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::{Job, JobEvent, Jobs, spawn, subject};
use crate::io::import::{Allowance, ImportError, Opened, open};
use crate::io::{self, Continue, Progress, Reading};
use crate::model::import::{Detected, PreviewRow, Report, Settings};
use crate::store::sketch::Sketch;
use crate::store::table::Records;
use crate::store::{DatasetId, Store};

/// First rows, and rows with problems, that are shown before a file is read.
const PREVIEW_ROWS: usize = 50;

/// What jobs report about files that are not read yet.
#[derive(Debug)]
pub enum ImportEvent {
    Examined(Box<Examined>),
    Tried {
        file: u64,
        wish: u64,
        detected: Box<Detected>,
        preview: Vec<PreviewRow>,
    },
    Counting {
        file: u64,
        wish: u64,
        rows: u64,
        total: u64,
    },
    Counted {
        file: u64,
        wish: u64,
        report: Arc<Report>,
        sketch: Arc<Sketch>,
        seconds: f64,
        records: Arc<dyn Records>,
    },
    Failed {
        file: u64,
        wish: u64,
        reason: String,
    },
    /// A file takes much memory.
    Large {
        path: String,
        sentence: String,
    },
    ReportWritten {
        path: String,
    },
}

/// A file that was looked at.
#[derive(Debug)]
pub struct Examined {
    pub file: u64,
    pub path: String,
    pub name: String,
    pub bytes: u64,
    pub detected: Detected,
    pub preview: Vec<PreviewRow>,
    /// The dataset that is to be read anew.
    pub replaces: Option<DatasetId>,
}

/// A file as it was first looked at, and with the settings that were tried last.
#[derive(Debug)]
struct Held {
    first: Opened,
    present: Opened,
    /// Stops the count that is going on.
    stop: Arc<AtomicBool>,
}

/// The files that wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    files: Arc<Mutex<HashMap<u64, Held>>>,
    next: Arc<AtomicU64>,
}

impl Waiting {
    fn keep(&self, opened: Opened) -> u64 {
        let file = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let held = Held { first: opened.clone(), present: opened, stop: Arc::default() };
        if let Ok(mut files) = self.files.lock() {
            files.insert(file, held);
        }
        file
    }

    /// The file with the settings tried last, or as it was first looked at; a count of it that goes on
    /// is stopped, and the next one can be stopped by what comes back.
    fn begin(&self, file: u64, anew: bool) -> Option<(Opened, Arc<AtomicBool>)> {
        let mut files = self.files.lock().ok()?;
        let held = files.get_mut(&file)?;
        held.stop.store(true, Ordering::Relaxed);
        held.stop = Arc::default();
        let opened = if anew { held.first.clone() } else { held.present.clone() };
        Some((opened, held.stop.clone()))
    }

    fn put(&self, file: u64, opened: &Opened) {
        if let Ok(mut files) = self.files.lock()
            && let Some(held) = files.get_mut(&file)
        {
            held.present = opened.clone();
        }
    }

    fn take(&self, file: u64) -> Option<Opened> {
        let held = self.files.lock().ok()?.remove(&file)?;
        held.stop.store(true, Ordering::Relaxed);
        Some(held.present)
    }
}

impl Jobs {
    /// Looks at a file again, as an open dataset was read, so that this can be changed.
    pub fn edit(&mut self, dataset: DatasetId, path: String, settings: Settings) {
        let waiting = self.waiting.clone();
        self.run("open", "reading-file", subject(std::slice::from_ref(&path)), move |job| {
            let opened = reopened(job, &path, &settings);
            match opened {
                Ok(opened) => job.examined(opened, Some(dataset), &waiting),
                Err(err) => job.refuse(path, err),
            }
        });
    }

    /// Reads a file again as it was read before, in the place of an open dataset or as a further one.
    pub fn read_again(&mut self, replaces: Option<DatasetId>, path: String, settings: Settings) {
        self.run("open", "reading-file", subject(std::slice::from_ref(&path)), move |job| {
            match reopened(job, &path, &settings) {
                Ok(opened) => job.read(&opened, &path, replaces),
                Err(err) => job.refuse(path, err),
            }
        });
    }

    /// Opens a file whatever memory it takes.
    pub fn open_large(&mut self, path: String) {
        let waiting = self.waiting.clone();
        self.run("open", "reading-file", subject(std::slice::from_ref(&path)), move |job| {
            job.open_table(path, Allowance { large: true }, &waiting);
        });
    }

    /// Tries settings on all of a file that waits. `anew` tries them on the file as it was first looked
    /// at, so that what was chosen since is forgotten.
    pub fn count(&mut self, file: u64, wish: u64, settings: Settings, anew: bool) {
        let Some((opened, stop)) = self.waiting.begin(file, anew) else { return };
        let (sender, wake, waiting) = (self.sender.clone(), self.wake.clone(), self.waiting.clone());
        spawn("count", &self.running, move || {
            let send = |event: ImportEvent| {
                let _ = sender.send(JobEvent::Import(event));
                wake();
            };
            let stops = || stop.load(Ordering::Relaxed);
            let watch = |progress: Progress| {
                let Progress { done, total, .. } = progress;
                send(ImportEvent::Counting { file, wish, rows: done, total });
                if stops() { Continue::No } else { Continue::Yes }
            };
            // While a container is unpacked there are no rows to tell of.
            let unpacking = |_: Progress| if stops() { Continue::No } else { Continue::Yes };
            let begun = Instant::now();
            let tried =
                if *opened.settings() == settings { Ok(opened) } else { opened.with(&settings, &unpacking) };
            let opened = match tried {
                Ok(opened) => opened,
                Err(err) => {
                    if let Some(reason) = err.sentence().filter(|_| !stops()) {
                        send(ImportEvent::Failed { file, wish, reason: reason.to_owned() });
                    }
                    return;
                }
            };
            if stops() {
                return;
            }
            waiting.put(file, &opened);
            let preview = opened.preview(opened.settings(), PREVIEW_ROWS);
            let detected = Box::new(opened.detected().clone());
            send(ImportEvent::Tried { file, wish, detected, preview });
            let reading = Reading { in_time_order: false, progress: &watch, grown: None };
            let imported = opened.read(&reading);
            if stops() {
                return;
            }
            let sketch = Arc::new(Sketch::of(&imported.store));
            let seconds = begun.elapsed().as_secs_f64();
            let report = imported.report;
            let Some(records) = imported.store.tables.first().map(|table| table.records.clone()) else {
                return;
            };
            drop(imported.store);
            io::process::give_back_memory();
            send(ImportEvent::Counted { file, wish, report, sketch, seconds, records });
        });
    }

    /// Reads a file that waits, and forgets it.
    pub fn read_waiting(&mut self, file: u64, settings: Settings, replaces: Option<DatasetId>) {
        let Some(opened) = self.waiting.take(file) else { return };
        let path = opened.path().to_owned();
        self.run("open", "reading-file", opened.name().to_owned(), move |job| {
            let tried = if *opened.settings() == settings {
                Ok(opened)
            } else {
                opened.with(&settings, &|progress| job.progress(progress))
            };
            match tried {
                Ok(opened) => job.read(&opened, &path, replaces),
                Err(err) => job.refuse(path, err),
            }
        });
    }

    /// Forgets a file that waits.
    pub fn forget(&mut self, file: u64) {
        self.waiting.take(file);
    }

    /// Writes a report.
    pub fn write_report(
        &mut self,
        path: String,
        write: impl FnOnce(&Path) -> Result<(), String> + Send + 'static,
    ) {
        self.run("export", "exporting", path.clone(), move |job| {
            job.send(match write(Path::new(&path)) {
                Ok(()) => JobEvent::Import(ImportEvent::ReportWritten { path }),
                Err(detail) => JobEvent::Failed { title: "export-failed".to_owned(), detail },
            });
        });
    }
}

/// A file that was read before, with the settings that it was read with.
fn reopened(job: &Job, path: &str, settings: &Settings) -> Result<Opened, ImportError> {
    // Whoever has it open has agreed to its size.
    let opened = open(Path::new(path), Allowance { large: true }, &|progress| job.progress(progress))?;
    if opened.settings() == settings {
        return Ok(opened);
    }
    opened.with(settings, &|progress| job.progress(progress))
}

impl Job {
    /// Opens a table: reads it if it is clear how, or else asks.
    pub(super) fn open_table(&self, path: String, allow: Allowance, waiting: &Waiting) {
        match open(Path::new(&path), allow, &|progress| self.progress(progress)) {
            Ok(opened) if opened.detected().is_known => self.read(&opened, &path, None),
            Ok(opened) => self.examined(opened, None, waiting),
            Err(err) => self.refuse(path, err),
        }
    }

    fn refuse(&self, path: String, err: ImportError) {
        match err {
            ImportError::Cannot(reason) => self.send(JobEvent::CannotOpen(vec![(path, reason)])),
            ImportError::Large(sentence) => {
                self.send(JobEvent::Import(ImportEvent::Large { path, sentence }));
            }
            ImportError::Stopped => {}
        }
    }

    fn examined(&self, opened: Opened, replaces: Option<DatasetId>, waiting: &Waiting) {
        let path = opened.path().to_owned();
        let bytes = std::path::Path::new(&path).metadata().map_or(0, |metadata| metadata.len());
        let examined = Examined {
            name: opened.name().to_owned(),
            path,
            bytes,
            detected: opened.detected().clone(),
            preview: opened.preview(opened.settings(), PREVIEW_ROWS),
            replaces,
            file: waiting.keep(opened),
        };
        self.send(JobEvent::Import(ImportEvent::Examined(Box::new(examined))));
    }

    /// Reads a table; its first rows are told while the others are read. Stopped, it keeps the rows so
    /// far, unless it was to take the place of a dataset.
    fn read(&self, opened: &Opened, path: &str, replaces: Option<DatasetId>) {
        let told = AtomicBool::new(false);
        let tell = |mut store: Store, complete: bool| {
            store.reindex();
            let store = Box::new(store);
            self.send(match replaces {
                Some(dataset) => JobEvent::DatasetRead { dataset, store },
                None if told.swap(true, Ordering::Relaxed) => {
                    JobEvent::CaseGrown { id: self.id, store, complete }
                }
                None => {
                    let growing = (!complete).then_some(self.id);
                    JobEvent::CaseOpened { store, path: Some(path.to_owned()), growing }
                }
            });
        };
        let grown = |store: Store| tell(store, false);
        let grown: Option<&(dyn Fn(Store) + Sync)> = if replaces.is_none() { Some(&grown) } else { None };
        let progress = |progress: Progress| self.progress(progress);
        let imported = opened.read(&Reading { in_time_order: true, progress: &progress, grown });
        // A part of the rows is not what was asked for.
        let part = replaces.is_some() && self.cancel.load(Ordering::Relaxed);
        if !part {
            tell(imported.store, true);
        }
    }
}
