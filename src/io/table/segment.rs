//! One stretch of a table → columns of that stretch.
//!
//! Stretches are read on several cores at once. Names have numbers of the core's own; those that came
//! up in a stretch for the first time go along with it, in order, so that whoever puts the stretches
//! together knows all that came before.

use std::ops::Range;

use crate::model::{Fatalities, Interval};

use super::found::{Found, Said};
use super::names::Names;
use super::plan::Plan;
use super::split::Marks;

/// How far behind the begin of a stretch a record is looked for.
const MAX_GUESS_BYTES: usize = 256 << 10;
const MAX_GUESSES: usize = 64;
/// Between the parts of a composed name; in no sound table.
pub const UNIT: u8 = 0x1F;

/// The numbers of names that one core has given out so far.
#[derive(Clone, Debug, Default)]
pub struct Dictionaries {
    pub kinds: Names,
    pub actors: Names,
    pub sources: Names,
    pub places: Names,
    pub scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub ends: Vec<usize>,
    pub key: Vec<u8>,
    pub said: Said,
}

/// Names that came up for the first time, in order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewNames(pub Vec<Box<[u8]>>);

impl NewNames {
    fn since(names: &Names, known: usize) -> Self {
        Self((known..names.len()).map(|number| names.get(number).into()).collect())
    }
}

/// Lists of numbers, those of row `i` up to `ends[i]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowLists {
    pub values: Vec<u32>,
    pub ends: Vec<u32>,
}

/// The columns of one stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Which core's numbers the names have.
    pub core: usize,
    /// Where the first record of the stretch was taken to begin, and the first one behind it begins.
    pub start: usize,
    pub next: usize,
    pub offsets: Vec<usize>,
    pub days: Vec<i32>,
    /// Dates that are no single day, by row.
    pub odd: Vec<(usize, Interval)>,
    pub kinds: Vec<u32>,
    pub lat: Vec<f32>,
    pub lon: Vec<f32>,
    pub best: Vec<u32>,
    /// Figures that say more than one number, by row.
    pub spreads: Vec<(usize, Fatalities)>,
    /// Of the row's id, or of the whole row where the table has no ids; see [`super::repeats`].
    pub hashes: Vec<u64>,
    /// [`crate::store::Lists::NONE`] for none.
    pub places: Vec<u32>,
    pub actors: RowLists,
    pub sources: RowLists,
    pub new_kinds: NewNames,
    pub new_actors: NewNames,
    pub new_sources: NewNames,
    pub new_places: NewNames,
    pub found: Found,
    /// Rows that are no events.
    pub left_out: u64,
    /// Events without something that could not be understood.
    pub with_gaps: u64,
}

/// Reads stretches of one table.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    pub bytes: &'a [u8],
    pub marks: Marks,
    pub columns: &'a [String],
    pub num_fields: usize,
    pub plan: Plan,
    /// Whether every row is looked at for what is odd in columns of no meaning too.
    pub is_thorough: bool,
    /// Records that are copies of others and left out, in order.
    pub dropped: &'a [u64],
}

impl<'a> Reader<'a> {
    /// See [`guess`].
    pub fn guess(&self, offset: usize) -> Option<usize> {
        guess(self.bytes, self.marks, self.num_fields, offset)
    }

    /// Reads the records that begin in `start..end`.
    pub fn part(&self, start: usize, end: usize, core: usize, dictionaries: &mut Dictionaries) -> Part {
        let known = [&dictionaries.kinds, &dictionaries.actors, &dictionaries.sources, &dictionaries.places]
            .map(Names::len);
        let mut part = Part { core, start, ..Part::default() };
        let mut scratch = std::mem::take(&mut dictionaries.scratch);
        let mut at = start;
        while at < end {
            if part.offsets.len() == 100 {
                part.reserve(end - start, at - start);
            }
            let cut = self.marks.record(self.bytes, at, self.num_fields, &mut scratch.ends);
            self.row(at, cut.next, cut.flaw, &mut scratch, dictionaries, &mut part);
            at = cut.next;
        }
        part.next = at;
        let [kinds, actors, sources, places] = known;
        part.new_kinds = NewNames::since(&dictionaries.kinds, kinds);
        part.new_actors = NewNames::since(&dictionaries.actors, actors);
        part.new_sources = NewNames::since(&dictionaries.sources, sources);
        part.new_places = NewNames::since(&dictionaries.places, places);
        dictionaries.scratch = scratch;
        part
    }
}

impl Part {
    /// Makes room for all rows of a stretch by the length of the first ones.
    fn reserve(&mut self, bytes: usize, seen: usize) {
        let rows = (bytes / seen.max(1)).saturating_mul(100 + 100 / 8);
        self.offsets.reserve(rows);
        self.days.reserve(rows);
        self.kinds.reserve(rows);
        self.lat.reserve(rows);
        self.lon.reserve(rows);
        self.best.reserve(rows);
        self.hashes.reserve(rows);
        self.places.reserve(rows);
        for lists in [&mut self.actors, &mut self.sources] {
            lists.values.reserve(rows * 2);
            lists.ends.reserve(rows);
        }
    }
}

impl RowLists {
    /// Adds a number to the row that is being read, once.
    pub fn add(&mut self, value: u32) {
        let start = self.ends.last().copied().unwrap_or(0) as usize;
        if !self.values.get(start..).unwrap_or_default().contains(&value) {
            self.values.push(value);
        }
    }

    pub fn end_row(&mut self) {
        self.ends.push(self.values.len() as u32);
    }
}

/// Where the first record at or behind an offset seems to begin; `None` if nothing looks like it.
pub fn guess(bytes: &[u8], marks: Marks, num_fields: usize, offset: usize) -> Option<usize> {
    let from = offset.saturating_sub(1);
    let near = bytes.get(from..bytes.len().min(from + MAX_GUESS_BYTES))?;
    let mut ends = Vec::with_capacity(num_fields);
    let mut first = None;
    for at in memchr::memchr_iter(marks.terminator, near).take(MAX_GUESSES) {
        let start = from + at + 1;
        if marks.is_sound(bytes, start, num_fields, &mut ends) {
            return Some(start);
        }
        first.get_or_insert(start);
    }
    first
}

/// The stretches of a table, by its length alone, so that the same table is always cut alike.
pub fn stretches(start: usize, len: usize) -> Vec<Range<usize>> {
    const MIN_BYTES: usize = 256 << 10;
    const MAX_BYTES: usize = 8 << 20;
    let bytes = (len / 64).clamp(MIN_BYTES, MAX_BYTES);
    (start..len).step_by(bytes).map(|at| at..len.min(at + bytes)).collect()
}
