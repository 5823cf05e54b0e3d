//! Tolerant JSON: salvages the sound records of a broken file, and takes fields one by one so that
//! a bad one does not lose its neighbours.
//!
//! Every value that is not taken becomes a [`Problem`] with its path.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde_json::{Map, Value};

use crate::model::report::About;
use crate::model::{Names, Problem};

use super::text;

/// Problems that are listed one by one in one file; more are counted.
const MAX_LISTED: usize = 10_000;

/// The problems of one file.
pub(super) struct Log<'f> {
    pub file: &'f str,
    problems: RefCell<Vec<Problem>>,
    unlisted: Cell<u64>,
    about: Cell<Option<About>>,
}

impl<'f> Log<'f> {
    pub fn new(file: &'f str) -> Self {
        Self { file, problems: RefCell::default(), unlisted: Cell::new(0), about: Cell::new(None) }
    }

    pub fn push(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() >= MAX_LISTED {
            self.unlisted.set(self.unlisted.get() + 1);
            return;
        }
        problems.push(Problem { about: self.about.get().or(problem.about), ..problem });
    }

    pub fn len(&self) -> usize {
        self.problems.borrow().len()
    }

    /// What the problems from now on are about.
    pub fn set_about(&self, about: Option<About>) {
        self.about.set(about);
    }

    /// Problems from `first` on are about a record that was left out after all.
    pub fn forget_about(&self, first: usize) {
        self.problems.borrow_mut().iter_mut().skip(first).for_each(|problem| problem.about = None);
    }

    pub fn finish(self, into: &mut Vec<Problem>) {
        into.append(&mut self.problems.into_inner());
        let unlisted = self.unlisted.get();
        if unlisted > 0 {
            into.push(Problem::error(self.file, "", unlisted, "more problems in this file are not listed"));
        }
    }
}

/// A place in a JSON file, shown as `[3].claims[0].id`.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Key(At::Root, key) => write!(f, "{key}"),
            At::Key(parent, key) => write!(f, "{parent}.{key}"),
            At::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub value: &'a Value,
    pub at: At<'a>,
    pub log: &'a Log<'a>,
}

impl Node<'_> {
    /// A field that is there and not null.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.value.get(key).filter(|value| !value.is_null())
    }

    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Reports this value.
    pub fn fail(&self, message: impl Into<String>) {
        self.log.push(Problem::error(self.log.file, self.at.to_string(), shown(self.value), message));
    }

    /// Reports a field of this value.
    pub fn fail_at(&self, key: &str, message: impl Into<String>) {
        let at = At::Key(&self.at, key).to_string();
        let value = self.value.get(key).map(shown).unwrap_or_default();
        self.log.push(Problem::error(self.log.file, at, value, message));
    }

    /// Passes a field on, if it is there.
    pub fn with<R>(&self, key: &str, read: impl FnOnce(Node<'_>) -> Option<R>) -> Option<R> {
        let value = self.get(key)?;
        read(Node { value, at: At::Key(&self.at, key), log: self.log })
    }

    /// Passes a field on, if it is there and an object.
    pub fn object<R>(&self, key: &str, read: impl FnOnce(Node<'_>) -> Option<R>) -> Option<R> {
        self.with(key, |node| {
            if node.value.is_object() {
                read(node)
            } else {
                node.fail("expected an object");
                None
            }
        })
    }

    /// Passes the items of a list on. A missing list has none.
    pub fn each(&self, key: &str, mut read: impl FnMut(Node<'_>)) {
        self.with(key, |node| {
            let Some(items) = node.value.as_array() else {
                node.fail("expected a list");
                return None;
            };
            for (index, value) in items.iter().enumerate() {
                read(Node { value, at: At::Index(&node.at, index), log: self.log });
            }
            Some(())
        });
    }

    pub fn text(&self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        if value.is_string() {
            value.as_str().map(str::to_owned)
        } else {
            self.fail_at(key, "expected a text");
            None
        }
    }

    /// A text that must be there and not empty.
    pub fn needed(&self, key: &str) -> Option<String> {
        let text = self.text(key);
        match &text {
            Some(text) if text.is_empty() => self.fail_at(key, "must not be empty"),
            None if !self.has(key) => self.fail_at(key, "is missing"),
            _ => {}
        }
        text.filter(|text| !text.is_empty())
    }

    pub fn flag(&self, key: &str) -> bool {
        match self.get(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.fail_at(key, "expected true or false");
                false
            }
        }
    }

    pub fn count(&self, key: &str) -> Option<u64> {
        let value = self.get(key)?;
        let count = value.as_u64();
        if count.is_none() {
            self.fail_at(key, "expected a whole number from 0");
        }
        count
    }

    pub fn small_count(&self, key: &str) -> Option<u32> {
        let count = self.count(key)?;
        let small = u32::try_from(count).ok();
        if small.is_none() {
            self.fail_at(key, "is too large a number");
        }
        small
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        let value = self.get(key)?;
        let number = value.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            self.fail_at(key, "expected a number");
        }
        number
    }

    /// A code of a closed list. A code that is not on it is reported with those that are.
    pub fn code<T: Copy>(
        &self,
        key: &str,
        all: &[T],
        code: fn(T) -> &'static str,
        from_code: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key)?;
        let value = from_code(&text);
        if value.is_none() {
            let known: Vec<&str> = all.iter().map(|value| code(*value)).collect();
            self.fail_at(key, format!("is not one of: {}", known.join(", ")));
        }
        value
    }

    pub fn texts(&self, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        self.each(key, |item| match item.value.as_str() {
            Some(text) => texts.push(text.to_owned()),
            None => item.fail("expected a text"),
        });
        texts
    }

    /// `{"en": …, "fr": …, "ar": …}`; other languages are not shown and so not read.
    pub fn names(&self, key: &str) -> Names {
        self.object(key, |node| Some(node.own_names())).unwrap_or_default()
    }

    /// This object's own `en`, `fr` and `ar`.
    pub fn own_names(&self) -> Names {
        Names { en: self.text("en"), fr: self.text("fr"), ar: self.text("ar") }
    }
}

