//! JSON as it is found: read value by value, with numbers as written.
//!
//! Readers of JSON files walk over the bytes with a [`Cursor`] and parse one record at a time, so that a
//! file of any size takes the memory of its largest record. What programs write besides the standard is
//! taken: `NaN` and `Infinity` (as nothing), a comma too many, line breaks within strings, a byte order
//! mark, the record separators of text sequences.
//!
//! Invariants: no input panics; nothing recurses deeper than [`MAX_DEPTH`]; a cursor never goes back, so
//! reading takes time in proportion to the bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::limits::MAX_DEPTH;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Also `NaN` and the infinities, which stand for a missing number where they occur.
    Null,
    Bool(bool),
    /// As written.
    Number(&'a str),
    Text(Cow<'a, str>),
    /// With its bytes in the file.
    List(Vec<Value<'a>>, Range<usize>),
    /// In order of the file, with its bytes in the file. A key may be repeated.
    Object(Vec<(Cow<'a, str>, Value<'a>)>, Range<usize>),
}

/// Why a value was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end within it.
    End,
    /// It is nested deeper than [`MAX_DEPTH`].
    Depth,
    /// Something else was expected at this byte.
    Syntax(usize),
}

impl<'a> Value<'a> {
    /// The last field of an object with this key, unless it is null.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Value::Object(fields, _) => fields
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value)
                .filter(|value| **value != Value::Null),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Value<'a>] {
        match self {
            Value::List(items, _) => items,
            _ => &[],
        }
    }

    pub fn fields(&self) -> &[(Cow<'a, str>, Value<'a>)] {
        match self {
            Value::Object(fields, _) => fields,
            _ => &[],
        }
    }

    /// A text, number or truth value as text; `None` for all else.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Number(number) => Some(number),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// A number, also one that is written as text.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => number.parse().ok(),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|number: &f64| number.is_finite())
    }
}

/// Walks over the bytes of a JSON text.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Some text held bytes that are no UTF-8, or escapes that are no character.
    has_bad_text: bool,
}

