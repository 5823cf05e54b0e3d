//! Whether and where a table has a header, and what its columns are called if it has none.

use super::{families, fold_name, synonyms};
use crate::io::import::values::{Axis, Forms, is_blank, wkt_point};
use crate::model::import::{Dialect, Sureness};

/// Rows before the header are looked at up to here: titles, dates of export, empty lines.
const MAX_BEFORE: usize = 30;
/// A name is no longer, in characters.
const MAX_NAME: usize = 80;

/// Where the names of the columns are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeaderLine {
    /// Which of the rows it is; `None` if there is none.
    pub row: Option<usize>,
    pub sureness: Sureness,
    /// Whether tags of the Humanitarian Exchange Language stand in the row below.
    pub has_tags: bool,
}

/// Finds the header among the first rows of a table.
pub fn header_line(rows: &[Vec<String>]) -> HeaderLine {
    let none = |sureness| HeaderLine { row: None, sureness, has_tags: false };
    if headerless(rows).is_some() {
        return none(Sureness::Certain);
    }
    // Rows of the table are as wide as most of them; a title is not.
    let width = rows.iter().map(|row| filled(row)).max().unwrap_or(0);
    let is_wide = |row: &[String]| filled(row) * 2 > width;
    for (at, row) in rows.iter().enumerate().take(MAX_BEFORE) {
        if !is_wide(row) {
            continue;
        }
        let below = rows.get(at + 1..).unwrap_or_default();
        if let Some(sureness) = is_header(row, below) {
            let has_tags = below.first().is_some_and(|row| is_tag_row(row));
            return HeaderLine { row: Some(at), sureness, has_tags };
        }
        // The first row of the table itself: what is below it is data.
        break;
    }
    none(Sureness::Guess)
}

/// Whether a row holds names of columns, and how sure that is; `None` if it does not. The rows below
/// help where no name is known.
pub fn is_header(row: &[String], below: &[Vec<String>]) -> Option<Sureness> {
    let cells: Vec<&str> = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    if cells.is_empty() || is_tag_row(row) {
        return None;
    }
    let names: Vec<String> = cells.iter().map(|cell| fold_name(cell)).collect();
    let known = names.iter().filter(|name| families::is_name(name) || synonyms::is_name(name)).count();
    let values = cells.iter().filter(|cell| is_value(cell)).count();
    let is_short = cells.iter().all(|cell| cell.chars().count() <= MAX_NAME && !cell.contains('\n'));
    if known >= 2 && known > values && is_short {
        return Some(if known * 2 >= names.len() { Sureness::Certain } else { Sureness::Share(0.9) });
    }
    if values > 0 || !is_short {
        return None;
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let is_unique = sorted.len() == names.len();
    // Names above numbers and dates.
    let has_values_below =
        below.iter().take(MAX_BEFORE).any(|row| row.iter().any(|cell| is_value(cell.trim())));
    if known > 0 && is_unique {
        return Some(Sureness::Share(0.8));
    }
    (is_unique && (has_values_below || below.is_empty())).then_some(if has_values_below {
        Sureness::Share(0.7)
    } else {
        Sureness::Guess
    })
}

/// Whether a row holds tags of the Humanitarian Exchange Language: `#date+start`, `#geo+lat`.
pub fn is_tag_row(row: &[String]) -> bool {
    let is_tag = |cell: &str| {
        cell.strip_prefix('#').is_some_and(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()))
            && cell.chars().all(|c| c.is_ascii_alphanumeric() || "#+_ -".contains(c))
    };
    let cells = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let (all, tags) = cells.fold((0, 0), |(all, tags), cell| (all + 1, tags + usize::from(is_tag(cell))));
    tags >= 2 && tags * 2 > all || (all == 1 && tags == 1 && row.len() == 1)
}

/// The family of rows that have no header, by their number and form, with the names of their columns.
pub fn headerless(rows: &[Vec<String>]) -> Option<(Dialect, Vec<String>)> {
    const MAX_ROWS: usize = 50;
    // Not all rows: one may be broken.
    let fits = |test: &dyn Fn(&[String]) -> bool| {
        let rows: Vec<_> = rows.iter().take(MAX_ROWS).filter(|row| filled(row) > 0).collect();
        let sound = rows.iter().filter(|row| test(row)).count();
        sound > 0 && sound * 2 > rows.len()
    };
    let cell = |row: &[String], at: usize| row.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
    let is_whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_day =
        |text: &str| text.len() == 8 && is_whole(text) && Forms::default().date(text.as_bytes()).is_ok();
    let is_moment = |text: &str| text.len() == 14 && is_whole(text);
    let is_ucdp = |row: &[String]| {
        row.len() == 49
            && is_whole(&cell(row, 0))
            && is_whole(&cell(row, 2))
            && wkt_point(&cell(row, 31)).is_ok()
    };
    let is_gdelt = |row: &[String], width: usize| {
        row.len() == width && is_whole(&cell(row, 0)) && is_day(&cell(row, 1)) && is_whole(&cell(row, 3))
    };
    let is_mention = |row: &[String]| {
        row.len() == 16 && is_whole(&cell(row, 0)) && is_moment(&cell(row, 1)) && is_moment(&cell(row, 2))
    };
    let found = if fits(&is_ucdp) {
        (Dialect::Ucdp, 49)
    } else if fits(&|row| is_gdelt(row, 61)) {
        (Dialect::Gdelt2, 61)
    } else if fits(&|row| is_gdelt(row, 58)) {
        (Dialect::Gdelt1, 58)
    } else if fits(&|row| is_gdelt(row, 57)) {
        (Dialect::Gdelt1, 57)
    } else if fits(&is_mention) {
        (Dialect::GdeltMentions, 16)
    } else {
        return None;
    };
    Some((found.0, families::names_of(found.0, found.1)?))
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// Whether a cell is a number, a date or a position: no name of a column.
fn is_value(cell: &str) -> bool {
    const LONGEST: usize = 60;
    let field = cell.as_bytes();
    if field.is_empty() || field.len() > LONGEST || is_blank(field) || !cell.chars().any(char::is_numeric) {
        return false;
    }
    let forms = Forms::default();
    // Years are names of columns in tables of counts, and these are no tables of events anyway.
    forms.number(field).is_ok()
        || forms.date(field).is_ok()
        || forms.degrees(field, Axis::Longitude).is_ok()
        || forms.pair(field).is_ok()
}
