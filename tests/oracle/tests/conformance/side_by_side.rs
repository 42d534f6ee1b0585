//! Keystead's adapter beside the official client: the same scenario on two servers of the same content, the two
//! journals compared request by request. Where they differ, the request stands here with the reason.

use crate::grants::{below, older, part, part_kv};
use domain::{Cell, FieldRule};
use ekodb_client::admin::{
    LegacyUpdateApiKeyCollectionPermissionsRequest, PatchApiKeyCollectionPermissionsRequest,
    PermissionEdit, UpdateApiKeyCollectionPermissionsRequest, UpdateApiKeyKvPermissionsRequest,
};
use oracle::{Line, Scenario, Sent, TARGET, TARGET_ID, hold_beside, line, shown, told};
use serde_json::json;
use simulators::ekodb::Dialect::{self, DocsA, DocsS, Legacy, Modern};
use simulators::journal::fingerprint;

pub(crate) const COLLECTION: &str = "collection";
pub(crate) const PREFIX: &str = "KV prefix";
const ENCODES: &str = "Keystead encodes every byte of a name that is not unreserved (§3), as the official admin client does; \
    the official data client leaves the colon. A server decodes both alike.";
const FRESH_LIST: &str = "Keystead reads a key's rights in the whole list: it also proves there that the key still is the one \
    that it knows, on every dialect.";
const FACTS: &str =
    "Keystead took the version when it learnt what the server is, and plans nothing before.";

pub(crate) fn only(fields: &[&str]) -> Cell {
    let only = Some(fields.iter().map(|field| (*field).to_owned()).collect());
    Cell::Fields {
        rule: FieldRule { only, except: None },
    }
}

/// Reading.
pub(crate) fn reads(dialect: Dialect) -> Vec<Scenario> {
    let of = |name, official, ours| Scenario::new(dialect, name, official, ours);
    vec![
        of(
            "is it there",
            |official| Box::pin(async { shown(official.data.health().await) }),
            |ours| Box::pin(async { told(ours.provider.reach(&ours.link).await) }),
        ),
        of(
            "what is it",
            |official| Box::pin(async { shown(official.admin.uses_key_permission_routes().await) }),
            |ours| Box::pin(async { told(ours.provider.probe(&ours.link).await) }),
        )
        .only_ours(
            1,
            Sent::health(),
            "Keystead looks whether a server is there before it sends it a credential.",
        )
        .only_ours(
            4,
            Sent::get("/api/health"),
            "Keystead also learns the version, which only an admin's token is told.",
        ),
        of(
            "all keys",
            |official| Box::pin(async { shown(official.admin.list_api_keys().await) }),
            |ours| Box::pin(async { told(ours.provider.list_keys(&ours.link).await) }),
        ),
        of(
            "all collections of the user",
            |official| Box::pin(async { shown(official.data.list_user_collections().await) }),
            |ours| {
                Box::pin(async {
                    let found = ours.provider.resources(&ours.link).await;
                    told(
                        found
                            .map(|found| found.into_iter().map(|one| one.name).collect::<Vec<_>>()),
                    )
                })
            },
        ),
        of(
            "the fields of a collection",
            |official| Box::pin(async { shown(official.data.get_schema("users").await) }),
            |ours| Box::pin(async { told(ours.provider.fields(&ours.link, "users").await) }),
        ),
        of(
            "the fields of a collection with / and : in its name",
            |official| Box::pin(async { shown(official.data.get_schema("tenant:a/users").await) }),
            |ours| {
                Box::pin(async { told(ours.provider.fields(&ours.link, "tenant:a/users").await) })
            },
        )
        .only_official(2, Sent::get("/api/schemas/tenant:a%2Fusers"), ENCODES)
        .only_ours(2, Sent::get("/api/schemas/tenant%3Aa%2Fusers"), ENCODES),
        rights_of_a_key(dialect),
    ]
}

fn rights_of_a_key(dialect: Dialect) -> Scenario {
    let keys = || Sent::get("/api/auth/keys");
    let scenario = Scenario::new(
        dialect,
        "the rights of a key",
        |official| {
            Box::pin(async { shown(official.admin.get_api_key_permissions(TARGET_ID).await) })
        },
        |ours| Box::pin(ours.rights_of("web")),
    )
    .primed();
    if dialect == Modern {
        scenario
            .only_official(1, Sent::get(&below("")), FRESH_LIST)
            .only_ours(1, keys(), FRESH_LIST)
    } else {
        scenario
            .only_ours(1, keys(), FRESH_LIST)
            .succeed(false, true)
    }
}

fn put(collection: &str) -> UpdateApiKeyCollectionPermissionsRequest {
    UpdateApiKeyCollectionPermissionsRequest {
        key_id: TARGET_ID.to_owned(),
        collection: collection.to_owned(),
        read: true,
        write: false,
        select_fields: PermissionEdit::Clear,
        exclude_fields: PermissionEdit::Clear,
        writable_fields: PermissionEdit::Clear,
    }
}

