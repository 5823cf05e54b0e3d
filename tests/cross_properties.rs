//! Cross-filtering against a slow and obvious version of itself: any run of changes to filter, window
//! and order over any store gives equal rows, counts and bins.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::prelude::*;
use waqai::model::time::SECONDS_PER_DAY;
use waqai::model::{
    Actor, BBox, DatePrecision, Document, EventId, EventType, Fatalities, GeoPrecision, Interval, Lang,
    Names, Place, Prominence,
};
use waqai::state::derived::SMALL;
use waqai::state::{AppState, Derived, Incoming, Origin, SortColumn, Tray};
use waqai::store::bins::Unit;
use waqai::store::cross::{SiteCount, TollCounts, run_shared, toll_bin};
use waqai::store::filter::{Dim, Filter, WindowMode};
use waqai::store::table::{FieldRoles, Offsets, Records};
use waqai::store::{EventDetail, Kind, Lists, Store, Table};

#[path = "common/naive.rs"]
mod naive;

const ACTORS: [&str; 5] = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"];
const PLACES: [&str; 4] = ["Gao", "", "Kidal", "Ber"];

/// What a random event is made of.
#[derive(Clone, Debug)]
struct Row {
    interval: Interval,
    kind: (usize, usize, usize, usize, usize),
    position: Option<(f32, f32)>,
    toll: Option<u32>,
    spread: bool,
    places: Vec<u32>,
    actors: Vec<u32>,
    documents: Vec<u32>,
    claimants: Vec<u32>,
}

fn day(day: i64) -> Interval {
    Interval { start: day * SECONDS_PER_DAY, end: (day + 1) * SECONDS_PER_DAY }
}

fn interval(odd: bool) -> BoxedStrategy<Interval> {
    let days = || -40i64..40;
    if !odd {
        return prop_oneof![9 => days().prop_map(day), 1 => Just(Interval::UNKNOWN)].boxed();
    }
    prop_oneof![
        6 => days().prop_map(day),
        1 => Just(Interval::UNKNOWN),
        1 => (days(), 1i64..900_000).prop_map(|(d, more)| Interval { end: day(d).end + more, ..day(d) }),
        1 => (days(), 1i64..80_000).prop_map(|(d, less)| Interval { start: day(d).start + less, ..day(d) }),
        1 => days().prop_map(|d| Interval { start: Interval::OPEN_START, ..day(d) }),
        1 => days().prop_map(|d| Interval { end: Interval::OPEN_END, ..day(d) }),
    ]
    .boxed()
}

fn row(odd: bool) -> impl Strategy<Value = Row> {
    let position = prop::sample::select(vec![
        None,
        Some((16.0, -3.0)),
        Some((16.5, -3.0)),
        Some((17.0, 0.25)),
        Some((-12.0, 40.0)),
    ]);
    let ids = |max: u32| {
        prop::collection::vec(0..max, 0..3).prop_map(|mut ids| {
            ids.sort_unstable();
            ids.dedup();
            ids
        })
    };
    let toll = prop::option::of(prop_oneof![0u32..12, 90u32..1200]);
    (
        (interval(odd), (0usize..7, 0usize..3, 0usize..8, 0usize..5, 0usize..2)),
        (position, toll, any::<bool>()),
        (ids(4), ids(5), ids(3), ids(5)),
    )
        .prop_map(
            |((interval, kind), (position, toll, spread), (places, actors, documents, claimants))| Row {
                interval,
                kind,
                position,
                toll,
                spread,
                places,
                actors,
                documents,
                claimants,
            },
        )
}

/// A flat dataset in memory: the names of each row's actors.
#[derive(Debug)]
struct Memory(Vec<Vec<String>>);

impl Records for Memory {
    fn header(&self) -> &[String] {
        &[]
    }

    fn fields(&self, offset: u64) -> Vec<String> {
        self.0.get(offset as usize).cloned().unwrap_or_default()
    }

    fn field(&self, offset: u64, at: usize) -> Cow<'_, [u8]> {
        let field = self.0.get(offset as usize).and_then(|fields| fields.get(at));
        Cow::Borrowed(field.map_or(b"", |field| field.as_bytes()))
    }

    fn text(&self, _offset: u64) -> Cow<'_, [u8]> {
        Cow::Borrowed(b"")
    }

    fn is_damaged(&self) -> bool {
        false
    }
}

