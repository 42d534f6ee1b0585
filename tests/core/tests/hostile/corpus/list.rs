//! Lists that are well-formed and mean something odd.

use super::member::twice;
use crate::case::{
    Case,
    Expect::{Lists, Reads},
    ID, Listed, VALUE, body,
};
use domain::Notice;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = ids();
    cases.extend(values());
    cases.extend(labels());
    cases.extend(readable());
    cases.extend(refused());
    cases
}

fn one(has_id: bool, has_fingerprint: bool, notices: &[Notice]) -> Listed {
    Listed {
        has_id,
        has_fingerprint,
        notices: notices.to_vec(),
    }
}

/// Ids that would lead a request elsewhere: shown, noticed, never used.
fn ids() -> Vec<Case> {
    [
        "../keys/other",
        "..",
        ".",
        "",
        "/",
        "?x",
        "#x",
        "%2e%2e",
        "%2E%2E%2Fx",
        "a/b",
        "a\\b",
        "0123456789ABCDEF0123456789ABCDEF",
        "0123456789abcdef0123456789abcdeg",
        "0123456789abcdef0123456789abcdef0",
        "0123456789abcdef0123456789abcde",
        " 0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef\\n",
        "0123456789abcdef\\u0000123456789abcdef",
        "0123456789abcdef0123456789abcde\\uff10",
        "01234567-89ab-cdef-0123-456789abcdef",
        "me",
        "key_123",
        "*",
        "http://127.0.0.1/",
    ]
    .into_iter()
    .map(|id| {
        let text = format!(r#"[{{"key":"{VALUE}","id":"{id}","label":"a"}}]"#);
        body(
            format!("id {id:?}"),
            text,
            Lists(vec![one(false, true, &[Notice::IdUnusable])]),
        )
    })
    .collect()
}

/// Values that are masked, short, or vast.
fn values() -> Vec<Case> {
    let masked = [
        "",
        "eko_prod_abc123...",
        "eko_prod_****************",
        "eko_prod_abcdefghijklmno…",
        "••••••••••••••••••••",
        "short",
        "123456789012345",
    ];
    let whole = [
        "1234567890123456",
        "ключ-ключ-ключ-ключ",
        "\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00",
        "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000",
    ];
    let list = |value: &str| format!(r#"[{{"key":"{value}","label":"a"}}]"#);
    let mut cases: Vec<Case> = masked
        .into_iter()
        .map(|value| {
            let expect = Lists(vec![one(false, false, &[Notice::Unidentified])]);
            body(format!("a value masked as {value:?}"), list(value), expect)
        })
        .collect();
    cases.extend(whole.into_iter().map(|value| {
        body(
            format!("a value of {value:?}"),
            list(value),
            Lists(vec![one(false, true, &[])]),
        )
    }));
    cases.push(body(
        "a value of 1 MB",
        list(&"v".repeat(1_000_000)),
        Lists(vec![one(false, true, &[])]),
    ));
    cases
}

fn labels() -> Vec<Case> {
    let hidden = Notice::LabelHiddenCharacters;
    let table: [(&str, String, &[Notice]); 14] = [
        ("none", String::new(), &[Notice::LabelEmpty]),
        ("of spaces", "   ".into(), &[Notice::LabelEmpty]),
        ("of reordering", "a\u{202E}b".into(), &[hidden]),
        ("of no width", "a\u{200B}b".into(), &[hidden]),
        ("of an isolate", "a\u{2066}b".into(), &[hidden]),
        ("of a mark of byte order", "\u{FEFF}a".into(), &[hidden]),
        ("of a NUL", "a\\u0000b".into(), &[hidden]),
        ("of an escape", "\\u001b[31mred".into(), &[hidden]),
        ("of lines", "a\\nb".into(), &[hidden]),
        ("of markup", "<img src=x onerror=hOsTiLe>".into(), &[]),
        ("of a formula", "=HYPERLINK(hOsTiLe)".into(), &[]),
        ("of 512 characters", "é".repeat(512), &[]),
        ("of 513 characters", "é".repeat(513), &[Notice::LabelCut]),
        ("of 1 MB", "x".repeat(1_000_000), &[Notice::LabelCut]),
    ];
    table
        .into_iter()
        .map(|(name, label, notices)| {
            let text = format!(r#"[{{"id":"{ID}","label":"{label}","description":"{label}"}}]"#);
            body(
                format!("a label {name}"),
                text,
                Lists(vec![one(true, false, notices)]),
            )
        })
        .collect()
}

/// Records with an odd member that is taken as it is.
fn readable() -> Vec<Case> {
    let grants = |text: &str| format!(r#","collection_permissions":{text}"#);
    let table: [(&str, String); 26] = [
        (
            "an unknown action",
            grants(r#"{"users":["read","fly","hOsTiLe"]}"#),
        ),
        (
            "every action twice",
            grants(r#"{"users":["read","read","write","write"]}"#),
        ),
        (
            "a million actions that are one",
            grants(&format!(
                r#"{{"users":["read"{}]}}"#,
                ",\"read\"".repeat(1_000)
            )),
        ),
        (
            "blank fields",
            grants(r#"{"users":{"read":true,"select_fields":[""," ","\t"]}}"#),
        ),
        (
            "fields in both lists",
            grants(r#"{"users":{"read":true,"select_fields":["a"],"exclude_fields":["a"]}}"#),
        ),
        (
            "rules of a right that is off",
            grants(r#"{"users":{"read":false,"select_fields":["a"]}}"#),
        ),
        (
            "a grant with strange members",
            grants(r#"{"users":{"read":true,"fly":{"deep":[1]},"secret":"hOsTiLe"}}"#),
        ),
        (
            "a collection that is a path",
            grants(r#"{"../users":["read"],"..":["read"]}"#),
        ),
        ("a collection of no name", grants(r#"{"":["read"]}"#)),
        (
            "a collection that hides",
            grants(r#"{"use\u202ers":["read"],"users":["read"]}"#),
        ),
        ("a thousand collections", {
            let many: Vec<String> = (0..1_000).map(|n| format!("\"c{n}\":[]")).collect();
            grants(&format!("{{{}}}", many.join(",")))
        }),
        (
            "a prefix of no name",
            r#","kv_permissions":[{"prefix":"","read":true}]"#.into(),
        ),
        (
            "a prefix twice",
            r#","kv_permissions":[{"prefix":"a","read":true},{"prefix":"a","write":true}]"#.into(),
        ),
        (
            "a warning",
            r#","ripple_warning":"hOsTiLe Incomplete propagation""#.into(),
        ),
        ("made before 1970", r#","created_at":-1"#.into()),
        ("made at 0", r#","created_at":0"#.into()),
        ("made at 10^12 s", r#","created_at":1000000000000"#.into()),
        (
            "made at 2^63 - 1",
            r#","created_at":9223372036854775807"#.into(),
        ),
        (
            "made at -2^63",
            r#","created_at":-9223372036854775808"#.into(),
        ),
        (
            "made at 2^64",
            r#","created_at":18446744073709551616"#.into(),
        ),
        ("made at 10^300", r#","created_at":1e300"#.into()),
        (
            "made in the year 10^12",
            r#","created_at":"1000000000000-01-01T00:00:00Z""#.into(),
        ),
        (
            "made in the year -262143",
            r#","created_at":"-262143-01-01T00:00:00Z""#.into(),
        ),
        (
            "made on the 31st of February",
            r#","created_at":"2026-02-31T00:00:00Z""#.into(),
        ),
        (
            "made in a leap second",
            r#","created_at":"2016-12-31T23:59:60.999999999Z""#.into(),
        ),
        ("made in words", r#","created_at":"hOsTiLe""#.into()),
    ];
    table
        .into_iter()
        .map(|(name, more)| {
            let text = format!(r#"[{{"id":"{ID}","key":"{VALUE}","label":"a"{more}}}]"#);
            body(name, text, Lists(vec![one(true, true, &[])]))
        })
        .chain([
            body("the same id twice", twice(r#","label":"a""#), {
                Lists(vec![
                    one(true, true, &[]),
                    one(true, true, &[Notice::LabelEmpty]),
                ])
            }),
            body(
                "the same value twice",
                format!(r#"[{{"key":"{VALUE}"}},{{"key":"{VALUE}"}}]"#),
                Lists(vec![one(false, true, &[Notice::LabelEmpty]); 2]),
            ),
        ])
        .collect()
}

/// Records that say two things at once: which one counts, nobody could tell.
fn refused() -> Vec<Case> {
    [
        (
            "a member twice",
            r#"[{"is_admin":false,"is_admin":true}]"#.to_owned(),
        ),
        (
            "an id twice in a record",
            format!(r#"[{{"id":"{ID}","id":"{ID}"}}]"#),
        ),
        (
            "an id under two names",
            format!(r#"[{{"id":"{ID}","key_id":"key_123"}}]"#),
        ),
        (
            "a value under two names",
            format!(r#"[{{"key":"{VALUE}","api_key":"{VALUE}"}}]"#),
        ),
        (
            "a collection twice",
            r#"[{"collection_permissions":{"users":[],"users":["read","write"]}}]"#.into(),
        ),
        (
            "a collection twice, once escaped",
            r#"[{"collection_permissions":{"users":[],"\u0075sers":["read","write"]}}]"#.into(),
        ),
        (
            "a right twice in a grant",
            r#"[{"collection_permissions":{"users":{"read":false,"read":true}}}]"#.into(),
        ),
        (
            "one good key and one that is none",
            format!(r#"[{{"id":"{ID}"}},7]"#),
        ),
    ]
    .into_iter()
    .map(|(name, text)| body(name, text, Reads("")))
    .collect()
}
