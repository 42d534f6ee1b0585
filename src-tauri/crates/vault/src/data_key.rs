//! The one key that all rows of a profile are sealed with.

use crate::VaultError;
use rustix::fs::OFlags;
use std::{
    fmt, fs,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use zeroize::Zeroizing;

const LEN: usize = 32;

/// 256 random bits, wiped when dropped.
pub struct DataKey(Zeroizing<[u8; LEN]>);

impl DataKey {
    /// A new key from the system's generator.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn generate() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; LEN]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| VaultError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The key kept in a file that only its owner may read. For the sample profile, which holds no real
    /// secret; real profiles keep theirs in the system keyring.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`] when there is no file, [`VaultError::KeyUnreadable`] when it is not a key
    /// (a symbolic link is none).
    pub fn read_file(path: &Path) -> Result<Self, VaultError> {
        let open = fs::OpenOptions::new()
            .read(true)
            .custom_flags(no_follow())
            .open(path);
        let mut file = open.map_err(|error| {
            let missing = error.kind() == ErrorKind::NotFound;
            if missing {
                VaultError::KeyMissing
            } else {
                VaultError::KeyUnreadable
            }
        })?;
        let mut bytes = Zeroizing::new([0; LEN]);
        file.read_exact(bytes.as_mut_slice())
            .map_err(|_| VaultError::KeyUnreadable)?;
        Ok(Self(bytes))
    }

    /// Writes a new key to a file that must not exist, durably, and reads it back.
    ///
    /// # Errors
    /// [`VaultError::KeyUnreadable`] when it cannot be written or does not read back equal.
    pub fn create_file(path: &Path) -> Result<Self, VaultError> {
        let key = Self::generate()?;
        let open = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .custom_flags(no_follow())
            .open(path);
        let written = open.and_then(|mut file| {
            file.write_all(key.0.as_slice())?;
            file.sync_all()
        });
        written.map_err(|_| VaultError::KeyUnreadable)?;
        let back = Self::read_file(path)?;
        if *back.0 == *key.0 {
            Ok(key)
        } else {
            Err(VaultError::KeyUnreadable)
        }
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

fn no_follow() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
