//! The dialects before `modern`: what they share with it, what each has of its own, and the sample servers that speak
//! them (`ekodb.md` 1, 9).

mod docs;
mod docs_edits;
mod legacy;
mod samples;
mod shapes;
mod shared;
mod wire;

use simulators::ekodb::Dialect;

pub(crate) const OLDER: [Dialect; 3] = [Dialect::Legacy, Dialect::DocsA, Dialect::DocsS];

/// What a client needs to encode in a path segment (`ekodb.md` 3).
pub(crate) fn encoded(segment: &str) -> String {
    segment.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            format!("{text}{}", char::from(byte))
        } else {
            format!("{text}%{byte:02X}")
        }
    })
}
