//! What a probe must say of a reply, and in which words. Only what the contract has for yes and no is one; all the
//! rest proves nothing.

use crate::{
    case::{Expect, MARK},
    target::Target,
    trial,
};
use providers::{Class, Fault, ProviderError, Tried};
use std::time::Duration;

/// What a probe must make of a case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes; of rights, in these words.
    Yes(Option<&'static str>),
    No,
    Unclear(Class, Fault, Option<u64>),
}

/// The verdict on a case with a body of this size.
pub(crate) fn due(target: Target, body: usize, expect: &Expect) -> Verdict {
    let unclear = |class, fault| Verdict::Unclear(class, fault, None);
    let reads = |letters: &str, words| {
        // The list of keys that a key must not get is dropped unread.
        if target == Target::TryDenied || letters.contains(target.letter()) {
            Verdict::Yes(words)
        } else {
            unclear(Class::Protocol, Fault::Malformed)
        }
    };
    if body as u64 > target.cap() {
        return unclear(Class::Protocol, Fault::TooLarge(target.cap()));
    }
    match expect {
        Expect::Fails(class, fault) => unclear(*class, *fault),
        Expect::Says(status, class, wait) => match target.no() {
            Some((_, no)) if no == *status => Verdict::No,
            _ => Verdict::Unclear(*class, Fault::Status(*status), *wait),
        },
        Expect::Denies(status, class, letters) => match target.no() {
            Some((letter, _)) if letters.contains(letter) => Verdict::No,
            Some((_, no)) if no == *status => unclear(Class::Protocol, Fault::NotJson),
            _ => unclear(*class, Fault::Status(*status)),
        },
        Expect::SaysStale if target.renews() => unclear(Class::Unauthorized, Fault::Status(401)),
        Expect::SaysStale => unclear(Class::Unavailable, Fault::Status(500)),
        Expect::Partial(status) => unclear(Class::Protocol, Fault::Status(*status)),
        Expect::NotJson => unclear(Class::Protocol, Fault::NotJson),
        Expect::TooLarge => unclear(Class::Protocol, Fault::TooLarge(target.cap())),
        Expect::Reads(letters) => reads(letters, None),
        Expect::Owns(letters, words) => reads(letters, Some(*words)),
        Expect::Lists(_) => reads("k", None),
        Expect::Makes(_) => reads("", None),
    }
}

/// What of a verdict is not as it is due.
pub(crate) fn complaints(target: Target, due: &Verdict, tried: &Tried<String>) -> Vec<String> {
    let mut found = Vec::new();
    let came = match (tried, due) {
        (Tried::Accepted { value, .. }, Verdict::Yes(words)) => {
            let is_told = words.is_none_or(|words| target == Target::TryDenied || words == value);
            if !is_told {
                found.push(format!("{value:?} instead of {words:?}"));
            }
            "2"
        }
        (Tried::Refused { .. }, Verdict::No) => "4",
        (Tried::Unclear { error, .. }, Verdict::Unclear(class, fault, wait)) => {
            let expected = ProviderError {
                retry_after: wait.map(Duration::from_secs),
                ..ProviderError::new(*class, *fault, target.endpoint())
            };
            if *error != expected {
                found.push(format!("{error:?} instead of {expected:?}"));
            }
            ""
        }
        (tried, due) => return vec![format!("{tried:?} instead of {due:?}")],
    };
    found.extend(words(target, due, came, tried.seen()));
    found
}

/// What was seen is the request and what came of it, nothing else.
fn words(target: Target, due: &Verdict, came: &str, seen: &str) -> Option<String> {
    let method = target.request().0;
    let method = method.split(' ').next().unwrap_or_default();
    let asked = format!("{method} {}", target.endpoint());
    let rest = seen.strip_prefix(&asked).unwrap_or("?");
    let is_status = |first: &str| {
        let status = rest.strip_prefix(' ').unwrap_or_default();
        status.len() == 3 && status.starts_with(first) && status.parse::<u16>().is_ok()
    };
    let is_right = match due {
        Verdict::Yes(_) | Verdict::No => is_status(came),
        Verdict::Unclear(_, Fault::Status(status) | Fault::Redirect(status), _) => {
            rest == format!(" {status}")
        }
        Verdict::Unclear(_, Fault::Malformed, _) => is_status("2"),
        Verdict::Unclear(_, Fault::NotJson, _) => is_status("2") || is_status("4"),
        Verdict::Unclear(_, Fault::Encoded | Fault::TooLarge(_), _) => {
            rest == ", no readable answer"
        }
        Verdict::Unclear(..) => rest == ", no answer",
    };
    (!is_right).then(|| format!("it was seen as {seen:?} ({due:?})"))
}

/// Nothing that a probe tells holds a secret; of a verdict that is no yes, no word is the server's either.
pub(crate) fn leaks(tried: &Tried<String>) -> Vec<String> {
    match tried {
        Tried::Accepted { value, seen } => {
            let mut found = trial::secrets(value);
            found.extend(trial::speaks(seen));
            found.extend(seen.contains(MARK).then(|| "foreign words are seen".into()));
            found
        }
        Tried::Refused { .. } | Tried::Unclear { .. } => {
            let mut text = format!("{tried:?}");
            if let Tried::Unclear { error, .. } = tried {
                text += &error.to_string();
            }
            trial::speaks(&text)
        }
    }
}
