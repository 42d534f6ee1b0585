//! Tauri in the shell, SQL in the store: also where a manifest could not tell. Tests may look at the
//! database from outside.

use crate::tree::{File, assert_kept, names, tree};

/// What is named, and the only folder that may name it. Assembled, so that this file keeps the rule.
const BORDERS: [(&str, &str); 5] = [
    (concat!("tauri", "::"), "src-tauri/src/"),
    (concat!("sqlx", "::"), "src-tauri/crates/store/"),
    (concat!("query", "!("), "src-tauri/crates/store/"),
    (concat!("query_as", "!("), "src-tauri/crates/store/"),
    (concat!("query_scalar", "!("), "src-tauri/crates/store/"),
];

fn breaches(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.has_extension(&["rs"]) && file.path.starts_with("src-tauri/"))
    {
        for (word, _) in BORDERS
            .iter()
            .filter(|(_, home)| !file.path.starts_with(home))
        {
            found.extend(file.places(|line| names(line, word)));
        }
    }
    found
}

#[test]
fn tauri_and_sql_stay_at_home() {
    assert_kept(
        "Tauri outside the shell, or SQL outside the store",
        &breaches(&tree()),
    );
}

#[test]
fn a_crossed_border_is_caught() {
    for (word, home) in BORDERS {
        let line = format!("use {word}x");
        assert_eq!(
            breaches(&[File::new("src-tauri/crates/domain/src/a.rs", &line)]).len(),
            1,
            "{word}"
        );
        assert_eq!(
            breaches(&[File::new(&format!("{home}a.rs"), &line)]),
            [""; 0],
            "{word}"
        );
    }
}
