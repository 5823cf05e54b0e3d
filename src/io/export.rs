//! Events as CSV and GeoJSON, each with the claims and the words that it rests on.
//!
//! A cell that a spreadsheet would run as a formula begins with an apostrophe instead; numbers stay
//! numbers. Last days are inclusive; an open or unknown limit is an empty cell. Offsets count
//! Unicode scalar values in the text that `text_form` names.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::model::document::TextForm;
use crate::model::time::{self, SECONDS_PER_DAY};
use crate::model::{
    Claim, Count, DatePrecision, Document, DocumentId, EventId, Interval, Lang, LatLon, Names, Place, Span,
    SpanRole, When,
};
use crate::store::{EventDetail, Store};

/// What a row of the table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// One claim, with its event's columns repeated; an event without claims has one row.
    #[default]
    Claim,
    /// One event, without the columns of claims.
    Event,
}

const EVENT_COLUMNS: [&str; 26] = [
    "event_id",
    "title_en",
    "title_ar",
    "event_type",
    "sub_event_type",
    "date_start",
    "date_end",
    "date_precision",
    "ongoing",
    "place_en",
    "place_ar",
    "latitude",
    "longitude",
    "radius_m",
    "geo_precision",
    "actors",
    "fatalities_low",
    "fatalities_best",
    "fatalities_best_open",
    "fatalities_high",
    "fatalities_high_open",
    "prominence",
    "certainty",
    "optional",
    "claims",
    "documents",
];

const CLAIM_COLUMNS: [&str; 16] = [
    "claim_id",
    "claimant",
    "attribution",
    "statement_en",
    "statement_ar",
    "reported_counts",
    "claimed_date",
    "document",
    "document_title",
    "outlet",
    "published",
    "text_form",
    "quote",
    "char_start",
    "char_end",
    "evidence",
];

/// Writes events as CSV: UTF-8 with a byte order mark, so that spreadsheets read Arabic, and CRLF
/// (RFC 4180).
pub fn write_csv(store: &Store, events: &[EventId], per: Per, mut out: impl Write) -> io::Result<()> {
    let texts = Texts::new(store);
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let claim_columns = if per == Per::Claim { CLAIM_COLUMNS.as_slice() } else { &[] };
    csv.write_record(EVENT_COLUMNS.iter().chain(claim_columns))?;
    for event in events {
        let Some(detail) = store.detail(*event) else { continue };
        let cells = event_cells(store, *event, &detail);
        let mut write = |claim_cells: &[Cell]| {
            csv.write_record(cells.iter().chain(claim_cells).map(|cell| cell.text().as_bytes().to_vec()))
        };
        match per {
            Per::Event => write(&[])?,
            Per::Claim if detail.claims.is_empty() => {
                write(&vec![Cell::Empty; CLAIM_COLUMNS.len()])?;
            }
            Per::Claim => {
                for claim in &detail.claims {
                    write(&claim_cells(store, &texts, claim))?;
                }
            }
        }
    }
    csv.flush()
}

/// Writes events as GeoJSON (RFC 7946), one feature per event; an event without a position has a
/// null geometry. `geo_precision` and `radius_m` say what the points stand for.
pub fn write_geojson(store: &Store, events: &[EventId], mut out: impl Write) -> io::Result<()> {
    let texts = Texts::new(store);
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut first = true;
    for event in events {
        let Some(detail) = store.detail(*event) else { continue };
        out.write_all(if first { b"\n" } else { b",\n" })?;
        first = false;
        serde_json::to_writer(&mut out, &feature(store, &texts, *event, &detail))?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()
}

/// One cell of the table.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Empty,
    Text(String),
    /// Written as it is, so that it stays a number.
    Number(f64),
    Flag(bool),
}

impl Cell {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        }
    }

    fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
    }

    fn count(count: Option<u32>) -> Self {
        count.map_or(Cell::Empty, |count| Cell::Number(f64::from(count)))
    }
}

