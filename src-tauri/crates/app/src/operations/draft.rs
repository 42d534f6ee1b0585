//! A key's rights open for editing: one autosaved draft a key.

use crate::{App, Code, Failure};
use domain::{Cell, Column, KeyId, OperationId, RightsGrid, RightsRow};
use providers::{EditableColumn, Provider, registry};
use std::collections::BTreeMap;
use store::{
    deployments::Deployment,
    keys::StoredKey,
    keys::list::ListRow,
    operations::drafts::{self, Draft},
};

/// The key that is edited, and where it lives.
pub(crate) struct Subject {
    pub(crate) row: ListRow,
    pub(crate) key: StoredKey,
    pub(crate) deployment: Deployment,
    pub(crate) provider: &'static dyn Provider,
}

/// A draft and what surrounds it.
pub(crate) struct DraftState {
    pub(crate) subject: Subject,
    pub(crate) base: RightsGrid,
    pub(crate) desired: RightsGrid,
    pub(crate) saved_at: Option<domain::UnixMs>,
    /// The copy has another grid than the draft began with.
    pub(crate) stale: bool,
    pub(crate) why_not: Option<String>,
    pub(crate) open_operation: Option<OperationId>,
}

/// A resource's kind and name; whether the server lists it, and its fields.
type Named = ((String, String), (bool, Option<Vec<String>>));

/// One row of the editor.
pub(crate) struct DraftRow {
    pub(crate) kind: String,
    pub(crate) resource: String,
    pub(crate) exists: bool,
    pub(crate) base: Vec<Cell>,
    pub(crate) now: Vec<Cell>,
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) locked: Option<String>,
}

/// The key with its deployment and provider.
pub(crate) async fn subject(app: &App, id: KeyId) -> Result<Subject, Failure> {
    let unknown = || Failure::new(Code::KeyUnknown);
    let read = async {
        let row = store::keys::list::one(&app.store, id).await?;
        Ok((row, store::keys::find(&app.store, id).await?))
    };
    let (row, key) = read.await.map_err(|error| app.in_words(error))?;
    let (row, key) = row.zip(key).ok_or_else(unknown)?;
    let deployment = store::deployments::find(&app.store, key.deployment)
        .await
        .map_err(|e| app.in_words(e))?;
    let deployment = deployment.ok_or_else(unknown)?;
    let provider =
        registry::find(&deployment.provider).ok_or_else(|| Failure::new(Code::Internal))?;
    Ok(Subject {
        row,
        key,
        deployment,
        provider,
    })
}

impl Subject {
    /// Why this key cannot be edited; `None` when it can.
    pub(crate) async fn why_not(&self, app: &App) -> Result<Option<String>, Failure> {
        if self.row.rights.admin {
            return Ok(Some(
                "An admin key may do everything; what it may do cannot be edited.".to_owned(),
            ));
        }
        if self.row.gone_at.is_some() {
            return Ok(Some("The server no longer has this key.".to_owned()));
        }
        if self.key.identity.is_weak() {
            return Ok(Some(
                "The server does not say enough about this key to tell it apart.".to_owned(),
            ));
        }
        if self.open_operation(app).await?.is_some() {
            return Ok(Some(
                "An earlier change of this key is not finished.".to_owned(),
            ));
        }
        let refusal = self
            .provider
            .editable(&self.deployment.facts, "collection", "read")
            .err();
        Ok(refusal.map(|refusal| refusal.0))
    }

    /// The operation on this key that has not come to an end.
    pub(crate) async fn open_operation(&self, app: &App) -> Result<Option<OperationId>, Failure> {
        open_operation(app, self.row.id).await
    }

    /// How a column of a kind of row can be edited.
    pub(crate) fn editable(&self, kind: &str, column: &Column) -> Result<EditableColumn, String> {
        self.provider
            .editable(&self.deployment.facts, kind, &column.action)
            .map_err(|refusal| refusal.0)
    }

    async fn grid(&self, app: &App) -> Result<RightsGrid, Failure> {
        let grid = store::grants::grid(
            &app.store,
            self.row.id,
            &self.key.columns,
            self.row.rights.admin,
        )
        .await;
        grid.map_err(|error| app.in_words(error))
    }
}

/// The operation on this key, or that makes it, that has not come to an end.
pub(crate) async fn open_operation(app: &App, key: KeyId) -> Result<Option<OperationId>, Failure> {
    let open = store::operations::open(&app.store)
        .await
        .map_err(|error| app.in_words(error))?;
    let of_key = open
        .into_iter()
        .find(|one| one.key == key || one.successor == Some(key));
    Ok(of_key.map(|one| one.id))
}

/// The key's draft, or the grid as it is where there is none.
pub(crate) async fn open(app: &App, key: KeyId) -> Result<DraftState, Failure> {
    let subject = subject(app, key).await?;
    let copy = subject.grid(app).await?;
    let draft = drafts::find(&app.store, key)
        .await
        .map_err(|error| app.in_words(error))?;
    let why_not = subject.why_not(app).await?;
    let open_operation = subject.open_operation(app).await?;
    let (base, desired, saved_at) = match draft {
        Some(draft) => (draft.base, draft.desired, Some(draft.saved_at)),
        None => (copy.clone(), copy.clone(), None),
    };
    let stale = !domain::row_changes(&base, &copy).is_empty();
    Ok(DraftState {
        subject,
        base,
        desired,
        saved_at,
        stale,
        why_not,
        open_operation,
    })
}

