//! Health, collections, schemas (`ekodb.md` E15–E20).

use serde_json::{Value, json};

use super::collection::Collection;
use super::records::allowed;
use crate::ekodb::Ekodb;
use crate::ekodb::key::rfc3339;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::action::Action;
use crate::ekodb::wire::object;
use crate::ekodb::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// E15: two members for everybody, more for an admin; `degraded` is 200 too.
    pub(in crate::ekodb) fn health(&self, host: &Host<World>, request: &Request) -> Answer {
        let status = host.state.read(|world| world.health.clone());
        let mut body = json!({ "status": status, "integrity_ok": true });
        if self.admin(host, request).is_ok()
            && let Value::Object(members) = &mut body
        {
            members.insert("version".to_owned(), json!(self.options.version));
            members.insert("commit".to_owned(), json!("simulated"));
            members.insert("integrity".to_owned(), json!({ "healthy": true }));
            let capacity = json!({
                "can_accept_requests": true, "status": "normal", "utilization_percent": 12.5, "retry_after_ms": null,
            });
            members.insert("capacity".to_owned(), capacity);
            members.insert("uptime_seconds".to_owned(), json!(86_400));
            members.insert("timestamp".to_owned(), json!(rfc3339(host.clock.now_ms())));
            members.insert("wal_healthy".to_owned(), json!(true));
            members.insert("active_operations".to_owned(), json!(0));
        }
        Answer::json(200, body)
    }

    /// E16.
    pub(in crate::ekodb) fn collections(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let caller = self.authenticated(host, request)?;
        if self.options.collections_need_admin && !caller.is_admin {
            return Err(Refusal::admin_only());
        }
        let all = request.query_value("exclude_internal").as_deref() != Some("true");
        let names: Vec<String> = host.state.read(|world| {
            let shown = world
                .collections
                .iter()
                .filter(|(_, collection)| all || !collection.internal);
            shown.map(|(name, _)| name.clone()).collect()
        });
        Ok(Answer::json(200, json!({ "collections": names })))
    }

    /// E17.
    pub(in crate::ekodb) fn schema(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        self.authenticated(host, request)?;
        host.state
            .read(|world| Ok(Answer::json(200, existing(world, name)?.schema())))
    }

    /// E18.
    pub(in crate::ekodb) fn collection(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        self.authenticated(host, request)?;
        host.state.read(|world| {
            let collection = existing(world, name)?;
            let analytics = json!({ "record_count": collection.rows.len() });
            Ok(Answer::json(
                200,
                json!({ "collection": collection.schema(), "analytics": analytics }),
            ))
        })
    }

    /// E19; a key with `admin` on the collection may, where that action exists (C6).
    pub(in crate::ekodb) fn create_collection(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        if self.options.dialect.actions().contains(&Action::Admin) {
            allowed(&self.authenticated(host, request)?, Action::Admin, name)?;
        } else {
            self.admin(host, request)?;
        }
        let schema = Value::Object(object(request)?);
        let collection = Collection::declared(&schema, host.clock.now_ms())?;
        Self::change(host, |world| {
            if world.collections.contains_key(name) {
                return Err(Refusal::new(
                    409,
                    format!("Collection {name} already exists"),
                ));
            }
            world.collections.insert(name.to_owned(), collection);
            Ok(())
        })?;
        Ok(Answer::json(
            201,
            json!({ "status": "success", "message": "Collection initialized successfully" }),
        ))
    }

    /// E20; grants on the collection stay behind.
    pub(in crate::ekodb) fn delete_collection(
        &self,
        host: &Host<World>,
        request: &Request,
        name: &str,
    ) -> Result<Answer, Refusal> {
        self.admin(host, request)?;
        Self::change(host, |world| {
            existing(world, name)?;
            world.collections.remove(name);
            Ok(())
        })?;
        Ok(Answer::json(
            200,
            json!({ "status": "success", "message": "Collection deleted successfully" }),
        ))
    }
}

pub(in crate::ekodb) fn existing<'a>(
    world: &'a World,
    name: &str,
) -> Result<&'a Collection, Refusal> {
    world
        .collections
        .get(name)
        .ok_or_else(|| Refusal::new(404, format!("Collection {name} not found")))
}
