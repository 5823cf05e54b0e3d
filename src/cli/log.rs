//! Messages of the program's inside on standard error.
//!
//! Errors of the program itself are always shown. `WAQAI_LOG` (`error`, `warn`, `info`, `debug`,
//! `trace`) shows more, also of libraries.

use log::{Level, LevelFilter, Log, Metadata, Record};

const VARIABLE: &str = "WAQAI_LOG";

struct StdErr {
    /// Also messages of libraries.
    all: bool,
}

impl Log for StdErr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.all || metadata.target().starts_with("waqai")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = match record.level() {
                Level::Error => "error",
                Level::Warn => "warning",
                Level::Info => "info",
                Level::Debug => "debug",
                Level::Trace => "trace",
            };
            eprintln!("waqai: {level}: {} [{}]", record.args(), record.target());
        }
    }

    fn flush(&self) {}
}

/// Begins to show messages.
pub fn start() {
    let asked = std::env::var(VARIABLE).ok().and_then(|level| level.parse::<LevelFilter>().ok());
    let logger = Box::new(StdErr { all: asked.is_some() });
    if log::set_boxed_logger(logger).is_ok() {
        log::set_max_level(asked.unwrap_or(LevelFilter::Error));
    }
}
