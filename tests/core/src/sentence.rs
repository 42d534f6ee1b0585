//! The sentences that a person reads, as the screen has them.

use app::{Code, Failure};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// `ui/src/text/errors.json`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Sentences(BTreeMap<Code, Sentence>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    what: String,
    why: String,
    r#do: String,
}

impl Sentences {
    /// Reads them. An unknown code among them is refused.
    pub fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/text/errors.json");
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    }

    /// What happened, why, what to do: three non-empty sentences, every parameter filled in.
    pub fn of(&self, failure: &Failure) -> String {
        let sentence = self
            .0
            .get(&failure.code)
            .unwrap_or_else(|| panic!("{:?} has no sentence", failure.code));
        let parts = [&sentence.what, &sentence.why, &sentence.r#do].map(|template| {
            let filled = failure
                .params
                .iter()
                .fold(template.clone(), |text, (name, value)| {
                    assert!(!value.is_empty(), "{:?} has an empty {name}", failure.code);
                    text.replace(&format!("{{{name}}}"), value)
                });
            assert!(
                filled.ends_with(['.', '?']) && filled.len() >= 10,
                "no sentence: {filled:?}"
            );
            assert!(
                !filled.contains(['{', '}']),
                "a parameter is missing: {filled:?}"
            );
            filled
        });
        parts.join(" ")
    }
}
