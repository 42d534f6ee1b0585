//! Setting the vault up, opening and locking it.

use super::{links::SecretInput, state::Empty};
use crate::{App, Failure, home::HomeWord};
use domain::UnixMs;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// A passphrase, or `null` where the key's home needs none.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct VaultKey {
    passphrase: Option<SecretInput>,
}

/// The vault at a glance.
#[derive(Debug, Serialize, TS)]
pub(crate) struct VaultView {
    /// Where the data key lives.
    home: HomeWord,
    /// Secrets can be sealed and opened.
    open: bool,
    /// When a person locked it; `null` while it is open, and after the program's start.
    #[ts(type = "number | null")]
    locked_at: Option<UnixMs>,
}

impl VaultView {
    pub(super) fn of(app: &App) -> Self {
        let home = app.doors.home();
        Self {
            open: home.is_some() && !app.doors.are_shut(),
            home: home.map_or(HomeWord::Unset, |home| home.word()),
            locked_at: app.doors.locked_at(),
        }
    }
}

pub(super) async fn vault_setup(app: &Arc<App>, key: VaultKey) -> Result<Empty, Failure> {
    app.set_up_vault(key.passphrase.map(SecretInput::into_secret))
        .await?;
    Ok(Empty {})
}

pub(super) async fn vault_unlock(app: &Arc<App>, key: VaultKey) -> Result<Empty, Failure> {
    app.unlock_vault(key.passphrase.map(SecretInput::into_secret))
        .await?;
    Ok(Empty {})
}

pub(super) async fn vault_lock(app: &Arc<App>, _: Empty) -> Result<Empty, Failure> {
    app.lock_vault().await?;
    Ok(Empty {})
}
