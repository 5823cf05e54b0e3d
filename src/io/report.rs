//! What `waqai info` and `waqai query` print with `--json`.
//!
//! The names of the fields are stable: they may be added to, but none is renamed or changes its
//! meaning. Dates are `YYYY-MM-DD` in UTC with inclusive last days; a limit that nobody gives is
//! `null`. Texts in several languages are objects by language (`{"en": …, "ar": …}`) without those
//! that are missing. Ids are the keys of the case's files.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::model::category::{EventType, Prominence};
use crate::model::{
    BBox, DatePrecision, EventId, Fatalities, GeoPrecision, Interval, Lang, LatLon, Names, Problem, Severity,
};
use crate::store::columns::TollColumn;
use crate::store::cross::{Rows, TrayCounts};
use crate::store::order::extent_of;
use crate::store::{DatasetId, EventDetail, Kind, Lists, Store};

use super::figures::{self, ColumnFigures, Figures, FileLine};
use super::table::as_written;

/// `waqai info`: what a reader sees in a case.
#[derive(Clone, Debug, Serialize)]
pub struct Info<'a> {
    /// Always `waqai-case`.
    pub format: &'static str,
    /// The case's folder as the user named it; `mali` is the case that is part of the program.
    pub path: &'a str,
    pub title: Texts<'a>,
    pub documents: usize,
    pub events: usize,
    pub claims: usize,
    pub places: usize,
    pub actors: usize,
    /// Things that documents mention without a date and that are no events.
    pub mentions_undated: usize,
    /// Ranges of text that claims rest on.
    pub spans: SpanCounts,
    /// Documents whose original text was given with the case or attached.
    pub originals_attached: usize,
    /// What is open, each for itself; the other figures are sums over all.
    pub datasets: Vec<DatasetInfo<'a>>,
    /// From the first known day to the last known day of any event; `null` if no event is dated.
    pub date_range: Option<DateRange>,
    /// `[west, south, east, north]` in degrees; `null` if no event is placed.
    pub bbox: Option<[f64; 4]>,
    pub fatalities: FatalitySums,
    /// Events by code, in the order of the code list; codes without events are left out.
    pub counts_by_type: Counts,
    pub counts_by_sub_type: Counts,
    pub counts_by_date_precision: Counts,
    pub counts_by_geo_precision: Counts,
    pub counts_by_prominence: Counts,
    /// Events by key of a document that makes a claim about them; an event may count several times.
    pub counts_by_document: Counts,
    /// How many things were left out: the problems whose severity is `error`, and rows of flat datasets.
    pub rejected: usize,
    pub problems: Vec<ProblemLine<'a>>,
    /// How the files of flat datasets were read, and what was odd in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileLine<'a>>,
    /// Of the rows of flat datasets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
    /// By the names of the columns that were asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnFigures>,
    #[serde(flatten)]
    pub effort: Effort,
}

/// One of the datasets.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetInfo<'a> {
    /// The file's name, or the title of the case.
    pub name: &'a str,
    /// The file as the user named it; `null` for a case.
    pub path: Option<&'a str>,
    pub events: usize,
    pub date_range: Option<DateRange>,
    pub fatalities: FatalitySums,
}

/// `waqai convert`: what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Converted<'a> {
    /// Always `waqai-convert`.
    pub format: &'static str,
    /// As the user named it.
    pub out: &'a str,
    /// What was written: `csv`, `csv-claims`, `xlsx`, `geojson`, `kml`, `parquet`, `gpkg`, `html`.
    pub written_as: &'a str,
    pub events: usize,
    pub bytes: u64,
    /// What the file does not hold, a sentence each.
    pub losses: &'a [String],
    #[serde(flatten)]
    pub effort: Effort,
}

/// What it took to make a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Effort {
    /// From the start of the program until the report was ready to be written.
    pub elapsed_ms: f64,
    /// Most memory that the process ever held, mapped files included; `null` where that is not known.
    pub peak_memory_kib: Option<u64>,
}

