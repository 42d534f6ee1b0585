//! What a person does while a change is not finished: nothing is carried off, taken away, doubled or let out behind
//! its back.

use crate::{begun, key, on_server, rig, taken};
use app::{Code, Failure};
use core_tests::{Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, Key, Options},
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::task::JoinHandle;

const REGISTER: &str = "/api/auth/register";
const LIST: &str = "/api/auth/keys";

/// Begins the call, and comes back when it holds what changes of keys are made under: its list is on its way.
async fn started(rig: &Rig, name: &str, request: Value) -> JoinHandle<Result<Value, Failure>> {
    rig.settled().await;
    rig.control.clear_journal();
    let slow = Effect::Delay { ms: 400 };
    rig.control.fault(Fault::on("GET", LIST, slow));
    let (app, name) = (Arc::clone(&rig.app), name.to_owned());
    let call = tokio::spawn(async move { drive::call(&app, &name, request).await });
    while rig.control.requests("GET", LIST) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    call
}

fn edit(rig: &Rig, name: &str, link: &Value, credential: &Value) -> Value {
    json!({ "deployment": rig.deployment.to_string(), "name": name, "environment": "test", "link": link,
        "credential": credential })
}

fn removal(rig: &Rig) -> Value {
    json!({ "deployment": rig.deployment.to_string(), "confirmation": "shop" })
}

