//! From words to ids: events, documents, actors and all else that a filter can name.
//!
//! A value is matched by its key, else by any of its names in any language, else by the one thing
//! whose key or name begins with it; all folded as the search folds. A value that names nothing, or
//! several things, is an error that lists near ones.

use crate::io::script::{ClaimChoice, FilterSpec, OneOrMany};
use crate::lang::Catalog;
use crate::model::{
    BBox, DatePrecision, DocumentId, EventId, EventType, GeoPrecision, Interval, Lang, Prominence, time,
};
use crate::store::Store;
use crate::store::filter::{Codes, Dim, Filter, WindowMode};
use crate::store::fold::{FoldOptions, fold};
use crate::ui::format;

/// How many near ones an error lists.
const MAX_NEAR: usize = 6;

/// A thing that can be named.
struct Candidate {
    code: u32,
    key: String,
    /// What an error shows it as.
    title: String,
    names: Vec<String>,
    /// Ways to say it in texts, weaker than names.
    forms: Vec<String>,
}

/// The filter that a description means for a case.
pub fn filter(store: &Store, spec: &FilterSpec) -> Result<Filter, String> {
    let FilterSpec {
        from,
        to,
        window,
        certainly,
        types,
        sub_type,
        actor,
        place,
        bbox,
        min_fatalities,
        max_fatalities,
        text,
        claimant,
        document,
        date_precision,
        geo_precision,
        prominence,
    } = spec;
    let window = self::window(from.as_deref(), to.as_deref(), window.as_deref())?;
    if *certainly && window.is_none() {
        return Err("“certainly in the window” needs a window: give its first or last day".to_owned());
    }
    if let (Some(min), Some(max)) = (min_fatalities, max_fatalities)
        && min > max
    {
        return Err(format!("the least fatalities ({min}) are more than the most ({max})"));
    }
    let area = bbox.as_deref().map(|text| {
        BBox::parse(text)
            .ok_or_else(|| format!("“{text}” is not a box; write west,south,east,north in degrees"))
    });
    let codes = |dim, values: &OneOrMany| codes(store, dim, &values.0);
    Ok(Filter {
        window,
        window_mode: if *certainly { WindowMode::Certainly } else { WindowMode::Possibly },
        types: codes(Dim::Type, types)?,
        sub_types: codes(Dim::SubType, sub_type)?,
        actors: codes(Dim::Actor, actor)?,
        places: codes(Dim::Place, place)?,
        documents: codes(Dim::Document, document)?,
        claimants: codes(Dim::Claimant, claimant)?,
        min_fatalities: *min_fatalities,
        max_fatalities: *max_fatalities,
        date_precisions: codes(Dim::DatePrecision, date_precision)?,
        geo_precisions: codes(Dim::GeoPrecision, geo_precision)?,
        prominences: codes(Dim::Prominence, prominence)?,
        text: text.clone().unwrap_or_default(),
        area: area.transpose()?,
        ..Filter::default()
    })
}

/// The window from the start of `from` to the end of `to`, or the whole of `window`.
pub fn window(
    from: Option<&str>,
    to: Option<&str>,
    window: Option<&str>,
) -> Result<Option<Interval>, String> {
    let parse = |text: &str| time::parse_edtf(text).map(|when| when.interval).map_err(|err| err.to_string());
    if let Some(window) = window {
        if from.is_some() || to.is_some() {
            return Err("a window is given either whole or by its first and last day, not both".to_owned());
        }
        return parse(window).map(Some);
    }
    let (first, last) = (from.map(parse).transpose()?, to.map(parse).transpose()?);
    if first.is_none() && last.is_none() {
        return Ok(None);
    }
    let interval = Interval {
        start: first.map_or(Interval::OPEN_START, |first| first.start),
        end: last.map_or(Interval::OPEN_END, |last| last.end),
    };
    if interval.is_unknown() {
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        return Err(format!("the window ends before it begins: from {from} to {to}"));
    }
    Ok(Some(interval))
}

/// The event of a key or short name.
pub fn event(store: &Store, key: &str) -> Result<EventId, String> {
    if let Some(event) = store.event_by_key(key) {
        return Ok(event);
    }
    let candidates = store.events().filter_map(|event| {
        let detail = store.detail(event)?;
        Some(Candidate {
            code: event.0,
            key: detail.key.clone(),
            title: detail.titles.get(Lang::En).to_owned(),
            names: detail.titles.all().chain(detail.slug.as_deref()).map(str::to_owned).collect(),
            forms: detail.short.all().map(str::to_owned).collect(),
        })
    });
    one("event", key, &candidates.collect::<Vec<_>>()).map(EventId)
}

