//! Session tokens: issue, verify, and who may do what with them (`ekodb.md` 2.1).

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ekodb;
use super::key::Key;
use super::refusal::Refusal;
use super::rights::{Grant, KvGrant};
use super::wire::object;
use super::world::{World, random_hex};
use crate::host::{Answer, Host};
use crate::request::Request;

/// What a session token says. Clients may rely on `exp` alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Claims {
    /// Id of the key it was issued from.
    sub: String,
    /// Issued, Unix seconds.
    iat: i64,
    /// Ends, Unix seconds.
    exp: i64,
    /// Unlike any other token's.
    jti: String,
    /// The key's rights at issue, where they are bound to the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rights: Option<Rights>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Rights {
    is_admin: bool,
    grants: BTreeMap<String, Grant>,
    kv: Vec<KvGrant>,
}

impl Ekodb {
    /// E1: a token for a key's value.
    pub(super) fn token(&self, host: &Host<World>, request: &Request) -> Result<Answer, Refusal> {
        let body = object(request)?;
        let Some(secret) = body.get("api_key").and_then(Value::as_str) else {
            return Err(Refusal::new(400, "Missing field: api_key"));
        };
        let now_s = host.clock.now_ms().div_euclid(1000);
        let (claims, signing_key) = host.state.read(|world| {
            let key = world.find_secret(secret).ok_or_else(Refusal::key)?;
            let rights = self.options.grants_bound_to_token.then(|| Rights {
                is_admin: key.is_admin,
                grants: key.grants.clone(),
                kv: key.kv.clone(),
            });
            let exp = now_s + self.options.token_ttl_s;
            let claims = Claims {
                sub: key.id.clone(),
                iat: now_s,
                exp,
                jti: random_hex(8),
                rights,
            };
            Ok((claims, world.signing_key.clone()))
        })?;
        let key = EncodingKey::from_secret(signing_key.as_bytes());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key);
        let token = token.map_err(|_| Refusal::new(500, "Internal server error"))?;
        Ok(Answer::json(200, json!({ "token": token })))
    }

    /// The live key whose token the request carries, with the rights the token gives.
    pub(super) fn authenticated(
        &self,
        host: &Host<World>,
        request: &Request,
    ) -> Result<Key, Refusal> {
        let token = request.bearer().ok_or_else(Refusal::token)?;
        let now_s = host.clock.now_ms().div_euclid(1000);
        host.state.read(|world| {
            let claims = verified(token, &world.signing_key).filter(|claims| claims.exp > now_s);
            let claims = claims.ok_or_else(Refusal::token)?;
            let mut key = world.find(&claims.sub).ok_or_else(Refusal::token)?.clone();
            if let Some(rights) = claims.rights.filter(|_| self.options.grants_bound_to_token) {
                (key.is_admin, key.grants, key.kv) = (rights.is_admin, rights.grants, rights.kv);
            }
            Ok(key)
        })
    }

    /// As [`Ekodb::authenticated`], and an admin.
    pub(super) fn admin(&self, host: &Host<World>, request: &Request) -> Result<Key, Refusal> {
        let key = self.authenticated(host, request)?;
        if key.is_admin {
            Ok(key)
        } else {
            Err(Refusal::admin_only())
        }
    }
}

/// The claims of a token with a good signature. Its end is compared with the server's own clock elsewhere.
fn verified(token: &str, signing_key: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(signing_key.as_bytes());
    jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .ok()
        .map(|data| data.claims)
}
