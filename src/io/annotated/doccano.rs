//! doccano's JSON lines: one document in each line, or a list of documents.
//!
//! Read are labels of ranges (`label` or `labels` as `[begin, end, label]`, `annotations`, `entities`,
//! `spans` as objects), relations between them, and labels of whole documents (`label` as texts, `cats`).
//! Offsets count Unicode scalar values. Where a document has a title, a date, a source or a language in
//! its metadata, they are used.

use std::collections::HashMap;

use crate::io::import::json::Watch;
use crate::io::import::jsontext::{Cursor, Value};
use crate::io::import::{Allowance, ImportError};
use crate::io::{Continue, Progress};
use crate::model::import::Issue;
use crate::model::report::shorten;
use crate::store::CaseBatch;

use super::build::Builder;
use super::{Annotated, Label, Link};

/// Fields that hold further fields of the document.
const METADATA: [&str; 3] = ["meta", "metadata", "Comments"];

/// Reads documents. A file that breaks off gives those that are whole.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<CaseBatch, ImportError> {
    let mut builder = Builder::new(name);
    let mut cursor = Cursor::new(bytes);
    let is_list = cursor.take(b'[');
    let (mut line, mut counted, mut number) = (1usize, 0usize, 0usize);
    loop {
        while cursor.take(b',') {}
        if cursor.peek().is_none() || (is_list && cursor.take(b']')) {
            break;
        }
        let start = cursor.offset();
        line += memchr::memchr_iter(b'\n', bytes.get(counted..start).unwrap_or_default()).count();
        counted = start;
        number += 1;
        let at = if is_list { format!("document {number}") } else { format!("line {line}") };
        let progress = Progress { done: start as u64, total: bytes.len() as u64, what: name.to_owned() };
        if number.is_multiple_of(64) && watch(progress) == Continue::No {
            builder.cut_short(&at, "reading was stopped; the rest is left out");
            break;
        }
        match cursor.value() {
            Ok(value) => {
                if cursor.take_bad_text() {
                    builder.problem(Issue::BadText, &at, "");
                }
                match document(name, number, &at, &value, &mut builder) {
                    Some(document) => builder.add(document),
                    None => builder.problem(Issue::BrokenPart, &at, &excerpt(bytes, start)),
                }
            }
            Err(_) => {
                builder.problem(Issue::BrokenPart, &at, &excerpt(bytes, start));
                cursor = Cursor::at(bytes, start);
                if is_list {
                    if cursor.skip().is_err() {
                        builder.cut_short(&at, "the file breaks off here");
                        break;
                    }
                } else {
                    cursor.skip_line();
                }
            }
        }
    }
    if builder.num_documents() == 0 {
        return Err(ImportError::Cannot(format!("“{name}” holds no document with a text.")));
    }
    Ok(builder.finish())
}

fn excerpt(bytes: &[u8], start: usize) -> String {
    let rest = bytes.get(start..).unwrap_or_default();
    String::from_utf8_lossy(rest.get(..200).unwrap_or(rest)).into_owned()
}

