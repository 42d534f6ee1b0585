//! Nothing left open, nothing of one machine.

use crate::tree::{File, assert_kept, tree};

/// Assembled, so that this file keeps the rules it states.
const OPEN: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[", "ignore"),
];
const MACHINE: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn open_ends(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !is_lock(file) && !file.is_generated())
        .flat_map(|file| file.places(|line| OPEN.iter().any(|mark| line.contains(mark))))
        .collect()
}

fn machine_paths(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !is_lock(file))
        .flat_map(|file| file.places(|line| MACHINE.iter().any(|folder| starts_path(line, folder))))
        .collect()
}

/// Is the folder at the start of a path, rather than inside one, and not inside an address?
fn starts_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).unwrap_or("");
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || ".)}_-".contains(c));
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
        !inside && !word.contains("://")
    })
}

/// Lock files name no host but the one every cargo knows.
fn registry_hosts(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| is_lock(file))
        .flat_map(|file| {
            file.places(|line| {
                let line = line.trim_start();
                line.starts_with("\"resolved\":")
                    || line
                        .strip_prefix("source = ")
                        .is_some_and(|source| source.trim_matches('"') != REGISTRY)
            })
        })
        .collect()
}

fn is_lock(file: &File) -> bool {
    ["Cargo.lock", "package-lock.json"].contains(&file.name())
}

/// Lines that install packages of the screen and would run what those packages bring.
fn installs_with_scripts(files: &[File]) -> Vec<String> {
    let installs = |line: &str| {
        ["npm ci", "npm install", "npm i "]
            .iter()
            .any(|command| line.contains(command))
            && !line.contains("--ignore-scripts")
    };
    files
        .iter()
        .filter(|file| {
            file.name() == "Makefile"
                || ["scripts/", ".ci/", ".github/"]
                    .iter()
                    .any(|folder| file.path.starts_with(folder))
        })
        .flat_map(|file| file.places(installs))
        .collect()
}

#[test]
fn nothing_is_left_open() {
    assert_kept("left open", &open_ends(&tree()));
}

#[test]
fn an_open_end_is_caught() {
    for mark in OPEN {
        assert_eq!(
            open_ends(&[File::new("src/a.rs", &format!("// {mark} later"))]).len(),
            1,
            "{mark}"
        );
    }
}

#[test]
fn no_path_of_one_machine() {
    assert_kept("paths of one machine", &machine_paths(&tree()));
}

#[test]
fn a_machines_path_is_caught() {
    for folder in MACHINE {
        for (line, expected) in [
            (format!("let a = \"{folder}x\";"), 1),
            (format!("{folder}x"), 1),
            (format!("src{folder}x"), 0),
            (format!("https://example.org{folder}x"), 0),
        ] {
            assert_eq!(
                machine_paths(&[File::new("src/a.rs", &line)]).len(),
                expected,
                "{line}"
            );
        }
    }
}

#[test]
fn lock_files_name_no_registry() {
    assert_kept("a registry's host in a lock file", &registry_hosts(&tree()));
}

#[test]
fn a_registry_is_caught() {
    let cargo = File::new(
        "Cargo.lock",
        &format!("source = \"{REGISTRY}\"\nsource = \"git+https://example.org/a\""),
    );
    let npm = File::new(
        "ui/package-lock.json",
        "  \"resolved\": \"https://example.org/a.tgz\",",
    );
    assert_eq!(
        registry_hosts(&[cargo, npm]),
        [
            "Cargo.lock:2: source = \"git+https://example.org/a\"",
            "ui/package-lock.json:1: \"resolved\": \"https://example.org/a.tgz\","
        ]
    );
}

#[test]
fn packages_of_the_screen_run_no_scripts() {
    assert_kept(
        "npm would run install scripts",
        &installs_with_scripts(&tree()),
    );
}

#[test]
fn an_install_script_is_caught() {
    let files = [
        File::new("Makefile", "\tcd ui && npm ci --no-audit"),
        File::new("scripts/a", "npm ci --ignore-scripts"),
    ];
    assert_eq!(
        installs_with_scripts(&files),
        ["Makefile:1: cd ui && npm ci --no-audit"]
    );
}
