//! A file of events before it is read: what was found out about it, and what may be chosen.
//!
//! [`open`] looks at a file and detects how it is to be read; [`Opened::with`] is the same file with
//! other settings; [`Opened::preview`] shows some rows and [`Opened::read`] reads all. What a setting
//! does not touch is not done again: a file is decoded, unpacked and cut only as often as a setting
//! of that step changes. An `Opened` is cheap to clone and can be used by several threads.

use std::path::Path;
use std::sync::Arc;

use crate::io::mapped::Mapped;
use crate::io::sniff;
use crate::io::table::{self, Imported, MAX_FIELDS, Marks, Observed, Places, Reading, Source};
use crate::io::{Continue, Progress};
use crate::model::import::{
    DateOrder, DecimalMark, Detected, Dialect, Encoding, Evidence, Field, Finding, Format, Header, Issue,
    Numbers, PreviewRow, Remedy, Setting, Settings, Sureness,
};
use crate::model::report::shorten;
use crate::store::Store;

use super::delimited::{self, Record};
use super::values::{Example, Look};
use super::{Allowance, Grid, ImportError, encoding, formats, recognise};

/// Told how far unpacking has come; the answer can stop it.
pub type Watch<'a> = &'a (dyn Fn(Progress) -> Continue + Sync);

/// Records at the beginning of a text that are looked at for its header.
const HEAD_RECORDS: usize = 60;
/// How much of a text is looked at to tell columns by their values.
const SAMPLE_BYTES: usize = 256 << 10;

/// A file that was looked at.
#[derive(Clone, Debug)]
pub struct Opened {
    allow: Allowance,
    file: Arc<Mapped>,
    text: Text,
    source: Arc<Source>,
    detected: Detected,
    /// The events of annotated documents, which are no rows.
    case: Option<Arc<Store>>,
}

/// What a file holds as text, before it is cut.
#[derive(Clone, Debug)]
enum Text {
    Plain { encoding: Encoding, undone: bool, text: Arc<Mapped> },
    Unpacked { sheet: Option<String>, undone: bool, text: Arc<Mapped>, grid: Arc<Grid>, has_bare_rows: bool },
}

/// What is chosen; the rest is detected.
#[derive(Clone, Debug, Default)]
struct Chosen {
    format: Option<Format>,
    sheet: Option<String>,
    encoding: Option<Encoding>,
    delimiter: Option<u8>,
    quotes: Option<bool>,
    header: Option<Header>,
    /// `Some(None)` for no dialect.
    dialect: Option<Option<Dialect>>,
    dates: Option<(DateOrder, Numbers)>,
    decimal: Option<DecimalMark>,
    /// Of columns with these names.
    columns: Option<(Vec<String>, Vec<Option<Field>>)>,
}

