//! What a key's own secret is told of its rights, and what the maker of a key is told: well-formed, and odd.

use crate::case::{
    Case,
    Expect::{Makes, Owns, Reads},
    ID, Listed, Made, VALUE, body,
};
use domain::Notice;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = told();
    cases.extend(unproven());
    cases.extend(made());
    cases
}

/// Rights that are read, and as what.
fn told() -> Vec<Case> {
    let table: [(&str, &str, &'static str, &'static str); 14] = [
        (
            "nothing",
            r#"{"admin":false,"collections":{},"kv":[]}"#,
            "od",
            "",
        ),
        (
            "everything",
            r#"{"admin":true,"collections":{},"kv":[]}"#,
            "od",
            "admin",
        ),
        (
            "the older names",
            r#"{"key_id":"key_123","label":"a","is_admin":false,"collection_permissions":{"users":["read"]}}"#,
            "d",
            "users read:all write:none",
        ),
        (
            "the older names, and prefixes",
            r#"{"is_admin":false,"collection_permissions":{"users":["write"]},"kv_permissions":[]}"#,
            "od",
            "users read:none write:all",
        ),
        (
            "names of both kinds",
            r#"{"admin":false,"collection_permissions":{"users":[]},"kv":[{"prefix":"s:"}]}"#,
            "od",
            "users read:none write:none, s: read:none write:none",
        ),
        (
            "rules",
            r#"{"admin":false,"collections":{"users":{"read":true,"write":true,"select_fields":[],"writable_fields":["a"]}},"kv":[]}"#,
            "od",
            "users read:fields write:fields",
        ),
        (
            "rules of rights that are off",
            r#"{"admin":false,"collections":{"users":{"read":false,"select_fields":["a"],"writable_fields":[]}},"kv":[]}"#,
            "od",
            "users read:none write:none",
        ),
        (
            "rights to delete and to change schemas",
            r#"{"admin":false,"collections":{"users":["delete","admin"],"orders":{"read":true}},"kv":[]}"#,
            "od",
            "orders read:all write:none delete:inherited admin:none, users read:none write:none delete:all admin:all",
        ),
        (
            "a collection and a prefix of one name",
            r#"{"admin":false,"collections":{"a":["read"]},"kv":[{"prefix":"a","write":true}]}"#,
            "od",
            "a read:all write:none, a read:none write:all",
        ),
        (
            "strange members",
            r#"{"admin":false,"collections":{"users":{"read":true,"since":{"deep":[1]},"fly":false}},"kv":[],"x":1e9}"#,
            "od",
            "users read:all write:none",
        ),
        (
            "names that hide",
            r#"{"admin":false,"collections":{"../users":["read"],"":[],"use\u202ers":["write"]},"kv":[{"prefix":""}]}"#,
            "od",
            " read:none write:none, ../users read:all write:none, use\u{202E}rs read:none write:all,  read:none write:none",
        ),
        (
            "a label that is markup",
            r#"{"label":"<script>hOsTiLe</script>","key_id":"../keys/other","admin":false,"collections":{},"kv":[]}"#,
            "od",
            "",
        ),
        (
            "an admin's word in a collection",
            r#"{"admin":false,"collections":{"admin":["read"]},"kv":[]}"#,
            "od",
            "admin read:all write:none",
        ),
        (
            "a name that is a prototype",
            r#"{"admin":false,"collections":{"__proto__":{"admin":true}},"kv":[],"constructor":{"admin":true}}"#,
            "od",
            "__proto__ read:none write:none admin:all",
        ),
    ];
    table
        .into_iter()
        .map(|(name, text, letters, rights)| {
            body(format!("own rights: {name}"), text, Owns(letters, rights))
        })
        .collect()
}

