//! Finds the original texts of documents among files of the user's own, by SHA-256.
//!
//! An original is taken as stored: no newline conversion, NBSP and byte order mark kept, so that
//! the case's offsets hold in it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::report::About;
use crate::model::{Document, DocumentId, Problem};

use super::files::read_file;
use super::text::read_text_document;
use super::{Continue, Progress};

/// Largest text that is looked at.
pub const MAX_TEXT_BYTES: u64 = 64 * 1024 * 1024;
/// Most files that are looked at in one go.
pub const MAX_FILES: usize = 20_000;

/// Endings of files in folders that are offered as new documents if they are no originals.
const TEXT_ENDINGS: [&str; 3] = ["txt", "text", "md"];

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Attachments {
    /// Documents with their original texts and where those lie.
    pub matched: Vec<(DocumentId, String, PathBuf)>,
    /// Texts that are no document's original: what they would be as new documents.
    pub unmatched: Vec<(PathBuf, Result<Document, Problem>)>,
    pub problems: Vec<Problem>,
}

/// Compares files, and text files in folders and their folders, with the originals that documents
/// refer to. A file that is named itself is looked at whatever its ending is; in folders, files
/// other than texts are looked at only if an original has their length.
pub fn match_originals(
    documents: &[Document],
    paths: &[PathBuf],
    progress: &dyn Fn(Progress) -> Continue,
) -> Attachments {
    let mut found = Attachments::default();
    let mut wanted: HashMap<&str, Vec<DocumentId>> = HashMap::new();
    let mut lengths: HashSet<u64> = HashSet::new();
    for (row, document) in documents.iter().enumerate() {
        if let Some(original) = &document.original {
            wanted.entry(original.sha256.as_str()).or_default().push(DocumentId::from_index(row));
            lengths.insert(original.bytes);
        }
    }
    let files = Walk::new(&lengths, &mut found.problems).files(paths);
    let mut done: HashSet<DocumentId> = HashSet::new();
    let total = files.len() as u64;
    for (number, path) in (0..).zip(files) {
        let name = path.display().to_string();
        if progress(Progress { done: number, total, what: name.clone() }) == Continue::No {
            found.problems.push(Problem::warning(
                &name,
                "",
                "",
                "stopped before this file; the rest is not looked at",
            ));
            break;
        }
        let bytes = match read_file(&path, MAX_TEXT_BYTES) {
            Ok(bytes) => bytes,
            Err(err) => {
                found.problems.push(Problem::error(&name, "", "", err.to_string()));
                continue;
            }
        };
        let Some(ids) = wanted.get(sha256_hex(&bytes).as_str()) else {
            found.unmatched.push((path, read_text_document(&name, &bytes)));
            continue;
        };
        for id in ids {
            if done.contains(id) {
                continue;
            }
            match original_text(documents.get(id.index()), &name, &bytes) {
                Ok(text) => {
                    done.insert(*id);
                    found.matched.push((*id, text, path.clone()));
                }
                Err(problem) => found.problems.push(Problem { about: Some(About::Document(*id)), ..problem }),
            }
        }
    }
    found
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn original_text(document: Option<&Document>, name: &str, bytes: &[u8]) -> Result<String, Problem> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(err) => {
            let at = format!("byte {}", err.valid_up_to());
            return Err(Problem::error(
                name,
                at,
                "",
                "the original is not UTF-8, so offsets into it cannot be followed",
            ));
        }
    };
    let expected = document.and_then(|document| document.original.as_ref()).map(|original| original.chars);
    let found = text.chars().count();
    match expected {
        Some(expected) if expected as usize != found => {
            let message = format!(
                "the case says that the original has {expected} characters; its offsets cannot be trusted"
            );
            Err(Problem::error(name, "", format!("{found} characters"), message))
        }
        _ => Ok(text),
    }
}

