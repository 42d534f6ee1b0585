//! Adding, changing and removing a deployment: where a test of it fails, what is stored, where secrets go.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

mod changes;
mod secrets;

use core_tests::{Rig, authority};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Key, Options},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

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
