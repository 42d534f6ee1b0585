//! The columns that keys' grids have: stored once for all keys that share them.

use crate::{Area, StoreError, Writer};
use domain::{Column, KeyId, ListedKey};

/// Where the columns of some keys lie in the file. An adapter has a few sets of them.
pub(crate) struct Grids(Vec<(Vec<Column>, i64)>);

impl Grids {
    /// Stores those that are new.
    pub(crate) async fn of(
        writer: &mut Writer,
        keys: &[(KeyId, &ListedKey)],
    ) -> Result<Self, StoreError> {
        let mut grids = Self(Vec::new());
        for (_, key) in keys {
            let columns = &key.rights.columns;
            if grids.place(columns).is_some() {
                continue;
            }
            let json = serde_json::to_string(columns)?;
            let id = sqlx::query_scalar!(
                "INSERT INTO grid_columns (columns) VALUES (?)
                ON CONFLICT (columns) DO UPDATE SET columns = excluded.columns RETURNING id",
                json
            );
            let id = id.fetch_one(writer.on(Area::Keys)).await?;
            grids.0.push((columns.clone(), id));
        }
        Ok(grids)
    }

    /// The row of these columns.
    pub(crate) fn place(&self, columns: &[Column]) -> Option<i64> {
        let found = self.0.iter().find(|(these, _)| these == columns);
        found.map(|(_, id)| *id)
    }
}
