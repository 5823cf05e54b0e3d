//! The system's file dialogs (rfd), each on a thread of its own.

use std::time::{Duration, Instant};

use super::Purpose;

/// Nobody closes a dialog faster than this: one that was there no longer did not open.
const QUICKEST: Duration = Duration::from_millis(200);

/// Paths that the user picked; empty if the dialog was closed, `None` if there was none.
pub fn ask(purpose: Purpose, title: &str, extension: &str) -> Option<Vec<String>> {
    let begun = Instant::now();
    let picked = pick(purpose, title, extension);
    (!picked.is_empty() || begun.elapsed() >= QUICKEST).then_some(picked)
}

/// Files that can be opened, by the names of their formats.
const FORMATS: [(&str, &[&str]); 13] = [
    ("Delimited text", &["csv", "tsv", "tab", "txt"]),
    ("Excel workbook", &["xlsx", "xlsm", "xlsb", "xls"]),
    ("OpenDocument sheet", &["ods"]),
    ("JSON, JSON Lines", &["json", "jsonl", "ndjson"]),
    ("GeoJSON", &["geojson", "geojsonl", "geojsons", "json"]),
    ("KML, KMZ", &["kml", "kmz"]),
    ("GPX", &["gpx"]),
    ("Parquet, GeoParquet", &["parquet", "geoparquet"]),
    ("GeoPackage", &["gpkg"]),
    ("Annotated texts", &["jsonl", "ann", "tsv"]),
    ("Case", &["json"]),
    ("Text", &["txt", "md", "text"]),
    ("PMTiles basemap", &["pmtiles"]),
];

/// A dialog that offers all formats together and each by itself; endings also in capitals.
fn with_formats(dialog: rfd::FileDialog) -> rfd::FileDialog {
    let spelled = |endings: &[&str]| -> Vec<String> {
        let mut all: Vec<String> = endings.iter().map(|ending| (*ending).to_owned()).collect();
        all.extend(endings.iter().map(|ending| ending.to_uppercase()));
        all.sort();
        all.dedup();
        all
    };
    let every: Vec<&str> = FORMATS.iter().flat_map(|(_, endings)| endings.iter().copied()).collect();
    let dialog = dialog.add_filter("All that can be opened", &spelled(&every));
    let dialog =
        FORMATS.iter().fold(dialog, |dialog, (name, endings)| dialog.add_filter(*name, &spelled(endings)));
    dialog.add_filter("*", &["*"])
}

fn pick(purpose: Purpose, title: &str, extension: &str) -> Vec<String> {
    let dialog = rfd::FileDialog::new().set_title(title);
    let picked = match purpose {
        Purpose::Open | Purpose::OpenInstead => with_formats(dialog).pick_files(),
        Purpose::Attach => {
            dialog.add_filter("Texts", &["txt", "md", "text", "html"]).add_filter("*", &["*"]).pick_files()
        }
        Purpose::PmTiles => dialog.add_filter("PMTiles", &["pmtiles"]).pick_file().map(|path| vec![path]),
        Purpose::Export | Purpose::Report => dialog
            .add_filter(extension, &[extension])
            .set_file_name(format!("waqai.{extension}"))
            .save_file()
            .map(|path| vec![path]),
    };
    picked.unwrap_or_default().into_iter().map(|path| path.display().to_string()).collect()
}
