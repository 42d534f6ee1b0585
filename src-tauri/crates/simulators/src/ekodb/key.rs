//! One key and the record it is shown as (`ekodb.md` 4.2).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rights::{Grant, KvGrant};
use super::world::{random_hex, random_secret};

/// One live key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// 32 lower-case hex digits, unless a test wants it odd.
    pub id: String,
    /// The secret.
    pub key: String,
    /// Label; not unique.
    pub label: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Every right.
    pub is_admin: bool,
    /// Grants by collection; the collection need not exist.
    pub grants: BTreeMap<String, Grant>,
    /// Grants by key-value prefix.
    pub kv: Vec<KvGrant>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Members no source knows, shown beside the known ones.
    #[serde(default)]
    pub extra: Map<String, Value>,
    /// Laid over the shown record, so that a test can make an odd id, a number for a text, ….
    #[serde(default)]
    pub overrides: Map<String, Value>,
    /// Members left out of the shown record.
    #[serde(default)]
    pub hidden: Vec<String>,
}

impl Key {
    /// A key without rights: random id, random `eko_prod_…` secret. `created_at` is Unix milliseconds.
    pub fn new(label: &str, created_at: i64) -> Self {
        Self {
            id: random_hex(16),
            key: random_secret("eko_prod_"),
            label: Some(label.to_owned()),
            description: None,
            is_admin: false,
            grants: BTreeMap::new(),
            kv: Vec::new(),
            created_at,
            extra: Map::new(),
            overrides: Map::new(),
            hidden: Vec::new(),
        }
    }

    /// An admin key.
    pub fn admin(label: &str, created_at: i64) -> Self {
        Self {
            is_admin: true,
            ..Self::new(label, created_at)
        }
    }

    /// The same key with a fresh random secret that begins so.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        Self {
            key: random_secret(prefix),
            ..self
        }
    }

    /// The same key with a description.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Self {
            description: Some(text.to_owned()),
            ..self
        }
    }

    /// The same key with one more grant.
    #[must_use]
    pub fn grant(mut self, collection: &str, grant: Grant) -> Self {
        self.grants.insert(collection.to_owned(), grant);
        self
    }

    /// The same key with one more key-value grant.
    #[must_use]
    pub fn kv(mut self, prefix: &str, read: bool, write: bool) -> Self {
        self.kv.push(KvGrant {
            prefix: prefix.to_owned(),
            read,
            write,
        });
        self
    }

    /// Grants as objects, by collection.
    pub(super) fn grants_json(&self) -> Value {
        self.grants
            .iter()
            .map(|(name, grant)| (name.clone(), grant.json()))
            .collect::<Map<_, _>>()
            .into()
    }

    /// Key-value grants as an array.
    pub(super) fn kv_json(&self) -> Value {
        self.kv.iter().map(KvGrant::json).collect()
    }
}

/// Unix milliseconds as RFC 3339 in UTC.
pub(super) fn rfc3339(unix_ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(unix_ms).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
