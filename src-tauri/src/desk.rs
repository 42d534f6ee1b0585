//! The desktop, for real.

use app::{Code, Desk, Failure, Profile};
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
}
