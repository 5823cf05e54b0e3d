//! What `waqai info` tells of flat datasets: how their files were read, and figures of their rows.
//!
//! The rules of [`super::report`] for names and dates hold here too.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::import::values::Forms;
use super::report::Counts;
use crate::model::import::{Detected, Field, Findings, Header, Issue, Outcome, Report, Setting, Sureness};
use crate::model::time::{SECONDS_PER_DAY, date_of};
use crate::model::{Interval, LatLon};
use crate::store::columns::{Times, TollColumn};
use crate::store::{Lists, Store, Table};

/// Rows up to which positions are compared as the file has them; in larger files as the columns have
/// them, which is good to about a metre.
const MAX_EXACT: usize = 250_000;
/// Most values of a column, and most actors, that are told with their counts.
const MAX_VALUES: usize = 1000;
const MAX_ACTORS: usize = 100;

/// How a file was read.
#[derive(Clone, Debug, Serialize)]
pub struct FileLine<'a> {
    pub file: &'a str,
    pub format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<SheetLine<'a>>,
    pub encoding: &'static str,
    pub delimiter: String,
    pub quotes: bool,
    /// The line with the names of the columns, counted from 1; `null` if there is none.
    pub header: Option<u32>,
    pub dialect: Option<&'static str>,
    pub date_order: &'static str,
    pub numbers: &'static str,
    pub decimal: &'static str,
    pub remedies: Vec<&'static str>,
    /// Whether the window opens it without asking.
    pub is_known: bool,
    pub evidence: Vec<EvidenceLine<'a>>,
    /// In order of the file; those without a field are attributes.
    pub columns: Vec<MappingLine<'a>>,
    pub report: ReportLine<'a>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SheetLine<'a> {
    pub name: &'a str,
    pub rows: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EvidenceLine<'a> {
    pub setting: String,
    /// `certain`, `share`, `guess`, `chosen`.
    pub sureness: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f32>,
    pub why: &'a str,
}

#[derive(Clone, Debug, Serialize)]
pub struct MappingLine<'a> {
    pub name: &'a str,
    pub field: Option<&'static str>,
}

/// `rows` is `events + left_out`.
#[derive(Clone, Debug, Serialize)]
pub struct ReportLine<'a> {
    pub bytes: u64,
    pub rows: u64,
    pub events: u64,
    pub left_out: u64,
    pub undated: u64,
    pub unplaced: u64,
    /// Events without something that could not be understood.
    pub with_gaps: u64,
    pub cut_short: Option<&'a str>,
    pub findings: Vec<FindingsLine<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FindingsLine<'a> {
    pub issue: &'static str,
    /// `kept`, `kept_with_gap`, `left_out`.
    pub outcome: &'static str,
    pub column: &'a str,
    pub count: u64,
    pub sentence: &'static str,
    pub remedy: Option<&'static str>,
    /// The first ones; of rows that are left out all, up to a hundred thousand.
    pub examples: Vec<ExampleLine<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ExampleLine<'a> {
    pub at: &'a str,
    pub value: &'a str,
}

