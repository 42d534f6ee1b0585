//! Names that say what a thing is.

use crate::tree::{File, assert_kept, tree};

/// Modules, files and folders that could hold anything.
const EMPTY: [&str; 6] = ["util", "utils", "common", "misc", "helper", "helpers"];
/// Endings of a type's name that could do anything.
const VAGUE: [&str; 7] = [
    "Manager",
    "Service",
    "Helper",
    "Util",
    "Utils",
    "Handler",
    "Processor",
];
const DEFINES: [&str; 6] = ["struct", "enum", "trait", "class", "interface", "type"];

fn breaches(files: &[File]) -> Vec<String> {
    let mut found: Vec<String> = files
        .iter()
        .filter(|file| has_empty_part(&file.path))
        .map(|file| file.path.clone())
        .collect();
    for file in files
        .iter()
        .filter(|file| file.has_extension(&["rs", "ts", "svelte"]))
    {
        found.extend(file.places(|line| defines_vague_type(line) || declares_empty_module(line)));
    }
    found
}

/// `core` is a word of the tests' map, and empty only as a module.
fn has_empty_part(path: &str) -> bool {
    let mut in_source = false;
    path.split('/').any(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        let empty = is_empty(stem) || (stem == "core" && (in_source || part != stem));
        in_source |= part == "src";
        empty
    })
}

fn declares_empty_module(line: &str) -> bool {
    words(line).zip(words(line).skip(1)).any(|(first, second)| {
        first == "mod"
            && (is_empty(second) || second == "core")
            && !line.trim_start().starts_with("//")
    })
}

fn defines_vague_type(line: &str) -> bool {
    words(line).zip(words(line).skip(1)).any(|(first, second)| {
        DEFINES.contains(&first) && VAGUE.iter().any(|ending| second.ends_with(ending))
    })
}

fn is_empty(name: &str) -> bool {
    EMPTY.iter().any(|empty| empty.eq_ignore_ascii_case(name))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[test]
fn names_say_what_a_thing_is() {
    assert_kept("names that could mean anything", &breaches(&tree()));
}

#[test]
fn an_empty_name_is_caught() {
    for path in [
        "src/utils.rs",
        "ui/src/Helpers/a.ts",
        "app/src/core.rs",
        "app/src/core/a.rs",
    ] {
        assert_eq!(breaches(&[File::new(path, "")]), [path]);
    }
    assert_eq!(breaches(&[File::new("tests/core/tests/a.rs", "")]), [""; 0]);
    for module in ["core", "misc"] {
        assert_eq!(
            breaches(&[File::new("src/lib.rs", &format!("pub mod {module};"))]).len(),
            1
        );
    }
}

#[test]
fn a_vague_type_is_caught() {
    for ending in VAGUE {
        let text = format!("pub struct Key{ending};");
        assert_eq!(
            breaches(&[File::new("src/key.rs", &text)]),
            [format!("src/key.rs:1: {text}")]
        );
    }
    assert_eq!(
        breaches(&[File::new("src/key.rs", "pub struct ServiceName;")]),
        [""; 0]
    );
}
