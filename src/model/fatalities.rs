//! Low, best and high fatalities of an event, derived from its claims by one stated rule.
//!
//! The rule (the words low, best and high are UCDP's; the rule is ours):
//! 1. Only counts of people *killed* set tolls. Counts that mix killed and wounded, and losses
//!    without a figure, are shown but set nothing.
//! 2. If some victims are named as targets of the event (any role but an attacker's), only they and
//!    civilians count; else all victims do. So the attackers' losses are not added to the attacked
//!    side's.
//! 3. A claimant's toll is the sum over victims of what it reports; where it reports on the same
//!    victim several times, its largest figure stands.
//! 4. A claim that gives a figure for a part and losses without a figure for the same side is
//!    partial: it is shown but sets nothing while any claimant gives a whole toll.
//! 5. *Low* is the smallest of the tolls' lower limits, *high* the largest of their upper limits (or
//!    lower limits where open; then "or more"), *best* the middle one of the tolls by lower limit,
//!    the lower of two middle ones.

use super::{ActorId, Claim, CountKind};

/// What one claimant reports for one kind of victim.
#[derive(Clone, Debug, PartialEq)]
pub struct TollPart {
    pub victims: Vec<ActorId>,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub approx: bool,
    pub kind: CountKind,
    /// Counts towards low, best and high.
    pub counted: bool,
    /// Place of the claim in the event's list.
    pub claim: usize,
    /// Place of the count in the claim's list.
    pub count: usize,
}

/// All that one claimant reports about losses in an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Toll {
    pub claimant: ActorId,
    /// Places of this claimant's claims in the event's list.
    pub claims: Vec<usize>,
    pub parts: Vec<TollPart>,
    /// Lower and upper limit of the counted parts, `None` if nothing is counted. An upper limit of
    /// `None` is open.
    pub total: Option<(u32, Option<u32>)>,
    pub partial: bool,
}

/// Derived tolls of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fatalities {
    pub low: Option<u32>,
    pub best: Option<u32>,
    pub high: Option<u32>,
    /// The best toll is "at least".
    pub best_open: bool,
    /// The highest toll is "or more".
    pub high_open: bool,
    /// How many claimants' tolls went into it.
    pub claimants: u32,
}

impl Fatalities {
    pub fn is_empty(&self) -> bool {
        self.best.is_none()
    }
}

/// Tolls per claimant in the order in which claimants first speak. `is_target` tells whose
/// deaths count (rule 2).
pub fn tolls(claims: &[Claim], is_target: impl Fn(ActorId) -> bool) -> Vec<Toll> {
    let any_target = claims
        .iter()
        .flat_map(|c| &c.counts)
        .any(|count| count.kind == CountKind::Killed && count.victims.iter().any(|v| is_target(*v)));
    let mut tolls: Vec<Toll> = Vec::new();
    for (claim_index, claim) in claims.iter().enumerate() {
        let known = tolls.iter().position(|toll| toll.claimant == claim.claimant);
        let at = known.unwrap_or_else(|| {
            tolls.push(Toll {
                claimant: claim.claimant,
                claims: Vec::new(),
                parts: Vec::new(),
                total: None,
                partial: false,
            });
            tolls.len() - 1
        });
        let Some(toll) = tolls.get_mut(at) else { continue };
        toll.claims.push(claim_index);
        for (count_index, count) in claim.counts.iter().enumerate() {
            if !matches!(
                count.kind,
                CountKind::Killed | CountKind::KilledOrWounded | CountKind::Losses | CountKind::Wounded
            ) {
                continue;
            }
            let on_side = !any_target || count.victims.iter().any(|v| is_target(*v));
            let has_figure = count.min.is_some() || count.max.is_some();
            toll.parts.push(TollPart {
                victims: count.victims.clone(),
                min: count.min,
                max: count.max,
                approx: count.approx,
                kind: count.kind,
                counted: count.kind == CountKind::Killed && on_side && has_figure,
                claim: claim_index,
                count: count_index,
            });
        }
        let losses =
            claim.counts.iter().any(|c| c.kind == CountKind::Losses && c.min.is_none() && c.max.is_none());
        let killed = claim.counts.iter().any(|c| c.kind == CountKind::Killed && c.min.is_some());
        toll.partial |= losses && killed;
    }
    for toll in &mut tolls {
        toll.total = total_of(&mut toll.parts);
    }
    tolls
}

/// Sums the counted parts, the largest per set of victims; un-counts the parts that a larger one
/// replaces.
fn total_of(parts: &mut [TollPart]) -> Option<(u32, Option<u32>)> {
    let size = |part: &TollPart| part.max.or(part.min).unwrap_or(0);
    let certain = |part: &TollPart| part.min.unwrap_or(0);
    for i in 0..parts.len() {
        for j in 0..parts.len() {
            let (Some(a), Some(b)) = (parts.get(i), parts.get(j)) else { continue };
            let same = i != j && a.counted && b.counted && same_victims(&a.victims, &b.victims);
            let smaller =
                (size(a), certain(a), std::cmp::Reverse(i)) < (size(b), certain(b), std::cmp::Reverse(j));
            if same
                && smaller
                && let Some(part) = parts.get_mut(i)
            {
                part.counted = false;
            }
        }
    }
    let mut counted = parts.iter().filter(|part| part.counted).peekable();
    counted.peek()?;
    let (mut low, mut high) = (0u32, Some(0u32));
    for part in counted {
        low = low.saturating_add(part.min.or(part.max).unwrap_or(0));
        high = high.zip(part.max).map(|(a, b)| a.saturating_add(b));
    }
    Some((low, high))
}

