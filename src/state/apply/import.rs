//! Files on their way into the case: what the user changes in the import dialog, and what jobs answer.

use std::sync::Arc;

use crate::model::import::{Detected, Dialect, Fit, PreviewRow, Remedy, Report, SavedMapping, Settings};

use super::super::AppState;
use super::super::command::{Command, Effect, ViewCommand};
use super::super::import::{ImportChange, ImportCommand, ImportDraft, ImportEffect, ImportIncoming};
use super::super::view::{Dialog, NoticeAction, NoticeKind};
use crate::store::DatasetId;

/// How many mappings are remembered.
const MAX_SAVED: usize = 200;
/// Longest name of a saved mapping, in characters.
const MAX_NAME_CHARS: usize = 80;

impl AppState {
    pub(super) fn apply_import(&mut self, command: ImportCommand) -> Vec<Effect> {
        match command {
            ImportCommand::Change(change) => self.change_draft(change),
            ImportCommand::Read { remember } => self.read_draft(remember),
            ImportCommand::Edit(dataset) => {
                let Some((path, settings)) = self.how_read(dataset) else { return Vec::new() };
                self.view.dialog = None;
                vec![ImportEffect::Edit { dataset, path, settings: Box::new(settings) }.into()]
            }
            ImportCommand::Remedy { dataset, remedy, on } => {
                self.read_again(dataset, |settings| set_remedy(settings, remedy, on))
            }
            ImportCommand::Large { path, open } => {
                if matches!(&self.view.dialog, Some(Dialog::LargeFile { path: shown, .. }) if *shown == path)
                {
                    self.view.dialog = None;
                }
                if open { vec![ImportEffect::OpenLarge(path).into()] } else { Vec::new() }
            }
            ImportCommand::RenameSaved { from, to } => {
                let to = plain_name(&to);
                if to.is_empty() || (to != from && self.imports.saved.iter().any(|saved| saved.name == to)) {
                    return Vec::new();
                }
                for saved in self.imports.saved.iter_mut().filter(|saved| saved.name == from) {
                    saved.name.clone_from(&to);
                }
                if let Some(draft) = self.imports.draft.as_mut().filter(|d| d.saved.as_ref() == Some(&from)) {
                    draft.saved = Some(to);
                }
                self.save_mappings()
            }
            ImportCommand::ForgetSaved(name) => {
                self.imports.saved.retain(|saved| saved.name != name);
                if let Some(draft) = self.imports.draft.as_mut().filter(|d| d.saved.as_ref() == Some(&name)) {
                    draft.saved = None;
                }
                self.save_mappings()
            }
            ImportCommand::Codes(dialect) => {
                if self.imports.codes.contains_key(&dialect) {
                    return Vec::new();
                }
                vec![ImportEffect::Codes(dialect).into()]
            }
            ImportCommand::ExportReport { dataset, form, path } => {
                let report = match dataset {
                    Some(dataset) => self.report_of(dataset),
                    None => {
                        let counted = self.imports.draft.as_ref().and_then(|draft| draft.counted.as_ref());
                        counted.map(|counted| counted.report.clone())
                    }
                };
                let Some(report) = report else { return Vec::new() };
                vec![match path {
                    Some(path) => ImportEffect::WriteReport { report, form, path }.into(),
                    None => ImportEffect::AskReport { report, form }.into(),
                }]
            }
        }
    }

    pub(super) fn receive_import(&mut self, incoming: ImportIncoming) -> Vec<Effect> {
        match incoming {
            ImportIncoming::Examined(mut draft) => {
                if draft.replaces.is_none() {
                    self.suggest_saved(&mut draft);
                }
                self.imports.waiting.push_back(draft);
            }
            ImportIncoming::Tried { file, wish, detected, preview } => {
                if let Some(draft) = self.draft_of(file, wish) {
                    take_detected(draft, detected, preview);
                }
            }
            ImportIncoming::Counting { file, wish, rows, total } => {
                if let Some(draft) = self.draft_of(file, wish) {
                    draft.progress = Some((rows, total));
                }
            }
            ImportIncoming::Counted { file, counted } => {
                if let Some(draft) = self.draft_of(file, counted.wish) {
                    draft.counted = Some(counted);
                    draft.progress = None;
                }
            }
            ImportIncoming::Failed { file, wish, reason } => {
                if let Some(draft) = self.draft_of(file, wish) {
                    draft.failure = Some(reason);
                    draft.counted = None;
                    draft.progress = None;
                }
            }
            ImportIncoming::Large { path, sentence } => self.imports.large.push_back((path, sentence)),
            ImportIncoming::Saved(saved) => self.imports.saved = saved,
            ImportIncoming::Codes(dialect, codes) => drop(self.imports.codes.insert(dialect, codes)),
        }
        Vec::new()
    }

