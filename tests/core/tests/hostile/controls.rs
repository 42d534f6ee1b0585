//! Positive controls: each zero of this proof is measured by something that sees what is planted.

use crate::{
    alone,
    case::{Expect, Listed, MARK, body},
    meter::{self, Meter},
    server::Authority,
    trial,
};
use providers::{Class, Fault};

#[test]
fn a_planted_leak_is_seen() {
    if !alone("controls::a_planted_leak_is_seen") {
        return;
    }
    let meter = Meter::start();
    let leaked = vec![1_u8; 80 << 20];
    assert!(meter.growth() > meter::STAYING, "{}", meter.growth());
    assert_eq!(
        leaked.iter().map(|byte| usize::from(*byte)).sum::<usize>(),
        leaked.len()
    );
    drop(leaked);
    assert!(
        meter.growth() < meter::STAYING,
        "what is freed is given back: {}",
        meter.growth()
    );
    assert!(meter.peak() > meter::STAYING, "but it was there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_panic_is_seen() {
    if !alone("controls::a_planted_panic_is_seen") {
        return;
    }
    meter::count_panics();
    // As in a task of a library, which nobody waits for.
    let planted = tokio::spawn(async { panic!("planted") });
    while !planted.is_finished() {
        tokio::task::yield_now().await;
    }
    assert_eq!(meter::panics(), 1);
}

#[test]
fn foreign_words_are_seen() {
    assert_eq!(
        trial::speaks("Protocol (Malformed) on /api/health"),
        [""; 0]
    );
    for text in [
        MARK,
        "invalid type: map",
        "https://127.0.0.1:1/",
        "eyJhbGciOi",
    ] {
        assert_eq!(trial::speaks(text).len(), 1, "{text}");
    }
}

/// Every kind of expectation, where it is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_answer_is_seen() {
    let authority = Authority::new();
    let endpoints = crate::target::Target::ALL.len();
    let told = |expect: Expect| {
        let case = body("planted", "[{}]", expect);
        trial::complaints(&authority, case)
    };
    let nobody = Listed::default();
    for (expect, least) in [
        (Expect::Fails(Class::Unavailable, Fault::Broken), endpoints),
        (Expect::Says(503, Class::Unavailable, None), endpoints),
        (Expect::SaysStale, endpoints),
        (Expect::TooLarge, endpoints),
        (Expect::NotJson, endpoints - 3),
        (Expect::Partial(206), endpoints - 3),
        (Expect::Reads("rhf"), 5),
        (Expect::Reads(""), 2),
        (Expect::Lists(vec![nobody]), 2),
        (Expect::Lists(Vec::new()), 2),
    ] {
        let found = told(expect).await;
        assert!(found.len() >= least, "{least}: {found:?}");
    }
    assert_eq!(told(Expect::Reads("k")).await, [""; 0]);
}
