//! Rounds of checks (`rotation.md`, "Probing without side effects"): each with the secret read back from storage, none
//! of them a write. What cannot be proved is named; only a failed check stops the rotation.

use super::{
    machine::{Event, Op, Round},
    making::{new_of, random_secret},
    runner::Work,
};
use crate::{Failure, operations::Point};
use domain::{
    Cell, Check, CheckKind, Fingerprint, ListedKey, Mark, RightsGrid, Secret, SecretKind, Verdict,
};
use providers::{Located, OwnRights, ProbeSession, Tried, Wanted};

impl Work<'_> {
    pub(super) fn check(
        &self,
        kind: CheckKind,
        verdict: Verdict,
        mark: Mark,
        seen: impl Into<String>,
    ) -> Check {
        Check {
            kind,
            verdict,
            mark,
            seen: seen.into(),
            at: self.app.clock.now(),
        }
    }

    /// All checks of the new key, committed.
    pub(super) async fn check_new(&self, op: Op) -> Result<Op, Failure> {
        let (checks, fingerprint) = self.look_at_new(&op).await?;
        self.pass(Point::AfterChecks);
        let event = Event::Checked {
            round: Round::New,
            checks,
            fingerprint,
        };
        let op = self.note(op, event).await?;
        self.pass(Point::AfterCommit);
        Ok(op)
    }

    async fn look_at_new(&self, op: &Op) -> Result<(Vec<Check>, Option<Fingerprint>), Failure> {
        let mut checks = Vec::new();
        let Some((sealed, _)) = &op.sealed else {
            return Ok((checks, None));
        };
        let secret = self.open_new(op, sealed.row).await?;
        let fingerprint = secret.fingerprint();
        let equal = fingerprint == sealed.fingerprint;
        checks.push(self.check(
            CheckKind::Sealed,
            verdict(equal),
            Mark::Shown,
            short(&fingerprint),
        ));
        let (provider, link) = (self.reach.provider, &self.reach.link);
        let facts = &self.reach.deployment.facts;
        let signed_in = provider.sign_in(link, &secret).await;
        checks.push(self.wanted(CheckKind::Authenticates, &signed_in));
        let session = match signed_in {
            Tried::Accepted { value, .. } => Some(value),
            Tried::Refused { .. } | Tried::Unclear { .. } => None,
        };
        let own = match &session {
            Some(session) => Some(provider.own_rights(link, facts, session).await),
            None => None,
        };
        let wanted = Wanted::Key(&op.identity);
        let located = provider.locate(link, wanted).await;
        match &located {
            Ok(located) => {
                checks.push(self.identified(op, &fingerprint, own.as_ref(), located)?);
                checks.push(self.rights_equal(op, located.key()).await?);
            }
            Err(error) => {
                let seen = format!("GET {}, no answer", error.endpoint);
                for kind in [CheckKind::Identified, CheckKind::RightsEqual] {
                    checks.push(self.check(kind, Verdict::NotProved, Mark::Declared, seen.clone()));
                }
            }
        }
        checks.extend(
            own.as_ref()
                .map(|own| self.own_rights(op, own))
                .transpose()?,
        );
        if let Some(session) = &session {
            checks.push(self.denied(session).await);
        }
        checks.push(self.negative_control().await?);
        Ok((checks, Some(fingerprint)))
    }

    /// A probe that must be accepted.
    fn wanted<T>(&self, kind: CheckKind, tried: &Tried<T>) -> Check {
        let verdict = match tried {
            Tried::Accepted { .. } => Verdict::Passed,
            Tried::Refused { .. } => Verdict::Failed,
            Tried::Unclear { .. } => Verdict::NotProved,
        };
        self.check(kind, verdict, Mark::Shown, tried.seen())
    }

    /// A probe that must be refused.
    pub(super) fn unwanted<T>(&self, kind: CheckKind, tried: &Tried<T>) -> Check {
        let verdict = match tried {
            Tried::Accepted { .. } => Verdict::Failed,
            Tried::Refused { .. } => Verdict::Passed,
            Tried::Unclear { .. } => Verdict::NotProved,
        };
        self.check(kind, verdict, Mark::Shown, tried.seen())
    }

    /// (a): what answered is the new key. By the label that the server gives back to the secret itself, where it names
    /// the caller; else by the one record that carries both its id and its value.
    fn identified(
        &self,
        op: &Op,
        fingerprint: &Fingerprint,
        own: Option<&Tried<OwnRights>>,
        located: &Located,
    ) -> Result<Check, Failure> {
        let kind = CheckKind::Identified;
        let label = &new_of(op)?.label;
        let Some(listed) = located.key() else {
            let seen = format!("{} of {} listed keys", located.count, located.keys.len());
            return Ok(self.check(kind, Verdict::Failed, Mark::Declared, seen));
        };
        let same_value = |key: &&ListedKey| key.identity.fingerprint.as_ref() == Some(fingerprint);
        let holders = located.keys.iter().filter(same_value).count();
        let shows_value = listed.identity.fingerprint.is_some();
        let one_holder = !shows_value || (same_value(&listed) && holders == 1);
        let old_id = op.plan.old.as_ref().map(|old| &old.identity.remote_id);
        let is_old = |id: &Option<domain::RemoteId>| id.is_some() && old_id == Some(id);
        let named = match own {
            Some(Tried::Accepted { value, .. }) => value.label.as_ref().map(|own| {
                own == label && !is_old(&value.remote_id) && !is_old(&listed.identity.remote_id)
            }),
            Some(Tried::Refused { .. } | Tried::Unclear { .. }) | None => None,
        };
        let answered = matches!(own, Some(Tried::Accepted { .. }));
        let (ok, mark, seen) = if let Some(named) = named {
            (named && one_holder, Mark::Shown, "label".to_owned())
        } else {
            let mark = if shows_value && answered {
                Mark::Shown
            } else {
                Mark::Declared
            };
            let id = listed.identity.remote_id.as_ref();
            let seen = id.map_or_else(|| short(fingerprint), |id| id.0.clone());
            (one_holder && listed.label == *label, mark, seen)
        };
        Ok(self.check(kind, verdict(ok), mark, seen))
    }

    /// (b): declared rights equal the snapshot, in the list and, where there is one, in the key's own record.
    async fn rights_equal(&self, op: &Op, listed: Option<&ListedKey>) -> Result<Check, Failure> {
        let kind = CheckKind::RightsEqual;
        let wanted = &new_of(op)?.rights;
        let Some(listed) = listed else {
            let seen = "not listed";
            return Ok(self.check(kind, Verdict::NotProved, Mark::Declared, seen));
        };
        let (provider, link) = (self.reach.provider, &self.reach.link);
        let facts = &self.reach.deployment.facts;
        let declared = provider.declared_rights(link, facts, &op.identity).await;
        let mut equal = same_rights(wanted, &listed.rights);
        let mut proved = true;
        match declared {
            None => {}
            Some(Tried::Accepted { value, .. }) => equal &= same_rights(wanted, &value),
            Some(Tried::Refused { .. } | Tried::Unclear { .. }) => proved = false,
        }
        let verdict = match (equal, proved) {
            (false, _) => Verdict::Failed,
            (true, false) => Verdict::NotProved,
            (true, true) => Verdict::Passed,
        };
        Ok(self.check(kind, verdict, Mark::Declared, figures(wanted)))
    }

    /// (b) and (c): what the secret itself is told. Without field rules only the actions are compared.
    fn own_rights(&self, op: &Op, own: &Tried<OwnRights>) -> Result<Check, Failure> {
        let wanted = &new_of(op)?.rights;
        let verdict = match own {
            Tried::Accepted { value, .. } => verdict(if value.shows_rules {
                same_rights(wanted, &value.rights)
            } else {
                same_rights(&without_rules(wanted), &without_rules(&value.rights))
            }),
            Tried::Refused { .. } | Tried::Unclear { .. } => Verdict::NotProved,
        };
        Ok(self.check(CheckKind::OwnRights, verdict, Mark::Shown, own.seen()))
    }

    /// (d).
    async fn denied(&self, session: &ProbeSession) -> Check {
        let tried = self
            .reach
            .provider
            .try_denied(&self.reach.link, session)
            .await;
        self.unwanted(CheckKind::Denied, &tried)
    }

    /// Call (a) with a random secret of the same form.
    async fn negative_control(&self) -> Result<Check, Failure> {
        let provider = self.reach.provider;
        let random = random_secret(provider.about().secret_prefix)?;
        let tried = provider.sign_in(&self.reach.link, &random).await;
        Ok(self.unwanted(CheckKind::NegativeControl, &tried))
    }

    /// The old key's value, while it is kept.
    pub(super) async fn old_secret(&self, op: &Op) -> Result<Option<Secret>, Failure> {
        let old = op.plan.old.as_ref();
        let Some((key, row)) = old.and_then(|old| old.secret.map(|row| (old.key, row))) else {
            return Ok(None);
        };
        super::making::open(self.app, SecretKind::OldKey, key, row)
            .await
            .map(Some)
    }

    /// A paused key still logs in; what it may do must be nothing.
    pub(super) async fn check_paused(&self, op: Op) -> Result<Op, Failure> {
        let kind = CheckKind::Powerless;
        let check = match self.old_secret(&op).await? {
            None => {
                let seen = "the old secret is not at hand";
                self.check(kind, Verdict::NotProved, Mark::Declared, seen)
            }
            Some(secret) => {
                let (provider, link) = (self.reach.provider, &self.reach.link);
                let facts = &self.reach.deployment.facts;
                match provider.sign_in(link, &secret).await {
                    Tried::Accepted { value, .. } => {
                        let own = provider.own_rights(link, facts, &value).await;
                        let verdict = match &own {
                            Tried::Accepted { value, .. } => verdict(is_nothing(&value.rights)),
                            Tried::Refused { .. } | Tried::Unclear { .. } => Verdict::NotProved,
                        };
                        self.check(kind, verdict, Mark::Shown, own.seen())
                    }
                    tried @ (Tried::Refused { .. } | Tried::Unclear { .. }) => {
                        self.check(kind, Verdict::NotProved, Mark::Shown, tried.seen())
                    }
                }
            }
        };
        self.pass(Point::AfterChecks);
        let event = Event::Checked {
            round: Round::Paused,
            checks: vec![check],
            fingerprint: None,
        };
        let op = self.note(op, event).await?;
        self.pass(Point::AfterCommit);
        Ok(op)
    }
}

