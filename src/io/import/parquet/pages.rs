//! What a Parquet file says about its own sizes, checked before anybody makes room for it.
//!
//! The crate believes lengths, counts and depths that it reads, and makes room for them at once; a
//! hundred bytes could ask for all memory. So the headers, which are in Thrift's compact form, are
//! walked here first: every length must fit into what is there, every count into what it can hold.

use std::io::Read;

use parquet::basic::Compression;

/// Nesting of Thrift structures and of groups in a schema.
const MAX_DEPTH: usize = 48;
/// Elements of a schema.
const MAX_ELEMENTS: usize = 20_000;
/// Unpacked bytes of one page; writers make them of one to eight MiB.
const MAX_PAGE_BYTES: u64 = 256 << 20;
/// Different values of a column within a row group.
const MAX_DICTIONARY: u64 = 8 << 20;
/// Values of a column of lists within a row group.
const MAX_LISTED: u64 = 16 << 20;
/// Packed bytes of a page in the oldest form of LZ4, which unpacks to at most 255 times as much.
const MAX_LZ4_BYTES: usize = 1 << 20;

/// Thrift's compact form.
struct Compact<'a> {
    bytes: &'a [u8],
}

/// A field's value: numbers are kept, everything else is walked over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Number(i64),
    Other,
}

const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

type Res<T> = Result<T, &'static str>;
const SHORT: &str = "it ends too early";
const ODD: &str = "what it says does not fit together";

impl Compact<'_> {
    fn byte(&mut self) -> Res<u8> {
        let (first, rest) = self.bytes.split_first().ok_or(SHORT)?;
        self.bytes = rest;
        Ok(*first)
    }

    fn skip(&mut self, count: u64) -> Res<()> {
        let count = usize::try_from(count).map_err(|_| SHORT)?;
        self.bytes = self.bytes.get(count..).ok_or(SHORT)?;
        Ok(())
    }

    fn varint(&mut self) -> Res<u64> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ODD)
    }

    fn zigzag(&mut self) -> Res<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Kind and number of the elements of a list. Each takes a byte or more.
    fn list(&mut self) -> Res<(u8, u64)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        if count > self.bytes.len() as u64 { Err(ODD) } else { Ok((head & 15, count)) }
    }

    /// Kind and number of the next field of a structure; `None` at its end.
    fn field(&mut self, last: &mut i64) -> Res<Option<u8>> {
        let head = self.byte()?;
        if head & 15 == STOP {
            return Ok(None);
        }
        let step = i64::from(head >> 4);
        *last = if step == 0 { self.zigzag()? } else { last.saturating_add(step) };
        Ok(Some(head & 15))
    }

    /// Walks over a value. `in_list`: truth values take a byte there.
    fn value(&mut self, kind: u8, in_list: bool, depth: usize) -> Res<Value> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        match kind {
            TRUE | FALSE if in_list => {
                self.byte()?;
            }
            TRUE | FALSE => {}
            BYTE => {
                self.byte()?;
            }
            I16..=I64 => return self.zigzag().map(Value::Number),
            DOUBLE => self.skip(8)?,
            BINARY => {
                let length = self.varint()?;
                self.skip(length)?;
            }
            LIST | SET => {
                let (kind, count) = self.list()?;
                for _ in 0..count {
                    self.value(kind, true, depth + 1)?;
                }
            }
            MAP => {
                let count = self.varint()?;
                if count > self.bytes.len() as u64 {
                    return Err(ODD);
                }
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.value(kinds >> 4, true, depth + 1)?;
                    self.value(kinds & 15, true, depth + 1)?;
                }
            }
            STRUCT => {
                let mut number = 0;
                while let Some(kind) = self.field(&mut number)? {
                    self.value(kind, false, depth + 1)?;
                }
            }
            UUID => self.skip(16)?,
            _ => return Err(ODD),
        }
        Ok(Value::Other)
    }
}

/// Checks the description at the end of a file: its lengths, and that the schema is a tree of a depth
/// that can be walked.
pub fn check_footer(footer: &[u8]) -> Res<()> {
    let mut compact = Compact { bytes: footer };
    let mut number = 0;
    while let Some(kind) = compact.field(&mut number)? {
        if number == 2 && kind == LIST {
            let (kind, count) = compact.list()?;
            if kind != STRUCT || count as usize > MAX_ELEMENTS {
                return Err(ODD);
            }
            check_schema(&mut compact, count)?;
        } else {
            compact.value(kind, false, 0)?;
        }
    }
    Ok(())
}

