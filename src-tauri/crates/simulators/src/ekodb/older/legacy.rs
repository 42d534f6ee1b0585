//! The edit of 0.79.2: one collection, the key named by its value (`ekodb.md` 4.5, E7l).

use serde_json::{Map, Value};

use crate::ekodb::Ekodb;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::Grant;
use crate::ekodb::rights::edit::GrantEdit;
use crate::ekodb::wire::{checked_name, object};
use crate::ekodb::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// E7l: makes a grant that is missing; before 0.79.2 it takes every field list away (C9).
    pub(super) fn legacy_edit(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        self.admin(host, request)?;
        let mut body = object(request)?;
        let secret = taken(&mut body, "api_key")?;
        let collection = taken(&mut body, "collection")?;
        checked_name(&collection)?;
        let edit = GrantEdit::parse(&body, true)?;
        let drop_lists = request.drop_restrictions || self.options.edits_drop_lists;
        let record = Self::change(host, |world| {
            let key = world.keys.iter_mut().find(|key| key.key == secret);
            let key = key.ok_or_else(Refusal::no_key)?;
            let before = key.grants.get(&collection);
            let mut after = edit.applied(before, self.options.put_omitted);
            if drop_lists {
                after = Grant::new(after.read, after.write);
            }
            key.grants.insert(collection, after);
            Ok(self.listed(key))
        })?;
        Ok(Answer::json(200, record))
    }
}

fn taken(body: &mut Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match body.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Refusal::new(
            400,
            format!("Invalid {name}: expected a string"),
        )),
        None => Err(Refusal::new(400, format!("Missing field: {name}"))),
    }
}
