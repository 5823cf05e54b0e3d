//! The filter with all its facets, and the search, over the built-in case and a hundred thousand of
//! its events.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waqai::io::{builtin, read_case, unwatched};
use waqai::model::EventType;
use waqai::model::time::parse_edtf;
use waqai::store::Store;
use waqai::store::cross::{Base, Cross};
use waqai::store::filter::{Codes, Filter};
use waqai::store::fold::FoldOptions;
use waqai::store::search::{Found, Query, TableWords, search};

/// The built-in case with each event this many times over.
fn repeated(times: usize) -> Store {
    let mut batch = read_case(&builtin::MALI, &unwatched);
    let once = std::mem::take(&mut batch.events);
    for number in 0..times {
        batch.events.extend(once.iter().cloned().map(|mut event| {
            event.key = format!("{}-{number}", event.key);
            event
        }));
    }
    Store::from_batch(batch)
}

/// What a changed filter costs: evaluation, and the counts of all facets under the window.
fn filtered(store: &Store, filter: &Filter) -> usize {
    let base = Arc::new(Base::new(store, filter, &Found::default(), None));
    Cross::new(store, base, filter.window, filter.window_mode).trays().shown
}

fn benches(c: &mut Criterion) {
    let window = parse_edtf("2023-08/2024-07").ok().map(|when| when.interval);
    let types = Codes::from([EventType::Battles as u32, EventType::StrategicDevelopments as u32]);
    let filter = Filter { window, types, min_fatalities: None, ..Filter::default() };
    let mut group = c.benchmark_group("filter and facets");
    for times in [1, 1_819] {
        let store = repeated(times);
        group.throughput(Throughput::Elements(store.num_events() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(store.num_events()), &store, |b, store| {
            b.iter(|| black_box(filtered(store, &filter)));
        });
    }
    group.finish();

    let store = repeated(1);
    let mut group = c.benchmark_group("search");
    for text in ["تمبكتو", "Gao", "army"] {
        group.bench_with_input(BenchmarkId::from_parameter(text), text, |b, text| {
            b.iter(|| {
                black_box(search(
                    &store,
                    &TableWords::default(),
                    Query::new(&store, text, FoldOptions::default()),
                    &|| false,
                ))
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
