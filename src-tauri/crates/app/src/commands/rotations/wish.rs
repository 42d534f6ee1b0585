//! From what the window wants to a plan that it can look at.

use crate::{
    App, Code, Failure,
    commands::rights::{CellEdit, DraftChange, DraftColumn, DraftRow, key_id},
    operations,
    rotation::{self, Planned, Purpose, Stage, Wish},
};
use domain::{Cell, Column, DeploymentId, Environment, FieldRule, RightsGrid, RightsRow};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// What a person wants.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "purpose", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum RotationWish {
    /// A new key.
    Create {
        /// On which deployment.
        deployment: String,
        /// What it is called.
        label: String,
        /// What it is for.
        description: String,
        /// What it may do, in the columns of [`CreateForm`].
        rights: Vec<DraftChange>,
    },
    /// A new key in this one's place.
    Rotate {
        /// Which.
        key: String,
        /// A leak: neither the confirmed switch nor the wait is required.
        emergency: bool,
        /// How long the old key is watched before it is revoked, minutes; `null` for what its environment asks.
        #[ts(type = "number | null")]
        soak_minutes: Option<u32>,
    },
    /// The end of a key.
    Revoke {
        /// Which.
        key: String,
    },
}

/// Names a deployment.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOn {
    deployment: String,
    /// The key whose rights are offered to begin with.
    like: Option<String>,
}

/// What a new key's rights can be.
#[derive(Debug, Serialize, TS)]
pub(crate) struct CreateForm {
    deployment: String,
    deployment_name: String,
    environment: Environment,
    columns: Vec<DraftColumn>,
    /// Every resource that the deployment lists, nothing allowed but what `like` may do.
    rows: Vec<DraftRow>,
    /// Why none can be made here; `null` when one can.
    why_not: Option<String>,
    /// The provider's own advice, drawn verbatim.
    advice: Vec<String>,
}

/// What a wish comes to.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RotationPlan {
    /// Stands for exactly this plan; given back to `rotation_begin`.
    plan: String,
    purpose: Purpose,
    deployment_name: String,
    environment: Environment,
    provider: String,
    /// The label of the key that is replaced or revoked.
    old_label: Option<String>,
    /// Its id.
    old_id: Option<String>,
    /// SHA-256 of its value.
    old_fingerprint: Option<String>,
    /// Its value is at hand, so that its death can be shown and not only told.
    old_secret_held: bool,
    /// The label of the new key.
    new_label: Option<String>,
    /// The new key's value is chosen here and sealed before it is sent: a lost answer loses nothing.
    lossless: bool,
    /// Cells of the snapshot that allow something, and field rules among them.
    #[ts(type = "number")]
    cells: usize,
    #[ts(type = "number")]
    rules: usize,
    /// What the snapshot is recognised by.
    snapshot: String,
    calls: Vec<PlannedCall>,
    /// Why the old key is not paused; `null` when it is, or where there is none.
    pause_why_not: Option<String>,
    #[ts(type = "number")]
    soak_minutes: i64,
    /// Requests that all of it takes, about.
    requests: u32,
    /// What the deployment allows in a minute, when it said so.
    requests_per_minute: Option<u32>,
    /// What is typed to end the old key.
    confirmation: Option<String>,
}

/// A call of the plan.
#[derive(Debug, Serialize, TS)]
pub(crate) struct PlannedCall {
    stage: Stage,
    /// Method and path.
    call: String,
    /// It cannot be taken back.
    permanent: bool,
}

/// How long a replaced key is watched in production before it is revoked, minutes (`rotation.md`, *Soaking*).
const SOAK_PRODUCTION: i64 = 24 * 60;
/// The longest wait that can be asked for, minutes.
const SOAK_MAX: u32 = 30 * 24 * 60;

