//! Cross-filtering: which events pass, and the counts that views need, kept up to date while the
//! time window moves.
//!
//! A [`Base`] says what passes everything but the window: made once per change of the store or of
//! another filter, and never changed. A [`Cross`] lays the window over it. Events of one day, which
//! nearly all are, lie in order of time in the base's lists, so that the window shows a stretch of each
//! list; moving it counts the events that enter and leave, or begins anew where that is less. The few
//! other events are looked at one by one. [`run`] makes what a [`Request`] asks for from plain values,
//! on whatever thread.

mod base;
mod days;
mod request;
mod rows;
mod sort;
mod tally;
mod window;

pub use base::Base;
pub use days::Days;
pub use request::{Answer, Made, Request, Wanted, run, run_shared};
pub use rows::{Raw, Rows, RowsIter};
pub use sort::{Ranks, SortColumn};
pub use tally::{SiteCount, Tally};
pub use window::Cross;

/// Whether this thread works for a pool, and so may share its work with the others there. A thread
/// that does not (the window's) would wait until a pool has time, which may be long.
fn is_shared() -> bool {
    rayon::current_thread_index().is_some()
}

/// How many events a view shows, and how many it does not and why.
/// `shown + outside_window + undated + filtered_out` is the number of all events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayCounts {
    pub shown: usize,
    /// Pass everything but the time window.
    pub outside_window: usize,
    /// Have no date and so cannot be in the window, but pass everything else.
    pub undated: usize,
    /// Shown, but without a place to draw.
    pub unplaced: usize,
    /// Fail something other than the window.
    pub filtered_out: usize,
}

/// Least best toll of each bin of [`TollCounts`]; about a third of a decade each. The last one is
/// open.
pub const TOLL_BINS: [u32; 11] = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/// The bin of each toll below the last bin: looked up for every event that enters or leaves the window.
const SMALL_TOLLS: [u8; 1000] = {
    let mut bins = [0; 1000];
    let (mut toll, mut bin) = (0, 0);
    while toll < bins.len() {
        if TOLL_BINS[bin + 1] == toll as u32 {
            bin += 1;
        }
        bins[toll] = bin as u8;
        toll += 1;
    }
    bins
};

/// The bin of a toll.
pub fn toll_bin(toll: u32) -> usize {
    SMALL_TOLLS.get(toll as usize).map_or(TOLL_BINS.len() - 1, |bin| usize::from(*bin))
}

/// Events by best toll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TollCounts {
    pub per_bin: [u32; TOLL_BINS.len()],
    /// Events without a toll.
    pub without: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolls_lie_in_their_bins() {
        for toll in (0..1100).chain([u32::MAX]) {
            let slow = TOLL_BINS.iter().rposition(|least| *least <= toll);
            assert_eq!(Some(toll_bin(toll)), slow, "{toll}");
        }
    }
}
