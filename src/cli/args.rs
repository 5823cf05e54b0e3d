//! The command line as it is typed.

use clap::{Args, Parser, Subcommand};

use crate::headless::load::Choices;
use crate::headless::rows::{Near, RowFilter};
use crate::io::script::{FilterSpec, OneOrMany};
use crate::io::synthetic::Order;
use crate::model::Interval;
use crate::model::import::{DateOrder, DecimalMark, Dialect, Encoding, Field, Header, Numbers, Remedy};

const FILES_HELP: &str = "Files of events in any format that the window opens; a case: its folder, its \
                          case.json, or `mali`, the case that is part of the program and is opened if no \
                          FILE is given; and texts or folders of texts to attach to it";

/// Map-and-timeline explorer for analysts who work from text.
#[derive(Parser, Debug)]
#[command(
    name = "waqai",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Exit status: 0 done, 1 the work failed, 2 the command line makes no sense.\n\
                  Messages go to standard error; with --json, standard output holds one JSON document \
                  and nothing else.\n\
                  WAQAI_CONFIG_DIR names the folder of the settings, WAQAI_LOG the messages to print \
                  (error, warn, info, debug)."
)]
pub struct CommandLine {
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten)]
    pub files: Files,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Tells what is in files: how they are read, numbers, dates, places, and what could not be read.
    Info(Box<InfoArgs>),
    /// Lists the events that a filter shows; the filter is that of the window.
    Query(Box<QueryArgs>),
    /// Writes events as another kind of file, by its ending: csv, xlsx, geojson, kml, parquet, gpkg, html.
    Convert(Box<ConvertArgs>),
    /// Draws the window into a PNG picture; needs no display.
    Shot(Box<ShotArgs>),
    /// Runs a scripted session without a display and measures its frames.
    Replay(ReplayArgs),
    /// Writes invented events in ACLED's format, for tests and measurements of any size.
    Generate(GenerateArgs),
}

/// What to open.
#[derive(Args, Clone, Debug, Default)]
pub struct Files {
    #[arg(value_name = "FILE", help = FILES_HELP)]
    pub files: Vec<String>,
    /// Folder or file with original texts to attach to the case's documents; may be repeated.
    #[arg(long, value_name = "DIR")]
    pub documents: Vec<String>,
}

#[derive(Args, Debug)]
pub struct InfoArgs {
    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub import: ImportArgs,
    /// Also tells a column of a dataset as the file has it: its values with their numbers of rows, and
    /// sums of numbers; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub column: Vec<String>,
    /// Figures of all rows also for datasets of more than 250,000 rows, which takes a moment.
    #[arg(long)]
    pub figures: bool,
    /// Prints one JSON document; the README tells its fields.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct QueryArgs {
    #[command(flatten)]
    pub files: Files,
    #[command(flatten)]
    pub import: ImportArgs,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub rows: RowArgs,
    /// Only events that a document makes claims about; may be repeated.
    #[arg(long, value_name = "DOCUMENT", help_heading = FILTER)]
    pub document: Vec<String>,
    /// Tells at most so many events, the first ones in time; counts and sums are of all.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Prints one JSON document; the README tells its fields.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct ConvertArgs {
    /// Files to read, as for the window, and last the file to write.
    #[arg(value_name = "FILE… OUT", required = true)]
    pub files: Vec<String>,
    /// Folder or file with original texts to attach to the case's documents; may be repeated.
    #[arg(long, value_name = "DIR")]
    pub documents: Vec<String>,
    #[command(flatten)]
    pub import: ImportArgs,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only events that a document makes claims about; may be repeated.
    #[arg(long, value_name = "DOCUMENT", help_heading = FILTER)]
    pub document: Vec<String>,
    /// What a row of a CSV file is; the other formats hold claims beside the events, or not at all.
    #[arg(long, value_enum, default_value = "event")]
    pub per: RowPer,
    /// Kind of the file to write, where its ending does not tell: csv, xlsx, geojson, kml, parquet, gpkg,
    /// html.
    #[arg(long = "as", value_name = "FORMAT")]
    pub format: Option<String>,
    /// Prints one JSON document; the README tells its fields.
    #[arg(long)]
    pub json: bool,
}

