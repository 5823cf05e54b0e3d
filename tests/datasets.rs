//! Several datasets in one store, against a store that is made of the same rows from scratch: any run of
//! putting in, reading anew, taking out and hiding gives equal rows, names and counts.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use waqai::model::time::SECONDS_PER_DAY;
use waqai::model::{
    Actor, Document, DocumentId, EventId, EventType, Fatalities, GeoPrecision, Interval, Names, Place,
};
use waqai::state::derived::SMALL;
use waqai::state::{
    AppState, Command, DatasetCommand, Derived, Effect, FilterCommand, Incoming, Origin, SelectCommand,
};
use waqai::store::filter::Dim;
use waqai::store::order::Index;
use waqai::store::search::{Notes, Query, TableWords, search};
use waqai::store::table::{FieldRoles, Offsets, Records};
use waqai::store::words::WordIndex;
use waqai::store::{CaseNames, DatasetId, EventDetail, Kind, Lists, Store, Table, merge};

#[path = "common/jobs.rs"]
mod jobs;
#[path = "common/naive.rs"]
mod naive;

use jobs::settle;

/// An event as no column knows it: names instead of numbers.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    interval: Interval,
    event_type: usize,
    sub_type: String,
    position: Option<(f32, f32)>,
    toll: Option<u32>,
    spread: bool,
    place: Option<String>,
    actors: Vec<String>,
    claimants: Vec<String>,
    note: String,
}

fn day(day: i64) -> Interval {
    Interval { start: day * SECONDS_PER_DAY, end: (day + 1) * SECONDS_PER_DAY }
}

fn row() -> impl Strategy<Value = Row> {
    let interval = prop_oneof![
        6 => (-9i64..9).prop_map(day),
        1 => Just(Interval::UNKNOWN),
        1 => (-9i64..9, 1i64..300_000).prop_map(|(d, more)| Interval { end: day(d).end + more, ..day(d) }),
    ];
    let names = |max: u8| {
        prop::collection::btree_set(0..max, 0..3)
            .prop_map(|ids| ids.iter().map(|id| format!("Name {id}")).collect::<Vec<_>>())
    };
    let position = prop::sample::select(vec![None, Some((16.0, -3.0)), Some((16.5, 0.0)), Some((1.0, 40.0))]);
    let note = prop::sample::select(vec!["", "an attack near Gao", "shots were heard", "غارة على غاو"]);
    (
        (interval, 0usize..7, 0u8..4, position, prop::option::of(0u32..30), any::<bool>()),
        (prop::option::of(0u8..5), names(6), names(6), note),
    )
        .prop_map(
            |((interval, event_type, sub, position, toll, spread), (place, actors, claimants, note))| Row {
                interval,
                event_type,
                sub_type: format!("Sub {sub}"),
                position,
                toll,
                spread,
                place: place.map(|id| format!("Place {id}")),
                actors,
                claimants,
                note: note.to_owned(),
            },
        )
}

#[derive(Debug)]
struct Memory(Vec<Row>);

impl Records for Memory {
    fn header(&self) -> &[String] {
        &[]
    }

    fn fields(&self, offset: u64) -> Vec<String> {
        self.0.get(offset as usize).map(|row| vec![row.note.clone()]).unwrap_or_default()
    }

    fn field(&self, offset: u64, _at: usize) -> Cow<'_, [u8]> {
        self.text(offset)
    }

    fn text(&self, offset: u64) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.0.get(offset as usize).map_or(b"", |row| row.note.as_bytes()))
    }

    fn is_damaged(&self) -> bool {
        false
    }
}

/// What is read of one file.
#[derive(Clone, Debug)]
struct File {
    name: String,
    is_case: bool,
    rows: Vec<Row>,
    /// Names that a case knows and no event has.
    unused: bool,
    narrow: bool,
}