/// Figures of all rows of flat datasets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub rows: usize,
    pub coordinates: CoordinateFigures,
    pub dates: DateFigures,
    pub fatalities: TollFigures,
    pub counts_by_country: Counts,
    /// Events by everybody who has a part in them; the hundred that are named most often.
    pub counts_by_actor: Counts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CoordinateFigures {
    pub valid: usize,
    /// Blank, or in no form that is read.
    pub blank: usize,
    pub out_of_range: usize,
    /// Valid ones at 0,0.
    pub at_0_0: usize,
    pub distinct: usize,
    pub latitude: Option<[f64; 2]>,
    pub longitude: Option<[f64; 2]>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DateFigures {
    pub valid: usize,
    pub missing: usize,
    /// First and last of the days on which events begin, and on which they end.
    pub begin: Option<[String; 2]>,
    pub end: Option<[String; 2]>,
    pub multi_day: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TollFigures {
    pub low: u64,
    pub best: u64,
    pub high: u64,
    /// Events without a best figure.
    pub missing: usize,
    pub max: Option<u32>,
    /// Events with at least one killed.
    pub above_0: usize,
    /// Events whose low, best and high are not in order.
    pub out_of_order: usize,
}

/// Figures of one column as the file has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnFigures {
    pub rows: usize,
    pub blank: usize,
    pub distinct: usize,
    /// Of columns in which all values are numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberFigures>,
    /// Values with their numbers of rows, the most frequent first, at most a thousand.
    pub counts: Counts,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NumberFigures {
    pub sum: f64,
    pub mean: f64,
    pub min: f64,
    pub max: f64,
}

/// How the file of a dataset was read.
pub fn file(table: &Table) -> FileLine<'_> {
    let report: &Report = &table.report;
    let Detected { settings, evidence, sheets, columns, is_known } = &report.detected;
    let delimiter = match settings.delimiter {
        b'\t' => "tab".to_owned(),
        other => char::from(other).to_string(),
    };
    let mapping = columns.iter().enumerate().map(|(at, name)| MappingLine {
        name,
        field: settings.columns.get(at).copied().flatten().map(Field::code),
    });
    FileLine {
        file: &report.file,
        format: settings.format.code(),
        sheet: settings.sheet.as_deref(),
        sheets: sheets.iter().map(|(name, rows)| SheetLine { name, rows: *rows }).collect(),
        encoding: settings.encoding.code(),
        delimiter,
        quotes: settings.quotes,
        header: match settings.header {
            Header::Line(line) => Some(line + 1),
            Header::None => None,
        },
        dialect: settings.dialect.map(|dialect| dialect.code()),
        date_order: settings.date_order.code(),
        numbers: settings.numbers.code(),
        decimal: settings.decimal.code(),
        remedies: settings.remedies.iter().map(|remedy| remedy.code()).collect(),
        is_known: *is_known,
        evidence: evidence
            .iter()
            .map(|evidence| {
                let (sureness, share) = match evidence.sureness {
                    Sureness::Certain => ("certain", None),
                    Sureness::Share(share) => ("share", Some(share)),
                    Sureness::Guess => ("guess", None),
                    Sureness::Chosen => ("chosen", None),
                };
                EvidenceLine {
                    setting: setting(evidence.setting, columns),
                    sureness,
                    share,
                    why: &evidence.why,
                }
            })
            .collect(),
        columns: mapping.collect(),
        report: ReportLine {
            bytes: report.bytes,
            rows: report.rows,
            events: report.events,
            left_out: report.left_out,
            undated: report.undated,
            unplaced: report.unplaced,
            with_gaps: report.with_gaps,
            cut_short: report.cut_short.as_deref(),
            findings: report.findings.iter().map(findings).collect(),
        },
    }
}

fn setting(setting: Setting, columns: &[String]) -> String {
    match setting {
        Setting::Format => "format".to_owned(),
        Setting::Sheet => "sheet".to_owned(),
        Setting::Encoding => "encoding".to_owned(),
        Setting::Delimiter => "delimiter".to_owned(),
        Setting::Header => "header".to_owned(),
        Setting::Dialect => "dialect".to_owned(),
        Setting::Dates => "dates".to_owned(),
        Setting::Decimal => "decimal".to_owned(),
        Setting::Column(at) => format!("column {}", columns.get(at).map_or("", String::as_str)),
    }
}

fn findings(findings: &Findings) -> FindingsLine<'_> {
    let Findings { issue, column, count, list } = findings;
    let outcome = match issue.outcome() {
        Outcome::Kept => "kept",
        Outcome::KeptWithGap => "kept_with_gap",
        Outcome::LeftOut => "left_out",
    };
    FindingsLine {
        issue: issue.code(),
        outcome,
        column,
        count: *count,
        sentence: issue.sentence(),
        remedy: issue.remedy().map(|remedy| remedy.code()),
        examples: list.iter().map(|one| ExampleLine { at: &one.at, value: &one.value }).collect(),
    }
}

/// Figures of the rows of all flat datasets; `None` if there are none.
pub fn figures(store: &Store) -> Option<Figures> {
    let rows: usize = store.tables.iter().map(|table| table.rows.len()).sum();
    (!store.tables.is_empty()).then(|| Figures {
        rows,
        coordinates: coordinates(store, rows),
        dates: dates(store),
        fatalities: tolls(store),
        counts_by_country: countries(store),
        counts_by_actor: actors(store),
    })
}

fn all_rows(store: &Store) -> impl Iterator<Item = usize> + '_ {
    store.tables.iter().flat_map(|table| table.rows.clone())
}

/// The position of a row as its file has it, if that can be read again.
pub fn exact_position(store: &Store, table: &Table, row: usize) -> Option<LatLon> {
    let settings = &table.report.detected.settings;
    let rounded = || {
        let LatLon { lat, lon } = store.columns.position(row)?;
        Some(LatLon { lat: super::table::as_written(lat as f32), lon: super::table::as_written(lon as f32) })
    };
    if !settings.remedies.is_empty() {
        return rounded();
    }
    let columns = settings.column_of(Field::Latitude).zip(settings.column_of(Field::Longitude));
    let exact = columns.and_then(|(lat, lon)| {
        let (lat, lon) = (table.field(row, lat), table.field(row, lon));
        Forms::of(settings).position(lat.trim_ascii(), lon.trim_ascii()).ok()
    });
    exact.map(|(position, _)| position).or_else(rounded)
}

