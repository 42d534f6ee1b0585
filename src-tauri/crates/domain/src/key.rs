//! A key as a server lists it.

use crate::{Fingerprint, RightsGrid, UnixMs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The id that a server gave a key, already checked against its adapter's grammar.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

/// What tells a key apart from the others of its deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The server's id, when it has a usable one.
    pub remote_id: Option<RemoteId>,
    /// SHA-256 of the secret, when the list showed it whole.
    pub fingerprint: Option<Fingerprint>,
}

impl Identity {
    /// Neither id nor fingerprint: the key is shown, but nothing can be done to it.
    pub fn is_weak(&self) -> bool {
        self.remote_id.is_none() && self.fingerprint.is_none()
    }
}

/// Whether a key may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// May do everything.
    Admin,
    /// May do what its rights say.
    Scoped,
}

/// When a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Expiry {
    /// At this moment.
    At {
        /// Milliseconds since 1970.
        #[ts(type = "number")]
        at: UnixMs,
    },
    /// Never, although the server could.
    Never,
    /// The server's keys have no end.
    Unsupported,
}

/// Something a person should know about a key as it was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The server gave an id that is none by the contract; it is not used.
    IdUnusable,
    /// No id and a masked value: [`Identity::is_weak`].
    Unidentified,
    /// The label was longer than [`ListedKey::LABEL_MAX`] characters and is cut.
    LabelCut,
    /// The label has characters that hide or reorder text.
    LabelHiddenCharacters,
    /// The label is empty.
    LabelEmpty,
}

/// One key of a complete list, free of secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedKey {
    /// What tells it apart.
    pub identity: Identity,
    /// The part of the value that may be shown: the server's fixed prefix and at most 4 characters.
    pub prefix: Option<String>,
    /// The label, at most [`Self::LABEL_MAX`] characters.
    pub label: String,
    /// The description, cut alike.
    pub description: String,
    /// Admin or scoped.
    pub kind: KeyKind,
    /// When the server made it.
    pub created_at: Option<UnixMs>,
    /// When it ends.
    pub expires: Expiry,
    /// What it may do.
    pub rights: RightsGrid,
    /// Members that the adapter does not understand, values that look like secrets withheld.
    pub extras: serde_json::Map<String, serde_json::Value>,
    /// What a person should know about it.
    pub notices: Vec<Notice>,
}

impl ListedKey {
    /// The longest label and description that is kept, in characters.
    pub const LABEL_MAX: usize = 512;
}
