//! What a server does with an edit, as §4.4 and §4.5 say, on the records as it stores them.

use crate::{Call, Method, Part};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const LISTS: [&str; 3] = ["select_fields", "exclude_fields", "writable_fields"];

/// Something that a server could do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// An edit drops the grant's field lists (C9).
    DropsLists,
    /// Null does not clear a list.
    KeepsOnNull,
    /// An empty list counts as none.
    EmptyIsNone,
    /// An edit drops the members that it does not know.
    ForgetsUnknown,
    /// An edit of one resource also reaches the next one.
    ReachesNext,
    /// What is removed stays.
    KeepsRemoved,
}

impl Bug {
    pub(super) const ALL: [Self; 6] = [
        Self::DropsLists,
        Self::KeepsOnNull,
        Self::EmptyIsNone,
        Self::ForgetsUnknown,
        Self::ReachesNext,
        Self::KeepsRemoved,
    ];
}

/// A server's keys.
pub(super) struct Model {
    pub(super) records: Vec<Value>,
    /// Whether a PUT clears the lists that it leaves out: the contract does not say.
    put_clears: bool,
    bug: Option<Bug>,
}

impl Model {
    pub(super) fn new(records: &[Value], put_clears: bool, bug: Option<Bug>) -> Self {
        Self {
            records: records.to_vec(),
            put_clears,
            bug,
        }
    }

    /// The body of E3.
    pub(super) fn list(&self) -> Vec<u8> {
        json!(self.records).to_string().into_bytes()
    }

    /// Applies a call about the key at `target`, or says why no server would.
    pub(super) fn apply(&mut self, call: &Call, target: usize) -> Result<(), String> {
        let text = |part: &Part| match part {
            Part::Text(text) => Ok(text.clone()),
            Part::Secret(_) => Err("a secret in a path".to_owned()),
        };
        let path = call.path.iter().map(text).collect::<Result<Vec<_>, _>>()?;
        let body = match &call.body {
            None => Map::new(),
            Some(Value::Object(body)) => body.clone(),
            Some(_) => return Err("the body is no object".to_owned()),
        };
        let path = path.iter().map(String::as_str).collect::<Vec<_>>();
        match path.as_slice() {
            ["api", "auth", "permissions"] if call.method == Method::Put => {
                self.legacy(body, target)
            }
            ["api", "auth", "keys", id, "permissions", facet, name]
                if self.records[target]["id"] == **id =>
            {
                match *facet {
                    "collections" => self.collection(call.method, name, &body, target),
                    "kv" => self.prefix(call.method, name, &body, target),
                    _ => Err(format!("no facet {facet}")),
                }
            }
            _ => Err(format!("no route {path:?}")),
        }
    }

    /// E7l: read and write are set, the lists are three-state; the target is named by its value.
    fn legacy(&mut self, mut body: Map<String, Value>, target: usize) -> Result<(), String> {
        if body.remove("api_key") != Some(json!({ "$secret": "target" })) {
            return Err("the target is not named".to_owned());
        }
        let Some(Value::String(name)) = body.remove("collection") else {
            return Err("no collection".to_owned());
        };
        whole(&body)?;
        self.edit(&name, &body, target)
    }

    /// E10m, E11m, E12m.
    fn collection(
        &mut self,
        method: Method,
        name: &str,
        body: &Map<String, Value>,
        target: usize,
    ) -> Result<(), String> {
        match method {
            Method::Delete => {
                if self.bug != Some(Bug::KeepsRemoved) {
                    collections(&mut self.records[target]).remove(name);
                }
                Ok(())
            }
            Method::Patch => self.edit(name, body, target),
            Method::Put => {
                whole(body)?;
                if self.put_clears {
                    let grants = collections(&mut self.records[target]);
                    if let Some(Value::Object(grant)) = grants.get_mut(name) {
                        grant.retain(|member, _| !is_list(member));
                    }
                }
                self.edit(name, body, target)
            }
            Method::Post => Err("no such method".to_owned()),
        }
    }