/// Changing grants on collections, on a modern server.
pub(crate) fn modern_grants() -> Vec<Scenario> {
    let of = |name, official, ours| Scenario::new(Modern, name, official, ours).primed();
    vec![
        of(
            "a new grant",
            |official| {
                Box::pin(async {
                    shown(
                        official
                            .admin
                            .put_api_key_collection_permissions(&put("orders"))
                            .await,
                    )
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.set(COLLECTION, "orders", "read", Cell::All))),
        ),
        of(
            "a new grant on a name with / and :",
            |official| {
                Box::pin(async {
                    let request = put("tenant:b/orders");
                    shown(
                        official
                            .admin
                            .put_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| {
                Box::pin(ours.edit(|grid| {
                    grid.set(COLLECTION, "tenant:b/orders", "read", Cell::All);
                }))
            },
        ),
        of(
            "write only no field",
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
            |ours| Box::pin(ours.edit(|grid| grid.set(COLLECTION, "users", "write", only(&[])))),
        ),
        of(
            "read two fields only",
            |official| {
                Box::pin(async {
                    let request = PatchApiKeyCollectionPermissionsRequest {
                        key_id: TARGET_ID.to_owned(),
                        collection: "users".to_owned(),
                        read: Some(true),
                        select_fields: PermissionEdit::Set(vec!["id".into(), "name".into()]),
                        exclude_fields: PermissionEdit::Clear,
                        ..PatchApiKeyCollectionPermissionsRequest::default()
                    };
                    shown(
                        official
                            .admin
                            .patch_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| {
                Box::pin(ours.edit(|grid| {
                    grid.set(COLLECTION, "users", "read", only(&["id", "name"]));
                }))
            },
        ),
        of(
            "a grant taken away",
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
            |ours| Box::pin(ours.edit(|grid| grid.remove(COLLECTION, "users"))),
        ),
    ]
}

/// Changing grants on prefixes, on a modern server.
pub(crate) fn modern_prefixes() -> Vec<Scenario> {
    let of = |name, official, ours| Scenario::new(Modern, name, official, ours).primed();
    vec![
        of(
            "a new prefix",
            |official| {
                Box::pin(async {
                    let request = UpdateApiKeyKvPermissionsRequest {
                        key_id: TARGET_ID.to_owned(),
                        prefix: "cache:".to_owned(),
                        read: true,
                        write: false,
                    };
                    shown(official.admin.put_api_key_kv_permissions(&request).await)
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.set(PREFIX, "cache:", "read", Cell::All))),
        ),
        of(
            "write below a prefix",
            |official| {
                Box::pin(async {
                    let mut request = part_kv();
                    request.write = Some(true);
                    shown(official.admin.patch_api_key_kv_permissions(&request).await)
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.set(PREFIX, "session:", "write", Cell::All))),
        ),
        of(
            "a prefix taken away",
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    shown(
                        admin
                            .delete_api_key_kv_permissions(TARGET_ID, "session:")
                            .await,
                    )
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.remove(PREFIX, "session:"))),
        ),
    ]
}

/// Changing grants on an older server.
pub(crate) fn legacy_grants() -> Vec<Scenario> {
    let of = |name, official, ours| {
        Scenario::new(Legacy, name, official, ours)
            .primed()
            .only_official(1, Sent::get("/api/health"), FACTS)
    };
    vec![
        of(
            "read one field only, write nothing",
            |official| {
                Box::pin(async {
                    let request = LegacyUpdateApiKeyCollectionPermissionsRequest {
                        writable_fields: PermissionEdit::Clear,
                        ..older()
                    };
                    let admin = &official.admin;
                    shown(
                        admin
                            .legacy_update_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| {
                Box::pin(ours.edit(|grid| {
                    grid.set(COLLECTION, "users", "read", only(&["id"]));
                    grid.set(COLLECTION, "users", "write", Cell::None);
                }))
            },
        ),
        of(
            "a new grant on a name with / and :",
            |official| {
                Box::pin(async {
                    let request = LegacyUpdateApiKeyCollectionPermissionsRequest {
                        collection: "tenant:b/orders".to_owned(),
                        select_fields: PermissionEdit::Clear,
                        ..older()
                    };
                    let admin = &official.admin;
                    shown(
                        admin
                            .legacy_update_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| {
                Box::pin(ours.edit(|grid| {
                    grid.set(COLLECTION, "tenant:b/orders", "read", Cell::All);
                }))
            },
        ),
        of(
            "a grant taken away, by setting it to nothing",
            |official| {
                Box::pin(async {
                    let request = LegacyUpdateApiKeyCollectionPermissionsRequest {
                        read: false,
                        select_fields: PermissionEdit::Clear,
                        exclude_fields: PermissionEdit::Set(vec!["ssn".to_owned()]),
                        writable_fields: PermissionEdit::Clear,
                        ..older()
                    };
                    let admin = &official.admin;
                    shown(
                        admin
                            .legacy_update_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.remove(COLLECTION, "users"))),
        ),
        Scenario::new(
            Legacy,
            "no prefix can be granted",
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
            |ours| Box::pin(ours.edit(|grid| grid.set(PREFIX, "session:", "write", Cell::All))),
        )
        .primed()
        .succeed(false, false),
    ]
}

/// All of them, those on tokens and refusals included.
pub(crate) fn table() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for dialect in [Modern, Legacy] {
        scenarios.extend(reads(dialect));
        scenarios.extend(crate::troubles::table(dialect));
    }
    for dialect in [DocsA, DocsS] {
        scenarios.extend(reads(dialect));
    }
    scenarios.extend(modern_grants());
    scenarios.extend(modern_prefixes());
    scenarios.extend(legacy_grants());
    scenarios.extend(crate::lifecycle::table());
    scenarios
}

#[tokio::test]
async fn keystead_sends_what_the_official_client_sends() {
    hold_beside("scenarios side by side", &table()).await;
}

/// The edit of an older server names the key by its value, which the journal shows as a fingerprint only.
#[tokio::test]
async fn an_older_server_is_given_the_keys_value() {
    let scenarios = legacy_grants();
    let pair = oracle::stand_beside(scenarios.first().unwrap()).await;
    let wanted: Line = line("PUT", "/api/auth/permissions").body(json!({
        "api_key": fingerprint(TARGET), "collection": "users", "exclude_fields": null, "read": true,
        "select_fields": ["id"], "writable_fields": null, "write": false,
    }));
    assert_eq!(pair.sent.1.last().map(|sent| &sent.line), Some(&wanted));
}
