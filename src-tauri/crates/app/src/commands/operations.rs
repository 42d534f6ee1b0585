//! Review, apply, and what becomes of it.

use super::{
    keys::KeyRef,
    rights::{DraftView, key_id, view},
    state::Empty,
};
use crate::{
    App, Code, Failure,
    operations::{self, Conflict, Outcome, State},
    views::CellView,
};
use domain::{CellChange, Environment, OperationId, Risk, Tone};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// What a draft comes to.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Review {
    changes: Vec<ReviewChange>,
    /// Cells that stay as they are.
    #[ts(type = "number")]
    unchanged: usize,
    /// The exact calls, method and path, in order.
    calls: Vec<String>,
    /// Stands for exactly this plan; given back to `rights_apply`.
    plan: String,
}

/// One cell that changes.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ReviewChange {
    kind: String,
    resource: String,
    column: String,
    before: CellView,
    after: CellView,
    tone: Tone,
    risks: Vec<Risk>,
}

/// Applies what was reviewed.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplyRequest {
    key: String,
    /// [`Review::plan`].
    plan: String,
}

/// What came of the wish to apply.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Applied {
    /// It is under way.
    Started {
        /// Its id.
        operation: String,
    },
    /// Nothing was sent: the server no longer has what the draft began with.
    Conflict {
        /// Where.
        cells: Vec<ConflictCell>,
    },
}

/// A cell in three views.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ConflictCell {
    kind: String,
    resource: String,
    column: String,
    base: CellView,
    theirs: CellView,
    mine: CellView,
}

/// Names an operation.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperationRef {
    pub(super) operation: String,
}

/// Where an operation stands.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperationState {
    /// Calls are being sent.
    Applying,
    /// The key is being read again.
    ReadingBack,
    /// Read back, and equal.
    Done,
    /// Read back, and not equal.
    Differs,
    /// A call was refused, or somebody else was here.
    Stopped,
    /// A call's outcome is not known; the next complete list tells.
    Unknown,
}

/// An operation as the screen shows it.
#[derive(Debug, Serialize, TS)]
pub(crate) struct OperationView {
    id: String,
    key: String,
    label: String,
    deployment_name: String,
    environment: Environment,
    state: OperationState,
    steps: Vec<StepView>,
    /// What the server stored instead, when it differs.
    differences: Vec<ConflictCell>,
    /// Why it stopped or is unknown.
    failure: Option<Failure>,
    /// Undo makes the inverse draft.
    can_undo: bool,
}

/// One call of an operation.
#[derive(Debug, Serialize, TS)]
pub(crate) struct StepView {
    call: String,
    resource: String,
    outcome: StepOutcome,
    failure: Option<Failure>,
}

/// What became of a call so far.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepOutcome {
    /// Not sent yet.
    Waiting,
    /// Sent, no answer yet.
    Sending,
    /// Applied.
    Applied,
    /// Definitely not applied.
    Refused,
    /// Nobody knows.
    Unknown,
}

impl StepOutcome {
    pub(super) fn of(outcome: &Outcome) -> (Self, Option<Failure>) {
        match outcome {
            Outcome::Waiting => (Self::Waiting, None),
            Outcome::Sending => (Self::Sending, None),
            Outcome::Applied => (Self::Applied, None),
            Outcome::Refused(failure) => (Self::Refused, Some(failure.clone())),
            Outcome::Unknown(failure) => (Self::Unknown, Some(failure.clone())),
        }
    }
}

impl StepView {
    pub(super) fn new(
        call: &providers::Call,
        outcome: StepOutcome,
        failure: Option<Failure>,
    ) -> Self {
        Self {
            call: call.shown(),
            resource: call.resource.clone(),
            outcome,
            failure,
        }
    }
}

pub(super) async fn rights_review(app: &Arc<App>, request: KeyRef) -> Result<Review, Failure> {
    let key = key_id(&request.key)?;
    let state = operations::open_draft(app, key).await?;
    let rows = operations::rows(app, &state).await?;
    let (plan, name) = operations::review(app, key).await?;
    let changes: Vec<CellChange> = domain::cell_changes(&plan.base, &plan.desired);
    let unchanged = (rows.len() * plan.base.columns.len()).saturating_sub(changes.len());
    let view = |change: CellChange| {
        let known = rows
            .iter()
            .find(|row| row.kind == change.kind && row.resource == change.resource);
        let fields = known
            .and_then(|row| row.fields.as_deref())
            .unwrap_or_default();
        let whole = plan
            .base
            .row(&change.kind, &change.resource)
            .map(|row| row.cells.as_slice());
        ReviewChange {
            tone: change.tone(),
            risks: change.risks(whole, fields),
            kind: change.kind,
            resource: change.resource,
            column: change.column.title,
            before: change.before.into(),
            after: change.after.into(),
        }
    };
    let calls = plan.calls.iter().map(providers::Call::shown).collect();
    Ok(Review {
        changes: changes.into_iter().map(view).collect(),
        unchanged,
        calls,
        plan: name,
    })
}

