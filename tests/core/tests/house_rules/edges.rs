//! Who may know whom among our own crates.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::tree::{assert_kept, top};

/// Where the arrows of the dependency rule point; tests stand outside and may see all but the shell.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("keystead", &["app", "simulators"]),
    ("app", &["providers", "store", "vault", "domain"]),
    ("providers", &["domain"]),
    ("store", &["domain"]),
    ("vault", &["domain"]),
    ("simulators", &[]),
    ("domain", &[]),
];
const SHELL: &str = "keystead";

/// One line of a manifest: a crate of ours, what it needs, and in which table that stands.
pub(crate) struct Needs {
    pub(crate) member: String,
    pub(crate) library: String,
    pub(crate) kind: DependencyKind,
    pub(crate) features: Vec<String>,
    /// Has no registry: a crate of this tree.
    pub(crate) ours: bool,
    /// Lives under `src-tauri`.
    pub(crate) shipped: bool,
}

/// Every dependency our manifests declare.
pub(crate) fn declared() -> Vec<Needs> {
    let metadata = metadata();
    let mut needs = Vec::new();
    for package in &metadata.packages {
        let shipped = package
            .manifest_path
            .starts_with(metadata.workspace_root.join("src-tauri"));
        for dependency in &package.dependencies {
            needs.push(Needs {
                member: package.name.to_string(),
                library: dependency.name.clone(),
                kind: dependency.kind,
                features: dependency.features.clone(),
                ours: dependency.path.is_some(),
                shipped,
            });
        }
    }
    assert!(
        needs.iter().any(|need| need.member == SHELL && need.ours),
        "no edge of the shell was read"
    );
    needs
}

/// Our manifests alone: no network, no lock file.
pub(crate) fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(top().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata")
}

fn breaches(needs: &[Needs]) -> Vec<String> {
    needs
        .iter()
        .filter(|need| need.ours && !may_know(need))
        .map(|need| format!("{} knows {}", need.member, need.library))
        .collect()
}

fn may_know(need: &Needs) -> bool {
    if need.library == SHELL {
        return false;
    }
    let row = ALLOWED.iter().find(|(member, _)| *member == need.member);
    row.map_or(!need.shipped, |(_, known)| {
        known.contains(&need.library.as_str())
    })
}

#[test]
fn arrows_point_down() {
    assert_kept("the dependency rule", &breaches(&declared()));
}

#[test]
fn an_arrow_up_or_sideways_is_caught() {
    for (member, library, shipped) in [
        ("domain", "store", true),
        ("providers", "vault", true),
        ("simulators", "domain", true),
        ("keystead", "store", true),
        ("unlisted", "domain", true),
        (SHELL, "bridge", true),
        ("app", "bridge", true),
        ("core-tests", SHELL, false),
    ] {
        let mut need = planted(member, library);
        (need.ours, need.shipped) = (true, shipped);
        assert_eq!(breaches(&[need]), [format!("{member} knows {library}")]);
    }
}

#[test]
fn an_arrow_down_passes() {
    let mut need = planted("app", "store");
    need.ours = true;
    assert_eq!(breaches(&[need]), [""; 0]);
}

/// A shipped crate's ordinary dependency on a library that is not ours.
pub(crate) fn planted(member: &str, library: &str) -> Needs {
    Needs {
        member: member.to_owned(),
        library: library.to_owned(),
        kind: DependencyKind::Normal,
        features: Vec::new(),
        ours: false,
        shipped: true,
    }
}
