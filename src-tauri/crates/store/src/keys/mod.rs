//! Keys: what a synchronisation changes, and one key whole.

mod grids;
pub(crate) mod index;
pub mod list;
mod row;

pub use row::digest;

use crate::{Area, Store, StoreError, Writer};
use domain::{Column, DeploymentId, Fingerprint, Identity, KeyId, ListedKey, RemoteId, UnixMs};
use grids::Grids;
use row::Common;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;
use std::sync::Arc;

/// Keys of one statement. Each has 20 values, and SQLite takes 32,766 of them.
const KEYS_AT_ONCE: usize = 200;

/// What a synchronisation has to know of a key that is already stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Local id.
    pub id: KeyId,
    /// What tells it apart.
    pub identity: Identity,
    /// For keys that nothing tells apart.
    pub label: String,
    /// When the server made it.
    pub created_at: Option<UnixMs>,
    /// [`digest`] of what was stored.
    pub digest: Vec<u8>,
    /// It was already missing from an earlier list.
    pub is_gone: bool,
}

/// All keys of a deployment that were ever stored.
///
/// # Errors
/// [`StoreError`].
pub async fn known(
    writer: &mut Writer,
    deployment: DeploymentId,
) -> Result<Vec<KnownKey>, StoreError> {
    let deployment = deployment.to_string();
    let rows = sqlx::query!(
        "SELECT id, remote_id, fingerprint, label, created_at, digest, gone_at FROM keys WHERE deployment = ?",
        deployment
    );
    let known = rows
        .fetch_all(writer.quietly())
        .await?
        .into_iter()
        .map(|row| {
            Ok(KnownKey {
                id: row.id.parse().map_err(|_| StoreError::Damaged)?,
                identity: Identity {
                    remote_id: row.remote_id.map(RemoteId),
                    fingerprint: row.fingerprint.map(Fingerprint),
                },
                label: row.label,
                created_at: row.created_at.map(UnixMs),
                digest: row.digest,
                is_gone: row.gone_at.is_some(),
            })
        });
    known.collect()
}

/// Stores a key as it was just listed, new or changed or back from being gone.
///
/// # Errors
/// [`StoreError`].
pub async fn put(
    writer: &mut Writer,
    deployment: DeploymentId,
    id: KeyId,
    key: &ListedKey,
    now: UnixMs,
) -> Result<(), StoreError> {
    put_all(writer, deployment, &[(id, key)], now).await
}

/// Stores keys as [`put`] does, many in one statement: of a long list, each statement's way to the database and back
/// would take most of the time.
///
/// # Errors
/// [`StoreError`].
pub async fn put_all(
    writer: &mut Writer,
    deployment: DeploymentId,
    keys: &[(KeyId, &ListedKey)],
    now: UnixMs,
) -> Result<(), StoreError> {
    let common = Common {
        deployment: deployment.to_string().into(),
        now: now.0,
        grids: Grids::of(writer, keys).await?,
    };
    let mut rest = keys.chunks(KEYS_AT_ONCE);
    let mut next = move || {
        let some = rest.next()?;
        Some(row::values(&common, some).map(|values| (some.len(), values)))
    };
    let mut text: (usize, Arc<str>) = (0, "".into());
    let mut ready = next().transpose()?;
    while let Some((keys, values)) = ready {
        if text.0 != keys {
            text = (keys, row::insert(keys).into());
        }
        // Made of names and question marks alone.
        let insert = sqlx::query_with(AssertSqlSafe(Arc::clone(&text.1)), values);
        // The next are put together while the database, which has a thread of its own, takes these.
        let storing = insert.execute(writer.on(Area::Keys));
        let (stored, following) = tokio::join!(storing, async { next().transpose() });
        stored?;
        ready = following?;
    }
    Ok(())
}

