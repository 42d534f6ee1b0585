//! Keys that cannot be made, replaced or ended, or not any more.

use crate::{Case, case};
use app::{Code, Failure, Point};
use core_tests::{Clipboard, Rig, drive};
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{CallerKey, Dialect, Key, ListSecret, Options, World},
};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("a step out of its turn", Code::NotNow, out_of_turn()),
        case("a label that is taken", Code::LabelRefused, label()),
        case("a new key whose value is lost", Code::ValueLost, lost()),
        case(
            "the value of another key in the reply",
            Code::OtherKeyReturned,
            other_key(),
        ),
        case("two keys with one marker", Code::MarkerTwice, twice()),
        case("three orphans in a row", Code::AttemptsSpent, spent()),
        case(
            "a server that takes any secret",
            Code::CheckFailed,
            any_secret(),
        ),
        case(
            "a server that drops field rules",
            Code::StoredOtherwise,
            dropped(),
        ),
        case(
            "an old key that somebody changed",
            Code::RevokeGuarded,
            guarded(),
        ),
        case("404 on the first delete", Code::KeyMissing, missing()),
        case("a revoke that does nothing", Code::KeyStillAlive, alive()),
        case("a link in the file's place", Code::FileRefused, file()),
        case(
            "a clipboard that takes nothing",
            Code::ClipboardUnwritable,
            clipboard(),
        ),
        case("no dialog", Code::DialogUnavailable, dialog()),
        case(
            "a certificate of nothing",
            Code::CertificateUnknown,
            certificate(),
        ),
    ]
}

async fn rig(options: Options) -> Rig {
    let rig = Rig::with(options, |world| {
        let worker = Key::new("worker", 1_790_000_000_000);
        world
            .keys
            .push(worker.grant("orders", simulators::ekodb::Grant::read().select(&["id"])));
    })
    .await;
    rig.sync().await;
    rig
}

async fn begun(rig: &Rig) -> Value {
    let keys = rig.keys().await;
    let worker = keys.iter().find(|key| key["label"] == "worker").unwrap();
    let wish =
        json!({ "purpose": "rotate", "key": worker["id"], "emergency": false, "soak_minutes": 0 });
    drive::begin(&rig.app, &wish).await.unwrap()
}

async fn taken(rig: &Rig, until: &str) -> (Value, Value) {
    let operation = begun(rig).await;
    let view = drive::drive(&rig.app, &rig.clock, &operation, until).await;
    (operation, view)
}

/// At the moment before its end: the wait is over.
async fn at_the_end(options: Options) -> (Rig, Value) {
    let rig = rig(options).await;
    let (operation, _) = taken(&rig, "soaking").await;
    drive::act(&rig.app, &operation, json!({ "act": "skip_soak" }))
        .await
        .unwrap();
    (rig, operation)
}

fn of(view: &Value) -> Vec<Failure> {
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}

async fn out_of_turn() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let early = drive::act(&rig.app, &operation, json!({ "act": "restore" })).await;
    let end = drive::revoke(&rig.app, &operation, "old").await;
    vec![early.unwrap_err(), end.unwrap_err()]
}

async fn label() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let wish = json!({ "purpose": "create", "deployment": rig.deployment.to_string(), "label": "worker",
        "description": "", "rights": [] });
    vec![rig.call("rotation_plan", wish).await.unwrap_err()]
}

fn losing() -> Options {
    Options {
        list_secret: ListSecret::Masked,
        caller_key: CallerKey::Refuse,
        ..Options::default()
    }
}

async fn lost() -> Vec<Failure> {
    let rig = rig(losing()).await;
    let lost = Fault::on("POST", "/api/auth/register", Effect::AppliedThenLost).after(1);
    rig.control.fault(lost);
    let operation = begun(&rig).await;
    of(&drive::rest(&rig.app, &operation).await)
}

async fn other_key() -> Vec<Failure> {
    let rig = rig(Options::of(Dialect::Legacy)).await;
    let worker = rig.control.world().keys.pop().unwrap();
    let record = json!({ "key": worker.key, "label": "worker ~g2" }).to_string();
    let reply = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: record,
    };
    rig.control
        .fault(Fault::on("POST", "/api/auth/register", reply));
    let operation = begun(&rig).await;
    of(&drive::rest(&rig.app, &operation).await)
}