fn file() -> impl Strategy<Value = File> {
    (0u8..3, any::<bool>(), prop::collection::vec(row(), 0..14), any::<bool>(), any::<bool>()).prop_map(
        |(name, is_case, rows, unused, narrow)| File {
            name: format!("{}{name}.csv", if is_case { "case" } else { "table" }),
            is_case,
            rows,
            unused,
            narrow,
        },
    )
}

fn code(list: &mut Vec<String>, name: &str) -> u32 {
    list.iter().position(|known| known == name).unwrap_or_else(|| {
        list.push(name.to_owned());
        list.len() - 1
    }) as u32
}

fn actor(name: &str) -> Actor {
    Actor {
        key: name.to_owned(),
        names: Names::en(name),
        short: Names::default(),
        kind: String::new(),
        entity: None,
        forms: Vec::new(),
        note: None,
    }
}

fn place(name: &str) -> Place {
    Place {
        key: name.to_owned(),
        names: Names::en(name),
        kind: String::new(),
        position: None,
        radius_m: 0.0,
        country: None,
        admin1: None,
        forms: Vec::new(),
        demonyms: Vec::new(),
        note: None,
    }
}

fn detail(number: usize) -> EventDetail {
    EventDetail {
        key: format!("e{number}"),
        slug: None,
        titles: Names::en(format!("Event {number}")),
        short: Names::default(),
        descriptions: Names::default(),
        optional: false,
        when: None,
        ongoing: false,
        known: None,
        text_date: None,
        places: Vec::new(),
        actors: Vec::new(),
        claimed_ranges: Vec::new(),
        note: None,
        claims: Vec::new(),
    }
}

/// The store of one file, as its reader would make it.
fn store(file: &File) -> Store {
    let mut rows: Vec<(usize, Row)> = file.rows.iter().cloned().enumerate().collect();
    if !file.is_case {
        let first_day = |row: &Row| row.interval.start.div_euclid(SECONDS_PER_DAY);
        rows.sort_by_key(|(at, row)| (row.interval.is_unknown(), first_day(row), *at));
    }
    let mut store = Store { generation: 1, titles: Names::en(file.name.as_str()), ..Store::default() };
    let (mut actors, mut places) = (Vec::new(), Vec::new());
    if file.unused && file.is_case {
        code(&mut actors, "Nobody");
        code(&mut places, "Nowhere");
        store.sub_types.intern("Nothing");
    }
    let narrow = file.narrow && !file.is_case;
    let (mut of_places, mut of_documents) = (Vec::new(), 0);
    for (_, row) in &rows {
        let columns = &mut store.columns;
        let kind = Kind {
            event_type: EventType::ALL[row.event_type],
            sub_type: store.sub_types.intern(&row.sub_type) as u16,
            geo_precision: GeoPrecision::Exact,
            ..Kind::default()
        };
        columns.times.push(row.interval);
        columns.kind.push(columns.kinds.intern(kind));
        let (lat, lon) = row.position.unwrap_or((f32::NAN, f32::NAN));
        columns.lat.push(lat);
        columns.lon.push(lon);
        columns.fatalities.push(toll(row));
        let ids = |list: &mut Vec<String>, names: &[String]| -> Vec<u32> {
            names.iter().map(|name| code(list, name)).collect()
        };
        let own = ids(&mut actors, &row.actors);
        columns.actors.push(own);
        let own = ids(&mut actors, &row.claimants);
        columns.claimants.push(own);
        let place: Vec<u32> = row.place.iter().map(|name| code(&mut places, name)).collect();
        of_places.push(place.first().copied().unwrap_or(Lists::NONE));
        columns.places.push(place);
        columns.documents.push([0]);
        of_documents += 1;
    }
    if narrow {
        store.columns.places = Lists::One(of_places);
        store.columns.documents = Lists::Same { id: 0, len: of_documents };
    }
    store.actors = actors.iter().map(|name| actor(name)).collect();
    store.places = places.iter().map(|name| place(name)).collect();
    store.documents.push(Document { key: file.name.clone(), ..Document::default() });
    if file.is_case {
        store.details = (0..rows.len()).map(detail).collect();
        store.case = Some(DatasetId(0));
        store.case_names = CaseNames::all_of(&store);
    } else {
        let mut offsets = Offsets::default();
        rows.iter().for_each(|(at, _)| offsets.push(*at as u64));
        let roles = FieldRoles { notes: Some(0), ..FieldRoles::default() };
        let (len, records) = (rows.len(), Arc::new(Memory(file.rows.clone())));
        store.tables.push(Table::new(
            file.name.clone(),
            file.name.clone(),
            0..len,
            roles,
            records,
            Default::default(),
            offsets,
        ));
    }
    store.reindex();
    store
}

