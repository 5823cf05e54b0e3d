//! The filter, its counts and the state's commands, against slow and obvious versions of themselves.

use std::sync::OnceLock;

use proptest::prelude::*;
use waqai::io;
use waqai::model::document::{Document, TextForm};
use waqai::model::time::{self, parse_edtf};
use waqai::model::{EventId, Interval, SpanRole};
use waqai::state::{
    AppState, Command, Derived, Direction, FilterCommand, Incoming, Origin, PlayMode, SelectCommand, Step,
    TimeCommand, ViewCommand,
};
use waqai::store::Store;
use waqai::store::filter::{self, Dim, Filter, WindowMode};
use waqai::store::fold::FoldOptions;
use waqai::store::search::{Query, TableWords, search};

#[path = "common/naive.rs"]
mod naive;

fn mali() -> &'static Store {
    static MALI: OnceLock<Store> = OnceLock::new();
    MALI.get_or_init(|| Store::from_batch(io::read_case(&io::builtin::MALI, &io::unwatched)))
}

fn opened() -> (AppState, Derived) {
    let mut state = AppState::default();
    let store = Box::new(mali().clone());
    state.receive(Incoming::CaseOpened { store, origin: Origin::BuiltIn, opened_at: 0 });
    let mut derived = Derived::default();
    derived.refresh(&state);
    (state, derived)
}

/// Whether an event passes one dimension, told by its details and not by the columns.
fn passes_slowly(store: &Store, filter: &Filter, dim: Dim, event: EventId) -> bool {
    let Some(detail) = store.detail(event) else { return false };
    let interval = detail.when.as_ref().map(|when| when.interval);
    let among =
        |codes: &filter::Codes, have: Vec<u32>| codes.is_empty() || have.iter().any(|c| codes.contains(c));
    match dim {
        Dim::Window => match (filter.window, filter.window_mode, interval) {
            (None, ..) => true,
            (_, _, None) => false,
            (Some(w), WindowMode::Possibly, Some(i)) => i.start < w.end && w.start < i.end,
            (Some(w), WindowMode::Certainly, Some(i)) => w.start <= i.start && i.end <= w.end,
        },
        Dim::Type => among(&filter.types, vec![store.event_type(event) as u32]),
        Dim::SubType => {
            among(&filter.sub_types, store.sub_types.code(store.sub_type(event)).into_iter().collect())
        }
        Dim::Actor => among(&filter.actors, detail.actors.iter().map(|a| a.actor.0).collect()),
        Dim::Place => among(&filter.places, detail.places.iter().map(|p| p.place.0).collect()),
        Dim::Document => among(&filter.documents, detail.claims.iter().map(|c| c.document.0).collect()),
        Dim::Claimant => among(&filter.claimants, detail.claims.iter().map(|c| c.claimant.0).collect()),
        Dim::Fatalities => {
            let best = store.fatalities(event).best;
            filter.min_fatalities.is_none_or(|min| best.is_some_and(|b| b >= min))
                && filter.max_fatalities.is_none_or(|max| best.is_none_or(|b| b <= max))
        }
        Dim::DatePrecision => among(&filter.date_precisions, vec![store.date_precision(event) as u32]),
        Dim::GeoPrecision => among(&filter.geo_precisions, vec![store.geo_precision(event) as u32]),
        Dim::Prominence => among(&filter.prominences, vec![store.prominence(event) as u32]),
        Dim::Dataset => among(&filter.datasets, vec![u32::from(store.dataset_of(event).0)]),
        Dim::Layer => !filter.hidden.contains(&u32::from(store.dataset_of(event).0)),
        Dim::Twin => !filter.twins.contains(&event.0),
        Dim::Text | Dim::Area => true,
    }
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let codes = |max: u32| prop::collection::btree_set(0..max, 0..3);
    let day = || -1000i64..25_000;
    let window = prop::option::of((day(), 1i64..4000));
    let facets = (codes(7), codes(12), codes(72), codes(41), codes(5), codes(72));
    let rest = (codes(8), codes(5), codes(2), prop::option::of(0u32..80), prop::option::of(0u32..80));
    (window, any::<bool>(), facets, rest).prop_map(|(window, certainly, facets, rest)| {
        let (types, sub_types, actors, places, documents, claimants) = facets;
        let (date_precisions, geo_precisions, prominences, min_fatalities, max_fatalities) = rest;
        Filter {
            window: window.map(|(start, days)| Interval {
                start: start * time::SECONDS_PER_DAY,
                end: (start + days) * time::SECONDS_PER_DAY,
            }),
            window_mode: if certainly { WindowMode::Certainly } else { WindowMode::Possibly },
            types,
            sub_types,
            actors,
            places,
            documents,
            claimants,
            date_precisions,
            geo_precisions,
            prominences,
            min_fatalities,
            max_fatalities,
            ..Filter::default()
        }
    })
}

