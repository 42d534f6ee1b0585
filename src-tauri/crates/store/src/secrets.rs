//! Sealed rows. Nothing here can open one.

use crate::{Store, StoreError, Writer};
use domain::{DeploymentId, Sealed, SecretId, SecretKind};

/// Stores a sealed row.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    writer: &mut Writer,
    id: SecretId,
    kind: SecretKind,
    owner: &str,
    sealed: &Sealed,
) -> Result<(), StoreError> {
    let (id, kind, version) = (id.to_string(), kind.word(), i64::from(sealed.version));
    let insert = sqlx::query!(
        "INSERT INTO secrets (id, kind, owner, version, nonce, ciphertext) VALUES (?, ?, ?, ?, ?, ?)",
        id,
        kind,
        owner,
        version,
        sealed.nonce,
        sealed.ciphertext
    );
    insert.execute(writer.quietly()).await?;
    Ok(())
}

/// A sealed row; `None` when there is no such row.
///
/// # Errors
/// [`StoreError`].
pub async fn find(store: &Store, id: SecretId) -> Result<Option<Sealed>, StoreError> {
    let id = id.to_string();
    let row = sqlx::query!(
        "SELECT version, nonce, ciphertext FROM secrets WHERE id = ?",
        id
    );
    let Some(row) = row.fetch_optional(&store.readers).await? else {
        return Ok(None);
    };
    let version = u8::try_from(row.version).map_err(|_| StoreError::Damaged)?;
    Ok(Some(Sealed {
        version,
        nonce: row.nonce,
        ciphertext: row.ciphertext,
    }))
}

/// The newest sealed row of this kind and owner; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn newest_of(
    store: &Store,
    kind: SecretKind,
    owner: &str,
) -> Result<Option<SecretId>, StoreError> {
    let kind = kind.word();
    let id = sqlx::query_scalar!(
        "SELECT id FROM secrets WHERE kind = ? AND owner = ? ORDER BY id DESC LIMIT 1",
        kind,
        owner
    );
    let id = id.fetch_optional(&store.readers).await?;
    id.map(|id| id.parse().map_err(|_| StoreError::Damaged))
        .transpose()
}

/// Deletes all sealed rows of one owner; the file's pages are overwritten (`secure_delete`). Nothing may
/// refer to them any more.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of(writer: &mut Writer, owner: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM secrets WHERE owner = ?", owner)
        .execute(writer.quietly())
        .await?;
    Ok(())
}

/// Deletes the sealed rows of a deployment, of its keys and of those that its operations made, which may never have
/// been listed, while it is still there to tell which these are. The links and operations that refer to them go with
/// the deployment in the same commit.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_deployment(
    writer: &mut Writer,
    deployment: DeploymentId,
) -> Result<(), StoreError> {
    let id = deployment.to_string();
    sqlx::query!("DELETE FROM links WHERE deployment = ?", id)
        .execute(writer.quietly())
        .await?;
    sqlx::query!(
        "DELETE FROM secrets WHERE owner = ?1
            OR owner IN (SELECT id FROM keys WHERE deployment = ?1)
            OR owner IN (SELECT key FROM operations WHERE deployment = ?1)
            OR owner IN (SELECT successor FROM operations WHERE deployment = ?1)",
        id
    )
    .execute(writer.quietly())
    .await?;
    Ok(())
}

/// Deletes one sealed row that nothing refers to any more.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(writer: &mut Writer, id: SecretId) -> Result<(), StoreError> {
    let id = id.to_string();
    sqlx::query!("DELETE FROM secrets WHERE id = ?", id)
        .execute(writer.quietly())
        .await?;
    Ok(())
}

/// How many sealed rows there are. With at least one, a missing data key is a loss and not a first start.
///
/// # Errors
/// [`StoreError`].
pub async fn count(store: &Store) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!("SELECT count(*) FROM secrets")
        .fetch_one(&store.readers)
        .await?)
}
