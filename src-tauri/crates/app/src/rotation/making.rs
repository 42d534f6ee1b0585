//! Making the new key, and finding out what became of a try whose answer was lost.

use super::{
    label,
    machine::{Attempt, CreateAnswer, Event, Op, Sealed, State, Steps},
    runner::Work,
};
use crate::{
    App, Code, Failure,
    error::wait_of,
    operations::{EditPlan, Point},
};
use domain::{
    Fingerprint, Identity, KeyId, ListedKey, OperationId, RightsGrid, Secret, SecretId, SecretKind,
    Tone,
};
use providers::{CallSecrets, Class, KeySpec, NewKey, ProviderError, Tried, Wanted};
use store::{StoreError, Writer};

/// A sealed value, read back from storage.
///
/// # Errors
/// [`Code::VaultLocked`]; [`Code::VaultKeyWrong`] when the row is not what was sealed.
pub(super) async fn open(
    app: &App,
    kind: SecretKind,
    owner: KeyId,
    row: SecretId,
) -> Result<Secret, Failure> {
    let sealed = store::secrets::find(&app.store, row)
        .await
        .map_err(|error| app.in_words(error))?;
    let sealed = sealed.ok_or_else(|| Failure::new(Code::VaultKeyWrong))?;
    Ok(app.vault()?.open(kind, owner.bytes(), row, &sealed)?)
}

type SealedRow = (SecretId, domain::Sealed);

