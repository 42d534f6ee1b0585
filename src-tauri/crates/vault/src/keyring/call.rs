//! One call on a thread of its own.

use crate::keyring::{KeyringEntry, KeyringError, stores::Store};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};
use tokio::sync::oneshot;

/// Threads that a keyring which never answers may hold at once. Beyond it calls fail at once.
pub(super) const MOST: usize = 16;

/// What connecting gives.
pub(super) type Open = Result<Store, KeyringError>;
/// What a call gives in the end, perhaps to nobody.
pub(super) type Answer<T> = oneshot::Receiver<Result<T, KeyringError>>;

/// The calls under way, those whose caller left included.
pub(super) struct Calls {
    open: Arc<dyn Fn() -> Open + Send + Sync>,
    running: Arc<Mutex<Running>>,
}

#[derive(Default)]
struct Running {
    calls: usize,
    /// An abandoned write may still arrive: a second one to the same entry could be undone by it.
    written: HashSet<KeyringEntry>,
}

impl Calls {
    pub(super) fn opened_by(open: impl Fn() -> Open + Send + Sync + 'static) -> Self {
        Self {
            open: Arc::new(open),
            running: Arc::default(),
        }
    }

    pub(super) fn read<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Store) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<Answer<T>, KeyringError> {
        self.start(None, |store, _| act(store))
    }

    /// `act` can ask whether somebody still waits.
    pub(super) fn write<T: Send + 'static>(
        &self,
        entry: &KeyringEntry,
        act: impl FnOnce(&Store, &dyn Fn() -> bool) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<Answer<T>, KeyringError> {
        self.start(Some(entry.clone()), act)
    }

    fn start<T: Send + 'static>(
        &self,
        written: Option<KeyringEntry>,
        act: impl FnOnce(&Store, &dyn Fn() -> bool) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<Answer<T>, KeyringError> {
        let turn = Turn::taken(&self.running, written)?;
        let open = Arc::clone(&self.open);
        let (answer, waiting) = oneshot::channel();
        let body = move || {
            // Given back before the answer, or before a panic closes the channel: who hears the answer may
            // write again.
            let turn = turn;
            let said = open().and_then(|store| act(&store, &|| !answer.is_closed()));
            drop(turn);
            // Nobody waits any more: the answer is dropped, and wiped if it holds a value.
            let _ = answer.send(said);
        };
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(body)
            .map_err(|_| KeyringError::Refused)?;
        Ok(waiting)
    }
}

/// A place among the calls under way, given back when dropped.
struct Turn {
    running: Arc<Mutex<Running>>,
    written: Option<KeyringEntry>,
}

impl Turn {
    fn taken(
        running: &Arc<Mutex<Running>>,
        written: Option<KeyringEntry>,
    ) -> Result<Self, KeyringError> {
        let mut now = held(running);
        if now.calls >= MOST {
            return Err(KeyringError::TimedOut);
        }
        if let Some(entry) = &written
            && !now.written.insert(entry.clone())
        {
            return Err(KeyringError::Refused);
        }
        now.calls += 1;
        drop(now);
        Ok(Self {
            running: Arc::clone(running),
            written,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut now = held(&self.running);
        now.calls -= 1;
        if let Some(entry) = &self.written {
            now.written.remove(entry);
        }
    }
}

/// No code of ours panics while it holds this.
fn held(running: &Mutex<Running>) -> MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
