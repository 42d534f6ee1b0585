//! A rotation, a creation, a revocation as one state machine (`rotation.md`). Pure: no time, no database, no server.
//!
//! `event` is what its journal says, `guard` the conditions of the one step that cannot be taken back, `acts` what a
//! person may do where it stands, `step` the transitions, `ending` those of the end of a key.

mod acts;
mod ending;
mod event;
mod guard;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use acts::{Act, acts};
pub(crate) use event::{
    Attempt, CreateAnswer, Delivery, Event, RevokeAnswer, Round, Sealed, Steps, Which,
};
pub(crate) use guard::{Condition, GuardFacts, unmet, unmet_of_gone};
pub(super) use step::ATTEMPTS_MAX;

use super::plan::Plan;
use crate::{
    Failure,
    operations::{EditOp, Refused},
};
use domain::{Check, Identity, UnixMs, Verdict};

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was sent, or an earlier attempt left nothing behind.
    Planned,
    /// The call that makes the key was committed; its answer is awaited.
    Creating,
    /// Whether it was made is not known. `missed`: when a complete list first had no such key.
    CreateUnknown {
        failure: Failure,
        missed: Option<UnixMs>,
    },
    /// It was definitely not made.
    CreateRefused {
        failure: Failure,
        until: Option<UnixMs>,
    },
    /// A key of ours is live, and its value is lost.
    Orphan { failure: Failure },
    /// Made, and its value sealed.
    Created,
    /// What the call could not give is being set, and all of it read back.
    Equipping,
    /// All rights are set; nothing is proved yet.
    Equipped,
    /// Proved.
    Verified,
    /// Handed over at least once.
    Delivered,
    /// The applications use it, a person says.
    Adopted,
    /// The old key is losing its rights.
    Pausing,
    /// It has none any more, reversibly.
    Paused,
    /// It is getting them back.
    Restoring,
    /// The wait before the end.
    Soaking { until: UnixMs },
    /// The call that ends a key was committed; its answer is awaited.
    Revoking { of: Which, back: Box<State> },
    /// Whether it was ended is not known.
    RevokeUnknown {
        of: Which,
        failure: Failure,
        back: Box<State>,
    },
    /// The server says that it is gone; that is not proved yet.
    Revoked { of: Which },
    /// Done and proved.
    Closed,
    /// The new key is gone again, the old one as it was.
    RolledBack,
    /// A person has to look.
    NeedsYou { failure: Failure, back: Box<State> },
    /// Ended by a person where it stood.
    Abandoned,
}

/// A passed verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) seq: u64,
    pub(crate) at: UnixMs,
    pub(crate) fingerprint: domain::Fingerprint,
}

/// A rotation with its history folded in. Order is `seq`, never the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) plan: Plan,
    pub(crate) state: State,
    /// Events so far.
    pub(crate) seq: u64,
    pub(crate) attempts: Vec<Attempt>,
    /// The server does not take a value that we choose.
    pub(crate) unchosen: bool,
    /// The next try is a new attempt, not the last one again.
    pub(crate) renew: bool,
    /// This attempt was already sent a second time after a refusal that allowed it.
    pub(crate) again: bool,
    /// The new key's value, since event number `.1`.
    pub(crate) sealed: Option<(Sealed, u64)>,
    pub(crate) identity: Identity,
    /// A key of an earlier attempt that is still there.
    pub(crate) orphan: Option<Identity>,
    pub(crate) honoured: Option<bool>,
    pub(crate) lags: bool,
    /// The run of calls under way, or the last one.
    pub(crate) steps: Option<(Steps, EditOp)>,
    /// The last round of checks of the new key, of the paused one, of a death.
    pub(crate) new_checks: Vec<Check>,
    pub(crate) paused_checks: Vec<Check>,
    pub(crate) death_checks: Vec<Check>,
    pub(crate) verified: Option<Verified>,
    pub(crate) first_verified: Option<u64>,
    pub(crate) failed: Option<u64>,
    pub(crate) deliveries: Vec<(Delivery, UnixMs)>,
    pub(crate) confirmed: Option<(String, u64)>,
    pub(crate) confirmed_at: Option<UnixMs>,
    pub(crate) pause_skipped: Option<String>,
    /// The old key's rights are taken away at this moment.
    pub(crate) is_paused: bool,
    /// A call that pauses it was sent and never answered: it may still arrive.
    pub(crate) pause_lost: bool,
    /// They could not be given back when that was last tried.
    pub(crate) restore_failed: bool,
    pub(crate) soak_until: Option<UnixMs>,
    /// The old key was sent a call that ends it, and the server applied it or may have.
    pub(crate) old_ended: bool,
    /// Somebody else ended it: nothing was sent.
    pub(crate) found_gone: bool,
    /// Where it stood when a key was last to be ended.
    pub(crate) before_end: Option<Box<State>>,
    /// What the last round of checks left unproved, when it was needed.
    pub(crate) unproved: bool,
}

impl Op {
    /// One that has not begun.
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            plan,
            state: State::Planned,
            seq: 0,
            attempts: Vec::new(),
            unchosen: false,
            renew: true,
            again: false,
            sealed: None,
            identity: Identity::default(),
            orphan: None,
            honoured: None,
            lags: false,
            steps: None,
            new_checks: Vec::new(),
            paused_checks: Vec::new(),
            death_checks: Vec::new(),
            verified: None,
            first_verified: None,
            failed: None,
            deliveries: Vec::new(),
            confirmed: None,
            confirmed_at: None,
            pause_skipped: None,
            is_paused: false,
            pause_lost: false,
            restore_failed: false,
            soak_until: None,
            old_ended: false,
            found_gone: false,
            before_end: None,
            unproved: false,
        }
    }

    /// The one that this journal tells of.
    ///
    /// # Errors
    /// [`Refused`]: the journal is damaged, or the program is wrong.
    pub(crate) fn fold(
        plan: Plan,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Self, Refused> {
        events.into_iter().try_fold(Self::new(plan), Self::step)
    }

    /// Nothing is left to be done, to be found out or to be asked.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(
            self.state,
            State::Closed | State::RolledBack | State::Abandoned
        )
    }

    /// The old key has fewer rights than it had, or may come to have.
    pub(crate) fn may_be_paused(&self) -> bool {
        self.is_paused || self.pause_lost
    }

    /// Every check of the paused key has passed.
    pub(crate) fn is_shown_paused(&self) -> bool {
        let passed = |check: &Check| check.verdict == Verdict::Passed;
        self.paused_checks.iter().all(passed) && !self.paused_checks.is_empty()
    }

    /// The attempt under way, or the last one.
    pub(crate) fn attempt(&self) -> Option<&Attempt> {
        self.attempts.last()
    }
}

impl State {
    /// The word in the database.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Creating => "creating",
            Self::CreateUnknown { .. } => "create_unknown",
            Self::CreateRefused { .. } => "create_refused",
            Self::Orphan { .. } => "orphan",
            Self::Created => "created",
            Self::Equipping => "equipping",
            Self::Equipped => "equipped",
            Self::Verified => "verified",
            Self::Delivered => "delivered",
            Self::Adopted => "adopted",
            Self::Pausing => "pausing",
            Self::Paused => "paused",
            Self::Restoring => "restoring",
            Self::Soaking { .. } => "soaking",
            Self::Revoking { .. } => "revoking",
            Self::RevokeUnknown { .. } => "revoke_unknown",
            Self::Revoked { .. } => "revoked",
            Self::Closed => "closed",
            Self::RolledBack => "rolled_back",
            Self::NeedsYou { .. } => "needs_you",
            Self::Abandoned => "abandoned",
        }
    }
}
