//! Where the profile's data key lives, and whether the vault is open. One home, chosen once (`security.md`).

mod lock;
mod setup;

pub(crate) use setup::opened_at_start;

use crate::{Code, Failure};
use domain::UnixMs;
use serde::{Deserialize, Serialize};
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use ts_rs::TS;
use vault::{Keyring, KeyringEntry, KeyringWait, PassphraseCost};

/// How the vault's key is fetched and guarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VaultCare {
    /// How long to wait for the system's keyring.
    pub keyring: KeyringWait,
    /// What one try at a new passphrase costs.
    pub passphrase: PassphraseCost,
}

/// Where the data key is, as the database says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Home {
    /// A file that anyone with this account may read: the sample profile's.
    File,
    /// The system's keyring.
    Keyring {
        /// The entry's name, a UUID.
        entry: String,
    },
    /// A file that a passphrase opens.
    Passphrase,
}

impl Home {
    pub(crate) fn word(&self) -> HomeWord {
        match self {
            Self::File => HomeWord::File,
            Self::Keyring { .. } => HomeWord::Keyring,
            Self::Passphrase => HomeWord::Passphrase,
        }
    }

    fn entry(name: &str) -> Result<KeyringEntry, Failure> {
        KeyringEntry::new(name).ok_or_else(|| Failure::new(Code::VaultKeyMissing))
    }
}

/// Where the data key is, as the screen needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HomeWord {
    /// Nobody chose yet.
    Unset,
    /// A file.
    File,
    /// The system's keyring.
    Keyring,
    /// Behind a passphrase.
    Passphrase,
}

/// The home of the data key, and the door in front of everything while the vault is locked.
pub(crate) struct Doors {
    home: Mutex<Option<Home>>,
    shut: AtomicBool,
    locked_at: Mutex<Option<UnixMs>>,
    /// Why the keyring did not open it when it was asked last.
    refused: Mutex<Option<Failure>>,
    /// Held while the vault is set up, opened or locked.
    turning: tokio::sync::Mutex<()>,
    keyring: Keyring,
    cost: PassphraseCost,
}

impl Doors {
    /// Shut, unless the vault is open or there is none yet.
    pub(crate) fn new(home: Option<Home>, open: bool, care: VaultCare) -> Self {
        Self {
            shut: AtomicBool::new(home.is_some() && !open),
            home: Mutex::new(home),
            locked_at: Mutex::default(),
            refused: Mutex::default(),
            turning: tokio::sync::Mutex::default(),
            keyring: Keyring::new(care.keyring),
            cost: care.passphrase,
        }
    }

    /// No command, no synchronisation and no step of an operation begins.
    pub(crate) fn are_shut(&self) -> bool {
        self.shut.load(Ordering::SeqCst)
    }

    /// The home, once it is chosen.
    pub(crate) fn home(&self) -> Option<Home> {
        held(&self.home).clone()
    }

    /// When a person locked the vault; `None` while it is open, and after the program's start.
    pub(crate) fn locked_at(&self) -> Option<UnixMs> {
        *held(&self.locked_at)
    }

    /// Ends every wait for the keyring.
    pub(crate) fn stop_waiting(&self) {
        self.keyring.cancel();
    }

    fn refused(&self) -> Option<Failure> {
        held(&self.refused).clone()
    }

    fn refuse(&self, why: Option<Failure>) {
        *held(&self.refused) = why;
    }

    /// Nothing begins from now on.
    pub(crate) fn shut(&self, at: UnixMs) {
        *held(&self.locked_at) = Some(at);
        self.shut.store(true, Ordering::SeqCst);
    }

    fn reopen(&self) {
        *held(&self.locked_at) = None;
        self.shut.store(false, Ordering::SeqCst);
    }

    fn settle(&self, home: Home) {
        *held(&self.home) = Some(home);
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