/// The document of a key or title.
pub fn document(store: &Store, key: &str) -> Result<DocumentId, String> {
    one(Dim::Document.name(), key, &candidates(store, Dim::Document)).map(DocumentId)
}

/// Place of a claim in its event's list.
pub fn claim(store: &Store, event: EventId, choice: &ClaimChoice) -> Result<usize, String> {
    let detail = store.detail(event);
    let claims = detail.as_deref().map_or(&[][..], |detail| &detail.claims);
    let found = match choice {
        ClaimChoice::Number(number) => number.checked_sub(1).filter(|at| *at < claims.len()),
        ClaimChoice::Key(key) => match key.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|at| *at < claims.len()),
            Err(_) => claims.iter().position(|claim| claim.key == *key),
        },
    };
    found.ok_or_else(|| {
        let wanted = match choice {
            ClaimChoice::Number(number) => number.to_string(),
            ClaimChoice::Key(key) => key.clone(),
        };
        let event = detail.as_deref().map_or("", |detail| detail.key.as_str());
        let keys: Vec<&str> = claims.iter().map(|claim| claim.key.as_str()).collect();
        format!("event {event} has no claim “{wanted}”; it has {}: {}", claims.len(), keys.join(", "))
    })
}

/// The codes that values of one facet mean.
pub fn codes(store: &Store, dim: Dim, values: &[String]) -> Result<Codes, String> {
    if values.is_empty() {
        return Ok(Codes::new());
    }
    let candidates = candidates(store, dim);
    values.iter().map(|value| one(dim.name(), value, &candidates)).collect()
}

/// Everything that a facet can be narrowed to.
fn candidates(store: &Store, dim: Dim) -> Vec<Candidate> {
    let listed = |dim_names: Vec<(&'static str, Vec<String>)>| -> Vec<Candidate> {
        (0..)
            .zip(dim_names)
            .map(|(code, (key, names))| Candidate {
                code,
                key: key.to_owned(),
                title: String::new(),
                names,
                forms: Vec::new(),
            })
            .collect()
    };
    let catalogs = || Catalog::available().map(Catalog::new);
    let owned = |texts: &mut dyn Iterator<Item = &str>| texts.map(str::to_owned).collect::<Vec<_>>();
    match dim {
        Dim::Type => listed(
            EventType::ALL
                .iter()
                .map(|t| (t.code(), catalogs().map(|c| format::event_type(&c, *t)).collect()))
                .collect(),
        ),
        Dim::DatePrecision => listed(
            DatePrecision::ALL
                .iter()
                .map(|p| (p.code(), catalogs().map(|c| format::date_precision(&c, *p)).collect()))
                .collect(),
        ),
        Dim::GeoPrecision => listed(
            GeoPrecision::ALL
                .iter()
                .map(|p| (p.code(), catalogs().map(|c| format::geo_precision(&c, *p)).collect()))
                .collect(),
        ),
        Dim::Prominence => listed(
            Prominence::ALL
                .iter()
                .map(|p| {
                    let key = format!("prominence-{}", p.code());
                    (p.code(), catalogs().map(|c| c.t(&key)).collect())
                })
                .collect(),
        ),
        Dim::SubType => store
            .sub_types
            .iter()
            .map(|(code, name)| Candidate {
                code,
                key: name.to_owned(),
                title: String::new(),
                names: Vec::new(),
                forms: Vec::new(),
            })
            .collect(),
        Dim::Actor | Dim::Claimant => (0..)
            .zip(&store.actors)
            .map(|(code, actor)| Candidate {
                code,
                key: actor.key.clone(),
                title: actor.names.get(Lang::En).to_owned(),
                names: owned(&mut actor.names.all().chain(actor.short.all())),
                forms: actor.forms.clone(),
            })
            .collect(),
        Dim::Place => (0..)
            .zip(&store.places)
            .map(|(code, place)| Candidate {
                code,
                key: place.key.clone(),
                title: place.names.get(Lang::En).to_owned(),
                names: owned(&mut place.names.all()),
                forms: place.forms.clone(),
            })
            .collect(),
        Dim::Document => (0..)
            .zip(&store.documents)
            .map(|(code, document)| Candidate {
                code,
                key: document.key.clone(),
                title: document.titles.get(Lang::En).to_owned(),
                names: owned(&mut document.titles.all()),
                forms: Vec::new(),
            })
            .collect(),
        Dim::Dataset => store
            .datasets()
            .map(|(id, _)| {
                let name = store.table(id).map_or_else(|| store.titles.get(Lang::En), |table| &table.name);
                Candidate {
                    code: u32::from(id.0),
                    key: name.to_owned(),
                    title: String::new(),
                    names: Vec::new(),
                    forms: Vec::new(),
                }
            })
            .collect(),
        Dim::Window | Dim::Fatalities | Dim::Text | Dim::Area | Dim::Layer | Dim::Twin => Vec::new(),
    }
}

