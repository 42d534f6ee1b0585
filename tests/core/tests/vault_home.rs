//! The vault's homes: set up once, locked, opened again, and what of it outlives a restart.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use app::{
    App, Code, Failure, KeyringWait, Profile, Rhythm, Start, SystemClock, VaultCare,
    commands::{COMMANDS, dispatch},
};
use core_tests::{
    CARE, Record, Rig, SHORT,
    keyring::{self, Around, Daemon, Session},
};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

const RIGHT: &str = "correct horse battery";

async fn open(root: &Path, vault: VaultCare) -> Arc<App> {
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

async fn reopened(app: Arc<App>, root: &Path, vault: VaultCare) -> Arc<App> {
    app.stop().await;
    drop(app);
    open(root, vault).await
}

async fn call(app: &Arc<App>, name: &str, request: Value) -> Result<Value, Failure> {
    let (_, effect) = COMMANDS.iter().find(|(known, _)| *known == name).unwrap();
    dispatch(app, *effect, name, request).await
}

async fn turn(app: &Arc<App>, name: &str, passphrase: Option<&str>) -> Result<Value, Failure> {
    let typed = passphrase.map(|text| json!({ "secret": text }));
    call(app, name, json!({ "passphrase": typed })).await
}

async fn vault(app: &Arc<App>) -> (String, bool) {
    let state = call(app, "app_state", json!({})).await.unwrap();
    let home = state["vault"]["home"].as_str().unwrap().to_owned();
    (home, state["vault"]["open"].as_bool().unwrap())
}

fn is(home: &str, open: bool) -> (String, bool) {
    (home.to_owned(), open)
}

/// The only deployment, once nothing is under way.
async fn settled(app: &Arc<App>) -> Value {
    loop {
        let view = call(app, "deployments_list", json!({})).await.unwrap()[0].clone();
        if view["syncing"] == json!(false) {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn synced(app: &Arc<App>) -> Value {
    call(app, "sync_start", json!({ "deployment": null }))
        .await
        .unwrap();
    settled(app).await
}

/// Adds the rig's server to another core.
async fn add(app: &Arc<App>, rig: &Rig) {
    let offered = call(app, "secret_offer", json!({ "secret": rig.admin })).await;
    let request = json!({ "name": "shop", "environment": "staging", "provider": "ekodb",
        "link": rig.link(), "credential": offered.unwrap()["handle"] });
    call(app, "deployment_add", request).await.unwrap();
    assert_eq!(settled(app).await["keys"], 3);
}

fn log_ins(rig: &Rig) -> usize {
    rig.control.requests("POST", "/api/auth/token")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_opens_after_a_restart_what_it_sealed() {
    let (rig, root) = (Rig::new().await, tempfile::tempdir().unwrap());
    let app = open(root.path(), CARE).await;
    assert_eq!(vault(&app).await, is("unset", false));
    call(&app, "deployments_list", json!({})).await.unwrap();
    turn(&app, "vault_setup", Some(RIGHT)).await.unwrap();
    assert_eq!(vault(&app).await, is("passphrase", true));
    add(&app, &rig).await;
    let before = log_ins(&rig);

    let app = reopened(app, root.path(), CARE).await;
    assert_eq!(vault(&app).await, is("passphrase", false));
    let state = call(&app, "app_state", json!({})).await.unwrap();
    assert_eq!(state["vault"]["locked_at"], Value::Null);
    let wrong = turn(&app, "vault_unlock", Some("correct horse batterz")).await;
    assert_eq!(wrong.unwrap_err().code, Code::PassphraseWrong);
    let missing = turn(&app, "vault_unlock", None).await;
    assert_eq!(missing.unwrap_err().code, Code::BadRequest);
    assert_eq!(vault(&app).await, is("passphrase", false));
    app.keep_in_sync();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(log_ins(&rig), before, "nothing is asked while locked");

    turn(&app, "vault_unlock", Some(RIGHT)).await.unwrap();
    assert_eq!(vault(&app).await, is("passphrase", true));
    while log_ins(&rig) == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let view = settled(&app).await;
    assert_eq!(view["failure"], Value::Null, "locking left no failure");
    assert_eq!(synced(&app).await["freshness"], "fresh");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_shuts_every_command_and_drops_sessions() {
    let rig = Rig::new().await;
    rig.sync().await;
    rig.sync().await;
    assert_eq!(log_ins(&rig), 1, "one session serves both");
    let handle = rig.offer(&rig.admin).await;
    rig.call("vault_lock", json!({})).await.unwrap();
    assert_eq!(vault(&rig.app).await, is("file", false));
    assert_eq!(rig.desk.windows_renewed.load(Ordering::SeqCst), 1);

    for (name, _) in COMMANDS {
        // Those that answer read their request, and this is none.
        let refused = rig.call(name, json!({ "stray": 1 })).await.unwrap_err();
        let expected = match *name {
            "app_state" | "settings_save" | "vault_unlock" => Code::BadRequest,
            _ => Code::VaultLocked,
        };
        assert_eq!(refused.code, expected, "{name}");
    }
    let unknown = dispatch(&rig.app, app::commands::Effect::Read, "nonesuch", json!({})).await;
    assert_eq!(unknown.unwrap_err().code, Code::UnknownCommand);

    turn(&rig.app, "vault_unlock", None).await.unwrap();
    let test = json!({ "provider": "ekodb", "link": rig.link(), "credential": handle,
        "deployment": null });
    let forgotten = rig.call("link_test", test).await.unwrap_err();
    assert_eq!(forgotten.code, Code::CredentialForgotten);
    assert_eq!(rig.sync().await["keys"], 3);
    assert_eq!(log_ins(&rig), 2, "the session went with the lock");
    rig.offer(&rig.admin).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_in_the_middle_of_a_sync_leaves_no_failure() {
    let rig = Rig::new().await;
    let before = rig.sync().await;
    let slow = simulators::Effect::Delay { ms: 1_000 };
    let list = simulators::Fault::on("GET", "/api/auth/keys", slow);
    rig.control.fault(list);
    rig.call("sync_start", json!({ "deployment": null }))
        .await
        .unwrap();
    rig.call("vault_lock", json!({})).await.unwrap();
    turn(&rig.app, "vault_unlock", None).await.unwrap();
    let after = rig.settled().await;
    assert_eq!(after["failure"], before["failure"]);
    assert_eq!(after["synced_at"], before["synced_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_chosen_once() {
    let root = tempfile::tempdir().unwrap();
    let app = open(root.path(), CARE).await;
    for early in ["vault_lock", "vault_unlock"] {
        let request = if early == "vault_lock" {
            json!({})
        } else {
            json!({ "passphrase": null })
        };
        let refused = call(&app, early, request).await.unwrap_err();
        assert_eq!(refused.code, Code::NoVault);
    }
    // What an interrupted set-up leaves is kept aside and stands in nobody's way.
    let file = root.path().join("default/passphrase.key");
    std::fs::write(&file, "left").unwrap();
    turn(&app, "vault_setup", Some(RIGHT)).await.unwrap();
    let left = std::fs::read_dir(root.path().join("default")).unwrap();
    let left = left.filter_map(|entry| std::fs::read(entry.unwrap().path()).ok());
    assert!(left.into_iter().any(|bytes| bytes == b"left"));

    let bytes = std::fs::read(&file).unwrap();
    let again = async || {
        for passphrase in [Some("another passphrase"), None] {
            let refused = turn(&app, "vault_setup", passphrase).await.unwrap_err();
            assert_eq!(refused.code, Code::BadRequest);
            assert_eq!(refused.params["field"], "vault");
        }
    };
    again().await;
    assert_eq!(
        std::fs::read(&file).unwrap(),
        bytes,
        "the file is as it was"
    );
    let sample = Rig::new().await;
    let refused = turn(&sample.app, "vault_setup", Some(RIGHT)).await;
    assert_eq!(refused.unwrap_err().code, Code::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_sealed_something_else_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    for folder in [root.path(), other.path()] {
        let app = open(folder, CARE).await;
        turn(&app, "vault_setup", Some(RIGHT)).await.unwrap();
        app.stop().await;
    }
    let file = "default/passphrase.key";
    std::fs::copy(other.path().join(file), root.path().join(file)).unwrap();
    let app = open(root.path(), CARE).await;
    let refused = turn(&app, "vault_unlock", Some(RIGHT)).await.unwrap_err();
    assert_eq!(refused.code, Code::VaultKeyWrong);
    assert_eq!(vault(&app).await, is("passphrase", false));
    std::fs::remove_file(root.path().join(file)).unwrap();
    let refused = turn(&app, "vault_unlock", Some(RIGHT)).await.unwrap_err();
    assert_eq!(refused.code, Code::VaultKeyMissing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_profile_of_before_there_were_homes_gets_one() {
    let rig = Rig::new().await;
    let rig = rig
        .restart_after(async |root| {
            let file = root.join("sample/keystead.db");
            let options = SqliteConnectOptions::new().filename(file);
            let mut database = SqliteConnection::connect_with(&options).await.unwrap();
            let delete = sqlx::query("DELETE FROM meta WHERE name = 'vault_home'");
            let deleted = delete.execute(&mut database).await.unwrap();
            assert_eq!(deleted.rows_affected(), 1);
            database.close().await.unwrap();
        })
        .await;
    assert_eq!(vault(&rig.app).await, is("file", true));
    assert_eq!(rig.sync().await["keys"], 3);
}

#[test]
fn the_keyring_opens_after_a_restart_what_its_key_sealed() {
    let proof = "the_keyring_opens_after_a_restart_what_its_key_sealed";
    Session::hold(proof, Around::BareBus, |session| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let keyring = KeyringWait {
                background: keyring::LONG,
                interactive: keyring::LONG,
            };
            let (care, root) = (VaultCare { keyring, ..CARE }, session.home());
            let _daemon = Daemon::unlocked();
            let (rig, app) = (Rig::new().await, open(root, care).await);
            turn(&app, "vault_setup", None).await.unwrap();
            assert_eq!(vault(&app).await, is("keyring", true));
            add(&app, &rig).await;
            let app = reopened(app, root, care).await;
            assert_eq!(vault(&app).await, is("keyring", false));
            turn(&app, "vault_unlock", None).await.unwrap();
            assert_eq!(synced(&app).await["freshness"], "fresh");
            call(&app, "vault_lock", json!({})).await.unwrap();
            assert_eq!(vault(&app).await, is("keyring", false));
            turn(&app, "vault_unlock", None).await.unwrap();
            assert_eq!(vault(&app).await, is("keyring", true));
        });
    });
}

#[test]
fn the_keyring_is_asked_at_the_start_and_whoever_waits_for_it_has_its_answer() {
    let proof = "the_keyring_is_asked_at_the_start_and_whoever_waits_for_it_has_its_answer";
    Session::hold(proof, Around::BareBus, |session| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let waiting = |interactive| VaultCare {
                keyring: KeyringWait {
                    background: keyring::LONG,
                    interactive,
                },
                ..CARE
            };
            let (patient, hasty) = (waiting(keyring::LONG), waiting(keyring::SHORT));
            let (daemon, root) = (Daemon::unlocked(), session.home());
            let app = open(root, patient).await;
            app.unlock_at_start().await.unwrap();
            assert_eq!(vault(&app).await, is("unset", false));
            turn(&app, "vault_setup", None).await.unwrap();

            let app = reopened(app, root, patient).await;
            app.unlock_at_start().await.unwrap();
            assert_eq!(vault(&app).await, is("keyring", true));

            let app = reopened(app, root, hasty).await;
            daemon.stop();
            let at_start = async {
                let answer = app.unlock_at_start().await;
                daemon.go_on();
                answer
            };
            // The window asks while that is under way, and is not let ask again.
            let (first, second) = tokio::join!(at_start, turn(&app, "vault_unlock", None));
            let first = first.unwrap_err().code;
            assert_eq!(first, second.unwrap_err().code);
            assert_eq!(vault(&app).await, is("keyring", false));

            let app = reopened(app, root, patient).await;
            turn(&app, "vault_unlock", None).await.unwrap();
            assert_eq!(vault(&app).await, is("keyring", true));
        });
    });
}
