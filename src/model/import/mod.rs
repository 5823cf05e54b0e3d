//! How a file of events is read, as values: what was found out about it ([`Detected`]), what a user may
//! change ([`Settings`]), and what came of it ([`Report`]).
//!
//! A file is never changed and nothing is repaired silently: what looks wrong is told
//! ([`Issue`]), and where there is a remedy it is a setting ([`Remedy`]) that the file is read with again.

mod codes;
mod field;
mod issue;
mod report;
mod saved;
mod settings;

pub use codes::{CodeGroup, CodeKind, CodeMeaning};
pub use field::Field;
pub use issue::{Issue, Outcome};
pub use report::{Finding, Findings, PreviewRow, Report};
pub use saved::{Fit, SavedMapping, fold_column};
pub use settings::{
    DateOrder, DecimalMark, Detected, Dialect, Encoding, Evidence, Format, Header, Numbers, Part, Remedy,
    Setting, Settings, Sureness,
};
