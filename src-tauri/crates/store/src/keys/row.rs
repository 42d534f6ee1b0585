//! A key as it is stored: a row, and what tells whether a later list says the same.

use crate::{StoreError, grants};
use domain::{Expiry, KeyId, KeyKind, ListedKey};
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};
use std::sync::Arc;

/// The statement that stores some keys.
pub(crate) fn insert(
    deployment: &Arc<str>,
    some: &[(KeyId, &ListedKey)],
    now: i64,
) -> Result<QueryBuilder<Sqlite>, StoreError> {
    let mut rows: Vec<(KeyId, Row<'_>)> = Vec::with_capacity(some.len());
    for (id, key) in some {
        let row = Row::of(key, rows.last().map(|(_, row)| row))?;
        rows.push((*id, row));
    }
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO keys (id, deployment, remote_id, fingerprint, prefix, label, description, kind, created_at,
            expires, expires_order, columns, summary, weight, extras, notices, label_order, digest, first_seen, rights) ",
    );
    insert.push_values(rows, |mut values, (id, row)| {
        let digest = row.digest();
        let Row {
            key,
            kind,
            expires,
            expires_order,
            columns,
            summary,
            weight,
            extras,
            notices,
            label_order,
            rights,
        } = row;
        let identity = &key.identity;
        let remote_id = identity.remote_id.as_ref().map(|id| id.0.as_str());
        let fingerprint = identity.fingerprint.as_ref();
        values
            .push_bind(id.to_string())
            .push_bind(Arc::clone(deployment))
            .push_bind(remote_id)
            .push_bind(fingerprint.map(|print| print.0.as_str()))
            .push_bind(key.prefix.as_deref())
            .push_bind(&key.label)
            .push_bind(&key.description)
            .push_bind(kind)
            .push_bind(key.created_at.map(|at| at.0))
            .push_bind(expires)
            .push_bind(expires_order)
            .push_bind(columns)
            .push_bind(summary)
            .push_bind(weight)
            .push_bind(extras)
            .push_bind(notices)
            .push_bind(label_order)
            .push_bind(digest)
            .push_bind(now)
            .push_bind(rights);
    });
    insert.push(
        " ON CONFLICT (id) DO UPDATE SET remote_id = excluded.remote_id, fingerprint = excluded.fingerprint,
            prefix = excluded.prefix, label = excluded.label, description = excluded.description,
            kind = excluded.kind, created_at = excluded.created_at, expires = excluded.expires,
            expires_order = excluded.expires_order, columns = excluded.columns, summary = excluded.summary,
            weight = excluded.weight, extras = excluded.extras, notices = excluded.notices,
            label_order = excluded.label_order, digest = excluded.digest, rights = excluded.rights, gone_at = NULL",
    );
    Ok(insert)
}

/// A digest of all that is stored of a key: equal when a later list says the same.
///
/// # Errors
/// [`StoreError`].
pub fn digest(key: &ListedKey) -> Result<String, StoreError> {
    Ok(Row::of(key, None)?.digest())
}

/// What is stored of a key beside what it carries itself.
struct Row<'a> {
    key: &'a ListedKey,
    kind: &'static str,
    expires: Arc<str>,
    expires_order: Option<i64>,
    columns: Arc<str>,
    summary: String,
    weight: i64,
    extras: Arc<str>,
    notices: Arc<str>,
    label_order: String,
    rights: String,
}

impl<'a> Row<'a> {
    /// What is the same in the key `before`, as most is, is taken from there.
    fn of(key: &'a ListedKey, before: Option<&Row<'a>>) -> Result<Self, StoreError> {
        let summary = key.rights.summary();
        Ok(Self {
            kind: match key.kind {
                KeyKind::Admin => "admin",
                KeyKind::Scoped => "scoped",
            },
            expires: json(before, &key.expires, |row| (&row.key.expires, &row.expires))?,
            expires_order: match key.expires {
                Expiry::At { at } => Some(at.0),
                Expiry::Never | Expiry::Unsupported => None,
            },
            columns: json(before, &key.rights.columns, |row| {
                (&row.key.rights.columns, &row.columns)
            })?,
            weight: i64::from(summary.weight()),
            summary: serde_json::to_string(&summary)?,
            extras: json(before, &key.extras, |row| (&row.key.extras, &row.extras))?,
            notices: json(before, &key.notices, |row| (&row.key.notices, &row.notices))?,
            label_order: key.label.to_lowercase(),
            rights: grants::stored(&key.rights)?,
            key,
        })
    }

