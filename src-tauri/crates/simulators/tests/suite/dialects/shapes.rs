//! What the official admin client refuses (`ekodb.md` 10.4), as rules over replies: `modern` and `legacy` must pass them
//! all, the guides' dialects cannot.

#![expect(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use crate::client::{Bench, KEYS, PERMISSIONS, REGISTER};
use serde_json::{Value, json};
use simulators::ekodb::{Dialect, ListSecret, Options};

fn accepts_grant(grant: &Value) -> bool {
    match grant {
        Value::Array(actions) => actions
            .iter()
            .all(|action| action == "read" || action == "write"),
        Value::Object(_) => grant["read"].is_boolean() && grant["write"].is_boolean(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn accepts_grants(map: &Value) -> bool {
    map.as_object()
        .is_some_and(|map| map.values().all(accepts_grant))
}

fn accepts_record(record: &Value) -> bool {
    let is_id =
        |id: &str| id.len() == 32 && id.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
    record["key"].is_string()
        && record
            .get("id")
            .is_none_or(|id| id.as_str().is_some_and(is_id))
        && record["is_admin"].is_boolean()
        && accepts_grants(&record["collection_permissions"])
}

fn accepts_list(list: &Value) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().all(accepts_record))
}

fn accepts_own(own: &Value, modern: bool) -> bool {
    if modern {
        own["admin"].is_boolean() && own["kv"].is_array() && accepts_grants(&own["collections"])
    } else {
        own["key_id"].is_string()
            && own["is_admin"].is_boolean()
            && accepts_grants(&own["collection_permissions"])
    }
}

/// Whether register, list and own permissions would be accepted.
async fn accepted(options: Options, actions: &[&str]) -> (bool, bool, bool) {
    let modern = options.dialect == Dialect::Modern;
    let bench = Bench::new(options).await;
    let admin = bench.admin_token().await;
    let body =
        json!({ "label": "new", "collection_permissions": { "users": actions, "none": [] } });
    let (status, record) = bench.call("POST", REGISTER, &admin, Some(body)).await;
    assert_eq!(status, 200);
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    let secret = record["key"]
        .as_str()
        .or(record["api_key"].as_str())
        .unwrap();
    let token = bench.token(secret).await;
    let own = if modern {
        "/api/auth/keys/me/permissions"
    } else {
        PERMISSIONS
    };
    let (_, own) = bench.call("GET", own, &token, None).await;
    (
        accepts_record(&record),
        accepts_list(&list),
        accepts_own(&own, modern),
    )
}

#[tokio::test]
async fn modern_and_legacy_emit_nothing_that_is_refused() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        for register_arrays in [false, true] {
            let options = Options {
                register_arrays,
                ..Options::of(dialect)
            };
            assert_eq!(
                accepted(options, &["read", "write"]).await,
                (true, true, true),
                "{dialect:?}"
            );
        }
    }
    let keyless = Options {
        list_secret: ListSecret::Absent,
        ..Options::of(Dialect::Legacy)
    };
    assert_eq!(
        accepted(keyless, &["read"]).await,
        (true, false, true),
        "C19"
    );
}

#[tokio::test]
async fn a_right_held_from_another_dialect_is_never_emitted() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let (bench, admin) = Bench::of(dialect).await;
        bench.control.edit(|world| {
            let grant = world.keys[1].grants.get_mut("orders").unwrap();
            (grant.delete, grant.admin) = (true, true);
        });
        let shop = bench.token(&bench.shop.key).await;
        let mut replies = vec![bench.call("GET", KEYS, &admin, None).await];
        if dialect == Dialect::Modern {
            let path = format!("{KEYS}/me/permissions");
            replies.push(bench.call("GET", &path, &shop, None).await);
            let path = format!("{KEYS}/{}/permissions/collections/orders", bench.shop.id);
            let edit = json!({ "read": true, "write": true });
            replies.push(bench.call("PUT", &path, &admin, Some(edit)).await);
            replies.push(bench.call("DELETE", &path, &admin, None).await);
        } else {
            replies.push(bench.call("GET", PERMISSIONS, &shop, None).await);
            let edit = json!({ "api_key": bench.shop.key, "collection": "orders", "read": true, "write": true });
            replies.push(bench.call("PUT", PERMISSIONS, &admin, Some(edit)).await);
        }
        for (status, reply) in replies {
            let text = reply.to_string();
            assert_eq!(status, 200);
            assert!(
                !text.contains("\"delete\"") && !text.contains("\"admin\":true,\"r"),
                "{text}"
            );
            assert!(!text.contains("[\"read\",\"write\",\""), "{text}");
        }
    }
}

#[tokio::test]
async fn the_guides_dialects_are_refused_for_the_stated_reasons() {
    let docs = Options::of;
    assert_eq!(
        accepted(docs(Dialect::DocsA), &["read", "write"]).await,
        (true, true, true),
        "control"
    );
    assert_eq!(
        accepted(docs(Dialect::DocsA), &["read", "delete"]).await,
        (false, true, false),
        "delete"
    );
    assert_eq!(
        accepted(docs(Dialect::DocsS), &["read", "write"]).await,
        (false, true, true),
        "no `key`"
    );
    assert_eq!(
        accepted(docs(Dialect::DocsS), &["read", "admin"]).await,
        (false, true, false),
        "admin"
    );
}

#[test]
fn the_rules_refuse_what_the_client_was_seen_to_refuse() {
    let good = json!({ "key": "k", "is_admin": false, "collection_permissions": { "a": [], "b": { "read": true, "write": false } } });
    assert!(accepts_list(&json!([good])));
    assert!(!accepts_list(&json!({ "keys": [good] })), "wrapped");
    for (member, value) in [
        ("key", Value::Null),
        ("id", json!("key_123")),
        ("collection_permissions", json!({ "a": { "read": true } })),
        ("collection_permissions", json!({ "a": ["delete"] })),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert!(!accepts_record(&bad), "{bad}");
    }
    assert!(!accepts_own(
        &json!({ "admin": false, "collections": {}, "kv": null }),
        true
    ));
    assert!(!accepts_own(
        &json!({ "is_admin": false, "collection_permissions": {} }),
        true
    ));
}
