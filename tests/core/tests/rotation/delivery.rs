//! The new secret's ways out: a file, the clipboard, a person; nothing else.

use crate::{on_server, rig, taken};
use app::Code;
use core_tests::{Clipboard, Rig, drive};
use serde_json::{Value, json};
use simulators::ekodb::Options;
use std::os::unix::fs::PermissionsExt;

async fn pick(rig: &Rig, path: &std::path::Path) -> String {
    *rig.desk.picks.lock().unwrap() = Some(Some(path.to_owned()));
    let picked = rig.call("file_pick", json!({})).await.unwrap();
    picked["handle"].as_str().unwrap().to_owned()
}

fn new_value(rig: &Rig) -> String {
    on_server(&rig.control.world(), "worker ~g2").remove(0).key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_variables_gets_it_with_a_masked_preview() {
    let rig = rig(Options::default()).await;
    let (operation, view) = taken(&rig, "verified").await;
    assert_eq!(view["variables"][0], "EKODB_API_KEY");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, "# note\nEKODB_API_KEY=eko_prod_old\nOTHER=unmoved\n").unwrap();
    let file = pick(&rig, &path).await;
    let target = json!({ "operation": operation, "file": file, "variable": "EKODB_API_KEY" });
    let preview = rig.call("env_preview", target).await.unwrap();
    let text = preview.to_string();
    for secret in [new_value(&rig), "eko_prod_old".into(), "unmoved".into()] {
        assert!(!text.contains(&secret), "a value in the preview: {text}");
    }
    let to = json!({ "to": "env_file", "file": file, "variable": "EKODB_API_KEY", "content": preview["content"] });
    let deliver = json!({ "operation": operation, "to": to });
    rig.call("rotation_deliver", deliver.clone()).await.unwrap();
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        written,
        format!("# note\nEKODB_API_KEY={}\nOTHER=unmoved\n", new_value(&rig))
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let view = drive::show(&rig.app, &operation).await;
    let delivery = &view["deliveries"][0];
    let backup = delivery["backup"].as_str().unwrap();
    assert!(
        std::fs::read_to_string(backup)
            .unwrap()
            .contains("eko_prod_old")
    );
    assert_eq!(view["state"], "delivered");
    let again = rig.call("rotation_deliver", deliver).await.unwrap_err();
    assert_eq!(again.code, Code::BadRequest, "a handle is good once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changed_or_cannot_take_it_stays_as_it_is() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(&path, "A=1\n").unwrap();
    let file = pick(&rig, &path).await;
    let target =
        |variable: &str| json!({ "operation": operation, "file": file, "variable": variable });
    let preview = rig.call("env_preview", target("KEY")).await.unwrap();
    std::fs::write(&path, "A=2\n").unwrap();
    let to =
        json!({ "to": "env_file", "file": file, "variable": "KEY", "content": preview["content"] });
    let refusal = rig
        .call(
            "rotation_deliver",
            json!({ "operation": operation, "to": to }),
        )
        .await;
    assert_eq!(refusal.unwrap_err().code, Code::PlanOutdated);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "A=2\n");
    assert_eq!(
        rig.call("env_preview", target("1 X"))
            .await
            .unwrap_err()
            .code,
        Code::FileRefused
    );
    std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
    let link = pick(&rig, &folder.path().join("link")).await;
    let target = json!({ "operation": operation, "file": link, "variable": "KEY" });
    assert_eq!(
        rig.call("env_preview", target).await.unwrap_err().code,
        Code::FileRefused
    );
    assert_eq!(
        drive::show(&rig.app, &operation).await["deliveries"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clipboard_holds_it_for_a_while_and_is_emptied_by_locking() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    let to = json!({ "operation": operation, "to": { "to": "clipboard" } });
    rig.call("rotation_deliver", to).await.unwrap();
    let holds = |rig: &Rig| match &*rig.desk.clipboard.lock().unwrap() {
        Clipboard::Text(text) => Some(text.clone()),
        Clipboard::Empty | Clipboard::Broken => None,
    };
    assert_eq!(holds(&rig), Some(new_value(&rig)));
    let view = drive::show(&rig.app, &operation).await;
    assert_ne!(view["clipboard_until"], Value::Null);
    rig.call("vault_lock", json!({})).await.unwrap();
    assert_eq!(holds(&rig), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_handed_over_is_not_recorded_as_such() {
    let rig = rig(Options::default()).await;
    let (operation, _) = taken(&rig, "verified").await;
    *rig.desk.clipboard.lock().unwrap() = Clipboard::Broken;
    let to = json!({ "operation": operation, "to": { "to": "clipboard" } });
    let refusal = rig.call("rotation_deliver", to).await.unwrap_err();
    assert_eq!(refusal.code, Code::ClipboardUnwritable);
    let refusal = rig.call("file_pick", json!({})).await.unwrap_err();
    assert_eq!(refusal.code, Code::DialogUnavailable);
    *rig.desk.picks.lock().unwrap() = Some(None);
    let picked = rig.call("file_pick", json!({})).await.unwrap();
    assert_eq!(
        picked["handle"],
        Value::Null,
        "the person changed their mind"
    );
    assert_eq!(drive::show(&rig.app, &operation).await["state"], "verified");
}
