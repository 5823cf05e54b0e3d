//! Events that two datasets may have in common: proposals for a user, who decides.
//!
//! Two events are proposed if they are near in time and space, of types that one event could have in both,
//! and if names and tolls do not speak against it. How much speaks for a pair is one number, of stated
//! parts; nothing is ever joined by itself.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{ActorId, EventId, EventType, Interval, LatLon};

use super::fold::{FoldOptions, fold};
use super::{DatasetId, Store};

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwinQuery {
    pub a: DatasetId,
    pub b: DatasetId,
    /// Most days between the two; 0 for those that share a day.
    pub days: u16,
    /// Greatest distance in kilometres.
    pub km: u16,
}

/// Two events that may be the same one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Of the query's first dataset, and of its second.
    pub a: EventId,
    pub b: EventId,
    /// How much speaks for it, in percent.
    pub score: u8,
    /// Days between them; 0 if they share one.
    pub days: u16,
    pub km: f32,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    /// Of the store in which was looked.
    pub generation: u64,
    pub query: TwinQuery,
    /// The likeliest first, at most [`Candidates::MAX`].
    pub list: Vec<Candidate>,
    /// How many there are.
    pub found: usize,
}

impl Candidates {
    pub const MAX: usize = 5_000;
    /// Pairs for which less speaks than this are no proposals.
    pub const LEAST_SCORE: u8 = 50;
}

/// Proposals per event.
const MOST_PER_EVENT: usize = 3;
/// Longer events are no news of a day; they would be near to everything.
const LONGEST_DAYS: i64 = 31;
/// Rows between two looks at whether to go on.
const CHUNK: usize = 2_048;
const KM_PER_DEGREE: f64 = 111.2;

/// An event with a place and a time.
#[derive(Clone, Copy)]
struct Placed {
    row: u32,
    /// First day, and the day after the last one.
    days: (i64, i64),
    at: LatLon,
    event_type: EventType,
}

/// Looks for events that two datasets may have in common; `None` if `stop` said so. Shared among the cores
/// of the pool that it is called in.
pub fn find(store: &Store, query: TwinQuery, stop: &(dyn Fn() -> bool + Sync)) -> Option<Candidates> {
    let (a, b) = (placed(store, query.a), placed(store, query.b));
    let is_turned = a.len() > b.len();
    let (few, many) = if is_turned { (b, a) } else { (a, b) };
    let longest = many.iter().map(|event| event.days.1 - event.days.0).max().unwrap_or(1);
    // In bands of latitude as high as the distance: what is near is in one band or in one beside it.
    let height = (f64::from(query.km) + 1.0) / KM_PER_DEGREE;
    let band = |at: LatLon| (at.lat / height).floor() as i32;
    let mut bands: FxHashMap<i32, Vec<Placed>> = FxHashMap::default();
    many.into_iter().for_each(|event| bands.entry(band(event.at)).or_default().push(event));
    bands.values_mut().for_each(|events| events.sort_by_key(|event| (event.days.0, event.row)));
    let words = Words::new(store);
    let tolerance = i64::from(query.days);
    let each = |event: &Placed| {
        let (first, last) = (event.days.0 - tolerance - longest, event.days.1 + tolerance);
        let own = band(event.at);
        let mut best: Vec<Candidate> = Vec::new();
        for events in [own - 1, own, own + 1].iter().filter_map(|band| bands.get(band)) {
            let from = events.partition_point(|other| other.days.0 < first);
            let to = events.partition_point(|other| other.days.0 <= last);
            let near = events.get(from..to.max(from)).unwrap_or_default().iter();
            best.extend(near.filter_map(|other| compared(store, &words, query, event, other)));
        }
        best.sort_by_key(|candidate| (std::cmp::Reverse(candidate.score), candidate.b));
        best.truncate(MOST_PER_EVENT);
        best
    };
    let chunks: Option<Vec<Vec<Candidate>>> = few
        .par_chunks(CHUNK)
        .map(|events| (!stop()).then(|| events.iter().flat_map(each).collect()))
        .collect();
    let mut list: Vec<Candidate> = chunks?.concat();
    if is_turned {
        list.iter_mut().for_each(|pair| (pair.a, pair.b) = (pair.b, pair.a));
    }
    let found = list.len();
    list.sort_by_key(|pair| (std::cmp::Reverse(pair.score), pair.a, pair.b));
    list.truncate(Candidates::MAX);
    Some(Candidates { generation: store.generation, query, list, found })
}

