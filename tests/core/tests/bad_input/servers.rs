//! Faults of servers and of the way to them. Each is met by a core that has a good copy already, and that
//! copy must be the same afterwards.

use crate::{Case, case};
use app::{Code, Failure};
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::{Effect, Fault, TlsMode, ekodb::Options};
use std::sync::{Mutex, PoisonError};

/// Secrets that the servers of this table knew.
static SECRETS: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub(crate) fn secrets() -> Vec<String> {
    SECRETS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// Every route that a synchronisation reads.
const ROUTES: [&str; 5] = [
    "/api/health",
    "/api/auth/token",
    "/api/auth/keys/me/permissions",
    "/api/auth/keys",
    "/api/collections",
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for route in ROUTES {
        for (name, code, effect) in everywhere() {
            cases.push(on_route(format!("{name} on {route}"), code, route, effect));
        }
    }
    let keys = "/api/auth/keys";
    let status = |status, retry: Option<&str>| Effect::Status {
        status,
        retry_after: retry.map(str::to_owned),
        body: Some("{\"error\":\"Admin access required\"}".to_owned()),
    };
    cases.push(on_route(
        "403 on the list".into(),
        Code::CredentialLacksRights,
        keys,
        status(403, None),
    ));
    cases.push(on_route(
        "404 on the list".into(),
        Code::WrongServer,
        keys,
        status(404, None),
    ));
    cases.push(on_route(
        "405 on the list".into(),
        Code::WrongServer,
        keys,
        status(405, None),
    ));
    cases.push(on_route(
        "400 on the list".into(),
        Code::RequestRefused,
        keys,
        status(400, None),
    ));
    cases.push(on_route(
        "409 on the list".into(),
        Code::RequestRefused,
        keys,
        status(409, None),
    ));
    cases.push(on_route(
        "418 on the list".into(),
        Code::RequestRefused,
        keys,
        status(418, None),
    ));
    cases.push(on_route(
        "600 on the list".into(),
        Code::RequestRefused,
        keys,
        status(600, None),
    ));
    cases.push(on_route(
        "401 for ever".into(),
        Code::CredentialRefused,
        keys,
        status(401, None),
    ));
    cases.push(on_route(
        "500 Invalid token for ever".into(),
        Code::CredentialRefused,
        keys,
        Effect::InvalidToken500,
    ));
    for retry in [
        None,
        Some("7"),
        Some("soon"),
        Some("-1"),
        Some("1e12"),
        Some("99999999999999999999"),
    ] {
        let name = format!("429 with Retry-After {retry:?}");
        cases.push(on_route(name, Code::RateLimited, keys, status(429, retry)));
    }
    for body in [
        "",
        "null",
        "{}",
        "[1]",
        "[{\"key\":5}]",
        "[{\"key\":\"x\"}",
        "[]trailing",
        "\"\u{0}\"",
        "[{\"is_admin\":\"no\"}]",
    ] {
        let effect = Effect::Replace {
            status: 200,
            content_type: "application/json".into(),
            body: body.into(),
        };
        cases.push(on_route(
            format!("list {body:?}"),
            Code::ReplyMalformed,
            keys,
            effect,
        ));
    }
    cases.push(certificates());
    cases.push(case(
        "the same id twice",
        Code::ReplyMalformed,
        twice_the_same_id(),
    ));
    cases.push(case("dead host", Code::HostUnreachable, dead_host()));
    cases.push(case(
        "revoked credential",
        Code::CredentialRefused,
        revoked(),
    ));
    cases.push(case(
        "non-admin credential",
        Code::CredentialLacksRights,
        demoted(),
    ));
    cases.push(case("the person stops it", Code::SyncCancelled, stopped()));
    cases
}

fn everywhere() -> Vec<(&'static str, Code, Effect)> {
    let redirect = |status| Effect::Redirect {
        status,
        to: "https://elsewhere.example/".to_owned(),
    };
    let status = |status| Effect::Status {
        status,
        retry_after: None,
        body: None,
    };
    vec![
        ("HTML", Code::ReplyNotJson, Effect::Html),
        ("301", Code::RedirectRefused, redirect(301)),
        ("302", Code::RedirectRefused, redirect(302)),
        ("307", Code::RedirectRefused, redirect(307)),
        ("308", Code::RedirectRefused, redirect(308)),
        ("a compressed body", Code::ReplyEncoded, Effect::Encoded),
        (
            "a body without end",
            Code::ReplyTooLarge,
            Effect::Huge { bytes: 40 << 20 },
        ),
        (
            "a body nested 30,000 deep",
            Code::ReplyMalformed,
            Effect::Deep { levels: 30_000 },
        ),
        (
            "a truncated body",
            Code::ConnectionBroken,
            Effect::Truncated,
        ),
        ("a reset", Code::ConnectionBroken, Effect::Reset),
        ("silence", Code::TimedOut, Effect::Hang),
        (
            "a byte now and then",
            Code::TimedOut,
            Effect::Drip { ms_per_byte: 300 },
        ),
        ("429 without headers", Code::RateLimited, status(429)),
        ("500", Code::ServerFailed, status(500)),
        ("503", Code::ServerFailed, status(503)),
    ]
}

/// One fault for ever on one route, met by a core with a good copy.
fn on_route(fault: String, code: Code, route: &'static str, effect: Effect) -> Case {
    let trial = async move {
        let rig = Rig::new().await;
        // The fault's path is a prefix: the list's is one of the probe's, so the probe passes first.
        let skip = u32::from(route == "/api/auth/keys");
        failing(&rig, || {
            rig.control
                .fault(Fault::always("*", route, effect).after(skip));
        })
        .await
    };
    case(fault, code, trial)
}

/// The failure that the next synchronisation ends with, after a good one; the copy stays as it was.
async fn failing(rig: &Rig, spoil: impl FnOnce()) -> Vec<Failure> {
    remember(rig);
    let good = rig.sync().await;
    assert_eq!(
        good["failure"],
        Value::Null,
        "the first synchronisation works"
    );
    let before = rig.picture().await;
    assert_eq!(before.as_array().unwrap().len(), 3);
    // A token from before would spare the core the fault of the token route.
    rig.clock.advance(3_600_000);
    rig.control.advance(3_600_000);
    spoil();
    let view = rig.sync().await;
    let after = rig.picture().await;
    assert_eq!(after, before, "the copy changed");
    assert_eq!(
        view["synced_at"], good["synced_at"],
        "the copy claims to be younger than it is"
    );
    assert_eq!(view["freshness"], "stale");
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}

fn remember(rig: &Rig) {
    let mut secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
    secrets.extend(rig.control.world().keys.into_iter().map(|key| key.key));
}

fn certificates() -> Case {
    let modes = [
        TlsMode::Plain,
        TlsMode::Expired,
        TlsMode::NotYetValid,
        TlsMode::OtherHost,
        TlsMode::SelfSigned,
        TlsMode::UnknownCa,
        TlsMode::CommonNameOnly,
        TlsMode::ClientUsage,
        TlsMode::CaAsServer,
        TlsMode::Tls12,
    ];
    case(
        "a server that cannot prove who it is",
        Code::CertificateRefused,
        async move {
            let mut failures = Vec::new();
            for mode in modes {
                let rig = Rig::with_tls(mode).await;
                let view = rig.sync().await;
                assert_eq!(
                    rig.control.journal().len(),
                    0,
                    "{mode:?}: a request arrived"
                );
                assert_eq!(view["freshness"], "never", "{mode:?}");
                failures.push(serde_json::from_value(view["failure"].clone()).unwrap());
            }
            failures
        },
    )
}

async fn twice_the_same_id() -> Vec<Failure> {
    let rig = Rig::new().await;
    failing(&rig, || {
        rig.control.edit(|world| {
            let id = json!(world.keys[1].id);
            world.keys[2].overrides.insert("id".to_owned(), id);
        });
    })
    .await
}

async fn dead_host() -> Vec<Failure> {
    let mut rig = Rig::new().await;
    let server = rig.server.take().unwrap();
    let good = rig.sync().await;
    let before = rig.picture().await;
    server.stop().await;
    let view = rig.sync().await;
    assert_eq!(rig.picture().await, before);
    assert_eq!(view["synced_at"], good["synced_at"]);
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}

async fn revoked() -> Vec<Failure> {
    let rig = Rig::with(Options::default(), |_| {}).await;
    let admin = rig.admin.clone();
    failing(&rig, || {
        rig.control
            .edit(|world| world.keys.retain(|key| key.key != admin));
    })
    .await
}

async fn demoted() -> Vec<Failure> {
    let rig = Rig::new().await;
    failing(&rig, || {
        rig.control.edit(|world| world.keys[0].is_admin = false);
    })
    .await
}

async fn stopped() -> Vec<Failure> {
    let rig = Rig::new().await;
    let good = rig.sync().await;
    rig.control
        .fault(Fault::always("*", "/api/collections", Effect::Hang));
    rig.call("sync_start", json!({ "deployment": null }))
        .await
        .unwrap();
    while rig.control.requests("GET", "/api/collections") < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    rig.call(
        "sync_cancel",
        json!({ "deployment": rig.deployment.to_string() }),
    )
    .await
    .unwrap();
    let view = rig.settled().await;
    assert_eq!(view["synced_at"], good["synced_at"]);
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}
