//! Bytes → records and fields, by RFC 4180 and what comes close to it.
//!
//! A field that begins with a quotation mark ends at the next one that is not doubled; delimiters and
//! line ends within belong to it. Marks elsewhere in a field are letters. Whatever the bytes are, a
//! record ends after it begins, so that cutting comes to an end.
//!
//! A mark that opens a field and is never closed would swallow what follows up to the next mark, or
//! the whole file. So a record that comes out wrong and holds line ends is looked at again: if a record
//! of the right number of fields begins at one of these line ends, the wrong one ends there.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

/// How a file is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub delimiter: u8,
    /// The last byte of a line end: a line feed, or a carriage return in files without line feeds.
    pub terminator: u8,
    /// Whether quotation marks enclose fields. Where they do not, they are letters.
    pub quotes: bool,
}

/// Most fields of a record; further ones stay part of the last.
pub const MAX_FIELDS: usize = 4096;
/// Longest quoted field. A longer one is taken for a mark that nobody closes.
const MAX_QUOTED_BYTES: usize = 16 << 20;
/// How far a wrong record is searched for the begin of the next one.
const MAX_TRIES: usize = 1000;
const MAX_SEARCH_BYTES: usize = 4 << 20;

/// What is odd about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// Text follows a closing quotation mark.
    Torn,
    /// A quotation mark is not closed.
    Unclosed,
}

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Where the next record begins; beyond the begin of this one.
    pub next: usize,
    pub flaw: Flaw,
}

const QUOTE: u8 = b'"';
/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Which bytes of a block are one of two, a bit for each byte. The first half is written so that
/// compilers make it of vector instructions on every machine.
fn either(block: &[u8; BLOCK], one: u8, other: u8) -> u64 {
    let mut marks = [0u8; BLOCK];
    for (mark, byte) in marks.iter_mut().zip(block) {
        *mark = u8::from(*byte == one) | u8::from(*byte == other);
    }
    let mut mask = 0;
    for (at, eight) in marks.as_chunks::<8>().0.iter().enumerate() {
        // Brings the lowest bits of eight bytes side by side.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * at);
    }
    mask
}

impl Marks {
    /// Cuts the record that begins at `start`. `ends` becomes where each of its fields ends: at the
    /// delimiter, the last one at the line end. A field begins behind the end of the one before.
    ///
    /// `num_fields` is how many there should be; it only matters for records that come out wrong.
    pub fn record(&self, bytes: &[u8], start: usize, num_fields: usize, ends: &mut Vec<usize>) -> Cut {
        let cut = self.split(bytes, start, ends);
        if cut.flaw == Flaw::None && ends.len() == num_fields {
            return cut;
        }
        self.looked_at_again(bytes, start, num_fields, cut, ends)
    }

    /// Whether a sound record of so many fields begins at `start`.
    pub fn is_sound(&self, bytes: &[u8], start: usize, num_fields: usize, ends: &mut Vec<usize>) -> bool {
        start < bytes.len() && {
            let cut = self.split(bytes, start, ends);
            cut.flaw == Flaw::None && ends.len() == num_fields
        }
    }

    #[cold]
    fn looked_at_again(
        &self,
        bytes: &[u8],
        start: usize,
        num_fields: usize,
        cut: Cut,
        ends: &mut Vec<usize>,
    ) -> Cut {
        let last = ends.last().copied().unwrap_or(start);
        let limit = last.min(start.saturating_add(MAX_SEARCH_BYTES));
        let within = bytes.get(start..limit).unwrap_or_default();
        let mut others = Vec::with_capacity(num_fields);
        let mut first_line_end = None;
        let mut tries = 0;
        for at in memchr::memchr_iter(self.terminator, within) {
            let line_end = start + at;
            first_line_end.get_or_insert(line_end);
            if tries == MAX_TRIES {
                break;
            }
            tries += 1;
            if self.is_sound(bytes, line_end + 1, num_fields, &mut others) {
                return self.cut_at(bytes, start, line_end, ends);
            }
        }
        match first_line_end {
            // Nothing sound for a long way: the line is given up, not what may follow.
            Some(line_end) if tries == MAX_TRIES || last > limit => self.cut_at(bytes, start, line_end, ends),
            _ => cut,
        }
    }

    fn cut_at(&self, bytes: &[u8], start: usize, line_end: usize, ends: &mut Vec<usize>) -> Cut {
        let Cut { flaw, .. } = self.split(bytes.get(..line_end).unwrap_or(bytes), start, ends);
        if self.terminator == b'\n'
            && let Some(last) = ends.last_mut()
            && *last == line_end
            && *last > start
            && bytes.get(*last - 1) == Some(&b'\r')
        {
            *last -= 1;
        }
        Cut { next: line_end + 1, flaw }
    }

