//! Operations and their journal.

pub mod certificates;
pub mod drafts;
pub mod lineages;

use crate::{Area, Store, StoreError, Writer};
use domain::{DeploymentId, KeyId, OperationId, UnixMs};

/// An operation as stored. What it is made of is the core's business: here it is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOperation {
    /// Local id.
    pub id: OperationId,
    /// What kind.
    pub kind: String,
    /// On which deployment.
    pub deployment: DeploymentId,
    /// On which key.
    pub key: KeyId,
    /// The key that takes its place, where one does.
    pub successor: Option<KeyId>,
    /// JSON, fixed when it began.
    pub plan: String,
    /// What folding its journal gave when it was last written.
    pub state: String,
    /// Its events, JSON, in order.
    pub events: Vec<String>,
    /// When it began.
    pub created_at: UnixMs,
    /// When it came to an end.
    pub closed_at: Option<UnixMs>,
}

/// An operation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOperation {
    /// Local id.
    pub id: OperationId,
    /// What kind.
    pub kind: String,
    /// On which key.
    pub key: KeyId,
    /// The key that takes its place, where one does.
    pub successor: Option<KeyId>,
}

/// Begins an operation.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    writer: &mut Writer,
    operation: &StoredOperation,
    now: UnixMs,
) -> Result<(), StoreError> {
    let (id, deployment, key) = (
        operation.id.to_string(),
        operation.deployment.to_string(),
        operation.key.to_string(),
    );
    let successor = operation.successor.map(|key| key.to_string());
    let insert = sqlx::query!(
        "INSERT INTO operations (id, kind, deployment, key, successor, plan, state, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        operation.kind,
        deployment,
        key,
        successor,
        operation.plan,
        operation.state,
        now.0
    );
    insert.execute(writer.on(Area::Operations)).await?;
    Ok(())
}

/// Appends an event, and the state that it leads to.
///
/// # Errors
/// [`StoreError`]: then what the event announces must not happen.
pub async fn append(
    writer: &mut Writer,
    id: OperationId,
    event: &str,
    state: &str,
    closed: bool,
    now: UnixMs,
) -> Result<(), StoreError> {
    let id = id.to_string();
    sqlx::query!(
        "INSERT INTO journal (op, event, at) VALUES (?, ?, ?)",
        id,
        event,
        now.0
    )
    .execute(writer.on(Area::Operations))
    .await?;
    let closed_at = closed.then_some(now.0);
    sqlx::query!(
        "UPDATE operations SET state = ?, closed_at = ? WHERE id = ?",
        state,
        closed_at,
        id
    )
    .execute(writer.on(Area::Operations))
    .await?;
    Ok(())
}

/// One operation with its journal; `None` when there is no such.
///
/// # Errors
/// [`StoreError`].
pub async fn find(store: &Store, id: OperationId) -> Result<Option<StoredOperation>, StoreError> {
    let text = id.to_string();
    // One snapshot: an event committed between two reads would look like a damaged journal.
    let mut snapshot = store.readers.begin().await?;
    let row = sqlx::query!(
        "SELECT kind, deployment, key, successor, plan, state, created_at, closed_at FROM operations WHERE id = ?",
        text
    );
    let Some(row) = row.fetch_optional(&mut *snapshot).await? else {
        return Ok(None);
    };
    let events = sqlx::query_scalar!("SELECT event FROM journal WHERE op = ? ORDER BY seq", text);
    let events = events.fetch_all(&mut *snapshot).await?;
    Ok(Some(StoredOperation {
        id,
        kind: row.kind,
        deployment: row.deployment.parse().map_err(|_| StoreError::Damaged)?,
        key: row.key.parse().map_err(|_| StoreError::Damaged)?,
        successor: row
            .successor
            .map(|key| key.parse())
            .transpose()
            .map_err(|_| StoreError::Damaged)?,
        plan: row.plan,
        state: row.state,
        events,
        created_at: UnixMs(row.created_at),
        closed_at: row.closed_at.map(UnixMs),
    }))
}

/// Operations that have not come to an end, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn open(store: &Store) -> Result<Vec<ListedOperation>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, kind, key, successor FROM operations WHERE closed_at IS NULL ORDER BY id"
    );
    let rows = rows.fetch_all(&store.readers).await?.into_iter();
    rows.map(|row| listed(&row.id, row.kind, &row.key, row.successor.as_deref()))
        .collect()
}

/// How many operations of a deployment have not come to an end.
///
/// # Errors
/// [`StoreError`].
pub async fn open_on(store: &Store, deployment: DeploymentId) -> Result<i64, StoreError> {
    let deployment = deployment.to_string();
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM operations WHERE deployment = ? AND closed_at IS NULL",
        deployment
    );
    Ok(count.fetch_one(&store.readers).await?)
}

/// The newest event of all operations of a deployment; 0 where there is none. Every change of its server is between two
/// of them: a list that was read before one and is stored after it is out of date.
///
/// # Errors
/// [`StoreError`].
pub async fn newest_event(store: &Store, deployment: DeploymentId) -> Result<i64, StoreError> {
    newest_event_in(&store.readers, deployment).await
}

/// The same as it is now, whoever wrote last.
///
/// # Errors
/// [`StoreError`].
pub async fn newest_event_now(
    writer: &mut Writer,
    deployment: DeploymentId,
) -> Result<i64, StoreError> {
    newest_event_in(writer.quietly(), deployment).await
}

async fn newest_event_in(
    database: impl sqlx::SqliteExecutor<'_>,
    deployment: DeploymentId,
) -> Result<i64, StoreError> {
    let deployment = deployment.to_string();
    let seq = sqlx::query_scalar!(
        r#"SELECT coalesce(max(j.seq), 0) AS "seq!: i64"
        FROM operations o JOIN journal j ON j.op = o.id WHERE o.deployment = ?"#,
        deployment
    );
    Ok(seq.fetch_one(database).await?)
}

/// The newest operations of these kinds, open ones first.
///
/// # Errors
/// [`StoreError`].
pub async fn newest(
    store: &Store,
    kinds: [&str; 3],
    limit: i64,
) -> Result<Vec<ListedOperation>, StoreError> {
    let [first, second, third] = kinds;
    let rows = sqlx::query!(
        "SELECT id, kind, key, successor FROM operations WHERE kind IN (?, ?, ?)
        ORDER BY closed_at IS NOT NULL, id DESC LIMIT ?",
        first,
        second,
        third,
        limit
    );
    let rows = rows.fetch_all(&store.readers).await?.into_iter();
    rows.map(|row| listed(&row.id, row.kind, &row.key, row.successor.as_deref()))
        .collect()
}

/// When each event of an operation was committed, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn times(store: &Store, id: OperationId) -> Result<Vec<UnixMs>, StoreError> {
    let id = id.to_string();
    let times = sqlx::query_scalar!("SELECT at FROM journal WHERE op = ? ORDER BY seq", id);
    Ok(times
        .fetch_all(&store.readers)
        .await?
        .into_iter()
        .map(UnixMs)
        .collect())
}

fn listed(
    id: &str,
    kind: String,
    key: &str,
    successor: Option<&str>,
) -> Result<ListedOperation, StoreError> {
    let damaged = |_| StoreError::Damaged;
    Ok(ListedOperation {
        id: id.parse().map_err(damaged)?,
        kind,
        key: key.parse().map_err(damaged)?,
        successor: successor.map(str::parse).transpose().map_err(damaged)?,
    })
}
