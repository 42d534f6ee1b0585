//! Everything of this folder that reads a server's bytes, and what must hold whatever they are.

use super::{ABOUT, change, client, create, listing, probe, record, wire};
use crate::{
    Located, Performed, Wanted,
    json::{Object, values_in},
};
use domain::{ListedKey, Secret};
use serde_json::Value;
use std::collections::BTreeSet;

/// The bytes as every body there is.
pub(crate) fn reply(body: &[u8]) {
    let _ = serde_json::from_slice::<Object<wire::Health>>(body);
    let _ = serde_json::from_slice::<Object<wire::PermissionsFamily>>(body);
    for modern in [false, true] {
        own(body, modern);
    }
    let _ = serde_json::from_slice::<Object<wire::Collections>>(body);
    let _ = serde_json::from_slice::<Object<wire::Schema>>(body);
    if let Ok(Object(token)) = serde_json::from_slice::<Object<wire::Token>>(body) {
        session(&token.token);
    }
    for is_kv in [false, true] {
        let actions = ["read", "write", "delete", "admin"].map(str::to_owned);
        if let Performed::Over(cells) = change::told(body, is_kv, "users", &actions) {
            assert!(cells.is_empty() || cells.len() == actions.len());
        }
    }
    if let Ok(value) = serde_json::from_slice(body) {
        assert!(
            values_in(body) >= nodes(&value),
            "fewer values than there are"
        );
    }
    if let Ok(Object(wire)) = serde_json::from_slice::<Object<wire::KeyRecord>>(body) {
        made(wire);
    }
    if let Ok(records) = record::records(body) {
        for (at, key) in listing::keys(records, &ABOUT).iter().enumerate() {
            holds(at, key, body);
        }
    }
}

/// The text as a token.
pub(crate) fn session(token: &Secret) {
    let _ = client::end_of(token);
    if client::fits_a_header(token) {
        // EXPOSE: what a header takes is what hyper takes, and no fuzzed token is anybody's.
        assert!(reqwest::header::HeaderValue::from_str(token.expose()).is_ok());
    }
}

/// The bytes as what a key's own secret is told of its rights: each resource once, each cell in a column.
fn own(body: &[u8], modern: bool) {
    let Ok(Object(wire)) = serde_json::from_slice::<Object<wire::OwnPermissions>>(body) else {
        return;
    };
    let says_prefixes = wire.kv.is_some();
    let Some(own) = probe::shown(wire, modern) else {
        return;
    };
    assert!(says_prefixes || !modern, "left out and taken for none");
    let rows = &own.rights.rows;
    let columns = own.rights.columns.len();
    assert!(rows.iter().all(|row| row.cells.len() == columns));
    let names: BTreeSet<_> = rows.iter().map(|row| (&row.kind, &row.resource)).collect();
    assert_eq!(names.len(), rows.len(), "something is named twice");
}

/// The bytes as the reply to a key's making: its value leaves alone, and only whole.
fn made(wire: wire::KeyRecord) {
    let made = create::made(wire);
    let Some(record) = made.record else {
        unreachable!("one record was read");
    };
    sound(&record);
    assert_eq!(
        made.secret.map(|secret| secret.fingerprint()),
        record.identity.fingerprint
    );
}

fn holds(at: usize, key: &ListedKey, body: &[u8]) {
    sound(key);
    // Of many keys, the first few are enough: looking for each reads the whole list again.
    if at < 4 && !key.identity.is_weak() {
        let Ok(Located {
            at: found, secret, ..
        }) = record::locate(body, Wanted::Key(&key.identity), &ABOUT)
        else {
            unreachable!("the same list is read again");
        };
        assert!(
            found.is_none_or(|found| found == at),
            "another key was found"
        );
        if let (Some(secret), Some(fingerprint)) = (secret, &key.identity.fingerprint) {
            assert_eq!(secret.fingerprint(), *fingerprint);
        }
    }
}

/// A key that can be kept.
fn sound(key: &ListedKey) {
    if let Some(id) = &key.identity.remote_id {
        assert!(id.0.len() == 32 && id.0.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    }
    assert!(key.label.chars().count() <= ListedKey::LABEL_MAX);
    assert!(
        key.prefix
            .as_ref()
            .is_none_or(|prefix| prefix.is_ascii() && prefix.len() <= 16)
    );
    let columns = key.rights.columns.len();
    assert!(key.rights.rows.iter().all(|row| row.cells.len() == columns));
}

fn nodes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        Value::Array(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(nodes).sum::<usize>(),
    }
}
