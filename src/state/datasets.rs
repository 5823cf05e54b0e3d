//! The datasets that are open: what the user set about each, and the changes that are on their way.
//!
//! The rows of all are in one store. A dataset comes, grows, is read anew or goes by a [`Change`]; changes
//! are made one after the other, each on the store that the one before it gave. Small ones are made at
//! once, others elsewhere, while the present store is still shown.
//!
//! Invariant: every dataset of the store is listed; one that is listed and not in the store is on its way.

use std::collections::VecDeque;

use crate::model::EventId;
pub use crate::store::merge::Change;
use crate::store::{DatasetId, Store};

use super::Origin;

/// How the events of a dataset are coloured on the map and in lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paint {
    /// By their type.
    #[default]
    ByType,
    /// All alike, in one of the theme's colours for datasets.
    Own(u8),
}

/// What the user set about a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    pub id: DatasetId,
    pub origin: Origin,
    pub paint: Paint,
    /// Strength on the map in percent, in [`Dataset::OPACITIES`].
    pub opacity: u8,
    /// The job that is still reading it.
    pub growing: Option<u64>,
}

impl Dataset {
    pub const OPACITIES: std::ops::RangeInclusive<u8> = 10..=100;

    pub fn new(id: DatasetId, origin: Origin) -> Self {
        Self { id, origin, paint: Paint::default(), opacity: 100, growing: None }
    }

    /// As the user would name it: the file's name, or the case's title.
    pub fn name<'a>(&'a self, store: &'a Store, lang: crate::model::Lang) -> &'a str {
        if let Some(table) = store.table(self.id) {
            return &table.name;
        }
        if store.case_dataset() == Some(self.id) {
            return store.titles.get(lang);
        }
        match &self.origin {
            Origin::File(path) => path.rsplit(['/', '\\']).next().unwrap_or(path),
            Origin::BuiltIn => "",
        }
    }
}

/// Changes that wait, and the one that is being made.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub waiting: VecDeque<Change>,
    /// It is being made elsewhere, of the store that is shown.
    pub making: Option<Change>,
}

impl Changes {
    /// Adds a change. What is put in anew needs not be put in as it was before.
    pub fn push(&mut self, change: Change) {
        self.waiting.retain(|waiting| waiting.dataset() != change.dataset());
        self.waiting.push_back(change);
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.making.is_none()
    }
}

/// Events of different datasets that the user marked as the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Twins {
    /// Ascending; each pair once, the event of the lesser row first.
    pairs: Vec<(EventId, EventId)>,
    /// Whether such events count once.
    pub once: bool,
}

impl Twins {
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub fn pairs(&self) -> &[(EventId, EventId)] {
        &self.pairs
    }

    pub fn has(&self, a: EventId, b: EventId) -> bool {
        self.pairs.contains(&(a.min(b), a.max(b)))
    }

    /// Marks a pair as one event, or takes the mark back.
    pub fn set(&mut self, a: EventId, b: EventId, same: bool) {
        let pair = (a.min(b), a.max(b));
        match self.pairs.binary_search(&pair) {
            Ok(at) if !same => drop(self.pairs.remove(at)),
            Err(at) if same && a != b => self.pairs.insert(at, pair),
            _ => {}
        }
    }

    /// All other events that are the same one, directly or by way of others.
    pub fn of(&self, event: EventId) -> Vec<EventId> {
        let mut same = vec![event];
        let mut at = 0;
        while let Some(known) = same.get(at).copied() {
            at += 1;
            for (a, b) in &self.pairs {
                let other = if *a == known { b } else { a };
                if (*a == known || *b == known) && !same.contains(other) {
                    same.push(*other);
                }
            }
        }
        same.retain(|other| *other != event);
        same.sort_unstable();
        same
    }

    /// Whether an event has a twin.
    pub fn is_marked(&self, event: EventId) -> bool {
        self.pairs.iter().any(|(a, b)| *a == event || *b == event)
    }

    /// The rows that do not count if each event counts once: of each that is in several datasets all but
    /// the one with the least row. Ascending.
    pub fn extra_rows(&self) -> Vec<u32> {
        use std::collections::BTreeMap;
        // Each event's way to the least one of those that are the same.
        let mut least: BTreeMap<EventId, EventId> = BTreeMap::new();
        let find = |least: &BTreeMap<EventId, EventId>, mut event: EventId| {
            while let Some(next) = least.get(&event).filter(|next| **next != event) {
                event = *next;
            }
            event
        };
        for (a, b) in &self.pairs {
            let (a, b) = (find(&least, *a), find(&least, *b));
            least.insert(a.max(b), a.min(b));
        }
        least.iter().filter(|(event, next)| event != next).map(|(event, _)| event.0).collect()
    }

    /// Follows the events to another store; pairs of which one is gone are forgotten.
    pub fn follow(&mut self, moved: &dyn Fn(EventId) -> Option<EventId>) {
        let pairs = std::mem::take(&mut self.pairs);
        let moved_pair = |(a, b): (EventId, EventId)| {
            let (a, b) = moved(a).zip(moved(b))?;
            Some((a.min(b), a.max(b)))
        };
        self.pairs = pairs.into_iter().filter_map(moved_pair).collect();
        self.pairs.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_as_the_same_counts_once() {
        let id = EventId;
        let mut twins = Twins::default();
        for (a, b) in [(9, 4), (4, 20), (7, 8), (30, 9)] {
            twins.set(id(a), id(b), true);
        }
        assert_eq!(twins.extra_rows(), [8, 9, 20, 30]);
        assert_eq!(twins.of(id(20)), [id(4), id(9), id(30)]);
        assert!(twins.is_marked(id(30)) && !twins.is_marked(id(5)) && twins.has(id(4), id(9)));
        twins.set(id(4), id(9), false);
        assert_eq!(twins.extra_rows(), [8, 20, 30]);
        assert_eq!(twins.of(id(9)), [id(30)]);
        twins.follow(&|event| (event != id(8)).then_some(EventId(event.0 + 1)));
        assert_eq!(twins.pairs(), [(id(5), id(21)), (id(10), id(31))]);
        twins.set(id(3), id(3), true);
        assert_eq!(twins.pairs().len(), 2, "nothing is its own twin");
    }
}
