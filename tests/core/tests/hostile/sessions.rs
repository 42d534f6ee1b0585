//! What a token says of itself decides when the next one is fetched, and nothing else.

use crate::{
    ask::provider,
    case::{Step, Wait, body},
    server::Authority,
    target::Target,
    token::{NOW, base64url, with_claims},
    trial::{link, watched},
};
use async_trait::async_trait;
use domain::Secret;
use providers::{Class, Fault, NotWitnessed, ProviderError, Tried, Witness};
use std::sync::{Arc, Mutex};

/// The token, and how many are fetched for two reads in a row; none when it is not taken.
fn tokens() -> Vec<(&'static str, String, usize)> {
    let claims = |text: &str| with_claims(text);
    let lives = |seconds: i64| with_claims(&format!("{{\"exp\":{}}}", NOW + seconds));
    let parts = |text: &str| text.to_owned();
    let good = with_claims(&format!("{{\"exp\":{}}}", NOW + 3_600));
    let body = good.split('.').nth(1).unwrap();
    let headed = |header: &str| format!("{}.{body}.c2ln", base64url(header.as_bytes()));
    vec![
        ("an hour", lives(3_600), 1),
        ("61 seconds", lives(61), 1),
        ("60 seconds", lives(60), 2),
        ("no second", lives(0), 2),
        ("over since long", lives(-NOW), 2),
        ("exp negative", claims(r#"{"exp":-1}"#), 2),
        (
            "exp at the lowest",
            claims(r#"{"exp":-9223372036854775808}"#),
            2,
        ),
        (
            "exp at the highest",
            claims(r#"{"exp":9223372036854775807}"#),
            1,
        ),
        ("exp of 2^64", claims(r#"{"exp":18446744073709551616}"#), 1),
        ("exp of 10^400", claims(r#"{"exp":1e400}"#), 1),
        ("exp a float", claims(r#"{"exp":1.5}"#), 1),
        ("exp a text", claims(r#"{"exp":"1"}"#), 1),
        ("exp null", claims(r#"{"exp":null}"#), 1),
        ("exp a list", claims(r#"{"exp":[1]}"#), 1),
        ("exp twice", claims(r#"{"exp":1,"exp":2}"#), 1),
        ("no exp", claims("{}"), 1),
        ("claims as a list", claims("[1]"), 1),
        ("claims that are none", claims("hOsTiLe"), 1),
        ("claims of nothing", claims(""), 1),
        (
            "claims 500 lists deep",
            claims(&format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))),
            1,
        ),
        (
            "claims that are no UTF-8",
            format!("e30.{}.c2ln", base64url(b"{\"exp\":\xFF}")),
            1,
        ),
        ("claims padded", format!("e30.{body}==.c2ln"), 1),
        ("claims in the other Base64", parts("e30.e30+/.c2ln"), 1),
        ("a signature by nobody", headed(r#"{"alg":"none"}"#), 1),
        (
            "a signature nobody knows",
            headed(r#"{"alg":"hOsTiLe"}"#),
            1,
        ),
        ("a header that is none", format!("hOsTiLe.{body}.c2ln"), 1),
        (
            "a key to fetch",
            headed(r#"{"alg":"RS256","jku":"https://127.0.0.1:1/"}"#),
            1,
        ),
        ("one part", parts("hOsTiLe"), 1),
        ("two parts", format!("e30.{body}"), 1),
        ("four parts", format!("e30.{body}.c2ln.c2ln"), 1),
        ("dots", parts("..."), 1),
        ("50 KB", "x".repeat(50_000), 1),
        ("nothing", String::new(), 0),
        ("a space", parts(" "), 0),
        ("two words", parts("aaa bbb"), 0),
        ("two lines", parts("aaa\\r\\nX-A: hOsTiLe"), 0),
        ("a NUL", parts("aaa\\u0000"), 0),
        ("beyond ASCII", parts("aaaé"), 0),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_lasts_as_long_as_it_says() {
    let authority = Authority::new();
    for (name, token, fetched) in tokens() {
        let site = authority.serve().await;
        let link = link(&authority, &site, Wait::Patient);
        let reply = body(
            name,
            format!(r#"{{"token":"{token}"}}"#),
            crate::case::Expect::Reads("t"),
        );
        site.arm(Target::LogIn.request(), Arc::new(reply.steps));
        let read = async || provider().list_keys(&link).await.map(|_| ());
        let outcome = [read().await, read().await];
        let asked = |line: &str| {
            site.journal()
                .iter()
                .filter(|seen| seen.line == line)
                .count()
        };
        if fetched == 0 {
            let refused = ProviderError::new(Class::Protocol, Fault::Malformed, "/api/auth/token");
            assert_eq!(outcome, [Err(refused.clone()), Err(refused)], "{name}");
            assert_eq!(asked("GET /api/auth/keys"), 0, "{name}");
        } else {
            assert_eq!(outcome, [Ok(()), Ok(())], "{name}");
            assert_eq!(asked("POST /api/auth/token"), fetched, "{name}");
        }
    }
}

/// A connection that the server ends between two requests costs a change at most its certainty.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_sent_once_over_a_connection_that_ends() {
    let authority = Authority::new();
    for round in 0..40 {
        let site = authority.serve().await;
        let link = link(&authority, &site, Wait::Patient);
        let logged_in = body(
            "token",
            r#"{"token":"aaa.bbb.ccc"}"#,
            crate::case::Expect::Reads("t"),
        );
        let end = if round % 2 == 0 {
            Step::Cut
        } else {
            Step::Reset
        };
        let steps = logged_in
            .steps
            .into_iter()
            .filter(|step| !matches!(step, Step::Keep));
        site.arm(
            Target::LogIn.request(),
            Arc::new(steps.chain([end]).collect()),
        );
        let outcome = Target::ChangeCollection.ask(&link).await.map(|_| ());
        let (change, _) = Target::ChangeCollection.request();
        let sent = site
            .journal()
            .iter()
            .filter(|seen| seen.line == change)
            .count();
        match outcome {
            Ok(()) => assert_eq!(sent, 1),
            Err(error) => assert!(
                sent <= 1 && (error.class == Class::OutcomeUnknown || sent == 0),
                "{error}, sent {sent} times"
            ),
        }
    }
}

#[derive(Default)]
struct Noted(Mutex<Vec<Result<(), Class>>>);

#[async_trait]
impl Witness for Noted {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        Ok(())
    }

    async fn logged_in(&self, outcome: Result<(), Class>) {
        self.0.lock().unwrap().push(outcome);
    }
}

/// A secret that was refused was not accepted, in the audit log too: for a dead key that is what was hoped for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_is_witnessed_as_it_went() {
    let authority = Authority::new();
    let said = |status: u16, text: &str| {
        let length = text.len();
        let head = format!(
            "HTTP/1.1 {status} A\r\nContent-Type: application/json\r\nContent-Length: {length}"
        );
        vec![
            Step::Bytes(format!("{head}\r\n\r\n{text}").into()),
            Step::Keep,
        ]
    };
    let dead = r#"{"error":"API key not found or revoked"}"#;
    for (status, text, witnessed, verdict) in [
        (200, r#"{"token":"aaa.bbb.ccc"}"#, Ok(()), "yes"),
        (200, "{}", Err(Class::Protocol), "unclear"),
        (401, dead, Err(Class::Unauthorized), "no"),
        (401, "", Err(Class::Unauthorized), "no"),
        (404, dead, Err(Class::NotFound), "no"),
        (404, "{}", Err(Class::NotFound), "unclear"),
        (429, dead, Err(Class::RateLimited), "unclear"),
    ] {
        let site = authority.serve().await;
        let noted = Arc::new(Noted::default());
        let link = watched(&authority, &site, Wait::Patient, Arc::clone(&noted) as _);
        site.arm(Target::SignIn.request(), Arc::new(said(status, text)));
        let tried = provider().sign_in(&link, &Secret::new("a".into())).await;
        let came = match tried {
            Tried::Accepted { .. } => "yes",
            Tried::Refused { .. } => "no",
            Tried::Unclear { .. } => "unclear",
        };
        assert_eq!(came, verdict, "{status} {text}");
        assert_eq!(*noted.0.lock().unwrap(), [witnessed], "{status} {text}");
    }
}
