//! Ending a key for good, and proving that it is dead.

use super::{
    checking::same_rights,
    label,
    machine::{Event, GuardFacts, Op, RevokeAnswer, Round, State, Which, unmet},
    runner::Work,
};
use crate::{Code, Failure, operations::Point};
use domain::{
    Check, CheckKind, Identity, ListedKey, Mark, RightsGrid, Secret, Tone, UnixMs, Verdict,
    cell_changes,
};
use providers::{Call, CallSecrets, Class, Located, Tried, Wanted};

impl Work<'_> {
    /// Everything that is to be known before, the guard, the intent, the call, its outcome. `typed` is what the person
    /// typed.
    pub(super) async fn end(&self, op: Op, of: Which, typed: &str) -> Result<Op, Failure> {
        let mut op = op;
        if of == Which::Old && op.plan.new.is_some() {
            op = self.check_new(op).await?;
            if matches!(op.state, State::NeedsYou { .. }) {
                return Ok(op);
            }
        }
        let mut checks = Vec::new();
        if of == Which::Old {
            checks = self.works_still(&op).await?;
        }
        let target = target_of(&op, of)?;
        let mut located = self.reach.locate(self.app, Wanted::Key(&target)).await?;
        let listed_at = self.app.clock.now();
        if located.count == 0 {
            return self.find_gone(op, of, typed, checks, &located).await;
        }
        let shown = located.secret.take();
        let call = self
            .reach
            .provider
            .plan_revoke(located.key().map_or(&target, |key| &key.identity));
        let facts = GuardFacts {
            addressable: call.is_ok() && located.at.is_some(),
            ..self.facts(&op, of, typed, &located, listed_at)?
        };
        if of == Which::Old {
            let unmet = unmet(&op, &op.state, &facts);
            if !unmet.is_empty() {
                return Err(refused(&unmet, &op));
            }
        }
        let call = call.map_err(|refusal| Failure::edit_refused(&refusal.0))?;
        self.send(op, of, facts, checks, call, shown).await
    }

    /// What this list tells about the key to be ended, apart from how a call could name it.
    pub(super) fn facts(
        &self,
        op: &Op,
        of: Which,
        typed: &str,
        located: &Located,
        listed_at: UnixMs,
    ) -> Result<GuardFacts, Failure> {
        let (target, key) = (target_of(op, of)?, located.key());
        let is_own = |identity: &Identity| self.reach.link.is_own(identity);
        let new_listed = match (of, &op.plan.new) {
            (Which::Old, Some(_)) => count(located, &op.identity),
            _ => located.count,
        };
        let other_admin = |other: &&ListedKey| other.rights.admin && other.identity != target;
        Ok(GuardFacts {
            at: self.app.clock.now(),
            listed_at,
            old_listed: located.count,
            new_listed,
            old_unchanged: self.is_unchanged(op, key)?,
            rights_contained: contained(op, located),
            own_credential: is_own(&target) || key.is_some_and(|key| is_own(&key.identity)),
            generated: key.is_some_and(|key| key.rights.admin),
            admin: key.is_some_and(|key| key.rights.admin),
            other_admins: located.keys.iter().filter(other_admin).count(),
            addressable: false,
            typed: is_confirmed(op, of, typed),
            recognised: key.is_some_and(|key| is_ours(op, key)),
            old_holds: old_holds(op, located),
            missing: false,
        })
    }

    async fn send(
        &self,
        op: Op,
        of: Which,
        facts: GuardFacts,
        checks: Vec<Check>,
        call: Call,
        shown: Option<Secret>,
    ) -> Result<Op, Failure> {
        let target = match shown {
            Some(secret) => Some(secret),
            None if !call.needs_target() => None,
            None => match of {
                Which::Old => self.old_secret(&op).await?,
                Which::New => match &op.sealed {
                    Some((sealed, _)) => Some(self.open_new(&op, sealed.row).await?),
                    None => None,
                },
                Which::Orphan => None,
            },
        };
        let secrets = CallSecrets {
            target,
            ..CallSecrets::default()
        };
        self.pass(Point::BeforeIntent);
        let event = Event::Revoking {
            of,
            facts,
            checks,
            call: call.clone(),
        };
        // A rollback or a cleared orphan that is not allowed is refused by the machine itself.
        let op = self.note(op, event).await?;
        self.pass(Point::AfterIntent);
        let performed = self
            .reach
            .provider
            .perform(&self.reach.link, &call, &secrets, &[])
            .await;
        self.pass(Point::AfterEffect);
        let answer = match performed {
            Ok(_) => RevokeAnswer::Applied,
            Err(error) => {
                let failure = self.reach.in_words(self.app, &error);
                match error.class {
                    Class::OutcomeUnknown => RevokeAnswer::Unknown { failure },
                    // It was listed a moment ago: an alarm, no success.
                    Class::NotFound if !error.unsent => RevokeAnswer::Missing {
                        failure: Failure::new(Code::KeyMissing),
                    },
                    Class::NotFound
                    | Class::Unauthorized
                    | Class::Forbidden
                    | Class::Conflict
                    | Class::Invalid
                    | Class::RateLimited
                    | Class::Unavailable
                    | Class::Protocol => RevokeAnswer::Refused { failure },
                }
            }
        };
        let op = self.note(op, Event::RevokeAnswered { answer }).await?;
        self.pass(Point::AfterOutcome);
        Ok(op)
    }

    /// (e), before: only a secret that still worked proves anything by being refused afterwards. Its session is kept
    /// in memory for the proof.
    async fn works_still(&self, op: &Op) -> Result<Vec<Check>, Failure> {
        let kind = CheckKind::OldWorks;
        let Some(secret) = self.old_secret(op).await? else {
            let seen = "the old secret is not at hand";
            let unknown = self.check(kind, Verdict::NotProved, Mark::Declared, seen);
            return Ok(vec![unknown]);
        };
        let mut unkept = None;
        let (provider, link) = (self.reach.provider, &self.reach.link);
        // One of an earlier try would prove its own age.
        self.app.probes.forget(self.id);
        let tried = provider.sign_in(link, &secret).await;
        let seen = tried.seen().to_owned();
        let verdict = match tried {
            Tried::Accepted { value, .. } => {
                let facts = &self.reach.deployment.facts;
                let own = provider.own_rights(link, facts, &value).await;
                if matches!(own, Tried::Accepted { .. }) {
                    self.app.probes.keep(self.id, value);
                } else {
                    let kind = CheckKind::OldSessionRefused;
                    unkept = Some(self.check(kind, Verdict::NotProved, Mark::Shown, UNKEPT));
                }
                Verdict::Passed
            }
            Tried::Refused { .. } | Tried::Unclear { .. } => Verdict::NotProved,
        };
        let works = self.check(kind, verdict, Mark::Shown, seen);
        Ok([works].into_iter().chain(unkept).collect())
    }

    /// The old key, read again, is what the snapshot says, in its paused form if it was paused.
    fn is_unchanged(&self, op: &Op, listed: Option<&ListedKey>) -> Result<bool, Failure> {
        let Some((old, listed)) = op.plan.old.as_ref().zip(listed) else {
            return Ok(false);
        };
        let expected = if op.is_paused {
            let facts = &self.reach.deployment.facts;
            self.reach
                .provider
                .plan_pause(facts, &old.identity, &old.rights)
                .map_err(|refusal| Failure::edit_refused(&refusal.0))?
                .0
        } else {
            old.rights.clone()
        };
        Ok(same_rights(&expected, &listed.rights))
    }

    /// After a lost answer, a complete list tells.
    pub(super) async fn find_ended(&self, op: Op) -> Result<Op, Failure> {
        let State::RevokeUnknown { of, .. } = op.state else {
            return Ok(op);
        };
        let listed = self.is_listed(&op, of).await?;
        self.note(op, Event::RevokeFound { listed }).await
    }

    /// A complete list, read now, has the key that was to be ended.
    pub(super) async fn is_listed(&self, op: &Op, of: Which) -> Result<bool, Failure> {
        let target = target_of(op, of)?;
        let located = self.reach.locate(self.app, Wanted::Key(&target)).await?;
        Ok(located.count > 0)
    }

    /// (e), after: asked again a few times, since replicas may lag.
    pub(super) async fn check_death(&self, op: Op) -> Result<Op, Failure> {
        let State::Revoked { of } = op.state else {
            return Ok(op);
        };
        let (mut checks, mut unread) = self.look_at_death(&op, of).await?;
        for wait in self.app.rhythm.proof_waits {
            if unread.is_some() || !is_open(&op, &checks) {
                break;
            }
            tokio::time::sleep(wait).await;
            (checks, unread) = self.look_at_death(&op, of).await?;
        }
        self.pass(Point::AfterChecks);
        let lives = checks.iter().any(|check| check.verdict == Verdict::Failed);
        let event = Event::Checked {
            round: Round::Death,
            checks,
            fingerprint: None,
        };
        let op = self.note(op, event).await?;
        self.pass(Point::AfterCommit);
        if lives {
            let failure = Failure::new(Code::KeyStillAlive);
            return self.note(op, Event::Halted { failure }).await;
        }
        if op.is_closed() {
            self.app.probes.forget(self.id);
        }
        // Without a list nothing is proved. It is asked again with the next synchronisation, not at once.
        match unread {
            Some(failure) => Err(failure),
            None => Ok(op),
        }
    }

    /// The checks, and why the list could not be read.
    async fn look_at_death(
        &self,
        op: &Op,
        of: Which,
    ) -> Result<(Vec<Check>, Option<Failure>), Failure> {
        let (provider, link) = (self.reach.provider, &self.reach.link);
        let mut checks = Vec::new();
        let secret = match of {
            Which::Old if worked(op) => self.old_secret(op).await?,
            Which::New => match &op.sealed {
                Some((sealed, _)) => Some(self.open_new(op, sealed.row).await?),
                None => None,
            },
            Which::Old | Which::Orphan => None,
        };
        match &secret {
            Some(secret) => {
                let tried = provider.sign_in(link, secret).await;
                checks.push(self.unwanted(CheckKind::OldRefused, &tried));
            }
            None => checks.push(self.check(
                CheckKind::OldRefused,
                Verdict::NotProved,
                Mark::Declared,
                if of == Which::Old && op.found_gone {
                    "it was gone before anything was sent"
                } else {
                    "no secret that worked before is at hand"
                },
            )),
        }
        if of == Which::Old && worked(op) {
            let facts = &self.reach.deployment.facts;
            let session = self.app.probes.of(self.id);
            let has_ended =
                |ends: Option<UnixMs>| ends.is_none_or(|ends| self.app.clock.now() >= ends);
            checks.push(match session {
                Some(session) if has_ended(session.ends()) => self.check(
                    CheckKind::OldSessionRefused,
                    Verdict::NotProved,
                    Mark::Shown,
                    "its session had ended by itself",
                ),
                Some(session) => {
                    let tried = provider.own_rights(link, facts, &session).await;
                    self.unwanted(CheckKind::OldSessionRefused, &tried)
                }
                None => self.check(
                    CheckKind::OldSessionRefused,
                    Verdict::NotProved,
                    Mark::Shown,
                    if was_unkept(op) {
                        UNKEPT
                    } else {
                        "its session ended when the program did, or was locked"
                    },
                ),
            });
        }
        let target = target_of(op, of)?;
        let seen = |keys: usize| format!("{keys} keys read");
        let mut unread = None;
        checks.push(match provider.locate(link, Wanted::Key(&target)).await {
            Ok(located) => {
                let dead = count(&located, &target) == 0;
                let verdict = if dead {
                    Verdict::Passed
                } else {
                    Verdict::Failed
                };
                self.check(
                    CheckKind::Absent,
                    verdict,
                    Mark::Declared,
                    seen(located.keys.len()),
                )
            }
            Err(error) => {
                unread = Some(self.reach.in_words(self.app, &error));
                let seen = format!("GET {}, not read", error.endpoint);
                self.check(CheckKind::Absent, Verdict::NotProved, Mark::Declared, seen)
            }
        });
        Ok((checks, unread))
    }
}

