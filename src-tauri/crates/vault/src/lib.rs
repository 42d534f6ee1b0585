//! Secrets at rest: one data key – in the system's keyring, behind a passphrase, or for samples in a
//! file – and rows sealed with it. Knows no SQL.

mod data_key;
mod error;
mod file;
mod keyring;
mod passphrase;
mod random;
mod seal;
mod vault;

pub use data_key::DataKey;
pub use error::{KeyError, VaultError};
pub use keyring::{Keyring, KeyringEntry, KeyringError, KeyringWait, Patience};
pub use passphrase::{PASSPHRASE_MIN, PassphraseCost};
pub use random::random_text;
pub use vault::Vault;
