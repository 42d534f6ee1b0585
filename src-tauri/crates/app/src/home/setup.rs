//! Choosing a home for the data key, and what a profile finds of it at the start.

use super::Home;
use crate::{App, Code, Failure, Profile};
use domain::{OfferId, Secret};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use store::{
    Store, StoreError,
    audit::{self, AuditEntry},
    meta, secrets,
};
use vault::{DataKey, Patience, Vault, VaultError};

/// The vault as a start finds it: the sample profile's open, any other's locked.
///
/// # Errors
/// [`Code::VaultKeyMissing`], [`Code::VaultKeyWrong`] in the sample profile; what the store says.
pub(crate) async fn opened_at_start(
    profile: &Profile,
    store: &Store,
) -> Result<(Vault, Option<Home>), Failure> {
    let in_words = |error| Failure::of_store(error, &profile.folder_text());
    let home = meta::home::<Home>(store).await.map_err(in_words)?;
    if !profile.is_sample() {
        return Ok((Vault::locked(), home));
    }
    let path = file_of(profile);
    let canary = meta::canary(store).await.map_err(in_words)?;
    let key = match (DataKey::read_file(&path), &canary) {
        (Err(VaultError::KeyMissing), None) => DataKey::create_file(&path)?,
        (key, _) => key?,
    };
    let vault = Vault::new(key);
    match &canary {
        Some(canary) => vault.check(canary)?,
        None if secrets::count(store).await.map_err(in_words)? > 0 => {
            return Err(Failure::new(Code::VaultKeyWrong));
        }
        None => {}
    }
    if canary.is_none() || home.is_none() {
        let fresh = vault.canary()?;
        let write = async {
            let mut writer = store.write().await?;
            if canary.is_none() {
                meta::set_canary(&mut writer, &fresh).await?;
            }
            if home.is_none() {
                meta::set_home(&mut writer, &Home::File).await?;
            }
            writer.commit().await
        };
        write.await.map_err(in_words)?;
    }
    Ok((vault, Some(Home::File)))
}

impl App {
    /// Gives the vault its home, once: behind this passphrase, or without one in the system's keyring. It is
    /// open afterwards.
    ///
    /// # Errors
    /// [`Code::BadRequest`] when it has a home; [`Code::PassphraseTooShort`]; what the keyring says.
    pub(crate) async fn set_up_vault(&self, passphrase: Option<Secret>) -> Result<(), Failure> {
        let _turning = self.doors.turning.lock().await;
        if self.doors.home().is_some() {
            return Err(Failure::new(Code::BadRequest).with("field", "vault"));
        }
        // Sealed with a key that this database knows nothing of: a new one would hide that.
        let sealed = secrets::count(&self.store).await;
        if sealed.map_err(|error| self.in_words(error))? > 0 {
            return Err(Failure::new(Code::VaultKeyMissing));
        }
        let (home, key) = match passphrase {
            Some(passphrase) => (Home::Passphrase, self.new_behind(passphrase).await?),
            None => self.new_in_keyring().await?,
        };
        self.vault.unlock(key);
        match self.keep_home(&home).await {
            Ok(()) => {
                self.doors.settle(home);
                Ok(())
            }
            Err(failure) => {
                self.vault.lock();
                if let Home::Keyring { entry } = &home {
                    // Left behind, it would open nothing; that it cannot be removed harms nobody.
                    let _ = self
                        .doors
                        .keyring
                        .remove(&Home::entry(entry)?, Patience::Background)
                        .await;
                }
                Err(failure)
            }
        }
    }

    /// Home and canary in one commit, beside the row that says so.
    async fn keep_home(&self, home: &Home) -> Result<(), Failure> {
        let canary = self.vault.canary()?;
        let entry = AuditEntry {
            at: self.clock.now(),
            actor: "user",
            act: "vault.set_up",
            subject: self.profile.name(),
            facts: &json!({ "home": home.word() }),
        };
        let write = async {
            let mut writer = self.store.write().await?;
            meta::set_canary(&mut writer, &canary).await?;
            meta::set_home(&mut writer, home).await?;
            audit::append(&mut writer, &entry).await?;
            writer.commit().await
        };
        write.await.map_err(|error| self.in_words(error))
    }

    async fn new_behind(&self, passphrase: Secret) -> Result<DataKey, Failure> {
        let path = passphrase_file_of(&self.profile);
        self.keep_aside(&path)?;
        let cost = self.doors.cost;
        on_its_own_thread(move || DataKey::create_with_passphrase(&path, &passphrase, cost)).await
    }

    /// What an interrupted set-up left, or another database of this profile: kept, under another name.
    fn keep_aside(&self, path: &Path) -> Result<(), Failure> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(());
        }
        let aside = path.with_extension(format!("{}.old", OfferId::at(self.clock.now())));
        fs::rename(path, aside).map_err(|_| self.in_words(StoreError::Unusable))
    }

    async fn new_in_keyring(&self) -> Result<(Home, DataKey), Failure> {
        // A new name for each try: after a silence the one before may still be written.
        let entry = OfferId::at(self.clock.now()).to_string();
        let named = Home::entry(&entry)?;
        let made = DataKey::create_in_keyring(&self.doors.keyring, &named, Patience::Interactive);
        Ok((Home::Keyring { entry }, made.await?))
    }
}

/// Where the sample profile keeps its data key.
pub(super) fn file_of(profile: &Profile) -> PathBuf {
    profile.folder().join("data.key")
}

/// Where a passphrase's data key lies.
pub(super) fn passphrase_file_of(profile: &Profile) -> PathBuf {
    profile.folder().join("passphrase.key")
}

/// Argon2 computes for long: not on an async worker.
pub(super) async fn on_its_own_thread(
    compute: impl FnOnce() -> Result<DataKey, vault::KeyError> + Send + 'static,
) -> Result<DataKey, Failure> {
    let key = tokio::task::spawn_blocking(compute).await;
    let key = key.map_err(|_| Failure::new(Code::Internal))?;
    key.map_err(Failure::from)
}