/// What a row of a table is.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPer {
    Event,
    Claim,
}

/// How a file of events is read, where that is not as it is detected.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Import settings (of files of events; what is not given is detected)")]
pub struct ImportArgs {
    /// utf-8, utf-16le, utf-16be, windows-1256, windows-1252, windows-1251, iso-8859-6.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<Encoding>,
    /// One sign, or comma, semicolon, tab, pipe.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Quotation marks are letters, as in files of GDELT.
    #[arg(long)]
    pub no_quotes: bool,
    /// The line that names the columns, counted from 1; none.
    #[arg(long, value_name = "LINE", value_parser = header)]
    pub header: Option<Header>,
    /// acled, acled_old, ucdp, gdelt1, gdelt2, gdelt_mentions, gtd, timemap, waqai; none.
    #[arg(long, value_name = "NAME", value_parser = dialect)]
    pub dialect: Option<ChosenDialect>,
    /// day_first, month_first.
    #[arg(long, value_name = "ORDER", value_parser = date_order)]
    pub date_order: Option<DateOrder>,
    /// What dates count that are only numbers: digits, excel_1900, excel_1904, seconds, milliseconds.
    #[arg(long, value_name = "WHAT", value_parser = numbers)]
    pub numbers: Option<Numbers>,
    /// point, comma.
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    pub decimal: Option<DecimalMark>,
    /// Sheet of a workbook, layer of a GeoPackage.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// What a column is, as in `--map "Killed=fatalities"`; `--map "Killed="` for nothing. May be repeated.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = mapped)]
    pub map: Vec<(String, Option<Field>)>,
    /// A change to every row, as the report names it; may be repeated.
    #[arg(long, value_name = "NAME", value_parser = remedy)]
    pub remedy: Vec<Remedy>,
    /// Also files that unpack to very much.
    #[arg(long)]
    pub large: bool,
}

/// A dialect, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenDialect(pub Option<Dialect>);

impl ImportArgs {
    pub fn into_choices(self) -> Choices {
        let Self {
            encoding,
            delimiter,
            no_quotes,
            header,
            dialect,
            date_order,
            numbers,
            decimal,
            sheet,
            map,
            remedy,
            large,
        } = self;
        Choices {
            encoding,
            delimiter,
            no_quotes,
            header,
            dialect: dialect.map(|ChosenDialect(dialect)| dialect),
            date_order,
            numbers,
            decimal,
            sheet,
            columns: map,
            remedies: remedy,
            large,
        }
    }
}

/// What passes, by single rows.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filter by rows of datasets")]
pub struct RowArgs {
    /// Only rows whose column has exactly this value; may be repeated, and all must hold.
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = column_value)]
    pub columns: Vec<(String, String)>,
    /// Only events in this country, exactly as the file names it.
    #[arg(long)]
    pub country: Option<String>,
    /// Only events within so many kilometres of a position, on a sphere of 6371.0088 km.
    #[arg(long, value_name = "LAT,LON,KM", allow_hyphen_values = true, value_parser = near)]
    pub near: Option<Near>,
    /// Only events whose first day lies in this window, in EDTF.
    #[arg(long, value_name = "EDTF", value_parser = window)]
    pub starts_in: Option<Interval>,
}

impl RowArgs {
    pub fn into_filter(self) -> RowFilter {
        let Self { columns, country, near, starts_in } = self;
        RowFilter { columns, country, near, starts_in }
    }
}

const FILTER: &str = "Filter (values by key, by any name in any language, or by an unambiguous beginning)";

