//! Grants as arrays of actions, and which actions a dialect knows (`ekodb.md` 4.3, C4–C6).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Grant;
use crate::ekodb::options::Dialect;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::wire::checked_name;

/// One thing a grant may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ekodb) enum Action {
    Read,
    Write,
    /// Remove records, where that is not part of `Write`.
    Delete,
    /// Schema and settings of the collection.
    Admin,
}

impl Action {
    pub(in crate::ekodb) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Admin => "admin",
        }
    }
}

impl Dialect {
    /// The actions that requests may name and replies may show.
    pub(in crate::ekodb) fn actions(self) -> &'static [Action] {
        match self {
            Self::Modern | Self::Legacy => &[Action::Read, Action::Write],
            Self::DocsA => &[Action::Read, Action::Write, Action::Delete],
            Self::DocsS => &[Action::Read, Action::Write, Action::Admin],
        }
    }

    /// What removing a record needs (C5).
    pub(in crate::ekodb) fn needed_to_delete(self) -> Action {
        if self.actions().contains(&Action::Delete) {
            Action::Delete
        } else {
            Action::Write
        }
    }

    /// A map of action arrays, as register and the edits of the guides take it; field lists cannot be said here.
    pub(in crate::ekodb) fn granted(self, map: &Value) -> Result<BTreeMap<String, Grant>, Refusal> {
        let map = map.as_object().ok_or_else(shape)?;
        map.iter()
            .map(|(name, actions)| {
                checked_name(name)?;
                let actions = actions.as_array().ok_or_else(shape)?;
                Ok((name.clone(), self.grant(actions)?))
            })
            .collect()
    }

    /// Grants as action arrays, by collection.
    pub(in crate::ekodb) fn arrays(self, grants: &BTreeMap<String, Grant>) -> Value {
        grants
            .iter()
            .map(|(name, grant)| (name.clone(), self.array(grant)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn grant(self, actions: &[Value]) -> Result<Grant, Refusal> {
        let mut grant = Grant::none();
        for action in actions {
            let name = action.as_str().ok_or_else(shape)?;
            let known = self.actions().iter().find(|action| action.name() == name);
            match known {
                Some(Action::Read) => grant.read = true,
                Some(Action::Write) => grant.write = true,
                Some(Action::Delete) => grant.delete = true,
                Some(Action::Admin) => grant.admin = true,
                None => return Err(Refusal::new(400, format!("Unknown action: {name}"))),
            }
        }
        Ok(grant)
    }

    fn array(self, grant: &Grant) -> Value {
        let held = self
            .actions()
            .iter()
            .filter(|action| grant.allows(**action));
        held.map(|action| action.name()).collect()
    }
}

fn shape() -> Refusal {
    Refusal::new(
        400,
        "collection_permissions: expected a map of action arrays",
    )
}
