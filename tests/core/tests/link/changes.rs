//! Changing and removing a deployment.

use crate::{added, all_settled, column, names};
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::{Effect, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_name_changes_without_a_server_and_a_link_is_tested() {
    let mut rig = Rig::new().await;
    let id = added(&rig).await;
    let request = |name: &str, link: Value, credential: Value| {
        json!({ "deployment": id, "name": name, "environment": "test", "link": link,
            "credential": credential })
    };
    let link = rig.link();
    // A new credential replaces the sealed row.
    let before = column(&rig, "SELECT credential FROM links ORDER BY rowid").await;
    let handle = rig.offer(&rig.admin).await;
    let edited = rig
        .call("deployment_edit", request("two", link.clone(), handle))
        .await;
    assert!(edited.is_ok());
    all_settled(&rig).await;
    let after = column(&rig, "SELECT credential FROM links ORDER BY rowid").await;
    assert_eq!((after.len(), after[0] == before[0]), (2, true));
    assert_ne!(after[1], before[1]);
    assert_eq!(column(&rig, "SELECT id FROM secrets").await.len(), 2);
    let wrong = rig.offer("eko_prod_this_is_nobodys_credential").await;
    let refused = rig
        .call("deployment_edit", request("two", link.clone(), wrong))
        .await;
    assert_eq!(refused.unwrap_err().code, app::Code::CredentialRefused);

    rig.server.take().unwrap().stop().await;
    let renamed = rig
        .call(
            "deployment_edit",
            request("three", link.clone(), Value::Null),
        )
        .await;
    assert!(renamed.is_ok(), "offline");
    assert_eq!(names(&rig).await, ["shop", "three"]);
    let mut looser = link;
    looser["tls_minimum"] = json!("tls12");
    let refused = rig
        .call("deployment_edit", request("four", looser, Value::Null))
        .await;
    assert_eq!(refused.unwrap_err().code, app::Code::HostUnreachable);
    assert_eq!(names(&rig).await, ["shop", "three"], "all or nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_takes_the_credential_and_the_keys_and_leaves_the_audit_log() {
    let rig = Rig::new().await;
    rig.sync().await;
    let id = added(&rig).await;
    all_settled(&rig).await;
    let name = json!({ "deployment": id });
    let preview = rig.call("deployment_remove_preview", name).await.unwrap();
    assert_eq!(
        (&preview["keys"], &preview["name"]),
        (&json!(3), &json!("shop-two"))
    );
    let audited = column(&rig, "SELECT act FROM audit").await.len();
    rig.control.clear_journal();

    let request = json!({ "deployment": id, "confirmation": "shop-two" });
    rig.call("deployment_remove", request).await.unwrap();
    assert_eq!(names(&rig).await, ["shop"]);
    assert_eq!(
        column(&rig, "SELECT owner FROM secrets").await,
        [rig.deployment.to_string()]
    );
    assert_eq!(
        column(&rig, "SELECT DISTINCT deployment FROM keys")
            .await
            .len(),
        1
    );
    assert_eq!(rig.control.journal().len(), 0, "the server notices nothing");
    let acts = column(&rig, "SELECT act FROM audit ORDER BY seq").await;
    assert_eq!(acts.len(), audited + 1);
    assert_eq!(acts.last().unwrap(), "deployment.remove");
    assert_eq!(rig.keys().await.len(), 3, "the other deployment's stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_under_way_does_not_bring_a_removed_deployment_back() {
    let rig = Rig::new().await;
    let slow = Effect::Delay { ms: 300 };
    rig.control
        .fault(Fault::always("GET", "/api/collections", slow));
    let id = rig.deployment.to_string();
    rig.call("sync_start", json!({ "deployment": id }))
        .await
        .unwrap();
    while rig.control.requests("GET", "/api/collections") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let request = json!({ "deployment": id, "confirmation": "shop" });
    rig.call("deployment_remove", request).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(names(&rig).await, [""; 0]);
    assert_eq!(column(&rig, "SELECT id FROM keys").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_sample_server_is_not_added_again() {
    let rig = Rig::new().await;
    let link = rig.link();
    let list = json!({ "servers": [{ "provider": "ekodb", "name": "as-it-was", "environment": "test",
        "url": link["url"], "ca": link["trust"]["pem"], "credential": rig.admin }] });
    let file = rig.root().join("servers.json");
    std::fs::write(&file, list.to_string()).unwrap();
    let servers = app::SampleServers::read(&file).unwrap();
    servers.add_to(&rig.app).await.unwrap();
    assert_eq!(names(&rig).await, ["shop"]);
}
