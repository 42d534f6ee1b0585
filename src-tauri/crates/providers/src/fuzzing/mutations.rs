//! The doors with random changes of good and bad input, the same ones in every run. A fuzzer goes further
//! (`make fuzz`); this much is asked of every change.

use super::{address, reply};

const REPLIES: [&str; 15] = [
    r#"{"status":"ok","integrity_ok":true,"version":"0.80.0"}"#,
    r#"{"token":"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTUzMDkyMDB9.c2ln"}"#,
    r#"{"admin":true,"collections":{},"kv":[]}"#,
    r#"{"admin":false,"collections":{"users":{"read":true,"write":false,"select_fields":["id"],"delete":false}},
        "kv":[{"prefix":"s:","read":true,"write":false},{"prefix":"t:","read":false,"write":true}]}"#,
    r#"{"key_id":"key_123","label":"a","is_admin":false,"collection_permissions":{"users":["read","delete"]}}"#,
    r#"{"key":"eko_prod_abcdefghijklmnopqrstuvwxyz","id":"0123456789abcdef0123456789abcdef","label":"a",
        "collection_permissions":{"users":["read"]},"ripple_warning":"Incomplete propagation"}"#,
    r#"{"collections":["users","orders"]}"#,
    r#"{"fields":{"email":{"field_type":"String"}},"primary_key_alias":"id"}"#,
    r#"{"before":{"read":true,"write":false,"select_fields":["id"]},"after":null}"#,
    r#"{"before":{"prefix":"session:","read":true,"write":false},"after":null}"#,
    r#"[{"key":"eko_prod_abcdefghijklmnopqrstuvwxyz","id":"0123456789abcdef0123456789abcdef","label":"a",
        "collection_permissions":{"users":["read","fly"],"orders":{"read":true,"exclude_fields":["x"]}},
        "kv_permissions":[{"prefix":"s:","read":true,"write":false}],"created_at":"2026-08-26T09:00:00Z"}]"#,
    r#"[{"api_key":"plainplainplainplain","key_id":"key_123","created_at":1700000000,"x":{"y":[1e3,null]}},
        {"key":"eko_prod_abc123...","is_admin":true,"description":"\ud83d\ude00"}]"#,
    "eyJhbGciOiJub25lIn0.eyJleHAiOi0xfQ.",
    "Sun, 22 Nov 2026 10:01:30 GMT\nSun, 22 Nov 2026 10:00:00 GMT",
    "-99999999999999999999",
];

const ADDRESSES: [&str; 8] = [
    "https://shop.production.example\napi\nauth\nkeys\n0123456789abcdef",
    "https://127.0.0.1:8443/\napi\nschemas\nusers",
    "http://localhost:9\napi\n..\nkeys",
    "http://[::1]:9140\napi\n%2e%2e\n?x#y",
    "https://[::ffff:10.0.0.1]\na\\b\n/",
    "https://xn--bcher-kva.example\ntenant:a/users\n\u{202E}",
    "https://bücher.example:443\nä\n+ &=;",
    "http://2130706433:9\n.",
];

/// Pieces that mean something somewhere.
const PIECES: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "1e999",
    "\\ud800",
    "\\u0000",
    "\"read\"",
    "\"key\":\"\",",
    "..",
    "%2e",
    "//",
    "@",
    "?",
    "#",
    "\n",
    "\u{202E}",
    "-9223372036854775808",
    "[[[[[[[[",
];

/// Xorshift, seeded.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }
}

fn mutated(seed: &str, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len());
        let end = (at + chance.below(9)).min(bytes.len());
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = PIECES[chance.below(PIECES.len())];
                drop(bytes.splice(at..end, piece.bytes()));
            }
            3 => {
                let again = bytes[at..end].repeat(1 + chance.below(40));
                drop(bytes.splice(at..at, again));
            }
            4 => bytes.truncate(at),
            _ => {
                let other = REPLIES[chance.below(REPLIES.len())].as_bytes();
                let from = chance.below(other.len());
                drop(bytes.splice(at..end, other[from..].iter().copied()));
            }
        }
    }
    bytes
}

fn run(door: fn(&[u8]), seeds: &[&str], rounds: usize) {
    let mut chance = Chance(0x005E_ED0F_4057_11E5);
    for seed in seeds {
        door(seed.as_bytes());
    }
    for round in 0..rounds {
        let bytes = mutated(seeds[round % seeds.len()], &mut chance);
        let survived = std::panic::catch_unwind(|| door(&bytes)).is_ok();
        assert!(survived, "{:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn replies_are_read_or_refused() {
    run(reply, &REPLIES, 30_000);
}

#[test]
fn addresses_name_what_they_are_built_of() {
    run(address, &ADDRESSES, 30_000);
}

#[test]
fn a_planted_panic_is_seen() {
    let planted = |bytes: &[u8]| assert!(!bytes.contains(&b'@'), "planted");
    assert!(std::panic::catch_unwind(|| run(planted, &ADDRESSES, 30_000)).is_err());
}
