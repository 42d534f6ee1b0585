//! The transitions.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named is refused, a state of tomorrow included"
)]

use super::{CreateAnswer, Event, Op, Round, State, Steps, Verified, Which};
use crate::{
    Code, Failure,
    operations::{EditAnswer, EditEvent, EditOp, EditState, Refused},
    rotation::plan::Purpose,
};
use domain::{Check, CheckKind, Fingerprint, Verdict};

/// What must have passed for the new key to count as proved.
pub(crate) const NEEDED: [CheckKind; 5] = [
    CheckKind::Sealed,
    CheckKind::Authenticates,
    CheckKind::Identified,
    CheckKind::RightsEqual,
    CheckKind::NegativeControl,
];

/// How often a key is tried to be made before a person has to look.
pub(crate) const ATTEMPTS_MAX: usize = 3;

impl Op {
    /// The rotation after one more event.
    ///
    /// # Errors
    /// [`Refused`] for an event that does not fit where it stands; nothing happened then.
    pub(crate) fn step(mut self, event: Event) -> Result<Self, Refused> {
        self.seq += 1;
        let state = std::mem::replace(&mut self.state, State::Planned);
        self.state = self.next(state, event)?;
        Ok(self)
    }

    fn next(&mut self, state: State, event: Event) -> Result<State, Refused> {
        match event {
            Event::Creating { .. }
            | Event::CreateAnswered { .. }
            | Event::CreateInterrupted
            | Event::NotListed { .. }
            | Event::Orphaned { .. } => self.making(state, event),
            Event::StepsBegun { .. } | Event::Step { .. } => self.stepping(state, event),
            Event::Checked {
                round,
                checks,
                fingerprint,
            } => self.checked(state, round, checks, fingerprint),
            Event::Revoking { .. }
            | Event::RevokeAnswered { .. }
            | Event::RevokeInterrupted
            | Event::RevokeFound { .. }
            | Event::Gone { .. } => self.ending(state, event),
            Event::Delivered { .. }
            | Event::Confirmed { .. }
            | Event::Withdrawn
            | Event::PauseSkipped { .. }
            | Event::SoakBegun { .. }
            | Event::SoakSkipped => self.handing_over(state, event),
            Event::Halted { failure } => match state {
                State::Closed
                | State::RolledBack
                | State::Abandoned
                | State::Creating
                | State::Revoking { .. } => Err(Refused),
                State::NeedsYou { back, .. } => Ok(State::NeedsYou { failure, back }),
                other => {
                    self.restore_failed |= other == State::Restoring;
                    Ok(halted(failure, other))
                }
            },
            Event::RestoreFailed { failure } if self.may_be_paused() && may_be_restored(&state) => {
                self.restore_failed = true;
                Ok(match state {
                    State::NeedsYou { back, .. } => State::NeedsYou { failure, back },
                    other => halted(failure, other),
                })
            }
            Event::RestoreFailed { .. } => Err(Refused),
            Event::Resumed => match state {
                State::NeedsYou { back, .. } => {
                    // A pause that was not shown is looked at again before anything rests on it.
                    if *back == State::Paused && !self.is_shown_paused() {
                        self.paused_checks.clear();
                    }
                    Ok(*back)
                }
                State::CreateRefused { .. } => Ok(State::Planned),
                _ => Err(Refused),
            },
            Event::Finished => match (self.plan.purpose, state) {
                (Purpose::Create, State::Verified | State::Delivered) => Ok(State::Closed),
                _ => Err(Refused),
            },
            Event::Abandoned => match state {
                State::Creating
                | State::Revoking { .. }
                | State::Closed
                | State::RolledBack
                | State::Abandoned => Err(Refused),
                _ => Ok(State::Abandoned),
            },
        }
    }

    fn making(&mut self, state: State, event: Event) -> Result<State, Refused> {
        match (state, event) {
            (State::Planned, Event::Creating { attempt, .. }) if self.plan.new.is_some() => {
                // The same attempt may be sent again after an answer that rules out that it was applied.
                if self.attempts.last() != Some(&attempt) {
                    if self.attempts.len() >= ATTEMPTS_MAX {
                        return Err(Refused);
                    }
                    self.attempts.push(attempt);
                    (self.again, self.renew) = (false, false);
                }
                Ok(State::Creating)
            }
            (State::Creating | State::CreateUnknown { .. }, Event::CreateAnswered { answer }) => {
                Ok(self.created(answer))
            }
            (State::Creating, Event::CreateInterrupted) => Ok(State::CreateUnknown {
                failure: Failure::new(Code::Interrupted),
                missed: None,
            }),
            (State::CreateUnknown { failure, missed }, Event::NotListed { at }) => {
                let Some(first) = missed else {
                    return Ok(State::CreateUnknown {
                        failure,
                        missed: Some(at),
                    });
                };
                if at.since(first) >= super::super::TWO_LISTS_APART {
                    Ok(State::Planned)
                } else {
                    Ok(State::CreateUnknown {
                        failure,
                        missed: Some(first),
                    })
                }
            }
            (State::CreateUnknown { .. }, Event::Orphaned { identity }) => {
                self.orphan = Some(identity);
                Ok(State::Orphan {
                    failure: Failure::new(Code::ValueLost),
                })
            }
            _ => Err(Refused),
        }
    }

