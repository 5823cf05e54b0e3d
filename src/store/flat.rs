//! A row of a flat dataset as an event with details, for views that show one event whole.

use crate::model::{
    ActorId, ActorRole, Claim, Count, CountKind, DocumentId, EventId, Names, PlaceRole, When, report,
};

use super::{EventDetail, Store, Table};

/// How much of the notes is the title of an event that has no other one.
const MAX_TITLE_CHARS: usize = 80;

/// Reads one row. The row's notes are what its sources are reported to say: one claim, of the first
/// source named, with the killed as its count.
pub fn detail(store: &Store, table: &Table, event: EventId) -> EventDetail {
    let row = event.index();
    let roles = &table.roles;
    let fields = table.fields(row);
    let field = |at: Option<usize>| at.and_then(|at| fields.get(at)).map_or("", String::as_str);
    let interval = store.interval(event);
    let when = (!interval.is_unknown()).then(|| When::new(interval, store.date_precision(event)));
    let ids = store.columns.actors.of(row);
    let mut actors: Vec<ActorRole> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (at, role) in &roles.actors {
        for name in field(Some(*at)).split(';').map(str::trim).filter(|name| !name.is_empty()) {
            let named = |id: &&u32| store.actor(ActorId(**id)).is_some_and(|actor| actor.key == name);
            if let Some(id) = ids.iter().find(named) {
                actors.push(ActorRole { actor: ActorId(*id), role: (*role).to_owned() });
            }
            if !role.starts_with("assoc") {
                names.push(name);
            }
        }
    }
    let sub_type = store.sub_type(event);
    let own_title = field(roles.title).trim();
    let title = match () {
        () if !own_title.is_empty() => own_title.to_owned(),
        () if names.is_empty() && sub_type.is_empty() => {
            // What else there is says more than nothing.
            let notes = String::from_utf8_lossy(&table.text(row)).trim().to_owned();
            report::shorten(&report::one_line(&notes), MAX_TITLE_CHARS)
        }
        () if names.is_empty() => sub_type.to_owned(),
        () => names.join(" – "),
    };
    let best = store.fatalities(event).best;
    let count = |killed: u32| Count {
        kind: CountKind::Killed,
        victims: Vec::new(),
        min: Some(killed),
        max: Some(killed),
        approx: false,
        in_words: Names::default(),
        action: None,
        note: None,
    };
    let claimants = store.columns.claimants.of(row);
    let claim = Claim {
        key: field(roles.key).to_owned(),
        document: DocumentId(store.columns.documents.of(row).first().copied().unwrap_or(u32::MAX)),
        segment: None,
        region: None,
        claimant: ActorId(claimants.first().copied().unwrap_or(u32::MAX)),
        attribution: field(roles.source).to_owned(),
        chain: claimants.iter().map(|id| ActorId(*id)).collect(),
        statement: in_its_script(&String::from_utf8_lossy(&table.text(row))),
        stance: None,
        role: None,
        counts: best.map(count).into_iter().collect(),
        date: None,
        stated: None,
        date_trap: None,
        note: None,
        spans: Default::default(),
    };
    EventDetail {
        key: field(roles.key).to_owned(),
        slug: None,
        titles: in_its_script(&title),
        short: Names::en(sub_type),
        descriptions: Names::default(),
        optional: false,
        when,
        ongoing: false,
        known: None,
        text_date: None,
        places: store
            .columns
            .places
            .of(row)
            .iter()
            .map(|id| PlaceRole { place: crate::model::PlaceId(*id), role: None })
            .collect(),
        actors,
        claimed_ranges: Vec::new(),
        note: None,
        claims: vec![claim],
    }
}

/// A text of unknown language under the language whose script it begins in.
pub fn in_its_script(text: &str) -> Names {
    let arabic =
        text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| matches!(c, '\u{0600}'..='\u{06FF}'));
    if arabic { Names { ar: Some(text.to_owned()), ..Names::default() } } else { Names::en(text) }
}
