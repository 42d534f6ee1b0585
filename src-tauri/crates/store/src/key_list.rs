//! The list of keys: searched, sorted, a page at a time.

use crate::{Store, StoreError};
use domain::{DeploymentId, Environment, Expiry, KeyId, Notice, RightsSummary, UnixMs};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

/// What a list sorts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// Label, without regard to case.
    Name,
    /// The deployment's name, then label.
    Deployment,
    /// How much the key may do.
    Rights,
    /// How long ago the server made it; unknown ages last.
    Age,
    /// How soon it ends; keys without an end last.
    Expires,
}

/// Which keys, in which order.
#[derive(Clone, Debug)]
pub struct KeyFilter<'a> {
    /// Words that must all occur in label, description, id, prefix or the deployment's name.
    pub text: &'a str,
    /// Of this deployment only.
    pub deployment: Option<DeploymentId>,
    /// Of this environment only.
    pub environment: Option<Environment>,
    /// This one key only.
    pub key: Option<KeyId>,
}

impl KeyFilter<'_> {
    fn is_everything(&self) -> bool {
        self.text.trim().is_empty()
            && self.deployment.is_none()
            && self.environment.is_none()
            && self.key.is_none()
    }
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Local id.
    pub id: KeyId,
    /// The label.
    pub label: String,
    /// Whose key it is.
    pub deployment: DeploymentId,
    /// That deployment's name.
    pub deployment_name: String,
    /// That deployment's environment.
    pub environment: Environment,
    /// Its rights in one line.
    pub rights: RightsSummary,
    /// When the server made it.
    pub created_at: Option<UnixMs>,
    /// When it ends.
    pub expires: Expiry,
    /// The first complete list that no longer had it.
    pub gone_at: Option<UnixMs>,
    /// What a person should know about it.
    pub notices: Vec<Notice>,
}

/// A row as it is shown.
const SHOWN: &str =
    "SELECT k.id, k.label, k.deployment, d.name, d.environment, k.summary, k.created_at, k.expires,
    k.gone_at, k.notices";

/// A page of the keys that match.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    store: &Store,
    filter: &KeyFilter<'_>,
    sort: SortBy,
    descending: bool,
    offset: u32,
    limit: u32,
) -> Result<Vec<ListRow>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(SHOWN);
    query.push(" FROM keys k JOIN deployments d ON d.id = k.deployment");
    matching(&mut query, filter);
    query.push(order(sort, descending));
    part(&mut query, offset, limit);
    let rows = query.build().fetch_all(&store.readers).await?;
    rows.iter().map(read).collect()
}

/// How many keys match.
///
/// # Errors
/// [`StoreError`].
pub async fn count(store: &Store, filter: &KeyFilter<'_>) -> Result<i64, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM keys k");
    matching(&mut query, filter);
    Ok(query.build_query_scalar().fetch_one(&store.readers).await?)
}

/// [`page`] and [`count`] at once. All keys by their names lie in that order; for anything else they are looked through a
/// single time, in the index that has all it takes.
///
/// # Errors
/// [`StoreError`].
pub async fn search(
    store: &Store,
    filter: &KeyFilter<'_>,
    sort: SortBy,
    descending: bool,
    offset: u32,
    limit: u32,
) -> Result<(Vec<ListRow>, i64), StoreError> {
    if filter.is_everything() && sort == SortBy::Name {
        let rows = page(store, filter, sort, descending, offset, limit).await?;
        return Ok((rows, count(store, filter).await?));
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "WITH found AS MATERIALIZED (
            SELECT k.id, k.label_order, k.deployment, k.weight, k.created_at, k.expires_order
            FROM keys k INDEXED BY keys_by_search",
    );
    matching(&mut query, filter);
    query.push(
        "), shown AS MATERIALIZED (
            SELECT k.id FROM found k JOIN deployments d ON d.id = k.deployment",
    );
    query.push(order(sort, descending));
    part(&mut query, offset, limit);
    query.push(") ").push(SHOWN).push(
        ", (SELECT count(*) FROM found) AS total
        FROM shown JOIN keys k ON k.id = shown.id JOIN deployments d ON d.id = k.deployment",
    );
    query.push(order(sort, descending));
    let rows = query.build().fetch_all(&store.readers).await?;
    let total = match rows.first() {
        Some(row) => row.try_get("total")?,
        // Beyond the last page, there is no row to say it.
        None if offset > 0 => count(store, filter).await?,
        None => 0,
    };
    let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok((rows, total))
}

