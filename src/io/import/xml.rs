//! What readers of XML share: elements one by one, texts, and HTML as plain text.
//!
//! Invariants: nothing is opened or fetched; entities that a document type defines are never expanded
//! but stay as written; nothing nests deeper than [`MAX_DEPTH`]; a text is kept up to
//! [`MAX_TEXT_BYTES`].

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::limits::MAX_DEPTH;
use super::{Grid, ImportError, Rows};

/// Longer texts are cut.
const MAX_TEXT_BYTES: usize = 16 << 20;

/// Walks over the elements of a document.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    /// Names of the open elements, without their prefixes.
    open: Vec<String>,
    /// The document type defines entities.
    pub has_entities: bool,
}

/// What comes next.
pub enum Token<'a> {
    /// Its name is the last one of [`Xml::name`].
    Open(BytesStart<'a>),
    /// The innermost open element ends.
    Close,
    Text(Cow<'a, str>),
}

/// Why no more is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The document ends, all elements closed.
    Whole,
    /// It ends within an element.
    Cut { element: String, at: u64 },
    /// It is no XML from this byte on; why, as a phrase.
    Broken { why: String, at: u64 },
    /// Nested deeper than [`MAX_DEPTH`].
    Deep { at: u64 },
    /// No more fits into memory.
    Full,
    /// The user stopped it.
    Stopped,
}

impl From<super::grid::Full> for Stop {
    fn from(_: super::grid::Full) -> Self {
        Stop::Full
    }
}

/// The document as UTF-8, and whether some of its bytes are no text. An encoding that the declaration
/// names is heeded where the bytes are not UTF-8 anyway.
pub fn decode(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        let (text, _, is_bad) = encoding.decode(bytes);
        return (Cow::Owned(text.into_owned().into_bytes()), is_bad);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (Cow::Borrowed(bytes), false);
    }
    let named = declared(bytes).and_then(encoding_rs::Encoding::for_label);
    let (text, _, is_bad) = named.unwrap_or(encoding_rs::UTF_8).decode(bytes);
    (Cow::Owned(text.into_owned().into_bytes()), is_bad)
}

/// The name in `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(200))?;
    let end = memchr::memmem::find(head, b"?>")?;
    let head = head.get(..end).filter(|head| head.starts_with(b"<?xml"))?;
    let name = head.get(memchr::memmem::find(head, b"encoding")?..)?;
    let open = name.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let quote = *name.get(open)?;
    let name = name.get(open + 1..)?;
    name.get(..memchr::memchr(quote, name)?)
}

impl<'a> Xml<'a> {
    /// `bytes` are UTF-8; see [`decode`].
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Reader::from_reader(bytes);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, open: Vec::new(), has_entities: false }
    }

    /// Bytes that were passed.
    pub fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The innermost open element, without its prefix.
    pub fn name(&self) -> &str {
        self.open.last().map_or("", String::as_str)
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    pub fn next(&mut self) -> Result<Token<'a>, Stop> {
        loop {
            let event = self
                .reader
                .read_event()
                .map_err(|err| Stop::Broken { why: err.to_string(), at: self.reader.error_position() })?;
            return Ok(match event {
                Event::Start(element) => {
                    if self.open.len() >= MAX_DEPTH {
                        return Err(Stop::Deep { at: self.position() });
                    }
                    let name = String::from_utf8_lossy(element.local_name().into_inner()).into_owned();
                    self.open.push(name);
                    Token::Open(element)
                }
                Event::End(_) => {
                    self.open.pop();
                    Token::Close
                }
                Event::Text(text) => Token::Text(lossy(text.into_inner())),
                Event::CData(text) => Token::Text(lossy(text.into_inner())),
                Event::GeneralRef(entity) => Token::Text(resolve(&lossy(entity.into_inner()))),
                Event::DocType(text) => {
                    self.has_entities |= memchr::memmem::find(&text, b"<!ENTITY").is_some();
                    continue;
                }
                Event::Eof => {
                    return Err(match self.open.pop() {
                        None => Stop::Whole,
                        Some(element) => Stop::Cut { element, at: self.position() },
                    });
                }
                // Empty elements are given as two.
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            });
        }
    }

    /// The text of the element that was just opened, with that of elements in it, up to its end.
    pub fn text(&mut self) -> Result<String, Stop> {
        let depth = self.open.len();
        let mut text = String::new();
        loop {
            match self.next()? {
                Token::Open(_) => {}
                Token::Close if self.open.len() < depth => {
                    let trimmed = text.trim();
                    return Ok(if trimmed.len() == text.len() { text } else { trimmed.to_owned() });
                }
                Token::Close => {}
                Token::Text(part) => {
                    if text.len() + part.len() <= MAX_TEXT_BYTES {
                        text.push_str(&part);
                    }
                }
            }
        }
    }

    /// Passes over the element that was just opened.
    pub fn skip(&mut self) -> Result<(), Stop> {
        let depth = self.open.len();
        while self.open.len() >= depth {
            self.next()?;
        }
        Ok(())
    }
}

