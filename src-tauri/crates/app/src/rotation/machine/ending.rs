//! The transitions of ending a key, and of finding it gone.

use super::{Event, Op, RevokeAnswer, State, Which, guard, step::halted};
use crate::{Code, Failure, operations::Refused};

impl Op {
    pub(super) fn ending(&mut self, state: State, event: Event) -> Result<State, Refused> {
        match (state, event) {
            (
                before,
                Event::Revoking {
                    of, facts, checks, ..
                },
            ) => {
                let allowed = match of {
                    Which::Old => guard::unmet(self, &before, &facts).is_empty(),
                    Which::New => guard::may_roll_back(self, &before, &facts),
                    Which::Orphan => {
                        matches!(before, State::Orphan { .. }) && guard::may_clear(&facts)
                    }
                };
                if !allowed {
                    return Err(Refused);
                }
                if of == Which::Old {
                    (self.old_ended, self.found_gone) = (true, false);
                    self.death_checks = checks;
                }
                self.before_end = Some(Box::new(before.clone()));
                Ok(State::Revoking {
                    of,
                    back: Box::new(before),
                })
            }
            (before, Event::Gone { of, facts, checks }) => {
                if !guard::may_be_gone(self, &before, of, &facts) {
                    return Err(Refused);
                }
                if of == Which::Old {
                    (self.old_ended, self.found_gone) = (true, true);
                    self.death_checks = checks;
                }
                self.before_end = Some(Box::new(before));
                Ok(State::Revoked { of })
            }
            (State::Revoking { of, back }, Event::RevokeAnswered { answer }) => Ok(match answer {
                RevokeAnswer::Applied => State::Revoked { of },
                RevokeAnswer::Missing { failure } | RevokeAnswer::Refused { failure } => {
                    self.still_there(of);
                    halted(failure, *back)
                }
                RevokeAnswer::Unknown { failure } => State::RevokeUnknown { of, failure, back },
            }),
            (State::Revoking { of, back }, Event::RevokeInterrupted) => Ok(State::RevokeUnknown {
                of,
                failure: Failure::new(Code::Interrupted),
                back,
            }),
            (State::RevokeUnknown { of, back, failure }, Event::RevokeFound { listed }) => {
                Ok(if listed {
                    self.still_there(of);
                    halted(failure, *back)
                } else {
                    State::Revoked { of }
                })
            }
            // The proof of a death has stopped. What the list still has may be ended again, and not otherwise than
            // the first time.
            (State::NeedsYou { back, .. }, Event::RevokeFound { listed }) => {
                let State::Revoked { of } = *back else {
                    return Err(Refused);
                };
                if !listed {
                    return Ok(State::Revoked { of });
                }
                self.still_there(of);
                self.before_end.take().map(|before| *before).ok_or(Refused)
            }
            _ => Err(Refused),
        }
    }

    fn still_there(&mut self, of: Which) {
        if of == Which::Old {
            self.old_ended = false;
        }
    }
}
