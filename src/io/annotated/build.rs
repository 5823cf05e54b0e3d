//! Annotated documents → a case (rules: the page of [`super`]).

use std::collections::{HashMap, HashSet};

use crate::io::import::codes;
use crate::io::import::values::Forms;
use crate::model::document::Spans;
use crate::model::event::CountKind;
use crate::model::gazetteer::{self, GazetteerKind, GazetteerPlace};
use crate::model::import::Issue;
use crate::model::report::shorten;
use crate::model::{
    Actor, ActorId, ActorRole, Certainty, Claim, Count, Document, DocumentId, EventRecord, EventType,
    GeoPrecision, LatLon, Mention, Names, Outlet, Place, PlaceId, PlaceRole, Problem, Prominence, Span,
    SpanRole, When,
};
use crate::store::CaseBatch;
use crate::store::fold::{FoldOptions, fold};

use super::labels::{self, Kind};
use super::{Annotated, Link};

/// Characters of a title made of a text.
const TITLE_CHARS: usize = 80;
/// A longer stretch without an end is no sentence that anybody would read.
const MAX_SENTENCE: usize = 1000;
/// Labels of one sentence that a trigger takes with it where nothing links them.
const MAX_NEAR: usize = 64;
/// Problems that are listed one by one; more are counted.
const MAX_PROBLEMS: usize = 10_000;

/// Puts documents together to a case.
pub(super) struct Builder<'f> {
    /// The file, as the user would name it.
    file: &'f str,
    batch: CaseBatch,
    places: HashMap<String, PlaceId>,
    actors: HashMap<String, ActorId>,
    keys: HashSet<String>,
    /// Names of places, folded, with their row in the gazetteer.
    gazetteer: HashMap<String, &'static GazetteerPlace>,
    unlisted: usize,
}

/// A label in an event, and the role that the annotation gives it.
struct Member {
    label: usize,
    role: String,
    kind: Kind,
}

/// An event before it is one.
struct Draft {
    id: String,
    label: String,
    triggers: Vec<usize>,
    members: Vec<Member>,
    notes: Vec<String>,
    certainty: Certainty,
}

/// A document while it is read.
struct Source {
    id: DocumentId,
    key: String,
    language: String,
    claimant: ActorId,
    /// Byte offsets of all scalar values, and the length.
    offsets: Vec<usize>,
    sentences: Vec<(u32, u32)>,
}

impl<'f> Builder<'f> {
    pub fn new(file: &'f str) -> Self {
        let mut names = HashMap::new();
        for place in gazetteer::built_in() {
            for name in place.names() {
                names.entry(folded(name)).or_insert(place);
            }
        }
        Self {
            file,
            batch: CaseBatch::default(),
            places: HashMap::new(),
            actors: HashMap::new(),
            keys: HashSet::new(),
            gazetteer: names,
            unlisted: 0,
        }
    }

    /// Tells what is wrong in a file; the value is the one concerned.
    pub fn problem_in(&mut self, file: &str, issue: Issue, at: &str, value: &str) {
        if self.batch.problems.len() >= MAX_PROBLEMS {
            self.unlisted += 1;
            return;
        }
        self.batch.problems.push(Problem::error(file, at, value, issue.sentence()));
    }

    pub fn problem(&mut self, issue: Issue, at: &str, value: &str) {
        self.problem_in(self.file, issue, at, value);
    }

    /// Tells why the file was not read to its end.
    pub fn cut_short(&mut self, at: &str, why: &str) {
        self.batch.problems.push(Problem::error(self.file, at, "", why));
    }

    pub fn num_documents(&self) -> usize {
        self.batch.documents.len()
    }

    pub fn finish(mut self) -> CaseBatch {
        if self.unlisted > 0 {
            let message = "more problems in this file are not listed";
            self.batch.problems.push(Problem::error(self.file, "", self.unlisted, message));
        }
        self.batch
    }

