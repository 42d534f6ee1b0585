//! A deployment (one server we manage) and the link to it.

use crate::{Fact, UnixMs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a deployment is for. Always shown as colour *and* word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real customers.
    Production,
    /// The rehearsal.
    Staging,
    /// The workbench.
    Development,
    /// Machines testing machines.
    Test,
}

impl Environment {
    /// All of them, in the order of the sidebar.
    pub const ALL: [Self; 4] = [
        Self::Production,
        Self::Staging,
        Self::Development,
        Self::Test,
    ];

    /// The word in the database and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Test => "test",
        }
    }

    /// The environment of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|environment| environment.word() == word)
    }
}

/// How a deployment is reached, without its credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSpec {
    /// The origin as the person gave it; parsed by `providers::BaseUrl` before any use.
    pub url: String,
    /// Whose certificates count.
    pub trust: Trust,
    /// The oldest TLS that is spoken.
    pub tls_minimum: TlsMinimum,
    /// Plain HTTP may be spoken, to a loopback host only.
    pub allow_plain_loopback: bool,
}

/// Whose certificates count for one deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trust {
    /// Those that the operating system trusts.
    System,
    /// This authority *only*; the system's are ignored.
    OwnCa {
        /// One or more certificates, PEM.
        pem: String,
    },
}

/// The oldest TLS version that is spoken to a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TlsMinimum {
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3, the default for ekoDB (`ekodb.md` C18).
    Tls13,
}

/// What a probe learnt of a server; kept with the deployment and handed back to the adapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFacts {
    /// The adapter's own name for the variant of its protocol that this server speaks.
    pub dialect: Option<String>,
    /// The server's version, when it says so.
    pub version: Option<String>,
    /// Requests a minute the deployment allows, when a reply said so.
    pub requests_per_minute: Option<u32>,
    /// When this was learnt.
    pub at: Option<UnixMs>,
    /// The same and more, in words for the screen.
    pub shown: Vec<Fact>,
}
