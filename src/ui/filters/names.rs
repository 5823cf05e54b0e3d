//! Names of the codes of each facet, as rows and chips write them.

use crate::model::{ActorId, DatePrecision, DocumentId, EventType, GeoPrecision, PlaceId, Prominence};
use crate::store::filter::Dim;
use crate::store::{DatasetId, Store};
use crate::ui::{FrameCtx, format};

/// Under which name the catalogue has a dimension: the rows of flat datasets have no claimants, but
/// name their sources.
pub fn key(cx: &FrameCtx<'_>, dim: Dim) -> &'static str {
    let is_flat = cx.store().is_some_and(|store| !store.tables.is_empty() && store.details.is_empty());
    if dim == Dim::Claimant && is_flat { "source" } else { dim.name() }
}

/// Title of a dimension.
pub fn dim(cx: &FrameCtx<'_>, dim: Dim) -> String {
    cx.t(&format!("dim-{}", key(cx, dim)))
}

/// Name of a dimension within a sentence.
pub fn dim_inline(cx: &FrameCtx<'_>, dim: Dim) -> String {
    cx.t(&format!("dim-{}.inline", key(cx, dim)))
}

/// Name of a code as rows and chips write it; short for actors.
pub fn code(cx: &FrameCtx<'_>, store: &Store, dim: Dim, code: u32) -> String {
    let index = code as usize;
    let lang = cx.state.settings.label_lang;
    match dim {
        Dim::Type => EventType::from_index(index).map(|t| format::event_type(cx.catalog, t)),
        Dim::SubType => Some(store.sub_types.get(code).to_owned()),
        Dim::Actor | Dim::Claimant => store.actor(ActorId(code)).map(|a| a.short_name(lang).to_owned()),
        Dim::Place => store.place(PlaceId(code)).map(|p| p.names.get(lang).to_owned()),
        Dim::Document => store.document(DocumentId(code)).map(|d| {
            let title = d.titles.get(cx.lang());
            if title.is_empty() { d.key.clone() } else { format!("{} · {title}", d.key) }
        }),
        Dim::DatePrecision | Dim::GeoPrecision | Dim::Prominence => {
            code_name(dim, index).map(|name| cx.t(&format!("facet-{}-{name}", dim.name())))
        }
        Dim::Dataset => {
            let id = u16::try_from(code).map(DatasetId).ok();
            let dataset = id.and_then(|id| cx.state.case.as_ref()?.dataset(id));
            dataset.map(|dataset| dataset.name(store, cx.lang()).to_owned())
        }
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => None,
    }
    .unwrap_or_default()
}

/// Name of a code where room is short.
pub fn code_short(cx: &FrameCtx<'_>, store: &Store, dim: Dim, code: u32) -> String {
    match dim {
        Dim::Document => store.document(DocumentId(code)).map(|d| d.key.clone()).unwrap_or_default(),
        _ => self::code(cx, store, dim, code),
    }
}

/// The full name of a code in the interface's language and in a second one, or what the code means.
pub fn code_full(cx: &FrameCtx<'_>, store: &Store, dim: Dim, code: u32) -> (String, Option<String>) {
    let lang = cx.lang();
    let both = |names: &crate::model::Names| {
        let first = names.get(lang).to_owned();
        let second = names.beside(lang).filter(|second| *second != first).map(str::to_owned);
        (first, second)
    };
    let known = match dim {
        Dim::Actor | Dim::Claimant => store.actor(ActorId(code)).map(|actor| both(&actor.names)),
        Dim::Place => store.place(PlaceId(code)).map(|place| both(&place.names)),
        Dim::Document => store.document(DocumentId(code)).map(|document| both(&document.titles)),
        Dim::GeoPrecision | Dim::Prominence => code_name(dim, code as usize)
            .map(|name| (cx.t(&format!("facet-{}-{name}-tip", dim.name())), None)),
        _ => None,
    };
    known.filter(|(name, _)| !name.is_empty()).unwrap_or_else(|| (self::code(cx, store, dim, code), None))
}

/// The stable code of a closed list.
fn code_name(dim: Dim, index: usize) -> Option<&'static str> {
    match dim {
        Dim::DatePrecision => DatePrecision::from_index(index).map(DatePrecision::code),
        Dim::GeoPrecision => GeoPrecision::from_index(index).map(GeoPrecision::code),
        Dim::Prominence => Prominence::from_index(index).map(Prominence::code),
        _ => None,
    }
}
