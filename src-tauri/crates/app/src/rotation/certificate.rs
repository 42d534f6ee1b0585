//! What stays of a finished rotation: its certificate, bound to the audit log, and the lineage of the keys.

use super::{
    machine::{Delivery, Op, State},
    plan::{Purpose, snapshot_hash},
    runner::Work,
};
use crate::{App, Failure, links::host_of};
use domain::{Check, Grade, KeyId, UnixMs, grade, sha256};
use serde::Serialize;
use serde_json::{Value, json};
use store::{
    StoreError, Writer,
    audit::{self, AuditEntry, Verdict},
    operations::{
        certificates::{self, Certificate},
        lineages::{self, Generation},
    },
};
use ts_rs::TS;

/// Whether a certificate is what was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Seal {
    /// It is, and the whole audit log is.
    Unaltered,
    /// It is not.
    Altered,
    /// It is, but the audit log has a gap.
    LogBroken,
}

/// Recomputes the hash and the chain that it hangs on.
///
/// # Errors
/// The store's.
pub(crate) async fn seal_of(app: &App, certificate: &Certificate) -> Result<Seal, Failure> {
    let in_words = |error| app.in_words(error);
    let facts = audit::facts(&app.store, certificate.audit_seq)
        .await
        .map_err(in_words)?;
    let logged = facts.as_ref().and_then(|facts| facts["hash"].as_str());
    let hash = sha256(certificate.body.as_bytes());
    if hash != certificate.hash || logged != Some(hash.as_str()) {
        return Ok(Seal::Altered);
    }
    Ok(match audit::verify(&app.store).await.map_err(in_words)? {
        Verdict::Whole { .. } => Seal::Unaltered,
        Verdict::BrokenAt { .. } => Seal::LogBroken,
    })
}

/// The grade of everything that was proved.
pub(crate) fn grade_of(op: &Op) -> Option<Grade> {
    let new = op.plan.new.as_ref().map(|_| op.new_checks.as_slice());
    let old = op.plan.old.as_ref().map(|_| op.death_checks.as_slice());
    grade(new, old)
}

