//! What goes over the wire and what is written down: revoking by value, the journal, a restart.

use super::{OLDER, encoded};
use crate::client::{Bench, KEYS, PERMISSIONS, REGISTER, client, world};
use serde_json::json;
use simulators::ekodb::{self, Dialect, Key, Options, RevokeRef};
use simulators::journal;

/// Percent signs and slashes: what is decoded twice, or before splitting, names another key.
const ODD: &str = "eko_prod_abc/123%2Fdef+ghi jkl%25mno?pqr#stu";

async fn with_odd_key(dialect: Dialect) -> (Bench, String) {
    let (bench, admin) = Bench::of(dialect).await;
    bench.control.edit(|world| {
        for key in [ODD, "eko_prod_abc/123/def+ghi jkl%mno?pqr#stu"] {
            let key = key.to_owned();
            world.keys.push(Key {
                key,
                ..Key::new("odd", 0)
            });
        }
    });
    (bench, admin)
}

#[tokio::test]
async fn a_value_in_the_path_is_decoded_once_kills_its_tokens_and_is_not_written_down() {
    for dialect in OLDER {
        let (bench, admin) = with_odd_key(dialect).await;
        let odd = bench.token(ODD).await;
        assert_eq!(bench.call("GET", PERMISSIONS, &odd, None).await.0, 200);
        let path = format!("{KEYS}/{}", encoded(ODD));
        assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, 200);
        assert_eq!(bench.call("GET", PERMISSIONS, &odd, None).await.0, 401);
        assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, 404);
        let world = bench.control.world();
        assert_eq!(
            world
                .keys
                .iter()
                .filter(|key| key.label.as_deref() == Some("odd"))
                .count(),
            1
        );

        let broken = format!("{KEYS}/{}%zz", encoded(ODD));
        assert_eq!(bench.call("DELETE", &broken, &admin, None).await.0, 400);
        let hidden = journal::fingerprint(&format!("{}%zz", encoded(ODD)));
        assert_eq!(
            bench.control.journal().pop().unwrap().path,
            format!("{KEYS}/{hidden}")
        );
        let text = serde_json::to_string(&bench.control.journal()).unwrap();
        for secret in [
            ODD,
            &encoded(ODD),
            &bench.admin,
            &bench.shop.key,
            &admin,
            &odd,
        ] {
            assert!(!text.contains(secret), "{secret}");
        }
        let revoked = format!("{KEYS}/{}", journal::fingerprint(ODD));
        assert_eq!(
            bench.control.requests("DELETE", &revoked),
            2,
            "positive control"
        );
    }
}

#[tokio::test]
async fn a_key_is_revoked_by_what_the_option_allows() {
    for dialect in OLDER {
        for (revoke_ref, by_id, by_value) in [
            (RevokeRef::Either, 200, 200),
            (RevokeRef::Id, 200, 404),
            (RevokeRef::Value, 404, 200),
        ] {
            let bench = Bench::new(Options {
                revoke_ref,
                ..Options::of(dialect)
            })
            .await;
            let admin = bench.admin_token().await;
            let shop = bench.token(&bench.shop.key).await;
            let (_, own) = bench.call("GET", PERMISSIONS, &shop, None).await;
            let id = own["key_id"].as_str().unwrap().to_owned();
            let spare = Key::new("spare", 0);
            let secret = spare.key.clone();
            bench.control.edit(|world| world.keys.push(spare));
            for (reference, expected) in [(&id, by_id), (&secret, by_value)] {
                let path = format!("{KEYS}/{reference}");
                assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, expected);
            }
            assert_eq!(
                bench.control.requests("DELETE", &format!("{KEYS}/{id}")),
                1,
                "an id is no secret"
            );
            if dialect != Dialect::Legacy {
                let path = format!("{KEYS}/{}", bench.shop.id);
                assert_eq!(
                    bench.call("DELETE", &path, &admin, None).await.0,
                    404,
                    "not without `key_`"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_journal_holds_every_edit_and_no_secret() {
    for dialect in OLDER {
        let (bench, admin) = Bench::of(dialect).await;
        let register = json!({ "api_key": bench.admin, "label": format!("like {}", bench.shop.key),
            "collection_permissions": { "orders": ["read"] } });
        let (_, made) = bench.call("POST", REGISTER, &admin, Some(register)).await;
        let secret = made["key"].as_str().or(made["api_key"].as_str()).unwrap();
        let body = if dialect == Dialect::Legacy {
            json!({ "api_key": secret, "collection": "orders", "read": true, "write": true })
        } else {
            let token = bench.token(secret).await;
            let (_, own) = bench.call("GET", PERMISSIONS, &token, None).await;
            json!({ "key_id": own["key_id"], "collection_permissions": { "orders": ["write"] } })
        };
        assert_eq!(
            bench
                .call("PUT", PERMISSIONS, &admin, Some(body.clone()))
                .await
                .0,
            200
        );
        let stray =
            json!({ "key_id": secret, "collection_permissions": {}, "note": bench.shop.key });
        bench.call("PUT", PERMISSIONS, &admin, Some(stray)).await;
        bench
            .call("DELETE", &format!("{KEYS}/{secret}"), &admin, None)
            .await;
        bench
            .call("GET", &format!("{PERMISSIONS}?key={secret}"), &admin, None)
            .await;

        let journal = bench.control.journal();
        let text = serde_json::to_string(&journal).unwrap();
        for known in [bench.admin.as_str(), &bench.shop.key, secret, &admin] {
            assert!(!text.contains(known), "{dialect:?}");
            assert!(
                text.contains(&journal::fingerprint(known)),
                "positive control"
            );
        }
        let edit = journal.iter().find(|entry| entry.method == "PUT").unwrap();
        let mut expected = body;
        if dialect == Dialect::Legacy {
            expected["api_key"] = json!(journal::fingerprint(secret));
        }
        assert_eq!(
            (edit.path.as_str(), edit.body.as_ref()),
            (PERMISSIONS, Some(&expected))
        );
        assert_eq!(edit.by.as_ref(), Some(&bench.control.world().keys[0].id));
    }
}

#[tokio::test]
async fn an_edit_survives_a_restart_and_the_dialect_is_the_given_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = |dialect| Options {
        folder: Some(folder.path().join("server")),
        ..Options::of(dialect)
    };
    let first = Bench::new(options(Dialect::DocsA)).await;
    let admin = first.admin_token().await;
    let id = format!("key_{}", first.shop.id);
    let body = json!({ "key_id": id, "collection_permissions": { "orders": ["delete"] } });
    assert_eq!(
        first.call("POST", PERMISSIONS, &admin, Some(body)).await.0,
        200
    );
    let before = first.control.world();
    first.server.stop().await;

    for (dialect, expected) in [
        (Dialect::DocsA, Some(json!(["delete"]))),
        (Dialect::Legacy, Some(json!([]))),
        (Dialect::Modern, None),
    ] {
        let server = ekodb::start(options(dialect), world().0).await.unwrap();
        assert_eq!(server.control().world(), before);
        let client = client(&server.ca_pem());
        let body = json!({ "api_key": first.shop.key });
        let url = server.url();
        let reply = client
            .post(format!("{url}/api/auth/token"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let token: serde_json::Value = reply.json().await.unwrap();
        let own = client
            .get(url + PERMISSIONS)
            .bearer_auth(token["token"].as_str().unwrap());
        let own: serde_json::Value = own.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            own["collection_permissions"].get("orders"),
            expected.as_ref(),
            "{dialect:?}"
        );
        server.stop().await;
    }
}
