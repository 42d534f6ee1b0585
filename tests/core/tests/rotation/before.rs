//! What fails before a change is sent, such as the log-in for it, says nothing about the change.

use crate::{begun, code, key, rig};
use app::Point;
use core_tests::{Rig, drive};
use serde_json::json;
use simulators::{Effect, Fault, ekodb::Options};
use std::sync::Arc;

const TOKEN: &str = "/api/auth/token";

/// The session is too short for the next change, and the log-in for it is answered with this status, once.
fn log_in_fails(rig: &Rig, status: u16) {
    let (control, clock) = (rig.control.clone(), Arc::clone(&rig.clock));
    let mut done = false;
    rig.watch.at_each(move |point| {
        if point == Point::AfterIntent && !done {
            done = true;
            clock.advance(3_600_000 - 90_000);
            let refusal = Effect::Status {
                status,
                retry_after: None,
                body: None,
            };
            control.fault(Fault::on("POST", TOKEN, refusal));
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_is_not_found_is_no_missing_key() {
    let rig = rig(Options::default()).await;
    let wish = json!({ "purpose": "revoke", "key": key(&rig, "worker").await });
    let operation = drive::begin(&rig.app, &wish).await.unwrap();
    log_in_fails(&rig, 404);
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(rig.control.requests("DELETE", ""), 0);
    assert_eq!(code(&view), "wrong_server", "{view:#}");
    let again = json!({ "act": "again" });
    drive::act(&rig.app, &operation, again).await.unwrap();
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(view["state"], "closed", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_is_refused_does_not_take_the_chosen_value_back() {
    for status in [409, 422] {
        let rig = rig(Options::default()).await;
        log_in_fails(&rig, status);
        let operation = begun(&rig).await;
        let view = drive::rest(&rig.app, &operation).await;
        assert_eq!(rig.control.requests("POST", "/api/auth/register"), 0);
        assert_eq!(view["state"], "create_refused", "{status}: {view:#}");
        let again = json!({ "act": "again" });
        let view = drive::act(&rig.app, &operation, again).await.unwrap();
        assert_eq!(view["state"], "verified", "{status}: {view:#}");
        assert_eq!(view["honoured"], json!(true), "{status}");
    }
}
