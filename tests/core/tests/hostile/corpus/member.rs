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

/// A member: the reply with `$` in its place, who reads it where and whether each of [`VALUES`] is read there (`+`)
/// or not (`-`), and who reads the reply whatever stands there.
struct Member(
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const MEMBERS: [Member; 46] = [
    Member("status", r#"{"status":$}"#, &[("rh", "+++++++++")], "fn"),
    Member(
        "integrity_ok",
        r#"{"integrity_ok":$}"#,
        &[("rh", "++-------")],
        "fn",
    ),
    Member("version", r#"{"version":$}"#, &[("rh", "+---+----")], "fn"),
    Member("token", r#"{"token":$}"#, &[("t", "----+----")], "rhfn"),
    Member(
        "admin",
        r#"{"admin":$,"collections":{},"kv":[]}"#,
        &[("pod", "-+-------")],
        "rhfn",
    ),
    Member(
        "is_admin",
        r#"{"is_admin":$}"#,
        &[("p", "-+-------"), ("n", "++-------")],
        "rhf",
    ),
    Member(
        "collections",
        r#"{"collections":$}"#,
        &[("c", "-----+---")],
        "rhfn",
    ),
    Member(
        "a collection",
        r#"{"collections":["users",$]}"#,
        &[("c", "----+----")],
        "rhfn",
    ),
    Member("fields", r#"{"fields":$}"#, &[("f", "------+-+")], "rhn"),
    Member(
        "a field",
        r#"{"fields":{"email":$}}"#,
        &[("f", "+++++++++")],
        "rhn",
    ),
    Member(
        "primary_key_alias",
        r#"{"fields":{},"primary_key_alias":$}"#,
        &[("f", "+---+----")],
        "rhn",
    ),
    Member(
        "before",
        r#"{"before":$,"after":null}"#,
        &[("m", "+----++-+")],
        "rhfn*",
    ),
    Member(
        "before.read",
        r#"{"before":{"read":$},"after":null}"#,
        &[("m", "-+-------")],
        "rhfn",
    ),
    Member(
        "before.prefix",
        r#"{"before":{"prefix":$},"after":null}"#,
        &[("v", "----+----")],
        "rhfn*",
    ),
    Member("key", r#"[{"key":$}]"#, &[("k", "+---+----")], ""),
    Member("api_key", r#"[{"api_key":$}]"#, &[("k", "+---+----")], ""),
    Member("id", r#"[{"id":$}]"#, &[("k", "+++++++++")], ""),
    Member("label", r#"[{"label":$}]"#, &[("k", "+++++++++")], ""),
    Member(
        "description",
        r#"[{"description":$}]"#,
        &[("k", "+++++++++")],
        "",
    ),
    Member(
        "is_admin of a key",
        r#"[{"is_admin":$}]"#,
        &[("k", "++-------")],
        "",
    ),
    Member(
        "collection_permissions",
        r#"[{"collection_permissions":$}]"#,
        &[("k", "+-----+--")],
        "",
    ),
    Member(
        "a grant",
        r#"[{"collection_permissions":{"users":$}}]"#,
        &[("k", "-----++-+")],
        "",
    ),
    Member(
        "read",
        r#"[{"collection_permissions":{"users":{"read":$}}}]"#,
        &[("k", "-+-------")],
        "",
    ),
    Member(
        "delete",
        r#"[{"collection_permissions":{"users":{"delete":$}}}]"#,
        &[("k", "++-------")],
        "",
    ),
    Member(
        "select_fields",
        r#"[{"collection_permissions":{"users":{"read":true,"select_fields":$}}}]"#,
        &[("k", "+----+---")],
        "",
    ),
    Member(
        "kv_permissions",
        r#"[{"kv_permissions":$}]"#,
        &[("k", "+----+---")],
        "",
    ),
    Member(
        "a prefix",
        r#"[{"kv_permissions":[{"prefix":$,"read":true}]}]"#,
        &[("k", "----+----")],
        "",
    ),
    Member(
        "created_at",
        r#"[{"created_at":$}]"#,
        &[("k", "+++++++++")],
        "",
    ),
    Member(
        "own collections",
        r#"{"is_admin":false,"collection_permissions":$,"kv_permissions":[]}"#,
        &[("od", "------+--"), ("n", "+-----+--")],
        "rhfp",
    ),
    Member(
        "an own grant",
        r#"{"is_admin":false,"collection_permissions":{"users":$},"kv_permissions":[]}"#,
        &[("odn", "-----++-+")],
        "rhfp",
    ),
    Member(
        "an own right",
        r#"{"is_admin":false,"collection_permissions":{"users":{"read":$}},"kv_permissions":[]}"#,
        &[("odn", "-+-------")],
        "rhfp",
    ),
    Member(
        "an own right to delete",
        r#"{"is_admin":false,"collection_permissions":{"users":{"delete":$}},"kv_permissions":[]}"#,
        &[("odn", "++-------")],
        "rhfp",
    ),
    Member(
        "an own right that nobody knows",
        r#"{"is_admin":false,"collection_permissions":{"users":{"fly":$}},"kv_permissions":[]}"#,
        &[("od", "+-+++++++")],
        "rhfpn",
    ),
    Member(
        "own prefixes",
        r#"{"admin":false,"collections":{},"kv":$}"#,
        &[("o", "-----+---"), ("d", "+----+---")],
        "rhfpn",
    ),
    Member(
        "an own prefix",
        r#"{"admin":false,"collections":{},"kv":[{"prefix":$}]}"#,
        &[("od", "----+----")],
        "rhfpn",
    ),
    Member(
        "a right on an own prefix",
        r#"{"admin":false,"collections":{},"kv":[{"prefix":"a","write":$}]}"#,
        &[("od", "-+-------")],
        "rhfpn",
    ),
    Member(
        "the own id",
        r#"{"key_id":$,"is_admin":false,"collection_permissions":{}}"#,
        &[("d", "+---+----")],
        "rhfpn",
    ),
    Member(
        "the own label",
        r#"{"label":$,"admin":false,"collections":{},"kv":[]}"#,
        &[("od", "+---+----")],
        "rhfpn",
    ),
    Member("a made value", r#"{"key":$}"#, &[("n", "+---+----")], "rhf"),
    Member(
        "a made value of another name",
        r#"{"api_key":$}"#,
        &[("n", "+---+----")],
        "rhf",
    ),
    Member("a made id", r#"{"id":$}"#, &[("n", "+++++++++")], "rhf"),
    Member(
        "a made label",
        r#"{"label":$}"#,
        &[("n", "+++++++++")],
        "rhf",
    ),
    Member(
        "a made grant",
        r#"{"collection_permissions":{"users":$}}"#,
        &[("n", "-----++-+")],
        "rhf",
    ),
    Member(
        "made prefixes",
        r#"{"kv_permissions":$}"#,
        &[("n", "+----+---")],
        "rhf",
    ),
    Member(
        "a made moment",
        r#"{"created_at":$}"#,
        &[("n", "+++++++++")],
        "rhf",
    ),
    Member(
        "a warning to its maker",
        r#"{"ripple_warning":$}"#,
        &[("n", "+++++++++")],
        "rhf",
    ),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for Member(name, template, readers, others) in &MEMBERS {
        for (at, value) in VALUES.iter().enumerate() {
            let reads = readers
                .iter()
                .filter(|(_, read)| read.as_bytes()[at] == b'+');
            let also: String = reads.map(|(letters, _)| *letters).collect();
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
const MISSING: [(&str, &str, &str); 14] = [
    (
        "no status",
        r#"{"integrity_ok":true,"version":"0.80.0"}"#,
        "rhfn",
    ),
    (
        "no token",
        r#"{"Token":"aaa.bbb.ccc","access_token":"aaa.bbb.ccc"}"#,
        "rhfn",
    ),
    ("no admin", r#"{"collections":{},"kv":[]}"#, "rhfn"),
    ("no collections", r#"{"Collections":["users"]}"#, "rhfn"),
    (
        "no fields",
        r#"{"version":"1","primary_key_alias":"id"}"#,
        "rhfn",
    ),
    (
        "no before",
        r#"{"after":{"read":true,"write":false}}"#,
        "rhfn",
    ),
    (
        "no after",
        r#"{"before":{"prefix":"session:","read":true,"write":false}}"#,
        "rhfmvn",
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
    ("no own collections", r#"{"admin":false,"kv":[]}"#, "rhfpn"),
    (
        "no own prefixes",
        r#"{"admin":false,"collections":{}}"#,
        "rhfpnd",
    ),
];

/// Two records of the same key; used where a list must not be trusted to name a key once.
pub(super) fn twice(extra: &str) -> String {
    format!(r#"[{{"id":"{ID}","key":"{VALUE}"{extra}}},{{"id":"{ID}","key":"{VALUE}2"}}]"#)
}