impl<'a> Cursor<'a> {
    /// At the first value; a byte order mark is passed over.
    pub fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        Self::at(bytes, at)
    }

    pub fn at(bytes: &'a [u8], at: usize) -> Self {
        let mut cursor = Self { bytes, at, has_bad_text: false };
        cursor.skip_blanks();
        cursor
    }

    pub fn offset(&self) -> usize {
        self.at.min(self.bytes.len())
    }

    /// Whether a text since the last call held what is no text.
    pub fn take_bad_text(&mut self) -> bool {
        std::mem::take(&mut self.has_bad_text)
    }

    /// The byte that comes next, `None` at the end.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over a byte and blanks behind it, if it is this one.
    pub fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
            self.skip_blanks();
        }
        found
    }

    /// Blanks and the separators of text sequences (RFC 8142).
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x1E)) {
            self.at += 1;
        }
    }

    /// Goes to the begin of the next line, or to the end.
    pub fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).map_or(rest.len(), |found| found + 1);
        self.skip_blanks();
    }

    /// The key of the next field of an object, at its value then; `None` at the end of the object, which
    /// is passed over.
    pub fn key(&mut self) -> Result<Option<Cow<'a, str>>, Fault> {
        while self.take(b',') {}
        if self.take(b'}') {
            return Ok(None);
        }
        match self.peek() {
            Some(b'"') => {}
            Some(_) => return Err(Fault::Syntax(self.at)),
            None => return Err(Fault::End),
        }
        let key = self.string()?;
        self.skip_blanks();
        match self.peek() {
            Some(b':') => {
                self.take(b':');
                Ok(Some(key))
            }
            Some(_) => Err(Fault::Syntax(self.at)),
            None => Err(Fault::End),
        }
    }

    /// Reads the value here, and blanks behind it.
    pub fn value(&mut self) -> Result<Value<'a>, Fault> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::Depth);
        }
        let start = self.at;
        let value = match self.peek().ok_or(Fault::End)? {
            b'{' => {
                self.take(b'{');
                let mut fields = Vec::new();
                while let Some(key) = self.key()? {
                    fields.push((key, self.nested(depth + 1)?));
                    self.after_item(b'}')?;
                }
                Value::Object(fields, start..self.end_of_value())
            }
            b'[' => {
                self.take(b'[');
                let mut items = Vec::new();
                loop {
                    while self.take(b',') {}
                    if self.take(b']') {
                        break;
                    }
                    items.push(self.nested(depth + 1)?);
                    self.after_item(b']')?;
                }
                Value::List(items, start..self.end_of_value())
            }
            b'"' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        self.skip_blanks();
        Ok(value)
    }

    /// Where the value that was just passed ends: behind its bracket, without the blanks.
    fn end_of_value(&self) -> usize {
        let passed = self.bytes.get(..self.at).unwrap_or_default();
        passed.iter().rposition(|byte| matches!(byte, b'}' | b']')).map_or(0, |found| found + 1)
    }

    /// Behind an item comes a comma or the closing bracket.
    fn after_item(&self, close: u8) -> Result<(), Fault> {
        match self.peek() {
            Some(byte) if byte == b',' || byte == close => Ok(()),
            Some(_) => Err(Fault::Syntax(self.at)),
            None => Err(Fault::End),
        }
    }

    /// A number, or one of the words that stand for themselves.
    fn word(&mut self) -> Result<Value<'a>, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let word = rest.get(..length).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default();
        let value = match word {
            "null" | "NaN" | "nan" | "Infinity" | "-Infinity" | "None" | "undefined" => Value::Null,
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            number if is_number(number) => Value::Number(number),
            _ if length == rest.len() => return Err(Fault::End),
            _ => return Err(Fault::Syntax(self.at)),
        };
        self.at += length;
        Ok(value)
    }

    /// The string that begins here.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let start = self.at + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let first = memchr::memchr2(b'"', b'\\', rest).ok_or(Fault::End)?;
        if rest.get(first) == Some(&b'"') {
            self.at = start + first + 1;
            let text = String::from_utf8_lossy(rest.get(..first).unwrap_or_default());
            self.has_bad_text |= matches!(text, Cow::Owned(_));
            return Ok(text);
        }
        let mut text = Vec::new();
        let mut at = 0;
        loop {
            let part = rest.get(at..).unwrap_or_default();
            let next = memchr::memchr2(b'"', b'\\', part).ok_or(Fault::End)?;
            text.extend_from_slice(part.get(..next).unwrap_or_default());
            at += next + 1;
            if part.get(next) == Some(&b'"') {
                break;
            }
            at += self.escape(rest.get(at..).unwrap_or_default(), &mut text)?;
        }
        self.at = start + at;
        let text = String::from_utf8(text).unwrap_or_else(|bad| {
            self.has_bad_text = true;
            String::from_utf8_lossy(bad.as_bytes()).into_owned()
        });
        Ok(Cow::Owned(text))
    }

    /// What stands behind a backslash; how many bytes it takes.
    fn escape(&mut self, rest: &[u8], text: &mut Vec<u8>) -> Result<usize, Fault> {
        let byte = *rest.first().ok_or(Fault::End)?;
        let plain = match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'"' | b'\\' | b'/' => byte,
            b'u' => {
                let (found, length) = unicode_escape(rest);
                let c = found.unwrap_or_else(|| {
                    self.has_bad_text = true;
                    char::REPLACEMENT_CHARACTER
                });
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(length);
            }
            // No escape: the backslash is meant.
            _ => {
                text.push(b'\\');
                return Ok(0);
            }
        };
        text.push(plain);
        Ok(1)
    }

    /// Passes over the value here without looking closely: brackets are counted, strings are passed over.
    /// Gives its bytes.
    pub fn skip(&mut self) -> Result<Range<usize>, Fault> {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let skipped = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']' | b','))
                .ok_or(Fault::End);
            let Ok(skipped) = skipped else {
                self.at = self.bytes.len();
                // A number at the very end of the bytes is whole.
                return if depth == 0 && start < self.at { Ok(start..self.at) } else { Err(Fault::End) };
            };
            self.at += skipped;
            match self.peek() {
                Some(b'"') => self.skip_string()?,
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b',') if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                // The end of what this value stands in.
                _ => return self.skipped(start),
            }
            if depth == 0 {
                let range = start..self.at;
                self.skip_blanks();
                return Ok(range);
            }
        }
    }

    fn skipped(&self, start: usize) -> Result<Range<usize>, Fault> {
        if start < self.at { Ok(start..self.at) } else { Err(Fault::Syntax(start)) }
    }

    fn skip_string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(found) if rest.get(found) == Some(&b'"') => {
                    self.at += found + 1;
                    return Ok(());
                }
                Some(found) => self.at += found + 2,
                None => {
                    self.at = self.bytes.len();
                    return Err(Fault::End);
                }
            }
        }
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['-', '+']);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && word.parse::<f64>().is_ok()
}

