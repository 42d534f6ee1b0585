//! The straight way, to its certificate.

use crate::{ALL, check, key, on_server, rig, taken};
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, ListSecret, Options};

/// A key's grants that allow something; "nothing" and "not named" are the same.
fn grants(key: &simulators::ekodb::Key) -> Vec<(String, Grant)> {
    let named = key.grants.clone().into_iter();
    named
        .filter(|(_, grant)| grant.read || grant.write)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_is_replaced_proved_and_certified_on_every_dialect() {
    for dialect in ALL {
        let rig = rig(Options::of(dialect)).await;
        let before = on_server(&rig.control.world(), "worker").remove(0);
        let old = key(&rig, "worker").await;
        let (operation, view) = taken(&rig, "closed").await;
        assert_eq!(view["state"], "closed", "{dialect:?}: {view:#}");
        assert_eq!(view["grade"], "A", "{dialect:?}: {view:#}");

        let world = rig.control.world();
        assert_eq!(on_server(&world, "worker"), [], "{dialect:?}");
        let after = on_server(&world, "worker ~g2");
        assert_eq!(after.len(), 1, "{dialect:?}");
        assert_eq!(grants(&after[0]), grants(&before), "{dialect:?}");
        assert_eq!(after[0].kv, before.kv, "{dialect:?}");
        assert!(!after[0].is_admin);
        let description = after[0].description.clone().unwrap();
        assert!(description.starts_with("Works ks:"), "{description}");

        for kind in [
            "sealed",
            "authenticates",
            "identified",
            "rights_equal",
            "own_rights",
            "denied",
            "negative_control",
        ] {
            let (verdict, _) = check(&view, "new_checks", kind);
            assert_eq!(verdict, "passed", "{dialect:?} {kind}");
        }
        for kind in ["old_works", "old_refused", "old_session_refused", "absent"] {
            let (verdict, _) = check(&view, "death_checks", kind);
            assert_eq!(verdict, "passed", "{dialect:?} {kind}");
        }
        let can_pause = matches!(dialect, Dialect::Modern | Dialect::Legacy);
        assert_eq!(view["paused"], json!(can_pause), "{dialect:?}");
        assert_eq!(
            view["honoured"],
            json!((dialect == Dialect::Modern).then_some(true))
        );

        let certificate = certificate(&rig, &operation).await;
        let body = certificate["body"].as_str().unwrap();
        for secret in [&before.key, &after[0].key, &rig.admin] {
            assert!(!body.contains(secret.as_str()), "a secret in a certificate");
        }
        let parsed: Value = serde_json::from_str(body).unwrap();
        assert_eq!(parsed["grade"], "A");
        assert_eq!(
            (&parsed["old"]["generation"], &parsed["new"]["generation"]),
            (&json!(1), &json!(2))
        );
        rig.settled().await;
        let gone = rig.call("key_show", json!({ "key": old })).await.unwrap();
        assert_ne!(gone["row"]["gone_at"], Value::Null, "its history stays");
    }
}

async fn certificate(rig: &Rig, operation: &Value) -> Value {
    let request = json!({ "operation": operation });
    let certificate = rig.call("certificate_show", request).await.unwrap();
    assert_eq!(certificate["seal"], "unaltered");
    certificate
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_certificate_or_log_is_noticed() {
    for (table, change, seal) in [
        (
            "certificates",
            "UPDATE certificates SET body = replace(body, '\"grade\": \"A\"', '\"grade\": \"B\"')",
            "altered",
        ),
        (
            "audit",
            "UPDATE audit SET facts = '{}' WHERE act = 'key.confirm'",
            "log_broken",
        ),
    ] {
        let rig = rig(Options::default()).await;
        let (operation, _) = taken(&rig, "closed").await;
        certificate(&rig, &operation).await;
        // The triggers keep this program from doing so; another one with the file in its hands can drop them.
        let database = rig.database();
        let sql = format!(
            "DROP TRIGGER IF EXISTS certificates_are_never_changed; DROP TRIGGER IF EXISTS audit_is_never_changed; {change}"
        );
        core_tests::alter(&database, &sql).await;
        let request = json!({ "operation": operation });
        let found = rig.call("certificate_show", request).await.unwrap();
        assert_eq!(found["seal"], seal, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn generations_are_counted_from_one_rotation_to_the_next() {
    let rig = rig(Options::default()).await;
    taken(&rig, "closed").await;
    rig.sync().await;
    let wish = json!({ "purpose": "rotate", "key": key(&rig, "worker ~g2").await, "emergency": false, "soak_minutes": 0 });
    let operation = drive::begin(&rig.app, &wish).await.unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
    let third = on_server(&rig.control.world(), "worker ~g3");
    assert_eq!(third.len(), 1);
    let description = third[0].description.as_deref().unwrap();
    assert_eq!(
        description.matches("ks:").count(),
        1,
        "one marker, replaced"
    );
    let request = json!({ "operation": operation });
    let certificate = rig.call("certificate_show", request).await.unwrap();
    let body: Value = serde_json::from_str(certificate["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["new"]["generation"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_with_its_rights_in_the_safe_order() {
    for dialect in ALL {
        let rig = rig(Options::of(dialect)).await;
        let deployment = rig.deployment.to_string();
        let form = json!({ "deployment": deployment, "like": null });
        let form = rig.call("create_open", form).await.unwrap();
        let width = form["columns"].as_array().unwrap().len();
        let cells = |first: Value, second: Value| {
            let mut cells = vec![json!({ "state": "none" }); width];
            (cells[0], cells[1]) = (first, second);
            cells
        };
        let (all, none) = (json!({ "state": "all" }), json!({ "state": "none" }));
        let mut rights = vec![
            json!({ "kind": "collection", "resource": "orders", "cells": cells(all.clone(), all.clone()) }),
        ];
        let ruled = ![Dialect::DocsA, Dialect::DocsS].contains(&dialect);
        if ruled {
            let ids = json!({ "state": "fields", "only": ["id"], "except": null });
            rights.push(
                json!({ "kind": "collection", "resource": "customers", "cells": cells(ids, none) }),
            );
        }
        let wish = json!({ "purpose": "create", "deployment": deployment, "label": "fresh", "description": "New",
            "rights": rights });
        let before = rig.control.journal().len();
        let operation = drive::begin(&rig.app, &wish).await.unwrap();
        let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
        assert_eq!(
            (&view["state"], &view["grade"]),
            (&json!("closed"), &json!("A")),
            "{view:#}"
        );
        let made = on_server(&rig.control.world(), "fresh").remove(0);
        assert!(made.grants["orders"].read && made.grants["orders"].write);
        if ruled {
            assert_eq!(
                made.grants["customers"].select_fields,
                Some(vec!["id".to_owned()])
            );
            let journal = rig.control.journal();
            let register = journal[before..]
                .iter()
                .find(|entry| entry.path == "/api/auth/register")
                .unwrap();
            let given = &register.body.as_ref().unwrap()["collection_permissions"];
            assert_eq!(given.get("customers"), None, "no unrestricted moment");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_ended_with_its_death_proved() {
    for dialect in ALL {
        let rig = rig(Options::of(dialect)).await;
        let wish = json!({ "purpose": "revoke", "key": key(&rig, "worker").await });
        let operation = drive::begin(&rig.app, &wish).await.unwrap();
        let wrong = json!({ "operation": operation, "of": "old", "typed": "search-ro" });
        let refusal = rig.call("rotation_revoke", wrong).await.unwrap_err();
        assert_eq!(refusal.code, app::Code::ConfirmationWrong);
        assert_eq!(on_server(&rig.control.world(), "worker").len(), 1);
        let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
        assert_eq!(
            (&view["state"], &view["grade"]),
            (&json!("closed"), &json!("A")),
            "{view:#}"
        );
        assert_eq!(on_server(&rig.control.world(), "worker"), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_masked_list_absence_is_all_that_is_proved() {
    let options = Options {
        list_secret: ListSecret::Masked,
        ..Options::default()
    };
    let rig = rig(options).await;
    let (_, view) = taken(&rig, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
    assert_eq!(view["grade"], "B");
    assert_eq!(check(&view, "death_checks", "old_works").0, "not_proved");
    assert_eq!(check(&view, "death_checks", "absent").0, "passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_taken_back_with_one_act_and_a_switch_too() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let rig = rig(Options::of(dialect)).await;
        let before = on_server(&rig.control.world(), "worker").remove(0);
        let (operation, view) = taken(&rig, "paused").await;
        assert_eq!(view["state"], "paused", "{view:#}");
        assert_eq!(check(&view, "paused_checks", "powerless").0, "passed");
        let during = on_server(&rig.control.world(), "worker").remove(0);
        assert_eq!(grants(&during), [], "{dialect:?}: nothing is allowed");
        let restored = drive::act(&rig.app, &operation, json!({ "act": "restore" })).await;
        assert_eq!(restored.unwrap()["state"], "adopted");
        let after = on_server(&rig.control.world(), "worker").remove(0);
        assert_eq!(grants(&after), grants(&before), "{dialect:?}: exactly");
        assert_eq!(after.kv, before.kv);
        let back = drive::act(&rig.app, &operation, json!({ "act": "withdraw" })).await;
        assert_eq!(back.unwrap()["state"], "delivered");
        let rolled = drive::revoke(&rig.app, &operation, "new").await.unwrap();
        let rolled = drive::drive(&rig.app, &rig.clock, &operation, "rolled_back")
            .await
            .as_object()
            .map_or(rolled, |view| view.clone().into());
        assert_eq!(rolled["state"], "rolled_back", "{rolled:#}");
        let world = rig.control.world();
        assert_eq!(on_server(&world, "worker ~g2"), []);
        assert_eq!(on_server(&world, "worker").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_goes_straight_from_delivery_to_end() {
    let rig = rig(Options::default()).await;
    let wish = json!({ "purpose": "rotate", "key": key(&rig, "worker").await, "emergency": true, "soak_minutes": null });
    let operation = drive::begin(&rig.app, &wish).await.unwrap();
    let may_end = |view: &Value| view["acts"].as_array().unwrap().contains(&json!("revoke"));
    let view = drive::drive(&rig.app, &rig.clock, &operation, "verified").await;
    assert!(!may_end(&view), "nobody has the new secret: {view:#}");
    let view = drive::drive(&rig.app, &rig.clock, &operation, "delivered").await;
    assert!(may_end(&view), "{view:#}");
    drive::revoke(&rig.app, &operation, "old").await.unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(
        (&view["state"], &view["grade"]),
        (&json!("closed"), &json!("A"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_survives_a_restart_and_is_counted_by_the_clock() {
    let rig = rig(Options::default()).await;
    let (operation, view) = taken(&rig, "soaking").await;
    let until = view["soak_until"].as_i64().unwrap();
    let rig = rig.restart().await;
    let view = drive::show(&rig.app, &operation).await;
    assert_eq!(
        (&view["state"], &view["soak_until"]),
        (&json!("soaking"), &json!(until))
    );
    let early = drive::revoke(&rig.app, &operation, "old")
        .await
        .unwrap_err();
    assert_eq!(early.code, app::Code::NotNow);
    // A day of production, after the hour that a session may outlive the pause.
    rig.clock.advance(25 * 3_600_000);
    let view = drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    assert_eq!(view["state"], "closed", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_either_key_lies_open_in_the_profile() {
    let rig = rig(Options::default()).await;
    let old = on_server(&rig.control.world(), "worker").remove(0).key;
    let (operation, _) = taken(&rig, "soaking").await;
    let new = on_server(&rig.control.world(), "worker ~g2").remove(0).key;
    // Both while it is under way, when both are kept, and when it has ended.
    for _ in 0..2 {
        let mut found_label = false;
        let files = std::fs::read_dir(rig.database().parent().unwrap()).unwrap();
        for file in files.map(|file| file.unwrap().path()) {
            let Ok(bytes) = std::fs::read(&file) else {
                continue;
            };
            let has = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            assert!(!has(&old) && !has(&new), "a value in {}", file.display());
            found_label |= has("worker ~g2");
        }
        assert!(found_label, "the control: what is not secret is found");
        drive::drive(&rig.app, &rig.clock, &operation, "closed").await;
    }
}
