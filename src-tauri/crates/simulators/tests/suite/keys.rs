//! Register, list, revoke (`ekodb.md` E2–E4) and their switches.

use crate::client::{Bench, NOW};
use serde_json::json;
use simulators::ekodb::{CallerKey, ErrorShape, Key, ListSecret, Options, RegisterAuth, RevokeRef};

#[tokio::test]
async fn register_takes_a_strong_free_key_or_makes_one() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let chosen = Key::new("", 0).prefix("eko_ks_").key;
    let chosen = chosen.as_str();
    let body = json!({ "api_key": bench.admin, "label": "new", "key": chosen, "is_admin": false,
        "collection_permissions": { "orders": ["read"], "nowhere": [] } });
    let (status, record) = bench
        .call("POST", "/api/auth/register", &admin, Some(body.clone()))
        .await;
    assert_eq!((status, record["key"].as_str()), (200, Some(chosen)));
    assert_eq!(record["id"].as_str().unwrap().len(), 32);
    assert_eq!(record["created_at"], "2026-01-20T10:30:00.000Z");
    assert_eq!(record["collection_permissions"]["orders"]["read"], true);
    assert_ne!(bench.token(chosen).await, "");

    assert_eq!(
        bench
            .call("POST", "/api/auth/register", &admin, Some(body))
            .await
            .0,
        409
    );
    for weak in ["short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        let (status, reply) = bench
            .call(
                "POST",
                "/api/auth/register",
                &admin,
                Some(json!({ "key": weak })),
            )
            .await;
        assert_eq!(status, 400);
        assert!(reply["error"].as_str().unwrap().contains("key"));
    }
    let (_, made) = bench
        .call(
            "POST",
            "/api/auth/register",
            &admin,
            Some(json!({ "label": "new" })),
        )
        .await;
    let secret = made["key"].as_str().unwrap();
    assert!(
        secret.starts_with("eko_prod_") && secret.len() >= 41,
        "a label may be used twice: {made}"
    );
    for bad in [
        json!({ "a": ["delete"] }),
        json!({ "a": ["admin"] }),
        json!({ "a": { "read": true } }),
    ] {
        let body = json!({ "collection_permissions": bad });
        assert_eq!(
            bench
                .call("POST", "/api/auth/register", &admin, Some(body))
                .await
                .0,
            400
        );
    }
    assert_eq!(bench.control.world().keys.len(), 4);
}

#[tokio::test]
async fn register_is_authenticated_as_configured() {
    let cases = [
        (RegisterAuth::Either, [200, 200, 200, 401]),
        (RegisterAuth::BearerOnly, [200, 401, 200, 401]),
        (RegisterAuth::BodyOnly, [401, 200, 200, 401]),
        (RegisterAuth::Both, [401, 401, 200, 401]),
    ];
    for (register_auth, expected) in cases {
        let bench = Bench::new(Options {
            register_auth,
            ..Options::default()
        })
        .await;
        let admin = bench.admin_token().await;
        let with_body = json!({ "api_key": bench.admin });
        let tries = [
            (Some(&admin), json!({})),
            (None, with_body.clone()),
            (Some(&admin), with_body),
            (None, json!({})),
        ];
        for ((token, body), expected) in tries.into_iter().zip(expected) {
            let response = bench
                .send(
                    "POST",
                    "/api/auth/register",
                    token.map(String::as_str),
                    Some(body),
                )
                .await;
            assert_eq!(
                response.unwrap().status().as_u16(),
                expected,
                "{register_auth:?}"
            );
        }
    }
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let shop = bench.token(&bench.shop.key).await;
    let by_shop = Some(json!({ "api_key": bench.shop.key }));
    assert_eq!(
        bench
            .call("POST", "/api/auth/register", &admin, by_shop)
            .await
            .0,
        403
    );
    assert_eq!(
        bench
            .call("POST", "/api/auth/register", &shop, Some(json!({})))
            .await
            .0,
        403
    );
}

#[tokio::test]
async fn the_list_is_a_bare_array_with_whole_grants() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let (_, list) = bench.call("GET", "/api/auth/keys", &admin, None).await;
    let list = list.as_array().unwrap();
    assert_eq!(list[0]["collection_permissions"], json!({}));
    assert_eq!(list[0]["is_admin"], true);
    let orders = json!({ "read": true, "write": true, "select_fields": null, "exclude_fields": ["note"],
        "writable_fields": ["status"] });
    assert_eq!(list[1]["collection_permissions"]["orders"], orders);
    assert_eq!(
        list[1]["kv_permissions"],
        json!([{ "prefix": "session:", "read": true, "write": true }])
    );
    assert_eq!(list[1]["key"], json!(bench.shop.key));

    bench.control.edit(|world| {
        let mut odd = Key::new("odd", NOW);
        odd.overrides.insert("id".to_owned(), json!("key_123"));
        odd.extra.insert("region".to_owned(), json!("eu"));
        odd.hidden.push("created_at".to_owned());
        world.keys.push(odd);
    });
    let (_, list) = bench.call("GET", "/api/auth/keys", &admin, None).await;
    assert_eq!(
        (&list[2]["id"], &list[2]["region"]),
        (&json!("key_123"), &json!("eu"))
    );
    assert!(list[2].get("created_at").is_none());
    let shop = bench.token(&bench.shop.key).await;
    assert_eq!(
        bench.call("GET", "/api/auth/keys", &shop, None).await.0,
        403
    );
}

#[tokio::test]
async fn the_switches_switch() {
    let options = Options {
        list_secret: ListSecret::Masked,
        error_shape: ErrorShape::CodeMessage,
        revoke_ref: RevokeRef::Value,
        caller_key: CallerKey::Ignore,
        register_arrays: true,
        register_status: 201,
        revoke_204: true,
        keep_last_admin: true,
        me_for_all: false,
        ..Options::default()
    };
    let bench = Bench::new(options).await;
    let admin = bench.admin_token().await;
    let shop = bench.token(&bench.shop.key).await;
    let (_, list) = bench.call("GET", "/api/auth/keys", &admin, None).await;
    let masked = list[1]["key"].as_str().unwrap();
    assert!(masked.ends_with("...") && masked.len() < 20);
    let (_, refused) = bench
        .call("GET", "/api/auth/keys/me/permissions", &shop, None)
        .await;
    assert_eq!(
        refused,
        json!({ "code": 403, "message": "Admin access required" })
    );
    assert_eq!(
        bench
            .call(
                "DELETE",
                &format!("/api/auth/keys/{}", bench.shop.id),
                &admin,
                None
            )
            .await
            .0,
        404
    );
    assert_eq!(
        bench
            .call(
                "DELETE",
                &format!("/api/auth/keys/{}", bench.shop.key),
                &admin,
                None
            )
            .await
            .0,
        204
    );
    assert_eq!(
        bench
            .call(
                "DELETE",
                &format!("/api/auth/keys/{}", bench.admin),
                &admin,
                None
            )
            .await
            .0,
        409
    );
    let body = json!({ "key": "x", "collection_permissions": { "orders": ["write", "read"] } });
    let (status, record) = bench
        .call("POST", "/api/auth/register", &admin, Some(body))
        .await;
    assert_eq!(
        (status, &record["collection_permissions"]["orders"]),
        (201, &json!(["read", "write"]))
    );
    assert_ne!(record["key"], "x");
}
