//! Cross-filtering of invented datasets: the index, the filter, the moving window with all its counts,
//! the sorted list, and the nearest site.
//!
//! The datasets have the shape of a large event dataset: 5,114 days with more events in later ones,
//! 2,000 actors of whom few are in most events, 800 claimants, 3,001 towns that hold most events, and
//! the rest at coordinates of their own.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use waqai::model::time::SECONDS_PER_DAY;
use waqai::model::{
    Actor, BBox, DatePrecision, Document, EventType, GeoPrecision, Interval, Lang, Names, Place, Prominence,
};
use waqai::store::bins::{Unit, bins};
use waqai::store::cross::{Base, Cross, Ranks, SortColumn};
use waqai::store::filter::{Filter, WindowMode};
use waqai::store::search::Found;
use waqai::store::{Index, Kind, Lists, Store};

const SIZES: [usize; 3] = [100_000, 1_000_000, 3_000_000];
const DAYS: i64 = 5114;
const FIRST_DAY: i64 = 15_340;
const ACTORS: u64 = 2000;
const CLAIMANTS: u64 = 800;
const TOWNS: usize = 3001;

/// Numbers that look random and are the same every time (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn share(&mut self) -> f64 {
        self.below(1 << 40) as f64 / (1u64 << 40) as f64
    }

    /// A number below `n`, the first ones far more often.
    fn few(&mut self, n: u64) -> u32 {
        ((n as f64).powf(self.share()) - 1.0) as u32
    }
}

fn actor(number: u64) -> Actor {
    let name = format!("Group {:05}", number * 7919 % 100_003);
    Actor {
        key: name.clone(),
        names: Names::en(name),
        short: Names::default(),
        kind: String::new(),
        entity: None,
        forms: Vec::new(),
        note: None,
    }
}

fn place(number: usize) -> Place {
    let name = format!("Town {:05}", number * 7919 % 100_003);
    Place {
        key: name.clone(),
        names: Names::en(name),
        kind: String::new(),
        position: None,
        radius_m: 0.0,
        country: None,
        admin1: None,
        forms: Vec::new(),
        demonyms: Vec::new(),
        note: None,
    }
}

fn store(n: usize) -> Store {
    let mut random = Random(7);
    let mut store = Store {
        generation: 1,
        actors: (0..ACTORS + CLAIMANTS).map(actor).collect(),
        places: (0..TOWNS).map(place).collect(),
        documents: vec![Document::default()],
        ..Store::default()
    };
    for number in 0..25 {
        store.sub_types.intern(&format!("Sub type {number}"));
    }
    let towns: Vec<(f32, f32)> = (0..TOWNS)
        .map(|_| (random.share() as f32 * 45.0 - 15.0, random.share() as f32 * 70.0 - 17.5))
        .collect();
    let mut days: Vec<i32> =
        (0..n).map(|_| (FIRST_DAY + (random.share().powf(0.6) * DAYS as f64) as i64) as i32).collect();
    days.sort_unstable();
    let columns = &mut store.columns;
    columns.times.extend_days(&days);
    let mut places = Vec::with_capacity(n);
    let mut tolls = Vec::with_capacity(n);
    for _ in 0..n {
        let sub_type = random.below(25) as u16;
        let kind = columns.kinds.intern(Kind {
            event_type: EventType::ALL[usize::from(sub_type) % 6],
            sub_type,
            date_precision: [DatePrecision::Day, DatePrecision::Week][random.few(2) as usize],
            geo_precision: GeoPrecision::ALL[random.few(3) as usize],
            prominence: Prominence::Main,
            ..Kind::default()
        });
        columns.kind.push(kind);
        let town = random.few(TOWNS as u64) as usize;
        let (lat, lon) = towns[town];
        let off = if random.below(100) < 15 { random.share() as f32 / 10.0 } else { 0.0 };
        columns.lat.push(lat + off);
        columns.lon.push(lon - off);
        places.push(town as u32);
        tolls.push(if random.below(10) < 6 { 0 } else { random.few(400) });
        let second = (random.below(10) < 6).then(|| random.few(ACTORS));
        let first = random.few(ACTORS);
        columns.actors.push([first].into_iter().chain(second.filter(|second| *second != first)));
        columns.claimants.push([ACTORS as u32 + random.few(CLAIMANTS)]);
    }
    columns.fatalities.extend_best(&tolls);
    columns.places = Lists::One(places);
    columns.documents = Lists::Same { id: 0, len: n };
    store.reindex();
    store
}

