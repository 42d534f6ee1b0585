//! What every simulated server has – clock, faults, journal, persisted world – and what a provider adds to it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::Clock;
use crate::disk;
use crate::fault::{Door, Fault};
use crate::journal::Journal;
use crate::request::Request;

/// A provider's rules over its world `W`.
pub(crate) trait Provider<W>: Send + Sync + 'static {
    /// Does what is asked, changes the world, answers.
    fn answer(&self, host: &Host<W>, request: &Request) -> Answer;
    /// The id of the key whose session token the request carries, for the journal.
    fn caller(&self, host: &Host<W>, request: &Request) -> Option<String>;
    /// Whether a decoded path segment is a secret, given the segments before it.
    fn is_secret_segment(&self, before: &[String], segment: &str) -> bool;
    /// Every secret in the world.
    fn secrets(&self, world: &W) -> Vec<String>;
}

/// A reply before faults: JSON or nothing.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }
}

pub(crate) struct Host<W> {
    pub(crate) clock: Clock,
    pub(crate) door: Mutex<Door>,
    pub(crate) faults: Mutex<Vec<Fault>>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) state: State<W>,
}

/// The world and the file it lives in.
pub(crate) struct State<W> {
    world: Mutex<W>,
    file: Option<PathBuf>,
}

impl<W: Clone + Serialize + DeserializeOwned> State<W> {
    /// The world kept in `folder`; where there is none yet, `first`, written at once.
    pub(crate) fn open(folder: Option<&Path>, first: W) -> io::Result<Self> {
        let file = folder.map(|folder| folder.join("state.json"));
        let kept = match &file {
            Some(file) => disk::read_if_there(file)?,
            None => None,
        };
        let world = match kept {
            Some(text) => serde_json::from_str(&text)?,
            None => first,
        };
        save(file.as_deref(), &world)?;
        Ok(Self {
            world: Mutex::new(world),
            file,
        })
    }

    pub(crate) fn read<R>(&self, look: impl FnOnce(&W) -> R) -> R {
        look(&held(&self.world))
    }

    /// All or nothing: a refusal or a failed write leaves the old world, on disk and in memory.
    pub(crate) fn change<R, E>(
        &self,
        edit: impl FnOnce(&mut W) -> Result<R, E>,
    ) -> io::Result<Result<R, E>> {
        let mut world = held(&self.world);
        let mut next = world.clone();
        let outcome = edit(&mut next);
        if outcome.is_ok() {
            save(self.file.as_deref(), &next)?;
            *world = next;
        }
        Ok(outcome)
    }

    /// As [`State::change`] for a test's own edit; the edit stays in memory even if it cannot be written.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut W)) -> io::Result<()> {
        let mut world = held(&self.world);
        edit(&mut world);
        save(self.file.as_deref(), &*world)
    }
}

/// A lock whose poison does not matter: every holder leaves whole values behind.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn save<W: Serialize>(file: Option<&Path>, world: &W) -> io::Result<()> {
    match file {
        Some(file) => disk::write_private(file, &serde_json::to_vec(world)?),
        None => Ok(()),
    }
}
