//! The sample servers, one dialect each.

#![expect(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use crate::client::{KEYS, PERMISSIONS, client};
use serde_json::{Map, Value, json};
use simulators::sample::{self, Samples};

const ME: &str = "/api/auth/keys/me/permissions";

/// What an admin of each server gets for these paths: status and JSON.
async fn asked(samples: &Samples, paths: &[&str]) -> Vec<Vec<(u16, Value)>> {
    let mut replies = Vec::new();
    for sample in &samples.servers {
        let world = sample.server.control().world();
        let admin = world.keys.iter().find(|key| key.is_admin).unwrap();
        let client = client(&sample.server.ca_pem());
        let url = sample.server.url();
        let body = json!({ "api_key": admin.key });
        let reply = client
            .post(format!("{url}/api/auth/token"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let token: Value = reply.json().await.unwrap();
        let mut of_server = Vec::new();
        for path in paths {
            let request = client
                .get(format!("{url}{path}"))
                .bearer_auth(token["token"].as_str().unwrap());
            let reply = request.send().await.unwrap();
            of_server.push((
                reply.status().as_u16(),
                reply.json().await.unwrap_or_default(),
            ));
        }
        replies.push(of_server);
    }
    replies
}

fn dialects(replies: &[Vec<(u16, Value)>]) -> Vec<(u16, u16, &Value)> {
    replies
        .iter()
        .map(|of_server| (of_server[0].0, of_server[1].0, &of_server[2].1["version"]))
        .collect()
}

#[tokio::test]
async fn each_sample_server_speaks_its_own_dialect() {
    let folder = tempfile::tempdir().unwrap();
    let samples = sample::serve(folder.path()).await.unwrap();
    let replies = asked(&samples, &[ME, PERMISSIONS, "/api/health", KEYS]).await;
    let versions = [json!("0.80.0"), json!("0.79.2"), json!("0.72.2")];
    assert_eq!(
        dialects(&replies),
        [
            (200, 404, &versions[0]),
            (404, 200, &versions[1]),
            (404, 200, &versions[2])
        ]
    );
    let has = |at: usize, member: &str| replies[at][3].1[0].get(member).is_some();
    let members = ["key", "id", "kv_permissions", "created_at"];
    assert_eq!(
        [0, 1, 2].map(|at| members.map(|member| has(at, member))),
        [
            [true, true, true, true],
            [true, false, true, true],
            [true, false, false, false]
        ]
    );
    let dev = samples.servers[2].server.control().world();
    let grants = || dev.keys.iter().flat_map(|key| key.grants.values());
    assert!(dev.keys.iter().all(|key| key.kv.is_empty()));
    assert!(grants().all(|grant| {
        let lists = [
            &grant.select_fields,
            &grant.exclude_fields,
            &grant.writable_fields,
        ];
        lists.iter().all(|list| list.is_none())
    }));
    assert!(
        grants().any(|grant| grant.delete) && grants().any(|grant| grant.write && !grant.delete)
    );
    for sample in samples.servers.iter().take(2) {
        let world = sample.server.control().world();
        let mut grants = world.keys.iter().flat_map(|key| key.grants.values());
        assert!(
            grants.all(|grant| !grant.delete && !grant.admin),
            "{}",
            sample.name
        );
        assert!(world.keys.iter().any(|key| !key.kv.is_empty()));
    }
    samples.stop().await;
}

/// As the folders looked when every sample server spoke `modern`: no `delete`, no `admin`, field rules and key-value
/// grants in `shop-dev`.
#[tokio::test]
async fn a_folder_of_the_older_layout_still_starts() {
    let folder = tempfile::tempdir().unwrap();
    sample::serve(folder.path()).await.unwrap().stop().await;
    let listed = std::fs::read(folder.path().join("servers.json")).unwrap();
    for name in ["shop-eu", "shop-stg", "shop-dev"] {
        let file = folder.path().join(name).join("state.json");
        let mut world: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for key in world["keys"].as_array_mut().unwrap() {
            key["kv"] = json!([{ "prefix": "push:", "read": true, "write": true }]);
            for grant in key["grants"].as_object_mut().unwrap().values_mut() {
                let grant: &mut Map<String, Value> = grant.as_object_mut().unwrap();
                assert!(grant.remove("delete").is_some() && grant.remove("admin").is_some());
                grant.insert("writable_fields".to_owned(), json!(["items"]));
            }
        }
        std::fs::write(&file, serde_json::to_vec(&world).unwrap()).unwrap();
    }
    let samples = sample::serve(folder.path()).await.unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("servers.json")).unwrap(),
        listed
    );
    let replies = asked(&samples, &[ME, PERMISSIONS, "/api/health", KEYS]).await;
    let routes: Vec<_> = dialects(&replies)
        .iter()
        .map(|(me, own, _)| (*me, *own))
        .collect();
    assert_eq!(routes, [(200, 404), (404, 200), (404, 200)]);
    let dev = &replies[2][3].1[1];
    assert!(
        dev.get("kv_permissions").is_none(),
        "docs-a has no word for it"
    );
    assert_eq!(dev["collection_permissions"]["carts"]["delete"], false);
    samples.stop().await;
}
