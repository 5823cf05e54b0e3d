//! Codes and what they become.

use proptest::prelude::*;

use super::*;

fn typed(dialect: impl Into<Option<Dialect>>, typed: &str, sub: &str) -> (EventType, bool, String, String) {
    let found = event_type(dialect.into(), typed, sub);
    (found.event_type, found.is_known, found.label_type.into_owned(), found.label_sub.into_owned())
}

#[test]
fn every_code_of_every_table_is_its_own_type() {
    for dialect in [Dialect::Acled, Dialect::AcledOld, Dialect::Ucdp, Dialect::Gtd] {
        for known in table(dialect) {
            for written in [known.code, known.text, &known.text.to_uppercase()] {
                let found = event_type(Some(dialect), written, "");
                assert_eq!((found.event_type, found.is_known), (known.event_type, true), "{written}");
            }
        }
    }
    for known in table(Dialect::Gdelt2) {
        let root = &known.code[..2];
        let found = event_type(Some(Dialect::Gdelt2), root, known.code);
        assert_eq!((found.event_type, found.is_known), (known.event_type, true), "{}", known.code);
    }
    assert!(cameo::CODES.is_sorted_by_key(|known| known.code));
    assert_eq!(cameo::CODES.iter().filter(|known| known.code.len() == 2).count(), 20);
    for known in acled_sub_types().iter().filter(|known| known.text != "Other") {
        assert_eq!(event_type(None, "", known.text).event_type, known.event_type, "{}", known.text);
    }
}

#[test]
fn codes_keep_their_own_text() {
    use EventType::*;
    let text = |text: &str| text.to_owned();
    assert_eq!(
        typed(Dialect::Acled, "Battles", "Armed clash"),
        (Battles, true, text("Battles"), text("Armed clash"))
    );
    assert_eq!(
        typed(Dialect::AcledOld, "Battle-No change of territory", ""),
        (Battles, true, text("Battle-No change of territory"), text(""))
    );
    assert_eq!(typed(Dialect::Ucdp, "1", ""), (Battles, true, text("State-based violence"), text("")));
    assert_eq!(typed(Dialect::Ucdp, "3.0", "").0, ViolenceAgainstCivilians);
    assert_eq!(
        typed(Dialect::Ucdp, "State-based violence", ""),
        (Battles, true, text("State-based violence"), text(""))
    );
    assert_eq!(typed(Dialect::Gtd, "3", "").2, "Bombing/Explosion");
    assert_eq!(
        typed(Dialect::Gdelt2, "19", "190"),
        (Battles, true, text("Fight"), text("190 Use conventional military force, not specified below"))
    );
    assert_eq!(typed(Dialect::Gdelt2, "05", "051").3, "051 Praise or endorse");
    assert_eq!(typed(Dialect::Gdelt2, "5", "51").3, "051 Praise or endorse");
    assert_eq!(typed(Dialect::Gdelt2, "2", "211").3, "0211 Appeal for material cooperation");
    assert_eq!(
        typed(Dialect::Gdelt2, "", "1832"),
        (Explosions, true, text("Assault"), text("1832 Conduct suicide, car, or other non-military bombing"))
    );
    assert_eq!(typed(Dialect::Gdelt2, "14", "145").0, Riots);
    assert_eq!(typed(Dialect::Gdelt2, "---", "---"), (Other, false, text("---"), text("---")));
    assert_eq!(typed(None, "7", ""), (Other, false, text("7"), text("")));
    assert_eq!(typed(None, "", ""), (Other, true, text(""), text("")));
    assert_eq!(typed(Dialect::Acled, "Picnic", ""), (Other, false, text("Picnic"), text("")));
}

