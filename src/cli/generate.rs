//! `waqai generate`: invented events for tests and measurements.

use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Failure;
use super::args::GenerateArgs;
use crate::io::synthetic::{self, Options};
use crate::io::{Continue, Progress};
use crate::lang::thousands;

/// How long progress that is shown stays as it is.
const PAUSE: Duration = Duration::from_millis(100);

pub fn generate(args: GenerateArgs) -> Result<(), Failure> {
    let GenerateArgs { out, rows, seed, order, arabic, newlines, truth } = args;
    if truth.as_ref() == Some(&out) {
        return Err(Failure::Usage("the events and the truth about them are two files".to_owned()));
    }
    let options = Options { rows, seed, order, arabic, newlines };
    let line = Line::default();
    let saved = synthetic::save(&options, Path::new(&out), truth.as_ref().map(Path::new), &|progress| {
        line.show(&progress);
        Continue::Yes
    });
    line.clear();
    saved.map(|_| ()).map_err(|err| Failure::Work(err.to_string()))
}

/// A line of standard error that tells how far the work is, if somebody may be looking.
#[derive(Default)]
struct Line {
    shown: Cell<Option<Instant>>,
}

impl Line {
    fn show(&self, progress: &Progress) {
        let Progress { done, total, what } = progress;
        if self.shown.get().is_some_and(|shown| shown.elapsed() < PAUSE) || !std::io::stderr().is_terminal() {
            return;
        }
        self.shown.set(Some(Instant::now()));
        let (done, total) = (thousands(*done as i64), thousands(*total as i64));
        // That nobody can be told is no reason to stop.
        let _ = write!(std::io::stderr(), "\r\x1b[K{done} of {total} {what}");
    }

    fn clear(&self) {
        if self.shown.get().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
