//! The guard of the one step that cannot be taken back. Every condition has a name, and a test that removes it.

use super::{Op, State, Which};
use crate::rotation::plan::Purpose;
use domain::{CheckKind, UnixMs, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How old the list may be that shows both keys, ms.
const LIST_AGE: i64 = 60_000;
/// How old the last verification may be, ms.
const VERIFIED_AGE: i64 = 24 * 3_600_000;

/// What was learnt just before the step, committed with its intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GuardFacts {
    /// The moment of the decision.
    pub(crate) at: UnixMs,
    /// When the complete list was read.
    pub(crate) listed_at: UnixMs,
    /// How many keys of it are the old one.
    pub(crate) old_listed: usize,
    /// How many are the new one.
    pub(crate) new_listed: usize,
    /// The old key, read again, is what the snapshot says (paused, if it was paused).
    pub(crate) old_unchanged: bool,
    /// The new key, read again, may do all that the old one could.
    pub(crate) rights_contained: bool,
    /// The key to be ended is the one that Keystead logs in with, or may be.
    pub(crate) own_credential: bool,
    /// It may be the one that the provider makes and rotates itself.
    pub(crate) generated: bool,
    /// It is an admin key.
    pub(crate) admin: bool,
    /// Other admin keys in the list.
    pub(crate) other_admins: usize,
    /// A call can name exactly this key.
    pub(crate) addressable: bool,
    /// The person typed what was asked for.
    pub(crate) typed: bool,
    /// Where it is one of ours that is to be ended: the list has it under our label, with the marker of an attempt.
    #[serde(default)]
    pub(crate) recognised: bool,
    /// In a rotation: the list has the old key once, and it may still do all that the snapshot says.
    #[serde(default)]
    pub(crate) old_holds: bool,
    /// Two complete lists, one read after the other, lack the key to be ended, no key in them could be it, and its
    /// value, where it is at hand, is refused.
    #[serde(default)]
    pub(crate) missing: bool,
}

/// A condition by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    /// It stands where an end may follow: not before the wait is over.
    InPlace,
    /// The new secret was verified after it was sealed.
    VerifiedAfterSealed,
    /// The verified secret is the sealed one, read back from storage.
    VerifiedFromStorage,
    /// What answered was the new key itself.
    NewKeyIdentified,
    /// A random secret was refused, so that an answer means something.
    NegativeControl,
    /// A complete list of the last minute shows both keys.
    FreshList,
    /// The new key may do all that the old one could.
    RightsContained,
    /// A person confirmed the switch after the new secret had been verified.
    SwitchConfirmed,
    /// The new secret was verified within a day, and nothing has failed since.
    VerifiedLately,
    /// It is not the key that Keystead logs in with.
    NotOwnCredential,
    /// It is not the key that the provider rotates itself.
    NotGenerated,
    /// It is not the last key that can manage keys.
    NotLastAdmin,
    /// A call can name exactly this key.
    Addressable,
    /// Nobody changed the old key meanwhile.
    OldUnchanged,
    /// The person typed what was asked for.
    TypedConfirmation,
}

type Rule = fn(&Op, &State, &GuardFacts) -> bool;

/// All conditions. A revocation without a successor skips those about the new key; an emergency, the confirmed switch
/// and the wait.
pub(crate) const GUARD: [(Condition, Rule); 15] = [
    (Condition::InPlace, |op, state, facts| match state {
        State::Planned => op.plan.purpose == Purpose::Revoke,
        State::Soaking { .. } => op.soak_until.is_none_or(|until| facts.at >= until),
        State::Delivered | State::Adopted | State::Paused => op.plan.emergency,
        State::Creating
        | State::CreateUnknown { .. }
        | State::CreateRefused { .. }
        | State::Orphan { .. }
        | State::Created
        | State::Equipping
        | State::Equipped
        | State::Verified
        | State::Pausing
        | State::Restoring
        | State::Revoking { .. }
        | State::RevokeUnknown { .. }
        | State::Revoked { .. }
        | State::Closed
        | State::RolledBack
        | State::NeedsYou { .. }
        | State::Abandoned => false,
    }),
    (Condition::VerifiedAfterSealed, |op, _, _| {
        without_successor(op)
            || op
                .verified
                .as_ref()
                .zip(op.sealed.as_ref())
                .is_some_and(|(verified, (_, sealed))| verified.seq > *sealed)
    }),
    (Condition::VerifiedFromStorage, |op, _, _| {
        without_successor(op)
            || (passed(op, CheckKind::Sealed)
                && op.verified.as_ref().zip(op.sealed.as_ref()).is_some_and(
                    |(verified, (sealed, _))| verified.fingerprint == sealed.fingerprint,
                ))
    }),
    (Condition::NewKeyIdentified, |op, _, _| {
        without_successor(op) || passed(op, CheckKind::Identified)
    }),
    (Condition::NegativeControl, |op, _, _| {
        without_successor(op) || passed(op, CheckKind::NegativeControl)
    }),
    (Condition::FreshList, |op, _, facts| {
        is_fresh(facts) && facts.old_listed == 1 && (without_successor(op) || facts.new_listed == 1)
    }),
    (Condition::RightsContained, |op, _, facts| {
        without_successor(op) || facts.rights_contained
    }),
    (Condition::SwitchConfirmed, |op, _, _| {
        let after = |first: u64| op.confirmed.as_ref().is_some_and(|(_, seq)| *seq > first);
        without_successor(op) || op.plan.emergency || op.first_verified.is_some_and(after)
    }),
    (Condition::VerifiedLately, |op, _, facts| {
        let lately = op
            .verified
            .as_ref()
            .is_some_and(|verified| (0..=VERIFIED_AGE).contains(&facts.at.since(verified.at)));
        // In an emergency nobody may have confirmed anything: what counts then is the last verification.
        let verified = op.verified.as_ref().map_or(0, |verified| verified.seq);
        let since = op.confirmed.as_ref().map_or(verified, |(_, seq)| *seq);
        without_successor(op) || (lately && op.failed.is_none_or(|failed| failed < since))
    }),
    (Condition::NotOwnCredential, |_, _, facts| {
        !facts.own_credential
    }),
    (Condition::NotGenerated, |_, _, facts| !facts.generated),
    (Condition::NotLastAdmin, |_, _, facts| {
        !facts.admin || facts.other_admins > 0
    }),
    (Condition::Addressable, |_, _, facts| facts.addressable),
    (Condition::OldUnchanged, |_, _, facts| facts.old_unchanged),
    (Condition::TypedConfirmation, |_, _, facts| facts.typed),
];