/// Ranges of text by the text that they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpanCounts {
    /// In the case's own summaries.
    pub brief: usize,
    /// In the original texts, whether attached or not.
    pub original: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DateRange {
    pub start: Option<String>,
    /// Inclusive.
    pub end: Option<String>,
}

/// Sums over all events that have figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FatalitySums {
    pub low: u64,
    pub best: u64,
    pub high: u64,
    /// Events that have figures.
    pub events: usize,
}

impl FatalitySums {
    /// Takes in the figures of one event, if it has any.
    fn add(&mut self, toll: Fatalities) {
        if let (Some(low), Some(best), Some(high)) = (toll.low, toll.best, toll.high) {
            self.low += u64::from(low);
            self.best += u64::from(best);
            self.high += u64::from(high);
            self.events += 1;
        }
    }
}

/// One thing that a reader could not take as it stood.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemLine<'a> {
    /// `warning` (kept) or `error` (left out).
    pub severity: &'static str,
    pub file: &'a str,
    /// Where in the file.
    pub at: &'a str,
    /// The offending value, shortened.
    pub value: &'a str,
    pub message: &'a str,
}

impl<'a> ProblemLine<'a> {
    fn new(problem: &'a Problem) -> Self {
        let Problem { severity, file, at, value, message, about: _ } = problem;
        let severity = match severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        Self { severity, file, at, value, message }
    }
}

/// `waqai query`: what a filter shows, and how much of the case it does not show.
/// `matching + outside_window + undated + filtered_out` is `total`.
#[derive(Clone, Debug, Serialize)]
pub struct QueryResult<'a> {
    /// Events of the case.
    pub total: usize,
    /// Events that the filter shows.
    pub matching: usize,
    /// Events that pass everything but the window.
    pub outside_window: usize,
    /// Events that pass everything but the window, because they have no date.
    pub undated: usize,
    /// Events that fail something else than the window.
    pub filtered_out: usize,
    /// Events that are shown, but have no place.
    pub unplaced: usize,
    /// Of all events that the filter shows.
    pub fatalities: FatalitySums,
    /// From the first to the last known day of the events that the filter shows.
    pub date_range: Option<DateRange>,
    #[serde(flatten)]
    pub effort: Effort,
    /// In order of time, undated ones last; the first ones, if only so many are wanted.
    pub events: EventLines<'a>,
}

/// Events of a store, told one after the other while they are written: there may be millions.
#[derive(Clone, Debug)]
pub struct EventLines<'a> {
    pub store: &'a Store,
    pub events: Rows,
}

impl EventLines<'_> {
    /// Tells the events one after the other.
    pub fn each(&self, mut tell: impl FnMut(&EventLine<'_>)) {
        for event in &self.events {
            if let Some(detail) = self.store.detail(event) {
                tell(&event_line(self.store, event, &detail));
            }
        }
    }
}

impl Serialize for EventLines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq as _;
        let mut seq = serializer.serialize_seq(None)?;
        for event in &self.events {
            if let Some(detail) = self.store.detail(event) {
                seq.serialize_element(&event_line(self.store, event, &detail))?;
            }
        }
        seq.end()
    }
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct EventLine<'a> {
    pub id: &'a str,
    pub title: Texts<'a>,
    #[serde(rename = "type")]
    pub event_type: &'static str,
    pub sub_type: &'a str,
    pub date: DateLine,
    pub places: Vec<PlaceLine<'a>>,
    pub geo_precision: &'static str,
    /// Degrees, of the first place that has a position.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Metres around the position that the place may mean.
    pub radius_m: Option<f64>,
    pub fatalities: FatalityLine,
    pub prominence: &'static str,
    pub certainty: Option<&'static str>,
    pub actors: Vec<ActorLine<'a>>,
    /// Keys of the documents that make claims about the event.
    pub documents: Vec<&'a str>,
    pub claims: Vec<ClaimLine<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DateLine {
    pub start: Option<String>,
    /// Inclusive.
    pub end: Option<String>,
    pub precision: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct PlaceLine<'a> {
    pub id: &'a str,
    pub name: Texts<'a>,
    pub role: Option<&'a str>,
}

