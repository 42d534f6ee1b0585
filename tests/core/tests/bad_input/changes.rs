//! Changes that cannot be made, or not any more.

use crate::{Case, case};
use app::{Code, Failure, Point};
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::ekodb::{Grant, Key};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(
            "an operation that is none",
            Code::OperationUnknown,
            no_operation(),
        ),
        case(
            "a draft that changes nothing",
            Code::NothingToSave,
            nothing(),
        ),
        case("an admin key's rights", Code::EditRefused, admin()),
        case("a plan of yesterday", Code::PlanOutdated, outdated()),
        case("a key that was revoked meanwhile", Code::KeyGone, gone()),
        case(
            "a second writer at the moment of the call",
            Code::ChangedMeanwhile,
            crossed(),
        ),
        case(
            "a program that ended in the middle",
            Code::Interrupted,
            interrupted(),
        ),
    ]
}

/// A synchronised rig with a draft on the billing key: its id and the name of the plan.
async fn drafted() -> (Rig, Value, Value) {
    let rig = Rig::new().await;
    rig.sync().await;
    let key = named(&rig, "billing-worker").await;
    let cells = json!([{ "state": "all" }, { "state": "all" }]);
    let changes = json!([{ "kind": "collection", "resource": "orders", "cells": cells }]);
    rig.call("draft_save", json!({ "key": key, "changes": changes }))
        .await
        .unwrap();
    let plan = rig
        .call("rights_review", json!({ "key": key }))
        .await
        .unwrap()["plan"]
        .clone();
    (rig, key, plan)
}

async fn named(rig: &Rig, label: &str) -> Value {
    rig.keys()
        .await
        .into_iter()
        .find(|key| key["label"] == label)
        .unwrap()["id"]
        .clone()
}

async fn refused(rig: &Rig, name: &str, request: Value) -> Failure {
    rig.call(name, request).await.unwrap_err()
}

fn failure_of(view: &Value) -> Failure {
    serde_json::from_value(view["failure"].clone()).unwrap()
}

async fn no_operation() -> Vec<Failure> {
    let rig = Rig::new().await;
    let other = json!({ "operation": "01919191-0000-7000-8000-000000000000" });
    vec![
        refused(&rig, "operation_show", other.clone()).await,
        refused(&rig, "operation_undo", other).await,
    ]
}

async fn nothing() -> Vec<Failure> {
    let rig = Rig::new().await;
    rig.sync().await;
    vec![
        refused(
            &rig,
            "rights_review",
            json!({ "key": named(&rig, "billing-worker").await }),
        )
        .await,
    ]
}

async fn admin() -> Vec<Failure> {
    let rig = Rig::new().await;
    rig.sync().await;
    let request = json!({ "key": named(&rig, "generated-admin").await, "changes": [] });
    vec![refused(&rig, "draft_save", request).await]
}

async fn outdated() -> Vec<Failure> {
    let (rig, key, _) = drafted().await;
    vec![
        refused(
            &rig,
            "rights_apply",
            json!({ "key": key, "plan": "another" }),
        )
        .await,
    ]
}

async fn gone() -> Vec<Failure> {
    let (rig, key, plan) = drafted().await;
    rig.control.edit(|world| {
        world
            .keys
            .retain(|key| key.label.as_deref() != Some("billing-worker"));
    });
    vec![refused(&rig, "rights_apply", json!({ "key": key, "plan": plan })).await]
}

/// The second writer comes after the fresh read, just before the call.
async fn crossed() -> Vec<Failure> {
    let (rig, key, plan) = drafted().await;
    let control = rig.control.clone();
    rig.watch.at_each(move |point| {
        if point == Point::AfterIntent {
            control.edit(|world| {
                billing(&mut world.keys)
                    .grants
                    .insert("orders".into(), Grant::none());
            });
        }
    });
    vec![failure_of(&stopped(&rig, &key, &plan, "stopped").await)]
}

/// The task ends without a word between the call and its answer; the server is gone at the next start.
async fn interrupted() -> Vec<Failure> {
    let (mut rig, key, plan) = drafted().await;
    rig.watch.at_each(|point| {
        if point == Point::AfterEffect {
            std::panic::resume_unwind(Box::new("the end"));
        }
    });
    let applied = rig
        .call("rights_apply", json!({ "key": key, "plan": plan }))
        .await
        .unwrap();
    while rig.control.requests("PATCH", "/api/auth/keys/") < 1 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    rig.server.take().unwrap().stop().await;
    let rig = rig.restart().await;
    rig.sync().await;
    loop {
        let view = rig
            .call(
                "operation_show",
                json!({ "operation": applied["operation"] }),
            )
            .await
            .unwrap();
        if view["state"] == "unknown" {
            return vec![failure_of(&view)];
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn stopped(rig: &Rig, key: &Value, plan: &Value, state: &str) -> Value {
    let applied = rig
        .call("rights_apply", json!({ "key": key, "plan": plan }))
        .await
        .unwrap();
    loop {
        let view = rig
            .call(
                "operation_show",
                json!({ "operation": applied["operation"] }),
            )
            .await
            .unwrap();
        if view["state"] == state {
            return view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

fn billing(keys: &mut [Key]) -> &mut Key {
    keys.iter_mut()
        .find(|key| key.label.as_deref() == Some("billing-worker"))
        .unwrap()
}
