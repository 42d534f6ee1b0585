//! Kill -9 at every boundary between a commit and an effect of a whole rotation, on every dialect, with answers that
//! arrive, are lost, or refuse: after a restart it goes on, and the server ends as if nothing had happened.
//!
//! `KEYSTEAD_TORTURE` set: every boundary with every answer. Without it: every boundary with answers that arrive, and
//! a spread of boundaries with each of the others.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

mod evidence;
mod planted;

use app::{App, Code};
use core_tests::{Killer, Rig, TestClock, drive};
use evidence::Evidence;
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, Key, Options, World},
};
use std::{os::unix::process::ExitStatusExt, path::Path, process::ExitStatus, sync::Arc};

/// How often a person tries again before giving up.
const ROUNDS: usize = 30;

const DIALECTS: [Dialect; 3] = [Dialect::Modern, Dialect::Legacy, Dialect::DocsA];

/// What becomes of the answers to calls that change something, one of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Arrive,
    Lost,
    ServerError,
    Unauthorized,
    Limited,
    Silent,
}

impl Answers {
    const ODD: [Self; 5] = [
        Self::Lost,
        Self::ServerError,
        Self::Unauthorized,
        Self::Limited,
        Self::Silent,
    ];

    fn effect(self) -> Option<Effect> {
        let status = |status, wait: Option<&str>| Effect::Status {
            status,
            retry_after: wait.map(str::to_owned),
            body: None,
        };
        match self {
            Self::Arrive => None,
            Self::Lost => Some(Effect::AppliedThenLost),
            Self::ServerError => Some(status(500, None)),
            Self::Unauthorized => Some(status(401, None)),
            Self::Limited => Some(status(429, Some("1"))),
            Self::Silent => Some(Effect::Hang),
        }
    }
}

pub(crate) async fn rig(dialect: Dialect) -> Rig {
    let rig = Rig::with(Options::of(dialect), |world| {
        world.keys.push(worker(dialect));
    })
    .await;
    while rig.sync().await["failure"] != Value::Null {}
    rig
}

fn worker(dialect: Dialect) -> Key {
    let key = Key::new("worker", 1_790_000_000_000)
        .description("Works")
        .grant("orders", Grant::read());
    let ruled = Grant::read_write().select(&["id"]).writable(&["email"]);
    match dialect {
        Dialect::Modern => key.grant("customers", ruled).kv("session:", true, false),
        Dialect::Legacy => key.grant("customers", ruled),
        Dialect::DocsA | Dialect::DocsS => key,
    }
}

/// What the server ends with, apart from what is random: labels, and what the successor may do.
fn ending(world: &World) -> Value {
    let keys = world.keys.iter().map(|key| {
        let grants: Vec<_> = key
            .grants
            .iter()
            .filter(|(_, grant)| grant.read || grant.write)
            .map(|(name, grant)| json!([name, format!("{grant:?}")]))
            .collect();
        let kv: Vec<_> = key.kv.iter().map(|kv| format!("{kv:?}")).collect();
        json!([key.label, key.is_admin, grants, kv])
    });
    keys.collect()
}

/// One rotation, killed at its n-th boundary and taken to its end after a restart.
async fn run(dialect: Dialect, answers: Answers, passes: usize) -> (Value, Evidence, ExitStatus) {
    let rig = rig(dialect).await;
    if let Some(effect) = answers.effect() {
        for (method, path) in [
            ("POST", "/api/auth/register"),
            ("PUT", "/api/auth/"),
            ("PATCH", "/api/auth/"),
            ("DELETE", "/api/auth/keys/"),
        ] {
            rig.control.fault(Fault::on(method, path, effect.clone()));
        }
    }
    let mut status = None;
    let rig = rig
        .restart_after(async |root: &Path| {
            status = Some(Killer::run("the_program_that_is_killed", root, passes).await);
        })
        .await;
    let operation = resumed(&rig).await;
    let view = to_the_end(&rig, &operation).await;
    assert_eq!(
        view["state"], "closed",
        "{dialect:?} {answers:?}, killed at boundary {passes}: {view:#}"
    );
    assert_eq!(view["grade"], "A", "{view:#}");
    let world = rig.control.world();
    let evidence = Evidence::of(&rig).await;
    (ending(&world), evidence, status.unwrap())
}

/// The operation that the killed program left, or a new one where it left none.
async fn resumed(rig: &Rig) -> Value {
    rig.sync().await;
    let list = rig.call("rotations_list", json!({})).await.unwrap();
    if let Some(row) = list.as_array().unwrap().first() {
        return row["id"].clone();
    }
    begin(rig).await
}

