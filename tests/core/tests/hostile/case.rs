//! One hostile reply, and the answer that is expected of Keystead.

use domain::Notice;
use providers::{Class, Fault};
use std::time::Duration;

/// A reply, byte by byte, with its expected error beside it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) expect: Expect,
    pub(crate) wait: Wait,
    /// The bytes of a body that is wholly sent; what is over an endpoint's cap is `TooLarge` there.
    pub(crate) body: usize,
}

/// What the server does, in order; then it ends the connection as TLS wants it, unless a step says otherwise.
pub(crate) enum Step {
    Bytes(Vec<u8>),
    /// These bytes so many times.
    Again(Vec<u8>, usize),
    /// These bytes one at a time, over and over, each well within the wait for a next piece.
    Drip(Vec<u8>),
    /// Nothing, for as long as the client stays.
    Silence,
    /// Bytes that are no TLS, in the middle of it.
    NotTls,
    /// The connection ends without TLS's own goodbye.
    Cut,
    /// The connection is torn down.
    Reset,
    /// The connection stays for the next request.
    Keep,
}

/// What Keystead must make of it.
pub(crate) enum Expect {
    /// The same fault at every endpoint; of a change, nothing is known then.
    Fails(Class, Fault),
    /// The status decides: its class, and the wait that it asks for, in seconds.
    Says(u16, Class, Option<u64>),
    /// The 500 that means a 401 (`ekodb.md` §2.1).
    SaysStale,
    /// A 2xx that is no whole reply: enough for a change, an error with this status for a read.
    Partial(u16),
    /// A 2xx that is something else than JSON: enough for a change.
    NotJson,
    /// A body larger than any endpoint reads.
    TooLarge,
    /// A whole JSON reply, read by the endpoints whose letters these are and malformed to the others.
    Reads(&'static str),
    /// As `Reads("k")`, and these are the keys.
    Lists(Vec<Listed>),
    /// A status that says no in words that matter: a refusal to the probes whose letters these are, somebody else's
    /// page to the others that would take the status for one, and to the rest what `Says` is.
    Denies(u16, Class, &'static str),
    /// A key's own rights as these letters read them, in these words; else as `Reads("rhfpn")`.
    Owns(&'static str, &'static str),
    /// A key that was made, as its maker reads it; else as `Reads("rhf")`.
    Makes(Made),
}

/// A made key as it must be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) has_secret: bool,
    pub(crate) lags: bool,
    pub(crate) record: Listed,
}

/// One key as it must be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) has_id: bool,
    pub(crate) has_fingerprint: bool,
    pub(crate) notices: Vec<Notice>,
}

/// Which of the client's own deadlines can end the case.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    /// None within a test: a busy machine makes no case fail.
    Patient,
    /// Only the one between two pieces of a reply.
    Pieces,
    /// Only the one over everything.
    Total,
}

impl Wait {
    pub(crate) fn timing(self) -> providers::Timing {
        let (long, short) = (Duration::from_mins(10), Duration::from_millis(800));
        let (read, total) = match self {
            Self::Patient => (long, long),
            Self::Pieces => (short, long),
            Self::Total => (long, short),
        };
        providers::Timing {
            connect: long,
            read,
            total,
            retry_wait: Duration::from_millis(1),
            retries: 2,
        }
    }
}

/// A mark in every hostile text, so that it can be found where it must not be.
pub(crate) const MARK: &str = "hOsTiLe";
/// A key's value as a list shows it; it must be in nothing that is kept or told.
pub(crate) const VALUE: &str = "eko_prod_hOsTiLe0123456789abcdefghij";
/// An id as the contract wants it.
pub(crate) const ID: &str = "0123456789abcdef0123456789abcdef";

/// Status line and headers of a JSON reply, up to and without the empty line.
pub(crate) const JSON_HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// A reply of these bytes, after which the connection ends.
pub(crate) fn raw(name: impl Into<String>, bytes: impl Into<Vec<u8>>, expect: Expect) -> Case {
    steps(name, vec![Step::Bytes(bytes.into())], expect)
}

/// A reply of these steps.
pub(crate) fn steps(name: impl Into<String>, steps: Vec<Step>, expect: Expect) -> Case {
    Case {
        body: if matches!(expect, Expect::TooLarge) {
            usize::MAX
        } else {
            0
        },
        name: name.into(),
        steps,
        expect,
        wait: Wait::Patient,
    }
}

/// A whole and well-formed 200 with this JSON, or whatever else it is.
pub(crate) fn body(name: impl Into<String>, body: impl Into<Vec<u8>>, expect: Expect) -> Case {
    let body = body.into();
    let mut bytes = format!("{JSON_HEAD}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(&body);
    Case {
        body: body.len(),
        ..steps(name, vec![Step::Bytes(bytes), Step::Keep], expect)
    }
}

/// A whole 200 whose JSON is `before`, `piece` so many times, and `after`; it is never held as a whole.
pub(crate) fn vast(
    name: &str,
    before: &str,
    piece: (&str, usize),
    after: &str,
    expect: Expect,
) -> Case {
    let length = before.len() + piece.0.len() * piece.1 + after.len();
    let head = format!("{JSON_HEAD}Content-Length: {length}\r\n\r\n{before}");
    let many = Step::Again(piece.0.into(), piece.1);
    let all = vec![
        Step::Bytes(head.into()),
        many,
        Step::Bytes(after.into()),
        Step::Keep,
    ];
    Case {
        body: length,
        ..steps(name, all, expect)
    }
}

/// `head` lines, an empty line and `body`, with a length only where `head` has one.
pub(crate) fn reply(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\r\n\r\n{body}").into_bytes()
}
