//! ekoDB. The wire contract is `ekodb.md`; section numbers in this folder are its.

mod change;
mod client;
mod create;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod listing;
mod probe;
mod record;
mod rights;
mod send;
mod wire;

use crate::{
    About, Call, CallSecrets, CreatePlan, EditableColumn, KeySpec, Link, Located, NewKey,
    OwnRights, Performed, ProbeSession, Provider, ProviderError, Refusal, Tried, Wanted, http,
};
use async_trait::async_trait;
use domain::{
    Capabilities, Capability, Column, Fact, Identity, ListedKey, Resource, RightsGrid, Secret,
    ServerFacts, TlsMinimum,
};

/// ekoDB deployments, self-hosted or on app.ekodb.io.
pub(crate) struct Ekodb;

static ABOUT: About = About {
    id: "ekodb",
    name: "ekoDB",
    columns: &[
        ("read", "read"),
        ("write", "write"),
        ("delete", "delete"),
        ("admin", "schema admin"),
    ],
    key_list: "/api/auth/keys",
    tls_minimum: TlsMinimum::Tls13,
    credential: "admin key",
    credential_found: "In app.ekodb.io, under Keys of the deployment. A key without admin rights cannot list keys.",
    url_example: "https://mydb.production.google.ekodb.net",
    secret_prefix: "eko_ks_",
    variables: &["EKODB_API_KEY", "API_KEY"],
    advice: &[
        "Keep it in an environment variable or a secrets manager, never in source code, version control or code that runs at a client.",
        "Give each service and each environment a key of its own.",
        "Never put an admin key into an application.",
    ],
    proof_requests: 20,
    session_life: client::ASSUMED_LIFE,
};

/// The most collections that are taken from a server, and fields of one collection.
const NAMES_MAX: usize = 100_000;

/// The three generations of the permission surface (§1), as kept in [`ServerFacts::dialect`].
mod dialect {
    pub(super) const MODERN: &str = "modern";
    pub(super) const LEGACY: &str = "legacy";
    pub(super) const DOCS: &str = "docs";
}

#[async_trait]
impl Provider for Ekodb {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn capabilities(&self, facts: &ServerFacts) -> Capabilities {
        let never = Capability::no;
        let edit_rights = match facts.dialect.as_deref() {
            Some(dialect::MODERN | dialect::LEGACY) => Capability::Api,
            Some(_) => {
                never("this server's version does not say how it wants rights to be changed")
            }
            None => never("the server's version is not known yet"),
        };
        Capabilities {
            create: Capability::Api,
            pause: edit_rights.clone(),
            edit_rights,
            rename: never("ekoDB fixes label and description when a key is made"),
            revoke: Capability::Api,
            expiry: never("ekoDB keys do not expire"),
            ip_sources: never(
                "ekoDB restricts addresses for the whole deployment, in app.ekodb.io",
            ),
            referers: never("ekoDB does not restrict referers"),
            rate: never("ekoDB limits the deployment's requests, not a key's"),
            last_used: never("ekoDB does not say"),
        }
    }

    /// E15, without a token.
    async fn reach(&self, link: &Link) -> Result<(), ProviderError> {
        client::health(link, None).await.map(|_| ())
    }

    /// E1.
    async fn log_in(&self, link: &Link) -> Result<(), ProviderError> {
        client::session(link).await.map(|_| ())
    }

    /// §2.2: health without a token, token, the `modern` probe, health with the token.
    async fn probe(&self, link: &Link) -> Result<ServerFacts, ProviderError> {
        client::health(link, None).await?;
        let own_permissions = ["api", "auth", "keys", "me", "permissions"];
        let probe = client::get(
            link,
            "/api/auth/keys/me/permissions",
            &own_permissions,
            &[],
            http::CAP_LIST,
        )
        .await;
        let is_modern = match probe {
            Ok(reply) => reply.json::<wire::PermissionsFamily>().map(|_| true)?,
            Err(error) if error.class == crate::Class::NotFound => false,
            Err(error) => return Err(error),
        };
        let token = client::session(link).await?;
        let (health, rate) = client::health(link, Some(&token.token)).await?;
        let version = health.version;
        let dialect = match version.as_deref() {
            _ if is_modern => dialect::MODERN,
            Some(text) if keeps_restrictions(text) => dialect::LEGACY,
            Some(_) | None => dialect::DOCS,
        };
        Ok(ServerFacts {
            shown: shown(
                dialect,
                version.as_deref(),
                &health.status,
                health.integrity_ok,
                rate,
            ),
            dialect: Some(dialect.to_owned()),
            version,
            requests_per_minute: rate,
            at: Some(link.clock.now()),
        })
    }

