//! The one HTTP client of the program, as `security.md` ("The network is hostile") wants it.

use crate::{
    BaseUrl, Class, Fault, ProviderError, UrlRefused,
    json::{Object, values_in},
    tls,
};
use backon::{ExponentialBuilder, Retryable};
use domain::{LinkSpec, Secret};
use reqwest::{Client, Response, header, redirect};
use serde::de::DeserializeOwned;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long to wait for a server, and how often to ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// Between two arriving pieces of a reply.
    pub read: Duration,
    /// From the request to the last byte of its reply.
    pub total: Duration,
    /// Before the first repetition of a *read* that was answered 5xx; doubles each time.
    pub retry_wait: Duration,
    /// How often such a read is repeated.
    pub retries: usize,
}

impl Timing {
    /// What the shipped program uses.
    pub const PRODUCTION: Self = Self {
        connect: Duration::from_secs(5),
        read: Duration::from_secs(10),
        total: Duration::from_secs(30),
        retry_wait: Duration::from_millis(300),
        retries: 2,
    };
}

/// A connection pool to one origin.
#[derive(Debug)]
pub(crate) struct Http {
    base: BaseUrl,
    client: Client,
    timing: Timing,
}

/// The verbs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// One request. Segments are encoded one by one; the endpoint names the route in errors.
pub(crate) struct Request<'a> {
    pub(crate) verb: Verb,
    pub(crate) endpoint: &'static str,
    pub(crate) segments: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) bearer: Option<&'a Secret>,
    pub(crate) json: Option<Zeroizing<Vec<u8>>>,
    /// The largest body that is read, in bytes.
    pub(crate) cap: u64,
    /// The text of a 4xx matters too (`Reply::says`).
    pub(crate) hears_refusals: bool,
}

impl<'a> Request<'a> {
    /// A GET without a token, with the small cap.
    pub(crate) fn get(endpoint: &'static str, segments: &'a [&'a str]) -> Self {
        Self {
            verb: Verb::Get,
            endpoint,
            segments,
            query: &[],
            bearer: None,
            json: None,
            cap: CAP_SMALL,
            hears_refusals: false,
        }
    }
}

/// 64 KiB: everything that is not a list.
pub(crate) const CAP_SMALL: u64 = 64 << 10;
/// 8 MiB: ordinary lists.
pub(crate) const CAP_LIST: u64 = 8 << 20;
/// 32 MiB: key lists that know no pages.
pub(crate) const CAP_KEYS: u64 = 32 << 20;

/// A reply has at most one value for so many bytes of its cap; the longest lists of real keys have fewer.
const BYTES_A_VALUE: u64 = 16;

/// A reply below 300 or from 400 on, its body within the cap. The body may hold secrets: it is wiped.
pub(crate) struct Reply {
    pub(crate) endpoint: &'static str,
    pub(crate) status: u16,
    pub(crate) rate_limit: Option<u32>,
    retry_after: Option<Duration>,
    kind: Kind,
    /// The most values that are read from the body.
    values_max: usize,
    body: Zeroizing<Vec<u8>>,
}

/// What a reply says that its body is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    /// Something else, or something without a name.
    Other,
    /// There is none.
    Nothing,
}

