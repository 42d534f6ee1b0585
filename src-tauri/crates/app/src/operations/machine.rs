//! One edit of a key's rights as a state machine. Pure: no time, no database, no server.

use crate::Failure;
use domain::{Cell, Identity, RightsGrid, RowChange};
use providers::{Call, Performed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an edit is to do; fixed when it begins. `changes` and `calls` go side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EditPlan {
    pub(crate) identity: Identity,
    pub(crate) base: RightsGrid,
    pub(crate) desired: RightsGrid,
    pub(crate) changes: Vec<RowChange>,
    pub(crate) calls: Vec<Call>,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The call is about to be sent. Committed before the first byte.
    Sending { call: usize },
    /// What came of it.
    Answered { call: usize, answer: Answer },
    /// The program ended between the two; found at the next start.
    Interrupted { call: usize },
    /// A complete list showed whether a call of unknown outcome was applied.
    Reconciled { call: usize, applied: bool },
    /// The resource is neither as it was nor, once the call was sent, as it was to be: somebody else was here.
    Crossed { failure: Failure },
    /// The key was read again after the last call. The grid is what the server stored.
    ReadBack { stored: RightsGrid },
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(crate) enum Answer {
    /// Applied, over what the server says was there before.
    Applied { over: Performed },
    /// Definitely not applied. `again`: the runner may send it once more.
    Refused { failure: Failure, again: bool },
    /// Nobody knows.
    Unknown { failure: Failure },
}

/// Where an edit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// `next` is to be sent, or (`sent`) its answer is awaited.
    Applying { next: usize, sent: bool },
    /// All calls applied; the key is to be read again.
    ReadingBack,
    /// Read back, and equal.
    Done,
    /// Read back, and not equal.
    Differs { stored: RightsGrid },
    /// A call was refused, or somebody else changed the same. Earlier calls stay applied.
    Stopped { failure: Failure },
    /// A call's outcome is not known.
    Unknown { call: usize, failure: Failure },
}

/// What became of one call so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Waiting,
    Sending,
    Applied,
    Refused(Failure),
    Unknown(Failure),
}

/// An edit with its history folded in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) plan: EditPlan,
    pub(crate) state: State,
    pub(crate) outcomes: Vec<Outcome>,
    /// What the server said it found where it applied a call; it need not be what the plan began with.
    pub(crate) found: BTreeMap<usize, Vec<Cell>>,
    /// Calls that were sent a second time after a refusal that allowed it.
    again: Vec<usize>,
    /// Calls whose answer did not come and that had not arrived either, once for each time.
    missed: Vec<usize>,
}

/// How often a call that did not arrive is sent once more.
const MISSED_MAX: usize = 2;

