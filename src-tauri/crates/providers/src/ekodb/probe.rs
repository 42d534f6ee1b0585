//! What a key's own secret is answered (`rotation.md`, the table of ekoDB; E1, E3, E5d, E5m).

use super::{ABOUT, client, dialect, rights, wire};
use crate::{
    Link, OwnRights, ProbeSession, ProviderError, Tried,
    http::{CAP_KEYS, CAP_LIST, Reply, Request},
    json::Object,
};
use domain::{Identity, RemoteId, RightsGrid, Secret, ServerFacts};

/// The refusal of a key that does not exist, in the server's words (§6).
const DEAD_KEY: &str = "API key not found or revoked";
const OWN_ROUTE: &str = "/api/auth/permissions";
const ME_ROUTE: &str = "/api/auth/keys/me/permissions";
const DECLARED_ROUTE: &str = "/api/auth/keys/{id}/permissions";

/// (a), the negative control and (e). Another 4xx than 401 counts as a refusal only with the server's own text.
pub(super) async fn sign_in(link: &Link, secret: &Secret) -> Tried<ProbeSession> {
    let asked = "POST /api/auth/token";
    let mut status = None;
    let outcome = link
        .witnessed(client::TOKEN_ROUTE, async {
            let reply = client::ask_for_token(link, secret).await?;
            status = Some(reply.status);
            if (200..300).contains(&reply.status) {
                return Ok(Some(client::token_in(&reply)?));
            }
            let dead =
                reply.status == 401 || ((400..500).contains(&reply.status) && reply.says(DEAD_KEY));
            if dead { Ok(None) } else { Err(reply.refusal()) }
        })
        .await;
    let seen = match status {
        Some(status) => format!("{asked} {status}"),
        None => format!("{asked}, no answer"),
    };
    match outcome {
        Ok(Some(token)) => Tried::Accepted {
            value: ProbeSession { token },
            seen,
        },
        Ok(None) => Tried::Refused { seen },
        Err(error) => Tried::Unclear { seen, error },
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
    tried(endpoint, reply, 401, own)
}

/// (d): E3 with the key's own session. A 200 would hold every secret; it is wiped unread.
pub(super) async fn try_denied(link: &Link, session: &ProbeSession) -> Tried<()> {
    let request = Request {
        bearer: Some(&session.token),
        cap: CAP_KEYS,
        ..Request::get(ABOUT.key_list, &["api", "auth", "keys"])
    };
    let reply = link.http.read(&request).await;
    tried(ABOUT.key_list, reply, 403, |_| Ok(()))
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
        own(reply).map(|own| own.rights)
    }))
}

/// Sorts a reply; `refusal` is the one status that means no here.
fn tried<T>(
    endpoint: &'static str,
    reply: Result<Reply, ProviderError>,
    refusal: u16,
    read: impl FnOnce(&Reply) -> Result<T, ProviderError>,
) -> Tried<T> {
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) => {
            let seen = format!("GET {endpoint}, no answer");
            return Tried::Unclear { seen, error };
        }
    };
    let seen = format!("GET {endpoint} {}", reply.status);
    if reply.status == refusal {
        return Tried::Refused { seen };
    }
    let value = if (200..300).contains(&reply.status) {
        read(&reply)
    } else {
        Err(reply.refusal())
    };
    match value {
        Ok(value) => Tried::Accepted { value, seen },
        Err(error) => Tried::Unclear { seen, error },
    }
}

fn own(reply: &Reply) -> Result<OwnRights, ProviderError> {
    let own = reply.json::<wire::OwnPermissions>()?;
    let actions = rights::actions_in(own.collections.0.values());
    let shows_rules = own
        .collections
        .0
        .values()
        .all(|grant| matches!(grant, wire::Grant::Object(_)));
    let collections = own.collections.0.into_iter();
    let rows = collections.map(|(name, grant)| rights::row(name, grant, &actions).0);
    let kv = own.kv.unwrap_or_default().into_iter();
    let rows = rows
        .chain(kv.map(|Object(grant)| rights::kv_row(grant, &actions)))
        .collect();
    Ok(OwnRights {
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
