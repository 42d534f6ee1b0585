//! The edits of the guides: a map of action arrays for a `key_id` (`ekodb.md` E6d, E7d, C10).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ekodb::Ekodb;
use crate::ekodb::options::{Dialect, MapEdit};
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::Grant;
use crate::ekodb::rights::edit::only;
use crate::ekodb::wire::object;
use crate::ekodb::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

type Grants = BTreeMap<String, Grant>;

impl Ekodb {
    /// E6d.
    pub(super) fn set_grants(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let (reply, _) = self.edit_map(host, request, self.options.post_map)?;
        Ok(Answer::json(200, reply))
    }

    /// E7d: as E6d, and tells what changed.
    pub(super) fn update_grants(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let (mut reply, changes) = self.edit_map(host, request, self.options.put_map)?;
        if let Value::Object(members) = &mut reply {
            members.insert("changes".to_owned(), json!(changes));
        }
        Ok(Answer::json(200, reply))
    }

    /// The reply, which echoes only what was sent, and the changes in words. A named collection gets exactly the
    /// actions sent and loses its field lists, which an array cannot carry.
    fn edit_map(
        &self,
        host: &Host<World>,
        request: &Request,
        edit: MapEdit,
    ) -> Result<(Value, Vec<String>), Refusal> {
        let dialect = self.options.dialect;
        self.admin(host, request)?;
        let body = object(request)?;
        only(&body, &["key_id", "collection_permissions"])?;
        let missing = |name: &str| Refusal::new(400, format!("Missing field: {name}"));
        let id = body.get("key_id").and_then(Value::as_str);
        let id = id.ok_or_else(|| missing("key_id"))?;
        let map = body.get("collection_permissions");
        let sent = dialect.granted(map.ok_or_else(|| missing("collection_permissions"))?)?;
        let reply = json!({
            "status": "updated",
            "key_id": id,
            "collection_permissions": dialect.arrays(&sent),
        });
        let changes = Self::change(host, |world| {
            let mut keys = world.keys.iter_mut();
            let key = keys.find(|key| dialect.key_id(key) == id);
            let key = key.ok_or_else(Refusal::no_key)?;
            let before = key.grants.clone();
            match edit {
                MapEdit::Replace => key.grants = sent,
                MapEdit::Merge => key.grants.extend(sent),
            }
            Ok(changes(dialect, &before, &key.grants))
        })?;
        Ok((reply, changes))
    }
}

/// `Added 'delete' permission to 'users' collection`, ….
fn changes(dialect: Dialect, before: &Grants, after: &Grants) -> Vec<String> {
    let nothing = Grant::none();
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let mut changes = Vec::new();
    for name in names {
        let (was, is) = (
            before.get(name).unwrap_or(&nothing),
            after.get(name).unwrap_or(&nothing),
        );
        for action in dialect.actions() {
            let word = action.name();
            match (was.allows(*action), is.allows(*action)) {
                (false, true) => {
                    changes.push(format!("Added '{word}' permission to '{name}' collection"));
                }
                (true, false) => changes.push(format!(
                    "Removed '{word}' permission from '{name}' collection"
                )),
                (true, true) | (false, false) => {}
            }
        }
    }
    changes
}
