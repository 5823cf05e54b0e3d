//! The order of the list: ranks of a column's values, and the sorting of rows by them.

use rayon::prelude::*;

use crate::model::Lang;
use crate::store::columns::TollColumn;
use crate::store::{Columns, Store};

use super::Rows;

/// Columns of the event list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortColumn {
    #[default]
    Date,
    Title,
    Type,
    Killed,
    Place,
    Claims,
}

impl SortColumn {
    pub const ALL: [SortColumn; 6] = [
        SortColumn::Date,
        SortColumn::Title,
        SortColumn::Type,
        SortColumn::Killed,
        SortColumn::Place,
        SortColumn::Claims,
    ];

    pub fn name(self) -> &'static str {
        match self {
            SortColumn::Date => "date",
            SortColumn::Title => "title",
            SortColumn::Type => "type",
            SortColumn::Killed => "killed",
            SortColumn::Place => "place",
            SortColumn::Claims => "claims",
        }
    }
}

/// Ranks of a column's values, equal ones sharing one; made once per store, column and language.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    of: Of,
}

#[derive(Clone, Debug, PartialEq)]
enum Of {
    /// By kind.
    Kinds(Vec<u32>),
    /// By place; an event has the rank of its first one.
    Places(Vec<u32>),
    /// By row.
    Rows(Vec<u32>),
    Tolls,
    Claims,
}

/// The rank of an event without a value.
const NONE: u32 = u32::MAX;

impl Ranks {
    /// Ranks of a column; dates need none, as rows are given in order of time.
    pub fn new(store: &Store, column: SortColumn, lang: Lang) -> Self {
        let of = match column {
            SortColumn::Date | SortColumn::Claims => Of::Claims,
            SortColumn::Killed => Of::Tolls,
            SortColumn::Type => {
                let kinds = store.columns.kinds.all();
                Of::Kinds(dense(
                    kinds.iter().map(|k| Some((k.event_type, store.sub_types.get(u32::from(k.sub_type))))),
                ))
            }
            SortColumn::Place => {
                Of::Places(dense(store.places.iter().map(|place| some_text(place.names.get(lang)))))
            }
            SortColumn::Title => Of::Rows(titles(store, lang)),
        };
        Self { of }
    }

    fn of(&self, store: &Store, row: usize) -> u32 {
        let columns = &store.columns;
        let at = |ranks: &[u32], code: Option<usize>| {
            code.and_then(|code| ranks.get(code).copied()).unwrap_or(NONE)
        };
        match &self.of {
            Of::Kinds(ranks) => at(ranks, columns.kind.get(row).map(|kind| usize::from(*kind))),
            Of::Places(ranks) => at(ranks, columns.places.of(row).first().map(|place| *place as usize)),
            Of::Rows(ranks) => at(ranks, Some(row)),
            Of::Tolls => match columns.fatalities.best().get(row) {
                Some(&TollColumn::NONE) | None => NONE,
                Some(best) => *best,
            },
            Of::Claims => store.num_claims_of(crate::model::EventId::from_index(row)) as u32,
        }
    }

    /// Sorts rows by rank; of equal ones, the earlier in `rows` comes first. Rows without a value come
    /// last in either direction.
    pub fn sort(&self, store: &Store, rows: &Rows, descending: bool) -> Rows {
        let ids: Vec<u32> = rows.iter().map(|event| event.0).collect();
        let mut keyed: Vec<u64> = ids
            .par_iter()
            .with_min_len(1 << 14)
            .map(|row| u64::from(self.of(store, *row as usize)) << 32 | u64::from(*row))
            .collect();
        let rank = |keyed: &u64| (keyed >> 32) as u32;
        let greatest = keyed.iter().map(rank).filter(|rank| *rank != NONE).max().unwrap_or(0);
        for keyed in &mut keyed {
            let key = match rank(keyed) {
                NONE => u64::from(greatest) + 1,
                rank if descending => u64::from(greatest - rank),
                rank => u64::from(rank),
            };
            *keyed = key << 32 | u64::from(*keyed as u32);
        }
        radix_sort(&mut keyed, u64::from(greatest) + 1);
        Rows::from_vec(keyed.into_iter().map(|keyed| keyed as u32).collect())
    }
}

