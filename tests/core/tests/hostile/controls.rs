//! Positive controls: each zero of this proof is measured by something that sees what is planted.

use crate::{
    alone,
    ask::PROBED,
    case::{Expect, Listed, MARK, VALUE, body, raw},
    meter::{self, Meter},
    server::Authority,
    target::Target,
    trial, verdict,
};
use providers::{Class, Fault, ProviderError, Tried};

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

/// Each verdict of a probe, where another one is due, and each told as something else than what came.
#[test]
fn a_wrong_verdict_is_seen() {
    let yes = |seen: &str| Tried::Accepted {
        value: String::new(),
        seen: seen.into(),
    };
    let no = |seen: &str| Tried::Refused { seen: seen.into() };
    let unclear = |status: u16, seen: &str| Tried::Unclear {
        seen: seen.into(),
        error: ProviderError::of_status(status, Target::SignIn.endpoint(), None),
    };
    let asked = |came: &str| format!("POST /api/auth/token{came}");
    let found = |expect: Expect, tried: Tried<String>| {
        let due = verdict::due(Target::SignIn, 0, &expect);
        verdict::complaints(Target::SignIn, &due, &tried).len()
    };
    let says = |status, class| Expect::Says(status, class, None);
    let dead = || says(401, Class::Unauthorized);
    let page = || Expect::Denies(401, Class::Unauthorized, "");
    let busy = || says(503, Class::Unavailable);
    for (expect, tried, wrong) in [
        (dead(), no(&asked(" 401")), 0),
        (dead(), no(&asked(" 200")), 1),
        (dead(), no(&asked(", no answer")), 1),
        (dead(), no("hOsTiLe 401"), 1),
        (dead(), yes(&asked(" 401")), 1),
        (dead(), unclear(401, &asked(" 401")), 1),
        (page(), no(&asked(" 401")), 1),
        (busy(), unclear(503, &asked(" 503")), 0),
        (busy(), unclear(503, &asked(", no answer")), 1),
        (busy(), unclear(500, &asked(" 503")), 1),
        (busy(), no(&asked(" 503")), 1),
        (busy(), yes(&asked(" 200")), 1),
        (Expect::Reads("t"), yes(&asked(" 200")), 0),
        (Expect::Reads("t"), no(&asked(" 200")), 1),
        (Expect::Reads(""), yes(&asked(" 200")), 1),
        (Expect::NotJson, yes(&asked(" 200")), 1),
        (Expect::Owns("t", "users read:all"), yes(&asked(" 200")), 1),
    ] {
        assert_eq!(found(expect, tried), wrong);
    }
    for told in ["Secret(eyJhbGciOi)", PROBED, VALUE] {
        let tried = Tried::Accepted {
            value: told.to_owned(),
            seen: asked(" 200"),
        };
        assert_eq!(verdict::leaks(&tried).len(), 1, "{told}");
    }
    assert_eq!(verdict::leaks(&no(MARK)).len(), 1);
    assert_eq!(verdict::leaks(&yes(&asked(" 200"))), [""; 0]);
}

/// The same where the real client is asked: a verdict that is right, held against a wrong table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_table_of_verdicts_is_seen() {
    let authority = Authority::new();
    let refused = |kind: &str, expect: Expect| {
        let reply = format!(
            "HTTP/1.1 401 No\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: 2\r\n\r\n{{}}"
        );
        raw("planted", reply, expect)
    };
    let says = || Expect::Says(401, Class::Unauthorized, None);
    let page = || Expect::Denies(401, Class::Unauthorized, "");
    let nothing = |expect: Expect| {
        let rights = r#"{"admin":false,"collections":{},"kv":[]}"#;
        body("planted", rights, expect)
    };
    // The log-in and both of a key's own reads take a 401 for a no, and a page for none; three read own rights.
    for (case, wrong) in [
        (refused("application/json", says()), 0),
        (refused("application/json", page()), 3),
        (refused("text/html", page()), 0),
        (refused("text/html", says()), 3),
        (nothing(Expect::Owns("od", "")), 0),
        (nothing(Expect::Owns("od", "users read:all write:none")), 3),
        (nothing(Expect::Owns("d", "")), 2),
        (nothing(Expect::Reads("rhfpn")), 3),
    ] {
        let found = trial::complaints(&authority, case).await;
        assert_eq!(found.len(), wrong, "{found:?}");
    }
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
    let endpoints = Target::ALL.len();
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
