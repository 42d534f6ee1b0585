//! How one simulated deployment behaves where the sources leave a choice (`ekodb.md` 5, 9, 11).

use std::path::PathBuf;

use crate::tls::TlsMode;

/// Settings of one server. The default is `modern` 0.80.0 with full secrets in the list and errors as `{"error": …}`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Permission surface (`ekodb.md` 1).
    pub dialect: Dialect,
    /// Version that rich health reports.
    pub version: String,
    /// Form of error bodies (C12).
    pub error_shape: ErrorShape,
    /// What the key list shows of a secret (C19).
    pub list_secret: ListSecret,
    /// What authenticates register (C1).
    pub register_auth: RegisterAuth,
    /// What a DELETE may name a key by (C7).
    pub revoke_ref: RevokeRef,
    /// Lifetime of session tokens in seconds.
    pub token_ttl_s: i64,
    /// Whether a token keeps the rights its key had when it was issued (11.5).
    pub grants_bound_to_token: bool,
    /// Budget per fixed minute of the server's clock (7); `None` = no limit, no headers. Health is exempt.
    pub requests_per_minute: Option<u32>,
    /// Certificate.
    pub tls: TlsMode,
    /// TCP port; 0 = the one this folder had before, else any free one.
    pub port: u16,
    /// Where the world, CA and port are kept; `None` = in memory only.
    pub folder: Option<PathBuf>,
    /// Unix milliseconds to freeze the clock at; `None` = the system clock.
    pub now_ms: Option<i64>,
    /// What generated secrets begin with.
    pub key_prefix: String,
    /// What becomes of a caller-chosen `key` (4.1).
    pub caller_key: CallerKey,
    /// Status of a successful register: 200 or 201 (E2).
    pub register_status: u16,
    /// Register replies with action arrays in place of grant objects (C4).
    pub register_arrays: bool,
    /// Revoke answers 204 without a body (C13).
    pub revoke_204: bool,
    /// Refuses with 409 to revoke the last admin key.
    pub keep_last_admin: bool,
    /// Whether `…/keys/me/permissions` answers tokens of non-admin keys (E5m).
    pub me_for_all: bool,
    /// Whether the collection list needs an admin token (E16).
    pub collections_need_admin: bool,
    /// What a PUT does to a field list it leaves out (4.4).
    pub put_omitted: Omitted,
    /// Whether `?prefix=` compares exactly; else it means "begins with" (E13m).
    pub kv_filter_exact: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: Dialect::Modern,
            version: "0.80.0".to_owned(),
            error_shape: ErrorShape::Error,
            list_secret: ListSecret::Full,
            register_auth: RegisterAuth::Either,
            revoke_ref: RevokeRef::Either,
            token_ttl_s: 3600,
            grants_bound_to_token: false,
            requests_per_minute: None,
            tls: TlsMode::Ca,
            port: 0,
            folder: None,
            now_ms: None,
            key_prefix: "eko_prod_".to_owned(),
            caller_key: CallerKey::Accept,
            register_status: 200,
            register_arrays: false,
            revoke_204: false,
            keep_last_admin: false,
            me_for_all: true,
            collections_need_admin: true,
            put_omitted: Omitted::Keep,
            kv_filter_exact: false,
        }
    }
}

/// Generation of the permission surface (`ekodb.md` 1). Only `Modern` is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// 0.80.0 and later: permissions under `/api/auth/keys/{id}/permissions`.
    Modern,
    /// 0.79.2: one collection per PUT, the key named by its value.
    Legacy,
    /// The authentication guide.
    DocsA,
    /// The security guide.
    DocsS,
}

/// Form of error bodies (C12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorShape {
    /// `{"error": text}`.
    Error,
    /// `{"code": status, "message": text}`.
    CodeMessage,
    /// No body.
    Empty,
}

/// What the key list shows of a secret (C19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSecret {
    /// All of it.
    Full,
    /// Its first characters and `...`.
    Masked,
    /// No such member.
    Absent,
}

/// What authenticates register (C1). Whatever is present must be valid and an admin's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterAuth {
    /// A Bearer, the body's `api_key`, or both.
    Either,
    /// The Bearer; the body is not looked at.
    BearerOnly,
    /// The body's `api_key`; the Bearer is not looked at.
    BodyOnly,
    /// Both.
    Both,
}

/// What a DELETE may name a key by (C7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokeRef {
    /// Id or value.
    Either,
    /// Id only.
    Id,
    /// Value only.
    Value,
}

/// What becomes of a caller-chosen `key` on register (4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKey {
    /// Taken if strong (else 400) and free (else 409).
    Accept,
    /// 400 that names the member.
    Refuse,
    /// Passed over: the server generates its own.
    Ignore,
}

/// What a PUT does to a field list it leaves out (4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omitted {
    /// The list stays.
    Keep,
    /// The list goes.
    Clear,
}