    /// Whether a command closes the import dialog, so that its file is not read.
    pub(super) fn leaves_import(&self, command: &Command) -> bool {
        let closes = matches!(command, Command::View(ViewCommand::Escape | ViewCommand::Dialog(None)));
        closes && self.view.dialog == Some(Dialog::Import)
    }

    /// Gives up the file in the dialog.
    pub(super) fn leave_draft(&mut self) -> Vec<Effect> {
        let draft = self.imports.draft.take();
        draft.map(|draft| ImportEffect::Forget { file: draft.file }.into()).into_iter().collect()
    }

    /// Shows the next file that waits, if nothing else is shown.
    pub(super) fn show_waiting(&mut self) -> Vec<Effect> {
        if self.view.dialog.is_some() {
            return Vec::new();
        }
        if self.imports.draft.is_some() {
            self.view.dialog = Some(Dialog::Import);
            return Vec::new();
        }
        if let Some((path, sentence)) = self.imports.large.pop_front() {
            self.view.dialog = Some(Dialog::LargeFile { path, sentence });
            return Vec::new();
        }
        let Some(draft) = self.imports.waiting.pop_front() else { return Vec::new() };
        let count = ImportEffect::Count {
            file: draft.file,
            wish: draft.wish,
            settings: Box::new(draft.settings.clone()),
            anew: false,
        };
        self.imports.draft = Some(draft);
        self.view.dialog = Some(Dialog::Import);
        vec![count.into()]
    }

    /// No dataset is open any more: files that were to take the place of one are further ones.
    pub(super) fn forget_replaced(&mut self) {
        let drafts = self.imports.draft.iter_mut().chain(&mut self.imports.waiting);
        drafts.for_each(|draft| draft.replaces = None);
    }

    /// What came of reading an open dataset.
    fn report_of(&self, dataset: DatasetId) -> Option<Arc<Report>> {
        Some(self.store()?.table(dataset)?.report.clone())
    }

    /// The file of an open dataset, and how it was read.
    pub(super) fn how_read(&self, dataset: DatasetId) -> Option<(String, Settings)> {
        let table = self.store()?.table(dataset)?;
        Some((table.path.clone(), table.report.detected.settings.clone()))
    }

    /// Says how a dataset was read, with the way to its report and to other settings.
    pub(super) fn tell_how_read(&mut self, dataset: DatasetId) {
        let Some(report) = self.report_of(dataset) else { return };
        let settings = &report.detected.settings;
        let code = settings.dialect.map_or_else(|| settings.format.code(), Dialect::code);
        let Report { events, with_gaps, left_out, file, .. } = &*report;
        // The name comes last: it may have strokes of its own.
        let detail = format!("{code}/{events}/{with_gaps}/{left_out}/{file}");
        let kind = match (report.left_out, report.cut_short.is_some()) {
            (_, true) => NoticeKind::Warning,
            (0, false) => NoticeKind::Info,
            (_, false) => NoticeKind::Warning,
        };
        self.notices.retain(|notice| notice.action != Some(NoticeAction::Dataset(dataset)));
        self.notify(kind, "read-as".to_owned(), detail, Some(NoticeAction::Dataset(dataset)));
    }

    /// Takes back what was told of datasets that are no longer open.
    pub(super) fn forget_told(&mut self) {
        let case = self.case.as_ref();
        let is_open = |id: DatasetId| case.is_some_and(|case| case.store.table(id).is_some());
        self.notices.retain(|notice| match notice.action {
            Some(NoticeAction::Dataset(dataset)) => is_open(dataset),
            _ => true,
        });
    }

    /// Says how each open dataset was read. While rows are still being read there is nothing to tell yet.
    pub(super) fn tell_how_all_read(&mut self) {
        let tables = self.store().map_or(&[][..], |store| &store.tables);
        let read: Vec<DatasetId> =
            tables.iter().filter(|table| table.report.rows > 0).map(|table| table.id).collect();
        read.into_iter().for_each(|dataset| self.tell_how_read(dataset));
    }

    /// Reads the file of an open dataset again, as it was read but for a change.
    pub(super) fn read_again(&self, dataset: DatasetId, change: impl FnOnce(&mut Settings)) -> Vec<Effect> {
        let Some((path, mut settings)) = self.how_read(dataset) else { return Vec::new() };
        change(&mut settings);
        vec![ImportEffect::ReadAgain { dataset, path, settings: Box::new(settings) }.into()]
    }

    fn draft_of(&mut self, file: u64, wish: u64) -> Option<&mut ImportDraft> {
        let drafts = self.imports.draft.iter_mut().chain(&mut self.imports.waiting);
        drafts.map(|draft| &mut **draft).find(|draft| draft.file == file && draft.wish == wish)
    }

    fn suggest_saved(&self, draft: &mut ImportDraft) {
        let fits = |saved: &&SavedMapping| saved.fit(&draft.detected) == Some(Fit::Shape);
        if let Some(saved) = self.imports.saved.iter().rev().find(fits) {
            draft.settings = saved.settings_for(&draft.detected);
            draft.saved = Some(saved.name.clone());
        }
    }