fn same_victims(a: &[ActorId], b: &[ActorId]) -> bool {
    a.iter().any(|x| b.contains(x))
}

/// Low, best and high of the tolls by the rule of this module.
pub fn derive(tolls: &[Toll]) -> Fatalities {
    let whole: Vec<&Toll> = tolls.iter().filter(|t| t.total.is_some() && !t.partial).collect();
    let used: Vec<&Toll> =
        if whole.is_empty() { tolls.iter().filter(|t| t.total.is_some()).collect() } else { whole };
    let mut totals: Vec<(u32, Option<u32>)> = used.iter().filter_map(|t| t.total).collect();
    totals.sort_unstable_by_key(|(low, high)| (*low, high.unwrap_or(u32::MAX)));
    let Some(best) = totals.get(totals.len().saturating_sub(1) / 2).copied() else {
        return Fatalities::default();
    };
    let upper = |t: &(u32, Option<u32>)| t.1.unwrap_or(t.0);
    let high = totals.iter().map(upper).max();
    Fatalities {
        low: totals.first().map(|t| t.0),
        best: Some(best.0),
        high,
        best_open: best.1.is_none(),
        high_open: totals.iter().any(|t| t.1.is_none() && Some(t.0) == high),
        claimants: totals.len() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Count, DocumentId, Names};

    const ARMY: ActorId = ActorId(0);
    const WAGNER: ActorId = ActorId(1);
    const REBELS: ActorId = ActorId(2);
    const BLOGGERS: ActorId = ActorId(3);
    const OUTLET: ActorId = ActorId(4);
    const COMMANDER: ActorId = ActorId(5);

    fn claim(claimant: ActorId, counts: &[(CountKind, ActorId, Option<u32>, Option<u32>)]) -> Claim {
        Claim {
            key: String::new(),
            document: DocumentId(0),
            segment: None,
            region: None,
            claimant,
            attribution: String::new(),
            chain: Vec::new(),
            statement: Names::default(),
            stance: None,
            role: None,
            counts: counts
                .iter()
                .map(|(kind, victim, min, max)| Count {
                    kind: *kind,
                    victims: vec![*victim],
                    min: *min,
                    max: *max,
                    approx: false,
                    in_words: Names::default(),
                    action: None,
                    note: None,
                })
                .collect(),
            date: None,
            stated: None,
            date_trap: None,
            note: None,
            spans: Default::default(),
        }
    }

    #[test]
    fn an_ambush_told_by_five_claimants_keeps_their_spread() {
        use CountKind::{Killed, KilledOrWounded, Losses};
        let claims = [
            claim(REBELS, &[(Killed, WAGNER, Some(50), Some(50)), (Killed, ARMY, Some(10), Some(10))]),
            claim(REBELS, &[(Killed, WAGNER, None, Some(50)), (KilledOrWounded, ARMY, Some(20), None)]),
            claim(WAGNER, &[(Killed, COMMANDER, Some(1), Some(1)), (Losses, WAGNER, None, None)]),
            claim(BLOGGERS, &[(Killed, WAGNER, Some(20), None)]),
            claim(ARMY, &[(Killed, ARMY, Some(2), Some(2)), (Killed, REBELS, Some(20), Some(20))]),
            claim(OUTLET, &[(Killed, WAGNER, Some(20), None)]),
        ];
        let tolls = tolls(&claims, |a| a == ARMY || a == WAGNER || a == COMMANDER);
        assert_eq!(
            tolls.iter().map(|t| t.total).collect::<Vec<_>>(),
            [
                Some((60, Some(60))),
                Some((1, Some(1))),
                Some((20, None)),
                Some((2, Some(2))),
                Some((20, None)),
            ]
        );
        let expect = Fatalities {
            low: Some(2),
            best: Some(20),
            high: Some(60),
            best_open: true,
            high_open: false,
            claimants: 4,
        };
        assert_eq!(derive(&tolls), expect);
    }

    #[test]
    fn without_a_killed_count_there_is_no_toll() {
        let claims = [claim(ARMY, &[(CountKind::KilledOrWounded, ARMY, Some(20), None)])];
        assert_eq!(derive(&tolls(&claims, |_| true)), Fatalities::default());
    }

    #[test]
    fn a_partial_figure_stands_where_there_is_no_other() {
        use CountKind::{Killed, Losses};
        let claims = [claim(WAGNER, &[(Killed, COMMANDER, Some(1), Some(1)), (Losses, WAGNER, None, None)])];
        assert_eq!(derive(&tolls(&claims, |_| true)).best, Some(1));
    }
}
