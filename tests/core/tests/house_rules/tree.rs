//! The files of the tree, and how a breach is told.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Built or fetched, never written by hand.
const SKIPPED: [&str; 6] = [
    "target",
    "node_modules",
    "dist",
    ".git",
    "gen",
    "test-results",
];

/// One text file: its path from the top of the tree, with `/`, and its text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.path
            .rsplit_once('/')
            .map_or(self.path.as_str(), |(_, name)| name)
    }

    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    pub(crate) fn has_extension(&self, wanted: &[&str]) -> bool {
        self.name()
            .rsplit_once('.')
            .is_some_and(|(_, extension)| wanted.contains(&extension))
    }

    /// Written by a tool of ours from something else in the tree.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.split('/').any(|part| part == "generated")
    }

    /// Says only what other code does.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.name();
        self.path.split('/').any(|part| part == "tests")
            || ["tests.rs", "_test.rs", ".test.ts", ".spec.ts"]
                .iter()
                .any(|end| name.ends_with(end))
    }

    /// The places where a line meets a condition: `path:line`, then the line.
    pub(crate) fn places(&self, meets: impl Fn(&str) -> bool) -> Vec<String> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| meets(line))
            .map(|(at, line)| format!("{}:{}: {}", self.path, at + 1, line.trim()))
            .collect()
    }
}

/// Every text file of the tree.
pub(crate) fn tree() -> Vec<File> {
    let mut files = Vec::new();
    walk(&top(), "", &mut files);
    for known in [
        "Cargo.toml",
        "Makefile",
        "src-tauri/crates/domain/src/lib.rs",
        "ui/package.json",
    ] {
        assert!(
            files.iter().any(|file| file.path == known),
            "the walk missed {known}"
        );
    }
    files
}

/// The tree's top folder.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the tree's top folder")
}

/// Passes where nothing breaks the rule, and otherwise lists every breach.
pub(crate) fn assert_kept(rule: &str, breaches: &[String]) {
    let mut told = String::new();
    for breach in breaches {
        let _ = write!(told, "\n  {breach}");
    }
    assert!(breaches.is_empty(), "{rule}{told}");
}

/// Is `word` in the line, not as the end of a longer name?
pub(crate) fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Is the line a comment and nothing else?
pub(crate) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "/*", "* ", "<!--", "#!"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

fn walk(folder: &Path, path: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{path}: {error}")) {
        let entry = entry.expect("a folder's entry");
        let name = entry
            .file_name()
            .into_string()
            .expect("a file name in UTF-8");
        let below = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}/{name}")
        };
        let kind = entry.file_type().expect("a file's type");
        // In a work tree of git's own, `.git` is a file.
        let skipped = SKIPPED.contains(&name.as_str());
        let left_out = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "log");
        if kind.is_dir() {
            if !skipped {
                walk(&entry.path(), &below, files);
            }
        } else if kind.is_file() && !left_out && !skipped {
            let bytes = fs::read(entry.path()).unwrap_or_else(|error| panic!("{below}: {error}"));
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(File { path: below, text });
            }
        }
    }
}

#[test]
fn a_word_is_not_the_end_of_another() {
    assert!(names("use one::Two;", "one::"));
    assert!(!names("use no_one::Two;", "one::"));
}
