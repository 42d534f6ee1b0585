//! Rights of a key on one collection, and below one key-value prefix (`ekodb.md` 4.3).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::action::Action;

/// Rights on one collection (`ekodb.md` 4.3). A list that is `None` restricts nothing; an empty one allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Query, find, search.
    pub read: bool,
    /// Insert and update; delete too, except in `docs-a`.
    pub write: bool,
    /// Remove records: counts, and is shown, in `docs-a` only (C5).
    #[serde(default)]
    pub delete: bool,
    /// Schema and settings: counts, and is shown, in `docs-s` only (C6).
    #[serde(default)]
    pub admin: bool,
    /// Only these are returned.
    pub select_fields: Option<Vec<String>>,
    /// These are never returned; wins over `select_fields`.
    pub exclude_fields: Option<Vec<String>>,
    /// Only these may be written.
    pub writable_fields: Option<Vec<String>>,
}

impl Grant {
    /// A grant without field lists.
    pub fn new(read: bool, write: bool) -> Self {
        Self {
            read,
            write,
            ..Self::default()
        }
    }

    /// Read only.
    pub fn read() -> Self {
        Self::new(true, false)
    }

    /// Read and write.
    pub fn read_write() -> Self {
        Self::new(true, true)
    }

    /// The explicit entry that allows nothing.
    pub fn none() -> Self {
        Self::new(false, false)
    }

    /// The same grant, and removing records (`docs-a`).
    #[must_use]
    pub fn and_delete(self) -> Self {
        Self {
            delete: true,
            ..self
        }
    }

    /// The same grant, and the collection's schema (`docs-s`).
    #[must_use]
    pub fn and_admin(self) -> Self {
        Self {
            admin: true,
            ..self
        }
    }

    /// The same grant, returning only these fields.
    #[must_use]
    pub fn select(self, fields: &[&str]) -> Self {
        Self {
            select_fields: Some(owned(fields)),
            ..self
        }
    }

    /// The same grant, never returning these fields.
    #[must_use]
    pub fn exclude(self, fields: &[&str]) -> Self {
        Self {
            exclude_fields: Some(owned(fields)),
            ..self
        }
    }

    /// The same grant, writing only these fields.
    #[must_use]
    pub fn writable(self, fields: &[&str]) -> Self {
        Self {
            writable_fields: Some(owned(fields)),
            ..self
        }
    }

    pub(in crate::ekodb) fn allows(&self, action: Action) -> bool {
        match action {
            Action::Read => self.read,
            Action::Write => self.write,
            Action::Delete => self.delete,
            Action::Admin => self.admin,
        }
    }

    /// The object form: five members, neither `delete` nor `admin`.
    pub(in crate::ekodb) fn json(&self) -> Value {
        json!({
            "read": self.read,
            "write": self.write,
            "select_fields": self.select_fields,
            "exclude_fields": self.exclude_fields,
            "writable_fields": self.writable_fields,
        })
    }
}

/// Rights on the key-value entries below a prefix (`ekodb.md` 4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KvGrant {
    /// Not empty.
    pub prefix: String,
    /// Read entries.
    pub read: bool,
    /// Write entries.
    pub write: bool,
}

impl KvGrant {
    pub(in crate::ekodb) fn json(&self) -> Value {
        json!({ "prefix": self.prefix, "read": self.read, "write": self.write })
    }
}

fn owned(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}
