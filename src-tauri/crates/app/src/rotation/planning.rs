//! From a wish to a plan: a fresh read, a snapshot, every reason why not. Nothing is changed.

use super::{
    label,
    plan::{NewKey, OldKey, Plan, Purpose, snapshot_hash},
};
use crate::{
    App, Code, Failure,
    operations::{self, Reach},
};
use domain::{
    DeploymentId, Identity, KeyId, ListedKey, OperationId, RemoteId, RightsGrid, Secret, SecretId,
    SecretKind, is_hidden, sha256,
};
use providers::{KeySpec, Wanted};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use store::{
    StoreError,
    audit::{self, AuditEntry},
    operations::StoredOperation,
};
use ts_rs::TS;

/// What a person wants.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Create {
        deployment: DeploymentId,
        label: String,
        description: String,
        rights: RightsGrid,
    },
    Rotate {
        key: KeyId,
        emergency: bool,
        soak: i64,
    },
    Revoke {
        key: KeyId,
    },
}

/// When a call is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It makes the key.
    Create,
    /// It gives the new key the rest of its rights.
    Equip,
    /// It takes the old key's rights away, reversibly.
    Pause,
    /// It ends the old key for good.
    Revoke,
}

/// A plan, what it comes to, and the secret of the old key where the list showed it.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) reach: Reach,
    pub(crate) calls: Vec<(Stage, String)>,
    /// Requests that all of it takes, about.
    pub(crate) requests: u32,
    /// Stands for exactly this plan.
    pub(crate) name: String,
    old_secret: Option<Secret>,
}

/// An id that stands for one that the server has not given yet, in a call that is only shown.
const NOT_YET: &str = "{new id}";

/// Why no key is made where none could be told apart.
pub(super) const UNNAMEABLE: &str = "The server's list shows neither an id nor the value of any key, so a new one \
    could be neither proved nor ended";

/// What a wish comes to.
///
/// # Errors
/// The reason why it cannot be done.
pub(crate) async fn plan(app: &App, wish: &Wish) -> Result<Planned, Failure> {
    match wish {
        Wish::Create {
            deployment,
            label,
            description,
            rights,
        } => create(app, *deployment, label, description, rights).await,
        Wish::Rotate {
            key,
            emergency,
            soak,
        } => replace(app, *key, Some((*emergency, *soak))).await,
        Wish::Revoke { key } => replace(app, *key, None).await,
    }
}

async fn create(
    app: &App,
    deployment: DeploymentId,
    label: &str,
    description: &str,
    rights: &RightsGrid,
) -> Result<Planned, Failure> {
    let reach = Reach::to(app, deployment).await?;
    let keys = reach.provider.list_keys(&reach.link).await;
    let keys = keys.map_err(|error| reach.in_words(app, &error))?;
    let (label, description) = (label.trim(), description.trim());
    check_label(label, description, &keys)?;
    if !keys.is_empty() && keys.iter().all(|key| key.identity.is_weak()) {
        // Made all the same, it would live on with nothing that proves or ends it.
        return Err(Failure::edit_refused(UNNAMEABLE));
    }
    if coming(app, deployment)
        .await?
        .iter()
        .any(|one| one == label)
    {
        let reason = "a change that is not finished makes a key of this label";
        return Err(Failure::new(Code::LabelRefused).with("reason", reason));
    }
    let new = NewKey {
        key: KeyId::at(app.clock.now()),
        label: label.to_owned(),
        description: description.to_owned(),
        rights: rights.clone(),
        given: RightsGrid::default(),
        chosen: false,
    };
    finish(reach, Purpose::Create, None, Some(new), (false, 0))
}