/// What passes. Options of different names must all hold, of one name any.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = FILTER)]
pub struct FilterArgs {
    /// First day of the time window: 2024, 2024-07 or 2024-07-27.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Last day of the time window, inclusive.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// The whole time window in EDTF: 2024-07, 2024-05-01/2024-05-09, 2024/..
    #[arg(long, value_name = "EDTF", conflicts_with_all = ["from", "to"])]
    pub window: Option<String>,
    /// Only events that lie in the window with certainty, not those that may.
    #[arg(long)]
    pub certainly: bool,
    /// Event type.
    #[arg(long = "type", value_name = "TYPE")]
    pub types: Vec<String>,
    /// Event sub-type.
    #[arg(long, value_name = "TYPE")]
    pub sub_type: Vec<String>,
    /// Somebody who has a part in the event.
    #[arg(long)]
    pub actor: Vec<String>,
    /// Where the event is.
    #[arg(long)]
    pub place: Vec<String>,
    /// Box in degrees: west,south,east,north.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<String>,
    /// Least best number of people killed.
    #[arg(long, value_name = "N")]
    pub min_fatalities: Option<u32>,
    /// Greatest best number of people killed.
    #[arg(long, value_name = "N")]
    pub max_fatalities: Option<u32>,
    /// Text to search for in titles, claims, places, actors and texts.
    #[arg(long)]
    pub text: Option<String>,
    /// Somebody who is reported to say something about the event.
    #[arg(long, value_name = "ACTOR")]
    pub claimant: Vec<String>,
    /// time, day, days, week, month, season, year, unknown.
    #[arg(long, value_name = "PRECISION")]
    pub date_precision: Vec<String>,
    /// exact, near, region, country, unknown.
    #[arg(long, value_name = "PRECISION")]
    pub geo_precision: Vec<String>,
    /// main, background.
    #[arg(long)]
    pub prominence: Vec<String>,
}

impl FilterArgs {
    /// The same in the form that scripts have too.
    pub fn into_spec(self, document: Vec<String>) -> FilterSpec {
        let Self {
            from,
            to,
            window,
            certainly,
            types,
            sub_type,
            actor,
            place,
            bbox,
            min_fatalities,
            max_fatalities,
            text,
            claimant,
            date_precision,
            geo_precision,
            prominence,
        } = self;
        FilterSpec {
            from,
            to,
            window,
            certainly,
            types: OneOrMany(types),
            sub_type: OneOrMany(sub_type),
            actor: OneOrMany(actor),
            place: OneOrMany(place),
            bbox,
            min_fatalities,
            max_fatalities,
            text,
            claimant: OneOrMany(claimant),
            document: OneOrMany(document),
            date_precision: OneOrMany(date_precision),
            geo_precision: OneOrMany(geo_precision),
            prominence: OneOrMany(prominence),
        }
    }
}

#[derive(Args, Debug)]
pub struct ShotArgs {
    /// Files as for the window, and last the picture to write, unless it is given with -o.
    #[arg(value_name = "FILE… OUT.png")]
    pub files: Vec<String>,
    /// The picture to write.
    #[arg(short, long, value_name = "OUT.png")]
    pub out: Option<String>,
    /// Folder or file with original texts to attach to the case's documents; may be repeated.
    #[arg(long, value_name = "DIR")]
    pub documents: Vec<String>,
    /// Size of the window in points.
    #[arg(long, default_value = "1440x900", value_name = "WxH", value_parser = size)]
    pub size: [f32; 2],
    /// Pixels per point.
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    pub scale: f32,
    /// The light theme.
    #[arg(long, conflicts_with = "dark")]
    pub light: bool,
    /// The dark theme, which is the default.
    #[arg(long)]
    pub dark: bool,
    /// Language of the interface: en, fr, ar.
    #[arg(long, value_parser = lang)]
    pub lang: Option<crate::model::Lang>,
    /// Language of labels and names: en, fr, ar.
    #[arg(long, value_parser = lang)]
    pub label_lang: Option<crate::model::Lang>,
    /// The welcome screen, without a case.
    #[arg(long, conflicts_with_all = ["select", "claim", "play_at", "document"])]
    pub welcome: bool,
    /// Selects an event by its key; may be repeated, the last one is shown in detail.
    #[arg(long, value_name = "EVENT")]
    pub select: Vec<String>,
    /// Emphasises a claim of the last selected event, by its number from 1 or its key.
    #[arg(long, value_name = "N", requires = "select")]
    pub claim: Option<String>,
    /// The player runs and its window is this one, in EDTF.
    #[arg(long, value_name = "EDTF")]
    pub play_at: Option<String>,
    /// Shows a document in the source panel.
    #[arg(long)]
    pub document: Option<String>,
    /// Shows the original text if it is attached; this is the default.
    #[arg(long, conflicts_with = "brief")]
    pub original: bool,
    /// Shows the case's own summary of the document.
    #[arg(long)]
    pub brief: bool,
    /// Centre of the map.
    #[arg(long, value_name = "LAT,LON", requires = "zoom", value_parser = position, allow_hyphen_values = true)]
    pub center: Option<crate::model::LatLon>,
    /// Zoom level of the map.
    #[arg(long, requires = "center")]
    pub zoom: Option<f64>,
    /// palette, import, report, keys, about, problems, twins, tray-undated, tray-unplaced, tray-outside, tray-filtered.
    #[arg(long, value_name = "NAME")]
    pub dialog: Option<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only events that a document makes claims about; may be repeated.
    #[arg(long, value_name = "DOCUMENT", help_heading = FILTER)]
    pub only_document: Vec<String>,
}

