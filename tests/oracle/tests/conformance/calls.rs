//! Every call of §10.2 but those on grants, on both dialects that the official client speaks.

use crate::grants;
use ekodb_client::admin::{ApiKeyAction, CreateApiKeyRequest};
use oracle::{ADMIN, Official, Row, SLASHED, SLASHED_ID, Sent, TARGET_ID, Turn, hold, shown};
use serde_json::{Value, json};
use simulators::ekodb::Dialect::{self, Legacy, Modern};
use simulators::journal::fingerprint;

/// The probe, with the answer that this dialect gives.
pub(crate) fn probe(dialect: Dialect) -> Sent {
    let status = if dialect == Modern { 200 } else { 404 };
    Sent::get("/api/auth/keys/me/permissions").answered(status)
}

/// §10.3's key.
pub(crate) fn new_key() -> CreateApiKeyRequest {
    CreateApiKeyRequest {
        label: Some("Web App Key".to_owned()),
        description: Some("web".to_owned()),
        is_admin: false,
        collection_permissions: [(
            "users".to_owned(),
            vec![ApiKeyAction::Read, ApiKeyAction::Write],
        )]
        .into(),
    }
}

/// §10.3's request for it.
pub(crate) fn register() -> Sent {
    let body = json!({
        "api_key": fingerprint(ADMIN), "collection_permissions": { "users": ["read", "write"] },
        "description": "web", "is_admin": false, "label": "Web App Key",
    });
    Sent::write("POST", "/api/auth/register", body)
}

/// Creates it, and leaves of the reply what the server did not choose by itself.
pub(crate) fn create(official: &Official) -> Turn<'_> {
    Box::pin(async {
        let key = shown(official.admin.create_api_key(&new_key()).await)?;
        let member = |name: &str| key.get(name).cloned().unwrap_or_default();
        Ok(json!([
            member("label"),
            member("description"),
            member("is_admin"),
            member("collection_permissions"),
            member("key").as_str().map(str::len) == Some(49),
        ]))
    })
}

/// Lists the keys: their labels and, where there is one, their ids.
pub(crate) fn list(official: &Official) -> Turn<'_> {
    Box::pin(async {
        let keys = shown(official.admin.list_api_keys().await)?;
        let of = |name| move |key: &Value| key.get(name).cloned().unwrap_or_default();
        let keys = keys.as_array().cloned().unwrap_or_default();
        let labels = keys.iter().map(of("label")).collect::<Value>();
        let ids = keys.iter().map(of("id")).collect::<Value>();
        Ok(json!([labels, ids]))
    })
}

fn admin_calls(dialect: Dialect) -> Vec<Row> {
    let row = |name, act| Row::new(dialect, name, act);
    let full = json!({ "read": true, "write": true, "select_fields": null, "exclude_fields": null,
        "writable_fields": null });
    let ids = if dialect == Modern {
        json!([oracle::ADMIN_ID, TARGET_ID, SLASHED_ID])
    } else {
        json!([null, null, null])
    };
    let by_value = format!("/api/auth/keys/{}", fingerprint(SLASHED));
    vec![
        row("create_api_key", create)
            .sends([Sent::token(), register()])
            .gives(json!(["Web App Key", "web", false, { "users": full }, true])),
        row("list_api_keys", list)
            .sends([Sent::token(), Sent::get("/api/auth/keys")])
            .gives(json!([["generated-admin", "web", "slashed"], ids])),
        row("revoke_api_key by id", |official| {
            Box::pin(async { shown(official.admin.revoke_api_key(TARGET_ID).await) })
        })
        .sends([
            Sent::token(),
            Sent::delete(&format!("/api/auth/keys/{TARGET_ID}")),
        ]),
        row("revoke_api_key by value", |official| {
            Box::pin(async { shown(official.admin.revoke_api_key(SLASHED).await) })
        })
        .sends([Sent::token(), Sent::delete(&by_value)]),
        row("uses_key_permission_routes", |official| {
            Box::pin(async {
                let first = official.admin.uses_key_permission_routes().await;
                let second = official.admin.uses_key_permission_routes().await;
                Ok(json!([shown(first)?, shown(second)?]))
            })
        })
        .sends([Sent::token(), probe(dialect)])
        .gives(json!([dialect == Modern, dialect == Modern])),
    ]
}

