//! What was done to the open datasets, so that it can be taken back and done again: a file that was
//! opened, removed or read in another way. No file is changed by any of it; what is taken back is read
//! again, so a step is no more than where the file is and how it was read.
//!
//! Invariant: steps name datasets by their present numbers. A dataset that comes back has a new number,
//! and the steps about it follow.

use crate::model::import::Settings;
use crate::store::DatasetId;

/// How many steps are kept.
const MAX_STEPS: usize = 100;

/// What takes something back.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The dataset is taken out.
    Remove(DatasetId),
    /// The file is read, and is a dataset again that had this number.
    Add { dataset: DatasetId, path: String, settings: Box<Settings> },
    /// The dataset is read as it was before.
    Read { dataset: DatasetId, settings: Box<Settings> },
}

/// Rows that a step brings: that they come is no new step.
#[derive(Clone, Debug, PartialEq)]
enum Expected {
    Read(DatasetId),
    Add(DatasetId, String),
}

/// Steps back and forth.
#[derive(Clone, Debug, Default)]
pub struct History {
    undo: Vec<Step>,
    redo: Vec<Step>,
    expected: Option<Expected>,
}

impl History {
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Remembers how to take back what the user did. What was taken back before cannot be done again.
    pub fn push(&mut self, step: Step) {
        self.redo.clear();
        self.expected = None;
        self.undo.push(step);
        let extra = self.undo.len().saturating_sub(MAX_STEPS);
        self.undo.drain(..extra);
    }

    /// Forgets all steps.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next step back, or forth.
    pub fn pop(&mut self, forth: bool) -> Option<Step> {
        if forth { self.redo.pop() } else { self.undo.pop() }
    }

    /// A step was made; this one makes it undone.
    pub fn made(&mut self, step: &Step, inverse: Step, forth: bool) {
        self.expected = match step {
            Step::Remove(_) => None,
            Step::Add { dataset, path, .. } => Some(Expected::Add(*dataset, path.clone())),
            Step::Read { dataset, .. } => Some(Expected::Read(*dataset)),
        };
        if forth { self.undo.push(inverse) } else { self.redo.push(inverse) }
    }

    /// Whether a dataset was read anew because of a step.
    pub fn takes_read(&mut self, dataset: DatasetId) -> bool {
        self.expected.take_if(|expected| *expected == Expected::Read(dataset)).is_some()
    }

    /// Whether a file was opened because of a step. The steps about it are about the new number from now on.
    pub fn takes_opened(&mut self, new: DatasetId, path: &str) -> bool {
        let is_this = |expected: &mut Expected| matches!(expected, Expected::Add(_, of) if of == path);
        let Some(Expected::Add(old, _)) = self.expected.take_if(is_this) else { return false };
        for step in self.undo.iter_mut().chain(&mut self.redo) {
            let (Step::Remove(dataset) | Step::Add { dataset, .. } | Step::Read { dataset, .. }) = step;
            if *dataset == old {
                *dataset = new;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_a_dataset_that_comes_back() {
        let (old, new) = (DatasetId(1), DatasetId(7));
        let settings = Box::new(Settings::default());
        let mut history = History::default();
        history.push(Step::Remove(old));
        history.push(Step::Read { dataset: old, settings: settings.clone() });
        let read = history.pop(false).unwrap();
        history.made(&read, Step::Read { dataset: old, settings: settings.clone() }, false);
        assert!(!history.takes_read(new) && history.takes_read(old) && !history.takes_read(old));
        let remove = history.pop(false).unwrap();
        assert_eq!(remove, Step::Remove(old));
        let add = Step::Add { dataset: old, path: "a.csv".to_owned(), settings: settings.clone() };
        history.made(&remove, add.clone(), false);
        assert!(!history.can_undo() && history.can_redo());
        assert_eq!(history.pop(true), Some(add.clone()));
        history.made(&add, Step::Remove(old), true);
        assert!(!history.takes_opened(new, "b.csv") && history.takes_opened(new, "a.csv"));
        assert_eq!(history.pop(true), Some(Step::Read { dataset: new, settings }));
        assert_eq!(history.pop(false), Some(Step::Remove(new)));
    }

    #[test]
    fn a_new_step_ends_what_could_be_done_again() {
        let mut history = History::default();
        (0..200).for_each(|n| history.push(Step::Remove(DatasetId(n))));
        let step = history.pop(false).unwrap();
        history.made(&step, Step::Remove(DatasetId(300)), false);
        history.push(Step::Remove(DatasetId(400)));
        assert!(!history.can_redo());
        let left = std::iter::from_fn(|| history.pop(false)).count();
        assert_eq!(left, MAX_STEPS);
        assert!(!history.can_undo());
    }
}
