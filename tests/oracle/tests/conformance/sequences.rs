//! The sequences of §10.4, and §2.1's facts about tokens.

use crate::calls::{create, list, probe, register};
use oracle::{Row, Sent, hold, shown};
use serde_json::json;
use simulators::ekodb::Dialect::{self, Legacy, Modern};
use simulators::ekodb::Options;
use simulators::{Effect, Fault};

const KEYS: &str = "/api/auth/keys";
const COLLECTIONS: &str = "/api/collections";

/// An answer in the server's place, with this body.
fn says(status: u16, body: &str) -> Effect {
    Effect::Status {
        status,
        retry_after: None,
        body: Some(body.to_owned()),
    }
}

fn status(status: u16) -> Effect {
    says(status, "{}")
}

/// A 401 once, then one that stays.
fn stale_tokens(dialect: Dialect) -> Vec<Row> {
    let (keys, collections) = (Sent::get(KEYS), Sent::get(COLLECTIONS));
    let ids = if dialect == Modern {
        json!([oracle::ADMIN_ID, oracle::TARGET_ID, oracle::SLASHED_ID])
    } else {
        json!([null, null, null])
    };
    let names = json!(["audit__ek0_testing", "tenant:a/users", "users"]);
    let twice = |sent: &Sent, first: u16, second: u16| {
        [
            Sent::token(),
            sent.clone().answered(first),
            Sent::token(),
            sent.clone().answered(second),
        ]
    };
    let admin = |name| Row::new(dialect, name, list);
    let data = |name| {
        Row::new(dialect, name, |official| {
            Box::pin(async { shown(official.data.list_collections().await) })
        })
    };
    vec![
        admin("admin client: 401, then accepted")
            .fault(Fault::on("GET", KEYS, status(401)))
            .sends(twice(&keys, 401, 200))
            .gives(json!([["generated-admin", "web", "slashed"], ids])),
        admin("admin client: a second 401 is final")
            .fault(Fault::always("GET", KEYS, status(401)))
            .sends(twice(&keys, 401, 401))
            .fails("API error (401): Admin request failed"),
        data("data client: 401, then accepted")
            .fault(Fault::on("GET", COLLECTIONS, status(401)))
            .sends(twice(&collections, 401, 200))
            .gives(names),
        data("data client: a second 401 is final")
            .fault(Fault::always("GET", COLLECTIONS, status(401)))
            .sends(twice(&collections, 401, 401))
            .fails("Token expired, please refresh"),
        Row::new(dialect, "register too is sent again after a 401", create)
            .fault(Fault::on("POST", "/api/auth/register", status(401)))
            .sends([
                Sent::token(),
                register().answered(401),
                Sent::token(),
                register(),
            ])
            .gives(json!(["Web App Key", "web", false,
                { "users": crate::grants::grant(true, true) }, true])),
    ]
}

