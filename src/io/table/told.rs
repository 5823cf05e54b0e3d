//! What was found odd, as a report tells it: with the lines or rows where it is.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::model::import::{Finding, Findings};

use super::found::Found;
use super::{NONE, Places, Source};

/// Findings with places that a user can find.
pub fn findings(source: &Source, bytes: &[u8], found: &Found) -> Vec<Findings> {
    let mut offsets: Vec<usize> =
        found.groups.iter().flat_map(|group| group.list.iter().map(|(offset, _)| *offset)).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let places = places(source, bytes, &offsets);
    let mut all: Vec<Findings> = Vec::new();
    for group in &found.groups {
        let column = source.columns.get(group.column).filter(|_| group.column != NONE);
        let column = column.map(String::as_str).unwrap_or_default();
        let at = |offset: usize| places.get(&offset).cloned().unwrap_or_default();
        let list = group.list.iter().map(|(offset, value)| Finding {
            at: at(*offset),
            offset: *offset as u64,
            column: column.to_owned(),
            value: value.clone(),
        });
        add(&mut all, group.issue, column, group.count, list);
    }
    for (issue, finding) in &source.findings {
        add(&mut all, *issue, &finding.column, 1, std::iter::once(finding.clone()));
    }
    // Those of a container's reader and of what stands before the header were told first.
    all.iter_mut().for_each(|found| found.list.sort_by_key(|finding| finding.offset));
    all
}

/// Columns of one name are told together.
fn add(
    all: &mut Vec<Findings>,
    issue: crate::model::import::Issue,
    column: &str,
    count: u64,
    list: impl Iterator<Item = Finding>,
) {
    match all.iter_mut().find(|known| known.issue == issue && known.column == column) {
        Some(known) => {
            known.count += count;
            known.list.extend(list);
        }
        None => all.push(Findings { issue, column: column.to_owned(), count, list: list.collect() }),
    }
}

/// How the records that begin at some offsets (sorted) are called.
pub fn places(source: &Source, bytes: &[u8], offsets: &[usize]) -> FxHashMap<usize, String> {
    match &source.places {
        Places::Lines => {
            let lines = lines(bytes, source.marks.terminator, offsets);
            offsets.iter().zip(lines).map(|(offset, line)| (*offset, format!("line {line}"))).collect()
        }
        Places::Rows(grid) => offsets.iter().map(|offset| (*offset, grid.name_of(*offset as u64))).collect(),
    }
}

/// In which lines offsets are, counted from 1. Line ends are only counted as far as the last one.
fn lines(bytes: &[u8], terminator: u8, offsets: &[usize]) -> Vec<usize> {
    const STEP_BYTES: usize = 8 << 20;
    let Some(last) = offsets.last() else { return Vec::new() };
    let until = bytes.get(..*last).unwrap_or(bytes);
    let counted = |bytes: &[u8]| memchr::memchr_iter(terminator, bytes).count();
    let steps: Vec<usize> = until.par_chunks(STEP_BYTES).map(counted).collect();
    let mut lines = Vec::with_capacity(offsets.len());
    let (mut step, mut line, mut at) = (0, 1, 0);
    for offset in offsets {
        while (step + 1) * STEP_BYTES <= *offset {
            if at <= step * STEP_BYTES {
                line += steps.get(step).copied().unwrap_or(0);
            } else {
                line += counted(bytes.get(at..(step + 1) * STEP_BYTES).unwrap_or_default());
            }
            step += 1;
            at = step * STEP_BYTES;
        }
        line += counted(bytes.get(at..*offset).unwrap_or_default());
        at = at.max(*offset);
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_over_all_steps() {
        let text = b"ab\n".repeat(6 << 20);
        let offsets: Vec<usize> = (0..40).map(|n| n * 450_001 / 3 * 3).collect();
        let expected: Vec<usize> = offsets.iter().map(|offset| offset / 3 + 1).collect();
        assert_eq!(lines(&text, b'\n', &offsets), expected);
        assert_eq!(lines(b"", b'\n', &[]), Vec::<usize>::new());
    }
}
