//! Which request goes where (`ekodb.md` 3). What the dialects share is here; the rest is in a folder each.

use super::Ekodb;
use super::options::Dialect;
use super::refusal::Refusal;
use super::wire::checked_name;
use super::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// The answer to a request within the rate limit. The route is looked for before the token is looked at.
    pub(super) fn route(&self, host: &Host<World>, request: &Request) -> Result<Answer, Refusal> {
        let segments = request
            .segments()
            .ok_or_else(|| Refusal::new(400, "Invalid path"))?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["api", "health"]) => Ok(self.health(host, request)),
            ("POST", ["api", "auth", "token"]) => self.token(host, request),
            ("POST", ["api", "auth", "register"]) => self.register(host, request),
            ("GET", ["api", "auth", "keys"]) => self.list(host, request),
            ("DELETE", ["api", "auth", "keys", reference]) => self.revoke(host, request, reference),
            ("GET", ["api", "collections"]) => self.collections(host, request),
            (
                _,
                ["api", "health" | "collections"]
                | ["api", "auth", "token" | "register" | "keys"]
                | ["api", "auth", "keys", _],
            ) => Err(Refusal::method()),
            (_, ["api", "auth", below @ ..]) => match self.options.dialect {
                Dialect::Modern => self.modern(host, request, below),
                Dialect::Legacy | Dialect::DocsA | Dialect::DocsS => {
                    self.older(host, request, below)
                }
            },
            (method, ["api", area, name]) => {
                self.on_collection(host, request, (method, area), checked_name(name)?)
            }
            ("PUT", ["api", "update", name, id]) => {
                self.update(host, request, checked_name(name)?, id)
            }
            ("DELETE", ["api", "delete", name, id]) => {
                self.delete(host, request, checked_name(name)?, id)
            }
            (_, ["api", "update" | "delete", _, _]) => Err(Refusal::method()),
            (_, _) => Err(Refusal::route()),
        }
    }

    /// `/api/{area}/{collection}`.
    fn on_collection(
        &self,
        host: &Host<World>,
        request: &Request,
        (method, area): (&str, &str),
        name: &str,
    ) -> Result<Answer, Refusal> {
        match (method, area) {
            ("GET", "collections") => self.collection(host, request, name),
            ("POST", "collections") => self.create_collection(host, request, name),
            ("DELETE", "collections") => self.delete_collection(host, request, name),
            ("GET", "schemas") => self.schema(host, request, name),
            ("GET" | "POST", "find") => self.find(host, request, name),
            ("POST", "insert") => self.insert(host, request, name),
            (_, "collections" | "schemas" | "find" | "insert") => Err(Refusal::method()),
            (_, _) => Err(Refusal::route()),
        }
    }
}
