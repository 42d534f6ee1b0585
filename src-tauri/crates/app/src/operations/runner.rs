//! Effects: intent committed, one call performed, outcome committed. Never two effects between commits.

use super::machine::{Answer, EditPlan, Event, Op, State};
use crate::{App, Code, Failure};
use domain::{Cell, KeyId, ListedKey, OperationId, RightsGrid, RightsRow};
use providers::{CallSecrets, Class, Link, Located, Provider, registry};
use serde_json::json;
use std::sync::Arc;
use store::{
    StoreError, Writer,
    audit::{self, AuditEntry},
    deployments::Deployment,
    operations::{self, StoredOperation},
};

/// A boundary between a commit and an effect, where a crash test ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// The operation is stored and nothing was sent.
    Begun,
    /// A call's intent is about to be committed.
    BeforeIntent,
    /// It is committed, and nothing was sent for it.
    AfterIntent,
    /// The call was performed, and nothing is stored of its outcome.
    AfterEffect,
    /// The outcome is stored.
    AfterOutcome,
    /// The key was read back, and nothing is stored of it.
    AfterReadBack,
}

/// Is told when the runner passes a [`Point`].
pub trait Checkpoint: Send + Sync + 'static {
    /// The runner is here.
    fn pass(&self, point: Point);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Checkpoint for Unwatched {
    fn pass(&self, _: Point) {}
}

/// An operation as stored, with its journal folded.
pub(crate) async fn find(app: &App, id: OperationId) -> Result<(StoredOperation, Op), Failure> {
    let stored = operations::find(&app.store, id)
        .await
        .map_err(|error| app.in_words(error))?;
    let stored = stored.ok_or_else(|| Failure::new(Code::OperationUnknown))?;
    let damaged = |_| app.in_words(StoreError::Damaged);
    let plan: EditPlan = serde_json::from_str(&stored.plan).map_err(damaged)?;
    let events = stored
        .events
        .iter()
        .map(|json| serde_json::from_str::<Event>(json));
    let events: Vec<Event> = events.collect::<Result<_, _>>().map_err(damaged)?;
    let op = Op::fold(plan, events).map_err(|_| app.in_words(StoreError::Damaged))?;
    // The projection was written with the last event; if it disagrees, something else wrote here.
    if op.state.word() == stored.state {
        Ok((stored, op))
    } else {
        Err(app.in_words(StoreError::Damaged))
    }
}

/// Brings all open operations on: at the start, and after every complete list.
pub(crate) async fn resume_all(app: &Arc<App>) {
    let Ok(open) = operations::open(&app.store).await else {
        return;
    };
    for id in open {
        run(app, id).await;
    }
}

/// Brings one operation as far as it goes: to its end, or to where only a later list can tell.
pub(crate) async fn run(app: &Arc<App>, id: OperationId) {
    let _alone = app.changing.lock().await;
    if app.doors.are_shut() {
        return;
    }
    if let Err(failure) = advance(app, id).await {
        tracing::warn!(code = ?failure.code, "an operation waits");
    }
}

async fn advance(app: &Arc<App>, id: OperationId) -> Result<(), Failure> {
    let (stored, mut op) = find(app, id).await?;
    let deployment = store::deployments::find(&app.store, stored.deployment).await;
    let deployment = deployment
        .map_err(|e| app.in_words(e))?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
    let provider =
        registry::find(&deployment.provider).ok_or_else(|| Failure::new(Code::Internal))?;
    let work = Work {
        app,
        id,
        stored,
        deployment,
        provider,
    };
    let mut interrupted = true;
    while !op.is_closed() && !app.doors.are_shut() {
        op = match op.state.clone() {
            // The journal ends with an intent: the program ended before it could write the outcome.
            State::Applying { next, sent: true } if interrupted => {
                work.note(op, Event::Interrupted { call: next }).await?
            }
            State::Applying { next, .. } => work.send(op, next).await?,
            State::Unknown { call, .. } => work.find_out(op, call).await?,
            State::ReadingBack => work.read_back(op).await?,
            State::Done | State::Differs { .. } | State::Stopped { .. } => break,
        };
        interrupted = false;
    }
    if op.state != State::Done {
        // What the server has now is not what the copy says.
        app.syncs.start(app, &work.deployment, false);
    }
    Ok(())
}