/// Derived from the claims by the rule of `model::fatalities`; `null` without figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FatalityLine {
    pub low: Option<u32>,
    pub best: Option<u32>,
    pub high: Option<u32>,
    /// `best` is "at least".
    pub best_open: bool,
    /// `high` is "or more".
    pub high_open: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ActorLine<'a> {
    pub id: &'a str,
    pub name: Texts<'a>,
    pub role: &'a str,
}

#[derive(Clone, Debug, Serialize)]
pub struct ClaimLine<'a> {
    pub id: &'a str,
    /// Key of the actor who is reported to say it.
    pub claimant: &'a str,
    /// Key of the document that reports it.
    pub document: &'a str,
    pub attribution: &'a str,
    pub statement: Texts<'a>,
}

/// One text by language.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Texts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ar: Option<&'a str>,
}

impl<'a> From<&'a Names> for Texts<'a> {
    fn from(names: &'a Names) -> Self {
        Self { en: names.exactly(Lang::En), fr: names.exactly(Lang::Fr), ar: names.exactly(Lang::Ar) }
    }
}

/// Numbers by name, in order; an object in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(pub Vec<(String, usize)>);

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, count)| (name, count)))
    }
}

/// `waqai replay`: how a session went.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReplayReport {
    pub script: String,
    /// Whether all steps were done and all expectations held.
    pub passed: bool,
    pub steps: Vec<StepReport>,
    /// Over all steps, what each step has of its own; `null` if no frame was timed.
    pub total: Option<FrameTimes>,
    pub total_whole: Option<FrameTimes>,
    pub total_waits: Option<FrameTimes>,
    pub failure: Option<ReplayFailure>,
}

/// One step that was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// Beginning with 1.
    pub number: usize,
    /// The step as the script words it.
    #[serde(serialize_with = "as_json")]
    pub step: String,
    /// The window's own part of frames, which is everything but the graphics driver: taking in what
    /// jobs bring, layout and tessellation. `null` if no frame was timed.
    pub times: Option<FrameTimes>,
    /// The whole of the same frames: with textures and buffers uploaded, drawn, and the graphics
    /// device idle again. `null` also if the device cannot draw.
    pub whole: Option<FrameTimes>,
    /// The window's own part of the frames between those, in which it waited for jobs or came to
    /// rest. `null` if there were none.
    pub waits: Option<FrameTimes>,
}

/// How long frames took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FrameTimes {
    pub frames: usize,
    pub min_ms: f64,
    pub median_ms: f64,
    pub p95_ms: f64,
    pub max_ms: f64,
}

/// The step that failed; the steps after it are not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplayFailure {
    /// Beginning with 1; 0 is the opening of the window.
    pub number: usize,
    pub step: String,
    pub message: String,
}

/// What is open, each dataset for itself.
fn datasets<'a>(
    store: &'a Store,
    date_range: &Option<DateRange>,
    fatalities: FatalitySums,
) -> Vec<DatasetInfo<'a>> {
    let several = store.datasets().count() > 1;
    let each = |(id, rows): (DatasetId, std::ops::Range<usize>)| {
        let table = store.table(id);
        let mut info = DatasetInfo {
            name: table.map_or(store.titles.get(Lang::En), |table| &table.name),
            path: table.map(|table| table.path.as_str()),
            events: rows.len(),
            date_range: date_range.clone(),
            fatalities,
        };
        // The only one has the figures of all.
        if several {
            let extent = extent_of(rows.clone().map(|row| store.columns.interval(row)));
            info.date_range = extent.map(range_of);
            info.fatalities = FatalitySums::default();
            rows.for_each(|row| info.fatalities.add(store.columns.fatalities.get(row)));
        }
        info
    };
    store.datasets().map(each).collect()
}

