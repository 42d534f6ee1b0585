//! Replies of many megabytes. What they are made of is small; what a careless reader makes of it is not.

use crate::case::{
    Case,
    Expect::{Lists, Owns, Reads, TooLarge},
    Listed, VALUE, vast,
};
use domain::Notice;

const MIB: usize = 1 << 20;

pub(crate) fn cases() -> Vec<Case> {
    let lists = |count: usize| {
        let notices = vec![Notice::Unidentified, Notice::LabelEmpty];
        let nobody = Listed {
            notices,
            ..Listed::default()
        };
        Lists(vec![nobody; count])
    };
    let label = format!("[{{\"key\":\"{VALUE}\",\"label\":\"");
    let extra = format!("[{{\"key\":\"{VALUE}\",\"extra\":[0");
    let grants = format!("[{{\"key\":\"{VALUE}\",\"collection_permissions\":{{\"");
    vec![
        vast(
            "a label of 31 MiB",
            &label,
            ("hOsTiLe ", 31 * MIB / 8),
            "\"}]",
            {
                let notices = vec![Notice::LabelCut];
                Lists(vec![Listed {
                    has_fingerprint: true,
                    notices,
                    ..Listed::default()
                }])
            },
        ),
        vast("33 MiB of spaces", "[", (" ", 33 * MIB), "]", TooLarge),
        vast("31 MiB of spaces", "[", (" ", 31 * MIB), "]", lists(0)),
        vast(
            "100,000 keys of nothing",
            "[{}",
            (",{}", 99_999),
            "]",
            lists(100_000),
        ),
        vast(
            "a million keys of nothing",
            "[{}",
            (",{}", 999_999),
            "]",
            Reads(""),
        ),
        vast(
            "numbers without end in a key",
            &extra,
            (",0", 4 * MIB),
            "]}]",
            Reads(""),
        ),
        vast(
            "lists without end in a key",
            &extra,
            (",[]", 3 * MIB),
            "]}]",
            Reads(""),
        ),
        vast(
            "actions without end",
            &(grants.clone() + "a\":[\"x\""),
            (",\"x\"", 2 * MIB),
            "]}}]",
            Reads(""),
        ),
        vast(
            "one collection without end",
            &grants,
            ("\":[],\"", MIB),
            "\":[]}}]",
            Reads(""),
        ),
        vast(
            "numbers without end in an object",
            "{\"fields\":{\"a\":[0",
            (",0", 3 * MIB),
            "]}}",
            Reads(""),
        ),
        vast(
            "own collections without end",
            "{\"admin\":false,\"kv\":[],\"collections\":{\"a\":[]",
            (",\"b\":[\"read\"]", MIB / 4 - 16),
            "}}",
            Reads("pf"),
        ),
        vast(
            "own prefixes without end",
            "{\"admin\":false,\"collections\":{},\"kv\":[{\"prefix\":\"\"}",
            (",{\"prefix\":\"\"}", MIB / 4 - 16),
            "]}",
            Reads("pf"),
        ),
        vast(
            "own actions without end",
            "{\"admin\":false,\"kv\":[],\"collections\":{\"a\":[\"read\"",
            (",\"read\"", MIB / 2 - 16),
            "]}}",
            Reads("pf"),
        ),
        vast(
            "an own label of 7 MiB",
            "{\"admin\":false,\"collections\":{},\"kv\":[],\"label\":\"",
            ("hOsTiLe ", 7 * MIB / 8),
            "\"}",
            Owns("od", ""),
        ),
        vast(
            "collections without end",
            "{\"collections\":[\"\"",
            (",\"\"", 2 * MIB),
            "]}",
            Reads(""),
        ),
    ]
}
