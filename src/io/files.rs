//! Where the files of a case come from: a folder on disk, or the program itself.
//!
//! Names are relative, with `/` between folders, and never lead out of the case: not by `..`, not
//! by an absolute path, not by a link.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest file that is read whole.
pub const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// The files of one case by name.
pub trait CaseFiles {
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, ReadError>;

    /// Names of the files directly in a folder of the case (`""` for the case's own), sorted; empty
    /// if there is none.
    fn list(&self, folder: &str) -> Vec<String>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    Missing,
    /// A folder or a device stands where a file should.
    NotAFile,
    /// The name leads out of the case.
    Outside,
    TooLarge(u64),
    /// In the system's words.
    Io(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "there is no such file"),
            Self::NotAFile => write!(f, "this is not a file but a folder or a device"),
            Self::Outside => write!(f, "the name leads out of the case's folder, so it is not opened"),
            Self::TooLarge(bytes) => {
                write!(f, "the file is too large: {bytes} bytes, at most {MAX_FILE_BYTES} can be read")
            }
            Self::Io(reason) => write!(f, "the file cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A case's folder on disk.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder of an empty path is the current one, as that of a file named without a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { root: if root.as_os_str().is_empty() { PathBuf::from(".") } else { root } }
    }
}

impl CaseFiles for Folder {
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        if !is_inside(name) {
            return Err(ReadError::Outside);
        }
        let root = self.root.canonicalize().map_err(|err| io_error(&err))?;
        let path = root.join(name).canonicalize().map_err(|err| io_error(&err))?;
        if !path.starts_with(&root) {
            return Err(ReadError::Outside);
        }
        read_file(&path, MAX_FILE_BYTES).map(Cow::Owned)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        if !folder.is_empty() && !is_inside(folder) {
            return Vec::new();
        }
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let files = entries.flatten().filter(|entry| entry.path().is_file());
        let prefix = prefix(folder);
        let mut names: Vec<String> =
            files.filter_map(|entry| Some(format!("{prefix}{}", entry.file_name().to_str()?))).collect();
        names.sort();
        names
    }
}

/// Files that are part of the program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    pub files: &'static [(&'static str, &'static [u8])],
}

impl CaseFiles for Embedded {
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        if !is_inside(name) {
            return Err(ReadError::Outside);
        }
        let file = self.files.iter().find(|(known, _)| *known == name);
        file.map(|(_, bytes)| Cow::Borrowed(*bytes)).ok_or(ReadError::Missing)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = prefix(folder);
        let in_folder = |name: &str| name.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/'));
        let names = self.files.iter().map(|(name, _)| *name).filter(|name| in_folder(name));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    }
}

/// Reads a whole file of bounded size. Folders, pipes and devices are refused before they are
/// opened, because opening some of them waits for ever.
pub fn read_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, ReadError> {
    let metadata = std::fs::metadata(path).map_err(|err| io_error(&err))?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > max_bytes {
        return Err(ReadError::TooLarge(metadata.len()));
    }
    let file = std::fs::File::open(path).map_err(|err| io_error(&err))?;
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|err| io_error(&err))?;
    let len = bytes.len() as u64;
    if len > max_bytes { Err(ReadError::TooLarge(len)) } else { Ok(bytes) }
}

/// Whether a name is relative and stays in the folder, on every system.
pub fn is_inside(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['\\', ':', '\0'])
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

pub(super) fn io_error(err: &std::io::Error) -> ReadError {
    match err.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing,
        std::io::ErrorKind::IsADirectory => ReadError::NotAFile,
        _ => ReadError::Io(err.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["../x", "/etc/passwd", "a/../../x", "C:\\x", "a\\b", "", "a//b", "./a", "a\0b"] {
            assert!(!is_inside(name), "{name:?}");
        }
        assert!(is_inside("documents/000.json"));
        assert!(is_inside("..a/b..c"));
    }
}
