//! How files of one shape are read, under a name that the user gave.

use std::collections::BTreeMap;

use super::{Detected, Field, Settings};

/// Settings under a name. Columns are known by their names, so that a file of the same kind whose
/// columns stand in another order is read the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMapping {
    pub name: String,
    /// Names of the columns of the file that it was made for, [folded](fold_column), in their order.
    pub shape: Vec<String>,
    /// What they are; the columns of `settings` are left empty.
    pub fields: BTreeMap<String, Field>,
    pub settings: Settings,
}

/// How well a saved mapping fits a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The file has all columns that are fields, and others.
    Fields,
    /// The file has the same columns.
    Shape,
}

/// A column's name without what differs between programs: case, blanks and signs.
pub fn fold_column(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl SavedMapping {
    /// The settings that a file is read with, under a name.
    pub fn new(name: &str, columns: &[String], settings: &Settings) -> Self {
        let shape: Vec<String> = columns.iter().map(|column| fold_column(column)).collect();
        let fields = shape.iter().zip(&settings.columns);
        let fields = fields.filter_map(|(name, field)| Some((name.clone(), (*field)?))).collect();
        let settings = Settings { columns: Vec::new(), sheet: None, ..settings.clone() };
        Self { name: name.to_owned(), shape, fields, settings }
    }

    /// Whether a file can be read so.
    pub fn fit(&self, detected: &Detected) -> Option<Fit> {
        if self.settings.format != detected.settings.format || self.fields.is_empty() {
            return None;
        }
        let columns: Vec<String> = detected.columns.iter().map(|column| fold_column(column)).collect();
        let mut sorted = (columns.clone(), self.shape.clone());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        if sorted.0 == sorted.1 {
            return Some(Fit::Shape);
        }
        self.fields.keys().all(|name| columns.contains(name)).then_some(Fit::Fields)
    }

    /// The settings for a file. What the bytes of the file say for themselves (sheet, encoding, where
    /// the header is) stays as it was detected.
    pub fn settings_for(&self, detected: &Detected) -> Settings {
        let mut taken = Vec::new();
        let columns = detected.columns.iter().map(|column| {
            let name = fold_column(column);
            let field = self.fields.get(&name).copied()?;
            // Of columns with one name the first counts.
            if taken.contains(&name) {
                return None;
            }
            taken.push(name);
            Some(field)
        });
        let columns = columns.collect();
        let Settings { sheet, encoding, delimiter, quotes, header, .. } = detected.settings.clone();
        Settings { columns, sheet, encoding, delimiter, quotes, header, ..self.settings.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(columns: &[&str]) -> Detected {
        Detected {
            settings: Settings::default(),
            evidence: Vec::new(),
            sheets: Vec::new(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            is_known: false,
        }
    }

    #[test]
    fn a_mapping_follows_its_columns() {
        let columns = ["Date of event".to_owned(), "Lat".to_owned(), "remark".to_owned()];
        let settings = Settings {
            columns: vec![Some(Field::Date), Some(Field::Latitude), None],
            date_order: super::super::DateOrder::MonthFirst,
            ..Settings::default()
        };
        let saved = SavedMapping::new("mine", &columns, &settings);
        assert_eq!(saved.fit(&detected(&["date_of_event", "LAT", "Remark"])), Some(Fit::Shape));
        let other = detected(&["x", "LAT", "DATE OF EVENT", "lat"]);
        assert_eq!(saved.fit(&other), Some(Fit::Fields));
        let settings = saved.settings_for(&other);
        assert_eq!(settings.columns, [None, Some(Field::Latitude), Some(Field::Date), None]);
        assert_eq!(settings.date_order, super::super::DateOrder::MonthFirst);
        assert_eq!(saved.fit(&detected(&["LAT"])), None);
    }

    #[test]
    fn names_fold_in_any_script() {
        assert_eq!(fold_column(" Event-Date_1"), "eventdate1");
        assert_eq!(fold_column("خط العرض"), "خطالعرض");
    }
}
