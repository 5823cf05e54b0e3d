//! brat's stand-off files beside their texts.
//!
//! Lines of a file of annotations:
//!
//! | begins with | holds |
//! |---|---|
//! | `T1` | a label, its range (more than one between `;`), and its words |
//! | `E1` | an event: its type with its trigger, and roles with labels or other events |
//! | `R1` | a relation of two labels |
//! | `A1`, `M1` | an attribute (negated, speculated, …) |
//! | `N1` | a reference to an outside resource |
//! | `#1` | a note |
//! | `*` | labels that mean the same, which makes no difference here |
//!
//! Offsets count Unicode scalar values of the text file as it is, a carriage return among them. Words that
//! differ from those of the text tell that the range is wrong.

use std::collections::HashMap;

use crate::io::import::json::Watch;
use crate::io::import::{Allowance, ImportError};
use crate::io::{Continue, Progress, text};
use crate::model::import::Issue;
use crate::store::CaseBatch;

use super::build::Builder;
use super::{Annotated, Frame, Label, Link};

/// A file of annotations with its text.
#[derive(Clone, Copy, Debug)]
pub struct Standoff<'a> {
    /// Name of the file of annotations.
    pub name: &'a str,
    pub annotations: &'a [u8],
    /// Bytes of the text file beside it.
    pub text: &'a [u8],
}