/// Rights that would look equal to smaller ones, or to none, if they were read as far as they can be.
fn unproven() -> Vec<Case> {
    // Who else reads an object like these, by what it names.
    let (new, old) = ("rhfpn", "rhfp");
    [
        ("an unknown action", r#"{"admin":false,"collections":{"users":["read","fly"]},"kv":[]}"#, new),
        ("an action in capitals", r#"{"admin":false,"collections":{"users":["READ"]},"kv":[]}"#, new),
        ("a member that is on", r#"{"admin":false,"collections":{"users":{"read":false,"fly":true}},"kv":[]}"#, new),
        (
            "a prefix twice, wider at last",
            r#"{"admin":false,"collections":{},"kv":[{"prefix":"a"},{"prefix":"a","read":true,"write":true}]}"#,
            new,
        ),
        (
            "a prefix twice, once escaped",
            r#"{"admin":false,"collections":{},"kv":[{"prefix":"a"},{"prefix":"\u0061","write":true}]}"#,
            new,
        ),
        (
            "a collection twice",
            r#"{"admin":false,"collections":{"users":[],"users":["read","write"]},"kv":[]}"#,
            new,
        ),
        (
            "collections under both names",
            r#"{"admin":false,"collections":{},"collection_permissions":{"users":["write"]},"kv":[]}"#,
            new,
        ),
        (
            "prefixes under both names",
            r#"{"admin":false,"collections":{},"kv":[],"kv_permissions":[{"prefix":"a","write":true}]}"#,
            new,
        ),
        ("admin twice", r#"{"admin":false,"admin":true,"collections":{},"kv":[]}"#, "rhfn"),
        ("admin under both names", r#"{"admin":false,"is_admin":true,"collections":{},"kv":[]}"#, "rhfn"),
        ("a right twice", r#"{"is_admin":false,"collection_permissions":{"u":{"read":false,"read":true}}}"#, old),
        ("grants as one", r#"{"admin":false,"collections":["read"],"kv":[]}"#, "rhfpnc"),
        ("a grant in a word", r#"{"is_admin":false,"collection_permissions":{"users":"read"}}"#, old),
        ("words for yes", r#"{"is_admin":false,"collection_permissions":{"users":{"read":"false"}}}"#, old),
        ("rights in an envelope", r#"{"data":{"admin":false,"collections":{},"kv":[]}}"#, "rhfn"),
        ("admin alone", r#"{"admin":false}"#, new),
        ("an error", r#"{"error":"hOsTiLe","admin":false}"#, new),
    ]
    .into_iter()
    .map(|(name, text, letters)| body(format!("own rights: {name}"), text, Reads(letters)))
    .collect()
}

fn made() -> Vec<Case> {
    let one = |has_secret, has_id, lags, notices: &[Notice]| {
        Makes(Made {
            has_secret,
            lags,
            record: Listed {
                has_id,
                has_fingerprint: has_secret,
                notices: notices.to_vec(),
            },
        })
    };
    let nobody = [Notice::Unidentified, Notice::LabelEmpty];
    let table: [(&str, String, crate::case::Expect); 14] = [
        (
            "whole",
            format!(r#"{{"key":"{VALUE}","id":"{ID}","label":"a"}}"#),
            one(true, true, false, &[]),
        ),
        (
            "by the other name",
            format!(r#"{{"api_key":"{VALUE}","label":"a","created_at":"x"}}"#),
            one(true, false, false, &[]),
        ),
        (
            "of which nothing is said",
            r#"{"status":"success"}"#.into(),
            one(false, false, false, &nobody),
        ),
        (
            "null",
            r#"{"key":null}"#.into(),
            one(false, false, false, &nobody),
        ),
        (
            "masked",
            format!(r#"{{"key":"eko_prod_abc123...","id":"{ID}","label":"a"}}"#),
            one(false, true, false, &[]),
        ),
        (
            "of stars",
            format!(r#"{{"key":"********************","id":"{ID}","label":"a"}}"#),
            one(false, true, false, &[]),
        ),
        (
            "of nothing",
            format!(r#"{{"key":"","id":"{ID}","label":"a"}}"#),
            one(false, true, false, &[]),
        ),
        (
            "with an id that leads elsewhere",
            format!(r#"{{"key":"{VALUE}","id":"../keys/other","label":"a"}}"#),
            one(true, false, false, &[Notice::IdUnusable]),
        ),
        (
            "with a number for an id",
            format!(r#"{{"key":"{VALUE}","id":7,"label":"a"}}"#),
            one(true, false, false, &[Notice::IdUnusable]),
        ),
        (
            "that lags",
            format!(r#"{{"key":"{VALUE}","id":"{ID}","label":"a","ripple_warning":"hOsTiLe"}}"#),
            one(true, true, true, &[]),
        ),
        (
            "whose warning is odd",
            format!(r#"{{"key":"{VALUE}","id":"{ID}","label":"a","ripple_warning":[]}}"#),
            one(true, true, true, &[]),
        ),
        (
            "that is said again",
            format!(
                r#"{{"key":"{VALUE}","id":"{ID}","label":"a","echo":{{"deep":["x{VALUE}x"]}},"refresh_token":"{VALUE}"}}"#
            ),
            one(true, true, false, &[]),
        ),
        (
            "of hidden characters",
            format!(r#"{{"key":"{VALUE}","id":"{ID}","label":"a\u202eb"}}"#),
            one(true, true, false, &[Notice::LabelHiddenCharacters]),
        ),
        (
            "with rights of everything",
            format!(
                r#"{{"key":"{VALUE}","id":"{ID}","label":"a","collection_permissions":{{"*":["fly"]}}}}"#
            ),
            one(true, true, false, &[]),
        ),
    ];
    let mut cases: Vec<Case> = table
        .into_iter()
        .map(|(name, text, expect)| body(format!("a made key {name}"), text, expect))
        .collect();
    // Of two values, nobody could tell which is the key's; whether one was made is not known then.
    for (name, text) in [
        (
            "of two values",
            format!(r#"{{"key":"{VALUE}","key":"{VALUE}2"}}"#),
        ),
        (
            "of two names",
            format!(r#"{{"key":"{VALUE}","api_key":"{VALUE}2"}}"#),
        ),
        ("of two ids", format!(r#"{{"id":"{ID}","key_id":"{ID}"}}"#)),
        ("that is none", r#"{"key":{"value":"hOsTiLe"}}"#.into()),
    ] {
        cases.push(body(format!("a made key {name}"), text, Reads("rhf")));
    }
    cases
}