/// A value as a problem shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a file holds as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    Object,
}

/// A file as far as it can be read.
pub(super) struct Parsed {
    /// Items of a list with their places in it; an object is the one item 0.
    pub items: Vec<(usize, Value)>,
    /// Nothing was left out.
    pub whole: bool,
}

/// Parses a file. If it is broken, the records or fields that are not are still returned.
pub(super) fn parse(bytes: &[u8], shape: Shape, log: &Log<'_>) -> Parsed {
    let decoded;
    let bytes = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => match text::decode(bytes) {
            Ok((text, _)) => {
                decoded = text;
                decoded.as_bytes()
            }
            Err(text::NotText { offset, reason }) => {
                log.push(Problem::error(log.file, format!("byte {offset}"), "", reason));
                return Parsed { items: Vec::new(), whole: false };
            }
        },
        bytes => bytes,
    };
    match (serde_json::from_slice::<Value>(bytes), shape) {
        (Ok(Value::Array(items)), Shape::List) => {
            Parsed { items: items.into_iter().enumerate().collect(), whole: true }
        }
        (Ok(value @ Value::Object(_)), Shape::Object) => Parsed { items: vec![(0, value)], whole: true },
        (Ok(value), _) => {
            let expected = if shape == Shape::List { "a list of records" } else { "an object" };
            let message = format!("expected {expected}");
            log.push(Problem::error(log.file, "", shown(&value), message));
            Parsed { items: Vec::new(), whole: false }
        }
        (Err(_), shape) => Parsed { items: Salvage { bytes, shape, log }.run(), whole: false },
    }
}

/// Reads a broken file item by item. Behind a broken item it goes on at the next line that begins
/// as items' lines do (see [`Salvage::indent`]). So it passes over broken items only if each item
/// begins a line.
struct Salvage<'a> {
    bytes: &'a [u8],
    shape: Shape,
    log: &'a Log<'a>,
}

