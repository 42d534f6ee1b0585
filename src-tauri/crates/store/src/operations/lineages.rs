//! The generations of logical keys.

use crate::{Area, Store, StoreError, Writer};
use domain::{DeploymentId, KeyId, UnixMs};

/// One generation of a logical key. It stays when the key is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Local id.
    pub key: KeyId,
    /// Local id of the first generation.
    pub lineage: KeyId,
    /// 1 for the first.
    pub generation: i64,
    /// Its label.
    pub label: String,
    /// SHA-256 of its secret.
    pub fingerprint: Option<String>,
    /// Known as this generation since.
    pub since: UnixMs,
    /// The key that took its place.
    pub replaced_by: Option<KeyId>,
    /// When its death was proved.
    pub dead_at: Option<UnixMs>,
}

/// Stores a generation, or what has become of it.
///
/// # Errors
/// [`StoreError`].
pub async fn put_generation(
    writer: &mut Writer,
    deployment: DeploymentId,
    one: &Generation,
) -> Result<(), StoreError> {
    let (key, deployment, lineage) = (
        one.key.to_string(),
        deployment.to_string(),
        one.lineage.to_string(),
    );
    let replaced_by = one.replaced_by.map(|key| key.to_string());
    let dead_at = one.dead_at.map(|at| at.0);
    let put = sqlx::query!(
        "INSERT INTO lineages (key, deployment, lineage, generation, label, fingerprint, since, replaced_by, dead_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (key) DO UPDATE SET label = ?5, fingerprint = coalesce(?6, fingerprint),
            replaced_by = coalesce(?8, replaced_by), dead_at = coalesce(?9, dead_at)",
        key,
        deployment,
        lineage,
        one.generation,
        one.label,
        one.fingerprint,
        one.since.0,
        replaced_by,
        dead_at
    );
    put.execute(writer.on(Area::Keys)).await?;
    Ok(())
}

/// All generations of the logical key that this one belongs to, the first one first; none when it was never replaced.
///
/// # Errors
/// [`StoreError`].
pub async fn lineage(store: &Store, key: KeyId) -> Result<Vec<Generation>, StoreError> {
    let key = key.to_string();
    let rows = sqlx::query!(
        "SELECT key, lineage, generation, label, fingerprint, since, replaced_by, dead_at FROM lineages
        WHERE lineage = (SELECT lineage FROM lineages WHERE key = ?) ORDER BY generation",
        key
    );
    let damaged = |_| StoreError::Damaged;
    let rows = rows.fetch_all(&store.readers).await?.into_iter();
    rows.map(|row| {
        Ok(Generation {
            key: row.key.parse().map_err(damaged)?,
            lineage: row.lineage.parse().map_err(damaged)?,
            generation: row.generation,
            label: row.label,
            fingerprint: row.fingerprint,
            since: UnixMs(row.since),
            replaced_by: row
                .replaced_by
                .map(|key| key.parse())
                .transpose()
                .map_err(damaged)?,
            dead_at: row.dead_at.map(UnixMs),
        })
    })
    .collect()
}
