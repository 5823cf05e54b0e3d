//! Where the fields of a text end, and which line names its columns.

use crate::io::table::{Fields, Marks};
use crate::model::import::{Header, Sureness};

use super::recognise::{self, HeaderLine};

/// How much of a text is looked at, and how many of its records.
const HEAD_BYTES: usize = 1 << 20;
const MAX_RECORDS: usize = 200;
/// Records before the header are looked at up to here.
const MAX_LEAD: usize = 30;
/// Signs that stand between fields. Others can be chosen.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', b'^', 0x1F];

/// A record at the beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub start: usize,
    /// Where the next one begins.
    pub next: usize,
    /// In which line it begins, counted from 0.
    pub line: u32,
    pub fields: Vec<String>,
}

/// How a text is cut, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Cutting {
    pub marks: Marks,
    pub sureness: Sureness,
    pub why: String,
}

/// Behind a byte order mark and a line that only names the delimiter (`sep=;`).
pub fn begin(bytes: &[u8]) -> (usize, Option<u8>) {
    let begin = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let rest = bytes.get(begin..).unwrap_or_default();
    let line = rest.get(..rest.len().min(16)).unwrap_or_default();
    let Some(end) = memchr::memchr(b'\n', line) else { return (begin, None) };
    let line = line.get(..end).unwrap_or_default().trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            (begin + end + 1, Some(*delimiter))
        }
        // A tab at the end was taken for a blank.
        [s, e, p, b'='] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => (begin + end + 1, Some(b'\t')),
        _ => (begin, None),
    }
}

/// The last byte of line ends.
pub fn terminator(bytes: &[u8]) -> u8 {
    let near = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
    let has_feeds = memchr::memchr(b'\n', near).is_some() || memchr::memchr(b'\r', near).is_none();
    if has_feeds { b'\n' } else { b'\r' }
}

/// Finds out how a text is cut.
pub fn detect(bytes: &[u8]) -> Cutting {
    let (start, stated) = begin(bytes);
    let terminator = terminator(bytes);
    let marks = |delimiter: u8, quotes: bool| Marks { delimiter, terminator, quotes };
    let trial = |delimiter: u8, quotes: bool| Trial::of(bytes, start, marks(delimiter, quotes));
    let (delimiter, sureness, mut why) = if let Some(delimiter) = stated {
        (delimiter, Sureness::Certain, "the first line names it".to_owned())
    } else {
        let mut trials = DELIMITERS.map(|delimiter| (trial(delimiter, true), delimiter));
        trials.sort_by(|a, b| b.0.score.total_cmp(&a.0.score));
        let [(best, delimiter), ..] = &trials;
        if best.score > 0.0 {
            let sureness = if best.share >= 1.0 { Sureness::Certain } else { Sureness::Share(best.share) };
            let why = format!(
                "{:.0} of 100 of the first rows have {} fields with it",
                best.share * 100.0,
                best.width
            );
            (*delimiter, sureness, why)
        } else {
            (b',', Sureness::Guess, "no sign stands between fields in the same way in all rows".to_owned())
        }
    };
    let (quoted, bare) = (trial(delimiter, true), trial(delimiter, false));
    let mut quotes = true;
    // Between tabs marks are seldom more than letters: where lines are even without them, each is a row.
    let is_even = delimiter == b'\t' && bare.share >= 1.0 && bare.records > quoted.records;
    if quoted.has_quotes && (bare.share > quoted.share + 0.02 || is_even) {
        quotes = false;
        why.push_str("; quotation marks are letters, or rows would run into each other");
    }
    Cutting { marks: marks(delimiter, quotes), sureness, why }
}

/// What comes out with a delimiter.
struct Trial {
    /// The most frequent number of fields, and the share of records that have it.
    width: usize,
    share: f32,
    records: usize,
    score: f32,
    has_quotes: bool,
}

impl Trial {
    fn of(bytes: &[u8], start: usize, marks: Marks) -> Self {
        let bytes = bytes.get(..bytes.len().min(start.saturating_add(HEAD_BYTES))).unwrap_or_default();
        let mut widths: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut all, mut ends, mut has_quotes) = (start, 0, Vec::new(), false);
        while at < bytes.len() && all < MAX_RECORDS {
            let cut = marks.split(bytes, at, &mut ends);
            let record = bytes.get(at..cut.next).unwrap_or_default();
            at = cut.next;
            let is_blank = record.iter().all(|byte| *byte == marks.delimiter || byte.is_ascii_whitespace());
            if is_blank || record.first() == Some(&b'#') {
                continue;
            }
            has_quotes |= memchr::memchr(b'"', record).is_some();
            all += 1;
            match widths.iter_mut().find(|(known, _)| *known == ends.len()) {
                Some((_, count)) => *count += 1,
                None => widths.push((ends.len(), 1)),
            }
        }
        let (width, count) =
            widths.into_iter().max_by_key(|(width, count)| (*count, *width)).unwrap_or((1, 0));
        let share = count as f32 / all.max(1) as f32;
        let score = if width < 2 { 0.0 } else { share * share * (width as f32).ln() };
        Self { width, share, records: all, score, has_quotes }
    }
}

