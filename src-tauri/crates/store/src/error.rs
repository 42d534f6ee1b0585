//! What can go wrong with the database, in our own words.

use std::fmt;

/// An error of the store. The text of the library below goes to the log at DEBUG and no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The file was written by a newer Keystead.
    Newer {
        /// The schema version in the file.
        found: i64,
        /// The newest that this build knows.
        known: i64,
    },
    /// The file is no database, or a damaged one. Its bytes are left as they are.
    Damaged,
    /// The folder or file cannot be used: rights, a link in its place, a read-only disk.
    Unusable,
    /// There is no room.
    DiskFull,
    /// Another use of the store that should have worked did not.
    Failed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found, known } => write!(
                f,
                "the database has version {found}, this build knows {known}"
            ),
            Self::Damaged => f.write_str("the database is damaged"),
            Self::Unusable => f.write_str("the database file cannot be used"),
            Self::DiskFull => f.write_str("the disk is full"),
            Self::Failed => f.write_str("the database did not do what it should"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok());
        tracing::debug!(code, "sqlite refused");
        // SQLite's primary result codes; extended ones carry them in the low byte.
        match code.map(|code| code & 0xff) {
            Some(11 | 26) => Self::Damaged,
            Some(13) => Self::DiskFull,
            Some(3 | 8 | 10 | 14 | 23) => Self::Unusable,
            Some(_) | None => Self::Failed,
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged
    }
}
