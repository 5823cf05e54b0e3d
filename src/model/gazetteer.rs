//! A gazetteer: named places with coordinates, in four languages, as lines of tab-separated text.
//!
//! Invariants:
//! * A line is either a place or a problem; none is skipped in silence.
//! * Coordinates are degrees within ±90 and ±180, `radius_m` is positive, `rank` is 1 to 8, and ids are
//!   unique.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The columns, in order, as the first line of a gazetteer names them.
pub const COLUMNS: [&str; 13] = [
    "id", "name_en", "name_fr", "name_ar", "name_ru", "variants", "kind", "rank", "lat", "lon", "radius_m",
    "country", "source",
];

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GazetteerKind {
    /// The capital of a country.
    Capital,
    Town,
    Village,
    /// A border post, a well, a mine: somewhere people pass rather than live.
    Post,
    /// A first-level division of a country.
    Region,
}

impl GazetteerKind {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "capital" => Some(Self::Capital),
            "town" => Some(Self::Town),
            "village" => Some(Self::Village),
            "post" => Some(Self::Post),
            "region" => Some(Self::Region),
            _ => None,
        }
    }
}

/// One named place.
#[derive(Debug, Clone, PartialEq)]
pub struct GazetteerPlace {
    pub id: String,
    pub name_en: String,
    pub name_fr: String,
    pub name_ar: String,
    pub name_ru: String,
    /// Other spellings, in any language.
    pub variants: Vec<String>,
    pub kind: GazetteerKind,
    /// 1 for a capital to 8 for a small place.
    pub rank: u8,
    pub lat: f64,
    pub lon: f64,
    /// How far from the coordinates something said to be "in" the place may be.
    pub radius_m: f64,
    /// ISO 3166-1 alpha-2; two of them, separated by a slash, on a border.
    pub country: String,
    pub source: String,
}

impl GazetteerPlace {
    /// All names and spellings, in every language.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = [&self.name_en, &self.name_fr, &self.name_ar, &self.name_ru];
        own.into_iter().chain(&self.variants).map(String::as_str).filter(|name| !name.is_empty())
    }
}

/// The gazetteer that is part of the program: see `data/gazetteer/README.md`.
pub fn built_in() -> &'static [GazetteerPlace] {
    static PLACES: LazyLock<Vec<GazetteerPlace>> = LazyLock::new(|| parse_gazetteer(BUILT_IN).0);
    &PLACES
}

/// Its file.
pub const BUILT_IN: &str = include_str!("../../data/gazetteer/places.tsv");

/// A line that is not a place, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

/// Reads a gazetteer. Empty lines and lines that begin with `#` are comments.
pub fn parse_gazetteer(text: &str) -> (Vec<GazetteerPlace>, Vec<Problem>) {
    let mut places = Vec::new();
    let mut problems = Vec::new();
    let mut ids = HashSet::new();
    let mut header_seen = false;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);

    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let result = if header_seen {
            parse_line(line).and_then(|place| {
                if ids.insert(place.id.clone()) {
                    places.push(place);
                    Ok(())
                } else {
                    Err(format!("id “{}” occurs twice", place.id))
                }
            })
        } else {
            header_seen = true;
            if line.split('\t').eq(COLUMNS) {
                Ok(())
            } else {
                Err(format!("the columns are not {}", COLUMNS.join(", ")))
            }
        };
        if let Err(message) = result {
            problems.push(Problem { line: index + 1, message });
        }
    }
    (places, problems)
}

fn parse_line(line: &str) -> Result<GazetteerPlace, String> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [id, name_en, name_fr, name_ar, name_ru, variants, kind, rank, lat, lon, radius_m, country, source] =
        fields[..]
    else {
        return Err(format!("{} columns instead of {}", fields.len(), COLUMNS.len()));
    };
    if id.is_empty() {
        return Err("no id".to_owned());
    }
    if name_en.is_empty() {
        return Err("no English name".to_owned());
    }
    Ok(GazetteerPlace {
        id: id.to_owned(),
        name_en: name_en.to_owned(),
        name_fr: name_fr.to_owned(),
        name_ar: name_ar.to_owned(),
        name_ru: name_ru.to_owned(),
        variants: variants
            .split('|')
            .map(str::trim)
            .filter(|variant| !variant.is_empty())
            .map(str::to_owned)
            .collect(),
        kind: GazetteerKind::parse(kind).ok_or_else(|| format!("kind “{kind}” is not known"))?,
        rank: rank
            .parse()
            .ok()
            .filter(|rank| (1..=8).contains(rank))
            .ok_or_else(|| format!("rank “{rank}” is not 1 to 8"))?,
        lat: number_within(lat, "lat", -90.0, 90.0)?,
        lon: number_within(lon, "lon", -180.0, 180.0)?,
        radius_m: number_within(radius_m, "radius_m", 1.0, 2_000_000.0)?,
        country: country.to_owned(),
        source: source.to_owned(),
    })
}

fn number_within(text: &str, column: &str, least: f64, most: f64) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("{column} “{text}” is not a number from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_header(lines: &str) -> String {
        format!("{}\n{lines}", COLUMNS.join("\t"))
    }

    const GAO: &str = "gao\tGao\tGao\tغاو\tГао\tKawkaw| Gaô \ttown\t2\t16.27\t-0.04\t4000\tML\town";

    #[test]
    fn a_line_is_read_column_by_column() {
        let (places, problems) = parse_gazetteer(&with_header(GAO));
        assert_eq!(problems, []);
        assert_eq!(places.len(), 1);
        assert_eq!(places[0].name_ar, "غاو");
        assert_eq!(places[0].variants, ["Kawkaw", "Gaô"]);
        assert_eq!(places[0].kind, GazetteerKind::Town);
        assert_eq!((places[0].lat, places[0].lon), (16.27, -0.04));
    }

    #[test]
    fn comments_line_ends_and_byte_order_marks_do_not_matter() {
        let text = format!("\u{feff}# places\r\n\r\n{}\r\n{GAO}\r\n", COLUMNS.join("\t"));
        let (places, problems) = parse_gazetteer(&text);
        assert_eq!((places.len(), problems.len()), (1, 0));
    }

    #[test]
    fn a_bad_line_is_a_problem_and_the_rest_is_read() {
        let bad = [
            GAO.replace("16.27", "96.27"),
            GAO.replace("16.27", "NaN"),
            GAO.replace("\ttown\t", "\tcity\t"),
            GAO.replace("\t2\t", "\t9\t"),
            "gao\tGao".to_owned(),
            GAO.replacen("gao", "", 1),
        ];
        let lines = format!("{}\n{GAO}\n{GAO}", bad.join("\n"));
        let (places, problems) = parse_gazetteer(&with_header(&lines));
        assert_eq!(places.len(), 1);
        let at: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        // The last one is the second Gao.
        assert_eq!(at, [2, 3, 4, 5, 6, 7, 9]);
        assert!(problems[0].message.contains("lat “96.27”"));
    }

    #[test]
    fn a_wrong_header_is_a_problem() {
        let (places, problems) = parse_gazetteer("name\tlat\n");
        assert_eq!((places.len(), problems.len()), (0, 1));
    }
}