fn any_command() -> impl Strategy<Value = Command> {
    let facet = || prop::sample::select(Dim::FACETS.to_vec());
    let direction = || prop::sample::select(vec![Direction::Forward, Direction::Backward]);
    prop_oneof![
        (facet(), 0u32..8).prop_map(|(dim, code)| FilterCommand::Toggle(dim, code).into()),
        facet().prop_map(|dim| FilterCommand::Clear(dim).into()),
        Just(FilterCommand::Reset.into()),
        prop::sample::select(vec!["", "تمبكتو", "Gao", "wagner", "50"])
            .prop_map(|text| FilterCommand::Text(text.to_owned()).into()),
        (0u32..60).prop_map(|e| SelectCommand::Event(EventId(e % 55)).into()),
        (0u32..60).prop_map(|e| SelectCommand::Toggle(EventId(e % 55)).into()),
        (0u32..60).prop_map(|e| SelectCommand::RangeTo(EventId(e % 55)).into()),
        Just(SelectCommand::Next.into()),
        Just(SelectCommand::Previous.into()),
        Just(SelectCommand::Back.into()),
        Just(SelectCommand::Forward.into()),
        Just(ViewCommand::Escape.into()),
        Just(TimeCommand::TogglePlay.into()),
        Just(TimeCommand::PresetYear.into()),
        Just(TimeCommand::PresetMonth.into()),
        Just(TimeCommand::PresetSelection.into()),
        Just(TimeCommand::ToFirst.into()),
        Just(TimeCommand::ToLast.into()),
        direction().prop_map(|d| TimeCommand::Step(d).into()),
        direction().prop_map(|d| TimeCommand::BigStep(d).into()),
        prop::sample::select(Step::ALL.to_vec()).prop_map(|s| TimeCommand::SetStep(s).into()),
        prop::sample::select(vec![PlayMode::Moving, PlayMode::Cumulative])
            .prop_map(|m| TimeCommand::SetMode(m).into()),
        prop::sample::select(vec!["2024-07", "2022-08/2024-12", "2024-05/..", "../2020", "nonsense", "0001"])
            .prop_map(|text| TimeCommand::Typed(text.to_owned()).into()),
    ]
}