fn range_of(extent: Interval) -> DateRange {
    let (start, end) = limits(extent);
    DateRange { start, end }
}

/// Describes a whole case.
pub fn info<'a>(store: &'a Store, path: &'a str) -> Info<'a> {
    let claims = || store.details.iter().flat_map(|detail| &detail.claims);
    let kinds = kind_counts(store);
    let date_range = store.time_extent().map(range_of);
    let fatalities = fatality_sums(store);
    Info {
        format: "waqai-case",
        path,
        title: (&store.titles).into(),
        documents: store.documents.len(),
        events: store.num_events(),
        claims: store.num_claims(),
        places: store.places.len(),
        actors: store.actors.len(),
        mentions_undated: store.mentions.len(),
        spans: SpanCounts {
            brief: claims().map(|claim| claim.spans.brief.len()).sum(),
            original: claims().map(|claim| claim.spans.original.len()).sum(),
        },
        originals_attached: store.documents.iter().filter(|d| d.attached.is_some()).count(),
        datasets: datasets(store, &date_range, fatalities),
        date_range,
        bbox: bbox(store).map(rounded),
        fatalities,
        counts_by_type: counts(
            &kinds,
            |kind| kind.event_type as u32,
            |code| name_of(EventType::ALL, code, EventType::code),
        ),
        counts_by_sub_type: counts(
            &kinds,
            |kind| u32::from(kind.sub_type),
            |code| store.sub_types.get(code).to_owned(),
        ),
        counts_by_date_precision: counts(
            &kinds,
            |kind| kind.date_precision as u32,
            |code| name_of(DatePrecision::ALL, code, DatePrecision::code),
        ),
        counts_by_geo_precision: counts(
            &kinds,
            |kind| kind.geo_precision as u32,
            |code| name_of(GeoPrecision::ALL, code, GeoPrecision::code),
        ),
        counts_by_prominence: counts(
            &kinds,
            |kind| kind.prominence as u32,
            |code| name_of(Prominence::ALL, code, Prominence::code),
        ),
        counts_by_document: document_counts(store),
        rejected: store.problems.iter().filter(|p| p.severity == Severity::Error).count()
            + store.tables.iter().map(|table| table.report.left_out as usize).sum::<usize>(),
        problems: store.problems.iter().map(ProblemLine::new).collect(),
        files: store.tables.iter().map(figures::file).collect(),
        figures: None,
        columns: BTreeMap::new(),
        effort: Effort::default(),
    }
}

/// Describes what a filter shows; `events` are the shown ones in the order to tell them in, of which at
/// most `limit` are told.
pub fn query<'a>(store: &'a Store, trays: &TrayCounts, events: &Rows, limit: usize) -> QueryResult<'a> {
    let mut fatalities = FatalitySums::default();
    let mut extent: Option<Interval> = None;
    for event in events {
        fatalities.add(store.fatalities(event));
        let interval = store.interval(event);
        if !interval.is_unknown() {
            extent = Some(extent.map_or(interval, |extent| extent.union(interval)));
        }
    }
    let date_range = extent.map(|extent| {
        let (start, end) = limits(extent);
        DateRange { start, end }
    });
    let events = events.slice(0..limit);
    QueryResult {
        total: store.num_events(),
        matching: trays.shown,
        outside_window: trays.outside_window,
        undated: trays.undated,
        filtered_out: trays.filtered_out,
        unplaced: trays.unplaced,
        fatalities,
        date_range,
        effort: Effort::default(),
        events: EventLines { store, events },
    }
}

/// The JSON document of a report, with a line end.
pub fn to_json(report: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(report).map(|json| json + "\n").map_err(|err| err.to_string())
}

/// Text that is JSON already.
fn as_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.serialize(serializer),
        Err(_) => text.serialize(serializer),
    }
}