/// An event that does not fit the state. The journal is damaged, or the program is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl Op {
    /// An edit that has not begun.
    pub(crate) fn new(plan: EditPlan) -> Self {
        let outcomes = vec![Outcome::Waiting; plan.calls.len()];
        let state = if outcomes.is_empty() {
            State::ReadingBack
        } else {
            State::Applying {
                next: 0,
                sent: false,
            }
        };
        Self {
            plan,
            state,
            outcomes,
            found: BTreeMap::new(),
            again: Vec::new(),
            missed: Vec::new(),
        }
    }

    /// The operation that this journal tells of.
    pub(crate) fn fold(
        plan: EditPlan,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Self, Refused> {
        events.into_iter().try_fold(Self::new(plan), Self::step)
    }

    /// The operation after one more event.
    pub(crate) fn step(mut self, event: Event) -> Result<Self, Refused> {
        self.state = match (self.state, event) {
            (State::Applying { next, sent: false }, Event::Sending { call }) if call == next => {
                self.outcomes[call] = Outcome::Sending;
                State::Applying { next, sent: true }
            }
            (State::Applying { next, sent: true }, Event::Answered { call, answer })
                if call == next =>
            {
                match answer {
                    Answer::Applied { over } => {
                        self.outcomes[call] = Outcome::Applied;
                        if let Performed::Over(found) = &over {
                            self.found.insert(call, found.clone());
                        }
                        if is_expected(&self.plan.changes[call], &over) {
                            after(call, self.outcomes.len())
                        } else {
                            State::Stopped {
                                failure: Failure::new(crate::Code::ChangedMeanwhile),
                            }
                        }
                    }
                    Answer::Refused { again: true, .. } if !self.again.contains(&call) => {
                        self.again.push(call);
                        self.outcomes[call] = Outcome::Waiting;
                        State::Applying { next, sent: false }
                    }
                    Answer::Refused { failure, .. } => {
                        self.outcomes[call] = Outcome::Refused(failure.clone());
                        State::Stopped { failure }
                    }
                    Answer::Unknown { failure } => {
                        self.outcomes[call] = Outcome::Unknown(failure.clone());
                        State::Unknown { call, failure }
                    }
                }
            }
            (State::Applying { next, sent: true }, Event::Interrupted { call }) if call == next => {
                let failure = Failure::new(crate::Code::Interrupted);
                self.outcomes[call] = Outcome::Unknown(failure.clone());
                State::Unknown { call, failure }
            }
            (
                State::Unknown {
                    call: open,
                    failure,
                },
                Event::Reconciled { call, applied },
            ) if call == open => {
                if applied {
                    self.outcomes[call] = Outcome::Applied;
                    after(call, self.outcomes.len())
                } else if self.missed.iter().filter(|missed| **missed == call).count() >= MISSED_MAX
                {
                    // It never arrives: a person has to look before it is sent once more.
                    self.outcomes[call] = Outcome::Refused(failure.clone());
                    State::Stopped { failure }
                } else {
                    self.missed.push(call);
                    self.outcomes[call] = Outcome::Waiting;
                    State::Applying {
                        next: call,
                        sent: false,
                    }
                }
            }
            (
                State::Unknown { .. } | State::Applying { sent: false, .. },
                Event::Crossed { failure },
            ) => State::Stopped { failure },
            (State::ReadingBack, Event::ReadBack { stored }) => {
                let equal = domain::differences(&self.plan.desired, &stored).is_empty();
                if equal {
                    State::Done
                } else {
                    State::Differs { stored }
                }
            }
            _ => return Err(Refused),
        };
        Ok(self)
    }

    /// Nothing is left to be done or to be found out.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(
            self.state,
            State::Done | State::Differs { .. } | State::Stopped { .. }
        )
    }

    /// At least one call changed something.
    pub(crate) fn has_effect(&self) -> bool {
        self.outcomes.contains(&Outcome::Applied)
    }
}

impl State {
    /// The word in the database.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Applying { .. } => "applying",
            Self::ReadingBack => "reading_back",
            Self::Done => "done",
            Self::Differs { .. } => "differs",
            Self::Stopped { .. } => "stopped",
            Self::Unknown { .. } => "unknown",
        }
    }
}

fn after(call: usize, calls: usize) -> State {
    if call + 1 == calls {
        State::ReadingBack
    } else {
        State::Applying {
            next: call + 1,
            sent: false,
        }
    }
}

/// The server found the resource as the plan did. No row and a row of nothing are the same.
fn is_expected(change: &RowChange, over: &Performed) -> bool {
    match over {
        Performed::Untold => true,
        Performed::Over(found) => meaning(change.before.as_deref()) == meaning(Some(found)),
    }
}

