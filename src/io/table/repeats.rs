//! Rows that stand in a table twice, and ids that stand for several rows.
//!
//! Each row has a hash of its id (of the whole row where the table has no ids), in which case and
//! blanks at the ends do not count. Two maps of bits tell which hashes can come up twice; only their
//! rows are sorted and compared, byte by byte.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::import::Issue;

use super::NONE;
use super::found::Found;
use super::segment::Reader;
use super::split::Fields;

/// The hash of rows without an id.
pub const NO_ID: u64 = 0;
/// Most rows of one id that are compared with each other.
const MAX_COMPARED: usize = 1000;

/// Rows that are copies of others: where their records begin, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// All but the first of rows that are alike in every field.
    pub repeated: Vec<u64>,
    /// All but the last of rows with one id.
    pub earlier: Vec<u64>,
}

/// Finds rows that have an id in common. `hashes` and `offsets` are those of all rows, in order of the
/// file; `offset_of` says where a row begins.
pub fn find(
    reader: &Reader<'_>,
    hashes: &[u64],
    offset_of: impl Fn(usize) -> u64,
    found: &mut Found,
) -> Copies {
    let mut copies = Copies::default();
    let mut told: Vec<(usize, Issue)> = Vec::new();
    for rows in candidates(hashes) {
        if reader.plan.id == NONE {
            by_record(reader, &rows, &offset_of, &mut told, &mut copies);
        } else {
            by_id(reader, &rows, &offset_of, &mut told, &mut copies);
        }
    }
    told.sort_unstable();
    for (row, issue) in told {
        let offset = offset_of(row) as usize;
        let column = if issue == Issue::RepeatedRow { NONE } else { reader.plan.id };
        let value = with_fields(reader, offset, |fields| {
            let at = if reader.plan.id == NONE { 0 } else { reader.plan.id };
            fields.clean(at).into_owned()
        });
        found.tell(issue, column, offset, &value);
    }
    copies.repeated.sort_unstable();
    copies.earlier.sort_unstable();
    copies
}

/// Groups of rows with one hash, each in order.
fn candidates(hashes: &[u64]) -> Vec<Vec<usize>> {
    /// Fewer rows are not worth to be shared among the cores.
    const FEW: usize = 50_000;
    let cores = if hashes.len() < FEW { 1 } else { rayon::current_num_threads().clamp(1, PILES) };
    let twice: FxHashSet<u64> =
        (0..cores).into_par_iter().flat_map_iter(|core| twice(hashes, core, cores)).collect();
    if twice.is_empty() {
        return Vec::new();
    }
    let mut groups: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (row, hash) in hashes.iter().enumerate().filter(|(_, hash)| twice.contains(hash)) {
        groups.entry(*hash).or_default().push(row);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_unstable();
    groups
}

/// Hashes are put on so many piles, so that what is kept of one lies near the core.
const PILES: usize = 64;

/// The hashes of one core's piles that come up twice or more.
fn twice(hashes: &[u64], core: usize, cores: usize) -> Vec<u64> {
    let mut piles: Vec<Vec<u64>> = (0..PILES)
        .map(|pile| Vec::with_capacity(if pile % cores == core { hashes.len() / PILES * 9 / 8 } else { 0 }))
        .collect();
    let is_own: [bool; PILES] = std::array::from_fn(|pile| pile % cores == core);
    for hash in hashes.iter().copied().filter(|hash| *hash != NO_ID) {
        let pile = (hash >> 58) as usize;
        if is_own.get(pile).copied().unwrap_or(false)
            && let Some(pile) = piles.get_mut(pile)
        {
            pile.push(hash);
        }
    }
    let mut found = Vec::new();
    for pile in piles {
        let bits = (pile.len() * 8).next_power_of_two().max(1 << 10);
        let place = |hash: u64| {
            let at = (hash >> 1) as usize & (bits - 1);
            (at / 64, 1u64 << (at % 64))
        };
        let (mut once, mut more) = (vec![0u64; bits / 64], vec![0u64; bits / 64]);
        let mut any = false;
        for hash in &pile {
            let (word, bit) = place(*hash);
            if let (Some(once), Some(more)) = (once.get_mut(word), more.get_mut(word)) {
                *more |= *once & bit;
                any |= *once & bit != 0;
                *once |= bit;
            }
        }
        if !any {
            continue;
        }
        let may_be = |hash: &u64| {
            let (word, bit) = place(*hash);
            more.get(word).is_some_and(|more| more & bit != 0)
        };
        let mut suspects: Vec<u64> = pile.iter().copied().filter(may_be).collect();
        suspects.sort_unstable();
        found.extend(
            suspects.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).filter_map(|same| same.first()),
        );
    }
    found
}