/// Stores a key as [`put`] does, under this local id even where a synchronisation has stored it under one of its own
/// meanwhile: that row, which nothing can refer to yet, goes.
///
/// # Errors
/// [`StoreError`].
pub async fn put_as(
    writer: &mut Writer,
    deployment: DeploymentId,
    id: KeyId,
    key: &ListedKey,
    now: UnixMs,
) -> Result<(), StoreError> {
    let (id_text, deployment_text) = (id.to_string(), deployment.to_string());
    let remote_id = key.identity.remote_id.as_ref().map(|id| id.0.as_str());
    let fingerprint = key
        .identity
        .fingerprint
        .as_ref()
        .map(|print| print.0.as_str());
    sqlx::query!(
        "DELETE FROM keys WHERE deployment = ?1 AND id <> ?2 AND
            (remote_id = ?3 OR (?3 IS NULL AND remote_id IS NULL AND fingerprint = ?4))",
        deployment_text,
        id_text,
        remote_id,
        fingerprint
    )
    .execute(writer.on(Area::Keys))
    .await?;
    put(writer, deployment, id, key, now).await
}

/// The last complete list no longer had this key. Its history stays.
///
/// # Errors
/// [`StoreError`].
pub async fn set_gone(writer: &mut Writer, id: KeyId, now: UnixMs) -> Result<(), StoreError> {
    let id = id.to_string();
    sqlx::query!(
        "UPDATE keys SET gone_at = ? WHERE id = ? AND gone_at IS NULL",
        now.0,
        id
    )
    .execute(writer.on(Area::Keys))
    .await?;
    Ok(())
}

/// What the side panel shows beside the list's row.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Local id.
    pub id: KeyId,
    /// Whose key it is.
    pub deployment: DeploymentId,
    /// What tells it apart.
    pub identity: Identity,
    /// The part of the value that may be shown.
    pub prefix: Option<String>,
    /// The description.
    pub description: String,
    /// The columns of its rights grid.
    pub columns: Vec<Column>,
    /// Members that the adapter does not understand.
    pub extras: Map<String, Value>,
    /// The first complete list that had it.
    pub first_seen: UnixMs,
}

/// The columns that a deployment's keys have – they share them –; `None` while it has no key.
///
/// # Errors
/// [`StoreError`].
pub async fn columns_of(
    store: &Store,
    deployment: DeploymentId,
) -> Result<Option<Vec<Column>>, StoreError> {
    let deployment = deployment.to_string();
    let columns = sqlx::query_scalar!(
        "SELECT g.columns FROM keys k JOIN grid_columns g ON g.id = k.grid
        WHERE k.deployment = ? AND k.gone_at IS NULL LIMIT 1",
        deployment
    );
    let columns = columns.fetch_optional(&store.readers).await?;
    Ok(columns
        .map(|columns| serde_json::from_str(&columns))
        .transpose()?)
}

/// One key; `None` when there is no such.
///
/// # Errors
/// [`StoreError`].
pub async fn find(store: &Store, id: KeyId) -> Result<Option<StoredKey>, StoreError> {
    let text = id.to_string();
    let row = sqlx::query!(
        "SELECT k.deployment, k.remote_id, k.fingerprint, k.prefix, k.description, g.columns, k.extras, k.first_seen
        FROM keys k JOIN grid_columns g ON g.id = k.grid WHERE k.id = ?",
        text
    );
    let Some(row) = row.fetch_optional(&store.readers).await? else {
        return Ok(None);
    };
    Ok(Some(StoredKey {
        id,
        deployment: row.deployment.parse().map_err(|_| StoreError::Damaged)?,
        identity: Identity {
            remote_id: row.remote_id.map(RemoteId),
            fingerprint: row.fingerprint.map(Fingerprint),
        },
        prefix: row.prefix,
        description: row.description,
        columns: serde_json::from_str(&row.columns)?,
        extras: row
            .extras
            .map_or(Ok(Map::new()), |extras| serde_json::from_str(&extras))?,
        first_seen: UnixMs(row.first_seen),
    }))
}