pub(super) fn target_of(op: &Op, of: Which) -> Result<Identity, Failure> {
    let none = || Failure::new(Code::Internal);
    match of {
        Which::Old => op
            .plan
            .old
            .as_ref()
            .map(|old| old.identity.clone())
            .ok_or_else(none),
        Which::New => Ok(op.identity.clone()),
        Which::Orphan => op.orphan.clone().ok_or_else(none),
    }
}

/// How many keys of the list carry the id or the value of this one.
fn count(located: &Located, identity: &Identity) -> usize {
    of_identity(located, identity).count()
}

/// The keys of the list that carry the id or the value of this one.
fn of_identity<'a>(
    located: &'a Located,
    identity: &'a Identity,
) -> impl Iterator<Item = &'a ListedKey> {
    located.keys.iter().filter(|key| {
        let by_id = identity.remote_id.is_some() && key.identity.remote_id == identity.remote_id;
        let by_value =
            identity.fingerprint.is_some() && key.identity.fingerprint == identity.fingerprint;
        by_id || by_value
    })
}

/// Old rights ⊆ new rights, as the list has the new key now and the snapshot the old one.
fn contained(op: &Op, located: &Located) -> bool {
    let new = of_identity(located, &op.identity).next();
    let old = op.plan.old.as_ref();
    old.zip(new)
        .is_some_and(|(old, new)| covers(&old.rights, &new.rights))
}

