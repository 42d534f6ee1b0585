//! Locking and quitting while something is under way: the step in flight ends, nothing that waited begins.

use crate::{meanwhile, rig, taken};
use app::{Code, Failure, Point};
use core_tests::{Clipboard, Rig, drive, journal};
use serde_json::{Value, json};
use simulators::ekodb::Options;
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{Sender, channel},
    },
    task::{Context, Waker},
    time::Duration,
};
use tokio::task::JoinHandle;

fn holds(rig: &Rig) -> Option<String> {
    match &*rig.desk.clipboard.lock().unwrap() {
        Clipboard::Text(text) => Some(text.clone()),
        Clipboard::Empty | Clipboard::Broken => None,
    }
}

/// Goes as far as it comes by itself, and whether it waits there.
fn waits(call: &mut Pin<Box<impl Future>>) -> bool {
    let mut nobody = Context::from_waker(Waker::noop());
    call.as_mut().poll(&mut nobody).is_pending()
}

/// Asks for the secret on the clipboard, and comes back when the desktop was asked.
async fn laying(rig: &Rig, operation: &Value) -> JoinHandle<Result<Value, Failure>> {
    let request = json!({ "operation": operation, "to": { "to": "clipboard" } });
    let app = Arc::clone(&rig.app);
    let call = tokio::spawn(async move { drive::call(&app, "rotation_deliver", request).await });
    while rig.desk.lays.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    call
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
            // Else the thread that would tell the time might be this one.
            tokio::task::block_in_place(|| waits.recv()).unwrap();
        }
    });
    drive::begin(&rig.app, &meanwhile::creation(rig))
        .await
        .unwrap();
    comes.await.unwrap();
    go
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clipboard_that_takes_its_time_holds_nothing_after_locking() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let slow = rig.desk.laying.lock().await;
    let laying = laying(&rig, &operation).await;
    rig.call("vault_lock", json!({})).await.unwrap();
    drop(slow);
    let refused = laying.await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::VaultLocked);
    assert_eq!(holds(&rig), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_slow_clipboard_gets_too_late_is_taken_back_and_said() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "adopted").await;
    let slow = rig.desk.laying.lock().await;
    let laying = laying(&rig, &operation).await;
    let pause = json!({ "act": "pause" });
    let view = drive::act(&rig.app, &operation, pause).await.unwrap();
    assert_eq!(view["state"], "paused", "{view:#}");
    drop(slow);
    let refused = laying.await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::NotNow);
    assert_eq!(holds(&rig), None);
    let said = meanwhile::audited(&rig).await;
    let (act, facts) = said.last().unwrap();
    assert_eq!(act, "key.deliver.write");
    assert!(facts.contains("clipboard"), "{facts}");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn quitting_waits_for_the_step_in_flight() {
    let rig = rig(Options::default()).await;
    let go = held_at(&rig, Point::AfterEffect).await;
    let mut stopping = Box::pin(rig.app.stop());
    let while_held = tokio::time::timeout(Duration::from_millis(500), &mut stopping).await;
    assert!(while_held.is_err(), "it did not wait");
    go.send(()).unwrap();
    stopping.await;
    let journal = journal(&rig.database()).await;
    let last = journal.last().unwrap();
    assert_eq!(last["event"], "create_answered", "{journal:#?}");
}
