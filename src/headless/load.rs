//! Cases for the command line: what the named files are, and the case that they hold.

use std::path::{Path, PathBuf};

use crate::io::import::open::not_events;
use crate::io::import::{Allowance, ImportError, Opened, open};
use crate::io::{self, Folder, Kind};
use crate::model::Problem;
use crate::model::import::{
    DateOrder, DecimalMark, Dialect, Encoding, Field, Header, Numbers, Remedy, Settings,
};
use crate::state::{AppState, Derived, OpenCase, Origin};
use crate::store::filter::Filter;
use crate::store::{DatasetId, Store};

/// The word for the case that is part of the program. A folder of this name is written `./mali`.
pub const BUILT_IN: &str = "mali";

/// Named files by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// What is opened first; `None` if nothing was named that can be.
    pub case: Option<CasePath>,
    /// What is opened beside it.
    pub more: Vec<CasePath>,
    /// Texts and folders of texts.
    pub texts: Vec<String>,
    /// Basemaps.
    pub maps: Vec<String>,
    /// What cannot be opened, with the reasons.
    pub refused: Vec<(String, String)>,
}

/// Where a case comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CasePath {
    BuiltIn,
    /// As named, and the folder of the case's files.
    Folder {
        named: String,
        root: PathBuf,
    },
    /// A table of events.
    Table(String),
}

impl CasePath {
    /// As the user would name it.
    pub fn name(&self) -> &str {
        match self {
            CasePath::BuiltIn => BUILT_IN,
            CasePath::Folder { named, .. } | CasePath::Table(named) => named,
        }
    }
}

/// Looks at each named file. An error if several cases are named: one can be open at a time, beside any
/// number of tables.
pub fn sort(files: &[String]) -> Result<Named, String> {
    let mut named = Named::default();
    for file in files {
        let kind = if file == BUILT_IN { None } else { Some(io::sniff(Path::new(file))) };
        let case = match kind {
            None => CasePath::BuiltIn,
            Some(Kind::CaseFolder) => CasePath::Folder { named: file.clone(), root: PathBuf::from(file) },
            Some(Kind::CaseJson) => {
                let root = Path::new(file).parent().unwrap_or(Path::new("")).to_owned();
                CasePath::Folder { named: file.clone(), root }
            }
            Some(Kind::Table) => CasePath::Table(file.clone()),
            Some(Kind::Folder | Kind::Text) => {
                named.texts.push(file.clone());
                continue;
            }
            Some(Kind::PmTiles) => {
                named.maps.push(file.clone());
                continue;
            }
            Some(Kind::Unknown(reason)) => {
                named.refused.push((file.clone(), reason));
                continue;
            }
        };
        let is_case = |path: &&CasePath| !matches!(path, CasePath::Table(_));
        let first = named.case.iter().chain(&named.more).find(is_case);
        if let Some(first) = first.filter(|_| is_case(&&case)) {
            return Err(format!(
                "two cases are named, {} and {}; one can be open at a time",
                first.name(),
                case.name()
            ));
        }
        match &named.case {
            None => named.case = Some(case),
            Some(_) => named.more.push(case),
        }
    }
    Ok(named)
}

/// A case read from files, with attached originals.
pub struct Loaded {
    pub store: Store,
    pub from: CasePath,
    /// What the user should know and is no problem of the case.
    pub notes: Vec<String>,
}

/// Why there is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The command line makes no sense.
    Usage(String),
    /// Nothing could be read: a line per reason.
    Nothing(Vec<String>),
}

/// How a file of events is read, where that is not as it is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<u8>,
    pub no_quotes: bool,
    pub header: Option<Header>,
    /// `Some(None)` for no dialect.
    pub dialect: Option<Option<Dialect>>,
    pub date_order: Option<DateOrder>,
    pub numbers: Option<Numbers>,
    pub decimal: Option<DecimalMark>,
    pub sheet: Option<String>,
    /// Columns by name, and what they are.
    pub columns: Vec<(String, Option<Field>)>,
    pub remedies: Vec<Remedy>,
    /// Also what unpacks to very much.
    pub large: bool,
}

impl Choices {
    /// The file with these settings. What makes columns comes first, so that their mapping is that of
    /// the columns that there are then.
    fn apply(&self, opened: Opened) -> Result<Opened, String> {
        let mut settings = opened.settings().clone();
        settings.encoding = self.encoding.unwrap_or(settings.encoding);
        settings.delimiter = self.delimiter.unwrap_or(settings.delimiter);
        settings.quotes &= !self.no_quotes;
        settings.header = self.header.unwrap_or(settings.header);
        if self.sheet.is_some() {
            settings.sheet.clone_from(&self.sheet);
        }
        settings.remedies.extend(&self.remedies);
        let opened = with(opened, &settings)?;
        let mut settings = opened.settings().clone();
        settings.dialect = self.dialect.unwrap_or(settings.dialect);
        let opened = with(opened, &settings)?;
        let mut settings = opened.settings().clone();
        for (name, field) in &self.columns {
            let columns = &opened.detected().columns;
            let at = columns.iter().position(|column| column == name).ok_or_else(|| {
                format!(
                    "“{}” has no column “{name}”; its columns are: {}.",
                    opened.name(),
                    columns.join(", ")
                )
            })?;
            if !matches!(field, None | Some(Field::Actors)) {
                settings.columns.iter_mut().filter(|known| *known == field).for_each(|known| *known = None);
            }
            if let Some(slot) = settings.columns.get_mut(at) {
                *slot = *field;
            }
        }
        let opened = with(opened, &settings)?;
        let mut settings = opened.settings().clone();
        settings.date_order = self.date_order.unwrap_or(settings.date_order);
        settings.numbers = self.numbers.unwrap_or(settings.numbers);
        settings.decimal = self.decimal.unwrap_or(settings.decimal);
        with(opened, &settings)
    }
}

