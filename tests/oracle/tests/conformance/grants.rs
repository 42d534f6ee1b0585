//! The calls of §10.2 on grants. A `legacy` server has none of the routes: the official client finds out by its probe
//! and then refuses by itself.

use crate::calls::probe;
use ekodb_client::admin::{
    LegacyUpdateApiKeyCollectionPermissionsRequest, PatchApiKeyCollectionPermissionsRequest,
    PatchApiKeyKvPermissionsRequest, PermissionEdit, UpdateApiKeyCollectionPermissionsRequest,
    UpdateApiKeyKvPermissionsRequest,
};
use oracle::{ADMIN_ID, Act, Row, Sent, TARGET, TARGET_ID, shown};
use serde_json::{Value, json};
use simulators::ekodb::Dialect::{self, Modern};
use simulators::journal::fingerprint;

const NEEDS_MODERN: &str = "Validation error: This operation needs modern permission routes";
const KV: &str = "session:";

/// A grant as replies show it.
pub(crate) fn grant(read: bool, write: bool) -> Value {
    json!({ "read": read, "write": write, "select_fields": null, "exclude_fields": null,
        "writable_fields": null })
}

fn users() -> Value {
    json!({ "read": true, "write": true, "select_fields": null, "exclude_fields": ["ssn"],
        "writable_fields": null })
}

fn kv(read: bool, write: bool) -> Value {
    json!({ "prefix": KV, "read": read, "write": write })
}

pub(crate) fn below(path: &str) -> String {
    format!("/api/auth/keys/{TARGET_ID}/permissions{path}")
}

/// A call that only a modern server takes.
fn row(dialect: Dialect, name: &str, sent: Sent, gives: Value, act: Act) -> Row {
    let row = Row::new(dialect, name, act);
    if dialect == Modern {
        row.sends([Sent::token(), probe(dialect), sent])
            .gives(gives)
    } else {
        row.sends([Sent::token(), probe(dialect)])
            .fails(NEEDS_MODERN)
    }
}

/// Reading them.
pub(crate) fn reads(dialect: Dialect) -> Vec<Row> {
    let read =
        |name, path: &str, gives, act| row(dialect, name, Sent::get(&below(path)), gives, act);
    let own = |row: Row| {
        if dialect == Modern {
            let own = Sent::get("/api/auth/keys/me/permissions");
            row.sends([Sent::token(), probe(dialect), own]).gives(
                json!({ "is_admin": true, "collection_permissions": {}, "kv_permissions": [] }),
            )
        } else {
            let own = Sent::get("/api/auth/permissions");
            row.sends([Sent::token(), probe(dialect), own]).gives(
                json!({ "is_admin": true, "collection_permissions": {}, "kv_permissions": [],
                    "key_id": ADMIN_ID, "label": "generated-admin" }),
            )
        }
    };
    let of_target = json!({ "is_admin": false, "kv_permissions": [kv(true, false)],
        "collection_permissions": { "users": users(), "tenant:a/users": grant(true, false) } });
    let by_id = Row::new(dialect, "get_api_key_permissions", |official| {
        Box::pin(async { shown(official.admin.get_api_key_permissions(TARGET_ID).await) })
    });
    let by_id = if dialect == Modern {
        by_id
            .sends([Sent::token(), probe(dialect), Sent::get(&below(""))])
            .gives(of_target)
    } else {
        by_id
            .sends([Sent::token(), probe(dialect)])
            .fails("Validation error: Reading another key by id needs modern permission routes")
    };
    vec![
        own(Row::new(dialect, "get_permissions", |official| {
            Box::pin(async { shown(official.admin.get_permissions().await) })
        })),
        own(Row::new(
            dialect,
            "get_api_key_permissions of me",
            |official| {
                Box::pin(async { shown(official.admin.get_api_key_permissions("me").await) })
            },
        )),
        by_id,
        Row::new(dialect, "get_api_key_permissions of a value", |official| {
            Box::pin(async { shown(official.admin.get_api_key_permissions(TARGET).await) })
        })
        .fails("Validation error: A key id or me is required; key values are not accepted"),
        read(
            "list_api_key_collection_permissions",
            "/collections",
            json!({ "users": users(), "tenant:a/users": grant(true, false) }),
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(admin.list_api_key_collection_permissions(TARGET_ID).await)
                })
            },
        ),
        read(
            "get_api_key_collection_permissions",
            "/collections/tenant%3Aa%2Fusers",
            grant(true, false),
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    let name = "tenant:a/users";
                    shown(
                        admin
                            .get_api_key_collection_permissions(TARGET_ID, name)
                            .await,
                    )
                })
            },
        ),
        read(
            "list_api_key_kv_permissions",
            "/kv",
            json!([kv(true, false)]),
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(admin.list_api_key_kv_permissions(TARGET_ID, None).await)
                })
            },
        ),
        read(
            "list_api_key_kv_permissions, filtered",
            "/kv?prefix=session%3A",
            json!([kv(true, false)]),
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(admin.list_api_key_kv_permissions(TARGET_ID, Some(KV)).await)
                })
            },
        ),
        read(
            "get_api_key_kv_permissions",
            "/kv/session%3A",
            kv(true, false),
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .get_api_key_kv_permissions(TARGET_ID, KV)
                            .await,
                    )
                })
            },
        ),
    ]
}

