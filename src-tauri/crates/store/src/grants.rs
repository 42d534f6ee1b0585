//! Grants: what a key may do to each resource, stored with the key.

use crate::{Store, StoreError};
use domain::{Cell, Column, KeyId, RightsGrid, RightsRow};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// One resource of a key's grid, with what the deployment knows of it.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// The adapter's word for its kind.
    pub kind: String,
    /// Its name.
    pub resource: String,
    /// A cell for each of the key's columns.
    pub cells: Vec<Cell>,
    /// The deployment's own list has it.
    pub exists: bool,
    /// Its fields, when somebody asked the server.
    pub fields: Option<Vec<String>>,
}

/// One resource of a key's rights, as it is stored.
#[derive(Serialize)]
struct Stored<'a> {
    kind: &'a str,
    resource: &'a str,
    /// By action; what is not there allows nothing.
    cells: BTreeMap<&'a str, &'a Cell>,
}

/// A key's rights, as they are stored with it.
pub(crate) fn stored(rights: &RightsGrid) -> Result<String, StoreError> {
    // A hostile list may name a prefix twice; the later word counts, as in a JSON object.
    let mut named = HashSet::new();
    let later = rights.rows.iter().rev();
    let mut rows: Vec<Stored<'_>> = later
        .filter(|row| named.insert((&row.kind, &row.resource)))
        .map(|row| Stored {
            kind: &row.kind,
            resource: &row.resource,
            cells: told(&rights.columns, row),
        })
        .collect();
    rows.reverse();
    Ok(serde_json::to_string(&rows)?)
}

/// What a row allows, by action.
fn told<'a>(columns: &'a [Column], row: &'a RightsRow) -> BTreeMap<&'a str, &'a Cell> {
    let actions = columns.iter().map(|column| column.action.as_str());
    let cells = actions.zip(&row.cells);
    cells.filter(|(_, cell)| **cell != Cell::None).collect()
}

/// How many resources a key's grid has.
///
/// # Errors
/// [`StoreError`].
pub async fn count(store: &Store, key: KeyId, text: &str) -> Result<i64, StoreError> {
    let (key, text) = (key.to_string(), text.to_lowercase());
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM keys k, json_each(k.rights) g
        WHERE k.id = ?1 AND (?2 = '' OR instr(lower(g.value ->> 'resource'), ?2) > 0)",
        key,
        text
    );
    Ok(count.fetch_one(&store.readers).await?)
}

/// A page of a key's grid: the rows whose resource contains `text`.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    store: &Store,
    key: KeyId,
    columns: &[Column],
    text: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<GrantRow>, StoreError> {
    let (key, text) = (key.to_string(), text.to_lowercase());
    let rows = sqlx::query!(
        r#"SELECT g.value ->> 'kind' AS "kind!: String", g.value ->> 'resource' AS "resource!: String",
            r.name IS NOT NULL AS "exists!: bool", r.fields, g.value -> 'cells' AS "cells!: String"
        FROM keys k, json_each(k.rights) g
        LEFT JOIN resources r ON r.deployment = k.deployment AND r.kind = g.value ->> 'kind'
            AND r.name = g.value ->> 'resource'
        WHERE k.id = ?1 AND (?2 = '' OR instr(lower(g.value ->> 'resource'), ?2) > 0)
        ORDER BY g.key LIMIT ?3 OFFSET ?4"#,
        key,
        text,
        limit,
        offset
    );
    let read = |json: &str| -> Result<Vec<Cell>, StoreError> {
        let mut cells: BTreeMap<String, Cell> = serde_json::from_str(json)?;
        Ok(columns
            .iter()
            .map(|column| cells.remove(&column.action).unwrap_or(Cell::None))
            .collect())
    };
    let rows = rows
        .fetch_all(&store.readers)
        .await?
        .into_iter()
        .map(|row| {
            Ok(GrantRow {
                cells: read(&row.cells)?,
                kind: row.kind,
                resource: row.resource,
                exists: row.exists,
                fields: row
                    .fields
                    .map(|json| serde_json::from_str(&json))
                    .transpose()?,
            })
        });
    rows.collect()
}