async fn twice() -> Vec<Failure> {
    let rig = rig(Options::of(Dialect::Legacy)).await;
    rig.control.fault(Fault::on(
        "POST",
        "/api/auth/register",
        Effect::AppliedThenLost,
    ));
    let control = rig.control.clone();
    rig.watch.at_each(move |point| {
        if point == Point::AfterEffect {
            control.edit(|world: &mut World| {
                let mut twin = world.keys.last().unwrap().clone();
                if twin.label.as_deref() == Some("worker ~g2") {
                    let other = Key::new("twin", 1_790_000_000_000);
                    (twin.id, twin.key) = (other.id, other.key);
                    world.keys.push(twin);
                }
            });
        }
    });
    let operation = begun(&rig).await;
    of(&drive::rest(&rig.app, &operation).await)
}

async fn spent() -> Vec<Failure> {
    let rig = rig(losing()).await;
    let lost = Fault::always("POST", "/api/auth/register", Effect::AppliedThenLost).after(1);
    rig.control.fault(lost);
    let operation = begun(&rig).await;
    let mut view = drive::rest(&rig.app, &operation).await;
    for _ in 0..8 {
        match view["state"].as_str().unwrap() {
            "orphan" => {
                drive::revoke(&rig.app, &operation, "orphan").await.unwrap();
            }
            "needs_you" => break,
            _ => {
                let _ = drive::act(&rig.app, &operation, json!({ "act": "again" })).await;
            }
        }
        view = drive::rest(&rig.app, &operation).await;
    }
    of(&view)
}

async fn any_secret() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let token = json!({ "token": "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.x" }).to_string();
    let reply = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: token,
    };
    rig.control
        .fault(Fault::always("POST", "/api/auth/token", reply));
    let operation = begun(&rig).await;
    of(&drive::rest(&rig.app, &operation).await)
}

async fn dropped() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    rig.control.fault(Fault::always(
        "PUT",
        "/api/auth/keys/",
        Effect::DropRestrictions,
    ));
    let operation = begun(&rig).await;
    of(&drive::rest(&rig.app, &operation).await)
}

async fn guarded() -> Vec<Failure> {
    let (rig, operation) = at_the_end(Options::default()).await;
    rig.control.edit(|world| {
        for key in &mut world.keys {
            if key.label.as_deref() == Some("worker") {
                key.grants
                    .insert("products".into(), simulators::ekodb::Grant::read());
            }
        }
    });
    let refused = drive::revoke(&rig.app, &operation, "old").await;
    vec![refused.unwrap_err()]
}

async fn missing() -> Vec<Failure> {
    let (rig, operation) = at_the_end(Options::default()).await;
    let gone = Effect::Status {
        status: 404,
        retry_after: None,
        body: None,
    };
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", gone));
    of(&drive::revoke(&rig.app, &operation, "old").await.unwrap())
}

async fn alive() -> Vec<Failure> {
    let (rig, operation) = at_the_end(Options::default()).await;
    rig.control
        .fault(Fault::on("DELETE", "/api/auth/keys/", Effect::Empty));
    drive::revoke(&rig.app, &operation, "old").await.unwrap();
    of(&drive::rest(&rig.app, &operation).await)
}

async fn file() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join(".env");
    std::os::unix::fs::symlink(folder.path().join("real"), &link).unwrap();
    *rig.desk.picks.lock().unwrap() = Some(Some(link));
    let picked = rig.call("file_pick", json!({})).await.unwrap();
    let target = json!({ "operation": operation, "file": picked["handle"], "variable": "KEY" });
    vec![rig.call("env_preview", target).await.unwrap_err()]
}

async fn clipboard() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    *rig.desk.clipboard.lock().unwrap() = Clipboard::Broken;
    let to = json!({ "operation": operation, "to": { "to": "clipboard" } });
    vec![rig.call("rotation_deliver", to).await.unwrap_err()]
}

async fn dialog() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    vec![rig.call("file_pick", json!({})).await.unwrap_err()]
}

async fn certificate() -> Vec<Failure> {
    let rig = rig(Options::default()).await;
    let none = json!({ "operation": "01919191-0000-7000-8000-000000000000" });
    vec![rig.call("certificate_show", none).await.unwrap_err()]
}
