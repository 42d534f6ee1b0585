//! What one complete reading of a server brings home.

use crate::{ListedKey, ServerFacts};

/// Something that rights can be given on, as the server lists it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// The adapter's word for its kind.
    pub kind: String,
    /// Its name on the server.
    pub name: String,
}

/// Everything a synchronisation read from one server. It is complete or does not exist.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerCopy {
    /// What the server is.
    pub facts: ServerFacts,
    /// All its keys.
    pub keys: Vec<ListedKey>,
    /// All that rights can be given on.
    pub resources: Vec<Resource>,
}