    pub fn add(&mut self, annotated: Annotated) {
        let source = self.add_document(&annotated);
        let drafts = drafts(&annotated, &source);
        let mut used: HashSet<usize> = HashSet::new();
        for (number, draft) in drafts.iter().enumerate() {
            used.extend(draft.triggers.iter().chain(draft.members.iter().map(|member| &member.label)));
            self.add_event(&annotated, &source, draft, number);
        }
        for (at, label) in annotated.labels.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            let role = labels::span_role(labels::kind(&label.label)).unwrap_or(SpanRole::Trigger);
            let words = words(&annotated, &source, at);
            let id = if label.id.is_empty() { (at + 1).to_string() } else { label.id.clone() };
            let key = self.unique(&format!("{}/{id}", source.key));
            let mention = Mention {
                key,
                document: source.id,
                what: named(&source.language, format!("{}: {words}", label.label)),
                candidate_event: None,
                spans: Spans { original: spans(&label.ranges, role), brief: Vec::new() },
            };
            self.batch.mentions.push(mention);
        }
    }

    fn add_document(&mut self, annotated: &Annotated) -> Source {
        let key = self.unique(&annotated.key);
        let text = &annotated.text;
        let guessed = || language_of(text).to_owned();
        let language =
            annotated.language.clone().filter(|language| !language.is_empty()).unwrap_or_else(guessed);
        let first_line = || text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(&key);
        let title = annotated.title.clone().filter(|title| !title.trim().is_empty());
        let title = title.unwrap_or_else(|| shorten(first_line(), TITLE_CHARS));
        let id = DocumentId::from_index(self.batch.documents.len());
        // Who is said to say it: the outlet, or the document itself.
        let claimant = annotated.outlet.clone().unwrap_or_else(|| title.clone());
        let claimant = self.actor(&claimant, "media");
        self.batch.documents.push(Document {
            key: key.clone(),
            titles: named(&language, title),
            outlet: annotated.outlet.clone().map(|name| Outlet { names: Names::en(name), basis: None }),
            language: language.clone(),
            published: annotated.published.as_deref().and_then(when),
            original: None,
            brief: String::new(),
            attached: Some(text.clone()),
        });
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let sentences = sentences(text);
        Source { id, key, language, claimant, offsets, sentences }
    }

    fn add_event(&mut self, annotated: &Annotated, source: &Source, draft: &Draft, number: usize) {
        let id = if draft.id.is_empty() { format!("event {}", number + 1) } else { draft.id.clone() };
        let key = self.unique(&format!("{}/{id}", source.key));
        let trigger =
            draft.triggers.iter().map(|at| words(annotated, source, *at)).collect::<Vec<_>>().join(", ");
        let is_generic = draft.label.is_empty() || labels::is_generic(&draft.label);
        let sub_type = if is_generic { trigger.clone() } else { draft.label.clone() };
        let typed = codes::event_type(None, &sub_type, "").event_type;
        let typed = match typed {
            EventType::Other => codes::event_type(None, &trigger, "").event_type,
            typed => typed,
        };
        let mut spans_found: Vec<Span> = Vec::new();
        let mut dates = Vec::new();
        let mut places: Vec<PlaceRole> = Vec::new();
        let mut precision = GeoPrecision::Unknown;
        let mut actors: Vec<ActorRole> = Vec::new();
        let mut counts = Vec::new();
        let mut notes = draft.notes.clone();
        for at in &draft.triggers {
            if let Some(label) = annotated.labels.get(*at) {
                spans_found.extend(spans(&label.ranges, SpanRole::Trigger));
                notes.extend(label.notes.iter().cloned());
            }
        }
        for member in &draft.members {
            let Some(label) = annotated.labels.get(member.label) else { continue };
            let words = words(annotated, source, member.label);
            notes.extend(label.notes.iter().cloned());
            spans_found
                .extend(spans(&label.ranges, labels::span_role(member.kind).unwrap_or(SpanRole::Trigger)));
            match member.kind {
                Kind::Place => {
                    let (place, how) = self.place(&words);
                    if places.is_empty() {
                        precision = how;
                    }
                    if places.iter().all(|known| known.place != place) {
                        let role = Some(member.role.clone()).filter(|role| labels::kind(role) != Kind::Place);
                        places.push(PlaceRole { place, role: role.filter(|role| !role.is_empty()) });
                    }
                }
                Kind::Date => match when(&words) {
                    Some(date) => dates.push(date),
                    None => notes.push(format!("{}: {words}", label.label)),
                },
                Kind::Actor => {
                    let actor = self.actor(&words, "");
                    let role = if member.role.is_empty() { &label.label } else { &member.role };
                    let role = role.to_lowercase();
                    if actors.iter().all(|known| known.actor != actor) {
                        actors.push(ActorRole { actor, role });
                    }
                }
                Kind::Count(kind) => counts.push(count(kind, &words, &source.language)),
                Kind::Trigger | Kind::Other => {
                    let role = if member.role.is_empty() { &label.label } else { &member.role };
                    notes.push(format!("{role}: {words}"));
                }
            }
        }
        let first = spans_found.iter().map(|span| span.start).min();
        let sentence = first.and_then(|first| sentence_at(&source.sentences, first));
        let said = match sentence {
            Some(range) => slice(annotated, source, range),
            None => annotated.text.as_str(),
        };
        if let Some((start, end)) = sentence {
            spans_found.push(Span { start, end, role: SpanRole::Sentence });
        }
        spans_found.sort_unstable();
        spans_found.dedup();
        let place = places.first().and_then(|place| self.batch.places.get(place.place.index()));
        let place = place.map(|place| place.names.all().next().unwrap_or_default().to_owned());
        let what = if trigger.is_empty() { sub_type.clone() } else { trigger };
        let title = match (what.is_empty(), place) {
            (true, _) => shorten(said.trim(), TITLE_CHARS),
            (false, Some(place)) => format!("{} – {place}", shorten(&what, TITLE_CHARS)),
            (false, None) => shorten(&what, TITLE_CHARS),
        };
        let statement = named(&source.language, shorten(said.trim(), MAX_SENTENCE));
        let claim = Claim {
            key: format!("{key}/claim"),
            document: source.id,
            segment: None,
            region: None,
            claimant: source.claimant,
            attribution: String::new(),
            chain: Vec::new(),
            statement,
            stance: None,
            role: None,
            counts,
            date: dates.first().cloned(),
            stated: None,
            date_trap: None,
            note: None,
            spans: Spans { original: spans_found, brief: Vec::new() },
        };
        notes.retain(|note| !note.trim().is_empty());
        self.batch.events.push(EventRecord {
            key,
            slug: None,
            titles: named(&source.language, title),
            short: Names::default(),
            descriptions: Names::default(),
            event_type: typed,
            sub_type,
            prominence: Prominence::Main,
            optional: false,
            certainty: draft.certainty,
            when: dates.into_iter().next(),
            ongoing: false,
            known: None,
            text_date: None,
            places,
            geo_precision: precision,
            actors,
            claimed_ranges: Vec::new(),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            claims: vec![claim],
        });
    }

    /// A key that nothing else has.
    fn unique(&mut self, key: &str) -> String {
        let key = if key.trim().is_empty() { "document" } else { key };
        let mut unique = key.to_owned();
        let mut number = 2u64;
        while !self.keys.insert(unique.clone()) {
            unique = format!("{key}#{number}");
            number += 1;
        }
        unique
    }

    /// The place of this name, new or known, and how precise its position is.
    fn place(&mut self, name: &str) -> (PlaceId, GeoPrecision) {
        let known = self.gazetteer.get(&folded(name)).copied();
        let precision = match known.map(|place| place.kind) {
            None => GeoPrecision::Unknown,
            Some(GazetteerKind::Region) => GeoPrecision::Region,
            Some(_) => GeoPrecision::Exact,
        };
        let key = known.map_or_else(|| folded(name), |place| place.id.clone());
        if let Some(id) = self.places.get(&key) {
            if let Some(place) = self.batch.places.get_mut(id.index())
                && !place.forms.iter().any(|form| form == name)
            {
                place.forms.push(name.to_owned());
            }
            return (*id, precision);
        }
        let id = PlaceId::from_index(self.batch.places.len());
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let names = match known {
            Some(place) => {
                Names { en: some(&place.name_en), fr: some(&place.name_fr), ar: some(&place.name_ar) }
            }
            None => in_its_script(name),
        };
        self.batch.places.push(Place {
            key: key.clone(),
            names,
            kind: known.map_or("", |place| kind_code(place.kind)).to_owned(),
            position: known.and_then(|place| LatLon::new(place.lat, place.lon)),
            radius_m: known.map_or(0.0, |place| place.radius_m),
            country: known.and_then(|place| some(&place.country)),
            admin1: None,
            forms: vec![name.to_owned()],
            demonyms: Vec::new(),
            note: None,
        });
        self.places.insert(key, id);
        (id, precision)
    }

    fn actor(&mut self, name: &str, kind: &str) -> ActorId {
        let key = folded(name);
        if let Some(id) = self.actors.get(&key) {
            return *id;
        }
        let id = ActorId::from_index(self.batch.actors.len());
        self.batch.actors.push(Actor {
            key: key.clone(),
            names: in_its_script(name),
            short: Names::default(),
            kind: kind.to_owned(),
            entity: None,
            forms: vec![name.to_owned()],
            note: None,
        });
        self.actors.insert(key, id);
        id
    }
}

