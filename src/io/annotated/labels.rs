//! What the labels of annotation schemes are to an event.
//!
//! Schemes name things differently, but not very: names of entities go back to those of MUC and
//! OntoNotes (PER, ORG, LOC, GPE, DATE, CARDINAL), names of roles to those of ACE (Attacker, Target,
//! Place, Time).

use crate::io::import::codes;
use crate::model::{CountKind, SpanRole};

/// What a label is to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The word that says that something happened.
    Trigger,
    Place,
    Date,
    Actor,
    Count(CountKind),
    /// Nothing that is known.
    Other,
}

const TRIGGERS: &[&str] =
    &["event", "events", "evt", "trigger", "trg", "anchor", "incident", "action", "حدث"];
const PLACES: &[&str] = &[
    "place",
    "places",
    "loc",
    "location",
    "locations",
    "gpe",
    "fac",
    "facility",
    "city",
    "town",
    "village",
    "region",
    "country",
    "site",
    "geo",
    "gpeloc",
    "lieu",
    "endroit",
    "where",
    "origin",
    "destination",
    "مكان",
    "موقع",
    "место",
];
const DATES: &[&str] = &[
    "date",
    "dates",
    "time",
    "datetime",
    "timex",
    "timex3",
    "temporal",
    "tim",
    "when",
    "تاريخ",
    "زمن",
    "дата",
];
const ACTORS: &[&str] = &[
    "actor",
    "actors",
    "per",
    "pers",
    "person",
    "persons",
    "people",
    "org",
    "organization",
    "organisation",
    "group",
    "groups",
    "norp",
    "grp",
    "attacker",
    "perpetrator",
    "target",
    "victim",
    "victims",
    "agent",
    "patient",
    "instigator",
    "participant",
    "entity",
    "party",
    "side",
    "acteur",
    "groupe",
    "personne",
    "organisme",
    "فاعل",
    "شخص",
    "منظمة",
    "جماعة",
    "актор",
];
const KILLED: &[&str] = &[
    "killed",
    "dead",
    "deaths",
    "death",
    "fatalities",
    "fatality",
    "toll",
    "tués",
    "morts",
    "bilan",
    "قتلى",
];
const WOUNDED: &[&str] = &["wounded", "injured", "injuries", "blessés", "جرحى"];
const COUNTS: &[&str] = &[
    "count",
    "counts",
    "num",
    "number",
    "cardinal",
    "quantity",
    "casualties",
    "amount",
    "nombre",
    "عدد",
    "число",
];

/// What a label is, by its name or the words in it: `LOC`, `B-PER`, `EnamexLocPpl`, `Victim-Arg`.
pub fn kind(label: &str) -> Kind {
    let words = words_of(label);
    let whole = words.concat();
    let known = |word: &str| {
        let is = |list: &[&str]| list.contains(&word);
        if is(TRIGGERS) {
            Some(Kind::Trigger)
        } else if is(PLACES) {
            Some(Kind::Place)
        } else if is(DATES) {
            Some(Kind::Date)
        } else if is(KILLED) {
            Some(Kind::Count(CountKind::Killed))
        } else if is(WOUNDED) {
            Some(Kind::Count(CountKind::Wounded))
        } else if is(COUNTS) {
            Some(Kind::Count(CountKind::Other))
        } else if is(ACTORS) {
            Some(Kind::Actor)
        } else {
            None
        }
    };
    if let Some(kind) = known(&whole) {
        return kind;
    }
    // A name of a type of events marks what happened, also with more words around it.
    let spaced = words.join(" ");
    let typed = codes::event_type(None, &spaced, "");
    if !spaced.is_empty() && typed.is_known {
        return Kind::Trigger;
    }
    words.iter().find_map(|word| known(word)).unwrap_or(Kind::Other)
}

/// Whether a label says only that something happened, not what.
pub fn is_generic(label: &str) -> bool {
    TRIGGERS.contains(&words_of(label).concat().as_str())
}

/// The role of a span, `None` for labels that are nothing known.
pub fn span_role(kind: Kind) -> Option<SpanRole> {
    Some(match kind {
        Kind::Trigger => SpanRole::Trigger,
        Kind::Place => SpanRole::Place,
        Kind::Date => SpanRole::Date,
        Kind::Actor => SpanRole::Actor,
        Kind::Count(_) => SpanRole::Count,
        Kind::Other => return None,
    })
}

/// The words of a name in small letters, cut at signs, at capital letters and before numbers. Marks of
/// begin and inside (`B-`, `I-`) are none.
fn words_of(label: &str) -> Vec<String> {
    let label = label.strip_prefix("B-").or_else(|| label.strip_prefix("I-")).unwrap_or(label);
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in label.chars() {
        let starts = !c.is_alphanumeric() || (c.is_uppercase() && was_lower);
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_by_their_words() {
        for (label, expected) in [
            ("EVT", Kind::Trigger),
            ("Trigger", Kind::Trigger),
            ("Attack", Kind::Trigger),
            ("LOC", Kind::Place),
            ("B-GPE", Kind::Place),
            ("EnamexLocPpl", Kind::Place),
            ("TIMEX3", Kind::Date),
            ("armed_group", Kind::Actor),
            ("PER", Kind::Actor),
            ("TOLL", Kind::Count(CountKind::Killed)),
            ("CARDINAL", Kind::Count(CountKind::Other)),
            ("Colour", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(kind(label), expected, "{label}");
        }
        assert!(is_generic("EVENT") && !is_generic("Attack"));
    }
}
