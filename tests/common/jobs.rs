//! A state without a window, whose jobs are done on the spot.

use waqai::state::{AppState, Derived, Effect, Incoming};
use waqai::store::cross::run_shared;

/// Has all done that the state asks for, as jobs would.
pub fn settle(state: &mut AppState, derived: &mut Derived, mut effects: Vec<Effect>) {
    while let Some(effect) = effects.pop() {
        if effect == Effect::Change {
            let case = state.case.as_ref().expect("a case");
            let change = case.changes.making.clone().expect("a change");
            let (store, generation) = (Box::new(change.made(&case.store)), case.store.generation);
            effects.extend(state.receive(Incoming::Changed { generation, store }));
        }
        while let Some(request) = derived.request(state) {
            let answer = run_shared(request, &|| false).expect("an answer");
            effects.extend(state.receive(Incoming::Derived { generation: answer.made.wanted.generation }));
            derived.accept(state, answer);
        }
    }
    derived.refresh_all(state);
}