/// A text that no spreadsheet runs as a formula: an apostrophe is put before `=`, `+`, `-`, `@`,
/// their full-width forms, tabs and line breaks at the start, also behind spaces and invisible
/// marks.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let first = text.chars().find(|c| !invisible(*c));
    let runs = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if runs || text.starts_with(['\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn event_cells(store: &Store, event: EventId, detail: &EventDetail) -> Vec<Cell> {
    let (first, last) = limits(store.interval(event), store.date_precision(event));
    let places: Vec<&Place> = detail.places.iter().filter_map(|role| store.place(role.place)).collect();
    let joined = |lang: Lang| {
        let names: Vec<&str> = places.iter().filter_map(|place| place.names.exactly(lang)).collect();
        Cell::Text(names.join("; "))
    };
    let placed = places.iter().find_map(|place| Some((place.position?, place.radius_m)));
    let fatalities = store.fatalities(event);
    let open = |count: Option<u32>, open: bool| count.map_or(Cell::Empty, |_| Cell::Flag(open));
    let documents: Vec<&str> =
        store.documents_of(event).filter_map(|id| store.document(id)).map(|d| d.key.as_str()).collect();
    let prominence = Some(store.prominence(event).code());
    let certainty = Some(store.certainty(event).code());
    let cells = vec![
        Cell::Text(detail.key.clone()),
        Cell::optional(detail.titles.exactly(Lang::En)),
        Cell::optional(detail.titles.exactly(Lang::Ar)),
        Cell::Text(store.event_type(event).code().to_owned()),
        Cell::Text(store.sub_type(event).to_owned()),
        Cell::optional(first),
        Cell::optional(last),
        Cell::Text(store.date_precision(event).code().to_owned()),
        Cell::Flag(detail.ongoing),
        joined(Lang::En),
        joined(Lang::Ar),
        placed.map_or(Cell::Empty, |(position, _)| Cell::Number(position.lat)),
        placed.map_or(Cell::Empty, |(position, _)| Cell::Number(position.lon)),
        placed.map_or(Cell::Empty, |(_, radius_m)| Cell::Number(radius_m)),
        Cell::Text(store.geo_precision(event).code().to_owned()),
        Cell::Text(actors_in_words(store, detail)),
        Cell::count(fatalities.low),
        Cell::count(fatalities.best),
        open(fatalities.best, fatalities.best_open),
        Cell::count(fatalities.high),
        open(fatalities.high, fatalities.high_open),
        Cell::optional(prominence),
        Cell::optional(certainty),
        Cell::Flag(detail.optional),
        Cell::Number(detail.claims.len() as f64),
        Cell::Text(documents.join("; ")),
    ];
    debug_assert_eq!(cells.len(), EVENT_COLUMNS.len());
    cells
}

fn claim_cells(store: &Store, texts: &Texts, claim: &Claim) -> Vec<Cell> {
    let document = store.document(claim.document);
    let evidence = Evidence::of(claim, texts);
    let quote = evidence.quote();
    let outlet = document.and_then(|d| d.outlet.as_ref()).map(|outlet| outlet.names.get(Lang::En));
    let cells = vec![
        Cell::Text(claim.key.clone()),
        Cell::Text(actor_name(store, claim.claimant).to_owned()),
        Cell::Text(claim.attribution.clone()),
        Cell::optional(claim.statement.exactly(Lang::En)),
        Cell::optional(claim.statement.exactly(Lang::Ar)),
        Cell::Text(
            claim.counts.iter().map(|count| count_in_words(store, count)).collect::<Vec<_>>().join("; "),
        ),
        Cell::optional(claim.date.as_ref().map(|when| when.interval.to_edtf())),
        Cell::optional(document.map(|d| d.key.as_str())),
        Cell::optional(document.map(|d| d.titles.get(Lang::En))),
        Cell::optional(outlet),
        Cell::optional(document.and_then(|d| published(d, claim)).map(|when| when.interval.to_edtf())),
        Cell::optional(evidence.form()),
        Cell::optional(quote.map(|(text, _)| text)),
        Cell::count(quote.map(|(_, span)| span.start)),
        Cell::count(quote.map(|(_, span)| span.end)),
        Cell::optional((!evidence.spans.is_empty()).then(|| evidence.to_json().to_string())),
    ];
    debug_assert_eq!(cells.len(), CLAIM_COLUMNS.len());
    cells
}

/// The spans of a claim with their words, in the text that can be shown.
struct Evidence<'a> {
    form: TextForm,
    spans: Vec<(&'a str, Span)>,
}

impl<'a> Evidence<'a> {
    /// In the original if it is attached and the claim has spans in it, else in the brief.
    fn of(claim: &Claim, texts: &Texts<'a>) -> Self {
        let in_form = |form: TextForm| -> Vec<(&'a str, Span)> {
            let Some(text) = texts.of(claim.document, form) else { return Vec::new() };
            claim.spans.of(form).iter().filter_map(|span| Some((text.words(*span)?, *span))).collect()
        };
        let spans = in_form(TextForm::Original);
        if spans.is_empty() {
            return Self { form: TextForm::Brief, spans: in_form(TextForm::Brief) };
        }
        Self { form: TextForm::Original, spans }
    }

    fn form(&self) -> Option<&'static str> {
        (!self.spans.is_empty()).then_some(match self.form {
            TextForm::Brief => "brief",
            TextForm::Original => "original",
        })
    }

    /// The first sentence.
    fn quote(&self) -> Option<(&'a str, Span)> {
        self.spans.iter().find(|(_, span)| span.role == SpanRole::Sentence).copied()
    }

    fn to_json(&self) -> Value {
        let spans = self.spans.iter().map(|(text, span)| {
            json!({"role": span.role.code(), "start": span.start, "end": span.end, "text": text})
        });
        Value::Array(spans.collect())
    }
}

