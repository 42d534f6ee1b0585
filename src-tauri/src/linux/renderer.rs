//! Rendering on Linux: WebKitGTK's DMABUF renderer leaves windows blank on NVIDIA's driver.

/// Starts the program again with that renderer off, where NVIDIA's driver is in use and nobody chose yet.
/// Before GTK and before any thread.
#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "whether the person chose a renderer stands in the environment only"
)]
pub(crate) fn settle() {
    use std::{os::unix::process::CommandExt, path::Path, process::Command};
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_nvidia = ["/proc/driver/nvidia", "/sys/module/nvidia"]
        .iter()
        .any(|path| Path::new(path).exists());
    if !has_nvidia || std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let failed = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
        tracing::warn!(kind = ?failed.kind(), "could not restart for NVIDIA; the window may stay blank");
    }
}

/// Nothing to settle.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle() {}
