//! JSON that is none, or that is odd: alone, as a member nobody knows, and as such a member of a listed key.

use super::status::{OBJECT, UNIVERSAL, UNKEPT};
use crate::case::{Case, Expect::Reads, VALUE, body};

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = WHOLE
        .iter()
        .map(|(name, text, letters)| body(*name, *text, Reads(letters)))
        .collect();
    for (name, text, anywhere) in members() {
        let object = UNIVERSAL.replacen('{', &format!("{{\"extra\":{text},"), 1);
        let item = format!("[{{\"key\":\"{VALUE}\",\"extra\":{text}}}]");
        let (in_object, in_list) = match anywhere {
            Odd::Fine => (OBJECT, "k"),
            Odd::Bad => ("", ""),
            // Who skips a member unread also skips what cannot be held.
            Odd::BadWhereKept => (UNKEPT, ""),
        };
        cases.push(body(
            format!("{name}, in an object"),
            object,
            Reads(in_object),
        ));
        cases.push(body(format!("{name}, in a key"), item, Reads(in_list)));
    }
    cases
}

/// Bodies as they are, and who reads them.
const WHOLE: [(&str, &str, &str); 44] = [
    ("nothing", "", ""),
    ("spaces", " \r\n\t ", ""),
    ("null", "null", ""),
    ("true", "true", ""),
    ("a number", "7", ""),
    ("a text", "\"hOsTiLe\"", ""),
    ("an empty list", "[]", "k"),
    ("an empty object", "{}", "rhfn"),
    ("a list of nothing", "[null]", ""),
    ("a list of a list", "[[]]", ""),
    ("a list of a number", "[1]", ""),
    ("a list of a text", "[\"hOsTiLe\"]", ""),
    ("a list in an object", "{\"keys\":[]}", "rhfn"),
    ("a health report as a list", "[\"ok\",true,\"0.80.0\"]", ""),
    ("a token as a list", "[\"aaa.bbb.ccc\"]", ""),
    ("own rights as a list", "[true]", ""),
    ("collections as a list", "[[\"users\"]]", ""),
    ("fields as a list", "[{},\"id\"]", ""),
    ("a change as a list", "[null,null]", ""),
    ("two values", "{}{}", ""),
    ("two lists", "[][]", ""),
    ("a list with a comma too many", "[{},]", ""),
    ("a list without a comma", "[{}{}]", ""),
    ("a list that does not end", "[{}", ""),
    ("an object that does not end", "{\"status\":\"ok\"", ""),
    ("a text that does not end", "{\"status\":\"ok", ""),
    ("a list that ends as an object", "[{}}", ""),
    ("an end without a beginning", "]", ""),
    ("a member without a value", "{\"status\":}", ""),
    ("a member without a name", "{:1}", ""),
    ("a name without marks", "{status:\"ok\"}", ""),
    ("single marks", "{'status':'ok'}", ""),
    ("a comment", "{/* hOsTiLe */}", ""),
    ("a comment after it", "{} // hOsTiLe", ""),
    ("a NUL after it", "{}\0", ""),
    ("markup after it", "{}<script>hOsTiLe</script>", ""),
    ("a guard before it", ")]}',\n{}", ""),
    ("a call around it", "hOsTiLe({})", ""),
    ("a line of JSON each", "{}\n{}\n", ""),
    ("NaN", "NaN", ""),
    (
        "a name twice",
        "{\"status\":\"ok\",\"status\":\"no\",\"fields\":{},\"fields\":{\"hOsTiLe\":1}}",
        "n",
    ),
    (
        "a token twice",
        "{\"token\":\"aaa.bbb.ccc\",\"token\":\"ddd.eee.fff\"}",
        "rhfn",
    ),
    (
        "a right twice",
        "{\"admin\":false,\"is_admin\":true}",
        "rhfn",
    ),
    ("a change with one side", "{\"after\":null}", "rhfn"),
];

enum Odd {
    Fine,
    Bad,
    BadWhereKept,
}

