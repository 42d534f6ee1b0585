//! What the file knows about itself, and the settings.

use crate::{Area, Store, StoreError, Writer};
use domain::Sealed;
use serde::{Serialize, de::DeserializeOwned};

const CANARY: &str = "vault_canary";
const HOME: &str = "vault_home";
const NONCE_LEN: usize = 24;

/// The vault's canary, if one was ever stored.
///
/// # Errors
/// [`StoreError`].
pub async fn canary(store: &Store) -> Result<Option<Sealed>, StoreError> {
    let row = sqlx::query_scalar!("SELECT value FROM meta WHERE name = ?", CANARY)
        .fetch_optional(&store.readers)
        .await?;
    let Some(bytes) = row else { return Ok(None) };
    let (version, rest) = bytes.split_first().ok_or(StoreError::Damaged)?;
    let (nonce, ciphertext) = rest
        .split_at_checked(NONCE_LEN)
        .ok_or(StoreError::Damaged)?;
    Ok(Some(Sealed {
        version: *version,
        nonce: nonce.to_vec(),
        ciphertext: ciphertext.to_vec(),
    }))
}

/// Stores the canary; there is only one for the life of the file.
///
/// # Errors
/// [`StoreError`].
pub async fn set_canary(writer: &mut Writer, canary: &Sealed) -> Result<(), StoreError> {
    let value = [
        &[canary.version],
        canary.nonce.as_slice(),
        &canary.ciphertext,
    ]
    .concat();
    sqlx::query!(
        "INSERT INTO meta (name, value) VALUES (?, ?)",
        CANARY,
        value
    )
    .execute(writer.quietly())
    .await?;
    Ok(())
}

/// Where the vault's data key lives, once that was chosen.
///
/// # Errors
/// [`StoreError::Damaged`] when it says what this version cannot read.
pub async fn home<T: DeserializeOwned>(store: &Store) -> Result<Option<T>, StoreError> {
    let row = sqlx::query_scalar!("SELECT value FROM meta WHERE name = ?", HOME);
    let bytes = row.fetch_optional(&store.readers).await?;
    let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(|_| StoreError::Damaged);
    bytes.map(read).transpose()
}

/// Stores where it lives; there is only one home for the life of the file.
///
/// # Errors
/// [`StoreError`].
pub async fn set_home<T: Serialize>(writer: &mut Writer, home: &T) -> Result<(), StoreError> {
    let value = serde_json::to_vec(home)?;
    sqlx::query!("INSERT INTO meta (name, value) VALUES (?, ?)", HOME, value)
        .execute(writer.quietly())
        .await?;
    Ok(())
}

/// A setting, or `None` while nobody set it (or an older version wrote it in another form).
///
/// # Errors
/// [`StoreError`].
pub async fn setting<T: DeserializeOwned>(
    store: &Store,
    name: &str,
) -> Result<Option<T>, StoreError> {
    let row = sqlx::query_scalar!("SELECT value FROM settings WHERE name = ?", name);
    let text = row.fetch_optional(&store.readers).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Sets a setting.
///
/// # Errors
/// [`StoreError`].
pub async fn set_setting<T: Serialize>(
    writer: &mut Writer,
    name: &str,
    value: &T,
) -> Result<(), StoreError> {
    let value = serde_json::to_string(value)?;
    let insert = sqlx::query!(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        name,
        value
    );
    insert.execute(writer.on(Area::Settings)).await?;
    Ok(())
}
