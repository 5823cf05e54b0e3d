//! What the codes of known families of files mean.
//!
//! Sources, each by its own name in the tables:
//! * ACLED, *Codebook* (event types, sub-event types, interaction codes, time and geo precision); the
//!   nine event types in use until 2017 are those of its codebook of that time.
//! * UCDP, *Georeferenced Event Dataset Codebook* (type of violence, `where_prec`, `date_prec`).
//! * START, *Global Terrorism Database Codebook* (attack types, specificity).
//! * Schrodt, *CAMEO: Conflict and Mediation Event Observations, Event and Actor Codebook* (event
//!   codes), and *The GDELT Event Database Data Format Codebook* (`Geo_Type`).
//!
//! A code keeps its own text. The program's event type is beside it, by tables that can be shown
//! ([`table`], [`date_precisions`], [`geo_precisions`]); which type that is, is our choice where the
//! family has no such type itself.

mod cameo;
mod tables;
mod words;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::import::Dialect;
use crate::model::{DatePrecision, EventType, GeoPrecision};
use crate::store::fold::{FoldOptions, fold};

/// A code of an event type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As it is written in files.
    pub code: &'static str,
    /// What it says, in the words of its source.
    pub text: &'static str,
    pub event_type: EventType,
}

/// A code of a precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrecisionCode<P> {
    pub code: &'static str,
    /// What it says, in short.
    pub text: &'static str,
    pub precision: P,
}

/// An event's type as a file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed<'a> {
    pub event_type: EventType,
    /// Whether the type is in a table; a blank is too, because there is nothing to be told about it.
    pub is_known: bool,
    /// The type in the words of its source: `State-based violence` for UCDP's `1`.
    pub label_type: Cow<'a, str>,
    /// The sub type in the words of its source, with its code where that is all it has to be found by:
    /// `190 Use conventional military force, not specified below`.
    pub label_sub: Cow<'a, str>,
}

/// The type of an event by the columns of its type and its sub type. In files of GDELT these are
/// `EventRootCode` and `EventCode`; either may be blank.
pub fn event_type<'a>(dialect: Option<Dialect>, typed: &'a str, sub: &'a str) -> Typed<'a> {
    let (typed, sub) = (typed.trim(), sub.trim());
    if let Some(Dialect::Gdelt1 | Dialect::Gdelt2 | Dialect::GdeltMentions) = dialect {
        return cameo::event_type(typed, sub);
    }
    if typed.is_empty() && sub.is_empty() {
        return Typed {
            event_type: EventType::Other,
            is_known: true,
            label_type: "".into(),
            label_sub: "".into(),
        };
    }
    let own = dialect.map(table).unwrap_or_default();
    let found =
        find(own, typed).or_else(|| find(&tables::ACLED, typed)).or_else(|| find(&tables::ACLED_OLD, typed));
    if let Some(code) = found {
        let is_number = typed.bytes().all(|byte| byte.is_ascii_digit());
        let label_type = if is_number { Cow::Borrowed(code.text) } else { Cow::Borrowed(typed) };
        return Typed { event_type: code.event_type, is_known: true, label_type, label_sub: sub.into() };
    }
    // A number means something only in its own dialect.
    let by_sub = || find(&tables::ACLED_SUB, sub).map(|code| code.event_type);
    let known = words::event_type(typed).or_else(by_sub).or_else(|| words::event_type(sub));
    Typed {
        event_type: known.unwrap_or(EventType::Other),
        is_known: known.is_some(),
        label_type: typed.into(),
        label_sub: sub.into(),
    }
}

/// The event types of a dialect, in order of their codes. Empty for those that have none of their own.
pub fn table(dialect: Dialect) -> &'static [Code] {
    match dialect {
        Dialect::Acled | Dialect::Waqai => &tables::ACLED,
        Dialect::AcledOld => &tables::ACLED_OLD,
        Dialect::Ucdp => &tables::UCDP,
        Dialect::Gtd => &tables::GTD,
        Dialect::Gdelt1 | Dialect::Gdelt2 => &cameo::CODES,
        Dialect::GdeltMentions | Dialect::TimeMap => &[],
    }
}

/// The sub types of ACLED with the types that they belong to.
pub fn acled_sub_types() -> &'static [Code] {
    &tables::ACLED_SUB
}

/// The codes of date precision of a dialect.
pub fn date_precisions(dialect: Dialect) -> &'static [PrecisionCode<DatePrecision>] {
    match dialect {
        Dialect::Acled | Dialect::AcledOld => &tables::ACLED_TIME,
        Dialect::Ucdp => &tables::UCDP_DATE,
        _ => &[],
    }
}

/// The codes of geo precision of a dialect.
pub fn geo_precisions(dialect: Dialect) -> &'static [PrecisionCode<GeoPrecision>] {
    match dialect {
        Dialect::Acled | Dialect::AcledOld => &tables::ACLED_GEO,
        Dialect::Ucdp => &tables::UCDP_WHERE,
        Dialect::Gtd => &tables::GTD_SPECIFICITY,
        Dialect::Gdelt1 | Dialect::Gdelt2 => &tables::GDELT_GEO,
        _ => &[],
    }
}

