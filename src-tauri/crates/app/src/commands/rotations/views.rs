//! A rotation as the screen shows it.

use super::rail::{RailStep, Step, entered, place, rail};
use crate::{
    App, Code, Failure,
    commands::operations::{StepOutcome, StepView},
    rotation::{self, Act, Delivery, Op, Purpose, Seal, State, acts},
};
use domain::{Check, CheckKind, Environment, Grade, Mark, OperationId, UnixMs, Verdict};
use serde::Serialize;
use std::sync::Arc;
use ts_rs::TS;

/// A rotation in a list.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RotationRow {
    id: String,
    purpose: Purpose,
    emergency: bool,
    label: String,
    deployment_name: String,
    environment: Environment,
    state: String,
    step: Step,
    /// A person is needed, or could go on.
    waits_for_you: bool,
    grade: Option<Grade>,
    #[ts(type = "number")]
    began_at: UnixMs,
    #[ts(type = "number | null")]
    closed_at: Option<UnixMs>,
}

/// A rotation whole.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RotationView {
    id: String,
    purpose: Purpose,
    emergency: bool,
    /// The state's word: planned, creating, create_unknown, create_refused, orphan, created, equipping, equipped,
    /// verified, delivered, adopted, pausing, paused, restoring, soaking, revoking, revoke_unknown, revoked, closed,
    /// rolled_back, needs_you, abandoned.
    state: String,
    deployment: String,
    deployment_name: String,
    environment: Environment,
    provider: String,
    rail: Vec<RailStep>,
    old: Option<KeyCard>,
    new: Option<KeyCard>,
    /// What a person may do now, the one that leads on first.
    acts: Vec<Act>,
    /// Something goes on by itself at this moment.
    running: bool,
    /// Why it stopped, was refused, or is not known.
    failure: Option<Failure>,
    /// Why it waits: a server away, a rate limit.
    waits: Option<Failure>,
    /// The run of calls under way, or the last one.
    steps: Vec<StepView>,
    new_checks: Vec<CheckView>,
    paused_checks: Vec<CheckView>,
    death_checks: Vec<CheckView>,
    deliveries: Vec<DeliveryView>,
    confirmed_by: Option<String>,
    /// Why the old key is not paused; `null` when it is or can be.
    pause_why_not: Option<String>,
    paused: bool,
    /// When the wait is over; `null` where there is none, or it was cut short.
    #[ts(type = "number | null")]
    soak_until: Option<UnixMs>,
    /// What is typed to end the key that can be ended now.
    confirmation: Option<String>,
    /// What is typed to end the new key again.
    rollback_confirmation: Option<String>,
    /// The server took the value that we chose; `null` where we chose none.
    honoured: Option<bool>,
    /// The server says that the new key has not reached all of it yet.
    lags: bool,
    /// Names of variables that applications usually have it under.
    variables: Vec<String>,
    /// The provider's own advice, drawn verbatim.
    advice: Vec<String>,
    /// A secret of ours lies on the clipboard until then.
    #[ts(type = "number | null")]
    clipboard_until: Option<UnixMs>,
    grade: Option<Grade>,
    has_certificate: bool,
    #[ts(type = "number")]
    began_at: UnixMs,
    #[ts(type = "number | null")]
    closed_at: Option<UnixMs>,
}

/// One of the keys.
#[derive(Debug, Serialize, TS)]
pub(crate) struct KeyCard {
    /// Local id.
    key: String,
    label: String,
    id: Option<String>,
    fingerprint: Option<String>,
    prefix: Option<String>,
    #[ts(type = "number | null")]
    created_at: Option<UnixMs>,
}

/// One check with its evidence.
#[derive(Debug, Serialize, TS)]
pub(crate) struct CheckView {
    kind: CheckKind,
    verdict: Verdict,
    mark: Mark,
    /// Request and status, or figures; drawn verbatim.
    seen: String,
    #[ts(type = "number")]
    at: UnixMs,
}

/// How the new secret was handed over.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "to", rename_all = "snake_case")]
pub(crate) enum DeliveryView {
    EnvFile {
        path: String,
        variable: String,
        backup: Option<String>,
    },
    Clipboard,
    Person {
        name: String,
    },
}

