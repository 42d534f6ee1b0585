//! The system's keyring: one call, one thread of its own, one deadline.
//!
//! A keyring is another process that may ask the user, or never answer. Each call therefore runs on a fresh
//! thread, with a fresh connection, and the caller waits on a channel: at its deadline it goes on, and the
//! thread – which nothing can end – stays behind without holding up the caller, the runtime or the
//! process's exit. No failure outlives its call.
//!
//! Linux (the Secret Service: GNOME Keyring, KWallet, KeePassXC) is proved against a real GNOME Keyring.
//! macOS (Keychain) and Windows (Credential Manager) are written from their libraries' documents and have
//! never been run.
//!
//! Not covered: the libraries in between hold short-lived copies of a value that are not wiped, and a prompt
//! that nobody waits for any more stays on the screen until it is answered or the process ends.

mod call;
mod entry;
mod error;
mod stores;

pub use entry::KeyringEntry;
pub use error::KeyringError;

pub(crate) use entry::is_one_line;

use crate::keyring::call::{Calls, Open};
use std::{fmt, time::Duration};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// How long a call may take, by who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyringWait {
    /// Nobody is there to answer a prompt.
    pub background: Duration,
    /// The user asked for it, sees that Keystead waits, and can cancel.
    pub interactive: Duration,
}

impl Default for KeyringWait {
    fn default() -> Self {
        Self {
            background: Duration::from_secs(5),
            interactive: Duration::from_mins(2),
        }
    }
}

/// Who waits for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A worker: the short deadline, and no cancelling.
    Background,
    /// The user: the long deadline, ended early by [`Keyring::cancel`].
    Interactive,
}

/// The system's keyring.
pub struct Keyring {
    wait: KeyringWait,
    calls: Calls,
    cancels: watch::Sender<()>,
}

impl Keyring {
    /// Does nothing yet: each call connects anew.
    pub fn new(wait: KeyringWait) -> Self {
        Self::opened_by(wait, stores::open)
    }

    /// Ends every interactive wait that is under way with [`KeyringError::Cancelled`].
    pub fn cancel(&self) {
        self.cancels.send_replace(());
    }

    /// Removes an entry; that there is none is no error. Inside a tokio runtime with time.
    ///
    /// # Errors
    /// Any [`KeyringError`].
    pub async fn remove(
        &self,
        entry: &KeyringEntry,
        patience: Patience,
    ) -> Result<(), KeyringError> {
        let named = entry.clone();
        let answer = self
            .calls
            .write(entry, move |store, _| store.remove(&named))?;
        self.awaited(answer, patience).await
    }

    /// The value of an entry, if there is one.
    pub(crate) async fn read(
        &self,
        entry: &KeyringEntry,
        patience: Patience,
    ) -> Result<Option<Zeroizing<String>>, KeyringError> {
        let named = entry.clone();
        let answer = self.calls.read(move |store| store.value(&named))?;
        self.awaited(answer, patience).await
    }

    /// Writes a new entry and reads it back equal. A name that is in use is left as it is.
    pub(crate) async fn create(
        &self,
        entry: &KeyringEntry,
        value: Zeroizing<String>,
        patience: Patience,
    ) -> Result<(), KeyringError> {
        if !is_one_line(&value) {
            return Err(KeyringError::Refused);
        }
        let named = entry.clone();
        let answer = self.calls.write(entry, move |store, still_wanted| {
            if store.value(&named)?.is_some() {
                return Err(KeyringError::Taken);
            }
            if !still_wanted() {
                return Err(KeyringError::Cancelled);
            }
            store.set(&named, &value)?;
            match store.value(&named)? {
                Some(back) if *back == *value => Ok(()),
                Some(_) | None => Err(KeyringError::Damaged),
            }
        })?;
        self.awaited(answer, patience).await
    }

    fn opened_by(wait: KeyringWait, open: impl Fn() -> Open + Send + Sync + 'static) -> Self {
        Self {
            wait,
            calls: Calls::opened_by(open),
            cancels: watch::Sender::new(()),
        }
    }

    async fn awaited<T>(
        &self,
        answer: call::Answer<T>,
        patience: Patience,
    ) -> Result<T, KeyringError> {
        let mut cancels = self.cancels.subscribe();
        let (limit, cancellable) = match patience {
            Patience::Background => (self.wait.background, false),
            Patience::Interactive => (self.wait.interactive, true),
        };
        tokio::select! {
            biased;
            // Without an answer the thread ended in a panic.
            answer = answer => answer.unwrap_or(Err(KeyringError::Refused)),
            _ = cancels.changed(), if cancellable => Err(KeyringError::Cancelled),
            () = tokio::time::sleep(limit) => Err(KeyringError::TimedOut),
        }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