pub(super) async fn read(app: &App, wish: RotationWish) -> Result<Wish, Failure> {
    match wish {
        RotationWish::Create {
            deployment,
            label,
            description,
            rights,
        } => {
            let deployment = deployment_id(&deployment)?;
            let columns = columns(app, deployment).await?;
            Ok(Wish::Create {
                deployment,
                label,
                description,
                rights: grid(columns, rights)?,
            })
        }
        RotationWish::Rotate {
            key,
            emergency,
            soak_minutes,
        } => {
            let key = key_id(&key)?;
            if soak_minutes.is_some_and(|minutes| minutes > SOAK_MAX) {
                return Err(Failure::new(Code::BadRequest).with("field", "soak_minutes"));
            }
            let subject = operations::subject(app, key).await?;
            let usual = match subject.row.environment {
                Environment::Production => SOAK_PRODUCTION,
                Environment::Staging | Environment::Development | Environment::Test => 0,
            };
            let minutes = soak_minutes.map_or(usual, i64::from);
            let soak = if emergency { 0 } else { minutes * 60_000 };
            Ok(Wish::Rotate {
                key,
                emergency,
                soak,
            })
        }
        RotationWish::Revoke { key } => Ok(Wish::Revoke { key: key_id(&key)? }),
    }
}

pub(in crate::commands) async fn rotation_plan(
    app: &Arc<App>,
    wish: RotationWish,
) -> Result<RotationPlan, Failure> {
    let wish = read(app, wish).await?;
    let Planned {
        plan,
        reach,
        calls,
        requests,
        name,
        ..
    } = rotation::plan(app, &wish).await?;
    let subject = plan
        .new
        .as_ref()
        .map(|new| &new.rights)
        .or(plan.old.as_ref().map(|old| &old.rights));
    let cells = || {
        subject
            .into_iter()
            .flat_map(|grid| &grid.rows)
            .flat_map(|row| &row.cells)
    };
    let allowed = cells().filter(|cell| matches!(cell, Cell::All | Cell::Fields { .. }));
    let rules = cells().filter(|cell| matches!(cell, Cell::Fields { .. }));
    let old = plan.old.as_ref();
    let call = |(stage, call): (Stage, String)| PlannedCall {
        stage,
        call,
        permanent: stage == Stage::Revoke,
    };
    Ok(RotationPlan {
        plan: name,
        purpose: plan.purpose,
        deployment_name: reach.deployment.name.clone(),
        environment: reach.deployment.environment,
        provider: reach.provider.about().name.to_owned(),
        old_label: old.map(|old| old.label.clone()),
        old_id: old.and_then(|old| old.identity.remote_id.as_ref().map(|id| id.0.clone())),
        old_fingerprint: old.and_then(|old| {
            old.identity
                .fingerprint
                .as_ref()
                .map(|print| print.0.clone())
        }),
        old_secret_held: old.is_some_and(|old| old.secret.is_some()),
        new_label: plan.new.as_ref().map(|new| new.label.clone()),
        lossless: plan.new.as_ref().is_some_and(|new| new.chosen),
        cells: allowed.count(),
        rules: rules.count(),
        snapshot: subject.map(rotation::snapshot_hash).unwrap_or_default(),
        calls: calls.into_iter().map(call).collect(),
        pause_why_not: plan.pause_why_not.clone(),
        soak_minutes: plan.soak / 60_000,
        requests,
        requests_per_minute: reach.deployment.facts.requests_per_minute,
        confirmation: old.map(|old| old.confirmation.clone()),
    })
}