/// A key's whole grid, as the last complete list had it.
///
/// # Errors
/// [`StoreError`].
pub async fn grid(
    store: &Store,
    key: KeyId,
    columns: &[Column],
    admin: bool,
) -> Result<RightsGrid, StoreError> {
    let rows = page(store, key, columns, "", 0, i64::MAX)
        .await?
        .into_iter();
    let rows = rows.map(|row| RightsRow {
        kind: row.kind,
        resource: row.resource,
        cells: row.cells,
    });
    Ok(RightsGrid {
        columns: columns.to_vec(),
        rows: rows.collect(),
        admin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::MIGRATOR;
    use domain::{DeploymentId, UnixMs};
    use sqlx::{
        Connection, SqliteConnection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode},
    };
    use std::path::Path;

    fn columns() -> Vec<Column> {
        let column = |action: &str| Column {
            action: action.to_owned(),
            title: String::new(),
        };
        ["read", "write"].map(column).into()
    }

    #[tokio::test]
    async fn a_file_of_schema_4_keeps_its_grants() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keystead.db");
        let key = KeyId::at(UnixMs(1));
        lay_schema_4(&file, key, DeploymentId::at(UnixMs(1))).await;
        let store = Store::open(&file).await.unwrap();
        let rows = page(&store, key, &columns(), "", 0, 9).await.unwrap();
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.resource.as_str(), row.cells.clone()))
            .collect();
        let wanted = [
            ("orders", vec![Cell::All, Cell::None]),
            ("nothing", vec![Cell::None, Cell::None]),
        ];
        assert_eq!(told, wanted);
        assert_eq!(count(&store, key, "ord").await.unwrap(), 1);
        store.close().await;
    }

    #[test]
    fn a_resource_that_is_named_twice_is_stored_once_as_it_was_named_last() {
        let row = |resource: &str, cells: [Cell; 2]| RightsRow {
            kind: "KV prefix".to_owned(),
            resource: resource.to_owned(),
            cells: cells.into(),
        };
        let rights = RightsGrid {
            columns: columns(),
            rows: vec![
                row("a:", [Cell::All, Cell::All]),
                row("b:", [Cell::None, Cell::All]),
                row("a:", [Cell::All, Cell::None]),
            ],
            admin: false,
        };
        let all = r#"{"state":"all"}"#;
        let wanted = format!(
            r#"[{{"kind":"KV prefix","resource":"b:","cells":{{"write":{all}}}}},{{"kind":"KV prefix","resource":"a:","cells":{{"read":{all}}}}}]"#
        );
        assert_eq!(stored(&rights).unwrap(), wanted);
    }

    async fn lay_schema_4(file: &Path, key: KeyId, deployment: DeploymentId) {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        MIGRATOR.run_to(4, &mut old).await.unwrap();
        let (key, deployment) = (key.to_string(), deployment.to_string());
        let rows = format!(
            "INSERT INTO deployments (id, name, environment, provider, created_at)
                VALUES ('{deployment}', 'shop', 'test', 'ekodb', 0);
            INSERT INTO keys (id, deployment, label, description, kind, expires, columns, summary, weight, extras, notices,
                    search, label_order, digest, first_seen)
                VALUES ('{key}', '{deployment}', '', '', 'scoped', '', '', '', 0, '', '', '', '', '', 0);
            INSERT INTO grants VALUES
                ('{key}', 'collection', 'orders', 'read', 0, 'all', '{{\"state\":\"all\"}}'),
                ('{key}', 'collection', 'orders', 'write', 0, 'none', '{{\"state\":\"none\"}}'),
                ('{key}', 'collection', 'nothing', 'read', 1, 'none', '{{\"state\":\"none\"}}'),
                ('{key}', 'collection', 'nothing', 'write', 1, 'none', '{{\"state\":\"none\"}}');"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(rows))
            .execute(&mut old)
            .await
            .unwrap();
        old.close().await.unwrap();
    }
}
