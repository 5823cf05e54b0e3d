//! Rows that stand in a table twice, and ids that stand for several rows.
//!
//! Each row has a hash of its id (of the whole row where the table has no ids), in which case and
//! blanks at the ends do not count. Two maps of bits tell which hashes can come up twice; only their
//! rows are sorted and compared, byte by byte.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

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

/// Groups of rows with one hash, each in order. The hashes are shared among the cores by their value.
fn candidates(hashes: &[u64]) -> Vec<Vec<usize>> {
    /// Fewer rows are not worth to be shared.
    const FEW: usize = 50_000;
    let shares = if hashes.len() < FEW { 1 } else { rayon::current_num_threads().clamp(1, 16) };
    let mut groups: Vec<Vec<usize>> =
        (0..shares).into_par_iter().flat_map_iter(|share| of_share(hashes, share, shares)).collect();
    groups.sort_unstable();
    groups
}

/// The groups of the hashes of one core.
fn of_share(hashes: &[u64], share: usize, shares: usize) -> Vec<Vec<usize>> {
    // Upper bits for the share, lower ones for the place.
    let is_own = |hash: u64| hash != NO_ID && (hash >> 40) as usize % shares == share;
    let bits = (hashes.len() * 16 / shares).next_power_of_two().max(1 << 10);
    let place = |hash: u64| {
        let at = (hash >> 1) as usize & (bits - 1);
        (at / 64, 1u64 << (at % 64))
    };
    let (mut once, mut twice) = (vec![0u64; bits / 64], vec![0u64; bits / 64]);
    let mut any = false;
    for hash in hashes.iter().filter(|hash| is_own(**hash)) {
        let (word, bit) = place(*hash);
        if let (Some(once), Some(twice)) = (once.get_mut(word), twice.get_mut(word)) {
            if *once & bit != 0 {
                any = true;
                *twice |= bit;
            }
            *once |= bit;
        }
    }
    if !any {
        return Vec::new();
    }
    let is_twice = |hash: u64| {
        let (word, bit) = place(hash);
        is_own(hash) && twice.get(word).is_some_and(|twice| twice & bit != 0)
    };
    let rows = hashes.iter().enumerate().filter(|(_, hash)| is_twice(**hash));
    let mut sorted: Vec<(u64, usize)> = rows.map(|(row, hash)| (*hash, row)).collect();
    sorted.sort_unstable();
    let groups = sorted.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    groups.map(|group| group.iter().map(|(_, row)| *row).collect()).collect()
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
        fn candidates_are_the_rows_of_equal_hashes(hashes in proptest::collection::vec(0u64..60, 0..80)) {
            let mut truth: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for (row, hash) in hashes.iter().enumerate().filter(|(_, hash)| **hash != NO_ID) {
                truth.entry(*hash).or_default().push(row);
            }
            let mut truth: Vec<Vec<usize>> = truth.into_values().filter(|rows| rows.len() > 1).collect();
            truth.sort_unstable();
            prop_assert_eq!(candidates(&hashes), truth.clone());
            let shared = (0..3).flat_map(|share| of_share(&hashes, share, 3));
            prop_assert_eq!(shared.collect::<std::collections::BTreeSet<_>>(), truth.into_iter().collect());
        }
    }
}
