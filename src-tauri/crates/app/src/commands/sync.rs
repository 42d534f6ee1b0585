//! Reading from the servers on request.

use super::state::Empty;
use crate::{App, Code, Failure};
use domain::DeploymentId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::deployments::Deployment;
use ts_rs::TS;

/// One deployment, or all.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SyncRequest {
    deployment: Option<String>,
}

/// Names a resource of a deployment.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceRef {
    deployment: String,
    resource: String,
}

/// A resource's fields.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ResourceFields {
    /// `null` when the server cannot be asked now and nobody asked before.
    fields: Option<Vec<String>>,
}

/// Fields older than this are asked for again, ms.
const FIELDS_KEEP: i64 = 24 * 3_600_000;

/// Starts synchronising and answers at once; how it goes is told by events and kept with the deployment.
pub(super) async fn sync_start(app: &Arc<App>, request: SyncRequest) -> Result<Empty, Failure> {
    let Some(id) = request.deployment else {
        let all = store::deployments::all(&app.store).await;
        for deployment in all.map_err(|error| app.in_words(error))? {
            app.syncs.start(app, &deployment, false);
        }
        return Ok(Empty {});
    };
    let deployment = find(app, &id).await?;
    let wait = deployment
        .not_before
        .map_or(0, |until| until.since(app.clock.now()));
    if wait > 0 {
        let host = crate::links::host_of(&deployment.link);
        let seconds = wait.div_euclid(1_000) + 1;
        return Err(Failure::new(Code::RateLimited)
            .with("host", host)
            .with("seconds", seconds));
    }
    app.syncs.start(app, &deployment, false);
    Ok(Empty {})
}

pub(super) async fn sync_cancel(app: &Arc<App>, request: SyncRequest) -> Result<Empty, Failure> {
    let id = request
        .deployment
        .map(|id| id.parse::<DeploymentId>())
        .transpose();
    app.syncs
        .cancel(id.map_err(|_| Failure::new(Code::DeploymentUnknown))?);
    Ok(Empty {})
}

/// The fields of one resource: from the copy while that is young, else from the server, else from the copy
/// however old.
pub(super) async fn resource_fields(
    app: &Arc<App>,
    request: ResourceRef,
) -> Result<ResourceFields, Failure> {
    let deployment = find(app, &request.deployment).await?;
    let now = app.clock.now();
    let kept = store::resources::fields(&app.store, deployment.id, &request.resource).await;
    let kept = kept.map_err(|error| app.in_words(error))?;
    let may_ask = deployment.not_before.is_none_or(|until| until <= now);
    match kept {
        Some((fields, at)) if now.since(at) < FIELDS_KEEP || !may_ask => Ok(ResourceFields {
            fields: Some(fields),
        }),
        kept if may_ask => {
            let asked = ask(app, &deployment, &request.resource).await;
            Ok(ResourceFields {
                fields: asked.or(kept.map(|(fields, _)| fields)),
            })
        }
        _ => Ok(ResourceFields { fields: None }),
    }
}

/// `None` when the server does not answer: the screen then says that the fields are not known.
async fn ask(app: &App, deployment: &Deployment, resource: &str) -> Option<Vec<String>> {
    let provider = providers::registry::find(&deployment.provider)?;
    let link = app.links.to(app, deployment).await.ok()?;
    let fields = provider.fields(&link, resource).await.ok()?;
    let mut writer = app.store.write().await.ok()?;
    store::resources::set_fields(
        &mut writer,
        deployment.id,
        resource,
        &fields,
        app.clock.now(),
    )
    .await
    .ok()?;
    writer.commit().await.ok()?;
    Some(fields)
}

pub(super) async fn find(app: &App, id: &str) -> Result<Deployment, Failure> {
    let id = id
        .parse()
        .map_err(|_| Failure::new(Code::DeploymentUnknown))?;
    crate::deployments::find(app, id).await
}
