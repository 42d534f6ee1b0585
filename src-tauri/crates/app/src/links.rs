//! Open links, and the audit rows of their log-ins.

use crate::{App, Code, Failure};
use async_trait::async_trait;
use domain::{Clock, DeploymentId, LinkSpec, SecretKind};
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
    open: Mutex<HashMap<DeploymentId, (LinkSpec, Arc<Link>)>>,
}

impl Links {
    /// The link to a deployment, opened with its sealed credential when it is not open yet.
    pub(crate) async fn to(
        &self,
        app: &App,
        deployment: &Deployment,
    ) -> Result<Arc<Link>, Failure> {
        let mut open = self.open.lock().await;
        if let Some((_, link)) = open
            .get(&deployment.id)
            .filter(|(spec, _)| *spec == deployment.link)
        {
            return Ok(Arc::clone(link));
        }
        let vault = app
            .vault
            .as_ref()
            .ok_or_else(|| Failure::new(Code::VaultKeyMissing))?;
        let sealed = store::secrets::find(&app.store, deployment.credential)
            .await
            .map_err(|e| app.in_words(e))?;
        let sealed = sealed.ok_or_else(|| app.in_words(StoreError::Damaged))?;
        let owner = deployment.id.bytes();
        let credential = vault.open(
            SecretKind::Credential,
            owner,
            deployment.credential,
            &sealed,
        )?;
        let witness = LoginAudit {
            store: app.store.clone(),
            clock: Arc::clone(&app.clock),
            deployment: deployment.id,
        };
        let link = Link::new(
            &deployment.link,
            credential,
            app.timing.clone(),
            Arc::clone(&app.clock),
            Arc::new(witness),
        );
        let host = host_of(&deployment.link);
        let link = Arc::new(link.map_err(|refused| match refused {
            Some(why) => Failure::of_url(why, &host),
            None => Failure::new(Code::CertificateRefused).with("host", &host),
        })?);
        open.insert(deployment.id, (deployment.link.clone(), Arc::clone(&link)));
        Ok(link)
    }
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
    deployment: DeploymentId,
}

impl LoginAudit {
    async fn row(&self, act: &str, facts: &Value) -> Result<(), StoreError> {
        let subject = self.deployment.to_string();
        let entry = AuditEntry {
            at: self.clock.now(),
            actor: "keystead",
            act,
            subject: &subject,
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
