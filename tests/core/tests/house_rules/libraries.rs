//! Which outside library each shipped crate may use. A new one is a line here, for a reviewer to see.

use cargo_metadata::DependencyKind;

use crate::edges::{Needs, declared, planted};
use crate::tree::assert_kept;

/// Libraries with one home; where a second crate is named, it may use the library in its tests only.
const AT_HOME: [(&str, &str, Option<&str>); 8] = [
    ("tauri", "keystead", None),
    ("sqlx", "store", None),
    ("reqwest", "providers", Some("simulators")),
    ("chacha20poly1305", "vault", None),
    ("keyring-core", "vault", None),
    ("axum", "simulators", None),
    ("hyper", "simulators", None),
    ("rcgen", "simulators", None),
];

/// What ships, crate by crate: ordinary and build dependencies.
const ALLOWED: [(&str, &[&str]); 7] = [
    (
        "keystead",
        &[
            "arboard",
            "async-trait",
            "dirs",
            "rfd",
            "rustix",
            "serde_json",
            "tauri",
            "tauri-build",
            "tokio",
            "tracing",
            "tracing-subscriber",
        ],
    ),
    (
        "app",
        &[
            "async-trait",
            "rustix",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "tokio",
            "tokio-util",
            "tracing",
            "ts-rs",
            "zeroize",
        ],
    ),
    (
        "domain",
        &[
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "ts-rs",
            "uuid",
            "zeroize",
        ],
    ),
    (
        "providers",
        &[
            "async-trait",
            "backon",
            "chrono",
            "jsonwebtoken",
            "percent-encoding",
            "reqwest",
            "rustls",
            "serde",
            "serde_json",
            "tokio",
            "tracing",
            "url",
            "zeroize",
        ],
    ),
    (
        "simulators",
        &[
            "chrono",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "jsonwebtoken",
            "percent-encoding",
            "rand",
            "rcgen",
            "rustls",
            "rustls-pki-types",
            "serde",
            "serde_json",
            "sha2",
            "time",
            "tokio",
            "tokio-rustls",
        ],
    ),
    (
        "store",
        &["rustix", "serde", "serde_json", "sqlx", "tokio", "tracing"],
    ),
    (
        "vault",
        &[
            "apple-native-keyring-store",
            "argon2",
            "base64",
            "chacha20poly1305",
            "getrandom",
            "keyring-core",
            "rustix",
            "secret-service",
            "tokio",
            "windows-native-keyring-store",
            "zbus-secret-service-keyring-store",
            "zeroize",
        ],
    ),
];

fn breaches(needs: &[Needs]) -> Vec<String> {
    needs
        .iter()
        .filter(|need| need.shipped && !need.ours && !(is_at_home(need) && is_listed(need)))
        .map(|need| format!("{} uses {}", need.member, need.library))
        .collect()
}

fn is_at_home(need: &Needs) -> bool {
    AT_HOME
        .iter()
        .filter(|(library, ..)| *library == need.library)
        .all(|(_, home, tester)| {
            *home == need.member
                || (need.kind == DependencyKind::Development
                    && *tester == Some(need.member.as_str()))
        })
}

fn is_listed(need: &Needs) -> bool {
    need.kind == DependencyKind::Development
        || ALLOWED.iter().any(|(member, libraries)| {
            *member == need.member && libraries.contains(&need.library.as_str())
        })
}

#[test]
fn each_library_is_where_it_may_be() {
    assert_kept("a library outside its place", &breaches(&declared()));
}

#[test]
fn a_library_away_from_home_is_caught() {
    for (library, home, _) in AT_HOME {
        for kind in [
            DependencyKind::Normal,
            DependencyKind::Build,
            DependencyKind::Development,
        ] {
            let need = Needs {
                kind,
                ..planted("domain", library)
            };
            assert_eq!(
                breaches(&[need]),
                [format!("domain uses {library}")],
                "home is {home}"
            );
        }
    }
    let tested = Needs {
        kind: DependencyKind::Development,
        ..planted("simulators", "reqwest")
    };
    assert_eq!(breaches(&[tested]), [""; 0]);
}

#[test]
fn an_unlisted_library_is_caught() {
    assert_eq!(
        breaches(&[planted("domain", "anyhow")]),
        ["domain uses anyhow"]
    );
    assert_eq!(breaches(&[planted("domain", "serde")]), [""; 0]);
}
