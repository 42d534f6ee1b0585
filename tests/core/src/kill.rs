//! A program that ends itself, by kill -9, at the n-th boundary that it passes: a test run as a process of its own.

use app::{Checkpoint, Point};
use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const ROOT: &str = "KEYSTEAD_CRASH_ROOT";
const PASSES: &str = "KEYSTEAD_CRASH_AFTER";

/// Ends the process at its n-th boundary.
pub struct Killer {
    passes: AtomicUsize,
}

impl Killer {
    /// Where the profile of the program that is to be killed lies, and who kills it. `None` in a test that runs as
    /// any other and has nothing to do.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test asks through the environment whether it runs in itself"
    )]
    pub fn waiting() -> Option<(PathBuf, Arc<Self>)> {
        let (root, passes) = (std::env::var_os(ROOT)?, std::env::var(PASSES).ok()?);
        let passes = AtomicUsize::new(passes.parse().unwrap());
        Some((PathBuf::from(root), Arc::new(Self { passes })))
    }

    /// Runs the test of this name on the profile below `root`, killed at its `passes`-th boundary.
    pub async fn run(test: &'static str, root: &Path, passes: usize) -> ExitStatus {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args([test, "--exact", "--nocapture"])
            .env(ROOT, root)
            .env(PASSES, passes.to_string());
        let output = tokio::task::spawn_blocking(move || child.output().unwrap());
        let output = output.await.unwrap();
        let ended = output.status.success() || output.status.signal() == Some(9);
        assert!(
            ended,
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output.status
    }
}

impl Checkpoint for Killer {
    fn pass(&self, _: Point) {
        if self.passes.fetch_sub(1, Ordering::SeqCst) == 1 {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-9", &me]).status().unwrap();
            std::thread::sleep(Duration::from_mins(1));
        }
    }
}
