//! Events and the claims made about them.

use super::category::codes;
use super::document::Spans;
use super::{
    ActorId, Certainty, DocumentId, EventType, GeoPrecision, Interval, Names, PlaceId, Prominence, When,
};

/// An actor's part in an event, in the coder's words (`attacker`, `target`, …).
#[derive(Clone, Debug, PartialEq)]
pub struct ActorRole {
    pub actor: ActorId,
    pub role: String,
}

/// A place of an event and what it is to the event.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRole {
    pub place: PlaceId,
    pub role: Option<String>,
}

/// An interval that one claimant gives to an event.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedRange {
    pub claimant: ActorId,
    pub interval: Interval,
}

codes! {
    /// What a reported number counts.
    CountKind {
        Killed = "killed",
        Wounded = "wounded",
        KilledOrWounded = "killed_or_wounded",
        Captured = "captured",
        Kidnapped = "kidnapped",
        Losses = "losses",
        Buried = "buried",
        Affected = "affected",
        Strength = "strength",
        Vehicles = "vehicles",
        Aircraft = "aircraft",
        Equipment = "equipment",
        WeaponsSeized = "weapons_seized",
        BasesDestroyed = "bases_destroyed",
        DurationYears = "duration_years",
        Other = "other",
    }
}

/// A number as one claimant reports it. `min` without `max` is "at least", `max` without `min` is
/// "up to", neither is a loss without a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    pub kind: CountKind,
    pub victims: Vec<ActorId>,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub approx: bool,
    /// The hedged words of the claim ("dozens", "heavy losses"), in our own wording.
    pub in_words: Names,
    pub action: Option<String>,
    pub note: Option<String>,
}

/// What one claimant is reported to say about an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Stable key, unique in the case.
    pub key: String,
    pub document: DocumentId,
    pub segment: Option<String>,
    /// `body`, `caption`, `related_block`.
    pub region: Option<String>,
    pub claimant: ActorId,
    /// The chain of attribution in words.
    pub attribution: String,
    /// From the one who speaks to the one who prints it; empty if only told in words.
    pub chain: Vec<ActorId>,
    pub statement: Names,
    /// `supports`, `denies`, … where the claimant takes one.
    pub stance: Option<String>,
    pub role: Option<String>,
    pub counts: Vec<Count>,
    /// When the claimant says the event happened.
    pub date: Option<When>,
    /// When the claimant said it.
    pub stated: Option<When>,
    /// A date that a careless reading gets wrong, and why.
    pub date_trap: Option<String>,
    pub note: Option<String>,
    pub spans: Spans,
}

/// One event as readers hand it to the store. The store keeps it in columns.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    /// Stable key, unique in the case.
    pub key: String,
    pub slug: Option<String>,
    pub titles: Names,
    /// Two or three words for a timeline lane.
    pub short: Names,
    pub descriptions: Names,
    pub event_type: EventType,
    pub sub_type: String,
    pub prominence: Prominence,
    /// A coder may leave it out without being wrong.
    pub optional: bool,
    pub certainty: Certainty,
    /// What the sources license. `None` puts the event in the Undated tray.
    pub when: Option<When>,
    pub ongoing: bool,
    /// The date from general knowledge, for display only.
    pub known: Option<When>,
    /// The date as the text words it, where that differs.
    pub text_date: Option<When>,
    /// First place first; empty puts the event in the Unplaced tray.
    pub places: Vec<PlaceRole>,
    pub geo_precision: GeoPrecision,
    pub actors: Vec<ActorRole>,
    pub claimed_ranges: Vec<ClaimedRange>,
    pub note: Option<String>,
    pub claims: Vec<Claim>,
}
