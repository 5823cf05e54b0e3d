//! GPX → rows: one for each waypoint, route point and track point.
//!
//! The time of a point is its own; that of the file (`metadata`, or `time` beside the points in GPX 1.0)
//! is none of a point. Fields of extensions become columns under their names.

use quick_xml::events::BytesStart;

use crate::io::{Continue, Progress};
use crate::model::import::Issue;

use super::grid::added;
use super::json::Watch;
use super::xml::{Stop, Token, Xml, attribute, decode, finished};
use super::{Allowance, Grid, ImportError, Rows};

/// Reads points. A file that breaks off gives those before.
pub fn read(name: &str, bytes: &[u8], _allow: Allowance, watch: Watch<'_>) -> Result<Grid, ImportError> {
    let (text, is_bad) = decode(bytes);
    let mut rows = Rows::new("point {}");
    if is_bad {
        rows.tell_part(Issue::BadText, "", "");
    }
    let mut gpx = Gpx {
        xml: Xml::new(&text),
        rows,
        name,
        watch,
        total: text.len() as u64,
        number: 0,
        path: String::new(),
        has_root: false,
    };
    let stop = gpx.root().err().unwrap_or(Stop::Whole);
    if !gpx.has_root {
        return Err(ImportError::Cannot(format!("“{name}” is no GPX.")));
    }
    finished(stop, name, "points", gpx.rows)
}

struct Gpx<'a, 'w> {
    xml: Xml<'a>,
    rows: Rows,
    name: &'w str,
    watch: Watch<'w>,
    total: u64,
    number: u32,
    /// The name of the route or track.
    path: String,
    has_root: bool,
}

impl Gpx<'_, '_> {
    fn root(&mut self) -> Result<(), Stop> {
        loop {
            if let Token::Open(element) = self.xml.next()? {
                match self.xml.name() {
                    "gpx" => self.has_root = true,
                    "wpt" => {
                        self.point("waypoint", attribute(&element, "lat"), attribute(&element, "lon"))?
                    }
                    "rte" | "trk" => self.course()?,
                    _ => self.xml.skip()?,
                }
            }
        }
    }

    /// A route or a track, with its segments.
    fn course(&mut self) -> Result<(), Stop> {
        let depth = self.xml.depth();
        self.path.clear();
        loop {
            match self.xml.next()? {
                Token::Open(element) => match self.xml.name() {
                    "name" => self.path = self.xml.text()?,
                    "trkseg" => {}
                    "rtept" => {
                        self.point("route point", attribute(&element, "lat"), attribute(&element, "lon"))?
                    }
                    "trkpt" => {
                        self.point("track point", attribute(&element, "lat"), attribute(&element, "lon"))?
                    }
                    _ => self.xml.skip()?,
                },
                Token::Close if self.xml.depth() < depth => {
                    self.path.clear();
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn point(&mut self, kind: &str, lat: Option<String>, lon: Option<String>) -> Result<(), Stop> {
        self.number = self.number.saturating_add(1);
        if self.number.is_multiple_of(1024) {
            let progress =
                Progress { done: self.xml.position(), total: self.total, what: self.name.to_owned() };
            if (self.watch)(progress) == Continue::No {
                return Err(Stop::Stopped);
            }
        }
        let number = self.number;
        self.rows.set_named("point", kind);
        if lat.is_none() && lon.is_none() {
            self.rows.tell(Issue::NoGeometry, number, "", kind);
        }
        self.rows.set_named(added::LATITUDE, &lat.unwrap_or_default());
        self.rows.set_named(added::LONGITUDE, &lon.unwrap_or_default());
        if !self.path.is_empty() {
            self.rows.set_named(added::PATH, &self.path);
        }
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Token::Open(element) => self.field(&element, depth + 1)?,
                Token::Close if self.xml.depth() < depth => break,
                _ => {}
            }
        }
        self.rows.end_row(number)?;
        Ok(())
    }

    /// The element that was just opened, and those in it. Fields of the point itself are at `own_depth`.
    fn field(&mut self, element: &BytesStart<'_>, own_depth: usize) -> Result<(), Stop> {
        let (name, depth) = (self.xml.name().to_owned(), self.xml.depth());
        if name == "link" {
            self.rows.set_named("link", &attribute(element, "href").unwrap_or_default());
            return self.xml.skip();
        }
        let mut text = String::new();
        let mut is_leaf = true;
        loop {
            match self.xml.next()? {
                Token::Open(element) => {
                    is_leaf = false;
                    self.field(&element, own_depth)?;
                }
                Token::Close => break,
                Token::Text(part) if is_leaf => text.push_str(&part),
                Token::Text(_) => {}
            }
        }
        if is_leaf {
            let column = match name.as_str() {
                "time" if depth == own_depth => added::BEGIN,
                "name" if depth == own_depth => added::NAME,
                "desc" if depth == own_depth => added::DESCRIPTION,
                name => name,
            };
            self.rows.set_named(column, text.trim());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::import::testing::{any_bytes, cells, mutated, unwatched};
    use proptest::prelude::*;

    const SOUND: &str = r#"<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="y">
 <metadata><time>2024-07-30T00:00:00Z</time></metadata>
 <wpt lat="18.44" lon="1.41"><ele>4.50</ele><name>A &amp; B</name><link href="u"><text>t</text></link></wpt>
 <rte><name>R</name><rtept lat="1" lon="2"/></rte>
 <trk><name>T</name><desc>d</desc><trkseg>
  <trkpt lat="19" lon="2"><time>2024-07-27T10:00:00Z</time><extensions><x:tpx><x:hr>90</x:hr></x:tpx></extensions></trkpt>
 </trkseg></trk>
</gpx>"#;

    fn grid(text: &str) -> Grid {
        read("a.gpx", text.as_bytes(), Allowance::default(), &unwatched).expect("readable")
    }

    #[test]
    fn points_become_rows() {
        let grid = grid(SOUND);
        assert_eq!(
            grid.columns,
            ["point", "@latitude", "@longitude", "ele", "@name", "link", "@path", "@begin", "hr"]
        );
        assert_eq!(
            cells(&grid),
            [
                ["waypoint", "18.44", "1.41", "4.50", "A & B", "u", "", "", ""],
                ["route point", "1", "2", "", "", "", "R", "", ""],
                ["track point", "19", "2", "", "", "", "T", "2024-07-27T10:00:00Z", "90"],
            ]
        );
        assert_eq!((grid.findings.len(), grid.cut_short), (0, None));
    }

    #[test]
    fn a_broken_file_gives_the_points_before() {
        let cut = &SOUND[..SOUND.find("<trkseg>").expect("there") + 20];
        let grid = grid(cut);
        assert_eq!(grid.rows.len(), 2);
        assert!(grid.cut_short.expect("cut").contains("byte"));
        let wrong = SOUND.replace("</rte>", "</route>");
        assert_eq!(super::tests::grid(&wrong).rows.len(), 2);
        for text in ["", "x", "<kml></kml>"] {
            assert!(read("a", text.as_bytes(), Allowance::default(), &unwatched).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in any_bytes(b"<>/=\"gpxwt &;\n!-[]")) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }

        #[test]
        fn changed_files_are_read_or_refused(bytes in mutated(SOUND.as_bytes())) {
            let _ = read("a", &bytes, Allowance::default(), &unwatched);
        }
    }
}
