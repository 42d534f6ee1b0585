//! The permission routes of 0.80.0 and later (`ekodb.md` 3, E5m–E14m). `/api/auth/permissions` is 404 here.

mod kv;
mod permissions;

use super::Ekodb;
use super::refusal::Refusal;
use super::wire::checked_name;
use super::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// The answer to a request below `/api/auth/` that is not about keys as such.
    pub(super) fn modern(
        &self,
        host: &Host<World>,
        request: &Request,
        below_auth: &[&str],
    ) -> Result<Answer, Refusal> {
        match (request.method.as_str(), below_auth) {
            ("GET", ["keys", id, "permissions"]) => self.permissions(host, request, id),
            ("GET", ["keys", id, "permissions", "collections"]) => self.grants(host, request, id),
            ("GET", ["keys", id, "permissions", "kv"]) => self.kv_grants(host, request, id),
            (method, ["keys", id, "permissions", "collections", name]) => {
                checked_name(name)?;
                match method {
                    "GET" => self.grant(host, request, id, name),
                    "PUT" | "PATCH" => self.edit_grant(host, request, id, name),
                    "DELETE" => self.remove_grant(host, request, id, name),
                    _ => Err(Refusal::method()),
                }
            }
            (method, ["keys", id, "permissions", "kv", prefix]) => {
                checked_name(prefix)?;
                match method {
                    "GET" => self.kv_grant(host, request, id, prefix),
                    "PUT" | "PATCH" => self.edit_kv_grant(host, request, id, prefix),
                    "DELETE" => self.remove_kv_grant(host, request, id, prefix),
                    _ => Err(Refusal::method()),
                }
            }
            (_, ["keys", _, "permissions"] | ["keys", _, "permissions", "collections" | "kv"]) => {
                Err(Refusal::method())
            }
            (_, _) => Err(Refusal::route()),
        }
    }
}