proptest! {
    #[test]
    fn rows_and_facet_counts_are_those_of_the_slow_filter(filter in any_filter()) {
        let store = mali();
        let failures = naive::evaluate(store, &filter, &[]);
        for event in store.events() {
            for dim in Dim::ALL {
                let fails = failures.of(event) & dim.bit() != 0;
                prop_assert_eq!(!fails, passes_slowly(store, &filter, dim, event), "{:?} of {:?}", dim, event);
            }
        }
        for dim in Dim::FACETS {
            let counts = naive::facet_counts(store, &failures, dim);
            for (code, count) in counts.iter().enumerate() {
                let mut only = Filter { ..filter.clone() };
                only.clear(dim);
                if let Some(codes) = only.codes_mut(dim) {
                    codes.insert(code as u32);
                }
                let slow = store.events()
                    .filter(|event| Dim::ALL.into_iter().all(|d| passes_slowly(store, &only, d, *event)))
                    .count();
                prop_assert_eq!(*count as usize, slow, "{:?} code {}", dim, code);
            }
        }
    }

    #[test]
    fn trays_always_add_up(filter in any_filter()) {
        let store = mali();
        let failures = naive::evaluate(store, &filter, &[]);
        let trays = naive::trays(store, &failures);
        let sum = trays.shown.len() + trays.outside_window.len() + trays.undated.len() + trays.filtered_out.len();
        prop_assert_eq!(sum, store.num_events());
        prop_assert!(trays.unplaced.iter().all(|event| trays.shown.contains(event)));
    }

    #[test]
    fn any_run_of_commands_keeps_the_window_sound(commands in prop::collection::vec(any_command(), 1..40)) {
        let (mut state, mut derived) = opened();
        let mut now = 0.0;
        for command in commands {
            state.apply(command, &derived);
            derived.refresh(&state);
            now += 0.4;
            state.tick(now, &derived);
            derived.refresh(&state);
            if let Some(window) = state.view.filter.window {
                prop_assert!(window.start < window.end, "{:?}", window);
            }
            let trays = &derived.trays;
            let sum = trays.shown + trays.outside_window + trays.undated + trays.filtered_out;
            prop_assert_eq!(sum, 55);
            prop_assert_eq!(derived.list.len(), trays.shown);
            prop_assert_eq!(derived.by_time.len(), trays.shown);
        }
    }

    #[test]
    fn no_typed_date_panics_and_good_ones_read_back(text in "[0-9/.~?T:Z -]{0,24}") {
        if let Ok(when) = parse_edtf(&text) {
            prop_assert!(when.interval.start < when.interval.end);
            let again = parse_edtf(&when.interval.to_edtf());
            if when.precision != waqai::model::DatePrecision::Time {
                prop_assert_eq!(again.map(|w| w.interval), Ok(when.interval));
            }
        }
    }
}

#[test]
fn back_and_forward_walk_the_selections() {
    let (mut state, derived) = opened();
    for row in [3, 7, 9] {
        state.apply(SelectCommand::Event(EventId(row)).into(), &derived);
    }
    state.apply(SelectCommand::Back.into(), &derived);
    state.apply(SelectCommand::Back.into(), &derived);
    assert_eq!(state.primary(), Some(EventId(3)));
    state.apply(SelectCommand::Forward.into(), &derived);
    assert_eq!(state.primary(), Some(EventId(7)));
    state.apply(SelectCommand::Event(EventId(1)).into(), &derived);
    state.apply(SelectCommand::Forward.into(), &derived);
    assert_eq!(state.primary(), Some(EventId(1)), "a new selection ends the way forward");
}

#[test]
fn a_latin_name_finds_the_arabic_text() {
    let found_in = |query: &str, text: &str| {
        let mut store = mali().clone();
        let document =
            Document { key: "x".to_owned(), attached: Some(text.to_owned()), ..Document::default() };
        let document = store.push_document(document);
        let query = Query::new(&store, query, FoldOptions::default());
        let found = search(&store, &TableWords::default(), query, &|| false).expect("an answer");
        let hits = found.hits(document, TextForm::Original).to_vec();
        hits.iter()
            .map(|(a, b)| text.chars().skip(*a as usize).take((b - a) as usize).collect())
            .collect::<Vec<String>>()
    };
    assert_eq!(found_in("Gao", "وصلت القافلة إلى غاو ثم كيدال"), ["غاو"]);
    assert_eq!(found_in("Kidal", "وصلت القافلة إلى غاو ثم كيدال"), ["كيدال"]);
    assert_eq!(found_in("تمبكتو", "la ville de Tombouctou"), ["Tombouctou"]);
    assert_eq!(found_in("القاعدة", "تنظيم القاعده"), ["تنظيم القاعده"], "the longest form of the name");
    assert_eq!(found_in("2012", "منذ عام ٢٠١٢"), ["٢٠١٢"]);
    assert_eq!(found_in("zzz", "وصلت القافلة"), [""; 0]);
}

#[test]
fn every_claim_has_a_sentence_in_its_brief() {
    let store = mali();
    for detail in &store.details {
        for claim in &detail.claims {
            assert!(claim.spans.brief.iter().any(|s| s.role == SpanRole::Sentence), "{}", claim.key);
        }
    }
}
