//! The case format: a folder with `case.json`, which names the files of documents, places, actors,
//! events and undated mentions.
//!
//! Invariants of what is returned: every id is a row of the batch's own tables; every span lies in
//! its text and is not empty; every interval begins before it ends; keys are unique per table.
//! What does not hold in the files is a problem with file, path and value; an event whose date
//! cannot be read stays as an undated event. Fields that are not known are ignored.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::model::event::CountKind;
use crate::model::report::About;
use crate::model::time::{self, DatePrecision};
use crate::model::{
    Actor, ActorId, ActorRole, Certainty, Claim, ClaimedRange, Count, Document, DocumentId, EventId,
    EventRecord, EventType, GeoPrecision, Interval, LatLon, Mention, Names, Outlet, Place, PlaceId,
    PlaceRole, Problem, Prominence, Segment, SegmentKind, Span, SpanRole, When,
    document::{OriginalRef, Spans},
};
use crate::store::CaseBatch;

use super::files::{CaseFiles, ReadError};
use super::json::{At, Log, Node, Parsed, Shape, parse};
use super::{Continue, Progress, text};

/// The version of the format that is read.
pub const VERSION: u64 = 1;

const CASE_FILE: &str = "case.json";

/// What `case.json` says of the case as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseHead {
    /// Stable key of the case, empty if it has none.
    pub id: String,
    pub titles: Names,
    pub note: Names,
}

/// Reads only what `case.json` says of the case as a whole.
pub fn read_head(files: &dyn CaseFiles) -> CaseHead {
    let log = Log::new(CASE_FILE);
    let Ok(bytes) = files.read(CASE_FILE) else { return CaseHead::default() };
    let parsed = parse(&bytes, Shape::Object, &log);
    parsed.items.first().map_or_else(CaseHead::default, |(_, value)| {
        let node = Node { value, at: At::Root, log: &log };
        CaseHead {
            id: node.text("id").unwrap_or_default(),
            titles: node.names("title"),
            note: node.names("note"),
        }
    })
}

/// Reads a case. Never fails as a whole: everything sound is loaded, everything else is a problem.
/// Stopped early, it returns what it has so far.
pub fn read_case(files: &dyn CaseFiles, progress: &dyn Fn(Progress) -> Continue) -> CaseBatch {
    let mut reader = Reader {
        files,
        progress,
        stopped: false,
        batch: CaseBatch::default(),
        keys: Keys::default(),
        document_files: Vec::new(),
        lost_spans: RefCell::default(),
    };
    let parts = reader.read_parts();
    let total = parts.documents.len() as u64 + 4;
    for (done, name) in (0..).zip(&parts.documents) {
        if reader.goes_on(done, total, name) {
            reader.read_document(name);
        }
    }
    let done = parts.documents.len() as u64;
    if let Some(name) = &parts.places
        && reader.goes_on(done, total, name)
    {
        reader.read_places(name);
    }
    if let Some(name) = &parts.actors
        && reader.goes_on(done + 1, total, name)
    {
        reader.read_actors(name);
    }
    if let Some(name) = &parts.events
        && reader.goes_on(done + 2, total, name)
    {
        reader.read_events(name);
    }
    if let Some(name) = &parts.undated
        && reader.goes_on(done + 3, total, name)
    {
        reader.read_mentions(name);
    }
    reader.report_lost_spans();
    if reader.stopped {
        reader.batch.problems.push(Problem::warning(
            CASE_FILE,
            "",
            "",
            "reading was stopped; the rest of the case is left out",
        ));
    }
    reader.batch
}

/// The names of a case's files.
#[derive(Default)]
struct Parts {
    documents: Vec<String>,
    places: Option<String>,
    actors: Option<String>,
    events: Option<String>,
    undated: Option<String>,
}

/// Rows by key.
#[derive(Default)]
struct Keys {
    documents: HashMap<String, DocumentKeys>,
    places: HashMap<String, PlaceId>,
    actors: HashMap<String, ActorId>,
    events: HashMap<String, EventId>,
    /// Fingerprints of the events as written, to tell repetitions from two events with one id.
    events_as_written: HashMap<String, u64>,
    claims: HashMap<String, ClaimKeys>,
    mentions: HashSet<String>,
}

