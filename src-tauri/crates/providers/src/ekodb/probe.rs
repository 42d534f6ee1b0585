//! What a key's own secret is answered (`rotation.md`, the table of ekoDB; E1, E3, E5d, E5m).

use super::{ABOUT, client, dialect, rights, wire};
use crate::{
    Fault, Link, OwnRights, ProbeSession, ProviderError, Tried,
    http::{CAP_KEYS, CAP_LIST, Reply, Request},
    json::Object,
};
use domain::{Identity, RemoteId, RightsGrid, Secret, ServerFacts};
use std::collections::BTreeSet;

/// The refusal of a key that does not exist, in the server's words (§6).
const DEAD_KEY: &str = "API key not found or revoked";
const OWN_ROUTE: &str = "/api/auth/permissions";
const ME_ROUTE: &str = "/api/auth/keys/me/permissions";
const DECLARED_ROUTE: &str = "/api/auth/keys/{id}/permissions";

/// (a), the negative control and (e). Another 4xx than 401 counts as a refusal only with the server's own text.
pub(super) async fn sign_in(link: &Link, secret: &Secret) -> Tried<ProbeSession> {
    let asked = "POST /api/auth/token";
    let (mut status, mut is_dead) = (None, false);
    let outcome = link
        .witnessed(client::TOKEN_ROUTE, async {
            let reply = client::ask_for_token(link, secret).await?;
            status = Some(reply.status);
            if (200..300).contains(&reply.status) {
                return client::token_in(&reply);
            }
            let foreign = reply.foreign().filter(|_| reply.status == 401);
            is_dead = match reply.status {
                // Too many requests is never a verdict, whatever it says.
                429 => false,
                401 if foreign.is_none() => true,
                400..=499 => reply.says(DEAD_KEY),
                _ => false,
            };
            Err(match foreign {
                Some(foreign) if !is_dead => foreign,
                _ => reply.refusal(),
            })
        })
        .await;
    match outcome {
        Ok(token) => Tried::Accepted {
            value: ProbeSession {
                ends: client::life_of(&token)
                    .map(|life| link.clock.now().plus(life))
                    .or_else(|| client::end_of(&token)),
                token,
            },
            seen: seen(asked, status, None),
        },
        Err(_) if is_dead => Tried::Refused {
            seen: seen(asked, status, None),
        },
        Err(error) => Tried::Unclear {
            seen: seen(asked, status, Some(&error)),
            error,
        },
    }
}

/// (a), (b), (c): E5m `me` on `modern`, E5d elsewhere.
pub(super) async fn own_rights(
    link: &Link,
    facts: &ServerFacts,
    session: &ProbeSession,
) -> Tried<OwnRights> {
    let modern = facts.dialect.as_deref() == Some(dialect::MODERN);
    let (endpoint, segments): (_, &[&str]) = if modern {
        (ME_ROUTE, &["api", "auth", "keys", "me", "permissions"])
    } else {
        (OWN_ROUTE, &["api", "auth", "permissions"])
    };
    let request = Request {
        bearer: Some(&session.token),
        cap: CAP_LIST,
        ..Request::get(endpoint, segments)
    };
    let reply = link.http.read(&request).await;
    tried(endpoint, reply, 401, |reply| own(reply, modern))
}

/// (d): E3 with the key's own session. A 200 would hold every secret; it is wiped unread, and a page of somebody
/// else's is none.
pub(super) async fn try_denied(link: &Link, session: &ProbeSession) -> Tried<()> {
    let request = Request {
        bearer: Some(&session.token),
        cap: CAP_KEYS,
        ..Request::get(ABOUT.key_list, &["api", "auth", "keys"])
    };
    let reply = link.http.read(&request).await;
    tried(ABOUT.key_list, reply, 403, Reply::whole)
}

