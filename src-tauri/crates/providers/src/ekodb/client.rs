//! Tokens and authorised reads (§2).

use super::wire;
use crate::{
    Class, Link, ProviderError,
    http::{CAP_SMALL, Reply, Request, Verb},
    json::Object,
    link::Session,
};
use domain::{Secret, UnixMs};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A token is asked for again when it has this long to live, in ms (§2.1).
const RENEW_BEFORE: i64 = 60_000;
/// Before a change it must live longer, in ms, so that no 401 meets a change on its way.
const RENEW_BEFORE_CHANGE: i64 = 120_000;
/// E1's route.
pub(super) const TOKEN_ROUTE: &str = "/api/auth/token";
/// The lifetime assumed for a token that does not tell its own, in ms (§2.1).
pub(super) const ASSUMED_LIFE: i64 = 3_600_000;

/// An authorised read. A 401 (or the 500 that means one, §2.1) drops the token and repeats once.
pub(super) async fn get(
    link: &Link,
    endpoint: &'static str,
    segments: &[&str],
    query: &[(&str, &str)],
    cap: u64,
) -> Result<Reply, ProviderError> {
    let request = |token| Request {
        bearer: Some(token),
        query,
        cap,
        ..Request::get(endpoint, segments)
    };
    let first = session(link).await?;
    let reply = link.http.read(&request(&first.token)).await?;
    if !is_stale_token(&reply) {
        return accepted(reply);
    }
    drop_session(link, &first).await;
    let second = session(link).await?;
    let reply = link.http.read(&request(&second.token)).await?;
    if is_stale_token(&reply) {
        drop_session(link, &second).await;
        return Err(ProviderError::of_status(401, endpoint, None));
    }
    accepted(reply)
}

/// E15. The reply's own body is dropped but for a few members (§4.7).
pub(super) async fn health(
    link: &Link,
    token: Option<&Secret>,
) -> Result<(wire::Health, Option<u32>), ProviderError> {
    let endpoint = "/api/health";
    let request = Request {
        bearer: token,
        ..Request::get(endpoint, &["api", "health"])
    };
    let reply = link.http.read(&request).await?;
    Ok((reply.json()?, reply.rate_limit))
}

/// The session in force, fetched when there is none or it is about to end. Callers in parallel wait for
/// one request: each exchange counts against the deployment's rate (§2.1).
pub(super) async fn session(link: &Link) -> Result<Arc<Session>, ProviderError> {
    session_of(link, RENEW_BEFORE).await
}

/// A change, sent once with a token that lives long enough. A 401 drops the token and is not repeated here.
pub(super) async fn change(link: &Link, request: Request<'_>) -> Result<Reply, ProviderError> {
    let session = session_of(link, RENEW_BEFORE_CHANGE)
        .await
        .map_err(ProviderError::before_a_change)?;
    let request = Request {
        bearer: Some(&session.token),
        ..request
    };
    let outcome = link.http.change(&request).await;
    if outcome
        .as_ref()
        .is_err_and(|error| error.class == Class::Unauthorized)
    {
        drop_session(link, &session).await;
    }
    outcome
}

async fn session_of(link: &Link, renew_before: i64) -> Result<Arc<Session>, ProviderError> {
    let mut held = link.session.lock().await;
    if let Some(session) = held
        .as_ref()
        .filter(|s| s.ends.since(link.clock.now()) > renew_before)
    {
        return Ok(Arc::clone(session));
    }
    let fresh = Arc::new(link.witnessed(TOKEN_ROUTE, exchange(link)).await?);
    *held = Some(Arc::clone(&fresh));
    Ok(fresh)
}

async fn drop_session(link: &Link, stale: &Arc<Session>) {
    let mut held = link.session.lock().await;
    if held
        .as_ref()
        .is_some_and(|session| Arc::ptr_eq(session, stale))
    {
        *held = None;
    }
}

/// E1. Never repeated, 429 included.
async fn exchange(link: &Link) -> Result<Session, ProviderError> {
    let reply = ask_for_token(link, &link.credential).await?;
    let token = token_in(&reply)?;
    let ends = end_of(&token).unwrap_or_else(|| link.clock.now().plus(ASSUMED_LIFE));
    Ok(Session { token, ends })
}

/// The token of a reply to E1.
pub(super) fn token_in(reply: &Reply) -> Result<Secret, ProviderError> {
    let token = reply.json::<wire::Token>()?.token;
    if fits_a_header(&token) {
        Ok(token)
    } else {
        Err(ProviderError::malformed(TOKEN_ROUTE))
    }
}

/// E1 with any secret; what the reply's status means is the caller's business.
pub(super) async fn ask_for_token(link: &Link, secret: &Secret) -> Result<Reply, ProviderError> {
    #[derive(Serialize)]
    struct Body<'a> {
        api_key: &'a str,
    }
    // EXPOSE: the log-in itself; the buffer is wiped when the request has gone.
    let api_key = secret.expose();
    let json =
        serde_json::to_vec(&Body { api_key }).map_err(|_| ProviderError::malformed(TOKEN_ROUTE))?;
    let request = Request {
        verb: Verb::Post,
        json: Some(Zeroizing::new(json)),
        cap: CAP_SMALL,
        hears_refusals: true,
        ..Request::get(TOKEN_ROUTE, &["api", "auth", "token"])
    };
    link.http.send(&request).await
}

/// A token that no header can carry is none: found here, it fails the log-in and no request after it.
pub(super) fn fits_a_header(token: &Secret) -> bool {
    // EXPOSE: looked at for characters that a bearer token has not (RFC 6750 §2.1).
    let token = token.expose();
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// When a token says that it ends. Unverified: it decides only when the next one is fetched.
pub(super) fn end_of(token: &Secret) -> Option<UnixMs> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    // EXPOSE: the claims in the middle are read; signature and header stay unread.
    let claims = jsonwebtoken::dangerous::insecure_decode_claims(token.expose());
    let Object(claims): Object<Claims> = claims.ok()?;
    Some(UnixMs(claims.exp.saturating_mul(1_000)))
}

/// How long a token lives, as it says of itself, whatever the clocks say. Unverified.
pub(super) fn life_of(token: &Secret) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
        iat: i64,
    }
    // EXPOSE: the claims in the middle are read; signature and header stay unread.
    let claims = jsonwebtoken::dangerous::insecure_decode_claims(token.expose());
    let Object(claims): Object<Claims> = claims.ok()?;
    Some(claims.exp.saturating_sub(claims.iat).saturating_mul(1_000))
}

fn is_stale_token(reply: &Reply) -> bool {
    reply.status == 401 || (reply.status == 500 && reply.says("Invalid token"))
}

fn accepted(reply: Reply) -> Result<Reply, ProviderError> {
    if (200..300).contains(&reply.status) {
        Ok(reply)
    } else {
        Err(reply.refusal())
    }
}