fn event_line<'a>(store: &'a Store, event: EventId, detail: &'a EventDetail) -> EventLine<'a> {
    let (start, end) = limits(store.interval(event));
    let fatalities = store.fatalities(event);
    let places = || detail.places.iter().filter_map(|role| Some((role, store.place(role.place)?)));
    let placed = match store.table_of(event) {
        // A row of a dataset has a position of its own, be it near its place or not.
        Some(_) => {
            let degrees =
                |column: &[f32]| column.get(event.index()).copied().filter(|degrees| !degrees.is_nan());
            let (lat, lon) = (degrees(&store.columns.lat), degrees(&store.columns.lon));
            lat.zip(lon).map(|(lat, lon)| (as_written(lat), as_written(lon), 0.0))
        }
        // The columns hold the same position in single precision.
        None => places().find_map(|(_, place)| {
            let LatLon { lat, lon } = place.position?;
            Some((lat, lon, place.radius_m))
        }),
    };
    let actor_key = |actor| store.actor(actor).map_or("", |actor| actor.key.as_str());
    EventLine {
        id: &detail.key,
        title: (&detail.titles).into(),
        event_type: store.event_type(event).code(),
        sub_type: store.sub_type(event),
        date: DateLine { start, end, precision: store.date_precision(event).code() },
        places: places()
            .map(|(role, place)| PlaceLine {
                id: &place.key,
                name: (&place.names).into(),
                role: role.role.as_deref(),
            })
            .collect(),
        geo_precision: store.geo_precision(event).code(),
        latitude: placed.map(|(lat, _, _)| lat),
        longitude: placed.map(|(_, lon, _)| lon),
        radius_m: placed.map(|(_, _, radius_m)| radius_m),
        fatalities: FatalityLine {
            low: fatalities.low,
            best: fatalities.best,
            high: fatalities.high,
            best_open: fatalities.best_open,
            high_open: fatalities.high_open,
        },
        prominence: store.prominence(event).code(),
        certainty: Some(store.certainty(event).code()),
        actors: detail
            .actors
            .iter()
            .filter_map(|role| Some((role, store.actor(role.actor)?)))
            .map(|(role, actor)| ActorLine { id: &actor.key, name: (&actor.names).into(), role: &role.role })
            .collect(),
        documents: store.documents_of(event).filter_map(|d| Some(store.document(d)?.key.as_str())).collect(),
        claims: detail
            .claims
            .iter()
            .map(|claim| ClaimLine {
                id: &claim.key,
                claimant: actor_key(claim.claimant),
                document: store.document(claim.document).map_or("", |document| document.key.as_str()),
                attribution: &claim.attribution,
                statement: (&claim.statement).into(),
            })
            .collect(),
    }
}

fn limits(interval: Interval) -> (Option<String>, Option<String>) {
    let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    (text(interval.first_day()), text(interval.last_day()))
}

/// Positions are kept in single precision, good to about a metre: five decimals.
fn rounded(bbox: BBox) -> [f64; 4] {
    [bbox.min_lon, bbox.min_lat, bbox.max_lon, bbox.max_lat].map(|degrees| (degrees * 1e5).round() / 1e5)
}

fn name_of<T: Copy>(all: &[T], code: u32, name: fn(T) -> &'static str) -> String {
    all.get(code as usize).map_or_else(String::new, |value| name(*value).to_owned())
}

/// How many events are of each kind.
fn kind_counts(store: &Store) -> Vec<(Kind, usize)> {
    let columns = &store.columns;
    let mut counts = vec![0; columns.kinds.len()];
    for code in &columns.kind {
        if let Some(count) = counts.get_mut(usize::from(*code)) {
            *count += 1;
        }
    }
    columns.kinds.all().iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect()
}

/// Events per code of a part of their kind, in the order of codes.
fn counts(kinds: &[(Kind, usize)], code: impl Fn(&Kind) -> u32, name: impl Fn(u32) -> String) -> Counts {
    let mut by_code = BTreeMap::<u32, usize>::new();
    for (kind, count) in kinds {
        *by_code.entry(code(kind)).or_default() += count;
    }
    Counts(by_code.into_iter().map(|(code, count)| (name(code), count)).collect())
}

