//! What rights can be given on, and its fields.

use crate::{Area, Store, StoreError, Writer};
use domain::{DeploymentId, Resource, UnixMs};

/// Makes the deployment's list equal to this one; fields that were read before stay with their resource.
///
/// # Errors
/// [`StoreError`].
pub async fn replace(
    writer: &mut Writer,
    deployment: DeploymentId,
    resources: &[Resource],
) -> Result<(), StoreError> {
    let deployment = deployment.to_string();
    let rows = sqlx::query!(
        "SELECT kind, name FROM resources WHERE deployment = ?",
        deployment
    );
    let rows = rows.fetch_all(writer.quietly()).await?.into_iter();
    let known: std::collections::BTreeSet<Resource> = rows
        .map(|row| Resource {
            kind: row.kind,
            name: row.name,
        })
        .collect();
    let listed: std::collections::BTreeSet<Resource> = resources.iter().cloned().collect();
    for gone in known.difference(&listed) {
        sqlx::query!(
            "DELETE FROM resources WHERE deployment = ? AND kind = ? AND name = ?",
            deployment,
            gone.kind,
            gone.name
        )
        .execute(writer.on(Area::Resources))
        .await?;
    }
    for new in listed.difference(&known) {
        sqlx::query!(
            "INSERT INTO resources (deployment, kind, name) VALUES (?, ?, ?)",
            deployment,
            new.kind,
            new.name
        )
        .execute(writer.on(Area::Resources))
        .await?;
    }
    Ok(())
}

/// The stored fields of a resource and when they were read; `None` when nobody asked or it is unknown.
///
/// # Errors
/// [`StoreError`].
pub async fn fields(
    store: &Store,
    deployment: DeploymentId,
    name: &str,
) -> Result<Option<(Vec<String>, UnixMs)>, StoreError> {
    let deployment = deployment.to_string();
    let row = sqlx::query!(
        r#"SELECT fields AS "fields!", fields_at AS "fields_at!" FROM resources
        WHERE deployment = ? AND name = ? AND fields IS NOT NULL AND fields_at IS NOT NULL"#,
        deployment,
        name
    );
    let Some(row) = row.fetch_optional(&store.readers).await? else {
        return Ok(None);
    };
    Ok(Some((
        serde_json::from_str(&row.fields)?,
        UnixMs(row.fields_at),
    )))
}

/// Stores the fields of a resource that the deployment lists.
///
/// # Errors
/// [`StoreError`].
pub async fn set_fields(
    writer: &mut Writer,
    deployment: DeploymentId,
    name: &str,
    fields: &[String],
    now: UnixMs,
) -> Result<(), StoreError> {
    let (deployment, fields) = (deployment.to_string(), serde_json::to_string(fields)?);
    let update = sqlx::query!(
        "UPDATE resources SET fields = ?, fields_at = ? WHERE deployment = ? AND name = ?",
        fields,
        now.0,
        deployment,
        name
    );
    update.execute(writer.on(Area::Resources)).await?;
    Ok(())
}

/// A resource that the deployment lists, with its fields where somebody asked.
#[derive(Clone, Debug)]
pub struct KnownResource {
    /// The adapter's word for its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Option<Vec<String>>,
}

/// Everything that the deployment lists, by kind and name.
///
/// # Errors
/// [`StoreError`].
pub async fn all(
    store: &Store,
    deployment: DeploymentId,
) -> Result<Vec<KnownResource>, StoreError> {
    let deployment = deployment.to_string();
    let rows = sqlx::query!(
        "SELECT kind, name, fields FROM resources WHERE deployment = ? ORDER BY kind, name",
        deployment
    );
    let rows = rows
        .fetch_all(&store.readers)
        .await?
        .into_iter()
        .map(|row| {
            let fields = row
                .fields
                .map(|json| serde_json::from_str(&json))
                .transpose()?;
            Ok(KnownResource {
                kind: row.kind,
                name: row.name,
                fields,
            })
        });
    rows.collect()
}