/// A certificate.
#[derive(Debug, Serialize, TS)]
pub(crate) struct CertificateView {
    operation: String,
    /// JSON, exactly as it was sealed.
    body: String,
    /// SHA-256 of the body.
    hash: String,
    /// The row of the audit log that carries it.
    #[ts(type = "number")]
    audit_seq: i64,
    #[ts(type = "number")]
    made_at: UnixMs,
    seal: Seal,
}

impl CertificateView {
    pub(super) fn into_body(self) -> String {
        self.body
    }
}

pub(super) async fn certificate(
    app: &Arc<App>,
    id: OperationId,
) -> Result<CertificateView, Failure> {
    let found = store::operations::certificates::find(&app.store, id)
        .await
        .map_err(|error| app.in_words(error))?;
    let found = found.ok_or_else(|| Failure::new(Code::CertificateUnknown))?;
    Ok(CertificateView {
        operation: id.to_string(),
        seal: rotation::seal_of(app, &found).await?,
        body: found.body,
        hash: found.hash,
        audit_seq: found.audit_seq,
        made_at: found.made_at,
    })
}

pub(super) async fn row(app: &Arc<App>, id: OperationId) -> Result<RotationRow, Failure> {
    let (stored, op) = rotation::find(app, id).await?;
    let deployment = store::deployments::find(&app.store, stored.deployment)
        .await
        .map_err(|error| app.in_words(error))?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
    let old = op.plan.old.as_ref().map(|old| &old.label);
    let label = old.or(op.plan.new.as_ref().map(|new| &new.label));
    Ok(RotationRow {
        id: id.to_string(),
        purpose: op.plan.purpose,
        emergency: op.plan.emergency,
        label: label.cloned().unwrap_or_default(),
        deployment_name: deployment.name,
        environment: deployment.environment,
        state: op.state.word().to_owned(),
        step: place(&op.state, &op, app.clock.now()),
        // What only time or the next complete list brings on waits for nobody.
        waits_for_you: waits_for_you(&op, app.clock.now()),
        grade: op.is_closed().then(|| rotation::grade_of(&op)).flatten(),
        began_at: stored.created_at,
        closed_at: stored.closed_at,
    })
}

pub(super) async fn show(app: &Arc<App>, id: OperationId) -> Result<RotationView, Failure> {
    // Asked for before the rest is read: what rests by then is read as it rests.
    let busy = app.waits.is_busy(id);
    let (stored, op) = rotation::find(app, id).await?;
    let in_words = |error| app.in_words(error);
    let deployment = store::deployments::find(&app.store, stored.deployment)
        .await
        .map_err(in_words)?
        .ok_or_else(|| Failure::new(Code::DeploymentUnknown))?;
    let provider = providers::registry::find(&deployment.provider)
        .ok_or_else(|| Failure::new(Code::Internal))?;
    let times = store::operations::times(&app.store, id)
        .await
        .map_err(in_words)?;
    let certificate = store::operations::certificates::find(&app.store, id)
        .await
        .map_err(in_words)?;
    let now = app.clock.now();
    // While calls go out one by one there is nothing to do but to wait.
    let under_way = busy
        && matches!(
            op.state,
            State::Equipping | State::Pausing | State::Restoring
        );
    let acts = if under_way {
        Vec::new()
    } else {
        acts(&op, now)
    };
    let about = provider.about();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let waits = app.waits.of(id);
    let ended = op.is_closed();
    Ok(RotationView {
        id: id.to_string(),
        purpose: op.plan.purpose,
        emergency: op.plan.emergency,
        state: op.state.word().to_owned(),
        deployment: deployment.id.to_string(),
        deployment_name: deployment.name,
        environment: deployment.environment,
        provider: about.name.to_owned(),
        rail: rail(&op, &stored.events, &times, now),
        old: old_card(&op),
        new: new_card(&op, &stored.events, &times),
        running: busy && !ended,
        acts,
        failure: failure_of(&op.state),
        waits,
        steps: steps(&op),
        new_checks: checks(&op.new_checks),
        paused_checks: checks(&op.paused_checks),
        death_checks: checks(&op.death_checks),
        deliveries: op.deliveries.iter().map(|(one, _)| delivery(one)).collect(),
        confirmed_by: op.confirmed.as_ref().map(|(by, _)| by.clone()),
        pause_why_not: op
            .pause_skipped
            .clone()
            .or_else(|| op.plan.pause_why_not.clone()),
        paused: is_wholly_paused(&op, &op.state),
        soak_until: op.soak_until,
        confirmation: op.plan.old.as_ref().map(|old| old.confirmation.clone()),
        rollback_confirmation: rotation::confirmation_of_new(&op),
        honoured: op.honoured,
        lags: op.lags,
        variables: words(about.variables),
        advice: words(about.advice),
        clipboard_until: app.laid.until().filter(|until| *until > now),
        grade: ended.then(|| rotation::grade_of(&op)).flatten(),
        has_certificate: certificate.is_some(),
        began_at: stored.created_at,
        closed_at: stored.closed_at,
    })
}

