//! What runs elsewhere: named threads, one channel back, file dialogs.
//!
//! Knows `io` and the store, not the state: results come back as [`JobEvent`]s.

mod dialogs;
mod import;

pub use import::{Examined, ImportEvent};

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::io::{self, CaseFiles, Continue, Folder, Progress};
use crate::model::{Document, DocumentId, Problem};
use crate::store::cross::{self, Answer, Request};
use crate::store::merge::Change;
use crate::store::search::Notes;
use crate::store::twins::{self, Candidates, TwinQuery};
use crate::store::words::WordIndex;
use crate::store::{DatasetId, Store, Table};

/// What a job reports.
#[derive(Debug)]
pub enum JobEvent {
    Started {
        id: u64,
        message: &'static str,
        subject: String,
    },
    Progress {
        id: u64,
        done: u64,
        total: Option<u64>,
    },
    Ended {
        id: u64,
    },
    /// `path` is `None` for the built-in case.
    CaseOpened {
        store: Box<Store>,
        path: Option<String>,
        /// The job that is still reading the rest of the case.
        growing: Option<u64>,
    },
    /// More of the case that a job is reading; all of it if `complete`.
    CaseGrown {
        id: u64,
        store: Box<Store>,
        complete: bool,
    },
    Attached {
        matched: Vec<(DocumentId, String, String)>,
        unmatched: Vec<Document>,
        problems: Vec<Problem>,
        quiet: bool,
    },
    Exported {
        path: String,
        written: io::Written,
    },
    /// A basemap archive that is ready to be read, or why it is not.
    TilesOpened {
        path: String,
        file: Result<Arc<io::ByteFile>, String>,
    },
    Import(ImportEvent),
    Failed {
        title: String,
        detail: String,
    },
    CannotOpen(Vec<(String, String)>),
    /// The system has no dialog to pick files with.
    DialogFailed,
    /// What views need of the open case; nothing if it was stopped.
    Derived(Option<Box<Answer>>),
    /// The words of the notes of a store's rows; those of some of them if the job was cancelled.
    WordsIndexed {
        table: Arc<Table>,
        words: Arc<WordIndex>,
    },
    /// All rows of a dataset, read anew.
    DatasetRead {
        dataset: DatasetId,
        store: Box<Store>,
    },
    /// A change of datasets, made of the store of a generation.
    Changed {
        generation: u64,
        store: Box<Store>,
    },
    TwinsFound(Candidates),
    /// Paths that the user picked, and for what.
    Picked {
        purpose: Purpose,
        paths: Vec<String>,
    },
}

/// Why a file dialog was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    /// What is picked takes the place of all that is open.
    OpenInstead,
    Attach,
    PmTiles,
    /// The path to write; the one who asked remembers what.
    Export,
    /// The path of a report.
    Report,
}

/// Runs jobs and hands over what they report.
pub struct Jobs {
    sender: Sender<JobEvent>,
    receiver: Receiver<JobEvent>,
    /// Called from job threads when there is something to poll.
    wake: Arc<dyn Fn() + Send + Sync>,
    cancels: HashMap<u64, Arc<AtomicBool>>,
    next_id: u64,
    running: Arc<std::sync::atomic::AtomicUsize>,
    deriving: Arc<std::sync::atomic::AtomicUsize>,
    /// Threads for [`Jobs::derive`] alone, so that it need not wait while files are read.
    cores: Option<Arc<rayon::ThreadPool>>,
    stop_deriving: Arc<AtomicBool>,
    /// Files that were looked at and wait to be told how to be read.
    waiting: import::Waiting,
}

