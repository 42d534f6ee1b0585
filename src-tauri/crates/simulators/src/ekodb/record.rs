//! The shapes a key is shown in, by dialect (`ekodb.md` 4.2, 4.3, C2–C4, C7, C11, C19).

use serde_json::{Map, Value, json};

use super::Ekodb;
use super::key::{Key, rfc3339};
use super::options::{Dialect, ListGrants, ListSecret};
use super::rights::Grant;
use super::world::is_key_id;

impl Ekodb {
    /// E2's reply.
    pub(super) fn registered(&self, key: &Key) -> Value {
        let dialect = self.options.dialect;
        match dialect {
            Dialect::Modern | Dialect::Legacy if self.options.register_arrays => {
                self.record(key, ListSecret::Full, dialect.arrays(&key.grants))
            }
            Dialect::Modern | Dialect::Legacy => {
                self.record(key, ListSecret::Full, key.grants_json())
            }
            Dialect::DocsA => self.record(key, ListSecret::Full, dialect.arrays(&key.grants)),
            Dialect::DocsS => json!({
                "api_key": key.key,
                "label": key.label,
                "created_at": rfc3339(key.created_at),
            }),
        }
    }

    /// An item of the list (E3), and the reply of the legacy edit (E7l).
    pub(super) fn listed(&self, key: &Key) -> Value {
        let dialect = self.options.dialect;
        let grants = match (dialect, self.options.list_grants) {
            (Dialect::Modern | Dialect::Legacy, _) | (_, ListGrants::Plain) => key.grants_json(),
            (Dialect::DocsA | Dialect::DocsS, ListGrants::Extended) => key
                .grants
                .iter()
                .map(|(name, grant)| (name.clone(), extended(grant, dialect)))
                .collect::<Map<_, _>>()
                .into(),
            (Dialect::DocsA | Dialect::DocsS, ListGrants::Arrays) => dialect.arrays(&key.grants),
        };
        self.record(key, self.options.list_secret, grants)
    }

    /// E5d's reply: the caller's own rights, as arrays.
    pub(super) fn own_permissions(&self, key: &Key) -> Value {
        let dialect = self.options.dialect;
        let mut own = json!({
            "key_id": dialect.key_id(key),
            "label": key.label,
            "is_admin": key.is_admin,
            "collection_permissions": dialect.arrays(&key.grants),
        });
        if dialect.shows_kv()
            && let Value::Object(members) = &mut own
        {
            members.insert("kv_permissions".to_owned(), key.kv_json());
        }
        own
    }

    fn record(&self, key: &Key, secret: ListSecret, grants: Value) -> Value {
        let dialect = self.options.dialect;
        let mut record = Map::new();
        let mut show = |name: &str, value| drop(record.insert(name.to_owned(), value));
        match secret {
            ListSecret::Full => show("key", json!(key.key)),
            ListSecret::Masked => show("key", json!(masked(&key.key))),
            ListSecret::Absent => {}
        }
        match dialect {
            Dialect::Modern => show("id", json!(key.id)),
            Dialect::DocsA | Dialect::DocsS if self.options.list_key_id => {
                show("key_id", json!(dialect.key_id(key)));
            }
            Dialect::Legacy | Dialect::DocsA | Dialect::DocsS => {}
        }
        show("label", json!(key.label));
        show("description", json!(key.description));
        show("is_admin", json!(key.is_admin));
        show("collection_permissions", grants);
        if dialect.shows_kv() {
            show("kv_permissions", key.kv_json());
        }
        if dialect != Dialect::DocsA {
            show("created_at", json!(rfc3339(key.created_at)));
        }
        record.extend(key.extra.clone());
        record.extend(key.overrides.clone());
        record.retain(|name, _| !key.hidden.contains(name));
        Value::Object(record)
    }
}

impl Dialect {
    /// What the server calls a key: `id` in modern, `key_id` elsewhere; the guides' begins with `key_`.
    pub(super) fn key_id(self, key: &Key) -> String {
        match self {
            Self::Modern | Self::Legacy => key.id.clone(),
            Self::DocsA | Self::DocsS => format!("key_{}", key.id),
        }
    }

    /// Whether a text has the form of [`Dialect::key_id`].
    pub(super) fn is_key_id(self, text: &str) -> bool {
        match self {
            Self::Modern | Self::Legacy => is_key_id(text),
            Self::DocsA | Self::DocsS => text.strip_prefix("key_").is_some_and(is_key_id),
        }
    }

    fn shows_kv(self) -> bool {
        match self {
            Self::Modern | Self::Legacy => true,
            Self::DocsA | Self::DocsS => false,
        }
    }
}

/// The object form with the dialect's further actions as members (C5: clients take them for extras).
fn extended(grant: &Grant, dialect: Dialect) -> Value {
    let mut object = grant.json();
    if let Value::Object(members) = &mut object {
        for action in dialect.actions() {
            members.insert(action.name().to_owned(), json!(grant.allows(*action)));
        }
    }
    object
}

fn masked(secret: &str) -> String {
    let shown: String = secret.chars().take(12).collect();
    format!("{shown}...")
}