/// The one thing that a value names.
fn one(what: &str, value: &str, candidates: &[Candidate]) -> Result<u32, String> {
    let folded = |text: &str| fold(text.trim(), FoldOptions::default());
    let wanted = folded(value);
    if wanted.is_empty() {
        return Err(format!("an empty {what} names nothing"));
    }
    let begins = |text: &String| folded(text).starts_with(&wanted);
    // From the strictest way to match to the loosest; the first that finds anything decides.
    let ways: [&dyn Fn(&Candidate) -> bool; 4] = [
        &|c| folded(&c.key) == wanted,
        &|c| c.names.iter().any(|name| folded(name) == wanted),
        &|c| c.forms.iter().any(|form| folded(form) == wanted),
        &|c| begins(&c.key) || c.names.iter().any(begins),
    ];
    for way in ways {
        let mut found = candidates.iter().filter(|c| way(c));
        match (found.next(), found.next()) {
            (None, _) => {}
            (Some(one), None) => return Ok(one.code),
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(found);
                return Err(format!("“{value}” names more than one {what}: {}", list(all)));
            }
        }
    }
    let mut near: Vec<(usize, &Candidate)> =
        candidates.iter().map(|c| (farness(&wanted, c, &folded), c)).collect();
    near.sort_by_key(|(far, _)| *far);
    if near.is_empty() {
        return Err(format!("no {what} is named “{value}”: there is none at all"));
    }
    let near = near.into_iter().take(MAX_NEAR).map(|(_, candidate)| candidate);
    Err(format!("no {what} is named “{value}”; near ones: {}", list(near)))
}

/// The first few candidates, by key and title.
fn list<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut more = 0;
    for candidate in candidates {
        if shown.len() == MAX_NEAR {
            more += 1;
        } else if candidate.title.is_empty() || candidate.title == candidate.key {
            shown.push(candidate.key.clone());
        } else {
            shown.push(format!("{} ({})", candidate.key, candidate.title));
        }
    }
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

/// How far a candidate's best name is from a value: the number of edits, fewer where one holds the other.
fn farness(wanted: &str, candidate: &Candidate, folded: &dyn Fn(&str) -> String) -> usize {
    let names = [&candidate.key].into_iter().chain(&candidate.names).chain(&candidate.forms);
    let far = |name: &String| {
        let name = folded(name);
        let holds = name.contains(wanted) || (name.chars().count() > 2 && wanted.contains(&name));
        if holds { 1 } else { 1 + edits(wanted, &name) }
    };
    names.map(far).min().unwrap_or(usize::MAX)
}

