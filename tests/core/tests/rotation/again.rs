//! What stopped, and goes on again: nothing is waved through, and from everywhere a way leads out.

use crate::{code, on_server, rig, taken};
use app::Code;
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, Options, World},
};

const LIST: &str = "/api/auth/keys";

fn may(view: &Value, act: &str) -> bool {
    view["acts"].as_array().unwrap().contains(&json!(act))
}

fn where_it_stands(view: &Value) -> (&str, &str) {
    (view["state"].as_str().unwrap(), code(view))
}

async fn act(rig: &Rig, operation: &Value, act: &str) -> Value {
    let done = drive::act(&rig.app, operation, json!({ "act": act })).await;
    done.unwrap_or_else(|failure| panic!("{act}: {failure:?}"))
}

/// Somebody ends that key by means of their own.
fn removed(rig: &Rig, label: &str) {
    rig.control.edit(|world| {
        world.keys.retain(|key| key.label.as_deref() != Some(label));
    });
}

fn ends_sent(rig: &Rig) -> usize {
    let journal = rig.control.journal();
    let ends = journal
        .iter()
        .filter(|one| one.method == "DELETE" && !one.path.contains("/permissions/"));
    ends.count()
}

/// The whole of a rotation up to where the old key may be ended.
async fn at_the_end(options: Options) -> (Rig, Value) {
    let rig = rig(options).await;
    let (operation, _) = taken(&rig, "soaking").await;
    let view = act(&rig, &operation, "skip_soak").await;
    assert!(may(&view, "revoke"), "{view:#}");
    (rig, operation)
}

fn worker(world: &mut World) -> &mut simulators::ekodb::Key {
    let labelled = |key: &&mut simulators::ekodb::Key| key.label.as_deref() == Some("worker");
    world.keys.iter_mut().find(labelled).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_did_nothing_can_be_asked_for_again() {
    let (rig, operation) = at_the_end(Options::default()).await;
    let nothing = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: json!({ "status": "success" }).to_string(),
    };
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", nothing));
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(where_it_stands(&view), ("needs_you", "key_still_alive"));
    let view = act(&rig, &operation, "again").await;
    assert_eq!(view["state"], "soaking", "{view:#}");
    assert!(may(&view, "revoke"), "{view:#}");
    assert_eq!(ends_sent(&rig), 1, "only a person sends it again");
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(
        (&view["state"], &view["grade"]),
        (&json!("closed"), &json!("A")),
        "{view:#}"
    );
    assert_eq!(ends_sent(&rig), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_that_came_late_is_proved_after_all() {
    let (rig, operation) = at_the_end(Options::default()).await;
    let nothing = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: json!({ "status": "success" }).to_string(),
    };
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", nothing));
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(where_it_stands(&view), ("needs_you", "key_still_alive"));
    removed(&rig, "worker");
    let view = act(&rig, &operation, "again").await;
    assert_eq!(
        (&view["state"], &view["grade"]),
        (&json!("closed"), &json!("A")),
        "{view:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_key_is_given_its_rights_back_before_it_is_left() {
    let rig = rig(Options::default()).await;
    for until in ["paused", "soaking"] {
        let (operation, view) = taken(&rig, until).await;
        assert!(!may(&view, "abandon"), "{view:#}");
        let refused = drive::act(&rig.app, &operation, json!({ "act": "abandon" })).await;
        assert_eq!(refused.unwrap_err().code, Code::NotNow);
        let view = act(&rig, &operation, "restore").await;
        assert!(may(&view, "abandon"), "{view:#}");
        assert_eq!(act(&rig, &operation, "abandon").await["state"], "abandoned");
        removed(&rig, "worker ~g2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_rights_cannot_be_given_back_it_can_be_left_all_the_same() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "paused").await;
    let broken = Fault::always("GET", LIST, Effect::Reset);
    rig.control.fault(broken);
    let view = act(&rig, &operation, "restore").await;
    assert_eq!(where_it_stands(&view), ("needs_you", "connection_broken"));
    for possible in ["again", "restore", "abandon"] {
        assert!(may(&view, possible), "{possible}: {view:#}");
    }
    rig.control.clear_faults();
    // What failed once may go well the next time; then there is nothing to be left behind.
    let view = act(&rig, &operation, "restore").await;
    assert_eq!(view["state"], "adopted", "{view:#}");
    act(&rig, &operation, "pause").await;
    removed(&rig, "worker");
    let view = act(&rig, &operation, "restore").await;
    assert_eq!(where_it_stands(&view), ("needs_you", "key_gone"));
    assert_eq!(act(&rig, &operation, "abandon").await["state"], "abandoned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_arrives_late_can_be_taken_back() {
    let rig = rig(Options::of(Dialect::Legacy)).await;
    let before = on_server(&rig.control.world(), "worker").remove(0);
    let (operation, _) = taken(&rig, "adopted").await;
    for method in ["PUT", "PATCH"] {
        rig.control
            .fault(Fault::always(method, "/api/auth/", Effect::Reset));
    }
    let view = act(&rig, &operation, "pause").await;
    assert_eq!(view["state"], "needs_you", "{view:#}");
    rig.control.clear_faults();
    rig.control.edit(|world| {
        worker(world).grants.insert("orders".into(), Grant::none());
    });
    assert!(may(&view, "restore") && !may(&view, "abandon"), "{view:#}");
    let view = act(&rig, &operation, "again").await;
    assert!(may(&view, "restore") && !may(&view, "abandon"), "{view:#}");
    let view = act(&rig, &operation, "restore").await;
    assert_eq!(view["state"], "adopted", "{view:#}");
    let after = on_server(&rig.control.world(), "worker").remove(0);
    assert_eq!((after.grants, after.kv), (before.grants, before.kv));
}
