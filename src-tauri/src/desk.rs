//! The desktop, for real.

use crate::windows;
use app::{Code, Desk, Failure, Profile, Secret};
#[cfg(target_os = "macos")]
use arboard::SetExtApple;
#[cfg(target_os = "linux")]
use arboard::SetExtLinux;
#[cfg(target_os = "windows")]
use arboard::SetExtWindows;
use arboard::{Clipboard, Error};
use async_trait::async_trait;
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};
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

    async fn lay_on_clipboard(&self, text: &Secret) -> Result<(), Failure> {
        // EXPOSE: laid on the clipboard at the person's wish; the copy is wiped with its thread's work.
        let text = Secret::new(text.expose().to_owned());
        on_its_own_thread(move || {
            let mut clipboard = Clipboard::new()?;
            let set = clipboard.set();
            let set = set.exclude_from_history();
            // EXPOSE: as above.
            set.text(text.expose())
        })
        .await
        .ok_or_else(|| Failure::new(Code::ClipboardUnwritable))
    }

    async fn pick_file(&self, name: &str) -> Result<Option<PathBuf>, Failure> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let name = name.to_owned();
        // A dialog belongs to the thread that draws windows; its answer is waited for elsewhere.
        let shown = self.handle.run_on_main_thread(move || {
            let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
            tauri::async_runtime::spawn(async move {
                let _ = answer.send(dialog.await.map(PathBuf::from));
            });
        });
        let unavailable = || Failure::new(Code::DialogUnavailable);
        shown.map_err(|_| unavailable())?;
        answered.await.map_err(|_| unavailable())
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
