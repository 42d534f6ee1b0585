//! The bodies as they travel, as leniently as §5 asks.

use crate::json::Object;
use domain::Secret;
use serde::de::{
    self, Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
    value::{MapAccessDeserializer, SeqAccessDeserializer},
};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};

/// The most collections that are taken from one key.
const GRANTS_MAX: usize = 100_000;
/// The most actions or fields that are taken from one list of them.
const NAMES_MAX: usize = 10_000;

/// E1.
#[derive(serde::Deserialize)]
pub(super) struct Token {
    pub(super) token: Secret,
}

/// §4.7; a missing status means degraded.
#[derive(serde::Deserialize)]
pub(super) struct Health {
    #[serde(default = "degraded", deserialize_with = "text_or_degraded")]
    pub(super) status: String,
    #[serde(default)]
    pub(super) integrity_ok: Option<bool>,
    #[serde(default)]
    pub(super) version: Option<String>,
}

/// E5m for the probe: only that it is an object of this family matters there.
#[derive(serde::Deserialize)]
pub(super) struct PermissionsFamily {
    #[serde(rename = "admin", alias = "is_admin")]
    _admin: bool,
}

/// E5d and E5m whole, by either set of names (C11). What names no collections at all says nothing of them: read as
/// none, it would prove that a key is powerless.
#[derive(serde::Deserialize)]
pub(super) struct OwnPermissions {
    #[serde(alias = "is_admin")]
    pub(super) admin: bool,
    #[serde(alias = "collection_permissions")]
    pub(super) collections: Grants,
    #[serde(default, alias = "kv_permissions")]
    pub(super) kv: Option<Vec<Object<KvGrant>>>,
    #[serde(default)]
    pub(super) key_id: Option<String>,
    #[serde(default)]
    pub(super) label: Option<String>,
}

/// E16.
#[derive(serde::Deserialize)]
pub(super) struct Collections {
    pub(super) collections: Vec<String>,
}

/// E17 (§4.6).
#[expect(
    clippy::zero_sized_map_values,
    reason = "a field's description is skipped unread"
)]
#[derive(serde::Deserialize)]
pub(super) struct Schema {
    #[serde(default)]
    pub(super) fields: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    pub(super) primary_key_alias: Option<String>,
}

/// §4.2, one item of E3. What is not named here ends in `others`.
#[derive(serde::Deserialize)]
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
    pub(super) collection_permissions: Option<Grants>,
    #[serde(default)]
    pub(super) kv_permissions: Option<Vec<Object<KvGrant>>>,
    #[serde(default)]
    pub(super) created_at: Option<Value>,
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// Grants by collection, each named once: of two for one collection, nobody could tell which counts.
#[derive(Default)]
pub(super) struct Grants(pub(super) BTreeMap<String, Grant>);

impl<'de> Deserialize<'de> for Grants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Grants;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("grants by collection")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Grants, A::Error> {
                let mut grants = BTreeMap::new();
                while let Some((collection, grant)) = members.next_entry()? {
                    if grants.len() == GRANTS_MAX || grants.insert(collection, grant).is_some() {
                        return Err(de::Error::custom("twice, or too many"));
                    }
                }
                Ok(Grants(grants))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// §4.3: either form, per entry (C4).
pub(super) enum Grant {
    Actions(Names),
    Object(GrantObject),
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Grant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a grant")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Grant, A::Error> {
                Names::deserialize(SeqAccessDeserializer::new(items)).map(Grant::Actions)
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Grant, A::Error> {
                GrantObject::deserialize(MapAccessDeserializer::new(members)).map(Grant::Object)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Grant {
    /// How much there is to keep of it.
    pub(super) fn size(&self) -> usize {
        let object = match self {
            Self::Actions(words) => return 1 + words.0.len(),
            Self::Object(object) => object,
        };
        let lists = [
            &object.select_fields,
            &object.exclude_fields,
            &object.writable_fields,
        ];
        let fields = lists.into_iter().flatten().map(|names| names.0.len());
        1 + fields.sum::<usize>() + object.others.len()
    }
}

/// Actions or fields of one grant.
pub(super) struct Names(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;

        impl<'de> Visitor<'de> for Items {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = items.next_element()? {
                    if names.len() == NAMES_MAX {
                        return Err(de::Error::custom("too many names"));
                    }
                    names.push(name);
                }
                Ok(Names(names))
            }
        }

        deserializer.deserialize_seq(Items)
    }
}

/// The object form; a missing `read` or `write` is false (C4).
#[derive(serde::Deserialize, Default)]
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
    pub(super) select_fields: Option<Names>,
    #[serde(default)]
    pub(super) exclude_fields: Option<Names>,
    #[serde(default)]
    pub(super) writable_fields: Option<Names>,
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// §4.3, a grant on a key-value prefix.
#[derive(serde::Deserialize)]
pub(super) struct KvGrant {
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) read: bool,
    #[serde(default)]
    pub(super) write: bool,
}

/// §4.4, the reply to an edit on `modern`.
#[derive(serde::Deserialize)]
#[serde(bound = "G: DeserializeOwned")]
pub(super) struct Changed<G> {
    /// Must be there: without it, the reply says nothing of what was before.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) before: Option<G>,
}

fn degraded() -> String {
    "degraded".to_owned()
}

fn text_or_degraded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().map_or_else(degraded, str::to_owned))
}
