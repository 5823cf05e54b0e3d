//! How a flat dataset was read: what its columns are to the program.

use super::columns::Column;
use super::layout::RESERVED;
use crate::model::import::{Dialect, Field};
use crate::store::Table;

/// Columns of a dataset's file, and what they are.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub dialect: Option<Dialect>,
    /// Names and fields, in order of the file.
    pub columns: Vec<(String, Option<Field>)>,
}

impl Source {
    pub fn of(table: &Table) -> Self {
        let settings = &table.report.detected.settings;
        let field = |at: usize| settings.columns.get(at).copied().flatten();
        let header = table.records.header().iter().enumerate();
        Self {
            dialect: settings.dialect,
            columns: header.map(|(at, name)| (name.clone(), field(at))).collect(),
        }
    }

    /// The first column that is a field.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|(_, known)| *known == Some(field))
    }

    /// Whether this program wrote the file.
    pub fn is_own(&self) -> bool {
        self.dialect == Some(Dialect::Waqai)
    }

    /// Whether a column of a file of this program only repeats what others say: it will be written anew.
    pub fn is_repeated(&self, name: &str) -> bool {
        let is_made = || RESERVED.contains(&name.to_lowercase().as_str());
        self.is_own() && (name.starts_with('@') || Column::of_name(name).is_some() || is_made())
    }
}
