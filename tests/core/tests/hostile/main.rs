//! Hostile replies: what a server may send, met by the real client at every endpoint that reads one.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

mod case;
mod corpus;
mod meter;
mod server;
mod target;
mod token;
mod trial;

use case::Case;
use meter::Meter;
use server::Authority;
use std::{collections::BTreeSet, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};

/// One at a time: what this program's memory does is one story.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The fewest cases that there must be.
const FEWEST: usize = 500;
/// How many cases are under way at once.
const ABREAST: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_reply_has_its_answer() {
    let _alone = ALONE.lock().await;
    meter::count_panics();
    let authority = Arc::new(Authority::new());
    let (ordinary, vast) = (corpus::all(), corpus::vast());
    let count = ordinary.len() + vast.len();
    let names: BTreeSet<_> = ordinary
        .iter()
        .chain(&vast)
        .map(|case| case.name.clone())
        .collect();
    assert_eq!(names.len(), count, "two cases of one name");
    assert!(count >= FEWEST, "only {count} cases");

    let meter = Meter::start();
    let mut wrong = meet(&authority, ordinary, ABREAST).await;
    wrong.extend(meet(&authority, vast, 1).await);
    println!(
        "{count} cases at {} endpoints; memory grew by {} KiB, by {} KiB at the most",
        target::Target::ALL.len(),
        meter.growth() >> 10,
        meter.peak() >> 10
    );
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(meter::panics(), 0, "something panicked");
    assert!(
        meter.growth() <= meter::ALLOWED,
        "{} bytes stayed",
        meter.growth()
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