/// (b): E5m by id, with the administrator's session. Elsewhere the list says all.
pub(super) async fn declared_rights(
    link: &Link,
    facts: &ServerFacts,
    identity: &Identity,
) -> Option<Tried<RightsGrid>> {
    let id = identity.remote_id.as_ref()?;
    if facts.dialect.as_deref() != Some(dialect::MODERN) {
        return None;
    }
    let segments = ["api", "auth", "keys", &id.0, "permissions"];
    let reply = client::get(link, DECLARED_ROUTE, &segments, &[], CAP_LIST).await;
    Some(tried(DECLARED_ROUTE, reply, 401, |reply| {
        own(reply, true).map(|own| own.rights)
    }))
}

/// Sorts a reply; `refusal` is the one status that means no here, unless somebody else says it.
fn tried<T>(
    endpoint: &'static str,
    reply: Result<Reply, ProviderError>,
    refusal: u16,
    read: impl FnOnce(&Reply) -> Result<T, ProviderError>,
) -> Tried<T> {
    let asked = format!("GET {endpoint}");
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) => {
            let seen = seen(&asked, None, Some(&error));
            return Tried::Unclear { seen, error };
        }
    };
    let seen = seen(&asked, Some(reply.status), None);
    let outcome = if reply.status == refusal {
        match reply.foreign() {
            None => return Tried::Refused { seen },
            Some(foreign) => Err(foreign),
        }
    } else if (200..300).contains(&reply.status) {
        read(&reply)
    } else {
        Err(reply.refusal())
    };
    match outcome {
        Ok(value) => Tried::Accepted { value, seen },
        Err(error) => Tried::Unclear { seen, error },
    }
}

/// Request and status in our words. Of a reply that was not kept, its error still tells what came.
fn seen(asked: &str, status: Option<u16>, error: Option<&ProviderError>) -> String {
    let came = match (status, error.map(|error| error.fault)) {
        (Some(status), _) | (None, Some(Fault::Status(status) | Fault::Redirect(status))) => {
            return format!("{asked} {status}");
        }
        (None, Some(Fault::NotWitnessed | Fault::Unsendable)) => "not sent",
        (None, Some(Fault::NotJson | Fault::Encoded | Fault::TooLarge(_) | Fault::Malformed)) => {
            "no readable answer"
        }
        (
            None,
            Some(Fault::Unreachable | Fault::Certificate | Fault::Broken | Fault::TimedOut) | None,
        ) => "no answer",
    };
    format!("{asked}, {came}")
}

fn own(reply: &Reply, modern: bool) -> Result<OwnRights, ProviderError> {
    shown(reply.json::<wire::OwnPermissions>()?, modern)
        .ok_or_else(|| ProviderError::malformed(reply.endpoint))
}

/// What the secret is told, where that is all of it: a reply that leaves out what its dialect always names, says
/// something twice or names rights that no column has would make a wider key look equal.
pub(super) fn shown(own: wire::OwnPermissions, modern: bool) -> Option<OwnRights> {
    let kv = match own.kv {
        Some(kv) => kv,
        None if modern => return None,
        None => Vec::new(),
    };
    let grants = || own.collections.0.values();
    let actions = rights::actions_in(grants());
    let shows_rules = grants().all(|grant| matches!(grant, wire::Grant::Object(_)));
    let mut rows = Vec::new();
    for (name, grant) in own.collections.0 {
        let (row, leftover) = rights::row(name, grant, &actions);
        if rights::names_more(&leftover) {
            return None;
        }
        rows.push(row);
    }
    let mut prefixes = BTreeSet::new();
    for Object(grant) in kv {
        if !prefixes.insert(grant.prefix.clone()) {
            return None;
        }
        rows.push(rights::kv_row(grant, &actions));
    }
    Some(OwnRights {
        label: own.label,
        remote_id: own.key_id.map(RemoteId),
        rights: RightsGrid {
            columns: ABOUT.columns_of(&actions),
            rows,
            admin: own.admin,
        },
        shows_rules,
    })
}
