//! Datasets that come, grow, are read anew and go: what the user did with what was there stays.

use std::sync::Arc;

use crate::model::{DocumentId, EventId};
use crate::store::{DatasetId, Store, merge};

use super::super::command::{DatasetCommand, Effect};
use super::super::datasets::{Change, Dataset};
use super::super::derived::SMALL;
use super::super::selection::Selection;
use super::super::settings::RecentFile;
use super::super::view::{CameraTarget, Dialog, NoticeAction, NoticeKind};
use super::super::{AppState, Coming, OpenCase, Origin};
use super::MAX_RECENT;

/// More selected events than this are not looked for one by one where a dataset was read in another way.
const MAX_SOUGHT: usize = 16;

impl AppState {
    /// Something was opened: it joins the datasets that are open, or a case takes the place of all.
    pub(super) fn opened(&mut self, store: Store, origin: Origin, opened_at: i64) -> Vec<Effect> {
        let instead = std::mem::take(&mut self.open_instead);
        let is_case = store.case_dataset().is_some();
        let has_tables = self.store().is_some_and(|store| !store.tables.is_empty());
        // A case takes the place of a case; only flat datasets beside it stay.
        let is_several = store.datasets().count() > 1;
        if self.case.is_none() || instead || is_several || is_case && !has_tables {
            return self.case_opened(store, origin, opened_at);
        }
        let events = store.num_events();
        let dataset = self.new_dataset();
        let Some(case) = &mut self.case else { return Vec::new() };
        let mut effects = Vec::new();
        if is_case && let Some(old) = case.store.case_dataset() {
            effects.extend(case.datasets.iter().filter(|d| d.id == old).filter_map(cancel));
            case.datasets.retain(|dataset| dataset.id != old);
        }
        case.datasets.insert(0, Dataset::new(dataset, origin.clone()));
        case.changes.push(Change::Put { dataset, store: Arc::new(store), complete: true });
        if let (Origin::File(path), false) = (&origin, is_case) {
            self.remember_opened(dataset, path);
        }
        self.remember(&origin, events, opened_at);
        effects.push(Effect::SaveSettings);
        effects.extend(self.advance());
        effects
    }

    /// A number that no dataset had so far.
    pub(super) fn new_dataset(&mut self) -> DatasetId {
        let id = DatasetId(self.next_dataset);
        self.next_dataset = self.next_dataset.saturating_add(1);
        id
    }

    pub(super) fn remember(&mut self, origin: &Origin, events: usize, opened_at: i64) {
        if let Origin::File(path) = origin {
            self.settings.recent.retain(|recent| recent.path != *path);
            let recent = RecentFile { path: path.clone(), note: events.to_string(), opened_at };
            self.settings.recent.insert(0, recent);
            self.settings.recent.truncate(MAX_RECENT);
        }
    }

    /// The dataset that was opened last is the first part of one that a job goes on reading.
    pub(super) fn case_grows(&mut self, job: u64) {
        let Some(case) = &mut self.case else { return };
        let last = case.datasets.iter_mut().max_by_key(|dataset| dataset.id);
        if let Some(dataset) = last {
            dataset.growing = Some(job);
            // What was opened is on its way as if it were all there is.
            for change in case.changes.waiting.iter_mut().chain(&mut case.changes.making) {
                if let Change::Put { dataset: put, complete, .. } = change
                    && *put == dataset.id
                {
                    *complete = false;
                }
            }
            if let Some(coming) = case.coming.as_mut().filter(|coming| coming.change == dataset.id) {
                coming.complete = false;
            }
        }
    }

