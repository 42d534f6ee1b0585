//! One record of the key list: its secret goes, what may be known of it stays (C19).

use super::{
    listing::keys,
    wire::{Grant, KeyRecord},
};
use crate::{About, Located, Wanted};
use domain::{Fingerprint, Identity, Notice, RemoteId, Secret};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The most keys that are taken from one list.
const KEYS_MAX: usize = 100_000;
/// The most grants, and names in them, that are taken from one list.
const RIGHTS_MAX: usize = 500_000;

/// A record whose secret is already gone.
pub(super) struct Record {
    pub(super) wire: KeyRecord,
    pub(super) identity: Identity,
    pub(super) prefix: Option<String>,
    pub(super) notices: Vec<Notice>,
}

/// Reads a list item by item, so that at most one secret exists at a time besides the body.
///
/// # Errors
/// What the parser says; it quotes values and must not be shown.
pub(super) fn records(body: &[u8]) -> Result<Vec<Record>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let records = Items {
        seen: |_, _: &Record, _| (),
    }
    .deserialize(&mut json)?;
    json.end()?;
    Ok(records)
}

/// Reads a list and finds the one key that is wanted, with its value where the list shows it.
pub(super) fn locate(
    body: &[u8],
    wanted: Wanted<'_>,
    about: &About,
) -> Result<Located, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut found = Vec::new();
    let mut secret = None;
    let items = Items {
        seen: |at: usize, record: &Record, value: Option<Secret>| {
            if is_wanted(record, wanted) {
                found.push(at);
                secret = value;
            }
        },
    };
    let records = items.deserialize(&mut json)?;
    json.end()?;
    let at = match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    Ok(Located {
        secret: secret.filter(|_| at.is_some()),
        at,
        count: found.len(),
        keys: keys(records, about),
    })
}

fn is_wanted(record: &Record, wanted: Wanted<'_>) -> bool {
    match wanted {
        Wanted::Key(identity) => is_same(&record.identity, identity),
        Wanted::Marker(marker) => {
            let description = record.wire.description.as_ref().and_then(Value::as_str);
            description.is_some_and(|text| text.contains(marker))
        }
    }
}

fn is_same(listed: &Identity, wanted: &Identity) -> bool {
    match (&listed.remote_id, &wanted.remote_id) {
        (Some(listed), Some(wanted)) => listed == wanted,
        _ => wanted.fingerprint.is_some() && listed.fingerprint == wanted.fingerprint,
    }
}

/// Reads the items; `seen` is shown each one's place, record and whole value before the value goes.
struct Items<F> {
    seen: F,
}

impl<'de, F: FnMut(usize, &Record, Option<Secret>)> DeserializeSeed<'de> for Items<F> {
    type Value = Vec<Record>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(usize, &Record, Option<Secret>)> Visitor<'de> for Items<F> {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of keys")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        let (mut records, mut rights) = (Vec::new(), 0);
        while let Some(wire) = items.next_element::<KeyRecord>()? {
            let grants = wire
                .collection_permissions
                .iter()
                .flat_map(|grants| grants.0.values());
            rights += grants.map(Grant::size).sum::<usize>();
            rights += wire.kv_permissions.as_ref().map_or(0, Vec::len);
            if records.len() == KEYS_MAX || rights > RIGHTS_MAX {
                return Err(serde::de::Error::custom("too many"));
            }
            let (record, value) = without_secret(wire);
            (self.seen)(records.len(), &record, value);
            records.push(record);
        }
        Ok(records)
    }
}

/// Parts a record from its value; the value is handed on only where the list showed it whole.
pub(super) fn without_secret(mut wire: KeyRecord) -> (Record, Option<Secret>) {
    let mut notices = Vec::new();
    let remote_id = match wire.id.take() {
        None | Some(Value::Null) => None,
        Some(id) => {
            let usable = id
                .as_str()
                .filter(|id| is_id(id))
                .map(|id| RemoteId(id.to_owned()));
            if usable.is_none() {
                notices.push(Notice::IdUnusable);
            }
            usable
        }
    };
    let secret = wire.key.take();
    wire.others = withheld(std::mem::take(&mut wire.others), secret.as_ref());
    let fingerprint = secret.as_ref().and_then(fingerprint_of_whole);
    let identity = Identity {
        remote_id,
        fingerprint,
    };
    if identity.is_weak() {
        notices.push(Notice::Unidentified);
    }
    let prefix = secret.as_ref().and_then(Secret::prefix);
    let value = secret.filter(|_| identity.fingerprint.is_some());
    (
        Record {
            wire,
            identity,
            prefix,
            notices,
        },
        value,
    )
}

/// §3: exactly 32 lower-case hex digits.
fn is_id(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The fingerprint of a value that the list shows whole; a masked one has none.
fn fingerprint_of_whole(secret: &Secret) -> Option<Fingerprint> {
    // EXPOSE: looked at for the marks of masking and for its length.
    let value = secret.expose();
    let masked = value.len() < 16 || value.contains("...") || value.contains(['*', '…', '•']);
    (!masked).then(|| secret.fingerprint())
}

/// Unknown members are kept, but nothing that is or may be a secret: values that contain the key's own,
/// and texts under a name that speaks of one.
pub(super) fn withheld(members: Map<String, Value>, secret: Option<&Secret>) -> Map<String, Value> {
    const WITHHELD: &str = "[withheld]";
    fn clean(name: &str, value: Value, own: Option<&str>) -> Value {
        let name = name.to_ascii_lowercase();
        let telling = ["key", "secret", "token", "password", "credential"]
            .iter()
            .any(|word| name.contains(word));
        match value {
            Value::String(text) if telling || own.is_some_and(|own| text.contains(own)) => {
                WITHHELD.into()
            }
            Value::Array(items) => items
                .into_iter()
                .map(|item| clean(&name, item, own))
                .collect(),
            Value::Object(inner) => Value::Object(
                inner
                    .into_iter()
                    .map(|(n, v)| {
                        let v = clean(&n, v, own);
                        (n, v)
                    })
                    .collect(),
            ),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
        }
    }
    // EXPOSE: compared with the unknown members, to keep it out of them.
    let own = secret.map(Secret::expose).filter(|own| !own.is_empty());
    members
        .into_iter()
        .map(|(name, value)| {
            let value = clean(&name, value, own);
            (name, value)
        })
        .collect()
}
