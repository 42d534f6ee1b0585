//! The endpoints, asked as the rest of Keystead asks them.

use crate::target::Target;
use domain::{
    Cell, Column, Identity, ListedKey, RemoteId, RightsGrid, RightsRow, Secret, ServerFacts,
};
use providers::{
    Call, CallSecrets, KeySpec, Link, Located, Method, NewKey, Part, Performed, ProbeSession,
    Provider, ProviderError, Tried,
};
use serde_json::json;

/// The secret that a probe is made with; it must be in nothing that is told.
pub(crate) const PROBED: &str = "eko_ks_pRoBeD_0123456789abcdefghijklmnop";

/// What came of an operation that went well, or a probe's verdict.
pub(crate) enum Told {
    Done,
    Keys(Vec<ListedKey>),
    Located(Located),
    Performed(Performed),
    Made(Box<NewKey>),
    /// Of what was given, what may be drawn.
    Tried(Tried<String>),
}

impl Told {
    fn tried<T>(tried: Tried<T>, draw: impl FnOnce(T) -> String) -> Self {
        Self::Tried(match tried {
            Tried::Accepted { value, seen } => Tried::Accepted {
                value: draw(value),
                seen,
            },
            Tried::Refused { seen } => Tried::Refused { seen },
            Tried::Unclear { seen, error } => Tried::Unclear { seen, error },
        })
    }
}

impl Target {
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
            Self::Create => {
                let secrets = CallSecrets {
                    chosen: Some(Secret::new(PROBED.into())),
                    ..CallSecrets::default()
                };
                let call = made(provider);
                Told::Made(Box::new(provider.create(link, &call, &secrets).await?))
            }
            Self::SignIn => {
                let tried = provider.sign_in(link, &Secret::new(PROBED.into())).await;
                Told::tried(tried, |session| format!("{session:?}"))
            }
            Self::OwnRights | Self::OwnRightsOld => {
                let session = session(link).await?;
                let facts = facts(self == Self::OwnRights);
                let tried = provider.own_rights(link, &facts, &session).await;
                Told::tried(tried, |own| drawn(&own.rights))
            }
            Self::TryDenied => {
                let session = session(link).await?;
                let tried = provider.try_denied(link, &session).await;
                Told::tried(tried, |()| String::new())
            }
            Self::DeclaredRights => {
                let tried = provider.declared_rights(link, &facts(true), &wanted).await;
                Told::tried(tried.unwrap(), |rights| drawn(&rights))
            }
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

fn facts(modern: bool) -> ServerFacts {
    ServerFacts {
        dialect: Some(if modern { "modern" } else { "docs" }.into()),
        ..ServerFacts::default()
    }
}

/// A session that a friendly server gave for the secret.
async fn session(link: &Link) -> Result<ProbeSession, ProviderError> {
    match provider().sign_in(link, &Secret::new(PROBED.into())).await {
        Tried::Accepted { value, .. } => Ok(value),
        Tried::Refused { seen } => panic!("a friendly server said {seen}"),
        // A deadline of the case's, which is met again.
        Tried::Unclear { error, .. } => Err(error),
    }
}

fn made(provider: &dyn Provider) -> Call {
    let rights = RightsGrid {
        columns: columns(),
        rows: vec![RightsRow {
            kind: "collection".into(),
            resource: "users".into(),
            cells: vec![Cell::All, Cell::None],
        }],
        admin: false,
    };
    let spec = KeySpec {
        label: "a".into(),
        description: "b".into(),
        rights,
        choose: true,
    };
    provider.plan_create(&facts(true), &spec).unwrap().call
}

/// A grid in words: "admin", "users read:all write:fields", one part a row.
fn drawn(grid: &RightsGrid) -> String {
    let word = |cell: &Cell| match cell {
        Cell::None => "none",
        Cell::All => "all",
        Cell::Fields { .. } => "fields",
        Cell::Inherited { .. } => "inherited",
        Cell::Locked { .. } => "locked",
    };
    let row = |row: &RightsRow| {
        let cells = grid.columns.iter().zip(&row.cells);
        let cells = cells.map(|(column, cell)| format!(" {}:{}", column.action, word(cell)));
        row.resource.clone() + &cells.collect::<String>()
    };
    let admin = grid.admin.then(|| "admin".to_owned());
    let rows = admin.into_iter().chain(grid.rows.iter().map(row));
    rows.collect::<Vec<_>>().join(", ")
}
