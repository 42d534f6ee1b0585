//! The search finds what is there: in each place the program was, in each form, by the same scanner.

use crate::{
    program::{LOGGED, NAMES},
    random,
};
use core_tests::canary::{Canary, Form, Found, PIECE, Scanner};
use domain::Secret;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Real files of a run, as they were while the program lived.
pub(crate) struct Places(BTreeMap<String, Vec<u8>>);

impl Places {
    /// Of the run below this folder.
    pub(crate) fn of(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        for folder in ["profiles/default", "told"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().to_string_lossy().into_owned();
                files.insert(name, fs::read(entry.path()).unwrap());
            }
        }
        Self(files)
    }

    /// One secret for each form, in the middle of every file: the scanner tells each, in its form and its place.
    pub(crate) fn find_what_is_planted(&self) {
        let planted = Planted::new();
        let folder = tempfile::tempdir().unwrap();
        let mut expected = BTreeSet::new();
        for (name, bytes) in &self.0 {
            let (mut with, middle) = (bytes.clone(), bytes.len() / 2);
            with.splice(middle..middle, planted.all(&Form::ALL));
            fs::write(folder.path().join(name), with).unwrap();
            expected.extend(Planted::told(name, &Form::ALL));
        }
        assert!(self.0.len() >= 8, "{:?}", self.0.keys());
        let mut found = Found::default();
        planted.scanner.folder(folder.path(), &mut found);
        assert_eq!(told(&found), expected);
    }
}

/// The canaries and their places.
fn told(found: &Found) -> BTreeSet<(String, String)> {
    let hits = found.hits.iter();
    hits.map(|hit| (hit.canary.clone(), hit.place.clone()))
        .collect()
}

/// What was to be in the log, the replies, the events and the database is there: those are what they are taken for.
pub(crate) fn what_is_no_secret_was_found(root: &Path, canaries: &[Canary]) {
    let read = |name: &str| {
        let bytes = fs::read(root.join(name)).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (log, replies) = (read("told/log"), read("told/replies"));
    for line in LOGGED {
        assert!(log.contains(line), "nothing of {line} in the log");
    }
    for name in NAMES {
        assert!(replies.contains(name), "{name} is not in the replies");
        let database = read("profiles/default/keystead.db");
        assert!(database.contains(name), "{name} is not in the database");
    }
    let events = read("told/events");
    for kind in ["progress", "changed", "locked"] {
        assert!(events.contains(kind), "no {kind} in the events");
    }
    // The fingerprint stands where the secret was: it did pass through.
    for canary in canaries {
        let fingerprint = Secret::new(canary.value.clone()).fingerprint().0;
        let offered = ["typed", "clipboard", "credential", "listed", "edited"];
        if offered.iter().any(|way| canary.name.contains(way)) {
            assert!(
                replies.contains(&fingerprint),
                "{} never came in",
                canary.name
            );
        }
    }
    for code in ["passphrase_wrong", "bad_request", "stopped", "url_refused"] {
        let refusals = replies.lines().filter(|line| line.contains("\"code\""));
        let refusals = refusals.collect::<Vec<_>>().join("\n");
        assert!(
            refusals.contains(code),
            "no {code} in the replies:\n{refusals}"
        );
    }
}

/// A secret of its own for each form.
struct Planted {
    secrets: BTreeMap<Form, String>,
    scanner: Scanner,
}

impl Planted {
    fn new() -> Self {
        let secrets = Form::ALL.map(|form| (form, random(48, true)));
        let canary = |(form, value): &(Form, String)| Canary {
            name: format!("{form:?}"),
            value: value.clone(),
        };
        Self {
            scanner: Scanner::new(&secrets.iter().map(canary).collect::<Vec<_>>()),
            secrets: secrets.into(),
        }
    }

    fn in_form(&self, form: Form) -> Vec<u8> {
        // Something before it, so that it begins anywhere in a group of Base64.
        form.write(&format!("x{}", self.secrets[&form]))
    }

    fn all(&self, forms: &[Form]) -> Vec<u8> {
        let each = forms.iter().map(|form| self.in_form(*form));
        each.collect::<Vec<_>>().join(&b"\n\n"[..])
    }

    /// Whom the scanner has to tell there. A secret lies in its own form only, so whoever finds it knows that form;
    /// pieces of it may be written alike in others.
    fn told(place: &str, forms: &[Form]) -> BTreeSet<(String, String)> {
        let one = |form: &Form| (format!("{form:?}"), place.to_owned());
        forms.iter().map(one).collect()
    }
}

/// No argument and no variable can hold UTF-16: its zeros end them.
fn without_zeros() -> Vec<Form> {
    let all = Form::ALL.into_iter();
    all.filter(|form| !matches!(form, Form::Utf16 | Form::Utf16Big))
        .collect()
}

#[test]
fn a_process_that_shows_a_secret_is_caught() {
    let (planted, forms) = (Planted::new(), without_zeros());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, planted.all(&Form::ALL)).unwrap();
    let text = |form: &Form| String::from_utf8(planted.in_form(*form)).unwrap();
    // It holds the file open under no name, says so, and waits.
    let script = "exec 3<\"$0\"; rm \"$0\"; echo ready; read end";
    let mut child = Command::new("sh")
        .args(["-c", script])
        .arg(&file)
        .args(forms.iter().map(text))
        .envs(forms.iter().map(|form| (format!("P_{form:?}"), text(form))))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
    let mut found = Found::default();
    planted.scanner.process(child.id(), &mut found);
    drop(child.stdin.take());
    child.wait().unwrap();
    let mut expected = Planted::told("command line", &forms);
    expected.extend(Planted::told("environment", &forms));
    expected.extend(Planted::told("files without a name", &Form::ALL));
    assert_eq!(told(&found), expected);
}

#[test]
fn a_file_named_after_a_secret_is_caught() {
    let value = random(24, false);
    let scanner = Scanner::new(&[Canary {
        name: "named".to_owned(),
        value: value.clone(),
    }]);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("deep").join(format!("{value}.tmp")), "").unwrap();
    let mut found = Found::default();
    scanner.folder(folder.path(), &mut found);
    let hit = found.hits.first().unwrap();
    assert_eq!(
        (hit.form, hit.place.as_str()),
        (Form::Raw, "names of files")
    );
}

/// Cut anywhere, what is left of a secret is found as long as a whole piece is in it; the beginning that may be shown
/// is not.
#[test]
fn a_part_of_a_secret_is_caught_in_each_form() {
    let value = format!("eko_prod_{}", random(52, true));
    let scanner = Scanner::new(&[Canary {
        name: "cut".to_owned(),
        value: value.clone(),
    }]);
    let found = |bytes: &[u8]| {
        let mut found = Found::default();
        scanner.bytes("here", bytes, &mut found);
        !found.hits.is_empty()
    };
    let length = 2 * PIECE - 1;
    for start in 13..=value.len() - length {
        for form in Form::ALL {
            for lead in ["", "a", "ab"] {
                let text = format!("{lead}{}", value.get(start..start + length).unwrap());
                assert!(found(&form.write(&text)), "{form:?} from {start}");
            }
        }
    }
    assert!(!found(&value.as_bytes()[..13]));
    assert!(!found(b"eko_prod_something_else_entirely_and_long_enough"));
}
