//! From a draft to an operation: review, fresh read, begin.

use super::{
    draft,
    machine::EditPlan,
    runner::{begin, run},
};
use crate::{App, Code, Failure};
use domain::{Cell, Column, KeyId, OperationId, RightsGrid, sha256};
use providers::{Wanted, registry};
use std::sync::Arc;

/// A cell on which the server and the draft do not agree any more.
#[derive(Debug)]
pub(crate) struct Conflict {
    pub(crate) kind: String,
    pub(crate) resource: String,
    pub(crate) column: Column,
    pub(crate) base: Cell,
    pub(crate) theirs: Cell,
    pub(crate) mine: Cell,
}

/// What a key's draft comes to, and the name of exactly this plan.
pub(crate) async fn review(app: &App, key: KeyId) -> Result<(EditPlan, String), Failure> {
    let subject = draft::subject(app, key).await?;
    let draft = store::operations::drafts::find(&app.store, key)
        .await
        .map_err(|error| app.in_words(error))?;
    let draft = draft.ok_or_else(|| Failure::new(Code::NothingToSave))?;
    if let Some(why) = subject.why_not(app).await? {
        return Err(Failure::edit_refused(&why));
    }
    let (facts, identity) = (&subject.deployment.facts, subject.key.identity.clone());
    let calls = subject
        .provider
        .plan_rights(facts, &identity, &draft.base, &draft.desired);
    let calls = calls.map_err(|refusal| Failure::edit_refused(&refusal.0))?;
    if calls.is_empty() {
        return Err(Failure::new(Code::NothingToSave));
    }
    let changes = domain::row_changes(&draft.base, &draft.desired);
    let plan = EditPlan {
        identity,
        base: draft.base,
        desired: draft.desired,
        changes,
        calls,
    };
    let json = serde_json::to_vec(&plan).map_err(|_| Failure::new(Code::Internal))?;
    Ok((plan, sha256(&json)))
}

/// Reads the key again, and begins the reviewed operation if the server still has what the draft began with.
pub(crate) async fn apply(
    app: &Arc<App>,
    key: KeyId,
    reviewed: &str,
) -> Result<Result<OperationId, Vec<Conflict>>, Failure> {
    let alone = app.turn().await?;
    let (plan, name) = review(app, key).await?;
    if name != reviewed {
        return Err(Failure::new(Code::PlanOutdated));
    }
    let subject = draft::subject(app, key).await?;
    let link = app.links.to(app, &subject.deployment).await?;
    let provider =
        registry::find(&subject.deployment.provider).ok_or_else(|| Failure::new(Code::Internal))?;
    let located = provider.locate(&link, Wanted::Key(&plan.identity)).await;
    let located =
        located.map_err(|error| Failure::of_provider(&error, &link.host(), &app.timing))?;
    let fresh = located.key().ok_or_else(|| Failure::new(Code::KeyGone))?;
    if link.is_own(&fresh.identity) {
        let reason = "This is the key that Keystead itself logs in with.";
        return Err(Failure::edit_refused(reason));
    }
    if !domain::row_changes(&plan.base, &fresh.rights).is_empty() || fresh.rights.admin {
        let write = async {
            let mut writer = app.store.write().await?;
            store::keys::put(
                &mut writer,
                subject.deployment.id,
                key,
                fresh,
                app.clock.now(),
            )
            .await?;
            writer.commit().await
        };
        write.await.map_err(|error| app.in_words(error))?;
        return Ok(Err(conflicts(&plan.base, &fresh.rights, &plan.desired)));
    }
    let id = begin(app, &subject.deployment, key, plan).await?;
    drop(alone);
    let app = Arc::clone(app);
    tokio::spawn(async move { run(&app, id).await });
    Ok(Ok(id))
}

/// The cells that somebody else changed since the draft was begun.
pub(crate) fn conflicts(
    base: &RightsGrid,
    theirs: &RightsGrid,
    mine: &RightsGrid,
) -> Vec<Conflict> {
    let cell_of = |grid: &RightsGrid, kind: &str, resource: &str, action: &str| {
        let at = grid
            .columns
            .iter()
            .position(|column| column.action == action);
        let row = grid.row(kind, resource);
        row.zip(at)
            .and_then(|(row, at)| row.cells.get(at))
            .cloned()
            .unwrap_or(Cell::None)
    };
    let changed = domain::cell_changes(base, theirs).into_iter();
    let conflict = |change: domain::CellChange| Conflict {
        mine: cell_of(mine, &change.kind, &change.resource, &change.column.action),
        kind: change.kind,
        resource: change.resource,
        column: change.column,
        base: change.before,
        theirs: change.after,
    };
    changed.map(conflict).collect()
}