#[test]
fn types_in_words_of_several_languages() {
    use EventType::*;
    for (text, expect) in [
        ("battle", Battles),
        ("Combats", Battles),
        ("معارك", Battles),
        ("اشتباكات", Battles),
        ("armed clashes", Battles),
        ("انفجار", Explosions),
        ("Attentat", Explosions),
        ("IED", Explosions),
        ("air strike", Explosions),
        ("Remote violence", Explosions),
        ("القصف", Explosions),
        ("عنف ضد المدنيين", ViolenceAgainstCivilians),
        ("enlèvement", ViolenceAgainstCivilians),
        ("خطف", ViolenceAgainstCivilians),
        ("kidnapping", ViolenceAgainstCivilians),
        ("manifestation", Protests),
        ("احتجاجات", Protests),
        ("strike", Protests),
        ("Émeutes", Riots),
        ("riot", Riots),
        ("PROTESTS", Protests),
        ("explosions/remote_violence", Explosions),
    ] {
        let found = event_type(None, text, "");
        assert_eq!((found.event_type, found.is_known), (expect, true), "{text}");
    }
    for text in ["mineral survey", "violet", "market day", "iedereen", "xyz"] {
        assert!(!event_type(None, text, "").is_known, "{text}");
    }
    assert_eq!(event_type(None, "incident", "Armed clash").event_type, Battles);
}

#[test]
fn precisions() {
    use DatePrecision::*;
    for (dialect, code, expect) in [
        (Some(Dialect::Acled), "1", Some(Day)),
        (Some(Dialect::Acled), "2", Some(Week)),
        (Some(Dialect::Acled), "3.0", Some(Month)),
        (Some(Dialect::Ucdp), "2", Some(Days)),
        (Some(Dialect::Ucdp), "3", Some(Week)),
        (Some(Dialect::Ucdp), "5", Some(Year)),
        (Some(Dialect::Ucdp), "9", None),
        (None, "1", Some(Day)),
        (None, "2", None),
        (None, "month", Some(Month)),
        (Some(Dialect::Waqai), "season", Some(Season)),
        (None, "Approximate", Some(Month)),
        (None, "", None),
    ] {
        assert_eq!(date_precision(dialect, code), expect, "{dialect:?} {code}");
    }
    for (dialect, code, expect) in [
        (Some(Dialect::Acled), "2", Some(GeoPrecision::Near)),
        (Some(Dialect::Ucdp), "6", Some(GeoPrecision::Country)),
        (Some(Dialect::Ucdp), "4", Some(GeoPrecision::Region)),
        (Some(Dialect::Gtd), "5", Some(GeoPrecision::Unknown)),
        (Some(Dialect::Gdelt2), "0", Some(GeoPrecision::Unknown)),
        (Some(Dialect::Gdelt1), "1", Some(GeoPrecision::Country)),
        (None, "region", Some(GeoPrecision::Region)),
        (None, "3", None),
        (None, "1", Some(GeoPrecision::Exact)),
    ] {
        assert_eq!(geo_precision(dialect, code), expect, "{dialect:?} {code}");
    }
}

#[test]
fn actors() {
    for name in ["XXX475", "Unknown", "UNKNOWN", "-99", "n/a", ".", "", "inconnus", "غير معروف", "مجهول", "?"]
    {
        assert!(is_placeholder_actor(name), "{name}");
    }
    for name in [
        "Unidentified Armed Group (Mali)",
        "XXXL Brigade",
        "JNIM",
        "47",
        "M23",
        "None of Us Front",
        "مجهولو الساحل",
    ] {
        assert!(!is_placeholder_actor(name), "{name}");
    }
    assert_eq!(actor_kind("2"), Some("Rebel group"));
    assert_eq!(actor_kind("2.0"), Some("Rebel group"));
    assert_eq!(actor_kind("Rebel groups"), Some("Rebel group"));
    assert_eq!(actor_kind("Civilians"), Some("Civilians"));
    assert_eq!(actor_kind("0"), None);
    assert_eq!(actor_kind(""), None);
}

proptest! {
    #[test]
    fn any_text_is_some_type(a in "\\PC{0,12}", b in "[0-9.]{0,6}", at in 0usize..10) {
        let dialect = Dialect::ALL.get(at).copied();
        for (typed, sub) in [(&a, &b), (&b, &a), (&a, &a), (&b, &b)] {
            let found = event_type(dialect, typed, sub);
            prop_assert!(found.is_known || found.event_type == EventType::Other);
            // Nothing of what the file says is lost.
            prop_assert!(found.is_known || typed.trim().starts_with(found.label_type.as_ref()));
        }
        let _ = (date_precision(dialect, &a), geo_precision(dialect, &b), actor_kind(&a), is_placeholder_actor(&a));
    }
}
