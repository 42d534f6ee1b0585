//! The running program without its window.

use crate::{
    Code, Desk, Event, Failure, Profile, VaultCare,
    clipboard::Laid,
    home::{self, Doors},
    links::Links,
    offers::Offers,
    operations::Checkpoint,
    rotation::{Picked, Probes, Waits},
    sync::Syncs,
};
use domain::Clock;
use providers::Timing;
use std::{sync::Arc, time::Duration};
use store::{Store, StoreError};
use tokio::sync::{MutexGuard, broadcast};
use vault::Vault;

/// How often things happen by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Between two synchronisations of one deployment.
    pub sync_every: Duration,
    /// From which age on a copy is called stale.
    pub stale_after: Duration,
    /// Synchronisations at a time.
    pub parallel: usize,
    /// Between the tries at proving that a revoked key is dead, since replicas may lag.
    pub proof_waits: [Duration; 3],
}

impl Rhythm {
    /// What the shipped program uses.
    pub const PRODUCTION: Self = Self {
        sync_every: Duration::from_mins(5),
        stale_after: Duration::from_mins(15),
        parallel: 8,
        proof_waits: [
            Duration::from_secs(2),
            Duration::from_secs(5),
            Duration::from_secs(10),
        ],
    };
}

/// What the program is started with.
pub struct Start {
    /// The profile, already locked.
    pub profile: Profile,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The desktop.
    pub desk: Arc<dyn Desk>,
    /// How long to wait for servers.
    pub timing: Timing,
    /// How often things happen by themselves.
    pub rhythm: Rhythm,
    /// How the vault's key is fetched and guarded.
    pub vault: VaultCare,
    /// Who watches the boundaries between commits and effects: [`crate::Unwatched`], but for crash tests.
    pub checkpoint: Arc<dyn Checkpoint>,
}

/// Everything that commands need.
pub struct App {
    pub(crate) profile: Profile,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) doors: Doors,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) timing: Timing,
    pub(crate) rhythm: Rhythm,
    pub(crate) links: Links,
    pub(crate) offers: Offers,
    pub(crate) syncs: Syncs,
    /// Held while a server is being changed: one change at a time. Commands take it by [`App::turn`].
    pub(crate) changing: tokio::sync::Mutex<()>,
    pub(crate) checkpoint: Arc<dyn Checkpoint>,
    pub(crate) waits: Waits,
    pub(crate) probes: Probes,
    pub(crate) picked: Picked,
    pub(crate) laid: Laid,
    pub(crate) events: broadcast::Sender<Event>,
}

impl App {
    /// Opens the profile's database and vault. Nothing is sent to any server.
    ///
    /// # Errors
    /// A [`Failure`] that the window shows instead of everything else; files are left as they were.
    pub async fn start(start: Start) -> Result<Arc<Self>, Failure> {
        let Start {
            profile,
            clock,
            desk,
            timing,
            rhythm,
            vault: care,
            checkpoint,
        } = start;
        let in_words = |error| Failure::of_store(error, &profile.folder_text());
        let store = Store::open(&profile.folder().join("keystead.db"))
            .await
            .map_err(in_words)?;
        let (vault, home) = home::opened_at_start(&profile, &store).await?;
        let doors = Doors::new(home, !vault.is_locked(), care);
        let (events, _) = broadcast::channel(256);
        let syncs = Syncs::new(rhythm.parallel);
        let (links, offers) = (Links::default(), Offers::default());
        let changing = tokio::sync::Mutex::new(());
        Ok(Arc::new(Self {
            profile,
            store,
            vault,
            doors,
            clock,
            desk,
            timing,
            rhythm,
            links,
            offers,
            syncs,
            changing,
            checkpoint,
            waits: Waits::default(),
            probes: Probes::default(),
            picked: Picked::default(),
            laid: Laid::default(),
            events,
        }))
    }

    /// Synchronises now and from then on regularly, until [`App::stop`].
    pub fn keep_in_sync(self: &Arc<Self>) {
        self.syncs.keep_going(self);
    }

    /// Waits until no deployment is being read: what was begun before is stored then, or why not.
    pub async fn settled(&self) {
        self.syncs.idle().await;
    }

    /// Lets the step in flight come to its end, begins none, and closes the database.
    pub async fn stop(&self) {
        self.doors.stop_waiting();
        self.doors.shut(self.clock.now());
        // First, since who quits does not wait for ever.
        self.clear_clipboard().await;
        self.offers.forget_all();
        self.syncs.stop().await;
        drop(self.changing.lock().await);
        self.probes.forget_all();
        self.store.close().await;
    }

    /// Waits for its turn to change a server. What was asked for before the vault was locked does not begin after.
    ///
    /// # Errors
    /// [`Code::VaultLocked`].
    pub(crate) async fn turn(&self) -> Result<MutexGuard<'_, ()>, Failure> {
        let turn = self.changing.lock().await;
        if self.doors.are_shut() {
            return Err(Failure::new(Code::VaultLocked));
        }
        Ok(turn)
    }

    /// The vault, which adding and logging in need.
    ///
    /// # Errors
    /// [`Code::NoVault`] where this profile has none yet, [`Code::VaultLocked`].
    pub(crate) fn vault(&self) -> Result<&Vault, Failure> {
        if self.doors.home().is_none() {
            Err(Failure::new(Code::NoVault))
        } else if self.vault.is_locked() {
            Err(Failure::new(Code::VaultLocked))
        } else {
            Ok(&self.vault)
        }
    }

    /// What the store's error means here.
    pub(crate) fn in_words(&self, error: StoreError) -> Failure {
        Failure::of_store(error, &self.profile.folder_text())
    }

    pub(crate) fn tell(&self, event: Event) {
        // No window listening is no error.
        let _ = self.events.send(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_rhythm() {
        let rhythm = Rhythm::PRODUCTION;
        assert_eq!(
            (
                rhythm.sync_every.as_secs(),
                rhythm.stale_after.as_secs(),
                rhythm.parallel
            ),
            (300, 900, 8)
        );
    }
}