#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The script; its steps are told in the module `io::script`.
    #[arg(value_name = "SCRIPT.json")]
    pub script: String,
    /// Prints one JSON document instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Folder of the pictures and exports that the script writes; the current one if not given.
    #[arg(long, value_name = "DIR", default_value = "")]
    pub out: String,
    /// Fails if the window's own part of more than one frame in twenty takes longer than this many
    /// milliseconds.
    #[arg(long, value_name = "MS")]
    pub max_p95_ms: Option<f64>,
    /// Fails if more than one whole frame in twenty, drawing included, takes longer than this.
    #[arg(long, value_name = "MS")]
    pub max_frame_p95_ms: Option<f64>,
    /// Fails if half of the whole frames take longer than this.
    #[arg(long, value_name = "MS")]
    pub max_frame_median_ms: Option<f64>,
}

#[derive(Args, Debug)]
pub struct GenerateArgs {
    /// The file to write.
    #[arg(value_name = "OUT.csv")]
    pub out: String,
    /// How many events.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=1_000_000_000))]
    pub rows: u64,
    /// Other events of the same kind; one seed always gives the same.
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub seed: u64,
    /// date-desc (the latest first), random.
    #[arg(long, default_value = "date-desc", value_parser = order)]
    pub order: Order,
    /// Share of notes in Arabic.
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    pub arabic: f64,
    /// Share of notes with line breaks.
    #[arg(long, value_name = "SHARE", default_value_t = 0.001, value_parser = share)]
    pub newlines: f64,
    /// Also writes what is true of the file: counts, sums, cross-filters, planted phrases.
    #[arg(long, value_name = "TRUTH.json")]
    pub truth: Option<String>,
}

/// The value of a code, or all codes that there are.
fn code<T: Copy>(text: &str, all: &[T], code: fn(T) -> &'static str) -> Result<T, String> {
    let plain = text.to_lowercase().replace([' ', '_'], "-");
    let found = all.iter().copied().find(|value| code(*value).replace('_', "-") == plain);
    found.ok_or_else(|| {
        format!("write {}", all.iter().map(|value| code(*value)).collect::<Vec<_>>().join(", "))
    })
}

fn encoding(text: &str) -> Result<Encoding, String> {
    code(text, Encoding::ALL, Encoding::code)
}

fn date_order(text: &str) -> Result<DateOrder, String> {
    code(text, DateOrder::ALL, DateOrder::code)
}

fn numbers(text: &str) -> Result<Numbers, String> {
    code(text, Numbers::ALL, Numbers::code)
}

fn decimal(text: &str) -> Result<DecimalMark, String> {
    code(text, DecimalMark::ALL, DecimalMark::code)
}

fn remedy(text: &str) -> Result<Remedy, String> {
    code(text, Remedy::ALL, Remedy::code)
}

fn dialect(text: &str) -> Result<ChosenDialect, String> {
    if text == "none" {
        return Ok(ChosenDialect(None));
    }
    code(text, Dialect::ALL, Dialect::code).map(|dialect| ChosenDialect(Some(dialect)))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "tab" | "\\t" => Ok(b'\t'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [one] if !matches!(one, b'"' | b'\n' | b'\r') => Ok(*one),
            _ => Err("write one sign, or comma, semicolon, tab or pipe".to_owned()),
        },
    }
}

