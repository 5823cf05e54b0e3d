//! The readers of container formats, by format.

use crate::io::import::{Allowance, Grid, ImportError};
use crate::model::import::{Dialect, Format};

use super::open::Watch;

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
}

/// Names of sheets with their numbers of rows where these are known: of a path, a name and bytes.
type Sheets = fn(&str, &str, &[u8], Allowance) -> Result<Vec<(String, Option<u64>)>, ImportError>;

/// How a format is read.
pub struct Reader {
    pub read: fn(&Ask<'_>) -> Result<Unpacked, ImportError>,
    pub sheets: Option<Sheets>,
}

/// The reader of a container format.
pub fn reader(format: Format) -> Option<Reader> {
    let _ = format;
    None
}

/// Whether rows come without names of columns, so that a header is looked for as in delimited text.
pub fn has_bare_rows(format: Format) -> bool {
    matches!(format, Format::Xlsx | Format::Xls | Format::Ods)
}

/// Whether quotation marks are letters in files of a dialect.
pub fn is_unquoted(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Gdelt1 | Dialect::Gdelt2 | Dialect::GdeltMentions)
}
