//! What a person does with a rotation under way.

use super::{
    machine::{Act, Event, Op, State, Steps, Which, acts},
    making::is_wider,
    runner::{Work, find, go_on},
};
use crate::{App, Code, Failure, operations::EditPlan, operations::Point};
use domain::{OperationId, RightsGrid};
use providers::Wanted;
use std::sync::Arc;

/// One thing that a person does, with what it takes. Ending a key is [`revoke`].
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Again,
    Verify,
    Confirm { by: String },
    Withdraw,
    Pause,
    SkipPause { why: String },
    Restore,
    BeginSoak,
    SkipSoak,
    Finish,
    Abandon,
}

impl Ask {
    fn act(&self) -> Act {
        match self {
            Self::Again => Act::Again,
            Self::Verify => Act::Verify,
            Self::Confirm { .. } => Act::Confirm,
            Self::Withdraw => Act::Withdraw,
            Self::Pause => Act::Pause,
            Self::SkipPause { .. } => Act::SkipPause,
            Self::Restore => Act::Restore,
            Self::BeginSoak => Act::BeginSoak,
            Self::SkipSoak => Act::SkipSoak,
            Self::Finish => Act::Finish,
            Self::Abandon => Act::Abandon,
        }
    }
}

/// Does it, and goes on by itself from there.
///
/// # Errors
/// [`Code::NotNow`] where it is not possible; the server's errors for what it asks the server.
pub(crate) async fn act(app: &Arc<App>, id: OperationId, ask: Ask) -> Result<(), Failure> {
    let alone = app.turn().await?;
    let (_, op) = find(app, id).await?;
    if !acts(&op, app.clock.now()).contains(&ask.act()) {
        return Err(Failure::new(Code::NotNow));
    }
    let work = Work::on(app, id).await?;
    match ask {
        Ask::Again => work.again(op).await?,
        Ask::Verify => {
            let op = work.check_new(op).await?;
            // What an answer left open about the pause may be shown by now.
            if op.state == State::Paused && !op.is_shown_paused() {
                work.check_paused(op).await?;
            }
        }
        Ask::Confirm { by } => {
            let by = name_of(&by)?;
            let at = app.clock.now();
            work.note(op, Event::Confirmed { by, at }).await?;
        }
        Ask::Withdraw => {
            work.note(op, Event::Withdrawn).await?;
        }
        Ask::Pause => work.begin_pause(op).await?,
        Ask::SkipPause { why } => {
            let why = name_of(&why)?;
            work.note(op, Event::PauseSkipped { why }).await?;
        }
        Ask::Restore => {
            if let Err(failure) = work.begin_restore(op.clone()).await {
                // Kept, since it is what allows to leave the old key as it is.
                work.note(op, Event::RestoreFailed { failure }).await?;
            }
        }
        Ask::BeginSoak => {
            // A session that was begun before may not see the pause; the wait counts from when none can be left.
            let bites = if op.is_paused {
                op.plan.session_life
            } else {
                0
            };
            let until = app.clock.now().plus(bites.saturating_add(op.plan.soak));
            work.note(op, Event::SoakBegun { until }).await?;
        }
        Ask::SkipSoak => {
            work.note(op, Event::SoakSkipped).await?;
        }
        Ask::Finish => {
            work.note(op, Event::Finished).await?;
        }
        Ask::Abandon => {
            work.note(op, Event::Abandoned).await?;
        }
    }
    drop(work);
    drop(alone);
    go_on(app, id);
    Ok(())
}

