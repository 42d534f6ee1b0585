//! Records, as far as needed to prove that grants and field rules are enforced (`ekodb.md` 4.3, 9).

use serde_json::{Map, Value, json};

use super::schemas::existing;
use crate::ekodb::Ekodb;
use crate::ekodb::key::Key;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::Grant;
use crate::ekodb::rights::action::Action;
use crate::ekodb::wire::object;
use crate::ekodb::world::{World, random_hex};
use crate::host::{Answer, Host};
use crate::request::Request;

type Row = Map<String, Value>;

impl Ekodb {
    /// `POST` (or `GET`) `/api/find/{collection}`: its records, cut down to what the key may see; `limit` counts.
    pub(in crate::ekodb) fn find(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        let grant = allowed(&self.authenticated(host, request)?, Action::Read, name)?;
        let query = if request.body.is_empty() {
            Map::new()
        } else {
            object(request)?
        };
        let limit = query.get("limit").and_then(Value::as_u64).unwrap_or(100);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = host.state.read(|world| {
            let rows = &existing(world, name)?.rows;
            Ok(rows
                .iter()
                .take(limit)
                .map(|row| Value::Object(visible(&grant, row)))
                .collect())
        })?;
        Ok(Answer::json(200, rows))
    }

    /// `POST /api/insert/{collection}` with a JSON record.
    pub(in crate::ekodb) fn insert(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        let grant = allowed(&self.authenticated(host, request)?, Action::Write, name)?;
        let mut row = object(request)?;
        writable(&grant, &row)?;
        let id = random_hex(16);
        row.insert("id".to_owned(), json!(id));
        Self::change(host, |world| {
            world
                .collections
                .entry(name.to_owned())
                .or_default()
                .rows
                .push(row);
            Ok(())
        })?;
        Ok(Answer::json(200, json!({ "id": id })))
    }

    /// `PUT /api/update/{collection}/{id}` with the changed members.
    pub(in crate::ekodb) fn update(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Answer, Refusal> {
        let grant = allowed(&self.authenticated(host, request)?, Action::Write, name)?;
        let changes = object(request)?;
        writable(&grant, &changes)?;
        let row = Self::change(host, |world| {
            existing(world, name)?;
            let rows = world
                .collections
                .get_mut(name)
                .into_iter()
                .flat_map(|collection| &mut collection.rows);
            let row = rows
                .into_iter()
                .find(|row| row.get("id") == Some(&json!(id)))
                .ok_or_else(no_record)?;
            row.extend(changes);
            Ok(row.clone())
        })?;
        Ok(Answer::json(200, Value::Object(visible(&grant, &row))))
    }

    /// `DELETE /api/delete/{collection}/{id}`; needs `delete` in `docs-a`, `write` elsewhere (C5).
    pub(in crate::ekodb) fn delete(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
        id: &str,
    ) -> Result<Answer, Refusal> {
        let caller = self.authenticated(host, request)?;
        allowed(&caller, self.options.dialect.needed_to_delete(), name)
            .map_err(|_| Refusal::no_permission(Action::Delete, name))?;
        Self::change(host, |world| {
            existing(world, name)?;
            let rows = world
                .collections
                .get_mut(name)
                .map(|collection| &mut collection.rows)
                .ok_or_else(no_record)?;
            let at = rows
                .iter()
                .position(|row| row.get("id") == Some(&json!(id)))
                .ok_or_else(no_record)?;
            rows.remove(at);
            Ok(())
        })?;
        Ok(Answer::json(200, json!({ "status": "success" })))
    }
}

/// The grant that allows `action`, or 403; an admin's allows everything.
pub(super) fn allowed(caller: &Key, action: Action, name: &str) -> Result<Grant, Refusal> {
    if caller.is_admin {
        return Ok(Grant::read_write());
    }
    let grant = caller.grants.get(name);
    grant
        .filter(|grant| grant.allows(action))
        .cloned()
        .ok_or_else(|| Refusal::no_permission(action, name))
}

/// Exclusion wins over selection.
fn visible(grant: &Grant, row: &Row) -> Row {
    let mut shown = row.clone();
    if let Some(selected) = &grant.select_fields {
        shown.retain(|name, _| selected.contains(name));
    }
    if let Some(excluded) = &grant.exclude_fields {
        shown.retain(|name, _| !excluded.contains(name));
    }
    shown
}

fn writable(grant: &Grant, row: &Row) -> Result<(), Refusal> {
    let Some(fields) = &grant.writable_fields else {
        return Ok(());
    };
    match row.keys().find(|name| !fields.contains(name)) {
        Some(name) => Err(Refusal::new(
            403,
            format!("No write permission for field {name}"),
        )),
        None => Ok(()),
    }
}

fn no_record() -> Refusal {
    Refusal::new(404, "Record not found")
}
