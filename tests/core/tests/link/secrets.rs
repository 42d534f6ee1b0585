//! Where a credential goes, and where it does not.

use crate::{all_settled, new, test};
use core_tests::{Clipboard, Rig};
use serde_json::{Value, json};
use std::sync::Mutex;

#[tokio::test(flavor = "multi_thread")]
async fn the_clipboard_is_emptied_of_what_was_taken_from_it() {
    let rig = Rig::new().await;
    *rig.desk.clipboard.lock().unwrap() = Clipboard::Text(format!("{}\n", rig.admin));
    let offered = rig.call("secret_from_clipboard", json!({})).await.unwrap();
    assert_eq!(offered["clipboard_cleared"], true);
    assert!(matches!(
        &*rig.desk.clipboard.lock().unwrap(),
        Clipboard::Empty
    ));
    let fingerprint = domain::Secret::new(rig.admin.clone()).fingerprint().0;
    assert_eq!(offered["fingerprint"], fingerprint);
    let report = test(&rig, rig.link(), offered["handle"].clone()).await;
    assert_eq!(report["ok"], true);
    let forget = json!({ "handle": offered["handle"] });
    rig.call("secret_forget", forget.clone()).await.unwrap();
    let gone = json!({ "provider": "ekodb", "link": rig.link(), "credential": offered["handle"], "deployment": null });
    let refused = rig.call("link_test", gone).await.unwrap_err();
    assert_eq!(refused.code, app::Code::CredentialForgotten);
}

/// Nine characters past the part that may be shown.
fn hidden_part(secret: &str) -> String {
    secret.chars().skip(16).take(9).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_and_no_file_holds_the_credential() {
    let rig = Rig::new().await;
    let canary = hidden_part(&rig.admin);
    let replies = Mutex::new(Vec::new());
    let call = async |name: &str, request: Value| {
        let reply = rig.call(name, request).await;
        let (text, value) = match reply {
            Ok(value) => (value.to_string(), value),
            Err(failure) => (format!("{failure:?}"), Value::Null),
        };
        replies.lock().unwrap().push(text);
        value
    };
    let typed = call("secret_offer", json!({ "secret": rig.admin })).await;
    let handle = typed["handle"].clone();
    let request = |credential: &Value| json!({ "provider": "ekodb", "link": rig.link(), "credential": credential, "deployment": null });
    call("link_test", request(&handle)).await;
    call("deployment_add", new(&rig, "shop", &handle)).await;
    let id = call("deployment_add", new(&rig, "two", &handle)).await["deployment"].clone();
    call("deployment_add", new(&rig, "three", &handle)).await;
    all_settled(&rig).await;
    let name = json!({ "deployment": id });
    for read in ["app_state", "deployments_list", "providers_list"] {
        call(read, json!({})).await;
    }
    call("deployment_link", name.clone()).await;
    call("deployment_remove_preview", name).await;
    for key in rig.keys().await {
        call("key_show", json!({ "key": key["id"] })).await;
    }
    let second = call("secret_offer", json!({ "secret": rig.admin })).await["handle"].clone();
    let edit = json!({ "deployment": id, "name": "four", "environment": "test", "link": rig.link(),
        "credential": second });
    call("deployment_edit", edit).await;
    call(
        "deployment_remove",
        json!({ "deployment": id, "confirmation": "no" }),
    )
    .await;
    call(
        "deployment_remove",
        json!({ "deployment": id, "confirmation": "four" }),
    )
    .await;

    let count = |texts: &[String]| texts.iter().filter(|text| text.contains(&canary)).count();
    let mut replies = replies.into_inner().unwrap();
    assert!(replies.len() > 15, "{}", replies.len());
    assert_eq!(count(&replies), 0);
    replies.push(json!({ "planted": rig.admin }).to_string());
    assert_eq!(count(&replies), 1, "the search finds what is there");

    let folder = rig.root().join("sample");
    let in_files = || {
        let files = std::fs::read_dir(&folder).unwrap();
        let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let holds = |bytes: &Vec<u8>| bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
        bytes.filter(holds).count()
    };
    assert_eq!(in_files(), 0);
    std::fs::write(folder.join("planted"), format!("x{}", rig.admin)).unwrap();
    assert_eq!(in_files(), 1, "the search finds what is there");
}
