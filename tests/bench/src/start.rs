//! From `exec` to the screen, with the vault opened by the system's keyring on the way, and what memory that takes;
//! beside a window of the same kind with nothing in it.

use crate::{
    answers::Answers,
    figure::{Bound, Figure},
    ground,
    population::world,
    window,
};
use core_tests::{drive::call, keyring::Daemon};
use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ROUNDS: usize = 14;
/// How many keys the copy has, and what there is to see then.
const COPIES: [(usize, &str); 2] = [(0, "painted page"), (10_000, "painted rows")];

pub(crate) async fn figures() -> Vec<Figure> {
    let _keyring = Daemon::unlocked();
    let mut homes = Vec::new();
    for (keys, what) in COPIES {
        homes.push((home(keys).await, keys, what));
    }
    let against = "a bare Tauri window";
    let figures = |what: &str, unit, bound| {
        let one = |(keys, _): &(usize, _)| {
            Figure::new(format!("{what}, {keys} keys"), unit, against, bound)
        };
        COPIES.iter().map(one).collect::<Vec<_>>()
    };
    let mut starts = figures("start to screen", "ms", Bound::Times(1.5));
    let mut memory = figures("memory of all processes", "MB", Bound::More(60.0));
    let measuring = move || {
        let empty = tempfile::tempdir().unwrap();
        for round in 0..=ROUNDS {
            // There and back: what was started before is felt.
            let mut turn: Vec<_> = homes.iter().enumerate().collect();
            if round % 2 == 0 {
                turn.reverse();
            }
            for (at, (home, _, what)) in turn {
                let arguments = ["--with-parent"];
                let ours = window::open(&program("keystead"), &arguments, home.path(), what);
                let bare = window::open(&program("bare"), &[], empty.path(), "painted page");
                // The first round reads the programs from the disk.
                if round > 0 {
                    starts[at].take(ours.took, bare.took);
                    memory[at].take(ours.memory, bare.memory);
                }
            }
        }
        memory.reverse();
        starts.reverse();
        memory.into_iter().chain(starts).collect()
    };
    tokio::task::spawn_blocking(measuring).await.unwrap()
}

/// Where a profile lies whose vault the keyring opens, with a copy of so many keys. Its server is gone.
async fn home(keys: usize) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let app = ground::open(&home.path().join("keystead"), "default").await;
    call(&app, "vault_setup", json!({ "passphrase": null }))
        .await
        .unwrap();
    if keys > 0 {
        let (world, admin) = world(keys);
        let answers = Answers::of(world).await;
        let id = ground::add(&app, &answers, "shop", &admin).await;
        ground::sync(&app, &id).await;
    }
    assert_eq!(ground::count(&app).await, keys);
    app.stop().await;
    home
}

/// The program beside this one.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own.parent().map(|folder: &Path| folder.join(name)).unwrap();
    assert!(program.is_file(), "scripts/bench builds {name}");
    program
}
