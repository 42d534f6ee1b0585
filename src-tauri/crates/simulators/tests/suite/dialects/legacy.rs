//! `legacy`, 0.79.2: records without ids, one collection edited at a time (`ekodb.md` 4.2, 4.5, E7l, C9).

#![expect(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use crate::client::{Bench, KEYS, PERMISSIONS, REGISTER};
use serde_json::{Map, Value, json};
use simulators::ekodb::{Dialect, Grant, ListSecret, Omitted, Options};
use simulators::{Effect, Fault};

/// A PUT on the grant `orders` of the shop's key.
async fn put(bench: &Bench, admin: &str, edit: Value) -> (u16, Value) {
    let mut body = json!({ "api_key": bench.shop.key, "collection": "orders" });
    let members = body.as_object_mut().unwrap();
    members.extend(edit.as_object().unwrap().clone());
    bench.call("PUT", PERMISSIONS, admin, Some(body)).await
}

fn orders(record: &Value) -> Value {
    record["collection_permissions"]["orders"].clone()
}

#[tokio::test]
async fn records_have_a_key_and_no_id() {
    let (bench, admin) = Bench::of(Dialect::Legacy).await;
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    let grants = json!({
        "orders": { "read": true, "write": true, "select_fields": null, "exclude_fields": ["note"],
            "writable_fields": ["status"] },
        "gone": { "read": false, "write": false, "select_fields": null, "exclude_fields": null,
            "writable_fields": null },
    });
    let record = json!({
        "key": bench.shop.key, "label": "shop-web", "description": null, "is_admin": false,
        "collection_permissions": grants, "created_at": "2026-01-20T10:30:00.000Z",
        "kv_permissions": [{ "prefix": "session:", "read": true, "write": true }],
    });
    assert_eq!(list[1], record);
    assert_eq!(list[0]["collection_permissions"], json!({}));

    let body = json!({ "label": "new", "collection_permissions": { "orders": ["read"] } });
    let (_, made) = bench.call("POST", REGISTER, &admin, Some(body)).await;
    assert!(made["key"].as_str().unwrap().starts_with("eko_prod_"));
    assert_eq!(
        (
            made.get("id"),
            made["collection_permissions"]["orders"]["read"].as_bool()
        ),
        (None, Some(true))
    );

    let shop = bench.token(&bench.shop.key).await;
    let own = json!({
        "key_id": bench.shop.id, "label": "shop-web", "is_admin": false,
        "collection_permissions": { "orders": ["read", "write"], "gone": [] },
        "kv_permissions": [{ "prefix": "session:", "read": true, "write": true }],
    });
    assert_eq!(
        bench.call("GET", PERMISSIONS, &shop, None).await,
        (200, own)
    );
}

#[tokio::test]
async fn a_list_may_mask_or_leave_out_secrets() {
    for list_secret in [ListSecret::Masked, ListSecret::Absent] {
        let bench = Bench::new(Options {
            list_secret,
            register_arrays: true,
            ..Options::of(Dialect::Legacy)
        })
        .await;
        let admin = bench.admin_token().await;
        let (_, list) = bench.call("GET", KEYS, &admin, None).await;
        let (_, edited) = put(&bench, &admin, json!({ "read": true, "write": false })).await;
        let head: String = bench.shop.key.chars().take(12).collect();
        let shown = (list_secret == ListSecret::Masked).then(|| json!(format!("{head}...")));
        assert_eq!(
            (list[1].get("key"), edited.get("key")),
            (shown.as_ref(), shown.as_ref())
        );
        let body = json!({ "collection_permissions": { "orders": ["write"] } });
        let (_, made) = bench.call("POST", REGISTER, &admin, Some(body)).await;
        assert_eq!(orders(&made), json!(["write"]));
        assert_ne!(
            bench.token(made["key"].as_str().unwrap()).await,
            "",
            "register shows it whole"
        );
    }
}