/// The list has the old key once, with all the rights of the snapshot.
fn old_holds(op: &Op, located: &Located) -> bool {
    op.plan.old.as_ref().is_some_and(|old| {
        let mut listed = of_identity(located, &old.identity);
        let is_there = listed
            .next()
            .is_some_and(|key| covers(&old.rights, &key.rights));
        is_there && listed.next().is_none()
    })
}

/// All that `old` may do, `new` may do.
fn covers(old: &RightsGrid, new: &RightsGrid) -> bool {
    !cell_changes(old, new).iter().any(|change| {
        matches!(
            change.tone(),
            Tone::Removed | Tone::Narrowed | Tone::Changed
        )
    })
}

/// It has the label that we gave, and the marker of one of the attempts. An id in an answer proves nothing: it may be
/// that of any key.
pub(super) fn is_ours(op: &Op, key: &ListedKey) -> bool {
    let label = op.plan.new.as_ref().map(|new| &new.label);
    label == Some(&key.label)
        && op
            .attempts
            .iter()
            .any(|attempt| key.description.contains(&attempt.marker))
}

/// Something still speaks for the key being alive, or the secret that worked before could not be asked.
fn is_open(op: &Op, checks: &[Check]) -> bool {
    checks.iter().any(|check| match check.verdict {
        Verdict::Failed => true,
        Verdict::NotProved => check.kind == CheckKind::OldRefused && worked(op),
        Verdict::Passed => false,
    })
}

