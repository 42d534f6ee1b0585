//! Editing rights: E10m–E14m on `modern`, E7l on `legacy` (§4.4, §4.5). On `docs` the servers disagree about
//! what an edit means (C10), so none is offered.

use super::{create::REVOKE_ROUTE, dialect, rights, wire};
use crate::{
    Call, CallSecrets, EditableColumn, Link, Method, Part, Performed, ProviderError, Refusal, Slot,
    json::Object,
};
use domain::{Cell, Column, FieldRule, Identity, RightsGrid, RowChange, ServerFacts};
use serde_json::{Map, Value, json};

const COLLECTION_ROUTE: &str = "/api/auth/keys/{id}/permissions/collections/{name}";
const KV_ROUTE: &str = "/api/auth/keys/{id}/permissions/kv/{prefix}";
const LEGACY_ROUTE: &str = "/api/auth/permissions";

/// The lists that restrict an action (§4.3).
const LISTS: [(&str, &[&str]); 2] = [
    ("read", &["select_fields", "exclude_fields"]),
    ("write", &["writable_fields"]),
];

/// What may be set in a column, by dialect and kind of resource.
pub(super) fn editable(
    facts: &ServerFacts,
    kind: &str,
    action: &str,
) -> Result<EditableColumn, Refusal> {
    let no = |why: &str| Err(Refusal(why.to_owned()));
    let modern = match facts.dialect.as_deref() {
        Some(dialect::MODERN) => true,
        Some(dialect::LEGACY) => false,
        Some(_) => {
            return no(
                "Keystead does not edit rights on this server: its version does not say whether an edit keeps field \
            rules. Servers from 0.79.2 on do.",
            );
        }
        None => return no("The server's version is not known yet. Sync it first."),
    };
    if kind == rights::KV_PREFIX && !modern {
        return no("This server can edit KV prefixes from version 0.80 on.");
    }
    let rules = kind == rights::COLLECTION;
    match action {
        "read" => Ok(EditableColumn {
            only: rules,
            except: rules,
        }),
        "write" => Ok(EditableColumn {
            only: rules,
            except: false,
        }),
        "delete" => no("On this server, whoever may write may delete."),
        _ => no("This right is fixed when a key is made."),
    }
}

/// One call a resource, in the order of the changes.
pub(super) fn plan(
    facts: &ServerFacts,
    identity: &Identity,
    base: &RightsGrid,
    desired: &RightsGrid,
) -> Result<Vec<Call>, Refusal> {
    let refused = |why: String| Err(Refusal(why));
    if base.admin || desired.admin {
        return refused(
            "An admin key may do everything; what it may do cannot be edited.".to_owned(),
        );
    }
    let modern = facts.dialect.as_deref() == Some(dialect::MODERN);
    let mut calls = Vec::new();
    for change in domain::row_changes(base, desired) {
        if !rights::is_name(&change.resource) {
            return refused(format!(
                "The name of {} has characters that the server forbids.",
                change.kind
            ));
        }
        for (i, column) in desired.columns.iter().enumerate() {
            let of = |row: &Option<Vec<Cell>>| {
                row.as_ref()
                    .and_then(|r| r.get(i))
                    .cloned()
                    .unwrap_or(Cell::None)
            };
            let (before, after) = (of(&change.before), of(&change.after));
            // What follows another column is no change of its own, and goes with its row.
            let follows = |cell: &Cell| matches!(cell, Cell::Inherited { .. });
            let goes = change.after.is_none() && follows(&before);
            if before != after && !follows(&after) && !goes {
                let allowed = editable(facts, &change.kind, &column.action)?;
                fits(&after, allowed)?;
            }
        }
        calls.push(if modern {
            modern_call(identity, &change, desired)?
        } else {
            legacy_call(&change, desired)
        });
    }
    Ok(calls)
}

/// Sends one call. On `legacy` the target's value goes into the body (§4.5), and may stand in a DELETE's path (C7).
pub(super) async fn perform(
    link: &Link,
    call: &Call,
    secrets: &CallSecrets,
    columns: &[Column],
) -> Result<Performed, ProviderError> {
    let endpoint = [COLLECTION_ROUTE, KV_ROUTE, LEGACY_ROUTE, REVOKE_ROUTE]
        .into_iter()
        .find(|route| *route == call.endpoint);
    let endpoint = endpoint.unwrap_or("");
    let reply = super::send::send(link, endpoint, call, secrets).await?;
    if endpoint == LEGACY_ROUTE || endpoint == REVOKE_ROUTE {
        return Ok(Performed::Untold);
    }
    let actions: Vec<String> = columns.iter().map(|column| column.action.clone()).collect();
    // The change was applied, whatever the reply looks like; a `before` that cannot be read is not told.
    let body = reply.json_bytes().unwrap_or_default();
    let is_kv = call.kind == rights::KV_PREFIX;
    Ok(told(body, is_kv, &call.resource, &actions))
}

/// What a reply says was there before (§4.4).
pub(super) fn told(body: &[u8], is_kv: bool, resource: &str, actions: &[String]) -> Performed {
    let row = if is_kv {
        serde_json::from_slice::<Object<wire::Changed<Object<wire::KvGrant>>>>(body).map(
            |Object(changed)| {
                let before = changed.before;
                before.map(|Object(grant)| rights::kv_row(grant, actions))
            },
        )
    } else {
        serde_json::from_slice::<Object<wire::Changed<wire::Grant>>>(body).map(|Object(changed)| {
            let before = changed.before;
            before.map(|grant| rights::row(resource.to_owned(), grant, actions).0)
        })
    };
    row.map_or(Performed::Untold, |row| {
        Performed::Over(row.map(|row| row.cells).unwrap_or_default())
    })
}

