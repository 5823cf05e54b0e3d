//! `waqai convert`: events of any files as one file of another kind.

use std::path::Path;
use std::time::Instant;

use super::args::{ConvertArgs, RowPer};
use super::{Failure, effort, load, print, print_json, tell};
use crate::app::{Start, look};
use crate::headless::choose;
use crate::headless::load::{self as files, Loaded};
use crate::headless::shot::{Drawn, Shot, ShotError, shoot};
use crate::io::script::FilterSpec;
use crate::io::{self, report};
use crate::lang::Catalog;
use crate::model::{EventId, ExportFormat, Lang};
use crate::state::{Origin, Settings, ThemeChoice};
use crate::store::Store;
use crate::ui::FrameCtx;
use crate::ui::theme::Theme;

/// Size of the window whose map a report shows, in points.
const WINDOW: [f32; 2] = [1600.0, 1000.0];

pub fn convert(args: ConvertArgs, begun: Instant) -> Result<(), Failure> {
    let ConvertArgs { files: mut named, documents, import, filter, document, per, format, json } = args;
    let usage = |message: &str| Failure::Usage(message.to_owned());
    let out = named.pop().ok_or_else(|| usage("no file is named"))?;
    if named.is_empty() {
        return Err(usage("`waqai convert` needs a file to read, or `mali`, and the file to write"));
    }
    let format = format_of(&out, format.as_deref(), per).map_err(Failure::Usage)?;
    let path = Path::new(&out);
    if named.iter().any(|name| is_same(Path::new(name), path)) {
        return Err(Failure::Usage(format!("“{out}” would be read and written")));
    }
    let spec = filter.into_spec(document);
    let inputs = super::args::Files { files: named, documents };
    let Loaded { store, from, .. } = load(&inputs, &import.into_choices(), true)?;
    let filter = choose::filter(&store, &spec).map_err(Failure::Usage)?;
    let (state, derived) = files::view(store, &from, filter);
    let Some(store) = state.store() else { return Err(Failure::Told) };
    let catalog = Catalog::new(Lang::En);
    let theme = Theme::light();
    let cx = FrameCtx { state: &state, derived: &derived, theme: &theme, catalog: &catalog };
    let mut look = look(&cx);
    if format == ExportFormat::Html {
        look.picture = state.case.as_ref().and_then(|case| map(store.clone(), &case.origin, spec));
    }
    let events: Vec<EventId> = derived.by_time.to_vec();
    let written = io::write_file(store, &events, format, &look, path, &io::unwatched)
        .map_err(|err| Failure::Work(err.to_string()))?;
    let converted = report::Converted {
        format: "waqai-convert",
        out: &out,
        written_as: format.code(),
        events: written.events,
        bytes: written.bytes,
        losses: &written.losses,
        effort: effort(begun),
    };
    if json {
        print_json(report::to_json(&converted))?;
    } else {
        print::out(&format!("{out}: {} events, {} bytes\n", written.events, written.bytes))?;
        written.losses.iter().for_each(|loss| tell(loss));
    }
    // The process ends here: taking down a million rows one by one would only take time.
    std::mem::forget(state);
    Ok(())
}

fn format_of(out: &str, named: Option<&str>, per: RowPer) -> Result<ExportFormat, String> {
    let ending = Path::new(out).extension().map(|ending| ending.to_string_lossy().into_owned());
    let known = "csv, xlsx, geojson, kml, parquet, gpkg, html";
    let format = match (named, &ending) {
        (Some(name), _) => ExportFormat::of_extension(name)
            .ok_or_else(|| format!("“{name}” is no kind of file that is written: {known}"))?,
        (None, Some(ending)) => ExportFormat::of_extension(ending).ok_or_else(|| {
            format!("the ending of “{out}” does not tell what to write: {known}, or say so with --as")
        })?,
        (None, None) => return Err(format!("“{out}” has no ending; it tells what to write: {known}")),
    };
    match (format, per) {
        (ExportFormat::Csv, RowPer::Claim) => Ok(ExportFormat::CsvClaims),
        (format, RowPer::Event) => Ok(format),
        (format, RowPer::Claim) => {
            Err(format!("only CSV files can have a row per claim, not {}", format.code()))
        }
    }
}

/// Whether two names are of one file that is there.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// A picture of the map with the same filter. Without a graphics driver there is none, and the report is
/// written all the same.
fn map(store: Store, origin: &Origin, filter: FilterSpec) -> Option<Vec<u8>> {
    let settings = Settings { theme: ThemeChoice::Light, ..Settings::default() };
    let start = Start { settings, ephemeral: true, ..Start::default() };
    let case = Some((Box::new(store), origin.clone()));
    let shot = Shot { start, case, size: WINDOW, scale: 1.0, filter, ..Shot::default() };
    match shoot(shot) {
        Ok(Drawn { map, .. }) => map.and_then(|map| io::png(map.width(), map.height(), map.as_raw()).ok()),
        Err(ShotError::Usage(err) | ShotError::Failed(err)) => {
            tell(&format!("the report has no picture of the map: {err}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_options_tell_the_format() {
        let of = |out: &str, named: Option<&str>, per| format_of(out, named, per);
        assert_eq!(of("a/b.GeoJSON", None, RowPer::Event), Ok(ExportFormat::GeoJson));
        assert_eq!(of("b.csv", None, RowPer::Claim), Ok(ExportFormat::CsvClaims));
        assert_eq!(of("b.txt", Some("xlsx"), RowPer::Event), Ok(ExportFormat::Xlsx));
        for (out, named, per) in [
            ("b.txt", None, RowPer::Event),
            ("b", None, RowPer::Event),
            ("b.csv", Some("png"), RowPer::Event),
            ("b.kml", None, RowPer::Claim),
        ] {
            assert!(of(out, named, per).is_err(), "{out}");
        }
    }
}