/// All of the old key's rights are taken away; while they go, or come back, some may be.
fn is_wholly_paused(op: &Op, state: &State) -> bool {
    if let State::NeedsYou { back, .. } = state {
        return is_wholly_paused(op, back);
    }
    let between = matches!(state, State::Adopted | State::Pausing | State::Restoring);
    op.is_paused && !between
}

fn waits_for_you(op: &Op, now: UnixMs) -> bool {
    match &op.state {
        State::CreateUnknown { .. } | State::Equipping | State::Pausing | State::Restoring => false,
        State::Soaking { .. } => op.soak_until.is_none_or(|until| now >= until),
        State::Planned
        | State::Creating
        | State::CreateRefused { .. }
        | State::Orphan { .. }
        | State::Created
        | State::Equipped
        | State::Verified
        | State::Delivered
        | State::Adopted
        | State::Paused
        | State::Revoking { .. }
        | State::RevokeUnknown { .. }
        | State::Revoked { .. }
        | State::Closed
        | State::RolledBack
        | State::NeedsYou { .. }
        | State::Abandoned => !acts(op, now).is_empty(),
    }
}

fn failure_of(state: &State) -> Option<Failure> {
    if let State::CreateUnknown { failure, .. }
    | State::CreateRefused { failure, .. }
    | State::Orphan { failure }
    | State::RevokeUnknown { failure, .. }
    | State::NeedsYou { failure, .. } = state
    {
        Some(failure.clone())
    } else {
        None
    }
}

fn old_card(op: &Op) -> Option<KeyCard> {
    op.plan.old.as_ref().map(|old| KeyCard {
        key: old.key.to_string(),
        label: old.label.clone(),
        id: old.identity.remote_id.as_ref().map(|id| id.0.clone()),
        fingerprint: old
            .identity
            .fingerprint
            .as_ref()
            .map(|print| print.0.clone()),
        prefix: old.prefix.clone(),
        created_at: old.created_at,
    })
}

fn new_card(op: &Op, events: &[String], times: &[UnixMs]) -> Option<KeyCard> {
    let sealed = op.sealed.as_ref().map(|(sealed, _)| sealed);
    let made = entered(op, events, times)
        .into_iter()
        .find(|(word, _)| *word == "created");
    op.plan.new.as_ref().map(|new| KeyCard {
        key: new.key.to_string(),
        label: new.label.clone(),
        id: op.identity.remote_id.as_ref().map(|id| id.0.clone()),
        fingerprint: sealed.map(|sealed| sealed.fingerprint.0.clone()),
        prefix: sealed.and_then(|sealed| sealed.prefix.clone()),
        created_at: made.map(|(_, at)| at),
    })
}

fn checks(checks: &[Check]) -> Vec<CheckView> {
    let view = |check: &Check| CheckView {
        kind: check.kind,
        verdict: check.verdict,
        mark: check.mark,
        seen: check.seen.clone(),
        at: check.at,
    };
    checks.iter().map(view).collect()
}

fn delivery(delivery: &Delivery) -> DeliveryView {
    match delivery {
        Delivery::EnvFile {
            path,
            variable,
            backup,
        } => DeliveryView::EnvFile {
            path: path.clone(),
            variable: variable.clone(),
            backup: backup.clone(),
        },
        Delivery::Clipboard => DeliveryView::Clipboard,
        Delivery::Person { name } => DeliveryView::Person { name: name.clone() },
    }
}

fn steps(op: &Op) -> Vec<StepView> {
    let Some((_, steps)) = &op.steps else {
        return Vec::new();
    };
    let calls = steps.plan.calls.iter().zip(&steps.outcomes);
    calls
        .map(|(call, outcome)| {
            let (outcome, failure) = StepOutcome::of(outcome);
            StepView::new(call, outcome, failure)
        })
        .collect()
}
