//! A key's rights open for editing.

use super::{keys::KeyRef, page_limit};
use crate::{
    App, Code, Failure,
    operations::{self, DraftState},
    views::CellView,
};
use domain::{Cell, Environment, FieldRule, KeyId, RightsRow, UnixMs};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// A key's rights open for editing.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DraftView {
    key: String,
    label: String,
    deployment_name: String,
    environment: Environment,
    columns: Vec<DraftColumn>,
    /// Why nothing can be edited, drawn verbatim; `null` when it can.
    why_not: Option<String>,
    /// Rows: every resource that the deployment lists or the key names.
    #[ts(type = "number")]
    total: usize,
    /// Rows that the draft changes.
    #[ts(type = "number")]
    changed: usize,
    /// When the draft was saved last, ms since 1970; `null` while there is none.
    #[ts(type = "number | null")]
    saved_at: Option<UnixMs>,
    /// The key changed since the draft was begun.
    stale: bool,
    /// An operation on this key that is not finished, by id.
    open_operation: Option<String>,
}

/// A column of the editor.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DraftColumn {
    action: String,
    title: String,
    /// Why its cells cannot be edited, drawn verbatim; `null` when they can.
    locked: Option<String>,
    /// A rule of "these fields only" can be set.
    only: bool,
    /// A rule of "all but these" can be set.
    except: bool,
}

/// Which part of the editor's rows.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftRowsQuery {
    key: String,
    #[ts(type = "number")]
    offset: usize,
    /// At most 200.
    #[ts(type = "number")]
    limit: u32,
}

/// A part of the editor's rows.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DraftRows {
    rows: Vec<DraftRow>,
    #[ts(type = "number")]
    offset: usize,
    #[ts(type = "number")]
    total: usize,
}

/// One row of the editor.
#[derive(Debug, Serialize, TS)]
pub(crate) struct DraftRow {
    kind: String,
    resource: String,
    /// False when the deployment's own list does not have it.
    exists: bool,
    /// As it was when the draft was begun.
    base: Vec<CellView>,
    /// As the draft wants it.
    now: Vec<CellView>,
    /// All fields of the resource, when known.
    fields: Option<Vec<String>>,
    /// Why this row cannot be edited; `null` when it can.
    locked: Option<String>,
}

/// What a cell is to become.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CellEdit {
    /// Nothing.
    None,
    /// Everything.
    All,
    /// Some fields.
    Fields {
        /// These only; an empty list is none at all.
        only: Option<Vec<String>>,
        /// All but these.
        except: Option<Vec<String>>,
    },
}

/// What one resource's cells are to become, in column order.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftChange {
    pub(super) kind: String,
    pub(super) resource: String,
    pub(super) cells: Vec<CellEdit>,
}

/// Replaces the whole draft of a key; an empty list of changes discards it.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftSave {
    key: String,
    changes: Vec<DraftChange>,
}

impl DraftColumn {
    pub(super) fn new(
        column: &domain::Column,
        editable: Result<providers::EditableColumn, providers::Refusal>,
    ) -> Self {
        let (only, except) = editable
            .as_ref()
            .map_or((false, false), |column| (column.only, column.except));
        Self {
            action: column.action.clone(),
            title: column.title.clone(),
            locked: editable.err().map(|refusal| refusal.0),
            only,
            except,
        }
    }
}

impl DraftRow {
    pub(super) fn new(
        kind: String,
        resource: String,
        exists: bool,
        base: Vec<Cell>,
        now: Vec<Cell>,
        fields: Option<Vec<String>>,
    ) -> Self {
        let views = |cells: Vec<Cell>| cells.into_iter().map(CellView::from).collect();
        Self {
            kind,
            resource,
            exists,
            base: views(base),
            now: views(now),
            fields,
            locked: None,
        }
    }
}

pub(super) fn key_id(text: &str) -> Result<KeyId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::KeyUnknown))
}