pub(crate) async fn begin(rig: &Rig) -> Value {
    begun(&rig.app, &wish(rig).await).await
}

/// On a busy machine even a read may be late for the short waits of these tests; a person would ask again.
async fn begun(app: &Arc<App>, wish: &Value) -> Value {
    for _ in 0..ROUNDS {
        match drive::begin(app, wish).await {
            Ok(operation) => return operation,
            Err(failure) if failure.code == Code::TimedOut => {}
            Err(failure) => panic!("{failure:?}"),
        }
    }
    panic!("the server never answers");
}

async fn wish(rig: &Rig) -> Value {
    let keys = rig.keys().await;
    let worker = keys.iter().find(|key| key["label"] == "worker").unwrap();
    json!({ "purpose": "rotate", "key": worker["id"], "emergency": false, "soak_minutes": 0 })
}

/// A person who, where something stopped, looks and goes on.
pub(crate) async fn to_the_end(rig: &Rig, operation: &Value) -> Value {
    going_on(&rig.app, &rig.clock, operation).await
}

async fn going_on(app: &Arc<App>, clock: &TestClock, operation: &Value) -> Value {
    let mut view = Value::Null;
    for _ in 0..ROUNDS {
        view = drive::drive(app, clock, operation, "closed").await;
        if view["state"] == "closed" {
            return view;
        }
        clock.advance(61_000);
        // Refused where nothing has stopped: then the next round goes on.
        let _ = drive::act(app, operation, json!({ "act": "again" })).await;
    }
    view
}

/// The dialect with these answers, killed at these boundaries; how many runs ended by the kill.
async fn kill_at(dialect: Dialect, answers: Answers, undisturbed: &Value, step: usize) -> usize {
    let (mut killed, mut at) = (0, 1);
    loop {
        let (ending, evidence, status) = Box::pin(run(dialect, answers, at)).await;
        assert_eq!(
            &ending, undisturbed,
            "{dialect:?} {answers:?}, killed at boundary {at}"
        );
        assert_eq!(
            evidence.breaches(),
            Vec::<String>::new(),
            "{dialect:?} {answers:?}, killed at boundary {at}"
        );
        if status.signal() != Some(9) {
            // The control: where no boundary is left, the program ends by itself.
            assert!(status.success(), "{status:?}");
            return killed;
        }
        killed += 1;
        at += step;
    }
}

async fn torture(dialect: Dialect) {
    let (undisturbed, evidence, status) = Box::pin(run(dialect, Answers::Arrive, usize::MAX)).await;
    assert!(status.success() && evidence.breaches().is_empty());
    let every = kill_at(dialect, Answers::Arrive, &undisturbed, 1).await;
    assert!(every >= 15, "{dialect:?}: only {every} boundaries");
    println!("{dialect:?}: killed at each of {every} boundaries");
    let step = if std::env::var_os("KEYSTEAD_TORTURE").is_some() {
        1
    } else {
        11
    };
    for answers in Answers::ODD {
        let killed = kill_at(dialect, answers, &undisturbed, step).await;
        assert!(
            killed >= every / step / 2,
            "{dialect:?} {answers:?}: {killed}"
        );
        println!("{dialect:?} {answers:?}: killed at {killed} boundaries");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_killed_anywhere_ends_like_one_that_was_not_on_modern() {
    torture(DIALECTS[0]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_killed_anywhere_ends_like_one_that_was_not_on_legacy() {
    torture(DIALECTS[1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_killed_anywhere_ends_like_one_that_was_not_on_docs() {
    torture(DIALECTS[2]).await;
}

/// The other half: rotates the key that it finds, to the end. Alone it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_that_is_killed() {
    let Some((root, killer)) = Killer::waiting() else {
        return;
    };
    let (app, clock, _) = core_tests::open(&root, killer).await;
    let keys = drive::call(&app, "keys_list", core_tests::keys_query("worker")).await;
    let keys = keys.unwrap()["rows"].clone();
    let worker = keys.as_array().unwrap().iter();
    let key = worker.clone().find(|key| key["label"] == "worker").unwrap()["id"].clone();
    let wish = json!({ "purpose": "rotate", "key": key, "emergency": false, "soak_minutes": 0 });
    let operation = begun(&app, &wish).await;
    going_on(&app, &clock, &operation).await;
    app.stop().await;
}
