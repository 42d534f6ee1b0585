//! The three-state edit of one grant (`ekodb.md` 4.4): a list left out stays, `null` clears it, an array replaces it.

use serde_json::{Map, Value};

use super::Grant;
use crate::ekodb::options::Omitted;
use crate::ekodb::refusal::Refusal;

/// What a PUT or PATCH asks for.
pub(in crate::ekodb) struct GrantEdit {
    whole: bool,
    read: Option<bool>,
    write: Option<bool>,
    select: ListEdit,
    exclude: ListEdit,
    writable: ListEdit,
}

enum ListEdit {
    LeftOut,
    Clear,
    Replace(Vec<String>),
}

impl GrantEdit {
    /// `whole`: a PUT, which needs `read` and `write`.
    pub(in crate::ekodb) fn parse(body: &Map<String, Value>, whole: bool) -> Result<Self, Refusal> {
        only(
            body,
            &[
                "read",
                "write",
                "select_fields",
                "exclude_fields",
                "writable_fields",
            ],
        )?;
        let edit = Self {
            whole,
            read: flag(body, "read")?,
            write: flag(body, "write")?,
            select: list(body, "select_fields")?,
            exclude: list(body, "exclude_fields")?,
            writable: list(body, "writable_fields")?,
        };
        if whole && (edit.read.is_none() || edit.write.is_none()) {
            return Err(Refusal::new(
                400,
                "Missing field: read and write are required",
            ));
        }
        if body.is_empty() {
            return Err(Refusal::new(400, "Nothing to change"));
        }
        Ok(edit)
    }

    /// The grant after the edit. `omitted` decides what a PUT does to a list it leaves out.
    pub(in crate::ekodb) fn applied(self, before: Option<&Grant>, omitted: Omitted) -> Grant {
        let before = before.cloned().unwrap_or_default();
        let keep = !self.whole || omitted == Omitted::Keep;
        Grant {
            read: self.read.unwrap_or(before.read),
            write: self.write.unwrap_or(before.write),
            select_fields: self.select.applied(before.select_fields, keep),
            exclude_fields: self.exclude.applied(before.exclude_fields, keep),
            writable_fields: self.writable.applied(before.writable_fields, keep),
            ..before
        }
    }
}

impl ListEdit {
    fn applied(self, before: Option<Vec<String>>, keep: bool) -> Option<Vec<String>> {
        match self {
            Self::LeftOut => before.filter(|_| keep),
            Self::Clear => None,
            Self::Replace(fields) => Some(fields),
        }
    }
}

/// Refuses members that do not belong here, such as a key id or a collection, which are in the path.
pub(in crate::ekodb) fn only(body: &Map<String, Value>, known: &[&str]) -> Result<(), Refusal> {
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Refusal::new(400, format!("Unknown field: {name}"))),
        None => Ok(()),
    }
}

pub(in crate::ekodb) fn flag(
    body: &Map<String, Value>,
    name: &str,
) -> Result<Option<bool>, Refusal> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Refusal::new(
            400,
            format!("Invalid {name}: expected a boolean"),
        )),
    }
}

fn list(body: &Map<String, Value>, name: &str) -> Result<ListEdit, Refusal> {
    let shape = || {
        Refusal::new(
            400,
            format!("Invalid {name}: expected null or an array of non-blank strings"),
        )
    };
    match body.get(name) {
        None => Ok(ListEdit::LeftOut),
        Some(Value::Null) => Ok(ListEdit::Clear),
        Some(value) => {
            let items = value.as_array().ok_or_else(shape)?;
            let field = |item: &Value| {
                item.as_str()
                    .filter(|text| !text.trim().is_empty())
                    .map(str::to_owned)
            };
            items
                .iter()
                .map(field)
                .collect::<Option<_>>()
                .map(ListEdit::Replace)
                .ok_or_else(shape)
        }
    }
}