fn fits(cell: &Cell, allowed: EditableColumn) -> Result<(), Refusal> {
    match cell {
        Cell::Fields { rule }
            if (rule.only.is_some() && !allowed.only)
                || (rule.except.is_some() && !allowed.except) =>
        {
            Err(Refusal("This field rule cannot be set here.".to_owned()))
        }
        Cell::Fields { rule }
            if rule
                .only
                .iter()
                .chain(&rule.except)
                .flatten()
                .any(|field| field.trim().is_empty()) =>
        {
            Err(Refusal(
                "A field rule names a field without a name.".to_owned(),
            ))
        }
        Cell::None
        | Cell::All
        | Cell::Fields { .. }
        | Cell::Inherited { .. }
        | Cell::Locked { .. } => Ok(()),
    }
}

fn modern_call(
    identity: &Identity,
    change: &RowChange,
    grid: &RightsGrid,
) -> Result<Call, Refusal> {
    let id = identity
        .remote_id
        .as_ref()
        .ok_or_else(|| Refusal("The server gave this key no usable id.".to_owned()))?;
    let is_kv = change.kind == rights::KV_PREFIX;
    let path = [
        "api",
        "auth",
        "keys",
        &id.0,
        "permissions",
        if is_kv { "kv" } else { "collections" },
        &change.resource,
    ];
    // A new grant is set whole. A known one is changed where it changes, so that lists that the grid cannot show stay.
    let (method, body) = match (&change.before, &change.after) {
        (_, None) => (Method::Delete, None),
        (None, Some(after)) if is_kv => (Method::Put, Some(on_off(&none(grid), after, grid))),
        (None, Some(after)) => (Method::Put, Some(members(&none(grid), after, grid, true))),
        (Some(before), Some(after)) if is_kv => (Method::Patch, Some(on_off(before, after, grid))),
        (Some(before), Some(after)) => (Method::Patch, Some(members(before, after, grid, false))),
    };
    Ok(Call {
        method,
        path: path
            .iter()
            .map(|part| Part::Text((*part).to_owned()))
            .collect(),
        body: body.map(Value::Object),
        endpoint: if is_kv { KV_ROUTE } else { COLLECTION_ROUTE }.to_owned(),
        kind: change.kind.clone(),
        resource: change.resource.clone(),
    })
}

fn legacy_call(change: &RowChange, grid: &RightsGrid) -> Call {
    let (before, after) = (
        change.before.clone().unwrap_or_else(|| none(grid)),
        change.after.clone(),
    );
    // There is no removal: a grant that is dropped is set to nothing.
    let after = after.unwrap_or_else(|| none(grid));
    let mut body = members(&before, &after, grid, false);
    // What is switched off keeps its lists, said outright: whether one left out stays is the server's choice (C9).
    for (action, lists) in LISTS {
        let (was, is) = (cell(&before, grid, action), cell(&after, grid, action));
        if is_on(was) && !is_on(is) {
            body.extend(listed(was, lists));
        }
    }
    for action in ["read", "write"] {
        body.insert(action.to_owned(), json!(is_on(cell(&after, grid, action))));
    }
    body.insert("api_key".to_owned(), Slot::Target.placeholder());
    body.insert("collection".to_owned(), json!(change.resource));
    Call {
        method: Method::Put,
        path: ["api", "auth", "permissions"]
            .iter()
            .map(|part| Part::Text((*part).to_owned()))
            .collect(),
        body: Some(Value::Object(body)),
        endpoint: LEGACY_ROUTE.to_owned(),
        kind: change.kind.clone(),
        resource: change.resource.clone(),
    }
}

/// The members that differ; all five when `whole`. An open rule clears its list with null (§4.4).
fn members(before: &[Cell], after: &[Cell], grid: &RightsGrid, whole: bool) -> Map<String, Value> {
    let mut body = Map::new();
    for (action, lists) in LISTS {
        let (was, is) = (cell(before, grid, action), cell(after, grid, action));
        if !whole && was == is {
            continue;
        }
        body.insert(action.to_owned(), json!(is_on(is)));
        if whole || is_on(is) {
            body.extend(listed(is, lists));
        }
    }
    body
}

/// A cell's rule as members of a grant.
fn listed(cell: &Cell, lists: &[&str]) -> Vec<(String, Value)> {
    let rule = rule(cell);
    let named = lists.iter().zip([&rule.only, &rule.except]);
    named
        .map(|(list, fields)| ((*list).to_owned(), json!(fields)))
        .collect()
}

fn on_off(before: &[Cell], after: &[Cell], grid: &RightsGrid) -> Map<String, Value> {
    let new = before.iter().all(|cell| matches!(cell, Cell::None));
    let actions = ["read", "write"].into_iter();
    let changed =
        actions.filter(|action| new || cell(before, grid, action) != cell(after, grid, action));
    changed
        .map(|action| (action.to_owned(), json!(is_on(cell(after, grid, action)))))
        .collect()
}

fn cell<'a>(cells: &'a [Cell], grid: &RightsGrid, action: &str) -> &'a Cell {
    let at = grid
        .columns
        .iter()
        .position(|column| column.action == action);
    at.and_then(|at| cells.get(at)).unwrap_or(&Cell::None)
}

fn is_on(cell: &Cell) -> bool {
    matches!(cell, Cell::All | Cell::Fields { .. })
}

fn rule(cell: &Cell) -> FieldRule {
    match cell {
        Cell::Fields { rule } => rule.clone(),
        Cell::None | Cell::All | Cell::Inherited { .. } | Cell::Locked { .. } => {
            FieldRule::default()
        }
    }
}

fn none(grid: &RightsGrid) -> Vec<Cell> {
    vec![Cell::None; grid.columns.len()]
}

#[cfg(test)]
mod tests;