fn by_record(
    reader: &Reader<'_>,
    rows: &[usize],
    offset_of: &impl Fn(usize) -> u64,
    told: &mut Vec<(usize, Issue)>,
    copies: &mut Copies,
) {
    let mut known: FxHashMap<&[u8], ()> = FxHashMap::default();
    for row in rows {
        let offset = offset_of(*row);
        if known.insert(record(reader, offset as usize), ()).is_some() {
            told.push((*row, Issue::RepeatedRow));
            copies.repeated.push(offset);
        }
    }
}

fn by_id(
    reader: &Reader<'_>,
    rows: &[usize],
    offset_of: &impl Fn(usize) -> u64,
    told: &mut Vec<(usize, Issue)>,
    copies: &mut Copies,
) {
    // Rows by their very id, the ids by what is left of them without case and blanks.
    type ById = Vec<(Vec<u8>, Vec<usize>)>;
    let mut folded: Vec<(String, ById)> = Vec::new();
    for row in rows.iter().take(MAX_COMPARED) {
        let id =
            with_fields(reader, offset_of(*row) as usize, |fields| fields.text(reader.plan.id).into_owned());
        let fold = String::from_utf8_lossy(id.trim_ascii()).to_lowercase();
        let at = folded.iter().position(|(known, _)| *known == fold).unwrap_or_else(|| {
            folded.push((fold, Vec::new()));
            folded.len() - 1
        });
        let Some((_, ids)) = folded.get_mut(at) else { continue };
        match ids.iter_mut().find(|(known, _)| *known == id) {
            Some((_, rows)) => rows.push(*row),
            None => ids.push((id, vec![*row])),
        }
    }
    for (_, ids) in folded {
        for (_, others) in ids.iter().skip(1) {
            told.extend(others.first().map(|row| (*row, Issue::SimilarId)));
        }
        for (_, same) in &ids {
            let mut known: FxHashMap<&[u8], ()> = FxHashMap::default();
            for row in same {
                let offset = offset_of(*row);
                let is_first = known.is_empty();
                let is_copy = known.insert(record(reader, offset as usize), ()).is_some();
                if is_copy {
                    told.push((*row, Issue::RepeatedRow));
                    copies.repeated.push(offset);
                } else if !is_first {
                    told.push((*row, Issue::RepeatedId));
                }
            }
            if let Some((_, earlier)) = same.split_last() {
                copies.earlier.extend(earlier.iter().map(|row| offset_of(*row)));
            }
        }
    }
}

fn with_fields<T: Default>(reader: &Reader<'_>, offset: usize, read: impl FnOnce(&Fields<'_, '_>) -> T) -> T {
    let mut ends = Vec::new();
    if offset >= reader.bytes.len() {
        return T::default();
    }
    reader.marks.record(reader.bytes, offset, reader.num_fields, &mut ends);
    read(&Fields { bytes: reader.bytes, start: offset, ends: &ends, quotes: reader.marks.quotes })
}

/// The bytes of a record, without its line end.
fn record<'a>(reader: &Reader<'a>, offset: usize) -> &'a [u8] {
    let mut ends = Vec::new();
    if offset >= reader.bytes.len() {
        return &[];
    }
    reader.marks.record(reader.bytes, offset, reader.num_fields, &mut ends);
    let end = ends.last().copied().unwrap_or(offset);
    reader.bytes.get(offset..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn candidates_are_the_rows_of_equal_hashes(numbers in proptest::collection::vec(0u64..60, 0..80)) {
            let hashes: Vec<u64> = numbers.iter().map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
            let two: Vec<u64> = (0..2).flat_map(|core| twice(&hashes, core, 2)).collect();
            prop_assert_eq!(two.len(), candidates(&hashes).len());
            let mut truth: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for (row, hash) in hashes.iter().enumerate().filter(|(_, hash)| **hash != NO_ID) {
                truth.entry(*hash).or_default().push(row);
            }
            let mut truth: Vec<Vec<usize>> = truth.into_values().filter(|rows| rows.len() > 1).collect();
            truth.sort_unstable();
            prop_assert_eq!(candidates(&hashes), truth);
        }
    }
}