/// Every resource that the deployment lists or the grids name, by kind and name.
pub(crate) async fn rows(app: &App, state: &DraftState) -> Result<Vec<DraftRow>, Failure> {
    let known = store::resources::all(&app.store, state.subject.deployment.id).await;
    let known = known.map_err(|error| app.in_words(error))?;
    let mut names = BTreeMap::<_, (bool, Option<Vec<String>>)>::new();
    for grid in [&state.base, &state.desired] {
        for row in &grid.rows {
            // A KV prefix is in no list of the server's; only what it lists can be missing there.
            names
                .entry((row.kind.clone(), row.resource.clone()))
                .or_insert((row.kind != "collection", None));
        }
    }
    for resource in known {
        names.insert((resource.kind, resource.name), (true, resource.fields));
    }
    let width = state.base.columns.len();
    let cells = |grid: &RightsGrid, kind: &str, resource: &str| {
        let mut cells = grid
            .row(kind, resource)
            .map(|row| row.cells.clone())
            .unwrap_or_default();
        cells.resize(width, Cell::None);
        cells
    };
    let row = |((kind, resource), (exists, fields)): Named| DraftRow {
        base: cells(&state.base, &kind, &resource),
        now: cells(&state.desired, &kind, &resource),
        locked: state
            .base
            .columns
            .first()
            .and_then(|column| state.subject.editable(&kind, column).err()),
        kind,
        resource,
        exists,
        fields,
    };
    Ok(names.into_iter().map(row).collect())
}

/// Saves the rows that are to change; without any, the draft is discarded.
pub(crate) async fn save(
    app: &App,
    key: KeyId,
    changes: Vec<RightsRow>,
) -> Result<DraftState, Failure> {
    let state = open(app, key).await?;
    if let Some(why) = state.why_not {
        return Err(Failure::edit_refused(&why));
    }
    let mut desired = state.base.clone();
    for change in changes {
        match desired
            .rows
            .iter_mut()
            .find(|row| row.kind == change.kind && row.resource == change.resource)
        {
            Some(row) => *row = change,
            None => desired.rows.push(change),
        }
    }
    write(app, key, state.base, desired).await?;
    open(app, key).await
}

/// Moves the draft onto what the copy has now; what it wants to change stays, cell by cell, and nothing else of
/// its rows: what somebody else took away beside it is not given back.
pub(crate) async fn rebase(app: &App, key: KeyId) -> Result<DraftState, Failure> {
    let state = open(app, key).await?;
    let copy = state.subject.grid(app).await?;
    let mut desired = copy.clone();
    let own = domain::columns_of_both(&state.base.columns, &state.desired.columns);
    desired.columns = domain::columns_of_both(&own, &copy.columns);
    for change in domain::row_changes(&state.base, &state.desired) {
        let cells = change.onto(&own, &copy, &desired.columns);
        desired
            .rows
            .retain(|row| row.kind != change.kind || row.resource != change.resource);
        desired.rows.push(RightsRow {
            kind: change.kind,
            resource: change.resource,
            cells,
        });
    }
    write(app, key, copy, desired).await?;
    open(app, key).await
}

/// Makes the draft that takes an operation's applied calls back.
pub(crate) async fn undo(app: &App, id: OperationId) -> Result<DraftState, Failure> {
    let (stored, op) = super::find(app, id).await?;
    if !op.is_closed() || !op.has_effect() {
        return Err(Failure::new(Code::NothingToSave));
    }
    let subject = subject(app, stored.key).await?;
    let copy = subject.grid(app).await?;
    let mut desired = copy.clone();
    let own = op.plan.columns();
    desired.columns = domain::columns_of_both(&own, &copy.columns);
    let calls = op.plan.changes.into_iter().zip(&op.outcomes).enumerate();
    for (call, (change, outcome)) in calls {
        if *outcome == super::Outcome::Applied {
            desired
                .rows
                .retain(|row| row.kind != change.kind || row.resource != change.resource);
            let (kind, resource) = (change.kind, change.resource);
            // Where somebody else was there first, theirs comes back.
            let before = match op.found.get(&call) {
                Some(found) => Some(found.clone()).filter(|cells| !cells.is_empty()),
                None => change.before,
            };
            let columns = &desired.columns;
            let row = before.map(|cells| RightsRow {
                kind,
                resource,
                cells: domain::cells_under(&cells, &own, columns),
            });
            desired.rows.extend(row);
        }
    }
    write(app, stored.key, copy, desired).await?;
    open(app, stored.key).await
}

async fn write(
    app: &App,
    key: KeyId,
    base: RightsGrid,
    desired: RightsGrid,
) -> Result<(), Failure> {
    let empty = domain::row_changes(&base, &desired).is_empty();
    let draft = Draft {
        base,
        desired,
        saved_at: app.clock.now(),
    };
    let write = async {
        let mut writer = app.store.write().await?;
        if empty {
            drafts::remove(&mut writer, key).await?;
        } else {
            drafts::put(&mut writer, key, &draft).await?;
        }
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))
}