#[tokio::test]
async fn a_grant_is_edited_in_three_states() {
    let (bench, admin) = Bench::of(Dialect::Legacy).await;
    let edit =
        json!({ "read": true, "write": false, "select_fields": ["id"], "exclude_fields": null });
    let (status, record) = put(&bench, &admin, edit).await;
    let after = json!({ "read": true, "write": false, "select_fields": ["id"], "exclude_fields": null,
        "writable_fields": ["status"] });
    assert_eq!(
        (status, orders(&record)),
        (200, after),
        "left out = kept, null = cleared"
    );
    assert_eq!(record["key"], json!(bench.shop.key));
    assert_eq!(
        record["collection_permissions"]["gone"]["read"], false,
        "the whole record"
    );
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    assert_eq!(list[1], record);
    let edit = json!({ "read": true, "write": true, "writable_fields": [] });
    let (_, record) = put(&bench, &admin, edit).await;
    assert_eq!(orders(&record)["writable_fields"], json!([]));

    let new =
        json!({ "api_key": bench.shop.key, "collection": "a/b%", "read": true, "write": false });
    let (_, record) = bench.call("PUT", PERMISSIONS, &admin, Some(new)).await;
    assert_eq!(
        record["collection_permissions"]["a/b%"]["read"], true,
        "a missing grant is made"
    );

    let before = bench.control.world();
    for bad in [
        json!({ "read": true }),
        json!({ "read": "yes", "write": true }),
        json!({ "read": true, "write": true, "select_fields": [" "] }),
        json!({ "read": true, "write": true, "select_fields": "id" }),
        json!({ "read": true, "write": true, "delete": true }),
        json!({ "read": true, "write": true, "collection": "" }),
        json!({ "read": true, "write": true, "collection": 7 }),
        json!({ "read": true, "write": true, "api_key": null }),
    ] {
        assert_eq!(put(&bench, &admin, bad.clone()).await.0, 400, "{bad}");
    }
    for unknown in [json!("eko_prod_nobody"), json!(bench.shop.id)] {
        let edit = json!({ "read": true, "write": true, "api_key": unknown });
        let text = json!({ "error": "API key not found" });
        assert_eq!(put(&bench, &admin, edit).await, (404, text));
    }
    let shop = bench.token(&bench.shop.key).await;
    let whole = json!({ "read": true, "write": true });
    assert_eq!(put(&bench, &shop, whole).await.0, 403);
    assert_eq!(bench.control.world(), before, "a refusal changes nothing");

    let bench = Bench::new(Options {
        put_omitted: Omitted::Clear,
        ..Options::of(Dialect::Legacy)
    })
    .await;
    let admin = bench.admin_token().await;
    let (_, record) = put(&bench, &admin, json!({ "read": true, "write": true })).await;
    assert_eq!(orders(&record)["exclude_fields"], Value::Null);
}

#[tokio::test]
async fn before_0_79_2_an_edit_takes_the_restrictions_away() {
    let edits = [
        json!({ "read": true, "write": true }),
        json!({ "read": true, "write": true, "exclude_fields": ["note"], "writable_fields": ["status"] }),
    ];
    for edit in edits {
        for (options, fault, kept) in [
            (Options::of(Dialect::Legacy), false, true),
            (Options::of(Dialect::Legacy), true, false),
            (Options::before_0_79_2(), false, false),
        ] {
            let bench = Bench::new(options).await;
            let admin = bench.admin_token().await;
            let shop = bench.token(&bench.shop.key).await;
            if fault {
                let drop_lists = Fault::on("PUT", PERMISSIONS, Effect::DropRestrictions);
                bench.control.fault(drop_lists);
            }
            let (status, record) = put(&bench, &admin, edit.clone()).await;
            assert_eq!(status, 200, "nothing tells of it");
            assert_eq!(orders(&record)["exclude_fields"].is_array(), kept);
            assert_eq!(orders(&record)["writable_fields"].is_array(), kept);
            let (_, rows) = bench.call("GET", "/api/find/orders", &shop, None).await;
            assert_eq!(rows[0].get("note").is_none(), kept, "and it is enforced so");
        }
    }
}

#[tokio::test]
async fn a_key_unrelated_to_the_edit_stays_as_it_is() {
    let (bench, admin) = Bench::of(Dialect::Legacy).await;
    bench.control.edit(|world| {
        let mut odd = simulators::ekodb::Key::new("odd", 0).grant("orders", Grant::read());
        odd.extra = Map::from_iter([("region".to_owned(), json!("eu"))]);
        odd.hidden.push("description".to_owned());
        world.keys.push(odd);
    });
    let before = bench.control.world();
    put(&bench, &admin, json!({ "read": false, "write": false })).await;
    let after = bench.control.world();
    assert_eq!(
        (&before.keys[0], &before.keys[2]),
        (&after.keys[0], &after.keys[2])
    );
    assert_ne!(before.keys[1], after.keys[1]);
    let (_, list) = bench.call("GET", KEYS, &admin, None).await;
    assert_eq!(
        (&list[2]["region"], list[2].get("description")),
        (&json!("eu"), None)
    );
}
