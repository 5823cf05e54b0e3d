//! Which family a table is of, and what its columns mean.
//!
//! Families are known by the names of their columns, whatever their case and order, or, where there is
//! no header, by the form of their rows. Columns of other tables are known by their names in several
//! languages, and where names say nothing by what is in them. A field goes to one column only: the one
//! whose name says it best; all others stay attributes. A code is never taken for a figure, because
//! only whole names count, not parts of them.

mod contents;
mod families;
mod header;
mod synonyms;

pub use header::{HeaderLine, header_line, headerless, is_header, is_tag_row};

use crate::model::import::{Dialect, Field};
use crate::store::fold::{FoldOptions, fold};

use super::grid::added;
use super::values::Look;

/// A name of a column without what differs between programs: case, accents, blanks, low lines,
/// hyphens, units in brackets, the spelling of Arabic letters and the Arabic article.
pub fn fold_name(name: &str) -> String {
    const LONGEST: usize = 200;
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
    let name = name.get(..end).unwrap_or_default().trim().trim_start_matches('\u{FEFF}');
    // `Latitude (deg)`, but not a name that is nothing but brackets.
    let bare =
        name.split(['(', '[']).next().filter(|bare| bare.chars().any(char::is_alphanumeric)).unwrap_or(name);
    let folded = fold(bare, FoldOptions::default());
    let mut plain = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric()) {
        let without_article = word.strip_prefix("ال").filter(|rest| rest.chars().count() >= 3);
        plain.push_str(without_article.unwrap_or(word));
    }
    plain
}

/// The family of a table, by its columns' names: with how many of them are the family's, and how many
/// names of the family are known.
pub fn dialect(columns: &[String]) -> Option<(Dialect, usize, usize)> {
    families::of_names(&columns.iter().map(|name| fold_name(name)).collect::<Vec<_>>())
}

/// What each column is. `looks` tells what is in the columns as far as that is known; it may be shorter
/// than `columns`, or empty.
pub fn mapping(columns: &[String], dialect: Option<Dialect>, looks: &[Option<Look>]) -> Vec<Option<Field>> {
    // What readers add is no name of the file's own.
    let plain = |name: &String| if name.starts_with('@') { name.clone() } else { fold_name(name) };
    let names: Vec<String> = columns.iter().map(plain).collect();
    let mut mapping = Mapping { columns: vec![None; columns.len()] };
    if dialect == Some(Dialect::Waqai) {
        // This program writes all of an event into columns; geometry and markup only repeat them.
        families::map(Dialect::Waqai, &names, &mut mapping);
        return mapping.columns;
    }
    // What readers of geometry and markup add is surer than what the file's own columns seem to be.
    let of_reader = [
        (added::LATITUDE, Field::Latitude),
        (added::LONGITUDE, Field::Longitude),
        (added::BEGIN, Field::Date),
        (added::END, Field::DateEnd),
        (added::ID, Field::Id),
        (added::NAME, Field::Title),
        (added::DESCRIPTION, Field::Notes),
    ];
    let is_words = |field| matches!(field, Field::Id | Field::Title | Field::Notes);
    let give = |mapping: &mut Mapping, words: bool| {
        for (name, field) in of_reader.iter().filter(|(_, field)| is_words(*field) == words) {
            mapping.give(columns.iter().position(|column| column == name), *field);
        }
    };
    give(&mut mapping, false);
    if let Some(dialect) = dialect {
        // The family knows better which of its columns is the id and which the text.
        families::map(dialect, &names, &mut mapping);
    }
    give(&mut mapping, true);
    match dialect {
        Some(_) => {}
        None => {
            synonyms::map(&names, looks, &mut mapping);
            contents::map(columns, looks, &mut mapping);
        }
    }
    mapping.tidy();
    mapping.columns
}

/// What each column is by the tags of the Humanitarian Exchange Language (`#date+start`, `#geo+lat`) that
/// stand in the row below the header; see [`is_tag_row`].
pub fn mapping_of_tags(tags: &[String]) -> Vec<Option<Field>> {
    let mut mapping = Mapping { columns: vec![None; tags.len()] };
    synonyms::map_tags(tags, &mut mapping);
    mapping.tidy();
    mapping.columns
}

/// Fields given to columns so far.
struct Mapping {
    columns: Vec<Option<Field>>,
}

impl Mapping {
    fn has(&self, field: Field) -> bool {
        self.columns.contains(&Some(field))
    }

    fn is_free(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Option::is_none)
    }

    /// Gives a field to a column, if neither is given yet.
    fn give(&mut self, column: Option<usize>, field: Field) {
        if let Some(at) = column
            && self.is_free(at)
            && !self.has(field)
            && let Some(place) = self.columns.get_mut(at)
        {
            *place = Some(field);
        }
    }

    fn take(&mut self, field: Field) {
        for column in self.columns.iter_mut().filter(|column| **column == Some(field)) {
            *column = None;
        }
    }

    /// Takes fields away that say nothing beside others or without them.
    fn tidy(&mut self) {
        if self.has(Field::Date) || !self.has(Field::Year) {
            for field in [Field::Year, Field::Month, Field::Day] {
                self.take(field);
            }
        }
        if self.has(Field::Latitude) && self.has(Field::Longitude) {
            self.take(Field::Coordinates);
        }
    }
}

#[cfg(test)]
mod tests;