fn with(opened: Opened, settings: &Settings) -> Result<Opened, String> {
    if opened.settings() == settings {
        return Ok(opened);
    }
    opened.with(settings, &io::unwatched).map_err(|err| sentence(&err))
}

fn sentence(err: &ImportError) -> String {
    let said = err.sentence().unwrap_or("Reading was stopped.");
    match err {
        ImportError::Large(_) => format!("{said} Name --large to read it all the same."),
        _ => said.to_owned(),
    }
}

/// Reads a file of events.
fn table(
    path: &str,
    choices: &Choices,
    in_time_order: bool,
    notes: &mut Vec<String>,
) -> Result<Store, String> {
    let allow = Allowance { large: choices.large };
    let opened = open(Path::new(path), allow, &io::unwatched).map_err(|err| sentence(&err))?;
    let opened = choices.apply(opened)?;
    let missing = opened.missing();
    if missing.len() > 1 {
        return Err(not_events(&opened));
    }
    if let [missing] = missing.as_slice() {
        notes.push(format!("“{}” has no column for {missing}; --map names one.", opened.name()));
    }
    let reading = io::Reading { in_time_order, progress: &io::unwatched, grown: None };
    Ok(opened.read(&reading).store)
}

/// Reads the case among the named files (the built-in one if no file is named) and attaches the
/// texts among them.
///
/// Rows of a table are put in order of time unless the caller only counts them (`in_time_order`).
pub fn load(
    files: &[String],
    documents: &[String],
    choices: &Choices,
    in_time_order: bool,
) -> Result<Loaded, LoadError> {
    let named = sort(files).map_err(LoadError::Usage)?;
    let mut notes: Vec<String> = named.refused.into_iter().map(|(_, reason)| reason).collect();
    notes.extend(named.maps.iter().map(|map| format!("“{map}” is a map; it holds no events.")));
    let from = match named.case {
        Some(case) => case,
        None if files.is_empty() => CasePath::BuiltIn,
        None => {
            notes.extend(named.texts.iter().map(|text| {
                format!("“{text}” holds no case; name the case beside it, as in `waqai info mali {text}`.")
            }));
            return Err(LoadError::Nothing(notes));
        }
    };
    let mut said = Vec::new();
    let mut read = |from: &CasePath| match from {
        CasePath::BuiltIn => Ok(Store::from_batch(io::read_case(&io::builtin::MALI, &io::unwatched))),
        CasePath::Folder { root, .. } => {
            Ok(Store::from_batch(io::read_case(&Folder::new(root), &io::unwatched)))
        }
        CasePath::Table(path) => table(path, choices, in_time_order, &mut said),
    };
    let mut opened: Option<Store> = None;
    for (number, path) in (0..).zip(std::iter::once(&from).chain(&named.more)) {
        match (read(path), opened.as_ref()) {
            (Ok(store), None) => opened = Some(store.numbered(DatasetId(number))),
            (Ok(store), Some(others)) => opened = Some(others.with_dataset(DatasetId(number), &store)),
            (Err(reason), _) => notes.push(reason),
        }
    }
    notes.append(&mut said);
    let Some(mut store) = opened else { return Err(LoadError::Nothing(notes)) };
    if store.documents.is_empty() && store.num_events() == 0 && !store.problems.is_empty() {
        notes.extend(store.problems.iter().map(Problem::to_string));
        return Err(LoadError::Nothing(notes));
    }
    let texts: Vec<PathBuf> = named.texts.iter().chain(documents).map(PathBuf::from).collect();
    if !texts.is_empty() {
        attach(&mut store, &texts, &mut notes);
    }
    Ok(Loaded { store, from, notes })
}

fn attach(store: &mut Store, texts: &[PathBuf], notes: &mut Vec<String>) {
    let found = io::match_originals(&store.documents, texts, &io::unwatched);
    let matched = found.matched.len();
    for (document, text, _) in found.matched {
        store.attach(document, text);
    }
    for (path, read) in found.unmatched {
        match read {
            // A folder may hold many other texts; only files that were named are worth a line each.
            Ok(_) if texts.contains(&path) => {
                notes.push(format!("“{}” is not the original of any document.", path.display()));
            }
            Ok(_) => {}
            Err(problem) => store.problems.push(problem),
        }
    }
    store.problems.extend(found.problems);
    if matched == 0 {
        notes.push("No text is the original of any document of the case.".to_owned());
    }
}

/// What the window would show of a case under a filter.
pub fn view(mut store: Store, from: &CasePath, filter: Filter) -> (AppState, Derived) {
    let origin = match from {
        CasePath::BuiltIn => Origin::BuiltIn,
        CasePath::Folder { named, .. } | CasePath::Table(named) => Origin::File(named.clone()),
    };
    store.index = store.index();
    let mut state = AppState { case: Some(OpenCase::whole(store, origin)), ..AppState::default() };
    state.view.filter = filter;
    let mut derived = Derived::default();
    derived.refresh_all(&state);
    (state, derived)
}