/// Looks at a file. Container formats are unpacked, of which `watch` is told.
pub fn open(path: &Path, allow: Allowance, watch: Watch<'_>) -> Result<Opened, ImportError> {
    let name = name_of(path);
    let cannot =
        |err: &dyn std::fmt::Display| ImportError::Cannot(format!("“{name}” cannot be opened: {err}."));
    let file = Arc::new(Mapped::open(path).map_err(|err| cannot(&err))?);
    if matches!(file.bytes(), [] | [0xEF, 0xBB, 0xBF] | [0xFF, 0xFE] | [0xFE, 0xFF]) {
        return Err(ImportError::Cannot(format!("“{name}” is empty.")));
    }
    let head = file.bytes().get(..file.bytes().len().min(sniff::HEAD_BYTES)).unwrap_or_default();
    let mut format = sniff::format(&name, head).unwrap_or(Format::Delimited);
    if head.starts_with(b"PK\x03\x04") {
        // What is first in an archive need not tell what it is.
        format = formats::of_archive(&name, file.bytes(), allow)?.ok_or_else(|| {
            ImportError::Cannot(format!("“{name}” is an archive, but neither a workbook nor a KMZ file."))
        })?;
    }
    let opening = Opening { name: &name, path: &path.display().to_string(), allow, watch };
    let settings = Settings { format, ..Settings::default() };
    let path = path.display().to_string();
    let asked = formats::Ask { path: &path, name: &name, bytes: file.bytes(), sheet: None, allow, watch };
    if let Some(batch) = formats::annotated(format, &asked)? {
        return Ok(opening.annotated(&file, Store::from_batch(batch), settings));
    }
    opening.detect(&file, None, &Chosen::default(), &settings)
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

impl Opened {
    pub fn detected(&self) -> &Detected {
        &self.detected
    }

    pub fn settings(&self) -> &Settings {
        &self.detected.settings
    }

    /// As the user would name it.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    pub fn path(&self) -> &str {
        &self.source.path
    }

    /// What a table of events needs and no column gives, as English phrases. Such a file can be read,
    /// but all its rows are undated, unplaced or no events.
    pub fn missing(&self) -> Vec<&'static str> {
        if self.case.is_some() {
            return Vec::new();
        }
        let settings = self.settings();
        let has = |fields: &[Field]| fields.iter().any(|field| settings.column_of(*field).is_some());
        let mut missing = Vec::new();
        if !has(&[Field::Date, Field::DateEnd, Field::Year]) {
            missing.push("a date");
        }
        let both = has(&[Field::Latitude]) && has(&[Field::Longitude]);
        if !both && !has(&[Field::Coordinates, Field::Place, Field::Admin1, Field::Country]) {
            missing.push("a place");
        }
        missing
    }

    /// The same file with other settings. What depends on a changed setting and was not chosen before
    /// is detected anew: another encoding or header makes other columns, which map themselves again.
    pub fn with(&self, settings: &Settings, watch: Watch<'_>) -> Result<Opened, ImportError> {
        let old = &self.detected;
        let was_chosen = |setting: Setting| {
            old.evidence_of(setting).is_some_and(|evidence| evidence.sureness == Sureness::Chosen)
        };
        fn pick<T: PartialEq + Clone>(new: &T, old: &T, was_chosen: bool) -> Option<T> {
            (was_chosen || new != old).then(|| new.clone())
        }
        let before = &old.settings;
        let mapping_chosen = (0..old.columns.len()).any(|at| was_chosen(Setting::Column(at)));
        let same_dialect = settings.dialect == before.dialect;
        let chosen = Chosen {
            format: pick(&settings.format, &before.format, was_chosen(Setting::Format)),
            sheet: pick(&settings.sheet, &before.sheet, was_chosen(Setting::Sheet)).flatten(),
            encoding: pick(&settings.encoding, &before.encoding, was_chosen(Setting::Encoding)),
            delimiter: pick(&settings.delimiter, &before.delimiter, was_chosen(Setting::Delimiter)),
            quotes: pick(&settings.quotes, &before.quotes, was_chosen(Setting::Delimiter)),
            header: pick(&settings.header, &before.header, was_chosen(Setting::Header)),
            dialect: pick(&settings.dialect, &before.dialect, was_chosen(Setting::Dialect)),
            dates: pick(
                &(settings.date_order, settings.numbers),
                &(before.date_order, before.numbers),
                was_chosen(Setting::Dates),
            ),
            decimal: pick(&settings.decimal, &before.decimal, was_chosen(Setting::Decimal)),
            columns: pick(&settings.columns, &before.columns, mapping_chosen && same_dialect)
                .map(|columns| (old.columns.clone(), columns)),
        };
        if self.case.is_some() {
            return Ok(self.clone());
        }
        let opening = Opening { name: self.name(), path: self.path(), allow: self.allow, watch };
        opening.detect(&self.file, Some(self), &chosen, settings)
    }

    /// The first `n` rows, and of those behind them the first `n` (of the file's beginning) that lose
    /// something. `settings` are those of this file but for what concerns single rows: mapping, forms of
    /// dates and numbers, remedies; others need [`Opened::with`].
    pub fn preview(&self, settings: &Settings, n: usize) -> Vec<PreviewRow> {
        table::preview_rows(&self.source, settings, table::is_order_known(&self.detected), n)
    }

    /// The row whose record begins at an offset, as a finding names it.
    pub fn row_at(&self, offset: u64) -> Option<PreviewRow> {
        table::row_at(&self.source, self.settings(), offset)
    }

    /// Reads all rows, with the settings of this file. The events of annotated documents are a case
    /// without tables.
    pub fn read(&self, reading: &Reading<'_>) -> Imported {
        if let Some(case) = &self.case {
            let store = Store::clone(case);
            let undated = store.events().filter(|event| store.interval(*event).is_unknown()).count() as u64;
            let unplaced = store.events().filter(|event| store.position(*event).is_none()).count() as u64;
            let events = store.num_events() as u64;
            let mut report = table::report(&self.source, &self.detected);
            (report.rows, report.events) = (events, events);
            (report.undated, report.unplaced) = (undated, unplaced);
            return Imported { store, report: Arc::new(report) };
        }
        table::read(&self.source, &self.detected, reading)
    }
}

