//! What holds in every dialect, proved in those before `modern`.

use super::OLDER;
use crate::client::{Bench, KEYS, PERMISSIONS, REGISTER};
use serde_json::{Value, json};
use simulators::ekodb::{CallerKey, Dialect, ErrorShape, Grant, Key, Options, RegisterAuth};

const ME: &str = "/api/auth/keys/me/permissions";

#[tokio::test]
async fn the_routes_are_those_of_the_dialect() {
    for dialect in OLDER {
        let (bench, admin) = Bench::of(dialect).await;
        let shop = bench.token(&bench.shop.key).await;
        let of_shop = format!("{KEYS}/{}/permissions", bench.shop.id);
        for path in [
            ME.to_owned(),
            of_shop.clone(),
            format!("{of_shop}/collections"),
            format!("{of_shop}/collections/orders"),
            format!("{of_shop}/kv?prefix=a"),
            format!("{of_shop}/kv/session%3A"),
        ] {
            assert_eq!(
                bench.call("GET", &path, &admin, None).await.0,
                404,
                "{path}"
            );
            assert_eq!(bench.call("PATCH", &path, "no token", None).await.0, 404);
        }
        let post = if dialect == Dialect::Legacy { 405 } else { 400 };
        for (method, expected) in [
            ("GET", 200),
            ("POST", post),
            ("PUT", 400),
            ("PATCH", 405),
            ("DELETE", 405),
        ] {
            let (status, _) = bench
                .call(method, PERMISSIONS, &admin, Some(json!({})))
                .await;
            assert_eq!(status, expected, "{dialect:?} {method}");
        }
        assert_eq!(bench.call("GET", PERMISSIONS, &shop, None).await.0, 200);
        assert_eq!(bench.call("GET", PERMISSIONS, "a.b.c", None).await.0, 401);
        assert_eq!(
            bench
                .call("PUT", PERMISSIONS, &shop, Some(json!({})))
                .await
                .0,
            403
        );
        assert_eq!(bench.call("POST", KEYS, &admin, None).await.0, 405);

        let bench = Bench::new(Options {
            modern_routes_405: true,
            ..Options::of(dialect)
        })
        .await;
        let admin = bench.admin_token().await;
        assert_eq!(bench.call("GET", ME, &admin, None).await.0, 405);
        assert_eq!(bench.call("GET", PERMISSIONS, &admin, None).await.0, 200);
    }
}

#[tokio::test]
async fn health_tells_an_admin_the_version_of_the_dialect() {
    for (options, version) in [
        (Options::of(Dialect::Modern), "0.80.0"),
        (Options::of(Dialect::Legacy), "0.79.2"),
        (Options::before_0_79_2(), "0.79.1"),
        (Options::of(Dialect::DocsA), "0.72.2"),
        (Options::of(Dialect::DocsS), "0.72.2"),
    ] {
        let bench = Bench::new(options).await;
        let admin = bench.admin_token().await;
        let (_, health) = bench.call("GET", "/api/health", &admin, None).await;
        assert_eq!(health["version"], version);
        let (_, public) = bench.call("GET", "/api/health", "none", None).await;
        assert_eq!(public, json!({ "status": "ok", "integrity_ok": true }));
    }
}

#[tokio::test]
async fn a_token_ends_with_its_time_or_its_key() {
    for dialect in OLDER {
        let (bench, admin) = Bench::of(dialect).await;
        let shop = bench.token(&bench.shop.key).await;
        let refused = (401, json!({ "error": "Invalid or expired token" }));
        assert_eq!(
            bench.call("GET", PERMISSIONS, &bench.shop.key, None).await,
            refused
        );
        assert_eq!(bench.call("GET", PERMISSIONS, &shop, None).await.0, 200);

        let path = format!("{KEYS}/{}", bench.shop.key);
        assert_eq!(bench.call("DELETE", &path, &shop, None).await.0, 403);
        let revoked = json!({ "status": "success", "message": "Key revoked successfully" });
        assert_eq!(
            bench.call("DELETE", &path, &admin, None).await,
            (200, revoked)
        );
        assert_eq!(bench.call("GET", PERMISSIONS, &shop, None).await, refused);
        assert_eq!(
            bench.call("POST", "/api/find/orders", &shop, None).await,
            refused
        );
        assert_eq!(
            bench.call("DELETE", &path, &admin, None).await,
            (404, json!({ "error": "API key not found" }))
        );
        let body = json!({ "api_key": bench.shop.key });
        assert_eq!(
            bench
                .call("POST", "/api/auth/token", "none", Some(body))
                .await,
            (401, json!({ "error": "API key not found or revoked" }))
        );
        bench.control.advance(3_600_000);
        assert_eq!(bench.call("GET", PERMISSIONS, &admin, None).await, refused);
    }
}