/// Levenshtein's distance: how many letters have to be put in, taken out or changed.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (above, d) in row.iter().skip(1).zip(&b) {
            let cost = (diagonal + usize::from(c != *d)).min(left + 1).min(above + 1);
            diagonal = *above;
            left = cost;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{builtin, read_case, unwatched};

    fn mali() -> Store {
        Store::from_batch(read_case(&builtin::MALI, &unwatched))
    }

    fn names(store: &Store, dim: Dim, value: &str) -> Result<String, String> {
        let codes = codes(store, dim, &[value.to_owned()])?;
        let code = codes.into_iter().next().expect("one code");
        Ok(candidates(store, dim).into_iter().find(|c| c.code == code).expect("candidate").key)
    }

    #[test]
    fn keys_names_in_any_language_and_beginnings_name_the_same_thing() {
        let store = mali();
        let check = |dim, value: &str, key: &str| {
            assert_eq!(names(&store, dim, value).as_deref(), Ok(key), "{value}");
        };
        check(Dim::Place, "timbuktu", "timbuktu");
        check(Dim::Place, "Timbuktu", "timbuktu");
        check(Dim::Place, "تمبكتو", "timbuktu");
        check(Dim::Actor, "jnim", "jnim");
        check(Dim::Actor, "WAGNER", "wagner");
        check(Dim::Claimant, "فاغنر", "wagner");
        check(Dim::Type, "battles", "Battles");
        check(Dim::Type, "expl", "Explosions/Remote violence");
        check(Dim::Type, "Violence vs. civilians", "Violence against civilians");
        check(Dim::Document, "001", "001");
        check(Dim::DatePrecision, "month", "month");
        check(Dim::GeoPrecision, "unplaced", "unknown");
        check(Dim::Prominence, "main", "main");
        check(Dim::SubType, "armed cl", "Armed clash");
    }

    #[test]
    fn what_names_nothing_is_told_with_near_ones() {
        let store = mali();
        let err = names(&store, Dim::Actor, "wagnr").expect_err("no such actor");
        assert!(err.starts_with("no actor is named “wagnr”; near ones: wagner ("), "{err}");
        let err = names(&store, Dim::Type, "Battels").expect_err("no such type");
        assert!(err.starts_with("no type is named “Battels”; near ones: Battles"), "{err}");
        let err = names(&store, Dim::Type, "").expect_err("empty");
        assert_eq!(err, "an empty type names nothing");
        let err = names(&store, Dim::Document, "00").expect_err("several documents");
        assert!(err.starts_with("“00” names more than one document: 000"), "{err}");
    }

    #[test]
    fn events_and_claims_are_chosen_by_key_and_number() {
        let store = mali();
        let e38 = event(&store, "e38").expect("event");
        assert_eq!(event(&store, "tinzaouaten_2024_07"), Ok(e38));
        assert!(event(&store, "e380").expect_err("no such event").contains("e38 ("));
        assert_eq!(claim(&store, e38, &ClaimChoice::Number(1)), Ok(0));
        assert_eq!(claim(&store, e38, &ClaimChoice::Key("e38.c1".to_owned())), Ok(0));
        assert_eq!(claim(&store, e38, &ClaimChoice::Key("2".to_owned())), Ok(1));
        assert!(claim(&store, e38, &ClaimChoice::Number(0)).expect_err("none").contains("e38.c1, "));
    }

    #[test]
    fn windows_are_closed_open_or_wrong() {
        let edtf = |from, to, whole| window(from, to, whole).map(|w| w.map(Interval::to_edtf));
        assert_eq!(edtf(None, None, None), Ok(None));
        assert_eq!(edtf(Some("2024"), Some("2024-02"), None), Ok(Some("2024-01-01/2024-02-29".to_owned())));
        assert_eq!(edtf(Some("2024"), None, None), Ok(Some("2024-01-01/..".to_owned())));
        assert_eq!(edtf(None, Some("2024-07-27"), None), Ok(Some("../2024-07-27".to_owned())));
        assert_eq!(edtf(None, None, Some("2024-07-27")), Ok(Some("2024-07-27".to_owned())));
        assert!(edtf(Some("2025"), Some("2024"), None).is_err());
        assert!(edtf(Some("2025-06-31"), None, None).expect_err("no such day").contains("2025-06-31"));
        assert!(edtf(Some("2025"), None, Some("2024")).is_err());
    }

    #[test]
    fn a_description_becomes_the_filter_of_the_window() {
        let store = mali();
        let spec = FilterSpec {
            window: Some("2024".to_owned()),
            certainly: true,
            types: OneOrMany(vec!["Battles".to_owned(), "Protests".to_owned()]),
            bbox: Some("-5,10,5,20".to_owned()),
            ..FilterSpec::default()
        };
        let filter = filter(&store, &spec).expect("filter");
        assert_eq!(filter.types, Codes::from([EventType::Battles as u32, EventType::Protests as u32]));
        assert_eq!(filter.window_mode, WindowMode::Certainly);
        assert_eq!(filter.area, BBox::parse("-5,10,5,20"));
        let wrong = |spec: FilterSpec| self::filter(&store, &spec).expect_err("a wrong filter");
        assert!(wrong(FilterSpec { bbox: Some("1,2".to_owned()), ..Default::default() }).contains("box"));
        assert!(wrong(FilterSpec { certainly: true, ..Default::default() }).contains("window"));
        let tolls = FilterSpec { min_fatalities: Some(9), max_fatalities: Some(3), ..Default::default() };
        assert!(wrong(tolls).contains("(9)"));
    }
}
