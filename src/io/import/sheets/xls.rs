//! XLS, the workbooks of Excel up to 2003: a compound file with a stream of records (BIFF 5 and 8).
//!
//! Read by hand, because a short file can ask for much: a list of sectors may run in a circle, a cell may
//! be the last one of a sheet that is then filled up, and a text may be repeated by every cell. Here
//! nothing is made room for before it is read, and a text is held once.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::Encoding;

use super::{Flow, Sheet, Table, cannot, no_sheet, write_serial};
use crate::io::import::ImportError;
use crate::io::import::plain::write_float;

/// Bytes of a workbook that is read; Excel cannot make larger ones than half of it.
const MAX_BYTES: usize = 256 << 20;
/// Records that hold cells.
const CELLS: [u16; 9] = [FORMULA, NUMBER, LABEL, RSTRING, BOOLERR, RK, MULRK, LABELSST, FORMULA_OLD];

const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000a;
const DATEMODE: u16 = 0x0022;
const FILEPASS: u16 = 0x002f;
const CONTINUE: u16 = 0x003c;
const CODEPAGE: u16 = 0x0042;
const BOUNDSHEET: u16 = 0x0085;
const MULRK: u16 = 0x00bd;
const RSTRING: u16 = 0x00d6;
const XF: u16 = 0x00e0;
const SST: u16 = 0x00fc;
const LABELSST: u16 = 0x00fd;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOLERR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const RK: u16 = 0x027e;
const FORMULA_OLD: u16 = 0x0406;
const FORMAT: u16 = 0x041e;
const BOF: u16 = 0x0809;

const BIFF8: u16 = 0x0600;

pub fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, ImportError> {
    let stream = stream(name, bytes)?;
    let book = Book::read(name, &stream)?;
    let all = book.sheets.into_iter();
    Ok(all.map(|(sheet, _, is_hidden)| Sheet { name: sheet, rows: None, is_hidden }).collect())
}

pub fn read(name: &str, bytes: &[u8], sheet: &str, table: &mut Table) -> Result<(), ImportError> {
    let stream = stream(name, bytes)?;
    let book = Book::read(name, &stream)?;
    let found = book.sheets.iter().find(|(known, _, _)| known == sheet);
    let start = found.map(|(_, start, _)| *start).ok_or_else(|| no_sheet(name, sheet))?;
    book.read_sheet(&stream, start, table);
    Ok(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|bytes| f64::from_le_bytes(*bytes))
}