/// Texts of the documents, to cut words out of them by scalar offsets.
struct Texts<'a>(Vec<[Option<ScalarText<'a>>; 2]>);

impl<'a> Texts<'a> {
    fn new(store: &'a Store) -> Self {
        let of = |document: &'a Document, form| document.text(form).map(ScalarText::new);
        let documents = store.documents.iter();
        Self(documents.map(|d| [of(d, TextForm::Brief), of(d, TextForm::Original)]).collect())
    }

    fn of(&self, document: DocumentId, form: TextForm) -> Option<&ScalarText<'a>> {
        let [brief, original] = self.0.get(document.index())?;
        match form {
            TextForm::Brief => brief.as_ref(),
            TextForm::Original => original.as_ref(),
        }
    }
}

/// A text with the byte offset of every [`STEP`](Self::STEP)th scalar.
struct ScalarText<'a> {
    text: &'a str,
    marks: Vec<usize>,
}

impl<'a> ScalarText<'a> {
    const STEP: usize = 64;

    fn new(text: &'a str) -> Self {
        let limits = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self { text, marks: limits.step_by(Self::STEP).collect() }
    }

    fn byte(&self, scalar: u32) -> Option<usize> {
        let scalar = scalar as usize;
        let mark = *self.marks.get(scalar / Self::STEP)?;
        let rest = self.text.get(mark..)?;
        let mut limits = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        limits.nth(scalar % Self::STEP).map(|at| mark + at)
    }

    /// The words of a span; `None` if it leaves the text.
    fn words(&self, span: Span) -> Option<&'a str> {
        self.text.get(self.byte(span.start)?..self.byte(span.end)?)
    }
}