/// §10.3's PUT.
pub(crate) fn whole() -> UpdateApiKeyCollectionPermissionsRequest {
    UpdateApiKeyCollectionPermissionsRequest {
        key_id: TARGET_ID.to_owned(),
        collection: "users".to_owned(),
        read: true,
        write: false,
        select_fields: PermissionEdit::Set(vec!["id".to_owned(), "name".to_owned()]),
        exclude_fields: PermissionEdit::Clear,
        writable_fields: PermissionEdit::Keep,
    }
}

/// §10.3's PATCH.
pub(crate) fn part() -> PatchApiKeyCollectionPermissionsRequest {
    PatchApiKeyCollectionPermissionsRequest {
        key_id: TARGET_ID.to_owned(),
        collection: "users".to_owned(),
        write: Some(true),
        writable_fields: PermissionEdit::Set(Vec::new()),
        ..PatchApiKeyCollectionPermissionsRequest::default()
    }
}

/// §10.3's PUT of the older servers.
pub(crate) fn older() -> LegacyUpdateApiKeyCollectionPermissionsRequest {
    LegacyUpdateApiKeyCollectionPermissionsRequest {
        api_key: TARGET.to_owned(),
        collection: "users".to_owned(),
        read: true,
        write: false,
        select_fields: PermissionEdit::Set(vec!["id".to_owned()]),
        exclude_fields: PermissionEdit::Clear,
        writable_fields: PermissionEdit::Keep,
    }
}

/// §10.3's PUT of a prefix.
pub(crate) fn whole_kv() -> UpdateApiKeyKvPermissionsRequest {
    UpdateApiKeyKvPermissionsRequest {
        key_id: TARGET_ID.to_owned(),
        prefix: KV.to_owned(),
        read: true,
        write: true,
    }
}

/// §10.3's PATCH of a prefix.
pub(crate) fn part_kv() -> PatchApiKeyKvPermissionsRequest {
    PatchApiKeyKvPermissionsRequest {
        key_id: TARGET_ID.to_owned(),
        prefix: KV.to_owned(),
        read: None,
        write: Some(false),
    }
}

