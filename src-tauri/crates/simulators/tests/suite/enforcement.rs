//! Grants and field rules on records; health, collections, schemas; the rate limit.

use crate::client::{Bench, NOW};
use serde_json::{Value, json};
use simulators::ekodb::{Grant, Options};

#[tokio::test]
async fn grants_and_field_rules_are_enforced() {
    let bench = Bench::new(Options::default()).await;
    let shop = bench.token(&bench.shop.key).await;
    let find = || {
        bench.call(
            "POST",
            "/api/find/orders",
            &shop,
            Some(json!({ "limit": 2 })),
        )
    };
    let (status, rows) = find().await;
    assert_eq!((status, rows.as_array().unwrap().len()), (200, 2));
    assert!(rows[0].get("status").is_some() && rows[0].get("note").is_none());
    let set = |grant: Grant| {
        bench
            .control
            .edit(|world| drop(world.keys[1].grants.insert("orders".to_owned(), grant)));
    };
    set(Grant::read_write()
        .select(&["id", "note"])
        .exclude(&["note"]));
    assert_eq!(
        find().await.1[0]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["id"],
        "exclusion wins"
    );
    set(Grant::read().select(&[]));
    assert_eq!(find().await.1[0], json!({}));
    set(Grant::none());
    assert_eq!(
        find().await,
        (
            403,
            json!({ "error": "No read permission for collection orders" })
        )
    );
    let (status, reply) = bench.call("POST", "/api/find/customers", &shop, None).await;
    assert_eq!(
        (status, &reply["error"]),
        (403, &json!("No read permission for collection customers"))
    );

    set(Grant::new(false, true).writable(&["status"]));
    assert_eq!(
        bench
            .call(
                "POST",
                "/api/insert/orders",
                &shop,
                Some(json!({ "total": 1 }))
            )
            .await
            .0,
        403
    );
    let (status, made) = bench
        .call(
            "POST",
            "/api/insert/orders",
            &shop,
            Some(json!({ "status": "new" })),
        )
        .await;
    assert_eq!(status, 200);
    let id = made["id"].as_str().unwrap();
    let update = format!("/api/update/orders/{id}");
    assert_eq!(
        bench
            .call("PUT", &update, &shop, Some(json!({ "note": "x" })))
            .await
            .0,
        403
    );
    assert_eq!(
        bench
            .call("PUT", &update, &shop, Some(json!({ "status": "paid" })))
            .await
            .0,
        200
    );
    let delete = format!("/api/delete/orders/{id}");
    assert_eq!(bench.call("DELETE", &delete, &shop, None).await.0, 200);
    set(Grant::read());
    let (status, reply) = bench.call("DELETE", &delete, &shop, None).await;
    assert_eq!(
        (status, &reply["error"]),
        (403, &json!("No delete permission for collection orders"))
    );
}

#[tokio::test]
async fn health_collections_and_schemas() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let shop = bench.token(&bench.shop.key).await;
    bench
        .control
        .edit(|world| world.health = "degraded".to_owned());
    let public = json!({ "status": "degraded", "integrity_ok": true });
    let reply = bench.send("GET", "/api/health", None, None).await.unwrap();
    assert_eq!(
        (
            reply.status().as_u16(),
            reply.json::<Value>().await.unwrap()
        ),
        (200, public.clone())
    );
    assert_eq!(
        bench.call("GET", "/api/health", &shop, None).await.1,
        public
    );
    assert_eq!(
        bench.call("GET", "/api/health", &admin, None).await.1["version"],
        "0.80.0"
    );

    let all = json!({ "collections": ["audit__ek0_shop", "customers", "orders"] });
    assert_eq!(
        bench.call("GET", "/api/collections", &admin, None).await,
        (200, all)
    );
    let own = json!({ "collections": ["customers", "orders"] });
    assert_eq!(
        bench
            .call(
                "GET",
                "/api/collections?exclude_internal=true",
                &admin,
                None
            )
            .await
            .1,
        own
    );
    assert_eq!(
        bench.call("GET", "/api/collections", &shop, None).await.0,
        403
    );
    let (_, schema) = bench.call("GET", "/api/schemas/orders", &shop, None).await;
    assert_eq!(schema["primary_key_alias"], "id");
    assert_eq!(schema["fields"]["total"]["field_type"], "Decimal");
    assert_eq!(
        bench
            .call("GET", "/api/collections/orders", &admin, None)
            .await
            .1["collection"],
        schema
    );
    assert_eq!(
        bench.call("GET", "/api/schemas/none", &admin, None).await.0,
        404
    );

    let wrong = Some(json!({ "fields": { "a": { "field_type": "string" } } }));
    assert_eq!(
        bench
            .call("POST", "/api/collections/new", &admin, wrong)
            .await
            .0,
        400
    );
    let right = Some(json!({ "fields": { "a": { "field_type": "String" } } }));
    assert_eq!(
        bench
            .call("POST", "/api/collections/new", &admin, right)
            .await
            .0,
        201
    );
    assert_eq!(
        bench
            .call("DELETE", "/api/collections/new", &admin, None)
            .await
            .0,
        200
    );
    assert_eq!(
        bench
            .call("DELETE", "/api/collections/new", &admin, None)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn the_rate_limit_is_a_fixed_minute() {
    let bench = Bench::new(Options {
        requests_per_minute: Some(3),
        ..Options::default()
    })
    .await;
    bench.control.set_now(NOW + 15_000);
    let admin = bench.admin_token().await;
    let list = || bench.send("GET", "/api/auth/keys", Some(&admin), None);
    let header = |response: &reqwest::Response, name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let ok = list().await.unwrap();
    assert_eq!(header(&ok, "x-ratelimit-remaining").as_deref(), Some("1"));
    assert_eq!(header(&ok, "retry-after"), None);
    assert_eq!(list().await.unwrap().status(), 200);
    let refused = list().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "x-ratelimit-limit").as_deref(), Some("3"));
    assert_eq!(
        header(&refused, "x-ratelimit-remaining").as_deref(),
        Some("0")
    );
    assert_eq!(
        header(&refused, "x-ratelimit-reset").as_deref(),
        Some("1768905060")
    );
    assert_eq!(header(&refused, "retry-after").as_deref(), Some("45"));
    assert_eq!(
        bench.call("GET", "/api/health", &admin, None).await.0,
        200,
        "health is exempt"
    );
    bench.control.advance(45_000);
    assert_eq!(list().await.unwrap().status(), 200);
}
