//! Deployments and their links.

use crate::{Area, Store, StoreError, Writer};
use domain::{DeploymentId, Environment, LinkSpec, SecretId, ServerFacts, UnixMs};
use serde_json::Value;

/// A deployment with what the last tries brought.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Local id.
    pub id: DeploymentId,
    /// The name that a person gave it.
    pub name: String,
    /// What it is for.
    pub environment: Environment,
    /// The provider's id.
    pub provider: String,
    /// How it is reached.
    pub link: LinkSpec,
    /// The sealed credential.
    pub credential: SecretId,
    /// What the last good probe learnt.
    pub facts: ServerFacts,
    /// The last complete list.
    pub synced_at: Option<UnixMs>,
    /// Why the last try failed, in the form that `app` gave it.
    pub failure: Option<Value>,
    /// No request before then.
    pub not_before: Option<UnixMs>,
    /// Keys that the last complete list had.
    pub keys: i64,
}

/// A deployment about to be stored.
#[derive(Debug)]
pub struct NewDeployment<'a> {
    /// Local id.
    pub id: DeploymentId,
    /// The name that a person gave it.
    pub name: &'a str,
    /// What it is for.
    pub environment: Environment,
    /// The provider's id.
    pub provider: &'a str,
    /// How it is reached.
    pub link: &'a LinkSpec,
    /// The sealed credential's row, already inserted by the same writer.
    pub credential: SecretId,
}

/// Stores a deployment and its link.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    writer: &mut Writer,
    new: &NewDeployment<'_>,
    now: UnixMs,
) -> Result<(), StoreError> {
    let (id, environment, credential) = (
        new.id.to_string(),
        new.environment.word(),
        new.credential.to_string(),
    );
    let spec = serde_json::to_string(new.link)?;
    let row = sqlx::query!(
        "INSERT INTO deployments (id, name, environment, provider, created_at) VALUES (?, ?, ?, ?, ?)",
        id,
        new.name,
        environment,
        new.provider,
        now.0
    );
    row.execute(writer.on(Area::Deployments)).await?;
    let row = sqlx::query!(
        "INSERT INTO links (deployment, spec, credential) VALUES (?, ?, ?)",
        id,
        spec,
        credential
    );
    row.execute(writer.on(Area::Deployments)).await?;
    Ok(())
}

/// Changes how a deployment is reached.
///
/// # Errors
/// [`StoreError`].
pub async fn set_link(
    writer: &mut Writer,
    id: DeploymentId,
    link: &LinkSpec,
) -> Result<(), StoreError> {
    let (id, spec) = (id.to_string(), serde_json::to_string(link)?);
    sqlx::query!("UPDATE links SET spec = ? WHERE deployment = ?", spec, id)
        .execute(writer.on(Area::Deployments))
        .await?;
    Ok(())
}

/// Changes what a deployment is called and what it is for.
///
/// # Errors
/// [`StoreError`].
pub async fn set_name(
    writer: &mut Writer,
    id: DeploymentId,
    name: &str,
    environment: Environment,
) -> Result<(), StoreError> {
    let (id, environment) = (id.to_string(), environment.word());
    let update = sqlx::query!(
        "UPDATE deployments SET name = ?, environment = ? WHERE id = ?",
        name,
        environment,
        id
    );
    update.execute(writer.on(Area::Deployments)).await?;
    // Keys are listed with both.
    writer.on(Area::Keys);
    Ok(())
}

/// Changes the sealed row that a deployment logs in with.
///
/// # Errors
/// [`StoreError`].
pub async fn set_credential(
    writer: &mut Writer,
    id: DeploymentId,
    credential: SecretId,
) -> Result<(), StoreError> {
    let (id, credential) = (id.to_string(), credential.to_string());
    let update = sqlx::query!(
        "UPDATE links SET credential = ? WHERE deployment = ?",
        credential,
        id
    );
    update.execute(writer.on(Area::Deployments)).await?;
    Ok(())
}

/// Deletes a deployment with its link, keys, rights and resources. Its sealed rows stay for
/// [`crate::secrets::delete_of`], the audit log for good.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(writer: &mut Writer, id: DeploymentId) -> Result<(), StoreError> {
    let id = id.to_string();
    sqlx::query!("DELETE FROM deployments WHERE id = ?", id)
        .execute(writer.on(Area::Deployments))
        .await?;
    writer.on(Area::Keys);
    writer.on(Area::Resources);
    Ok(())
}

/// The names in use, with whose they are.
///
/// # Errors
/// [`StoreError`].
pub async fn names(writer: &mut Writer) -> Result<Vec<(DeploymentId, String)>, StoreError> {
    let rows = sqlx::query!("SELECT id, name FROM deployments");
    let rows = rows.fetch_all(writer.quietly()).await?;
    let pairs = rows.into_iter().map(|row| {
        let id = row.id.parse().map_err(|_| StoreError::Damaged)?;
        Ok((id, row.name))
    });
    pairs.collect()
}

