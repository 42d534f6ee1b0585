//! Locking while something is under way: the step in flight ends, nothing that waited begins.

use crate::{meanwhile, rig, taken};
use app::{Code, Point};
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::ekodb::Options;
use std::{
    pin::Pin,
    sync::mpsc::{Sender, channel},
    task::{Context, Waker},
};

/// Goes as far as it comes by itself, and whether it waits there.
fn waits(call: &mut Pin<Box<impl Future>>) -> bool {
    let mut nobody = Context::from_waker(Waker::noop());
    call.as_mut().poll(&mut nobody).is_pending()
}

/// Begins to make a key, and comes back when its runner stands at that point, where it waits to be let go.
async fn held_at(rig: &Rig, at: Point) -> Sender<()> {
    let (reached, comes) = tokio::sync::oneshot::channel();
    let (go, waits) = channel();
    let mut reached = Some(reached);
    rig.watch.at_each(move |point| {
        if point == at
            && let Some(reached) = reached.take()
        {
            reached.send(()).unwrap();
            waits.recv().unwrap();
        }
    });
    drive::begin(&rig.app, &meanwhile::creation(rig))
        .await
        .unwrap();
    comes.await.unwrap();
    go
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_for_its_turn_when_it_is_locked_does_not_begin() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "delivered").await;
    let go = held_at(&rig, Point::BeforeIntent).await;
    let act = json!({ "act": "confirm", "by": "M. Example" });
    let request = json!({ "operation": operation, "act": act });
    let mut confirming = Box::pin(rig.call("rotation_act", request));
    let to = json!({ "operation": operation, "to": { "to": "person", "name": "M. Example" } });
    let mut telling = Box::pin(rig.call("rotation_deliver", to));
    let mut locking = Box::pin(rig.call("vault_lock", json!({})));
    // Each stands behind the one before it.
    assert!(waits(&mut confirming) && waits(&mut telling) && waits(&mut locking));
    go.send(()).unwrap();
    let (confirmed, told, locked) = tokio::join!(confirming, telling, locking);
    assert_eq!(confirmed.unwrap_err().code, Code::VaultLocked);
    assert_eq!(told.unwrap_err().code, Code::VaultLocked);
    locked.unwrap();
    rig.call("vault_unlock", json!({ "passphrase": null }))
        .await
        .unwrap();
    let view = drive::show(&rig.app, &operation).await;
    assert_eq!(view["state"], "delivered", "{view:#}");
    assert_eq!(view["deliveries"].as_array().unwrap().len(), 1);
}