/// Ends a key for good: the old one, the new one again, or one that an attempt left behind.
///
/// # Errors
/// [`Code::NotNow`]; [`Code::ConfirmationWrong`]; [`Code::RevokeGuarded`] with the conditions that do not hold.
pub(crate) async fn revoke(
    app: &Arc<App>,
    id: OperationId,
    of: Which,
    typed: &str,
) -> Result<(), Failure> {
    let alone = app.turn().await?;
    let (_, op) = find(app, id).await?;
    let wanted = match of {
        Which::Old => Act::Revoke,
        Which::New => Act::RollBack,
        Which::Orphan => Act::RevokeOrphan,
    };
    if !acts(&op, app.clock.now()).contains(&wanted) {
        return Err(Failure::new(Code::NotNow));
    }
    let work = Work::on(app, id).await?;
    let outcome = work.end(op, of, typed).await;
    drop(work);
    drop(alone);
    go_on(app, id);
    outcome.map(|_| ())
}

/// A name or a reason that a person typed: one line, not too long.
pub(super) fn name_of(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let odd = text.chars().any(|c| c.is_control() || domain::is_hidden(c));
    if text.is_empty() || text.chars().count() > 200 || odd {
        return Err(Failure::new(Code::BadRequest).with("field", "text"));
    }
    Ok(text.to_owned())
}

impl Work<'_> {
    /// Goes on where it stopped.
    async fn again(&self, op: Op) -> Result<(), Failure> {
        let stopped = if let State::NeedsYou { back, .. } = &op.state {
            Some(&**back)
        } else {
            None
        };
        let event = if let Some(State::Revoked { of }) = stopped {
            // The server said that the key had ended, and that was not so.
            let listed = self.is_listed(&op, *of).await?;
            Event::RevokeFound { listed }
        } else if stopped.is_some() || matches!(op.state, State::CreateRefused { .. }) {
            Event::Resumed
        } else {
            return Ok(());
        };
        self.note(op, event).await.map(|_| ())
    }

    /// Reads the old key again, and begins to take its rights away.
    async fn begin_pause(&self, op: Op) -> Result<(), Failure> {
        let (old, fresh) = self.fresh_old(&op).await?;
        let unchanged = super::checking::same_rights(&old.rights, &fresh);
        // After a pause that stopped half-way it may do less, never more.
        if !unchanged && (!op.may_be_paused() || is_wider(&old.rights, &fresh)) {
            return Err(Failure::new(Code::ChangedMeanwhile));
        }
        let facts = &self.reach.deployment.facts;
        let planned = self.reach.provider.plan_pause(facts, &old.identity, &fresh);
        let (desired, calls) = planned.map_err(|refusal| Failure::edit_refused(&refusal.0))?;
        let plan = EditPlan {
            identity: old.identity.clone(),
            changes: domain::row_changes(&fresh, &desired),
            base: fresh,
            desired,
            calls,
        };
        self.begin_steps(op, Steps::Pause, plan).await
    }

    /// Reads the old key again, and begins to give it back what the snapshot says.
    async fn begin_restore(&self, op: Op) -> Result<(), Failure> {
        let (old, fresh) = self.fresh_old(&op).await?;
        let facts = &self.reach.deployment.facts;
        let calls = self
            .reach
            .provider
            .plan_rights(facts, &old.identity, &fresh, &old.rights);
        let plan = EditPlan {
            identity: old.identity.clone(),
            changes: domain::row_changes(&fresh, &old.rights),
            base: fresh,
            desired: old.rights.clone(),
            calls: calls.map_err(|refusal| Failure::edit_refused(&refusal.0))?,
        };
        self.begin_steps(op, Steps::Restore, plan).await
    }

    async fn begin_steps(&self, op: Op, steps: Steps, plan: EditPlan) -> Result<(), Failure> {
        self.note(op, Event::StepsBegun { steps, plan }).await?;
        self.pass(Point::AfterCommit);
        Ok(())
    }

    async fn fresh_old(&self, op: &Op) -> Result<(super::plan::OldKey, RightsGrid), Failure> {
        let old = op
            .plan
            .old
            .clone()
            .ok_or_else(|| Failure::new(Code::Internal))?;
        let located = self
            .reach
            .locate(self.app, Wanted::Key(&old.identity))
            .await?;
        let fresh = located
            .into_key()
            .ok_or_else(|| Failure::new(Code::KeyGone))?;
        Ok((old, fresh.rights))
    }
}
