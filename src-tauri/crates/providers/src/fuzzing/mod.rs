//! The doors for fuzzing: what reads a server's bytes or builds an address, with what must hold whatever
//! comes in. No feature that is on by default opens them.

#[cfg(test)]
mod mutations;

use crate::{BaseUrl, ekodb, http};
use domain::Secret;
use percent_encoding::percent_decode_str;

/// A body of every kind, a token and a wait: each finds what is wrong by panicking.
pub fn reply(bytes: &[u8]) {
    ekodb::fuzzing::reply(bytes);
    let text = String::from_utf8_lossy(bytes);
    ekodb::fuzzing::session(&Secret::new(text.clone().into_owned()));
    let (wait, date) = text.split_once('\n').unwrap_or((&text, ""));
    if let Some(wait) = http::wait_of(wait, Some(date)) {
        assert!((1..=3_600).contains(&wait.as_secs()), "{wait:?}");
    }
}

/// An address, and below it a path of the lines that follow: built, it names exactly these segments there.
pub fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let segments: Vec<&str> = lines.collect();
    for allow_plain in [false, true] {
        let Ok(base) = BaseUrl::parse(first, allow_plain) else {
            continue;
        };
        assert!(
            !base.is_plain() || (allow_plain && base.is_loopback()),
            "plain"
        );
        assert_eq!(
            BaseUrl::parse(&base.to_string(), allow_plain).as_ref(),
            Ok(&base)
        );
        assert!(
            !base.host().contains(['@', '/', '?', '#', '\\', ' ']),
            "{}",
            base.host()
        );
        let Some(url) = base.join(&segments) else {
            continue;
        };
        assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
        assert_eq!(url.origin().ascii_serialization(), base.to_string());
        let path: Vec<String> = url.path_segments().map_or_else(Vec::new, |parts| {
            parts
                .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
                .collect()
        });
        let wanted: Vec<&str> = if segments.is_empty() {
            vec![""]
        } else {
            segments.clone()
        };
        assert_eq!(path, wanted, "{first}");
    }
}
