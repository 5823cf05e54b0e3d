//! A case of which more and more is read: what the user did with the first part stays.

use std::sync::Arc;

use crate::model::EventId;
use crate::store::{Store, flat};

use super::super::command::Effect;
use super::super::derived::SMALL;
use super::super::selection::Selection;
use super::super::view::{Dialog, NoticeAction, NoticeKind};
use super::super::{AppState, Coming, Origin};

impl AppState {
    /// The open case is the first part of one that a job goes on reading.
    pub(super) fn case_grows(&mut self, job: u64) {
        if let Some(case) = &mut self.case {
            case.growing = Some(job);
        }
    }

    /// Puts a larger part in the place of a smaller one: at once if it is small, else when what views
    /// need of it is there, so that they are not empty meanwhile. Nothing happens if the user has left
    /// the case.
    pub(super) fn case_grown(&mut self, job: u64, mut store: Store, complete: bool) -> Vec<Effect> {
        let Some(case) = self.case.as_mut().filter(|case| case.growing == Some(job)) else {
            return Vec::new();
        };
        let coming = case.coming.as_ref().map_or(0, |coming| coming.store.generation);
        self.last_generation = case.store.generation.max(coming).max(self.last_generation) + 1;
        store.generation = self.last_generation;
        store.index = store.index();
        let small = store.num_events() <= SMALL;
        if complete || case.coming.is_none() {
            // While a part is on its way, only the whole takes its place: else none might arrive.
            case.coming = Some(Coming { store: Arc::new(store), complete });
        }
        if small { self.case_comes(self.last_generation) } else { Vec::new() }
    }

    /// Shows the part of the case that is on its way, if it is of this generation.
    pub(super) fn case_comes(&mut self, generation: u64) -> Vec<Effect> {
        let Some(case) = &mut self.case else { return Vec::new() };
        let Some(Coming { store, complete }) =
            case.coming.take_if(|coming| coming.store.generation == generation)
        else {
            return Vec::new();
        };
        let (problems, events) = (store.problems.len(), store.num_events());
        let old = std::mem::replace(&mut case.store, store);
        if complete {
            case.growing = None;
        }
        let path = match &case.origin {
            Origin::File(path) => Some(path.clone()),
            Origin::BuiltIn => None,
        };
        let new = case.store.clone();
        self.follow(&|event| flat::moved(&old, &new, event));
        // Later rows may lie outside of the time that the first ones span.
        self.view.time_target.0 += 1;
        if !complete {
            return Vec::new();
        }
        if problems > 0 {
            let detail = problems.to_string();
            self.notify(NoticeKind::Warning, "problems".to_owned(), detail, Some(NoticeAction::ShowProblems));
        }
        self.tell_how_read(0);
        let recent = self.settings.recent.iter_mut().find(|recent| Some(&recent.path) == path.as_ref());
        if let Some(recent) = recent {
            recent.note = events.to_string();
        }
        vec![Effect::SaveSettings]
    }

    /// What the user pointed at, under its new numbers.
    fn follow(&mut self, moved: &dyn Fn(EventId) -> Option<EventId>) {
        let view = &mut self.view;
        let moved_all = |events: &[EventId]| -> Vec<EventId> {
            events.iter().filter_map(|event| moved(*event)).collect()
        };
        let selections = view.back.iter_mut().chain(&mut view.forward).chain([&mut view.selection]);
        selections.for_each(|Selection { events, claim: _ }| *events = moved_all(events).into());
        view.hover = view.hover.and_then(moved);
        view.fan = view.fan.and_then(moved);
        if let Some(Dialog::Chooser(events)) = &mut view.dialog {
            *events = moved_all(events);
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

    /// Stops the job that reads the rest of the open case, which is about to go.
    pub(super) fn stop_growing(&self) -> Option<Effect> {
        self.case.as_ref()?.growing.map(Effect::Cancel)
    }
}
