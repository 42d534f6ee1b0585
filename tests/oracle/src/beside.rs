//! The same scenario by the official client and by our adapter, each on a server of its own; their journals beside
//! each other.

use crate::{Act, Ground, Official, Ours, Outcome, Sent, Turn, count};
use serde_json::{Value, json};
use simulators::Fault;
use simulators::ekodb::{Dialect, Options, World};
use std::fmt::Write as _;

/// Who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Only the official client.
    Official,
    /// Only Keystead.
    Ours,
}

/// A request that only one of the two sends, in its place.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Who.
    pub side: Side,
    /// Its place in that side's journal, from 1.
    pub at: usize,
    /// What, as the official client would send it.
    pub sent: Sent,
    /// Why that is right.
    pub why: &'static str,
}

/// One scenario.
pub struct Scenario {
    /// Names it in a failure.
    pub name: String,
    options: Options,
    edit: fn(&mut World),
    primed: bool,
    faults: Vec<Fault>,
    official: Act,
    ours: for<'a> fn(&'a Ours) -> Turn<'a>,
    /// All differences, in order. Whatever else differs is a failure, and so is one of these that does not occur.
    pub differences: Vec<Difference>,
    /// Whether the official client, and whether Keystead, succeeds.
    pub succeed: (bool, bool),
}

/// What came of a scenario.
pub struct Pair {
    /// The official client's requests, and Keystead's.
    pub sent: (Vec<Sent>, Vec<Sent>),
    /// What they said.
    pub outcome: (Outcome, Outcome),
    /// What their servers then hold.
    pub world: (Value, Value),
}

impl Scenario {
    /// The two acts on servers of that dialect.
    pub fn new(
        dialect: Dialect,
        name: &str,
        official: Act,
        ours: for<'a> fn(&'a Ours) -> Turn<'a>,
    ) -> Self {
        Self {
            name: format!("{dialect:?}: {name}"),
            options: Options::of(dialect),
            edit: |_| {},
            primed: false,
            faults: Vec::new(),
            official,
            ours,
            differences: Vec::new(),
            succeed: (true, true),
        }
    }

    /// Both are logged in and know what the server is before the journals begin.
    #[must_use]
    pub fn primed(self) -> Self {
        Self {
            primed: true,
            ..self
        }
    }

    /// On servers of other options.
    #[must_use]
    pub fn on(self, change: fn(&mut Options)) -> Self {
        let mut options = self.options;
        change(&mut options);
        Self { options, ..self }
    }

    /// On servers of other content.
    #[must_use]
    pub fn with(self, edit: fn(&mut World)) -> Self {
        Self { edit, ..self }
    }

    /// On servers with a fault.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// A request that only the official client sends, as its `at`th.
    #[must_use]
    pub fn only_official(self, at: usize, sent: Sent, why: &'static str) -> Self {
        self.only(Side::Official, at, sent, why)
    }

    /// A request that only Keystead sends, as its `at`th.
    #[must_use]
    pub fn only_ours(self, at: usize, sent: Sent, why: &'static str) -> Self {
        self.only(Side::Ours, at, sent, why)
    }

    /// Whether the official client, and whether Keystead, succeeds.
    #[must_use]
    pub fn succeed(self, official: bool, ours: bool) -> Self {
        Self {
            succeed: (official, ours),
            ..self
        }
    }

    fn only(mut self, side: Side, at: usize, sent: Sent, why: &'static str) -> Self {
        self.differences.push(Difference {
            side,
            at,
            sent,
            why,
        });
        self
    }

    async fn ground(&self) -> Ground {
        Ground::start(self.options.clone(), self.edit).await
    }

    fn begin(&self, ground: &Ground) {
        ground.control.clear_journal();
        for fault in &self.faults {
            ground.control.fault(fault.clone());
        }
    }
}

/// Runs both sides.
pub async fn stand_beside(scenario: &Scenario) -> Pair {
    let theirs = scenario.ground().await;
    let official = Official::at(&theirs.server.url());
    if scenario.primed {
        official.admin.uses_key_permission_routes().await.unwrap();
    }
    scenario.begin(&theirs);
    let official = (scenario.official)(&official).await;

    let mine = scenario.ground().await;
    let ours = Ours::at(&mine.server.url(), &mine.control);
    if scenario.primed {
        ours.prime().await;
    }
    scenario.begin(&mine);
    let ours = (scenario.ours)(&ours).await;

    let sent = |ground: &Ground| ground.control.journal().iter().map(Sent::from).collect();
    Pair {
        sent: (sent(&theirs), sent(&mine)),
        outcome: (official, ours),
        world: (held(&theirs), held(&mine)),
    }
}