/// Type, actors, fatalities and part of the map.
fn narrow() -> Filter {
    Filter {
        types: [0, 1, 2].into(),
        actors: (0..50).collect(),
        min_fatalities: Some(1),
        max_fatalities: Some(50),
        area: Some(BBox { min_lon: -17.5, min_lat: 10.0, max_lon: 25.0, max_lat: 20.0 }),
        ..Filter::default()
    }
}

/// Two years from a day on.
fn window(day: i64) -> Option<Interval> {
    let start = FIRST_DAY + day;
    Some(Interval { start: start * SECONDS_PER_DAY, end: (start + 731) * SECONDS_PER_DAY })
}

/// Moves the window and tells all that views show of it.
fn moved(store: &Store, cross: &mut Cross, day: i64) {
    cross.move_to(store, window(day), WindowMode::Possibly);
    black_box((cross.trays(), cross.latest_first(), cross.per_type()));
    black_box(months(store, cross.base()));
}

fn months(store: &Store, base: &Base) -> usize {
    let extent = Interval { start: FIRST_DAY * SECONDS_PER_DAY, end: (FIRST_DAY + DAYS) * SECONDS_PER_DAY };
    bins(store, base, Unit::Month, extent).all.len()
}

fn benches(c: &mut Criterion) {
    for n in SIZES {
        let store = store(n);
        let found = Found::default();
        let mut group = c.benchmark_group(format!("cross/{n}"));
        group.sample_size(10);
        group.bench_function("index", |b| b.iter(|| black_box(Index::new(&store.columns))));
        group.bench_function("bins by month", |b| {
            let base = Base::new(&store, &narrow(), &found, None);
            b.iter(|| black_box(months(&store, &base)));
        });
        for (name, filter) in [("no other filter", Filter::default()), ("four other filters", narrow())] {
            let id = |what: &str| BenchmarkId::new(what, name);
            group.bench_function(id("base"), |b| {
                b.iter(|| black_box(Base::new(&store, &filter, &found, None)));
            });
            let base = Arc::new(Base::new(&store, &filter, &found, None));
            group.bench_function(id("base, tolls changed"), |b| {
                let filter = Filter { min_fatalities: Some(3), ..filter.clone() };
                b.iter(|| black_box(Base::new(&store, &filter, &found, Some(&base))));
            });
            let mut cross = Cross::new(&store, base.clone(), window(0), WindowMode::Possibly);
            let mut day = 0;
            group.bench_function(id("jump by 60 days"), |b| {
                b.iter(|| {
                    day = (day + 60) % 3600;
                    moved(&store, &mut cross, day);
                });
            });
            let mut random = Random(11);
            group.bench_function(id("jump anywhere"), |b| {
                b.iter(|| moved(&store, &mut cross, random.below(DAYS as u64 - 731) as i64));
            });
            day = 2000;
            group.bench_function(id("drag by 6 days"), |b| {
                b.iter(|| {
                    day = if day < 4300 { day + 6 } else { 2000 };
                    cross.move_to(&store, window(day), WindowMode::Possibly)
                });
            });
        }
        let all = Cross::new(
            &store,
            Arc::new(Base::new(&store, &Filter::default(), &found, None)),
            None,
            WindowMode::Possibly,
        );
        for column in [SortColumn::Title, SortColumn::Place, SortColumn::Killed] {
            group.bench_function(BenchmarkId::new("ranks and sort", column.name()), |b| {
                b.iter(|| {
                    let ranks = Ranks::new(&store, column, Lang::En);
                    black_box(ranks.sort(&store, all.by_time(), true).len())
                });
            });
        }
        let mut random = Random(5);
        group.bench_function("pick", |b| {
            b.iter(|| {
                let at = [0.45 + random.share() * 0.2, 0.43 + random.share() * 0.11];
                black_box(store.index.sites.nearest(at, 0.0005, |_| true))
            });
        });
        group.finish();
    }
}

criterion_group!(all, benches);
criterion_main!(all);
