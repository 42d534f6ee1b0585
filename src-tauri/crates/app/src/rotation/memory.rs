//! What is known of rotations only while the program runs.

use crate::{App, Event, Failure, event::Area};
use domain::OperationId;
use providers::ProbeSession;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Why rotations wait, where nothing of it belongs into their journals – a server away, a rate limit –, and which
/// go on at this moment.
#[derive(Default)]
pub(crate) struct Waits {
    why: Mutex<HashMap<OperationId, Failure>>,
    busy: Mutex<HashMap<OperationId, u32>>,
}

impl Waits {
    pub(super) fn put(&self, id: OperationId, failure: Failure) {
        held(&self.why).insert(id, failure);
    }

    pub(super) fn remove(&self, id: OperationId) {
        held(&self.why).remove(&id);
    }

    /// Why this one waits.
    pub(crate) fn of(&self, id: OperationId) -> Option<Failure> {
        held(&self.why).get(&id).cloned()
    }

    /// This one goes on until [`Waits::rest`] was called as often.
    pub(super) fn go(&self, id: OperationId) {
        *held(&self.busy).entry(id).or_default() += 1;
    }

    pub(super) fn rest(&self, id: OperationId) {
        let mut busy = held(&self.busy);
        let left = busy.get(&id).copied().unwrap_or(0).saturating_sub(1);
        if left == 0 {
            busy.remove(&id);
        } else {
            busy.insert(id, left);
        }
    }

    /// It goes on by itself at this moment.
    pub(crate) fn is_busy(&self, id: OperationId) -> bool {
        held(&self.busy).contains_key(&id)
    }
}

/// Whoever shows rotations asks again.
pub(super) fn tell(app: &App) {
    app.tell(Event::Changed {
        area: Area::Operations,
        revision: 0,
    });
}

/// Sessions of old keys, begun just before their end and kept for the proof. Never stored.
#[derive(Default)]
pub(crate) struct Probes(Mutex<HashMap<OperationId, Arc<ProbeSession>>>);

impl Probes {
    pub(super) fn keep(&self, id: OperationId, session: ProbeSession) {
        held(&self.0).insert(id, Arc::new(session));
    }

    pub(super) fn of(&self, id: OperationId) -> Option<Arc<ProbeSession>> {
        held(&self.0).get(&id).cloned()
    }

    pub(super) fn forget(&self, id: OperationId) {
        held(&self.0).remove(&id);
    }

    /// Drops all of them.
    pub(crate) fn forget_all(&self) {
        held(&self.0).clear();
    }
}

/// Files that a person picked in a dialog of the core's, by handles that the window gets in their place.
#[derive(Default)]
pub(crate) struct Picked(Mutex<HashMap<String, PathBuf>>);

impl Picked {
    /// A handle for this file, the only one from now on.
    pub(crate) fn hold(&self, handle: String, path: PathBuf) {
        let mut held = held(&self.0);
        held.clear();
        held.insert(handle, path);
    }

    /// The file behind a handle.
    pub(crate) fn of(&self, handle: &str) -> Option<PathBuf> {
        held(&self.0).get(handle).cloned()
    }

    /// The handle is good no more.
    pub(crate) fn forget(&self, handle: &str) {
        held(&self.0).remove(handle);
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
