//! What a file or folder is, by its first bytes and its ending.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::model::import::Format;

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder with a `case.json`.
    CaseFolder,
    /// A `case.json`; its folder is the case.
    CaseJson,
    /// A folder without a case, perhaps of texts.
    Folder,
    Text,
    /// A delimited file with a header row.
    Table,
    PmTiles,
    /// Cannot be opened; why, as a sentence that names the file.
    Unknown(String),
}

/// How much of a file is looked at.
pub const HEAD_BYTES: usize = 4096;

/// Endings of kinds that cannot be opened, and their names.
const NOT_YET: [(&[&str], &str); 13] = [
    (&["geojson", "geojsonl", "ndjson", "topojson"], "GeoJSON files"),
    (&["json", "jsonl"], "JSON files other than a case's case.json"),
    (&["kml", "kmz"], "KML files"),
    (&["gpx"], "GPX files"),
    (&["xlsx", "xls", "xlsm", "ods"], "Spreadsheets"),
    (&["gpkg", "sqlite", "db"], "GeoPackage and SQLite files"),
    (&["parquet", "arrow", "feather"], "Parquet and Arrow files"),
    (&["shp", "dbf", "shx"], "Shapefiles"),
    (&["mbtiles"], "MBTiles files"),
    (&["pdf"], "PDF files"),
    (&["doc", "docx", "odt", "rtf"], "Word processor documents"),
    (&["html", "htm", "xml"], "Web pages and XML files"),
    (&["zip", "gz", "7z", "rar", "tar"], "Archives"),
];

/// Endings of delimited files.
const TABLES: [&str; 3] = ["csv", "tsv", "tab"];

/// First bytes of kinds that cannot be opened whatever their ending is, and their names.
const MAGIC: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "Archives and spreadsheets"),
    (b"SQLite format 3\0", "GeoPackage and SQLite files"),
    (b"PAR1", "Parquet files"),
    (b"%PDF", "PDF files"),
    (b"\x89PNG", "Pictures"),
    (b"\xFF\xD8\xFF", "Pictures"),
    (b"GIF8", "Pictures"),
    (b"\x1F\x8B", "Archives"),
    (b"{\\rtf", "Word processor documents"),
];

/// The format of a file of events, by its name and first bytes; `None` if it is none that is known.
pub fn format(name: &str, head: &[u8]) -> Option<Format> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match sniff_bytes(name, head) {
        Kind::Table => Some(Format::Delimited),
        _ if TABLES.contains(&ending.as_str()) => Some(Format::Delimited),
        _ => None,
    }
}

/// Says what a path holds.
pub fn sniff(path: &Path) -> Kind {
    let name =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => {
            return Kind::Unknown(format!("There is no file “{name}”."));
        }
        Err(err) => return Kind::Unknown(format!("“{name}” cannot be opened: {err}.")),
    };
    if metadata.is_dir() {
        return if path.join("case.json").is_file() { Kind::CaseFolder } else { Kind::Folder };
    }
    if !metadata.is_file() {
        return Kind::Unknown(format!("“{name}” is a device, not a file."));
    }
    let mut head = Vec::new();
    if let Err(err) = File::open(path).and_then(|file| file.take(HEAD_BYTES as u64).read_to_end(&mut head)) {
        return Kind::Unknown(format!("“{name}” cannot be opened: {err}."));
    }
    sniff_bytes(&name, &head)
}

/// Says what a file holds by its name and first bytes.
pub fn sniff_bytes(name: &str, head: &[u8]) -> Kind {
    if head.starts_with(b"PMTiles") {
        return Kind::PmTiles;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    if name == "case.json" || (ending == "json" && says_case(head)) {
        return Kind::CaseJson;
    }
    let not_yet = |kind: &str| Kind::Unknown(format!("{kind} cannot be opened yet: “{name}”."));
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return not_yet(kind);
    }
    if ending == "pmtiles" {
        return Kind::Unknown(format!("“{name}” does not begin as a PMTiles file does."));
    }
    if TABLES.contains(&ending.as_str()) && !head.is_empty() {
        return Kind::Table;
    }
    if let Some((_, kind)) = NOT_YET.iter().find(|(endings, _)| endings.contains(&ending.as_str())) {
        return not_yet(kind);
    }
    if head.is_empty() {
        return Kind::Unknown(format!("“{name}” is empty."));
    }
    let is_utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let is_binary = head.contains(&0) && !is_utf16;
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end inside a character.
        Err(err) => err.error_len().is_none(),
    };
    if !is_binary && (is_utf8 || is_utf16 || ["txt", "text", "md"].contains(&ending.as_str())) {
        return Kind::Text;
    }
    Kind::Unknown(format!("“{name}” is neither a case nor a text nor a map file, so it cannot be opened."))
}

fn says_case(head: &[u8]) -> bool {
    head.windows(12).any(|window| window == b"\"waqai-case\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, head: &[u8], expected: &str) {
        let text = match sniff_bytes(name, head) {
            Kind::Unknown(reason) => reason,
            kind => format!("{kind:?}"),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn every_kind_gets_a_clear_answer() {
        check("case.json", b"{", "CaseJson");
        check("mali.json", b"{\"format\": \"waqai-case\"}", "CaseJson");
        check("مقال.txt", "نص".as_bytes(), "Text");
        check("README", b"text", "Text");
        check("a.txt", b"\xC7\xE1", "Text");
        check("map.pmtiles", b"PMTiles\x03", "PmTiles");
        check("events.csv", b"a,b", "Table");
        check("EVENTS.TSV", b"a", "Table");
        check("events.csv", b"", "“events.csv” is empty.");
        check("events.csv", b"PK\x03\x04", "Archives and spreadsheets cannot be opened yet: “events.csv”.");
        check("e.geojson", b"{}", "GeoJSON files cannot be opened yet: “e.geojson”.");
        check("e.json", b"{}", "JSON files other than a case's case.json cannot be opened yet: “e.json”.");
        check("e.kml", b"<kml>", "KML files cannot be opened yet: “e.kml”.");
        check("e.txt", b"PK\x03\x04", "Archives and spreadsheets cannot be opened yet: “e.txt”.");
        check(
            "e.dat",
            b"\0\0",
            "“e.dat” is neither a case nor a text nor a map file, so it cannot be opened.",
        );
        check("e.txt", b"", "“e.txt” is empty.");
        check("m.pmtiles", b"SQLite", "“m.pmtiles” does not begin as a PMTiles file does.");
        assert_eq!(
            sniff(Path::new("/no/such.txt")),
            Kind::Unknown("There is no file “such.txt”.".to_owned())
        );
        assert_eq!(sniff(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mali")), Kind::CaseFolder);
        assert_eq!(sniff(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data")), Kind::Folder);
    }
}
