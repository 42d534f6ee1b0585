//! The core behind the window: being started, started, or unable to start.

use crate::{arguments::Options, desk::TauriDesk, samples::SampleProcess};
use app::{
    App, Code, Failure, Profile, Rhythm, SampleServers, Start, SystemClock, Timing, Unwatched,
    VaultCare,
};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tauri::AppHandle;
use tokio::sync::watch;

/// How long the window waits for the keyring before it says that the vault is locked. Most keyrings answer in a tenth of it.
const AT_ONCE: Duration = Duration::from_millis(500);

type Outcome = Result<Arc<App>, Failure>;

/// Shared by all doors. A call that comes before the core is up waits for it.
pub(crate) struct Core {
    outcome: watch::Sender<Option<Outcome>>,
    samples: Mutex<Option<SampleProcess>>,
}

impl Core {
    pub(crate) fn new() -> Self {
        Self {
            outcome: watch::Sender::new(None),
            samples: Mutex::default(),
        }
    }

    /// Opens the profile, and in the sample profile starts the sample servers first.
    pub(crate) async fn start(&self, options: Options, handle: AppHandle) {
        let outcome = self.open(&options.profile, handle).await;
        if let Err(failure) = &outcome {
            tracing::error!(code = ?failure.code, "the core did not start");
        }
        self.outcome.send_replace(Some(outcome));
    }

    /// The core, once it is up.
    ///
    /// # Errors
    /// Why it is not.
    pub(crate) async fn app(&self) -> Outcome {
        let mut outcome = self.outcome.subscribe();
        let known = outcome.wait_for(Option::is_some).await;
        known
            .ok()
            .and_then(|known| known.clone())
            .unwrap_or_else(|| Err(Failure::new(Code::Internal)))
    }

    /// Ends the core and the sample servers.
    pub(crate) async fn stop(&self) {
        let outcome = self.outcome.borrow().clone();
        if let Some(Ok(app)) = outcome {
            app.stop().await;
        }
        drop(
            self.samples
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }

    async fn open(&self, profile: &str, handle: AppHandle) -> Outcome {
        let root = data_folder()
            .ok_or_else(|| Failure::new(Code::DataFolderUnusable).with("folder", "~"))?;
        let profile = Profile::take(&root, profile)?;
        let (is_sample, folder) = (profile.is_sample(), profile.folder().join("servers"));
        let start = Start {
            profile,
            clock: Arc::new(SystemClock),
            desk: Arc::new(TauriDesk::new(handle)),
            timing: Timing::PRODUCTION,
            rhythm: Rhythm::PRODUCTION,
            vault: VaultCare::default(),
            checkpoint: Arc::new(Unwatched),
        };
        let app = App::start(start).await?;
        let opening = Arc::clone(&app);
        let opening = tokio::spawn(async move { opening.unlock_at_start().await });
        // Where it does not open, the window says why, and asks again.
        let _ = tokio::time::timeout(AT_ONCE, opening).await;
        if is_sample {
            // Without its servers the profile is still worth opening: what it knows lies in the copy.
            if let Err(failure) = self.join_samples(&app, folder).await {
                tracing::error!(code = ?failure.code, "the sample servers did not start");
            }
        }
        app.keep_in_sync();
        Ok(app)
    }

    async fn join_samples(&self, app: &Arc<App>, folder: PathBuf) -> Result<(), Failure> {
        let list = folder.join("servers.json");
        let process = SampleProcess::start(folder).await?;
        *self.samples.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        SampleServers::read(&list)?.add_to(app).await
    }
}

fn data_folder() -> Option<PathBuf> {
    dirs::data_dir().map(|folder| folder.join("keystead"))
}
