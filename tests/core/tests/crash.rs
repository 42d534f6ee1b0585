//! Kill -9 at every boundary between a commit and an effect of an edit: after a restart the operation goes on,
//! and the server ends as if nothing had happened.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

use app::{Checkpoint, Point};
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, Options};
use std::{
    collections::BTreeMap,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const ROOT: &str = "KEYSTEAD_CRASH_ROOT";
const PASSES: &str = "KEYSTEAD_CRASH_AFTER";

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
        .restart_after(async |root: &Path| status = Some(child(root.to_owned(), passes).await))
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

async fn child(root: PathBuf, passes: usize) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["the_program_that_is_killed", "--exact", "--nocapture"])
        .env(ROOT, root)
        .env(PASSES, passes.to_string());
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    let ended = output.status.success() || output.status.signal().is_some();
    assert!(
        ended,
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.status
}

/// Ends the process at its n-th boundary.
struct Killer {
    passes: AtomicUsize,
}

impl Checkpoint for Killer {
    fn pass(&self, _: Point) {
        if self.passes.fetch_sub(1, Ordering::SeqCst) == 1 {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-9", &me]).status().unwrap();
            std::thread::sleep(Duration::from_mins(1));
        }
    }
}

/// The other half: reviews and applies the draft that it finds. Alone it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_that_is_killed() {
    let (Some(root), Ok(passes)) = (std::env::var_os(ROOT), std::env::var(PASSES)) else {
        return;
    };
    let killer = Killer {
        passes: AtomicUsize::new(passes.parse().unwrap()),
    };
    let (app, _, _) = core_tests::open(Path::new(&root), Arc::new(killer)).await;
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
