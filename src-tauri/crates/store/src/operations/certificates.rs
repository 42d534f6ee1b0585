//! Certificates of finished operations.

use crate::{Area, Store, StoreError, Writer};
use domain::{DeploymentId, OperationId, UnixMs};

/// A certificate as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Of this operation.
    pub operation: OperationId,
    /// Of this deployment, which may be gone.
    pub deployment: DeploymentId,
    /// JSON, as it was hashed.
    pub body: String,
    /// SHA-256 of the body.
    pub hash: String,
    /// The audit row that carries the hash.
    pub audit_seq: i64,
    /// When it was made.
    pub made_at: UnixMs,
}

/// Stores a certificate; it is never changed afterwards.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(writer: &mut Writer, certificate: &Certificate) -> Result<(), StoreError> {
    let (operation, deployment) = (
        certificate.operation.to_string(),
        certificate.deployment.to_string(),
    );
    let insert = sqlx::query!(
        "INSERT INTO certificates (operation, deployment, body, hash, audit_seq, made_at) VALUES (?, ?, ?, ?, ?, ?)",
        operation,
        deployment,
        certificate.body,
        certificate.hash,
        certificate.audit_seq,
        certificate.made_at.0
    );
    insert.execute(writer.on(Area::Operations)).await?;
    Ok(())
}

/// The certificate of an operation; `None` where there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    store: &Store,
    operation: OperationId,
) -> Result<Option<Certificate>, StoreError> {
    let id = operation.to_string();
    let row = sqlx::query!(
        "SELECT deployment, body, hash, audit_seq, made_at FROM certificates WHERE operation = ?",
        id
    );
    let Some(row) = row.fetch_optional(&store.readers).await? else {
        return Ok(None);
    };
    Ok(Some(Certificate {
        operation,
        deployment: row.deployment.parse().map_err(|_| StoreError::Damaged)?,
        body: row.body,
        hash: row.hash,
        audit_seq: row.audit_seq,
        made_at: UnixMs(row.made_at),
    }))
}
