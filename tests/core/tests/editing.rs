//! Editing a key's rights: planned, reviewed, journalled, applied, read back.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use core_tests::Rig;
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Options, World},
};
use std::time::Duration;

const MODERN: Dialect = Dialect::Modern;
const LEGACY: Dialect = Dialect::Legacy;

/// A rig of this dialect, synchronised, and the id of its billing key.
async fn rig(dialect: Dialect) -> (Rig, String) {
    let rig = Rig::with(Options::of(dialect), |_| {}).await;
    assert_eq!(rig.sync().await["failure"], Value::Null);
    let key = rig
        .keys()
        .await
        .into_iter()
        .find(|key| key["label"] == "billing-worker")
        .unwrap();
    let id = key["id"].as_str().unwrap().to_owned();
    (rig, id)
}

fn change(resource: &str, read: &Value, write: &Value) -> Value {
    json!({ "kind": "collection", "resource": resource, "cells": [read, write] })
}

fn all() -> Value {
    json!({ "state": "all" })
}

fn none() -> Value {
    json!({ "state": "none" })
}

fn only(fields: &[&str]) -> Value {
    json!({ "state": "fields", "only": fields, "except": null })
}

/// Orders gets write, customers loses its rules, products comes, invoices goes.
fn changes() -> Value {
    json!([
        change("orders", &all(), &all()),
        change("customers", &all(), &only(&[])),
        change("products", &only(&["id", "name"]), &none()),
        change("invoices", &none(), &none()),
    ])
}

async fn save(rig: &Rig, key: &str, changes: Value) -> Value {
    rig.call("draft_save", json!({ "key": key, "changes": changes }))
        .await
        .unwrap()
}

async fn review(rig: &Rig, key: &str) -> Value {
    rig.call("rights_review", json!({ "key": key }))
        .await
        .unwrap()
}

/// Reviews and applies the draft; the operation when it has come to rest.
async fn apply(rig: &Rig, key: &str) -> Value {
    let plan = review(rig, key).await["plan"].clone();
    let applied = rig
        .call("rights_apply", json!({ "key": key, "plan": plan }))
        .await
        .unwrap();
    assert_eq!(applied["kind"], "started", "{applied}");
    rest(rig, &applied["operation"]).await
}

