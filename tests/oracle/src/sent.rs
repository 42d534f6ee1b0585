//! Requests as they are compared.

use crate::{ADMIN, ADMIN_ID};
use serde_json::{Value, json};
use simulators::Entry;
use simulators::journal::fingerprint;
use std::collections::BTreeMap;
use std::fmt;

/// One request and the status that it was answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Method, path with its query, body.
    pub line: Line,
    /// Every header but `host`. A token reads `Bearer of` and the id of its key; of a length only that it is there.
    pub headers: BTreeMap<String, String>,
    /// 0 = never answered.
    pub status: u16,
}

/// What of a request does not depend on who sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// In capitals.
    pub method: String,
    /// Path and query as sent, percent-encoding included.
    pub target: String,
    /// The body as JSON; secrets are fingerprints.
    pub body: Option<Value>,
}

/// A request without a body.
pub fn line(method: &str, target: &str) -> Line {
    Line {
        method: method.to_owned(),
        target: target.to_owned(),
        body: None,
    }
}

impl Line {
    /// The same with a body.
    #[must_use]
    pub fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// The log-in.
    pub fn token() -> Self {
        line("POST", "/api/auth/token").body(json!({ "api_key": fingerprint(ADMIN) }))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        self.body
            .as_ref()
            .map_or(Ok(()), |body| write!(f, " {body}"))
    }
}

/// As the official client sends it (§10.3).
impl Sent {
    /// The log-in.
    pub fn token() -> Self {
        let headers = [("accept", "*/*"), ("content-type", "application/json")];
        Self::new(Line::token(), &headers)
    }

    /// The same with the token of the key of this id.
    #[must_use]
    pub fn by(mut self, id: &str) -> Self {
        let bearer = format!("Bearer of {id}");
        self.headers.insert("authorization".to_owned(), bearer);
        self
    }

    /// Health by the data client, which is not logged in for it.
    pub fn health() -> Self {
        Self::new(line("GET", "/api/health"), &[("accept", "*/*")])
    }

    /// An authorised read.
    pub fn get(target: &str) -> Self {
        Self::authorised(line("GET", target))
    }

    /// An authorised removal: no body and no content type either.
    pub fn delete(target: &str) -> Self {
        Self::authorised(line("DELETE", target))
    }

    /// An authorised request with a body.
    pub fn write(method: &str, target: &str, body: Value) -> Self {
        Self::authorised(line(method, target).body(body))
    }

    /// The same, answered with another status than 200.
    #[must_use]
    pub fn answered(self, status: u16) -> Self {
        Self { status, ..self }
    }

    fn authorised(line: Line) -> Self {
        let bearer = format!("Bearer of {ADMIN_ID}");
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("accept", "application/json"),
        ];
        if line.body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        Self::new(line, &headers)
    }

    fn new(line: Line, headers: &[(&str, &str)]) -> Self {
        let length = line.body.is_some().then_some(("content-length", "there"));
        let headers = headers.iter().chain(&[("accept-encoding", "gzip")]);
        Self {
            headers: headers
                .copied()
                .chain(length)
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            line,
            status: 200,
        }
    }
}

impl From<&Entry> for Sent {
    fn from(entry: &Entry) -> Self {
        let by = entry.by.as_deref().unwrap_or("nobody");
        let headers = entry.headers.iter().filter(|(name, _)| name != "host");
        let shown = |(name, value): &(String, String)| match name.as_str() {
            "authorization" if value.starts_with("Bearer sha256:") => {
                (name.clone(), format!("Bearer of {by}"))
            }
            "content-length" => (name.clone(), "there".to_owned()),
            _ => (name.clone(), value.clone()),
        };
        let target = match entry.query.as_str() {
            "" => entry.path.clone(),
            query => format!("{}?{query}", entry.path),
        };
        Self {
            line: Line {
                method: entry.method.clone(),
                target,
                body: entry.body.clone(),
            },
            headers: headers.map(shown).collect(),
            status: entry.status,
        }
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {} {:?}", self.line, self.status, self.headers)
    }
}
