//! Reading a deployment: what arrives, what it costs, what stays, what is written down.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use core_tests::{Rig, keys_query};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Key, Options},
};
use store::audit::Verdict;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_with_rights_limits_and_life() {
    let rig = Rig::new().await;
    let view = rig.sync().await;
    assert_eq!(
        (&view["freshness"], &view["keys"], &view["provider"]),
        (&json!("fresh"), &json!(3), &json!("ekoDB"))
    );
    assert_eq!(
        view["facts"][0],
        json!({ "name": "Version", "value": { "kind": "text", "text": "0.80.0" } })
    );

    let row = rig
        .keys()
        .await
        .into_iter()
        .find(|row| row["label"] == "billing-worker")
        .unwrap();
    let counts = json!([{ "action": "read", "count": 4 }, { "action": "write", "count": 2 }]);
    assert_eq!(
        row["rights"],
        json!({ "admin": false, "counts": counts, "restricted": 1 })
    );
    let key = rig
        .call("key_show", json!({ "key": row["id"] }))
        .await
        .unwrap();
    assert_eq!(key["description"], "Writes invoices");
    assert_eq!(key["remote_id"].as_str().unwrap().len(), 32);
    let secret = rig.control.world().keys[1].key.clone();
    assert_eq!(
        key["fingerprint"],
        domain::Secret::new(secret.clone()).fingerprint().0
    );
    assert!(secret.starts_with(key["prefix"].as_str().unwrap()));
    let why = |fact: &Value| fact["value"]["why"].as_str().unwrap_or_default().to_owned();
    assert_eq!(why(&key["limits"][0]), "ekoDB keys do not expire");
    assert_eq!(why(&key["life"][1]), "ekoDB does not say");

    let query = |text: &str| json!({ "key": row["id"], "text": text, "offset": 0, "limit": 200 });
    let rights = rig.call("key_rights", query("")).await.unwrap();
    let rows = rights["rows"].as_array().unwrap();
    let named = |name: &str| rows.iter().find(|row| row["resource"] == name).unwrap();
    assert_eq!(
        named("orders")["cells"],
        json!([{ "state": "all" }, { "state": "none" }])
    );
    let fields = |only: Value| json!({ "state": "fields", "only": only, "except": null });
    assert_eq!(
        named("customers")["cells"],
        json!([fields(json!(["id", "email"])), fields(json!(["email"]))])
    );
    assert_eq!(
        named("attic")["cells"],
        json!([{ "state": "none" }, { "state": "none" }])
    );
    assert_eq!(
        (&named("attic")["exists"], &named("orders")["exists"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&named("session:")["kind"], &named("session:")["exists"]),
        (&json!("KV prefix"), &json!(true))
    );
    assert_eq!(
        rig.call("key_rights", query("CUST")).await.unwrap()["total"],
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reading_takes_one_token_and_six_requests() {
    let rig = Rig::new().await;
    rig.sync().await;
    let journal = rig.control.journal();
    let asked: Vec<String> = journal
        .iter()
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect();
    assert_eq!(
        asked,
        [
            "GET /api/health",
            "POST /api/auth/token",
            "GET /api/auth/keys/me/permissions",
            "GET /api/health",
            "GET /api/auth/keys",
            "GET /api/collections",
        ]
    );
    let headers: Vec<&str> = journal
        .iter()
        .flat_map(|e| e.headers.iter().map(|(name, _)| name.as_str()))
        .collect();
    for unwanted in [
        "referer",
        "origin",
        "cookie",
        "accept-encoding",
        "user-agent",
    ] {
        assert!(
            !headers
                .iter()
                .any(|name| name.eq_ignore_ascii_case(unwanted)),
            "{unwanted} was sent"
        );
    }
    rig.control.clear_journal();
    rig.sync().await;
    assert_eq!(
        rig.control.requests("POST", "/api/auth/token"),
        0,
        "the token is used again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_questions_share_one_token_request() {
    let rig = Rig::new().await;
    rig.sync().await;
    rig.clock.advance(3_600_000);
    rig.control.advance(3_600_000);
    rig.control.clear_journal();
    let fields = |name: &str| json!({ "deployment": rig.deployment.to_string(), "resource": name });
    let (a, b, c) = tokio::join!(
        rig.call("resource_fields", fields("orders")),
        rig.call("resource_fields", fields("customers")),
        rig.call("resource_fields", fields("invoices")),
    );
    for answer in [a, b, c] {
        assert_eq!(answer.unwrap()["fields"], json!(["email", "id", "name"]));
    }
    assert_eq!(rig.control.requests("POST", "/api/auth/token"), 1);
    rig.control.clear_journal();
    rig.call("resource_fields", fields("orders")).await.unwrap();
    assert_eq!(
        rig.control.journal().len(),
        0,
        "fields are asked for once a day"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_died_early_is_replaced_once() {
    let rig = Rig::new().await;
    rig.sync().await;
    rig.control.clear_journal();
    let stale = Effect::Status {
        status: 401,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("GET", "/api/collections", stale));
    assert_eq!(rig.sync().await["failure"], Value::Null);
    assert_eq!(rig.control.requests("POST", "/api/auth/token"), 1);
    assert_eq!(rig.control.requests("GET", "/api/collections"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_tried_again_after_503_and_a_log_in_is_not() {
    let rig = Rig::new().await;
    let busy = || Effect::Status {
        status: 503,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("GET", "/api/collections", busy()).times(2));
    assert_eq!(rig.sync().await["failure"], Value::Null);
    assert_eq!(rig.control.requests("GET", "/api/collections"), 3);

    let rig = Rig::new().await;
    rig.control
        .fault(Fault::on("POST", "/api/auth/token", busy()));
    assert_eq!(rig.sync().await["failure"]["code"], "server_failed");
    assert_eq!(rig.control.requests("POST", "/api/auth/token"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_the_server_asked_for_outlives_a_restart() {
    let rig = Rig::new().await;
    rig.sync().await;
    let limited = Effect::Status {
        status: 429,
        retry_after: Some("90".into()),
        body: None,
    };
    rig.control
        .fault(Fault::on("GET", "/api/auth/keys", limited).after(1));
    assert_eq!(rig.sync().await["failure"]["code"], "rate_limited");
    let rig = rig.restart().await;
    rig.control.clear_journal();
    rig.clock.advance(60_000);
    let refused = rig
        .call(
            "sync_start",
            json!({ "deployment": rig.deployment.to_string() }),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.params["seconds"], "31");
    rig.call("sync_start", json!({ "deployment": null }))
        .await
        .unwrap();
    rig.settled().await;
    assert_eq!(
        rig.control.journal().len(),
        0,
        "nothing was asked too early"
    );
    rig.clock.advance(31_000);
    assert_eq!(rig.sync().await["failure"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_works_without_its_server_and_says_how_old_it_is() {
    let mut rig = Rig::new().await;
    let synced = rig.sync().await["synced_at"].clone();
    let before = rig.picture().await;
    rig.server.take().unwrap().stop().await;
    let rig = rig.restart().await;
    rig.clock.advance(3 * 3_600_000);
    assert_eq!(rig.picture().await, before);
    let view = rig.deployment_view().await;
    assert_eq!(
        (&view["freshness"], &view["synced_at"]),
        (&json!("stale"), &synced)
    );
    let found = rig
        .call("keys_list", keys_query("billing SHOP"))
        .await
        .unwrap();
    assert_eq!((&found["total"], &found["all"]), (&json!(1), &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_left_is_gone_and_one_that_came_back_is_the_same() {
    let rig = Rig::new().await;
    rig.sync().await;
    let id_of = |rows: Vec<Value>| {
        rows.into_iter()
            .find(|row| row["label"] == "search-ro")
            .unwrap()
    };
    let first = id_of(rig.keys().await);
    let mut taken = None;
    rig.control.edit(|world| taken = world.keys.pop());
    assert_eq!(rig.sync().await["keys"], 2);
    let gone = id_of(rig.keys().await);
    assert_eq!(
        (&gone["id"], gone["gone_at"].is_number()),
        (&first["id"], true)
    );
    rig.control.edit(|world| world.keys.extend(taken.take()));
    rig.sync().await;
    assert_eq!(id_of(rig.keys().await), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_sorted_and_paged() {
    let many = |world: &mut simulators::ekodb::World| {
        for n in 0..450 {
            world
                .keys
                .push(Key::new(&format!("worker-{n:03}"), 1_700_000_000_000 + n));
        }
    };
    let rig = Rig::with(Options::default(), many).await;
    assert_eq!(rig.sync().await["keys"], 453);
    let page = async |sort: &str, descending: bool, offset: u32| {
        let mut query = keys_query("worker");
        (query["sort"], query["descending"], query["offset"]) =
            (json!(sort), json!(descending), json!(offset));
        rig.call("keys_list", query).await.unwrap()
    };
    let last = page("name", false, 400).await;
    assert_eq!(
        (
            last["rows"].as_array().unwrap().len(),
            &last["total"],
            &last["all"]
        ),
        (51, &json!(451), &json!(453))
    );
    assert_eq!(
        page("name", true, 0).await["rows"][0]["label"],
        "worker-449"
    );
    assert_eq!(
        page("age", false, 0).await["rows"][0]["label"],
        "billing-worker",
        "the youngest first"
    );
    assert_eq!(
        page("age", true, 0).await["rows"][0]["label"],
        "worker-000",
        "the oldest first"
    );
    assert_eq!(
        page("rights", true, 0).await["rows"][0]["label"],
        "billing-worker"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_log_in_is_in_the_audit_log_and_an_altered_row_is_found() {
    let rig = Rig::new().await;
    rig.sync().await;
    rig.clock.advance(3_600_000);
    rig.control.advance(3_600_000);
    rig.control
        .edit(|world| world.keys[0].key = "eko_prod_another_one_altogether_0001".to_owned());
    rig.sync().await;
    let file = rig.database();
    rig.app.stop().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT act, facts FROM audit ORDER BY seq")
        .fetch_all(&mut database)
        .await
        .unwrap();
    let acts: Vec<&str> = rows.iter().map(|(act, _)| act.as_str()).collect();
    let log_in = ["deployment.log_in", "deployment.logged_in"];
    assert_eq!(
        acts,
        [&["deployment.add"], &log_in[..], &log_in[..]].concat()
    );
    assert!(
        rows[2].1.contains("accepted") && rows[4].1.contains("Unauthorized"),
        "{rows:?}"
    );

    let verdict = async || {
        store::audit::verify(&store::Store::open(&file).await.unwrap())
            .await
            .unwrap()
    };
    assert_eq!(verdict().await, Verdict::Whole { rows: 5 });
    let refused = sqlx::query("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
        .execute(&mut database)
        .await;
    assert!(refused.is_err(), "the log is append-only");
    sqlx::query("DROP TRIGGER audit_is_never_changed")
        .execute(&mut database)
        .await
        .unwrap();
    sqlx::query("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(verdict().await, Verdict::BrokenAt { seq: 3 });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_server_reaches_the_disk() {
    let rig = Rig::new().await;
    rig.sync().await;
    let secrets: Vec<String> = rig
        .control
        .world()
        .keys
        .into_iter()
        .map(|key| key.key)
        .collect();
    let found = |folder: &std::path::Path| {
        let mut hits = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            // Nine characters past the part that may be shown.
            let hidden = secrets.iter().map(|secret| &secret.as_bytes()[16..25]);
            hits += hidden
                .filter(|part| bytes.windows(part.len()).any(|window| window == *part))
                .count();
        }
        hits
    };
    let folder = rig.root().join("sample");
    assert_eq!(found(&folder), 0);
    std::fs::write(folder.join("planted"), format!("x{}", secrets[1])).unwrap();
    assert_eq!(found(&folder), 1, "the search finds what is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept() {
    let rig = Rig::new().await;
    let chosen = json!({ "theme": "dark", "panel_width": 480, "panel_open": false });
    rig.call("settings_save", chosen.clone()).await.unwrap();
    let rig = rig.restart().await;
    assert_eq!(
        rig.call("app_state", json!({})).await.unwrap()["settings"],
        chosen
    );
}