/// Sorts by the upper half of each number, which is at most `greatest`, keeping the order of equal
/// ones.
fn radix_sort(keyed: &mut Vec<u64>, greatest: u64) {
    const BITS: u32 = 11;
    const FEW: usize = 4096;
    if keyed.len() < FEW {
        keyed.sort_by_key(|keyed| keyed >> 32);
        return;
    }
    let mut other = vec![0u64; keyed.len()];
    let mut shift = 32;
    while shift < 64 && greatest >> (shift - 32) > 0 {
        let digit = |keyed: u64| (keyed >> shift) as usize & ((1 << BITS) - 1);
        let mut next = vec![0usize; 1 << BITS];
        for keyed in keyed.iter() {
            if let Some(count) = next.get_mut(digit(*keyed)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for next in &mut next {
            sum += std::mem::replace(next, sum);
        }
        for keyed in keyed.iter() {
            if let Some(next) = next.get_mut(digit(*keyed)) {
                if let Some(slot) = other.get_mut(*next) {
                    *slot = *keyed;
                }
                *next += 1;
            }
        }
        std::mem::swap(keyed, &mut other);
        shift += BITS;
    }
}

/// Ranks of values, counted without gaps; [`NONE`] for none.
fn dense<T: Ord>(values: impl Iterator<Item = Option<T>>) -> Vec<u32> {
    let values: Vec<Option<T>> = values.collect();
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let value = |at: u32| values.get(at as usize).and_then(Option::as_ref);
    order.sort_by(|a, b| value(*a).cmp(&value(*b)));
    let mut ranks = vec![NONE; values.len()];
    let (mut rank, mut last) = (0u32, None);
    for at in order {
        let Some(value) = value(at) else { continue };
        if last.is_some_and(|last| last != value) {
            rank += 1;
        }
        last = Some(value);
        if let Some(slot) = ranks.get_mut(at as usize) {
            *slot = rank;
        }
    }
    ranks
}

/// What a name is sorted by.
fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_lowercase())
}

/// Names of actors that the order of titles looks at.
const NAMES: usize = 3;
/// Bits of an actor's rank in the key of a title.
const NAME_BITS: u32 = 21;

/// Ranks of titles by row.
///
/// The title of a row of a flat dataset is made of its actors' names, so it is ranked by their ranks
/// and never spelled out: by the first three, where datasets have two.
fn titles(store: &Store, lang: Lang) -> Vec<u32> {
    let columns = &store.columns;
    let flat = store.details.len().min(columns.len())..columns.len();
    let names = dense(store.actors.iter().map(|actor| Some(actor.names.get(lang).to_lowercase())));
    let key = |row: usize| {
        let mut ids = columns.actors.of(row).iter();
        (0..NAMES).fold(0u64, |key, _| {
            let rank = ids.next().and_then(|id| names.get(*id as usize)).map_or(0, |rank| rank + 1);
            key << NAME_BITS | u64::from(rank.min((1 << NAME_BITS) - 1))
        })
    };
    // Rows with the same actors have the same title.
    let mut keyed: Vec<(u64, u32)> =
        flat.into_par_iter().map(|row| (key(row), row as u32)).filter(|(key, _)| *key != 0).collect();
    keyed.par_sort_unstable();
    let mut combined: Vec<(u64, u32)> = Vec::new();
    for (key, row) in &keyed {
        if combined.last().is_none_or(|(last, _)| last != key) {
            combined.push((*key, *row));
        }
    }
    // All other titles are told one by one.
    let told = |row: usize| -> Option<String> {
        match store.details.get(row) {
            Some(detail) => some_text(detail.titles.get(lang)),
            None if key(row) == 0 => some_text(sub_type(store, columns, row)),
            None => None,
        }
    };
    let mut loose: Vec<(String, u32)> = (0..columns.len())
        .into_par_iter()
        .with_min_len(1 << 14)
        .filter_map(|row| Some((told(row)?, row as u32)))
        .collect();
    loose.par_sort_unstable();
    merged(store, lang, &keyed, &combined, &loose)
}

fn sub_type<'a>(store: &'a Store, columns: &Columns, row: usize) -> &'a str {
    store.sub_types.get(u32::from(columns.kind_of(row).sub_type))
}

/// Ranks by row from two sorted lists: rows by key, each distinct key with one of its rows, and rows by
/// title.
fn merged(
    store: &Store,
    lang: Lang,
    keyed: &[(u64, u32)],
    combined: &[(u64, u32)],
    loose: &[(String, u32)],
) -> Vec<u32> {
    let joined = |row: u32| {
        let ids = store.columns.actors.of(row as usize).iter().take(NAMES);
        let names = ids.filter_map(|id| store.actors.get(*id as usize));
        names.map(|actor| actor.names.get(lang).to_lowercase()).collect::<Vec<String>>().join(" – ")
    };
    let mut ranks = vec![NONE; store.columns.len()];
    let mut set = |row: u32, rank: u32| {
        if let Some(slot) = ranks.get_mut(row as usize) {
            *slot = rank;
        }
    };
    // How many titles made of names come before each distinct other title.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Option<&str> = None;
    for (title, row) in loose {
        if last != Some(title) {
            before.push(combined.partition_point(|(_, row)| joined(*row) < *title));
            last = Some(title);
        }
        let smaller = before.last().copied().unwrap_or(0) + before.len() - 1;
        set(*row, smaller as u32);
    }
    let mut at = 0;
    let mut others = 0;
    for (key, row) in keyed {
        while combined.get(at).is_some_and(|(combined, _)| combined < key) {
            at += 1;
        }
        while before.get(others).is_some_and(|before| *before <= at) {
            others += 1;
        }
        set(*row, (at + others) as u32);
    }
    ranks
}
