//! In which colours and how strongly events are drawn: by their type, or in the one of their dataset.

use egui::Color32;

use super::FrameCtx;
use crate::model::{EventId, EventType};
use crate::state::{Dataset, Paint};
use crate::store::{DatasetId, Store};

/// All that the look of the datasets on the map depends on; the layer on top first.
pub type Looks = Vec<(DatasetId, Paint, u8)>;

impl FrameCtx<'_> {
    fn datasets(&self) -> &[Dataset] {
        self.state.case.as_ref().map_or(&[], |case| &case.datasets)
    }

    /// How each dataset looks.
    pub fn looks(&self) -> Looks {
        self.datasets().iter().map(|dataset| (dataset.id, dataset.paint, dataset.opacity)).collect()
    }

    /// Whether any dataset is drawn in a colour of its own.
    pub fn has_own_colors(&self) -> bool {
        self.datasets().iter().any(|dataset| dataset.paint != Paint::ByType)
    }

    /// The colour of a dataset's events of a type.
    pub fn color_of(&self, dataset: DatasetId, event_type: EventType) -> Color32 {
        match self.datasets().iter().find(|open| open.id == dataset).map(|open| open.paint) {
            Some(Paint::Own(number)) => self.theme.dataset(number),
            _ => self.theme.event_type(event_type),
        }
    }

    /// The colour of an event where it is listed.
    pub fn event_color(&self, store: &Store, event: EventId) -> Color32 {
        self.color_of(store.dataset_of(event), store.event_type(event))
    }

    /// How strongly a dataset is drawn on the map, 0 to 1.
    pub fn opacity_of(&self, dataset: DatasetId) -> f32 {
        let open = self.datasets().iter().find(|open| open.id == dataset);
        open.map_or(1.0, |open| f32::from(open.opacity) / 100.0)
    }

    /// The colour of an event on the map.
    pub fn map_color(&self, store: &Store, event: EventId) -> Color32 {
        self.event_color(store, event).gamma_multiply(self.opacity_of(store.dataset_of(event)))
    }

    /// The place of a dataset among the layers, from the top.
    pub fn layer_of(&self, dataset: DatasetId) -> usize {
        let datasets = self.datasets();
        datasets.iter().position(|open| open.id == dataset).unwrap_or(datasets.len())
    }

    /// The colours of some events with how many have each, for rings and strips. `by_type` are their
    /// numbers, which tell all unless a dataset has a colour of its own.
    pub fn shares(
        &self,
        store: &Store,
        events: impl Iterator<Item = EventId>,
        by_type: &[u32; EventType::ALL.len()],
    ) -> Vec<(Color32, u32)> {
        if !self.has_own_colors() {
            let types = EventType::ALL.iter().zip(by_type).filter(|(_, count)| **count > 0);
            return types.map(|(event_type, count)| (self.theme.event_type(*event_type), *count)).collect();
        }
        let mut shares: Vec<(Color32, u32)> = Vec::new();
        for event in events {
            let color = self.event_color(store, event);
            match shares.iter_mut().find(|(known, _)| *known == color) {
                Some((_, count)) => *count += 1,
                None => shares.push((color, 1)),
            }
        }
        shares
    }
}
