//! What the official admin client refuses of a reply, and what it takes (§10.4). The replies are the simulator's own
//! in its dialects and switches; where no switch makes one, it is laid over the true reply.

use crate::calls::{create, list, probe, register};
use crate::grants::below;
use oracle::{Ground, Official, Ours, Row, Sent, TARGET_ID, hold, shown, told};
use serde_json::{Value, json};
use simulators::ekodb::Dialect::{self, DocsA, DocsS, Legacy, Modern};
use simulators::ekodb::{Grant, ListGrants, ListSecret, World};
use simulators::{Effect, Fault};

const REFUSED: &str = "Validation error: Invalid admin response";
const KEYS: &str = "/api/auth/keys";
const REGISTER: &str = "/api/auth/register";

fn replaced(method: &str, path: &str, body: &Value) -> Fault {
    let effect = Effect::Replace {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_string(),
    };
    Fault::on(method, path, effect)
}

/// The target's record shows this member in place of its own.
fn shows(world: &mut World, member: &str, value: Value) {
    let target = world.keys.get_mut(1).unwrap();
    target.overrides.insert(member.to_owned(), value);
}

fn hides(world: &mut World, members: &[&str]) {
    let target = world.keys.get_mut(1).unwrap();
    target.hidden = members.iter().map(|member| (*member).to_owned()).collect();
}

fn listed(dialect: Dialect, name: &str) -> Row {
    Row::new(dialect, name, list).sends([Sent::token(), Sent::get(KEYS)])
}

fn registered(dialect: Dialect, name: &str) -> Row {
    Row::new(dialect, name, create).sends([Sent::token(), register()])
}

fn own(dialect: Dialect, name: &str) -> Row {
    let row = Row::new(dialect, name, |official| {
        Box::pin(async { shown(official.admin.get_permissions().await) })
    });
    if dialect == Modern {
        row.sends([Sent::token(), probe(Modern)])
    } else {
        row.sends([
            Sent::token(),
            probe(dialect),
            Sent::get("/api/auth/permissions"),
        ])
    }
}

/// The admin's own grant, with an action that only the guides know.
fn give_admin(world: &mut World, grant: Grant) {
    let admin = world.keys.get_mut(0).unwrap();
    admin.grants.insert("users".to_owned(), grant);
}

/// Lists that the official client refuses, on each dialect that can show them.
fn refused_lists() -> Vec<Row> {
    let mut rows = vec![
        listed(DocsA, "list: arrays with delete")
            .on(|options| options.list_grants = ListGrants::Arrays)
            .with(|world| give_admin(world, Grant::read_write().and_delete())),
        listed(DocsS, "list: arrays with admin")
            .on(|options| options.list_grants = ListGrants::Arrays)
            .with(|world| give_admin(world, Grant::read_write().and_admin())),
    ];
    for dialect in [DocsA, DocsS, Legacy, Modern] {
        rows.extend([
            listed(dialect, "list: an item without key")
                .on(|options| options.list_secret = ListSecret::Absent),
            listed(dialect, "list: an id that is not 32 hex")
                .with(|world| shows(world, "id", json!("key_123"))),
            listed(dialect, "list: an id in capitals")
                .with(|world| shows(world, "id", json!("0123456789ABCDEF0123456789ABCDEF"))),
            listed(dialect, "list: a grant without write").with(|world| {
                shows(
                    world,
                    "collection_permissions",
                    json!({ "users": { "read": true } }),
                );
            }),
            listed(dialect, "list: a grant without read").with(|world| {
                shows(
                    world,
                    "collection_permissions",
                    json!({ "users": { "write": true } }),
                );
            }),
        ]);
    }
    rows
}

fn refusals() -> Vec<Row> {
    let with = |action: &str| {
        json!({ "key": "eko_prod_of_a_reply_laid_over", "is_admin": false,
            "collection_permissions": { "users": ["read", action] } })
    };
    let me = "/api/auth/keys/me/permissions";
    let modern = |name, body: &Value| own(Modern, name).fault(replaced("GET", me, body));
    let mut rows = vec![
        registered(DocsS, "register: api_key in place of key"),
        registered(DocsA, "register: an array with delete").fault(replaced(
            "POST",
            REGISTER,
            &with("delete"),
        )),
        registered(DocsS, "register: an array with admin").fault(replaced(
            "POST",
            REGISTER,
            &with("admin"),
        )),
        own(DocsA, "own permissions: an array with delete")
            .with(|world| give_admin(world, Grant::read_write().and_delete())),
        own(DocsS, "own permissions: an array with admin")
            .with(|world| give_admin(world, Grant::read_write().and_admin())),
        modern(
            "own permissions: old member names",
            &json!({ "is_admin": true, "collection_permissions": {}, "kv_permissions": [] }),
        ),
        modern(
            "own permissions: kv null",
            &json!({ "admin": true, "collections": {}, "kv": null }),
        ),
        modern(
            "own permissions: kv absent",
            &json!({ "admin": true, "collections": {} }),
        ),
        Row::new(Modern, "a grant's removal answered 204", |official| {
            Box::pin(async {
                let admin = &official.admin;
                shown(
                    admin
                        .delete_api_key_collection_permissions(TARGET_ID, "users")
                        .await,
                )
            })
        })
        .fault(Fault::on(
            "DELETE",
            &below("/collections/users"),
            no_content(),
        ))
        .sends([
            Sent::token(),
            probe(Modern),
            Sent::delete(&below("/collections/users")).answered(204),
        ]),
        Row::new(Modern, "a prefix's removal answered 204", |official| {
            Box::pin(async {
                let admin = &official.admin;
                shown(
                    admin
                        .delete_api_key_kv_permissions(TARGET_ID, "session:")
                        .await,
                )
            })
        })
        .fault(Fault::on("DELETE", &below("/kv/session%3A"), no_content()))
        .sends([
            Sent::token(),
            probe(Modern),
            Sent::delete(&below("/kv/session%3A")).answered(204),
        ]),
    ];
    for dialect in [DocsA, DocsS, Legacy, Modern] {
        rows.push(
            listed(dialect, "list: wrapped in an object").fault(replaced(
                "GET",
                KEYS,
                &json!({ "keys": [] }),
            )),
        );
    }
    rows.extend(refused_lists());
    rows.into_iter().map(|row| row.fails(REFUSED)).collect()
}

