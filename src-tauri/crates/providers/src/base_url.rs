//! The address of a deployment, parsed once and for all.

use std::fmt;
use url::{Host, Url};

/// An origin that requests may go to: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: Url,
}

/// Why an address is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlRefused {
    /// It cannot be read as a URL with a host.
    Unreadable,
    /// Neither https nor http.
    Scheme,
    /// It carries a user name or a password.
    UserInfo,
    /// It carries a path, a query or a fragment.
    MoreThanOrigin,
    /// Plain http to a host that is not this machine, or without the switch that allows it.
    PlainHttp,
}

impl BaseUrl {
    /// Reads an address. A trailing slash is harmless, a path is not: servers would get it dropped
    /// silently (`ekodb.md` §1).
    ///
    /// # Errors
    /// [`UrlRefused`], with the reason.
    pub fn parse(text: &str, allow_plain_loopback: bool) -> Result<Self, UrlRefused> {
        let origin = Url::parse(text.trim()).map_err(|_| UrlRefused::Unreadable)?;
        if !matches!(origin.scheme(), "https" | "http") {
            return Err(UrlRefused::Scheme);
        }
        if !origin.has_host() {
            return Err(UrlRefused::Unreadable);
        }
        if !origin.username().is_empty() || origin.password().is_some() {
            return Err(UrlRefused::UserInfo);
        }
        if origin.path() != "/" || origin.query().is_some() || origin.fragment().is_some() {
            return Err(UrlRefused::MoreThanOrigin);
        }
        let base = Self { origin };
        if base.is_plain() && !(allow_plain_loopback && base.is_loopback()) {
            return Err(UrlRefused::PlainHttp);
        }
        Ok(base)
    }

    /// Host and, where it is not the scheme's own, port: what a person recognises.
    pub fn host(&self) -> String {
        let host = self.origin.host_str().unwrap_or_default();
        self.origin
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The host is a name with letters beyond ASCII, asked for in its `xn--` form.
    pub fn is_international(&self) -> bool {
        let mut labels = self.origin.host_str().unwrap_or_default().split('.');
        labels.any(|label| label.starts_with("xn--"))
    }

    /// What is looked up, and the port that is connected to.
    pub(crate) fn host_and_port(&self) -> Option<(Host<&str>, u16)> {
        Some((self.origin.host()?, self.origin.port_or_known_default()?))
    }

    /// The host is this machine: an address of the loopback range or `localhost`.
    pub fn is_loopback(&self) -> bool {
        match self.origin.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Without TLS.
    pub fn is_plain(&self) -> bool {
        self.origin.scheme() == "http"
    }

    /// The address of `segments` below the origin, each encoded as exactly one path segment. The result
    /// is parsed again and compared: `None` when it would not name that path.
    pub fn join(&self, segments: &[&str]) -> Option<Url> {
        const PLAIN: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'.')
            .remove(b'_')
            .remove(b'~');
        if segments
            .iter()
            .any(|segment| matches!(*segment, "" | "." | ".."))
        {
            return None;
        }
        let encoded =
            |segment: &&str| percent_encoding::utf8_percent_encode(segment, PLAIN).to_string();
        let path = format!(
            "/{}",
            segments.iter().map(encoded).collect::<Vec<_>>().join("/")
        );
        let mut built = self.origin.clone();
        built.set_path(&path);
        let reread = Url::parse(built.as_str()).ok()?;
        (reread.path() == path && reread.origin() == self.origin.origin()).then_some(reread)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_is_an_address() {
        let table = [
            (
                "https://shop.production.example",
                Ok("shop.production.example"),
            ),
            ("https://shop.example:8443/", Ok("shop.example:8443")),
            ("https://admin:pw@shop.example", Err(UrlRefused::UserInfo)),
            (
                "https://shop.example/prefix/",
                Err(UrlRefused::MoreThanOrigin),
            ),
            ("https://shop.example/?a=1", Err(UrlRefused::MoreThanOrigin)),
            ("https://shop.example/#x", Err(UrlRefused::MoreThanOrigin)),
            ("ftp://shop.example", Err(UrlRefused::Scheme)),
            ("shop.example", Err(UrlRefused::Unreadable)),
            ("127.0.0.1:9140", Err(UrlRefused::Unreadable)),
            ("http://shop.example", Err(UrlRefused::PlainHttp)),
            ("http://127.0.0.1:9140", Err(UrlRefused::PlainHttp)),
        ];
        for (text, expected) in table {
            let got = BaseUrl::parse(text, false).map(|base| base.host());
            assert_eq!(got, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_behind_the_switch() {
        for text in [
            "http://127.0.0.1:9",
            "http://[::1]:9",
            "http://localhost:9",
            "http://2130706433:9",
        ] {
            assert!(BaseUrl::parse(text, true).is_ok(), "{text}");
        }
        for text in [
            "http://10.0.0.1",
            "http://localhost.example",
            "http://[::ffff:10.0.0.1]",
        ] {
            assert_eq!(
                BaseUrl::parse(text, true),
                Err(UrlRefused::PlainHttp),
                "{text}"
            );
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let base = BaseUrl::parse("https://h.example", false).unwrap();
        let path = |name: &str| base.join(&["api", name]).map(|url| url.path().to_owned());
        assert_eq!(
            path("tenant:a/users").as_deref(),
            Some("/api/tenant%3Aa%2Fusers")
        );
        assert_eq!(path("%2e%2e").as_deref(), Some("/api/%252e%252e"));
        assert_eq!(path("?x#y").as_deref(), Some("/api/%3Fx%23y"));
        assert_eq!(path("a\\..\\b").as_deref(), Some("/api/a%5C..%5Cb"));
        for name in ["", ".", ".."] {
            assert_eq!(path(name), None, "{name:?}");
        }
    }
}