/// What a second claim with the same id is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ClaimKeys {
    event: EventId,
    as_written: u64,
}

/// What spans into a document are checked against.
#[derive(Clone, Copy)]
struct DocumentKeys {
    id: DocumentId,
    brief: Length,
    original: Length,
}

/// How long a text is, in Unicode scalar values.
#[derive(Clone, Copy)]
enum Length {
    Known(u32),
    /// The case has no such text.
    Absent,
    /// The text could not be read, which is already reported.
    Unreadable,
}

struct Reader<'a> {
    files: &'a dyn CaseFiles,
    progress: &'a dyn Fn(Progress) -> Continue,
    stopped: bool,
    batch: CaseBatch,
    keys: Keys,
    /// The file of each document.
    document_files: Vec<String>,
    /// How many spans point into texts that could not be read.
    lost_spans: RefCell<BTreeMap<(DocumentId, &'static str), u64>>,
}

impl Reader<'_> {
    fn goes_on(&mut self, done: u64, total: u64, what: &str) -> bool {
        if !self.stopped {
            self.stopped = (self.progress)(Progress { done, total, what: what.to_owned() }) == Continue::No;
        }
        !self.stopped
    }

    /// The parsed items of a file, each passed to `read`.
    fn read_items(&mut self, file: &str, shape: Shape, mut read: impl FnMut(&mut Self, Node<'_>)) -> bool {
        let log = Log::new(file);
        let whole = match self.files.read(file) {
            Ok(bytes) => {
                let Parsed { items, whole } = parse(&bytes, shape, &log);
                for (index, value) in &items {
                    log.set_about(None);
                    let at = if shape == Shape::List { At::Index(&At::Root, *index) } else { At::Root };
                    let node = Node { value, at, log: &log };
                    if value.is_object() {
                        read(self, node);
                    } else {
                        node.fail("expected an object");
                    }
                }
                whole
            }
            Err(err) => {
                log.push(unreadable(file, &err));
                false
            }
        };
        log.finish(&mut self.batch.problems);
        whole
    }

    fn read_parts(&mut self) -> Parts {
        let mut parts = Parts::default();
        let whole = self.read_items(CASE_FILE, Shape::Object, |reader, node| {
            match node.text("format") {
                Some(format) if format != "waqai-case" => {
                    node.fail_at("format", "is not a case; expected waqai-case")
                }
                _ => {}
            }
            match node.count("version") {
                Some(version) if version > VERSION => {
                    let message = format!("the case was made by a newer program; version {VERSION} is read");
                    node.log.push(Problem::warning(CASE_FILE, "version", version, message));
                }
                _ => {}
            }
            reader.batch.titles = node.names("title");
            node.each("documents", |item| match item.value.as_str() {
                Some(name) if !name.is_empty() => parts.documents.push(name.to_owned()),
                _ => item.fail("expected the name of a file"),
            });
            let part = |key| if node.has(key) { node.needed(key) } else { None };
            parts.places = part("places");
            parts.actors = part("actors");
            parts.events = part("events");
            parts.undated = part("undated");
        });
        if !whole {
            self.guess_parts(&mut parts);
        }
        parts
    }

    /// Where `case.json` is broken or missing, the files are looked for under their usual names.
    fn guess_parts(&self, parts: &mut Parts) {
        let known = self.files.list("");
        let guess = |part: &mut Option<String>, name: &str| {
            if part.is_none() && known.iter().any(|known| known == name) {
                *part = Some(name.to_owned());
            }
        };
        guess(&mut parts.places, "places.json");
        guess(&mut parts.actors, "actors.json");
        guess(&mut parts.events, "events.json");
        guess(&mut parts.undated, "undated.json");
        for name in self.files.list("documents") {
            if name.ends_with(".json") && !parts.documents.contains(&name) {
                parts.documents.push(name);
            }
        }
    }

    fn read_document(&mut self, file: &str) {
        self.read_items(file, Shape::Object, |reader, node| {
            node.log.set_about(Some(About::Document(DocumentId::from_index(reader.batch.documents.len()))));
            let first = node.log.len();
            let Some(key) = node.needed("id") else {
                return node.log.forget_about(first);
            };
            if reader.keys.documents.contains_key(&key) {
                node.fail_at("id", "another document has this id; the first one stays, this one is left out");
                return node.log.forget_about(first);
            }
            let (brief, brief_length) = reader.read_brief(file, node);
            let original = node.object("original", read_original);
            let original_length = match &original {
                Some(original) => Length::Known(original.chars),
                None if node.has("original") => Length::Unreadable,
                None => Length::Absent,
            };
            let id = DocumentId::from_index(reader.batch.documents.len());
            reader
                .keys
                .documents
                .insert(key.clone(), DocumentKeys { id, brief: brief_length, original: original_length });
            reader.document_files.push(file.to_owned());
            reader.batch.documents.push(Document {
                key,
                titles: node.names("title"),
                outlet: node.object("outlet", |node| {
                    Some(Outlet { names: node.own_names(), basis: node.text("basis") })
                }),
                language: node.text("language").unwrap_or_else(|| "und".to_owned()),
                published: node.with("published", read_when),
                original,
                brief,
                attached: None,
            });
        });
    }

    /// The brief, from a file beside the document's own.
    fn read_brief(&self, document_file: &str, node: Node<'_>) -> (String, Length) {
        if !node.has("brief") {
            return (String::new(), Length::Absent);
        }
        let brief = node.object("brief", |node| {
            let name = node.needed("file")?;
            let folder =
                document_file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            let file = format!("{folder}{name}");
            let bytes = match self.files.read(&file) {
                Ok(bytes) => bytes,
                Err(err) => {
                    node.log.push(Problem {
                        at: "brief.file".to_owned(),
                        value: name,
                        ..unreadable(node.log.file, &err)
                    });
                    return None;
                }
            };
            match text::decode(&bytes) {
                Ok((text, _)) => Some(text),
                Err(text::NotText { offset, reason }) => {
                    node.log.push(Problem::error(&file, format!("byte {offset}"), "", reason));
                    None
                }
            }
        });
        match brief {
            Some(text) => {
                let length = scalars(&text);
                (text, Length::Known(length))
            }
            None => (String::new(), Length::Unreadable),
        }
    }

    fn read_places(&mut self, file: &str) {
        self.read_items(file, Shape::List, |reader, node| {
            let Some(key) = node.needed("id") else { return };
            if reader.keys.places.contains_key(&key) {
                return node
                    .fail_at("id", "another place has this id; the first one stays, this one is left out");
            }
            let position = match (node.number("lat"), node.number("lon")) {
                (Some(lat), Some(lon)) => {
                    let position = LatLon::new(lat, lon);
                    if position.is_none() {
                        let value = format!("{lat}, {lon}");
                        let message = "lat and lon: there is no such position; the place is kept without one";
                        node.log.push(Problem::error(file, node.at.to_string(), value, message));
                    }
                    position
                }
                (None, Some(_)) if !node.has("lat") => {
                    node.fail_at("lat", "is missing beside lon");
                    None
                }
                (Some(_), None) if !node.has("lon") => {
                    node.fail_at("lon", "is missing beside lat");
                    None
                }
                _ => None,
            };
            let radius_m = node.number("radius_m").unwrap_or(0.0);
            if radius_m < 0.0 {
                node.fail_at("radius_m", "must not be negative");
            }
            reader.keys.places.insert(key.clone(), PlaceId::from_index(reader.batch.places.len()));
            reader.batch.places.push(Place {
                key,
                names: node.names("name"),
                kind: node.text("kind").unwrap_or_default(),
                position,
                radius_m: radius_m.max(0.0),
                country: node.text("country"),
                admin1: node.text("admin1"),
                forms: node.texts("forms"),
                demonyms: node.texts("demonyms"),
                note: node.text("note"),
            });
        });
    }

    fn read_actors(&mut self, file: &str) {
        self.read_items(file, Shape::List, |reader, node| {
            let Some(key) = node.needed("id") else { return };
            if reader.keys.actors.contains_key(&key) {
                return node
                    .fail_at("id", "another actor has this id; the first one stays, this one is left out");
            }
            reader.keys.actors.insert(key.clone(), ActorId::from_index(reader.batch.actors.len()));
            reader.batch.actors.push(Actor {
                key,
                names: node.names("name"),
                short: node.names("short"),
                kind: node.text("kind").unwrap_or_default(),
                entity: node.text("entity"),
                forms: node.texts("forms"),
                note: node.text("note"),
            });
        });
    }

    fn read_events(&mut self, file: &str) {
        self.read_items(file, Shape::List, |reader, node| {
            if reader.batch.events.len().is_multiple_of(1024) && !reader.batch.events.is_empty() {
                let done = reader.batch.events.len() as u64;
                reader.goes_on(done, 0, file);
            }
            if reader.stopped {
                return;
            }
            let event = EventId::from_index(reader.batch.events.len());
            let first = node.log.len();
            node.log.set_about(Some(About::Event(event)));
            match reader.read_event(node) {
                Some(record) => {
                    reader.keys.events.insert(record.key.clone(), event);
                    reader.batch.events.push(record);
                }
                None => node.log.forget_about(first),
            }
        });
    }

    fn read_event(&mut self, node: Node<'_>) -> Option<EventRecord> {
        let mut key = node.needed("id")?;
        let as_written = fingerprint(node.value);
        if let Some(known) = self.keys.events_as_written.get(&key) {
            if *known == as_written {
                node.fail_at("id", "this event stands twice; the second is left out");
                return None;
            }
            key = self.new_key(node, &key, "event", |key| self.keys.events.contains_key(key));
        }
        self.keys.events_as_written.insert(key.clone(), as_written);
        if !node.has("type") {
            node.fail_at("type", "is missing; the event is kept as Other");
        }
        let when = node.with("date", read_when);
        let places = self.read_place_roles(node);
        let claims = self.read_claims(node, &key);
        Some(EventRecord {
            key,
            slug: node.text("slug"),
            titles: node.names("title"),
            short: node.names("short"),
            descriptions: node.names("description"),
            event_type: node
                .code("type", EventType::ALL, EventType::code, EventType::from_code)
                .unwrap_or(EventType::Other),
            sub_type: node.text("sub_type").unwrap_or_default(),
            prominence: node
                .code("prominence", Prominence::ALL, Prominence::code, Prominence::from_code)
                .unwrap_or(Prominence::Main),
            optional: node.flag("optional"),
            certainty: node
                .code("certainty", Certainty::ALL, Certainty::code, Certainty::from_code)
                .unwrap_or(Certainty::Medium),
            when,
            ongoing: node.flag("ongoing"),
            known: node.with("known_date", read_when),
            text_date: node.with("text_date", read_when),
            places,
            geo_precision: node
                .code("geo_precision", GeoPrecision::ALL, GeoPrecision::code, GeoPrecision::from_code)
                .unwrap_or(GeoPrecision::Unknown),
            actors: self.read_actor_roles(node),
            claimed_ranges: self.read_claimed_ranges(node),
            note: node.text("notes"),
            claims,
        })
    }

    /// A key for a record whose id is taken, reported.
    fn new_key(&self, node: Node<'_>, key: &str, kind: &str, taken: impl Fn(&str) -> bool) -> String {
        let mut keys = (2u64..).map(|n| format!("{key}#{n}"));
        let new = keys.find(|key| !taken(key)).unwrap_or_default();
        let message = format!("another {kind} has this id; this one is kept as {new}");
        node.log.push(Problem::warning(node.log.file, At::Key(&node.at, "id").to_string(), key, message));
        new
    }

    fn read_place_roles(&self, node: Node<'_>) -> Vec<PlaceRole> {
        let mut places = Vec::new();
        node.each("places", |item| {
            if let Some(place) = find(item, "place", "place", &self.keys.places) {
                places.push(PlaceRole { place, role: item.text("role") });
            }
        });
        places
    }

    fn read_actor_roles(&self, node: Node<'_>) -> Vec<ActorRole> {
        let mut actors = Vec::new();
        node.each("actors", |item| {
            if let Some(actor) = find(item, "actor", "actor", &self.keys.actors) {
                actors.push(ActorRole { actor, role: item.text("role").unwrap_or_default() });
            }
        });
        actors
    }

    fn read_claimed_ranges(&self, node: Node<'_>) -> Vec<ClaimedRange> {
        let mut ranges = Vec::new();
        node.each("claimed_ranges", |item| {
            let claimant = find(item, "claimant", "actor", &self.keys.actors);
            let when = read_when(item);
            if let Some((claimant, when)) = claimant.zip(when) {
                ranges.push(ClaimedRange { claimant, interval: when.interval });
            }
        });
        ranges
    }

    fn read_claims(&mut self, node: Node<'_>, event_key: &str) -> Vec<Claim> {
        let mut claims = Vec::new();
        node.each("claims", |item| {
            if !item.value.is_object() {
                return item.fail("expected an object");
            }
            if let Some(claim) = self.read_claim(item, event_key) {
                claims.push(claim);
            }
        });
        claims
    }

    fn read_claim(&mut self, node: Node<'_>, event_key: &str) -> Option<Claim> {
        // Nothing refers to claims by id, so one is made up where it is missing.
        let mut key = node.needed("id").unwrap_or_else(|| format!("{event_key}{}", node.at));
        let event = EventId::from_index(self.batch.events.len());
        let keys = ClaimKeys { event, as_written: fingerprint(node.value) };
        if let Some(known) = self.keys.claims.get(&key) {
            if *known == keys {
                node.fail_at("id", "this claim stands twice; the second is left out");
                return None;
            }
            key = self.new_key(node, &key, "claim", |key| self.keys.claims.contains_key(key));
        }
        let document = find(node, "document", "document", &self.keys.documents);
        let claimant = find(node, "claimant", "actor", &self.keys.actors);
        let (document, claimant) = document.zip(claimant)?;
        let segment = node.text("segment");
        if let Some(segment) = &segment {
            self.check_segment(node, document.id, segment);
        }
        let claim = Claim {
            key: key.clone(),
            document: document.id,
            segment,
            region: node.text("region"),
            claimant,
            attribution: node.text("attribution").unwrap_or_default(),
            chain: self.read_actor_keys(node, "attribution_chain"),
            statement: node.names("statement"),
            stance: node.text("stance"),
            role: node.text("role"),
            counts: self.read_counts(node),
            date: node.with("date", read_when),
            stated: node.with("statement_date", read_when),
            date_trap: node.text("date_trap"),
            note: node.text("notes"),
            spans: self.read_spans(node, document),
        };
        self.keys.claims.insert(key, keys);
        Some(claim)
    }

    fn check_segment(&self, node: Node<'_>, document: DocumentId, key: &str) {
        let original = self.batch.documents.get(document.index()).and_then(|d| d.original.as_ref());
        if original.is_some_and(|original| original.segments.iter().all(|segment| segment.key != key)) {
            node.fail_at("segment", "the document has no segment with this id");
        }
    }

    fn read_actor_keys(&self, node: Node<'_>, key: &str) -> Vec<ActorId> {
        let mut actors = Vec::new();
        node.each(key, |item| match item.value.as_str() {
            Some(key) => match self.keys.actors.get(key) {
                Some(actor) => actors.push(*actor),
                None => item.fail("no actor has this id"),
            },
            None => item.fail("expected the id of an actor"),
        });
        actors
    }

    fn read_counts(&self, node: Node<'_>) -> Vec<Count> {
        let mut counts = Vec::new();
        node.each("counts", |item| {
            if !item.value.is_object() {
                return item.fail("expected an object");
            }
            if !item.has("kind") {
                item.fail_at("kind", "is missing; the number is kept as other");
            }
            let kind = item
                .code("kind", CountKind::ALL, CountKind::code, CountKind::from_code)
                .unwrap_or(CountKind::Other);
            let min = item.small_count("min");
            let mut max = item.small_count("max");
            if let (Some(least), Some(most)) = (min, max)
                && most < least
            {
                item.fail_at("max", format!("is less than min, which is {least}; it is left out"));
                max = None;
            }
            counts.push(Count {
                kind,
                victims: self.read_actor_keys(item, "victims"),
                min,
                max,
                approx: item.flag("approx"),
                in_words: item.names("in_words"),
                action: item.text("action"),
                note: item.text("note"),
            });
        });
        counts
    }

    fn read_spans(&self, node: Node<'_>, document: DocumentKeys) -> Spans {
        let spans = node.object("spans", |node| {
            Some(Spans {
                original: self.read_span_list(node, "original", document.id, document.original),
                brief: self.read_span_list(node, "brief", document.id, document.brief),
            })
        });
        spans.unwrap_or_default()
    }

    fn read_span_list(
        &self,
        node: Node<'_>,
        form: &'static str,
        document: DocumentId,
        length: Length,
    ) -> Vec<Span> {
        let mut spans = Vec::new();
        node.each(form, |item| {
            if matches!(length, Length::Unreadable) {
                *self.lost_spans.borrow_mut().entry((document, form)).or_default() += 1;
                return;
            }
            if !item.value.is_object() {
                return item.fail("expected an object");
            }
            if !item.has("role") {
                return item.fail_at("role", "is missing");
            }
            let role = item.code("role", SpanRole::ALL, SpanRole::code, SpanRole::from_code);
            if let Some(((start, end), role)) = read_range(item, length, form).zip(role) {
                spans.push(Span { start, end, role });
            }
        });
        spans
    }

    fn report_lost_spans(&mut self) {
        for ((document, form), count) in self.lost_spans.take() {
            let file = self.document_files.get(document.index()).map_or(CASE_FILE, String::as_str);
            let message = format!("the {form} could not be read, so the spans in it are left out");
            let problem = Problem::error(file, form, format!("{count} spans"), message);
            self.batch.problems.push(Problem { about: Some(About::Document(document)), ..problem });
        }
    }

    fn read_mentions(&mut self, file: &str) {
        self.read_items(file, Shape::List, |reader, node| {
            let Some(key) = node.needed("id") else { return };
            if reader.keys.mentions.contains(&key) {
                return node
                    .fail_at("id", "another mention has this id; the first one stays, this one is left out");
            }
            let Some(document) = find(node, "document", "document", &reader.keys.documents) else { return };
            let candidate_event = if node.has("candidate_event") {
                find(node, "candidate_event", "event", &reader.keys.events)
            } else {
                None
            };
            node.log.set_about(Some(About::Document(document.id)));
            let what = node.names("what");
            let spans = reader.read_spans(node, document);
            node.log.set_about(None);
            reader.keys.mentions.insert(key.clone());
            reader.batch.mentions.push(Mention { key, document: document.id, what, candidate_event, spans });
        });
    }
}

