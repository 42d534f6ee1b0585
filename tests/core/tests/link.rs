//! Adding, changing and removing a deployment: where a test of it fails, what is stored, where secrets go.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use core_tests::{Clipboard, Rig, authority};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Key, Options},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::sync::Mutex;

/// The steps of a test by name: their states.
fn states(report: &Value) -> Vec<String> {
    let steps = report["steps"].as_array().unwrap();
    let word = |step: &Value| {
        let code = step["failure"]["code"].as_str().unwrap_or("");
        format!("{} {} {code}", step["name"], step["state"]).replace('"', "")
    };
    let words = steps.iter().map(word);
    words.map(|word| word.trim().to_owned()).collect()
}

async fn test(rig: &Rig, link: Value, credential: Value) -> Value {
    let request =
        json!({ "provider": "ekodb", "link": link, "credential": credential, "deployment": null });
    rig.call("link_test", request).await.unwrap()
}

fn new(rig: &Rig, name: &str, credential: &Value) -> Value {
    json!({ "name": name, "environment": "staging", "provider": "ekodb", "link": rig.link(),
        "credential": credential })
}

async fn column(rig: &Rig, query: &'static str) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(rig.database());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(query)
        .fetch_all(&mut database)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

async fn names(rig: &Rig) -> Vec<String> {
    column(rig, "SELECT name FROM deployments ORDER BY name").await
}

/// The second deployment of the rig's server, added with its own credential.
async fn added(rig: &Rig) -> String {
    let handle = rig.offer(&rig.admin).await;
    let reply = rig
        .call("deployment_add", new(rig, "shop-two", &handle))
        .await;
    rig.settled().await;
    reply.unwrap()["deployment"].as_str().unwrap().to_owned()
}

async fn all_settled(rig: &Rig) -> Value {
    loop {
        let all = rig.call("deployments_list", json!({})).await.unwrap();
        let resting = |one: &Value| one["syncing"] == json!(false);
        if all.as_array().unwrap().iter().all(resting) {
            return all;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_link_passes_every_step_and_stores_nothing() {
    let rig = Rig::new().await;
    let handle = rig.offer(&rig.admin).await;
    let report = test(&rig, rig.link(), handle).await;
    assert_eq!(
        states(&report),
        [
            "address ok",
            "connection ok",
            "log_in ok",
            "list_keys ok",
            "server ok",
            "known warning origin_known"
        ]
    );
    let detail = |at: usize| &report["steps"][at]["detail"];
    assert_eq!(
        detail(0)["places"],
        json!([{ "ip": "127.0.0.1", "class": "loopback" }])
    );
    assert_eq!(detail(1)["encrypted"], true);
    assert_eq!(detail(3)["count"], 3);
    assert_eq!(detail(4)["facts"][0]["value"]["text"], "0.80.0");
    assert_eq!(names(&rig).await, ["shop"]);
    assert_eq!(column(&rig, "SELECT id FROM secrets").await.len(), 1);
    let acts = column(&rig, "SELECT act || ' ' || subject FROM audit ORDER BY seq").await;
    let host = rig.link()["url"].as_str().unwrap().replace("https://", "");
    assert_eq!(
        acts[1..],
        [
            format!("deployment.log_in {host}"),
            format!("deployment.logged_in {host}")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_stops_the_test_at_its_own_step() {
    let scoped = Key::new("scoped", 1_700_000_000_000);
    let secret = scoped.key.clone();
    let mut rig = Rig::with(Options::default(), |world| world.keys.push(scoped)).await;
    let after = |failed: &str, at: usize| {
        let all = ["address", "connection", "log_in", "list_keys", "server"];
        let before = all[..at].iter().map(|name| format!("{name} ok"));
        let here = [format!("{} failed {failed}", all[at])];
        let rest = all[at + 1..].iter().map(|name| format!("{name} skipped"));
        before.chain(here).chain(rest).collect::<Vec<_>>()
    };
    let admin = rig.admin.clone();
    let good = rig.link();

    let mut elsewhere = good.clone();
    elsewhere["url"] = json!("https://shop.example");
    let report = test(&rig, elsewhere, rig.offer(&admin).await).await;
    assert_eq!(states(&report)[..5], after("not_loopback", 0));
    assert_eq!(states(&report)[5], "known skipped");

    let mut other_authority = good.clone();
    other_authority["trust"]["pem"] = json!(authority());
    let report = test(&rig, other_authority, rig.offer(&admin).await).await;
    assert_eq!(states(&report)[..5], after("certificate_refused", 1));
    assert_eq!(rig.control.journal().len(), 0, "nothing was sent");

    let wrong = rig.offer("eko_prod_this_is_nobodys_credential").await;
    let report = test(&rig, good.clone(), wrong).await;
    assert_eq!(states(&report)[..5], after("credential_refused", 2));

    let report = test(&rig, good.clone(), Value::Null).await;
    assert_eq!(states(&report)[..5], after("credential_needed", 2));

    let report = test(&rig, good.clone(), rig.offer(&secret).await).await;
    assert_eq!(states(&report)[..5], after("credential_lacks_rights", 3));

    let busy = Effect::Status {
        status: 500,
        retry_after: None,
        body: None,
    };
    let probe = "/api/auth/keys/me/permissions";
    rig.control.fault(Fault::on("GET", probe, busy));
    let report = test(&rig, good.clone(), rig.offer(&admin).await).await;
    assert_eq!(states(&report)[..5], after("server_failed", 4));

    rig.server.take().unwrap().stop().await;
    let report = test(&rig, good, rig.offer(&admin).await).await;
    assert_eq!(states(&report)[..5], after("host_unreachable", 1));
    assert_eq!(names(&rig).await, ["shop"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_addition_stores_nothing_and_leaves_the_credential_for_another_try() {
    let rig = Rig::new().await;
    let wrong = rig.offer("eko_prod_this_is_nobodys_credential").await;
    let refused = rig.call("deployment_add", new(&rig, "two", &wrong)).await;
    assert_eq!(
        serde_json::to_value(refused.unwrap_err().code).unwrap(),
        json!("credential_refused")
    );
    let handle = rig.offer(&rig.admin).await;
    let page = Effect::Html;
    rig.control.fault(Fault::on("GET", "/api/auth/keys", page));
    assert!(
        rig.call("deployment_add", new(&rig, "two", &handle))
            .await
            .is_err()
    );
    assert_eq!(names(&rig).await, ["shop"]);
    assert_eq!(column(&rig, "SELECT id FROM secrets").await.len(), 1);

    let reply = rig.call("deployment_add", new(&rig, "two", &handle)).await;
    assert!(reply.is_ok(), "the same handle, once the server is well");
    let again = rig
        .call("deployment_add", new(&rig, "three", &handle))
        .await;
    assert_eq!(
        again.unwrap_err().code,
        app::Code::CredentialForgotten,
        "used up"
    );
    assert_eq!(names(&rig).await, ["shop", "two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_added_deployment_is_read_with_the_session_of_its_test() {
    let rig = Rig::new().await;
    added(&rig).await;
    let all = all_settled(&rig).await;
    let two = all
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "shop-two");
    let two = two.unwrap();
    assert_eq!(
        (&two["keys"], &two["freshness"], &two["environment"]),
        (&json!(3), &json!("fresh"), &json!("staging"))
    );
    assert_eq!(rig.control.requests("POST", "/api/auth/token"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_changes_without_a_server_and_a_link_is_tested() {
    let mut rig = Rig::new().await;
    let id = added(&rig).await;
    let request = |name: &str, link: Value, credential: Value| {
        json!({ "deployment": id, "name": name, "environment": "test", "link": link,
            "credential": credential })
    };
    let link = rig.link();
    // A new credential replaces the sealed row.
    let before = column(&rig, "SELECT credential FROM links ORDER BY rowid").await;
    let handle = rig.offer(&rig.admin).await;
    let edited = rig
        .call("deployment_edit", request("two", link.clone(), handle))
        .await;
    assert!(edited.is_ok());
    all_settled(&rig).await;
    let after = column(&rig, "SELECT credential FROM links ORDER BY rowid").await;
    assert_eq!((after.len(), after[0] == before[0]), (2, true));
    assert_ne!(after[1], before[1]);
    assert_eq!(column(&rig, "SELECT id FROM secrets").await.len(), 2);
    let wrong = rig.offer("eko_prod_this_is_nobodys_credential").await;
    let refused = rig
        .call("deployment_edit", request("two", link.clone(), wrong))
        .await;
    assert_eq!(refused.unwrap_err().code, app::Code::CredentialRefused);

    rig.server.take().unwrap().stop().await;
    let renamed = rig
        .call(
            "deployment_edit",
            request("three", link.clone(), Value::Null),
        )
        .await;
    assert!(renamed.is_ok(), "offline");
    assert_eq!(names(&rig).await, ["shop", "three"]);
    let mut looser = link;
    looser["tls_minimum"] = json!("tls12");
    let refused = rig
        .call("deployment_edit", request("four", looser, Value::Null))
        .await;
    assert_eq!(refused.unwrap_err().code, app::Code::HostUnreachable);
    assert_eq!(names(&rig).await, ["shop", "three"], "all or nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_takes_the_credential_and_the_keys_and_leaves_the_audit_log() {
    let rig = Rig::new().await;
    rig.sync().await;
    let id = added(&rig).await;
    all_settled(&rig).await;
    let name = json!({ "deployment": id });
    let preview = rig.call("deployment_remove_preview", name).await.unwrap();
    assert_eq!(
        (&preview["keys"], &preview["name"]),
        (&json!(3), &json!("shop-two"))
    );
    let audited = column(&rig, "SELECT act FROM audit").await.len();
    rig.control.clear_journal();

    let request = json!({ "deployment": id, "confirmation": "shop-two" });
    rig.call("deployment_remove", request).await.unwrap();
    assert_eq!(names(&rig).await, ["shop"]);
    assert_eq!(
        column(&rig, "SELECT owner FROM secrets").await,
        [rig.deployment.to_string()]
    );
    assert_eq!(
        column(&rig, "SELECT DISTINCT deployment FROM keys")
            .await
            .len(),
        1
    );
    assert_eq!(rig.control.journal().len(), 0, "the server notices nothing");
    let acts = column(&rig, "SELECT act FROM audit ORDER BY seq").await;
    assert_eq!(acts.len(), audited + 1);
    assert_eq!(acts.last().unwrap(), "deployment.remove");
    assert_eq!(rig.keys().await.len(), 3, "the other deployment's stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_under_way_does_not_bring_a_removed_deployment_back() {
    let rig = Rig::new().await;
    let slow = Effect::Delay { ms: 300 };
    rig.control
        .fault(Fault::always("GET", "/api/collections", slow));
    let id = rig.deployment.to_string();
    rig.call("sync_start", json!({ "deployment": id }))
        .await
        .unwrap();
    while rig.control.requests("GET", "/api/collections") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let request = json!({ "deployment": id, "confirmation": "shop" });
    rig.call("deployment_remove", request).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(names(&rig).await, [""; 0]);
    assert_eq!(column(&rig, "SELECT id FROM keys").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clipboard_is_emptied_of_what_was_taken_from_it() {
    let rig = Rig::new().await;
    *rig.desk.clipboard.lock().unwrap() = Clipboard::Text(format!("{}\n", rig.admin));
    let offered = rig.call("secret_from_clipboard", json!({})).await.unwrap();
    assert_eq!(offered["clipboard_cleared"], true);
    assert!(matches!(
        &*rig.desk.clipboard.lock().unwrap(),
        Clipboard::Empty
    ));
    let fingerprint = domain::Secret::new(rig.admin.clone()).fingerprint().0;
    assert_eq!(offered["fingerprint"], fingerprint);
    let report = test(&rig, rig.link(), offered["handle"].clone()).await;
    assert_eq!(report["ok"], true);
    let forget = json!({ "handle": offered["handle"] });
    rig.call("secret_forget", forget.clone()).await.unwrap();
    let gone = json!({ "provider": "ekodb", "link": rig.link(), "credential": offered["handle"], "deployment": null });
    let refused = rig.call("link_test", gone).await.unwrap_err();
    assert_eq!(refused.code, app::Code::CredentialForgotten);
}

/// Nine characters past the part that may be shown.
fn hidden_part(secret: &str) -> String {
    secret.chars().skip(16).take(9).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_and_no_file_holds_the_credential() {
    let rig = Rig::new().await;
    let canary = hidden_part(&rig.admin);
    let replies = Mutex::new(Vec::new());
    let call = async |name: &str, request: Value| {
        let reply = rig.call(name, request).await;
        let (text, value) = match reply {
            Ok(value) => (value.to_string(), value),
            Err(failure) => (format!("{failure:?}"), Value::Null),
        };
        replies.lock().unwrap().push(text);
        value
    };
    let typed = call("secret_offer", json!({ "secret": rig.admin })).await;
    let handle = typed["handle"].clone();
    let request = |credential: &Value| json!({ "provider": "ekodb", "link": rig.link(), "credential": credential, "deployment": null });
    call("link_test", request(&handle)).await;
    call("deployment_add", new(&rig, "shop", &handle)).await;
    let id = call("deployment_add", new(&rig, "two", &handle)).await["deployment"].clone();
    call("deployment_add", new(&rig, "three", &handle)).await;
    all_settled(&rig).await;
    let name = json!({ "deployment": id });
    for read in ["app_state", "deployments_list", "providers_list"] {
        call(read, json!({})).await;
    }
    call("deployment_link", name.clone()).await;
    call("deployment_remove_preview", name).await;
    for key in rig.keys().await {
        call("key_show", json!({ "key": key["id"] })).await;
    }
    let second = call("secret_offer", json!({ "secret": rig.admin })).await["handle"].clone();
    let edit = json!({ "deployment": id, "name": "four", "environment": "test", "link": rig.link(),
        "credential": second });
    call("deployment_edit", edit).await;
    call(
        "deployment_remove",
        json!({ "deployment": id, "confirmation": "no" }),
    )
    .await;
    call(
        "deployment_remove",
        json!({ "deployment": id, "confirmation": "four" }),
    )
    .await;

    let count = |texts: &[String]| texts.iter().filter(|text| text.contains(&canary)).count();
    let mut replies = replies.into_inner().unwrap();
    assert!(replies.len() > 15, "{}", replies.len());
    assert_eq!(count(&replies), 0);
    replies.push(json!({ "planted": rig.admin }).to_string());
    assert_eq!(count(&replies), 1, "the search finds what is there");

    let folder = rig.root().join("sample");
    let in_files = || {
        let files = std::fs::read_dir(&folder).unwrap();
        let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let holds = |bytes: &Vec<u8>| bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
        bytes.filter(holds).count()
    };
    assert_eq!(in_files(), 0);
    std::fs::write(folder.join("planted"), format!("x{}", rig.admin)).unwrap();
    assert_eq!(in_files(), 1, "the search finds what is there");
}
