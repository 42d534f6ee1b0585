//! Edits that nobody sent yet: one a key.

use crate::{Area, Store, StoreError, Writer};
use domain::{KeyId, RightsGrid, UnixMs};

/// A draft of a key's rights.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The grid when it was begun.
    pub base: RightsGrid,
    /// The grid that is wanted.
    pub desired: RightsGrid,
    /// When it was saved last.
    pub saved_at: UnixMs,
}

/// A key's draft; `None` when it has none.
///
/// # Errors
/// [`StoreError`].
pub async fn find(store: &Store, key: KeyId) -> Result<Option<Draft>, StoreError> {
    let key = key.to_string();
    let row = sqlx::query!(
        "SELECT base, desired, saved_at FROM drafts WHERE key = ?",
        key
    );
    let Some(row) = row.fetch_optional(&store.readers).await? else {
        return Ok(None);
    };
    Ok(Some(Draft {
        base: serde_json::from_str(&row.base)?,
        desired: serde_json::from_str(&row.desired)?,
        saved_at: UnixMs(row.saved_at),
    }))
}

/// Saves a key's draft in the place of the one it had.
///
/// # Errors
/// [`StoreError`].
pub async fn put(writer: &mut Writer, key: KeyId, draft: &Draft) -> Result<(), StoreError> {
    let (key, base, desired) = (
        key.to_string(),
        serde_json::to_string(&draft.base)?,
        serde_json::to_string(&draft.desired)?,
    );
    let put = sqlx::query!(
        "INSERT INTO drafts (key, base, desired, saved_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (key) DO UPDATE SET base = ?2, desired = ?3, saved_at = ?4",
        key,
        base,
        desired,
        draft.saved_at.0
    );
    put.execute(writer.on(Area::Drafts)).await?;
    Ok(())
}

/// Discards a key's draft.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(writer: &mut Writer, key: KeyId) -> Result<(), StoreError> {
    let key = key.to_string();
    sqlx::query!("DELETE FROM drafts WHERE key = ?", key)
        .execute(writer.on(Area::Drafts))
        .await?;
    Ok(())
}
