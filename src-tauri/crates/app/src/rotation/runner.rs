//! Effects in order: intent committed, one call performed, outcome committed. Goes on by itself as far as no person
//! is needed.

use super::{
    certificate,
    machine::{Event, Op, State},
    memory,
    plan::{Plan, Purpose},
};
use crate::{
    App, Code, Failure,
    operations::{EditState, Point, Reach},
};
use domain::{KeyId, OperationId};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{
    StoreError, Writer,
    audit::{self, AuditEntry},
    operations::{self, StoredOperation},
};

/// One as stored, with its journal folded.
///
/// # Errors
/// [`Code::OperationUnknown`]; a damaged journal.
pub(crate) async fn find(app: &App, id: OperationId) -> Result<(StoredOperation, Op), Failure> {
    let stored = operations::find(&app.store, id)
        .await
        .map_err(|error| app.in_words(error))?;
    let stored = stored
        .filter(|stored| Purpose::of_word(&stored.kind).is_some())
        .ok_or_else(|| Failure::new(Code::OperationUnknown))?;
    let damaged = || app.in_words(StoreError::Damaged);
    let plan: Plan = serde_json::from_str(&stored.plan).map_err(|_| damaged())?;
    let events = stored
        .events
        .iter()
        .map(|json| serde_json::from_str::<Event>(json));
    let events: Vec<Event> = events.collect::<Result<_, _>>().map_err(|_| damaged())?;
    let op = Op::fold(plan, events).map_err(|_| damaged())?;
    // The projection was written with the last event; if it disagrees, something else wrote here.
    if op.state.word() == stored.state {
        Ok((stored, op))
    } else {
        Err(damaged())
    }
}

/// Brings one on as far as it goes without a person.
pub(crate) async fn run(app: &Arc<App>, id: OperationId) {
    app.waits.go(id);
    let alone = app.changing.lock().await;
    Box::pin(run_alone(app, id)).await;
    drop(alone);
    app.waits.rest(id);
    // What it waits for is not stored, and neither is that it rests.
    memory::tell(app);
}

/// The same in the background. Until it has begun, it counts as going on.
pub(super) fn go_on(app: &Arc<App>, id: OperationId) {
    app.waits.go(id);
    let app = Arc::clone(app);
    tokio::spawn(async move {
        Box::pin(run(&app, id)).await;
        app.waits.rest(id);
        memory::tell(&app);
    });
}

async fn run_alone(app: &Arc<App>, id: OperationId) {
    if app.doors.are_shut() {
        return;
    }
    let outcome = async {
        let work = Work::on(app, id).await?;
        Box::pin(work.advance()).await
    };
    match outcome.await {
        Ok(()) => app.waits.remove(id),
        Err(failure) => {
            tracing::warn!(code = ?failure.code, "a rotation waits");
            app.waits.put(id, failure);
        }
    }
}

/// One that is being worked on.
pub(super) struct Work<'a> {
    pub(super) app: &'a Arc<App>,
    pub(super) id: OperationId,
    pub(super) stored: StoredOperation,
    pub(super) reach: Reach,
    begun: Op,
}

impl<'a> Work<'a> {
    pub(super) async fn on(app: &'a Arc<App>, id: OperationId) -> Result<Self, Failure> {
        let (stored, begun) = find(app, id).await?;
        let reach = Reach::to(app, stored.deployment).await?;
        Ok(Self {
            app,
            id,
            stored,
            reach,
            begun,
        })
    }

    /// Where it stood when the work began.
    pub(super) fn op(&self) -> Op {
        self.begun.clone()
    }

    async fn advance(&self) -> Result<(), Failure> {
        let before = self.begun.state.word();
        let mut op = self.op();
        let mut outcome = Ok(());
        // A journal that ends with an intent: the program ended before it could write the outcome.
        let mut interrupted = true;
        while !op.is_closed() && !self.app.doors.are_shut() {
            let seq = op.seq;
            match self.one(op.clone(), interrupted).await {
                Ok(next) => op = next,
                Err(failure) if stops(failure.code) => {
                    op = self.note(op, Event::Halted { failure }).await?;
                }
                Err(failure) => {
                    outcome = Err(failure);
                    break;
                }
            }
            interrupted = false;
            if op.seq == seq {
                break;
            }
        }
        if op.state.word() != before && !matches!(op.state, State::CreateUnknown { .. }) {
            // What the server has now is not what the copy says.
            self.app
                .syncs
                .start_afresh(self.app, &self.reach.deployment);
        }
        outcome
    }