fn feature(store: &Store, texts: &Texts, event: EventId, detail: &EventDetail) -> Value {
    let (first, last) = limits(store.interval(event), store.date_precision(event));
    let places = detail.places.iter().filter_map(|role| Some((role, store.place(role.place)?)));
    let mut points: Vec<LatLon> = Vec::new();
    for position in places.clone().filter_map(|(_, place)| place.position) {
        if !points.contains(&position) {
            points.push(position);
        }
    }
    let point = |p: &LatLon| json!([p.lon, p.lat]);
    let geometry = match points.as_slice() {
        [] => Value::Null,
        [one] => json!({"type": "Point", "coordinates": point(one)}),
        many => json!({"type": "MultiPoint", "coordinates": many.iter().map(point).collect::<Vec<_>>()}),
    };
    let radius_m = places.clone().find_map(|(_, place)| place.position.map(|_| place.radius_m));
    let fatalities = store.fatalities(event);
    let when_basis = detail.when.as_ref().and_then(|when| when.basis.as_deref());
    json!({
        "type": "Feature",
        "id": detail.key,
        "geometry": geometry,
        "properties": {
            "title": names(&detail.titles),
            "description": names(&detail.descriptions),
            "event_type": store.event_type(event).code(),
            "sub_event_type": store.sub_type(event),
            "date_start": first,
            "date_end": last,
            "date_precision": store.date_precision(event).code(),
            "date_basis": when_basis,
            "ongoing": detail.ongoing,
            "geo_precision": store.geo_precision(event).code(),
            "radius_m": radius_m,
            "places": places.map(|(role, place)| json!({
                "id": place.key,
                "name": names(&place.names),
                "role": role.role,
                "radius_m": place.radius_m,
                "coordinates": place.position.as_ref().map(point),
            })).collect::<Vec<_>>(),
            "actors": detail.actors.iter().map(|role| json!({
                "name": actor_name(store, role.actor),
                "role": role.role,
            })).collect::<Vec<_>>(),
            "fatalities": {
                "low": fatalities.low,
                "best": fatalities.best,
                "best_open": fatalities.best_open,
                "high": fatalities.high,
                "high_open": fatalities.high_open,
            },
            "prominence": store.prominence(event).code(),
            "certainty": store.certainty(event).code(),
            "optional": detail.optional,
            "claims": detail.claims.iter().map(|claim| claim_json(store, texts, claim)).collect::<Vec<_>>(),
        },
    })
}

fn claim_json(store: &Store, texts: &Texts, claim: &Claim) -> Value {
    let document = store.document(claim.document);
    let evidence = Evidence::of(claim, texts);
    let edtf = |when: Option<&When>| when.map(|when| when.interval.to_edtf());
    json!({
        "id": claim.key,
        "claimant": actor_name(store, claim.claimant),
        "attribution": claim.attribution,
        "statement": names(&claim.statement),
        "stance": claim.stance,
        "counts": claim.counts.iter().map(|count| json!({
            "kind": count.kind.code(),
            "victims": count.victims.iter().map(|actor| actor_name(store, *actor)).collect::<Vec<_>>(),
            "min": count.min,
            "max": count.max,
            "approx": count.approx,
            "in_words": names(&count.in_words),
        })).collect::<Vec<_>>(),
        "date": edtf(claim.date.as_ref()),
        "document": document.map(|d| d.key.as_str()),
        "outlet": document.and_then(|d| d.outlet.as_ref()).map(|outlet| outlet.names.get(Lang::En)),
        "published": edtf(document.and_then(|d| published(d, claim))),
        "text_form": evidence.form(),
        "evidence": evidence.to_json(),
    })
}

/// When the words of a claim were published: its segment may be older or newer than the rest of the
/// document.
fn published<'a>(document: &'a Document, claim: &Claim) -> Option<&'a When> {
    let segments = document.original.as_ref().map_or(&[][..], |original| &original.segments);
    let segment = segments.iter().find(|segment| Some(&segment.key) == claim.segment.as_ref());
    segment.and_then(|segment| segment.published.as_ref()).or(document.published.as_ref())
}

fn names(names: &Names) -> Value {
    let entries =
        Lang::ALL.into_iter().filter_map(|lang| Some((lang.code().to_owned(), names.exactly(lang)?.into())));
    Value::Object(entries.collect())
}

fn actor_name(store: &Store, actor: crate::model::ActorId) -> &str {
    store.actor(actor).map_or("", |actor| actor.names.get(Lang::En))
}

/// `JNIM (attacker); Malian army (target)`.
fn actors_in_words(store: &Store, detail: &EventDetail) -> String {
    let actors = detail.actors.iter().map(|role| match (actor_name(store, role.actor), role.role.as_str()) {
        (name, "") => name.to_owned(),
        (name, role) => format!("{name} ({role})"),
    });
    actors.collect::<Vec<_>>().join("; ")
}

