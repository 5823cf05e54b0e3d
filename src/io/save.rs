//! Files that are either written whole or not at all.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A file that could not be written. What was there before is unharmed.
#[derive(Debug)]
pub struct SaveError {
    pub path: PathBuf,
    pub source: io::Error,
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file cannot be written: {} ({})", self.source, self.path.display())
    }
}

impl std::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Writes a file through a temporary one in the same folder, which takes its name once all of it is
/// on the disk. A link is followed; the permissions of a file that is replaced stay.
pub fn save_atomically(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SaveError> {
    save_file(path, |file, _| {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        write(&mut out)?;
        out.flush()
    })
}

/// The same for writers that need a file, or its name: they get the temporary one, open and empty.
pub fn save_file(
    path: &Path,
    write: impl FnOnce(&mut File, &Path) -> io::Result<()>,
) -> Result<(), SaveError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let named = |source| SaveError { path: path.to_owned(), source };
    remove_stale(&target);
    let (temporary, file) = create_beside(&target).map_err(named)?;
    let written = write_all(&target, &temporary, file, write);
    if written.is_err() {
        // The reason why writing failed says more than why removing does.
        fs::remove_file(&temporary).ok();
    }
    written.map_err(named)
}

fn write_all(
    target: &Path,
    temporary: &Path,
    mut file: File,
    write: impl FnOnce(&mut File, &Path) -> io::Result<()>,
) -> io::Result<()> {
    write(&mut file, temporary)?;
    if let Ok(metadata) = fs::metadata(target) {
        if !metadata.is_file() {
            return Err(io::Error::other("a folder or a device has this name"));
        }
        file.set_permissions(metadata.permissions())?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(temporary, target)?;
    #[cfg(unix)]
    if let Some(folder) = folder_of(target) {
        // The name is safe only once the folder is. Some file systems cannot do this.
        File::open(folder).and_then(|folder| folder.sync_all()).ok();
    }
    Ok(())
}

/// Ends the names of unfinished files, behind the process and a number.
const ENDING: &str = ".tmp";
/// Stands in the names of unfinished files, so that nobody else's are taken for ours.
const MARK: &str = ".waqai-";
/// Nothing takes this long to write: an older unfinished file was left by a process that was killed.
const STALE: Duration = Duration::from_secs(24 * 3600);

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = target.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    for _ in 0..100 {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!("{MARK}{}-{number}{ENDING}", std::process::id()));
        let temporary = target.with_file_name(temporary);
        match OpenOptions::new().read(true).write(true).create_new(true).open(&temporary) {
            Err(err) if err.kind() == io::ErrorKind::AlreadyExists => {}
            Err(err) => return Err(err),
            Ok(file) => return Ok((temporary, file)),
        }
    }
    Err(io::Error::other("the folder is full of unfinished files"))
}

/// Removes what killed processes left behind in the folder. Nothing depends on whether it works.
fn remove_stale(target: &Path) {
    let Some(entries) = folder_of(target).and_then(|folder| fs::read_dir(folder).ok()) else { return };
    for entry in entries.flatten() {
        let is_old = || {
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some(metadata.modified().ok()?.elapsed().ok()? > STALE)
        };
        if is_unfinished(&entry.file_name().to_string_lossy()) && is_old() == Some(true) {
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// Whether [`create_beside`] gives such names.
fn is_unfinished(name: &str) -> bool {
    let numbers = name.strip_prefix('.').and_then(|name| name.strip_suffix(ENDING));
    let numbers = numbers.and_then(|name| name.rsplit_once(MARK)).and_then(|(_, rest)| rest.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

fn folder_of(target: &Path) -> Option<&Path> {
    let folder = target.parent()?;
    Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::TempFolder;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = TempFolder::new("save");
        let path = folder.path().join("a.txt");
        save_atomically(&path, |out| out.write_all(b"one")).expect("saved");
        let err = save_atomically(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("the disk is full"))
        })
        .expect_err("fails");
        assert_eq!(
            err.to_string(),
            format!("the file cannot be written: the disk is full ({})", path.display())
        );
        assert_eq!(fs::read(&path).expect("old file"), b"one");
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
        save_atomically(&path, |out| out.write_all(b"two")).expect("saved");
        assert_eq!(fs::read(&path).expect("new file"), b"two");
    }

    #[test]
    fn errors_name_the_path() {
        let folder = TempFolder::new("save-errors");
        let missing = folder.path().join("no-such-folder/a.txt");
        let err = save_atomically(&missing, |_| Ok(())).expect_err("no folder");
        assert!(err.to_string().ends_with(&format!("({})", missing.display())), "{err}");
        assert!(save_atomically(folder.path(), |_| Ok(())).is_err());
        assert!(save_atomically(Path::new("/"), |_| Ok(())).is_err());
    }

    #[test]
    fn what_killed_processes_left_is_removed_and_nothing_else() {
        let folder = TempFolder::new("save-stale");
        let path = |name: &str| folder.path().join(name);
        let old = std::time::SystemTime::now() - STALE * 2;
        let left = ".a.csv.waqai-123-0.tmp";
        let others = [".a.csv.waqai-123-1.tmp", ".b.tmp", "a.csv.waqai-1-0.tmp", ".a.waqai-x-0.tmp"];
        for name in others.iter().chain([&left]) {
            let file = File::create(path(name)).expect("file");
            if *name != others[0] {
                file.set_modified(old).expect("time");
            }
        }
        save_atomically(&path("b.txt"), |out| out.write_all(b"b")).expect("saved");
        assert!(!path(left).exists());
        assert!(others.iter().all(|name| path(name).exists()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed() {
        let folder = TempFolder::new("save-link");
        let (file, link) = (folder.path().join("a.txt"), folder.path().join("link.txt"));
        fs::write(&file, "one").expect("file");
        std::os::unix::fs::symlink(&file, &link).expect("link");
        save_atomically(&link, |out| out.write_all(b"two")).expect("saved");
        assert_eq!(fs::read(&file).expect("file"), b"two");
        assert!(link.is_symlink());
    }
}
