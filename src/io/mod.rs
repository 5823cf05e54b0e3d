//! Bytes ↔ batches: the case format, texts, exports, settings. The only layer that knows files and
//! serialisation.
//!
//! Invariants: nothing panics on any bytes; a reader never fails as a whole but loads what is sound
//! and names the rest as [`Problem`](crate::model::Problem)s; a writer never leaves half a file.
//! Knows nothing of views, threads or windows; those who wait are told of progress through a
//! callback that can also stop the work.

pub mod annotated;
pub mod attach;
pub mod builtin;
pub mod bytes;
pub mod case;
pub mod export;
pub mod figures;
pub mod files;
pub mod import;
mod json;
pub mod mapped;
pub mod output;
pub mod process;
pub mod report;
pub mod save;
pub mod script;
pub mod settings;
pub mod sniff;
pub mod synthetic;
pub mod table;
#[cfg(test)]
mod testing;
pub mod text;

pub use attach::{Attachments, match_originals};
pub use bytes::ByteFile;
pub use case::{CaseHead, read_case, read_head};
pub use export::{Look, Per, Written, write_csv, write_file, write_geojson};
pub use files::{CaseFiles, Embedded, Folder, ReadError};
pub use import::read_table;
pub use output::{png, write_png};
pub use save::{SaveError, save_atomically, save_file};
pub use sniff::{Kind, sniff};
pub use table::{Imported, Reading};
pub use text::read_text_document;

/// How far a piece of work has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    /// 0 if not known.
    pub total: u64,
    /// What is being read or written, as the user would name it.
    pub what: String,
}

/// Whether to go on; the answer to a [`Progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continue {
    Yes,
    No,
}

/// For callers that neither watch nor stop.
pub fn unwatched(_: Progress) -> Continue {
    Continue::Yes
}
