//! The vault of one profile: locked, or open with its data key.

use crate::{DataKey, VaultError, seal};
use domain::{Sealed, Secret, SecretId, SecretKind};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The vault of one profile.
#[derive(Debug)]
pub struct Vault {
    key: RwLock<Option<DataKey>>,
}

impl Vault {
    /// An open vault, which seals and opens with this key.
    pub fn new(key: DataKey) -> Self {
        Self {
            key: RwLock::new(Some(key)),
        }
    }

    /// A vault without its key.
    pub fn locked() -> Self {
        Self {
            key: RwLock::new(None),
        }
    }

    /// Opens the vault with this key; a key it had before is wiped. Whether it is the right one, a canary
    /// says ([`Vault::check`]).
    pub fn unlock(&self, key: DataKey) {
        *self.write() = Some(key);
    }

    /// Opens the vault with this key if the canary was made with it; otherwise the vault stays as it is.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`].
    pub fn unlock_checked(&self, key: DataKey, canary: &Sealed) -> Result<(), VaultError> {
        let candidate = Self::new(key);
        candidate.check(canary)?;
        let key = candidate.write().take();
        *self.write() = key;
        Ok(())
    }

    /// Wipes the key before it returns. A locked vault stays locked.
    pub fn lock(&self) {
        *self.write() = None;
    }

    /// Has the vault no key?
    pub fn is_locked(&self) -> bool {
        self.read().is_none()
    }

    /// Seals a secret for one row: it opens for the same kind, owner and row only.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::NoRandomness`].
    pub fn seal(
        &self,
        kind: SecretKind,
        owner: &[u8; 16],
        row: SecretId,
        secret: &Secret,
    ) -> Result<Sealed, VaultError> {
        let context = seal::context(kind.word(), owner, row.bytes());
        // EXPOSE: sealed at once; only the ciphertext leaves.
        self.with_key(|key| seal::seal(key, &context, secret.expose().as_bytes()))
    }

    /// Opens a row.
    ///
    /// # Errors
    /// [`VaultError::Locked`]; [`VaultError::WrongKey`] when anything about it differs from what was sealed.
    pub fn open(
        &self,
        kind: SecretKind,
        owner: &[u8; 16],
        row: SecretId,
        sealed: &Sealed,
    ) -> Result<Secret, VaultError> {
        let context = seal::context(kind.word(), owner, row.bytes());
        let bytes = self.with_key(|key| seal::open(key, &context, sealed))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::WrongKey)?;
        Ok(Secret::new(text.to_owned()))
    }

    /// A row that tells later whether the data key is still the same.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::NoRandomness`].
    pub fn canary(&self) -> Result<Sealed, VaultError> {
        self.with_key(|key| seal::seal(key, CANARY, CANARY))
    }

    /// Whether this canary was made with this key.
    ///
    /// # Errors
    /// [`VaultError::Locked`]; [`VaultError::WrongKey`] when it was not.
    pub fn check(&self, canary: &Sealed) -> Result<(), VaultError> {
        let bytes = self.with_key(|key| seal::open(key, CANARY, canary))?;
        if *bytes == CANARY {
            Ok(())
        } else {
            Err(VaultError::WrongKey)
        }
    }

    fn with_key<T>(
        &self,
        act: impl FnOnce(&DataKey) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        match &*self.read() {
            Some(key) => act(key),
            None => Err(VaultError::Locked),
        }
    }

    /// A panic elsewhere leaves a whole key or none, so a poisoned lock can be used, and locking never fails.
    fn read(&self) -> RwLockReadGuard<'_, Option<DataKey>> {
        self.key.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<DataKey>> {
        self.key.write().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_locked_vault_does_nothing_until_it_has_a_key() {
        let vault = Vault::locked();
        let (owner, row) = ([7; 16], SecretId::at(UnixMs(1)));
        let kind = SecretKind::Credential;
        let secret = Secret::new("fake-secret".into());
        assert!(vault.is_locked());
        let key = DataKey::generate().unwrap();
        let same = DataKey::of_bytes(key.bytes()).unwrap();

        vault.unlock(key);
        assert!(!vault.is_locked());
        let sealed = vault.seal(kind, &owner, row, &secret).unwrap();
        let canary = vault.canary().unwrap();

        for _ in 0..2 {
            vault.lock();
            assert!(vault.is_locked());
            assert_eq!(
                vault.seal(kind, &owner, row, &secret),
                Err(VaultError::Locked)
            );
            let opened = vault.open(kind, &owner, row, &sealed).map(|_| ());
            assert_eq!(opened, Err(VaultError::Locked));
            assert_eq!(vault.canary(), Err(VaultError::Locked));
            assert_eq!(vault.check(&canary), Err(VaultError::Locked));
        }

        let other = DataKey::generate().unwrap();
        assert_eq!(
            vault.unlock_checked(other, &canary),
            Err(VaultError::WrongKey)
        );
        assert!(vault.is_locked(), "a wrong key is not taken in");
        vault.unlock(DataKey::generate().unwrap());
        assert_eq!(vault.check(&canary), Err(VaultError::WrongKey));
        vault.unlock_checked(same, &canary).unwrap();
        assert_eq!(vault.check(&canary), Ok(()));
        assert!(vault.open(kind, &owner, row, &sealed).is_ok());
    }

    #[test]
    fn a_panic_while_the_key_is_held_keeps_the_vault_from_nothing() {
        let vault = Vault::new(DataKey::generate().unwrap());
        let panicked = std::thread::scope(|scope| {
            let act = || vault.with_key(|_| -> Result<(), VaultError> { panic!("planted") });
            scope.spawn(act).join().is_err()
        });
        assert!(panicked && !vault.is_locked());
        let panicked = std::thread::scope(|scope| {
            let act = || {
                let _held = vault.write();
                panic!("planted")
            };
            scope.spawn(act).join().is_err()
        });
        assert!(panicked && vault.key.is_poisoned());
        assert!(vault.canary().is_ok());
        vault.lock();
        assert!(vault.is_locked());
    }
}
