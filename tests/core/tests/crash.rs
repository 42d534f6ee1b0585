//! Kill -9 at every boundary between a commit and an effect of an edit: after a restart the operation goes on,
//! and the server ends as if nothing had happened.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use core_tests::{Killer, Rig};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, Options};
use std::{
    collections::BTreeMap, os::unix::process::ExitStatusExt, path::Path, process::ExitStatus,
    time::Duration,
};

/// Two rows that change: one call each.
fn changes() -> Value {
    let (all, none) = (json!({ "state": "all" }), json!({ "state": "none" }));
    let ids = json!({ "state": "fields", "only": ["id"], "except": null });
    json!([
        { "kind": "collection", "resource": "orders", "cells": [all, all] },
        { "kind": "collection", "resource": "products", "cells": [ids, none] },
    ])
}

/// Begun, four points a call, and one for the reading back.
const BOUNDARIES: usize = 1 + 4 * 2 + 1;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_edit_killed_anywhere_ends_like_one_that_was_not() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let (undisturbed, status) = run(dialect, usize::MAX).await;
        assert!(
            status.success(),
            "the control: a run that nobody kills ends by itself"
        );
        for passes in 1..=BOUNDARIES {
            let (grants, status) = run(dialect, passes).await;
            assert_eq!(
                status.signal(),
                Some(9),
                "{dialect:?}: boundary {passes} was not reached"
            );
            assert_eq!(
                grants, undisturbed,
                "{dialect:?}, killed at boundary {passes}"
            );
        }
        let (_, status) = run(dialect, BOUNDARIES + 1).await;
        assert!(
            status.success(),
            "{dialect:?}: there are more boundaries than this test kills at"
        );
    }
}

/// What the server holds after an edit that was killed at its n-th boundary and resumed after a restart.
async fn run(dialect: Dialect, passes: usize) -> (BTreeMap<String, Grant>, ExitStatus) {
    let rig = Rig::with(Options::of(dialect), |_| {}).await;
    rig.sync().await;
    let key = rig
        .keys()
        .await
        .into_iter()
        .find(|key| key["label"] == "billing-worker")
        .unwrap()["id"]
        .clone();
    rig.call("draft_save", json!({ "key": key, "changes": changes() }))
        .await
        .unwrap();
    let mut status = None;
    let rig = rig
        .restart_after(async |root: &Path| {
            status = Some(Killer::run("the_program_that_is_killed", root, passes).await);
        })
        .await;
    rig.sync().await;
    while rig.call("operations_open", json!({})).await.unwrap() != json!([]) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let draft = rig.call("draft_open", json!({ "key": key })).await.unwrap();
    assert_eq!(
        draft["saved_at"],
        Value::Null,
        "the draft became the operation in one commit"
    );
    let billing = rig.control.world().keys.remove(1);
    (billing.grants, status.unwrap())
}

/// The other half: reviews and applies the draft that it finds. Alone it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_that_is_killed() {
    let Some((root, killer)) = Killer::waiting() else {
        return;
    };
    let (app, _, _) = core_tests::open(&root, killer).await;
    let call = async |name: &str, request: Value| {
        let effect = app::commands::COMMANDS
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1;
        app::commands::dispatch(&app, effect, name, request)
            .await
            .unwrap()
    };
    let page = call("keys_list", core_tests::keys_query("billing")).await;
    let key = page["rows"][0]["id"].clone();
    let plan = call("rights_review", json!({ "key": key })).await["plan"].clone();
    let applied = call("rights_apply", json!({ "key": key, "plan": plan })).await;
    while call(
        "operation_show",
        json!({ "operation": applied["operation"] }),
    )
    .await["state"]
        != "done"
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    app.stop().await;
}