impl Http {
    /// A client for one deployment. It is never shared with another.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that builds a client"
    )]
    pub(crate) fn new(spec: &LinkSpec, timing: Timing) -> Result<Self, HttpRefused> {
        let base =
            BaseUrl::parse(&spec.url, spec.allow_plain_loopback).map_err(HttpRefused::Url)?;
        let builder = Client::builder()
            .https_only(!base.is_plain())
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .http1_only()
            .connect_timeout(timing.connect)
            .read_timeout(timing.read)
            .timeout(timing.total);
        let builder = tls::configure(builder, &spec.trust, spec.tls_minimum)
            .map_err(|_| HttpRefused::Authority)?;
        let client = builder.build().map_err(|_| HttpRefused::Authority)?;
        Ok(Self {
            base,
            client,
            timing,
        })
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// Sends a read, and again when the server answers 5xx. Nothing else is ever repeated.
    pub(crate) async fn read(&self, request: &Request<'_>) -> Result<Reply, ProviderError> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(self.timing.retry_wait)
            .with_max_times(self.timing.retries)
            .with_jitter();
        let once = || async {
            let reply = self.send(request).await?;
            if matches!(reply.status, 502..=504) {
                Err(reply.refusal())
            } else {
                Ok(reply)
            }
        };
        let failed_for_now = |error: &ProviderError| {
            matches!(error.fault, Fault::Status(502..=504)) && error.retry_after.is_none()
        };
        once.retry(backoff).when(failed_for_now).await
    }

    /// Sends a change exactly once. Only an answer that denies it, or a connection that never stood, proves that
    /// it was not applied; everything else leaves its outcome unknown.
    pub(crate) async fn change(&self, request: &Request<'_>) -> Result<Reply, ProviderError> {
        let unknown = |error: ProviderError| ProviderError {
            class: Class::OutcomeUnknown,
            ..error
        };
        let reply = self
            .send(request)
            .await
            .map_err(|error| match error.fault {
                Fault::Unreachable | Fault::Certificate | Fault::Unsendable => error,
                Fault::Broken
                | Fault::TimedOut
                | Fault::Redirect(_)
                | Fault::NotJson
                | Fault::Encoded
                | Fault::TooLarge(_)
                | Fault::Malformed
                | Fault::Status(_)
                | Fault::NotWitnessed => unknown(error),
            })?;
        match reply.status {
            200..=299 => Ok(reply),
            // A proxy that gave up waiting does not know what became of it.
            408 => Err(unknown(reply.refusal())),
            400..=499 => Err(reply.refusal()),
            _ => Err(unknown(reply.refusal())),
        }
    }

    /// Sends a request exactly once.
    pub(crate) async fn send(&self, request: &Request<'_>) -> Result<Reply, ProviderError> {
        let fail = |class, fault| ProviderError::new(class, fault, request.endpoint);
        let mut url = self
            .base
            .join(request.segments)
            .ok_or_else(|| fail(Class::Invalid, Fault::Unsendable))?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(request.query);
        }
        let method = match request.verb {
            Verb::Get => reqwest::Method::GET,
            Verb::Post => reqwest::Method::POST,
            Verb::Put => reqwest::Method::PUT,
            Verb::Patch => reqwest::Method::PATCH,
            Verb::Delete => reqwest::Method::DELETE,
        };
        let mut outgoing = self
            .client
            .request(method, url)
            .header(header::ACCEPT, "application/json");
        if let Some(token) = request.bearer {
            // EXPOSE: the token travels in the header of this one request, marked sensitive by bearer_auth.
            outgoing = outgoing.bearer_auth(token.expose());
        }
        if let Some(json) = &request.json {
            outgoing = outgoing
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.to_vec());
        }
        let response = outgoing
            .send()
            .await
            .map_err(|error| fault_of(&error, request.endpoint))?;
        self.receive(response, request).await
    }

    async fn receive(
        &self,
        mut response: Response,
        request: &Request<'_>,
    ) -> Result<Reply, ProviderError> {
        let endpoint = request.endpoint;
        let protocol = |fault| ProviderError::new(Class::Protocol, fault, endpoint);
        let status = response.status().as_u16();
        if (300..400).contains(&status) {
            return Err(protocol(Fault::Redirect(status)));
        }
        let text = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let kind = kind_of(&response);
        let rate_limit = text("x-ratelimit-limit").and_then(|limit| limit.trim().parse().ok());
        let retry_after = text("retry-after").and_then(|wait| wait_of(wait, text("date")));
        // Of a refusal the status is heard, whatever the body is; of few, a text that matters (`says`).
        let is_heard = status == 500 || (request.hears_refusals && (400..500).contains(&status));
        let body = match status {
            200..=299 => body_of(&mut response, request.cap, endpoint).await?,
            _ if is_heard => body_of(&mut response, CAP_SMALL, endpoint)
                .await
                .unwrap_or_default(),
            _ => Zeroizing::default(),
        };
        Ok(Reply {
            endpoint,
            status,
            rate_limit,
            retry_after,
            kind,
            values_max: usize::try_from(request.cap / BYTES_A_VALUE).unwrap_or_default(),
            body,
        })
    }
}

fn kind_of(response: &Response) -> Kind {
    let Some(kind) = response.headers().get(header::CONTENT_TYPE) else {
        return match response.content_length() {
            Some(0) => Kind::Nothing,
            _ => Kind::Other,
        };
    };
    let kind = kind.to_str().ok().and_then(|kind| kind.split(';').next());
    let is_json = kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if is_json { Kind::Json } else { Kind::Other }
}

