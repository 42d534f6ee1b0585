//! Secrets on their way in, and the test of a link.

use super::state::Empty;
use crate::{
    App, Code, Failure,
    deployments::provider_of,
    links::{Exam, LinkReport, examine, is_same_server, saved_credential},
    offers::Offered,
};
use domain::{LinkSpec, Secret, TlsMinimum, Trust};
use providers::registry::PROVIDERS;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// A secret that was typed. It can be read in, and neither printed nor written out.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretInput {
    #[ts(type = "string")]
    secret: Secret,
}

impl SecretInput {
    pub(super) fn into_secret(self) -> Secret {
        self.secret
    }
}

/// Names a secret that was offered.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretHandle {
    handle: String,
}

/// A kind of server that can be added, in the adapter's words.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ProviderChoice {
    /// The word in later requests.
    id: &'static str,
    /// Its name as it spells itself.
    name: &'static str,
    /// What its credential is called.
    credential: &'static str,
    /// Where that is found, one sentence.
    credential_found: &'static str,
    /// What an address looks like.
    url_example: &'static str,
    /// The oldest TLS to speak when nobody chose.
    tls_minimum: TlsMinimum,
}

/// How a deployment is reached, without its credential.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkChoice {
    url: String,
    trust: Trust,
    tls_minimum: TlsMinimum,
    /// Plain http, to this machine only.
    allow_plain_loopback: bool,
}

impl LinkChoice {
    /// The link, its address without blanks around it.
    ///
    /// # Errors
    /// [`Code::AuthorityUnreadable`] for a text far too long to be certificates.
    pub(super) fn spec(self) -> Result<LinkSpec, Failure> {
        const CERTIFICATES: usize = 256 << 10;
        if matches!(&self.trust, Trust::OwnCa { pem } if pem.len() > CERTIFICATES) {
            return Err(Failure::new(Code::AuthorityUnreadable));
        }
        Ok(LinkSpec {
            url: self.url.trim().to_owned(),
            trust: self.trust,
            tls_minimum: self.tls_minimum,
            allow_plain_loopback: self.allow_plain_loopback,
        })
    }
}

impl From<LinkSpec> for LinkChoice {
    fn from(spec: LinkSpec) -> Self {
        Self {
            url: spec.url,
            trust: spec.trust,
            tls_minimum: spec.tls_minimum,
            allow_plain_loopback: spec.allow_plain_loopback,
        }
    }
}

/// A link to be tested.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkTest {
    /// The provider's id.
    provider: String,
    link: LinkChoice,
    /// Handle of an offered credential; `null` takes the one saved with `deployment`.
    credential: Option<String>,
    /// Whose link it is to be, when it is not a new one.
    deployment: Option<String>,
}

pub(super) async fn secret_offer(app: &Arc<App>, input: SecretInput) -> Result<Offered, Failure> {
    app.offer(&input.secret)
}

pub(super) async fn secret_from_clipboard(app: &Arc<App>, _: Empty) -> Result<Offered, Failure> {
    app.offer_clipboard().await
}

pub(super) async fn secret_forget(app: &Arc<App>, handle: SecretHandle) -> Result<Empty, Failure> {
    app.offers.forget(&handle.handle);
    Ok(Empty {})
}

pub(super) async fn providers_list(_: &Arc<App>, _: Empty) -> Result<Vec<ProviderChoice>, Failure> {
    let choice = |provider: &&dyn providers::Provider| {
        let about = provider.about();
        ProviderChoice {
            id: about.id,
            name: about.name,
            credential: about.credential,
            credential_found: about.credential_found,
            url_example: about.url_example,
            tls_minimum: about.tls_minimum,
        }
    };
    Ok(PROVIDERS.iter().map(choice).collect())
}

/// Tests a link step by step. Of a saved credential it makes use only where it belongs.
pub(super) async fn link_test(app: &Arc<App>, test: LinkTest) -> Result<LinkReport, Failure> {
    let (provider, link) = (provider_of(&test.provider)?, test.link.spec()?);
    let known = match &test.deployment {
        Some(id) => Some(super::sync::find(app, id).await?),
        None => None,
    };
    let credential = match (&test.credential, &known) {
        (Some(handle), _) => Some(app.offers.look(handle, app.clock.now())?),
        (None, Some(known)) if is_same_server(&known.link, &link) => {
            Some(Arc::new(saved_credential(app, known).await?))
        }
        (None, _) => None,
    };
    let id = known.map(|known| known.id);
    let exam = Exam {
        provider,
        link: &link,
        credential,
        deployment: id,
        subject: id,
    };
    Ok(examine(app, exam).await.0)
}
