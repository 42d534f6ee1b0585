//! Grants: what a key may do to each resource, stored with the key.

use crate::{Store, StoreError};
use domain::{Cell, Column, KeyId, RightsGrid, RightsRow};
use serde::{Deserialize, Serialize, Serializer};
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

/// One resource of a key's rights, as it is stored: kind, name and cells.
#[derive(Serialize)]
struct Stored<'a>(&'a str, &'a str, Told<'a>);

/// What a row allows, by action; what is not there allows nothing.
struct Told<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let actions = self.columns.iter().map(|column| &column.action);
        let cells = actions.zip(self.cells.iter().map(Short::of));
        to.collect_map(cells.filter(|(_, cell)| *cell != Short::None))
    }
}

/// A cell in few bytes: what most are is one word.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Short<C> {
    #[serde(skip)]
    None,
    Word(Word),
    Whole(C),
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    All,
}

impl<'a> Short<&'a Cell> {
    fn of(cell: &'a Cell) -> Self {
        match cell {
            Cell::None => Self::None,
            Cell::All => Self::Word(Word::All),
            Cell::Fields { .. } | Cell::Inherited { .. } | Cell::Locked { .. } => Self::Whole(cell),
        }
    }
}

impl From<Short<Cell>> for Cell {
    fn from(short: Short<Cell>) -> Self {
        match short {
            Short::None => Self::None,
            Short::Word(Word::All) => Self::All,
            Short::Whole(cell) => cell,
        }
    }
}

/// A key's rights, as they are stored with it.
pub(crate) fn stored(rights: &RightsGrid) -> Result<String, StoreError> {
    let rows = last_named(&rights.rows).into_iter().map(|row| {
        let (columns, cells) = (&rights.columns, &row.cells);
        Stored(&row.kind, &row.resource, Told { columns, cells })
    });
    Ok(serde_json::to_string(&rows.collect::<Vec<_>>())?)
}

/// Up to this many rows are looked through, more get a table of their names.
const FEW: usize = 16;

/// The rows as they are meant: a hostile list may name a prefix twice; the later word counts, as in a JSON object.
fn last_named(rows: &[RightsRow]) -> Vec<&RightsRow> {
    fn name(row: &RightsRow) -> (&str, &str) {
        (&row.kind, &row.resource)
    }
    let mut named = HashSet::new();
    let mut kept: Vec<&RightsRow> = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let is_new = if rows.len() > FEW {
            named.insert(name(row))
        } else {
            kept.iter().all(|later| name(later) != name(row))
        };
        if is_new {
            kept.push(row);
        }
    }
    kept.reverse();
    kept
}

