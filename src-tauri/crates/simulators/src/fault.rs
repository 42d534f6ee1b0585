//! Faults as data: what goes wrong, on which requests, how often.

use serde::{Deserialize, Serialize};

/// One fault. It lets `skip` matching requests pass, then strikes `times` of them, then is gone.
///
/// Faults are tried in the order they were set. [`Effect::Delay`], [`Effect::RippleWarning`] and
/// [`Effect::DropRestrictions`] combine with a later one; any other effect ends the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// HTTP method in capitals; `None` = every method.
    pub method: Option<String>,
    /// Prefix of the path as sent (still percent-encoded, without the query).
    pub path: String,
    /// Matching requests let through first.
    pub skip: u32,
    /// Matching requests struck after that; `u32::MAX` = always.
    pub times: u32,
    /// What happens to them.
    pub effect: Effect,
}

impl Fault {
    /// A fault that strikes once. `method` `"*"` = every method.
    pub fn on(method: &str, path: &str, effect: Effect) -> Self {
        Self {
            method: (method != "*").then(|| method.to_owned()),
            path: path.to_owned(),
            skip: 0,
            times: 1,
            effect,
        }
    }

    /// A fault that strikes every matching request. `method` `"*"` = every method.
    pub fn always(method: &str, path: &str, effect: Effect) -> Self {
        Self {
            times: u32::MAX,
            ..Self::on(method, path, effect)
        }
    }

    /// The same fault, letting `skip` matching requests pass first.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// The same fault, striking `times` requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// What a fault does. "Not applied" = the server answers without having done what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Not applied: this status. `body` `None` = `{"error": reason}`; a body that is not JSON goes out as `text/plain`.
    Status {
        /// HTTP status.
        status: u16,
        /// `Retry-After` as is (number, date, rubbish); `None` = no such header.
        retry_after: Option<String>,
        /// Body as is.
        body: Option<String>,
    },
    /// Applied at once, answered `ms` milliseconds later (so a client that gives up has changed the server).
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Not applied, never answered; the connection stays open.
    Hang,
    /// Not applied: the TCP connection is reset without a reply.
    Reset,
    /// Applied: `Content-Length` promises more than is sent, then the connection closes.
    Truncated,
    /// Not applied: 200 with an HTML page, as a captive portal sends it.
    Html,
    /// Not applied: 200 with no body at all.
    Empty,
    /// Not applied: this status with `Location: to`.
    Redirect {
        /// HTTP status, 3xx.
        status: u16,
        /// The `Location`.
        to: String,
    },
    /// Applied: the true reply, really gzipped, with `Content-Encoding: gzip`.
    Encoded,
    /// Not applied: 200 and a chunked JSON array of at least `bytes` bytes that is never closed.
    Huge {
        /// Bytes sent before the connection closes.
        bytes: u64,
    },
    /// Not applied: 200 and a JSON array nested `levels` deep.
    Deep {
        /// Levels of nesting.
        levels: u32,
    },
    /// Applied: the true reply, one byte every `ms_per_byte` milliseconds.
    Drip {
        /// Milliseconds between bytes.
        ms_per_byte: u64,
    },
    /// Applied; then the TCP connection is reset without a reply.
    AppliedThenLost,
    /// Not applied: exactly this reply.
    Replace {
        /// HTTP status.
        status: u16,
        /// `Content-Type`.
        content_type: String,
        /// Body.
        body: String,
    },
    /// Applied: the reply, if it is an object, carries `ripple_warning` (`ekodb.md` 4.2).
    RippleWarning,
    /// Applied, but an edited grant loses its field lists, as before 0.79.2 (`ekodb.md` C9).
    DropRestrictions,
    /// Not applied: 500 with `Invalid token` in the body (`ekodb.md` 2.1).
    InvalidToken500,
}

/// What happens to connections as such, before there is a request: nothing of it reaches the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// They are served.
    #[default]
    Open,
    /// They are reset as soon as they are there; those already open with their next request. (A refusal by the system
    /// itself is had by [`crate::Server::stop`].)
    Refusing,
    /// They are accepted and never answered, the TLS handshake included; nor is a request on those already open.
    Silent,
}

impl Effect {
    fn combines(&self) -> bool {
        matches!(
            self,
            Self::Delay { .. } | Self::RippleWarning | Self::DropRestrictions
        )
    }
}

/// The effects for one request; faults that have struck often enough are removed.
pub(crate) fn strike(faults: &mut Vec<Fault>, method: &str, path: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for fault in faults.iter_mut() {
        if fault
            .method
            .as_deref()
            .is_some_and(|wanted| wanted != method)
            || !path.starts_with(&fault.path)
        {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            continue;
        }
        if fault.times == 0 {
            continue;
        }
        if fault.times != u32::MAX {
            fault.times -= 1;
        }
        effects.push(fault.effect.clone());
        if !fault.effect.combines() {
            break;
        }
    }
    faults.retain(|fault| fault.times > 0);
    effects
}
