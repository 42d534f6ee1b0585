//! A case met by the real client, at one endpoint after the other.

use crate::{
    ask::{PROBED, Told},
    case::{Case, Expect, Listed, MARK, Made, Step, VALUE, Wait},
    server::{Authority, Site},
    target::Target,
    token, verdict,
};
use async_trait::async_trait;
use domain::{Clock, LinkSpec, ListedKey, Secret, TlsMinimum, Trust, UnixMs};
use providers::{Class, Fault, Link, NotWitnessed, Performed, ProviderError, Witness};
use std::{fmt::Debug, sync::Arc};

/// What Keystead logs in with; it must be in no error.
const CREDENTIAL: &str = "eko_prod_credential_ABCDEFGHIJKLMNOP";

struct Still;

impl Clock for Still {
    fn now(&self) -> UnixMs {
        UnixMs(token::NOW * 1_000)
    }
}

struct Blind;

#[async_trait]
impl Witness for Blind {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        Ok(())
    }

    async fn logged_in(&self, _: Result<(), Class>) {}
}

/// A link to a server of this test, with this patience.
pub(crate) fn link(authority: &Authority, site: &Site, wait: Wait) -> Link {
    watched(authority, site, wait, Arc::new(Blind))
}

/// A link whose log-ins somebody sees.
pub(crate) fn watched(
    authority: &Authority,
    site: &Site,
    wait: Wait,
    witness: Arc<dyn Witness>,
) -> Link {
    let spec = LinkSpec {
        url: site.url.clone(),
        trust: Trust::OwnCa {
            pem: authority.pem.clone(),
        },
        tls_minimum: TlsMinimum::Tls13,
        allow_plain_loopback: false,
    };
    let credential = Secret::new(CREDENTIAL.to_owned());
    Link::new(&spec, credential, wait.timing(), Arc::new(Still), witness).unwrap()
}

/// Meets the case at every endpoint; what was not as expected.
pub(crate) async fn complaints(authority: &Authority, case: Case) -> Vec<String> {
    let site = authority.serve().await;
    let steps = Arc::new(case.steps);
    let keeps = matches!(steps.last(), Some(Step::Keep));
    let mut shared = None;
    let mut found = Vec::new();
    for target in Target::ALL {
        let fresh = || Arc::new(link(authority, &site, case.wait));
        // A connection that the server ends must not be met by the next endpoint.
        let link = if keeps && !target.is_log_in() {
            Arc::clone(shared.get_or_insert_with(fresh))
        } else {
            fresh()
        };
        let mut tries = 0;
        let outcome = loop {
            site.arm(target.request(), Arc::clone(&steps));
            let link = Arc::clone(&link);
            // In a task of its own, so that a panic is told with its case.
            let outcome = tokio::spawn(async move { target.ask(&link).await }).await;
            let reached = site.journal().iter().any(|seen| is_hostile(target, seen));
            tries += 1;
            // A deadline that fired on the way to the hostile reply says nothing about it.
            if reached || tries == 50 {
                break outcome;
            }
        };
        let told = match outcome {
            Ok(outcome) => {
                let mut told = match &outcome {
                    Ok(Told::Tried(said)) => {
                        let due = verdict::due(target, case.body, &case.expect);
                        verdict::complaints(target, &due, said)
                    }
                    Err(error) if target.is_probe() => vec![format!("{error:?} and no verdict")],
                    Ok(_) | Err(_) => judge(target, case.body, &case.expect, &outcome),
                };
                told.extend(counted(target, &case.expect, &site, &outcome));
                told.extend(leaks(&outcome));
                told
            }
            Err(broken) => vec![format!("panicked: {}", broken.is_panic())],
        };
        found.extend(
            told.into_iter()
                .map(|what| format!("{} at {target:?}: {what}", case.name)),
        );
    }
    found
}

fn is_hostile(target: Target, seen: &crate::server::Seen) -> bool {
    let (line, has_token) = target.request();
    line == seen.line && has_token == seen.has_token
}

type Outcome = Result<Told, ProviderError>;

