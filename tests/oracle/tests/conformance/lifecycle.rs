//! Side by side over the life of a key: made, proved by its own secret, ended.

use crate::calls::{create, probe, register};
use ekodb_client::admin::PatchApiKeyCollectionPermissionsRequest;
use oracle::{
    Act, CHOSEN, Ground, Official, Ours, SLASHED, SLASHED_ID, Scenario, Sent, TARGET, TARGET_ID,
    Tap, shown,
};
use serde_json::Value;
use simulators::ekodb::Dialect::{self, DocsA, DocsS, Legacy, Modern};
use simulators::ekodb::Options;
use simulators::journal::fingerprint;
use simulators::{Effect, Fault};

const REGISTER: &str = "/api/auth/register";
const CHOOSES: &str = "Keystead chooses the value of a key where the server takes one (§4.1), so that a lost reply loses \
    nothing; the official client cannot.";
const SENT_ONCE: &str = "Keystead sends a change once, whatever the answer; the official client sends it again after a 401.";
const KNOWN: &str =
    "Keystead knows what the server is; the official client asks with every key that it is given.";

/// §10.3's request, with the member that only Keystead sends.
fn chosen() -> Sent {
    let mut sent = register();
    let body = sent.line.body.as_mut().and_then(Value::as_object_mut);
    body.unwrap()
        .insert("key".to_owned(), fingerprint(CHOSEN).into());
    sent
}

fn status(status: u16) -> Effect {
    Effect::Status {
        status,
        retry_after: None,
        body: None,
    }
}

/// Made, with a value of the server's own and with one of ours.
fn made() -> Vec<Scenario> {
    let theirs = |dialect, name: &str| {
        Scenario::new(dialect, name, create, |ours| Box::pin(ours.create(false))).primed()
    };
    let mine = |dialect| {
        let name = "a new key, its value chosen";
        Scenario::new(dialect, name, create, |ours| Box::pin(ours.create(true))).primed()
    };
    let mut scenarios = vec![
        mine(Modern)
            .only_official(1, register(), CHOOSES)
            .only_ours(1, chosen(), CHOOSES),
        // Never sent to a server that may not know the member.
        mine(Legacy),
        mine(DocsA),
        // The reply has `api_key` in place of `key`; the key is made all the same.
        theirs(DocsS, "a new key").succeed(false, true),
    ];
    for dialect in [Modern, Legacy, DocsA] {
        scenarios.push(theirs(dialect, "a new key"));
        scenarios.push(
            theirs(dialect, "a new key, answered 201").on(|options| options.register_status = 201),
        );
    }
    for dialect in [Modern, Legacy] {
        for refused in [403, 429, 503] {
            scenarios.push(
                theirs(dialect, &format!("a new key meets {refused}"))
                    .fault(Fault::always("POST", REGISTER, status(refused)))
                    .succeed(false, false),
            );
        }
        scenarios.push(
            theirs(dialect, "a new key whose reply is lost")
                .fault(Fault::on("POST", REGISTER, Effect::AppliedThenLost))
                .succeed(false, false),
        );
        scenarios.push(
            theirs(dialect, "a new key meets 401")
                .fault(Fault::on("POST", REGISTER, status(401)))
                .only_official(2, Sent::token(), SENT_ONCE)
                .only_official(3, register(), SENT_ONCE)
                .succeed(true, false),
        );
    }
    scenarios
}

/// Ended: by its id where it has one, else by its value.
fn ended(dialect: Dialect) -> Vec<Scenario> {
    let by_id: Act =
        |official| Box::pin(async { shown(official.admin.revoke_api_key(SLASHED_ID).await) });
    let by_value: Act =
        |official| Box::pin(async { shown(official.admin.revoke_api_key(SLASHED).await) });
    let (act, path) = if dialect == Modern {
        (by_id, format!("/api/auth/keys/{SLASHED_ID}"))
    } else {
        (by_value, format!("/api/auth/keys/{}", fingerprint(SLASHED)))
    };
    let of = |name| {
        Scenario::new(dialect, name, act, |ours| {
            Box::pin(ours.revoke("slashed", SLASHED))
        })
        .primed()
    };
    let meets = |refused| Fault::always("DELETE", "/api/auth/keys/", status(refused));
    vec![
        of("a key ended"),
        of("a key ended, answered 204").on(|options| options.revoke_204 = true),
        of("a key that is gone already")
            .fault(meets(404))
            .succeed(false, false),
        of("a key's end meets 429")
            .fault(meets(429))
            .succeed(false, false),
        of("a key's end meets 503")
            .fault(meets(503))
            .succeed(false, false),
        of("a key's end meets 401")
            .fault(meets(401).times(1))
            .only_official(2, Sent::token(), SENT_ONCE)
            .only_official(3, Sent::delete(&path), SENT_ONCE)
            .succeed(true, false),
    ]
}