    fn created(&mut self, answer: CreateAnswer) -> State {
        match answer {
            CreateAnswer::Created {
                sealed,
                identity,
                honoured,
                lags,
                found: _,
            } => {
                self.sealed = Some((sealed, self.seq));
                self.identity = identity;
                self.honoured = honoured;
                self.lags = lags;
                State::Created
            }
            CreateAnswer::Refused {
                without_choice: true,
                ..
            } if !self.unchosen => {
                (self.unchosen, self.renew) = (true, true);
                State::Planned
            }
            CreateAnswer::Refused { again: true, .. } if !self.again => {
                self.again = true;
                State::Planned
            }
            CreateAnswer::Refused { failure, until, .. } => State::CreateRefused { failure, until },
            // A value that was not in the answer may be in the list all the same.
            CreateAnswer::ValueLost { failure } | CreateAnswer::Unknown { failure } => {
                State::CreateUnknown {
                    failure,
                    missed: None,
                }
            }
        }
    }

    fn stepping(&mut self, state: State, event: Event) -> Result<State, Refused> {
        match (state, event) {
            (before, Event::StepsBegun { steps, plan }) => {
                let after = match (steps, &before) {
                    (Steps::Equip, State::Created) => State::Equipping,
                    (Steps::Pause, State::Adopted) if self.plan.pause_why_not.is_none() => {
                        State::Pausing
                    }
                    (Steps::Restore, before) if self.may_be_paused() && may_be_restored(before) => {
                        State::Restoring
                    }
                    _ => return Err(Refused),
                };
                if steps == Steps::Equip {
                    self.identity = plan.identity.clone();
                } else {
                    // What was seen of an earlier pause says nothing of the next.
                    self.paused_checks.clear();
                }
                self.restore_failed = false;
                self.steps = Some((steps, EditOp::new(plan)));
                Ok(after)
            }
            (
                state @ (State::Equipping | State::Pausing | State::Restoring),
                Event::Step { step },
            ) => {
                let (steps, op) = self.steps.take().ok_or(Refused)?;
                self.pause_lost |= steps == Steps::Pause && is_lost(&step);
                let op = op.step(step)?;
                let next = match &op.state {
                    EditState::Applying { .. }
                    | EditState::Unknown { .. }
                    | EditState::ReadingBack => state,
                    EditState::Done => match steps {
                        Steps::Equip => State::Equipped,
                        Steps::Pause => {
                            self.is_paused = true;
                            State::Paused
                        }
                        Steps::Restore => {
                            (self.is_paused, self.pause_lost) = (false, false);
                            State::Adopted
                        }
                    },
                    EditState::Stopped { failure } => halted(failure.clone(), before_of(steps)),
                    EditState::Differs { .. } => {
                        halted(Failure::new(Code::StoredOtherwise), before_of(steps))
                    }
                };
                if steps == Steps::Pause && op.has_effect() {
                    self.is_paused = true;
                }
                let has_stopped = matches!(next, State::NeedsYou { .. });
                self.restore_failed |= steps == Steps::Restore && has_stopped;
                self.steps = Some((steps, op));
                Ok(next)
            }
            _ => Err(Refused),
        }
    }

