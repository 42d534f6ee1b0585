//! Effects of an edit, each of which becomes one event: who commits it decides which journal it goes into.

use super::machine::{Answer, Event, Op};
use crate::{App, Code, Failure};
use domain::{ListedKey, RightsGrid};
use providers::{CallSecrets, Class, Link, Located, Provider, Wanted, registry};
use std::sync::Arc;
use store::deployments::Deployment;

/// A deployment with everything to reach it.
pub(crate) struct Reach {
    pub(crate) deployment: Deployment,
    pub(crate) provider: &'static dyn Provider,
    pub(crate) link: Arc<Link>,
}

/// A call with what it needs, not sent yet.
pub(crate) struct Ready {
    secrets: CallSecrets,
}

impl Reach {
    /// Opens the link to a deployment; sends nothing yet.
    ///
    /// # Errors
    /// As for the link; [`Code::DeploymentUnknown`].
    pub(crate) async fn to(app: &App, deployment: domain::DeploymentId) -> Result<Self, Failure> {
        let deployment = store::deployments::find(&app.store, deployment)
            .await
            .map_err(|error| app.in_words(error))?
            .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
        let provider =
            registry::find(&deployment.provider).ok_or_else(|| Failure::new(Code::Internal))?;
        let link = app.links.to(app, &deployment).await?;
        Ok(Self {
            deployment,
            provider,
            link,
        })
    }

    /// Reads all keys and finds one.
    ///
    /// # Errors
    /// The server's, in words.
    pub(crate) async fn locate(&self, app: &App, wanted: Wanted<'_>) -> Result<Located, Failure> {
        let located = self.provider.locate(&self.link, wanted).await;
        located.map_err(|error| self.in_words(app, &error))
    }

    /// What a server's error means for a person.
    pub(crate) fn in_words(&self, app: &App, error: &providers::ProviderError) -> Failure {
        Failure::of_provider(error, &self.link.host(), &app.timing)
    }

    /// What the next call needs. On a server that names keys by their value, that is read from the list.
    pub(crate) async fn prepare(&self, app: &App, op: &Op, call: usize) -> Result<Ready, Failure> {
        let mut secrets = CallSecrets::default();
        if op.plan.calls[call].needs_target() {
            // The list is the only place that shows the value; it is held for this one call.
            let wanted = Wanted::Key(&op.plan.identity);
            secrets.target = self.locate(app, wanted).await?.secret;
        }
        Ok(Ready { secrets })
    }

    /// Sends it. Its intent was committed.
    pub(crate) async fn perform(&self, app: &App, op: &Op, call: usize, ready: Ready) -> Event {
        let performed = self
            .provider
            .perform(
                &self.link,
                &op.plan.calls[call],
                &ready.secrets,
                &op.plan.desired.columns,
            )
            .await;
        let answer = match performed {
            Ok(over) => Answer::Applied { over },
            Err(error) => {
                let failure = self.in_words(app, &error);
                match error.class {
                    Class::OutcomeUnknown => Answer::Unknown { failure },
                    Class::Unauthorized => Answer::Refused {
                        failure,
                        again: true,
                    },
                    Class::Forbidden
                    | Class::NotFound
                    | Class::Conflict
                    | Class::Invalid
                    | Class::RateLimited
                    | Class::Unavailable
                    | Class::Protocol => Answer::Refused {
                        failure,
                        again: false,
                    },
                }
            }
        };
        Event::Answered { call, answer }
    }

    /// A fresh complete list tells whether a call of unknown outcome was applied.
    pub(crate) async fn find_out(&self, app: &App, op: &Op, call: usize) -> Result<Event, Failure> {
        let located = self.locate(app, Wanted::Key(&op.plan.identity)).await?;
        let change = &op.plan.changes[call];
        let key = located.key().ok_or_else(|| Failure::new(Code::KeyGone))?;
        let one = |cells: &Option<Vec<domain::Cell>>| RightsGrid {
            rows: cells.iter().map(|cells| row_of(change, cells)).collect(),
            columns: op.plan.desired.columns.clone(),
            admin: false,
        };
        let stored = one(&key
            .rights
            .row(&change.kind, &change.resource)
            .map(|row| row.cells.clone()));
        let equals = |cells| domain::row_changes(&one(cells), &stored).is_empty();
        Ok(match (equals(&change.after), equals(&change.before)) {
            (true, _) => Event::Reconciled {
                call,
                applied: true,
            },
            (false, true) => Event::Reconciled {
                call,
                applied: false,
            },
            (false, false) => Event::Crossed {
                failure: Failure::new(Code::ChangedMeanwhile),
            },
        })
    }

    /// The key as it is now, after the last call.
    pub(crate) async fn read_back(
        &self,
        app: &App,
        op: &Op,
    ) -> Result<(Event, ListedKey), Failure> {
        let located = self.locate(app, Wanted::Key(&op.plan.identity)).await?;
        let key = located
            .into_key()
            .ok_or_else(|| Failure::new(Code::KeyGone))?;
        let event = Event::ReadBack {
            stored: key.rights.clone(),
        };
        Ok((event, key))
    }
}

fn row_of(change: &domain::RowChange, cells: &[domain::Cell]) -> domain::RightsRow {
    domain::RightsRow {
        kind: change.kind.clone(),
        resource: change.resource.clone(),
        cells: cells.to_vec(),
    }
}
