//! A server that lies: the rotation stops with the reason, and the old key is as it was.

use crate::{begun, check, code, on_server, rig, taken};
use app::Point;
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, Key, Options},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

fn reply(body: &Value) -> Effect {
    Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_string(),
    }
}

/// The old key is untouched, and nothing can end it from here.
fn assert_untouched(rig: &Rig, before: &Key, view: &Value) {
    let after = on_server(&rig.control.world(), "worker");
    assert_eq!(after.len(), 1);
    assert_eq!(
        (&after[0].grants, &after[0].kv, &after[0].key),
        (&before.grants, &before.kv, &before.key)
    );
    let acts = view["acts"].as_array().unwrap();
    assert!(!acts.contains(&json!("revoke")), "{view:#}");
}

/// Does `act` to the server between the first create and what the core makes of it.
fn meanwhile(rig: &Rig, act: impl Fn(&mut simulators::ekodb::World) + Send + 'static) {
    let control = rig.control.clone();
    let seen = Arc::new(AtomicUsize::new(0));
    rig.watch.at_each(move |point| {
        if point == Point::AfterEffect && seen.fetch_add(1, Ordering::SeqCst) == 0 {
            control.edit(|world| act(world));
        }
    });
}

async fn stopped(rig: &Rig) -> Value {
    let operation = begun(rig).await;
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "needs_you", "{view:#}");
    view
}

#[tokio::test(flavor = "multi_thread")]
async fn valid_to_anything() {
    let rig = rig(Options::default()).await;
    let before = on_server(&rig.control.world(), "worker").remove(0);
    let token = json!({ "token": "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.x" });
    rig.control
        .fault(Fault::always("POST", "/api/auth/token", reply(&token)));
    let view = stopped(&rig).await;
    assert_eq!(code(&view), "check_failed", "{view:#}");
    assert_eq!(check(&view, "new_checks", "negative_control").0, "failed");
    assert_untouched(&rig, &before, &view);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_value_of_another_key_in_the_reply() {
    for other in ["worker", "search-ro", "generated-admin"] {
        let rig = rig(Options::of(Dialect::Legacy)).await;
        let before = on_server(&rig.control.world(), "worker").remove(0);
        let victim = on_server(&rig.control.world(), other).remove(0);
        let record = json!({ "key": victim.key, "label": "worker ~g2" });
        rig.control
            .fault(Fault::on("POST", "/api/auth/register", reply(&record)));
        let operation = begun(&rig).await;
        let view = drive::rest(&rig.app, &operation).await;
        let known = ["needs_you", "create_unknown"];
        assert!(
            known.contains(&view["state"].as_str().unwrap()),
            "{other}: {view:#}"
        );
        assert_eq!(code(&view), "other_key_returned", "{other}: {view:#}");
        assert_untouched(&rig, &before, &view);
        // Nor can it be ended as if it were ours.
        let rolled = drive::revoke(&rig.app, &operation, "new").await;
        assert!(rolled.is_err(), "{other}: {rolled:#?}");
        let sent = rig.control.journal();
        assert!(!sent.iter().any(|one| one.method == "DELETE"), "{other}");
        let after = on_server(&rig.control.world(), other).remove(0);
        assert_eq!(after.grants, victim.grants, "{other} got nothing either");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wider_rights_than_asked() {
    for widen in [
        |key: &mut Key| {
            key.grants.insert("payments".into(), Grant::read());
        },
        |key: &mut Key| key.is_admin = true,
    ] {
        let rig = rig(Options::default()).await;
        let before = on_server(&rig.control.world(), "worker").remove(0);
        meanwhile(&rig, move |world| widen(world.keys.last_mut().unwrap()));
        let view = stopped(&rig).await;
        assert_eq!(
            (code(&view), &view["failure"]["params"]["check"]),
            ("check_failed", &json!("rights_equal"))
        );
        assert_untouched(&rig, &before, &view);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn narrower_rights_than_were_set() {
    let rig = rig(Options::default()).await;
    let before = on_server(&rig.control.world(), "worker").remove(0);
    rig.control.fault(Fault::always(
        "PUT",
        "/api/auth/keys/",
        Effect::DropRestrictions,
    ));
    let view = stopped(&rig).await;
    assert_eq!(code(&view), "stored_otherwise", "{view:#}");
    assert_untouched(&rig, &before, &view);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_forgets_the_new_key() {
    let rig = rig(Options::default()).await;
    let before = on_server(&rig.control.world(), "worker").remove(0);
    meanwhile(&rig, |world| {
        world.keys.pop();
    });
    let view = stopped(&rig).await;
    assert_eq!(code(&view), "key_gone");
    assert_untouched(&rig, &before, &view);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_forgets_it_later_stops_the_end() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    rig.control.edit(|world| {
        world
            .keys
            .retain(|key| key.label.as_deref() != Some("worker ~g2"));
    });
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(
        (view["state"].as_str(), code(&view)),
        (Some("needs_you"), "check_failed"),
        "{view:#}"
    );
    assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_paths() {
    for id in [
        "../../collections/orders",
        "%2e%2e",
        "",
        "0123456789ABCDEF0123456789ABCDEF",
    ] {
        let rig = rig(Options::default()).await;
        let before = on_server(&rig.control.world(), "worker").remove(0);
        meanwhile(&rig, move |world| {
            let new = world.keys.last_mut().unwrap();
            new.overrides.insert("id".into(), json!(id));
        });
        rig.control.clear_journal();
        let view = stopped(&rig).await;
        assert!(
            ["edit_refused", "key_gone", "check_failed"].contains(&code(&view)),
            "{view:#}"
        );
        assert_untouched(&rig, &before, &view);
        let odd = rig.control.journal();
        let odd: Vec<_> = odd
            .iter()
            .filter(|entry| entry.path.contains("..") || entry.path.contains("%2e"))
            .collect();
        assert!(odd.is_empty(), "{id:?} reached the wire: {odd:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_answers_200_and_does_nothing() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    let done = json!({ "status": "success", "message": "Key revoked successfully" });
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", reply(&done)));
    drive::revoke(&rig.app, &operation, "old").await.unwrap();
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(
        (view["state"].as_str(), code(&view)),
        (Some("needs_you"), "key_still_alive"),
        "{view:#}"
    );
    assert_eq!(view["grade"], Value::Null);
    assert_eq!(check(&view, "death_checks", "old_refused").0, "failed");
    assert_eq!(check(&view, "death_checks", "absent").0, "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_404_on_the_first_delete_is_an_alarm() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    let missing = Effect::Status {
        status: 404,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", missing));
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(
        (view["state"].as_str(), code(&view)),
        (Some("needs_you"), "key_missing"),
        "{view:#}"
    );
}
