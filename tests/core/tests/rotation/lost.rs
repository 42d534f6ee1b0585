//! Answers that never came: nothing is sent twice blindly, nothing is lost, nothing is left behind unseen.

use crate::{begun, code, on_server, rig, taken};
use app::Point;
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Entry, Fault,
    ekodb::{CallerKey, Dialect, ListSecret, Options},
};

const REGISTER: &str = "/api/auth/register";

fn registered(rig: &Rig) -> usize {
    let journal = rig.control.journal();
    journal
        .iter()
        .filter(|entry| entry.path == REGISTER)
        .count()
}

async fn ends(rig: &Rig, operation: &Value) -> Value {
    let view = drive::drive(&rig.app, &rig.clock, operation, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
    let world = rig.control.world();
    assert_eq!(on_server(&world, "worker"), []);
    assert_eq!(on_server(&world, "worker ~g2").len(), 1, "one successor");
    view
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_applied_create_whose_answer_is_lost_is_found_again() {
    for dialect in crate::ALL {
        let rig = rig(Options::of(dialect)).await;
        rig.control
            .fault(Fault::on("POST", REGISTER, Effect::AppliedThenLost));
        let operation = begun(&rig).await;
        let view = drive::rest(&rig.app, &operation).await;
        assert_eq!(view["state"], "verified", "{dialect:?}: {view:#}");
        assert_eq!(registered(&rig), 1, "{dialect:?}: never sent again");
        let honoured = (dialect == Dialect::Modern).then_some(true);
        assert_eq!(view["honoured"], json!(honoured));
        ends(&rig, &operation).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_never_arrived_is_sent_again_after_two_lists_a_minute_apart() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let rig = rig(Options::of(dialect)).await;
        rig.control
            .fault(Fault::on("POST", REGISTER, Effect::Reset));
        let operation = begun(&rig).await;
        let view = drive::rest(&rig.app, &operation).await;
        assert_eq!(view["state"], "create_unknown", "{view:#}");
        let again = json!({ "act": "again" });
        rig.clock.advance(59_000);
        let view = drive::act(&rig.app, &operation, again.clone())
            .await
            .unwrap();
        assert_eq!(view["state"], "create_unknown", "too soon");
        assert_eq!(registered(&rig), 1);
        rig.clock.advance(2_000);
        let view = drive::act(&rig.app, &operation, again).await.unwrap();
        assert_eq!(view["state"], "verified", "{view:#}");
        assert_eq!(registered(&rig), 2);
        ends(&rig, &operation).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_value_is_lost_is_an_orphan_and_goes_only_by_a_persons_word() {
    let options = Options {
        list_secret: ListSecret::Masked,
        caller_key: CallerKey::Refuse,
        ..Options::default()
    };
    let rig = rig(options).await;
    // The first try is refused for its chosen value; the second lands, and its answer is lost.
    rig.control
        .fault(Fault::on("POST", REGISTER, Effect::AppliedThenLost).after(1));
    let operation = begun(&rig).await;
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(
        (view["state"].as_str(), code(&view)),
        (Some("orphan"), "value_lost"),
        "{view:#}"
    );
    assert_eq!(on_server(&rig.control.world(), "worker ~g2").len(), 1);
    assert_eq!(view["acts"], json!(["revoke_orphan", "abandon"]));
    drive::revoke(&rig.app, &operation, "orphan").await.unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "verified").await;
    assert_eq!(view["state"], "verified", "{view:#}");
    assert_eq!(
        on_server(&rig.control.world(), "worker ~g2").len(),
        1,
        "the orphan is gone"
    );
    let view = ends(&rig, &operation).await;
    assert_eq!(
        view["honoured"],
        Value::Null,
        "this server takes no value of ours"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ignores_our_value_is_believed_about_its_own() {
    let options = Options {
        caller_key: CallerKey::Ignore,
        ..Options::default()
    };
    let rig = rig(options).await;
    let operation = begun(&rig).await;
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(
        (&view["state"], &view["honoured"]),
        (&json!("verified"), &json!(false)),
        "{view:#}"
    );
    ends(&rig, &operation).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_so_and_are_tried_again_when_a_person_wants() {
    for (status, wait) in [(429, Some("7")), (403, None), (503, None)] {
        let rig = rig(Options::of(Dialect::Legacy)).await;
        let refusal = Effect::Status {
            status,
            retry_after: wait.map(str::to_owned),
            body: None,
        };
        rig.control.fault(Fault::on("POST", REGISTER, refusal));
        let operation = begun(&rig).await;
        let view = drive::rest(&rig.app, &operation).await;
        // A 5xx may have been applied.
        let expected = if status == 503 {
            "create_unknown"
        } else {
            "create_refused"
        };
        assert_eq!(view["state"], expected, "{view:#}");
        assert_eq!(registered(&rig), 1, "{status}: not repeated by itself");
        ends(&rig, &operation).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_renewed_and_the_create_sent_once_more() {
    let rig = rig(Options::of(Dialect::Legacy)).await;
    let stale = Effect::Status {
        status: 401,
        retry_after: None,
        body: None,
    };
    rig.control.fault(Fault::on("POST", REGISTER, stale));
    let operation = begun(&rig).await;
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "verified", "{view:#}");
    assert_eq!(registered(&rig), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoke_whose_answer_is_lost_is_found_out_by_reading() {
    for (effect, state) in [
        (Effect::AppliedThenLost, "closed"),
        (Effect::Reset, "needs_you"),
    ] {
        let rig = rig(Options::default()).await;
        let (operation, _) = crate::taken(&rig, "soaking").await;
        drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
            .await
            .unwrap();
        rig.control
            .fault(Fault::on("DELETE", "/api/auth/keys/", effect));
        drive::revoke(&rig.app, &operation, "old").await.unwrap();
        let view = drive::rest(&rig.app, &operation).await;
        assert_eq!(view["state"], state, "{view:#}");
        let deletes = rig.control.journal();
        let deletes = deletes
            .iter()
            .filter(|entry| entry.method == "DELETE" && !entry.path.contains("/kv/"));
        assert_eq!(deletes.count(), 1, "never sent again by itself");
        if state == "needs_you" {
            assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
            let view = drive::act(&rig.app, &operation, json!({ "act": "again" }))
                .await
                .unwrap();
            assert_eq!(view["state"], "soaking");
            ends(&rig, &operation).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_makes_it_wait_with_the_reason() {
    let rig = rig(Options::default()).await;
    rig.control.fault(Fault::always("*", "/", Effect::Reset));
    let refusal = rig
        .call("rotation_plan", crate::rotate(&rig).await)
        .await
        .unwrap_err();
    assert_eq!(refusal.code, app::Code::ConnectionBroken);
    rig.control.clear_faults();
    let (operation, _) = crate::taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    rig.control.fault(Fault::always("GET", "/", Effect::Reset));
    assert!(drive::revoke(&rig.app, &operation, "old").await.is_err());
    assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
    rig.control.clear_faults();
    ends(&rig, &operation).await;
}

fn ends_a_key(entry: &Entry) -> bool {
    entry.method == "DELETE" && !entry.path.contains("/permissions/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_that_the_list_cannot_show_yet_is_asked_for_once_and_not_without_end() {
    let rig = rig(Options::default()).await;
    let control = rig.control.clone();
    rig.watch.at_each(move |point| {
        let ended = control.journal().iter().any(ends_a_key);
        if point == Point::AfterEffect && ended {
            let limited = Effect::Status {
                status: 429,
                retry_after: Some("60".to_owned()),
                body: None,
            };
            control.fault(Fault::always("GET", "/api/auth/keys", limited));
        }
    });
    let (operation, _) = taken(&rig, "soaking").await;
    rig.clock.advance(26 * 3_600_000);
    let view = drive::revoke(&rig.app, &operation, "old").await.unwrap();
    assert_eq!(view["state"], "revoked", "{view:#}");
    assert_eq!(view["waits"]["code"], "rate_limited", "{view:#}");
    let lists = |rig: &Rig| {
        let journal = rig.control.journal();
        let listed = journal.iter().skip_while(|one| !ends_a_key(one));
        listed
            .filter(|one| one.method == "GET" && one.path == "/api/auth/keys")
            .count()
    };
    // For the proof, for the copy, and for the proof once more when that was read.
    assert!(lists(&rig) <= 3, "asked {} times", lists(&rig));
    rig.watch.at_each(|_| {});
    rig.control.clear_faults();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(
        (&view["state"], &view["grade"]),
        (&json!("closed"), &json!("A"))
    );
}