    /// §4.4: left out keeps, null clears, a list replaces.
    fn edit(&mut self, name: &str, body: &Map<String, Value>, target: usize) -> Result<(), String> {
        let bug = self.bug;
        let grants = collections(&mut self.records[target]);
        let next = grants
            .keys()
            .filter(|other| other.as_str() > name)
            .min()
            .cloned();
        let reached = next.filter(|_| bug == Some(Bug::ReachesNext));
        for name in [name.to_owned()].into_iter().chain(reached) {
            let nothing = || json!({ "read": false, "write": false });
            let Value::Object(grant) = grants.entry(name).or_insert_with(nothing) else {
                return Err("not in the form of an object".to_owned());
            };
            if bug == Some(Bug::DropsLists) {
                grant.retain(|member, _| !is_list(member));
            }
            if bug == Some(Bug::ForgetsUnknown) {
                grant.retain(|name, _| ["read", "write"].contains(&name.as_str()) || is_list(name));
            }
            for (member, value) in body {
                let fits = match value {
                    Value::Bool(_) => ["read", "write"].contains(&member.as_str()),
                    Value::Null => is_list(member),
                    Value::Array(fields) => {
                        let named =
                            |field: &Value| field.as_str().is_some_and(|f| !f.trim().is_empty());
                        is_list(member) && fields.iter().all(named)
                    }
                    Value::Number(_) | Value::String(_) | Value::Object(_) => false,
                };
                if !fits {
                    return Err(format!("{member} cannot be {value}"));
                }
                let ignored = match bug {
                    Some(Bug::KeepsOnNull) => value.is_null(),
                    Some(Bug::DropsLists) => is_list(member),
                    Some(
                        Bug::EmptyIsNone
                        | Bug::ForgetsUnknown
                        | Bug::ReachesNext
                        | Bug::KeepsRemoved,
                    )
                    | None => false,
                };
                let empty = bug == Some(Bug::EmptyIsNone) && *value == json!([]);
                if !ignored {
                    grant.insert(
                        member.clone(),
                        if empty { Value::Null } else { value.clone() },
                    );
                }
            }
        }
        Ok(())
    }

    /// E14m.
    fn prefix(
        &mut self,
        method: Method,
        name: &str,
        body: &Map<String, Value>,
        target: usize,
    ) -> Result<(), String> {
        let record = self.records[target].as_object_mut().ok_or("no record")?;
        let list = record.entry("kv_permissions").or_insert_with(|| json!([]));
        if list.is_null() {
            *list = json!([]);
        }
        let list = list.as_array_mut().ok_or("no list")?;
        let at = list.iter().position(|grant| grant["prefix"] == name);
        if method == Method::Delete {
            list.remove(at.ok_or("no such prefix")?);
            return Ok(());
        }
        let known = |(member, value): (&String, &Value)| {
            ["read", "write"].contains(&member.as_str()) && value.is_boolean()
        };
        if !body.iter().all(known) {
            return Err("a member that prefixes do not have".to_owned());
        }
        if method == Method::Put {
            if body.len() != 2 || body.values().all(|value| *value == json!(false)) {
                return Err("a prefix is set to something, whole".to_owned());
            }
        } else if method != Method::Patch {
            return Err("no such method".to_owned());
        }
        let at = at.unwrap_or_else(|| {
            list.push(json!({ "prefix": name, "read": false, "write": false }));
            list.len() - 1
        });
        for (member, value) in body {
            list[at][member.as_str()] = value.clone();
        }
        Ok(())
    }
}

/// A record's grants on collections.
pub(super) fn grants(record: &Value) -> BTreeMap<String, Map<String, Value>> {
    let grants = record["collection_permissions"].as_object();
    let objects = grants.into_iter().flatten();
    objects
        .filter_map(|(name, grant)| Some((name.clone(), grant.as_object()?.clone())))
        .collect()
}

/// A record's grants on prefixes.
pub(super) fn prefixes(record: &Value) -> BTreeMap<String, Map<String, Value>> {
    let grants = record["kv_permissions"].as_array();
    let objects = grants.into_iter().flatten().filter_map(Value::as_object);
    objects
        .filter_map(|grant| Some((grant["prefix"].as_str()?.to_owned(), grant.clone())))
        .collect()
}

fn collections(record: &mut Value) -> &mut Map<String, Value> {
    record["collection_permissions"].as_object_mut().unwrap()
}

fn whole(body: &Map<String, Value>) -> Result<(), String> {
    let missing = ["read", "write"]
        .iter()
        .find(|action| !body.contains_key(**action));
    missing.map_or(Ok(()), |action| Err(format!("{action} is missing")))
}

fn is_list(member: &str) -> bool {
    LISTS.contains(&member)
}