/// What only a key can show that is in the list.
const OF_A_LISTED_KEY: [Condition; 3] = [
    Condition::FreshList,
    Condition::Addressable,
    Condition::OldUnchanged,
];

/// What it takes to find the old key gone: all that it takes to end it, its absence in the place of what only a listed
/// key can show.
pub(super) fn guard_of_gone() -> Vec<(Condition, Rule)> {
    let absent: Rule = |op, _, facts| {
        is_fresh(facts)
            && facts.missing
            && facts.old_listed == 0
            && (without_successor(op) || facts.new_listed == 1)
    };
    let rest = |(condition, _): &(Condition, Rule)| !OF_A_LISTED_KEY.contains(condition);
    let kept = GUARD.into_iter().filter(rest);
    kept.chain([(Condition::FreshList, absent)]).collect()
}

/// The conditions that do not hold for finding the old key gone.
pub(crate) fn unmet_of_gone(op: &Op, state: &State, facts: &GuardFacts) -> Vec<Condition> {
    unmet_of(&guard_of_gone(), op, state, facts)
}

/// The conditions that do not hold. Empty: the step may be taken.
pub(crate) fn unmet(op: &Op, state: &State, facts: &GuardFacts) -> Vec<Condition> {
    unmet_of(&GUARD, op, state, facts)
}

pub(super) fn unmet_of(
    guard: &[(Condition, Rule)],
    op: &Op,
    state: &State,
    facts: &GuardFacts,
) -> Vec<Condition> {
    let broken = guard.iter().filter(|(_, holds)| !holds(op, state, facts));
    broken.map(|(condition, _)| *condition).collect()
}

/// Whether the new key may be ended again: nobody was told to rely on it alone, and the old one has all its rights.
pub(crate) fn may_roll_back(op: &Op, state: &State, facts: &GuardFacts) -> bool {
    is_before_the_switch(op, state, facts) && facts.new_listed == 1 && may_clear(facts)
}

/// Whether a key may be found gone that was to be ended.
pub(crate) fn may_be_gone(op: &Op, state: &State, of: Which, facts: &GuardFacts) -> bool {
    let ours_is_gone = is_fresh(facts)
        && facts.missing
        && facts.new_listed == 0
        && !facts.own_credential
        && facts.typed;
    match of {
        Which::Old => unmet_of_gone(op, state, facts).is_empty(),
        Which::New => is_before_the_switch(op, state, facts) && ours_is_gone,
        Which::Orphan => matches!(state, State::Orphan { .. }) && ours_is_gone,
    }
}

fn is_before_the_switch(op: &Op, state: &State, facts: &GuardFacts) -> bool {
    let at = if let State::NeedsYou { back, .. } = state {
        back
    } else {
        state
    };
    let early = matches!(
        at,
        State::Created | State::Equipping | State::Equipped | State::Verified | State::Delivered
    );
    early && !op.is_paused && op.plan.new.is_some() && (op.plan.old.is_none() || facts.old_holds)
}

/// Whether a key that we made may be ended: the list says that it is ours, whatever id an answer gave for it.
pub(crate) fn may_clear(facts: &GuardFacts) -> bool {
    facts.recognised && !facts.admin && !facts.own_credential && facts.addressable && facts.typed
}

fn is_fresh(facts: &GuardFacts) -> bool {
    (0..=LIST_AGE).contains(&facts.at.since(facts.listed_at))
}

fn without_successor(op: &Op) -> bool {
    op.plan.new.is_none()
}

fn passed(op: &Op, kind: CheckKind) -> bool {
    op.new_checks
        .iter()
        .any(|check| check.kind == kind && check.verdict == Verdict::Passed)
}
