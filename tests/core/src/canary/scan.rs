//! The search itself.

use super::Form;
use aho_corasick::AhoCorasick;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A piece of a secret this long counts as the secret, in characters.
pub const PIECE: usize = 12;

/// A secret to look for.
#[derive(Clone, Debug)]
pub struct Canary {
    /// How it got into the program.
    pub name: String,
    /// The secret.
    pub value: String,
}

/// A canary that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Its name.
    pub canary: String,
    /// In which form.
    pub form: Form,
    /// Where.
    pub place: String,
}

/// What a search found, and where it looked.
#[derive(Debug, Default)]
pub struct Found {
    /// The places with the bytes that were read there.
    pub places: BTreeMap<String, u64>,
    /// The canaries.
    pub hits: BTreeSet<Hit>,
}

/// Finds any piece of any canary in any form.
pub struct Scanner {
    search: AhoCorasick,
    /// Canary and form, by pattern.
    needles: Vec<(String, Form)>,
}

impl Scanner {
    /// For these. Of a value like `eko_prod_…` the beginning that may be shown is not looked for.
    pub fn new(canaries: &[Canary]) -> Self {
        let mut patterns = BTreeMap::new();
        for canary in canaries {
            let characters: Vec<char> = hidden(&canary.value).chars().collect();
            for piece in characters.chunks_exact(PIECE) {
                let piece: String = piece.iter().collect();
                for form in Form::ALL {
                    for needle in form.needles(&piece) {
                        // Where two forms write it alike, the plainer one is told.
                        patterns
                            .entry(needle)
                            .or_insert((canary.name.clone(), form));
                    }
                }
            }
        }
        let (patterns, needles): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        Self {
            search: AhoCorasick::new(patterns).unwrap(),
            needles,
        }
    }

    /// Looks through these bytes.
    pub fn bytes(&self, place: &str, bytes: &[u8], found: &mut Found) {
        *found.places.entry(place.to_owned()).or_default() += bytes.len() as u64;
        for at in self.search.find_overlapping_iter(bytes) {
            let (canary, form) = &self.needles[at.pattern().as_usize()];
            found.hits.insert(Hit {
                canary: canary.clone(),
                form: *form,
                place: place.to_owned(),
            });
        }
    }

    /// Looks through every file below a folder, by its content and by its name.
    pub fn folder(&self, folder: &Path, found: &mut Found) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            self.bytes("names of files", name.as_bytes(), found);
            if entry.file_type().unwrap().is_dir() {
                self.folder(&path, found);
            } else {
                self.bytes(&name, &fs::read(&path).unwrap(), found);
            }
        }
    }

    /// Looks at what a running process shows of itself: its command line, its environment, and the files that it
    /// holds open under no name any more.
    pub fn process(&self, id: u32, found: &mut Found) {
        let folder = Path::new("/proc").join(id.to_string());
        for (file, place) in [("cmdline", "command line"), ("environ", "environment")] {
            self.bytes(place, &fs::read(folder.join(file)).unwrap(), found);
        }
        for entry in fs::read_dir(folder.join("fd")).unwrap() {
            // It may be closed meanwhile.
            let Ok(path) = entry.map(|entry| entry.path()) else {
                continue;
            };
            let target = fs::read_link(&path).unwrap_or_default();
            // Only such a one is read: the other end of a pipe may have nothing to say for long.
            if target.to_string_lossy().ends_with(" (deleted)")
                && let Ok(bytes) = fs::read(&path)
            {
                self.bytes("files without a name", &bytes, found);
            }
        }
    }
}

/// A value without the beginning that may be shown: up to the second underscore, and four characters.
fn hidden(value: &str) -> &str {
    let fixed = value.match_indices('_').nth(1).map_or(0, |(at, _)| at + 5);
    value.get(fixed..).unwrap_or_default()
}