/// The character of `uXXXX`, of two of them where they are a pair of surrogates, and the bytes it takes.
fn unicode_escape(rest: &[u8]) -> (Option<char>, usize) {
    let unit = |at: usize| -> Option<u32> {
        let digits = std::str::from_utf8(rest.get(at..at + 4)?).ok()?;
        if digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            u32::from_str_radix(digits, 16).ok()
        } else {
            None
        }
    };
    let Some(first) = unit(1) else { return (None, 1) };
    if !(0xD800..0xDC00).contains(&first) {
        return (char::from_u32(first), 5);
    }
    let second = if rest.get(5..7) == Some(b"\\u") { unit(7) } else { None };
    match second {
        Some(low) if (0xDC00..0xE000).contains(&low) => {
            (char::from_u32(0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00)), 11)
        }
        _ => (None, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Value<'_>, Fault> {
        Cursor::new(text.as_bytes()).value()
    }

    fn to_serde(value: &Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => match n.parse::<i64>() {
                Ok(whole) => whole.into(),
                Err(_) => n.parse::<f64>().expect("a number").into(),
            },
            Value::Text(t) => t.as_ref().into(),
            Value::List(items, _) => items.iter().map(to_serde).collect(),
            Value::Object(fields, _) => {
                serde_json::Value::Object(fields.iter().map(|(k, v)| (k.to_string(), to_serde(v))).collect())
            }
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            (-1e9..1e9f64).prop_map(Into::into),
            "[\\PC\"\\\\/\n\t{}\\[\\]]{0,8}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                proptest::collection::btree_map("[a-c\"]{0,3}", inner, 0..5)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn numbers_are_kept_as_written() {
        assert_eq!(parse("18.4400"), Ok(Value::Number("18.4400")));
        assert_eq!(parse(" -1e5 "), Ok(Value::Number("-1e5")));
        assert_eq!(parse("12345678901234567890"), Ok(Value::Number("12345678901234567890")));
    }

    #[test]
    fn what_programs_write_besides_the_standard_is_taken() {
        assert_eq!(parse("[NaN, 1,]").expect("list").items(), [Value::Null, Value::Number("1")]);
        assert_eq!(parse("\"a\nb\"").expect("text").as_text(), Some("a\nb"));
        assert_eq!(parse("\u{FEFF}{\"a\": 1}").expect("object").get("a"), Some(&Value::Number("1")));
        assert_eq!(parse(r#""\ud83d\ude00\u0041\q""#).expect("text").as_text(), Some("😀A\\q"));
    }

    #[test]
    fn broken_characters_are_told() {
        let mut cursor = Cursor::new(b"[\"\xC7\", \"\\ud800x\", \"sound\"]");
        let value = cursor.value().expect("list");
        assert_eq!(value.items()[1].as_text(), Some("\u{FFFD}x"));
        assert!(cursor.take_bad_text());
        assert!(!cursor.take_bad_text());
    }

    #[test]
    fn faults_say_what_is_wrong() {
        assert_eq!(parse("{\"a\": [1, 2"), Err(Fault::End));
        assert_eq!(parse("{\"a\" 1}"), Err(Fault::Syntax(5)));
        assert_eq!(parse("[1 2]"), Err(Fault::Syntax(3)));
        assert_eq!(parse(&"[".repeat(100_000)), Err(Fault::Depth));
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert!(parse(&deep).is_ok());
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(json in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
            let text = format!(" {} ", text.expect("text"));
            let mut cursor = Cursor::new(text.as_bytes());
            let value = cursor.value().expect("sound");
            prop_assert_eq!(to_serde(&value), json);
            prop_assert_eq!(cursor.peek(), None);
            let mut skipping = Cursor::new(text.as_bytes());
            let range = skipping.skip().expect("sound");
            prop_assert_eq!(text[range].trim(), text.trim());
            prop_assert_eq!(skipping.peek(), None);
            if let Value::List(_, range) | Value::Object(_, range) = value {
                prop_assert_eq!(&text[range], text.trim());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(prop_oneof![
            proptest::sample::select(b"{}[]\",:\\u0019 \nn-+.e".to_vec()), any::<u8>()], 0..200)) {
            let mut cursor = Cursor::new(&bytes);
            while cursor.value().is_ok() && cursor.peek().is_some() {}
            let mut cursor = Cursor::new(&bytes);
            while cursor.skip().is_ok() && cursor.peek().is_some() { cursor.take(b','); }
            let mut cursor = Cursor::new(&bytes);
            while let Ok(Some(_)) = cursor.key() {}
        }
    }
}