impl Work<'_> {
    /// Commits the intent, makes the key, commits what came of it with the sealed value.
    pub(super) async fn make(&self, op: Op) -> Result<Op, Failure> {
        let new = new_of(&op)?;
        let again = op.attempt().filter(|_| !op.renew).cloned();
        let (attempt, chosen, row) = match again {
            Some(attempt) => {
                let chosen = match &attempt.chosen {
                    Some(sealed) => Some(self.open_new(&op, sealed.row).await?),
                    None => None,
                };
                (attempt, chosen, None)
            }
            None if op.attempts.len() >= super::machine::ATTEMPTS_MAX => {
                let failure = Failure::new(Code::AttemptsSpent);
                return self.note(op, Event::Halted { failure }).await;
            }
            None => self.new_attempt(new.chosen && !op.unchosen, new.key)?,
        };
        let spec = KeySpec {
            label: new.label.clone(),
            description: label::with_marker(&new.description, &attempt.marker),
            rights: new.rights.clone(),
            choose: chosen.is_some(),
        };
        let facts = &self.reach.deployment.facts;
        let call = self.reach.provider.plan_create(facts, &spec);
        let call = call
            .map_err(|refusal| Failure::edit_refused(&refusal.0))?
            .call;
        let (owner, asked) = (new.key.to_string(), attempt.chosen.clone());
        self.pass(Point::BeforeIntent);
        let event = Event::Creating {
            attempt,
            call: call.clone(),
        };
        let op = self
            .commit(op, event, async |writer: &mut Writer| {
                insert(writer, &owner, row.as_ref()).await
            })
            .await?;
        self.pass(Point::AfterIntent);
        let secrets = CallSecrets {
            chosen,
            ..CallSecrets::default()
        };
        let made = self
            .reach
            .provider
            .create(&self.reach.link, &call, &secrets)
            .await;
        self.pass(Point::AfterEffect);
        let (answer, row) = self.answer(&op, asked, made)?;
        let op = self
            .commit(
                op,
                Event::CreateAnswered { answer },
                async |writer: &mut Writer| insert(writer, &owner, row.as_ref()).await,
            )
            .await?;
        self.pass(Point::AfterOutcome);
        Ok(op)
    }

    fn new_attempt(
        &self,
        choose: bool,
        owner: KeyId,
    ) -> Result<(Attempt, Option<Secret>, Option<SealedRow>), Failure> {
        let now = self.app.clock.now();
        let marker = label::marker(OperationId::at(now));
        if !choose {
            let attempt = Attempt {
                marker,
                chosen: None,
            };
            return Ok((attempt, None, None));
        }
        let secret = random_secret(self.reach.provider.about().secret_prefix)?;
        let (sealed, row) = self.seal(&secret, owner)?;
        let attempt = Attempt {
            marker,
            chosen: Some(sealed),
        };
        Ok((attempt, Some(secret), Some(row)))
    }

    fn seal(&self, secret: &Secret, owner: KeyId) -> Result<(Sealed, SealedRow), Failure> {
        let row = SecretId::at(self.app.clock.now());
        let vault = self.app.vault()?;
        let sealed = vault.seal(SecretKind::NewKey, owner.bytes(), row, secret)?;
        let known = Sealed {
            row,
            fingerprint: secret.fingerprint(),
            prefix: secret.prefix(),
        };
        Ok((known, (row, sealed)))
    }

    pub(super) async fn open_new(&self, op: &Op, row: SecretId) -> Result<Secret, Failure> {
        open(self.app, SecretKind::NewKey, new_of(op)?.key, row).await
    }

    fn answer(
        &self,
        op: &Op,
        asked: Option<Sealed>,
        made: Result<NewKey, ProviderError>,
    ) -> Result<(CreateAnswer, Option<SealedRow>), Failure> {
        let made = match made {
            Ok(made) => made,
            Err(error) => return Ok((self.refusal(asked.is_some(), &error), None)),
        };
        let Some(secret) = made.secret else {
            let failure = Failure::new(Code::ValueLost);
            return Ok((CreateAnswer::ValueLost { failure }, None));
        };
        let fingerprint = secret.fingerprint();
        let is_known = |known: Option<&Fingerprint>| known == Some(&fingerprint);
        let old = op.plan.old.as_ref();
        if is_known(old.and_then(|old| old.identity.fingerprint.as_ref()))
            || self.reach.link.is_own(&Identity {
                remote_id: None,
                fingerprint: Some(fingerprint.clone()),
            })
        {
            // The value of a key that was there before is not that of the one we asked for: look for ours.
            let failure = Failure::new(Code::OtherKeyReturned);
            return Ok((CreateAnswer::Unknown { failure }, None));
        }
        let identity = Identity {
            remote_id: made.record.and_then(|record| record.identity.remote_id),
            fingerprint: Some(fingerprint.clone()),
        };
        let honoured = asked.as_ref().map(|asked| asked.fingerprint == fingerprint);
        let (sealed, row) = match asked {
            Some(asked) if asked.fingerprint == fingerprint => (asked, None),
            Some(_) | None => {
                let (sealed, row) = self.seal(&secret, new_of(op)?.key)?;
                (sealed, Some(row))
            }
        };
        let answer = CreateAnswer::Created {
            sealed,
            identity,
            honoured,
            lags: made.lags,
            found: false,
        };
        Ok((answer, row))
    }

    fn refusal(&self, chosen: bool, error: &ProviderError) -> CreateAnswer {
        let failure = self.reach.in_words(self.app, error);
        let refused = |until, again, without_choice| CreateAnswer::Refused {
            failure: failure.clone(),
            until,
            again,
            without_choice,
        };
        match error.class {
            // Taken: our own random value is there, so the earlier send landed.
            Class::Conflict if chosen && !error.unsent => CreateAnswer::Unknown { failure },
            Class::OutcomeUnknown => CreateAnswer::Unknown { failure },
            Class::Unauthorized => refused(None, true, false),
            Class::Invalid => refused(None, false, chosen && !error.unsent),
            Class::RateLimited => {
                let wait = i64::try_from(wait_of(error).as_millis()).unwrap_or(i64::MAX);
                refused(Some(self.app.clock.now().plus(wait)), false, false)
            }
            Class::Forbidden
            | Class::NotFound
            | Class::Conflict
            | Class::Unavailable
            | Class::Protocol => refused(None, false, false),
        }
    }

    /// After a lost answer: by the sealed value where we chose it, else by the marker in a complete list.
    pub(super) async fn find_made(&self, op: Op) -> Result<Op, Failure> {
        let State::CreateUnknown { missed, .. } = &op.state else {
            return Ok(op);
        };
        let missed = *missed;
        let attempt = op
            .attempt()
            .cloned()
            .ok_or_else(|| Failure::new(Code::Internal))?;
        let mut works = false;
        if let Some(chosen) = &attempt.chosen {
            let secret = self.open_new(&op, chosen.row).await?;
            let (provider, link) = (self.reach.provider, &self.reach.link);
            match provider.sign_in(link, &secret).await {
                Tried::Accepted { .. } => works = true,
                Tried::Refused { .. } => {}
                Tried::Unclear { error, .. } => {
                    return Err(self.reach.in_words(self.app, &error));
                }
            }
        }
        let wanted = Wanted::Marker(&attempt.marker);
        let mut located = self.reach.locate(self.app, wanted).await?;
        let shown = located.secret.take();
        let owner = new_of(&op)?.key;
        let listed = located.at.and_then(|at| located.keys.get(at)).cloned();
        let answer = |sealed: Sealed, listed: Option<ListedKey>, honoured| {
            let identity = Identity {
                remote_id: listed.and_then(|key| key.identity.remote_id),
                fingerprint: Some(sealed.fingerprint.clone()),
            };
            let answer = CreateAnswer::Created {
                sealed,
                identity,
                honoured,
                lags: false,
                found: true,
            };
            Event::CreateAnswered { answer }
        };
        if located.count > 1 {
            let failure = Failure::new(Code::MarkerTwice);
            return self.note(op, Event::Halted { failure }).await;
        }
        let (event, row) = match (attempt.chosen, shown, listed) {
            (Some(chosen), _, listed) if works => (answer(chosen, listed, Some(true)), None),
            (chosen, Some(secret), Some(listed)) => {
                let (sealed, row) = self.seal(&secret, owner)?;
                let honoured = chosen.map(|_| false);
                (answer(sealed, Some(listed), honoured), Some(row))
            }
            (_, None, Some(listed)) => {
                let identity = listed.identity;
                (Event::Orphaned { identity }, None)
            }
            (_, _, None) => {
                let at = self.app.clock.now();
                let too_soon = missed.is_some_and(|first| at.since(first) < super::TWO_LISTS_APART);
                if too_soon {
                    return Ok(op);
                }
                (Event::NotListed { at }, None)
            }
        };
        let owner = owner.to_string();
        self.commit(op, event, async |writer: &mut Writer| {
            insert(writer, &owner, row.as_ref()).await
        })
        .await
    }

    /// The new key as the list has it, and the calls that give it the rest of its rights.
    pub(super) async fn begin_equipping(&self, op: Op) -> Result<Op, Failure> {
        let new = new_of(&op)?.clone();
        let (sealed, _) = op
            .sealed
            .clone()
            .ok_or_else(|| Failure::new(Code::Internal))?;
        if self.open_new(&op, sealed.row).await?.fingerprint() != sealed.fingerprint {
            return Err(Failure::new(Code::VaultKeyWrong));
        }
        let mut located = self
            .reach
            .locate(self.app, Wanted::Key(&op.identity))
            .await?;
        if let (0, Some(attempt)) = (located.count, op.attempt()) {
            // A list that masks values names it by its description only.
            let wanted = Wanted::Marker(&attempt.marker);
            located = self.reach.locate(self.app, wanted).await?;
        }
        let listed = located
            .into_key()
            .ok_or_else(|| Failure::new(Code::KeyGone))?;
        if listed.identity.is_weak() {
            // Its marker names it for now. The calls that follow, and the one that ends it, need more.
            return Err(Failure::edit_refused(super::planning::UNNAMEABLE));
        }
        let marker = op.attempt().map(|attempt| attempt.marker.as_str());
        let is_ours = listed.label == new.label
            && marker.is_some_and(|marker| listed.description.contains(marker));
        if !is_ours {
            // Whatever value came back, this is not the key that we asked for: it is left alone.
            let failure = Failure::new(Code::OtherKeyReturned);
            return self.note(op, Event::Halted { failure }).await;
        }
        if listed.rights.admin || is_wider(&new.rights, &listed.rights) {
            let failure = Failure::new(Code::CheckFailed).with("check", "rights_equal");
            return self.note(op, Event::Halted { failure }).await;
        }
        let identity = Identity {
            fingerprint: Some(sealed.fingerprint),
            ..listed.identity.clone()
        };
        let facts = &self.reach.deployment.facts;
        let calls = self
            .reach
            .provider
            .plan_rights(facts, &identity, &listed.rights, &new.rights);
        let plan = EditPlan {
            identity,
            changes: domain::row_changes(&listed.rights, &new.rights),
            base: listed.rights.clone(),
            desired: new.rights,
            calls: calls.map_err(|refusal| Failure::edit_refused(&refusal.0))?,
        };
        let event = Event::StepsBegun {
            steps: Steps::Equip,
            plan,
        };
        let (deployment, id, now) = (self.reach.deployment.id, new.key, self.app.clock.now());
        let op = self
            .commit(op, event, async |writer: &mut Writer| {
                store::keys::put_as(writer, deployment, id, &listed, now).await
            })
            .await?;
        self.pass(Point::AfterCommit);
        Ok(op)
    }
}

/// What a secret of this server may look like, random.
///
/// # Errors
/// The system gives no randomness.
pub(super) fn random_secret(prefix: &str) -> Result<Secret, Failure> {
    let random = vault::random_text()?;
    Ok(Secret::new(format!("{prefix}{}", *random)))
}

/// `found` allows something that `wanted` does not.
pub(super) fn is_wider(wanted: &RightsGrid, found: &RightsGrid) -> bool {
    domain::cell_changes(wanted, found)
        .iter()
        .any(|change| matches!(change.tone(), Tone::Added | Tone::Widened | Tone::Changed))
}

pub(super) fn new_of(op: &Op) -> Result<&super::plan::NewKey, Failure> {
    op.plan
        .new
        .as_ref()
        .ok_or_else(|| Failure::new(Code::Internal))
}

async fn insert(
    writer: &mut Writer,
    owner: &str,
    row: Option<&SealedRow>,
) -> Result<(), StoreError> {
    match row {
        Some((id, sealed)) => {
            store::secrets::insert(writer, *id, SecretKind::NewKey, owner, sealed).await
        }
        None => Ok(()),
    }
}