/// The whole body, unpacked, within the cap.
async fn body_of(
    response: &mut Response,
    cap: u64,
    endpoint: &'static str,
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let protocol = |fault| ProviderError::new(Class::Protocol, fault, endpoint);
    let is_packed =
        |coding: &header::HeaderValue| !coding.as_bytes().eq_ignore_ascii_case(b"identity");
    let mut codings = response.headers().get_all(header::CONTENT_ENCODING).iter();
    if codings.any(is_packed) {
        return Err(protocol(Fault::Encoded));
    }
    let announced = response.content_length().unwrap_or(0);
    if announced > cap {
        return Err(protocol(Fault::TooLarge(cap)));
    }
    let room = if announced > 0 { announced } else { CAP_SMALL };
    let room = usize::try_from(room).unwrap_or_default();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| fault_of(&error, endpoint))?
    {
        let length = body.len() + piece.len();
        if length as u64 > cap {
            return Err(protocol(Fault::TooLarge(cap)));
        }
        if length > body.capacity() {
            // A vector that grows by itself leaves an unwiped copy of every secret so far behind.
            let most = usize::try_from(cap).unwrap_or(length);
            let room = (4 * body.capacity()).clamp(length, most);
            let mut roomier = Zeroizing::new(Vec::with_capacity(room));
            roomier.extend_from_slice(&body);
            body = roomier;
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Why no client could be made; nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HttpRefused {
    Url(UrlRefused),
    Authority,
}

impl Reply {
    /// The error that this reply's status stands for.
    pub(crate) fn refusal(&self) -> ProviderError {
        ProviderError::of_status(self.status, self.endpoint, self.retry_after)
    }

    /// The error that a refusal is whose words are of another kind than the contract's, such as a proxy's page: the
    /// server did not say it.
    pub(crate) fn foreign(&self) -> Option<ProviderError> {
        let fault = || ProviderError::new(Class::Protocol, Fault::NotJson, self.endpoint);
        (self.kind == Kind::Other).then(fault)
    }

    /// A 2xx that says of itself that it is JSON, whatever is in it. One that says that it is empty or a part
    /// (204–206) is none.
    pub(crate) fn whole(&self) -> Result<(), ProviderError> {
        if !matches!(self.status, 200..=203 | 207..=299) {
            return Err(self.refusal());
        }
        if self.kind == Kind::Json {
            return Ok(());
        }
        let fault = Fault::NotJson;
        Err(ProviderError::new(Class::Protocol, fault, self.endpoint))
    }

    /// The body's bytes of a 2xx JSON reply.
    pub(crate) fn json_bytes(&self) -> Result<&[u8], ProviderError> {
        self.whole()?;
        if values_in(&self.body) > self.values_max {
            return Err(ProviderError::malformed(self.endpoint));
        }
        Ok(&self.body)
    }

    /// The object that is the body of a 2xx JSON reply, read as `T`. What the parser says about it stays unsaid: its texts
    /// quote values.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ProviderError> {
        serde_json::from_slice(self.json_bytes()?)
            .map(|Object(read)| read)
            .map_err(|_| ProviderError::malformed(self.endpoint))
    }

    /// The body contains this text. For the few refusals that only their text tells apart.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.body
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }
}

fn fault_of(error: &reqwest::Error, endpoint: &'static str) -> ProviderError {
    // Once a connection stands, broken TLS is a broken connection like any other: what was sent may have arrived.
    let fault = if error.is_connect() && tls::is_to_blame(error) {
        Fault::Certificate
    } else if error.is_timeout() {
        Fault::TimedOut
    } else if error.is_connect() {
        Fault::Unreachable
    } else {
        Fault::Broken
    };
    ProviderError::new(Class::Unavailable, fault, endpoint)
}

/// `Retry-After` in seconds or as a date, clamped to 1 s … 1 h; `None` when it cannot be read.
pub(crate) fn wait_of(text: &str, date: Option<&str>) -> Option<Duration> {
    let text = text.trim();
    let seconds = if let Ok(seconds) = text.parse::<i128>() {
        seconds
    } else {
        let until = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        let now = chrono::DateTime::parse_from_rfc2822(date?).ok()?;
        i128::from((until - now).num_seconds())
    };
    u64::try_from(seconds.clamp(1, 3_600))
        .ok()
        .map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_timing_is_what_security_md_says() {
        let timing = Timing::PRODUCTION;
        assert_eq!(
            (
                timing.connect.as_secs(),
                timing.read.as_secs(),
                timing.total.as_secs()
            ),
            (5, 10, 30)
        );
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_clamped() {
        let date = Some("Sun, 22 Nov 2026 10:00:00 GMT");
        let table = [
            ("60", Some(60)),
            ("0", Some(1)),
            ("-5", Some(1)),
            ("1000000000000", Some(3_600)),
            ("Sun, 22 Nov 2026 10:01:30 GMT", Some(90)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(1)),
            ("soon", None),
            ("", None),
        ];
        for (text, seconds) in table {
            assert_eq!(
                wait_of(text, date),
                seconds.map(Duration::from_secs),
                "{text:?}"
            );
        }
    }
}
