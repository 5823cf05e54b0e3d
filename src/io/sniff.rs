//! What a file or folder is, by its first bytes and its ending.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::io::import::json;
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
    /// A file of events in one of the formats of [`Format`].
    Table,
    PmTiles,
    /// Cannot be opened; why, as a sentence that names the file.
    Unknown(String),
}

/// How much of a file is looked at.
pub const HEAD_BYTES: usize = 4096;

/// Endings of kinds that cannot be opened, and their names.
const NOT_YET: [(&[&str], &str); 8] = [
    (&["topojson"], "TopoJSON files"),
    (&["arrow", "feather"], "Arrow files"),
    (&["shp", "dbf", "shx", "fgb"], "Shapefiles and FlatGeobuf files"),
    (&["mbtiles"], "MBTiles files"),
    (&["pdf"], "PDF files"),
    (&["doc", "docx", "odt", "rtf"], "Word processor documents"),
    (&["html", "htm", "xml"], "Web pages and XML files"),
    (&["zip", "gz", "7z", "rar", "tar"], "Archives"),
];

/// Endings of files of events, for those whose first bytes do not tell.
const EVENTS: [(&[&str], Format); 9] = [
    (&["csv", "tsv", "tab", "psv", "dsv"], Format::Delimited),
    (&["geojson", "geojsonl", "geojsons"], Format::GeoJson),
    (&["json", "jsonl", "ndjson"], Format::Json),
    (&["kml"], Format::Kml),
    (&["kmz"], Format::Kmz),
    (&["gpx"], Format::Gpx),
    (&["xlsx", "xlsm"], Format::Xlsx),
    (&["xls"], Format::Xls),
    (&["ods"], Format::Ods),
];

/// First bytes of kinds that cannot be opened whatever their ending is, and their names.
const MAGIC: [(&[u8], &str); 6] = [
    (b"%PDF", "PDF files"),
    (b"\x89PNG", "Pictures"),
    (b"\xFF\xD8\xFF", "Pictures"),
    (b"GIF8", "Pictures"),
    (b"\x1F\x8B", "Archives"),
    (b"{\\rtf", "Word processor documents"),
];

