//! Cross-filtering in the most obvious way: the truth that the program's own is compared with.

// Each test that includes this needs part of it.
#![allow(dead_code)]

use std::cmp::Ordering;

use waqai::model::{EventId, EventType, Interval, Lang, LatLon};
use waqai::store::Store;
use waqai::store::bins::{Bins, Unit};
use waqai::store::cross::SortColumn;
use waqai::store::filter::{Dim, Filter, WindowMode, each_code, num_codes};

/// Bits of the failed dimensions, one entry per event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failures(pub Vec<u16>);

impl Failures {
    pub fn of(&self, event: EventId) -> u16 {
        self.0.get(event.index()).copied().unwrap_or(u16::MAX)
    }

    pub fn passes(&self, event: EventId) -> bool {
        self.of(event) == 0
    }

    /// Whether an event passes everything but possibly `dim`.
    pub fn passes_except(&self, event: EventId, dim: Dim) -> bool {
        self.of(event) & !dim.bit() == 0
    }

    /// The dimensions that an event fails.
    pub fn dims(&self, event: EventId) -> impl Iterator<Item = Dim> + use<> {
        let bits = self.of(event);
        Dim::ALL.into_iter().filter(move |dim| bits & dim.bit() != 0)
    }

    pub fn passing(&self) -> impl Iterator<Item = EventId> + '_ {
        self.0.iter().enumerate().filter(|(_, bits)| **bits == 0).map(|(row, _)| EventId::from_index(row))
    }
}

/// Evaluates a filter. `text_matches` holds the rows that the searched text matches, ignored if no
/// text is searched.
pub fn evaluate(store: &Store, filter: &Filter, text_matches: &[bool]) -> Failures {
    let columns = &store.columns;
    let mut bits = vec![0u16; columns.len()];
    for dim in Dim::ALL.into_iter().filter(|dim| filter.is_active(*dim)) {
        for (row, bits) in bits.iter_mut().enumerate() {
            let holds = match dim {
                Dim::Window => filter.window.is_none_or(|window| {
                    let interval = columns.interval(row);
                    match filter.window_mode {
                        WindowMode::Possibly => interval.overlaps(window),
                        WindowMode::Certainly => interval.within(window),
                    }
                }),
                Dim::Fatalities => {
                    let best = columns.fatalities.get(row).best;
                    filter.min_fatalities.is_none_or(|min| best.is_some_and(|best| best >= min))
                        && filter.max_fatalities.is_none_or(|max| best.unwrap_or(0) <= max)
                }
                Dim::Text => text_matches.get(row).copied().unwrap_or(false),
                Dim::Area => filter.area.is_none_or(|area| {
                    let p = columns.lat.get(row).zip(columns.lon.get(row));
                    p.is_some_and(|(lat, lon)| {
                        area.contains(LatLon { lat: f64::from(*lat), lon: f64::from(*lon) })
                    })
                }),
                Dim::Layer => !filter.hidden.contains(&u32::from(columns.kind_of(row).dataset.0)),
                Dim::Twin => !filter.twins.contains(&(row as u32)),
                facet => filter.codes(facet).is_none_or(|codes| {
                    let mut any = false;
                    each_code(store, facet, row, |code| any |= codes.contains(&code));
                    any
                }),
            };
            if !holds {
                *bits |= dim.bit();
            }
        }
    }
    Failures(bits)
}

/// Counts per code of one facet under all other filters.
pub fn facet_counts(store: &Store, failures: &Failures, dim: Dim) -> Vec<u32> {
    let mut counts = vec![0u32; num_codes(store, dim)];
    for event in store.events().filter(|event| failures.passes_except(*event, dim)) {
        each_code(store, dim, event.index(), |code| {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        });
    }
    counts
}

/// What a view does not show, and why. `shown + outside_window + undated + filtered_out` is the
/// number of all events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trays {
    pub shown: Vec<EventId>,
    /// Pass everything but the time window.
    pub outside_window: Vec<EventId>,
    /// Have no date and so cannot be in the window, but pass everything else.
    pub undated: Vec<EventId>,
    /// Shown, but without a place to draw.
    pub unplaced: Vec<EventId>,
    /// Fail something other than the window.
    pub filtered_out: Vec<EventId>,
}

/// Sorts all events into trays.
pub fn trays(store: &Store, failures: &Failures) -> Trays {
    let mut trays = Trays::default();
    for event in store.events() {
        if !failures.passes_except(event, Dim::Window) {
            trays.filtered_out.push(event);
        } else if failures.passes(event) {
            trays.shown.push(event);
            if store.position(event).is_none() {
                trays.unplaced.push(event);
            }
        } else if store.interval(event).is_unknown() {
            trays.undated.push(event);
        } else {
            trays.outside_window.push(event);
        }
    }
    trays
}

