//! What the screen sees of the stored things, in the shape that it draws.

use crate::{App, Failure, links::host_of};
use domain::{Cell, Environment, Expiry, Fact, RightsSummary, UnixMs};
use serde::Serialize;
use store::{deployments::Deployment, grants::GrantRow, keys::list::ListRow};
use ts_rs::TS;

/// How far a deployment's copy can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Freshness {
    /// There is none yet.
    Never,
    /// The last try went well, a short while ago.
    Fresh,
    /// It is old, or the last try failed.
    Stale,
}

/// A deployment in the sidebar.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeploymentView {
    /// Local id.
    pub id: String,
    /// The name that a person gave it.
    pub name: String,
    /// What it is for.
    pub environment: Environment,
    /// The provider's name as it spells itself, drawn verbatim.
    pub provider: String,
    /// Host and port.
    pub host: String,
    /// Keys that the last complete list had.
    #[ts(type = "number")]
    pub keys: i64,
    /// How far the copy can be trusted.
    pub freshness: Freshness,
    /// A synchronisation is under way.
    pub syncing: bool,
    /// The last complete list, ms since 1970.
    #[ts(type = "number | null")]
    pub synced_at: Option<UnixMs>,
    /// Why the last try failed; `null` when it went well.
    pub failure: Option<Failure>,
    /// The server asked to wait until then, ms since 1970.
    #[ts(type = "number | null")]
    pub not_before: Option<UnixMs>,
    /// What the server said of itself, in the adapter's words.
    pub facts: Vec<Fact>,
}

impl DeploymentView {
    pub(crate) fn of(app: &App, deployment: Deployment, syncing: bool) -> Self {
        let provider = providers::registry::find(&deployment.provider);
        let failure = deployment
            .failure
            .and_then(|json| serde_json::from_value(json).ok());
        let stale_after = i64::try_from(app.rhythm.stale_after.as_millis()).unwrap_or(i64::MAX);
        let freshness = match deployment.synced_at {
            None => Freshness::Never,
            Some(at) if failure.is_none() && app.clock.now().since(at) < stale_after => {
                Freshness::Fresh
            }
            Some(_) => Freshness::Stale,
        };
        Self {
            id: deployment.id.to_string(),
            environment: deployment.environment,
            provider: provider.map_or(deployment.provider, |provider| {
                provider.about().name.to_owned()
            }),
            host: host_of(&deployment.link),
            keys: deployment.keys,
            freshness,
            syncing,
            synced_at: deployment.synced_at,
            failure,
            not_before: deployment
                .not_before
                .filter(|until| *until > app.clock.now()),
            facts: deployment.facts.shown,
            name: deployment.name,
        }
    }
}

/// A row of the key list.
#[derive(Debug, Serialize, TS)]
pub(crate) struct KeyRow {
    /// Local id.
    pub id: String,
    /// The label, as the server has it.
    pub label: String,
    /// Whose key it is: local id.
    pub deployment: String,
    /// That deployment's name.
    pub deployment_name: String,
    /// That deployment's environment.
    pub environment: Environment,
    /// Its rights in one line.
    pub rights: RightsSummary,
    /// When the server made it, ms since 1970.
    #[ts(type = "number | null")]
    pub created_at: Option<UnixMs>,
    /// When it ends.
    pub expires: Expiry,
    /// Set when the last complete list no longer had the key, ms since 1970.
    #[ts(type = "number | null")]
    pub gone_at: Option<UnixMs>,
    /// What a person should know about it.
    pub notices: Vec<Failure>,
}

impl From<ListRow> for KeyRow {
    fn from(row: ListRow) -> Self {
        Self {
            id: row.id.to_string(),
            label: row.label,
            deployment: row.deployment.to_string(),
            deployment_name: row.deployment_name,
            environment: row.environment,
            rights: row.rights,
            created_at: row.created_at,
            expires: row.expires,
            gone_at: row.gone_at,
            notices: row.notices.into_iter().map(Failure::from).collect(),
        }
    }
}

/// One resource of a key's grid.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RightsRow {
    /// Its name on the server.
    pub resource: String,
    /// The adapter's word for its kind, for example "collection".
    pub kind: String,
    /// False when the deployment's own list does not have it.
    pub exists: bool,
    /// A cell for each of the key's columns.
    pub cells: Vec<CellView>,
    /// All fields of the resource, when known.
    pub fields: Option<Vec<String>>,
}

impl From<GrantRow> for RightsRow {
    fn from(row: GrantRow) -> Self {
        let cells = row.cells.into_iter().map(CellView::from).collect();
        // Only what the server lists can be missing from its list.
        let exists = row.exists || row.kind != "collection";
        Self {
            resource: row.resource,
            kind: row.kind,
            exists,
            cells,
            fields: row.fields,
        }
    }
}

/// A cell of the grid.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum CellView {
    /// Nothing.
    None,
    /// Everything.
    All,
    /// Some fields.
    Fields {
        /// These only; an empty list is none at all.
        only: Option<Vec<String>>,
        /// All but these.
        except: Option<Vec<String>>,
    },
    /// Whatever that other column says.
    Inherited {
        /// The other column.
        from: String,
    },
    /// Not to be edited here.
    Locked {
        /// The reason.
        why: String,
    },
}

impl From<Cell> for CellView {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::None => Self::None,
            Cell::All => Self::All,
            Cell::Fields { rule } => Self::Fields {
                only: rule.only,
                except: rule.except,
            },
            Cell::Inherited { from } => Self::Inherited { from },
            Cell::Locked { why } => Self::Locked { why },
        }
    }
}