/// Values for a member that nobody knows.
fn members() -> Vec<(&'static str, String, Odd)> {
    let deep = |depth: usize, open: &str, close: &str| open.repeat(depth) + &close.repeat(depth);
    vec![
        ("120 lists deep", deep(120, "[", "]"), Odd::Fine),
        ("128 lists deep", deep(128, "[", "]"), Odd::BadWhereKept),
        ("3,000 lists deep", deep(3_000, "[", "]"), Odd::BadWhereKept),
        ("lists that only begin", "[".repeat(60_000), Odd::Bad),
        (
            "120 objects deep",
            deep(119, "{\"a\":", "}").replacen(":}", ":{}}", 1),
            Odd::Fine,
        ),
        (
            "128 objects deep",
            deep(128, "{\"a\":", "}").replacen(":}", ":{}}", 1),
            Odd::BadWhereKept,
        ),
        ("10^400", "1e400".into(), Odd::BadWhereKept),
        ("-10^400", "-1e400".into(), Odd::BadWhereKept),
        ("10^-400", "1e-400".into(), Odd::Fine),
        (
            "an exponent of 20 digits",
            "1e99999999999999999999".into(),
            Odd::BadWhereKept,
        ),
        (
            "zero with an exponent of 20 digits",
            "0e99999999999999999999".into(),
            Odd::Fine,
        ),
        ("300 digits", "9".repeat(300), Odd::Fine),
        ("50,000 digits", "9".repeat(50_000), Odd::BadWhereKept),
        (
            "50,000 digits after the point",
            format!("0.{}", "9".repeat(50_000)),
            Odd::Fine,
        ),
        ("2^64", "18446744073709551616".into(), Odd::Fine),
        ("-2^63 - 1", "-9223372036854775809".into(), Odd::Fine),
        ("minus zero", "-0".into(), Odd::Fine),
        ("NaN as a value", "NaN".into(), Odd::Bad),
        ("infinity", "Infinity".into(), Odd::Bad),
        ("a zero before a number", "01".into(), Odd::Bad),
        ("a plus", "+1".into(), Odd::Bad),
        ("a point first", ".5".into(), Odd::Bad),
        ("a point last", "1.".into(), Odd::Bad),
        ("hexadecimal", "0x10".into(), Odd::Bad),
        ("an exponent without digits", "1e".into(), Odd::Bad),
        (
            "a lone high surrogate",
            r#""\ud83d""#.into(),
            Odd::BadWhereKept,
        ),
        (
            "a lone low surrogate",
            r#""\ude00""#.into(),
            Odd::BadWhereKept,
        ),
        (
            "surrogates the wrong way round",
            r#""\ude00\ud83d""#.into(),
            Odd::BadWhereKept,
        ),
        (
            "a pair of surrogates",
            r#""\ud83d\ude00""#.into(),
            Odd::Fine,
        ),
        ("a NUL, escaped", r#""hOs\u0000TiLe""#.into(), Odd::Fine),
        ("a NUL, not escaped", "\"hOs\0TiLe\"".into(), Odd::Bad),
        ("a newline, not escaped", "\"hOs\nTiLe\"".into(), Odd::Bad),
        ("an escape that is none", r#""\x41""#.into(), Odd::Bad),
        ("half an escape", r#""\u00""#.into(), Odd::Bad),
        (
            "reordering characters",
            "\"\u{202E}hOsTiLe\u{2066}\"".into(),
            Odd::Fine,
        ),
        ("markup", r#""<script>hOsTiLe</script>""#.into(), Odd::Fine),
        (
            "the value again",
            format!("{{\"a\":[\"x{VALUE}x\"]}}"),
            Odd::Fine,
        ),
        ("a name twice inside", r#"{"a":1,"a":2}"#.into(), Odd::Fine),
        ("a name of nothing", r#"{"":1}"#.into(), Odd::Fine),
        (
            "a name that is a prototype",
            r#"{"__proto__":{"isAdmin":true},"constructor":1}"#.into(),
            Odd::Fine,
        ),
        (
            "a name with a mark of its parser",
            r#"{"$serde_json::private::Number":"1e999"}"#.into(),
            Odd::Fine,
        ),
        (
            // The mark of a feature that the window's libraries ask for, and so every part of the program has.
            "another such name",
            r#"{"$serde_json::private::RawValue":"x"}"#.into(),
            Odd::BadWhereKept,
        ),
        (
            "a text of 50 KB",
            format!("\"{}\"", "h".repeat(50_000)),
            Odd::Fine,
        ),
        (
            "a name of 50 KB",
            format!("{{\"{}\":1}}", "h".repeat(50_000)),
            Odd::Fine,
        ),
    ]
}
