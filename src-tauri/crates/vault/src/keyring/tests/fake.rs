//! A keyring in memory that can hang, fail, panic and garble.
#![allow(
    clippy::unwrap_in_result,
    reason = "a poisoned lock is a surprise, and ends the test"
)]

use crate::keyring::{Keyring, KeyringEntry, KeyringError, KeyringWait, stores::Store};
use keyring_core::{
    Entry, Error, Result,
    api::{Credential, CredentialApi, CredentialStoreApi},
};
use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Condvar, Mutex},
};

#[derive(Clone, Default)]
pub(super) struct Fake(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    moved: Condvar,
}

/// What stays of a value that is written.
#[derive(Clone, Default)]
pub(super) enum Kept {
    #[default]
    Whole,
    Other(Vec<u8>),
    Nothing,
}

#[derive(Default)]
struct State {
    values: HashMap<String, Vec<u8>>,
    writes: usize,
    opened: usize,
    closed: usize,
    refuse_to_open: usize,
    panics: usize,
    fails: Option<Error>,
    kept: Kept,
    shut: bool,
    hanging: usize,
}

impl Fake {
    pub(super) fn keyring(&self, wait: KeyringWait) -> Keyring {
        let fake = self.clone();
        Keyring::opened_by(wait, move || {
            let mut state = fake.0.state.lock().unwrap();
            if state.refuse_to_open > 0 {
                state.refuse_to_open -= 1;
                return Err(KeyringError::NoKeyring);
            }
            state.opened += 1;
            Ok(Store::new(Arc::new(Connection(fake.clone()))))
        })
    }

    pub(super) fn plant(&self, name: &KeyringEntry, value: &[u8]) {
        let mut state = self.0.state.lock().unwrap();
        state
            .values
            .insert(name.as_str().to_owned(), value.to_vec());
    }

    pub(super) fn refuses_to_open(&self, times: usize) {
        self.0.state.lock().unwrap().refuse_to_open = times;
    }

    pub(super) fn panics(&self, times: usize) {
        self.0.state.lock().unwrap().panics = times;
    }

    /// The next reading gives this error.
    pub(super) fn fails(&self, error: Error) {
        self.0.state.lock().unwrap().fails = Some(error);
    }

    pub(super) fn keeps(&self, kept: Kept) {
        self.0.state.lock().unwrap().kept = kept;
    }

    /// Every reading waits until the gate opens.
    pub(super) fn hangs(&self) -> Gate {
        self.0.state.lock().unwrap().shut = true;
        Gate(self.clone())
    }

    pub(super) fn hanging(&self) -> usize {
        self.0.state.lock().unwrap().hanging
    }

    pub(super) fn opened(&self) -> usize {
        self.0.state.lock().unwrap().opened
    }

    pub(super) fn closed(&self) -> usize {
        self.0.state.lock().unwrap().closed
    }

    pub(super) fn writes(&self) -> usize {
        self.0.state.lock().unwrap().writes
    }
}

pub(super) struct Gate(Fake);

impl Gate {
    pub(super) fn open(&self) {
        self.0.0.state.lock().unwrap().shut = false;
        self.0.0.moved.notify_all();
    }
}

struct Connection(Fake);

impl Drop for Connection {
    fn drop(&mut self) {
        // A planted panic may have poisoned it.
        if let Ok(mut state) = self.0.0.state.lock() {
            state.closed += 1;
        }
    }
}

impl CredentialStoreApi for Connection {
    fn vendor(&self) -> String {
        "fake".to_owned()
    }

    fn id(&self) -> String {
        "fake".to_owned()
    }

    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        assert_eq!(service, "keystead");
        let item = Item(self.0.clone(), user.to_owned());
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Item(Fake, String);

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        let mut state = self.0.0.state.lock().unwrap();
        state.writes += 1;
        let kept = match state.kept.clone() {
            Kept::Whole => secret.to_vec(),
            Kept::Other(other) => other,
            Kept::Nothing => return Ok(()),
        };
        state.values.insert(self.1.clone(), kept);
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let mut state = self.0.0.state.lock().unwrap();
        state.hanging += 1;
        while state.shut {
            state = self.0.0.moved.wait(state).unwrap();
        }
        state.hanging -= 1;
        if let Some(error) = state.fails.take() {
            return Err(error);
        }
        if state.panics > 0 {
            state.panics -= 1;
            drop(state);
            panic!("planted");
        }
        state.values.get(&self.1).cloned().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        let mut state = self.0.0.state.lock().unwrap();
        state
            .values
            .remove(&self.1)
            .map(|_| ())
            .ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
