//! One event of an operation committed, beside one `fsync` of as many bytes on the same disk.

use crate::figure::{Bound, Figure};
use domain::{DeploymentId, Environment, KeyId, LinkSpec, OperationId, SecretId, SecretKind};
use domain::{TlsMinimum, Trust, UnixMs};
use serde_json::json;
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::Instant,
};
use store::{
    Store,
    audit::{self, AuditEntry},
    deployments::{self, NewDeployment},
    operations::{self, StoredOperation},
};

const ROUNDS: usize = 101;
const NOW: UnixMs = UnixMs(1_795_305_600_000);

pub(crate) async fn figure() -> Figure {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    let store = Store::open(&path).await.unwrap();
    let id = begun(&store).await;
    commit(&store, id, 0).await;
    let bytes = bytes_of_one(&store, id, &path).await;
    let block = vec![0x5a; bytes];
    let mut file = File::create(folder.path().join("beside")).unwrap();
    let name = "an event of the journal, committed";
    let mut figure = Figure::new(name, "ms", "one fsync of as many bytes", Bound::Times(3.0));
    for round in 0..ROUNDS {
        let began = Instant::now();
        commit(&store, id, round).await;
        let ours = began.elapsed();
        let began = Instant::now();
        file.write_all(&block).unwrap();
        file.sync_all().unwrap();
        let theirs = began.elapsed();
        figure.take(ours.as_secs_f64() * 1e3, theirs.as_secs_f64() * 1e3);
    }
    store.close().await;
    figure
}

/// What one commit adds to the log of the database. Early on, that log only grows.
async fn bytes_of_one(store: &Store, id: OperationId, path: &Path) -> usize {
    let log = path.with_extension("db-wal");
    let before = fs::metadata(&log).unwrap().len();
    commit(store, id, 0).await;
    let added = fs::metadata(&log).unwrap().len() - before;
    assert!(added > 0, "nothing was written");
    usize::try_from(added).unwrap()
}

/// As the runner writes that a call is about to be sent: event, state, audit row.
async fn commit(store: &Store, id: OperationId, call: usize) {
    let event = json!({ "event": "sending", "call": call }).to_string();
    let subject = id.to_string();
    let shown =
        "PUT /api/auth/keys/0123456789abcdef0123456789abcdef/permissions/collections/orders";
    let facts = json!({ "call": shown });
    let entry = AuditEntry {
        at: NOW,
        actor: "keystead",
        act: "call.send",
        subject: &subject,
        facts: &facts,
    };
    let mut writer = store.write().await.unwrap();
    operations::append(&mut writer, id, &event, "applying", false, NOW)
        .await
        .unwrap();
    audit::append(&mut writer, &entry).await.unwrap();
    writer.commit().await.unwrap();
}

async fn begun(store: &Store) -> OperationId {
    let (deployment, secret) = (DeploymentId::at(NOW), SecretId::at(NOW));
    let link = LinkSpec {
        url: "https://127.0.0.1".to_owned(),
        trust: Trust::System,
        tls_minimum: TlsMinimum::Tls13,
        allow_plain_loopback: false,
    };
    let new = NewDeployment {
        id: deployment,
        name: "shop",
        environment: Environment::Test,
        provider: "ekodb",
        link: &link,
        credential: secret,
    };
    let operation = StoredOperation {
        id: OperationId::at(NOW),
        kind: "edit_rights".to_owned(),
        deployment,
        key: KeyId::at(NOW),
        successor: None,
        plan: "{}".to_owned(),
        state: "applying".to_owned(),
        events: Vec::new(),
        created_at: NOW,
        closed_at: None,
    };
    let sealed = domain::Sealed {
        version: 1,
        nonce: vec![0; 24],
        ciphertext: vec![0; 64],
    };
    let mut writer = store.write().await.unwrap();
    let (kind, owner) = (SecretKind::Credential, deployment.to_string());
    store::secrets::insert(&mut writer, secret, kind, &owner, &sealed)
        .await
        .unwrap();
    deployments::insert(&mut writer, &new, NOW).await.unwrap();
    operations::insert(&mut writer, &operation, NOW)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    operation.id
}