impl Jobs {
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (sender, receiver) = channel();
        let (running, deriving) = Default::default();
        let cores =
            rayon::ThreadPoolBuilder::new().thread_name(|core| format!("waqai-derive-{core}")).build();
        let cores = cores.map_err(|err| log::error!("no threads to derive on: {err}")).ok().map(Arc::new);
        Self {
            sender,
            receiver,
            wake,
            cancels: HashMap::new(),
            next_id: 1,
            running,
            deriving,
            stop_deriving: Arc::default(),
            waiting: Default::default(),
            cores,
        }
    }

    /// Everything reported since the last call.
    pub fn poll(&mut self) -> Vec<JobEvent> {
        let events: Vec<JobEvent> = self.receiver.try_iter().collect();
        for event in &events {
            if let JobEvent::Ended { id } = event {
                self.cancels.remove(id);
            }
        }
        events
    }

    /// Whether a job still runs. What it reported may still have to be polled.
    pub fn is_busy(&self) -> bool {
        self.running.load(Ordering::Acquire) > 0
    }

    /// Whether a job has not told yet that it has ended.
    pub fn runs(&self, id: u64) -> bool {
        self.cancels.contains_key(&id)
    }

    /// Asks a job to stop.
    pub fn cancel(&mut self, id: u64) {
        if let Some(cancel) = self.cancels.get(&id) {
            cancel.store(true, Ordering::Relaxed);
        }
    }

    pub fn open_built_in(&mut self) {
        self.run("open", "reading-case", String::new(), |job| {
            let batch = io::read_case(&io::builtin::MALI, &|progress| job.progress(progress));
            job.send(JobEvent::CaseOpened {
                store: Box::new(Store::from_batch(batch)),
                path: None,
                growing: None,
            });
        });
    }

    /// Opens files and folders: a case, or texts for the open case's documents.
    pub fn open(&mut self, paths: Vec<String>, documents: Vec<Document>) {
        let (subject, waiting) = (subject(&paths), self.waiting.clone());
        self.run("open", "reading-file", subject, move |job| {
            let mut refused = Vec::new();
            let mut texts = Vec::new();
            for path in paths {
                match io::sniff(Path::new(&path)) {
                    io::Kind::CaseFolder => job.open_case(&Folder::new(&path), path),
                    io::Kind::CaseJson => {
                        let root = Path::new(&path).parent().unwrap_or(Path::new("")).to_owned();
                        job.open_case(&Folder::new(&root), root.display().to_string());
                    }
                    io::Kind::Table => {
                        job.open_table(path, io::import::Allowance::default(), &waiting);
                    }
                    io::Kind::Folder | io::Kind::Text => texts.push(path),
                    io::Kind::PmTiles => {
                        job.send(JobEvent::Picked { purpose: Purpose::PmTiles, paths: vec![path] });
                    }
                    io::Kind::Unknown(reason) => refused.push((path, reason)),
                }
            }
            if !texts.is_empty() {
                job.attach(&documents, &texts, false);
            }
            if !refused.is_empty() {
                job.send(JobEvent::CannotOpen(refused));
            }
        });
    }

    /// Matches files and folders with documents by hash. `quiet` says nothing of files that are gone.
    pub fn attach(&mut self, documents: Vec<Document>, paths: Vec<String>, quiet: bool) {
        let subject = subject(&paths);
        self.run("attach", "attaching", subject, move |job| job.attach(&documents, &paths, quiet));
    }

    /// Writes a file through `write`. Nothing is said of work that the user stopped.
    pub fn export(
        &mut self,
        path: String,
        write: impl FnOnce(&Path, io::export::Watch<'_>) -> Result<io::Written, io::SaveError> + Send + 'static,
    ) {
        self.run("export", "exporting", path.clone(), move |job| {
            match write(Path::new(&path), &|progress| job.progress(progress)) {
                Ok(written) => job.send(JobEvent::Exported { path, written }),
                Err(err) if err.source.kind() == std::io::ErrorKind::Interrupted => {}
                Err(err) => {
                    let title = "export-failed".to_owned();
                    job.send(JobEvent::Failed { title, detail: err.to_string() });
                }
            }
        });
    }

    /// Opens a basemap archive.
    pub fn open_tiles(&mut self, path: String) {
        self.run("tiles", "reading-file", subject(std::slice::from_ref(&path)), move |job| {
            let file = io::ByteFile::open(Path::new(&path)).map(Arc::new);
            job.send(JobEvent::TilesOpened { path, file });
        });
    }

    /// Work without progress that only reports failure.
    pub fn quietly(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<(), (String, String)> + Send + 'static,
    ) {
        let sender = self.sender.clone();
        let wake = self.wake.clone();
        spawn(name, &self.running, move || {
            if let Err((title, detail)) = work() {
                let _ = sender.send(JobEvent::Failed { title, detail });
                wake();
            }
        });
    }

    /// Makes what views need of the open case. One at a time: see [`Jobs::is_deriving`].
    pub fn derive(&mut self, request: Request) {
        let sender = self.sender.clone();
        let (wake, cores) = (self.wake.clone(), self.cores.clone());
        let stop = Arc::new(AtomicBool::new(false));
        self.stop_deriving = stop.clone();
        spawn("derive", &self.deriving, move || {
            let stops = || stop.load(Ordering::Relaxed);
            let answer = match cores {
                Some(cores) => cores.install(|| cross::run(request, &stops)),
                None => cross::run(request, &stops),
            };
            let _ = sender.send(JobEvent::Derived(answer.map(Box::new)));
            wake();
        });
    }

    /// Gives up what [`Jobs::derive`] is at, if it takes long: nobody wants it any more.
    pub fn stop_deriving(&self) {
        self.stop_deriving.store(true, Ordering::Relaxed);
    }

    /// Makes the index of the words in the notes of a flat dataset, on threads of its own: what views
    /// wait for goes on meanwhile. Returns the job's number.
    pub fn index_words(&mut self, table: Arc<Table>) -> u64 {
        self.run("words", "preparing-search", table.name.clone(), move |job| {
            let total = table.rows.len() as u64;
            let mut words = WordIndex::default();
            let mut extend = || {
                words.extend(&Notes(&table), &|rows| {
                    let what = String::new();
                    job.progress(Progress { done: rows as u64, total, what }) == Continue::Yes
                })
            };
            match rayon::ThreadPoolBuilder::new().start_handler(|_| io::process::step_back()).build() {
                Ok(pool) => pool.install(extend),
                Err(_) => extend(),
            };
            let words = Arc::new(words);
            io::process::give_back_memory();
            job.send(JobEvent::WordsIndexed { table, words });
        })
    }

    /// Makes a change of the open datasets.
    pub fn change(&mut self, base: Arc<Store>, change: Change) {
        self.run("change", "putting-together", String::new(), move |job| {
            let generation = base.generation;
            let store = Box::new(rayon::join(|| change.made(&base), || ()).0);
            drop((base, change));
            job.send(JobEvent::Changed { generation, store });
        });
    }

    /// Looks for events that two datasets may have in common.
    pub fn find_twins(&mut self, store: Arc<Store>, query: TwinQuery) {
        self.run("twins", "finding-twins", String::new(), move |job| {
            let found = rayon::join(|| twins::find(&store, query, &|| job.is_cancelled()), || ()).0;
            if let Some(found) = found {
                job.send(JobEvent::TwinsFound(found));
            }
        });
    }

    /// Whether something is still being made by [`Jobs::derive`]. Once not, the answer can be polled.
    pub fn is_deriving(&self) -> bool {
        self.deriving.load(Ordering::Acquire) > 0
    }

    /// Asks for files with the system's dialog.
    pub fn ask(&mut self, purpose: Purpose, title: String, extension: &'static str) {
        let sender = self.sender.clone();
        let wake = self.wake.clone();
        // A dialog may stay open as long as the user likes: it does not count as running work.
        spawn("dialog", &Arc::default(), move || {
            let event = match dialogs::ask(purpose, &title, extension) {
                Some(paths) if paths.is_empty() => None,
                Some(paths) => Some(JobEvent::Picked { purpose, paths }),
                None => Some(JobEvent::DialogFailed),
            };
            if let Some(event) = event {
                let _ = sender.send(event);
            }
            wake();
        });
    }

    fn run(
        &mut self,
        name: &str,
        message: &'static str,
        subject: String,
        work: impl FnOnce(&Job) + Send + 'static,
    ) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        let cancel = Arc::new(AtomicBool::new(false));
        self.cancels.insert(id, cancel.clone());
        let job = Job { id, sender: self.sender.clone(), wake: self.wake.clone(), cancel };
        job.send(JobEvent::Started { id, message, subject });
        spawn(name, &self.running, move || {
            work(&job);
            job.send(JobEvent::Ended { id: job.id });
        });
        id
    }
}

