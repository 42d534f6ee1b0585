//! Adding a deployment: the one way in, whoever asks.

use crate::{App, Code, Failure, links::host_of};
use domain::{DeploymentId, Environment, LinkSpec, Secret, SecretId, SecretKind};
use providers::{BaseUrl, registry};
use serde_json::json;
use store::{
    audit::{self, AuditEntry},
    deployments::{self, NewDeployment},
};

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
/// The address is refused, the provider unknown, the vault closed, or the store fails; nothing is stored then.
pub async fn add(app: &App, new: NewLink) -> Result<DeploymentId, Failure> {
    check_address(app, &new.link)?;
    if registry::find(&new.provider).is_none() {
        return Err(Failure::new(Code::BadRequest).with("field", "provider"));
    }
    let vault = app
        .vault
        .as_ref()
        .ok_or_else(|| Failure::new(Code::VaultKeyMissing))?;
    let now = app.clock.now();
    let (id, row) = (DeploymentId::at(now), SecretId::at(now));
    let sealed = vault.seal(SecretKind::Credential, id.bytes(), row, &new.credential)?;
    let subject = id.to_string();
    let facts = json!({ "name": new.name, "provider": new.provider, "host": host_of(&new.link) });
    let entry = AuditEntry {
        at: now,
        actor: "user",
        act: "deployment.add",
        subject: &subject,
        facts: &facts,
    };
    let stored = NewDeployment {
        id,
        name: &new.name,
        environment: new.environment,
        provider: &new.provider,
        link: &new.link,
        credential: row,
    };
    let write = async {
        let mut writer = app.store.write().await?;
        store::secrets::insert(&mut writer, row, SecretKind::Credential, &subject, &sealed).await?;
        deployments::insert(&mut writer, &stored, now).await?;
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))?;
    Ok(id)
}

/// Changes how a deployment is reached; its credential stays, and goes to the same provider only.
///
/// # Errors
/// As for [`add`].
pub async fn set_link(app: &App, id: DeploymentId, link: &LinkSpec) -> Result<(), Failure> {
    check_address(app, link)?;
    let subject = id.to_string();
    let facts = json!({ "host": host_of(link) });
    let entry = AuditEntry {
        at: app.clock.now(),
        actor: "user",
        act: "deployment.set_link",
        subject: &subject,
        facts: &facts,
    };
    let write = async {
        let mut writer = app.store.write().await?;
        deployments::set_link(&mut writer, id, link).await?;
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))
}

fn check_address(app: &App, link: &LinkSpec) -> Result<(), Failure> {
    let base = BaseUrl::parse(&link.url, link.allow_plain_loopback)
        .map_err(|why| Failure::of_url(why, &link.url))?;
    if app.profile.is_sample() && !base.is_loopback() {
        return Err(Failure::new(Code::NotLoopback).with("host", base.host()));
    }
    Ok(())
}