    /// Cuts a record as it stands.
    pub fn split(&self, bytes: &[u8], start: usize, ends: &mut Vec<usize>) -> Cut {
        ends.clear();
        let Self { delimiter, terminator, quotes } = *self;
        let mut flaw = Flaw::None;
        let mut field = start;
        'fields: loop {
            let mut at = field;
            if quotes && bytes.get(at) == Some(&QUOTE) {
                let Some(after) = closed(bytes, at + 1) else {
                    // What the mark opened goes to the end of the bytes, or so far that nobody meant it.
                    let end = bytes.len().min(at.saturating_add(MAX_QUOTED_BYTES));
                    ends.push(end);
                    return Cut { next: end.max(start + 1), flaw: Flaw::Unclosed };
                };
                match bytes.get(after) {
                    Some(byte) if *byte == delimiter => {
                        ends.push(after);
                        field = after + 1;
                        if ends.len() < MAX_FIELDS {
                            continue 'fields;
                        }
                    }
                    Some(byte) if *byte == terminator => {
                        ends.push(after);
                        return Cut { next: after + 1, flaw };
                    }
                    None => {
                        ends.push(after);
                        return Cut { next: after, flaw };
                    }
                    Some(b'\r') if matches!(bytes.get(after + 1), None | Some(b'\n')) => {}
                    Some(_) => flaw = Flaw::Torn,
                }
                at = after;
            }
            if ends.len() >= MAX_FIELDS {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = memchr(terminator, rest).map_or(bytes.len(), |found| at + found);
                return self.end(bytes, field, end, ends, flaw);
            }
            // Whole blocks at a time: most fields are too short for anything with a start-up cost.
            while at < bytes.len() {
                let rest = bytes.get(at..).unwrap_or_default();
                let mut padded = [0; BLOCK];
                let block = rest.first_chunk::<BLOCK>().unwrap_or_else(|| {
                    padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                    &padded
                });
                let mut found = either(block, delimiter, terminator);
                while found != 0 {
                    let here = at + found.trailing_zeros() as usize;
                    found &= found - 1;
                    if bytes.get(here) == Some(&terminator) {
                        return self.end(bytes, field, here, ends, flaw);
                    }
                    ends.push(here);
                    field = here + 1;
                    if quotes && bytes.get(field) == Some(&QUOTE) || ends.len() >= MAX_FIELDS {
                        continue 'fields;
                    }
                }
                at += BLOCK;
            }
            return self.end(bytes, field, bytes.len(), ends, flaw);
        }
    }

    /// Ends a record whose last field runs from `field` to the line end at `end`.
    fn end(&self, bytes: &[u8], field: usize, end: usize, ends: &mut Vec<usize>, flaw: Flaw) -> Cut {
        let windows = end > field
            && bytes.get(end - 1) == Some(&b'\r')
            && (self.terminator == b'\n' || end >= bytes.len());
        ends.push(if windows { end - 1 } else { end });
        Cut { next: (end + 1).min(bytes.len()), flaw }
    }
}

/// Where a quoted text that begins at `from` is closed: behind the closing mark.
fn closed(bytes: &[u8], from: usize) -> Option<usize> {
    let limit = bytes.len().min(from.saturating_add(MAX_QUOTED_BYTES));
    let mut at = from;
    loop {
        let mark = at + memchr(QUOTE, bytes.get(at..limit)?)?;
        if bytes.get(mark + 1) != Some(&QUOTE) {
            return Some(mark + 1);
        }
        at = mark + 2;
    }
}

fn trimmed(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_vec()),
    }
}

/// What a field says, without its quoting.
pub fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some((&QUOTE, inner)) = raw.split_first() else { return Cow::Borrowed(raw) };
    match memchr(QUOTE, inner) {
        None => return Cow::Borrowed(inner),
        Some(at) if at + 1 == inner.len() => return Cow::Borrowed(inner.get(..at).unwrap_or_default()),
        Some(_) => {}
    }
    let mut text = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr(QUOTE, rest) {
        text.extend_from_slice(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        if after.first() == Some(&QUOTE) {
            text.push(QUOTE);
            rest = after.get(1..).unwrap_or_default();
        } else {
            // Closed; what follows is as it stands.
            text.extend_from_slice(after);
            return Cow::Owned(text);
        }
    }
    text.extend_from_slice(rest);
    Cow::Owned(text)
}