fn document_counts(store: &Store) -> Counts {
    let mut by_code = BTreeMap::<u32, usize>::new();
    match &store.columns.documents {
        Lists::Same { id, len } if *len > 0 => drop(by_code.insert(*id, *len)),
        documents => {
            for id in (0..documents.len()).flat_map(|row| documents.of(row)) {
                *by_code.entry(*id).or_default() += 1;
            }
        }
    }
    let key = |id: u32| store.documents.get(id as usize).map_or_else(String::new, |d| d.key.clone());
    Counts(by_code.into_iter().map(|(id, count)| (key(id), count)).collect())
}

fn fatality_sums(store: &Store) -> FatalitySums {
    let column = &store.columns.fatalities;
    let mut sums = FatalitySums::default();
    // Nearly all events of a dataset have one figure; those that have more are listed in order of row.
    let mut spreads = column.spreads().iter().peekable();
    for (row, best) in column.best().iter().enumerate() {
        match spreads.next_if(|(spread, _)| *spread as usize == row) {
            Some((_, toll)) => sums.add(*toll),
            None => sums.add(TollColumn::plain(*best)),
        }
    }
    sums
}

/// Box of all placed events.
fn bbox(store: &Store) -> Option<BBox> {
    // The smaller and larger of a number and NaN is the number.
    let limits = |degrees: &[f32]| {
        let limits = degrees.iter().fold((f32::NAN, f32::NAN), |(min, max), d| (min.min(*d), max.max(*d)));
        (f64::from(limits.0), f64::from(limits.1))
    };
    let ((min_lat, max_lat), (min_lon, max_lon)) = (limits(&store.columns.lat), limits(&store.columns.lon));
    (!min_lat.is_nan()).then_some(BBox { min_lon, min_lat, max_lon, max_lat })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{builtin, read_case, unwatched};

    #[test]
    fn numbers_of_the_built_in_case() {
        let store = Store::from_batch(read_case(&builtin::MALI, &unwatched));
        let info = info(&store, "mali");
        assert_eq!((info.documents, info.events, info.claims, info.rejected), (5, 55, 105, 0));
        assert_eq!(info.spans, SpanCounts { brief: 522, original: 514 });
        assert_eq!(info.counts_by_type.0.iter().map(|(_, count)| count).sum::<usize>(), 55);
        assert!(info.fatalities.low <= info.fatalities.best && info.fatalities.best <= info.fatalities.high);
        let json: serde_json::Value =
            serde_json::from_str(&to_json(&info).expect("JSON")).expect("valid JSON");
        assert_eq!(json["spans"]["original"], 514);
        assert_eq!(json["counts_by_date_precision"].as_object().map(|o| o.is_empty()), Some(false));
    }

    #[test]
    fn an_event_is_told_with_its_claims_in_both_languages() {
        let store = Store::from_batch(read_case(&builtin::MALI, &unwatched));
        let event = store.event_by_key("e38").expect("event");
        let trays = TrayCounts { shown: 55, ..TrayCounts::default() };
        let events = Rows::from_iter([event]);
        let result = query(&store, &trays, &events, usize::MAX);
        let json = serde_json::to_value(&result).expect("JSON");
        let line = &json["events"][0];
        assert_eq!(line["id"], "e38");
        assert_eq!(line["type"], "Battles");
        assert_eq!(
            line["date"],
            serde_json::json!({"start": "2024-07-25", "end": "2024-07-27", "precision": "days"})
        );
        assert_eq!(line["claims"][0]["claimant"], "jnim");
        assert!(line["claims"][0]["statement"]["ar"].as_str().is_some_and(|text| text.contains("مقتل")));
        assert_eq!(line["title"].as_object().map(|o| o.contains_key("fr")), Some(false));
    }
}