/// Reads documents; `name` is what the user chose.
pub fn read(
    name: &str,
    files: &[Standoff<'_>],
    _allow: Allowance,
    watch: Watch<'_>,
) -> Result<CaseBatch, ImportError> {
    let mut builder = Builder::new(name);
    for (done, file) in (0u64..).zip(files) {
        let progress = Progress { done, total: files.len() as u64, what: file.name.to_owned() };
        if watch(progress) == Continue::No {
            builder.cut_short("", "reading was stopped; the rest is left out");
            break;
        }
        match (text::decode(file.text), text::decode(file.annotations)) {
            (Ok((words, _)), Ok((annotations, _))) => {
                let document = Reader::new(file.name, words, &mut builder).read(&annotations);
                builder.add(document);
            }
            (Err(err), _) | (_, Err(err)) => {
                builder.problem_in(file.name, Issue::BadText, &format!("byte {}", err.offset), err.reason);
            }
        }
    }
    if builder.num_documents() == 0 {
        return Err(ImportError::Cannot(format!(
            "“{name}” cannot be read: it is not text in UTF-8 or UTF-16."
        )));
    }
    Ok(builder.finish())
}

/// What an id stands for.
#[derive(Clone, Copy)]
enum Thing {
    Label(usize),
    Frame(usize),
}

struct Reader<'a, 'f> {
    file: &'a str,
    builder: &'a mut Builder<'f>,
    document: Annotated,
    /// Byte offsets of all scalar values, and the length.
    offsets: Vec<usize>,
    things: HashMap<String, Thing>,
}

impl<'a, 'f> Reader<'a, 'f> {
    fn new(file: &'a str, words: String, builder: &'a mut Builder<'f>) -> Self {
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let key = base.strip_suffix(".ann").unwrap_or(base).to_owned();
        let offsets = words.char_indices().map(|(at, _)| at).chain([words.len()]).collect();
        let document = Annotated { key, text: words, ..Annotated::default() };
        Self { file, builder, document, offsets, things: HashMap::new() }
    }

    /// Labels are read first, because other lines may refer to labels below them, and then events, to
    /// which relations, attributes and notes refer.
    fn read(mut self, annotations: &str) -> Annotated {
        let annotations = annotations.strip_prefix('\u{FEFF}').unwrap_or(annotations);
        let lines: Vec<(usize, &str, &str)> = (1..)
            .zip(annotations.lines())
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                let line = line.trim_end_matches('\r');
                let (id, rest) = line.split_once('\t').unwrap_or((line, ""));
                (number, id.trim(), rest)
            })
            .collect();
        let of_kind = |kinds: &'static [char]| lines.iter().filter(move |(_, id, _)| id.starts_with(kinds));
        for (number, id, rest) in of_kind(&['T']) {
            self.label(*number, id, rest);
        }
        // Events may be arguments of events above them, so all are known by name before roles are read.
        for (number, id, rest) in of_kind(&['E']) {
            self.frame(*number, id, rest);
        }
        for (number, id, rest) in of_kind(&['E']) {
            self.roles(*number, id, rest);
        }
        for (number, _, rest) in of_kind(&['R']) {
            self.relation(*number, rest);
        }
        for (number, _, rest) in of_kind(&['A', 'M', 'N', '#']) {
            self.note(*number, rest);
        }
        for (number, id, rest) in &lines {
            if !id.starts_with(['T', 'E', 'R', 'A', 'M', 'N', '#', '*']) {
                self.problem(Issue::BrokenPart, *number, &format!("{id} {rest}"));
            }
        }
        self.document
    }

    fn problem(&mut self, issue: Issue, line: usize, value: &str) {
        self.builder.problem_in(self.file, issue, &format!("line {line}"), value);
    }

    fn label(&mut self, line: usize, id: &str, rest: &str) {
        let (head, words) = rest.split_once('\t').unwrap_or((rest, ""));
        let (label, ranges) = head.split_once(' ').unwrap_or((head, ""));
        let num_chars = self.offsets.len() - 1;
        let range = |part: &str| -> Option<(u32, u32)> {
            let (start, end) = part.trim().split_once(' ')?;
            let (start, end): (u32, u32) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
            (start < end && end as usize <= num_chars).then_some((start, end))
        };
        let ranges: Option<Vec<(u32, u32)>> = ranges.split(';').map(range).collect();
        let is_right = |ranges: &[(u32, u32)]| {
            let found: Vec<&str> = ranges.iter().map(|range| self.words(*range)).collect();
            // Line breaks in the words are written as blanks.
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            words.is_empty() || plain(&found.join(" ")) == plain(words)
        };
        match ranges.filter(|ranges| is_right(ranges)) {
            Some(mut ranges) => {
                ranges.sort_unstable();
                if self.things.contains_key(id) {
                    return self.problem(Issue::RepeatedId, line, id);
                }
                self.things.insert(id.to_owned(), Thing::Label(self.document.labels.len()));
                self.document.labels.push(Label {
                    id: id.to_owned(),
                    label: label.to_owned(),
                    ranges,
                    notes: Vec::new(),
                });
            }
            None => self.problem(Issue::BadSpan, line, &format!("{id} {head} {words}")),
        }
    }

    fn words(&self, (start, end): (u32, u32)) -> &str {
        let byte = |at: u32| self.offsets.get(at as usize).copied().unwrap_or(0);
        self.document.text.get(byte(start)..byte(end)).unwrap_or_default()
    }

    fn frame(&mut self, line: usize, id: &str, rest: &str) {
        let Some((label, trigger)) = rest.split_whitespace().next().and_then(|head| head.split_once(':'))
        else {
            return self.problem(Issue::BrokenPart, line, &format!("{id} {rest}"));
        };
        if self.things.contains_key(id) {
            return self.problem(Issue::RepeatedId, line, id);
        }
        let trigger = match self.things.get(trigger) {
            Some(Thing::Label(at)) => Some(*at),
            _ => {
                self.problem(Issue::BadReference, line, &format!("{label}:{trigger}"));
                None
            }
        };
        self.things.insert(id.to_owned(), Thing::Frame(self.document.frames.len()));
        let (id, label) = (id.to_owned(), label.to_owned());
        self.document.frames.push(Frame { id, label, trigger, ..Frame::default() });
    }

    fn roles(&mut self, line: usize, id: &str, rest: &str) {
        let Some(Thing::Frame(frame)) = self.things.get(id).copied() else { return };
        if self.document.frames.get(frame).is_none_or(|frame| !frame.roles.is_empty()) {
            return;
        }
        let mut roles = Vec::new();
        let mut notes = Vec::new();
        for argument in rest.split_whitespace().skip(1) {
            let (role, target) = argument.split_once(':').unwrap_or((argument, ""));
            // Several of one role are numbered.
            let role = role.trim_end_matches(|c: char| c.is_ascii_digit());
            match self.things.get(target) {
                Some(Thing::Label(at)) => roles.push((role.to_owned(), *at)),
                Some(Thing::Frame(other)) => {
                    let other = self.document.frames.get(*other);
                    notes.push(format!("{role}: {}", other.map_or("", |other| &other.label)));
                }
                None => self.problem(Issue::BadReference, line, argument),
            }
        }
        if let Some(frame) = self.document.frames.get_mut(frame) {
            frame.roles = roles;
            frame.notes.extend(notes);
        }
    }

    fn relation(&mut self, line: usize, rest: &str) {
        let mut parts = rest.split_whitespace();
        let label = parts.next().unwrap_or_default().to_owned();
        let mut argument = || parts.next().map(|part| part.split_once(':').map_or(part, |(_, id)| id));
        let ends = argument().zip(argument());
        // A relation of an event is one of its trigger.
        let find = |id: &str| match self.things.get(id)? {
            Thing::Label(at) => Some(*at),
            Thing::Frame(at) => self.document.frames.get(*at)?.trigger,
        };
        match ends.and_then(|(from, to)| find(from).zip(find(to))) {
            Some((from, to)) => self.document.links.push(Link { label, from, to }),
            None => self.problem(Issue::BadReference, line, rest),
        }
    }

    /// `Negation E1`, `Confidence E1 High`, `AnnotatorNotes T1<tab>words`, `Reference T1 Base:12<tab>name`.
    fn note(&mut self, line: usize, rest: &str) {
        let (head, words) = rest.split_once('\t').unwrap_or((rest, ""));
        let mut parts = head.split_whitespace();
        let (name, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let value: Vec<&str> = parts.chain([words.trim()]).filter(|part| !part.is_empty()).collect();
        let note = if value.is_empty() { name.to_owned() } else { format!("{name}: {}", value.join(" ")) };
        let notes = match self.things.get(target) {
            Some(Thing::Label(at)) => self.document.labels.get_mut(*at).map(|label| &mut label.notes),
            Some(Thing::Frame(at)) => self.document.frames.get_mut(*at).map(|frame| &mut frame.notes),
            None => None,
        };
        match notes {
            Some(notes) => notes.push(note),
            None => self.problem(Issue::BadReference, line, rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{mutated, unwatched};
    use crate::model::{Certainty, EventType};
    use proptest::prelude::*;

    const TEXT: &str = "Gao 🚨 : raid à\r\nBourem le 5 mai 2024 par des hommes armés.\r\n";
    const SOUND: &str = "T1\tLOC 0 3\tGao\nT2\tDATE 26 36\t5 mai 2024\nT3\tRaid 8 12;13 14\traid à\n\
        T4\tLOC 16 22\tBourem\nT5\tGROUP 45 57\thommes armés\nT6\tLOC 500 510\tx\nT7\tLOC 10\tx\nT8\tLOC 0 3\tKao\n\
        E1\tAttack:T3 Place:T4 Time:T2 Attacker1:T5 Target:T99\nR1\tnear Arg1:T1 Arg2:T4\nR2\tnear Arg1:T1 Arg2:T6\n\
        A1\tNegation E1\nN1\tReference T4 Geo:12\tBourem town\n#1\tAnnotatorNotes T1\ta\ttab\n*\tEquiv T1 T4\n?\tx\n";

    fn batch(annotations: &[u8], text: &[u8]) -> Result<CaseBatch, ImportError> {
        let files = [Standoff { name: "folder/a.ann", annotations, text }];
        read("a.ann", &files, Allowance::default(), &unwatched)
    }

    #[test]
    fn lines_of_all_kinds_are_read() {
        let batch = batch(SOUND.as_bytes(), TEXT.as_bytes()).expect("readable");
        assert_eq!(batch.documents[0].key, "a");
        assert_eq!(batch.documents[0].attached.as_deref(), Some(TEXT));
        let [event] = batch.events.as_slice() else { panic!("{:?}", batch.events) };
        assert_eq!(
            (event.event_type, event.sub_type.as_str()),
            (EventType::ViolenceAgainstCivilians, "Attack")
        );
        assert_eq!(event.when.as_ref().map(|when| when.interval.to_edtf()), Some("2024-05-05".to_owned()));
        assert_eq!(event.places.len(), 1);
        assert_eq!(event.actors[0].role, "attacker");
        assert_eq!(event.certainty, Certainty::Low, "it is negated");
        assert!(event.note.as_deref().is_some_and(|note| note.contains("Geo:12 Bourem town")));
        let triggers =
            event.claims[0].spans.original.iter().filter(|s| s.role == crate::model::SpanRole::Trigger);
        assert_eq!(triggers.map(|s| (s.start, s.end)).collect::<Vec<_>>(), [(8, 12), (13, 14)]);
        assert_eq!(batch.mentions.len(), 1);
        let told: Vec<&str> = batch.problems.iter().map(|problem| problem.at.as_str()).collect();
        assert_eq!(told, ["line 6", "line 7", "line 8", "line 9", "line 11", "line 16"]);
        assert_eq!(batch.problems[0].file, "folder/a.ann");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(batch(b"", b"\xC7\xE1").is_err());
        assert_eq!(batch(b"", b"a").expect("a document").documents.len(), 1);
    }

    proptest! {
        #[test]
        fn changed_files_keep_to_their_texts(notes in mutated(SOUND.as_bytes()), text in mutated(TEXT.as_bytes())) {
            for (notes, text) in [(notes.as_slice(), TEXT.as_bytes()), (SOUND.as_bytes(), text.as_slice())] {
                if let Ok(batch) = batch(notes, text) {
                    crate::io::annotated::tests::check(&batch);
                }
            }
        }

        #[test]
        fn any_lines_are_read(notes in "([TERAN#*][0-3]\t(a|LOC|x:T1)? ?[0-9]{0,2} ?[0-9]{0,2}(;[0-9] [0-9])?( a:[TE][0-3]| T1)?\t?[a-c]?\n){0,12}") {
            let batch = batch(notes.as_bytes(), b"abcabcabc abc").expect("a document");
            crate::io::annotated::tests::check(&batch);
        }
    }
}
