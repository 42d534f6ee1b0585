//! Everything one deployment knows, as it is kept on disk.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use super::data::Collection;
use super::key::Key;

/// The state of one deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// Live keys in creation order; a revoked key is simply gone, and its tokens with it.
    pub keys: Vec<Key>,
    /// Collections by name, internal ones included.
    pub collections: BTreeMap<String, Collection>,
    /// `status` of health: `ok`, `degraded`, or any other word.
    pub health: String,
    /// Hex; signs the session tokens. Empty = [`super::start`] fills it in.
    #[serde(default)]
    pub signing_key: String,
}

impl Default for World {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            collections: BTreeMap::new(),
            health: "ok".to_owned(),
            signing_key: String::new(),
        }
    }
}

impl World {
    /// A healthy deployment with one admin key, whose secret is returned. `created_at` is Unix milliseconds.
    pub fn with_admin(created_at: i64) -> (Self, String) {
        let admin = Key::admin("generated-admin", created_at);
        let secret = admin.key.clone();
        (
            Self {
                keys: vec![admin],
                ..Self::default()
            },
            secret,
        )
    }

    /// The same world with another key, after those it has.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    /// The same world with another collection.
    #[must_use]
    pub fn collection(mut self, name: &str, collection: Collection) -> Self {
        self.collections.insert(name.to_owned(), collection);
        self
    }

    /// The live key with this id.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The live key with this secret.
    pub fn find_secret(&self, secret: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.key == secret)
    }
}

/// Whether this has the form of a key id on modern servers: 32 lower-case hex digits.
pub(super) fn is_key_id(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(super) fn random_hex(bytes: usize) -> String {
    let mut random = rand::rng();
    (0..bytes).fold(String::new(), |text, _| {
        format!("{text}{:02x}", random.random::<u8>())
    })
}

pub(super) fn random_secret(prefix: &str) -> String {
    let tail: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(40)
        .map(char::from)
        .collect();
    format!("{prefix}{tail}")
}