/// How many resources a key's grid has.
///
/// # Errors
/// [`StoreError`].
pub async fn count(store: &Store, key: KeyId, text: &str) -> Result<i64, StoreError> {
    let (key, text) = (key.to_string(), text.to_lowercase());
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM keys k, json_each(k.rights) g
        WHERE k.id = ?1 AND (?2 = '' OR instr(lower(g.value ->> 1), ?2) > 0)",
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
        r#"SELECT g.value ->> 0 AS "kind!: String", g.value ->> 1 AS "resource!: String",
            r.name IS NOT NULL AS "exists!: bool", r.fields, g.value -> 2 AS "cells!: String"
        FROM keys k, json_each(k.rights) g
        LEFT JOIN resources r ON r.deployment = k.deployment AND r.kind = g.value ->> 0
            AND r.name = g.value ->> 1
        WHERE k.id = ?1 AND (?2 = '' OR instr(lower(g.value ->> 1), ?2) > 0)
        ORDER BY g.key LIMIT ?3 OFFSET ?4"#,
        key,
        text,
        limit,
        offset
    );
    let read = |json: &str| -> Result<Vec<Cell>, StoreError> {
        let mut cells: BTreeMap<String, Short<Cell>> = serde_json::from_str(json)?;
        let cells = columns.iter().map(|column| cells.remove(&column.action));
        Ok(cells
            .map(|cell| cell.map_or(Cell::None, Cell::from))
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
    use crate::{keys, open::MIGRATOR, operations::drafts};
    use domain::{DeploymentId, Expiry, FieldRule, Notice, UnixMs};
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

    fn ruled() -> Cell {
        Cell::Fields {
            rule: FieldRule {
                only: Some(vec!["id".to_owned()]),
                except: None,
            },
        }
    }

    const COLUMNS: &str = r#"[{"action":"read","title":"Read"},{"action":"delete","title":"Delete"},{"action":"write","title":"Write"}]"#;
    const SUMMARY: &str = r#"{"admin":false,"counts":[{"action":"Read","count":1},{"action":"Write","count":1}],"restricted":1}"#;
    const EXPIRES: &str = r#"{"kind":"at","at":9}"#;

    const GONE: &str = "00000000-0000-7000-8000-000000000009";
    const ONE_COLUMN: &str = r#"[{"action":"all","title":"All"}]"#;

    #[tokio::test]
    async fn a_file_of_schema_4_keeps_a_key_its_grants_and_its_draft() {
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
            ("orders", vec![Cell::All, ruled()]),
            ("nothing", vec![Cell::None, Cell::None]),
        ];
        assert_eq!(told, wanted);
        assert_eq!(count(&store, key, "ord").await.unwrap(), 1);
        let listed = keys::list::one(&store, key).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&listed.rights).unwrap(), SUMMARY);
        assert_eq!(listed.expires, Expiry::At { at: UnixMs(9) });
        let gone = keys::list::one(&store, GONE.parse().unwrap()).await;
        let gone = gone.unwrap().unwrap();
        assert_eq!(
            (gone.rights.admin, gone.rights.counts.len(), gone.expires),
            (true, 0, Expiry::Unsupported)
        );
        assert_eq!(
            (gone.gone_at, gone.notices),
            (Some(UnixMs(5)), vec![Notice::LabelCut])
        );
        let whole = keys::find(&store, gone.id).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&whole.columns).unwrap(), ONE_COLUMN);
        assert_eq!(whole.extras.get("a"), Some(&1.into()));
        let whole = keys::find(&store, key).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&whole.columns).unwrap(), COLUMNS);
        let draft = drafts::find(&store, key).await.unwrap().unwrap();
        assert_eq!(draft.saved_at, UnixMs(7));
        store.close().await;
    }

    #[test]
    fn a_resource_that_is_named_twice_is_stored_once_as_it_was_named_last() {
        let row = |resource: &str, cells: [Cell; 2]| RightsRow {
            kind: "KV prefix".to_owned(),
            resource: resource.to_owned(),
            cells: cells.into(),
        };
        let twice = [
            row("a:", [Cell::All, Cell::All]),
            row("b:", [Cell::None, Cell::All]),
            row("a:", [Cell::All, Cell::None]),
        ];
        let others = (0..FEW).map(|nth| row(&format!("c{nth}:"), [Cell::None, Cell::None]));
        for (rows, begins) in [
            (
                twice.to_vec(),
                r#"[["KV prefix","b:",{"write":"all"}],["KV prefix","a:",{"read":"all"}]]"#,
            ),
            // So many that they are looked up in a table.
            (
                twice.iter().cloned().chain(others).collect(),
                r#"[["KV prefix","b:",{"write":"all"}],["KV prefix","a:",{"read":"all"}],["KV prefix","c0:",{}],"#,
            ),
        ] {
            let rights = RightsGrid {
                columns: columns(),
                rows,
                admin: false,
            };
            let stored = stored(&rights).unwrap();
            assert!(stored.starts_with(begins), "{stored}");
        }
    }

    async fn lay_schema_4(file: &Path, key: KeyId, deployment: DeploymentId) {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        MIGRATOR.run_to(4, &mut old).await.unwrap();
        let (key, deployment) = (key.to_string(), deployment.to_string());
        let ruled = serde_json::to_string(&ruled()).unwrap();
        let draft = serde_json::to_string(&RightsGrid::default()).unwrap();
        let rows = format!(
            "INSERT INTO deployments (id, name, environment, provider, created_at)
                VALUES ('{deployment}', 'shop', 'test', 'ekodb', 0);
            INSERT INTO keys (id, deployment, label, description, kind, expires, columns, summary, weight, extras, notices,
                    search, label_order, digest, first_seen)
                VALUES ('{key}', '{deployment}', '', '', 'scoped', '{EXPIRES}', '{COLUMNS}', '{SUMMARY}', 2, '{{}}', '[]', '', '', '', 0);
            INSERT INTO keys (id, deployment, label, description, kind, expires, columns, summary, weight, extras, notices,
                    search, label_order, digest, first_seen, gone_at)
                VALUES ('{GONE}', '{deployment}', '', '', 'admin', '{{\"kind\":\"unsupported\"}}', '{ONE_COLUMN}',
                    '{{\"admin\":true,\"counts\":[],\"restricted\":0}}', 4294967295, '{{\"a\":1}}', '[\"label_cut\"]',
                    '', '', '', 0, 5);
            INSERT INTO drafts VALUES ('{key}', '{draft}', '{draft}', 7);
            INSERT INTO grants VALUES
                ('{key}', 'collection', 'orders', 'read', 0, 'all', '{{\"state\":\"all\"}}'),
                ('{key}', 'collection', 'orders', 'write', 0, 'fields', '{ruled}'),
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