/// What is seen of a session that could not be kept for the proof.
const UNKEPT: &str = "no session of it could be kept";

fn was_unkept(op: &Op) -> bool {
    let unkept = |check: &Check| check.kind == CheckKind::OldSessionRefused && check.seen == UNKEPT;
    op.death_checks.iter().any(unkept)
}

fn worked(op: &Op) -> bool {
    op.death_checks
        .iter()
        .any(|check| check.kind == CheckKind::OldWorks && check.verdict == Verdict::Passed)
}

/// What the person typed names the key that would be ended.
fn is_confirmed(op: &Op, of: Which, typed: &str) -> bool {
    let wanted = match of {
        Which::Old => op.plan.old.as_ref().map(|old| old.confirmation.clone()),
        Which::New | Which::Orphan => confirmation_of_new(op),
    };
    wanted.is_some_and(|wanted| wanted == typed.trim())
}

/// What is typed to end the new key, or one of its earlier attempts. Its label was chosen to be nobody else's.
pub(crate) fn confirmation_of_new(op: &Op) -> Option<String> {
    let new = op.plan.new.as_ref()?;
    let identity = op.orphan.as_ref().unwrap_or(&op.identity);
    label::confirmation_of(&new.label, true, identity)
}

pub(super) fn refused(unmet: &[super::Condition], op: &Op) -> Failure {
    if unmet == [super::Condition::TypedConfirmation] {
        let name = op.plan.old.as_ref().map(|old| old.confirmation.clone());
        return Failure::new(Code::ConfirmationWrong).with("name", name.unwrap_or_default());
    }
    let words: Vec<String> = unmet
        .iter()
        .filter_map(|condition| serde_json::to_value(condition).ok())
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect();
    Failure::new(Code::RevokeGuarded).with("conditions", words.join(" "))
}
