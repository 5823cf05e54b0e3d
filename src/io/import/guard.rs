//! Reading with other people's readers.
//!
//! The crates that take workbooks and Parquet apart are well kept, but they index into what a file
//! says, and a file may say anything. Where one of them gives up by a panic, that is an error of the
//! file, not of the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::ImportError;

thread_local! {
    /// How many guards this thread is within.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs foreign work; `None` if it gave up. What a panic would print is of no use to anyone who opens a
/// file, so on this thread nothing is printed until the work is over.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
                usual(info);
            }
        }));
    });
    DEPTH.set(DEPTH.get().saturating_add(1));
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    DEPTH.set(DEPTH.get().saturating_sub(1));
    done
}

/// Runs a foreign reader on the file `name`. Nothing that the reader leaves half done is used
/// afterwards: its panic becomes the result.
pub(super) fn guarded<T>(
    name: &str,
    work: impl FnOnce() -> Result<T, ImportError>,
) -> Result<T, ImportError> {
    caught(work).unwrap_or_else(|| Err(damaged(name)))
}

/// As [`guarded`], for a reader that says itself why it cannot go on.
pub(super) fn guarded_text<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    caught(work).unwrap_or_else(|| Err("what it says does not fit together".to_owned()))
}

/// A file that says things that do not fit together.
pub(super) fn damaged(name: &str) -> ImportError {
    ImportError::Cannot(format!("“{name}” is damaged: what it says does not fit together."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_the_file() {
        let empty: &[u8] = &[];
        let at = empty.len();
        assert_eq!(guarded("a.xls", || Ok(empty[at])), Err(damaged("a.xls")));
        assert_eq!(guarded("a.xls", || Ok(1)), Ok(1));
    }
}
