//! Claims and the words of documents that they rest on, as cells and as JSON.

use serde_json::{Value, json};

use super::cell::{Cell, edtf};
use super::columns::CLAIM_COLUMNS;
use crate::model::document::TextForm;
use crate::model::{ActorId, Claim, Count, Document, DocumentId, Lang, Names, Span, SpanRole, When};
use crate::store::{EventDetail, Store};

/// Cells in the order of [`CLAIM_COLUMNS`].
pub fn claim_cells<'a>(store: &'a Store, texts: &Texts<'a>, claim: &'a Claim) -> Vec<Cell<'a>> {
    let document = store.document(claim.document);
    let evidence = Evidence::of(claim, texts);
    let quote = evidence.quote();
    let outlet = document.and_then(|d| d.outlet.as_ref()).map(|outlet| outlet.names.get(Lang::En));
    let cells = vec![
        Cell::text(claim.key.as_str()),
        Cell::text(actor_name(store, claim.claimant)),
        Cell::text(claim.attribution.as_str()),
        Cell::optional(claim.statement.exactly(Lang::En)),
        Cell::optional(claim.statement.exactly(Lang::Ar)),
        Cell::text(
            claim.counts.iter().map(|count| count_in_words(store, count)).collect::<Vec<_>>().join("; "),
        ),
        Cell::optional(claim.date.as_ref().map(|when| edtf(when.interval))),
        Cell::optional(document.map(|d| d.key.as_str())),
        Cell::optional(document.map(|d| d.titles.get(Lang::En))),
        Cell::optional(outlet),
        Cell::optional(document.and_then(|d| published(d, claim)).map(|when| edtf(when.interval))),
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
pub struct Evidence<'a> {
    pub form: TextForm,
    pub spans: Vec<(&'a str, Span)>,
}

impl<'a> Evidence<'a> {
    /// In the original if it is attached and the claim has spans in it, else in the brief.
    pub fn of(claim: &Claim, texts: &Texts<'a>) -> Self {
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

    pub fn form(&self) -> Option<&'static str> {
        (!self.spans.is_empty()).then_some(match self.form {
            TextForm::Brief => "brief",
            TextForm::Original => "original",
        })
    }

    /// The first sentence.
    pub fn quote(&self) -> Option<(&'a str, Span)> {
        self.spans.iter().find(|(_, span)| span.role == SpanRole::Sentence).copied()
    }

    pub fn to_json(&self) -> Value {
        let spans = self.spans.iter().map(|(text, span)| {
            json!({"role": span.role.code(), "start": span.start, "end": span.end, "text": text})
        });
        Value::Array(spans.collect())
    }
}

/// Texts of the documents, to cut words out of them by scalar offsets.
pub struct Texts<'a>(Vec<[Option<ScalarText<'a>>; 2]>);

impl<'a> Texts<'a> {
    pub fn new(store: &'a Store) -> Self {
        let of = |document: &'a Document, form| document.text(form).map(ScalarText::new);
        let documents = store.documents.iter();
        Self(documents.map(|d| [of(d, TextForm::Brief), of(d, TextForm::Original)]).collect())
    }

    pub fn of(&self, document: DocumentId, form: TextForm) -> Option<&ScalarText<'a>> {
        let [brief, original] = self.0.get(document.index())?;
        match form {
            TextForm::Brief => brief.as_ref(),
            TextForm::Original => original.as_ref(),
        }
    }
}

/// A text with the byte offset of every [`STEP`](Self::STEP)th scalar.
pub struct ScalarText<'a> {
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

/// A claim with everything that it rests on.
pub fn claim_json(store: &Store, texts: &Texts, claim: &Claim) -> Value {
    let document = store.document(claim.document);
    let evidence = Evidence::of(claim, texts);
    let edtf = |when: Option<&When>| when.map(|when| edtf(when.interval));
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
pub fn published<'a>(document: &'a Document, claim: &Claim) -> Option<&'a When> {
    let segments = document.original.as_ref().map_or(&[][..], |original| &original.segments);
    let segment = segments.iter().find(|segment| Some(&segment.key) == claim.segment.as_ref());
    segment.and_then(|segment| segment.published.as_ref()).or(document.published.as_ref())
}

pub fn names(names: &Names) -> Value {
    let entries =
        Lang::ALL.into_iter().filter_map(|lang| Some((lang.code().to_owned(), names.exactly(lang)?.into())));
    Value::Object(entries.collect())
}

pub fn actor_name(store: &Store, actor: ActorId) -> &str {
    store.actor(actor).map_or("", |actor| actor.names.get(Lang::En))
}

/// `JNIM (attacker); Malian army (target)`.
pub fn actors_in_words(store: &Store, detail: &EventDetail) -> String {
    let actors = detail.actors.iter().map(|role| match (actor_name(store, role.actor), role.role.as_str()) {
        (name, "") => name.to_owned(),
        (name, role) => format!("{name} ({role})"),
    });
    actors.collect::<Vec<_>>().join("; ")
}

/// `killed about 50 (Wagner Group)`, `losses “heavy losses” (Malian army)`.
pub fn count_in_words(store: &Store, count: &Count) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
