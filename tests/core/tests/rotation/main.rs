//! Rotating, making and ending keys against real servers of every dialect.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a proof stops at the first surprise"
)]

mod again;
mod before;
mod delivery;
mod liars;
mod locked;
mod lost;
mod meanwhile;
mod outdated;
mod refused;
mod straight;

use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, Key, Options, World};

/// Every dialect.
const ALL: [Dialect; 4] = [
    Dialect::Modern,
    Dialect::Legacy,
    Dialect::DocsA,
    Dialect::DocsS,
];

/// A rig whose key `worker` has what this dialect can copy, synchronised.
async fn rig(options: Options) -> Rig {
    let dialect = options.dialect;
    let rig = Rig::with(options, |world| world.keys.push(worker(dialect))).await;
    assert_eq!(rig.sync().await["failure"], Value::Null);
    rig
}

/// Plain grants everywhere; field rules where edits keep them, and a KV prefix where it can be set.
fn worker(dialect: Dialect) -> Key {
    let key = Key::new("worker", 1_790_000_000_000)
        .description("Works")
        .grant("orders", Grant::read())
        .grant("invoices", Grant::read_write())
        .grant("attic", Grant::none());
    let ruled = Grant::read_write()
        .select(&["id", "email"])
        .writable(&["email"]);
    match dialect {
        Dialect::Modern => key.grant("customers", ruled).kv("session:", true, false),
        Dialect::Legacy => key.grant("customers", ruled),
        Dialect::DocsA | Dialect::DocsS => key,
    }
}

/// The local id of the key with that label.
async fn key(rig: &Rig, label: &str) -> Value {
    let keys = rig.keys().await;
    let found = keys.iter().find(|key| key["label"] == label);
    found.unwrap_or_else(|| panic!("{label} in {keys:#?}"))["id"].clone()
}

async fn rotate(rig: &Rig) -> Value {
    json!({ "purpose": "rotate", "key": key(rig, "worker").await, "emergency": false, "soak_minutes": null })
}

/// Begins the rotation of `worker`.
async fn begun(rig: &Rig) -> Value {
    drive::begin(&rig.app, &rotate(rig).await).await.unwrap()
}

/// Begins it and takes it as far as that state.
async fn taken(rig: &Rig, until: &str) -> (Value, Value) {
    let operation = begun(rig).await;
    let view = drive::drive(&rig.app, &rig.clock, &operation, until).await;
    (operation, view)
}

/// The server's keys of that label.
fn on_server(world: &World, label: &str) -> Vec<Key> {
    let labelled = |key: &&Key| key.label.as_deref() == Some(label);
    world.keys.iter().filter(labelled).cloned().collect()
}

/// What the check of that kind came to: verdict and mark.
fn check(view: &Value, round: &str, kind: &str) -> (String, String) {
    let checks = view[round].as_array().unwrap();
    let one = checks
        .iter()
        .find(|check| check["kind"] == kind)
        .unwrap_or_else(|| panic!("no {kind} in {view:#}"));
    let text = |name: &str| one[name].as_str().unwrap().to_owned();
    (text("verdict"), text("mark"))
}

fn code(view: &Value) -> &str {
    view["failure"]["code"].as_str().unwrap_or("none")
}