pub(in crate::commands) async fn create_open(
    app: &Arc<App>,
    request: CreateOn,
) -> Result<CreateForm, Failure> {
    let id = deployment_id(&request.deployment)?;
    let in_words = |error| app.in_words(error);
    let deployment = store::deployments::find(&app.store, id)
        .await
        .map_err(in_words)?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
    let provider = providers::registry::find(&deployment.provider)
        .ok_or_else(|| Failure::new(Code::Internal))?;
    let columns = columns(app, id).await?;
    let facts = &deployment.facts;
    let editable = |column: &Column| provider.editable(facts, "collection", &column.action);
    let why_not = provider
        .capabilities(facts)
        .create
        .why_not()
        .map(str::to_owned);
    let like = match request.like {
        Some(key) => Some(operations::open_draft(app, key_id(&key)?).await?.base),
        None => None,
    };
    let resources = store::resources::all(&app.store, id)
        .await
        .map_err(in_words)?;
    let mut names: Vec<(String, String, bool, Option<Vec<String>>)> = resources
        .into_iter()
        .map(|one| (one.kind, one.name, true, one.fields))
        .collect();
    let extra = like.iter().flat_map(|grid| &grid.rows);
    for row in extra {
        let known = |name: &(String, String, bool, Option<Vec<String>>)| {
            name.0 == row.kind && name.1 == row.resource
        };
        if !names.iter().any(known) {
            names.push((row.kind.clone(), row.resource.clone(), false, None));
        }
    }
    let rows = names.into_iter().map(|(kind, resource, exists, fields)| {
        let base = vec![Cell::None; columns.len()];
        let now = like
            .as_ref()
            .and_then(|grid| grid.row(&kind, &resource))
            .map_or_else(|| base.clone(), |row| row.cells.clone());
        DraftRow::new(kind, resource, exists, base, now, fields)
    });
    let rows = rows.collect();
    let columns = columns
        .iter()
        .map(|column| DraftColumn::new(column, creatable(column, editable(column))))
        .collect();
    Ok(CreateForm {
        deployment: id.to_string(),
        deployment_name: deployment.name,
        environment: deployment.environment,
        columns,
        rows,
        why_not,
        advice: provider
            .about()
            .advice
            .iter()
            .map(|line| (*line).to_owned())
            .collect(),
    })
}

/// A right that cannot be edited afterwards can be given at the beginning, without rules.
fn creatable(
    column: &Column,
    editable: Result<providers::EditableColumn, providers::Refusal>,
) -> Result<providers::EditableColumn, providers::Refusal> {
    match editable {
        Err(_) if ["read", "write"].contains(&column.action.as_str()) => {
            Ok(providers::EditableColumn {
                only: false,
                except: false,
            })
        }
        other => other,
    }
}

/// The columns that this deployment's keys have.
async fn columns(app: &App, id: DeploymentId) -> Result<Vec<Column>, Failure> {
    let in_words = |error| app.in_words(error);
    let known = store::keys::columns_of(&app.store, id)
        .await
        .map_err(in_words)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let deployment = store::deployments::find(&app.store, id)
        .await
        .map_err(in_words)?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
    let provider = providers::registry::find(&deployment.provider)
        .ok_or_else(|| Failure::new(Code::Internal))?;
    let first: Vec<String> = provider
        .about()
        .columns
        .iter()
        .take(2)
        .map(|(action, _)| (*action).to_owned())
        .collect();
    Ok(provider.about().columns_of(&first))
}

fn grid(columns: Vec<Column>, changes: Vec<DraftChange>) -> Result<RightsGrid, Failure> {
    let mut rows = Vec::new();
    for change in changes {
        if change.cells.len() != columns.len() {
            return Err(Failure::new(Code::BadRequest).with("field", "cells"));
        }
        let cells = change.cells.into_iter().map(cell).collect();
        rows.push(RightsRow {
            kind: change.kind,
            resource: change.resource,
            cells,
        });
    }
    Ok(RightsGrid {
        columns,
        rows,
        admin: false,
    })
}

fn cell(edit: CellEdit) -> Cell {
    match edit {
        CellEdit::None => Cell::None,
        CellEdit::All => Cell::All,
        CellEdit::Fields { only, except } => {
            let rule = FieldRule { only, except };
            if rule.is_open() {
                Cell::All
            } else {
                Cell::Fields { rule }
            }
        }
    }
}

fn deployment_id(text: &str) -> Result<DeploymentId, Failure> {
    text.parse()
        .map_err(|_| Failure::new(Code::DeploymentUnknown))
}