/// The workbook's stream in its compound file.
fn stream(name: &str, bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(cannot(name, &format!("it is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let file = Compound::open(bytes).ok_or_else(|| cannot(name, "it is damaged (its list of sectors)"))?;
    if file.stream("EncryptedPackage").is_some() {
        return Err(cannot(name, "it is protected by a password"));
    }
    let found = file.stream("Workbook").or_else(|| file.stream("Book"));
    found.ok_or_else(|| cannot(name, "there is no workbook in it"))
}

/// A file of files.
struct Compound<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    /// Of each sector the next one.
    next: Vec<u32>,
    directory: Vec<u8>,
    /// Of each short sector the next one, and the short sectors themselves.
    short_next: Vec<u32>,
    short: Vec<u8>,
}

/// Streams shorter than this lie in short sectors.
const SHORT_STREAM: u64 = 4096;
/// Numbers of sectors from here on are signs.
const LAST_SECTOR: u32 = 0xffff_fff9;

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let mut file = Self {
            bytes,
            sector_bytes: 1 << shift,
            next: Vec::new(),
            directory: Vec::new(),
            short_next: Vec::new(),
            short: Vec::new(),
        };
        let numbers = |bytes: &[u8]| -> Vec<u32> {
            bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
        };
        // Sectors that hold the list of sectors: the first 109 in the head, others in a chain.
        let mut lists = numbers(bytes.get(76..512)?);
        let mut more = u32_at(bytes, 68)?;
        for _ in 0..bytes.len() / file.sector_bytes + 1 {
            if more >= LAST_SECTOR {
                break;
            }
            let mut list = numbers(file.sector(more)?);
            more = list.pop()?;
            lists.extend(list);
        }
        // A list that names a sector twice would be longer than the file.
        let max = bytes.len() / file.sector_bytes + 1;
        for sector in lists.into_iter().filter(|sector| *sector < LAST_SECTOR).take(max) {
            let list = file.sector(sector).map(numbers)?;
            file.next.extend(list);
        }
        file.directory = file.chain(u32_at(bytes, 48)?)?;
        let (start, size) = file.entry_at(0)?;
        if u32_at(bytes, 64)? > 0 {
            file.short_next = numbers(&file.chain(u32_at(bytes, 60)?)?);
            file.short = file.chain(start)?;
            file.short.truncate(usize::try_from(size).ok()?);
        }
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// All sectors of a chain; `None` if it runs in a circle.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut made = Vec::new();
        let mut at = start;
        while at < LAST_SECTOR {
            // One that is cut off is read as far as it goes.
            let Some(sector) = self.sector(at) else { break };
            made.extend_from_slice(sector);
            if made.len() > self.bytes.len() {
                return None;
            }
            at = self.next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        Some(made)
    }

    fn short_chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut made = Vec::new();
        let mut at = start;
        while at < LAST_SECTOR {
            let from = (at as usize).checked_mul(64)?;
            let Some(sector) = self.short.get(from..(from + 64).min(self.short.len())) else { break };
            made.extend_from_slice(sector);
            if made.len() > self.short.len() {
                return None;
            }
            at = self.short_next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        Some(made)
    }

    /// First sector and size of a stream.
    fn entry_at(&self, at: usize) -> Option<(u32, u64)> {
        let entry = self.directory.get(at.checked_mul(128)?..)?;
        Some((u32_at(entry, 116)?, u64::from(u32_at(entry, 120)?)))
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let is_it = |entry: &[u8]| {
            let length = usize::from(u16_at(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
            let units = entry.get(..length).unwrap_or_default().as_chunks::<2>().0;
            let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
            let kind = entry.get(66);
            kind == Some(&2) && char::decode_utf16(units).map_while(Result::ok).eq(name.chars())
        };
        let at = self.directory.as_chunks::<128>().0.iter().position(|entry| is_it(entry))?;
        let (start, size) = self.entry_at(at)?;
        let mut found = if size < SHORT_STREAM { self.short_chain(start) } else { self.chain(start) }?;
        found.truncate(usize::try_from(size).ok()?);
        Some(found)
    }
}

/// A record: its kind, its data, and where the next one begins.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
    let end = at + 4 + length;
    Some((kind, stream.get(at + 4..end)?, end))
}

/// What a number's format says about it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Looks {
    Number,
    Moment,
    Duration,
}

/// What holds for all sheets.
struct Book {
    version: u16,
    encoding: &'static Encoding,
    is_1904: bool,
    /// Name, place in the stream, whether it is hidden.
    sheets: Vec<(String, usize, bool)>,
    looks: Vec<Looks>,
    /// Texts that cells share.
    texts: Vec<String>,
}

impl Book {
    fn read(name: &str, stream: &[u8]) -> Result<Self, ImportError> {
        let mut book = Self {
            version: BIFF8,
            encoding: encoding_rs::WINDOWS_1252,
            is_1904: false,
            sheets: Vec::new(),
            looks: Vec::new(),
            texts: Vec::new(),
        };
        let mut formats: HashMap<u16, Looks> = HashMap::new();
        let mut cell_formats = Vec::new();
        let mut at = 0;
        while let Some((kind, data, next)) = record(stream, at) {
            at = next;
            match kind {
                BOF => book.version = u16_at(data, 0).unwrap_or(BIFF8),
                FILEPASS => return Err(cannot(name, "it is protected by a password")),
                CODEPAGE => {
                    book.encoding = encoding_of(u16_at(data, 0).unwrap_or(0)).unwrap_or(book.encoding)
                }
                DATEMODE => book.is_1904 = u16_at(data, 0) == Some(1),
                FORMAT => {
                    let format = match book.version {
                        BIFF8 => book.text(data, 2, 2),
                        _ => book.text(data, 2, 1),
                    };
                    if let (Some(id), Some(format)) = (u16_at(data, 0), format) {
                        formats.insert(id, looks_of(&format));
                    }
                }
                XF => cell_formats.push(u16_at(data, 2).unwrap_or(0)),
                // Sheets of cells are of kind 0.
                BOUNDSHEET if data.get(5) == Some(&0) => {
                    let place = u32_at(data, 0).map(|place| place as usize);
                    if let (Some(place), Some(sheet)) = (place, book.text(data, 6, 1)) {
                        let is_hidden = data.get(4).is_some_and(|hidden| hidden & 3 != 0);
                        book.sheets.push((sheet.into_owned(), place, is_hidden));
                    }
                }
                SST => {
                    let mut parts = vec![data];
                    while let Some((CONTINUE, data, next)) = record(stream, at) {
                        parts.push(data);
                        at = next;
                    }
                    book.texts = Texts { parts, part: 0, at: 0 }.read();
                }
                EOF => break,
                _ => {}
            }
        }
        book.looks = cell_formats
            .into_iter()
            .map(|id| formats.get(&id).copied().unwrap_or_else(|| built_in(id)))
            .collect();
        if book.sheets.is_empty() {
            return Err(cannot(name, "there is no sheet of cells in it"));
        }
        Ok(book)
    }

    /// A text at a place in a record, after its length of `length_bytes`.
    fn text<'a>(&self, data: &'a [u8], at: usize, length_bytes: usize) -> Option<Cow<'a, str>> {
        let length = match length_bytes {
            1 => usize::from(*data.get(at)?),
            _ => usize::from(u16_at(data, at)?),
        };
        let rest = data.get(at + length_bytes..)?;
        if self.version != BIFF8 {
            return Some(self.encoding.decode_without_bom_handling(rest.get(..length).unwrap_or(rest)).0);
        }
        let (flags, rest) = rest.split_first()?;
        // Runs of formats and phonetics are announced before the characters; they stand behind them.
        let skip = if flags & 8 == 0 { 0 } else { 2 } + if flags & 4 == 0 { 0 } else { 4 };
        let mut text = String::new();
        push_characters(&mut text, rest.get(skip..)?, length, flags & 1 != 0);
        Some(Cow::Owned(text))
    }

    /// Reads the cells of the sheet whose records begin at `start`.
    fn read_sheet(&self, stream: &[u8], start: usize, table: &mut Table) {
        // Some writers do not sort the rows: places of records by row.
        let mut cells: Vec<(u16, u32)> = Vec::new();
        let mut depth = 0_usize;
        let mut at = start;
        let mut is_whole = false;
        while let Some((kind, data, next)) = record(stream, at) {
            match kind {
                BOF => depth += 1,
                EOF if depth <= 1 => {
                    is_whole = true;
                    break;
                }
                EOF => depth -= 1,
                // Charts within the sheet have cells of their own.
                _ if depth == 1 && CELLS.contains(&kind) => {
                    if let Some(row) = u16_at(data, 0) {
                        cells.push((row, at as u32));
                    }
                }
                _ => {}
            }
            at = next;
        }
        cells.sort_by_key(|(row, _)| *row);
        table.total = cells.chunk_by(|a, b| a.0 == b.0).count() as u64;
        let mut text = String::new();
        for (row, at) in cells {
            let Some((kind, data, next)) = record(stream, at as usize) else { continue };
            let column = u16_at(data, 2).unwrap_or(0);
            if kind == MULRK {
                let numbers = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (step, number) in numbers.as_chunks::<6>().0.iter().enumerate() {
                    text.clear();
                    self.write_rk(&mut text, number);
                    if table.put(u32::from(row), u32::from(column) + step as u32, &text) == Flow::Done {
                        return;
                    }
                }
                continue;
            }
            text.clear();
            if self.write_cell(&mut text, kind, data, stream, next).is_none() {
                table.tell_broken(Some((u32::from(row), u32::from(column))), "a cell is cut off");
            }
            if table.put(u32::from(row), u32::from(column), &text) == Flow::Done {
                return;
            }
        }
        if !is_whole {
            table.damaged("it ends too early");
        }
    }

    fn write_cell(
        &self,
        text: &mut String,
        kind: u16,
        data: &[u8],
        stream: &[u8],
        next: usize,
    ) -> Option<()> {
        match kind {
            NUMBER => self.write_number(text, u16_at(data, 4)?, f64_at(data, 6)?),
            RK => self.write_rk(text, data.get(4..)?.first_chunk()?),
            LABELSST => text.push_str(self.texts.get(u32_at(data, 6)? as usize)?),
            LABEL | RSTRING => text.push_str(&self.text(data, 6, 2)?),
            BOOLERR => match (data.get(6)?, data.get(7)?) {
                (value, 0) => text.push_str(if *value == 0 { "false" } else { "true" }),
                (code, _) => text.push_str(error_of(*code)),
            },
            FORMULA | FORMULA_OLD => match data.get(6..14)? {
                // A text stands in a record of its own behind the formula.
                [0, .., 0xff, 0xff] => text.push_str(&self.text_behind(stream, next).unwrap_or_default()),
                [1, _, value, .., 0xff, 0xff] => text.push_str(if *value == 0 { "false" } else { "true" }),
                [2, _, code, .., 0xff, 0xff] => text.push_str(error_of(*code)),
                [_, .., 0xff, 0xff] => {}
                _ => self.write_number(text, u16_at(data, 4)?, f64_at(data, 6)?),
            },
            _ => {}
        }
        Some(())
    }

    fn text_behind<'a>(&self, stream: &'a [u8], mut at: usize) -> Option<Cow<'a, str>> {
        // Shared and array formulas may stand between.
        for _ in 0..4 {
            let (kind, data, next) = record(stream, at)?;
            match kind {
                STRING => return self.text(data, 0, 2),
                _ if CELLS.contains(&kind) => return None,
                _ => at = next,
            }
        }
        None
    }

    fn write_number(&self, text: &mut String, format: u16, value: f64) {
        match self.looks.get(usize::from(format)) {
            Some(looks @ (Looks::Moment | Looks::Duration)) => {
                write_serial(text, value, self.is_1904, *looks == Looks::Duration);
            }
            _ => write_float(text, value),
        }
    }

    /// A number in four bytes, behind the number of its format: a whole one, or the upper half of a long
    /// one, either perhaps in hundredths.
    fn write_rk(&self, text: &mut String, [a, b, bytes @ ..]: &[u8; 6]) {
        let bits = u32::from_le_bytes(*bytes);
        let value = match bits & 2 {
            0 => f64::from_bits(u64::from(bits & !3) << 32),
            _ => f64::from((bits as i32) >> 2),
        };
        let value = if bits & 1 == 0 { value } else { value / 100.0 };
        self.write_number(text, u16::from_le_bytes([*a, *b]), value);
    }
}