pub(super) async fn rights_apply(
    app: &Arc<App>,
    request: ApplyRequest,
) -> Result<Applied, Failure> {
    Ok(
        match operations::apply(app, key_id(&request.key)?, &request.plan).await? {
            Ok(id) => Applied::Started {
                operation: id.to_string(),
            },
            Err(conflicts) => Applied::Conflict {
                cells: conflicts.into_iter().map(ConflictCell::from).collect(),
            },
        },
    )
}

pub(super) async fn operation_show(
    app: &Arc<App>,
    request: OperationRef,
) -> Result<OperationView, Failure> {
    operation(app, operation_id(&request)?).await
}

pub(super) async fn operations_open(
    app: &Arc<App>,
    _: Empty,
) -> Result<Vec<OperationView>, Failure> {
    let open = store::operations::open(&app.store)
        .await
        .map_err(|error| app.in_words(error))?;
    let mut views = Vec::new();
    for one in open {
        if one.kind == operations::EDIT {
            views.push(operation(app, one.id).await?);
        }
    }
    Ok(views)
}

pub(super) async fn operation_undo(
    app: &Arc<App>,
    request: OperationRef,
) -> Result<DraftView, Failure> {
    view(app, operations::undo(app, operation_id(&request)?).await?).await
}

fn operation_id(request: &OperationRef) -> Result<OperationId, Failure> {
    request
        .operation
        .parse()
        .map_err(|_| Failure::new(Code::OperationUnknown))
}

async fn operation(app: &Arc<App>, id: OperationId) -> Result<OperationView, Failure> {
    let (stored, op) = operations::find(app, id).await?;
    let draft = operations::open_draft(app, stored.key).await?;
    let steps = op
        .plan
        .calls
        .iter()
        .zip(&op.outcomes)
        .map(|(call, outcome)| {
            let (outcome, failure) = StepOutcome::of(outcome);
            StepView::new(call, outcome, failure)
        });
    let steps = steps.collect();
    let can_undo = op.is_closed() && op.has_effect();
    let mut differences = Vec::new();
    let (state, failure) = match op.state {
        State::Applying { .. } => (OperationState::Applying, None),
        State::ReadingBack => (OperationState::ReadingBack, None),
        State::Done => (OperationState::Done, None),
        State::Differs { stored } => {
            let base = &op.plan.base;
            let found = domain::differences(&op.plan.desired, &stored).into_iter();
            differences = found.map(|change| stored_instead(change, base)).collect();
            (OperationState::Differs, None)
        }
        State::Stopped { failure } => (OperationState::Stopped, Some(failure)),
        State::Unknown { failure, .. } => (OperationState::Unknown, Some(failure)),
    };
    let row = draft.subject.row;
    Ok(OperationView {
        id: id.to_string(),
        key: stored.key.to_string(),
        label: row.label,
        deployment_name: row.deployment_name,
        environment: row.environment,
        state,
        steps,
        differences,
        failure,
        can_undo,
    })
}

/// Wanted is "mine", stored is "theirs".
fn stored_instead(change: CellChange, base: &domain::RightsGrid) -> ConflictCell {
    let at = base
        .columns
        .iter()
        .position(|column| column.action == change.column.action);
    let row = base.row(&change.kind, &change.resource);
    let before = row
        .zip(at)
        .and_then(|(row, at)| row.cells.get(at))
        .cloned()
        .unwrap_or(domain::Cell::None);
    ConflictCell {
        kind: change.kind,
        resource: change.resource,
        column: change.column.title,
        base: before.into(),
        theirs: change.after.into(),
        mine: change.before.into(),
    }
}

impl From<Conflict> for ConflictCell {
    fn from(conflict: Conflict) -> Self {
        Self {
            kind: conflict.kind,
            resource: conflict.resource,
            column: conflict.column.title,
            base: conflict.base.into(),
            theirs: conflict.theirs.into(),
            mine: conflict.mine.into(),
        }
    }
}
