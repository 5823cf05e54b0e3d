//! ZIP archives (workbooks, KMZ), checked before anything of them is used.
//!
//! Nothing is ever written to disk, so names that lead out of a folder do no harm: they are only
//! compared. What does harm is size: an archive is refused, or the user is asked, by what it says it
//! unpacks to ([`open`]). Where it lies, no harm is done: the crate stops at the size that an entry
//! states, also for those who unpack on their own.

use std::io::{Cursor, Read};

use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::guard::guarded;
use super::{Allowance, ImportError};

/// Entries of an archive; a workbook with a picture per row has fewer.
const MAX_ENTRIES: usize = 20_000;

/// An archive in memory.
pub type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens an archive whose entries, by what they say, unpack to no more than the user agreed to.
pub fn open<'a>(name: &str, bytes: &'a [u8], allow: Allowance) -> Result<Archive<'a>, ImportError> {
    let mut archive = guarded(name, || {
        ZipArchive::new(Cursor::new(bytes))
            .map_err(|err| cannot(name, &format!("its archive is damaged ({err})")))
    })?;
    if archive.len() > MAX_ENTRIES {
        let what = format!("it holds {} files; more than {MAX_ENTRIES} are not read", archive.len());
        return Err(cannot(name, &what));
    }
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|err| cannot(name, &format!("{err}")))?;
        unpacked = unpacked.saturating_add(entry.size());
    }
    allow.may_unpack(name, bytes.len() as u64, unpacked)?;
    Ok(archive)
}

/// Names of the entries that are files, in order of the archive.
pub fn names(archive: &Archive) -> Vec<String> {
    archive.file_names().flatten().map(|name| name.into_owned()).filter(|name| !name.ends_with('/')).collect()
}

/// An entry as a stream that ends where the entry says it does.
pub fn reader<'a, 'b>(
    name: &str,
    archive: &'a mut Archive<'b>,
    entry: &str,
) -> Result<std::io::Take<ZipFile<'a, Cursor<&'b [u8]>>>, ImportError> {
    let file = archive.by_name(entry).map_err(|err| match err {
        zip::result::ZipError::FileNotFound => cannot(name, &format!("there is no “{entry}” in it")),
        err => cannot(name, &format!("“{entry}” in it cannot be read ({err})")),
    })?;
    if file.encrypted() {
        return Err(cannot(name, "it is protected by a password"));
    }
    if !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        let what = format!("“{entry}” in it is packed in an unusual way ({})", file.compression());
        return Err(cannot(name, &what));
    }
    let size = file.size();
    Ok(file.take(size))
}

/// The whole of an entry.
pub fn read(name: &str, archive: &mut Archive, entry: &str) -> Result<Vec<u8>, ImportError> {
    guarded(name, || {
        let mut file = reader(name, archive, entry)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|err| cannot(name, &format!("“{entry}” in it cannot be unpacked ({err})")))?;
        Ok(bytes)
    })
}

fn cannot(name: &str, why: &str) -> ImportError {
    ImportError::Cannot(format!("“{name}” cannot be read: {why}."))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive with these entries.
    pub fn pack(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a name");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    /// Changes some bytes of a sound file.
    pub fn mutate(mut bytes: Vec<u8>, changes: &[(u32, u8, u8)]) -> Vec<u8> {
        for (at, kind, value) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = *at as usize % bytes.len();
            match kind % 4 {
                0 => bytes[at] ^= 1 << (value % 8),
                1 => bytes[at] = *value,
                2 => bytes.insert(at, *value),
                _ => {
                    let end = (at + usize::from(*value) + 1).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        bytes
    }

    pub fn changes() -> impl Strategy<Value = Vec<(u32, u8, u8)>> {
        proptest::collection::vec((any::<u32>(), any::<u8>(), any::<u8>()), 1..6)
    }

    #[test]
    fn an_archive_that_unpacks_to_a_hundred_times_its_size_is_asked_for() {
        let bytes = pack(&[("a.xml", &vec![b' '; 40 << 20])]);
        assert!(bytes.len() < 1 << 20);
        assert!(matches!(open("a.kmz", &bytes, Allowance::default()), Err(ImportError::Large(_))));
        let mut archive = open("a.kmz", &bytes, Allowance { large: true }).expect("allowed");
        assert_eq!(read("a.kmz", &mut archive, "a.xml").expect("sound").len(), 40 << 20);
    }

    #[test]
    fn an_entry_is_not_unpacked_beyond_what_it_says() {
        let mut bytes = pack(&[("a.xml", &[b'x'; 5000])]);
        // The size stands in the local header and in the directory at the end.
        let size = 5000_u32.to_le_bytes();
        let at: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
        for at in &at {
            bytes[*at..*at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
        assert!(!at.is_empty());
        let mut archive = open("a.kmz", &bytes, Allowance::default()).expect("a directory");
        assert!(read("a.kmz", &mut archive, "a.xml").is_ok_and(|bytes| bytes.len() <= 10));
        // Also without our own limit.
        let mut whole = Vec::new();
        let _ = archive.by_name("a.xml").expect("an entry").read_to_end(&mut whole);
        assert!(whole.len() <= 64, "{}", whole.len());
    }

    #[test]
    fn what_is_missing_is_named() {
        let bytes = pack(&[("a.xml", b"x")]);
        let mut archive = open("a.kmz", &bytes, Allowance::default()).expect("sound");
        assert_eq!(names(&archive), ["a.xml"]);
        let err = read("a.kmz", &mut archive, "doc.kml").expect_err("missing");
        assert_eq!(err.sentence(), Some("“a.kmz” cannot be read: there is no “doc.kml” in it."));
        assert!(open("a.kmz", b"no archive", Allowance::default()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(changes in changes()) {
            let bytes = mutate(pack(&[("a.xml", b"one"), ("b/c.xml", &[b'2'; 300])]), &changes);
            if let Ok(mut archive) = open("a.kmz", &bytes, Allowance::default()) {
                for entry in names(&archive) {
                    let _ = read("a.kmz", &mut archive, &entry);
                }
            }
        }
    }
}
