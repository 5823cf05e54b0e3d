//! Source texts, their segments, and spans of them.

use super::{Names, SegmentKind, SpanRole, When};

/// A range of a document's text in Unicode scalar values, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
    pub role: SpanRole,
}

/// Who published a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlet {
    pub names: Names,
    /// How the outlet is known.
    pub basis: Option<String>,
}

/// A part of an original text, in Unicode scalar values.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub key: String,
    pub kind: SegmentKind,
    pub start: u32,
    pub end: u32,
    /// Not part of the article's own running text: captions, repeated headlines, teasers.
    pub boilerplate: bool,
    pub published: Option<When>,
}

/// The original text of a document, which may not be ours to ship.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OriginalRef {
    /// SHA-256 of the file as published to us, lower-case hexadecimal.
    pub sha256: String,
    pub bytes: u64,
    /// Length in Unicode scalar values.
    pub chars: u32,
    pub segments: Vec<Segment>,
}

/// A source text of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Stable key, unique in the case.
    pub key: String,
    pub titles: Names,
    pub outlet: Option<Outlet>,
    /// BCP 47 code of the original.
    pub language: String,
    pub published: Option<When>,
    pub original: Option<OriginalRef>,
    /// The case's own summary of the document; empty for a document of the user's own.
    pub brief: String,
    /// The original text once attached.
    pub attached: Option<String>,
}

impl Document {
    /// Whether this form of the text can be shown.
    pub fn text(&self, form: TextForm) -> Option<&str> {
        match form {
            TextForm::Brief => (!self.brief.is_empty()).then_some(self.brief.as_str()),
            TextForm::Original => self.attached.as_deref(),
        }
    }
}

/// Which text of a document is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    Brief,
    Original,
}

/// Spans of one claim or mention in both texts of its document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spans {
    pub original: Vec<Span>,
    pub brief: Vec<Span>,
}

impl Spans {
    pub fn of(&self, form: TextForm) -> &[Span] {
        match form {
            TextForm::Brief => &self.brief,
            TextForm::Original => &self.original,
        }
    }
}

/// Something a document mentions without any date: listed in the Undated tray, not an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub key: String,
    pub document: super::DocumentId,
    pub what: Names,
    pub candidate_event: Option<super::EventId>,
    pub spans: Spans,
}