    /// E3.
    async fn list_keys(&self, link: &Link) -> Result<Vec<ListedKey>, ProviderError> {
        let reply = client::get(
            link,
            ABOUT.key_list,
            &["api", "auth", "keys"],
            &[],
            http::CAP_KEYS,
        )
        .await?;
        let records = record::records(reply.json_bytes()?)
            .map_err(|_| ProviderError::malformed(reply.endpoint))?;
        Ok(listing::keys(records, &ABOUT))
    }

    async fn locate(&self, link: &Link, wanted: Wanted<'_>) -> Result<Located, ProviderError> {
        let reply = client::get(
            link,
            ABOUT.key_list,
            &["api", "auth", "keys"],
            &[],
            http::CAP_KEYS,
        )
        .await?;
        record::locate(reply.json_bytes()?, wanted, &ABOUT)
            .map_err(|_| ProviderError::malformed(reply.endpoint))
    }

    fn editable(
        &self,
        facts: &ServerFacts,
        kind: &str,
        action: &str,
    ) -> Result<EditableColumn, Refusal> {
        change::editable(facts, kind, action)
    }

    fn plan_rights(
        &self,
        facts: &ServerFacts,
        identity: &Identity,
        base: &RightsGrid,
        desired: &RightsGrid,
    ) -> Result<Vec<Call>, Refusal> {
        change::plan(facts, identity, base, desired)
    }

    fn plan_create(&self, facts: &ServerFacts, spec: &KeySpec) -> Result<CreatePlan, Refusal> {
        create::plan(facts, spec)
    }

    fn plan_pause(
        &self,
        facts: &ServerFacts,
        identity: &Identity,
        base: &RightsGrid,
    ) -> Result<(RightsGrid, Vec<Call>), Refusal> {
        create::plan_pause(facts, identity, base)
    }

    fn allows_more(&self, key: &ListedKey) -> bool {
        let leftovers = key.extras.get("collection_permissions");
        let mut leftovers = leftovers
            .and_then(serde_json::Value::as_object)
            .into_iter()
            .flatten();
        leftovers.any(|(_, leftover)| leftover.as_object().is_some_and(rights::names_more))
    }

    fn plan_revoke(&self, identity: &Identity) -> Result<Call, Refusal> {
        create::plan_revoke(identity)
    }

    async fn create(
        &self,
        link: &Link,
        call: &Call,
        secrets: &CallSecrets,
    ) -> Result<NewKey, ProviderError> {
        create::create(link, call, secrets).await
    }

    async fn sign_in(&self, link: &Link, secret: &Secret) -> Tried<ProbeSession> {
        probe::sign_in(link, secret).await
    }

    async fn own_rights(
        &self,
        link: &Link,
        facts: &ServerFacts,
        session: &ProbeSession,
    ) -> Tried<OwnRights> {
        probe::own_rights(link, facts, session).await
    }

    async fn try_denied(&self, link: &Link, session: &ProbeSession) -> Tried<()> {
        probe::try_denied(link, session).await
    }

    async fn declared_rights(
        &self,
        link: &Link,
        facts: &ServerFacts,
        identity: &Identity,
    ) -> Option<Tried<RightsGrid>> {
        probe::declared_rights(link, facts, identity).await
    }

    async fn perform(
        &self,
        link: &Link,
        call: &Call,
        secrets: &CallSecrets,
        columns: &[Column],
    ) -> Result<Performed, ProviderError> {
        change::perform(link, call, secrets, columns).await
    }

