//! The text of one cell → a date, a number, degrees.
//!
//! Everything here is pure and takes fields without their quoting and the blanks around them. Forms
//! that fill millions of rows (`2024-07-27`, `-12.3456`, `84`) are read on a short path that allocates
//! nothing; all others go through `plain`, which writes the signs of many scripts as those of ASCII.
//!
//! A reading is either a value, with a remark if something about it should be told, or an [`Issue`]
//! that says why there is none. What is not understood is refused: a wrong day or a wrong place is
//! worse than none.

mod clock;
mod dates;
mod degrees;
mod look;
mod numbers;
mod plain;
mod points;
mod tokens;
mod words;

pub use clock::Clock;
pub use dates::{Date, LATEST_SHORT_YEAR, is_open};
pub use degrees::Axis;
pub use look::{Example, Look};
pub use numbers::Figure;
pub use points::wkt_point;

use crate::model::import::{DateOrder, DecimalMark, Issue, Numbers, Remedy, Settings};

/// A value and what is odd about it, or why there is none.
pub type Reading<T> = Result<(T, Option<Issue>), Issue>;

/// How the values of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    pub order: DateOrder,
    /// Whether the order of day and month is known; if not, dates that could be read either way say so.
    pub is_order_known: bool,
    pub numbers: Numbers,
    pub decimal: DecimalMark,
    /// Whether longitudes beyond ±180 go once around the world.
    pub wrap: bool,
}

impl Default for Forms {
    fn default() -> Self {
        Self::of(&Settings::default())
    }
}

impl Forms {
    /// The forms of the settings. The order of dates counts as known: those who have evidence to the
    /// contrary set [`Forms::is_order_known`].
    pub fn of(settings: &Settings) -> Self {
        Self {
            order: settings.date_order,
            is_order_known: true,
            numbers: settings.numbers,
            decimal: settings.decimal,
            wrap: settings.has(Remedy::WrapLongitude),
        }
    }
}

/// Whether a field says in some way that there is no value: `-`, `?`, `n/a`, `NULL`, `unknown`. Not for
/// names: `NA` is Namibia there.
pub fn is_blank(field: &[u8]) -> bool {
    match field {
        [] => true,
        [first, ..] if first.is_ascii_digit() => false,
        _ => is_blank_word(field),
    }
}

#[cold]
fn is_blank_word(field: &[u8]) -> bool {
    const LONGEST: usize = 40;
    const WORDS: [&str; 36] = [
        "na",
        "n/a",
        "n.a.",
        "n.a",
        "n.d.",
        "n/d",
        "nd",
        "s/d",
        "null",
        "none",
        "nan",
        "nat",
        "nil",
        "#n/a",
        "unknown",
        "not known",
        "not available",
        "not applicable",
        "unspecified",
        "tbd",
        "tbc",
        "missing",
        "inconnu",
        "inconnue",
        "inconnus",
        "non connu",
        "non disponible",
        "desconocido",
        "desconocida",
        "unbekannt",
        "غير معروف",
        "غير معروفة",
        "غير متوفر",
        "غير متاح",
        "مجهول",
        "لا يوجد",
    ];
    if field.len() > LONGEST {
        return false;
    }
    let Ok(text) = std::str::from_utf8(field) else { return false };
    let text = plain::plain(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || "()[]<>{}\"'".contains(c)).to_lowercase();
    text.chars().all(|c| "-_.?/*".contains(c)) || WORDS.contains(&text.as_str())
}

#[cfg(test)]
mod tests;