async fn rest(rig: &Rig, operation: &Value) -> Value {
    loop {
        let view = rig
            .call("operation_show", json!({ "operation": operation }))
            .await
            .unwrap();
        // An unknown outcome is a state to pass through while the server can be asked.
        if ["done", "differs", "stopped"].contains(&view["state"].as_str().unwrap()) {
            rig.settled().await;
            return view;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What the server holds for the billing key, by collection: read, write, select, writable.
fn grants(rig: &Rig) -> Value {
    grants_in(&rig.control.world())
}

fn grants_in(world: &World) -> Value {
    let billing = world
        .keys
        .iter()
        .find(|key| key.label.as_deref() == Some("billing-worker"))
        .unwrap();
    let grants = billing
        .grants
        .iter()
        .filter(|(_, grant)| grant.read || grant.write);
    grants
        .map(|(name, g)| {
            (
                name.clone(),
                json!([
                    g.read,
                    g.write,
                    g.select_fields,
                    g.exclude_fields,
                    g.writable_fields
                ]),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn wanted() -> Value {
    json!({
        "orders": [true, true, null, null, null],
        "customers": [true, true, null, null, []],
        "products": [true, false, ["id", "name"], null, null],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_reviewed_applied_and_verified() {
    for dialect in [MODERN, LEGACY] {
        let (rig, key) = rig(dialect).await;
        let draft = save(&rig, &key, changes()).await;
        assert_eq!(
            (&draft["changed"], &draft["stale"], &draft["why_not"]),
            (&json!(4), &json!(false), &Value::Null)
        );
        let review = review(&rig, &key).await;
        assert_eq!(review["changes"].as_array().unwrap().len(), 6, "{review:#}");
        assert_eq!(review["calls"].as_array().unwrap().len(), 4);
        let risks = |resource: &str, column: &str| {
            let all = review["changes"].as_array().unwrap().iter();
            let one = all
                .clone()
                .find(|c| c["resource"] == resource && c["column"] == column)
                .unwrap();
            one["risks"].clone()
        };
        assert_eq!(risks("orders", "write"), json!(["gains_write"]));
        assert_eq!(risks("products", "read"), json!(["first_access"]));
        rig.control.clear_journal();
        let done = apply(&rig, &key).await;
        assert_eq!(
            (&done["state"], &done["can_undo"]),
            (&json!("done"), &json!(true)),
            "{done:#}"
        );
        assert_eq!(grants(&rig), wanted(), "{dialect:?}");
        let changing = rig
            .control
            .journal()
            .iter()
            .filter(|entry| entry.method != "GET")
            .count();
        assert_eq!(changing, 4, "one request a call");
        let open = rig.call("draft_open", json!({ "key": key })).await.unwrap();
        assert_eq!(
            (&open["changed"], &open["saved_at"]),
            (&json!(0), &Value::Null),
            "the draft has become the operation"
        );

        rig.call("operation_undo", json!({ "operation": done["id"] }))
            .await
            .unwrap();
        assert_eq!(apply(&rig, &key).await["state"], "done");
        let before = json!({
            "orders": [true, false, null, null, null],
            "customers": [true, true, ["id", "email"], null, ["email"]],
            "invoices": [true, true, null, null, null],
        });
        assert_eq!(grants(&rig), before, "{dialect:?}: undone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_on_the_wire_are_the_ones_reviewed() {
    let (modern, key) = rig(MODERN).await;
    save(&modern, &key, changes()).await;
    let reviewed = review(&modern, &key).await["calls"].clone();
    modern.control.clear_journal();
    apply(&modern, &key).await;
    let sent: Vec<(String, Value)> = modern
        .control
        .journal()
        .into_iter()
        .filter(|entry| entry.method != "GET")
        .map(|entry| {
            (
                format!("{} {}", entry.method, entry.path),
                entry.body.unwrap_or(Value::Null),
            )
        })
        .collect();
    assert_eq!(
        json!(sent.iter().map(|(call, _)| call).collect::<Vec<_>>()),
        reviewed
    );
    let body = |part: &str| {
        sent.iter()
            .find(|(call, _)| call.ends_with(part))
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        body("/orders"),
        json!({ "write": true, "writable_fields": null })
    );
    let whole = json!({ "read": true, "write": false, "select_fields": ["id", "name"], "exclude_fields": null, "writable_fields": null });
    assert_eq!(body("/products"), whole, "a new grant is set whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_a_restart_and_is_discarded_by_emptying_it() {
    let (rig, key) = rig(MODERN).await;
    save(&rig, &key, changes()).await;
    let rig = rig.restart().await;
    let rows = rig
        .call(
            "draft_rows",
            json!({ "key": key, "offset": 0, "limit": 200 }),
        )
        .await
        .unwrap();
    let row = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["resource"] == "orders")
        .unwrap()
        .clone();
    assert_eq!((&row["base"][1], &row["now"][1]), (&none(), &all()));
    let empty = save(&rig, &key, json!([])).await;
    assert_eq!(
        (&empty["changed"], &empty["saved_at"]),
        (&json!(0), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_change_stops_it_before_anything_is_sent() {
    let (rig, key) = rig(MODERN).await;
    save(&rig, &key, changes()).await;
    let plan = review(&rig, &key).await["plan"].clone();
    rig.control
        .edit(|world| world.keys[1].grants.get_mut("orders").unwrap().write = true);
    rig.control.clear_journal();
    let applied = rig
        .call("rights_apply", json!({ "key": key, "plan": plan }))
        .await
        .unwrap();
    assert_eq!(applied["kind"], "conflict");
    let cell = json!({ "kind": "collection", "resource": "orders", "column": "write", "base": none(), "theirs": all(), "mine": all() });
    assert_eq!(applied["cells"], json!([cell]));
    assert_eq!(
        rig.control
            .journal()
            .iter()
            .filter(|entry| entry.method != "GET")
            .count(),
        0,
        "nothing was sent"
    );
    let rebased = rig
        .call("draft_rebase", json!({ "key": key }))
        .await
        .unwrap();
    assert_eq!(
        (&rebased["stale"], &rebased["changed"]),
        (&json!(false), &json!(3)),
        "theirs is the base, mine stays"
    );
    assert_eq!(apply(&rig, &key).await["state"], "done");
    assert_eq!(grants(&rig), wanted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_changed_after_its_review_is_not_applied() {
    let (rig, key) = rig(MODERN).await;
    save(&rig, &key, changes()).await;
    let plan = review(&rig, &key).await["plan"].clone();
    save(&rig, &key, json!([change("orders", &none(), &none())])).await;
    let refused = rig
        .call("rights_apply", json!({ "key": key, "plan": plan }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, app::Code::PlanOutdated);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_call_stops_there_and_what_was_applied_can_be_undone() {
    let (rig, key) = rig(MODERN).await;
    save(&rig, &key, changes()).await;
    let refusal = Effect::Status {
        status: 403,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("PATCH", "/api/auth/keys/", refusal).after(1));
    let stopped = apply(&rig, &key).await;
    assert_eq!(
        (&stopped["state"], &stopped["failure"]["code"]),
        (&json!("stopped"), &json!("credential_lacks_rights"))
    );
    let steps = stopped["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["outcome"].as_str().unwrap());
    assert_eq!(
        steps.collect::<Vec<_>>(),
        ["applied", "refused", "waiting", "waiting"]
    );
    rig.call("operation_undo", json!({ "operation": stopped["id"] }))
        .await
        .unwrap();
    assert_eq!(apply(&rig, &key).await["state"], "done");
    assert_eq!(
        grants(&rig)["orders"],
        json!([true, false, null, null, null])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_is_found_out_and_never_sent_again_blindly() {
    for dialect in [MODERN, LEGACY] {
        for (effect, sent) in [(Effect::AppliedThenLost, 4), (Effect::Reset, 5)] {
            let (rig, key) = rig(dialect).await;
            save(&rig, &key, changes()).await;
            rig.control.clear_journal();
            let (method, path) = if dialect == MODERN {
                ("PATCH", "/api/auth/keys/")
            } else {
                ("PUT", "/api/auth/permissions")
            };
            rig.control.fault(Fault::on(method, path, effect.clone()));
            let done = apply(&rig, &key).await;
            assert_eq!(done["state"], "done", "{dialect:?} {effect:?}: {done:#}");
            assert_eq!(grants(&rig), wanted());
            let changing = rig
                .control
                .journal()
                .iter()
                .filter(|entry| entry.method != "GET")
                .count();
            assert_eq!(changing, sent, "{dialect:?} {effect:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_renewed_and_the_call_sent_once_more() {
    let (rig, key) = rig(MODERN).await;
    save(&rig, &key, changes()).await;
    let stale = Effect::Status {
        status: 401,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("PATCH", "/api/auth/keys/", stale));
    assert_eq!(apply(&rig, &key).await["state"], "done");
    assert_eq!(grants(&rig), wanted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drops_rules_is_caught() {
    let (rig, key) = rig(LEGACY).await;
    let narrower = json!([change("customers", &only(&["id"]), &only(&["email"]))]);
    save(&rig, &key, narrower).await;
    rig.control.fault(Fault::on(
        "PUT",
        "/api/auth/permissions",
        Effect::DropRestrictions,
    ));
    let view = apply(&rig, &key).await;
    assert_eq!(view["state"], "differs");
    let cell = &view["differences"][0];
    assert_eq!(
        (&cell["resource"], &cell["theirs"], &cell["mine"]),
        (&json!("customers"), &all(), &only(&["id"]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_edited_says_why() {
    let (rig, _) = rig(Dialect::DocsA).await;
    for (label, words) in [
        ("billing-worker", "does not say whether"),
        ("generated-admin", "may do everything"),
    ] {
        let key = rig
            .keys()
            .await
            .into_iter()
            .find(|key| key["label"] == label)
            .unwrap()["id"]
            .clone();
        let view = rig.call("draft_open", json!({ "key": key })).await.unwrap();
        assert!(view["why_not"].as_str().unwrap().contains(words), "{view}");
        let request = json!({ "key": key, "changes": [] });
        assert_eq!(
            rig.call("draft_save", request).await.unwrap_err().code,
            app::Code::EditRefused
        );
    }
}
