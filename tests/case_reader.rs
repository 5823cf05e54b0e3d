//! The case reader against the built-in case, sound and broken.

use waqai::io::{builtin, read_case, unwatched};
use waqai::model::time::parse_edtf;
use waqai::store::filter::{Filter, WindowMode, evaluate};
use waqai::store::{CaseBatch, Store};

fn mali() -> CaseBatch {
    read_case(&builtin::MALI, &unwatched)
}

#[test]
fn the_built_in_case_is_read_whole() {
    let batch = mali();
    let problems: Vec<String> = batch.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    let store = Store::from_batch(batch);
    assert_eq!((store.documents.len(), store.num_events(), store.num_claims()), (5, 55, 105));
    let claims = || store.details.iter().flat_map(|event| &event.claims);
    assert_eq!(claims().map(|claim| claim.spans.original.len()).sum::<usize>(), 514);
    assert_eq!(claims().map(|claim| claim.spans.brief.len()).sum::<usize>(), 522);
    assert_eq!((store.places.len(), store.actors.len(), store.mentions.len()), (41, 72, 9));
}

#[test]
fn windows_of_the_built_in_case_hold_what_its_dates_say() {
    let store = Store::from_batch(mali());
    let count = |window: &str, window_mode| {
        let window = Some(parse_edtf(window).expect("window").interval);
        let filter = Filter { window, window_mode, ..Filter::default() };
        evaluate(&store, &filter, &[]).passing().count()
    };
    assert_eq!(count("2024-07-01/2024-07-31", WindowMode::Possibly), 2);
    assert_eq!(count("2023-08-01/2023-09-30", WindowMode::Possibly), 13);
    assert_eq!(count("2023-08-01/2023-09-30", WindowMode::Certainly), 11);
    assert_eq!(count("2025-06-01/2025-06-30", WindowMode::Possibly), 10);
    assert_eq!(count("2025-06-01/2025-06-30", WindowMode::Certainly), 5);
    assert_eq!(count("2024-07-27", WindowMode::Possibly), 1);
}