impl Salvage<'_> {
    fn run(&self) -> Vec<(usize, Value)> {
        let (open, close) = match self.shape {
            Shape::List => (b'[', b']'),
            Shape::Object => (b'{', b'}'),
        };
        let mut items = Vec::new();
        let mut fields = Map::new();
        let mut pos = self.skip_space(0);
        let mut index = 0;
        let indent = self.indent();
        let mut closed = false;
        if pos >= self.bytes.len() {
            self.log.push(Problem::error(self.log.file, "", "", "the file is empty"));
            return items;
        }
        if self.byte(pos) == Some(open) {
            pos = self.skip_space(pos + 1);
        } else {
            let message = format!("expected {}", char::from(open));
            self.report(pos, &message, "what stands before the first record is left out");
            pos = indent.and_then(|indent| self.next_line(0, indent)).unwrap_or(self.bytes.len());
            closed = pos == self.bytes.len();
        }
        while pos < self.bytes.len() {
            if self.byte(pos) == Some(close) {
                closed = true;
                break;
            }
            let start = pos;
            let failed = match self.item(start) {
                Ok((key, value, end)) => {
                    match key {
                        Some(key) => drop(fields.insert(key, value)),
                        None => items.push((index, value)),
                    }
                    let next = self.skip_space(end);
                    match self.byte(next) {
                        Some(b',') => {
                            pos = self.skip_space(next + 1);
                            None
                        }
                        Some(byte) if byte == close => {
                            pos = next;
                            None
                        }
                        Some(_) => Some((next, "expected a comma".to_owned(), false)),
                        None => Some((next, "the file breaks off".to_owned(), false)),
                    }
                }
                Err((at, message)) => Some((at, message, true)),
            };
            if let Some((at, message, lost)) = failed {
                let next = indent.and_then(|indent| self.next_line(start + 1, indent));
                let record = match self.shape {
                    Shape::List => format!("record [{index}]"),
                    Shape::Object => "this field".to_owned(),
                };
                let effect = match (lost, next) {
                    (true, Some(_)) => format!("{record} is left out"),
                    (true, None) => format!("{record} and what follows are left out"),
                    (false, Some(_)) => format!("{record} is read, reading goes on behind it"),
                    (false, None) => format!("{record} is the last that can be read"),
                };
                self.report(at, &message, &effect);
                let Some(next) = next else {
                    // Said once.
                    closed = true;
                    break;
                };
                pos = next;
            }
            index += 1;
        }
        if !closed {
            self.report(self.bytes.len(), "the file breaks off", "what stands before is read");
        }
        match self.shape {
            Shape::List => items,
            Shape::Object => vec![(0, Value::Object(fields))],
        }
    }

    /// The item at a position and where it ends; or where it fails and why.
    fn item(&self, start: usize) -> Result<(Option<String>, Value, usize), (usize, String)> {
        let mut pos = start;
        let mut key = None;
        if self.shape == Shape::Object {
            let (name, end) = self.value::<String>(pos)?;
            key = Some(name);
            pos = self.skip_space(end);
            if self.byte(pos) != Some(b':') {
                return Err((pos, "expected a colon".to_owned()));
            }
            pos = self.skip_space(pos + 1);
        }
        let (value, end) = self.value::<Value>(pos)?;
        Ok((key, value, end))
    }

    fn value<T: serde::de::DeserializeOwned>(&self, start: usize) -> Result<(T, usize), (usize, String)> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
        match stream.next() {
            Some(Ok(value)) => Ok((value, start + stream.byte_offset())),
            Some(Err(err)) if err.is_eof() => Err((self.bytes.len(), "the file breaks off".to_owned())),
            Some(Err(err)) => {
                let lines = rest.split_inclusive(|byte| *byte == b'\n').take(err.line().saturating_sub(1));
                let offset = lines.map(<[u8]>::len).sum::<usize>() + err.column().saturating_sub(1);
                let message = err.to_string();
                let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text);
                Err(((start + offset).min(self.bytes.len()), message.to_owned()))
            }
            None => Err((self.bytes.len(), "the file breaks off".to_owned())),
        }
    }

    fn report(&self, at: usize, message: &str, effect: &str) {
        let before = self.bytes.get(..at).unwrap_or(self.bytes);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column =
            String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count() + 1;
        let rest = self.bytes.get(at..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(60)).unwrap_or_default();
        let rest = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        self.log.push(Problem::error(
            self.log.file,
            format!("line {line}, column {column}"),
            String::from_utf8_lossy(rest).trim_end_matches('\u{FFFD}'),
            format!("not valid JSON: {message}; {effect}"),
        ));
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn skip_space(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
    }

    /// The line break and spaces that stand before items: those before the first one, unless items
    /// further on are indented less, which only means something if it happens more than once.
    fn indent(&self) -> Option<&[u8]> {
        let breaks = self.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        let indents: Vec<&[u8]> = breaks
            .filter_map(|line| {
                let spaces = self
                    .bytes
                    .get(line + 1..)?
                    .iter()
                    .take_while(|byte| matches!(byte, b' ' | b'\t'))
                    .count();
                let end = line + 1 + spaces;
                (self.byte(end) == Some(self.first_byte())).then(|| self.bytes.get(line..end)).flatten()
            })
            .collect();
        let least = indents.iter().min_by_key(|indent| indent.len())?;
        let is_usual = indents.iter().filter(|indent| *indent == least).count() > 1;
        if is_usual { Some(least) } else { indents.first().copied() }
    }

    /// Where the first item begins whose line begins with `indent`, from a position on.
    fn next_line(&self, from: usize, indent: &[u8]) -> Option<usize> {
        let first = self.first_byte();
        let rest = self.bytes.get(from..)?;
        let found = rest
            .windows(indent.len() + 1)
            .position(|window| window.strip_prefix(indent).is_some_and(|item| item == [first].as_slice()))?;
        Some(from + found + indent.len())
    }

    fn first_byte(&self) -> u8 {
        if self.shape == Shape::List { b'{' } else { b'"' }
    }
}
