//! Secrets at rest: one data key, and rows sealed with it. Knows no SQL.

mod data_key;
mod seal;

pub use data_key::DataKey;

use domain::{Sealed, Secret, SecretId, SecretKind};
use std::fmt;

/// Why the vault cannot do it. Holds no bytes of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// There is no data key where it should be.
    KeyMissing,
    /// The data key is there and cannot be read, or is none.
    KeyUnreadable,
    /// This row was not sealed with this key, for this owner, or it was altered.
    WrongKey,
    /// The system's random generator failed.
    NoRandomness,
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyMissing => "the data key is missing",
            Self::KeyUnreadable => "the data key cannot be read",
            Self::WrongKey => "the sealed row does not open with this data key",
            Self::NoRandomness => "the system gave no random bytes",
        })
    }
}

impl std::error::Error for VaultError {}

/// The open vault of one profile.
#[derive(Debug)]
pub struct Vault {
    key: DataKey,
}

impl Vault {
    /// A vault that seals and opens with this key.
    pub fn new(key: DataKey) -> Self {
        Self { key }
    }

    /// Seals a secret for one row: it opens for the same kind, owner and row only.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn seal(
        &self,
        kind: SecretKind,
        owner: &[u8; 16],
        row: SecretId,
        secret: &Secret,
    ) -> Result<Sealed, VaultError> {
        let context = seal::context(kind.word(), owner, row.bytes());
        // EXPOSE: sealed at once; only the ciphertext leaves.
        seal::seal(&self.key, &context, secret.expose().as_bytes())
    }

    /// Opens a row.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when anything about it differs from what was sealed.
    pub fn open(
        &self,
        kind: SecretKind,
        owner: &[u8; 16],
        row: SecretId,
        sealed: &Sealed,
    ) -> Result<Secret, VaultError> {
        let bytes = seal::open(
            &self.key,
            &seal::context(kind.word(), owner, row.bytes()),
            sealed,
        )?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::WrongKey)?;
        Ok(Secret::new(text.to_owned()))
    }

    /// A row that tells later whether the data key is still the same.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn canary(&self) -> Result<Sealed, VaultError> {
        seal::seal(&self.key, CANARY, CANARY)
    }

    /// Whether this canary was made with this key.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when it was not.
    pub fn check(&self, canary: &Sealed) -> Result<(), VaultError> {
        let bytes = seal::open(&self.key, CANARY, canary)?;
        if *bytes == CANARY {
            Ok(())
        } else {
            Err(VaultError::WrongKey)
        }
    }
}

const CANARY: &[u8] = b"keystead canary";

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;

    #[test]
    fn a_row_opens_for_its_own_place_only() {
        let vault = Vault::new(DataKey::generate().unwrap());
        let (owner, row) = ([7; 16], SecretId::at(UnixMs(1)));
        let sealed = vault
            .seal(
                SecretKind::Credential,
                &owner,
                row,
                &Secret::new("fake-secret".into()),
            )
            .unwrap();
        let opened = vault
            .open(SecretKind::Credential, &owner, row, &sealed)
            .unwrap();
        // EXPOSE: the proof that it comes back whole.
        assert_eq!(opened.expose(), "fake-secret");
        let refused = |v: &Vault, owner: &[u8; 16], row, sealed: &Sealed| {
            v.open(SecretKind::Credential, owner, row, sealed)
                .map(|_| ())
                .unwrap_err()
        };
        assert_eq!(
            refused(&vault, &[8; 16], row, &sealed),
            VaultError::WrongKey
        );
        assert_eq!(
            refused(&vault, &owner, SecretId::at(UnixMs(2)), &sealed),
            VaultError::WrongKey
        );
        assert_eq!(
            refused(
                &Vault::new(DataKey::generate().unwrap()),
                &owner,
                row,
                &sealed
            ),
            VaultError::WrongKey
        );
        for i in 0..sealed.ciphertext.len() {
            let mut altered = sealed.clone();
            altered.ciphertext[i] ^= 1;
            assert_eq!(
                refused(&vault, &owner, row, &altered),
                VaultError::WrongKey,
                "byte {i}"
            );
        }
        let versioned = Sealed {
            version: 2,
            ..sealed
        };
        assert_eq!(
            refused(&vault, &owner, row, &versioned),
            VaultError::WrongKey
        );
    }

    #[test]
    fn the_canary_knows_its_key() {
        let vault = Vault::new(DataKey::generate().unwrap());
        let canary = vault.canary().unwrap();
        assert_eq!(vault.check(&canary), Ok(()));
        assert_eq!(
            Vault::new(DataKey::generate().unwrap()).check(&canary),
            Err(VaultError::WrongKey)
        );
    }
}