/// `killed about 50 (Wagner Group)`, `losses “heavy losses” (Malian army)`.
fn count_in_words(store: &Store, count: &Count) -> String {
    let about = if count.approx { "about " } else { "" };
    let mut text = format!("{} ", count.kind.code().replace('_', " "));
    let in_words = count.in_words.get(Lang::En);
    text += &match (count.min, count.max) {
        (Some(min), Some(max)) if min == max => format!("{about}{min}"),
        (Some(min), Some(max)) => format!("{about}{min} to {max}"),
        (Some(min), None) => format!("at least {about}{min}"),
        (None, Some(max)) => format!("up to {about}{max}"),
        (None, None) if in_words.is_empty() => "without a figure".to_owned(),
        (None, None) => String::new(),
    };
    if !in_words.is_empty() {
        text = format!("{} “{in_words}”", text.trim_end());
    }
    let victims: Vec<&str> = count.victims.iter().map(|actor| actor_name(store, *actor)).collect();
    if !victims.is_empty() {
        text += &format!(" ({})", victims.join(", "));
    }
    text
}

/// First and last day, inclusive; with the time of day if it is known so finely.
fn limits(interval: Interval, precision: DatePrecision) -> (Option<String>, Option<String>) {
    if interval.is_unknown() {
        return (None, None);
    }
    if precision == DatePrecision::Time {
        let moment = |seconds: i64| {
            let clock = seconds.rem_euclid(SECONDS_PER_DAY);
            let (hour, minute, second) = (clock / 3600, clock % 3600 / 60, clock % 60);
            time::date_of(seconds).map(|date| format!("{date}T{hour:02}:{minute:02}:{second:02}"))
        };
        let first = if interval.open_start() { None } else { moment(interval.start) };
        let last = if interval.open_end() { None } else { moment(interval.end - 1) };
        return (first, last);
    }
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    (text(interval.first_day()), text(interval.last_day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_would_run_are_made_harmless() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "  =1",
            "\u{A0}=1",
            "＝1",
            "\u{200F}=1",
            "\u{FEFF}@x",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "Gao", "a=1", "«قال»", "3-4", "'=1"] {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(Cell::Number(-3.99).text(), "-3.99");
    }

    #[test]
    fn words_are_cut_by_scalars() {
        let span = |start, end| Span { start, end, role: SpanRole::Sentence };
        let text = ScalarText::new("غاو Gao");
        assert_eq!(text.words(span(0, 3)), Some("غاو"));
        assert_eq!(text.words(span(4, 7)), Some("Gao"));
        assert_eq!(text.words(span(2, 2)), Some(""));
        assert_eq!(text.words(span(0, 8)), None);
        assert_eq!(text.words(span(9, 900)), None);
        assert_eq!(text.words(span(2, 1)), None);
        assert_eq!(ScalarText::new("").words(span(0, 0)), Some(""));
        let long = "غa".repeat(96);
        let text = ScalarText::new(&long);
        for start in 0..=192 {
            let expected: String = long.chars().skip(start as usize).collect();
            assert_eq!(text.words(span(start, 192)), Some(expected.as_str()));
        }
    }

    #[test]
    fn limits_are_inclusive_and_open_ones_empty() {
        let check = |text: &str, first: Option<&str>, last: Option<&str>| {
            let when = time::parse_edtf(text).expect("date");
            let (a, b) = limits(when.interval, when.precision);
            assert_eq!((a.as_deref(), b.as_deref()), (first, last), "{text}");
        };
        check("2024-07", Some("2024-07-01"), Some("2024-07-31"));
        check("2024-07-25/..", Some("2024-07-25"), None);
        check("2024-07-27T14:30", Some("2024-07-27T14:30:00"), Some("2024-07-27T14:30:59"));
        assert_eq!(limits(Interval::UNKNOWN, DatePrecision::Unknown), (None, None));
    }
}
