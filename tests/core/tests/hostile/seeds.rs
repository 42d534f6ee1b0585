//! The corpus as seeds for the fuzz targets.

use crate::{
    case::{Case, ID, Step},
    corpus,
};
use std::{fs, path::Path};

/// The largest seed, in bytes: a fuzzer is quick with small ones.
const LARGEST: usize = 4_096;

/// Ids and names that would lead a request elsewhere.
const SEGMENTS: [&str; 10] = [
    "..",
    ".",
    "",
    "%2e%2e",
    "?x",
    "#x",
    "a/b",
    "a\\b",
    "tenant:a/users",
    "\u{202E}",
];
const ADDRESSES: [&str; 8] = [
    "https://shop.production.example",
    "https://127.0.0.1:8443/",
    "http://[::1]:9140",
    "http://2130706433:9",
    "https://a@b",
    "https://bücher.example",
    "https:\\\\h\\",
    "http://localhost.",
];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "`make fuzz` asks through the environment"
)]
fn the_corpus_makes_seeds() {
    let is_asked = std::env::var_os("KEYSTEAD_WRITE_SEEDS").is_some();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-seeds");
    let write = |kind: &str, seeds: Vec<Vec<u8>>| {
        assert!(seeds.len() > 50, "{kind}: only {} seeds", seeds.len());
        if !is_asked {
            return;
        }
        let folder = folder.join(kind);
        fs::create_dir_all(&folder).unwrap();
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(at.to_string()), seed).unwrap();
        }
    };
    write("reply", corpus::all().iter().filter_map(body_of).collect());
    let paths = SEGMENTS.iter().flat_map(|segment| {
        ADDRESSES.map(|address| format!("{address}\napi\nkeys\n{ID}\n{segment}").into_bytes())
    });
    write("address", paths.collect());
}

/// The body of a reply that is sent whole.
fn body_of(case: &Case) -> Option<Vec<u8>> {
    let Step::Bytes(reply) = case.steps.first()? else {
        return None;
    };
    let at = reply.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    (1..LARGEST)
        .contains(&case.body)
        .then(|| reply[at..].to_vec())
}
