//! Vaults that stay shut, and keyrings that do not do it. Never a developer's own keyring: each of those
//! cases runs again inside a session of its own.

use crate::{Case, case};
use app::{
    App, Code, Failure, KeyringWait, Profile, Rhythm, Start, SystemClock, VaultCare,
    commands::{Effect, dispatch},
};
use core_tests::{
    CARE, Record, Rig, SHORT,
    keyring::{self, Around, Daemon, Session},
};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};

pub(crate) fn cases() -> Vec<Case> {
    let nowhere = Around::NoBus(Some("unix:path=/nonexistent/bus"));
    vec![
        case("a locked vault", Code::VaultLocked, locked()),
        case("a wrong passphrase", Code::PassphraseWrong, wrong()),
        case("short passphrases", Code::PassphraseTooShort, short()),
        case(
            "no keyring",
            Code::KeyringUnavailable,
            inside("vault::no_keyring_inside", nowhere),
        ),
        case(
            "a locked keyring",
            Code::KeyringLocked,
            inside("vault::locked_keyring_inside", Around::BareBus),
        ),
        case(
            "a keyring that says nothing",
            Code::KeyringSilent,
            inside("vault::silent_keyring_inside", Around::BareBus),
        ),
    ]
}

async fn start(root: &Path, vault: VaultCare) -> Arc<App> {
    let start = Start {
        profile: Profile::take(root, "default").unwrap(),
        clock: Arc::new(SystemClock),
        desk: Arc::new(Record::default()),
        timing: SHORT,
        rhythm: Rhythm::PRODUCTION,
        vault,
        checkpoint: Arc::new(app::Unwatched),
    };
    App::start(start).await.unwrap()
}

async fn call(app: &Arc<App>, name: &str, passphrase: Value) -> Result<Value, Failure> {
    let request = json!({ "passphrase": passphrase });
    dispatch(app, Effect::Write, name, request).await
}

async fn locked() -> Vec<Failure> {
    let rig = Rig::new().await;
    rig.call("vault_lock", json!({})).await.unwrap();
    vec![
        rig.call("deployments_list", json!({})).await.unwrap_err(),
        rig.call("sync_start", json!({ "deployment": null }))
            .await
            .unwrap_err(),
    ]
}

async fn wrong() -> Vec<Failure> {
    let root = tempfile::tempdir().unwrap();
    let app = start(root.path(), CARE).await;
    let typed = |text: &str| json!({ "secret": text });
    call(&app, "vault_setup", typed("correct horse battery"))
        .await
        .unwrap();
    dispatch(&app, Effect::Write, "vault_lock", json!({}))
        .await
        .unwrap();
    let mut failures = Vec::new();
    for other in ["", "correct horse batterz", "Correct horse battery"] {
        failures.push(call(&app, "vault_unlock", typed(other)).await.unwrap_err());
    }
    failures
}

async fn short() -> Vec<Failure> {
    let root = tempfile::tempdir().unwrap();
    let app = start(root.path(), CARE).await;
    let mut failures = Vec::new();
    for short in ["", "123456789", "ééééééééé"] {
        let refused = call(&app, "vault_setup", json!({ "secret": short })).await;
        failures.push(refused.unwrap_err());
    }
    let file = root.path().join("default/passphrase.key");
    assert!(!file.exists(), "nothing is left of a refused set-up");
    failures
}

const SAID: &str = "KEYSTEAD_FAILURE";

/// What the child of that name said inside its session.
async fn inside(proof: &'static str, around: Around) -> Vec<Failure> {
    let told = tokio::task::spawn_blocking(move || Session::heard(proof, around));
    let told = told.await.unwrap();
    let failures = told.lines().filter_map(|line| line.split_once(SAID));
    failures
        .map(|(_, json)| serde_json::from_str(json).unwrap())
        .collect()
}

/// A line of its own for [`inside`].
fn said(refused: Result<Value, Failure>) -> String {
    let failure = serde_json::to_string(&refused.unwrap_err()).unwrap();
    format!("\n{SAID}{failure}")
}

/// Waits that no proof reaches.
fn patient() -> VaultCare {
    let wait = KeyringWait {
        background: keyring::LONG,
        interactive: keyring::LONG,
    };
    VaultCare {
        keyring: wait,
        ..CARE
    }
}

/// The other half of a case; alone it has nothing to do.
#[test]
fn no_keyring_inside() {
    if let Some(session) = Session::inside("vault::no_keyring_inside") {
        keyring::runtime().block_on(async {
            let app = start(session.home(), patient()).await;
            let refused = call(&app, "vault_setup", Value::Null).await;
            println!("{}", said(refused));
        });
    }
}

/// The other half of a case; alone it has nothing to do.
#[test]
fn locked_keyring_inside() {
    if let Some(session) = Session::inside("vault::locked_keyring_inside") {
        keyring::runtime().block_on(async {
            let daemon = Daemon::unlocked();
            let app = start(session.home(), patient()).await;
            call(&app, "vault_setup", Value::Null).await.unwrap();
            dispatch(&app, Effect::Write, "vault_lock", json!({}))
                .await
                .unwrap();
            drop(daemon);
            let _daemon = Daemon::locked();
            let refused = call(&app, "vault_unlock", Value::Null).await;
            println!("{}", said(refused));
        });
    }
}

/// The other half of a case; alone it has nothing to do.
#[test]
fn silent_keyring_inside() {
    if let Some(session) = Session::inside("vault::silent_keyring_inside") {
        keyring::runtime().block_on(async {
            let daemon = Daemon::unlocked();
            daemon.stop();
            let app = start(session.home(), CARE).await;
            let refused = call(&app, "vault_setup", Value::Null).await;
            println!("{}", said(refused));
        });
    }
}