/// The row that a field names.
fn find<T: Copy>(node: Node<'_>, field: &str, kind: &str, keys: &HashMap<String, T>) -> Option<T> {
    let key = node.needed(field)?;
    let found = keys.get(&key).copied();
    if found.is_none() {
        node.fail_at(field, format!("no {kind} has this id"));
    }
    found
}

fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}

fn read_original(node: Node<'_>) -> Option<OriginalRef> {
    let sha256 = node.needed("sha256").map(|hash| hash.to_ascii_lowercase()).filter(|hash| {
        let sound = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !sound {
            node.fail_at("sha256", "expected 64 hexadecimal digits");
        }
        sound
    });
    let chars = node.small_count("chars");
    if !node.has("chars") {
        node.fail_at("chars", "is missing");
    }
    let bytes = node.count("bytes").unwrap_or(0);
    let (sha256, chars) = sha256.zip(chars)?;
    let mut segments: Vec<Segment> = Vec::new();
    node.each("segments", |item| {
        let Some(key) = item.needed("id") else { return };
        if segments.iter().any(|segment| segment.key == key) {
            return item
                .fail_at("id", "another segment has this id; the first one stays, this one is left out");
        }
        let Some((start, end)) = read_range(item, Length::Known(chars), "original") else { return };
        segments.push(Segment {
            key,
            kind: item
                .code("kind", SegmentKind::ALL, SegmentKind::code, segment_kind)
                .unwrap_or(SegmentKind::Other),
            start,
            end,
            boilerplate: item.flag("boilerplate"),
            published: item.with("published", read_when),
        });
    });
    Some(OriginalRef { sha256, bytes, chars, segments })
}

