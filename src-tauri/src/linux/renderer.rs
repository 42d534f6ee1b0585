//! How WebKitGTK draws, which it reads from the environment: what it would choose by itself leaves windows blank on
//! NVIDIA's driver, and where no card draws, OpenGL in software takes 80 MB and the time in which the page could be read.

/// Settles both, where nobody chose yet. Before GTK and before any thread, as the environment is everyone's.
#[cfg(target_os = "linux")]
pub(crate) fn settle() {
    use super::card;
    use gtk::glib;
    use std::path::Path;
    let has_nvidia = ["/proc/driver/nvidia", "/sys/module/nvidia"]
        .iter()
        .any(|path| Path::new(path).exists());
    if has_nvidia {
        switch_off("WEBKIT_DISABLE_DMABUF_RENDERER");
    }
    if !card::is_there() && glib::getenv("WEBKIT_FORCE_COMPOSITING_MODE").is_none() {
        switch_off("WEBKIT_DISABLE_COMPOSITING_MODE");
    }
}

#[cfg(target_os = "linux")]
fn switch_off(switch: &str) {
    if gtk::glib::setenv(switch, "1", false).is_err() {
        tracing::warn!("{switch} could not be set; the window may stay blank or start late");
    }
}

/// Nothing to settle.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle() {}
