//! Times of frames in a few numbers.

use std::time::Duration;

use crate::io::report::FrameTimes;

/// Sums up times in milliseconds: least, middle, 95th of a hundred, most. `None` without frames.
pub fn summed_up(times: &[Duration]) -> Option<FrameTimes> {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1000.0).collect();
    sorted.sort_by(f64::total_cmp);
    // The nearest rank: the least time that this share of all frames does not exceed.
    let at = |share: f64| -> Option<f64> {
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).map(|ms| (ms * 1000.0).round() / 1000.0)
    };
    Some(FrameTimes {
        frames: sorted.len(),
        min_ms: at(0.0)?,
        median_ms: at(0.5)?,
        p95_ms: at(0.95)?,
        max_ms: at(1.0)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest_ones() {
        let times: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        let sums = summed_up(&times).expect("frames");
        assert_eq!((sums.min_ms, sums.median_ms, sums.p95_ms, sums.max_ms), (1.0, 50.0, 95.0, 100.0));
        let one = summed_up(&[Duration::from_micros(1500)]).expect("a frame");
        assert_eq!((one.frames, one.min_ms, one.p95_ms, one.max_ms), (1, 1.5, 1.5, 1.5));
        assert_eq!(summed_up(&[]), None);
    }
}
