//! Small files, short folders.

use std::collections::BTreeMap;

use crate::tree::{File, assert_kept, tree};

const LONGEST: usize = 500;
const MEDIAN: usize = 100;
const NINE_OF_TEN: usize = 300;
const FULLEST: usize = 12;

/// The limits on length count what ships; tests and generated files only have to stay under the longest.
fn breaches(files: &[File]) -> Vec<String> {
    let written: Vec<&File> = files
        .iter()
        .filter(|file| file.has_extension(&["rs", "ts", "svelte", "css"]) && !file.is_generated())
        .collect();

    let mut found: Vec<String> = written
        .iter()
        .filter(|file| lines(file) > LONGEST)
        .map(|file| format!("{}: {} lines, over {LONGEST}", file.path, lines(file)))
        .collect();

    let mut lengths: Vec<usize> = written
        .iter()
        .filter(|file| !file.is_test())
        .map(|file| lines(file))
        .collect();
    lengths.sort_unstable();
    for (share, name, limit) in [(50, "median", MEDIAN), (90, "ninth of ten", NINE_OF_TEN)] {
        let length = percentile(&lengths, share);
        if length > limit {
            found.push(format!("the {name} file has {length} lines, over {limit}"));
        }
    }

    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &written {
        *folders.entry(file.folder()).or_default() += 1;
    }
    found.extend(
        folders
            .into_iter()
            .filter(|(_, count)| *count > FULLEST)
            .map(|(folder, count)| format!("{folder}: {count} files, over {FULLEST}")),
    );
    found
}

fn lines(file: &File) -> usize {
    file.text.lines().count()
}

/// The smallest length that `share` hundredths of the files do not exceed.
fn percentile(sorted: &[usize], share: usize) -> usize {
    let rank = (sorted.len() * share).div_ceil(100);
    rank.checked_sub(1)
        .and_then(|at| sorted.get(at))
        .copied()
        .unwrap_or(0)
}

#[test]
fn files_and_folders_stay_small() {
    assert_kept("files or folders too large", &breaches(&tree()));
}

#[test]
fn a_long_file_is_caught() {
    let found = breaches(&[
        File::new("src/a.rs", &"x\n".repeat(501)),
        File::new("src/b.rs", ""),
        File::new("src/c.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs: 501 lines, over 500",
            "the ninth of ten file has 501 lines, over 300"
        ]
    );
    assert_eq!(
        breaches(&[File::new("ui/src/ipc/generated/a.ts", &"x\n".repeat(501))]),
        [""; 0]
    );
}

#[test]
fn a_long_median_is_caught_and_a_test_does_not_count() {
    let long = "x\n".repeat(101);
    assert_eq!(
        breaches(&[File::new("src/a.rs", &long)]),
        ["the median file has 101 lines, over 100"]
    );
    assert_eq!(
        breaches(&[File::new("tests/core/tests/a.rs", &long)]),
        [""; 0]
    );
}

#[test]
fn a_full_folder_is_caught() {
    let files: Vec<File> = (0..13)
        .map(|n| File::new(&format!("src/f/{n}.rs"), ""))
        .collect();
    assert_eq!(breaches(&files), ["src/f: 13 files, over 12"]);
}