fn judge(target: Target, body: usize, expect: &Expect, outcome: &Outcome) -> Vec<String> {
    let reads = |letters: &str| letters.contains(target.letter());
    match expect {
        Expect::Reads(_)
        | Expect::Lists(_)
        | Expect::Owns(..)
        | Expect::Makes(_)
        | Expect::TooLarge
            if body as u64 > target.cap() =>
        {
            let fault = Fault::TooLarge(target.cap());
            fails(target, Class::Protocol, fault, None, outcome)
        }
        Expect::TooLarge => vec!["its body is not said to be large".into()],
        Expect::Partial(_) | Expect::NotJson | Expect::Lists(_) if target.is_edit() => {
            performed(false, outcome)
        }
        Expect::NotJson => fails(target, Class::Protocol, Fault::NotJson, None, outcome),
        Expect::Fails(class, fault) => fails(target, *class, *fault, None, outcome),
        Expect::Says(_, Class::NotFound, _) | Expect::Denies(_, Class::NotFound, _)
            if target == Target::ProbeRights =>
        {
            done(outcome)
        }
        Expect::Says(status, class, wait) => {
            fails(target, *class, Fault::Status(*status), *wait, outcome)
        }
        Expect::Denies(status, class, _) => {
            fails(target, *class, Fault::Status(*status), None, outcome)
        }
        Expect::SaysStale if target.renews() => fails(
            target,
            Class::Unauthorized,
            Fault::Status(401),
            None,
            outcome,
        ),
        Expect::SaysStale => fails(
            target,
            Class::Unavailable,
            Fault::Status(500),
            None,
            outcome,
        ),
        Expect::Partial(status) => fails(
            target,
            Class::Protocol,
            Fault::Status(*status),
            None,
            outcome,
        ),
        Expect::Makes(expected) if target == Target::Create => made(expected, outcome),
        Expect::Reads(letters) if target.is_edit() => performed(reads(letters), outcome),
        Expect::Owns(..) | Expect::Makes(_) if target.is_edit() => performed(false, outcome),
        Expect::Reads(letters) if reads(letters) => done(outcome),
        Expect::Owns(..) if reads("rhfpn") => done(outcome),
        Expect::Makes(_) if reads("rhf") => done(outcome),
        Expect::Lists(keys) if reads("k") => listed(keys, outcome),
        Expect::Reads(_) | Expect::Lists(_) | Expect::Owns(..) | Expect::Makes(_) => {
            fails(target, Class::Protocol, Fault::Malformed, None, outcome)
        }
    }
}

fn fails(
    target: Target,
    class: Class,
    fault: Fault,
    wait: Option<u64>,
    outcome: &Outcome,
) -> Vec<String> {
    // A 408 says that somebody gave up waiting, not that nothing was done.
    let denied = matches!(fault, Fault::Status(400..=407 | 409..=499));
    let class = if target.is_change() && !denied {
        Class::OutcomeUnknown
    } else {
        class
    };
    let expected = ProviderError {
        retry_after: wait.map(std::time::Duration::from_secs),
        ..ProviderError::new(class, fault, target.endpoint())
    };
    match outcome {
        Err(error) if *error == expected => Vec::new(),
        Err(error) => vec![format!("{error:?} instead of {expected:?}")],
        Ok(_) => vec![format!("read instead of {expected:?}")],
    }
}

fn done(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Ok(_) => Vec::new(),
        Err(error) => vec![format!("{error:?} instead of read")],
    }
}

fn performed(tells: bool, outcome: &Outcome) -> Vec<String> {
    match outcome {
        Ok(Told::Performed(Performed::Over(_))) if tells => Vec::new(),
        Ok(Told::Performed(Performed::Untold)) if !tells => Vec::new(),
        Ok(Told::Performed(other)) => vec![format!("{other:?}, telling: {tells}")],
        Ok(_) => vec!["no change was performed".into()],
        Err(error) => vec![format!("{error:?} instead of performed")],
    }
}

fn listed(expected: &[Listed], outcome: &Outcome) -> Vec<String> {
    let keys = match outcome {
        Ok(Told::Keys(keys) | Told::Located(providers::Located { keys, .. })) => keys,
        Ok(_) => return vec!["no list".into()],
        Err(error) => return vec![format!("{error:?} instead of a list")],
    };
    let seen: Vec<Listed> = keys.iter().map(seen).collect();
    if seen == expected {
        Vec::new()
    } else {
        vec![format!("{seen:?} instead of {expected:?}")]
    }
}

