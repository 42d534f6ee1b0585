//! Session tokens and what ends them (`ekodb.md` 2.1, E1).

use crate::client::Bench;
use serde_json::{Value, json};
use simulators::ekodb::Options;

#[tokio::test]
async fn a_token_is_a_jwt_that_ends_with_its_time_or_its_key() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let shop = bench.token(&bench.shop.key).await;
    assert_eq!(shop.split('.').count(), 3);
    assert!(!shop.contains('='));
    assert_eq!(
        bench.call("GET", "/api/auth/keys", &admin, None).await.0,
        200
    );

    let refused = (401, json!({ "error": "Invalid or expired token" }));
    assert_eq!(
        bench
            .call("GET", "/api/auth/keys", &bench.admin, None)
            .await,
        refused,
        "raw key as Bearer"
    );
    assert_eq!(
        bench.call("GET", "/api/auth/keys", "a.b.c", None).await,
        refused
    );
    let mut forged = admin.clone();
    forged.pop();
    assert_eq!(
        bench.call("GET", "/api/auth/keys", &forged, None).await,
        refused
    );
    let bare = bench
        .send("GET", "/api/auth/keys", None, None)
        .await
        .unwrap();
    assert_eq!(bare.status(), 401);
    let unknown = bench
        .send(
            "POST",
            "/api/auth/token",
            None,
            Some(json!({ "api_key": "no such key" })),
        )
        .await
        .unwrap();
    assert_eq!(unknown.status(), 401);
    assert_eq!(
        unknown.json::<Value>().await.unwrap()["error"],
        "API key not found or revoked"
    );

    let me = "/api/auth/keys/me/permissions";
    assert_eq!(bench.call("GET", me, &shop, None).await.0, 200);
    let path = format!("/api/auth/keys/{}", bench.shop.id);
    let revoked = json!({ "status": "success", "message": "Key revoked successfully" });
    assert_eq!(
        bench.call("DELETE", &path, &admin, None).await,
        (200, revoked)
    );
    assert_eq!(bench.call("GET", me, &shop, None).await, refused);
    assert_eq!(bench.token(&bench.shop.key).await, "");
    assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, 404);

    bench.control.advance(3_599_000);
    assert_eq!(bench.call("GET", me, &admin, None).await.0, 200);
    bench.control.advance(1_000);
    assert_eq!(bench.call("GET", me, &admin, None).await, refused);
}

#[tokio::test]
async fn rights_bound_to_a_token_need_a_fresh_one() {
    for (bound, expected) in [(false, 403), (true, 200)] {
        let bench = Bench::new(Options {
            grants_bound_to_token: bound,
            ..Options::default()
        })
        .await;
        let shop = bench.token(&bench.shop.key).await;
        bench.control.edit(|world| world.keys[1].grants.clear());
        assert_eq!(
            bench.call("POST", "/api/find/orders", &shop, None).await.0,
            expected
        );
        let fresh = bench.token(&bench.shop.key).await;
        assert_eq!(
            bench.call("POST", "/api/find/orders", &fresh, None).await.0,
            403
        );
    }
}
