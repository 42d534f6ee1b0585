//! What a person may do where it stands.

use super::{Op, State, step::may_be_restored};
use crate::rotation::plan::Purpose;
use domain::UnixMs;
use serde::Serialize;
use ts_rs::TS;

/// One thing that a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// Ask the server again what is not known, or go on where it stopped.
    Again,
    /// Prove the new key once more.
    Verify,
    /// Hand the new secret over.
    Deliver,
    /// Say that the applications use it.
    Confirm,
    /// Take that word back.
    Withdraw,
    /// Take the old key's rights away, reversibly.
    Pause,
    /// Leave the old key as it is until the end.
    SkipPause,
    /// Give the old key its rights back.
    Restore,
    /// Begin the wait.
    BeginSoak,
    /// Cut the wait short.
    SkipSoak,
    /// End the old key for good.
    Revoke,
    /// End the new key again.
    RollBack,
    /// End the key that an attempt left behind.
    RevokeOrphan,
    /// Nothing more is to be done.
    Finish,
    /// Leave everything as it is.
    Abandon,
}

/// All of them, the one that leads on first. Whatever has begun can also be left as it is, an old key without its
/// rights only where they cannot be given back.
pub(crate) fn acts(op: &Op, now: UnixMs) -> Vec<Act> {
    let mut acts = on(op, now);
    let is_over = op.is_closed() || matches!(op.state, State::Creating | State::Revoking { .. });
    if !is_over && may_be_left(op) {
        acts.push(Act::Abandon);
    }
    acts
}

fn may_be_left(op: &Op) -> bool {
    // A server may be gone for good in the middle of giving them back.
    let is_tried = op.restore_failed || op.state == State::Restoring;
    !op.may_be_paused() || op.old_ended || is_tried
}

fn on(op: &Op, now: UnixMs) -> Vec<Act> {
    let creates = op.plan.purpose == Purpose::Create;
    let mut acts = Vec::new();
    match &op.state {
        State::Planned if op.plan.purpose == Purpose::Revoke => {
            acts.push(Act::Revoke);
        }
        State::Planned
        | State::CreateRefused { .. }
        | State::CreateUnknown { .. }
        | State::Equipping
        | State::Restoring
        | State::RevokeUnknown { .. }
        | State::Revoked { .. } => acts.push(Act::Again),
        State::Pausing => {
            acts.push(Act::Again);
            if op.may_be_paused() {
                acts.push(Act::Restore);
            }
        }
        State::Orphan { .. } => acts.push(Act::RevokeOrphan),
        State::Created => acts.extend([Act::Again, Act::RollBack]),
        State::Equipped => acts.extend([Act::Verify, Act::RollBack]),
        State::Verified | State::Delivered => {
            let handed_over = op.state == State::Delivered;
            // A check that failed took the proof away: nothing is handed over or rests on the key until it is back.
            let is_proved = op.verified.is_some();
            if is_proved && handed_over {
                acts.push(if creates { Act::Finish } else { Act::Confirm });
            }
            if is_proved {
                acts.push(Act::Deliver);
            }
            acts.extend([Act::Verify, Act::RollBack]);
            if is_proved && creates && !handed_over {
                acts.push(Act::Finish);
            }
            // Once the old key has ended, nothing is handed over any more.
            if op.plan.emergency && handed_over {
                acts.push(Act::Revoke);
            }
        }
        State::Adopted => {
            if op.may_be_paused() {
                acts.extend([Act::Pause, Act::Restore]);
            } else if op.plan.pause_why_not.is_none() && op.pause_skipped.is_none() {
                acts.extend([Act::Pause, Act::SkipPause, Act::Withdraw]);
            } else {
                acts.extend([Act::BeginSoak, Act::Withdraw]);
            }
            acts.push(Act::Verify);
            if op.verified.is_some() {
                acts.push(Act::Deliver);
            }
            if op.plan.emergency {
                acts.push(Act::Revoke);
            }
        }
        State::Paused => {
            // Not before the pause was looked at.
            let is_seen = !op.paused_checks.is_empty();
            acts.push(if is_seen { Act::BeginSoak } else { Act::Again });
            acts.extend([Act::Restore, Act::Verify]);
            if op.plan.emergency {
                acts.push(Act::Revoke);
            }
        }
        State::Soaking { .. } => {
            let over = op.soak_until.is_none_or(|until| now >= until);
            acts.push(if over { Act::Revoke } else { Act::SkipSoak });
            acts.push(if op.may_be_paused() {
                Act::Restore
            } else {
                Act::Withdraw
            });
            acts.push(Act::Verify);
        }
        State::NeedsYou { back, .. } => {
            acts.push(Act::Again);
            if op.may_be_paused() && may_be_restored(&op.state) {
                acts.push(Act::Restore);
            }
            let early = matches!(
                **back,
                State::Created
                    | State::Equipping
                    | State::Equipped
                    | State::Verified
                    | State::Delivered
            );
            if early && !op.is_paused && op.plan.new.is_some() {
                acts.push(Act::RollBack);
            }
        }
        State::Creating
        | State::Revoking { .. }
        | State::Closed
        | State::RolledBack
        | State::Abandoned => {}
    }
    acts
}