struct Work<'a> {
    app: &'a Arc<App>,
    id: OperationId,
    stored: StoredOperation,
    deployment: Deployment,
    provider: &'static dyn Provider,
}

impl Work<'_> {
    async fn send(&self, op: Op, call: usize) -> Result<Op, Failure> {
        let link = self.app.links.to(self.app, &self.deployment).await?;
        let planned = op.plan.calls[call].clone();
        let secrets = if planned.needs_target() {
            // The list is the only place that shows the value; it is held for this one call. It also shows what is
            // there: such a server does not say it in its answer, and takes the call whoever was there before.
            let located = self.locate(&link, &op).await?;
            if let Some(key) = located.key()
                && !holds(&op, call, key, op.plan.changes[call].before.as_deref())
            {
                return self.note(op, crossed()).await;
            }
            CallSecrets {
                target: located.secret,
            }
        } else {
            CallSecrets::default()
        };
        self.app.checkpoint.pass(Point::BeforeIntent);
        let op = self.note(op, Event::Sending { call }).await?;
        self.app.checkpoint.pass(Point::AfterIntent);
        let performed = self
            .provider
            .perform(&link, &planned, &secrets, &op.plan.desired.columns)
            .await;
        self.app.checkpoint.pass(Point::AfterEffect);
        let answer = match performed {
            Ok(over) => Answer::Applied { over },
            Err(error) => {
                let failure = Failure::of_provider(&error, &link.host(), &self.app.timing);
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
        let op = self.note(op, Event::Answered { call, answer }).await?;
        self.app.checkpoint.pass(Point::AfterOutcome);
        Ok(op)
    }

    /// A fresh complete list tells whether a call of unknown outcome was applied.
    async fn find_out(&self, op: Op, call: usize) -> Result<Op, Failure> {
        let link = self.app.links.to(self.app, &self.deployment).await?;
        let located = self.locate(&link, &op).await?;
        let change = &op.plan.changes[call];
        let key = located.key().ok_or_else(|| Failure::new(Code::KeyGone))?;
        let equals = |cells: &Option<Vec<Cell>>| holds(&op, call, key, cells.as_deref());
        let event = match (equals(&change.after), equals(&change.before)) {
            (true, _) => Event::Reconciled {
                call,
                applied: true,
            },
            (false, true) => Event::Reconciled {
                call,
                applied: false,
            },
            (false, false) => crossed(),
        };
        self.note(op, event).await
    }

    async fn read_back(&self, op: Op) -> Result<Op, Failure> {
        let link = self.app.links.to(self.app, &self.deployment).await?;
        let located = self.locate(&link, &op).await?;
        self.app.checkpoint.pass(Point::AfterReadBack);
        let key = located.key().ok_or_else(|| Failure::new(Code::KeyGone))?;
        let (id, now) = (self.stored.key, self.app.clock.now());
        let event = Event::ReadBack {
            stored: key.rights.clone(),
        };
        self.commit(op, event, async |writer: &mut Writer| {
            store::keys::put(writer, self.deployment.id, id, key, now).await
        })
        .await
    }

    async fn locate(&self, link: &Link, op: &Op) -> Result<Located, Failure> {
        let located = self.provider.locate(link, &op.plan.identity).await;
        located.map_err(|error| Failure::of_provider(&error, &link.host(), &self.app.timing))
    }

    async fn note(&self, op: Op, event: Event) -> Result<Op, Failure> {
        self.commit(op, event, async |_: &mut Writer| Ok(())).await
    }

    /// The event, the state that it leads to, its audit row, and `also`: one commit.
    async fn commit(
        &self,
        op: Op,
        event: Event,
        also: impl AsyncFnOnce(&mut Writer) -> Result<(), StoreError>,
    ) -> Result<Op, Failure> {
        let facts = match &event {
            Event::Sending { call } => json!({ "call": op.plan.calls[*call].shown() }),
            Event::Answered { answer, .. } => json!({ "answer": word(answer) }),
            Event::Reconciled { applied, .. } => json!({ "applied": applied }),
            Event::Interrupted { .. } | Event::Crossed { .. } | Event::ReadBack { .. } => json!({}),
        };
        let next = op
            .step(event.clone())
            .map_err(|_| Failure::new(Code::Internal))?;
        let write = async {
            let text = serde_json::to_string(&event)?;
            let (now, subject) = (self.app.clock.now(), self.id.to_string());
            let entry = AuditEntry {
                at: now,
                actor: "keystead",
                act: act(&event),
                subject: &subject,
                facts: &facts,
            };
            let mut writer = self.app.store.write().await?;
            operations::append(
                &mut writer,
                self.id,
                &text,
                next.state.word(),
                next.is_closed(),
                now,
            )
            .await?;
            audit::append(&mut writer, &entry).await?;
            also(&mut writer).await?;
            writer.commit().await
        };
        write.await.map_err(|error| self.app.in_words(error))?;
        Ok(next)
    }
}

/// Whether the key's row for that call's resource is these cells.
fn holds(op: &Op, call: usize, key: &ListedKey, cells: Option<&[Cell]>) -> bool {
    let change = &op.plan.changes[call];
    let one = |cells: Option<&[Cell]>| RightsGrid {
        rows: cells
            .into_iter()
            .map(|cells| RightsRow {
                kind: change.kind.clone(),
                resource: change.resource.clone(),
                cells: cells.to_vec(),
            })
            .collect(),
        columns: op.plan.desired.columns.clone(),
        admin: false,
    };
    let stored = key.rights.row(&change.kind, &change.resource);
    let stored = one(stored.map(|row| row.cells.as_slice()));
    domain::row_changes(&one(cells), &stored).is_empty()
}

fn crossed() -> Event {
    Event::Crossed {
        failure: Failure::new(Code::ChangedMeanwhile),
    }
}

fn act(event: &Event) -> &'static str {
    match event {
        Event::Sending { .. } => "call.send",
        Event::Answered { .. } => "call.answer",
        Event::Interrupted { .. } => "call.interrupted",
        Event::Reconciled { .. } => "call.reconcile",
        Event::Crossed { .. } => "operation.crossed",
        Event::ReadBack { .. } => "operation.read_back",
    }
}

fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Applied { .. } => "applied",
        Answer::Refused { .. } => "refused",
        Answer::Unknown { .. } => "unknown",
    }
}

/// Writes the operation and what goes with it in one commit. Nothing is sent yet.
pub(crate) async fn begin(
    app: &App,
    deployment: &Deployment,
    key: KeyId,
    plan: EditPlan,
) -> Result<OperationId, Failure> {
    let now = app.clock.now();
    let (id, op) = (OperationId::at(now), Op::new(plan));
    let write = async {
        let stored = StoredOperation {
            id,
            kind: "edit_rights".to_owned(),
            deployment: deployment.id,
            key,
            plan: serde_json::to_string(&op.plan)?,
            state: op.state.word().to_owned(),
            events: Vec::new(),
            is_closed: false,
        };
        let subject = key.to_string();
        let facts = json!({ "operation": id.to_string(), "calls": op.plan.calls.len() });
        let entry = AuditEntry {
            at: now,
            actor: "user",
            act: "rights.edit",
            subject: &subject,
            facts: &facts,
        };
        let mut writer = app.store.write().await?;
        operations::insert(&mut writer, &stored, now).await?;
        operations::drafts::remove(&mut writer, key).await?;
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))?;
    app.checkpoint.pass(Point::Begun);
    Ok(id)
}