fn drafts(annotated: &Annotated, source: &Source) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let kind_of =
        |at: usize| annotated.labels.get(at).map_or(Kind::Other, |label| labels::kind(&label.label));
    let as_member = |role: &str, at: usize| {
        // The role says what it is to this event; if it says nothing, the label does.
        let kind = match labels::kind(role) {
            Kind::Other | Kind::Trigger => kind_of(at),
            kind => kind,
        };
        Member { label: at, role: role.to_owned(), kind }
    };
    for frame in &annotated.frames {
        let is_doubted = frame.notes.iter().any(|note| {
            let note = note.to_lowercase();
            note.starts_with("negation") || note.starts_with("speculation")
        });
        drafts.push(Draft {
            id: frame.id.clone(),
            label: frame.label.clone(),
            triggers: frame.trigger.into_iter().collect(),
            members: frame.roles.iter().map(|(role, at)| as_member(role, *at)).collect(),
            notes: frame.notes.clone(),
            certainty: if is_doubted { Certainty::Low } else { Certainty::Medium },
        });
    }
    let framed: HashSet<usize> = annotated.frames.iter().filter_map(|frame| frame.trigger).collect();
    let start_of = |at: usize| annotated.labels.get(at)?.ranges.first().map(|(start, _)| *start);
    let sentence_of = |at: usize| start_of(at).and_then(|start| sentence_at(&source.sentences, start));
    // Labels by their sentence, so that a document of many labels is walked through once.
    let mut by_sentence: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for at in 0..annotated.labels.len() {
        if let Some(sentence) = sentence_of(at) {
            by_sentence.entry(sentence).or_default().push(at);
        }
    }
    let mut links: HashMap<usize, Vec<&Link>> = HashMap::new();
    for link in &annotated.links {
        links.entry(link.from).or_default().push(link);
        links.entry(link.to).or_default().push(link);
    }
    for (at, label) in annotated.labels.iter().enumerate() {
        if kind_of(at) != Kind::Trigger || framed.contains(&at) {
            continue;
        }
        let mut members: Vec<Member> = Vec::new();
        for link in links.get(&at).into_iter().flatten() {
            let other = if link.from == at { link.to } else { link.from };
            if other != at && kind_of(other) != Kind::Trigger {
                members.push(as_member(&link.label, other));
            }
        }
        // Links often leave the date out, which is no argument of the event.
        let (is_alone, is_dated) = (members.is_empty(), members.iter().any(|it| it.kind == Kind::Date));
        let belongs = |other: usize| match kind_of(other) {
            Kind::Trigger => false,
            Kind::Date => is_alone || (!is_dated && !links.contains_key(&other)),
            _ => is_alone,
        };
        let near = sentence_of(at).and_then(|sentence| by_sentence.get(&sentence));
        let near = near.into_iter().flatten().copied().filter(|other| belongs(*other)).take(MAX_NEAR);
        members.extend(near.map(|other| Member { label: other, role: String::new(), kind: kind_of(other) }));
        drafts.push(Draft {
            id: label.id.clone(),
            label: label.label.clone(),
            triggers: vec![at],
            members,
            notes: Vec::new(),
            certainty: Certainty::Medium,
        });
    }
    // What is marked in the text belongs to the first of them; the others say more about the same.
    for (number, class) in annotated.classes.iter().enumerate() {
        let num_members = if number == 0 { annotated.labels.len() } else { 0 };
        drafts.push(Draft {
            id: String::new(),
            label: class.clone(),
            triggers: Vec::new(),
            members: (0..num_members).map(|at| as_member("", at)).collect(),
            notes: Vec::new(),
            certainty: Certainty::Medium,
        });
    }
    if drafts.is_empty() {
        let groups = if annotated.links.is_empty() {
            // In order of the text.
            let mut groups: Vec<_> = by_sentence.into_iter().collect();
            groups.sort_unstable_by_key(|(sentence, _)| *sentence);
            let is_enough = |members: &Vec<usize>| {
                let has = |is: fn(Kind) -> bool| members.iter().any(|at| is(kind_of(*at)));
                has(|kind| kind == Kind::Place) && has(|kind| matches!(kind, Kind::Date | Kind::Count(_)))
            };
            groups.into_iter().map(|(_, members)| members).filter(is_enough).collect()
        } else {
            linked(annotated.labels.len(), &annotated.links)
        };
        for group in groups {
            drafts.push(Draft {
                id: String::new(),
                label: String::new(),
                triggers: Vec::new(),
                members: group.into_iter().map(|at| as_member("", at)).collect(),
                notes: Vec::new(),
                certainty: Certainty::Low,
            });
        }
    }
    drafts
}

