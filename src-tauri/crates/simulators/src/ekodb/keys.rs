//! Register, list, revoke (`ekodb.md` E2–E4).

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::Ekodb;
use super::key::Key;
use super::options::{CallerKey, RegisterAuth, RevokeRef};
use super::refusal::Refusal;
use super::wire::object;
use super::world::{World, random_hex, random_secret};
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// E2.
    pub(super) fn register(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let body = object(request)?;
        self.may_register(host, request, &body)?;
        let chosen = self.chosen_key(&body)?;
        let secret = chosen
            .clone()
            .unwrap_or_else(|| random_secret(&self.options.key_prefix));
        let key = Key {
            id: random_hex(16),
            key: secret,
            label: text(&body, "label")?,
            description: text(&body, "description")?,
            is_admin: flag(&body, "is_admin")?,
            grants: match body.get("collection_permissions") {
                None | Some(Value::Null) => BTreeMap::new(),
                Some(map) => self.options.dialect.granted(map)?,
            },
            created_at: host.clock.now_ms(),
            ..Key::new("", 0)
        };
        let record = self.registered(&key);
        Self::change(host, |world| {
            if chosen.is_some_and(|chosen| world.find_secret(&chosen).is_some()) {
                return Err(Refusal::new(409, "API key already exists"));
            }
            world.keys.push(key);
            Ok(())
        })?;
        Ok(Answer::json(self.options.register_status, record))
    }

    /// E3: a bare array in creation order, admin keys included.
    pub(super) fn list(&self, host: &Host<World>, request: &Request) -> Result<Answer, Refusal> {
        self.admin(host, request)?;
        let records = host
            .state
            .read(|world| world.keys.iter().map(|key| self.listed(key)).collect());
        Ok(Answer::json(200, records))
    }

    /// E4: permanent and immediate.
    pub(super) fn revoke(
        &self,
        host: &Host<World>,
        request: &Request,
        reference: &str,
    ) -> Result<Answer, Refusal> {
        self.admin(host, request)?;
        let by_id = |key: &Key| self.options.dialect.key_id(key) == reference;
        let named = |key: &Key| match self.options.revoke_ref {
            RevokeRef::Either => by_id(key) || key.key == reference,
            RevokeRef::Id => by_id(key),
            RevokeRef::Value => key.key == reference,
        };
        Self::change(host, |world| {
            let at = world
                .keys
                .iter()
                .position(named)
                .ok_or_else(Refusal::no_key)?;
            let admins = world.keys.iter().filter(|key| key.is_admin).count();
            if self.options.keep_last_admin
                && admins == 1
                && world.keys.get(at).is_some_and(|key| key.is_admin)
            {
                return Err(Refusal::new(409, "The last admin key cannot be revoked"));
            }
            world.keys.remove(at);
            Ok(())
        })?;
        if self.options.revoke_204 {
            return Ok(Answer {
                status: 204,
                headers: Vec::new(),
                body: None,
            });
        }
        Ok(Answer::json(
            200,
            json!({ "status": "success", "message": "Key revoked successfully" }),
        ))
    }

    /// C1: whatever counts and is present must be valid and an admin's.
    fn may_register(
        &self,
        host: &Host<World>,
        request: &Request,
        body: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let mode = self.options.register_auth;
        let has_bearer = request.headers.contains_key(http::header::AUTHORIZATION);
        let by_bearer =
            mode != RegisterAuth::BodyOnly && (has_bearer || mode != RegisterAuth::Either);
        let has_body = body.contains_key("api_key");
        let by_body =
            mode != RegisterAuth::BearerOnly && (has_body || mode != RegisterAuth::Either);
        if !by_bearer && !by_body {
            return Err(Refusal::token());
        }
        if by_bearer {
            self.admin(host, request)?;
        }
        if by_body {
            let secret = body
                .get("api_key")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let admin = host
                .state
                .read(|world| world.find_secret(secret).map(|key| key.is_admin));
            match admin {
                Some(true) => {}
                Some(false) => return Err(Refusal::admin_only()),
                None => return Err(Refusal::key()),
            }
        }
        Ok(())
    }

    /// The caller's own secret: at least 32 characters, at least 8 different ones (4.1).
    fn chosen_key(&self, body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
        let Some(chosen) = text(body, "key")? else {
            return Ok(None);
        };
        match self.options.caller_key {
            CallerKey::Refuse => Err(Refusal::new(400, "Unknown field: key")),
            CallerKey::Ignore => Ok(None),
            CallerKey::Accept => {
                let different: HashSet<char> = chosen.chars().collect();
                if chosen.chars().count() < 32 || different.len() < 8 {
                    let text = "Invalid key: at least 32 characters, at least 8 different ones";
                    return Err(Refusal::new(400, text));
                }
                Ok(Some(chosen))
            }
        }
    }
}

fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::new(
            400,
            format!("Invalid {name}: expected a string"),
        )),
    }
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refusal::new(
            400,
            format!("Invalid {name}: expected a boolean"),
        )),
    }
}
