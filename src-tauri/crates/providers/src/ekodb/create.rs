//! Making, pausing and ending keys: E2, E4, and edits that take everything away (§8).

use super::{ABOUT, change, dialect, listing, record, rights, send, wire};
use crate::{
    Call, CallSecrets, Class, CreatePlan, KeySpec, Link, Method, NewKey, Part, ProviderError,
    Refusal, Slot,
};
use domain::{Cell, Identity, RightsGrid, RightsRow, ServerFacts};
use serde_json::{Map, Value, json};

pub(super) const REVOKE_ROUTE: &str = "/api/auth/keys/{key}";
const REGISTER_ROUTE: &str = "/api/auth/register";

/// E2 with what its action arrays can say. What they cannot – field rules, KV prefixes – is left for afterwards, and
/// the whole collection with it, so that there is no moment at which the key may do more than it should.
pub(super) fn plan(facts: &ServerFacts, spec: &KeySpec) -> Result<CreatePlan, Refusal> {
    let no = |why: &str| Err(Refusal(why.to_owned()));
    let modern = match facts.dialect.as_deref() {
        Some(dialect::MODERN) => true,
        Some(dialect::LEGACY | dialect::DOCS) => false,
        Some(_) | None => return no("The server's version is not known yet. Sync it first."),
    };
    let docs = facts.dialect.as_deref() == Some(dialect::DOCS);
    if spec.rights.admin {
        return no("Keystead does not make admin keys: they may do everything.");
    }
    let mut words = Map::new();
    let mut given = RightsGrid {
        rows: Vec::new(),
        ..spec.rights.clone()
    };
    for row in &spec.rights.rows {
        let on: Vec<(&str, &Cell)> = actions(&spec.rights, row).collect();
        if on.is_empty() {
            continue;
        }
        if !rights::is_name(&row.resource) {
            return no("A name among these rights has characters that the server forbids.");
        }
        let ruled = on
            .iter()
            .any(|(_, cell)| matches!(cell, Cell::Fields { .. }));
        if row.kind == rights::KV_PREFIX {
            if !modern {
                return no("This server gives rights on KV prefixes from version 0.80 on.");
            }
            continue;
        }
        if ruled && docs {
            return no(
                "This server cannot restrict a new key to fields: its version does not say whether an edit keeps \
                field rules. Servers from 0.79.2 on do.",
            );
        }
        if !docs {
            follows_write(&on)?;
        }
        if !ruled {
            let list: Vec<&str> = on.iter().map(|(action, _)| *action).collect();
            let list = if docs {
                list
            } else {
                list.into_iter()
                    .filter(|action| ["read", "write"].contains(action))
                    .collect()
            };
            words.insert(row.resource.clone(), json!(list));
            given.rows.push(row.clone());
        }
    }
    let mut body = Map::new();
    body.insert("api_key".to_owned(), Slot::Own.placeholder());
    body.insert("label".to_owned(), json!(spec.label));
    body.insert("description".to_owned(), json!(spec.description));
    body.insert("is_admin".to_owned(), json!(false));
    body.insert("collection_permissions".to_owned(), Value::Object(words));
    if modern && spec.choose {
        body.insert("key".to_owned(), Slot::Chosen.placeholder());
    }
    let path = ["api", "auth", "register"];
    let call = Call {
        method: Method::Post,
        path: path
            .iter()
            .map(|part| Part::Text((*part).to_owned()))
            .collect(),
        body: Some(Value::Object(body)),
        endpoint: REGISTER_ROUTE.to_owned(),
        kind: String::new(),
        resource: String::new(),
    };
    Ok(CreatePlan { call, given })
}

/// Read and write off everywhere; field lists stay, KV grants go.
pub(super) fn plan_pause(
    facts: &ServerFacts,
    identity: &Identity,
    base: &RightsGrid,
) -> Result<(RightsGrid, Vec<Call>), Refusal> {
    if base.admin {
        return Err(Refusal("An admin key cannot be paused.".to_owned()));
    }
    change::editable(facts, rights::COLLECTION, "read")?;
    let off = |cell: &Cell| match cell {
        Cell::Inherited { .. } => cell.clone(),
        Cell::None | Cell::All | Cell::Fields { .. } | Cell::Locked { .. } => Cell::None,
    };
    let rows = base
        .rows
        .iter()
        .filter(|row| row.kind == rights::COLLECTION);
    let rows = rows.map(|row| RightsRow {
        cells: row.cells.iter().map(off).collect(),
        ..row.clone()
    });
    let paused = RightsGrid {
        rows: rows.collect(),
        ..base.clone()
    };
    let calls = change::plan(facts, identity, base, &paused)?;
    Ok((paused, calls))
}

/// E4: by id, so that no value stands in an address; else by value (C7).
pub(super) fn plan_revoke(identity: &Identity) -> Result<Call, Refusal> {
    let reference = match (&identity.remote_id, &identity.fingerprint) {
        (Some(id), _) => Part::Text(id.0.clone()),
        (None, Some(_)) => Part::Secret(Slot::Target),
        (None, None) => {
            return Err(Refusal(
                "The server shows neither an id nor the value of this key, so no call can name it."
                    .to_owned(),
            ));
        }
    };
    let mut path: Vec<Part> = ["api", "auth", "keys"]
        .iter()
        .map(|part| Part::Text((*part).to_owned()))
        .collect();
    path.push(reference);
    Ok(Call {
        method: Method::Delete,
        path,
        body: None,
        endpoint: REVOKE_ROUTE.to_owned(),
        kind: String::new(),
        resource: String::new(),
    })
}

/// E2. A reply that is no record leaves it unknown whether a key was made; one without a readable value means that
/// it was, and that its value is lost (C2).
pub(super) async fn create(
    link: &Link,
    call: &Call,
    secrets: &CallSecrets,
) -> Result<NewKey, ProviderError> {
    let reply = send::send(link, REGISTER_ROUTE, call, secrets).await?;
    reply
        .json::<wire::KeyRecord>()
        .map(made)
        .map_err(|error| ProviderError {
            class: Class::OutcomeUnknown,
            ..error
        })
}

/// What a reply to E2 says of the key that was made.
pub(super) fn made(wire: wire::KeyRecord) -> NewKey {
    let lags = wire
        .others
        .get("ripple_warning")
        .is_some_and(|warning| !warning.is_null());
    let (record, secret) = record::without_secret(wire);
    let record = listing::keys(vec![record], &ABOUT).pop();
    NewKey {
        secret,
        record,
        lags,
    }
}

/// The actions that a row allows, wholly or in part, by name.
fn actions<'a>(
    grid: &'a RightsGrid,
    row: &'a RightsRow,
) -> impl Iterator<Item = (&'a str, &'a Cell)> {
    grid.columns
        .iter()
        .zip(&row.cells)
        .filter(|(_, cell)| matches!(cell, Cell::All | Cell::Fields { .. }))
        .map(|(column, cell)| (column.action.as_str(), cell))
}

/// Deleting and schema administration cannot be given apart on these servers (C5, C6).
fn follows_write(on: &[(&str, &Cell)]) -> Result<(), Refusal> {
    let has = |action: &str| on.iter().any(|(found, _)| *found == action);
    if has("admin") || (has("delete") && !has("write")) {
        Err(Refusal(
            "This server gives reading and writing only; a right to delete or to change schemas cannot be given apart."
                .to_owned(),
        ))
    } else {
        Ok(())
    }
}