/// Everything in which a pair differs from what its scenario says.
pub fn compare(scenario: &Scenario, pair: &Pair) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut expected = scenario.differences.iter();
    let mut lone = |side: Side, at: usize, sent: &Sent| {
        let known = expected.next();
        let is_known = known.is_some_and(|known| {
            let wanted = match side {
                Side::Official => known.sent.clone(),
                Side::Ours => in_our_way(&known.sent),
            };
            (known.side, known.at, &wanted) == (side, at, sent)
        });
        (!is_known).then(|| format!("request {at} of {side:?} alone: {sent}; wanted: {known:?}"))
    };
    let (mut their_at, mut my_at) = (0, 0);
    for (theirs, mine) in align(&pair.sent.0, &pair.sent.1) {
        their_at += usize::from(theirs.is_some());
        my_at += usize::from(mine.is_some());
        complaints.extend(match (theirs, mine) {
            (Some(theirs), Some(mine)) => (in_our_way(theirs) != *mine)
                .then(|| format!("headers or status: {theirs} beside {mine}")),
            (Some(sent), None) => lone(Side::Official, their_at, sent),
            (None, Some(sent)) => lone(Side::Ours, my_at, sent),
            (None, None) => None,
        });
    }
    complaints.extend(expected.map(|known| format!("does not differ in {}", known.sent)));
    let succeeded = (pair.outcome.0.is_ok(), pair.outcome.1.is_ok());
    if succeeded != scenario.succeed {
        complaints.push(format!("succeeded {succeeded:?}: {:?}", pair.outcome));
    }
    // What only one of them sends may change only one of the servers, and such a scenario looks for itself.
    if succeeded.0 == succeeded.1 && pair.world.0 != pair.world.1 {
        complaints.push(format!("the servers differ: {:?}", pair.world));
    }
    complaints
}

/// Runs a whole table; see [`crate::hold`].
pub async fn hold_beside(title: &str, scenarios: &[Scenario]) {
    let mut complaints = String::new();
    let mut differences = 0;
    for scenario in scenarios {
        for complaint in compare(scenario, &stand_beside(scenario).await) {
            let _ = write!(complaints, "\n  {}: {complaint}", scenario.name);
        }
        differences += scenario.differences.len();
    }
    count(
        scenarios.len(),
        &format!("{title}; {differences} requests differ, each for a written reason"),
    );
    assert!(complaints.is_empty(), "{title}{complaints}");
}

/// Two journals side by side, the longest way of equal lines in common.
fn align<'a>(theirs: &'a [Sent], mine: &'a [Sent]) -> Vec<(Option<&'a Sent>, Option<&'a Sent>)> {
    match (theirs.split_first(), mine.split_first()) {
        (None, None) => Vec::new(),
        (Some((first, rest)), None) => chain((Some(first), None), align(rest, mine)),
        (None, Some((first, rest))) => chain((None, Some(first)), align(theirs, rest)),
        (Some((one, theirs_on)), Some((other, mine_on))) if one.line == other.line => {
            chain((Some(one), Some(other)), align(theirs_on, mine_on))
        }
        (Some((one, theirs_on)), Some((other, mine_on))) => {
            let skip_theirs = align(theirs_on, mine);
            let skip_mine = align(theirs, mine_on);
            if pairs(&skip_theirs) >= pairs(&skip_mine) {
                chain((Some(one), None), skip_theirs)
            } else {
                chain((None, Some(other)), skip_mine)
            }
        }
    }
}

type Step<'a> = (Option<&'a Sent>, Option<&'a Sent>);

fn chain<'a>(step: Step<'a>, rest: Vec<Step<'a>>) -> Vec<Step<'a>> {
    std::iter::once(step).chain(rest).collect()
}

fn pairs(steps: &[Step<'_>]) -> usize {
    steps
        .iter()
        .filter(|(theirs, mine)| theirs.is_some() && mine.is_some())
        .count()
}

/// A request of the official client as Keystead sends it. Two headers differ: it asks for no compression, so that a
/// reply's size is bounded as it arrives, and it always says that it wants JSON.
fn in_our_way(theirs: &Sent) -> Sent {
    let mut mine = theirs.clone();
    let gzip = mine.headers.remove("accept-encoding");
    let accept = mine
        .headers
        .insert("accept".to_owned(), "application/json".to_owned());
    let usual = gzip.as_deref() == Some("gzip")
        && matches!(accept.as_deref(), Some("*/*" | "application/json"));
    if !usual {
        let odd = "not as the official client asks".to_owned();
        mine.headers.insert(odd, format!("{gzip:?} {accept:?}"));
    }
    mine
}

/// What a server holds of keys, without what it chose itself.
fn held(ground: &Ground) -> Value {
    let keys = ground.control.world().keys;
    let key = |key: &simulators::ekodb::Key| {
        json!([key.label, key.description, key.is_admin, key.grants, key.kv])
    };
    keys.iter().map(key).collect()
}