/// Groups of labels that are linked, each in order.
fn linked(num_labels: usize, links: &[Link]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..num_labels).collect();
    let root = |parent: &mut Vec<usize>, mut at: usize| {
        while let Some(up) = parent.get(at).copied().filter(|up| *up != at) {
            // Halves the way for the next one.
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(at) {
                *slot = above;
            }
            at = up;
        }
        at
    };
    for link in links {
        let (a, b) = (root(&mut parent, link.from), root(&mut parent, link.to));
        if let Some(slot) = parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for at in 0..num_labels {
        let root = root(&mut parent, at);
        groups.entry(root).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    groups
}

/// The words of a label; an ellipsis stands for a gap.
fn words(annotated: &Annotated, source: &Source, label: usize) -> String {
    let Some(label) = annotated.labels.get(label) else { return String::new() };
    let parts: Vec<&str> = label.ranges.iter().map(|range| slice(annotated, source, *range).trim()).collect();
    parts.join(" … ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn slice<'a>(annotated: &'a Annotated, source: &Source, (start, end): (u32, u32)) -> &'a str {
    let byte = |at: u32| source.offsets.get(at as usize).copied().unwrap_or(annotated.text.len());
    annotated.text.get(byte(start)..byte(end)).unwrap_or_default()
}

fn spans(ranges: &[(u32, u32)], role: SpanRole) -> Vec<Span> {
    ranges.iter().map(|(start, end)| Span { start: *start, end: *end, role }).collect()
}

/// Sentences in order, in scalar values. They end at marks with a blank behind them, and at line ends.
fn sentences(text: &str) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut start: Option<u32> = None;
    let mut last = 0u32;
    let mut ended = false;
    for (at, c) in (0u32..).zip(text.chars()) {
        let is_break = c == '\n' || c == '\r' || (ended && c.is_whitespace());
        if let Some(from) = start.filter(|_| is_break) {
            found.push((from, last + 1));
            start = None;
        }
        if !c.is_whitespace() {
            start = start.or(Some(at));
            last = at;
        }
        ended = matches!(c, '.' | '!' | '?' | '؟' | '۔' | '。' | '…')
            || (ended && matches!(c, '"' | '”' | '»' | ')' | '\''));
    }
    if let Some(from) = start {
        found.push((from, last + 1));
    }
    found
}

fn sentence_at(sentences: &[(u32, u32)], at: u32) -> Option<(u32, u32)> {
    let next = sentences.partition_point(|(start, _)| *start <= at);
    sentences.get(next.checked_sub(1)?).copied().filter(|(_, end)| at < *end)
}

/// A date in words; `None` if it is not read, or if day and month could be exchanged.
fn when(text: &str) -> Option<When> {
    let forms = Forms { is_order_known: false, ..Forms::default() };
    match forms.date(text.trim().as_bytes()) {
        Ok((_, Some(Issue::AmbiguousDate))) | Err(_) => None,
        Ok((date, _)) => Some(When::new(date.interval(), date.precision())),
    }
}

fn count(kind: CountKind, words: &str, language: &str) -> Count {
    let figure = Forms::default().count(words.as_bytes()).map(|(figure, _)| figure).unwrap_or_default();
    // “At least” is a least number without a greatest one.
    let is_open = figure.low.is_some() && figure.high.is_none();
    let is_worded = words.chars().any(char::is_alphabetic);
    Count {
        kind,
        victims: Vec::new(),
        min: figure.low.or(if figure.high.is_some() { None } else { figure.best }),
        max: figure.high.or(if is_open { None } else { figure.best }),
        approx: false,
        in_words: if is_worded { named(language, words.to_owned()) } else { Names::default() },
        action: None,
        note: None,
    }
}

fn kind_code(kind: GazetteerKind) -> &'static str {
    match kind {
        GazetteerKind::Capital => "capital",
        GazetteerKind::Town => "town",
        GazetteerKind::Village => "village",
        GazetteerKind::Post => "post",
        GazetteerKind::Region => "region",
    }
}