fn spawn(name: &str, running: &Arc<std::sync::atomic::AtomicUsize>, work: impl FnOnce() + Send + 'static) {
    running.fetch_add(1, Ordering::AcqRel);
    let held = Running(running.clone());
    let spawned = std::thread::Builder::new().name(format!("waqai-{name}")).spawn(move || {
        let _held = held;
        work();
    });
    if let Err(err) = spawned {
        log::error!("no thread for {name}: {err}");
    }
}

/// Counts a thread as running until it is dropped, by a panic too.
struct Running(Arc<std::sync::atomic::AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A running job's way to report.
struct Job {
    id: u64,
    sender: Sender<JobEvent>,
    wake: Arc<dyn Fn() + Send + Sync>,
    cancel: Arc<AtomicBool>,
}

impl Job {
    fn send(&self, event: JobEvent) {
        // Nobody listens any more when the window is closing.
        let _ = self.sender.send(event);
        (self.wake)();
    }

    fn progress(&self, progress: Progress) -> Continue {
        let total = (progress.total > 0).then_some(progress.total);
        self.send(JobEvent::Progress { id: self.id, done: progress.done, total });
        if self.is_cancelled() { Continue::No } else { Continue::Yes }
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    fn open_case(&self, files: &dyn CaseFiles, path: String) {
        let batch = io::read_case(files, &|progress| self.progress(progress));
        if !self.cancel.load(Ordering::Relaxed) {
            self.send(JobEvent::CaseOpened {
                store: Box::new(Store::from_batch(batch)),
                path: Some(path),
                growing: None,
            });
        }
    }

    fn attach(&self, documents: &[Document], paths: &[String], quiet: bool) {
        let paths: Vec<PathBuf> =
            paths.iter().map(PathBuf::from).filter(|path| !quiet || path.exists()).collect();
        let found = io::attach::match_originals(documents, &paths, &|progress| self.progress(progress));
        let io::attach::Attachments { matched, unmatched, mut problems } = found;
        let shown = |path: PathBuf| path.display().to_string();
        let matched = matched.into_iter().map(|(id, text, path)| (id, text, shown(path))).collect();
        let mut offered = Vec::new();
        for (_, document) in unmatched {
            match document {
                Ok(document) => offered.push(document),
                Err(problem) => problems.push(problem),
            }
        }
        let unmatched = if quiet { Vec::new() } else { offered };
        self.send(JobEvent::Attached { matched, unmatched, problems, quiet });
    }
}

fn subject(paths: &[String]) -> String {
    let name = |path: &String| {
        Path::new(path).file_name().map_or(path.clone(), |n| n.to_string_lossy().into_owned())
    };
    match paths {
        [one] => name(one),
        [first, rest @ ..] => format!("{} + {}", name(first), rest.len()),
        [] => String::new(),
    }
}
