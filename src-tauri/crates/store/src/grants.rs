//! Grants: a row per key, resource and action.

use crate::{Area, Store, StoreError, Writer};
use domain::{Cell, Column, KeyId, ListedKey, RightsGrid, RightsRow};
use sqlx::{QueryBuilder, Sqlite};

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

/// Replaces all grants of these keys.
pub(crate) async fn replace(
    writer: &mut Writer,
    keys: &[(KeyId, &ListedKey)],
) -> Result<(), StoreError> {
    let ids: Vec<String> = keys.iter().map(|(id, _)| id.to_string()).collect();
    let list = serde_json::to_string(&ids)?;
    sqlx::query!(
        "DELETE FROM grants WHERE key IN (SELECT value FROM json_each(?))",
        list
    )
    .execute(writer.on(Area::Keys))
    .await?;
    let mut grants = Vec::new();
    for (id, (_, key)) in ids.iter().zip(keys) {
        for (position, row) in key.rights.rows.iter().enumerate() {
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            for (column, cell) in key.rights.columns.iter().zip(&row.cells) {
                let json = serde_json::to_string(cell)?;
                grants.push((id, row, &column.action, position, state(cell), json));
            }
        }
    }
    for some in grants.chunks(GRANTS_AT_ONCE) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO grants (key, kind, resource, action, position, state, cell) ",
        );
        insert.push_values(
            some,
            |mut values, (id, row, action, position, state, json)| {
                values
                    .push_bind(*id)
                    .push_bind(&row.kind)
                    .push_bind(&row.resource)
                    .push_bind(*action)
                    .push_bind(*position)
                    .push_bind(*state)
                    .push_bind(json);
            },
        );
        // A hostile list may name a prefix twice; the later word counts, as in a JSON object.
        insert.push(
            " ON CONFLICT DO UPDATE SET position = excluded.position, state = excluded.state, cell = excluded.cell",
        );
        insert.build().execute(writer.on(Area::Keys)).await?;
    }
    Ok(())
}

/// How many resources a key's grid has.
///
/// # Errors
/// [`StoreError`].
pub async fn count(store: &Store, key: KeyId, text: &str) -> Result<i64, StoreError> {
    let (key, text) = (key.to_string(), text.to_lowercase());
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM (SELECT DISTINCT kind, resource FROM grants
            WHERE key = ?1 AND (?2 = '' OR instr(lower(resource), ?2) > 0))",
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
        r#"SELECT g.kind AS "kind!", g.resource AS "resource!", r.name IS NOT NULL AS "exists!: bool", r.fields,
            json_group_object(g.action, json(g.cell)) AS "cells!: String"
        FROM grants g JOIN keys k ON k.id = g.key
        LEFT JOIN resources r ON r.deployment = k.deployment AND r.kind = g.kind AND r.name = g.resource
        WHERE g.key = ?1 AND (?2 = '' OR instr(lower(g.resource), ?2) > 0)
        GROUP BY g.kind, g.resource ORDER BY min(g.position), g.kind, g.resource LIMIT ?3 OFFSET ?4"#,
        key,
        text,
        limit,
        offset
    );
    let read = |json: &str| -> Result<Vec<Cell>, StoreError> {
        let mut cells: std::collections::BTreeMap<String, Cell> = serde_json::from_str(json)?;
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

fn state(cell: &Cell) -> &'static str {
    match cell {
        Cell::None => "none",
        Cell::All => "all",
        Cell::Fields { .. } => "fields",
        Cell::Inherited { .. } => "inherited",
        Cell::Locked { .. } => "locked",
    }
}