/// What the steps of detection need to know.
struct Opening<'a> {
    name: &'a str,
    path: &'a str,
    allow: Allowance,
    watch: Watch<'a>,
}

/// Settings with the reasons for them, as they are found one after the other.
#[derive(Default)]
struct Reasons(Vec<Evidence>);

impl Reasons {
    fn add(&mut self, setting: Setting, sureness: Sureness, why: impl Into<String>) {
        self.0.push(Evidence { setting, sureness, why: why.into() });
    }

    fn chosen(&mut self, setting: Setting) {
        self.add(setting, Sureness::Chosen, "chosen");
    }
}

impl Opening<'_> {
    /// Annotated documents, whose settings are nothing to choose.
    fn annotated(&self, file: &Arc<Mapped>, store: Store, settings: Settings) -> Opened {
        let text = Arc::new(Mapped::from_bytes(Vec::new()));
        let mut reasons = Reasons::default();
        reasons.add(Setting::Format, Sureness::Certain, "its first bytes and its ending");
        let evidence = reasons.0;
        Opened {
            allow: self.allow,
            file: file.clone(),
            source: Arc::new(self.source(file, &text, None)),
            text: Text::Plain { encoding: Encoding::Utf8, undone: false, text },
            detected: Detected {
                settings,
                evidence,
                sheets: Vec::new(),
                columns: Vec::new(),
                is_known: true,
            },
            case: Some(Arc::new(store)),
        }
    }

    /// A source that is not cut yet.
    fn source(&self, file: &Mapped, text: &Arc<Mapped>, grid: Option<&Arc<Grid>>) -> Source {
        Source {
            name: self.name.to_owned(),
            path: self.path.to_owned(),
            text: text.clone(),
            marks: Marks { delimiter: b',', terminator: b'\n', quotes: true },
            columns: Vec::new(),
            start: 0,
            places: grid.map_or(Places::Lines, |grid| Places::Rows(grid.clone())),
            findings: grid.map_or_else(Vec::new, |grid| grid.findings.clone()),
            cut_short: grid.and_then(|grid| grid.cut_short.clone()),
            file_bytes: file.bytes().len() as u64,
        }
    }

    /// Detects what is not chosen. `settings` give the format, the sheet, and what only concerns rows.
    fn detect(
        &self,
        file: &Arc<Mapped>,
        old: Option<&Opened>,
        chosen: &Chosen,
        settings: &Settings,
    ) -> Result<Opened, ImportError> {
        let mut reasons = Reasons::default();
        let format = chosen.format.unwrap_or(settings.format);
        match chosen.format {
            Some(_) => reasons.chosen(Setting::Format),
            None => reasons.add(Setting::Format, Sureness::Certain, "its first bytes and its ending"),
        }
        let mut found = Settings {
            format,
            keep: settings.keep,
            remedies: settings.remedies.clone(),
            ..Settings::default()
        };
        let mut sheets = Vec::new();
        let old = old.filter(|old| old.settings().format == format);
        let undone = settings.has(Remedy::UndoDoubleEncoding);
        let text = if format == Format::Delimited {
            self.plain(file, old, chosen, undone, &mut found, &mut reasons)?
        } else {
            self.unpacked(file, old, chosen, undone, &mut found, &mut sheets, &mut reasons)?
        };
        let source = self.cut(file, &text, chosen, &mut found, &mut reasons)?;
        self.map(&source, chosen, &mut found, &mut reasons);
        let columns = source.columns.clone();
        let is_markup = matches!(format, Format::Kml | Format::Kmz | Format::Gpx | Format::TimeMap);
        let mut opened = Opened {
            allow: self.allow,
            file: file.clone(),
            text,
            source: Arc::new(source),
            detected: Detected { settings: found, evidence: reasons.0, sheets, columns, is_known: false },
            case: None,
        };
        let has_meaning = opened.settings().dialect.is_some() || is_markup;
        opened.detected.is_known = has_meaning && opened.missing().is_empty();
        Ok(opened)
    }

    fn plain(
        &self,
        file: &Arc<Mapped>,
        old: Option<&Opened>,
        chosen: &Chosen,
        undo: bool,
        found: &mut Settings,
        reasons: &mut Reasons,
    ) -> Result<Text, ImportError> {
        let kept = old.and_then(|old| old.detected.evidence_of(Setting::Encoding)).cloned();
        found.encoding = match (chosen.encoding, old) {
            (Some(encoding), _) => {
                reasons.chosen(Setting::Encoding);
                encoding
            }
            (None, Some(old)) => {
                reasons.0.extend(kept);
                old.settings().encoding
            }
            (None, None) => {
                let guess = encoding::detect(file.bytes());
                reasons.add(Setting::Encoding, guess.sureness, guess.why);
                guess.encoding
            }
        };
        if let Some(Text::Plain { encoding, undone, .. }) = old.map(|old| &old.text)
            && *encoding == found.encoding
            && *undone == undo
            && let Some(old) = old
        {
            return Ok(old.text.clone());
        }
        let too_large = file.bytes().len() as u64 > crate::io::files::MAX_FILE_BYTES;
        if too_large && (found.encoding != Encoding::Utf8 || undo) {
            return Err(ImportError::Cannot(format!(
                "“{}” is {} and too large for it; save it as UTF-8 and open it again.",
                self.name,
                found.encoding.code()
            )));
        }
        let decoded = encoding::decode(file.bytes(), found.encoding, undo);
        let text = decoded.map_or_else(|| file.clone(), |text| Arc::new(Mapped::from_bytes(text)));
        Ok(Text::Plain { encoding: found.encoding, undone: undo, text })
    }

    #[allow(clippy::too_many_arguments)]
    fn unpacked(
        &self,
        file: &Arc<Mapped>,
        old: Option<&Opened>,
        chosen: &Chosen,
        undo: bool,
        found: &mut Settings,
        sheets: &mut Vec<(String, Option<u64>)>,
        reasons: &mut Reasons,
    ) -> Result<Text, ImportError> {
        let format = found.format;
        let wanted = chosen.sheet.clone().or_else(|| old.and_then(|old| old.settings().sheet.clone()));
        let asked = formats::Ask {
            path: self.path,
            name: self.name,
            bytes: file.bytes(),
            sheet: wanted.as_deref(),
            allow: self.allow,
            watch: self.watch,
        };
        match old {
            Some(old) => sheets.clone_from(&old.detected.sheets),
            None => *sheets = formats::sheets(format, &asked)?,
        }
        if chosen.sheet.is_some() {
            reasons.chosen(Setting::Sheet);
        }
        if let Some(kept) = old.map(|old| &old.text)
            && let Text::Unpacked { sheet, undone, .. } = kept
            && *sheet == wanted
            && *undone == undo
        {
            found.sheet.clone_from(sheet);
            return Ok(kept.clone());
        }
        let mut unpacked = formats::read(format, &asked, sheets)?;
        if unpacked.grid.rows.is_empty()
            && let Some((_, first)) =
                unpacked.grid.findings.iter().find(|(issue, _)| *issue == Issue::BrokenPart)
        {
            // The value of a broken part of JSON is its text, that of others the reason.
            let is_json = matches!(format, Format::Json | Format::GeoJson | Format::TimeMap);
            let why = if is_json { String::new() } else { format!(": {}", first.value) };
            let name = self.name;
            return Err(ImportError::Cannot(format!(
                "“{name}” holds nothing that can be read: {}{why}.",
                first.at
            )));
        }
        let sheet = unpacked.sheet.take();
        found.sheet = sheet.or(wanted);
        if undo {
            undo_double(&mut unpacked.grid);
        }
        let text = Arc::new(Mapped::from_bytes(std::mem::take(&mut unpacked.grid.text)));
        let has_bare_rows = unpacked.has_bare_rows;
        let grid = Arc::new(unpacked.grid);
        Ok(Text::Unpacked { sheet: found.sheet.clone(), undone: undo, text, grid, has_bare_rows })
    }

    /// Cuts a text into rows and finds the names of its columns.
    fn cut(
        &self,
        file: &Arc<Mapped>,
        text: &Text,
        chosen: &Chosen,
        found: &mut Settings,
        reasons: &mut Reasons,
    ) -> Result<Source, ImportError> {
        let (text, grid, has_bare_rows) = match text {
            Text::Plain { text, .. } => (text, None, true),
            Text::Unpacked { text, grid, has_bare_rows, .. } => (text, Some(grid), *has_bare_rows),
        };
        let bytes = text.bytes();
        let mut source = self.source(file, text, grid);
        let mut start = 0;
        match grid {
            None => {
                start = delimited::begin(bytes).0;
                let cutting = delimited::detect(bytes);
                source.marks = cutting.marks;
                if chosen.delimiter.is_some() || chosen.quotes.is_some() {
                    source.marks.delimiter = chosen.delimiter.unwrap_or(source.marks.delimiter);
                    source.marks.quotes = chosen.quotes.unwrap_or(source.marks.quotes);
                    reasons.chosen(Setting::Delimiter);
                } else {
                    reasons.add(Setting::Delimiter, cutting.sureness, cutting.why);
                }
            }
            Some(grid) if !has_bare_rows => {
                source.columns.clone_from(&grid.columns);
                found.header = Header::None;
                return Ok(source);
            }
            Some(_) => {}
        }
        let mut records = self.head(&source, start, grid.is_some());
        let mut header = delimited::header(&records);
        let mut names = None;
        if chosen.header.is_none()
            && let Some((dialect, columns)) = self.headerless(&source, start, &records, header.at)
        {
            if chosen.quotes.is_none() && formats::is_unquoted(dialect) && source.marks.quotes {
                source.marks.quotes = false;
                records = self.head(&source, start, grid.is_some());
                reasons.add(
                    Setting::Delimiter,
                    Sureness::Certain,
                    "files of this kind have no quotation marks",
                );
            }
            header.at = None;
            header.sureness = Sureness::Certain;
            header.why = "the first row has the values of a file that comes without a header".to_owned();
            names = Some(columns);
        }
        if let Some(wanted) = chosen.header {
            header.at = delimited::chosen(&records, wanted);
            reasons.chosen(Setting::Header);
            if header.at.is_none() {
                names = recognise::headerless(&fields_of(&records, 0)).map(|(_, names)| names);
            }
        } else {
            reasons.add(Setting::Header, header.sureness, header.why);
        }
        let width = records.iter().map(|record| record.fields.len()).max().unwrap_or(0);
        if width > MAX_FIELDS {
            return Err(ImportError::Cannot(format!("“{}” has more than {MAX_FIELDS} columns.", self.name)));
        }
        match header.at.and_then(|at| records.get(at).map(|record| (at, record))) {
            Some((at, record)) => {
                found.header = Header::Line(record.line);
                source.columns = named(&record.fields);
                source.start = record.next;
                let before = records.get(..at).unwrap_or_default();
                source.findings.extend(before.iter().map(|record| lead(&source.places, record)));
            }
            None => {
                found.header = Header::None;
                source.start = start;
                source.columns = names.unwrap_or_else(|| (0..width).map(letters).collect());
            }
        }
        found.delimiter = source.marks.delimiter;
        found.quotes = source.marks.quotes;
        Ok(source)
    }

    /// The first records. Rows of a grid are counted as lines.
    fn head(&self, source: &Source, start: usize, is_grid: bool) -> Vec<Record> {
        let mut records = delimited::records(source.text.bytes(), start, source.marks, HEAD_RECORDS);
        if is_grid {
            records.iter_mut().zip(0..).for_each(|(record, row)| record.line = row);
        }
        records
    }

    /// The dialect of a file without a header.
    fn headerless(
        &self,
        source: &Source,
        start: usize,
        records: &[Record],
        header: Option<usize>,
    ) -> Option<(Dialect, Vec<String>)> {
        if header.is_some_and(|at| {
            records.get(at).is_some_and(|record| recognise::dialect(&record.fields).is_some())
        }) {
            return None;
        }
        recognise::headerless(&fields_of(records, 0)).or_else(|| {
            // Quotation marks that are letters make rows run into each other.
            let bare = Marks { quotes: false, ..source.marks };
            let records = delimited::records(source.text.bytes(), start, bare, HEAD_RECORDS);
            recognise::headerless(&fields_of(&records, 0))
        })
    }

    /// Finds out what the columns mean.
    fn map(&self, source: &Source, chosen: &Chosen, found: &mut Settings, reasons: &mut Reasons) {
        let columns = &source.columns;
        let first = delimited::records(source.text.bytes(), source.start, source.marks, HEAD_RECORDS);
        let by_rows = || match found.header {
            Header::None => recognise::headerless(&fields_of(&first, 0)).map(|(dialect, _)| dialect),
            Header::Line(_) => None,
        };
        found.dialect = match chosen.dialect {
            Some(dialect) => {
                reasons.chosen(Setting::Dialect);
                dialect
            }
            None => match recognise::dialect(columns) {
                Some((dialect, matched, known)) => {
                    let why = format!("{matched} of {known} columns have the names of such files");
                    reasons.add(Setting::Dialect, Sureness::Share(matched as f32 / known.max(1) as f32), why);
                    Some(dialect)
                }
                None => by_rows().inspect(|_| {
                    let why = "the columns hold what those of such files do";
                    reasons.add(Setting::Dialect, Sureness::Certain, why);
                }),
            },
        };
        let same = chosen.columns.as_ref().filter(|(names, _)| names == columns);
        let all: Vec<usize> = (0..columns.len()).collect();
        let sample = table::observe(source, &all, SAMPLE_BYTES);
        found.columns = match same {
            Some((_, mapping)) => mapping.clone(),
            None => {
                let looks: Vec<Option<Look>> = sample.looks.iter().cloned().map(Some).collect();
                let mut mapping = recognise::mapping(columns, found.dialect, &looks);
                if found.dialect.is_none()
                    && let Some(row) = first.first().filter(|row| recognise::is_tag_row(&row.fields))
                {
                    // Tags say what names only suggest.
                    let tags = recognise::mapping_of_tags(&row.fields);
                    let by_tags = |field: &Option<Field>| field.is_some() && tags.contains(field);
                    mapping.iter_mut().filter(|field| by_tags(field)).for_each(|field| *field = None);
                    mapping.iter_mut().zip(&tags).for_each(|(field, tag)| *field = tag.or(*field));
                }
                mapping
            }
        };
        found.columns.resize(columns.len(), None);
        if same.is_some() {
            for at in 0..columns.len() {
                reasons.chosen(Setting::Column(at));
            }
        }
        self.forms(source, &sample, chosen, found, reasons);
    }

    /// Finds out how dates and numbers are written: over all rows, unless a sample leaves no doubt.
    fn forms(
        &self,
        source: &Source,
        sample: &Observed,
        chosen: &Chosen,
        found: &mut Settings,
        reasons: &mut Reasons,
    ) {
        let of = |fields: &[Field]| -> Vec<usize> {
            let is = |column: &Option<Field>| column.is_some_and(|field| fields.contains(&field));
            (0..found.columns.len()).filter(|at| found.columns.get(*at).is_some_and(is)).collect()
        };
        let dates = of(&[Field::Date, Field::DateEnd]);
        let numbers = of(&[
            Field::Latitude,
            Field::Longitude,
            Field::Fatalities,
            Field::FatalitiesLow,
            Field::FatalitiesHigh,
        ]);
        let columns: Vec<usize> = dates.iter().chain(&numbers).copied().collect();
        // Files of known families are written by programs: where the beginning has only ISO dates and
        // decimal points, so has the rest.
        let is_plain = |at: &usize| {
            sample.looks.get(*at).is_some_and(|look| {
                let (_, order, example) = look.date_order();
                let is_iso =
                    order == Sureness::Certain && example.is_none() && look.numbers().0 == Numbers::Digits;
                let has_point = look.decimal().0 == DecimalMark::Point;
                if dates.contains(at) { is_iso && look.date_share() > 0.99 } else { has_point }
            })
        };
        let is_small = source.text.bytes().len() <= SAMPLE_BYTES;
        let full;
        let (seen, place) = if is_small || (found.dialect.is_some() && columns.iter().all(is_plain)) {
            (columns.iter().filter_map(|at| Some((*at, sample.looks.get(*at)?))).collect::<Vec<_>>(), sample)
        } else {
            full = table::observe(source, &columns, usize::MAX);
            (columns.iter().copied().zip(&full.looks).collect(), &full)
        };
        let all = if is_small || !std::ptr::eq(place, sample) { "all rows" } else { "the first rows" };
        // Of several columns the rows are counted one after the other.
        let rows = place.num_rows().max(1);
        let example = |example: Option<&Example>| {
            example
                .map(|example| format!("“{}” in {}", example.value, place.place(source, example.row % rows)))
        };
        let over = |fields: &[Field]| {
            let mut all = Look::default();
            for (at, look) in &seen {
                let field = found.columns.get(*at).copied().flatten();
                if field.is_some_and(|field| fields.contains(&field)) {
                    all.merge(look);
                }
            }
            all
        };
        let dates = over(&[Field::Date, Field::DateEnd]);
        let degrees = over(&[Field::Latitude, Field::Longitude]);
        let tolls = over(&[Field::Fatalities, Field::FatalitiesLow, Field::FatalitiesHigh]);
        match chosen.dates {
            Some((order, numbers)) => {
                (found.date_order, found.numbers) = (order, numbers);
                reasons.chosen(Setting::Dates);
            }
            None => {
                let (order, order_sure, order_example) = dates.date_order();
                let (numbers, sure, number_example) = dates.numbers();
                (found.date_order, found.numbers) = (order, numbers);
                if let (Some(DateOrder::MonthFirst), true) =
                    (family_order(found.dialect), order_sure == Sureness::Guess)
                {
                    found.date_order = DateOrder::MonthFirst;
                    reasons.add(
                        Setting::Dates,
                        Sureness::Share(0.9),
                        "files of this kind have the month first",
                    );
                } else if numbers != Numbers::Digits {
                    let why = format!(
                        "all dates are such numbers: {}",
                        example(number_example).unwrap_or_default()
                    );
                    reasons.add(Setting::Dates, sure, why);
                } else if let Some(seen) = example(order_example) {
                    let why = match order_sure {
                        Sureness::Guess => {
                            format!("{seen} could be read either way, and so could all others")
                        }
                        Sureness::Share(share) => format!(
                            "{seen}; {} of 100 that tell say so, but not {}",
                            (share * 100.0).round(),
                            example(dates.against_order()).unwrap_or_default()
                        ),
                        _ => format!("{seen}, and nothing in {all} to the contrary"),
                    };
                    reasons.add(Setting::Dates, order_sure, why);
                } else if dates.rows() > 0 {
                    reasons.add(
                        Setting::Dates,
                        Sureness::Certain,
                        format!("the dates of {all} tell it themselves"),
                    );
                }
            }
        }
        match chosen.decimal {
            Some(decimal) => {
                found.decimal = decimal;
                reasons.chosen(Setting::Decimal);
            }
            None => {
                let mut decimal = degrees.decimal();
                if decimal.1 == Sureness::Guess {
                    decimal = tolls.decimal();
                }
                let (mark, sure, seen) = decimal;
                found.decimal = mark;
                if let Some(seen) = example(seen) {
                    reasons.add(Setting::Decimal, sure, seen);
                }
            }
        }
    }
}