fn header(text: &str) -> Result<Header, String> {
    if text == "none" {
        return Ok(Header::None);
    }
    let line = text.parse::<u32>().ok().and_then(|line| line.checked_sub(1));
    line.map(Header::Line).ok_or_else(|| "write the number of a line, or none".to_owned())
}

fn mapped(text: &str) -> Result<(String, Option<Field>), String> {
    let (column, field) = text.rsplit_once('=').ok_or_else(|| "write COLUMN=FIELD".to_owned())?;
    let field = if field.is_empty() { None } else { Some(code(field, Field::ALL, Field::code)?) };
    Ok((column.to_owned(), field))
}

fn column_value(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or_else(|| "write COLUMN=VALUE".to_owned())?;
    Ok((column.to_owned(), value.to_owned()))
}

fn near(text: &str) -> Result<Near, String> {
    let parts: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let &[lat, lon, km] = parts.as_slice() else {
        return Err("write LAT,LON,KM, as in 18.44,1.41,50".to_owned());
    };
    let center = crate::model::LatLon::new(lat, lon).filter(|_| km.is_finite() && km >= 0.0);
    center.map(|center| Near { center, km }).ok_or_else(|| "there is no such circle".to_owned())
}

fn window(text: &str) -> Result<Interval, String> {
    crate::model::time::parse_edtf(text).map(|when| when.interval).map_err(|err| err.to_string())
}

fn order(text: &str) -> Result<Order, String> {
    Order::from_name(text).ok_or_else(|| "write date-desc or random".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "write a number from 0 to 1".to_owned())
}

fn size(text: &str) -> Result<[f32; 2], String> {
    let sides = text.split_once(['x', 'X', '×']);
    let sides = sides.and_then(|(w, h)| Some([w.trim().parse().ok()?, h.trim().parse().ok()?]));
    sides
        .filter(|sides: &[f32; 2]| sides.iter().all(|side| (100.0..=8192.0).contains(side)))
        .ok_or_else(|| "write width and height between 100 and 8192 points, as in 1440x900".to_owned())
}

fn scale(text: &str) -> Result<f32, String> {
    let scale = text.parse().ok().filter(|scale| (0.25..=8.0).contains(scale));
    scale.ok_or_else(|| "write a number between 0.25 and 8".to_owned())
}

fn lang(text: &str) -> Result<crate::model::Lang, String> {
    crate::model::Lang::from_code(text).ok_or_else(|| "write en, fr or ar".to_owned())
}

fn position(text: &str) -> Result<crate::model::LatLon, String> {
    let parts = text.split_once(',');
    parts
        .and_then(|(lat, lon)| crate::model::LatLon::new(lat.trim().parse().ok()?, lon.trim().parse().ok()?))
        .ok_or_else(|| "write latitude and longitude in degrees, as in 16.77,-3.01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn sizes_and_positions_are_read_or_refused() {
        assert_eq!(size("1920x1080"), Ok([1920.0, 1080.0]));
        assert!(size("1920").is_err() && size("0x5").is_err() && size("99999x100").is_err());
        assert_eq!(position("16.77,-3.01"), Ok(crate::model::LatLon { lat: 16.77, lon: -3.01 }));
        assert!(position("100,0").is_err() && position("x").is_err());
        assert!(share("0.3").is_ok() && share("1.1").is_err() && share("nan").is_err());
        assert_eq!(delimiter("tab"), Ok(b'\t'));
        assert!(delimiter("ab").is_err() && header("0").is_err() && header("none") == Ok(Header::None));
        assert_eq!(encoding("Windows-1256"), Ok(Encoding::Windows1256));
        assert_eq!(mapped("a=b=date_end"), Ok(("a=b".to_owned(), Some(Field::DateEnd))));
        assert!(mapped("a=nothing").is_err() && mapped("a=") == Ok(("a".to_owned(), None)));
        assert!(near("18.44, 1.41, 50").is_ok() && near("1,2").is_err() && near("1,2,-3").is_err());
        assert!(order("random").is_ok() && order("").is_err());
        assert!(scale("0").is_err() && scale("nan").is_err() && scale("2").is_ok());
    }
}