    /// The next thing to do by itself; the same state where there is none.
    async fn one(&self, op: Op, interrupted: bool) -> Result<Op, Failure> {
        match &op.state {
            State::Planned if op.plan.purpose != Purpose::Revoke => self.make(op).await,
            State::Creating if interrupted => self.note(op, Event::CreateInterrupted).await,
            State::CreateUnknown { .. } => self.find_made(op).await,
            State::Created => self.begin_equipping(op).await,
            State::Equipping | State::Pausing | State::Restoring => {
                self.go_on(op, interrupted).await
            }
            State::Equipped if !op.unproved => self.check_new(op).await,
            State::Paused if op.paused_checks.is_empty() => self.check_paused(op).await,
            State::Revoking { .. } if interrupted => self.note(op, Event::RevokeInterrupted).await,
            State::RevokeUnknown { .. } => self.find_ended(op).await,
            State::Revoked { .. } => self.check_death(op).await,
            State::Planned
            | State::Creating
            | State::CreateRefused { .. }
            | State::Orphan { .. }
            | State::Equipped
            | State::Verified
            | State::Delivered
            | State::Adopted
            | State::Paused
            | State::Soaking { .. }
            | State::Revoking { .. }
            | State::Closed
            | State::RolledBack
            | State::NeedsYou { .. }
            | State::Abandoned => Ok(op),
        }
    }

    /// One call of a run of calls, or what its outcome was, or the reading back.
    async fn go_on(&self, op: Op, interrupted: bool) -> Result<Op, Failure> {
        let Some((_, steps)) = op.steps.clone() else {
            return Err(Failure::new(Code::Internal));
        };
        let step = |step| Event::Step { step };
        match steps.state.clone() {
            EditState::Applying { next, sent: true } if interrupted => {
                let event = crate::operations::EditEvent::Interrupted { call: next };
                self.note(op, step(event)).await
            }
            EditState::Applying { next, .. } => {
                let ready = match self.reach.prepare(self.app, &steps, next).await? {
                    Ok(ready) => ready,
                    Err(crossed) => return self.note(op, step(crossed)).await,
                };
                self.pass(Point::BeforeIntent);
                let event = crate::operations::EditEvent::Sending { call: next };
                let op = self.note(op, step(event)).await?;
                self.pass(Point::AfterIntent);
                let answered = self.reach.perform(self.app, &steps, next, ready).await;
                self.pass(Point::AfterEffect);
                let op = self.note(op, step(answered)).await?;
                self.pass(Point::AfterOutcome);
                Ok(op)
            }
            EditState::Unknown { call, .. } => {
                let found = self.reach.find_out(self.app, &steps, call).await?;
                self.note(op, step(found)).await
            }
            EditState::ReadingBack => {
                let (event, key) = self.reach.read_back(self.app, &steps).await?;
                self.pass(Point::AfterReadBack);
                let id = subject_of(&op)?;
                let (deployment, now) = (self.reach.deployment.id, self.app.clock.now());
                let op = self
                    .commit(op, step(event), async |writer: &mut Writer| {
                        store::keys::put_as(writer, deployment, id, &key, now).await
                    })
                    .await?;
                self.pass(Point::AfterCommit);
                Ok(op)
            }
            EditState::Done | EditState::Differs { .. } | EditState::Stopped { .. } => Ok(op),
        }
    }

    pub(super) fn pass(&self, point: Point) {
        self.app.checkpoint.pass(point);
    }

    pub(super) async fn note(&self, op: Op, event: Event) -> Result<Op, Failure> {
        self.commit(op, event, async |_: &mut Writer| Ok(())).await
    }