/// The first records of a text, as they are cut.
pub fn records(bytes: &[u8], start: usize, marks: Marks, max: usize) -> Vec<Record> {
    let bytes = bytes.get(..bytes.len().min(start.saturating_add(HEAD_BYTES))).unwrap_or_default();
    let mut records = Vec::new();
    let mut ends = Vec::new();
    let (mut at, mut line) = (start, 0);
    // A line in which only the delimiter is named counts as a line.
    line += memchr::memchr_iter(marks.terminator, bytes.get(..start).unwrap_or_default()).count();
    while at < bytes.len() && records.len() < max {
        let cut = marks.split(bytes, at, &mut ends);
        let fields = Fields { bytes, start: at, ends: &ends, quotes: marks.quotes };
        let text = |at: usize| {
            let text = fields.text(at);
            let head = text.get(..text.len().min(2000)).unwrap_or_default();
            String::from_utf8_lossy(head).into_owned()
        };
        records.push(Record {
            start: at,
            next: cut.next,
            line: line as u32,
            fields: (0..ends.len()).map(text).collect(),
        });
        let within = bytes.get(at..cut.next).unwrap_or_default();
        line += memchr::memchr_iter(marks.terminator, within).count();
        at = cut.next;
    }
    records
}

/// The record that names the columns, as its place among the first records.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// `None` if there is none.
    pub at: Option<usize>,
    pub sureness: Sureness,
    pub why: String,
}

/// Finds the record that names the columns. Lines of comments and titles may stand before it.
pub fn header(records: &[Record]) -> Found {
    let rows: Vec<Vec<String>> = records.iter().map(|record| record.fields.clone()).collect();
    let (row, sureness) = match known_header(&rows) {
        Some(at) => (Some(at), Sureness::Certain),
        None => {
            let HeaderLine { row, sureness, has_tags: _ } = recognise::header_line(&rows);
            (row, sureness)
        }
    };
    let first = row.or_else(|| rows.iter().position(|row| row.iter().any(|field| !field.trim().is_empty())));
    let fields = first.and_then(|at| rows.get(at)).map_or(&[][..], Vec::as_slice);
    let quoted: Vec<&str> = fields.iter().take(3).map(|field| field.trim()).collect();
    let quoted = crate::model::report::shorten(&quoted.join("”, “"), 80);
    let why = match row {
        Some(_) => format!("“{quoted}” are names of columns"),
        None => format!("“{quoted}” are values, not names"),
    };
    Found { at: row, sureness, why }
}

/// The first row with more than one value, if all in it are well known names. Rows below that are many
/// times as wide, because nobody quoted their texts, do not change that.
fn known_header(rows: &[Vec<String>]) -> Option<usize> {
    let filled = |row: &Vec<String>| row.iter().filter(|field| !field.trim().is_empty()).count();
    let at = rows.iter().take(MAX_LEAD).position(|row| filled(row) >= 2)?;
    let below = rows.get(at + 1..).unwrap_or_default();
    let is_certain = recognise::is_header(rows.get(at)?, below) == Some(Sureness::Certain);
    is_certain.then_some(at)
}

/// The header that a setting names, as a place in the list of records.
pub fn chosen(records: &[Record], header: Header) -> Option<usize> {
    match header {
        Header::None => None,
        Header::Line(line) => records.iter().position(|record| record.line >= line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> (char, bool) {
        let Cutting { marks, .. } = detect(text.as_bytes());
        (char::from(marks.delimiter), marks.quotes)
    }

    #[test]
    fn delimiters_are_found_by_their_regularity() {
        assert_eq!(cut("a,b,c\n1,2,3\n"), (',', true));
        assert_eq!(cut("id;lat;lon\n1;20,9;2,9\n2;18,4;1,4\n"), (';', true));
        assert_eq!(cut("a\tb\n1,5\t\"x\ty\"\n"), ('\t', true));
        assert_eq!(cut("a|b|c\n1,2|3|4\n"), ('|', true));
        assert_eq!(cut("sep=;\r\na;b,c,d\r\n1;2,3,4\r\n"), (';', true));
        assert_eq!(begin(b"sep=\t\r\na\tb\r\n"), (7, Some(b'\t')));
        assert_eq!(cut("one column\nof words\n"), (',', true));
        assert_eq!(cut("a\tb\tc\n1\t\"x\t2\n3\t4\t5\n6\ty\"\t7\n"), ('\t', false));
        assert_eq!(cut(""), (',', true));
    }

    #[test]
    fn headers_are_found_behind_titles_and_comments() {
        let of = |text: &str| {
            let marks = detect(text.as_bytes()).marks;
            let (start, _) = begin(text.as_bytes());
            let records = records(text.as_bytes(), start, marks, 50);
            header(&records).at.and_then(|at| records.get(at)).map(|record| record.line)
        };
        assert_eq!(of("date,lat,lon\n2024-01-01,1,2\n"), Some(0));
        assert_eq!(
            of("# made by hand\n\nEvents of 2024\ndate,lat,lon\n2024-01-01,1,2\n2024-01-02,1,2\n"),
            Some(3)
        );
        assert_eq!(of("sep=,\ndate,lat,lon\n2024-01-01,1,2\n"), Some(1));
        assert_eq!(of("2024-01-01,1.5,2.5\n2024-01-02,1.5,2.5\n"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut(bytes in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b','), Just(b';'), Just(b'\n'), any::<u8>()], 0..300))
        {
            let marks = detect(&bytes).marks;
            let (start, _) = begin(&bytes);
            let records = records(&bytes, start, marks, 50);
            header(&records);
            prop_assert!(records.iter().all(|record| record.next > record.start));
        }
    }
}
