//! A named line of information, or the reason why there is none.

use crate::UnixMs;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of "name: value". The words are the adapter's and are drawn verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// What it is about, for example "Version".
    pub name: String,
    /// The value, or why there is none.
    pub value: FactValue,
}

/// The value of a [`Fact`]. "The server does not say" is an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FactValue {
    /// Words or a figure.
    Text {
        /// Drawn as it is.
        text: String,
    },
    /// A moment.
    Time {
        /// Milliseconds since 1970.
        #[ts(type = "number")]
        at: UnixMs,
    },
    /// No value.
    Unknown {
        /// The reason, a short clause such as "the server does not say".
        why: String,
    },
}

impl Fact {
    /// A fact in words.
    pub fn text(name: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: FactValue::Text { text: text.into() },
        }
    }

    /// A fact that is a moment.
    pub fn time(name: &str, at: UnixMs) -> Self {
        Self {
            name: name.to_owned(),
            value: FactValue::Time { at },
        }
    }

    /// A fact that is missing, with the reason.
    pub fn unknown(name: &str, why: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: FactValue::Unknown { why: why.into() },
        }
    }
}