    fn change_draft(&mut self, change: ImportChange) -> Vec<Effect> {
        let Some(draft) = &mut self.imports.draft else { return Vec::new() };
        let before = draft.settings.clone();
        let anew = match change {
            ImportChange::Saved(name) => {
                let Some(saved) = self.imports.saved.iter().find(|saved| saved.name == name) else {
                    return Vec::new();
                };
                draft.settings = saved.settings_for(&draft.detected);
                draft.saved = Some(name);
                true
            }
            ImportChange::Detected => {
                draft.settings = draft.first.clone();
                draft.saved = None;
                true
            }
            change => {
                change_settings(draft, change);
                false
            }
        };
        if draft.settings == before && draft.failure.is_none() {
            return Vec::new();
        }
        draft.wish += 1;
        draft.failure = None;
        draft.progress = None;
        let settings = Box::new(draft.settings.clone());
        vec![ImportEffect::Count { file: draft.file, wish: draft.wish, settings, anew }.into()]
    }

    fn read_draft(&mut self, remember: Option<String>) -> Vec<Effect> {
        let Some(draft) = self.imports.draft.take_if(|draft| draft.failure.is_none()) else {
            return Vec::new();
        };
        let ImportDraft { file, detected, settings, replaces, .. } = *draft;
        let mut effects = Vec::new();
        if let Some(name) = remember.map(|name| plain_name(&name)).filter(|name| !name.is_empty()) {
            let mapping = SavedMapping::new(&name, &detected.columns, &settings);
            let saved = &mut self.imports.saved;
            saved.retain(|saved| saved.name != name);
            saved.push(mapping);
            let extra = saved.len().saturating_sub(MAX_SAVED);
            saved.drain(..extra);
            effects.extend(self.save_mappings());
        }
        if self.view.dialog == Some(Dialog::Import) {
            self.view.dialog = None;
        }
        effects.push(ImportEffect::Read { file, settings: Box::new(settings), replaces }.into());
        effects
    }

    fn save_mappings(&self) -> Vec<Effect> {
        vec![ImportEffect::SaveMappings(self.imports.saved.clone()).into()]
    }
}

/// Changes a draft's settings. What depends on them and was not chosen is found out anew when they are
/// tried.
fn change_settings(draft: &mut ImportDraft, change: ImportChange) {
    let settings = &mut draft.settings;
    match change {
        ImportChange::Sheet(sheet) => settings.sheet = Some(sheet),
        ImportChange::Encoding(encoding) => settings.encoding = encoding,
        ImportChange::Delimiter(delimiter) => settings.delimiter = delimiter,
        ImportChange::Quotes(quotes) => settings.quotes = quotes,
        ImportChange::Header(header) => settings.header = header,
        ImportChange::Dialect(dialect) => {
            settings.dialect = dialect;
            draft.saved = None;
        }
        ImportChange::DateOrder(order) => settings.date_order = order,
        ImportChange::Numbers(numbers) => settings.numbers = numbers,
        ImportChange::Decimal(mark) => settings.decimal = mark,
        ImportChange::Column(column, field) => {
            set_column(settings, column, field, draft.detected.columns.len())
        }
        ImportChange::Keep(part) => settings.keep = part,
        ImportChange::Remedy(remedy, on) => set_remedy(settings, remedy, on),
        ImportChange::Saved(_) | ImportChange::Detected => {}
    }
}

fn set_remedy(settings: &mut Settings, remedy: Remedy, on: bool) {
    if on {
        settings.remedies.insert(remedy);
    } else {
        settings.remedies.remove(&remedy);
    }
}

/// Makes a column a field, or an attribute. Only lists of actors can stand in several columns.
fn set_column(
    settings: &mut Settings,
    column: usize,
    field: Option<crate::model::import::Field>,
    num_columns: usize,
) {
    use crate::model::import::Field;
    if column >= num_columns {
        return;
    }
    if settings.columns.len() <= column {
        settings.columns.resize(column + 1, None);
    }
    if field.is_some() && field != Some(Field::Actors) {
        settings.columns.iter_mut().filter(|other| **other == field).for_each(|other| *other = None);
    }
    if let Some(place) = settings.columns.get_mut(column) {
        *place = field;
    }
}

fn take_detected(draft: &mut ImportDraft, detected: Detected, preview: Arc<Vec<PreviewRow>>) {
    draft.settings = detected.settings.clone();
    draft.detected = detected;
    draft.preview = preview;
}

/// A name as it is kept: on one line, without blanks at its ends, not too long.
fn plain_name(name: &str) -> String {
    let name = crate::model::report::one_line(name.trim());
    name.chars().take(MAX_NAME_CHARS).collect()
}

impl From<ImportEffect> for Effect {
    fn from(effect: ImportEffect) -> Self {
        Effect::Import(effect)
    }
}
