//! What can go wrong with a server, in our own words only.

use std::{fmt, time::Duration};

/// What an error means for what may be done next. Retry looks at nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The credential was not accepted.
    Unauthorized,
    /// The credential was accepted and is not enough.
    Forbidden,
    /// There is no such thing or no such route.
    NotFound,
    /// It exists already, or somebody else changed it.
    Conflict,
    /// The request itself was refused.
    Invalid,
    /// Too many requests; definitely not applied.
    RateLimited,
    /// The server could not be reached or could not answer; a read may be tried again.
    Unavailable,
    /// A change was sent and its outcome is not known.
    OutcomeUnknown,
    /// The reply is not what the contract says.
    Protocol,
}

/// What exactly was seen; it chooses the sentence that a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No connection: DNS, refused, no route.
    Unreachable,
    /// A certificate was not accepted, or TLS could not be agreed.
    Certificate,
    /// Connected, and then the connection broke before the reply was whole.
    Broken,
    /// No (complete) reply in time.
    TimedOut,
    /// A 3xx. None is ever followed.
    Redirect(u16),
    /// A body that is not JSON, such as a login page, where only JSON has a meaning.
    NotJson,
    /// A compressed body, which was not asked for.
    Encoded,
    /// A body beyond the limit, in bytes.
    TooLarge(u64),
    /// JSON, but not of the contract's shape (or nested too deeply).
    Malformed,
    /// A status that says no.
    Status(u16),
    /// Nothing was sent: the audit log could not take the intent.
    NotWitnessed,
    /// Nothing was sent: the request cannot be made from these values.
    Unsendable,
}

/// An error of a server or of the way to it. Holds no text of anyone else and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError {
    /// What may be done next.
    pub class: Class,
    /// What was seen.
    pub fault: Fault,
    /// The route's template, for example `/api/auth/keys`; never with values filled in.
    pub endpoint: &'static str,
    /// How long the server asked to wait, clamped to 1 s … 1 h.
    pub retry_after: Option<Duration>,
    /// A change was not sent: what comes before it, such as the log-in, had failed. It says nothing of the change.
    pub unsent: bool,
}

impl ProviderError {
    /// An error without a wait.
    pub fn new(class: Class, fault: Fault, endpoint: &'static str) -> Self {
        Self {
            class,
            fault,
            endpoint,
            retry_after: None,
            unsent: false,
        }
    }

    /// The same, met on the way to a change that was then not sent.
    #[must_use]
    pub fn before_a_change(self) -> Self {
        Self {
            unsent: true,
            ..self
        }
    }

    /// The contract was broken on this route.
    pub fn malformed(endpoint: &'static str) -> Self {
        Self::new(Class::Protocol, Fault::Malformed, endpoint)
    }

    /// The error that a status outside 2xx and 3xx stands for.
    pub fn of_status(status: u16, endpoint: &'static str, retry_after: Option<Duration>) -> Self {
        let class = match status {
            401 => Class::Unauthorized,
            403 => Class::Forbidden,
            404 | 405 | 410 => Class::NotFound,
            409 => Class::Conflict,
            400..=499 if status == 429 => Class::RateLimited,
            400..=499 => Class::Invalid,
            500..=599 => Class::Unavailable,
            _ => Class::Protocol,
        };
        Self {
            class,
            fault: Fault::Status(status),
            endpoint,
            retry_after,
            unsent: false,
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} ({:?}) on {}",
            self.class, self.fault, self.endpoint
        )
    }
}

impl std::error::Error for ProviderError {}