async fn replace(app: &App, key: KeyId, rotation: Option<(bool, i64)>) -> Result<Planned, Failure> {
    let subject = operations::subject(app, key).await?;
    let refused = |why: &str| Err(Failure::edit_refused(why));
    if subject.row.gone_at.is_some() {
        return Err(Failure::new(Code::KeyGone));
    }
    if subject.key.identity.is_weak() {
        return refused("The server does not say enough about this key to tell it apart");
    }
    if operations::open_operation(app, key).await?.is_some() {
        return refused("An earlier change of this key is not finished");
    }
    let reach = Reach::to(app, subject.deployment.id).await?;
    let wanted = Wanted::Key(&subject.key.identity);
    let mut located = reach.locate(app, wanted).await?;
    let shown = located.secret.take();
    let fresh = located.key().ok_or_else(|| Failure::new(Code::KeyGone))?;
    if reach.link.is_own(&fresh.identity) {
        return refused("This is the key that Keystead itself logs in with");
    }
    if fresh.rights.admin {
        return refused(
            "This is an admin key. The provider makes and rotates one of them itself, and no call tells which",
        );
    }
    let confirmation = label::confirmation(fresh, &located.keys)
        .ok_or_else(|| Failure::edit_refused("Nothing tells this key apart"))?;
    let held = match shown {
        Some(secret) => Some(secret),
        None => made_by_us(app, key).await?,
    };
    let old = OldKey {
        key,
        identity: fresh.identity.clone(),
        label: fresh.label.clone(),
        prefix: fresh.prefix.clone(),
        created_at: fresh.created_at,
        admin: fresh.rights.admin,
        rights: fresh.rights.clone(),
        secret: held.as_ref().map(|_| SecretId::at(app.clock.now())),
        confirmation,
    };
    let Some((emergency, soak)) = rotation else {
        let planned = finish(reach, Purpose::Revoke, Some(old), None, (false, 0))?;
        return Ok(Planned {
            old_secret: held,
            ..planned
        });
    };
    if reach.provider.allows_more(fresh) {
        return refused("This key has rights that Keystead does not know, so it cannot be copied");
    }
    let known = store::operations::lineages::lineage(&app.store, key)
        .await
        .map_err(|error| app.in_words(error))?;
    let known = known
        .iter()
        .find(|one| one.key == key)
        .map_or(1, |one| one.generation);
    let (mut label, mut generation) = label::successor(&fresh.label, known);
    let coming = coming(app, subject.deployment.id).await?;
    while coming.contains(&label) || located.keys.iter().any(|other| other.label == label) {
        let next = label::successor(&fresh.label, generation);
        if next.0 == label {
            return refused("The number in its label cannot be counted on");
        }
        (label, generation) = next;
    }
    let new = NewKey {
        key: KeyId::at(app.clock.now()),
        label,
        description: label::without_marker(&fresh.description),
        rights: fresh.rights.clone(),
        given: RightsGrid::default(),
        chosen: false,
    };
    let planned = finish(
        reach,
        Purpose::Rotate,
        Some(old),
        Some(new),
        (emergency, soak),
    )?;
    Ok(Planned {
        old_secret: held,
        ..planned
    })
}

/// The labels of the keys that unfinished changes on this deployment make: the server's list has them only once
/// they are made.
async fn coming(app: &App, deployment: DeploymentId) -> Result<Vec<String>, Failure> {
    let read = async {
        let mut labels = Vec::new();
        for open in store::operations::open(&app.store).await? {
            let stored = store::operations::find(&app.store, open.id).await?;
            let here = stored.filter(|stored| stored.deployment == deployment);
            let Some(stored) = here.filter(|one| Purpose::of_word(&one.kind).is_some()) else {
                continue;
            };
            let plan: Plan = serde_json::from_str(&stored.plan)?;
            labels.extend(plan.new.map(|new| new.label));
        }
        Ok::<_, StoreError>(labels)
    };
    read.await.map_err(|error| app.in_words(error))
}