fn document(
    file: &str,
    number: usize,
    at: &str,
    value: &Value<'_>,
    builder: &mut Builder<'_>,
) -> Option<Annotated> {
    let text = ["text", "data"].iter().find_map(|key| value.get(key)?.as_text())?.to_owned();
    let meta = |keys: &[&str]| -> Option<String> {
        let places = METADATA.iter().filter_map(|key| value.get(key)).chain([value]);
        let mut found = places.flat_map(|place| keys.iter().filter_map(|key| place.get(key)?.scalar()));
        found.find(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let num_chars = text.chars().count() as u64;
    let id = ["id", "doc_id", "document_id"].iter().find_map(|key| value.get(key)?.scalar());
    let mut document = Annotated {
        key: id.map_or_else(|| format!("{file} {number}"), str::to_owned),
        at: at.to_owned(),
        title: meta(&["title", "headline", "name", "filename", "file_name"]),
        language: meta(&["language", "lang"]).filter(|language| language.len() <= 12),
        published: meta(&["date", "published", "publication_date", "pubdate", "timestamp"]),
        outlet: meta(&["source", "outlet", "publisher", "newspaper"]).map(|outlet| shorten(&outlet, 120)),
        text,
        ..Annotated::default()
    };
    for (key, list) in value.fields() {
        match (key.as_ref(), list) {
            ("label" | "labels" | "annotations" | "entities" | "spans", Value::List(items, _)) => {
                for item in items {
                    read_label(item, num_chars, &mut document, builder);
                }
            }
            ("label" | "labels", Value::Text(class)) => document.classes.push(class.to_string()),
            ("cats", Value::List(items, _)) => {
                document.classes.extend(items.iter().filter_map(Value::scalar).map(str::to_owned));
            }
            // Classes with a share for each.
            ("cats", Value::Object(classes, _)) => {
                let holds = |share: &Value<'_>| {
                    *share == Value::Bool(true) || share.number().is_some_and(|n| n >= 0.5)
                };
                document.classes.extend(
                    classes.iter().filter(|(_, share)| holds(share)).map(|(name, _)| name.to_string()),
                );
            }
            _ => {}
        }
    }
    document.classes.dedup();
    let rows: HashMap<String, usize> =
        document.labels.iter().enumerate().map(|(at, label)| (label.id.clone(), at)).collect();
    for relation in value.get("relations").map(Value::items).unwrap_or_default() {
        read_relation(relation, &rows, &mut document, builder);
    }
    Some(document)
}

fn read_label(item: &Value<'_>, num_chars: u64, document: &mut Annotated, builder: &mut Builder<'_>) {
    let field = |keys: &[&str]| keys.iter().find_map(|key| item.get(key));
    let (start, end, label) = match item {
        Value::Text(class) => return document.classes.push(class.to_string()),
        Value::List(parts, _) => (parts.first(), parts.get(1), parts.get(2)),
        Value::Object(..) => (
            field(&["start_offset", "start", "begin"]),
            field(&["end_offset", "end"]),
            field(&["label", "type", "label_text", "tag"]),
        ),
        _ => (None, None, None),
    };
    let label = label.and_then(Value::scalar).unwrap_or_default().to_owned();
    let is_class = start.is_none() && end.is_none() && !label.is_empty();
    if is_class {
        return document.classes.push(label);
    }
    let offset =
        |value: Option<&Value<'_>>| value.and_then(Value::number).filter(|n| *n >= 0.0 && n.fract() == 0.0);
    match (offset(start), offset(end)) {
        (Some(start), Some(end)) if start < end && end <= num_chars as f64 && end <= f64::from(u32::MAX) => {
            document.labels.push(Label {
                id: field(&["id"]).and_then(Value::scalar).unwrap_or_default().to_owned(),
                label,
                ranges: vec![(start as u32, end as u32)],
                notes: Vec::new(),
            });
        }
        _ => {
            let shown = |value: Option<&Value<'_>>| value.and_then(Value::scalar).unwrap_or("?").to_owned();
            let value = format!("{}..{} {label}", shown(start), shown(end));
            builder.problem(Issue::BadSpan, &document.at, &value);
        }
    }
}

fn read_relation(
    relation: &Value<'_>,
    rows: &HashMap<String, usize>,
    document: &mut Annotated,
    builder: &mut Builder<'_>,
) {
    let text = |keys: &[&str]| keys.iter().find_map(|key| relation.get(key)?.scalar()).unwrap_or_default();
    let find = |id: &str| rows.get(id).copied().filter(|_| !id.is_empty());
    let (from, to) = (text(&["from_id", "from", "head", "source"]), text(&["to_id", "to", "tail", "target"]));
    match find(from).zip(find(to)) {
        Some((from, to)) => {
            let label = text(&["type", "label", "relation"]).to_owned();
            document.links.push(Link { label, from, to });
        }
        None => builder.problem(Issue::BadReference, &document.at, &format!("{from} → {to}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, mutated, unwatched};
    use crate::model::{EventType, SpanRole};
    use proptest::prelude::*;

    const SOUND: &str = r#"{"id": 7, "text": "Le 27 juillet 2024, une attaque 🚨 à Kidal a fait 12 morts. Le maire parle.", "label": [[3, 18, "DATE"], [24, 31, "EVENT"], [36, 41, "LOC"], [49, 51, "TOLL"], [62, 67, "PER"], [3, 900, "LOC"]], "meta": {"title": "Bref", "date": "2024-07-28", "source": "La Radio"}}

{"text": "هجوم في غاو", "entities": [{"id": 1, "label": "Attack", "start_offset": 0, "end_offset": 4}, {"id": 2, "label": "GPE", "start_offset": 8, "end_offset": 11}], "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "in"}, {"from_id": 1, "to_id": 9, "type": "in"}]}
{"text": "A protest.", "label": ["Protests"]}
{"text": "broken
{"text": "Gao, 2024-01-05, Mopti", "labels": [[0, 3, "LOC"], [5, 15, "DATE"]]}
"#;

    fn batch(text: &str) -> CaseBatch {
        read("a.jsonl", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    #[test]
    fn marked_texts_become_events() {
        let batch = batch(SOUND);
        assert_eq!(batch.documents.len(), 4);
        let document = &batch.documents[0];
        assert_eq!((document.key.as_str(), document.titles.fr.as_deref()), ("7", Some("Bref")));
        assert_eq!(document.language, "fr");
        assert!(document.published.is_some());
        let event = &batch.events[0];
        assert_eq!(event.sub_type, "attaque");
        assert_eq!(event.when.as_ref().map(|when| when.interval.to_edtf()), Some("2024-07-27".to_owned()));
        let place = &batch.places[event.places[0].place.index()];
        assert!(place.names.en.as_deref() == Some("Kidal") && place.position.is_some());
        let count = &event.claims[0].counts[0];
        assert_eq!((count.min, count.max), (Some(12), Some(12)));
        let spans = &event.claims[0].spans.original;
        let text = document.attached.as_deref().expect("text");
        let words = |role| -> Vec<String> {
            let of_role = spans.iter().filter(|span| span.role == role);
            of_role
                .map(|s| text.chars().skip(s.start as usize).take((s.end - s.start) as usize).collect())
                .collect()
        };
        assert_eq!(words(SpanRole::Trigger), ["attaque"]);
        assert_eq!(words(SpanRole::Place), ["Kidal"]);
        assert!(words(SpanRole::Sentence)[0].ends_with("morts."));
        assert_eq!(batch.mentions.len(), 1, "the mayor is in another sentence");
        let arabic = &batch.events[1];
        assert_eq!(arabic.sub_type, "Attack");
        assert_eq!(batch.documents[1].language, "ar");
        assert_eq!(batch.places[arabic.places[0].place.index()].names.en.as_deref(), Some("Gao"));
        assert_eq!(arabic.places[0].role.as_deref(), Some("in"));
        assert_eq!(batch.events[2].event_type, EventType::Protests);
        assert_eq!(batch.events[3].certainty, crate::model::Certainty::Low);
        let told: Vec<_> = batch.problems.iter().map(|p| (p.at.as_str(), p.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("line 1", Issue::BadSpan.sentence()),
                ("line 3", Issue::BadReference.sentence()),
                ("line 5", Issue::BrokenPart.sentence()),
            ]
        );
    }

    #[test]
    fn a_date_need_not_be_linked() {
        let text = r#"{"text": "On 3 May 2024 a clash in Gao, on 4 May 2024 one in Mopti.", "entities": [{"id": 1, "label": "DATE", "start_offset": 3, "end_offset": 13}, {"id": 2, "label": "EVENT", "start_offset": 16, "end_offset": 21}, {"id": 3, "label": "LOC", "start_offset": 25, "end_offset": 28}, {"id": 4, "label": "DATE", "start_offset": 33, "end_offset": 43}, {"id": 5, "label": "LOC", "start_offset": 51, "end_offset": 56}], "relations": [{"from_id": 2, "to_id": 3, "type": "in"}, {"from_id": 5, "to_id": 4, "type": "on"}]}"#;
        let batch = batch(text);
        let when = batch.events[0].when.as_ref().map(|when| when.interval.to_edtf());
        assert_eq!(when.as_deref(), Some("2024-05-03"));
        assert_eq!(batch.events[0].places.len(), 1, "what else is linked elsewhere or to nothing stays out");
    }

    #[test]
    fn files_without_texts_are_refused() {
        for text in ["", "[]", "{\"label\": []}", "x\ny"] {
            assert!(read("a", text.as_bytes(), Allowance::default(), &unwatched).is_err(), "{text}");
        }
        let list = batch(r#"[{"text": "a"}, {"text": "b"}]"#);
        assert_eq!((list.documents.len(), list.events.len()), (2, 0));
        assert!(list.documents[0].key != list.documents[1].key);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"{}[]\":,\\ \n1textlabel")) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_keep_to_their_texts(bytes in mutated(SOUND.as_bytes())) {
            if let Ok(batch) = read("a", &bytes, Allowance::default(), &unwatched) {
                crate::io::annotated::tests::check(&batch);
            }
        }
    }
}
