//! Grants: a row per key and resource.

use crate::{Area, Store, StoreError, Writer};
use domain::{Cell, Column, KeyId, ListedKey, RightsGrid, RightsRow};
use sqlx::{QueryBuilder, Sqlite};
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

/// Grants of one statement.
const GRANTS_AT_ONCE: usize = 400;

/// All grants of some keys, ready to be sent.
pub(crate) struct Grants {
    /// Those whose grants go first, a JSON list.
    again: Option<String>,
    inserts: Vec<QueryBuilder<Sqlite>>,
}

impl Grants {
    pub(crate) fn of(keys: &[(KeyId, &ListedKey)], new: bool) -> Result<Self, StoreError> {
        let ids: Vec<String> = keys.iter().map(|(id, _)| id.to_string()).collect();
        let mut rows = Vec::new();
        for (id, (_, key)) in ids.iter().zip(keys) {
            // A hostile list may name a prefix twice; the later word counts, as in a JSON object.
            let mut named = HashSet::new();
            for (position, row) in key.rights.rows.iter().enumerate().rev() {
                if named.insert((&row.kind, &row.resource)) {
                    let position = i64::try_from(position).unwrap_or(i64::MAX);
                    rows.push((id, row, position, serde_json::to_string(&told(key, row))?));
                }
            }
        }
        let inserts = rows.chunks(GRANTS_AT_ONCE).map(|some| {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "INSERT INTO grants (key, kind, resource, position, cells) ",
            );
            insert.push_values(some, |mut values, (id, row, position, cells)| {
                values
                    .push_bind(*id)
                    .push_bind(&row.kind)
                    .push_bind(&row.resource)
                    .push_bind(*position)
                    .push_bind(cells);
            });
            insert
        });
        Ok(Self {
            again: (!new).then(|| serde_json::to_string(&ids)).transpose()?,
            inserts: inserts.collect(),
        })
    }

    /// Puts them in the place of those that are stored.
    pub(crate) async fn replace(self, writer: &mut Writer) -> Result<(), StoreError> {
        if let Some(keys) = self.again {
            sqlx::query!(
                "DELETE FROM grants WHERE key IN (SELECT value FROM json_each(?))",
                keys
            )
            .execute(writer.on(Area::Keys))
            .await?;
        }
        for mut insert in self.inserts {
            insert.build().execute(writer.on(Area::Keys)).await?;
        }
        Ok(())
    }
}

/// What a row allows, by action; what is not there reads as nothing.
fn told<'a>(key: &'a ListedKey, row: &'a RightsRow) -> BTreeMap<&'a str, &'a Cell> {
    let actions = key
        .rights
        .columns
        .iter()
        .map(|column| column.action.as_str());
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
        "SELECT count(*) FROM grants WHERE key = ?1 AND (?2 = '' OR instr(lower(resource), ?2) > 0)",
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
        r#"SELECT g.kind, g.resource, r.name IS NOT NULL AS "exists!: bool", r.fields, g.cells
        FROM grants g JOIN keys k ON k.id = g.key
        LEFT JOIN resources r ON r.deployment = k.deployment AND r.kind = g.kind AND r.name = g.resource
        WHERE g.key = ?1 AND (?2 = '' OR instr(lower(g.resource), ?2) > 0)
        ORDER BY g.position, g.kind, g.resource LIMIT ?3 OFFSET ?4"#,
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