fn folded(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    fold(&name, FoldOptions::default())
}

/// A text in a language that names have; others stand as English, in their own script.
fn named(language: &str, text: String) -> Names {
    match language {
        "ar" => Names { ar: Some(text), ..Names::default() },
        "fr" => Names { fr: Some(text), ..Names::default() },
        "en" => Names::en(text),
        _ => in_its_script(&text),
    }
}

fn in_its_script(text: &str) -> Names {
    let arabic =
        text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| matches!(c, '\u{0600}'..='\u{06FF}'));
    if arabic { Names { ar: Some(text.to_owned()), ..Names::default() } } else { Names::en(text) }
}

/// The language of a text by its script and its commonest words; `und` if they do not tell.
fn language_of(text: &str) -> &'static str {
    const ENGLISH: [&str; 8] = ["the", "of", "and", "in", "to", "was", "by", "on"];
    const FRENCH: [&str; 10] = ["le", "la", "les", "des", "et", "du", "une", "dans", "à", "par"];
    let (mut arabic, mut cyrillic, mut letters) = (0usize, 0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(20_000) {
        letters += 1;
        arabic += usize::from(('\u{0600}'..='\u{06FF}').contains(&c));
        cyrillic += usize::from(('\u{0400}'..='\u{04FF}').contains(&c));
    }
    if letters > 0 && arabic * 2 > letters {
        return "ar";
    }
    if letters > 0 && cyrillic * 2 > letters {
        return "ru";
    }
    let (mut english, mut french) = (0usize, 0usize);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(4000) {
        let word = word.to_lowercase();
        english += usize::from(ENGLISH.contains(&word.as_str()));
        french += usize::from(FRENCH.contains(&word.as_str()));
    }
    match (english, french) {
        (english, french) if english > french => "en",
        (english, french) if french > english => "fr",
        _ => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_and_lines() {
        let text = "One. Two 3.5 km!\r\n« Trois. » Quatre؟ خمسة";
        let found: Vec<String> = sentences(text)
            .iter()
            .map(|(start, end)| text.chars().skip(*start as usize).take((end - start) as usize).collect())
            .collect();
        assert_eq!(found, ["One.", "Two 3.5 km!", "« Trois.", "» Quatre؟", "خمسة"]);
        assert_eq!(sentence_at(&sentences(text), 5), Some((5, 16)));
        assert_eq!(sentence_at(&sentences(text), 4), None);
        assert_eq!(sentences(" \n"), []);
    }

    #[test]
    fn languages_are_told_by_script_and_words() {
        assert_eq!(language_of("The attack on the town"), "en");
        assert_eq!(language_of("L'attaque dans la ville et les environs"), "fr");
        assert_eq!(language_of("هجوم على المدينة"), "ar");
        assert_eq!(language_of("Нападение на город"), "ru");
        assert_eq!(language_of("Kidal 2024"), "und");
    }

    #[test]
    fn groups_are_what_is_linked() {
        let link = |from, to| Link { label: String::new(), from, to };
        assert_eq!(linked(6, &[link(0, 2), link(4, 2), link(5, 3)]), [vec![0, 2, 4], vec![3, 5]]);
        assert_eq!(linked(2, &[]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn numbers_keep_what_is_open() {
        let of = |words: &str| {
            let count = count(CountKind::Killed, words, "en");
            (count.min, count.max)
        };
        assert_eq!(of("84"), (Some(84), Some(84)));
        assert_eq!(of("at least 10"), (Some(10), None));
        assert_eq!(of("10-12"), (Some(10), Some(12)));
        assert_eq!(of("dozens"), (None, None));
    }
}
