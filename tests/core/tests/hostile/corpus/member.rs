//! Every member of every wire type, with a value of every kind, and without it.

use crate::case::{Case, Expect::Reads, ID, VALUE, body};

/// A value of every kind.
const VALUES: [&str; 9] = [
    "null",
    "true",
    "7",
    "0.5",
    "\"hOsTiLe\"",
    "[]",
    "{}",
    "[null]",
    "{\"a\":null}",
];

/// A member: who reads it, the reply with `$` in its place, whether each of [`VALUES`] is read (`+`) or
/// not (`-`), and who reads the reply whatever stands there.
struct Member(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const MEMBERS: [Member; 28] = [
    Member("status", "rh", r#"{"status":$}"#, "+++++++++", "f"),
    Member(
        "integrity_ok",
        "rh",
        r#"{"integrity_ok":$}"#,
        "++-------",
        "f",
    ),
    Member("version", "rh", r#"{"version":$}"#, "+---+----", "f"),
    Member("token", "t", r#"{"token":$}"#, "----+----", "rhf"),
    Member(
        "admin",
        "p",
        r#"{"admin":$,"collections":{},"kv":[]}"#,
        "-+-------",
        "rhf",
    ),
    Member("is_admin", "p", r#"{"is_admin":$}"#, "-+-------", "rhf"),
    Member(
        "collections",
        "c",
        r#"{"collections":$}"#,
        "-----+---",
        "rhf",
    ),
    Member(
        "a collection",
        "c",
        r#"{"collections":["users",$]}"#,
        "----+----",
        "rhf",
    ),
    Member("fields", "f", r#"{"fields":$}"#, "------+-+", "rh"),
    Member(
        "a field",
        "f",
        r#"{"fields":{"email":$}}"#,
        "+++++++++",
        "rh",
    ),
    Member(
        "primary_key_alias",
        "f",
        r#"{"fields":{},"primary_key_alias":$}"#,
        "+---+----",
        "rh",
    ),
    Member(
        "before",
        "m",
        r#"{"before":$,"after":null}"#,
        "+----++-+",
        "rhf*",
    ),
    Member(
        "before.read",
        "m",
        r#"{"before":{"read":$},"after":null}"#,
        "-+-------",
        "rhf",
    ),
    Member(
        "before.prefix",
        "v",
        r#"{"before":{"prefix":$},"after":null}"#,
        "----+----",
        "rhf*",
    ),
    Member("key", "k", r#"[{"key":$}]"#, "+---+----", ""),
    Member("api_key", "k", r#"[{"api_key":$}]"#, "+---+----", ""),
    Member("id", "k", r#"[{"id":$}]"#, "+++++++++", ""),
    Member("label", "k", r#"[{"label":$}]"#, "+++++++++", ""),
    Member(
        "description",
        "k",
        r#"[{"description":$}]"#,
        "+++++++++",
        "",
    ),
    Member(
        "is_admin of a key",
        "k",
        r#"[{"is_admin":$}]"#,
        "++-------",
        "",
    ),
    Member(
        "collection_permissions",
        "k",
        r#"[{"collection_permissions":$}]"#,
        "+-----+--",
        "",
    ),
    Member(
        "a grant",
        "k",
        r#"[{"collection_permissions":{"users":$}}]"#,
        "-----++-+",
        "",
    ),
    Member(
        "read",
        "k",
        r#"[{"collection_permissions":{"users":{"read":$}}}]"#,
        "-+-------",
        "",
    ),
    Member(
        "delete",
        "k",
        r#"[{"collection_permissions":{"users":{"delete":$}}}]"#,
        "++-------",
        "",
    ),
    Member(
        "select_fields",
        "k",
        r#"[{"collection_permissions":{"users":{"read":true,"select_fields":$}}}]"#,
        "+----+---",
        "",
    ),
    Member(
        "kv_permissions",
        "k",
        r#"[{"kv_permissions":$}]"#,
        "+----+---",
        "",
    ),
    Member(
        "a prefix",
        "k",
        r#"[{"kv_permissions":[{"prefix":$,"read":true}]}]"#,
        "----+----",
        "",
    ),
    Member("created_at", "k", r#"[{"created_at":$}]"#, "+++++++++", ""),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for Member(name, readers, template, reads, others) in &MEMBERS {
        for (value, read) in VALUES.iter().zip(reads.chars()) {
            let also = if read == '+' { *readers } else { "" };
            let told = both_changes(others, template, value);
            let letters: &'static str =
                String::leak(format!("{also}{}{told}", others.trim_end_matches('*')));
            cases.push(body(
                format!("{name} is {value}"),
                template.replace('$', value),
                Reads(letters),
            ));
        }
    }
    cases.extend(MISSING.map(|(name, text, letters)| body(name, text, Reads(letters))));
    cases
}

/// A change's reply is read by both kinds of change, each in its own way.
fn both_changes(others: &str, template: &str, value: &str) -> &'static str {
    match (others.ends_with('*'), template.contains("prefix"), value) {
        (true, false, "null") => "mv",
        (true, true, _) => "m",
        _ => "",
    }
}

/// Replies that lack what they must have, or nearly.
const MISSING: [(&str, &str, &str); 12] = [
    (
        "no status",
        r#"{"integrity_ok":true,"version":"0.80.0"}"#,
        "rhf",
    ),
    (
        "no token",
        r#"{"Token":"aaa.bbb.ccc","access_token":"aaa.bbb.ccc"}"#,
        "rhf",
    ),
    ("no admin", r#"{"collections":{},"kv":[]}"#, "rhf"),
    ("no collections", r#"{"Collections":["users"]}"#, "rhf"),
    (
        "no fields",
        r#"{"version":"1","primary_key_alias":"id"}"#,
        "rhf",
    ),
    (
        "no before",
        r#"{"after":{"read":true,"write":false}}"#,
        "rhf",
    ),
    (
        "no after",
        r#"{"before":{"prefix":"session:","read":true,"write":false}}"#,
        "rhfmv",
    ),
    ("a key of nothing", "[{}]", "k"),
    (
        "a grant of nothing",
        r#"[{"collection_permissions":{"users":{}}}]"#,
        "k",
    ),
    (
        "a prefix without its name",
        r#"[{"kv_permissions":[{"read":true}]}]"#,
        "",
    ),
    (
        "a prefix as a list",
        r#"[{"kv_permissions":[["session:",true,true]]}]"#,
        "",
    ),
    ("an integer for a name", r#"{"collections":[1e400]}"#, "rhf"),
];

/// Two records of the same key; used where a list must not be trusted to name a key once.
pub(super) fn twice(extra: &str) -> String {
    format!(r#"[{{"id":"{ID}","key":"{VALUE}"{extra}}},{{"id":"{ID}","key":"{VALUE}2"}}]"#)
}