/// The value of a key that Keystead made and still has.
async fn made_by_us(app: &App, key: KeyId) -> Result<Option<Secret>, Failure> {
    let owner = key.to_string();
    let row = store::secrets::newest_of(&app.store, SecretKind::NewKey, &owner).await;
    match row.map_err(|error| app.in_words(error))? {
        Some(row) => super::making::open(app, SecretKind::NewKey, key, row)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// Asks the adapter for every call, so that what cannot be done is refused before anything is begun.
fn finish(
    reach: Reach,
    purpose: Purpose,
    old: Option<OldKey>,
    new: Option<NewKey>,
    (emergency, soak): (bool, i64),
) -> Result<Planned, Failure> {
    let (provider, facts) = (reach.provider, &reach.deployment.facts);
    let in_words = |refusal: providers::Refusal| Failure::edit_refused(&refusal.0);
    let mut calls = Vec::new();
    let mut new = new;
    if let Some(new) = &mut new {
        let spec = KeySpec {
            label: new.label.clone(),
            description: new.description.clone(),
            rights: new.rights.clone(),
            choose: true,
        };
        let create = provider.plan_create(facts, &spec).map_err(in_words)?;
        new.chosen = create.call.needs(providers::Slot::Chosen);
        new.given = create.given;
        calls.push((Stage::Create, create.call.shown()));
        let preview = Identity {
            remote_id: Some(RemoteId(NOT_YET.to_owned())),
            fingerprint: None,
        };
        let equip = provider
            .plan_rights(facts, &preview, &new.given, &new.rights)
            .map_err(in_words)?;
        calls.extend(equip.iter().map(|call| (Stage::Equip, call.shown())));
    }
    let mut pause_why_not = None;
    if let Some(old) = &old {
        if purpose == Purpose::Rotate {
            match provider.plan_pause(facts, &old.identity, &old.rights) {
                Ok((_, pause)) => {
                    calls.extend(pause.iter().map(|call| (Stage::Pause, call.shown())));
                }
                Err(refusal) => pause_why_not = Some(refusal.0),
            }
        }
        let revoke = provider.plan_revoke(&old.identity).map_err(in_words)?;
        if revoke.needs_target() && old.secret.is_none() {
            return Err(Failure::edit_refused(
                "The server shows neither an id nor the value of this key, so no call can name it",
            ));
        }
        calls.push((Stage::Revoke, revoke.shown()));
    }
    let sent = u32::try_from(calls.len()).unwrap_or(u32::MAX);
    let plan = Plan {
        purpose,
        emergency,
        old,
        new,
        pause_why_not,
        soak,
        session_life: provider.about().session_life,
    };
    let name = name_of(&plan, &calls);
    Ok(Planned {
        requests: sent.saturating_add(provider.about().proof_requests),
        plan,
        reach,
        calls,
        name,
        old_secret: None,
    })
}

/// What stays the same between two looks at the same server.
fn name_of(plan: &Plan, calls: &[(Stage, String)]) -> String {
    let old = plan.old.as_ref();
    let new = plan.new.as_ref();
    let text = json!([
        plan.purpose,
        plan.emergency,
        plan.soak,
        plan.pause_why_not,
        old.map(|old| (&old.identity, &old.label, snapshot_hash(&old.rights))),
        new.map(|new| (&new.label, &new.description, snapshot_hash(&new.rights))),
        calls,
    ]);
    sha256(text.to_string().as_bytes())
}

fn check_label(label: &str, description: &str, keys: &[ListedKey]) -> Result<(), Failure> {
    let refused = |reason: &str| Err(Failure::new(Code::LabelRefused).with("reason", reason));
    let odd = |text: &str| text.chars().any(|c| c.is_control() || is_hidden(c));
    if label.is_empty() {
        return refused("it is empty");
    }
    if label.chars().count() > 200 || description.chars().count() > 400 {
        return refused("a label has at most 200 characters, a description 400");
    }
    if odd(label) || odd(description) {
        return refused("it has characters that hide or reorder text");
    }
    if keys.iter().any(|key| key.label == label) {
        return refused(
            "another key of this deployment has it, and the proof tells keys apart by it",
        );
    }
    Ok(())
}

/// Begins what was looked at, if it still comes to the same: the operation, the old key's sealed value and the audit
/// row in one commit. Nothing is sent yet.
///
/// # Errors
/// [`Code::PlanOutdated`]; else as for [`plan`].
pub(crate) async fn begin(
    app: &Arc<App>,
    wish: &Wish,
    looked_at: &str,
) -> Result<OperationId, Failure> {
    let alone = app.turn().await?;
    let planned = plan(app, wish).await?;
    if planned.name != looked_at {
        return Err(Failure::new(Code::PlanOutdated));
    }
    let now = app.clock.now();
    let (id, plan) = (OperationId::at(now), &planned.plan);
    let old = plan.old.as_ref();
    let sealed = match (&planned.old_secret, old) {
        (Some(secret), Some(old)) => match old.secret {
            Some(row) => {
                let vault = app.vault()?;
                let sealed = vault.seal(SecretKind::OldKey, old.key.bytes(), row, secret)?;
                Some((row, old.key, sealed))
            }
            None => None,
        },
        _ => None,
    };
    let new = plan.new.as_ref().map(|new| new.key);
    let key = old
        .map(|old| old.key)
        .or(new)
        .ok_or_else(|| Failure::new(Code::Internal))?;
    let stored = StoredOperation {
        id,
        kind: plan.purpose.word().to_owned(),
        deployment: planned.reach.deployment.id,
        key,
        successor: new.filter(|new| *new != key),
        plan: serde_json::to_string(plan).map_err(|_| Failure::new(Code::Internal))?,
        state: "planned".to_owned(),
        events: Vec::new(),
        created_at: now,
        closed_at: None,
    };
    let subject = key.to_string();
    let facts = json!({ "operation": id.to_string(), "calls": planned.calls.len(), "emergency": plan.emergency });
    let act = format!("key.{}", plan.purpose.word());
    let write = async {
        let entry = AuditEntry {
            at: now,
            actor: "user",
            act: &act,
            subject: &subject,
            facts: &facts,
        };
        let mut writer = app.store.write().await?;
        store::operations::insert(&mut writer, &stored, now).await?;
        if let Some((row, owner, sealed)) = &sealed {
            let owner = owner.to_string();
            store::secrets::insert(&mut writer, *row, SecretKind::OldKey, &owner, sealed).await?;
        }
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))?;
    app.checkpoint.pass(operations::Point::Begun);
    drop(alone);
    super::runner::go_on(app, id);
    Ok(id)
}