fn meaning(row: Option<&[Cell]>) -> Vec<&Cell> {
    let said = |cell: &&Cell| !matches!(cell, Cell::None | Cell::Inherited { .. });
    let cells = row.unwrap_or_default();
    if cells.iter().any(|cell| said(&cell)) {
        cells.iter().collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use domain::{Column, RightsRow};
    use providers::Method;

    fn plan() -> EditPlan {
        let grid = |read: Cell, resources: &[&str]| RightsGrid {
            columns: vec![Column {
                action: "read".into(),
                title: "read".into(),
            }],
            rows: resources
                .iter()
                .map(|name| RightsRow {
                    kind: "c".into(),
                    resource: (*name).into(),
                    cells: vec![read.clone()],
                })
                .collect(),
            admin: false,
        };
        let (base, desired) = (grid(Cell::None, &[]), grid(Cell::All, &["a", "b"]));
        let changes = domain::row_changes(&base, &desired);
        let call = |change: &RowChange| Call {
            method: Method::Put,
            path: vec![],
            body: None,
            endpoint: String::new(),
            kind: change.kind.clone(),
            resource: change.resource.clone(),
        };
        let calls = changes.iter().map(call).collect();
        EditPlan {
            identity: Identity::default(),
            base,
            desired,
            changes,
            calls,
        }
    }

    fn applied(call: usize) -> Event {
        Event::Answered {
            call,
            answer: Answer::Applied {
                over: Performed::Over(vec![]),
            },
        }
    }

    fn state(events: &[Event]) -> State {
        Op::fold(plan(), events.to_vec()).unwrap().state
    }

    #[test]
    fn the_straight_way() {
        let mut events = vec![
            Event::Sending { call: 0 },
            applied(0),
            Event::Sending { call: 1 },
            applied(1),
        ];
        assert_eq!(state(&events), State::ReadingBack);
        events.push(Event::ReadBack {
            stored: plan().desired,
        });
        assert_eq!(state(&events), State::Done);
        events.pop();
        events.push(Event::ReadBack {
            stored: plan().base,
        });
        assert_eq!(
            state(&events),
            State::Differs {
                stored: plan().base
            }
        );
    }

    #[test]
    fn nothing_is_sent_twice_without_a_reason() {
        assert_eq!(
            Op::fold(
                plan(),
                [Event::Sending { call: 0 }, Event::Sending { call: 0 }]
            ),
            Err(Refused)
        );
        assert_eq!(Op::fold(plan(), [Event::Sending { call: 1 }]), Err(Refused));
        assert_eq!(Op::fold(plan(), [applied(0)]), Err(Refused));
        assert_eq!(
            Op::fold(
                plan(),
                [Event::ReadBack {
                    stored: plan().desired
                }]
            ),
            Err(Refused)
        );
    }

    #[test]
    fn a_refusal_stops_and_one_that_may_be_repeated_is_repeated_once() {
        let failure = Failure::new(Code::CredentialRefused);
        let refused = |again| Event::Answered {
            call: 0,
            answer: Answer::Refused {
                failure: failure.clone(),
                again,
            },
        };
        assert_eq!(
            state(&[Event::Sending { call: 0 }, refused(false)]),
            State::Stopped {
                failure: failure.clone()
            }
        );
        let once = [Event::Sending { call: 0 }, refused(true)];
        assert_eq!(
            state(&once),
            State::Applying {
                next: 0,
                sent: false
            }
        );
        let twice = [&once[..], &once].concat();
        assert_eq!(
            state(&twice),
            State::Stopped {
                failure: failure.clone()
            }
        );
    }

    #[test]
    fn an_unknown_outcome_waits_for_proof() {
        let failure = Failure::new(Code::TimedOut);
        let answer = Answer::Unknown {
            failure: failure.clone(),
        };
        let open = vec![
            Event::Sending { call: 0 },
            Event::Answered { call: 0, answer },
        ];
        assert_eq!(state(&open), State::Unknown { call: 0, failure });
        let and = |event| [&open[..], &[event]].concat();
        assert_eq!(
            state(&and(Event::Reconciled {
                call: 0,
                applied: true
            })),
            State::Applying {
                next: 1,
                sent: false
            }
        );
        assert_eq!(
            state(&and(Event::Reconciled {
                call: 0,
                applied: false
            })),
            State::Applying {
                next: 0,
                sent: false
            }
        );
        assert_eq!(
            Op::fold(plan(), and(Event::Sending { call: 0 })),
            Err(Refused),
            "not before it is known"
        );
    }

    #[test]
    fn somebody_elses_change_that_a_list_shows_stops_it_before_the_call() {
        let failure = Failure::new(Code::ChangedMeanwhile);
        let crossed = Event::Crossed {
            failure: failure.clone(),
        };
        assert_eq!(
            state(std::slice::from_ref(&crossed)),
            State::Stopped { failure }
        );
        let sent = [Event::Sending { call: 0 }, crossed];
        assert_eq!(Op::fold(plan(), sent), Err(Refused), "not while it is out");
    }

    #[test]
    fn a_change_over_somebody_elses_is_noticed() {
        let other = Answer::Applied {
            over: Performed::Over(vec![Cell::All]),
        };
        let events = [
            Event::Sending { call: 0 },
            Event::Answered {
                call: 0,
                answer: other,
            },
        ];
        assert_eq!(
            state(&events),
            State::Stopped {
                failure: Failure::new(Code::ChangedMeanwhile)
            }
        );
        let silent = Answer::Applied {
            over: Performed::Untold,
        };
        let events = [
            Event::Sending { call: 0 },
            Event::Answered {
                call: 0,
                answer: silent,
            },
        ];
        assert_eq!(
            state(&events),
            State::Applying {
                next: 1,
                sent: false
            }
        );
    }
}
