//! Links and credentials that a person should not give, and removals that a slip should not start.

use crate::{Case, case};
use app::{App, Code, Failure, Profile, Rhythm, Start, SystemClock};
use core_tests::{CARE, Clipboard, Record, Rig, SHORT};
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("a profile without a vault", Code::NoVault, no_vault()),
        case("names that cannot be read", Code::NameRefused, bad_names()),
        case("a name in use", Code::NameTaken, taken_names()),
        case(
            "credentials that are none",
            Code::CredentialUnusable,
            no_credentials(),
        ),
        case(
            "handles of nothing",
            Code::CredentialForgotten,
            dead_handles(),
        ),
        case(
            "another address for a saved credential",
            Code::CredentialNeeded,
            moved(),
        ),
        case(
            "a clipboard without text",
            Code::ClipboardEmpty,
            clipboard(Clipboard::Empty),
        ),
        case(
            "a clipboard that is kept back",
            Code::ClipboardUnreadable,
            clipboard(Clipboard::Broken),
        ),
        case(
            "authorities that are none",
            Code::AuthorityUnreadable,
            no_authorities(),
        ),
        case("the same address twice", Code::OriginKnown, same_origin()),
        case(
            "a removal with another name",
            Code::ConfirmationWrong,
            unconfirmed(),
        ),
    ]
}

/// What a request for a new deployment looks like.
fn new(rig: &Rig, name: &str, credential: &Value) -> Value {
    json!({ "name": name, "environment": "test", "provider": "ekodb", "link": rig.link(),
        "credential": credential })
}

async fn refused(rig: &Rig, name: &str, request: Value) -> Failure {
    let before = rig.call("deployments_list", json!({})).await.unwrap();
    let failure = rig.call(name, request).await.unwrap_err();
    let after = rig.call("deployments_list", json!({})).await.unwrap();
    assert_eq!(after, before, "something changed");
    failure
}

async fn no_vault() -> Vec<Failure> {
    let root = tempfile::tempdir().unwrap();
    let start = Start {
        profile: Profile::take(root.path(), "default").unwrap(),
        clock: Arc::new(SystemClock),
        desk: Arc::new(Record::default()),
        timing: SHORT,
        rhythm: Rhythm::PRODUCTION,
        vault: CARE,
        checkpoint: Arc::new(app::Unwatched),
    };
    let app = App::start(start).await.unwrap();
    let write = app::commands::Effect::Write;
    let call = async |name, request| app::commands::dispatch(&app, write, name, request).await;
    let offered = call(
        "secret_offer",
        json!({ "secret": "eko_prod_fake_credential" }),
    )
    .await;
    let link = json!({ "url": "https://127.0.0.1:9", "trust": { "kind": "system" }, "tls_minimum": "tls13",
        "allow_plain_loopback": false });
    let request = json!({ "name": "x", "environment": "test", "provider": "ekodb", "link": link,
        "credential": offered.unwrap()["handle"] });
    let refused = call("deployment_add", request).await.unwrap_err();
    let read = app::commands::Effect::Read;
    let state = app::commands::dispatch(&app, read, "app_state", json!({})).await;
    let said = state.unwrap()["no_vault"].clone();
    vec![refused, serde_json::from_value(said).unwrap()]
}

async fn bad_names() -> Vec<Failure> {
    let rig = Rig::new().await;
    let handle = rig.offer(&rig.admin).await;
    let mut failures = Vec::new();
    for name in ["", "   ", "shop\u{202E}ue", "a\nb", &"x".repeat(61)] {
        failures.push(refused(&rig, "deployment_add", new(&rig, name, &handle)).await);
    }
    assert_eq!(rig.control.journal().len(), 0, "no server was asked");
    failures
}

async fn taken_names() -> Vec<Failure> {
    let rig = Rig::new().await;
    let handle = rig.offer(&rig.admin).await;
    let mut failures = Vec::new();
    for name in ["shop", " SHOP "] {
        failures.push(refused(&rig, "deployment_add", new(&rig, name, &handle)).await);
    }
    failures
}

