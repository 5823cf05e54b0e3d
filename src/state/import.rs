//! Files that are about to be read, and how they were told to be read.
//!
//! A file whose format is known is read at once. Any other waits here until the user has looked at what
//! would come of it: one [`ImportDraft`] is shown in the import dialog, further ones wait for their turn.
//! What a draft shows is made elsewhere from its settings; each change of them is a new
//! [wish](ImportDraft::wish), and what answers an older one is not taken.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::model::import::{
    CodeGroup, DateOrder, DecimalMark, Detected, Dialect, Encoding, Field, Header, Numbers, Part, PreviewRow,
    Remedy, Report, SavedMapping, Settings,
};
use crate::store::DatasetId;
use crate::store::sketch::Sketch;
use crate::store::table::Records;

/// Everything about files that are not read yet, and the ways to read them that the user saved.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    /// The file in the dialog.
    pub draft: Option<Box<ImportDraft>>,
    /// Files that wait for their turn.
    pub waiting: VecDeque<Box<ImportDraft>>,
    /// Files that would take much memory: path, and what it takes.
    pub large: VecDeque<(String, String)>,
    pub saved: Vec<SavedMapping>,
    /// How codes of dialects are read, as far as somebody asked.
    pub codes: BTreeMap<Option<Dialect>, Arc<Vec<CodeGroup>>>,
}

/// A file and how it would be read.
#[derive(Clone, Debug)]
pub struct ImportDraft {
    /// The number under which jobs keep the open file.
    pub file: u64,
    pub path: String,
    /// As the user would name it.
    pub name: String,
    pub bytes: u64,
    /// What was found out; evidence, sheets and columns are those of the present settings as soon as
    /// these were tried.
    pub detected: Detected,
    /// As the file was first understood.
    pub first: Settings,
    /// What it is to be read with.
    pub settings: Settings,
    /// First rows and rows with problems.
    pub preview: Arc<Vec<PreviewRow>>,
    /// Grows with every change of the settings.
    pub wish: u64,
    /// The last finished count of the whole file; of older settings if its wish is older.
    pub counted: Option<Counted>,
    /// Rows counted so far, and about how many there are.
    pub progress: Option<(u64, u64)>,
    /// Why these settings make nothing of the file, as a sentence.
    pub failure: Option<String>,
    /// The dataset that is read anew.
    pub replaces: Option<DatasetId>,
    /// The name of the saved mapping that is used.
    pub saved: Option<String>,
}

/// What came of reading a file for trial.
#[derive(Clone, Debug)]
pub struct Counted {
    pub wish: u64,
    pub report: Arc<Report>,
    pub sketch: Arc<Sketch>,
    pub seconds: f64,
    /// The rows as they stand in the file.
    pub records: Arc<dyn Records>,
}

impl ImportDraft {
    /// Whether what is shown belongs to the present settings.
    pub fn is_counted(&self) -> bool {
        self.counted.as_ref().is_some_and(|counted| counted.wish == self.wish)
    }

    /// The field of a column.
    pub fn field_of(&self, column: usize) -> Option<Field> {
        self.settings.columns.get(column).copied().flatten()
    }
}

/// What the user asks for about files that are read or to be read.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportCommand {
    /// Changes how the file in the dialog is read.
    Change(ImportChange),
    /// Reads the file in the dialog; the settings are saved under a name if there is one.
    Read {
        remember: Option<String>,
    },
    /// Opens the dialog for a dataset that is open.
    Edit(DatasetId),
    /// Reads a dataset anew with a remedy, or without it.
    Remedy {
        dataset: DatasetId,
        remedy: Remedy,
        on: bool,
    },
    /// A large file is to be opened all the same, or not.
    Large {
        path: String,
        open: bool,
    },
    RenameSaved {
        from: String,
        to: String,
    },
    ForgetSaved(String),
    /// Asks how the codes of a dialect are read.
    Codes(Option<Dialect>),
    /// Writes a report: of a dataset, or of the file in the dialog; `None` asks for a path.
    ExportReport {
        dataset: Option<DatasetId>,
        form: ReportForm,
        path: Option<String>,
    },
}

/// One change of how a file is read.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportChange {
    Sheet(String),
    Encoding(Encoding),
    Delimiter(u8),
    Quotes(bool),
    Header(Header),
    Dialect(Option<Dialect>),
    DateOrder(DateOrder),
    Numbers(Numbers),
    Decimal(DecimalMark),
    /// What a column is. A column that was this field before is an attribute then.
    Column(usize, Option<Field>),
    Keep(Part),
    Remedy(Remedy, bool),
    /// Everything as a saved mapping has it.
    Saved(String),
    /// Everything as it was first understood.
    Detected,
}

/// The form that a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    Csv,
    Json,
}

impl ReportForm {
    pub fn extension(self) -> &'static str {
        match self {
            ReportForm::Csv => "csv",
            ReportForm::Json => "json",
        }
    }
}

/// What jobs bring back about files.
#[derive(Clone, Debug)]
pub enum ImportIncoming {
    /// A file was looked at and waits to be told how to be read.
    Examined(Box<ImportDraft>),
    /// What the settings of a wish make of the file's first rows.
    Tried {
        file: u64,
        wish: u64,
        detected: Detected,
        preview: Arc<Vec<PreviewRow>>,
    },
    Counting {
        file: u64,
        wish: u64,
        rows: u64,
        total: u64,
    },
    Counted {
        file: u64,
        counted: Counted,
    },
    /// The settings of a wish make nothing of the file.
    Failed {
        file: u64,
        wish: u64,
        reason: String,
    },
    /// The file takes much memory; one sentence that says how much.
    Large {
        path: String,
        sentence: String,
    },
    Saved(Vec<SavedMapping>),
    Codes(Option<Dialect>, Arc<Vec<CodeGroup>>),
}

/// What is to be done about files outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportEffect {
    /// Tries settings on the whole file. Only the last wish of a file counts. `anew` forgets what was
    /// chosen before.
    Count {
        file: u64,
        wish: u64,
        settings: Box<Settings>,
        anew: bool,
    },
    /// Reads a file.
    Read {
        file: u64,
        settings: Box<Settings>,
        replaces: Option<DatasetId>,
    },
    /// The file is not looked at any more.
    Forget {
        file: u64,
    },
    /// Opens a file whatever memory it takes.
    OpenLarge(String),
    /// Looks at the file of an open dataset again, as it was read.
    Edit {
        dataset: DatasetId,
        path: String,
        settings: Box<Settings>,
    },
    /// Reads a file as it was read before, as a further dataset.
    ReadNew {
        path: String,
        settings: Box<Settings>,
    },
    /// Reads the file of an open dataset again.
    ReadAgain {
        dataset: DatasetId,
        path: String,
        settings: Box<Settings>,
    },
    SaveMappings(Vec<SavedMapping>),
    Codes(Option<Dialect>),
    AskReport {
        report: Arc<Report>,
        form: ReportForm,
    },
    WriteReport {
        report: Arc<Report>,
        form: ReportForm,
        path: String,
    },
}
