//! What a rotation, a creation or a revocation is to do; fixed when it begins.

use domain::{Identity, KeyId, RightsGrid, SecretId, UnixMs, sha256};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What it is for. All three are the same machine; a creation has no old key, a revocation no new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// A new key.
    Create,
    /// A new key in an old one's place.
    Rotate,
    /// The end of a key.
    Revoke,
}

impl Purpose {
    /// The word in the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Rotate => "rotate",
            Self::Revoke => "revoke",
        }
    }

    /// The purpose of an operation of that kind.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Create, Self::Rotate, Self::Revoke]
            .into_iter()
            .find(|purpose| purpose.word() == word)
    }
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) purpose: Purpose,
    /// A leak: neither the confirmed switch nor the wait is required.
    pub(crate) emergency: bool,
    pub(crate) old: Option<OldKey>,
    pub(crate) new: Option<NewKey>,
    /// Why the old key is not paused; `None` when it is.
    pub(crate) pause_why_not: Option<String>,
    /// How long a paused or replaced key is watched before it is revoked, ms.
    pub(crate) soak: i64,
    /// How long a session may not see that its key was paused, ms.
    pub(crate) session_life: i64,
}

/// The key that is replaced or revoked, as a fresh read showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OldKey {
    pub(crate) key: KeyId,
    pub(crate) identity: Identity,
    pub(crate) label: String,
    pub(crate) prefix: Option<String>,
    pub(crate) created_at: Option<UnixMs>,
    pub(crate) admin: bool,
    /// What it may do: the snapshot.
    pub(crate) rights: RightsGrid,
    /// The row that seals its value until its death is proved, where the server showed it or we made it.
    pub(crate) secret: Option<SecretId>,
    /// What the person types to end it.
    pub(crate) confirmation: String,
}

/// The key that is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NewKey {
    pub(crate) key: KeyId,
    pub(crate) label: String,
    /// Without a marker: each attempt adds its own.
    pub(crate) description: String,
    pub(crate) rights: RightsGrid,
    /// What the call that makes it gives; the rest is set afterwards.
    pub(crate) given: RightsGrid,
    /// The server takes a value that we choose.
    pub(crate) chosen: bool,
}

/// What a snapshot of rights is recognised by, whatever order the server lists it in.
pub(crate) fn snapshot_hash(rights: &RightsGrid) -> String {
    let mut rows: Vec<_> = rights
        .rows
        .iter()
        .map(|row| (&row.kind, &row.resource, &row.cells))
        .collect();
    rows.sort_by_key(|(kind, resource, _)| (*kind, *resource));
    let actions: Vec<_> = rights.columns.iter().map(|column| &column.action).collect();
    sha256(
        serde_json::json!([rights.admin, actions, rows])
            .to_string()
            .as_bytes(),
    )
}
