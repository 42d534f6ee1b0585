//! One request and its reply: journal, faults, the provider's answer, the bytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::response::Builder;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::fault::{self, Door, Effect};
use crate::host::{Answer, Host, Provider, held};
use crate::journal;
use crate::reply::{ReplyBody, gzipped};
use crate::request::Request;

/// Bytes of a request body read before the connection is dropped.
const BODY_LIMIT: usize = 16 << 20;

/// What one connection shares with its requests.
pub(crate) struct Exchange<W> {
    pub(crate) host: Arc<Host<W>>,
    pub(crate) provider: Arc<dyn Provider<W>>,
    /// Set when the connection is to end with a TCP reset.
    pub(crate) reset: Arc<AtomicBool>,
}

impl<W: Clone + Serialize + DeserializeOwned + 'static> Exchange<W> {
    /// The reply; an error makes the connection end without one.
    pub(crate) async fn run(
        &self,
        incoming: hyper::Request<Incoming>,
    ) -> io::Result<Response<ReplyBody>> {
        let door = *held(&self.host.door);
        match door {
            Door::Open => {}
            Door::Refusing => return Err(self.break_off()),
            Door::Silent => std::future::pending().await,
        }
        let mut request = received(incoming).await?;
        let seq = self.write_down(&request);
        let effects = fault::strike(&mut held(&self.host.faults), &request.method, &request.path);
        request.drop_restrictions = effects.contains(&Effect::DropRestrictions);

        let last = effects.last().cloned();
        let ready_made = last.as_ref().and_then(not_applied);
        let mut response = match (&last, ready_made) {
            (Some(Effect::Hang), _) => std::future::pending().await,
            (Some(Effect::Reset), _) => return Err(self.break_off()),
            (_, Some(response)) => response,
            (_, None) => {
                let mut answer = self.provider.answer(&self.host, &request);
                if effects.contains(&Effect::RippleWarning)
                    && let Some(Value::Object(members)) = &mut answer.body
                {
                    members.insert("ripple_warning".to_owned(), json!("Incomplete propagation"));
                }
                if last == Some(Effect::AppliedThenLost) {
                    return Err(self.break_off());
                }
                applied(answer, last.as_ref())
            }
        }
        .map_err(io::Error::other)?;

        for effect in &effects {
            if let Effect::Delay { ms } = effect {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
            }
        }
        if request.method == "HEAD" {
            *response.body_mut() = ReplyBody::Whole(Bytes::new());
        }
        held(&self.host.journal).answered(seq, response.status().as_u16());
        Ok(response)
    }

    fn write_down(&self, request: &Request) -> u64 {
        let secrets = self.host.state.read(|world| self.provider.secrets(world));
        let by = self.provider.caller(&self.host, request);
        let is_secret =
            |before: &[String], segment: &str| self.provider.is_secret_segment(before, segment);
        let entry = journal::entry(request, self.host.clock.now_ms(), by, &secrets, is_secret);
        held(&self.host.journal).arrived(entry)
    }

    fn break_off(&self) -> io::Error {
        self.reset.store(true, Ordering::Relaxed);
        io::ErrorKind::ConnectionReset.into()
    }
}

async fn received(incoming: hyper::Request<Incoming>) -> io::Result<Request> {
    let (head, body) = incoming.into_parts();
    let body = Limited::new(body, BODY_LIMIT)
        .collect()
        .await
        .map_err(io::Error::other)?
        .to_bytes();
    Ok(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body,
        drop_restrictions: false,
    })
}

type Built = Result<Response<ReplyBody>, http::Error>;

/// The reply of an effect that answers in the server's place.
fn not_applied(effect: &Effect) -> Option<Built> {
    match effect {
        Effect::Status {
            status,
            retry_after,
            body,
        } => {
            let mut builder = Response::builder().status(*status);
            if let Some(retry_after) = retry_after {
                builder = builder.header(RETRY_AFTER, retry_after);
            }
            let reason = StatusCode::from_u16(*status)
                .ok()
                .and_then(|status| status.canonical_reason());
            let body = body
                .clone()
                .unwrap_or_else(|| json!({ "error": reason.unwrap_or("Error") }).to_string());
            let content_type = if body.starts_with(['{', '[']) {
                "application/json"
            } else {
                "text/plain"
            };
            Some(whole(builder, content_type, body))
        }
        Effect::Html => {
            let page = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Welcome</h1></body></html>";
            Some(whole(
                Response::builder(),
                "text/html; charset=utf-8",
                page.to_owned(),
            ))
        }
        Effect::Empty => Some(Response::builder().body(ReplyBody::Whole(Bytes::new()))),
        Effect::Redirect { status, to } => {
            let builder = Response::builder().status(*status).header(LOCATION, to);
            Some(builder.body(ReplyBody::Whole(Bytes::new())))
        }
        Effect::Huge { bytes } => {
            let builder = Response::builder().header(CONTENT_TYPE, "application/json");
            Some(builder.body(ReplyBody::huge(*bytes)))
        }
        Effect::Deep { levels } => {
            let levels = usize::try_from(*levels).unwrap_or_default();
            let nest = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            Some(whole(Response::builder(), "application/json", nest))
        }
        Effect::Replace {
            status,
            content_type,
            body,
        } => Some(whole(
            Response::builder().status(*status),
            content_type,
            body.clone(),
        )),
        Effect::InvalidToken500 => {
            let body = json!({ "error": "Invalid token" }).to_string();
            Some(whole(
                Response::builder().status(500),
                "application/json",
                body,
            ))
        }
        Effect::Delay { .. }
        | Effect::Hang
        | Effect::Reset
        | Effect::Truncated
        | Effect::Encoded
        | Effect::Drip { .. }
        | Effect::AppliedThenLost
        | Effect::RippleWarning
        | Effect::DropRestrictions => None,
    }
}

/// The provider's answer as bytes, spoilt by an effect that lets the request be applied.
fn applied(answer: Answer, effect: Option<&Effect>) -> Built {
    let mut builder = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    let Some(body) = answer.body else {
        return builder.body(ReplyBody::Whole(Bytes::new()));
    };
    let builder = builder.header(CONTENT_TYPE, "application/json");
    let mut bytes = Bytes::from(body.to_string());
    match effect {
        Some(Effect::Truncated) => {
            let kept = bytes.split_to(bytes.len() / 2);
            builder
                .header(CONTENT_LENGTH, kept.len() + bytes.len())
                .body(ReplyBody::cut(kept))
        }
        Some(Effect::Drip { ms_per_byte }) => builder.body(ReplyBody::drip(bytes, *ms_per_byte)),
        Some(Effect::Encoded) => {
            let zipped = Bytes::from(gzipped(&bytes));
            builder
                .header(CONTENT_ENCODING, "gzip")
                .body(ReplyBody::Whole(zipped))
        }
        Some(_) | None => builder.body(ReplyBody::Whole(bytes)),
    }
}

fn whole(builder: Builder, content_type: &str, body: String) -> Built {
    builder
        .header(CONTENT_TYPE, content_type)
        .body(ReplyBody::Whole(Bytes::from(body)))
}
