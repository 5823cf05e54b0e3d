//! How a file is read: the import dialog, and the report of what came of it.
//!
//! The dialog shows one [`ImportDraft`](crate::state::ImportDraft); it keeps nothing of it but what is
//! scrolled, chosen or typed. Values of the file are data of unknown origin and are shown as
//! [`raw`](crate::ui::widgets::raw) says.

mod afar;
mod codes;
mod dialog;
mod issues;
mod marks;
mod pick;
mod problems;
mod report;
mod saved;
mod settings;
mod table;
mod trial;

pub use dialog::{ImportUi, import_ui, large_ui};
pub use report::{ReportUi, report_ui};
pub use settings::{dialect_name, format_name};

use crate::ui::widgets::raw::{quoted, shown, shown_lines};
