//! What the journal of a rotation says.

use super::guard::GuardFacts;
use crate::{
    Failure,
    operations::{EditEvent, EditPlan},
};
use domain::{Check, Fingerprint, Identity, SecretId, UnixMs};
use providers::Call;
use serde::{Deserialize, Serialize};

/// A line of the journal. Holds no secret, only the rows that seal them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    /// The key is about to be made. Committed, with its sealed value where we choose it, before the first byte.
    Creating { attempt: Attempt, call: Call },
    /// What came of it.
    CreateAnswered { answer: CreateAnswer },
    /// The program ended between the two; found at the next start.
    CreateInterrupted,
    /// A complete list has no key of this attempt.
    NotListed { at: UnixMs },
    /// The list has a key of this attempt, and its value is nowhere.
    Orphaned { identity: Identity },
    /// Calls begin that set, pause or restore rights.
    StepsBegun { steps: Steps, plan: EditPlan },
    /// One of these calls, or the reading back after them.
    Step { step: EditEvent },
    /// Something was tried.
    Checked {
        round: Round,
        checks: Vec<Check>,
        /// Of the secret that was read back from storage for it.
        fingerprint: Option<Fingerprint>,
    },
    /// The new secret was handed over.
    Delivered { delivery: Delivery, at: UnixMs },
    /// A person says that the applications use the new secret.
    Confirmed { by: String, at: UnixMs },
    /// That word is taken back.
    Withdrawn,
    /// The old key is not paused, for this reason.
    PauseSkipped { why: String },
    /// The wait begins.
    SoakBegun { until: UnixMs },
    /// The wait is cut short.
    SoakSkipped,
    /// A key is about to be ended for good. Only with every condition of the guard.
    Revoking {
        of: Which,
        facts: GuardFacts,
        checks: Vec<Check>,
        call: Call,
    },
    /// What came of it.
    RevokeAnswered { answer: RevokeAnswer },
    /// The program ended between the two.
    RevokeInterrupted,
    /// A complete list tells what became of it.
    RevokeFound { listed: bool },
    /// The key that was to be ended is gone already: nothing was sent.
    Gone {
        of: Which,
        facts: GuardFacts,
        checks: Vec<Check>,
    },
    /// The old key could not be given its rights back.
    RestoreFailed { failure: Failure },
    /// A person has to look at this.
    Halted { failure: Failure },
    /// The person has looked: go on where it stopped.
    Resumed,
    /// All that was to be done is done.
    Finished,
    /// It ends here; what is on the server stays as it is.
    Abandoned,
}

/// One try at making the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// What to look for in descriptions.
    pub(crate) marker: String,
    /// The row that seals the value, where we choose it.
    pub(crate) chosen: Option<Sealed>,
}

/// Where a value is sealed, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) row: SecretId,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) prefix: Option<String>,
}

/// What came of the call that makes a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(crate) enum CreateAnswer {
    /// Made; its value sealed in the same commit.
    Created {
        sealed: Sealed,
        /// As far as the server named it.
        identity: Identity,
        /// The server took the value that we chose; `None` where we chose none.
        honoured: Option<bool>,
        /// The change has not reached all of the server yet.
        lags: bool,
        /// Learnt by looking for it after an outcome that was not known.
        found: bool,
    },
    /// Made, and no readable value came back.
    ValueLost { failure: Failure },
    /// Definitely not made.
    Refused {
        failure: Failure,
        until: Option<UnixMs>,
        /// The runner may send it once more.
        again: bool,
        /// The server does not take a chosen value.
        without_choice: bool,
    },
    /// Nobody knows.
    Unknown { failure: Failure },
}

/// What a run of calls is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Steps {
    /// The new key gets what the call that made it could not give.
    Equip,
    /// The old key loses its rights, reversibly.
    Pause,
    /// The old key gets them back.
    Restore,
}

/// What a round of checks is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Round {
    /// The new key.
    New,
    /// The paused old key.
    Paused,
    /// The death of a revoked key.
    Death,
}

/// Which key a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// The one that is replaced or revoked.
    Old,
    /// The new one: the rotation is rolled back.
    New,
    /// One that an attempt left behind.
    Orphan,
}

/// What came of the call that ends a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(crate) enum RevokeAnswer {
    /// The server says it is done.
    Applied,
    /// The server has no such key, although it was listed just before.
    Missing { failure: Failure },
    /// Definitely not done.
    Refused { failure: Failure },
    /// Nobody knows.
    Unknown { failure: Failure },
}

/// How the new secret was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub(crate) enum Delivery {
    /// Written into a file of variables.
    EnvFile {
        path: String,
        variable: String,
        backup: Option<String>,
    },
    /// Laid on the clipboard.
    Clipboard,
    /// A person was told, by means of their own.
    Person { name: String },
}