/// The order of day and month that a family of files always has.
fn family_order(dialect: Option<Dialect>) -> Option<DateOrder> {
    match dialect? {
        Dialect::TimeMap | Dialect::Gtd => Some(DateOrder::MonthFirst),
        Dialect::Acled | Dialect::AcledOld => Some(DateOrder::DayFirst),
        _ => None,
    }
}

/// Fields of records from one on.
fn fields_of(records: &[Record], from: usize) -> Vec<Vec<String>> {
    records.iter().skip(from).map(|record| record.fields.clone()).collect()
}

/// Names of columns; those that have none are numbered.
fn named(fields: &[String]) -> Vec<String> {
    let name = |(at, field): (usize, &String)| {
        let name = shorten(field.trim(), 200);
        if name.is_empty() { format!("column {}", at + 1) } else { name }
    };
    fields.iter().enumerate().map(name).collect()
}

/// The name of a column that has none: `A` to `Z`, `AA`, ….
fn letters(mut at: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'A' + (at % 26) as u8));
        match (at / 26).checked_sub(1) {
            Some(rest) => at = rest,
            None => break,
        }
    }
    name.iter().rev().collect()
}

/// A row before the header.
fn lead(places: &Places, record: &Record) -> (Issue, Finding) {
    let is_empty = record.fields.iter().all(|field| field.trim().is_empty());
    let issue = match () {
        () if is_empty && record.fields.len() <= 1 => Issue::EmptyRow,
        () if is_empty => Issue::BlankFields,
        () => Issue::Comment,
    };
    let at = match places {
        Places::Lines => format!("line {}", record.line + 1),
        Places::Rows(grid) => grid.name_of(record.start as u64),
    };
    (issue, Finding::new(at, record.start as u64, "", &record.fields.join(" "), 200))
}