/// Joins the fields that a record has too many: those behind the last one that all of them can be
/// empty are dropped, others are taken for pieces of a text whose delimiters nobody quoted, `text`
/// (or the last field). Where that one is quoted, it is whole, and the fields behind the last are
/// dropped. `bytes` is the file, in which the record begins at `start`. The number of fields there were.
pub fn align(
    (bytes, start): (&[u8], usize),
    ends: &mut Vec<usize>,
    num_fields: usize,
    text: Option<usize>,
    quotes: bool,
) -> usize {
    let found = ends.len();
    while ends.len() > num_fields {
        let last_two = ends.last().zip(ends.iter().rev().nth(1));
        if last_two.is_none_or(|(last, before)| *last > before + 1) {
            break;
        }
        ends.pop();
    }
    if ends.len() > num_fields && num_fields > 0 {
        let from = text.unwrap_or(num_fields - 1).min(num_fields - 1);
        let begin = match from.checked_sub(1) {
            None => Some(start),
            Some(before) => ends.get(before).map(|end| end + 1),
        };
        let is_quoted = quotes && begin.and_then(|begin| bytes.get(begin)) == Some(&b'"');
        if is_quoted {
            ends.truncate(num_fields);
        } else {
            ends.drain(from..from + (ends.len() - num_fields));
        }
    }
    found
}

/// The fields of one record of a file `'a`.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a, 'e> {
    pub bytes: &'a [u8],
    pub start: usize,
    pub ends: &'e [usize],
    /// See [`Marks::quotes`].
    pub quotes: bool,
}

