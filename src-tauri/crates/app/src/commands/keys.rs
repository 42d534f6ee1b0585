//! The list of keys, and one key.

use super::page_limit;
use crate::{
    App, Code, Failure,
    views::{KeyRow, RightsRow},
};
use domain::{Capability, Column, DeploymentId, Environment, Expiry, Fact, KeyId, UnixMs};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::keys::list::{KeyFilter, SortBy};
use ts_rs::TS;

/// Which keys, in which order, which part of them.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysQuery {
    /// Words that must all occur in label, description, id, prefix or deployment name.
    text: String,
    /// Of this deployment only.
    deployment: Option<String>,
    /// Of this environment only.
    environment: Option<Environment>,
    /// What the list sorts by.
    sort: KeySort,
    /// The other way round.
    descending: bool,
    /// Matching keys to skip.
    #[ts(type = "number")]
    offset: u32,
    /// At most 200.
    #[ts(type = "number")]
    limit: u32,
}

/// What the list sorts by.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeySort {
    /// Label.
    Name,
    /// Deployment's name, then label.
    Deployment,
    /// How much the key may do.
    Rights,
    /// How long ago it was made.
    Age,
    /// How soon it ends.
    Expires,
}

/// A part of the list.
#[derive(Debug, Serialize, TS)]
pub(crate) struct KeyPage {
    rows: Vec<KeyRow>,
    /// Matching keys before the first row.
    #[ts(type = "number")]
    offset: u32,
    /// Keys that match.
    #[ts(type = "number")]
    total: i64,
    /// All keys that the last complete lists had.
    #[ts(type = "number")]
    all: i64,
}

/// Names a key by its local id.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRef {
    pub(super) key: String,
}

/// One key in the side panel.
#[derive(Debug, Serialize, TS)]
pub(crate) struct KeyDetail {
    /// What the list shows.
    row: KeyRow,
    /// The provider's name, drawn verbatim.
    provider: String,
    description: String,
    /// The server's id.
    remote_id: Option<String>,
    /// SHA-256 of its secret, hex.
    fingerprint: Option<String>,
    /// The part of its secret that may be shown.
    prefix: Option<String>,
    /// The first complete list that had it, ms since 1970.
    #[ts(type = "number")]
    first_seen: UnixMs,
    /// The last complete list that had it, ms since 1970; `null` when it is gone.
    #[ts(type = "number | null")]
    seen_at: Option<UnixMs>,
    /// Why the server's keys have no end; `null` where they can have one.
    no_expiry: Option<String>,
    /// Tab "Limits": each with its value or the reason why there is none.
    limits: Vec<Fact>,
    /// Tab "Life": likewise.
    life: Vec<Fact>,
    columns: Vec<Column>,
    /// Rows of its rights grid.
    #[ts(type = "number")]
    resources: i64,
    /// Members that the adapter does not understand; kept, shown by name.
    extras: Vec<String>,
}

/// Which part of a key's rights grid.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RightsQuery {
    key: String,
    /// Part of a resource's name.
    text: String,
    #[ts(type = "number")]
    offset: u32,
    /// At most 200.
    #[ts(type = "number")]
    limit: u32,
}

/// A part of a key's rights grid.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RightsPage {
    rows: Vec<RightsRow>,
    #[ts(type = "number")]
    offset: u32,
    /// Rows that match.
    #[ts(type = "number")]
    total: i64,
}

pub(super) async fn keys_list(app: &Arc<App>, query: KeysQuery) -> Result<KeyPage, Failure> {
    let limit = page_limit(query.limit)?;
    let deployment = query
        .deployment
        .map(|id| id.parse::<DeploymentId>())
        .transpose();
    let deployment = deployment.map_err(|_| Failure::new(Code::DeploymentUnknown))?;
    let filter = KeyFilter {
        text: &query.text,
        deployment,
        environment: query.environment,
    };
    let sort = match query.sort {
        KeySort::Name => SortBy::Name,
        KeySort::Deployment => SortBy::Deployment,
        KeySort::Rights => SortBy::Rights,
        KeySort::Age => SortBy::Age,
        KeySort::Expires => SortBy::Expires,
    };
    let (store, descending, offset) = (&app.store, query.descending, query.offset);
    let found = store::keys::list::search(store, &filter, sort, descending, offset, limit);
    let found = found.await.map_err(|error| app.in_words(error))?;
    Ok(KeyPage {
        rows: found.rows.into_iter().map(KeyRow::from).collect(),
        offset: query.offset,
        total: found.total,
        all: found.all,
    })
}