fn coordinates(store: &Store, rows: usize) -> CoordinateFigures {
    let (lat, lon) = (&store.columns.lat, &store.columns.lon);
    let at = |row: usize| lat.get(row).copied().zip(lon.get(row).copied()).filter(|(lat, _)| !lat.is_nan());
    let mut figures = CoordinateFigures::default();
    let mut limits: Option<[f32; 4]> = None;
    for (lat, lon) in all_rows(store).filter_map(at) {
        figures.valid += 1;
        figures.at_0_0 += usize::from(lat == 0.0 && lon == 0.0);
        limits = Some(match limits {
            None => [lat, lat, lon, lon],
            Some([south, north, west, east]) => {
                [south.min(lat), north.max(lat), west.min(lon), east.max(lon)]
            }
        });
    }
    let count =
        |issue: Issue| store.tables.iter().map(|table| table.report.count_of(issue) as usize).sum::<usize>();
    let beyond = [Issue::NoSuchCoordinate, Issue::SwappedCoordinates, Issue::BeyondDateLine];
    figures.out_of_range = beyond.into_iter().map(count).sum::<usize>().min(rows - figures.valid);
    figures.blank = rows - figures.valid - figures.out_of_range;
    let mut distinct: FxHashSet<(u64, u64)> = FxHashSet::default();
    if let Some([south, north, west, east]) = limits {
        // The rows at the limits are looked up, because the columns hold less digits than the file.
        let mut lats: Option<[f64; 2]> = None;
        let mut lons: Option<[f64; 2]> = None;
        let wider = |limits: &mut Option<[f64; 2]>, value: f64| {
            *limits = Some(limits.map_or([value; 2], |[low, high]| [low.min(value), high.max(value)]));
        };
        for table in &store.tables {
            for row in table.rows.clone() {
                let Some((lat, lon)) = at(row) else { continue };
                let is_limit = lat == south || lat == north || lon == west || lon == east;
                let exact =
                    if is_limit || rows <= MAX_EXACT { exact_position(store, table, row) } else { None };
                let exact = exact.unwrap_or(LatLon { lat: f64::from(lat), lon: f64::from(lon) });
                // Minus zero is zero.
                distinct.insert(((exact.lat + 0.0).to_bits(), (exact.lon + 0.0).to_bits()));
                if lat == south || lat == north {
                    wider(&mut lats, exact.lat);
                }
                if lon == west || lon == east {
                    wider(&mut lons, exact.lon);
                }
            }
        }
        (figures.latitude, figures.longitude) = (lats, lons);
    }
    figures.distinct = distinct.len();
    figures
}

fn dates(store: &Store) -> DateFigures {
    let times = &store.columns.times;
    let mut figures = DateFigures::default();
    let (mut begin, mut end): (Option<[i64; 2]>, Option<[i64; 2]>) = (None, None);
    let wider = |limits: &mut Option<[i64; 2]>, day: i64| {
        *limits = Some(limits.map_or([day; 2], |[low, high]| [low.min(day), high.max(day)]));
    };
    let mut odd = times.odd().iter().peekable();
    for row in all_rows(store) {
        while odd.next_if(|(at, _)| (*at as usize) < row).is_some() {}
        let day = times.days().get(row).copied().unwrap_or(Times::UNDATED);
        if let Some((_, interval)) = odd.next_if(|(at, _)| *at as usize == row) {
            figures.valid += 1;
            let Interval { start, end: last } = *interval;
            let (first, last) = (start.div_euclid(SECONDS_PER_DAY), (last - 1).div_euclid(SECONDS_PER_DAY));
            figures.multi_day += usize::from(first != last);
            if !interval.open_start() {
                wider(&mut begin, first);
            }
            if !interval.open_end() {
                wider(&mut end, last);
            }
        } else if day == Times::UNDATED {
            figures.missing += 1;
        } else {
            figures.valid += 1;
            wider(&mut begin, i64::from(day));
            wider(&mut end, i64::from(day));
        }
    }
    let text = |limits: Option<[i64; 2]>| {
        let day = |day: i64| date_of(day.saturating_mul(SECONDS_PER_DAY)).map(|day| day.to_string());
        limits.and_then(|[first, last]| Some([day(first)?, day(last)?]))
    };
    (figures.begin, figures.end) = (text(begin), text(end));
    figures
}

