//! §10.3 to the byte, read off the wire in front of the server: order of headers, lengths, percent-encoding of a secret,
//! and the members of each body in their order.

use crate::calls::new_key;
use crate::grants::{older, part, part_kv, whole, whole_kv};
use oracle::{Ground, Official, SLASHED, TARGET_ID, Tap};
use simulators::ekodb::{Dialect, Options};

const TOKEN: &str = r#"POST /api/auth/token HTTP/1.1
content-type: application/json
accept: */*
accept-encoding: gzip
host: <host>
content-length: 23

{"api_key":"admin-key"}"#;

const REGISTER: &str = r#"POST /api/auth/register HTTP/1.1
authorization: Bearer <jwt>
accept: application/json
content-type: application/json
accept-encoding: gzip
host: <host>
content-length: 134

{"api_key":"admin-key","collection_permissions":{"users":["read","write"]},"description":"web","is_admin":false,"label":"Web App Key"}"#;

/// A request without a body.
fn bare(line: &str) -> String {
    format!(
        "{line} HTTP/1.1\nauthorization: Bearer <jwt>\naccept: application/json\naccept-encoding: gzip\nhost: <host>\n\n"
    )
}

/// A request with a body, headers as for register.
fn edit(line: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{line} HTTP/1.1\nauthorization: Bearer <jwt>\naccept: application/json\ncontent-type: application/json\n\
         accept-encoding: gzip\nhost: <host>\ncontent-length: {length}\n\n{body}"
    )
}

async fn tapped(dialect: Dialect) -> (Ground, Tap, Official) {
    let ground = Ground::start(Options::of(dialect), |_| {}).await;
    let tap = Tap::to(ground.server.port()).await;
    let official = Official::at(&tap.url);
    (ground, tap, official)
}

#[tokio::test]
async fn the_bytes_to_a_modern_server() {
    let (_ground, tap, official) = tapped(Dialect::Modern).await;
    let (admin, of_target) = (official.admin, format!("/api/auth/keys/{TARGET_ID}"));
    admin.create_api_key(&new_key()).await.unwrap();
    admin.list_api_keys().await.unwrap();
    admin
        .get_api_key_collection_permissions(TARGET_ID, "tenant:a/users")
        .await
        .unwrap();
    admin
        .list_api_key_kv_permissions(TARGET_ID, Some("session:"))
        .await
        .unwrap();
    admin
        .put_api_key_collection_permissions(&whole())
        .await
        .unwrap();
    admin
        .patch_api_key_collection_permissions(&part())
        .await
        .unwrap();
    admin.put_api_key_kv_permissions(&whole_kv()).await.unwrap();
    admin
        .patch_api_key_kv_permissions(&part_kv())
        .await
        .unwrap();
    admin.revoke_api_key(TARGET_ID).await.unwrap();
    admin.revoke_api_key(SLASHED).await.unwrap();

    let below = format!("{of_target}/permissions");
    let wanted = [
        TOKEN.to_owned(),
        REGISTER.to_owned(),
        bare("GET /api/auth/keys"),
        bare("GET /api/auth/keys/me/permissions"),
        bare(&format!("GET {below}/collections/tenant%3Aa%2Fusers")),
        bare(&format!("GET {below}/kv?prefix=session%3A")),
        edit(
            &format!("PUT {below}/collections/users"),
            r#"{"exclude_fields":null,"read":true,"select_fields":["id","name"],"write":false}"#,
        ),
        edit(
            &format!("PATCH {below}/collections/users"),
            r#"{"writable_fields":[],"write":true}"#,
        ),
        edit(
            &format!("PUT {below}/kv/session%3A"),
            r#"{"read":true,"write":true}"#,
        ),
        edit(
            &format!("PATCH {below}/kv/session%3A"),
            r#"{"write":false}"#,
        ),
        bare(&format!("DELETE {of_target}")),
        bare("DELETE /api/auth/keys/eko_prod_abc%2F123"),
    ];
    assert_eq!(tap.said(), wanted.concat());
}

#[tokio::test]
async fn the_bytes_to_a_legacy_server() {
    let (_ground, tap, official) = tapped(Dialect::Legacy).await;
    official
        .admin
        .legacy_update_api_key_collection_permissions(&older())
        .await
        .unwrap();
    let wanted = [
        TOKEN.to_owned(),
        bare("GET /api/auth/keys/me/permissions"),
        bare("GET /api/health"),
        edit(
            "PUT /api/auth/permissions",
            r#"{"api_key":"eko_prod_abc123","collection":"users","exclude_fields":null,"read":true,"select_fields":["id"],"write":false}"#,
        ),
    ];
    assert_eq!(tap.said(), wanted.concat());
}
