//! The case that is part of the program.

use super::Embedded;

/// The reading case on the war in Mali.
pub const MALI: Embedded = Embedded {
    files: &[
        ("actors.json", include_bytes!("../../data/mali/actors.json")),
        ("case.json", include_bytes!("../../data/mali/case.json")),
        ("documents/000.brief.txt", include_bytes!("../../data/mali/documents/000.brief.txt")),
        ("documents/000.json", include_bytes!("../../data/mali/documents/000.json")),
        ("documents/001.brief.txt", include_bytes!("../../data/mali/documents/001.brief.txt")),
        ("documents/001.json", include_bytes!("../../data/mali/documents/001.json")),
        ("documents/002.brief.txt", include_bytes!("../../data/mali/documents/002.brief.txt")),
        ("documents/002.json", include_bytes!("../../data/mali/documents/002.json")),
        ("documents/003.brief.txt", include_bytes!("../../data/mali/documents/003.brief.txt")),
        ("documents/003.json", include_bytes!("../../data/mali/documents/003.json")),
        ("documents/004.brief.txt", include_bytes!("../../data/mali/documents/004.brief.txt")),
        ("documents/004.json", include_bytes!("../../data/mali/documents/004.json")),
        ("events.json", include_bytes!("../../data/mali/events.json")),
        ("places.json", include_bytes!("../../data/mali/places.json")),
        ("undated.json", include_bytes!("../../data/mali/undated.json")),
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_folder_but_its_page_is_embedded() {
        fn walk(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).expect("folder").flatten() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    walk(&entry.path(), &format!("{name}/"), names);
                } else {
                    names.insert(name);
                }
            }
        }
        let mut on_disk = BTreeSet::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mali"), "", &mut on_disk);
        assert!(on_disk.remove("README.md"));
        let embedded: BTreeSet<String> = MALI.files.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(embedded, on_disk);
    }
}