/// Lists files, each once, however links go round.
struct Walk<'a> {
    lengths: &'a HashSet<u64>,
    problems: &'a mut Vec<Problem>,
    seen: HashSet<PathBuf>,
    files: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    fn new(lengths: &'a HashSet<u64>, problems: &'a mut Vec<Problem>) -> Self {
        Self { lengths, problems, seen: HashSet::new(), files: Vec::new() }
    }

    fn files(mut self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for path in paths {
            if path.is_dir() {
                folders.push(path.clone());
            } else if self.is_new(path) {
                self.files.push(path.clone());
            }
        }
        folders.reverse();
        while let Some(folder) = folders.pop() {
            if !self.is_new(&folder) {
                continue;
            }
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(err) => {
                    let message = format!("the folder cannot be read: {err}");
                    self.problems.push(Problem::error(&folder.display().to_string(), "", "", message));
                    continue;
                }
            };
            let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            entries.sort();
            for path in &entries {
                if !path.is_dir() && self.is_likely(path) && self.is_new(path) {
                    self.files.push(path.clone());
                }
            }
            folders.extend(entries.into_iter().rev().filter(|path| path.is_dir()));
            if self.files.len() > MAX_FILES {
                let message = format!("more than {MAX_FILES} files; the rest of the folder is not looked at");
                self.problems.push(Problem::error(
                    &folder.display().to_string(),
                    "",
                    self.files.len(),
                    message,
                ));
                break;
            }
        }
        self.files.truncate(MAX_FILES);
        self.files
    }

    /// Whether a file in a folder may be an original or a text.
    fn is_likely(&self, path: &Path) -> bool {
        let Ok(metadata) = std::fs::metadata(path) else { return false };
        if !metadata.is_file() {
            return false;
        }
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let is_text = ending.is_some_and(|ending| TEXT_ENDINGS.contains(&ending.as_str()));
        (is_text && metadata.len() <= MAX_TEXT_BYTES) || self.lengths.contains(&metadata.len())
    }

    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::io::testing::TempFolder;
    use crate::io::unwatched;
    use crate::model::document::OriginalRef;

    use super::*;

    fn document(key: &str, text: &str) -> Document {
        let original = OriginalRef {
            sha256: sha256_hex(text.as_bytes()),
            bytes: text.len() as u64,
            chars: text.chars().count() as u32,
            segments: Vec::new(),
        };
        Document { key: key.to_owned(), original: Some(original), ..Document::default() }
    }

    #[test]
    fn originals_are_found_in_folders_by_hash_and_kept_as_stored() {
        let text = "\u{FEFF}\u{A0}غاو\r\nGao\n";
        let documents = [document("000", "other"), document("001", text)];
        let folder = TempFolder::new("attach");
        fs::create_dir(folder.path().join("deep")).expect("folder");
        fs::write(folder.path().join("deep/مقال.html"), text).expect("file");
        fs::write(folder.path().join("note.txt"), "مذكرة").expect("file");
        fs::write(folder.path().join("picture.png"), b"\x89PNG").expect("file");
        let found = match_originals(&documents, &[folder.path().to_owned()], &unwatched);
        assert_eq!(found.problems, []);
        assert_eq!(found.matched, [(DocumentId(1), text.to_owned(), folder.path().join("deep/مقال.html"))]);
        let unmatched: Vec<&str> =
            found.unmatched.iter().filter_map(|(_, d)| d.as_ref().ok()).map(|d| d.key.as_str()).collect();
        assert_eq!(unmatched, ["note.txt"]);
    }

    #[test]
    fn a_file_that_is_named_itself_is_never_passed_over() {
        let folder = TempFolder::new("attach-named");
        let (binary, missing) = (folder.path().join("a.bin"), folder.path().join("no.txt"));
        fs::write(&binary, b"a\0b").expect("file");
        let found = match_originals(&[], &[binary.clone(), missing.clone()], &unwatched);
        assert!(matches!(&found.unmatched[..], [(path, Err(problem))] if *path == binary
            && problem.message == "this is not a text: it holds a zero byte"));
        let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [format!("error: there is no such file ({})", missing.display())]);
    }

    #[test]
    fn an_original_that_contradicts_its_length_is_not_attached() {
        let mut document = document("000", "غاو");
        document.original.iter_mut().for_each(|original| original.chars = 99);
        let folder = TempFolder::new("attach-length");
        fs::write(folder.path().join("a.txt"), "غاو").expect("file");
        let found = match_originals(&[document], &[folder.path().to_owned()], &unwatched);
        assert!(found.matched.is_empty() && found.unmatched.is_empty());
        assert_eq!(found.problems[0].value, "3 characters");
        assert_eq!(found.problems[0].about, Some(About::Document(DocumentId(0))));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_go_round_end() {
        let folder = TempFolder::new("attach-links");
        fs::create_dir(folder.path().join("a")).expect("folder");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).expect("link");
        fs::write(folder.path().join("a/t.txt"), "x").expect("file");
        let found = match_originals(&[], &[folder.path().to_owned()], &unwatched);
        assert_eq!(found.unmatched.len(), 1);
    }

    #[test]
    fn looking_stops_when_asked() {
        let folder = TempFolder::new("attach-stop");
        fs::write(folder.path().join("a.txt"), "x").expect("file");
        let found = match_originals(&[], &[folder.path().to_owned()], &|_| Continue::No);
        assert!(found.unmatched.is_empty());
        assert_eq!(found.problems.len(), 1);
    }
}
