//! What is selected: events in the order in which they were chosen, the last one before all others.
//!
//! A selection may hold every event of a dataset of millions. So its list is shared, not copied, by
//! whoever remembers it, and each row on the screen can ask in no time whether its event is in it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::model::EventId;

/// Lists up to this long are searched one by one.
const FEW: usize = 24;

/// An immutable list of events without repetition that is shared by its clones, with a quick look-up.
#[derive(Clone, Default)]
pub struct EventSet {
    list: Arc<Vec<EventId>>,
    /// One bit per row of the store up to the greatest one listed; made when first asked for.
    bits: OnceLock<Arc<Vec<u64>>>,
}

impl EventSet {
    /// Whether an event is listed.
    pub fn contains(&self, event: &EventId) -> bool {
        if self.list.len() <= FEW {
            return self.list.contains(event);
        }
        let bits = self.bits.get_or_init(|| {
            let rows = self.list.iter().map(|event| event.index()).max().map_or(0, |greatest| greatest + 1);
            let mut bits = vec![0u64; rows.div_ceil(64)];
            for event in self.list.iter() {
                if let Some(word) = bits.get_mut(event.index() / 64) {
                    *word |= 1 << (event.index() % 64);
                }
            }
            Arc::new(bits)
        });
        bits.get(event.index() / 64).is_some_and(|word| word >> (event.index() % 64) & 1 == 1)
    }

    /// The same list without what was made for looking up.
    fn plain(&self) -> Self {
        Self { list: self.list.clone(), bits: OnceLock::new() }
    }
}

impl Deref for EventSet {
    type Target = [EventId];

    fn deref(&self) -> &[EventId] {
        &self.list
    }
}

impl From<Vec<EventId>> for EventSet {
    fn from(list: Vec<EventId>) -> Self {
        Self { list: Arc::new(list), bits: OnceLock::new() }
    }
}

impl<'a> IntoIterator for &'a EventSet {
    type Item = &'a EventId;
    type IntoIter = std::slice::Iter<'a, EventId>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl PartialEq for EventSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.list, &other.list) || self.list == other.list
    }
}

impl Eq for EventSet {}

impl<const N: usize> PartialEq<[EventId; N]> for EventSet {
    fn eq(&self, other: &[EventId; N]) -> bool {
        **self == *other
    }
}

impl fmt::Debug for EventSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

/// Selected events; the last one is the primary one, whose details are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub events: EventSet,
    /// Place of the emphasised claim in the primary event's list.
    pub claim: Option<usize>,
}

impl Selection {
    pub fn new(events: Vec<EventId>) -> Self {
        Self { events: events.into(), claim: None }
    }

    pub fn primary(&self) -> Option<EventId> {
        self.events.last().copied()
    }

    pub fn contains(&self, event: EventId) -> bool {
        self.events.contains(&event)
    }

    /// The same as it is kept for going back to it.
    pub fn kept(&self) -> Self {
        Self { events: self.events.plain(), claim: self.claim }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_up_agrees_with_searching() {
        for step in [1u32, 3, 70] {
            for len in [0u32, 1, 24, 25, 500] {
                let list: Vec<EventId> = (0..len).rev().map(|at| EventId(at * step)).collect();
                let set = EventSet::from(list.clone());
                for row in 0..len * step + 70 {
                    assert_eq!(set.contains(&EventId(row)), list.contains(&EventId(row)), "{row} of {len}");
                }
            }
        }
    }

    #[test]
    fn a_kept_selection_is_equal_and_shares_its_list() {
        let selection = Selection::new((0..100).map(EventId).collect());
        assert!(selection.contains(EventId(99)) && !selection.contains(EventId(100)));
        let kept = selection.kept();
        assert_eq!(kept, selection);
        assert!(Arc::ptr_eq(&kept.events.list, &selection.events.list) && kept.events.bits.get().is_none());
    }
}
