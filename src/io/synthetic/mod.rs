//! Invented events in ACLED's format, as many as wanted, with the truth about them.
//!
//! For tests and measurements at a size at which no real data could be part of the program. Countries
//! and the kinds of events are real; towns, actors, sources and all that happens are not.
//!
//! Invariants: the same options give the same bytes on every machine; row and world are drawn with
//! integers only (`random`). A row is a function of the seed, its number and its day. The truth is
//! counted from what is drawn, never read back (`truth`). A file is written whole or not at all.
//!
//! What is in it for a reader to get wrong: line breaks, commas and quotation marks within fields, two
//! scripts in one note, particles attached to Arabic words, and several spellings of one phrase.

mod event;
mod random;
mod spelling;
mod truth;
mod words;
mod world;

use std::io::{self, Write};
use std::path::Path;

use super::{Continue, Progress, SaveError, save_atomically};
use event::{Event, HEADER};
use random::{Rng, Share};
use truth::Tally;
pub use truth::Truth;
use world::World;

/// What to invent.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub rows: u64,
    pub seed: u64,
    pub order: Order,
    /// The share of notes in Arabic, from 0 to 1. Planted phrases have their own script.
    pub arabic: f64,
    /// The share of notes with line breaks, from 0 to 1.
    pub newlines: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { rows: 0, seed: 7, order: Order::DateDescending, arabic: 0.3, newlines: 0.001 }
    }
}

/// How rows follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The latest first, as ACLED delivers them.
    DateDescending,
    Random,
}

impl Order {
    pub const ALL: [Self; 2] = [Self::DateDescending, Self::Random];

    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::DateDescending => "date-desc",
            Self::Random => "random",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// Bytes that are written at once.
const BLOCK: usize = 1 << 20;

/// Writes a file of events and, if asked, one of the truth about them. Returns the truth.
pub fn save(
    options: &Options,
    path: &Path,
    truth_path: Option<&Path>,
    watch: &dyn Fn(Progress) -> Continue,
) -> Result<Truth, SaveError> {
    let mut truth = None;
    save_atomically(path, |out| {
        truth = Some(generate(options, out, watch)?);
        Ok(())
    })?;
    let failed = |message: String| SaveError { path: path.to_owned(), source: io::Error::other(message) };
    let truth = truth.ok_or_else(|| failed("nothing was written".to_owned()))?;
    if let Some(truth_path) = truth_path {
        let json = super::report::to_json(&truth).map_err(failed)?;
        save_atomically(truth_path, |out| out.write_all(json.as_bytes()))?;
    }
    Ok(truth)
}

/// Writes events as CSV, telling of each block. If the watcher stops it, the error is
/// [`io::ErrorKind::Interrupted`].
pub fn generate(
    options: &Options,
    out: &mut dyn Write,
    watch: &dyn Fn(Progress) -> Continue,
) -> io::Result<Truth> {
    let world = World::new(options.seed);
    let mut tally = Tally::new(&world);
    let (arabic, newlines) = (Share::of(options.arabic), Share::of(options.newlines));
    let mut days = days(&world, options);
    let mut block = String::with_capacity(BLOCK + BLOCK / 8);
    block.push_str(HEADER);
    let mut bytes = 0;
    for row in 0..options.rows {
        let day = days.next().unwrap_or(0);
        let mut rng = Rng::new(options.seed, 2 * row + 1);
        let event = Event::draw(&world, &mut rng, day, arabic, newlines);
        let chars = event.write(&world, &mut rng, row + 1, &mut block);
        tally.add(&event, chars);
        if block.len() >= BLOCK {
            bytes += flush(&mut block, out)?;
            let progress = Progress { done: row + 1, total: options.rows, what: "rows".to_owned() };
            if watch(progress) == Continue::No {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "stopped"));
            }
        }
    }
    bytes += flush(&mut block, out)?;
    Ok(tally.finish(options, bytes))
}

/// Writes a block and empties it. Returns its size.
fn flush(block: &mut String, out: &mut dyn Write) -> io::Result<u64> {
    out.write_all(block.as_bytes())?;
    let size = block.len() as u64;
    block.clear();
    Ok(size)
}

/// The day of each row. In the order of dates they are the same days as in no order.
fn days<'a>(world: &'a World, options: &Options) -> Box<dyn Iterator<Item = usize> + 'a> {
    let (rows, seed) = (options.rows, options.seed);
    let drawn = (0..rows).map(move |row| world.day_weights.draw(&mut Rng::new(seed, 2 * row)));
    match options.order {
        Order::Random => Box::new(drawn),
        Order::DateDescending => {
            let mut counts = vec![0_usize; world.days.len()];
            drawn.for_each(|day| counts[day] += 1);
            Box::new(
                counts.into_iter().enumerate().rev().flat_map(|(day, count)| std::iter::repeat_n(day, count)),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::TempFolder;
    use crate::io::unwatched;

    fn written(options: &Options) -> (Vec<u8>, Truth) {
        let mut out = Vec::new();
        let truth = generate(options, &mut out, &unwatched).expect("memory takes everything");
        (out, truth)
    }

    #[test]
    fn no_rows_are_a_header() {
        let (out, truth) = written(&Options::default());
        assert_eq!(out, HEADER.as_bytes());
        assert_eq!((truth.rows, truth.bytes, truth.first_day), (0, HEADER.len() as u64, None));
    }

    #[test]
    fn both_orders_have_the_same_days() {
        let options = Options { rows: 2000, ..Options::default() };
        let (sorted, truth) = written(&options);
        let (unsorted, other) = written(&Options { order: Order::Random, ..options });
        assert_eq!(truth.per_year, other.per_year);
        assert_ne!(sorted, unsorted);
        for name in ["date-desc", "random"] {
            assert_eq!(Order::from_name(name).map(Order::name), Some(name));
        }
        assert_eq!(Order::from_name("date"), None);
    }

    #[test]
    fn the_watcher_can_stop_it_and_nothing_is_left() {
        let folder = TempFolder::new("synthetic");
        let path = folder.path().join("events.csv");
        let options = Options { rows: 10_000, ..Options::default() };
        let watch = |progress: Progress| {
            assert!(progress.done > 0 && progress.total == 10_000);
            Continue::No
        };
        let err = save(&options, &path, None, &watch).expect_err("stopped");
        assert!(err.to_string().contains("stopped") && err.to_string().contains("events.csv"), "{err}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0);
    }
}