pub(super) async fn key_show(app: &Arc<App>, request: KeyRef) -> Result<KeyDetail, Failure> {
    let unknown = || Failure::new(Code::KeyUnknown);
    let id: KeyId = request.key.parse().map_err(|_| unknown())?;
    let read = async {
        let row = store::keys::list::one(&app.store, id).await?;
        let key = store::keys::find(&app.store, id).await?;
        Ok((row, key, store::grants::count(&app.store, id, "").await?))
    };
    let (row, key, resources) = read.await.map_err(|error| app.in_words(error))?;
    let (row, key) = (row.ok_or_else(unknown)?, key.ok_or_else(unknown)?);
    let deployment = store::deployments::find(&app.store, key.deployment)
        .await
        .map_err(|e| app.in_words(e))?;
    let deployment = deployment.ok_or_else(unknown)?;
    let provider = providers::registry::find(&deployment.provider)
        .ok_or_else(|| Failure::new(Code::Internal))?;
    let about = Describe {
        provider: provider.about().name,
        can: provider.capabilities(&deployment.facts),
    };
    Ok(KeyDetail {
        no_expiry: about.can.expiry.why_not().map(str::to_owned),
        limits: about.limits(row.expires),
        life: about.life(row.created_at, key.first_seen, row.gone_at),
        provider: about.provider.to_owned(),
        description: key.description,
        remote_id: key.identity.remote_id.map(|id| id.0),
        fingerprint: key.identity.fingerprint.map(|print| print.0),
        prefix: key.prefix,
        first_seen: key.first_seen,
        seen_at: if row.gone_at.is_none() {
            deployment.synced_at
        } else {
            None
        },
        columns: key.columns,
        resources,
        extras: key.extras.keys().cloned().collect(),
        row: row.into(),
    })
}

pub(super) async fn key_rights(app: &Arc<App>, query: RightsQuery) -> Result<RightsPage, Failure> {
    let limit = page_limit(query.limit)?;
    let unknown = || Failure::new(Code::KeyUnknown);
    let id: KeyId = query.key.parse().map_err(|_| unknown())?;
    let key = store::keys::find(&app.store, id)
        .await
        .map_err(|error| app.in_words(error))?
        .ok_or_else(unknown)?;
    let read = async {
        let (offset, limit) = (i64::from(query.offset), i64::from(limit));
        let rows =
            store::grants::page(&app.store, id, &key.columns, &query.text, offset, limit).await?;
        Ok((
            rows,
            store::grants::count(&app.store, id, &query.text).await?,
        ))
    };
    let (rows, total) = read.await.map_err(|error| app.in_words(error))?;
    Ok(RightsPage {
        rows: rows.into_iter().map(RightsRow::from).collect(),
        offset: query.offset,
        total,
    })
}

/// Puts what a provider can do into lines beside what a key has.
struct Describe {
    provider: &'static str,
    can: domain::Capabilities,
}

impl Describe {
    fn limits(&self, expires: Expiry) -> Vec<Fact> {
        let end = match expires {
            Expiry::At { at } => Fact::time("Expires", at),
            Expiry::Never => Fact::text("Expires", "never"),
            Expiry::Unsupported => unset("Expires", &self.can.expiry),
        };
        vec![
            end,
            unset("IP sources", &self.can.ip_sources),
            unset("Referers", &self.can.referers),
            unset("Rate", &self.can.rate),
        ]
    }

    fn life(
        &self,
        created_at: Option<UnixMs>,
        first_seen: UnixMs,
        gone_at: Option<UnixMs>,
    ) -> Vec<Fact> {
        let silent = format!("{} does not say", self.provider);
        let created = created_at.map_or_else(
            || Fact::unknown("Created", silent),
            |at| Fact::time("Created", at),
        );
        let mut life = vec![
            created,
            unset("Last used", &self.can.last_used),
            Fact::time("First seen here", first_seen),
        ];
        life.extend(gone_at.map(|at| Fact::time("Gone since", at)));
        life
    }
}

fn unset(name: &str, can: &Capability) -> Fact {
    can.why_not().map_or_else(
        || Fact::text(name, "not set"),
        |why| Fact::unknown(name, why),
    )
}
