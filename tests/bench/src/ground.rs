//! A core on scratch ground, started as the shell starts it.

use crate::answers::Answers;
use app::{
    App, Profile, Rhythm, Start, SystemClock, Timing, Unwatched, VaultCare, deployments::NewLink,
};
use core_tests::{Record, drive::call};
use domain::{Environment, LinkSpec, Secret, TlsMinimum, Trust};
use serde_json::json;
use std::{path::Path, sync::Arc};

/// Opens a profile below `root`.
pub(crate) async fn open(root: &Path, profile: &str) -> Arc<App> {
    let start = Start {
        profile: Profile::take(root, profile).unwrap(),
        clock: Arc::new(SystemClock),
        desk: Arc::new(Record::default()),
        timing: Timing::PRODUCTION,
        rhythm: Rhythm::PRODUCTION,
        vault: VaultCare::default(),
        checkpoint: Arc::new(Unwatched),
    };
    App::start(start).await.unwrap()
}

/// The way to a server.
pub(crate) fn link(answers: &Answers) -> LinkSpec {
    LinkSpec {
        url: answers.url.clone(),
        trust: Trust::OwnCa {
            pem: answers.authority.clone(),
        },
        tls_minimum: TlsMinimum::Tls13,
        allow_plain_loopback: false,
    }
}

/// Adds a server under this name; nothing is read of it yet.
pub(crate) async fn add(app: &App, answers: &Answers, name: &str, credential: &str) -> String {
    let new = NewLink {
        name: name.to_owned(),
        environment: Environment::Staging,
        provider: "ekodb".to_owned(),
        link: link(answers),
        credential: Secret::new(credential.to_owned()),
    };
    app::deployments::add(app, new).await.unwrap().to_string()
}

/// Reads a deployment whole and waits until that is committed.
pub(crate) async fn sync(app: &Arc<App>, deployment: &str) {
    let request = json!({ "deployment": deployment });
    call(app, "sync_start", request).await.unwrap();
    app.settled().await;
    let all = call(app, "deployments_list", json!({})).await.unwrap();
    let one = all.as_array().unwrap();
    let one = one.iter().find(|one| one["id"] == deployment).unwrap();
    assert!(one["failure"].is_null(), "{one}");
}

/// How many keys the copy has.
pub(crate) async fn count(app: &Arc<App>) -> usize {
    let page = call(app, "keys_list", core_tests::keys_query("")).await;
    let all = page.unwrap()["all"].as_u64().unwrap();
    usize::try_from(all).unwrap()
}