/// Changing them.
pub(crate) fn edits(dialect: Dialect) -> Vec<Row> {
    let to_users = |name, method: &str, body: Value, after: Value, act| {
        let sent = Sent::write(method, &below("/collections/users"), body);
        row(
            dialect,
            name,
            sent,
            json!({ "before": users(), "after": after }),
            act,
        )
    };
    let to_kv = |name, method: &str, body: Value, after: Value, act| {
        let sent = Sent::write(method, &below("/kv/session%3A"), body);
        let gives = json!({ "before": kv(true, false), "after": after });
        row(dialect, name, sent, gives, act)
    };
    let gone = |name, path: &str, before: Value, act| {
        let gives = json!({ "before": before, "after": null });
        row(dialect, name, Sent::delete(&below(path)), gives, act)
    };
    let set = json!({ "exclude_fields": null, "read": true, "select_fields": ["id", "name"],
        "write": false });
    let then = json!({ "read": true, "write": false, "select_fields": ["id", "name"],
        "exclude_fields": null, "writable_fields": null });
    vec![
        to_users(
            "put_api_key_collection_permissions",
            "PUT",
            set.clone(),
            then.clone(),
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .put_api_key_collection_permissions(&whole())
                            .await,
                    )
                })
            },
        ),
        to_users(
            "update_api_key_collection_permissions",
            "PATCH",
            set,
            then,
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(admin.update_api_key_collection_permissions(&whole()).await)
                })
            },
        ),
        to_users(
            "patch_api_key_collection_permissions",
            "PATCH",
            json!({ "writable_fields": [], "write": true }),
            json!({ "read": true, "write": true, "select_fields": null, "exclude_fields": ["ssn"],
                "writable_fields": [] }),
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .patch_api_key_collection_permissions(&part())
                            .await,
                    )
                })
            },
        ),
        gone(
            "delete_api_key_collection_permissions",
            "/collections/users",
            users(),
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(
                        admin
                            .delete_api_key_collection_permissions(TARGET_ID, "users")
                            .await,
                    )
                })
            },
        ),
        to_kv(
            "put_api_key_kv_permissions",
            "PUT",
            json!({ "read": true, "write": true }),
            kv(true, true),
            |official| {
                Box::pin(async {
                    shown(official.admin.put_api_key_kv_permissions(&whole_kv()).await)
                })
            },
        ),
        to_kv(
            "patch_api_key_kv_permissions",
            "PATCH",
            json!({ "write": false }),
            kv(true, false),
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .patch_api_key_kv_permissions(&part_kv())
                            .await,
                    )
                })
            },
        ),
        gone(
            "delete_api_key_kv_permissions",
            "/kv/session%3A",
            kv(true, false),
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .delete_api_key_kv_permissions(TARGET_ID, KV)
                            .await,
                    )
                })
            },
        ),
        older_edit(dialect),
        Row::new(
            dialect,
            "put_api_key_kv_permissions of nothing",
            |official| {
                Box::pin(async {
                    let nothing = UpdateApiKeyKvPermissionsRequest {
                        read: false,
                        write: false,
                        ..whole_kv()
                    };
                    shown(official.admin.put_api_key_kv_permissions(&nothing).await)
                })
            },
        )
        .fails("Validation error: A KV grant needs read or write permission"),
    ]
}

/// The other way round: only an older server takes it.
fn older_edit(dialect: Dialect) -> Row {
    let row = Row::new(
        dialect,
        "legacy_update_api_key_collection_permissions",
        |official| {
            Box::pin(async {
                let admin = &official.admin;
                let key = admin
                    .legacy_update_api_key_collection_permissions(&older())
                    .await;
                shown(key.map(|key| (key.label, key.collection_permissions.get("users").cloned())))
            })
        },
    );
    if dialect == Modern {
        return row
            .sends([Sent::token(), probe(dialect)])
            .fails("Validation error: Legacy permission edits are unavailable on this server");
    }
    let body = json!({ "api_key": fingerprint(TARGET), "collection": "users", "exclude_fields": null,
        "read": true, "select_fields": ["id"], "write": false });
    row.sends([
        Sent::token(),
        probe(dialect),
        Sent::get("/api/health"),
        Sent::write("PUT", "/api/auth/permissions", body),
    ])
    .gives(
        json!(["web", { "read": true, "write": false, "select_fields": ["id"],
        "exclude_fields": null, "writable_fields": null }]),
    )
}
