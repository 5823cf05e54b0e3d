//! Parts of a file made on all cores and taken in order, with progress.

use std::io;

use rayon::prelude::*;

use crate::io::{Continue, Progress};
use crate::model::EventId;

/// Events that one core makes something of at a time.
const PART: usize = 1024;

/// Told how far the work is; answers whether to go on.
pub type Watch<'a> = &'a dyn Fn(Progress) -> Continue;

/// What is written, and who watches.
pub struct Work<'a> {
    pub events: &'a [EventId],
    pub watch: Watch<'a>,
    /// The file, as the user would name it.
    pub what: String,
}

impl Work<'_> {
    /// Makes parts of the events and hands them on in order. At most some thousand events are in memory.
    pub fn parts<T: Send>(
        &self,
        make: impl Fn(&[EventId]) -> io::Result<T> + Sync,
        take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        self.parts_of(self.events, 0, make, take)
    }

    /// The same for some of the events, behind `done` others.
    pub fn parts_of<T: Send>(
        &self,
        events: &[EventId],
        done: usize,
        make: impl Fn(&[EventId]) -> io::Result<T> + Sync,
        mut take: impl FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        let turn = PART * rayon::current_num_threads().max(1) * 2;
        let mut done = done;
        for events in events.chunks(turn) {
            let made: Vec<io::Result<T>> = events.par_chunks(PART).map(&make).collect();
            for part in made {
                take(part?)?;
            }
            done += events.len();
            self.tell(done)?;
        }
        Ok(())
    }

    /// Tells how many events are done. An error if the user wants no more.
    pub fn tell(&self, done: usize) -> io::Result<()> {
        let progress =
            Progress { done: done as u64, total: self.events.len() as u64, what: self.what.clone() };
        match (self.watch)(progress) {
            Continue::Yes => Ok(()),
            Continue::No => Err(io::Error::new(io::ErrorKind::Interrupted, "it was stopped")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn parts_come_in_order_and_stop_when_asked() {
        let events: Vec<EventId> = (0..50_000).map(EventId).collect();
        let last = Cell::new(0);
        let watch = |progress: Progress| {
            last.set(progress.done);
            if progress.done < 30_000 { Continue::Yes } else { Continue::No }
        };
        let work = Work { events: &events, watch: &watch, what: String::new() };
        let mut seen = Vec::new();
        let stopped = work.parts(
            |part| Ok(part.to_vec()),
            |part| {
                seen.extend(part);
                Ok(())
            },
        );
        assert_eq!(stopped.map_err(|err| err.kind()), Err(io::ErrorKind::Interrupted));
        assert!((30_000..50_000).contains(&seen.len()) && last.get() == seen.len() as u64);
        assert_eq!(seen, events[..seen.len()]);
    }
}
