//! Saved ways to read files: one JSON object in the user's configuration folder.
//!
//! What another version of the program saved and this one does not know is left out of the list, and is
//! lost only when the list is written again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::io::files::{ReadError, read_file};
use crate::io::save::{SaveError, save_atomically};
use crate::model::import::{
    DateOrder, DecimalMark, Dialect, Encoding, Field, Format, Header, Numbers, Part, Remedy, SavedMapping,
    Settings,
};

const FILE_NAME: &str = "mappings.json";
const VERSION: u64 = 1;
const MAX_BYTES: u64 = 8 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct SavedFile {
    version: u64,
    mappings: Vec<serde_json::Value>,
}

/// The saved form of a mapping. Codes are those of the model.
#[derive(Serialize, Deserialize)]
struct SavedForm {
    name: String,
    /// Names of the columns, folded.
    columns: Vec<String>,
    /// Fields by the folded names of their columns.
    fields: BTreeMap<String, String>,
    format: String,
    #[serde(default)]
    dialect: Option<String>,
    encoding: String,
    delimiter: String,
    quotes: bool,
    /// Counted from 1; 0 for none.
    header_line: u32,
    date_order: String,
    numbers: String,
    decimal: String,
    keep_undated: bool,
    keep_unplaced: bool,
    #[serde(default)]
    remedies: BTreeSet<String>,
}

impl SavedForm {
    fn of(mapping: &SavedMapping) -> Self {
        let SavedMapping { name, shape, fields, settings } = mapping;
        let fields = fields.iter().map(|(column, field)| (column.clone(), field.code().to_owned()));
        Self {
            name: name.clone(),
            columns: shape.clone(),
            fields: fields.collect(),
            format: settings.format.code().to_owned(),
            dialect: settings.dialect.map(|dialect| dialect.code().to_owned()),
            encoding: settings.encoding.code().to_owned(),
            delimiter: char::from(settings.delimiter).to_string(),
            quotes: settings.quotes,
            header_line: match settings.header {
                Header::Line(line) => line.saturating_add(1),
                Header::None => 0,
            },
            date_order: settings.date_order.code().to_owned(),
            numbers: settings.numbers.code().to_owned(),
            decimal: settings.decimal.code().to_owned(),
            keep_undated: settings.keep.undated,
            keep_unplaced: settings.keep.unplaced,
            remedies: settings.remedies.iter().map(|remedy| remedy.code().to_owned()).collect(),
        }
    }

    /// `None` if it says what this version does not know.
    fn into_mapping(self) -> Option<SavedMapping> {
        let field = |(column, code): (String, String)| Some((column, Field::from_code(&code)?));
        let dialect = match self.dialect {
            Some(code) => Some(Dialect::from_code(&code)?),
            None => None,
        };
        let mut delimiter = self.delimiter.bytes();
        let settings = Settings {
            format: Format::from_code(&self.format)?,
            sheet: None,
            encoding: Encoding::from_code(&self.encoding)?,
            delimiter: delimiter.next()?,
            quotes: self.quotes,
            header: self.header_line.checked_sub(1).map_or(Header::None, Header::Line),
            dialect,
            date_order: DateOrder::from_code(&self.date_order)?,
            numbers: Numbers::from_code(&self.numbers)?,
            decimal: DecimalMark::from_code(&self.decimal)?,
            columns: Vec::new(),
            keep: Part { undated: self.keep_undated, unplaced: self.keep_unplaced },
            remedies: self.remedies.iter().map(|code| Remedy::from_code(code)).collect::<Option<_>>()?,
        };
        let fields = self.fields.into_iter().map(field).collect::<Option<_>>()?;
        Some(SavedMapping { name: self.name, shape: self.columns, fields, settings })
    }
}

/// The mappings saved in a folder; none if there is no such file. An error is a sentence.
pub fn load(folder: &Path) -> Result<Vec<SavedMapping>, String> {
    let path = folder.join(FILE_NAME);
    let bytes = match read_file(&path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => return Ok(Vec::new()),
        Err(err) => return Err(format!("the saved mappings cannot be read: {err} ({})", path.display())),
    };
    let file: SavedFile = serde_json::from_slice(&bytes)
        .map_err(|err| format!("the saved mappings cannot be read: {err} ({})", path.display()))?;
    let form = |value| serde_json::from_value::<SavedForm>(value).ok();
    Ok(file.mappings.into_iter().filter_map(form).filter_map(SavedForm::into_mapping).collect())
}

/// Writes the mappings into a folder, which is made if it is missing.
pub fn save(folder: &Path, mappings: &[SavedMapping]) -> Result<(), SaveError> {
    let path = folder.join(FILE_NAME);
    let named = |source| SaveError { path: path.clone(), source };
    std::fs::create_dir_all(folder).map_err(named)?;
    let forms = mappings.iter().map(|mapping| serde_json::to_value(SavedForm::of(mapping)));
    let mappings = forms.collect::<Result<_, _>>().map_err(|err| named(err.into()))?;
    save_atomically(&path, |out| {
        serde_json::to_writer_pretty(&mut *out, &SavedFile { version: VERSION, mappings })?;
        out.write_all(b"\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::TempFolder;

    #[test]
    fn mappings_come_back_and_unknown_ones_are_left_out() {
        let folder = TempFolder::new("mappings");
        assert_eq!(load(folder.path()), Ok(Vec::new()));
        let settings = Settings {
            columns: vec![Some(Field::Date), None, Some(Field::Place)],
            delimiter: b'\t',
            header: Header::None,
            dialect: Some(Dialect::Ucdp),
            remedies: BTreeSet::from([Remedy::SwapCoordinates]),
            ..Settings::default()
        };
        let columns = ["التاريخ", "x", "Lieu"].map(str::to_owned);
        let mappings = vec![
            SavedMapping::new("شهري", &columns, &settings),
            SavedMapping::new("plain", &columns, &Settings::default()),
        ];
        save(folder.path(), &mappings).expect("saved");
        assert_eq!(load(folder.path()), Ok(mappings));
        let path = folder.path().join(FILE_NAME);
        let text = std::fs::read_to_string(&path).expect("text").replace("\"ucdp\"", "\"newer\"");
        std::fs::write(&path, text).expect("written");
        assert_eq!(load(folder.path()).map(|found| found.len()), Ok(1));
        std::fs::write(&path, "{").expect("written");
        assert!(load(folder.path()).is_err_and(|reason| reason.contains("saved mappings")));
    }
}
