//! What goes wrong, in our own words. No error here holds a byte of anything.

use crate::KeyringError;
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
    /// The vault is locked.
    Locked,
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyMissing => "the data key is missing",
            Self::KeyUnreadable => "the data key cannot be read",
            Self::WrongKey => "the sealed row does not open with this data key",
            Self::NoRandomness => "the system gave no random bytes",
            Self::Locked => "the vault is locked",
        })
    }
}

impl std::error::Error for VaultError {}

/// Why no data key came out of the keyring or from behind a passphrase. Holds no bytes of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// As for a key in a file.
    Vault(VaultError),
    /// The keyring did not do it.
    Keyring(KeyringError),
    /// The passphrase does not open the file, or the file was altered: the seal cannot tell which.
    WrongPassphrase,
    /// A new passphrase has fewer than [`crate::PASSPHRASE_MIN`] characters.
    PassphraseTooShort,
    /// There is a file already. It is never replaced: it may hold the only copy of a data key.
    FileTaken,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault(error) => error.fmt(f),
            Self::Keyring(error) => error.fmt(f),
            Self::WrongPassphrase => f.write_str("the passphrase does not open the data key"),
            Self::PassphraseTooShort => f.write_str("the passphrase is too short"),
            Self::FileTaken => f.write_str("there is a data key file already"),
        }
    }
}

impl std::error::Error for KeyError {}

impl From<VaultError> for KeyError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<KeyringError> for KeyError {
    fn from(error: KeyringError) -> Self {
        Self::Keyring(error)
    }
}