/// Equal in every cell and rule. What follows another column says nothing of its own.
pub(super) fn same_rights(wanted: &RightsGrid, found: &RightsGrid) -> bool {
    wanted.admin == found.admin && domain::differences(wanted, found).is_empty()
}

fn is_nothing(rights: &RightsGrid) -> bool {
    let allows = |cell: &Cell| matches!(cell, Cell::All | Cell::Fields { .. });
    !rights.admin && !rights.rows.iter().any(|row| row.cells.iter().any(allows))
}

fn without_rules(grid: &RightsGrid) -> RightsGrid {
    let mut plain = grid.clone();
    for cell in plain.rows.iter_mut().flat_map(|row| row.cells.iter_mut()) {
        if matches!(cell, Cell::Fields { .. }) {
            *cell = Cell::All;
        }
    }
    // A prefix is no collection: servers that answer in actions may leave it out.
    plain.rows.retain(|row| row.kind == "collection");
    plain
}

/// "12 cells, 3 field rules".
fn figures(grid: &RightsGrid) -> String {
    let cells = grid.rows.iter().flat_map(|row| &row.cells);
    let said = cells
        .clone()
        .filter(|cell| !matches!(cell, Cell::Inherited { .. }))
        .count();
    let rules = cells
        .filter(|cell| matches!(cell, Cell::Fields { .. }))
        .count();
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    format!(
        "{said} cell{}, {rules} field rule{}",
        plural(said),
        plural(rules)
    )
}

fn verdict(ok: bool) -> Verdict {
    if ok { Verdict::Passed } else { Verdict::Failed }
}

/// The beginning of a fingerprint, in fours.
pub(super) fn short(fingerprint: &Fingerprint) -> String {
    let digits: Vec<char> = fingerprint.0.chars().take(8).collect();
    let fours: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    fours.join(" ")
}