fn made(expected: &Made, outcome: &Outcome) -> Vec<String> {
    let key = match outcome {
        Ok(Told::Made(key)) => key,
        Ok(_) => return vec!["no key was made".into()],
        Err(error) => return vec![format!("{error:?} instead of a key")],
    };
    let seen = Made {
        has_secret: key.secret.is_some(),
        lags: key.lags,
        record: key.record.as_ref().map(seen).unwrap_or_default(),
    };
    if seen == *expected {
        Vec::new()
    } else {
        vec![format!("{seen:?} instead of {expected:?}")]
    }
}

fn seen(key: &ListedKey) -> Listed {
    Listed {
        has_id: key.identity.remote_id.is_some(),
        has_fingerprint: key.identity.fingerprint.is_some(),
        notices: key.notices.clone(),
    }
}

/// How often the server was asked: a change once, a read again only where the contract says so.
fn counted(target: Target, expect: &Expect, site: &Site, outcome: &Outcome) -> Vec<String> {
    let journal = site.journal();
    let asked = journal
        .iter()
        .filter(|seen| is_hostile(target, seen))
        .count();
    let expected = match expect {
        _ if target.is_change() || target.is_log_in() => 1,
        Expect::Says(401, ..) | Expect::Denies(401, ..) | Expect::SaysStale if target.renews() => 2,
        Expect::Says(502..=504, _, None) => 3,
        Expect::Says(..)
        | Expect::SaysStale
        | Expect::Denies(..)
        | Expect::Owns(..)
        | Expect::Makes(_)
        | Expect::Fails(..)
        | Expect::Partial(_)
        | Expect::NotJson
        | Expect::TooLarge
        | Expect::Reads(_)
        | Expect::Lists(_) => 1,
    };
    let mut found = Vec::new();
    if asked != expected {
        let went = outcome.as_ref().err().map(ToString::to_string);
        found.push(format!(
            "asked {asked} times instead of {expected} ({went:?})"
        ));
    }
    let changes = journal
        .iter()
        .filter(|seen| !seen.line.starts_with("GET ") && seen.line != "POST /api/auth/token");
    if changes.count() != usize::from(target.is_change()) {
        found.push("a change was sent more than once, or where none belongs".into());
    }
    if journal.iter().any(|seen| seen.has_cookie) {
        found.push("a cookie was sent".into());
    }
    found
}

/// Nothing that is told or kept holds a secret, and no error holds a server's text.
fn leaks(outcome: &Outcome) -> Vec<String> {
    let shown = match outcome {
        Ok(Told::Keys(keys)) => kept(keys),
        Ok(Told::Located(located)) => kept(&located.keys) + &format!("{located:?}"),
        Ok(Told::Performed(performed)) => format!("{performed:?}"),
        Ok(Told::Made(made)) => {
            let shown = format!("{made:?}") + &kept(&made.record);
            // A value that no member of the reply calls one is a text like any other.
            let shown = if made.secret.is_some() {
                shown
            } else {
                shown.replace(VALUE, "")
            };
            return secrets(&shown);
        }
        Ok(Told::Tried(tried)) => return verdict::leaks(tried),
        Ok(Told::Done) => String::new(),
        Err(error) => return speaks(&(format!("{error} {error:?}"))),
    };
    secrets(&shown)
}

/// The secrets in a text that is told or kept.
pub(crate) fn secrets(shown: &str) -> Vec<String> {
    let secrets = [VALUE, CREDENTIAL, PROBED, "aaa.bbb", "eyJ"];
    let found = secrets.iter().filter(|secret| shown.contains(**secret));
    found.map(|_| "a secret is kept".to_owned()).collect()
}

/// An error's text, looked through for what is not Keystead's own.
pub(crate) fn speaks(text: &str) -> Vec<String> {
    let foreign = [
        MARK,
        CREDENTIAL,
        PROBED,
        "expected",
        "invalid",
        "line 1",
        "127.0.0.1",
        "hyper",
        "rustls",
        "Bearer",
        "eyJ",
    ];
    let found = foreign.iter().filter(|word| text.contains(**word));
    found
        .map(|word| format!("an error says {word:?}"))
        .collect()
}

fn kept(keys: &(impl Debug + serde::Serialize)) -> String {
    format!("{keys:?}") + &serde_json::to_string(keys).unwrap()
}