async fn no_credentials() -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut failures = Vec::new();
    for secret in ["", " \n", "two words", "a\u{200B}b", &"x".repeat(5_000)] {
        failures.push(refused(&rig, "secret_offer", json!({ "secret": secret })).await);
    }
    *rig.desk.clipboard.lock().unwrap() = Clipboard::Text("a whole\nparagraph".into());
    failures.push(refused(&rig, "secret_from_clipboard", json!({})).await);
    let kept = matches!(&*rig.desk.clipboard.lock().unwrap(), Clipboard::Text(_));
    assert!(kept, "what is no credential stays on the clipboard");
    failures
}

async fn dead_handles() -> Vec<Failure> {
    let rig = Rig::new().await;
    let old = rig.offer(&rig.admin).await;
    rig.clock.advance(600_000);
    let other = json!("01919191-0000-7000-8000-000000000000");
    let mut failures = Vec::new();
    for handle in [old, other, json!("x"), json!("")] {
        failures.push(refused(&rig, "deployment_add", new(&rig, "x", &handle)).await);
        let test = json!({ "provider": "ekodb", "link": rig.link(), "credential": handle, "deployment": null });
        failures.push(refused(&rig, "link_test", test).await);
    }
    assert_eq!(rig.control.journal().len(), 0, "no server was asked");
    failures
}

fn edit(rig: &Rig, link: &Value) -> Value {
    json!({ "deployment": rig.deployment.to_string(), "name": "shop", "environment": "production",
        "link": link, "credential": null })
}

async fn moved() -> Vec<Failure> {
    let (rig, elsewhere) = (Rig::new().await, Rig::new().await);
    let mut by_other_trust = rig.link();
    by_other_trust["trust"] = json!({ "kind": "system" });
    let mut failures = Vec::new();
    for link in [elsewhere.link(), by_other_trust] {
        failures.push(refused(&rig, "deployment_edit", edit(&rig, &link)).await);
        let test = json!({ "provider": "ekodb", "link": link, "credential": null,
            "deployment": rig.deployment.to_string() });
        let report = rig.call("link_test", test).await.unwrap();
        let log_in = report["steps"][2]["failure"].clone();
        failures.extend(serde_json::from_value::<Failure>(log_in));
    }
    assert_eq!(elsewhere.control.requests("POST", "/api/auth/token"), 0);
    failures
}

async fn clipboard(state: Clipboard) -> Vec<Failure> {
    let rig = Rig::new().await;
    *rig.desk.clipboard.lock().unwrap() = state;
    vec![refused(&rig, "secret_from_clipboard", json!({})).await]
}

async fn no_authorities() -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut failures = Vec::new();
    let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "no certificate", hollow, &"x".repeat(300_000)] {
        let handle = rig.offer(&rig.admin).await;
        let mut request = new(&rig, "x", &handle);
        request["link"]["trust"]["pem"] = json!(pem);
        failures.push(refused(&rig, "deployment_add", request).await);
    }
    assert_eq!(rig.control.journal().len(), 0, "no server was asked");
    failures
}

async fn same_origin() -> Vec<Failure> {
    let rig = Rig::new().await;
    let handle = rig.offer(&rig.admin).await;
    let test = json!({ "provider": "ekodb", "link": rig.link(), "credential": handle, "deployment": null });
    let report = rig.call("link_test", test).await.unwrap();
    assert_eq!(report["ok"], true, "a warning stops nothing");
    assert_eq!(report["steps"][5]["state"], "warning");
    vec![serde_json::from_value(report["steps"][5]["failure"].clone()).unwrap()]
}

async fn unconfirmed() -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut failures = Vec::new();
    for confirmation in ["", "Shop", "shop-eu"] {
        let request =
            json!({ "deployment": rig.deployment.to_string(), "confirmation": confirmation });
        failures.push(refused(&rig, "deployment_remove", request).await);
    }
    failures
}