/// How finely a date is known, by a code of the dialect or a word of any. Without a dialect a number
/// says nothing, because families count differently, except that 1 is a day in all of them.
pub fn date_precision(dialect: Option<Dialect>, code: &str) -> Option<DatePrecision> {
    let code = whole_number(code.trim());
    if let Some(known) =
        dialect.and_then(|dialect| date_precisions(dialect).iter().find(|known| known.code == code))
    {
        return Some(known.precision);
    }
    if code == "1" && dialect.is_none() {
        return Some(DatePrecision::Day);
    }
    if let Some(precision) = DatePrecision::from_code(code) {
        return Some(precision);
    }
    Some(match folded(code).as_str() {
        "time" | "hour" | "minute" | "second" | "heure" | "ساعه" => DatePrecision::Time,
        "day" | "exact" | "exact day" | "exact date" | "daily" | "jour" | "يوم" => DatePrecision::Day,
        "days" | "several days" | "few days" | "jours" | "ايام" => DatePrecision::Days,
        "week" | "weekly" | "semaine" | "اسبوع" => DatePrecision::Week,
        "month" | "monthly" | "approximate" | "mois" | "شهر" => DatePrecision::Month,
        "season" | "quarter" | "saison" | "trimestre" => DatePrecision::Season,
        "year" | "yearly" | "annee" | "سنه" | "عام" => DatePrecision::Year,
        "unknown" | "inconnu" | "inconnue" => DatePrecision::Unknown,
        _ => return None,
    })
}

/// How well a place is known; as [`date_precision`], 1 being the place itself.
pub fn geo_precision(dialect: Option<Dialect>, code: &str) -> Option<GeoPrecision> {
    let code = whole_number(code.trim());
    if let Some(known) =
        dialect.and_then(|dialect| geo_precisions(dialect).iter().find(|known| known.code == code))
    {
        return Some(known.precision);
    }
    if code == "1" && dialect.is_none() {
        return Some(GeoPrecision::Exact);
    }
    if let Some(precision) = GeoPrecision::from_code(code) {
        return Some(precision);
    }
    Some(match folded(code).as_str() {
        "exact" | "exact location" | "precise" | "city" | "town" | "village" | "point" | "exacte"
        | "دقيق" => GeoPrecision::Exact,
        "near" | "nearby" | "approximate" | "approx" | "proche" | "تقريبي" => GeoPrecision::Near,
        "region" | "admin1" | "admin2" | "adm1" | "adm2" | "province" | "state" | "district" | "centroid"
        | "منطقه" => GeoPrecision::Region,
        "country" | "admin0" | "adm0" | "nation" | "pays" | "بلد" => GeoPrecision::Country,
        "unknown" | "none" | "inconnu" | "inconnue" => GeoPrecision::Unknown,
        _ => return None,
    })
}

/// Who somebody is by ACLED's codes of interaction, as a number or in the words that newer files have.
/// `None` for no actor (0) and for what is no such code.
pub fn actor_kind(inter: &str) -> Option<&'static str> {
    let inter = whole_number(inter.trim());
    let is = |(code, kind): &&(&str, &str)| {
        // Older codebooks name groups in the plural.
        *code == inter
            || kind.eq_ignore_ascii_case(inter.strip_suffix('s').unwrap_or(inter))
            || kind.eq_ignore_ascii_case(inter)
    };
    tables::INTER.iter().find(is).map(|(_, kind)| *kind)
}

/// Whether a name stands for no name: `XXX475`, `Unknown`, `-99`. An “Unidentified Armed Group” is an
/// actor of ACLED's like others.
pub fn is_placeholder_actor(name: &str) -> bool {
    const LONGEST: usize = 60;
    const WORDS: [&str; 28] = [
        "unknown",
        "unknown actor",
        "unknown actors",
        "unknown group",
        "unknown perpetrator",
        "unknown perpetrators",
        "unidentified",
        "not identified",
        "not known",
        "unspecified",
        "none",
        "null",
        "nan",
        "n/a",
        "na",
        "n.a.",
        "tbd",
        "xxx",
        "inconnu",
        "inconnus",
        "inconnue",
        "non identifie",
        "desconocido",
        "unbekannt",
        "غير معروف",
        "مجهول",
        "مجهولون",
        "غير محدد",
    ];
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST {
        return name.is_empty();
    }
    if name.bytes().all(|byte| b"-.?*_/ 0123456789".contains(&byte)) {
        // Numbers are no names, but groups are called by them (`47`).
        return !name.bytes().any(|byte| byte.is_ascii_digit())
            || matches!(name, "-9" | "-99" | "-999" | "99" | "999" | "0");
    }
    if let Some(number) = name.strip_prefix("XXX") {
        return number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let name = folded(name);
    // Every name of a large file is looked at.
    static FOLDED: LazyLock<Vec<String>> = LazyLock::new(|| WORDS.iter().map(|word| folded(word)).collect());
    FOLDED.contains(&name)
}

fn find<'t>(codes: &'t [Code], text: &str) -> Option<&'t Code> {
    if text.is_empty() {
        return None;
    }
    let number = whole_number(text);
    codes.iter().find(|known| known.code == number).or_else(|| {
        let text = letters(text);
        codes.iter().find(|known| letters(known.text) == text)
    })
}

/// `3.0` as `3`: spreadsheets and data frames write codes so.
fn whole_number(code: &str) -> &str {
    match code.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') && !whole.is_empty() => whole,
        _ => code,
    }
}

fn folded(text: &str) -> String {
    fold(text, FoldOptions::default())
}

/// Letters and digits of a folded text, so that blanks and hyphens make no difference.
fn letters(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests;