#[tokio::test]
async fn register_is_authenticated_as_configured() {
    for dialect in OLDER {
        for (register_auth, expected) in [
            (RegisterAuth::Either, [200, 200, 200, 401]),
            (RegisterAuth::BearerOnly, [200, 401, 200, 401]),
            (RegisterAuth::BodyOnly, [401, 200, 200, 401]),
            (RegisterAuth::Both, [401, 401, 200, 401]),
        ] {
            let bench = Bench::new(Options {
                register_auth,
                ..Options::of(dialect)
            })
            .await;
            let admin = bench.admin_token().await;
            let both = json!({ "api_key": bench.admin });
            let tries = [
                (Some(&admin), json!({})),
                (None, both.clone()),
                (Some(&admin), both),
                (None, json!({})),
            ];
            for ((token, body), expected) in tries.into_iter().zip(expected) {
                let token = token.map(String::as_str);
                let reply = bench
                    .send("POST", REGISTER, token, Some(body))
                    .await
                    .unwrap();
                assert_eq!(
                    reply.status().as_u16(),
                    expected,
                    "{dialect:?} {register_auth:?}"
                );
            }
        }
        let (bench, admin) = Bench::of(dialect).await;
        let shop = bench.token(&bench.shop.key).await;
        let by_shop = Some(json!({ "api_key": bench.shop.key }));
        assert_eq!(bench.call("POST", REGISTER, &admin, by_shop).await.0, 403);
        assert_eq!(
            bench.call("POST", REGISTER, &shop, Some(json!({}))).await.0,
            403
        );
    }
}

#[tokio::test]
async fn register_knows_the_actions_of_the_dialect_and_no_chosen_key() {
    let chosen = Key::new("", 0).prefix("eko_ks_").key;
    for (dialect, delete, admin_action) in [
        (Dialect::Modern, 400, 400),
        (Dialect::Legacy, 400, 400),
        (Dialect::DocsA, 200, 400),
        (Dialect::DocsS, 400, 200),
    ] {
        let bench = Bench::new(Options {
            caller_key: CallerKey::Ignore,
            ..Options::of(dialect)
        })
        .await;
        let admin = bench.admin_token().await;
        for (grants, expected) in [
            (json!({ "a": ["write", "read"], "gone": [] }), 200),
            (json!({ "a": ["delete"] }), delete),
            (json!({ "a": ["admin"] }), admin_action),
            (json!({ "a": ["purge"] }), 400),
            (json!({ "a": { "read": true, "write": true } }), 400),
            (json!({ "a\u{200b}": ["read"] }), 400),
            (json!(["read"]), 400),
        ] {
            let body = json!({ "key": chosen, "collection_permissions": grants });
            let (status, _) = bench.call("POST", REGISTER, &admin, Some(body)).await;
            assert_eq!(status, expected, "{dialect:?} {grants}");
        }
        assert!(bench.control.world().find_secret(&chosen).is_none());
        assert_eq!(
            Options::of(dialect).caller_key == CallerKey::Ignore,
            dialect != Dialect::Modern
        );
    }
}

#[tokio::test]
async fn grants_and_field_rules_are_enforced() {
    for dialect in OLDER {
        let (bench, _) = Bench::of(dialect).await;
        let shop = bench.token(&bench.shop.key).await;
        let set = |grant: Grant| {
            let edit = |world: &mut simulators::ekodb::World| {
                world.keys[1].grants.insert("orders".to_owned(), grant);
            };
            bench.control.edit(edit);
        };
        let (status, rows) = bench.call("GET", "/api/find/orders", &shop, None).await;
        assert_eq!(status, 200);
        assert!(rows[0].get("status").is_some() && rows[0].get("note").is_none());
        let insert = |body: Value| bench.call("POST", "/api/insert/orders", &shop, Some(body));
        assert_eq!(insert(json!({ "total": 1 })).await.0, 403);
        let (_, made) = insert(json!({ "status": "new" })).await;
        let delete = format!("/api/delete/orders/{}", made["id"].as_str().unwrap());
        let (refused, removes) = if dialect == Dialect::DocsA {
            (Grant::read_write(), Grant::none().and_delete())
        } else {
            (Grant::read().and_delete(), Grant::new(false, true))
        };
        set(refused);
        let text = json!({ "error": "No delete permission for collection orders" });
        assert_eq!(
            bench.call("DELETE", &delete, &shop, None).await,
            (403, text)
        );
        set(removes);
        assert_eq!(bench.call("DELETE", &delete, &shop, None).await.0, 200);
        let text = json!({ "error": "No read permission for collection orders" });
        assert_eq!(
            bench.call("GET", "/api/find/orders", &shop, None).await,
            (403, text)
        );
    }
}

#[tokio::test]
async fn errors_take_the_configured_form() {
    for dialect in OLDER {
        for (error_shape, expected) in [
            (
                ErrorShape::Error,
                json!({ "error": "Invalid or expired token" }),
            ),
            (
                ErrorShape::CodeMessage,
                json!({ "code": 401, "message": "Invalid or expired token" }),
            ),
            (ErrorShape::Empty, Value::Null),
        ] {
            let bench = Bench::new(Options {
                error_shape,
                ..Options::of(dialect)
            })
            .await;
            assert_eq!(
                bench.call("GET", PERMISSIONS, "x", None).await,
                (401, expected)
            );
        }
    }
}

#[tokio::test]
async fn rights_bound_to_a_token_need_a_fresh_one() {
    for dialect in OLDER {
        for (bound, expected) in [(false, json!({})), (true, json!(["read", "write"]))] {
            let bench = Bench::new(Options {
                grants_bound_to_token: bound,
                ..Options::of(dialect)
            })
            .await;
            let shop = bench.token(&bench.shop.key).await;
            bench.control.edit(|world| world.keys[1].grants.clear());
            let (_, own) = bench.call("GET", PERMISSIONS, &shop, None).await;
            let grants = &own["collection_permissions"];
            assert_eq!(grants.get("orders").unwrap_or(grants), &expected);
            let fresh = bench.token(&bench.shop.key).await;
            let (_, own) = bench.call("GET", PERMISSIONS, &fresh, None).await;
            assert_eq!(own["collection_permissions"], json!({}));
        }
    }
}
