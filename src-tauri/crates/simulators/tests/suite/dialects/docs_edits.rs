//! `docs-a` and `docs-s`: grants edited as a map for a `key_id` (`ekodb.md` E6d, E7d, C10).

use super::docs::made;
use crate::client::{Bench, PERMISSIONS};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, Grant, MapEdit, Options};

const DOCS: [Dialect; 2] = [Dialect::DocsA, Dialect::DocsS];

#[tokio::test]
async fn post_sets_and_put_updates_unless_switched() {
    use MapEdit::{Merge, Replace};
    for (post_map, put_map) in [(Replace, Merge), (Merge, Replace)] {
        for (method, edit) in [("POST", post_map), ("PUT", put_map)] {
            let bench = Bench::new(Options {
                post_map,
                put_map,
                ..Options::of(Dialect::DocsA)
            })
            .await;
            let admin = bench.admin_token().await;
            let grants = json!({ "users": ["read", "write"], "posts": ["read"], "logs": ["read"] });
            let (_, id, token) = made(&bench, &admin, grants).await;
            let sent = json!({ "users": ["read", "write", "delete"], "posts": ["write"] });
            let body = json!({ "key_id": id, "collection_permissions": sent });
            let (status, reply) = bench.call(method, PERMISSIONS, &admin, Some(body)).await;
            let mut expected =
                json!({ "status": "updated", "key_id": id, "collection_permissions": sent });
            let mut changes = vec![
                "Removed 'read' permission from 'posts' collection",
                "Added 'write' permission to 'posts' collection",
                "Added 'delete' permission to 'users' collection",
            ];
            if edit == Replace {
                changes.insert(0, "Removed 'read' permission from 'logs' collection");
            }
            if method == "PUT" {
                expected["changes"] = json!(changes);
            }
            assert_eq!((status, reply), (200, expected), "only what was sent");
            let mut after = sent;
            if edit == Merge {
                after["logs"] = json!(["read"]);
            }
            let (_, own) = bench.call("GET", PERMISSIONS, &token, None).await;
            assert_eq!(own["collection_permissions"], after, "{method} {edit:?}");
        }
    }
}

/// The seed's own example, letter for letter.
#[tokio::test]
async fn changes_read_as_in_the_guide() {
    let (bench, admin) = Bench::of(Dialect::DocsA).await;
    let grants = json!({ "users": ["read", "write"], "posts": ["read"] });
    let (_, id, _) = made(&bench, &admin, grants).await;
    let map = json!({ "users": ["read", "write", "delete"], "posts": ["read", "write"] });
    let body = json!({ "key_id": id, "collection_permissions": map });
    let (_, reply) = bench.call("PUT", PERMISSIONS, &admin, Some(body)).await;
    let mut changes: Vec<&str> = reply["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    changes.sort_unstable();
    let expected = [
        "Added 'delete' permission to 'users' collection",
        "Added 'write' permission to 'posts' collection",
    ];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn a_whole_map_has_one_outcome_either_way() {
    for dialect in DOCS {
        let mut outcomes = Vec::new();
        for method in ["POST", "PUT"] {
            let (bench, admin) = Bench::of(dialect).await;
            let (_, id, token) =
                made(&bench, &admin, json!({ "a": ["read"], "b": ["write"] })).await;
            let body =
                json!({ "key_id": id, "collection_permissions": { "a": ["write"], "b": [] } });
            assert_eq!(
                bench.call(method, PERMISSIONS, &admin, Some(body)).await.0,
                200
            );
            let (_, own) = bench.call("GET", PERMISSIONS, &token, None).await;
            outcomes.push(own["collection_permissions"].clone());
        }
        assert_eq!(outcomes, vec![json!({ "a": ["write"], "b": [] }); 2]);
    }
}

#[tokio::test]
async fn an_edit_is_checked_and_arrays_carry_no_field_lists() {
    for (dialect, foreign) in [(Dialect::DocsA, "admin"), (Dialect::DocsS, "delete")] {
        let (bench, admin) = Bench::of(dialect).await;
        let shop = bench.token(&bench.shop.key).await;
        let id = format!("key_{}", bench.shop.id);
        let before = bench.control.world();
        let map = json!({ "orders": ["read"] });
        for method in ["POST", "PUT"] {
            for (bad, expected) in [
                (json!({ "collection_permissions": map }), 400),
                (json!({ "key_id": id }), 400),
                (
                    json!({ "key_id": id, "collection_permissions": { "orders": [foreign] } }),
                    400,
                ),
                (
                    json!({ "key_id": id, "collection_permissions": { "orders": { "read": true } } }),
                    400,
                ),
                (
                    json!({ "key_id": id, "collection_permissions": map, "is_admin": true }),
                    400,
                ),
                (
                    json!({ "key_id": "key_123", "collection_permissions": map }),
                    404,
                ),
                (
                    json!({ "key_id": bench.shop.key, "collection_permissions": map }),
                    404,
                ),
            ] {
                let (status, _) = bench
                    .call(method, PERMISSIONS, &admin, Some(bad.clone()))
                    .await;
                assert_eq!(status, expected, "{bad}");
            }
            let body = json!({ "key_id": id, "collection_permissions": map });
            assert_eq!(
                bench.call(method, PERMISSIONS, &shop, Some(body)).await.0,
                403
            );
        }
        assert_eq!(bench.control.world(), before, "a refusal changes nothing");
        let body = json!({ "key_id": id, "collection_permissions": map });
        bench.call("PUT", PERMISSIONS, &admin, Some(body)).await;
        let world = bench.control.world();
        let key = world.find(&bench.shop.id).unwrap();
        assert_eq!(key.grants["orders"], Grant::read());
        assert_eq!(key.grants["gone"], Grant::none());
    }
}