/// Reads what was encoded twice as it was meant, row by row.
fn undo_double(grid: &mut Grid) {
    let old = std::mem::take(&mut grid.text);
    let ends: Vec<usize> =
        grid.rows.iter().skip(1).map(|(start, _)| *start as usize).chain([old.len()]).collect();
    let mut text = Vec::with_capacity(old.len());
    for ((start, _), end) in grid.rows.iter_mut().zip(ends) {
        let record = old.get(*start as usize..end).unwrap_or_default();
        let moved = text.len() as u64;
        for (_, finding) in grid.findings.iter_mut().filter(|(_, finding)| finding.offset == *start) {
            finding.offset = moved;
        }
        *start = moved;
        text.extend(encoding::decode(record, Encoding::Utf8, true).unwrap_or_default());
    }
    grid.text = text;
}

/// Opens and reads a file of events as it is detected. An error is one sentence that names the file.
pub fn read_table(path: &Path, reading: &Reading<'_>) -> Result<Imported, String> {
    let sentence = |err: ImportError| err.sentence().unwrap_or("Reading was stopped.").to_owned();
    let opened = open(path, Allowance::default(), reading.progress).map_err(sentence)?;
    let missing = opened.missing();
    if missing.len() == 2 || missing.contains(&"a date") && opened.settings().format == Format::Delimited {
        return Err(not_events(&opened));
    }
    Ok(opened.read(reading))
}

/// Why a file is no table of events.
pub fn not_events(opened: &Opened) -> String {
    let columns = shorten(&opened.detected().columns.join(", "), 300);
    let missing = opened.missing().join(" or for ");
    format!(
        "“{}” is no table of events as it stands: it has no column for {missing}. Its columns are: {columns}.",
        opened.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_names_have_letters() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).into();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn rows_of_a_grid_that_were_encoded_twice_keep_their_names() {
        let mut rows = super::super::Rows::new("row {}");
        for (number, text) in [(2, "SÃ©gou"), (5, "Gao")] {
            rows.set_named("a", text);
            rows.tell(Issue::NoDate, number, "a", text);
            rows.end_row(number).expect("room");
        }
        let mut grid = rows.finish();
        undo_double(&mut grid);
        assert_eq!(grid.text, "Ségou\nGao\n".as_bytes());
        assert_eq!(grid.rows, [(0, 2), (7, 5)]);
        assert_eq!(grid.findings[1].1.offset, 7);
    }
}
