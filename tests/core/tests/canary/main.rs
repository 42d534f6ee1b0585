//! Twenty secrets on every way into the program, and a search through everything it leaves: none is found. The
//! program is a process of its own; the servers are here.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

mod controls;
mod program;
mod servers;

use core_tests::canary::{Canary, Found, Scanner, Temp};
use serde_json::json;
use servers::{Servers, WAYS};
use std::{
    fs,
    hash::{BuildHasher, RandomState},
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// Tells the test binary that it is to be the program.
const PROGRAM: &str = "KEYSTEAD_CANARY_PROGRAM";

/// Where the program was, and what it is to be looked for in.
const PLACES: [&str; 11] = [
    "keystead.db",
    "keystead.db-wal",
    "keystead.db-shm",
    "passphrase.key",
    "log",
    "replies",
    "events",
    "command line",
    "environment",
    "standard output",
    "names of files",
];

/// Random characters, some of which most encodings change.
fn random(length: usize, awkward: bool) -> String {
    let plain = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let one = |at: usize| {
        let chance = usize::try_from(RandomState::new().hash_one(at) >> 33).unwrap();
        if awkward && at.is_multiple_of(4) {
            b"\"+\\/%&"[chance % 6]
        } else {
            plain[chance % plain.len()]
        }
    };
    (0..length).map(|at| char::from(one(at))).collect()
}

fn secret(awkward: bool) -> String {
    format!("eko_prod_{}", random(52, awkward))
}

fn canaries() -> Vec<Canary> {
    let canary = |name: &&str| Canary {
        name: (*name).to_owned(),
        value: match *name {
            "passphrase" | "wrong passphrase" => random(40, true),
            // What is typed may hold anything; so may what a server lists.
            "typed, awkward" | "listed" => secret(true),
            _ => secret(false),
        },
    };
    WAYS.iter().map(canary).collect()
}

/// The program at its work, ended with its owner.
struct Program(Child);

impl Program {
    fn start(root: &Path, servers: &Servers, canaries: &[Canary]) -> Self {
        let out = |name: &str| fs::File::create(root.join("told").join(name)).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["program::the_program", "--exact", "--nocapture"])
            .env(PROGRAM, "1")
            .env("TMPDIR", root.join("tmp"))
            .stdin(Stdio::piped())
            .stdout(out("standard output"))
            .stderr(out("standard error"))
            .spawn()
            .unwrap();
        let secrets = canaries
            .iter()
            .map(|one| (one.name.clone(), json!(one.value)));
        let secrets = secrets.collect::<serde_json::Map<_, _>>();
        let task = json!({ "root": root, "secrets": secrets, "modern": servers.modern.link(),
            "legacy": servers.legacy.link() });
        let mut stdin = child.stdin.take().unwrap();
        writeln!(stdin, "{task}").unwrap();
        child.stdin = Some(stdin);
        Self(child)
    }

    /// Waits until everything is done and the program waits in turn.
    fn rests(&mut self, root: &Path) {
        while !root.join("told/done").exists() {
            let ended = self.0.try_wait().unwrap();
            let told = || fs::read_to_string(root.join("told/standard output")).unwrap();
            assert!(ended.is_none(), "the program ended: {ended:?}\n{}", told());
            sleep(Duration::from_millis(20));
        }
    }

    fn ends(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already is no error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_left_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["profiles", "told", "tmp"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    let (canaries, temp) = (canaries(), Temp::watch(&root.join("tmp")));
    assert_eq!(canaries.len(), 20);
    let scanner = Scanner::new(&canaries);
    let servers = Servers::start(&canaries).await;
    let mut program = Program::start(root, &servers, &canaries);
    program.rests(root);

    // While it lives: the journal of the database is there, and what it shows of itself.
    let mut found = Found::default();
    let look = |found: &mut Found| {
        scanner.folder(&root.join("profiles"), found);
        scanner.folder(&root.join("told"), found);
        scanner.folder(&root.join("tmp"), found);
    };
    look(&mut found);
    scanner.process(program.0.id(), &mut found);
    let controls = controls::Places::of(root);
    program.ends();
    look(&mut found);

    servers.were_all_used();
    for place in PLACES {
        let read = found.places.get(place).copied().unwrap_or(0);
        assert!(read > 0, "{place} was not looked at: {:?}", found.places);
    }
    assert_eq!(found.hits, [].into(), "{} canaries", canaries.len());
    assert_eq!(temp.made(), [""; 0], "temporary files");
    fs::write(root.join("tmp/planted"), "").unwrap();
    fs::remove_file(root.join("tmp/planted")).unwrap();
    assert_eq!(
        temp.made(),
        ["planted"],
        "the control: one that is gone at once"
    );

    controls::what_is_no_secret_was_found(root, &canaries);
    controls.find_what_is_planted();
}
