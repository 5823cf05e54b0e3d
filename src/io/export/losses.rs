//! What a kind of file cannot hold of the events that are written, as sentences for the user.

use super::Per;
use super::layout::Layout;
use crate::model::{EventId, ExportFormat, Lang};

/// One sentence per kind of loss; none if everything is kept.
pub fn losses(layout: &Layout<'_>, events: &[EventId], format: ExportFormat, per: Per) -> Vec<String> {
    use ExportFormat as F;
    let store = layout.store;
    let mut told: Vec<String> = Vec::new();
    let mut tell = |count: usize, what: &str| {
        if count > 0 {
            told.push(what.replacen("{}", &count.to_string(), 1));
        }
    };
    if format == F::Png {
        return told;
    }
    let details = || events.iter().filter_map(|event| store.details.get(event.index()));
    let count = |test: &dyn Fn(&crate::store::EventDetail) -> bool| details().filter(|d| test(d)).count();
    let claims: usize = details().map(|detail| detail.claims.len()).sum();
    let one_table = matches!(format, F::Csv | F::CsvClaims | F::Kml | F::GeoParquet);
    if one_table && per == Per::Event {
        tell(claims, "{} claims with their quotes are not in the file, only how many each event has");
    }
    if format == F::CsvClaims && per == Per::Claim {
        tell(
            claims.saturating_sub(count(&|detail| !detail.claims.is_empty())),
            "{} rows repeat an event that has several claims",
        );
    }
    let in_json = format == F::GeoJson;
    if !in_json && format != F::Html {
        let several = count(&|detail| {
            let placed = |role: &&crate::model::PlaceRole| {
                store.place(role.place).is_some_and(|place| place.position.is_some())
            };
            detail.places.iter().filter(placed).count() > 1
        });
        tell(several, "{} events have several places; only the first has its coordinates in the file");
        let described = count(&|detail| detail.descriptions.exactly(Lang::Ar).is_some() || has_basis(detail));
        tell(described, "{} events lose descriptions in further languages, or the reason for their date");
    }
    tell(count(&|detail| detail.titles.exactly(Lang::Fr).is_some()), "{} events lose their French title");
    tell(
        count(&|detail| !detail.claimed_ranges.is_empty() || detail.known.is_some() || detail.note.is_some()),
        "{} events lose notes of their coder: other dates, ranges by claimant",
    );
    if !store.mentions.is_empty() && layout.has_case {
        tell(store.mentions.len(), "{} mentions without a date are no events and not in the file");
    }
    if matches!(format, F::GeoParquet | F::GeoPackage | F::Xlsx) {
        let open = events.iter().filter(|event| {
            let interval = store.interval(**event);
            !interval.is_unknown() && (interval.open_start() || interval.open_end())
        });
        tell(
            open.count(),
            "{} open intervals have an empty cell for their open end; “date” says so in words",
        );
    }
    if format == F::Html {
        let more = events.len().saturating_sub(super::html::MAX_EVENTS);
        tell(more, "{} events are counted in the report but not listed one by one");
        let attributes = layout.headings.len();
        tell(attributes, "only the main ones of {} columns are in a report");
    }
    told
}

fn has_basis(detail: &crate::store::EventDetail) -> bool {
    detail.when.as_ref().is_some_and(|when| when.basis.is_some())
}