impl<'a> Fields<'a, '_> {
    /// A field without its quoting and the blanks around it.
    #[inline]
    pub fn clean(&self, at: usize) -> Cow<'a, [u8]> {
        let raw = self.raw(at);
        match raw {
            [] => Cow::Borrowed(&[]),
            [QUOTE, ..] if self.quotes => trimmed(unquoted(raw)),
            // Nearly all fields: nothing to be taken off.
            [b'!'..=b'~', ..] if matches!(raw.last(), Some(b'!'..)) => Cow::Borrowed(raw),
            _ => Cow::Borrowed(raw.trim_ascii()),
        }
    }

    /// A field without its quoting.
    pub fn text(&self, at: usize) -> Cow<'a, [u8]> {
        let raw = self.raw(at);
        if self.quotes { unquoted(raw) } else { Cow::Borrowed(raw) }
    }

    /// A field as it stands in the file; empty for one that is not there.
    #[inline]
    pub fn raw(&self, at: usize) -> &'a [u8] {
        self.range(at).and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// Where a field stands in the file.
    #[inline]
    pub fn range(&self, at: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(at)?;
        let start = match at.checked_sub(1) {
            None => self.start,
            Some(before) => self.ends.get(before)? + 1,
        };
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Marks = Marks { delimiter: b',', terminator: b'\n', quotes: true };

    fn all(dialect: Marks, bytes: &[u8], num_fields: usize) -> Vec<Vec<String>> {
        let mut records = Vec::new();
        let (mut at, mut ends) = (0, Vec::new());
        while at < bytes.len() {
            let cut = dialect.record(bytes, at, num_fields, &mut ends);
            assert!(cut.next > at && cut.next <= bytes.len(), "{at} {cut:?}");
            let fields = Fields { bytes, start: at, ends: &ends, quotes: true };
            let text = |at| String::from_utf8_lossy(&unquoted(fields.raw(at))).into_owned();
            records.push((0..ends.len()).map(text).collect());
            at = cut.next;
        }
        records
    }

    fn check(text: &str, num_fields: usize, expected: &[&[&str]]) {
        assert_eq!(all(COMMA, text.as_bytes(), num_fields), expected, "{text:?}");
    }

    #[test]
    fn quoting_and_line_ends() {
        check("a,b\nc,d\n", 2, &[&["a", "b"], &["c", "d"]]);
        check("a,b\r\nc,d\r", 2, &[&["a", "b"], &["c", "d"]]);
        check("\"a,\"\"x\"\"\n1\",\n,\"\"\r\n", 2, &[&["a,\"x\"\n1", ""], &["", ""]]);
        check("he said \"no\",b", 2, &[&["he said \"no\"", "b"]]);
        check("a\n\nb\n", 1, &[&["a"], &[""], &["b"]]);
        let long = "x".repeat(100);
        check(&format!("{long},{long},{long}\n"), 3, &[&[&long, &long, &long]]);
        let mac = Marks { delimiter: b';', terminator: b'\r', quotes: true };
        assert_eq!(all(mac, b"a;b\rc;\"d\r\"\r", 2), [["a", "b"], ["c", "d\r"]]);
    }

    #[test]
    fn an_open_quotation_mark_costs_one_line() {
        // Closed by the mark of a later line, or never.
        check("a,\"open,1\nb,c,2\nd,\"e\",3\n", 3, &[&["a", "open,1"], &["b", "c", "2"], &["d", "e", "3"]]);
        check("a,\"open,1\r\nb,c,2\nd,e,3\n", 3, &[&["a", "open,1"], &["b", "c", "2"], &["d", "e", "3"]]);
        check("\"a,1\nb,2\n", 2, &[&["a,1"], &["b", "2"]]);
        // The right number of fields by chance, but text behind the closing mark.
        check("a,\"open,1\nb,\"c\",2\n", 3, &[&["a", "open,1"], &["b", "c", "2"]]);
        // Nothing sound follows: it is all one.
        check("a,\"open\nmore", 2, &[&["a", "open\nmore"]]);
    }

    #[test]
    fn a_mark_that_is_never_closed_does_not_make_cutting_slow() {
        let mut text = String::new();
        for row in 0..20_000 {
            text.push_str(if row % 7 == 0 { "x,\"open,1\n" } else { "x,y,1\n" });
        }
        let records = all(COMMA, text.as_bytes(), 3);
        assert_eq!(records.len(), 20_000);
        assert_eq!(records.iter().filter(|record| record.len() == 3).count(), 20_000 - 2858);
        let line = "x".repeat(99) + "\n";
        let long = format!("a,\"{}b,c\n", line.repeat(200_000));
        let records = all(COMMA, long.as_bytes(), 2);
        assert_eq!(records.len(), 200_001);
        assert_eq!(records.last(), Some(&vec!["b".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn surplus_fields_are_dropped_or_joined() {
        let aligned = |text: &str, num_fields, notes| {
            let mut ends = Vec::new();
            COMMA.record(text.as_bytes(), 0, num_fields, &mut ends);
            align((text.as_bytes(), 0), &mut ends, num_fields, notes, true);
            let fields = Fields { bytes: text.as_bytes(), start: 0, ends: &ends, quotes: true };
            (0..ends.len()).map(|at| String::from_utf8_lossy(fields.raw(at)).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(aligned("a,b,,,", 2, None), ["a", "b"]);
        assert_eq!(aligned("a,b, c,d,1,2", 4, Some(1)), ["a", "b, c,d", "1", "2"]);
        assert_eq!(aligned("a,b,c", 2, None), ["a", "b,c"]);
        assert_eq!(aligned("a", 2, None), ["a"]);
        assert_eq!(aligned("a,\"b, c\",1,2,3", 4, Some(1)), ["a", "\"b, c\"", "1", "2"]);
    }

    #[test]
    fn a_line_of_delimiters_is_not_kept_whole() {
        let text = ",".repeat(100_000) + "\nb";
        let records = all(COMMA, text.as_bytes(), 3);
        assert_eq!(records.iter().map(Vec::len).collect::<Vec<_>>(), [MAX_FIELDS + 1, 1]);
    }

    proptest! {
        #[test]
        fn bytes_of_a_block_are_found(halves: [[u8; 32]; 2], one: u8, other: u8, few: bool) {
            let few = |byte: u8| if few { byte % 4 } else { byte };
            let mut block = [0; BLOCK];
            block.iter_mut().zip(halves.iter().flatten()).for_each(|(to, from)| *to = few(*from));
            let (one, other) = (few(one), few(other));
            let bit = |at: usize| u64::from(block[at] == one || block[at] == other) << at;
            prop_assert_eq!(either(&block, one, other), (0..BLOCK).map(bit).sum::<u64>());
        }

        #[test]
        fn any_bytes_are_cut_to_their_end(bytes in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..300),
            num_fields in 1usize..5)
        {
            all(COMMA, &bytes, num_fields);
        }

        #[test]
        fn well_formed_records_are_those_of_the_csv_crate(
            rows in proptest::collection::vec(
                proptest::collection::vec("[ab\",;\n\r\u{628}x ]{0,12}", 3), 1..20),
            windows: bool, always: bool)
        {
            let quotes = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
            let ends = if windows { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().quote_style(quotes).terminator(ends).from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).expect("row"));
            let bytes = writer.into_inner().expect("bytes");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("record").iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(&expected, &rows);
            prop_assert_eq!(all(COMMA, &bytes, 3), rows);
        }
    }
}