fn tolls(store: &Store) -> TollFigures {
    let column = &store.columns.fatalities;
    let mut figures = TollFigures::default();
    let mut spreads = column.spreads().iter().peekable();
    for row in all_rows(store) {
        while spreads.next_if(|(at, _)| (*at as usize) < row).is_some() {}
        let toll = match spreads.next_if(|(at, _)| *at as usize == row) {
            Some((_, toll)) => *toll,
            None => TollColumn::plain(column.best().get(row).copied().unwrap_or(TollColumn::NONE)),
        };
        let of = |figure: Option<u32>| u64::from(figure.unwrap_or(0));
        figures.low += of(toll.low);
        figures.best += of(toll.best);
        figures.high += of(toll.high);
        figures.missing += usize::from(toll.best.is_none());
        figures.max = figures.max.max(toll.best);
        figures.above_0 += usize::from(toll.best > Some(0));
        let given = [toll.low, toll.best, toll.high].into_iter().flatten();
        figures.out_of_order += usize::from(!given.is_sorted());
    }
    figures
}

fn countries(store: &Store) -> Counts {
    let mut by_place: FxHashMap<u32, usize> = FxHashMap::default();
    for row in all_rows(store) {
        if let [place, ..] = store.columns.places.of(row) {
            *by_place.entry(*place).or_default() += 1;
        }
    }
    let mut by_country: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, count) in by_place {
        if let Some(country) = store.places.get(place as usize).and_then(|place| place.country.as_deref()) {
            *by_country.entry(country).or_default() += count;
        }
    }
    most_frequent(by_country.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(), usize::MAX)
}

fn actors(store: &Store) -> Counts {
    let mut counts = vec![0usize; store.actors.len()];
    let actors: &Lists = &store.columns.actors;
    for id in all_rows(store).flat_map(|row| actors.of(row)) {
        if let Some(count) = counts.get_mut(*id as usize) {
            *count += 1;
        }
    }
    let named = store.actors.iter().zip(counts).filter(|(_, count)| *count > 0);
    most_frequent(named.map(|(actor, count)| (actor.key.clone(), count)).collect(), MAX_ACTORS)
}

fn most_frequent(mut counts: Vec<(String, usize)>, max: usize) -> Counts {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(max);
    Counts(counts)
}

/// Figures of a column of the flat datasets, by its name in the file. An error names the columns that
/// there are.
pub fn column(store: &Store, name: &str) -> Result<ColumnFigures, String> {
    let mut counts: FxHashMap<Vec<u8>, usize> = FxHashMap::default();
    let (mut rows, mut blank, mut is_known) = (0, 0, false);
    let (mut numbers, mut is_number) = ((0.0f64, f64::INFINITY, f64::NEG_INFINITY, 0usize), true);
    for table in &store.tables {
        let Some(at) = column_at(table, name) else { continue };
        is_known = true;
        let forms = Forms::of(&table.report.detected.settings);
        for row in table.rows.clone() {
            rows += 1;
            let field = table.field(row, at);
            let value = field.trim_ascii();
            if value.is_empty() {
                blank += 1;
                continue;
            }
            if is_number {
                match forms.number(value) {
                    Ok((number, _)) => {
                        let (sum, min, max, count) = numbers;
                        numbers = (sum + number, min.min(number), max.max(number), count + 1);
                    }
                    Err(_) => is_number = false,
                }
            }
            match counts.get_mut(value) {
                Some(count) => *count += 1,
                None => drop(counts.insert(value.to_vec(), 1)),
            }
        }
    }
    if !is_known {
        let columns: Vec<&str> =
            store.tables.iter().flat_map(|table| table.records.header()).map(String::as_str).collect();
        return Err(format!("there is no column “{name}”; there are: {}", columns.join(", ")));
    }
    let (sum, min, max, count) = numbers;
    let distinct = counts.len();
    let counts =
        counts.into_iter().map(|(value, n)| (String::from_utf8_lossy(&value).into_owned(), n)).collect();
    Ok(ColumnFigures {
        rows,
        blank,
        distinct,
        numbers: (is_number && count > 0).then(|| NumberFigures { sum, mean: sum / count as f64, min, max }),
        counts: most_frequent(counts, MAX_VALUES),
    })
}

/// The place of a column by its name: as it is written, or else in another case.
pub fn column_at(table: &Table, name: &str) -> Option<usize> {
    let header = table.records.header();
    header
        .iter()
        .position(|column| column == name)
        .or_else(|| header.iter().position(|column| column.to_lowercase() == name.to_lowercase()))
}
