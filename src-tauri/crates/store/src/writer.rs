//! A change to the database.

use crate::{Store, StoreError};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::{collections::BTreeSet, sync::atomic::Ordering};

/// A part of the data that screens look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Deployments, their links, facts and freshness.
    Deployments,
    /// Keys and their grants.
    Keys,
    /// Resources and their fields.
    Resources,
    /// Settings.
    Settings,
    /// Drafts of edits.
    Drafts,
    /// Operations and their steps.
    Operations,
}

/// A committed change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What changed.
    pub area: Area,
    /// Grows with every commit since the program started.
    pub revision: u64,
}

/// One transaction. Dropped without [`Writer::commit`], it never happened.
#[derive(Debug)]
pub struct Writer {
    transaction: Transaction<'static, Sqlite>,
    touched: BTreeSet<Area>,
    store: Store,
}

impl Writer {
    pub(crate) fn new(transaction: Transaction<'static, Sqlite>, store: Store) -> Self {
        Self {
            transaction,
            touched: BTreeSet::new(),
            store,
        }
    }

    /// The connection, for a change in `area`.
    pub(crate) fn on(&mut self, area: Area) -> &mut SqliteConnection {
        self.touched.insert(area);
        &mut self.transaction
    }

    /// The connection, for a change that no screen looks at, or for reading one's own writes.
    pub(crate) fn quietly(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Makes it durable and announces it. Runs to its end even when the caller is dropped meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]; nothing has changed then.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self {
            transaction,
            touched,
            store,
        } = self;
        let committing = tokio::spawn(async move {
            transaction.commit().await?;
            if touched.contains(&Area::Keys) {
                store.index.change();
            }
            for area in touched {
                let revision = store.revision.fetch_add(1, Ordering::Relaxed) + 1;
                // No one listening is no error.
                let _ = store.changes.send(Changed { area, revision });
            }
            tokio::spawn(async move { store.shorten_log().await });
            Ok(())
        });
        committing.await.map_err(|_| StoreError::Failed)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path, time::Duration};

    #[tokio::test]
    async fn a_log_that_a_change_made_long_is_merged_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keystead.db");
        let log = folder.path().join("keystead.db-wal");
        let store = Store::open(&file).await.unwrap();
        store.shorten_log().await;
        put(&store, "short", 1 << 20).await;
        let kept = length(&log);
        assert!(kept > 1 << 20, "a short log stays: {kept}");
        put(&store, "long", 8 << 20).await;
        for _ in 0..6_000 {
            if length(&log) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(length(&log), 0);
        assert!(length(&file) > 9 << 20);
        store.close().await;
    }

    async fn put(store: &Store, name: &str, bytes: i64) {
        let mut writer = store.write().await.unwrap();
        let insert = sqlx::query("INSERT INTO meta VALUES (?, zeroblob(?))");
        let insert = insert.bind(name).bind(bytes);
        insert.execute(writer.quietly()).await.unwrap();
        writer.commit().await.unwrap();
    }

    fn length(file: &Path) -> u64 {
        fs::metadata(file).unwrap().len()
    }
}
