//! What a deployment's server can do, as data.

use serde::{Deserialize, Serialize};

/// Whether one thing can be done, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Capability {
    /// By an API call.
    Api,
    /// By a person, following these steps in the provider's own screens.
    Guided {
        /// One instruction a line, in order.
        steps: Vec<String>,
    },
    /// Not at all.
    No {
        /// The reason, drawn verbatim beside the disabled control.
        why: String,
    },
}

impl Capability {
    /// Not possible, for this reason.
    pub fn no(why: &str) -> Self {
        Self::No {
            why: why.to_owned(),
        }
    }

    /// The reason why it cannot be done; `None` when it can.
    pub fn why_not(&self) -> Option<&str> {
        match self {
            Self::No { why } => Some(why),
            Self::Api | Self::Guided { .. } => None,
        }
    }
}

/// Everything a screen may want to offer for a deployment, each with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Make a new key.
    pub create: Capability,
    /// Change what a key may do.
    pub edit_rights: Capability,
    /// Change a key's label or description.
    pub rename: Capability,
    /// Switch a key off reversibly.
    pub pause: Capability,
    /// Delete a key for good.
    pub revoke: Capability,
    /// Give a key an end.
    pub expiry: Capability,
    /// Restrict a key to addresses.
    pub ip_sources: Capability,
    /// Restrict a key to referring sites.
    pub referers: Capability,
    /// Limit a key's request rate.
    pub rate: Capability,
    /// Tell when a key was last used.
    pub last_used: Capability,
}
