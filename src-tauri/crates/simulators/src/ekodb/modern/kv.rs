//! A key's grants on key-value prefixes (`ekodb.md` E13m, E14m).

use serde_json::{Map, Value};

use super::permissions::{changed, live, no_grant};
use crate::ekodb::Ekodb;
use crate::ekodb::refusal::Refusal;
use crate::ekodb::rights::KvGrant;
use crate::ekodb::rights::edit::{flag, only};
use crate::ekodb::wire::object;
use crate::ekodb::world::World;
use crate::host::{Answer, Host};
use crate::request::Request;

impl Ekodb {
    /// E13m.
    pub(super) fn kv_grants(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
    ) -> Result<Answer, Refusal> {
        let mut key = self.subject(host, request, id)?;
        if let Some(wanted) = request.query_value("prefix") {
            let exact = self.options.kv_filter_exact;
            key.kv.retain(|kv| {
                if exact {
                    kv.prefix == wanted
                } else {
                    kv.prefix.starts_with(&wanted)
                }
            });
        }
        Ok(Answer::json(200, key.kv_json()))
    }

    /// E14m, GET.
    pub(super) fn kv_grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        prefix: &str,
    ) -> Result<Answer, Refusal> {
        let key = self.subject(host, request, id)?;
        let kv = key
            .kv
            .iter()
            .find(|kv| kv.prefix == prefix)
            .ok_or_else(no_grant)?;
        Ok(Answer::json(200, kv.json()))
    }

    /// E14m, PUT and PATCH; either makes a grant that is missing. One that allows nothing is refused.
    pub(super) fn edit_kv_grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        prefix: &str,
    ) -> Result<Answer, Refusal> {
        let id = self.target(host, request, id)?;
        let body = object(request)?;
        only(&body, &["read", "write"])?;
        let (read, write) = (flag(&body, "read")?, flag(&body, "write")?);
        check_complete(request, &body)?;
        let (before, after) = Self::change(host, |world| {
            let key = live(world, &id)?;
            let before = key.kv.iter().find(|kv| kv.prefix == prefix).cloned();
            let (was_read, was_write) = before
                .as_ref()
                .map_or((false, false), |kv| (kv.read, kv.write));
            let after = KvGrant {
                prefix: prefix.to_owned(),
                read: read.unwrap_or(was_read),
                write: write.unwrap_or(was_write),
            };
            if !after.read && !after.write {
                return Err(Refusal::new(
                    400,
                    "A key-value permission must allow read or write",
                ));
            }
            match key.kv.iter_mut().find(|kv| kv.prefix == prefix) {
                Some(kv) => *kv = after.clone(),
                None => key.kv.push(after.clone()),
            }
            Ok((before, after))
        })?;
        Ok(changed(
            before.as_ref().map(KvGrant::json),
            Some(after.json()),
        ))
    }

    /// E14m, DELETE.
    pub(super) fn remove_kv_grant(
        &self,
        host: &Host<World>,
        request: &Request,
        id: &str,
        prefix: &str,
    ) -> Result<Answer, Refusal> {
        let id = self.target(host, request, id)?;
        let before = Self::change(host, |world| {
            let kv = &mut live(world, &id)?.kv;
            let at = kv
                .iter()
                .position(|kv| kv.prefix == prefix)
                .ok_or_else(no_grant)?;
            Ok(kv.remove(at))
        })?;
        Ok(changed(Some(before.json()), None))
    }
}

fn check_complete(request: &Request, body: &Map<String, Value>) -> Result<(), Refusal> {
    if request.method == "PUT" && body.len() < 2 {
        return Err(Refusal::new(
            400,
            "Missing field: read and write are required",
        ));
    }
    Ok(())
}
