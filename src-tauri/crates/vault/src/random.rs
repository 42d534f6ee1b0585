//! Random texts.

use crate::{DataKey, VaultError};
use zeroize::Zeroizing;

/// 256 bits from the system's generator as 43 characters of base64url.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn random_text() -> Result<Zeroizing<String>, VaultError> {
    DataKey::generate().map(|key| key.text())
}