    fn checked(
        &mut self,
        state: State,
        round: Round,
        checks: Vec<Check>,
        fingerprint: Option<Fingerprint>,
    ) -> Result<State, Refused> {
        let failed = checks.iter().find(|check| check.verdict == Verdict::Failed);
        let failure = failed.map(|check| {
            let kind = serde_json::to_value(check.kind).unwrap_or_default();
            Failure::new(Code::CheckFailed).with("check", kind.as_str().unwrap_or_default())
        });
        let passed = |kind: CheckKind| {
            checks
                .iter()
                .any(|check| check.kind == kind && check.verdict == Verdict::Passed)
        };
        match (round, &state) {
            (
                Round::New,
                State::Equipped
                | State::Verified
                | State::Delivered
                | State::Adopted
                | State::Paused
                | State::Soaking { .. },
            ) => {
                self.unproved = !NEEDED.iter().all(|kind| passed(*kind));
                let complete = failure.is_none() && !self.unproved;
                self.new_checks = checks;
                if failure.is_some() {
                    self.failed = Some(self.seq);
                    self.verified = None;
                }
                let next = match (failure, fingerprint) {
                    (Some(failure), _) => halted(failure, state),
                    (None, Some(fingerprint)) if complete => {
                        self.first_verified.get_or_insert(self.seq);
                        let (seq, at) = (self.seq, latest(&self.new_checks));
                        self.verified = Some(Verified {
                            seq,
                            at,
                            fingerprint,
                        });
                        if state == State::Equipped {
                            State::Verified
                        } else {
                            state
                        }
                    }
                    (None, _) => state,
                };
                Ok(next)
            }
            (Round::Paused, State::Paused) => {
                self.paused_checks = checks;
                Ok(match failure {
                    Some(failure) => halted(failure, state),
                    None => state,
                })
            }
            (Round::Death, State::Revoked { of }) => {
                let (of, dead) = (*of, passed(CheckKind::Absent));
                if of == Which::Old {
                    // What was learnt just before the end belongs to the proof.
                    self.death_checks
                        .retain(|check| check.kind == CheckKind::OldWorks);
                    self.death_checks.extend(checks);
                }
                Ok(match (failure, dead, of) {
                    (Some(failure), _, _) => halted(failure, state),
                    (None, false, _) => state,
                    (None, true, Which::Old) => State::Closed,
                    (None, true, Which::New) => State::RolledBack,
                    (None, true, Which::Orphan) => {
                        (self.renew, self.orphan) = (true, None);
                        State::Planned
                    }
                })
            }
            _ => Err(Refused),
        }
    }

    fn handing_over(&mut self, state: State, event: Event) -> Result<State, Refused> {
        let rotates = self.plan.purpose == Purpose::Rotate;
        match (state, event) {
            (state @ (State::Verified | State::Delivered), Event::Delivered { delivery, at }) => {
                let _ = state;
                self.deliveries.push((delivery, at));
                Ok(State::Delivered)
            }
            (state @ (State::Adopted | State::Closed), Event::Delivered { delivery, at }) => {
                self.deliveries.push((delivery, at));
                Ok(state)
            }
            (State::Delivered, Event::Confirmed { by, at }) if rotates => {
                self.confirmed = Some((by, self.seq));
                self.confirmed_at = Some(at);
                Ok(State::Adopted)
            }
            (State::Adopted | State::Soaking { .. }, Event::Withdrawn) if !self.is_paused => {
                (self.confirmed, self.soak_until) = (None, None);
                Ok(State::Delivered)
            }
            (State::Adopted, Event::PauseSkipped { why }) => {
                self.pause_skipped = Some(why);
                Ok(State::Adopted)
            }
            (State::Paused | State::Adopted, Event::SoakBegun { until }) => {
                self.soak_until = Some(until);
                Ok(State::Soaking { until })
            }
            (State::Soaking { until }, Event::SoakSkipped) => {
                self.soak_until = None;
                Ok(State::Soaking { until })
            }
            _ => Err(Refused),
        }
    }
}

pub(super) fn halted(failure: Failure, back: State) -> State {
    State::NeedsYou {
        failure,
        back: Box::new(back),
    }
}

/// Whether an old key that is or may be paused can be given its rights back from here.
pub(crate) fn may_be_restored(state: &State) -> bool {
    match state {
        State::NeedsYou { back, .. } => **back == State::Restoring || may_be_restored(back),
        State::Adopted | State::Pausing | State::Paused | State::Soaking { .. } => true,
        _ => false,
    }
}

/// A call was sent, and no answer tells whether it has been or will be applied.
fn is_lost(step: &EditEvent) -> bool {
    matches!(
        step,
        EditEvent::Interrupted { .. }
            | EditEvent::Answered {
                answer: EditAnswer::Unknown { .. },
                ..
            }
    )
}

/// Where a run of calls begins again when it stopped.
fn before_of(steps: Steps) -> State {
    match steps {
        Steps::Equip => State::Created,
        Steps::Pause => State::Adopted,
        Steps::Restore => State::Paused,
    }
}

fn latest(checks: &[Check]) -> domain::UnixMs {
    checks
        .iter()
        .map(|check| check.at)
        .max()
        .unwrap_or(domain::UnixMs(0))
}
