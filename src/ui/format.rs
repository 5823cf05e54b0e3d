//! Values of the case as the window writes them.

use crate::lang::{Catalog, thousands};
use crate::model::time::{DateStyle, format_interval};
use crate::model::{DatePrecision, EventId, EventType, Fatalities, GeoPrecision, Lang, LatLon, PlaceId};
use crate::store::Store;

/// Name of an event type.
pub fn event_type(catalog: &Catalog, event_type: EventType) -> String {
    catalog.t(&format!("type-{event_type:?}"))
}

pub fn date_precision(catalog: &Catalog, precision: DatePrecision) -> String {
    catalog.t(&format!("date-precision-{}", precision.code()))
}

pub fn geo_precision(catalog: &Catalog, precision: GeoPrecision) -> String {
    catalog.t(&format!("geo-precision-{}", precision.code()))
}

/// Date of an event in words; empty if undated.
pub fn event_date(store: &Store, event: EventId, lang: Lang, style: DateStyle) -> String {
    format_interval(store.interval(event), store.date_precision(event), lang, style)
}

/// Title of an event in a language.
/// The title of an event, or its type if it has none.
pub fn event_title(catalog: &Catalog, store: &Store, event: EventId, lang: Lang) -> String {
    let title = store.detail(event).map_or_else(String::new, |detail| detail.titles.get(lang).to_owned());
    if title.is_empty() { event_type(catalog, store.event_type(event)) } else { title }
}

/// `16.4180, −2.2260`.
pub fn coordinates(position: LatLon) -> String {
    let degrees = |value: f64| {
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{:.4}", value.abs())
    };
    format!("{}, {}", degrees(position.lat), degrees(position.lon))
}

/// Two or three words for an event, or else its title.
pub fn event_short(store: &Store, event: EventId, lang: Lang) -> String {
    let Some(detail) = store.detail(event) else { return String::new() };
    let names = if detail.short.is_empty() { &detail.titles } else { &detail.short };
    names.get(lang).to_owned()
}

pub fn place_name(store: &Store, place: PlaceId, lang: Lang) -> &str {
    store.place(place).map_or("", |place| place.names.get(lang))
}

/// Name of the first place of an event; empty if unplaced.
pub fn first_place(store: &Store, event: EventId, lang: Lang) -> &str {
    store.first_place(event).map_or("", |place| place_name(store, place, lang))
}

/// `2–60`, `≥ 20`, `60`; `None` without a toll. Arabic ranges use words.
pub fn toll(fatalities: Fatalities, lang: Lang) -> Option<String> {
    let (low, high) = fatalities.low.zip(fatalities.high)?;
    let n = |n: u32| thousands(i64::from(n));
    Some(match (lang, fatalities.high_open, low == high) {
        (Lang::Ar, true, true) => format!("{} فأكثر", n(low)),
        (Lang::Ar, true, false) => format!("{} إلى {} فأكثر", n(low), n(high)),
        (Lang::Ar, false, true) => n(low),
        (Lang::Ar, false, false) => format!("{} إلى {}", n(low), n(high)),
        (_, true, true) => format!("≥ {}", n(low)),
        (_, true, false) => format!("{}–{}+", n(low), n(high)),
        (_, false, true) => n(low),
        (_, false, false) => format!("{}–{}", n(low), n(high)),
    })
}

/// `±150 km`, `±800 m`; `±150 كم` in Arabic.
pub fn radius(radius_m: f64, lang: Lang) -> String {
    let (kilometres, metres) = if lang == Lang::Ar { ("كم", "م") } else { ("km", "m") };
    if radius_m >= 1000.0 {
        format!("±{} {kilometres}", thousands((radius_m / 1000.0).round() as i64))
    } else {
        format!("±{} {metres}", thousands(radius_m.round() as i64))
    }
}

/// A name on its way into a sentence of a language. One that runs in the other direction, or has words
/// that do, is isolated (Unicode first strong isolate), so that what follows it keeps its place.
pub fn isolated(name: &str, lang: Lang) -> String {
    let runs_back =
        |word: &str| word.contains(char::is_alphabetic) && crate::text::is_rtl(word) != lang.is_rtl();
    if name.split_whitespace().any(runs_back) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_four_places_and_a_sign() {
        assert_eq!(coordinates(LatLon { lat: 16.418, lon: -2.226 }), "16.4180, −2.2260");
    }
}