/// One request and no more.
fn no_repetition(dialect: Dialect) -> Vec<Row> {
    let mut rows = Vec::new();
    for refused in [401, 429] {
        let fault = || Fault::always("POST", "/api/auth/token", status(refused));
        rows.push(
            Row::new(dialect, &format!("admin client: token {refused}"), list)
                .fault(fault())
                .sends([Sent::token().answered(refused)])
                .fails("Authentication error: Admin authentication failed"),
        );
        let words = if refused == 401 {
            "Authentication error: Failed to get token (401 Unauthorized): {}"
        } else {
            "Authentication error: Failed to get token (429 Too Many Requests): {}"
        };
        let act = Row::new(
            dialect,
            &format!("data client: token {refused}"),
            |official| Box::pin(async { shown(official.data.list_collections().await) }),
        );
        rows.push(
            act.fault(fault())
                .sends([Sent::token().answered(refused)])
                .fails(words),
        );
    }
    for refused in [429, 403, 503] {
        rows.push(
            Row::new(dialect, &format!("register {refused}"), create)
                .fault(Fault::always("POST", "/api/auth/register", status(refused)))
                .sends([Sent::token(), register().answered(refused)])
                .fails(&format!("API error ({refused}): Admin request failed")),
        );
    }
    for (body, text) in [(r#"{"error":"No entry"}"#, "No entry"), ("", "")] {
        let act = Row::new(dialect, &format!("collections 403 {body:?}"), |official| {
            Box::pin(async { shown(official.data.list_collections().await) })
        });
        rows.push(
            act.fault(Fault::on("GET", COLLECTIONS, says(403, body)))
                .sends([Sent::token(), Sent::get(COLLECTIONS).answered(403)])
                .fails(&format!("API error (403): {text}")),
        );
    }
    rows
}

/// What the probe keeps and what it does not.
fn probes(dialect: Dialect) -> Vec<Row> {
    let path = "/api/auth/keys/me/permissions";
    let asks_twice = |refused: u16| {
        Row::new(dialect, &format!("probe {refused}: not kept"), |official| {
            Box::pin(async {
                let admin = &official.admin;
                let first = shown(admin.uses_key_permission_routes().await);
                let second = shown(admin.uses_key_permission_routes().await);
                Ok(json!([first.unwrap_err(), second?]))
            })
        })
        .fault(Fault::on("GET", path, status(refused)))
        .sends([
            Sent::token(),
            probe(dialect).answered(refused),
            probe(dialect),
        ])
        .gives(json!([
            format!("API error ({refused}): Admin request failed"),
            dialect == Modern
        ]))
    };
    let mut rows: Vec<Row> = [403, 429, 500, 503].map(asks_twice).into();
    if dialect == Legacy {
        let act = Row::new(dialect, "probe 405: the older route", |official| {
            Box::pin(async { shown(official.admin.get_permissions().await) })
        });
        rows.push(
            act.on(|options| options.modern_routes_405 = true)
                .sends([
                    Sent::token(),
                    probe(dialect).answered(405),
                    Sent::get("/api/auth/permissions"),
                ])
                .gives(json!({ "is_admin": true, "collection_permissions": {},
                    "kv_permissions": [], "key_id": oracle::ADMIN_ID, "label": "generated-admin" })),
        );
    }
    rows
}

/// When a token is fetched although nobody complained of the last one.
fn lifetimes(dialect: Dialect) -> Vec<Row> {
    let thrice = |name, life: fn(&mut Options)| {
        Row::new(dialect, name, |official| {
            Box::pin(async {
                for _ in 0..3 {
                    shown(official.data.list_collections().await)?;
                }
                Ok(json!(null))
            })
        })
        .on(life)
    };
    let (token, call) = (Sent::token, || Sent::get(COLLECTIONS));
    let together = Row::new(dialect, "three first calls at once", |official| {
        Box::pin(async {
            let data = &official.data;
            let (one, two, three) = tokio::join!(
                data.list_collections(),
                data.list_collections(),
                data.list_collections()
            );
            shown(one)
                .and(shown(two))
                .and(shown(three))
                .map(|_| json!(null))
        })
    });
    vec![
        thrice("45 s: a token before every call", |options| {
            options.token_ttl_s = 45;
        })
        .sends([token(), call(), token(), call(), token(), call()]),
        thrice("90 s: one token", |options| options.token_ttl_s = 90).sends([
            token(),
            call(),
            call(),
            call(),
        ]),
        // Each token's reply is held back until all three have asked.
        together
            .fault(Fault::on("POST", "/api/auth/token", Effect::Delay { ms: 300 }).times(3))
            .sends([token(), token(), token(), call(), call(), call()]),
    ]
}

pub(crate) fn table(dialect: Dialect) -> Vec<Row> {
    let mut rows = stale_tokens(dialect);
    rows.extend(no_repetition(dialect));
    rows.extend(probes(dialect));
    rows.extend(lifetimes(dialect));
    rows
}

#[tokio::test]
async fn every_sequence_on_a_modern_server() {
    hold("sequences, modern", &table(Modern)).await;
}

#[tokio::test]
async fn every_sequence_on_a_legacy_server() {
    hold("sequences, legacy", &table(Legacy)).await;
}