    fn digest(&self) -> String {
        let key = self.key;
        let identity = &key.identity;
        let created_at = key.created_at.map(|at| at.0.to_string());
        let parts = [
            identity.remote_id.as_ref().map(|id| id.0.as_str()),
            identity.fingerprint.as_ref().map(|print| print.0.as_str()),
            key.prefix.as_deref(),
            Some(&key.label),
            Some(&key.description),
            Some(self.kind),
            created_at.as_deref(),
            Some(&self.expires),
            Some(&self.columns),
            Some(&self.summary),
            Some(&self.extras),
            Some(&self.notices),
            Some(&self.rights),
        ];
        let mut all = Vec::with_capacity(1_024);
        for part in parts {
            // Each with its length, so that none can be taken for the end of the one before.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            all.extend_from_slice(&length.to_le_bytes());
            all.extend_from_slice(part.unwrap_or_default().as_bytes());
        }
        domain::sha256(&all)
    }
}

/// A part of a key as JSON.
fn json<'r, 'a, T: PartialEq + Serialize + 'r>(
    before: Option<&'r Row<'a>>,
    part: &T,
    of: impl Fn(&'r Row<'a>) -> (&'r T, &'r Arc<str>),
) -> Result<Arc<str>, StoreError> {
    match before.map(of) {
        Some((same, json)) if same == part => Ok(Arc::clone(json)),
        _ => Ok(serde_json::to_string(part)?.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Cell, Column, Fingerprint, Identity, Notice, RemoteId, RightsGrid, RightsRow, UnixMs,
    };

    #[test]
    fn every_part_of_a_key_is_in_its_digest() {
        let whole = digest(&key()).unwrap();
        assert_eq!(digest(&key()).unwrap(), whole);
        let changes: [fn(&mut ListedKey); 14] = [
            |key| key.identity.remote_id = None,
            |key| key.identity.remote_id = Some(RemoteId("b".into())),
            |key| key.identity.fingerprint = None,
            |key| key.prefix = Some("f".into()),
            |key| key.label = "labels".into(),
            |key| key.description = String::new(),
            |key| key.kind = KeyKind::Admin,
            |key| key.created_at = Some(UnixMs(8)),
            |key| key.expires = Expiry::At { at: UnixMs(9) },
            |key| key.rights.admin = true,
            |key| key.rights.columns[0].title = "Reads".into(),
            |key| key.rights.rows[0].cells[0] = Cell::None,
            |key| key.extras = serde_json::Map::from_iter([("a".into(), 1.into())]),
            |key| key.notices = vec![Notice::LabelCut],
        ];
        let mut seen = vec![whole];
        for (at, change) in changes.iter().enumerate() {
            let mut other = key();
            change(&mut other);
            let digest = digest(&other).unwrap();
            assert!(!seen.contains(&digest), "change {at}");
            seen.push(digest);
        }
    }

    #[test]
    fn what_goes_from_one_part_to_the_next_is_a_change() {
        let mut moved = key();
        (moved.label, moved.description) = ("labelt".into(), "ext".into());
        assert_ne!(digest(&moved).unwrap(), digest(&key()).unwrap());
    }

    fn key() -> ListedKey {
        let column = Column {
            action: "read".into(),
            title: "Read".into(),
        };
        let row = RightsRow {
            kind: "collection".into(),
            resource: "orders".into(),
            cells: vec![Cell::All],
        };
        ListedKey {
            identity: Identity {
                remote_id: Some(RemoteId("a".into())),
                fingerprint: Some(Fingerprint("c".into())),
            },
            prefix: None,
            label: "label".into(),
            description: "text".into(),
            kind: KeyKind::Scoped,
            created_at: Some(UnixMs(5)),
            expires: Expiry::Never,
            rights: RightsGrid {
                columns: vec![column],
                rows: vec![row],
                admin: false,
            },
            extras: serde_json::Map::new(),
            notices: vec![],
        }
    }
}
