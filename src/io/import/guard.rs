//! Reading with other people's readers.
//!
//! The crates that take workbooks and Parquet apart are well kept, but they index into what a file
//! says, and a file may say anything. Where one of them gives up by a panic, that is an error of the
//! file, not of the program.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::ImportError;

/// Runs a foreign reader on the file `name`. Nothing that the reader leaves half done is used
/// afterwards: its panic becomes the result.
pub(super) fn guarded<T>(
    name: &str,
    work: impl FnOnce() -> Result<T, ImportError>,
) -> Result<T, ImportError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(name)))
}

/// As [`guarded`], for a reader that says itself why it cannot go on.
pub(super) fn guarded_text<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("what it says does not fit together".to_owned()))
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
