//! The permission route before 0.80.0, `/api/auth/permissions` (`ekodb.md` 3, E5d–E7l).

mod docs;
mod legacy;

use super::Ekodb;
use super::options::Dialect;
use super::refusal::Refusal;
use super::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// The answer to a request below `/api/auth/` that is not about keys as such.
    pub(super) fn older(
        &self,
        host: &Host<World>,
        request: &Request,
        below_auth: &[&str],
    ) -> Result<Answer, Refusal> {
        match (self.options.dialect, request.method.as_str(), below_auth) {
            (_, "GET", ["permissions"]) => {
                let caller = self.authenticated(host, request)?;
                Ok(Answer::json(200, self.own_permissions(&caller)))
            }
            (Dialect::Legacy, "PUT", ["permissions"]) => self.legacy_edit(host, request),
            (Dialect::DocsA | Dialect::DocsS, "POST", ["permissions"]) => {
                self.set_grants(host, request)
            }
            (Dialect::DocsA | Dialect::DocsS, "PUT", ["permissions"]) => {
                self.update_grants(host, request)
            }
            (_, _, ["permissions"]) => Err(Refusal::method()),
            (_, _, ["keys", _, "permissions", ..]) if self.options.modern_routes_405 => {
                Err(Refusal::method())
            }
            (_, _, _) => Err(Refusal::route()),
        }
    }
}
