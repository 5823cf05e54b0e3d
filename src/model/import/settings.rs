//! The settings that a file is read with, and why they were chosen.

use std::collections::BTreeSet;

use super::Field;
use crate::model::category::codes;

codes! {
    /// What kind of file it is.
    Format {
        /// Comma, semicolon, tab or anything else between fields.
        Delimited = "delimited",
        Xlsx = "xlsx",
        Xls = "xls",
        Ods = "ods",
        /// An array of objects, objects in an envelope, or one object per line.
        Json = "json",
        /// Also as a text sequence or one feature per line.
        GeoJson = "geojson",
        Kml = "kml",
        Kmz = "kmz",
        Gpx = "gpx",
        /// With or without a geometry column.
        Parquet = "parquet",
        GeoPackage = "geopackage",
        /// The API file or the workbook of a TimeMap.
        TimeMap = "timemap",
        /// Annotated documents: doccano's JSON lines.
        Doccano = "doccano",
        /// Annotated documents: brat's stand-off files beside their texts.
        Brat = "brat",
        /// Annotated documents: WebAnno's and INCEpTION's TSV 3.
        WebAnno = "webanno",
    }
}

codes! {
    /// How bytes are characters.
    Encoding {
        Utf8 = "utf-8",
        Utf16Le = "utf-16le",
        Utf16Be = "utf-16be",
        /// Arabic.
        Windows1256 = "windows-1256",
        /// Western European.
        Windows1252 = "windows-1252",
        /// Cyrillic.
        Windows1251 = "windows-1251",
        /// Arabic, as older Unix and Macintosh programs write it.
        Iso8859_6 = "iso-8859-6",
    }
}

codes! {
    /// A family of files whose columns and codes are known.
    Dialect {
        /// Since 2018: names in any case, numeric or worded inter codes.
        Acled = "acled",
        /// Up to 2017: GWNO, nine event types.
        AcledOld = "acled_old",
        /// UCDP GED and Candidate.
        Ucdp = "ucdp",
        Gdelt1 = "gdelt1",
        Gdelt2 = "gdelt2",
        /// GDELT's mentions of events: one row per article and event.
        GdeltMentions = "gdelt_mentions",
        Gtd = "gtd",
        TimeMap = "timemap",
        /// Written by this program.
        Waqai = "waqai",
    }
}

codes! {
    /// In which order day and month stand in dates like 03/04/2024.
    DateOrder {
        DayFirst = "day_first",
        MonthFirst = "month_first",
    }
}

codes! {
    /// What a date that is only a number counts.
    Numbers {
        /// Nothing: `20240727`, `202407` and `2024` are dates, other numbers are none.
        Digits = "digits",
        /// Days of a spreadsheet, where 1 is 1900-01-01 (and a 29 February 1900 is counted).
        Excel1900 = "excel_1900",
        /// Days of a spreadsheet, where 0 is 1904-01-01.
        Excel1904 = "excel_1904",
        /// Seconds since 1970.
        Seconds = "seconds",
        /// Milliseconds since 1970.
        Milliseconds = "milliseconds",
    }
}

codes! {
    DecimalMark {
        Point = "point",
        Comma = "comma",
    }
}

/// Where the names of the columns come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Header {
    /// This line, counted from 0; what stands before is no data.
    Line(u32),
    /// There is none: names are those of the dialect, or the columns' letters.
    None,
}

codes! {
    /// A change that is made to every row, because the user asked for it.
    Remedy {
        /// Latitude and longitude change places.
        SwapCoordinates = "swap_coordinates",
        /// Latitude and longitude change places in the rows where only that makes a position.
        SwapWhereNeeded = "swap_where_needed",
        /// Events at 0,0 are not placed.
        UnplaceNullIsland = "unplace_null_island",
        /// Longitudes beyond ±180 go once around the world.
        WrapLongitude = "wrap_longitude",
        /// Tolls below zero (-99, -9) are none. They are anyway; this stops telling so.
        NegativeIsUnknown = "negative_is_unknown",
        /// Low, best and high are put in order.
        OrderTolls = "order_tolls",
        /// Of rows that are alike in every field one is kept.
        DropRepeatedRows = "drop_repeated_rows",
        /// Of rows with one id the last is kept.
        KeepLastOfId = "keep_last_of_id",
        /// Placeholders (`XXX475`, `Unknown`, `-99`) are no actors.
        DropPlaceholderActors = "drop_placeholder_actors",
        /// UTF-8 that was taken for Windows-1252 and encoded again is read as it was meant.
        UndoDoubleEncoding = "undo_double_encoding",
        /// Begin and end of an interval change places where the end is first.
        SwapInterval = "swap_interval",
    }
}

/// A part of the settings, for the reason why it is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Format,
    Sheet,
    Encoding,
    Delimiter,
    Header,
    Dialect,
    Dates,
    Decimal,
    /// The mapping of one column.
    Column(usize),
}

/// Which part of a file's rows is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Rows without a date, for the tray.
    pub undated: bool,
    /// Rows without a place, for the tray.
    pub unplaced: bool,
}

/// How a file is read. Everything in here can be chosen; what does not concern the format is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub format: Format,
    /// Sheet of a workbook, layer of a GeoPackage.
    pub sheet: Option<String>,
    pub encoding: Encoding,
    pub delimiter: u8,
    /// Whether quotation marks enclose fields. In files of GDELT they are letters.
    pub quotes: bool,
    pub header: Header,
    pub dialect: Option<Dialect>,
    pub date_order: DateOrder,
    pub numbers: Numbers,
    pub decimal: DecimalMark,
    /// What each column is; `None` for an attribute. Columns beyond the list are attributes.
    pub columns: Vec<Option<Field>>,
    pub keep: Part,
    pub remedies: BTreeSet<Remedy>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Delimited,
            sheet: None,
            encoding: Encoding::Utf8,
            delimiter: b',',
            quotes: true,
            header: Header::Line(0),
            dialect: None,
            date_order: DateOrder::DayFirst,
            numbers: Numbers::Digits,
            decimal: DecimalMark::Point,
            columns: Vec::new(),
            keep: Part { undated: true, unplaced: true },
            remedies: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// The first column that is a field.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(field))
    }

    pub fn has(&self, remedy: Remedy) -> bool {
        self.remedies.contains(&remedy)
    }
}

/// How sure a setting is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sureness {
    /// Nothing else fits.
    Certain,
    /// So much of what was looked at fits, 0 to 1.
    Share(f32),
    /// As good as any other; a user should look.
    Guess,
    /// The user said so.
    Chosen,
}

/// Why a setting is as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub setting: Setting,
    pub sureness: Sureness,
    /// What was seen, as an English phrase: `“27/07/2024” in line 3`.
    pub why: String,
}

/// What was found out about a file before its rows are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    pub settings: Settings,
    pub evidence: Vec<Evidence>,
    /// Sheets of a workbook or layers of a GeoPackage, with their numbers of rows where these are known.
    pub sheets: Vec<(String, Option<u64>)>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Whether the file can be opened as it is, without asking the user first.
    pub is_known: bool,
}

impl Detected {
    pub fn evidence_of(&self, setting: Setting) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.setting == setting)
    }
}