/// The events of a dataset that can be compared.
fn placed(store: &Store, dataset: DatasetId) -> Vec<Placed> {
    let rows = store.rows_of(dataset).unwrap_or_default();
    let event = |row: usize| {
        let event = EventId::from_index(row);
        let interval = store.interval(event);
        if interval.is_unknown() || interval.open_start() || interval.open_end() {
            return None;
        }
        let days = days_of(interval);
        let at = store.position(event)?;
        let placed = Placed { row: row as u32, days, at, event_type: store.event_type(event) };
        (days.1 - days.0 <= LONGEST_DAYS).then_some(placed)
    };
    rows.filter_map(event).collect()
}

fn days_of(interval: Interval) -> (i64, i64) {
    let first = interval.start.div_euclid(SECONDS_PER_DAY);
    let last = interval.end.saturating_sub(1).div_euclid(SECONDS_PER_DAY);
    (first, (last + 1).max(first + 1))
}

/// Whether two sources could call one event by these types: not as good as the same type.
fn kinship(a: EventType, b: EventType) -> Option<f32> {
    use EventType::{Battles, Explosions, Other, Protests, Riots, ViolenceAgainstCivilians};
    let is_violent = |t: EventType| matches!(t, Battles | Explosions | ViolenceAgainstCivilians);
    let is_crowd = |t: EventType| matches!(t, Protests | Riots);
    if a == b {
        Some(1.0)
    } else if is_violent(a) && is_violent(b) || is_crowd(a) && is_crowd(b) || a == Other || b == Other {
        Some(0.6)
    } else if (is_violent(a) && b == Riots) || (a == Riots && is_violent(b)) {
        Some(0.3)
    } else {
        None
    }
}

fn compared(
    store: &Store,
    words: &Words,
    query: TwinQuery,
    event: &Placed,
    other: &Placed,
) -> Option<Candidate> {
    let most_km = f64::from(query.km);
    // Most are told apart by their latitudes.
    if (event.at.lat - other.at.lat).abs() * KM_PER_DEGREE > most_km + 1.0 {
        return None;
    }
    let apart = (event.days.0 - other.days.1 + 1).max(other.days.0 - event.days.1 + 1).max(0);
    if apart > i64::from(query.days) {
        return None;
    }
    let kin = kinship(event.event_type, other.event_type)?;
    let km = event.at.distance_m(other.at) / 1000.0;
    if km > most_km {
        return None;
    }
    let near = 1.0 - (km / (most_km + 1.0)) as f32;
    let soon = 1.0 - apart as f32 / (f32::from(query.days) + 1.0);
    let (a, b) = (EventId(event.row), EventId(other.row));
    let names = words.in_common(store, a, b);
    let tolls = match (store.fatalities(a).best, store.fatalities(b).best) {
        (Some(a), Some(b)) => (a.min(b) as f32 + 1.0) / (a.max(b) as f32 + 1.0),
        _ => 0.5,
    };
    let score = 0.25 * near + 0.25 * soon + 0.2 * kin + 0.2 * names + 0.1 * tolls;
    let score = (score * 100.0).round().clamp(0.0, 100.0) as u8;
    let days = apart.clamp(0, i64::from(u16::MAX)) as u16;
    (score >= Candidates::LEAST_SCORE).then_some(Candidate { a, b, score, days, km: km as f32 })
}

/// The words of the actors' names, as numbers.
struct Words {
    /// Ascending, without repetition, by actor.
    of: Vec<Vec<u32>>,
}

