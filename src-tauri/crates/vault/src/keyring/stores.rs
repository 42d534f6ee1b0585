//! The keyring of each system, behind the library's common face. Its errors end here.

use crate::keyring::{KeyringEntry, KeyringError, call::Open, is_one_line};
use keyring_core::{CredentialStore, Entry, Error};
use std::{collections::HashMap, sync::Arc};
use zeroize::{Zeroize, Zeroizing};

const SERVICE: &str = "keystead";

/// A connection to the keyring.
pub(super) struct Store(Arc<CredentialStore>);

/// Connects to this system's keyring.
pub(super) fn open() -> Open {
    // Whatever keeps us from connecting, there is no keyring to ask.
    system::connect()
        .map_err(|_| KeyringError::NoKeyring)
        .map(Store::new)
}

impl Store {
    pub(super) fn new(store: Arc<CredentialStore>) -> Self {
        Self(store)
    }

    /// The value of an entry, if there is one and we could have written it.
    pub(super) fn value(
        &self,
        name: &KeyringEntry,
    ) -> Result<Option<Zeroizing<String>>, KeyringError> {
        let bytes = match self.entry(name)?.get_secret() {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(in_words(error)),
        };
        let text = std::str::from_utf8(&bytes)
            .ok()
            .filter(|text| is_one_line(text));
        let text = text.ok_or(KeyringError::Damaged)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    pub(super) fn set(&self, name: &KeyringEntry, value: &str) -> Result<(), KeyringError> {
        self.entry(name)?
            .set_secret(value.as_bytes())
            .map_err(in_words)
    }

    pub(super) fn remove(&self, name: &KeyringEntry) -> Result<(), KeyringError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(in_words(error)),
        }
    }

    fn entry(&self, name: &KeyringEntry) -> Result<Entry, KeyringError> {
        let modifiers = HashMap::from(system::MODIFIERS);
        self.0
            .build(SERVICE, name.as_str(), Some(&modifiers))
            .map_err(in_words)
    }
}

/// The library's error may hold the value: nothing of it is kept, and the bytes are wiped.
fn in_words(error: Error) -> KeyringError {
    match error {
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeyringError::Damaged
        }
        Error::BadStoreFormat(_) => KeyringError::Damaged,
        Error::Ambiguous(_) => KeyringError::Ambiguous,
        Error::NoStorageAccess(cause) | Error::PlatformFailure(cause) => system::cause(&*cause),
        Error::NoDefaultStore => KeyringError::NoKeyring,
        Error::NoEntry
        | Error::TooLong(..)
        | Error::Invalid(..)
        | Error::NotSupportedByStore(_)
        | _ => KeyringError::Refused,
    }
}

#[cfg(not(any(target_os = "macos", windows)))]
mod system {
    use super::{Arc, CredentialStore, KeyringError};
    use secret_service::Error;

    /// Stands in the clear in the keyring's file.
    pub(super) const MODIFIERS: [(&str, &str); 1] = [("label", "Keystead data key")];

    pub(super) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    pub(super) fn cause(cause: &(dyn std::error::Error + 'static)) -> KeyringError {
        match cause.downcast_ref::<Error>() {
            Some(Error::Locked | Error::Prompt) => KeyringError::Locked,
            // No result: the service has no default collection to write to.
            Some(Error::NoResult | Error::Unavailable | Error::PromptDisconnected) => {
                KeyringError::NoKeyring
            }
            _ => KeyringError::Refused,
        }
    }
}

#[cfg(target_os = "macos")]
mod system {
    use super::{Arc, CredentialStore, KeyringError};

    pub(super) const MODIFIERS: [(&str, &str); 0] = [];

    pub(super) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    /// The Keychain's codes are not told apart: what it does not let us do is taken for locked.
    pub(super) fn cause(_: &(dyn std::error::Error + 'static)) -> KeyringError {
        KeyringError::Locked
    }
}

#[cfg(windows)]
mod system {
    use super::{Arc, CredentialStore, KeyringError};

    /// The library's default may roam to other machines.
    pub(super) const MODIFIERS: [(&str, &str); 1] = [("persistence", "Local")];

    pub(super) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(windows_native_keyring_store::Store::new()?)
    }

    pub(super) fn cause(_: &(dyn std::error::Error + 'static)) -> KeyringError {
        KeyringError::Refused
    }
}
