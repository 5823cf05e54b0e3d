//! What columns are whose names say nothing, by what is in them.

use super::{Mapping, fold_name};
use crate::io::import::values::Look;
use crate::model::import::Field;

/// Nearly all values, so that some bad ones do not count.
const NEARLY_ALL: f32 = 0.9;

/// Gives a date and a place to columns that hold such, where no name did.
pub fn map(columns: &[String], looks: &[Option<Look>], mapping: &mut Mapping) {
    let all: Vec<(usize, &Look)> = looks
        .iter()
        .take(columns.len())
        .enumerate()
        .filter_map(|(at, look)| Some((at, look.as_ref()?)))
        .filter(|(_, look)| look.rows() > look.blanks())
        .collect();
    let has_date = mapping.has(Field::Date) || mapping.has(Field::Year);
    if !has_date {
        let is_date = |(at, look): &&(usize, &Look)| mapping.is_free(*at) && look.date_share() >= NEARLY_ALL;
        // A column that says when the row was written is the last choice.
        let is_edit = |at: usize| {
            let name = columns.get(at).map(|name| fold_name(name)).unwrap_or_default();
            ["updat", "modif", "creat", "insert", "upload", "import", "edit", "entry"]
                .iter()
                .any(|part| name.contains(part))
        };
        let dates: Vec<usize> = all.iter().filter(is_date).map(|(at, _)| *at).collect();
        let best = dates.iter().find(|at| !is_edit(**at)).or(dates.first());
        mapping.give(best.copied(), Field::Date);
    }
    if mapping.has(Field::Latitude) || mapping.has(Field::Longitude) || mapping.has(Field::Coordinates) {
        return;
    }
    let is_degrees = |at: usize, look: &Look| {
        mapping.is_free(at)
            && look.fraction_share() >= NEARLY_ALL
            && look.longitude_share() >= NEARLY_ALL
            && look.distinct() > 1
    };
    let degrees: Vec<(usize, bool)> = all
        .iter()
        .filter(|(at, look)| is_degrees(*at, look))
        .map(|(at, look)| (*at, look.latitude_share() >= NEARLY_ALL))
        .collect();
    // Two columns side by side, and no third one that could be meant as well.
    let found = match degrees.as_slice() {
        [(a, true), (b, _)] if b - a == 1 => Some((*a, *b)),
        [(a, false), (b, true)] if b - a == 1 => Some((*b, *a)),
        _ => None,
    };
    if let Some((lat, lon)) = found {
        mapping.give(Some(lat), Field::Latitude);
        mapping.give(Some(lon), Field::Longitude);
        return;
    }
    let pairs = all.iter().find(|(at, look)| mapping.is_free(*at) && look.pair_share() >= NEARLY_ALL);
    mapping.give(pairs.map(|(at, _)| *at), Field::Coordinates);
}
