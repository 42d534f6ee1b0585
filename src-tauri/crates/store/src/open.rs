//! Opening the file of a profile.

use crate::{Changed, StoreError, Writer, keys::index::Place};
use rustix::fs::OFlags;
use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};
use tokio::sync::broadcast;

pub(crate) static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// 3.51.3 is the first SQLite without the WAL-reset corruption.
const OLDEST_SQLITE: &str = "3.51.3";

/// What a change may come to before it spills, in negative KiB as SQLite wants it: a list of 10,000 keys.
const WRITTEN_AT_ONCE: &str = "-24576";

/// Connections that read at a time. Each has 2 MB of pages of its own, and none reads for long.
const READERS: u32 = 2;

/// How many rows SQLite's thread hands on before it waits: a page of a list, so that the two need not take turns.
const ROWS_AHEAD: usize = 500;

/// The length of the write-ahead log, in bytes, from which on it is merged into the file: as SQLite has it of itself.
const LOG_KEPT: u64 = 4 << 20;

/// The open database of one profile. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Store {
    log: Arc<Path>,
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) changes: broadcast::Sender<Changed>,
    pub(crate) revision: Arc<AtomicU64>,
    pub(crate) index: Arc<Place>,
}

impl Store {
    /// Opens or makes the file, and brings its schema up to date after taking a copy beside it. The
    /// caller holds the profile's lock: nothing here guards against a second program.
    ///
    /// # Errors
    /// [`StoreError`]; the file is then as it was.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .row_buffer_size(ROWS_AHEAD)
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF");
        let found = refuse_newer(path).await?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(
                options
                    .clone()
                    .pragma("cache_size", WRITTEN_AT_ONCE)
                    // After a change, not as a part of it: see `shorten_log`.
                    .pragma("wal_autocheckpoint", "0"),
            )
            .await?;
        bring_up_to_date(&writer, path, found).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await?;
        let (changes, _) = broadcast::channel(256);
        Ok(Self {
            log: beside(path, "-wal").into(),
            writer,
            readers,
            changes,
            revision: Arc::default(),
            index: Arc::default(),
        })
    }

    /// Begins a change (`BEGIN IMMEDIATE`); waits while another is under way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn write(&self) -> Result<Writer, StoreError> {
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Writer::new(transaction, self.clone()))
    }

    /// Merges the write-ahead log into the file once it has grown long. What was committed is as safe before.
    pub(crate) async fn shorten_log(&self) {
        let length = fs::metadata(&self.log).map_or(0, |log| log.len());
        if length < LOG_KEPT {
            return;
        }
        // Where a reader or a full disk is in the way, the next change comes by here again.
        let merge = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        let merged = merge.execute(&self.writer).await;
        if merged.is_err() && !self.writer.is_closed() {
            tracing::warn!("the write-ahead log could not be merged");
        }
    }

    /// What was committed from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Closes all connections; the WAL is merged into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The file exists, is ours alone and is no link, before SQLite touches it.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let no_follow = OFlags::NOFOLLOW.bits().cast_signed();
    let open = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(no_follow)
        .open(path);
    match open {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => Err(StoreError::DiskFull),
        Err(_) => Err(StoreError::Unusable),
    }
}

/// The newest schema that this build knows.
fn known() -> i64 {
    MIGRATOR
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

/// The schema version in the file, looked at without the pragmas of daily use: switching to WAL would
/// already write to a foreign file.
async fn refuse_newer(path: &Path) -> Result<i64, StoreError> {
    let look = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut looking = SqliteConnection::connect_with(&look).await?;
    let found = version(&mut looking).await?;
    looking.close().await?;
    let known = known();
    if found > known {
        Err(StoreError::Newer { found, known })
    } else {
        Ok(found)
    }
}

async fn bring_up_to_date(writer: &SqlitePool, path: &Path, found: i64) -> Result<(), StoreError> {
    let sqlite: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(writer)
        .await?;
    if !is_recent(&sqlite) {
        tracing::error!("this build carries an SQLite older than {OLDEST_SQLITE}");
        return Err(StoreError::Failed);
    }
    if found < known() {
        if found > 0 {
            keep_copy(writer, path, found).await?;
        }
        MIGRATOR.run(writer).await.map_err(|error| {
            if let MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) = error {
                cause.into()
            } else {
                StoreError::Failed
            }
        })?;
    }
    Ok(())
}

async fn version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let tables = sqlx::query_scalar::<_, i64>(
        "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *connection)
    .await?;
    if tables == 0 {
        return Ok(0);
    }
    let version = sqlx::query_scalar::<_, Option<i64>>("SELECT max(version) FROM _sqlx_migrations");
    Ok(version.fetch_one(connection).await?.unwrap_or(0))
}

fn is_recent(version: &str) -> bool {
    let parts = |text: &str| {
        text.split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect::<Vec<u32>>()
    };
    parts(version) >= parts(OLDEST_SQLITE)
}

/// `keystead.db` of schema 1 is copied to `keystead.db.v1` once; an older copy of that name stays.
async fn keep_copy(writer: &SqlitePool, path: &Path, found: i64) -> Result<(), StoreError> {
    let copy = beside(path, &format!(".v{found}"));
    if copy.exists() {
        return Ok(());
    }
    sqlx::query("VACUUM INTO ?")
        .bind(copy.to_string_lossy().into_owned())
        .execute(writer)
        .await?;
    Ok(())
}

/// The file of this name with something added to it.
fn beside(path: &Path, added: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(added);
    PathBuf::from(name)
}