/// The elements of a schema stand one after the other, each with the number of its children.
fn check_schema(compact: &mut Compact, count: u64) -> Res<()> {
    // How many children are still to come, from the root inwards.
    let mut open: Vec<i64> = Vec::new();
    for at in 0..count {
        let mut children = 0;
        let mut number = 0;
        while let Some(kind) = compact.field(&mut number)? {
            if let Value::Number(value) = compact.value(kind, false, 0)?
                && number == 5
            {
                children = value;
            }
        }
        if children < 0 || children > (count - at) as i64 || open.len() > MAX_DEPTH {
            return Err(ODD);
        }
        if let Some(last) = open.last_mut() {
            *last -= 1;
        } else if at > 0 {
            return Err(ODD);
        }
        if children > 0 {
            open.push(children);
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    if open.is_empty() { Ok(()) } else { Err(ODD) }
}

/// Sizes in the head of a page.
#[derive(Clone, Copy, Debug, Default)]
struct Page {
    kind: i64,
    unpacked: i64,
    packed: i64,
    /// Values, missing ones counted; of a dictionary its entries.
    num_values: i64,
    /// Bytes before the packed ones.
    unpacked_head: i64,
    is_packed: bool,
}

impl Page {
    fn read(compact: &mut Compact) -> Res<Self> {
        let mut page = Page { is_packed: true, ..Page::default() };
        let mut number = 0;
        while let Some(kind) = compact.field(&mut number)? {
            match (number, kind) {
                // The heads of a page of data, of a dictionary, of the second form of data.
                (5 | 7 | 8, STRUCT) => {
                    let head = number;
                    let mut number = 0;
                    while let Some(kind) = compact.field(&mut number)? {
                        let value = compact.value(kind, false, 1)?;
                        match (head, number, value) {
                            (_, 1, Value::Number(value)) => page.num_values = value,
                            (8, 5 | 6, Value::Number(value)) => {
                                page.unpacked_head = page.unpacked_head.saturating_add(value);
                            }
                            (8, 7, _) => page.is_packed = kind == TRUE,
                            _ => {}
                        }
                    }
                }
                _ => match (number, compact.value(kind, false, 0)?) {
                    (1, Value::Number(value)) => page.kind = value,
                    (2, Value::Number(value)) => page.unpacked = value,
                    (3, Value::Number(value)) => page.packed = value,
                    _ => {}
                },
            }
        }
        Ok(page)
    }
}

/// Checks the pages of a column within a row group and returns their unpacked size in bytes.
///
/// `rows`: how many values there must be, if each row has exactly one.
pub fn check_pages(chunk: &[u8], compression: Compression, rows: Option<u64>) -> Res<u64> {
    let mut compact = Compact { bytes: chunk };
    let (mut unpacked, mut num_values) = (0_u64, 0_u64);
    while !compact.bytes.is_empty() {
        // Some writers leave a gap at the end.
        if rows.is_some_and(|rows| num_values >= rows) && compact.bytes.iter().all(|byte| *byte == 0) {
            break;
        }
        let page = Page::read(&mut compact)?;
        let size = |value: i64| u64::try_from(value).map_err(|_| ODD);
        let (page_bytes, packed, values) = (size(page.unpacked)?, size(page.packed)?, size(page.num_values)?);
        let data =
            usize::try_from(packed).ok().and_then(|packed| compact.bytes.get(..packed)).ok_or(SHORT)?;
        if page_bytes > MAX_PAGE_BYTES {
            return Err("a page of it is larger than 256 MiB");
        }
        unpacked = unpacked.saturating_add(page_bytes);
        match page.kind {
            // An entry of a dictionary takes a byte or more.
            2 if values > MAX_DICTIONARY || values > page_bytes => return Err(ODD),
            0 | 3 => num_values = num_values.saturating_add(values),
            _ => {}
        }
        if page.is_packed {
            let head = usize::try_from(page.unpacked_head).map_err(|_| ODD)?;
            check_unpacking(data.get(head..).ok_or(ODD)?, compression, page_bytes)?;
        }
        compact.skip(packed)?;
    }
    if rows.is_some_and(|rows| rows != num_values) {
        return Err("its number of values is not its number of rows");
    }
    if rows.is_none() && num_values > MAX_LISTED {
        Err("its lists have too many values")
    } else {
        Ok(unpacked)
    }
}

/// For those ways of packing that do not stop at the size which a page states.
fn check_unpacking(data: &[u8], compression: Compression, unpacked: u64) -> Res<()> {
    let limit = unpacked.saturating_add(1);
    let count = |reader: &mut dyn Read| std::io::copy(&mut reader.take(limit), &mut std::io::sink()).ok();
    let found = match compression {
        Compression::GZIP(_) => count(&mut flate2::read::MultiGzDecoder::new(data)),
        Compression::BROTLI(_) => count(&mut brotli::Decompressor::new(data, 4096)),
        Compression::LZ4 if data.len() > MAX_LZ4_BYTES => return Err("a page of it is too large"),
        // What cannot be unpacked is told by the reader.
        _ => None,
    };
    if found.is_some_and(|found| found > unpacked) {
        Err("a page of it is larger than it says")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_that_do_not_fit_are_refused() {
        // A list of 2³¹ structures in four bytes.
        let mut footer = vec![0x29, 0xfc];
        footer.extend([0xff, 0xff, 0xff, 0xff, 0x07]);
        assert_eq!(check_footer(&footer), Err(ODD));
        assert_eq!(check_footer(&[]), Err(SHORT));
        assert_eq!(check_footer(&[0]), Ok(()));
    }

    #[test]
    fn deep_schemas_are_refused() {
        // Each element has one child: field 5 is a number that is 1.
        let count = 1000_u32;
        let mut footer = vec![0x29, 0xfc, (count & 0x7f) as u8 | 0x80, (count >> 7) as u8];
        for _ in 0..count {
            footer.extend([0x55, 2, 0]);
        }
        footer.push(0);
        assert_eq!(check_footer(&footer), Err(ODD));
    }

    #[test]
    fn a_page_that_unpacks_to_more_than_it_says_is_refused() {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[0; 100_000]).expect("memory");
        let data = encoder.finish().expect("memory");
        let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
        assert!(check_unpacking(&data, gzip, 1000).is_err());
        assert!(check_unpacking(&data, gzip, 100_000).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = check_footer(&bytes);
            let _ = check_pages(&bytes, Compression::UNCOMPRESSED, Some(3));
            let _ = check_pages(&bytes, Compression::SNAPPY, None);
        }
    }
}
