//! A list that was read before a change, and comes to be stored after it.

use crate::{rig, taken};
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Key, Options},
};
use std::time::Duration;

const LIST: &str = "/api/auth/keys";

/// How many keys of that label are not gone.
async fn live(rig: &Rig, label: &str) -> usize {
    let keys = rig.keys().await;
    let labelled = keys.iter().filter(|key| key["label"] == label);
    labelled.filter(|key| key["gone_at"].is_null()).count()
}

/// Begins to read, and comes back when the server has made its answer of the list, which is long in coming.
async fn reading(rig: &Rig) {
    rig.settled().await;
    rig.control.clear_journal();
    // What the probe asks for begins with the same path.
    let late = Fault::on("GET", LIST, Effect::Delay { ms: 600 }).after(1);
    let slow = Effect::Drip { ms_per_byte: 15 };
    rig.control.fault(late);
    rig.control
        .fault(Fault::on("GET", "/api/collections", slow));
    let id = rig.deployment.to_string();
    rig.call("sync_start", json!({ "deployment": id }))
        .await
        .unwrap();
    while rig.control.requests("GET", LIST) < 2 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_ended_meanwhile_stays_gone() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "soaking").await;
    let skip = json!({ "act": "skip_soak" });
    drive::act(&rig.app, &operation, skip).await.unwrap();
    reading(&rig).await;
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(view["state"], "closed", "{view:#}");
    assert_eq!(rig.settled().await["failure"], Value::Null);
    assert_eq!(live(&rig, "worker").await, 0);
    assert_eq!(live(&rig, "worker ~g2").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_made_meanwhile_stays() {
    let rig = rig(Options::default()).await;
    reading(&rig).await;
    let (_, view) = taken(&rig, "verified").await;
    assert_eq!(view["state"], "verified", "{view:#}");
    assert_eq!(rig.settled().await["failure"], Value::Null);
    assert_eq!(live(&rig, "worker ~g2").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_is_led_elsewhere_while_it_is_read_is_read_there() {
    let rig = rig(Options::default()).await;
    let other = Rig::with(Options::default(), |world| {
        world.keys.push(Key::new("elsewhere", 1_790_000_000_000));
    })
    .await;
    reading(&rig).await;
    let credential = rig.offer(&other.admin).await;
    let edit = json!({ "deployment": rig.deployment.to_string(), "name": "shop", "environment": "test",
        "link": other.link(), "credential": credential });
    rig.call("deployment_edit", edit).await.unwrap();
    assert_eq!(rig.settled().await["failure"], Value::Null);
    assert_eq!(live(&rig, "elsewhere").await, 1);
}
