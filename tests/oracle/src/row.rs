//! A table row: one call of the official client, what it must send, what it must make of the reply.

use crate::{Ground, Official, Outcome, Sent, Turn};
use serde_json::Value;
use simulators::Fault;
use simulators::ekodb::{Dialect, Options, World};
use std::fmt::Write as _;

/// What is done with the client.
pub type Act = for<'a> fn(&'a Official) -> Turn<'a>;

/// One row.
pub struct Row {
    /// Names it in a failure.
    pub name: String,
    options: Options,
    edit: fn(&mut World),
    faults: Vec<Fault>,
    act: Act,
    /// The requests, in order, and nothing else.
    pub sent: Vec<Sent>,
    /// What the client then says.
    pub outcome: Outcome,
}

/// What happened.
#[derive(Clone)]
pub struct Run {
    /// The requests, in order.
    pub sent: Vec<Sent>,
    /// What the client said.
    pub outcome: Outcome,
}

impl Row {
    /// A call on a server of that dialect. Until told otherwise it sends nothing and gives null.
    pub fn new(dialect: Dialect, name: &str, act: Act) -> Self {
        Self {
            name: format!("{dialect:?}: {name}"),
            options: Options::of(dialect),
            edit: |_| {},
            faults: Vec::new(),
            act,
            sent: Vec::new(),
            outcome: Ok(Value::Null),
        }
    }

    /// On a server of other options.
    #[must_use]
    pub fn on(self, change: fn(&mut Options)) -> Self {
        let mut options = self.options;
        change(&mut options);
        Self { options, ..self }
    }

    /// On a server of other content.
    #[must_use]
    pub fn with(self, edit: fn(&mut World)) -> Self {
        Self { edit, ..self }
    }

    /// On a server with a fault.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// What must be sent.
    #[must_use]
    pub fn sends(self, sent: impl IntoIterator<Item = Sent>) -> Self {
        let sent = sent.into_iter().collect();
        Self { sent, ..self }
    }

    /// What the client must give.
    #[must_use]
    pub fn gives(self, value: Value) -> Self {
        Self {
            outcome: Ok(value),
            ..self
        }
    }

    /// What the client must complain of.
    #[must_use]
    pub fn fails(self, words: &str) -> Self {
        Self {
            outcome: Err(words.to_owned()),
            ..self
        }
    }

    /// A server as this row wants it.
    pub async fn ground(&self) -> Ground {
        let ground = Ground::start(self.options.clone(), self.edit).await;
        for fault in &self.faults {
            ground.control.fault(fault.clone());
        }
        ground
    }
}

/// Does what the row says, on a server of its own.
pub async fn run(row: &Row) -> Run {
    let ground = row.ground().await;
    let outcome = (row.act)(&Official::at(&ground.server.url())).await;
    let sent = ground.control.journal().iter().map(Sent::from).collect();
    Run { sent, outcome }
}

/// Everything in which a run differs from its row.
pub fn judge(row: &Row, run: &Run) -> Vec<String> {
    let mut complaints = Vec::new();
    for at in 0..row.sent.len().max(run.sent.len()) {
        let (wanted, got) = (row.sent.get(at), run.sent.get(at));
        if wanted != got {
            let told = |sent: Option<&Sent>| sent.map_or("nothing".to_owned(), Sent::to_string);
            complaints.push(format!(
                "request {}: wanted {}, got {}",
                at + 1,
                told(wanted),
                told(got)
            ));
        }
    }
    if row.outcome != run.outcome {
        complaints.push(format!(
            "outcome: wanted {:?}, got {:?}",
            row.outcome, run.outcome
        ));
    }
    complaints
}

/// Says how many rows a table had; `scripts/conformance` adds them up.
pub fn count(rows: usize, title: &str) {
    tell("rows", rows, title);
}

/// Says how many there were of something else.
#[expect(clippy::print_stdout, reason = "the count is part of the proof")]
pub fn tell(kind: &str, number: usize, what: &str) {
    println!("{kind}: {number} {what}");
}

/// Runs a whole table and says how many rows it had.
pub async fn hold(title: &str, rows: &[Row]) {
    let mut complaints = String::new();
    for row in rows {
        for complaint in judge(row, &run(row).await) {
            let _ = write!(complaints, "\n  {}: {complaint}", row.name);
        }
    }
    count(rows.len(), title);
    assert!(complaints.is_empty(), "{title}{complaints}");
}
