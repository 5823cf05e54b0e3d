//! Details of what is selected: one event with its claims, several in sum, or the case.
//!
//! Invariants: what is derived from an event is kept until the event or the store changes; nothing
//! here is a second copy of the selection.

mod claims;
pub mod empty;
mod event;
mod flat;
pub mod flow;
pub mod line;
pub mod model;
mod plot;
mod several;
mod twins;

use egui::{ScrollArea, Ui};

use super::FrameCtx;
use crate::model::{ActorId, EventId, Lang};
use crate::state::{Commands, OpenCase};
use crate::store::Table;
use crate::ui::theme::size;
use model::ClaimsModel;

/// Up to so many claimants leave room for folds to be open by themselves.
const ROOMY: usize = 3;

/// Says which state of which store something was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreKey {
    address: usize,
    generation: u64,
}

impl StoreKey {
    pub fn of(case: &OpenCase) -> Self {
        Self { address: std::sync::Arc::as_ptr(&case.store) as usize, generation: case.store.generation }
    }
}

/// State of the panel's widgets.
#[derive(Default)]
pub struct DetailsUi {
    list: claims::ListState,
    /// The list of claims of the event shown, and what it was made from.
    claims: Option<((StoreKey, EventId, Lang), ClaimsModel)>,
    /// The row of a flat dataset that is shown.
    row: Option<((StoreKey, EventId), flat::Row)>,
    several: several::SeveralUi,
    /// What is said of the case as a whole.
    case: Option<(StoreKey, empty::About)>,
}

impl DetailsUi {
    /// The list of claims shown last.
    pub fn claims(&self) -> Option<&ClaimsModel> {
        self.claims.as_ref().map(|(_, model)| model)
    }
}

/// The upper part of the panel at the reading end.
pub fn details_ui(ui: &mut Ui, cx: &FrameCtx<'_>, state: &mut DetailsUi, commands: &mut Commands) {
    let Some(case) = &cx.state.case else { return };
    ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    // In a low window the fixed part is higher than the panel: it must not cover the source below.
    ui.set_clip_rect(ui.clip_rect().intersect(ui.max_rect()));
    let events = &cx.state.view.selection.events;
    match **events {
        [] => empty::empty_ui(ui, cx, case, state, commands),
        [event] => match case.store.table_of(event) {
            Some(table) => flat_ui(ui, cx, case, table, event, state, commands),
            None => event_ui(ui, cx, case, event, state, commands),
        },
        _ => several::several_ui(ui, cx, case, events, &mut state.several, commands),
    }
}

fn event_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    event: EventId,
    state: &mut DetailsUi,
    commands: &mut Commands,
) {
    let store = &*case.store;
    let Some(detail) = store.detail(event) else { return };
    let detail = &*detail;
    let key = (StoreKey::of(case), event, cx.lang());
    if state.claims.as_ref().is_none_or(|(known, _)| *known != key) {
        state.claims = Some((key, ClaimsModel::new(store, event, cx.lang(), claims::DATE_WIDTH)));
        state.list.unfolded.clear();
    }
    let DetailsUi { list, claims, .. } = state;
    let Some((_, model)) = claims else { return };
    event::head_ui(ui, cx, store, event, commands);
    // The bar lies over the inset, so that rows keep the width of the panel.
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    ScrollArea::vertical().id_salt(("details", event)).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        event::title_ui(ui, cx, store, event, detail);
        event::fields_ui(ui, cx, store, event, detail, commands);
        twins::twins_ui(ui, cx, case, event, commands);
        ui.add_space(6.0);
        event::strip_ui(ui, cx, store, event, detail);
        ui.add_space(3.0);
        let has_room = model.groups.len() <= ROOMY;
        event::summary_ui(ui, cx, store, event, detail, has_room, commands);
        claims::claims_ui(ui, cx, store, (event, detail), model, list, commands);
        ui.add_space(4.0);
        event::more_ui(ui, cx, store, detail, has_room, commands);
        ui.add_space(size::INSET);
    });
}

fn flat_ui(
    ui: &mut Ui,
    cx: &FrameCtx<'_>,
    case: &OpenCase,
    table: &Table,
    event: EventId,
    state: &mut DetailsUi,
    commands: &mut Commands,
) {
    let store = &*case.store;
    let key = (StoreKey::of(case), event);
    if state.row.as_ref().is_none_or(|(known, _)| *known != key) {
        state.row = flat::Row::new(store, table, event).map(|row| (key, row));
    }
    let Some((_, row)) = &state.row else { return };
    event::head_ui(ui, cx, store, event, commands);
    // The bar lies over the inset, so that rows keep the width of the panel.
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    ScrollArea::vertical().id_salt(("details", event)).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        event::title_ui(ui, cx, store, event, &row.detail);
        event::fields_ui(ui, cx, store, event, &row.detail, commands);
        twins::twins_ui(ui, cx, case, event, commands);
        flat::row_ui(ui, cx, store, event, row, commands);
        ui.add_space(size::INSET);
    });
}

/// Language of names of places and actors.
fn names_lang(cx: &FrameCtx<'_>) -> Lang {
    cx.state.settings.label_lang
}

/// Short name of an actor.
fn actor_name<'a>(cx: &FrameCtx<'a>, actor: ActorId) -> &'a str {
    let actor = cx.store().and_then(|store| store.actor(actor));
    actor.map_or("", |actor| actor.short_name(names_lang(cx)))
}

/// Short names of actors with commas.
fn actor_names(cx: &FrameCtx<'_>, actors: &[ActorId]) -> String {
    let comma = if names_lang(cx) == Lang::Ar { "، " } else { ", " };
    let names: Vec<&str> = actors.iter().map(|actor| actor_name(cx, *actor)).collect();
    names.join(comma)
}