/// Counts events of a stretch of time by a unit.
pub fn bins(store: &Store, failures: &Failures, unit: Unit, extent: Interval) -> Bins {
    let mut unit = unit;
    let wanted = |unit: Unit| extent.duration_secs() as f64 / unit.mean_secs();
    while wanted(unit) > 4096.0 && unit != Unit::Century {
        unit = Unit::ALL.get(unit as usize + 1).copied().unwrap_or(Unit::Century);
    }
    let mut bins = Bins::default();
    if extent.is_unknown() || extent.open_start() || extent.open_end() {
        return bins;
    }
    let mut edge = unit.floor(extent.start);
    bins.edges.push(edge);
    while edge < extent.end && bins.edges.len() <= 4096 {
        edge = unit.add(edge, 1);
        bins.edges.push(edge);
    }
    let num = bins.edges.len() - 1;
    let (first, last) = (bins.edges[0], bins.edges[num]);
    // Where counts rise and fall, summed up at the end, so that long intervals cost no more than
    // short ones.
    let mut all = vec![0i32; num + 1];
    let mut counts = vec![[0i32; EventType::ALL.len()]; num + 1];
    for event in store.events() {
        let interval = store.interval(event);
        if interval.is_unknown() || interval.end <= first || interval.start >= last {
            continue;
        }
        let from = bins.edges.partition_point(|edge| *edge <= interval.start).saturating_sub(1);
        let to = bins.edges.partition_point(|edge| *edge < interval.end).min(num);
        let passes = failures.passes_except(event, Dim::Window);
        let kind = store.event_type(event).index();
        for (at, change) in [(from, 1), (to, -1)] {
            if let Some(all) = all.get_mut(at) {
                *all += change;
            }
            if passes && let Some(count) = counts.get_mut(at).and_then(|counts| counts.get_mut(kind)) {
                *count += change;
            }
        }
    }
    let mut sum = 0;
    let mut sums = [0; EventType::ALL.len()];
    for (all, counts) in all.iter().zip(&counts).take(num) {
        sum += all;
        bins.all.push(sum as u32);
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
        bins.counts.push(sums.map(|sum| sum as u32));
    }
    bins
}

fn time_key(store: &Store, event: EventId) -> (bool, i64, i64, EventId) {
    let interval = store.interval(event);
    (interval.is_unknown(), interval.start, interval.end, event)
}

/// Events in order of time, undated ones last.
pub fn by_time(store: &Store, events: &[EventId]) -> Vec<EventId> {
    let mut events = events.to_vec();
    events.sort_by_key(|event| time_key(store, *event));
    events
}

/// Sorts events, given in order of time, by a column; ties keep that order. Events without a value
/// come last in either direction.
pub fn sort(store: &Store, events: &mut [EventId], column: SortColumn, descending: bool, lang: Lang) {
    let directed = |order: Ordering| if descending { order.reverse() } else { order };
    let text = |event: EventId| -> String {
        let Some(detail) = store.detail(event) else { return String::new() };
        match column {
            SortColumn::Place => store
                .first_place(event)
                .and_then(|place| store.place(place))
                .map_or_else(String::new, |place| place.names.get(lang).to_lowercase()),
            _ => detail.titles.get(lang).to_lowercase(),
        }
    };
    match column {
        SortColumn::Date => events.sort_by(|a, b| {
            let (a, b) = (time_key(store, *a), time_key(store, *b));
            a.0.cmp(&b.0).then_with(|| if a.0 { a.cmp(&b) } else { directed(a.cmp(&b)) })
        }),
        SortColumn::Title | SortColumn::Place => events.sort_by(|a, b| {
            let (a, b) = (text(*a), text(*b));
            a.is_empty().cmp(&b.is_empty()).then_with(|| directed(a.cmp(&b)))
        }),
        SortColumn::Type => events.sort_by(|a, b| {
            let key = |e: EventId| (store.event_type(e), store.sub_type(e));
            directed(key(*a).cmp(&key(*b)))
        }),
        SortColumn::Killed => events.sort_by(|a, b| {
            let key = |e: EventId| store.fatalities(e).best;
            let (a, b) = (key(*a), key(*b));
            a.is_none().cmp(&b.is_none()).then_with(|| directed(a.cmp(&b)))
        }),
        SortColumn::Claims => events.sort_by(|a, b| {
            let key = |e: EventId| store.num_claims_of(e);
            directed(key(*a).cmp(&key(*b)))
        }),
    }
}
