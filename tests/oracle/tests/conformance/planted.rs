//! The control of the comparisons: they are shown faults, in what is expected and in what happens, and must name each.

use crate::{calls, refusals, sequences, side_by_side};
use oracle::{
    Difference, Pair, Row, Run, Scenario, Sent, Side, compare, judge, run, stand_beside, tell,
};
use serde_json::{Value, json};
use simulators::ekodb::Dialect::{Legacy, Modern};
use simulators::{Effect, Fault};

/// Every row of the official client's tables.
fn rows() -> Vec<Row> {
    let mut rows = refusals::table();
    for dialect in [Modern, Legacy] {
        rows.extend(calls::table(dialect));
        rows.extend(sequences::table(dialect));
    }
    rows
}

/// Every way in which one request may differ from another that matters.
fn spoilt(sent: &Sent) -> Vec<(&'static str, Sent)> {
    let mut found = Vec::new();
    let mut add = |what, spoil: &dyn Fn(&mut Sent)| {
        let mut other = sent.clone();
        spoil(&mut other);
        found.push((what, other));
    };
    add("method", &|sent| "POKE".clone_into(&mut sent.line.method));
    add("path", &|sent| sent.line.target.push('/'));
    add("query", &|sent| sent.line.target.push_str("?all=true"));
    add("status", &|sent| sent.status += 1);
    add("a header more", &|sent| {
        sent.headers
            .insert("user-agent".to_owned(), "other".to_owned());
    });
    for name in sent.headers.keys() {
        add("a header less", &|sent| drop(sent.headers.remove(name)));
        add("a header's value", &|sent| {
            sent.headers.insert(name.clone(), "other".to_owned());
        });
    }
    if sent.line.target.contains('%') {
        add("percent-encoding", &|sent| {
            sent.line.target = sent.line.target.replace("%3A", ":").replace("%2F", "/");
        });
    }
    match &sent.line.body {
        None => add("a body", &|sent| sent.line.body = Some(json!({}))),
        Some(body) => {
            add("no body", &|sent| sent.line.body = None);
            for name in body.as_object().into_iter().flat_map(|body| body.keys()) {
                let members = |sent: &mut Sent, value: Option<Value>| {
                    let body = sent.line.body.as_mut().and_then(Value::as_object_mut);
                    let body = body.unwrap();
                    match value {
                        Some(value) => body.insert(name.clone(), value),
                        None => body.remove(name),
                    }
                };
                add("a member less", &|sent| drop(members(sent, None)));
                add("a member's value", &|sent| {
                    drop(members(sent, Some(json!("other"))));
                });
            }
        }
    }
    found
}

/// The journal with one fault planted, in every way.
fn planted(journal: &[Sent]) -> Vec<(String, Vec<Sent>)> {
    let mut found = Vec::new();
    for (at, sent) in journal.iter().enumerate() {
        for (what, other) in spoilt(sent) {
            let mut journal = journal.to_vec();
            *journal.get_mut(at).unwrap() = other;
            found.push((format!("request {}: {what}", at + 1), journal));
        }
        let mut less = journal.to_vec();
        less.remove(at);
        found.push((format!("request {} left out", at + 1), less));
        let mut more = journal.to_vec();
        more.insert(at, sent.clone());
        found.push((format!("request {} sent twice", at + 1), more));
    }
    for (at, pair) in journal.windows(2).enumerate() {
        if let [one, two] = pair
            && one != two
        {
            let mut other = journal.to_vec();
            other.swap(at, at + 1);
            found.push((format!("request {} after the next", at + 1), other));
        }
    }
    found
}

#[tokio::test]
async fn a_fault_in_any_row_is_named() {
    let mut faults = 0;
    for row in rows() {
        let seen = run(&row).await;
        assert_eq!(judge(&row, &seen), [""; 0], "{}", row.name);
        for (what, sent) in planted(&seen.sent) {
            let spoilt = Run {
                sent,
                outcome: seen.outcome.clone(),
            };
            assert!(!judge(&row, &spoilt).is_empty(), "{}: {what}", row.name);
            faults += 1;
        }
        for outcome in [Ok(json!("other")), Err("other".to_owned())] {
            let spoilt = Run {
                sent: seen.sent.clone(),
                outcome,
            };
            assert!(!judge(&row, &spoilt).is_empty(), "{}: outcome", row.name);
            faults += 1;
        }
    }
    assert!(faults > 1_000, "{faults}");
    tell("planted", faults, "faults in rows, all named");
}

