//! One request as it came over the wire: path not yet decoded, body as bytes.

use http::HeaderMap;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

pub(crate) struct Request {
    pub(crate) method: String,
    /// As sent: percent-encoded, without the query.
    pub(crate) path: String,
    /// As sent, without the `?`; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Set by [`crate::Effect::DropRestrictions`].
    pub(crate) drop_restrictions: bool,
}

impl Request {
    /// The path's segments, each decoded exactly once, *after* splitting (`ekodb.md` 3).
    /// `None` when an escape is broken or a segment is not UTF-8.
    pub(crate) fn segments(&self) -> Option<Vec<String>> {
        self.path
            .strip_prefix('/')?
            .split('/')
            .map(decode)
            .collect()
    }

    /// The decoded value of one query parameter.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('=').or(Some((pair, ""))))
            .find_map(|(key, value)| (key == name).then(|| decode(value)).flatten())
    }

    /// What follows `Bearer ` in `Authorization`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self
            .headers
            .get(http::header::AUTHORIZATION)?
            .to_str()
            .ok()?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    /// The body as JSON, or serde's words about why it is none. `Content-Type` does not matter.
    pub(crate) fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body).map_err(|error| error.to_string())
    }
}

fn decode(text: &str) -> Option<String> {
    let mut rest = text.split('%');
    rest.next();
    let escapes_hold = rest.all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits.iter().take(2).all(u8::is_ascii_hexdigit)
    });
    escapes_hold
        .then(|| {
            percent_decode_str(text)
                .decode_utf8()
                .ok()
                .map(std::borrow::Cow::into_owned)
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_segment_is_decoded_once() {
        assert_eq!(decode("session%3A").as_deref(), Some("session:"));
        assert_eq!(decode("a%252Fb").as_deref(), Some("a%2Fb"));
        assert_eq!(decode("a%2"), None);
        assert_eq!(decode("%ff"), None);
    }
}
