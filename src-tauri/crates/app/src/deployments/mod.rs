//! Adding, changing and removing a deployment: the one way, whoever asks.

mod edit;
mod name;
mod remove;

pub(crate) use edit::{Edit, edit};
pub(crate) use remove::remove;

use crate::{
    App, Code, Failure,
    links::{Exam, examine, host_of},
};
use domain::{DeploymentId, Environment, LinkSpec, Secret, SecretId, SecretKind};
use providers::{BaseUrl, Provider, registry};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{
    Writer,
    audit::{self, AuditEntry},
    deployments::{self, Deployment, NewDeployment},
};
use tokio::sync::MutexGuard;

/// A deployment to be added.
#[derive(Debug)]
pub struct NewLink {
    /// The name that a person gives it.
    pub name: String,
    /// What it is for.
    pub environment: Environment,
    /// The provider's id.
    pub provider: String,
    /// How it is reached.
    pub link: LinkSpec,
    /// What Keystead logs in with.
    pub credential: Secret,
}

/// Seals the credential and stores deployment, link and audit row in one commit. Sends nothing.
///
/// # Errors
/// The name or the address is refused, the provider unknown, the vault closed, or the store fails; nothing
/// is stored then.
pub async fn add(app: &App, new: NewLink) -> Result<DeploymentId, Failure> {
    let id = DeploymentId::at(app.clock.now());
    let credential = Arc::new(new.credential);
    let wanted = Wanted {
        name: new.name,
        environment: new.environment,
        provider: provider_of(&new.provider)?,
        link: new.link,
        credential,
    };
    keep(app, id, &wanted).await?;
    Ok(id)
}

/// A deployment that is not stored yet.
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) provider: &'static dyn Provider,
    pub(crate) link: LinkSpec,
    pub(crate) credential: Arc<Secret>,
}

/// Tests the link first, stores the deployment if all went well, and begins to read it.
///
/// # Errors
/// What the first failing step of the test says; else as for [`add`].
pub(crate) async fn add_tested(app: &Arc<App>, wanted: Wanted) -> Result<DeploymentId, Failure> {
    app.vault()?;
    name::checked(&wanted.name)?;
    check_address(app, &wanted.link)?;
    let id = DeploymentId::at(app.clock.now());
    let exam = Exam {
        provider: wanted.provider,
        link: &wanted.link,
        credential: Some(Arc::clone(&wanted.credential)),
        deployment: None,
        subject: Some(id),
    };
    let (report, link) = examine(app, exam).await;
    let Some(link) = link else {
        return Err(report
            .failure()
            .unwrap_or_else(|| Failure::new(Code::Internal)));
    };
    let row = keep(app, id, &wanted).await?;
    app.links.keep(app, id, wanted.link, row, link).await;
    let added = find(app, id).await?;
    app.syncs.start(app, &added, false);
    Ok(id)
}

/// Changes how a deployment is reached; its credential stays, and goes to the same provider only. For
/// sample servers that came back on another port; a person's change is [`edit`].
///
/// # Errors
/// As for [`add`].
pub(crate) async fn set_link(app: &App, id: DeploymentId, link: &LinkSpec) -> Result<(), Failure> {
    check_address(app, link)?;
    let facts = json!({ "host": host_of(link) });
    let write = async {
        let mut writer = app.store.write().await?;
        deployments::set_link(&mut writer, id, link).await?;
        record(app, &mut writer, id, "deployment.set_link", &facts).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))
}

/// The deployment of that id.
///
/// # Errors
/// [`Code::DeploymentUnknown`].
pub(crate) async fn find(app: &App, id: DeploymentId) -> Result<Deployment, Failure> {
    deployments::find(&app.store, id)
        .await
        .map_err(|error| app.in_words(error))?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))
}

/// As long as this is held, no change of a key begins or goes on, and none of this deployment's is unfinished.
///
/// # Errors
/// [`Code::EditRefused`] where one is unfinished; also while any is under way, since it may last for minutes.
async fn at_rest(app: &App, id: DeploymentId) -> Result<MutexGuard<'_, ()>, Failure> {
    let busy = "A change of a key is under way: try again when it rests";
    let alone = app.changing.try_lock();
    let alone = alone.map_err(|_| Failure::edit_refused(busy))?;
    let open = store::operations::open_on(&app.store, id).await;
    if open.map_err(|error| app.in_words(error))? > 0 {
        let why = "A change of one of its keys is not finished: bring it to its end, or leave it as it is";
        return Err(Failure::edit_refused(why));
    }
    Ok(alone)
}

/// The provider of that id.
///
/// # Errors
/// [`Code::BadRequest`].
pub(crate) fn provider_of(id: &str) -> Result<&'static dyn Provider, Failure> {
    registry::find(id).ok_or_else(|| Failure::new(Code::BadRequest).with("field", "provider"))
}

/// Reads the address, as far as this profile goes there.
pub(crate) fn check_address(app: &App, link: &LinkSpec) -> Result<BaseUrl, Failure> {
    let base = BaseUrl::parse(&link.url, link.allow_plain_loopback)
        .map_err(|why| Failure::of_url(why, &link.url))?;
    if app.profile.is_sample() && !base.is_loopback() {
        return Err(Failure::new(Code::NotLoopback).with("host", base.host()));
    }
    Ok(base)
}

/// Stores it whole; the row of its sealed credential.
async fn keep(app: &App, id: DeploymentId, wanted: &Wanted) -> Result<SecretId, Failure> {
    check_address(app, &wanted.link)?;
    let name = name::checked(&wanted.name)?;
    let (now, subject) = (app.clock.now(), id.to_string());
    let row = SecretId::at(now);
    let kind = SecretKind::Credential;
    let sealed = app
        .vault()?
        .seal(kind, id.bytes(), row, &wanted.credential)?;
    let provider = wanted.provider.about().id;
    let facts = json!({ "name": name, "provider": provider, "host": host_of(&wanted.link) });
    let stored = NewDeployment {
        id,
        name,
        environment: wanted.environment,
        provider,
        link: &wanted.link,
        credential: row,
    };
    let in_words = |error| app.in_words(error);
    let mut writer = app.store.write().await.map_err(in_words)?;
    name::free(app, &mut writer, name, None).await?;
    let write = async {
        store::secrets::insert(&mut writer, row, kind, &subject, &sealed).await?;
        deployments::insert(&mut writer, &stored, now).await?;
        record(app, &mut writer, id, "deployment.add", &facts).await?;
        writer.commit().await
    };
    write.await.map_err(in_words)?;
    Ok(row)
}

/// A person's act on a deployment, in the audit log once the writer commits.
async fn record(
    app: &App,
    writer: &mut Writer,
    id: DeploymentId,
    act: &str,
    facts: &Value,
) -> Result<(), store::StoreError> {
    let entry = AuditEntry {
        at: app.clock.now(),
        actor: "user",
        act,
        subject: &id.to_string(),
        facts,
    };
    audit::append(writer, &entry).await.map(|_| ())
}
