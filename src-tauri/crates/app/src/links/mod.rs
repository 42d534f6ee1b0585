//! Open links, and the audit rows of their log-ins.

mod doctor;
mod report;

pub(crate) use doctor::{Exam, examine, is_same_server};
pub(crate) use report::LinkReport;

use crate::{App, Code, Failure};
use async_trait::async_trait;
use domain::{Clock, DeploymentId, LinkSpec, Secret, SecretId, SecretKind};
use providers::{BaseUrl, Class, Link, NotWitnessed, Witness};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use store::{
    Store, StoreError,
    audit::{self, AuditEntry},
    deployments::Deployment,
};
use tokio::sync::Mutex;

/// Links in use. One per deployment, so that its session is shared and its client is nobody else's.
#[derive(Default)]
pub(crate) struct Links {
    open: Mutex<HashMap<DeploymentId, Open>>,
}

struct Open {
    spec: LinkSpec,
    credential: SecretId,
    link: Arc<Link>,
}

impl Links {
    /// The link to a deployment, opened with its sealed credential when it is not open yet.
    pub(crate) async fn to(
        &self,
        app: &App,
        deployment: &Deployment,
    ) -> Result<Arc<Link>, Failure> {
        let mut open = self.open.lock().await;
        let fits =
            |held: &&Open| held.spec == deployment.link && held.credential == deployment.credential;
        if let Some(held) = open.get(&deployment.id).filter(fits) {
            return Ok(Arc::clone(&held.link));
        }
        let credential = Arc::new(saved_credential(app, deployment).await?);
        let subject = deployment.id.to_string();
        let link = connect(app, &deployment.link, credential, subject)?;
        let held = Open {
            spec: deployment.link.clone(),
            credential: deployment.credential,
            link: Arc::clone(&link),
        };
        open.insert(deployment.id, held);
        Ok(link)
    }

    /// Takes over a link that was tested, with the session it has.
    pub(crate) async fn keep(
        &self,
        app: &App,
        id: DeploymentId,
        spec: LinkSpec,
        credential: SecretId,
        link: Arc<Link>,
    ) {
        let held = Open {
            spec,
            credential,
            link,
        };
        let mut open = self.open.lock().await;
        // Locked meanwhile: nothing that holds a credential stays.
        if !app.vault.is_locked() {
            open.insert(id, held);
        }
    }

    /// Drops all of them.
    pub(crate) async fn forget_all(&self) {
        self.open.lock().await.clear();
    }

    /// Drops the link to a deployment, its credential and its session.
    pub(crate) async fn forget(&self, id: DeploymentId) {
        self.open.lock().await.remove(&id);
    }
}

/// The credential that a deployment was saved with.
pub(crate) async fn saved_credential(
    app: &App,
    deployment: &Deployment,
) -> Result<Secret, Failure> {
    let vault = app.vault()?;
    let sealed = store::secrets::find(&app.store, deployment.credential)
        .await
        .map_err(|e| app.in_words(e))?;
    let sealed = sealed.ok_or_else(|| app.in_words(StoreError::Damaged))?;
    let (owner, row) = (deployment.id.bytes(), deployment.credential);
    Ok(vault.open(SecretKind::Credential, owner, row, &sealed)?)
}

/// A link that is nobody's yet. Its log-ins are audited under `subject`.
fn connect(
    app: &App,
    spec: &LinkSpec,
    credential: Arc<Secret>,
    subject: String,
) -> Result<Arc<Link>, Failure> {
    let witness = LoginAudit {
        store: app.store.clone(),
        clock: Arc::clone(&app.clock),
        subject,
    };
    let link = Link::new(
        spec,
        credential,
        app.timing.clone(),
        Arc::clone(&app.clock),
        Arc::new(witness),
    );
    let link = link.map_err(|refused| match refused {
        Some(why) => Failure::of_url(why, &host_of(spec)),
        None => Failure::new(Code::AuthorityUnreadable),
    })?;
    Ok(Arc::new(link))
}

/// Host and port of a stored address; the text itself where it is none.
pub(crate) fn host_of(link: &LinkSpec) -> String {
    BaseUrl::parse(&link.url, link.allow_plain_loopback)
        .map_or_else(|_| link.url.clone(), |base| base.host())
}

/// Writes two rows for every log-in: the intent before anything is sent, and the outcome.
struct LoginAudit {
    store: Store,
    clock: Arc<dyn Clock>,
    /// A deployment's local id, or the host of a link that is only tested.
    subject: String,
}

impl LoginAudit {
    async fn row(&self, act: &str, facts: &Value) -> Result<(), StoreError> {
        let entry = AuditEntry {
            at: self.clock.now(),
            actor: "keystead",
            act,
            subject: &self.subject,
            facts,
        };
        let mut writer = self.store.write().await?;
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    }
}

#[async_trait]
impl Witness for LoginAudit {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        self.row("deployment.log_in", &json!({}))
            .await
            .map_err(|_| NotWitnessed)
    }

    async fn logged_in(&self, outcome: Result<(), Class>) {
        let facts = match outcome {
            Ok(()) => json!({ "outcome": "accepted" }),
            Err(class) => json!({ "outcome": "failed", "class": format!("{class:?}") }),
        };
        if self.row("deployment.logged_in", &facts).await.is_err() {
            tracing::error!("the outcome of a log-in could not be recorded");
        }
    }
}