/// The format of a file of events, by its first bytes and then its ending; `None` if it is none.
pub fn format(name: &str, head: &[u8]) -> Option<Format> {
    let ending = ending(name);
    let by_ending = || EVENTS.iter().find(|(endings, _)| endings.contains(&ending.as_str())).map(|(_, f)| *f);
    if head.starts_with(b"PAR1") {
        return Some(Format::Parquet);
    }
    if head.starts_with(b"SQLite format 3\0") {
        return (ending != "mbtiles").then_some(Format::GeoPackage);
    }
    if head.starts_with(b"PK\x03\x04") {
        let has = |words: &[u8]| memchr::memmem::find(head, words).is_some();
        let documents = ["docx", "odt", "pptx", "odp", "zip"];
        return match by_ending() {
            Some(format @ (Format::Xlsx | Format::Ods | Format::Kmz)) => Some(format),
            _ if documents.contains(&ending.as_str()) => None,
            _ if has(b"opendocument.spreadsheet") => Some(Format::Ods),
            _ if has(b".kml") => Some(Format::Kmz),
            _ if has(b"xl/") || has(b"[Content_Types].xml") => Some(Format::Xlsx),
            _ => None,
        };
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return (ending != "doc").then_some(Format::Xls);
    }
    if head.starts_with(b"#FORMAT=WebAnno") {
        return Some(Format::WebAnno);
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    // Letters of UTF-16 without the zeroes between them tell markup as well.
    let ascii: Vec<u8> = text.iter().copied().filter(|byte| (1..0x80).contains(byte)).collect();
    let begin = ascii.trim_ascii_start();
    if begin.starts_with(b"<") {
        let has = |words: &[u8]| memchr::memmem::find(begin, words).is_some();
        return match () {
            () if has(b"<gpx") => Some(Format::Gpx),
            () if has(b"<kml") || has(b"<Placemark") || has(b"opengis.net/kml") => Some(Format::Kml),
            () => by_ending().filter(|format| matches!(format, Format::Kml | Format::Gpx)),
        };
    }
    let known = by_ending();
    let is_json_name = matches!(known, None | Some(Format::Json | Format::GeoJson));
    if is_json_name && matches!(begin.first(), Some(b'{' | b'[' | 0x1E)) {
        let found = json::kind(if head.starts_with(&[0xFF, 0xFE]) { begin } else { text });
        if found.is_some() || known.is_some() {
            return found.or(known);
        }
    }
    match known {
        // These have first bytes of their own.
        Some(Format::Xlsx | Format::Xls | Format::Ods | Format::Kmz) => {
            looks_delimited(head).then_some(Format::Delimited)
        }
        None if ending == "ann" => Some(Format::Brat),
        None if ["", "txt", "text", "dat", "asc", "log"].contains(&ending.as_str())
            && looks_delimited(head) =>
        {
            Some(Format::Delimited)
        }
        other => other,
    }
}

/// Whether a text is cut into fields all the way: at least five lines of four fields or more, all alike.
fn looks_delimited(head: &[u8]) -> bool {
    if head.contains(&0) || memchr::memmem::find(head, b"\n").is_none() {
        return false;
    }
    // The last line may be cut off.
    let lines: Vec<&[u8]> = head.split(|byte| *byte == b'\n').collect();
    let whole = lines.get(..lines.len().saturating_sub(1)).unwrap_or_default();
    [b'\t', b';', b'|', b','].into_iter().any(|delimiter| {
        let count = |line: &&[u8]| memchr::memchr_iter(delimiter, line).count();
        let first = whole.first().map_or(0, count);
        first >= 3 && whole.len() >= 5 && whole.iter().all(|line| count(line) == first)
    })
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
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
    let ending = ending(name);
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
    if !head.is_empty() && format(name, head).is_some() {
        return Kind::Table;
    }
    if let Some((_, kind)) = NOT_YET.iter().find(|(endings, _)| endings.contains(&ending.as_str())) {
        return not_yet(kind);
    }
    if head.starts_with(b"PK\x03\x04") {
        return not_yet("Archives");
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
    fn formats_are_told_by_their_first_bytes() {
        for (name, head, expected) in [
            ("a.csv", &b"a,b\n"[..], Some(Format::Delimited)),
            ("a.csv", b"PAR1", Some(Format::Parquet)),
            ("a", b"PAR1", Some(Format::Parquet)),
            ("a.gpkg", b"SQLite format 3\0", Some(Format::GeoPackage)),
            ("a.mbtiles", b"SQLite format 3\0", None),
            ("a.zip", b"PK\x03\x04", None),
            ("a.xlsx", b"PK\x03\x04", Some(Format::Xlsx)),
            ("a.bin", b"PK\x03\x04....doc.kml", Some(Format::Kmz)),
            ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Some(Format::Xls)),
            // Many programs write text under this name.
            (
                "a.xls",
                b"a\tb\tc\td\n1\t2\t3\t4\n1\t2\t3\t4\n1\t2\t3\t4\n1\t2\t3\t4\n",
                Some(Format::Delimited),
            ),
            ("a.json", b"[{\"a\": 1}]", Some(Format::Json)),
            ("a.json", b"{\"type\": \"FeatureCollection\", \"features\": []}", Some(Format::GeoJson)),
            ("a.txt", b"<?xml version='1.0'?><gpx>", Some(Format::Gpx)),
            ("a.tsv", b"#FORMAT=WebAnno TSV 3.3\n", Some(Format::WebAnno)),
            ("a.ann", b"T1\tEvent 0 3\tabc\n", Some(Format::Brat)),
            ("a.txt", b"Words, and, more, words, here.\nAnd others.\n", None),
        ] {
            assert_eq!(format(name, head), expected, "{name}");
        }
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
        check("events.docx", b"PK\x03\x04", "Word processor documents cannot be opened yet: “events.docx”.");
        check("e.txt", b"PK\x03\x04", "Archives cannot be opened yet: “e.txt”.");
        check("e.geojson", b"{}", "Table");
        check("e.kml", b"<kml>", "Table");
        check("e.html", b"<html>", "Web pages and XML files cannot be opened yet: “e.html”.");
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
