//! Which outside library each shipped crate may use. A new one is a line here, for a reviewer to see.

use cargo_metadata::DependencyKind;

use crate::edges::{Needs, declared, planted};
use crate::tree::{File, assert_kept, tree};

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
            "gtk",
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
            "ignore",
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

/// The one crate outside the workspace, and the library it is outside for: a second HTTP client and TLS stack.
const APART: &str = "tests/oracle/";
const OFFICIAL: &str = concat!("ekodb", "_client");

/// The packages of a lock file: name and version.
fn locked<'a>(files: &'a [File], path: &str) -> Vec<(&'a str, &'a str)> {
    let file = files.iter().find(|file| file.path == path);
    let quoted = |line: &'a str, member: &str| {
        let value = line.strip_prefix(member)?.strip_prefix(" = ")?;
        Some(value.trim_matches('"'))
    };
    let lines: Vec<&str> = file
        .into_iter()
        .flat_map(|file| file.text.lines())
        .collect();
    let pairs = lines.windows(2);
    pairs
        .filter_map(|pair| match pair {
            [name, version] => quoted(name, "name").zip(quoted(version, "version")),
            _ => None,
        })
        .collect()
}

/// What must not change between versions that cargo takes for one another: `1`, or `0.13`.
fn line_of(version: &str) -> &str {
    let nth = usize::from(version.starts_with("0."));
    let end = version.match_indices('.').nth(nth).map(|(at, _)| at);
    end.and_then(|end| version.get(..end)).unwrap_or(version)
}

/// Libraries that are proved there in another version than they ship in here.
fn other_versions(files: &[File]) -> Vec<String> {
    let house = locked(files, "Cargo.lock");
    let differs = |(name, version): &(&str, &str)| {
        let same_line =
            |known: &&(&str, &str)| known.0 == *name && line_of(known.1) == line_of(version);
        let mut known = house.iter().filter(same_line).peekable();
        known.peek().is_some() && !known.any(|known| known.1 == *version)
    };
    let outside = locked(files, "tests/oracle/Cargo.lock").into_iter();
    outside
        .filter(differs)
        .map(|(name, version)| {
            format!("tests/oracle/Cargo.lock: {name} {version} (cargo update --precise there)")
        })
        .collect()
}

/// Manifests and lock files that name the library elsewhere; lints there that are not the house's.
fn not_apart(files: &[File]) -> Vec<String> {
    let named = |file: &&File| {
        ["Cargo.toml", "Cargo.lock"].contains(&file.name())
            && !file.path.starts_with(APART)
            && file.text.contains(OFFICIAL)
    };
    let mut found: Vec<String> = files
        .iter()
        .filter(named)
        .map(|file| format!("{} names {OFFICIAL}", file.path))
        .collect();
    let lints = |path: &str| {
        let file = files.iter().find(|file| file.path == path)?;
        let (_, from) = file.text.split_once("[workspace.lints.rust]")?;
        from.split_once("[profile").map(|(lints, _)| lints)
    };
    let house = lints("Cargo.toml");
    if house.is_none() || house != lints("tests/oracle/Cargo.toml") {
        found.push("tests/oracle/Cargo.toml: not the lints of the house".to_owned());
    }
    found
}

#[test]
fn the_official_client_stays_apart() {
    let files = tree();
    assert_kept("the crate outside the workspace", &not_apart(&files));
    let shipped = locked(&files, "Cargo.lock");
    assert!(shipped.iter().any(|(name, _)| *name == "reqwest"));
    assert_kept("what is proved is what ships", &other_versions(&files));
    let lock = files
        .iter()
        .find(|file| file.path == "tests/oracle/Cargo.lock");
    assert!(lock.is_some_and(|lock| lock.text.contains(OFFICIAL)));
}

#[test]
fn an_official_client_inside_is_caught() {
    let lints = |kept: &str| format!("[workspace.lints.rust]\n{kept}\n[profile.dev]\n");
    let files = |inside: &str, outside: &str, lock: &str| {
        not_apart(&[
            File::new("Cargo.toml", &lints(inside)),
            File::new("tests/oracle/Cargo.toml", &lints(outside)),
            File::new("Cargo.lock", lock),
            File::new("tests/oracle/Cargo.lock", OFFICIAL),
        ])
    };
    assert_eq!(files("a", "a", ""), [""; 0]);
    assert_eq!(files("a", "b", "").len(), 1);
    assert_eq!(files("a", "a", OFFICIAL).len(), 1);
}

#[test]
fn another_version_outside_is_caught() {
    let lock = |version: &str| format!("[[package]]\nname = \"a\"\nversion = \"{version}\"\n");
    let found = |inside: &str, outside: &str| {
        let files = [("Cargo.lock", inside), ("tests/oracle/Cargo.lock", outside)];
        let files = files.map(|(path, version)| File::new(path, &lock(version)));
        other_versions(&files).len()
    };
    let table = [
        ("1.2.3", "1.2.3", 0),
        ("1.2.3", "1.3.0", 1),
        ("1.2.3", "2.2.3", 0),
        ("0.13.5", "0.13.6", 1),
        ("0.13.5", "0.12.5", 0),
    ];
    for (inside, outside, expected) in table {
        assert_eq!(found(inside, outside), expected, "{inside} {outside}");
    }
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
