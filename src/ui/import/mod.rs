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
mod record;
mod report;
mod saved;
mod settings;
mod table;
mod trial;

pub use dialog::{ImportUi, import_ui, large_ui};
pub use report::{ReportUi, report_ui};
pub use settings::{dialect_name, format_name};

use crate::model::import::Format;
use crate::ui::theme::icons;
use crate::ui::widgets::raw::{quoted, shown, shown_lines};

/// Icon of a kind of file.
pub fn format_icon(format: Format) -> &'static str {
    match format {
        Format::Delimited => icons::FILE_CSV,
        Format::Xlsx | Format::Xls | Format::Ods | Format::Parquet => icons::TABLE,
        Format::GeoJson | Format::Kml | Format::Kmz | Format::Gpx | Format::GeoPackage => icons::MAP_TRIFOLD,
        _ => icons::FILE_TEXT,
    }
}

/// A part of the dialog in a rectangle of its own. What is in it keeps its identity whatever stands
/// before it: an open list stays open, and the keyboard where it was, while counts come in.
fn part<R>(
    ui: &mut egui::Ui,
    rect: egui::Rect,
    name: &str,
    layout: egui::Layout,
    add: impl FnOnce(&mut egui::Ui) -> R,
) -> R {
    let id = egui::Id::unique(("import-part", name));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout).scope_id(id));
    add(&mut child)
}
