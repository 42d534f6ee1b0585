//! The rail: where a rotation stands among its steps, and when the ones behind it were done.

use crate::rotation::{self, Op, Purpose, State};
use domain::UnixMs;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// A step of the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Plan,
    Create,
    Verify,
    Deliver,
    Adopt,
    Pause,
    Soak,
    Revoke,
    Proof,
}

/// Where a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepStatus {
    Done,
    Now,
    Ahead,
    Skipped,
}

/// One step of the rail.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RailStep {
    step: Step,
    status: StepStatus,
    /// When it was done.
    #[ts(type = "number | null")]
    at: Option<UnixMs>,
    /// It cannot be taken back.
    permanent: bool,
}

/// Which states were entered, and when first.
pub(super) fn entered(op: &Op, events: &[String], times: &[UnixMs]) -> Vec<(&'static str, UnixMs)> {
    let mut so_far = Op::new(op.plan.clone());
    let mut seen: Vec<(&'static str, UnixMs)> = Vec::new();
    for (text, at) in events.iter().zip(times) {
        let value: Result<Value, _> = serde_json::from_str(text);
        let event = value
            .ok()
            .and_then(|value| serde_json::from_value(value).ok());
        let Some(next) = event.and_then(|event| so_far.clone().step(event).ok()) else {
            break;
        };
        so_far = next;
        let word = so_far.state.word();
        if !seen.iter().any(|(known, _)| *known == word) {
            seen.push((word, *at));
        }
    }
    seen
}

pub(super) fn rail(op: &Op, events: &[String], times: &[UnixMs], now: UnixMs) -> Vec<RailStep> {
    let steps: &[Step] = match op.plan.purpose {
        Purpose::Create => &[Step::Plan, Step::Create, Step::Verify, Step::Deliver],
        Purpose::Revoke => &[Step::Plan, Step::Revoke, Step::Proof],
        Purpose::Rotate => &[
            Step::Plan,
            Step::Create,
            Step::Verify,
            Step::Deliver,
            Step::Adopt,
            Step::Pause,
            Step::Soak,
            Step::Revoke,
            Step::Proof,
        ],
    };
    let entered = entered(op, events, times);
    let first = |words: &[&str]| {
        entered
            .iter()
            .find(|(word, _)| words.contains(word))
            .map(|(_, at)| *at)
    };
    let here = place(&op.state, op, now);
    let here_at = steps.iter().position(|step| *step == here).unwrap_or(0);
    let over = op.state == State::Closed;
    let rail = steps.iter().enumerate().map(|(i, step)| {
        let done_at = match step {
            Step::Plan => first(&["creating", "revoking"]),
            Step::Create => first(&["created"]),
            Step::Verify => first(&["verified"]),
            Step::Deliver => first(&["delivered"]),
            Step::Adopt => first(&["adopted"]),
            Step::Pause => first(&["paused"]),
            Step::Soak => first(&["soaking"]),
            Step::Revoke => first(&["revoked"]),
            Step::Proof => first(&["closed"]),
        };
        let passed = over || i < here_at;
        let status = match (passed, i == here_at && !over) {
            (true, _) if skipped(*step, op, done_at) => StepStatus::Skipped,
            (true, _) => StepStatus::Done,
            (false, true) => StepStatus::Now,
            (false, false) => StepStatus::Ahead,
        };
        RailStep {
            step: *step,
            status,
            at: done_at.filter(|_| passed),
            permanent: *step == Step::Revoke,
        }
    });
    rail.collect()
}

fn skipped(step: Step, op: &Op, done_at: Option<UnixMs>) -> bool {
    match step {
        Step::Pause => !op.is_paused,
        Step::Deliver | Step::Adopt | Step::Soak => done_at.is_none(),
        Step::Plan | Step::Create | Step::Verify | Step::Revoke | Step::Proof => false,
    }
}

/// The step that it stands at.
pub(super) fn place(state: &State, op: &Op, now: UnixMs) -> Step {
    let creates = op.plan.purpose == Purpose::Create;
    let unpaused = op.plan.pause_why_not.is_some() || op.pause_skipped.is_some();
    match state {
        State::Planned if op.plan.purpose == Purpose::Revoke => Step::Revoke,
        State::Planned
        | State::Creating
        | State::CreateUnknown { .. }
        | State::CreateRefused { .. }
        | State::Orphan { .. }
        | State::Created
        | State::Equipping
        | State::Abandoned => Step::Create,
        // A check failed since: before anything else it has to pass again.
        State::Verified | State::Delivered if op.verified.is_none() => Step::Verify,
        State::Delivered | State::Closed if creates => Step::Deliver,
        State::Verified => Step::Deliver,
        State::Delivered => Step::Adopt,
        State::Adopted if !unpaused => Step::Pause,
        State::Pausing | State::Restoring => Step::Pause,
        State::Soaking { .. } if op.soak_until.is_none_or(|until| now >= until) => Step::Revoke,
        State::Adopted | State::Paused | State::Soaking { .. } => Step::Soak,
        State::Revoking { of, back } | State::RevokeUnknown { of, back, .. } => {
            if *of == rotation::Which::Old {
                Step::Revoke
            } else {
                place(back, op, now)
            }
        }
        State::Revoked { of } if *of != rotation::Which::Old => Step::Verify,
        State::Equipped | State::RolledBack => Step::Verify,
        State::Revoked { .. } | State::Closed => Step::Proof,
        State::NeedsYou { back, .. } => place(back, op, now),
    }
}