fn detail(title: &str) -> EventDetail {
    EventDetail {
        key: String::new(),
        slug: None,
        titles: Names::en(title),
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

/// How the lists of ids lie in memory.
#[derive(Clone, Copy, Debug)]
enum Layout {
    Many,
    One,
    Same,
}

fn laid_out(layout: Layout, lists: Vec<Vec<u32>>) -> Lists {
    match layout {
        Layout::Many => {
            let mut many = Lists::many();
            lists.into_iter().for_each(|ids| many.push(ids));
            many
        }
        Layout::One => {
            Lists::One(lists.iter().map(|ids| ids.first().copied().unwrap_or(Lists::NONE)).collect())
        }
        Layout::Same => Lists::Same { id: 1, len: lists.len() },
    }
}

/// A store of these rows; the first few have details, the others are rows of a flat dataset.
fn store(rows: &[Row], sorted: bool, num_details: usize, layout: Layout) -> Store {
    let mut rows = rows.to_vec();
    if sorted {
        rows.sort_by_key(|row| (row.interval.is_unknown(), row.interval.start));
    }
    let mut store = Store { generation: 1, ..Store::default() };
    for name in ACTORS {
        store.actors.push(Actor {
            key: name.to_owned(),
            names: Names::en(name),
            short: Names::default(),
            kind: String::new(),
            entity: None,
            forms: Vec::new(),
            note: None,
        });
    }
    for name in PLACES {
        store.places.push(Place {
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
        });
    }
    (0..3).for_each(|_| store.documents.push(Document::default()));
    for name in ["Shelling", "", "Armed clash"] {
        store.sub_types.intern(name);
    }
    let columns = &mut store.columns;
    for row in &rows {
        let (event_type, sub_type, date_precision, geo_precision, prominence) = row.kind;
        let kind = Kind {
            event_type: EventType::ALL[event_type],
            sub_type: sub_type as u16,
            date_precision: DatePrecision::ALL[date_precision],
            geo_precision: GeoPrecision::ALL[geo_precision],
            prominence: Prominence::ALL[prominence],
            ..Kind::default()
        };
        columns.times.push(row.interval);
        let kind = columns.kinds.intern(kind);
        columns.kind.push(kind);
        let (lat, lon) = row.position.unwrap_or((f32::NAN, f32::NAN));
        columns.lat.push(lat);
        columns.lon.push(lon);
        let (low, high) = if row.spread { (None, row.toll) } else { (row.toll, row.toll) };
        let claimants = u32::from(row.toll.is_some());
        columns.fatalities.push(Fatalities { low, best: row.toll, high, claimants, ..Fatalities::default() });
    }
    let lists = |of: fn(&Row) -> &Vec<u32>| rows.iter().map(|row| of(row).clone()).collect::<Vec<_>>();
    columns.actors = laid_out(Layout::Many, lists(|row| &row.actors));
    columns.places = laid_out(layout, lists(|row| &row.places));
    columns.documents = laid_out(layout, lists(|row| &row.documents));
    columns.claimants = laid_out(layout, lists(|row| &row.claimants));
    let num_details = num_details.min(rows.len());
    let titles = ["Middle", "", "Zulu", "Alps"];
    store.details = (0..num_details).map(|row| detail(titles[row % titles.len()])).collect();
    let flat = num_details..rows.len();
    let name = |id: &u32| ACTORS[*id as usize];
    let fields = |row: &Row| vec![row.actors.iter().map(name).collect::<Vec<_>>().join("; ")];
    let records = Memory(rows[flat.clone()].iter().map(fields).collect());
    let mut offsets = Offsets::default();
    (0..flat.len() as u64).for_each(|row| offsets.push(row));
    let roles = FieldRoles { actors: vec![(0, "actor")], ..FieldRoles::default() };
    let table = Table::new(String::new(), String::new(), flat, roles, Arc::new(records), offsets);
    store.tables.push(table);
    store.reindex();
    store
}

/// One change of what is looked at.
#[derive(Clone, Debug)]
enum Change {
    Window(Option<(i64, i64)>),
    Mode(bool),
    Codes(Dim, Vec<u32>),
    Tolls(Option<u32>, Option<u32>),
    Area(Option<(f64, f64, f64, f64)>),
    Text(&'static str),
    Sort(SortColumn, bool),
    Reset,
}

fn change() -> impl Strategy<Value = Change> {
    let codes = (prop::sample::select(Dim::FACETS.to_vec()), prop::collection::vec(0u32..8, 0..4));
    let area = (-20.0f64..20.0, -10.0f64..45.0, 0.0f64..30.0, 0.0f64..40.0);
    let seconds = -45 * SECONDS_PER_DAY..45 * SECONDS_PER_DAY;
    prop_oneof![
        4 => (-45i64..45, 1i64..30).prop_map(|(start, days)| {
            Change::Window(Some((start * SECONDS_PER_DAY, (start + days) * SECONDS_PER_DAY)))
        }),
        2 => (seconds, 0i64..2_000_000).prop_map(|(start, secs)| Change::Window(Some((start, start + secs)))),
        1 => Just(Change::Window(Some((i64::MIN, 0)))),
        1 => Just(Change::Window(None)),
        1 => any::<bool>().prop_map(Change::Mode),
        4 => codes.prop_map(|(dim, codes)| Change::Codes(dim, codes)),
        1 => (prop::option::of(0u32..20), prop::option::of(0u32..300))
            .prop_map(|(min, max)| Change::Tolls(min, max)),
        1 => prop::option::of(area).prop_map(Change::Area),
        1 => prop::sample::select(vec!["", "alpha", "gao", "nothing"]).prop_map(Change::Text),
        2 => (prop::sample::select(SortColumn::ALL.to_vec()), any::<bool>())
            .prop_map(|(column, descending)| Change::Sort(column, descending)),
        1 => Just(Change::Reset),
    ]
}

fn apply(state: &mut AppState, change: &Change) {
    let view = &mut state.view;
    match change {
        Change::Window(window) => {
            view.filter.window = window.map(|(start, end)| Interval { start, end });
        }
        Change::Mode(certainly) => {
            view.filter.window_mode = if *certainly { WindowMode::Certainly } else { WindowMode::Possibly };
        }
        Change::Codes(dim, codes) => {
            *view.filter.codes_mut(*dim).expect("facet") = codes.iter().copied().collect();
        }
        Change::Tolls(min, max) => {
            (view.filter.min_fatalities, view.filter.max_fatalities) = (*min, *max);
        }
        Change::Area(area) => {
            view.filter.area = area.map(|(min_lat, min_lon, height, width)| BBox {
                min_lon,
                min_lat,
                max_lon: min_lon + width,
                max_lat: min_lat + height,
            });
        }
        Change::Text(text) => view.filter.text = (*text).to_owned(),
        Change::Sort(column, descending) => view.sort = (*column, *descending),
        Change::Reset => view.filter = Filter::default(),
    }
}

/// Everything that is derived, against the slow version.
fn check(state: &AppState, derived: &Derived, extent: Interval) -> Result<(), TestCaseError> {
    let store = state.store().expect("case");
    let filter = &state.view.filter;
    let found: Vec<bool> = (0..store.num_events()).map(|row| derived.found.events.contains(row)).collect();
    let failures = naive::evaluate(store, filter, &found);
    for event in store.events().chain([EventId(store.num_events() as u32)]) {
        prop_assert_eq!(derived.passes(event), failures.passes(event), "{:?}", event);
        if event.index() == store.num_events() {
            continue;
        }
        let dims: Vec<Dim> = derived.dims(event).collect();
        prop_assert_eq!(dims, failures.dims(event).collect::<Vec<Dim>>(), "{:?}", event);
        for dim in Dim::ALL {
            prop_assert_eq!(derived.passes_except(event, dim), failures.passes_except(event, dim));
        }
    }
    for dim in Dim::FACETS {
        prop_assert_eq!(derived.facet(dim), naive::facet_counts(store, &failures, dim), "{:?}", dim);
    }
    check_trays(store, derived, &failures)?;
    let mut tolls = TollCounts::default();
    for event in store.events().filter(|event| failures.passes_except(*event, Dim::Fatalities)) {
        match store.fatalities(event).best {
            Some(best) => tolls.per_bin[toll_bin(best)] += 1,
            None => tolls.without += 1,
        }
    }
    prop_assert_eq!(derived.tolls(), &tolls);
    for dim in Dim::ALL.into_iter().filter(|dim| *dim != Dim::Window) {
        let hidden = store.events().filter(|event| failures.of(*event) & dim.bit() != 0).count();
        prop_assert_eq!(derived.hidden_by(dim), hidden, "{:?}", dim);
    }
    check_sites(store, derived, &failures)?;
    for unit in Unit::ALL {
        let bins = naive::bins(store, &failures, unit, extent);
        prop_assert_eq!(derived.bins(store, unit, extent), bins, "{:?}", unit);
    }
    let passing =
        |event: &EventId| failures.passes_except(*event, Dim::Window) && !store.interval(*event).is_unknown();
    let any = store.events().filter(passing).any(|event| store.interval(event).overlaps(extent));
    prop_assert_eq!(derived.any_in(extent), any);
    let candidates: Vec<EventId> = store.events().filter(passing).collect();
    prop_assert_eq!(derived.candidates.to_vec(), naive::by_time(store, &candidates));
    let (column, descending) = state.view.sort;
    let mut list = derived.by_time.to_vec();
    naive::sort(store, &mut list, column, descending, state.settings.lang);
    prop_assert_eq!(derived.list.to_vec(), list, "{:?} {}", column, descending);
    for event in store.events() {
        let at = |rows: &[EventId]| rows.iter().position(|listed| *listed == event);
        prop_assert_eq!(derived.place_in_list(event), at(&derived.list.to_vec()));
        prop_assert_eq!(derived.place_in_time(event), at(&derived.by_time.to_vec()));
    }
    Ok(())
}

fn check_trays(store: &Store, derived: &Derived, failures: &naive::Failures) -> Result<(), TestCaseError> {
    let trays = naive::trays(store, failures);
    prop_assert_eq!(derived.by_time.to_vec(), naive::by_time(store, &trays.shown));
    prop_assert_eq!(derived.trays.shown, trays.shown.len());
    for (tray, number, events) in [
        (Tray::Undated, derived.trays.undated, &trays.undated),
        (Tray::Unplaced, derived.trays.unplaced, &trays.unplaced),
        (Tray::OutsideWindow, derived.trays.outside_window, &trays.outside_window),
        (Tray::FilteredOut, derived.trays.filtered_out, &trays.filtered_out),
    ] {
        prop_assert_eq!(number, events.len(), "{:?}", tray);
        prop_assert_eq!(derived.tray_rows(store, tray).to_vec(), naive::by_time(store, events), "{:?}", tray);
    }
    Ok(())
}

fn check_sites(store: &Store, derived: &Derived, failures: &naive::Failures) -> Result<(), TestCaseError> {
    let sites = &store.index.sites;
    prop_assert_eq!(derived.per_site().len(), sites.len());
    let mut per_type = [0; EventType::ALL.len()];
    for (site, counted) in (0u32..).zip(derived.per_site()) {
        let mut slow = SiteCount::default();
        for event in sites.events(site).filter(|event| failures.passes(*event)) {
            slow.total += 1;
            slow.per_type[store.event_type(event).index()] += 1;
        }
        prop_assert_eq!(*counted, slow, "site {}", site);
        let events: Vec<EventId> = sites.events(site).collect();
        prop_assert_eq!(naive::by_time(store, &events), events);
    }
    for event in failures.passing() {
        per_type[store.event_type(event).index()] += 1;
    }
    prop_assert_eq!(derived.shown_per_type(), per_type);
    Ok(())
}

fn opened(store: Store) -> AppState {
    let mut state = AppState::default();
    let store = Box::new(store);
    state.receive(Incoming::CaseOpened { store, origin: Origin::BuiltIn, opened_at: 0 });
    state.settings.lang = Lang::En;
    state
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    any::<bool>().prop_flat_map(|odd| prop::collection::vec(row(odd), 0..60))
}

fn layout() -> impl Strategy<Value = Layout> {
    prop::sample::select(vec![Layout::Many, Layout::One, Layout::Same])
}

proptest! {
    #[test]
    fn any_run_of_changes_gives_equal_rows_and_counts(
        rows in rows(),
        sorted in any::<bool>(),
        num_details in 0usize..6,
        layout in layout(),
        changes in prop::collection::vec(change(), 1..12),
        extent in (-50i64..50, 1i64..60),
    ) {
        let mut state = opened(store(&rows, sorted, num_details, layout));
        let mut derived = Derived::default();
        derived.refresh(&state);
        let extent = Interval { start: extent.0 * SECONDS_PER_DAY, end: (extent.0 + extent.1) * SECONDS_PER_DAY };
        check(&state, &derived, extent)?;
        for change in &changes {
            apply(&mut state, change);
            derived.refresh(&state);
            check(&state, &derived, extent)?;
        }
    }

    #[test]
    fn late_answers_lead_to_the_same(
        rows in rows(),
        sorted in any::<bool>(),
        changes in prop::collection::vec((change(), 0usize..3), 1..12),
        reopen in 0usize..14,
    ) {
        let mut state = opened(store(&rows, sorted, 2, Layout::Many));
        let mut derived = Derived::default();
        // What was asked for and is not there yet.
        let mut asked = None;
        let extent = day(3);
        for (step, (change, late)) in changes.iter().enumerate() {
            if step == reopen {
                let mut fewer = rows.clone();
                fewer.truncate(rows.len() / 2);
                let store = Box::new(store(&fewer, sorted, 2, Layout::Many));
                state.receive(Incoming::CaseOpened { store, origin: Origin::BuiltIn, opened_at: 0 });
            }
            apply(&mut state, change);
            derived.refresh_up_to(&state, 0);
            let num_events = state.store().map_or(0, Store::num_events);
            let trays = derived.trays;
            let sum = trays.shown + trays.outside_window + trays.undated + trays.filtered_out;
            prop_assert!(sum == 0 || sum == num_events, "what is shown is of another case");
            if *late == 0 {
                asked = derived.request(&state).or(asked);
            } else if let Some(request) = asked.take() {
                derived.accept(&state, run_shared(request, &|| false).expect("an answer"));
                derived.refresh_up_to(&state, 0);
            }
        }
        if let Some(request) = asked {
            derived.accept(&state, run_shared(request, &|| false).expect("an answer"));
            derived.refresh_up_to(&state, 0);
        }
        while let Some(request) = derived.request(&state) {
            derived.accept(&state, run_shared(request, &|| false).expect("an answer"));
            derived.refresh_up_to(&state, 0);
        }
        check(&state, &derived, extent)?;
    }
}

/// A store of so many battles, one a day.
fn battles(n: i64) -> Box<Store> {
    let mut store = Store::default();
    for number in 0..n {
        let kind = Kind { event_type: EventType::Battles, ..Kind::default() };
        store.columns.push_bare(day(number), kind);
    }
    store.reindex();
    Box::new(store)
}

#[test]
fn what_was_read_first_is_shown_until_the_rest_can_be() {
    let mut state = opened(*battles(50));
    state.receive(Incoming::CaseGrows { id: 7 });
    let mut derived = Derived::default();
    derived.refresh(&state);
    assert_eq!(derived.trays.shown, 50);
    let n = SMALL as i64 + 1;
    state.receive(Incoming::CaseGrown { id: 7, store: battles(n), complete: false });
    let first = derived.request(&state).expect("a larger part to be made");
    // The whole takes the place of a part that is on its way; another part does not.
    state.receive(Incoming::CaseGrown { id: 7, store: battles(n + 3), complete: true });
    state.receive(Incoming::CaseGrown { id: 7, store: battles(n + 2), complete: false });
    let take = |state: &mut AppState, derived: &mut Derived, request| {
        let answer = run_shared(request, &|| false).expect("an answer");
        state.receive(Incoming::Derived { generation: answer.made.wanted.generation });
        derived.accept(state, answer);
        derived.refresh(state);
        (state.store().map_or(0, Store::num_events), derived.trays.shown)
    };
    assert_eq!(take(&mut state, &mut derived, first), (50, 50), "the part is not wanted any more");
    assert!(derived.is_pending(&state));
    let whole = derived.request(&state).expect("the whole to be made");
    let all = n as usize + 3;
    assert_eq!(take(&mut state, &mut derived, whole), (all, all));
    assert!(!derived.is_pending(&state) && derived.request(&state).is_none());
    assert_eq!(state.case.as_ref().and_then(|case| case.growing()), None);
    // Few events are shown at once, without anybody asking.
    let mut state = opened(*battles(50));
    state.receive(Incoming::CaseGrows { id: 8 });
    derived.refresh(&state);
    state.receive(Incoming::CaseGrown { id: 8, store: battles(60), complete: true });
    derived.refresh(&state);
    assert_eq!(derived.trays.shown, 60);
}
