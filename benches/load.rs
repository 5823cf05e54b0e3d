//! Reading a table of invented events: as `waqai info` does it, and as the window does it, with rows in
//! order of time. Sizes are those of the file; reading the bytes alone is the limit.

use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waqai::io::synthetic::{Options, save};
use waqai::io::{Reading, read_table, unwatched};
use waqai::store::table::Table;

/// A file that goes away.
struct TempFile(PathBuf);

impl TempFile {
    fn new(rows: u64) -> Self {
        let path = std::env::temp_dir().join(format!("waqai-load-{rows}-{}.csv", std::process::id()));
        save(&Options { rows, ..Options::default() }, &path, None, &unwatched).expect("events");
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

/// The number of bytes, read a piece at a time.
fn copied(path: &Path) -> usize {
    let mut file = std::fs::File::open(path).expect("file");
    let mut piece = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match file.read(&mut piece).expect("bytes") {
            0 => return bytes,
            read => bytes += read,
        }
    }
}

fn load(path: &Path, in_time_order: bool) -> usize {
    let reading = Reading { in_time_order, progress: &unwatched, grown: None };
    read_table(path, &reading).expect("a table").store.num_events()
}

fn benches(c: &mut Criterion) {
    for (rows, name) in [(100_000, "100k"), (1_000_000, "1M"), (3_000_000, "3M")] {
        let file = TempFile::new(rows);
        let bytes = std::fs::metadata(&file.0).expect("file").len();
        let mut group = c.benchmark_group("load");
        group.sample_size(10).throughput(Throughput::Bytes(bytes));
        group.bench_function(BenchmarkId::new("bytes alone", name), |b| b.iter(|| copied(&file.0)));
        group.bench_function(BenchmarkId::new("counted", name), |b| b.iter(|| load(&file.0, false)));
        group.bench_function(BenchmarkId::new("in order of time", name), |b| b.iter(|| load(&file.0, true)));
        group.finish();
        if rows == 1_000_000 {
            let reading = Reading { in_time_order: true, progress: &unwatched, grown: None };
            let store = read_table(&file.0, &reading).expect("a table");
            let table: &Table = &store.store.tables[0];
            let mut group = c.benchmark_group("rows in the file");
            group.sample_size(10).throughput(Throughput::Elements(rows));
            group.bench_function("notes of all rows", |b| {
                b.iter(|| {
                    (0..store.store.num_events()).map(|row| black_box(table.text(row)).len()).sum::<usize>()
                });
            });
            group.finish();
        }
    }
}

criterion_group!(all, benches);
criterion_main!(all);
