//! Bad input: fault → code → sentence. Every code has at least one fault that brings it about.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

mod changes;
mod links;
mod local;
mod notices;
mod requests;
mod rotations;
mod servers;
mod vault;

use app::{Code, Failure};
use core_tests::Sentences;
use std::{collections::BTreeSet, pin::Pin};

/// A fault that was really brought about, and what came of it.
type Trial = Pin<Box<dyn Future<Output = Vec<Failure>>>>;

struct Case {
    fault: String,
    code: Code,
    trial: Trial,
}

fn case(
    fault: impl Into<String>,
    code: Code,
    trial: impl Future<Output = Vec<Failure>> + 'static,
) -> Case {
    Case {
        fault: fault.into(),
        code,
        trial: Box::pin(trial),
    }
}

/// Words of libraries below, and of the servers' own error texts.
const FOREIGN: [&str; 22] = [
    "serde",
    "reqwest",
    "hyper",
    "rustls",
    "sqlx",
    "sqlite",
    "tokio",
    "expected value",
    "invalid type",
    "EOF",
    "line 1",
    "column",
    "os error",
    "error sending",
    "panicked",
    "Os {",
    "Kind(",
    "<html",
    "Bearer",
    "0x",
    "Admin access required",
    "not found or revoked",
];

fn complaints(fault: &str, failure: &Failure, sentence: &str, secrets: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    for word in FOREIGN.iter().filter(|word| sentence.contains(*word)) {
        complaints.push(format!(
            "{fault}: {:?} speaks foreign: {word:?} in {sentence:?}",
            failure.code
        ));
    }
    for secret in secrets
        .iter()
        .filter(|secret| sentence.contains(secret.as_str()))
    {
        complaints.push(format!(
            "{fault}: {:?} tells a secret of {} characters",
            failure.code,
            secret.len()
        ));
    }
    complaints
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_has_its_code_and_its_sentence() {
    let sentences = Sentences::read();
    let mut cases = servers::cases();
    cases.extend(links::cases());
    cases.extend(local::cases());
    cases.extend(requests::cases());
    cases.extend(notices::cases());
    cases.extend(changes::cases());
    cases.extend(rotations::cases());
    cases.extend(vault::cases());
    let (count, mut reached, mut wrong) = (cases.len(), BTreeSet::new(), Vec::new());
    for Case { fault, code, trial } in cases {
        let failures = trial.await;
        assert!(!failures.is_empty(), "{fault}: nothing came of it");
        for failure in failures {
            let sentence = sentences.of(&failure);
            wrong.extend(complaints(&fault, &failure, &sentence, &servers::secrets()));
            if failure.code != code {
                wrong.push(format!("{fault}: {:?} instead of {code:?}", failure.code));
            }
            reached.insert(failure.code);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    let missing: Vec<_> = all.difference(&reached).collect();
    assert!(
        missing.is_empty(),
        "no fault in the table leads to {missing:?}"
    );
}

#[test]
fn foreign_text_and_secrets_are_noticed() {
    let failure = Failure::new(Code::Internal);
    let found = complaints(
        "planted",
        &failure,
        "invalid type: eko_prod_planted",
        &["eko_prod_planted".to_owned()],
    );
    assert_eq!(found.len(), 2, "{found:?}");
}
