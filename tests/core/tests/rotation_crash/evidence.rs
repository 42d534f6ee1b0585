//! What the server saw and what the journal says, and the rules that both must have kept.

use core_tests::Rig;
use serde_json::Value;
use simulators::{Entry, ekodb::World};
use std::collections::BTreeSet;

/// The rules, each with the fault that breaks it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Every key that was made is one that the journal announced before: else an effect came before its commit.
    Announced,
    /// Of one announced attempt at most one key was made: else a create was repeated.
    OnceMade,
    /// The old key was ended only after the new one had logged in: else it was ended early.
    NotEarly,
    /// Between the last change and the end of the old key the list was read: else the second look was left out.
    ReadAgain,
}

pub(crate) struct Evidence {
    requests: Vec<Entry>,
    world: World,
    /// Markers that the journal holds, in order.
    announced: BTreeSet<String>,
    /// SHA-256 of the old and of the new value, as the server's journal shows them.
    old: String,
}

impl Evidence {
    pub(crate) async fn of(rig: &Rig) -> Self {
        let events = core_tests::journal(&rig.database()).await;
        let announced = events
            .iter()
            .filter_map(|event| event["attempt"]["marker"].as_str())
            .map(str::to_owned);
        Self {
            requests: rig.control.journal(),
            world: rig.control.world(),
            announced: announced.collect(),
            old: "worker".to_owned(),
        }
    }

    /// Every rule that was broken, in words.
    pub(crate) fn breaches(&self) -> Vec<String> {
        let broken = self.broken();
        broken.iter().map(|rule| format!("{rule:?}")).collect()
    }

    pub(crate) fn broken(&self) -> Vec<Rule> {
        let mut broken = Vec::new();
        let made: Vec<String> = self
            .registered()
            .into_iter()
            .map(|(_, marker)| marker)
            .collect();
        let ours = self
            .world
            .keys
            .iter()
            .filter_map(|key| key.description.as_deref());
        let living = ours.filter_map(marker_in);
        if made
            .iter()
            .cloned()
            .chain(living)
            .any(|marker| !self.announced.contains(&marker))
        {
            broken.push(Rule::Announced);
        }
        let twice = |marker: &String| {
            let living = self.world.keys.iter().filter(|key| {
                key.description
                    .as_deref()
                    .is_some_and(|text| text.contains(marker.as_str()))
            });
            living.count() > 1
        };
        if self.announced.iter().any(twice) {
            broken.push(Rule::OnceMade);
        }
        if let Some(end) = self.end_of_old() {
            let before = || self.requests.iter().filter(|entry| entry.seq < end);
            let proved = before().any(|entry| {
                entry.path == "/api/auth/token" && entry.status == 200 && self.is_new(entry)
            });
            if !proved {
                broken.push(Rule::NotEarly);
            }
            let changed = before()
                .filter(|entry| is_change(entry))
                .map(|entry| entry.seq)
                .max();
            let read = before()
                .filter(|entry| {
                    entry.method == "GET" && entry.path == "/api/auth/keys" && entry.status == 200
                })
                .map(|entry| entry.seq)
                .max();
            if changed.is_some() && read < changed {
                broken.push(Rule::ReadAgain);
            }
        }
        broken
    }

    /// Requests that made a key: when, and with which marker (empty without one).
    fn registered(&self) -> Vec<(u64, String)> {
        let made = self.requests.iter().filter(|entry| {
            entry.path == "/api/auth/register" && [0, 200, 201].contains(&entry.status)
        });
        let marker = |entry: &Entry| {
            let text = entry
                .body
                .as_ref()
                .and_then(|body| body["description"].as_str());
            text.and_then(marker_in).unwrap_or_default()
        };
        made.map(|entry| (entry.seq, marker(entry))).collect()
    }

    /// When the old key was ended.
    fn end_of_old(&self) -> Option<u64> {
        let gone = !self
            .world
            .keys
            .iter()
            .any(|key| key.label.as_deref() == Some(self.old.as_str()));
        let ends = self.requests.iter().filter(|entry| {
            entry.method == "DELETE"
                && !entry.path.contains("/permissions/")
                && [0, 200, 204].contains(&entry.status)
        });
        ends.map(|entry| entry.seq).next_back().filter(|_| gone)
    }

    /// This log-in was the successor's.
    fn is_new(&self, entry: &Entry) -> bool {
        let new = self
            .world
            .keys
            .iter()
            .find(|key| key.label.as_deref() == Some("worker ~g2"));
        let value = new.map(|key| simulators::journal::fingerprint(&key.key));
        let sent = entry.body.as_ref().map(|body| body["api_key"].clone());
        value.is_some() && sent == value.map(Value::from)
    }
}

fn is_change(entry: &Entry) -> bool {
    let ends = entry.method == "DELETE" && !entry.path.contains("/permissions/");
    entry.method != "GET" && entry.path != "/api/auth/token" && !ends
}

fn marker_in(text: &str) -> Option<String> {
    text.split(' ')
        .find(|word| word.starts_with("ks:"))
        .map(str::to_owned)
}
