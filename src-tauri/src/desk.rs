//! The desktop, for real.

use crate::windows;
use app::{Code, Desk, Failure, Profile, Secret};
use arboard::{Clipboard, Error};
use async_trait::async_trait;
use std::process::{Command, Stdio};
use tauri::AppHandle;

/// Does with Tauri and the system what only a desktop can do.
pub(crate) struct TauriDesk {
    handle: AppHandle,
}

impl TauriDesk {
    pub(crate) fn new(handle: AppHandle) -> Self {
        Self { handle }
    }
}

#[async_trait]
impl Desk for TauriDesk {
    async fn open_samples(&self) -> Result<(), Failure> {
        let failed = |_| Failure::new(Code::SamplesFailed);
        let program = std::env::current_exe().map_err(failed)?;
        let mut again = Command::new(program);
        again
            .args(["--profile", Profile::SAMPLE])
            .stdin(Stdio::null());
        again.spawn().map_err(failed)?;
        self.handle.exit(0);
        Ok(())
    }

    async fn clipboard_text(&self) -> Result<Option<Secret>, Failure> {
        on_its_own_thread(|| match Clipboard::new()?.get_text() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(error),
        })
        .await
        .ok_or_else(|| Failure::new(Code::ClipboardUnreadable))
    }

    async fn renew_window(&self) {
        windows::renew(&self.handle).await;
    }

    async fn clear_clipboard_of(&self, text: &Secret) -> bool {
        let wanted = text.fingerprint();
        let cleared = on_its_own_thread(move || {
            let mut clipboard = Clipboard::new()?;
            let found = Secret::new(clipboard.get_text()?);
            // EXPOSE: trimmed as the core trims what it takes, and only its fingerprint is compared.
            let found = Secret::new(found.expose().trim().to_owned());
            let unchanged = found.fingerprint() == wanted;
            if unchanged {
                clipboard.clear()?;
            }
            Ok(unchanged)
        });
        cleared.await.unwrap_or(false)
    }
}

/// The clipboard's owner may be slow to answer, or gone; waiting for it holds up nothing else. `None` when
/// there is no answer.
async fn on_its_own_thread<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Option<T> {
    tokio::task::spawn_blocking(ask).await.ok()?.ok()
}
