//! What cannot be rotated, made or ended says why before anything is sent.

use crate::{key, meanwhile::creation, on_server, rig, rotate, taken};
use app::Code;
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, ListSecret, Options},
};

/// Requests that were not reads, log-ins aside.
fn changing(rig: &Rig) -> usize {
    let journal = rig.control.journal();
    let changing = journal
        .iter()
        .filter(|entry| entry.method != "GET" && entry.path != "/api/auth/token");
    changing.count()
}

async fn why(rig: &Rig, wish: Value) -> (Code, String) {
    let refusal = rig.call("rotation_plan", wish).await.unwrap_err();
    let reason = refusal.params.get("reason").cloned().unwrap_or_default();
    (refusal.code, reason)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_cannot_be_copied_is_refused_with_the_reason() {
    for (dialect, grant, kv, words) in [
        (Dialect::Legacy, Grant::read(), true, "from version 0.80"),
        (
            Dialect::DocsA,
            Grant::read().select(&["id"]),
            false,
            "cannot restrict a new key to fields",
        ),
    ] {
        let rig = Rig::with(Options::of(dialect), |world| {
            let worker = simulators::ekodb::Key::new("worker", 1_790_000_000_000);
            let worker = worker.grant("orders", grant);
            world.keys.push(if kv {
                worker.kv("session:", true, true)
            } else {
                worker
            });
        })
        .await;
        rig.sync().await;
        rig.control.clear_journal();
        let (code, reason) = why(&rig, rotate(&rig).await).await;
        assert_eq!(code, Code::EditRefused);
        assert!(reason.contains(words), "{dialect:?}: {reason}");
        assert_eq!(changing(&rig), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn admin_keys_and_our_own_are_left_alone() {
    let rig = rig(Options::default()).await;
    let admin = rig
        .keys()
        .await
        .into_iter()
        .find(|key| key["rights"]["admin"] == json!(true))
        .unwrap()["id"]
        .clone();
    for purpose in ["rotate", "revoke"] {
        let mut wish = json!({ "purpose": purpose, "key": admin });
        if purpose == "rotate" {
            wish["emergency"] = json!(false);
            wish["soak_minutes"] = Value::Null;
        }
        let (code, reason) = why(&rig, wish).await;
        assert_eq!(code, Code::EditRefused);
        assert!(reason.contains("Keystead itself logs in with"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_of_a_key_at_a_time() {
    let rig = rig(Options::default()).await;
    let (_, view) = taken(&rig, "verified").await;
    let (code, reason) = why(&rig, rotate(&rig).await).await;
    assert_eq!(
        (code, reason.as_str()),
        (
            Code::EditRefused,
            "An earlier change of this key is not finished"
        )
    );
    let new = view["new"]["key"].clone();
    let wish = json!({ "purpose": "revoke", "key": new });
    assert_eq!(
        why(&rig, wish).await.0,
        Code::EditRefused,
        "nor of its successor"
    );
    let draft = rig.call("draft_open", json!({ "key": new })).await.unwrap();
    assert_ne!(draft["why_not"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_looked_at_is_the_one_that_begins() {
    let rig = rig(Options::default()).await;
    let wish = rotate(&rig).await;
    let plan = rig.call("rotation_plan", wish.clone()).await.unwrap();
    rig.control.edit(|world| {
        let worker = world
            .keys
            .iter_mut()
            .find(|key| key.label.as_deref() == Some("worker"));
        worker
            .unwrap()
            .grants
            .insert("products".into(), Grant::read_write());
    });
    rig.control.clear_journal();
    let begin = json!({ "wish": wish, "plan": plan["plan"] });
    let refusal = rig.call("rotation_begin", begin).await.unwrap_err();
    assert_eq!(refusal.code, Code::PlanOutdated);
    assert_eq!(changing(&rig), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_would_hide_or_clash_are_refused() {
    let rig = rig(Options::default()).await;
    for (label, words) in [
        ("", "empty"),
        ("worker", "another key"),
        ("a\u{202E}b", "hide or reorder"),
        ("a\nb", "hide or reorder"),
        ("x".repeat(201).as_str(), "at most 200"),
    ] {
        let wish = json!({ "purpose": "create", "deployment": rig.deployment.to_string(), "label": label,
            "description": "", "rights": [] });
        let (code, reason) = why(&rig, wish).await;
        assert_eq!(code, Code::LabelRefused, "{label:?}");
        assert!(reason.contains(words), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_change_of_the_old_key_keeps_it_alive() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    rig.control.edit(|world| {
        let worker = world
            .keys
            .iter_mut()
            .find(|key| key.label.as_deref() == Some("worker"));
        worker
            .unwrap()
            .grants
            .insert("products".into(), Grant::read());
    });
    let refusal = drive::revoke(&rig.app, &operation, "old")
        .await
        .unwrap_err();
    assert_eq!(refusal.code, Code::RevokeGuarded);
    assert_eq!(refusal.params["conditions"], "old_unchanged");
    assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_gone_cannot_be_rotated() {
    let rig = rig(Options::default()).await;
    let wish = rotate(&rig).await;
    let worker = key(&rig, "worker").await;
    rig.control.edit(|world| {
        world
            .keys
            .retain(|key| key.label.as_deref() != Some("worker"));
    });
    assert_eq!(why(&rig, wish).await.0, Code::KeyGone);
    rig.sync().await;
    let wish = json!({ "purpose": "revoke", "key": worker });
    assert_eq!(why(&rig, wish).await.0, Code::KeyGone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_goes_with_the_values_made_for_it_and_not_in_the_middle_of_a_change() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let name = json!({ "deployment": rig.deployment.to_string() });
    let preview = rig.call("deployment_remove_preview", name).await.unwrap();
    assert_eq!(preview["secrets"], json!(1));
    let remove = json!({ "deployment": rig.deployment.to_string(), "confirmation": "shop" });
    let refusal = rig
        .call("deployment_remove", remove.clone())
        .await
        .unwrap_err();
    assert_eq!(refusal.code, Code::EditRefused);
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
    rig.settled().await;
    rig.call("deployment_remove", remove).await.unwrap();
    assert_eq!(core_tests::sealed_rows(&rig.database()).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_made_that_the_list_could_not_name() {
    for dialect in [Dialect::Legacy, Dialect::DocsA, Dialect::DocsS] {
        for list_secret in [ListSecret::Masked, ListSecret::Absent] {
            let rig = rig(Options {
                list_secret,
                ..Options::of(dialect)
            })
            .await;
            rig.control.clear_journal();
            let (code, reason) = why(&rig, creation(&rig)).await;
            assert_eq!(code, Code::EditRefused, "{dialect:?} {list_secret:?}");
            assert!(reason.contains("neither an id nor the value"), "{reason}");
            assert_eq!(changing(&rig), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_value_of_a_key_that_was_never_listed_goes_with_its_deployment() {
    let rig = rig(Options::default()).await;
    let away = Effect::Status {
        status: 503,
        retry_after: None,
        body: None,
    };
    // The plan and its beginning read the list; what comes after the creation does not get it.
    rig.control
        .fault(Fault::always("GET", "/api/auth/keys", away).after(2));
    let operation = drive::begin(&rig.app, &creation(&rig)).await.unwrap();
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "created", "{view:#}");
    let abandon = json!({ "act": "abandon" });
    let view = drive::act(&rig.app, &operation, abandon).await.unwrap();
    assert_eq!(view["state"], "abandoned", "{view:#}");
    rig.control.clear_faults();
    rig.settled().await;
    let name = json!({ "deployment": rig.deployment.to_string() });
    let preview = rig.call("deployment_remove_preview", name).await.unwrap();
    assert_eq!(preview["secrets"], json!(1));
    let remove = json!({ "deployment": rig.deployment.to_string(), "confirmation": "shop" });
    rig.call("deployment_remove", remove).await.unwrap();
    assert_eq!(core_tests::sealed_rows(&rig.database()).await, 0);
}
