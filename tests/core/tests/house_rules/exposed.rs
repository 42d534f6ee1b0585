//! Every place where a secret leaves its wrapper says why it may.

use crate::tree::{File, assert_kept, is_comment, tree};

/// Assembled, so that this file keeps its own rule.
const MARK: &str = concat!("// ", "EXPOSE: ");
const SHORTEST_REASON: usize = 8;

/// Lines of shipped code that reach for a secret without a reason on them or on the line before.
fn breaches(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| is_shipped(file)) {
        let mut before = "";
        for (at, line) in file.text.lines().enumerate() {
            if !is_comment(line) && exposes(line) && !says_why(line) && !says_why(before) {
                found.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
            before = line;
        }
    }
    found
}

fn is_shipped(file: &File) -> bool {
    file.path.starts_with("src-tauri/") && file.has_extension(&["rs"])
}

/// Is `expose` called or passed on here? Its definition has neither a dot nor a path before it.
fn exposes(line: &str) -> bool {
    [".expose", "::expose"].iter().any(|call| {
        line.match_indices(call).any(|(at, _)| {
            let after = line
                .get(at + call.len()..)
                .and_then(|rest| rest.chars().next());
            !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    })
}

fn says_why(line: &str) -> bool {
    line.split_once(MARK)
        .is_some_and(|(_, why)| why.trim().len() >= SHORTEST_REASON)
}

#[test]
fn every_exposed_secret_says_why() {
    assert_kept("secrets exposed without a reason", &breaches(&tree()));
}

#[test]
fn an_unexplained_secret_is_caught() {
    let path = "src-tauri/crates/app/src/a.rs";
    for text in [
        "let a = key.expose();",
        "let a = key.map(Secret::expose);",
        "key\n.expose()",
    ] {
        assert_eq!(breaches(&[File::new(path, text)]).len(), 1, "{text}");
    }
    let empty = format!("{MARK}\nlet a = key.expose();");
    assert_eq!(
        breaches(&[File::new(path, &empty)]).len(),
        1,
        "a mark without a reason"
    );
}

#[test]
fn an_explained_secret_passes() {
    let path = "src-tauri/crates/app/src/a.rs";
    let before = format!("{MARK}the header that logs us in\nlet a = key.expose();");
    let beside = format!("let a = key.expose(); {MARK}the header that logs us in");
    for text in [
        before.as_str(),
        beside.as_str(),
        "pub fn expose(&self) -> &str {",
    ] {
        assert_eq!(breaches(&[File::new(path, text)]), [""; 0], "{text}");
    }
}
