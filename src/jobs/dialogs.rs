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

fn pick(purpose: Purpose, title: &str, extension: &str) -> Vec<String> {
    let dialog = rfd::FileDialog::new().set_title(title);
    let picked = match purpose {
        Purpose::Open => dialog
            .add_filter("Case, texts, basemaps", &["json", "txt", "md", "text", "pmtiles"])
            .add_filter("*", &["*"])
            .pick_files(),
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
