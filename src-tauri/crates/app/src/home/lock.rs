//! Locking and unlocking.

use super::{
    Home,
    setup::{file_of, on_its_own_thread, passphrase_file_of},
};
use crate::{App, Code, Event, Failure};
use domain::Secret;
use store::{StoreError, meta};
use vault::{DataKey, Patience};

impl App {
    /// Opens the vault with its data key, wherever that lives; an open one stays so.
    ///
    /// # Errors
    /// [`Code::NoVault`] before it has a home; [`Code::PassphraseWrong`]; [`Code::VaultKeyMissing`],
    /// [`Code::VaultKeyWrong`]; what the keyring says. It is locked then.
    pub(crate) async fn unlock_vault(&self, passphrase: Option<Secret>) -> Result<(), Failure> {
        let (turning, waited) = match self.doors.turning.try_lock() {
            Ok(turning) => (turning, false),
            Err(_) => (self.doors.turning.lock().await, true),
        };
        // Whoever waited for the keyring's answer to another has it, and a person is not asked twice.
        if let Some(refused) = self.doors.refused().filter(|_| waited) {
            return Err(refused);
        }
        let asks_keyring = passphrase.is_none();
        let opened = self.turn_key(passphrase).await;
        let refused = opened.as_ref().err().filter(|_| asks_keyring);
        self.doors.refuse(refused.cloned());
        drop(turning);
        opened
    }

    /// Opens the vault without being asked to, where its key is in the system's keyring: beside the window that is about
    /// to show what is in it.
    ///
    /// # Errors
    /// As unlocking has them; the window asks again then.
    pub async fn unlock_at_start(&self) -> Result<(), Failure> {
        match self.doors.home() {
            Some(Home::Keyring { .. }) => self.unlock_vault(None).await,
            _ => Ok(()),
        }
    }

    async fn turn_key(&self, passphrase: Option<Secret>) -> Result<(), Failure> {
        let home = self.doors.home();
        let home = home.ok_or_else(|| Failure::new(Code::NoVault))?;
        if !self.doors.are_shut() {
            return Ok(());
        }
        let key = match home {
            Home::File => DataKey::read_file(&file_of(&self.profile))?,
            Home::Keyring { entry } => {
                let named = Home::entry(&entry)?;
                let (keyring, patience) = (&self.doors.keyring, Patience::Interactive);
                DataKey::read_from_keyring(keyring, &named, patience).await?
            }
            Home::Passphrase => {
                let missing = || Failure::new(Code::BadRequest).with("field", "passphrase");
                let passphrase = passphrase.ok_or_else(missing)?;
                let path = passphrase_file_of(&self.profile);
                on_its_own_thread(move || DataKey::unlock_with_passphrase(&path, &passphrase))
                    .await?
            }
        };
        let canary = meta::canary(&self.store).await;
        let canary = canary.map_err(|error| self.in_words(error))?;
        let canary = canary.ok_or_else(|| self.in_words(StoreError::Damaged))?;
        self.vault.unlock_checked(key, &canary)?;
        self.offers.reopen();
        self.doors.reopen();
        self.syncs.wake();
        Ok(())
    }

    /// Locks the vault: the step in flight ends, nothing begins, and what was opened with its secrets is
    /// dropped. The window goes with all that it shows.
    ///
    /// # Errors
    /// [`Code::NoVault`] before it has a home.
    pub(crate) async fn lock_vault(&self) -> Result<(), Failure> {
        let _turning = self.doors.turning.lock().await;
        if self.doors.home().is_none() {
            return Err(Failure::new(Code::NoVault));
        }
        self.doors.shut(self.clock.now());
        self.doors.refuse(None);
        let step = self.changing.lock().await;
        self.vault.lock();
        drop(step);
        self.syncs.cancel(None);
        self.syncs.idle().await;
        self.links.forget_all().await;
        self.offers.shut();
        self.probes.forget_all();
        self.clear_clipboard().await;
        self.tell(Event::Locked);
        self.desk.renew_window().await;
        Ok(())
    }
}
