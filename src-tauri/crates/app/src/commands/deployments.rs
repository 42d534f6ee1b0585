//! Adding, changing and removing a deployment.

use super::{links::LinkChoice, state::Empty, sync::find};
use crate::{
    App, Failure,
    deployments::{self, Edit, Wanted, provider_of},
    links::host_of,
    offers::Taken,
};
use domain::Environment;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// Names a deployment by its local id.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentRef {
    deployment: String,
}

/// How a deployment is reached now.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeploymentLinkView {
    /// The provider's id.
    provider: String,
    link: LinkChoice,
}

/// A deployment to be added.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentNew {
    /// 1–60 characters that no other deployment's name has.
    name: String,
    environment: Environment,
    /// The provider's id.
    provider: String,
    link: LinkChoice,
    /// Handle of the offered credential.
    credential: String,
}

/// What was added.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DeploymentAdded {
    /// Local id.
    deployment: String,
}

/// A deployment as it is to be.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentEdit {
    deployment: String,
    name: String,
    environment: Environment,
    link: LinkChoice,
    /// Handle of an offered credential; `null` keeps the saved one.
    credential: Option<String>,
}

/// What a removal takes away.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RemovePreview {
    name: String,
    environment: Environment,
    /// Host and port.
    host: String,
    /// Keys in the local copy, those included that have left the server.
    #[ts(type = "number")]
    keys: i64,
    /// Resources in the local copy.
    #[ts(type = "number")]
    resources: i64,
    /// Sealed values of keys that Keystead made.
    #[ts(type = "number")]
    secrets: i64,
}

/// A removal, with the deployment's name as it was typed.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentRemove {
    deployment: String,
    confirmation: String,
}

pub(super) async fn deployment_link(
    app: &Arc<App>,
    request: DeploymentRef,
) -> Result<DeploymentLinkView, Failure> {
    let known = find(app, &request.deployment).await?;
    Ok(DeploymentLinkView {
        provider: known.provider,
        link: known.link.into(),
    })
}

pub(super) async fn deployment_add(
    app: &Arc<App>,
    new: DeploymentNew,
) -> Result<DeploymentAdded, Failure> {
    let (provider, link) = (provider_of(&new.provider)?, new.link.spec()?);
    let taken = app.offers.take(&new.credential, app.clock.now())?;
    let wanted = Wanted {
        name: new.name,
        environment: new.environment,
        provider,
        link,
        credential: taken.secret()?,
    };
    let id = deployments::add_tested(app, wanted).await?;
    taken.used();
    Ok(DeploymentAdded {
        deployment: id.to_string(),
    })
}

pub(super) async fn deployment_edit(
    app: &Arc<App>,
    request: DeploymentEdit,
) -> Result<Empty, Failure> {
    let known = find(app, &request.deployment).await?;
    let link = request.link.spec()?;
    let taken = match &request.credential {
        Some(handle) => Some(app.offers.take(handle, app.clock.now())?),
        None => None,
    };
    let credential = taken.as_ref().map(Taken::secret).transpose()?;
    let edit = Edit {
        id: known.id,
        name: request.name,
        environment: request.environment,
        link,
        credential,
    };
    deployments::edit(app, edit).await?;
    if let Some(taken) = taken {
        taken.used();
    }
    Ok(Empty {})
}

pub(super) async fn deployment_remove_preview(
    app: &Arc<App>,
    request: DeploymentRef,
) -> Result<RemovePreview, Failure> {
    let known = find(app, &request.deployment).await?;
    let holdings = store::deployments::holdings(&app.store, known.id).await;
    let (keys, resources, secrets) = holdings.map_err(|error| app.in_words(error))?;
    Ok(RemovePreview {
        environment: known.environment,
        host: host_of(&known.link),
        keys,
        resources,
        secrets,
        name: known.name,
    })
}

pub(super) async fn deployment_remove(
    app: &Arc<App>,
    request: DeploymentRemove,
) -> Result<Empty, Failure> {
    let known = find(app, &request.deployment).await?;
    deployments::remove(app, known.id, &request.confirmation).await?;
    Ok(Empty {})
}
