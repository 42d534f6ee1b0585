//! What every route accepts of a body and of a name.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::request::Request;

/// The body as a JSON object.
pub(in crate::ekodb) fn object(request: &Request) -> Result<Map<String, Value>, Refusal> {
    match request.json() {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refusal::new(400, "Invalid JSON: expected an object")),
        Err(reason) => Err(Refusal::new(400, format!("Invalid JSON: {reason}"))),
    }
}

/// A collection's name or a key-value prefix as ekoDB allows it (`ekodb.md` 3).
pub(in crate::ekodb) fn checked_name(name: &str) -> Result<&str, Refusal> {
    let forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.is_empty() || name == "." || name == ".." || name.chars().any(forbidden) {
        return Err(Refusal::new(400, "Invalid name"));
    }
    Ok(name)
}
