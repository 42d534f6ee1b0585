//! How one simulated deployment behaves where the sources leave a choice (`ekodb.md` 5, 9, 11).

use std::path::PathBuf;

use crate::tls::TlsMode;

/// Settings of one server. The default is `modern` 0.80.0 with full secrets in the list and errors as `{"error": …}`;
/// for another dialect begin with [`Options::of`], which also sets its version.
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
    /// Modern and legacy: register replies with action arrays in place of grant objects (C4), as `docs-a` always does.
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
    /// Legacy and docs: the routes that only modern has answer 405 in place of 404.
    pub modern_routes_405: bool,
    /// An edit of a grant takes its field lists away, sent ones too, as before 0.79.2 (C9).
    pub edits_drop_lists: bool,
    /// Docs: the form of grants in the list (C4, C5).
    pub list_grants: ListGrants,
    /// Docs: items of the list carry `key_id`, which those of the guide do not (C7).
    pub list_key_id: bool,
    /// Docs: what POST does with the map (C10).
    pub post_map: MapEdit,
    /// Docs: what PUT does with the map (C10).
    pub put_map: MapEdit,
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
            modern_routes_405: false,
            edits_drop_lists: false,
            list_grants: ListGrants::Extended,
            list_key_id: false,
            post_map: MapEdit::Replace,
            put_map: MapEdit::Merge,
        }
    }
}

impl Options {
    /// The dialect as its sources have it. The older ones know no caller-chosen `key` and pass over it. What version a
    /// server of the guides reports is not stated: theirs here is the oldest one seen, 0.72.2, which C9 refuses.
    pub fn of(dialect: Dialect) -> Self {
        let version = match dialect {
            Dialect::Modern => return Self::default(),
            Dialect::Legacy => "0.79.2",
            Dialect::DocsA | Dialect::DocsS => "0.72.2",
        };
        Self {
            dialect,
            version: version.to_owned(),
            caller_key: CallerKey::Ignore,
            ..Self::default()
        }
    }

    /// The last server that takes a grant's field lists away when the grant is edited (C9): `legacy` 0.79.1.
    pub fn before_0_79_2() -> Self {
        Self {
            version: "0.79.1".to_owned(),
            edits_drop_lists: true,
            ..Self::of(Dialect::Legacy)
        }
    }
}

/// Generation of the permission surface (`ekodb.md` 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// 0.80.0 and later: permissions under `/api/auth/keys/{id}/permissions`.
    Modern,
    /// 0.79.2: one collection per PUT, the key named by its value; no ids in records.
    Legacy,
    /// The authentication guide: action arrays with `delete`, edited as a map for a `key_id`.
    DocsA,
    /// The security guide: action arrays with `admin`, register answers with `api_key`; else as `DocsA`.
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

/// What the key list, and the reply of the legacy edit, shows of a secret (C19).
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
    /// Id (`key_id` in legacy and docs) or value.
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

/// The form of grants in a docs list (C4, C5). Elsewhere they are always `Plain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListGrants {
    /// Objects of five members, as the guide prints them: `delete` and `admin` do not show.
    Plain,
    /// The same with `delete` (`docs-a`) or `admin` (`docs-s`) as a sixth member.
    Extended,
    /// Action arrays; field lists do not show.
    Arrays,
}

/// What an edit does with the map it brings (C10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapEdit {
    /// Collections left out lose their grant.
    Replace,
    /// Collections left out keep their grant.
    Merge,
}