/// Kinds of the format that views do not tell apart are `Other`.
fn segment_kind(code: &str) -> Option<SegmentKind> {
    match code {
        "subheading" | "dateline" => Some(SegmentKind::Other),
        code => SegmentKind::from_code(code),
    }
}

/// `start` and `end`, in the text and not empty.
fn read_range(node: Node<'_>, length: Length, form: &str) -> Option<(u32, u32)> {
    for key in ["start", "end"] {
        if !node.has(key) {
            node.fail_at(key, "is missing");
        }
    }
    let (start, end) = node.count("start").zip(node.count("end"))?;
    let shown = format!("{start}..{end}");
    let fail = |message: String| {
        node.log.push(Problem::error(node.log.file, node.at.to_string(), &shown, message));
        None
    };
    let length = match length {
        Length::Known(length) => length,
        Length::Absent | Length::Unreadable => {
            return fail(format!("the document has no {form} to point to"));
        }
    };
    if start == end {
        return fail("is empty".to_owned());
    }
    if start > end {
        return fail("ends before it begins".to_owned());
    }
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) if end <= length => Some((start, end)),
        _ => fail(format!("leaves the text: the {form} has {length} characters")),
    }
}

/// `{"start", "end", "precision", "basis"}` with `end` null for an open end, or a text as it is
/// typed (`2024-07`).
fn read_when(node: Node<'_>) -> Option<When> {
    if let Some(text) = node.value.as_str() {
        return match time::parse_edtf(text) {
            Ok(when) => Some(when),
            Err(err) => {
                node.fail(reason(&err));
                None
            }
        };
    }
    if !node.value.is_object() {
        node.fail("expected a date with start and end");
        return None;
    }
    let limit = |key: &str| -> Option<Option<When>> {
        if !node.has(key) {
            return Some(None);
        }
        let text = node.text(key)?;
        if text.contains('/') {
            node.fail_at(key, "expected one date, not an interval");
            return None;
        }
        match time::parse_edtf(&text) {
            Ok(when) => Some(Some(when)),
            Err(err) => {
                node.fail_at(key, reason(&err));
                None
            }
        }
    };
    let (from, to) = (limit("start"), limit("end"));
    let (from, to) = from.zip(to)?;
    if from.is_none() && to.is_none() {
        node.fail("neither start nor end is given");
        return None;
    }
    let start = from.as_ref().map_or(Interval::OPEN_START, |when| when.interval.start);
    let end = to.as_ref().map_or(Interval::OPEN_END, |when| when.interval.end);
    if end <= start {
        let value = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or("..").to_owned();
        let value = format!("{}/{}", value("start"), value("end"));
        node.log.push(Problem::error(node.log.file, node.at.to_string(), value, "ends before it begins"));
        return None;
    }
    let interval = Interval { start, end };
    let limits = || [&from, &to].into_iter().flatten();
    let one_day = interval.first_day().is_some() && interval.first_day() == interval.last_day();
    let derived = limits().map(|when| when.precision).max().unwrap_or(DatePrecision::Unknown);
    let derived = if derived == DatePrecision::Day && !one_day { DatePrecision::Days } else { derived };
    let precision = node
        .code("precision", DatePrecision::ALL, DatePrecision::code, DatePrecision::from_code)
        .unwrap_or(derived);
    Some(When {
        interval,
        precision,
        basis: node.text("basis"),
        approx: node.flag("approx") || limits().any(|when| when.approx),
        uncertain: node.flag("uncertain") || limits().any(|when| when.uncertain),
    })
}

/// What is wrong with a date, without the date, which the problem shows itself.
fn reason(err: &time::DateError) -> &'static str {
    match err {
        time::DateError::Empty => "no date",
        time::DateError::Form(_) => "is not a date; expected 2024, 2024-07 or 2024-07-27",
        time::DateError::NoSuchDay(_) => "there is no such day",
        time::DateError::Backwards(_) => "ends before it begins",
    }
}

fn unreadable(file: &str, err: &ReadError) -> Problem {
    Problem::error(file, "", "", err.to_string())
}

fn scalars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
