//! `docs-a` and `docs-s`: the shapes they show keys in and the actions they know (`ekodb.md` 4.2, E5d, C2–C6).

#![expect(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use crate::client::{Bench, KEYS, PERMISSIONS, REGISTER};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, ListGrants, ListSecret, Options};

fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

/// A fresh key with these grants: its secret, its `key_id`, its token.
pub(super) async fn made(bench: &Bench, admin: &str, grants: Value) -> (String, String, String) {
    let body = json!({ "label": "new", "collection_permissions": grants });
    let (_, reply) = bench.call("POST", REGISTER, admin, Some(body)).await;
    let secret = reply["key"]
        .as_str()
        .or(reply["api_key"].as_str())
        .unwrap()
        .to_owned();
    let token = bench.token(&secret).await;
    let (_, own) = bench.call("GET", PERMISSIONS, &token, None).await;
    (secret, own["key_id"].as_str().unwrap().to_owned(), token)
}

#[tokio::test]
async fn register_answers_as_each_guide_prints_it() {
    let (bench, admin) = Bench::of(Dialect::DocsA).await;
    let body = json!({ "label": "Web", "description": "d",
        "collection_permissions": { "comments": ["delete", "read", "write"], "analytics": [] } });
    let (_, reply) = bench
        .call("POST", REGISTER, &admin, Some(body.clone()))
        .await;
    let mut expected = body;
    expected["collection_permissions"]["comments"] = json!(["read", "write", "delete"]);
    expected["is_admin"] = json!(false);
    expected["key"] = reply["key"].clone();
    assert_eq!(reply, expected);
    assert_ne!(bench.token(reply["key"].as_str().unwrap()).await, "");

    let (bench, admin) = Bench::of(Dialect::DocsS).await;
    let body = json!({ "label": "Web", "collection_permissions": { "users": ["read", "admin"] } });
    let (_, reply) = bench.call("POST", REGISTER, &admin, Some(body)).await;
    assert_eq!(names(&reply), ["api_key", "created_at", "label"]);
    assert_eq!(reply["created_at"], "2026-01-20T10:30:00.000Z");
    let secret = reply["api_key"].as_str().unwrap();
    assert_ne!(bench.token(secret).await, "");
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    assert_eq!(list[2]["key"], secret, "the list tells the rest (C3)");
}

#[tokio::test]
async fn the_list_shows_grants_in_the_configured_form() {
    for (dialect, more) in [(Dialect::DocsA, "delete"), (Dialect::DocsS, "admin")] {
        let five = json!({ "read": true, "write": false, "select_fields": null, "exclude_fields": null,
            "writable_fields": null });
        let mut six = five.clone();
        six[more] = json!(true);
        for (list_grants, expected) in [
            (ListGrants::Plain, five),
            (ListGrants::Extended, six),
            (ListGrants::Arrays, json!(["read", more])),
        ] {
            let bench = Bench::new(Options {
                list_grants,
                ..Options::of(dialect)
            })
            .await;
            let admin = bench.admin_token().await;
            let (secret, ..) = made(&bench, &admin, json!({ "users": ["read", more] })).await;
            let (_, list) = bench.call("GET", KEYS, &admin, None).await;
            assert_eq!(list[2]["collection_permissions"]["users"], expected);
            assert_eq!(list[2]["key"], json!(secret));
            let members = [
                "collection_permissions",
                "created_at",
                "description",
                "is_admin",
                "key",
                "label",
            ];
            let shown = members
                .into_iter()
                .filter(|name| *name != "created_at" || dialect == Dialect::DocsS);
            assert_eq!(names(&list[2]), shown.collect::<Vec<_>>());
        }
    }
    let bench = Bench::new(Options {
        list_secret: ListSecret::Masked,
        list_key_id: true,
        ..Options::of(Dialect::DocsA)
    })
    .await;
    let admin = bench.admin_token().await;
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    let (secret, id) = (
        list[1]["key"].as_str().unwrap(),
        list[1]["key_id"].as_str().unwrap(),
    );
    assert!(secret.ends_with("...") && bench.shop.key.starts_with(secret.trim_end_matches('.')));
    let path = format!("{KEYS}/{id}");
    assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, 200);
    assert_eq!(bench.token(&bench.shop.key).await, "");
}

#[tokio::test]
async fn own_permissions_are_arrays_with_a_key_id() {
    for (dialect, more) in [(Dialect::DocsA, "delete"), (Dialect::DocsS, "admin")] {
        let (bench, admin) = Bench::of(dialect).await;
        let grants = json!({ "users": ["read", "write", more], "analytics": [] });
        let (_, id, token) = made(&bench, &admin, grants.clone()).await;
        let own = json!({ "key_id": id, "label": "new", "is_admin": false, "collection_permissions": grants });
        assert_eq!(
            bench.call("GET", PERMISSIONS, &token, None).await,
            (200, own)
        );
        assert!(id.starts_with("key_"));
        let (_, own) = bench.call("GET", PERMISSIONS, &admin, None).await;
        assert_eq!(
            (&own["is_admin"], &own["collection_permissions"]),
            (&json!(true), &json!({}))
        );
    }
}

#[tokio::test]
async fn admin_on_a_collection_is_its_schema_in_docs_s_only() {
    let schema = || Some(json!({ "fields": { "a": { "field_type": "String" } } }));
    for (dialect, allowed, text) in [
        (
            Dialect::DocsS,
            201,
            "No admin permission for collection other",
        ),
        (Dialect::DocsA, 403, "Admin access required"),
        (Dialect::Legacy, 403, "Admin access required"),
    ] {
        let (bench, admin) = Bench::of(dialect).await;
        let grant = Grant::none().and_admin();
        bench
            .control
            .edit(|world| drop(world.keys[1].grants.insert("mine".to_owned(), grant)));
        let shop = bench.token(&bench.shop.key).await;
        let (status, reply) = bench
            .call("POST", "/api/collections/other", &shop, schema())
            .await;
        assert_eq!((status, &reply["error"]), (403, &json!(text)));
        let mine = "/api/collections/mine";
        assert_eq!(bench.call("POST", mine, &shop, schema()).await.0, allowed);
        assert_eq!(
            bench.call("DELETE", mine, &shop, None).await.0,
            403,
            "of an admin key only"
        );
        assert_eq!(
            bench
                .call("POST", "/api/collections/other", &admin, schema())
                .await
                .0,
            201
        );
    }
}
