//! The bodies as they travel, as leniently as §5 asks.

use domain::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// E1.
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) token: Secret,
}

/// §4.7; a missing status means degraded.
#[derive(Deserialize)]
pub(super) struct Health {
    #[serde(default = "degraded", deserialize_with = "text_or_degraded")]
    pub(super) status: String,
    #[serde(default)]
    pub(super) integrity_ok: Option<bool>,
    #[serde(default)]
    pub(super) version: Option<String>,
}

/// E5d and E5m, by either set of names (C11).
#[derive(Deserialize)]
pub(super) struct OwnPermissions {
    #[serde(alias = "is_admin")]
    pub(super) admin: bool,
    #[serde(default, alias = "collection_permissions")]
    pub(super) collections: BTreeMap<String, Grant>,
    #[serde(default, alias = "kv_permissions")]
    pub(super) kv: Option<Vec<KvGrant>>,
    #[serde(default)]
    pub(super) key_id: Option<String>,
    #[serde(default)]
    pub(super) label: Option<String>,
}

/// E16.
#[derive(Deserialize)]
pub(super) struct Collections {
    pub(super) collections: Vec<String>,
}

/// E17 (§4.6).
#[derive(Deserialize)]
pub(super) struct Schema {
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) primary_key_alias: Option<String>,
}

/// §4.2, one item of E3. What is not named here ends in `others`.
#[derive(Deserialize)]
pub(super) struct KeyRecord {
    #[serde(default, alias = "api_key")]
    pub(super) key: Option<Secret>,
    #[serde(default, alias = "key_id")]
    pub(super) id: Option<Value>,
    #[serde(default)]
    pub(super) label: Option<Value>,
    #[serde(default)]
    pub(super) description: Option<Value>,
    #[serde(default)]
    pub(super) is_admin: Option<bool>,
    #[serde(default)]
    pub(super) collection_permissions: Option<BTreeMap<String, Grant>>,
    #[serde(default)]
    pub(super) kv_permissions: Option<Vec<KvGrant>>,
    #[serde(default)]
    pub(super) created_at: Option<Value>,
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// §4.3: either form, per entry (C4).
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Grant {
    Actions(Vec<String>),
    Object(GrantObject),
}

/// The object form; a missing `read` or `write` is false (C4).
#[derive(Deserialize, Default)]
pub(super) struct GrantObject {
    #[serde(default)]
    pub(super) read: bool,
    #[serde(default)]
    pub(super) write: bool,
    #[serde(default)]
    pub(super) delete: Option<bool>,
    #[serde(default)]
    pub(super) admin: Option<bool>,
    #[serde(default)]
    pub(super) select_fields: Option<Vec<String>>,
    #[serde(default)]
    pub(super) exclude_fields: Option<Vec<String>>,
    #[serde(default)]
    pub(super) writable_fields: Option<Vec<String>>,
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// §4.3, a grant on a key-value prefix.
#[derive(Deserialize)]
pub(super) struct KvGrant {
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) read: bool,
    #[serde(default)]
    pub(super) write: bool,
}

/// §4.4, the reply to an edit on `modern`.
#[derive(Deserialize)]
pub(super) struct Changed<G> {
    pub(super) before: Option<G>,
}

fn degraded() -> String {
    "degraded".to_owned()
}

fn text_or_degraded<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().map_or_else(degraded, str::to_owned))
}
