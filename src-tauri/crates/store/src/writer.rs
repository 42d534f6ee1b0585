//! A change to the database.

use crate::StoreError;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast;

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
    changes: broadcast::Sender<Changed>,
    revision: Arc<AtomicU64>,
}

impl Writer {
    pub(crate) fn new(
        transaction: Transaction<'static, Sqlite>,
        changes: broadcast::Sender<Changed>,
        revision: Arc<AtomicU64>,
    ) -> Self {
        Self {
            transaction,
            touched: BTreeSet::new(),
            changes,
            revision,
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
            changes,
            revision,
        } = self;
        let committing = tokio::spawn(async move {
            transaction.commit().await?;
            for area in touched {
                let revision = revision.fetch_add(1, Ordering::Relaxed) + 1;
                // No one listening is no error.
                let _ = changes.send(Changed { area, revision });
            }
            Ok(())
        });
        committing.await.map_err(|_| StoreError::Failed)?
    }
}
