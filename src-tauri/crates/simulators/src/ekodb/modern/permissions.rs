//! A key's rights and its grants on collections (`ekodb.md` E5m, E8m–E12m).

use serde_json::{Value, json};

use crate::ekodb::Ekodb;
use crate::ekodb::key::Key;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::Grant;
use crate::ekodb::rights::edit::GrantEdit;
use crate::ekodb::wire::object;
use crate::ekodb::world::{World, is_key_id};
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// E5m: `{admin, collections, kv}`.
    pub(super) fn permissions(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
    ) -> Result<Answer, Refusal> {
        let key = self.subject(host, request, id)?;
        let body =
            json!({ "admin": key.is_admin, "collections": key.grants_json(), "kv": key.kv_json() });
        Ok(Answer::json(200, body))
    }

    /// E8m.
    pub(super) fn grants(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
    ) -> Result<Answer, Refusal> {
        Ok(Answer::json(
            200,
            self.subject(host, request, id)?.grants_json(),
        ))
    }

    /// E9m.
    pub(super) fn grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        name: &str,
    ) -> Result<Answer, Refusal> {
        let key = self.subject(host, request, id)?;
        let grant = key.grants.get(name).ok_or_else(no_grant)?;
        Ok(Answer::json(200, grant.json()))
    }

    /// E10m (PUT) and E11m (PATCH); either makes a grant that is missing.
    pub(super) fn edit_grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        name: &str,
    ) -> Result<Answer, Refusal> {
        let id = self.target(host, request, id)?;
        let edit = GrantEdit::parse(&object(request)?, request.method == "PUT")?;
        let (before, after) = Self::change(host, |world| {
            let key = live(world, &id)?;
            let before = key.grants.get(name).cloned();
            let mut after = edit.applied(before.as_ref(), self.options.put_omitted);
            if request.drop_restrictions || self.options.edits_drop_lists {
                after = Grant::new(after.read, after.write);
            }
            key.grants.insert(name.to_owned(), after.clone());
            Ok((before, after))
        })?;
        Ok(changed(
            before.as_ref().map(Grant::json),
            Some(after.json()),
        ))
    }

    /// E12m.
    pub(super) fn remove_grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        name: &str,
    ) -> Result<Answer, Refusal> {
        let id = self.target(host, request, id)?;
        let before = Self::change(host, |world| {
            live(world, &id)?.grants.remove(name).ok_or_else(no_grant)
        })?;
        Ok(changed(Some(before.json()), None))
    }

    /// The key whose rights are read: any by an admin, `me` by its own token.
    pub(super) fn subject(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
    ) -> Result<Key, Refusal> {
        let caller = self.authenticated(host, request)?;
        let own = id == "me" && self.options.me_for_all;
        if !caller.is_admin && !own {
            return Err(Refusal::admin_only());
        }
        if id == "me" {
            return Ok(caller);
        }
        host.state
            .read(|world| world.find(id).cloned())
            .ok_or_else(|| no_key(id))
    }

    /// The id of the key whose rights an admin changes.
    pub(super) fn target(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
    ) -> Result<String, Refusal> {
        let caller = self.admin(host, request)?;
        let id = if id == "me" { caller.id } else { id.to_owned() };
        if host.state.read(|world| world.find(&id).is_some()) {
            Ok(id)
        } else {
            Err(no_key(&id))
        }
    }
}

pub(super) fn live<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Key, Refusal> {
    world
        .keys
        .iter_mut()
        .find(|key| key.id == id)
        .ok_or_else(|| no_key(id))
}

/// A change reply: both members always there (4.4).
pub(super) fn changed(before: Option<Value>, after: Option<Value>) -> Answer {
    let sides = [("before", before), ("after", after)];
    let sides = sides.map(|(name, side)| (name.to_owned(), side.unwrap_or_default()));
    Answer::json(200, Value::Object(sides.into_iter().collect()))
}

pub(super) fn no_grant() -> Refusal {
    Refusal::new(404, "Permission not found")
}

fn no_key(id: &str) -> Refusal {
    if is_key_id(id) {
        Refusal::no_key()
    } else {
        Refusal::new(400, "Invalid key id")
    }
}