/// Proved by its own secret.
fn proved(dialect: Dialect) -> Vec<Scenario> {
    let of = |name, official, ours| Scenario::new(dialect, name, official, ours).primed();
    let modern = dialect == Modern;
    vec![
        of(
            "what a key's own secret is told",
            |official| Box::pin(async { shown(official.with(TARGET).get_permissions().await) }),
            |ours| Box::pin(ours.own_rights(TARGET)),
        )
        .only_official(
            if modern { 3 } else { 2 },
            probe(dialect).by(TARGET_ID),
            KNOWN,
        ),
        of(
            "what the administrator is told of a key",
            |official| {
                Box::pin(async { shown(official.admin.get_api_key_permissions(TARGET_ID).await) })
            },
            |ours| Box::pin(ours.declared()),
        )
        .succeed(modern, modern),
        of(
            "what a key may not do",
            |official| Box::pin(async { shown(official.with(TARGET).list_api_keys().await) }),
            |ours| Box::pin(ours.denied(TARGET)),
        )
        .succeed(false, false),
        of(
            "a secret that opens nothing",
            |official| Box::pin(async { shown(official.with("nobody").list_api_keys().await) }),
            |ours| Box::pin(ours.denied("nobody")),
        )
        .succeed(false, false),
    ]
}

/// Paused: the same calls as a person would make one after the other.
fn paused() -> Scenario {
    Scenario::new(
        Modern,
        "a key paused",
        |official| {
            Box::pin(async {
                let off = |collection: &str, write| PatchApiKeyCollectionPermissionsRequest {
                    key_id: TARGET_ID.to_owned(),
                    collection: collection.to_owned(),
                    read: Some(false),
                    write,
                    ..PatchApiKeyCollectionPermissionsRequest::default()
                };
                let admin = &official.admin;
                for edit in [off("tenant:a/users", None), off("users", Some(false))] {
                    shown(admin.patch_api_key_collection_permissions(&edit).await)?;
                }
                let prefix = admin
                    .delete_api_key_kv_permissions(TARGET_ID, "session:")
                    .await;
                shown(prefix)
            })
        },
        |ours| Box::pin(ours.pause()),
    )
    .primed()
}

pub(crate) fn table() -> Vec<Scenario> {
    let mut scenarios = made();
    scenarios.push(paused());
    for dialect in [Modern, Legacy] {
        scenarios.extend(ended(dialect));
        scenarios.extend(proved(dialect));
    }
    scenarios
}

/// The journal hides a value that stands in a path; the wire does not.
#[tokio::test]
async fn a_value_in_a_path_is_encoded_alike() {
    let wanted = "DELETE /api/auth/keys/eko_prod_abc%2F123 HTTP/1.1\n";
    for ours in [true, false] {
        let ground = Ground::start(Options::of(Legacy), |_| {}).await;
        let tap = Tap::to(ground.server.port()).await;
        if ours {
            let ours = Ours::at(&tap.url, &ground.control);
            ours.prime().await;
            ours.revoke("slashed", SLASHED).await.unwrap();
        } else {
            let official = Official::at(&tap.url);
            official.admin.revoke_api_key(SLASHED).await.unwrap();
        }
        assert!(tap.said().contains(wanted), "{}", tap.said());
        assert_eq!(ground.control.world().keys.len(), 2);
    }
}

/// A refused secret is one request, and a key's sessions end with it.
#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let ground = Ground::start(Options::of(Modern), |_| {}).await;
    let ours = Ours::at(&ground.server.url(), &ground.control);
    ours.prime().await;
    assert!(ours.own_rights(TARGET).await.is_ok());
    ours.revoke("web", TARGET).await.unwrap();
    ground.control.clear_journal();
    let seen = ours.own_rights(TARGET).await.unwrap_err();
    assert_eq!(seen, "POST /api/auth/token 401");
    assert_eq!(ground.control.journal().len(), 1);
}
