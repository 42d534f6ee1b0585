//! Permission routes of `modern` (`ekodb.md` E5m–E14m).

use crate::client::Bench;
use serde_json::{Value, json};
use simulators::TlsMode;
use simulators::ekodb::{Omitted, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_grant_is_edited_in_three_states() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let path = format!(
        "/api/auth/keys/{}/permissions/collections/orders",
        bench.shop.id
    );
    let edit = |method: &'static str, body: Value| bench.call(method, &path, &admin, Some(body));

    let (status, change) = edit(
        "PATCH",
        json!({ "select_fields": ["id"], "exclude_fields": null }),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(change["before"]["exclude_fields"], json!(["note"]));
    let after = json!({ "read": true, "write": true, "select_fields": ["id"], "exclude_fields": null,
        "writable_fields": ["status"] });
    assert_eq!(change["after"], after, "left out = kept");
    let (_, change) = edit(
        "PUT",
        json!({ "read": true, "write": false, "writable_fields": [] }),
    )
    .await;
    assert_eq!(change["before"], after);
    assert_eq!(
        (
            &change["after"]["writable_fields"],
            &change["after"]["select_fields"]
        ),
        (&json!([]), &json!(["id"]))
    );

    for bad in [
        json!({ "read": true }),
        json!({ "read": "yes", "write": true }),
        json!({ "read": true, "write": true, "key_id": "x" }),
    ] {
        assert_eq!(edit("PUT", bad).await.0, 400);
    }
    for bad in [
        json!({}),
        json!({ "select_fields": [" "] }),
        json!({ "select_fields": "id" }),
        json!([]),
    ] {
        assert_eq!(edit("PATCH", bad).await.0, 400);
    }
    assert_eq!(
        bench.call("GET", &path, &admin, None).await.1,
        change["after"]
    );
    let (status, gone) = bench.call("DELETE", &path, &admin, None).await;
    assert_eq!(
        (status, &gone["before"], gone.get("after")),
        (200, &change["after"], Some(&Value::Null))
    );
    assert_eq!(bench.call("DELETE", &path, &admin, None).await.0, 404);
    let (_, made) = edit("PATCH", json!({ "read": true })).await;
    assert_eq!(
        (&made["before"], &made["after"]["write"]),
        (&Value::Null, &json!(false))
    );

    let bench = Bench::new(Options {
        put_omitted: Omitted::Clear,
        ..Options::default()
    })
    .await;
    let admin = bench.admin_token().await;
    let path = format!(
        "/api/auth/keys/{}/permissions/collections/orders",
        bench.shop.id
    );
    let (_, change) = bench
        .call(
            "PUT",
            &path,
            &admin,
            Some(json!({ "read": true, "write": true })),
        )
        .await;
    assert_eq!(change["after"]["exclude_fields"], Value::Null);
}

#[tokio::test]
async fn permission_routes_answer_as_in_modern() {
    let bench = Bench::new(Options::default()).await;
    let admin = bench.admin_token().await;
    let shop = bench.token(&bench.shop.key).await;
    let of_shop = format!("/api/auth/keys/{}/permissions", bench.shop.id);
    let (_, whole) = bench.call("GET", &of_shop, &admin, None).await;
    assert_eq!(
        bench
            .call("GET", "/api/auth/keys/me/permissions", &shop, None)
            .await
            .1,
        whole
    );
    assert_eq!(
        (&whole["admin"], &whole["kv"][0]["prefix"]),
        (&json!(false), &json!("session:"))
    );
    assert_eq!(
        bench
            .call("GET", &format!("{of_shop}/collections"), &admin, None)
            .await
            .1,
        whole["collections"]
    );
    assert_eq!(bench.call("GET", &of_shop, &shop, None).await.0, 403);
    assert_eq!(
        bench
            .call("GET", "/api/auth/permissions", &admin, None)
            .await
            .0,
        404
    );
    let nobody = format!("/api/auth/keys/{}/permissions", "0".repeat(32));
    assert_eq!(bench.call("GET", &nobody, &admin, None).await.0, 404);

    let kv = |method: &'static str, rest: &str, body: Option<Value>| {
        let path = format!("{of_shop}/kv{rest}");
        let (bench, admin) = (&bench, &admin);
        async move { bench.call(method, &path, admin, body).await }
    };
    let odd = "/tenant%3Aa%2Fusers%252F";
    let (_, change) = kv("PUT", odd, Some(json!({ "read": true, "write": false }))).await;
    let after = json!({ "prefix": "tenant:a/users%2F", "read": true, "write": false });
    assert_eq!(
        change,
        json!({ "before": null, "after": after }),
        "decoded once"
    );
    assert_eq!(kv("GET", "?prefix=tenant%3A", None).await.1, json!([after]));
    assert_eq!(
        kv("PATCH", odd, Some(json!({ "read": false }))).await.0,
        400
    );
    assert_eq!(
        kv("DELETE", odd, None).await.1,
        json!({ "before": after, "after": null })
    );
    assert_eq!(kv("GET", odd, None).await.0, 404);
    for bad in ["/", "/a%00", "/a%E2%80%8B", "/%zz"] {
        assert_eq!(
            kv("PUT", bad, Some(json!({ "read": true, "write": true })))
                .await
                .0,
            400,
            "{bad}"
        );
    }
    assert_eq!(
        bench.call("POST", "/api/auth/keys", &admin, None).await.0,
        405
    );
}

/// A dot segment never leaves a client that normalises URLs, so this one is written by hand.
#[tokio::test]
async fn dot_segments_are_names_and_refused() {
    let bench = Bench::new(Options {
        tls: TlsMode::Plain,
        ..Options::default()
    })
    .await;
    let admin = bench.admin_token().await;
    for (name, expected) in [
        ("%2e%2E", "400"),
        (".", "400"),
        ("%2E", "400"),
        ("orders", "200"),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", bench.server.port()))
            .await
            .unwrap();
        let request = format!(
            "GET /api/auth/keys/{}/permissions/collections/{name} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {admin}\r\n\r\n",
            bench.shop.id
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert!(
            reply.starts_with(&format!("HTTP/1.1 {expected}")),
            "{name}: {reply}"
        );
    }
}