fn toll(row: &Row) -> Fatalities {
    let high = if row.spread { row.toll.map(|toll| toll + 5) } else { row.toll };
    let claimants = u32::from(row.toll.is_some());
    Fatalities { low: row.toll, best: row.toll, high, claimants, ..Fatalities::default() }
}

/// The rows of a store's dataset with names instead of numbers.
fn told(store: &Store, rows: std::ops::Range<usize>) -> Vec<Row> {
    let columns = &store.columns;
    rows.map(|row| {
        let event = EventId::from_index(row);
        let names = |ids: &[u32]| ids.iter().map(|id| store.actors[*id as usize].key.clone()).collect();
        let toll = columns.fatalities.get(row);
        Row {
            interval: columns.interval(row),
            event_type: store.event_type(event).index(),
            sub_type: store.sub_type(event).to_owned(),
            position: columns.position(row).map(|at| (at.lat as f32, at.lon as f32)),
            toll: toll.best,
            spread: toll.best.is_some() && toll.high != toll.best,
            place: columns.places.of(row).first().map(|id| store.places[*id as usize].key.clone()),
            actors: names(columns.actors.of(row)),
            claimants: names(columns.claimants.of(row)),
            note: store
                .table_of(event)
                .map_or_else(String::new, |table| String::from_utf8_lossy(&table.text(row)).into_owned()),
        }
    })
    .collect()
}

/// What there should be: the case first, then the tables in the order in which they first came.
type Open = Vec<(DatasetId, File)>;

fn put(open: &mut Open, id: DatasetId, file: &File) {
    if file.is_case {
        open.retain(|(other, known)| !known.is_case || *other == id);
    }
    match open.iter_mut().find(|(other, _)| *other == id) {
        Some((_, known)) if known.is_case == file.is_case => *known = file.clone(),
        _ => {
            open.retain(|(other, _)| *other != id);
            if file.is_case { open.insert(0, (id, file.clone())) } else { open.push((id, file.clone())) }
        }
    }
}

fn check(store: &Store, open: &Open) -> Result<(), TestCaseError> {
    let datasets: Vec<_> = store.datasets().collect();
    let ids: Vec<DatasetId> = datasets.iter().map(|(id, _)| *id).collect();
    prop_assert_eq!(&ids, &open.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    let mut end = 0;
    let (mut actors, mut places, mut sub_types) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for ((id, rows), (_, file)) in datasets.iter().zip(open) {
        prop_assert_eq!(rows.start, end, "no gap");
        end = rows.end;
        let alone = self::store(file);
        let mut expected = told(&alone, 0..alone.num_events());
        if file.is_case {
            expected.iter_mut().for_each(|row| row.note.clear());
        }
        prop_assert_eq!(told(store, rows.clone()), expected);
        actors.extend(alone.actors.iter().map(|actor| actor.key.clone()));
        places.extend(alone.places.iter().map(|place| place.key.clone()));
        sub_types.extend(alone.sub_types.iter().map(|(_, text)| text.to_owned()));
        for row in rows.clone() {
            prop_assert_eq!(store.dataset_of(EventId::from_index(row)), *id);
            let documents: Vec<&str> = store
                .documents_of(EventId::from_index(row))
                .filter_map(|id| store.document(id))
                .map(|document| document.key.as_str())
                .collect();
            prop_assert_eq!(documents, [file.name.as_str()]);
        }
    }
    prop_assert_eq!(end, store.num_events());
    prop_assert_eq!(store.documents.len(), open.len());
    let keys = |keys: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        let mut keys: Vec<String> = keys.map(str::to_owned).collect();
        keys.sort();
        keys
    };
    prop_assert_eq!(keys(&mut store.actors.iter().map(|a| a.key.as_str())), Vec::from_iter(actors));
    prop_assert_eq!(keys(&mut store.places.iter().map(|p| p.key.as_str())), Vec::from_iter(places));
    prop_assert_eq!(keys(&mut store.sub_types.iter().map(|(_, s)| s)), Vec::from_iter(sub_types));
    prop_assert_eq!(&*store.index(), &Index::new(&store.columns));
    Ok(())
}

