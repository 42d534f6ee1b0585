//! The endpoints that read a reply.

use domain::{Column, Identity, ListedKey, RemoteId, Secret};
use providers::{
    Call, CallSecrets, Link, Located, Method, Part, Performed, Provider, ProviderError,
};
use serde_json::json;

/// One operation of the `Provider` trait, and which of its requests gets the hostile reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Reach,
    LogIn,
    ProbeRights,
    ProbeHealth,
    ListKeys,
    Locate,
    Resources,
    Fields,
    ChangeCollection,
    ChangePrefix,
    ChangeLegacy,
}

/// What came of an operation that went well.
pub(crate) enum Told {
    Done,
    Keys(Vec<ListedKey>),
    Located(Located),
    Performed(Performed),
}

impl Target {
    pub(crate) const ALL: [Self; 11] = [
        Self::Reach,
        Self::LogIn,
        Self::ProbeRights,
        Self::ProbeHealth,
        Self::ListKeys,
        Self::Locate,
        Self::Resources,
        Self::Fields,
        Self::ChangeCollection,
        Self::ChangePrefix,
        Self::ChangeLegacy,
    ];

    /// The letter in a case's table. A change reads when it tells what was there before.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Reach => 'r',
            Self::LogIn => 't',
            Self::ProbeRights => 'p',
            Self::ProbeHealth => 'h',
            Self::ListKeys | Self::Locate => 'k',
            Self::Resources => 'c',
            Self::Fields => 'f',
            Self::ChangeCollection => 'm',
            Self::ChangePrefix => 'v',
            Self::ChangeLegacy => '-',
        }
    }

    /// The request that gets the hostile reply: its line, and whether it carries a token.
    pub(crate) fn request(self) -> (String, bool) {
        let key = format!("/api/auth/keys/{}/permissions", crate::case::ID);
        match self {
            Self::Reach => ("GET /api/health".into(), false),
            Self::LogIn => ("POST /api/auth/token".into(), false),
            Self::ProbeRights => ("GET /api/auth/keys/me/permissions".into(), true),
            Self::ProbeHealth => ("GET /api/health".into(), true),
            Self::ListKeys | Self::Locate => ("GET /api/auth/keys".into(), true),
            Self::Resources => ("GET /api/collections?exclude_internal=true".into(), true),
            Self::Fields => ("GET /api/schemas/users".into(), true),
            Self::ChangeCollection => (format!("PATCH {key}/collections/users"), true),
            Self::ChangePrefix => (format!("DELETE {key}/kv/session%3A"), true),
            Self::ChangeLegacy => ("PUT /api/auth/permissions".into(), true),
        }
    }

    /// The route as an error names it.
    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::Reach | Self::ProbeHealth => "/api/health",
            Self::LogIn => "/api/auth/token",
            Self::ProbeRights => "/api/auth/keys/me/permissions",
            Self::ListKeys | Self::Locate => "/api/auth/keys",
            Self::Resources => "/api/collections",
            Self::Fields => "/api/schemas/{collection}",
            Self::ChangeCollection => "/api/auth/keys/{id}/permissions/collections/{name}",
            Self::ChangePrefix => "/api/auth/keys/{id}/permissions/kv/{prefix}",
            Self::ChangeLegacy => "/api/auth/permissions",
        }
    }

    /// The largest body that may be read here, in bytes (`security.md`).
    pub(crate) fn cap(self) -> u64 {
        match self {
            Self::ListKeys | Self::Locate => 32 << 20,
            Self::ProbeRights | Self::Resources | Self::Fields => 8 << 20,
            Self::Reach
            | Self::LogIn
            | Self::ProbeHealth
            | Self::ChangeCollection
            | Self::ChangePrefix
            | Self::ChangeLegacy => 64 << 10,
        }
    }

    /// Sends something that changes the server.
    pub(crate) fn is_change(self) -> bool {
        matches!(
            self,
            Self::ChangeCollection | Self::ChangePrefix | Self::ChangeLegacy
        )
    }

    /// Is asked again after a 401, with a fresh token.
    pub(crate) fn renews(self) -> bool {
        !self.is_change() && !matches!(self, Self::Reach | Self::LogIn | Self::ProbeHealth)
    }

    /// Does it, as the rest of Keystead would.
    pub(crate) async fn ask(self, link: &Link) -> Result<Told, ProviderError> {
        let provider = provider();
        let wanted = Identity {
            remote_id: Some(RemoteId(crate::case::ID.into())),
            fingerprint: None,
        };
        Ok(match self {
            Self::Reach => provider.reach(link).await.map(|()| Told::Done)?,
            Self::LogIn => provider.log_in(link).await.map(|()| Told::Done)?,
            Self::ProbeRights | Self::ProbeHealth => {
                provider.probe(link).await.map(|_| Told::Done)?
            }
            Self::ListKeys => Told::Keys(provider.list_keys(link).await?),
            Self::Locate => Told::Located(
                provider
                    .locate(link, providers::Wanted::Key(&wanted))
                    .await?,
            ),
            Self::Resources => provider.resources(link).await.map(|_| Told::Done)?,
            Self::Fields => provider.fields(link, "users").await.map(|_| Told::Done)?,
            Self::ChangeCollection | Self::ChangePrefix | Self::ChangeLegacy => {
                let secrets = CallSecrets {
                    target: Some(Secret::new("eko_prod_target_value_0123456789".into())),
                    ..CallSecrets::default()
                };
                let call = self.call();
                Told::Performed(provider.perform(link, &call, &secrets, &columns()).await?)
            }
        })
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever is no other change is the first"
    )]
    fn call(self) -> Call {
        let (method, body, kind, resource) = match self {
            Self::ChangePrefix => (Method::Delete, None, "KV prefix", "session:"),
            Self::ChangeLegacy => {
                let body = json!({ "api_key": { "$secret": "target" }, "collection": "users",
                    "read": true, "write": false });
                (Method::Put, Some(body), "collection", "users")
            }
            _ => (
                Method::Patch,
                Some(json!({ "read": true })),
                "collection",
                "users",
            ),
        };
        let id = crate::case::ID;
        let path: &[&str] = match self {
            Self::ChangeLegacy => &["api", "auth", "permissions"],
            Self::ChangePrefix => &["api", "auth", "keys", id, "permissions", "kv", "session:"],
            _ => &[
                "api",
                "auth",
                "keys",
                id,
                "permissions",
                "collections",
                "users",
            ],
        };
        Call {
            method,
            path: path.iter().map(|part| Part::Text((*part).into())).collect(),
            body,
            endpoint: self.endpoint().into(),
            kind: kind.into(),
            resource: resource.into(),
        }
    }
}

pub(crate) fn provider() -> &'static dyn Provider {
    providers::registry::find("ekodb").unwrap()
}

fn columns() -> Vec<Column> {
    let column = |action: &str| Column {
        action: action.into(),
        title: action.into(),
    };
    vec![column("read"), column("write")]
}
