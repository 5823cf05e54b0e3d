//! The readers of container formats, by format.

use std::borrow::Cow;
use std::path::Path;

use crate::io::annotated::brat::{self, Standoff};
use crate::io::annotated::{doccano, webanno};
use crate::io::files::{MAX_FILE_BYTES, read_file};
use crate::model::import::{Dialect, Encoding, Format};
use crate::store::CaseBatch;

use super::open::Watch;
use super::{
    Allowance, Grid, ImportError, archive, encoding, geojson, geopackage, gpx, json, kml, parquet, sheets,
    timemap,
};

/// What a reader is asked to read.
pub struct Ask<'a> {
    /// For readers that need the file itself.
    pub path: &'a str,
    /// As the user would name it.
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// Sheet of a workbook, layer of a GeoPackage; the best one if none is named.
    pub sheet: Option<&'a str>,
    pub allow: Allowance,
    pub watch: Watch<'a>,
}

/// What a reader gives.
pub struct Unpacked {
    pub grid: Grid,
    /// The sheet that was read, if the format has sheets.
    pub sheet: Option<String>,
    /// Rows come without names of columns, so that a header is looked for as in delimited text.
    pub has_bare_rows: bool,
}

impl Unpacked {
    fn named(grid: Grid) -> Self {
        Self { grid, sheet: None, has_bare_rows: false }
    }
}

/// The format of an archive, by the names of what is in it.
pub fn of_archive(name: &str, bytes: &[u8], allow: Allowance) -> Result<Option<Format>, ImportError> {
    let names = archive::names(&archive::open(name, bytes, allow)?);
    let ends = |ending: &str| names.iter().any(|entry| entry.to_lowercase().ends_with(ending));
    let has = |wanted: &str| names.iter().any(|entry| entry.eq_ignore_ascii_case(wanted));
    Ok(match () {
        () if has("xl/workbook.xml") => {
            let list = sheets::sheets(name, bytes, allow)?;
            let titles: Vec<String> = list.into_iter().map(|(title, _)| title).collect();
            Some(if timemap::is_workbook(&titles) { Format::TimeMap } else { Format::Xlsx })
        }
        () if has("content.xml") && has("META-INF/manifest.xml") => Some(Format::Ods),
        () if ends(".kml") => Some(Format::Kmz),
        () => None,
    })
}

/// Names of sheets or layers, with their numbers of rows where these are known. Empty for formats that
/// have none.
pub fn sheets(format: Format, asked: &Ask<'_>) -> Result<Vec<(String, Option<u64>)>, ImportError> {
    match format {
        Format::TimeMap if !asked.bytes.starts_with(b"PK") => Ok(Vec::new()),
        Format::Xlsx | Format::Xls | Format::Ods | Format::TimeMap => {
            sheets::sheets(asked.name, asked.bytes, asked.allow)
        }
        Format::GeoPackage => geopackage::sheets(asked.name, Path::new(asked.path)),
        _ => Ok(Vec::new()),
    }
}

/// Reads a container. `sheets` are those of [`sheets()`].
pub fn read(
    format: Format,
    asked: &Ask<'_>,
    sheets: &[(String, Option<u64>)],
) -> Result<Unpacked, ImportError> {
    let Ask { path, name, bytes, sheet, allow, watch } = *asked;
    let text = |bytes: &mut Cow<'_, [u8]>| {
        let encoding = encoding::detect(bytes).encoding;
        if let (Encoding::Utf16Le | Encoding::Utf16Be, Some(text)) =
            (encoding, encoding::decode(bytes, encoding, false))
        {
            *bytes = Cow::Owned(text);
        }
    };
    match format {
        Format::Json | Format::GeoJson => {
            let mut bytes = Cow::Borrowed(bytes);
            text(&mut bytes);
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
            let read = if format == Format::Json { json::read } else { geojson::read };
            read(name, bytes, allow, watch).map(Unpacked::named)
        }
        Format::TimeMap if bytes.starts_with(b"PK") => datasheet(asked, sheets).map(Unpacked::named),
        Format::TimeMap => timemap::read(name, bytes, allow, watch).map(Unpacked::named),
        Format::Kml => kml::read(name, bytes, allow, watch).map(Unpacked::named),
        Format::Kmz => kml::read_kmz(name, bytes, allow, watch).map(Unpacked::named),
        Format::Gpx => gpx::read(name, bytes, allow, watch).map(Unpacked::named),
        Format::Parquet => parquet::read(name, bytes, allow, watch).map(Unpacked::named),
        Format::GeoPackage => {
            let path = Path::new(path);
            let sheet = match sheet {
                Some(sheet) => sheet.to_owned(),
                None => geopackage::best_sheet(name, path)?,
            };
            let grid = geopackage::read(name, path, Some(&sheet), watch)?;
            Ok(Unpacked { grid, sheet: Some(sheet), has_bare_rows: false })
        }
        Format::Xlsx | Format::Xls | Format::Ods => {
            let sheet = match sheet {
                Some(sheet) => sheet.to_owned(),
                None => sheets::best_sheet(name, bytes, allow)?,
            };
            let grid = sheets::read(name, bytes, Some(&sheet), allow, watch)?;
            Ok(Unpacked { grid, sheet: Some(sheet), has_bare_rows: true })
        }
        Format::Delimited | Format::Doccano | Format::Brat | Format::WebAnno => {
            Err(ImportError::Cannot(format!("“{name}” is no file of rows, so it cannot be opened as one.")))
        }
    }
}

/// Reads annotated documents; `None` for formats of rows. The annotations of brat are about the text
/// file of the same name beside them, which is read too.
pub fn annotated(format: Format, asked: &Ask<'_>) -> Result<Option<CaseBatch>, ImportError> {
    let Ask { path, name, bytes, allow, watch, .. } = *asked;
    match format {
        Format::Doccano => doccano::read(name, bytes, allow, watch).map(Some),
        Format::WebAnno => webanno::read(name, bytes, allow, watch).map(Some),
        Format::Brat => {
            let beside = Path::new(path).with_extension("txt");
            let text = read_file(&beside, MAX_FILE_BYTES).map_err(|err| {
                let text = beside.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
                ImportError::Cannot(format!("“{name}” annotates “{text}”, which cannot be opened: {err}."))
            })?;
            let file = Standoff { name, annotations: bytes, text: &text };
            brat::read(name, &[file], allow, watch).map(Some)
        }
        _ => Ok(None),
    }
}

/// The workbook of a TimeMap: its sheets refer to each other.
fn datasheet(asked: &Ask<'_>, sheets: &[(String, Option<u64>)]) -> Result<Grid, ImportError> {
    let mut tables = Vec::new();
    for (sheet, _) in sheets {
        let grid = super::sheets::read(asked.name, asked.bytes, Some(sheet), asked.allow, asked.watch)?;
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
        let rows = rows.records().flatten().map(|row| row.iter().map(str::to_owned).collect());
        tables.push((sheet.clone(), rows.collect()));
    }
    timemap::read_sheets(asked.name, &tables, asked.watch)
}

/// Whether quotation marks are letters in files of a dialect.
pub fn is_unquoted(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Gdelt1 | Dialect::Gdelt2 | Dialect::GdeltMentions)
}
