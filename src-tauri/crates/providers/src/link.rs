//! The connection to one deployment.

use crate::{
    Class, Fault, ProviderError, Timing, UrlRefused,
    http::{Http, HttpRefused},
};
use async_trait::async_trait;
use domain::{Clock, LinkSpec, Secret, UnixMs};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Sees every log-in to a server before and after. If it cannot take the intent, nothing is sent.
#[async_trait]
pub trait Witness: Send + Sync + 'static {
    /// A credential is about to be sent.
    ///
    /// # Errors
    /// [`NotWitnessed`]: the log-in must not happen.
    async fn logging_in(&self) -> Result<(), NotWitnessed>;

    /// How it went.
    async fn logged_in(&self, outcome: Result<(), Class>);
}

/// The intent of a log-in could not be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWitnessed;

/// A session with a server, kept in memory only.
pub(crate) struct Session {
    pub(crate) token: Secret,
    /// When it ends, by the server's word; decides nothing but when to ask for the next one.
    pub(crate) ends: UnixMs,
}

/// URL, credential, client, session and clock of one deployment.
pub struct Link {
    pub(crate) http: Http,
    pub(crate) credential: Arc<Secret>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) witness: Arc<dyn Witness>,
    /// Held while a token is fetched, so that parallel callers share one request.
    pub(crate) session: Mutex<Option<Arc<Session>>>,
}

impl Link {
    /// A link; sends nothing yet.
    ///
    /// # Errors
    /// [`UrlRefused`] with the reason, or `None` when the own authority cannot be read.
    pub fn new(
        spec: &LinkSpec,
        credential: impl Into<Arc<Secret>>,
        timing: Timing,
        clock: Arc<dyn Clock>,
        witness: Arc<dyn Witness>,
    ) -> Result<Self, Option<UrlRefused>> {
        let http = Http::new(spec, timing).map_err(|refused| match refused {
            HttpRefused::Url(why) => Some(why),
            HttpRefused::Authority => None,
        })?;
        Ok(Self {
            http,
            credential: credential.into(),
            clock,
            witness,
            session: Mutex::new(None),
        })
    }

    /// Host and port, as a person recognises them.
    pub fn host(&self) -> String {
        self.http.base().host()
    }

    /// This is the key that the link itself logs in with.
    pub fn is_own(&self, identity: &domain::Identity) -> bool {
        identity.fingerprint.as_ref() == Some(&self.credential.fingerprint())
    }

    /// Runs `log_in` between the two rows that the witness keeps.
    pub(crate) async fn witnessed<T>(
        &self,
        endpoint: &'static str,
        log_in: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let unseen = |_| ProviderError::new(Class::Unavailable, Fault::NotWitnessed, endpoint);
        self.witness.logging_in().await.map_err(unseen)?;
        let outcome = log_in.await;
        self.witness
            .logged_in(outcome.as_ref().map(|_| ()).map_err(|error| error.class))
            .await;
        outcome
    }
}
