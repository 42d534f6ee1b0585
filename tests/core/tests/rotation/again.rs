//! What stopped, and goes on again: nothing is waved through, and from everywhere a way leads out.

use crate::{check, code, key, on_server, rig, rotate, taken};
use app::{Code, Point};
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Control, Effect, Fault,
    ekodb::{CallerKey, Dialect, Grant, ListSecret, Options, World},
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

fn missing() -> Effect {
    Effect::Status {
        status: 404,
        retry_after: None,
        body: None,
    }
}

fn limited() -> Effect {
    Effect::Status {
        status: 429,
        retry_after: Some("1".to_owned()),
        body: None,
    }
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

/// Does that to the server at the first such point from now on.
fn once_at(rig: &Rig, wanted: Point, change: impl Fn(&Control) + Send + 'static) {
    let (control, mut done) = (rig.control.clone(), false);
    rig.watch.at_each(move |point| {
        if point == wanted && !done {
            done = true;
            change(&control);
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_left_a_right_is_looked_at_again_and_can_be_taken_back() {
    let rig = rig(Options::default()).await;
    let before = on_server(&rig.control.world(), "worker").remove(0);
    let (operation, _) = taken(&rig, "adopted").await;
    once_at(&rig, Point::AfterReadBack, |control| {
        control.edit(|world| {
            let left = Grant::read();
            worker(world).grants.insert("orders".into(), left);
        });
    });
    let view = act(&rig, &operation, "pause").await;
    assert_eq!(where_it_stands(&view), ("needs_you", "check_failed"));
    assert_eq!(check(&view, "paused_checks", "powerless").0, "failed");
    let view = act(&rig, &operation, "again").await;
    assert_eq!(where_it_stands(&view), ("needs_you", "check_failed"));
    assert!(!may(&view, "begin_soak"), "{view:#}");
    let view = act(&rig, &operation, "restore").await;
    assert_eq!(view["state"], "adopted", "{view:#}");
    let after = on_server(&rig.control.world(), "worker").remove(0);
    assert_eq!((after.grants, after.kv), (before.grants, before.kv));
    let view = act(&rig, &operation, "pause").await;
    assert_eq!(view["state"], "paused", "{view:#}");
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(view["grade"], "A", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_nobody_could_ask_about_is_asked_about_again() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "adopted").await;
    once_at(&rig, Point::AfterReadBack, |control| {
        control.fault(Fault::always("POST", "/api/auth/token", limited()));
    });
    let view = act(&rig, &operation, "pause").await;
    assert_eq!(view["state"], "paused", "{view:#}");
    assert_eq!(check(&view, "paused_checks", "powerless").0, "not_proved");
    rig.control.clear_faults();
    let view = act(&rig, &operation, "verify").await;
    assert_eq!(check(&view, "paused_checks", "powerless").0, "passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_that_died_is_neither_handed_over_nor_relied_on() {
    let rig = rig(Options::default()).await;
    for until in ["verified", "delivered"] {
        let create = json!({ "purpose": "create", "deployment": rig.deployment.to_string(), "label": until,
            "description": "", "rights": [] });
        for wish in [create, rotate(&rig).await] {
            let operation = drive::begin(&rig.app, &wish).await.unwrap();
            let view = drive::drive(&rig.app, &rig.clock, &operation, until).await;
            assert_eq!(view["state"], until, "{view:#}");
            removed(&rig, view["new"]["label"].as_str().unwrap());
            let view = act(&rig, &operation, "verify").await;
            assert_eq!(where_it_stands(&view), ("needs_you", "check_failed"));
            let view = act(&rig, &operation, "again").await;
            assert_eq!(view["state"], until, "{view:#}");
            for never in ["deliver", "confirm", "finish"] {
                assert!(!may(&view, never), "{never}: {view:#}");
            }
            let to =
                json!({ "operation": operation, "to": { "to": "person", "name": "M. Example" } });
            let refused = rig.call("rotation_deliver", to).await.unwrap_err();
            assert_eq!(refused.code, Code::NotNow);
            // Nor is it a dead end: nothing is left to be revoked, and that is what is found.
            let view = drive::revoke(&rig.app, &operation, "new").await.unwrap();
            assert_eq!(view["state"], "rolled_back", "{view:#}");
        }
    }
    assert_eq!(ends_sent(&rig), 0);
    assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_old_key_that_somebody_else_ended_is_proved_gone_without_a_call() {
    for dialect in crate::ALL {
        let (rig, operation) = at_the_end(Options::of(dialect)).await;
        removed(&rig, "worker");
        let wrong = json!({ "operation": operation, "of": "old", "typed": "search-ro" });
        let refused = rig.call("rotation_revoke", wrong).await.unwrap_err();
        assert_eq!(refused.code, Code::ConfirmationWrong, "{dialect:?}");
        let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
        assert_eq!(view["state"], "closed", "{dialect:?}: {view:#}");
        assert_eq!(view["grade"], "B", "nothing was sent: {view:#}");
        assert_eq!(check(&view, "death_checks", "absent").0, "passed");
        for open in ["old_works", "old_refused"] {
            assert_eq!(check(&view, "death_checks", open).0, "not_proved");
        }
        assert_eq!(ends_sent(&rig), 0, "{dialect:?}");
        let request = json!({ "operation": operation });
        let certificate = rig.call("certificate_show", request).await.unwrap();
        let body = certificate["body"].as_str().unwrap();
        assert!(body.contains("gone before anything was sent"), "{body}");
        let body: Value = serde_json::from_str(body).unwrap();
        let generations = (&body["old"]["generation"], &body["new"]["generation"]);
        assert_eq!(generations, (&json!(1), &json!(2)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_to_be_revoked_that_is_gone_already_gets_its_certificate() {
    let rig = rig(Options::default()).await;
    let wish = json!({ "purpose": "revoke", "key": key(&rig, "worker").await });
    let operation = drive::begin(&rig.app, &wish).await.unwrap();
    removed(&rig, "worker");
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(
        (&view["state"], &view["grade"], &view["has_certificate"]),
        (&json!("closed"), &json!("B"), &json!(true)),
        "{view:#}"
    );
    assert_eq!(ends_sent(&rig), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_a_list_lacks_and_whose_secret_works_is_not_taken_for_gone() {
    let (rig, operation) = at_the_end(Options::default()).await;
    rig.control.edit(|world| {
        let hidden = &mut worker(world).overrides;
        hidden.insert("id".into(), json!("ffffffffffffffffffffffffffffffff"));
        hidden.insert("key".into(), json!("ek_somebody_elses"));
    });
    let refused = drive::revoke(&rig.app, &operation, "old").await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::RevokeGuarded);
    assert_eq!(refused.params["conditions"], "fresh_list");
    assert_eq!(drive::show(&rig.app, &operation).await["state"], "soaking");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_nobody_could_try_does_not_count_as_refused() {
    let (rig, operation) = at_the_end(Options::default()).await;
    removed(&rig, "worker");
    once_at(&rig, Point::AfterCommit, |control| {
        control.fault(Fault::always("POST", "/api/auth/token", limited()));
    });
    let refused = drive::revoke(&rig.app, &operation, "old").await;
    assert_eq!(refused.unwrap_err().code, Code::RateLimited);
    assert_eq!(drive::show(&rig.app, &operation).await["state"], "soaking");
    rig.control.clear_faults();
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(view["state"], "closed", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_list_without_the_key_is_not_enough() {
    let (rig, operation) = at_the_end(Options::default()).await;
    let old = worker(&mut rig.control.world()).clone();
    removed(&rig, "worker");
    // What the first list lacked is in the second.
    once_at(&rig, Point::BeforeIntent, move |control| {
        control.edit(|world| world.keys.push(old.clone()));
    });
    let refused = drive::revoke(&rig.app, &operation, "old").await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::RevokeGuarded);
    assert_eq!(refused.params["conditions"], "fresh_list");
    assert_eq!(ends_sent(&rig), 0);
    assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_that_was_carried_out_and_answered_404_leads_on_to_its_proof() {
    let (rig, operation) = at_the_end(Options::default()).await;
    once_at(&rig, Point::AfterIntent, |control| {
        control.edit(|world| {
            world
                .keys
                .retain(|key| key.label.as_deref() != Some("worker"));
        });
        control.fault(Fault::on("DELETE", "/api/auth/keys/", missing()));
    });
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(where_it_stands(&view), ("needs_you", "key_missing"));
    let view = act(&rig, &operation, "again").await;
    assert!(may(&view, "revoke"), "{view:#}");
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(
        (&view["state"], &view["grade"]),
        (&json!("closed"), &json!("B")),
        "{view:#}"
    );
    assert_eq!(ends_sent(&rig), 1, "nothing was sent for what is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orphan_that_somebody_removed_by_hand_is_no_dead_end() {
    let options = Options {
        list_secret: ListSecret::Masked,
        caller_key: CallerKey::Refuse,
        ..Options::default()
    };
    let rig = rig(options).await;
    let lost = Fault::on("POST", "/api/auth/register", Effect::AppliedThenLost);
    rig.control.fault(lost.after(1));
    let operation = crate::begun(&rig).await;
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "orphan", "{view:#}");
    removed(&rig, "worker ~g2");
    drive::revoke(&rig.app, &operation, "orphan").await.unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "verified").await;
    assert_eq!(view["state"], "verified", "{view:#}");
    assert_eq!(ends_sent(&rig), 0);
    assert_eq!(on_server(&rig.control.world(), "worker ~g2").len(), 1);
}

/// The server says that it has ended the old key, and has not.
async fn ended_in_word_only(rig: &Rig, operation: &Value) {
    let nothing = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: json!({ "status": "success" }).to_string(),
    };
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", nothing));
    let view = drive::revoke(&rig.app, operation, "old").await.unwrap();
    assert_eq!(where_it_stands(&view), ("needs_you", "key_still_alive"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_that_did_nothing_can_be_asked_for_again() {
    let (rig, operation) = at_the_end(Options::default()).await;
    ended_in_word_only(&rig, &operation).await;
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
    ended_in_word_only(&rig, &operation).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_never_kept_is_not_said_to_have_ended() {
    let (rig, operation) = at_the_end(Options::default()).await;
    rig.control.fault(Fault::always(
        "GET",
        "/api/auth/keys/me/permissions",
        limited(),
    ));
    let _ = drive::revoke(&rig.app, &operation, "old").await;
    rig.control.clear_faults();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
    let checks = view["death_checks"].as_array().unwrap();
    let session = |one: &&Value| one["kind"] == "old_session_refused";
    let seen = checks.iter().find(session).unwrap()["seen"].as_str();
    assert_eq!(seen, Some("no session of it could be kept"), "{view:#}");
}
