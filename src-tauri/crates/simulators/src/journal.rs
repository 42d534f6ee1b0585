//! What reached the server, in order, with every secret replaced by a hash.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::request::Request;

/// One request. `status` is 0 while it is unanswered and for ever if it never was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// 1, 2, 3 … in order of arrival.
    pub seq: u64,
    /// Arrival, Unix milliseconds of the server's clock.
    pub at_ms: i64,
    /// HTTP method.
    pub method: String,
    /// Path as sent; a segment that is a secret reads `sha256:` and 12 hex digits.
    pub path: String,
    /// Query as sent, without `?`, secrets replaced.
    pub query: String,
    /// Lower-case names with values, in order of arrival; credentials replaced.
    pub headers: Vec<(String, String)>,
    /// The body, if it was JSON; secret members and secrets inside texts replaced.
    pub body: Option<Value>,
    /// HTTP status sent; 0 = none.
    pub status: u16,
    /// Id of the key whose valid session token came with it.
    pub by: Option<String>,
}

/// How a secret appears in the journal: `sha256:` and the first 12 hex digits of its SHA-256.
pub fn fingerprint(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    digest
        .iter()
        .take(6)
        .fold(String::from("sha256:"), |text, byte| {
            format!("{text}{byte:02x}")
        })
}

#[derive(Default)]
pub(crate) struct Journal {
    entries: Vec<Entry>,
    last_seq: u64,
}

impl Journal {
    pub(crate) fn arrived(&mut self, entry: Entry) -> u64 {
        self.last_seq += 1;
        self.entries.push(Entry {
            seq: self.last_seq,
            ..entry
        });
        self.last_seq
    }

    pub(crate) fn answered(&mut self, seq: u64, status: u16) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.seq == seq) {
            entry.status = status;
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

const SECRET_MEMBERS: [&str; 6] = [
    "key",
    "api_key",
    "token",
    "password",
    "secret",
    "refresh_token",
];
const SECRET_STARTS: [&str; 2] = ["eko_", "eyJ"];
const SECRET_HEADERS: [&str; 3] = ["cookie", "proxy-authorization", "x-api-key"];

/// The entry of a request; `secrets` are the world's, `is_secret_segment` knows the provider's paths.
pub(crate) fn entry(
    request: &Request,
    at_ms: i64,
    by: Option<String>,
    secrets: &[String],
    is_secret_segment: impl Fn(&[String], &str) -> bool,
) -> Entry {
    let raw: Vec<&str> = request
        .path
        .strip_prefix('/')
        .unwrap_or(&request.path)
        .split('/')
        .collect();
    // A path with a broken escape reaches no route, but it may still hold a secret.
    let decoded = request
        .segments()
        .unwrap_or_else(|| raw.iter().map(|&segment| segment.to_owned()).collect());
    let shown = raw.iter().zip(&decoded).enumerate();
    let shown = shown.map(|(at, (raw, segment))| {
        let before = decoded.get(..at).unwrap_or_default();
        if is_secret_segment(before, segment) {
            fingerprint(segment)
        } else {
            scrub(raw, secrets)
        }
    });
    let path = format!("/{}", shown.collect::<Vec<_>>().join("/"));
    let headers = request.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let shown = match name.as_str() {
            "authorization" => match value.split_once(' ') {
                Some((scheme, token)) => format!("{scheme} {}", fingerprint(token)),
                None => fingerprint(&value),
            },
            name if SECRET_HEADERS.contains(&name) => fingerprint(&value),
            _ => scrub(&value, secrets),
        };
        (name.as_str().to_owned(), shown)
    });
    let mut body = request.json().ok();
    if let Some(body) = &mut body {
        scrub_json(body, secrets);
    }
    Entry {
        seq: 0,
        at_ms,
        method: request.method.clone(),
        path,
        query: scrub(&request.query, secrets),
        headers: headers.collect(),
        body,
        status: 0,
        by,
    }
}

fn scrub_json(value: &mut Value, secrets: &[String]) {
    match value {
        Value::String(text) => *text = scrub(text, secrets),
        Value::Array(items) => items.iter_mut().for_each(|item| scrub_json(item, secrets)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let whole = member
                    .as_str()
                    .filter(|_| SECRET_MEMBERS.contains(&name.as_str()));
                match whole.map(fingerprint) {
                    Some(hashed) => *member = Value::String(hashed),
                    None => scrub_json(member, secrets),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn scrub(text: &str, secrets: &[String]) -> String {
    let mut shown = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        if shown.contains(secret.as_str()) {
            shown = shown.replace(secret.as_str(), &fingerprint(secret));
        }
    }
    // What is no longer, or never was, in the world still looks like what it is.
    let words: Vec<String> = shown
        .split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))
        .map(|word| {
            let core = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let secret =
                core.len() >= 32 && SECRET_STARTS.iter().any(|start| core.starts_with(start));
            if secret {
                word.replace(core, &fingerprint(core))
            } else {
                word.to_owned()
            }
        })
        .collect();
    words.concat()
}
