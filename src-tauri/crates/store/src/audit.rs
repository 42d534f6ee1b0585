//! The audit log: append-only, each row bound to the one before it.

use crate::{Store, StoreError, Writer};
use domain::{UnixMs, sha256};
use serde_json::Value;

/// What happened, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry<'a> {
    /// When, by the wall clock; order is the row's sequence number.
    pub at: UnixMs,
    /// Who: a person's action or the program's own.
    pub actor: &'a str,
    /// What was done, `noun.verb`.
    pub act: &'a str,
    /// To what: a local id, or the host of a link that is only tested.
    pub subject: &'a str,
    /// Particulars.
    pub facts: &'a Value,
}

/// Appends a row, and gives its sequence number; it counts once the writer commits.
///
/// # Errors
/// [`StoreError`]: then what was to be recorded must not happen.
pub async fn append(writer: &mut Writer, entry: &AuditEntry<'_>) -> Result<i64, StoreError> {
    let last = sqlx::query!("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    let last = last.fetch_optional(writer.quietly()).await?;
    let (seq, previous) = last.map_or((1, String::new()), |row| (row.seq + 1, row.hash));
    let facts = entry.facts.to_string();
    let hash = link(
        seq,
        &previous,
        entry.at.0,
        entry.actor,
        entry.act,
        entry.subject,
        &facts,
    );
    let insert = sqlx::query!(
        "INSERT INTO audit (seq, previous, hash, at, actor, act, subject, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        seq,
        previous,
        hash,
        entry.at.0,
        entry.actor,
        entry.act,
        entry.subject,
        facts
    );
    insert.execute(writer.quietly()).await?;
    Ok(seq)
}

/// The particulars of one row; `None` when there is no such row.
///
/// # Errors
/// [`StoreError`].
pub async fn facts(store: &Store, seq: i64) -> Result<Option<Value>, StoreError> {
    let facts = sqlx::query_scalar!("SELECT facts FROM audit WHERE seq = ?", seq);
    let facts = facts.fetch_optional(&store.readers).await?;
    Ok(facts
        .map(|facts| serde_json::from_str(&facts))
        .transpose()?)
}

/// What a check of the whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All rows are there, in order and unaltered.
    Whole {
        /// How many.
        rows: i64,
    },
    /// From this sequence number on, something is missing or altered.
    BrokenAt {
        /// The first row that does not follow from those before it.
        seq: i64,
    },
}

/// Recomputes the chain. Rows cut off at the end leave no trace in the chain itself.
///
/// # Errors
/// [`StoreError`].
pub async fn verify(store: &Store) -> Result<Verdict, StoreError> {
    let rows = sqlx::query!(
        "SELECT seq, previous, hash, at, actor, act, subject, facts FROM audit ORDER BY seq"
    );
    let (mut expected, mut previous) = (1, String::new());
    for row in rows.fetch_all(&store.readers).await? {
        let hash = link(
            row.seq,
            &previous,
            row.at,
            &row.actor,
            &row.act,
            &row.subject,
            &row.facts,
        );
        if row.seq != expected || row.previous != previous || row.hash != hash {
            return Ok(Verdict::BrokenAt { seq: expected });
        }
        (expected, previous) = (expected + 1, row.hash);
    }
    Ok(Verdict::Whole { rows: expected - 1 })
}

fn link(
    seq: i64,
    previous: &str,
    at: i64,
    actor: &str,
    act: &str,
    subject: &str,
    facts: &str,
) -> String {
    // As a JSON list, so that no two different rows have the same bytes.
    sha256(
        serde_json::json!([seq, previous, at, actor, act, subject, facts])
            .to_string()
            .as_bytes(),
    )
}
