//! The sample servers as a process of their own: this program, started a second time.

use app::{Code, Failure};
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// What the servers say on standard output once they listen.
const READY: &str = "ready";

/// The running servers. They end when this value or this process does: their standard input closes.
pub(crate) struct SampleProcess {
    _child: Child,
}

impl SampleProcess {
    /// Starts them and waits until they listen.
    ///
    /// # Errors
    /// [`Code::SamplesFailed`].
    pub(crate) async fn start(folder: PathBuf) -> Result<Self, Failure> {
        let failed = || Failure::new(Code::SamplesFailed);
        let program = std::env::current_exe().map_err(|_| failed())?;
        let mut child = Command::new(program)
            .arg("sample-servers")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| failed())?;
        let mut lines = BufReader::new(child.stdout.take().ok_or_else(failed)?).lines();
        let said = tokio::time::timeout(Duration::from_secs(20), lines.next_line()).await;
        match said {
            Ok(Ok(Some(line))) if line == READY => Ok(Self { _child: child }),
            Ok(_) | Err(_) => Err(failed()),
        }
    }
}

/// Is the sample servers, until standard input ends.
pub(crate) fn serve(folder: &Path) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    else {
        return ExitCode::FAILURE;
    };
    let outcome = runtime.block_on(async {
        let samples = simulators::sample::serve(folder).await?;
        let mut out = std::io::stdout();
        writeln!(out, "{READY}").and_then(|()| out.flush())?;
        // Nothing is ever written to it; it ends with the parent, however that ends.
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = ended.await;
        samples.stop().await;
        std::io::Result::Ok(())
    });
    if let Err(error) = outcome {
        tracing::error!(kind = ?error.kind(), "the sample servers ended");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