fn no_content() -> Effect {
    Effect::Status {
        status: 204,
        retry_after: None,
        body: Some(String::new()),
    }
}

fn accepted() -> Effect {
    Effect::Status {
        status: 202,
        retry_after: None,
        body: None,
    }
}

fn acceptances() -> Vec<Row> {
    let labels = |ids: Value| json!([["generated-admin", "web", "slashed"], ids]);
    let none = || labels(json!([null, null, null]));
    let ids = || labels(json!([oracle::ADMIN_ID, TARGET_ID, oracle::SLASHED_ID]));
    let full = || crate::grants::grant(true, true);
    let created = |dialect, name| {
        registered(dialect, name)
            .gives(json!(["Web App Key", "web", false, { "users": full() }, true]))
    };
    let revoked = |dialect, name| {
        Row::new(dialect, name, |official: &Official| {
            Box::pin(async { shown(official.admin.revoke_api_key("eko_prod_abc123").await) })
        })
    };
    let by_value = Sent::delete(&format!(
        "{KEYS}/{}",
        simulators::journal::fingerprint("eko_prod_abc123")
    ));
    let mut rows = vec![
        created(DocsA, "register: arrays of read and write"),
        created(Legacy, "register: arrays of read and write")
            .on(|options| options.register_arrays = true),
        listed(DocsA, "list: delete as an extra member of a grant").gives(none()),
        listed(DocsS, "list: admin as an extra member of a grant").gives(none()),
        listed(DocsA, "list: key_id as an extra member")
            .on(|options| options.list_key_id = true)
            .gives(none()),
    ];
    for dialect in [DocsA, Legacy, Modern] {
        let sent = [Sent::token(), register().answered(201)];
        let lists = if dialect == Modern { ids() } else { none() };
        rows.extend([
            created(dialect, "register: 201")
                .on(|options| options.register_status = 201)
                .sends(sent),
            revoked(dialect, "revoke: 204")
                .on(|options| options.revoke_204 = true)
                .sends([Sent::token(), by_value.clone().answered(204)]),
            revoked(dialect, "revoke: 202")
                .fault(Fault::on("DELETE", KEYS, accepted()))
                .sends([Sent::token(), by_value.clone().answered(202)]),
            revoked(dialect, "revoke: 200").sends([Sent::token(), by_value.clone()]),
            listed(dialect, "list: grants without the three lists")
                .with(|world| {
                    let bare = json!({ "users": { "read": true, "write": false } });
                    shows(world, "collection_permissions", bare);
                })
                .gives(lists.clone()),
            listed(dialect, "list: an empty array as a grant")
                .with(|world| shows(world, "collection_permissions", json!({ "users": [] })))
                .gives(lists.clone()),
            listed(dialect, "list: members that no source knows")
                .with(|world| shows(world, "colour", json!("blue")))
                .gives(lists),
        ]);
    }
    for dialect in [DocsA, DocsS, Legacy, Modern] {
        let lists = if dialect == Modern {
            json!([
                ["generated-admin", null, "slashed"],
                [oracle::ADMIN_ID, null, oracle::SLASHED_ID]
            ])
        } else {
            json!([["generated-admin", null, "slashed"], [null, null, null]])
        };
        rows.push(
            listed(
                dialect,
                "list: without label, description, kv_permissions and id",
            )
            .with(|world| hides(world, &["label", "description", "kv_permissions", "id"]))
            .gives(lists),
        );
    }
    rows
}

pub(crate) fn table() -> Vec<Row> {
    let mut rows = refusals();
    rows.extend(acceptances());
    rows
}

#[tokio::test]
async fn what_the_official_client_refuses() {
    hold("refusals", &refusals()).await;
}

#[tokio::test]
async fn what_the_official_client_accepts() {
    hold("acceptances", &acceptances()).await;
}

/// A refused register has still made a key: the client must not try again, and neither does it.
#[tokio::test]
async fn a_refused_reply_has_made_its_key() {
    let row = registered(DocsS, "register");
    let ground = row.ground().await;
    let official = Official::at(&ground.server.url());
    assert_eq!(create(&official).await, Err(REFUSED.to_owned()));
    assert_eq!(ground.control.world().keys.len(), 4);
    assert_eq!(ground.control.requests("POST", REGISTER), 1);
}

/// §5 asks Keystead to read what the official client refuses.
#[tokio::test]
async fn keystead_reads_the_lists_that_the_official_client_refuses() {
    let rows = refused_lists();
    for row in &rows {
        let ground: Ground = row.ground().await;
        let ours = Ours::at(&ground.server.url(), &ground.control);
        let keys = told(ours.provider.list_keys(&ours.link).await);
        let keys = keys.unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert_eq!(keys.as_array().map(Vec::len), Some(3), "{}", row.name);
    }
    oracle::count(rows.len(), "lists that only Keystead reads");
}