fn push_characters(text: &mut String, bytes: &[u8], length: usize, is_wide: bool) {
    if is_wide {
        let units = bytes.as_chunks::<2>().0.iter().take(length).map(|unit| u16::from_le_bytes(*unit));
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    } else {
        text.extend(bytes.iter().take(length).map(|byte| char::from(*byte)));
    }
}

/// The shared texts, which run on over several records.
struct Texts<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl<'a> Texts<'a> {
    fn read(mut self) -> Vec<String> {
        let mut texts = Vec::new();
        // How many they are is said twice; what there is counts.
        if self.skip(8).is_none() {
            return texts;
        }
        while let Some(text) = self.text() {
            texts.push(text);
        }
        texts
    }

    /// The rest of the current part; moves on to the next one at its end.
    fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.parts.get(self.part)?.get(self.at..)?;
            if !rest.is_empty() {
                return Some(rest);
            }
            self.part += 1;
            self.at = 0;
        }
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let step = self.rest()?.len().min(count);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    fn number(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for at in 0..count {
            value |= usize::from(*self.rest()?.first()?) << (8 * at);
            self.at += 1;
        }
        Some(value)
    }

    fn text(&mut self) -> Option<String> {
        let mut left = self.number(2)?;
        let flags = self.number(1)?;
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let phonetic = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let mut is_wide = flags & 1 != 0;
        let mut text = String::new();
        while left > 0 {
            let part = self.part;
            let mut rest = self.rest()?;
            if self.part != part {
                // A text that runs on says anew how wide its characters are.
                is_wide = rest.first()? & 1 != 0;
                self.at += 1;
                rest = rest.get(1..)?;
            }
            let width = if is_wide { 2 } else { 1 };
            let count = (rest.len() / width).min(left);
            push_characters(&mut text, rest, count, is_wide);
            self.at += count * width;
            left -= count;
            if count == 0 {
                // An odd byte before the end of a part.
                self.at += rest.len();
            }
        }
        // What cannot be skipped is cut off, and of no matter.
        let _ = self.skip(runs * 4 + phonetic);
        Some(text)
    }
}

fn encoding_of(page: u16) -> Option<&'static Encoding> {
    let label = match page {
        874 | 1250..=1258 => format!("windows-{page}"),
        866 => "ibm866".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        10_007 => "x-mac-cyrillic".to_owned(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

fn error_of(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

/// Formats that have a number instead of a text.
fn built_in(id: u16) -> Looks {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Looks::Moment,
        46 => Looks::Duration,
        _ => Looks::Number,
    }
}

/// Whether a format shows a date or a time: it has letters of one outside of quotation marks, escapes and
/// brackets; hours, minutes or seconds in brackets are those of a duration.
fn looks_of(format: &str) -> Looks {
    let mut looks = Looks::Number;
    let mut letters = format.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => {
                letters.by_ref().find(|c| *c == '"');
            }
            '[' => {
                let inner: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let is_time = |c: char| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's');
                if !inner.is_empty() && inner.chars().all(is_time) {
                    return Looks::Duration;
                }
            }
            // Only the first part is for positive numbers.
            ';' => break,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => looks = Looks::Moment,
            // “General” and numbers with exponents.
            'G' | 'g' => {
                letters.by_ref().take(6).for_each(drop);
            }
            _ => {}
        }
    }
    looks
}

#[cfg(test)]
pub mod tests;