/// In the commit that closes it: certificate, lineage, tombstone; what was kept of the old secret goes.
pub(super) async fn close(
    writer: &mut Writer,
    work: &Work<'_>,
    op: &Op,
    now: UnixMs,
) -> Result<(), StoreError> {
    if let Some(old) = &op.plan.old {
        if let Some(row) = old.secret {
            store::secrets::delete(writer, row).await?;
        }
        if op.state == State::Closed {
            store::keys::set_gone(writer, old.key, now).await?;
            // The value of a dead key is of no use to anyone.
            store::secrets::delete_of(writer, &old.key.to_string()).await?;
        }
    }
    match (&op.state, &op.plan.new) {
        (State::RolledBack, Some(new)) => {
            store::keys::set_gone(writer, new.key, now).await?;
            store::secrets::delete_of(writer, &new.key.to_string()).await?;
        }
        (State::Closed, _) => {
            let generations = generations(writer, work, op, now).await?;
            make(writer, work, op, now, &generations).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The old generation with its tombstone, and the new one.
async fn generations(
    writer: &mut Writer,
    work: &Work<'_>,
    op: &Op,
    now: UnixMs,
) -> Result<Vec<Generation>, StoreError> {
    let deployment = work.reach.deployment.id;
    let mut all = Vec::new();
    if let Some(old) = &op.plan.old {
        let known = lineages::lineage(&work.app.store, old.key).await?;
        let known = known.into_iter().find(|one| one.key == old.key);
        let print = old
            .identity
            .fingerprint
            .as_ref()
            .map(|print| print.0.clone());
        let first = Generation {
            key: old.key,
            lineage: old.key,
            generation: 1,
            label: old.label.clone(),
            fingerprint: print,
            since: old.created_at.unwrap_or(now),
            replaced_by: None,
            dead_at: None,
        };
        all.push(Generation {
            replaced_by: op.plan.new.as_ref().map(|new| new.key),
            dead_at: Some(now),
            ..known.unwrap_or(first)
        });
    }
    if let Some(new) = &op.plan.new {
        let (lineage, generation) = all
            .first()
            .map_or((new.key, 1), |old| (old.lineage, old.generation + 1));
        all.push(Generation {
            key: new.key,
            lineage,
            generation,
            label: new.label.clone(),
            fingerprint: op
                .identity
                .fingerprint
                .as_ref()
                .map(|print| print.0.clone()),
            since: now,
            replaced_by: None,
            dead_at: None,
        });
    }
    for one in &all {
        lineages::put_generation(writer, deployment, one).await?;
    }
    Ok(all)
}

async fn make(
    writer: &mut Writer,
    work: &Work<'_>,
    op: &Op,
    now: UnixMs,
    generations: &[Generation],
) -> Result<(), StoreError> {
    let body = serde_json::to_string_pretty(&body(work, op, now, generations))?;
    let hash = sha256(body.as_bytes());
    let (subject, facts) = (work.id.to_string(), json!({ "hash": hash }));
    let entry = AuditEntry {
        at: now,
        actor: "keystead",
        act: "certificate.make",
        subject: &subject,
        facts: &facts,
    };
    let audit_seq = audit::append(writer, &entry).await?;
    let certificate = Certificate {
        operation: work.id,
        deployment: work.reach.deployment.id,
        body,
        hash,
        audit_seq,
        made_at: now,
    };
    certificates::insert(writer, &certificate).await
}

fn body(work: &Work<'_>, op: &Op, now: UnixMs, generations: &[Generation]) -> Value {
    let deployment = &work.reach.deployment;
    let generation = |key: KeyId| {
        generations
            .iter()
            .find(|one| one.key == key)
            .map(|one| one.generation)
    };
    let old = op.plan.old.as_ref().map(|old| {
        json!({
            "generation": generation(old.key), "label": old.label, "id": old.identity.remote_id,
            "fingerprint": old.identity.fingerprint, "prefix": old.prefix, "created_at": old.created_at,
            "rights": snapshot_hash(&old.rights), "dead_at": now,
        })
    });
    let new = op.plan.new.as_ref().map(|new| {
        json!({
            "generation": generation(new.key), "label": new.label, "id": op.identity.remote_id,
            "fingerprint": op.identity.fingerprint,
            "prefix": op.sealed.as_ref().and_then(|(sealed, _)| sealed.prefix.clone()),
            "rights": snapshot_hash(&new.rights),
            "chosen_value_honoured": op.honoured, "attempts": op.attempts.len(),
        })
    });
    let adoption = op
        .confirmed
        .as_ref()
        .map(|(by, _)| json!({ "by": by, "at": op.confirmed_at, "grade": "C" }));
    let deliveries: Vec<Value> = op.deliveries.iter().map(delivered).collect();
    json!({
        "format": 1,
        "operation": work.id.to_string(),
        "purpose": op.plan.purpose,
        "mode": if op.plan.emergency { "emergency" } else { "planned" },
        "deployment": deployment.name,
        "environment": deployment.environment,
        "provider": work.reach.provider.about().name,
        "host": host_of(&deployment.link),
        "lineage": generations.first().map(|one| one.lineage.to_string()),
        "old": old,
        "new": new,
        "grade": grade_of(op),
        "checks": { "new": checks(&op.new_checks), "paused": checks(&op.paused_checks), "death": checks(&op.death_checks) },
        "deliveries": deliveries,
        "adoption": adoption,
        "pause": pause(op),
        "began_at": work.stored.created_at,
        "closed_at": now,
        "events": op.seq,
    })
}

fn checks(checks: &[Check]) -> Value {
    serde_json::to_value(checks).unwrap_or_default()
}

fn delivered((delivery, at): &(Delivery, UnixMs)) -> Value {
    let mut value = serde_json::to_value(delivery).unwrap_or_default();
    value["at"] = json!(at);
    value
}

fn pause(op: &Op) -> Value {
    if op.plan.purpose != Purpose::Rotate {
        Value::Null
    } else if op.is_paused {
        json!({ "paused": true })
    } else {
        let leaked = op.plan.emergency.then(|| "the key had leaked".to_owned());
        let why = op.pause_skipped.clone().or(op.plan.pause_why_not.clone());
        json!({ "paused": false, "why": why.or(leaked) })
    }
}
