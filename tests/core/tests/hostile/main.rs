//! Hostile replies: what a server may send, met by the real client at every endpoint that reads one.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

mod ask;
mod case;
mod controls;
mod corpus;
mod meter;
mod seeds;
mod server;
mod sessions;
mod target;
mod token;
mod trial;
mod verdict;

use case::Case;
use meter::Meter;
use server::Authority;
use std::{collections::BTreeSet, process::Command, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};

/// The fewest cases that there must be.
const FEWEST: usize = 500;
/// How many cases are under way at once.
const ABREAST: usize = 16;

/// Set for the process that a test runs itself in.
const ALONE: &str = "KEYSTEAD_HOSTILE_ALONE";

/// Whether this process is the test's own, whose allocator gives back at once what is freed: what is resident
/// there at the end is what something still holds. Where it is not, the test runs itself in one.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test asks through the environment whether it runs in itself"
)]
fn alone(name: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut itself = Command::new(std::env::current_exe().unwrap());
    itself.args(["--exact", name, "--nocapture"]).env(ALONE, "");
    itself.env("MALLOC_MMAP_THRESHOLD_", "65536");
    itself.env("MALLOC_TRIM_THRESHOLD_", "65536");
    itself.env("MALLOC_ARENA_MAX", "1");
    let run = itself.output().unwrap();
    let told = [run.stdout, run.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
    println!("{told}");
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_reply_has_its_answer() {
    if !alone("every_reply_has_its_answer") {
        return;
    }
    meter::count_panics();
    let authority = Arc::new(Authority::new());
    let (ordinary, vast) = (corpus::all(), corpus::vast());
    let count = ordinary.len() + vast.len();
    let names = ordinary.iter().chain(&vast).map(|case| &case.name);
    assert_eq!(
        names.collect::<BTreeSet<_>>().len(),
        count,
        "two cases of one name"
    );
    assert!(count >= FEWEST, "only {count} cases");

    let meter = Meter::start();
    let mut wrong = meet(&authority, ordinary, ABREAST).await;
    let peak = meter.peak();
    wrong.extend(meet(&authority, vast, 1).await);
    println!(
        "{count} cases at {} endpoints; memory grew by {} KiB, by {} KiB and {} KiB at the most",
        target::Target::ALL.len(),
        meter.growth() >> 10,
        peak >> 10,
        meter.peak() >> 10
    );
    assert!(
        wrong.is_empty(),
        "{} complaints:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(meter::panics(), 0, "something panicked");
    assert!(
        meter.growth() <= meter::STAYING,
        "{} bytes stayed",
        meter.growth()
    );
    assert!(
        meter.peak() <= meter::PASSING,
        "{} bytes were needed",
        meter.peak()
    );
}

/// Meets the cases, some at a time; what was not as expected.
async fn meet(authority: &Arc<Authority>, cases: Vec<Case>, abreast: usize) -> Vec<String> {
    let places = Arc::new(Semaphore::new(abreast));
    let mut under_way = JoinSet::new();
    for case in cases {
        let (authority, places) = (Arc::clone(authority), Arc::clone(&places));
        under_way.spawn(async move {
            let _place = places.acquire().await.unwrap();
            trial::complaints(&authority, case).await
        });
    }
    under_way.join_all().await.into_iter().flatten().collect()
}
