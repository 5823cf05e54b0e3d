//! What `waqai info` and `waqai query` print with `--json`.
//!
//! The names of the fields are stable: they may be added to, but none is renamed or changes its
//! meaning. Dates are `YYYY-MM-DD` in UTC with inclusive last days; a limit that nobody gives is
//! `null`. Texts in several languages are objects by language (`{"en": …, "ar": …}`) without those
//! that are missing. Ids are the keys of the case's files.

use serde::{Serialize, Serializer};

use crate::model::category::{EventType, Prominence};
use crate::model::{BBox, DatePrecision, EventId, GeoPrecision, Interval, Lang, Names, Problem, Severity};
use crate::store::filter::{Dim, Trays, each_code};
use crate::store::{EventDetail, Store};

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
    /// How many things were left out: the problems whose severity is `error`.
    pub rejected: usize,
    pub problems: Vec<ProblemLine<'a>>,
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
    /// In order of time, undated ones last.
    pub events: Vec<EventLine<'a>>,
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

/// Describes a whole case.
pub fn info<'a>(store: &'a Store, path: &'a str) -> Info<'a> {
    let claims = || store.details.iter().flat_map(|detail| &detail.claims);
    let mut fatalities = FatalitySums::default();
    for event in store.events() {
        let toll = store.fatalities(event);
        if let (Some(low), Some(best), Some(high)) = (toll.low, toll.best, toll.high) {
            fatalities.low += u64::from(low);
            fatalities.best += u64::from(best);
            fatalities.high += u64::from(high);
            fatalities.events += 1;
        }
    }
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
        date_range: store.time_extent().map(|extent| {
            let (start, end) = limits(extent);
            DateRange { start, end }
        }),
        bbox: store.bbox_of(store.events()).map(rounded),
        fatalities,
        counts_by_type: counts(store, Dim::Type, |code| name_of(EventType::ALL, code, EventType::code)),
        counts_by_sub_type: counts(store, Dim::SubType, |code| store.sub_types.get(code).to_owned()),
        counts_by_date_precision: counts(store, Dim::DatePrecision, |code| {
            name_of(DatePrecision::ALL, code, DatePrecision::code)
        }),
        counts_by_geo_precision: counts(store, Dim::GeoPrecision, |code| {
            name_of(GeoPrecision::ALL, code, GeoPrecision::code)
        }),
        counts_by_prominence: counts(store, Dim::Prominence, |code| {
            name_of(Prominence::ALL, code, Prominence::code)
        }),
        counts_by_document: counts(store, Dim::Document, |code| {
            store.documents.get(code as usize).map_or_else(String::new, |d| d.key.clone())
        }),
        rejected: store.problems.iter().filter(|p| p.severity == Severity::Error).count(),
        problems: store.problems.iter().map(ProblemLine::new).collect(),
    }
}

/// Describes what a filter shows; `events` are the shown ones in the order to print them in.
pub fn query<'a>(store: &'a Store, trays: &Trays, events: &[EventId]) -> QueryResult<'a> {
    QueryResult {
        total: store.num_events(),
        matching: trays.shown.len(),
        outside_window: trays.outside_window.len(),
        undated: trays.undated.len(),
        filtered_out: trays.filtered_out.len(),
        unplaced: trays.unplaced.len(),
        events: events
            .iter()
            .filter_map(|event| store.detail(*event).map(|detail| event_line(store, *event, detail)))
            .collect(),
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
    // The columns hold the same position in single precision.
    let placed = places().find_map(|(_, place)| Some((place.position?, place.radius_m)));
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
        latitude: placed.map(|(position, _)| position.lat),
        longitude: placed.map(|(position, _)| position.lon),
        radius_m: placed.map(|(_, radius_m)| radius_m),
        fatalities: FatalityLine {
            low: fatalities.low,
            best: fatalities.best,
            high: fatalities.high,
            best_open: fatalities.best_open,
            high_open: fatalities.high_open,
        },
        prominence: store.prominence(event).code(),
        certainty: store.columns.certainty.get(event.index()).map(|certainty| certainty.code()),
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

/// Events per code of a facet, in the order of codes.
fn counts(store: &Store, dim: Dim, name: impl Fn(u32) -> String) -> Counts {
    let mut by_code = std::collections::BTreeMap::<u32, usize>::new();
    for event in store.events() {
        each_code(store, dim, event.index(), |code| *by_code.entry(code).or_default() += 1);
    }
    Counts(by_code.into_iter().map(|(code, count)| (name(code), count)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{builtin, read_case, unwatched};
    use crate::store::filter::{Filter, evaluate, trays};

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
        let trays = trays(&store, &evaluate(&store, &Filter::default(), &[]));
        let result = query(&store, &trays, &[event]);
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