fn data_calls(dialect: Dialect) -> Vec<Row> {
    let row = |name, act| Row::new(dialect, name, act);
    let collections = json!(["audit__ek0_testing", "tenant:a/users", "users"]);
    let fields = |official: &str| json!([official, "id", "name"]);
    vec![
        row("health", |official| {
            Box::pin(async { shown(official.data.health().await) })
        })
        .sends([Sent::health()]),
        row("health_status", |official| {
            Box::pin(async { shown(Ok(official.data.health_status().await)) })
        })
        .sends([Sent::health()])
        .gives(json!({ "reachable": true, "status": "ok", "integrity_ok": true })),
        row("health_status, degraded", |official| {
            Box::pin(async { shown(Ok(official.data.health_status().await)) })
        })
        .with(|world| "degraded".clone_into(&mut world.health))
        .sends([Sent::health()])
        .gives(json!({ "reachable": true, "status": "degraded", "integrity_ok": true })),
        row("list_collections", |official| {
            Box::pin(async { shown(official.data.list_collections().await) })
        })
        .sends([Sent::token(), Sent::get("/api/collections")])
        .gives(collections),
        row("list_user_collections", |official| {
            Box::pin(async { shown(official.data.list_user_collections().await) })
        })
        .sends([
            Sent::token(),
            Sent::get("/api/collections?exclude_internal=true"),
        ])
        .gives(json!(["tenant:a/users", "users"])),
        row("get_schema", |official| {
            Box::pin(async {
                let schema = official.data.get_schema("users").await;
                shown(schema.map(|schema| named(schema.fields.into_keys())))
            })
        })
        .sends([Sent::token(), Sent::get("/api/schemas/users")])
        .gives(fields("email")),
        row("get_schema of a name with / and :", |official| {
            Box::pin(async {
                let schema = official.data.get_schema("tenant:a/users").await;
                shown(schema.map(|schema| named(schema.fields.into_keys())))
            })
        })
        // The data client leaves `:` as it is, the admin client does not.
        .sends([Sent::token(), Sent::get("/api/schemas/tenant:a%2Fusers")])
        .gives(json!(["id"])),
        row("get_schema of what is not there", |official| {
            Box::pin(async {
                let schema = official.data.get_schema("nothing").await;
                shown(schema.map(|schema| named(schema.fields.into_keys())))
            })
        })
        .sends([
            Sent::token(),
            Sent::get("/api/schemas/nothing").answered(404),
        ])
        .fails("Record not found"),
        row("get_collection", |official| {
            Box::pin(async {
                let collection = official.data.get_collection("users").await;
                shown(collection.map(|found| named(found.collection.fields.into_keys())))
            })
        })
        .sends([Sent::token(), Sent::get("/api/collections/users")])
        .gives(fields("email")),
    ]
}

fn named(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The whole table of one dialect.
pub(crate) fn table(dialect: Dialect) -> Vec<Row> {
    let mut rows = admin_calls(dialect);
    rows.extend(data_calls(dialect));
    rows.extend(grants::reads(dialect));
    rows.extend(grants::edits(dialect));
    rows
}

/// §10.2's names, each of which has a row.
const CALLS: [&str; 27] = [
    "health",
    "health_status",
    "list_collections",
    "list_user_collections",
    "get_schema",
    "get_collection",
    "create_api_key",
    "list_api_keys",
    "revoke_api_key by id",
    "revoke_api_key by value",
    "uses_key_permission_routes",
    "get_permissions",
    "get_api_key_permissions",
    "list_api_key_collection_permissions",
    "get_api_key_collection_permissions",
    "put_api_key_collection_permissions",
    "update_api_key_collection_permissions",
    "patch_api_key_collection_permissions",
    "delete_api_key_collection_permissions",
    "list_api_key_kv_permissions",
    "list_api_key_kv_permissions, filtered",
    "get_api_key_kv_permissions",
    "put_api_key_kv_permissions",
    "patch_api_key_kv_permissions",
    "delete_api_key_kv_permissions",
    "legacy_update_api_key_collection_permissions",
    "get_schema of a name with / and :",
];

#[test]
fn no_call_is_left_out() {
    for dialect in [Modern, Legacy] {
        let rows = table(dialect);
        for call in CALLS {
            let name = format!("{dialect:?}: {call}");
            assert!(rows.iter().any(|row| row.name == name), "{name}");
        }
    }
}

#[tokio::test]
async fn every_call_on_a_modern_server() {
    hold("calls, modern", &table(Modern)).await;
}

#[tokio::test]
async fn every_call_on_a_legacy_server() {
    hold("calls, legacy", &table(Legacy)).await;
}
