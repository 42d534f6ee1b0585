//! A full synchronisation of 10,000 keys over HTTPS into an empty copy, committed, beside download and parsing alone,
//! and beside what anyone could put together in a shell.

use crate::{
    answers::Answers,
    figure::{Bound, Figure},
    ground,
    population::world,
};
use app::{SystemClock, Timing};
use async_trait::async_trait;
use domain::Secret;
use providers::{Class, Link, NotWitnessed, Witness, registry};
use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

const ROUNDS: usize = 9;
const KEYS: usize = 10_000;
const PEER: &str = include_str!("peer.sh");
/// Where the tables are that Keystead has.
const TABLES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../src-tauri/crates/store/migrations"
);

pub(crate) async fn figures() -> Vec<Figure> {
    let (world, admin) = world(KEYS);
    let answers = Answers::of(world).await;
    let name = "full synchronisation of 10,000 keys";
    let limit = "download and parsing by the same client";
    let peer = "curl, jq and sqlite3 in a pipe";
    let mut limit = Figure::new(name, "ms", limit, Bound::Times(3.0));
    let mut peer = Figure::new(name, "ms", peer, Bound::Less);
    for round in 0..=ROUNDS {
        let ours = ours(&answers, &admin).await;
        let parsed = parsed(&answers, &admin).await;
        let piped = piped(&answers, &admin).await;
        // The first round fills the server's memory.
        if round > 0 {
            limit.take(ours, parsed);
            peer.take(ours, piped);
        }
    }
    vec![peer, limit]
}

async fn ours(answers: &Answers, admin: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let app = ground::open(folder.path(), "sample").await;
    let id = ground::add(&app, answers, "shop", admin).await;
    let began = Instant::now();
    ground::sync(&app, &id).await;
    let took = began.elapsed();
    assert_eq!(ground::count(&app).await, KEYS);
    app.stop().await;
    took.as_secs_f64() * 1e3
}

/// Logs in, reads the list, and has it as keys.
async fn parsed(answers: &Answers, admin: &str) -> f64 {
    let provider = registry::find("ekodb").unwrap();
    let began = Instant::now();
    let link = Link::new(
        &ground::link(answers),
        Secret::new(admin.to_owned()),
        Timing::PRODUCTION,
        Arc::new(SystemClock),
        Arc::new(Nobody),
    );
    let keys = provider.list_keys(&link.unwrap()).await.unwrap();
    let took = began.elapsed();
    assert_eq!(keys.len(), KEYS);
    took.as_secs_f64() * 1e3
}

async fn piped(answers: &Answers, admin: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for (name, text) in [
        ("peer.sh", PEER),
        ("ca.pem", answers.authority.as_str()),
        ("tables.sql", &tables()),
    ] {
        std::fs::write(file(name), text).unwrap();
    }
    let mut command = Command::new("sh");
    command.current_dir(folder.path());
    command.args(["peer.sh", &answers.url, admin]);
    let began = Instant::now();
    // Elsewhere than on the threads that serve what it downloads.
    let run = tokio::task::spawn_blocking(move || command.stdin(Stdio::null()).status());
    let status = run.await.unwrap().unwrap();
    let took = began.elapsed();
    assert!(status.success(), "peer.sh: {status}");
    assert_eq!(rows(&file("peer.db"), "keys"), KEYS);
    let grants = rows(&file("peer.db"), "keys, json_each(keys.rights)");
    assert!(grants > 3 * (KEYS - 1));
    took.as_secs_f64() * 1e3
}

/// Keystead's tables, as its migrations make them.
fn tables() -> String {
    let files = std::fs::read_dir(TABLES).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let text = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    text.collect()
}

fn rows(database: &Path, table: &str) -> usize {
    let count = format!("SELECT count(*) FROM {table}");
    let told = Command::new("sqlite3")
        .arg(database)
        .arg(count)
        .output()
        .unwrap();
    String::from_utf8(told.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

struct Nobody;

#[async_trait]
impl Witness for Nobody {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        Ok(())
    }

    async fn logged_in(&self, _: Result<(), Class>) {}
}