    /// The event, the state that it leads to, its audit row, `also`, and at the end the certificate: one commit.
    pub(super) async fn commit(
        &self,
        op: Op,
        event: Event,
        also: impl AsyncFnOnce(&mut Writer) -> Result<(), StoreError>,
    ) -> Result<Op, Failure> {
        let next = op
            .step(event.clone())
            .map_err(|_| Failure::new(Code::NotNow))?;
        let (act, facts, actor) = told(&event);
        let write = async {
            let text = serde_json::to_string(&event)?;
            let (now, subject) = (self.app.clock.now(), self.id.to_string());
            let entry = AuditEntry {
                at: now,
                actor,
                act,
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
            if next.is_closed() {
                certificate::close(&mut writer, self, &next, now).await?;
            }
            writer.commit().await
        };
        write.await.map_err(|error| self.app.in_words(error))?;
        Ok(next)
    }
}

/// The key that the run of calls is about.
fn subject_of(op: &Op) -> Result<KeyId, Failure> {
    let new = op.plan.new.as_ref().map(|new| new.key);
    let old = op.plan.old.as_ref().map(|old| old.key);
    let chosen = if op.state == State::Equipping {
        new
    } else {
        old
    };
    chosen.ok_or_else(|| Failure::new(Code::Internal))
}

/// Failures that no later try mends: a person has to look.
fn stops(code: Code) -> bool {
    matches!(
        code,
        Code::KeyGone | Code::EditRefused | Code::VaultKeyWrong | Code::ChangedMeanwhile
    )
}

/// What the audit log says of an event: act, particulars, actor.
fn told(event: &Event) -> (&'static str, Value, &'static str) {
    const SELF: &str = "keystead";
    const USER: &str = "user";
    match event {
        Event::Creating { attempt, call } => (
            "key.create.send",
            json!({ "call": call.shown(), "marker": attempt.marker }),
            SELF,
        ),
        Event::CreateAnswered { .. } => ("key.create.answer", json!({}), SELF),
        Event::CreateInterrupted | Event::RevokeInterrupted => {
            ("call.interrupted", json!({}), SELF)
        }
        Event::NotListed { .. } => ("key.create.not_listed", json!({}), SELF),
        Event::Orphaned { .. } => ("key.create.orphan", json!({}), SELF),
        Event::StepsBegun { steps, plan } => (
            "key.steps",
            json!({ "steps": steps, "calls": plan.calls.len() }),
            SELF,
        ),
        Event::Step { .. } => ("key.step", json!({}), SELF),
        Event::Checked { round, checks, .. } => {
            let kinds: Vec<_> = checks
                .iter()
                .map(|check| json!([check.kind, check.verdict]))
                .collect();
            (
                "key.check",
                json!({ "round": round, "checks": kinds }),
                SELF,
            )
        }
        Event::Delivered { delivery, .. } => ("key.deliver", json!({ "delivery": delivery }), USER),
        Event::Confirmed { by, .. } => ("key.confirm", json!({ "by": by }), USER),
        Event::Withdrawn => ("key.withdraw", json!({}), USER),
        Event::PauseSkipped { why } => ("key.pause.skip", json!({ "why": why }), USER),
        Event::SoakBegun { until } => ("key.soak", json!({ "until": until }), USER),
        Event::SoakSkipped => ("key.soak.skip", json!({}), USER),
        Event::Revoking { of, call, .. } => (
            "key.revoke.send",
            json!({ "of": of, "call": call.shown() }),
            USER,
        ),
        Event::RevokeAnswered { .. } => ("key.revoke.answer", json!({}), SELF),
        Event::RevokeFound { listed } => ("key.revoke.found", json!({ "listed": listed }), SELF),
        Event::Gone { of, .. } => ("key.revoke.gone", json!({ "of": of }), USER),
        Event::RestoreFailed { failure } => {
            ("key.restore.failed", json!({ "code": failure.code }), SELF)
        }
        Event::Halted { failure } => ("key.halt", json!({ "code": failure.code }), SELF),
        Event::Resumed => ("key.resume", json!({}), USER),
        Event::Finished => ("key.finish", json!({}), USER),
        Event::Abandoned => ("key.abandon", json!({}), USER),
    }
}
