//! A key as it is stored: a row, and what tells whether a later list says the same.

use super::grids::Grids;
use crate::{StoreError, grants};
use domain::{Expiry, KeyId, KeyKind, ListedKey, RightsCounts};
use serde::Serialize;
use sqlx::{Arguments, Encode, Sqlite, Type, sqlite::SqliteArguments};
use std::sync::Arc;

/// What a row is made of, in the order in which [`values`] has it.
const COLUMNS: [&str; 20] = [
    "id",
    "deployment",
    "remote_id",
    "fingerprint",
    "prefix",
    "label",
    "label_order",
    "description",
    "kind",
    "created_at",
    "expires",
    "expires_order",
    "grid",
    "counts",
    "weight",
    "extras",
    "notices",
    "digest",
    "first_seen",
    "rights",
];

/// What of a row a later list does not change.
const STAYS: [&str; 3] = ["id", "deployment", "first_seen"];

/// The statement that stores this many keys.
pub(crate) fn insert(keys: usize) -> String {
    let row = format!("({})", ["?"; COLUMNS.len()].join(", "));
    let follow = COLUMNS.iter().filter(|column| !STAYS.contains(column));
    let follow = follow.map(|column| format!("{column} = excluded.{column}"));
    format!(
        "INSERT INTO keys ({}) VALUES {} ON CONFLICT (id) DO UPDATE SET {}, gone_at = NULL",
        COLUMNS.join(", "),
        vec![row; keys].join(", "),
        follow.collect::<Vec<_>>().join(", ")
    )
}

/// What all keys of a list share.
pub(crate) struct Common {
    /// Whose keys they are.
    pub(crate) deployment: Arc<str>,
    /// When the list was read, milliseconds since 1970.
    pub(crate) now: i64,
    /// Where the columns of their grids lie.
    pub(crate) grids: Grids,
}

/// The values of [`insert`] for these keys.
pub(crate) fn values(
    common: &Common,
    keys: &[(KeyId, &ListedKey)],
) -> Result<SqliteArguments, StoreError> {
    let mut to = SqliteArguments::default();
    to.reserve(keys.len() * COLUMNS.len(), 0);
    let mut before = None;
    for (id, key) in keys {
        let row = Row::of(key, before.as_ref())?;
        let identity = &key.identity;
        let remote_id = identity.remote_id.as_ref().map(|id| text(&id.0));
        let fingerprint = identity.fingerprint.as_ref().map(|print| text(&print.0));
        let label = text(&key.label);
        let grid = common.grids.place(&key.rights.columns);
        add(&mut to, id.to_string())?;
        add(&mut to, Arc::clone(&common.deployment))?;
        add(&mut to, remote_id)?;
        add(&mut to, fingerprint)?;
        add(&mut to, key.prefix.as_deref().map(text))?;
        add(&mut to, Arc::clone(&label))?;
        add(&mut to, lower(label))?;
        add(&mut to, text(&key.description))?;
        add(&mut to, Arc::clone(&row.kind))?;
        add(&mut to, key.created_at.map(|at| at.0))?;
        add(&mut to, row.expires.clone())?;
        add(&mut to, row.expires_order())?;
        add(&mut to, grid)?;
        add(&mut to, Arc::clone(&row.counts_json))?;
        add(&mut to, i64::from(row.counts.weight(key.rights.admin)))?;
        add(&mut to, row.extras.clone())?;
        add(&mut to, row.notices.clone())?;
        add(&mut to, row.digest().to_vec())?;
        add(&mut to, common.now)?;
        add(&mut to, Arc::clone(&row.rights))?;
        before = Some(row);
    }
    Ok(to)
}

fn add<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(
    to: &mut SqliteArguments,
    value: T,
) -> Result<(), StoreError> {
    to.add(value).map_err(|_| StoreError::Failed)
}

fn text(part: &str) -> Arc<str> {
    part.into()
}

/// The label that a list is ordered by; most are so already.
fn lower(label: Arc<str>) -> Arc<str> {
    if label
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        label
    } else {
        label.to_lowercase().into()
    }
}

/// A digest of all that is stored of a key: equal when a later list says the same.
///
/// # Errors
/// [`StoreError`].
pub fn digest(key: &ListedKey) -> Result<[u8; 32], StoreError> {
    Ok(Row::of(key, None)?.digest())
}

