//! Effects: intent committed, one call performed, outcome committed. Never two effects between commits.

use super::{
    effects::Reach,
    machine::{Answer, EditPlan, Event, Op, State},
};
use crate::{App, Code, Failure};
use domain::{KeyId, OperationId};
use serde_json::json;
use std::sync::Arc;
use store::{
    StoreError, Writer,
    audit::{self, AuditEntry},
    deployments::Deployment,
    operations::{self, StoredOperation},
};

/// The word of an edit in the database.
pub(crate) const EDIT: &str = "edit_rights";

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
    /// A round of checks was made, and nothing is stored of it.
    AfterChecks,
    /// It is stored.
    AfterCommit,
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
    let stored = stored
        .filter(|stored| stored.kind == EDIT)
        .ok_or_else(|| Failure::new(Code::OperationUnknown))?;
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
    for one in open {
        if one.kind == EDIT {
            run(app, one.id).await;
        } else {
            Box::pin(crate::rotation::run(app, one.id)).await;
        }
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
    let reach = Reach::to(app, stored.deployment).await?;
    let work = Work {
        app,
        id,
        stored,
        reach,
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
        app.syncs.start_afresh(app, &work.reach.deployment);
    }
    Ok(())
}

struct Work<'a> {
    app: &'a Arc<App>,
    id: OperationId,
    stored: StoredOperation,
    reach: Reach,
}

impl Work<'_> {
    async fn send(&self, op: Op, call: usize) -> Result<Op, Failure> {
        let ready = match self.reach.prepare(self.app, &op, call).await? {
            Ok(ready) => ready,
            Err(crossed) => return self.note(op, crossed).await,
        };
        self.app.checkpoint.pass(Point::BeforeIntent);
        let op = self.note(op, Event::Sending { call }).await?;
        self.app.checkpoint.pass(Point::AfterIntent);
        let answered = self.reach.perform(self.app, &op, call, ready).await;
        self.app.checkpoint.pass(Point::AfterEffect);
        let op = self.note(op, answered).await?;
        self.app.checkpoint.pass(Point::AfterOutcome);
        Ok(op)
    }

    async fn find_out(&self, op: Op, call: usize) -> Result<Op, Failure> {
        let event = self.reach.find_out(self.app, &op, call).await?;
        self.note(op, event).await
    }

    async fn read_back(&self, op: Op) -> Result<Op, Failure> {
        let (event, key) = self.reach.read_back(self.app, &op).await?;
        self.app.checkpoint.pass(Point::AfterReadBack);
        let (deployment, id, now) = (
            self.reach.deployment.id,
            self.stored.key,
            self.app.clock.now(),
        );
        self.commit(op, event, async |writer: &mut Writer| {
            store::keys::put(writer, deployment, id, &key, now).await
        })
        .await
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
            kind: EDIT.to_owned(),
            deployment: deployment.id,
            key,
            successor: None,
            plan: serde_json::to_string(&op.plan)?,
            state: op.state.word().to_owned(),
            events: Vec::new(),
            created_at: now,
            closed_at: None,
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