    /// Puts a larger part of a dataset in the place of a smaller one. Nothing happens if the user has left
    /// the case or removed the dataset.
    pub(super) fn case_grown(&mut self, job: u64, store: Store, complete: bool) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        let Some(dataset) = case.datasets.iter().find(|dataset| dataset.growing == Some(job)) else {
            return Vec::new();
        };
        let id = dataset.id;
        let of_this = |change: &Change| change.dataset() == id && change.is_complete();
        if !complete && (case.coming.is_some() || case.changes.waiting.iter().any(of_this)) {
            // While a part is on its way, only the whole takes its place: else none might arrive.
            return Vec::new();
        }
        case.changes.push(Change::Put { dataset: id, store: Arc::new(store), complete });
        self.advance()
    }

    /// Rows of a dataset that were read anew, in another way.
    pub(super) fn dataset_read(&mut self, dataset: DatasetId, store: Store) -> Vec<Effect> {
        let after = store.tables.first().map(|table| table.report.detected.settings.clone());
        if let Some((_, before)) = self.how_read(dataset).filter(|(_, before)| Some(before) != after.as_ref())
        {
            self.remember_read(dataset, before);
        }
        let Some(case) = &mut self.case else { return Vec::new() };
        if case.datasets.iter().any(|open| open.id == dataset) {
            case.changes.push(Change::Put { dataset, store: Arc::new(store), complete: true });
        }
        self.advance()
    }

    pub(super) fn apply_dataset(&mut self, command: DatasetCommand) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        match command {
            DatasetCommand::Remove(id) => {
                if let Some(step) = self.added_again(id) {
                    self.history.push(step);
                }
                return self.take_out(id);
            }
            DatasetCommand::Reread(id) => return self.read_again(id, |_| ()),
            DatasetCommand::Show(id, shown) => {
                let hidden = &mut self.view.filter.hidden;
                if shown {
                    hidden.remove(&u32::from(id.0));
                } else {
                    hidden.insert(u32::from(id.0));
                }
            }
            DatasetCommand::Paint(id, paint) => {
                if let Some(dataset) = case.dataset_mut(id) {
                    dataset.paint = paint;
                }
            }
            DatasetCommand::Opacity(id, percent) => {
                if let Some(dataset) = case.dataset_mut(id) {
                    dataset.opacity = percent.clamp(*Dataset::OPACITIES.start(), *Dataset::OPACITIES.end());
                }
            }
            DatasetCommand::Move(id, to) => {
                if let Some(from) = case.datasets.iter().position(|dataset| dataset.id == id) {
                    let dataset = case.datasets.remove(from);
                    case.datasets.insert(to.min(case.datasets.len()), dataset);
                }
            }
            DatasetCommand::Choose(id) => case.chosen = Some(id),
            DatasetCommand::Fit(id) => {
                let store = &case.store;
                let rows = store.rows_of(id).unwrap_or_default();
                let bbox = store.bbox_of(rows.map(EventId::from_index));
                if let Some(bbox) = bbox {
                    self.move_camera(CameraTarget::Fit(bbox));
                }
            }
            DatasetCommand::Twin { a, b, same } => {
                case.twins.set(a, b, same);
                self.count_twins();
            }
            DatasetCommand::Twins { pairs, same } => {
                pairs.iter().for_each(|(a, b)| case.twins.set(*a, *b, same));
                self.count_twins();
            }
            DatasetCommand::TwinsOnce(once) => {
                case.twins.once = once;
                self.count_twins();
            }
            DatasetCommand::FindTwins(query) => {
                case.candidates = None;
                return vec![Effect::FindTwins(query)];
            }
        }
        Vec::new()
    }

    /// Brings the filter up to date with what is marked as the same event.
    fn count_twins(&mut self) {
        let Some(case) = &self.case else { return };
        let rows = if case.twins.once { case.twins.extra_rows() } else { Vec::new() };
        if *self.view.filter.twins != rows {
            self.view.filter.twins = Arc::new(rows);
        }
    }

    /// Takes a dataset out, and with the last one closes the case.
    pub(super) fn take_out(&mut self, id: DatasetId) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        if case.datasets.iter().all(|dataset| dataset.id == id) {
            return self.close_case();
        }
        let mut effects: Vec<Effect> =
            case.datasets.iter().filter(|dataset| dataset.id == id).filter_map(cancel).collect();
        case.datasets.retain(|dataset| dataset.id != id);
        case.chosen = case.chosen.filter(|chosen| *chosen != id);
        case.changes.push(Change::Remove(id));
        effects.extend(self.advance());
        effects
    }

    /// Makes the next change of the datasets: at once if it is small, else elsewhere, so that what is shown
    /// stays until what views need of the new rows is there.
    pub(super) fn advance(&mut self) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        if case.changes.making.is_some() {
            return Vec::new();
        }
        if let Some(coming) = &case.coming {
            // The whole of what is on its way as a part takes its place at once.
            let supersedes = |change: &Change| change.dataset() == coming.change && change.is_complete();
            if coming.complete || !case.changes.waiting.front().is_some_and(supersedes) {
                return Vec::new();
            }
            case.coming = None;
        }
        let Some(change) = case.changes.waiting.pop_front() else { return Vec::new() };
        let alone = case.store.datasets().all(|(id, _)| id == change.dataset());
        let (rows, is_cheap) = match &change {
            Change::Put { store, .. } => {
                let is_indexed = store.index.num_rows() == store.columns.len();
                (case.store.num_events() + store.num_events(), alone && is_indexed)
            }
            Change::Remove(_) => (case.store.num_events(), false),
        };
        if rows > SMALL && !is_cheap {
            case.changes.making = Some(change);
            return vec![Effect::Change];
        }
        let store = change.made(&case.store);
        self.change_made(&change, store)
    }

    /// Takes in what was made elsewhere of the store of a generation.
    pub(super) fn change_done(&mut self, generation: u64, store: Store) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        let Some(change) = case.changes.making.take() else { return Vec::new() };
        let is_gone = match &change {
            Change::Put { dataset, .. } => !case.datasets.iter().any(|open| open.id == *dataset),
            Change::Remove(_) => false,
        };
        if is_gone {
            return self.advance();
        }
        if case.store.generation != generation {
            // Something else changed meanwhile, a text that was attached.
            case.changes.waiting.push_front(change);
            return self.advance();
        }
        self.change_made(&change, store)
    }

    fn change_made(&mut self, change: &Change, mut store: Store) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        self.last_generation = case.store.generation.max(self.last_generation) + 1;
        store.generation = self.last_generation;
        let small = store.num_events() <= SMALL;
        let (dataset, complete) = (change.dataset(), change.is_complete());
        case.coming = Some(Coming { store: Arc::new(store), complete, change: dataset });
        if small { self.case_comes(self.last_generation) } else { Vec::new() }
    }

    /// Shows the store that is on its way, if it is of this generation.
    pub(super) fn case_comes(&mut self, generation: u64) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        let Some(Coming { store, complete, change }) =
            case.coming.take_if(|coming| coming.store.generation == generation)
        else {
            return Vec::new();
        };
        let was_there = case.store.rows_of(change).is_some();
        let (problems, old_problems) = (store.problems.len(), case.store.problems.len());
        let old = std::mem::replace(&mut case.store, store);
        let new = case.store.clone();
        Arc::make_mut(&mut case.words).keep(&new);
        let mut path = None;
        let added = new.rows_of(change).map(|rows| rows.len());
        if let Some(dataset) = case.dataset_mut(change) {
            if complete {
                dataset.growing = None;
            }
            path = match &dataset.origin {
                Origin::File(path) => Some(path.clone()),
                Origin::BuiltIn => None,
            };
        }
        case.candidates = None;
        self.view.filter = merge::moved_filter(&old, &new, &self.view.filter);
        self.follow(&old, &new);
        self.count_twins();
        let first_document = (!new.documents.is_empty()).then_some(DocumentId(0));
        let shown = self.view.document.and_then(|document| merge::moved_document(&old, &new, document));
        self.view.document = shown.or(first_document);
        // Later rows may lie outside of the time that the first ones span.
        self.view.time_target.0 += 1;
        let mut effects = Vec::new();
        if complete {
            if problems > old_problems || (problems > 0 && was_there && added.is_some()) {
                let detail = problems.to_string();
                let action = Some(NoticeAction::ShowProblems);
                self.notify(NoticeKind::Warning, "problems".to_owned(), detail, action);
            }
            self.tell_how_read(change);
            let recent = self.settings.recent.iter_mut().find(|recent| Some(&recent.path) == path.as_ref());
            if let (Some(recent), Some(events)) = (recent, added) {
                recent.note = events.to_string();
            }
            effects.push(Effect::SaveSettings);
        }
        effects.extend(self.advance());
        effects
    }

    /// What the user pointed at, under its new numbers.
    fn follow(&mut self, old: &Store, new: &Store) {
        let view = &mut self.view;
        let moved = |event: EventId| merge::moved(old, new, event);
        let moved_all = |events: &[EventId]| -> Vec<EventId> {
            if events.len() > MAX_SOUGHT {
                return events.iter().filter_map(|event| moved(*event)).collect();
            }
            let sought = |event: &EventId| moved(*event).or_else(|| merge::sought(old, new, *event));
            events.iter().filter_map(sought).collect()
        };
        let selections = view.back.iter_mut().chain(&mut view.forward).chain([&mut view.selection]);
        selections.for_each(|Selection { events, claim: _ }| *events = moved_all(events).into());
        view.hover = view.hover.and_then(moved);
        view.fan = view.fan.and_then(moved);
        if let Some(Dialog::Chooser(events)) = &mut view.dialog {
            *events = moved_all(events);
        }
        if let Some(case) = &mut self.case {
            case.twins.follow(&moved);
        }
    }

    /// Says once that rows cannot be looked at any more, because their file became shorter.
    pub(super) fn tell_of_lost_rows(&mut self) {
        let Some(case) = self.case.as_mut().filter(|case| !case.lost_rows_told) else { return };
        if let Some(table) = case.store.tables.iter().find(|table| table.records.is_damaged()) {
            case.lost_rows_told = true;
            let detail = table.path.clone();
            self.notify(NoticeKind::Error, "rows-lost".to_owned(), detail, None);
        }
    }

    /// Stops the jobs that read datasets of the open case, which is about to go.
    pub(super) fn stop_growing(&self) -> Vec<Effect> {
        self.case.iter().flat_map(|case| case.datasets.iter().filter_map(cancel)).collect()
    }
}

fn cancel(dataset: &Dataset) -> Option<Effect> {
    dataset.growing.map(Effect::Cancel)
}

impl OpenCase {
    pub fn dataset(&self, id: DatasetId) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.id == id)
    }

    fn dataset_mut(&mut self, id: DatasetId) -> Option<&mut Dataset> {
        self.datasets.iter_mut().find(|dataset| dataset.id == id)
    }

    /// The job that still reads a dataset.
    pub fn growing(&self) -> Option<u64> {
        self.datasets.iter().find_map(|dataset| dataset.growing)
    }

    /// Whether what is shown will be replaced by what is being made or read.
    pub fn is_changing(&self) -> bool {
        self.growing().is_some() || self.coming.is_some() || !self.changes.is_empty()
    }
}