/// The value of an attribute, by its name without prefix.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == name.as_bytes())?;
    Some(unescape(&String::from_utf8_lossy(&found.value)).trim().to_owned())
}

fn lossy(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// The character of an entity; one that is not known stays as written.
fn resolve(name: &str) -> Cow<'static, str> {
    Cow::Owned(match entity(name) {
        Some(c) => c.to_string(),
        None => format!("&{name};"),
    })
}

/// The entities of XML, and those of HTML that occur in texts of all kinds.
fn entity(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => code.parse(),
        };
        return code.ok().and_then(char::from_u32).filter(|c| *c != '\0');
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "deg" => '°',
        "laquo" => '«',
        "raquo" => '»',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        "eacute" => 'é',
        "egrave" => 'è',
        "ecirc" => 'ê',
        "agrave" => 'à',
        "acirc" => 'â',
        "ccedil" => 'ç',
        "ocirc" => 'ô',
        "ugrave" => 'ù',
        "icirc" => 'î',
        "copy" => '©',
        _ => return None,
    })
}

/// Resolves the entities of a text.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let name = behind.split(|c: char| !c.is_ascii_alphanumeric() && c != '#').next().unwrap_or_default();
        let is_closed = behind.get(name.len()..).is_some_and(|rest| rest.starts_with(';'));
        match entity(name).filter(|_| is_closed) {
            Some(c) => {
                out.push(c);
                rest = behind.get(name.len() + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a text holds markup of HTML.
pub fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') && rest.contains('>')
    })
}

/// HTML as plain text: paragraphs and rows of tables on lines of their own, blanks between cells.
pub fn html_to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once('<') {
        push_words(&mut out, before);
        // A sign for “less than” is no tag.
        if !behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            out.push('<');
            rest = behind;
            continue;
        }
        let (tag, next) = match behind.strip_prefix("!--") {
            Some(comment) => ("!", comment.split_once("-->").map_or("", |(_, next)| next)),
            None => match behind.split_once('>') {
                Some((tag, next)) => (tag, next),
                None => ("", ""),
            },
        };
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        rest = next;
        match name.as_str() {
            "br" | "p" | "div" | "tr" | "li" | "table" | "ul" | "ol" | "hr" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" => {
                trim_blanks(&mut out);
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            "td" | "th" if !out.is_empty() && !out.ends_with([' ', '\n']) => out.push(' '),
            "script" | "style" | "head" if !tag.starts_with('/') => {
                let end = rest.to_ascii_lowercase().find(&format!("</{name}"));
                rest = end.and_then(|end| rest.get(end..)).unwrap_or_default();
            }
            _ => {}
        }
    }
    push_words(&mut out, rest);
    out.trim().to_owned()
}

fn trim_blanks(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
}