pub(super) async fn draft_open(app: &Arc<App>, request: KeyRef) -> Result<DraftView, Failure> {
    view(
        app,
        operations::open_draft(app, key_id(&request.key)?).await?,
    )
    .await
}

pub(super) async fn draft_rows(
    app: &Arc<App>,
    query: DraftRowsQuery,
) -> Result<DraftRows, Failure> {
    let limit = usize::try_from(page_limit(query.limit)?).unwrap_or(usize::MAX);
    let state = operations::open_draft(app, key_id(&query.key)?).await?;
    let all = operations::rows(app, &state).await?;
    let total = all.len();
    let views = |cells: Vec<Cell>| cells.into_iter().map(CellView::from).collect();
    let row = |row: operations::DraftRow| DraftRow {
        kind: row.kind,
        resource: row.resource,
        exists: row.exists,
        base: views(row.base),
        now: views(row.now),
        fields: row.fields,
        locked: row.locked,
    };
    let rows = all
        .into_iter()
        .skip(query.offset)
        .take(limit)
        .map(row)
        .collect();
    Ok(DraftRows {
        rows,
        offset: query.offset,
        total,
    })
}

/// The most resources and fields of one draft.
const CHANGES_MAX: usize = 10_000;

pub(super) async fn draft_save(app: &Arc<App>, request: DraftSave) -> Result<DraftView, Failure> {
    let key = key_id(&request.key)?;
    if request.changes.len() > CHANGES_MAX {
        return Err(Failure::new(Code::BadRequest).with("field", "changes"));
    }
    let state = operations::open_draft(app, key).await?;
    let width = state.base.columns.len();
    let mut rows = Vec::new();
    for change in request.changes {
        if change.cells.len() != width {
            return Err(Failure::new(Code::BadRequest).with("field", "cells"));
        }
        let base = state
            .base
            .row(&change.kind, &change.resource)
            .map(|row| row.cells.clone());
        let cells = change.cells.into_iter().enumerate().map(|(i, edit)| {
            let before = base
                .as_ref()
                .and_then(|cells| cells.get(i))
                .cloned()
                .unwrap_or(Cell::None);
            match (edit, before) {
                // What follows another column cannot be set by itself.
                (_, kept @ (Cell::Inherited { .. } | Cell::Locked { .. })) => kept,
                (CellEdit::None, _) => Cell::None,
                (CellEdit::All, _) => Cell::All,
                (CellEdit::Fields { only, except }, _) => ruled(FieldRule { only, except }),
            }
        });
        rows.push(RightsRow {
            cells: cells.collect(),
            kind: change.kind,
            resource: change.resource,
        });
    }
    view(app, operations::save(app, key, rows).await?).await
}

pub(super) async fn draft_rebase(app: &Arc<App>, request: KeyRef) -> Result<DraftView, Failure> {
    view(app, operations::rebase(app, key_id(&request.key)?).await?).await
}

fn ruled(rule: FieldRule) -> Cell {
    if rule.is_open() {
        Cell::All
    } else {
        Cell::Fields { rule }
    }
}

pub(super) async fn view(app: &App, state: DraftState) -> Result<DraftView, Failure> {
    let total = operations::rows(app, &state).await?.len();
    let columns = state.base.columns.iter().map(|column| {
        let editable = state.subject.editable("collection", column);
        let rules = editable.as_ref().ok().copied();
        DraftColumn {
            action: column.action.clone(),
            title: column.title.clone(),
            only: rules.is_some_and(|rules| rules.only),
            except: rules.is_some_and(|rules| rules.except),
            locked: editable.err(),
        }
    });
    Ok(DraftView {
        key: state.subject.row.id.to_string(),
        columns: columns.collect(),
        changed: domain::row_changes(&state.base, &state.desired).len(),
        label: state.subject.row.label,
        deployment_name: state.subject.row.deployment_name,
        environment: state.subject.row.environment,
        why_not: state.why_not,
        total,
        saved_at: state.saved_at,
        stale: state.stale,
        open_operation: state.open_operation.map(|id| id.to_string()),
    })
}