/// A server that does not keep the contract in one point; which rows see it.
#[tokio::test]
async fn a_server_that_deviates_is_named() {
    let answers = |method, path, body: Value| {
        let effect = Effect::Replace {
            status: 200,
            content_type: "application/json".to_owned(),
            body: body.to_string(),
        };
        Fault::always(method, path, effect)
    };
    let refuses = |method, path, status| {
        let effect = Effect::Status {
            status,
            retry_after: None,
            body: None,
        };
        Fault::always(method, path, effect)
    };
    let me = "/api/auth/keys/me/permissions";
    let deviations = [
        (
            "the list in an object",
            answers("GET", "/api/auth/keys", json!({})),
            1,
        ),
        (
            "old member names",
            answers("GET", me, json!({ "is_admin": true })),
            1,
        ),
        ("no probe", refuses("GET", me, 403), 1),
        ("no schemas", refuses("GET", "/api/schemas", 404), 2),
        ("no PATCH", refuses("PATCH", "/api/auth/keys", 405), 3),
        ("no DELETE", refuses("DELETE", "/api/auth/keys", 405), 4),
        (
            "another status of register",
            refuses("POST", "/api/auth/register", 202),
            1,
        ),
        (
            "field lists that are lost",
            Fault::always("PUT", "/api/auth/keys", Effect::DropRestrictions),
            1,
        ),
        (
            "a change without before",
            answers("PUT", "/api/auth/keys", json!({ "after": null })),
            2,
        ),
        (
            "collections under another name",
            answers("GET", "/api/collections", json!({ "names": [] })),
            3,
        ),
        (
            "health that is not one",
            answers("GET", "/api/health", json!([])),
            3,
        ),
        (
            "another token each time",
            refuses("POST", "/api/auth/token", 500),
            20,
        ),
    ];
    for (what, fault, at_least) in &deviations {
        let mut red = 0;
        for row in calls::table(Modern) {
            let row = row.fault(fault.clone());
            red += usize::from(!judge(&row, &run(&row).await).is_empty());
        }
        assert!(red >= *at_least, "{what}: {red} rows red");
    }
    let mut red = 0;
    for row in calls::table(Modern) {
        let row = row.on(|options| options.dialect = Legacy);
        red += usize::from(!judge(&row, &run(&row).await).is_empty());
    }
    assert!(red >= 15, "another dialect: {red} rows red");
    tell(
        "planted",
        deviations.len() + 1,
        "deviations of a server, all named",
    );
}

#[tokio::test]
async fn a_fault_between_two_journals_is_named() {
    let mut faults = 0;
    for mut scenario in side_by_side::table() {
        let pair = stand_beside(&scenario).await;
        assert_eq!(compare(&scenario, &pair), [""; 0], "{}", scenario.name);
        faults += spoil_journals(&scenario, &pair);
        faults += spoil_the_rest(&mut scenario, &pair);
    }
    assert!(faults > 1_000, "{faults}");
    tell("planted", faults, "faults between two journals, all named");
}

fn spoil_journals(scenario: &Scenario, pair: &Pair) -> usize {
    let mut faults = 0;
    let ours = planted(&pair.sent.1).into_iter();
    let theirs = planted(&pair.sent.0).into_iter();
    let ours = ours.map(|(what, sent)| (what, (pair.sent.0.clone(), sent)));
    let theirs = theirs.map(|(what, sent)| (what, (sent, pair.sent.1.clone())));
    for (what, sent) in ours.chain(theirs) {
        let spoilt = Pair {
            sent,
            outcome: pair.outcome.clone(),
            world: pair.world.clone(),
        };
        assert!(
            !compare(scenario, &spoilt).is_empty(),
            "{}: {what}",
            scenario.name
        );
        faults += 1;
    }
    faults
}

fn spoil_the_rest(scenario: &mut Scenario, pair: &Pair) -> usize {
    let mut faults = 0;
    let mut named = |scenario: &Scenario, pair: &Pair, what: &str| {
        assert!(
            !compare(scenario, pair).is_empty(),
            "{}: {what}",
            scenario.name
        );
        faults += 1;
    };
    let known = scenario.differences.clone();
    for at in 0..known.len() {
        scenario.differences.remove(at);
        named(scenario, pair, "a difference that nobody wrote down");
        scenario.differences.clone_from(&known);
    }
    scenario.differences.push(Difference {
        side: Side::Ours,
        at: 1,
        sent: Sent::get("/api/nothing"),
        why: "none",
    });
    named(scenario, pair, "a difference that does not occur");
    scenario.differences = known;

    let succeed = scenario.succeed;
    scenario.succeed = (succeed.0, !succeed.1);
    named(scenario, pair, "another outcome");
    scenario.succeed = succeed;
    if succeed.0 == succeed.1 {
        let other = Pair {
            sent: pair.sent.clone(),
            outcome: pair.outcome.clone(),
            world: (pair.world.0.clone(), json!([])),
        };
        named(scenario, &other, "another world");
    }
    faults
}