/// Appends text with its entities resolved and blanks made single.
fn push_words(out: &mut String, text: &str) {
    for c in unescape(text).chars() {
        let is_blank = c.is_whitespace();
        if is_blank && !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        } else if !is_blank {
            out.push(c);
        }
    }
}

/// The rows of a file of markup, with the reason where reading did not come to its end.
pub fn finished(stop: Stop, name: &str, what: &str, mut rows: Rows) -> Result<Grid, ImportError> {
    if let Some(why) = ended(stop, name, what, rows.num_rows())? {
        rows.cut_short(why);
    }
    Ok(rows.finish())
}

/// Why reading ended, as a sentence for a file of which something was read, or as an error.
fn ended(stop: Stop, name: &str, what: &str, num_rows: usize) -> Result<Option<String>, ImportError> {
    use ImportError::{Cannot, Stopped};
    let why = match stop {
        Stop::Whole => return Ok(None),
        Stop::Stopped if num_rows == 0 => return Err(Stopped),
        Stop::Stopped => {
            return Ok(Some("Reading was stopped; what was read until then is kept.".to_owned()));
        }
        Stop::Full => {
            return Ok(Some("More text than fits into memory; what was read until then is kept.".to_owned()));
        }
        Stop::Cut { element, at } => format!("it ends at byte {at}, within “{element}”"),
        Stop::Broken { why, at } => format!("it is broken at byte {at} ({why})"),
        Stop::Deep { at } => format!("its elements are nested deeper than {MAX_DEPTH} at byte {at}"),
    };
    if num_rows == 0 {
        return Err(Cannot(format!("“{name}” cannot be read: {why}.")));
    }
    Ok(Some(format!("The file is not read to its end: {why}; {num_rows} {what} before that are kept.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_lines() {
        let html = "<![CDATA[x]]><div>Attack <b>on</b> Gao&nbsp;&amp; <i>Bourem</i></div><br/>\n\
                    <table><tr><td>best</td><td>4</td></tr><tr><td>a &lt; b</td></tr></table>\
                    <script>var x = '<p>';</script>3 < 4<!-- no > -->";
        assert!(is_html(html));
        assert_eq!(
            html_to_text(html.trim_start_matches("<![CDATA[x]]>")),
            "Attack on Gao & Bourem\nbest 4\na < b\n3 < 4"
        );
        assert!(!is_html("3 < 4 and 5 > 4"));
        assert_eq!(html_to_text("a <b"), "a");
        assert_eq!(unescape("a & b &#233; &nope; &#xZZ; &amp;lt;"), "a & b é &nope; &#xZZ; &lt;");
    }

    #[test]
    fn encodings_are_heeded() {
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>";
        let (text, is_bad) = decode(latin);
        assert!(String::from_utf8_lossy(&text).contains("<a>é</a>") && !is_bad);
        let (text, is_bad) = decode("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>".as_bytes());
        assert!(String::from_utf8_lossy(&text).contains("<a>é</a>") && !is_bad);
        let wide: Vec<u8> = "\u{FEFF}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide).0.as_ref(), "<a>é</a>".as_bytes());
        assert!(decode(b"<a>\xE9</a>").1);
    }

    #[test]
    fn depth_is_limited_and_entities_are_not_expanded() {
        let deep = "<a>".repeat(100_000);
        let mut xml = Xml::new(deep.as_bytes());
        let stop = loop {
            if let Err(stop) = xml.next() {
                break stop;
            }
        };
        assert_eq!(stop, Stop::Deep { at: 3 * (MAX_DEPTH as u64 + 1) });
        let mut xml = Xml::new(b"<!DOCTYPE a [<!ENTITY b \"x\">]><a>&b; &#65;&amp;&</a>");
        assert!(matches!(xml.next(), Ok(Token::Open(_))));
        assert_eq!(xml.text().expect("text"), "&b; A&&");
        assert!(xml.has_entities);
        assert_eq!(xml.next().err(), Some(Stop::Whole));
    }
}
