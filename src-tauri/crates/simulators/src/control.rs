//! A test's handle on a running server.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ekodb;
use crate::fault::{Door, Fault};
use crate::host::{Host, held};
use crate::journal::Entry;

/// A test's handle on a running server. Clones act on the same server.
pub struct Control<W = ekodb::World> {
    host: Arc<Host<W>>,
}

impl<W> Clone for Control<W> {
    fn clone(&self) -> Self {
        Self {
            host: Arc::clone(&self.host),
        }
    }
}

impl<W> Control<W> {
    pub(crate) fn new(host: Arc<Host<W>>) -> Self {
        Self { host }
    }
}

impl<W: Clone + Serialize + DeserializeOwned> Control<W> {
    /// Adds a fault after those already set.
    pub fn fault(&self, fault: Fault) {
        held(&self.host.faults).push(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        held(&self.host.faults).clear();
    }

    /// Lets connections in or not, from now on until it is said otherwise.
    pub fn set_door(&self, door: Door) {
        *held(&self.host.door) = door;
    }

    /// Every request since the start or the last [`Control::clear_journal`], in order of arrival.
    pub fn journal(&self) -> Vec<Entry> {
        held(&self.host.journal).entries().to_vec()
    }

    /// Forgets the requests so far; `seq` goes on counting.
    pub fn clear_journal(&self) {
        held(&self.host.journal).clear();
    }

    /// Freezes the server's clock (Unix milliseconds).
    pub fn set_now(&self, unix_ms: i64) {
        self.host.clock.set(unix_ms);
    }

    /// Moves the server's clock by so many milliseconds.
    pub fn advance(&self, ms: i64) {
        self.host.clock.advance(ms);
    }

    /// The server's time, Unix milliseconds.
    pub fn now(&self) -> i64 {
        self.host.clock.now_ms()
    }

    /// A copy of the world as it is now.
    pub fn world(&self) -> W {
        self.host.state.read(W::clone)
    }

    /// Changes the world behind the clients' backs, as another administrator would; kept on disk like any other change.
    ///
    /// # Panics
    /// When the world has a folder and it cannot be written: a test must not go on with two truths.
    pub fn edit(&self, edit: impl FnOnce(&mut W)) {
        let kept = self.host.state.edit(edit);
        assert!(
            kept.is_ok(),
            "the simulator's state cannot be written: {kept:?}"
        );
    }

    /// How many requests of this method (`"*"` = any) had a path beginning so.
    pub fn requests(&self, method: &str, path_prefix: &str) -> usize {
        let journal = held(&self.host.journal);
        let of_method = journal
            .entries()
            .iter()
            .filter(|entry| method == "*" || entry.method == method);
        of_method
            .filter(|entry| entry.path.starts_with(path_prefix))
            .count()
    }
}
