//! Annotated texts → a case: documents with their texts, and the events that are marked in them.
//!
//! ```text
//! doccano JSON lines ─┐
//! brat stand-off ─────┼─→ Annotated (labels, frames, links) ─ build ─→ CaseBatch
//! WebAnno TSV 3 ──────┘
//! ```
//!
//! What becomes an event:
//! * each annotation of an event with its arguments (a frame);
//! * each label of a trigger that is in no frame, with the labels that are linked to it and, where no date
//!   is, the dates of its sentence that are linked to nothing, or, if none is linked, with all labels of its
//!   sentence;
//! * in a document without either, each group of labels that are linked with each other, or else each
//!   sentence that holds a place together with a date or a number; these are of low certainty;
//! * each document that has a label as a whole.
//!
//! Labels that are in no event are mentions. Which label is what is told by [`labels`]; the label's own
//! name is kept as the sub type of the event or the role of the actor. Places get a position if the
//! gazetteer knows their name.
//!
//! Ranges are Unicode scalar values of the text; a range that is not in the text, or whose words are
//! others than the file says, is a [`Problem`](crate::model::Problem) and left out.

pub mod brat;
mod build;
pub mod doccano;
pub mod labels;
pub mod webanno;

/// A document with its annotations, whatever the format.
#[derive(Debug, Default)]
struct Annotated {
    /// Made unique where it is not.
    key: String,
    /// Where it is in the file: `line 3`.
    at: String,
    title: Option<String>,
    /// BCP 47; guessed if empty.
    language: Option<String>,
    /// As written.
    published: Option<String>,
    outlet: Option<String>,
    text: String,
    labels: Vec<Label>,
    frames: Vec<Frame>,
    links: Vec<Link>,
    /// Labels of the document as a whole.
    classes: Vec<String>,
}

/// A marked range.
#[derive(Debug, Default)]
struct Label {
    /// As in the file; empty if it has none.
    id: String,
    label: String,
    /// Begin and end in scalar values, in order; more than one if it has gaps. Checked against the text.
    ranges: Vec<(u32, u32)>,
    notes: Vec<String>,
}

/// An event with its arguments.
#[derive(Debug, Default)]
struct Frame {
    id: String,
    label: String,
    /// A row of the labels.
    trigger: Option<usize>,
    /// Roles, and rows of the labels.
    roles: Vec<(String, usize)>,
    notes: Vec<String>,
}

/// A relation of two labels.
#[derive(Debug)]
struct Link {
    label: String,
    from: usize,
    to: usize,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::store::CaseBatch;

    /// What must hold for every batch: ids are rows, keys are unique, spans lie in their texts.
    pub fn check(batch: &CaseBatch) {
        let mut keys = HashSet::new();
        let length = |document: crate::model::DocumentId| {
            batch.documents[document.index()].attached.as_deref().map_or(0, |text| text.chars().count())
        };
        for document in &batch.documents {
            assert!(keys.insert(document.key.clone()), "{}", document.key);
        }
        for event in &batch.events {
            assert!(keys.insert(event.key.clone()), "{}", event.key);
            assert!(event.places.iter().all(|place| place.place.index() < batch.places.len()));
            assert!(event.actors.iter().all(|actor| actor.actor.index() < batch.actors.len()));
            assert!(event.when.as_ref().is_none_or(|when| when.interval.start < when.interval.end));
            for claim in &event.claims {
                assert!(claim.claimant.index() < batch.actors.len());
                for span in &claim.spans.original {
                    assert!(span.start < span.end && span.end as usize <= length(claim.document));
                }
            }
        }
        for mention in &batch.mentions {
            assert!(keys.insert(mention.key.clone()), "{}", mention.key);
            for span in &mention.spans.original {
                assert!(span.start < span.end && span.end as usize <= length(mention.document));
            }
        }
    }
}