pub(crate) fn creation(rig: &Rig) -> Value {
    json!({ "purpose": "create", "deployment": rig.deployment.to_string(), "label": "twin",
        "description": "", "rights": [] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_does_not_move_under_a_change_that_is_not_finished() {
    let (rig, other) = (rig(Options::default()).await, Rig::new().await);
    let (operation, _) = taken(&rig, "verified").await;
    let there = rig.offer(&other.admin).await;
    let moved = rig
        .call("deployment_edit", edit(&rig, "shop", &other.link(), &there))
        .await;
    assert_eq!(moved.unwrap_err().code, Code::EditRefused);
    assert_eq!(other.control.journal().len(), 0, "nothing was sent there");
    let mut distrusting = rig.link();
    distrusting["trust"]["pem"] = other.link()["trust"]["pem"].clone();
    let request = edit(&rig, "shop", &distrusting, &there);
    let moved = rig.call("deployment_edit", request).await;
    assert_eq!(moved.unwrap_err().code, Code::EditRefused);

    let here = rig.offer(&rig.admin).await;
    for (name, credential) in [("named", Value::Null), ("shop", here)] {
        let request = edit(&rig, name, &rig.link(), &credential);
        rig.call("deployment_edit", request).await.unwrap();
    }
    drive::revoke(&rig.app, &operation, "new").await.unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "rolled_back").await;
    assert_eq!(view["state"], "rolled_back", "{view:#}");
    let request = edit(&rig, "shop", &other.link(), &there);
    rig.call("deployment_edit", request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_not_removed_under_a_change_that_begins() {
    let rig = rig(Options::default()).await;
    let wish = crate::rotate(&rig).await;
    let plan = rig.call("rotation_plan", wish.clone()).await.unwrap();
    let request = json!({ "wish": wish, "plan": plan["plan"] });
    let beginning = started(&rig, "rotation_begin", request).await;
    let removed = rig.call("deployment_remove", removal(&rig)).await;
    assert_eq!(removed.unwrap_err().code, Code::EditRefused);
    let operation = beginning.await.unwrap().unwrap()["operation"].clone();
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "verified", "{view:#}");
    let removed = rig.call("deployment_remove", removal(&rig)).await;
    assert_eq!(removed.unwrap_err().code, Code::EditRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wish_begun_twice_makes_one_key() {
    let rig = rig(Options::default()).await;
    let wish = creation(&rig);
    let plan = rig.call("rotation_plan", wish.clone()).await.unwrap();
    let request = json!({ "wish": wish, "plan": plan["plan"] });
    let (one, two) = tokio::join!(
        rig.call("rotation_begin", request.clone()),
        rig.call("rotation_begin", request)
    );
    let (mut begun, mut refused) = (Vec::new(), Vec::new());
    for outcome in [one, two] {
        match outcome {
            Ok(reply) => begun.push(reply["operation"].clone()),
            Err(failure) => refused.push(failure.code),
        }
    }
    assert_eq!((begun.len(), refused), (1, vec![Code::LabelRefused]));
    drive::rest(&rig.app, &begun[0]).await;
    assert_eq!(on_server(&rig.control.world(), "twin").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_label_of_a_key_that_is_not_made_yet_is_taken() {
    let rig = rig(Options::default()).await;
    rig.control
        .fault(Fault::on("POST", REGISTER, Effect::Reset));
    let operation = drive::begin(&rig.app, &creation(&rig)).await.unwrap();
    let view = drive::rest(&rig.app, &operation).await;
    assert_eq!(view["state"], "create_unknown", "{view:#}");
    let again = rig.call("rotation_plan", creation(&rig)).await;
    assert_eq!(again.unwrap_err().code, Code::LabelRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn successors_of_two_keys_of_one_label_are_told_apart() {
    let rig = Rig::with(Options::default(), |world| {
        for at in [1_790_000_000_000, 1_790_000_001_000] {
            let key = Key::new("worker", at).grant("orders", Grant::read());
            world.keys.push(key);
        }
    })
    .await;
    rig.sync().await;
    rig.control
        .fault(Fault::on("POST", REGISTER, Effect::Reset));
    let keys = rig.keys().await;
    let workers = keys.iter().filter(|key| key["label"] == "worker");
    let mut operations = Vec::new();
    for worker in workers {
        let wish = json!({ "purpose": "rotate", "key": worker["id"], "emergency": false, "soak_minutes": null });
        let operation = drive::begin(&rig.app, &wish).await.unwrap();
        drive::rest(&rig.app, &operation).await;
        operations.push(operation);
    }
    assert_eq!(operations.len(), 2);
    for operation in &operations {
        let view = drive::drive(&rig.app, &rig.clock, operation, "verified").await;
        assert_eq!(view["state"], "verified", "{view:#}");
    }
    for label in ["worker ~g2", "worker ~g3"] {
        assert_eq!(on_server(&rig.control.world(), label).len(), 1, "{label}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_whose_number_has_no_next_one_is_refused() {
    let label = format!("worker ~g{}", i64::MAX);
    let rig = Rig::with(Options::of(Dialect::Modern), |world| {
        world.keys.push(Key::new(&label, 1_790_000_000_000));
    })
    .await;
    rig.sync().await;
    let wish = json!({ "purpose": "rotate", "key": key(&rig, &label).await, "emergency": false, "soak_minutes": null });
    let refused = rig.call("rotation_plan", wish).await.unwrap_err();
    assert_eq!(refused.code, Code::EditRefused);
}

/// The request that writes the new secret into that file.
async fn delivery(rig: &Rig, operation: &Value, path: &Path) -> Value {
    *rig.desk.picks.lock().unwrap() = Some(Some(path.to_owned()));
    let picked = rig.call("file_pick", json!({})).await.unwrap();
    let target =
        json!({ "operation": operation, "file": picked["handle"], "variable": "EKODB_API_KEY" });
    let preview = rig.call("env_preview", target).await.unwrap();
    json!({ "operation": operation, "to": { "to": "env_file", "file": picked["handle"],
        "variable": "EKODB_API_KEY", "content": preview["content"] } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_being_rolled_back_goes_into_no_file() {
    let rig = rig(Options::default()).await;
    let (operation, view) = taken(&rig, "delivered").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, "EKODB_API_KEY=eko_prod_old\n").unwrap();
    let deliver = delivery(&rig, &operation, &path).await;
    let typed = &view["rollback_confirmation"];
    let request = json!({ "operation": operation, "of": "new", "typed": typed });
    let ending = started(&rig, "rotation_revoke", request).await;
    let delivered = rig.call("rotation_deliver", deliver).await;
    assert_eq!(delivered.unwrap_err().code, Code::NotNow);
    ending.await.unwrap().unwrap();
    let view = drive::drive(&rig.app, &rig.clock, &operation, "rolled_back").await;
    assert_eq!(view["state"], "rolled_back", "{view:#}");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "EKODB_API_KEY=eko_prod_old\n"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_secret_is_about_to_be_written_is_in_the_audit_log_before_it_is() {
    let rig = rig(Options::default()).await;
    let operation = begun(&rig).await;
    drive::rest(&rig.app, &operation).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, "A=1\n").unwrap();
    let deliver = delivery(&rig, &operation, &path).await;
    // What cannot be written was announced all the same.
    let backup = path.with_file_name(format!(".env.bak-{}", core_tests::TODAY));
    std::fs::write(&backup, "").unwrap();
    let refused = rig.call("rotation_deliver", deliver.clone()).await;
    assert_eq!(refused.unwrap_err().code, Code::FileRefused);
    std::fs::remove_file(&backup).unwrap();
    rig.call("rotation_deliver", deliver).await.unwrap();
    let said = audited(&rig).await;
    let acts: Vec<_> = said.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(
        acts,
        ["key.deliver.write", "key.deliver.write", "key.deliver"]
    );
    for (_, facts) in &said {
        let facts: Value = serde_json::from_str(facts).unwrap();
        let delivery = &facts["delivery"];
        assert_eq!(delivery["path"], path.display().to_string());
        assert_eq!(delivery["backup"], backup.display().to_string());
    }
}

/// What the audit log says of deliveries: acts and particulars.
pub(crate) async fn audited(rig: &Rig) -> Vec<(String, String)> {
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(rig.database());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_as("SELECT act, facts FROM audit WHERE act LIKE 'key.deliver%' ORDER BY seq")
        .fetch_all(&mut database)
        .await
        .unwrap()
}
