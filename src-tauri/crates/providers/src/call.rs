//! Changes to a server as data: planned, shown, stored, and performed one at a time.

use domain::{Cell, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One request that changes something. Serialisable, free of secrets: where one belongs stands a [`Part::Secret`]
/// in the path or an object `{"$secret": slot}` in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The request's method.
    pub method: Method,
    /// The path, segment by segment, each encoded on its own.
    pub path: Vec<Part>,
    /// The JSON body.
    pub body: Option<Value>,
    /// The route's template, for errors.
    pub endpoint: String,
    /// The kind of resource that it is about.
    pub kind: String,
    /// The resource that it is about; empty when it is about the whole key.
    pub resource: String,
}

/// The methods that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// As it is.
    Text(String),
    /// A secret, filled in when the call is performed.
    Secret(Slot),
}

/// Which secret is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The value of the key that the call is about.
    Target,
    /// The credential that Keystead logs in with. The link has it.
    Own,
    /// The value that Keystead chose for a key that is made.
    Chosen,
}

impl Slot {
    /// What stands in a body in the secret's place: `{"$secret": word}`.
    pub(crate) fn placeholder(self) -> Value {
        serde_json::json!({ "$secret": self.word() })
    }

    /// The slot that this member of a body keeps open.
    pub(crate) fn of(member: &Value) -> Option<Self> {
        let word = member.as_object()?.get("$secret")?.as_str()?;
        [Self::Target, Self::Own, Self::Chosen]
            .into_iter()
            .find(|slot| slot.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Own => "own",
            Self::Chosen => "chosen",
        }
    }
}

/// The secrets that a call may need, at hand only while it is performed.
#[derive(Debug, Default)]
pub struct CallSecrets {
    /// For [`Slot::Target`].
    pub target: Option<Secret>,
    /// For [`Slot::Chosen`].
    pub chosen: Option<Secret>,
}

/// What a server said was there before a change that it applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "before", content = "cells", rename_all = "snake_case")]
pub enum Performed {
    /// Nothing.
    Untold,
    /// The resource's cells; none when the key did not name it.
    Over(Vec<Cell>),
}

/// Why something cannot be planned: the adapter's words, drawn verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl Call {
    /// The value of the key in question has to be at hand when this is performed.
    pub fn needs_target(&self) -> bool {
        self.needs(Slot::Target)
    }

    /// This secret has to be at hand when this is performed.
    pub fn needs(&self, slot: Slot) -> bool {
        let in_path = self
            .path
            .iter()
            .any(|part| matches!(part, Part::Secret(found) if *found == slot));
        let members = self.body.as_ref().and_then(Value::as_object);
        let in_body = |body: &serde_json::Map<String, Value>| {
            body.values().any(|member| Slot::of(member) == Some(slot))
        };
        in_path || members.is_some_and(in_body)
    }

    /// Method and path as a person reviews them; secrets as dots.
    pub fn shown(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Secret(_) => "••••••••".to_owned(),
        };
        let path: Vec<String> = self.path.iter().map(part).collect();
        format!("{} /{}", self.method.word(), path.join("/"))
    }
}

impl Method {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}
