//! What tests of readers share.

use proptest::prelude::*;

use super::Grid;
use crate::io::{Continue, Progress};

pub fn unwatched(_: Progress) -> Continue {
    Continue::Yes
}

/// The rows of a grid.
pub fn cells(grid: &Grid) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
    reader.records().map(|row| row.expect("sound").iter().map(str::to_owned).collect()).collect()
}

/// The column of a grid.
pub fn column(grid: &Grid, name: &str) -> Vec<String> {
    let at = grid.columns.iter().position(|column| column == name).expect("a column");
    cells(grid).into_iter().map(|row| row[at].clone()).collect()
}

/// Any bytes, mostly those that mean something in the format.
pub fn any_bytes(common: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![9 => proptest::sample::select(common.to_vec()), 1 => any::<u8>()];
    proptest::collection::vec(byte, 0..400)
}

/// A sound file with some bytes changed, cut out or put in.
pub fn mutated(sound: &[u8]) -> impl Strategy<Value = Vec<u8>> {
    let sound = sound.to_vec();
    let change = (any::<prop::sample::Index>(), 0..4usize, any::<u8>(), 1..40usize);
    proptest::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut bytes = sound.clone();
        for (at, kind, byte, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => bytes.insert(at, byte),
                _ => {
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        bytes
    })
}
