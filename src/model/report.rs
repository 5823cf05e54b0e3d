//! What went wrong while reading: named, counted, never thrown away.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kept, but worth a look.
    Warning,
    /// Left out.
    Error,
}

/// One thing that a reader could not take as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// File, as the user would name it.
    pub file: String,
    /// Where in the file: a JSON path (`events[3].claims[0].spans`), or line and column.
    pub at: String,
    /// The offending value, shortened.
    pub value: String,
    pub message: String,
    /// What the user can open to see it: the document or event concerned.
    pub about: Option<About>,
}

/// The thing in the case that a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Event(super::EventId),
    Document(super::DocumentId),
}

impl Problem {
    pub fn error(
        file: &str,
        at: impl Into<String>,
        value: impl fmt::Display,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, file, at, value, message)
    }

    pub fn warning(
        file: &str,
        at: impl Into<String>,
        value: impl fmt::Display,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, file, at, value, message)
    }

    fn new(
        severity: Severity,
        file: &str,
        at: impl Into<String>,
        value: impl fmt::Display,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            file: file.to_owned(),
            at: at.into(),
            value: shorten(&value.to_string(), 80),
            message: message.into(),
            about: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, at, value, message, about: _ } = self;
        let severity = match severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {message}")?;
        if !value.is_empty() {
            write!(f, ": {value}")?;
        }
        if !at.is_empty() {
            write!(f, " at {at}")?;
        }
        write!(f, " ({file})")
    }
}

/// The text on one line and without what would steer a terminal.
pub fn one_line(text: &str) -> String {
    text.chars().map(without_control).collect()
}

fn without_control(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// The first `max_chars` characters on one line, with an ellipsis if more follow.
pub fn shorten(text: &str, max_chars: usize) -> String {
    let mut short: String = text.chars().take(max_chars).map(without_control).collect();
    if text.chars().nth(max_chars).is_some() {
        short.push('…');
    }
    short
}
