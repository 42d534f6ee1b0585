//! Effects of an edit, each of which becomes one event: who commits it decides which journal it goes into.

use super::machine::{Answer, EditPlan, Event, Op};
use crate::{App, Code, Failure};
use domain::{Cell, Column, ListedKey, RightsGrid, RightsRow};
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

    /// What the next call needs, or that somebody else was here. On a server that names keys by their value, that is
    /// read from the list, which also shows what is there: such a server does not say it in its answer, and takes the
    /// call whoever was there before.
    pub(crate) async fn prepare(
        &self,
        app: &App,
        op: &Op,
        call: usize,
    ) -> Result<Result<Ready, Event>, Failure> {
        let mut secrets = CallSecrets::default();
        if op.plan.calls[call].needs_target() {
            let located = self.locate(app, Wanted::Key(&op.plan.identity)).await?;
            if let Some(key) = located.key()
                && !holds(op, call, key, op.plan.changes[call].before.as_deref())
            {
                return Ok(Err(crossed()));
            }
            // Held for this one call.
            secrets.target = located.secret;
        }
        Ok(Ok(Ready { secrets }))
    }

    /// Sends it. Its intent was committed.
    pub(crate) async fn perform(&self, app: &App, op: &Op, call: usize, ready: Ready) -> Event {
        let performed = self
            .provider
            .perform(
                &self.link,
                &op.plan.calls[call],
                &ready.secrets,
                &op.plan.columns(),
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
        let equals = |cells: &Option<Vec<Cell>>| holds(op, call, key, cells.as_deref());
        Ok(match (equals(&change.after), equals(&change.before)) {
            (true, _) => Event::Reconciled {
                call,
                applied: true,
            },
            (false, true) => Event::Reconciled {
                call,
                applied: false,
            },
            (false, false) => crossed(),
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

impl EditPlan {
    /// What the cells of its changes stand under.
    pub(crate) fn columns(&self) -> Vec<Column> {
        domain::columns_of_both(&self.base.columns, &self.desired.columns)
    }
}

/// Whether the key's row for that call's resource is these cells.
fn holds(op: &Op, call: usize, key: &ListedKey, cells: Option<&[Cell]>) -> bool {
    let change = &op.plan.changes[call];
    let wanted = RightsGrid {
        rows: cells
            .into_iter()
            .map(|cells| RightsRow {
                kind: change.kind.clone(),
                resource: change.resource.clone(),
                cells: cells.to_vec(),
            })
            .collect(),
        columns: op.plan.columns(),
        admin: false,
    };
    let stored = key.rights.row(&change.kind, &change.resource);
    let stored = RightsGrid {
        rows: stored.cloned().into_iter().collect(),
        columns: key.rights.columns.clone(),
        admin: false,
    };
    domain::row_changes(&wanted, &stored).is_empty()
}

fn crossed() -> Event {
    Event::Crossed {
        failure: Failure::new(Code::ChangedMeanwhile),
    }
}
