//! One change on its way: placeholders are filled with their secrets, and wiped when the request has gone.

use super::client;
use crate::{
    Call, CallSecrets, Class, Fault, Link, Method, Part, ProviderError, Slot,
    http::{CAP_SMALL, Reply, Request, Verb},
};
use domain::Secret;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

/// Sends `call` exactly once. `endpoint` names the route in errors.
pub(super) async fn send(
    link: &Link,
    endpoint: &'static str,
    call: &Call,
    secrets: &CallSecrets,
) -> Result<Reply, ProviderError> {
    let unsendable = || ProviderError::new(Class::Invalid, Fault::Unsendable, endpoint);
    let held = |slot: Slot| -> Result<&Secret, ProviderError> {
        let secret = match slot {
            Slot::Target => secrets.target.as_ref(),
            Slot::Chosen => secrets.chosen.as_ref(),
            Slot::Own => Some(&*link.credential),
        };
        secret.ok_or_else(unsendable)
    };
    let mut segments = Vec::new();
    for part in &call.path {
        segments.push(match part {
            Part::Text(text) => text.as_str(),
            // EXPOSE: a key without an id is named by its value (C7); it is encoded as one segment.
            Part::Secret(slot) => held(*slot)?.expose(),
        });
    }
    let json = match &call.body {
        Some(body) => Some(filled(body, held)?),
        None => None,
    };
    let verb = match call.method {
        Method::Post => Verb::Post,
        Method::Put => Verb::Put,
        Method::Patch => Verb::Patch,
        Method::Delete => Verb::Delete,
    };
    let request = Request {
        verb,
        json,
        cap: CAP_SMALL,
        ..Request::get(endpoint, &segments)
    };
    client::change(link, request).await
}

/// The body's bytes with each placeholder's secret in its place.
fn filled<'a>(
    body: &Value,
    held: impl Fn(Slot) -> Result<&'a Secret, ProviderError>,
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut body = body.clone();
    let mut outcome = Ok(());
    let mut places = Vec::new();
    for (name, member) in body.as_object_mut().into_iter().flatten() {
        if let Some(slot) = Slot::of(member) {
            match held(slot) {
                // EXPOSE: the server wants the value here; both copies are wiped below and with the request.
                Ok(secret) => *member = Value::from(secret.expose()),
                Err(error) => outcome = Err(error),
            }
            places.push(name.clone());
        }
    }
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    for name in places {
        if let Some(Value::String(text)) = body.get_mut(&name) {
            text.zeroize();
        }
    }
    outcome.map(|()| Zeroizing::new(bytes))
}