impl Words {
    fn new(store: &Store) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let of = store.actors.iter().map(|actor| {
            let mut own: Vec<u32> = Vec::new();
            for name in actor.names.all().chain(actor.short.all()) {
                let folded = fold(name, FoldOptions::default());
                for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2) {
                    let next = numbers.len() as u32;
                    own.push(*numbers.entry(word.to_owned()).or_insert(next));
                }
            }
            own.sort_unstable();
            own.dedup();
            own
        });
        Self { of: of.collect() }
    }

    /// How many of the words of those who act in one event also act in the other, 0 to 1; one half if one
    /// of the two names nobody.
    fn in_common(&self, store: &Store, a: EventId, b: EventId) -> f32 {
        let words = |event: EventId| {
            let ids = store.columns.actors.of(event.index()).iter().map(|id| ActorId(*id).index());
            let mut all: Vec<u32> = ids.filter_map(|id| self.of.get(id)).flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let (a, b) = (words(a), words(b));
        if a.is_empty() || b.is_empty() {
            return 0.5;
        }
        let common = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
        common as f32 / a.len().min(b.len()) as f32
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Actor, Fatalities};
    use crate::store::table::Records;
    use crate::store::{Kind, Lists, Table};

    /// Dataset, day, degrees, type, actor, killed.
    type Row = (u16, i64, (f32, f32), EventType, u32, Option<u32>);

    fn store(rows: &[Row]) -> Store {
        let mut store = Store { case: Some(DatasetId(0)), ..Store::default() };
        for name in ["Military Forces of Mali", "Government of Mali", "JNIM", "Fishermen of Gao"] {
            store.actors.push(Actor {
                key: name.to_owned(),
                names: crate::model::Names::en(name),
                short: Default::default(),
                kind: String::new(),
                entity: None,
                forms: Vec::new(),
                note: None,
            });
        }
        let columns = &mut store.columns;
        columns.actors = Lists::many();
        for (dataset, day, (lat, lon), event_type, actor, killed) in rows {
            let start = day * SECONDS_PER_DAY;
            let kind = Kind { event_type: *event_type, dataset: DatasetId(*dataset), ..Kind::default() };
            columns.times.push(Interval { start, end: start + SECONDS_PER_DAY });
            columns.kind.push(columns.kinds.intern(kind));
            columns.lat.push(*lat);
            columns.lon.push(*lon);
            columns.fatalities.push(Fatalities { best: *killed, ..Fatalities::default() });
            columns.actors.push([*actor]);
            columns.places.push([]);
            columns.documents.push([]);
            columns.claimants.push([]);
        }
        store
    }

    #[test]
    fn what_is_alike_is_proposed_and_the_likeliest_comes_first() {
        use EventType::{Battles, Protests, ViolenceAgainstCivilians};
        let rows = [
            (0, 10, (16.0, 0.0), Battles, 0, Some(4)),
            (0, 50, (16.0, 0.0), Battles, 0, Some(4)),
            (1, 10, (16.0, 0.01), Battles, 1, Some(4)),
            (1, 11, (16.0, 0.02), ViolenceAgainstCivilians, 2, None),
            (1, 10, (16.0, 0.0), Protests, 1, None),
            (1, 10, (17.0, 0.0), Battles, 1, Some(4)),
            (1, 14, (16.0, 0.0), Battles, 1, Some(4)),
        ];
        let mut store = store(&rows);
        let query = TwinQuery { a: DatasetId(0), b: DatasetId(1), days: 2, km: 20 };
        let (name, path, roles) = Default::default();
        let mut table =
            Table::new(name, path, 2..7, roles, Arc::new(NoRecords), Default::default(), Default::default());
        table.id = query.b;
        store.tables.push(table);
        let found = find(&store, query, &|| false).expect("not stopped");
        let pairs: Vec<(u32, u32)> = found.list.iter().map(|pair| (pair.a.0, pair.b.0)).collect();
        assert_eq!(pairs, [(0, 2), (0, 3)]);
        assert!(found.list[0].score > found.list[1].score && found.list[0].km < 2.0);
        let turned = TwinQuery { a: query.b, b: query.a, ..query };
        let back = find(&store, turned, &|| false).expect("not stopped");
        assert!(back.list.iter().all(|pair| pair.a.0 >= 2 && pair.b.0 == 0));
        assert_eq!(find(&store, query, &|| true), None);
    }

    #[derive(Debug)]
    struct NoRecords;

    impl Records for NoRecords {
        fn header(&self) -> &[String] {
            &[]
        }
        fn fields(&self, _: u64) -> Vec<String> {
            Vec::new()
        }
        fn field(&self, _: u64, _: usize) -> std::borrow::Cow<'_, [u8]> {
            std::borrow::Cow::Borrowed(&[])
        }
        fn text(&self, _: u64) -> std::borrow::Cow<'_, [u8]> {
            std::borrow::Cow::Borrowed(&[])
        }
        fn is_damaged(&self) -> bool {
            false
        }
    }
}