    /// E16, without the server's internal collections.
    async fn resources(&self, link: &Link) -> Result<Vec<Resource>, ProviderError> {
        let query = [("exclude_internal", "true")];
        let reply = client::get(
            link,
            "/api/collections",
            &["api", "collections"],
            &query,
            http::CAP_LIST,
        )
        .await?;
        let mut names = reply.json::<wire::Collections>()?.collections;
        if names.len() > NAMES_MAX {
            return Err(ProviderError::malformed(reply.endpoint));
        }
        names.retain(|name| rights::is_name(name));
        names.sort_unstable();
        names.dedup();
        Ok(names
            .into_iter()
            .map(|name| Resource {
                kind: rights::COLLECTION.into(),
                name,
            })
            .collect())
    }

    /// E17; the primary key's alias is a field even when it is not declared (§4.6).
    async fn fields(&self, link: &Link, resource: &str) -> Result<Vec<String>, ProviderError> {
        let endpoint = "/api/schemas/{collection}";
        if !rights::is_name(resource) {
            return Err(ProviderError::new(
                crate::Class::Invalid,
                crate::Fault::Unsendable,
                endpoint,
            ));
        }
        let reply = client::get(
            link,
            endpoint,
            &["api", "schemas", resource],
            &[],
            http::CAP_LIST,
        )
        .await?;
        let schema = reply.json::<wire::Schema>()?;
        let mut fields: Vec<String> = schema.fields.into_keys().collect();
        if fields.len() > NAMES_MAX {
            return Err(ProviderError::malformed(endpoint));
        }
        if fields.is_empty() {
            return Ok(fields);
        }
        let primary = schema.primary_key_alias.unwrap_or_else(|| "id".to_owned());
        if !fields.contains(&primary) {
            fields.insert(0, primary);
        }
        Ok(fields)
    }
}

fn shown(
    dialect: &str,
    version: Option<&str>,
    status: &str,
    integrity: Option<bool>,
    rate: Option<u32>,
) -> Vec<Fact> {
    let silent = "ekoDB does not say";
    let version = version.map_or_else(
        || Fact::unknown("Version", silent),
        |version| Fact::text("Version", version),
    );
    let health = match (status, integrity) {
        ("ok", Some(false)) => "ok, but its integrity check fails".to_owned(),
        (status, _) => status.to_owned(),
    };
    let rate = rate.map_or_else(
        || Fact::unknown("Request limit", silent),
        |limit| {
            Fact::text(
                "Request limit",
                format!("{limit} a minute, for the whole deployment"),
            )
        },
    );
    vec![
        version,
        Fact::text("Permission routes", dialect),
        Fact::text("Health", health),
        rate,
    ]
}

/// C9: servers before 0.79.2 erase field rules when a grant is edited. Anything but three plain numbers,
/// with an optional `+build`, is refused.
fn keeps_restrictions(version: &str) -> bool {
    let plain = version.split_once('+').map_or(version, |(plain, _)| plain);
    let number = |part: &str| {
        let fits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let padded = part.len() > 1 && part.starts_with('0');
        if fits && !padded {
            part.parse::<u32>().ok()
        } else {
            None
        }
    };
    let parts: Option<Vec<u32>> = plain.split('.').map(number).collect();
    parts.is_some_and(|parts| parts.len() == 3 && parts.as_slice() >= [0, 79, 2].as_slice())
}

#[cfg(test)]
mod tests {
    use super::keeps_restrictions;

    #[test]
    fn version_gate_takes_plain_numbers_only() {
        for version in ["0.79.2", "0.79.10", "0.80.0", "1.0.0", "0.79.2+build.7"] {
            assert!(keeps_restrictions(version), "{version}");
        }
        for version in [
            "0.79.1",
            "0.9.99",
            "0.79.2-rc.1",
            "0.79",
            "0.79.2.1",
            "0.079.2",
            "v0.80.0",
            "",
            "0.80.x",
        ] {
            assert!(!keeps_restrictions(version), "{version}");
        }
    }
}