#[derive(Clone, Debug)]
enum Step {
    Put(u16, File),
    Remove(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![3 => (0u16..4, file()).prop_map(|(id, file)| Step::Put(id, file)), 1 => (0u16..4).prop_map(Step::Remove)]
}

proptest! {
    #[test]
    fn datasets_come_and_go_as_if_they_had_been_read_together(steps in prop::collection::vec(step(), 1..10)) {
        let mut open: Open = Vec::new();
        let mut store = Store::default();
        for step in &steps {
            let old = store.clone();
            match step {
                Step::Put(id, file) => {
                    // A number stays with a case, or with a table.
                    if open.iter().any(|(other, known)| other.0 == *id && known.is_case != file.is_case) {
                        continue;
                    }
                    let added = self::store(file);
                    store = store.with_dataset(DatasetId(*id), &added);
                    put(&mut open, DatasetId(*id), file);
                }
                Step::Remove(id) => {
                    store = merge::Change::Remove(DatasetId(*id)).made(&store);
                    prop_assert_eq!(&*store.index, &Index::new(&store.columns));
                    open.retain(|(other, _)| other.0 != *id);
                }
            }
            store.reindex();
            check(&store, &open)?;
            // What was there and still is, is found again.
            for event in old.events() {
                let new = merge::moved(&old, &store, event);
                let stays = store.rows_of(old.dataset_of(event)).is_some();
                let changed = matches!(step, Step::Put(id, _) if old.dataset_of(event).0 == *id);
                if !changed {
                    prop_assert_eq!(new.is_some(), stays);
                }
                if let Some(new) = new.filter(|_| !changed) {
                    let at = |store: &Store, event: EventId| told(store, event.index()..event.index() + 1);
                    prop_assert_eq!(at(&old, event), at(&store, new));
                }
            }
            for code in 0..old.actors.len() as u32 {
                let new = merge::moved_code(&old, &store, Dim::Actor, code);
                let key = |store: &Store, code: u32| store.actors[code as usize].key.clone();
                let expected = store.actor_by_key(&key(&old, code)).map(|_| key(&old, code));
                prop_assert_eq!(new.map(|new| key(&store, new)), expected);
            }
            for id in 0..old.documents.len() {
                if let Some(new) = merge::moved_document(&old, &store, DocumentId::from_index(id)) {
                    prop_assert_eq!(&store.documents[new.index()].key.get(..4), &old.documents[id].key.get(..4));
                }
            }
        }
    }

    #[test]
    fn words_of_each_dataset_find_what_reading_all_notes_finds(
        files in prop::collection::vec(file(), 1..4),
        indexed in 0usize..4,
        text in prop::sample::select(vec!["Gao", "shots were", "attack", "غاو", "nothing of it"]),
    ) {
        let mut store = Store::default();
        for (id, file) in files.iter().enumerate() {
            store = store.with_dataset(DatasetId(id as u16), &self::store(file));
        }
        store.reindex();
        let query = || Query::new(&store, text, Default::default());
        let plain = search(&store, &TableWords::default(), query(), &|| false).expect("an answer");
        let mut words = TableWords::default();
        for table in store.tables.iter().take(indexed) {
            let mut index = WordIndex::default();
            index.extend(&Notes(table), &|_| true);
            words.set(table, Arc::new(index));
        }
        let found = search(&store, &words, query(), &|| false).expect("an answer");
        prop_assert_eq!(&found, &plain);
        for row in store.case_rows().end..store.num_events() {
            let table = store.table_of(EventId::from_index(row)).expect("a table");
            if query().matches(&String::from_utf8_lossy(&table.text(row))) {
                prop_assert!(found.events.contains(row), "row {}", row);
            }
        }
    }
}

fn open(state: &mut AppState, derived: &mut Derived, file: &File) {
    let (store, origin) = (Box::new(store(file)), Origin::File(file.name.clone()));
    let effects = state.receive(Incoming::CaseOpened { store, origin, opened_at: 0 });
    settle(state, derived, effects);
}

fn apply(state: &mut AppState, derived: &mut Derived, command: impl Into<Command>) {
    let effects = state.apply(command.into(), derived);
    settle(state, derived, effects);
}

#[derive(Clone, Debug)]
enum Act {
    Open(File),
    Remove(usize),
    Hide(usize, bool),
    Only(usize),
    Window(Option<(i64, i64)>),
    Actor(u32),
    Twin(usize, usize),
    Once(bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => file().prop_map(Act::Open),
        1 => (0usize..5).prop_map(Act::Remove),
        2 => (0usize..5, any::<bool>()).prop_map(|(at, shown)| Act::Hide(at, shown)),
        1 => (0usize..5).prop_map(Act::Only),
        1 => prop::option::of((-9i64..9, 1i64..9)).prop_map(Act::Window),
        1 => (0u32..6).prop_map(Act::Actor),
        2 => (0usize..40, 0usize..40).prop_map(|(a, b)| Act::Twin(a, b)),
        1 => any::<bool>().prop_map(Act::Once),
    ]
}

proptest! {
    #[test]
    fn one_filter_over_all_datasets_adds_up(acts in prop::collection::vec(act(), 1..14)) {
        let mut state = AppState::default();
        let mut derived = Derived::default();
        for act in &acts {
            let id = |state: &AppState, at: usize| {
                let datasets = state.case.as_ref().map(|case| case.datasets.as_slice()).unwrap_or_default();
                datasets.get(at % datasets.len().max(1)).map(|dataset| dataset.id)
            };
            match act {
                Act::Open(file) => open(&mut state, &mut derived, file),
                Act::Remove(at) => {
                    if let Some(id) = id(&state, *at) {
                        apply(&mut state, &mut derived, DatasetCommand::Remove(id));
                    }
                }
                Act::Hide(at, shown) => {
                    if let Some(id) = id(&state, *at) {
                        apply(&mut state, &mut derived, DatasetCommand::Show(id, *shown));
                    }
                }
                Act::Only(at) => {
                    if let Some(id) = id(&state, *at) {
                        let only = FilterCommand::Only(Dim::Dataset, u32::from(id.0));
                        apply(&mut state, &mut derived, only);
                    }
                }
                Act::Window(window) => {
                    state.view.filter.window =
                        window.map(|(from, days)| Interval { start: day(from).start, end: day(from + days).end });
                }
                Act::Actor(code) => {
                    let actors = state.store().map_or(0, |store| store.actors.len() as u32);
                    if *code < actors {
                        apply(&mut state, &mut derived, FilterCommand::Only(Dim::Actor, *code));
                    }
                }
                Act::Twin(a, b) => {
                    let events = state.store().map_or(0, Store::num_events).max(1);
                    let (a, b) = (EventId::from_index(a % events), EventId::from_index(b % events));
                    apply(&mut state, &mut derived, DatasetCommand::Twin { a, b, same: true });
                }
                Act::Once(once) => apply(&mut state, &mut derived, DatasetCommand::TwinsOnce(*once)),
            }
            derived.refresh_all(&state);
            let Some(store) = state.store() else { continue };
            let case = state.case.as_ref().expect("a case");
            prop_assert!(!case.is_changing());
            let mut listed: Vec<DatasetId> = case.datasets.iter().map(|dataset| dataset.id).collect();
            listed.sort();
            let mut open: Vec<DatasetId> = store.datasets().map(|(id, _)| id).collect();
            open.sort();
            prop_assert_eq!(listed, open);
            let failures = naive::evaluate(store, &state.view.filter, &[]);
            for event in store.events() {
                prop_assert_eq!(derived.passes(event), failures.passes(event));
            }
            for dim in Dim::FACETS {
                prop_assert_eq!(derived.facet(dim), naive::facet_counts(store, &failures, dim), "{:?}", dim);
            }
            let trays = derived.trays;
            let sum = trays.shown + trays.outside_window + trays.undated + trays.filtered_out;
            prop_assert_eq!(sum, store.num_events());
            let passing: Vec<EventId> = failures.passing().collect();
            prop_assert_eq!(derived.by_time.to_vec(), naive::by_time(store, &passing));
        }
    }
}

fn table(name: &str, rows: Vec<Row>) -> File {
    File { name: name.to_owned(), is_case: false, rows, unused: false, narrow: true }
}

fn at(day_number: i64, actor: &str) -> Row {
    Row {
        interval: day(day_number),
        event_type: 0,
        sub_type: "Armed clash".to_owned(),
        position: Some((16.0, 0.0)),
        toll: Some(3),
        spread: false,
        place: Some("Gao".to_owned()),
        actors: vec![actor.to_owned()],
        claimants: Vec::new(),
        note: String::new(),
    }
}

#[test]
fn what_was_chosen_stays_when_other_datasets_come_and_go() {
    let (mut state, mut derived) = (AppState::default(), Derived::default());
    let names = ["Zulu", "Beta", "Alpha"];
    open(&mut state, &mut derived, &table("a.csv", (0..3).map(|n| at(n, names[n as usize])).collect()));
    open(&mut state, &mut derived, &table("b.csv", vec![at(1, "Gamma"), at(2, "Beta")]));
    let id = |state: &AppState, name: &str| {
        let case = state.case.as_ref().expect("a case");
        case.datasets.iter().find(|d| d.name(&case.store, waqai::model::Lang::En) == name).expect("open").id
    };
    let (a, b) = (id(&state, "a.csv"), id(&state, "b.csv"));
    let beta = state.store().and_then(|store| store.actor_by_key("Beta")).expect("Beta").0;
    apply(&mut state, &mut derived, FilterCommand::Only(Dim::Actor, beta));
    assert_eq!(derived.trays.shown, 2, "one name of both datasets");
    let second = state.store().and_then(|store| store.rows_of(b)).expect("rows").start + 1;
    apply(&mut state, &mut derived, SelectCommand::Event(EventId::from_index(second)));
    let twin = DatasetCommand::Twin { a: EventId(1), b: EventId::from_index(second), same: true };
    apply(&mut state, &mut derived, twin);
    apply(&mut state, &mut derived, DatasetCommand::TwinsOnce(true));
    assert_eq!(derived.trays.shown, 1, "what is marked as the same counts once");
    apply(&mut state, &mut derived, DatasetCommand::Show(a, false));
    assert_eq!((derived.trays.shown, derived.trays.filtered_out), (0, 5));
    apply(&mut state, &mut derived, FilterCommand::Clear(Dim::Layer));
    apply(&mut state, &mut derived, DatasetCommand::Remove(a));
    let store = state.store().expect("a case");
    assert_eq!(store.num_events(), 2);
    let beta = store.actor_by_key("Beta").expect("Beta").0;
    assert_eq!(state.view.filter.actors, [beta].into());
    assert_eq!(state.primary(), Some(EventId(1)));
    assert!(state.case.as_ref().is_some_and(|case| case.twins.is_empty()) && derived.trays.shown == 1);
    apply(&mut state, &mut derived, DatasetCommand::Remove(b));
    assert!(state.case.is_none(), "with the last dataset the case is closed");
}

#[test]
fn a_dataset_that_is_read_anew_keeps_its_place_and_what_is_selected() {
    let (mut state, mut derived) = (AppState::default(), Derived::default());
    open(&mut state, &mut derived, &table("a.csv", vec![at(5, "A"), at(6, "B")]));
    open(&mut state, &mut derived, &table("b.csv", vec![at(1, "C")]));
    let a = state.case.as_ref().expect("a case").datasets[1].id;
    apply(&mut state, &mut derived, SelectCommand::Event(EventId(1)));
    let rows: Vec<Row> = vec![at(9, "A"), at(2, "B")];
    let store = Box::new(store(&table("a.csv", rows)));
    let effects = state.receive(Incoming::DatasetRead { dataset: a, store });
    settle(&mut state, &mut derived, effects);
    let store = state.store().expect("a case");
    assert_eq!(store.rows_of(a), Some(0..2));
    let selected = state.primary().expect("still selected");
    assert_eq!((selected, store.interval(selected)), (EventId(0), day(2)), "it has another date now");
}

#[test]
fn a_case_and_datasets_are_shown_together() {
    let (mut state, mut derived) = (AppState::default(), Derived::default());
    open(&mut state, &mut derived, &table("a.csv", vec![at(5, "A")]));
    let case = File { is_case: true, unused: true, ..table("case", vec![at(4, "A"), at(7, "D")]) };
    open(&mut state, &mut derived, &case);
    let store = state.store().expect("a case");
    assert_eq!((store.num_events(), store.details.len(), store.tables.len()), (3, 2, 1));
    assert_eq!(store.titles.en.as_deref(), Some("case"));
    // Another case takes the place of the case; datasets stay.
    open(&mut state, &mut derived, &File { name: "other".to_owned(), ..case });
    let store = state.store().expect("a case");
    assert_eq!((store.num_events(), store.titles.en.as_deref()), (3, Some("other")));
    assert_eq!(derived.trays.shown, 3);
    // Opened instead of what is open.
    let command = Command::Open(waqai::state::OpenTarget::Instead(vec!["b.csv".to_owned()]));
    apply(&mut state, &mut derived, command);
    open(&mut state, &mut derived, &table("b.csv", vec![at(1, "C")]));
    assert_eq!(state.store().map(Store::num_events), Some(1));
}

#[test]
fn a_dataset_grows_beside_a_large_one() {
    let (mut state, mut derived) = (AppState::default(), Derived::default());
    let large: Vec<Row> = (0..=SMALL as i64).map(|n| at(n / 100, "A")).collect();
    open(&mut state, &mut derived, &table("large.csv", large));
    let rows = |n: usize| table("grows.csv", vec![at(3, "B"); n]);
    let origin = Origin::File("grows.csv".to_owned());
    let first = Incoming::CaseOpened { store: Box::new(store(&rows(2))), origin, opened_at: 0 };
    let effects = state.receive(first);
    assert_eq!(effects.last(), Some(&Effect::Change), "it is put in elsewhere");
    state.receive(Incoming::CaseGrows { id: 9 });
    let grown = Incoming::CaseGrown { id: 9, store: Box::new(store(&rows(5))), complete: false };
    let more = state.receive(grown);
    settle(&mut state, &mut derived, effects);
    settle(&mut state, &mut derived, more);
    assert!(state.case.as_ref().is_some_and(|case| case.growing() == Some(9)));
    let whole = Incoming::CaseGrown { id: 9, store: Box::new(store(&rows(7))), complete: true };
    let effects = state.receive(whole);
    settle(&mut state, &mut derived, effects);
    let case = state.case.as_ref().expect("a case");
    assert!(!case.is_changing());
    assert_eq!(case.store.num_events(), SMALL + 1 + 7);
    assert_eq!(derived.trays.shown, SMALL + 1 + 7);
}