/// How a deployment is reached at this moment; `None` when it is no longer there.
///
/// # Errors
/// [`StoreError`].
pub async fn link_now(
    writer: &mut Writer,
    id: DeploymentId,
) -> Result<Option<LinkSpec>, StoreError> {
    let id = id.to_string();
    let spec = sqlx::query_scalar!("SELECT spec FROM links WHERE deployment = ?", id)
        .fetch_optional(writer.quietly())
        .await?;
    Ok(spec.map(|spec| serde_json::from_str(&spec)).transpose()?)
}

/// What a removal takes away: keys ever seen, resources, sealed values of keys that were made here, listed or not.
///
/// # Errors
/// [`StoreError`].
pub async fn holdings(store: &Store, id: DeploymentId) -> Result<(i64, i64, i64), StoreError> {
    let id = id.to_string();
    let row = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM keys WHERE deployment = ?1) AS "keys!: i64",
            (SELECT count(*) FROM resources WHERE deployment = ?1) AS "resources!: i64",
            (SELECT count(*) FROM secrets WHERE kind = 'new_key' AND (
                owner IN (SELECT id FROM keys WHERE deployment = ?1)
                OR owner IN (SELECT key FROM operations WHERE deployment = ?1)
                OR owner IN (SELECT successor FROM operations WHERE deployment = ?1)
            )) AS "secrets!: i64""#,
        id
    );
    let row = row.fetch_one(&store.readers).await?;
    Ok((row.keys, row.resources, row.secrets))
}

/// A complete reading went well: facts and time, and no failure any more.
///
/// # Errors
/// [`StoreError`].
pub async fn set_synced(
    writer: &mut Writer,
    id: DeploymentId,
    facts: &ServerFacts,
    at: UnixMs,
) -> Result<(), StoreError> {
    let (id, facts) = (id.to_string(), serde_json::to_string(facts)?);
    let update = sqlx::query!(
        "UPDATE deployments SET facts = ?, synced_at = ?, failure = NULL, not_before = NULL WHERE id = ?",
        facts,
        at.0,
        id
    );
    update.execute(writer.on(Area::Deployments)).await?;
    Ok(())
}

/// A reading failed: the copy stays as it is, and the reason is kept.
///
/// # Errors
/// [`StoreError`].
pub async fn set_failed(
    writer: &mut Writer,
    id: DeploymentId,
    failure: &Value,
    not_before: Option<UnixMs>,
) -> Result<(), StoreError> {
    let (id, failure, not_before) = (
        id.to_string(),
        failure.to_string(),
        not_before.map(|at| at.0),
    );
    let update = sqlx::query!(
        "UPDATE deployments SET failure = ?, not_before = ? WHERE id = ?",
        failure,
        not_before,
        id
    );
    update.execute(writer.on(Area::Deployments)).await?;
    Ok(())
}

/// All deployments, production first, then by name.
///
/// # Errors
/// [`StoreError`].
pub async fn all(store: &Store) -> Result<Vec<Deployment>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.id, d.name, d.environment, d.provider, d.facts, d.synced_at, d.failure, d.not_before,
            l.spec, l.credential,
            (SELECT count(*) FROM keys k WHERE k.deployment = d.id AND k.gone_at IS NULL) AS "keys!: i64"
        FROM deployments d JOIN links l ON l.deployment = d.id
        ORDER BY CASE d.environment WHEN 'production' THEN 0 WHEN 'staging' THEN 1 WHEN 'development' THEN 2 ELSE 3 END,
            d.name, d.id"#
    );
    rows.fetch_all(&store.readers)
        .await?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// One deployment; `None` when there is no such.
///
/// # Errors
/// [`StoreError`].
pub async fn find(store: &Store, id: DeploymentId) -> Result<Option<Deployment>, StoreError> {
    Ok(all(store)
        .await?
        .into_iter()
        .find(|deployment| deployment.id == id))
}

struct Row {
    id: String,
    name: String,
    environment: String,
    provider: String,
    facts: String,
    synced_at: Option<i64>,
    failure: Option<String>,
    not_before: Option<i64>,
    spec: String,
    credential: String,
    keys: i64,
}

impl Row {
    fn read(self) -> Result<Deployment, StoreError> {
        Ok(Deployment {
            id: self.id.parse().map_err(|_| StoreError::Damaged)?,
            name: self.name,
            environment: Environment::from_word(&self.environment).ok_or(StoreError::Damaged)?,
            provider: self.provider,
            link: serde_json::from_str(&self.spec)?,
            credential: self.credential.parse().map_err(|_| StoreError::Damaged)?,
            facts: if self.facts == "{}" {
                ServerFacts::default()
            } else {
                serde_json::from_str(&self.facts)?
            },
            synced_at: self.synced_at.map(UnixMs),
            failure: self
                .failure
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
            not_before: self.not_before.map(UnixMs),
            keys: self.keys,
        })
    }
}
