//! Side by side where something goes wrong: tokens that end, refusals, servers that are busy.

use crate::grants::{below, part};
use crate::side_by_side::{COLLECTION, only};
use domain::Cell;
use ekodb_client::admin::{LegacyUpdateApiKeyCollectionPermissionsRequest, PermissionEdit};
use oracle::{Act, Ours, Scenario, Sent, Turn, shown, told};
use serde_json::json;
use simulators::ekodb::Dialect::{self, Modern};
use simulators::{Effect, Fault};

const KEYS: &str = "/api/auth/keys";

fn status(status: u16) -> Effect {
    Effect::Status {
        status,
        retry_after: None,
        body: None,
    }
}

fn lists(name: &str, dialect: Dialect) -> Scenario {
    Scenario::new(
        dialect,
        name,
        |official| Box::pin(async { shown(official.admin.list_api_keys().await) }),
        |ours| Box::pin(async { told(ours.provider.list_keys(&ours.link).await) }),
    )
}

type OurAct = for<'a> fn(&'a Ours) -> Turn<'a>;

/// One change of one grant, its request, and what only the official client asks before.
fn change(dialect: Dialect) -> (Act, OurAct, Sent) {
    if dialect == Modern {
        let body = json!({ "writable_fields": [], "write": true });
        (
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
            Sent::write("PATCH", &below("/collections/users"), body),
        )
    } else {
        let body = json!({ "api_key": simulators::journal::fingerprint(oracle::TARGET),
            "collection": "users", "read": true, "writable_fields": null, "write": false });
        (
            |official| {
                Box::pin(async {
                    let request = LegacyUpdateApiKeyCollectionPermissionsRequest {
                        select_fields: PermissionEdit::Keep,
                        exclude_fields: PermissionEdit::Keep,
                        writable_fields: PermissionEdit::Clear,
                        ..crate::grants::older()
                    };
                    let admin = &official.admin;
                    shown(
                        admin
                            .legacy_update_api_key_collection_permissions(&request)
                            .await,
                    )
                })
            },
            |ours| Box::pin(ours.edit(|grid| grid.set(COLLECTION, "users", "write", Cell::None))),
            Sent::write("PUT", "/api/auth/permissions", body),
        )
    }
}

/// A change that both send, after what only the official client asks an older server.
fn changes(name: &str, dialect: Dialect) -> Scenario {
    let (official, ours, _) = change(dialect);
    let scenario = Scenario::new(dialect, name, official, ours).primed();
    if dialect == Modern {
        scenario
    } else {
        scenario.only_official(
            1,
            Sent::get("/api/health"),
            "Keystead took the version when it learnt what the server is.",
        )
    }
}

pub(crate) fn table(dialect: Dialect) -> Vec<Scenario> {
    let (_, _, edit) = change(dialect);
    let (method, path) = (edit.line.method.clone(), edit.line.target.clone());
    // Before a change, the official client asks an older server for its version.
    let first = if dialect == Modern { 1 } else { 2 };
    let struck = |effect| Fault::always(&method, &path, effect);
    let get = || Sent::get(KEYS);
    let busy = "Keystead reads again, twice and after a wait, where a server says that it is busy; only reads.";
    let sent_once = "Keystead sends a change once, whatever the answer: the operation is planned anew, by a person.";
    let shared = "Keystead's parallel callers wait for one token: each exchange counts against the deployment's rate.";
    let spare = "Before a change Keystead's token must live two minutes, so that no 401 meets it on its way.";
    let go =
        "A 500 that speaks of the token is taken for a 401, as the official Go client does (§2.1).";
    vec![
        lists("a 401, then accepted", dialect)
            .primed()
            .fault(Fault::on("GET", KEYS, status(401))),
        lists("a second 401 is final", dialect)
            .primed()
            .fault(Fault::always("GET", KEYS, status(401)))
            .succeed(false, false),
        lists("500 Invalid token, then accepted", dialect)
            .primed()
            .fault(Fault::on("GET", KEYS, Effect::InvalidToken500))
            .only_ours(2, Sent::token(), go)
            .only_ours(3, get(), go)
            .succeed(false, true),
        lists("the credential is refused", dialect)
            .fault(Fault::always("POST", "/api/auth/token", status(401)))
            .succeed(false, false),
        lists("too many log-ins", dialect)
            .fault(Fault::always("POST", "/api/auth/token", status(429)))
            .succeed(false, false),
        lists("too many reads", dialect)
            .fault(Fault::always("GET", KEYS, status(429)))
            .succeed(false, false),
        lists("forbidden", dialect)
            .fault(Fault::always("GET", KEYS, status(403)))
            .succeed(false, false),
        lists("broken", dialect)
            .fault(Fault::always("GET", KEYS, status(500)))
            .succeed(false, false),
        lists("busy", dialect)
            .fault(Fault::always("GET", KEYS, status(503)))
            .only_ours(3, get().answered(503), busy)
            .only_ours(4, get().answered(503), busy)
            .succeed(false, false),
        changes("a change meets 401", dialect)
            .fault(Fault::on(&method, &path, status(401)))
            .only_official(first + 1, Sent::token(), sent_once)
            .only_official(first + 2, edit, sent_once)
            .succeed(true, false),
        changes("a change meets 403", dialect)
            .fault(struck(status(403)))
            .succeed(false, false),
        changes("a change meets 429", dialect)
            .fault(struck(status(429)))
            .succeed(false, false),
        changes("a change meets 503", dialect)
            .fault(struck(status(503)))
            .succeed(false, false),
        changes("a change whose reply is lost", dialect)
            .fault(struck(Effect::AppliedThenLost))
            .succeed(false, false),
        Scenario::new(
            dialect,
            "three callers at once",
            |official| {
                Box::pin(async {
                    let admin = &official.admin;
                    let list = || admin.list_api_keys();
                    let (one, two, three) = tokio::join!(list(), list(), list());
                    shown(one).and(shown(two)).and(shown(three))
                })
            },
            |ours| {
                Box::pin(async {
                    let list = || ours.provider.list_keys(&ours.link);
                    let (one, two, three) = tokio::join!(list(), list(), list());
                    told(one).and(told(two)).and(told(three))
                })
            },
        )
        .fault(Fault::on("POST", "/api/auth/token", Effect::Delay { ms: 300 }).times(3))
        .only_official(2, Sent::token(), shared)
        .only_official(3, Sent::token(), shared),
        twice("tokens of 45 s: one for every read", dialect).on(|options| options.token_ttl_s = 45),
        twice("tokens of 90 s: one for both reads", dialect).on(|options| options.token_ttl_s = 90),
        before_a_change(dialect, spare),
    ]
}

fn twice(name: &str, dialect: Dialect) -> Scenario {
    Scenario::new(
        dialect,
        name,
        |official| {
            Box::pin(async {
                let first = official.admin.list_api_keys().await;
                shown(first).and(shown(official.admin.list_api_keys().await))
            })
        },
        |ours| {
            Box::pin(async {
                let first = ours.provider.list_keys(&ours.link).await;
                told(first).and(told(ours.provider.list_keys(&ours.link).await))
            })
        },
    )
}

fn before_a_change(dialect: Dialect, why: &'static str) -> Scenario {
    changes("tokens of 90 s: a fresh one before a change", dialect)
        .on(|options| options.token_ttl_s = 90)
        .only_ours(1, Sent::token(), why)
}
