//! What survives a stop and a kill.

use std::time::Duration;

use crate::client::{Bench, KEYS, NOW, REGISTER, client, world};
use serde_json::{Value, json};
use simulators::ekodb::{self, Options};
use simulators::sample;

#[tokio::test]
async fn a_restart_finds_state_ca_and_port() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("server");
    let options = Options {
        folder: Some(place.clone()),
        ..Options::default()
    };
    let first = Bench::new(options.clone()).await;
    let admin = first.admin_token().await;
    let (_, record) = first
        .call("POST", REGISTER, &admin, Some(json!({ "label": "kept" })))
        .await;
    let on_disk = std::fs::read_to_string(place.join("state.json")).unwrap();
    assert!(
        on_disk.contains(record["id"].as_str().unwrap()),
        "written before the reply"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o700);
        for file in std::fs::read_dir(&place).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }
    let (before, port, ca) = (
        first.control.world(),
        first.server.port(),
        first.server.ca_pem(),
    );
    first.server.stop().await;

    let again = ekodb::start(options.clone(), world().0).await.unwrap();
    assert_eq!(
        (again.control().world(), again.port(), again.ca_pem()),
        (before, port, ca)
    );
    let reply = first
        .client
        .get(format!("{}{KEYS}", again.url()))
        .bearer_auth(&admin)
        .send()
        .await
        .unwrap();
    assert_eq!(
        reply.status(),
        401,
        "frozen tokens of 2026-01 have ended by the system clock"
    );
    again.control().set_now(NOW);
    let reply = first
        .client
        .get(format!("{}{KEYS}", again.url()))
        .bearer_auth(&admin)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200, "the signing key is kept too");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    again.stop().await;
    let taken_port = taken.local_addr().unwrap().port();
    std::fs::write(place.join("port"), taken_port.to_string()).unwrap();
    let moved = ekodb::start(options.clone(), world().0).await.unwrap();
    assert_ne!(moved.port(), taken_port);
    assert!(
        ekodb::start(
            Options {
                port: moved.port(),
                ..options
            },
            world().0
        )
        .await
        .is_err()
    );
}

#[tokio::test]
async fn the_sample_servers_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let samples = sample::serve(folder.path()).await.unwrap();
    let file = folder.path().join("servers.json");
    let first: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let (mut keys, mut collections) = (Vec::new(), 0);
    for server in first["servers"].as_array().unwrap() {
        let member = |name: &str| server[name].as_str().unwrap().to_owned();
        let client = client(&member("ca"));
        let body = json!({ "api_key": member("credential") });
        let reply = client
            .post(format!("{}/api/auth/token", member("url")))
            .json(&body)
            .send()
            .await
            .unwrap();
        let reply: Value = reply.json().await.unwrap();
        let get = |path: &str| {
            client
                .get(member("url") + path)
                .bearer_auth(reply["token"].as_str().unwrap())
                .send()
        };
        let list: Value = get(KEYS).await.unwrap().json().await.unwrap();
        keys.push(list.as_array().unwrap().len());
        let names: Value = get("/api/collections").await.unwrap().json().await.unwrap();
        collections += names["collections"].as_array().unwrap().len();
    }
    assert_eq!((keys, collections), (vec![21, 12, 8], 62));
    samples.stop().await;
    let samples = sample::serve(folder.path()).await.unwrap();
    let second: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(first, second);
    samples.stop().await;
}

/// What makes the next test a server: a file of this name where it is started.
const SERVE_HERE: &str = "serve-here";

/// The child process of the test below; started by anybody else, it ends at once.
#[tokio::test]
async fn served_until_killed() {
    let folder = std::env::current_dir().unwrap();
    if !folder.join(SERVE_HERE).exists() {
        return;
    }
    let _samples = sample::serve(&folder).await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
}

#[tokio::test]
async fn what_was_answered_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(SERVE_HERE), "").unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "restart::served_until_killed", "--quiet"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let file = folder.path().join("servers.json");
    while !file.exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let listed: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let member = |name: &str| listed["servers"][2][name].as_str().unwrap().to_owned();
    let client = client(&member("ca"));
    let body = json!({ "api_key": member("credential"), "label": "last words" });
    let reply = client
        .post(member("url") + REGISTER)
        .json(&body)
        .send()
        .await
        .unwrap();
    let secret = reply.json::<Value>().await.unwrap()["key"]
        .as_str()
        .unwrap()
        .to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    let samples = sample::serve(folder.path()).await.unwrap();
    assert!(
        samples.servers[2]
            .server
            .control()
            .world()
            .find_secret(&secret)
            .is_some()
    );
    assert_eq!(samples.servers[2].server.url(), member("url"));
    samples.stop().await;
}