/// What is stored of a key beside what it carries itself.
struct Row<'a> {
    key: &'a ListedKey,
    kind: Arc<str>,
    expires: Option<Arc<str>>,
    columns: Arc<str>,
    counts: RightsCounts,
    counts_json: Arc<str>,
    extras: Option<Arc<str>>,
    notices: Option<Arc<str>>,
    rights: Arc<str>,
}

impl<'a> Row<'a> {
    /// What is the same in the key `before`, as most is, is taken from there.
    fn of(key: &'a ListedKey, before: Option<&Self>) -> Result<Self, StoreError> {
        let counts = key.rights.counts();
        let kind = before.filter(|row| row.key.kind == key.kind);
        let before_columns = before.map(|row| (&row.key.rights.columns, &row.columns));
        let before_counts = before.map(|row| (&row.counts, &row.counts_json));
        Ok(Self {
            kind: kind.map_or_else(|| text(word(key.kind)), |row| Arc::clone(&row.kind)),
            expires: part(
                before.map(|row| (&row.key.expires, &row.expires)),
                &key.expires,
                |expires| *expires == Expiry::Unsupported,
            )?,
            columns: json(before_columns, &key.rights.columns)?,
            counts_json: json(before_counts, &counts)?,
            counts,
            extras: part(
                before.map(|row| (&row.key.extras, &row.extras)),
                &key.extras,
                serde_json::Map::is_empty,
            )?,
            notices: part(
                before.map(|row| (&row.key.notices, &row.notices)),
                &key.notices,
                Vec::is_empty,
            )?,
            rights: grants::stored(&key.rights)?.into(),
            key,
        })
    }

    fn expires_order(&self) -> Option<i64> {
        match self.key.expires {
            Expiry::At { at } => Some(at.0),
            Expiry::Never | Expiry::Unsupported => None,
        }
    }

    fn digest(&self) -> [u8; 32] {
        let key = self.key;
        let identity = &key.identity;
        let created_at = key.created_at.map(|at| at.0.to_string());
        let parts = [
            identity.remote_id.as_ref().map(|id| id.0.as_str()),
            identity.fingerprint.as_ref().map(|print| print.0.as_str()),
            key.prefix.as_deref(),
            Some(&key.label),
            Some(&key.description),
            Some(&self.kind),
            created_at.as_deref(),
            self.expires.as_deref(),
            Some(&self.columns),
            key.rights.admin.then_some("admin"),
            self.extras.as_deref(),
            self.notices.as_deref(),
            Some(&self.rights),
            // Of a row that a later one overrules nothing else is stored.
            Some(&self.counts_json),
        ];
        let mut all = Vec::with_capacity(1_024);
        for part in parts {
            // Each with its length, so that none can be taken for the end of the one before.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            all.extend_from_slice(&length.to_le_bytes());
            all.extend_from_slice(part.unwrap_or_default().as_bytes());
        }
        domain::sha256_of(&all)
    }
}

fn word(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Admin => "admin",
        KeyKind::Scoped => "scoped",
    }
}

/// A part of a key as JSON; that of the key before where that says the same.
fn json<T: PartialEq + Serialize>(
    before: Option<(&T, &Arc<str>)>,
    part: &T,
) -> Result<Arc<str>, StoreError> {
    match before {
        Some((same, json)) if same == part => Ok(Arc::clone(json)),
        _ => Ok(serde_json::to_string(part)?.into()),
    }
}

/// The same of a part that most keys do not have.
fn part<T: PartialEq + Serialize>(
    before: Option<(&T, &Option<Arc<str>>)>,
    part: &T,
    is_nothing: impl Fn(&T) -> bool,
) -> Result<Option<Arc<str>>, StoreError> {
    if is_nothing(part) {
        return Ok(None);
    }
    let before = before.and_then(|(same, json)| Some((same, json.as_ref()?)));
    json(before, part).map(Some)
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
    fn what_is_counted_is_in_the_digest_too() {
        let (mut once, mut twice) = (key(), key());
        once.rights.rows[0].cells = vec![Cell::None];
        let overruling = once.rights.rows[0].clone();
        twice.rights.rows.push(overruling);
        assert_eq!(
            grants::stored(&once.rights).unwrap(),
            grants::stored(&twice.rights).unwrap()
        );
        assert_ne!(digest(&once).unwrap(), digest(&twice).unwrap());
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
