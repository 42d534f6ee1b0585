//! The one key that all rows of a profile are sealed with.

use crate::{KeyError, Keyring, KeyringEntry, KeyringError, Patience, VaultError, file};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{fmt, path::Path};
use zeroize::Zeroizing;

const LEN: usize = 32;
/// 256 bits in base64url, unpadded.
const TEXT_LEN: usize = 43;

/// 256 random bits, wiped when dropped. They stay where they were made: moving the key copies none of them.
pub struct DataKey(Box<Zeroizing<[u8; LEN]>>);

impl DataKey {
    /// A new key from the system's generator.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn generate() -> Result<Self, VaultError> {
        Self::filled(|bytes| getrandom::fill(bytes).map_err(|_| VaultError::NoRandomness))
    }

    /// The key kept in a file that only its owner may read. For the sample profile, which holds no real
    /// secret; real profiles keep theirs in the system keyring.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`] when there is no file, [`VaultError::KeyUnreadable`] when it is not a key
    /// (a symbolic link is none).
    pub fn read_file(path: &Path) -> Result<Self, VaultError> {
        Self::filled(|bytes| file::read(path, bytes))
    }

    /// Writes a new key to a file that must not exist, durably, and reads it back.
    ///
    /// # Errors
    /// [`VaultError::KeyUnreadable`] when it cannot be written or does not read back equal.
    pub fn create_file(path: &Path) -> Result<Self, VaultError> {
        let key = Self::generate()?;
        file::create(path, key.0.as_slice()).map_err(|_| VaultError::KeyUnreadable)?;
        let back = Self::read_file(path)?;
        if back.0 == key.0 {
            Ok(key)
        } else {
            Err(VaultError::KeyUnreadable)
        }
    }

    /// Writes a new key to the system's keyring under a name that must be free, and reads it back, all
    /// within one deadline. The caller makes a canary with it ([`crate::Vault::canary`]) and checks that at
    /// every start: a keyring may answer before it has written, be wiped, or be replaced by another.
    ///
    /// After [`KeyringError::TimedOut`] or [`KeyringError::Cancelled`] the write may still arrive: try
    /// again with a new name.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`], or any [`KeyringError`].
    pub async fn create_in_keyring(
        keyring: &Keyring,
        entry: &KeyringEntry,
        patience: Patience,
    ) -> Result<Self, KeyError> {
        let key = Self::generate()?;
        keyring.create(entry, key.text(), patience).await?;
        Ok(key)
    }

    /// The key kept in the system's keyring.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`] when the keyring works and has no such entry; [`KeyringError::Damaged`]
    /// when the entry holds something else than a key; any other [`KeyringError`].
    pub async fn read_from_keyring(
        keyring: &Keyring,
        entry: &KeyringEntry,
        patience: Patience,
    ) -> Result<Self, KeyError> {
        let text = keyring.read(entry, patience).await?;
        let text = text.ok_or(VaultError::KeyMissing)?;
        Ok(Self::from_text(&text).ok_or(KeyringError::Damaged)?)
    }

    /// One line of base64url: what the keyring holds.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(TEXT_LEN));
        URL_SAFE_NO_PAD.encode_string(self.0.as_slice(), &mut text);
        text
    }

    fn from_text(text: &str) -> Option<Self> {
        if text.len() != TEXT_LEN {
            return None;
        }
        // The decoder wants room for whole groups of three.
        let mut room = Zeroizing::new([0; LEN + 1]);
        match URL_SAFE_NO_PAD.decode_slice(text, room.as_mut_slice()) {
            Ok(LEN) => Self::of_bytes(room.get(..LEN)?),
            Ok(_) | Err(_) => None,
        }
    }

    /// The key with these bytes, if they are as many as a key has.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        Self::filled(|own| {
            if own.len() == bytes.len() {
                own.copy_from_slice(bytes);
                Ok(())
            } else {
                Err(())
            }
        })
        .ok()
    }

    /// A key whose bytes are written where they will stay.
    pub(crate) fn filled<E>(fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut bytes = Box::new(Zeroizing::new([0; LEN]));
        fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; LEN] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::is_one_line;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_key_file_is_private_is_made_once_and_is_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.key");
        assert_eq!(
            DataKey::read_file(&path).unwrap_err(),
            VaultError::KeyMissing
        );
        let made = DataKey::create_file(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(DataKey::read_file(&path).unwrap().bytes(), made.bytes());
        assert_eq!(
            DataKey::create_file(&path).unwrap_err(),
            VaultError::KeyUnreadable
        );
        let link = folder.path().join("link.key");
        symlink(&path, &link).unwrap();
        assert_eq!(
            DataKey::read_file(&link).unwrap_err(),
            VaultError::KeyUnreadable
        );
        fs::write(&path, "short").unwrap();
        assert_eq!(
            DataKey::read_file(&path).unwrap_err(),
            VaultError::KeyUnreadable
        );
        assert_eq!(format!("{made:?}"), "DataKey([redacted])");
    }

    #[test]
    fn every_key_is_one_line_in_the_keyring_and_comes_back() {
        for _ in 0..1_000 {
            let key = DataKey::generate().unwrap();
            let text = key.text();
            assert!(is_one_line(&text), "outside the grammar");
            assert_eq!(DataKey::from_text(&text).unwrap().bytes(), key.bytes());
        }
        let longest = "A".repeat(1_200);
        assert!(is_one_line(&longest));
        for outside in ["", "a\nb", "ab\n", "a b", "a+b", "a/b", "a=", "é"] {
            assert!(!is_one_line(outside), "{outside:?}");
        }
        assert!(!is_one_line(&(longest + "A")));
    }

    #[test]
    fn what_is_no_key_is_none() {
        let text = DataKey::generate().unwrap().text();
        for other in ["", "A", &format!("{}A", *text), &"!".repeat(43)] {
            assert!(DataKey::from_text(other).is_none());
        }
        assert!(DataKey::from_text(text.get(..42).unwrap()).is_none());
        // 43 characters hold 258 bits: the last two must be zero.
        assert!(DataKey::from_text(&"_".repeat(43)).is_none());
    }
}