/// How many keys the last complete lists had, whatever is searched for.
///
/// # Errors
/// [`StoreError`].
pub async fn all(store: &Store) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar!("SELECT count(*) FROM keys WHERE gone_at IS NULL")
            .fetch_one(&store.readers)
            .await?,
    )
}

fn matching(query: &mut QueryBuilder<Sqlite>, filter: &KeyFilter<'_>) {
    query.push(" WHERE 1");
    if let Some(key) = filter.key {
        query.push(" AND k.id = ").push_bind(key.to_string());
    }
    if let Some(deployment) = filter.deployment {
        query
            .push(" AND k.deployment = ")
            .push_bind(deployment.to_string());
    }
    if let Some(environment) = filter.environment {
        query
            .push(" AND k.deployment IN (SELECT id FROM deployments WHERE environment = ")
            .push_bind(environment.word())
            .push(")");
    }
    for word in filter.text.to_lowercase().split_whitespace() {
        query
            .push(" AND (instr(k.search, ")
            .push_bind(word.to_owned());
        query
            .push(") > 0 OR k.deployment IN (SELECT id FROM deployments WHERE instr(lower(name), ")
            .push_bind(word.to_owned())
            .push(") > 0))");
    }
}

fn part(query: &mut QueryBuilder<Sqlite>, offset: u32, limit: u32) {
    query.push(" LIMIT ").push_bind(i64::from(limit));
    query.push(" OFFSET ").push_bind(i64::from(offset));
}

fn order(sort: SortBy, descending: bool) -> &'static str {
    match (sort, descending) {
        (SortBy::Name, false) => " ORDER BY k.label_order, k.id",
        (SortBy::Name, true) => " ORDER BY k.label_order DESC, k.id",
        (SortBy::Deployment, false) => " ORDER BY d.name, k.label_order, k.id",
        (SortBy::Deployment, true) => " ORDER BY d.name DESC, k.label_order, k.id",
        (SortBy::Rights, false) => " ORDER BY k.weight, k.label_order, k.id",
        (SortBy::Rights, true) => " ORDER BY k.weight DESC, k.label_order, k.id",
        (SortBy::Age, false) => " ORDER BY k.created_at DESC NULLS LAST, k.label_order, k.id",
        (SortBy::Age, true) => " ORDER BY k.created_at NULLS LAST, k.label_order, k.id",
        (SortBy::Expires, false) => " ORDER BY k.expires_order NULLS LAST, k.label_order, k.id",
        (SortBy::Expires, true) => " ORDER BY k.expires_order DESC NULLS LAST, k.label_order, k.id",
    }
}

fn read(row: &SqliteRow) -> Result<ListRow, StoreError> {
    let id = |name| -> Result<String, StoreError> { Ok(row.try_get(name)?) };
    let json = |name| -> Result<&str, StoreError> { Ok(row.try_get(name)?) };
    let environment: &str = row.try_get("environment")?;
    Ok(ListRow {
        id: id("id")?.parse().map_err(|_| StoreError::Damaged)?,
        label: row.try_get("label")?,
        deployment: id("deployment")?.parse().map_err(|_| StoreError::Damaged)?,
        deployment_name: row.try_get("name")?,
        environment: Environment::from_word(environment).ok_or(StoreError::Damaged)?,
        rights: serde_json::from_str(json("summary")?)?,
        created_at: row.try_get::<Option<i64>, _>("created_at")?.map(UnixMs),
        expires: serde_json::from_str(json("expires")?)?,
        gone_at: row.try_get::<Option<i64>, _>("gone_at")?.map(UnixMs),
        notices: serde_json::from_str(json("notices")?)?,
    })
}
