//! Making keys and finding out about them by their own secrets. Every probe is a read, a token exchange or a
//! check call: never a write to learn that writes are refused.

use crate::{Call, ProviderError};
use domain::{ListedKey, RemoteId, RightsGrid, Secret, UnixMs};

/// What a key is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySpec {
    /// Its label.
    pub label: String,
    /// Its description, the attempt's marker included.
    pub description: String,
    /// What it is to be allowed.
    pub rights: RightsGrid,
    /// Its value may be chosen by us, where the server takes one.
    pub choose: bool,
}

/// How a key is made on one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatePlan {
    /// The call. With [`crate::Slot::Chosen`] in it where the server takes a value that we choose.
    pub call: Call,
    /// What the key may do when this call went well; the rest is set by [`crate::Provider::plan_rights`] from here.
    pub given: RightsGrid,
}

/// A key that the server says it made.
#[derive(Debug)]
pub struct NewKey {
    /// Its value; `None` when the reply does not show one that can be read.
    pub secret: Option<Secret>,
    /// The record in the reply, where there is one.
    pub record: Option<ListedKey>,
    /// The server says that the change has not reached all of it yet.
    pub lags: bool,
}

/// What a server answered to a probe.
#[derive(Debug)]
pub enum Tried<T> {
    /// Yes.
    Accepted {
        /// What it gave.
        value: T,
        /// Request and status, in our words.
        seen: String,
    },
    /// No, in the words that the contract has for it.
    Refused {
        /// Request and status, in our words.
        seen: String,
    },
    /// Neither: 429, 5xx, silence, a redirect, a body of another kind.
    Unclear {
        /// Request and status, in our words.
        seen: String,
        /// What went wrong.
        error: ProviderError,
    },
}

impl<T> Tried<T> {
    /// What was seen.
    pub fn seen(&self) -> &str {
        match self {
            Self::Accepted { seen, .. } | Self::Refused { seen } | Self::Unclear { seen, .. } => {
                seen
            }
        }
    }
}

/// A session that was begun with a key's own secret, to probe with. In memory only.
#[derive(Debug)]
pub struct ProbeSession {
    pub(crate) token: Secret,
    pub(crate) ends: Option<UnixMs>,
}

impl ProbeSession {
    /// When it ends by itself by our clock, as it says of itself; that it is refused later on proves nothing.
    pub fn ends(&self) -> Option<UnixMs> {
        self.ends
    }
}

/// What a key's own secret is told of its rights.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnRights {
    /// The label of the key that asked, where the server names it.
    pub label: Option<String>,
    /// Its id, likewise.
    pub remote_id: Option<RemoteId>,
    /// What it may do.
    pub rights: RightsGrid,
    /// Field rules are among it; else only the actions are.
    pub shows_rules: bool,
}
