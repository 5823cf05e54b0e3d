//! Taking back what was done to the open datasets, and doing it again.

use super::super::AppState;
use super::super::command::Effect;
use super::super::history::Step;
use super::super::import::ImportEffect;
use crate::model::import::Settings;
use crate::store::DatasetId;

impl AppState {
    /// Makes the last step back, or the next one forth. Steps about what is no longer there are passed over.
    pub(super) fn step_history(&mut self, forth: bool) -> Vec<Effect> {
        while let Some(step) = self.history.pop(forth) {
            let Some(inverse) = self.inverse_of(&step) else { continue };
            self.history.made(&step, inverse, forth);
            return match step {
                Step::Remove(dataset) => self.take_out(dataset),
                Step::Add { path, settings, .. } => vec![ImportEffect::ReadNew { path, settings }.into()],
                Step::Read { dataset, settings } => self.read_again(dataset, |present| *present = *settings),
            };
        }
        Vec::new()
    }

    /// What takes a step back, if it can be made at all.
    fn inverse_of(&self, step: &Step) -> Option<Step> {
        match step {
            Step::Remove(dataset) => self.added_again(*dataset),
            Step::Add { dataset, .. } => Some(Step::Remove(*dataset)),
            Step::Read { dataset, .. } => {
                let settings = Box::new(self.how_read(*dataset)?.1);
                Some(Step::Read { dataset: *dataset, settings })
            }
        }
    }

    /// The step that brings an open dataset back after it was taken out.
    pub(super) fn added_again(&self, dataset: DatasetId) -> Option<Step> {
        let (path, settings) = self.how_read(dataset)?;
        Some(Step::Add { dataset, path, settings: Box::new(settings) })
    }

    /// A file was opened as a dataset of this number.
    pub(super) fn remember_opened(&mut self, dataset: DatasetId, path: &str) {
        if !self.history.takes_opened(dataset, path) {
            self.history.push(Step::Remove(dataset));
        }
    }

    /// An open dataset was read in another way; it was read with these settings before.
    pub(super) fn remember_read(&mut self, dataset: DatasetId, settings: Settings) {
        if !self.history.takes_read(dataset) {
            self.history.push(Step::Read { dataset, settings: Box::new(settings) });
        }
    }
}
